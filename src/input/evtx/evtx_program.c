/*
 * Finished programs: which steps routing may look at, and whether another template has the same
 * shape.
 */
#include "input/evtx/evtx_program.h"

const uint32_t EVTX_KEY_FIELDS[EVTX_KEY_COUNT] = {
    [EVTX_KEY_EVENT_ID] = IW_FIELD_EVENT_ID,      [EVTX_KEY_CHANNEL] = IW_FIELD_CHANNEL,
    [EVTX_KEY_PROVIDER] = IW_FIELD_PROVIDER_NAME, [EVTX_KEY_COMPUTER] = IW_FIELD_COMPUTER,
    [EVTX_KEY_TIME] = IW_FIELD_TIME_CREATED,      [EVTX_KEY_RECORD_ID] = IW_FIELD_EVENT_RECORD_ID,
};

/* Notes the guards that can skip a key's step, but for one that asks for the step's own value: that
 * shows as NULL by itself. False when there are too many to ask for every record. */
static bool note_guards(struct evtx_program *program, uint32_t index)
{
    const struct evtx_step *step = &program->steps[index];
    for (uint32_t i = 0; i < index; i++) {
        const struct evtx_step *guard = &program->steps[i];
        uint32_t k = 0;
        if (guard->kind != EVTX_STEP_GUARD || guard->of.target <= index ||
            (step->kind == EVTX_STEP_SLOT && step->slot == guard->slot))
            continue;
        while (k < program->n_key_guards && program->key_guards[k] != guard->slot)
            k++;
        if (k == EVTX_KEY_GUARDS)
            return false;
        program->key_guards[k] = guard->slot;
        if (k == program->n_key_guards)
            program->n_key_guards++;
    }
    return true;
}

/*
 * The steps of the system fields that routing looks at. They are only believed where each stands
 * once, alone and unguarded: a template may hold a second <EventID> that shows when the first is
 * left out, and the record is then routed by what is decoded.
 */
void evtx_find_keys(struct evtx_program *program)
{
    program->keys_are_plain = true;
    for (unsigned key = 0; key < EVTX_KEY_COUNT; key++)
        program->keys[key] = -1;
    for (uint32_t i = 0; i < program->n_steps; i++) {
        const struct evtx_step *step = &program->steps[i];
        for (unsigned key = 0; key < EVTX_KEY_COUNT; key++) {
            if (step->name == NULL || step->place != IW_PLACE_SYSTEM ||
                step->name->id != EVTX_KEY_FIELDS[key])
                continue;
            if (program->keys[key] >= 0 || step->kind > EVTX_STEP_SLOT || !note_guards(program, i))
                program->keys_are_plain = false;
            program->keys[key] = (int32_t)i;
        }
    }
    if (program->keys[EVTX_KEY_EVENT_ID] < 0 || program->keys[EVTX_KEY_CHANNEL] < 0)
        program->keys_are_plain = false;
}

static inline bool is_name_of(const struct evtx_shape_unit *unit, const struct evtx_name_ref *ref)
{
    return ref->n_bytes == unit->n &&
           memcmp(ref->characters, unit->p, unit->n + EVTX_NAME_BYTES_BEHIND) == 0 &&
           iw_load_u16(ref->characters - EVTX_NAME_BYTES_BEFORE) ==
               iw_load_u16(unit->p - EVTX_NAME_BYTES_BEFORE);
}

bool evtx_shape_matches(const struct evtx_program *program, const struct evtx_source *source,
                        uint32_t *ret_end)
{
    const uint8_t *data = source->chunk.data;
    uint32_t at = source->begin, end = source->end;

    for (uint32_t i = 0; i < program->n_shape; i++) {
        const struct evtx_shape_unit *unit = &program->shape[i];
        struct evtx_name_ref ref;
        if (unit->kind == EVTX_SHAPE_BYTES) {
            if (end - at < unit->n || memcmp(data + at, unit->p, unit->n) != 0)
                return false;
            at += unit->n;
            continue;
        }
        uint32_t head = unit->kind == EVTX_SHAPE_ELEMENT ? 7 : 1;
        if (end - at < head || data[at] != unit->token)
            return false;
        if (unit->kind == EVTX_SHAPE_ELEMENT && iw_load_u16(data + at + 1) != unit->dependency)
            return false;
        at += head;
        if (!evtx_name_at(source->chunk, at, end, &ref))
            return false;
        if (!is_name_of(unit, &ref) && (!evtx_name_repair(&ref) || !is_name_of(unit, &ref)))
            return false;
        at += 4 + ref.inline_bytes;
        if (unit->kind == EVTX_SHAPE_ELEMENT && (unit->token & EVTX_TOKEN_MORE) != 0) {
            if (end - at < 4)
                return false;
            at += 4;
        }
    }
    *ret_end = at;
    return true;
}
