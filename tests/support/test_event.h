/**
 * Events made by hand, for unit tests: a head and a list of fields given as text. Header only.
 */
#ifndef IW_TESTS_SUPPORT_TEST_EVENT_H
#define IW_TESTS_SUPPORT_TEST_EVENT_H

#include "base/alloc.h"
#include "event/event.h"

struct test_field {
    const char *name;
    const char *text; /* NULL: a null value */
    enum iw_place place;
};

static inline struct iw_value test_text(const char *text)
{
    if (text == NULL)
        return (struct iw_value){NULL, 0, IW_VALUE_NULL};
    return (struct iw_value){(const uint8_t *)text, (uint32_t)strlen(text), IW_VALUE_UTF8};
}

/** A field in *arena*; p NULL of its name means no memory. */
static inline struct iw_field test_field(const struct iw_names *names, struct iw_arena *arena,
                                         struct iw_str name, struct iw_value value,
                                         enum iw_place place)
{
    struct iw_name *described = iw_arena_alloc(arena, sizeof *described);
    if (described != NULL)
        iw_names_describe(names, name, described);
    return (struct iw_field){described, value.p, value.n, value.type, (uint8_t)place, 0};
}

/** A decoded event with these fields; everything lives in *arena* (or is borrowed). */
static inline struct iw_event test_event(const struct iw_names *names, struct iw_arena *arena,
                                         const char *channel, uint32_t event_id,
                                         const struct test_field *fields, size_t n)
{
    struct iw_event event = {.time_ns = IW_TIME_UNKNOWN,
                             .created_ns = IW_TIME_UNKNOWN,
                             .channel = iw_str_of(channel),
                             .provider = IW_STR("Provider"),
                             .computer = IW_STR("WEB01.corp.example"),
                             .event_id = event_id,
                             .flags = IW_EVENT_DECODED};
    struct iw_field *made = iw_arena_alloc(arena, (n + 1) * sizeof *made);
    for (size_t i = 0; made != NULL && i < n; i++)
        made[i] = test_field(names, arena, iw_str_of(fields[i].name), test_text(fields[i].text),
                             fields[i].place);
    event.fields = made;
    event.n_fields = made != NULL ? (uint32_t)n : 0;
    return event;
}

#endif
