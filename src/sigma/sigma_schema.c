/*
 * Field names by category: Sysmon's manifest up to schema 4.90 (events 1 to 29), the EventData of
 * Security 4688 (versions 0 to 2) and 5156, PowerShell 4103, 4104. Fields newer builds have are in;
 * what a forwarder or another product adds is not.
 */
#include "sigma/sigma_schema.h"

#include "base/nearest.h"

#define PROCESS " RuleName UtcTime ProcessGuid ProcessId Image User "
#define SUBJECT " SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId "

/* Of every event. */
static const char SYSTEM[] =
    " Provider_Name Provider_Guid Provider_EventSourceName EventID EventID_Qualifiers Version "
    "Level "
    "Task Opcode Keywords TimeCreated_SystemTime EventRecordID Correlation_ActivityID "
    "Correlation_RelatedActivityID Execution_ProcessID Execution_ThreadID Channel Computer "
    "Security_UserID ";

struct schema {
    const char *category;
    const char *fields;   /* between spaces */
    const char *security; /* those the Security log can fill as well; NULL: not written there */
};

static const struct schema SCHEMAS[] = {
    {"process_creation",
     PROCESS "FileVersion Description Product Company OriginalFileName CommandLine "
             "CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes "
             "ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser ",
     " Image ParentImage ProcessId ParentProcessId User LogonId IntegrityLevel CommandLine " SUBJECT
     "NewProcessId NewProcessName TokenElevationType TargetUserSid TargetUserName "
     "TargetDomainName TargetLogonId ParentProcessName MandatoryLabel "},
    {"file_change", PROCESS "TargetFilename CreationUtcTime PreviousCreationUtcTime ", NULL},
    {"network_connection",
     PROCESS "Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName "
             "DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort "
             "DestinationPortName ",
     " Image Initiated SourceIp SourcePort DestinationIp DestinationPort Protocol ProcessID "
     "Application Direction SourceAddress DestAddress DestPort FilterRTID LayerName LayerRTID "
     "RemoteUserID RemoteMachineID "},
    {"sysmon_status",
     " RuleName UtcTime State Version SchemaVersion Configuration ConfigurationFileHash ", NULL},
    {"process_termination", PROCESS, NULL},
    {"driver_load", " RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus ", NULL},
    {"image_load",
     PROCESS "ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed "
             "Signature SignatureStatus ",
     NULL},
    {"create_remote_thread",
     " RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid "
     "TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser "
     "TargetUser ",
     NULL},
    {"raw_access_thread", PROCESS "Device ", NULL},
    {"process_access",
     " RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage "
     "TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser ",
     NULL},
    {"file_event", PROCESS "TargetFilename CreationUtcTime ", NULL},
    {"registry_event", PROCESS "EventType TargetObject Details NewName ", NULL},
    {"registry_add", PROCESS "EventType TargetObject ", NULL},
    {"registry_delete", PROCESS "EventType TargetObject ", NULL},
    {"registry_set", PROCESS "EventType TargetObject Details ", NULL},
    {"registry_rename", PROCESS "EventType TargetObject NewName ", NULL},
    {"create_stream_hash", PROCESS "TargetFilename CreationUtcTime Hash Contents ", NULL},
    {"pipe_created", PROCESS "EventType PipeName ", NULL},
    {"wmi_event",
     " RuleName UtcTime EventType Operation User EventNamespace Name Query Type Destination "
     "Consumer Filter ",
     NULL},
    {"dns_query", PROCESS "QueryName QueryStatus QueryResults ", NULL},
    {"file_delete", PROCESS "TargetFilename Hashes IsExecutable Archived ", NULL},
    {"clipboard_capture", PROCESS "Session ClientInfo Hashes Archived ", NULL},
    {"process_tampering", PROCESS "Type ", NULL},
    {"file_delete_detected", PROCESS "TargetFilename Hashes IsExecutable ", NULL},
    {"file_block_executable", PROCESS "TargetFilename Hashes ", NULL},
    {"file_block_shredding", PROCESS "TargetFilename Hashes IsExecutable ", NULL},
    {"file_executable_detected", PROCESS "TargetFilename Hashes ", NULL},
    {"sysmon_error", " RuleName UtcTime ID Description ", NULL},
    {"ps_module", " ContextInfo UserData Payload ", NULL},
    {"ps_script", " MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path ", NULL},
    {"ps_classic_start", " Data ", NULL},
    {"ps_classic_provider_start", " Data ", NULL},
    {"ps_classic_script", " Data ", NULL},
};

static const struct schema *schema_of(struct iw_str category)
{
    for (size_t i = 0; i < sizeof SCHEMAS / sizeof SCHEMAS[0]; i++) {
        if (iw_str_equal_nocase(category, iw_str_of(SCHEMAS[i].category)))
            return &SCHEMAS[i];
    }
    return NULL;
}

/* The next word of a table; empty at its end. */
static struct iw_str next_word(const char **table)
{
    const char *start = *table + strspn(*table, " ");
    size_t n = strcspn(start, " ");
    *table = start + n;
    return (struct iw_str){start, n};
}

/* Equal but for letter case and spaces, as field names are (event/name.h). */
static bool is_same_name(struct iw_str word, struct iw_str field)
{
    size_t at = 0;
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == ' ')
            continue;
        if (at == word.n || iw_ascii_lower(field.p[i]) != iw_ascii_lower(word.p[at++]))
            return false;
    }
    return at == word.n;
}

static struct iw_str find(const char *table, struct iw_str field)
{
    for (struct iw_str word = next_word(&table); word.n != 0; word = next_word(&table)) {
        if (is_same_name(word, field))
            return word;
    }
    return IW_STR("");
}

struct iw_str iw_schema_find(struct iw_str category, struct iw_str field)
{
    const struct schema *schema = schema_of(category);
    struct iw_str word;
    if (schema == NULL)
        return (struct iw_str){NULL, 0};
    word = find(schema->fields, field);
    if (word.n == 0 && schema->security != NULL)
        word = find(schema->security, field);
    return word.n != 0 ? word : find(SYSTEM, field);
}

#define MOST_WORDS 64U
#define LONGEST_WORD 32U

/* Lower-case copies of a table's words, for the search of the nearest. */
static size_t spell_out(const char *table, char words[MOST_WORDS][LONGEST_WORD],
                        const char **pointers, struct iw_str *spellings)
{
    size_t n = 0;
    for (struct iw_str word = next_word(&table); word.n != 0 && n < MOST_WORDS;
         word = next_word(&table)) {
        if (word.n >= LONGEST_WORD)
            continue;
        for (size_t i = 0; i < word.n; i++)
            words[n][i] = iw_ascii_lower(word.p[i]);
        words[n][word.n] = '\0';
        spellings[n] = word;
        pointers[n] = words[n];
        n++;
    }
    return n;
}

struct iw_str iw_schema_nearest(struct iw_str category, struct iw_str field)
{
    const struct schema *schema = schema_of(category);
    char words[MOST_WORDS][LONGEST_WORD], typed[LONGEST_WORD];
    const char *pointers[MOST_WORDS], *near;
    struct iw_str spellings[MOST_WORDS];
    size_t n;
    if (schema == NULL || field.n >= sizeof typed)
        return IW_STR("");
    for (size_t i = 0; i < field.n; i++)
        typed[i] = iw_ascii_lower(field.p[i]);
    typed[field.n] = '\0';
    n = spell_out(schema->fields, words, pointers, spellings);
    near = iw_nearest_word(typed, pointers, n);
    for (size_t i = 0; i < n && near != NULL; i++) {
        if (pointers[i] == near)
            return spellings[i];
    }
    return IW_STR("");
}

bool iw_schema_is_sysmon_only(struct iw_str category, struct iw_str field)
{
    const struct schema *schema = schema_of(category);
    return schema != NULL && schema->security != NULL && find(schema->security, field).n == 0 &&
           find(SYSTEM, field).n == 0;
}
