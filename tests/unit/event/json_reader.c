/*
 * The reader of json_reader.h. Keys are compared as written, which is enough: the writer under test
 * escapes a character in one way only. Depth is that of what we write: an object of arrays.
 */
#include "json_reader.h"

#include <stdlib.h>

struct cursor {
    struct iw_str text;
    size_t at;
};

struct visit {
    const char *key;
    struct iw_str value; /* of key */
    struct iw_str *keys; /* seen so far; sorted at the end */
    size_t n, cap;
};

static bool take(struct cursor *c, char expected)
{
    if (c->at >= c->text.n || c->text.p[c->at] != expected)
        return false;
    c->at++;
    return true;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool take_escape(struct cursor *c)
{
    char kind;
    if (c->at >= c->text.n)
        return false;
    kind = c->text.p[c->at++];
    if (kind == 'u') {
        for (unsigned i = 0; i < 4; i++, c->at++) {
            if (c->at >= c->text.n || !is_hex(c->text.p[c->at]))
                return false;
        }
        return true;
    }
    return kind != '\0' && strchr("\"\\/bfnrt", kind) != NULL;
}

static bool take_string(struct cursor *c, struct iw_str *ret)
{
    size_t begin = c->at + 1;
    if (!take(c, '"'))
        return false;
    while (c->at < c->text.n && c->text.p[c->at] != '"') {
        unsigned char byte = (unsigned char)c->text.p[c->at++];
        if (byte < 0x20 || (byte == '\\' && !take_escape(c)))
            return false;
    }
    *ret = (struct iw_str){c->text.p + begin, c->at - begin};
    return take(c, '"');
}

static bool take_scalar(struct cursor *c)
{
    static const char *const WORDS[] = {"true", "false", "null"};
    struct iw_str ignored;
    size_t begin = c->at;
    if (c->at < c->text.n && c->text.p[c->at] == '"')
        return take_string(c, &ignored);
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(WORDS[i]);
        if (c->text.n - c->at >= n && memcmp(c->text.p + c->at, WORDS[i], n) == 0) {
            c->at += n;
            return true;
        }
    }
    (void)take(c, '-');
    while (c->at < c->text.n && c->text.p[c->at] >= '0' && c->text.p[c->at] <= '9')
        c->at++;
    return c->at > begin && c->text.p[c->at - 1] != '-' &&
           (c->text.p[begin] != '0' || c->at - begin == 1);
}

static bool take_array(struct cursor *c)
{
    if (!take(c, '['))
        return take_scalar(c);
    if (take(c, ']'))
        return true;
    do {
        if (!take_scalar(c))
            return false;
    } while (take(c, ','));
    return take(c, ']');
}

static bool add_key(struct visit *visit, struct iw_str key)
{
    if (visit->n == visit->cap) {
        size_t cap = visit->cap != 0 ? visit->cap * 2 : 64;
        struct iw_str *grown = realloc(visit->keys, cap * sizeof *grown);
        if (grown == NULL)
            return false;
        visit->keys = grown;
        visit->cap = cap;
    }
    visit->keys[visit->n++] = key;
    return true;
}

static bool take_object(struct cursor *c, struct visit *visit)
{
    if (!take(c, '{'))
        return false;
    if (take(c, '}'))
        return true;
    do {
        struct iw_str key;
        size_t begin;
        if (!take_string(c, &key) || !take(c, ':') || !add_key(visit, key))
            return false;
        begin = c->at;
        if (!take_array(c))
            return false;
        if (visit->key != NULL && iw_str_equal(key, iw_str_of(visit->key)))
            visit->value = (struct iw_str){c->text.p + begin, c->at - begin};
    } while (take(c, ','));
    return take(c, '}');
}

static int compare_keys(const void *left, const void *right)
{
    const struct iw_str *a = left, *b = right;
    return iw_str_compare(*a, *b);
}

static bool read_object(struct iw_str text, struct visit *visit)
{
    struct cursor cursor = {text, 0};
    bool is_valid = take_object(&cursor, visit) && cursor.at == text.n;
    if (visit->n != 0)
        qsort(visit->keys, visit->n, sizeof *visit->keys, compare_keys);
    for (size_t i = 1; i < visit->n; i++)
        is_valid = is_valid && !iw_str_equal(visit->keys[i - 1], visit->keys[i]);
    free(visit->keys);
    return is_valid;
}

bool json_is_valid(struct iw_str text)
{
    struct visit visit = {.key = NULL};
    return read_object(text, &visit);
}

struct iw_str json_member(struct iw_str text, const char *key)
{
    struct visit visit = {.key = key};
    return read_object(text, &visit) ? visit.value : (struct iw_str){NULL, 0};
}

size_t json_count(struct iw_str text)
{
    struct visit visit = {.key = NULL};
    return read_object(text, &visit) ? visit.n : SIZE_MAX;
}
