/*
 * Which web files chains tell: found by host and path whatever the letter case, told up to the
 * level of the chain, and nothing of what has no marks, is approved, or is another copy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/told_web_files.h"

static const struct iw_str MARK = {"starts-process: starts a process", 32};

#define FILE_AT(p, s, n, a)                                                                        \
    {                                                                                              \
        .file = {.path = {p, sizeof(p) - 1}, .source = {s, sizeof(s) - 1}}, .marks = {&MARK, n},   \
        .approval = a                                                                              \
    }

static struct iw_inventory_web_file files[] = {
    FILE_AT("C:\\w\\\xC3\xA4.aspx", "1", 1, IW_APPROVAL_NOT_ASKED),
    FILE_AT("C:\\w\\approved.aspx", "1", 1, IW_APPROVAL_BASELINE),
    FILE_AT("C:\\w\\plain.aspx", "1", 0, IW_APPROVAL_NOT_ASKED),
    FILE_AT("C:\\w\\twice.aspx", "1", 1, IW_APPROVAL_NOT_ASKED),
    FILE_AT("C:\\w\\twice.aspx", "2", 1, IW_APPROVAL_NOT_ASKED),
};
static struct iw_inventory_server servers[] = {
    {.host = {"WEB01", 5}, .web_files = files, .n_web_files = 5},
    {.host = {"WEB02", 5}},
};
static const struct iw_inventory inventory = {.servers = servers, .n_servers = 2};

static const struct iw_inventory_web_file *found(const struct iw_told_web_files *told,
                                                 const char *host, const char *path)
{
    const struct iw_inventory_web_file *file;
    struct iw_arena scratch;
    iw_arena_init(&scratch, 0);
    assert_int_equal(
        iw_told_web_files_find(told, iw_str_of(host), iw_str_of(path), &scratch, &file), IW_OK);
    iw_arena_done(&scratch);
    return file;
}

static void tell(struct iw_told_web_files *told, const char *path, enum iw_level level)
{
    struct iw_arena scratch;
    iw_arena_init(&scratch, 0);
    assert_int_equal(
        iw_told_web_files_tell(told, IW_STR("web01"), iw_str_of(path), level, &scratch), IW_OK);
    iw_arena_done(&scratch);
}

static bool is_told(struct iw_told_web_files *told, size_t file, enum iw_level level)
{
    struct iw_arena scratch;
    bool answer;
    iw_arena_init(&scratch, 0);
    answer = iw_told_web_files_ask(told, IW_STR("WEB01"), &files[file], level, &scratch);
    iw_arena_done(&scratch);
    return answer;
}

static void files_are_found(void **state)
{
    struct iw_told_web_files told;
    (void)state;
    assert_int_equal(iw_told_web_files_init(&told, &inventory), IW_OK);
    assert_ptr_equal(found(&told, "web01", "c:\\W\\\xC3\x84.ASPX"), &files[0]);
    assert_null(found(&told, "WEB02", "C:\\w\\\xC3\xA4.aspx"));
    assert_null(found(&told, "WEB01", "C:\\w\\approved.aspx"));
    assert_null(found(&told, "WEB01", "C:\\w\\plain.aspx"));
    assert_null(found(&told, "WEB01", "C:\\w"));
    assert_ptr_equal(found(&told, "WEB01", "C:\\w\\twice.aspx"), &files[3]);
    iw_told_web_files_done(&told);
}

static void levels_decide(void **state)
{
    struct iw_told_web_files told;
    (void)state;
    assert_int_equal(iw_told_web_files_init(&told, &inventory), IW_OK);
    assert_false(is_told(&told, 0, IW_LEVEL_INFORMATIONAL));
    tell(&told, "C:\\W\\\xC3\xA4.aspx", IW_LEVEL_MEDIUM);
    tell(&told, "C:\\W\\\xC3\xA4.aspx", IW_LEVEL_LOW); /* another chain: the highest counts */
    tell(&told, "C:\\W\\nobody.aspx", IW_LEVEL_HIGH);
    assert_true(is_told(&told, 0, IW_LEVEL_LOW));
    assert_true(is_told(&told, 0, IW_LEVEL_MEDIUM));
    assert_false(is_told(&told, 0, IW_LEVEL_HIGH));
    tell(&told, "C:\\w\\approved.aspx", IW_LEVEL_HIGH);
    assert_false(is_told(&told, 1, IW_LEVEL_LOW));
    tell(&told, "C:\\w\\twice.aspx", IW_LEVEL_HIGH);
    assert_true(is_told(&told, 3, IW_LEVEL_LOW));
    assert_false(is_told(&told, 4, IW_LEVEL_LOW)); /* its content is not in the chain */
    assert_true(told.n_folded == 2);               /* files, however often they are asked about */
    iw_told_web_files_done(&told);
}

static bool has(struct iw_told_web_files *told, size_t file)
{
    struct iw_arena scratch;
    bool answer;
    iw_arena_init(&scratch, 0);
    answer = iw_told_web_files_has(told, IW_STR("WEB01"), &files[file], IW_LEVEL_LOW, &scratch);
    iw_arena_done(&scratch);
    return answer;
}

/* Pages without marks are asked about where they are not as in the baseline, and each copy. */
static void chains_are_known(void **state)
{
    struct iw_told_web_files told;
    (void)state;
    files[2].approval = IW_APPROVAL_NONE;
    assert_int_equal(iw_told_web_files_init(&told, &inventory), IW_OK);
    assert_ptr_equal(found(&told, "WEB01", "C:\\w\\plain.aspx"), &files[2]);
    assert_false(has(&told, 2));
    tell(&told, "C:\\w\\plain.aspx", IW_LEVEL_INFORMATIONAL);
    assert_false(has(&told, 2));
    tell(&told, "C:\\w\\PLAIN.aspx", IW_LEVEL_LOW);
    assert_true(has(&told, 2));
    assert_false(is_told(&told, 2, IW_LEVEL_MEDIUM));
    assert_true(is_told(&told, 2, IW_LEVEL_LOW));
    assert_true(is_told(&told, 2, IW_LEVEL_INFORMATIONAL)); /* asked twice, counted once */
    tell(&told, "C:\\w\\twice.aspx", IW_LEVEL_HIGH);
    assert_true(has(&told, 3));
    assert_true(has(&told, 4));
    tell(&told, "C:\\w\\approved.aspx", IW_LEVEL_HIGH);
    assert_false(has(&told, 1));
    assert_true(told.n_folded == 1);
    iw_told_web_files_done(&told);
    files[2].approval = IW_APPROVAL_NOT_ASKED;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_found),
        cmocka_unit_test(levels_decide),
        cmocka_unit_test(chains_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
