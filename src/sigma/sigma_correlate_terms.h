/**
 * An extended condition of a correlation (`(a or b) and not c`) written out as alternatives: some
 * rules wanted, some forbidden. Rules are bits, in the order of the correlation's list.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_TERMS_H
#define IW_SIGMA_SIGMA_CORRELATE_TERMS_H

#include "sigma/sigma_plan.h"

struct iw_correlate_term {
    uint64_t wants, forbids;
};

/**
 * Writes out the condition of *plan*, whose selections are the at most 64 rules. None of the terms
 * holds wherever another does by itself; no terms at all: it never holds.
 *
 * @return IW_OK; IW_ELIMIT (more than IW_LIMIT_CORRELATION_TERMS, also on the way); IW_ENOMEM
 */
enum iw_rc iw_correlate_terms(const struct iw_rule_plan *plan, struct iw_arena *arena,
                              struct iw_correlate_term **ret, size_t *ret_n);

#endif
