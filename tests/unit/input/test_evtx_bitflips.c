/*
 * Every single bit of the headers, flipped one at a time.
 *
 * Expected for every flip: a record is either read as before, or read and marked, or its loss is
 * counted; and no record but the one that was hit is lost. Where the bit belongs to something
 * records share (a template or a name) they may be marked as cut, never be gone.
 */
#include "tests/unit/input/evtx_rig.h"

#include <unistd.h>

struct flips {
    struct rig_file file;
    struct rig_result whole;
    int fd;
    uint64_t n_flips, n_losses;
};

static void flip(struct flips *flips, size_t at, unsigned bit)
{
    flips->file.bytes[at] ^= (uint8_t)(1U << bit);
    assert_int_equal(pwrite(flips->fd, flips->file.bytes + at, 1, (off_t)at), 1);
}

/* Whether the record at *index* is among the events. */
static const struct rig_event *find(const struct rig_result *result, size_t offset)
{
    for (size_t i = 0; i < result->n; i++) {
        if (result->events[i].offset == offset)
            return &result->events[i];
    }
    return NULL;
}

static void check_flip(struct flips *flips, size_t at, unsigned bit, size_t hit_record,
                       const char *what)
{
    struct rig_result result;
    uint64_t n_gone = 0, n_changed = 0;

    flip(flips, at, bit);
    result = rig_read_fd(flips->fd, flips->file.n, NULL);
    flip(flips, at, bit);
    if (result.n > flips->whole.n)
        fail_msg("%s: byte %zu bit %u: more events than records", what, at, bit);
    for (size_t i = 0; i < flips->whole.n; i++) {
        const struct rig_event *was = &flips->whole.events[i], *is = find(&result, was->offset);
        if (is == NULL && i != hit_record)
            fail_msg("%s: byte %zu bit %u: record %zu is gone, record %zu was hit", what, at, bit,
                     i, hit_record);
        n_gone += is == NULL;
        n_changed += is != NULL && i != hit_record && strcmp(was->json, is->json) != 0 &&
                     (is->flags & IW_EVENT_CUT) == 0;
    }
    if (n_gone != 0 && rig_losses(&result) < n_gone)
        fail_msg("%s: byte %zu bit %u: %llu records gone, %llu losses counted", what, at, bit,
                 (unsigned long long)n_gone, (unsigned long long)rig_losses(&result));
    if (n_changed != 0)
        fail_msg("%s: byte %zu bit %u: %llu neighbours read differently and not marked", what, at,
                 bit, (unsigned long long)n_changed);
    flips->n_flips++;
    flips->n_losses += n_gone;
    rig_result_done(&result);
}

#define NO_RECORD SIZE_MAX

static void check_range(struct flips *flips, size_t at, size_t n, size_t hit_record,
                        const char *what)
{
    for (size_t i = 0; i < n; i++) {
        for (unsigned bit = 0; bit < 8; bit++)
            check_flip(flips, at + i, bit, hit_record, what);
    }
}

static int set_up(void **state)
{
    struct flips *flips = calloc(1, sizeof *flips);
    assert_non_null(flips);
    flips->file = rig_file_make(9, 9, 100);
    flips->whole = rig_read(flips->file.bytes, flips->file.n, NULL);
    flips->fd = rig_memory_file(flips->file.bytes, flips->file.n);
    assert_int_equal(flips->whole.n, 9);
    *state = flips;
    return 0;
}

static int tear_down(void **state)
{
    struct flips *flips = *state;
    (void)close(flips->fd);
    rig_result_done(&flips->whole);
    rig_file_done(&flips->file);
    free(flips);
    return 0;
}

static void test_file_header(void **state)
{
    check_range(*state, 0, 128, NO_RECORD, "file header");
}

static void test_chunk_header(void **state)
{
    check_range(*state, EVTX_FILE_HEADER_BYTES, EVTX_CHUNK_HEADER_BYTES, NO_RECORD, "chunk header");
}

static void test_record_frames(void **state)
{
    struct flips *flips = *state;
    /* The first two and the last: their marks, sizes, ids, times, and the copies of the size. */
    const size_t records[] = {0, 1, flips->whole.n - 1};
    for (size_t i = 0; i < 3; i++) {
        size_t at = flips->file.records[records[i]].offset;
        check_range(flips, at, EVTX_RECORD_HEADER_BYTES, records[i], "record header");
        check_range(flips, at + flips->file.records[records[i]].size_bytes - 4, 4, records[i],
                    "size copy");
    }
}

/* Heads of all definitions and names that the buckets of the chunk header lead to. */
static void check_chain(struct flips *flips, size_t bucket, size_t head_bytes, const char *what)
{
    const size_t chunk = EVTX_FILE_HEADER_BYTES;
    uint32_t offset = iw_load_u32(flips->file.bytes + chunk + bucket);
    while (offset != 0) {
        check_range(flips, chunk + offset, head_bytes, NO_RECORD, what);
        offset = iw_load_u32(flips->file.bytes + chunk + offset);
    }
}

static void test_name_heads(void **state)
{
    for (size_t bucket = 128; bucket < 384; bucket += 4)
        check_chain(*state, bucket, EVTX_NAME_HEADER_BYTES, "name");
}

static void test_definition_heads(void **state)
{
    for (size_t bucket = 384; bucket < 512; bucket += 4)
        check_chain(*state, bucket, EVTX_DEFINITION_HEADER_BYTES, "definition");
}

/* Whatever bit of the first two records is hit, the others are all there, as they were or marked.
 * What the records share stands in the first ones: definitions and names. */
static void test_first_records_whole(void **state)
{
    struct flips *flips = *state;
    for (size_t record = 0; record < 2; record++) {
        size_t at = flips->file.records[record].offset;
        for (size_t i = 0; i < flips->file.records[record].size_bytes; i++) {
            struct rig_result result;
            uint64_t n_gone;
            flip(flips, at + i, (unsigned)(i % 8));
            result = rig_read_fd(flips->fd, flips->file.n, NULL);
            flip(flips, at + i, (unsigned)(i % 8));
            n_gone = flips->whole.n - result.n;
            if (result.n > flips->whole.n || rig_losses(&result) < n_gone)
                fail_msg("record %zu byte %zu: %llu gone, %llu losses", record, i,
                         (unsigned long long)n_gone, (unsigned long long)rig_losses(&result));
            rig_result_done(&result);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_header),      cmocka_unit_test(test_chunk_header),
        cmocka_unit_test(test_record_frames),    cmocka_unit_test(test_name_heads),
        cmocka_unit_test(test_definition_heads), cmocka_unit_test(test_first_records_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
