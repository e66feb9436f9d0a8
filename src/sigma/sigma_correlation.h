/**
 * Correlations: rules over the matches of other rules, read and checked completely. How they are
 * run: sigma_correlate.h.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATION_H
#define IW_SIGMA_SIGMA_CORRELATION_H

#include "sigma/sigma_correlate_terms.h"
#include "sigma/sigma_reference.h"

enum iw_correlation_type {
    IW_CORRELATION_EVENT_COUNT = 0,
    IW_CORRELATION_VALUE_COUNT,
    IW_CORRELATION_TEMPORAL,
    IW_CORRELATION_TEMPORAL_ORDERED,
    IW_CORRELATION_VALUE_SUM,
    IW_CORRELATION_VALUE_AVG,
    IW_CORRELATION_VALUE_PERCENTILE,
    IW_CORRELATION_VALUE_MEDIAN
};

enum iw_bound_kind {
    IW_BOUND_LT = 0,
    IW_BOUND_LTE,
    IW_BOUND_GT,
    IW_BOUND_GTE,
    IW_BOUND_EQ,
    IW_BOUND_NEQ
};

/** One comparison of the condition; several must all hold. */
struct iw_correlation_bound {
    enum iw_bound_kind kind;
    struct iw_number value;
};

/** `alias: {rule: field}`: what the alias is in matches of one rule. */
struct iw_correlation_alias {
    struct iw_str name;
    struct iw_alias_field {
        struct iw_reference rule; /* entry: as in the correlation's own list */
        uint32_t field;
    } * fields;
    size_t n;
};

/** A field of `group-by` or `field`, or an alias (then *alias* is not NULL). */
struct iw_correlation_field {
    struct iw_str name;
    uint32_t field;
    const struct iw_correlation_alias *alias;
};

/** Lives in the arena of its ruleset. */
struct iw_correlation {
    struct iw_sigma_rule rule; /* what findings need */
    enum iw_correlation_type type;
    struct iw_reference *rules; /* in the order of the document: that of temporal_ordered */
    size_t n_rules;
    struct iw_correlation_field *group_by; /* none: one group for all */
    size_t n_group_by;
    int64_t timespan_ns;
    struct iw_correlation_bound *bounds; /* none: extended condition, or all rules (temporal) */
    size_t n_bounds;
    struct iw_correlation_field *fields; /* value_*: the tuple that is counted or summed */
    size_t n_fields;
    struct iw_number percentile; /* value_percentile: 0 to 100 */
    struct iw_step *steps;       /* extended condition: operands are indices into rules */
    size_t n_steps, stack_depth;
    bool is_extended;
    struct iw_correlate_term *terms; /* the extended condition written out */
    size_t n_terms;
    struct iw_correlation_alias *aliases;
    size_t n_aliases;
    bool generate;  /* its rules are reported on their own as well */
    uint32_t depth; /* 1: stands on rules alone */
    uint32_t line, column;
};

/** Reads a time span: digits and one of s m h d w M y. INT64_MAX: it is too long. False: it is
 * none. */
bool iw_timespan_read(struct iw_str text, int64_t *ret_ns);

/** Reads a correlation document. IW_OK; IW_ERULE or IW_ELIMIT with line, column and reason;
 * IW_ENOMEM. */
enum iw_rc iw_correlation_load(const struct iw_load *load, const struct iw_yaml_node *root,
                               struct iw_correlation **ret);

/**
 * Finds the rules that *correlations* stand on and settles in the account which cannot be run:
 * refused (unknown or refused rules, circles, too deep, aliases for rules it does not have), not
 * applicable (stands on a rule that is not). IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_correlations_check(struct iw_rule_account *account,
                                 const struct iw_reference_index *index,
                                 struct iw_correlation *const *correlations, size_t n);

#endif
