/*
 * What a correlation asks for, in words.
 */
#include "base/buffer.h"
#include "sigma/sigma_correlate_explain.h"
#include "sigma/sigma_correlate_plan.h"
#include "sigma/sigma_ruleset.h"

/* Alternatives of a condition that are written out. */
#define TERMS_SHOWN 8U

static const char *type_name(enum iw_correlation_type type)
{
    static const char *const NAMES[] = {
        [IW_CORRELATION_EVENT_COUNT] = "event_count",
        [IW_CORRELATION_VALUE_COUNT] = "value_count",
        [IW_CORRELATION_TEMPORAL] = "temporal",
        [IW_CORRELATION_TEMPORAL_ORDERED] = "temporal_ordered",
        [IW_CORRELATION_VALUE_SUM] = "value_sum",
        [IW_CORRELATION_VALUE_AVG] = "value_avg",
        [IW_CORRELATION_VALUE_PERCENTILE] = "value_percentile",
        [IW_CORRELATION_VALUE_MEDIAN] = "value_median",
    };
    return NAMES[type];
}

static const char *bound_words(enum iw_bound_kind kind)
{
    static const char *const WORDS[] = {
        [IW_BOUND_LT] = "fewer than", [IW_BOUND_LTE] = "at most", [IW_BOUND_GT] = "more than",
        [IW_BOUND_GTE] = "at least",  [IW_BOUND_EQ] = "exactly",  [IW_BOUND_NEQ] = "other than",
    };
    return WORDS[kind];
}

static void add_rules(const struct iw_correlation *correlation, uint64_t rules, const char *before,
                      bool *is_first, struct iw_buffer *out)
{
    for (; rules != 0; rules &= rules - 1) {
        iw_buffer_add(out, *is_first ? IW_STR("") : IW_STR(" and "));
        iw_buffer_add(out, iw_str_of(before));
        iw_buffer_add(out, correlation->rules[__builtin_ctzll(rules)].text);
        *is_first = false;
    }
}

static void add_terms(const struct iw_correlation *correlation, struct iw_buffer *out)
{
    for (size_t i = 0; i < correlation->n_terms && i < TERMS_SHOWN; i++) {
        bool is_first = true;
        iw_buffer_add(out, i == 0 ? IW_STR("") : IW_STR(", or "));
        add_rules(correlation, correlation->terms[i].wants, "", &is_first, out);
        add_rules(correlation, correlation->terms[i].forbids, "not ", &is_first, out);
    }
    if (correlation->n_terms == 0)
        iw_buffer_add(out, IW_STR("never"));
    if (correlation->n_terms > TERMS_SHOWN)
        iw_buffer_printf(out, ", or %zu more alternatives", correlation->n_terms - TERMS_SHOWN);
}

static void add_condition(const struct iw_correlation *correlation, struct iw_buffer *out)
{
    bool is_temporal = correlation->type == IW_CORRELATION_TEMPORAL ||
                       correlation->type == IW_CORRELATION_TEMPORAL_ORDERED;

    if (correlation->is_extended) {
        add_terms(correlation, out);
        return;
    }
    if (correlation->n_bounds == 0)
        iw_buffer_add(out, IW_STR("all rules"));
    for (size_t i = 0; i < correlation->n_bounds; i++) {
        const struct iw_correlation_bound *bound = &correlation->bounds[i];
        iw_buffer_add(out, i == 0 ? IW_STR("") : IW_STR(" and "));
        iw_buffer_printf(out, "%s %.15g", bound_words(bound->kind), bound->value.real);
    }
    if (is_temporal && correlation->n_bounds != 0)
        iw_buffer_add(out, IW_STR(" of the rules"));
}

static enum iw_rc names_of(const struct iw_correlation_field *fields, size_t n,
                           struct iw_arena *arena, struct iw_text_list *ret)
{
    struct iw_str *items = iw_arena_calloc(arena, n + 1, sizeof *items);

    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        items[i] = iw_arena_copy(arena, fields[i].name);
        if (items[i].p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_text_list){items, n};
    return IW_OK;
}

enum iw_rc iw_correlate_form(const struct iw_sigma_ruleset *ruleset, size_t correlation,
                             struct iw_arena *arena, struct iw_correlate_form *ret)
{
    const struct iw_correlation *read = ruleset->correlate->plans[correlation].correlation;
    struct iw_buffer words;

    memset(ret, 0, sizeof *ret);
    ret->type = iw_str_of(type_name(read->type));
    ret->span_ns = read->timespan_ns;
    ret->is_temporal =
        read->type == IW_CORRELATION_TEMPORAL || read->type == IW_CORRELATION_TEMPORAL_ORDERED;
    ret->is_ordered = read->type == IW_CORRELATION_TEMPORAL_ORDERED;
    ret->counts_values = read->type == IW_CORRELATION_VALUE_COUNT;
    iw_buffer_init(&words);
    add_condition(read, &words);
    ret->condition =
        words.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&words));
    iw_buffer_done(&words);
    if (ret->condition.p == NULL)
        return IW_ENOMEM;
    IW_TRY(names_of(read->fields, read->n_fields, arena, &ret->fields));
    return names_of(read->group_by, read->n_group_by, arena, &ret->group_by);
}
