/*
 * From nodes to the fields of an event.
 *
 * Values are text as the record spells them (numbers too: 1e400 and 18446744073709551615 lose
 * nothing), null is a null value. GUIDs that a converter stripped of their braces get them back, in
 * fields whose name says that they are GUIDs: Windows writes `{lower-case}` (event/value.h).
 */
#include "input/json/json_reading.h"

#include <stdio.h>

#include "input/json/json_time.h"

static const struct iw_str ROLES[JSON_ROLE_COUNT] = {
    [JSON_ROLE_NONE] = {"", 0},
    [JSON_ROLE_CHANNEL] = {"Channel", 7},
    [JSON_ROLE_EVENT_ID] = {"EventID", 7},
    [JSON_ROLE_QUALIFIERS] = {"EventID_Qualifiers", 18},
    [JSON_ROLE_PROVIDER] = {"Provider_Name", 13},
    [JSON_ROLE_PROVIDER_GUID] = {"Provider_Guid", 13},
    [JSON_ROLE_PROVIDER_SOURCE] = {"Provider_EventSourceName", 24},
    [JSON_ROLE_COMPUTER] = {"Computer", 8},
    [JSON_ROLE_RECORD_ID] = {"EventRecordID", 13},
    [JSON_ROLE_TIME] = {"TimeCreated_SystemTime", 22},
    [JSON_ROLE_PROCESS_ID] = {"Execution_ProcessID", 19},
    [JSON_ROLE_THREAD_ID] = {"Execution_ThreadID", 18},
    [JSON_ROLE_USER_ID] = {"Security_UserID", 15},
    [JSON_ROLE_VERSION] = {"Version", 7},
    [JSON_ROLE_LEVEL] = {"Level", 5},
    [JSON_ROLE_TASK] = {"Task", 4},
    [JSON_ROLE_OPCODE] = {"Opcode", 6},
    [JSON_ROLE_KEYWORDS] = {"Keywords", 8},
    [JSON_ROLE_ACTIVITY] = {"Correlation_ActivityID", 22},
    [JSON_ROLE_RELATED_ACTIVITY] = {"Correlation_RelatedActivityID", 29},
};

struct iw_str json_role_name(enum json_role role)
{
    return ROLES[role];
}

enum json_role json_role_of(struct iw_str name)
{
    for (unsigned role = 1; role < JSON_ROLE_COUNT; role++) {
        if (iw_str_equal(ROLES[role], name))
            return (enum json_role)role;
    }
    return JSON_ROLE_NONE;
}

void json_head_nodes_init(struct json_head_nodes *nodes)
{
    memset(nodes->at, 0xFF, sizeof nodes->at);
    nodes->time_ns = IW_TIME_UNKNOWN;
}

struct iw_str json_reading_text(struct json_reading *reading, uint32_t node)
{
    return json_text(reading->doc, node, reading->arena, &reading->is_repaired);
}

struct iw_str json_join(struct iw_arena *arena, struct iw_str left, char between,
                        struct iw_str right)
{
    size_t n = left.n + (between != '\0') + right.n, at = left.n;
    char *out = iw_arena_alloc(arena, n + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    if (left.n != 0)
        memcpy(out, left.p, left.n);
    if (between != '\0')
        out[at++] = between;
    if (right.n != 0)
        memcpy(out + at, right.p, right.n);
    return (struct iw_str){out, n};
}

/* --- the head
 * ---------------------------------------------------------------------------------------------------
 */

/* Providers that write to one channel only. */
static struct iw_str channel_of(struct iw_str provider)
{
    if (iw_str_equal_nocase(provider, IW_STR("Microsoft-Windows-Sysmon")))
        return IW_STR("Microsoft-Windows-Sysmon/Operational");
    if (iw_str_equal_nocase(provider, IW_STR("Microsoft-Windows-Security-Auditing")))
        return IW_STR("Security");
    return IW_STR("");
}

/* Elasticsearch writes single values as lists in some answers. */
static uint32_t single(const struct json_doc *doc, uint32_t node)
{
    return doc->nodes[node].type == JSON_ARRAY && json_first(doc, node) != JSON_NO_NODE
               ? json_first(doc, node)
               : node;
}

static enum iw_rc head_text(struct json_reading *reading, const struct json_head_nodes *nodes,
                            enum json_role role, struct iw_str *ret)
{
    *ret = IW_STR("");
    if (nodes->at[role] != JSON_NO_NODE)
        *ret = json_reading_text(reading, single(reading->doc, nodes->at[role]));
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc head_number(struct json_reading *reading, const struct json_head_nodes *nodes,
                              enum json_role role, uint64_t *ret)
{
    struct iw_str text;
    IW_TRY(head_text(reading, nodes, role, &text));
    if (!iw_str_to_u64(text, ret))
        *ret = 0;
    return IW_OK;
}

enum iw_rc json_set_head(struct json_reading *reading, const struct json_head_nodes *nodes,
                         bool *ret_wanted)
{
    struct iw_event_head head = {.created_ns = nodes->time_ns};
    struct iw_str time;
    uint64_t event_id;

    IW_TRY(head_text(reading, nodes, JSON_ROLE_CHANNEL, &head.channel));
    IW_TRY(head_text(reading, nodes, JSON_ROLE_PROVIDER, &head.provider));
    IW_TRY(head_text(reading, nodes, JSON_ROLE_COMPUTER, &head.computer));
    IW_TRY(head_text(reading, nodes, JSON_ROLE_TIME, &time));
    IW_TRY(head_number(reading, nodes, JSON_ROLE_EVENT_ID, &event_id));
    IW_TRY(head_number(reading, nodes, JSON_ROLE_RECORD_ID, &head.record_id));
    head.event_id = event_id <= UINT32_MAX ? (uint32_t)event_id : UINT32_MAX;
    if (head.channel.n == 0)
        head.channel = channel_of(head.provider);
    if (!iw_time_known(head.created_ns) && !json_time_parse(time, &head.created_ns, NULL))
        head.created_ns = IW_TIME_UNKNOWN;
    *ret_wanted = iw_event_builder_head(reading->builder, &head);
    return IW_OK;
}

/* Keywords are a 64-bit mask; NXLog writes it as a signed number, Windows as 0x8000000000000000. */
static struct iw_str keywords_text(struct json_reading *reading, struct iw_str text)
{
    char out[20];
    uint64_t mask;
    bool negative = text.n > 1 && text.p[0] == '-';
    int n;
    if (!iw_str_to_u64((struct iw_str){text.p + negative, text.n - negative}, &mask))
        return text;
    n = snprintf(out, sizeof out, "0x%llx", (unsigned long long)(negative ? 0 - mask : mask));
    return iw_arena_copy(reading->arena, (struct iw_str){out, (size_t)n});
}

#define GUID_BYTES 36U

static bool is_bare_guid(struct iw_str text)
{
    if (text.n != GUID_BYTES)
        return false;
    for (size_t i = 0; i < GUID_BYTES; i++) {
        char c = iw_ascii_lower(text.p[i]);
        bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (i == 8 || i == 13 || i == 18 || i == 23 ? c != '-' : !is_hex)
            return false;
    }
    return true;
}

static struct iw_str with_braces(struct json_reading *reading, struct iw_str name,
                                 struct iw_str text)
{
    char *out;
    if (!is_bare_guid(text) || !(iw_str_ends_nocase(name, IW_STR("guid")) ||
                                 iw_str_ends_nocase(name, IW_STR("ActivityID"))))
        return text;
    out = iw_arena_alloc(reading->arena, GUID_BYTES + 2);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    out[0] = '{';
    for (size_t i = 0; i < GUID_BYTES; i++)
        out[i + 1] = iw_ascii_lower(text.p[i]);
    out[GUID_BYTES + 1] = '}';
    return (struct iw_str){out, GUID_BYTES + 2};
}

static struct iw_str time_text(struct json_reading *reading, int64_t time_ns)
{
    char out[IW_TIME_TEXT_BYTES];
    iw_time_format(time_ns, out);
    return iw_arena_copy(reading->arena, (struct iw_str){out, sizeof out});
}

enum iw_rc json_add_role(struct json_reading *reading, const struct json_head_nodes *nodes,
                         enum json_role role)
{
    uint32_t node = nodes->at[role];
    struct iw_str text;
    int64_t time_ns = nodes->time_ns;

    if (node == JSON_NO_NODE || reading->doc->nodes[node].type == JSON_NULL)
        return IW_OK;
    if (role != JSON_ROLE_KEYWORDS)
        node = single(reading->doc, node);
    if (json_is_container(reading->doc, node))
        return json_add(reading, IW_PLACE_SYSTEM, ROLES[role], node);
    text = json_reading_text(reading, node);
    if (text.p != NULL && role == JSON_ROLE_KEYWORDS)
        text = keywords_text(reading, text);
    /* A time that is spelled as Windows does stays; others are written so. */
    if (text.p != NULL && role == JSON_ROLE_TIME &&
        (iw_time_known(time_ns) ||
         (!iw_time_parse(text, &time_ns) && json_time_parse(text, &time_ns, NULL))))
        text = time_text(reading, time_ns);
    if (text.p != NULL)
        text = with_braces(reading, ROLES[role], text);
    if (text.p == NULL)
        return IW_ENOMEM;
    return iw_event_builder_add_text(reading->builder, IW_PLACE_SYSTEM, ROLES[role], text);
}

/* --- fields
 * -----------------------------------------------------------------------------------------------------
 */

static enum iw_rc add_leaf(struct json_reading *reading, enum iw_place place, struct iw_str name,
                           uint32_t node)
{
    struct iw_str text;
    if (reading->doc->nodes[node].type == JSON_NULL)
        return iw_event_builder_add(reading->builder, place, name,
                                    (struct iw_value){(const uint8_t *)"", 0, IW_VALUE_NULL});
    text = json_reading_text(reading, node);
    if (text.p != NULL)
        text = with_braces(reading, name, text);
    if (text.p == NULL)
        return IW_ENOMEM;
    return iw_event_builder_add_text(reading->builder, place, name, text);
}

struct level {
    uint32_t end;
    struct iw_str name;
};

enum iw_rc json_add(struct json_reading *reading, enum iw_place place, struct iw_str name,
                    uint32_t node)
{
    const struct json_node *nodes = reading->doc->nodes;
    struct level levels[IW_LIMIT_TEXT_DEPTH + 1];
    size_t depth = 0;

    if (!json_is_container(reading->doc, node))
        return add_leaf(reading, place, name, node);
    levels[0] = (struct level){nodes[node].next, name};
    for (uint32_t at = node + 1; at < nodes[node].next; at++) {
        while (at >= levels[depth].end)
            depth--;
        name = levels[depth].name;
        if (nodes[at].is_member) {
            struct iw_str key = json_key(reading->doc, at, reading->arena, &reading->is_repaired);
            name = key.p != NULL ? json_join(reading->arena, name, '.', key) : key;
            if (name.p == NULL)
                return IW_ENOMEM;
        }
        if (json_is_container(reading->doc, at))
            levels[++depth] = (struct level){nodes[at].next, name};
        else
            IW_TRY(add_leaf(reading, place, name, at));
    }
    return IW_OK;
}

enum iw_rc json_add_rest(struct json_reading *reading, uint32_t object, const uint32_t *except,
                         size_t n_except)
{
    const struct json_node *nodes = reading->doc->nodes;
    struct level levels[IW_LIMIT_TEXT_DEPTH + 1];
    size_t depth = 0;

    levels[0] = (struct level){nodes[object].next, IW_STR("")};
    for (uint32_t at = object + 1; at < nodes[object].next;) {
        bool skip = false;
        struct iw_str name;
        while (at >= levels[depth].end)
            depth--;
        name = levels[depth].name;
        for (size_t i = 0; i < n_except; i++)
            skip |= except[i] == at;
        if (skip) {
            at = nodes[at].next;
            continue;
        }
        if (nodes[at].is_member) {
            struct iw_str key = json_key(reading->doc, at, reading->arena, &reading->is_repaired);
            name = key.p != NULL && depth != 0 ? json_join(reading->arena, name, '.', key) : key;
            if (name.p == NULL)
                return IW_ENOMEM;
        }
        if (json_is_container(reading->doc, at))
            levels[++depth] = (struct level){nodes[at].next, name};
        else
            IW_TRY(add_leaf(reading, IW_PLACE_OTHER, name, at));
        at++;
    }
    return IW_OK;
}
