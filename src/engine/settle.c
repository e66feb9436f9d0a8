/*
 * Pass 2. Nothing here may depend on the order in which threads delivered: everything is sorted by
 * content before it is decided on.
 */
#include "engine/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "event/event.h"

/* --- hosts
 * --------------------------------------------------------------------------------------------------------
 */

enum iw_rc iw_settle_hosts(const struct iw_collector *collector, struct iw_hosts *hosts,
                           struct iw_run *run)
{
    const struct iw_telemetry *telemetry = &run->telemetry;
    IW_TRY(iw_collector_hosts(collector, hosts));
    IW_TRY(iw_hosts_settle(hosts));
    IW_TRY(iw_collector_finish(collector, hosts, &run->telemetry));
    run->hosts = iw_arena_calloc(&run->arena, telemetry->n_channels, sizeof *run->hosts);
    if (run->hosts == NULL)
        return IW_ENOMEM;
    /* Channels are sorted by host: each new name begins a span. */
    for (size_t i = 0; i < telemetry->n_channels; i++) {
        const struct iw_telemetry_channel *channel = &telemetry->channels[i];
        struct iw_host_span *span;
        if (run->n_hosts == 0 || !iw_str_equal(run->hosts[run->n_hosts - 1].host, channel->host))
            run->hosts[run->n_hosts++] =
                (struct iw_host_span){channel->host, 0, IW_TIME_UNKNOWN, IW_TIME_UNKNOWN};
        span = &run->hosts[run->n_hosts - 1];
        span->n_events += channel->n_events;
        iw_time_widen(&span->first_ns, &span->last_ns, channel->first_ns);
        iw_time_widen(&span->first_ns, &span->last_ns, channel->last_ns);
    }
    return IW_OK;
}

/* --- duplicates
 * ---------------------------------------------------------------------------------------------------
 */

/* Same rule, host, record and content: copies of one event. Zero for equal ones; then by where they
 * were found. */
static int compare_events(const struct iw_finding *a, const struct iw_finding *b)
{
    const struct iw_evidence_item *x = &a->evidence[0], *y = &b->evidence[0];
    int order = (a->rule_account > b->rule_account) - (a->rule_account < b->rule_account);
    if (order == 0)
        order = iw_str_compare(a->host, b->host);
    if (order == 0)
        order = iw_str_compare(x->channel, y->channel);
    if (order == 0)
        order = (x->record_id > y->record_id) - (x->record_id < y->record_id);
    if (order == 0)
        order = (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
    return order;
}

/* Design §4: the same record with the same content; without a record id the time must be known. */
static bool are_copies(const struct iw_finding *a, const struct iw_finding *b)
{
    const struct iw_evidence_item *x = &a->evidence[0];
    return compare_events(a, b) == 0 && (x->record_id != 0 || iw_time_known(x->time_ns)) &&
           iw_str_equal(a->event_json, b->event_json);
}

static int compare_for_duplicates(const void *left, const void *right)
{
    const struct iw_finding *a = *(const struct iw_finding *const *)left,
                            *b = *(const struct iw_finding *const *)right;
    int order = compare_events(a, b);
    if (order == 0)
        order = iw_str_compare(a->event_json, b->event_json);
    if (order == 0)
        order = iw_str_compare(a->evidence[0].source, b->evidence[0].source);
    if (order == 0)
        order = (a->evidence[0].offset > b->evidence[0].offset) -
                (a->evidence[0].offset < b->evidence[0].offset);
    return order;
}

/* What is not listed is at least counted, where every form of output shows it. */
static enum iw_rc tell_hidden_copies(struct iw_findings *findings, struct iw_finding *finding)
{
    struct iw_str *items = iw_arena_alloc(&findings->arena, (finding->why.n + 1) * sizeof *items);
    char text[64];
    int n = snprintf(text, sizeof text, "copies of this event that are not listed: %zu",
                     finding->n_copies_hidden);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < finding->why.n; i++)
        items[i] = finding->why.items[i];
    items[finding->why.n] = iw_arena_copy(&findings->arena, (struct iw_str){text, (size_t)n});
    if (items[finding->why.n].p == NULL)
        return IW_ENOMEM;
    finding->why = (struct iw_text_list){items, finding->why.n + 1};
    return IW_OK;
}

/* Adds the copies [1, n) of items[0] to it as evidence. */
static enum iw_rc join_copies(struct iw_findings *findings, struct iw_finding **items, size_t n)
{
    struct iw_finding *first = items[0];
    size_t n_shown = n - 1 < IW_LIMIT_COPIES_SHOWN ? n - 1 : IW_LIMIT_COPIES_SHOWN;
    struct iw_evidence_item *evidence;
    if (n == 1)
        return IW_OK;
    evidence = iw_arena_alloc(&findings->arena, (first->n_evidence + n_shown) * sizeof *evidence);
    if (evidence == NULL)
        return IW_ENOMEM;
    memcpy(evidence, first->evidence, first->n_evidence * sizeof *evidence);
    for (size_t i = 0; i < n_shown; i++) {
        evidence[first->n_evidence + i] = items[i + 1]->evidence[0];
        evidence[first->n_evidence + i].role = IW_STR("copy");
    }
    first->evidence = evidence;
    first->n_evidence += n_shown;
    first->n_copies_hidden = n - 1 - n_shown;
    return first->n_copies_hidden != 0 ? tell_hidden_copies(findings, first) : IW_OK;
}

static enum iw_rc join_duplicates(struct iw_run *run)
{
    struct iw_findings *findings = &run->findings;
    size_t out = 0, n_conflicts = 0;
    if (findings->n == 0)
        return IW_OK;
    qsort(findings->items, findings->n, sizeof *findings->items, compare_for_duplicates);
    for (size_t i = 0, n; i < findings->n; i += n) {
        for (n = 1; i + n < findings->n && are_copies(findings->items[i], findings->items[i + n]);)
            n++;
        IW_TRY(join_copies(findings, findings->items + i, n));
        run->n_duplicate_events += n - 1;
        if (out != 0 && findings->items[i]->evidence[0].record_id != 0 &&
            compare_events(findings->items[out - 1], findings->items[i]) == 0)
            n_conflicts++;
        findings->items[out++] = findings->items[i];
    }
    findings->n = out;
    if (n_conflicts != 0)
        IW_TRY(iw_run_note(run,
                           n_conflicts == 1
                               ? "%zu matched event shares channel, record id and time with "
                                 "another but differs in content: both are kept"
                               : "%zu matched events share channel, record id and time with "
                                 "another but differ in content: all are kept",
                           n_conflicts));
    return IW_OK;
}

/* --- blind spots
 * --------------------------------------------------------------------------------------------------
 */

/* Whether a row shows files appearing: Sysmon 11, or Security 4663. */
static bool is_file_row(const struct iw_telemetry_row *row)
{
    return (row->event_id == 11 && iw_channel_is_sysmon(row->channel)) ||
           (row->event_id == 4663 && iw_str_equal_nocase(row->channel, IW_STR("Security")));
}

/* The hosts with such rows, sorted: one look at each row, however many findings ask. */
static enum iw_rc list_file_hosts(struct iw_run *run, struct iw_text_list *ret)
{
    const struct iw_telemetry *telemetry = &run->telemetry;
    struct iw_str *hosts;
    size_t n = 0;
    hosts = iw_arena_alloc(&run->arena, (run->n_hosts + 1) * sizeof *hosts);
    if (hosts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < telemetry->n_rows; i++) {
        const struct iw_telemetry_row *row = &telemetry->rows[i];
        if (is_file_row(row) && (n == 0 || !iw_str_equal(hosts[n - 1], row->host)))
            hosts[n++] = row->host;
    }
    *ret = (struct iw_text_list){hosts, n};
    return IW_OK;
}

static int compare_texts(const void *left, const void *right)
{
    const struct iw_str *a = left, *b = right;
    return iw_str_compare(*a, *b);
}

/* A shell of a web server without file telemetry: say that the other half of AN1108 could not have
 * been seen. */
static enum iw_rc name_blind_spots(struct iw_findings *findings, struct iw_finding *finding,
                                   struct iw_text_list file_hosts)
{
    struct iw_str *items;
    bool is_an1108 = false;
    for (size_t i = 0; i < finding->analytic.n; i++)
        is_an1108 = is_an1108 || iw_str_equal(finding->analytic.items[i], IW_STR("AN1108"));
    if (!is_an1108 || !iw_str_equal(finding->subject_type, IW_STR("process")) ||
        bsearch(&finding->host, file_hosts.items, file_hosts.n, sizeof *file_hosts.items,
                compare_texts) != NULL)
        return IW_OK;
    items = iw_arena_alloc(&findings->arena, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    items[0] = IW_STR("no file-creation events of this host (Sysmon 11 or Security 4663): whether "
                      "a file was dropped before is unknown");
    finding->blind = (struct iw_text_list){items, 1};
    return IW_OK;
}

enum iw_rc iw_settle_findings(const struct iw_hosts *hosts, struct iw_run *run)
{
    struct iw_text_list file_hosts;
    IW_TRY(list_file_hosts(run, &file_hosts));
    for (size_t i = 0; i < run->findings.n; i++)
        run->findings.items[i]->host = iw_hosts_find(hosts, run->findings.items[i]->computer);
    IW_TRY(join_duplicates(run));
    for (size_t i = 0; i < run->findings.n; i++) {
        /* Host names live as long as *hosts*, findings longer. */
        struct iw_str host = iw_arena_copy(&run->findings.arena, run->findings.items[i]->host);
        if (host.p == NULL)
            return IW_ENOMEM;
        run->findings.items[i]->host = host;
        IW_TRY(name_blind_spots(&run->findings, run->findings.items[i], file_hosts));
    }
    return iw_findings_settle(&run->findings);
}

void iw_settle_resources(struct iw_run *run, uint64_t started_ns)
{
    struct rusage usage;
    run->elapsed_ns = iw_clock_ns() - started_ns;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        run->peak_memory_bytes = (uint64_t)usage.ru_maxrss * 1024;
}
