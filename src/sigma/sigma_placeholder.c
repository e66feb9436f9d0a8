/*
 * `expand` (Sigma 2.1, "Modifiers appendix"): values cut into pieces of text and placeholders, then
 * put together for every combination of replacements.
 *
 * A placeholder is a name of letters, digits, `_`, `-` and `.` between two percent signs; any other
 * percent sign is text. Ignored on purpose: placeholders in values without the modifier, which the
 * specification leaves as they are.
 */
#include "sigma/sigma_placeholder.h"

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "event/rule_list.h"
#include "event/web_server.h"

struct placeholder {
    struct iw_str *values;
    size_t n;
};

struct iw_sigma_placeholders {
    struct iw_arena arena;
    struct iw_map by_name; /* → struct placeholder * */
};

/* --- the file --- */

static enum iw_rc refuse(struct iw_error *err, const struct iw_yaml_node *node, const char *what)
{
    iw_error_set(err, IW_EUSAGE, "%s", what);
    iw_error_place(err, "", node->line, node->column);
    return IW_EUSAGE;
}

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

static enum iw_rc add_value(struct placeholder *placeholder, const struct iw_yaml_node *value,
                            struct iw_error *err)
{
    if (value->kind != IW_YAML_SCALAR || iw_yaml_is_null(value))
        return refuse(err, value, "a placeholder stands for a text or a number, or a list of them");
    placeholder->values[placeholder->n++] = value->text;
    return IW_OK;
}

static enum iw_rc add_placeholder(struct iw_sigma_placeholders *placeholders,
                                  const struct iw_yaml_entry *entry, struct iw_error *err)
{
    const struct iw_yaml_node *value = entry->value;
    struct placeholder *made = iw_arena_calloc(&placeholders->arena, 1, sizeof *made);
    struct iw_map_entry *slot = iw_map_add(&placeholders->by_name, entry->key->text, NULL);

    if (made == NULL || slot == NULL)
        return no_memory(err);
    slot->value.pointer = made;
    made->values =
        iw_arena_calloc(&placeholders->arena, value->n_entries + 1, sizeof *made->values);
    if (made->values == NULL)
        return no_memory(err);
    if (value->kind != IW_YAML_SEQUENCE)
        return add_value(made, value, err);
    for (const struct iw_yaml_entry *item = value->first; item != NULL; item = item->next)
        IW_TRY(add_value(made, item->value, err));
    return IW_OK;
}

static enum iw_rc read_map(struct iw_sigma_placeholders *placeholders,
                           struct iw_yaml_stream *stream, struct iw_error *err)
{
    const struct iw_yaml_node *root = NULL, *more = NULL;
    enum iw_rc rc = iw_yaml_stream_next(stream, &root, err);

    if (rc == IW_ENOMEM)
        return rc;
    if (rc == IW_END || (rc == IW_OK && root == NULL)) {
        iw_error_set(err, IW_EUSAGE, "holds no map from names to values (an empty one is {})");
        iw_error_place(err, "", 1, 1);
        return IW_EUSAGE;
    }
    if (rc != IW_OK) {
        if (err != NULL)
            err->rc = IW_EUSAGE;
        return IW_EUSAGE;
    }
    if (root->kind != IW_YAML_MAPPING)
        return refuse(err, root, "must be a map from names to values");
    for (const struct iw_yaml_entry *entry = root->first; entry != NULL; entry = entry->next)
        IW_TRY(add_placeholder(placeholders, entry, err));
    rc = iw_yaml_stream_next(stream, &more, err);
    if (rc == IW_OK && more != NULL)
        return refuse(err, more, "a second document: one map is expected");
    if (rc != IW_OK && rc != IW_END && rc != IW_ENOMEM) {
        if (err != NULL)
            err->rc = IW_EUSAGE;
        return IW_EUSAGE;
    }
    return rc == IW_ENOMEM ? rc : IW_OK;
}

/* *placeholders* owns the text. */
static enum iw_rc parse(struct iw_sigma_placeholders *placeholders, struct iw_str text,
                        struct iw_error *err)
{
    static const struct iw_str MARK = {"\xEF\xBB\xBF", 3};
    struct iw_yaml_stream *stream;
    enum iw_rc rc;

    if (iw_str_begins_nocase(text, MARK))
        text = (struct iw_str){text.p + MARK.n, text.n - MARK.n};
    stream = iw_yaml_stream_new(text, &placeholders->arena);
    if (stream == NULL)
        return no_memory(err);
    rc = read_map(placeholders, stream, err);
    iw_yaml_stream_free(stream);
    return rc;
}

static struct iw_sigma_placeholders *new_placeholders(void)
{
    struct iw_sigma_placeholders *placeholders = iw_calloc(1, sizeof *placeholders);
    if (placeholders == NULL)
        return NULL;
    iw_arena_init(&placeholders->arena, 0);
    iw_map_init(&placeholders->by_name);
    return placeholders;
}

enum iw_rc iw_sigma_placeholders_parse(struct iw_str text, struct iw_sigma_placeholders **ret,
                                       struct iw_error *err)
{
    struct iw_sigma_placeholders *placeholders = new_placeholders();
    enum iw_rc rc = placeholders != NULL ? parse(placeholders, text, err) : no_memory(err);

    if (rc != IW_OK) {
        iw_sigma_placeholders_free(placeholders);
        placeholders = NULL;
    }
    *ret = placeholders;
    return rc;
}

enum iw_rc iw_sigma_placeholders_read(const char *path, struct iw_sigma_placeholders **ret,
                                      struct iw_error *err)
{
    struct iw_error own = {0};
    struct iw_arena arena;
    struct iw_str text;
    enum iw_rc rc;

    if (err == NULL)
        err = &own;
    *ret = NULL;
    iw_arena_init(&arena, 0);
    rc = iw_file_read(path, IW_LIMIT_RULE_FILE_BYTES, &arena, &text, err);
    if (rc == IW_OK)
        rc = iw_sigma_placeholders_parse(text, ret, err);
    if (rc != IW_OK && rc != IW_ENOMEM) {
        iw_error_place(err, path, 0, 0);
        err->rc = rc = IW_EUSAGE;
    }
    iw_arena_done(&arena);
    return rc;
}

void iw_sigma_placeholders_free(struct iw_sigma_placeholders *placeholders)
{
    if (placeholders == NULL)
        return;
    iw_map_done(&placeholders->by_name);
    iw_arena_done(&placeholders->arena);
    iw_free(placeholders);
}

/* --- one value --- */

/* A stretch of a value: its text, or all a placeholder stands for. */
struct piece {
    struct iw_pattern *choices;
    size_t n;
    size_t now; /* the choice of this combination */
};

struct value {
    const struct iw_load *load;
    const struct iw_yaml_node *node;
    struct piece *pieces;
    size_t n_pieces;
    char *text; /* room for the text still to become a piece */
    size_t n_text;
    size_t longest; /* bytes of the longest combination */
};

static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

/* The name of the placeholder that begins at the percent sign at *at*; empty: none does. */
static struct iw_str name_at(struct iw_str text, size_t at)
{
    size_t end = at + 1;
    while (end < text.n && is_name(text.p[end]))
        end++;
    if (end == text.n || text.p[end] != '%')
        end = at + 1;
    return (struct iw_str){text.p + at + 1, end - at - 1};
}

static enum iw_rc add_piece(struct value *value, const struct iw_str *texts, size_t n)
{
    struct piece *piece = &value->pieces[value->n_pieces++];
    size_t longest = 0;

    piece->n = n;
    piece->choices = iw_arena_calloc(value->load->arena, n, sizeof *piece->choices);
    if (piece->choices == NULL)
        return iw_load_no_memory(value->load);
    for (size_t i = 0; i < n; i++) {
        longest = texts[i].n > longest ? texts[i].n : longest;
        if (!iw_pattern_parse(texts[i], value->load->arena, &piece->choices[i]))
            return iw_load_no_memory(value->load);
    }
    value->longest += longest;
    return IW_OK;
}

static enum iw_rc end_text(struct value *value)
{
    struct iw_str text = {value->text, value->n_text};
    if (text.n == 0)
        return IW_OK;
    value->text += text.n;
    value->n_text = 0;
    return add_piece(value, &text, 1);
}

static enum iw_rc refuse_value(const struct value *value, enum iw_rc rc, const char *what)
{
    iw_error_set(value->load->err, rc, "%s", what);
    iw_error_place(value->load->err, "", value->node->line, value->node->column);
    return rc;
}

/* The end of the path of a server's image: `\w3wp.exe`, `\smartermail\service\mailservice.exe`. */
static struct iw_str image_end(const struct iw_web_server *server, struct iw_arena *arena)
{
    return iw_arena_format(arena, "%s\\%s", server->below != NULL ? server->below : "",
                           server->name);
}

/* What the program itself knows: lists of web servers, and others. No file may say otherwise. */
static enum iw_rc add_servers(struct value *value, enum iw_web_server_list list)
{
    const struct iw_load *load = value->load;
    struct iw_str *texts = iw_arena_calloc(load->arena, iw_n_web_servers, sizeof *texts);
    size_t n = 0;
    if (texts == NULL)
        return iw_load_no_memory(load);
    for (size_t i = 0; i < iw_n_web_servers; i++) {
        const struct iw_web_server *server = &iw_web_servers[i];
        if (!iw_web_server_is_in(server, list))
            continue;
        texts[n] = list == IW_WEB_SERVER_LIST_IMAGES ? image_end(server, load->arena)
                                                     : iw_str_of(server->name);
        if (texts[n++].p == NULL)
            return iw_load_no_memory(load);
    }
    IW_TRY(end_text(value));
    return add_piece(value, texts, n);
}

static enum iw_rc add_list(struct value *value, const char *const *list, size_t n)
{
    struct iw_str *texts = iw_arena_calloc(value->load->arena, n, sizeof *texts);
    if (texts == NULL)
        return iw_load_no_memory(value->load);
    for (size_t i = 0; i < n; i++)
        texts[i] = iw_str_of(list[i]);
    IW_TRY(end_text(value));
    return add_piece(value, texts, n);
}

static enum iw_rc add_replacements(struct value *value, struct iw_str name)
{
    size_t n_listed;
    const char *const *listed = iw_rule_list_of(name, &n_listed);
    enum iw_web_server_list list = iw_web_server_list_of(name);
    const struct iw_load *load = value->load;
    const struct placeholder *placeholder;
    const struct iw_map_entry *entry;
    int shown = name.n < 80 ? (int)name.n : 80;

    if (list != IW_WEB_SERVER_LIST_NONE)
        return add_servers(value, list);
    if (listed != NULL)
        return add_list(value, listed, n_listed);
    if (load->options.placeholders == NULL)
        return iw_load_refuse(load, value->node, "placeholder '%%%.*s%%': give --placeholders",
                              shown, name.p);
    entry = iw_map_find(&load->options.placeholders->by_name, name);
    if (entry == NULL)
        return iw_load_refuse(load, value->node,
                              "placeholder '%%%.*s%%' is not in the file of --placeholders", shown,
                              name.p);
    placeholder = entry->value.pointer;
    if (placeholder->n == 0)
        return iw_load_refuse(load, value->node, "placeholder '%%%.*s%%' stands for an empty list",
                              shown, name.p);
    if (placeholder->n > *load->n_expandable)
        return refuse_value(value, IW_ELIMIT, "the placeholders of the file stand for too much");
    *load->n_expandable -= placeholder->n;
    IW_TRY(end_text(value));
    return add_piece(value, placeholder->values, placeholder->n);
}

static enum iw_rc cut(struct value *value, struct iw_str text)
{
    for (size_t at = 0; at < text.n; at++) {
        char c = text.p[at];
        struct iw_str name;
        if (c == '\\' && at + 1 < text.n) {
            /* `\%` is a percent sign; any other escape is left to the pattern. */
            if (text.p[at + 1] != '%')
                value->text[value->n_text++] = c;
            if (text.p[at + 1] == '%' || text.p[at + 1] == '\\')
                value->text[value->n_text++] = text.p[++at];
            continue;
        }
        name = c == '%' ? name_at(text, at) : IW_STR("");
        if (name.n == 0) {
            value->text[value->n_text++] = c;
            continue;
        }
        IW_TRY(add_replacements(value, name));
        at += name.n + 1;
    }
    return end_text(value);
}

/* How many combinations there are, within the limits. */
static enum iw_rc count(const struct value *value, size_t *ret)
{
    size_t n = 1, cost;

    for (size_t i = 0; i < value->n_pieces; i++) {
        n *= value->pieces[i].n; /* both at most IW_LIMIT_YAML_NODES */
        if (n > IW_LIMIT_EXPANDED_VALUES)
            return refuse_value(value, IW_ELIMIT,
                                "the placeholders of the value have too many combinations");
    }
    if (value->longest > IW_LIMIT_EXPANDED_BYTES)
        return refuse_value(value, IW_ELIMIT, "the value is too long with its placeholders");
    cost = n * (1 + value->longest / 64 + value->n_pieces / 8);
    if (cost > *value->load->n_expandable)
        return refuse_value(value, IW_ELIMIT, "the placeholders of the file stand for too much");
    *value->load->n_expandable -= cost;
    *ret = n;
    return IW_OK;
}

/* The next combination: the last piece changes first. */
static void advance(struct value *value)
{
    for (size_t i = value->n_pieces; i-- != 0;) {
        struct piece *piece = &value->pieces[i];
        if (++piece->now < piece->n)
            return;
        piece->now = 0;
    }
}

static enum iw_rc combine(struct value *value, struct iw_pattern **ret, size_t *ret_n)
{
    struct iw_arena *arena = value->load->arena;
    const struct iw_pattern **parts;
    struct iw_pattern *patterns;
    size_t n = 0;

    IW_TRY(count(value, &n));
    parts = iw_arena_calloc(arena, value->n_pieces + 1, sizeof *parts);
    patterns = iw_arena_calloc(arena, n, sizeof *patterns);
    if (parts == NULL || patterns == NULL)
        return iw_load_no_memory(value->load);
    for (size_t i = 0; i < n; i++, advance(value)) {
        for (size_t k = 0; k < value->n_pieces; k++)
            parts[k] = &value->pieces[k].choices[value->pieces[k].now];
        if (!iw_pattern_join(parts, value->n_pieces, arena, &patterns[i]))
            return iw_load_no_memory(value->load);
    }
    *ret = patterns;
    *ret_n = n;
    return IW_OK;
}

enum iw_rc iw_placeholders_expand(const struct iw_load *load, const struct iw_yaml_node *node,
                                  struct iw_str text, struct iw_pattern **ret, size_t *ret_n)
{
    struct value value = {.load = load, .node = node};
    size_t n_percents = 0;

    for (size_t i = 0; i < text.n; i++)
        n_percents += text.p[i] == '%';
    value.pieces = iw_arena_calloc(load->arena, n_percents + 2, sizeof *value.pieces);
    value.text = iw_arena_alloc(load->arena, text.n + 1);
    if (value.pieces == NULL || value.text == NULL)
        return iw_load_no_memory(load);
    IW_TRY(cut(&value, text));
    return combine(&value, ret, ret_n);
}
