/*
 * One 64 KiB EVTX chunk being filled: bytes, cursor, names and template definitions it already
 * holds.
 *
 * A chunk is self-contained: names and templates are written where first used and referred to by
 * chunk offset after that. Writing past the end sets `overflow` and writes nothing; the record is
 * then taken back and tried in the next chunk.
 */
#ifndef IW_LAB_CHUNK_H
#define IW_LAB_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define IW_LAB_CHUNK_BYTES 65536U
#define IW_LAB_CHUNK_HEADER_BYTES 512U
#define IW_LAB_FILE_HEADER_BYTES 4096U

struct iw_lab_chunk {
    uint8_t bytes[IW_LAB_CHUNK_BYTES];
    uint32_t cursor;
    bool overflow;
    uint32_t record_start;
    uint32_t last_record_offset;
    uint32_t n_records;
    uint64_t first_number;
    uint64_t first_id;
    uint64_t last_id;
    uint32_t *name_offsets; /* by name index; 0 = not in this chunk */
    size_t n_name_offsets;
    uint32_t *template_offsets; /* by template index; 0 = not in this chunk */
    size_t n_template_offsets;
};

void iw_lab_chunk_init(struct iw_lab_chunk *chunk);
void iw_lab_chunk_done(struct iw_lab_chunk *chunk);

/* Empties the chunk; first_number is the position in the log of the record that comes next (1 for
 * the first). */
void iw_lab_chunk_reset(struct iw_lab_chunk *chunk, uint64_t first_number);

/* Makes the offset tables large enough for so many names and templates; called when these grow. */
void iw_lab_chunk_reserve(struct iw_lab_chunk *chunk, size_t n_names, size_t n_templates);

/* Opens a record at the cursor. */
void iw_lab_chunk_begin_record(struct iw_lab_chunk *chunk, uint64_t record_id, uint64_t filetime);

/* Pads and closes the record. False: it does not fit; the chunk is as before begin_record and must
 * be flushed. */
bool iw_lab_chunk_end_record(struct iw_lab_chunk *chunk, uint64_t record_id);

/* Fills the header and, unless without_crc, the checksums. */
void iw_lab_chunk_seal(struct iw_lab_chunk *chunk, bool without_crc);

/* Recomputes both checksums of 65536 bytes that hold a chunk whose header is already filled. */
void iw_lab_chunk_checksum(uint8_t *chunk_bytes);

/* Enters an inline name or template definition at `offset` into a bucket (chained, newest first);
 * returns the old head. */
uint32_t iw_lab_chunk_link(struct iw_lab_chunk *chunk, uint32_t bucket_offset, uint32_t offset);

static inline void iw_lab_store_u16(uint8_t *at, uint16_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline void iw_lab_store_u32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline void iw_lab_store_u64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline uint32_t iw_lab_load_u32(const uint8_t *at)
{
    uint32_t value = 0;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Room for size_bytes at the cursor, which moves on; NULL and `overflow` when there is none. */
static inline uint8_t *iw_lab_chunk_take(struct iw_lab_chunk *chunk, size_t size_bytes)
{
    if (chunk->overflow || size_bytes > IW_LAB_CHUNK_BYTES - chunk->cursor) {
        chunk->overflow = true;
        return NULL;
    }
    uint8_t *at = chunk->bytes + chunk->cursor;
    chunk->cursor += (uint32_t)size_bytes;
    return at;
}

static inline void iw_lab_chunk_put(struct iw_lab_chunk *chunk, const void *bytes,
                                    size_t size_bytes)
{
    uint8_t *at = iw_lab_chunk_take(chunk, size_bytes);
    if (at != NULL && size_bytes > 0) {
        memcpy(at, bytes, size_bytes);
    }
}

static inline void iw_lab_chunk_put_u8(struct iw_lab_chunk *chunk, uint8_t value)
{
    iw_lab_chunk_put(chunk, &value, sizeof value);
}

static inline void iw_lab_chunk_put_u16(struct iw_lab_chunk *chunk, uint16_t value)
{
    iw_lab_chunk_put(chunk, &value, sizeof value);
}

static inline void iw_lab_chunk_put_u32(struct iw_lab_chunk *chunk, uint32_t value)
{
    iw_lab_chunk_put(chunk, &value, sizeof value);
}

static inline void iw_lab_chunk_put_u64(struct iw_lab_chunk *chunk, uint64_t value)
{
    iw_lab_chunk_put(chunk, &value, sizeof value);
}

/* Writes into bytes put earlier: the size fields that stand before what they count. */
static inline void iw_lab_chunk_patch_u32(struct iw_lab_chunk *chunk, uint32_t offset,
                                          uint32_t value)
{
    if (!chunk->overflow) {
        iw_lab_store_u32(chunk->bytes + offset, value);
    }
}

#endif
