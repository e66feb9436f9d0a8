#include "coverage/settings/telemetry_file.h"

#include "base/fold.h"
#include "base/limits.h"
#include "base/yaml_node.h"
#include "coverage/settings/settings_text.h"
#include "iis/config/server_path.h"

struct reading {
    const char *name; /* of the file */
    struct iw_arena *arena;
    struct iw_error *err;
};

static enum iw_rc refuse(const struct reading *reading, const struct iw_yaml_node *node,
                         const char *what, struct iw_str text)
{
    iw_error_set(reading->err, IW_EFORMAT, "%.*s%s%s", IW_STR_ARG(text), text.n != 0 ? ": " : "",
                 what);
    iw_error_place(reading->err, reading->name, node->line, node->column);
    return IW_EFORMAT;
}

static enum iw_rc no_memory(const struct reading *reading)
{
    return iw_error_set(reading->err, IW_ENOMEM, "no memory");
}

/* --- values --------------------------------------------------------------------------------- */

static enum iw_rc read_text(const struct reading *reading, const struct iw_yaml_node *node,
                            const char *key, struct iw_str *ret)
{
    if (node->kind != IW_YAML_SCALAR || iw_yaml_is_null(node) || node->text.n == 0)
        return refuse(reading, node, "must be one text that is not empty", iw_str_of(key));
    *ret = node->text;
    return IW_OK;
}

/* `2026-01-05T10:00Z`, or a date: its first moment, or (*is_end*) its last. */
static enum iw_rc read_time(const struct reading *reading, const struct iw_yaml_node *node,
                            bool is_end, int64_t *ret)
{
    char text[64];
    struct iw_str value;
    IW_TRY(read_text(reading, node, is_end ? "to" : "from", &value));
    if (value.n == 10) {
        memcpy(text, value.p, value.n);
        memcpy(text + value.n, is_end ? "T23:59:59.999999999" : "T00:00:00", is_end ? 19 : 9);
        value = (struct iw_str){text, value.n + (is_end ? 19 : 9)};
    }
    if (!iw_time_parse(value, ret))
        return refuse(reading, node, "not a time such as 2026-01-05T10:00:00Z or 2026-01-05",
                      node->text);
    return IW_OK;
}

static enum iw_rc read_flag(const struct reading *reading, const struct iw_yaml_node *node,
                            bool *ret)
{
    struct iw_str value;
    IW_TRY(read_text(reading, node, "logged", &value));
    *ret = iw_str_equal(value, IW_STR("true"));
    if (!*ret && !iw_str_equal(value, IW_STR("false")))
        return refuse(reading, node, "must be true or false", IW_STR("logged"));
    return IW_OK;
}

/* --- hosts and sources ---------------------------------------------------------------------- */

static enum iw_rc read_glob(const struct reading *reading, const struct iw_yaml_node *node,
                            struct iw_glob *ret)
{
    struct iw_str text, folded;
    enum iw_rc rc;
    IW_TRY(read_text(reading, node, "hosts", &text));
    folded = iw_fold_text(text, reading->arena);
    if (folded.p == NULL)
        return no_memory(reading);
    rc = iw_glob_read(folded, '.', reading->arena, ret);
    if (rc == IW_ELIMIT)
        return refuse(reading, node, "is too long", IW_STR("hosts"));
    return rc == IW_OK ? IW_OK : no_memory(reading);
}

static enum iw_rc read_hosts(const struct reading *reading, const struct iw_yaml_node *node,
                             struct iw_telemetry_word *word)
{
    bool is_list = node->kind == IW_YAML_SEQUENCE;
    size_t n = is_list ? node->n_entries : 1;
    struct iw_glob *globs;
    if (n == 0 || n > IW_LIMIT_TELEMETRY_HOSTS)
        return refuse(reading, node, n == 0 ? "is an empty list" : "names too many",
                      IW_STR("hosts"));
    globs = iw_arena_calloc(reading->arena, n, sizeof *globs);
    if (globs == NULL)
        return no_memory(reading);
    word->hosts = globs;
    if (!is_list)
        return read_glob(reading, node, &globs[word->n_hosts++]);
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next)
        IW_TRY(read_glob(reading, entry->value, &globs[word->n_hosts++]));
    return IW_OK;
}

static enum iw_rc read_source(const struct reading *reading, const struct iw_yaml_node *node,
                              struct iw_telemetry_word *word)
{
    struct iw_str text;
    IW_TRY(read_text(reading, node, "source", &text));
    for (unsigned sense = 0; sense < IW_SENSE_COUNT; sense++) {
        if (iw_str_equal_nocase(text, iw_str_of(iw_sense_name((enum iw_sense)sense)))) {
            word->senses[sense] = true;
            return IW_OK;
        }
    }
    return refuse(reading, node,
                  "no such source; there are Sysmon 1, Sysmon 3, Sysmon 7, Sysmon 11, Security "
                  "4624, Security 4663, Security 4688, Command line of Security 4688, "
                  "IIS-Configuration/Operational, Request log",
                  text);
}

static enum iw_rc read_sources(const struct reading *reading, const struct iw_yaml_node *node,
                               struct iw_telemetry_word *word)
{
    if (node->kind != IW_YAML_SEQUENCE)
        return read_source(reading, node, word);
    if (node->n_entries == 0)
        return refuse(reading, node, "is an empty list", IW_STR("source"));
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next)
        IW_TRY(read_source(reading, entry->value, word));
    return IW_OK;
}

static enum iw_rc read_path(const struct reading *reading, const struct iw_yaml_node *node,
                            struct iw_telemetry_word *word)
{
    struct iw_server_path path;
    struct iw_str text;
    IW_TRY(read_text(reading, node, "path", &text));
    if (!iw_server_path_read(text, false, reading->arena, &path))
        return no_memory(reading);
    if (!path.is_resolved || path.path.n < 3 ||
        (path.path.p[1] != ':' && !iw_str_begins_nocase(path.path, IW_STR("\\\\"))))
        return refuse(reading, node, "must be a whole path such as C:\\inetpub\\wwwroot",
                      IW_STR("path"));
    word->path_key = path.key;
    return IW_OK;
}

/* --- entries -------------------------------------------------------------------------------- */

static enum iw_rc read_key(const struct reading *reading, const struct iw_yaml_entry *entry,
                           struct iw_telemetry_word *word)
{
    const struct iw_yaml_node *value = entry->value;
    struct iw_str key = entry->key->text;
    if (iw_str_equal(key, IW_STR("hosts")))
        return read_hosts(reading, value, word);
    if (iw_str_equal(key, IW_STR("source")))
        return read_sources(reading, value, word);
    if (iw_str_equal(key, IW_STR("path")))
        return read_path(reading, value, word);
    if (iw_str_equal(key, IW_STR("from")))
        return read_time(reading, value, false, &word->from_ns);
    if (iw_str_equal(key, IW_STR("to")))
        return read_time(reading, value, true, &word->to_ns);
    if (iw_str_equal(key, IW_STR("logged")))
        return read_flag(reading, value, &word->is_logged);
    if (iw_str_equal(key, IW_STR("note")))
        return read_text(reading, value, "note", &word->note);
    return refuse(reading, entry->key,
                  "no such key; there are hosts, source, path, from, to, "
                  "logged, note",
                  key);
}

static enum iw_rc read_word(const struct reading *reading, const struct iw_yaml_node *node,
                            struct iw_telemetry_word *ret)
{
    bool has_source = false;
    *ret = (struct iw_telemetry_word){.is_logged = true,
                                      .from_ns = IW_TIME_UNKNOWN,
                                      .to_ns = IW_TIME_UNKNOWN,
                                      .line = node->line,
                                      .note = IW_STR(""),
                                      .path_key = IW_STR("")};
    if (node->kind != IW_YAML_MAPPING)
        return refuse(reading, node, "an entry must be a map", IW_STR("telemetry"));
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next)
        IW_TRY(read_key(reading, entry, ret));
    for (unsigned sense = 0; sense < IW_SENSE_COUNT; sense++)
        has_source |= ret->senses[sense];
    if (ret->n_hosts == 0 || !has_source || ret->note.n == 0)
        return refuse(reading, node,
                      ret->n_hosts == 0 ? "an entry without hosts"
                      : !has_source     ? "an entry without a source"
                                        : "an entry without a note: who says so, and from where",
                      IW_STR(""));
    if (iw_time_known(ret->from_ns) && iw_time_known(ret->to_ns) && ret->from_ns > ret->to_ns)
        return refuse(reading, node, "from is later than to", IW_STR(""));
    return IW_OK;
}

static enum iw_rc read_root(const struct reading *reading, const struct iw_yaml_node *root,
                            struct iw_telemetry_file *ret)
{
    const struct iw_yaml_node *list = iw_yaml_find(root, "telemetry");
    if (list == NULL)
        return refuse(reading, root, "there is no `telemetry` in this file", IW_STR(""));
    if (root->n_entries != 1)
        return refuse(reading, root, "no other key may stand beside `telemetry`", IW_STR(""));
    if (list->kind != IW_YAML_SEQUENCE || list->n_entries == 0)
        return refuse(reading, list, "must be a list of entries", IW_STR("telemetry"));
    if (list->n_entries > IW_LIMIT_TELEMETRY_ENTRIES)
        return refuse(reading, list, "has too many entries", IW_STR("telemetry"));
    ret->items = iw_arena_calloc(reading->arena, list->n_entries, sizeof *ret->items);
    if (ret->items == NULL)
        return no_memory(reading);
    for (const struct iw_yaml_entry *entry = list->first; entry != NULL; entry = entry->next)
        IW_TRY(read_word(reading, entry->value, &ret->items[ret->n++]));
    return IW_OK;
}

static enum iw_rc read_documents(const struct reading *reading, struct iw_yaml_stream *stream,
                                 struct iw_telemetry_file *ret)
{
    const struct iw_yaml_node *root = NULL, *more = NULL;
    enum iw_rc rc = iw_yaml_stream_next(stream, &root, reading->err);
    if (rc == IW_END || (rc == IW_OK && root == NULL)) {
        rc = iw_error_set(reading->err, IW_EFORMAT, "there is no `telemetry` in this file");
        iw_error_place(reading->err, reading->name, 0, 0);
        return rc;
    }
    if (rc == IW_OK)
        rc = read_root(reading, root, ret);
    if (rc != IW_OK) {
        iw_error_place(reading->err, reading->name, reading->err->line, reading->err->column);
        return rc;
    }
    rc = iw_yaml_stream_next(stream, &more, reading->err);
    if (rc == IW_END)
        return IW_OK;
    if (rc == IW_OK)
        rc = more == NULL ? IW_OK : refuse(reading, more, "only one document is taken", IW_STR(""));
    else
        iw_error_place(reading->err, reading->name, reading->err->line, reading->err->column);
    return rc;
}

enum iw_rc iw_telemetry_file_read(struct iw_str bytes, const char *name, struct iw_arena *arena,
                                  struct iw_telemetry_file *ret, struct iw_error *err)
{
    const struct reading reading = {name, arena, err};
    struct iw_str text = iw_settings_text(bytes, arena);
    struct iw_yaml_stream *stream = text.p != NULL ? iw_yaml_stream_new(text, arena) : NULL;
    enum iw_rc rc;
    *ret = (struct iw_telemetry_file){NULL, 0};
    if (stream == NULL)
        return no_memory(&reading);
    rc = read_documents(&reading, stream, ret);
    iw_yaml_stream_free(stream);
    return rc;
}
