/*
 * Flat records: the names of Windows at the top level, whoever wrote them. NXLog and what Logstash
 * makes of it (OTRF), Fluent Bit, Velociraptor's and Sentinel's rows, Splunk's fields, our own
 * `events`.
 *
 * Names that only this dialect spells so (`Hostname`, `SourceName`, `RecordNumber`, `EventTime`)
 * become the canonical system fields and stay reachable as they are. Traps:
 * - `host` is the collector, never the computer.
 * - `ProcessID` beside `ThreadID` is the writer's process (`Execution_ProcessID`). Names compare
 *   without letter case, so under its own name it would pass for the event's `ProcessId`: it is
 *   renamed and not kept.
 * - EventTime has no zone: it is the collector's clock. Where the record also has EventReceivedTime
 *   (the same clock) and @timestamp (UTC), their difference in quarter-hours is the zone.
 * - NXLog and Logstash put what they know themselves at the level of the payload. It is none of
 * that (a copy of the record in another form has it not), and is told by its names, in records that
 * have the times which these write (NXLog, im_msvistalog and core fields; Logstash, events).
 * - Prefixes of NXLog's AddPrefix and of our own keys (`EventData.`, `UserData.`) are taken off.
 */
#include "input/json/json_dialect.h"

#include "input/json/json_time.h"

#define QUARTER_NS (15LL * 60 * IW_NS_PER_SECOND)
/* What a record may take from the collector to the next program. */
#define DELAY_NS (5LL * 60 * IW_NS_PER_SECOND)
#define LARGEST_ZONE_NS (14LL * 3600 * IW_NS_PER_SECOND)

/* The first key of a role that a record has counts. */
static const struct {
    enum json_key key;
    enum json_role role;
} ROWS[] = {
    {JSON_KEY_CHANNEL, JSON_ROLE_CHANNEL},
    {JSON_KEY_EVENT_LOG, JSON_ROLE_CHANNEL},
    {JSON_KEY_LOG_NAME_CAPITAL, JSON_ROLE_CHANNEL},
    {JSON_KEY_EVENT_ID, JSON_ROLE_EVENT_ID},
    {JSON_KEY_EVENT_ID_MIXED, JSON_ROLE_EVENT_ID},
    {JSON_KEY_EVENT_CODE, JSON_ROLE_EVENT_ID},
    {JSON_KEY_EVENT_ID_QUALIFIERS, JSON_ROLE_QUALIFIERS},
    {JSON_KEY_PROVIDER_NAME_CANONICAL, JSON_ROLE_PROVIDER},
    {JSON_KEY_PROVIDER_NAME_CAPITAL, JSON_ROLE_PROVIDER},
    {JSON_KEY_SOURCE_NAME, JSON_ROLE_PROVIDER},
    {JSON_KEY_PROVIDER, JSON_ROLE_PROVIDER},
    {JSON_KEY_PROVIDER_GUID_CANONICAL, JSON_ROLE_PROVIDER_GUID},
    {JSON_KEY_PROVIDER_GUID_CAPITAL, JSON_ROLE_PROVIDER_GUID},
    {JSON_KEY_PROVIDER_GUID_UPPER, JSON_ROLE_PROVIDER_GUID},
    {JSON_KEY_PROVIDER_SOURCE, JSON_ROLE_PROVIDER_SOURCE},
    {JSON_KEY_COMPUTER, JSON_ROLE_COMPUTER},
    {JSON_KEY_HOSTNAME, JSON_ROLE_COMPUTER},
    {JSON_KEY_COMPUTER_NAME_CAPITAL, JSON_ROLE_COMPUTER},
    {JSON_KEY_MACHINE_NAME, JSON_ROLE_COMPUTER},
    {JSON_KEY_EVENT_RECORD_ID, JSON_ROLE_RECORD_ID},
    {JSON_KEY_EVENT_RECORD_ID_MIXED, JSON_ROLE_RECORD_ID},
    {JSON_KEY_RECORD_NUMBER_CAPITAL, JSON_ROLE_RECORD_ID},
    {JSON_KEY_RECORD_ID_CAPITAL, JSON_ROLE_RECORD_ID},
    {JSON_KEY_TIME_CREATED_CANONICAL, JSON_ROLE_TIME},
    {JSON_KEY_SYSTEM_TIME, JSON_ROLE_TIME},
    {JSON_KEY_TIME_CREATED, JSON_ROLE_TIME},
    {JSON_KEY_EVENT_TIME, JSON_ROLE_TIME},
    {JSON_KEY_TIME_GENERATED, JSON_ROLE_TIME},
    {JSON_KEY_AT_TIMESTAMP, JSON_ROLE_TIME},
    {JSON_KEY_EXECUTION_PROCESS_ID_CANONICAL, JSON_ROLE_PROCESS_ID},
    {JSON_KEY_EXECUTION_PROCESS_ID, JSON_ROLE_PROCESS_ID},
    {JSON_KEY_PROCESS_ID_UPPER, JSON_ROLE_PROCESS_ID},
    {JSON_KEY_EXECUTION_THREAD_ID_CANONICAL, JSON_ROLE_THREAD_ID},
    {JSON_KEY_EXECUTION_THREAD_ID, JSON_ROLE_THREAD_ID},
    {JSON_KEY_THREAD_ID_UPPER, JSON_ROLE_THREAD_ID},
    {JSON_KEY_SECURITY_USER_ID, JSON_ROLE_USER_ID},
    {JSON_KEY_USER_ID_UPPER, JSON_ROLE_USER_ID},
    {JSON_KEY_VERSION, JSON_ROLE_VERSION},
    {JSON_KEY_LEVEL, JSON_ROLE_LEVEL},
    {JSON_KEY_TASK_VALUE, JSON_ROLE_TASK},
    {JSON_KEY_TASK, JSON_ROLE_TASK},
    {JSON_KEY_OPCODE_VALUE, JSON_ROLE_OPCODE},
    {JSON_KEY_OPCODE, JSON_ROLE_OPCODE},
    {JSON_KEY_KEYWORDS, JSON_ROLE_KEYWORDS},
    {JSON_KEY_CORRELATION_ACTIVITY, JSON_ROLE_ACTIVITY},
    {JSON_KEY_CORRELATION_RELATED, JSON_ROLE_RELATED_ACTIVITY},
};

/* Whether `ProcessID` is the payload's own: without a thread beside it, or with the writer's
 * process under another name. */
static bool is_payload_process(const struct json_survey *survey)
{
    return !json_has(survey, JSON_KEY_THREAD_ID_UPPER) ||
           json_has(survey, JSON_KEY_EXECUTION_PROCESS_ID) ||
           json_has(survey, JSON_KEY_EXECUTION_PROCESS_ID_CANONICAL);
}

/* Whether `ThreadID` is the payload's own. */
static bool is_payload_thread(const struct json_survey *survey)
{
    return json_has(survey, JSON_KEY_EXECUTION_THREAD_ID) ||
           json_has(survey, JSON_KEY_EXECUTION_THREAD_ID_CANONICAL);
}

static void find_nodes(const struct json_doc *doc, const struct json_survey *survey,
                       struct json_head_nodes *nodes)
{
    json_head_nodes_init(nodes);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        uint32_t node = survey->at[ROWS[i].key];
        if ((ROWS[i].key == JSON_KEY_PROCESS_ID_UPPER && is_payload_process(survey)) ||
            (ROWS[i].key == JSON_KEY_THREAD_ID_UPPER && is_payload_thread(survey)))
            continue;
        json_head_nodes_offer(doc, nodes, ROWS[i].role, node);
    }
}

static bool find(struct json_reading *reading, struct json_head_nodes *ret)
{
    find_nodes(reading->doc, &reading->survey, ret);
    return true;
}

/* --- time
 * ----------------------------------------------------------------------------------------------------
 */

static bool time_of(struct json_reading *reading, enum json_key key, int64_t *ret_ns,
                    bool *ret_has_zone)
{
    uint32_t node = reading->survey.at[key];
    struct iw_str text;
    if (node == JSON_NO_NODE)
        return false;
    text = json_reading_text(reading, node);
    return text.p != NULL && json_time_parse(text, ret_ns, ret_has_zone);
}

/* The difference of UTC and the collector's clock, or 0 where the record does not tell. */
static int64_t zone_of(struct json_reading *reading)
{
    int64_t received, stamp, zone, rest;
    bool received_has_zone, stamp_has_zone;
    if (!time_of(reading, JSON_KEY_EVENT_RECEIVED_TIME, &received, &received_has_zone) ||
        !time_of(reading, JSON_KEY_AT_TIMESTAMP, &stamp, &stamp_has_zone) || received_has_zone ||
        !stamp_has_zone || __builtin_sub_overflow(stamp, received, &zone) ||
        zone > LARGEST_ZONE_NS + DELAY_NS || zone < -LARGEST_ZONE_NS - DELAY_NS)
        return 0;
    rest = zone % QUARTER_NS;
    if (rest > QUARTER_NS / 2)
        rest -= QUARTER_NS;
    else if (rest < -QUARTER_NS / 2)
        rest += QUARTER_NS;
    return rest <= DELAY_NS && rest >= -DELAY_NS ? zone - rest : 0;
}

static void find_time(struct json_reading *reading, struct json_head_nodes *nodes)
{
    int64_t time_ns;
    bool has_zone;
    if (nodes->at[JSON_ROLE_TIME] == JSON_NO_NODE ||
        nodes->at[JSON_ROLE_TIME] != reading->survey.at[JSON_KEY_EVENT_TIME] ||
        !time_of(reading, JSON_KEY_EVENT_TIME, &time_ns, &has_zone))
        return;
    if (!has_zone && __builtin_add_overflow(time_ns, zone_of(reading), &time_ns))
        return;
    nodes->time_ns = time_ns;
}

/* --- fields
 * --------------------------------------------------------------------------------------------------
 */

static enum json_role role_of(const struct json_head_nodes *nodes, uint32_t node)
{
    for (unsigned role = 1; role < JSON_ROLE_COUNT; role++) {
        if (nodes->at[role] == node)
            return (enum json_role)role;
    }
    return JSON_ROLE_NONE;
}

/* A system field: under its canonical name, and as it was. */
static enum iw_rc add_system(struct json_reading *reading, const struct json_head_nodes *nodes,
                             enum json_role role, struct iw_str name)
{
    uint32_t node = nodes->at[role];
    bool is_header = node == reading->survey.at[JSON_KEY_PROCESS_ID_UPPER] ||
                     node == reading->survey.at[JSON_KEY_THREAD_ID_UPPER];
    IW_TRY(json_add_role(reading, nodes, role));
    if (is_header || iw_str_equal(name, json_role_name(role)))
        return IW_OK;
    return json_add(reading, IW_PLACE_OTHER, name, node);
}

static bool take_prefix(struct iw_str *name, struct iw_str prefix)
{
    if (name->n <= prefix.n || memcmp(name->p, prefix.p, prefix.n) != 0)
        return false;
    name->p += prefix.n;
    name->n -= prefix.n;
    return true;
}

/* Of the carrier, not of the record. */
static bool is_of_carrier(const struct json_survey *survey, struct iw_str name)
{
    static const struct {
        const char *name;
        enum json_key beside; /* that the record has, too */
    } NAMES[] = {
        {"SourceModuleName", JSON_KEY_EVENT_RECEIVED_TIME},
        {"SourceModuleType", JSON_KEY_EVENT_RECEIVED_TIME},
        {"SeverityValue", JSON_KEY_EVENT_RECEIVED_TIME},
        {"Severity", JSON_KEY_EVENT_RECEIVED_TIME},
        {"LevelValue", JSON_KEY_EVENT_RECEIVED_TIME},
        {"Category", JSON_KEY_EVENT_RECEIVED_TIME},
        {"Domain", JSON_KEY_EVENT_RECEIVED_TIME},
        {"AccountName", JSON_KEY_EVENT_RECEIVED_TIME},
        {"AccountType", JSON_KEY_EVENT_RECEIVED_TIME},
        {"@version", JSON_KEY_AT_TIMESTAMP},
        {"host", JSON_KEY_AT_TIMESTAMP},
        {"port", JSON_KEY_AT_TIMESTAMP},
        {"tags", JSON_KEY_AT_TIMESTAMP},
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (json_has(survey, NAMES[i].beside) && iw_str_equal(name, iw_str_of(NAMES[i].name)))
            return true;
    }
    return false;
}

/* NXLog's `EventType` is one of a few words; Sysmon's, which it may stand for, is none of them. */
static bool is_type_of_carrier(struct json_reading *reading, struct iw_str name, uint32_t node)
{
    static const char *const TYPES[] = {"INFO",    "WARNING", "ERROR",         "CRITICAL",
                                        "VERBOSE", "DEBUG",   "AUDIT_SUCCESS", "AUDIT_FAILURE"};
    struct iw_str text;
    if (!iw_str_equal(name, IW_STR("EventType")) ||
        !json_has(&reading->survey, JSON_KEY_EVENT_RECEIVED_TIME))
        return false;
    text = json_reading_text(reading, node);
    for (size_t i = 0; text.p != NULL && i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (iw_str_equal(text, iw_str_of(TYPES[i])))
            return true;
    }
    return false;
}

static enum iw_rc add_payload(struct json_reading *reading, struct iw_str name, uint32_t node)
{
    enum iw_place place = IW_PLACE_EVENT_DATA;
    if (name.n > 9) {
        if (take_prefix(&name, IW_STR("UserData.")))
            place = IW_PLACE_USER_DATA;
        else if (take_prefix(&name, IW_STR("RenderingInfo.")))
            place = IW_PLACE_RENDERING;
        else
            (void)take_prefix(&name, IW_STR("EventData."));
    }
    return json_add(reading, place, name, node);
}

static enum iw_rc add_member(struct json_reading *reading, const struct json_head_nodes *nodes,
                             uint32_t node)
{
    const struct json_survey *survey = &reading->survey;
    struct iw_str name = json_key(reading->doc, node, reading->arena, &reading->is_repaired);
    enum json_role role;
    if (name.p == NULL)
        return IW_ENOMEM;
    if (json_key_of(reading->keys, name) == JSON_KEY_NONE)
        return is_of_carrier(survey, name) || is_type_of_carrier(reading, name, node)
                   ? json_add(reading, IW_PLACE_OTHER, name, node)
                   : add_payload(reading, name, node);
    role = role_of(nodes, node);
    if (role != JSON_ROLE_NONE)
        return add_system(reading, nodes, role, name);
    if (node == survey->at[JSON_KEY_EVENT_DATA] && json_is_container(reading->doc, node))
        return json_add_event_data(reading, node, JSON_PAYLOAD_AS_IS);
    if (node == survey->at[JSON_KEY_USER_DATA] && json_is_container(reading->doc, node))
        return json_add_user_data(reading, node);
    return json_add(reading, IW_PLACE_OTHER, name, node);
}

static enum iw_rc read(struct json_reading *reading)
{
    struct json_head_nodes nodes;
    uint32_t root = reading->survey.root;
    bool is_wanted;

    find_nodes(reading->doc, &reading->survey, &nodes);
    find_time(reading, &nodes);
    IW_TRY(json_set_head(reading, &nodes, &is_wanted));
    if (!is_wanted)
        return IW_OK;
    for (uint32_t at = json_first(reading->doc, root); at != JSON_NO_NODE;
         at = json_next(reading->doc, root, at))
        IW_TRY(add_member(reading, &nodes, at));
    return IW_OK;
}

const struct json_dialect json_dialect_flat = {"flat", true, find, read};
