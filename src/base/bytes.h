/**
 * Little-endian loads from bytes at any alignment. The caller has checked the bounds.
 */
#ifndef IW_BASE_BYTES_H
#define IW_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error                                                                                             \
    "IISWarden reads little-endian formats by plain loads; a big-endian port needs byte swaps here"
#endif

static inline uint16_t iw_load_u16(const uint8_t *p)
{
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static inline uint32_t iw_load_u32(const uint8_t *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static inline uint64_t iw_load_u64(const uint8_t *p)
{
    uint64_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

/** Whether all *n* bytes are zero; none are. Compares the bytes with themselves one further on, at
 * the speed of memcmp. */
static inline bool iw_bytes_are_zero(const void *bytes, size_t n)
{
    const uint8_t *p = (const uint8_t *)bytes;
    return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

#endif
