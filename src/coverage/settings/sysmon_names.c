/*
 * Names of Sysmon's schema: event types, fields, options.
 *
 * Sources: Microsoft, "Sysmon" (Sysinternals): events 3 and 7 are disabled by default; the schemas
 * that `sysmon -s` prints (4.2 and 4.81, attribute ruledefault; without one an event is off). The
 * two differ for files, streams and the registry: 4.2 includes them, later ones do not.
 */
#include "coverage/settings/sysmon_names.h"

static const struct {
    const char *name;
    enum iw_sysmon_share otherwise;
} TYPES[IW_SYSMON_TYPE_COUNT] = {
    [IW_SYSMON_PROCESS_CREATE] = {"ProcessCreate", IW_SYSMON_ALL},
    [IW_SYSMON_FILE_CREATE_TIME] = {"FileCreateTime", IW_SYSMON_ALL},
    [IW_SYSMON_NETWORK_CONNECT] = {"NetworkConnect", IW_SYSMON_NONE},
    [IW_SYSMON_PROCESS_TERMINATE] = {"ProcessTerminate", IW_SYSMON_ALL},
    [IW_SYSMON_DRIVER_LOAD] = {"DriverLoad", IW_SYSMON_ALL},
    [IW_SYSMON_IMAGE_LOAD] = {"ImageLoad", IW_SYSMON_NONE},
    [IW_SYSMON_CREATE_REMOTE_THREAD] = {"CreateRemoteThread", IW_SYSMON_SOME},
    [IW_SYSMON_RAW_ACCESS_READ] = {"RawAccessRead", IW_SYSMON_SOME},
    [IW_SYSMON_PROCESS_ACCESS] = {"ProcessAccess", IW_SYSMON_NONE},
    [IW_SYSMON_FILE_CREATE] = {"FileCreate", IW_SYSMON_SOME},
    [IW_SYSMON_REGISTRY_EVENT] = {"RegistryEvent", IW_SYSMON_SOME},
    [IW_SYSMON_FILE_CREATE_STREAM_HASH] = {"FileCreateStreamHash", IW_SYSMON_SOME},
    [IW_SYSMON_PIPE_EVENT] = {"PipeEvent", IW_SYSMON_NONE},
    [IW_SYSMON_WMI_EVENT] = {"WmiEvent", IW_SYSMON_SOME},
    [IW_SYSMON_DNS_QUERY] = {"DnsQuery", IW_SYSMON_SOME},
    [IW_SYSMON_FILE_DELETE] = {"FileDelete", IW_SYSMON_SOME},
    [IW_SYSMON_CLIPBOARD_CHANGE] = {"ClipboardChange", IW_SYSMON_SOME},
    [IW_SYSMON_PROCESS_TAMPERING] = {"ProcessTampering", IW_SYSMON_SOME},
    [IW_SYSMON_FILE_DELETE_DETECTED] = {"FileDeleteDetected", IW_SYSMON_SOME},
    [IW_SYSMON_FILE_BLOCK_EXECUTABLE] = {"FileBlockExecutable", IW_SYSMON_SOME},
    [IW_SYSMON_FILE_BLOCK_SHREDDING] = {"FileBlockShredding", IW_SYSMON_SOME},
    [IW_SYSMON_FILE_EXECUTABLE_DETECTED] = {"FileExecutableDetected", IW_SYSMON_SOME},
};

/* Fields whose values the questions know, then all others there are. */
static const struct {
    const char *name;
    enum iw_sysmon_field field;
} FIELDS[] = {
    {"Image", IW_SYSMON_FIELD_IMAGE},
    {"TargetFilename", IW_SYSMON_FIELD_TARGET_FILENAME},
    {"ImageLoaded", IW_SYSMON_FIELD_IMAGE_LOADED},
    {"ParentImage", IW_SYSMON_FIELD_PARENT_IMAGE},
    {"OriginalFileName", IW_SYSMON_FIELD_ORIGINAL_FILE_NAME},
    {"CommandLine", IW_SYSMON_FIELD_COMMAND_LINE},
    {"ParentCommandLine", IW_SYSMON_FIELD_PARENT_COMMAND_LINE},
    {"IntegrityLevel", IW_SYSMON_FIELD_INTEGRITY_LEVEL},
};

static const char *const OTHER_FIELDS[] = {
    "RuleName",
    "UtcTime",
    "ProcessGuid",
    "ProcessId",
    "FileVersion",
    "Description",
    "Product",
    "Company",
    "CurrentDirectory",
    "User",
    "LogonGuid",
    "LogonId",
    "TerminalSessionId",
    "Hashes",
    "ParentProcessGuid",
    "ParentProcessId",
    "ParentUser",
    "CreationUtcTime",
    "PreviousCreationUtcTime",
    "Protocol",
    "Initiated",
    "SourceIsIpv6",
    "SourceIp",
    "SourceHostname",
    "SourcePort",
    "SourcePortName",
    "DestinationIsIpv6",
    "DestinationIp",
    "DestinationHostname",
    "DestinationPort",
    "DestinationPortName",
    "Signed",
    "Signature",
    "SignatureStatus",
    "SourceProcessGuid",
    "SourceProcessId",
    "SourceImage",
    "SourceThreadId",
    "SourceUser",
    "TargetProcessGuid",
    "TargetProcessId",
    "TargetImage",
    "TargetUser",
    "NewThreadId",
    "StartAddress",
    "StartModule",
    "StartFunction",
    "Device",
    "GrantedAccess",
    "CallTrace",
    "EventType",
    "TargetObject",
    "Details",
    "NewName",
    "Hash",
    "Contents",
    "PipeName",
    "Operation",
    "EventNamespace",
    "Name",
    "Query",
    "Type",
    "Destination",
    "Consumer",
    "Filter",
    "QueryName",
    "QueryStatus",
    "QueryResults",
    "IsExecutable",
    "Archived",
    "Session",
    "ClientInfo",
};

/* Elements beside <EventFiltering>; they decide nothing about which events are logged. */
static const char *const OPTIONS[] = {
    "HashAlgorithms",        "CheckRevocation", "DnsLookup",        "ArchiveDirectory",
    "CaptureClipboard",      "CopyOnDeletePE",  "CopyOnDeleteSIDs", "CopyOnDeleteExtensions",
    "CopyOnDeleteProcesses", "DriverName",      "FieldSizes",       "PipeMonitoring",
};

const char *iw_sysmon_type_name(enum iw_sysmon_type type)
{
    return TYPES[type].name;
}

enum iw_sysmon_share iw_sysmon_type_default(enum iw_sysmon_type type)
{
    return TYPES[type].otherwise;
}

bool iw_sysmon_type_parse(struct iw_str name, enum iw_sysmon_type *ret)
{
    for (unsigned i = 0; i < IW_SYSMON_TYPE_COUNT; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(TYPES[i].name))) {
            *ret = (enum iw_sysmon_type)i;
            return true;
        }
    }
    return false;
}

static bool is_among(struct iw_str name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(names[i])))
            return true;
    }
    return false;
}

bool iw_sysmon_field_parse(struct iw_str name, enum iw_sysmon_field *ret)
{
    *ret = IW_SYSMON_FIELD_OTHER;
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(FIELDS[i].name))) {
            *ret = FIELDS[i].field;
            return true;
        }
    }
    return is_among(name, OTHER_FIELDS, sizeof OTHER_FIELDS / sizeof OTHER_FIELDS[0]);
}

bool iw_sysmon_is_option(struct iw_str name)
{
    return is_among(name, OPTIONS, sizeof OPTIONS / sizeof OPTIONS[0]);
}
