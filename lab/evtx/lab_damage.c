/*
 * Damage of finished EVTX files (see lab_damage.h).
 *
 * What it does: reads the whole file, changes it, recomputes the checksums the damage is not about,
 * writes it again. Unless its meaning says otherwise a kind acts on the first chunk, and on the
 * middle record there. Format: libevtx "Windows XML Event Log (EVTX)"; the kinds are the traps real
 * evidence has shown. What it ignores: files that this writer did not make; the layout is trusted.
 */
#include "lab/evtx/lab_damage.h"

#include "lab/lab_alloc.h"
#include "lab/evtx/lab_chunk.h"
#include "lab/evtx/lab_crc32.h"

#include <errno.h>
#include <stdio.h>

struct image {
    uint8_t *bytes;
    size_t size_bytes;
    size_t n_chunks;
};

struct damage {
    const char *name;
    const char *meaning;
    bool (*apply)(struct image *image, struct iw_lab_error *error);
};

static uint8_t *chunk_at(const struct image *image, size_t index)
{
    return image->bytes + IW_LAB_FILE_HEADER_BYTES + index * IW_LAB_CHUNK_BYTES;
}

static void checksum_file_header(struct image *image)
{
    iw_lab_store_u32(image->bytes + 124, iw_lab_crc32(0, image->bytes, 120));
}

/* Offsets of the records of a chunk; returns how many. */
static size_t list_records(const uint8_t *chunk, uint32_t offsets[], size_t n_room)
{
    size_t n_records = 0;
    uint32_t end = iw_lab_load_u32(chunk + 48);
    for (uint32_t at = IW_LAB_CHUNK_HEADER_BYTES; at + 28 <= end && n_records < n_room;) {
        offsets[n_records++] = at;
        at += iw_lab_load_u32(chunk + at + 4);
    }
    return n_records;
}

#define MAX_RECORDS 2400U

/* The record in the middle of the first chunk, or NULL with an error when there are fewer than
 * three. */
static uint8_t *middle_record(struct image *image, struct iw_lab_error *error)
{
    uint32_t offsets[MAX_RECORDS];
    size_t n_records = list_records(chunk_at(image, 0), offsets, MAX_RECORDS);
    if (n_records < 3) {
        iw_lab_error_set(error, "this damage needs at least three records in the first chunk");
        return NULL;
    }
    return chunk_at(image, 0) + offsets[n_records / 2];
}

static bool make_dirty(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    iw_lab_store_u32(image->bytes + 120, iw_lab_load_u32(image->bytes + 120) | 1U);
    return true;
}

static bool make_full(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    iw_lab_store_u32(image->bytes + 120, iw_lab_load_u32(image->bytes + 120) | 2U);
    return true;
}

static bool wrong_chunk_count(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    iw_lab_store_u32(image->bytes + 42, (uint32_t)image->n_chunks + 7U);
    checksum_file_header(image);
    return true;
}

static bool bad_header_crc(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    image->bytes[124] ^= 0xFFU;
    return true;
}

static bool bad_data_crc(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    chunk_at(image, 0)[52] ^= 0xFFU;
    uint8_t *chunk = chunk_at(image, 0);
    uint32_t header = iw_lab_crc32(0, chunk, 120);
    iw_lab_store_u32(chunk + 124, iw_lab_crc32(header, chunk + 128, 384));
    return true;
}

static bool bad_chunk_magic(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    chunk_at(image, image->n_chunks / 2)[0] = 'X';
    return true;
}

static bool zero_size_record(struct image *image, struct iw_lab_error *error)
{
    uint8_t *record = middle_record(image, error);
    if (record == NULL) {
        return false;
    }
    iw_lab_store_u32(record + 4, 0);
    iw_lab_chunk_checksum(chunk_at(image, 0));
    return true;
}

static bool huge_record(struct image *image, struct iw_lab_error *error)
{
    uint8_t *record = middle_record(image, error);
    if (record == NULL) {
        return false;
    }
    iw_lab_store_u32(record + 4, 3099113656U);
    iw_lab_chunk_checksum(chunk_at(image, 0));
    return true;
}

static bool size_copy_mismatch(struct image *image, struct iw_lab_error *error)
{
    uint8_t *record = middle_record(image, error);
    if (record == NULL) {
        return false;
    }
    uint32_t size = iw_lab_load_u32(record + 4);
    iw_lab_store_u32(record + size - 4, size ^ 0x5A5AU);
    iw_lab_chunk_checksum(chunk_at(image, 0));
    return true;
}

/* The second half of the last chunk's records is no longer counted as live, but stays where it is.
 */
static bool stale_records(struct image *image, struct iw_lab_error *error)
{
    uint8_t *chunk = chunk_at(image, image->n_chunks - 1);
    uint32_t offsets[MAX_RECORDS];
    size_t n_records = list_records(chunk, offsets, MAX_RECORDS);
    if (n_records < 2) {
        return iw_lab_error_set(error, "this damage needs at least two records in the last chunk");
    }
    size_t n_live = n_records / 2;
    uint64_t first_number = 0;
    uint64_t last_id = 0;
    memcpy(&first_number, chunk + 8, 8);
    memcpy(&last_id, chunk + offsets[n_live - 1] + 8, 8);
    iw_lab_store_u64(chunk + 16, first_number + n_live - 1);
    iw_lab_store_u64(chunk + 32, last_id);
    iw_lab_store_u32(chunk + 44, offsets[n_live - 1]);
    iw_lab_store_u32(chunk + 48, offsets[n_live]);
    iw_lab_chunk_checksum(chunk);
    return true;
}

static bool free_space_too_large(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    uint8_t *chunk = chunk_at(image, 0);
    iw_lab_store_u32(chunk + 48, IW_LAB_CHUNK_BYTES + 4096U);
    uint32_t header = iw_lab_crc32(0, chunk, 120);
    iw_lab_store_u32(chunk + 124, iw_lab_crc32(header, chunk + 128, 384));
    return true;
}

/* The header count stays that of the live chunks, as in files that Windows preallocated. */
static bool empty_chunks(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    size_t size_bytes = IW_LAB_FILE_HEADER_BYTES + 2 * image->n_chunks * IW_LAB_CHUNK_BYTES;
    uint8_t *bytes = iw_lab_alloc_zeroed(size_bytes, 1);
    memcpy(bytes, image->bytes, IW_LAB_FILE_HEADER_BYTES);
    for (size_t i = 0; i < image->n_chunks; i++) {
        memcpy(bytes + IW_LAB_FILE_HEADER_BYTES + 2 * i * IW_LAB_CHUNK_BYTES, chunk_at(image, i),
               IW_LAB_CHUNK_BYTES);
    }
    iw_lab_alloc_release(image->bytes);
    image->bytes = bytes;
    image->size_bytes = size_bytes;
    return true;
}

static bool truncated(struct image *image, struct iw_lab_error *error)
{
    uint32_t offsets[MAX_RECORDS];
    const uint8_t *chunk = chunk_at(image, image->n_chunks - 1);
    size_t n_records = list_records(chunk, offsets, MAX_RECORDS);
    if (n_records < 2) {
        return iw_lab_error_set(error, "this damage needs at least two records in the last chunk");
    }
    /* Ten bytes into the last record, so that what is before it can still be read. */
    image->size_bytes = (size_t)(chunk - image->bytes) + offsets[n_records - 1] + 10;
    return true;
}

static bool headerless(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    image->size_bytes -= IW_LAB_FILE_HEADER_BYTES;
    memmove(image->bytes, image->bytes + IW_LAB_FILE_HEADER_BYTES, image->size_bytes);
    return true;
}

static bool trailing_garbage(struct image *image, struct iw_lab_error *error)
{
    (void)error;
    image->bytes = iw_lab_alloc_resize(image->bytes, image->size_bytes + 1000, 1);
    memset(image->bytes + image->size_bytes, 0xA5, 1000);
    image->size_bytes += 1000;
    return true;
}

static bool record_id_gap(struct image *image, struct iw_lab_error *error)
{
    uint32_t offsets[MAX_RECORDS];
    uint8_t *chunk = chunk_at(image, image->n_chunks - 1);
    size_t n_records = list_records(chunk, offsets, MAX_RECORDS);
    if (n_records < 2) {
        return iw_lab_error_set(error, "this damage needs at least two records in the last chunk");
    }
    uint64_t id = 0;
    for (size_t i = n_records / 2; i < n_records; i++) {
        memcpy(&id, chunk + offsets[i] + 8, 8);
        id += 1000;
        iw_lab_store_u64(chunk + offsets[i] + 8, id);
    }
    iw_lab_store_u64(chunk + 32, id);
    iw_lab_store_u64(image->bytes + 24, id + 1);
    iw_lab_chunk_checksum(chunk);
    checksum_file_header(image);
    return true;
}

/* The first two names of the chunk point at each other, and their bucket at one of them. */
static bool name_cycle(struct image *image, struct iw_lab_error *error)
{
    uint8_t *chunk = chunk_at(image, 0);
    uint32_t found[2] = {0, 0};
    size_t n_found = 0;
    for (uint32_t bucket = 128; bucket < 384 && n_found < 2; bucket += 4) {
        uint32_t head = iw_lab_load_u32(chunk + bucket);
        if (head != 0) {
            found[n_found++] = head;
        }
    }
    if (n_found < 2) {
        return iw_lab_error_set(error, "this damage needs two names in the first chunk");
    }
    iw_lab_store_u32(chunk + found[0], found[1]);
    iw_lab_store_u32(chunk + found[1], found[0]);
    iw_lab_chunk_checksum(chunk);
    return true;
}

static const struct damage damages[] = {
    {"dirty", "file header flag 1: the log was not closed", make_dirty},
    {"full", "file header flag 2", make_full},
    {"wrong-chunk-count", "file header counts seven chunks too many", wrong_chunk_count},
    {"bad-header-crc", "checksum of the file header is wrong", bad_header_crc},
    {"bad-crc", "checksum of the first chunk's records is wrong", bad_data_crc},
    {"bad-chunk-magic", "the middle chunk does not begin with ElfChnk", bad_chunk_magic},
    {"zero-size-record", "size of the middle record is 0", zero_size_record},
    {"huge-record", "size of the middle record is 3099113656", huge_record},
    {"size-copy-mismatch", "size copy behind the middle record is wrong", size_copy_mismatch},
    {"stale-records", "second half of the last chunk's records lies behind the free-space offset",
     stale_records},
    {"free-space-too-large", "free-space offset of the first chunk points behind the chunk",
     free_space_too_large},
    {"empty-chunks", "an all-zero chunk behind every chunk; the header counts the others only",
     empty_chunks},
    {"truncated", "the file ends ten bytes into the last record", truncated},
    {"headerless", "the file begins with the first chunk", headerless},
    {"trailing-garbage", "1000 bytes behind the last chunk", trailing_garbage},
    {"record-id-gap", "ids in the record headers of the second half of the last chunk jump by 1000",
     record_id_gap},
    {"name-cycle", "two names of the first chunk point at each other", name_cycle},
};

#define N_DAMAGES (sizeof damages / sizeof damages[0])

const char *iw_lab_damage_name(size_t index)
{
    return index < N_DAMAGES ? damages[index].name : NULL;
}

const char *iw_lab_damage_meaning(size_t index)
{
    return index < N_DAMAGES ? damages[index].meaning : NULL;
}

static bool read_image(const char *path, struct image *image, struct iw_lab_error *error)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot open: %s", path, strerror(errno));
    }
    size_t n_room = 0;
    size_t n_read = 0;
    do {
        n_room = n_room * 2 + IW_LAB_CHUNK_BYTES;
        image->bytes = iw_lab_alloc_resize(image->bytes, n_room, 1);
        n_read = fread(image->bytes + image->size_bytes, 1, n_room - image->size_bytes, stream);
        image->size_bytes += n_read;
    } while (n_read > 0);
    fclose(stream);
    if (image->size_bytes < IW_LAB_FILE_HEADER_BYTES + IW_LAB_CHUNK_BYTES) {
        return iw_lab_error_set(error, "%s: too small to damage: no chunk", path);
    }
    image->n_chunks = (image->size_bytes - IW_LAB_FILE_HEADER_BYTES) / IW_LAB_CHUNK_BYTES;
    return true;
}

static bool write_image(const char *path, const struct image *image, struct iw_lab_error *error)
{
    FILE *stream = fopen(path, "wb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot write: %s", path, strerror(errno));
    }
    bool ok = fwrite(image->bytes, image->size_bytes, 1, stream) == 1;
    ok = fclose(stream) == 0 && ok;
    return ok || iw_lab_error_set(error, "%s: writing failed: %s", path, strerror(errno));
}

bool iw_lab_damage_file(const char *path, const char *kind, struct iw_lab_error *error)
{
    size_t index = 0;
    while (index < N_DAMAGES && strcmp(damages[index].name, kind) != 0) {
        index++;
    }
    if (index == N_DAMAGES) {
        return iw_lab_error_set(error, "unknown damage: %s", kind);
    }
    struct image image = {0};
    bool ok = read_image(path, &image, error) && damages[index].apply(&image, error) &&
              write_image(path, &image, error);
    iw_lab_alloc_release(image.bytes);
    return ok;
}
