/*
 * A file of the configuration that was written, and what the configuration system told at that
 * time: a program that uses its interface (WebAdministration, ServerManager, ahadmin) writes the
 * file from within its own process, and events 29 and 50 of that process say so.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "detect/chain/chain_order.h"
#include "detect/chain/component_trail_state.h"
#include "event/channel.h"

/* Acts of one moment that are looked at: who tells of more hides behind them, and nothing is said.
 */
#define LOOKED_ACTS 256U

bool iw_trail_is_configuration(struct iw_str path)
{
    static const char *const FILES[] = {"\\inetsrv\\config\\applicationHost.config",
                                        "\\inetsrv\\config\\administration.config",
                                        "\\inetsrv\\config\\redirection.config"};
    if (!iw_str_ends_nocase(path, IW_STR(".config")))
        return false;
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        if (iw_str_ends_nocase(path, iw_str_of(FILES[i])))
            return true;
    }
    return false;
}

struct iw_str iw_trail_plain_path(struct iw_str path)
{
    if (iw_str_begins_nocase(path, IW_STR("\\\\?\\")))
        path = (struct iw_str){path.p + 4, path.n - 4};
    return path;
}

enum iw_rc iw_trail_see_written(struct iw_component_trails *trails, const struct iw_fact *fact,
                                const struct iw_chain_fact *what)
{
    struct iw_str path = iw_trail_plain_path(what->path);
    if (fact->event_id != 11 || !iw_channel_is_sysmon(fact->channel) ||
        !iw_trail_is_configuration(path))
        return IW_OK;
    if (trails->n_written >= IW_LIMIT_TRAIL_WRITINGS) {
        trails->n_written_hidden++;
        return IW_OK;
    }
    path = iw_arena_copy(&trails->arena, path);
    if (path.p == NULL || !iw_array_reserve(&trails->written, &trails->written_cap,
                                            trails->n_written + 1, sizeof *trails->written))
        return IW_ENOMEM;
    trails->written[trails->n_written++] =
        (struct iw_trail_written){.time_ns = fact->time_ns,
                                  .clock = fact->clock,
                                  .has_pid = what->process.has_pid,
                                  .pid = what->process.pid,
                                  .record_id = fact->record_id,
                                  .path = path};
    return IW_OK;
}

/* --- asking ----------------------------------------------------------------------------------- */

static const struct iw_trail_span *span_of(const struct iw_component_trails *trails,
                                           struct iw_str host)
{
    for (size_t i = 0; i < trails->n_spans; i++) {
        if (iw_str_equal_nocase(trails->spans[i].host, host))
            return &trails->spans[i];
    }
    return NULL;
}

static bool is_earlier(const struct iw_trail_written *written,
                       const struct iw_trail_writing *writing)
{
    return written->time_ns < writing->time_ns ||
           (written->time_ns == writing->time_ns && written->record_id < writing->record_id);
}

/* Two without a number are not told from one another. */
static bool is_one_of_several(const struct iw_component_trails *trails,
                              const struct iw_trail_span *span, size_t i)
{
    const struct iw_trail_written *written = &trails->written[i];
    return written->record_id == 0 && i + 1 < span->end_written && written[1].record_id == 0 &&
           written[1].time_ns == written->time_ns;
}

/* Facts of one log come by time, then record. NULL: it found no room, or may be another one. */
static const struct iw_trail_written *written_at(const struct iw_component_trails *trails,
                                                 const struct iw_trail_span *span,
                                                 const struct iw_trail_writing *writing)
{
    size_t low = span->begin_written, high = span->end_written;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_earlier(&trails->written[middle], writing))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == span->end_written || trails->written[low].time_ns != writing->time_ns ||
        trails->written[low].record_id != writing->record_id ||
        !iw_str_equal_nocase(trails->written[low].path, iw_trail_plain_path(writing->path)) ||
        is_one_of_several(trails, span, low))
        return NULL;
    return &trails->written[low];
}

/* The first act of the span at or after a moment. */
static size_t first_at(const struct iw_component_trails *trails, const struct iw_trail_span *span,
                       int64_t time_ns)
{
    size_t low = span->begin, high = span->end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (trails->acts.items[middle].time_ns < time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether it tells of that file, and the clocks leave open which came first. */
static bool is_at_once(const struct iw_trail *trail, const struct iw_trail_written *written)
{
    struct iw_chain_moment told = {trail->time_ns, trail->clock};
    struct iw_chain_moment wrote = {written->time_ns, written->clock};
    struct iw_chain_fact what;
    return strcmp(trail->role, "registration") == 0 &&
           iw_chain_order_of(told, wrote) == IW_CHAIN_UNDECIDED &&
           iw_chain_fact_parse(trail->payload, &what) &&
           iw_str_equal_nocase(iw_trail_plain_path(what.path), written->path);
}

static void cite(const struct iw_trail *trail, struct iw_trail_commit *ret)
{
    ret->event_id = trail->event_id;
    ret->record_id = trail->record_id;
    ret->time_ns = trail->time_ns;
}

/* What others told at that very moment. Its own process told nothing then. */
static void ask_others(const struct iw_component_trails *trails, const struct iw_trail_span *span,
                       const struct iw_trail_written *written, struct iw_trail_commit *ret)
{
    int64_t slack_ns = iw_chain_longest_slack_ns(), from_ns;
    size_t n_looked = 0;
    if (__builtin_sub_overflow(written->time_ns, slack_ns, &from_ns))
        return;
    for (size_t i = first_at(trails, span, from_ns); i < span->end; i++) {
        const struct iw_trail *trail = &trails->acts.items[i];
        if (iw_chain_distance_ns(written->time_ns, trail->time_ns) > slack_ns)
            break;
        if (n_looked++ == LOOKED_ACTS) {
            ret->is_cut = true;
            break;
        }
        if (!is_at_once(trail, written))
            continue;
        ret->kind = IW_TRAIL_COMMIT_OTHER;
        cite(trail, ret);
        break;
    }
}

void iw_component_trails_commit(const struct iw_component_trails *trails,
                                const struct iw_trail_writing *writing, struct iw_trail_commit *ret)
{
    const struct iw_trail_span *span = span_of(trails, writing->host);
    const struct iw_trail_written *written;
    *ret =
        (struct iw_trail_commit){.is_cut = trails->n_hidden != 0 || trails->n_written_hidden != 0};
    if (span == NULL || !iw_time_known(writing->time_ns))
        return;
    written = written_at(trails, span, writing);
    if (written == NULL) {
        ret->is_cut = true;
        return;
    }
    ret->kind = written->kind;
    if (written->kind == IW_TRAIL_COMMIT_NONE) {
        ask_others(trails, span, written, ret);
        return;
    }
    cite(&trails->acts.items[written->act], ret);
    if (written->kind == IW_TRAIL_COMMIT_SHARED) {
        ret->n_writings = trails->clusters[written->cluster].n_writings;
        ret->n_changes = trails->clusters[written->cluster].n_changes;
    }
}
