/*
 * Reports are numbered as they come. An event they name is looked for under (its number, the
 * report's, its place in the report), so that one reading in the order of events finds all of
 * them; what was found is kept under (report, place), so that one reading in the order of reports
 * puts findings together.
 */
#include "engine/correlation_findings.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/sort_key.h"
#include "engine/correlation_report.h"
#include "result/finding_record.h"

#define SHARE 4U
/* Places in a report: below its limit on evidence, and one for the event that completed it. */
#define IS_COMPLETING IW_STR("c")

struct iw_correlation_findings {
    const struct iw_match_input *input;
    struct iw_run *run;
    struct iw_correlator *correlator;
    struct iw_sorter *reports, *wanted, *found;
    struct iw_sorter_feed *report_feed, *wanted_feed, *found_feed;
    uint64_t n_reports, n_outside;
    uint64_t n_local; /* events of a local clock */
    struct iw_buffer key, record;
    struct iw_arena arena; /* of one report, one event */
    struct iw_error error; /* why the correlator was stopped */

    struct iw_sorted *wanted_sorted;
    bool has_wanted;
    struct iw_str wanted_key, wanted_mark;
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc make_sorter(struct iw_correlation_findings *findings, struct iw_sorter **ret,
                              struct iw_sorter_feed **ret_feed)
{
    *ret = iw_sorter_new(&findings->run->spill, findings->input->budget_bytes / SHARE);
    *ret_feed = *ret != NULL ? iw_sorter_feed_new(*ret) : NULL;
    return *ret_feed != NULL ? IW_OK : IW_ENOMEM;
}

/* --- reports ------------------------------------------------------------------------------- */

static enum iw_rc want(struct iw_correlation_findings *findings, uint64_t ordinal, size_t place,
                       bool is_completing)
{
    iw_buffer_clear(&findings->key);
    iw_sort_key_u64(&findings->key, ordinal);
    iw_sort_key_u64(&findings->key, findings->n_reports);
    iw_sort_key_u32(&findings->key, (uint32_t)place);
    if (findings->key.failed)
        return no_memory(&findings->error);
    return iw_sorter_add(findings->wanted_feed, iw_buffer_str(&findings->key),
                         is_completing ? IS_COMPLETING : IW_STR(""), &findings->error);
}

static enum iw_rc keep_report(void *user, const struct iw_correlate_report *report)
{
    struct iw_correlation_findings *findings = user;
    size_t completing = iw_correlation_report_completing(report);
    if (!iw_match_is_shown(findings->input->since_ns, findings->input->until_ns, report->last_ns,
                           report->is_local_time)) {
        findings->n_outside++;
        return IW_OK;
    }
    iw_buffer_clear(&findings->record);
    iw_correlation_report_write(report, &findings->record);
    iw_buffer_clear(&findings->key);
    iw_sort_key_u64(&findings->key, findings->n_reports);
    if (findings->key.failed || findings->record.failed)
        return no_memory(&findings->error);
    IW_TRY(iw_sorter_add(findings->report_feed, iw_buffer_str(&findings->key),
                         iw_buffer_str(&findings->record), &findings->error));
    for (size_t i = 0; i < report->n_evidence; i++)
        IW_TRY(want(findings, report->evidence[i].ordinal, i, i == completing));
    if (completing == SIZE_MAX)
        IW_TRY(want(findings, report->completing, report->n_evidence, true));
    findings->n_reports++;
    return IW_OK;
}

struct iw_correlation_findings *iw_correlation_findings_new(const struct iw_match_input *input,
                                                            struct iw_run *run)
{
    struct iw_correlation_findings *findings = iw_calloc(1, sizeof *findings);
    struct iw_correlate_options options = {
        .fire_every = input->fire_every, .tell = keep_report, .user = findings};
    if (findings == NULL)
        return NULL;
    findings->input = input;
    findings->run = run;
    iw_buffer_init(&findings->key);
    iw_buffer_init(&findings->record);
    iw_arena_init(&findings->arena, 0);
    findings->correlator = iw_correlator_new(input->ruleset, &options);
    if (findings->correlator != NULL &&
        make_sorter(findings, &findings->reports, &findings->report_feed) == IW_OK &&
        make_sorter(findings, &findings->wanted, &findings->wanted_feed) == IW_OK &&
        make_sorter(findings, &findings->found, &findings->found_feed) == IW_OK)
        return findings;
    iw_correlation_findings_free(findings);
    return NULL;
}

void iw_correlation_findings_free(struct iw_correlation_findings *findings)
{
    if (findings == NULL)
        return;
    iw_sorted_close(findings->wanted_sorted);
    iw_correlator_free(findings->correlator);
    iw_sorter_free(findings->reports);
    iw_sorter_free(findings->wanted);
    iw_sorter_free(findings->found);
    iw_buffer_done(&findings->key);
    iw_buffer_done(&findings->record);
    iw_arena_done(&findings->arena);
    iw_free(findings);
}

/* The correlator hands on what stopped keep_report; else there was no memory. */
static enum iw_rc stopped(const struct iw_correlation_findings *findings, enum iw_rc rc,
                          struct iw_error *err)
{
    if (rc == IW_OK)
        return IW_OK;
    if (findings->error.rc == IW_OK)
        return no_memory(err);
    if (err != NULL)
        *err = findings->error;
    return findings->error.rc;
}

enum iw_rc iw_correlation_findings_feed(struct iw_correlation_findings *findings, uint64_t ordinal,
                                        const struct iw_fact *fact, const struct iw_match *match,
                                        struct iw_error *err)
{
    const struct iw_correlate_match fed = {.time_ns = fact->time_ns,
                                           .host = fact->host,
                                           .is_local_time = fact->clock == IW_CLOCK_LOCAL,
                                           .ordinal = ordinal,
                                           .rules = match->rules,
                                           .n_rules = match->n_rules,
                                           .values = match->values,
                                           .n_values = match->n_values};
    findings->n_local += fed.is_local_time;
    return stopped(findings, iw_correlator_feed(findings->correlator, &fed), err);
}

/* --- accounts ------------------------------------------------------------------------------ */

static enum iw_rc note_rule(struct iw_run *run, size_t entry, uint64_t n, const char *words,
                            struct iw_str field)
{
    char text[256];
    if (n == 0)
        return IW_OK;
    (void)snprintf(text, sizeof text, "%" PRIu64 " %s%s%.*s", n, words, field.n != 0 ? " " : "",
                   field.n < 100 ? (int)field.n : 100, field.p != NULL ? field.p : "");
    return iw_rule_account_note(&run->rules, entry, iw_str_of(text));
}

static enum iw_rc note_given_up(struct iw_run *run, const struct iw_sigma_rule *rule,
                                const struct iw_correlate_account *account)
{
    char time[IW_TIME_TEXT_BYTES];
    if (account->n_given_up == 0)
        return IW_OK;
    return iw_run_note(run,
                       "correlation '%.*s' had too many groups open at a time: %" PRIu64
                       " were given up, the first at %s; from there it may have missed something",
                       IW_STR_ARG(rule->title), account->n_given_up,
                       iw_time_words(account->given_up_ns, false, time));
}

static enum iw_rc account_for(struct iw_correlation_findings *findings, size_t correlation)
{
    const struct iw_sigma_rule *rule = &findings->input->correlations[correlation];
    const struct iw_correlate_account *account =
        iw_correlator_account(findings->correlator, correlation);
    struct iw_run *run = findings->run;
    size_t entry = rule->account_index;
    run->rules.entries[entry].n_matches = account->n_reports;
    IW_TRY(note_rule(run, entry, account->n_untimed, "events took no part: their time is unknown",
                     IW_STR("")));
    IW_TRY(note_rule(run, entry, account->n_lacking, "events took no part: they lack",
                     account->lacking));
    IW_TRY(note_rule(run, entry, account->n_no_value,
                     "events took part without a value that could be counted", IW_STR("")));
    IW_TRY(note_rule(run, entry, account->n_cut, "events had more values than are looked at",
                     IW_STR("")));
    return note_given_up(run, rule, account);
}

static enum iw_rc next_wanted(struct iw_correlation_findings *findings, struct iw_error *err)
{
    enum iw_rc rc =
        iw_sorted_next(findings->wanted_sorted, &findings->wanted_key, &findings->wanted_mark, err);
    findings->has_wanted = rc == IW_OK;
    return rc == IW_END ? IW_OK : rc;
}

enum iw_rc iw_correlation_findings_rewind(struct iw_correlation_findings *findings,
                                          struct iw_error *err)
{
    IW_TRY(stopped(findings, iw_correlator_finish(findings->correlator), err));
    for (size_t i = 0; i < findings->input->n_correlations; i++) {
        if (account_for(findings, i) != IW_OK)
            return no_memory(err);
    }
    if (findings->n_local != 0 &&
        iw_run_note(findings->run,
                    "%" PRIu64 " matched %s a local time without a zone: in correlations they come "
                    "together with those of their own server alone",
                    findings->n_local,
                    findings->n_local == 1 ? "request has" : "requests have") != IW_OK)
        return no_memory(err);
    iw_correlator_free(findings->correlator); /* its state is not needed any more */
    findings->correlator = NULL;
    if (findings->n_outside != 0 &&
        iw_run_note(findings->run,
                    findings->n_outside == 1
                        ? "%" PRIu64 " finding of a correlation ends outside --since and --until "
                          "and is not shown"
                        : "%" PRIu64 " findings of correlations end outside --since and --until "
                          "and are not shown",
                    findings->n_outside) != IW_OK)
        return no_memory(err);
    if (iw_sorter_finish(findings->reports) != IW_OK || iw_sorter_finish(findings->wanted) != IW_OK)
        return no_memory(err);
    IW_TRY(iw_sorter_open(findings->wanted, true, &findings->wanted_sorted, err));
    return next_wanted(findings, err);
}

/* --- events -------------------------------------------------------------------------------- */

static enum iw_rc keep_event(struct iw_correlation_findings *findings, const struct iw_fact *fact,
                             const struct iw_match *match, struct iw_error *err)
{
    struct iw_str key = findings->wanted_key;
    struct iw_finding event;
    iw_arena_reset(&findings->arena);
    IW_TRY(iw_match_finding(fact, match, &findings->run->ledger, &findings->arena, &event, err));
    if (findings->wanted_mark.n == 0)
        event.event_json = IW_STR(""); /* only of the event that completed it all is shown */
    iw_buffer_clear(&findings->record);
    iw_finding_record_write(&event, &findings->record);
    if (findings->record.failed)
        return no_memory(err);
    key.p += sizeof(uint64_t); /* report and place are left */
    key.n -= sizeof(uint64_t);
    return iw_sorter_add(findings->found_feed, key, iw_buffer_str(&findings->record), err);
}

enum iw_rc iw_correlation_findings_see(struct iw_correlation_findings *findings, uint64_t ordinal,
                                       const struct iw_fact *fact, const struct iw_match *match,
                                       struct iw_error *err)
{
    while (findings->has_wanted && iw_sort_key_read_u64(findings->wanted_key.p) == ordinal) {
        IW_TRY(keep_event(findings, fact, match, err));
        IW_TRY(next_wanted(findings, err));
    }
    return IW_OK;
}

/* --- findings ------------------------------------------------------------------------------ */

/* All events of one report, in their order: they are the next that were found. */
static enum iw_rc read_events(struct iw_correlation_findings *findings, struct iw_sorted *found,
                              const struct iw_kept_report *report, struct iw_finding **ret,
                              struct iw_error *err)
{
    struct iw_finding *events =
        iw_arena_alloc(&findings->arena, (report->n_events_named + 1) * sizeof *events);
    if (events == NULL)
        return no_memory(err);
    for (size_t i = 0; i < report->n_events_named; i++) {
        struct iw_str key, record;
        enum iw_rc rc = iw_sorted_next(found, &key, &record, err);
        if (rc == IW_END)
            return iw_error_set(err, IW_EIO,
                                "the temporary file does not hold what was written to it");
        IW_TRY(rc);
        record = iw_arena_copy(&findings->arena, record);
        if (record.p == NULL)
            return no_memory(err);
        IW_TRY(iw_finding_record_read(record, &findings->arena, &events[i], err));
    }
    *ret = events;
    return IW_OK;
}

static enum iw_rc give_one(struct iw_correlation_findings *findings, struct iw_str record,
                           struct iw_sorted *found, iw_take_finding *take, void *context,
                           struct iw_error *err)
{
    struct iw_kept_report report;
    struct iw_finding finding, *events = NULL;
    iw_arena_reset(&findings->arena);
    IW_TRY(iw_correlation_report_read(record, &findings->arena, &report, err));
    IW_TRY(read_events(findings, found, &report, &events, err));
    if (iw_correlation_report_finding(&report, findings->input, events, &findings->arena,
                                      &finding) != IW_OK)
        return no_memory(err);
    return take(context, &finding, err);
}

enum iw_rc iw_correlation_findings_give(struct iw_correlation_findings *findings,
                                        iw_take_finding *take, void *context, struct iw_error *err)
{
    struct iw_sorted *reports = NULL, *found = NULL;
    struct iw_str key, record;
    enum iw_rc rc = iw_sorter_finish(findings->found) == IW_OK
                        ? iw_sorter_open(findings->reports, true, &reports, err)
                        : no_memory(err);
    if (rc == IW_OK)
        rc = iw_sorter_open(findings->found, true, &found, err);
    while (rc == IW_OK && (rc = iw_sorted_next(reports, &key, &record, err)) == IW_OK)
        rc = give_one(findings, record, found, take, context, err);
    iw_sorted_close(reports);
    iw_sorted_close(found);
    return rc == IW_END ? IW_OK : rc;
}
