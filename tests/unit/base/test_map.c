/*
 * The map: many keys, order of insertion, borrowed keys of any bytes, memory failing at any time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/map.h"
#include "tests/support/skip_because.h"

#define N_KEYS 10000U

static char keys[N_KEYS][8];

static struct iw_str key_of(unsigned i)
{
    (void)snprintf(keys[i], sizeof keys[i], "%u", i * 7);
    return iw_str_of(keys[i]);
}

static void many_keys_in_order(void **state)
{
    struct iw_map map;
    bool is_new = false;
    (void)state;
    iw_map_init(&map);
    assert_null(iw_map_find(&map, IW_STR("")));
    for (unsigned i = 0; i < N_KEYS; i++) {
        struct iw_map_entry *entry = iw_map_add(&map, key_of(i), &is_new);
        assert_non_null(entry);
        assert_true(is_new);
        assert_int_equal(entry->value.number, 0);
        entry->value.number = i;
    }
    assert_int_equal(map.n, N_KEYS);
    for (unsigned i = 0; i < N_KEYS; i++) {
        char other[8];
        struct iw_map_entry *entry;
        assert_true(iw_str_equal(map.entries[i].key, iw_str_of(keys[i])));
        entry = iw_map_find(&map, iw_str_of(keys[i]));
        assert_non_null(entry);
        assert_int_equal(entry->value.number, i);
        entry = iw_map_add(&map, iw_str_of(keys[i]), &is_new);
        assert_false(is_new);
        assert_int_equal(entry->value.number, i);
        (void)snprintf(other, sizeof other, "%u", i * 7 + 1);
        assert_null(iw_map_find(&map, iw_str_of(other)));
    }
    assert_int_equal(map.n, N_KEYS);
    iw_map_done(&map);
    iw_map_done(&map);
}

static void keys_are_bytes(void **state)
{
    struct iw_map map;
    (void)state;
    iw_map_init(&map);
    iw_map_add(&map, IW_STR("a\0b"), NULL)->value.number = 1;
    iw_map_add(&map, IW_STR("a\0c"), NULL)->value.number = 2;
    iw_map_add(&map, IW_STR("a"), NULL)->value.number = 3;
    iw_map_add(&map, (struct iw_str){NULL, 0}, NULL)->value.number = 4;
    assert_int_equal(map.n, 4);
    assert_int_equal(iw_map_find(&map, IW_STR("a\0c"))->value.number, 2);
    assert_int_equal(iw_map_find(&map, IW_STR(""))->value.number, 4);
    assert_null(iw_map_find(&map, IW_STR("A")));
    iw_map_done(&map);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1; n <= 12; n++) {
        struct iw_map map;
        unsigned n_failed = 0;
        iw_map_init(&map);
        iw_alloc_fail_at(n);
        for (unsigned i = 0; i < 100; i++) {
            if (iw_map_add(&map, key_of(i), NULL) == NULL) {
                n_failed++;
                assert_int_equal(map.n, i);
                assert_null(iw_map_find(&map, key_of(i)));
                i--; /* again: the map stayed whole */
            }
        }
        iw_alloc_fail_at(0);
        assert_int_equal(n_failed, n <= 10 ? 1 : 0); /* entries and slots grow 5 times each */
        for (unsigned i = 0; i < 100; i++)
            assert_non_null(iw_map_find(&map, key_of(i)));
        iw_map_done(&map);
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_keys_in_order),
        cmocka_unit_test(keys_are_bytes),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
