/*
 * Tests of correlations are explained (engine/correlation_why.h), so that one that fails says how
 * near it came.
 */
#include "engine/rule_test_correlation.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "engine/explain_correlation.h"

/* Groups that reasons are taken of. */
#define GROUPS_LOOKED_AT 8U
#define VALUE_BYTES 120U

/* --- reasons ------------------------------------------------------------------------------- */

static void add_keys(const struct iw_correlated_group *group, struct iw_buffer *out)
{
    for (size_t i = 0; i < group->n_keys; i++) {
        struct iw_str text = group->keys[i].text;
        if (text.n > VALUE_BYTES) {
            text.n = VALUE_BYTES;
            while (text.n != 0 && ((unsigned char)text.p[text.n] & 0xC0U) == 0x80U)
                text.n--;
        }
        iw_buffer_add(out, i == 0 ? IW_STR("") : IW_STR(", "));
        iw_buffer_add(out, group->keys[i].name);
        iw_buffer_add(out, IW_STR(" = "));
        iw_buffer_add(out, text);
    }
    iw_buffer_add(out, group->n_keys != 0 ? IW_STR(": ") : IW_STR(""));
}

struct reasons {
    struct iw_arena *arena;
    struct iw_str *items;
    size_t n, cap;
    struct iw_buffer words;
};

static enum iw_rc add_reason(struct reasons *reasons)
{
    struct iw_str text;
    if (reasons->words.failed ||
        !iw_array_reserve(&reasons->items, &reasons->cap, reasons->n + 1, sizeof *reasons->items))
        return IW_ENOMEM;
    text = iw_arena_copy(reasons->arena, iw_buffer_str(&reasons->words));
    iw_buffer_clear(&reasons->words);
    if (text.p == NULL)
        return IW_ENOMEM;
    reasons->items[reasons->n++] = text;
    return IW_OK;
}

static enum iw_rc add_group(struct reasons *reasons, const struct iw_correlated_group *group)
{
    for (size_t i = 0; i < group->n_episodes_shown; i++) {
        char time[IW_TIME_TEXT_BYTES];
        add_keys(group, &reasons->words);
        iw_buffer_add(&reasons->words, IW_STR("held at "));
        iw_buffer_add(&reasons->words,
                      iw_str_of(iw_time_words(group->episodes[i].completing_ns, false, time)));
        IW_TRY(add_reason(reasons));
    }
    for (size_t i = 0; i < group->n_misses; i++) {
        add_keys(group, &reasons->words);
        iw_buffer_add(&reasons->words, group->misses[i].words);
        IW_TRY(add_reason(reasons));
    }
    return IW_OK;
}

/* Rules without any event in it are reason enough. */
static enum iw_rc add_steps(struct reasons *reasons,
                            const struct iw_explained_correlation *correlation)
{
    for (size_t i = 0; i < correlation->n_steps; i++) {
        const struct iw_explained_step *step = &correlation->steps[i];
        if (step->n_matched != 0 && step->n_lacking == 0)
            continue;
        iw_buffer_add(&reasons->words, IW_STR("'"));
        iw_buffer_add(&reasons->words, step->title);
        if (step->n_matched == 0) {
            iw_buffer_add(&reasons->words, IW_STR("' matches none of the events"));
        } else {
            iw_buffer_printf(&reasons->words, "': %llu events take no part, for want of ",
                             (unsigned long long)step->n_lacking);
            iw_buffer_add(&reasons->words, step->lacking);
        }
        IW_TRY(add_reason(reasons));
    }
    return IW_OK;
}

static enum iw_rc add_all(struct reasons *reasons,
                          const struct iw_explained_correlation *correlation)
{
    IW_TRY(add_steps(reasons, correlation));
    for (size_t i = 0; i < correlation->n_shown; i++)
        IW_TRY(add_group(reasons, &correlation->groups[i]));
    for (size_t i = 0; i < correlation->n_apart_shown; i++)
        IW_TRY(add_group(reasons, &correlation->apart[i]));
    return IW_OK;
}

static enum iw_rc tell(const struct iw_rule_tests *tests,
                       const struct iw_explained_correlation *correlation,
                       struct iw_rule_test_findings *ret)
{
    struct reasons reasons = {.arena = &tests->report->arena};
    enum iw_rc rc;
    ret->n_findings = correlation->n_episodes;
    ret->n_groups = correlation->n_groups_held;
    iw_buffer_init(&reasons.words);
    rc = add_all(&reasons, correlation);
    if (rc == IW_OK && reasons.n != 0) {
        struct iw_str *items = iw_arena_calloc(reasons.arena, reasons.n, sizeof *items);
        if (items != NULL)
            memcpy(items, reasons.items, reasons.n * sizeof *items);
        ret->reasons = (struct iw_text_list){items, items != NULL ? reasons.n : 0};
        rc = items != NULL ? IW_OK : IW_ENOMEM;
    }
    iw_free(reasons.items);
    iw_buffer_done(&reasons.words);
    return rc;
}

static struct iw_correlation_why *new_why(struct iw_rule_tests *tests,
                                          const struct iw_running_test *item)
{
    bool is_inline = item->evidence == NULL;
    const struct iw_rulebook *book = is_inline ? tests->book : tests->hunting;
    const struct iw_correlation_why_input input = {.ruleset = book->ruleset,
                                                   .correlation =
                                                       is_inline ? item->rule : item->hunted,
                                                   .spill = &tests->run->spill,
                                                   .budget_bytes = IW_LIMIT_SORT_BYTES,
                                                   .limit = GROUPS_LOOKED_AT,
                                                   .arena = &tests->report->arena};
    return iw_correlation_why_new(&input);
}

/* --- a series of events -------------------------------------------------------------------- */

struct series {
    struct iw_correlation_why *why;
    struct iw_sigma_scanner *scanner;
    struct iw_hosts hosts;
    const struct iw_event **order; /* in event time */
    size_t n;
    bool *wanted, *inner;
    uint32_t *kept; /* rules of one event */
};

/* The order matches are read in; equal ones as they are listed. */
static int compare_events(const void *left, const void *right)
{
    const struct iw_event *const *a = left, *const *b = right;
    int order;
    if ((*a)->time_ns != (*b)->time_ns)
        return (*a)->time_ns < (*b)->time_ns ? -1 : 1;
    order = iw_str_compare((*a)->channel, (*b)->channel);
    if (order != 0)
        return order;
    if ((*a)->record_id != (*b)->record_id)
        return (*a)->record_id < (*b)->record_id ? -1 : 1;
    return (*a > *b) - (*a < *b);
}

static enum iw_rc match_event(struct series *series, size_t at, struct iw_correlate_match *ret)
{
    const struct iw_event *event = series->order[at];
    const uint32_t *rules;
    size_t n_rules;
    *ret = (struct iw_correlate_match){.time_ns = event->time_ns,
                                       .host = iw_hosts_find(&series->hosts, event->computer),
                                       .ordinal = at,
                                       .rules = series->kept};
    IW_TRY(iw_sigma_scanner_match(series->scanner, event, &rules, &n_rules));
    for (size_t i = 0; i < n_rules; i++) {
        if (series->wanted[rules[i]])
            series->kept[ret->n_rules++] = rules[i];
    }
    return iw_sigma_scanner_carry(series->scanner, event, ret->rules, ret->n_rules, &ret->values,
                                  &ret->n_values);
}

static enum iw_rc feed_all(struct series *series, struct iw_error *err)
{
    struct iw_correlate_match match;
    for (size_t i = 0; i < series->n; i++) {
        if (match_event(series, i, &match) != IW_OK)
            return iw_error_set(err, IW_ENOMEM, "no memory");
        if (match.n_rules != 0)
            IW_TRY(iw_correlation_why_feed(series->why, &match, err));
    }
    return iw_correlation_why_finish(series->why, err);
}

static enum iw_rc see_all(struct series *series)
{
    struct iw_correlate_match match;
    for (size_t i = 0; i < series->n; i++) {
        const struct iw_event *event = series->order[i];
        const struct iw_explained_step_event shown = {.host = event->computer,
                                                      .channel = event->channel,
                                                      .event_id = event->event_id,
                                                      .record_id = event->record_id};
        if (!iw_correlation_why_wants(series->why, i))
            continue;
        IW_TRY(match_event(series, i, &match));
        IW_TRY(iw_correlation_why_see(series->why, &match, &shown));
    }
    return IW_OK;
}

static enum iw_rc prepare(struct iw_rule_tests *tests, const struct iw_running_test *item,
                          struct series *series)
{
    const struct iw_sigma_ruleset *ruleset = tests->book->ruleset;
    size_t n_rules = iw_sigma_ruleset_count(ruleset);
    series->why = new_why(tests, item);
    series->scanner = iw_sigma_scanner_new(ruleset);
    series->n = item->test.n_events;
    series->order = iw_calloc(series->n + 1, sizeof *series->order);
    series->kept = iw_calloc(n_rules + 1, sizeof *series->kept);
    series->wanted = iw_calloc(n_rules + 1, sizeof *series->wanted);
    series->inner = iw_calloc(iw_correlate_count(ruleset) + 1, sizeof *series->inner);
    if (series->why == NULL || series->scanner == NULL || series->order == NULL ||
        series->kept == NULL || series->wanted == NULL || series->inner == NULL)
        return IW_ENOMEM;
    iw_correlate_mark_rules(ruleset, item->rule, series->wanted, series->inner);
    for (size_t i = 0; i < series->n; i++) {
        series->order[i] = &item->test.events[i];
        IW_TRY(iw_hosts_add(&series->hosts, item->test.events[i].computer));
    }
    if (series->n > 1)
        qsort(series->order, series->n, sizeof *series->order, compare_events);
    return iw_hosts_settle(&series->hosts);
}

enum iw_rc iw_rule_test_run_events(struct iw_rule_tests *tests, const struct iw_running_test *item,
                                   struct iw_rule_test_findings *ret, struct iw_error *err)
{
    const struct iw_explained_correlation *told;
    struct series series = {.n = 0};
    size_t n_told;
    enum iw_rc rc;
    memset(ret, 0, sizeof *ret);
    iw_hosts_init(&series.hosts);
    rc = prepare(tests, item, &series) == IW_OK ? feed_all(&series, err)
                                                : iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK && (see_all(&series) != IW_OK ||
                        iw_correlation_why_tell(series.why, &told, &n_told) != IW_OK ||
                        tell(tests, told, ret) != IW_OK))
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    ret->n_events = series.n;
    iw_correlation_why_free(series.why);
    iw_sigma_scanner_free(series.scanner);
    iw_hosts_done(&series.hosts);
    iw_free(series.order);
    iw_free(series.kept);
    iw_free(series.wanted);
    iw_free(series.inner);
    return rc;
}

/* --- evidence ------------------------------------------------------------------------------ */

static enum iw_rc read_run(struct iw_rule_tests *tests, const struct iw_matches_input *input,
                           const struct iw_running_test *item, struct iw_run *run,
                           struct iw_rule_test_findings *ret, struct iw_error *err)
{
    const struct iw_explained_correlation *told;
    struct iw_correlation_why *why = new_why(tests, item);
    struct iw_matches *matches = NULL;
    size_t n_told;
    enum iw_rc rc = why != NULL ? iw_matches_read(input, run, &matches, err)
                                : iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK && run->failure.rc != IW_OK)
        rc = iw_error_set(err, run->failure.rc, "%s", run->failure.message);
    if (rc == IW_OK)
        rc = iw_explain_matches(matches, why, run, &told, &n_told, err);
    if (rc == IW_OK && tell(tests, told, ret) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        ret->n_events = iw_matches_n_events(matches);
    tests->run->interrupted |= run->interrupted;
    iw_matches_free(matches);
    iw_correlation_why_free(why);
    return rc;
}

enum iw_rc iw_rule_test_run_evidence(struct iw_rule_tests *tests,
                                     const struct iw_engine_options *options,
                                     const struct iw_running_test *item,
                                     struct iw_rule_test_findings *ret, struct iw_error *err)
{
    const struct iw_sigma_ruleset *ruleset = tests->hunting->ruleset;
    struct iw_engine_options own = *options;
    bool *wanted = iw_calloc(iw_sigma_ruleset_count(ruleset) + 1, sizeof *wanted);
    bool *inner = iw_calloc(iw_correlate_count(ruleset) + 1, sizeof *inner);
    const struct iw_server_options servers = {0};
    const struct iw_matches_input input = {.options = &own,
                                           .servers = &servers,
                                           .book = tests->hunting,
                                           .wanted = wanted,
                                           .spill = &tests->run->spill,
                                           .budget_bytes = IW_LIMIT_SORT_BYTES};
    struct iw_run run;
    enum iw_rc rc;
    memset(ret, 0, sizeof *ret);
    own.paths = &item->evidence;
    own.n_paths = 1;
    own.confine = false; /* it was, before the first evidence was read */
    own.ready = NULL;
    iw_run_init(&run);
    if (wanted != NULL && inner != NULL) {
        iw_correlate_mark_rules(ruleset, item->hunted, wanted, inner);
        rc = read_run(tests, &input, item, &run, ret, err);
    } else {
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    }
    iw_run_done(&run);
    iw_free(wanted);
    iw_free(inner);
    return rc;
}
