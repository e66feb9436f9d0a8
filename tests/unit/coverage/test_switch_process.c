/*
 * Processes, and values of the registry, that ask for logging to be switched off: what each of
 * Windows' own tools means by its documentation.
 */
#include "tests/unit/coverage/switch_rig.h"

struct row {
    const char *image, *line;
    int kind;
    const char *subject;
    const char *host; /* NULL: the own one */
    bool is_unread;
    const char *original_name; /* NULL: not told */
};

static const struct row PROCESSES[] = {
    {"wevtutil.exe", "wevtutil sl " SYSMON " /e:false", IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"wevtutil.exe", "wevtutil.exe set-log \"Security\" -enabled:true", IW_SWITCH_CHANNEL_ON,
     "Security"},
    {"wevtutil.exe", "wevtutil sl /e:false Security", IW_SWITCH_CHANNEL_OFF, "Security"},

    {"wevtutil.exe", "wevtutil sl Security /ms:1073741824", NONE, ""},
    {"wevtutil.exe", "wevtutil cl Security", IW_SWITCH_CLEARED, "Security"},
    {"wevtutil.exe", "wevtutil gl Security", NONE, ""},
    {"wevtutil.exe", "wevtutil sl /c:C:\\t\\off.xml", IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"wevtutil.exe", "wevtutil set-log /config:C:\\t\\off.xml", IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"wevtutil.exe", "wevtutil um C:\\Windows\\sysmon.man", IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"wevtutil.exe", "wevtutil qe Security /c:5 /f:text", NONE, ""},
    {"wevtutil.exe", "wevtutil im C:\\Windows\\sysmon.man", NONE, ""},
    {"wevtutil.exe", "wevtutil sl Security /rt:true /ms:1052672", IW_SWITCH_CHANNEL_OFF, "Security",
     .is_unread = true},
    {"wevtutil.exe", "wevtutil sl Security /rt:true /ab:true", NONE, ""}, /* full ones are kept */
    {"wevtutil.exe", "wevtutil sl Security /rt:false", NONE, ""},
    {"fltMC.exe", "fltmc unload SysmonDrv", IW_SWITCH_DRIVER_OFF, ""},
    {"fltMC.exe", "fltmc.exe detach SysmonDrv c:", IW_SWITCH_DRIVER_OFF, ""},
    {"fltMC.exe", "fltmc unload luafv", NONE, ""},
    {"fltMC.exe", "fltmc instances", NONE, ""},
    {"sc.exe", "sc stop Sysmon64", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sc.exe", "sc.exe  delete sysmon", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sc.exe", "sc config eventlog start= disabled", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"sc.exe", "sc config eventlog start= auto", NONE, ""},
    {"sc.exe", "sc query Sysmon64", NONE, ""},
    {"sc.exe", "sc stop Spooler", NONE, ""},
    {"net.exe", "net stop \"Windows Event Log\" /y", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"net1.exe", "C:\\Windows\\system32\\net1 stop Sysmon64", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"net.exe", "net start Sysmon64", NONE, ""},
    {"taskkill.exe", "taskkill /f /im Sysmon64.exe", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"taskkill.exe", "taskkill /F /FI \"SERVICES eq eventlog\"", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"taskkill.exe", "taskkill /f /im svchost.exe", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"taskkill.exe", "taskkill /f /im w3wp.exe", NONE, ""},
    {"Sysmon64.exe", "C:\\Tools\\Sysmon64.exe -u force", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Sysmon.exe", "sysmon /u", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Sysmon64.exe", "C:\\Windows\\Sysmon64.exe", NONE, ""},
    {"Sysmon64.exe", "Sysmon64.exe -c sysmon.xml", NONE, ""}, /* event 16 tells of it */
    {"auditpol.exe", "auditpol /set /subcategory:\"Process Creation\" /success:disable",
     IW_SWITCH_AUDIT_OFF, "process creation"},
    {"auditpol.exe",
     "auditpol.exe /set /success:disable /subcategory:{0CCE921D-69AE-11D9-BED3-505054503030}",
     IW_SWITCH_AUDIT_OFF, "file system"},
    {"auditpol.exe", "auditpol /set /category:\"Logon/Logoff\" /success:disable /failure:disable",
     IW_SWITCH_AUDIT_OFF, "logon"},
    {"auditpol.exe",
     "auditpol /set /category:\"Object Access\",\"Detailed Tracking\" /success:disable",
     IW_SWITCH_AUDIT_OFF, "everything"},
    {"auditpol.exe", "auditpol /set /category:* /success:disable", IW_SWITCH_AUDIT_OFF,
     "everything"},
    {"auditpol.exe", "auditpol /clear /y", IW_SWITCH_AUDIT_OFF, "everything"},
    {"auditpol.exe", "auditpol /set /subcategory:\"Process Creation\" /failure:disable", NONE, ""},
    {"auditpol.exe", "auditpol /set /subcategory:\"Process Creation\" /success:enable",
     IW_SWITCH_AUDIT_ASKED_ON, "process creation"},
    {"auditpol.exe", "auditpol /set /subcategory:\"Process Creation\" /failure:enable", NONE, ""},
    {"auditpol.exe", "auditpol /set /subcategory:\"Registry\" /success:disable", NONE, ""},
    {"auditpol.exe", "auditpol /get /category:*", NONE, ""},
    /* Of one user. */
    {"auditpol.exe",
     "auditpol /set /user:\"IIS APPPOOL\\DefaultAppPool\" /subcategory:\"Process Creation\" "
     "/exclude "
     "/success:enable",
     IW_SWITCH_AUDIT_OFF, "process creation"},
    {"auditpol.exe",
     "auditpol /set /user:bob /subcategory:\"Process Creation\" /exclude /success:disable", NONE,
     ""},
    {"auditpol.exe",
     "auditpol /set /user:bob /subcategory:\"Process Creation\" /include /success:enable", NONE,
     ""},
    {"auditpol.exe", "auditpol /restore /file:C:\\t\\a.csv", IW_SWITCH_AUDIT_OFF, "everything",
     .is_unread = true},
    {"auditpol.exe", "auditpol /backup /file:C:\\t\\a.csv", NONE, ""},
    {"auditpol.exe", "auditpol /remove /allusers", IW_SWITCH_AUDIT_OFF, "everything",
     .is_unread = true},
    {"logman.exe", "logman stop EventLog-Microsoft-Windows-Sysmon-Operational -ets",
     IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"logman.exe", "logman stop \"Eventlog-Security\" -ets", IW_SWITCH_CHANNEL_OFF, "Security"},
    /* The session of most channels. */
    {"logman.exe", "logman stop EventLog-Application -ets", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"logman.exe", "logman update trace EventLog-Application --p Microsoft-Windows-Sysmon -ets",
     IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"logman.exe",
     "logman update trace EventLog-Application --p {dc0b8e51-4863-407a-bc3c-1b479b2978ac} -ets",
     IW_SWITCH_CHANNEL_OFF, "Microsoft-IIS-Configuration/Operational"},
    {"logman.exe", "logman stop MyTrace -ets", NONE, ""},
    {"logman.exe", "logman query EventLog-Application -ets", NONE, ""},
    {"reg.exe", "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\MiniNt", IW_SWITCH_CHANNEL_OFF,
     "Security"},
    {"reg.exe",
     "reg add \"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\" SYSMON
     "\" /v Enabled /t REG_DWORD /d 0 /f",
     IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"reg.exe",
     "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog /v Start /t REG_DWORD /d 4 /f",
     IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"reg.exe", "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog /v Start /d 2 /f",
     NONE, ""},
    {"reg.exe",
     "reg add HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit /v "
     "ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 0 /f",
     IW_SWITCH_AUDIT_OFF, "command lines"},
    {"reg.exe",
     "reg delete HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit /v "
     "ProcessCreationIncludeCmdLine_Enabled /f",
     IW_SWITCH_AUDIT_OFF, "command lines"},
    {"reg.exe", "reg query HKLM\\SYSTEM\\CurrentControlSet\\Control\\MiniNt", NONE, ""},
    {"powershell.exe", "powershell -nop -c \"Stop-Service Sysmon64 -Force\"", IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"pwsh.exe", "pwsh -Command Set-Service -Name EventLog -StartupType Disabled",
     IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"powershell.exe", "powershell Get-Service Sysmon64", NONE, ""},
    /* Of another machine, and of the own one under its names. */
    {"wevtutil.exe", "wevtutil sl Security /e:false /r:WEB02", IW_SWITCH_CHANNEL_OFF, "Security",
     .host = OTHER},
    {"wevtutil.exe", "wevtutil cl Security /r:localhost", IW_SWITCH_CLEARED, "Security"},
    {"wevtutil.exe", "wevtutil cl Security /remote:127.0.0.1", IW_SWITCH_CLEARED, "Security"},
    {"wevtutil.exe", "wevtutil cl Security /r:10.0.0.5", IW_SWITCH_CLEARED, "Security",
     .is_unread = true}, /* whose address it is nothing tells */
    {"sc.exe", "sc \\\\WEB02 stop Sysmon64", IW_SWITCH_SERVICE_OFF, "Sysmon", .host = OTHER},
    {"sc.exe", "sc \\\\localhost stop Sysmon64", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sc.exe", "sc \\\\127.0.0.1 config eventlog start= disabled", IW_SWITCH_SERVICE_OFF,
     "EventLog"},
    {"taskkill.exe", "taskkill /s WEB02 /im Sysmon64.exe", IW_SWITCH_SERVICE_OFF, "Sysmon",
     .host = OTHER},
    {"taskkill.exe", "taskkill /s localhost /f /im Sysmon*", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"reg.exe",
     "reg add \\\\.\\HKLM\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 /v Start /d 4 /f",
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"reg.exe",
     "reg add \\\\WEB02\\HKLM\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 /v Start /d 4 /f",
     IW_SWITCH_SERVICE_OFF, "Sysmon", .host = OTHER},
    {"reg.exe", "reg delete HKLM\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 /f",
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"WMIC.exe", "wmic /node:localhost service where name='Sysmon64' call stopservice",
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"WMIC.exe", "wmic /node:WEB02 service where \"name like 'Sysmon%'\" call stopservice",
     IW_SWITCH_SERVICE_OFF, "Sysmon", .host = OTHER},
    {"WMIC.exe", "wmic process where name=\"Sysmon64.exe\" delete", IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"WMIC.exe", "wmic service where name='Spooler' call stopservice", NONE, ""},
    {"WMIC.exe", "wmic service get name", NONE, ""},
    {"logman.exe", "logman stop EventLog-Security -ets -s WEB02", IW_SWITCH_CHANNEL_OFF, "Security",
     .host = OTHER},
    /* Under another name: what its version information says. */
    {"svc.exe", "svc cl Security", IW_SWITCH_CLEARED, "Security", .original_name = "wevtutil.exe"},
    {"a.exe", "a /clear /y", IW_SWITCH_AUDIT_OFF, "everything", .original_name = "AUDITPOL.EXE"},
    {"b.exe", "b stop Sysmon64", IW_SWITCH_SERVICE_OFF, "Sysmon", .original_name = "sc.exe"},
    {"c.exe", "c stop Sysmon64", IW_SWITCH_SERVICE_OFF, "Sysmon", .original_name = "net1.exe.mui"},
    {"d.exe", "d -c \"Stop-Service Sysmon64\"", IW_SWITCH_SERVICE_OFF, "Sysmon",
     .original_name = "PowerShell.EXE"},
    /* Under the name of another program, or of an alias. */
    {"ps.exe", "ps cl Security", IW_SWITCH_CLEARED, "Security", .original_name = "wevtutil.exe"},
    {"kill.exe", "kill cl Security", IW_SWITCH_CLEARED, "Security",
     .original_name = "wevtutil.exe"},
    {"pwsh.exe", "x cl Security", IW_SWITCH_CLEARED, "Security", .original_name = "wevtutil.exe"},
    {"net.exe", "net cl Security", IW_SWITCH_CLEARED, "Security", .original_name = "wevtutil.exe"},
    {"wevtutil.exe", "wevtutil cl Security", IW_SWITCH_CLEARED, "Security",
     .original_name = "ps.exe"},
    {"svc.exe", "svc cl Security", NONE, "", .original_name = "svc.exe"},
    /* Requests. */
    {"appcmd.exe", "appcmd set config /section:httpLogging /dontLog:true", IW_SWITCH_REQUESTS_OFF,
     "httpLogging/@dontLog"},
    {"appcmd.exe", "appcmd set site \"Default Web Site\" /logFile.enabled:false",
     IW_SWITCH_REQUESTS_OFF, "logFile/@enabled"},
    {"appcmd.exe", "appcmd set config /section:httpLogging /dontLog:false", NONE, ""},
    {"appcmd.exe", "appcmd list site", NONE, ""},
    /* Encoded. */
    {"powershell.exe",
     "powershell -nop -w hidden -enc "
     "UwB0AG8AcAAtAFMAZQByAHYAaQBjAGUAIABTAHkAcwBtAG8AbgA2ADQAIAAtAEYAbwByAGMAZQA=",
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"powershell.exe",
     "powershell.exe -e "
     "UwB0AG8AcAAtAFMAZQByAHYAaQBjAGUAIABTAHkAcwBtAG8AbgA2ADQAIAAtAEYAbwByAGMAZQA=",
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"powershell.exe",
     "powershell /EncodedCommand "
     "\"UwB0AG8AcAAtAFMAZQByAHYAaQBjAGUAIABTAHkAcwBtAG8AbgA2ADQAIAAtAEYAbwByAGMAZQA=\"",
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"powershell.exe",
     "powershell -nop -enc RwBlAHQALQBTAGUAcgB2AGkAYwBlACAAfAAgAE8AdQB0AC0ATgB1AGwAbAA=", NONE, ""},
    {"powershell.exe", "powershell -enc !!!", NONE, ""},
    {"powershell.exe", "powershell -ep bypass -c \"gsv Sysmon* | spsv\"", IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"powershell.exe", "powershell \"Stop-Service \\\"Sysmon64\\\"\"", IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    /* What cannot be read. */
    {"wevtutil.exe", "wevtutil cl %x%", IW_SWITCH_CLEARED, "", .is_unread = true},
    {"auditpol.exe", "auditpol /set /subcategory:%x% /success:disable", IW_SWITCH_AUDIT_OFF,
     "everything", .is_unread = true},
    /* What cmd starts stands in an event of its own. */
    {"cmd.exe", "cmd /c wevtutil sl Security /e:false", NONE, ""},
    {"notepad.exe", "notepad wevtutil sl Security /e:false", NONE, ""},
};

static void what_processes_ask(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof PROCESSES / sizeof PROCESSES[0]; i++) {
        const struct row *row = &PROCESSES[i];
        struct iw_command_switches got;
        struct iw_process_command command = {.original_name = iw_str_of(row->original_name),
                                             .line = iw_str_of(row->line)};
        char image[64];
        (void)snprintf(image, sizeof image, SYSTEM32 "%s", row->image);
        command.image = iw_str_of(image);
        assert_int_equal(iw_command_switches_of_process(&command, &arena, &got), IW_OK);
        check(row->line, &got, 0, row->kind, row->subject, row->host, row->is_unread);
    }
    iw_arena_done(&arena);
}

/* Whether a process that starts is heard after the first look at its event. */
static bool is_let_through(const struct iw_switch_glance *glance, const char *image,
                           const char *original_name, const char *line)
{
    static const struct iw_name IMAGE = {.id = IW_FIELD_IMAGE},
                                ORIGINAL = {.id = IW_FIELD_ORIGINAL_FILE_NAME},
                                LINE = {.id = IW_FIELD_COMMAND_LINE};
    const char *texts[] = {image, line, original_name};
    struct iw_field fields[] = {{.name = &IMAGE}, {.name = &LINE}, {.name = &ORIGINAL}};
    struct iw_event event = {.event_id = 1, .fields = fields};
    for (; event.n_fields < 3 && texts[event.n_fields] != NULL; event.n_fields++) {
        struct iw_field *field = &fields[event.n_fields];
        field->p = (const uint8_t *)texts[event.n_fields];
        field->n = (uint32_t)strlen(texts[event.n_fields]);
        field->type = IW_VALUE_UTF8;
        field->place = IW_PLACE_EVENT_DATA;
    }
    return iw_switch_may_be_of_process(glance, &event);
}

/* What is heard is never passed over at the first look, wherever in its line it stands; what is
 * everyday work is. */
static void what_a_glance_lets_through(void **state)
{
    struct iw_switch_glance glance;
    (void)state;
    iw_switch_glance_init(&glance);
    for (size_t i = 0; i < sizeof PROCESSES / sizeof PROCESSES[0]; i++) {
        const struct row *row = &PROCESSES[i];
        char path[64], line[512];
        (void)snprintf(path, sizeof path, SYSTEM32 "%s", row->image);
        for (int shift = 0; shift < 4 && row->kind != NONE; shift++) {
            (void)snprintf(line, sizeof line, "%.*s%s", shift, "    ", row->line);
            if (!is_let_through(&glance, path, row->original_name, line))
                fail_msg("%s", row->line);
        }
    }
    assert_false(is_let_through(&glance, SYSTEM32 "svchost.exe", NULL, "svchost -k netsvcs"));
    assert_false(is_let_through(&glance, SYSTEM32 "xnet.exe", NULL, "xnet stop Sysmon"));
    assert_false(is_let_through(&glance, SYSTEM32 "powershell.exe", NULL, "a -c Get-Date"));
    assert_false(is_let_through(&glance, SYSTEM32 "a.exe", "PowerShell.EXE.MUI", "a -c Get-Date"));
    assert_false(is_let_through(&glance, SYSTEM32 "a.exe", "pwsh.dll", "a -c Get-Date"));
    /* What ends like PowerShell may be another program, and its words are that one's. */
    assert_true(is_let_through(&glance, SYSTEM32 "mypowershell.exe", "wevtutil.exe",
                               "mypowershell cl Security"));
}

static void values_of_the_registry(void **state)
{
    static const struct {
        const char *target;
        const char *data; /* NULL: a key */
        int kind;
        const char *subject;
    } ROWS[] = {
        {"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\" SYSMON
         "\\Enabled",
         "DWORD (0x00000000)", IW_SWITCH_CHANNEL_OFF, SYSMON},
        {"HKLM\\X\\WINEVT\\Channels\\Security\\Enabled", "DWORD (0x00000001)", IW_SWITCH_CHANNEL_ON,
         "Security"},
        {"HKLM\\X\\WINEVT\\Channels\\Enabled", "DWORD (0x00000000)", NONE, ""},
        {"HKLM\\System\\CurrentControlSet\\Services\\SysmonDrv\\Start", "DWORD (0x00000004)",
         IW_SWITCH_SERVICE_OFF, "Sysmon"},
        {"HKLM\\System\\CurrentControlSet\\Services\\EventLog\\Start", "DWORD (0x00000002)", NONE,
         ""},
        {"HKLM\\System\\CurrentControlSet\\Services\\Spooler\\Start", "DWORD (0x00000004)", NONE,
         ""},
        {"HKLM\\System\\CurrentControlSet\\Control\\MiniNt", NULL, IW_SWITCH_CHANNEL_OFF,
         "Security"},
        {"HKLM\\System\\CurrentControlSet\\Control\\MiniNtX", NULL, NONE, ""},
        {"HKLM\\System\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Security\\Start",
         "DWORD (0x00000000)", IW_SWITCH_CHANNEL_OFF, "Security"},
        {"HKLM\\System\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Security\\Start",
         "DWORD (0x00000001)", NONE, ""},
        {"HKLM\\System\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-System\\Start",
         "DWORD (0x00000000)", IW_SWITCH_SERVICE_OFF, "EventLog"},
        {"HKLM\\System\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Application\\"
         "{dc0b8e51-4863-407a-bc3c-1b479b2978ac}\\Enabled",
         "DWORD (0x00000000)", IW_SWITCH_CHANNEL_OFF, "Microsoft-IIS-Configuration/Operational"},
        {"HKLM\\System\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Application\\Enabled",
         "DWORD (0x00000000)", NONE, ""},
        {"HKLM\\System\\CurrentControlSet\\Control\\WMI\\Autologger\\DiagLog\\"
         "{dc0b8e51-4863-407a-bc3c-1b479b2978ac}\\Enabled",
         "DWORD (0x00000000)", NONE, ""},
        {"\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audi"
         "t"
         "\\ProcessCreationIncludeCmdLine_Enabled",
         "0", IW_SWITCH_AUDIT_OFF, "command lines"},
        {"HKLM\\X\\System\\Audit\\ProcessCreationIncludeCmdLine_Enabled", "DWORD (0x00000001)",
         IW_SWITCH_AUDIT_ON, "command lines"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct iw_command_switch got;
        bool is_one = iw_command_switch_of_registry(
            iw_str_of(ROWS[i].target),
            ROWS[i].data != NULL ? iw_str_of(ROWS[i].data) : (struct iw_str){NULL, 0}, &got);
        if (is_one != (ROWS[i].kind != NONE) ||
            (is_one && ((int)got.kind != ROWS[i].kind ||
                        !iw_str_equal(got.subject, iw_str_of(ROWS[i].subject)))))
            fail_msg("%s", ROWS[i].target);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_processes_ask),
        cmocka_unit_test(what_a_glance_lets_through),
        cmocka_unit_test(values_of_the_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
