/*
 * The map of a CSV file: YAML from clause to the name of a column, or to `{value: CONSTANT}`, and
 * how the file is written. Anything else in it is refused, and the whole file with it: a map that
 * is not right is not right for any row.
 */
#include "iis/change/change_map.h"

#include "base/limits.h"
#include "iis/change/change_list.h"
#include "iis/change/yaml_values.h"

struct map_reading {
    struct change_map *map;
    struct iw_arena *arena;
    const char *name;
    struct iw_error *err;
};

static enum iw_rc refuse(const struct map_reading *reading, const struct iw_yaml_node *node,
                         struct iw_str key, const char *what)
{
    iw_error_set(reading->err, IW_EFORMAT, "%.*s%s%s", IW_STR_ARG(key), key.n != 0 ? ": " : "",
                 what);
    iw_error_place(reading->err, reading->name, node->line, node->column);
    return IW_EFORMAT;
}

static enum iw_rc read_constant(const struct map_reading *reading, struct iw_str key,
                                enum change_clause clause, const struct iw_yaml_node *node)
{
    struct change_source *source = &reading->map->sources[clause];
    const struct iw_yaml_node *value = iw_yaml_find(node, "value");
    const char *wrong = NULL;

    if (value == NULL || node->n_entries != 1)
        return refuse(reading, node, key, "must be the name of a column, or {value: CONSTANT}");
    if (yaml_values_read(value, change_clause_is_list(clause), reading->arena, &source->constant,
                         &wrong) != IW_OK)
        return iw_error_set(reading->err, IW_ENOMEM, "no memory");
    return wrong != NULL ? refuse(reading, value, key, wrong) : IW_OK;
}

static enum iw_rc read_source(const struct map_reading *reading, enum change_clause clause,
                              const struct iw_yaml_node *node)
{
    struct change_source *source = &reading->map->sources[clause];
    const struct iw_str key = iw_str_of(change_clause_name(clause));

    source->line = node->line;
    source->at_column = node->column;
    if (node->kind == IW_YAML_MAPPING)
        return read_constant(reading, key, clause, node);
    if (node->kind != IW_YAML_SCALAR || iw_yaml_is_null(node) || node->text.n == 0)
        return refuse(reading, node, key, "must be the name of a column, or {value: CONSTANT}");
    source->column = node->text;
    return IW_OK;
}

static enum iw_rc read_component(const struct map_reading *reading, const struct iw_yaml_node *node)
{
    if (node->kind != IW_YAML_MAPPING)
        return refuse(reading, node, IW_STR("component"), "must be a map of kind and name");
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next) {
        if (iw_str_equal(entry->key->text, IW_STR("kind")))
            IW_TRY(read_source(reading, CLAUSE_COMPONENT_KIND, entry->value));
        else if (iw_str_equal(entry->key->text, IW_STR("name")))
            IW_TRY(read_source(reading, CLAUSE_COMPONENT_NAME, entry->value));
        else
            return refuse(reading, entry->key, entry->key->text, "no such key in component");
    }
    return IW_OK;
}

static enum iw_rc read_character(const struct map_reading *reading, struct iw_str key,
                                 const struct iw_yaml_node *node, bool may_be_line_end, char *ret)
{
    const struct iw_str text = node->kind == IW_YAML_SCALAR ? node->text : IW_STR("");
    const char c = text.n == 1 ? text.p[0] : '\0';

    if (c <= 0 || c == '"' || (!may_be_line_end && (c == '\n' || c == '\r')))
        return refuse(reading, node, key, "must be one ASCII character");
    *ret = c;
    return IW_OK;
}

/* Settings of the file; *ret_is_one: the key is one. */
static enum iw_rc read_setting(const struct map_reading *reading, const struct iw_yaml_entry *entry,
                               bool *ret_is_one)
{
    struct change_map *map = reading->map;
    const struct iw_yaml_node *node = entry->value;
    const struct iw_str key = entry->key->text;
    const struct iw_str text = node->kind == IW_YAML_SCALAR ? node->text : IW_STR("");

    *ret_is_one = true;
    if (iw_str_equal(key, IW_STR("delimiter")))
        return read_character(reading, key, node, false, &map->delimiter);
    if (iw_str_equal(key, IW_STR("list_separator")))
        return read_character(reading, key, node, true, &map->list_separator);
    if (iw_str_equal(key, IW_STR("time_zone"))) {
        map->time_form.has_zone = change_time_zone_parse(text, &map->time_form.zone_seconds);
        return map->time_form.has_zone
                   ? IW_OK
                   : refuse(reading, node, key, "must be an offset (`Z`, `+01:00`)");
    }
    if (iw_str_equal(key, IW_STR("time_format")))
        return change_time_order_parse(text, &map->time_form.order)
                   ? IW_OK
                   : refuse(reading, node, key,
                            "must be iso, \"dd.mm.yyyy hh:mm\" or \"mm/dd/yyyy hh:mm\"");
    *ret_is_one = false;
    return IW_OK;
}

static enum iw_rc read_entry(const struct map_reading *reading, const struct iw_yaml_entry *entry)
{
    const struct iw_str key = entry->key->text;
    bool is_setting;

    IW_TRY(read_setting(reading, entry, &is_setting));
    if (is_setting)
        return IW_OK;
    if (iw_str_equal(key, IW_STR("component")))
        return read_component(reading, entry->value);
    for (unsigned clause = 0; clause < CLAUSE_COUNT; clause++)
        if (clause != CLAUSE_COMPONENT_KIND && clause != CLAUSE_COMPONENT_NAME &&
            iw_str_equal(key, iw_str_of(change_clause_name((enum change_clause)clause))))
            return read_source(reading, (enum change_clause)clause, entry->value);
    return refuse(reading, entry->key, key, "no such key in a map");
}

static bool is_given(const struct change_map *map, enum change_clause clause)
{
    return map->sources[clause].column.n != 0 || map->sources[clause].constant.n != 0;
}

static enum iw_rc check_needed(const struct map_reading *reading, const struct iw_yaml_node *root)
{
    static const enum change_clause NEEDED[] = {CLAUSE_ID, CLAUSE_HOSTS, CLAUSE_FROM, CLAUSE_TO};

    for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++)
        if (!is_given(reading->map, NEEDED[i]))
            return refuse(reading, root, iw_str_of(change_clause_name(NEEDED[i])), "is missing");
    if (!is_given(reading->map, CLAUSE_COMPONENT_NAME) && !is_given(reading->map, CLAUSE_PATH))
        return refuse(reading, root, IW_STR(""), "a component (its name) or a path is needed");
    if (reading->map->delimiter == reading->map->list_separator)
        return refuse(reading, root, IW_STR("list_separator"), "is the delimiter");
    return IW_OK;
}

static enum iw_rc read_root(const struct map_reading *reading, const struct iw_yaml_node *root)
{
    if (root->kind != IW_YAML_MAPPING)
        return refuse(reading, root, IW_STR(""), "a map must be a map of clauses");
    for (const struct iw_yaml_entry *entry = root->first; entry != NULL; entry = entry->next)
        IW_TRY(read_entry(reading, entry));
    return check_needed(reading, root);
}

enum iw_rc change_map_read(struct iw_str bytes, const char *name, struct iw_arena *arena,
                           struct change_map *ret, struct iw_error *err)
{
    const struct map_reading reading = {.map = ret, .arena = arena, .name = name, .err = err};
    const struct iw_yaml_node *root = NULL, *more = NULL;
    struct iw_yaml_stream *stream;
    struct iw_str text;
    enum iw_rc rc;

    memset(ret, 0, sizeof *ret);
    ret->delimiter = ',';
    ret->list_separator = ';';
    if (bytes.n > IW_LIMIT_CHANGE_FILE_BYTES) {
        iw_error_set(err, IW_ELIMIT, "the map is too large");
        iw_error_place(err, name, 0, 0);
        return IW_ELIMIT;
    }
    text = changes_text_of(bytes, arena);
    stream = text.p != NULL ? iw_yaml_stream_new(text, arena) : NULL;
    if (stream == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    rc = iw_yaml_stream_next(stream, &root, err);
    if (rc == IW_OK && root != NULL)
        rc = read_root(&reading, root);
    else if (rc == IW_OK || rc == IW_END)
        rc = iw_error_set(err, IW_EFORMAT, "the map is empty");
    if (rc == IW_OK) {
        rc = iw_yaml_stream_next(stream, &more, err);
        if (rc == IW_OK)
            rc = iw_error_set(err, IW_EFORMAT, "a map is one document");
        else if (rc == IW_END)
            rc = IW_OK;
    }
    if (rc != IW_OK)
        iw_error_place(err, name, 0, 0);
    iw_yaml_stream_free(stream);
    return rc;
}
