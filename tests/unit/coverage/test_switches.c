/*
 * Events that switch logging off and on, and events that are samples: tables of what each says.
 */
#include "coverage/sample.h"
#include "tests/unit/coverage/switch_rows.h"
#include "tests/unit/coverage/switches_rig.h"

static struct iw_event event_of(const struct case_row *row)
{
    struct iw_event event;
    size_t n = 0;
    while (n < MOST_FIELDS && row->fields[n].name != NULL)
        n++;
    event = test_event(&names, &arena, row->channel, row->event_id, row->fields, n);
    event.time_ns = 1000;
    return event;
}

static struct iw_switch_list settle(struct iw_switches *switches, struct iw_hosts *hosts)
{
    static const char *const LABELS[] = {"WEB01.corp.example"};
    return settle_for(switches, hosts, LABELS, 1);
}

/* Of the kernel and of the service of event logs are those that they wrote alone; others use the
 * numbers, too. */
static void providers_tell_them_apart(void **state)
{
    static const struct {
        const char *channel, *provider;
        uint32_t event_id;
        int kind;
        const char *subject;
    } ROWS[] = {
        {"System", KERNEL, 12, IW_SWITCH_WINDOWS_STARTED, "kernel"},
        {"System", "Microsoft-Windows-UserModePowerService", 12, NONE, ""},
        {"Security", AUDITING, 4608, IW_SWITCH_WINDOWS_STARTED, ""},
        {"System", KERNEL, 13, IW_SWITCH_WINDOWS_ENDED, ""},
        {"System", "Microsoft-Windows-Hyper-V-Netvsc", 13, NONE, ""},
        {"System", "EventLog", 6005, IW_SWITCH_SERVICE_ON, "EventLog"},
        {"System", "EventLog", 6006, IW_SWITCH_LOGGING_ENDED, ""},
        {"System", "Microsoft-Windows-Winlogon", 6006, NONE, ""},
        {"System", "EventLog", 6008, IW_SWITCH_WINDOWS_CRASHED, ""},
        {"System", "EventLog", 6009, NONE, ""},
        {"Security", LOGGING, 1100, IW_SWITCH_LOGGING_ENDED, ""},
        {"Security", "AD FS Auditing", 1100, NONE, ""},
        {"Security", "", 1100, IW_SWITCH_LOGGING_ENDED, ""}, /* the export leaves it out */
        {"Application", LOGGING, 1100, NONE, ""},
        {"Security", LOGGING, 1101, IW_SWITCH_EVENTS_LOST, "Security"},
        {"Security", LOGGING, 1104, IW_SWITCH_LOG_FULL, "Security"},
        {"Security", LOGGING, 1108, IW_SWITCH_EVENTS_LOST, "Security"},
        {"Security", AUDITING, 4612, IW_SWITCH_EVENTS_LOST, "Security"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct case_row row = {
            ROWS[i].channel, ROWS[i].event_id, {{NULL, NULL, EVT}}, NONE, ""};
        struct iw_switches *switches = iw_switches_new();
        struct iw_event event = event_of(&row);
        struct iw_hosts hosts;
        struct iw_switch_list list;
        assert_non_null(switches);
        event.provider = iw_str_of(ROWS[i].provider);
        assert_int_equal(iw_switches_add(switches, &event), IW_OK);
        list = settle(switches, &hosts);
        if (list.n != (ROWS[i].kind != NONE))
            fail_msg("case %zu: %zu switches", i, list.n);
        if (list.n != 0 && (list.items[0].kind != (enum iw_switch_kind)ROWS[i].kind ||
                            !iw_str_equal(list.items[0].subject, iw_str_of(ROWS[i].subject))))
            fail_msg("case %zu: kind %d, %.*s", i, (int)list.items[0].kind,
                     IW_STR_ARG(list.items[0].subject));
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

static void each_switch_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SWITCHES / sizeof SWITCHES[0]; i++) {
        struct iw_switches *switches = iw_switches_new();
        struct iw_event event = event_of(&SWITCHES[i]);
        struct iw_hosts hosts;
        struct iw_switch_list list;
        assert_non_null(switches);
        assert_int_equal(iw_switches_add(switches, &event), IW_OK);
        assert_int_equal(iw_switches_add(switches, &event), IW_OK); /* a copy is none more */
        event.flags |= IW_EVENT_RECOVERED;
        event.time_ns = 2000;
        assert_int_equal(iw_switches_add(switches, &event), IW_OK); /* nor is a former record */
        list = settle(switches, &hosts);
        if (list.n != (SWITCHES[i].kind != NONE))
            fail_msg("case %zu: %zu switches", i, list.n);
        if (list.n != 0) {
            assert_int_equal(list.items[0].kind, SWITCHES[i].kind);
            assert_true(iw_str_equal(list.items[0].host, IW_STR("WEB01")));
            if (!iw_str_equal(list.items[0].subject, iw_str_of(SWITCHES[i].subject)))
                fail_msg("case %zu: %.*s", i, IW_STR_ARG(list.items[0].subject));
        }
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

/* A text of PowerShell may ask for several. */
static void scripts_ask_for_several(void **state)
{
    static const struct case_row SCRIPT = {
        "Microsoft-Windows-PowerShell/Operational",
        4104,
        {{"ScriptBlockText", "wevtutil sl Security /e:false; wevtutil sl " SYSMON " /e:false",
          EVT}},
        NONE,
        ""};
    struct iw_switches *switches = iw_switches_new();
    struct iw_event event = event_of(&SCRIPT);
    struct iw_hosts hosts;
    struct iw_switch_list list;
    (void)state;
    assert_non_null(switches);
    assert_int_equal(iw_switches_add(switches, &event), IW_OK);
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 2);
    assert_true(iw_str_equal(list.items[0].subject, IW_STR(SYSMON)));
    assert_true(iw_str_equal(list.items[1].subject, IW_STR("Security")));
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

/* A command that names another machine is that machine's, if it is in evidence; the own one may be
 * named, too. */
static void commands_of_other_machines(void **state)
{
    static const struct {
        const char *line, *host; /* NULL: nobody's */
    } ROWS[] = {
        {"sc \\\\web02 stop Sysmon64", "WEB02"},
        {"sc \\\\WEB02.CORP.example stop Sysmon64", "WEB02"},
        {"sc \\\\WEB02.corp.example. stop Sysmon64", "WEB02"},
        {"sc \\\\DB01 stop Sysmon64", NULL},
        {"sc \\\\WEB01 stop Sysmon64", "WEB01"},
        {"sc \\\\web01.corp.example stop Sysmon64", "WEB01"},
        {"sc \\\\localhost stop Sysmon64", "WEB01"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct case_row row = {
            SYSMON,
            1,
            {{"Image", "C:\\Windows\\System32\\sc.exe", EVT}, {"CommandLine", ROWS[i].line, EVT}},
            NONE,
            ""};
        struct iw_switches *switches = iw_switches_new();
        struct iw_event event = event_of(&row);
        struct iw_hosts hosts;
        struct iw_switch_list list;
        assert_non_null(switches);
        iw_hosts_init(&hosts);
        assert_int_equal(iw_hosts_add(&hosts, event.computer), IW_OK);
        assert_int_equal(iw_hosts_add(&hosts, IW_STR("WEB02.corp.example")), IW_OK);
        assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
        assert_int_equal(iw_switches_add(switches, &event), IW_OK);
        assert_int_equal(iw_switches_settle(switches, &hosts, NULL, &list), IW_OK);
        if (list.n != (ROWS[i].host != NULL) ||
            (list.n != 0 && !iw_str_equal(list.items[0].host, iw_str_of(ROWS[i].host))))
            fail_msg("%s: %zu", ROWS[i].line, list.n);
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

/* What an event says soon after a command asked for it is told once. */
static void commands_are_confirmed(void **state)
{
    static const struct case_row COMMAND = {
        "Security",
        4688,
        {{"NewProcessName", "C:\\Windows\\System32\\auditpol.exe", EVT},
         {"CommandLine", "auditpol /set /subcategory:\"Process Creation\" /success:disable", EVT}},
        NONE,
        ""};
    static const struct case_row CHANGE = {
        "Security",
        4719,
        {{"SubcategoryGuid", PROCESS_CREATION, EVT}, {"AuditPolicyChanges", "%%8448", EVT}},
        NONE,
        ""};
    static const struct {
        int64_t later_ns;
        size_t n;
    } TIMES[] = {{0, 1}, {IW_SWITCH_CONFIRMED_NS, 1}, {IW_SWITCH_CONFIRMED_NS + 1, 2}, {-1, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        struct iw_switches *switches = iw_switches_new();
        struct iw_event command = event_of(&COMMAND), change = event_of(&CHANGE);
        struct iw_hosts hosts;
        struct iw_switch_list list;
        assert_non_null(switches);
        change.time_ns = command.time_ns + TIMES[i].later_ns;
        assert_int_equal(iw_switches_add(switches, &command), IW_OK);
        assert_int_equal(iw_switches_add(switches, &change), IW_OK);
        list = settle(switches, &hosts);
        if (list.n != TIMES[i].n)
            fail_msg("%lld: %zu switches", (long long)TIMES[i].later_ns, list.n);
        assert_false(list.items[0].is_asked && list.n == 1);
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
}

/* Steps of the clock that end alike at one moment are as many as they begin differently. */
static void steps_of_a_clock_are_told_apart(void **state)
{
    static const struct case_row STEPS[] = {{"Security",
                                             4616,
                                             {{"PreviousTime", "2026-03-14T10:00:00.0000000Z", EVT},
                                              {"NewTime", "2026-03-14T09:00:00.0000000Z", EVT}},
                                             NONE,
                                             ""},
                                            {"Security",
                                             4616,
                                             {{"PreviousTime", "2026-03-14T08:00:00.0000000Z", EVT},
                                              {"NewTime", "2026-03-14T09:00:00.0000000Z", EVT}},
                                             NONE,
                                             ""}};
    struct iw_switches *switches = iw_switches_new();
    struct iw_event event;
    struct iw_hosts hosts;
    struct iw_switch_list list;
    (void)state;
    assert_non_null(switches);
    for (size_t i = 0; i < 4; i++) {
        event = event_of(&STEPS[i % 2]);
        assert_int_equal(iw_switches_add(switches, &event), IW_OK);
    }
    list = settle(switches, &hosts);
    assert_int_equal(list.n, 2);
    assert_true(list.items[0].old_ns < list.items[0].new_ns); /* by the time before it */
    assert_true(list.items[1].old_ns > list.items[1].new_ns);
    iw_hosts_done(&hosts);
    iw_switches_free(switches);
}

static void add_many(struct iw_switches *a, struct iw_switches *b, const char *computer, int64_t n)
{
    static const struct case_row ROW = {SYSMON, 4, {{"State", "Stopped", EVT}}, 0, ""};
    struct iw_event event = event_of(&ROW);
    event.computer = iw_str_of(computer);
    for (int64_t i = 0; i < n; i++) {
        event.time_ns = i;
        assert_int_equal(iw_switches_add(i % 2 != 0 ? a : b, &event), IW_OK);
    }
}

/* Divided among two: each host has a limit of its own, and one past it cuts that host alone; past
 * the limit of all nobody knows whose are missing. */
static void merging_and_the_limits(void **state)
{
    static const struct {
        int64_t n_first; /* switches of the first host */
        size_t n_full;   /* hosts beside it and another with one, that have as many as one may */
        size_t n_kept;
        bool is_first_cut, is_other_cut;
    } CASES[] = {
        {IW_LIMIT_SWITCHES_OF_HOST, 0, IW_LIMIT_SWITCHES_OF_HOST + 1, false, false},
        {IW_LIMIT_SWITCHES_OF_HOST + 1, 0, IW_LIMIT_SWITCHES_OF_HOST + 1, true, false},
        {IW_LIMIT_SWITCHES_OF_HOST - 1, 3, IW_LIMIT_SWITCHES, false, false},
        {IW_LIMIT_SWITCHES_OF_HOST, 3, IW_LIMIT_SWITCHES, true, true},
    };
    static const char *const FULL[] = {"WEB03", "WEB04", "WEB05"};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_switches *all = iw_switches_new(), *other = iw_switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        assert_true(all != NULL && other != NULL);
        add_many(all, other, "WEB01", CASES[i].n_first);
        for (size_t k = 0; k < CASES[i].n_full; k++)
            add_many(other, all, FULL[k], IW_LIMIT_SWITCHES_OF_HOST);
        add_many(all, other, "WEB02", 1);
        add_many(other, all, "WEB01", 8); /* both have them */
        assert_int_equal(iw_switches_merge(all, other), IW_OK);
        iw_hosts_init(&hosts);
        assert_int_equal(iw_hosts_add(&hosts, IW_STR("WEB01")), IW_OK);
        assert_int_equal(iw_hosts_add(&hosts, IW_STR("WEB02")), IW_OK);
        assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
        assert_int_equal(iw_switches_settle(all, &hosts, NULL, &list), IW_OK);
        if (list.n != CASES[i].n_kept ||
            iw_switches_are_cut(&list, iw_hosts_find(&hosts, IW_STR("WEB01"))) !=
                CASES[i].is_first_cut ||
            iw_switches_are_cut(&list, iw_hosts_find(&hosts, IW_STR("WEB02"))) !=
                CASES[i].is_other_cut)
            fail_msg("case %zu: %zu are kept, %zu hosts cut, %llu hidden", i, list.n,
                     list.n_cut_hosts, (unsigned long long)list.n_hidden);
        iw_hosts_done(&hosts);
        iw_switches_free(all);
        iw_switches_free(other);
    }
}

/* An update gives each file its audit list: of those only the ones of folders that are asked about,
 * or that may be, are kept. */
static void lists_nobody_asks_about(void **state)
{
    static const struct {
        const char *object, *list;
        bool is_kept;
    } CASES[] = {
        {"C:\\Windows\\WinSxS\\amd64_x\\x.dll", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", false},
        {"C:\\inetpub\\wwwroot", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", true},
        {"c:\\Inetpub\\", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", true},
        {"C:\\", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", true},
        {"C:\\inet", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", false},
        {"C:\\inetpub\\wwwroot\\uploads", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", false},
        {"C:\\INETPU~1\\wwwroot", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", true},
        {"\\Device\\HarddiskVolume3\\x", "S:ARAI(AU;SAFA;DCLCRPCRSDWDWO;;;WD)", true},
        {"C:\\Windows\\WinSxS", "S:ARAI(AU;OICISA;FA;;;WD)", true}, /* whole: ends what was taken */
    };
    struct iw_watched_folders folders;
    (void)state;
    iw_watched_folders_init(&folders);
    assert_int_equal(iw_watched_folders_add(&folders, IW_STR("C:\\inetpub\\wwwroot")), IW_OK);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct case_row row = {"Security",
                                     4907,
                                     {{"ObjectName", CASES[i].object, EVT},
                                      {"OldSd", "S:AI", EVT},
                                      {"NewSd", CASES[i].list, EVT}},
                                     0,
                                     ""};
        struct iw_event event = event_of(&row);
        struct iw_switches *switches = iw_switches_new();
        struct iw_hosts hosts;
        struct iw_switch_list list;
        assert_non_null(switches);
        iw_switches_watch(switches, &folders);
        assert_int_equal(iw_switches_add(switches, &event), IW_OK);
        list = settle(switches, &hosts);
        if (list.n != CASES[i].is_kept)
            fail_msg("case %zu: %zu", i, list.n);
        iw_hosts_done(&hosts);
        iw_switches_free(switches);
    }
    iw_watched_folders_done(&folders);
}

/* The same event with its texts as logs have them, in UTF-16; of no more than two bytes in UTF-8.
 */
static void widen(struct iw_event *event)
{
    struct iw_field *fields = iw_arena_alloc(&arena, event->n_fields * sizeof *fields);
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        uint8_t *text = iw_arena_alloc(&arena, 2 * (size_t)field->n + 1);
        uint32_t n = 0;
        for (uint32_t k = 0; k < field->n; k++) {
            unsigned c = field->p[k];
            if (c >= 0x80)
                c = (c & 0x1FU) << 6 | (field->p[++k] & 0x3FU);
            text[n++] = (uint8_t)c;
            text[n++] = (uint8_t)(c >> 8);
        }
        fields[i] = *field;
        fields[i].p = text;
        fields[i].n = n;
        fields[i].type = IW_VALUE_UTF16;
    }
    event->fields = fields;
}

static void each_sample_is_read(void **state)
{
    const size_t n_cases = sizeof SAMPLES / sizeof SAMPLES[0];
    struct iw_inventory_root root = {.path = IW_STR("D:\\Sites\\Shop"), .is_resolved = true};
    struct iw_inventory_server server = {.roots = &root, .n_roots = 1};
    struct iw_inventory inventory = {.servers = &server, .n_servers = 1};
    struct iw_watched_folders folders;
    (void)state;
    iw_watched_folders_init(&folders);
    assert_int_equal(iw_watched_folders_know(&folders, &inventory), IW_OK);
    for (size_t turn = 0; turn < 2 * n_cases; turn++) {
        size_t i = turn % n_cases;
        struct iw_event event = event_of(&SAMPLES[i]);
        enum iw_sample_kind kind = iw_sample_kind_of(event.channel, event.event_id);
        bool is_process = kind == IW_SAMPLE_PROCESS;
        uint32_t folder;
        enum iw_rc rc;
        if (turn >= n_cases)
            widen(&event);
        assert_int_not_equal(kind, IW_SAMPLE_NONE);
        rc = iw_sample_read(&event, &kind, &folders, &arena, &folder);
        if (rc != (SAMPLES[i].kind != 0 || is_process ? IW_OK : IW_END))
            fail_msg("case %zu: %s", i, iw_rc_name(rc));
        if (is_process && /* one that is no sample is counted against them */
            kind != (SAMPLES[i].kind != 0 ? IW_SAMPLE_PROCESS : IW_SAMPLE_BARE_PROCESS))
            fail_msg("case %zu: kind %d", i, (int)kind);
        assert_int_equal(kind == IW_SAMPLE_FILE_ON_DEVICE, SAMPLES[i].kind == ON_DEVICE);
        if (rc == IW_OK && (kind == IW_SAMPLE_FILE || kind == IW_SAMPLE_FILE_ON_DEVICE))
            assert_true(
                iw_str_equal(iw_watched_folder(&folders, folder), iw_str_of(SAMPLES[i].subject)));
    }
    iw_watched_folders_done(&folders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVENTS(each_switch_is_read),
        EVENTS(providers_tell_them_apart),
        EVENTS(scripts_ask_for_several),
        EVENTS(commands_are_confirmed),
        EVENTS(commands_of_other_machines),
        EVENTS(merging_and_the_limits),
        EVENTS(each_sample_is_read),
        EVENTS(lists_nobody_asks_about),
        EVENTS(steps_of_a_clock_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
