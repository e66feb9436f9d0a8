/*
 * Pairs of SID and name out of events, each kept once with the earliest moment it was shown.
 */
#include "context/sid_names.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"
#include "context/event_reading.h"

/* What stands in the SID's own authority of a domain or machine (S-1-5-21-a-b-c-rid). */
#define DOMAIN_SID IW_STR("S-1-5-21-")

struct pair {
    struct iw_str computer, sid, name;
    struct iw_str host; /* settled */
    int64_t first_ns;
};

struct iw_sid_names {
    struct iw_arena arena, scratch;
    struct iw_buffer key;
    struct iw_map by_key; /* → struct pair * */
    struct pair *by_host; /* by host, SID, time; once settled */
    struct pair *by_sid;  /* by SID, time */
    size_t n;
    uint64_t n_hidden;
};

struct iw_sid_names *iw_sid_names_new(void)
{
    struct iw_sid_names *names = iw_calloc(1, sizeof *names);
    if (names == NULL)
        return NULL;
    iw_arena_init(&names->arena, 0);
    iw_arena_init(&names->scratch, 0);
    iw_buffer_init(&names->key);
    iw_map_init(&names->by_key);
    return names;
}

void iw_sid_names_free(struct iw_sid_names *names)
{
    if (names == NULL)
        return;
    iw_map_done(&names->by_key);
    iw_buffer_done(&names->key);
    iw_arena_done(&names->scratch);
    iw_arena_done(&names->arena);
    iw_free(names);
}

uint64_t iw_sid_names_hidden(const struct iw_sid_names *names)
{
    return names->n_hidden;
}

/* --- which events ------------------------------------------------------------------------------
 */

static const uint32_t EVENTS[] = {4624, 4634, 4647, 4648, 4657, 4663, 4672, 4688,
                                  4689, 4697, 4698, 4702, 4719, 4720, 4722, 4723,
                                  4724, 4725, 4726, 4738, 4740, 4767, 4781, 1102};

static const struct {
    uint32_t sid, name, domain;
} PAIRS[] = {
    {IW_FIELD_SUBJECT_USER_SID, IW_FIELD_SUBJECT_USER_NAME, IW_FIELD_SUBJECT_DOMAIN_NAME},
    {IW_FIELD_TARGET_USER_SID, IW_FIELD_TARGET_USER_NAME, IW_FIELD_TARGET_DOMAIN_NAME},
    {IW_FIELD_TARGET_SID, IW_FIELD_TARGET_USER_NAME, IW_FIELD_TARGET_DOMAIN_NAME},
    {IW_FIELD_TARGET_SID, IW_FIELD_NEW_TARGET_USER_NAME, IW_FIELD_TARGET_DOMAIN_NAME},
};

enum iw_rc iw_sid_names_route(struct iw_route *route)
{
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++)
        IW_TRY(iw_route_want(route, IW_STR("Security"), EVENTS[i]));
    return IW_OK;
}

/* --- keeping -----------------------------------------------------------------------------------
 */

static enum iw_rc keep(struct iw_sid_names *names, const struct pair *pair)
{
    struct iw_buffer *key = &names->key;
    struct iw_map_entry *entry;
    struct pair *kept;
    struct iw_str copy;

    iw_buffer_clear(key);
    iw_buffer_add(key, pair->computer);
    iw_buffer_add_char(key, '\0');
    iw_buffer_add(key, pair->sid);
    iw_buffer_add_char(key, '\0');
    iw_buffer_add(key, pair->name);
    if (key->failed)
        return IW_ENOMEM;
    entry = iw_map_find(&names->by_key, iw_buffer_str(key));
    if (entry != NULL) {
        kept = entry->value.pointer;
        if (pair->first_ns < kept->first_ns)
            kept->first_ns = pair->first_ns;
        return IW_OK;
    }
    if (names->by_key.n >= IW_LIMIT_SID_NAMES) {
        names->n_hidden++;
        return IW_OK;
    }
    copy = iw_arena_copy(&names->arena, iw_buffer_str(key));
    kept = iw_arena_calloc(&names->arena, 1, sizeof *kept);
    if (copy.p == NULL || kept == NULL)
        return IW_ENOMEM;
    kept->computer = (struct iw_str){copy.p, pair->computer.n};
    kept->sid = (struct iw_str){copy.p + pair->computer.n + 1, pair->sid.n};
    kept->name = (struct iw_str){kept->sid.p + pair->sid.n + 1, pair->name.n};
    kept->first_ns = pair->first_ns;
    entry = iw_map_add(&names->by_key, copy, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = kept;
    return IW_OK;
}

static bool is_read(const struct iw_event *event)
{
    if ((event->flags & IW_EVENT_DECODED) == 0 ||
        !iw_str_equal_nocase(event->channel, IW_STR("Security")))
        return false;
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++) {
        if (EVENTS[i] == event->event_id)
            return true;
    }
    return false;
}

static bool is_short(struct iw_str text)
{
    return text.n != 0 && text.n <= IW_LIMIT_CONTEXT_TEXT_BYTES;
}

enum iw_rc iw_sid_names_add(struct iw_sid_names *names, const struct iw_event *event)
{
    struct iw_event_reading reading = {event, &names->scratch, false};

    if (!is_read(event))
        return IW_OK;
    iw_arena_reset(&names->scratch);
    for (size_t i = 0; i < sizeof PAIRS / sizeof PAIRS[0]; i++) {
        struct pair pair = {.computer = event->computer, .first_ns = event->time_ns};
        pair.sid = iw_reading_sid(&reading, PAIRS[i].sid);
        if (!is_short(pair.sid) || iw_sid_well_known(pair.sid).n != 0)
            continue;
        pair.name = iw_reading_account(&reading, PAIRS[i].name, PAIRS[i].domain);
        if (is_short(pair.name) && !iw_str_equal_nocase(pair.name, pair.sid) && !reading.no_memory)
            IW_TRY(keep(names, &pair));
    }
    return reading.no_memory ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_sid_names_merge(struct iw_sid_names *into, const struct iw_sid_names *from)
{
    into->n_hidden += from->n_hidden;
    for (size_t i = 0; i < from->by_key.n; i++)
        IW_TRY(keep(into, from->by_key.entries[i].value.pointer));
    return IW_OK;
}

/* --- settling ----------------------------------------------------------------------------------
 */

enum iw_rc iw_sid_names_hosts(const struct iw_sid_names *names, struct iw_hosts *hosts)
{
    for (size_t i = 0; i < names->by_key.n; i++) {
        const struct pair *pair = names->by_key.entries[i].value.pointer;
        if (pair->computer.n != 0)
            IW_TRY(iw_hosts_add(hosts, pair->computer));
    }
    return IW_OK;
}

static int compare_by_sid(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int order = iw_str_compare_nocase(a->sid, b->sid);
    if (order == 0)
        order = (a->first_ns > b->first_ns) - (a->first_ns < b->first_ns);
    if (order == 0)
        order = iw_str_compare(a->name, b->name);
    return order != 0 ? order : iw_str_compare(a->computer, b->computer);
}

static int compare_by_host(const void *left, const void *right)
{
    int order = iw_str_compare_nocase(((const struct pair *)left)->host,
                                      ((const struct pair *)right)->host);
    return order != 0 ? order : compare_by_sid(left, right);
}

enum iw_rc iw_sid_names_settle(struct iw_sid_names *names, const struct iw_hosts *hosts)
{
    size_t n = names->by_key.n;
    names->by_host = iw_arena_calloc(&names->arena, n + 1, sizeof *names->by_host);
    names->by_sid = iw_arena_calloc(&names->arena, n + 1, sizeof *names->by_sid);
    if (names->by_host == NULL || names->by_sid == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        struct pair *pair = &names->by_host[i];
        *pair = *(const struct pair *)names->by_key.entries[i].value.pointer;
        pair->host = iw_hosts_find(hosts, pair->computer);
        if (pair->host.n == 0)
            pair->host = iw_host_label(pair->computer);
        names->by_sid[i] = *pair;
    }
    names->n = n;
    if (n == 0)
        return IW_OK;
    qsort(names->by_host, n, sizeof *names->by_host, compare_by_host);
    qsort(names->by_sid, n, sizeof *names->by_sid, compare_by_sid);
    return IW_OK;
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* Of pairs of one SID in order of time: the one shown last before, else the first. */
static struct iw_str name_at(const struct pair *pairs, size_t n, int64_t time_ns)
{
    size_t at = 0;
    while (at + 1 < n && pairs[at + 1].first_ns <= time_ns)
        at++;
    return n != 0 ? pairs[at].name : IW_STR("");
}

/* The range of pairs that *probe* equals by *compare* on what comes before the time. */
static struct iw_str find(const struct pair *pairs, size_t n, const struct pair *probe,
                          bool by_host, int64_t time_ns)
{
    size_t first = 0, end = n, last;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = by_host ? iw_str_compare_nocase(pairs[middle].host, probe->host) : 0;
        if (order == 0)
            order = iw_str_compare_nocase(pairs[middle].sid, probe->sid);
        if (order < 0)
            first = middle + 1;
        else
            end = middle;
    }
    last = first;
    while (last < n && iw_str_compare_nocase(pairs[last].sid, probe->sid) == 0 &&
           (!by_host || iw_str_compare_nocase(pairs[last].host, probe->host) == 0))
        last++;
    return name_at(pairs + first, last - first, time_ns);
}

struct iw_str iw_sid_names_find(const struct iw_sid_names *names, struct iw_str host,
                                struct iw_str sid, int64_t time_ns)
{
    struct pair probe = {.host = host, .sid = sid};
    struct iw_str name = iw_sid_well_known(sid);
    if (name.n != 0 || names->n == 0)
        return name;
    name = find(names->by_host, names->n, &probe, true, time_ns);
    if (name.n == 0 && iw_str_begins_nocase(sid, DOMAIN_SID))
        name = find(names->by_sid, names->n, &probe, false, time_ns);
    return name;
}
