/*
 * The table. What lies where: Microsoft's documentation of IIS, Windows event logs and servicing.
 * Names of logs are those of their files: `%4` stands for the slash of the channel's name.
 *
 * Whatever this program learns to read gets a row here; a test compares it with the kinds of
 * evidence.
 */
#include "coverage/needs.h"
#include "event/channel.h"

#define LOGS "%SystemRoot%\\System32\\winevt\\Logs"
#define INETSRV "%SystemRoot%\\System32\\inetsrv"
#define DOT_NET "%SystemRoot%\\Microsoft.NET\\"

#define TELLS IW_NEED_TELLS
#define DECIDES IW_NEED_DECIDES
#define INSTALLED IW_NEED_IF_INSTALLED

#define LOG(weight_, channel_, mask_, what)                                                        \
    {                                                                                              \
        .form = IW_NEED_FILES, .weight = (weight_), .name = "event log " channel_,                 \
        .what_for = (what), .kind = "evtx", .folder = LOGS, .mask = (mask_), .channel = (channel_) \
    }
#define FILES(weight_, kind_, name_, folder_, mask_, what)                                         \
    {                                                                                              \
        .form = IW_NEED_FILES, .weight = (weight_), .name = (name_), .what_for = (what),           \
        .kind = (kind_), .folder = (folder_), .mask = (mask_)                                      \
    }
#define TREE(weight_, kind_, name_, folder_, mask_, what)                                          \
    {                                                                                              \
        .form = IW_NEED_FILES, .weight = (weight_), .name = (name_), .what_for = (what),           \
        .kind = (kind_), .folder = (folder_), .mask = (mask_), .is_recursive = true                \
    }
#define HIVE(weight_, name_, what)                                                                 \
    {                                                                                              \
        .form = IW_NEED_FILES, .weight = (weight_), .name = "registry hive " name_,                \
        .what_for = (what), .kind = "registry", .folder = "%SystemRoot%\\System32\\config",        \
        .mask = (name_), .key = "HKLM\\" name_                                                     \
    }
#define ROOT(folder_, what)                                                                        \
    {                                                                                              \
        .form = IW_NEED_FILES, .name = "web root " folder_, .what_for = (what), .kind = "page",    \
        .folder = (folder_), .mask = "*", .is_recursive = true, .is_root = true                    \
    }
#define COMMAND(weight_, kind_, name_, file_, command_, what)                                      \
    {                                                                                              \
        .form = IW_NEED_COMMAND, .weight = (weight_), .name = (name_), .what_for = (what),         \
        .kind = (kind_), .command = (command_), .file = (file_)                                    \
    }
#define ASKED(weight_, kind_, name_, what)                                                         \
    {                                                                                              \
        .form = IW_NEED_ASKED, .weight = (weight_), .name = (name_), .what_for = (what),           \
        .kind = (kind_)                                                                            \
    }
#define ROOT_WHAT                                                                                  \
    "AN1108: pages and programs that execute; the inventory of web files; all files, because one " \
    "stands out among its neighbours"

const struct iw_need_row iw_need_rows[] = {
    LOG(DECIDES, IW_CHANNEL_SYSMON, "Microsoft-Windows-Sysmon%4Operational.evtx",
        "AN1108 file_created and process_created, AN0184 module_load; who ran what"),
    LOG(DECIDES, "Security", "Security.evtx",
        "process_created (4688), file_created (4663), logons (4624), and what was cleared or "
        "switched off (1102, 4719, 4907)"),
    LOG(DECIDES, IW_CHANNEL_IIS_CONFIGURATION, "Microsoft-IIS-Configuration%4Operational.evtx",
        "AN0184 registration: which component was registered when and by whom (29, 50)"),
    LOG(TELLS, "Microsoft-IIS-Configuration/Administrative",
        "Microsoft-IIS-Configuration%4Administrative.evtx",
        "AN0184: redirected and refused configuration"),
    LOG(TELLS, "System", "System.evtx",
        "AN0184: workers that die and pools that stop; services stopped, logs cleared (104)"),
    LOG(TELLS, "Application", "Application.evtx",
        "AN0184: modules that failed to load (2280, 2282, 2295), installers; errors of ASP.NET"),
    LOG(TELLS, "Setup", "Setup.evtx", "AN0184: roles and updates that explain new modules"),
    LOG(TELLS, "Microsoft-Windows-PowerShell/Operational",
        "Microsoft-Windows-PowerShell%4Operational.evtx",
        "AN0184 and AN1108: scripts that register components or write pages (4103, 4104)"),
    LOG(TELLS, "Windows PowerShell", "Windows PowerShell.evtx",
        "AN0184 and AN1108: what any version of PowerShell was started with and ran (400, 800)"),
    LOG(TELLS, "Microsoft-Windows-CodeIntegrity/Operational",
        "Microsoft-Windows-CodeIntegrity%4Operational.evtx",
        "AN0184 module_load: programs that code integrity complained of"),
    LOG(TELLS, "Microsoft-Windows-Windows Defender/Operational",
        "Microsoft-Windows-Windows Defender%4Operational.evtx",
        "AN1108: pages that were found or put under exclusion"),
    LOG(TELLS, "Microsoft-Windows-TaskScheduler/Operational",
        "Microsoft-Windows-TaskScheduler%4Operational.evtx",
        "AN1108: what a worker starts through a task"),
    LOG(TELLS, "Microsoft-Windows-WMI-Activity/Operational",
        "Microsoft-Windows-WMI-Activity%4Operational.evtx",
        "AN1108: what a worker starts through WMI"),
    LOG(INSTALLED, "MSExchange Management", "MSExchange Management.evtx",
        "AN1108 on Exchange: cmdlets that write pages"),
    LOG(INSTALLED, "Microsoft-IIS-Logging/Logs", "Microsoft-IIS-Logging%4Logs.evtx",
        "AN1108 request: where requests are logged as events"),
    FILES(DECIDES, "evtx", "archived event logs", LOGS, "Archive-*.evtx",
          "what a log held before it was full: without them it begins too late"),
    FILES(DECIDES, "evtx", "forwarded events", LOGS, "ForwardedEvents.evtx",
          "of a collector: logs of hosts that were cleared or are gone"),
    TREE(DECIDES, "config", "configuration of IIS", INETSRV "\\config", "*",
         "AN0184 configuration: sites, pools, web roots and every component"),
    TREE(TELLS, "config", "former configurations", "%SystemDrive%\\inetpub\\history", "*",
         "AN0184: components that were there for a short time; changes no event tells of"),
    TREE(TELLS, "config", "backups of the configuration", INETSRV "\\backup", "*",
         "AN0184: components that were there before"),
    TREE(TELLS, "config", "configuration of pools", "%SystemDrive%\\inetpub\\temp\\apppools",
         "*.config", "AN0184: what workers were really given"),
    FILES(TELLS, "config", "configuration of .NET, 64 bit",
          DOT_NET "Framework64\\v4.0.30319\\Config", "*.config",
          "AN0184: managed modules and handlers of every site"),
    FILES(TELLS, "config", "configuration of .NET, 32 bit", DOT_NET "Framework\\v4.0.30319\\Config",
          "*.config", "AN0184: managed modules and handlers of every site in 32-bit pools"),
    FILES(INSTALLED, "config", "configuration of .NET 2.0, 64 bit",
          DOT_NET "Framework64\\v2.0.50727\\CONFIG", "*.config",
          "AN0184: managed modules and handlers of pools with .NET 2.0"),
    FILES(INSTALLED, "config", "configuration of .NET 2.0, 32 bit",
          DOT_NET "Framework\\v2.0.50727\\CONFIG", "*.config",
          "AN0184: managed modules and handlers of 32-bit pools with .NET 2.0"),
    TREE(TELLS, "pe", "programs of IIS", INETSRV, "*.dll",
         "AN0184: the files behind components; what is registered nowhere"),
    FILES(TELLS, "pe", "commands of IIS", INETSRV, "*.exe",
          "AN0184: workers and appcmd that are not Microsoft's"),
    TREE(TELLS, "pe", "programs of IIS, 32 bit", "%SystemRoot%\\SysWOW64\\inetsrv", "*.dll",
         "AN0184: the same file names mean these files in 32-bit pools"),
    TREE(INSTALLED, "pe", "programs of IIS extensions", "%ProgramFiles%\\IIS", "*.dll",
         "AN0184: request router, ASP.NET Core module and the like"),
    FILES(TELLS, "pe", "programs of .NET, 64 bit", DOT_NET "Framework64\\v4.0.30319", "*eb*.dll",
          "AN0184: webengine4.dll and System.Web.dll, which pools load"),
    FILES(TELLS, "pe", "filters of .NET, 64 bit", DOT_NET "Framework64\\v4.0.30319", "aspnet*.dll",
          "AN0184: the filter and the extension of ASP.NET"),
    FILES(TELLS, "pe", "programs of .NET, 32 bit", DOT_NET "Framework\\v4.0.30319", "*eb*.dll",
          "AN0184: webengine4.dll and System.Web.dll, which 32-bit pools load"),
    FILES(TELLS, "pe", "filters of .NET, 32 bit", DOT_NET "Framework\\v4.0.30319", "aspnet*.dll",
          "AN0184: the filter and the extension of ASP.NET in 32-bit pools"),
    TREE(TELLS, "pe", "assemblies of all applications", DOT_NET "assembly", "*.dll",
         "AN0184: managed modules that need no entry in a site (large)"),
    TREE(TELLS, "catalogue", "catalogues of signatures", "%SystemRoot%\\System32\\CatRoot", "*.cat",
         "AN0184: proves which files of Windows are Microsoft's (large)"),
    HIVE(TELLS, "SYSTEM",
         "name and time zone of the host, services, which configuration Sysmon loaded, filters of "
         "the registry, profilers"),
    HIVE(DECIDES, "SOFTWARE",
         "which channels are on, command lines in 4688, COM classes of log plug-ins, "
         "version of IIS"),
    HIVE(DECIDES, "SECURITY", "the audit policy: whether 4688 and 4663 could have been written"),
    ROOT("%SystemDrive%\\inetpub\\wwwroot", ROOT_WHAT),
    TREE(TELLS, "web-log", "logs of requests", "%SystemDrive%\\inetpub\\logs\\LogFiles", "*.log",
         "AN1108 request: who asked for a page, and when first"),
    TREE(TELLS, "web-log", "refused requests", "%SystemRoot%\\System32\\LogFiles\\HTTPERR", "*.log",
         "AN0184: connections that a crashing worker dropped"),
    TREE(TELLS, "page", "what ASP.NET compiled, 64 bit",
         DOT_NET "Framework64\\v4.0.30319\\Temporary ASP.NET Files", "*",
         "AN1108 compile: the only copy of a page that was deleted; for people to look at"),
    TREE(TELLS, "page", "what ASP.NET compiled, 32 bit",
         DOT_NET "Framework\\v4.0.30319\\Temporary ASP.NET Files", "*",
         "AN1108 compile: the only copy of a page of a 32-bit pool that was deleted; for people to "
         "look at"),
    COMMAND(DECIDES, "audit-policy", "audit policy", "auditpol.csv",
            "auditpol.exe /get /category:* /r",
            "proves whether 4688 and 4663 are written, where the SECURITY hive is not at hand"),
    {.form = IW_NEED_COMMAND,
     .weight = DECIDES,
     .name = "audit entries of web roots",
     .what_for = "proves file_created and registration by 4663: the policy alone writes nothing; "
                 "for people, who may write there",
     .kind = "audit-entries",
     .needs_roots = true,
     .file = "acl-audit.txt",
     .command = "foreach ($path in @($roots) + \"$env:SystemRoot\\System32\\inetsrv\\config\") { "
                "Get-Acl -Audit -LiteralPath $path | Format-List -Property Path, Sddl }"},
    COMMAND(DECIDES, "channels", "settings of the Sysmon channel", "channel-sysmon.txt",
            "wevtutil.exe gl 'Microsoft-Windows-Sysmon/Operational'",
            "whether it is on, how much it keeps"),
    COMMAND(TELLS, "channels", "settings of the Security channel", "channel-security.txt",
            "wevtutil.exe gl Security", "how much it keeps"),
    COMMAND(DECIDES, "channels", "settings of the channel of IIS configuration",
            "channel-iis-configuration.txt",
            "wevtutil.exe gl 'Microsoft-IIS-Configuration/Operational'",
            "AN0184 registration: the channel is off unless somebody switched it on"),
    ASKED(DECIDES, "sysmon-config", "the XML file that Sysmon was configured with",
          "proves file_created, process_created and module_load without a sample; the SYSTEM hive "
          "holds the same in another form"),
    ASKED(TELLS, "json", "events of the server out of the SIEM",
          "as NDJSON or JSON, where logs of the server do not reach back far enough"),
    ASKED(TELLS, "xml", "events of the server as XML",
          "from Windows event forwarding or wevtutil qe /f:xml"),
    ASKED(TELLS, "baseline", "the approved state of the server (--baseline)",
          "AN0184: without it nothing says which components were approved"),
    ASKED(TELLS, "changes", "change records (--changes)",
          "what was planned: who, when, which component"),
    ASKED(TELLS, "estate", "the servers that should exist (--estate)",
          "servers without any evidence are blind, not clear"),
};
const size_t iw_need_n_rows = sizeof iw_need_rows / sizeof iw_need_rows[0];
