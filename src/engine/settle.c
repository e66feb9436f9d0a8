/*
 * Pass 2. Nothing here may depend on the order in which threads delivered: everything is sorted by
 * content before it is decided on.
 */
#include "engine/settle.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "coverage/clock_times.h"
#include "event/event.h"

#define NO_FILE_EVENTS                                                                             \
    "no file-creation events of this host (Sysmon 11 or Security 4663): whether a file was "       \
    "dropped before is unknown"

/* --- hosts
 * --------------------------------------------------------------------------------------------------------
 */

enum iw_rc iw_settle_hosts(const struct iw_collector *collector, const struct iw_tree_hosts *trees,
                           struct iw_hosts *hosts, struct iw_run *run)
{
    const struct iw_telemetry *telemetry = &run->telemetry;
    IW_TRY(iw_collector_hosts(collector, hosts));
    IW_TRY(iw_hosts_settle(hosts));
    if (trees != NULL)
        IW_TRY(iw_tree_hosts_adopt(trees, &run->ledger, hosts));
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

/* Channels are sorted by host. */
enum iw_rc iw_settle_host_times(const struct iw_clocks *clocks, struct iw_run *run)
{
    const struct iw_telemetry *telemetry = &run->telemetry;
    size_t at = 0;
    for (size_t i = 0; i < run->n_hosts && iw_clocks_corrects(clocks); i++) {
        struct iw_host_span *span = &run->hosts[i];
        const struct iw_telemetry_channel *channels = &telemetry->channels[at];
        struct iw_clock_times times = {clocks, &run->ledger, span->host, channels, 0};
        struct iw_text_list notes;
        while (at < telemetry->n_channels && iw_str_equal(telemetry->channels[at].host, span->host))
            at++, times.n_channels++;
        IW_TRY(iw_clock_times_correct(&times, &run->arena, &channels, &notes));
        span->first_ns = span->last_ns = IW_TIME_UNKNOWN;
        for (size_t k = 0; k < times.n_channels; k++) {
            iw_time_widen(&span->first_ns, &span->last_ns, channels[k].first_ns);
            iw_time_widen(&span->first_ns, &span->last_ns, channels[k].last_ns);
        }
    }
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
static void name_blind_spots(struct iw_finding *finding, struct iw_text_list file_hosts)
{
    static const struct iw_str NO_FILES[] = {
        {NO_FILE_EVENTS, sizeof NO_FILE_EVENTS - 1},
    };
    if (iw_finding_has_analytic(finding, IW_STR("AN1108")) &&
        iw_str_equal(finding->subject_type, IW_STR("process")) &&
        bsearch(&finding->host, file_hosts.items, file_hosts.n, sizeof *file_hosts.items,
                compare_texts) == NULL)
        finding->blind = (struct iw_text_list){NO_FILES, 1};
}

/* --- findings
 * -----------------------------------------------------------------------------------------------------
 */

struct settling {
    struct iw_run *run;
    const struct iw_settle_asked *asked;
    struct iw_text_list file_hosts;
};

/* Results find no room: what there is will be reported, and the reason told with it. */
static enum iw_rc keep_failure(struct iw_run *run, const struct iw_error *failure)
{
    if (run->failure.rc == IW_OK)
        run->failure = *failure;
    return IW_OK;
}

/* What change records and other events say of it. */
static enum iw_rc ask(const struct iw_settle_asked *asked, struct iw_finding *finding,
                      bool *ret_is_told)
{
    *ret_is_told = false;
    /* An act is one event: a correlation is of several. */
    if (finding->kind == IW_FINDING_CORRELATION)
        return IW_OK;
    if (asked->changes != NULL)
        IW_TRY(iw_rule_changes_judge(asked->changes, finding));
    if (asked->unpacked != NULL)
        IW_TRY(iw_unpacked_pages_judge(asked->unpacked, finding));
    if (asked->writes != NULL)
        IW_TRY(iw_direct_writes_judge(asked->writes, finding));
    if (asked->components != NULL)
        IW_TRY(iw_told_components_ask(asked->components, finding, ret_is_told));
    return asked->failed_loads != NULL && !*ret_is_told
               ? iw_failed_loads_join(asked->failed_loads, finding)
               : IW_OK;
}

static enum iw_rc settle_finding(void *context, struct iw_finding *finding, struct iw_error *err)
{
    struct settling *settling = context;
    struct iw_run *run = settling->run;
    struct iw_error failure = {.rc = IW_OK};
    bool is_told;
    enum iw_rc rc;
    name_blind_spots(finding, settling->file_hosts);
    if (ask(settling->asked, finding, &is_told) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (is_told)
        return IW_OK;
    rc = iw_findings_put(&run->findings, finding, &failure);
    if (rc != IW_EIO) {
        if (rc != IW_OK && err != NULL)
            *err = failure;
        return rc;
    }
    if (finding->rule_account < run->rules.n)
        run->rules.entries[finding->rule_account].n_unkept++;
    return keep_failure(run, &failure);
}

static enum iw_rc note_folded(struct iw_run *run, const struct iw_told_components *told)
{
    if (told == NULL || told->n_folded == 0)
        return IW_OK;
    return iw_run_note(run,
                       "%llu %s shown by findings about components and told there, not beside %s",
                       (unsigned long long)told->n_folded,
                       told->n_folded == 1 ? "hit of a rule is" : "hits of rules are",
                       told->n_folded == 1 ? "it" : "them");
}

enum iw_rc iw_settle_findings(const struct iw_match_input *input,
                              const struct iw_settle_asked *asked, struct iw_run *run,
                              struct iw_error *err)
{
    struct settling settling = {.run = run, .asked = asked};
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (list_file_hosts(run, &settling.file_hosts) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(iw_match_findings(input, run, settle_finding, &settling, err));
    if (note_folded(run, asked->components) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    rc = iw_findings_settle(&run->findings, &failure);
    if (rc != IW_EIO && rc != IW_OK && err != NULL)
        *err = failure;
    return rc == IW_EIO ? keep_failure(run, &failure) : rc;
}

void iw_settle_resources(struct iw_run *run, uint64_t started_ns)
{
    struct rusage usage;
    run->elapsed_ns = iw_clock_ns() - started_ns;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        run->peak_memory_bytes = (uint64_t)usage.ru_maxrss * 1024;
}
