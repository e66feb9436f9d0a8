/*
 * The tolerant reader: what can be read of a record that is not valid JSON. Explicit stack, every
 * byte looked at once or, around quotes, a few times.
 *
 * What it takes for granted, in the order of what happens to logs:
 * - A record that was cut off: fields before the cut stay; the value that was cut does not.
 * - `{` where only a key, a comma or a bracket may stand: the record ends here, cut off, and the
 *   next one begins.
 * - A quote inside a string that nobody escaped: a quote only ends a string when what follows it
 *   can follow a string there. A raw line end ends a string when what follows it looks like JSON.
 * - A bracket that does not close the container but the one around it: both end here, the inner one
 *   cut off, so that a bracket that is missing never takes the next record with it.
 * - Bytes that are not UTF-8, raw control characters, unknown escapes, half surrogate pairs: part
 *   of the text (json_doc.c replaces them where it must).
 * - Stray bytes between tokens, missing or doubled commas: passed over. Words that are no JSON
 * (NaN, True) are kept as they stand.
 * - Containers past IW_LIMIT_TEXT_DEPTH: passed over.
 * Valid JSON it reads as json_walk.c does.
 */
#include "base/limits.h"
#include "base/utf.h"
#include "input/json/json_doc.h"

enum outcome {
    GO_ON = 0,
    ENDED,     /* the root object is closed */
    BROKEN,    /* the record ends at `at`, cut off */
    WANT_MORE, /* the text ended inside the record */
};

struct repair {
    struct json_doc *doc;
    const char *p;
    size_t n, at;
    uint32_t open[IW_LIMIT_TEXT_DEPTH];
    unsigned depth;
    bool want_value; /* behind a colon, or in an array behind a comma or the bracket */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(const struct repair *repair, size_t at)
{
    while (at < repair->n && is_space(repair->p[at]))
        at++;
    return at;
}

static bool in_object(const struct repair *repair)
{
    return repair->doc->nodes[repair->open[repair->depth - 1]].type == JSON_OBJECT;
}

/* Whether the bracket at *at*, which does not close the container, closes the one around it. */
static bool closes_parent(const struct repair *repair, size_t at)
{
    bool object = repair->p[at] == '}';
    return repair->depth >= 2 &&
           (repair->doc->nodes[repair->open[repair->depth - 2]].type == JSON_OBJECT) == object;
}

/* Whether a quote whose next byte is *at* can be the end of a string. */
static bool can_end(const struct repair *repair, size_t at, bool is_key)
{
    size_t next = skip_space(repair, at), after;
    bool object = in_object(repair);
    char c;
    if (next >= repair->n)
        return true;
    c = repair->p[next];
    if (is_key || c == ':')
        return is_key && c == ':';
    if (c == '}' || c == ']') {
        if ((c == '}') == object)
            return true;
        after = skip_space(repair, next + 1);
        return closes_parent(repair, next) &&
               (after >= repair->n || memchr(",{}]", repair->p[after], 4) != NULL);
    }
    if (c != ',')
        return c == '{';
    if (!object)
        return true;
    after = skip_space(repair, next + 1);
    return after >= repair->n || memchr("\"},{", repair->p[after], 4) != NULL;
}

/* Whether a line end inside a string means that the rest of the string is missing. */
static bool is_cut_by_line(const struct repair *repair, size_t at)
{
    at = skip_space(repair, at);
    return at >= repair->n || strchr("\"{}[]", repair->p[at]) != NULL;
}

/* Passes over a string whose first byte behind the quote is *at*. True: closed, *ret_end is its
 * quote. False: cut off at *ret_end. */
static bool find_end(struct repair *repair, size_t at, bool is_key, size_t *ret_end)
{
    for (; at < repair->n; at++) {
        unsigned char c = (unsigned char)repair->p[at];
        if (c == '\\') {
            at += at + 1 < repair->n && repair->p[at + 1] != '\n';
        } else if (c == '"') {
            if (can_end(repair, at + 1, is_key)) {
                *ret_end = at;
                return true;
            }
            repair->doc->is_repaired = true;
        } else if (c == '\n') {
            if (is_cut_by_line(repair, at + 1)) {
                *ret_end = at;
                return false;
            }
            /* Blanks are looked at once, not again from each line end among them. */
            at = skip_space(repair, at + 1) - 1;
            repair->doc->is_repaired = true;
        } else if (c < 0x20) {
            repair->doc->is_repaired = true;
        }
    }
    *ret_end = repair->n;
    return false;
}

/* --- values
 * ----------------------------------------------------------------------------------------------------
 */

/* The node of the value that begins here: the one made with its key, or one of an array. */
static struct json_node *value_node(struct repair *repair)
{
    struct json_node *node;
    if (in_object(repair))
        return repair->doc->n_nodes != 0 ? &repair->doc->nodes[repair->doc->n_nodes - 1] : NULL;
    node = json_doc_add(repair->doc);
    if (node != NULL)
        *node = (struct json_node){.next = repair->doc->n_nodes};
    return node;
}

static void drop_node(struct repair *repair)
{
    repair->doc->n_nodes--;
}

static enum outcome take_string(struct repair *repair)
{
    struct json_node *node = value_node(repair);
    size_t begin = repair->at + 1, end;
    bool is_closed = find_end(repair, begin, false, &end);
    repair->at = is_closed ? end + 1 : end;
    repair->want_value = false;
    if (!is_closed) {
        drop_node(repair);
        if (end >= repair->n)
            return WANT_MORE;
        repair->doc->is_cut = true;
        return GO_ON;
    }
    node->type = JSON_STRING;
    node->at = (uint32_t)begin;
    node->n = (uint32_t)(end - begin);
    return GO_ON;
}

/* Passes over the rest of *depth* containers (0: of the one that begins here), which is past a
 * limit; strings end at their first quote. */
static enum outcome skip_containers(struct repair *repair, uint64_t depth)
{
    bool in_string = false;
    repair->doc->is_cut = true;
    for (; repair->at < repair->n; repair->at++) {
        char c = repair->p[repair->at];
        if (in_string && c == '\\')
            repair->at++;
        else if (c == '"')
            in_string = !in_string;
        else if (in_string)
            in_string = c != '\n';
        else if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            break;
    }
    if (repair->at >= repair->n) {
        repair->at = repair->n; /* a backslash may have led one past it */
        return WANT_MORE;
    }
    repair->at++;
    return GO_ON;
}

static enum outcome open_container(struct repair *repair)
{
    struct json_node *node = value_node(repair);
    repair->want_value = false;
    if (repair->depth == IW_LIMIT_TEXT_DEPTH) {
        node->type = JSON_NULL;
        return skip_containers(repair, 0);
    }
    node->type = repair->p[repair->at] == '{' ? JSON_OBJECT : JSON_ARRAY;
    node->at = (uint32_t)repair->at++;
    repair->open[repair->depth++] = (uint32_t)(node - repair->doc->nodes);
    repair->want_value = node->type == JSON_ARRAY;
    return GO_ON;
}

static bool ends_word(char c)
{
    return is_space(c) || strchr(",:{}[]\"", c) != NULL;
}

/* A number, true, false, null, or a word that should not be there and is kept. */
static enum outcome take_word(struct repair *repair)
{
    struct json_node *node = value_node(repair);
    size_t begin = repair->at;
    while (repair->at < repair->n && !ends_word(repair->p[repair->at]))
        repair->at++;
    repair->want_value = false;
    if (repair->at == repair->n) {
        drop_node(repair);
        return WANT_MORE;
    }
    node->at = (uint32_t)begin;
    node->n = (uint32_t)(repair->at - begin);
    node->type = (uint8_t)json_type_of_word((struct iw_str){repair->p + begin, node->n});
    if (node->type == JSON_STRING) {
        node->type = JSON_NUMBER;
        repair->doc->is_repaired = true;
    }
    return GO_ON;
}

/* --- between values
 * --------------------------------------------------------------------------------------------
 */

/* A key and its colon; the value comes next. */
static enum outcome take_key(struct repair *repair)
{
    size_t begin = repair->at + 1, end, colon;
    struct json_node *node;
    if (!find_end(repair, begin, true, &end)) {
        repair->at = end;
        repair->doc->is_cut |= end < repair->n;
        return end < repair->n ? GO_ON : WANT_MORE;
    }
    colon = skip_space(repair, end + 1);
    repair->at = colon + 1;
    if (colon >= repair->n) {
        repair->at = repair->n;
        return WANT_MORE;
    }
    node = json_doc_add(repair->doc);
    if (node == NULL)
        return WANT_MORE; /* take_token looks before it comes to this */
    *node = (struct json_node){.key_at = (uint32_t)begin,
                               .key_n = (uint32_t)(end - begin),
                               .next = repair->doc->n_nodes,
                               .type = JSON_NULL,
                               .is_member = true,
                               .is_key_escaped = memchr(repair->p + begin, '\\', end - begin)};
    repair->want_value = true;
    return GO_ON;
}

static enum outcome close_container(struct repair *repair)
{
    struct json_node *node = &repair->doc->nodes[repair->open[repair->depth - 1]];
    if ((repair->p[repair->at] == '}') != (node->type == JSON_OBJECT) &&
        closes_parent(repair, repair->at)) {
        node->next = repair->doc->n_nodes; /* its own bracket is missing */
        node->n = (uint32_t)(repair->at - node->at);
        repair->depth--;
        repair->want_value = false;
        repair->doc->is_cut = true;
        return GO_ON;
    }
    if ((repair->p[repair->at] == '}') != (node->type == JSON_OBJECT)) {
        repair->at++; /* the wrong bracket */
        repair->doc->is_repaired = true;
        return GO_ON;
    }
    repair->doc->is_repaired |= repair->want_value && node->next != repair->doc->n_nodes;
    repair->at++;
    node->next = repair->doc->n_nodes;
    node->n = (uint32_t)(repair->at - node->at);
    repair->depth--;
    repair->want_value = false;
    return repair->depth == 0 ? ENDED : GO_ON;
}

/* No more nodes: the rest of the record is passed over. */
static enum outcome end_at_limit(struct repair *repair)
{
    enum outcome outcome = skip_containers(repair, repair->depth);
    repair->want_value = false;
    if (outcome == WANT_MORE)
        return outcome;
    while (repair->depth != 0) {
        struct json_node *node = &repair->doc->nodes[repair->open[--repair->depth]];
        node->next = repair->doc->n_nodes;
        node->n = (uint32_t)(repair->at - node->at);
    }
    return ENDED;
}

/* Bytes that mean nothing here. Letters and digits are something that is lost. */
static void pass_over(struct repair *repair)
{
    char c = (char)(repair->p[repair->at++] | 0x20);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && repair->p[repair->at - 1] >= '0'))
        repair->doc->is_cut = true;
    repair->doc->is_repaired = true;
}

static enum outcome take_member(struct repair *repair, char c)
{
    switch (c) {
    case '"':
        return take_key(repair);
    case '{':
        repair->doc->is_cut = true;
        return BROKEN;
    case ',':
        repair->at++;
        return GO_ON;
    default:
        pass_over(repair);
        return GO_ON;
    }
}

static enum outcome take_value(struct repair *repair, char c)
{
    switch (c) {
    case '"':
        return take_string(repair);
    case '{':
    case '[':
        return open_container(repair);
    case ',': /* no value */
        repair->at++;
        repair->want_value = !in_object(repair);
        repair->doc->is_repaired = true;
        return GO_ON;
    default:
        break;
    }
    /* A stray byte before a value is not a value. */
    if ((unsigned char)c < 0x20 || (unsigned char)c >= 0x7F || c == ':') {
        pass_over(repair);
        return GO_ON;
    }
    return take_word(repair);
}

/* In an array behind a value. */
static enum outcome take_comma(struct repair *repair, char c)
{
    if (c == ',') {
        repair->at++;
        repair->want_value = true;
        return GO_ON;
    }
    if (c == '"' || c == '{' || c == '[') {
        repair->doc->is_repaired = true;
        repair->want_value = true;
        return GO_ON;
    }
    pass_over(repair);
    return GO_ON;
}

static enum outcome take_token(struct repair *repair)
{
    char c;
    repair->at = skip_space(repair, repair->at);
    if (repair->at == repair->n)
        return WANT_MORE;
    c = repair->p[repair->at];
    if (c == '}' || c == ']')
        return close_container(repair);
    if (repair->doc->n_nodes == JSON_MOST_NODES && !(repair->want_value && in_object(repair)))
        return end_at_limit(repair);
    if (repair->want_value)
        return take_value(repair, c);
    return in_object(repair) ? take_member(repair, c) : take_comma(repair, c);
}

/* Closes what is open at the cut; a key without its value is not kept. */
static void close_all(struct repair *repair)
{
    if (repair->want_value && in_object(repair))
        drop_node(repair);
    while (repair->depth != 0) {
        struct json_node *node = &repair->doc->nodes[repair->open[--repair->depth]];
        node->next = repair->doc->n_nodes;
        node->n = (uint32_t)(repair->at - node->at);
    }
}

bool json_doc_repair(struct json_doc *doc, const char *text, size_t n, bool is_whole)
{
    struct repair repair = {.doc = doc, .p = text, .n = n};
    enum outcome outcome = GO_ON;

    doc->text = text;
    doc->n = n;
    doc->is_repaired = doc->is_cut = doc->is_open = false;
    doc->nodes[0] = (struct json_node){.type = JSON_OBJECT, .next = 1};
    doc->n_nodes = 1;
    repair.depth = 1;
    repair.at = 1;
    while (outcome == GO_ON)
        outcome = take_token(&repair);
    if (outcome == WANT_MORE && !is_whole)
        return false;
    if (outcome != ENDED) {
        doc->is_cut = doc->is_open = true;
        close_all(&repair);
    }
    doc->end = repair.at;
    doc->is_dirty = !iw_utf8_valid((struct iw_str){text, doc->end});
    doc->is_repaired |= doc->is_dirty;
    return true;
}
