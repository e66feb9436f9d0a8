/*
 * The table of programs (see lab_programs.h). Weights are rough: what servers and workstations
 * start most, not a measurement.
 */
#include "lab/lab_programs.h"

#include <string.h>

/* clang-format off */
const struct iw_lab_program iw_lab_programs[] = {
    {"C:\\Windows\\System32\\svchost.exe", "svchost.exe", "Host Process for Windows Services", "Microsoft Corporation", 140,
     "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule\n"
     "C:\\Windows\\system32\\svchost.exe -k LocalService -p -s W32Time\n"
     "C:\\Windows\\System32\\svchost.exe -k wsappx -p -s AppXSvc\n"
     "C:\\Windows\\system32\\svchost.exe -k DcomLaunch -p\n"
     "C:\\Windows\\system32\\svchost.exe -k UnistackSvcGroup\n"
     "C:\\Windows\\System32\\svchost.exe -k LocalSystemNetworkRestricted -p -s WdiSystemHost"},
    {"C:\\Windows\\System32\\services.exe", "services.exe", "Services and Controller app", "Microsoft Corporation", 1,
     "C:\\Windows\\system32\\services.exe"},
    {"C:\\Windows\\System32\\conhost.exe", "CONHOST.EXE", "Console Window Host", "Microsoft Corporation", 120,
     "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1\n"
     "\\??\\C:\\Windows\\system32\\conhost.exe 0x4"},
    {"C:\\Windows\\System32\\cmd.exe", "Cmd.Exe", "Windows Command Processor", "Microsoft Corporation", 80,
     "C:\\Windows\\system32\\cmd.exe /c \"\"C:\\Scripts\\~#.bat\" \"\n"
     "cmd /c \"ipconfig /all > C:\\Windows\\Temp\\~_#.txt\"\n"
     "C:\\Windows\\system32\\cmd.exe /d /s /c \"npm run ~\"\n"
     "cmd.exe /c dir /b D:\\Backup\\~\\$\n"
     "C:\\Windows\\System32\\cmd.exe /C echo ~ # >> C:\\Logs\\~.log\n"
     "\"C:\\Windows\\System32\\cmd.exe\" /c del /q C:\\Windows\\Temp\\$.tmp\n"
     "C:\\Windows\\system32\\cmd.exe /c ver\n"
     "cmd /c set"},
    {"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", "PowerShell.EXE", "Windows PowerShell", "Microsoft Corporation", 60,
     "powershell.exe -NoProfile -ExecutionPolicy Bypass -File C:\\Scripts\\~-#.ps1\n"
     "\"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe\" -NoProfile -NonInteractive -Command \"Get-Service -Name ~ | Select-Object Status\"\n"
     "powershell.exe -ExecutionPolicy AllSigned -NoProfile -NonInteractive -Command \"& {$OutputEncoding = [Console]::OutputEncoding =[System.Text.Encoding]::UTF8; C:\\Program Files\\~\\$.ps1}\"\n"
     "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -Command \"Import-Module ~; Get-ChildItem C:\\~ -Recurse | Measure-Object\"\n"
     "PowerShell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand UABvAHcAZQByAFMAaABlAGwAbAAgAC0ATgBvAFAAcgBvAGYAaQBsAGUAIAAtAE4AbwBuAEkAbgB0AGUAcgBhAGMAdABpAHYAZQA$"},
    {"C:\\Windows\\System32\\taskhostw.exe", "taskhostw.exe", "Host Process for Windows Tasks", "Microsoft Corporation", 40,
     "taskhostw.exe\n"
     "taskhostw.exe Install $(Arg0)\n"
     "taskhostw.exe KEYROAMING"},
    {"C:\\Windows\\System32\\wbem\\WmiPrvSE.exe", "Wmiprvse.exe", "WMI Provider Host", "Microsoft Corporation", 30,
     "C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding\n"
     "C:\\Windows\\sysWOW64\\wbem\\wmiprvse.exe -Embedding"},
    {"C:\\Windows\\System32\\dllhost.exe", "dllhost.exe", "COM Surrogate", "Microsoft Corporation", 30,
     "C:\\Windows\\system32\\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}\n"
     "C:\\Windows\\system32\\DllHost.exe /Processid:{$-09CA-4BB6-B78D-A8F5$}"},
    {"C:\\Windows\\System32\\rundll32.exe", "RUNDLL32.EXE", "Windows host process (Rundll32)", "Microsoft Corporation", 25,
     "C:\\Windows\\system32\\rundll32.exe C:\\Windows\\system32\\PcaSvc.dll,PcaPatchSdbTask\n"
     "rundll32.exe shell32.dll,Control_RunDLL ~.cpl\n"
     "C:\\Windows\\System32\\rundll32.exe C:\\Windows\\System32\\Windows.StateRepositoryClient.dll,StateRepositoryDoMaintenanceTasks\n"
     "rundll32.exe AppXDeploymentExtensions.OneCore.dll,ShellRefresh"},
    {"C:\\Windows\\System32\\backgroundTaskHost.exe", "backgroundTaskHost.exe", "Background Task Host", "Microsoft Corporation", 25,
     "\"C:\\Windows\\system32\\backgroundTaskHost.exe\" -ServerName:App.AppX$.mca"},
    {"C:\\Windows\\System32\\RuntimeBroker.exe", "RuntimeBroker.exe", "Runtime Broker", "Microsoft Corporation", 25,
     "C:\\Windows\\System32\\RuntimeBroker.exe -Embedding"},
    {"C:\\Windows\\System32\\SearchProtocolHost.exe", "SearchProtocolHost.exe", "Microsoft Windows Search Protocol Host", "Microsoft Corporation", 20,
     "\"C:\\Windows\\system32\\SearchProtocolHost.exe\" Global\\UsGthrFltPipeMssGthrPipe_S-1-5-21-#-#-#-#_ Global\\UsGthrCtrlFltPipeMssGthrPipe# 1 -# \"Software\\Microsoft\\Windows Search\""},
    {"C:\\Windows\\System32\\net.exe", "net.exe", "Net Command", "Microsoft Corporation", 15,
     "net use Z: \\\\fs01\\~ /persistent:no\n"
     "net start ~\n"
     "net  user\n"
     "net stop ~#\n"
     "net localgroup administrators"},
    {"C:\\Windows\\System32\\net1.exe", "net1.exe", "Net Command", "Microsoft Corporation", 15,
     "C:\\Windows\\system32\\net1  user\n"
     "C:\\Windows\\system32\\net1 start ~"},
    {"C:\\Windows\\System32\\reg.exe", "reg.exe", "Registry Console Tool", "Microsoft Corporation", 15,
     "reg query HKLM\\SOFTWARE\\~ /v Version\n"
     "REG ADD HKLM\\SOFTWARE\\Policies\\~ /v Enable /t REG_DWORD /d 1 /f\n"
     "C:\\Windows\\system32\\reg.exe query \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\~\""},
    {"C:\\Windows\\System32\\sc.exe", "sc.exe", "Service Control Manager Configuration Tool", "Microsoft Corporation", 15,
     "C:\\Windows\\system32\\sc.exe start w32time task_started\n"
     "sc query ~\n"
     "sc.exe config ~ start= auto"},
    {"C:\\Windows\\System32\\schtasks.exe", "schtasks.exe", "Task Scheduler Configuration Tool", "Microsoft Corporation", 12,
     "schtasks /query /tn ~ /fo csv\n"
     "schtasks.exe /run /tn \"\\~\\~#\"\n"
     "schtasks /create /tn ~$ /tr C:\\Scripts\\~.cmd /sc daily /st 03:00 /ru SYSTEM"},
    {"C:\\Windows\\System32\\tasklist.exe", "tasklist.exe", "Lists the current running tasks", "Microsoft Corporation", 10,
     "tasklist /svc\n"
     "tasklist  /FI \"PID eq #\""},
    {"C:\\Windows\\System32\\findstr.exe", "FINDSTR.EXE", "Find String (QGREP) Utility", "Microsoft Corporation", 10,
     "findstr /i ~\n"
     "findstr  /C:\"~ #\" C:\\Logs\\~.log"},
    {"C:\\Windows\\System32\\find.exe", "find.exe", "Find String (grep) Utility", "Microsoft Corporation", 6,
     "find \"~\""},
    {"C:\\Windows\\System32\\ipconfig.exe", "ipconfig.exe", "IP Configuration Utility", "Microsoft Corporation", 8,
     "ipconfig /all\n"
     "ipconfig  /flushdns"},
    {"C:\\Windows\\System32\\PING.EXE", "ping.exe", "TCP/IP Ping Command", "Microsoft Corporation", 8,
     "ping -n 1 10.0.0.#\n"
     "ping 127.0.0.1 -n #"},
    {"C:\\Windows\\System32\\nslookup.exe", "nslookup.exe", "nslookup", "Microsoft Corporation", 4,
     "nslookup ~.corp.example"},
    {"C:\\Windows\\System32\\whoami.exe", "whoami.exe", "whoami - displays logged on user information", "Microsoft Corporation", 4,
     "whoami\n"
     "whoami /upn"},
    {"C:\\Windows\\System32\\HOSTNAME.EXE", "hostname.exe", "Hostname APP", "Microsoft Corporation", 4,
     "hostname"},
    {"C:\\Windows\\System32\\systeminfo.exe", "sysinfo.exe", "Displays system information", "Microsoft Corporation", 3,
     "systeminfo"},
    {"C:\\Windows\\System32\\wbem\\WMIC.exe", "wmic.exe", "WMI Commandline Utility", "Microsoft Corporation", 6,
     "wmic os get Caption,Version\n"
     "wmic  process where name='~.exe' get ProcessId\n"
     "wmic cpu get LoadPercentage /value"},
    {"C:\\Windows\\System32\\wevtutil.exe", "wevtutil.exe", "Eventing Command Line Utility", "Microsoft Corporation", 4,
     "wevtutil qe System /c:# /f:text /rd:true\n"
     "wevtutil gl Application"},
    {"C:\\Windows\\System32\\certutil.exe", "CertUtil.exe", "CertUtil.exe", "Microsoft Corporation", 3,
     "certutil -store My\n"
     "certutil  -hashfile C:\\Packages\\~.msi SHA256"},
    {"C:\\Windows\\System32\\msiexec.exe", "msiexec.exe", "Windows installer", "Microsoft Corporation", 10,
     "C:\\Windows\\system32\\msiexec.exe /V\n"
     "msiexec.exe /i C:\\Packages\\~-#.msi /qn /norestart\n"
     "C:\\Windows\\syswow64\\MsiExec.exe -Embedding $$$$ E Global\\MSI0000"},
    {"C:\\Windows\\System32\\robocopy.exe", "robocopy.exe", "Microsoft Robocopy", "Microsoft Corporation", 4,
     "robocopy D:\\~ \\\\fs01\\backup\\~ /MIR /R:1 /W:1 /LOG:C:\\Logs\\robo_#.log"},
    {"C:\\Windows\\System32\\xcopy.exe", "XCOPY.EXE", "Extended Copy Utility", "Microsoft Corporation", 3,
     "xcopy C:\\~ D:\\~ /y /s /d"},
    {"C:\\Windows\\System32\\gpupdate.exe", "GPUpdate.exe", "Microsoft Group Policy Update Utility", "Microsoft Corporation", 4,
     "gpupdate.exe /target:computer"},
    {"C:\\Windows\\System32\\UsoClient.exe", "UsoClient", "UsoClient", "Microsoft Corporation", 5,
     "C:\\Windows\\system32\\usoclient.exe StartScan"},
    {"C:\\Windows\\System32\\sppsvc.exe", "sppsvc.exe", "Microsoft Software Protection Platform Service", "Microsoft Corporation", 5,
     "C:\\Windows\\system32\\sppsvc.exe"},
    {"C:\\Windows\\System32\\WerFault.exe", "WerFault.exe", "Windows Problem Reporting", "Microsoft Corporation", 3,
     "C:\\Windows\\system32\\WerFault.exe -u -p # -s #"},
    {"C:\\Windows\\System32\\winlogon.exe", "WINLOGON.EXE", "Windows Logon Application", "Microsoft Corporation", 4,
     "winlogon.exe"},
    {"C:\\Windows\\System32\\LogonUI.exe", "logonui.exe", "Windows Logon User Interface Host", "Microsoft Corporation", 4,
     "\"LogonUI.exe\" /flags:0x2 /state0:0x$ /state1:0x41c64e6d"},
    {"C:\\Windows\\System32\\mmc.exe", "mmc.exe", "Microsoft Management Console", "Microsoft Corporation", 3,
     "\"C:\\Windows\\system32\\mmc.exe\" \"C:\\Windows\\system32\\~.msc\""},
    {"C:\\Windows\\System32\\notepad.exe", "NOTEPAD.EXE", "Notepad", "Microsoft Corporation", 5,
     "\"C:\\Windows\\system32\\NOTEPAD.EXE\" C:\\Users\\~\\Documents\\~#.txt"},
    {"C:\\Windows\\System32\\cscript.exe", "cscript.exe", "Microsoft Console Based Script Host", "Microsoft Corporation", 4,
     "cscript.exe //nologo C:\\Windows\\system32\\slmgr.vbs /dli\n"
     "C:\\Windows\\system32\\cscript.exe //NoLogo \"C:\\Program Files\\~\\~.vbs\""},
    {"C:\\Windows\\System32\\wscript.exe", "wscript.exe", "Microsoft Windows Based Script Host", "Microsoft Corporation", 3,
     "\"C:\\Windows\\System32\\WScript.exe\" \"\\\\corp.example\\NETLOGON\\logon.vbs\""},
    {"C:\\Windows\\System32\\regsvr32.exe", "REGSVR32.EXE", "Microsoft(C) Register Server", "Microsoft Corporation", 2,
     "regsvr32.exe /s C:\\Program Files\\~\\~.dll"},
    {"C:\\Windows\\System32\\tzutil.exe", "tzutil.exe", "Windows Time Zone Utility", "Microsoft Corporation", 2,
     "tzutil /g"},
    {"C:\\Windows\\System32\\inetsrv\\w3wp.exe", "w3wp.exe", "IIS Worker Process", "Microsoft Corporation", 6,
     "c:\\windows\\system32\\inetsrv\\w3wp.exe -ap \"~AppPool\" -v \"v4.0\" -l \"webengine4.dll\" -a \\\\.\\pipe\\iisipm$-1111-2222-3333-444455556666 -h \"C:\\inetpub\\temp\\apppools\\~AppPool\\~AppPool.config\" -w \"\" -m 0 -t 20 -ta 0"},
    {"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe", "csc.exe", "Visual C# Command Line Compiler", "Microsoft Corporation", 5,
     "\"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe\" /t:library /utf8output /R:\"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\root\\$\\$\\~.dll\" /noconfig /fullpaths @\"C:\\Windows\\TEMP\\$.cmdline\""},
    {"C:\\Windows\\servicing\\TrustedInstaller.exe", "TrustedInstaller.exe", "Windows Modules Installer", "Microsoft Corporation", 3,
     "C:\\Windows\\servicing\\TrustedInstaller.exe"},
    {"C:\\Windows\\explorer.exe", "EXPLORER.EXE", "Windows Explorer", "Microsoft Corporation", 6,
     "C:\\Windows\\Explorer.EXE\n"
     "C:\\Windows\\explorer.exe /factory,{75dff2b7-6936-4c06-a8bb-676a7b00b24b} -Embedding"},
    {"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.2-0\\MpCmdRun.exe", "MpCmdRun.exe", "Microsoft Malware Protection Command Line Utility", "Microsoft Corporation", 8,
     "\"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.2-0\\MpCmdRun.exe\" SignatureUpdate -ScheduleJob -RestrictPrivileges -Reinvoke"},
    {"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe", "msedge.exe", "Microsoft Edge", "Microsoft Corporation", 45,
     "\"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe\" --type=renderer --lang=en-US --js-flags=--ms-user-locale= --device-scale-factor=1 --num-raster-threads=2 --renderer-client-id=# --launch-time-ticks=# --field-trial-handle=#,i,#,#,262144 --mojo-platform-channel-handle=# /prefetch:1\n"
     "\"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe\" --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en-US --service-sandbox-type=none --field-trial-handle=# /prefetch:3"},
    {"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe", "chrome.exe", "Google Chrome", "Google LLC", 45,
     "\"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe\" --type=renderer --display-capture-permissions-policy-allowed --lang=de --device-scale-factor=1.25 --num-raster-threads=4 --enable-main-frame-before-activation --renderer-client-id=# --launch-time-ticks=# --mojo-platform-channel-handle=# --field-trial-handle=#,i,$ /prefetch:1\n"
     "\"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe\" --type=gpu-process --gpu-preferences=WAAAAAAAAADg$ --mojo-platform-channel-handle=# /prefetch:2"},
    {"C:\\Users\\a.smith\\AppData\\Local\\Microsoft\\Teams\\current\\Teams.exe", "Teams.exe", "Microsoft Teams", "Microsoft Corporation", 12,
     "\"C:\\Users\\a.smith\\AppData\\Local\\Microsoft\\Teams\\current\\Teams.exe\" --type=renderer --enable-wer --ms-teams-less-cors=# --app-user-model-id=com.squirrel.Teams.Teams"},
    {"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE", "Outlook.exe", "Microsoft Outlook", "Microsoft Corporation", 4,
     "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE\""},
    {"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE", "Excel.exe", "Microsoft Excel", "Microsoft Corporation", 4,
     "\"C:\\Program Files\\Microsoft Office\\Root\\Office16\\EXCEL.EXE\" \"C:\\Users\\~\\Documents\\~ #.xlsx\""},
    {"C:\\Program Files\\Git\\cmd\\git.exe", "git.exe", "Git for Windows", "The Git Development Community", 15,
     "git.exe -c core.quotepath=false rev-parse --show-toplevel\n"
     "git  -c diff.mnemonicprefix=false --no-optional-locks fetch --prune ~\n"
     "git.exe cat-file --batch-check=%(objectname)"},
    {"C:\\Python311\\python.exe", "python.exe", "Python", "Python Software Foundation", 8,
     "python.exe C:\\Apps\\~\\manage.py ~ --interval #\n"
     "C:\\Python311\\python.exe -m pip list --format=json"},
    {"C:\\Program Files\\nodejs\\node.exe", "node.exe", "Node.js JavaScript Runtime", "Node.js", 8,
     "\"C:\\Program Files\\nodejs\\node.exe\" C:\\Apps\\~\\server.js --port #"},
    {"C:\\Program Files\\Java\\jre\\bin\\java.exe", "java.exe", "Java(TM) Platform SE binary", "Oracle Corporation", 6,
     "java -Xmx#m -jar C:\\Apps\\~\\~.jar --spring.profiles.active=~"},
    {"C:\\Program Files\\Example Agent\\agent.exe", "agent.exe", "Monitoring Agent", "Example S\303\266hne GmbH", 20,
     "\"C:\\Program Files\\Example Agent\\agent.exe\" --collect ~ --interval # --id $$"},
    {"C:\\Program Files\\Example Backup\\backup.exe", "backup.exe", "Backup", "Example S\303\266hne GmbH", 8,
     "\"C:\\Program Files\\Example Backup\\backup.exe\" /job \"\\303\\234bersicht ~\" /set $"},
};
/* clang-format on */
const size_t iw_lab_n_programs = sizeof iw_lab_programs / sizeof iw_lab_programs[0];

uint32_t iw_lab_programs_weight(void)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < iw_lab_n_programs; i++) {
        sum += iw_lab_programs[i].weight;
    }
    return sum;
}

const struct iw_lab_program *iw_lab_program_at(uint32_t at)
{
    size_t i = 0;
    while (i + 1 < iw_lab_n_programs && at >= iw_lab_programs[i].weight) {
        at -= iw_lab_programs[i].weight;
        i++;
    }
    return &iw_lab_programs[i];
}

const struct iw_lab_program *iw_lab_program_named(const char *original_name)
{
    for (size_t i = 0; i < iw_lab_n_programs; i++) {
        if (strcmp(iw_lab_programs[i].original_name, original_name) == 0) {
            return &iw_lab_programs[i];
        }
    }
    return &iw_lab_programs[0];
}
