/*
 * The kinds of events (see lab_catalogue.h): one list of fields for each kind, one row for each
 * kind.
 *
 * Format: event manifests as public documentation and real logs show them; field order is that of
 * the disk. What it ignores: older versions of the same events, and everything Windows can log that
 * neither demo nor corpus needs.
 */
#include "lab/lab_catalogue.h"

#define SYSMON_GUID "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"
#define AUDIT_GUID "{54849625-5478-4994-A5BA-3E3B0328C30D}"
#define SCM_GUID "{555908D1-A6D7-4695-8E1E-26931D2012F4}"
#define POWERSHELL_GUID "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}"
#define IIS_GUID "{DC0B8E51-4863-407A-BC3C-1B479B2978AC}"
#define EVENTLOG_GUID "{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}"
#define AUDIT_SUCCESS 0x8020000000000000ULL
#define CLASSIC 0x80000000000000ULL
#define SYSTEM_KEYWORD 0x8080000000000000ULL

#define STR(name, recipe)                                                                          \
    {                                                                                              \
        name, IW_LAB_TYPE_STRING, IW_LAB_RECIPE_##recipe, NULL, 0                                  \
    }
#define CONSTANT(name, text)                                                                       \
    {                                                                                              \
        name, IW_LAB_TYPE_STRING, IW_LAB_RECIPE_CONSTANT, text, 0                                  \
    }
#define CHOICE(name, texts)                                                                        \
    {                                                                                              \
        name, IW_LAB_TYPE_STRING, IW_LAB_RECIPE_CHOICE, texts, 0                                   \
    }
#define NUM(name, type, below)                                                                     \
    {                                                                                              \
        name, IW_LAB_TYPE_##type, IW_LAB_RECIPE_NUMBER, NULL, below                                \
    }
#define PID(name)                                                                                  \
    {                                                                                              \
        name, IW_LAB_TYPE_U32, IW_LAB_RECIPE_PROCESS_ID, NULL, 0                                   \
    }
#define PID_POINTER(name)                                                                          \
    {                                                                                              \
        name, IW_LAB_TYPE_SIZE, IW_LAB_RECIPE_PROCESS_ID, NULL, 0                                  \
    }
#define GUID(name)                                                                                 \
    {                                                                                              \
        name, IW_LAB_TYPE_GUID, IW_LAB_RECIPE_GUID, NULL, 0                                        \
    }
#define NO_GUID(name)                                                                              \
    {                                                                                              \
        name, IW_LAB_TYPE_GUID, IW_LAB_RECIPE_ZERO_GUID, NULL, 0                                   \
    }
#define LOGON_ID(name)                                                                             \
    {                                                                                              \
        name, IW_LAB_TYPE_HEX64, IW_LAB_RECIPE_LOGON_ID, NULL, 0                                   \
    }
#define SID(name)                                                                                  \
    {                                                                                              \
        name, IW_LAB_TYPE_SID, IW_LAB_RECIPE_SID, NULL, 0                                          \
    }
#define UNNAMED(n_items)                                                                           \
    {                                                                                              \
        NULL, IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY, IW_LAB_RECIPE_UNNAMED, NULL, n_items         \
    }
#define BINARY                                                                                     \
    {                                                                                              \
        "Binary", IW_LAB_TYPE_BINARY, IW_LAB_RECIPE_BINARY, NULL, 8                                \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, IW_LAB_TYPE_NULL, IW_LAB_RECIPE_CONSTANT, NULL, 0                                    \
    }

#define SYSMON_HEAD                                                                                \
    CONSTANT("RuleName", "-"), STR("UtcTime", UTC_TIME), GUID("ProcessGuid"), PID("ProcessId"),    \
        STR("Image", IMAGE)
#define SUBJECT                                                                                    \
    SID("SubjectUserSid"), STR("SubjectUserName", USER), STR("SubjectDomainName", DOMAIN),         \
        LOGON_ID("SubjectLogonId")
#define TARGET                                                                                     \
    SID("TargetUserSid"), STR("TargetUserName", USER), STR("TargetDomainName", DOMAIN),            \
        LOGON_ID("TargetLogonId")
#define FILE_FACTS                                                                                 \
    CHOICE("FileVersion", "10.0.20348.1 (WinBuild.160101.0800)|10.0.20348.887|4.8.4161.0|-"),      \
        CHOICE("Description", "Windows Command Processor|Host Process for Windows Services|IIS "   \
                              "Worker Process|-|Windows-Verwaltungsdienst für Server"),            \
        CHOICE("Product", "Microsoft® Windows® Operating System|Internet Information Services|-"), \
        CHOICE("Company", "Microsoft Corporation|-|Example Söhne GmbH"),                           \
        CHOICE("OriginalFileName", "Cmd.Exe|svchost.exe|w3wp.exe|-|PowerShell.EXE")

static const struct iw_lab_kind_field sysmon_1[] = {
    SYSMON_HEAD,
    FILE_FACTS,
    STR("CommandLine", COMMAND_LINE),
    CHOICE("CurrentDirectory",
           "C:\\Windows\\system32\\|C:\\inetpub\\wwwroot\\|c:\\windows\\system32\\inetsrv\\"),
    STR("User", DOMAIN_USER),
    GUID("LogonGuid"),
    LOGON_ID("LogonId"),
    NUM("TerminalSessionId", U32, 4),
    CHOICE("IntegrityLevel", "System|High|Medium"),
    STR("Hashes", HASHES),
    GUID("ParentProcessGuid"),
    PID("ParentProcessId"),
    STR("ParentImage", IMAGE),
    STR("ParentCommandLine", COMMAND_LINE),
    STR("ParentUser", DOMAIN_USER),
    END};

static const struct iw_lab_kind_field sysmon_3[] = {
    SYSMON_HEAD,
    STR("User", DOMAIN_USER),
    CHOICE("Protocol", "tcp|udp"),
    NUM("Initiated", BOOL, 2),
    NUM("SourceIsIpv6", BOOL, 1),
    STR("SourceIp", IP),
    STR("SourceHostname", HOST),
    NUM("SourcePort", U16, 65000),
    CONSTANT("SourcePortName", "-"),
    NUM("DestinationIsIpv6", BOOL, 1),
    STR("DestinationIp", IP),
    STR("DestinationHostname", HOST),
    NUM("DestinationPort", U16, 65000),
    CHOICE("DestinationPortName", "https|http|ldap|-"),
    END};

static const struct iw_lab_kind_field sysmon_5[] = {SYSMON_HEAD, STR("User", DOMAIN_USER), END};

static const struct iw_lab_kind_field sysmon_7[] = {
    SYSMON_HEAD,
    STR("ImageLoaded", DLL),
    FILE_FACTS,
    STR("Hashes", HASHES),
    CHOICE("Signed", "true|true|true|false"),
    CHOICE("Signature", "Microsoft Windows|Microsoft Corporation|-"),
    CHOICE("SignatureStatus", "Valid|Valid|Unavailable"),
    STR("User", DOMAIN_USER),
    END};

static const struct iw_lab_kind_field sysmon_10[] = {
    CONSTANT("RuleName", "-"),      STR("UtcTime", UTC_TIME),
    GUID("SourceProcessGUID"),      PID("SourceProcessId"),
    PID("SourceThreadId"),          STR("SourceImage", IMAGE),
    GUID("TargetProcessGUID"),      PID("TargetProcessId"),
    STR("TargetImage", IMAGE),      NUM("GrantedAccess", HEX32, 0x1FFFFF),
    STR("CallTrace", CALL_TRACE),   STR("SourceUser", DOMAIN_USER),
    STR("TargetUser", DOMAIN_USER), END};

static const struct iw_lab_kind_field sysmon_11[] = {SYSMON_HEAD, STR("TargetFilename", FILE),
                                                     STR("CreationUtcTime", UTC_TIME),
                                                     STR("User", DOMAIN_USER), END};

static const struct iw_lab_kind_field sysmon_13[] = {
    CONSTANT("RuleName", "-"),
    CONSTANT("EventType", "SetValue"),
    STR("UtcTime", UTC_TIME),
    GUID("ProcessGuid"),
    PID("ProcessId"),
    STR("Image", IMAGE),
    STR("TargetObject", REGISTRY),
    CHOICE("Details",
           "DWORD (0x00000001)|DWORD (0x00000004)|Binary Data|C:\\Windows\\system32\\svchost.exe "
           "-k netsvcs|QWORD (0x00000000-0x0000ffff)"),
    STR("User", DOMAIN_USER),
    END};

static const struct iw_lab_kind_field sysmon_22[] = {
    CONSTANT("RuleName", "-"), STR("UtcTime", UTC_TIME),
    GUID("ProcessGuid"),       PID("ProcessId"),
    STR("QueryName", HOST),    CHOICE("QueryStatus", "0|0|0|9003|1460"),
    STR("QueryResults", IP),   STR("Image", IMAGE),
    STR("User", DOMAIN_USER),  END};

static const struct iw_lab_kind_field security_4624[] = {
    SUBJECT,
    TARGET,
    NUM("LogonType", U32, 11),
    CHOICE("LogonProcessName", "Kerberos|NtLmSsp |Advapi  |User32 "),
    CHOICE("AuthenticationPackageName", "Kerberos|NTLM|Negotiate"),
    STR("WorkstationName", HOST),
    GUID("LogonGuid"),
    CONSTANT("TransmittedServices", "-"),
    CHOICE("LmPackageName", "-|NTLM V2"),
    CHOICE("KeyLength", "0|128"),
    PID_POINTER("ProcessId"),
    STR("ProcessName", IMAGE),
    STR("IpAddress", IP),
    CHOICE("IpPort", "49721|50112|61034|-|53771"),
    CHOICE("ImpersonationLevel", "%%1833|%%1832|%%1840"),
    CHOICE("RestrictedAdminMode", "-|%%1843"),
    CONSTANT("TargetOutboundUserName", "-"),
    CONSTANT("TargetOutboundDomainName", "-"),
    CHOICE("VirtualAccount", "%%1843|%%1842"),
    LOGON_ID("TargetLinkedLogonId"),
    CHOICE("ElevatedToken", "%%1842|%%1843"),
    END};

static const struct iw_lab_kind_field security_4625[] = {
    SUBJECT,
    SID("TargetUserSid"),
    STR("TargetUserName", USER),
    STR("TargetDomainName", DOMAIN),
    NUM("Status", HEX32, 0xC000006D),
    CHOICE("FailureReason", "%%2313|%%2304"),
    NUM("SubStatus", HEX32, 0xC0000071),
    NUM("LogonType", U32, 11),
    CHOICE("LogonProcessName", "NtLmSsp |Advapi  "),
    CHOICE("AuthenticationPackageName", "NTLM|Negotiate"),
    STR("WorkstationName", HOST),
    CONSTANT("TransmittedServices", "-"),
    CONSTANT("LmPackageName", "-"),
    NUM("KeyLength", U32, 1),
    PID_POINTER("ProcessId"),
    STR("ProcessName", IMAGE),
    STR("IpAddress", IP),
    CHOICE("IpPort", "49721|50112|61034|0"),
    END};

static const struct iw_lab_kind_field security_4634[] = {TARGET, NUM("LogonType", U32, 11), END};

static const struct iw_lab_kind_field security_4648[] = {SUBJECT,
                                                         GUID("LogonGuid"),
                                                         STR("TargetUserName", USER),
                                                         STR("TargetDomainName", DOMAIN),
                                                         GUID("TargetLogonGuid"),
                                                         STR("TargetServerName", HOST),
                                                         STR("TargetInfo", HOST),
                                                         PID_POINTER("ProcessId"),
                                                         STR("ProcessName", IMAGE),
                                                         STR("IpAddress", IP),
                                                         CHOICE("IpPort", "0|-|50231"),
                                                         END};

static const struct iw_lab_kind_field security_4663[] = {
    SUBJECT,
    CONSTANT("ObjectServer", "Security"),
    CONSTANT("ObjectType", "File"),
    STR("ObjectName", FILE),
    NUM("HandleId", SIZE, 0x4000),
    CHOICE("AccessList", "%%4417\r\n\t\t\t\t|%%4416\r\n\t\t\t\t|%%1537\r\n\t\t\t\t"),
    NUM("AccessMask", HEX32, 0x120),
    PID_POINTER("ProcessId"),
    STR("ProcessName", IMAGE),
    CONSTANT("ResourceAttributes", "S:AI"),
    END};

static const struct iw_lab_kind_field security_4672[] = {
    SUBJECT,
    CHOICE("PrivilegeList",
           "SeSecurityPrivilege\r\n\t\t\tSeBackupPrivilege\r\n\t\t\tSeRestorePrivilege\r\n\t\t\tSeT"
           "akeOwnershipPrivilege\r\n\t\t\tSeDebugPrivilege\r\n\t\t\tSeSystemEnvironmentPrivilege\r"
           "\n\t\t\tSeLoadDriverPrivilege\r\n\t\t\tSeImpersonatePrivilege|"
           "SeAssignPrimaryTokenPrivilege\r\n\t\t\tSeTcbPrivilege\r\n\t\t\tSeImpersonatePrivilege"),
    END};

static const struct iw_lab_kind_field security_4688[] = {
    SUBJECT,
    PID_POINTER("NewProcessId"),
    STR("NewProcessName", IMAGE),
    CHOICE("TokenElevationType", "%%1936|%%1937|%%1938"),
    PID_POINTER("ProcessId"),
    STR("CommandLine", COMMAND_LINE),
    TARGET,
    STR("ParentProcessName", IMAGE),
    CHOICE("MandatoryLabel", "S-1-16-16384|S-1-16-12288|S-1-16-8192"),
    END};

static const struct iw_lab_kind_field security_4689[] = {
    SUBJECT, NUM("Status", HEX32, 2), PID_POINTER("ProcessId"), STR("ProcessName", IMAGE), END};

static const struct iw_lab_kind_field security_5156[] = {
    {"ProcessID", IW_LAB_TYPE_U64, IW_LAB_RECIPE_PROCESS_ID, NULL, 0},
    STR("Application", IMAGE),
    CHOICE("Direction", "%%14592|%%14593"),
    STR("SourceAddress", IP),
    CHOICE("SourcePort", "443|80|49801|50422|53"),
    STR("DestAddress", IP),
    CHOICE("DestPort", "49833|51002|443|389|53"),
    NUM("Protocol", U32, 18),
    NUM("FilterRTID", U64, 90000),
    CHOICE("LayerName", "%%14610|%%14611"),
    NUM("LayerRTID", U64, 50),
    SID("RemoteUserID"),
    SID("RemoteMachineID"),
    END};

static const struct iw_lab_kind_field security_1102[] = {SUBJECT, END};

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

#define SYSMON(id, version, list, weight)                                                          \
    {                                                                                              \
        IW_LAB_CHANNEL_SYSMON, id, version, 4, id, 0x8000000000000000ULL,                          \
            "Microsoft-Windows-Sysmon", SYSMON_GUID, NULL, -1, NULL, list, weight                  \
    }
#define AUDIT(id, version, task, list, weight)                                                     \
    {                                                                                              \
        IW_LAB_CHANNEL_SECURITY, id, version, 0, task, AUDIT_SUCCESS,                              \
            "Microsoft-Windows-Security-Auditing", AUDIT_GUID, NULL, -1, NULL, list, weight        \
    }
#define SERVICES(id, list, weight)                                                                 \
    {                                                                                              \
        IW_LAB_CHANNEL_SYSTEM, id, 0, 4, 0, SYSTEM_KEYWORD, "Service Control Manager", SCM_GUID,   \
            "Service Control Manager", 16384, NULL, list, weight                                   \
    }
#define CLASSIC_EVENT(provider, id, level, list, weight)                                           \
    {                                                                                              \
        IW_LAB_CHANNEL_APPLICATION, id, 0, level, 100, CLASSIC, provider, NULL, NULL, 0, NULL,     \
            list, weight                                                                           \
    }

const struct iw_lab_kind iw_lab_kinds[] = {
    SYSMON(1, 5, sysmon_1, 25),
    SYSMON(3, 5, sysmon_3, 15),
    SYSMON(5, 3, sysmon_5, 0),
    SYSMON(7, 3, sysmon_7, 20),
    SYSMON(10, 3, sysmon_10, 10),
    SYSMON(11, 2, sysmon_11, 15),
    SYSMON(13, 2, sysmon_13, 15),
    SYSMON(22, 5, sysmon_22, 5),
    AUDIT(4624, 2, 12544, security_4624, 26),
    AUDIT(4625, 0, 12544, security_4625, 2),
    AUDIT(4634, 0, 12545, security_4634, 8),
    AUDIT(4648, 0, 12544, security_4648, 3),
    AUDIT(4663, 1, 12800, security_4663, 5),
    AUDIT(4672, 0, 12548, security_4672, 15),
    AUDIT(4688, 2, 13312, security_4688, 20),
    AUDIT(4689, 0, 13313, security_4689, 5),
    AUDIT(5156, 1, 12810, security_5156, 15),
    {IW_LAB_CHANNEL_SECURITY, 1102, 0, 4, 104, 0x4020000000000000ULL, "Microsoft-Windows-Eventlog",
     EVENTLOG_GUID, NULL, -1, "LogFileCleared", security_1102, 0},
    SERVICES(7036, system_7036, 70),
    SERVICES(7040, system_7040, 15),
    SERVICES(7045, system_7045, 5),
    {IW_LAB_CHANNEL_SYSTEM, 5186, 0, 4, 0, SYSTEM_KEYWORD, "Microsoft-Windows-WAS",
     "{524B5D04-133C-4A62-8362-64E8EDB9CE40}", "WAS", 16384, NULL, system_5186, 10},
    CLASSIC_EVENT("MsiInstaller", 1033, 4, application_1033, 30),
    CLASSIC_EVENT("Application Error", 1000, 2, application_1000, 30),
    CLASSIC_EVENT("Windows Error Reporting", 1001, 4, application_1001, 30),
    {IW_LAB_CHANNEL_APPLICATION, 2280, 0, 2, 0, CLASSIC, "Microsoft-Windows-IIS-W3SVC-WP",
     "{670080D9-742A-4187-8D16-41143D1290BD}", "W3SVC-WP", 49152, NULL, application_2280, 10},
    {IW_LAB_CHANNEL_POWERSHELL, 4103, 1, 4, 106, 0, "Microsoft-Windows-PowerShell", POWERSHELL_GUID,
     NULL, -1, NULL, powershell_4103, 40},
    {IW_LAB_CHANNEL_POWERSHELL, 4104, 1, 5, 2, 0, "Microsoft-Windows-PowerShell", POWERSHELL_GUID,
     NULL, -1, NULL, powershell_4104, 60},
    {IW_LAB_CHANNEL_IIS_CONFIGURATION, 29, 0, 5, 0, 0x4000000000000000ULL,
     "Microsoft-Windows-IIS-Configuration", IIS_GUID, NULL, -1, NULL, iis_29, 0},
    {IW_LAB_CHANNEL_IIS_CONFIGURATION, 50, 0, 4, 0, 0x4000000000000000ULL,
     "Microsoft-Windows-IIS-Configuration", IIS_GUID, NULL, -1, NULL, iis_50, 0},
};

const size_t iw_lab_n_kinds = sizeof iw_lab_kinds / sizeof iw_lab_kinds[0];

static const struct {
    const char *name;
    const char *file;
} channels[IW_LAB_N_CHANNELS] = {
    [IW_LAB_CHANNEL_SECURITY] = {"Security", "Security"},
    [IW_LAB_CHANNEL_SYSMON] = {"Microsoft-Windows-Sysmon/Operational",
                               "Microsoft-Windows-Sysmon%4Operational"},
    [IW_LAB_CHANNEL_SYSTEM] = {"System", "System"},
    [IW_LAB_CHANNEL_APPLICATION] = {"Application", "Application"},
    [IW_LAB_CHANNEL_POWERSHELL] = {"Microsoft-Windows-PowerShell/Operational",
                                   "Microsoft-Windows-PowerShell%4Operational"},
    [IW_LAB_CHANNEL_IIS_CONFIGURATION] = {"Microsoft-IIS-Configuration/Operational",
                                          "Microsoft-IIS-Configuration%4Operational"},
};

const char *iw_lab_channel_name(enum iw_lab_channel channel)
{
    return channels[channel].name;
}

const char *iw_lab_channel_file(enum iw_lab_channel channel)
{
    return channels[channel].file;
}

const struct iw_lab_kind *iw_lab_kind_find(enum iw_lab_channel channel, uint16_t event_id)
{
    for (size_t i = 0; i < iw_lab_n_kinds; i++) {
        if (iw_lab_kinds[i].channel == channel && iw_lab_kinds[i].event_id == event_id) {
            return &iw_lab_kinds[i];
        }
    }
    return NULL;
}

size_t iw_lab_kind_define(const struct iw_lab_kind *kind, const char *computer,
                          struct iw_lab_evtx *file, size_t *n_fields)
{
    struct iw_lab_field fields[IW_LAB_KIND_MAX_FIELDS] = {{.element = NULL}};
    size_t n = 0;
    for (; kind->fields[n].type != IW_LAB_TYPE_NULL && n < IW_LAB_KIND_MAX_FIELDS; n++) {
        bool binary = kind->fields[n].type == IW_LAB_TYPE_BINARY;
        bool element = binary || kind->user_data_root != NULL;
        fields[n].element = element ? kind->fields[n].name : NULL;
        fields[n].name = element ? NULL : kind->fields[n].name;
        fields[n].type = kind->fields[n].type;
    }
    struct iw_lab_schema schema = {
        .provider = kind->provider,
        .provider_guid = kind->provider_guid,
        .event_source = kind->event_source,
        .channel = iw_lab_channel_name(kind->channel),
        .computer = computer,
        .event_id = kind->event_id,
        .qualifiers = kind->qualifiers,
        .version = kind->version,
        .level = kind->level,
        .task = kind->task,
        .keywords = kind->keywords,
        .payload =
            kind->user_data_root != NULL ? IW_LAB_PAYLOAD_USER_DATA : IW_LAB_PAYLOAD_EVENT_DATA,
        .payload_root = kind->user_data_root,
        .payload_namespace = "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
        .fields = fields,
        .n_fields = n,
    };
    if (n_fields != NULL) {
        *n_fields = n;
    }
    return iw_lab_evtx_define(file, &schema);
}
