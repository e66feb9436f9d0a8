/*
 * Correlations from text, for tests.
 */
#include "tests/support/correlate_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/flat_event.h"

static enum iw_rc tell(void *user, const struct iw_correlate_report *report)
{
    struct correlate_rig *rig = user;
    const struct iw_sigma_ruleset *ruleset = rig->bench.ruleset;
    struct iw_buffer *out = &rig->lines;

    iw_buffer_printf(out, "%.*s[",
                     IW_STR_ARG(iw_correlate_rule(ruleset, report->correlation)->title));
    for (size_t i = 0; i < report->n_key; i++)
        iw_buffer_printf(out, "%s%.*s", i != 0 ? "," : "", IW_STR_ARG(report->key[i].text));
    iw_buffer_printf(out, "] @%llu %g..%g", (unsigned long long)report->completing,
                     (double)report->first_ns / RIG_SECOND, (double)report->last_ns / RIG_SECOND);
    if (report->is_count)
        assert_true(report->number == (double)report->count);
    iw_buffer_printf(out, " =%g n%llu h%llu", report->number, (unsigned long long)report->n_events,
                     (unsigned long long)report->n_held);
    for (size_t i = 0; i < report->n_evidence; i++) {
        const struct iw_correlate_evidence *evidence = &report->evidence[i];
        const struct iw_sigma_rule *rule = evidence->is_correlation
                                               ? iw_correlate_rule(ruleset, evidence->rule)
                                               : iw_sigma_ruleset_rule(ruleset, evidence->rule);
        iw_buffer_printf(out, " %llu:%.*s", (unsigned long long)evidence->ordinal,
                         IW_STR_ARG(rule->title));
    }
    if (report->n_evidence_all != report->n_evidence)
        iw_buffer_printf(out, " of %llu", (unsigned long long)report->n_evidence_all);
    iw_buffer_add_char(out, '\n');
    return IW_OK;
}

void correlate_rig_open(struct correlate_rig *rig, const char *yaml,
                        const struct iw_correlate_options *options)
{
    struct iw_correlate_options own = {.tell = tell, .user = rig};
    const struct iw_sigma_options load = {.runs_correlations = true};

    memset(rig, 0, sizeof *rig);
    if (options != NULL) {
        own.fire_every = options->fire_every;
        own.limit_bytes = options->limit_bytes;
    }
    iw_buffer_init(&rig->lines);
    sigma_bench_load_with(&rig->bench, iw_str_of(yaml), &load);
    for (size_t i = 0; i < rig->bench.account.n; i++) {
        const struct iw_rule_entry *entry = &rig->bench.account.entries[i];
        if (entry->state != IW_RULE_LOADED)
            print_message("%.*s\n", IW_STR_ARG(entry->reason));
        assert_int_equal(entry->state, IW_RULE_LOADED);
    }
    rig->scanner = iw_sigma_scanner_new(rig->bench.ruleset);
    rig->correlator = iw_correlator_new(rig->bench.ruleset, &own);
    assert_non_null(rig->scanner);
    assert_non_null(rig->correlator);
}

void correlate_rig_close(struct correlate_rig *rig)
{
    iw_correlator_free(rig->correlator);
    iw_sigma_scanner_free(rig->scanner);
    iw_buffer_done(&rig->lines);
    sigma_bench_done(&rig->bench);
}

void correlate_rig_event(struct correlate_rig *rig, int64_t time_ns, const char *event_yaml)
{
    struct iw_correlate_match match = {.time_ns = time_ns, .ordinal = rig->n_events++};
    struct iw_event event;

    assert_true(flat_event_from_text(event_yaml, &rig->bench.names, &rig->bench.arena, &event));
    match.host = event.computer;
    match.is_local_time = rig->is_local_time;
    assert_int_equal(iw_sigma_scanner_match(rig->scanner, &event, &match.rules, &match.n_rules),
                     IW_OK);
    assert_int_equal(iw_sigma_scanner_carry(rig->scanner, &event, match.rules, match.n_rules,
                                            &match.values, &match.n_values),
                     IW_OK);
    assert_int_equal(iw_correlator_feed(rig->correlator, &match), IW_OK);
}

void correlate_rig_events(struct correlate_rig *rig, const char *text)
{
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        size_t n = end != NULL ? (size_t)(end - text) : strlen(text);
        char line[512];
        char *rest;
        int64_t time_ns;

        assert_true(n < sizeof line);
        memcpy(line, text, n);
        line[n] = '\0';
        time_ns = (int64_t)(strtod(line, &rest) * RIG_SECOND + 0.5);
        if (*rest == '?') {
            time_ns = IW_TIME_UNKNOWN;
            rest++;
        }
        rig->is_local_time = *rest == 'L';
        rest += rig->is_local_time;
        correlate_rig_event(rig, time_ns, rest);
        text = end != NULL ? end + 1 : text + n;
    }
}

const char *correlate_rig_end(struct correlate_rig *rig)
{
    assert_int_equal(iw_correlator_finish(rig->correlator), IW_OK);
    iw_buffer_add_char(&rig->lines, '\0');
    return iw_buffer_str(&rig->lines).p;
}

static void expect(const char *yaml, const char *events, const char *lines, bool every)
{
    const struct iw_correlate_options options = {.fire_every = every};
    struct correlate_rig rig;

    correlate_rig_open(&rig, yaml, &options);
    correlate_rig_events(&rig, events);
    assert_string_equal(correlate_rig_end(&rig), lines);
    correlate_rig_close(&rig);
}

void correlate_rig_expect(const char *yaml, const char *events, const char *lines)
{
    expect(yaml, events, lines, false);
}

void correlate_rig_expect_every(const char *yaml, const char *events, const char *lines)
{
    expect(yaml, events, lines, true);
}
