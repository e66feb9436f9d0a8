/*
 * Telemetry and switches are sorted by host, so that what one host has is found by halves.
 */
#include "coverage/coverage_host.h"

#include <stdlib.h>

#include "base/path_name.h"
#include "coverage/clock_times.h"
#include "coverage/link_configuration.h"
#include "coverage/link_gone.h"
#include "coverage/link_pages.h"
#include "coverage/running_endings.h"
#include "event/channel.h"
#include "event/web_log.h"
#include "iis/config/server_path.h"
#include "iis/web/web_defaults.h"
#include "result/nameless.h"

/* Whether logs tell of a web server that the inventory does not know: requests, changes through the
 * configuration system, what a worker loads and speaks to. */
static bool is_web_server_by_logs(const struct iw_link_host *host)
{
    for (size_t i = 0; i < host->log.n_channels; i++) {
        const struct iw_telemetry_channel *channel = &host->log.channels[i];
        if (iw_str_equal_nocase(channel->channel, IW_STR(IW_CHANNEL_W3SVC)) ||
            iw_str_equal_nocase(channel->channel, IW_STR(IW_CHANNEL_IIS_CONFIGURATION)))
            return true;
        for (size_t k = 0; k < channel->n_samples; k++) {
            if (channel->samples[k].kind == IW_SAMPLE_LOAD ||
                channel->samples[k].kind == IW_SAMPLE_CONNECTION)
                return true;
        }
    }
    return false;
}

struct finding_roots {
    struct iw_arena *arena;
    struct iw_link_root *items;
    size_t n;
};

/* *until_ns*: as of iw_link_root. */
static enum iw_rc take_root(struct finding_roots *in, const struct iw_inventory_root *root,
                            int64_t until_ns)
{
    struct iw_server_path read;
    bool is_share = iw_str_begins_nocase(root->path, IW_STR("\\\\"));
    if (!iw_server_path_read(root->path, false, in->arena, &read))
        return IW_ENOMEM;
    read.is_resolved &= root->is_resolved;
    in->items[in->n++] = (struct iw_link_root){.key = read.is_resolved ? read.key : IW_STR(""),
                                               .path = root->path,
                                               .is_assumed = root->is_assumed,
                                               .is_far = is_share || !read.is_resolved,
                                               .until_ns = until_ns};
    return IW_OK;
}

static size_t count_roots(const struct iw_inventory_server *server)
{
    size_t n = server->n_roots;
    for (size_t i = 0; i < server->n_versions; i++)
        n += server->versions[i].n_roots;
    return n;
}

/* Until when that version was in force: the next one was written then, or the configuration of
 * now. */
static int64_t end_of_version(const struct iw_inventory_server *server,
                              const struct iw_inventory_version *version)
{
    if (iw_time_known(version->until_ns) || server->config_written_ns == 0)
        return version->until_ns;
    return server->config_written_ns;
}

/* The same folder stands side by side, the one that is served longest first. */
static int compare_roots(const void *left, const void *right)
{
    const struct iw_link_root *a = left, *b = right;
    int order = (int)a->is_far - (int)b->is_far;
    if (order == 0)
        order = iw_str_compare(a->key, b->key);
    if (order == 0 && a->key.n == 0)
        order = iw_str_compare(a->path, b->path);
    if (order != 0)
        return order;
    if (!iw_time_known(a->until_ns) || !iw_time_known(b->until_ns))
        return (int)iw_time_known(a->until_ns) - (int)iw_time_known(b->until_ns);
    return (a->until_ns < b->until_ns) - (a->until_ns > b->until_ns);
}

/* Each folder once, and none that was not served any more when the window begins. */
static void settle_roots(struct finding_roots *in, int64_t from_ns)
{
    size_t n = 0;
    if (in->n > 1)
        qsort(in->items, in->n, sizeof *in->items, compare_roots);
    for (size_t i = 0; i < in->n; i++) {
        const struct iw_link_root *root = &in->items[i];
        const struct iw_link_root *last = n != 0 ? &in->items[n - 1] : NULL;
        bool is_known = last != NULL && root->is_far == last->is_far &&
                        iw_str_equal(root->key, last->key) &&
                        (root->key.n != 0 || iw_str_equal_nocase(root->path, last->path));
        if (!is_known && (!iw_time_known(root->until_ns) || root->until_ns > from_ns))
            in->items[n++] = *root;
    }
    in->n = n;
}

/* Roots of now and of the history; where no configuration tells any, those that setup makes. */
static enum iw_rc find_roots(struct iw_link_host *host, struct iw_arena *arena)
{
    static const struct iw_inventory_server UNKNOWN;
    const struct iw_inventory_server *server = host->server != NULL ? host->server : &UNKNOWN;
    struct finding_roots in = {.arena = arena};
    size_t most = iw_web_n_default_roots + count_roots(server);
    if (host->server == NULL && !is_web_server_by_logs(host))
        return IW_OK;
    in.items = iw_arena_alloc(arena, (most + 1) * sizeof *in.items);
    if (in.items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < server->n_roots; i++)
        IW_TRY(take_root(&in, &server->roots[i], IW_TIME_UNKNOWN));
    for (size_t i = 0; i < server->n_versions; i++) {
        const struct iw_inventory_version *version = &server->versions[i];
        for (size_t k = 0; k < version->n_roots; k++)
            IW_TRY(take_root(&in, &version->roots[k], end_of_version(server, version)));
    }
    for (size_t i = 0, n = in.n; n == 0 && i < iw_web_n_default_roots; i++) {
        const struct iw_inventory_root root = {
            .path = iw_web_default_roots[i].path, .is_assumed = true, .is_resolved = true};
        if (iw_web_default_roots[i].is_everywhere)
            IW_TRY(take_root(&in, &root, IW_TIME_UNKNOWN));
    }
    settle_roots(&in, host->log.from_ns);
    host->roots = in.items;
    while (host->n_roots < in.n && !in.items[host->n_roots].is_far)
        host->n_roots++;
    host->n_far_roots = in.n - host->n_roots;
    return iw_link_pages_list(host, arena);
}

/* IIS reads the web.config of a share as that of any root. What the configuration does not name
 * nothing asks for. */
static bool is_unread(const struct iw_inventory_root *root)
{
    return !root->is_collected && !root->is_assumed && root->path.n != 0;
}

static enum iw_rc find_unread_roots(struct iw_link_host *host, struct iw_arena *arena)
{
    const struct iw_inventory_server *server = host->server;
    struct iw_str *items;
    size_t n = 0;
    if (server == NULL || server->n_roots == 0)
        return IW_OK;
    items = iw_arena_alloc(arena, server->n_roots * sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < server->n_roots; i++) { /* applications of one folder follow another */
        const struct iw_inventory_root *root = &server->roots[i];
        if (is_unread(root) && (n == 0 || !iw_str_equal_nocase(items[n - 1], root->path)))
            items[n++] = root->path;
    }
    host->unread_roots = (struct iw_text_list){items, n};
    return IW_OK;
}

/* --- web.config files that nobody collected --------------------------------------------------- */

static bool is_rewriting(const struct iw_server_fact *fact)
{
    return iw_fact_is_writing(fact) && iw_time_known(fact->time_ns) &&
           iw_str_equal_nocase(iw_path_name(fact->path), IW_STR("web.config"));
}

/* The innermost root around a file was not collected. */
static bool is_in_unread_root(const struct iw_inventory_server *server, struct iw_str path)
{
    const struct iw_inventory_root *best = NULL;
    for (size_t i = 0; i < server->n_roots; i++) {
        const struct iw_inventory_root *root = &server->roots[i];
        if (root->path.n < path.n && iw_str_begins_nocase(path, root->path) &&
            (path.p[root->path.n] == '\\' || root->path.p[root->path.n - 1] == '\\') &&
            (best == NULL || root->path.n > best->path.n))
            best = root;
    }
    return best != NULL && is_unread(best);
}

/* The configuration of an application, or of the server, is not what it was when the evidence
 * begins, and what it is is not in it. */
static enum iw_rc find_rewritten(const struct iw_coverage_input *input, struct iw_arena *arena,
                                 struct iw_link_host *host)
{
    const struct iw_server_fact *facts = NULL;
    size_t n = 0;
    if (input->facts == NULL || host->name.n == 0)
        return IW_OK;
    facts = iw_server_facts_of(input->facts, host->name, &n);
    for (size_t i = 0; i < n && host->unread_roots.n != 0; i++) {
        if (is_rewriting(&facts[i]) &&
            (host->rewritten == NULL || facts[i].time_ns < host->rewritten->time_ns) &&
            is_in_unread_root(host->server, facts[i].path))
            host->rewritten = &facts[i];
    }
    return iw_link_configuration_outdated(host, facts, n, arena);
}

/* The server of a host: one that is read from configuration before others. What names no host is of
 * the only server that nothing names. */
static const struct iw_inventory_server *server_of(const struct iw_inventory *inventory,
                                                   struct iw_str host)
{
    const struct iw_inventory_server *found = NULL;
    if (host.n == 0)
        return iw_nameless_only(inventory);
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        if (!iw_str_equal_nocase(server->host, host))
            continue;
        if ((server->known_by & IW_SERVER_BY_CONFIGURATION) != 0)
            return server;
        if (found == NULL)
            found = server;
    }
    return found;
}

/* Whether any event may be of that time: of a part first and last are known. */
static bool has_event(const struct iw_log_host *log)
{
    for (size_t i = 0; i < log->n_channels; i++) {
        const struct iw_telemetry_channel *channel = &log->channels[i];
        for (size_t k = 0; k < channel->n_parts && channel->parts[k].first_ns < log->to_ns; k++) {
            if (channel->parts[k].last_ns >= log->from_ns)
                return true;
        }
    }
    return false;
}

/* A window that is open at one end, and begins behind all events or ends before them, is that
 * moment. */
static void set_window(const struct iw_coverage_input *input, struct iw_link_host *host)
{
    int64_t first_ns = IW_TIME_UNKNOWN, last_ns = IW_TIME_UNKNOWN;
    bool is_since = iw_time_known(input->since_ns), is_until = iw_time_known(input->until_ns);
    bool has_time;
    for (size_t i = 0; i < host->log.n_channels; i++) {
        const struct iw_telemetry_channel *channel = &host->log.channels[i];
        if (channel->n_parts == 0)
            continue;
        iw_time_widen(&first_ns, &last_ns, channel->parts[0].first_ns);
        iw_time_widen(&first_ns, &last_ns, channel->parts[channel->n_parts - 1].last_ns);
    }
    has_time = iw_time_known(first_ns);
    if (is_since)
        first_ns = input->since_ns;
    if (is_until)
        last_ns = input->until_ns;
    if (!iw_time_known(first_ns) || !iw_time_known(last_ns))
        return; /* from == to: not known */
    if (last_ns < first_ns && is_since && is_until)
        return;
    if (last_ns < first_ns)
        first_ns = last_ns = is_since ? first_ns : last_ns;
    host->log.from_ns = first_ns;
    host->log.to_ns = last_ns < INT64_MAX ? last_ns + 1 : last_ns; /* the last moment is part */
    host->is_beside_events = has_time && !has_event(&host->log);
}

/* --- of lists sorted by host ------------------------------------------------------------------ */

static enum iw_rc correct_times(const struct iw_coverage_input *input, struct iw_arena *arena,
                                struct iw_link_host *host)
{
    const struct iw_clock_times times = {input->clocks, input->ledger, host->name,
                                         host->log.channels, host->log.n_channels};
    return iw_clock_times_correct(&times, arena, &host->log.channels, &host->clock_notes);
}

typedef struct iw_str host_at(const struct iw_coverage_input *input, size_t index);

static struct iw_str channel_host(const struct iw_coverage_input *input, size_t index)
{
    return input->telemetry->channels[index].host;
}

static struct iw_str row_host(const struct iw_coverage_input *input, size_t index)
{
    return input->telemetry->rows[index].host;
}

static struct iw_str switch_host(const struct iw_coverage_input *input, size_t index)
{
    return input->switches->items[index].host;
}

/* The place of the first of *n* entries of a host, and how many follow each other. */
static size_t find_run(const struct iw_coverage_input *input, host_at *host_of, size_t n,
                       struct iw_str host, size_t *ret_n)
{
    size_t from = 0, to = n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (iw_str_compare(host_of(input, middle), host) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    for (to = from; to < n && iw_str_equal(host_of(input, to), host);)
        to++;
    *ret_n = to - from;
    return from;
}

static enum iw_rc make_room(struct iw_link_host *host, struct iw_arena *arena)
{
    struct iw_link_found *found = iw_arena_calloc(arena, 1, sizeof *found);
    if (found == NULL)
        return IW_ENOMEM;
    found->has_gaps = iw_arena_calloc(arena, host->log.n_channels + 1, sizeof *found->has_gaps);
    found->gaps = iw_arena_calloc(arena, host->log.n_channels + 1, sizeof *found->gaps);
    found->folders = iw_arena_calloc(arena, host->log.n_switches + 1, sizeof *found->folders);
    host->found = found;
    return found->has_gaps != NULL && found->gaps != NULL && found->folders != NULL ? IW_OK
                                                                                    : IW_ENOMEM;
}

enum iw_rc iw_coverage_host_gather(const struct iw_coverage_input *input, struct iw_str name,
                                   struct iw_arena *arena, struct iw_link_host *ret)
{
    const struct iw_telemetry *telemetry = input->telemetry;
    const struct iw_switch_list *switches = input->switches;
    size_t at;
    *ret = (struct iw_link_host){.name = name,
                                 .log = {.ledger = input->ledger},
                                 .server = server_of(input->inventory, name),
                                 .proofs = input->proofs,
                                 .ask = input->ask,
                                 .canaries = input->canaries};
    at = find_run(input, channel_host, telemetry->n_channels, name, &ret->log.n_channels);
    ret->log.channels = ret->log.n_channels != 0 ? &telemetry->channels[at] : NULL;
    at = find_run(input, row_host, telemetry->n_rows, name, &ret->n_rows);
    ret->rows = ret->n_rows != 0 ? &telemetry->rows[at] : NULL;
    at = find_run(input, switch_host, switches->n, name, &ret->log.n_switches);
    ret->log.switches = ret->log.n_switches != 0 ? &switches->items[at] : NULL;
    ret->log.switches_cut = iw_switches_are_cut(switches, name);
    IW_TRY(correct_times(input, arena, ret));
    set_window(input, ret);
    for (size_t i = 0; ret->server != NULL && i < ret->server->n_pools; i++)
        ret->has_32_bit |= ret->server->pools[i].is_32;
    IW_TRY(iw_running_endings(ret->server, arena, &ret->endings));
    IW_TRY(make_room(ret, arena));
    IW_TRY(find_unread_roots(ret, arena));
    IW_TRY(find_rewritten(input, arena, ret));
    IW_TRY(find_roots(ret, arena));
    return iw_link_gone_find(ret, input->facts, arena);
}

enum iw_rc iw_coverage_host_of_server(const struct iw_coverage_input *input,
                                      const struct iw_inventory_server *server,
                                      struct iw_arena *arena, struct iw_link_host *ret)
{
    *ret = (struct iw_link_host){.name = IW_STR(""),
                                 .log = {.ledger = input->ledger},
                                 .server = server,
                                 .proofs = input->proofs,
                                 .ask = input->ask};
    set_window(input, ret);
    IW_TRY(find_unread_roots(ret, arena));
    return find_roots(ret, arena);
}
