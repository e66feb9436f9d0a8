/**
 * Values as the evidence holds them: bytes and a type, turned into text or a number only when
 * somebody asks.
 *
 * Types below 0x40 have the codes of MS-EVEN6 §2.2.12 (BinXML value types). A value borrows its
 * bytes: from the buffer being read, from a compiled template or from the batch; it dies with the
 * batch (event/event.h).
 */
#ifndef IW_EVENT_VALUE_H
#define IW_EVENT_VALUE_H

#include "base/arena.h"
#include "base/buffer.h"

enum iw_value_type {
    IW_VALUE_NULL = 0x00,
    IW_VALUE_UTF16 = 0x01, /* UTF-16LE, trailing NULs already removed by the reader */
    IW_VALUE_ANSI = 0x02,  /* 8-bit text of unknown code page, trailing NULs removed */
    IW_VALUE_I8 = 0x03,
    IW_VALUE_U8 = 0x04,
    IW_VALUE_I16 = 0x05,
    IW_VALUE_U16 = 0x06,
    IW_VALUE_I32 = 0x07,
    IW_VALUE_U32 = 0x08,
    IW_VALUE_I64 = 0x09,
    IW_VALUE_U64 = 0x0A,
    IW_VALUE_FLOAT = 0x0B,
    IW_VALUE_DOUBLE = 0x0C,
    IW_VALUE_BOOL = 0x0D,       /* 4 bytes, non-zero = true */
    IW_VALUE_BINARY = 0x0E,     /* text: upper-case hex */
    IW_VALUE_GUID = 0x0F,       /* text: {lower-case} */
    IW_VALUE_SIZE = 0x10,       /* 4 or 8 bytes; text: 0x… */
    IW_VALUE_FILETIME = 0x11,   /* text: 2020-12-11T12:28:01.2990045Z */
    IW_VALUE_SYSTEMTIME = 0x12, /* 16 bytes */
    IW_VALUE_SID = 0x13,        /* text: S-1-… */
    IW_VALUE_HEX32 = 0x14,      /* text: 0x…, lower case, no leading zeros */
    IW_VALUE_HEX64 = 0x15,
    IW_VALUE_UTF8 = 0x40, /* valid UTF-8 */
};

struct iw_value {
    const uint8_t *p;
    uint32_t n; /* bytes */
    uint8_t type;
};

/** Size in bytes of one item of a fixed-size type, or 0 where it varies (text, binary, SID, SIZE)
 * or is unknown. */
uint32_t iw_value_fixed_size(uint8_t type);

/**
 * The value as valid UTF-8 text, as Windows writes it. A value whose size does not fit its type is
 * shown as hex.
 *
 * @return text in *arena* or borrowed from the value; p == NULL only when there is no memory
 */
struct iw_str iw_value_text(struct iw_value value, struct iw_arena *arena);

/** A non-negative whole number from any integer type, or from text (decimal, or 0x… hex). False
 * when it is not one. */
bool iw_value_u64(struct iw_value value, uint64_t *ret);

/** A point in time from FILETIME, SYSTEMTIME or text. False when it is not one. */
bool iw_value_time(struct iw_value value, int64_t *ret_ns);

#endif
