/*
 * Damaged hives: cut at every byte, every bit turned over, no memory at every place, loops, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf.h"
#include "iis/hive/hive.h"
#include "tests/unit/iis/hive_make.h"

static const uint32_t one = 1;

static struct iw_str small(struct hive_make *make, enum hive_list list)
{
    uint32_t key;
    hive_make_init(make);
    make->list = list;
    key = hive_make_path(make, "Microsoft\\InetStp");
    hive_make_text(make, key, "VersionString", 1, "Version 10.0");
    hive_make_dword(make, key, "Major", &one);
    make->keys[hive_make_path(make, "Classes\\CLSID")].is_wide = true;
    hive_make_path(make, "Policies");
    return hive_make_finish(make);
}

/* Goes through all there is, never deeper or longer than what a hive of this size can hold. */
static uint32_t walk(struct iw_hive *hive)
{
    struct iw_hive_key stack[4096];
    uint32_t n = 0, n_seen = 0;
    if (iw_hive_root(hive, &stack[0]) == IW_HIVE_FOUND)
        n = 1;
    while (n != 0 && n_seen < 2000) {
        struct iw_hive_key key = stack[--n];
        struct iw_hive_keys keys;
        struct iw_hive_values values;
        n_seen++;
        assert_true(iw_utf8_valid(key.name));
        (void)iw_hive_values(hive, &key, &values);
        for (uint32_t i = 0; i < values.n; i++) {
            uint32_t n_texts;
            assert_true(iw_utf8_valid(values.items[i].name));
            assert_true(iw_utf8_valid(iw_hive_text(hive, &values.items[i])));
            (void)iw_hive_texts(hive, &values.items[i], &n_texts);
        }
        (void)iw_hive_keys(hive, &key, &keys);
        for (uint32_t i = 0; i < keys.n && n < 4096; i++)
            stack[n++] = keys.items[i];
    }
    return n_seen;
}

/* A copy of exactly that size, so that the sanitizer sees the first byte behind it. */
static enum iw_rc read_copy(const uint8_t *bytes, size_t n, struct iw_arena *arena,
                            uint64_t *ret_damage, uint32_t *ret_keys)
{
    char *copy = malloc(n != 0 ? n : 1);
    struct iw_hive *hive;
    enum iw_rc rc;
    assert_non_null(copy);
    if (n != 0)
        memcpy(copy, bytes, n);
    iw_arena_reset(arena);
    rc = iw_hive_open((struct iw_str){copy, n}, arena, &hive, NULL);
    *ret_keys = rc == IW_OK ? walk(hive) : 0;
    *ret_damage = rc == IW_OK ? iw_hive_damage_total(hive) : 0;
    iw_hive_close(hive);
    free(copy);
    return rc;
}

static void cut_at_every_byte(void **state)
{
    (void)state;
    for (int list = HIVE_LH; list <= HIVE_RI; list++) {
        struct hive_make make;
        struct iw_str file = small(&make, (enum hive_list)list);
        struct iw_arena arena;
        uint64_t damage;
        uint32_t n_keys;
        iw_arena_init(&arena, 0);
        assert_int_equal(read_copy(make.bytes, file.n, &arena, &damage, &n_keys), IW_OK);
        assert_int_equal(damage, 0);
        assert_int_equal(n_keys, 6);
        for (size_t n = 0; n < file.n; n++) {
            enum iw_rc rc = read_copy(make.bytes, n, &arena, &damage, &n_keys);
            assert_int_equal(rc, n < 4 ? IW_EFORMAT : IW_OK);
            assert_true(n < 4 || damage != 0);
        }
        iw_arena_done(&arena);
        hive_make_done(&make);
    }
}

static void every_bit_turned_over(void **state)
{
    (void)state;
    for (int list = HIVE_LH; list <= HIVE_RI; list += 3) {
        struct hive_make make;
        struct iw_str file = small(&make, (enum hive_list)list);
        struct iw_arena arena;
        uint64_t damage;
        uint32_t n_keys;
        iw_arena_init(&arena, 0);
        for (size_t at = 0; at < 4096 + (size_t)make.at; at++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                make.bytes[at] ^= (uint8_t)(1U << bit);
                assert_int_equal(read_copy(make.bytes, file.n, &arena, &damage, &n_keys), IW_OK);
                make.bytes[at] ^= (uint8_t)(1U << bit);
                /* What the base block says is covered by its sum. */
                assert_true(at >= 512 || (damage != 0 && n_keys == 6));
            }
        }
        iw_arena_done(&arena);
        hive_make_done(&make);
    }
}

static void no_key_costs_its_neighbours(void **state)
{
    struct hive_make make;
    struct iw_arena arena;
    uint32_t b;
    struct iw_str file;
    (void)state;
    iw_arena_init(&arena, 0);
    hive_make_init(&make);
    hive_make_path(&make, "A");
    b = hive_make_path(&make, "B");
    hive_make_path(&make, "C");
    file = hive_make_finish(&make);
    for (size_t at = 0; at < 84; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct iw_hive_key root, key;
            struct iw_hive *hive;
            uint8_t *p = make.bytes + hive_make_place(&make, b) + at;
            *p ^= (uint8_t)(1U << bit);
            iw_arena_reset(&arena);
            assert_int_equal(iw_hive_open(file, &arena, &hive, NULL), IW_OK);
            assert_int_equal(iw_hive_root(hive, &root), IW_HIVE_FOUND);
            assert_int_equal(iw_hive_find_below(hive, &root, IW_STR("A"), &key), IW_HIVE_FOUND);
            assert_int_equal(iw_hive_find_below(hive, &root, IW_STR("C"), &key), IW_HIVE_FOUND);
            iw_hive_close(hive);
            *p ^= (uint8_t)(1U << bit);
        }
    }
    hive_make_done(&make);
    iw_arena_done(&arena);
}

static void no_memory_anywhere(void **state)
{
    struct hive_make make;
    struct iw_str file = small(&make, HIVE_LH);
    static const char text[] = "REGEDIT4\n[HKLM\\A]\n\"b\"=hex(2):61,00\n\"c\"=\"caf\xE9\"\n";
    (void)state;
    for (int form = 0; form < 2; form++) {
        bool is_done = false;
        for (uint64_t n = 1; !is_done && n < 1000; n++) {
            struct iw_arena arena;
            struct iw_hive *hive;
            enum iw_rc rc;
            iw_arena_init(&arena, 0);
            iw_alloc_fail_at(n);
            rc = iw_hive_open(form == 0 ? file : iw_str_of(text), &arena, &hive, NULL);
            is_done = iw_alloc_count() < n;
            iw_alloc_fail_at(0);
            assert_int_equal(rc, is_done ? IW_OK : IW_ENOMEM);
            iw_hive_close(hive);
            iw_arena_done(&arena);
        }
        assert_true(is_done);
    }
    hive_make_done(&make);
}

static void put_u32(uint8_t *p, uint32_t value)
{
    memcpy(p, &value, sizeof value);
}

/* A key that is its own child, a list of lists that holds itself. */
static void loops_end(void **state)
{
    struct hive_make make;
    struct iw_arena arena;
    struct iw_hive *hive;
    struct iw_str file = small(&make, HIVE_RI);
    uint8_t *root = make.bytes + hive_make_place(&make, 0) + 4, *list;
    uint32_t at;
    (void)state;
    iw_arena_init(&arena, 0);
    memcpy(&at, root + 28, 4);
    list = make.bytes + 4096 + at + 4;
    put_u32(list + 8, at); /* the second list: the list of lists itself */
    assert_int_equal(iw_hive_open(file, &arena, &hive, NULL), IW_OK);
    (void)walk(hive);
    assert_true(iw_hive_info(hive)->damage[IW_HIVE_DAMAGE_LIST].count != 0);
    iw_hive_close(hive);
    memcpy(&at, list + 4, 4);
    put_u32(make.bytes + 4096 + at + 8, make.keys[0].cell); /* first key: the root */
    assert_int_equal(iw_hive_open(file, &arena, &hive, NULL), IW_OK);
    assert_int_equal(walk(hive), 2000); /* the walker's own limit: no end, but no more memory */
    assert_true(iw_hive_info(hive)->damage[IW_HIVE_DAMAGE_PARENT].count != 0);
    iw_hive_close(hive);
    hive_make_done(&make);
    iw_arena_done(&arena);
}

/* A list of lists that names one list again and again: as many keys as the limit, or one more. */
static void keeps_the_limit_of_keys(void **state)
{
    enum { LEAF = 4096, LISTS = IW_LIMIT_HIVE_KEYS / LEAF };
    size_t n_bytes = 4096 + 65536;
    uint8_t *bytes = calloc(1, n_bytes), *bins = bytes + 4096;
    (void)state;
    assert_non_null(bytes);
    for (uint32_t more = 0; more < 2; more++) {
        struct iw_str file = {(const char *)bytes, n_bytes};
        struct iw_arena arena;
        struct iw_hive *hive;
        struct iw_hive_key root;
        struct iw_hive_keys keys;
        memcpy(bytes, "regf", 4);
        put_u32(bytes + 36, 32);
        memcpy(bins + 32, "\xA8\xFF\xFF\xFFnk\x24\0", 8); /* 88 bytes; the root, and its child */
        put_u32(bins + 36 + 20, IW_LIMIT_HIVE_KEYS + more);
        put_u32(bins + 36 + 28, 256);
        put_u32(bins + 256, 0U - (8 + 4 * (LISTS + 8)));
        memcpy(bins + 260, "ri", 2);
        bins[262] = (uint8_t)(LISTS + more);
        for (uint32_t i = 0; i < LISTS + more; i++)
            put_u32(bins + 264 + (size_t)i * 4, i < LISTS ? 1024 : 32768);
        put_u32(bins + 1024, 0U - (8U + 4U * LEAF));
        memcpy(bins + 1028, "li\0\x10", 4);
        for (uint32_t i = 0; i < LEAF; i++)
            put_u32(bins + 1032 + (size_t)i * 4, 32);
        put_u32(bins + 32768, 0U - 16U);
        memcpy(bins + 32772, "li\1\0", 4);
        put_u32(bins + 32776, 32);
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_hive_open(file, &arena, &hive, NULL), IW_OK);
        assert_int_equal(iw_hive_root(hive, &root), IW_HIVE_FOUND);
        (void)iw_hive_keys(hive, &root, &keys);
        assert_int_equal(keys.n, IW_LIMIT_HIVE_KEYS);
        assert_int_equal(iw_hive_info(hive)->damage[IW_HIVE_DAMAGE_LIMIT].count, more);
        iw_hive_close(hive);
        iw_arena_done(&arena);
    }
    free(bytes);
}

static void keeps_the_limit_of_names(void **state)
{
    char name[IW_LIMIT_HIVE_NAME_UNITS + 2];
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        struct hive_make make;
        struct iw_arena arena;
        struct iw_hive *hive;
        struct iw_hive_key root;
        struct iw_hive_values values;
        memset(name, 'n', sizeof name);
        name[IW_LIMIT_HIVE_NAME_UNITS + more] = '\0';
        hive_make_init(&make);
        hive_make_dword(&make, 0, name, &one);
        iw_arena_init(&arena, 0);
        assert_int_equal(iw_hive_open(hive_make_finish(&make), &arena, &hive, NULL), IW_OK);
        assert_int_equal(iw_hive_root(hive, &root), IW_HIVE_FOUND);
        (void)iw_hive_values(hive, &root, &values);
        assert_int_equal(values.items[0].name.n, IW_LIMIT_HIVE_NAME_UNITS);
        assert_int_equal(iw_hive_info(hive)->damage[IW_HIVE_DAMAGE_LIMIT].count, more);
        iw_hive_close(hive);
        iw_arena_done(&arena);
        hive_make_done(&make);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(every_bit_turned_over),
        cmocka_unit_test(no_key_costs_its_neighbours),
        cmocka_unit_test(no_memory_anywhere),
        cmocka_unit_test(loops_end),
        cmocka_unit_test(keeps_the_limit_of_keys),
        cmocka_unit_test(keeps_the_limit_of_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
