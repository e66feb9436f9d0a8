/*
 * What the event of a rule's finding says of an act: expected from the commands' documentation and
 * the fields of the events.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "detect/event_act.h"

/* --- commands ----------------------------------------------------------------------------------
 */

static void commands(void **state)
{
    static const struct {
        const char *command, *name, *image;
    } CASES[] = {
        {"appcmd install module /name:Mod /image:C:\\x\\y.dll", "Mod", "C:\\x\\y.dll"},
        {"appcmd.exe install module /name:\"My Mod\" \"/image:C:\\Program Files\\y.dll\" /add:true",
         "My Mod", "C:\\Program Files\\y.dll"},
        {"appcmd set config /section:globalModules \"/+[name='Mod',image='C:\\x\\y.dll']\"", "Mod",
         "C:\\x\\y.dll"},
        {"appcmd add module /name:Mod /app.name:\"Default Web Site/\"", "Mod", ""},
        {"appcmd delete module /module.name:Mod /app.name:\"a/\"", "Mod", ""},
        {"powershell New-WebGlobalModule -Name Mod -Image 'C:\\x y\\z.dll'", "Mod",
         "C:\\x y\\z.dll"},
        {"Add-WebConfigurationProperty -Filter /system.webServer/globalModules -Name \".\" -Value "
         "@{name='Mod';image=\"C:\\x.dll\"}",
         "Mod", "C:\\x.dll"},
        {"New-WebManagedModule -Name:Mod -Type 'A.B, C'", "Mod", ""},
        {"NEW-WEBGLOBALMODULE -NAME MOD", "MOD", ""},
        {"appcmd install module /filename:x /imagename:y", "", ""},
        {"appcmd list site /site.name:x", "", ""},
        {"name", "", ""},
        {"/name:", "", ""},
        {"/name:\"", "", ""},
        {"/name:\"unclosed", "unclosed", ""},
        {"", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str name, image;
        iw_command_component(iw_str_of(CASES[i].command), &name, &image);
        if (!iw_str_equal(name, iw_str_of(CASES[i].name)) ||
            !iw_str_equal(image, iw_str_of(CASES[i].image)))
            fail_msg("%s: name '%.*s', image '%.*s'", CASES[i].command, IW_STR_ARG(name),
                     IW_STR_ARG(image));
    }
}

/* --- events ------------------------------------------------------------------------------------
 */

struct told {
    struct iw_arena arena;
    struct iw_act act;
    bool is_act;
};

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define CONFIGURATION "Microsoft-IIS-Configuration/Operational"

static void tell(struct told *told, const char *channel, uint32_t id, const char *analytic,
                 const char *event)
{
    struct iw_str analytics[1] = {iw_str_of(analytic)};
    struct iw_evidence_item item = {.channel = iw_str_of(channel), .event_id = id};
    struct iw_finding finding = {.host = IW_STR("web01"),
                                 .computer = IW_STR("web01.corp.example"),
                                 .analytic = {analytics, 1},
                                 .evidence = &item,
                                 .n_evidence = 1,
                                 .first_time_ns = 1000,
                                 .last_time_ns = 1000,
                                 .event_json = iw_str_of(event)};
    iw_arena_reset(&told->arena);
    assert_int_equal(iw_event_act(&finding, &told->arena, &told->act, &told->is_act), IW_OK);
}

#define IS(text, expected) assert_true(iw_str_equal(text, iw_str_of(expected)))

static void settings(void **state)
{
    struct told *told = *state;
    tell(told, CONFIGURATION, 29, "AN0184",
         "{\"Configuration\":\"/system.webServer/globalModules/add[@name=\\\"Mod\\\"]/@image\","
         "\"OldValue\":\"\",\"NewValue\":\"C:\\\\x.dll\",\"Security_UserID\":\"S-1-5-21-1\"}");
    assert_true(told->is_act);
    IS(told->act.component_kind, "globalModule");
    IS(told->act.component_name, "Mod");
    IS(told->act.path, "C:\\x.dll");
    IS(told->act.actor_sid, "S-1-5-21-1");
    IS(told->act.actor, "");
    assert_int_equal(told->act.action, IW_ACT_ADD);
    assert_int_equal(told->act.first_ns, 1000);
    tell(told, CONFIGURATION, 29, "AN0184",
         "{\"Configuration\":\"/system.webServer/modules/add[@name='Mod']\",\"OldValue\":\"Mod\","
         "\"NewValue\":\"\"}");
    IS(told->act.component_kind, ""); /* native or managed: the event does not say */
    assert_int_equal(told->act.action, IW_ACT_REMOVE);
    tell(told, CONFIGURATION, 29, "AN0184",
         "{\"Configuration\":\"/system.webServer/handlers/@accessPolicy\",\"OldValue\":\"Read\","
         "\"NewValue\":\"Read, Write\"}");
    assert_int_equal(told->act.action, IW_ACT_MODIFY);
}

static void processes(void **state)
{
    struct told *told = *state;
    tell(told, SYSMON, 1, "AN0184",
         "{\"CommandLine\":\"appcmd install module /name:Mod /image:C:\\\\x.dll\","
         "\"User\":\"CORP\\\\deploy\"}");
    assert_true(told->is_act);
    IS(told->act.component_kind, "globalModule");
    IS(told->act.component_name, "Mod");
    IS(told->act.actor, "CORP\\deploy");
    assert_int_equal(told->act.action, IW_ACT_ADD);
    tell(told, "Security", 4688, "AN0184",
         "{\"CommandLine\":\"appcmd delete module Mod /module.name:Mod\","
         "\"SubjectUserName\":\"deploy\",\"SubjectDomainName\":\"CORP\","
         "\"SubjectUserSid\":\"S-1-5-21-9\"}");
    IS(told->act.actor, "CORP\\deploy");
    IS(told->act.actor_sid, "S-1-5-21-9");
    assert_int_equal(told->act.action, IW_ACT_REMOVE);
    /* A record does not explain a shell, nor a command that names no component. */
    tell(told, SYSMON, 1, "AN1108", "{\"CommandLine\":\"cmd /c appcmd install module /name:Mod\"}");
    assert_false(told->is_act);
    tell(told, SYSMON, 1, "AN0184", "{\"CommandLine\":\"appcmd list config\"}");
    assert_false(told->is_act);
}

static void files(void **state)
{
    struct told *told = *state;
    tell(told, SYSMON, 11, "AN1108",
         "{\"TargetFilename\":\"C:\\\\inetpub\\\\wwwroot\\\\a.aspx\",\"User\":\"CORP\\\\deploy\"}");
    assert_true(told->is_act);
    IS(told->act.path, "C:\\inetpub\\wwwroot\\a.aspx");
    IS(told->act.actor, "CORP\\deploy");
    tell(told, SYSMON, 23, "AN1108", "{\"TargetFilename\":\"C:\\\\a.aspx\"}");
    assert_int_equal(told->act.action, IW_ACT_REMOVE);
    tell(
        told, SYSMON, 7, "AN0184",
        "{\"ImageLoaded\":\"C:\\\\x.dll\",\"User\":\"IIS APPPOOL\\\\p\",\"Hashes\":\"MD5=00,SHA256="
        "AB00000000000000000000000000000000000000000000000000000000000001\"}");
    IS(told->act.path, "C:\\x.dll");
    IS(told->act.actor, ""); /* the worker's account put nothing there */
    assert_true(told->act.has_sha256);
    assert_int_equal(told->act.sha256[0], 0xAB);
    assert_int_equal(told->act.first_ns, IW_TIME_UNKNOWN);
    assert_int_equal(told->act.still_ns, 1000);
    tell(told, "Security", 4663, "AN1108", "{\"ObjectName\":\"C:\\\\a.aspx\"}");
    IS(told->act.path, "C:\\a.aspx");
}

static void no_acts(void **state)
{
    struct told *told = *state;
    tell(told, SYSMON, 3, "AN0184", "{\"Image\":\"C:\\\\x.exe\"}");
    assert_false(told->is_act);
    tell(told, SYSMON, 11, "AN1108", "{}");
    assert_false(told->is_act);
    tell(told, SYSMON, 11, "AN1108", "{\"TargetFilename\":7}");
    assert_false(told->is_act);
    tell(told, SYSMON, 11, "AN1108", "not an object");
    assert_false(told->is_act);
}

static int set_up(void **state)
{
    struct told *told = test_calloc(1, sizeof *told);
    iw_arena_init(&told->arena, 0);
    *state = told;
    return 0;
}

static int tear_down(void **state)
{
    struct told *told = *state;
    iw_arena_done(&told->arena);
    test_free(told);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),
        cmocka_unit_test_setup_teardown(settings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(processes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_acts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
