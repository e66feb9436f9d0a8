/*
 * Commands that ask for logging to be switched off: what each of Windows' own tools and of
 * PowerShell's commands means by its documentation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "coverage/switch_command.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define SYSTEM32 "C:\\Windows\\System32\\"
#define NONE IW_SWITCH_KIND_COUNT

struct row {
    const char *image, *line;
    int kind;
    const char *subject;
};

static const struct row PROCESSES[] = {
    {"wevtutil.exe", "wevtutil sl " SYSMON " /e:false", IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"wevtutil.exe", "wevtutil.exe set-log \"Security\" -enabled:true", IW_SWITCH_CHANNEL_ON,
     "Security"},
    {"wevtutil.exe", "wevtutil sl /e:false Security", IW_SWITCH_CHANNEL_OFF, "Security"},
    {"wevtutil.exe", "wevtutil sl Security /e:false /r:WEB02", NONE, ""}, /* of another host */
    {"wevtutil.exe", "wevtutil sl Security /ms:1073741824", NONE, ""},
    {"wevtutil.exe", "wevtutil cl Security", IW_SWITCH_CLEARED, "Security"},
    {"wevtutil.exe", "wevtutil gl Security", NONE, ""},
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
    {"sc.exe", "sc \\\\WEB02 stop Sysmon64", NONE, ""},
    {"net.exe", "net stop \"Windows Event Log\" /y", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"net1.exe", "C:\\Windows\\system32\\net1 stop Sysmon64", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"net.exe", "net start Sysmon64", NONE, ""},
    {"taskkill.exe", "taskkill /f /im Sysmon64.exe", IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"taskkill.exe", "taskkill /F /FI \"SERVICES eq eventlog\"", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"taskkill.exe", "taskkill /f /im svchost.exe", IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"taskkill.exe", "taskkill /f /im w3wp.exe", NONE, ""},
    {"taskkill.exe", "taskkill /s WEB02 /im Sysmon64.exe", NONE, ""},
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
    /* What cmd starts stands in an event of its own. */
    {"cmd.exe", "cmd /c wevtutil sl Security /e:false", NONE, ""},
    {"notepad.exe", "notepad wevtutil sl Security /e:false", NONE, ""},
};

static const struct {
    const char *text;
    size_t nth;
    int kind;
    const char *subject;
} SCRIPTS[] = {
    {"Stop-Service -Name 'Sysmon64' -Force", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-Service Sysmon64 | Stop-Service", 0, NONE, ""}, /* 7036 tells of it */
    {"Set-Service EventLog -StartupType Automatic", 0, NONE, ""},
    {"$x = 1; if ($x) { wevtutil.exe sl Security /e:false }", 0, IW_SWITCH_CHANNEL_OFF, "Security"},
    {"wevtutil sl Security /e:false\nwevtutil sl " SYSMON " /e:false", 1, IW_SWITCH_CHANNEL_OFF,
     SYSMON},
    {"wevtutil sl Security /e:false\nwevtutil sl " SYSMON " /e:false", 2, NONE, ""},
    /* Of every log, whichever these are. */
    {"foreach ($log in wevtutil el) { wevtutil sl $log /e:false }", 0, IW_SWITCH_SERVICE_OFF,
     "EventLog"},
    {"& \"C:\\Windows\\System32\\auditpol.exe\" /set /subcategory:\"File System\" /success:disable",
     0, IW_SWITCH_AUDIT_OFF, "file system"},
    {"cmd /c sc stop Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Clear-EventLog -LogName Security", 0, IW_SWITCH_CLEARED, "Security"},
    {"Remove-EventLog -LogName Application", 0, IW_SWITCH_CLEARED, "Application"},
    {"Set-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\MiniNt' -Name x -Value 1",
     0, IW_SWITCH_CHANNEL_OFF, "Security"},
    {"New-Item HKLM:\\SYSTEM\\CurrentControlSet\\Control\\MiniNt", 0, IW_SWITCH_CHANNEL_OFF,
     "Security"},
    {"Set-ItemProperty -Path "
     "HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\" SYSMON
     " -Name Enabled -Type DWord -Value 0",
     0, IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"Set-ItemProperty HKLM:\\SOFTWARE\\X -Name Enabled -Value 0", 0, NONE, ""},
    {"Remove-EtwTraceProvider -SessionName EventLog-Application -Guid "
     "'{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'",
     0, IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"Stop-EtwTraceSession -Name 'EventLog-Security'", 0, IW_SWITCH_CHANNEL_OFF, "Security"},
    {"Stop-Process -Name Sysmon64 -Force", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Invoke-Phant0m", 0, IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"function Invoke-Phant0m { }", 0, NONE, ""},   /* defined, and not called */
    {"Write-Host 'sc stop Sysmon64'", 0, NONE, ""}, /* words in quotes are one */
    {"# wevtutil sl Security /e:false", 0, NONE, ""},
    {"Get-WinEvent -LogName Security", 0, NONE, ""},
    {"Limit-EventLog -LogName Security -MaximumSize 64KB", 0, NONE, ""}, /* it begins late then */
    {"wevtutil sl \"Security", 0, NONE, ""},
    {"", 0, NONE, ""},
};

static void check(const char *what, enum iw_rc rc, const struct iw_command_switch *got, int kind,
                  const char *subject)
{
    if (rc != (kind == NONE ? IW_END : IW_OK))
        fail_msg("%s: %d", what, (int)rc);
    if (kind != NONE && ((int)got->kind != kind || !iw_str_equal(got->subject, iw_str_of(subject))))
        fail_msg("%s: %d of %.*s", what, (int)got->kind, IW_STR_ARG(got->subject));
}

static void what_processes_ask(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof PROCESSES / sizeof PROCESSES[0]; i++) {
        const struct row *row = &PROCESSES[i];
        struct iw_command_switch got;
        char image[64];
        (void)snprintf(image, sizeof image, SYSTEM32 "%s", row->image);
        check(row->line,
              iw_command_switch_of_process(iw_str_of(image), iw_str_of(row->line), 0, &arena, &got),
              &got, row->kind, row->subject);
    }
    iw_arena_done(&arena);
}

static void what_scripts_ask(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof SCRIPTS[0]; i++) {
        struct iw_command_switch got;
        check(SCRIPTS[i].text,
              iw_command_switch_of_script(iw_str_of(SCRIPTS[i].text), SCRIPTS[i].nth, &arena, &got),
              &got, SCRIPTS[i].kind, SCRIPTS[i].subject);
    }
    iw_arena_done(&arena);
}

/* Any beginning of any of them is read without harm. */
static void what_is_cut(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof SCRIPTS[0]; i++) {
        struct iw_str text = iw_str_of(SCRIPTS[i].text);
        for (size_t n = 0; n <= text.n; n++) {
            struct iw_command_switch got;
            enum iw_rc rc =
                iw_command_switch_of_script((struct iw_str){text.p, n}, 0, &arena, &got);
            assert_true(rc == IW_OK || rc == IW_END);
        }
    }
    iw_arena_done(&arena);
}

/* Of one text so many at most: the last of them is read, the next is not. */
static void limit_of_switches(void **state)
{
    static const char LINE[] = "wevtutil sl Security /e:false\n";
    static char text[(IW_LIMIT_SWITCHES_OF_EVENT + 1) * (sizeof LINE - 1)];
    struct iw_command_switch got;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i <= IW_LIMIT_SWITCHES_OF_EVENT; i++)
        memcpy(text + i * (sizeof LINE - 1), LINE, sizeof LINE - 1);
    assert_int_equal(iw_command_switch_of_script((struct iw_str){text, sizeof text},
                                                 IW_LIMIT_SWITCHES_OF_EVENT - 1, &arena, &got),
                     IW_OK);
    assert_int_equal(iw_command_switch_of_script((struct iw_str){text, sizeof text},
                                                 IW_LIMIT_SWITCHES_OF_EVENT, &arena, &got),
                     IW_END);
    iw_arena_done(&arena);
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
        check(ROWS[i].target, is_one ? IW_OK : IW_END, &got, ROWS[i].kind, ROWS[i].subject);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_processes_ask),
        cmocka_unit_test(what_scripts_ask),
        cmocka_unit_test(what_is_cut),
        cmocka_unit_test(limit_of_switches),
        cmocka_unit_test(values_of_the_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
