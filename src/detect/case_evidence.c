/*
 * Evidence of a case on all sides: the entries of configuration, the files behind them, and what
 * events tell of either. What an event shows are the fields a responder asks for first.
 */
#include "detect/subject_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "context/registry_place.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "detect/named_changes.h"

struct evidence {
    struct iw_case *named;
    struct iw_arena *arena;
    struct iw_act *act;
};

/* --- as JSON -------------------------------------------------------------------------------- */

static struct iw_str hex_of(const uint8_t digest[32], char room[65])
{
    for (size_t i = 0; i < 32; i++)
        (void)snprintf(room + 2 * i, 3, "%02x", digest[i]);
    return (struct iw_str){room, 64};
}

static void text_if(struct iw_json *json, const char *key, struct iw_str value)
{
    if (value.n != 0)
        iw_json_member_text(json, key, value);
}

static void entry_json(struct iw_json *json, const struct iw_inventory_component *row)
{
    const struct iw_item_file *file = iw_component_file(row);
    char hex[65];
    iw_json_member_text(json, "kind", iw_str_of(row->kind));
    text_if(json, "name", row->name);
    iw_json_member_text(json, "scope", row->scope);
    text_if(json, "image", row->image);
    text_if(json, "imagePath", row->image_path);
    text_if(json, "configPath", row->config_path);
    text_if(json, "arguments", row->arguments);
    text_if(json, "type", row->type);
    text_if(json, "clsid", row->clsid);
    text_if(json, "preCondition", row->precondition);
    iw_json_member_text(json, "state", iw_str_of(row->state));
    if (file != NULL)
        iw_json_member_text(json, "sha256", hex_of(file->sha256, hex));
}

static void file_json(struct iw_json *json, const struct iw_item_file *file)
{
    char hex[65];
    text_if(json, "path", file->path);
    iw_json_member_text(json, "sha256", hex_of(file->sha256, hex));
    iw_json_member_u64(json, "size", file->size_bytes);
    text_if(json, "company", file->company);
    text_if(json, "product", file->product);
    text_if(json, "description", file->description);
    text_if(json, "fileVersion", file->file_version);
    text_if(json, "originalFileName", file->original_name);
    if (!file->is_pe)
        return;
    iw_json_member_text(json, "signature", iw_str_of(iw_item_signature_name(file->signature)));
    text_if(json, "signer", file->signer);
    text_if(json, "assembly", file->assembly);
}

static void fact_json(struct iw_json *json, const struct iw_server_fact *fact)
{
    bool is_load = fact->kind == IW_FACT_MODULE_LOAD, is_change = fact->configuration.n != 0;
    bool is_value = fact->kind == IW_FACT_REGISTRY_SET;
    char hex[65];
    text_if(json,
            is_change                            ? "PhysicalPath"
            : is_load                            ? "ImageLoaded"
            : fact->kind == IW_FACT_LOAD_FAILURE ? "ModuleDll"
            : is_value                           ? "TargetObject"
                                                 : "TargetFilename",
            is_value ? fact->location : fact->path);
    text_if(json, "Image", fact->image);
    text_if(json, is_change ? "Security_UserID" : "User", fact->user);
    text_if(json, "IpAddress", fact->address);
    if (fact->process_id != 0)
        iw_json_member_u64(json, is_change ? "Execution_ProcessID" : "ProcessId", fact->process_id);
    text_if(json, "Configuration", fact->configuration);
    text_if(json, "ConfigPath", fact->config_path);
    text_if(json, "EffectiveLocationPath", is_value ? IW_STR("") : fact->location);
    text_if(json, "OldValue", fact->old_value);
    text_if(json, is_value ? "Details" : "NewValue", fact->new_value);
    text_if(json, "Signed", fact->is_signed);
    text_if(json, "Signature", fact->signature);
    text_if(json, "SignatureStatus", fact->signature_status);
    text_if(json, "Company", fact->company);
    if (fact->has_sha256)
        iw_json_member_text(json, "sha256", hex_of(fact->sha256, hex));
    if (fact->n > 1)
        iw_json_member_u64(json, "n", fact->n);
}

/* --- items ---------------------------------------------------------------------------------- */

/* What *write* makes of *thing*, as an object in the arena; p NULL: no memory. */
static struct iw_str object_of(struct evidence *evidence, const void *thing, int sort)
{
    struct iw_buffer text;
    struct iw_json json;
    struct iw_str kept = {NULL, 0};
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_json_object(&json);
    if (sort == 0)
        entry_json(&json, thing);
    else if (sort == 1)
        file_json(&json, thing);
    else
        fact_json(&json, thing);
    iw_json_object_end(&json);
    if (!text.failed)
        kept = iw_arena_copy(evidence->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return kept;
}

static enum iw_rc add_entry(struct evidence *evidence, const struct iw_inventory_component *row)
{
    struct iw_evidence_item item = {.role = IW_STR("configuration"),
                                    .time_ns = row->first_seen.time_ns,
                                    .source = row->config_source,
                                    .line = row->line};
    if (strcmp(row->state, "registry") == 0)
        item.role = IW_STR("registry");
    if (row->config_source.n == 0)
        return IW_OK;
    item.fields_json = object_of(evidence, row, 0);
    return item.fields_json.p != NULL ? iw_case_item(evidence->named, &item) : IW_ENOMEM;
}

static enum iw_rc add_file(struct evidence *evidence, const struct iw_item_file *file)
{
    struct iw_evidence_item item = {
        .role = IW_STR("file"), .time_ns = file->modified_ns, .source = file->source};
    if (file->state != IW_ITEM_FILE_READ)
        return IW_OK;
    for (const struct iw_case_item *at = evidence->named->items; at != NULL; at = at->next) {
        if (iw_str_equal(at->item.role, item.role) && iw_str_equal(at->item.source, item.source))
            return IW_OK;
    }
    item.fields_json = object_of(evidence, file, 1);
    return item.fields_json.p != NULL ? iw_case_item(evidence->named, &item) : IW_ENOMEM;
}

static const char *role_of(const struct iw_server_fact *fact)
{
    static const char *const ROLES[IW_SERVER_FACT_KIND_COUNT] = {
        [IW_FACT_WORKER] = "worker",
        [IW_FACT_CONFIG_CHANGE] = "registration",
        [IW_FACT_CONFIG_COMMIT] = "commit",
        [IW_FACT_CONFIG_LOGGING] = "log",
        [IW_FACT_MODULE_LOAD] = "module_load",
        [IW_FACT_FILE_WRITTEN] = "file_created",
        [IW_FACT_FILE_DELETED] = "file_deleted",
        [IW_FACT_REGISTRY_SET] = "registry_set",
        [IW_FACT_LOAD_FAILURE] = "load_failure",
    };
    return ROLES[fact->kind];
}

/* Who acted and when: the change of configuration tells it first, else who wrote the file. */
static void note_act(struct evidence *evidence, const struct iw_server_fact *fact)
{
    struct iw_act *act = evidence->act;
    bool is_sid = iw_str_begins_nocase(fact->user, IW_STR("S-1-"));
    struct iw_str *who = is_sid ? &act->actor_sid : &act->actor;
    iw_time_widen(&act->first_ns, &act->last_ns, fact->time_ns);
    iw_time_widen(&act->first_ns, &act->last_ns, fact->last_ns);
    if (act->actor_sid.n == 0 && act->actor.n == 0) {
        *who = fact->user;
        evidence->named->address = fact->address;
    }
    if (act->computer.n == 0)
        act->computer = fact->computer;
}

static enum iw_rc keep_act(struct iw_case *named, const struct iw_server_fact *fact)
{
    if (named->n_acts == named->acts_cap) {
        size_t cap = named->acts_cap != 0 ? 2 * named->acts_cap : 4;
        const struct iw_server_fact **items =
            iw_arena_calloc(named->judging->arena, cap, sizeof *items);
        if (items == NULL)
            return IW_ENOMEM;
        if (named->n_acts != 0)
            memcpy(items, named->acts, named->n_acts * sizeof *items);
        named->acts = items;
        named->acts_cap = cap;
    }
    named->acts[named->n_acts++] = fact;
    return IW_OK;
}

/* What a fact says of the case, shown or not. */
static enum iw_rc note_fact(struct evidence *evidence, const struct iw_server_fact *fact)
{
    struct iw_case *named = evidence->named;
    named->has_facts[fact->kind] = true;
    if (iw_time_known(fact->last_ns) && fact->last_ns > named->still_ns)
        named->still_ns = fact->last_ns;
    if (fact->kind != IW_FACT_CONFIG_CHANGE && fact->kind != IW_FACT_FILE_WRITTEN &&
        fact->kind != IW_FACT_REGISTRY_SET)
        return IW_OK;
    note_act(evidence, fact);
    return keep_act(named, fact);
}

static enum iw_rc show_fact(struct evidence *evidence, const struct iw_server_fact *fact)
{
    const struct iw_ledger *ledger = evidence->named->judging->input->ledger;
    struct iw_evidence_item item = {.role = iw_str_of(role_of(fact)),
                                    .time_ns = fact->time_ns,
                                    .channel = fact->channel,
                                    .event_id = fact->event_id,
                                    .record_id = fact->record_id,
                                    .offset = fact->offset,
                                    .source = iw_ledger_path(ledger, fact->source)};
    item.fields_json = object_of(evidence, fact, 2);
    return item.fields_json.p != NULL ? iw_case_item(evidence->named, &item) : IW_ENOMEM;
}

static enum iw_rc add_span(struct evidence *evidence, struct iw_fact_span span, bool is_shown)
{
    struct iw_case *named = evidence->named;
    for (size_t i = 0; i < span.n; i++) {
        if (!iw_fact_is_told_by_share(span, i))
            IW_TRY(note_fact(evidence, &span.items[i]));
        if (is_shown && i < IW_LIMIT_CASE_EVENTS)
            IW_TRY(show_fact(evidence, &span.items[i]));
    }
    if (!is_shown || span.n <= IW_LIMIT_CASE_EVENTS)
        return IW_OK;
    return iw_case_line(named, &named->why, "of the kind %s %zu more %s not shown",
                        role_of(span.items), span.n - IW_LIMIT_CASE_EVENTS,
                        span.n - IW_LIMIT_CASE_EVENTS == 1 ? "event is" : "events are");
}

/* A fact stands for all events of its kind and program: how many there were, and until when. */
static enum iw_rc say_failures(struct evidence *evidence, struct iw_fact_span span)
{
    const struct iw_server_fact *first = span.items;
    char from[IW_TIME_TEXT_BYTES], until[IW_TIME_TEXT_BYTES];
    int64_t last_ns = IW_TIME_UNKNOWN;
    unsigned long long n = 0;
    for (size_t i = 0; i < span.n; i++) {
        n += span.items[i].n;
        if (span.items[i].time_ns < first->time_ns)
            first = &span.items[i];
        if (span.items[i].last_ns > last_ns)
            last_ns = span.items[i].last_ns;
    }
    if (n == 0)
        return IW_OK;
    (void)iw_time_words(first->time_ns, false, from);
    if (n == 1)
        return iw_case_line(evidence->named, &evidence->named->why,
                            "a worker could not load it: event %u (record %llu, %s)",
                            first->event_id, (unsigned long long)first->record_id, from);
    return iw_case_line(evidence->named, &evidence->named->why,
                        "a worker could not load it, %llu times until %s: event %u (record %llu, "
                        "%s) was the first",
                        n, iw_time_words(last_ns, false, until), first->event_id,
                        (unsigned long long)first->record_id, from);
}

static enum iw_rc add_facts_of_path(struct evidence *evidence, struct iw_str path, bool is_shown)
{
    static const enum iw_server_fact_kind KINDS[] = {IW_FACT_MODULE_LOAD, IW_FACT_FILE_WRITTEN,
                                                     IW_FACT_FILE_DELETED, IW_FACT_LOAD_FAILURE};
    for (size_t i = 0; path.n != 0 && i < sizeof KINDS / sizeof KINDS[0]; i++) {
        struct iw_fact_span span = iw_facts_at(evidence->named->judging, KINDS[i], path);
        IW_TRY(add_span(evidence, span, is_shown));
        if (is_shown && KINDS[i] == IW_FACT_LOAD_FAILURE)
            IW_TRY(say_failures(evidence, span));
    }
    return IW_OK;
}

/* --- changes that name an entry ------------------------------------------------------------- */

static int compare_places(const void *left, const void *right)
{
    const struct iw_change_places *a = *(const struct iw_change_places *const *)left;
    const struct iw_change_places *b = *(const struct iw_change_places *const *)right;
    return a < b ? -1 : a > b;
}

static int compare_sizes(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

/* Lists of changes by the names and images of all entries, each list once: twins share them. */
static enum iw_rc lists_of(struct iw_case *named, const struct iw_change_places ***ret,
                           size_t *ret_n)
{
    const struct iw_change_places **lists =
        iw_arena_calloc(named->judging->arena, 2 * named->n + 2, sizeof(struct iw_change_places *));
    size_t n = 0, n_kept = 0;
    *ret = lists;
    *ret_n = 0;
    if (lists == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < named->n; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        IW_TRY(iw_changes_of_name(named->judging, row->name, &lists[n]));
        n += lists[n] != NULL;
        IW_TRY(iw_changes_of_image(named->judging, row->image, &lists[n]));
        n += lists[n] != NULL;
    }
    if (named->n != 0 && named->former_name.n != 0) {
        IW_TRY(iw_changes_of_name(named->judging, named->former_name, &lists[n]));
        n += lists[n] != NULL;
    }
    if (named->n == 0) { /* only former configurations have it */
        IW_TRY(iw_changes_of_name(named->judging, named->name, &lists[n]));
        n += lists[n] != NULL;
        IW_TRY(iw_changes_of_image(named->judging, named->image, &lists[n]));
        n += lists[n] != NULL;
    }
    if (n != 0)
        qsort(lists, n, sizeof(struct iw_change_places *), compare_places);
    for (size_t i = 0; i < n; i++) {
        if (n_kept == 0 || lists[n_kept - 1] != lists[i])
            lists[n_kept++] = lists[i];
    }
    *ret_n = n_kept;
    return IW_OK;
}

/* All of them as places in the span, in order, each once. */
static enum iw_rc changes_of(struct iw_case *named, size_t **ret, size_t *ret_n)
{
    const struct iw_change_places **lists;
    size_t n_lists, n = 0, n_kept = 0, *places;
    IW_TRY(lists_of(named, &lists, &n_lists));
    for (size_t i = 0; i < n_lists; i++)
        n += lists[i]->n;
    *ret = places = iw_arena_calloc(named->judging->arena, n + 1, sizeof *places);
    if (places == NULL)
        return IW_ENOMEM;
    n = 0;
    for (size_t i = 0; i < n_lists; i++) {
        memcpy(places + n, lists[i]->items, lists[i]->n * sizeof *places);
        n += lists[i]->n;
    }
    if (n != 0)
        qsort(places, n, sizeof *places, compare_sizes);
    for (size_t i = 0; i < n; i++) {
        if (n_kept == 0 || places[n_kept - 1] != places[i])
            places[n_kept++] = places[i];
    }
    *ret_n = n_kept;
    return IW_OK;
}

static enum iw_rc add_changes(struct evidence *evidence)
{
    struct iw_case *named = evidence->named;
    struct iw_fact_span span = named->judging->facts[IW_FACT_CONFIG_CHANGE];
    size_t *places, n;
    IW_TRY(changes_of(named, &places, &n));
    for (size_t i = 0; i < n; i++) {
        IW_TRY(note_fact(evidence, &span.items[places[i]]));
        if (i < IW_LIMIT_CASE_EVENTS)
            IW_TRY(show_fact(evidence, &span.items[places[i]]));
    }
    if (n <= IW_LIMIT_CASE_EVENTS)
        return IW_OK;
    return iw_case_line(named, &named->why, "%zu more changes of the configuration name it",
                        n - IW_LIMIT_CASE_EVENTS);
}

/* --- places, each once ----------------------------------------------------------------------- */

/* Of places past the limit nothing is shown. */
typedef enum iw_rc add_place(struct evidence *evidence, struct iw_str place, bool is_shown);

/* Twins share places, whose letter case does not count. An empty one is none. */
static enum iw_rc add_once(struct evidence *evidence, struct iw_map *met, struct iw_str place,
                           add_place *add)
{
    struct iw_str key;
    bool is_new;
    if (place.n == 0)
        return IW_OK;
    key = iw_arena_lower(evidence->arena, place);
    if (key.p == NULL || iw_map_add(met, key, &is_new) == NULL)
        return IW_ENOMEM;
    return is_new ? add(evidence, place, met->n <= IW_LIMIT_CASE_ENTRIES) : IW_OK;
}

static enum iw_rc with_places_met(struct evidence *evidence,
                                  enum iw_rc (*add)(struct evidence *, struct iw_map *))
{
    struct iw_map met;
    enum iw_rc rc;
    iw_map_init(&met);
    rc = add(evidence, &met);
    iw_map_done(&met);
    return rc;
}

/* --- paths ---------------------------------------------------------------------------------- */

static enum iw_rc add_paths(struct evidence *evidence, struct iw_map *met)
{
    struct iw_case *named = evidence->named;
    for (size_t i = 0; i < named->n; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        for (size_t k = 0; k < row->n_files; k++)
            IW_TRY(add_once(evidence, met, row->files[k].path, add_facts_of_path));
        if (row->n_files == 0)
            IW_TRY(add_once(evidence, met, row->image_path, add_facts_of_path));
    }
    for (size_t i = 0; i < named->paths.n; i++)
        IW_TRY(add_once(evidence, met, named->paths.items[i], add_facts_of_path));
    if (named->web_file != NULL || named->n == 0)
        return add_once(evidence, met, named->image, add_facts_of_path);
    return IW_OK;
}

static enum iw_rc add_entries(struct evidence *evidence)
{
    struct iw_case *named = evidence->named;
    for (size_t i = 0; i < named->n && i < IW_LIMIT_CASE_ENTRIES; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        IW_TRY(add_entry(evidence, row));
        for (size_t k = 0; k < row->n_files; k++)
            IW_TRY(add_file(evidence, &row->files[k]));
    }
    if (named->web_file != NULL)
        IW_TRY(add_file(evidence, &named->web_file->file));
    if (named->n <= IW_LIMIT_CASE_ENTRIES)
        return IW_OK;
    return iw_case_line(named, &named->why, "%zu more %s it", named->n - IW_LIMIT_CASE_ENTRIES,
                        named->n - IW_LIMIT_CASE_ENTRIES == 1 ? "entry names" : "entries name");
}

/* --- values of the registry ------------------------------------------------------------------- */

/* The place of the value that holds an entry; n 0: it is none of the registry. p NULL: no memory.
 */
static struct iw_str place_of(struct evidence *evidence, const struct iw_inventory_component *row)
{
    struct iw_str key = iw_registry_place(row->config_path);
    bool is_of_service = iw_component_is_variable(row) && row->owner.n != 0;
    if (strcmp(row->state, "registry") != 0 || key.n == 0)
        return IW_STR("");
    return iw_arena_format(evidence->arena, "%.*s\\%.*s", IW_STR_ARG(key),
                           IW_STR_ARG(is_of_service ? IW_STR("Environment") : row->name));
}

static enum iw_rc add_facts_of_value(struct evidence *evidence, struct iw_str place, bool is_shown)
{
    return add_span(evidence, iw_facts_at(evidence->named->judging, IW_FACT_REGISTRY_SET, place),
                    is_shown);
}

static enum iw_rc add_values(struct evidence *evidence, struct iw_map *met)
{
    for (size_t i = 0; i < evidence->named->n; i++) {
        struct iw_str place = place_of(evidence, iw_case_component(evidence->named, i));
        if (place.p == NULL)
            return IW_ENOMEM;
        IW_TRY(add_once(evidence, met, place, add_facts_of_value));
    }
    return IW_OK;
}

/* --- in order ------------------------------------------------------------------------------- */

static int compare_items(const void *left, const void *right)
{
    const struct iw_evidence_item *a = left, *b = right;
    int order;
    if (iw_time_known(a->time_ns) != iw_time_known(b->time_ns))
        return iw_time_known(a->time_ns) ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    order = iw_str_compare(a->role, b->role);
    if (order == 0)
        order = iw_str_compare(a->source, b->source);
    if (order == 0 && a->line != b->line)
        order = a->line < b->line ? -1 : 1;
    if (order == 0 && a->record_id != b->record_id)
        order = a->record_id < b->record_id ? -1 : 1;
    if (order == 0 && a->offset != b->offset)
        order = a->offset < b->offset ? -1 : 1;
    return order != 0 ? order : iw_str_compare(a->fields_json, b->fields_json);
}

void iw_case_items_sort(struct iw_evidence_item *items, size_t n)
{
    if (n != 0)
        qsort(items, n, sizeof *items, compare_items);
}

static enum iw_rc in_order(struct evidence *evidence, struct iw_finding *ret)
{
    size_t n = 0;
    for (const struct iw_case_item *at = evidence->named->items; at != NULL; at = at->next)
        n++;
    ret->evidence = iw_arena_calloc(evidence->arena, n + 1, sizeof *ret->evidence);
    if (ret->evidence == NULL)
        return IW_ENOMEM;
    for (const struct iw_case_item *at = evidence->named->items; at != NULL; at = at->next)
        ret->evidence[ret->n_evidence++] = at->item;
    iw_case_items_sort(ret->evidence, n);
    ret->first_time_ns = ret->last_time_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < n; i++)
        iw_time_widen(&ret->first_time_ns, &ret->last_time_ns, ret->evidence[i].time_ns);
    /* Where acts are in evidence it began with them: a file may be older, or say so. */
    if (iw_time_known(evidence->act->first_ns))
        ret->first_time_ns = evidence->act->first_ns;
    if (ret->last_time_ns < ret->first_time_ns) /* of acts that are counted and not shown */
        ret->last_time_ns = ret->first_time_ns;
    if (iw_time_known(ret->last_time_ns) && ret->last_time_ns > evidence->named->still_ns)
        evidence->named->still_ns = ret->last_time_ns;
    return IW_OK;
}

enum iw_rc iw_case_evidence(struct iw_case *named, struct iw_act *act, struct iw_finding *ret)
{
    struct evidence evidence = {.named = named, .arena = named->judging->arena, .act = act};
    IW_TRY(add_entries(&evidence));
    IW_TRY(add_changes(&evidence));
    IW_TRY(with_places_met(&evidence, add_values));
    IW_TRY(with_places_met(&evidence, add_paths));
    IW_TRY(iw_case_requests(named));
    IW_TRY(iw_case_writers(named));
    return in_order(&evidence, ret);
}
