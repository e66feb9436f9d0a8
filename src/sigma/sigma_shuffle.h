/**
 * A filter for few short byte sequences: tells for many places of a text at once where one of them
 * may begin. Needs a processor that can look up sixteen bytes in a table in one step.
 */
#ifndef IW_SIGMA_SIGMA_SHUFFLE_H
#define IW_SIGMA_SIGMA_SHUFFLE_H

#include "base/error.h"
#include "base/str.h"

/** Sequences of one filter at most; more would make it say "perhaps" too often. */
#define IW_SHUFFLE_MOST 48U
/** Bytes of a sequence it looks at. */
#define IW_SHUFFLE_BYTES 3U
/** Places it looks at in one go. */
#define IW_SHUFFLE_PLACES 32U

struct iw_shuffle;

/** Whether this processor can. */
bool iw_shuffle_is_possible(void);

/** *grams*: *n* (1 to IW_SHUFFLE_MOST) times IW_SHUFFLE_BYTES bytes. *ret is the caller's. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_shuffle_new(const char *const *grams, size_t n, struct iw_shuffle **ret);
void iw_shuffle_free(struct iw_shuffle *shuffle);

/** Bit i: a sequence may begin at *from* + i. Places from which fewer than IW_SHUFFLE_BYTES bytes
 * are left say nothing. */
uint32_t iw_shuffle_look(const struct iw_shuffle *shuffle, struct iw_str text, size_t from);

#endif
