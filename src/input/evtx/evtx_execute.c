/*
 * Running programs over values. One explicit stack of levels for BinXML inside BinXML; the steps of
 * a level are a flat list.
 *
 * The order of work is what makes it fast: value sizes are summed once; EventID and Channel are
 * looked at; if nobody wants the event, its header is all that is made. Values stay where they are
 * in the chunk: a field is a name, a type and a span.
 *
 * Format: MS-EVEN6 §2.2.12, §3.1.4.7.5 (arrays repeat the element). Values of type NULL may have a
 * size and are skipped.
 */
#include "input/evtx/evtx_execute.h"

#include "input/evtx/evtx_fields.h"
#include "input/evtx/evtx_header.h"

void evtx_executor_init(struct evtx_executor *executor, const struct iw_names *names,
                        const struct iw_route *route)
{
    evtx_cache_init(&executor->cache, names);
    evtx_labels_init(&executor->labels, route);
    executor->route = route;
    executor->batch = NULL;
    executor->account = NULL;
}

void evtx_executor_done(struct evtx_executor *executor)
{
    evtx_cache_done(&executor->cache);
    evtx_labels_done(&executor->labels);
}

/* --- levels
 * -------------------------------------------------------------------------------------------------------
 */

/* Begins the level of a BinXML value; false when there is nothing in it or the nesting is too deep.
 */
static bool push_level(struct evtx_executor *x, uint32_t *depth, struct iw_value value,
                       enum evtx_area area)
{
    uint32_t at = (uint32_t)(value.p - x->chunk.data);
    if (value.n == 0)
        return false;
    if (x->chunk.data[at] == EVTX_TOKEN_END_OF_STREAM)
        x->is_cut = true; /* an end where there should be an element: overwritten */
    if (*depth == IW_LIMIT_BINXML_NESTING) {
        x->hit_limit = true;
        return false;
    }
    x->levels[*depth].at = at;
    x->levels[*depth].limit = at + value.n;
    x->levels[*depth].area = area;
    x->levels[*depth].program = NULL;
    (*depth)++;
    return true;
}

/* A record cannot be better than the programs it is read by, and has the names they give. */
static void note_program(struct evtx_executor *x, const struct evtx_program *program)
{
    x->is_cut = x->is_cut || program == NULL || program->is_cut || program->has_odd_names;
    x->has_odd_names = x->has_odd_names || (program != NULL && program->has_odd_names);
    x->name_bytes += program != NULL ? program->name_bytes : 0;
}

/* Reads the value descriptors at *at* and sums the sizes. False: there cannot be any. */
static bool read_values(struct evtx_executor *x, uint32_t depth, uint32_t at)
{
    struct evtx_level *level = &x->levels[depth];
    const uint8_t *data = x->chunk.data;
    uint32_t n, sum = 0;
    uint64_t *slots = x->slots[depth];

    if (at > level->limit || level->limit - at < 4)
        return false;
    n = iw_load_u32(data + at);
    at += 4;
    if (n > (level->limit - at) / 4)
        return false;
    if (n > IW_LIMIT_TEMPLATE_VALUES) {
        x->hit_limit = true;
        return false;
    }
    level->values.slots = slots;
    level->values.n = n;
    level->values.first = at + 4 * n;
    level->values.limit = level->limit;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t descriptor = iw_load_u32(data + at + (size_t)4 * i);
        slots[i] = (uint64_t)sum << 32 | descriptor;
        sum += descriptor & 0xFFFFU;
    }
    level->values.is_whole = sum <= level->limit - level->values.first;
    if (sum > level->limit - level->values.first) {
        x->is_cut = true; /* values overrun the record (T7): those inside are kept, the rest reads
                             as NULL */
        sum = level->limit - level->values.first;
    }
    level->at = level->values.first + sum;
    return true;
}

/*
 * Whether the definition at *definition* is what the instance at *at* was written for. In the live
 * log it is. A former record's definition may have been overwritten by another template, which
 * would give its values wrong names, and nothing would tell. The instance repeats the first four
 * bytes of the GUID.
 */
static bool is_own_definition(const struct evtx_executor *x, uint32_t at, uint32_t definition)
{
    const uint8_t *data = x->chunk.data;
    return !x->is_recovered || iw_load_u32(data + at + 2) == iw_load_u32(data + definition + 4);
}

/* Begins the template instance at level->at: its program and its values. *ret_end: it is none. */
static enum iw_rc begin_instance(struct evtx_executor *x, uint32_t depth, bool *ret_end)
{
    struct evtx_level *level = &x->levels[depth];
    const struct evtx_program *program = NULL;
    uint32_t at = level->at + 1, definition, definition_end;
    bool has_values = false;

    if (level->limit - at >= 9) { /* u8 1, u32 template id, u32 offset */
        definition = iw_load_u32(x->chunk.data + at + 5);
        at += 9;
        IW_TRY(evtx_cache_find(&x->cache, x->chunk, definition, level->area, &program,
                               &definition_end));
        x->hit_limit = x->hit_limit || (program == NULL && x->cache.hit_limit);
        if (program != NULL && is_own_definition(x, level->at, definition))
            has_values = read_values(x, depth, definition == at ? definition_end : at);
    }
    *ret_end = !has_values;
    level->program = has_values ? program : NULL;
    level->next_step = 0;
    note_program(x, level->program);
    return IW_OK;
}

/* Elements without a template (traps T1, T2): compiled for this record alone. */
static enum iw_rc begin_bare(struct evtx_executor *x, struct evtx_level *level)
{
    struct evtx_source source = {.chunk = x->chunk,
                                 .begin = level->at,
                                 .end = level->limit,
                                 .area = level->area,
                                 .is_template = false,
                                 .names = x->cache.names};
    struct evtx_program *program;
    uint32_t end;
    IW_TRY(evtx_compile(&x->cache.compiler, &source, &x->batch->arena, &program, &end));
    x->is_bare = x->is_bare || level == x->levels;
    note_program(x, program);
    level->program = program;
    level->next_step = 0;
    level->values.n = 0;
    level->at = program->is_cut ? level->limit : end;
    return IW_OK;
}

/* Begins the next fragment of the innermost level: sets its program, or *ret_end when there is
 * none. */
static enum iw_rc begin_fragment(struct evtx_executor *x, uint32_t depth, bool *ret_end)
{
    struct evtx_level *level = &x->levels[depth];

    *ret_end = false;
    while (level->at < level->limit) {
        uint8_t token = x->chunk.data[level->at];
        switch ((token & EVTX_TOKEN_UNUSED) != 0 ? EVTX_TOKEN_UNUSED : token & 0x1FU) {
        case EVTX_TOKEN_FRAGMENT_HEADER:
            level->at += level->limit - level->at < EVTX_FRAGMENT_HEADER_BYTES
                             ? level->limit - level->at
                             : EVTX_FRAGMENT_HEADER_BYTES;
            continue;
        case EVTX_TOKEN_TEMPLATE_INSTANCE:
            return begin_instance(x, depth, ret_end);
        case EVTX_TOKEN_OPEN_START:
        case EVTX_TOKEN_PI_TARGET:
            return begin_bare(x, level);
        case EVTX_TOKEN_END_OF_STREAM:
            if (depth == 0 && level->limit - level->at > EVTX_LONGEST_END_BYTES)
                x->is_cut = true; /* more than padding behind the end: sizes before it are wrong */
            *ret_end = true;
            return IW_OK;
        default:
            x->is_cut = true;
            *ret_end = true;
            return IW_OK;
        }
    }
    *ret_end = true;
    return IW_OK;
}

/*
 * What a value's type allows at once: the size it must have to be taken as it is, any size but
 * none, or UTF-16 text. Everything else (other sizes, arrays, nested BinXML, NULL, unknown types)
 * takes the careful way.
 */
#define TAKE_TEXT 0x40U
#define TAKE_ANY 0x41U
static const uint8_t TAKE_AS_IT_IS[256] = {
    [IW_VALUE_UTF16] = TAKE_TEXT,
    [IW_VALUE_I8] = 1,
    [IW_VALUE_U8] = 1,
    [IW_VALUE_I16] = 2,
    [IW_VALUE_U16] = 2,
    [IW_VALUE_I32] = 4,
    [IW_VALUE_U32] = 4,
    [IW_VALUE_I64] = 8,
    [IW_VALUE_U64] = 8,
    [IW_VALUE_FLOAT] = 4,
    [IW_VALUE_DOUBLE] = 8,
    [IW_VALUE_BOOL] = 4,
    [IW_VALUE_GUID] = 16,
    [IW_VALUE_FILETIME] = 8,
    [IW_VALUE_HEX32] = 4,
    [IW_VALUE_HEX64] = 8,
    [IW_VALUE_BINARY] = TAKE_ANY,
    [IW_VALUE_SID] = TAKE_ANY,
};

/* Whether a value goes into a field as it is. Text of no length does where an empty field is
 * wanted. */
static inline bool fits_as_it_is(uint32_t type, uint32_t n, const uint8_t *p, uint8_t flags)
{
    uint8_t rule = TAKE_AS_IT_IS[type];
    if (rule == TAKE_TEXT)
        return n == 0 ? (flags & EVTX_STEP_DROP_EMPTY) == 0
                      : (n & 1U) == 0 && (p[n - 1] | p[n - 2]) != 0;
    return n != 0 && (rule == n || rule == TAKE_ANY);
}

/*
 * The way nearly all steps go: values present, inside the record, of the right size, text without
 * trailing NULs, under a name known beforehand. Runs such steps from *at* on and returns the first
 * that needs care. Everything it reads is in locals, because stores through byte pointers would
 * make the compiler load it again for every field.
 */
static uint32_t run_plain_steps(struct evtx_executor *x, const struct evtx_level *level,
                                uint32_t at)
{
    const struct evtx_program *const program = level->program;
    const struct evtx_step *step = program->steps + at, *const end =
                                                            program->steps + program->n_steps;
    const uint8_t *const base = x->chunk.data + level->values.first;
    const uint64_t *const slots = level->values.slots;
    struct iw_field *out = x->fields + x->n_fields;

    /* Checked here once: every slot the program names is there and inside the record, and every
     * step may add its field. */
    if (program->n_slots > level->values.n || (program->n_slots != 0 && !level->values.is_whole) ||
        program->n_steps > IW_LIMIT_EVENT_FIELDS - x->n_fields)
        return at;
    for (; step < end; step++) {
        uint64_t packed;
        uint32_t type, n;
        const uint8_t *p;
        if (step->kind == EVTX_STEP_LITERAL) {
            if (step->literal_n != 0 || (step->flags & EVTX_STEP_DROP_EMPTY) == 0)
                evtx_set_field(out++, step, (const uint8_t *)step->of.literal, step->literal_n,
                               IW_VALUE_UTF8);
            continue;
        }
        if (step->kind > EVTX_STEP_GUARD)
            break;
        packed = slots[step->slot];
        type = packed >> 16 & 0xFFU;
        if (step->kind == EVTX_STEP_GUARD) {
            if (type == IW_VALUE_NULL)
                step = program->steps + step->of.target - 1;
            continue;
        }
        if (type == IW_VALUE_NULL && (step->flags & EVTX_STEP_OPTIONAL) != 0)
            continue;
        n = packed & 0xFFFFU;
        p = base + (packed >> 32);
        if (!fits_as_it_is(type, n, p, step->flags))
            break;
        evtx_set_field(out++, step, p, n, (uint8_t)type);
    }
    x->n_fields = (uint32_t)(out - x->fields);
    return (uint32_t)(step - program->steps);
}

/* A SLOT step with care. *ret_nested: the value is BinXML and its level was begun. */
static enum iw_rc take_slot(struct evtx_executor *x, uint32_t *depth, const struct evtx_step *step,
                            bool *ret_nested)
{
    const struct evtx_level *level = &x->levels[*depth - 1];
    struct iw_value value = evtx_slot_value(x, &level->values, step->slot);
    *ret_nested = false;
    if (value.type == IW_VALUE_NULL) {
        if ((step->flags & EVTX_STEP_OPTIONAL) != 0)
            return IW_OK;
        value = (struct iw_value){(const uint8_t *)"", 0, IW_VALUE_UTF8};
    } else if ((value.type & EVTX_TYPE_ARRAY) != 0) {
        return evtx_add_array(x, level, step, value);
    } else if (value.type == EVTX_TYPE_BINXML) {
        *ret_nested = push_level(x, depth, value, (enum evtx_area)step->area);
        return IW_OK;
    }
    return evtx_add_field(x, level, step, evtx_field_value(x, value));
}

/* A NESTED step; *ret_nested as above. */
static void take_nested(struct evtx_executor *x, uint32_t *depth, const struct evtx_step *step,
                        bool *ret_nested)
{
    struct iw_value value = evtx_slot_value(x, &x->levels[*depth - 1].values, step->slot);
    *ret_nested = false;
    if (value.type == EVTX_TYPE_BINXML)
        *ret_nested = push_level(x, depth, value, (enum evtx_area)step->area);
    else if (value.type != IW_VALUE_NULL)
        x->is_cut = true;
}

static enum iw_rc take_join(struct evtx_executor *x, const struct evtx_level *level,
                            const struct evtx_step *step)
{
    struct iw_str text = evtx_joined(x, level, step->of.parts.first, step->of.parts.n);
    return text.p != NULL ? evtx_add_field(x, level, step, evtx_text_value(text)) : IW_ENOMEM;
}

/* Runs the program of the innermost level until it ends or a nested document begins. */
static enum iw_rc run_steps(struct evtx_executor *x, uint32_t *depth)
{
    struct evtx_level *level = &x->levels[*depth - 1];
    const struct evtx_step *steps = level->program->steps;
    uint32_t n_steps = level->program->n_steps, at = level->next_step;
    bool nested = false;

    while (!nested) {
        const struct evtx_step *step;
        at = run_plain_steps(x, level, at);
        if (at == n_steps)
            break;
        step = &steps[at++];
        switch ((enum evtx_step_kind)step->kind) {
        case EVTX_STEP_SLOT:
            IW_TRY(take_slot(x, depth, step, &nested));
            break;
        case EVTX_STEP_LITERAL:
            IW_TRY(evtx_add_field(x, level, step,
                                  (struct iw_value){(const uint8_t *)step->of.literal,
                                                    step->literal_n, IW_VALUE_UTF8}));
            break;
        case EVTX_STEP_JOIN:
            IW_TRY(take_join(x, level, step));
            break;
        case EVTX_STEP_NESTED:
            take_nested(x, depth, step, &nested);
            break;
        case EVTX_STEP_GUARD:
            if (evtx_slot_value(x, &level->values, step->slot).type == IW_VALUE_NULL)
                at = step->of.target;
            break;
        }
    }
    level->next_step = at;
    if (!nested)
        level->program = NULL;
    return IW_OK;
}

/* --- records
 * ------------------------------------------------------------------------------------------------------
 */

static bool has_event_id(const struct iw_event *event)
{
    const struct iw_field *field = iw_event_find(event, IW_FIELD_EVENT_ID);
    uint64_t number;
    return field != NULL && field->place == IW_PLACE_SYSTEM &&
           iw_value_u64(iw_field_value(field), &number);
}

static enum evtx_outcome outcome_of(const struct evtx_executor *x, const struct iw_event *event,
                                    bool has_root)
{
    /* Without an event id nothing can be asked of it; it is better counted as lost than shown as an
     * event. */
    if (!has_root || (event->event_id == 0 && event->channel.n == 0 && x->n_fields == 0))
        return x->hit_limit ? EVTX_RECORD_LIMIT : EVTX_RECORD_LOST;
    if (x->hit_limit)
        return EVTX_RECORD_LIMIT;
    /* Every event has an id; 0 is one, but a missing one means that fields are. */
    if (event->event_id == 0 && (event->flags & IW_EVENT_DECODED) != 0 && !has_event_id(event))
        return EVTX_RECORD_CUT;
    return x->is_cut ? EVTX_RECORD_CUT : EVTX_RECORD_GOOD;
}

/* Counts what the fields of a record hold; a chunk that yields too much gets no more fields. */
static void charge_text(struct evtx_executor *x)
{
    uint64_t bytes = x->name_bytes;
    for (uint32_t i = 0; i < x->n_fields; i++)
        bytes += x->fields[i].n;
    if (bytes > IW_LIMIT_CHUNK_TEXT_BYTES - x->text_bytes) {
        x->hit_limit = true;
        x->n_fields = 0;
        return;
    }
    x->text_bytes += (uint32_t)bytes;
}

static enum iw_rc decode(struct evtx_executor *x, struct iw_event *event, bool *ret_has_root,
                         bool *ret_wanted)
{
    uint32_t depth = 1, n_fragments = 0;
    bool is_routed = false;
    *ret_has_root = false;
    *ret_wanted = true;
    while (depth != 0 && !x->hit_limit) {
        bool at_end;
        if (x->levels[depth - 1].program != NULL) {
            IW_TRY(run_steps(x, &depth));
            continue;
        }
        IW_TRY(begin_fragment(x, depth - 1, &at_end));
        if (at_end) {
            depth--;
            continue;
        }
        *ret_has_root = true;
        if (++n_fragments > IW_LIMIT_RECORD_FRAGMENTS)
            x->hit_limit = true;
        if (depth == 1 && is_routed)
            x->is_cut =
                true; /* two documents in one record: read by the first, and said to be damaged */
        if (is_routed || depth != 1)
            continue;
        is_routed = true;
        IW_TRY(evtx_route_record(x, event, ret_wanted));
        if (!*ret_wanted)
            return IW_OK;
    }
    return IW_OK;
}

enum iw_rc evtx_execute_record(struct evtx_executor *executor, uint32_t begin, uint32_t limit,
                               struct iw_event *event, enum evtx_outcome *ret)
{
    struct evtx_executor *x = executor;
    bool has_root, wanted;
    enum iw_rc rc;

    x->fields = x->batch->fields + x->batch->n_fields;
    x->n_fields = 0;
    x->name_bytes = 0;
    x->is_cut = x->has_odd_names = x->is_bare = x->hit_limit = false;
    x->is_header_late = true;
    x->is_recovered = (event->flags & IW_EVENT_RECOVERED) != 0;
    x->levels[0].at = begin;
    x->levels[0].limit = limit;
    x->levels[0].area = EVTX_AREA_DOCUMENT;
    x->levels[0].program = NULL;
    rc = decode(x, event, &has_root, &wanted);
    if (rc == IW_ENOMEM && x->batch->arena.hit_cap) {
        x->hit_limit = true;
        *ret = EVTX_RECORD_LIMIT;
        event->n_fields = 0;
        return IW_OK;
    }
    IW_TRY(rc);
    event->fields = x->fields;
    event->n_fields = x->n_fields;
    if (wanted) {
        event->flags |= IW_EVENT_DECODED;
        if (x->is_header_late)
            IW_TRY(evtx_header_from_fields(x, event));
    }
    charge_text(x);
    event->n_fields = x->n_fields;
    if (x->is_bare)
        event->flags |= IW_EVENT_BARE;
    *ret = outcome_of(x, event, has_root);
    if (*ret != EVTX_RECORD_GOOD)
        event->flags |= IW_EVENT_CUT;
    x->batch->n_fields += x->n_fields;
    return IW_OK;
}
