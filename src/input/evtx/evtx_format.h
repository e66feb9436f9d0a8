/**
 * Constants of the EVTX format: file header, chunk header, record header, BinXML tokens (MS-EVEN6
 * §2.2.12 and libevtx's description of the file format, rev. 0.0.26).
 */
#ifndef IW_INPUT_EVTX_FORMAT_H
#define IW_INPUT_EVTX_FORMAT_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/limits.h"

/* File header: a block of 4096 bytes of which 128 are used. */
#define EVTX_FILE_MAGIC "ElfFile"
#define EVTX_FILE_HEADER_BYTES 4096U
#define EVTX_FILE_CHUNK_COUNT_AT 42U
#define EVTX_FILE_FLAGS_AT 120U
#define EVTX_FILE_CRC_AT 124U

/* Chunk: 64 KiB, self-contained. */
#define EVTX_CHUNK_MAGIC "ElfChnk"
#define EVTX_MAGIC_BYTES 8U
#define EVTX_CHUNK_BYTES 65536U
#define EVTX_CHUNK_HEADER_BYTES 512U
#define EVTX_CHUNK_LAST_ID_AT 32U
#define EVTX_CHUNK_LAST_AT 44U /* offset of the last record */
#define EVTX_CHUNK_FREE_AT 48U
#define EVTX_CHUNK_DATA_CRC_AT 52U
#define EVTX_CHUNK_FLAGS_AT 120U
#define EVTX_CHUNK_CRC_AT 124U
#define EVTX_FLAG_NO_CRC 4U    /* file and chunk */
#define EVTX_SECTOR_BYTES 512U /* what a disk writes at once; chunks lie on sector borders */

/* Record: header of 24 bytes, BinXML, and a copy of the size in the last 4 bytes. */
#define EVTX_RECORD_MAGIC 0x00002A2AU
#define EVTX_RECORD_HEADER_BYTES 24U
#define EVTX_RECORD_SMALLEST 28U
#define EVTX_RECORD_ALIGN 8U
#define EVTX_LONGEST_END_BYTES 8U /* end token and padding behind the BinXML of a record */

/* Template definition: next u32, GUID, body size u32, body. Name: next u32, hash u16, count u16,
 * characters, NUL. */
#define EVTX_DEFINITION_HEADER_BYTES 24U
#define EVTX_NAME_HEADER_BYTES 8U
#define EVTX_NAME_OVERHEAD_BYTES 10U

/* BinXML tokens without the "more follows" bit. */
enum evtx_token {
    EVTX_TOKEN_END_OF_STREAM = 0x00,
    EVTX_TOKEN_OPEN_START = 0x01,
    EVTX_TOKEN_CLOSE_START = 0x02,
    EVTX_TOKEN_CLOSE_EMPTY = 0x03,
    EVTX_TOKEN_END_ELEMENT = 0x04,
    EVTX_TOKEN_VALUE = 0x05,
    EVTX_TOKEN_ATTRIBUTE = 0x06,
    EVTX_TOKEN_CDATA = 0x07,
    EVTX_TOKEN_CHAR_REFERENCE = 0x08,
    EVTX_TOKEN_ENTITY_REFERENCE = 0x09,
    EVTX_TOKEN_PI_TARGET = 0x0A,
    EVTX_TOKEN_PI_DATA = 0x0B,
    EVTX_TOKEN_TEMPLATE_INSTANCE = 0x0C,
    EVTX_TOKEN_NORMAL_SUBSTITUTION = 0x0D,
    EVTX_TOKEN_OPTIONAL_SUBSTITUTION = 0x0E,
    EVTX_TOKEN_FRAGMENT_HEADER = 0x0F,
};
#define EVTX_TOKEN_MORE 0x40U
#define EVTX_TOKEN_UNUSED 0xA0U /* bits no token has */
#define EVTX_FRAGMENT_HEADER_BYTES 4U

/* Value types that only occur in the binary form; the others are enum iw_value_type. */
#define EVTX_TYPE_BINXML 0x21U
#define EVTX_TYPE_ARRAY 0x80U
#define EVTX_NO_DEPENDENCY 0xFFFFU

/**
 * The bytes BinXML offsets refer to: one chunk. *size* is 65,536 but for the last chunk of a cut
 * file, whose buffer is zero beyond it.
 */
struct evtx_chunk_view {
    const uint8_t *data;
    uint32_t size;
};

/** A name in a chunk. */
struct evtx_name_ref {
    const uint8_t *characters; /* UTF-16LE */
    uint32_t n_bytes;
    uint32_t inline_bytes; /* bytes to skip when it stands at the cursor, else 0 */
    uint32_t room;         /* readable bytes from *characters* on */
};

/** Whether a name's hash fits its characters: what was overwritten or damaged mostly does not
 * (MS-EVEN6 §2.2.12, Name). No name is empty: zeros are what is left of one. */
static inline bool evtx_name_hash_fits(const struct evtx_name_ref *ref)
{
    uint32_t hash = 0;
    for (uint32_t i = 0; i < ref->n_bytes; i += 2)
        hash = hash * 65599U + iw_load_u16(ref->characters + i);
    return ref->n_bytes != 0 && (hash & 0xFFFFU) == iw_load_u16(ref->characters - 4) &&
           iw_load_u16(ref->characters + ref->n_bytes) == 0;
}

/**
 * Mends a name whose count is damaged: it ends at its NUL when its hash says so. One bit in a count
 * would otherwise cost every record of the chunk that uses the template. False: it stays as it is;
 * so does a name of one character, whose hash is itself and says nothing.
 */
static inline bool evtx_name_repair(struct evtx_name_ref *ref)
{
    uint32_t hash = 0, n_bytes = 0, unit;
    for (;; n_bytes += 2, hash = hash * 65599U + unit) {
        if (ref->room < 2 || n_bytes > ref->room - 2)
            return false;
        unit = iw_load_u16(ref->characters + n_bytes);
        if (unit == 0)
            break;
    }
    if (n_bytes < 4 || (hash & 0xFFFFU) != iw_load_u16(ref->characters - 4))
        return false;
    ref->n_bytes = n_bytes;
    if (ref->inline_bytes != 0)
        ref->inline_bytes = EVTX_NAME_OVERHEAD_BYTES + n_bytes;
    return true;
}

/**
 * Resolves the name reference (u32 offset) at *at*; the name itself may stand right behind it.
 * Never follows the bucket chain, which a file may have made circular (trap T5).
 *
 * @param limit  end of the readable bytes of the structure that holds the reference
 * @return false when it points where no name can be
 */
static inline bool evtx_name_at(struct evtx_chunk_view chunk, uint32_t at, uint32_t limit,
                                struct evtx_name_ref *ret)
{
    uint32_t offset, n_bytes, end = chunk.size;
    if (limit < 4 || at > limit - 4)
        return false;
    offset = iw_load_u32(chunk.data + at);
    at += 4;
    if (offset == at)
        end = limit;
    else if (offset < EVTX_CHUNK_HEADER_BYTES)
        return false;
    if (offset > end || end - offset < EVTX_NAME_OVERHEAD_BYTES)
        return false;
    n_bytes = 2U * iw_load_u16(chunk.data + offset + 6);
    ret->characters = chunk.data + offset + EVTX_NAME_HEADER_BYTES;
    ret->n_bytes = n_bytes;
    ret->inline_bytes = offset == at ? EVTX_NAME_OVERHEAD_BYTES + n_bytes : 0;
    ret->room = end - offset - EVTX_NAME_HEADER_BYTES;
    if (end - offset - EVTX_NAME_OVERHEAD_BYTES >= n_bytes &&
        n_bytes <= 2U * IW_LIMIT_XML_NAME_UNITS)
        return true;
    return evtx_name_repair(ret) && ret->n_bytes <= 2U * IW_LIMIT_XML_NAME_UNITS;
}

#endif
