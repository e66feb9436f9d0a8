/*
 * From nodes to the fields of an event.
 *
 * Values are text as the record spells them (numbers too: 1e400 and 18446744073709551615 lose
 * nothing), null is a null value. GUIDs that a converter stripped of their braces get them back, in
 * fields whose name says that they are GUIDs: Windows writes `{lower-case}` (event/value.h).
 */
#include "input/json/json_reading.h"

#include <stdio.h>

#include "event/value.h"
#include "input/json/json_time.h"
#include "event/channel.h"

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
    nodes->is_contradicted = false;
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
        return IW_STR(IW_CHANNEL_SYSMON);
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

static bool is_around(char c)
{
    return c == ' ' || c == '\0' || (c >= '\t' && c <= '\r');
}

static struct iw_str trim(struct iw_str text)
{
    while (text.n != 0 && is_around(text.p[0]))
        text = (struct iw_str){text.p + 1, text.n - 1};
    while (text.n != 0 && is_around(text.p[text.n - 1]))
        text.n--;
    return text;
}

struct iw_str json_head_label(struct json_reading *reading, const struct json_head_nodes *nodes,
                              enum json_role role)
{
    struct iw_str text = IW_STR("");
    if (nodes->at[role] != JSON_NO_NODE)
        text = json_reading_text(reading, single(reading->doc, nodes->at[role]));
    return text.p != NULL ? trim(text) : text;
}

/* Digits from *at on, into *value. False: it overflows. */
static bool take_digits(struct iw_str text, size_t *at, uint64_t *value)
{
    for (; *at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9'; ++*at) {
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (unsigned)(text.p[*at] - '0'), value))
            return false;
    }
    return true;
}

#define LARGEST_EXPONENT 32U

/* `1.0`, `10e-1`: a decimal number that comes to an integer. */
static bool parse_decimal(struct iw_str text, uint64_t *ret)
{
    uint64_t value = 0, exponent = 0;
    size_t at = 0, from, fraction = 0;
    bool is_negative = false;
    if (!take_digits(text, &at, &value) || at == 0)
        return false;
    if (at < text.n && text.p[at] == '.') {
        from = ++at;
        if (!take_digits(text, &at, &value) || at == from)
            return false;
        fraction = at - from;
    }
    if (at < text.n && (text.p[at] == 'e' || text.p[at] == 'E')) {
        at++;
        if (at < text.n && (text.p[at] == '-' || text.p[at] == '+'))
            is_negative = text.p[at++] == '-';
        from = at;
        if (!take_digits(text, &at, &exponent) || at == from || exponent > LARGEST_EXPONENT)
            return false;
    }
    if (at != text.n)
        return false;
    if (is_negative)
        fraction += (size_t)exponent;
    for (; !is_negative && exponent != 0; exponent--) {
        if (fraction != 0)
            fraction--;
        else if (__builtin_mul_overflow(value, 10, &value))
            return false;
    }
    for (; fraction != 0; fraction--) {
        if (value % 10 != 0)
            return false;
        value /= 10;
    }
    *ret = value;
    return true;
}

static bool parse_number(struct iw_str text, uint64_t *ret)
{
    const struct iw_value value = {(const uint8_t *)text.p, (uint32_t)text.n, IW_VALUE_UTF8};
    return text.n != 0 && (iw_value_u64(value, ret) || parse_decimal(text, ret));
}

bool json_head_has_id(struct json_reading *reading, const struct json_head_nodes *nodes,
                      uint32_t *ret)
{
    struct iw_str text = json_head_label(reading, nodes, JSON_ROLE_EVENT_ID);
    uint64_t id;
    if (text.p == NULL || !parse_number(text, &id) || id > UINT32_MAX)
        return false;
    *ret = (uint32_t)id;
    return true;
}

/* Whether two nodes say the same; containers never do. */
static bool is_same(const struct json_doc *doc, uint32_t left, uint32_t right)
{
    left = single(doc, left);
    right = single(doc, right);
    return !json_is_container(doc, left) && !json_is_container(doc, right) &&
           iw_str_equal_nocase(json_raw(doc, left), json_raw(doc, right));
}

void json_head_nodes_offer(const struct json_doc *doc, struct json_head_nodes *nodes,
                           enum json_role role, uint32_t node)
{
    uint32_t *at = &nodes->at[role];
    if (node == JSON_NO_NODE)
        return;
    if (*at == JSON_NO_NODE || doc->nodes[*at].type == JSON_NULL)
        *at = node;
    else if ((role == JSON_ROLE_CHANNEL || role == JSON_ROLE_EVENT_ID) &&
             doc->nodes[node].type > JSON_ARRAY && doc->nodes[node].type != JSON_NULL &&
             !is_same(doc, *at, node))
        nodes->is_contradicted = true;
}

/* Whether *child* of *parent* has a sibling of its name that says something else. */
static bool has_twin(struct json_reading *reading, uint32_t parent, uint32_t child)
{
    const struct json_doc *doc = reading->doc;
    struct iw_str key;
    if (!doc->nodes[child].is_member)
        return false;
    key = json_key(doc, child, reading->arena, &reading->is_repaired);
    for (uint32_t at = json_first(doc, parent); key.p != NULL && at != JSON_NO_NODE;
         at = json_next(doc, parent, at)) {
        if (at != child && json_key_is(doc, at, key) && !is_same(doc, at, child))
            return true;
    }
    return false;
}

/* Whether the record has the node twice, on any step of the way to it, or a list of two there. */
static bool is_disputed(struct json_reading *reading, uint32_t node)
{
    const struct json_doc *doc = reading->doc;
    uint32_t parent = reading->survey.root;
    if (node == JSON_NO_NODE)
        return false;
    for (uint32_t at = json_first(doc, parent); at != JSON_NO_NODE;) {
        if (node >= doc->nodes[at].next) {
            at = json_next(doc, parent, at);
            continue;
        }
        if (has_twin(reading, parent, at))
            return true;
        if (at == node)
            break;
        parent = at;
        at = json_first(doc, parent);
    }
    if (doc->nodes[node].type != JSON_ARRAY)
        return false;
    for (uint32_t at = json_first(doc, node); at != JSON_NO_NODE; at = json_next(doc, node, at)) {
        if (!is_same(doc, at, single(doc, node)))
            return true;
    }
    return false;
}

static bool is_head_disputed(struct json_reading *reading, const struct json_head_nodes *nodes)
{
    static const enum json_role ROLES_ASKED[] = {JSON_ROLE_CHANNEL, JSON_ROLE_EVENT_ID,
                                                 JSON_ROLE_PROVIDER, JSON_ROLE_COMPUTER};
    if (nodes->is_contradicted || reading->is_contradicted)
        return true;
    for (size_t i = 0; i < sizeof ROLES_ASKED / sizeof ROLES_ASKED[0]; i++) {
        if (is_disputed(reading, nodes->at[ROLES_ASKED[i]]))
            return true;
    }
    return false;
}

enum iw_rc json_set_head(struct json_reading *reading, const struct json_head_nodes *nodes,
                         bool *ret_wanted)
{
    struct iw_event_head head = {.created_ns = nodes->time_ns};
    struct iw_str time = json_head_label(reading, nodes, JSON_ROLE_TIME);
    struct iw_str record_id = json_head_label(reading, nodes, JSON_ROLE_RECORD_ID);
    uint32_t event_id = 0;
    bool has_id = json_head_has_id(reading, nodes, &event_id);
    bool is_disputed_head = is_head_disputed(reading, nodes);

    head.channel = json_head_label(reading, nodes, JSON_ROLE_CHANNEL);
    head.provider = json_head_label(reading, nodes, JSON_ROLE_PROVIDER);
    head.computer = json_head_label(reading, nodes, JSON_ROLE_COMPUTER);
    if (head.channel.p == NULL || head.provider.p == NULL || head.computer.p == NULL ||
        time.p == NULL || record_id.p == NULL)
        return IW_ENOMEM;
    if (!parse_number(record_id, &head.record_id))
        head.record_id = 0;
    if (head.channel.n == 0)
        head.channel = channel_of(head.provider);
    if (!iw_time_known(head.created_ns) && !json_time_parse(time, &head.created_ns, NULL))
        head.created_ns = IW_TIME_UNKNOWN;
    head.event_id =
        has_id && !is_disputed_head && head.channel.n != 0 ? event_id : IW_ROUTE_EVENT_IDS;
    *ret_wanted = iw_event_builder_head(reading->builder, &head);
    reading->builder->event->event_id = event_id;
    if (!has_id || is_disputed_head)
        iw_event_builder_cut(reading->builder);
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

/* The channel and the event id as rules ask for them. An odd spelling of the channel stays beside
 * it. */
static enum iw_rc add_identity(struct json_reading *reading, const struct json_head_nodes *nodes,
                               enum json_role role, struct iw_str text)
{
    struct iw_str plain = trim(text);
    char out[16];
    uint32_t id;
    if (role == JSON_ROLE_EVENT_ID && json_head_has_id(reading, nodes, &id)) {
        int n = snprintf(out, sizeof out, "%lu", (unsigned long)id);
        plain = (struct iw_str){out, (size_t)n};
        if (iw_str_equal(plain, text))
            plain = text;
        else
            plain = iw_arena_copy(reading->arena, plain);
        if (plain.p == NULL)
            return IW_ENOMEM;
        text = plain;
    }
    IW_TRY(iw_event_builder_add_text(reading->builder, IW_PLACE_SYSTEM, ROLES[role], plain));
    return iw_str_equal(plain, text)
               ? IW_OK
               : iw_event_builder_add_text(reading->builder, IW_PLACE_SYSTEM, ROLES[role], text);
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
    if (text.p != NULL && (role == JSON_ROLE_CHANNEL || role == JSON_ROLE_EVENT_ID))
        return add_identity(reading, nodes, role, text);
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
