/*
 * Names found by length, first and last letter; the table is small enough that most other names
 * miss at once.
 */
#include "input/json/json_survey.h"

#define SLOTS 512U

static const struct iw_str KEYS[JSON_KEY_COUNT] = {{"", 0},
#define JSON_KEY_TEXT(symbol, text) {text, sizeof(text) - 1},
                                                   JSON_KEYS(JSON_KEY_TEXT)
#undef JSON_KEY_TEXT
};

static size_t slot_of(struct iw_str text)
{
    size_t first = (uint8_t)text.p[0], middle = (uint8_t)text.p[text.n / 2],
           last = (uint8_t)text.p[text.n - 1];
    return (text.n * 37 + first * 11 + middle * 131 + last * 5) % SLOTS;
}

void json_key_table_init(struct json_key_table *table)
{
    memset(table, 0, sizeof *table);
    for (size_t key = 1; key < JSON_KEY_COUNT; key++) {
        size_t slot = slot_of(KEYS[key]);
        while (table->slots[slot] != JSON_KEY_NONE)
            slot = (slot + 1) % SLOTS;
        table->slots[slot] = (uint8_t)key;
    }
}

enum json_key json_key_of(const struct json_key_table *table, struct iw_str text)
{
    size_t slot;
    if (text.n == 0)
        return JSON_KEY_NONE;
    for (slot = slot_of(text); table->slots[slot] != JSON_KEY_NONE; slot = (slot + 1) % SLOTS) {
        if (iw_str_equal(KEYS[table->slots[slot]], text))
            return (enum json_key)table->slots[slot];
    }
    return JSON_KEY_NONE;
}

/* Longest key spelt with escapes that is still compared. */
#define ROOM_BYTES 256U

static enum json_key key_of_node(const struct json_doc *doc, const struct json_key_table *table,
                                 uint32_t node)
{
    const struct json_node *at = &doc->nodes[node];
    struct iw_str raw = {doc->text + at->key_at, at->key_n};
    if (at->is_key_escaped) {
        for (size_t key = 1; key < JSON_KEY_COUNT && raw.n < ROOM_BYTES; key++) {
            if (json_key_is(doc, node, KEYS[key]))
                return (enum json_key)key;
        }
        return JSON_KEY_NONE;
    }
    return json_key_of(table, raw);
}

void json_survey(const struct json_doc *doc, const struct json_key_table *table, uint32_t root,
                 struct json_survey *ret)
{
    ret->root = root;
    ret->n_members = 0;
    memset(ret->at, 0xFF, sizeof ret->at);
    for (uint32_t at = json_first(doc, root); at != JSON_NO_NODE; at = json_next(doc, root, at)) {
        enum json_key key = key_of_node(doc, table, at);
        ret->n_members++;
        if (key != JSON_KEY_NONE && ret->at[key] == JSON_NO_NODE)
            ret->at[key] = at;
    }
}
