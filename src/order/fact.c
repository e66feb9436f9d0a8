/*
 * What all facts of an event have in common.
 */
#include "order/fact.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/packed.h"
#include "event/web_log.h"

#define NS_PER_MS INT64_C(1000000)
/* No zone is further from UTC (Kiribati; the furthest to the west are 12 hours). */
#define FURTHEST_ZONE_MS (INT64_C(14) * 3600 * 1000)

int64_t iw_fact_clock_uncertainty_ns(enum iw_fact_clock clock)
{
    /* Sysmon writes milliseconds, and so do most exporters. A log's TimeCreated is finer, but is
     * the time of writing. A web log has whole seconds. */
    static const int64_t UNCERTAINTY_NS[IW_CLOCK_COUNT] = {
        [IW_CLOCK_LOG] = NS_PER_MS,
        [IW_CLOCK_SYSMON] = NS_PER_MS,
        [IW_CLOCK_EXPORT] = NS_PER_MS,
        [IW_CLOCK_REQUEST] = 1000 * NS_PER_MS,
        [IW_CLOCK_LOCAL] = (FURTHEST_ZONE_MS + 1000) * NS_PER_MS,
    };
    return UNCERTAINTY_NS[clock];
}

/* --- content ------------------------------------------------------------------------------ */

struct said {
    struct iw_str name, value;
    uint64_t begin; /* of the name, so that it orders as the name does where it differs */
};

static int compare_said(const void *left, const void *right)
{
    const struct said *a = left, *b = right;
    int order = (a->begin > b->begin) - (a->begin < b->begin);
    if (order == 0)
        order = iw_str_compare(a->name, b->name);
    return order != 0 ? order : iw_str_compare(a->value, b->value);
}

/* A record has some twenty fields: qsort allocates and moves more than that is worth. */
#define FEW_FIELDS 48U

static void sort_said(struct said *said, size_t n)
{
    if (n > FEW_FIELDS) {
        qsort(said, n, sizeof *said, compare_said);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct said one = said[i];
        size_t at = i;
        for (; at > 0 && compare_said(&said[at - 1], &one) > 0; at--)
            said[at] = said[at - 1];
        said[at] = one;
    }
}

/* As names are compared: without letter case and spaces (event/name.h). p NULL: no memory. */
static struct iw_str plain_name(struct iw_str name, struct iw_arena *arena)
{
    char *p = iw_arena_alloc(arena, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < name.n; i++) {
        if (name.p[i] != ' ')
            p[n++] = iw_ascii_lower(name.p[i]);
    }
    return (struct iw_str){p, n};
}

/* The first eight bytes as a number that compares as they do. */
static uint64_t begin_of(struct iw_str name)
{
    uint64_t begin = 0;
    memcpy(&begin, name.p, name.n < sizeof begin ? name.n : sizeof begin);
    return __builtin_bswap64(begin);
}

static bool is_said(const struct iw_event *event, const struct iw_field *field)
{
    if (event->record_id == 0)
        return field->place != IW_PLACE_RENDERING;
    return field->place == IW_PLACE_EVENT_DATA || field->place == IW_PLACE_USER_DATA;
}

static enum iw_rc list_said(const struct iw_event *event, struct iw_arena *scratch,
                            struct said *said, size_t *ret_n)
{
    *ret_n = 0;
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        struct said *next = &said[*ret_n];
        if (!is_said(event, field))
            continue;
        next->value = iw_value_text(iw_field_value(field), scratch);
        next->name = plain_name(field->name->text, scratch);
        if (next->value.p == NULL || next->name.p == NULL)
            return IW_ENOMEM;
        next->begin = begin_of(next->name);
        if (next->value.n != 0)
            ++*ret_n;
    }
    return IW_OK;
}

static char *put_text(char *at, struct iw_str text)
{
    at = iw_pack_number_at(at, text.n);
    memcpy(at, text.p, text.n);
    return at + text.n;
}

/* Dialect and what is said, as one text. p NULL: no memory. */
static struct iw_str text_of(const struct iw_event *event, const struct said *said, size_t n,
                             struct iw_arena *scratch)
{
    size_t n_bytes = IW_PACKED_NUMBER_BYTES;
    char *begin, *at;
    for (size_t i = 0; i < n; i++)
        n_bytes += (size_t)2 * IW_PACKED_NUMBER_BYTES + said[i].name.n + said[i].value.n;
    begin = at = iw_arena_alloc(scratch, n_bytes);
    if (begin == NULL)
        return (struct iw_str){NULL, 0};
    if (event->record_id == 0)
        at = iw_pack_number_at(at, event->dialect);
    for (size_t i = 0; i < n; i++)
        at = put_text(put_text(at, said[i].name), said[i].value);
    return (struct iw_str){begin, (size_t)(at - begin)};
}

enum iw_rc iw_event_content(const struct iw_event *event, struct iw_arena *scratch,
                            uint8_t ret[IW_FACT_CONTENT_BYTES])
{
    struct said *said = iw_arena_alloc(scratch, (event->n_fields + (size_t)1) * sizeof *said);
    struct iw_str text;
    uint8_t digest[32];
    size_t n;
    if (said == NULL)
        return IW_ENOMEM;
    IW_TRY(list_said(event, scratch, said, &n));
    sort_said(said, n);
    text = text_of(event, said, n, scratch);
    if (text.p == NULL || !iw_sha256(text, digest))
        return IW_ENOMEM;
    memcpy(ret, digest, IW_FACT_CONTENT_BYTES);
    return IW_OK;
}

/* --- facts -------------------------------------------------------------------------------- */

enum iw_fact_clock iw_event_clock(const struct iw_event *event)
{
    const struct iw_field *field;
    int64_t time_ns;
    if ((event->flags & IW_EVENT_DECODED) != 0 && iw_channel_is_sysmon(event->channel)) {
        field = iw_event_find(event, IW_FIELD_UTC_TIME);
        if (field != NULL && iw_value_time(iw_field_value(field), &time_ns))
            return IW_CLOCK_SYSMON;
    }
    if ((event->flags & IW_EVENT_TIME_LOCAL) != 0)
        return IW_CLOCK_LOCAL;
    if (iw_channel_is_web_log(event->channel))
        return IW_CLOCK_REQUEST;
    return event->dialect != 0 ? IW_CLOCK_EXPORT : IW_CLOCK_LOG;
}

void iw_fact_of_record(const struct iw_event *event, struct iw_fact *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->time_ns = event->time_ns;
    ret->clock = (uint8_t)iw_event_clock(event);
    ret->dialect = event->dialect;
    ret->channel = event->channel;
    ret->computer = event->computer;
    ret->event_id = event->event_id;
    ret->record_id = event->record_id;
    ret->place = (struct iw_fact_place){event->source, event->offset, event->line};
    ret->payload = IW_STR("");
}

enum iw_rc iw_fact_of_event(const struct iw_event *event, struct iw_arena *scratch,
                            struct iw_fact *ret)
{
    iw_fact_of_record(event, ret);
    return iw_event_content(event, scratch, ret->content);
}
