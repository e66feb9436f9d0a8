/*
 * Kinds of events of Sysmon (see lab_catalogue.h).
 *
 * Format: event schema of Sysmon 13.30 and later (with User, ParentUser); versions and order of
 * fields as real logs have them. What it ignores: 6, 9, 24, 27 and 28, which no story needs.
 */
#include "lab/event/lab_kinds.h"

#define SYSMON_GUID "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"

#define SYSMON_HEAD                                                                                \
    CONSTANT("RuleName", "-"), STR("UtcTime", UTC_TIME), GUID("ProcessGuid"), PID("ProcessId"),    \
        STR("Image", IMAGE)
#define FILE_FACTS                                                                                 \
    CHOICE("FileVersion", "10.0.20348.1 (WinBuild.160101.0800)|10.0.20348.887|4.8.4161.0|-"),      \
        CHOICE("Description", "Windows Command Processor|Host Process for Windows Services|IIS "   \
                              "Worker Process|-|Windows-Verwaltungsdienst für Server"),            \
        CHOICE("Product", "Microsoft® Windows® Operating System|Internet Information Services|-"), \
        CHOICE("Company", "Microsoft Corporation|-|Example Söhne GmbH"),                           \
        CHOICE("OriginalFileName", "Cmd.Exe|svchost.exe|w3wp.exe|-|PowerShell.EXE")
#define USER_FIELD STR("User", DOMAIN_USER)
#define REGISTRY_HEAD                                                                              \
    CONSTANT("RuleName", "-"), TEXT("EventType"), STR("UtcTime", UTC_TIME), GUID("ProcessGuid"),   \
        PID("ProcessId"), STR("Image", IMAGE), STR("TargetObject", REGISTRY)
#define WMI_HEAD                                                                                   \
    CONSTANT("RuleName", "-"), TEXT("EventType"), STR("UtcTime", UTC_TIME), TEXT("Operation"),     \
        STR("User", DOMAIN_USER)
#define DELETED_HEAD                                                                               \
    CONSTANT("RuleName", "-"), STR("UtcTime", UTC_TIME), GUID("ProcessGuid"), PID("ProcessId"),    \
        STR("User", DOMAIN_USER), STR("Image", IMAGE), STR("TargetFilename", FILE),                \
        STR("Hashes", HASHES)

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

static const struct iw_lab_kind_field sysmon_2[] = {SYSMON_HEAD,
                                                    STR("TargetFilename", FILE),
                                                    STR("CreationUtcTime", UTC_TIME),
                                                    STR("PreviousCreationUtcTime", UTC_TIME),
                                                    USER_FIELD,
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

static const struct iw_lab_kind_field sysmon_4[] = {STR("UtcTime", UTC_TIME), TEXT("State"),
                                                    TEXT("Version"), TEXT("SchemaVersion"), END};

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

static const struct iw_lab_kind_field sysmon_8[] = {CONSTANT("RuleName", "-"),
                                                    STR("UtcTime", UTC_TIME),
                                                    GUID("SourceProcessGuid"),
                                                    PID("SourceProcessId"),
                                                    STR("SourceImage", IMAGE),
                                                    GUID("TargetProcessGuid"),
                                                    PID("TargetProcessId"),
                                                    STR("TargetImage", IMAGE),
                                                    PID("NewThreadId"),
                                                    TEXT("StartAddress"),
                                                    TEXT("StartModule"),
                                                    TEXT("StartFunction"),
                                                    STR("SourceUser", DOMAIN_USER),
                                                    STR("TargetUser", DOMAIN_USER),
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

static const struct iw_lab_kind_field sysmon_12[] = {REGISTRY_HEAD, USER_FIELD, END};

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

static const struct iw_lab_kind_field sysmon_14[] = {REGISTRY_HEAD, STR("NewName", REGISTRY),
                                                     USER_FIELD, END};

static const struct iw_lab_kind_field sysmon_15[] = {SYSMON_HEAD,
                                                     STR("TargetFilename", FILE),
                                                     STR("CreationUtcTime", UTC_TIME),
                                                     STR("Hash", HASHES),
                                                     TEXT("Contents"),
                                                     USER_FIELD,
                                                     END};

static const struct iw_lab_kind_field sysmon_16[] = {
    STR("UtcTime", UTC_TIME), TEXT("Configuration"), TEXT("ConfigurationFileHash"), END};

static const struct iw_lab_kind_field sysmon_17[] = {
    CONSTANT("RuleName", "-"), TEXT("EventType"), STR("UtcTime", UTC_TIME),
    GUID("ProcessGuid"),       PID("ProcessId"),  TEXT("PipeName"),
    STR("Image", IMAGE),       USER_FIELD,        END};

static const struct iw_lab_kind_field sysmon_19[] = {WMI_HEAD, TEXT("EventNamespace"), TEXT("Name"),
                                                     TEXT("Query"), END};

static const struct iw_lab_kind_field sysmon_20[] = {WMI_HEAD, TEXT("Name"), TEXT("Type"),
                                                     TEXT("Destination"), END};

static const struct iw_lab_kind_field sysmon_21[] = {WMI_HEAD, TEXT("Consumer"), TEXT("Filter"),
                                                     END};

static const struct iw_lab_kind_field sysmon_22[] = {
    CONSTANT("RuleName", "-"), STR("UtcTime", UTC_TIME),
    GUID("ProcessGuid"),       PID("ProcessId"),
    STR("QueryName", HOST),    CHOICE("QueryStatus", "0|0|0|9003|1460"),
    STR("QueryResults", IP),   STR("Image", IMAGE),
    STR("User", DOMAIN_USER),  END};

static const struct iw_lab_kind_field sysmon_23[] = {DELETED_HEAD, NUM("IsExecutable", BOOL, 2),
                                                     TEXT("Archived"), END};

static const struct iw_lab_kind_field sysmon_25[] = {SYSMON_HEAD, TEXT("Type"), USER_FIELD, END};

static const struct iw_lab_kind_field sysmon_26[] = {DELETED_HEAD, NUM("IsExecutable", BOOL, 2),
                                                     END};

static const struct iw_lab_kind_field sysmon_29[] = {DELETED_HEAD, END};

static const struct iw_lab_kind_field sysmon_255[] = {STR("UtcTime", UTC_TIME), TEXT("ID"),
                                                      TEXT("Description"), END};

#define SYSMON(id, event_version, event_level, list, often)                                        \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_SYSMON, .event_id = (id), .version = (event_version),            \
        .level = (event_level), .task = (id), .keywords = OPERATIONAL_KEYWORD,                     \
        .provider = "Microsoft-Windows-Sysmon", .provider_guid = SYSMON_GUID, .qualifiers = -1,    \
        .fields = (list), .weight = (often)                                                        \
    }

static const struct iw_lab_kind kinds[] = {
    SYSMON(1, 5, 4, sysmon_1, 25),    SYSMON(2, 5, 4, sysmon_2, 0),
    SYSMON(3, 5, 4, sysmon_3, 15),    SYSMON(4, 3, 4, sysmon_4, 0),
    SYSMON(5, 3, 4, sysmon_5, 0),     SYSMON(7, 3, 4, sysmon_7, 20),
    SYSMON(8, 2, 4, sysmon_8, 0),     SYSMON(10, 3, 4, sysmon_10, 10),
    SYSMON(11, 2, 4, sysmon_11, 15),  SYSMON(12, 2, 4, sysmon_12, 0),
    SYSMON(13, 2, 4, sysmon_13, 15),  SYSMON(14, 2, 4, sysmon_14, 0),
    SYSMON(15, 2, 4, sysmon_15, 0),   SYSMON(16, 3, 4, sysmon_16, 0),
    SYSMON(17, 1, 4, sysmon_17, 0),   SYSMON(18, 1, 4, sysmon_17, 0),
    SYSMON(19, 3, 4, sysmon_19, 0),   SYSMON(20, 3, 4, sysmon_20, 0),
    SYSMON(21, 3, 4, sysmon_21, 0),   SYSMON(22, 5, 4, sysmon_22, 5),
    SYSMON(23, 5, 4, sysmon_23, 0),   SYSMON(25, 5, 4, sysmon_25, 0),
    SYSMON(26, 5, 4, sysmon_26, 0),   SYSMON(29, 5, 4, sysmon_29, 0),
    SYSMON(255, 3, 2, sysmon_255, 0),
};

const struct iw_lab_kind_family iw_lab_kinds_sysmon = {kinds, N_OF(kinds)};
