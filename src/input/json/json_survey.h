/**
 * Which of the names that matter a record has at its top level, found in one walk over it. Dialects
 * decide by this whether a record is theirs.
 */
#ifndef IW_INPUT_JSON_JSON_SURVEY_H
#define IW_INPUT_JSON_JSON_SURVEY_H

#include "input/json/json_doc.h"

#define JSON_KEYS(X)                                                                               \
    X(CHANNEL, "Channel")                                                                          \
    X(EVENT_LOG, "EventLog")                                                                       \
    X(LOG_NAME_CAPITAL, "LogName")                                                                 \
    X(EVENT_ID, "EventID")                                                                         \
    X(EVENT_ID_MIXED, "EventId")                                                                   \
    X(EVENT_CODE, "EventCode")                                                                     \
    X(QUALIFIERS, "Qualifiers")                                                                    \
    X(EVENT_ID_QUALIFIERS, "EventID_Qualifiers")                                                   \
    X(PROVIDER_NAME_CANONICAL, "Provider_Name")                                                    \
    X(PROVIDER_NAME_CAPITAL, "ProviderName")                                                       \
    X(PROVIDER, "Provider")                                                                        \
    X(SOURCE_NAME, "SourceName")                                                                   \
    X(PROVIDER_GUID_CANONICAL, "Provider_Guid")                                                    \
    X(PROVIDER_GUID_CAPITAL, "ProviderGuid")                                                       \
    X(PROVIDER_GUID_UPPER, "ProviderGUID")                                                         \
    X(PROVIDER_SOURCE, "Provider_EventSourceName")                                                 \
    X(COMPUTER, "Computer")                                                                        \
    X(COMPUTER_NAME_CAPITAL, "ComputerName")                                                       \
    X(HOSTNAME, "Hostname")                                                                        \
    X(MACHINE_NAME, "MachineName")                                                                 \
    X(EVENT_RECORD_ID, "EventRecordID")                                                            \
    X(EVENT_RECORD_ID_MIXED, "EventRecordId")                                                      \
    X(RECORD_NUMBER_CAPITAL, "RecordNumber")                                                       \
    X(RECORD_ID_CAPITAL, "RecordId")                                                               \
    X(TIME_CREATED_CANONICAL, "TimeCreated_SystemTime")                                            \
    X(SYSTEM_TIME, "SystemTime")                                                                   \
    X(TIME_CREATED, "TimeCreated")                                                                 \
    X(EVENT_TIME, "EventTime")                                                                     \
    X(TIME_GENERATED, "TimeGenerated")                                                             \
    X(AT_TIMESTAMP, "@timestamp")                                                                  \
    X(EVENT_RECEIVED_TIME, "EventReceivedTime")                                                    \
    X(EXECUTION_PROCESS_ID_CANONICAL, "Execution_ProcessID")                                       \
    X(EXECUTION_PROCESS_ID, "ExecutionProcessID")                                                  \
    X(PROCESS_ID_UPPER, "ProcessID")                                                               \
    X(EXECUTION_THREAD_ID_CANONICAL, "Execution_ThreadID")                                         \
    X(EXECUTION_THREAD_ID, "ExecutionThreadID")                                                    \
    X(THREAD_ID_UPPER, "ThreadID")                                                                 \
    X(SECURITY_USER_ID, "Security_UserID")                                                         \
    X(USER_ID_UPPER, "UserID")                                                                     \
    X(VERSION, "Version")                                                                          \
    X(LEVEL, "Level")                                                                              \
    X(TASK_VALUE, "TaskValue")                                                                     \
    X(TASK, "Task")                                                                                \
    X(OPCODE_VALUE, "OpcodeValue")                                                                 \
    X(OPCODE, "Opcode")                                                                            \
    X(KEYWORDS, "Keywords")                                                                        \
    X(CORRELATION_ACTIVITY, "Correlation_ActivityID")                                              \
    X(CORRELATION_RELATED, "Correlation_RelatedActivityID")                                        \
    X(ACTIVITY_ID, "ActivityID")                                                                   \
    X(RELATED_ACTIVITY_ID, "RelatedActivityID")                                                    \
    X(EVENT, "Event")                                                                              \
    X(SYSTEM, "System")                                                                            \
    X(EVENT_DATA, "EventData")                                                                     \
    X(USER_DATA, "UserData")                                                                       \
    X(MESSAGE_CAPITAL, "Message")                                                                  \
    X(WINLOG, "winlog")                                                                            \
    X(WINLOG_CHANNEL, "winlog.channel")                                                            \
    X(WIN, "win")                                                                                  \
    X(DATA, "data")                                                                                \
    X(EVENT_DATA_SNAKE, "event_data")                                                              \
    X(LOG_NAME, "log_name")                                                                        \
    X(EVENT_ID_SNAKE, "event_id")                                                                  \
    X(PROVIDER_NAME, "provider_name")                                                              \
    X(CHANNEL_LOWER, "channel")                                                                    \
    X(SOURCE, "_source")                                                                           \
    X(RAW, "_raw")                                                                                 \
    X(RESULT, "result")                                                                            \
    X(EVENT_LOWER, "event")                                                                        \
    X(MESSAGE, "message")                                                                          \
    X(LOG, "log")                                                                                  \
    X(META, "meta")                                                                                \
    X(SCHEMA, "schema")                                                                            \
    X(FIELDS, "fields")                                                                            \
    X(INDEX, "index")                                                                              \
    X(CREATE, "create")                                                                            \
    X(UPDATE, "update")                                                                            \
    X(DELETE, "delete")

enum json_key {
    JSON_KEY_NONE = 0,
#define JSON_KEY_ENUM(symbol, text) JSON_KEY_##symbol,
    JSON_KEYS(JSON_KEY_ENUM)
#undef JSON_KEY_ENUM
        JSON_KEY_COUNT
};

/** Names by a hash; made once per reader, then only read. */
struct json_key_table {
    uint8_t slots[512];
};

void json_key_table_init(struct json_key_table *table);
/** The key of this spelling (letter case counts), or JSON_KEY_NONE. */
enum json_key json_key_of(const struct json_key_table *table, struct iw_str text);

struct json_survey {
    uint32_t root;
    uint32_t n_members;
    uint32_t at[JSON_KEY_COUNT]; /* the first member of that name, or JSON_NO_NODE */
};

/** Surveys the object *root*. */
void json_survey(const struct json_doc *doc, const struct json_key_table *table, uint32_t root,
                 struct json_survey *ret);

static inline bool json_has(const struct json_survey *survey, enum json_key key)
{
    return survey->at[key] != JSON_NO_NODE;
}

/** Whether the member is there and of that type. */
static inline bool json_has_type(const struct json_doc *doc, const struct json_survey *survey,
                                 enum json_key key, enum json_type type)
{
    return json_has(survey, key) && doc->nodes[survey->at[key]].type == type;
}

#endif
