/*
 * Functions that one text of PowerShell (4104) defines and another of the same process calls, and
 * variables that are set at one prompt and named at another: what they ask for is heard there,
 * however events are divided among threads.
 */
#include "coverage/switch_names.h"
#include "coverage/switch_sessions.h"
#include "tests/unit/coverage/switches_rig.h"

#define POWERSHELL "Microsoft-Windows-PowerShell/Operational"
#define MOST_TEXTS 4U
#define MINUTE_NS (INT64_C(60) * IW_NS_PER_SECOND)
#define DAY_NS (INT64_C(24) * 60 * MINUTE_NS)
#define BEGIN_NS (10 * DAY_NS)
#define OTHER "WEB02"
#define DEFINES "function Remove-It { Stop-Service Sysmon64 }\nhostname"

/* Rows end where the rest is usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct text {
    int64_t later_ns;
    const char *text;
    const char *process;  /* NULL: "4000"; empty: not told */
    const char *computer; /* NULL: WEB01 */
    const char *path;     /* NULL: of no file */
};

struct row {
    const char *what;
    struct text texts[MOST_TEXTS];
    size_t n;         /* switches */
    int64_t later_ns; /* of the first */
};

static const struct row ROWS[] = {
    {"called", {{0, DEFINES}, {MINUTE_NS, "Remove-It -Force"}}, 1, MINUTE_NS},
    {"not called", {{0, DEFINES}, {MINUTE_NS, "hostname"}}, 0},
    {"called twice", {{0, DEFINES}, {1, "remove-it"}, {MINUTE_NS, "Remove-It"}}, 2, 1},
    {"by another process", {{0, DEFINES}, {1, "Remove-It", "4001"}}, 0},
    {"by a process that is not told", {{0, DEFINES}, {1, "Remove-It", ""}}, 1, 1},
    {"by what loads it, which is logged before",
     {{0, ". .\\lib.ps1; Remove-It"}, {MINUTE_NS, DEFINES}},
     1,
     MINUTE_NS},
    {"too long before", {{0, "Remove-It"}, {10 * MINUTE_NS + 1, DEFINES}}, 0},
    {"not too long before", {{0, "Remove-It"}, {10 * MINUTE_NS, DEFINES}}, 1, 10 * MINUTE_NS},
    {"a day behind", {{0, DEFINES}, {DAY_NS, "Remove-It"}}, 1, DAY_NS},
    {"more than a day behind", {{0, DEFINES}, {DAY_NS + 1, "Remove-It"}}, 0},
    {"on another host", {{0, DEFINES}, {1, "Remove-It", NULL, OTHER}}, 0},
    {"an argument", {{0, DEFINES}, {1, "Get-Help Remove-It"}}, 0},
    {"an option", {{0, DEFINES}, {1, "Foo -Remove-It"}}, 0},
    {"a part of a name", {{0, DEFINES}, {1, "Remove-Item x; Xremove-It"}}, 0},
    {"in a block", {{0, DEFINES}, {1, "if ($x) { Remove-It }"}}, 1, 1},
    {"behind a sign", {{0, DEFINES}, {1, "& Remove-It"}}, 1, 1},
    {"in quotes", {{0, DEFINES}, {1, "& 'Remove-It'"}}, 1, 1},
    {"of a module", {{0, DEFINES}, {1, "Lib\\Remove-It"}}, 1, 1},
    {"what is returned", {{0, DEFINES}, {1, "return Remove-It"}}, 1, 1},
    {"in a pipeline", {{0, DEFINES}, {1, "1..3 | Remove-It"}}, 1, 1},
    {"whose value is kept", {{0, DEFINES}, {1, "$x = Remove-It"}}, 1, 1},
    {"by its block", {{0, DEFINES}, {1, "icm WEB02 ${function:Remove-It}"}}, 1, 1},
    {"dotted", {{0, DEFINES}, {1, "hostname; . Remove-It"}}, 1, 1},
    {"escaped", {{0, DEFINES}, {1, "Remo`ve-It"}}, 1, 1},
    {"one of its own", {{0, DEFINES}, {1, "function Remove-It { hostname }\nRemove-It"}}, 0},
    {"one of its own, by its scope",
     {{0, DEFINES}, {1, "function global:Remove-It { hostname }\nRemove-It"}},
     0},
    {"the list of a module's members",
     {{0, "function Remove-It { Stop-Service Sysmon64 }\nExport-ModuleMember Remove-It"}},
     0},
    {"a name that is not English",
     {{0, "function L\xC3\xB6sche-Es { Stop-Service Sysmon64 }"}, {1, "L\xC3\xB6sche-Es"}},
     1,
     1},
    {"a function that switches nothing off",
     {{0, "function Remove-It { Get-Service Sysmon64 }"}, {1, "Remove-It"}},
     0},
    {"two functions",
     {{0, "function A1 { Stop-Service Sysmon64 }\nfunction B1 { wevtutil cl Security }"},
      {1, "B1"},
      {2, "A1"}},
     2,
     1},
    {"a script that is loaded twice", {{0, DEFINES}, {1, "Remove-It"}, {2, DEFINES}}, 2, 1},
    /* Variables of prompts. */
    {"a variable", {{0, "$s = 'Sysmon64'"}, {1, "Stop-Service $s"}}, 1, 1},
    {"a variable of another process", {{0, "$s = 'Sysmon64'"}, {1, "Stop-Service $s", "4001"}}, 0},
    {"a variable of another host",
     {{0, "$s = 'Sysmon64'"}, {1, "Stop-Service $s", NULL, OTHER}},
     0},
    {"a variable that is set later", {{0, "Stop-Service $s"}, {1, "$s = 'Sysmon64'"}}, 0},
    {"an hour behind",
     {{0, "$s = 'Sysmon64'"}, {60 * MINUTE_NS, "Stop-Service $s"}},
     1,
     60 * MINUTE_NS},
    {"more than an hour behind",
     {{0, "$s = 'Sysmon64'"}, {60 * MINUTE_NS + 1, "Stop-Service $s"}},
     0},
    {"another variable", {{0, "$s = 'Sysmon64'"}, {1, "Stop-Service $t"}}, 0},
    {"a variable of another service", {{0, "$s = 'Spooler'"}, {1, "Stop-Service $s"}}, 0},
    {"what a command gave", {{0, "$s = Get-Service Sysmon64"}, {1, "$s.Stop()"}}, 1, 1},
    {"what a command started",
     {{0, "$s = 'Sysmon64'"}, {1, "Get-Service $s; Start-Service $s"}},
     0},
    {"a variable of a file",
     {{0, "$s = 'Sysmon64'", NULL, NULL, "C:\\t\\a.ps1"}, {1, "Stop-Service $s"}},
     0},
    {"a variable in a file",
     {{0, "$s = 'Sysmon64'"}, {1, "Stop-Service $s", NULL, NULL, "C:\\t\\a.ps1"}},
     0},
    {"a parameter", {{0, "$s = 'Sysmon64'"}, {1, "param($s) Stop-Service $s"}}, 0},
    {"a variable that is set anew there",
     {{0, "$s = 'Sysmon64'"}, {1, "$s = 'Spooler'; Stop-Service $s"}},
     0},
};

static void add(struct iw_switches *switches, const struct text *text)
{
    const struct test_field fields[] = {
        {"Execution_ProcessID", text->process != NULL ? text->process : "4000", IW_PLACE_SYSTEM},
        {"ScriptBlockText", text->text, IW_PLACE_EVENT_DATA},
        {"Path", text->path != NULL ? text->path : "", IW_PLACE_EVENT_DATA}};
    struct iw_event event = test_event(&names, &arena, POWERSHELL, 4104, fields, 3);
    event.computer = iw_str_of(text->computer != NULL ? text->computer : "WEB01");
    event.time_ns = BEGIN_NS + text->later_ns;
    assert_int_equal(iw_switches_add(switches, &event), IW_OK);
}

static struct iw_switch_list settle(struct iw_switches *switches, struct iw_hosts *hosts)
{
    static const char *const LABELS[] = {"WEB01", OTHER};
    return settle_for(switches, hosts, LABELS, 2);
}

/* By one thread, and divided among two in every way. */
static void what_functions_ask(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        size_t n = 0;
        while (n < MOST_TEXTS && ROWS[i].texts[n].text != NULL)
            n++;
        for (size_t way = 0; way < (size_t)1 << n; way++) {
            struct iw_switches *all = switches_new(), *other = switches_new();
            struct iw_hosts hosts;
            struct iw_switch_list list;
            for (size_t k = 0; k < n; k++)
                add((way >> k & 1U) != 0 ? other : all, &ROWS[i].texts[k]);
            assert_int_equal(iw_switches_merge(all, other), IW_OK);
            list = settle(all, &hosts);
            if (list.n != ROWS[i].n ||
                (list.n != 0 && list.items[0].time_ns != BEGIN_NS + ROWS[i].later_ns))
                fail_msg("%s, divided %zu: %zu", ROWS[i].what, way, list.n);
            iw_hosts_done(&hosts);
            iw_switches_free(all);
            iw_switches_free(other);
        }
    }
}

/* Of two values the later one holds, whichever thread saw it. */
static void variables_that_are_set_twice(void **state)
{
    static const struct text TEXTS[] = {
        {0, "$s = 'Sysmon64'"}, {1, "$s = 'EventLog'"}, {2, "Stop-Service $s"}};
    (void)state;
    for (size_t way = 0; way < 8; way++) {
        struct iw_switches *all = switches_new(), *other = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        for (size_t k = 0; k < 3; k++)
            add((way >> k & 1U) != 0 ? other : all, &TEXTS[k]);
        assert_int_equal(iw_switches_merge(all, other), IW_OK);
        list = settle(all, &hosts);
        assert_int_equal(list.n, 1);
        assert_true(iw_str_equal(list.items[0].subject, IW_STR("EventLog")));
        iw_hosts_done(&hosts);
        iw_switches_free(all);
        iw_switches_free(other);
    }
}

/* Variables that a text does not name are none of those that it may know. */
static void variables_beside_others(void **state)
{
    enum { N = IW_SWITCH_LEFT + 2 };
    (void)state;
    for (size_t first = 0; first < N; first++) { /* when the one that counts is set */
        for (size_t way = 0; way < 4; way++) {
            struct iw_switches *all = switches_new(), *other = switches_new();
            const struct text last = {N, "Stop-Service $s"};
            struct iw_hosts hosts;
            struct iw_switch_list list;
            for (size_t k = 0; k < N; k++) {
                char line[32];
                const struct text given = {(int64_t)k, line};
                if (k == first)
                    (void)snprintf(line, sizeof line, "$s = 'Sysmon64'");
                else
                    (void)snprintf(line, sizeof line, "$a%zu = 'Sysmon64'", k);
                add((k + way) % 3 == 0 ? other : all, &given);
            }
            add(way % 2 == 0 ? all : other, &last);
            assert_int_equal(iw_switches_merge(all, other), IW_OK);
            list = settle(all, &hosts);
            assert_int_equal(list.n, 1);
            iw_hosts_done(&hosts);
            iw_switches_free(all);
            iw_switches_free(other);
        }
    }
}

/* A text that is too long to be kept is as one that nobody knows the variables of. */
static void limit_of_later_texts(void **state)
{
    static char text[IW_SWITCH_LATER_BYTES + 2];
    static const struct text FIRST = {0, "$s = 'Sysmon64'"};
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        const struct text second = {1, text};
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        memset(text, ' ', sizeof text);
        memcpy(text, "Stop-Service $s", 15);
        text[IW_SWITCH_LATER_BYTES + over] = '\0';
        add(switches, &FIRST);
        add(switches, &second);
        list = settle(switches, &hosts);
        assert_int_equal(list.n, 1 - over);
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

static void what_is_told_of_it(void **state)
{
    static const struct text TEXTS[] = {{0, DEFINES}, {1, "Remove-It"}};
    struct iw_switches *switches = switches_new();
    struct iw_hosts hosts;
    struct iw_switch_list list;
    (void)state;
    for (size_t i = 0; i < 2; i++)
        add(switches, &TEXTS[i]);
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].kind, IW_SWITCH_SERVICE_OFF);
    assert_true(list.items[0].is_asked);
    assert_true(iw_str_equal(list.items[0].subject, IW_STR("Sysmon")));
    assert_true(
        iw_str_equal(list.items[0].by, IW_STR("PowerShell 4104, Stop-Service in Remove-It")));
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

/* Past the calls of a host that are known its functions may have been called, and no others'. */
static void limit_of_calls(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        static const struct text FIRST = {0, DEFINES}, SECOND = {0, DEFINES, NULL, OTHER};
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        add(switches, &FIRST);
        add(switches, &SECOND);
        for (size_t i = 1; i < IW_LIMIT_SESSION_CALLS + over; i++) {
            const struct text call = {(int64_t)i, "hostname"};
            add(switches, &call);
            if (i % 1024 == 0)
                iw_arena_reset(&arena);
        }
        list = settle(switches, &hosts);
        assert_int_equal(list.n, over);
        if (over != 0) {
            assert_true(iw_str_equal(list.items[0].host, IW_STR("WEB01")));
            assert_int_equal(list.items[0].time_ns, BEGIN_NS);
            assert_true(iw_str_ends_nocase(list.items[0].by, IW_STR("may have been called")));
        }
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

/* Texts that define one function again and again, and those that call it: past the looks for calls
 * their host is cut, and no other.
 */
static void limit_of_looks(void **state)
{
    enum { CALLS = 1024, OF_CALL = 33 };
    size_t most = 1;
    (void)state;
    while ((most + 1) * (most + 1 + CALLS * OF_CALL) <= IW_LIMIT_SESSION_LOOKS)
        most++; /* each looks at the texts that define it, too, which call what it does */
    for (size_t over = 0; over <= 1; over++) {
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        for (size_t i = 0; i < most + over; i++) {
            const struct text defined = {(int64_t)i, "function A1 { Stop-Service Sysmon64 }"};
            add(switches, &defined);
            if (i % 1024 == 0)
                iw_arena_reset(&arena);
        }
        for (size_t i = 0; i < CALLS; i++) {
            const struct text call = {(int64_t)(most + i + 1), "A1"};
            add(switches, &call);
        }
        list = settle(switches, &hosts);
        assert_int_equal(list.n, CALLS);
        assert_int_equal(iw_switches_are_cut(&list, IW_STR("WEB01")), over);
        assert_false(iw_switches_are_cut(&list, IW_STR(OTHER)));
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

/* A prompt that is given more variables of what logs than are kept may stop what the last one
 * names: its host is cut, and no other. */
static void limit_of_variables(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        char given[64 * (IW_SWITCH_LEFT + 1)];
        size_t n = 0;
        for (size_t i = 0; i < IW_SWITCH_LEFT + over; i++)
            n += (size_t)snprintf(given + n, sizeof given - n, "$a%zu = 'Sysmon64'\n", i);
        add(switches, &(struct text){0, given, NULL, NULL, NULL});
        add(switches, &(struct text){5, "Stop-Service $zz", NULL, NULL, NULL});
        list = settle(switches, &hosts);
        assert_int_equal(iw_switches_are_cut(&list, IW_STR("WEB01")), over);
        assert_false(iw_switches_are_cut(&list, IW_STR(OTHER)));
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

/* Past the bytes of all it is so of every host, and of functions that are not kept. */
static void limit_of_bytes(void **state)
{
    static char text[4096];
    size_t n = 0, n_texts = 0;
    struct iw_switches *switches = switches_new();
    static const struct text DEFINED = {0, DEFINES};
    struct iw_hosts hosts;
    struct iw_switch_list list;
    (void)state;
    for (size_t at = 0; at + 16 < sizeof text; n++)
        at += (size_t)snprintf(text + at, sizeof text - at, "a%zu;", n);
    for (; n_texts * n * 4 <= IW_LIMIT_SESSION_BYTES; n_texts++) {
        const struct text call = {(int64_t)n_texts, text, NULL, OTHER};
        (void)snprintf(text, 9, "b%07zu", n_texts); /* names of its own */
        text[8] = ';';
        add(switches, &call);
        if (n_texts % 256 == 0)
            iw_arena_reset(&arena);
    }
    add(switches, &DEFINED);
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 1);
    assert_true(iw_str_equal(list.items[0].host, IW_STR("WEB01")));
    assert_true(iw_str_ends_nocase(list.items[0].by, IW_STR("may have been called")));
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

/* Of one text so many names; of one that has more any may be called. */
static void limit_of_names(void **state)
{
    static char text[IW_SWITCH_NAMES * 24 + 16];
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        static const struct text DEFINED = {0, DEFINES};
        const struct text call = {1, text};
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        size_t at = 0;
        for (size_t i = 0; i < 2 * IW_SWITCH_NAMES; i++) /* each twice */
            at += (size_t)snprintf(text + at, sizeof text - at, "%c%zu;", 'a',
                                   i % (IW_SWITCH_NAMES / 2));
        for (size_t i = 0; i < IW_SWITCH_NAMES / 2 + over; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, "b%zu;", i);
        assert_true(at + 8 < sizeof text);
        add(switches, &DEFINED);
        add(switches, &call);
        list = settle(switches, &hosts);
        assert_int_equal(list.n, over);
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVENTS(what_functions_ask),   EVENTS(what_is_told_of_it),
        EVENTS(limit_of_calls),       EVENTS(limit_of_bytes),
        EVENTS(limit_of_names),       EVENTS(variables_that_are_set_twice),
        EVENTS(limit_of_later_texts), EVENTS(limit_of_looks),
        EVENTS(limit_of_variables),   EVENTS(variables_beside_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
