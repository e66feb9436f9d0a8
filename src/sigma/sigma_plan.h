/**
 * The plan: what a loaded rule is, ready to be walked for each event. Immutable once loaded; all of
 * it lives in the arena of its ruleset, but for compiled regular expressions, which the ruleset
 * frees.
 *
 * rule → condition (postfix program over selections) → selection (OR of groups) → group (AND of
 * items) → item (one field, its values, how they are linked) → test (one comparison).
 */
#ifndef IW_SIGMA_SIGMA_PLAN_H
#define IW_SIGMA_SIGMA_PLAN_H

#include "event/logsource.h"
#include "sigma/sigma.h"
#include "sigma/sigma_pattern.h"
#include "sigma/sigma_regex.h"
#include "sigma/sigma_time.h"

struct iw_yaml_node;

enum iw_test_kind {
    IW_TEST_PATTERN = 0, /* the field's text fits a pattern */
    IW_TEST_REGEX,
    IW_TEST_NULL,   /* the field is absent or null */
    IW_TEST_EXISTS, /* the field is there, or is not */
    IW_TEST_NUMBER, /* lt, lte, gt, gte */
    IW_TEST_CIDR,
    IW_TEST_FIELD, /* fieldref: equal to, or beginning with, ..., another field's text */
    IW_TEST_TIME,  /* minute … year: a part of a time, compared with a whole number */
    IW_TEST_KIND_COUNT
};

enum iw_number_order {
    IW_NUMBER_LT = 0,
    IW_NUMBER_LTE,
    IW_NUMBER_GT,
    IW_NUMBER_GTE,
    IW_NUMBER_EQUAL /* of a part of a time */
};

/** A number of a rule or an event: whole numbers of 64 bits exactly, else a double. */
struct iw_number {
    bool is_whole;
    bool is_negative;
    uint64_t magnitude;
    double real;
};

/** An address and how many of its bits a network fixes. */
struct iw_network {
    int family; /* AF_INET or AF_INET6 */
    uint8_t address[16];
    uint32_t prefix_bits;
};

enum iw_field_relation { IW_FIELD_EQUAL = 0, IW_FIELD_BEGINS, IW_FIELD_ENDS, IW_FIELD_HOLDS };

/** One comparison. */
struct iw_test {
    enum iw_test_kind kind;
    union {
        struct iw_pattern pattern;
        struct iw_regex *regex;
        bool exists;
        struct {
            enum iw_number_order order;
            struct iw_number value;
        } number;
        struct iw_network network;
        struct {
            enum iw_time_part part;
            enum iw_number_order order;
            struct iw_number value;
        } time;
        struct {
            uint32_t id;
            enum iw_field_relation relation;
            bool is_context; /* a context field that is answered later */
        } field;
    } u;
    const struct iw_yaml_node *source; /* the value as the rule writes it, for explaining */
    struct iw_test *or_else; /* another form of the same value (base64offset); true if any is */
};

/** One `field|modifiers: values` pair. */
struct iw_item {
    uint32_t field; /* IW_NAME_UNASKED: keywords, any field of the record */
    bool wants_all; /* every value must be found, else any */
    bool negated;   /* neq */
    bool cased;
    bool field_is_context; /* the field is answered later (defers_context) */
    bool asks_context;     /* it, or a field it is compared with, is */
    struct iw_test *tests;
    size_t n_tests;
    uint32_t share;                         /* equal for items that say the same (sigma_share.h) */
    const struct iw_yaml_node *key, *value; /* as the rule writes them; key NULL: a keyword */
};

struct iw_group {
    struct iw_item *items;
    size_t n_items;
};

struct iw_selection {
    struct iw_str name;
    struct iw_group *groups;
    size_t n_groups;
};

enum iw_step_kind {
    IW_STEP_SELECTION = 0, /* push the truth of selection *operand* */
    IW_STEP_NOT,
    IW_STEP_AND,
    IW_STEP_OR,
    IW_STEP_SKIP_IF_FALSE, /* the top settles the AND that follows: go to step *operand* */
    IW_STEP_SKIP_IF_TRUE   /* the same for OR */
};

struct iw_step {
    enum iw_step_kind kind;
    uint32_t operand;
};

/** A log source in the words of the rule; an empty text: not named. */
struct iw_source_name {
    struct iw_str category, product, service;
};

struct iw_rule_plan {
    struct iw_sigma_rule rule;       /* what findings need */
    const struct iw_yaml_node *root; /* the document, for explaining and checking */
    struct iw_source_name source;
    const struct iw_log_row
        *category; /* NULL: none named; fields then have the record's own names */
    size_t n_category;
    const struct iw_log_row *service; /* NULL: none named; neither: every channel */
    size_t n_service;
    struct iw_selection *selections;
    size_t n_selections;
    struct iw_step *steps;
    size_t n_steps;
    size_t stack_depth;
    size_t n_own_selections, n_own_steps; /* of the document: without what iw_plan_limit() added */
    uint32_t body;                        /* equal for rules that say the same */
    bool asks_context;                    /* one of its items does */
};

/**
 * Makes the plan hold only where all *parts* hold as well: appends their selections and steps,
 * whatever names their selections have. The arrays of the plan are copied, the selections shared.
 * False: no memory.
 */
bool iw_plan_limit(struct iw_rule_plan *plan, const struct iw_rule_plan *const *parts, size_t n,
                   struct iw_arena *arena);

#endif
