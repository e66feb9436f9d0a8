/*
 * The structure of written files, checked by walking their bytes: headers, checksums, record
 * frames, name and template chains. The walker knows the format document only and shares nothing
 * with the writer but the API under test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lab/evtx/lab_damage.h"
#include "lab/evtx/lab_evtx.h"

struct file {
    uint8_t *bytes;
    size_t size_bytes;
};

static char path[64];

static uint32_t u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t u64(const uint8_t *at)
{
    return u32(at) | (uint64_t)u32(at + 4) << 32;
}

static uint32_t u16(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

/* Bit by bit, as the standard defines it. */
static uint32_t slow_crc(uint32_t crc, const uint8_t *at, size_t size_bytes)
{
    crc = ~crc;
    for (size_t i = 0; i < size_bytes; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1U) != 0 ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
        }
    }
    return ~crc;
}

static struct file read_file(void)
{
    struct file file = {NULL, 0};
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    file.size_bytes = (size_t)ftell(stream);
    rewind(stream);
    file.bytes = test_malloc(file.size_bytes);
    assert_int_equal(fread(file.bytes, 1, file.size_bytes, stream), file.size_bytes);
    fclose(stream);
    return file;
}

static const struct iw_lab_field fields[] = {
    {.name = "First", .type = IW_LAB_TYPE_STRING},
    {.name = "Second", .type = IW_LAB_TYPE_U32},
};

static const struct iw_lab_schema schema = {
    .provider = "Lab-Provider",
    .channel = "Lab/Channel",
    .computer = "LAB.example",
    .event_id = 77,
    .qualifiers = -1,
    .payload = IW_LAB_PAYLOAD_EVENT_DATA,
    .fields = fields,
    .n_fields = 2,
};

static void write_events(const struct iw_lab_evtx_options *options, size_t n_events)
{
    struct iw_lab_error error;
    struct iw_lab_evtx *file = iw_lab_evtx_new(path, options, &error);
    assert_non_null(file);
    size_t shape = iw_lab_evtx_define(file, &schema);
    assert_int_equal(iw_lab_evtx_define(file, &schema), shape);
    for (size_t i = 0; i < n_events; i++) {
        struct iw_lab_value values[] = {iw_lab_value_text("some text of the first field"),
                                        iw_lab_value_number(IW_LAB_TYPE_U32, i)};
        struct iw_lab_event event = {
            .filetime = 132000000000000000ULL + i, .values = values, .n_values = 2};
        assert_true(iw_lab_evtx_add(file, shape, &event, &error));
    }
    assert_int_equal(iw_lab_evtx_n_records(file), n_events);
    assert_true(iw_lab_evtx_close(file, &error));
}

/* Every chain of the 64 name buckets: offsets inside the live records, hash right and in the right
 * bucket, no loop. */
static size_t walk_names(const uint8_t *chunk)
{
    size_t n_names = 0;
    uint32_t end = u32(chunk + 48);
    for (uint32_t bucket = 0; bucket < 64; bucket++) {
        uint32_t before = 65536;
        for (uint32_t at = u32(chunk + 128 + 4 * bucket); at != 0; at = u32(chunk + at)) {
            assert_in_range(at, 512, end - 10);
            assert_true(at < before); /* newest first, so offsets fall */
            before = at;
            uint32_t n_units = u16(chunk + at + 6);
            uint32_t hash = 0;
            for (uint32_t i = 0; i < n_units; i++) {
                hash = hash * 65599U + u16(chunk + at + 8 + 2 * i);
            }
            assert_int_equal(u16(chunk + at + 4), hash & 0xFFFFU);
            assert_int_equal(hash % 64, bucket);
            assert_int_equal(u16(chunk + at + 8 + (size_t)2 * n_units), 0);
            n_names++;
        }
    }
    return n_names;
}

static size_t walk_templates(const uint8_t *chunk)
{
    size_t n_templates = 0;
    for (uint32_t bucket = 0; bucket < 32; bucket++) {
        for (uint32_t at = u32(chunk + 384 + (size_t)4 * bucket); at != 0; at = u32(chunk + at)) {
            assert_in_range(at, 512, u32(chunk + 48));
            static const uint8_t fragment[] = {0x0F, 1, 1, 0};
            assert_memory_equal(chunk + at + 24, fragment, 4);
            assert_int_equal(chunk[at + 24 + u32(chunk + at + 20) - 1],
                             0x00);                    /* ends with the EOF token */
            assert_int_equal(u32(chunk + at - 4), at); /* inline: the offset is right before */
            assert_int_equal(u32(chunk + at - 8),
                             u32(chunk + at + 4)); /* id = first part of the GUID */
            n_templates++;
        }
    }
    return n_templates;
}

/* Frames of all records; returns how many. */
static size_t walk_records(const uint8_t *chunk, uint64_t first_id)
{
    size_t n_records = 0;
    uint32_t at = 512;
    uint32_t last = 0;
    while (at < u32(chunk + 48)) {
        uint32_t size = u32(chunk + at + 4);
        assert_int_equal(u32(chunk + at), 0x2A2A);
        assert_int_equal(size % 8, 0);
        assert_in_range(size, 28, u32(chunk + 48) - at);
        assert_int_equal(u32(chunk + at + size - 4), size);
        assert_int_equal(u64(chunk + at + 8), first_id + n_records);
        last = at;
        at += size;
        n_records++;
    }
    assert_int_equal(at, u32(chunk + 48));
    assert_int_equal(last, u32(chunk + 44));
    return n_records;
}

static void check_checksums(const struct file *file, size_t n_chunks, bool expected)
{
    assert_int_equal(slow_crc(0, file->bytes, 120) == u32(file->bytes + 124), expected);
    for (size_t i = 0; i < n_chunks; i++) {
        const uint8_t *chunk = file->bytes + 4096 + i * 65536;
        uint32_t header = slow_crc(slow_crc(0, chunk, 120), chunk + 128, 384);
        assert_int_equal(header == u32(chunk + 124), expected);
        assert_int_equal(slow_crc(0, chunk + 512, u32(chunk + 48) - 512) == u32(chunk + 52),
                         expected);
    }
}

static void test_one_full_file(void **state)
{
    (void)state;
    struct iw_lab_evtx_options options = {.minor_version = 2, .first_record_id = 500};
    write_events(&options, 1000);
    struct file file = read_file();
    size_t n_chunks = (file.size_bytes - 4096) / 65536;
    assert_int_equal(file.size_bytes, 4096 + n_chunks * 65536);
    assert_true(n_chunks >= 2);
    assert_memory_equal(file.bytes, "ElfFile\0", 8);
    assert_int_equal(u64(file.bytes + 16), n_chunks - 1);
    assert_int_equal(u64(file.bytes + 24), 1500);
    assert_int_equal(u32(file.bytes + 32), 128);
    assert_int_equal(u16(file.bytes + 36), 2);
    assert_int_equal(u16(file.bytes + 38), 3);
    assert_int_equal(u16(file.bytes + 40), 4096);
    assert_int_equal(u32(file.bytes + 42), n_chunks);
    assert_int_equal(u32(file.bytes + 120), 0);
    check_checksums(&file, n_chunks, true);
    size_t n_records = 0;
    for (size_t i = 0; i < n_chunks; i++) {
        const uint8_t *chunk = file.bytes + 4096 + i * 65536;
        assert_memory_equal(chunk, "ElfChnk\0", 8);
        assert_int_equal(u64(chunk + 8), 1 + n_records);
        assert_int_equal(u64(chunk + 24), 500 + n_records);
        assert_int_equal(u32(chunk + 120), 1);
        /* 28 names: Event xmlns System Provider Name Guid EventID Qualifiers Version Level Task
         * Opcode Keywords TimeCreated SystemTime EventRecordID Correlation ActivityID
         * RelatedActivityID Execution ProcessID ThreadID Channel Computer Security UserID EventData
         * Data */
        assert_int_equal(walk_names(chunk), 28);
        assert_int_equal(walk_templates(chunk), 2);
        n_records += walk_records(chunk, 500 + n_records);
        assert_int_equal(u64(chunk + 16), n_records);
        assert_int_equal(u64(chunk + 32), 499 + n_records);
    }
    assert_int_equal(n_records, 1000);
    test_free(file.bytes);
}

static void test_small_chunks_without_checksums(void **state)
{
    (void)state;
    struct iw_lab_evtx_options options = {.chunk_records = 2, .no_crc = true};
    write_events(&options, 7);
    struct file file = read_file();
    assert_int_equal(file.size_bytes, 4096 + 4 * 65536);
    assert_int_equal(u16(file.bytes + 36), 1);
    assert_int_equal(u32(file.bytes + 120), 4);
    assert_int_equal(u32(file.bytes + 4096 + 120), 5);
    assert_int_equal(u32(file.bytes + 124), 0);
    assert_int_equal(u32(file.bytes + 4096 + 52), 0);
    check_checksums(&file, 4, false);
    assert_int_equal(walk_records(file.bytes + 4096, 1), 2);
    assert_int_equal(walk_records(file.bytes + 4096 + 3 * 65536, 7), 1);
    test_free(file.bytes);
}

static void test_record_larger_than_a_chunk(void **state)
{
    (void)state;
    struct iw_lab_error error;
    static char text[40001];
    memset(text, 'x', sizeof text - 1);
    struct iw_lab_evtx *file = iw_lab_evtx_new(path, NULL, &error);
    size_t shape = iw_lab_evtx_define(file, &schema);
    struct iw_lab_value values[] = {iw_lab_value_text(text),
                                    iw_lab_value_number(IW_LAB_TYPE_U32, 1)};
    struct iw_lab_event event = {.filetime = 1, .values = values, .n_values = 2};
    assert_false(iw_lab_evtx_add(file, shape, &event, &error));
    event.n_values = 1;
    assert_false(iw_lab_evtx_add(file, shape, &event, &error));
    event.n_values = 2;
    values[0] = iw_lab_value_text("short");
    assert_true(iw_lab_evtx_add(file, shape, &event, &error)); /* the file is still good */
    assert_true(iw_lab_evtx_close(file, &error));
    struct file written = read_file();
    assert_int_equal(written.size_bytes, 4096 + 65536);
    check_checksums(&written, 1, true);
    assert_int_equal(walk_names(written.bytes + 4096), 28);
    assert_int_equal(walk_records(written.bytes + 4096, 1), 1);
    test_free(written.bytes);
}

static void test_every_damage_applies(void **state)
{
    (void)state;
    struct iw_lab_evtx_options options = {.chunk_records = 6};
    struct iw_lab_error error;
    write_events(&options, 18);
    struct file sound = read_file();
    size_t n_kinds = 0;
    for (; iw_lab_damage_name(n_kinds) != NULL; n_kinds++) {
        write_events(&options, 18);
        assert_true(iw_lab_damage_file(path, iw_lab_damage_name(n_kinds), &error));
        struct file file = read_file();
        assert_true(file.size_bytes != sound.size_bytes ||
                    memcmp(file.bytes, sound.bytes, file.size_bytes) != 0);
        test_free(file.bytes);
    }
    assert_true(n_kinds >= 12);
    assert_false(iw_lab_damage_file(path, "no-such-damage", &error));
    test_free(sound.bytes);
}

static void test_stale_records(void **state)
{
    (void)state;
    struct iw_lab_error error;
    write_events(NULL, 10);
    assert_true(iw_lab_damage_file(path, "stale-records", &error));
    struct file file = read_file();
    const uint8_t *chunk = file.bytes + 4096;
    assert_int_equal(walk_records(chunk, 1), 5);
    assert_int_equal(u64(chunk + 32), 5);
    assert_int_equal(u32(chunk + u32(chunk + 48)),
                     0x2A2A); /* the sixth still stands behind the end */
    check_checksums(&file, 1, true);
    test_free(file.bytes);
}

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "test_lab_structure.XXXXXX");
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_full_file),
        cmocka_unit_test(test_small_chunks_without_checksums),
        cmocka_unit_test(test_record_larger_than_a_chunk),
        cmocka_unit_test(test_every_damage_applies),
        cmocka_unit_test(test_stale_records),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
