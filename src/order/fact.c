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
/* What a record says takes less, but for script blocks. */
#define USUAL_BYTES 4096U

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
};

static int compare_said(const void *left, const void *right)
{
    const struct said *a = left, *b = right;
    int order = iw_str_compare(a->name, b->name);
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
        if (next->value.n != 0)
            ++*ret_n;
    }
    return IW_OK;
}

enum iw_rc iw_event_content(const struct iw_event *event, struct iw_arena *scratch,
                            uint8_t ret[IW_FACT_CONTENT_BYTES])
{
    struct said *said = iw_arena_calloc(scratch, event->n_fields + 1U, sizeof *said);
    struct iw_buffer text;
    uint8_t digest[32];
    size_t n;
    bool is_made;
    if (said == NULL)
        return IW_ENOMEM;
    IW_TRY(list_said(event, scratch, said, &n));
    sort_said(said, n);
    iw_buffer_init(&text);
    (void)iw_buffer_room(&text, USUAL_BYTES);
    if (event->record_id == 0)
        iw_pack_number(&text, event->dialect);
    for (size_t i = 0; i < n; i++) {
        iw_pack_text(&text, said[i].name);
        iw_pack_text(&text, said[i].value);
    }
    is_made = !text.failed && iw_sha256(iw_buffer_str(&text), digest);
    iw_buffer_done(&text);
    if (!is_made)
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
