#include "coverage/coverage_verdict.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "coverage/coverage_host.h"
#include "coverage/fixes.h"
#include "coverage/host_switches.h"
#include "coverage/record_notes.h"
#include "coverage/record_spans.h"
#include "result/nameless.h"

struct judging {
    const struct iw_coverage_input *input;
    struct iw_coverage *ret;
    struct iw_arena *arena; /* of the result */
    struct iw_arena work;   /* of one host */
    struct iw_coverage_record *records;
    size_t n_records;
};

/* --- hosts ---------------------------------------------------------------------------------- */

/* A host that is judged. */
struct met {
    struct iw_str name; /* empty: nothing names it */
    /* Of one without a name that has no logs of its own, else NULL. */
    const struct iw_inventory_server *nameless;
};

/* By name; those without one as the inventory orders them, the one that has logs before them. */
static int compare_hosts(const void *left, const void *right)
{
    const struct met *a = left, *b = right;
    int order = iw_str_compare(a->name, b->name);
    if (order != 0)
        return order;
    if (a->nameless == NULL || b->nameless == NULL)
        return (a->nameless != NULL) - (b->nameless != NULL);
    return (a->nameless > b->nameless) - (a->nameless < b->nameless);
}

static bool is_listed(const struct met *hosts, size_t n, struct iw_str host)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(hosts[i].name, host))
            return true;
    }
    return false;
}

/* Each server that nothing names is a host of its own. Logs and findings that name no host are
 * those of the only one; where there are several, they are of a host of which nobody knows more. */
static void list_nameless(const struct iw_coverage_input *input, struct met *hosts, size_t *n)
{
    const struct iw_inventory *inventory = input->inventory;
    const struct iw_inventory_server *only = iw_nameless_only(inventory);
    bool has_logs = is_listed(hosts, *n, IW_STR("")), is_there = has_logs && only == NULL;
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        if (server->host.n == 0 &&
            !(has_logs && (server == only || (only == NULL && server->source.n == 0))))
            hosts[(*n)++] = (struct met){IW_STR(""), server};
        is_there |= server->host.n == 0 && server->source.n == 0;
    }
    for (size_t i = 0; i < input->n_told && !is_there; i++) {
        is_there = input->told[i].host.n == 0 && input->told[i].server.n == 0;
        if (is_there)
            hosts[(*n)++] = (struct met){IW_STR(""), NULL};
    }
}

/* Every host met, then those somebody says are there; each once, sorted. Telemetry is sorted, so
 * that few are looked for in the whole list. */
static enum iw_rc list_hosts(struct judging *in, struct met **ret, size_t *ret_n)
{
    const struct iw_coverage_input *input = in->input;
    const struct iw_telemetry *telemetry = input->telemetry;
    size_t most = telemetry->n_channels + input->inventory->n_servers + input->estate.n + 1, n = 0;
    struct met *hosts = iw_arena_calloc(in->arena, most, sizeof *hosts);
    if (hosts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < telemetry->n_channels; i++) {
        struct iw_str host = telemetry->channels[i].host;
        if (n == 0 || !iw_str_equal(hosts[n - 1].name, host))
            hosts[n++].name = host;
    }
    for (size_t i = 0; i < input->inventory->n_servers; i++) {
        struct iw_str host = input->inventory->servers[i].host;
        if (host.n != 0 && !is_listed(hosts, n, host))
            hosts[n++].name = host;
    }
    for (size_t i = 0; i < input->estate.n; i++) {
        if (!is_listed(hosts, n, input->estate.items[i]))
            hosts[n++].name = input->estate.items[i];
    }
    list_nameless(input, hosts, &n);
    if (n > 1)
        qsort(hosts, n, sizeof *hosts, compare_hosts);
    *ret = hosts;
    *ret_n = n;
    return IW_OK;
}

static enum iw_rc gather(struct judging *in, const struct met *met, struct iw_link_host *ret)
{
    return met->nameless != NULL
               ? iw_coverage_host_of_server(in->input, met->nameless, &in->work, ret)
               : iw_coverage_host_gather(in->input, met->name, &in->work, ret);
}

/* --- one record ----------------------------------------------------------------------------- */

static const struct iw_coverage_told *told_of(const struct iw_coverage_input *input,
                                              struct iw_str host, struct iw_str server,
                                              struct iw_str analytic)
{
    for (size_t i = 0; i < input->n_told; i++) {
        if (iw_str_equal_nocase(input->told[i].host, host) &&
            iw_str_equal(input->told[i].server, server) &&
            iw_str_equal(input->told[i].analytic, analytic))
            return &input->told[i];
    }
    return NULL;
}

static enum iw_rc keep_text(struct judging *in, struct iw_str *text)
{
    return iw_arena_keep(in->arena, text) ? IW_OK : IW_ENOMEM;
}

static enum iw_rc judge_links(struct judging *in, const struct iw_link_host *host,
                              const struct iw_analytic_row *analytic,
                              struct iw_coverage_record *record, struct iw_link_result *results)
{
    struct iw_coverage_link *links = iw_arena_calloc(in->arena, analytic->n_links, sizeof *links);
    if (links == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < analytic->n_links; i++) {
        IW_TRY(iw_link_state_find(host, analytic->links[i].link, &in->work, &results[i]));
        links[i] = results[i].link;
        links[i].is_required = analytic->links[i].is_required;
        IW_TRY(keep_text(in, &links[i].source));
        IW_TRY(keep_text(in, &links[i].why));
        links[i].fix = iw_coverage_fix(&results[i], host->server, in->arena);
        if (links[i].fix.p == NULL)
            return IW_ENOMEM;
    }
    record->links = links;
    record->n_links = analytic->n_links;
    return IW_OK;
}

static enum iw_rc take_told(struct judging *in, const struct iw_coverage_told *told,
                            struct iw_coverage_record *record)
{
    struct iw_str *ids;
    if (told == NULL)
        return IW_OK;
    ids = iw_arena_alloc(in->arena, (told->ids.n + 1) * sizeof *ids);
    if (ids == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < told->ids.n; i++) {
        ids[i] = told->ids.items[i];
        IW_TRY(keep_text(in, &ids[i]));
    }
    record->findings = (struct iw_text_list){ids, told->ids.n};
    memcpy(record->n_standing, told->n_standing, sizeof record->n_standing);
    record->n_named = told->n_named;
    for (size_t i = 0; i < told->n_named; i++) {
        record->named[i] = told->named[i];
        IW_TRY(keep_text(in, &record->named[i].title));
        IW_TRY(keep_text(in, &record->named[i].blind));
    }
    return IW_OK;
}

static bool is_blind(const struct iw_coverage_record *record)
{
    for (size_t i = 0; i < record->n_links; i++) {
        if (record->links[i].is_required && record->links[i].state < IW_LINK_STATED)
            return true;
    }
    return record->n_spans == 0;
}

static enum iw_rc judge_record(struct judging *in, const struct iw_link_host *host,
                               struct iw_text_list switched, const struct iw_analytic_row *analytic)
{
    struct iw_coverage_record *record = &in->records[in->n_records];
    struct iw_str name = iw_analytic_name(analytic->analytic);
    struct iw_str server =
        host->name.n == 0 && host->server != NULL ? host->server->source : IW_STR("");
    const struct iw_coverage_told *told = told_of(in->input, host->name, server, name);
    struct iw_link_result *results = iw_arena_calloc(&in->work, analytic->n_links, sizeof *results);
    struct iw_record_spans spans;
    bool blind;
    if (results == NULL)
        return IW_ENOMEM;
    *record = (struct iw_coverage_record){.host = host->name,
                                          .server = server,
                                          .analytic = name,
                                          .beyond = {analytic->beyond, analytic->n_beyond},
                                          .switched = switched};
    IW_TRY(keep_text(in, &record->server));
    IW_TRY(judge_links(in, host, analytic, record, results));
    IW_TRY(take_told(in, told, record));
    spans = (struct iw_record_spans){.from_ns = host->log.from_ns,
                                     .to_ns = host->log.to_ns,
                                     .results = results,
                                     .links = record->links,
                                     .n_links = record->n_links,
                                     .complete = told != NULL ? told->complete : NULL,
                                     .n_complete = told != NULL ? told->n_complete : 0};
    IW_TRY(iw_record_spans_make(&spans, &in->work, in->arena, &record->spans, &record->n_spans));
    IW_TRY(iw_record_notes_make(host, told != NULL ? told->n_of_canaries : 0, &in->work, in->arena,
                                &record->notes));
    blind = is_blind(record);
    record->verdict = told != NULL && told->n_complete != 0 ? IW_VERDICT_DETECTED
                      : blind                               ? IW_VERDICT_BLIND
                                                            : IW_VERDICT_CLEAR;
    if (analytic->analytic == IW_ANALYTIC_COMPONENTS)
        record->n_unread_roots = host->unread_roots.n;
    record->is_partial = record->verdict == IW_VERDICT_DETECTED ? !told->has_whole
                                                                : blind && record->findings.n != 0;
    in->n_records++;
    return IW_OK;
}

/* --- notes ---------------------------------------------------------------------------------- */

static enum iw_rc add_notes(struct judging *in)
{
    const struct iw_coverage_input *input = in->input;
    struct iw_str *notes = iw_arena_alloc(in->arena, (input->n_told + 3) * sizeof *notes);
    size_t n = 0, n_nameless = 0;
    if (notes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < in->n_records; i += IW_ANALYTIC_COUNT)
        n_nameless += in->records[i].host.n == 0;
    if (n_nameless != 0)
        notes[n++] =
            iw_arena_format(in->arena,
                            "%zu %s no name in this evidence: --host NAME names what names "
                            "no host, one server at a time; files kept as HOST\\C\\... "
                            "name theirs by themselves",
                            n_nameless, n_nameless == 1 ? "host has" : "hosts have");
    if (input->switches->n_hidden != 0)
        notes[n++] = iw_arena_format(in->arena,
                                     "%" PRIu64 " events that switch logging off or on are more "
                                     "than is kept: nothing is called clear",
                                     input->switches->n_hidden);
    if (input->telemetry->n_rows_hidden != 0)
        notes[n++] = iw_arena_format(in->arena,
                                     "%" PRIu64 " events are of more kinds than are kept: links "
                                     "they would prove are called open",
                                     input->telemetry->n_rows_hidden);
    for (size_t i = 0; i < input->n_told; i++) {
        const struct iw_coverage_told *told = &input->told[i];
        if (told->n_more != 0)
            notes[n++] = iw_arena_format(
                in->arena, "%.*s %.*s: %" PRIu64 " more findings stand than are named",
                IW_STR_ARG(told->host), IW_STR_ARG(told->analytic), told->n_more);
    }
    for (size_t i = 0; i < n; i++) {
        if (notes[i].p == NULL)
            return IW_ENOMEM;
    }
    in->ret->notes = (struct iw_text_list){notes, n};
    return IW_OK;
}

static enum iw_rc judge_all(struct judging *in)
{
    struct met *hosts;
    size_t n;
    IW_TRY(list_hosts(in, &hosts, &n));
    in->records = iw_arena_calloc(in->arena, n * IW_ANALYTIC_COUNT, sizeof *in->records);
    if (in->records == NULL)
        return IW_ENOMEM;
    in->ret->records = in->records;
    for (size_t i = 0; i < n; i++) {
        struct iw_link_host host;
        struct iw_text_list switched;
        if (iw_coverage_is_cancelled(in->input))
            return IW_ECANCELLED;
        IW_TRY(keep_text(in, &hosts[i].name));
        iw_arena_reset(&in->work);
        IW_TRY(gather(in, &hosts[i], &host));
        IW_TRY(iw_host_switches(&host.log, in->arena, &switched));
        for (size_t k = 0; k < IW_ANALYTIC_COUNT; k++)
            IW_TRY(judge_record(in, &host, switched, &iw_analytics[k]));
        in->ret->n_records = in->n_records;
    }
    return add_notes(in);
}

enum iw_rc iw_coverage_judge(const struct iw_coverage_input *input, struct iw_coverage *ret)
{
    struct judging in = {.input = input, .ret = ret, .arena = &ret->arena};
    enum iw_rc rc;
    iw_arena_init(&in.work, 0);
    rc = judge_all(&in);
    iw_arena_done(&in.work);
    return rc;
}
