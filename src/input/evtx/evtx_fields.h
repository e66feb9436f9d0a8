/**
 * Values and fields: what a value in a slot is worth, and the fields that are made of it.
 */
#ifndef IW_INPUT_EVTX_FIELDS_H
#define IW_INPUT_EVTX_FIELDS_H

#include "input/evtx/evtx_execute.h"

/* The value in a slot, as stored; NULL for slots that are not there (trap T7) or not inside the
 * record. */
static inline struct iw_value evtx_slot_value(struct evtx_executor *x,
                                              const struct evtx_values *values, uint32_t slot)
{
    uint32_t size_bytes, at;
    uint64_t packed;
    if (slot >= values->n)
        return (struct iw_value){NULL, 0, IW_VALUE_NULL};
    packed = values->slots[slot];
    size_bytes = (uint32_t)(packed & 0xFFFFU);
    at = values->first + (uint32_t)(packed >> 32);
    if (at > values->limit || values->limit - at < size_bytes) {
        x->is_cut = true;
        return (struct iw_value){NULL, 0, IW_VALUE_NULL};
    }
    return (struct iw_value){x->chunk.data + at, size_bytes, (uint8_t)(packed >> 16)};
}

/* Text without what is not text: trailing NULs ([M]: 8 % of strings in old logs), half a character
 * at the end (T16). */
static inline struct iw_value evtx_trimmed(struct iw_value value)
{
    if (value.type == IW_VALUE_UTF16) {
        value.n &= ~1U;
        while (value.n >= 2 && value.p[value.n - 2] == 0 && value.p[value.n - 1] == 0)
            value.n -= 2;
    } else if (value.type == IW_VALUE_ANSI) {
        while (value.n >= 1 && value.p[value.n - 1] == 0)
            value.n--;
    }
    return value;
}

/* The same for a value that becomes a field: there its odd size is counted, once. */
static inline struct iw_value evtx_field_value(struct evtx_executor *x, struct iw_value value)
{
    uint32_t fixed = iw_value_fixed_size(value.type);
    if (value.type == IW_VALUE_UTF16 ? (value.n & 1U) != 0
                                     : fixed != 0 && value.n != fixed && value.n != 0)
        iw_account_damage(x->account, IW_DAMAGE_VALUE_ODD, x->file_offset, 1);
    return evtx_trimmed(value);
}

static inline struct iw_value evtx_text_value(struct iw_str text)
{
    return (struct iw_value){(const uint8_t *)text.p, (uint32_t)text.n, IW_VALUE_UTF8};
}

static inline void evtx_set_field(struct iw_field *field, const struct evtx_step *step,
                                  const uint8_t *p, uint32_t n, uint8_t type)
{
    field->name = step->name;
    field->p = p;
    field->n = n;
    field->type = type;
    field->place = step->place;
    field->reserved = 0;
}

/** Text of parts [first, first + n) put together. p == NULL when there is no memory. Items of an
 * array among them stay parted by their NULs. */
struct iw_str evtx_joined(struct evtx_executor *x, const struct evtx_level *level, uint32_t first,
                          uint32_t n);

/** Makes the field of a step unless it is empty and such are left out, or the limit is reached
 * (hit_limit). IW_OK or IW_ENOMEM. */
enum iw_rc evtx_add_field(struct evtx_executor *x, const struct evtx_level *level,
                          const struct evtx_step *step, struct iw_value value);

/** The same for an array: one field per item; an array without bytes is one empty field (MS-EVEN6
 * §3.1.4.7.5). */
enum iw_rc evtx_add_array(struct evtx_executor *x, const struct evtx_level *level,
                          const struct evtx_step *step, struct iw_value value);

#endif
