/**
 * Records as bytes, for what is kept in a sorter (base/sorter.h): numbers take as many bytes as
 * they need (seven bits each, the lowest first), texts stand behind their length.
 *
 * Such records never leave the process, so there is no version in them; all the same nothing read
 * from the temporary file is believed: a record that does not hold what it should is broken, and
 * everything read of it from there on is empty.
 */
#ifndef IW_BASE_PACKED_H
#define IW_BASE_PACKED_H

#include "base/buffer.h"

/** A failed allocation is remembered by the buffer. */
void iw_pack_number(struct iw_buffer *out, uint64_t value);
void iw_pack_text(struct iw_buffer *out, struct iw_str text);
/** At most so many bytes is a number. */
#define IW_PACKED_NUMBER_BYTES 10U
/** The same into room for IW_PACKED_NUMBER_BYTES; the place behind it. */
char *iw_pack_number_at(char *at, uint64_t value);

struct iw_unpacking {
    struct iw_str left; /* not read yet */
    bool is_broken;
};

uint64_t iw_unpack_number(struct iw_unpacking *in);
/** A number below *limit*; others break the record. */
uint64_t iw_unpack_below(struct iw_unpacking *in, uint64_t limit);
/** How many things follow that take a byte each at least. */
size_t iw_unpack_count(struct iw_unpacking *in);
/** Borrowed from the record. */
struct iw_str iw_unpack_text(struct iw_unpacking *in);
/** Exactly *n* bytes as they stand; false (and broken) when there are fewer. */
bool iw_unpack_bytes(struct iw_unpacking *in, void *out, size_t n);
/** Whether all was read and nothing was broken. */
bool iw_unpack_is_whole(const struct iw_unpacking *in);

#endif
