/*
 * Change records as YAML. Keys are those of the format alone: a clause that is misspelt and passed
 * over would be an approval without it.
 */
#include "iis/change/change_list.h"

#include "base/yaml_node.h"
#include "iis/change/yaml_values.h"

struct reading {
    struct iw_changes *changes;
    struct iw_arena *arena; /* of the trees and drafts of this file */
    struct iw_error *err;
    bool has_changes;
};

/* A record that is being read. */
struct record_reading {
    struct reading *reading;
    struct change_draft draft;
    bool is_bad;
};

static enum iw_rc problem(struct record_reading *record, const struct iw_yaml_node *node,
                          const char *what, struct iw_str text)
{
    struct reading *reading = record->reading;
    const struct change_values *id = &record->draft.clauses[CLAUSE_ID];

    record->is_bad = true;
    return iw_change_problems_add(&reading->changes->problems, node->line, node->column,
                                  id->n != 0 ? id->items[0].text : (struct iw_str){NULL, 0},
                                  "%.*s%s%s", IW_STR_ARG(text), text.n != 0 ? ": " : "", what);
}

static enum iw_rc read_clause(struct record_reading *record, enum change_clause clause,
                              const struct iw_yaml_node *node)
{
    const char *wrong = NULL;
    enum iw_rc rc = yaml_values_read(node, change_clause_is_list(clause), record->reading->arena,
                                     &record->draft.clauses[clause], &wrong);

    if (rc == IW_OK && wrong != NULL)
        rc = problem(record, node, wrong, iw_str_of(change_clause_name(clause)));
    return rc;
}

static enum iw_rc read_component(struct record_reading *record, const struct iw_yaml_node *node)
{
    if (node->kind != IW_YAML_MAPPING)
        return problem(record, node, "must be a map of kind and name", IW_STR("component"));
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next) {
        if (iw_str_equal(entry->key->text, IW_STR("kind")))
            IW_TRY(read_clause(record, CLAUSE_COMPONENT_KIND, entry->value));
        else if (iw_str_equal(entry->key->text, IW_STR("name")))
            IW_TRY(read_clause(record, CLAUSE_COMPONENT_NAME, entry->value));
        else
            IW_TRY(problem(record, entry->key, "no such key in component", entry->key->text));
    }
    return IW_OK;
}

static enum iw_rc read_entry(struct record_reading *record, const struct iw_yaml_entry *entry)
{
    const struct iw_str key = entry->key->text;

    if (iw_str_equal(key, IW_STR("component")))
        return read_component(record, entry->value);
    for (unsigned clause = 0; clause < CLAUSE_COUNT; clause++)
        if (clause != CLAUSE_COMPONENT_KIND && clause != CLAUSE_COMPONENT_NAME &&
            iw_str_equal(key, iw_str_of(change_clause_name((enum change_clause)clause))))
            return read_clause(record, (enum change_clause)clause, entry->value);
    return problem(record, entry->key, "no such key in a change record", key);
}

static enum iw_rc read_record(struct reading *reading, const struct iw_yaml_node *node)
{
    static const struct change_time_form FORM = {.order = CHANGE_TIME_ISO};
    struct record_reading record = {
        .reading = reading,
        .draft = {.line = node->line, .column = node->column, .time_form = &FORM}};
    const struct iw_yaml_node *id = iw_yaml_find(node, "id");

    if (node->kind != IW_YAML_MAPPING)
        return problem(&record, node, "a change record must be a map", IW_STR(""));
    /* First, so that whatever else is wrong can name the record. */
    if (id != NULL)
        IW_TRY(read_clause(&record, CLAUSE_ID, id));
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next)
        if (!iw_str_equal(entry->key->text, IW_STR("id")))
            IW_TRY(read_entry(&record, entry));
    /* A clause that cannot be read must not be left out: the record is not taken, and nothing more
       is said of it. */
    return record.is_bad ? IW_OK : changes_take(reading->changes, &record.draft, reading->err);
}

static enum iw_rc note(struct reading *reading, const struct iw_yaml_node *node, const char *what)
{
    return iw_change_problems_add(&reading->changes->problems, node->line, node->column,
                                  (struct iw_str){NULL, 0}, "%s", what);
}

static enum iw_rc read_document(struct reading *reading, const struct iw_yaml_node *root)
{
    const struct iw_yaml_node *changes = iw_yaml_find(root, "changes");

    if (changes == NULL)
        return note(reading, root, "a document without `changes`");
    for (const struct iw_yaml_entry *entry = root->first; entry != NULL; entry = entry->next)
        if (!iw_str_equal(entry->key->text, IW_STR("changes")))
            IW_TRY(note(reading, entry->key, "no such key beside `changes`"));
    reading->has_changes = true;
    if (iw_yaml_is_null(changes))
        return IW_OK;
    if (changes->kind != IW_YAML_SEQUENCE)
        return note(reading, changes, "`changes` must be a list of records");
    for (const struct iw_yaml_entry *entry = changes->first; entry != NULL; entry = entry->next)
        IW_TRY(read_record(reading, entry->value));
    return IW_OK;
}

static enum iw_rc on_document(void *context, const struct iw_yaml_node *root)
{
    return read_document(context, root);
}

enum iw_rc iw_changes_add_yaml(struct iw_changes *changes, struct iw_str bytes, const char *name,
                               struct iw_error *err)
{
    struct iw_arena arena;
    struct reading reading = {.changes = changes, .arena = &arena, .err = err};
    enum iw_rc rc = changes_begin_file(changes, bytes, name, err);

    if (rc != IW_OK)
        return rc;
    iw_arena_init(&arena, 0);
    rc = yaml_values_each_document(bytes, name, &arena, &changes->problems, on_document, &reading,
                                   err);
    if (rc == IW_OK && !reading.has_changes) {
        rc = iw_error_set(err, IW_EFORMAT, "there is no `changes` in this file");
        iw_error_place(err, name, 0, 0);
    }
    iw_arena_done(&arena);
    return rc;
}
