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
#define MAX_SPAN_DAYS 3660U
#define DAY_STEPS UINT64_C(864000000000)

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
        if (text[i] != '$' || i + 1 == size_bytes || text[i + 1] != '{') {
            out[used++] = text[i++];
            continue;
        }
        const char *end = memchr(text + i, '}', size_bytes - i);
        const char *word =
            end == NULL ? NULL : find_name(b, text + i + 2, (size_t)(end - text) - i - 2);
        if (word == NULL) {
            fail_at(b, line, "no such name (names must stand above)", text + i);
            iw_lab_alloc_release(out);
            return NULL;
        }
        size_t length = strlen(word);
        room += length;
        if (room > (size_t)IW_LAB_YAML_TEXT_BYTES * 2) {
            fail_at(b, line, "text too long with its names put in", "");
            iw_lab_alloc_release(out);
            return NULL;
        }
        out = iw_lab_alloc_resize(out, room, 1);
        memcpy(out + used, word, length);
        used += length;
        i = (size_t)(end - text) + 1;
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
    if (event->data.scalar.length > IW_LAB_YAML_TEXT_BYTES ||
        memchr(event->data.scalar.value, 0, event->data.scalar.length) != NULL) {
        return fail_at(b, line, "text too long, or with a NUL in it", "");
    }
    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL) {
        return fail_at(b, line, "anchors and tags are not used here", "");
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

static bool open_container(struct builder *b, enum iw_lab_yaml_kind kind, bool is_plain,
                           uint32_t line)
{
    bool in_map = b->depth > 0 && b->yaml->nodes[b->open[b->depth - 1]].kind == IW_LAB_YAML_MAP;
    if (!is_plain) {
        return fail_at(b, line, "anchors and tags are not used here", "");
    }
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
        return take_scalar(b, event, line);
    case YAML_SEQUENCE_START_EVENT:
        return open_container(b, IW_LAB_YAML_LIST,
                              event->data.sequence_start.anchor == NULL &&
                                  event->data.sequence_start.tag == NULL,
                              line);
    case YAML_MAPPING_START_EVENT:
        return open_container(b, IW_LAB_YAML_MAP,
                              event->data.mapping_start.anchor == NULL &&
                                  event->data.mapping_start.tag == NULL,
                              line);
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

/* The line of a complaint. Bytes that are no UTF-8 are known by their offset only. */
static uint32_t problem_line(const yaml_parser_t *parser, FILE *stream)
{
    uint32_t line = 1;
    if (parser->error != YAML_READER_ERROR) {
        return (uint32_t)parser->problem_mark.line + 1;
    }
    rewind(stream);
    for (size_t i = 0; i < parser->problem_offset; i++) {
        int c = fgetc(stream);
        line += c == '\n';
    }
    return line;
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
            ok = fail_at(b, problem_line(&parser, stream),
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

/* ---- keys */

/* A word of keys, cut into its parts. */
struct key_word {
    const char *name, *shape;
    size_t name_bytes, shape_bytes;
    bool is_needed;
};

/* The word that begins at *at, which then stands at the next one; false: there is none. */
static bool next_word(const char **at, struct key_word *word)
{
    const char *start = *at + strspn(*at, " ");
    size_t length = strcspn(start, " ");
    *at = start + length;
    *word = (struct key_word){.name = start, .shape = ""};
    word->is_needed = length > 1 && start[length - 1] == '*';
    length -= word->is_needed;
    const char *colon = memchr(start, ':', length);
    word->name_bytes = colon == NULL ? length : (size_t)(colon - start);
    if (colon != NULL) {
        word->shape = colon + 1;
        word->shape_bytes = length - word->name_bytes - 1;
    }
    return word->name_bytes > 0;
}

static bool is_same(const char *text, size_t size_bytes, const char *word)
{
    return strlen(word) == size_bytes && memcmp(text, word, size_bytes) == 0;
}

static bool find_word(const char *words, const char *name, struct key_word *found)
{
    while (next_word(&words, found)) {
        if (is_same(found->name, found->name_bytes, name)) {
            return true;
        }
    }
    return false;
}

bool iw_lab_yaml_is_word(const char *words, const char *word)
{
    struct key_word found;
    return find_word(words, word, &found);
}

/* Is every item of that kind? */
static bool check_items(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *list,
                        enum iw_lab_yaml_kind kind, struct iw_lab_error *error)
{
    const char *what = kind == IW_LAB_YAML_MAP ? "maps" : "texts";
    if (list->kind != IW_LAB_YAML_LIST) {
        return iw_lab_yaml_fail(yaml, list, error, "\"%s\" must be a list of %s", list->key, what);
    }
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        if (item->kind != kind) {
            return iw_lab_yaml_fail(yaml, item, error, "\"%s\" must be a list of %s", list->key,
                                    what);
        }
    }
    return true;
}

static bool check_shape(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *node,
                        const struct key_word *word, struct iw_lab_error *error)
{
    if (is_same(word->shape, word->shape_bytes, "any")) {
        return true;
    }
    if (is_same(word->shape, word->shape_bytes, "map")) {
        return node->kind == IW_LAB_YAML_MAP ||
               iw_lab_yaml_fail(yaml, node, error, "\"%s\" must be a map", node->key);
    }
    if (is_same(word->shape, word->shape_bytes, "maps")) {
        return check_items(yaml, node, IW_LAB_YAML_MAP, error);
    }
    if (is_same(word->shape, word->shape_bytes, "texts")) {
        return check_items(yaml, node, IW_LAB_YAML_TEXT, error);
    }
    return node->kind == IW_LAB_YAML_TEXT ||
           iw_lab_yaml_fail(yaml, node, error, "\"%s\" must be one text", node->key);
}

/* Their names alone, for a complaint. */
static void print_names(const char *keys, char *out, size_t size_bytes)
{
    struct key_word word;
    size_t used = 0;
    out[0] = '\0';
    while (next_word(&keys, &word) && used + word.name_bytes + 2 < size_bytes) {
        used += (size_t)snprintf(out + used, size_bytes - used, "%s%.*s", used == 0 ? "" : " ",
                                 (int)word.name_bytes, word.name);
    }
}

bool iw_lab_yaml_check(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                       const char *keys, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(yaml, map);
    struct key_word word;
    char names[300];
    print_names(keys, names, sizeof names);
    if (map->kind != IW_LAB_YAML_MAP) {
        return iw_lab_yaml_fail(yaml, map, error, "a map is expected (%s)", names);
    }
    for (; child != NULL; child = iw_lab_yaml_next(yaml, child)) {
        if (find_word(keys, child->key, &word)) {
            if (!check_shape(yaml, child, &word, error)) {
                return false;
            }
        } else if (!iw_lab_yaml_is_word(keys, "…")) {
            return iw_lab_yaml_fail(yaml, child, error, "unknown key \"%s\" (known: %s)",
                                    child->key, names);
        }
    }
    while (next_word(&keys, &word)) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)word.name_bytes, word.name);
        if (word.is_needed && iw_lab_yaml_get(yaml, map, name) == NULL) {
            return iw_lab_yaml_fail(yaml, map, error, "\"%s\" is missing", name);
        }
    }
    return true;
}

/* ---- values */

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

bool iw_lab_yaml_read_span(const char *text, uint64_t *value)
{
    static const struct {
        const char *unit;
        double steps;
    } units[] = {{"ms", 1e4}, {"s", 1e7}, {"m", 6e8}, {"h", 3.6e10}, {"d", 8.64e11}};
    double sum = 0;
    if (*text == '\0') {
        return false;
    }
    while (*text != '\0') {
        size_t whole = strspn(text, "0123456789");
        size_t digits = strspn(text, "0123456789.");
        size_t length = strspn(text + digits, "mshd");
        size_t i = 0;
        char number[24];
        char *end = NULL;
        while (i < 5 && !is_same(text + digits, length, units[i].unit)) {
            i++;
        }
        if (whole == 0 || digits >= sizeof number || i == 5) {
            return false;
        }
        memcpy(number, text, digits);
        number[digits] = '\0';
        sum += strtod(number, &end) * units[i].steps;
        if (*end != '\0' || sum > (double)MAX_SPAN_DAYS * (double)DAY_STEPS) {
            return false;
        }
        text += digits + length;
    }
    *value = (uint64_t)sum;
    return true;
}

bool iw_lab_yaml_span(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                      const char *key, uint64_t *value, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(yaml, map, key);
    return node == NULL || iw_lab_yaml_read_span(node->text, value) ||
           iw_lab_yaml_fail(yaml, node, error, "\"%s\" must be a span, as 250ms, 15s, 1h30m", key);
}

bool iw_lab_yaml_shift(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                       const char *key, int64_t *value, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(yaml, map, key);
    uint64_t steps = 0;
    if (node == NULL) {
        return true;
    }
    bool is_signed = node->text[0] == '-' || node->text[0] == '+';
    if (!iw_lab_yaml_read_span(node->text + is_signed, &steps)) {
        return iw_lab_yaml_fail(yaml, node, error, "\"%s\" must be a shift, as +2h, -30s", key);
    }
    *value = node->text[0] == '-' ? -(int64_t)steps : (int64_t)steps;
    return true;
}
