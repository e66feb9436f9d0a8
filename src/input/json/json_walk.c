/*
 * The strict reader: simdjson's index of places, checked against the grammar of RFC 8259 and turned
 * into nodes. Explicit stack; what it refuses json_repair.c reads.
 *
 * Of strings only the ends are looked at: their content was checked by the index but for escapes,
 * which are resolved (and repaired) when the text is asked for.
 */
#include "base/limits.h"
#include "input/json/json_doc.h"

struct walk {
    struct json_doc *doc;
    const uint32_t *places;
    size_t n_places;
    size_t at; /* index into places */
    uint32_t open[IW_LIMIT_TEXT_DEPTH];
    unsigned depth;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the token that begins at the current place: behind its last byte that is no space. */
static size_t token_end(const struct walk *walk)
{
    size_t end = walk->places[walk->at + 1];
    while (is_space(walk->doc->text[end - 1]))
        end--;
    return end;
}

/* The string at the current place; moves past it. */
static bool take_string(struct walk *walk, uint32_t *ret_at, uint32_t *ret_n)
{
    size_t begin = walk->places[walk->at] + 1, end;
    if (walk->at >= walk->n_places || walk->doc->text[begin - 1] != '"')
        return false;
    end = token_end(walk);
    if (end <= begin || walk->doc->text[end - 1] != '"')
        return false;
    *ret_at = (uint32_t)begin;
    *ret_n = (uint32_t)(end - 1 - begin);
    walk->at++;
    return true;
}

static bool take_char(struct walk *walk, char c)
{
    if (walk->at >= walk->n_places || walk->doc->text[walk->places[walk->at]] != c)
        return false;
    walk->at++;
    return true;
}

static bool take_word(struct walk *walk, struct json_node *node)
{
    struct iw_str token;
    node->at = walk->places[walk->at];
    node->n = (uint32_t)(token_end(walk) - node->at);
    token = (struct iw_str){walk->doc->text + node->at, node->n};
    node->type = (uint8_t)json_type_of_word(token);
    walk->at++;
    return node->type != JSON_STRING;
}

static bool open_container(struct walk *walk, struct json_node *node, enum json_type type)
{
    if (walk->depth == IW_LIMIT_TEXT_DEPTH)
        return false;
    node->type = (uint8_t)type;
    node->at = walk->places[walk->at++];
    walk->open[walk->depth++] = (uint32_t)(node - walk->doc->nodes);
    return true;
}

/* A value at the current place, with its key where it stands in an object. */
static bool take_value(struct walk *walk, bool is_member)
{
    struct json_node *node = json_doc_add(walk->doc);
    if (node == NULL)
        return false;
    *node = (struct json_node){.is_member = is_member};
    if (is_member) {
        if (!take_string(walk, &node->key_at, &node->key_n) || !take_char(walk, ':'))
            return false;
        node->is_key_escaped = memchr(walk->doc->text + node->key_at, '\\', node->key_n) != NULL;
    }
    if (walk->at >= walk->n_places)
        return false;
    node->next = walk->doc->n_nodes;
    switch (walk->doc->text[walk->places[walk->at]]) {
    case '"':
        node->type = JSON_STRING;
        return take_string(walk, &node->at, &node->n);
    case '{':
        return open_container(walk, node, JSON_OBJECT);
    case '[':
        return open_container(walk, node, JSON_ARRAY);
    default:
        return take_word(walk, node);
    }
}

/* Closes containers as long as brackets stand here. True when a comma or nothing more follows. */
static bool close_containers(struct walk *walk)
{
    while (walk->depth != 0) {
        struct json_node *node = &walk->doc->nodes[walk->open[walk->depth - 1]];
        bool is_empty = node->next == walk->doc->n_nodes;
        if (take_char(walk, node->type == JSON_OBJECT ? '}' : ']')) {
            node->next = walk->doc->n_nodes;
            node->n = walk->places[walk->at - 1] + 1 - node->at;
            walk->depth--;
            continue;
        }
        return is_empty || take_char(walk, ',');
    }
    return true;
}

/* A container is empty as long as its own `next` is the number of nodes: set when it is made. */
static bool walk_object(struct walk *walk)
{
    if (walk->n_places == 0 || walk->doc->text[walk->places[0]] != '{' || !take_value(walk, false))
        return false;
    while (walk->depth != 0) {
        if (!close_containers(walk))
            return false;
        if (walk->depth != 0 &&
            !take_value(walk, walk->doc->nodes[walk->open[walk->depth - 1]].type == JSON_OBJECT))
            return false;
    }
    walk->doc->end = walk->places[walk->at - 1] + 1;
    return true;
}

bool json_doc_read(struct json_doc *doc, const char *text, size_t n)
{
    struct walk walk = {.doc = doc};
    doc->text = text;
    doc->n = n;
    doc->n_nodes = 0;
    doc->end = 0;
    doc->is_dirty = doc->is_repaired = doc->is_cut = doc->is_open = false;
    if (iw_json_index_run(doc->index, text, n, &walk.places, &walk.n_places) == IW_JSON_INDEXED &&
        walk_object(&walk))
        return true;
    doc->n_nodes = 0;
    doc->is_cut = false;
    return false;
}
