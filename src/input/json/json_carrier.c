/*
 * Envelopes: events inside the JSON of those who ship them.
 *
 * Known: Elasticsearch's `_source`, our own `fields`, Splunk's `event`, `result` and `_raw`,
 * evtx_dump's `data` around `Event`, `event.original`, Fluent Bit's `System` as XML text, OpenWEC's
 * `meta` and `data`, and the line itself as text under `message`, `Message`, `log`, `Event` or
 * `EventData`. Text is a carrier's only when it begins like JSON or like an event's XML.
 */
#include "input/json/json_dialect.h"

/* Whether a string begins like XML or an object; `<` may be spelled \u003c. */
static bool holds_record(const struct json_doc *doc, uint32_t node)
{
    struct iw_str raw;
    size_t at = 0;
    if (node == JSON_NO_NODE || doc->nodes[node].type != JSON_STRING)
        return false;
    raw = json_raw(doc, node);
    while (at < raw.n && (raw.p[at] == ' ' || (raw.p[at] == '\\' && at + 1 < raw.n &&
                                               strchr("rnt", raw.p[at + 1]) != NULL)))
        at += raw.p[at] == '\\' ? 2 : 1;
    if (at == raw.n)
        return false;
    if (raw.n - at >= 6 && iw_str_equal_nocase((struct iw_str){raw.p + at, 6}, IW_STR("\\u003c")))
        return true;
    return raw.p[at] == '<' || raw.p[at] == '{';
}

static enum json_cargo text_at(const struct json_doc *doc, uint32_t node, uint32_t *ret)
{
    if (!holds_record(doc, node))
        return JSON_CARGO_NONE;
    *ret = node;
    return JSON_CARGO_TEXT;
}

static bool is_object(const struct json_doc *doc, uint32_t node)
{
    return node != JSON_NO_NODE && doc->nodes[node].type == JSON_OBJECT;
}

/* Objects that are the event, or one step nearer to it. */
static enum json_cargo find_node(const struct json_doc *doc, const struct json_survey *survey,
                                 uint32_t *ret)
{
    static const enum json_key NODES[] = {JSON_KEY_SOURCE, JSON_KEY_RESULT, JSON_KEY_DATA,
                                          JSON_KEY_EVENT_LOWER};
    if (json_has(survey, JSON_KEY_SCHEMA) && is_object(doc, survey->at[JSON_KEY_FIELDS])) {
        *ret = survey->at[JSON_KEY_FIELDS];
        return JSON_CARGO_NODE;
    }
    for (size_t i = 0; i < sizeof NODES / sizeof NODES[0]; i++) {
        *ret = survey->at[NODES[i]];
        if (is_object(doc, *ret))
            return JSON_CARGO_NODE;
    }
    return JSON_CARGO_NONE;
}

enum json_cargo json_carrier_find(const struct json_doc *doc, const struct json_survey *survey,
                                  uint32_t *ret)
{
    static const enum json_key TEXTS[] = {
        JSON_KEY_RAW,  JSON_KEY_EVENT_LOWER,     JSON_KEY_SYSTEM,
        JSON_KEY_DATA, JSON_KEY_EVENT,           JSON_KEY_MESSAGE,
        JSON_KEY_LOG,  JSON_KEY_MESSAGE_CAPITAL, JSON_KEY_EVENT_DATA};
    uint32_t original = json_member(doc, survey->at[JSON_KEY_EVENT_LOWER], IW_STR("original"));
    enum json_cargo cargo = text_at(doc, original, ret);
    for (size_t i = 0; cargo == JSON_CARGO_NONE && i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        cargo = text_at(doc, survey->at[TEXTS[i]], ret);
    return cargo != JSON_CARGO_NONE ? cargo : find_node(doc, survey, ret);
}
