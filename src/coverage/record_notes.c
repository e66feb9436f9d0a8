#include "coverage/record_notes.h"

#include <inttypes.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/map.h"
#include "coverage/link_root.h"
#include "event/channel.h"

/* Time services move clocks by less every day. */
#define STEP_NS IW_NS_PER_SECOND

struct noting {
    const struct iw_link_host *host;
    struct iw_arena *work, *arena;
    struct iw_str *items;
    size_t n, cap;
    size_t n_of_kind, n_more;
};

static enum iw_rc add(struct noting *in, struct iw_str text)
{
    if (text.p == NULL)
        return IW_ENOMEM;
    if (in->n_of_kind == IW_LIMIT_COVERAGE_REASONS) {
        in->n_more++;
        return IW_OK;
    }
    in->n_of_kind++;
    if (in->n == in->cap) {
        size_t cap = in->cap != 0 ? 2 * in->cap : 8;
        struct iw_str *items = iw_arena_alloc(in->arena, cap * sizeof *items);
        if (items == NULL)
            return IW_ENOMEM;
        if (in->n != 0)
            memcpy(items, in->items, in->n * sizeof *items);
        in->items = items;
        in->cap = cap;
    }
    in->items[in->n++] = text;
    return IW_OK;
}

static enum iw_rc end_kind(struct noting *in, const char *what)
{
    size_t n_more = in->n_more;
    in->n_of_kind = in->n_more = 0;
    if (n_more == 0)
        return IW_OK;
    IW_TRY(add(in, iw_arena_format(in->arena, "and %zu more %s", n_more, what)));
    in->n_of_kind = 0;
    return IW_OK;
}

/* --- clocks --------------------------------------------------------------------------------- */

static bool is_near(int64_t a, int64_t b)
{
    int64_t difference;
    return !__builtin_sub_overflow(a, b, &difference) && difference > -STEP_NS &&
           difference < STEP_NS;
}

/* Where a step is looked for: of all that lie in one place the first is kept. */
struct step_place {
    int64_t from_s, to_s;
};

static struct step_place place_of(const struct iw_switch *set, int64_t from, int64_t to)
{
    return (struct step_place){set->old_ns / STEP_NS + from, set->new_ns / STEP_NS + to};
}

/* Security and System tell of one step both. */
static bool is_told(const struct noting *in, const struct iw_map *steps,
                    const struct iw_switch *own)
{
    bool ret = false;
    for (int64_t k = 0; k < 9 && !ret; k++) {
        const struct step_place place = place_of(own, k / 3 - 1, k % 3 - 1);
        const struct iw_map_entry *entry =
            iw_map_find(steps, (struct iw_str){(const char *)&place, sizeof place});
        const struct iw_switch *other =
            entry != NULL ? &in->host->log.switches[entry->value.number] : NULL;
        ret = other != NULL && is_near(other->old_ns, own->old_ns) &&
              is_near(other->new_ns, own->new_ns);
    }
    return ret;
}

static enum iw_rc know_step(struct noting *in, struct iw_map *steps, const struct iw_switch *own)
{
    const struct step_place place = place_of(own, 0, 0);
    struct iw_str key =
        iw_arena_copy(in->work, (struct iw_str){(const char *)&place, sizeof place});
    struct iw_map_entry *entry;
    bool is_new;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_add(steps, key, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new)
        entry->value.number = (uint64_t)(own - in->host->log.switches);
    return IW_OK;
}

static struct iw_str step_words(struct noting *in, const struct iw_switch *set)
{
    struct iw_str from, to;
    if (!iw_time_known(set->old_ns) || !iw_time_known(set->new_ns)) {
        to = iw_log_time(set->time_ns, in->work);
        return to.p == NULL ? to
                            : iw_arena_format(in->arena,
                                              "the clock was set at %.*s (%.*s), which does not "
                                              "say by how much",
                                              IW_STR_ARG(to), IW_STR_ARG(set->by));
    }
    from = iw_log_time(set->old_ns, in->work);
    to = iw_log_time(set->new_ns, in->work);
    if (from.p == NULL || to.p == NULL)
        return from.p == NULL ? from : to;
    return iw_arena_format(in->arena, "the clock was set %s from %.*s to %.*s (%.*s): %s",
                           set->new_ns < set->old_ns ? "back" : "forward", IW_STR_ARG(from),
                           IW_STR_ARG(to), IW_STR_ARG(set->by),
                           set->new_ns < set->old_ns ? "a time between them stands for two moments"
                                                     : "no time between them ever was");
}

static enum iw_rc tell_steps(struct noting *in, struct iw_map *steps)
{
    const struct iw_log_host *log = &in->host->log;
    for (size_t i = 0; i < log->n_switches; i++) {
        const struct iw_switch *set = &log->switches[i];
        bool is_timed = iw_time_known(set->old_ns) && iw_time_known(set->new_ns);
        if (set->kind != IW_SWITCH_CLOCK_SET ||
            (is_timed && (is_near(set->old_ns, set->new_ns) || is_told(in, steps, set))))
            continue;
        if (is_timed)
            IW_TRY(know_step(in, steps, set));
        IW_TRY(add(in, step_words(in, set)));
    }
    return IW_OK;
}

static enum iw_rc tell_clock(struct noting *in)
{
    struct iw_map steps;
    enum iw_rc rc;
    iw_map_init(&steps);
    rc = tell_steps(in, &steps);
    iw_map_done(&steps);
    IW_TRY(rc);
    return end_kind(in, "times at which the clock was set");
}

/* --- canaries ------------------------------------------------------------------------------- */

/* Whether a log of that channel is there, and covers the moment. */
static bool has_told(const struct noting *in, const char *channel, int64_t time_ns)
{
    const struct iw_log_host *log = &in->host->log;
    for (size_t i = 0; i < log->n_channels; i++) {
        const struct iw_telemetry_channel *own = &log->channels[i];
        if (iw_str_equal_nocase(own->channel, iw_str_of(channel)))
            return own->n_parts != 0 && time_ns >= own->parts[0].first_ns &&
                   time_ns <= own->parts[own->n_parts - 1].last_ns;
    }
    return false;
}

static enum iw_rc tell_misses(struct noting *in, const struct iw_link_witness *witness)
{
    const struct iw_canary_question question = {.host = in->host->name,
                                                .link = iw_str_of(iw_link_name(witness->link)),
                                                .source = iw_str_of(witness->name)};
    struct iw_canary_misses misses;
    IW_TRY(iw_canary_misses_find(in->host->canaries, &question, in->work, &misses));
    for (size_t i = 0; i < misses.n; i++) {
        const struct iw_canary_miss *miss = &misses.items[i];
        struct iw_str when = iw_log_time(miss->done_ns, in->work);
        if (when.p == NULL)
            return IW_ENOMEM;
        if (!has_told(in, witness->channel, miss->done_ns))
            continue;
        IW_TRY(
            add(in, iw_arena_format(in->arena,
                                    "canary %.*s (%s) of %.*s was not seen by %s, whose log "
                                    "goes on around that moment%s",
                                    IW_STR_ARG(miss->act->id), iw_canary_kind_name(miss->act->kind),
                                    IW_STR_ARG(when), witness->name,
                                    miss->is_seen ? "; another source saw it" : "")));
    }
    return IW_OK;
}

static enum iw_rc tell_canaries(struct noting *in)
{
    size_t n, n_seen;
    if (in->host->canaries == NULL)
        return IW_OK;
    iw_canary_count(in->host->canaries, in->host->name, &n, &n_seen);
    if (n != 0 && n_seen == 0)
        return add(in, iw_arena_format(in->arena,
                                       "none of the %zu canaries of this host was seen: they were "
                                       "not done within these logs, or nothing tells of them",
                                       n));
    for (size_t i = 0; i < iw_n_link_witnesses; i++)
        IW_TRY(tell_misses(in, &iw_link_witnesses[i]));
    return end_kind(in, "canaries that were not seen");
}

/* --- ids of records ------------------------------------------------------------------------- */

/* Whether Windows numbers its records. */
static bool has_numbers(struct iw_str channel)
{
    static const char *const CHANNELS[] = {IW_CHANNEL_SYSMON, IW_CHANNEL_SECURITY,
                                           IW_CHANNEL_IIS_CONFIGURATION};
    for (size_t i = 0; i < sizeof CHANNELS / sizeof CHANNELS[0]; i++) {
        if (iw_str_equal_nocase(channel, iw_str_of(CHANNELS[i])))
            return true;
    }
    return false;
}

static enum iw_rc tell_without_ids(struct noting *in)
{
    const struct iw_log_host *log = &in->host->log;
    for (size_t i = 0; i < log->n_channels; i++) {
        const struct iw_telemetry_channel *own = &log->channels[i];
        if (own->first_id == 0 && own->n_events != 0 && has_numbers(own->channel))
            IW_TRY(add(in, iw_arena_format(in->arena,
                                           "records of %.*s have no ids in evidence: whether some "
                                           "of them are missing cannot be noticed",
                                           IW_STR_ARG(own->channel))));
    }
    return end_kind(in, "logs without ids");
}

/* --- roots ---------------------------------------------------------------------------------- */

static enum iw_rc tell_far_roots(struct noting *in)
{
    for (size_t i = 0; i < in->host->n_far_roots; i++) {
        const struct iw_link_root *root = &in->host->roots[in->host->n_roots + i];
        IW_TRY(add(in, iw_arena_format(in->arena, "web root %.*s: %.*s", IW_STR_ARG(root->path),
                                       IW_STR_ARG(iw_link_root_far_words(root)))));
    }
    return end_kind(in, "such web roots");
}

/* A module of a web.config runs like one of the server's own, and who may write to a web root may
 * write one. Verdicts stand on what the server's own file says. */
static enum iw_rc tell_unread_roots(struct noting *in)
{
    const struct iw_text_list *roots = &in->host->unread_roots;
    struct iw_str more;
    if (roots->n == 0 || (in->host->server->known_by & IW_SERVER_BY_CONFIGURATION) == 0)
        return IW_OK;
    more = roots->n == 1 ? IW_STR("")
                         : iw_arena_format(in->work, " and of %zu more web root%s", roots->n - 1,
                                           roots->n == 2 ? "" : "s");
    if (more.p == NULL)
        return IW_ENOMEM;
    IW_TRY(add(in, iw_arena_format(in->arena,
                                   "no file of web root %.*s%.*s is in evidence: modules and "
                                   "handlers that a web.config there adds are not known, and "
                                   "AN0184 says nothing of them",
                                   IW_STR_ARG(roots->items[0]), IW_STR_ARG(more))));
    return end_kind(in, "");
}

enum iw_rc iw_record_notes_make(const struct iw_link_host *host, uint64_t n_of_canaries,
                                struct iw_arena *work, struct iw_arena *arena,
                                struct iw_text_list *ret)
{
    struct noting in = {.host = host, .work = work, .arena = arena};
    IW_TRY(tell_clock(&in));
    for (size_t i = 0; i < host->clock_notes.n; i++)
        IW_TRY(add(&in, iw_arena_copy(arena, host->clock_notes.items[i])));
    IW_TRY(end_kind(&in, "logs of exports with a local clock"));
    IW_TRY(tell_without_ids(&in));
    IW_TRY(tell_unread_roots(&in));
    IW_TRY(tell_far_roots(&in));
    IW_TRY(tell_canaries(&in));
    if (n_of_canaries != 0)
        IW_TRY(add(&in, iw_arena_format(arena,
                                        "%" PRIu64 " findings are about canaries, and are not "
                                        "counted here",
                                        n_of_canaries)));
    *ret = (struct iw_text_list){in.items, in.n};
    return IW_OK;
}
