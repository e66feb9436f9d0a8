/*
 * The lab's JSON reader (see lab_json.h).
 *
 * What it does: RFC 8259 with one loop and a stack of open containers, at most 16 deep.
 * What it ignores: duplicate member names (the first counts), the range of numbers (kept as text).
 */
#include "lab/json/lab_json.h"

#include "lab/lab_alloc.h"

#include <string.h>

#define MAX_DEPTH 16U

struct parser {
    struct iw_lab_json *json;
    const char *start;
    const char *at;
    const char *end;
    char *text_end;
    struct iw_lab_error *error;
    uint32_t open[MAX_DEPTH];
    uint32_t last_child[MAX_DEPTH];
    size_t depth;
};

static bool fail(struct parser *p, const char *reason)
{
    return iw_lab_error_set(p->error, "column %zu: %s", (size_t)(p->at - p->start) + 1, reason);
}

static void skip_space(struct parser *p)
{
    while (p->at < p->end &&
           (*p->at == ' ' || *p->at == '\t' || *p->at == '\r' || *p->at == '\n')) {
        p->at++;
    }
}

static void put_utf8(struct parser *p, uint32_t code)
{
    if (code < 0x80) {
        *p->text_end++ = (char)code;
    } else if (code < 0x800) {
        *p->text_end++ = (char)(0xC0U | (code >> 6));
        *p->text_end++ = (char)(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        *p->text_end++ = (char)(0xE0U | (code >> 12));
        *p->text_end++ = (char)(0x80U | ((code >> 6) & 0x3FU));
        *p->text_end++ = (char)(0x80U | (code & 0x3FU));
    } else {
        *p->text_end++ = (char)(0xF0U | (code >> 18));
        *p->text_end++ = (char)(0x80U | ((code >> 12) & 0x3FU));
        *p->text_end++ = (char)(0x80U | ((code >> 6) & 0x3FU));
        *p->text_end++ = (char)(0x80U | (code & 0x3FU));
    }
}

/* The four digits behind \u; -1 when they are not there. */
static int32_t read_hex4(const char *at, const char *end)
{
    int32_t value = 0;
    if (end - at < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static bool read_unicode_escape(struct parser *p)
{
    int32_t high = read_hex4(p->at, p->end);
    if (high < 0) {
        return fail(p, "four hex digits expected behind \\u");
    }
    p->at += 4;
    uint32_t code = (uint32_t)high;
    if (code >= 0xD800 && code < 0xDC00 && p->end - p->at >= 6 && p->at[0] == '\\' &&
        p->at[1] == 'u') {
        int32_t low = read_hex4(p->at + 2, p->end);
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000U + ((code - 0xD800U) << 10) + ((uint32_t)low - 0xDC00U);
            p->at += 6;
        }
    }
    put_utf8(p, code);
    return true;
}

static bool read_escape(struct parser *p)
{
    static const char escapes[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char c = p->at < p->end ? *p->at++ : '\0';
    if (c == 'u') {
        return read_unicode_escape(p);
    }
    const char *found = c == '\0' ? NULL : strchr(escapes, c);
    if (found == NULL) {
        return fail(p, "unknown escape");
    }
    *p->text_end++ = meanings[found - escapes];
    return true;
}

/* A string at the opening quote; *text and *size_bytes get the decoded text. */
static bool read_string(struct parser *p, const char **text, size_t *size_bytes)
{
    char *begin = p->text_end;
    p->at++;
    while (p->at < p->end && *p->at != '"') {
        if ((unsigned char)*p->at < 0x20) {
            return fail(p, "control character in a string");
        }
        if (*p->at != '\\') {
            *p->text_end++ = *p->at++;
            continue;
        }
        p->at++;
        if (!read_escape(p)) {
            return false;
        }
    }
    if (p->at == p->end) {
        return fail(p, "string without end");
    }
    p->at++;
    *text = begin;
    *size_bytes = (size_t)(p->text_end - begin);
    *p->text_end++ = '\0';
    return true;
}

static uint32_t add_node(struct parser *p, enum iw_lab_json_kind kind, const char *key)
{
    struct iw_lab_json *json = p->json;
    if (json->n_nodes == json->n_room) {
        json->n_room = json->n_room * 2 + 64;
        json->nodes = iw_lab_alloc_resize(json->nodes, json->n_room, sizeof *json->nodes);
    }
    uint32_t index = (uint32_t)json->n_nodes++;
    memset(&json->nodes[index], 0, sizeof json->nodes[index]);
    json->nodes[index].kind = kind;
    json->nodes[index].key = key;
    json->nodes[index].text = "";
    if (p->depth > 0) {
        uint32_t parent = p->open[p->depth - 1];
        uint32_t before = p->last_child[p->depth - 1];
        if (before == 0) {
            json->nodes[parent].first_child = index;
        } else {
            json->nodes[before].next = index;
        }
        p->last_child[p->depth - 1] = index;
        json->nodes[parent].n_children++;
    }
    return index;
}

static bool read_word(struct parser *p, const char *key)
{
    static const struct {
        const char *word;
        enum iw_lab_json_kind kind;
    } words[] = {
        {"null", IW_LAB_JSON_NULL}, {"true", IW_LAB_JSON_TRUE}, {"false", IW_LAB_JSON_FALSE}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i].word);
        if ((size_t)(p->end - p->at) >= length && memcmp(p->at, words[i].word, length) == 0) {
            p->at += length;
            add_node(p, words[i].kind, key);
            return true;
        }
    }
    size_t length = 0;
    while (p->at + length < p->end && strchr("+-.0123456789eE", p->at[length]) != NULL &&
           p->at[length] != '\0') {
        length++;
    }
    if (length == 0) {
        return fail(p, "value expected");
    }
    uint32_t index = add_node(p, IW_LAB_JSON_NUMBER, key);
    memcpy(p->text_end, p->at, length);
    p->json->nodes[index].text = p->text_end;
    p->json->nodes[index].size_bytes = length;
    p->text_end[length] = '\0';
    p->text_end += length + 1;
    p->at += length;
    return true;
}

/* One value, or the opening bracket of one. */
static bool read_value(struct parser *p, const char *key)
{
    char c = p->at < p->end ? *p->at : '\0';
    if (c == '{' || c == '[') {
        if (p->depth == MAX_DEPTH) {
            return fail(p, "nested too deeply");
        }
        uint32_t index = add_node(p, c == '{' ? IW_LAB_JSON_OBJECT : IW_LAB_JSON_ARRAY, key);
        p->open[p->depth] = index;
        p->last_child[p->depth] = 0;
        p->depth++;
        p->at++;
        return true;
    }
    if (c != '"') {
        return read_word(p, key);
    }
    uint32_t index = add_node(p, IW_LAB_JSON_STRING, key);
    const char *text = NULL;
    size_t size_bytes = 0;
    if (!read_string(p, &text, &size_bytes)) {
        return false;
    }
    p->json->nodes[index].text = text;
    p->json->nodes[index].size_bytes = size_bytes;
    return true;
}

/* Inside a container: a closing bracket, or a comma where one is due, a member name in objects, and
 * a value. */
static bool read_item(struct parser *p)
{
    struct iw_lab_json_node *container = &p->json->nodes[p->open[p->depth - 1]];
    bool object = container->kind == IW_LAB_JSON_OBJECT;
    const char *key = NULL;
    size_t key_bytes = 0;
    skip_space(p);
    if (p->at < p->end && *p->at == (object ? '}' : ']')) {
        p->at++;
        p->depth--;
        return true;
    }
    if (container->n_children > 0) {
        if (p->at == p->end || *p->at != ',') {
            return fail(p, "comma or closing bracket expected");
        }
        p->at++;
        skip_space(p);
    }
    if (object) {
        if (p->at == p->end || *p->at != '"' || !read_string(p, &key, &key_bytes)) {
            return fail(p, "member name expected");
        }
        skip_space(p);
        if (p->at == p->end || *p->at != ':') {
            return fail(p, "colon expected");
        }
        p->at++;
        skip_space(p);
    }
    return read_value(p, key);
}

bool iw_lab_json_parse(struct iw_lab_json *json, const char *text, size_t size_bytes,
                       struct iw_lab_error *error)
{
    struct parser p = {
        .json = json, .start = text, .at = text, .end = text + size_bytes, .error = error};
    memset(json, 0, sizeof *json);
    /* Decoding never lengthens a string, but every string and number gains a NUL; they are at least
     * one byte apart. */
    json->texts = iw_lab_alloc_zeroed(2 * size_bytes + 16, 1);
    p.text_end = json->texts;
    skip_space(&p);
    bool ok = read_value(&p, NULL);
    while (ok && p.depth > 0) {
        ok = read_item(&p);
    }
    skip_space(&p);
    return ok && (p.at == p.end || fail(&p, "something behind the value"));
}

void iw_lab_json_done(struct iw_lab_json *json)
{
    iw_lab_alloc_release(json->nodes);
    iw_lab_alloc_release(json->texts);
    memset(json, 0, sizeof *json);
}

const struct iw_lab_json_node *iw_lab_json_first(const struct iw_lab_json *json,
                                                 const struct iw_lab_json_node *node)
{
    return node->first_child == 0 ? NULL : &json->nodes[node->first_child];
}

const struct iw_lab_json_node *iw_lab_json_next(const struct iw_lab_json *json,
                                                const struct iw_lab_json_node *node)
{
    return node->next == 0 ? NULL : &json->nodes[node->next];
}

const struct iw_lab_json_node *iw_lab_json_member(const struct iw_lab_json *json,
                                                  const struct iw_lab_json_node *object,
                                                  const char *key)
{
    const struct iw_lab_json_node *child =
        object->kind == IW_LAB_JSON_OBJECT ? iw_lab_json_first(json, object) : NULL;
    while (child != NULL && strcmp(child->key, key) != 0) {
        child = iw_lab_json_next(json, child);
    }
    return child;
}
