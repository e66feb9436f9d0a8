/**
 * Groups apart: where a correlation would hold if one field of its `group-by` were not compared. It
 * is run once more for each field, without that field, by the correlator itself; what holds counts
 * when its events differ in the field.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_APART_H
#define IW_SIGMA_SIGMA_CORRELATE_APART_H

#include "result/explained_correlation.h"
#include "sigma/sigma_correlate_plan.h"

struct iw_correlate_apart_item {
    struct iw_arena arena;
    size_t field;                 /* of group-by: the one that was not compared */
    struct iw_correlate_key *key; /* the others */
    size_t n_key;
    int64_t first_ns, completing_ns, needed_ns;
    struct iw_correlate_evidence evidence[IW_EXPLAINED_EVENTS];
    size_t n_evidence;
    uint64_t n_evidence_all;
};

struct iw_correlate_apart;

/** Of correlation *at*, at most *limit* of them. NULL: no memory. */
struct iw_correlate_apart *iw_correlate_apart_new(const struct iw_correlate_program *program,
                                                  size_t at, size_t limit);
void iw_correlate_apart_free(struct iw_correlate_apart *apart);
/** Takes the next event, as iw_correlator_feed; ordinals rise. IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlate_apart_feed(struct iw_correlate_apart *apart,
                                   const struct iw_correlate_match *match);
/** The nearest first; owned by *apart*. */
const struct iw_correlate_apart_item *
iw_correlate_apart_items(const struct iw_correlate_apart *apart, size_t *ret_n);
/** Whether there was too much to look at all of it. */
bool iw_correlate_apart_is_cut(const struct iw_correlate_apart *apart);

/** What an event has of field *field* of the `group-by` of correlation *at*, as the first step it
 * is says; of a result of an inner correlation, as its own step does. Empty: nothing. Borrowed. */
struct iw_str iw_correlate_field_of(const struct iw_correlate_program *program, size_t at,
                                    size_t field, const struct iw_correlate_match *match);

/** Of *n* events the first and the last half, at most IW_EXPLAINED_EVENTS. Returns how many. */
size_t iw_correlate_name_events(const struct iw_correlate_evidence *events, size_t n,
                                struct iw_correlate_evidence *ret);

#endif
