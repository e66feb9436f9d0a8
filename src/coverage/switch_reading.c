#include "coverage/switch_reading.h"

#include "base/arena_text.h"
#include "order/fact.h"
#include "event/host.h"

const struct iw_field *iw_switch_field(const struct iw_switch_reading *reading, const char *name)
{
    const struct iw_event *event = reading->fields.event;
    struct iw_str text = iw_str_of(name);
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        if ((field->place == IW_PLACE_EVENT_DATA || field->place == IW_PLACE_USER_DATA) &&
            iw_str_equal_nocase(field->name->text, text))
            return field;
    }
    return NULL;
}

struct iw_str iw_switch_own(struct iw_switch_reading *reading, const char *name)
{
    const struct iw_field *field = iw_switch_field(reading, name);
    struct iw_str text;
    if (field == NULL)
        return IW_STR("");
    text = iw_value_text(iw_field_value(field), reading->fields.scratch);
    if (text.p == NULL) {
        reading->fields.no_memory = true;
        return IW_STR("");
    }
    return iw_str_equal(text, IW_STR("-")) ? IW_STR("") : text;
}

/* "Sysmon 1, wevtutil.exe by LAB\adm", "PowerShell 4104, Stop-Service of what cannot be read" */
static struct iw_str command_words(struct iw_switch_reading *reading,
                                   const struct iw_command_switch *asked)
{
    const struct iw_event *event = reading->fields.event;
    const char *channel = event->event_id == IW_SCRIPT_ID ? "PowerShell"
                          : event->event_id == 1          ? "Sysmon"
                                                          : "Security";
    struct iw_str user = reading->made.by, text;
    if (asked->program.n == 0)
        text = iw_arena_format(reading->fields.scratch, "%s %u, more commands than are heard",
                               channel, event->event_id);
    else
        text = iw_arena_format(reading->fields.scratch, "%s %u, %.*s%s%s%.*s", channel,
                               event->event_id, IW_STR_ARG(asked->program),
                               asked->is_unread ? " of what cannot be read" : "",
                               user.n != 0 ? " by " : "", IW_STR_ARG(user));
    reading->fields.no_memory |= text.p == NULL;
    return text;
}

bool iw_switch_keep_asked(struct iw_switch_reading *reading, enum iw_rc rc, struct iw_str user)
{
    reading->fields.no_memory |= rc == IW_ENOMEM;
    reading->made.is_asked = true;
    reading->made.by = user;
    return rc == IW_OK && reading->asked->n != 0;
}

bool iw_switch_begin_asked(struct iw_switch_reading *reading)
{
    reading->asked = iw_arena_alloc(reading->fields.scratch, sizeof *reading->asked);
    reading->fields.no_memory |= reading->asked == NULL;
    return reading->asked != NULL;
}

/* A machine that a command names is the one it runs on where it names none or the names are alike.
 */
static bool is_own_machine(const struct iw_event *event, struct iw_str host)
{
    return host.n == 0 || iw_str_equal_nocase(host, event->computer) ||
           iw_str_equal_nocase(host, iw_host_label(event->computer)) ||
           iw_str_equal_nocase(iw_host_label(host), event->computer);
}

struct iw_switch *iw_switch_take_asked(struct iw_switch_reading *reading)
{
    struct iw_switch *items =
        iw_arena_alloc(reading->fields.scratch, reading->asked->n * sizeof *items);
    for (size_t i = 0; items != NULL && i < reading->asked->n; i++) {
        const struct iw_command_switch *asked = &reading->asked->items[i];
        items[i] = reading->made;
        items[i].kind = asked->kind;
        items[i].subject = asked->subject;
        items[i].is_elsewhere = !is_own_machine(reading->fields.event, asked->host);
        if (items[i].is_elsewhere)
            items[i].computer = asked->host;
        items[i].by = command_words(reading, asked);
    }
    return reading->fields.no_memory ? NULL : items;
}

struct iw_switch_reading iw_switch_reading_begin(const struct iw_event *event,
                                                 const struct iw_switch_glance *glance,
                                                 struct iw_arena *scratch)
{
    return (struct iw_switch_reading){.glance = glance,
                                      .fields = {.event = event, .scratch = scratch},
                                      .made = {.computer = event->computer,
                                               .host = IW_STR(""),
                                               .subject = IW_STR(""),
                                               .by = IW_STR(""),
                                               .time_ns = event->time_ns,
                                               .source = event->source,
                                               .old_ns = IW_TIME_UNKNOWN,
                                               .new_ns = IW_TIME_UNKNOWN}};
}

uint8_t iw_switch_dialect(const struct iw_event *event)
{
    return iw_event_clock(event) == IW_CLOCK_EXPORT ? event->dialect : 0;
}

enum iw_rc iw_switch_reading_finish(struct iw_switch_reading *reading, bool is_one, uint8_t dialect,
                                    struct iw_switches_read *ret)
{
    ret->n = ret->n_functions = 0;
    ret->left = NULL;
    ret->lacking = (struct iw_str){NULL, 0};
    reading->made.dialect = dialect;
    if (!is_one && !reading->fields.no_memory)
        return IW_OK;
    ret->one = reading->made;
    ret->items = reading->asked != NULL && !reading->fields.no_memory
                     ? iw_switch_take_asked(reading)
                     : &ret->one;
    ret->n = reading->asked != NULL ? reading->asked->n : 1;
    return reading->fields.no_memory || ret->items == NULL ? IW_ENOMEM : IW_OK;
}
