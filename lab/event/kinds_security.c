/*
 * Kinds of events of the Security log (see lab_catalogue.h).
 *
 * Format: "Windows security audit events" as Microsoft documents them; order of fields as real logs
 * have it. What it ignores: other versions of the same events; failures (a caller who needs the
 * keyword of a failed audit copies the kind and sets it).
 */
#include "lab/event/lab_kinds.h"

#define AUDIT_GUID "{54849625-5478-4994-A5BA-3E3B0328C30D}"

#define TARGET                                                                                     \
    SID("TargetUserSid"), STR("TargetUserName", USER), STR("TargetDomainName", DOMAIN),            \
        LOGON_ID("TargetLogonId")
#define CREATOR PID_POINTER("ProcessId"), STR("ProcessName", IMAGE)
#define AUDITED_OBJECT                                                                             \
    SUBJECT, CONSTANT("ObjectServer", "Security"), CONSTANT("ObjectType", "File"),                 \
        STR("ObjectName", FILE), NUM("HandleId", SIZE, 0x4000)
#define FILETIME(name)                                                                             \
    {                                                                                              \
        name, IW_LAB_TYPE_FILETIME, IW_LAB_RECIPE_NUMBER, NULL, 0                                  \
    }

static const struct iw_lab_kind_field security_1102[] = {SUBJECT, END};

static const struct iw_lab_kind_field security_4616[] = {SUBJECT, FILETIME("PreviousTime"),
                                                         FILETIME("NewTime"), CREATOR, END};

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

static const struct iw_lab_kind_field security_4647[] = {TARGET, END};

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

static const struct iw_lab_kind_field security_4656[] = {AUDITED_OBJECT,
                                                         NO_GUID("TransactionId"),
                                                         TEXT("AccessList"),
                                                         TEXT("AccessReason"),
                                                         NUM("AccessMask", HEX32, 0x120),
                                                         TEXT("PrivilegeList"),
                                                         NUM("RestrictedSidCount", U32, 1),
                                                         CREATOR,
                                                         TEXT("ResourceAttributes"),
                                                         END};

static const struct iw_lab_kind_field security_4657[] = {SUBJECT,
                                                         STR("ObjectName", REGISTRY),
                                                         TEXT("ObjectValueName"),
                                                         NUM("HandleId", SIZE, 0x4000),
                                                         TEXT("OperationType"),
                                                         TEXT("OldValueType"),
                                                         TEXT("OldValue"),
                                                         TEXT("NewValueType"),
                                                         TEXT("NewValue"),
                                                         CREATOR,
                                                         END};

static const struct iw_lab_kind_field security_4660[] = {SUBJECT,
                                                         CONSTANT("ObjectServer", "Security"),
                                                         NUM("HandleId", SIZE, 0x4000),
                                                         CREATOR,
                                                         NO_GUID("TransactionId"),
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

static const struct iw_lab_kind_field security_4670[] = {AUDITED_OBJECT, TEXT("OldSd"),
                                                         TEXT("NewSd"), CREATOR, END};

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

static const struct iw_lab_kind_field security_4697[] = {SUBJECT,
                                                         TEXT("ServiceName"),
                                                         STR("ServiceFileName", IMAGE),
                                                         NUM("ServiceType", HEX32, 0x20),
                                                         NUM("ServiceStartType", U32, 5),
                                                         TEXT("ServiceAccount"),
                                                         END};

static const struct iw_lab_kind_field security_4698[] = {SUBJECT, TEXT("TaskName"),
                                                         TEXT("TaskContent"), END};

static const struct iw_lab_kind_field security_4702[] = {SUBJECT, TEXT("TaskName"),
                                                         TEXT("TaskContentNew"), END};

static const struct iw_lab_kind_field security_4719[] = {SUBJECT,
                                                         TEXT("CategoryId"),
                                                         TEXT("SubcategoryId"),
                                                         GUID("SubcategoryGuid"),
                                                         TEXT("AuditPolicyChanges"),
                                                         END};

static const struct iw_lab_kind_field security_5145[] = {SUBJECT,
                                                         CONSTANT("ObjectType", "File"),
                                                         STR("IpAddress", IP),
                                                         TEXT("IpPort"),
                                                         TEXT("ShareName"),
                                                         TEXT("ShareLocalPath"),
                                                         STR("RelativeTargetName", FILE),
                                                         NUM("AccessMask", HEX32, 0x120),
                                                         TEXT("AccessList"),
                                                         TEXT("AccessReason"),
                                                         END};

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

#define AUDIT(id, event_version, event_task, list, often)                                          \
    {                                                                                              \
        .channel = IW_LAB_CHANNEL_SECURITY, .event_id = (id), .version = (event_version),          \
        .task = (event_task), .keywords = AUDIT_SUCCESS,                                           \
        .provider = "Microsoft-Windows-Security-Auditing", .provider_guid = AUDIT_GUID,            \
        .qualifiers = -1, .fields = (list), .weight = (often)                                      \
    }

/* 4907, the change of a SACL, has the fields of 4670, the change of a DACL. */
static const struct iw_lab_kind kinds[] = {
    AUDIT(4616, 1, 12288, security_4616, 0),
    AUDIT(4624, 2, 12544, security_4624, 26),
    AUDIT(4625, 0, 12544, security_4625, 2),
    AUDIT(4634, 0, 12545, security_4634, 8),
    AUDIT(4647, 0, 12545, security_4647, 0),
    AUDIT(4648, 0, 12544, security_4648, 3),
    AUDIT(4656, 1, 12800, security_4656, 0),
    AUDIT(4657, 0, 12801, security_4657, 0),
    AUDIT(4660, 0, 12800, security_4660, 0),
    AUDIT(4663, 1, 12800, security_4663, 5),
    AUDIT(4670, 0, 13570, security_4670, 0),
    AUDIT(4672, 0, 12548, security_4672, 15),
    AUDIT(4688, 2, 13312, security_4688, 20),
    AUDIT(4689, 0, 13313, security_4689, 5),
    AUDIT(4697, 0, 12289, security_4697, 0),
    AUDIT(4698, 0, 12804, security_4698, 0),
    AUDIT(4702, 0, 12804, security_4702, 0),
    AUDIT(4719, 0, 13568, security_4719, 0),
    AUDIT(4907, 0, 13568, security_4670, 0),
    AUDIT(5145, 0, 12811, security_5145, 0),
    AUDIT(5156, 1, 12810, security_5156, 15),
    {.channel = IW_LAB_CHANNEL_SECURITY,
     .event_id = 1102,
     .level = 4,
     .task = 104,
     .keywords = 0x4020000000000000ULL,
     .provider = "Microsoft-Windows-Eventlog",
     .provider_guid = EVENTLOG_GUID,
     .qualifiers = -1,
     .user_data_root = "LogFileCleared",
     .user_data_namespace = EVENTLOG_NAMESPACE,
     .fields = security_1102},
};

const struct iw_lab_kind_family iw_lab_kinds_security = {kinds, N_OF(kinds)};
