/*
 * Every kind of damage the ledger knows is produced by the reader, and by nothing but what is done
 * here. The table must name every kind: a new one without a row fails.
 */
#include "tests/unit/input/evtx_rig.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"

#define CHUNK(i) (EVTX_FILE_HEADER_BYTES + (size_t)(i)*EVTX_CHUNK_BYTES)

/* Each changes a sound file of two chunks with three records each; *n* may be changed. */
struct damage_case {
    enum iw_damage kind;
    void (*damage)(struct rig_file *file);
    struct rig_options options;
    int64_t claimed_more; /* the walk saw so many bytes more */
};

static void no_mark(struct rig_file *file)
{
    file->bytes[0] = 'X';
}

static void free_space(struct rig_file *file)
{
    iw_lab_store_u32(file->bytes + CHUNK(0) + EVTX_CHUNK_FREE_AT, 0);
}

static void chunk_count(struct rig_file *file)
{
    file->bytes[EVTX_FILE_CHUNK_COUNT_AT] = 3;
}

static void checksum(struct rig_file *file)
{
    file->bytes[CHUNK(0) + 60] ^= 1;
}

static void chunk(struct rig_file *file)
{
    memset(file->bytes + CHUNK(1), 0x55, EVTX_CHUNK_BYTES);
}

static void chunk_header(struct rig_file *file)
{
    file->bytes[CHUNK(1)] = 'X';
}

static void cut_behind_records(struct rig_file *file)
{
    file->n -= 100;
}

static void cut_in_record(struct rig_file *file)
{
    file->n = file->records[5].offset + 300;
}

static void bytes_behind(struct rig_file *file)
{
    file->bytes = realloc(file->bytes, file->n + 100);
    assert_non_null(file->bytes);
    memset(file->bytes + file->n, 0x55, 100);
    file->n += 100;
}

static void zeroed_record(struct rig_file *file)
{
    memset(file->bytes + file->records[2].offset, 0, file->records[2].size_bytes);
}

static void content(struct rig_file *file)
{
    memset(file->bytes + file->records[2].offset + EVTX_RECORD_HEADER_BYTES, 0xFF,
           file->records[2].size_bytes - EVTX_RECORD_SMALLEST);
}

static void content_behind(struct rig_file *file)
{
    memset(file->bytes + file->records[2].offset + file->records[2].size_bytes / 2, 0xFF,
           file->records[2].size_bytes / 2 - 4);
}

static void frame(struct rig_file *file)
{
    file->bytes[file->records[2].offset] = 0;
}

/* The first chunk is made by hand: one record, its one value a text of 5 bytes, or 100,000 fields.
 */
static void by_hand(struct rig_file *file, uint8_t type, uint16_t size_bytes)
{
    struct rig_maker *maker = rig_maker_new();
    uint32_t definition;
    rig_begin_record(maker);
    definition = rig_begin_root(maker, 1);
    rig_data_slot(maker, "a", 1, type);
    rig_end_root(maker, definition);
    rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(1), {type, size_bytes, NULL}}, 2);
    rig_end_record(maker);
    iw_lab_chunk_seal(&maker->chunk, false);
    memcpy(file->bytes + CHUNK(0), maker->chunk.bytes, EVTX_CHUNK_BYTES);
    rig_maker_free(maker);
}

static void odd_value(struct rig_file *file)
{
    by_hand(file, IW_VALUE_U32, 3);
}

static void many_fields(struct rig_file *file)
{
    by_hand(file, 0x80 | IW_VALUE_U8, IW_LIMIT_EVENT_FIELDS);
}

static void stale(struct rig_file *file)
{
    uint8_t *p = file->bytes + CHUNK(0);
    iw_lab_store_u64(p + 32, 2);
    iw_lab_store_u32(p + 44, (uint32_t)(file->records[1].offset - CHUNK(0)));
    iw_lab_store_u32(p + EVTX_CHUNK_FREE_AT, (uint32_t)(file->records[2].offset - CHUNK(0)));
    iw_lab_store_u64(file->bytes + file->records[2].offset + 8, 900);
}

static void nothing(struct rig_file *file)
{
    (void)file;
}

static const struct damage_case CASES[] = {
    {IW_DAMAGE_FILE_HEADER, no_mark, {0}, 0},
    {IW_DAMAGE_HEADER_DISAGREES, free_space, {0}, 0},
    {IW_DAMAGE_CHUNKS_MISSING, chunk_count, {0}, 0},
    {IW_DAMAGE_CHECKSUM, checksum, {.verify = true}, 0},
    {IW_DAMAGE_CHUNK, chunk, {0}, 0},
    {IW_DAMAGE_CHUNK_HEADER, chunk_header, {0}, 0},
    {IW_DAMAGE_CHUNK_SHORT, cut_behind_records, {0}, 0},
    {IW_DAMAGE_CHUNK_PARTIAL, cut_in_record, {0}, 0},
    {IW_DAMAGE_TRAILING_BYTES, bytes_behind, {0}, 0},
    {IW_DAMAGE_RECORD_HEADER, zeroed_record, {0}, 0},
    {IW_DAMAGE_RECORD, content, {0}, 0},
    {IW_DAMAGE_RECORD_CUT, content_behind, {0}, 0},
    {IW_DAMAGE_LIMIT, many_fields, {0}, 0},
    {IW_DAMAGE_RECORD_FRAME, frame, {0}, 0},
    {IW_DAMAGE_SHRANK, nothing, {0}, EVTX_CHUNK_BYTES},
    {IW_DAMAGE_READ_ERROR, NULL, {0}, 0}, /* a folder is read */
    {IW_DAMAGE_STALE, stale, {0}, 0},
    {IW_DAMAGE_RECOVERED, stale, {.recover = true}, 0},
    {IW_DAMAGE_VALUE_ODD, odd_value, {0}, 0},
};

static void test_every_kind(void **state)
{
    bool is_produced[IW_DAMAGE_COUNT] = {false};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct damage_case *one = &CASES[i];
        struct rig_options options = one->options;
        struct rig_file file = rig_file_make(6, 3, 1);
        struct rig_result result;
        int fd = -1;
        if (one->damage != NULL) {
            one->damage(&file);
            fd = rig_memory_file(file.bytes, file.n);
        } else {
            fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        }
        assert_true(fd >= 0);
        result = rig_read_fd(fd, file.n + (uint64_t)one->claimed_more, &options);
        if (rig_count(&result, one->kind) == 0)
            fail_msg("case %zu did not produce %s", i, iw_damage_row(one->kind)->name);
        is_produced[one->kind] = true;
        rig_result_done(&result);
        rig_file_done(&file);
        (void)close(fd);
    }
    /* Kinds behind the last one of EVTX are those of text. */
    for (unsigned kind = 0; kind <= IW_DAMAGE_VALUE_ODD; kind++) {
        if (!is_produced[kind])
            fail_msg("nothing here produces %s", iw_damage_row((enum iw_damage)kind)->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_kind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
