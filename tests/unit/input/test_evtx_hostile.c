/*
 * Chunks made by hand to mislead the reader: names, definitions, values and nesting (traps T5–T9)
 * and every limit of base/limits.h on them, at the limit and one past it.
 *
 * The plan of most tests: a good record, a bad one, a good one. The bad one is read, read in part
 * and counted, or lost and counted; the good ones are always there with their own values.
 */
#include "tests/unit/input/evtx_rig.h"

#include "base/limits.h"

struct bad_record {
    void (*write)(struct rig_maker *maker, uint32_t definition, uint64_t argument);
    uint64_t argument;
};

static void put_good(struct rig_maker *maker, uint32_t definition, uint16_t event_id)
{
    const uint16_t text[] = {'o', 'k'};
    rig_begin_record(maker);
    rig_instance(maker, 1, definition);
    rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(event_id), {0x01, 4, text}}, 2);
    rig_end_record(maker);
}

/* Three records: 1 and 3 good, 2 as *bad* writes it (a whole record). */
static struct rig_result read_between(const struct bad_record *bad)
{
    struct rig_maker *maker = rig_maker_new();
    const uint16_t text[] = {'o', 'k'};
    struct rig_result result;
    struct rig_file file;
    uint32_t definition;

    rig_begin_record(maker);
    definition = rig_begin_root(maker, 1);
    rig_data_slot(maker, "a", 1, 0x01);
    rig_end_root(maker, definition);
    rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(1), {0x01, 4, text}}, 2);
    rig_end_record(maker);
    bad->write(maker, definition, bad->argument);
    put_good(maker, definition, 3);
    file = rig_file_of(&maker, 1);
    result = rig_read(file.bytes, file.n, NULL);
    assert_true(result.n >= 2 && result.n <= 3);
    assert_int_equal(result.events[0].event_id, 1);
    assert_int_equal(result.events[result.n - 1].event_id, 3);
    assert_true(rig_has(&result.events[0], "\"a\":\"ok\""));
    assert_true(rig_has(&result.events[result.n - 1], "\"a\":\"ok\""));
    assert_int_equal(result.events[0].flags & IW_EVENT_CUT, 0);
    assert_int_equal(result.events[result.n - 1].flags & IW_EVENT_CUT, 0);
    rig_file_done(&file);
    rig_maker_free(maker);
    return result;
}

static void expect_good(void (*write)(struct rig_maker *, uint32_t, uint64_t), uint64_t argument)
{
    struct rig_result result = read_between(&(struct bad_record){write, argument});
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    assert_int_equal(result.n, 3);
    rig_result_done(&result);
}

/* The bad record is marked as cut, or gone and counted once. */
static void expect_damage(void (*write)(struct rig_maker *, uint32_t, uint64_t), uint64_t argument)
{
    struct rig_result result = read_between(&(struct bad_record){write, argument});
    if (result.n == 3) {
        rig_assert_only(&result, IW_DAMAGE_RECORD_CUT, IW_DAMAGE_COUNT);
        assert_true((result.events[1].flags & IW_EVENT_CUT) != 0);
    } else {
        rig_assert_only(&result, IW_DAMAGE_RECORD, IW_DAMAGE_COUNT);
    }
    assert_int_equal(rig_losses(&result), 1);
    rig_result_done(&result);
}

static void expect_limit(void (*write)(struct rig_maker *, uint32_t, uint64_t), uint64_t argument)
{
    struct rig_result result = read_between(&(struct bad_record){write, argument});
    rig_assert_only(&result, IW_DAMAGE_LIMIT, IW_DAMAGE_COUNT);
    assert_int_equal(rig_count(&result, IW_DAMAGE_LIMIT), 1);
    if (result.n == 3)
        assert_true((result.events[1].flags & IW_EVENT_CUT) != 0);
    rig_result_done(&result);
}

/* --- names
 * --------------------------------------------------------------------------------------------------------
 */

/* A definition of its own whose <Data> has its name at *offset*. */
static void write_name_at(struct rig_maker *maker, uint32_t definition, uint64_t offset)
{
    (void)definition;
    rig_begin_record(maker);
    definition = rig_begin_root(maker, 2);
    iw_lab_chunk_put_u8(&maker->chunk, 0x01);
    iw_lab_chunk_put_u16(&maker->chunk, 0xFFFF);
    iw_lab_chunk_put_u32(&maker->chunk, 0);
    rig_put_name_at(maker, (uint32_t)offset);
    iw_lab_chunk_put_u8(&maker->chunk, 0x02);
    rig_text(maker, "text");
    rig_close(maker);
    rig_end_root(maker, definition);
    rig_values(maker, &RIG_EVENT_ID(2), 1);
    rig_end_record(maker);
}

static void test_name_offsets(void **state)
{
    /* Outside; inside the header; a record's mark; the last bytes; far away; the middle of names:
     * the first record's first name begins behind its head of 24 + 4 + 34 + 4 + 7 + 4 bytes. */
    const uint64_t offsets[] = {0,     1,       511,        512,        513,
                                520,   589 + 2, 589 + 8,    65525,      65526,
                                65535, 65536,   0x7FFFFFFF, 0xFFFFFFFF, 40000};
    (void)state;
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++)
        expect_damage(write_name_at, offsets[i]);
}

/* An inline name whose count says *count* of its 4 characters; bit 32: its hash is wrong too. */
static void write_name_count(struct rig_maker *maker, uint32_t definition, uint64_t count)
{
    uint32_t name;
    (void)definition;
    rig_begin_record(maker);
    definition = rig_begin_root(maker, 2);
    name = rig_open(maker, "Leaf", true);
    iw_lab_store_u16(maker->chunk.bytes + name + 6, (uint16_t)count);
    if (count >> 32 != 0)
        maker->chunk.bytes[name + 4] ^= 1;
    rig_text(maker, "text");
    rig_close(maker);
    rig_end_root(maker, definition);
    rig_values(maker, &RIG_EVENT_ID(2), 1);
    rig_end_record(maker);
}

static void test_name_counts(void **state)
{
    const uint64_t counts[] = {0, 3, 5, 255, 32767, 32768, 65535};
    (void)state;
    expect_good(write_name_count, 4);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        expect_good(write_name_count, counts[i]); /* its hash says where it ends */
        expect_damage(write_name_count, counts[i] | 1ULL << 32);
    }
}

/* Chains are never walked: whatever they say, everything is read and nothing is damaged (T5). */
static void test_chain_cycles(void **state)
{
    struct rig_file file = rig_file_make(6, 6, 1);
    uint8_t *chunk = file.bytes + EVTX_FILE_HEADER_BYTES;
    (void)state;
    for (unsigned kind = 0; kind < 3; kind++) {
        uint32_t first = 0;
        for (size_t bucket = 128; bucket < 512; bucket += 4) {
            uint32_t head = iw_load_u32(chunk + bucket);
            struct rig_result result;
            if (head == 0)
                continue;
            if (bucket == 384)
                first = 0;
            if (kind == 0)
                iw_lab_store_u32(chunk + head, head); /* points at itself */
            else if (kind == 1 && first != 0)
                iw_lab_store_u32(chunk + head, first), iw_lab_store_u32(chunk + first, head);
            else if (kind == 2)
                iw_lab_store_u32(chunk + bucket, 0xFFFFFFFF);
            first = head;
            result = rig_read(file.bytes, file.n, NULL);
            assert_int_equal(result.n, 6);
            rig_assert_only(&result, IW_DAMAGE_COUNT);
            rig_result_done(&result);
        }
    }
    rig_file_done(&file);
}

/* --- definitions
 * --------------------------------------------------------------------------------------------------
 */

static void write_definition_at(struct rig_maker *maker, uint32_t definition, uint64_t offset)
{
    (void)definition;
    rig_begin_record(maker);
    rig_instance(maker, 1, (uint32_t)offset);
    rig_values(maker, &RIG_EVENT_ID(2), 1);
    rig_end_record(maker);
}

/* Relative to the cursor behind the offset, where an inline definition would begin (T8). */
static void write_definition_near(struct rig_maker *maker, uint32_t definition, uint64_t distance)
{
    (void)definition;
    rig_begin_record(maker);
    rig_instance(maker, 1, (uint32_t)(maker->chunk.cursor + 10 + distance));
    rig_values(maker, &RIG_EVENT_ID(2), 1);
    rig_end_record(maker);
}

static void test_definition_offsets(void **state)
{
    const uint64_t offsets[] = {0,     511,   512,   513,   600,        30000,     65511,
                                65512, 65513, 65535, 65536, 0x80000000, 0xFFFFFFFF};
    (void)state;
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++)
        expect_damage(write_definition_at, offsets[i]);
    /* Its own instance, forward into its values, forward into the next record. */
    expect_damage(write_definition_near, (uint64_t)-10);
    expect_damage(write_definition_near, (uint64_t)-1);
    expect_damage(write_definition_near, 4);
    expect_damage(write_definition_near, 40);
}

/* --- values
 * --------------------------------------------------------------------------------------------------------
 */

static void write_value_count(struct rig_maker *maker, uint32_t definition, uint64_t count)
{
    rig_begin_record(maker);
    rig_instance(maker, 1, definition);
    iw_lab_chunk_put_u32(&maker->chunk, (uint32_t)count);
    iw_lab_chunk_put_u32(&maker->chunk, 0x00060002);
    iw_lab_chunk_put_u16(&maker->chunk, 2);
    rig_end_record(maker);
}

static void write_values(struct rig_maker *maker, uint32_t definition, uint64_t n)
{
    struct rig_value *values = calloc(n, sizeof *values);
    assert_non_null(values);
    values[0] = RIG_EVENT_ID(2);
    values[1] = (struct rig_value){0x01, 4, "o\0k\0"};
    rig_begin_record(maker);
    rig_instance(maker, 1, definition);
    rig_values(maker, values, (uint32_t)n);
    rig_end_record(maker);
    free(values);
}

static void test_value_counts(void **state)
{
    const uint64_t counts[] = {3,          100,        65536,      0x3FFFFFFF,
                               0x40000000, 0x40000001, 0x80000000, 0xFFFFFFFF};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        expect_damage(write_value_count, counts[i]);
    expect_damage(write_value_count, 0); /* the descriptors stay unread: the record ends too late */
    expect_good(write_values, IW_LIMIT_TEMPLATE_VALUES);
    expect_limit(write_values, IW_LIMIT_TEMPLATE_VALUES + 1);
}

static void write_value_size(struct rig_maker *maker, uint32_t definition, uint64_t size_bytes)
{
    uint32_t at;
    rig_begin_record(maker);
    rig_instance(maker, 1, definition);
    at = maker->chunk.cursor + 4 + 4;
    rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(2), {0x01, 4, "o\0k\0"}}, 2);
    iw_lab_store_u16(maker->chunk.bytes + at, (uint16_t)size_bytes);
    rig_end_record(maker);
}

static void test_value_sizes(void **state)
{
    (void)state;
    expect_good(write_value_size, 4);
    expect_damage(write_value_size, 1000);
    expect_damage(write_value_size, 65535);
}

/* A slot that is not among the values is NULL, nothing more (T7). */
static void write_missing_slot(struct rig_maker *maker, uint32_t definition, uint64_t slot)
{
    (void)definition;
    rig_begin_record(maker);
    definition = rig_begin_root(maker, 2);
    rig_data_slot(maker, "missing", (uint16_t)slot, 0x01);
    rig_end_root(maker, definition);
    rig_values(maker, &RIG_EVENT_ID(2), 1);
    rig_end_record(maker);
}

static void test_missing_slots(void **state)
{
    struct rig_result result;
    (void)state;
    expect_good(write_missing_slot, 1);
    expect_good(write_missing_slot, 65535);
    result = read_between(&(struct bad_record){write_missing_slot, 65535});
    assert_true(rig_has(&result.events[1], "\"missing\":\"\""));
    rig_result_done(&result);
}

/* --- limits
 * --------------------------------------------------------------------------------------------------------
 */

static void write_depth(struct rig_maker *maker, uint32_t definition, uint64_t depth)
{
    (void)definition;
    rig_begin_record(maker);
    definition = rig_begin_root(maker, 2);
    for (uint64_t i = 2; i < depth; i++) /* Event and EventData are open */
        (void)rig_open(maker, "x", true);
    for (uint64_t i = 2; i < depth; i++)
        rig_close(maker);
    rig_end_root(maker, definition);
    rig_values(maker, &RIG_EVENT_ID(2), 1);
    rig_end_record(maker);
}

static void test_depth(void **state)
{
    (void)state;
    expect_good(write_depth, IW_LIMIT_BINXML_DEPTH);
    expect_damage(write_depth, IW_LIMIT_BINXML_DEPTH + 1);
}

/* *levels* documents inside one another, the record's own included. */
static void write_nesting(struct rig_maker *maker, uint32_t definition, uint64_t levels)
{
    struct iw_lab_chunk *chunk = &maker->chunk;
    uint32_t outer, sizes[IW_LIMIT_BINXML_NESTING + 2], begins[IW_LIMIT_BINXML_NESTING + 2];
    size_t n_sizes = 0;
    (void)definition;
    rig_begin_record(maker);
    outer = rig_begin_root(maker, 2);
    rig_slot(maker, 1, 0x21, true);
    rig_end_root(maker, outer);
    /* Values: the event id, and a document that holds a document that holds … The sizes of all of
     * them reach to the end, so they are filled in there. */
    iw_lab_chunk_put_u32(chunk, 2);
    iw_lab_chunk_put_u32(chunk, 0x00060002);
    sizes[n_sizes++] = chunk->cursor;
    iw_lab_chunk_put_u32(chunk, 0x00210000);
    iw_lab_chunk_put_u16(chunk, 2);
    begins[0] = chunk->cursor;
    for (uint64_t level = 1; level < levels; level++) {
        if (level == 1) {
            definition = rig_begin_definition(maker, 3);
            (void)rig_open(maker, "Shell", true);
            rig_slot(maker, 0, 0x21, true);
            rig_close(maker);
            rig_end_definition(maker, definition);
        } else {
            rig_instance(maker, 3, definition);
        }
        iw_lab_chunk_put_u32(chunk, 1);
        if (level + 1 < levels)
            sizes[n_sizes++] = chunk->cursor;
        iw_lab_chunk_put_u32(chunk, level + 1 < levels ? 0x00210000 : 0);
        begins[level] = chunk->cursor;
    }
    for (size_t i = 0; i < n_sizes; i++)
        iw_lab_store_u16(chunk->bytes + sizes[i], (uint16_t)(chunk->cursor - begins[i]));
    rig_end_record(maker);
}

static void test_nesting(void **state)
{
    (void)state;
    expect_good(write_nesting, 2);
    expect_good(write_nesting, IW_LIMIT_BINXML_NESTING);
    expect_limit(write_nesting, IW_LIMIT_BINXML_NESTING + 1);
}

/* EventID, Channel and Computer, and *n* − 3 items of an array of bytes. */
static void write_fields(struct rig_maker *maker, uint32_t definition, uint64_t n)
{
    rig_begin_record(maker);
    rig_instance(maker, 1, definition);
    rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(2), {0x84, (uint16_t)(n - 3), NULL}}, 2);
    rig_end_record(maker);
}

static void test_fields(void **state)
{
    struct rig_result result;
    (void)state;
    expect_good(write_fields, IW_LIMIT_EVENT_FIELDS);
    expect_limit(write_fields, IW_LIMIT_EVENT_FIELDS + 1);
    result = read_between(&(struct bad_record){write_fields, IW_LIMIT_EVENT_FIELDS});
    assert_int_equal(result.events[1].n_fields, IW_LIMIT_EVENT_FIELDS);
    rig_result_done(&result);
}

static void write_fragments(struct rig_maker *maker, uint32_t definition, uint64_t n)
{
    rig_begin_record(maker);
    for (uint64_t i = 0; i < n; i++) {
        rig_instance(maker, 1, definition);
        rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(2), {0, 0, NULL}}, 2);
    }
    rig_end_record(maker);
}

static void test_fragments(void **state)
{
    (void)state;
    expect_good(write_fragments, 1);
    expect_damage(write_fragments, 2); /* two documents: read by the first, and said so */
    expect_damage(write_fragments, IW_LIMIT_RECORD_FRAGMENTS);
    expect_limit(write_fragments, IW_LIMIT_RECORD_FRAGMENTS + 1);
}

/* A text of 10,000 characters *n* times over in one field. */
static void write_large_text(struct rig_maker *maker, uint32_t definition, uint64_t n)
{
    uint16_t *text = calloc(10000, 2);
    assert_non_null(text);
    for (size_t i = 0; i < 10000; i++)
        text[i] = 'x';
    (void)definition;
    rig_begin_record(maker);
    definition = rig_begin_root(maker, 2);
    (void)rig_open(maker, "Large", true);
    for (uint64_t i = 0; i < n; i++)
        rig_slot(maker, 1, 0x01, false);
    rig_close(maker);
    rig_end_root(maker, definition);
    rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(2), {0x01, 20000, text}}, 2);
    rig_end_record(maker);
    free(text);
}

static void test_text_bytes(void **state)
{
    (void)state;
    expect_good(write_large_text, 200);
    expect_limit(write_large_text, IW_LIMIT_CHUNK_TEXT_BYTES / 10000 + 1);
    expect_limit(write_large_text, IW_LIMIT_BATCH_BYTES / 10000);
}

/* The limit on text is of each chunk: many full chunks are all read whole. */
static void test_text_is_limited_by_chunk(void **state)
{
    struct rig_maker *makers[12];
    struct rig_result result;
    struct rig_file file;
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        makers[i] = rig_maker_new();
        makers[i]->next_id = 2 * i + 1;
        write_large_text(makers[i], 0, 100);
        write_large_text(makers[i], 0, 100);
    }
    file = rig_file_of(makers, 12);
    result = rig_read(file.bytes, file.n, NULL);
    assert_int_equal(result.n, 24);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    for (size_t i = 0; i < result.n; i++)
        assert_true(strlen(result.events[i].json) > 1000000);
    rig_result_done(&result);
    rig_file_done(&file);
    for (size_t i = 0; i < 12; i++)
        rig_maker_free(makers[i]);
}

/* Definitions that say they are 32,768 bytes long, so that they overlap: 8 of them reach the limit
 * exactly. */
static struct rig_result read_overlapping(uint32_t n)
{
    struct rig_maker *maker = rig_maker_new();
    struct rig_result result;
    struct rig_file file;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t definition;
        rig_begin_record(maker);
        definition = rig_begin_root(maker, (uint8_t)(i + 1));
        rig_data_slot(maker, "a", 1, 0x01);
        rig_end_root(maker, definition);
        rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(2), {0x01, 4, "o\0k\0"}}, 2);
        rig_end_record(maker);
        iw_lab_store_u32(maker->chunk.bytes + definition + 20, 32768);
    }
    file = rig_file_of(&maker, 1);
    result = rig_read(file.bytes, file.n, NULL);
    rig_file_done(&file);
    rig_maker_free(maker);
    return result;
}

static void test_template_bytes(void **state)
{
    const uint32_t n = IW_LIMIT_TEMPLATE_BYTES_PER_CHUNK / 32768;
    struct rig_result result = read_overlapping(n);
    (void)state;
    assert_int_equal(result.n, n);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    rig_result_done(&result);
    result = read_overlapping(n + 1);
    assert_int_equal(result.n, n);
    rig_assert_only(&result, IW_DAMAGE_LIMIT, IW_DAMAGE_COUNT);
    assert_int_equal(rig_count(&result, IW_DAMAGE_LIMIT), 1);
    rig_result_done(&result);
}

/* --- the cache (T9)
 * ---------------------------------------------------------------------------------------------
 */

/* A record whose template has GUID *guid_byte* and one field named *name*. */
static void put_named(struct rig_maker *maker, uint8_t guid_byte, const char *name)
{
    uint32_t definition;
    rig_begin_record(maker);
    definition = rig_begin_root(maker, guid_byte);
    rig_data_slot(maker, name, 1, 0x01);
    rig_end_root(maker, definition);
    rig_values(maker, (struct rig_value[]){RIG_EVENT_ID(5), {0x01, 4, "o\0k\0"}}, 2);
    rig_end_record(maker);
}

static void check_names(struct rig_maker *const *makers, size_t n_chunks, size_t per_chunk)
{
    struct rig_file file = rig_file_of(makers, n_chunks);
    struct rig_result result = rig_read(file.bytes, file.n, NULL);
    assert_int_equal(result.n, n_chunks * per_chunk);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    for (size_t i = 0; i < result.n; i++) {
        char expected[64];
        (void)snprintf(expected, sizeof expected, "\"name%zu\":\"ok\"", i);
        if (!rig_has(&result.events[i], expected))
            fail_msg("record %zu has no %s: %s", i, expected, result.events[i].json);
    }
    rig_result_done(&result);
    rig_file_done(&file);
}

static void test_one_guid_many_shapes(void **state)
{
    struct rig_maker *makers[24];
    (void)state;
    for (size_t per_chunk = 1; per_chunk <= 12; per_chunk += 11) {
        for (size_t i = 0; i < 24; i++) {
            makers[i] = rig_maker_new();
            for (size_t k = 0; k < per_chunk; k++) {
                char name[32];
                (void)snprintf(name, sizeof name, "name%zu", i * per_chunk + k);
                put_named(makers[i], 7, name);
            }
        }
        check_names(makers, 24, per_chunk);
        for (size_t i = 0; i < 24; i++)
            rig_maker_free(makers[i]);
    }
}

/* The poisoned shape first, differing in one literal, one slot number, one dependency id. */
static void test_poisoned_literal(void **state)
{
    const char *const channels[] = {"Lab", "Lax", "Lab"};
    struct rig_maker *makers[3];
    struct rig_result result;
    struct rig_file file;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint8_t *hit;
        makers[i] = rig_maker_new();
        put_named(makers[i], 9, "a");
        hit = memmem(makers[i]->chunk.bytes, EVTX_CHUNK_BYTES, "L\0a\0b\0", 6);
        assert_non_null(hit);
        hit[4] = (uint8_t)channels[i][2];
    }
    file = rig_file_of(makers, 3);
    result = rig_read(file.bytes, file.n, NULL);
    assert_int_equal(result.n, 3);
    assert_true(rig_has(&result.events[0], "\"Channel\":\"Lab\""));
    assert_true(rig_has(&result.events[1], "\"Channel\":\"Lax\""));
    assert_true(rig_has(&result.events[2], "\"Channel\":\"Lab\""));
    rig_result_done(&result);
    rig_file_done(&file);
    for (size_t i = 0; i < 3; i++)
        rig_maker_free(makers[i]);
}

/* A name with a wrong hash marks its record whether or not the same template was met before. */
static void test_damaged_name_of_kept_template(void **state)
{
    struct rig_maker *makers[3];
    struct rig_result result;
    struct rig_file file;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        makers[i] = rig_maker_new();
        put_named(makers[i], 9, "a");
    }
    for (size_t damaged = 0; damaged < 3; damaged++) {
        uint8_t *hit =
            memmem(makers[damaged]->chunk.bytes, EVTX_CHUNK_BYTES, "C\0h\0a\0n\0n\0e\0l\0", 14);
        assert_non_null(hit);
        hit[-4] ^= 1;
        file = rig_file_of(makers, 3);
        hit[-4] ^= 1;
        result = rig_read(file.bytes, file.n, NULL);
        assert_int_equal(result.n, 3);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal((result.events[i].flags & IW_EVENT_CUT) != 0, i == damaged);
        assert_int_equal(rig_count(&result, IW_DAMAGE_RECORD_CUT), 1);
        rig_result_done(&result);
        rig_file_done(&file);
    }
    for (size_t i = 0; i < 3; i++)
        rig_maker_free(makers[i]);
}

/* More templates than are kept: the cache is emptied, and nothing else happens. */
static void test_more_templates_than_kept(void **state)
{
    enum { PER_CHUNK = 130 };
    static struct rig_maker *makers[IW_LIMIT_TEMPLATES_CACHED / PER_CHUNK + 3];
    const size_t n = sizeof makers / sizeof makers[0];
    struct rig_result result;
    struct rig_file file = {0};
    size_t n_bytes = EVTX_FILE_HEADER_BYTES + n * EVTX_CHUNK_BYTES;
    (void)state;
    file.bytes = calloc(1, n_bytes);
    assert_non_null(file.bytes);
    memcpy(file.bytes, "ElfFile", 8);
    for (size_t i = 0; i < n; i++) {
        struct rig_maker *maker = rig_maker_new();
        for (uint32_t k = 0; k < PER_CHUNK; k++) {
            uint32_t at = maker->chunk.cursor;
            put_named(maker, 0, "a");
            iw_lab_store_u32(maker->chunk.bytes + at + 24 + 4 + 10 + 4, (uint32_t)i << 16 | k);
        }
        iw_lab_chunk_seal(&maker->chunk, false);
        memcpy(file.bytes + EVTX_FILE_HEADER_BYTES + i * EVTX_CHUNK_BYTES, maker->chunk.bytes,
               EVTX_CHUNK_BYTES);
        rig_maker_free(maker);
    }
    result = rig_read(file.bytes, n_bytes, &(struct rig_options){.without_json = true});
    assert_int_equal(result.n, n * PER_CHUNK);
    rig_assert_only(&result, IW_DAMAGE_COUNT);
    for (size_t i = 0; i < result.n; i++)
        assert_int_equal(result.events[i].n_fields, 4);
    rig_result_done(&result);
    free(file.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_offsets),
        cmocka_unit_test(test_name_counts),
        cmocka_unit_test(test_chain_cycles),
        cmocka_unit_test(test_definition_offsets),
        cmocka_unit_test(test_value_counts),
        cmocka_unit_test(test_value_sizes),
        cmocka_unit_test(test_missing_slots),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_text_bytes),
        cmocka_unit_test(test_text_is_limited_by_chunk),
        cmocka_unit_test(test_template_bytes),
        cmocka_unit_test(test_one_guid_many_shapes),
        cmocka_unit_test(test_poisoned_literal),
        cmocka_unit_test(test_damaged_name_of_kept_template),
        cmocka_unit_test(test_more_templates_than_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
