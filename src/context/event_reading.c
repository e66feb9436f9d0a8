/*
 * Fields of events as facts need them.
 */
#include "context/event_reading.h"

#include "event/taxonomy.h"

static struct iw_str checked(struct iw_event_reading *reading, struct iw_str text)
{
    if (text.p != NULL)
        return text;
    reading->no_memory = true;
    return IW_STR("");
}

static struct iw_str raw(struct iw_event_reading *reading, uint32_t field)
{
    const struct iw_field *found = iw_event_find(reading->event, field);
    if (found == NULL)
        return IW_STR("");
    return checked(reading, iw_value_text(iw_field_value(found), reading->scratch));
}

struct iw_str iw_reading_text(struct iw_event_reading *reading, uint32_t canonical)
{
    const struct iw_taxonomy_row *row = iw_taxonomy_row_of(reading->event, canonical);
    struct iw_str text = IW_STR("");
    if (row == NULL)
        return raw(reading, canonical);
    if (iw_taxonomy_value(row, reading->event, reading->scratch, &text) == IW_ENOMEM)
        text.p = NULL;
    return checked(reading, text);
}

struct iw_str iw_reading_own(struct iw_event_reading *reading, uint32_t field)
{
    struct iw_str text = raw(reading, field);
    return iw_str_equal(text, IW_STR("-")) ? IW_STR("") : text;
}

struct iw_str iw_reading_named(struct iw_event_reading *reading, const char *name)
{
    const struct iw_event *event = reading->event;
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        struct iw_str text;
        if (field->place == IW_PLACE_RENDERING ||
            !iw_str_equal_nocase(field->name->text, iw_str_of(name)))
            continue;
        text = iw_value_text(iw_field_value(field), reading->scratch);
        if (text.p != NULL)
            return text;
        reading->no_memory = true;
        break;
    }
    return IW_STR("");
}

bool iw_reading_number(struct iw_event_reading *reading, uint32_t field, uint64_t *ret)
{
    struct iw_str text = raw(reading, field);
    struct iw_value value = {(const uint8_t *)text.p, (uint32_t)text.n, IW_VALUE_UTF8};
    *ret = 0;
    return text.n != 0 && iw_value_u64(value, ret);
}

struct iw_str iw_reading_account(struct iw_event_reading *reading, uint32_t name, uint32_t domain)
{
    struct iw_str user = iw_reading_own(reading, name);
    struct iw_str of = iw_reading_own(reading, domain);
    char *text;
    if (user.n == 0 || of.n == 0)
        return user;
    text = iw_arena_alloc(reading->scratch, of.n + 1 + user.n);
    if (text == NULL)
        return checked(reading, (struct iw_str){NULL, 0});
    memcpy(text, of.p, of.n);
    text[of.n] = '\\';
    memcpy(text + of.n + 1, user.p, user.n);
    return (struct iw_str){text, of.n + 1 + user.n};
}

struct iw_str iw_reading_sid(struct iw_event_reading *reading, uint32_t field)
{
    struct iw_str sid = iw_reading_own(reading, field);
    return iw_str_equal(sid, IW_STR("S-1-0-0")) ? IW_STR("") : sid;
}
