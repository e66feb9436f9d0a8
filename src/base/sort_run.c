/*
 * Runs of sorted records. A reader of the file keeps a window of its run in a buffer; the key of
 * the head is always in it, the payload only when it fits, so that a merge of many runs with huge
 * records still holds one payload at a time.
 *
 * What is read back was written by this process, but a disk may fail: sizes that do not fit the run
 * are an error of the file, not a crash.
 */
#include "base/sort_run.h"

#include "base/alloc.h"

#define WRITE_BYTES ((size_t)256 * 1024)
/* Space is given back in pieces of this size: a call for each buffer would cost more than it gives.
 */
#define RELEASE_BYTES ((uint64_t)4 * 1024 * 1024)
#define PIECE_BYTES 4096U

uint64_t iw_sort_prefix(struct iw_str key)
{
    uint64_t value = 0;
    memcpy(&value, key.p != NULL ? key.p : "", key.n < sizeof value ? key.n : sizeof value);
    return __builtin_bswap64(value);
}

static struct iw_str key_in(const uint8_t *record)
{
    return (struct iw_str){(const char *)record + sizeof(struct iw_sort_header),
                           iw_sort_header_of(record).key_n};
}

static struct iw_str payload_in(const uint8_t *record)
{
    struct iw_sort_header header = iw_sort_header_of(record);
    return (struct iw_str){(const char *)record + sizeof header + header.key_n, header.payload_n};
}

int iw_sort_compare_entries(const void *left, const void *right)
{
    const struct iw_sort_entry *a = left, *b = right;
    int order = (a->prefix > b->prefix) - (a->prefix < b->prefix);
    if (order == 0)
        order = iw_str_compare(key_in(a->record), key_in(b->record));
    return order != 0 ? order : iw_str_compare(payload_in(a->record), payload_in(b->record));
}

/* --- writing ----------------------------------------------------------------------------- */

void iw_sort_writer_init(struct iw_sort_writer *writer, const struct iw_spill *spill,
                         uint64_t offset)
{
    writer->spill = spill;
    writer->at = offset;
    iw_buffer_init(&writer->gathered);
}

void iw_sort_writer_done(struct iw_sort_writer *writer)
{
    iw_buffer_done(&writer->gathered);
}

enum iw_rc iw_sort_writer_flush(struct iw_sort_writer *writer, struct iw_error *err)
{
    IW_TRY(iw_spill_write(writer->spill, writer->at, iw_buffer_str(&writer->gathered), err));
    writer->at += writer->gathered.n;
    iw_buffer_clear(&writer->gathered);
    return IW_OK;
}

/* Large pieces go straight to the file. */
static enum iw_rc write_bytes(struct iw_sort_writer *writer, struct iw_str bytes,
                              struct iw_error *err)
{
    if (bytes.n >= WRITE_BYTES) {
        IW_TRY(iw_sort_writer_flush(writer, err));
        IW_TRY(iw_spill_write(writer->spill, writer->at, bytes, err));
        writer->at += bytes.n;
        return IW_OK;
    }
    iw_buffer_add(&writer->gathered, bytes);
    if (writer->gathered.failed)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return writer->gathered.n >= WRITE_BYTES ? iw_sort_writer_flush(writer, err) : IW_OK;
}

enum iw_rc iw_sort_writer_add(struct iw_sort_writer *writer, struct iw_str key,
                              struct iw_str payload, struct iw_error *err)
{
    struct iw_sort_header header = {(uint32_t)key.n, (uint32_t)payload.n};
    IW_TRY(write_bytes(writer, (struct iw_str){(const char *)&header, sizeof header}, err));
    IW_TRY(write_bytes(writer, key, err));
    return write_bytes(writer, payload, err);
}

/* --- reading ----------------------------------------------------------------------------- */

static void enter_entry(struct iw_sort_reader *reader)
{
    reader->is_at_end = reader->n_entries == 0;
    if (reader->is_at_end)
        return;
    reader->head = iw_sort_header_of(reader->entries[0].record);
    reader->prefix = reader->entries[0].prefix;
}

void iw_sort_reader_init_memory(struct iw_sort_reader *reader, const struct iw_sort_entry *entries,
                                size_t n)
{
    memset(reader, 0, sizeof *reader);
    reader->entries = entries;
    reader->n_entries = n;
    enter_entry(reader);
}

static bool is_buffered(const struct iw_sort_reader *reader, uint64_t offset, uint64_t n)
{
    return offset >= reader->buffer_at && offset + n <= reader->buffer_at + reader->buffer_n;
}

/* Bytes [at, at + n) of the file into the buffer, and what follows as far as it has room. */
static enum iw_rc fill(struct iw_sort_reader *reader, size_t n, struct iw_error *err)
{
    uint64_t left = reader->end - reader->at;
    size_t wanted;
    if (is_buffered(reader, reader->at, n))
        return IW_OK;
    if (!iw_array_reserve(&reader->buffer, &reader->buffer_cap, n, 1))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    wanted = left < reader->buffer_cap ? (size_t)left : reader->buffer_cap;
    reader->buffer_n = 0;
    IW_TRY(iw_spill_read(reader->spill, reader->at, reader->buffer, wanted, err));
    reader->buffer_at = reader->at;
    reader->buffer_n = wanted;
    return IW_OK;
}

static const uint8_t *head_in_buffer(const struct iw_sort_reader *reader)
{
    return reader->buffer + (reader->at - reader->buffer_at);
}

static enum iw_rc enter_record(struct iw_sort_reader *reader, struct iw_error *err)
{
    uint64_t left = reader->end - reader->at;
    reader->is_at_end = left == 0;
    if (reader->is_at_end)
        return IW_OK;
    if (left >= sizeof reader->head)
        IW_TRY(fill(reader, sizeof reader->head, err));
    if (left >= sizeof reader->head)
        reader->head = iw_sort_header_of(head_in_buffer(reader));
    if (left < sizeof reader->head || iw_sort_record_bytes(reader->head) > left) {
        (void)iw_error_set(err, IW_EIO, "does not hold what was written to it");
        iw_error_place(err, "temporary file", 0, 0);
        return IW_EIO;
    }
    IW_TRY(fill(reader, sizeof reader->head + reader->head.key_n, err));
    reader->prefix = iw_sort_prefix(iw_sort_reader_key(reader));
    return IW_OK;
}

enum iw_rc iw_sort_reader_init_file(struct iw_sort_reader *reader, const struct iw_spill *spill,
                                    struct iw_sort_region region, size_t buffer_bytes,
                                    bool releases, struct iw_error *err)
{
    memset(reader, 0, sizeof *reader);
    reader->spill = spill;
    reader->at = reader->released = region.offset;
    reader->end = region.offset + region.n_bytes;
    reader->releases = releases;
    if (buffer_bytes > region.n_bytes)
        buffer_bytes = (size_t)region.n_bytes;
    if (!iw_array_reserve(&reader->buffer, &reader->buffer_cap, buffer_bytes, 1))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return enter_record(reader, err);
}

void iw_sort_reader_done(struct iw_sort_reader *reader)
{
    iw_free(reader->buffer);
    memset(reader, 0, sizeof *reader);
}

static void release_read(struct iw_sort_reader *reader)
{
    uint64_t n = reader->at - reader->released;
    if (!reader->releases || (n < RELEASE_BYTES && reader->at < reader->end))
        return;
    iw_spill_release(reader->spill, reader->released, n);
    reader->released = reader->at;
}

enum iw_rc iw_sort_reader_step(struct iw_sort_reader *reader, struct iw_error *err)
{
    if (reader->spill == NULL) {
        reader->entries++;
        reader->n_entries--;
        enter_entry(reader);
        return IW_OK;
    }
    reader->at += iw_sort_record_bytes(reader->head);
    release_read(reader);
    return enter_record(reader, err);
}

struct iw_str iw_sort_reader_key(const struct iw_sort_reader *reader)
{
    if (reader->spill == NULL)
        return key_in(reader->entries[0].record);
    return (struct iw_str){(const char *)head_in_buffer(reader) + sizeof reader->head,
                           reader->head.key_n};
}

static uint64_t payload_offset(const struct iw_sort_reader *reader)
{
    return reader->at + sizeof reader->head + reader->head.key_n;
}

enum iw_rc iw_sort_reader_payload(struct iw_sort_reader *reader, struct iw_buffer *large,
                                  struct iw_str *ret, struct iw_error *err)
{
    uint64_t n_record = iw_sort_record_bytes(reader->head);
    char *p;
    if (reader->spill == NULL) {
        *ret = payload_in(reader->entries[0].record);
        return IW_OK;
    }
    if (n_record <= reader->buffer_cap) {
        IW_TRY(fill(reader, (size_t)n_record, err));
        *ret = payload_in(head_in_buffer(reader));
        return IW_OK;
    }
    iw_buffer_clear(large);
    p = iw_buffer_room(large, reader->head.payload_n);
    if (p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(iw_spill_read(reader->spill, payload_offset(reader), p, reader->head.payload_n, err));
    *ret = (struct iw_str){p, reader->head.payload_n};
    return IW_OK;
}

/* A piece of the head's payload, read into *piece* where it is not in memory. */
static enum iw_rc look_at_payload(const struct iw_sort_reader *reader, size_t from, size_t n,
                                  uint8_t piece[PIECE_BYTES], const uint8_t **ret,
                                  struct iw_error *err)
{
    uint64_t offset = payload_offset(reader) + from;
    if (reader->spill == NULL)
        *ret = (const uint8_t *)payload_in(reader->entries[0].record).p + from;
    else if (is_buffered(reader, offset, n))
        *ret = reader->buffer + (offset - reader->buffer_at);
    else {
        IW_TRY(iw_spill_read(reader->spill, offset, piece, n, err));
        *ret = piece;
    }
    return IW_OK;
}

static enum iw_rc compare_payloads(const struct iw_sort_reader *a, const struct iw_sort_reader *b,
                                   int *ret_order, struct iw_error *err)
{
    uint8_t piece_a[PIECE_BYTES], piece_b[PIECE_BYTES];
    size_t shared = a->head.payload_n < b->head.payload_n ? a->head.payload_n : b->head.payload_n;
    *ret_order = 0;
    for (size_t from = 0, n; from < shared && *ret_order == 0; from += n) {
        const uint8_t *p, *q;
        n = shared - from < PIECE_BYTES ? shared - from : PIECE_BYTES;
        IW_TRY(look_at_payload(a, from, n, piece_a, &p, err));
        IW_TRY(look_at_payload(b, from, n, piece_b, &q, err));
        *ret_order = memcmp(p, q, n);
    }
    if (*ret_order == 0)
        *ret_order =
            (a->head.payload_n > b->head.payload_n) - (a->head.payload_n < b->head.payload_n);
    return IW_OK;
}

enum iw_rc iw_sort_reader_compare(const struct iw_sort_reader *a, const struct iw_sort_reader *b,
                                  int *ret_order, struct iw_error *err)
{
    *ret_order = (a->prefix > b->prefix) - (a->prefix < b->prefix);
    if (*ret_order == 0)
        *ret_order = iw_str_compare(iw_sort_reader_key(a), iw_sort_reader_key(b));
    return *ret_order != 0 ? IW_OK : compare_payloads(a, b, ret_order, err);
}
