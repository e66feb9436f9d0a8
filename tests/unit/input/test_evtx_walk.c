/*
 * Records, free-space offsets, former records, zeroed and spliced chunks, carving (evtx.md A9,
 * traps T3, T4, T20, T21). A file of three chunks with three records each; one thing is changed;
 * what must come of it is written down from the layout.
 */
#include "tests/unit/input/evtx_rig.h"

#define CHUNK(i) (EVTX_FILE_HEADER_BYTES + (size_t)(i)*EVTX_CHUNK_BYTES)

static struct rig_file three_chunks(void)
{
    return rig_file_make(9, 3, 1);
}

static struct rig_result read_changed(struct rig_file *file, bool recover)
{
    return rig_read(file->bytes, file->n, &(struct rig_options){.recover = recover});
}

/* All nine are read, each with its own value. */
static void require_all(const struct rig_result *result)
{
    assert_int_equal(result->n, 9);
    for (size_t i = 0; i < 9; i++) {
        char value[64];
        (void)snprintf(value, sizeof value, "\"Number\":\"value of record %zu\"", i + 1);
        assert_true(rig_has(&result->events[i], value));
        assert_int_equal(result->events[i].flags & (IW_EVENT_CUT | IW_EVENT_RECOVERED), 0);
    }
    assert_int_equal(rig_losses(result), 0);
}

static void test_free_space_offset(void **state)
{
    struct rig_file file = three_chunks();
    size_t second = file.records[1].offset - CHUNK(0), third = file.records[2].offset - CHUNK(0);
    size_t end = third + file.records[2].size_bytes;
    const uint32_t wrong[] = {0,
                              1,
                              511,
                              512,
                              (uint32_t)second,
                              (uint32_t)second + 8,
                              (uint32_t)third,
                              (uint32_t)third + 100,
                              (uint32_t)end - 8,
                              65537,
                              70000,
                              0xFFFFFFFF};
    const uint32_t idle[] = {(uint32_t)end + 8, (uint32_t)end + 4000, 65528, 65536};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct rig_result result;
        iw_lab_store_u32(file.bytes + CHUNK(0) + EVTX_CHUNK_FREE_AT, wrong[i]);
        result = read_changed(&file, false);
        require_all(&result);
        rig_assert_only(&result, IW_DAMAGE_HEADER_DISAGREES, IW_DAMAGE_COUNT);
        assert_int_equal(rig_count(&result, IW_DAMAGE_HEADER_DISAGREES), 1);
        rig_result_done(&result);
    }
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) { /* archived logs: nothing missing */
        struct rig_result result;
        iw_lab_store_u32(file.bytes + CHUNK(0) + EVTX_CHUNK_FREE_AT, idle[i]);
        result = read_changed(&file, false);
        require_all(&result);
        rig_assert_only(&result, IW_DAMAGE_COUNT);
        rig_result_done(&result);
    }
    rig_file_done(&file);
}

static void test_record_sizes(void **state)
{
    struct rig_file file = three_chunks();
    const uint32_t sizes[] = {0, 1, 4, 27, 28, 3099113656U, 0xFFFFFFFF, 65536, 65025, 64};
    (void)state;
    for (size_t record = 0; record < 9; record++) {
        uint8_t *p = file.bytes + file.records[record].offset;
        uint32_t was = iw_load_u32(p + 4);
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            for (unsigned both = 0; both < 3; both++) { /* the size, its copy, both */
                struct rig_result result;
                if (both != 1)
                    iw_lab_store_u32(p + 4, sizes[i]);
                if (both != 0)
                    iw_lab_store_u32(p + was - 4, sizes[i]);
                result = read_changed(&file, false);
                iw_lab_store_u32(p + 4, was);
                iw_lab_store_u32(p + was - 4, was);
                if (both != 0 && sizes[i] >= 28 && sizes[i] < was) {
                    /* What is believed may cut it short; then it is marked, and only it. */
                    assert_int_equal(result.n + rig_count(&result, IW_DAMAGE_RECORD), 9);
                    rig_result_done(&result);
                    continue;
                }
                require_all(&result);
                rig_assert_only(&result, IW_DAMAGE_RECORD_FRAME, IW_DAMAGE_COUNT);
                assert_int_equal(rig_count(&result, IW_DAMAGE_RECORD_FRAME), 1);
                rig_result_done(&result);
            }
        }
    }
    rig_file_done(&file);
}

/* A record of zeros is a loss of its bytes, wherever it lies, and no neighbour's. The third kind of
 * event has no template, so nothing of a chunk's third record is needed by the others. */
static void test_zeroed_record(void **state)
{
    (void)state;
    for (size_t record = 2; record < 9; record += 3) {
        struct rig_file file = three_chunks();
        struct rig_result result;
        memset(file.bytes + file.records[record].offset, 0, file.records[record].size_bytes);
        result = read_changed(&file, false);
        assert_int_equal(result.n, 8);
        rig_assert_only(&result, IW_DAMAGE_RECORD_HEADER, IW_DAMAGE_COUNT);
        assert_int_equal(rig_count(&result, IW_DAMAGE_RECORD_HEADER), 1);
        assert_int_equal(result.account.lost_bytes, file.records[record].size_bytes);
        assert_int_equal(result.account.damage[IW_DAMAGE_RECORD_HEADER].first_offset,
                         file.records[record].offset);
        rig_result_done(&result);
        rig_file_done(&file);
    }
}

static void test_zeroed_middle_record(void **state)
{
    struct rig_file file = rig_file_make(9, 9, 1);
    struct rig_result result;
    (void)state;
    for (size_t record = 3; record < 8; record++) {
        uint8_t *p = file.bytes + file.records[record].offset;
        uint8_t was[4096];
        assert_true(file.records[record].size_bytes <= sizeof was);
        memcpy(was, p, file.records[record].size_bytes);
        memset(p, 0, file.records[record].size_bytes);
        result = read_changed(&file, false);
        memcpy(p, was, file.records[record].size_bytes);
        assert_int_equal(result.n, 8);
        assert_int_equal(rig_count(&result, IW_DAMAGE_RECORD_HEADER), 1);
        assert_int_equal(result.account.lost_bytes, file.records[record].size_bytes);
        rig_result_done(&result);
    }
    rig_file_done(&file);
}

/* A live copy: the chunk's first half of one time, its second half of another. Every whole frame of
 * either half is read, or counted. */
static void test_spliced(void **state)
{
    struct rig_file old = rig_file_make(60, 60, 1), new = rig_file_make(60, 60, 1001);
    (void)state;
    for (size_t cut = 600; cut < 40000; cut += 331) {
        uint8_t *bytes = malloc(old.n);
        struct rig_result result;
        size_t n_whole = 0;
        assert_non_null(bytes);
        memcpy(bytes, new.bytes, CHUNK(0) + cut);
        memcpy(bytes + CHUNK(0) + cut, old.bytes + CHUNK(0) + cut, old.n - CHUNK(0) - cut);
        for (size_t i = 0; i < 60; i++) {
            n_whole += new.records[i].offset + new.records[i].size_bytes <= CHUNK(0) + cut;
            n_whole += old.records[i].offset >= CHUNK(0) + cut;
        }
        result = rig_read(bytes, old.n, NULL);
        if (result.n + rig_losses(&result) + rig_count(&result, IW_DAMAGE_STALE) < n_whole)
            fail_msg("cut at %zu: %zu whole frames, %zu read", cut, n_whole, result.n);
        rig_result_done(&result);
        free(bytes);
    }
    rig_file_done(&old);
    rig_file_done(&new);
}

/* The last *n* of a chunk's six records become former ones: behind the free-space offset, with ids
 * below the live ones. */
static struct rig_file with_stale(size_t n, bool same_ids)
{
    struct rig_file file = rig_file_make(6, 6, 100);
    size_t last = 5 - n;
    uint8_t *chunk = file.bytes + CHUNK(0);
    for (size_t i = last + 1; i < 6; i++)
        iw_lab_store_u64(file.bytes + file.records[i].offset + 8,
                         same_ids ? 100 + (i - last - 1) : 10 + i);
    iw_lab_store_u64(chunk + 32, 100 + last);
    iw_lab_store_u32(chunk + 44, (uint32_t)(file.records[last].offset - CHUNK(0)));
    iw_lab_store_u32(chunk + EVTX_CHUNK_FREE_AT,
                     (uint32_t)(file.records[last + 1].offset - CHUNK(0)));
    return file;
}

static void test_stale(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 3; n++) {
        struct rig_file file = with_stale(n, false);
        struct rig_result result = read_changed(&file, false);
        assert_int_equal(result.n, 6 - n);
        rig_assert_only(&result, IW_DAMAGE_STALE, IW_DAMAGE_COUNT);
        assert_int_equal(rig_count(&result, IW_DAMAGE_STALE), n);
        rig_result_done(&result);
        result = read_changed(&file, true);
        assert_int_equal(result.n, 6);
        rig_assert_only(&result, IW_DAMAGE_RECOVERED, IW_DAMAGE_COUNT);
        assert_int_equal(rig_count(&result, IW_DAMAGE_RECOVERED), n);
        for (size_t i = 0; i < 6; i++)
            assert_int_equal((result.events[i].flags & IW_EVENT_RECOVERED) != 0, i >= 6 - n);
        rig_result_done(&result);
        /* The offset counts to the end of the chunk: former records stay former (T3). */
        iw_lab_store_u32(file.bytes + CHUNK(0) + EVTX_CHUNK_FREE_AT, EVTX_CHUNK_BYTES);
        result = read_changed(&file, false);
        assert_int_equal(result.n, 6 - n);
        rig_assert_only(&result, IW_DAMAGE_STALE, IW_DAMAGE_HEADER_DISAGREES, IW_DAMAGE_COUNT);
        rig_result_done(&result);
        rig_file_done(&file);
        /* A former record with the id of a live one is the same record: not delivered twice. */
        file = with_stale(n, true);
        result = read_changed(&file, true);
        assert_int_equal(result.n, 6 - n);
        rig_result_done(&result);
        rig_file_done(&file);
    }
}

/* A dirty log: the header is older than the records that follow, which go on counting. */
static void test_dirty_header(void **state)
{
    struct rig_file file = three_chunks();
    struct rig_result result;
    uint8_t *chunk = file.bytes + CHUNK(1);
    (void)state;
    iw_lab_store_u32(file.bytes + EVTX_FILE_FLAGS_AT, 1);
    iw_lab_store_u64(chunk + 16, 4);
    iw_lab_store_u64(chunk + 32, 4);
    iw_lab_store_u32(chunk + 44, 512);
    iw_lab_store_u32(chunk + EVTX_CHUNK_FREE_AT, (uint32_t)(file.records[4].offset - CHUNK(1)));
    result = read_changed(&file, false);
    require_all(&result);
    rig_assert_only(&result, IW_DAMAGE_HEADER_DISAGREES, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    rig_file_done(&file);
}

/* A chunk at an offset of no grid, in the room of two blocks that hold nothing else. */
static void test_carving(void **state)
{
    struct rig_file file = rig_file_make(6, 3, 1);
    size_t n = CHUNK(4);
    uint8_t *bytes = malloc(n);
    struct rig_result result;
    (void)state;
    assert_non_null(bytes);
    memset(bytes, 0x55, n);
    memcpy(bytes, file.bytes, CHUNK(1));                                      /* block 0 */
    memcpy(bytes + CHUNK(1) + 1001, file.bytes + CHUNK(1), EVTX_CHUNK_BYTES); /* in 1 and 2 */
    memset(bytes + CHUNK(3), 0, EVTX_CHUNK_BYTES);
    result = rig_read(bytes, n, NULL);
    assert_int_equal(result.n, 3);
    rig_assert_only(&result, IW_DAMAGE_CHUNK, IW_DAMAGE_COUNT);
    assert_int_equal(rig_count(&result, IW_DAMAGE_CHUNK), 2);
    assert_int_equal(result.account.lost_bytes, 2 * EVTX_CHUNK_BYTES);
    assert_int_equal(result.account.n_chunks_empty, 1);
    rig_result_done(&result);
    result = rig_read(bytes, n, &(struct rig_options){.recover = true});
    assert_int_equal(result.n, 6);
    assert_int_equal(rig_count(&result, IW_DAMAGE_RECOVERED), 3);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal((result.events[i].flags & IW_EVENT_RECOVERED) != 0, i >= 3);
    assert_int_equal(result.events[3].offset, CHUNK(1) + 1001 + 512);
    rig_result_done(&result);
    free(bytes);
    rig_file_done(&file);
}

/* The mark of a chunk is gone, its records are not. */
static void test_chunk_mark(void **state)
{
    struct rig_file file = three_chunks();
    struct rig_result result;
    (void)state;
    memset(file.bytes + CHUNK(1), 0xFF, 128);
    result = read_changed(&file, false);
    require_all(&result);
    rig_assert_only(&result, IW_DAMAGE_CHUNK_HEADER, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    rig_file_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_free_space_offset), cmocka_unit_test(test_record_sizes),
        cmocka_unit_test(test_zeroed_record),     cmocka_unit_test(test_zeroed_middle_record),
        cmocka_unit_test(test_spliced),           cmocka_unit_test(test_stale),
        cmocka_unit_test(test_dirty_header),      cmocka_unit_test(test_carving),
        cmocka_unit_test(test_chunk_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
