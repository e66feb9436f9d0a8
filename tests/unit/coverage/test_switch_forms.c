/*
 * Texts of PowerShell that ask for it by other means than a command: WMI, .NET, the registry, texts
 * that they run, names that they give.
 */
#include "tests/unit/coverage/switch_script_rig.h"

static const struct script_row ROWS[] = {
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
    {"$p = @{Name='Sysmon64'; Path=''}\nStop-Service @p", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
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
};

SCRIPT_TESTS(ROWS)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked),
        cmocka_unit_test(what_a_glance_lets_through),
        cmocka_unit_test(what_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
