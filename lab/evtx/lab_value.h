/*
 * A value of an event field, as the caller has it, and how it becomes bytes in a template instance.
 *
 * Type numbers are those of the file format ([MS-EVEN6] 2.2.12, libevtx "value types"); 0x80 marks
 * an array. Values borrow all they point to; nothing is freed.
 */
#ifndef IW_LAB_VALUE_H
#define IW_LAB_VALUE_H

#include "lab/evtx/lab_chunk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum iw_lab_type {
    IW_LAB_TYPE_NULL = 0x00,
    IW_LAB_TYPE_STRING = 0x01,
    IW_LAB_TYPE_ANSI = 0x02,
    IW_LAB_TYPE_I8 = 0x03,
    IW_LAB_TYPE_U8 = 0x04,
    IW_LAB_TYPE_I16 = 0x05,
    IW_LAB_TYPE_U16 = 0x06,
    IW_LAB_TYPE_I32 = 0x07,
    IW_LAB_TYPE_U32 = 0x08,
    IW_LAB_TYPE_I64 = 0x09,
    IW_LAB_TYPE_U64 = 0x0a,
    IW_LAB_TYPE_F32 = 0x0b,
    IW_LAB_TYPE_F64 = 0x0c,
    IW_LAB_TYPE_BOOL = 0x0d,
    IW_LAB_TYPE_BINARY = 0x0e,
    IW_LAB_TYPE_GUID = 0x0f,
    IW_LAB_TYPE_SIZE = 0x10, /* declared in templates only; instances carry HEX32 or HEX64 */
    IW_LAB_TYPE_FILETIME = 0x11,
    IW_LAB_TYPE_SYSTEMTIME = 0x12,
    IW_LAB_TYPE_SID = 0x13,
    IW_LAB_TYPE_HEX32 = 0x14,
    IW_LAB_TYPE_HEX64 = 0x15,
    IW_LAB_TYPE_BINXML = 0x21,
    IW_LAB_TYPE_ARRAY = 0x80
};

/*
 * What the type says decides which member counts: STRING and ANSI use data as text; BINARY, GUID,
 * SID and SYSTEMTIME use data as bytes; F32/F64 use real; NULL uses size_bytes (that many zero
 * bytes are stored); arrays use items; the others use number (signed ones as two's complement).
 */
struct iw_lab_value {
    uint8_t type;
    uint32_t size_bytes;
    const void *data;
    uint64_t number;
    double real;
    const struct iw_lab_value *items;
    uint32_t n_items;
};

static inline struct iw_lab_value iw_lab_value_null(void)
{
    return (struct iw_lab_value){.type = IW_LAB_TYPE_NULL};
}

static inline struct iw_lab_value iw_lab_value_text(const char *text)
{
    return (struct iw_lab_value){
        .type = IW_LAB_TYPE_STRING, .data = text, .size_bytes = (uint32_t)strlen(text)};
}

static inline struct iw_lab_value iw_lab_value_number(uint8_t type, uint64_t number)
{
    return (struct iw_lab_value){.type = type, .number = number};
}

static inline struct iw_lab_value iw_lab_value_bytes(uint8_t type, const void *bytes,
                                                     size_t size_bytes)
{
    return (struct iw_lab_value){.type = type, .data = bytes, .size_bytes = (uint32_t)size_bytes};
}

/* Appends the value's bytes at the chunk's cursor. */
void iw_lab_value_emit(struct iw_lab_chunk *chunk, const struct iw_lab_value *value);

/* The text Windows shows for the value; used by records without a template. False: the type has no
 * text here (arrays, binary XML, ANSI) or out is too small. */
bool iw_lab_value_print(const struct iw_lab_value *value, char *out, size_t size_bytes);

#endif
