/*
 * Security 4688 → process_creation, 5156 → network_connection, 4657 → registry_*, Defender →
 * antivirus (Sigma's Windows taxonomy, appendix), and the parts of Sysmon's hashes and of the data
 * block of Windows PowerShell as fields of their own; columns of logs of requests by the names of
 * `category: webserver`. Conversions: taxonomy_value.c.
 *
 * A 4688 has no OriginalFileName, Hashes, ParentCommandLine, CurrentDirectory, version information
 * or process GUIDs: such fields stay absent. The Application of a 5156 stays a device path, because
 * the drive letter is not in the event; the keys of a 4657 keep `ControlSet001`, because which set
 * is current is not.
 */
#include "event/taxonomy.h"

#include "event/web_log.h"
#include "event/channel.h"

static const struct iw_taxonomy_row PROCESS_4688[] = {
    {IW_FIELD_IMAGE, IW_FIELD_NEW_PROCESS_NAME, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_PARENT_IMAGE, IW_FIELD_PARENT_PROCESS_NAME, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_PROCESS_ID, IW_FIELD_NEW_PROCESS_ID, 0, IW_TAXONOMY_DECIMAL},
    {IW_FIELD_PARENT_PROCESS_ID, IW_FIELD_PROCESS_ID, 0, IW_TAXONOMY_DECIMAL},
    {IW_FIELD_USER, IW_FIELD_SUBJECT_USER_NAME, IW_FIELD_SUBJECT_DOMAIN_NAME, IW_TAXONOMY_ACCOUNT},
    {IW_FIELD_LOGON_ID, IW_FIELD_SUBJECT_LOGON_ID, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_INTEGRITY_LEVEL, IW_FIELD_MANDATORY_LABEL, 0, IW_TAXONOMY_INTEGRITY},
};

static const struct iw_taxonomy_row CONNECTION_5156[] = {
    {IW_FIELD_IMAGE, IW_FIELD_APPLICATION, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_INITIATED, IW_FIELD_DIRECTION, 0, IW_TAXONOMY_INITIATED},
    {IW_FIELD_SOURCE_IP, IW_FIELD_SOURCE_ADDRESS, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_DESTINATION_IP, IW_FIELD_DEST_ADDRESS, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_DESTINATION_PORT, IW_FIELD_DEST_PORT, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_PROTOCOL, IW_FIELD_PROTOCOL, 0, IW_TAXONOMY_PROTOCOL},
};

/* What is made as a value is called CreateKey by rule converters, and is a SetValue to Sysmon: both
 * are its EventType. */
static const struct iw_taxonomy_row REGISTRY_4657[] = {
    {IW_FIELD_IMAGE, IW_FIELD_PROCESS_NAME, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_USER, IW_FIELD_SUBJECT_USER_NAME, IW_FIELD_SUBJECT_DOMAIN_NAME, IW_TAXONOMY_ACCOUNT},
    {IW_FIELD_LOGON_ID, IW_FIELD_SUBJECT_LOGON_ID, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_PROCESS_ID, IW_FIELD_PROCESS_ID, 0, IW_TAXONOMY_DECIMAL},
    {IW_FIELD_EVENT_TYPE, IW_FIELD_OPERATION_TYPE, 0, IW_TAXONOMY_OPERATION},
    {IW_FIELD_EVENT_TYPE, IW_FIELD_OPERATION_TYPE, 0, IW_TAXONOMY_NEW_VALUE},
    {IW_FIELD_TARGET_OBJECT, IW_FIELD_OBJECT_NAME, IW_FIELD_OBJECT_VALUE_NAME, IW_TAXONOMY_KEY},
    {IW_FIELD_DETAILS, IW_FIELD_NEW_VALUE, IW_FIELD_NEW_VALUE_TYPE, IW_TAXONOMY_DATA},
};

static const struct iw_taxonomy_row ANTIVIRUS[] = {
    {IW_FIELD_SIGNATURE, IW_FIELD_THREAT_NAME, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_FILENAME, IW_FIELD_PATH, 0, IW_TAXONOMY_FILE},
};

static const struct iw_taxonomy_row HASHES[] = {
    {IW_FIELD_MD5, IW_FIELD_HASHES, 0, IW_TAXONOMY_HASH},
    {IW_FIELD_SHA1, IW_FIELD_HASHES, 0, IW_TAXONOMY_HASH},
    {IW_FIELD_SHA256, IW_FIELD_HASHES, 0, IW_TAXONOMY_HASH},
    {IW_FIELD_IMPHASH, IW_FIELD_HASHES, 0, IW_TAXONOMY_HASH},
};

/* Sysmon 15 calls it `Hash`. */
static const struct iw_taxonomy_row STREAM_HASH[] = {
    {IW_FIELD_MD5, IW_FIELD_HASH, 0, IW_TAXONOMY_HASH},
    {IW_FIELD_SHA1, IW_FIELD_HASH, 0, IW_TAXONOMY_HASH},
    {IW_FIELD_SHA256, IW_FIELD_HASH, 0, IW_TAXONOMY_HASH},
    {IW_FIELD_IMPHASH, IW_FIELD_HASH, 0, IW_TAXONOMY_HASH},
};

#define LINE(field)                                                                                \
    {                                                                                              \
        field, IW_FIELD_DATA, 0, IW_TAXONOMY_LINE                                                  \
    }

static const struct iw_taxonomy_row CLASSIC[] = {
    LINE(IW_FIELD_HOST_APPLICATION),   LINE(IW_FIELD_HOST_NAME),
    LINE(IW_FIELD_HOST_VERSION),       LINE(IW_FIELD_HOST_ID),
    LINE(IW_FIELD_ENGINE_VERSION),     LINE(IW_FIELD_RUNSPACE_ID),
    LINE(IW_FIELD_PIPELINE_ID),        LINE(IW_FIELD_COMMAND_NAME),
    LINE(IW_FIELD_COMMAND_TYPE),       LINE(IW_FIELD_COMMAND_PATH),
    LINE(IW_FIELD_COMMAND_LINE),       LINE(IW_FIELD_SCRIPT_NAME),
    LINE(IW_FIELD_NEW_ENGINE_STATE),   LINE(IW_FIELD_PREVIOUS_ENGINE_STATE),
    LINE(IW_FIELD_SEQUENCE_NUMBER),    LINE(IW_FIELD_CLASSIC_PROVIDER_NAME),
    LINE(IW_FIELD_NEW_PROVIDER_STATE), LINE(IW_FIELD_DETAIL_SEQUENCE),
    LINE(IW_FIELD_DETAIL_TOTAL),       LINE(IW_FIELD_USER_ID),
};

/* Requests, by the names rules of `category: webserver` have for the columns. What the client sent
 * with blanks stands in the log with `+`: both readings are values. */
static const struct iw_taxonomy_row REQUEST[] = {
    {IW_FIELD_CS_USER_AGENT, IW_FIELD_CS_USER_AGENT_COLUMN, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_CS_USER_AGENT, IW_FIELD_CS_USER_AGENT_COLUMN, 0, IW_TAXONOMY_SPACES},
    {IW_FIELD_CS_REFERER, IW_FIELD_CS_REFERER_COLUMN, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_CS_COOKIE, IW_FIELD_CS_COOKIE_COLUMN, 0, IW_TAXONOMY_AS_IS},
    {IW_FIELD_CS_URI, IW_FIELD_CS_URI_STEM, IW_FIELD_CS_URI_QUERY, IW_TAXONOMY_URL},
};

/* HTTPERR has stem and query in one column (KB820729). */
static const struct iw_taxonomy_row REFUSED_REQUEST[] = {
    {IW_FIELD_CS_URI_STEM, IW_FIELD_CS_URI, 0, IW_TAXONOMY_STEM},
    {IW_FIELD_CS_URI_QUERY, IW_FIELD_CS_URI, 0, IW_TAXONOMY_QUERY},
};

#define ROWS(table) table, sizeof(table) / sizeof(table)[0]
#define RENAMED(channel, id, table)                                                                \
    {                                                                                              \
        channel, id, ROWS(table), false                                                            \
    }
#define ADDED(channel, id, table)                                                                  \
    {                                                                                              \
        channel, id, ROWS(table), true                                                             \
    }
#define DEFENDER "Microsoft-Windows-Windows Defender/Operational"
#define POWERSHELL "Windows PowerShell"

static const struct iw_taxonomy TAXONOMIES[] = {
    ADDED(IW_CHANNEL_SYSMON, 1, HASHES),
    RENAMED("Security", 4688, PROCESS_4688),
    RENAMED("Security", 5156, CONNECTION_5156),
    RENAMED("Security", 4657, REGISTRY_4657),
    ADDED(IW_CHANNEL_SYSMON, 6, HASHES),
    ADDED(IW_CHANNEL_SYSMON, 7, HASHES),
    ADDED(IW_CHANNEL_SYSMON, 15, STREAM_HASH),
    ADDED(IW_CHANNEL_SYSMON, 23, HASHES),
    ADDED(IW_CHANNEL_SYSMON, 24, HASHES),
    ADDED(IW_CHANNEL_SYSMON, 26, HASHES),
    ADDED(IW_CHANNEL_SYSMON, 27, HASHES),
    ADDED(IW_CHANNEL_SYSMON, 28, HASHES),
    ADDED(IW_CHANNEL_SYSMON, 29, HASHES),
    ADDED(POWERSHELL, 400, CLASSIC),
    ADDED(POWERSHELL, 403, CLASSIC),
    ADDED(POWERSHELL, 600, CLASSIC),
    ADDED(POWERSHELL, 800, CLASSIC),
    RENAMED(DEFENDER, 1006, ANTIVIRUS),
    RENAMED(DEFENDER, 1007, ANTIVIRUS),
    RENAMED(DEFENDER, 1008, ANTIVIRUS),
    RENAMED(DEFENDER, 1009, ANTIVIRUS),
    RENAMED(DEFENDER, 1010, ANTIVIRUS),
    RENAMED(DEFENDER, 1011, ANTIVIRUS),
    RENAMED(DEFENDER, 1012, ANTIVIRUS),
    RENAMED(DEFENDER, 1017, ANTIVIRUS),
    RENAMED(DEFENDER, 1018, ANTIVIRUS),
    RENAMED(DEFENDER, 1019, ANTIVIRUS),
    RENAMED(DEFENDER, 1115, ANTIVIRUS),
    RENAMED(DEFENDER, 1116, ANTIVIRUS),
    ADDED(IW_CHANNEL_W3SVC, 0, REQUEST),
    ADDED(IW_CHANNEL_WMSVC, 0, REQUEST),
    ADDED(IW_CHANNEL_HTTPERR, 0, REFUSED_REQUEST),
};

const struct iw_taxonomy *iw_taxonomy_of(struct iw_str channel, uint32_t event_id)
{
    for (size_t i = 0; i < sizeof TAXONOMIES / sizeof TAXONOMIES[0]; i++) {
        if (TAXONOMIES[i].event_id == event_id &&
            iw_str_equal_nocase(iw_str_of(TAXONOMIES[i].channel), channel))
            return &TAXONOMIES[i];
    }
    return NULL;
}

const struct iw_taxonomy_row *iw_taxonomy_find(const struct iw_taxonomy *taxonomy,
                                               uint32_t canonical)
{
    for (size_t i = 0; taxonomy != NULL && i < taxonomy->n_rows; i++) {
        if (taxonomy->rows[i].canonical == canonical)
            return &taxonomy->rows[i];
    }
    return NULL;
}

const struct iw_taxonomy_row *iw_taxonomy_row_of(const struct iw_event *event, uint32_t canonical)
{
    const struct iw_taxonomy *taxonomy = iw_taxonomy_of(event->channel, event->event_id);
    const struct iw_taxonomy_row *row = iw_taxonomy_find(taxonomy, canonical);

    if (row != NULL && taxonomy->is_virtual && iw_event_find(event, canonical) != NULL)
        return NULL;
    return row;
}

struct iw_str iw_taxonomy_text(const struct iw_event *event, uint32_t canonical_id,
                               struct iw_arena *arena)
{
    const struct iw_taxonomy_row *row = iw_taxonomy_row_of(event, canonical_id);
    struct iw_str text;

    if (row == NULL)
        return iw_event_text(event, canonical_id, arena);
    if (iw_taxonomy_value(row, event, arena, &text) == IW_ENOMEM)
        return IW_STR("");
    return text;
}
