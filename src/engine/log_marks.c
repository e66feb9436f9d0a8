/*
 * Marks gathered by host, in event time. What is said of each host is one line a kind, however many
 * marks there are.
 *
 * Record ids of a log rise with time. Where one is lower than another that was written so long
 * before that no logger is as slow, the log was cleared, the clock was set back, or two machines of
 * one name wrote it; the last is told only where neither of the others was logged.
 */
#include "engine/log_marks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"

/* Time services move clocks by less every day. */
#define STEP_NS IW_NS_PER_SECOND
/* Loggers write records out of order, but not by so much. Time is looked at in spans of this
 * length: a record is held against those of the spans before the last. */
#define DELAY_NS (INT64_C(300) * IW_NS_PER_SECOND)

struct host_marks {
    struct iw_str host;
    uint64_t n_cleared;
    int64_t cleared_ns; /* of the first */
    struct iw_str cleared, cleared_by;
    uint64_t n_set, n_set_back;
    int64_t largest_ns, largest_at_ns; /* step, when */
};

struct channel_ids {
    struct host_marks *host;
    struct iw_str channel;
    int64_t span;                 /* of the last record */
    uint64_t now, last, long_ago; /* highest ids: of this span, of the one before, of all others */
    uint64_t n_back;
    bool was_cleared;
};

void iw_log_marks_init(struct iw_log_marks *marks)
{
    memset(marks, 0, sizeof *marks);
    iw_arena_init(&marks->arena, 0);
    iw_map_init(&marks->hosts);
    iw_map_init(&marks->channels);
    iw_buffer_init(&marks->key);
}

void iw_log_marks_done(struct iw_log_marks *marks)
{
    iw_map_done(&marks->hosts);
    iw_map_done(&marks->channels);
    iw_buffer_done(&marks->key);
    iw_arena_done(&marks->arena);
}

/* --- gathering ----------------------------------------------------------------------------- */

static void *zeroed(struct iw_log_marks *marks, struct iw_map_entry *entry, size_t n_bytes)
{
    if (entry != NULL && entry->value.pointer == NULL)
        entry->value.pointer = iw_arena_calloc(&marks->arena, 1, n_bytes);
    return entry != NULL ? entry->value.pointer : NULL;
}

static struct host_marks *host_of(struct iw_log_marks *marks, struct iw_str host)
{
    struct iw_map_entry *entry = iw_map_find(&marks->hosts, host);
    struct host_marks *found;
    if (entry != NULL && entry->value.pointer != NULL)
        return entry->value.pointer;
    host = iw_arena_copy(&marks->arena, host);
    if (host.p == NULL)
        return NULL;
    found = zeroed(marks, iw_map_add(&marks->hosts, host, NULL), sizeof *found);
    if (found != NULL)
        found->host = host;
    return found;
}

static void make_channel_key(struct iw_buffer *key, struct iw_str host, struct iw_str channel)
{
    iw_buffer_clear(key);
    iw_buffer_add(key, host);
    iw_buffer_add_char(key, '\n');
    for (size_t i = 0; i < channel.n; i++)
        iw_buffer_add_char(key, iw_ascii_lower(channel.p[i]));
}

static enum iw_rc add_channel(struct iw_log_marks *marks, struct iw_str host, struct iw_str channel,
                              struct channel_ids **ret)
{
    struct iw_str key = iw_arena_copy(&marks->arena, iw_buffer_str(&marks->key));
    struct channel_ids *added = iw_arena_calloc(&marks->arena, 1, sizeof *added);
    struct iw_map_entry *entry;
    if (key.p == NULL || added == NULL)
        return IW_ENOMEM;
    added->host = host_of(marks, host);
    added->channel = iw_arena_copy(&marks->arena, channel);
    if (added->host == NULL || added->channel.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_add(&marks->channels, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = *ret = added;
    return IW_OK;
}

/* IW_OK, IW_ENOMEM; IW_END: there are too many. */
static enum iw_rc channel_of(struct iw_log_marks *marks, struct iw_str host, struct iw_str channel,
                             struct channel_ids **ret)
{
    struct iw_map_entry *entry;
    make_channel_key(&marks->key, host, channel);
    if (marks->key.failed)
        return IW_ENOMEM;
    entry = iw_map_find(&marks->channels, iw_buffer_str(&marks->key));
    if (entry != NULL) {
        *ret = entry->value.pointer;
        return IW_OK;
    }
    if (marks->channels.n == IW_LIMIT_PROFILE_ROWS) {
        marks->has_hidden = true;
        return IW_END;
    }
    return add_channel(marks, host, channel, ret);
}

static uint64_t highest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* To the span of the next record; times do not fall. */
static void move_on(struct channel_ids *ids, int64_t span)
{
    if (span == ids->span)
        return;
    ids->long_ago = highest(ids->long_ago, ids->last);
    ids->last = ids->now;
    ids->now = 0;
    if (span != ids->span + 1) {
        ids->long_ago = highest(ids->long_ago, ids->last);
        ids->last = 0;
    }
    ids->span = span;
}

static enum iw_rc see_id(struct iw_log_marks *marks, const struct iw_fact *fact)
{
    struct channel_ids *ids = NULL;
    enum iw_rc rc;
    if (fact->record_id == 0 || !iw_time_known(fact->time_ns))
        return IW_OK;
    rc = channel_of(marks, fact->host, fact->channel, &ids);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    move_on(ids, fact->time_ns / DELAY_NS - (fact->time_ns % DELAY_NS < 0));
    ids->n_back += fact->record_id < ids->long_ago;
    ids->now = highest(ids->now, fact->record_id);
    return IW_OK;
}

static enum iw_rc see_cleared(struct iw_log_marks *marks, struct host_marks *host,
                              const struct iw_fact *fact, const struct iw_log_mark *mark)
{
    struct channel_ids *ids = NULL;
    enum iw_rc rc = channel_of(marks, fact->host, mark->channel, &ids);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc == IW_OK)
        ids->was_cleared = true;
    if (host->n_cleared++ != 0)
        return IW_OK;
    host->cleared_ns = fact->time_ns;
    host->cleared = iw_arena_copy(&marks->arena, mark->channel);
    host->cleared_by = iw_arena_copy(&marks->arena, mark->user);
    return host->cleared.p != NULL && host->cleared_by.p != NULL ? IW_OK : IW_ENOMEM;
}

static void see_set(struct host_marks *host, const struct iw_fact *fact,
                    const struct iw_log_mark *mark)
{
    int64_t step_ns, size_ns;
    if (!iw_time_known(mark->old_ns) || !iw_time_known(mark->new_ns) ||
        __builtin_sub_overflow(mark->new_ns, mark->old_ns, &step_ns))
        step_ns = 0;
    size_ns = step_ns < 0 && step_ns != INT64_MIN ? -step_ns : step_ns;
    if (size_ns < STEP_NS && iw_time_known(mark->old_ns))
        return;
    host->n_set++;
    host->n_set_back += step_ns < 0;
    if (size_ns > (host->largest_ns < 0 ? -host->largest_ns : host->largest_ns) ||
        host->n_set == 1) {
        host->largest_ns = step_ns;
        host->largest_at_ns = fact->time_ns;
    }
}

enum iw_rc iw_log_marks_see(struct iw_log_marks *marks, const struct iw_fact *fact)
{
    struct host_marks *host;
    struct iw_log_mark mark;
    IW_TRY(see_id(marks, fact));
    if (fact->kind != IW_FACT_LOG_MARK || !iw_log_mark_parse(fact->payload, &mark))
        return IW_OK;
    host = host_of(marks, fact->host);
    if (host == NULL)
        return IW_ENOMEM;
    if (mark.kind == IW_LOG_MARK_CLEARED)
        return see_cleared(marks, host, fact, &mark);
    see_set(host, fact, &mark);
    return IW_OK;
}

/* --- telling ------------------------------------------------------------------------------- */

struct telling {
    struct iw_run *run;
    size_t n_told, n_more; /* of the present kind */
};

/* Whether one more line of this kind is said. */
static bool may_tell(struct telling *telling)
{
    if (telling->n_told == IW_LIMIT_CLOCK_NOTES) {
        telling->n_more++;
        return false;
    }
    telling->n_told++;
    return true;
}

static enum iw_rc end_kind(struct telling *telling, const char *words)
{
    size_t n_more = telling->n_more;
    telling->n_told = telling->n_more = 0;
    return n_more != 0 ? iw_run_note(telling->run, "%zu more %s", n_more, words) : IW_OK;
}

static enum iw_rc tell_cleared(struct telling *telling, const struct host_marks *host)
{
    char time[IW_TIME_TEXT_BYTES];
    if (host->n_cleared == 0 || !may_tell(telling))
        return IW_OK;
    return iw_run_note(telling->run,
                       "%.*s: a log was cleared %" PRIu64 " time%s, first %.*s at %s%s%.*s: what "
                       "it held is not in the evidence",
                       IW_STR_ARG(host->host), host->n_cleared, host->n_cleared == 1 ? "" : "s",
                       IW_STR_ARG(host->cleared.n != 0 ? host->cleared : IW_STR("one not named")),
                       iw_time_words(host->cleared_ns, false, time),
                       host->cleared_by.n != 0 ? " by " : "", IW_STR_ARG(host->cleared_by));
}

static enum iw_rc tell_set(struct telling *telling, const struct host_marks *host)
{
    char time[IW_TIME_TEXT_BYTES];
    if (host->n_set == 0 || !may_tell(telling))
        return IW_OK;
    return iw_run_note(telling->run,
                       "%.*s: its clock was set %" PRIu64 " time%s, %" PRIu64
                       " of them back, by %+.3f s at most (logged at %s): order around there is "
                       "that of the clock",
                       IW_STR_ARG(host->host), host->n_set, host->n_set == 1 ? "" : "s",
                       host->n_set_back, (double)host->largest_ns / (double)IW_NS_PER_SECOND,
                       iw_time_words(host->largest_at_ns, false, time));
}

static enum iw_rc tell_back(struct telling *telling, const struct channel_ids *ids)
{
    if (ids->n_back == 0 || ids->was_cleared || ids->host->n_set_back != 0 || !may_tell(telling))
        return IW_OK;
    return iw_run_note(telling->run,
                       "%.*s: record ids of %.*s go back %" PRIu64 " time%s, and no event says "
                       "that the log was cleared or the clock set back: perhaps logs of two "
                       "machines of one name",
                       IW_STR_ARG(ids->host->host), IW_STR_ARG(ids->channel), ids->n_back,
                       ids->n_back == 1 ? "" : "s");
}

static int compare_entries(const void *left, const void *right)
{
    const struct iw_map_entry *a = *(const struct iw_map_entry *const *)left;
    const struct iw_map_entry *b = *(const struct iw_map_entry *const *)right;
    return iw_str_compare(a->key, b->key);
}

/* The entries of a map by key. NULL: no memory. */
static const struct iw_map_entry **sorted(const struct iw_map *map, struct iw_arena *arena)
{
    const struct iw_map_entry **entries =
        iw_arena_alloc(arena, (map->n + 1) * sizeof(const struct iw_map_entry *));
    for (size_t i = 0; entries != NULL && i < map->n; i++)
        entries[i] = &map->entries[i];
    if (entries != NULL && map->n > 1)
        qsort(entries, map->n, sizeof *entries, compare_entries);
    return entries;
}

enum iw_rc iw_log_marks_tell(struct iw_log_marks *marks, struct iw_run *run)
{
    const struct iw_map_entry **hosts = sorted(&marks->hosts, &marks->arena);
    const struct iw_map_entry **channels = sorted(&marks->channels, &marks->arena);
    struct telling telling = {.run = run};
    if (hosts == NULL || channels == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < marks->hosts.n; i++)
        IW_TRY(tell_cleared(&telling, hosts[i]->value.pointer));
    IW_TRY(end_kind(&telling, "hosts with cleared logs"));
    for (size_t i = 0; i < marks->hosts.n; i++)
        IW_TRY(tell_set(&telling, hosts[i]->value.pointer));
    IW_TRY(end_kind(&telling, "hosts whose clock was set"));
    for (size_t i = 0; i < marks->channels.n; i++)
        IW_TRY(tell_back(&telling, channels[i]->value.pointer));
    IW_TRY(end_kind(&telling, "logs whose record ids go back"));
    if (!marks->has_hidden)
        return IW_OK;
    return iw_run_note(run, "whether record ids go back was asked of the first %u logs only",
                       IW_LIMIT_PROFILE_ROWS);
}
