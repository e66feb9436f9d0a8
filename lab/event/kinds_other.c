/*
 * Kinds of events of all other logs (see lab_catalogue.h): System, Application, PowerShell, IIS
 * configuration, Setup, tasks, antivirus, Exchange, WMI.
 *
 * Format: event manifests as public documentation and real logs show them; where no log was to be
 * seen (WAS but for 5139 and 5186, W3SVC-WP but for 2280, IIS-Configuration 14 and 30) names are
 * those of the message's placeholders. What it ignores: everything Windows can log that neither
 * corpus nor stories need.
 */
#include "lab/event/lab_kinds.h"

#define SCM_GUID "{555908D1-A6D7-4695-8E1E-26931D2012F4}"
#define WAS_GUID "{524B5D04-133C-4A62-8362-64E8EDB9CE40}"
#define WORKER_GUID "{670080D9-742A-4187-8D16-41143D1290BD}"
#define POWERSHELL_GUID "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}"
#define IIS_GUID "{DC0B8E51-4863-407A-BC3C-1B479B2978AC}"
#define SERVICING_GUID "{BD12F3B8-FC40-4A61-A307-B7A013A069C1}"
#define TASKS_GUID "{DE7B24EA-73C8-4A09-985D-5BDADCFA9017}"
#define DEFENDER_GUID "{11CD958A-C507-4EF3-B3F2-5FD9DFBD2C78}"
#define WMI_GUID "{1418EF04-B0B4-4623-BF7E-D74AB47BBDAA}"
#define SETUP_NAMESPACE "http://manifests.microsoft.com/win/2004/08/windows/setup_provider"
#define WMI_NAMESPACE "http://manifests.microsoft.com/win/2006/windows/WMI"
#define INFORMATION 16384
#define WARNING 32768
#define ERROR 49152

static const struct iw_lab_kind_field system_7036[] = {
    CHOICE("param1", "Windows Update|World Wide Web Publishing Service|Windows Process Activation "
                     "Service|WinHTTP Web Proxy Auto-Discovery Service|Gerätezuordnungsdienst"),
    CHOICE("param2", "running|stopped"), BINARY, END};

static const struct iw_lab_kind_field system_7040[] = {
    CHOICE("param1", "Background Intelligent Transfer Service|Windows Modules Installer"),
    CHOICE("param2", "demand start|auto start"), CHOICE("param3", "auto start|demand start"),
    CHOICE("param4", "BITS|TrustedInstaller"), END};

static const struct iw_lab_kind_field system_7045[] = {
    CHOICE("ServiceName", "Web Management Agent|Backup Agent|Sicherungsdienst für Daten"),
    STR("ImagePath", IMAGE),
    CHOICE("ServiceType", "user mode service|kernel mode driver"),
    CHOICE("StartType", "auto start|demand start"),
    CHOICE("AccountName", "LocalSystem|NT AUTHORITY\\NetworkService"),
    END};

static const struct iw_lab_kind_field system_5186[] = {
    PID("ProcessID"), CHOICE("AppPoolID", "DefaultAppPool|ShopPool|IntranetPool"), END};

static const struct iw_lab_kind_field application_1033[] = {UNNAMED(7), BINARY, END};

static const struct iw_lab_kind_field application_1000[] = {UNNAMED(14), END};

static const struct iw_lab_kind_field application_1001[] = {UNNAMED(22), END};

static const struct iw_lab_kind_field application_2280[] = {STR("ModuleDll", DLL), BINARY, END};

static const struct iw_lab_kind_field powershell_4103[] = {
    STR("ContextInfo", SCRIPT), CONSTANT("UserData", ""), STR("Payload", SCRIPT), END};

static const struct iw_lab_kind_field powershell_4104[] = {
    NUM("MessageNumber", I32, 2),
    NUM("MessageTotal", I32, 2),
    STR("ScriptBlockText", SCRIPT),
    {"ScriptBlockId", IW_LAB_TYPE_STRING, IW_LAB_RECIPE_GUID, NULL, 0},
    CHOICE("Path", "|C:\\Scripts\\deploy.ps1|C:\\Scripts\\Überwachung.ps1"),
    END};

static const struct iw_lab_kind_field iis_29[] = {STR("PhysicalPath", FILE),
                                                  CONSTANT("ConfigPath", "MACHINE/WEBROOT/APPHOST"),
                                                  CONSTANT("EffectiveLocationPath", ""),
                                                  CONSTANT("Configuration", ""),
                                                  NUM("EditOperationType", U32, 2),
                                                  CONSTANT("OldValue", ""),
                                                  CONSTANT("NewValue", ""),
                                                  END};

static const struct iw_lab_kind_field iis_50[] = {STR("PhysicalPath", FILE), END};

/* WAS and worker processes: names are those of the messages' placeholders. */
static const struct iw_lab_kind_field system_104[] = {
    TEXT("SubjectUserName"), TEXT("SubjectDomainName"), TEXT("Channel"), TEXT("BackupPath"), END};

static const struct iw_lab_kind_field was_pool[] = {TEXT("AppPoolID"), BINARY, END};

static const struct iw_lab_kind_field was_recycled[] = {TEXT("AppPoolID"), END};

static const struct iw_lab_kind_field was_terminated[] = {TEXT("AppPoolID"), PID("ProcessID"),
                                                          TEXT("ExitCode"), END};

static const struct iw_lab_kind_field was_communication[] = {TEXT("AppPoolID"), PID("ProcessID"),
                                                             BINARY, END};

static const struct iw_lab_kind_field eventlog_service[] = {UNNAMED(0), BINARY, END};

static const struct iw_lab_kind_field worker_2282[] = {TEXT("ModuleDll"), TEXT("Architecture"),
                                                       END};

static const struct iw_lab_kind_field worker_2293[] = {TEXT("ModuleName"), TEXT("ModulePath"),
                                                       BINARY, END};

static const struct iw_lab_kind_field worker_2296[] = {TEXT("ModuleName"), TEXT("ModulePath"),
                                                       TEXT("Precondition"), END};

static const struct iw_lab_kind_field worker_2214[] = {TEXT("FilterDll"), BINARY, END};

static const struct iw_lab_kind_field worker_2220[] = {TEXT("ApplicationDll"), BINARY, END};

/* All of a classic event's strings. */
static const struct iw_lab_kind_field strings[] = {UNNAMED(3), END};

static const struct iw_lab_kind_field strings_and_binary[] = {UNNAMED(7), BINARY, END};

static const struct iw_lab_kind_field servicing_initiate[] = {TEXT("PackageIdentifier"),
                                                              TEXT("InitialPackageState"),
                                                              TEXT("InitialPackageStateTextized"),
                                                              TEXT("IntendedPackageState"),
                                                              TEXT("IntendedPackageStateTextized"),
                                                              TEXT("Client"),
                                                              END};

static const struct iw_lab_kind_field servicing_package[] = {TEXT("PackageIdentifier"),
                                                             TEXT("IntendedPackageState"),
                                                             TEXT("IntendedPackageStateTextized"),
                                                             TEXT("ErrorCode"),
                                                             TEXT("Client"),
                                                             END};

static const struct iw_lab_kind_field servicing_update[] = {
    TEXT("UpdateName"), TEXT("PackageIdentifier"), TEXT("ErrorCode"), TEXT("Client"), END};

static const struct iw_lab_kind_field task_106[] = {TEXT("TaskName"), TEXT("UserContext"), END};

static const struct iw_lab_kind_field task_129[] = {
    TEXT("TaskName"), TEXT("Path"), PID("ProcessID"), NUM("Priority", U32, 16384), END};

static const struct iw_lab_kind_field task_140[] = {TEXT("TaskName"), TEXT("UserName"), END};

static const struct iw_lab_kind_field task_200[] = {TEXT("TaskName"), TEXT("ActionName"),
                                                    GUID("TaskInstanceId"), PID("EnginePID"), END};

static const struct iw_lab_kind_field task_201[] = {TEXT("TaskName"),   GUID("TaskInstanceId"),
                                                    TEXT("ActionName"), NUM("ResultCode", U32, 1),
                                                    PID("EnginePID"),   END};

static const struct iw_lab_kind_field defender_1116[] = {TEXT("Product Name"),
                                                         TEXT("Product Version"),
                                                         TEXT("Detection ID"),
                                                         TEXT("Detection Time"),
                                                         TEXT("Unused"),
                                                         TEXT("Unused2"),
                                                         TEXT("Threat ID"),
                                                         TEXT("Threat Name"),
                                                         TEXT("Severity ID"),
                                                         TEXT("Severity Name"),
                                                         TEXT("Category ID"),
                                                         TEXT("Category Name"),
                                                         TEXT("FWLink"),
                                                         TEXT("Status Code"),
                                                         TEXT("Status Description"),
                                                         TEXT("State"),
                                                         TEXT("Source ID"),
                                                         TEXT("Source Name"),
                                                         TEXT("Process Name"),
                                                         TEXT("Detection User"),
                                                         TEXT("Unused3"),
                                                         TEXT("Path"),
                                                         TEXT("Origin ID"),
                                                         TEXT("Origin Name"),
                                                         TEXT("Execution ID"),
                                                         TEXT("Execution Name"),
                                                         TEXT("Type ID"),
                                                         TEXT("Type Name"),
                                                         TEXT("Pre Execution Status"),
                                                         TEXT("Action ID"),
                                                         TEXT("Action Name"),
                                                         TEXT("Unused4"),
                                                         TEXT("Error Code"),
                                                         TEXT("Error Description"),
                                                         TEXT("Unused5"),
                                                         TEXT("Post Clean Status"),
                                                         TEXT("Additional Actions ID"),
                                                         TEXT("Additional Actions String"),
                                                         TEXT("Remediation User"),
                                                         TEXT("Unused6"),
                                                         TEXT("Signature Version"),
                                                         TEXT("Engine Version"),
                                                         END};

static const struct iw_lab_kind_field defender_5007[] = {
    TEXT("Product Name"), TEXT("Product Version"), TEXT("Old Value"), TEXT("New Value"), END};

static const struct iw_lab_kind_field iis_14[] = {TEXT("PhysicalPath"), END};

static const struct iw_lab_kind_field iis_30[] = {TEXT("Configuration"), TEXT("ConfigPath"),
                                                  TEXT("ErrorCode"), END};

static const struct iw_lab_kind_field wmi_5861[] = {TEXT("Namespace"), TEXT("ESS"),
                                                    TEXT("CONSUMER"), TEXT("PossibleCause"), END};

#define SERVICES(id, list, often)                                                                  \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_SYSTEM, .event_id = (id), .level = 4,                            \
        .keywords = SYSTEM_KEYWORD, .provider = "Service Control Manager",                         \
        .provider_guid = SCM_GUID, .event_source = "Service Control Manager",                      \
        .qualifiers = INFORMATION, .fields = (list), .weight = (often)                             \
    }
#define WAS(id, event_level, severity, list)                                                       \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_SYSTEM, .event_id = (id), .level = (event_level),                \
        .keywords = CLASSIC, .provider = "Microsoft-Windows-WAS", .provider_guid = WAS_GUID,       \
        .event_source = "WAS", .qualifiers = (severity), .fields = (list)                          \
    }
#define EVENTLOG(id)                                                                               \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_SYSTEM, .event_id = (id), .level = 4, .keywords = CLASSIC,       \
        .provider = "EventLog", .qualifiers = WARNING, .fields = eventlog_service                  \
    }
#define CORPUS_EVENT(name, id, event_level, list, often)                                           \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_APPLICATION, .event_id = (id), .level = (event_level),           \
        .task = 100, .keywords = CLASSIC, .provider = (name), .fields = (list), .weight = (often)  \
    }
#define WORKER(id, list, often)                                                                    \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_APPLICATION, .event_id = (id), .level = 2, .keywords = CLASSIC,  \
        .provider = "Microsoft-Windows-IIS-W3SVC-WP", .provider_guid = WORKER_GUID,                \
        .event_source = "W3SVC-WP", .qualifiers = ERROR, .fields = (list), .weight = (often)       \
    }
#define INSTALLER(id)                                                                              \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_APPLICATION, .event_id = (id), .level = 4, .keywords = CLASSIC,  \
        .provider = "MsiInstaller", .fields = strings_and_binary                                   \
    }
#define ASP_NET(id, event_level, severity)                                                         \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_APPLICATION, .event_id = (id), .level = (event_level),           \
        .task = 3, .keywords = CLASSIC, .provider = "ASP.NET 4.0.30319.0",                         \
        .qualifiers = (severity), .fields = strings                                                \
    }
#define SCRIPTING(id, event_level, event_task, list, often)                                        \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_POWERSHELL, .event_id = (id), .version = 1,                      \
        .level = (event_level), .task = (event_task), .provider = "Microsoft-Windows-PowerShell",  \
        .provider_guid = POWERSHELL_GUID, .qualifiers = -1, .fields = (list), .weight = (often)    \
    }
#define CONFIGURATION(id, event_level, list)                                                       \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_IIS_CONFIGURATION, .event_id = (id), .level = (event_level),     \
        .keywords = 0x4000000000000000ULL, .provider = "Microsoft-Windows-IIS-Configuration",      \
        .provider_guid = IIS_GUID, .qualifiers = -1, .fields = (list)                              \
    }
#define SERVICING(id, root, list)                                                                  \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_OTHER, .other_channel = "Setup", .event_id = (id), .task = 1,    \
        .keywords = OPERATIONAL_KEYWORD, .provider = "Microsoft-Windows-Servicing",                \
        .provider_guid = SERVICING_GUID, .qualifiers = -1, .user_data_root = (root),               \
        .user_data_namespace = SETUP_NAMESPACE, .fields = (list)                                   \
    }
#define ENGINE(id, event_task)                                                                     \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_OTHER, .other_channel = "Windows PowerShell", .event_id = (id),  \
        .level = 4, .task = (event_task), .keywords = CLASSIC, .provider = "PowerShell",           \
        .fields = strings                                                                          \
    }
#define TASK(id, event_version, event_opcode, data_name, list)                                     \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_OTHER,                                                           \
        .other_channel = "Microsoft-Windows-TaskScheduler/Operational", .event_id = (id),          \
        .version = (event_version), .level = 4, .task = (id), .opcode = (event_opcode),            \
        .keywords = OPERATIONAL_KEYWORD, .provider = "Microsoft-Windows-TaskScheduler",            \
        .provider_guid = TASKS_GUID, .qualifiers = -1, .event_data_name = (data_name),             \
        .fields = (list)                                                                           \
    }
#define DEFENDER(id, event_level, list)                                                            \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_OTHER,                                                           \
        .other_channel = "Microsoft-Windows-Windows Defender/Operational", .event_id = (id),       \
        .level = (event_level), .keywords = OPERATIONAL_KEYWORD,                                   \
        .provider = "Microsoft-Windows-Windows Defender", .provider_guid = DEFENDER_GUID,          \
        .qualifiers = -1, .fields = (list)                                                         \
    }
#define EXCHANGE(id, event_level, severity)                                                        \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_OTHER, .other_channel = "MSExchange Management",                 \
        .event_id = (id), .level = (event_level), .task = 1, .keywords = CLASSIC,                  \
        .provider = "MSExchange CmdletLogs", .qualifiers = (severity), .fields = strings           \
    }

static const struct iw_lab_kind kinds[] = {
    SERVICES(7036, system_7036, 70),
    SERVICES(7040, system_7040, 15),
    SERVICES(7045, system_7045, 5),
    {.channel = IW_LAB_CHANNEL_SYSTEM,
     .event_id = 5186,
     .level = 4,
     .keywords = SYSTEM_KEYWORD,
     .provider = "Microsoft-Windows-WAS",
     .provider_guid = WAS_GUID,
     .event_source = "WAS",
     .qualifiers = INFORMATION,
     .fields = system_5186,
     .weight = 10},
    {.channel = IW_LAB_CHANNEL_SYSTEM,
     .event_id = 104,
     .level = 4,
     .task = 104,
     .keywords = OPERATIONAL_KEYWORD,
     .provider = "Microsoft-Windows-Eventlog",
     .provider_guid = EVENTLOG_GUID,
     .qualifiers = -1,
     .user_data_root = "LogFileCleared",
     .user_data_namespace = EVENTLOG_NAMESPACE,
     .fields = system_104},
    WAS(5002, 2, ERROR, was_pool),
    WAS(5009, 3, WARNING, was_terminated),
    WAS(5011, 3, WARNING, was_communication),
    WAS(5074, 4, INFORMATION, system_5186),
    WAS(5079, 4, INFORMATION, was_recycled),
    WAS(5080, 4, INFORMATION, was_recycled),
    EVENTLOG(6005),
    EVENTLOG(6006),
    CORPUS_EVENT("MsiInstaller", 1033, 4, application_1033, 30),
    CORPUS_EVENT("Application Error", 1000, 2, application_1000, 30),
    CORPUS_EVENT("Windows Error Reporting", 1001, 4, application_1001, 30),
    WORKER(2280, application_2280, 10),
    WORKER(2282, worker_2282, 0),
    WORKER(2293, worker_2293, 0),
    WORKER(2295, application_2280, 0),
    WORKER(2296, worker_2296, 0),
    WORKER(2214, worker_2214, 0),
    WORKER(2220, worker_2220, 0),
    INSTALLER(1040),
    INSTALLER(1042),
    INSTALLER(11707),
    INSTALLER(11724),
    ASP_NET(1309, 3, WARNING),
    ASP_NET(1316, 4, INFORMATION),
    SCRIPTING(4103, 4, 106, powershell_4103, 40),
    SCRIPTING(4104, 5, 2, powershell_4104, 60),
    CONFIGURATION(14, 4, iis_14),
    CONFIGURATION(29, 5, iis_29),
    CONFIGURATION(30, 2, iis_30),
    CONFIGURATION(50, 4, iis_50),
    SERVICING(1, "CbsPackageInitiateChanges", servicing_initiate),
    SERVICING(2, "CbsPackageChangeState", servicing_package),
    SERVICING(4, "CbsPackageChangeState", servicing_package),
    SERVICING(9, "CbsUpdateChangeState", servicing_update),
    ENGINE(400, 4),
    ENGINE(403, 4),
    ENGINE(600, 6),
    ENGINE(800, 8),
    TASK(106, 0, 0, "TaskRegisteredEvent", task_106),
    TASK(129, 0, 0, "CreatedTaskProcess", task_129),
    TASK(140, 0, 0, "TaskUpdated", task_140),
    TASK(141, 0, 0, "TaskDeleted", task_140),
    TASK(200, 1, 1, "ActionStart", task_200),
    TASK(201, 2, 2, "ActionSuccess", task_201),
    DEFENDER(1116, 3, defender_1116),
    DEFENDER(1117, 4, defender_1116),
    DEFENDER(5007, 4, defender_5007),
    EXCHANGE(1, 4, INFORMATION),
    EXCHANGE(6, 2, ERROR),
    {.channel = IW_LAB_CHANNEL_OTHER,
     .other_channel = "Microsoft-Windows-WMI-Activity/Operational",
     .event_id = 5861,
     .keywords = 0x4000000000000000ULL,
     .provider = "Microsoft-Windows-WMI-Activity",
     .provider_guid = WMI_GUID,
     .qualifiers = -1,
     .user_data_root = "Operation_ESStoConsumerBinding",
     .user_data_namespace = WMI_NAMESPACE,
     .fields = wmi_5861},
};

const struct iw_lab_kind_family iw_lab_kinds_other = {kinds, N_OF(kinds)};
