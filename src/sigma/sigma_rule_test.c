/*
 * Reading rule tests. A test that is not written right is broken and says why; the others run.
 */
#include "sigma/sigma_rule_test.h"

#include <stdarg.h>
#include <stdio.h>

/* --- events --- */

static enum iw_rc refuse_number(const struct iw_yaml_node *value, const char *what,
                                struct iw_error *err)
{
    (void)iw_error_set(err, IW_ERULE, "%s, not '%.*s'", what,
                       value->text.n < 60 ? (int)value->text.n : 60, value->text.p);
    iw_error_place(err, "", value->line, value->column);
    return IW_ERULE;
}

/* Sixteen bits, as in EVTX: a larger one would be cut to another event's. */
static enum iw_rc add_event_id(struct iw_field *field, const struct iw_yaml_node *value,
                               struct iw_arena *arena, struct iw_event *event, struct iw_error *err)
{
    uint16_t *typed;
    uint64_t id;
    if (!iw_str_to_u64(value->text, &id) || id > UINT16_MAX)
        return refuse_number(value, "EventID must be a number from 0 to 65535", err);
    typed = iw_arena_alloc(arena, sizeof *typed);
    if (typed == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    *typed = (uint16_t)id;
    event->event_id = (uint32_t)id;
    field->p = (const uint8_t *)typed;
    field->n = sizeof *typed;
    field->type = IW_VALUE_U16;
    return IW_OK;
}

static enum iw_rc add_field(struct iw_event *event, struct iw_field *fields,
                            const struct iw_names *names, struct iw_str key,
                            const struct iw_yaml_node *value, struct iw_arena *arena,
                            struct iw_error *err)
{
    struct iw_name *name = iw_arena_calloc(arena, 1, sizeof *name);
    struct iw_field *field = &fields[event->n_fields++];

    if (name == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (value->kind != IW_YAML_SCALAR) {
        (void)iw_error_set(err, IW_ERULE, "the value of %.*s is no text",
                           key.n < 60 ? (int)key.n : 60, key.p);
        iw_error_place(err, "", value->line, value->column);
        return IW_ERULE;
    }
    iw_names_describe(names, key, name);
    field->name = name;
    field->p = (const uint8_t *)value->text.p;
    field->n = (uint32_t)value->text.n;
    field->type = iw_yaml_is_null(value) ? IW_VALUE_NULL : IW_VALUE_UTF8;
    field->place = IW_PLACE_EVENT_DATA;
    if (name->id == IW_FIELD_CHANNEL)
        event->channel = value->text;
    else if (name->id == IW_FIELD_PROVIDER_NAME)
        event->provider = value->text;
    else if (name->id == IW_FIELD_COMPUTER)
        event->computer = value->text;
    else if (name->id == IW_FIELD_EVENT_RECORD_ID && !iw_str_to_u64(value->text, &event->record_id))
        return refuse_number(value, "EventRecordID must be a number", err);
    else if (name->id == IW_FIELD_EVENT_ID)
        return add_event_id(field, value, arena, event, err);
    return IW_OK;
}

static enum iw_rc add_map(struct iw_event *event, struct iw_field *fields,
                          const struct iw_names *names, const struct iw_yaml_node *map,
                          struct iw_arena *arena, struct iw_error *err)
{
    if (map == NULL)
        return IW_OK;
    if (map->kind != IW_YAML_MAPPING) {
        (void)iw_error_set(err, IW_ERULE, "event and context are maps of fields");
        iw_error_place(err, "", map->line, map->column);
        return IW_ERULE;
    }
    for (const struct iw_yaml_entry *entry = map->first; entry != NULL; entry = entry->next) {
        const struct iw_yaml_node *value = entry->value;
        struct iw_str key = entry->key->text;
        if (value->kind != IW_YAML_SEQUENCE)
            IW_TRY(add_field(event, fields, names, key, value, arena, err));
        for (const struct iw_yaml_entry *item = value->kind == IW_YAML_SEQUENCE ? value->first
                                                                                : NULL;
             item != NULL; item = item->next)
            IW_TRY(add_field(event, fields, names, key, item->value, arena, err));
    }
    return IW_OK;
}

enum iw_rc iw_event_from_yaml(const struct iw_yaml_node *map, const struct iw_yaml_node *context,
                              const struct iw_names *names, struct iw_arena *arena,
                              struct iw_event *ret, struct iw_error *err)
{
    size_t n = map->n_nodes + (context != NULL ? context->n_nodes : 0);
    struct iw_field *fields = iw_arena_calloc(arena, n + 1, sizeof *fields);

    memset(ret, 0, sizeof *ret);
    if (fields == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    ret->flags = IW_EVENT_DECODED;
    ret->time_ns = ret->created_ns = IW_TIME_UNKNOWN;
    ret->fields = fields;
    IW_TRY(add_map(ret, fields, names, map, arena, err));
    return add_map(ret, fields, names, context, arena, err);
}

/* --- tests --- */

struct reader {
    const struct iw_names *names;
    struct iw_arena *arena;
};

static enum iw_rc break_test(const struct reader *reader, struct iw_rule_test *test,
                             const char *format, ...) __attribute__((format(printf, 3, 4)));

static enum iw_rc break_test(const struct reader *reader, struct iw_rule_test *test,
                             const char *format, ...)
{
    char words[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    test->broken = iw_arena_copy(reader->arena, iw_str_of(words));
    return test->broken.p != NULL ? IW_OK : IW_ENOMEM;
}

static struct iw_str text_of(const struct iw_yaml_node *map, const char *key)
{
    const struct iw_yaml_node *node = iw_yaml_find(map, key);
    return node != NULL && node->kind == IW_YAML_SCALAR ? node->text : IW_STR("");
}

/* The first key that is none of a test's; NULL when there is none. */
static const struct iw_yaml_node *foreign_key(const struct iw_yaml_node *map)
{
    static const char *const KEYS[] = {"rule",          "match",    "matches",  "why",
                                       "event",         "evidence", "record",   "context",
                                       "configuration", "events",   "findings", "groups"};
    for (const struct iw_yaml_entry *entry = map->first; entry != NULL; entry = entry->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
            is_known |= iw_str_equal(entry->key->text, iw_str_of(KEYS[i]));
        if (!is_known)
            return entry->key;
    }
    return NULL;
}

/* What a correlation is to find: `findings` and `groups`. */
static enum iw_rc read_counts(const struct reader *reader, const struct iw_yaml_node *map,
                              struct iw_rule_test *test)
{
    test->counts_findings = iw_yaml_find(map, "findings") != NULL;
    test->counts_groups = iw_yaml_find(map, "groups") != NULL;
    if (test->counts_findings && !iw_str_to_u64(text_of(map, "findings"), &test->n_findings))
        return break_test(reader, test, "findings: must be a number");
    if (test->counts_groups && !iw_str_to_u64(text_of(map, "groups"), &test->n_groups))
        return break_test(reader, test, "groups: must be a number");
    return IW_OK;
}

static enum iw_rc read_wish(const struct reader *reader, const struct iw_yaml_node *map,
                            struct iw_rule_test *test)
{
    struct iw_str match = text_of(map, "match");
    const struct iw_yaml_node *matches = iw_yaml_find(map, "matches");
    const struct iw_yaml_node *record = iw_yaml_find(map, "record");
    test->counts = matches != NULL;
    test->wants_match = iw_str_equal(match, IW_STR("true"));
    if (record != NULL &&
        (!iw_str_to_u64(text_of(map, "record"), &test->record_id) || test->record_id == 0))
        return break_test(reader, test, "record: must be an EventRecordID");
    IW_TRY(read_counts(reader, map, test));
    if (test->broken.n != 0)
        return IW_OK;
    if (test->counts_findings || test->counts_groups) {
        if (match.n != 0 || test->counts || record != NULL)
            return break_test(reader, test,
                              "findings and groups stand without match, matches and record");
        test->wants_match = test->n_findings != 0 || test->n_groups != 0;
        return IW_OK;
    }
    if (test->counts && match.n != 0)
        return break_test(reader, test, "match or matches, not both");
    if (test->counts && (test->evidence.n == 0 || record != NULL))
        return break_test(reader, test, "matches: counts the events of a whole evidence file");
    if (test->counts && !iw_str_to_u64(text_of(map, "matches"), &test->n_matches))
        return break_test(reader, test, "matches: must be a number");
    if (test->counts)
        test->wants_match = test->n_matches != 0;
    else if (!test->wants_match && !iw_str_equal(match, IW_STR("false")))
        return break_test(reader, test, "match: must be true or false");
    return IW_OK;
}

static enum iw_rc read_event(const struct reader *reader, const struct iw_yaml_node *map,
                             struct iw_rule_test *test)
{
    const struct iw_yaml_node *event = iw_yaml_find(map, "event");
    const struct iw_yaml_node *events = iw_yaml_find(map, "events");
    const struct iw_yaml_node *context = iw_yaml_find(map, "context");
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc;
    if ((event != NULL) + (events != NULL) + (test->evidence.n != 0) != 1)
        return break_test(reader, test, "needs an event, events or an evidence file, one of these");
    if (events != NULL && context == NULL) {
        rc = iw_events_from_yaml(events, reader->names, reader->arena, &test->events,
                                 &test->n_events, &err);
        test->has_events = true;
        return rc == IW_ERULE ? break_test(reader, test, "line %u: %s", err.line, err.message) : rc;
    }
    if (event == NULL)
        return context == NULL ? IW_OK
                               : break_test(reader, test, "context: goes with an event only");
    rc = iw_event_from_yaml(event, context, reader->names, reader->arena, &test->event, &err);
    if (rc == IW_ERULE)
        return break_test(reader, test, "line %u: %s", err.line, err.message);
    test->has_event = rc == IW_OK;
    return rc;
}

static enum iw_rc read_test(const struct reader *reader, const struct iw_yaml_node *map,
                            struct iw_rule_test *test)
{
    const struct iw_yaml_node *foreign;
    test->line = map->line;
    if (map->kind != IW_YAML_MAPPING)
        return break_test(reader, test, "a test must be a map");
    test->rule = text_of(map, "rule");
    test->why = text_of(map, "why");
    test->evidence = text_of(map, "evidence");
    test->configuration = text_of(map, "configuration");
    foreign = foreign_key(map);
    if (foreign != NULL)
        return break_test(reader, test, "'%.*s' is no key of a test",
                          foreign->text.n < 60 ? (int)foreign->text.n : 60, foreign->text.p);
    if (test->rule.n == 0)
        return break_test(reader, test, "rule: is missing");
    IW_TRY(read_wish(reader, map, test));
    return test->broken.n != 0 ? IW_OK : read_event(reader, map, test);
}

struct test_list {
    struct iw_rule_test *items;
    size_t n, cap;
};

/* Room for *n* more. */
static bool reserve(struct iw_arena *arena, struct test_list *list, size_t n)
{
    struct iw_rule_test *grown;
    size_t cap = list->cap * 2 > list->n + n ? list->cap * 2 : list->n + n;
    if (list->items != NULL && list->n + n <= list->cap)
        return true;
    grown = iw_arena_calloc(arena, cap + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    if (list->items != NULL)
        memcpy(grown, list->items, list->n * sizeof *grown);
    list->items = grown;
    list->cap = cap;
    return true;
}

static enum iw_rc read_list(const struct reader *reader, const struct iw_yaml_node *root,
                            struct test_list *list)
{
    if (!reserve(reader->arena, list, root->n_entries))
        return IW_ENOMEM;
    for (const struct iw_yaml_entry *entry = root->first; entry != NULL; entry = entry->next)
        IW_TRY(read_test(reader, entry->value, &list->items[list->n++]));
    return IW_OK;
}

/* Every document of a file, to its end: a test that is not read would be one that passed. */
static enum iw_rc read_documents(const struct reader *reader, struct iw_yaml_stream *stream,
                                 struct test_list *list, struct iw_error *err)
{
    const struct iw_yaml_node *root = NULL;
    bool is_list = false;
    enum iw_rc rc;
    while ((rc = iw_yaml_stream_next(stream, &root, err)) == IW_OK) {
        if (root == NULL)
            continue;
        if (root->kind != IW_YAML_SEQUENCE) {
            (void)iw_error_set(err, IW_EFORMAT, "rule tests are a list");
            iw_error_place(err, "", root->line, root->column);
            return IW_EFORMAT;
        }
        is_list = true;
        if (read_list(reader, root, list) != IW_OK)
            return iw_error_set(err, IW_ENOMEM, "no memory");
    }
    if (rc == IW_END && !is_list)
        return iw_error_set(err, IW_EFORMAT, "holds no rule tests");
    return rc == IW_END ? IW_OK : rc;
}

enum iw_rc iw_rule_tests_read(struct iw_str yaml, const struct iw_names *names,
                              struct iw_arena *arena, struct iw_rule_test **ret, size_t *ret_n,
                              struct iw_error *err)
{
    const struct reader reader = {names, arena};
    struct test_list list = {.items = NULL};
    struct iw_yaml_stream *stream = iw_yaml_stream_new(yaml, arena);
    enum iw_rc rc;

    *ret = NULL;
    *ret_n = 0;
    if (stream == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    rc = read_documents(&reader, stream, &list, err);
    iw_yaml_stream_free(stream);
    IW_TRY(rc);
    *ret = list.items;
    *ret_n = list.n;
    return IW_OK;
}
