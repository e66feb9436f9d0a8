/*
 * Field values to bytes and to text (see lab_value.h).
 *
 * What it does: little-endian numbers, UTF-16 without terminator, arrays of fixed types as
 * concatenation, arrays of strings with a NUL behind every item. Format: [MS-EVEN6] 2.2.12 value
 * types; a boolean takes four bytes. What it ignores: EvtHandle and EvtXml, which no file is known
 * to hold.
 */
#include "lab/evtx/lab_value.h"

#include "lab/evtx/lab_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const uint8_t number_sizes[] = {
    [IW_LAB_TYPE_I8] = 1,       [IW_LAB_TYPE_U8] = 1,    [IW_LAB_TYPE_I16] = 2,
    [IW_LAB_TYPE_U16] = 2,      [IW_LAB_TYPE_I32] = 4,   [IW_LAB_TYPE_U32] = 4,
    [IW_LAB_TYPE_I64] = 8,      [IW_LAB_TYPE_U64] = 8,   [IW_LAB_TYPE_BOOL] = 4,
    [IW_LAB_TYPE_FILETIME] = 8, [IW_LAB_TYPE_HEX32] = 4, [IW_LAB_TYPE_HEX64] = 8,
};

static void emit_text(struct iw_lab_chunk *chunk, const char *utf8, size_t size_bytes)
{
    uint8_t *at = iw_lab_chunk_take(chunk, 0);
    if (at == NULL || size_bytes * 2 > IW_LAB_CHUNK_BYTES - chunk->cursor) {
        /* May still fit where UTF-8 is longer than UTF-16, but only within a hair of the chunk's
         * end. */
        chunk->overflow = true;
        return;
    }
    size_t i = 0;
    for (; i < size_bytes && (uint8_t)utf8[i] < 0x80; i++) {
        at[2 * i] = (uint8_t)utf8[i];
        at[2 * i + 1] = 0;
    }
    size_t n_bytes = 2 * i;
    while (i < size_bytes) {
        uint16_t units[64];
        size_t step = size_bytes - i < 48 ? size_bytes - i : 48;
        while (i + step < size_bytes && step > 1 && ((uint8_t)utf8[i + step] & 0xC0U) == 0x80U) {
            step--;
        }
        size_t n_units = iw_lab_text_to_utf16(utf8 + i, step, units);
        memcpy(at + n_bytes, units, 2 * n_units);
        n_bytes += 2 * n_units;
        i += step;
    }
    chunk->cursor += (uint32_t)n_bytes;
}

static void emit_scalar(struct iw_lab_chunk *chunk, const struct iw_lab_value *value, uint8_t type)
{
    switch ((enum iw_lab_type)type) {
    case IW_LAB_TYPE_STRING:
        emit_text(chunk, value->data, value->size_bytes);
        break;
    case IW_LAB_TYPE_ANSI:
    case IW_LAB_TYPE_BINARY:
    case IW_LAB_TYPE_GUID:
    case IW_LAB_TYPE_SID:
    case IW_LAB_TYPE_SYSTEMTIME:
        iw_lab_chunk_put(chunk, value->data, value->size_bytes);
        break;
    case IW_LAB_TYPE_F32: {
        float narrow = (float)value->real;
        iw_lab_chunk_put(chunk, &narrow, sizeof narrow);
        break;
    }
    case IW_LAB_TYPE_F64:
        iw_lab_chunk_put(chunk, &value->real, sizeof value->real);
        break;
    case IW_LAB_TYPE_NULL: {
        uint8_t *at = iw_lab_chunk_take(chunk, value->size_bytes);
        if (at != NULL) {
            memset(at, 0, value->size_bytes);
        }
        break;
    }
    case IW_LAB_TYPE_I8:
    case IW_LAB_TYPE_U8:
    case IW_LAB_TYPE_I16:
    case IW_LAB_TYPE_U16:
    case IW_LAB_TYPE_I32:
    case IW_LAB_TYPE_U32:
    case IW_LAB_TYPE_I64:
    case IW_LAB_TYPE_U64:
    case IW_LAB_TYPE_BOOL:
    case IW_LAB_TYPE_FILETIME:
    case IW_LAB_TYPE_HEX32:
    case IW_LAB_TYPE_HEX64:
        iw_lab_chunk_put(chunk, &value->number, number_sizes[type]);
        break;
    case IW_LAB_TYPE_SIZE:
    case IW_LAB_TYPE_BINXML:
    case IW_LAB_TYPE_ARRAY:
        break; /* not values an instance carries through here */
    }
}

void iw_lab_value_emit(struct iw_lab_chunk *chunk, const struct iw_lab_value *value)
{
    if ((value->type & IW_LAB_TYPE_ARRAY) == 0) {
        emit_scalar(chunk, value, value->type);
        return;
    }
    uint8_t item_type = value->type & 0x7FU;
    for (uint32_t i = 0; i < value->n_items; i++) {
        emit_scalar(chunk, &value->items[i], item_type);
        if (item_type == IW_LAB_TYPE_STRING) {
            iw_lab_chunk_put_u16(chunk, 0);
        } else if (item_type == IW_LAB_TYPE_ANSI) {
            iw_lab_chunk_put_u8(chunk, 0);
        }
    }
}

/* Digits of the base, with a prefix; no printf, for streams of many million lines. */
static int print_digits(uint64_t number, unsigned base, const char *prefix, char *out,
                        size_t size_bytes)
{
    char digits[24];
    size_t at = sizeof digits, n_prefix = strlen(prefix);
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    size_t n = sizeof digits - at;
    if (n_prefix + n < size_bytes) {
        memcpy(out, prefix, n_prefix);
        memcpy(out + n_prefix, digits + at, n);
        out[n_prefix + n] = '\0';
    }
    return (int)(n_prefix + n);
}

static int print_guid(const uint8_t *g, char *out, size_t size_bytes)
{
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    size_t at = 0;
    if (size_bytes < sizeof "{00000000-0000-0000-0000-000000000000}") {
        return -1;
    }
    out[at++] = '{';
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            out[at++] = '-';
        }
        out[at++] = "0123456789abcdef"[g[order[i]] >> 4];
        out[at++] = "0123456789abcdef"[g[order[i]] & 15U];
    }
    out[at++] = '}';
    out[at] = '\0';
    return (int)at;
}

static int print_sid(const uint8_t *sid, char *out, size_t size_bytes)
{
    uint64_t authority = 0;
    for (size_t i = 0; i < 6; i++) {
        authority = (authority << 8) | sid[2 + i];
    }
    int used = snprintf(out, size_bytes, "S-%u-%" PRIu64, sid[0], authority);
    for (size_t i = 0; i < sid[1] && used > 0 && (size_t)used < size_bytes; i++) {
        used += snprintf(out + used, size_bytes - (size_t)used, "-%" PRIu32,
                         iw_lab_load_u32(sid + 8 + 4 * i));
    }
    return used;
}

static int print_bytes(const uint8_t *bytes, size_t n_bytes, char *out, size_t size_bytes)
{
    int used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n_bytes && (size_t)used < size_bytes; i++) {
        used += snprintf(out + used, size_bytes - (size_t)used, "%02X", bytes[i]);
    }
    return used;
}

static int print_number(const struct iw_lab_value *value, char *out, size_t size_bytes)
{
    uint64_t n = value->number;
    switch ((enum iw_lab_type)value->type) {
    case IW_LAB_TYPE_I8:
        return snprintf(out, size_bytes, "%d", (int)(int8_t)n);
    case IW_LAB_TYPE_I16:
        return snprintf(out, size_bytes, "%d", (int)(int16_t)n);
    case IW_LAB_TYPE_I32:
        return snprintf(out, size_bytes, "%" PRId32, (int32_t)n);
    case IW_LAB_TYPE_I64:
        return snprintf(out, size_bytes, "%" PRId64, (int64_t)n);
    case IW_LAB_TYPE_U8:
    case IW_LAB_TYPE_U16:
    case IW_LAB_TYPE_U32:
    case IW_LAB_TYPE_U64:
        return print_digits(n, 10, "", out, size_bytes);
    case IW_LAB_TYPE_HEX32:
    case IW_LAB_TYPE_HEX64:
        return print_digits(n, 16, "0x", out, size_bytes);
    case IW_LAB_TYPE_BOOL:
        return snprintf(out, size_bytes, "%s", n != 0 ? "true" : "false");
    case IW_LAB_TYPE_F32:
    case IW_LAB_TYPE_F64:
        return snprintf(out, size_bytes, "%f", value->real);
    case IW_LAB_TYPE_FILETIME: {
        char time[32];
        iw_lab_text_print_time(n, time);
        return snprintf(out, size_bytes, "%s", time);
    }
    case IW_LAB_TYPE_NULL:
    case IW_LAB_TYPE_STRING:
    case IW_LAB_TYPE_ANSI:
    case IW_LAB_TYPE_BINARY:
    case IW_LAB_TYPE_GUID:
    case IW_LAB_TYPE_SIZE:
    case IW_LAB_TYPE_SYSTEMTIME:
    case IW_LAB_TYPE_SID:
    case IW_LAB_TYPE_BINXML:
    case IW_LAB_TYPE_ARRAY:
        break;
    }
    return -1;
}

bool iw_lab_value_print(const struct iw_lab_value *value, char *out, size_t size_bytes)
{
    int used = -1;
    if (value->type == IW_LAB_TYPE_NULL) {
        used = snprintf(out, size_bytes, "%s", "");
    } else if (value->type == IW_LAB_TYPE_STRING) {
        used = snprintf(out, size_bytes, "%.*s", (int)value->size_bytes, (const char *)value->data);
    } else if (value->type == IW_LAB_TYPE_GUID) {
        used = print_guid(value->data, out, size_bytes);
    } else if (value->type == IW_LAB_TYPE_SID) {
        used = print_sid(value->data, out, size_bytes);
    } else if (value->type == IW_LAB_TYPE_BINARY) {
        used = print_bytes(value->data, value->size_bytes, out, size_bytes);
    } else {
        used = print_number(value, out, size_bytes);
    }
    return used >= 0 && (size_t)used < size_bytes;
}
