/*
 * YAML trees from libyaml's event interface. libyaml's own document interface is not used: it keeps
 * no place of keys, expands nothing and has no limits.
 *
 * Scalars stay text; what is a number or a boolean is decided by who reads them (YAML 1.2 core
 * schema, so `yes` is a string). No recursion: open collections stand on a stack of fixed depth.
 */
#include "base/yaml_node.h"

#include <yaml.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/map.h"

struct iw_yaml_stream {
    yaml_parser_t parser;
    struct iw_arena *arena;
    bool is_over;
};

/* A collection that is being filled. */
struct open_node {
    struct iw_yaml_node *node;
    const struct iw_yaml_node *key; /* of a mapping: read, its value is next */
    struct iw_map keys;             /* of a mapping */
    struct iw_str anchor;
};

struct document {
    struct iw_arena *arena;
    struct iw_map anchors; /* name → struct iw_yaml_node * */
    struct open_node open[IW_LIMIT_YAML_DEPTH];
    size_t n_open;
    size_t n_nodes;
    struct iw_yaml_node *root;
    struct iw_error *err;
};

struct iw_yaml_stream *iw_yaml_stream_new(struct iw_str yaml, struct iw_arena *arena)
{
    struct iw_yaml_stream *stream = iw_calloc(1, sizeof *stream);
    if (stream == NULL)
        return NULL;
    if (yaml_parser_initialize(&stream->parser) == 0) {
        iw_free(stream);
        return NULL;
    }
    stream->arena = arena;
    yaml_parser_set_input_string(&stream->parser, (const unsigned char *)yaml.p, yaml.n);
    yaml_parser_set_encoding(&stream->parser, YAML_UTF8_ENCODING);
    return stream;
}

void iw_yaml_stream_free(struct iw_yaml_stream *stream)
{
    if (stream == NULL)
        return;
    yaml_parser_delete(&stream->parser);
    iw_free(stream);
}

static uint32_t place(size_t zero_based)
{
    return zero_based < UINT32_MAX ? (uint32_t)zero_based + 1 : UINT32_MAX;
}

static enum iw_rc refuse(struct iw_error *err, enum iw_rc rc, const yaml_mark_t *mark,
                         const char *what)
{
    iw_error_set(err, rc, "%s", what);
    iw_error_place(err, "", place(mark->line), place(mark->column));
    return rc;
}

static enum iw_rc parser_failure(const yaml_parser_t *parser, struct iw_error *err)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    iw_error_set(err, IW_EFORMAT, "not valid YAML: %s%s%s",
                 parser->context != NULL ? parser->context : "",
                 parser->context != NULL ? ": " : "",
                 parser->problem != NULL ? parser->problem : "unknown problem");
    if (parser->error == YAML_READER_ERROR) {
        if (err != NULL)
            err->offset = parser->problem_offset;
        iw_error_place(err, "", place(parser->mark.line), place(parser->mark.column));
    } else {
        iw_error_place(err, "", place(parser->problem_mark.line),
                       place(parser->problem_mark.column));
    }
    return IW_EFORMAT;
}

static struct iw_str copy_text(struct document *doc, const yaml_char_t *text, size_t n)
{
    return iw_arena_copy(doc->arena, (struct iw_str){(const char *)text, n});
}

static struct iw_str anchor_of(const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;
    if (event->type == YAML_SCALAR_EVENT)
        anchor = event->data.scalar.anchor;
    else if (event->type == YAML_SEQUENCE_START_EVENT)
        anchor = event->data.sequence_start.anchor;
    else if (event->type == YAML_MAPPING_START_EVENT)
        anchor = event->data.mapping_start.anchor;
    return iw_str_of((const char *)anchor);
}

static enum iw_rc remember_anchor(struct document *doc, struct iw_str name,
                                  struct iw_yaml_node *node)
{
    struct iw_map_entry *entry;
    if (name.n == 0)
        return IW_OK;
    name = iw_arena_copy(doc->arena, name);
    entry = name.p != NULL ? iw_map_add(&doc->anchors, name, NULL) : NULL;
    if (entry == NULL)
        return iw_error_set(doc->err, IW_ENOMEM, "no memory");
    entry->value.pointer = node;
    return IW_OK;
}

/* Puts a finished key of a mapping aside until its value comes. */
static enum iw_rc take_key(struct document *doc, struct open_node *open,
                           const struct iw_yaml_node *node, const yaml_mark_t *mark)
{
    bool is_new = false;
    if (node->kind != IW_YAML_SCALAR)
        return refuse(doc->err, IW_ERULE, mark, "a key must be plain text");
    if (node->is_plain && iw_str_equal(node->text, IW_STR("<<")))
        return refuse(doc->err, IW_ERULE, mark, "merge keys (<<) are not YAML 1.2");
    if (iw_map_add(&open->keys, node->text, &is_new) == NULL)
        return iw_error_set(doc->err, IW_ENOMEM, "no memory");
    if (!is_new)
        return refuse(doc->err, IW_ERULE, mark, "the same key stands twice in one map");
    open->key = node;
    return IW_OK;
}

/* Hangs a node into the innermost open collection, or makes it the root. */
static enum iw_rc attach(struct document *doc, struct iw_yaml_node *node, const yaml_mark_t *mark)
{
    struct open_node *open;
    struct iw_yaml_entry *entry;

    if (doc->n_open == 0) {
        doc->root = node;
        return IW_OK;
    }
    open = &doc->open[doc->n_open - 1];
    if (open->node->kind == IW_YAML_MAPPING && open->key == NULL)
        return take_key(doc, open, node, mark);
    entry = iw_arena_calloc(doc->arena, 1, sizeof *entry);
    if (entry == NULL)
        return iw_error_set(doc->err, IW_ENOMEM, "no memory");
    entry->key = open->key;
    entry->value = node;
    open->key = NULL;
    if (open->node->last != NULL)
        open->node->last->next = entry;
    else
        open->node->first = entry;
    open->node->last = entry;
    open->node->n_entries++;
    return IW_OK;
}

static enum iw_rc count_nodes(struct document *doc, size_t n, const yaml_mark_t *mark)
{
    doc->n_nodes += n;
    if (doc->n_nodes > IW_LIMIT_YAML_NODES)
        return refuse(doc->err, IW_ELIMIT, mark, "the document has too many YAML nodes");
    return IW_OK;
}

static struct iw_yaml_node *new_node(struct document *doc, enum iw_yaml_kind kind,
                                     const yaml_mark_t *mark)
{
    struct iw_yaml_node *node = iw_arena_calloc(doc->arena, 1, sizeof *node);
    if (node == NULL) {
        iw_error_set(doc->err, IW_ENOMEM, "no memory");
        return NULL;
    }
    node->kind = kind;
    node->line = place(mark->line);
    node->column = place(mark->column);
    node->n_nodes = 1;
    return node;
}

static enum iw_rc on_scalar(struct document *doc, const yaml_event_t *event)
{
    const yaml_char_t *tag = event->data.scalar.tag;
    struct iw_yaml_node *node;

    IW_TRY(count_nodes(doc, 1, &event->start_mark));
    if (tag != NULL && strcmp((const char *)tag, YAML_STR_TAG) != 0)
        return refuse(doc->err, IW_ERULE, &event->start_mark, "YAML tags are not supported");
    node = new_node(doc, IW_YAML_SCALAR, &event->start_mark);
    if (node == NULL)
        return IW_ENOMEM;
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && tag == NULL;
    node->text = copy_text(doc, event->data.scalar.value, event->data.scalar.length);
    if (node->text.p == NULL)
        return iw_error_set(doc->err, IW_ENOMEM, "no memory");
    IW_TRY(remember_anchor(doc, anchor_of(event), node));
    return attach(doc, node, &event->start_mark);
}

static enum iw_rc on_start(struct document *doc, const yaml_event_t *event, enum iw_yaml_kind kind)
{
    const yaml_char_t *tag =
        kind == IW_YAML_MAPPING ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    struct iw_yaml_node *node;
    struct open_node *open;

    IW_TRY(count_nodes(doc, 1, &event->start_mark));
    if (tag != NULL)
        return refuse(doc->err, IW_ERULE, &event->start_mark, "YAML tags are not supported");
    if (doc->n_open == IW_LIMIT_YAML_DEPTH)
        return refuse(doc->err, IW_ELIMIT, &event->start_mark, "the document is nested too deeply");
    node = new_node(doc, kind, &event->start_mark);
    if (node == NULL)
        return IW_ENOMEM;
    open = &doc->open[doc->n_open++];
    memset(open, 0, sizeof *open);
    open->node = node;
    iw_map_init(&open->keys);
    open->anchor = anchor_of(event);
    if (open->anchor.n != 0) {
        open->anchor = iw_arena_copy(doc->arena, open->anchor);
        if (open->anchor.p == NULL)
            return iw_error_set(doc->err, IW_ENOMEM, "no memory");
    }
    return IW_OK;
}

static enum iw_rc on_end(struct document *doc, const yaml_event_t *event)
{
    struct open_node *open = &doc->open[doc->n_open - 1];
    struct iw_yaml_node *node = open->node;
    struct iw_str anchor = open->anchor;

    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next) {
        node->n_nodes += entry->value->n_nodes + (entry->key != NULL);
        if (entry->value->height >= node->height)
            node->height = entry->value->height + 1;
    }
    iw_map_done(&open->keys);
    doc->n_open--;
    IW_TRY(remember_anchor(doc, anchor, node));
    return attach(doc, node, &event->start_mark);
}

static enum iw_rc on_alias(struct document *doc, const yaml_event_t *event)
{
    struct iw_str name = iw_str_of((const char *)event->data.alias.anchor);
    const struct iw_map_entry *entry = iw_map_find(&doc->anchors, name);
    struct iw_yaml_node *node;

    /* An anchor is known only once its node is whole: a node cannot hold itself. */
    if (entry == NULL)
        return refuse(doc->err, IW_ERULE, &event->start_mark, "an alias names no anchor before it");
    node = entry->value.pointer;
    IW_TRY(count_nodes(doc, node->n_nodes, &event->start_mark));
    if (doc->n_open + node->height > IW_LIMIT_YAML_DEPTH)
        return refuse(doc->err, IW_ELIMIT, &event->start_mark, "the document is nested too deeply");
    return attach(doc, node, &event->start_mark);
}

static enum iw_rc on_event(struct document *doc, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(doc, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_start(doc, event, IW_YAML_SEQUENCE);
    case YAML_MAPPING_START_EVENT:
        return on_start(doc, event, IW_YAML_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_end(doc, event);
    case YAML_ALIAS_EVENT:
        return on_alias(doc, event);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return IW_OK;
}

/* Levels open after an event. */
static size_t depth_after(size_t depth, yaml_event_type_t type)
{
    if (type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT)
        return depth + 1;
    if (type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT)
        return depth - 1;
    return depth;
}

/* libyaml takes time by the square of the depth: nobody waits for the end of such a document. */
static enum iw_rc abandon(struct iw_yaml_stream *stream, struct document *doc,
                          const yaml_mark_t *mark)
{
    stream->is_over = true;
    return refuse(doc->err, IW_ELIMIT, mark,
                  "the document is nested too deeply: the rest of the file is not read");
}

/* Reads to the end of the document. A refusal is kept while the rest is passed over, so that the
 * next document can be read. */
static enum iw_rc read_document(struct iw_yaml_stream *stream, struct document *doc)
{
    enum iw_rc verdict = IW_OK;
    bool inside = true;
    size_t depth = 0;

    while (inside) {
        yaml_event_t event;
        if (yaml_parser_parse(&stream->parser, &event) == 0) {
            stream->is_over = true;
            return verdict == IW_OK ? parser_failure(&stream->parser, doc->err) : verdict;
        }
        inside = event.type != YAML_DOCUMENT_END_EVENT && event.type != YAML_STREAM_END_EVENT;
        depth = depth_after(depth, event.type);
        if (verdict == IW_OK)
            verdict = on_event(doc, &event);
        if (depth > IW_LIMIT_YAML_DEPTH_PASSED) {
            verdict = abandon(stream, doc, &event.start_mark);
            inside = false;
        }
        yaml_event_delete(&event);
        if (verdict == IW_ENOMEM)
            return verdict;
    }
    return verdict;
}

/* Passes over what stands before a document. */
static enum iw_rc find_document(struct iw_yaml_stream *stream, struct iw_error *err)
{
    while (!stream->is_over) {
        yaml_event_t event;
        yaml_event_type_t type;
        if (yaml_parser_parse(&stream->parser, &event) == 0) {
            stream->is_over = true;
            return parser_failure(&stream->parser, err);
        }
        type = event.type;
        yaml_event_delete(&event);
        if (type == YAML_DOCUMENT_START_EVENT)
            return IW_OK;
        stream->is_over = type == YAML_STREAM_END_EVENT || type == YAML_NO_EVENT;
    }
    return IW_END;
}

enum iw_rc iw_yaml_stream_next(struct iw_yaml_stream *stream, const struct iw_yaml_node **ret,
                               struct iw_error *err)
{
    struct document *doc;
    enum iw_rc rc;

    *ret = NULL;
    rc = find_document(stream, err);
    if (rc != IW_OK)
        return rc;
    doc = iw_calloc(1, sizeof *doc);
    if (doc == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    doc->arena = stream->arena;
    doc->err = err;
    iw_map_init(&doc->anchors);
    rc = read_document(stream, doc);
    if (rc == IW_OK && doc->root != NULL && !iw_yaml_is_null(doc->root))
        *ret = doc->root;
    while (doc->n_open != 0)
        iw_map_done(&doc->open[--doc->n_open].keys);
    iw_map_done(&doc->anchors);
    iw_free(doc);
    return rc;
}

const struct iw_yaml_node *iw_yaml_find(const struct iw_yaml_node *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != IW_YAML_MAPPING)
        return NULL;
    for (const struct iw_yaml_entry *entry = mapping->first; entry != NULL; entry = entry->next) {
        if (iw_str_equal(entry->key->text, iw_str_of(key)))
            return entry->value;
    }
    return NULL;
}

bool iw_yaml_is_null(const struct iw_yaml_node *node)
{
    static const char *const NULLS[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != IW_YAML_SCALAR || !node->is_plain)
        return false;
    for (size_t i = 0; i < sizeof NULLS / sizeof NULLS[0]; i++) {
        if (iw_str_equal(node->text, iw_str_of(NULLS[i])))
            return true;
    }
    return false;
}
