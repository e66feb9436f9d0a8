/**
 * An event on its way into a group, as a record that can be sorted by group: what a correlator was
 * given for it, inner correlations already run.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_ARRIVAL_H
#define IW_SIGMA_SIGMA_CORRELATE_ARRIVAL_H

#include "base/buffer.h"
#include "sigma/sigma_correlate_group.h"

struct iw_correlate_read_arrival {
    struct iw_correlate_arrival arrival; /* cutoff_ns is left to the reader */
    struct iw_correlate_match match;     /* time, host and ordinal alone */
    struct iw_correlate_tuple tuple;     /* texts as written; the key is the record's */
};

/** Appends. A failed allocation is remembered by the buffer. */
void iw_correlate_arrival_write(const struct iw_correlate_visit *visit, size_t n_group,
                                struct iw_buffer *key, struct iw_buffer *out);
/** Reads it back; texts are borrowed, lists lie in *arena*. IW_OK; IW_ENOMEM; IW_EIO (it does not
 * hold what was written). */
enum iw_rc iw_correlate_arrival_read(struct iw_str record, size_t n_group, struct iw_arena *arena,
                                     struct iw_correlate_read_arrival *ret);
/** The part of a key that is the group's. */
struct iw_str iw_correlate_arrival_group(struct iw_str key);

#endif
