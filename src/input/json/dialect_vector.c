/*
 * Vector's windows_event_log source: snake case with the payload in `event_data`.
 * Reference: vectordotdev/vector src/sources/windows_event_log/parser.rs. `host` may be the
 * agent's.
 */
#include "input/json/json_dialect.h"

static const struct json_map_row ROWS[] = {
    {JSON_ROLE_CHANNEL, "channel"},
    {JSON_ROLE_EVENT_ID, "event_id"},
    {JSON_ROLE_PROVIDER, "provider_name"},
    {JSON_ROLE_PROVIDER_GUID, "provider_guid"},
    {JSON_ROLE_COMPUTER, "computer"},
    {JSON_ROLE_RECORD_ID, "record_id"},
    {JSON_ROLE_TIME, "timestamp"},
    {JSON_ROLE_PROCESS_ID, "process_id"},
    {JSON_ROLE_THREAD_ID, "thread_id"},
    {JSON_ROLE_USER_ID, "user_id"},
    {JSON_ROLE_VERSION, "version"},
    {JSON_ROLE_LEVEL, "level_value"},
    {JSON_ROLE_TASK, "task"},
    {JSON_ROLE_OPCODE, "opcode"},
    {JSON_ROLE_KEYWORDS, "keywords"},
    {JSON_ROLE_ACTIVITY, "activity_id"},
    {JSON_ROLE_RELATED_ACTIVITY, "related_activity_id"},
};

static const struct json_mapping MAPPING = {ROWS, sizeof ROWS / sizeof ROWS[0], "event_data",
                                            "user_data", JSON_PAYLOAD_AS_IS};

static bool find(struct json_reading *reading, struct json_head_nodes *ret)
{
    const struct json_survey *survey = &reading->survey;
    if (!json_has(survey, JSON_KEY_EVENT_ID_SNAKE) || !json_has(survey, JSON_KEY_CHANNEL_LOWER) ||
        !json_has(survey, JSON_KEY_PROVIDER_NAME))
        return false;
    json_mapping_find(reading->doc, &MAPPING, survey->root, ret);
    return true;
}

static enum iw_rc read(struct json_reading *reading)
{
    bool is_wanted;
    return json_read_mapped(reading, &MAPPING, reading->survey.root, &is_wanted);
}

const struct json_dialect json_dialect_vector = {"vector", true, find, read};
