/*
 * The lab's YAML reader (see lab_yaml.h).
 *
 * What it does: libyaml's events become an array of nodes with an explicit stack; keys are unique
 * in their map; ${word} is replaced from the map `names` at the top, which must stand before its
 * use. What it ignores: types of scalars (all are text), comments.
 */
#include "lab/scenario/lab_yaml.h"

#include "lab/lab_alloc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define MAX_DEPTH 24U
#define MAX_TEXT_BYTES (1U << 20)

struct builder {
    struct iw_lab_yaml *yaml;
    struct iw_lab_error *error;
    unsigned names_index;
    uint32_t open[MAX_DEPTH];
    uint32_t last_child[MAX_DEPTH];
    size_t depth;
    const char *key; /* read, its value is due */
    uint32_t key_line;
};

static const char *keep_text(struct iw_lab_yaml *yaml, char *text)
{
    if (yaml->n_texts == yaml->n_texts_room) {
        yaml->n_texts_room = yaml->n_texts_room * 2 + 256;
        yaml->texts = iw_lab_alloc_resize(yaml->texts, yaml->n_texts_room, sizeof *yaml->texts);
    }
    yaml->texts[yaml->n_texts++] = text;
    return text;
}

static bool fail_at(struct builder *b, uint32_t line, const char *reason, const char *what)
{
    return iw_lab_error_set(b->error, "%s:%u: %s%s%s", b->yaml->path, line, reason,
                            what[0] != '\0' ? ": " : "", what);
}

/* The word chosen for ${name}; NULL: no such name. */
static const char *find_name(const struct builder *b, const char *name, size_t size_bytes)
{
    const struct iw_lab_yaml *yaml = b->yaml;
    const struct iw_lab_yaml_node *names = iw_lab_yaml_get(yaml, &yaml->nodes[0], "names");
    const struct iw_lab_yaml_node *node =
        names == NULL || names->kind != IW_LAB_YAML_MAP ? NULL : iw_lab_yaml_first(yaml, names);
    while (node != NULL &&
           (strlen(node->key) != size_bytes || memcmp(node->key, name, size_bytes) != 0)) {
        node = iw_lab_yaml_next(yaml, node);
    }
    if (node == NULL || node->kind == IW_LAB_YAML_TEXT) {
        return node == NULL ? NULL : node->text;
    }
    const struct iw_lab_yaml_node *choice = iw_lab_yaml_first(yaml, node);
    for (unsigned i = 1; choice != NULL && i < b->names_index; i++) {
        const struct iw_lab_yaml_node *next = iw_lab_yaml_next(yaml, choice);
        choice = next != NULL ? next : iw_lab_yaml_first(yaml, node);
    }
    return choice == NULL ? NULL : choice->text;
}

/* The text with names put in, owned by the tree; NULL with error. */
static const char *expand(struct builder *b, const char *text, size_t size_bytes, uint32_t line)
{
    size_t room = size_bytes + 1, used = 0;
    char *out = iw_lab_alloc_zeroed(room, 1);
    for (size_t i = 0; i < size_bytes;) {
        const char *word = NULL;
        const char *end = NULL;
        if (text[i] == '$' && i + 1 < size_bytes && text[i + 1] == '{') {
            end = memchr(text + i, '}', size_bytes - i);
            word = end == NULL ? NULL : find_name(b, text + i + 2, (size_t)(end - text) - i - 2);
            if (word == NULL) {
                fail_at(b, line, "no such name (names must stand above)", text + i);
                iw_lab_alloc_release(out);
                return NULL;
            }
        }
        size_t length = word == NULL ? 1 : strlen(word);
        room += length;
        out = iw_lab_alloc_resize(out, room, 1);
        memcpy(out + used, word == NULL ? text + i : word, length);
        used += length;
        i = word == NULL ? i + 1 : (size_t)(end - text) + 1;
    }
    out[used] = '\0';
    return keep_text(b->yaml, out);
}

static uint32_t add_node(struct builder *b, enum iw_lab_yaml_kind kind, const char *text,
                         uint32_t line)
{
    struct iw_lab_yaml *yaml = b->yaml;
    if (yaml->n_nodes == yaml->n_room) {
        yaml->n_room = yaml->n_room * 2 + 256;
        yaml->nodes = iw_lab_alloc_resize(yaml->nodes, yaml->n_room, sizeof *yaml->nodes);
    }
    uint32_t index = (uint32_t)yaml->n_nodes++;
    yaml->nodes[index] = (struct iw_lab_yaml_node){
        .kind = kind, .key = b->key, .text = text, .line = b->key != NULL ? b->key_line : line};
    b->key = NULL;
    if (b->depth > 0) {
        uint32_t parent = b->open[b->depth - 1];
        uint32_t before = b->last_child[b->depth - 1];
        if (before == 0) {
            yaml->nodes[parent].first_child = index;
        } else {
            yaml->nodes[before].next = index;
        }
        b->last_child[b->depth - 1] = index;
        yaml->nodes[parent].n_children++;
    }
    return index;
}

static bool take_scalar(struct builder *b, const yaml_event_t *event, uint32_t line)
{
    if (event->data.scalar.length > MAX_TEXT_BYTES ||
        memchr(event->data.scalar.value, 0, event->data.scalar.length) != NULL) {
        return fail_at(b, line, "text too long, or with a NUL in it", "");
    }
    const char *text =
        expand(b, (const char *)event->data.scalar.value, event->data.scalar.length, line);
    if (text == NULL) {
        return false;
    }
    bool in_map = b->depth > 0 && b->yaml->nodes[b->open[b->depth - 1]].kind == IW_LAB_YAML_MAP;
    if (!in_map || b->key != NULL) {
        add_node(b, IW_LAB_YAML_TEXT, text, line);
        return true;
    }
    if (iw_lab_yaml_get(b->yaml, &b->yaml->nodes[b->open[b->depth - 1]], text) != NULL) {
        return fail_at(b, line, "this key stands twice", text);
    }
    b->key = text;
    b->key_line = line;
    return true;
}

static bool open_container(struct builder *b, enum iw_lab_yaml_kind kind, uint32_t line)
{
    bool in_map = b->depth > 0 && b->yaml->nodes[b->open[b->depth - 1]].kind == IW_LAB_YAML_MAP;
    if (b->depth == MAX_DEPTH) {
        return fail_at(b, line, "nested too deeply", "");
    }
    if (in_map && b->key == NULL) {
        return fail_at(b, line, "a key must be text", "");
    }
    b->open[b->depth] = add_node(b, kind, "", line);
    b->last_child[b->depth] = 0;
    b->depth++;
    return true;
}

static bool take_event(struct builder *b, const yaml_event_t *event, bool *is_done)
{
    uint32_t line = (uint32_t)event->start_mark.line + 1;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return fail_at(b, line, "aliases are not used here", "");
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.tag != NULL) {
            return fail_at(b, line, "tags are not used here", (const char *)event->data.scalar.tag);
        }
        return take_scalar(b, event, line);
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.tag != NULL) {
            return fail_at(b, line, "tags are not used here",
                           (const char *)event->data.sequence_start.tag);
        }
        return open_container(b, IW_LAB_YAML_LIST, line);
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.tag != NULL) {
            return fail_at(b, line, "tags are not used here",
                           (const char *)event->data.mapping_start.tag);
        }
        return open_container(b, IW_LAB_YAML_MAP, line);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return true;
    case YAML_DOCUMENT_START_EVENT:
        return b->yaml->n_nodes == 0 || fail_at(b, line, "a second document", "");
    case YAML_STREAM_END_EVENT:
        *is_done = true;
        return b->yaml->n_nodes > 0 || fail_at(b, line, "an empty file", "");
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return true;
}

static bool read_stream(struct builder *b, FILE *stream)
{
    yaml_parser_t parser;
    bool ok = yaml_parser_initialize(&parser) != 0;
    bool is_done = false;
    yaml_parser_set_input_file(&parser, stream);
    while (ok && !is_done) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0) {
            ok = fail_at(b, (uint32_t)parser.problem_mark.line + 1,
                         parser.problem != NULL ? parser.problem : "no YAML", "");
            break;
        }
        ok = take_event(b, &event, &is_done);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return ok;
}

bool iw_lab_yaml_read(struct iw_lab_yaml *yaml, const char *path, unsigned names_index,
                      struct iw_lab_error *error)
{
    struct builder b = {.yaml = yaml, .error = error, .names_index = names_index};
    memset(yaml, 0, sizeof *yaml);
    yaml->path = path;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot open: %s", path, strerror(errno));
    }
    bool ok = read_stream(&b, stream);
    fclose(stream);
    return ok;
}

void iw_lab_yaml_done(struct iw_lab_yaml *yaml)
{
    for (size_t i = 0; i < yaml->n_texts; i++) {
        iw_lab_alloc_release(yaml->texts[i]);
    }
    iw_lab_alloc_release(yaml->texts);
    iw_lab_alloc_release(yaml->nodes);
    memset(yaml, 0, sizeof *yaml);
}

const struct iw_lab_yaml_node *iw_lab_yaml_first(const struct iw_lab_yaml *yaml,
                                                 const struct iw_lab_yaml_node *node)
{
    return node == NULL || node->first_child == 0 ? NULL : &yaml->nodes[node->first_child];
}

const struct iw_lab_yaml_node *iw_lab_yaml_next(const struct iw_lab_yaml *yaml,
                                                const struct iw_lab_yaml_node *node)
{
    return node->next == 0 ? NULL : &yaml->nodes[node->next];
}

const struct iw_lab_yaml_node *iw_lab_yaml_get(const struct iw_lab_yaml *yaml,
                                               const struct iw_lab_yaml_node *map, const char *key)
{
    const struct iw_lab_yaml_node *child =
        map == NULL || map->kind != IW_LAB_YAML_MAP ? NULL : iw_lab_yaml_first(yaml, map);
    while (child != NULL && strcmp(child->key, key) != 0) {
        child = iw_lab_yaml_next(yaml, child);
    }
    return child;
}

const char *iw_lab_yaml_text(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                             const char *key, const char *otherwise)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(yaml, map, key);
    return node == NULL || node->kind != IW_LAB_YAML_TEXT ? otherwise : node->text;
}

bool iw_lab_yaml_fail(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *node,
                      struct iw_lab_error *error, const char *format, ...)
{
    char reason[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return iw_lab_error_set(error, "%s:%u: %s", yaml->path, node->line, reason);
}

/* Is key a word of keys? *is_any: keys holds the word …. */
static bool is_allowed(const char *keys, const char *key)
{
    size_t length = strlen(key);
    while (*keys != '\0') {
        size_t word = strcspn(keys, " ");
        size_t bare = word > 0 && keys[word - 1] == '*' ? word - 1 : word;
        if ((bare == length && memcmp(keys, key, length) == 0) ||
            (word == 3 && memcmp(keys, "\xe2\x80\xa6", 3) == 0)) {
            return true;
        }
        keys += word + (keys[word] == ' ');
    }
    return false;
}

bool iw_lab_yaml_check(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                       const char *keys, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(yaml, map);
    if (map->kind != IW_LAB_YAML_MAP) {
        return iw_lab_yaml_fail(yaml, map, error, "a map is expected (%s)", keys);
    }
    for (; child != NULL; child = iw_lab_yaml_next(yaml, child)) {
        if (!is_allowed(keys, child->key)) {
            return iw_lab_yaml_fail(yaml, child, error, "unknown key \"%s\" (known: %s)",
                                    child->key, keys);
        }
    }
    for (const char *word = keys; *word != '\0';) {
        size_t length = strcspn(word, " ");
        char name[64];
        if (length > 1 && length < sizeof name && word[length - 1] == '*') {
            memcpy(name, word, length - 1);
            name[length - 1] = '\0';
            if (iw_lab_yaml_get(yaml, map, name) == NULL) {
                return iw_lab_yaml_fail(yaml, map, error, "\"%s\" is missing", name);
            }
        }
        word += length + (word[length] == ' ');
    }
    return true;
}

bool iw_lab_yaml_number(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                        const char *key, uint64_t max, uint64_t *value, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(yaml, map, key);
    if (node == NULL) {
        return true;
    }
    char *end = NULL;
    errno = 0;
    *value = strtoull(node->text, &end, 0);
    return (node->text[0] >= '0' && node->text[0] <= '9' && *end == '\0' && errno == 0 &&
            *value <= max) ||
           iw_lab_yaml_fail(yaml, node, error, "\"%s\" must be a number up to %" PRIu64, key, max);
}

bool iw_lab_yaml_flag(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                      const char *key, bool *value, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(yaml, map, key);
    if (node == NULL) {
        return true;
    }
    *value = strcmp(node->text, "true") == 0;
    return *value || strcmp(node->text, "false") == 0 ||
           iw_lab_yaml_fail(yaml, node, error, "\"%s\" must be true or false", key);
}

bool iw_lab_yaml_read_span(const char *text, int64_t *value)
{
    static const struct {
        const char *unit;
        double steps;
    } units[] = {{"ms", 1e4}, {"s", 1e7}, {"m", 6e8}, {"h", 3.6e10}, {"d", 8.64e11}};
    bool is_negative = *text == '-';
    double sum = 0;
    text += *text == '-' || *text == '+';
    if (*text == '\0') {
        return false;
    }
    while (*text != '\0') {
        char *end = NULL;
        double number = strtod(text, &end);
        size_t length = strspn(end, "mshd");
        size_t i = 0;
        while (i < 5 &&
               (strlen(units[i].unit) != length || memcmp(units[i].unit, end, length) != 0)) {
            i++;
        }
        if (*text < '0' || *text > '9' || i == 5 || number > 1e9) {
            return false;
        }
        sum += number * units[i].steps;
        text = end + length;
    }
    *value = (int64_t)(is_negative ? -sum : sum);
    return true;
}

bool iw_lab_yaml_span(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                      const char *key, int64_t *value, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(yaml, map, key);
    return node == NULL || iw_lab_yaml_read_span(node->text, value) ||
           iw_lab_yaml_fail(yaml, node, error, "\"%s\" must be a span, as 250ms, 15s, 1h30m", key);
}
