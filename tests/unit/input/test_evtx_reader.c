/*
 * The file around the chunks: headers, checksums, slices, a file that changes while it is read, and
 * a system that refuses (traps T18, T19, T22; evtx.md A1, A9.6).
 */
#include "tests/unit/input/evtx_rig.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define CHUNK(i) (EVTX_FILE_HEADER_BYTES + (size_t)(i)*EVTX_CHUNK_BYTES)

static void test_checksums(void **state)
{
    struct rig_file file = rig_file_make(9, 3, 1);
    struct rig_result result = rig_read(file.bytes, file.n, &(struct rig_options){.verify = true});
    (void)state;
    assert_int_equal(result.n, 9);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    file.bytes[100] ^= 1;                         /* file header */
    file.bytes[CHUNK(1) + 200] ^= 0;              /* sound */
    file.bytes[CHUNK(1) + 60] ^= 1;               /* chunk header */
    file.bytes[file.records[7].offset + 16] ^= 1; /* records of chunk 2: time written */
    result = rig_read(file.bytes, file.n, NULL);
    assert_int_equal(result.n, 9);
    rig_assert_only(&result, IW_DAMAGE_COUNT); /* not asked for */
    rig_result_done(&result);
    result = rig_read(file.bytes, file.n, &(struct rig_options){.verify = true});
    assert_int_equal(result.n, 9); /* never drops data */
    rig_assert_only(&result, IW_DAMAGE_CHECKSUM, IW_DAMAGE_COUNT);
    assert_int_equal(rig_count(&result, IW_DAMAGE_CHECKSUM), 3);
    rig_result_done(&result);
    /* Flags that say there are none (T18). */
    file.bytes[EVTX_FILE_FLAGS_AT] |= EVTX_FLAG_NO_CRC;
    file.bytes[CHUNK(1) + EVTX_CHUNK_FLAGS_AT] |= EVTX_FLAG_NO_CRC;
    file.bytes[CHUNK(2) + EVTX_CHUNK_FLAGS_AT] |= EVTX_FLAG_NO_CRC;
    result = rig_read(file.bytes, file.n, &(struct rig_options){.verify = true});
    assert_int_equal(result.n, 9);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    rig_file_done(&file);
}

static void test_file_header(void **state)
{
    struct rig_file file = rig_file_make(9, 3, 1);
    struct rig_result result;
    uint8_t head[128];
    (void)state;
    memcpy(head, file.bytes, sizeof head);
    /* Everything but the mark and the chunk count may be anything (T19). */
    memset(file.bytes + 8, 0xFF, 34);
    memset(file.bytes + 46, 0xFF, 4096 - 46);
    result = rig_read(file.bytes, file.n, NULL);
    assert_int_equal(result.n, 9);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    memcpy(file.bytes, head, sizeof head);
    for (uint32_t count = 0; count < 12; count++) { /* fewer is how dirty logs look */
        iw_lab_store_u32(file.bytes + EVTX_FILE_CHUNK_COUNT_AT, count);
        result = rig_read(file.bytes, file.n, NULL);
        assert_int_equal(result.n, 9);
        assert_int_equal(rig_count(&result, IW_DAMAGE_CHUNKS_MISSING), count > 3);
        assert_int_equal(rig_losses(&result), count > 3);
        rig_result_done(&result);
    }
    memset(file.bytes, 0, EVTX_FILE_HEADER_BYTES);
    result = rig_read(file.bytes, file.n, NULL);
    assert_int_equal(result.n, 9);
    rig_assert_only(&result, IW_DAMAGE_FILE_HEADER, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    /* Carved without a header (A9.6). */
    result = rig_read(file.bytes + EVTX_FILE_HEADER_BYTES, file.n - EVTX_FILE_HEADER_BYTES, NULL);
    assert_int_equal(result.n, 9);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    rig_file_done(&file);
}

static void test_bytes_behind(void **state)
{
    struct rig_file file = rig_file_make(9, 3, 1);
    const size_t sizes[] = {1, 7, 8, 100, 511, 539, 540, 541, 5000, 65535};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *bytes = malloc(file.n + sizes[i]);
        struct rig_result result;
        assert_non_null(bytes);
        memcpy(bytes, file.bytes, file.n);
        memset(bytes + file.n, 0xAA, sizes[i]);
        result = rig_read(bytes, file.n + sizes[i], NULL);
        assert_int_equal(result.n, 9);
        /* A record needs 512 + 28 bytes of chunk: fewer cannot have held one. */
        rig_assert_only(&result, sizes[i] < 540 ? IW_DAMAGE_TRAILING_BYTES : IW_DAMAGE_CHUNK,
                        IW_DAMAGE_COUNT);
        assert_int_equal(result.account.lost_bytes, sizes[i]);
        rig_result_done(&result);
        memset(bytes + file.n, 0, sizes[i]); /* padding */
        result = rig_read(bytes, file.n + sizes[i], NULL);
        assert_int_equal(result.n, 9);
        rig_assert_only(&result, IW_DAMAGE_COUNT);
        rig_result_done(&result);
        free(bytes);
    }
    rig_file_done(&file);
}

/* Damage of all kinds near every border of 1 MiB: whatever the slices, the same comes out. */
static void test_slices(void **state)
{
    struct rig_file file = rig_file_make(80, 2, 1); /* 40 chunks, 2.6 MiB */
    const uint64_t slices[] = {EVTX_CHUNK_BYTES, 3 * EVTX_CHUNK_BYTES, 0};
    struct rig_result first = {0};
    (void)state;
    for (size_t border = 16; border <= 32; border += 16) {
        memset(file.bytes + CHUNK(border - 2), 0x55, EVTX_CHUNK_BYTES);
        file.bytes[CHUNK(border - 1)] = 'X';
        iw_lab_store_u32(file.bytes + file.records[2 * (border - 1) + 1].offset + 4, 0);
        iw_lab_store_u32(file.bytes + CHUNK(border) + EVTX_CHUNK_FREE_AT, 512);
        memset(file.bytes + file.records[2 * border + 1].offset, 0,
               file.records[2 * border + 1].size_bytes);
        memset(file.bytes + CHUNK(border + 1), 0, EVTX_CHUNK_BYTES);
        memset(file.bytes + CHUNK(border + 2), 0, 512);
    }
    for (unsigned recover = 0; recover < 2; recover++) {
        for (size_t i = 0; i < 3; i++) {
            struct rig_result result =
                rig_read(file.bytes, file.n,
                         &(struct rig_options){.slice_bytes = slices[i], .recover = recover != 0});
            if (i == 0) {
                first = result;
                assert_true(result.n > 60 && rig_losses(&result) > 2);
                continue;
            }
            assert_int_equal(result.n, first.n);
            for (size_t k = 0; k < result.n; k++) {
                assert_int_equal(result.events[k].offset, first.events[k].offset);
                assert_int_equal(result.events[k].flags, first.events[k].flags);
                assert_string_equal(result.events[k].json, first.events[k].json);
            }
            assert_memory_equal(&result.account, &first.account, sizeof result.account);
            rig_result_done(&result);
        }
        rig_result_done(&first);
    }
    rig_file_done(&file);
}

static void shrink(void *context, int fd)
{
    assert_int_equal(ftruncate(fd, *(const off_t *)context), 0);
}

static void test_shrinks(void **state)
{
    struct rig_file file = rig_file_make(80, 2, 1);
    int fd = rig_memory_file(file.bytes, file.n);
    off_t to = (off_t)CHUNK(20) + 30000;
    struct rig_result result;
    (void)state;
    /* Between the walk and the first read. */
    assert_int_equal(ftruncate(fd, to), 0);
    result = rig_read_fd(fd, file.n, NULL);
    assert_true(result.n == 42 && rig_losses(&result) > 0);
    assert_true(rig_count(&result, IW_DAMAGE_SHRANK) > 0);
    assert_int_equal(result.account.read_bytes + result.account.lost_bytes, file.n);
    rig_result_done(&result);
    /* To nothing at all. */
    assert_int_equal(ftruncate(fd, 0), 0);
    result = rig_read_fd(fd, file.n, NULL);
    assert_int_equal(result.n, 0);
    assert_true(rig_count(&result, IW_DAMAGE_SHRANK) > 0);
    rig_result_done(&result);
    (void)close(fd);
    /* Between begin and next: what was read is read, what comes after is missing. */
    fd = rig_memory_file(file.bytes, file.n);
    to = 0;
    result = rig_read_fd(fd, file.n, &(struct rig_options){.between = shrink, .context = &to});
    assert_int_equal(result.n, 32); /* the first slice: 16 chunks */
    assert_true(rig_count(&result, IW_DAMAGE_SHRANK) > 0);
    rig_result_done(&result);
    (void)close(fd);
    rig_file_done(&file);
}

static void test_grows(void **state)
{
    struct rig_file file = rig_file_make(9, 3, 1);
    int fd = rig_memory_file(file.bytes, file.n);
    struct rig_result result;
    (void)state;
    /* Seen by the walk with two chunks less: those are read, nothing is said to be lost but what
     * the header says is missing. */
    result = rig_read_fd(fd, CHUNK(1), NULL);
    assert_int_equal(result.n, 3);
    rig_assert_only(&result, IW_DAMAGE_CHUNKS_MISSING, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    (void)close(fd);
    rig_file_done(&file);
}

struct flicker {
    int fd;
    off_t large;
    _Atomic bool stop;
};

static void *flicker(void *argument)
{
    struct flicker *flicker = argument;
    for (unsigned i = 0; !flicker->stop; i++) {
        if (ftruncate(flicker->fd, i % 2 == 0 ? flicker->large / 2 + 12345 : flicker->large) != 0)
            break; /* the reader is then tried on a file that keeps still */
    }
    return NULL;
}

/* A file that another process cuts and stretches all the time: never a crash, and what is delivered
 * and what is said to be missing is no more than there was. */
static void test_flickers(void **state)
{
    struct rig_file file = rig_file_make(80, 2, 1);
    struct flicker context = {.fd = rig_memory_file(file.bytes, file.n), .large = (off_t)file.n};
    pthread_t thread;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, flicker, &context), 0);
    for (unsigned i = 0; i < 200; i++) {
        struct rig_result result =
            rig_read_fd(context.fd, file.n, &(struct rig_options){.without_json = true});
        assert_true(result.n <= 80);
        assert_true(result.account.read_bytes <= file.n);
        rig_result_done(&result);
    }
    context.stop = true;
    (void)pthread_join(thread, NULL);
    (void)close(context.fd);
    rig_file_done(&file);
}

static void test_refused_reads(void **state)
{
    int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), closed = open("/", O_RDONLY);
    struct rig_result result;
    (void)state;
    assert_true(folder >= 0 && closed >= 0);
    result = rig_read_fd(folder, CHUNK(2), NULL);
    assert_int_equal(result.n, 0);
    assert_true(rig_count(&result, IW_DAMAGE_READ_ERROR) == 1 && rig_losses(&result) > 0);
    assert_int_equal(result.account.lost_bytes, CHUNK(2));
    rig_result_done(&result);
    (void)close(closed);
    result = rig_read_fd(closed, CHUNK(2), NULL);
    assert_int_equal(rig_count(&result, IW_DAMAGE_READ_ERROR), 1);
    rig_result_done(&result);
    (void)close(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checksums),    cmocka_unit_test(test_file_header),
        cmocka_unit_test(test_bytes_behind), cmocka_unit_test(test_slices),
        cmocka_unit_test(test_shrinks),      cmocka_unit_test(test_grows),
        cmocka_unit_test(test_flickers),     cmocka_unit_test(test_refused_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
