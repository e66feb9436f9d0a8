/**
 * Why a correlation did not hold: what it came nearest to. It is fed as a correlator is, and runs
 * the correlation several times at once, each time with one demand less: without the window,
 * without the order, without one field of `group-by`, without the bounds. What then holds, and by
 * how much it was missed, is the answer.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_MISS_H
#define IW_SIGMA_SIGMA_CORRELATE_MISS_H

#include "sigma/sigma_correlate.h"

enum iw_correlate_miss_kind {
    IW_MISS_WINDOW = 0, /* it would hold in a longer window: needed_ns */
    IW_MISS_ORDER,      /* all events are there in one window, in another order */
    IW_MISS_GROUP,      /* it would hold if *field* were not compared: values */
    IW_MISS_VALUE,      /* number came nearest to the condition */
    IW_MISS_RULE        /* rule *rule* never matched, or never took part */
};

struct iw_correlate_miss {
    enum iw_correlate_miss_kind kind;
    /* The attempt: its events, in the order of time; of more than
     * IW_LIMIT_CORRELATION_EVIDENCE the ends. */
    const struct iw_correlate_evidence *evidence;
    size_t n_evidence;
    uint64_t completing;
    int64_t span_ns, needed_ns; /* WINDOW: the rule's timespan, and the least that would do */
    struct iw_str field;        /* GROUP: as the rule writes it */
    /* GROUP: two values of the attempt that differ, as written; empty where the events are too long
     * ago to be known. */
    struct iw_str one, other;
    double number; /* VALUE: what was reached; temporal types: how many rules */
    double wanted; /* VALUE: the bound that was missed by least; all rules: their number */
    /* RULE: as in evidence. */
    uint32_t rule;
    bool is_correlation;
};

struct iw_correlate_missing;

/** Of correlation *correlation*; *ruleset* must outlive it. NULL: no memory. */
struct iw_correlate_missing *iw_correlate_missing_new(const struct iw_sigma_ruleset *ruleset,
                                                      size_t correlation);
void iw_correlate_missing_free(struct iw_correlate_missing *missing);
/** Takes the next event, as iw_correlator_feed. IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlate_missing_feed(struct iw_correlate_missing *missing,
                                     const struct iw_correlate_match *match);
/**
 * What it came nearest to, by kind in the order of the enum; none when it held. Owned by *missing*,
 * valid until it is fed again or freed.
 */
const struct iw_correlate_miss *iw_correlate_missing_answer(struct iw_correlate_missing *missing,
                                                            size_t *ret_n);
/** How often it held as it is. */
uint64_t iw_correlate_missing_held(const struct iw_correlate_missing *missing);

#endif
