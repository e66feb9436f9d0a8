/*
 * A file of the configuration that was written, and what the configuration system told at that
 * time: a program that uses its interface (WebAdministration, ServerManager, ahadmin) writes the
 * file from within its own process, and events 29 and 50 of that process say so.
 */
#include "base/limits.h"
#include "detect/chain/chain_order.h"
#include "detect/chain/component_trail_state.h"

/* One commit is several 29s, the file, a 50, all within moments of one process. */
#define COMMIT_NS IW_NS_PER_SECOND

static const struct iw_trail_span *span_of(const struct iw_component_trails *trails,
                                           struct iw_str host)
{
    for (size_t i = 0; i < trails->n_spans; i++) {
        if (iw_str_equal_nocase(trails->spans[i].host, host))
            return &trails->spans[i];
    }
    return NULL;
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

/* Whether their clocks leave open which came first. */
static bool is_at_once(const struct iw_trail *trail, const struct iw_trail_writing *writing)
{
    struct iw_chain_moment told = {trail->time_ns, trail->clock};
    struct iw_chain_moment wrote = {writing->time_ns, writing->clock};
    return iw_chain_order_of(told, wrote) == IW_CHAIN_UNDECIDED;
}

/* Event 29 writes `\\?\C:\Windows\…`. */
static bool is_same_file(struct iw_str told, struct iw_str wrote)
{
    if (iw_str_begins_nocase(told, IW_STR("\\\\?\\")))
        told = (struct iw_str){told.p + 4, told.n - 4};
    return iw_str_equal_nocase(told, wrote);
}

static enum iw_trail_commit_kind kind_of(const struct iw_trail *trail,
                                         const struct iw_trail_writing *writing)
{
    struct iw_chain_fact what;
    if (strcmp(trail->role, "registration") != 0 || !iw_chain_fact_parse(trail->payload, &what) ||
        !is_same_file(what.path, writing->path))
        return IW_TRAIL_COMMIT_NONE;
    if (what.process.has_pid && writing->has_pid && what.process.pid == writing->pid)
        return IW_TRAIL_COMMIT_OWN;
    return is_at_once(trail, writing) ? IW_TRAIL_COMMIT_OTHER : IW_TRAIL_COMMIT_NONE;
}

void iw_component_trails_commit(const struct iw_component_trails *trails,
                                const struct iw_trail_writing *writing, struct iw_trail_commit *ret)
{
    const struct iw_trail_span *span = span_of(trails, writing->host);
    int64_t from_ns;
    *ret = (struct iw_trail_commit){.is_cut = trails->n_hidden != 0};
    if (span == NULL || !iw_time_known(writing->time_ns) ||
        __builtin_sub_overflow(writing->time_ns, COMMIT_NS, &from_ns))
        return;
    for (size_t i = first_at(trails, span, from_ns); i < span->end; i++) {
        const struct iw_trail *trail = &trails->acts.items[i];
        enum iw_trail_commit_kind kind;
        if (iw_chain_distance_ns(writing->time_ns, trail->time_ns) > COMMIT_NS)
            break;
        kind = kind_of(trail, writing);
        if (kind > ret->kind) {
            ret->kind = kind;
            ret->event_id = trail->event_id;
            ret->record_id = trail->record_id;
            ret->time_ns = trail->time_ns;
        }
    }
}
