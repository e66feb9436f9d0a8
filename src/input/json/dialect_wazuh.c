/*
 * Wazuh archives.json and alerts.json: `data.win.system` and `data.win.eventdata`, the first letter
 * of every name in lower case, all values text, backslashes doubled once more in many versions.
 * `agent.name` may be a collector; `system.computer` is the host.
 */
#include "input/json/json_dialect.h"

static const struct json_map_row ROWS[] = {
    {JSON_ROLE_CHANNEL, "system.channel"},
    {JSON_ROLE_EVENT_ID, "system.eventID"},
    {JSON_ROLE_PROVIDER, "system.providerName"},
    {JSON_ROLE_PROVIDER_GUID, "system.providerGuid"},
    {JSON_ROLE_PROVIDER_SOURCE, "system.eventSourceName"},
    {JSON_ROLE_COMPUTER, "system.computer"},
    {JSON_ROLE_RECORD_ID, "system.eventRecordID"},
    {JSON_ROLE_TIME, "system.systemTime"},
    {JSON_ROLE_PROCESS_ID, "system.processID"},
    {JSON_ROLE_THREAD_ID, "system.threadID"},
    {JSON_ROLE_USER_ID, "system.userID"},
    {JSON_ROLE_VERSION, "system.version"},
    {JSON_ROLE_LEVEL, "system.level"},
    {JSON_ROLE_TASK, "system.task"},
    {JSON_ROLE_OPCODE, "system.opcode"},
    {JSON_ROLE_KEYWORDS, "system.keywords"},
};

static const struct json_mapping MAPPING = {ROWS, sizeof ROWS / sizeof ROWS[0], "eventdata",
                                            "userdata", JSON_PAYLOAD_LOWERED};

/* `win`, or JSON_NO_NODE. */
static uint32_t base_of(const struct json_doc *doc, const struct json_survey *survey)
{
    uint32_t win = survey->at[JSON_KEY_WIN];
    if (json_member(doc, win, IW_STR("system")) == JSON_NO_NODE)
        win = json_member(doc, survey->at[JSON_KEY_DATA], IW_STR("win"));
    return json_member(doc, win, IW_STR("system")) != JSON_NO_NODE ? win : JSON_NO_NODE;
}

static bool find(struct json_reading *reading, struct json_head_nodes *ret)
{
    const struct json_survey *survey = &reading->survey;
    uint32_t base;
    if (!json_has(survey, JSON_KEY_WIN) && !json_has(survey, JSON_KEY_DATA))
        return false;
    base = base_of(reading->doc, survey);
    if (base == JSON_NO_NODE)
        return false;
    json_mapping_find(reading->doc, &MAPPING, base, ret);
    return true;
}

static enum iw_rc read(struct json_reading *reading)
{
    bool is_wanted;
    return json_read_mapped(reading, &MAPPING, base_of(reading->doc, &reading->survey), &is_wanted);
}

const struct json_dialect json_dialect_wazuh = {"wazuh", false, find, read};
