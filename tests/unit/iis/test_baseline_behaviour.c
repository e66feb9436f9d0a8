/*
 * Entries of behaviour: what a document says of an act, how it is compared, and hostile documents.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/baseline/baseline_behaviour.h"

#define S IW_NS_PER_SECOND
#define SPAN_BEGIN_NS (1767571200LL * S) /* 2026-01-05 */
#define SPAN_END_NS (1768780800LL * S)   /* 2026-01-19 */
#define AFTER_NS (SPAN_END_NS + S)

#define SPAN                                                                                       \
    ",\"behaviour\":{\"since\":\"2026-01-05T00:00:00.0000000Z\","                                  \
    "\"until\":\"2026-01-19T00:00:00.0000000Z\"}"
#define HEADER(n, span)                                                                            \
    "{\"schema\":\"iiswarden.baseline/1\",\"farm\":false,\"entries\":" n                           \
    ",\"servers\":[{\"host\":\"web01\",\"authoritative\":true},"                                   \
    "{\"host\":\"web02\",\"authoritative\":true}]" span "}\n"
#define ROW(owner, kind, name, scope, image, state, attributes)                                    \
    "{" owner ",\"component\":{\"kind\":\"" kind "\",\"name\":\"" name "\",\"scope\":\"" scope     \
    "\",\"image\":" image ",\"arguments\":null,\"type\":null,\"clsid\":null,\"owner\":null,"       \
    "\"handler\":null,\"state\":\"" state "\",\"disabled\":false,\"precondition\":[],"             \
    "\"attributes\":[" attributes "],\"files\":[]}}\n"
#define WEB01 "\"host\":\"web01\""
#define CMD "\"C:\\\\Windows\\\\System32\\\\cmd.exe\""
#define CHILD(name, attributes)                                                                    \
    ROW(WEB01, "childProcess", name, "ShopPool", CMD, "behaviour", attributes)

#define DOCUMENT                                                                                   \
    HEADER("6", SPAN)                                                                              \
    CHILD("cmd /c ver", "")                                                                        \
    CHILD("cmd /c *", "")                                                                          \
    CHILD("cmd /c odd", "\"doubt=it is new\"")                                                     \
    ROW(WEB01, "belowProcess", "reg query x", "ShopPool", CMD, "behaviour", "")                    \
    ROW(WEB01, "fileWriter", "user", "D:\\\\shop", "\"C:\\\\d\\\\msdeploy.exe\"", "behaviour", "") \
    ROW(WEB01, "administrator", "LAB\\\\j.doe", "", "null", "behaviour", "")

static struct iw_arena arena;

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static enum iw_rc read_text(struct iw_str text, struct iw_baseline **ret, struct iw_error *err)
{
    *err = (struct iw_error){.rc = IW_OK};
    return iw_baseline_read(text, "x", &arena, ret, err);
}

static const struct iw_baseline *read_document(const char *text)
{
    struct iw_baseline *baseline;
    struct iw_error err;
    if (read_text(iw_str_of(text), &baseline, &err) != IW_OK)
        print_error("%s\n", err.message);
    assert_int_equal(err.rc, IW_OK);
    return baseline;
}

static enum iw_behaviour_answer ask(const struct iw_baseline *baseline,
                                    const struct iw_behaviour_act *act)
{
    enum iw_behaviour_answer answer;
    assert_int_equal(iw_baseline_ask_behaviour(baseline, act, AFTER_NS, &arena, &answer), IW_OK);
    return answer;
}

#define T(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define CMD_PATH T("C:\\Windows\\System32\\cmd.exe")

static void acts(void **state)
{
    static const struct {
        const char *what;
        struct iw_behaviour_act act;
        enum iw_behaviour_answer answer;
    } CASES[] = {
        {"as it stands",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c ver"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_USUAL},
        {"letter case of host, pool and path",
         {T("Web01"), IW_BEHAVIOUR_CHILD, T("SHOPPOOL"), T("cmd /c ver"),
          T("c:\\windows\\SYSTEM32\\CMD.exe"), AFTER_NS},
         IW_BEHAVIOUR_IS_USUAL},
        {"another host",
         {T("WEB02"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c ver"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
        {"a host it does not name",
         {T("WEB09"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c ver"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
        {"another pool",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("Other"), T("cmd /c ver"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
        {"another program under that command",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c ver"), T("C:\\t\\cmd.exe"),
          AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
        {"a star is a star",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c whoami"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
        {"and that command itself",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c *"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_USUAL},
        {"what starts below a shell is no child",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("reg query x"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
        {"below a shell",
         {T("WEB01"), IW_BEHAVIOUR_BELOW, T("ShopPool"), T("reg query x"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_USUAL},
        {"with a doubt",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c odd"), CMD_PATH, AFTER_NS},
         IW_BEHAVIOUR_IS_DOUBTFUL},
        {"at the last moment of the span",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c ver"), CMD_PATH, SPAN_END_NS},
         IW_BEHAVIOUR_IS_DOUBTFUL},
        {"at its first",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c ver"), CMD_PATH, SPAN_BEGIN_NS},
         IW_BEHAVIOUR_IS_DOUBTFUL},
        {"before it",
         {T("WEB01"), IW_BEHAVIOUR_CHILD, T("ShopPool"), T("cmd /c ver"), CMD_PATH,
          SPAN_BEGIN_NS - 1},
         IW_BEHAVIOUR_IS_USUAL},
        {"a writer of that root",
         {T("WEB01"), IW_BEHAVIOUR_WRITER, T("d:\\SHOP"), T("user"), T("C:\\d\\msdeploy.exe"),
          AFTER_NS},
         IW_BEHAVIOUR_IS_USUAL},
        {"as another kind of account",
         {T("WEB01"), IW_BEHAVIOUR_WRITER, T("D:\\shop"), T("system"), T("C:\\d\\msdeploy.exe"),
          AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
        {"an administrator",
         {T("WEB01"), IW_BEHAVIOUR_ADMINISTRATOR, T(""), T("lab\\J.DOE"), T(""), AFTER_NS},
         IW_BEHAVIOUR_IS_USUAL},
        {"somebody else",
         {T("WEB01"), IW_BEHAVIOUR_ADMINISTRATOR, T(""), T("LAB\\x"), T(""), AFTER_NS},
         IW_BEHAVIOUR_IS_NEW},
    };
    const struct iw_baseline *baseline = read_document(DOCUMENT);
    (void)state;
    assert_true(iw_baseline_knows_behaviour(baseline));
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        enum iw_behaviour_answer answer = ask(baseline, &CASES[i].act);
        if (answer != CASES[i].answer)
            print_error("%s: %d\n", CASES[i].what, (int)answer);
        assert_int_equal(answer, CASES[i].answer);
    }
}

static void farms_are_of_every_host(void **state)
{
    const struct iw_baseline *baseline = read_document(
        "{\"schema\":\"iiswarden.baseline/1\",\"farm\":true,\"entries\":1,\"servers\":[{\"host\":"
        "\"a\",\"authoritative\":true}]" SPAN
        "}\n" ROW("\"on\":1", "childProcess", "cmd /c ver", "ShopPool", CMD, "behaviour", ""));
    const struct iw_behaviour_act act = {T("NEW09"),      IW_BEHAVIOUR_CHILD, T("ShopPool"),
                                         T("cmd /c ver"), CMD_PATH,           AFTER_NS};
    (void)state;
    assert_int_equal(ask(baseline, &act), IW_BEHAVIOUR_IS_USUAL);
}

static void a_baseline_without_behaviour_knows_none(void **state)
{
    const struct iw_baseline *baseline = read_document(HEADER("0", ""));
    const struct iw_behaviour_act act = {T("WEB01"),      IW_BEHAVIOUR_CHILD, T("ShopPool"),
                                         T("cmd /c ver"), CMD_PATH,           AFTER_NS};
    (void)state;
    assert_false(iw_baseline_knows_behaviour(baseline));
    assert_int_equal(ask(baseline, &act), IW_BEHAVIOUR_IS_NEW);
}

static void what_did_not_happen_is_no_difference(void **state)
{
    const struct iw_baseline *baseline = read_document(DOCUMENT);
    struct iw_str doubt = IW_STR("doubt=now it is");
    struct iw_inventory_component components[] = {
        {.kind = "childProcess",
         .name = IW_STR("cmd /c ver"),
         .scope = IW_STR("ShopPool"),
         .image = IW_STR("C:\\Windows\\System32\\cmd.exe"),
         .state = IW_BEHAVIOUR_STATE,
         .attributes = {&doubt, 1}},
        {.kind = "childProcess",
         .name = IW_STR("cmd /c ver"),
         .scope = IW_STR("ShopPool"),
         .image = IW_STR("C:\\t\\cmd.exe"),
         .state = IW_BEHAVIOUR_STATE},
    };
    struct iw_inventory_server server = {.host = IW_STR("WEB01"), .is_authoritative = true};
    struct iw_inventory inventory = {.servers = &server, .n_servers = 1};
    struct iw_baseline_differences differences;
    (void)state;
    assert_int_equal(iw_baseline_compare(baseline, &inventory, 0, NULL, &arena, &differences),
                     IW_OK);
    assert_int_equal(differences.n, 0);
    server.components = components;
    server.n_components = 2;
    inventory.has_behaviour = true;
    assert_int_equal(iw_baseline_compare(baseline, &inventory, 0, NULL, &arena, &differences),
                     IW_OK);
    /* The same act is equal, whatever was doubtful about it; that of another program is new. */
    assert_int_equal(differences.n, 1);
    assert_int_equal(differences.n_equal, 1);
    assert_int_equal(differences.items[0].change, IW_BASELINE_ADDED);
    assert_true(iw_str_equal(differences.items[0].now->image, IW_STR("C:\\t\\cmd.exe")));
}

static void refused(void **state)
{
    static const struct {
        const char *text, *what;
    } CASES[] = {
        {HEADER("1", "") CHILD("x", ""), "names no span"},
        {HEADER("1", SPAN) ROW(WEB01, "childProcess", "x", "p", CMD, "written", ""), "do not fit"},
        {HEADER("1", SPAN) ROW(WEB01, "globalModule", "x", "", CMD, "behaviour", ""), "do not fit"},
        {HEADER("0", ",\"behaviour\":{\"since\":null}"), "not of since and until"},
        {HEADER("0", ",\"behaviour\":{\"since\":null,\"until\":7}"), "not of since and until"},
        {HEADER("0", ",\"behaviour\":{\"since\":null,\"until\":null,\"x\":1}"),
         "not of since and until"},
        {HEADER("0", ",\"behaviour\":[]"), "not of since and until"},
        {HEADER("0", ",\"conduct\":{}"), "the header is not of"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_baseline *baseline;
        struct iw_error err;
        assert_int_equal(read_text(iw_str_of(CASES[i].text), &baseline, &err), IW_EFORMAT);
        if (strstr(err.message, CASES[i].what) == NULL)
            print_error("%zu: %s\n", i, err.message);
        assert_non_null(strstr(err.message, CASES[i].what));
    }
}

/* A document of *n* commands, the first with a name of so many bytes. */
static enum iw_rc read_many(size_t n, size_t n_bytes, struct iw_error *err)
{
    struct iw_baseline *baseline;
    struct iw_buffer text;
    enum iw_rc rc;
    iw_buffer_init(&text);
    iw_buffer_printf(&text,
                     "{\"schema\":\"iiswarden.baseline/1\",\"farm\":false,\"entries\":%zu,"
                     "\"servers\":[{\"host\":\"web01\",\"authoritative\":true}]" SPAN "}\n",
                     n);
    for (size_t i = 0; i < n; i++) {
        iw_buffer_add(&text,
                      IW_STR("{" WEB01 ",\"component\":{\"kind\":\"childProcess\",\"name\":\""));
        for (size_t k = 0; i == 0 && k < n_bytes; k++)
            iw_buffer_add_char(&text, 'x');
        iw_buffer_printf(&text, "%s", i == 0 ? "" : "c");
        if (i != 0)
            iw_buffer_printf(&text, "%zu", i);
        iw_buffer_add(&text, IW_STR("\",\"scope\":\"p\",\"image\":null,\"arguments\":null,\"type\":"
                                    "null,\"clsid\":null,\"owner\":null,\"handler\":null,\"state\":"
                                    "\"behaviour\",\"disabled\":false,\"precondition\":[],"
                                    "\"attributes\":[],\"files\":[]}}\n"));
    }
    assert_false(text.failed);
    rc = read_text(iw_buffer_str(&text), &baseline, err);
    iw_buffer_done(&text);
    return rc;
}

static void limits(void **state)
{
    struct iw_error err;
    (void)state;
    assert_int_equal(read_many(1, IW_LIMIT_BEHAVIOUR_TEXT_BYTES, &err), IW_OK);
    assert_int_equal(read_many(1, IW_LIMIT_BEHAVIOUR_TEXT_BYTES + 1, &err), IW_ELIMIT);
    assert_non_null(strstr(err.message, "behaviour of more than"));
    assert_int_equal(read_many(IW_LIMIT_BEHAVIOUR_ROWS, 1, &err), IW_OK);
    assert_int_equal(read_many(IW_LIMIT_BEHAVIOUR_ROWS + 1, 1, &err), IW_ELIMIT);
    assert_non_null(strstr(err.message, "entries of behaviour"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(acts),
        CASE(farms_are_of_every_host),
        CASE(a_baseline_without_behaviour_knows_none),
        CASE(what_did_not_happen_is_no_difference),
        CASE(refused),
        CASE(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
