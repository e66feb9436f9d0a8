/*
 * Commands that ask for logging to be switched off: what each of Windows' own tools and of
 * PowerShell's commands means by its documentation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "coverage/switch_code.h"
#include "coverage/switch_command.h"
#include "coverage/switch_glance.h"
#include "coverage/switch_words.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define SYSTEM32 "C:\\Windows\\System32\\"
#define NONE IW_SWITCH_KIND_COUNT

/* Rows end where the rest is usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct row {
    const char *image, *line;
    int kind;
    const char *subject;
    const char *host; /* NULL: the own one */
    bool is_unread;
    const char *original_name; /* NULL: not told */
};

#define OTHER "WEB02"

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

static const struct {
    const char *text;
    size_t nth;
    int kind;
    const char *subject;
    const char *host;
    bool is_unread;
} SCRIPTS[] = {
    {"Stop-Service -Name 'Sysmon64' -Force", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Set-Service EventLog -StartupType Automatic", 0, NONE, ""},
    {"$x = 1; if ($x) { wevtutil.exe sl Security /e:false }", 0, IW_SWITCH_CHANNEL_OFF, "Security"},
    {"wevtutil sl Security /e:false\nwevtutil sl " SYSMON " /e:false", 1, IW_SWITCH_CHANNEL_OFF,
     SYSMON},
    {"wevtutil sl Security /e:false\nwevtutil sl " SYSMON " /e:false", 2, NONE, ""},
    /* Of every log, whichever these are. */
    {"foreach ($log in wevtutil el) { wevtutil sl $log /e:false }", 0, IW_SWITCH_SERVICE_OFF,
     "EventLog", .is_unread = true},
    {"wevtutil el | % { wevtutil cl $_ }", 0, IW_SWITCH_CLEARED, "", .is_unread = true},
    {"wevtutil el | Foreach-Object {wevtutil cl \"$_\"}", 0, IW_SWITCH_CLEARED, "",
     .is_unread = true},
    /* Pipelines. */
    {"Get-Service Sysmon64 | Stop-Service -Force", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"gsv Sysmon* | spsv", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"gsv Sys[m]on* |\n  spsv", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-Process Sysmon64 | Stop-Process", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"ps Sysmon64 | kill", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-Process notepad | Stop-Process", 0, NONE, ""},
    {"spps -Name Sysmon*", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service -DisplayName 'Windows Event*'", 0, IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"Stop-Service a, Spooler , Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service -Name:Sysmon64 -Confirm:$false", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"wevtutil sl Security -e:false", 0, IW_SWITCH_CHANNEL_OFF, "Security"},
    {"Stop-Service Spooler -ErrorAction SilentlyContinue", 0, NONE, ""},
    {"Get-Service | Where-Object { $_.Name -like 'Sysmon*' } | Stop-Service", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-Service | ? Name -eq Sysmon64 | Set-Service -StartupType Disabled", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-Service | ? { $_.Name -match 'mon64' } | spsv", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-Service | ? { $_.Status -eq 'Running' } | Stop-Service", 0, NONE, ""},
    {"'Sysmon64','EventLog' | % { Stop-Service $_ }", 1, IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"foreach ($s in 'Spooler','Sysmon64') { Stop-Service $s }", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"(Get-Service Sysmon64).Stop()", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$s = Get-Service Sysmon64; $s.Stop()", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service (Get-Service Sysmon*)", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Process -Id (Get-Process Sysmon64).Id", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-WmiObject Win32_Service -Filter \"name='Sysmon64'\" | % { $_.StopService() }", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-WinEvent -ListLog " SYSMON " | % { $_.IsEnabled=$false; $_.SaveChanges() }", 0,
     IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"$l = Get-WinEvent -ListLog Security\n$l.IsEnabled = $false\n$l.SaveChanges()", 0,
     IW_SWITCH_CHANNEL_OFF, "Security"},
    {"Get-WinEvent -ListLog Security | % { $_.IsEnabled = $true }", 0, IW_SWITCH_CHANNEL_ON,
     "Security"},
    {"Get-WinEvent -ListLog * | % { $_.IsEnabled=$false }", 0, IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"Get-WinEvent -ListLog *Sysmon* | % { $_.IsEnabled=$false }", 0, IW_SWITCH_CHANNEL_OFF,
     SYSMON},
    {"[Diagnostics.Eventing.Reader.EventLogSession]::GlobalSession.ClearLog(\"Security\")", 0,
     IW_SWITCH_CLEARED, "Security"},
    {"Get-EventLog -List | % { Clear-EventLog $_.Log }", 0, IW_SWITCH_CLEARED, "",
     .is_unread = true},
    /* Variables, sums, escapes. */
    {"$s='Sysmon64'; Stop-Service $s", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$s = 'Sys' + \"mon64\"\nStop-Service -Name $s -Force", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$a='Sys';Stop-Service \"${a}mon64\"", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service ('Sys'+'mon64')", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"&('Stop-'+'Service') Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"St`op-Ser`vice Sys`mon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service ([char]83+[char]0x79+'smon64')", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service `\n  -Name Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"cmd /c 'w^evtutil c^l Security'", 0, IW_SWITCH_CLEARED, "Security"},
    {"cmd /c \"set s=Sysmon64&sc stop %s%\"", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"cmd /c \"sc stop %x:~0,3%mon64\"", 0, IW_SWITCH_SERVICE_OFF, "EventLog", .is_unread = true},
    {"Start-Process wevtutil.exe -ArgumentList 'cl','Security' -Wait", 0, IW_SWITCH_CLEARED,
     "Security"},
    {"iex 'Stop-Service Sysmon64'", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"powershell -e UwB0AG8AcAAtAFMAZQByAHYAaQBjAGUAIABTAHkAcwBtAG8AbgA2ADQAIAAtAEYAbwByAGMAZQA=",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sp HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 Start 4", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"rp HKLM:\\X\\Policies\\System\\Audit ProcessCreationIncludeCmdLine_Enabled", 0,
     IW_SWITCH_AUDIT_OFF, "command lines"},
    {"rm HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon* -Recurse", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"rm C:\\Windows\\System32\\winevt\\Logs\\Microsoft-Windows-Sysmon%4Operational.evtx", 0,
     IW_SWITCH_CLEARED, SYSMON},
    {"rm C:\\Temp\\* -Recurse", 0, NONE, ""},
    /* Made of what nothing tells, or in a text that tells of what logs. */
    {"Stop-Service ('Sys' + $x)", 0, IW_SWITCH_SERVICE_OFF, "EventLog", .is_unread = true},
    {"Stop-Service ('{1}{0}' -f 'mon64','Sys')", 0, IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"$n = @('Sysmon64','Spooler')[$i]; Stop-Service $n", 0, IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"fltmc unload ('Sys' + $d)", 0, IW_SWITCH_DRIVER_OFF, "", .is_unread = true},
    {"fltmc unload $driver", 0, NONE, ""},
    /* Whatever is enabled or stopped, where nothing speaks of logs. */
    {"$button.IsEnabled = $false", 0, NONE, ""},
    {"$job = $server.JobServer.Jobs['x']\n$job.IsEnabled = $false\n$job.Alter()", 0, NONE, ""},
    {"$l = Get-WinEvent -ListLog $x; $l.IsEnabled = $false", 0, IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"$l = New-Object Diagnostics.Eventing.Reader.EventLogConfiguration $x\n$l.IsEnabled = $false",
     0, IW_SWITCH_SERVICE_OFF, "EventLog", .is_unread = true},
    {"$sw = [Diagnostics.Stopwatch]::StartNew()\nGet-Service Sysmon64\n$sw.Stop()", 0, NONE, ""},
    {"$sw = [Diagnostics.Stopwatch]::StartNew(),(gsv Sysmon64)\n$sw.Stop()", 0,
     IW_SWITCH_SERVICE_OFF, "EventLog", .is_unread = true},
    {"$p = [Diagnostics.Process]::Start('a.exe'); Get-Service Sysmon64; $p.Kill()", 0, NONE, ""},
    {"$p = [Diagnostics.Process]::GetProcessesByName('Sysmon64'); $p.Kill()", 0,
     IW_SWITCH_SERVICE_OFF, "EventLog", .is_unread = true},
    /* What is not done. */
    {"Stop-Service Sysmon64 -WhatIf", 0, NONE, ""},
    {"spsv Sysmon64 -WhatIf", 0, NONE, ""},
    {"Stop-Service Sysmon64 -WhatIf:$false", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service Sysmon64 -Exclude '-WhatIf'", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$x='-WhatIf'; Stop-Service Sysmon64 -Exclude $x", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sc.exe stop Sysmon64 -WhatIf", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Write-Host Stop-Service Sysmon64", 0, NONE, ""},
    {"echo wevtutil cl Security", 0, NONE, ""},
    {"Get-Help Clear-EventLog Security", 0, NONE, ""},
    {"Select-String -Path x.ps1 -Pattern Clear-EventLog Security", 0, NONE, ""},
    {"Write-Host (Stop-Service Sysmon64)", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"echo wevtutil cl Security | cmd", 0, IW_SWITCH_CLEARED, "Security"},
    {"echo x; wevtutil cl Security", 0, IW_SWITCH_CLEARED, "Security"},
    /* Files and keys. */
    {"gci C:\\Windows\\System32\\winevt\\Logs -Filter 'Archive-Security-*.evtx' | Remove-Item", 0,
     NONE, ""},
    {"Get-ChildItem -Path C:\\Windows\\System32\\winevt\\Logs -Filter Archive-*.evtx | "
     "Where-Object { "
     "$_.LastWriteTime -lt $d } | Remove-Item -Force",
     0, NONE, ""},
    {"gci C:\\Windows\\System32\\winevt\\Logs -Filter Security.evtx | rm", 0, IW_SWITCH_CLEARED,
     "Security"},
    {"gci C:\\Windows\\System32\\winevt\\Logs\\* -Include *.evtx | rm", 0, IW_SWITCH_CLEARED, "",
     .is_unread = true},
    {"gci C:\\Windows\\System32\\winevt\\Logs -Filter $x | rm", 0, IW_SWITCH_CLEARED, "",
     .is_unread = true},
    {"gci C:\\Windows\\System32\\winevt\\Logs | rm", 0, IW_SWITCH_CLEARED, "", .is_unread = true},
    {"rm C:\\Windows\\System32\\winevt\\Logs\\Sec$x.evtx", 0, IW_SWITCH_CLEARED, "",
     .is_unread = true},
    {"Remove-Item \"HKLM:\\SYSTEM\\CurrentControlSet\\Services\\$ServiceName\" -Recurse", 0, NONE,
     ""},
    {"Remove-Item \"HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sys$x\" -Recurse", 0,
     IW_SWITCH_SERVICE_OFF, "EventLog", .is_unread = true},
    {"Clear-EventLog $x", 0, IW_SWITCH_CLEARED, "", .is_unread = true},
    /* Everyday work names by variables that are set elsewhere. */
    {"Stop-Service $svc", 0, NONE, ""},
    {"Write-EventLog -LogName Application -Source deploy -Message stop; Stop-Service $svc", 0, NONE,
     ""},
    {"Stop-Service ('Sql' + $instance)", 0, NONE, ""},
    {"Stop-Service \"MSSQL`$$instance\"", 0, NONE, ""},
    {"foreach ($s in $services) { Stop-Service -Name $s.Name -Force }", 0, NONE, ""},
    {"Stop-Service -Name ($config.ServiceName)", 0, NONE, ""},
    {"Get-Process | ? { $_.CPU -gt 100 } | Stop-Process", 0, NONE, ""},
    {"Stop-Process -Id $PID", 0, NONE, ""},
    {"taskkill /pid 1234 /f", 0, NONE, ""},
    /* Machines. */
    {"Get-Service -ComputerName localhost Sysmon64 | Stop-Service", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"Clear-EventLog -LogName Security -ComputerName .", 0, IW_SWITCH_CLEARED, "Security"},
    {"Clear-EventLog -LogName Security -ComputerName ::1", 0, IW_SWITCH_CLEARED, "Security"},
    {"Clear-EventLog Security -ComputerName $env:COMPUTERNAME", 0, IW_SWITCH_CLEARED, "Security"},
    {"Clear-EventLog -LogName Security -ComputerName WEB02", 0, IW_SWITCH_CLEARED, "Security",
     OTHER},
    {"Clear-EventLog -LogName Security -Comp WEB01.corp.example, WEB02", 1, IW_SWITCH_CLEARED,
     "Security", OTHER},
    {"Invoke-Command -ComputerName localhost { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"icm -cn WEB02 -ScriptBlock { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon",
     OTHER},
    {"icm -cn WEB02 { hostname }; Stop-Service Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"icm -cn $all { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon",
     .is_unread = true},
    {"Get-Service Sysmon64 -ComputerName WEB02 | Stop-Service", 0, IW_SWITCH_SERVICE_OFF, "Sysmon",
     OTHER},
    {"<#\n Stop-Service Sysmon64\n#> hostname", 0, NONE, ""},
    {"$x = @'\nStop-Service Sysmon64\n'@", 0, NONE, ""},
    {"Set-WebConfigurationProperty -Filter system.webServer/httpLogging -Name dontLog -Value True",
     0, IW_SWITCH_REQUESTS_OFF, "httpLogging/@dontLog"},
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
    {"function Invoke-Phant0m { }", 0, NONE, ""}, /* defined, and not called */
    /* Where what they write goes, and lists in several lines. */
    {"Stop-Service Sysmon64>$null", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sc.exe stop Sysmon64>$null 2>&1", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service 2>&1 Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"wevtutil cl Security >> x.txt 2> $null", 0, IW_SWITCH_CLEARED, "Security"},
    {"cmd /c \"wevtutil cl Security>nul 2>&1\"", 0, IW_SWITCH_CLEARED, "Security"},
    {"cmd /c \"echo x>a&wevtutil cl Security>b\"", 0, IW_SWITCH_CLEARED, "Security"},
    {"rm C:\\Windows\\System32\\winevt\\Logs\\Security.evtx >$null", 0, IW_SWITCH_CLEARED,
     "Security"},
    {"Stop-Service Spooler > Sysmon64", 0, NONE, ""},
    {"hostname >&Stop-Service Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service 'Sysmon64>'", 0, NONE, ""},
    {"Stop-Service Spooler,\n Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service Spooler , \r\n  Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    /* Values of the registry, however they are named. */
    {"Set-ItemProperty -Path HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 -Value 4 -Name "
     "Start",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Set-ItemProperty -Name Start -Value 4 -Path "
     "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sp HKLM:/SYSTEM/CurrentControlSet/Services/Sysmon64 -Name Start -Value 4", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sp HKLM:/SOFTWARE/X/WINEVT/Channels/" SYSMON " Enabled 0", 0, IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"rm C:/Windows/System32/winevt/Logs/Security.evtx", 0, IW_SWITCH_CLEARED, "Security"},
    {"sp HKLM:/SYSTEM/CurrentControlSet/Services/Sysmon64 -Value 4 -Name Description", 0, NONE, ""},
    {"$p = Get-LogProperties " SYSMON "; $p.Enabled = $false; Set-LogProperties $p", 0,
     IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"$task = Get-Item Sysmon; $task.Enabled = $false # winevt", 0, NONE, ""},
    /* Quotes of a word processor. */
    {"Stop-Service \xE2\x80\x98Sysmon64\xE2\x80\x99", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service \xE2\x80\x9C"
     "Sysmon64\xE2\x80\x9D",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Write-Host 'it\xE2\x80\x99; Stop-Service Sysmon64 #'", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service \xE2\x80\x93Name Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"}, /* a dash */
    /* Functions. */
    {"function Remove-It($a) {\n if (1) { Stop-Service Sysmon64 }\n}\n"
     "Export-ModuleMember -Function Remove-It",
     0, NONE, ""},
    {"function global:Remove-It {\n # it's } \"\n Write-Host \"$(\"}\")\"\n Stop-Service Sysmon64 "
     "}",
     0, NONE, ""},
    {"function Remove-It { Stop-Service Sysmon64 }\nRemove-It", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"function Remove-It { Stop-Service Sysmon64 }\nExport-ModuleMember | Remove-It", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"function Remove-It { Stop-Service Sysmon64 }\n&  ('Remove'+'-It')", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"function Remove-It { Stop-Service Sysmon64 }\nRemo`ve-It", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"function Remove-It { Stop-Service Sysmon64 }\nRemo've'-It", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"function Remove-It { Stop-Service Sysmon64 }\n. $x", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"function f{}\nif (1) { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"function Remove-It { \"$(\"{\")\" }; Stop-Service Sysmon64; \"$(\"}\")\"", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$x='function Remove-It {'; Stop-Service Sysmon64; $y='}'", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"function Remove-It { ${{} }; Stop-Service Sysmon64; '}}'", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"icm -args function localhost { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"icm -args `\nfunction localhost { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"function Remove-It { Stop-Service Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"}, /* cut */
    /* Remarks tell of nothing. */
    {"# when Sysmon is full\nStop-Process -Id $id -Force", 0, NONE, ""},
    {"<# C:\\Windows\\System32\\winevt\\Logs #>\n$file.Delete()", 0, NONE, ""},
    {"Stop-Service $x # of Sysmon", 0, NONE, ""},
    {"Write-Host \"a # Sysmon\"; Stop-Service $x", 0, IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"Write-Host 'sc stop Sysmon64'", 0, NONE, ""}, /* words in quotes are one */
    {"# wevtutil sl Security /e:false", 0, NONE, ""},
    {"Get-WinEvent -LogName Security", 0, NONE, ""},
    {"Limit-EventLog -LogName Security -MaximumSize 64KB", 0, NONE, ""}, /* it begins late then */
    {"wevtutil sl \"Security", 0, NONE, ""},
    {"", 0, NONE, ""},
};

static void check(const char *what, const struct iw_command_switches *got, size_t nth, int kind,
                  const char *subject, const char *host, bool is_unread)
{
    const struct iw_command_switch *one = &got->items[nth];
    if ((got->n > nth) != (kind != NONE))
        fail_msg("%s: %zu", what, got->n);
    if (kind == NONE)
        return;
    if ((int)one->kind != kind || !iw_str_equal(one->subject, iw_str_of(subject)))
        fail_msg("%s: %d of %.*s", what, (int)one->kind, IW_STR_ARG(one->subject));
    if (!iw_str_equal(one->host, iw_str_of(host != NULL ? host : "")))
        fail_msg("%s: of %.*s", what, IW_STR_ARG(one->host));
    if (one->is_unread != is_unread)
        fail_msg("%s: %d", what, one->is_unread);
}

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

static void what_scripts_ask(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof SCRIPTS[0]; i++) {
        struct iw_command_switches got;
        assert_int_equal(iw_command_switches_of_script(iw_str_of(SCRIPTS[i].text), &arena, &got),
                         IW_OK);
        check(SCRIPTS[i].text, &got, SCRIPTS[i].nth, SCRIPTS[i].kind, SCRIPTS[i].subject,
              SCRIPTS[i].host, SCRIPTS[i].is_unread);
    }
    iw_arena_done(&arena);
}

/* A text as the record has it, in either width. */
static struct iw_field field_of(const char *text, uint8_t *room, uint8_t type)
{
    size_t n = strlen(text), width = type == IW_VALUE_UTF16 ? 2 : 1;
    for (size_t i = 0; i < n; i++) {
        room[i * width] = (uint8_t)text[i];
        room[i * width + width - 1] = width == 2 ? 0 : (uint8_t)text[i];
    }
    return (struct iw_field){.p = room, .n = (uint32_t)(n * width), .type = type};
}

/* What is heard is never passed over at the first look. */
static void what_a_glance_lets_through(void **state)
{
    static const char EVERYDAY[] =
        "Import-Module WebAdministration; $items = Get-ChildItem -Path C:\\inetpub\\logs "
        "-ErrorAction "
        "Stop | Where-Object { $_.Length }; if ($null -ne $items) { Write-Output $items }";
    struct iw_switch_glance glance;
    struct iw_field everyday = {
        .p = (const uint8_t *)EVERYDAY, .n = sizeof EVERYDAY - 1, .type = IW_VALUE_UTF8};
    (void)state;
    iw_switch_glance_init(&glance);
    assert_false(iw_switch_may_be_in_script(&glance, &everyday));
    assert_false(iw_switch_may_be_in_script(&glance, NULL));
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof SCRIPTS[0]; i++) {
        static const uint8_t TYPES[] = {IW_VALUE_UTF8, IW_VALUE_UTF16};
        for (size_t k = 0; SCRIPTS[i].kind != NONE && k < 2; k++) {
            uint8_t room[1024];
            struct iw_field text = field_of(SCRIPTS[i].text, room, TYPES[k]);
            if (!iw_switch_may_be_in_script(&glance, &text))
                fail_msg("%s", SCRIPTS[i].text);
        }
    }
    for (size_t i = 0; i < sizeof PROCESSES / sizeof PROCESSES[0]; i++) {
        const struct row *row = &PROCESSES[i];
        char path[64];
        struct iw_field image = {.p = (const uint8_t *)path, .type = IW_VALUE_UTF8};
        struct iw_field name = {.p = (const uint8_t *)row->original_name, .type = IW_VALUE_UTF8};
        struct iw_field line = {.p = (const uint8_t *)row->line,
                                .n = (uint32_t)strlen(row->line),
                                .type = IW_VALUE_UTF8};
        image.n = (uint32_t)snprintf(path, sizeof path, SYSTEM32 "%s", row->image);
        name.n = row->original_name != NULL ? (uint32_t)strlen(row->original_name) : 0;
        if (row->kind == NONE)
            continue;
        if (!iw_switch_may_be_of_program(&image) && !iw_switch_may_be_of_original(&name))
            fail_msg("%s", row->line);
        if (iw_switch_may_be_of_powershell(&image) &&
            !iw_switch_may_be_in_arguments(&glance, &line))
            fail_msg("%s", row->line);
    }
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
            struct iw_command_switches got;
            iw_arena_reset(&arena);
            assert_int_equal(
                iw_command_switches_of_script((struct iw_str){text.p, n}, &arena, &got), IW_OK);
        }
    }
    iw_arena_done(&arena);
}

/* *n* lines, each of its own number between two texts. */
static struct iw_str lines_of(char *text, size_t bytes, size_t n, const char *before,
                              const char *behind)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, bytes - at, "%s%zu%s", before, i, behind);
    return (struct iw_str){text, at};
}

/* Of one text so many at most, whatever stands before them or comes twice; more are everything. */
static void limit_of_switches(void **state)
{
    static char text[IW_LIMIT_SWITCHES_OF_EVENT * 64 + 4096];
    struct iw_command_switches got;
    struct iw_arena arena;
    struct iw_str lines;
    (void)state;
    iw_arena_init(&arena, 0);
    lines = lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT, "wevtutil sl c", " /e:false\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
    assert_int_equal(got.n, IW_LIMIT_SWITCHES_OF_EVENT);
    assert_false(got.is_cut);
    lines = lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT + 1, "wevtutil cl c", "\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
    assert_int_equal(got.n, IW_LIMIT_SWITCHES_OF_EVENT + IW_SWITCHES_OF_EVERYTHING);
    assert_true(got.is_cut && got.items[got.n - 1].is_unread);
    assert_int_equal(got.items[IW_LIMIT_SWITCHES_OF_EVENT].kind, IW_SWITCH_CLEARED);
    assert_int_equal(got.items[IW_LIMIT_SWITCHES_OF_EVENT].subject.n, 0);
    /* A long script that says one thing often, or switches much on, is none of everything. */
    lines = lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT + 1,
                     "wevtutil sl Security /e:false # ", "\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
    assert_int_equal(got.n, 1);
    lines =
        lines_of(text, sizeof text, IW_LIMIT_SWITCHES_OF_EVENT + 1, "wevtutil sl c", " /e:true\n");
    assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
    assert_int_equal(got.n, IW_LIMIT_SWITCHES_OF_EVENT);
    iw_arena_done(&arena);
}

/* Of one text so many statements, and so many bytes for the texts that it runs in its turn; more
 * may ask for anything. */
static void limit_of_what_is_heard(void **state)
{
    static const char LINE[] = "cmd a\n";
    /* Its words, and the text " a" with its word. */
    static const size_t BYTES_OF_LINE = 4 + 2 + IW_SWITCH_ROOM_BYTES + 1;
    size_t most = IW_LIMIT_SWITCH_SCRATCH_BYTES / BYTES_OF_LINE;
    struct iw_command_switches got;
    struct iw_arena arena;
    char *text = malloc((IW_LIMIT_SWITCH_STATEMENTS + 1) * strlen(LINE));
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i <= IW_LIMIT_SWITCH_STATEMENTS; i++)
        memcpy(text + i * 2, "a\n", 2);
    iw_arena_init(&arena, 0);
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = {text, (IW_LIMIT_SWITCH_STATEMENTS + over) * 2};
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
        assert_int_equal(got.n, over * IW_SWITCHES_OF_EVERYTHING);
        assert_int_equal(got.is_cut, over);
    }
    for (size_t i = 0; i <= most; i++)
        memcpy(text + i * strlen(LINE), LINE, strlen(LINE));
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = {text, (most + over) * strlen(LINE)};
        iw_arena_reset(&arena);
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
        assert_int_equal(got.n, over * IW_SWITCHES_OF_EVERYTHING);
        assert_int_equal(got.is_cut, over);
    }
    iw_arena_done(&arena);
    free(text);
}

/* Words that run the words behind them do not multiply: nor do values of variables. */
static void what_runs_what_runs(void **state)
{
    static const char *const WORDS[] = {"cmd ", "powershell 'a b' ", "start powershell cmd ",
                                        "iex 'cmd powershell cmd powershell' "};
    static char text[64 * 40];
    struct iw_command_switches got;
    struct iw_arena arena;
    (void)state;
    for (size_t k = 0; k < sizeof WORDS / sizeof WORDS[0]; k++) {
        size_t n = 0;
        for (size_t i = 0; i < 32; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s", WORDS[k]);
        iw_arena_init(&arena, (size_t)4 * 1024 * 1024);
        assert_int_equal(iw_command_switches_of_script((struct iw_str){text, n}, &arena, &got),
                         IW_OK);
        assert_int_equal(got.n, 0);
        iw_arena_done(&arena);
    }
}

/* Values that one text sets over and over take no more memory than that. */
static void limit_of_values(void **state)
{
    static const char SETS[] = "$b=$a\n";
    size_t most = IW_LIMIT_SWITCH_SCRATCH_BYTES / 1024, n = 0; /* with the first */
    struct iw_command_switches got;
    struct iw_arena arena;
    char *text = malloc(2048 + (most + 1) * strlen(SETS));
    (void)state;
    assert_non_null(text);
    n += (size_t)sprintf(text, "$a='%01024d'\n", 0);
    for (size_t i = 0; i < most; i++, n += strlen(SETS))
        memcpy(text + n, SETS, strlen(SETS));
    iw_arena_init(&arena, 0);
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = {text, n - (1 - over) * strlen(SETS)};
        iw_arena_reset(&arena);
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
        assert_int_equal(got.is_cut, over);
    }
    iw_arena_done(&arena);
    free(text);
}

/* Of one text so many functions; those behind them are heard. */
static void limit_of_functions(void **state)
{
    static char text[(IW_SWITCH_FUNCTIONS + 1) * 64];
    struct iw_command_switches got;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t over = 0; over <= 1; over++) {
        struct iw_str lines = lines_of(text, sizeof text, IW_SWITCH_FUNCTIONS + over, "function f",
                                       "x { Stop-Service Sysmon64 }\n");
        assert_int_equal(iw_command_switches_of_script(lines, &arena, &got), IW_OK);
        assert_int_equal(got.n, over);
        assert_int_equal(iw_command_switches_of_part(lines, &arena, &got), IW_OK);
        assert_int_equal(got.n, 1); /* another part may call them */
    }
    iw_arena_done(&arena);
}

/* Of one statement so many words; behind them anything may be named. */
static void limit_of_words(void **state)
{
    static char text[(IW_SWITCH_WORDS + 8) * 16];
    struct iw_command_switches got;
    struct iw_arena arena;
    struct iw_str line;
    size_t n = (size_t)snprintf(text, sizeof text, "Stop-Service");
    (void)state;
    iw_arena_init(&arena, 0);
    line = lines_of(text + n, sizeof text - n, IW_SWITCH_WORDS - 1, " -a", "");
    line = (struct iw_str){text, n + line.n};
    assert_int_equal(iw_command_switches_of_script(line, &arena, &got), IW_OK);
    assert_int_equal(got.n, 0);
    n = line.n + (size_t)snprintf(text + line.n, sizeof text - line.n, " Sysmon64");
    assert_int_equal(iw_command_switches_of_script((struct iw_str){text, n}, &arena, &got), IW_OK);
    assert_int_equal(got.n, 1);
    assert_true(got.items[0].is_unread);
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
        if (is_one != (ROWS[i].kind != NONE) ||
            (is_one && ((int)got.kind != ROWS[i].kind ||
                        !iw_str_equal(got.subject, iw_str_of(ROWS[i].subject)))))
            fail_msg("%s", ROWS[i].target);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_processes_ask),         cmocka_unit_test(what_scripts_ask),
        cmocka_unit_test(what_a_glance_lets_through), cmocka_unit_test(what_is_cut),
        cmocka_unit_test(limit_of_switches),          cmocka_unit_test(limit_of_words),
        cmocka_unit_test(limit_of_what_is_heard),     cmocka_unit_test(limit_of_values),
        cmocka_unit_test(what_runs_what_runs),        cmocka_unit_test(limit_of_functions),
        cmocka_unit_test(values_of_the_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
