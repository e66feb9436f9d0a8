/**
 * Field names, and the small numbers that stand for them.
 *
 * Everything that will be asked of events (canonical fields, fields of rules) is registered before
 * reading begins; then the registry is frozen and shared by all threads without locks. A name met
 * in evidence is looked up once per template: if nobody asked for it, its id is IW_NAME_UNASKED and
 * only its text matters.
 *
 * Two spellings are one name when they are equal but for ASCII letter case and spaces (`Threat
 * Name` = `ThreatName`, `SourceProcessGUID` = `SourceProcessGuid`): Sigma 2.1, field names;
 * Sysmon 10.
 */
#ifndef IW_EVENT_NAME_H
#define IW_EVENT_NAME_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"

/** Id of a name that nobody registered. */
#define IW_NAME_UNASKED 0U

/** Of a name that was not described: it tells nothing. */
#define IW_NAME_WITHOUT_SERIAL 0U

/** One spelling of a field name as an event carries it. */
struct iw_name {
    struct iw_str text;
    uint32_t id;     /* IW_NAME_UNASKED, or the registered id */
    uint32_t hash;   /* of text, for tables that live as long as the process */
    uint64_t serial; /* of this description: names of one serial are of one text, for as long as the
                        process lives, even where a place in memory has held several */
};

/**
 * Canonical fields: those the program itself asks for. Their ids are these constants in every run.
 * The spelling is Sigma's Windows taxonomy (Sysmon's own names); system fields are `Tag` or
 * `Tag_Attribute`.
 */
#define IW_CANONICAL_FIELDS(X)                                                                     \
    X(PROVIDER_NAME, "Provider_Name")                                                              \
    X(EVENT_ID, "EventID")                                                                         \
    X(CHANNEL, "Channel")                                                                          \
    X(COMPUTER, "Computer")                                                                        \
    X(EVENT_RECORD_ID, "EventRecordID")                                                            \
    X(LEVEL, "Level")                                                                              \
    X(KEYWORDS, "Keywords")                                                                        \
    X(TIME_CREATED, "TimeCreated_SystemTime")                                                      \
    X(EXECUTION_PROCESS_ID, "Execution_ProcessID")                                                 \
    X(SECURITY_USER_ID, "Security_UserID")                                                         \
    X(UTC_TIME, "UtcTime")                                                                         \
    X(PROCESS_GUID, "ProcessGuid")                                                                 \
    X(PROCESS_ID, "ProcessId")                                                                     \
    X(IMAGE, "Image")                                                                              \
    X(ORIGINAL_FILE_NAME, "OriginalFileName")                                                      \
    X(COMMAND_LINE, "CommandLine")                                                                 \
    X(CURRENT_DIRECTORY, "CurrentDirectory")                                                       \
    X(USER, "User")                                                                                \
    X(LOGON_ID, "LogonId")                                                                         \
    X(INTEGRITY_LEVEL, "IntegrityLevel")                                                           \
    X(HASHES, "Hashes")                                                                            \
    X(PARENT_PROCESS_GUID, "ParentProcessGuid")                                                    \
    X(PARENT_PROCESS_ID, "ParentProcessId")                                                        \
    X(PARENT_IMAGE, "ParentImage")                                                                 \
    X(PARENT_COMMAND_LINE, "ParentCommandLine")                                                    \
    X(TARGET_FILENAME, "TargetFilename")                                                           \
    X(TARGET_OBJECT, "TargetObject")                                                               \
    X(DETAILS, "Details")                                                                          \
    X(IMAGE_LOADED, "ImageLoaded")                                                                 \
    X(SIGNED, "Signed")                                                                            \
    X(SIGNATURE, "Signature")                                                                      \
    X(SIGNATURE_STATUS, "SignatureStatus")                                                         \
    X(SOURCE_IMAGE, "SourceImage")                                                                 \
    X(TARGET_IMAGE, "TargetImage")                                                                 \
    X(GRANTED_ACCESS, "GrantedAccess")                                                             \
    X(NEW_PROCESS_NAME, "NewProcessName")                                                          \
    X(NEW_PROCESS_ID, "NewProcessId")                                                              \
    X(PARENT_PROCESS_NAME, "ParentProcessName")                                                    \
    X(PROCESS_NAME, "ProcessName")                                                                 \
    X(SUBJECT_USER_SID, "SubjectUserSid")                                                          \
    X(SUBJECT_USER_NAME, "SubjectUserName")                                                        \
    X(SUBJECT_DOMAIN_NAME, "SubjectDomainName")                                                    \
    X(SUBJECT_LOGON_ID, "SubjectLogonId")                                                          \
    X(TARGET_USER_NAME, "TargetUserName")                                                          \
    X(TARGET_DOMAIN_NAME, "TargetDomainName")                                                      \
    X(MANDATORY_LABEL, "MandatoryLabel")                                                           \
    X(OBJECT_NAME, "ObjectName")                                                                   \
    X(ACCESS_MASK, "AccessMask")                                                                   \
    X(PHYSICAL_PATH, "PhysicalPath")                                                               \
    X(CONFIG_PATH, "ConfigPath")                                                                   \
    X(CONFIGURATION, "Configuration")                                                              \
    X(OLD_VALUE, "OldValue")                                                                       \
    X(NEW_VALUE, "NewValue")                                                                       \
    X(SERVICE_NAME, "ServiceName")                                                                 \
    X(IMAGE_PATH, "ImagePath")                                                                     \
    X(SCRIPT_BLOCK_TEXT, "ScriptBlockText")                                                        \
    X(DATA, "Data")                                                                                \
    X(APPLICATION, "Application")                                                                  \
    X(DIRECTION, "Direction")                                                                      \
    X(INITIATED, "Initiated")                                                                      \
    X(PROTOCOL, "Protocol")                                                                        \
    X(SOURCE_IP, "SourceIp")                                                                       \
    X(SOURCE_ADDRESS, "SourceAddress")                                                             \
    X(DESTINATION_IP, "DestinationIp")                                                             \
    X(DEST_ADDRESS, "DestAddress")                                                                 \
    X(DESTINATION_PORT, "DestinationPort")                                                         \
    X(DEST_PORT, "DestPort")                                                                       \
    X(EVENT_TYPE, "EventType")                                                                     \
    X(OPERATION_TYPE, "OperationType")                                                             \
    X(OBJECT_VALUE_NAME, "ObjectValueName")                                                        \
    X(NEW_VALUE_TYPE, "NewValueType")                                                              \
    X(THREAT_NAME, "ThreatName")                                                                   \
    X(PATH, "Path")                                                                                \
    X(FILENAME, "Filename")                                                                        \
    X(HASH, "Hash")                                                                                \
    X(MD5, "md5")                                                                                  \
    X(SHA1, "sha1")                                                                                \
    X(SHA256, "sha256")                                                                            \
    X(IMPHASH, "Imphash")                                                                          \
    X(HOST_APPLICATION, "HostApplication")                                                         \
    X(HOST_NAME, "HostName")                                                                       \
    X(HOST_VERSION, "HostVersion")                                                                 \
    X(HOST_ID, "HostId")                                                                           \
    X(ENGINE_VERSION, "EngineVersion")                                                             \
    X(RUNSPACE_ID, "RunspaceId")                                                                   \
    X(PIPELINE_ID, "PipelineId")                                                                   \
    X(COMMAND_NAME, "CommandName")                                                                 \
    X(COMMAND_TYPE, "CommandType")                                                                 \
    X(COMMAND_PATH, "CommandPath")                                                                 \
    X(SCRIPT_NAME, "ScriptName")                                                                   \
    X(NEW_ENGINE_STATE, "NewEngineState")                                                          \
    X(PREVIOUS_ENGINE_STATE, "PreviousEngineState")                                                \
    X(SEQUENCE_NUMBER, "SequenceNumber")                                                           \
    X(CLASSIC_PROVIDER_NAME, "ProviderName")                                                       \
    X(NEW_PROVIDER_STATE, "NewProviderState")                                                      \
    X(DETAIL_SEQUENCE, "DetailSequence")                                                           \
    X(DETAIL_TOTAL, "DetailTotal")                                                                 \
    X(USER_ID, "UserId")                                                                           \
    X(EFFECTIVE_LOCATION_PATH, "EffectiveLocationPath")                                            \
    X(COMPANY, "Company")                                                                          \
    X(PREVIOUS_TIME, "PreviousTime")                                                               \
    X(OLD_TIME, "OldTime")                                                                         \
    X(NEW_TIME, "NewTime")                                                                         \
    X(CS_USER_AGENT_COLUMN, "cs(User-Agent)")                                                      \
    X(CS_USER_AGENT, "cs-user-agent")                                                              \
    X(CS_REFERER_COLUMN, "cs(Referer)")                                                            \
    X(CS_REFERER, "cs-referer")                                                                    \
    X(CS_COOKIE_COLUMN, "cs(Cookie)")                                                              \
    X(CS_COOKIE, "cs-cookie")                                                                      \
    X(CS_URI, "cs-uri")                                                                            \
    X(CS_URI_STEM, "cs-uri-stem")                                                                  \
    X(CS_URI_QUERY, "cs-uri-query")                                                                \
    X(CS_METHOD, "cs-method")                                                                      \
    X(CS_HOST, "cs-host")                                                                          \
    X(C_IP, "c-ip")                                                                                \
    X(X_FORWARDED_FOR, "X-Forwarded-For")                                                          \
    X(CS_X_FORWARDED_FOR, "cs(X-Forwarded-For)")                                                   \
    X(SC_STATUS, "sc-status")                                                                      \
    X(S_SITENAME, "s-sitename")                                                                    \
    X(S_SITEID, "s-siteid")                                                                        \
    X(S_IP, "s-ip")                                                                                \
    X(S_PORT, "s-port")                                                                            \
    X(TIME_TAKEN, "time-taken")                                                                    \
    X(TARGET_USER_SID, "TargetUserSid")                                                            \
    X(TARGET_LOGON_ID, "TargetLogonId")                                                            \
    X(TARGET_LINKED_LOGON_ID, "TargetLinkedLogonId")                                               \
    X(LOGON_TYPE, "LogonType")                                                                     \
    X(ELEVATED_TOKEN, "ElevatedToken")                                                             \
    X(IP_ADDRESS, "IpAddress")                                                                     \
    X(WORKSTATION_NAME, "WorkstationName")                                                         \
    X(TARGET_SERVER_NAME, "TargetServerName")                                                      \
    X(TARGET_SID, "TargetSid")                                                                     \
    X(OLD_TARGET_USER_NAME, "OldTargetUserName")                                                   \
    X(NEW_TARGET_USER_NAME, "NewTargetUserName")                                                   \
    X(SOURCE_PROCESS_GUID, "SourceProcessGuid")                                                    \
    X(SOURCE_PROCESS_ID, "SourceProcessId")

enum iw_field_id {
    IW_FIELD_NONE = IW_NAME_UNASKED,
#define IW_FIELD_ENUM(symbol, text) IW_FIELD_##symbol,
    IW_CANONICAL_FIELDS(IW_FIELD_ENUM)
#undef IW_FIELD_ENUM
        IW_FIELD_COUNT
};

/** The spelling of a canonical field; empty for anything else. */
struct iw_str iw_field_canonical_text(uint32_t field_id);

struct iw_names {
    struct iw_arena arena;
    struct iw_map by_key;         /* folded text → id */
    const struct iw_name **names; /* by id; the first spelling registered */
    size_t cap;
    size_t n; /* ids in use, IW_NAME_UNASKED included */
};

/** Makes a registry that holds the canonical fields. IW_OK or IW_ENOMEM. */
enum iw_rc iw_names_init(struct iw_names *names);
void iw_names_done(struct iw_names *names);

/** Whether a name is short enough to be asked for (IW_LIMIT_FIELD_NAME_BYTES). */
bool iw_name_is_askable(struct iw_str text);

/** Registers a name (before reading begins) and returns its id; IW_NAME_UNASKED when there is no
 * memory or the name is not askable. */
uint32_t iw_names_add(struct iw_names *names, struct iw_str text);

/** The id of a name, or IW_NAME_UNASKED. Any thread, once registration is over. Names that are
 * not askable are never found. */
uint32_t iw_names_find(const struct iw_names *names, struct iw_str text);

/** Fills *name* from *text* (borrowed): id, hash and a serial of its own. Any thread, once
 * registration is over. */
void iw_names_describe(const struct iw_names *names, struct iw_str text, struct iw_name *name);

/** The first spelling registered for *id*. */
struct iw_str iw_names_text(const struct iw_names *names, uint32_t id);

#endif
