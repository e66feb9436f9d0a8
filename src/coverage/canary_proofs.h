/**
 * What canaries say of links: an act that a source saw proves its link for that source, at that
 * moment; one that it did not see, though its log covers the moment, shows that the source does not
 * tell of all such acts.
 *
 * When an act was done stands in what was seen of it. Of one that nothing saw it is the moment of
 * another act on the same object, else of the act done before it on that host, else behind it: the
 * acts of a host are done one after the other. Where no act of a host was seen, nobody knows
 * whether they were done, and nothing follows but a remark.
 */
#ifndef IW_COVERAGE_CANARY_PROOFS_H
#define IW_COVERAGE_CANARY_PROOFS_H

#include "base/timestamp.h"
#include "coverage/span_set.h"
#include "result/canary.h"

/** An act that a source did not see. */
struct iw_canary_miss {
    const struct iw_canary_act *act;
    int64_t done_ns; /* known */
    bool is_seen;    /* by another source */
};

struct iw_canary_misses {
    const struct iw_canary_miss *items; /* in the order of the plan */
    size_t n;
};

/** Which acts are asked about. */
struct iw_canary_question {
    struct iw_str host;         /* letter case ignored */
    struct iw_str link, source; /* "file_created", "Sysmon 11" */
    /* Whether acts in that folder are; NULL: all are. */
    bool (*is_asked)(void *context, struct iw_str subject);
    void *context;
};

/** The first moment in *run* at which the source saw such an act; IW_TIME_UNKNOWN: none. */
int64_t iw_canary_seen_in(const struct iw_canary_report *report,
                          const struct iw_canary_question *question, const struct iw_span *run);

/** Those that the plan has and the source did not see, in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_canary_misses_find(const struct iw_canary_report *report,
                                 const struct iw_canary_question *question, struct iw_arena *arena,
                                 struct iw_canary_misses *ret);

/** How many acts the plan has on *host*, and how many of them any source saw. */
void iw_canary_count(const struct iw_canary_report *report, struct iw_str host, size_t *ret_n,
                     size_t *ret_n_seen);

#endif
