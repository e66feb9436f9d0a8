/*
 * Texts of PowerShell that ask for logging to be switched off: what its commands mean by their
 * documentation.
 */
#include "tests/unit/coverage/switch_rig.h"

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
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
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
    /* Methods of WMI. */
    {"Invoke-CimMethod -Query \"SELECT * FROM Win32_Service WHERE Name='Sysmon64'\" -MethodName "
     "StopService",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"icim -Query 'SELECT * FROM Win32_Service WHERE Name=\"Spooler\"' -MethodName StopService", 0,
     NONE, ""},
    {"Get-CimInstance Win32_Service -Filter \"Name='Sysmon64'\" | Invoke-CimMethod -MethodName "
     "StopService",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"gcim Win32_Service -Filter \"Name='Sysmon64'\" | icim StopService", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"gcim Win32_Service -Filter \"Name='Sysmon64'\" | icim StartService", 0, NONE, ""},
    {"gcim Win32_Service | ? Name -like 'Sysmon*' | icim -MethodName:StopService", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-CimInstance Win32_Service -Filter \"Name='Sysmon64'\" | Invoke-CimMethod -MethodName "
     "ChangeStartMode -Arguments @{StartMode='Disabled'}",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-CimInstance Win32_Service -Filter \"Name='Sysmon64'\" | Invoke-CimMethod -MethodName "
     "ChangeStartMode -Arguments @{StartMode='Automatic'}",
     0, NONE, ""},
    {"Invoke-WmiMethod -Path \"Win32_Service.Name='EventLog'\" -Name StopService", 0,
     IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"Invoke-WmiMethod -Path \"Win32_Service.Name='Sysmon64'\" -Name ChangeStartMode -ArgumentList "
     "'Disabled' -ComputerName WEB02",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon", OTHER},
    {"Invoke-CimMethod -MethodName StopService -InputObject (Get-CimInstance Win32_Service -Filter "
     "\"Name='Sysmon64'\")",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Invoke-CimMethod -InputObject (Get-CimInstance Win32_Service -Filter \"Name='Sysmon64'\") "
     "-MethodName StopService",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Invoke-CimMethod -InputObject (Get-CimInstance Win32_Service -Filter \"Name='Sysmon64'\") "
     "-MethodName StartService",
     0, NONE, ""},
    {"$s = gcim Win32_Service -Filter \"Name='Sysmon64'\"\nInvoke-CimMethod -InputObject $s "
     "-MethodName StopService",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"icim -InputObject $svc -MethodName StopService", 0, NONE, ""},
    {"Invoke-CimMethod -Query \"SELECT * FROM Win32_NTEventlogFile WHERE LogfileName='Security'\" "
     "-MethodName ClearEventlog",
     0, IW_SWITCH_CLEARED, "Security"},
    {"gcim Win32_NTEventlogFile | icim -MethodName ClearEventlog", 0, IW_SWITCH_CLEARED, "",
     .is_unread = true},
    {"(gwmi Win32_NTEventlogFile -Filter \"LogfileName='Security'\").ClearEventlog()", 0,
     IW_SWITCH_CLEARED, "Security"},
    {"gcim Win32_Process -Filter \"Name='Sysmon64.exe'\" | icim -MethodName Terminate", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"gwmi Win32_Process -Filter \"Name='Sysmon64.exe'\" | Remove-WmiObject", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"gwmi Win32_Process -Filter \"Name='notepad.exe'\" | Remove-WmiObject", 0, NONE, ""},
    {"Invoke-CimMethod -ClassName StdRegProv -MethodName SetDWORDValue -Arguments @{\n hDefKey = "
     "[uint32]2147483650 # HKLM\n sSubKeyName = 'SYSTEM\\CurrentControlSet\\Services\\Sysmon64'\n "
     "sValueName = 'Start'; uValue = [uint32]4 }",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Invoke-CimMethod -ClassName StdRegProv -MethodName SetDWORDValue -Arguments "
     "@{hDefKey=2147483650; sSubKeyName='SYSTEM\\CurrentControlSet\\Services\\Sysmon64'; "
     "sValueName='Start'; uValue=2}",
     0, NONE, ""},
    {"([wmiclass]'\\\\.\\root\\default:StdRegProv').SetDWORDValue(2147483650, "
     "'SYSTEM\\CurrentControlSet\\Services\\Sysmon64', 'Start', 4)",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Invoke-WmiMethod -Class StdRegProv -Name DeleteKey -ArgumentList 2147483650, "
     "'SYSTEM\\CurrentControlSet\\Services\\Sysmon64'",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$s = gwmi Win32_Service -Filter \"name='Sysmon64'\"; $s.InvokeMethod('StopService', $null)",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$s = gwmi Win32_Service -Filter \"name='Sysmon64'\"; $s.ChangeStartMode('Disabled')", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$s = gwmi Win32_Service -Filter \"name='Sysmon64'\"; $s.ChangeStartMode('Manual')", 0, NONE,
     ""},
    {"([wmi]\"Win32_Service.Name='Sysmon64'\").StopService()", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    /* Members of types. */
    {"[System.ServiceProcess.ServiceController]::new('Sysmon64').Stop()", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"[ServiceProcess.ServiceController]::new('Spooler').Stop()", 0, NONE, ""},
    {"$s = [System.ServiceProcess.ServiceController]::new('Sysmon64')\n$s.Stop()", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"(New-Object System.ServiceProcess.ServiceController('Sysmon64')).Stop()", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"[Microsoft.Win32.Registry]::SetValue("
     "'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64','Start',4)",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"[Microsoft.Win32.Registry]::SetValue("
     "'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64', 'Start', 4, 'DWord')",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"[Microsoft.Win32.Registry]::SetValue("
     "'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64','Start',2)",
     0, NONE, ""},
    {"[Microsoft.Win32.Registry]::LocalMachine.OpenSubKey("
     "'SYSTEM\\CurrentControlSet\\Services\\Sysmon64',$true).SetValue('Start',4)",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$k = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey("
     "'SYSTEM\\CurrentControlSet\\Services\\Sysmon64', $true)\n$k.SetValue('Start', 4)",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$k.SetValue('Start', 4) # Sysmon", 0, NONE, ""},
    {"$w = New-Object -ComObject WScript.Shell\n$w.RegWrite('HKLM\\SYSTEM\\CurrentControlSet\\"
     "Services\\Sysmon64\\Start', 4, 'REG_DWORD')",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$l = Get-WinEvent -ListLog Security; $l.set_IsEnabled($false)", 0, IW_SWITCH_CHANNEL_OFF,
     "Security"},
    {"$l = Get-WinEvent -ListLog Security; $l.set_IsEnabled($true)", 0, IW_SWITCH_CHANNEL_ON,
     "Security"},
    {"$l = [Diagnostics.Eventing.Reader.EventLogConfiguration]::new('Security')\n$l.IsEnabled = "
     "$false",
     0, IW_SWITCH_CHANNEL_OFF, "Security"},
    {"$l = New-Object System.Diagnostics.EventLog('Security'); $l.Clear()", 0, IW_SWITCH_CLEARED,
     "Security"},
    {"[System.Diagnostics.EventLog]::Delete('Security')", 0, IW_SWITCH_CLEARED, "Security"},
    {"$list.Clear() # Get-EventLog Sysmon", 0, NONE, ""},
    /* Tables that are spread. */
    {"$p = @{Name='Sysmon64'; Force=$true}\nStop-Service @p", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$p = @{\n  Name = 'Sysmon64'\n  StartupType = 'Disabled'\n}\nSet-Service @p", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$p = @{ Name = 'Spooler' }\nStop-Service @p # eventlog", 0, NONE, ""},
    {"$p = @{ Path = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64'; Name = 'Start'; Value "
     "= 4 }\n"
     "Set-ItemProperty @p",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service @params", 0, NONE, ""},
    {"Get-Service Sysmon64; Stop-Service @params", 0, IW_SWITCH_SERVICE_OFF, "EventLog",
     .is_unread = true},
    {"$p = @{Name='x'; Code={ Stop-Service Sysmon64 }}", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$p = @{Name='x'; Code=(Stop-Service Sysmon64)}", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"@{Name='Stop-Service Sysmon64'}", 0, NONE, ""},
    {"Stop-Service Spooler @{Name='Sysmon64'}", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    /* Other names. */
    {"sal k Stop-Service; k Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Set-Alias -Name k -Value Stop-Service\nk Sysmon64 -Force", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"New-Alias k wevtutil.exe; k cl Security", 0, IW_SWITCH_CLEARED, "Security"},
    {"Set-Alias k Start-Service; k Sysmon64", 0, NONE, ""},
    {"sal k Stop-Service; Get-Item k Sysmon64", 0, NONE, ""},
    {"Set-Alias Stop-Service2 Stop-Service", 0, NONE, ""},
    /* Texts that are run. */
    {"[scriptblock]::Create('Stop-Service Sysmon64').Invoke()", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"& ([scriptblock]::Create('Stop-Service Sysmon64'))", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"[powershell]::Create().AddScript('Stop-Service Sysmon64').Invoke()", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"$ExecutionContext.InvokeCommand.InvokeScript('Stop-Service Sysmon64')", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"[scriptblock]::Create('Get-Service Sysmon64').Invoke()", 0, NONE, ""},
    {"Write-Host \"$(Stop-Service Sysmon64)\"", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$x = \"a $(wevtutil cl Security) b\"", 0, IW_SWITCH_CLEARED, "Security"},
    {"Stop-Service \"Sys$('mon64')\"", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Stop-Service \"$('Sys' + 'mon64')\"", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Write-Host \"$(Get-Service Sysmon64)\"", 0, NONE, ""},
    {"Write-Host '$(Stop-Service Sysmon64)'", 0, NONE, ""},
    {"\"$($a.Name) $($b.Name) $($c.Name) $($d.Name) $($e.Name) $(Stop-Service Sysmon64)\"", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    /* Options behind brackets. */
    {"Set-Service (Get-Service Sysmon64) -StartupType Disabled", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"Set-Service -StartupType Disabled -InputObject (Get-Service Sysmon64)", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Set-Service (Get-Service Sysmon64) -StartupType Automatic", 0, NONE, ""},
    /* Numbers. */
    {"$v = 4; sp HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 Start $v", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$v = 2; sp HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 Start $v", 0, NONE, ""},
    {"sp HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 Start (4)", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"sp HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64 Start 0x4", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    /* Sessions that Windows starts for logs. */
    {"sp HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Security Start 0", 0,
     IW_SWITCH_CHANNEL_OFF, "Security"},
    {"sp HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Security Start 1", 0,
     NONE, ""},
    {"sp HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Application Start 0",
     0, IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"sp HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\Diagtrack-Listener Start 0 # "
     "eventlog",
     0, NONE, ""},
    {"sp "
     "'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Application\\{5770385F-"
     "C22A-43E0-BF4C-06F5698FFBD9}' Enabled 0",
     0, IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"sp "
     "'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Application\\{5770385F-"
     "C22A-43E0-BF4C-06F5698FFBD9}' Enabled 1",
     0, NONE, ""},
    {"sp "
     "'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Application\\{00000000-"
     "C22A-43E0-BF4C-06F5698FFBD9}' Enabled 0",
     0, NONE, ""},
    {"rm "
     "'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Application\\{5770385f-"
     "c22a-43e0-bf4c-06f5698ffbd9}'",
     0, IW_SWITCH_CHANNEL_OFF, SYSMON},
    {"rm -r 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger\\EventLog-Security'", 0,
     IW_SWITCH_CHANNEL_OFF, "Security"},
    {"Set-AutologgerConfig -Name EventLog-Security -Start 0", 0, IW_SWITCH_CHANNEL_OFF, "Security"},
    {"Set-AutologgerConfig -Name EventLog-Security -Start 1", 0, NONE, ""},
    {"Remove-AutologgerConfig EventLog-Security", 0, IW_SWITCH_CHANNEL_OFF, "Security"},
    /* Files of the registry that the text has. */
    {"@'\nWindows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\"
     "Services\\Sysmon64]\n\"Start\"=dword:00000004\n'@ | Set-Content a.reg\nreg import a.reg",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$r = @\"\n[-HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64]\r\n\"@\n"
     "Set-Content a.reg $r; regedit.exe /s a.reg",
     0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"@'\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64]\n"
     "\"Start\"=dword:00000002\n'@ | Set-Content a.reg\nreg import a.reg",
     0, NONE, ""},
    {"@'\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Sysmon64]\n"
     "\"Start\"=dword:00000004\n'@ | Set-Content a.reg",
     0, NONE, ""},
    {"reg import C:\\t\\eventlog.reg", 0, NONE, ""},
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

static void what_scripts_ask(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof SCRIPTS[0]; i++) {
        struct iw_command_switches got;
        struct iw_switch_uncalled uncalled;
        assert_int_equal(
            iw_command_switches_of_script(iw_str_of(SCRIPTS[i].text), &arena, &got, &uncalled),
            IW_OK);
        check(SCRIPTS[i].text, &got, SCRIPTS[i].nth, SCRIPTS[i].kind, SCRIPTS[i].subject,
              SCRIPTS[i].host, SCRIPTS[i].is_unread);
    }
    iw_arena_done(&arena);
}

/* A text as the record has it, in either width, behind so many blanks. */
static struct iw_field field_of(const char *text, size_t shift, uint8_t *room, uint8_t type)
{
    size_t n = shift + strlen(text), width = type == IW_VALUE_UTF16 ? 2 : 1;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = i < shift ? ' ' : (uint8_t)text[i - shift];
        room[i * width] = c;
        room[i * width + width - 1] = width == 2 ? 0 : c;
    }
    return (struct iw_field){.p = room, .n = (uint32_t)(n * width), .type = type};
}

/* What is heard is never passed over at the first look, wherever it stands. */
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
        for (size_t k = 0; SCRIPTS[i].kind != NONE && k < 8; k++) {
            uint8_t room[1024];
            struct iw_field text = field_of(SCRIPTS[i].text, k / 2, room, TYPES[k % 2]);
            if (!iw_switch_may_be_in_script(&glance, &text))
                fail_msg("%s", SCRIPTS[i].text);
        }
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
            struct iw_switch_uncalled uncalled;
            iw_arena_reset(&arena);
            assert_int_equal(
                iw_command_switches_of_script((struct iw_str){text.p, n}, &arena, &got, &uncalled),
                IW_OK);
        }
    }
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_scripts_ask),
        cmocka_unit_test(what_a_glance_lets_through),
        cmocka_unit_test(what_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
