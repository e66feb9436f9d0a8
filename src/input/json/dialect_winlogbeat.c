/*
 * Winlogbeat and Elastic Agent: as sent (`winlog.event_data` holds everything), as indexed by
 * Elasticsearch (much of it moved to the Elastic Common Schema: json_add_from_ecs), with keys
 * nested or dotted; and Winlogbeat before 7.0, flat but for `event_data`.
 *
 * Reference: elastic/beats x-pack/winlogbeat/module/sysmon/test/testdata; exported fields of
 * Winlogbeat 6.3 and 7.2. `host.name` is where the agent runs, which may be a collector:
 * `winlog.computer_name` is the host. event_id is a string, record_id a number or a string.
 */
#include <stdio.h>

#include "input/json/json_dialect.h"

/* Values without a name that one event has at most (MSExchange cmdlets: 27). */
#define MOST_NUMBERED 64U

static const struct json_map_row ROWS[] = {
    {JSON_ROLE_CHANNEL, "winlog.channel"},
    {JSON_ROLE_EVENT_ID, "winlog.event_id"},
    {JSON_ROLE_EVENT_ID, "event.code"},
    {JSON_ROLE_PROVIDER, "winlog.provider_name"},
    {JSON_ROLE_PROVIDER, "event.provider"},
    {JSON_ROLE_PROVIDER_GUID, "winlog.provider_guid"},
    {JSON_ROLE_COMPUTER, "winlog.computer_name"},
    {JSON_ROLE_RECORD_ID, "winlog.record_id"},
    {JSON_ROLE_TIME, "@timestamp"},
    {JSON_ROLE_PROCESS_ID, "winlog.process.pid"},
    {JSON_ROLE_THREAD_ID, "winlog.process.thread.id"},
    {JSON_ROLE_USER_ID, "winlog.user.identifier"},
    {JSON_ROLE_VERSION, "winlog.version"},
    {JSON_ROLE_TASK, "winlog.task"},
    {JSON_ROLE_OPCODE, "winlog.opcode"},
    {JSON_ROLE_KEYWORDS, "winlog.keywords"},
    {JSON_ROLE_ACTIVITY, "winlog.activity_id"},
    {JSON_ROLE_RELATED_ACTIVITY, "winlog.related_activity_id"},
};

static const struct json_mapping MAPPING = {ROWS, sizeof ROWS / sizeof ROWS[0], "winlog.event_data",
                                            "winlog.user_data", JSON_PAYLOAD_AS_IS};

static bool find(struct json_reading *reading, struct json_head_nodes *ret)
{
    const struct json_survey *survey = &reading->survey;
    if (!json_has_type(reading->doc, survey, JSON_KEY_WINLOG, JSON_OBJECT) &&
        !json_has(survey, JSON_KEY_WINLOG_CHANNEL))
        return false;
    json_mapping_find(reading->doc, &MAPPING, survey->root, ret);
    return json_find(reading->doc, survey->root, "winlog.channel") != JSON_NO_NODE ||
           json_find(reading->doc, survey->root, "winlog.event_id") != JSON_NO_NODE ||
           json_find(reading->doc, survey->root, "winlog.provider_name") != JSON_NO_NODE;
}

/* `"winlog.event_data.Image":"C:\\…"`, as a list of hits has it. */
static enum iw_rc add_dotted(struct json_reading *reading)
{
    static const char PREFIX[] = "winlog.event_data.";
    const struct json_doc *doc = reading->doc;
    uint32_t root = reading->survey.root;
    for (uint32_t at = json_first(doc, root); at != JSON_NO_NODE; at = json_next(doc, root, at)) {
        struct iw_str key = json_key(doc, at, reading->arena, &reading->is_repaired);
        size_t n = sizeof PREFIX - 1;
        if (key.p == NULL)
            return IW_ENOMEM;
        if (key.n > n && memcmp(key.p, PREFIX, n) == 0)
            IW_TRY(
                json_add(reading, IW_PLACE_EVENT_DATA, (struct iw_str){key.p + n, key.n - n}, at));
    }
    return IW_OK;
}

/* Winlogbeat names what Windows leaves without a name: param1, param2, … Rules know it as `Data`,
 * so it is offered under that name as well. */
static enum iw_rc add_numbered(struct json_reading *reading, const char *event_data)
{
    for (unsigned k = 1; k <= MOST_NUMBERED; k++) {
        char path[48];
        uint32_t node;
        (void)snprintf(path, sizeof path, "%s.param%u", event_data, k);
        node = json_find(reading->doc, reading->survey.root, path);
        if (node == JSON_NO_NODE)
            break;
        IW_TRY(json_add(reading, IW_PLACE_EVENT_DATA, IW_STR("Data"), node));
    }
    return IW_OK;
}

static enum iw_rc read(struct json_reading *reading)
{
    bool is_wanted;
    IW_TRY(json_read_mapped(reading, &MAPPING, reading->survey.root, &is_wanted));
    if (!is_wanted)
        return IW_OK;
    IW_TRY(add_dotted(reading));
    IW_TRY(add_numbered(reading, "winlog.event_data"));
    return json_add_from_ecs(reading);
}

const struct json_dialect json_dialect_winlogbeat = {"winlogbeat", false, find, read};

/* --- before 7.0
 * ------------------------------------------------------------------------------------------------
 */

static const struct json_map_row ROWS6[] = {
    {JSON_ROLE_CHANNEL, "log_name"},       {JSON_ROLE_EVENT_ID, "event_id"},
    {JSON_ROLE_PROVIDER, "source_name"},   {JSON_ROLE_PROVIDER_GUID, "provider_guid"},
    {JSON_ROLE_COMPUTER, "computer_name"}, {JSON_ROLE_RECORD_ID, "record_number"},
    {JSON_ROLE_TIME, "@timestamp"},        {JSON_ROLE_PROCESS_ID, "process_id"},
    {JSON_ROLE_THREAD_ID, "thread_id"},    {JSON_ROLE_USER_ID, "user.identifier"},
    {JSON_ROLE_VERSION, "version"},        {JSON_ROLE_TASK, "task"},
    {JSON_ROLE_OPCODE, "opcode"},          {JSON_ROLE_KEYWORDS, "keywords"},
    {JSON_ROLE_ACTIVITY, "activity_id"},
};

static const struct json_mapping MAPPING6 = {ROWS6, sizeof ROWS6 / sizeof ROWS6[0], "event_data",
                                             "user_data", JSON_PAYLOAD_AS_IS};

static bool find6(struct json_reading *reading, struct json_head_nodes *ret)
{
    const struct json_survey *survey = &reading->survey;
    if (!json_has(survey, JSON_KEY_EVENT_ID_SNAKE) || !json_has(survey, JSON_KEY_LOG_NAME))
        return false;
    json_mapping_find(reading->doc, &MAPPING6, survey->root, ret);
    return true;
}

static enum iw_rc read6(struct json_reading *reading)
{
    bool is_wanted;
    IW_TRY(json_read_mapped(reading, &MAPPING6, reading->survey.root, &is_wanted));
    return is_wanted ? add_numbered(reading, "event_data") : IW_OK;
}

const struct json_dialect json_dialect_winlogbeat6 = {"winlogbeat-6", true, find6, read6};
