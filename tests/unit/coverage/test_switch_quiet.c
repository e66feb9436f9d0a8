/*
 * Texts of PowerShell that do not do what stands in them, and everyday work, beside what is near to
 * these and does.
 */
#include "tests/unit/coverage/switch_script_rig.h"

static const struct script_row ROWS[] = {
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
    /* What is never run. */
    {"if ($false) { Stop-Service Sysmon64 }", 0, NONE, ""},
    {"if ( $FALSE )\n{\n  if (1) { Stop-Service Sysmon64 }\n}\nhostname", 0, NONE, ""},
    {"while ($false) { Stop-Service Sysmon64 }", 0, NONE, ""},
    {"if (0) { wevtutil cl Security }", 0, NONE, ""},
    {"if ($false) { hostname } else { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"if ($false) { hostname }\nStop-Service Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"if ($falsehood) { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"if ($false -or $x) { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"'if ($false) {'; Stop-Service Sysmon64; '}'", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"# if ($false) {\nStop-Service Sysmon64 # }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"if ($false) { '}'; Stop-Service Sysmon64 }", 0, NONE, ""},
    {"if ($false) { Stop-Service Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"xif ($false) { Stop-Service Sysmon64 }", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    /* Tests, and words behind what only says. */
    {"Mock Stop-Service Sysmon64", 0, NONE, ""},
    {"Assert-MockCalled Stop-Service -ParameterFilter { $Name -eq 'Sysmon64' }", 0, NONE, ""},
    {"function Mock { & $args[0] $args[1] }; Mock Stop-Service Sysmon64", 0, IW_SWITCH_SERVICE_OFF,
     "Sysmon"},
    {"function global:Write-Host($a, $b) { & $a $b }\nWrite-Host Stop-Service Sysmon64", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sal echo Stop-Service; echo Sysmon64", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"sal k Stop-Service; Foo k Sysmon64", 0, NONE, ""},
    /* Everyday work. */
    {"Get-Process * | ? CPU -gt 100 | Stop-Process", 0, NONE, ""},
    {"Get-Process * | Where-Object { $_.WorkingSet -gt 1GB } | Stop-Process -Force", 0, NONE, ""},
    {"Get-Process * | Stop-Process", 0, IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"Get-Service * | ? Status -eq Running | Stop-Service", 0, IW_SWITCH_SERVICE_OFF, "EventLog"},
    {"Get-Process Sysmon* | ? CPU -gt 100 | Stop-Process", 0, IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"Get-Service Sysmon64; Stop-Process -Id $PID", 0, NONE, ""},
    {"Get-Service Sysmon64; $file.Delete()", 0, NONE, ""},
    {"gwmi Win32_Service | ? { $_.PathName -like $p } | % { $_.Delete() } # Sysmon", 0, NONE, ""},
    {"Get-Service Sysmon64; $s = gwmi Win32_Service | Where-Object $x; $s.Delete()", 0,
     IW_SWITCH_SERVICE_OFF, "EventLog", .is_unread = true},
    {"Set-WebConfigurationProperty -Filter system.applicationHost/sites/siteDefaults/logFile -Name "
     "localTimeRollover -Value $false",
     0, NONE, ""},
    {"Set-WebConfigurationProperty -Filter system.applicationHost/sites/siteDefaults/logFile -Name "
     "enabled -Value $false",
     0, IW_SWITCH_REQUESTS_OFF, "logFile/@enabled"},
    {"Set-ItemProperty 'IIS:\\Sites\\X' -Name logFile.enabled -Value $false", 0,
     IW_SWITCH_REQUESTS_OFF, "logFile/@enabled"},
    {"Set-ItemProperty 'IIS:\\Sites\\X' -Name logFile -Value @{enabled=$false}", 0,
     IW_SWITCH_REQUESTS_OFF, "logFile/@enabled"},
    {"Set-ItemProperty 'IIS:\\Sites\\X' -Name logFile.directory -Value D:\\Logs\\false", 0, NONE,
     ""},
    {"wevtutil epl Security C:\\t\\s.evtx; Get-EventLog -LogName System -Newest 100", 0, NONE, ""},
    {"Remove-EventLog -Source MyApp", 0, NONE, ""},
    {"[System.Diagnostics.EventLog]::DeleteEventSource('MyApp')", 0, NONE, ""},
    {"New-EventLog -LogName Application -Source MyApp; Limit-EventLog -LogName Application "
     "-RetentionDays 7",
     0, NONE, ""},
    {"$sw = New-Object System.Diagnostics.Stopwatch; Get-Service EventLog; $sw.Stop()", 0, NONE,
     ""},
    {"if ((Get-Service Sysmon64).Status -ne 'Running') { Start-Service Sysmon64 }", 0, NONE, ""},
    {"Get-ChildItem C:\\inetpub\\logs -Filter *.log -Recurse | ? { $_.LastWriteTime -lt $d } | "
     "Remove-Item",
     0, NONE, ""},
    {"sc.exe config eventlog start= auto; sc.exe failure Sysmon64 reset= 60 actions= restart/1000",
     0, NONE, ""},
    {"foreach ($n in 'W3SVC','WAS') { Stop-Service $n -Force }; Get-Service EventLog", 0, NONE, ""},
    {"$s = gwmi Win32_Service | ? { $_.Name -eq 'Sysmon64' }\n$s.StopService()", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$s = Get-Service | Where-Object Name -like Sysmon*\n$s | Stop-Service", 0,
     IW_SWITCH_SERVICE_OFF, "Sysmon"},
    {"$s = gwmi Win32_Service | ? { $_.Name -eq 'Spooler' }\n$s.StopService() # Sysmon", 0, NONE,
     ""},
    {"$s = gwmi Win32_Service; Get-Service | ? Name -eq Sysmon64; $s.StopService()", 0, NONE, ""},
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

SCRIPT_TESTS(ROWS)

static void everyday_work_is_passed_over(void **state)
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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked),
        cmocka_unit_test(what_a_glance_lets_through),
        cmocka_unit_test(what_is_cut),
        cmocka_unit_test(everyday_work_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
