#include "context/web_request.h"

#include "event/web_log.h"

#define NS_PER_MS INT64_C(1000000)
/* A longer time-taken is no time (49 days in milliseconds are 2^32). */
#define LONGEST_MS (UINT64_C(1) << 40)

enum column { SITE = 0, STEM, QUERY, METHOD, ADDRESS, AGENT, FORWARDED, STATUS, TAKEN, COLUMNS };

/* COLUMNS: none that is asked for. */
static enum column column_of(uint32_t field)
{
    switch (field) {
    case IW_FIELD_S_SITENAME:
        return SITE;
    case IW_FIELD_CS_URI_STEM:
        return STEM;
    case IW_FIELD_CS_URI_QUERY:
        return QUERY;
    case IW_FIELD_CS_METHOD:
        return METHOD;
    case IW_FIELD_C_IP:
        return ADDRESS;
    case IW_FIELD_CS_USER_AGENT_COLUMN:
        return AGENT;
    case IW_FIELD_X_FORWARDED_FOR:
    case IW_FIELD_CS_X_FORWARDED_FOR:
        return FORWARDED;
    case IW_FIELD_SC_STATUS:
        return STATUS;
    case IW_FIELD_TIME_TAKEN:
        return TAKEN;
    default:
        return COLUMNS;
    }
}

/* All at once, because every line of a log comes by: the first of each name; `-` is none. False: no
 * memory. */
static bool read_columns(const struct iw_event *event, struct iw_arena *arena,
                         struct iw_str columns[COLUMNS])
{
    bool has[COLUMNS] = {false};
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = IW_STR("");
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        enum column column = column_of(field->name->id);
        struct iw_str text;
        if (column == COLUMNS || has[column] || field->place == IW_PLACE_RENDERING)
            continue;
        has[column] = true;
        text = iw_value_text(iw_field_value(field), arena);
        if (text.p == NULL)
            return false;
        if (!iw_str_equal(text, IW_STR("-")))
            columns[column] = text;
    }
    return true;
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
    struct iw_str columns[COLUMNS];
    uint64_t took_ms;

    if ((event->flags & IW_EVENT_DECODED) == 0 ||
        !iw_str_equal_nocase(event->channel, IW_STR(IW_CHANNEL_W3SVC)))
        return IW_END;
    if (!read_columns(event, arena, columns))
        return IW_ENOMEM;
    *ret = (struct iw_web_request){
        .site_id = site_id_of(columns[SITE]),
        .stem = columns[STEM],
        .query = columns[QUERY],
        .method = columns[METHOD],
        .address = columns[ADDRESS],
        .agent = columns[AGENT],
        .forwarded = columns[FORWARDED],
        .end_ns = event->time_ns,
        .start_ns = event->time_ns,
        .is_local = (event->flags & IW_EVENT_TIME_LOCAL) != 0,
    };
    if (!iw_str_to_u64(columns[STATUS], &ret->status))
        ret->status = 0;
    if (iw_time_known(ret->end_ns) && iw_str_to_u64(columns[TAKEN], &took_ms) &&
        took_ms <= LONGEST_MS)
        ret->start_ns -= (int64_t)took_ms * NS_PER_MS;
    return IW_OK;
}
