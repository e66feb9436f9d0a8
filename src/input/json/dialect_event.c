/*
 * Event XML turned into JSON element by element: evtx_dump and what builds on it (`Event.System`,
 * attributes in `#attributes` or beside the element as `Provider_attributes`, text in `#text`),
 * other XML converters (`@Name`), Datadog, and with `System` at the top Velociraptor
 * (`EventID.Value`, seconds since 1970) and OpenWEC (`TimeCreated` and `UserID` as plain values).
 *
 * Fields of System are named as everywhere: `Tag`, `Tag_Attribute`.
 */
#include "input/json/json_dialect.h"

#define MOST_SYSTEM_FIELDS 64U

struct system_field {
    struct iw_str name;
    uint32_t node;
};

struct system_fields {
    struct system_field all[MOST_SYSTEM_FIELDS];
    size_t n;
};

static bool is_text_key(struct iw_str key)
{
    return iw_str_equal(key, IW_STR("#text")) || iw_str_equal(key, IW_STR("Value")) ||
           iw_str_equal(key, IW_STR("value")) || iw_str_equal(key, IW_STR("$t")) ||
           iw_str_equal(key, IW_STR("$"));
}

/* The text of an element, which may be a plain value. */
static uint32_t text_of(const struct json_doc *doc, uint32_t element)
{
    static const char *const TEXTS[] = {"#text", "Value", "value", "$t", "$"};
    if (element == JSON_NO_NODE || doc->nodes[element].type != JSON_OBJECT)
        return element;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        uint32_t node = json_member(doc, element, iw_str_of(TEXTS[i]));
        if (node != JSON_NO_NODE)
            return node;
    }
    return JSON_NO_NODE;
}

static bool find_at(struct json_reading *reading, uint32_t event, struct json_head_nodes *ret)
{
    static const char *const PROVIDERS[] = {"Provider_Name",
                                            "Provider.Name",
                                            "Provider.@Name",
                                            "Provider.-Name",
                                            "Provider.#attributes.Name",
                                            "Provider_attributes.Name",
                                            "Provider"};
    const struct json_doc *doc = reading->doc;
    uint32_t system = json_member(doc, event, IW_STR("System"));
    if (system == JSON_NO_NODE || doc->nodes[system].type != JSON_OBJECT)
        return false;
    json_head_nodes_init(ret);
    ret->at[JSON_ROLE_EVENT_ID] = text_of(doc, json_member(doc, system, IW_STR("EventID")));
    ret->at[JSON_ROLE_CHANNEL] = text_of(doc, json_member(doc, system, IW_STR("Channel")));
    for (size_t i = 0;
         ret->at[JSON_ROLE_PROVIDER] == JSON_NO_NODE && i < sizeof PROVIDERS / sizeof PROVIDERS[0];
         i++)
        ret->at[JSON_ROLE_PROVIDER] = json_find(doc, system, PROVIDERS[i]);
    return true;
}

static bool find_event(struct json_reading *reading, struct json_head_nodes *ret)
{
    return json_has(&reading->survey, JSON_KEY_EVENT) &&
           find_at(reading, reading->survey.at[JSON_KEY_EVENT], ret);
}

static bool find_system(struct json_reading *reading, struct json_head_nodes *ret)
{
    return json_has(&reading->survey, JSON_KEY_SYSTEM) &&
           find_at(reading, reading->survey.root, ret);
}

static void add(struct system_fields *fields, struct iw_str name, uint32_t node)
{
    /* Elements that others write as plain values. */
    if (iw_str_equal(name, IW_STR("TimeCreated")))
        name = IW_STR("TimeCreated_SystemTime");
    else if (iw_str_equal(name, IW_STR("UserID")))
        name = IW_STR("Security_UserID");
    if (fields->n < MOST_SYSTEM_FIELDS)
        fields->all[fields->n++] = (struct system_field){name, node};
}

/* Attributes of element *tag*. */
static enum iw_rc add_attributes(struct json_reading *reading, struct system_fields *fields,
                                 struct iw_str tag, uint32_t object)
{
    const struct json_doc *doc = reading->doc;
    for (uint32_t at = json_first(doc, object); at != JSON_NO_NODE;
         at = json_next(doc, object, at)) {
        struct iw_str key = json_key(doc, at, reading->arena, &reading->is_repaired);
        if (key.p == NULL)
            return IW_ENOMEM;
        if (key.n > 1 && (key.p[0] == '@' || key.p[0] == '-'))
            key = (struct iw_str){key.p + 1, key.n - 1};
        if (is_text_key(key)) {
            add(fields, tag, at);
        } else if (!iw_str_equal(key, IW_STR("#attributes"))) {
            struct iw_str name = json_join(reading->arena, tag, '_', key);
            if (name.p == NULL)
                return IW_ENOMEM;
            add(fields, name, at);
        }
    }
    return IW_OK;
}

static enum iw_rc add_element(struct json_reading *reading, struct system_fields *fields,
                              uint32_t node)
{
    const struct iw_str suffix = IW_STR("_attributes");
    const struct json_doc *doc = reading->doc;
    struct iw_str tag = json_key(doc, node, reading->arena, &reading->is_repaired);
    uint32_t attributes;

    if (tag.p == NULL)
        return IW_ENOMEM;
    if (doc->nodes[node].type != JSON_OBJECT) {
        add(fields, tag, node);
        return IW_OK;
    }
    if (iw_str_ends_nocase(tag, suffix))
        tag.n -= suffix.n;
    attributes = json_member(doc, node, IW_STR("#attributes"));
    if (attributes != JSON_NO_NODE && doc->nodes[attributes].type == JSON_OBJECT)
        IW_TRY(add_attributes(reading, fields, tag, attributes));
    return add_attributes(reading, fields, tag, node);
}

static enum iw_rc find_fields(struct json_reading *reading, uint32_t system,
                              struct system_fields *fields, struct json_head_nodes *nodes)
{
    const struct json_doc *doc = reading->doc;
    fields->n = 0;
    json_head_nodes_init(nodes);
    for (uint32_t at = json_first(doc, system); at != JSON_NO_NODE; at = json_next(doc, system, at))
        IW_TRY(add_element(reading, fields, at));
    for (size_t i = 0; i < fields->n; i++) {
        enum json_role role = json_role_of(fields->all[i].name);
        if (role != JSON_ROLE_NONE)
            json_head_nodes_offer(doc, nodes, role, fields->all[i].node);
    }
    return IW_OK;
}

static enum iw_rc add_fields(struct json_reading *reading, const struct system_fields *fields,
                             const struct json_head_nodes *nodes)
{
    for (size_t i = 0; i < fields->n; i++) {
        const struct system_field *field = &fields->all[i];
        enum json_role role = json_role_of(field->name);
        if (reading->doc->nodes[field->node].type == JSON_NULL)
            continue;
        if (role != JSON_ROLE_NONE && nodes->at[role] == field->node)
            IW_TRY(json_add_role(reading, nodes, role));
        else
            IW_TRY(json_add(reading, IW_PLACE_SYSTEM, field->name, field->node));
    }
    return IW_OK;
}

static enum iw_rc add_rendering(struct json_reading *reading, uint32_t node)
{
    const struct json_doc *doc = reading->doc;
    if (node == JSON_NO_NODE || doc->nodes[node].type != JSON_OBJECT)
        return IW_OK;
    for (uint32_t at = json_first(doc, node); at != JSON_NO_NODE; at = json_next(doc, node, at)) {
        struct iw_str name = json_key(doc, at, reading->arena, &reading->is_repaired);
        if (name.p == NULL)
            return IW_ENOMEM;
        IW_TRY(json_add(reading, IW_PLACE_RENDERING, name, at));
    }
    return IW_OK;
}

/* Everything beside System and the payload: what the exporter adds, or parts of XML we have no name
 * for. */
static enum iw_rc add_others(struct json_reading *reading, uint32_t event, const uint32_t *except,
                             size_t n_except)
{
    static const char *const MARKS[] = {"#attributes", "Event_attributes", "EventData_attributes",
                                        "UserData_attributes", "xmlns"};
    uint32_t all[12];
    size_t n = 0;
    for (size_t i = 0; i < n_except; i++)
        all[n++] = except[i];
    for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++)
        all[n++] = json_member(reading->doc, event, iw_str_of(MARKS[i]));
    if (event == reading->survey.root)
        return json_add_rest(reading, event, all, n);
    IW_TRY(json_add_rest(reading, event, all, n));
    all[0] = event;
    all[1] = json_member(reading->doc, reading->survey.root, IW_STR("Event_attributes"));
    return json_add_rest(reading, reading->survey.root, all, 2);
}

static enum iw_rc read_at(struct json_reading *reading, uint32_t event)
{
    const struct json_doc *doc = reading->doc;
    const uint32_t parts[] = {json_member(doc, event, IW_STR("System")),
                              json_member(doc, event, IW_STR("EventData")),
                              json_member(doc, event, IW_STR("UserData")),
                              json_member(doc, event, IW_STR("RenderingInfo"))};
    struct system_fields fields;
    struct json_head_nodes nodes;
    bool is_wanted;

    IW_TRY(find_fields(reading, parts[0], &fields, &nodes));
    IW_TRY(json_set_head(reading, &nodes, &is_wanted));
    if (!is_wanted)
        return IW_OK;
    IW_TRY(add_fields(reading, &fields, &nodes));
    if (parts[1] != JSON_NO_NODE)
        IW_TRY(json_add_event_data(reading, parts[1], JSON_PAYLOAD_AS_IS));
    if (parts[2] != JSON_NO_NODE)
        IW_TRY(json_add_user_data(reading, parts[2]));
    IW_TRY(add_rendering(reading, parts[3]));
    return add_others(reading, event, parts, 4);
}

static enum iw_rc read_event(struct json_reading *reading)
{
    return read_at(reading, reading->survey.at[JSON_KEY_EVENT]);
}

static enum iw_rc read_system(struct json_reading *reading)
{
    return read_at(reading, reading->survey.root);
}

const struct json_dialect json_dialect_event = {"event", false, find_event, read_event};
const struct json_dialect json_dialect_system = {"system", false, find_system, read_system};
