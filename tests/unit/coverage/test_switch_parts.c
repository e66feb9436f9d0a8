/*
 * Texts of PowerShell that were logged in several parts (4104): what a border cuts in two is heard
 * as one, in whatever order parts come and however they are divided among threads.
 */
#include "tests/unit/coverage/switches_rig.h"

#define EVT IW_PLACE_EVENT_DATA
#define POWERSHELL "Microsoft-Windows-PowerShell/Operational"
#define MOST_PARTS 6U
#define OTHER "WEB02"

/* Rows end where the rest is usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct part {
    const char *number, *text;
    const char *id;       /* NULL: "a" */
    const char *n_parts;  /* NULL: "2" */
    const char *computer; /* NULL: WEB01 */
    int64_t later_ns;
};

struct row {
    const char *what;
    struct part parts[MOST_PARTS];
    size_t n;       /* switches */
    bool is_unread; /* of them */
};

static const struct row ROWS[] = {
    {"a command that is cut", {{"1", "hostname; Stop-Ser"}, {"2", "vice Sysmon64"}}, 1},
    {"the last part first", {{"2", "vice Sysmon64"}, {"1", "hostname; Stop-Ser"}}, 1},
    {"parts that come twice",
     {{"1", "hostname; Stop-Ser"},
      {"1", "hostname; Stop-Ser"},
      {"2", "vice Sysmon64"},
      {"2", "vice Sysmon64"},
      {"1", "hostname; Stop-Ser"}},
     1},
    {"two texts at once",
     {{"1", "Stop-Ser"},
      {"1", "Get-Ser", "b"},
      {"2", "vice Sysmon64", "b"},
      {"2", "vice Sysmon64"}},
     1},
    {"one id on two hosts",
     {{"1", "Stop-Ser"},
      {"2", "vice Sysmon64", NULL, NULL, OTHER},
      {"2", "vice Spooler"},
      {"1", "Get-Ser", NULL, NULL, OTHER}},
     0},
    {"a remark over the border", {{"1", "<# never\n"}, {"2", "Stop-Service Sysmon64\n#>"}}, 0},
    {"a text in quotes over the border",
     {{"1", "$x = @'\n"}, {"2", "Stop-Service Sysmon64\n'@"}},
     0},
    {"what ends at the border", {{"1", "<# never #>"}, {"2", "Stop-Service Sysmon64\n"}}, 1},
    {"a function that another part calls",
     {{"1", "function Remove-It { Stop-Service Sysmon64 }\n"}, {"2", "Remove-It"}},
     1},
    {"a function that none calls",
     {{"1", "function Remove-It { Stop-Service Sysmon64 }\n"}, {"2", "hostname"}},
     0},
    {"a variable of another part", {{"1", "$s = 'Sysmon64'\n"}, {"2", "Stop-Service $s"}}, 1},
    {"one is missing",
     {{"1", "hostname", NULL, "3"}, {"3", "Stop-Service Sysmon64", NULL, "3"}},
     1},
    {"behind one that is missing a remark may have ended",
     {{"1", "<# never", NULL, "3"}, {"3", "Stop-Service Sysmon64 #>", NULL, "3"}},
     1},
    {"two in a row, without the first",
     {{"2", "Stop-Ser", NULL, "3"}, {"3", "vice Sysmon64", NULL, "3"}},
     1},
    {"never joined over one that is missing",
     {{"1", "Stop-Ser", NULL, "3"}, {"3", "vice Sysmon64", NULL, "3"}},
     0},
    {"a function whose call is missing",
     {{"1", "function Remove-It { Stop-Service Sysmon64 }\n"}},
     1},
    {"without an id each is alone",
     {{"1", "Stop-Ser", ""}, {"2", "vice Sysmon64", ""}, {"1", "Stop-Service Sysmon64", ""}},
     1},
    {"a number there is not", {{"3", "Stop-Service Sysmon64"}, {"0", "Stop-Service EventLog"}}, 2},
    {"a copy that is not whole",
     {{"1", "<# never\n"}, {"2", "Stop-Service Sysmon64\n#>"}, {"2", "Stop-Service Sysmon64\n#>"}},
     0},
    {"another total is another text", {{"1", "Stop-Ser"}, {"2", "vice Sysmon64", NULL, "3"}}, 0},
    {"one part is a whole", {{"1", "Stop-Service Sysmon64", NULL, "1"}}, 1},
};

static struct iw_event event_of(const struct part *part)
{
    const struct test_field fields[] = {
        {"MessageNumber", part->number, EVT},
        {"MessageTotal", part->n_parts != NULL ? part->n_parts : "2", EVT},
        {"ScriptBlockText", part->text, EVT},
        {"ScriptBlockId", part->id != NULL ? part->id : "a", EVT}};
    struct iw_event event = test_event(&names, &arena, POWERSHELL, 4104, fields, 4);
    event.computer = iw_str_of(part->computer != NULL ? part->computer : "WEB01");
    event.time_ns = 1000 + part->later_ns;
    return event;
}

static void add(struct iw_switches *switches, const struct part *part)
{
    struct iw_event event = event_of(part);
    assert_int_equal(iw_switches_add(switches, &event), IW_OK);
}

static struct iw_switch_list settle(struct iw_switches *switches, struct iw_hosts *hosts)
{
    static const char *const LABELS[] = {"WEB01", OTHER};
    return settle_for(switches, hosts, LABELS, 2);
}

/* By one thread, and divided among two in every way. */
static void what_parts_ask(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        size_t n = 0;
        while (n < MOST_PARTS && ROWS[i].parts[n].number != NULL)
            n++;
        for (size_t way = 0; way < (size_t)1 << n; way++) {
            struct iw_switches *all = switches_new(), *other = switches_new();
            struct iw_hosts hosts;
            struct iw_switch_list list;
            for (size_t k = 0; k < n; k++)
                add((way >> k & 1U) != 0 ? other : all, &ROWS[i].parts[k]);
            assert_int_equal(iw_switches_merge(all, other), IW_OK);
            list = settle(all, &hosts);
            if (list.n != ROWS[i].n || list.n_cut_hosts != 0 || list.n_hidden != 0)
                fail_msg("%s, divided %zu: %zu", ROWS[i].what, way, list.n);
            iw_hosts_done(&hosts);
            iw_switches_free(all);
            iw_switches_free(other);
        }
    }
}

/* Parts are of the process that wrote them, whichever thread saw them: another calls no function of
 * theirs. */
static void processes_of_parts(void **state)
{
    static const struct {
        const char *process, *text, *number, *n_parts;
    } TEXTS[] = {{"4000", "function Remove-It { Stop-Service ", "1", "2"},
                 {"4000", "Sysmon64 }\nhostname", "2", "2"},
                 {"4001", "Remove-It", "1", "1"}};
    (void)state;
    for (size_t way = 0; way < 8; way++) {
        struct iw_switches *all = switches_new(), *other = switches_new();
        struct iw_hosts hosts;
        for (size_t i = 0; i < 3; i++) {
            const struct test_field fields[] = {
                {"Execution_ProcessID", TEXTS[i].process, IW_PLACE_SYSTEM},
                {"MessageNumber", TEXTS[i].number, EVT},
                {"MessageTotal", TEXTS[i].n_parts, EVT},
                {"ScriptBlockText", TEXTS[i].text, EVT},
                {"ScriptBlockId", "a", EVT}};
            struct iw_event event = test_event(&names, &arena, POWERSHELL, 4104, fields, 5);
            event.computer = IW_STR("WEB01");
            event.time_ns = 1000;
            assert_int_equal(iw_switches_add((way >> i & 1U) != 0 ? other : all, &event), IW_OK);
        }
        assert_int_equal(iw_switches_merge(all, other), IW_OK);
        if (settle(all, &hosts).n != 0)
            fail_msg("divided %zu", way);
        iw_hosts_done(&hosts);
        iw_switches_free(all);
        iw_switches_free(other);
    }
}

/* A switch is of the first of its parts, and of the first file that has it. */
static void when_and_where_it_is(void **state)
{
    static const struct part PARTS[] = {{"2", "vice Sysmon64", .later_ns = 20},
                                        {"1", "Stop-Ser", .later_ns = 10}};
    struct iw_switches *switches = switches_new();
    struct iw_hosts hosts;
    struct iw_switch_list list;
    (void)state;
    for (uint32_t i = 0; i < 6; i++) {
        static const uint32_t SOURCES[] = {9, 7, 8}; /* each after the other is whole */
        struct iw_event event = event_of(&PARTS[i % 2]);
        event.source = SOURCES[i / 2];
        assert_int_equal(iw_switches_add(switches, &event), IW_OK);
    }
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].time_ns, 1010);
    assert_int_equal(list.items[0].source, 7);
    assert_true(iw_str_equal(list.items[0].by, IW_STR("PowerShell 4104, Stop-Service")));
    assert_true(list.items[0].is_asked);
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

/* An id that comes again at another time is none of what was whole, nor of what waits. */
static void ids_that_come_again(void **state)
{
    static const struct part PARTS[] = {
        {"1", "hostname"},
        {"1", "Stop-Service Sysmon64", .later_ns = 1000},
        {"2", "hostname"},
        {"1", "Stop-Service EventLog", .later_ns = 2000},
    };
    struct iw_switches *switches = switches_new();
    struct iw_hosts hosts;
    struct iw_switch_list list;
    (void)state;
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        add(switches, &PARTS[i]);
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 2);
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

/* A character of two units, and a command, cut in UTF-16. */
static void wide_texts(void **state)
{
    static const uint8_t FIRST[] = {'s', 0, 'c', 0, '.', 0, 'e', 0, 'x', 0, 'e', 0, ' ',  0,
                                    's', 0, 't', 0, 'o', 0, 'p', 0, ' ', 0, 'S', 0, 'y',  0,
                                    's', 0, 'm', 0, 'o', 0, 'n', 0, ' ', 0, '#', 0, 0x3D, 0xD8};
    static const uint8_t SECOND[] = {0x00, 0xDE, '\n', 0, 's', 0};
    static const struct part PARTS[] = {{"1", "x"}, {"2", "x"}};
    struct iw_switches *switches = switches_new();
    struct iw_hosts hosts;
    struct iw_switch_list list;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct iw_event event = event_of(&PARTS[i]);
        struct iw_field fields[4];
        memcpy(fields, event.fields, sizeof fields);
        fields[2].p = i == 0 ? FIRST : SECOND;
        fields[2].n = i == 0 ? sizeof FIRST : sizeof SECOND;
        fields[2].type = IW_VALUE_UTF16;
        event.fields = fields;
        assert_int_equal(iw_switches_add(switches, &event), IW_OK);
    }
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 1);
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

/* Of more parts than are put together each is heard, and the host is cut. */
static void limit_of_parts(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        char n_parts[16];
        const struct part part = {"1", "Stop-Service Sysmon64", .n_parts = n_parts};
        (void)snprintf(n_parts, sizeof n_parts, "%zu", IW_LIMIT_SCRIPT_PARTS + over);
        add(switches, &part);
        list = settle(switches, &hosts);
        assert_int_equal(list.n, 1);
        assert_int_equal(iw_switches_are_cut(&list, IW_STR("WEB01")), over);
        assert_false(iw_switches_are_cut(&list, IW_STR(OTHER)));
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

/* A long text has as many statements as its parts may have: none of everything. */
static void long_texts(void **state)
{
    enum { OF_EACH = IW_LIMIT_SWITCH_STATEMENTS / 2 + 1 };
    char *text = malloc((size_t)OF_EACH * 2 + 32);
    (void)state;
    assert_non_null(text);
    for (size_t n_there = 2; n_there <= 3; n_there++) { /* of three parts, or whole */
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        for (size_t i = 0; i < OF_EACH; i++)
            memcpy(text + i * 2, "a\n", 3);
        memcpy(text + (size_t)OF_EACH * 2, "sc.exe stop Sysmon64\n", 22);
        for (size_t i = 0; i < n_there; i++) {
            const struct part part = {i == 0 ? "1" : i == 1 ? "2" : "3", text, .n_parts = "3"};
            add(switches, &part);
        }
        list = settle(switches, &hosts);
        assert_int_equal(list.n, 1);
        assert_true(iw_str_equal(list.items[0].subject, IW_STR("Sysmon")));
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
    free(text);
}

/* Of texts that wait for more bytes than are kept; what is whole takes none. */
static void limit_of_bytes(void **state)
{
    size_t n_bytes = 64 * 1024;
    char *text = malloc(n_bytes + 1), id[32];
    (void)state;
    assert_non_null(text);
    memset(text, ' ', n_bytes);
    text[n_bytes] = '\0';
    for (size_t is_whole = 0; is_whole <= 1; is_whole++) {
        struct iw_switches *switches = switches_new();
        const struct part last = {"1", "Stop-Ser", "z"}, rest = {"2", "vice Sysmon64", "z"};
        struct iw_hosts hosts;
        struct iw_switch_list list;
        for (size_t i = 0; i <= IW_LIMIT_SCRIPT_PARTS_BYTES / n_bytes; i++) {
            const struct part first = {"1", text, id}, second = {"2", text, id};
            (void)snprintf(id, sizeof id, "%zu", i);
            add(switches, &first);
            if (is_whole != 0)
                add(switches, &second);
        }
        add(switches, &last);
        add(switches, &rest);
        list = settle(switches, &hosts);
        assert_int_equal(iw_switches_are_cut(&list, IW_STR("WEB01")), 1 - is_whole);
        assert_int_equal(list.n, 1);
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
    free(text);
}

/* More texts that were whole than are known: forgotten ones are heard once more. */
static void limit_of_texts(void **state)
{
    struct iw_switches *switches = switches_new();
    struct iw_hosts hosts;
    struct iw_switch_list list;
    char id[32];
    (void)state;
    for (size_t i = 0; i <= IW_LIMIT_SCRIPT_BLOCKS; i++) {
        const struct part first = {"1", "Stop-Ser", id}, second = {"2", "vice Sysmon64", id};
        (void)snprintf(id, sizeof id, "%zu", i);
        if (i % 1024 == 0)
            iw_arena_reset(&arena);
        add(switches, &first);
        add(switches, &second);
    }
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 1);
    assert_false(iw_switches_are_cut(&list, IW_STR("WEB01")));
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

/* Texts that all wait: more of them have no room, and are looked at in a time of their own, not in
 * that of all which wait. */
static void limit_of_waiting_texts(void **state)
{
    (void)state;
    for (size_t over = 0; over <= IW_LIMIT_SCRIPT_BLOCKS; over += IW_LIMIT_SCRIPT_BLOCKS) {
        struct iw_switches *switches = switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        char id[32];
        for (size_t i = 0; i < IW_LIMIT_SCRIPT_BLOCKS + over; i++) {
            const struct part first = {"1", "Stop-Ser", id};
            (void)snprintf(id, sizeof id, "%zu", i);
            if (i % 1024 == 0)
                iw_arena_reset(&arena);
            add(switches, &first);
        }
        list = settle(switches, &hosts);
        assert_int_equal(iw_switches_are_cut(&list, IW_STR("WEB01")), over != 0);
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVENTS(what_parts_ask),     EVENTS(when_and_where_it_is), EVENTS(ids_that_come_again),
        EVENTS(wide_texts),         EVENTS(limit_of_parts),       EVENTS(limit_of_bytes),
        EVENTS(limit_of_texts),     EVENTS(long_texts),           EVENTS(limit_of_waiting_texts),
        EVENTS(processes_of_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
