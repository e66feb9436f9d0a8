/*
 * Switches out of texts of PowerShell, whole, in part, or behind others.
 */
#include "coverage/switch_reading.h"

#include "base/arena_text.h"

static bool is_script(const struct iw_event *event)
{
    return event->event_id == IW_SCRIPT_ID &&
           (iw_str_equal_nocase(event->channel, IW_STR(IW_CHANNEL_POWERSHELL)) ||
            iw_str_equal_nocase(event->channel, IW_STR(IW_CHANNEL_POWERSHELL_CORE)));
}

static uint64_t number_of(const struct iw_switch_reading *reading, const char *name)
{
    const struct iw_field *field = iw_switch_field(reading, name);
    uint64_t number;
    return field != NULL && iw_value_u64(iw_field_value(field), &number) ? number : 0;
}

enum iw_rc iw_switch_read_part(const struct iw_event *event, struct iw_arena *scratch,
                               struct iw_script_part *ret, bool *ret_is_one)
{
    struct iw_switch_reading reading;
    const struct iw_field *text;
    uint64_t process_id = 0;
    *ret_is_one = false;
    if (!is_script(event))
        return IW_OK;
    reading = iw_switch_reading_begin(event, NULL, scratch);
    text = iw_event_find(event, IW_FIELD_SCRIPT_BLOCK_TEXT);
    if (text == NULL)
        return IW_OK;
    *ret_is_one = true;
    (void)iw_reading_number(&reading.fields, IW_FIELD_EXECUTION_PROCESS_ID, &process_id);
    ret->n_parts = number_of(&reading, "MessageTotal");
    ret->text = (struct iw_script_text){.computer = event->computer,
                                        .text = iw_field_value(text),
                                        .time_ns = event->time_ns,
                                        .source = event->source,
                                        .process_id = (uint32_t)process_id,
                                        .dialect = iw_switch_dialect(event),
                                        .is_whole = ret->n_parts < 2,
                                        .is_prompt = iw_switch_own(&reading, "Path").n == 0};
    ret->number = ret->n_parts >= 2 ? number_of(&reading, "MessageNumber") : 0;
    ret->id = ret->n_parts >= 2 ? iw_switch_own(&reading, "ScriptBlockId") : IW_STR("");
    return reading.fields.no_memory ? IW_ENOMEM : IW_OK;
}

struct text_reading {
    struct iw_switch_reading reading;
    struct iw_str text; /* that was heard; p NULL: none was */
    struct iw_switch_uncalled uncalled;
};

/* Whether it asks for anything; what is told of it is told of its event. */
static bool read_text(struct text_reading *in, const struct iw_script_text *script)
{
    const struct iw_field field = {
        .p = script->text.p, .n = script->text.n, .type = script->text.type};
    struct iw_switch_reading *reading = &in->reading;
    struct iw_str text;
    if (!iw_switch_may_be_in_script(reading->glance, &field) || !iw_switch_begin_asked(reading))
        return false;
    text = iw_value_text(script->text, reading->fields.scratch);
    if (text.p == NULL) {
        reading->fields.no_memory = true;
        return false;
    }
    in->text = text;
    return iw_switch_keep_asked(
        reading,
        script->is_whole
            ? iw_command_switches_of_parts(text, script->n_parts, reading->fields.scratch,
                                           reading->asked, &in->uncalled)
            : iw_command_switches_of_row(text, script->n_parts, reading->fields.scratch,
                                         reading->asked),
        IW_STR(""));
}

/* What the body of a function asks for; n 0: nothing. */
static enum iw_rc read_function(struct iw_switch_reading *reading, struct iw_str name,
                                struct iw_str body, struct iw_switch_function *ret)
{
    const struct iw_field field = {
        .p = (const uint8_t *)body.p, .n = (uint32_t)body.n, .type = IW_VALUE_UTF8};
    ret->name = name;
    ret->n = 0;
    if (!iw_switch_may_be_in_script(reading->glance, &field))
        return IW_OK;
    if (!iw_switch_begin_asked(reading))
        return IW_ENOMEM;
    IW_TRY(iw_command_switches_of_part(body, reading->fields.scratch, reading->asked));
    ret->n = reading->asked->n;
    ret->items = ret->n != 0 ? iw_switch_take_asked(reading) : NULL;
    return ret->n == 0 || ret->items != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc read_functions(struct text_reading *in, struct iw_switches_read *ret)
{
    ret->functions =
        iw_arena_alloc(in->reading.fields.scratch, in->uncalled.n * sizeof *ret->functions);
    if (ret->functions == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < in->uncalled.n; i++) {
        struct iw_switch_function *one = &ret->functions[ret->n_functions];
        IW_TRY(read_function(&in->reading, in->uncalled.names[i], in->uncalled.bodies[i], one));
        ret->n_functions += one->n != 0;
    }
    return IW_OK;
}

/* A text that has parameters or functions has names of its own. */
static bool has_own_names(struct iw_str text)
{
    return iw_str_holds_nocase(text, IW_STR("param")) ||
           iw_str_holds_nocase(text, IW_STR("function"));
}

static struct iw_event event_of(const struct iw_script_text *text)
{
    return (struct iw_event){.time_ns = text->time_ns,
                             .created_ns = text->time_ns,
                             .channel = IW_STR(IW_CHANNEL_POWERSHELL),
                             .provider = IW_STR(""),
                             .computer = text->computer,
                             .event_id = IW_SCRIPT_ID,
                             .source = text->source,
                             .dialect = text->dialect};
}

enum iw_rc iw_switch_read_text(const struct iw_script_text *text,
                               const struct iw_switch_glance *glance, struct iw_arena *scratch,
                               struct iw_switches_read *ret)
{
    const struct iw_event event = event_of(text);
    struct text_reading in = {.reading = iw_switch_reading_begin(&event, glance, scratch),
                              .text = {NULL, 0}};
    const struct iw_command_switches *first;
    bool is_one;
    in.uncalled.n = 0;
    is_one = read_text(&in, text);
    first = in.reading.asked;
    IW_TRY(iw_switch_reading_finish(&in.reading, is_one, text->dialect, ret));
    if (in.uncalled.n != 0)
        IW_TRY(read_functions(&in, ret));
    if (in.text.p == NULL || !text->is_prompt || !text->is_whole)
        return IW_OK;
    ret->left = first->left.n != 0 ? &first->left : NULL;
    if (first->lacks && !has_own_names(in.text))
        ret->lacking = in.text;
    return IW_OK;
}

enum iw_rc iw_switch_read_later(const struct iw_script_text *text,
                                const struct iw_switch_left *known, struct iw_arena *scratch,
                                struct iw_switches_read *ret)
{
    const struct iw_event event = event_of(text);
    struct iw_switch_reading reading = iw_switch_reading_begin(&event, NULL, scratch);
    struct iw_str plain = iw_value_text(text->text, scratch);
    bool is_one;
    if (plain.p == NULL || !iw_switch_begin_asked(&reading))
        return IW_ENOMEM;
    is_one = iw_switch_keep_asked(
        &reading, iw_command_switches_of_later(plain, known, scratch, reading.asked), IW_STR(""));
    return iw_switch_reading_finish(&reading, is_one, text->dialect, ret);
}
