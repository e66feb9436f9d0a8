/**
 * Many literals looked for in one pass over a text.
 *
 * Immutable once built; any thread. Texts and literals are compared byte for byte: who wants letter
 * case ignored folds both.
 */
#ifndef IW_SIGMA_SIGMA_GRAM_H
#define IW_SIGMA_SIGMA_GRAM_H

#include "base/error.h"
#include "sigma/sigma_frequency.h"

struct iw_gram_literal {
    struct iw_str text; /* not empty; must outlive the set */
    bool at_start, at_end;
    uint32_t payload;
};

struct iw_gram_set;

/** Builds a set. *ret is the caller's, NULL on failure. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gram_set_new(const struct iw_frequencies *frequencies,
                           const struct iw_gram_literal *literals, size_t n,
                           struct iw_gram_set **ret);
void iw_gram_set_free(struct iw_gram_set *set);

/** Told of each literal found, perhaps several times and in no order. True: that is enough. */
typedef bool iw_gram_found(void *context, uint32_t payload);

/** Looks for all literals in *text*. Whether *found* said that it is enough. */
bool iw_gram_set_scan(const struct iw_gram_set *set, struct iw_str text, iw_gram_found *found,
                      void *context);

/** Whether any literal is in *text*. */
bool iw_gram_set_any(const struct iw_gram_set *set, struct iw_str text);

#endif
