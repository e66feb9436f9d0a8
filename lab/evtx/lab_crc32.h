/*
 * CRC-32 as EVTX uses it: the ordinary IEEE polynomial (0xEDB88320, reflected), the same as zlib's
 * crc32().
 */
#ifndef IW_LAB_CRC32_H
#define IW_LAB_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continues crc (0 to begin) over size_bytes bytes. CRC("123456789") is 0xCBF43926. Thread-safe
 * after the first call. */
uint32_t iw_lab_crc32(uint32_t crc, const void *bytes, size_t size_bytes);

#endif
