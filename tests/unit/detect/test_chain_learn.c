/*
 * Learning: what of a host's life is taken for usual, with what doubt, and what is refused.
 * Expectations are made from docs/BASELINE.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "detect/chain/account_kind.h"
#include "tests/unit/detect/chain_scenario.h"

#define R0 "3600000 start 100 10 cmd.exe cmd /c ver\n"
#define R1 "90000000 start 101 10 cmd.exe cmd /c ver\n"
#define R2 "176400000 start 102 10 cmd.exe cmd /c ver\n"
#define R3 "262800000 start 103 10 cmd.exe cmd /c ver\n"
#define FIRST_MS 3600000
#define WEEK_MS (7 * DAY_MS)

static struct iw_buffer lines;

/* `KIND SCOPE NAME TIMES/DAYS[ refused: WHY][ doubt: WHY]`. */
static enum iw_rc take(void *context, struct iw_str host, const struct iw_chain_learned *learned,
                       struct iw_error *err)
{
    static const char *const KINDS[IW_CHAIN_USAGE_COUNT] = {"child", "below", "writer", "admin"};
    const struct iw_chain_usage *usage = &learned->usage;
    (void)context;
    (void)err;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    iw_buffer_printf(&lines, "%s %.*s|%.*s %llu/%llu", KINDS[usage->kind], IW_STR_ARG(usage->scope),
                     IW_STR_ARG(usage->name), (unsigned long long)learned->n,
                     (unsigned long long)learned->n_days);
    if (learned->refused != NULL)
        iw_buffer_printf(&lines, " refused: %s", learned->refused);
    if (learned->doubt != NULL)
        iw_buffer_printf(&lines, " doubt: %s", learned->doubt);
    iw_buffer_add_char(&lines, '\n');
    return IW_OK;
}

static void learn(const char *script, int64_t since_ms, int64_t until_ms, bool is_called,
                  const char *expected)
{
    struct chain_rig rig;
    rig_init(&rig);
    iw_buffer_init(&lines);
    rig.is_called = is_called;
    rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES].first_ns = CHAIN_EPOCH_NS;
    rig.input.ask_behaviour = NULL;
    rig.input.take_learned = take;
    rig.input.learn_since_ns = CHAIN_EPOCH_NS + since_ms * MS;
    rig.input.learn_until_ns = CHAIN_EPOCH_NS + until_ms * MS;
    rig_begin(&rig);
    rig_script(&rig, script);
    rig_end(&rig);
    iw_buffer_add_char(&lines, '\0');
    assert_string_equal(lines.p, expected);
    iw_buffer_done(&lines);
    rig_done(&rig);
}

static void commands(void **state)
{
    (void)state;
    learn(WORKER R0 R1 R2, 0, WEEK_MS, false, "child ShopPool|cmd /c ver 3/3\n");
    /* Digits and names of temporary files make no other command. */
    learn(WORKER "3600000 start 100 10 cmd.exe cmd /c log 17\n"
                 "90000000 start 101 10 cmd.exe CMD /c  log 9\n"
                 "176400000 start 102 10 cmd.exe cmd /c log 4711\n",
          0, WEEK_MS, false, "child ShopPool|cmd /c log # 3/3\n");
    learn(WORKER R0 R1, 0, WEEK_MS, false,
          "child ShopPool|cmd /c ver 2/2 doubt: it ran fewer than three times\n");
    /* The ends of the span belong to it. */
    learn(WORKER R0 R1 R2 R3, FIRST_MS, 176400000, false, "child ShopPool|cmd /c ver 3/3\n");
    learn(WORKER R0 R1 R2 R3, FIRST_MS + 1, 176400000 - 1, false,
          "child ShopPool|cmd /c ver 1/1 doubt: it ran fewer than three times\n");
    learn(WORKER R0 R1 R2, WEEK_MS, 2LL * WEEK_MS, false, "");
    learn(WORKER "3600000 start 100 10 cmd.exe -\n", 0, WEEK_MS, false, "");
}

static void what_is_odd(void **state)
{
    (void)state;
    learn(WORKER R0 R1 "90001000 start 200 101 whoami.exe whoami\n" R2, 0, WEEK_MS, false,
          "child ShopPool|cmd /c ver 3/3 refused: it tells of the machine, its users, its network\n"
          "below ShopPool|whoami 1/1 refused: it tells of the machine, its users, its network "
          "doubt: it ran fewer than three times\n");
    learn(WORKER R0 R1 R2, 0, WEEK_MS, true,
          "child ShopPool|cmd /c ver 3/3 refused: a page that is seldom asked for beside was asked "
          "for "
          "whenever it ran\n");
    /* And what it started, however dull. */
    learn(WORKER R0 R1 "90001000 start 200 101 fc.exe fc a b\n" R2, 0, WEEK_MS, true,
          "child ShopPool|cmd /c ver 3/3 refused: a page that is seldom asked for beside was asked "
          "for whenever it ran\n"
          "below ShopPool|fc a b 1/1 refused: what started it is refused doubt: it ran fewer than "
          "three times\n");
    /* Long before its first run there was nothing of it. */
    learn(WORKER "349200000 start 100 10 cmd.exe cmd /c ver\n"
                 "435600000 start 101 10 cmd.exe cmd /c ver\n"
                 "522000000 start 102 10 cmd.exe cmd /c ver\n",
          0, WEEK_MS, false,
          "child ShopPool|cmd /c ver 3/3 doubt: it began inside the span, which is longer before "
          "its first run than any pause of it\n");
    learn(
        WORKER "1800000 write 99 " A "\n" R0 R1 R2, 0, WEEK_MS, false,
        "child ShopPool|cmd /c ver 3/3 doubt: a file among web files came before its first run\n");
}

static void writers_and_administrators(void **state)
{
    (void)state;
    learn(WORKER "1500 start 50 1 D:\\x\\msdeploy.exe msdeploy -verb:sync\n2000 write 50 " A "\n"
                 "2500 write 10 " B "\n3000 change 50 S-1-5-21-1-2-3-500 x\n",
          0, WEEK_MS, false,
          "writer C:\\inetpub\\shop|pool 1/1\n"
          "writer C:\\inetpub\\shop|pool 1/1 refused: the web server itself, or what it started, "
          "writes there\n"
          "admin |S-1-5-21-1-2-3-500 1/1\n");
    learn("1500 logon 10 LAB\\admin 10.0.0.7\n1600 user 60 1 LAB\\admin cmd.exe cmd\n", 0, WEEK_MS,
          false, "admin |LAB\\admin 1/1\n");
    learn("1500 logon 3 LAB\\admin 10.0.0.7\n1600 user 60 1 LAB\\admin cmd.exe cmd\n", 0, WEEK_MS,
          false, "");
}

/* "robocopy as some user" would be everybody: of a tool account, starter and command are learned.
 */
static void tools_by_account_and_command(void **state)
{
    (void)state;
    learn(WORKER
          "1400 system 40 1 svchost.exe\n"
          "1500 user 50 40 CORP\\Deploy robocopy.exe robocopy \\\\FS01\\17 C:\\inetpub /mir\n"
          "2000 write 50 " A "\n2100 write 50 " B "\n",
          0, WEEK_MS, false,
          "writer C:\\inetpub\\shop|iis apppool\\shoppool by c:\\windows\\system32\\svchost.exe: "
          "robocopy \\\\fs01\\# c:\\inetpub /mir 2/1\n");
    /* What started it is not known: whoever has the account may have. */
    learn(WORKER "1500 user 50 1 CORP\\Deploy robocopy.exe robocopy D:\\drop C:\\inetpub /mir\n"
                 "2000 write 50 " A "\n",
          0, WEEK_MS, false, "");
}

static void kinds_of_accounts(void **state)
{
    static const struct {
        const char *user, *sid, *kind;
    } CASES[] = {
        {"NT AUTHORITY\\SYSTEM", "", "system"},
        {"", "S-1-5-18", "system"},
        {"nt authority\\network service", "", "service"},
        {"", "S-1-5-19", "service"},
        {"NT SERVICE\\W3SVC", "", "service"},
        {"IIS APPPOOL\\Shop", "", "pool"},
        {"", "S-1-5-82-1-2-3-4-5", "pool"},
        {"LAB\\WEB01$", "", "computer"},
        {"LAB\\j.doe", "S-1-5-21-1-2-3-1104", "user"},
        {"", "S-1-5-21-1-2-3-1104", "user"},
        {"LAB\\SYSTEM", "", "user"},
        {"", "", "unknown"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_string_equal(iw_account_kind(iw_str_of(CASES[i].user), iw_str_of(CASES[i].sid)),
                            CASES[i].kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),
        cmocka_unit_test(what_is_odd),
        cmocka_unit_test(writers_and_administrators),
        cmocka_unit_test(tools_by_account_and_command),
        cmocka_unit_test(kinds_of_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
