/**
 * Correlations made ready to run: what each step is, where it finds the values it needs, and which
 * rules the steps stand on. Immutable; lives in the arena of its ruleset.
 *
 * A *step* is one entry of a correlation's list of rules; a rule that is listed twice is two steps.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_PLAN_H
#define IW_SIGMA_SIGMA_CORRELATE_PLAN_H

#include "sigma/sigma_correlate.h"
#include "sigma/sigma_correlation.h"

struct iw_sigma_ruleset;

/** Where a step finds a field. */
enum iw_correlate_origin {
    IW_FROM_NOWHERE = 0, /* its matches never have it: no alias for this rule, or none of the inner
                            correlation's group-by */
    IW_FROM_SLOT,        /* a slot of the match */
    IW_FROM_HOST,        /* Computer: the settled host */
    IW_FROM_KEY          /* a value of the inner correlation's group */
};

struct iw_correlate_place {
    enum iw_correlate_origin origin;
    uint32_t at;
};

struct iw_correlate_step {
    uint32_t rule; /* as the scanner numbers them, or a running correlation */
    bool is_correlation;
    struct iw_correlate_place *group;  /* one for each field of group-by */
    struct iw_correlate_place *values; /* one for each counted field */
};

/** How the state of a group is kept; by type and condition. */
enum iw_correlate_way {
    IW_WAY_COUNT = 0, /* event_count */
    IW_WAY_DISTINCT,  /* value_count */
    IW_WAY_NUMBERS,   /* value_sum, _avg, _percentile, _median */
    IW_WAY_ANY_ORDER, /* temporal */
    IW_WAY_TRACKS,    /* temporal_ordered, where the rules wanted are known: all, or by terms */
    IW_WAY_LONGEST    /* temporal_ordered with another count */
};

struct iw_correlate_plan {
    const struct iw_correlation *correlation;
    enum iw_correlate_way way;
    struct iw_correlate_step *steps;
    size_t n_steps;
    size_t n_group, n_fields;
    int64_t span_ns;
    const struct iw_correlation_bound *bounds;
    size_t n_bounds;
    struct iw_correlate_term *terms; /* IW_WAY_TRACKS, and of an extended condition */
    size_t n_terms;
    uint64_t most_counted; /* every larger count satisfies the same bounds */
    size_t keep;           /* 0: what the condition needs; else so many of the latest */
    bool is_hidden;
};

/** A step a rule or correlation is. */
struct iw_correlate_use {
    uint32_t correlation, step;
};

struct iw_correlate_uses {
    struct iw_correlate_use *uses; /* ascending by correlation, then step */
    size_t n;
};

/** What correlations ask of one rule. */
struct iw_correlate_rule_part {
    struct iw_correlate_uses uses;
    uint32_t *slots; /* ascending */
    size_t n_slots;
    bool is_hidden;
};

struct iw_correlate_program {
    struct iw_correlate_plan *plans; /* inner ones first */
    size_t n;
    struct iw_correlate_uses *above;      /* by running correlation: the steps it is */
    struct iw_correlate_rule_part *rules; /* by rule */
    size_t n_rules;
    struct iw_correlate_slot *slots;
    size_t n_slots;
};

/** Makes the program of the correlations that are loaded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlate_program_make(struct iw_sigma_ruleset *ruleset,
                                     const struct iw_rule_account *account);

/** As iw_correlator_new, with a program of the caller's, which must outlive it. */
struct iw_correlator *iw_correlator_new_program(const struct iw_correlate_program *program,
                                                const struct iw_correlate_options *options);

#endif
