/*
 * Questions about a record that was read: members by name, texts of values.
 *
 * Escapes (RFC 8259 §7) are resolved only here, when somebody asks for the text. \u0000 is a NUL
 * character like any other; half a surrogate pair and bytes that are not UTF-8 become U+FFFD; an
 * escape that JSON does not know stays as it is written.
 */
#include "input/json/json_doc.h"

#include "base/alloc.h"
#include "base/utf.h"
#include "input/text/text_window.h"

enum iw_rc json_doc_init(struct json_doc *doc)
{
    memset(doc, 0, sizeof *doc);
    doc->text = "";
    doc->nodes = iw_malloc(JSON_MOST_NODES * sizeof *doc->nodes);
    doc->index = iw_json_index_new();
    return doc->nodes != NULL && doc->index != NULL ? IW_OK : IW_ENOMEM;
}

void json_doc_done(struct json_doc *doc)
{
    iw_json_index_free(doc->index);
    iw_free(doc->nodes);
    doc->index = NULL;
    doc->nodes = NULL;
}

struct json_node *json_doc_add(struct json_doc *doc)
{
    if (doc->n_nodes == JSON_MOST_NODES) {
        doc->is_cut = true;
        return NULL;
    }
    return &doc->nodes[doc->n_nodes++];
}

static size_t skip_digits(struct iw_str token, size_t at)
{
    while (at < token.n && token.p[at] >= '0' && token.p[at] <= '9')
        at++;
    return at;
}

bool json_is_number(struct iw_str token)
{
    size_t at = token.n != 0 && token.p[0] == '-', begin = at;
    at = skip_digits(token, at);
    if (at == begin || (token.p[begin] == '0' && at != begin + 1))
        return false;
    if (at < token.n && token.p[at] == '.') {
        begin = ++at;
        at = skip_digits(token, at);
        if (at == begin)
            return false;
    }
    if (at < token.n && (token.p[at] | 0x20) == 'e') {
        at++;
        if (at < token.n && (token.p[at] == '+' || token.p[at] == '-'))
            at++;
        begin = at;
        at = skip_digits(token, at);
        if (at == begin)
            return false;
    }
    return at == token.n;
}

enum json_type json_type_of_word(struct iw_str token)
{
    if (json_is_number(token))
        return JSON_NUMBER;
    if (iw_str_equal(token, IW_STR("null")))
        return JSON_NULL;
    if (iw_str_equal(token, IW_STR("true")))
        return JSON_TRUE;
    return iw_str_equal(token, IW_STR("false")) ? JSON_FALSE : JSON_STRING;
}

/* --- text
 * ------------------------------------------------------------------------------------------------------
 */

static bool hex4(struct iw_str raw, size_t at, uint32_t *ret)
{
    uint32_t value = 0;
    if (at + 4 > raw.n)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        char c = iw_ascii_lower(raw.p[i]);
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | ((uint32_t)(c - 'a') + 10);
        else
            return false;
    }
    *ret = value;
    return true;
}

/* One \u escape whose `u` stands at *at*; moves past it, and past the other half of a pair. False
 * when it has no four digits. */
static bool unescape_unit(struct iw_str raw, size_t *at, uint32_t *ret, bool *bad)
{
    uint32_t low;
    if (!hex4(raw, *at + 1, ret))
        return false;
    *at += 5;
    if (*ret >= 0xD800 && *ret < 0xDC00 && *at + 1 < raw.n && raw.p[*at] == '\\' &&
        raw.p[*at + 1] == 'u' && hex4(raw, *at + 2, &low) && low >= 0xDC00 && low < 0xE000) {
        *ret = 0x10000 + ((*ret - 0xD800) << 10) + (low - 0xDC00);
        *at += 6;
    }
    if (*ret >= 0xD800 && *ret < 0xE000)
        *bad = true; /* iw_utf8_put writes U+FFFD */
    return true;
}

/* What a letter behind a backslash stands for; NUL: nothing. */
static char plain_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

/* The escape behind a backslash at *at* - 1; returns the bytes written. */
static size_t unescape(struct iw_str raw, size_t *at, char *out, bool *bad)
{
    char plain = *at < raw.n ? plain_escape(raw.p[*at]) : '\0';
    uint32_t unit;
    if (plain != '\0') {
        (*at)++;
        out[0] = plain;
        return 1;
    }
    if (*at < raw.n && raw.p[*at] == 'u' && unescape_unit(raw, at, &unit, bad))
        return iw_utf8_put(unit, out);
    *bad = true;
    out[0] = '\\';
    return 1;
}

/* Room for raw.n bytes is enough: every escape is longer than what it stands for. */
static size_t resolve(struct iw_str raw, char *out, bool *bad)
{
    size_t at = 0, n = 0;
    while (at < raw.n) {
        const char *hit = memchr(raw.p + at, '\\', raw.n - at);
        size_t plain = hit != NULL ? (size_t)(hit - raw.p) - at : raw.n - at;
        memcpy(out + n, raw.p + at, plain);
        n += plain;
        at += plain;
        if (hit != NULL) {
            at++;
            n += unescape(raw, &at, out + n, bad);
        }
    }
    return n;
}

static struct iw_str with_padding(struct iw_arena *arena, size_t n, char **ret)
{
    *ret = iw_arena_alloc(arena, n + IW_TEXT_PADDING);
    return (struct iw_str){*ret, n};
}

/* Bytes that are not UTF-8 replaced; three bytes for one at most. */
static struct iw_str repair(struct iw_str raw, struct iw_arena *arena, bool *bad)
{
    size_t n = 0;
    char *out;
    (void)with_padding(arena, 3 * raw.n, &out);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t at = 0; at < raw.n;)
        n += iw_utf8_put(iw_utf8_next(raw, &at), out + n);
    *bad = true;
    return (struct iw_str){out, n};
}

static struct iw_str text_of(const struct json_doc *doc, struct iw_str raw, bool may_escape,
                             struct iw_arena *arena, bool *bad)
{
    struct iw_str text;
    char *out;
    if (doc->is_dirty && !iw_utf8_valid(raw))
        raw = repair(raw, arena, bad);
    if (raw.p == NULL || raw.n == 0)
        return (struct iw_str){raw.p == NULL ? NULL : "", 0};
    if (!may_escape || memchr(raw.p, '\\', raw.n) == NULL)
        return raw;
    text = with_padding(arena, raw.n, &out);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    text.n = resolve(raw, out, bad);
    memset(out + text.n, 0, IW_TEXT_PADDING);
    return text;
}

struct iw_str json_text(const struct json_doc *doc, uint32_t node, struct iw_arena *arena,
                        bool *bad)
{
    switch ((enum json_type)doc->nodes[node].type) {
    case JSON_STRING:
        return text_of(doc, json_raw(doc, node), true, arena, bad);
    case JSON_NUMBER:
        return text_of(doc, json_raw(doc, node), false, arena, bad);
    case JSON_TRUE:
        return IW_STR("true");
    case JSON_FALSE:
        return IW_STR("false");
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_NULL:
        break;
    }
    return IW_STR("");
}

struct iw_str json_key(const struct json_doc *doc, uint32_t node, struct iw_arena *arena, bool *bad)
{
    const struct json_node *at = &doc->nodes[node];
    return text_of(doc, (struct iw_str){doc->text + at->key_at, at->key_n}, at->is_key_escaped,
                   arena, bad);
}

/* --- members
 * ---------------------------------------------------------------------------------------------------
 */

#define LONGEST_KNOWN_KEY 64U

/* The key as it is compared; escapes resolved into *room* where it may be a name we know. */
static struct iw_str plain_key(const struct json_doc *doc, const struct json_node *node,
                               char room[6 * LONGEST_KNOWN_KEY])
{
    struct iw_str raw = {doc->text + node->key_at, node->key_n};
    bool ignored = false;
    if (!node->is_key_escaped || raw.n > 6 * (size_t)LONGEST_KNOWN_KEY)
        return raw;
    raw.n = resolve(raw, room, &ignored);
    raw.p = room;
    return raw;
}

bool json_key_is(const struct json_doc *doc, uint32_t node, struct iw_str name)
{
    char room[6 * LONGEST_KNOWN_KEY];
    return iw_str_equal(plain_key(doc, &doc->nodes[node], room), name);
}

uint32_t json_member(const struct json_doc *doc, uint32_t object, struct iw_str name)
{
    if (object == JSON_NO_NODE || doc->nodes[object].type != JSON_OBJECT)
        return JSON_NO_NODE;
    for (uint32_t at = json_first(doc, object); at != JSON_NO_NODE;
         at = json_next(doc, object, at)) {
        if (json_key_is(doc, at, name))
            return at;
    }
    return JSON_NO_NODE;
}

/* The member whose name is the longest beginning of *path* that ends at a dot or with it. */
static uint32_t step(const struct json_doc *doc, uint32_t object, struct iw_str path,
                     size_t *ret_taken)
{
    char room[6 * LONGEST_KNOWN_KEY];
    uint32_t best = JSON_NO_NODE;
    *ret_taken = 0;
    for (uint32_t at = json_first(doc, object); at != JSON_NO_NODE;
         at = json_next(doc, object, at)) {
        struct iw_str key = plain_key(doc, &doc->nodes[at], room);
        if (key.n > path.n || (best != JSON_NO_NODE && key.n <= *ret_taken) ||
            (key.n < path.n && path.p[key.n] != '.') ||
            (key.n != 0 && memcmp(key.p, path.p, key.n) != 0))
            continue;
        best = at;
        *ret_taken = key.n;
    }
    return best;
}

uint32_t json_find(const struct json_doc *doc, uint32_t object, const char *path)
{
    struct iw_str left = iw_str_of(path);
    while (object != JSON_NO_NODE && doc->nodes[object].type == JSON_OBJECT) {
        size_t taken;
        object = step(doc, object, left, &taken);
        if (object == JSON_NO_NODE || taken == left.n)
            return object;
        left.p += taken + 1;
        left.n -= taken + 1;
    }
    return JSON_NO_NODE;
}
