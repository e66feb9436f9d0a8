/*
 * Values made into fields. Text is put together only where a template mixes literals and values;
 * arrays repeat the element they stand in.
 *
 * Format: MS-EVEN6 §2.2.12 (types), §3.1.4.7.5 (arrays).
 */
#include "input/evtx/evtx_fields.h"

#include "base/utf.h"

struct iw_str evtx_joined(struct evtx_executor *x, const struct evtx_level *level, uint32_t first,
                          uint32_t n)
{
    struct iw_arena *arena = &x->batch->arena;
    const struct evtx_part *parts = level->program->parts + first;
    struct iw_str *texts = iw_arena_alloc(arena, (size_t)n * sizeof *texts + 1);
    size_t total = 0;
    char *p;
    if (texts == NULL)
        return (struct iw_str){NULL, 0};
    for (uint32_t i = 0; i < n; i++) {
        struct iw_value value;
        texts[i] = parts[i].literal;
        if (parts[i].slot >= 0) {
            value = evtx_slot_value(x, &level->values, (uint32_t)parts[i].slot);
            value.type &= (uint8_t)~EVTX_TYPE_ARRAY;
            texts[i] = iw_value_text(evtx_field_value(x, value), arena);
            if (texts[i].p == NULL)
                return (struct iw_str){NULL, 0};
        }
        total += texts[i].n;
    }
    p = iw_arena_alloc(arena, total + 1);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    total = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (texts[i].n != 0)
            memcpy(p + total, texts[i].p, texts[i].n);
        total += texts[i].n;
    }
    return (struct iw_str){p, total};
}

/* The name of a field whose @Name is made of values. NULL when there is no memory. */
static const struct iw_name *name_from_parts(struct evtx_executor *x,
                                             const struct evtx_level *level,
                                             const struct evtx_step *step)
{
    struct iw_str text = evtx_joined(x, level, step->name_first, step->name_n);
    struct iw_name *name = iw_arena_alloc(&x->batch->arena, sizeof *name);
    if (name == NULL || text.p == NULL)
        return NULL;
    if (text.n == 0)
        return step->name;
    iw_names_describe(x->cache.names, text, name);
    return name;
}

enum iw_rc evtx_add_field(struct evtx_executor *x, const struct evtx_level *level,
                          const struct evtx_step *step, struct iw_value value)
{
    const struct iw_name *name = step->name;
    if (value.n == 0 && (step->flags & EVTX_STEP_DROP_EMPTY) != 0)
        return IW_OK;
    if (x->n_fields >= IW_LIMIT_EVENT_FIELDS) {
        x->hit_limit = true;
        return IW_OK;
    }
    if ((step->flags & EVTX_STEP_NAMED_BY_PARTS) != 0) {
        name = name_from_parts(x, level, step);
        if (name == NULL)
            return IW_ENOMEM;
    }
    evtx_set_field(&x->fields[x->n_fields++], step, value.p, value.n, value.type);
    x->fields[x->n_fields - 1].name = name;
    return IW_OK;
}

/* Size of the array item at the start of *rest*, without and with what ends it; 0 and 0 when the
 * type has no items. */
static void item_size(struct iw_value rest, uint32_t *ret_item, uint32_t *ret_step)
{
    uint32_t n = iw_value_fixed_size(rest.type);
    if (rest.type == IW_VALUE_UTF16) {
        n = (uint32_t)iw_utf16_nul(rest.p, rest.n);
        *ret_item = n;
        *ret_step = n + 2 <= rest.n ? n + 2 : rest.n;
        return;
    }
    if (rest.type == IW_VALUE_ANSI) {
        const uint8_t *end = memchr(rest.p, 0, rest.n);
        *ret_item = end != NULL ? (uint32_t)(end - rest.p) : rest.n;
        *ret_step = end != NULL ? *ret_item + 1 : rest.n;
        return;
    }
    if (rest.type == IW_VALUE_SID)
        n = rest.n >= 8 ? 8U + 4U * rest.p[1] : 0;
    if (n > rest.n)
        n = 0;
    *ret_item = *ret_step = n;
}

enum iw_rc evtx_add_array(struct evtx_executor *x, const struct evtx_level *level,
                          const struct evtx_step *step, struct iw_value value)
{
    value.type &= (uint8_t)~EVTX_TYPE_ARRAY;
    if (value.n == 0)
        return evtx_add_field(x, level, step,
                              (struct iw_value){(const uint8_t *)"", 0, IW_VALUE_UTF8});
    while (value.n != 0 && !x->hit_limit) {
        uint32_t item, step_bytes;
        item_size(value, &item, &step_bytes);
        if (step_bytes ==
            0) { /* a rest that is no item, or a type without arrays: shown as it is */
            iw_account_damage(x->account, IW_DAMAGE_VALUE_ODD, x->file_offset, 1);
            value.type = IW_VALUE_BINARY;
            return evtx_add_field(x, level, step, value);
        }
        IW_TRY(evtx_add_field(x, level, step, (struct iw_value){value.p, item, value.type}));
        x->name_bytes += step->name->text.n;
        value.p += step_bytes;
        value.n -= step_bytes;
    }
    return IW_OK;
}
