/*
 * Events as flat JSON: keys made unique first, then fields of one key written together.
 *
 * Grouping is by a small hash table over the final keys, so that a hostile event with thousands of
 * fields costs no more than its size.
 */
#include "event/flatten.h"

#include "base/hash.h"

#define NO_FIELD UINT32_MAX

struct group_table {
    struct iw_str *keys; /* final key by field */
    uint32_t *next;      /* next field with the same key */
    uint32_t *slots;     /* first field of a key, NO_FIELD = free */
    uint32_t *last;      /* by first field: the last one of its group */
    size_t n_slots;
    struct iw_str
        added; /* the key added last, the very bytes, and its slot: for values of a list */
    uint32_t *added_slot;
};

static struct iw_str join(struct iw_str prefix, struct iw_str name, struct iw_arena *scratch)
{
    char *p = iw_arena_alloc(scratch, prefix.n + name.n);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(p, prefix.p, prefix.n);
    if (name.n != 0)
        memcpy(p + prefix.n, name.p, name.n);
    return (struct iw_str){p, prefix.n + name.n};
}

static void table_clear(struct group_table *table)
{
    memset(table->slots, 0xFF, table->n_slots * sizeof *table->slots);
    table->added_slot = NULL;
}

static bool table_init(struct group_table *table, uint32_t n, struct iw_arena *scratch)
{
    table->n_slots = 16;
    while (table->n_slots < (size_t)n * 2)
        table->n_slots *= 2;
    table->keys = iw_arena_alloc(scratch, (size_t)n * sizeof *table->keys);
    table->next = iw_arena_alloc(scratch, (size_t)n * sizeof *table->next);
    table->last = iw_arena_alloc(scratch, (size_t)n * sizeof *table->last);
    table->slots = iw_arena_alloc(scratch, table->n_slots * sizeof *table->slots);
    if (table->keys == NULL || table->next == NULL || table->last == NULL || table->slots == NULL)
        return false;
    table_clear(table);
    return true;
}

/* The slot of a key: that of its group, or the free one where it belongs. */
static uint32_t *table_slot(const struct group_table *table, struct iw_str key)
{
    size_t at = (size_t)iw_hash_bytes(key.p, key.n, 0) & (table->n_slots - 1);
    while (table->slots[at] != NO_FIELD && !iw_str_equal(table->keys[table->slots[at]], key))
        at = (at + 1) & (table->n_slots - 1);
    return &table->slots[at];
}

/* Puts a field into its group; true when it is the first of it. */
static bool table_add(struct group_table *table, uint32_t field)
{
    const struct iw_str key = table->keys[field];
    bool is_again = table->added_slot != NULL && key.p == table->added.p && key.n == table->added.n;
    uint32_t *slot = is_again ? table->added_slot : table_slot(table, key);
    table->added = key;
    table->added_slot = slot;
    table->next[field] = NO_FIELD;
    if (*slot != NO_FIELD) {
        table->next[table->last[*slot]] = field;
        table->last[*slot] = field;
        return false;
    }
    *slot = field;
    table->last[field] = field;
    return true;
}

/* Whether a payload's name begins like a key we make ourselves: taken as it is, it could pass for
 * one. */
static bool imitates_our_keys(struct iw_str name)
{
    static const char *const PREFIXES[] = {"EventData.", "UserData.", "RenderingInfo.", "Web."};
    for (size_t i = 0; i < sizeof PREFIXES / sizeof PREFIXES[0]; i++) {
        size_t n = strlen(PREFIXES[i]);
        if (name.n >= n && memcmp(name.p, PREFIXES[i], n) == 0)
            return true;
    }
    return false;
}

static struct iw_str final_key(const struct group_table *system, const struct iw_field *field,
                               struct iw_arena *scratch)
{
    struct iw_str name = field->name->text;
    if (field->place == IW_PLACE_RENDERING)
        return join(IW_STR("RenderingInfo."), name, scratch);
    if (*table_slot(system, name) == NO_FIELD && !imitates_our_keys(name))
        return name.n != 0 ? name : IW_STR("");
    return join(field->place == IW_PLACE_USER_DATA ? IW_STR("UserData.") : IW_STR("EventData."),
                name, scratch);
}

/* Fills table->keys. System fields first, wherever they stand in the record: what a payload may
 * not be called must not depend on what an attacker writes before it. */
static bool table_make_keys(struct group_table *table, const struct iw_event *event,
                            struct iw_arena *scratch)
{
    for (uint32_t i = 0; i < event->n_fields; i++) {
        table->keys[i] = event->fields[i].name->text;
        if (event->fields[i].place == IW_PLACE_SYSTEM)
            (void)table_add(table, i);
    }
    for (uint32_t i = 0; i < event->n_fields; i++) {
        if (event->fields[i].place == IW_PLACE_SYSTEM)
            continue;
        if (i != 0 && event->fields[i].name == event->fields[i - 1].name &&
            event->fields[i].place == event->fields[i - 1].place) {
            table->keys[i] = table->keys[i - 1];
            continue;
        }
        table->keys[i] = final_key(table, &event->fields[i], scratch);
        if (table->keys[i].p == NULL)
            return false;
    }
    table_clear(table);
    return true;
}

static bool is_number_field(const struct iw_field *field)
{
    static const struct iw_str NUMBERS[] = {
        {"EventID", 7},
        {"EventRecordID", 13},
        {"Level", 5},
        {"Version", 7},
        {"Task", 4},
        {"Opcode", 6},
        {"Execution_ProcessID", 19},
        {"Execution_ThreadID", 18},
        {"EventID_Qualifiers", 18},
    };
    if (field->place != IW_PLACE_SYSTEM)
        return false;
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        if (iw_str_equal(field->name->text, NUMBERS[i]))
            return true;
    }
    return false;
}

static void write_value(const struct iw_field *field, struct iw_json *json,
                        struct iw_arena *scratch)
{
    struct iw_str text;
    uint64_t number;
    if (is_number_field(field) && iw_value_u64(iw_field_value(field), &number)) {
        iw_json_u64(json, number);
        return;
    }
    text = iw_value_text(iw_field_value(field), scratch);
    if (text.p == NULL)
        json->out->failed = true;
    else
        iw_json_text(json, text);
}

static void write_group(const struct iw_event *event, const struct group_table *table,
                        uint32_t first, struct iw_json *json, struct iw_arena *scratch)
{
    const struct iw_field *field = &event->fields[first];
    bool is_list = table->next[first] != NO_FIELD ||
                   (field->name->id == IW_FIELD_DATA && field->place != IW_PLACE_SYSTEM);
    iw_json_key(json, table->keys[first]);
    if (!is_list) {
        write_value(field, json, scratch);
        return;
    }
    iw_json_array(json);
    for (uint32_t i = first; i != NO_FIELD; i = table->next[i])
        write_value(&event->fields[i], json, scratch);
    iw_json_array_end(json);
}

/* Which fields are written. */
struct selection {
    const uint32_t *ids; /* NULL: whatever the name */
    size_t n_ids;
    bool payload_only;
};

static bool is_wanted(const struct iw_field *field, const struct selection *selection)
{
    if (selection->payload_only)
        return field->place != IW_PLACE_SYSTEM && field->place != IW_PLACE_RENDERING;
    for (size_t i = 0; i < selection->n_ids; i++) {
        if (field->name->id == selection->ids[i])
            return true;
    }
    return selection->ids == NULL;
}

static void flatten(const struct iw_event *event, const struct selection *selection,
                    struct iw_json *json, struct iw_arena *scratch)
{
    struct group_table table;
    uint32_t *firsts = iw_arena_alloc(scratch, ((size_t)event->n_fields + 1) * sizeof *firsts);
    size_t n_firsts = 0;

    if (firsts == NULL || !table_init(&table, event->n_fields, scratch) ||
        !table_make_keys(&table, event, scratch)) {
        json->out->failed = true;
        return;
    }
    for (uint32_t i = 0; i < event->n_fields; i++) {
        if (is_wanted(&event->fields[i], selection) && table_add(&table, i))
            firsts[n_firsts++] = i;
    }
    if (selection->ids == NULL) {
        for (size_t i = 0; i < n_firsts; i++)
            write_group(event, &table, firsts[i], json, scratch);
        return;
    }
    /* What was asked for comes in the order in which it was asked for; a name asked for twice comes
     * once. */
    for (size_t k = 0; k < selection->n_ids; k++) {
        for (size_t i = 0; i < n_firsts; i++) {
            if (firsts[i] == NO_FIELD || event->fields[firsts[i]].name->id != selection->ids[k])
                continue;
            write_group(event, &table, firsts[i], json, scratch);
            firsts[i] = NO_FIELD;
        }
    }
}

void iw_event_flatten(const struct iw_event *event, struct iw_json *json, struct iw_arena *scratch)
{
    const struct selection all = {NULL, 0, false};
    flatten(event, &all, json, scratch);
}

void iw_event_flatten_some(const struct iw_event *event, const uint32_t *ids, size_t n_ids,
                           struct iw_json *json, struct iw_arena *scratch)
{
    const struct selection some = {ids, n_ids, false};
    flatten(event, &some, json, scratch);
}

void iw_event_flatten_payload(const struct iw_event *event, struct iw_json *json,
                              struct iw_arena *scratch)
{
    const struct selection payload = {NULL, 0, true};
    flatten(event, &payload, json, scratch);
}
