/*
 * CRC-32 (IEEE 802.3), eight bytes a step ("slicing by 8").
 *
 * What it does: the checksum of EVTX file headers, chunk headers and chunk data.
 * Format: polynomial 0xEDB88320 reflected, start and end inverted.
 * What it ignores: processor instructions for CRC; the benchmark corpus is written at several
 * hundred MB/s as it is.
 */
#include "lab/evtx/lab_crc32.h"

#include <string.h>

static uint32_t crc_tables[8][256];
static int crc_tables_ready;

static void build_tables(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++) {
            value = (value >> 1) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
        }
        crc_tables[0][i] = value;
    }
    for (size_t i = 0; i < 256; i++) {
        for (size_t slice = 1; slice < 8; slice++) {
            uint32_t before = crc_tables[slice - 1][i];
            crc_tables[slice][i] = (before >> 8) ^ crc_tables[0][before & 0xFFU];
        }
    }
    crc_tables_ready = 1;
}

uint32_t iw_lab_crc32(uint32_t crc, const void *bytes, size_t size_bytes)
{
    const uint8_t *at = bytes;
    if (crc_tables_ready == 0) {
        build_tables();
    }
    crc = ~crc;
    for (; size_bytes >= 8; size_bytes -= 8, at += 8) {
        uint32_t low = 0;
        uint32_t high = 0;
        memcpy(&low, at, 4);
        memcpy(&high, at + 4, 4);
        low ^= crc;
        crc = crc_tables[7][low & 0xFFU] ^ crc_tables[6][(low >> 8) & 0xFFU] ^
              crc_tables[5][(low >> 16) & 0xFFU] ^ crc_tables[4][low >> 24] ^
              crc_tables[3][high & 0xFFU] ^ crc_tables[2][(high >> 8) & 0xFFU] ^
              crc_tables[1][(high >> 16) & 0xFFU] ^ crc_tables[0][high >> 24];
    }
    for (; size_bytes > 0; size_bytes--, at++) {
        crc = (crc >> 8) ^ crc_tables[0][(crc ^ *at) & 0xFFU];
    }
    return ~crc;
}
