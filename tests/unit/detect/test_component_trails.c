/*
 * Trails of components: who changed what the reconciler says of a component, what was deployed, and
 * what followed. A script (chain_rig.h) tells what happened; the finding is made by hand, as the
 * reconciler makes it, with the change as its evidence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/detect/chain_rig.h"

#define CONFIGURATION "Microsoft-IIS-Configuration/Operational"
#define DAY_MS 86400000
/* Longer than what is shown of a command. */
#define LONG_COMMAND                                                                               \
    "appcmd install module /name:Evil /image:C:\\Windows\\System32\\inetsrv\\evil.dll "            \
    "/preCondition:"                                                                               \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"             \
    "aaaaaaaaaaaaaaaa"

struct trail_case {
    const char *name;
    const char *before, *act, *after; /* script; *act* is the line the finding is about */
    const char *channel;              /* of the act; NULL: that of the configuration */
    enum iw_level level;              /* of the finding before */
    enum iw_change_status change;
    bool is_weighed;      /* the level of the finding says already that the server did it */
    const char *says[3];  /* parts of why; NULL: no more */
    const char *not_says; /* NULL: not asked */
    enum iw_level becomes;
    uint32_t score;
    const char *roles; /* of the evidence */
};

static size_t n_wrong;

static void wrong(const struct trail_case *one, const struct iw_finding *finding, const char *what)
{
    n_wrong++;
    print_error("%s: %s\n", one->name, what);
    for (size_t i = 0; i < finding->why.n; i++)
        print_error("    %.*s\n", IW_STR_ARG(finding->why.items[i]));
    print_error("    %s %u\n", iw_level_name(finding->level), finding->score);
}

static void check(const struct trail_case *one, const struct iw_finding *finding)
{
    struct iw_buffer roles;
    for (size_t i = 0; i < 3 && one->says[i] != NULL; i++) {
        if (!rig_says(&finding->why, one->says[i]))
            wrong(one, finding, one->says[i]);
    }
    if (one->not_says != NULL && rig_says(&finding->why, one->not_says))
        wrong(one, finding, one->not_says);
    if (finding->level != one->becomes || finding->score != one->score)
        wrong(one, finding, "level or score");
    iw_buffer_init(&roles);
    for (size_t i = 0; i < finding->n_evidence; i++)
        iw_buffer_printf(&roles, "%s%.*s", i != 0 ? " " : "",
                         IW_STR_ARG(finding->evidence[i].role));
    if (!iw_str_equal(iw_buffer_str(&roles), iw_str_of(one->roles)))
        wrong(one, finding, "links");
    iw_buffer_done(&roles);
}

static void run(const struct trail_case *one)
{
    const struct iw_str first_why = IW_STR("the catalogue does not know it");
    struct chain_rig rig;
    struct iw_evidence_item item;
    struct iw_finding finding;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    assert_non_null(rig.trails);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    rig_script(&rig, one->before);
    rig_script(&rig, one->act);
    item = (struct iw_evidence_item){
        .role = IW_STR("registration"),
        .time_ns = CHAIN_EPOCH_NS + strtoll(one->act, NULL, 10) * MS,
        .channel = iw_str_of(one->channel != NULL ? one->channel : CONFIGURATION),
        .record_id = rig.record_id,
        .fields_json = IW_STR("{}")};
    rig_script(&rig, one->after);
    rig_end(&rig);
    assert_int_equal(iw_component_trails_end(rig.trails), IW_OK);
    finding = (struct iw_finding){.kind = IW_FINDING_COMPONENT,
                                  .level = one->level,
                                  .score = iw_level_score(one->level),
                                  .host = IW_STR("web01"),
                                  .detail = IW_STR("C:\\Windows\\System32\\inetsrv\\evil.dll"),
                                  .change = {.status = one->change},
                                  .is_by_server_weighed = one->is_weighed,
                                  .first_time_ns = item.time_ns,
                                  .last_time_ns = item.time_ns,
                                  .why = {&first_why, 1},
                                  .evidence = &item,
                                  .n_evidence = 1};
    assert_int_equal(iw_component_trails_extend(rig.trails, &finding, &rig.arena), IW_OK);
    assert_true(iw_str_equal(finding.why.items[0], first_why));
    check(one, &finding);
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

static const struct trail_case TRAILS[] = {
    {.name = "an administrator",
     .before = "500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
               "900 user 31 30 CORP\\bob inetsrv\\appcmd.exe appcmd install module /name:Evil\n",
     .act = "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n",
     .after = "",
     .level = IW_LEVEL_MEDIUM,
     .says = {"changed by appcmd.exe (appcmd install module /name:Evil) as CORP\\bob",
              "started by explorer.exe"},
     .not_says = "deployment",
     .becomes = IW_LEVEL_MEDIUM,
     .score = 50,
     .roles = "process_created registration"},
    {.name = "a process that is not in evidence",
     .before = "",
     .act = "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n",
     .after = "",
     .level = IW_LEVEL_MEDIUM,
     .says = {"changed by process 31, whose start is not in evidence as S-1-5-21-9"},
     .becomes = IW_LEVEL_MEDIUM,
     .score = 50,
     .roles = "registration"},
    {.name = "what a worker started",
     .before = "500 worker 10 ShopPool\n600 start 20 10 cmd.exe\n"
               "900 start 21 20 inetsrv\\appcmd.exe appcmd add module\n",
     .act = "1000 change 21 S-1-5-82-1 /system.webServer/globalModules\n",
     .after = "",
     .level = IW_LEVEL_MEDIUM,
     .says = {"started by cmd.exe, by w3wp.exe", "+15 changed-by-server", "raised to high"},
     .becomes = IW_LEVEL_HIGH,
     .score = 89,
     .roles = "process_created registration"},
    {.name = "the same, explained by a change record",
     .before = "500 worker 10 ShopPool\n600 start 20 10 cmd.exe\n",
     .act = "1000 change 20 S-1-5-82-1 /system.webServer/globalModules\n",
     .after = "",
     .level = IW_LEVEL_INFORMATIONAL,
     .change = IW_CHANGE_EXPLAINED,
     .says = {"+15 changed-by-server"},
     .not_says = "raised",
     .becomes = IW_LEVEL_INFORMATIONAL,
     .score = 25,
     .roles = "process_created registration"},
    {.name = "setup of IIS below servicing",
     .before = "500 user 70 1 SYSTEM C:\\Windows\\servicing\\TrustedInstaller.exe\n"
               "600 user 71 70 SYSTEM inetsrv\\iissetup.exe\n"
               "900 user 72 71 SYSTEM inetsrv\\appcmd.exe appcmd install module\n",
     .act = "1000 change 72 S-1-5-18 /system.webServer/globalModules\n",
     .after = "",
     .level = IW_LEVEL_MEDIUM,
     .says = {"-5 deployment: setup of IIS changed it"},
     .becomes = IW_LEVEL_MEDIUM,
     .score = 50,
     .roles = "process_created registration"},
    {.name = "an installation shortly after",
     .before = "500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n",
     .act = "1000 change 30 S-1-5-21-9 /system.webServer/globalModules\n",
     .after = "599000 msi Contoso\n",
     .level = IW_LEVEL_MEDIUM,
     .says = {"deployment near: an installation by Windows Installer within ten minutes"},
     .becomes = IW_LEVEL_MEDIUM,
     .score = 50,
     .roles = "process_created registration deployment"},
    {.name = "an installation eleven minutes after",
     .before = "500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n",
     .act = "1000 change 30 S-1-5-21-9 /system.webServer/globalModules\n",
     .after = "661001 msi Contoso\n",
     .level = IW_LEVEL_MEDIUM,
     .not_says = "deployment",
     .becomes = IW_LEVEL_MEDIUM,
     .score = 50,
     .roles = "process_created registration"},
    {.name = "a pool is recycled, and a worker starts a shell",
     .before = "500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
               "600 worker 9 ShopPool\n700 start 19 9 cmd.exe\n",
     .act = "1000 change 30 S-1-5-21-9 /system.webServer/globalModules\n",
     .after = "1500 pool ShopPool\n2000 worker 10 ShopPool\n3000 start 20 10 cmd.exe\n"
              "86401001 start 21 10 cmd.exe\n",
     .level = IW_LEVEL_MEDIUM,
     .says = {"+5 child_created", "within TimeWindow after it (1)", "+3 pool_event"},
     .becomes = IW_LEVEL_MEDIUM,
     .score = 58,
     .roles = "process_created registration pool_event child_created"},
    {.name = "a module that a worker wrote",
     .before = "500 worker 10 ShopPool\n",
     .act = "1000 write 10 C:\\Windows\\System32\\inetsrv\\evil.dll\n",
     .after = "",
     .channel = SYSMON,
     .level = IW_LEVEL_LOW,
     .says = {"written by w3wp.exe", "raised to medium"},
     .becomes = IW_LEVEL_MEDIUM,
     .score = 65,
     .roles = "process_created registration"},
    {.name = "a start that two logs tell of, and a long command",
     .before = "500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
               "900 user 31 30 CORP\\bob inetsrv\\appcmd.exe " LONG_COMMAND "\n"
               "901L user 31 30 CORP\\WEB01$ inetsrv\\appcmd.exe " LONG_COMMAND "\n",
     .act = "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n",
     .after = "",
     .level = IW_LEVEL_MEDIUM,
     .says = {"changed by appcmd.exe (appcmd install module", "aaa...) as CORP\\bob"},
     .not_says = "WEB01$",
     .becomes = IW_LEVEL_MEDIUM,
     .score = 50,
     .roles = "process_created registration"},
    {.name = "a command of a service",
     .before = "400 system 4 1 services.exe\n"
               "500 system 30 4 cmd.exe cmd.exe /c C:\\Windows\\Temp\\exec.bat\n"
               "900 system 31 30 inetsrv\\appcmd.exe appcmd install module /name:Evil\n",
     .act = "1000 change 31 S-1-5-18 /system.webServer/globalModules\n",
     .after = "",
     .level = IW_LEVEL_MEDIUM,
     .says = {"started by cmd.exe (cmd.exe /c C:\\Windows\\Temp\\exec.bat), by services.exe"},
     .becomes = IW_LEVEL_MEDIUM,
     .score = 50,
     .roles = "process_created registration"},
    {.name = "a module that System wrote while somebody was there",
     .before = "900 logon 3 bob 10.0.0.7\n",
     .act = "1000 write 4 C:\\Windows\\System32\\inetsrv\\evil.dll\n",
     .after = "",
     .channel = SYSMON,
     .level = IW_LEVEL_LOW,
     .says = {"written by System", "perhaps for bob, who had logged on over the network from "
                                   "10.0.0.7"},
     .becomes = IW_LEVEL_LOW,
     .score = 30,
     .roles = "registration"},
    {.name = "a module that System wrote eleven minutes after somebody came",
     .before = "900 logon 3 bob 10.0.0.7\n",
     .act = "660901 write 4 C:\\Windows\\System32\\inetsrv\\evil.dll\n",
     .after = "",
     .channel = SYSMON,
     .level = IW_LEVEL_LOW,
     .says = {"written by System"},
     .not_says = "perhaps for",
     .becomes = IW_LEVEL_LOW,
     .score = 30,
     .roles = "registration"},
    {.name = "a module that came over a share",
     .before = "",
     .act = "1000 share 10.0.0.7 C:\\Windows\\System32\\inetsrv\\evil.dll\n",
     .after = "",
     .channel = "Security",
     .level = IW_LEVEL_LOW,
     .says = {"written by somebody over the network (SMB) as CORP\\bob from 10.0.0.7"},
     .becomes = IW_LEVEL_LOW,
     .score = 30,
     .roles = "registration"},
    {.name = "a level that is one of that",
     .before = "500 worker 10 ShopPool\n",
     .act = "1000 write 10 C:\\Windows\\System32\\inetsrv\\evil.dll\n",
     .after = "",
     .channel = SYSMON,
     .level = IW_LEVEL_MEDIUM,
     .is_weighed = true,
     .says = {"written by w3wp.exe", "+15 changed-by-server"},
     .not_says = "raised to",
     .becomes = IW_LEVEL_MEDIUM,
     .score = 65,
     .roles = "process_created registration"},
};

static void trails(void **state)
{
    (void)state;
    n_wrong = 0;
    for (size_t i = 0; i < sizeof TRAILS / sizeof TRAILS[0]; i++)
        run(&TRAILS[i]);
    assert_int_equal(n_wrong, 0);
}

static void actors_and_aftermath(void **state)
{
    static const struct trail_case CASES[] = {
        {.name = "of two installations before, the one that is near",
         .before = "100 msi Early\n650000 msi Contoso\n"
                   "650500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n",
         .act = "660000 change 30 S-1-5-21-9 /system.webServer/globalModules\n",
         .after = "",
         .level = IW_LEVEL_MEDIUM,
         .says = {"deployment near: an installation by Windows Installer within ten minutes"},
         .becomes = IW_LEVEL_MEDIUM,
         .score = 50,
         .roles = "deployment process_created registration"},
        {.name = "over the desktop: its logon is evidence",
         .before =
             "400L logon 10 CORP\\bob 10.0.0.9\n"
             "500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
             "900 user 31 30 CORP\\bob inetsrv\\appcmd.exe appcmd install module /name:Evil\n",
         .act = "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n",
         .after = "1000 change 31 S-1-5-21-9 /system.webServer/modules\n",
         .level = IW_LEVEL_MEDIUM,
         .says = {"as CORP\\bob, logon type 10 from 10.0.0.9"},
         .becomes = IW_LEVEL_MEDIUM,
         .score = 50,
         .roles = "logon process_created registration"},
        {.name = "another logon under the same id is not its own",
         .before = "400L logon 10 CORP\\bob 10.0.0.9\n"
                   "900 user 31 1 CORP\\bob inetsrv\\appcmd.exe appcmd install module\n",
         .act = "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n",
         .after = "900000L logon 3 CORP\\eve 10.0.0.66\n",
         .level = IW_LEVEL_MEDIUM,
         .says = {"from 10.0.0.9"},
         .not_says = "10.0.0.66",
         .becomes = IW_LEVEL_MEDIUM,
         .score = 50,
         .roles = "logon process_created registration"},
        {.name = "a worker speaks to what it had not spoken to",
         .before = "500 worker 10 ShopPool\n600 connect 10 192.0.2.1\n"
                   "700 user 31 1 CORP\\bob inetsrv\\appcmd.exe appcmd install module\n",
         .act = "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n",
         .after = "2000 connect 10 192.0.2.1\n2100 accept 10 192.0.2.7\n"
                  "2200 connect 10 192.0.2.9\n2300 connect 10 192.0.2.9\n",
         .level = IW_LEVEL_MEDIUM,
         .says = {"+3 network", "within TimeWindow after it (1)"},
         .becomes = IW_LEVEL_MEDIUM,
         .score = 53,
         .roles = "process_created registration network"},
        {.name = "what others speak to is not the worker's",
         .before = "700 user 31 1 CORP\\bob inetsrv\\appcmd.exe appcmd install module\n",
         .act = "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n",
         .after = "1900 user 32 1 CORP\\bob cmd.exe\n2200 connect 32 192.0.2.9\n",
         .level = IW_LEVEL_MEDIUM,
         .not_says = "network",
         .becomes = IW_LEVEL_MEDIUM,
         .score = 50,
         .roles = "process_created registration"},
        {.name = "the command alone tells of the change",
         .before = "500 user 30 1 CORP\\bob cmd.exe\n",
         .act = "1000 write 30 C:\\Windows\\System32\\inetsrv\\evil.dll\n",
         .after = "2000 user 31 30 CORP\\bob inetsrv\\appcmd.exe appcmd install module /name:E "
                  "/image:c:\\windows\\system32\\inetsrv\\EVIL.dll\n"
                  "3000 user 33 30 CORP\\bob inetsrv\\appcmd.exe appcmd install module /name:F "
                  "/image:C:\\Windows\\System32\\inetsrv\\other.dll\n",
         .channel = SYSMON,
         .level = IW_LEVEL_MEDIUM,
         .says = {"written by cmd.exe", "changed by appcmd.exe (appcmd install module /name:E"},
         .not_says = "other.dll",
         .becomes = IW_LEVEL_MEDIUM,
         .score = 50,
         .roles = "process_created registration process_created"},
    };
    (void)state;
    n_wrong = 0;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        run(&CASES[i]);
    assert_int_equal(n_wrong, 0);
}

/* Another host's acts, and findings of another kind, are none of its business. */
static void others_are_left_alone(void **state)
{
    struct iw_evidence_item item = {.channel = IW_STR(CONFIGURATION)};
    struct iw_finding finding = {.kind = IW_FINDING_COMPONENT,
                                 .level = IW_LEVEL_MEDIUM,
                                 .score = 50,
                                 .host = IW_STR("WEB02"),
                                 .detail = IW_STR("x.dll"),
                                 .evidence = &item,
                                 .n_evidence = 1};
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    rig_script(&rig, "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n");
    item.record_id = rig.record_id;
    assert_int_equal(iw_component_trails_end(rig.trails), IW_OK);
    assert_int_equal(iw_component_trails_extend(rig.trails, &finding, &rig.arena), IW_OK);
    assert_int_equal(finding.why.n, 0);
    finding.host = IW_STR("WEB01");
    finding.kind = IW_FINDING_RULE;
    assert_int_equal(iw_component_trails_extend(rig.trails, &finding, &rig.arena), IW_OK);
    assert_int_equal(finding.why.n, 0);
    finding.kind = IW_FINDING_COMPONENT;
    assert_int_equal(iw_component_trails_extend(rig.trails, &finding, &rig.arena), IW_OK);
    assert_int_equal(finding.why.n, 1);
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

/* Of shells every connection, of web servers those that they begin. */
static void connections_of_web_servers(void **state)
{
    static const struct {
        const char *channel;
        uint32_t event_id;
        const char *image, *direction;
        bool is_fact;
    } CASES[] = {
        {SYSMON, 3, "C:\\Windows\\System32\\inetsrv\\w3wp.exe", "true", true},
        {SYSMON, 3, "C:\\Windows\\System32\\inetsrv\\w3wp.exe", "false", false},
        {SYSMON, 3, "C:\\Windows\\System32\\cmd.exe", "false", true},
        {SYSMON, 3, "C:\\Windows\\System32\\lsass.exe", "true", false},
        {"Security", 5156, "\\device\\harddiskvolume2\\x\\w3wp.exe", "%%14593", true},
        {"Security", 5156, "\\device\\harddiskvolume2\\x\\w3wp.exe", "%%14592", false},
    };
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        bool is_sysmon = CASES[i].event_id == 3;
        const struct test_field fields[] = {
            {is_sysmon ? "Image" : "Application", CASES[i].image, EVT},
            {is_sysmon ? "Initiated" : "Direction", CASES[i].direction, EVT},
            {is_sysmon ? "DestinationIp" : "DestAddress", "192.0.2.9", EVT},
            {is_sysmon ? "DestinationPort" : "DestPort", "443", EVT}};
        struct iw_event event =
            test_event(&rig.names, &rig.scratch, CASES[i].channel, CASES[i].event_id, fields, 4);
        struct iw_chain_fact what;
        enum iw_rc rc = iw_chain_fact_read(&event, &rig.settings, NULL, &rig.scratch, &what);
        if (rc != (CASES[i].is_fact ? IW_OK : IW_END))
            fail_msg("%s %s", CASES[i].image, CASES[i].direction);
        if (CASES[i].is_fact)
            assert_true(iw_str_equal(what.detail, IW_STR("192.0.2.9:443")));
    }
    rig_begin(&rig);
    rig_end(&rig);
    rig_done(&rig);
}

/* Two changes by one process: one line that counts them, one start, one logon. */
static void one_actor_is_one_line(void **state)
{
    struct iw_evidence_item items[2] = {
        {.role = IW_STR("registration"), .channel = IW_STR(CONFIGURATION)},
        {.role = IW_STR("registration"), .channel = IW_STR(CONFIGURATION)}};
    struct iw_finding finding = {.kind = IW_FINDING_COMPONENT,
                                 .level = IW_LEVEL_MEDIUM,
                                 .score = 50,
                                 .host = IW_STR("WEB01"),
                                 .detail = IW_STR("x.dll"),
                                 .first_time_ns = CHAIN_EPOCH_NS + 1000 * MS,
                                 .last_time_ns = CHAIN_EPOCH_NS + 1001 * MS,
                                 .evidence = items,
                                 .n_evidence = 2};
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    rig_script(&rig, "400L logon 10 CORP\\bob 10.0.0.9\n"
                     "900 user 31 1 CORP\\bob inetsrv\\appcmd.exe appcmd install module\n"
                     "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n");
    items[0].record_id = rig.record_id;
    items[0].time_ns = CHAIN_EPOCH_NS + 1000 * MS;
    rig_script(&rig, "1001 change 31 S-1-5-21-9 /system.webServer/modules\n");
    items[1].record_id = rig.record_id;
    items[1].time_ns = CHAIN_EPOCH_NS + 1001 * MS;
    assert_int_equal(iw_component_trails_end(rig.trails), IW_OK);
    assert_int_equal(iw_component_trails_extend(rig.trails, &finding, &rig.arena), IW_OK);
    assert_int_equal(finding.why.n, 1);
    assert_true(rig_says(&finding.why, "from 10.0.0.9"));
    assert_true(rig_says(&finding.why, "(2 events)"));
    assert_int_equal(finding.n_evidence, 4);
    assert_int_equal(finding.evidence[0].event_id, 4624);
    assert_int_equal(finding.evidence[1].event_id, 1);
    /* The logon is older than what was done. */
    assert_int_equal(finding.first_time_ns, CHAIN_EPOCH_NS + 900 * MS);
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

/* The threshold is asked at it, and not below. */
static void odd_names_where_they_are_asked_for(void **state)
{
    static const struct {
        const char *setting, *image;
        bool is_odd;
    } CASES[] = {
        {"DLLNameEntropyThreshold=0", "C:\\x\\qzxvkjwp.dll", false},
        {"DLLNameEntropyThreshold=3", "C:\\x\\qzxvkjwp.dll", true}, /* 8 letters: 3 bits */
        {"DLLNameEntropyThreshold=3.01", "C:\\x\\qzxvkjwp.dll", false},
        {"DLLNameEntropyThreshold=0.5", "C:\\x\\aaaa.dll", false},
        {"DLLNameEntropyThreshold=1", "C:\\x\\page.aspx", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_finding finding = {.kind = IW_FINDING_COMPONENT,
                                     .level = IW_LEVEL_MEDIUM,
                                     .score = 50,
                                     .host = IW_STR("WEB01"),
                                     .detail = iw_str_of(CASES[i].image)};
        struct chain_rig rig;
        struct iw_error err;
        rig_init(&rig);
        assert_int_equal(iw_chain_settings_set(&rig.settings, iw_str_of(CASES[i].setting), &err),
                         IW_OK);
        rig.trails = iw_component_trails_new(&rig.settings, NULL);
        rig_begin(&rig);
        assert_int_equal(iw_component_trails_extend(rig.trails, &finding, &rig.arena), IW_OK);
        if (rig_says(&finding.why, "odd-name") != CASES[i].is_odd)
            fail_msg("%s %s", CASES[i].setting, CASES[i].image);
        iw_component_trails_free(rig.trails);
        rig_done(&rig);
    }
}

/* At the limit all are kept; one past it is counted. */
static void acts_are_bounded(void **state)
{
    struct chain_rig rig;
    struct iw_component_trails_account account;
    (void)state;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    for (unsigned i = 0; i < IW_LIMIT_TRAILS + 1; i++) {
        struct iw_chain_fact what = {.kind = IW_CHAIN_FACT_POOL, .detail = IW_STR("P")};
        struct iw_fact fact = {.time_ns = (int64_t)i, .channel = IW_STR("System")};
        iw_buffer_clear(&rig.bytes);
        iw_chain_fact_write(&what, &rig.bytes);
        fact.payload = iw_buffer_str(&rig.bytes);
        assert_int_equal(trail_bytes(rig.trails, &fact), IW_OK);
    }
    account = iw_component_trails_account(rig.trails);
    assert_int_equal(account.n_after, IW_LIMIT_TRAILS);
    assert_int_equal(account.n_hidden, 1);
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

/* One destination past the limit is counted, and no news. */
static void see_file(struct chain_rig *rig, const char *path, uint64_t record_id)
{
    struct iw_chain_fact what = {
        .kind = IW_CHAIN_FACT_FILE, .action = IW_CHAIN_FILE_CREATED, .path = iw_str_of(path)};
    struct iw_fact fact = {
        .time_ns = 1, .channel = IW_STR("S"), .payload = IW_STR(""), .record_id = record_id};
    assert_int_equal(iw_component_trails_see(rig->trails, &fact, &what), IW_OK);
}

/* Pages past the limit are counted; modules keep their room. */
static void pages_are_bounded(void **state)
{
    struct chain_rig rig;
    struct iw_component_trails_account account;
    (void)state;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    for (uint64_t i = 1; i <= IW_LIMIT_TRAIL_PAGES; i++)
        see_file(&rig, "D:\\shop\\a.aspx", i);
    account = iw_component_trails_account(rig.trails);
    assert_int_equal(account.n_hidden, 0);
    assert_int_equal(account.n_acts, 0);
    see_file(&rig, "D:\\shop\\a.aspx", IW_LIMIT_TRAIL_PAGES + 1);
    see_file(&rig, "C:\\Windows\\System32\\inetsrv\\a.dll", IW_LIMIT_TRAIL_PAGES + 2);
    account = iw_component_trails_account(rig.trails);
    assert_int_equal(account.n_hidden, 1);
    assert_int_equal(account.n_acts, 1);
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

static void destinations_are_bounded(void **state)
{
    struct chain_rig rig;
    struct iw_component_trails_account account;
    (void)state;
    rig_init(&rig);
    rig.trails = iw_component_trails_new(&rig.settings, NULL);
    rig_begin(&rig);
    iw_component_trails_begin(rig.trails, &rig.context);
    rig_script(&rig, "1000 change 31 S-1-5-21-9 /system.webServer/globalModules\n");
    for (unsigned i = 0; i < IW_LIMIT_TRAIL_DESTINATIONS + 1; i++) {
        char name[32];
        struct iw_chain_fact what = {.kind = IW_CHAIN_FACT_NETWORK,
                                     .process = {.image = IW_STR("C:\\x\\w3wp.exe")}};
        struct iw_fact fact = {.time_ns = CHAIN_EPOCH_NS + (2000 + (int64_t)i) * MS,
                               .channel = IW_STR(SYSMON)};
        (void)snprintf(name, sizeof name, "host%u.example", i);
        what.detail = iw_str_of(name);
        iw_buffer_clear(&rig.bytes);
        iw_chain_fact_write(&what, &rig.bytes);
        fact.payload = iw_buffer_str(&rig.bytes);
        assert_int_equal(trail_bytes(rig.trails, &fact), IW_OK);
    }
    account = iw_component_trails_account(rig.trails);
    assert_int_equal(account.n_after, IW_LIMIT_TRAIL_DESTINATIONS);
    assert_int_equal(account.n_hidden, 1);
    iw_component_trails_free(rig.trails);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(trails),
        cmocka_unit_test(actors_and_aftermath),
        cmocka_unit_test(others_are_left_alone),
        cmocka_unit_test(one_actor_is_one_line),
        cmocka_unit_test(connections_of_web_servers),
        cmocka_unit_test(odd_names_where_they_are_asked_for),
        cmocka_unit_test(acts_are_bounded),
        cmocka_unit_test(pages_are_bounded),
        cmocka_unit_test(destinations_are_bounded),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
