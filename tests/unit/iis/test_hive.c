/*
 * Hives: facts of the format, one test each, on hives made by hand after the document.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/hive/hive.h"
#include "tests/unit/iis/hive_make.h"

#define SYSTEM "HKEY_LOCAL_MACHINE\\SYSTEM\\"

static const uint32_t one = 1, two = 2;

struct rig {
    struct hive_make make;
    struct iw_arena arena;
    struct iw_hive *hive;
};

static void begin(struct rig *rig)
{
    hive_make_init(&rig->make);
    iw_arena_init(&rig->arena, 0);
    rig->hive = NULL;
}

static void open_made(struct rig *rig)
{
    struct iw_str file = hive_make_finish(&rig->make);
    assert_int_equal(iw_hive_open(file, &rig->arena, &rig->hive, NULL), IW_OK);
}

/* After bytes were changed. */
static void open_again(struct rig *rig)
{
    struct iw_str file = {(const char *)rig->make.bytes, rig->make.n_bytes};
    iw_hive_close(rig->hive);
    assert_int_equal(iw_hive_open(file, &rig->arena, &rig->hive, NULL), IW_OK);
}

static void end(struct rig *rig)
{
    iw_hive_close(rig->hive);
    iw_arena_done(&rig->arena);
    hive_make_done(&rig->make);
}

static void require_text(struct rig *rig, const struct iw_hive_key *key, const char *name,
                         const char *expected)
{
    struct iw_hive_value value;
    struct iw_str text;
    assert_int_equal(iw_hive_value(rig->hive, key, iw_str_of(name), &value), IW_HIVE_FOUND);
    text = iw_hive_text(rig->hive, &value);
    assert_int_equal(text.n, strlen(expected));
    assert_memory_equal(text.p, expected, text.n);
}

static uint64_t damage(const struct rig *rig, enum iw_hive_damage_kind kind)
{
    return iw_hive_info(rig->hive)->damage[kind].count;
}

/* --- base block ------------------------------------------------------------------------------ */

static void says_what_it_is(void **state)
{
    struct rig rig;
    int64_t expected;
    (void)state;
    begin(&rig);
    hive_make_path(&rig.make, "Select");
    hive_make_path(&rig.make, "ControlSet001");
    open_made(&rig);
    assert_true(iw_time_parse(IW_STR("2026-01-05 10:00:00"), &expected));
    assert_int_equal(iw_hive_info(rig.hive)->source, IW_HIVE_REGF);
    assert_int_equal(iw_hive_info(rig.hive)->kind, IW_HIVE_SYSTEM);
    assert_false(iw_hive_info(rig.hive)->is_dirty);
    assert_int_equal(iw_hive_info(rig.hive)->written_ns, expected);
    assert_int_equal(iw_hive_info(rig.hive)->version_minor, 5);
    assert_true(iw_str_equal(iw_hive_info(rig.hive)->written_path, IW_STR("\\config\\TEST")));
    assert_int_equal(iw_hive_damage_total(rig.hive), 0);
    /* Sequence numbers differ: not written to its end. */
    rig.make.bytes[4]++;
    hive_make_checksum(rig.make.bytes);
    open_again(&rig);
    assert_true(iw_hive_info(rig.hive)->is_dirty);
    assert_int_equal(iw_hive_damage_total(rig.hive), 0);
    /* A checksum that does not hold. */
    rig.make.bytes[4]--;
    open_again(&rig);
    assert_true(iw_hive_info(rig.hive)->is_dirty);
    assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_HEADER), 1);
    end(&rig);
}

static void decides_the_kind_by_content(void **state)
{
    static const struct {
        const char *a, *b;
        enum iw_hive_kind kind;
    } cases[] = {
        {"Microsoft", "Classes", IW_HIVE_SOFTWARE},
        {"Policy", "RXACT", IW_HIVE_SECURITY},
        {"SAM", NULL, IW_HIVE_SAM},
        {"Software", "Environment", IW_HIVE_NTUSER},
        {"Local Settings", "CLSID", IW_HIVE_USRCLASS},
        {"ControlSet001", NULL, IW_HIVE_SYSTEM},
        {"Objects", "Description", IW_HIVE_BCD},
        {"Root", NULL, IW_HIVE_AMCACHE},
        {"Something", "Else", IW_HIVE_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig rig;
        begin(&rig);
        hive_make_path(&rig.make, cases[i].a);
        if (cases[i].b != NULL)
            hive_make_path(&rig.make, cases[i].b);
        open_made(&rig);
        assert_int_equal(iw_hive_info(rig.hive)->kind, cases[i].kind);
        end(&rig);
    }
}

/* --- keys ------------------------------------------------------------------------------------ */

static void finds_keys_by_every_list(void **state)
{
    (void)state;
    for (int list = HIVE_LH; list <= HIVE_RI; list++) {
        struct rig rig;
        struct iw_hive_key key, root;
        struct iw_hive_keys keys;
        begin(&rig);
        rig.make.list = (enum hive_list)list;
        hive_make_path(&rig.make, "Microsoft\\InetStp");
        hive_make_path(&rig.make, "Classes\\CLSID");
        hive_make_path(&rig.make, "Other");
        open_made(&rig);
        assert_int_equal(
            iw_hive_find(rig.hive, IW_STR("HKLM\\software\\MICROSOFT\\inetstp\\"), &key),
            IW_HIVE_FOUND);
        assert_true(iw_str_equal(key.name, IW_STR("InetStp")));
        assert_true(
            iw_str_equal(key.path, IW_STR("HKEY_LOCAL_MACHINE\\software\\MICROSOFT\\inetstp")));
        assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Nothing"), &key),
                         IW_HIVE_ABSENT);
        assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SYSTEM\\Select"), &key),
                         IW_HIVE_NOT_HERE);
        assert_int_equal(iw_hive_root(rig.hive, &root), IW_HIVE_FOUND);
        assert_int_equal(iw_hive_keys(rig.hive, &root, &keys), IW_HIVE_FOUND);
        assert_int_equal(keys.n, 3);
        assert_true(iw_str_equal(keys.items[0].name, IW_STR("Microsoft")));
        assert_true(iw_str_equal(keys.items[2].name, IW_STR("Other")));
        assert_int_equal(iw_hive_find_below(rig.hive, &root, IW_STR("classes\\clsid"), &key),
                         IW_HIVE_FOUND);
        assert_int_equal(iw_hive_damage_total(rig.hive), 0);
        end(&rig);
    }
}

static void reads_names_in_both_forms(void **state)
{
    struct rig rig;
    struct iw_hive_key key, root;
    (void)state;
    begin(&rig);
    hive_make_key(&rig.make, 0, "Caf\xE9"); /* Latin-1 */
    rig.make.keys[hive_make_key(&rig.make, 0, "Wide")].is_wide = true;
    open_made(&rig);
    assert_int_equal(iw_hive_root(rig.hive, &root), IW_HIVE_FOUND);
    assert_int_equal(iw_hive_find_below(rig.hive, &root, IW_STR("CAF\xC3\x89"), &key),
                     IW_HIVE_FOUND);
    assert_true(iw_str_equal(key.name, IW_STR("Caf\xC3\xA9")));
    assert_int_equal(iw_hive_find_below(rig.hive, &root, IW_STR("wIDE"), &key), IW_HIVE_FOUND);
    end(&rig);
}

static void follows_select_to_the_control_set(void **state)
{
    struct rig rig;
    struct iw_hive_key key;
    (void)state;
    begin(&rig);
    hive_make_path(&rig.make, "ControlSet001\\Services\\W3SVC");
    hive_make_dword(&rig.make, hive_make_path(&rig.make, "ControlSet002\\Services\\W3SVC"), "Start",
                    &two);
    hive_make_dword(&rig.make, hive_make_path(&rig.make, "Select"), "Current", &two);
    open_made(&rig);
    assert_int_equal(
        iw_hive_find(rig.hive, IW_STR(SYSTEM "CurrentControlSet\\Services\\W3SVC"), &key),
        IW_HIVE_FOUND);
    assert_true(iw_str_equal(key.path, IW_STR(SYSTEM "ControlSet002\\Services\\W3SVC")));
    end(&rig);
    /* Without Select: two control sets, none is known to be the one. */
    begin(&rig);
    hive_make_path(&rig.make, "ControlSet001\\Services");
    hive_make_path(&rig.make, "ControlSet002\\Services");
    open_made(&rig);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR(SYSTEM "CurrentControlSet\\Services"), &key),
                     IW_HIVE_UNREADABLE);
    assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_SELECT), 1);
    end(&rig);
    begin(&rig);
    hive_make_path(&rig.make, "ControlSet003\\Services");
    hive_make_path(&rig.make, "Select");
    open_made(&rig);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR(SYSTEM "CurrentControlSet\\Services"), &key),
                     IW_HIVE_FOUND);
    assert_true(iw_str_equal(key.path, IW_STR(SYSTEM "ControlSet003\\Services")));
    end(&rig);
}

static uint32_t make_link(struct rig *rig, const char *path, const char *target)
{
    uint32_t key = hive_make_path(&rig->make, path);
    rig->make.keys[key].is_link = true;
    hive_make_text(&rig->make, key, "SymbolicLinkValue", IW_HIVE_LINK, target);
    return key;
}

static void follows_links_and_ends(void **state)
{
    struct rig rig;
    struct iw_hive_key key;
    (void)state;
    begin(&rig);
    hive_make_path(&rig.make, "Microsoft");
    hive_make_path(&rig.make, "Classes\\Wow6432Node\\CLSID\\{1}");
    make_link(&rig, "Wow6432Node\\Classes", "\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\Wow6432Node");
    make_link(&rig, "Loop", "\\REGISTRY\\MACHINE\\SOFTWARE\\Loop\\a");
    make_link(&rig, "Away", "\\REGISTRY\\MACHINE\\SYSTEM\\Select");
    open_made(&rig);
    assert_int_equal(
        iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Wow6432Node\\Classes\\CLSID\\{1}"), &key),
        IW_HIVE_FOUND);
    assert_true(iw_str_equal(
        key.path, IW_STR("HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\Wow6432Node\\CLSID\\{1}")));
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Loop"), &key),
                     IW_HIVE_UNREADABLE);
    assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_LIMIT), 1);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Away"), &key),
                     IW_HIVE_NOT_HERE);
    end(&rig);
}

/* --- values ---------------------------------------------------------------------------------- */

static void reads_values_of_every_type(void **state)
{
    static const uint8_t be[] = {0, 0, 1, 2}, qword[] = {8, 7, 6, 5, 4, 3, 2, 1};
    static const char multi[] = "a\0\0\0b\0c\0\0\0\0"; /* two texts, UTF-16 */
    struct rig rig;
    struct iw_hive_key root;
    struct iw_hive_value value;
    struct iw_hive_values values;
    struct iw_str *texts;
    uint64_t number;
    uint32_t n;
    (void)state;
    begin(&rig);
    hive_make_text(&rig.make, 0, "", IW_HIVE_SZ, "default");
    hive_make_text(&rig.make, 0, "Path", IW_HIVE_EXPAND_SZ, "%SystemRoot%\\x.dll");
    hive_make_dword(&rig.make, 0, "d", &one);
    hive_make_value(&rig.make, 0, "be", IW_HIVE_DWORD_BE, be, 4);
    hive_make_value(&rig.make, 0, "q", IW_HIVE_QWORD, qword, 8);
    hive_make_value(&rig.make, 0, "m", IW_HIVE_MULTI_SZ, multi, sizeof multi);
    hive_make_value(&rig.make, 0, "empty", IW_HIVE_BINARY, NULL, 0);
    open_made(&rig);
    assert_int_equal(iw_hive_root(rig.hive, &root), IW_HIVE_FOUND);
    require_text(&rig, &root, "", "default");
    require_text(&rig, &root, "PATH", "%SystemRoot%\\x.dll");
    assert_int_equal(iw_hive_value(rig.hive, &root, IW_STR("d"), &value), IW_HIVE_FOUND);
    assert_true(iw_hive_number(&value, &number) && number == 1);
    assert_int_equal(iw_hive_value(rig.hive, &root, IW_STR("be"), &value), IW_HIVE_FOUND);
    assert_true(iw_hive_number(&value, &number) && number == 0x102);
    assert_int_equal(iw_hive_value(rig.hive, &root, IW_STR("q"), &value), IW_HIVE_FOUND);
    assert_true(iw_hive_number(&value, &number) && number == 0x0102030405060708ULL);
    assert_int_equal(iw_hive_value(rig.hive, &root, IW_STR("m"), &value), IW_HIVE_FOUND);
    assert_false(iw_hive_number(&value, &number));
    texts = iw_hive_texts(rig.hive, &value, &n);
    assert_int_equal(n, 2);
    assert_true(iw_str_equal(texts[0], IW_STR("a")) && iw_str_equal(texts[1], IW_STR("bc")));
    assert_int_equal(iw_hive_value(rig.hive, &root, IW_STR("none"), &value), IW_HIVE_ABSENT);
    assert_int_equal(iw_hive_values(rig.hive, &root, &values), IW_HIVE_FOUND);
    assert_int_equal(values.n, 7);
    assert_true(values.items[6].is_whole && values.items[6].data.n == 0);
    assert_int_equal(iw_hive_damage_total(rig.hive), 0);
    end(&rig);
}

static void joins_big_data(void **state)
{
    static const uint32_t sizes[] = {16344, 16345, 2 * 16344, 2 * 16344 + 1};
    uint8_t *data = malloc(40000);
    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < 40000; i++)
        data[i] = (uint8_t)(i * 7 + i / 251);
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
        struct rig rig;
        struct iw_hive_key root;
        struct iw_hive_value value;
        begin(&rig);
        rig.make.minor = i % 2 == 0 ? 5 : 3; /* before 1.4 data is never cut */
        hive_make_value(&rig.make, 0, "b", IW_HIVE_BINARY, data, sizes[i / 2]);
        open_made(&rig);
        assert_int_equal(iw_hive_root(rig.hive, &root), IW_HIVE_FOUND);
        assert_int_equal(iw_hive_value(rig.hive, &root, IW_STR("b"), &value), IW_HIVE_FOUND);
        assert_int_equal(value.data.n, sizes[i / 2]);
        assert_memory_equal(value.data.p, data, value.data.n);
        assert_true(value.is_whole);
        end(&rig);
    }
    free(data);
}

/* --- damage ---------------------------------------------------------------------------------- */

static void does_not_claim_absence_where_damage_lies(void **state)
{
    struct rig rig;
    struct iw_hive_key key;
    uint32_t other;
    (void)state;
    begin(&rig);
    hive_make_path(&rig.make, "Microsoft");
    hive_make_path(&rig.make, "Classes");
    other = hive_make_path(&rig.make, "Other");
    open_made(&rig);
    rig.make.bytes[hive_make_place(&rig.make, other) + 4] = 'x';
    open_again(&rig);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Nothing"), &key),
                     IW_HIVE_UNREADABLE);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Nothing"), &key),
                     IW_HIVE_UNREADABLE);
    assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_KEY), 1); /* one place, however often met */
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Classes"), &key),
                     IW_HIVE_FOUND);
    end(&rig);
}

static void tells_keys_whose_number_was_put_to_nought(void **state)
{
    struct rig rig;
    struct iw_hive_key root;
    struct iw_hive_keys keys;
    (void)state;
    begin(&rig);
    hive_make_path(&rig.make, "A");
    open_made(&rig);
    rig.make.bytes[hive_make_place(&rig.make, 0) + 4 + 20] = 0;
    open_again(&rig);
    assert_int_equal(iw_hive_root(rig.hive, &root), IW_HIVE_FOUND);
    assert_int_equal(iw_hive_keys(rig.hive, &root, &keys), IW_HIVE_UNREADABLE);
    assert_int_equal(keys.n, 1);
    assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_COUNT_KEYS), 1);
    end(&rig);
}

static void reads_without_mark_root_and_bins(void **state)
{
    struct rig rig;
    struct iw_hive_key key;
    (void)state;
    begin(&rig);
    hive_make_path(&rig.make, "Microsoft\\A");
    hive_make_path(&rig.make, "Classes");
    open_made(&rig);
    rig.make.bytes[0] = 'R';
    rig.make.bytes[36] ^= 8;
    open_again(&rig);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Microsoft\\A"), &key),
                     IW_HIVE_FOUND);
    rig.make.bytes[0] = 'r';
    rig.make.bytes[4096] = 'H';
    open_again(&rig);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\Microsoft\\A"), &key),
                     IW_HIVE_FOUND);
    assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_BIN), 1);
    end(&rig);
}

static void refuses_what_is_no_hive(void **state)
{
    static const char *const texts[] = {"", "reg", "MZ", "Windows Registry", "REGEDIT5\r\n"};
    struct iw_arena arena;
    struct iw_hive *hive;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(iw_hive_open(iw_str_of(texts[i]), &arena, &hive, NULL), IW_EFORMAT);
        assert_null(hive);
    }
    iw_hive_close(NULL);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_it_is),
        cmocka_unit_test(decides_the_kind_by_content),
        cmocka_unit_test(finds_keys_by_every_list),
        cmocka_unit_test(reads_names_in_both_forms),
        cmocka_unit_test(follows_select_to_the_control_set),
        cmocka_unit_test(follows_links_and_ends),
        cmocka_unit_test(reads_values_of_every_type),
        cmocka_unit_test(joins_big_data),
        cmocka_unit_test(does_not_claim_absence_where_damage_lies),
        cmocka_unit_test(tells_keys_whose_number_was_put_to_nought),
        cmocka_unit_test(reads_without_mark_root_and_bins),
        cmocka_unit_test(refuses_what_is_no_hive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
