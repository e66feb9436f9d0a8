/*
 * Marks out of events.
 *
 * Left out on purpose: Security 517 of Windows before Vista; the date that Vista wrote beside the
 * time of 4616 in a field of its own (such a mark has no times).
 */
#include "order/log_mark.h"

#include "base/packed.h"
#include "event/channel.h"

#define SYSTEM "System"

static const struct {
    const char *channel;
    uint32_t event_id;
    enum iw_log_mark_kind kind;
    const char *provider; /* NULL: whichever */
    uint32_t old_field;   /* of the time before */
} MARKS[] = {
    {IW_CHANNEL_SECURITY, 1102, IW_LOG_MARK_CLEARED, NULL, 0},
    {SYSTEM, 104, IW_LOG_MARK_CLEARED, "Microsoft-Windows-Eventlog", 0},
    {IW_CHANNEL_SECURITY, 4616, IW_LOG_MARK_CLOCK_SET, NULL, IW_FIELD_PREVIOUS_TIME},
    {SYSTEM, 1, IW_LOG_MARK_CLOCK_SET, "Microsoft-Windows-Kernel-General", IW_FIELD_OLD_TIME},
};

#define N_MARKS (sizeof MARKS / sizeof MARKS[0])

enum iw_rc iw_log_mark_route(struct iw_route *route)
{
    for (size_t i = 0; i < N_MARKS; i++)
        IW_TRY(iw_route_want(route, iw_str_of(MARKS[i].channel), MARKS[i].event_id));
    return IW_OK;
}

/* p NULL: no memory; empty when absent. */
static struct iw_str text_of(const struct iw_event *event, uint32_t field_id,
                             struct iw_arena *scratch)
{
    const struct iw_field *field = iw_event_find(event, field_id);
    return field != NULL ? iw_value_text(iw_field_value(field), scratch) : IW_STR("");
}

/* DOMAIN\name, else the SID. */
static enum iw_rc read_user(const struct iw_event *event, struct iw_arena *scratch,
                            struct iw_str *ret)
{
    struct iw_str domain = text_of(event, IW_FIELD_SUBJECT_DOMAIN_NAME, scratch);
    struct iw_str name = text_of(event, IW_FIELD_SUBJECT_USER_NAME, scratch);
    struct iw_str sid = text_of(event, IW_FIELD_SUBJECT_USER_SID, scratch);
    char *p;
    if (domain.p == NULL || name.p == NULL || sid.p == NULL)
        return IW_ENOMEM;
    *ret = name.n == 0 ? sid : name;
    if (name.n == 0 || domain.n == 0)
        return IW_OK;
    p = iw_arena_alloc(scratch, domain.n + 1 + name.n);
    if (p == NULL)
        return IW_ENOMEM;
    memcpy(p, domain.p, domain.n);
    p[domain.n] = '\\';
    memcpy(p + domain.n + 1, name.p, name.n);
    *ret = (struct iw_str){p, domain.n + 1 + name.n};
    return IW_OK;
}

/* The channel that was cleared is in the payload, under the name the event's own has in System. */
static enum iw_rc read_channel(const struct iw_event *event, struct iw_arena *scratch,
                               struct iw_str *ret)
{
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        if (field->name->id != IW_FIELD_CHANNEL ||
            (field->place != IW_PLACE_USER_DATA && field->place != IW_PLACE_EVENT_DATA))
            continue;
        *ret = iw_value_text(iw_field_value(field), scratch);
        return ret->p != NULL ? IW_OK : IW_ENOMEM;
    }
    return IW_OK;
}

static int64_t read_time(const struct iw_event *event, uint32_t field_id)
{
    const struct iw_field *field = iw_event_find(event, field_id);
    int64_t time_ns;
    return field != NULL && iw_value_time(iw_field_value(field), &time_ns) ? time_ns
                                                                           : IW_TIME_UNKNOWN;
}

enum iw_rc iw_log_mark_read(const struct iw_event *event, struct iw_arena *scratch,
                            struct iw_log_mark *ret)
{
    size_t i = 0;
    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_END;
    while (i < N_MARKS && (MARKS[i].event_id != event->event_id ||
                           !iw_str_equal_nocase(event->channel, iw_str_of(MARKS[i].channel)) ||
                           (MARKS[i].provider != NULL &&
                            !iw_str_equal_nocase(event->provider, iw_str_of(MARKS[i].provider)))))
        i++;
    if (i == N_MARKS)
        return IW_END;
    *ret = (struct iw_log_mark){.kind = MARKS[i].kind,
                                .channel = IW_STR(""),
                                .user = IW_STR(""),
                                .old_ns = IW_TIME_UNKNOWN,
                                .new_ns = IW_TIME_UNKNOWN};
    IW_TRY(read_user(event, scratch, &ret->user));
    if (ret->kind == IW_LOG_MARK_CLOCK_SET) {
        ret->old_ns = read_time(event, MARKS[i].old_field);
        ret->new_ns = read_time(event, IW_FIELD_NEW_TIME);
        return IW_OK;
    }
    if (event->event_id == 104)
        return read_channel(event, scratch, &ret->channel);
    ret->channel = event->channel; /* 1102 speaks of its own log */
    return IW_OK;
}

void iw_log_mark_write(const struct iw_log_mark *mark, struct iw_buffer *out)
{
    iw_pack_number(out, (uint64_t)mark->kind);
    iw_pack_text(out, mark->channel);
    iw_pack_text(out, mark->user);
    iw_pack_number(out, (uint64_t)mark->old_ns);
    iw_pack_number(out, (uint64_t)mark->new_ns);
}

bool iw_log_mark_parse(struct iw_str payload, struct iw_log_mark *ret)
{
    struct iw_unpacking in = {payload, false};
    ret->kind = (enum iw_log_mark_kind)iw_unpack_below(&in, IW_LOG_MARK_CLOCK_SET + 1);
    ret->channel = iw_unpack_text(&in);
    ret->user = iw_unpack_text(&in);
    ret->old_ns = (int64_t)iw_unpack_number(&in);
    ret->new_ns = (int64_t)iw_unpack_number(&in);
    return iw_unpack_is_whole(&in) && ret->kind != 0;
}
