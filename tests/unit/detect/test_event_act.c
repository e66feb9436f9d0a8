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
#include "base/limits.h"
#include "detect/appcmd_command.h"
#include "detect/powershell_command.h"
#include "detect/event_act.h"

/* --- commands ----------------------------------------------------------------------------------
 */

#define GOOD "C:\\x\\y.dll"

static void scripts(void **state)
{
    static const struct {
        const char *script, *name, *image; /* name NULL: nothing is known of it */
    } CASES[] = {
        {"New-WebGlobalModule -Name Mod -Image C:\\x\\y.dll", "Mod", "C:\\x\\y.dll"},
        {"Import-Module WebAdministration; new-webglobalmodule -image 'C:\\my x\\y.dll' -name "
         "\"Mod\"",
         "Mod", "C:\\my x\\y.dll"},
        {"Import-Module WebAdministration\r\n\r\nNew-WebGlobalModule -Name Mod -Image C:\\y.dll "
         "-Precondition bitness64\r\n",
         "Mod", "C:\\y.dll"},
        {"New-WebGlobalModule -Name Mod -Image $dll", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image \"$env:windir\\y.dll\"", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image C:\\y.dll # New-WebGlobalModule", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image 'C:\\y'evil.dll", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Name Evil -Image C:\\y.dll", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image C:\\y.dll; copy a b", NULL, NULL},
        {"copy a b; New-WebGlobalModule -Name Mod -Image C:\\y.dll", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image C:\\y.dll; New-WebGlobalModule -Name B -Image "
         "C:\\z.dll",
         NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image C:\\y.dll | Out-Null", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image", NULL, NULL},
        {"New-WebGlobalModule -Name Mod", NULL, NULL},
        {"New-WebGlobalModule -Name Mod -Image 'C:\\y.dll", NULL, NULL},
        {"Import-Module (evil); New-WebGlobalModule -Name Mod -Image C:\\y.dll", NULL, NULL},
        {"Import-Module WebAdministration", NULL, NULL},
        {"", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_powershell_command told;
        bool is = iw_powershell_command_read(iw_str_of(CASES[i].script), &told);
        const char *name = CASES[i].name != NULL ? CASES[i].name : "";
        const char *image = CASES[i].image != NULL ? CASES[i].image : "";
        if (is != (CASES[i].name != NULL) || !iw_str_equal(told.name, iw_str_of(name)) ||
            !iw_str_equal(told.image, iw_str_of(image)))
            fail_msg("%s: %d name '%.*s', image '%.*s'", CASES[i].script, is, IW_STR_ARG(told.name),
                     IW_STR_ARG(told.image));
    }
}

static void commands(void **state)
{
    static const struct {
        const char *command, *kind, *name, *image;
        enum iw_act_action action;
    } CASES[] = {
        {"appcmd install module /name:Mod /image:" GOOD, "globalModule", "Mod", GOOD, IW_ACT_ADD},
        {"\"C:\\Windows\\System32\\inetsrv\\appcmd.exe\"  install module /name:\"My Mod\" "
         "\"/image:C:\\Program Files\\y.dll\" /add:true",
         "globalModule", "My Mod", "C:\\Program Files\\y.dll", IW_ACT_ADD},
        {"APPCMD INSTALL MODULE /NAME:Mod", "globalModule", "Mod", "", IW_ACT_ADD},
        {"appcmd set config /section:globalModules \"/+[name='Mod',image='" GOOD "']\"",
         "globalModule", "Mod", GOOD, IW_ACT_ADD},
        {"appcmd set config -section:system.webServer/globalModules "
         "/+[image='" GOOD "',name='Mod',preCondition='bitness64'] /commit:apphost",
         "globalModule", "Mod", GOOD, IW_ACT_ADD},
        {"appcmd add module /name:Mod /app.name:\"Default Web Site/\"", "", "Mod", "", IW_ACT_ADD},
        {"appcmd add module /name:Mod /type:A.B", "managedModule", "Mod", "", IW_ACT_ADD},
        {"appcmd uninstall module Mod", "globalModule", "Mod", "", IW_ACT_REMOVE},
        {"appcmd delete module /module.name:Mod /app.name:\"a/\"", "", "Mod", "", IW_ACT_REMOVE},
        /* Glued quotes are one argument, and its path is what Windows makes of it. */
        {"appcmd install module /name:\"Mod\"Evil /image:\"C:\\x\\y.dll\"\\..\\e.dll",
         "globalModule", "ModEvil", "C:\\x\\y.dll\\..\\e.dll", IW_ACT_ADD},
    };
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_appcmd_command told;
        bool is;
        assert_int_equal(iw_appcmd_command_read(iw_str_of(CASES[i].command), &arena, &told, &is),
                         IW_OK);
        if (!is || !iw_str_equal(told.name, iw_str_of(CASES[i].name)) ||
            !iw_str_equal(told.kind, iw_str_of(CASES[i].kind)) ||
            !iw_str_equal(told.image, iw_str_of(CASES[i].image)) || told.action != CASES[i].action)
            fail_msg("%s: %d name '%.*s', image '%.*s'", CASES[i].command, is,
                     IW_STR_ARG(told.name), IW_STR_ARG(told.image));
    }
    iw_arena_done(&arena);
}

/* What may say another thing than it seems to is not understood at all. */
static void commands_refused(void **state)
{
    static const char *const CASES[] = {
        "appcmd install module /name:Evil /image:e.dll & rem /name:Mod /image:" GOOD,
        "cmd /c appcmd install module /name:Mod /image:" GOOD,
        "appcmd install module /name:Mod /image:" GOOD " install module /name:Evil /image:e.dll",
        "appcmd install module /name:Mod /name:Evil",
        "appcmd install module /name:Mod /image:" GOOD " /image:e.dll",
        "appcmd install module /name:Mod /unknown:x",
        "appcmd install module /name:Mod /type:A.B /image:" GOOD,
        "appcmd set config /section:globalModules /[name='Mod'].image:C:\\evil\\e.dll",
        "appcmd set config /section:globalModules /+[name='Mod',image='a',image='b']",
        "appcmd set config /section:globalModules /+[name='Mod'] /+[name='Evil']",
        "appcmd set config /section:handlers /+[name='Mod',scriptProcessor='cmd.exe']",
        "appcmd set config /section:globalModules /+[name='Mod",
        "appcmd set config /section:globalModules /+[name=Mod]",
        "appcmd set config /section:globalModules /+[]",
        "New-WebGlobalModule Evil C:\\evil\\e.dll # -Name Mod -Image " GOOD,
        "appcmd install module \"/name:Mod",
        "appcmd install module /name:\\\"Mod\\\"",
        "appcmd install module /name:",
        "appcmd install module",
        "evil.exe install module /name:Mod",
        "appcmd list config /section:globalModules",
        "appcmd delete module Mod Evil",
        "",
    };
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_appcmd_command told;
        bool is;
        assert_int_equal(iw_appcmd_command_read(iw_str_of(CASES[i]), &arena, &told, &is), IW_OK);
        if (is || told.name.n != 0)
            fail_msg("%s: name '%.*s'", CASES[i], IW_STR_ARG(told.name));
    }
    iw_arena_done(&arena);
}

/* At the limit and one past it; and a line of one key again and again is read in one go. */
static void commands_long(void **state)
{
    static const char HEAD[] = "appcmd install module /name:Mod /image:";
    struct iw_arena arena;
    struct iw_appcmd_command told;
    bool is;
    char *line = test_malloc(IW_LIMIT_COMMAND_LINE_BYTES + 1);
    (void)state;
    iw_arena_init(&arena, 0);
    memset(line, 'x', IW_LIMIT_COMMAND_LINE_BYTES + 1);
    memcpy(line, HEAD, sizeof HEAD - 1);
    assert_int_equal(iw_appcmd_command_read((struct iw_str){line, IW_LIMIT_COMMAND_LINE_BYTES},
                                            &arena, &told, &is),
                     IW_OK);
    assert_true(is);
    assert_int_equal(iw_appcmd_command_read((struct iw_str){line, IW_LIMIT_COMMAND_LINE_BYTES + 1},
                                            &arena, &told, &is),
                     IW_OK);
    assert_false(is);
    test_free(line);
    iw_arena_done(&arena);
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
         "{\"Configuration\":\"/system.webServer/modules/add[@name=\\\"Mod\\\"]/@type\","
         "\"OldValue\":\"\",\"NewValue\":\"Evil.Mod, Evil\"}");
    IS(told->act.component_kind, "managedModule");
    IS(told->act.path, "");
    tell(told, CONFIGURATION, 29, "AN0184",
         "{\"Configuration\":\"/system.webServer/handlers/add[@name='R']/@scriptProcessor\","
         "\"OldValue\":\"\",\"NewValue\":\"C:\\\\cmd.exe\"}");
    IS(told->act.component_kind, "handler");
    IS(told->act.path, "C:\\cmd.exe");
    /* A quote within the name: which name is meant is not certain. */
    tell(told, CONFIGURATION, 29, "AN0184",
         "{\"Configuration\":\"/system.webServer/globalModules/add[@name=\\\"Mod\\\" x\\\"]\","
         "\"OldValue\":\"\",\"NewValue\":\"Mod\\\" x\"}");
    assert_false(told->is_act);
    /* The value of an entry that is added is its name. */
    tell(told, CONFIGURATION, 29, "AN0184",
         "{\"Configuration\":\"/system.webServer/globalModules/add[@name=\\\"Mod\\\"]\","
         "\"OldValue\":\"\",\"NewValue\":\"Evil\"}");
    assert_false(told->is_act);
    tell(told, CONFIGURATION, 29, "AN0184",
         "{\"Configuration\":\"/system.webServer/handlers/@accessPolicy\",\"OldValue\":\"Read\","
         "\"NewValue\":\"Read, Write\"}");
    assert_false(told->is_act); /* names no component */
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
         "{\"CommandLine\":\"appcmd delete module Mod\","
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
    tell(told, SYSMON, 29, "AN0184",
         "{\"TargetFilename\":\"C:\\\\x.dll\",\"Hashes\":\"SHA256="
         "AB00000000000000000000000000000000000000000000000000000000000001\"}");
    assert_true(told->act.has_sha256);
    /* What no deployment does: the worker writes, other time stamps, a stream. */
    tell(told, SYSMON, 11, "AN1108",
         "{\"TargetFilename\":\"C:\\\\a.aspx\",\"Image\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\"
         "w3wp.exe\"}");
    assert_false(told->is_act);
    tell(told, SYSMON, 2, "AN1108", "{\"TargetFilename\":\"C:\\\\a.aspx\"}");
    assert_false(told->is_act);
    tell(told, SYSMON, 15, "AN1108", "{\"TargetFilename\":\"C:\\\\a.aspx:x\"}");
    assert_false(told->is_act);
    tell(told, SYSMON, 23, "AN1108",
         "{\"TargetFilename\":\"C:\\\\a.aspx\",\"Hashes\":\"SHA256="
         "AB00000000000000000000000000000000000000000000000000000000000001\"}");
    assert_int_equal(told->act.action, IW_ACT_REMOVE);
    assert_false(told->act.has_sha256); /* of what is gone */
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
        cmocka_unit_test(scripts),
        cmocka_unit_test(commands),
        cmocka_unit_test(commands_refused),
        cmocka_unit_test(commands_long),
        cmocka_unit_test_setup_teardown(settings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(processes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_acts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
