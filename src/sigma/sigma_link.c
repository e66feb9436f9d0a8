/*
 * Linking, once every document of every file is known: documents may stand in any order.
 */
#include "sigma/sigma_link.h"

#include "sigma/sigma_correlation.h"
#include "sigma/sigma_filter.h"
#include "sigma/sigma_ruleset.h"

enum iw_rc iw_compiler_link(struct iw_sigma_compiler *compiler)
{
    struct iw_sigma_ruleset *ruleset = compiler->ruleset;
    struct iw_reference_index index;
    struct iw_filter_job job = {compiler->account, &index, ruleset->plans, ruleset->n_plans,
                                &ruleset->arena};
    enum iw_rc rc = iw_reference_index_init(&index, compiler->account);

    if (rc == IW_OK)
        rc = iw_filters_apply(&job, compiler->filters, compiler->n_filters);
    if (rc == IW_OK)
        rc = iw_correlations_check(compiler->account, &index, ruleset->correlations,
                                   ruleset->n_correlations);
    for (size_t i = 0; rc == IW_OK && i < ruleset->n_plans; i++) {
        if (ruleset->plans[i]->stack_depth > ruleset->stack_depth)
            ruleset->stack_depth = ruleset->plans[i]->stack_depth;
    }
    iw_reference_index_done(&index);
    return rc;
}
