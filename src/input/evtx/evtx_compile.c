/*
 * Compiling BinXML: one pass over the tokens with an explicit stack of open elements, no recursion.
 *
 * How fields are named is decided here (docs/DATA-MODEL.md, Event; canonical names are Sigma's):
 * System children by `Tag` and `Tag_Attribute`, `<Data Name="X">` by X, unnamed `<Data>` by `Data`,
 * UserData by leaf element or attribute, RenderingInfo apart from the rest. Namespace declarations
 * are not fields. An element without text is a field only where Windows would show an empty value:
 * a leaf outside System.
 *
 * Format: MS-EVEN6 §2.2.12 (BinXML), §3.1.4.7 (substitutions). Element and attribute-list sizes are
 * not needed and not believed.
 */
#include "input/evtx/evtx_program.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf.h"

/* One open element. */
struct frame {
    struct iw_str element; /* its name */
    enum evtx_area parent; /* where it stands */
    enum evtx_area inside; /* where its children stand */
    bool is_data;          /* <Data> or <ComplexData>: named by its attribute Name */
    bool has_children;
    bool has_attributes;             /* attributes that are fields */
    const struct iw_name *data_name; /* literal Name, or NULL */
    uint32_t name_first;             /* Name made of values: parts */
    uint16_t name_n;
    int32_t guard; /* index of its GUARD step, or -1 */
};

struct compilation {
    struct evtx_compiler *compiler;
    const struct evtx_source *source;
    struct iw_arena *arena;
    struct frame stack[IW_LIMIT_BINXML_DEPTH];
    uint32_t depth;
    uint32_t at;
    bool in_start_tag; /* between OpenStart and CloseStart/CloseEmpty */
    bool in_attribute; /* pending parts belong to *attribute* */
    struct iw_str attribute;
    size_t pending; /* first pending part: always the tail of compiler->parts */
    bool no_memory;
    bool has_odd_names;
    bool has_element;
    bool ended; /* end token, or the bare element closed */
};

void evtx_compiler_done(struct evtx_compiler *compiler)
{
    iw_free(compiler->steps);
    iw_free(compiler->parts);
    iw_free(compiler->shape);
    memset(compiler, 0, sizeof *compiler);
}

static bool out_of_memory(struct compilation *c)
{
    c->no_memory = true;
    return false;
}

/* --- areas and names
 * ---------------------------------------------------------------------------------------------- */

static enum evtx_area area_inside(enum evtx_area parent, struct iw_str element)
{
    static const struct {
        struct iw_str element;
        enum evtx_area area;
    } SECTIONS[] = {
        {{"System", 6}, EVTX_AREA_SYSTEM},
        {{"EventData", 9}, EVTX_AREA_EVENT_DATA},
        {{"UserData", 8}, EVTX_AREA_USER_DATA},
        {{"RenderingInfo", 13}, EVTX_AREA_RENDERING},
    };
    if (parent == EVTX_AREA_DOCUMENT)
        return iw_str_equal(element, IW_STR("Event")) ? EVTX_AREA_EVENT : EVTX_AREA_OTHER;
    if (parent != EVTX_AREA_EVENT)
        return parent;
    for (size_t i = 0; i < sizeof SECTIONS / sizeof SECTIONS[0]; i++) {
        if (iw_str_equal(element, SECTIONS[i].element))
            return SECTIONS[i].area;
    }
    return EVTX_AREA_OTHER;
}

static enum iw_place place_of(enum evtx_area area)
{
    static const uint8_t PLACES[EVTX_AREA_COUNT] = {
        [EVTX_AREA_DOCUMENT] = IW_PLACE_OTHER,      [EVTX_AREA_EVENT] = IW_PLACE_OTHER,
        [EVTX_AREA_SYSTEM] = IW_PLACE_SYSTEM,       [EVTX_AREA_EVENT_DATA] = IW_PLACE_EVENT_DATA,
        [EVTX_AREA_USER_DATA] = IW_PLACE_USER_DATA, [EVTX_AREA_RENDERING] = IW_PLACE_RENDERING,
        [EVTX_AREA_OTHER] = IW_PLACE_OTHER,
    };
    return PLACES[area];
}

/* <Event>, <System>, <EventData>, <UserData>, ...: they hold fields and are none. */
static bool is_structure(const struct frame *frame)
{
    return frame->parent == EVTX_AREA_DOCUMENT ||
           (frame->parent == EVTX_AREA_EVENT && frame->inside != EVTX_AREA_OTHER);
}

static const struct iw_name *make_name(struct compilation *c, struct iw_str prefix,
                                       struct iw_str text)
{
    struct iw_name *name = iw_arena_alloc(c->arena, sizeof *name);
    size_t n = prefix.n + (prefix.n != 0 ? 1 : 0) + text.n;
    char *p = iw_arena_alloc(c->arena, n + 1);
    if (name == NULL || p == NULL) {
        c->no_memory = true;
        return NULL;
    }
    if (prefix.n != 0) {
        memcpy(p, prefix.p, prefix.n);
        p[prefix.n] = '_';
    }
    if (text.n != 0)
        memcpy(p + n - text.n, text.p, text.n);
    iw_names_describe(c->source->names, (struct iw_str){p, n}, name);
    return name;
}

static bool is_namespace(struct iw_str attribute)
{
    return iw_str_equal(attribute, IW_STR("xmlns")) ||
           (attribute.n > 6 && memcmp(attribute.p, "xmlns:", 6) == 0);
}

/* --- steps, parts, shape
 * ------------------------------------------------------------------------------------------ */

static struct evtx_step *add_step(struct compilation *c, enum evtx_step_kind kind)
{
    struct evtx_compiler *k = c->compiler;
    struct evtx_step *step;
    if (k->n_steps >= IW_LIMIT_TEMPLATE_STEPS)
        return NULL;
    if (!iw_array_reserve(&k->steps, &k->cap_steps, k->n_steps + 1, sizeof *k->steps)) {
        c->no_memory = true;
        return NULL;
    }
    step = &k->steps[k->n_steps++];
    memset(step, 0, sizeof *step);
    step->kind = (uint8_t)kind;
    return step;
}

static bool add_part(struct compilation *c, struct iw_str literal, int32_t slot, bool optional)
{
    struct evtx_compiler *k = c->compiler;
    if (!iw_array_reserve(&k->parts, &k->cap_parts, k->n_parts + 1, sizeof *k->parts))
        return out_of_memory(c);
    k->parts[k->n_parts++] = (struct evtx_part){literal, slot, optional};
    return true;
}

static bool add_shape(struct compilation *c, enum evtx_shape_kind kind, uint8_t token,
                      uint16_t dependency, const uint8_t *p, uint32_t n)
{
    struct evtx_compiler *k = c->compiler;
    struct evtx_shape_unit *last = k->n_shape != 0 ? &k->shape[k->n_shape - 1] : NULL;
    if (!c->source->is_template)
        return true;
    if (kind == EVTX_SHAPE_BYTES && last != NULL && last->kind == EVTX_SHAPE_BYTES &&
        last->p + last->n == p) {
        last->n += n;
        return true;
    }
    if (!iw_array_reserve(&k->shape, &k->cap_shape, k->n_shape + 1, sizeof *k->shape))
        return out_of_memory(c);
    k->shape[k->n_shape++] = (struct evtx_shape_unit){(uint8_t)kind, token, dependency, n, p};
    return true;
}

/* Whether *n* bytes are there at the cursor. */
static bool has(const struct compilation *c, uint32_t n)
{
    return c->source->end - c->at >= n;
}

/* Takes *n* bytes that are the same in every chunk. */
static bool take_bytes(struct compilation *c, uint32_t n)
{
    if (!has(c, n) || !add_shape(c, EVTX_SHAPE_BYTES, 0, 0, c->source->chunk.data + c->at, n))
        return false;
    c->at += n;
    return true;
}

/* Takes the name reference at the cursor. */
static bool take_name(struct compilation *c, struct evtx_name_ref *ret)
{
    if (!evtx_name_at(c->source->chunk, c->at, c->source->end, ret))
        return false;
    if (!evtx_name_hash_fits(ret) && !evtx_name_repair(ret))
        c->has_odd_names = true;
    c->at += 4 + ret->inline_bytes;
    return true;
}

static bool name_text(struct compilation *c, const struct evtx_name_ref *ref, struct iw_str *ret)
{
    *ret = iw_utf16_to_arena(ref->characters, ref->n_bytes, c->arena);
    return ret->p != NULL || out_of_memory(c);
}

/* --- finishing what was collected
 * --------------------------------------------------------------------------------- */

static bool is_blank(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != ' ' && text.p[i] != '\t' && text.p[i] != '\r' && text.p[i] != '\n')
            return false;
    }
    return true;
}

/* Joins pending literals that stand side by side, so that text split across tokens (trap T2) is one
 * piece. */
static bool join_literals(struct compilation *c)
{
    struct evtx_compiler *k = c->compiler;
    size_t out = c->pending, i = c->pending;
    while (i < k->n_parts) {
        size_t run = i, n = 0;
        char *p;
        if (k->parts[i].slot >= 0) {
            k->parts[out++] = k->parts[i++];
            continue;
        }
        for (; run < k->n_parts && k->parts[run].slot < 0; run++)
            n += k->parts[run].literal.n;
        if (run - i == 1) {
            k->parts[out++] = k->parts[i++];
            continue;
        }
        p = iw_arena_alloc(c->arena, n + 1);
        if (p == NULL)
            return out_of_memory(c);
        for (n = 0; i < run; i++) {
            if (k->parts[i].literal.n != 0)
                memcpy(p + n, k->parts[i].literal.p, k->parts[i].literal.n);
            n += k->parts[i].literal.n;
        }
        k->parts[out++] = (struct evtx_part){{p, n}, -1, false};
    }
    k->n_parts = out;
    return true;
}

/* Makes one field of the pending parts. */
static bool emit_pending(struct compilation *c, bool as_join, const struct iw_name *name,
                         enum iw_place place, enum evtx_area area, uint8_t flags)
{
    struct evtx_compiler *k = c->compiler;
    size_t n = k->n_parts - c->pending;
    const struct evtx_part *only = n == 1 ? &k->parts[c->pending] : NULL;
    enum evtx_step_kind kind = EVTX_STEP_JOIN;
    struct evtx_step *step;

    if (!as_join && (n == 0 || (only != NULL && only->slot < 0)))
        kind = EVTX_STEP_LITERAL;
    else if (!as_join && only != NULL)
        kind = EVTX_STEP_SLOT;
    if (kind == EVTX_STEP_LITERAL && (flags & EVTX_STEP_DROP_EMPTY) != 0 &&
        (only == NULL || only->literal.n == 0)) {
        k->n_parts = c->pending;
        return true;
    }
    step = add_step(c, kind);
    if (step == NULL)
        return false;
    step->flags = flags;
    step->place = (uint8_t)place;
    step->area = (uint8_t)area;
    step->name = name;
    if (kind == EVTX_STEP_JOIN) {
        step->of.parts.first = (uint32_t)c->pending;
        step->of.parts.n = (uint32_t)n;
        c->pending = k->n_parts;
        return true;
    }
    if (kind == EVTX_STEP_SLOT) {
        step->slot = (uint16_t)only->slot;
        step->flags = (uint8_t)(flags | (only->optional ? EVTX_STEP_OPTIONAL : 0U));
    } else {
        step->of.literal = only != NULL ? only->literal.p : "";
        step->literal_n = only != NULL ? (uint32_t)only->literal.n : 0;
    }
    k->n_parts = c->pending;
    return true;
}

/* The attribute Name of <Data>: literal, or parts kept for the time the text is emitted. */
static bool keep_data_name(struct compilation *c, struct frame *frame)
{
    struct evtx_compiler *k = c->compiler;
    size_t n = k->n_parts - c->pending;
    if (n == 0)
        return true;
    if (n == 1 && k->parts[c->pending].slot < 0) {
        struct iw_str text = k->parts[c->pending].literal;
        k->n_parts = c->pending;
        if (text.n == 0)
            return true;
        frame->data_name = make_name(c, IW_STR(""), text);
        return frame->data_name != NULL;
    }
    if (n > UINT16_MAX)
        return false;
    frame->name_first = (uint32_t)c->pending;
    frame->name_n = (uint16_t)n;
    c->pending = k->n_parts;
    return true;
}

static bool finish_attribute(struct compilation *c)
{
    struct frame *frame = &c->stack[c->depth - 1];
    const struct iw_name *name;
    bool by_attribute_alone = frame->parent == EVTX_AREA_USER_DATA && !frame->is_data;

    if (!c->in_attribute)
        return true;
    c->in_attribute = false;
    if (!join_literals(c))
        return false;
    if (is_namespace(c->attribute)) {
        c->compiler->n_parts = c->pending;
        return true;
    }
    if (frame->is_data && iw_str_equal(c->attribute, IW_STR("Name")))
        return keep_data_name(c, frame);
    name = make_name(c, by_attribute_alone ? IW_STR("") : frame->element, c->attribute);
    if (name == NULL)
        return false;
    frame->has_attributes = true;
    /* An attribute whose value is empty is not written by Windows: no field. */
    return emit_pending(c, false, name,
                        place_of(is_structure(frame) ? frame->inside : frame->parent),
                        EVTX_AREA_OTHER, EVTX_STEP_DROP_EMPTY);
}

static bool pending_is_blank(const struct compilation *c)
{
    const struct evtx_compiler *k = c->compiler;
    for (size_t i = c->pending; i < k->n_parts; i++) {
        if (k->parts[i].slot >= 0 || !is_blank(k->parts[i].literal))
            return false;
    }
    return true;
}

/* Ends the text of the innermost element: at its end, or before a child begins (*is_end* false). */
static bool finish_text(struct compilation *c, bool is_end)
{
    struct frame *frame = &c->stack[c->depth - 1];
    const struct iw_name *name = frame->data_name;
    uint8_t flags = frame->parent == EVTX_AREA_SYSTEM ? EVTX_STEP_DROP_EMPTY : 0;
    size_t n_before = c->compiler->n_steps;

    if (!join_literals(c))
        return false;
    if ((!is_end || frame->has_children || is_structure(frame)) && pending_is_blank(c)) {
        c->compiler->n_parts = c->pending;
        return true;
    }
    if (frame->has_attributes && !frame->is_data)
        flags |= EVTX_STEP_DROP_EMPTY;
    if (name == NULL)
        name = make_name(c, IW_STR(""), frame->is_data ? IW_STR("Data") : frame->element);
    if (name == NULL || !emit_pending(c, frame->name_n != 0, name,
                                      place_of(is_structure(frame) ? frame->inside : frame->parent),
                                      frame->inside, flags))
        return false;
    if (frame->name_n != 0 && c->compiler->n_steps > n_before) {
        struct evtx_step *step = &c->compiler->steps[n_before];
        step->flags |= EVTX_STEP_NAMED_BY_PARTS;
        step->name_first = frame->name_first;
        step->name_n = frame->name_n;
    }
    return true;
}

/* --- tokens
 * -------------------------------------------------------------------------------------------------------
 */

static bool open_element(struct compilation *c, uint8_t token)
{
    uint32_t head = c->source->is_template ? 7 : 5; /* token, [dependency id], size */
    const uint8_t *p = c->source->chunk.data + c->at;
    uint16_t dependency = EVTX_NO_DEPENDENCY;
    enum evtx_area parent = c->depth != 0 ? c->stack[c->depth - 1].inside : c->source->area;
    struct evtx_name_ref ref;
    struct frame *frame;

    if (c->in_start_tag || c->depth == IW_LIMIT_BINXML_DEPTH || !has(c, head))
        return false;
    if (c->depth != 0 && !finish_text(c, false))
        return false;
    if (c->depth != 0)
        c->stack[c->depth - 1].has_children = true;
    if (c->source->is_template)
        dependency = iw_load_u16(p + 1);
    c->at += head;
    if (!take_name(c, &ref) ||
        !add_shape(c, EVTX_SHAPE_ELEMENT, token, dependency, ref.characters, ref.n_bytes))
        return false;
    if ((token & EVTX_TOKEN_MORE) != 0) {
        if (!has(c, 4))
            return false;
        c->at += 4;
    }
    frame = &c->stack[c->depth];
    memset(frame, 0, sizeof *frame);
    if (!name_text(c, &ref, &frame->element))
        return false;
    frame->parent = parent;
    frame->inside = area_inside(parent, frame->element);
    frame->is_data = parent != EVTX_AREA_DOCUMENT && parent != EVTX_AREA_EVENT &&
                     parent != EVTX_AREA_SYSTEM &&
                     (iw_str_equal(frame->element, IW_STR("Data")) ||
                      iw_str_equal(frame->element, IW_STR("ComplexData")));
    frame->guard = -1;
    if (dependency != EVTX_NO_DEPENDENCY) {
        struct evtx_step *guard = add_step(c, EVTX_STEP_GUARD);
        if (guard == NULL)
            return false;
        guard->slot = dependency;
        frame->guard = (int32_t)(c->compiler->n_steps - 1);
    }
    c->depth++;
    c->in_start_tag = c->has_element = true;
    return true;
}

/*
 * An element that is omitted when its own value is NULL (the usual dependency id) needs no guard:
 * the step itself can leave the field out.
 */
static bool guard_is_spare(const struct compilation *c, const struct frame *frame)
{
    const struct evtx_step *guard = &c->compiler->steps[frame->guard];
    const struct evtx_step *only = guard + 1;
    return c->compiler->n_steps == (size_t)frame->guard + 2 && only->slot == guard->slot &&
           only->name_n == 0 && (only->kind == EVTX_STEP_SLOT || only->kind == EVTX_STEP_NESTED);
}

static bool close_element(struct compilation *c)
{
    struct frame *frame = &c->stack[c->depth - 1];
    if (!finish_text(c, true))
        return false;
    if (frame->guard >= 0 && guard_is_spare(c, frame)) {
        c->compiler->steps[frame->guard] = c->compiler->steps[frame->guard + 1];
        c->compiler->steps[frame->guard].flags |= EVTX_STEP_OPTIONAL;
        c->compiler->n_steps--;
    } else if (frame->guard >= 0) {
        c->compiler->steps[frame->guard].of.target = (uint32_t)c->compiler->n_steps;
    }
    c->depth--;
    if (c->depth == 0 && !c->source->is_template)
        c->ended = true;
    return true;
}

static bool open_attribute(struct compilation *c, uint8_t token)
{
    struct evtx_name_ref ref;
    if (!c->in_start_tag || !finish_attribute(c) || !has(c, 1))
        return false;
    c->at += 1;
    if (!take_name(c, &ref) ||
        !add_shape(c, EVTX_SHAPE_NAME, token, 0, ref.characters, ref.n_bytes))
        return false;
    c->in_attribute = true;
    return name_text(c, &ref, &c->attribute);
}

/* Text may stand in an attribute or in an element's content, nowhere else. */
static bool may_hold_text(const struct compilation *c)
{
    return c->depth != 0 && (c->in_attribute || !c->in_start_tag);
}

/* Value (with a type byte) and CDATA (without): u16 count and UTF-16 characters behind *head*
 * bytes. */
static bool take_text(struct compilation *c, uint32_t head)
{
    const uint8_t *p = c->source->chunk.data + c->at;
    uint32_t n_bytes;
    struct iw_str text;
    if (!may_hold_text(c) || !has(c, head + 2) || (head == 2 && p[1] != IW_VALUE_UTF16))
        return false;
    n_bytes = 2U * iw_load_u16(p + head);
    if (!take_bytes(c, head + 2 + n_bytes))
        return false;
    while (n_bytes >= 2 && iw_load_u16(p + head + n_bytes) == 0)
        n_bytes -= 2;
    text = iw_utf16_to_arena(p + head + 2, n_bytes, c->arena);
    if (text.p == NULL)
        return out_of_memory(c);
    return text.n == 0 || add_part(c, text, -1, false);
}

static bool take_char_reference(struct compilation *c)
{
    char *utf8 = iw_arena_alloc(c->arena, 4);
    const uint8_t *p = c->source->chunk.data + c->at;
    if (utf8 == NULL)
        return out_of_memory(c);
    if (!may_hold_text(c) || !take_bytes(c, 3))
        return false;
    return add_part(c, (struct iw_str){utf8, iw_utf8_put(iw_load_u16(p + 1), utf8)}, -1, false);
}

static bool take_entity_reference(struct compilation *c, uint8_t token)
{
    static const struct {
        struct iw_str name, text;
    } ENTITIES[] = {
        {{"amp", 3}, {"&", 1}},   {{"lt", 2}, {"<", 1}},   {{"gt", 2}, {">", 1}},
        {{"quot", 4}, {"\"", 1}}, {{"apos", 4}, {"'", 1}},
    };
    struct evtx_name_ref ref;
    struct iw_str name;
    if (!may_hold_text(c) || !has(c, 1))
        return false;
    c->at += 1;
    if (!take_name(c, &ref) ||
        !add_shape(c, EVTX_SHAPE_NAME, token, 0, ref.characters, ref.n_bytes) ||
        !name_text(c, &ref, &name))
        return false;
    for (size_t i = 0; i < sizeof ENTITIES / sizeof ENTITIES[0]; i++) {
        if (iw_str_equal(name, ENTITIES[i].name))
            return add_part(c, ENTITIES[i].text, -1, false);
    }
    /* No other entity exists in BinXML; what is there is kept as it would be written. */
    return add_part(c, IW_STR("&"), -1, false) && add_part(c, name, -1, false) &&
           add_part(c, IW_STR(";"), -1, false);
}

static bool take_substitution(struct compilation *c, bool optional)
{
    const uint8_t *p = c->source->chunk.data + c->at;
    uint16_t slot;
    struct evtx_step *step;
    if (!may_hold_text(c) || !take_bytes(c, 4))
        return false;
    slot = iw_load_u16(p + 1);
    if (p[3] != EVTX_TYPE_BINXML || c->in_attribute)
        return add_part(c, (struct iw_str){NULL, 0}, slot, optional);
    if (!finish_text(c, false))
        return false;
    c->stack[c->depth - 1].has_children = true;
    step = add_step(c, EVTX_STEP_NESTED);
    if (step == NULL)
        return false;
    step->slot = slot;
    step->area = (uint8_t)c->stack[c->depth - 1].inside;
    step->place = (uint8_t)place_of(c->stack[c->depth - 1].inside);
    step->flags = optional ? EVTX_STEP_OPTIONAL : 0;
    return true;
}

/* Processing instructions carry no fields. */
static bool skip_instruction(struct compilation *c, uint8_t token)
{
    struct evtx_name_ref ref;
    const uint8_t *p = c->source->chunk.data + c->at;
    if ((token & ~EVTX_TOKEN_MORE) == EVTX_TOKEN_PI_DATA)
        return has(c, 3) && take_bytes(c, 3U + 2U * iw_load_u16(p + 1));
    if (!has(c, 1))
        return false;
    c->at += 1;
    return take_name(c, &ref) &&
           add_shape(c, EVTX_SHAPE_NAME, token, 0, ref.characters, ref.n_bytes);
}

static bool close_start(struct compilation *c, bool is_empty)
{
    if (!c->in_start_tag || !finish_attribute(c) || !take_bytes(c, 1))
        return false;
    c->in_start_tag = false;
    return !is_empty || close_element(c);
}

/* Handles the token at the cursor; false when it cannot be one (the rest of the fragment is lost).
 */
static bool take_token(struct compilation *c)
{
    uint8_t token = c->source->chunk.data[c->at];
    if ((token & EVTX_TOKEN_UNUSED) != 0)
        return false;
    switch ((enum evtx_token)(token & 0x1FU)) {
    case EVTX_TOKEN_END_OF_STREAM:
        c->ended = true;
        return c->depth == 0 && take_bytes(c, 1);
    case EVTX_TOKEN_OPEN_START:
        return open_element(c, token);
    case EVTX_TOKEN_CLOSE_START:
        return close_start(c, false);
    case EVTX_TOKEN_CLOSE_EMPTY:
        return close_start(c, true);
    case EVTX_TOKEN_END_ELEMENT:
        return c->depth != 0 && !c->in_start_tag && take_bytes(c, 1) && close_element(c);
    case EVTX_TOKEN_VALUE:
        return take_text(c, 2);
    case EVTX_TOKEN_ATTRIBUTE:
        return open_attribute(c, token);
    case EVTX_TOKEN_CDATA:
        return take_text(c, 1);
    case EVTX_TOKEN_CHAR_REFERENCE:
        return take_char_reference(c);
    case EVTX_TOKEN_ENTITY_REFERENCE:
        return take_entity_reference(c, token);
    case EVTX_TOKEN_PI_TARGET:
    case EVTX_TOKEN_PI_DATA:
        return !c->in_start_tag && skip_instruction(c, token);
    case EVTX_TOKEN_NORMAL_SUBSTITUTION:
        return take_substitution(c, false);
    case EVTX_TOKEN_OPTIONAL_SUBSTITUTION:
        return take_substitution(c, true);
    case EVTX_TOKEN_FRAGMENT_HEADER:
        return c->depth == 0 && take_bytes(c, EVTX_FRAGMENT_HEADER_BYTES);
    case EVTX_TOKEN_TEMPLATE_INSTANCE: /* never inside a definition */
    default:
        return false;
    }
}

/* --- the program
 * --------------------------------------------------------------------------------------------------
 */

static void *copy_array(struct compilation *c, const void *items, size_t n, size_t item_bytes)
{
    void *p = iw_arena_alloc(c->arena, n * item_bytes);
    if (p == NULL)
        c->no_memory = true;
    else if (n != 0)
        memcpy(p, items, n * item_bytes);
    return p;
}

static bool copy_shape(struct compilation *c, struct evtx_program *program)
{
    struct evtx_compiler *k = c->compiler;
    struct evtx_shape_unit *units;
    for (size_t i = 0; i < k->n_shape; i++) {
        bool is_name = k->shape[i].kind != EVTX_SHAPE_BYTES;
        uint32_t before = is_name ? EVTX_NAME_BYTES_BEFORE : 0,
                 behind = is_name ? EVTX_NAME_BYTES_BEHIND : 0;
        const uint8_t *copy =
            copy_array(c, k->shape[i].p - before, k->shape[i].n + before + behind, 1);
        if (copy == NULL)
            return false;
        k->shape[i].p = copy + before;
    }
    units = copy_array(c, k->shape, k->n_shape, sizeof *units);
    program->shape = units;
    program->n_shape = (uint32_t)k->n_shape;
    return units != NULL;
}

static struct evtx_program *make_program(struct compilation *c)
{
    struct evtx_compiler *k = c->compiler;
    struct evtx_program *program = iw_arena_calloc(c->arena, 1, sizeof *program);
    if (program == NULL)
        return NULL;
    program->steps = copy_array(c, k->steps, k->n_steps, sizeof *k->steps);
    program->n_steps = (uint32_t)k->n_steps;
    program->parts = copy_array(c, k->parts, k->n_parts, sizeof *k->parts);
    program->n_parts = (uint32_t)k->n_parts;
    if (program->steps == NULL || program->parts == NULL ||
        (c->source->is_template && !copy_shape(c, program)))
        return NULL;
    evtx_find_keys(program);
    for (uint32_t i = 0; i < program->n_steps; i++) {
        const struct evtx_step *step = &program->steps[i];
        program->name_bytes += step->name != NULL ? (uint32_t)step->name->text.n : 0;
        if ((step->kind == EVTX_STEP_SLOT || step->kind == EVTX_STEP_GUARD) &&
            step->slot >= program->n_slots)
            program->n_slots = step->slot + 1U;
    }
    return program;
}

/* Damage in the middle: guards of elements that never ended skip to the end. */
static void close_open_guards(struct compilation *c)
{
    while (c->depth != 0) {
        int32_t guard = c->stack[--c->depth].guard;
        if (guard >= 0)
            c->compiler->steps[guard].of.target = (uint32_t)c->compiler->n_steps;
    }
}

enum iw_rc evtx_compile(struct evtx_compiler *compiler, const struct evtx_source *source,
                        struct iw_arena *arena, struct evtx_program **ret, uint32_t *ret_end)
{
    struct compilation c;
    bool good = true;
    struct evtx_program *program;

    c.compiler = compiler;
    c.source = source;
    c.arena = arena;
    c.depth = 0;
    c.at = source->begin;
    c.in_start_tag = c.in_attribute = c.no_memory = c.has_odd_names = false;
    c.has_element = c.ended = false;
    c.attribute = (struct iw_str){NULL, 0};
    c.pending = 0;
    compiler->n_steps = compiler->n_parts = compiler->n_shape = 0;
    while (good && !c.ended && c.at < source->end)
        good = take_token(&c);
    if (c.no_memory)
        return IW_ENOMEM;
    good = good && c.depth == 0;
    close_open_guards(&c);
    program = make_program(&c);
    if (program == NULL)
        return IW_ENOMEM;
    program->is_cut = !good || !c.has_element;
    program->has_odd_names = c.has_odd_names;
    program->is_whole = !program->is_cut && c.ended && !c.has_odd_names;
    *ret = program;
    if (ret_end != NULL)
        *ret_end = c.at;
    return IW_OK;
}
