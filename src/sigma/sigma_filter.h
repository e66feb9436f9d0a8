/**
 * Filters: conditions that other people's rules must also meet, kept apart from these rules.
 */
#ifndef IW_SIGMA_SIGMA_FILTER_H
#define IW_SIGMA_SIGMA_FILTER_H

#include "sigma/sigma_reference.h"

/** A well-formed filter. Lives in the arena of its ruleset. */
struct iw_filter {
    struct iw_rule_plan plan; /* log source, selections and condition; no rule of its own */
    bool takes_any;           /* every rule of the log source, else those in *rules* */
    bool is_bare;             /* its condition excludes nothing: often the opposite was meant */
    struct iw_reference *rules;
    size_t n_rules;
    size_t account_index;
    uint32_t line, column;
};

/** Reads a filter document. IW_OK; IW_ERULE or IW_ELIMIT with line, column and reason; IW_ENOMEM.
 */
enum iw_rc iw_filter_load(const struct iw_load *load, const struct iw_yaml_node *root,
                          struct iw_filter **ret);

/** What filters are applied to. */
struct iw_filter_job {
    struct iw_rule_account *account;
    const struct iw_reference_index *index;
    struct iw_rule_plan **plans; /* every loaded rule */
    size_t n_plans;
    struct iw_arena *arena;
};

/**
 * Applies *filters* to the rules they name: (rule) and (filter). Settles each in the account:
 * loaded, when a rule is limited by it; else not applicable, with the reason; refused past
 * IW_LIMIT_FILTER_STEPS. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_filters_apply(const struct iw_filter_job *job, struct iw_filter *const *filters,
                            size_t n_filters);

#endif
