/*
 * Exports: facts of the text format, one test each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "iis/hive/hive.h"

#define TITLE "Windows Registry Editor Version 5.00\r\n\r\n"
#define A_KEY "HKEY_LOCAL_MACHINE\\SOFTWARE\\A"
#define HEAD TITLE "[" A_KEY "]\r\n"

struct rig {
    struct iw_arena arena;
    struct iw_hive *hive;
};

static void open_text(struct rig *rig, struct iw_str text)
{
    iw_arena_init(&rig->arena, 0);
    assert_int_equal(iw_hive_open(text, &rig->arena, &rig->hive, NULL), IW_OK);
    assert_int_equal(iw_hive_info(rig->hive)->source, IW_HIVE_REG_TEXT);
    assert_int_equal(iw_hive_info(rig->hive)->kind, IW_HIVE_EXPORT);
}

static void end(struct rig *rig)
{
    iw_hive_close(rig->hive);
    iw_arena_done(&rig->arena);
}

static uint64_t damage(const struct rig *rig, enum iw_hive_damage_kind kind)
{
    return iw_hive_info(rig->hive)->damage[kind].count;
}

static enum iw_hive_answer ask(struct rig *rig, const char *path, const char *name,
                               struct iw_hive_value *ret)
{
    struct iw_hive_key key;
    enum iw_hive_answer answer = iw_hive_find(rig->hive, iw_str_of(path), &key);
    assert_int_equal(answer, IW_HIVE_FOUND);
    return iw_hive_value(rig->hive, &key, iw_str_of(name), ret);
}

static void require_text(struct rig *rig, const char *name, const char *expected)
{
    struct iw_hive_value value;
    struct iw_str text;
    assert_int_equal(ask(rig, A_KEY, name, &value), IW_HIVE_FOUND);
    text = iw_hive_text(rig->hive, &value);
    assert_int_equal(text.n, strlen(expected));
    assert_memory_equal(text.p, expected, text.n);
}

static struct iw_str widen(const char *text, char *out)
{
    size_t n = strlen(text);
    memcpy(out, "\xFF\xFE", 2);
    for (size_t i = 0; i < n; i++) {
        out[2 + 2 * i] = text[i];
        out[3 + 2 * i] = '\0';
    }
    return (struct iw_str){out, 2 + 2 * n};
}

static void reads_values_of_every_form(void **state)
{
    static const char text[] = HEAD "@=\"default\"\r\n"
                                    "\"Path\"=\"C:\\\\x \\\"y\\\"\"\r\n"
                                    "\"d\"=dword:0000000A\r\n"
                                    "\"b\"=hex:01,02,\\\r\n  ff\r\n"
                                    "\"q\"=hex(b):08,07,06,05,04,03,02,01\r\n"
                                    "\"e\"=hex(2):25,00,61,00,00,00\r\n"
                                    "\"m\"=hex(7):61,00,00,00,62,00,00,00,00,00\r\n"
                                    "\"n\"=hex(0):\r\n"
                                    "; a remark\r\n"
                                    "\"lines\"=\"one\r\ntwo\"\r\n"
                                    "\"last\"=\"x\"";
    static char wide[2 * sizeof text + 2];
    (void)state;
    for (int form = 0; form < 2; form++) {
        struct iw_str file = form == 0 ? iw_str_of(text) : widen(text, wide);
        struct rig rig;
        struct iw_hive_value value;
        uint64_t number;
        uint32_t n;
        struct iw_str *texts;
        open_text(&rig, file);
        require_text(&rig, "", "default");
        require_text(&rig, "path", "C:\\x \"y\"");
        require_text(&rig, "e", "%a");
        require_text(&rig, "lines", "one\r\ntwo");
        require_text(&rig, "last", "x");
        assert_int_equal(ask(&rig, A_KEY, "d", &value), IW_HIVE_FOUND);
        assert_true(iw_hive_number(&value, &number) && number == 10);
        assert_int_equal(ask(&rig, A_KEY, "q", &value), IW_HIVE_FOUND);
        assert_true(iw_hive_number(&value, &number) && number == 0x0102030405060708ULL);
        assert_int_equal(ask(&rig, A_KEY, "b", &value), IW_HIVE_FOUND);
        assert_int_equal(value.type, IW_HIVE_BINARY);
        assert_int_equal(value.data.n, 3);
        assert_memory_equal(value.data.p, "\x01\x02\xFF", 3);
        assert_int_equal(ask(&rig, A_KEY, "m", &value), IW_HIVE_FOUND);
        texts = iw_hive_texts(rig.hive, &value, &n);
        assert_int_equal(n, 2);
        assert_true(iw_str_equal(texts[1], IW_STR("b")));
        assert_int_equal(ask(&rig, A_KEY, "n", &value), IW_HIVE_FOUND);
        assert_true(value.type == IW_HIVE_NONE && value.data.n == 0 && value.is_whole);
        assert_int_equal(ask(&rig, A_KEY, "none", &value), IW_HIVE_ABSENT);
        assert_int_equal(iw_hive_damage_total(rig.hive), 0);
        end(&rig);
    }
}

static void reads_regedit4_in_8_bits(void **state)
{
    static const char text[] = "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\n"
                               "\"t\"=\"caf\xE9\"\n\"u\"=\"caf\xC3\xA9\"\n"
                               "\"e\"=hex(2):25,61,e9,00\n\"m\"=hex(7):61,00,62,00,00\n";
    struct rig rig;
    struct iw_hive_value value;
    uint32_t n;
    (void)state;
    open_text(&rig, iw_str_of(text));
    assert_int_equal(iw_hive_info(rig.hive)->version_minor, 4);
    require_text(&rig, "t", "caf\xC3\xA9");
    require_text(&rig, "u", "caf\xC3\xA9");
    require_text(&rig, "e", "%a\xC3\xA9");
    assert_int_equal(ask(&rig, A_KEY, "m", &value), IW_HIVE_FOUND);
    (void)iw_hive_texts(rig.hive, &value, &n);
    assert_int_equal(n, 2);
    assert_int_equal(iw_hive_damage_total(rig.hive), 0);
    end(&rig);
}

/* An export speaks of what lies below its keys, of nothing else. */
static void tells_absent_from_not_exported(void **state)
{
    struct rig rig;
    struct iw_hive_key key;
    (void)state;
    open_text(&rig, iw_str_of(HEAD "[HKLM\\SOFTWARE\\A\\B]\r\n"));
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\A\\b"), &key), IW_HIVE_FOUND);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\A\\C"), &key), IW_HIVE_ABSENT);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE\\C"), &key), IW_HIVE_NOT_HERE);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SOFTWARE"), &key), IW_HIVE_NOT_HERE);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR("HKLM\\SYSTEM\\A"), &key), IW_HIVE_NOT_HERE);
    end(&rig);
}

static void takes_away_what_it_says(void **state)
{
    struct rig rig;
    struct iw_hive_value value;
    struct iw_hive_key key;
    struct iw_hive_keys keys;
    (void)state;
    open_text(&rig, iw_str_of(HEAD "\"x\"=\"1\"\r\n\"y\"=\"1\"\r\n\"x\"=\"2\"\r\n\"y\"=-\r\n"
                                   "[" A_KEY "\\B\\C]\r\n\"z\"=\"1\"\r\n"
                                   "[-" A_KEY "\\B]\r\n\"no\"=\"1\"\r\n[" A_KEY "\\B]\r\n"));
    require_text(&rig, "X", "2");
    assert_int_equal(ask(&rig, A_KEY, "y", &value), IW_HIVE_ABSENT);
    assert_int_equal(iw_hive_find(rig.hive, IW_STR(A_KEY "\\B"), &key), IW_HIVE_FOUND);
    assert_int_equal(iw_hive_keys(rig.hive, &key, &keys), IW_HIVE_FOUND);
    assert_int_equal(keys.n, 0);
    assert_int_equal(iw_hive_info(rig.hive)->n_deletions, 2);
    assert_int_equal(iw_hive_damage_total(rig.hive), 0);
    end(&rig);
}

/* One lost character costs its line, not its neighbours. */
static void goes_on_after_lines_that_are_none(void **state)
{
    static const struct {
        const char *line;
        uint64_t n_lines;
    } cases[] = {
        {"\"bad\"=\"open\r\n", 1},
        {"\"bad=\"x\"\r\n", 1},
        {"bad\"=\"x\"\r\n", 1},
        {"\"bad\"\"x\"\r\n", 1},
        {"\"bad\"=dword:xyz\r\n", 1},
        {"\"bad\"=hex:0g,01\r\n", 1},
        {"\"bad\"=nothing\r\n", 1},
        {"\"bad\"=hex(zz):00\r\n", 1},
        {"\"bad\"=hex:0\r\n", 1},
        {"\"bad\"=\"x\"y\r\n", 1},
        {"\"bad\"=dword:123456789\r\n", 1},
        {"=\r\n", 1},
        {"\"bad\"=hex:01,\\\r\n", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512] = HEAD "\"before\"=\"1\"\r\n";
        struct rig rig;
        strcat(text, cases[i].line);
        strcat(text, "\"after\"=\"2\"\r\n\"more\"=\"3\"\r\n");
        open_text(&rig, iw_str_of(text));
        require_text(&rig, "before", "1");
        require_text(&rig, "more", "3");
        if (cases[i].n_lines != 0)
            require_text(&rig, "after", "2");
        assert_true(damage(&rig, IW_HIVE_DAMAGE_LINE) >= 1);
        end(&rig);
    }
}

static void takes_a_key_without_bracket(void **state)
{
    struct rig rig;
    (void)state;
    open_text(&rig, iw_str_of(TITLE "\"lost\"=\"x\"\r\n[" A_KEY "\r\n\"x\"=\"1\"\r\n"));
    require_text(&rig, "x", "1");
    assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_LINE), 2);
    end(&rig);
}

static void follows_select_where_it_is_exported(void **state)
{
    struct rig rig;
    struct iw_hive_value value;
    (void)state;
    open_text(&rig, iw_str_of(TITLE "[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n"
                                    "[HKEY_LOCAL_MACHINE\\SYSTEM\\Select]\r\n"
                                    "\"Current\"=dword:00000002\r\n"
                                    "[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet002\\X]\r\n"
                                    "\"y\"=\"1\"\r\n"));
    assert_int_equal(ask(&rig, "HKLM\\SYSTEM\\CurrentControlSet\\X", "y", &value), IW_HIVE_FOUND);
    end(&rig);
    open_text(&rig, iw_str_of(TITLE "[HKLM\\SYSTEM\\CurrentControlSet\\X]\r\n\"y\"=\"1\"\r\n"));
    assert_int_equal(ask(&rig, "HKLM\\SYSTEM\\CurrentControlSet\\X", "y", &value), IW_HIVE_FOUND);
    end(&rig);
}

/* As many keys inside one another as Windows allows, and one more. */
static void keeps_the_limit_of_depth(void **state)
{
    char *text = malloc(sizeof TITLE + 2 * IW_LIMIT_HIVE_DEPTH + 32);
    (void)state;
    assert_non_null(text);
    for (unsigned more = 0; more < 2; more++) {
        struct rig rig;
        size_t n = (size_t)sprintf(text, "%s[a", TITLE);
        for (unsigned i = 1; i < IW_LIMIT_HIVE_DEPTH + more; i++)
            n += (size_t)sprintf(text + n, "\\a");
        strcpy(text + n, "]\r\n");
        open_text(&rig, iw_str_of(text));
        assert_int_equal(damage(&rig, IW_HIVE_DAMAGE_LIMIT), more);
        end(&rig);
    }
    free(text);
}

/* A text may go over lines for a mebibyte, and not for one byte more. */
static void keeps_the_limit_of_texts(void **state)
{
    static const char head[] = HEAD "\"t\"=\"\n";
    char *text = malloc(sizeof head + IW_LIMIT_REG_TEXT_BYTES + 16);
    (void)state;
    assert_non_null(text);
    for (size_t more = 0; more < 2; more++) {
        struct rig rig;
        size_t n = sizeof head - 1, inside = IW_LIMIT_REG_TEXT_BYTES - 2 + more;
        struct iw_hive_value value;
        memcpy(text, head, n);
        memset(text + n, 'x', inside);
        memcpy(text + n + inside, "\"\r\n", 4);
        open_text(&rig, iw_str_of(text));
        assert_int_equal(ask(&rig, A_KEY, "t", &value), IW_HIVE_FOUND);
        assert_int_equal(value.is_whole, more == 0);
        end(&rig);
    }
    free(text);
}

static void survives_every_cut_and_every_byte(void **state)
{
    static const char text[] = HEAD "@=\"d\"\r\n\"e\"=hex(2):25,00,\\\r\n  00,00\r\n"
                                    "[-" A_KEY "\\B]\r\n\"n\"=dword:1\r\n";
    static char wide[2 * sizeof text + 2];
    char copy[sizeof text];
    struct iw_str file = widen(text, wide);
    (void)state;
    for (size_t n = 0; n <= file.n; n++) {
        struct iw_arena arena;
        struct iw_hive *hive;
        char *exact = malloc(n + 1);
        assert_non_null(exact);
        memcpy(exact, file.p, n);
        iw_arena_init(&arena, 0);
        (void)iw_hive_open((struct iw_str){exact, n}, &arena, &hive, NULL);
        iw_hive_close(hive);
        iw_arena_done(&arena);
        free(exact);
    }
    for (size_t at = sizeof HEAD - 1; at < sizeof text - 1; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            struct rig rig;
            memcpy(copy, text, sizeof text);
            copy[at] = (char)byte;
            open_text(&rig, (struct iw_str){copy, sizeof text - 1});
            end(&rig);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_of_every_form),
        cmocka_unit_test(reads_regedit4_in_8_bits),
        cmocka_unit_test(tells_absent_from_not_exported),
        cmocka_unit_test(takes_away_what_it_says),
        cmocka_unit_test(goes_on_after_lines_that_are_none),
        cmocka_unit_test(takes_a_key_without_bracket),
        cmocka_unit_test(follows_select_where_it_is_exported),
        cmocka_unit_test(keeps_the_limit_of_depth),
        cmocka_unit_test(keeps_the_limit_of_texts),
        cmocka_unit_test(survives_every_cut_and_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
