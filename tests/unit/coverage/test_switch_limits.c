/*
 * Limits of what is heard of one command or text, each at the limit and one past it.
 */
#include "tests/unit/coverage/switch_rig.h"

#include "coverage/switch_about.h"
#include "coverage/switch_code.h"
#include "coverage/switch_words.h"

/* *n* lines, each of its own number between two texts. */
static struct iw_str lines_of(char *text, size_t bytes, size_t n, const char *before,
                              const char *behind)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, bytes - at, "%s%zu%s", before, i, behind);
    return (struct iw_str){text, at};
}

/* Of one text so many at most, whatever stands before them or comes twice; more are everything. */
static void limit_of_switches(void **state)
{
    static char text[IW_LIMIT_SWITCHES_OF_EVENT * 64 + 4096];
    struct iw_command_switches got;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    struct iw_str lines;
    (void)state;
    iw_arena_init(&arena, 0);
    lines = lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT, "wevtutil sl c", " /e:false\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
    assert_int_equal(got.n, IW_LIMIT_SWITCHES_OF_EVENT);
    assert_false(got.is_cut);
    lines = lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT + 1, "wevtutil cl c", "\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
    assert_int_equal(got.n, IW_LIMIT_SWITCHES_OF_EVENT + IW_SWITCHES_OF_EVERYTHING);
    assert_true(got.is_cut && got.items[got.n - 1].is_unread);
    assert_int_equal(got.items[IW_LIMIT_SWITCHES_OF_EVENT].kind, IW_SWITCH_CLEARED);
    assert_int_equal(got.items[IW_LIMIT_SWITCHES_OF_EVENT].subject.n, 0);
    /* A long script that says one thing often, or switches much on, is none of everything. */
    lines = lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT + 1,
                     "wevtutil sl Security /e:false # ", "\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
    assert_int_equal(got.n, 1);
    lines =
        lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT + 1, "wevtutil sl c", " /e:true\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
    assert_int_equal(got.n, IW_LIMIT_SWITCHES_OF_EVENT);
    iw_arena_done(&arena);
}

/* Of one text so many statements, and so many bytes for the texts that it runs in its turn; more
 * may ask for anything. */
static void limit_of_what_is_heard(void **state)
{
    static const char LINE[] = "cmd a\n";
    /* Its words, and the text " a" with its word. */
    static const size_t BYTES_OF_LINE = 4 + 2 + IW_SWITCH_ROOM_BYTES + 1;
    size_t most = IW_LIMIT_SWITCH_SCRATCH_BYTES / BYTES_OF_LINE;
    struct iw_command_switches got;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    char *text = malloc((IW_LIMIT_SWITCH_STATEMENTS + 1) * strlen(LINE));
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i <= IW_LIMIT_SWITCH_STATEMENTS; i++)
        memcpy(text + i * 2, "a\n", 2);
    iw_arena_init(&arena, 0);
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = {text, (IW_LIMIT_SWITCH_STATEMENTS + over) * 2};
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
        assert_int_equal(got.n, over * IW_SWITCHES_OF_EVERYTHING);
        assert_int_equal(got.is_cut, over);
        /* Of a text in two parts twice as many. */
        assert_int_equal(iw_command_switches_of_parts(lines, 2, &arena, &got, &uncalled), IW_OK);
        assert_false(got.is_cut);
    }
    for (size_t i = 0; i <= most; i++)
        memcpy(text + i * strlen(LINE), LINE, strlen(LINE));
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = {text, (most + over) * strlen(LINE)};
        iw_arena_reset(&arena);
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
        assert_int_equal(got.n, over * IW_SWITCHES_OF_EVERYTHING);
        assert_int_equal(got.is_cut, over);
    }
    iw_arena_done(&arena);
    free(text);
}

/* Words that run the words behind them do not multiply: nor do values of variables. */
static void what_runs_what_runs(void **state)
{
    static const char *const WORDS[] = {"cmd ", "powershell 'a b' ", "start powershell cmd ",
                                        "iex 'cmd powershell cmd powershell' "};
    static char text[64 * 40];
    struct iw_command_switches got;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    (void)state;
    for (size_t k = 0; k < sizeof WORDS / sizeof WORDS[0]; k++) {
        size_t n = 0;
        for (size_t i = 0; i < 32; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s", WORDS[k]);
        iw_arena_init(&arena, (size_t)4 * 1024 * 1024);
        assert_int_equal(
            iw_command_switches_of_script((struct iw_str){text, n}, &arena, &got, &uncalled),
            IW_OK);
        assert_int_equal(got.n, 0);
        iw_arena_done(&arena);
    }
}

/* Values that one text sets over and over take no more memory than that. */
static void limit_of_values(void **state)
{
    static const char SETS[] = "$b=$a\n";
    size_t most = IW_LIMIT_SWITCH_SCRATCH_BYTES / 1024, n = 0; /* with the first */
    struct iw_command_switches got;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    char *text = malloc(2048 + (most + 1) * strlen(SETS));
    (void)state;
    assert_non_null(text);
    n += (size_t)sprintf(text, "$a='%01024d'\n", 0);
    for (size_t i = 0; i < most; i++, n += strlen(SETS))
        memcpy(text + n, SETS, strlen(SETS));
    iw_arena_init(&arena, 0);
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = {text, n - (1 - over) * strlen(SETS)};
        iw_arena_reset(&arena);
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
        assert_int_equal(got.is_cut, over);
    }
    iw_arena_done(&arena);
    free(text);
}

/* Of one text so many functions; those behind them are heard. */
static void limit_of_functions(void **state)
{
    static char text[(IW_SWITCH_FUNCTIONS + 1) * 64];
    struct iw_command_switches got;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = lines_of(text, sizeof text, IW_SWITCH_FUNCTIONS + over, "function f",
                                       "x { Stop-Service Sysmon64 }\n");
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got, &uncalled), IW_OK);
        assert_int_equal(got.n, over);
        assert_int_equal(iw_command_switches_of_part(lines, &arena, &got), IW_OK);
        assert_int_equal(got.n, 1); /* another part may call them */
    }
    iw_arena_done(&arena);
}

/* What logs and is named far away says nothing of a name that cannot be read. */
static void what_is_far_away(void **state)
{
    static char text[IW_SWITCH_ABOUT_BYTES * 4];
    struct iw_command_switches got;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t is_far = 0; is_far <= 1; is_far++) {
        /* In the second piece, and at the end of the third or in the fourth. */
        size_t first = IW_SWITCH_ABOUT_BYTES + 100;
        size_t second = IW_SWITCH_ABOUT_BYTES * (is_far != 0 ? 3 : 2) + 100;
        memset(text, ' ', sizeof text);
        memcpy(text + first, "Get-Service Sysmon64\n", 21);
        memcpy(text + second, "\nStop-Service $x\n", 18);
        assert_int_equal(iw_command_switches_of_parts((struct iw_str){text, sizeof text}, 5, &arena,
                                                      &got, &uncalled),
                         IW_OK);
        assert_int_equal(got.n, 1 - is_far);
    }
    iw_arena_done(&arena);
}

/* Of one statement so many words; behind them anything may be named. */
static void limit_of_words(void **state)
{
    static char text[(IW_SWITCH_WORDS + 8) * 16];
    struct iw_command_switches got;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    struct iw_str line;
    size_t n = (size_t)snprintf(text, sizeof text, "Stop-Service");
    (void)state;
    iw_arena_init(&arena, 0);
    line = lines_of(text + n, sizeof text - n, IW_SWITCH_WORDS - 1, " -a", "");
    line = (struct iw_str){text, n + line.n};
    assert_int_equal(iw_command_switches_of_script(line, &arena, &got, &uncalled), IW_OK);
    assert_int_equal(got.n, 0);
    n = line.n + (size_t)snprintf(text + line.n, sizeof text - line.n, " Sysmon64");
    assert_int_equal(
        iw_command_switches_of_script((struct iw_str){text, n}, &arena, &got, &uncalled), IW_OK);
    assert_int_equal(got.n, 1);
    assert_true(got.items[0].is_unread);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit_of_switches),   cmocka_unit_test(limit_of_what_is_heard),
        cmocka_unit_test(what_runs_what_runs), cmocka_unit_test(limit_of_values),
        cmocka_unit_test(limit_of_functions),  cmocka_unit_test(limit_of_words),
        cmocka_unit_test(what_is_far_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
