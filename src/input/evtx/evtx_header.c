/*
 * The header of an event. Routing looks at two values before anything is decoded; that is only
 * right where those values are what decoding would find, so every doubt (a guard, an array, a
 * second <EventID>, values that do not end where the record does) means: decode first.
 */
#include "input/evtx/evtx_header.h"

#include "input/evtx/evtx_fields.h"

#define FILETIME_BYTES 8U

/* The value of a key of the root program; type NULL when it has none. p NULL with another type: no
 * memory. */
static struct iw_value key_value(struct evtx_executor *x, const struct evtx_level *level,
                                 enum evtx_key key)
{
    int32_t index = level->program->keys[key];
    const struct evtx_step *step;
    if (index < 0)
        return (struct iw_value){NULL, 0, IW_VALUE_NULL};
    step = &level->program->steps[index];
    if (step->kind == EVTX_STEP_SLOT)
        return evtx_trimmed(evtx_slot_value(x, &level->values, step->slot));
    if (step->kind == EVTX_STEP_LITERAL)
        return (struct iw_value){(const uint8_t *)step->of.literal, step->literal_n, IW_VALUE_UTF8};
    if (step->kind == EVTX_STEP_JOIN)
        return evtx_text_value(evtx_joined(x, level, step->of.parts.first, step->of.parts.n));
    return (struct iw_value){NULL, 0, IW_VALUE_NULL};
}

static enum iw_rc set_label(struct evtx_executor *x, enum evtx_label_use use, struct iw_value value,
                            struct iw_str *ret, const struct iw_route_channel **ret_wishes)
{
    const struct evtx_label *label;
    if (value.type == IW_VALUE_NULL)
        return IW_OK;
    if (value.p == NULL && value.n == 0)
        value = (struct iw_value){(const uint8_t *)"", 0, IW_VALUE_UTF8};
    label = evtx_labels_find(&x->labels, use, value, &x->batch->arena);
    if (label == NULL)
        return IW_ENOMEM;
    *ret = label->text;
    if (ret_wishes != NULL)
        *ret_wishes = label->wishes;
    return IW_OK;
}

/* Values that fill the header of an event, from the root program's keys or from decoded fields. */
struct header_values {
    struct iw_value key[EVTX_KEY_COUNT];
};

static enum iw_rc fill_header(struct evtx_executor *x, const struct header_values *values,
                              struct iw_event *event, const struct iw_route_channel **ret_wishes)
{
    uint64_t number;
    const struct iw_value *time = &values->key[EVTX_KEY_TIME];
    if (iw_value_u64(values->key[EVTX_KEY_EVENT_ID], &number) && number <= UINT32_MAX)
        event->event_id = (uint32_t)number;
    if (iw_value_u64(values->key[EVTX_KEY_RECORD_ID], &number))
        event->record_id = number;
    if (time->type == IW_VALUE_FILETIME && time->n == FILETIME_BYTES)
        event->created_ns = iw_time_from_filetime(iw_load_u64(time->p));
    else
        (void)iw_value_time(*time, &event->created_ns);
    IW_TRY(set_label(x, EVTX_LABEL_CHANNEL, values->key[EVTX_KEY_CHANNEL], &event->channel,
                     ret_wishes));
    IW_TRY(
        set_label(x, EVTX_LABEL_PROVIDER, values->key[EVTX_KEY_PROVIDER], &event->provider, NULL));
    return set_label(x, EVTX_LABEL_COMPUTER, values->key[EVTX_KEY_COMPUTER], &event->computer,
                     NULL);
}

/* Whether what routing looks at can be believed: an event id, and values that end where the record
 * does. A flipped bit must not make nobody want a record. */
static bool is_sound_root(const struct evtx_executor *x, const struct header_values *values)
{
    const struct evtx_level *root = &x->levels[0];
    uint64_t number;
    return !x->is_cut && root->at < root->limit &&
           root->limit - root->at <= EVTX_LONGEST_END_BYTES &&
           x->chunk.data[root->at] == EVTX_TOKEN_END_OF_STREAM &&
           iw_value_u64(values->key[EVTX_KEY_EVENT_ID], &number);
}

/* Fills the header before decoding; *ret_wanted false when routing is sure that nobody wants the
 * event. */
enum iw_rc evtx_route_record(struct evtx_executor *x, struct iw_event *event, bool *ret_wanted)
{
    const struct evtx_level *root = &x->levels[0];
    const struct iw_route_channel *wishes = NULL;
    struct header_values values;

    *ret_wanted = true;
    x->is_header_late = !root->program->keys_are_plain;
    for (uint32_t i = 0; i < root->program->n_key_guards && !x->is_header_late; i++)
        x->is_header_late =
            evtx_slot_value(x, &root->values, root->program->key_guards[i]).type == IW_VALUE_NULL;
    for (unsigned key = 0; key < EVTX_KEY_COUNT && !x->is_header_late; key++) {
        values.key[key] = key_value(x, root, (enum evtx_key)key);
        /* An array or a document is not the value of a system field: what it decodes to is asked
         * later. */
        x->is_header_late =
            values.key[key].type >= EVTX_TYPE_BINXML && values.key[key].type != IW_VALUE_UTF8;
    }
    if (x->is_header_late)
        return IW_OK;
    if (values.key[EVTX_KEY_EVENT_ID].type == IW_VALUE_NULL ||
        values.key[EVTX_KEY_CHANNEL].type == IW_VALUE_NULL) {
        x->is_header_late = true;
        return IW_OK;
    }
    IW_TRY(fill_header(x, &values, event, &wishes));
    if (wishes != NULL && is_sound_root(x, &values))
        *ret_wanted = iw_route_wants(x->route, wishes, event->event_id);
    return IW_OK;
}

/* The first system field with this id; *ret_differs when there is another with other content. */
static struct iw_value system_value(const struct iw_event *event, uint32_t id, bool *ret_differs)
{
    const struct iw_field *first = NULL;
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        if (field->name->id != id || field->place != IW_PLACE_SYSTEM)
            continue;
        if (first == NULL)
            first = field;
        else if (field->type != first->type || field->n != first->n ||
                 (field->n != 0 && memcmp(field->p, first->p, field->n) != 0))
            *ret_differs = true;
    }
    return first != NULL ? iw_field_value(first) : (struct iw_value){NULL, 0, IW_VALUE_NULL};
}

/* Where routing could not believe the root's keys (System nested, guarded or twice): the header
 * from what was decoded. */
enum iw_rc evtx_header_from_fields(struct evtx_executor *x, struct iw_event *event)
{
    struct header_values values;
    bool differs = false;
    for (unsigned key = 0; key < EVTX_KEY_COUNT; key++)
        values.key[key] = system_value(event, EVTX_KEY_FIELDS[key], &differs);
    /* Two ids or two hosts in one record: it is read by the first, and said to be damaged. */
    x->is_cut = x->is_cut || differs;
    return fill_header(x, &values, event, NULL);
}
