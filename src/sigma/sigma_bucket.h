/**
 * A bucket: the rules of one log source made ready for speed. For an event it names the few rules
 * that can match at all.
 *
 * Built once when the first event of its log source is met, then immutable; any thread.
 */
#ifndef IW_SIGMA_SIGMA_BUCKET_H
#define IW_SIGMA_SIGMA_BUCKET_H

#include "sigma/sigma_gram.h"
#include "sigma/sigma_plan.h"
#include "sigma/sigma_view.h"

struct iw_bucket;

/** Rules that say the same, in ascending order. */
struct iw_body {
    const struct iw_rule_plan *plan; /* of the first of them */
    const uint32_t *rules;
    size_t n_rules;
};

/** Which bodies of a bucket may match; one per scanner. Zero-initialise. */
struct iw_candidates {
    uint64_t *bits; /* by body */
    size_t n_words, cap;
};

/** *plans* are those of the ruleset; *rules* the indices of those in the bucket, ascending. *ret is
 * the caller's. IW_OK or IW_ENOMEM. */
enum iw_rc iw_bucket_new(struct iw_rule_plan *const *plans,
                         const struct iw_frequencies *frequencies, const uint32_t *rules,
                         size_t n_rules, struct iw_bucket **ret);
void iw_bucket_free(struct iw_bucket *bucket);

/**
 * Sets the bit of every body that may be true or unknown for the event the view is set to. Missing
 * memory shows as view->no_memory, or as IW_ENOMEM.
 */
enum iw_rc iw_bucket_find(const struct iw_bucket *bucket, struct iw_view *view,
                          struct iw_candidates *candidates);
void iw_candidates_done(struct iw_candidates *candidates);

const struct iw_body *iw_bucket_body(const struct iw_bucket *bucket, size_t index);

#endif
