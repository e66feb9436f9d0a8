/*
 * EventData and UserData in the forms converters of event XML give them.
 *
 * Seen: `"Data":"text"`, `"Data":["a","b"]`, `"Data":{"#text":["a","b"]}` (evtx_dump, unnamed),
 * `"Data":[{"@Name":"Image","#text":"C:\\…"}]` and the same with `#attributes`, `Name`/`Value` or
 * `-Name` (XML converters), `"Data":{"param1":"x"}` (Datadog), and names at once (everybody else).
 * Name spaces are no fields.
 */
#include "input/json/json_reading.h"

static uint32_t first_of(const struct json_doc *doc, uint32_t object, const char *const *names,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t node = json_member(doc, object, iw_str_of(names[i]));
        if (node != JSON_NO_NODE)
            return node;
    }
    return JSON_NO_NODE;
}

static uint32_t name_node(const struct json_doc *doc, uint32_t data)
{
    static const char *const NAMES[] = {"@Name", "Name", "-Name", "_Name", "name"};
    uint32_t attributes = json_member(doc, data, IW_STR("#attributes")), node;
    if (attributes != JSON_NO_NODE) {
        node = json_member(doc, attributes, IW_STR("Name"));
        if (node != JSON_NO_NODE)
            return node;
    }
    node = first_of(doc, data, NAMES, sizeof NAMES / sizeof NAMES[0]);
    return node != JSON_NO_NODE && doc->nodes[node].type == JSON_STRING ? node : JSON_NO_NODE;
}

static uint32_t text_node(const struct json_doc *doc, uint32_t data)
{
    static const char *const TEXTS[] = {"#text", "Value", "value", "text", "$t", "content", "$"};
    return first_of(doc, data, TEXTS, sizeof TEXTS / sizeof TEXTS[0]);
}

static enum iw_rc add_empty(struct json_reading *reading, struct iw_str name)
{
    return iw_event_builder_add_text(reading->builder, IW_PLACE_EVENT_DATA, name, IW_STR(""));
}

/* Wazuh doubles backslashes in many of its versions: then they stand in pairs only. */
static struct iw_str undouble(struct json_reading *reading, struct iw_str text)
{
    size_t n = 0;
    char *out;
    if (text.n == 0 || memchr(text.p, '\\', text.n) == NULL)
        return text;
    out = iw_arena_alloc(reading->arena, text.n);
    for (size_t at = 0; out != NULL && at < text.n; at++) {
        if (text.p[at] == '\\') {
            if (at + 1 == text.n || text.p[at + 1] != '\\')
                return text;
            at++;
        }
        out[n++] = text.p[at];
    }
    return (struct iw_str){out, n};
}

static enum iw_rc add_lowered(struct json_reading *reading, struct iw_str name, uint32_t node)
{
    struct iw_str text;
    char *first;
    if (name.n != 0 && name.p[0] >= 'a' && name.p[0] <= 'z') {
        name = iw_arena_copy(reading->arena, name);
        if (name.p == NULL)
            return IW_ENOMEM;
        first = (char *)(uintptr_t)name.p;
        *first = (char)(*first - 'a' + 'A');
    }
    if (reading->doc->nodes[node].type != JSON_STRING)
        return json_add(reading, IW_PLACE_EVENT_DATA, name, node);
    text = json_reading_text(reading, node);
    if (text.p != NULL)
        text = undouble(reading, text);
    if (text.p == NULL)
        return IW_ENOMEM;
    return iw_event_builder_add_text(reading->builder, IW_PLACE_EVENT_DATA, name, text);
}

static bool is_no_field(struct iw_str name)
{
    return iw_str_equal(name, IW_STR("#attributes")) || iw_str_equal(name, IW_STR("xmlns")) ||
           iw_str_equal(name, IW_STR("@xmlns")) ||
           (name.n >= 6 && memcmp(name.p, "xmlns:", 6) == 0);
}

static enum iw_rc add_member(struct json_reading *reading, struct iw_str name, uint32_t node,
                             enum json_payload_change change)
{
    const struct json_doc *doc = reading->doc;
    uint32_t text;
    if (is_no_field(name) || iw_str_equal(name, IW_STR("Data_attributes")) ||
        iw_str_equal(name, IW_STR("EventData_attributes")))
        return IW_OK;
    if (change == JSON_PAYLOAD_LOWERED)
        return add_lowered(reading, name, node);
    if (iw_str_equal(name, IW_STR("#text")))
        name = IW_STR("Data");
    text = doc->nodes[node].type == JSON_OBJECT ? json_member(doc, node, IW_STR("#text"))
                                                : JSON_NO_NODE;
    return json_add(reading, IW_PLACE_EVENT_DATA, name, text != JSON_NO_NODE ? text : node);
}

/* Names at once. */
static enum iw_rc add_members(struct json_reading *reading, uint32_t object)
{
    const struct json_doc *doc = reading->doc;
    for (uint32_t at = json_first(doc, object); at != JSON_NO_NODE;
         at = json_next(doc, object, at)) {
        struct iw_str name = json_key(doc, at, reading->arena, &reading->is_repaired);
        if (name.p == NULL)
            return IW_ENOMEM;
        IW_TRY(add_member(reading, name, at, JSON_PAYLOAD_AS_IS));
    }
    return IW_OK;
}

/* One `<Data>` as an object. */
static enum iw_rc add_data_object(struct json_reading *reading, uint32_t node)
{
    uint32_t name_at = name_node(reading->doc, node), text_at = text_node(reading->doc, node);
    struct iw_str name = IW_STR("Data");
    if (name_at == JSON_NO_NODE && text_at == JSON_NO_NODE)
        return add_members(reading, node);
    if (name_at != JSON_NO_NODE)
        name = json_reading_text(reading, name_at);
    if (name.p == NULL)
        return IW_ENOMEM;
    return text_at != JSON_NO_NODE ? json_add(reading, IW_PLACE_EVENT_DATA, name, text_at)
                                   : add_empty(reading, name);
}

static enum iw_rc add_data(struct json_reading *reading, uint32_t node)
{
    const struct json_doc *doc = reading->doc;
    if (doc->nodes[node].type == JSON_OBJECT)
        return add_data_object(reading, node);
    if (doc->nodes[node].type != JSON_ARRAY)
        return json_add(reading, IW_PLACE_EVENT_DATA, IW_STR("Data"), node);
    for (uint32_t at = json_first(doc, node); at != JSON_NO_NODE; at = json_next(doc, node, at)) {
        bool is_named = doc->nodes[at].type == JSON_OBJECT &&
                        (name_node(doc, at) != JSON_NO_NODE || text_node(doc, at) != JSON_NO_NODE);
        IW_TRY(is_named ? add_data_object(reading, at)
                        : json_add(reading, IW_PLACE_EVENT_DATA, IW_STR("Data"), at));
    }
    return IW_OK;
}

/* EventData may have a name itself; other attributes of it are name spaces. */
static enum iw_rc add_own_name(struct json_reading *reading, uint32_t attributes)
{
    uint32_t node = json_member(reading->doc, attributes, IW_STR("Name"));
    return node != JSON_NO_NODE
               ? json_add(reading, IW_PLACE_EVENT_DATA, IW_STR("EventData_Name"), node)
               : IW_OK;
}

enum iw_rc json_add_event_data(struct json_reading *reading, uint32_t node,
                               enum json_payload_change change)
{
    const struct json_doc *doc = reading->doc;
    if (doc->nodes[node].type == JSON_NULL)
        return IW_OK;
    if (doc->nodes[node].type != JSON_OBJECT)
        return add_data(reading, node);
    for (uint32_t at = json_first(doc, node); at != JSON_NO_NODE; at = json_next(doc, node, at)) {
        struct iw_str name = json_key(doc, at, reading->arena, &reading->is_repaired);
        bool is_data = iw_str_equal(name, IW_STR("Data"));
        if (name.p == NULL)
            return IW_ENOMEM;
        if (iw_str_equal(name, IW_STR("#attributes")))
            IW_TRY(add_own_name(reading, at));
        else if (is_data && change == JSON_PAYLOAD_AS_IS)
            IW_TRY(add_data(reading, at));
        else
            IW_TRY(add_member(reading, name, at, change));
    }
    return IW_OK;
}

/* The name of a leaf: the nearest key that is not the mark of an element's text. */
struct leaf_level {
    uint32_t end;
    struct iw_str name;
    bool is_skipped;
};

enum iw_rc json_add_user_data(struct json_reading *reading, uint32_t node)
{
    const struct json_node *nodes = reading->doc->nodes;
    struct leaf_level levels[IW_LIMIT_TEXT_DEPTH + 1];
    size_t depth = 0;

    levels[0] = (struct leaf_level){nodes[node].next, IW_STR("UserData"), false};
    if (!json_is_container(reading->doc, node))
        return nodes[node].type == JSON_NULL
                   ? IW_OK
                   : json_add(reading, IW_PLACE_USER_DATA, levels[0].name, node);
    for (uint32_t at = node + 1; at < nodes[node].next; at++) {
        struct iw_str name;
        bool skip = false;
        while (at >= levels[depth].end)
            depth--;
        name = levels[depth].name;
        if (nodes[at].is_member) {
            struct iw_str key = json_key(reading->doc, at, reading->arena, &reading->is_repaired);
            if (key.p == NULL)
                return IW_ENOMEM;
            skip = is_no_field(key) && !iw_str_equal(key, IW_STR("#attributes"));
            if (key.n != 0 && key.p[0] == '@')
                name = (struct iw_str){key.p + 1, key.n - 1};
            else if (key.n == 0 || key.p[0] != '#')
                name = key;
        }
        if (json_is_container(reading->doc, at))
            levels[++depth] = (struct leaf_level){nodes[at].next, name, skip};
        else if (!skip)
            IW_TRY(json_add(reading, IW_PLACE_USER_DATA, name, at));
    }
    return IW_OK;
}
