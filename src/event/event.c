/*
 * Questions about one event. Fields are few (25 on average), so a walk over them beats any index;
 * four at a time it is half as long.
 */
#include "event/event.h"
#include "event/channel.h"

const struct iw_field *iw_event_find(const struct iw_event *event, uint32_t name_id)
{
    const struct iw_field *field = event->fields, *end;
    if (event->n_fields == 0)
        return NULL;
    end = field + event->n_fields;
    while (end - field >= 4 && field[0].name->id != name_id && field[1].name->id != name_id &&
           field[2].name->id != name_id && field[3].name->id != name_id)
        field += 4;
    for (; field < end; field++) {
        if (field->name->id == name_id && field->place != IW_PLACE_RENDERING)
            return field;
    }
    return NULL;
}

struct iw_str iw_event_text(const struct iw_event *event, uint32_t name_id, struct iw_arena *arena)
{
    const struct iw_field *field = iw_event_find(event, name_id);
    struct iw_str text = {"", 0};
    if (field != NULL)
        text = iw_value_text(iw_field_value(field), arena);
    return text.p != NULL ? text : (struct iw_str){"", 0};
}

bool iw_channel_is_sysmon(struct iw_str channel)
{
    return iw_str_equal_nocase(channel, IW_STR(IW_CHANNEL_SYSMON));
}

void iw_event_settle_time(struct iw_event *event)
{
    const struct iw_field *field;
    event->time_ns = event->created_ns;
    if ((event->flags & IW_EVENT_DECODED) == 0 || !iw_channel_is_sysmon(event->channel))
        return;
    field = iw_event_find(event, IW_FIELD_UTC_TIME);
    if (field != NULL)
        (void)iw_value_time(iw_field_value(field), &event->time_ns);
}
