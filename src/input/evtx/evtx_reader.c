/*
 * The EVTX reader: slices of a file read into a private buffer, block by block of 64 KiB.
 *
 * A private buffer rather than a mapping: a live log or a hostile share may shrink or change the
 * file between a check and a use (trap T22). The file header is advisory (T19): blocks are found by
 * their place, 4096 + i·65536, or i·65536 in files carved without a header. A block that is not a
 * chunk, not empty and not readable as a chunk with a damaged header is lost, and said so; with
 * --recover it is searched for chunks at any offset.
 */
#include "input/evtx/evtx_reader.h"

#include <zlib.h>

#include "base/alloc.h"
#include "base/file.h"
#include "input/evtx/evtx_walk.h"

#define SLICE_BYTES (1024UL * 1024UL)

struct iw_reader {
    struct evtx_executor executor;
    struct evtx_walk walk;
    bool recover, verify;
    bool in_chunk;
    uint8_t *buffer;      /* SLICE_BYTES + header + one chunk, zero behind n_bytes */
    size_t n_bytes;       /* of the slice and what follows it, in the buffer */
    size_t n_own;         /* of these, the slice's own: blocks beginning here are ours */
    size_t at;            /* next block, in the buffer */
    size_t carve_end;     /* a lost block is being searched up to here; 0 = none */
    uint64_t file_offset; /* of the buffer's first byte */
    uint64_t file_bytes;
    struct iw_account *account;
};

#define BUFFER_BYTES (SLICE_BYTES + EVTX_FILE_HEADER_BYTES + EVTX_CHUNK_BYTES)

static struct iw_reader *reader_make(const struct iw_reader_options *options)
{
    struct iw_reader *reader = iw_calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->buffer = iw_malloc(BUFFER_BYTES + EVTX_CHUNK_BYTES);
    if (reader->buffer == NULL) {
        iw_free(reader);
        return NULL;
    }
    evtx_executor_init(&reader->executor, options->names, options->route);
    reader->recover = options->recover;
    reader->verify = options->verify;
    return reader;
}

static void reader_free(struct iw_reader *reader)
{
    if (reader == NULL)
        return;
    evtx_executor_done(&reader->executor);
    iw_free(reader->buffer);
    iw_free(reader);
}

static bool has_magic(const uint8_t *p, const char *magic)
{
    return memcmp(p, magic, EVTX_MAGIC_BYTES) == 0;
}

/* Where block 0 begins: behind the file header, or at once in files carved without one. */
static uint64_t first_block_offset(int fd)
{
    uint8_t head[EVTX_MAGIC_BYTES];
    int ignored;
    if (iw_fd_read_at(fd, head, sizeof head, 0, &ignored) != sizeof head ||
        has_magic(head, EVTX_FILE_MAGIC))
        return EVTX_FILE_HEADER_BYTES;
    if (has_magic(head, EVTX_CHUNK_MAGIC))
        return 0;
    if (iw_fd_read_at(fd, head, sizeof head, EVTX_FILE_HEADER_BYTES, &ignored) == sizeof head &&
        has_magic(head, EVTX_CHUNK_MAGIC))
        return EVTX_FILE_HEADER_BYTES;
    if (iw_fd_read_at(fd, head, sizeof head, EVTX_CHUNK_BYTES, &ignored) == sizeof head &&
        has_magic(head, EVTX_CHUNK_MAGIC))
        return 0;
    return EVTX_FILE_HEADER_BYTES;
}

static void check_file_header(struct iw_reader *reader)
{
    const uint8_t *p = reader->buffer;
    /* One that the file ends in counts as there: what it lacks is said when it is read. */
    uint64_t n_blocks = reader->file_bytes > EVTX_FILE_HEADER_BYTES
                            ? (reader->file_bytes - EVTX_FILE_HEADER_BYTES + EVTX_CHUNK_BYTES - 1) /
                                  EVTX_CHUNK_BYTES
                            : 0;
    if (reader->file_bytes < EVTX_FILE_HEADER_BYTES) /* even an empty log is longer */
        iw_account_damage(reader->account, IW_DAMAGE_CHUNKS_MISSING, reader->file_bytes, 1);
    if (reader->n_bytes < 128 || !has_magic(p, EVTX_FILE_MAGIC)) {
        iw_account_damage(reader->account, IW_DAMAGE_FILE_HEADER, 0, 1);
        return;
    }
    /* More chunks than there are: a copy that was cut. Fewer is how dirty logs look. The count has
     * 32 bits in logs beyond 4 GiB, and zeros behind its 16 bits in others. */
    if (reader->file_bytes >= EVTX_FILE_HEADER_BYTES &&
        iw_load_u32(p + EVTX_FILE_CHUNK_COUNT_AT) > n_blocks)
        iw_account_damage(reader->account, IW_DAMAGE_CHUNKS_MISSING, reader->file_bytes, 1);
    if (reader->verify && (iw_load_u32(p + EVTX_FILE_FLAGS_AT) & EVTX_FLAG_NO_CRC) == 0 &&
        crc32(0, p, EVTX_FILE_FLAGS_AT) != iw_load_u32(p + EVTX_FILE_CRC_AT))
        iw_account_damage(reader->account, IW_DAMAGE_CHECKSUM, 0, 1);
}

static enum iw_rc reader_begin(struct iw_reader *reader, int fd,
                               const struct iw_evidence_file *file, const struct iw_slice *slice,
                               struct iw_account *account)
{
    uint64_t first = first_block_offset(fd), in_slice, wanted = slice->n_bytes;
    int error;

    reader->account = reader->executor.account = account;
    reader->walk.source = (uint32_t)file->ledger_index;
    reader->walk.recover = reader->recover;
    reader->in_chunk = false;
    reader->carve_end = 0;
    reader->file_offset = slice->offset;
    reader->file_bytes = file->size_bytes;
    /* Blocks that begin in this slice may end behind it where they do not lie on our grid. */
    if (reader->recover || first != EVTX_FILE_HEADER_BYTES)
        wanted += EVTX_CHUNK_BYTES;
    if (wanted > file->size_bytes - slice->offset)
        wanted = file->size_bytes - slice->offset;
    if (wanted > BUFFER_BYTES)
        wanted = BUFFER_BYTES;
    reader->n_bytes = iw_fd_read_at(fd, reader->buffer, (size_t)wanted, slice->offset, &error);
    memset(reader->buffer + reader->n_bytes, 0, BUFFER_BYTES + EVTX_CHUNK_BYTES - reader->n_bytes);
    if (reader->n_bytes < wanted) {
        iw_account_damage(account, error != 0 ? IW_DAMAGE_READ_ERROR : IW_DAMAGE_SHRANK,
                          slice->offset + reader->n_bytes, 1);
        if (reader->n_bytes < slice->n_bytes)
            account->lost_bytes += slice->n_bytes - reader->n_bytes;
    }
    reader->n_own = reader->n_bytes < slice->n_bytes ? reader->n_bytes : (size_t)slice->n_bytes;
    account->read_bytes += reader->n_own;
    if (slice->offset == 0 && first != 0)
        check_file_header(reader);
    /* The first block of the grid that begins in this slice. */
    in_slice =
        slice->offset <= first
            ? first - slice->offset
            : (EVTX_CHUNK_BYTES - (slice->offset - first) % EVTX_CHUNK_BYTES) % EVTX_CHUNK_BYTES;
    reader->at = (size_t)in_slice;
    return IW_OK;
}

/* --- blocks
 * -------------------------------------------------------------------------------------------------------
 */

static void verify_chunk(struct iw_reader *reader, const uint8_t *p)
{
    uint32_t free_at = iw_load_u32(p + EVTX_CHUNK_FREE_AT);
    uLong crc;
    if ((iw_load_u32(p + EVTX_CHUNK_FLAGS_AT) & EVTX_FLAG_NO_CRC) != 0)
        return;
    crc = crc32(0, p, EVTX_CHUNK_FLAGS_AT);
    crc = crc32(crc, p + 128, EVTX_CHUNK_HEADER_BYTES - 128);
    if (crc != iw_load_u32(p + EVTX_CHUNK_CRC_AT))
        iw_account_damage(reader->account, IW_DAMAGE_CHECKSUM, reader->file_offset + reader->at, 1);
    if (free_at < EVTX_CHUNK_HEADER_BYTES || free_at > EVTX_CHUNK_BYTES)
        return;
    crc = crc32(0, p + EVTX_CHUNK_HEADER_BYTES, free_at - EVTX_CHUNK_HEADER_BYTES);
    if (crc != iw_load_u32(p + EVTX_CHUNK_DATA_CRC_AT))
        iw_account_damage(reader->account, IW_DAMAGE_CHECKSUM, reader->file_offset + reader->at, 1);
}

/* Whether any whole record frame lies in a block: then it is a chunk whose header is damaged. */
static bool holds_records(struct evtx_chunk_view chunk)
{
    for (uint32_t at = EVTX_CHUNK_HEADER_BYTES; at < chunk.size; at += EVTX_RECORD_ALIGN) {
        if (evtx_record_size_at(chunk, at) != 0)
            return true;
    }
    return false;
}

/* The file ends inside this chunk: lost is what its header says should still come. */
static void count_cut_chunk(struct iw_reader *reader, struct evtx_chunk_view chunk)
{
    uint64_t offset = reader->file_offset + reader->at;
    uint32_t free_at = iw_load_u32(chunk.data + EVTX_CHUNK_FREE_AT);
    if (chunk.size >= 128 && free_at >= EVTX_CHUNK_HEADER_BYTES && free_at <= chunk.size) {
        iw_account_damage(reader->account, IW_DAMAGE_CHUNK_SHORT, offset, 1);
        return;
    }
    if (chunk.size < 128 || free_at < EVTX_CHUNK_HEADER_BYTES || free_at > EVTX_CHUNK_BYTES)
        free_at = EVTX_CHUNK_BYTES;
    iw_account_damage(reader->account, IW_DAMAGE_CHUNK_PARTIAL, offset, 1);
    reader->account->lost_bytes += free_at - chunk.size;
}

static void enter_chunk(struct iw_reader *reader, struct evtx_chunk_view chunk, bool has_header)
{
    evtx_cache_begin_chunk(&reader->executor.cache);
    reader->executor.chunk = chunk;
    reader->executor.text_bytes = 0;
    evtx_walk_begin(&reader->walk, chunk,
                    reader->file_offset + (uint64_t)(chunk.data - reader->buffer), has_header,
                    reader->account);
    reader->in_chunk = true;
    reader->account->n_chunks++;
}

/* Looks for a chunk at any offset of a lost block; true when one was entered. */
static bool carve(struct iw_reader *reader)
{
    while (reader->at < reader->carve_end) {
        const uint8_t *from = reader->buffer + reader->at;
        const uint8_t *hit = memmem(from, reader->carve_end - reader->at + EVTX_MAGIC_BYTES - 1,
                                    EVTX_CHUNK_MAGIC, EVTX_MAGIC_BYTES);
        struct evtx_chunk_view chunk;
        size_t left;
        if (hit == NULL || (size_t)(hit - reader->buffer) >= reader->carve_end)
            break;
        left = reader->n_bytes - (size_t)(hit - reader->buffer);
        chunk.data = hit;
        chunk.size = left < EVTX_CHUNK_BYTES ? (uint32_t)left : EVTX_CHUNK_BYTES;
        reader->at = (size_t)(hit - reader->buffer) + 1;
        if (chunk.size <= EVTX_CHUNK_HEADER_BYTES || !holds_records(chunk))
            continue;
        reader->walk.is_carved = true;
        enter_chunk(reader, chunk, true);
        /* On behind its live records: marks inside them are text, and every byte is read as one
         * chunk at most. */
        reader->at = (size_t)(hit - reader->buffer) + reader->walk.live_end;
        return true;
    }
    reader->at = reader->carve_end;
    reader->carve_end = 0;
    return false;
}

/* A block that is neither a chunk nor empty. */
static void lose_block(struct iw_reader *reader, struct evtx_chunk_view block)
{
    bool is_short = block.size < EVTX_CHUNK_HEADER_BYTES + EVTX_RECORD_SMALLEST;
    enum iw_damage kind = is_short ? IW_DAMAGE_TRAILING_BYTES : IW_DAMAGE_CHUNK;
    if (block.size < EVTX_MAGIC_BYTES && memcmp(block.data, EVTX_CHUNK_MAGIC, block.size) == 0)
        kind = IW_DAMAGE_CHUNK_PARTIAL; /* the file ends inside the mark of a chunk */
    iw_account_damage(reader->account, kind, reader->file_offset + reader->at, 1);
    reader->account->lost_bytes += block.size;
    if (reader->recover && !is_short)
        reader->carve_end = reader->at + block.size;
    else
        reader->at += block.size;
}

/* Looks at the block at reader->at and enters it when it holds records. */
static void take_block(struct iw_reader *reader)
{
    size_t left = reader->n_bytes - reader->at;
    struct evtx_chunk_view block = {reader->buffer + reader->at,
                                    left < EVTX_CHUNK_BYTES ? (uint32_t)left : EVTX_CHUNK_BYTES};
    bool has_header = block.size >= EVTX_MAGIC_BYTES && has_magic(block.data, EVTX_CHUNK_MAGIC);

    if (!has_header && iw_bytes_are_zero(block.data, block.size)) {
        reader->account->n_chunks_empty += block.size == EVTX_CHUNK_BYTES;
        reader->at += block.size;
        return;
    }
    if (!has_header && !holds_records(block)) {
        lose_block(reader, block);
        return;
    }
    if (!has_header)
        iw_account_damage(reader->account, IW_DAMAGE_CHUNK_HEADER, reader->file_offset + reader->at,
                          1);
    if (block.size < EVTX_CHUNK_BYTES)
        count_cut_chunk(reader, block);
    else if (reader->verify)
        verify_chunk(reader, block.data);
    reader->walk.is_carved = false;
    enter_chunk(reader, block, has_header);
    reader->at += block.size;
}

static enum iw_rc reader_next(struct iw_reader *reader, struct iw_batch *batch)
{
    reader->executor.batch = batch;
    iw_batch_clear(batch);
    while (batch->n == 0) {
        bool at_end;
        if (reader->in_chunk) {
            IW_TRY(evtx_walk_fill(&reader->walk, &reader->executor, &at_end));
            reader->in_chunk = !at_end;
        } else if (reader->carve_end != 0) {
            (void)carve(reader);
        } else if (reader->at < reader->n_own) {
            take_block(reader);
        } else {
            return IW_END;
        }
    }
    return IW_OK;
}

const struct iw_reader_class iw_evtx_reader_class = {
    .name = "evtx",
    .kind = IW_EVIDENCE_EVTX,
    .slice_bytes = SLICE_BYTES,
    .lead_bytes = EVTX_FILE_HEADER_BYTES,
    .make = reader_make,
    .free = reader_free,
    .begin = reader_begin,
    .next = reader_next,
};
