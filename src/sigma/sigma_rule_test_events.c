/*
 * The events of a test of a correlation.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "sigma/sigma_correlation.h"
#include "sigma/sigma_rule_test.h"

/* 2000-01-01T00:00:00Z */
#define FIRST_NS (946684800 * IW_NS_PER_SECOND)

struct series {
    const struct iw_names *names;
    struct iw_arena *arena;
    struct iw_event *items;
    size_t n, cap;
    int64_t time_ns; /* of the latest; IW_TIME_UNKNOWN: there is none */
    struct iw_error *err;
};

static enum iw_rc refuse(const struct series *series, const struct iw_yaml_node *node,
                         const char *words)
{
    (void)iw_error_set(series->err, IW_ERULE, "%s", words);
    iw_error_place(series->err, "", node->line, node->column);
    return IW_ERULE;
}

/* --- one entry ----------------------------------------------------------------------------- */

struct entry {
    const struct iw_yaml_node *event, *context;
    const struct iw_yaml_node *time, *after, *repeat;
};

static enum iw_rc read_keys(const struct series *series, const struct iw_yaml_node *map,
                            struct entry *ret)
{
    *ret = (struct entry){.event = iw_yaml_find(map, "event")};
    if (ret->event == NULL) { /* the entry is the event */
        ret->event = map;
        return IW_OK;
    }
    for (const struct iw_yaml_entry *item = map->first; item != NULL; item = item->next) {
        struct iw_str key = item->key->text;
        if (iw_str_equal(key, IW_STR("context")))
            ret->context = item->value;
        else if (iw_str_equal(key, IW_STR("time")))
            ret->time = item->value;
        else if (iw_str_equal(key, IW_STR("after")))
            ret->after = item->value;
        else if (iw_str_equal(key, IW_STR("repeat")))
            ret->repeat = item->value;
        else if (!iw_str_equal(key, IW_STR("event")))
            return refuse(series, item->key,
                          "an entry of events has event, context, time, after and repeat");
    }
    return IW_OK;
}

static struct iw_str text_of(const struct iw_yaml_node *node)
{
    return node != NULL && node->kind == IW_YAML_SCALAR ? node->text : IW_STR("");
}

/* The time of the first event of an entry, and what lies between its repetitions. */
static enum iw_rc read_time(const struct series *series, const struct entry *entry,
                            int64_t *ret_time_ns, int64_t *ret_step_ns)
{
    *ret_step_ns = IW_NS_PER_SECOND;
    if (entry->time != NULL && entry->after != NULL)
        return refuse(series, entry->after, "time or after, not both");
    if (entry->after != NULL &&
        (!iw_timespan_read(text_of(entry->after), ret_step_ns) || *ret_step_ns == INT64_MAX))
        return refuse(series, entry->after, "after: must be a number with s, m, h, d, w, M or y");
    if (entry->time != NULL) {
        if (!iw_time_parse(text_of(entry->time), ret_time_ns) || !iw_time_known(*ret_time_ns))
            return refuse(series, entry->time,
                          "time: must be a moment, such as 2026-01-05T10:00:00Z");
        return IW_OK;
    }
    if (!iw_time_known(series->time_ns)) {
        *ret_time_ns = FIRST_NS;
        return IW_OK;
    }
    if (__builtin_add_overflow(series->time_ns, *ret_step_ns, ret_time_ns))
        return refuse(series, entry->event, "after: is too far away");
    return IW_OK;
}

static enum iw_rc read_repeat(const struct series *series, const struct entry *entry, uint64_t *ret)
{
    *ret = 1;
    if (entry->repeat != NULL && (!iw_str_to_u64(text_of(entry->repeat), ret) || *ret == 0))
        return refuse(series, entry->repeat, "repeat: must be a number from 1");
    if (*ret > IW_LIMIT_RULE_TEST_EVENTS - series->n)
        return refuse(series, entry->repeat != NULL ? entry->repeat : entry->event,
                      "the test has too many events");
    return IW_OK;
}

static enum iw_rc add_entry(struct series *series, const struct iw_yaml_node *map)
{
    struct iw_event event;
    struct entry entry;
    int64_t time_ns, step_ns;
    uint64_t n;

    if (map->kind != IW_YAML_MAPPING)
        return refuse(series, map, "an entry of events must be a map");
    IW_TRY(read_keys(series, map, &entry));
    IW_TRY(read_time(series, &entry, &time_ns, &step_ns));
    IW_TRY(read_repeat(series, &entry, &n));
    IW_TRY(iw_event_from_yaml(entry.event, entry.context, series->names, series->arena, &event,
                              series->err));
    if (!iw_array_reserve(&series->items, &series->cap, series->n + (size_t)n,
                          sizeof *series->items))
        return iw_error_set(series->err, IW_ENOMEM, "no memory");
    for (uint64_t i = 0; i < n; i++) {
        if (i != 0 && __builtin_add_overflow(time_ns, step_ns, &time_ns))
            return refuse(series, entry.event, "after: is too far away");
        event.time_ns = event.created_ns = time_ns;
        series->items[series->n++] = event;
    }
    series->time_ns = time_ns;
    return IW_OK;
}

/* --- all ----------------------------------------------------------------------------------- */

static enum iw_rc add_all(struct series *series, const struct iw_yaml_node *list)
{
    if (list->kind != IW_YAML_SEQUENCE || list->first == NULL)
        return refuse(series, list, "events: must be a list of events");
    for (const struct iw_yaml_entry *item = list->first; item != NULL; item = item->next)
        IW_TRY(add_entry(series, item->value));
    return IW_OK;
}

enum iw_rc iw_events_from_yaml(const struct iw_yaml_node *list, const struct iw_names *names,
                               struct iw_arena *arena, struct iw_event **ret, size_t *ret_n,
                               struct iw_error *err)
{
    struct series series = {.names = names, .arena = arena, .time_ns = IW_TIME_UNKNOWN, .err = err};
    enum iw_rc rc = add_all(&series, list);

    *ret = NULL;
    *ret_n = series.n;
    if (rc == IW_OK) {
        *ret = iw_arena_calloc(arena, series.n, sizeof **ret);
        if (*ret != NULL)
            memcpy(*ret, series.items, series.n * sizeof **ret);
        else
            rc = iw_error_set(err, IW_ENOMEM, "no memory");
    }
    iw_free(series.items);
    return rc;
}
