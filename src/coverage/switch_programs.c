/*
 * One row a name, in the order of names; aliases are those that PowerShell brings.
 */
#include "coverage/switch_programs.h"

static const struct iw_switch_program PROGRAMS[] = {
    {"?", IW_PROGRAM_FILTERS, true, NULL},
    {"appcmd", IW_PROGRAM_ASKS, false, iw_ask_appcmd},
    {"auditpol", IW_PROGRAM_ASKS, false, iw_ask_auditpol},
    {"Clear-EventLog", IW_PROGRAM_ASKS, false, iw_ask_clear},
    {"cmd", IW_PROGRAM_RUNS, false, NULL},
    {"del", IW_PROGRAM_ASKS, true, iw_ask_remove_item},
    {"dir", IW_PROGRAM_GIVES, true, NULL},
    {"echo", IW_PROGRAM_SAYS, true, NULL},
    {"erase", IW_PROGRAM_ASKS, true, iw_ask_remove_item},
    {"Export-ModuleMember", IW_PROGRAM_SAYS, true, NULL},
    {"fltmc", IW_PROGRAM_ASKS, false, iw_ask_fltmc},
    {"gci", IW_PROGRAM_GIVES, true, NULL},
    {"gcim", IW_PROGRAM_GIVES, true, NULL},
    {"gcm", IW_PROGRAM_SAYS, true, NULL},
    {"Get-ChildItem", IW_PROGRAM_GIVES, false, NULL},
    {"Get-CimInstance", IW_PROGRAM_GIVES, false, NULL},
    {"Get-Command", IW_PROGRAM_SAYS, true, NULL},
    {"Get-Help", IW_PROGRAM_SAYS, true, NULL},
    {"Get-Item", IW_PROGRAM_GIVES, false, NULL},
    {"Get-LogProperties", IW_PROGRAM_GIVES, false, NULL},
    {"Get-Process", IW_PROGRAM_GIVES, false, NULL},
    {"Get-Service", IW_PROGRAM_GIVES, false, NULL},
    {"Get-WinEvent", IW_PROGRAM_GIVES, false, NULL},
    {"Get-WmiObject", IW_PROGRAM_GIVES, false, NULL},
    {"gi", IW_PROGRAM_GIVES, true, NULL},
    {"gps", IW_PROGRAM_GIVES, true, NULL},
    {"gsv", IW_PROGRAM_GIVES, true, NULL},
    {"gwmi", IW_PROGRAM_GIVES, true, NULL},
    {"help", IW_PROGRAM_SAYS, true, NULL},
    {"icim", IW_PROGRAM_ASKS, true, iw_ask_invoke_method},
    {"icm", IW_PROGRAM_ELSEWHERE, true, NULL},
    {"iex", IW_PROGRAM_RUNS_TEXT, true, NULL},
    {"Invoke-CimMethod", IW_PROGRAM_ASKS, false, iw_ask_invoke_method},
    {"Invoke-Command", IW_PROGRAM_ELSEWHERE, false, NULL},
    {"Invoke-Expression", IW_PROGRAM_RUNS_TEXT, false, NULL},
    {"Invoke-Phant0m", IW_PROGRAM_ASKS, false, iw_ask_phantom},
    {"Invoke-WmiMethod", IW_PROGRAM_ASKS, false, iw_ask_invoke_method},
    {"iwmi", IW_PROGRAM_ASKS, true, iw_ask_invoke_method},
    {"kill", IW_PROGRAM_ASKS, true, iw_ask_stop_process},
    {"logman", IW_PROGRAM_ASKS, false, iw_ask_logman},
    {"ls", IW_PROGRAM_GIVES, true, NULL},
    {"md", IW_PROGRAM_ASKS, true, iw_ask_item},
    {"nal", IW_PROGRAM_NAMES, true, NULL},
    {"net", IW_PROGRAM_ASKS, false, iw_ask_net},
    {"net1", IW_PROGRAM_ASKS, false, iw_ask_net},
    {"New-Alias", IW_PROGRAM_NAMES, true, NULL},
    {"New-Item", IW_PROGRAM_ASKS, false, iw_ask_item},
    {"New-ItemProperty", IW_PROGRAM_ASKS, false, iw_ask_item},
    {"New-Object", IW_PROGRAM_GIVES, false, NULL},
    {"ni", IW_PROGRAM_ASKS, true, iw_ask_item},
    {"powershell", IW_PROGRAM_RUNS_TEXT, false, NULL},
    {"ps", IW_PROGRAM_GIVES, true, NULL},
    {"pwsh", IW_PROGRAM_RUNS_TEXT, false, NULL},
    {"pwsh.dll", IW_PROGRAM_RUNS_TEXT, false, NULL}, /* as its version information has it */
    {"rcim", IW_PROGRAM_ASKS, true, iw_ask_stop_process},
    {"rd", IW_PROGRAM_ASKS, true, iw_ask_remove_item},
    {"reg", IW_PROGRAM_ASKS, false, iw_ask_reg},
    {"Remove-AutologgerConfig", IW_PROGRAM_ASKS, false, iw_ask_session},
    {"Remove-CimInstance", IW_PROGRAM_ASKS, false, iw_ask_stop_process},
    {"Remove-EtwTraceProvider", IW_PROGRAM_ASKS, false, iw_ask_provider},
    {"Remove-EtwTraceSession", IW_PROGRAM_ASKS, false, iw_ask_session},
    {"Remove-EventLog", IW_PROGRAM_ASKS, false, iw_ask_clear},
    {"Remove-Item", IW_PROGRAM_ASKS, false, iw_ask_remove_item},
    {"Remove-ItemProperty", IW_PROGRAM_ASKS, false, iw_ask_remove_item},
    {"Remove-Service", IW_PROGRAM_ASKS, false, iw_ask_stop_service},
    {"Remove-WmiObject", IW_PROGRAM_ASKS, false, iw_ask_stop_process},
    {"ri", IW_PROGRAM_ASKS, true, iw_ask_remove_item},
    {"rm", IW_PROGRAM_ASKS, true, iw_ask_remove_item},
    {"rmdir", IW_PROGRAM_ASKS, true, iw_ask_remove_item},
    {"rp", IW_PROGRAM_ASKS, true, iw_ask_remove_item},
    {"rwmi", IW_PROGRAM_ASKS, true, iw_ask_stop_process},
    {"sal", IW_PROGRAM_NAMES, true, NULL},
    {"saps", IW_PROGRAM_RUNS, true, NULL},
    {"sc", IW_PROGRAM_ASKS, false, iw_ask_sc},
    {"Select-String", IW_PROGRAM_SAYS, true, NULL},
    {"set", IW_PROGRAM_SETS, true, NULL},
    {"Set-Alias", IW_PROGRAM_NAMES, true, NULL},
    {"Set-ItemProperty", IW_PROGRAM_ASKS, false, iw_ask_item},
    {"Set-Service", IW_PROGRAM_ASKS, false, iw_ask_set_service},
    {"Set-WebConfiguration", IW_PROGRAM_ASKS, false, iw_ask_web_configuration},
    {"Set-WebConfigurationProperty", IW_PROGRAM_ASKS, false, iw_ask_web_configuration},
    {"sls", IW_PROGRAM_SAYS, true, NULL},
    {"sp", IW_PROGRAM_ASKS, true, iw_ask_item},
    {"spps", IW_PROGRAM_ASKS, false, iw_ask_stop_process},
    {"spsv", IW_PROGRAM_ASKS, false, iw_ask_stop_service},
    {"start", IW_PROGRAM_RUNS, true, NULL},
    {"Start-Process", IW_PROGRAM_RUNS, false, NULL},
    {"Stop-EtwTraceSession", IW_PROGRAM_ASKS, false, iw_ask_session},
    {"Stop-Process", IW_PROGRAM_ASKS, false, iw_ask_stop_process},
    {"Stop-Service", IW_PROGRAM_ASKS, false, iw_ask_stop_service},
    {"sysmon", IW_PROGRAM_ASKS, false, iw_ask_sysmon},
    {"sysmon64", IW_PROGRAM_ASKS, false, iw_ask_sysmon},
    {"sysmon64a", IW_PROGRAM_ASKS, false, iw_ask_sysmon},
    {"taskkill", IW_PROGRAM_ASKS, false, iw_ask_kill},
    {"wevtutil", IW_PROGRAM_ASKS, false, iw_ask_wevtutil},
    {"where", IW_PROGRAM_FILTERS, true, NULL},
    {"Where-Object", IW_PROGRAM_FILTERS, false, NULL},
    {"wmic", IW_PROGRAM_ASKS, false, iw_ask_wmic},
    {"Write-Debug", IW_PROGRAM_SAYS, true, NULL},
    {"Write-Error", IW_PROGRAM_SAYS, true, NULL},
    {"Write-Host", IW_PROGRAM_SAYS, true, NULL},
    {"Write-Information", IW_PROGRAM_SAYS, true, NULL},
    {"Write-Output", IW_PROGRAM_SAYS, true, NULL},
    {"Write-Verbose", IW_PROGRAM_SAYS, true, NULL},
    {"Write-Warning", IW_PROGRAM_SAYS, true, NULL},
};

const struct iw_switch_program *iw_switch_program_of(struct iw_str word)
{
    struct iw_str stem = iw_program_stem(word);
    size_t low = 0, high = sizeof PROGRAMS / sizeof PROGRAMS[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = iw_str_compare_nocase(stem, iw_str_of(PROGRAMS[middle].name));
        if (order == 0)
            return &PROGRAMS[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
