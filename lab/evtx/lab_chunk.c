/*
 * One EVTX chunk being filled (see lab_chunk.h).
 *
 * What it does: record frame, name and template buckets, chunk header, checksums.
 * Format: libevtx "Windows XML Event Log (EVTX)", chunk and event record; header flags are 1 in
 * chunks that Windows wrote, plus 4 when checksums are left out; a name's bucket is its hash modulo
 * 64 and a template's is the same hash over its GUID as eight 16-bit units modulo 32 (seen in real
 * files), newest entry first. What it ignores: chunks that were reused; every chunk starts zeroed.
 */
#include "lab/evtx/lab_chunk.h"

#include "lab/lab_alloc.h"
#include "lab/evtx/lab_crc32.h"

#define STRING_BUCKETS_OFFSET 128U
#define BUCKETS_END_OFFSET 512U

void iw_lab_chunk_init(struct iw_lab_chunk *chunk)
{
    memset(chunk, 0, sizeof *chunk);
    iw_lab_chunk_reset(chunk, 1);
}

void iw_lab_chunk_done(struct iw_lab_chunk *chunk)
{
    iw_lab_alloc_release(chunk->name_offsets);
    iw_lab_alloc_release(chunk->template_offsets);
    chunk->name_offsets = NULL;
    chunk->template_offsets = NULL;
}

void iw_lab_chunk_reset(struct iw_lab_chunk *chunk, uint64_t first_number)
{
    memset(chunk->bytes, 0, sizeof chunk->bytes);
    chunk->cursor = IW_LAB_CHUNK_HEADER_BYTES;
    chunk->overflow = false;
    chunk->record_start = 0;
    chunk->last_record_offset = 0;
    chunk->n_records = 0;
    chunk->first_number = first_number;
    chunk->first_id = 0;
    chunk->last_id = 0;
    if (chunk->n_name_offsets > 0) {
        memset(chunk->name_offsets, 0, chunk->n_name_offsets * sizeof *chunk->name_offsets);
    }
    if (chunk->n_template_offsets > 0) {
        memset(chunk->template_offsets, 0,
               chunk->n_template_offsets * sizeof *chunk->template_offsets);
    }
}

static uint32_t *grow_offsets(uint32_t *offsets, size_t *n_offsets, size_t n_wanted)
{
    if (n_wanted <= *n_offsets) {
        return offsets;
    }
    size_t n_new = n_wanted + n_wanted / 2 + 16;
    offsets = iw_lab_alloc_resize(offsets, n_new, sizeof *offsets);
    memset(offsets + *n_offsets, 0, (n_new - *n_offsets) * sizeof *offsets);
    *n_offsets = n_new;
    return offsets;
}

void iw_lab_chunk_reserve(struct iw_lab_chunk *chunk, size_t n_names, size_t n_templates)
{
    chunk->name_offsets = grow_offsets(chunk->name_offsets, &chunk->n_name_offsets, n_names);
    chunk->template_offsets =
        grow_offsets(chunk->template_offsets, &chunk->n_template_offsets, n_templates);
}

void iw_lab_chunk_begin_record(struct iw_lab_chunk *chunk, uint64_t record_id, uint64_t filetime)
{
    chunk->record_start = chunk->cursor;
    iw_lab_chunk_put(chunk, "**\0", 4);
    iw_lab_chunk_put_u32(chunk, 0);
    iw_lab_chunk_put_u64(chunk, record_id);
    iw_lab_chunk_put_u64(chunk, filetime);
}

/* Names and definitions of a record that is taken back must leave the chains. They are newest, so
 * they stand first. */
static void unlink_from(struct iw_lab_chunk *chunk, uint32_t offset)
{
    for (uint32_t bucket = STRING_BUCKETS_OFFSET; bucket < BUCKETS_END_OFFSET; bucket += 4) {
        uint32_t head = iw_lab_load_u32(chunk->bytes + bucket);
        while (head >= offset) {
            head = iw_lab_load_u32(chunk->bytes + head);
        }
        iw_lab_store_u32(chunk->bytes + bucket, head);
    }
}

bool iw_lab_chunk_end_record(struct iw_lab_chunk *chunk, uint64_t record_id)
{
    static const uint8_t padding[8];
    uint32_t used = chunk->cursor - chunk->record_start + 4;
    iw_lab_chunk_put(chunk, padding, (8 - used % 8) % 8);
    uint32_t size = chunk->cursor - chunk->record_start + 4;
    iw_lab_chunk_put_u32(chunk, size);
    /* libevtx does not see a record that ends with its chunk; only one that must may. */
    chunk->overflow =
        chunk->overflow || (chunk->n_records > 0 && chunk->cursor == IW_LAB_CHUNK_BYTES);
    if (chunk->overflow) {
        unlink_from(chunk, chunk->record_start);
        memset(chunk->bytes + chunk->record_start, 0, IW_LAB_CHUNK_BYTES - chunk->record_start);
        chunk->cursor = chunk->record_start;
        return false;
    }
    iw_lab_store_u32(chunk->bytes + chunk->record_start + 4, size);
    if (chunk->n_records == 0) {
        chunk->first_id = record_id;
    }
    chunk->last_id = record_id;
    chunk->last_record_offset = chunk->record_start;
    chunk->n_records++;
    return true;
}

void iw_lab_chunk_checksum(uint8_t *chunk_bytes)
{
    uint32_t free_space = iw_lab_load_u32(chunk_bytes + 48);
    if (free_space < IW_LAB_CHUNK_HEADER_BYTES || free_space > IW_LAB_CHUNK_BYTES) {
        free_space = IW_LAB_CHUNK_BYTES;
    }
    uint32_t data = iw_lab_crc32(0, chunk_bytes + IW_LAB_CHUNK_HEADER_BYTES,
                                 free_space - IW_LAB_CHUNK_HEADER_BYTES);
    iw_lab_store_u32(chunk_bytes + 52, data);
    uint32_t header = iw_lab_crc32(0, chunk_bytes, 120);
    header = iw_lab_crc32(header, chunk_bytes + 128, 384);
    iw_lab_store_u32(chunk_bytes + 124, header);
}

void iw_lab_chunk_seal(struct iw_lab_chunk *chunk, bool without_crc)
{
    uint8_t *header = chunk->bytes;
    memcpy(header, "ElfChnk", 8);
    iw_lab_store_u64(header + 8, chunk->first_number);
    iw_lab_store_u64(header + 16, chunk->first_number + chunk->n_records - 1);
    iw_lab_store_u64(header + 24, chunk->first_id);
    iw_lab_store_u64(header + 32, chunk->last_id);
    iw_lab_store_u32(header + 40, 128);
    iw_lab_store_u32(header + 44, chunk->last_record_offset);
    iw_lab_store_u32(header + 48, chunk->cursor);
    iw_lab_store_u32(header + 120, without_crc ? 5 : 1);
    if (!without_crc) {
        iw_lab_chunk_checksum(header);
    }
}

uint32_t iw_lab_chunk_link(struct iw_lab_chunk *chunk, uint32_t bucket_offset, uint32_t offset)
{
    uint32_t old_head = iw_lab_load_u32(chunk->bytes + bucket_offset);
    if (!chunk->overflow) {
        iw_lab_store_u32(chunk->bytes + bucket_offset, offset);
    }
    return old_head;
}
