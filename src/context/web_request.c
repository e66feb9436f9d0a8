#include "context/web_request.h"

#include "event/web_log.h"

#define NS_PER_MS INT64_C(1000000)
/* A longer time-taken is no time (49 days in milliseconds are 2^32). */
#define LONGEST_MS (UINT64_C(1) << 40)

/* The text of a column; `-` is none. *is_short is set when there is no memory. */
static struct iw_str column(const struct iw_event *event, uint32_t field, struct iw_arena *arena,
                            bool *is_short)
{
    const struct iw_field *found = iw_event_find(event, field);
    struct iw_str text = IW_STR("");
    if (found != NULL)
        text = iw_value_text(iw_field_value(found), arena);
    *is_short |= text.p == NULL;
    return text.p == NULL || iw_str_equal(text, IW_STR("-")) ? IW_STR("") : text;
}

/* `W3SVC1` → 1. */
static uint64_t site_id_of(struct iw_str name)
{
    const struct iw_str service = IW_STR("W3SVC");
    uint64_t id;
    if (!iw_str_begins_nocase(name, service) ||
        !iw_str_to_u64((struct iw_str){name.p + service.n, name.n - service.n}, &id))
        return 0;
    return id;
}

enum iw_rc iw_web_request_read(const struct iw_event *event, struct iw_arena *arena,
                               struct iw_web_request *ret)
{
    uint64_t took_ms;
    bool is_short = false;

    if ((event->flags & IW_EVENT_DECODED) == 0 ||
        !iw_str_equal_nocase(event->channel, IW_STR(IW_CHANNEL_W3SVC)))
        return IW_END;
    *ret = (struct iw_web_request){
        .site_id = site_id_of(column(event, IW_FIELD_S_SITENAME, arena, &is_short)),
        .stem = column(event, IW_FIELD_CS_URI_STEM, arena, &is_short),
        .query = column(event, IW_FIELD_CS_URI_QUERY, arena, &is_short),
        .method = column(event, IW_FIELD_CS_METHOD, arena, &is_short),
        .address = column(event, IW_FIELD_C_IP, arena, &is_short),
        .agent = column(event, IW_FIELD_CS_USER_AGENT_COLUMN, arena, &is_short),
        .end_ns = event->time_ns,
        .start_ns = event->time_ns,
        .is_local = (event->flags & IW_EVENT_TIME_LOCAL) != 0,
    };
    if (!iw_str_to_u64(column(event, IW_FIELD_SC_STATUS, arena, &is_short), &ret->status))
        ret->status = 0;
    if (iw_time_known(ret->end_ns) &&
        iw_str_to_u64(column(event, IW_FIELD_TIME_TAKEN, arena, &is_short), &took_ms) &&
        took_ms <= LONGEST_MS)
        ret->start_ns -= (int64_t)took_ms * NS_PER_MS;
    return is_short ? IW_ENOMEM : IW_OK;
}
