#include "engine/told_components.h"

#include "base/arena_text.h"
#include "base/json_read.h"
#include "base/limits.h"
#include "context/server_events.h"
#include "iis/config/server_path.h"

void iw_told_components_init(struct iw_told_components *told)
{
    memset(told, 0, sizeof *told);
    iw_map_init(&told->by_event);
    iw_map_init(&told->by_dll);
    iw_arena_init(&told->arena, 0);
}

void iw_told_components_done(struct iw_told_components *told)
{
    iw_map_done(&told->by_event);
    iw_map_done(&told->by_dll);
    iw_arena_done(&told->arena);
}

/* p NULL: no memory. */
static struct iw_str key_of(struct iw_str host, const struct iw_evidence_item *item,
                            struct iw_arena *arena)
{
    struct iw_str key =
        iw_arena_format(arena, "%.*s|%.*s|%llu|%lld", IW_STR_ARG(host), IW_STR_ARG(item->channel),
                        (unsigned long long)item->record_id, (long long)item->time_ns);
    return key.p != NULL ? iw_arena_lower(arena, key) : key;
}

/* What was done to the component; who logged on, or started before, is told by others. A record
 * without a number is not known from others of its millisecond. */
static bool is_act(const struct iw_evidence_item *item)
{
    static const char *const ROLES[] = {"registration", "registry_set", "file_created",
                                        "module_load"};
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        if (iw_str_equal(item->role, iw_str_of(ROLES[i])))
            return item->channel.n != 0 && item->record_id != 0;
    }
    return false;
}

/* --- what did not load ------------------------------------------------------------------------ */

struct iw_str iw_told_dll_key(struct iw_str host, struct iw_str path, struct iw_arena *arena)
{
    struct iw_server_path read;
    struct iw_str key;
    if (!iw_server_path_read(path, false, arena, &read))
        return (struct iw_str){NULL, 0};
    key = iw_arena_format(arena, "%.*s|%.*s", IW_STR_ARG(host), IW_STR_ARG(read.key));
    return key.p != NULL ? iw_arena_lower(arena, key) : key;
}

enum iw_rc iw_told_components_tell_dll(struct iw_told_components *told, struct iw_str key,
                                       enum iw_level level)
{
    struct iw_map_entry *entry = iw_map_find(&told->by_dll, key);
    if (entry == NULL && told->by_dll.n >= IW_LIMIT_TOLD_EVENTS)
        return IW_OK;
    if (entry == NULL)
        entry = iw_map_add(&told->by_dll, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    if (entry->value.number < (uint64_t)level + 1)
        entry->value.number = (uint64_t)level + 1;
    return IW_OK;
}

/* The first text of an event, or of a list in it, that ends like a DLL: its name differs by event
 * and export. Empty: none. */
static struct iw_str dll_in(const struct iw_json_node *event)
{
    for (const struct iw_json_node *value = event != NULL ? event->first : NULL; value != NULL;
         value = value->next) {
        struct iw_str inner = IW_STR("");
        if (value->kind == IW_JSON_TEXT && iw_str_ends_nocase(value->text, IW_STR(".dll")))
            return value->text;
        if (value->kind == IW_JSON_ARRAY && value->first != NULL &&
            value->first->kind == IW_JSON_TEXT)
            inner = dll_in(value);
        if (inner.n != 0)
            return inner;
    }
    return IW_STR("");
}

/* The key of the DLL that an object of fields names; n 0: none. IW_OK or IW_ENOMEM. */
static enum iw_rc dll_key(struct iw_str host, struct iw_str json, struct iw_arena *arena,
                          struct iw_str *ret)
{
    const struct iw_json_node *event = NULL;
    enum iw_rc rc = iw_json_read(json, arena, &event, NULL);
    struct iw_str dll = rc == IW_OK ? dll_in(event) : IW_STR("");
    *ret = IW_STR("");
    if (rc == IW_ENOMEM || dll.n == 0)
        return rc == IW_ENOMEM ? rc : IW_OK;
    *ret = iw_told_dll_key(host, dll, arena);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc tell_failure(struct iw_told_components *told, const struct iw_finding *finding,
                               const struct iw_evidence_item *item)
{
    struct iw_str key;
    IW_TRY(dll_key(finding->host, item->fields_json, &told->arena, &key));
    return key.n != 0 ? iw_told_components_tell_dll(told, key, finding->level) : IW_OK;
}

/* The level + 1 of the finding that shows what this one is about; 0: none. */
static enum iw_rc level_of_dll(const struct iw_told_components *told,
                               const struct iw_finding *finding, struct iw_arena *scratch,
                               uint64_t *ret)
{
    const struct iw_map_entry *entry;
    struct iw_str key;
    *ret = 0;
    if (told->by_dll.n == 0 || !iw_server_event_is(IW_FACT_LOAD_FAILURE, finding->evidence->channel,
                                                   finding->evidence->event_id))
        return IW_OK;
    IW_TRY(dll_key(finding->host, finding->event_json, scratch, &key));
    entry = key.n != 0 ? iw_map_find(&told->by_dll, key) : NULL;
    *ret = entry != NULL ? entry->value.number : 0;
    return IW_OK;
}

/* --- telling and asking ----------------------------------------------------------------------- */

enum iw_rc iw_told_components_tell(struct iw_told_components *told,
                                   const struct iw_finding *finding)
{
    if (finding->kind != IW_FINDING_COMPONENT || finding->level < IW_LEVEL_MEDIUM)
        return IW_OK;
    for (size_t i = 0; i < finding->n_evidence && told->by_event.n < IW_LIMIT_TOLD_EVENTS; i++) {
        struct iw_map_entry *entry;
        struct iw_str key;
        if (iw_str_equal(finding->evidence[i].role, IW_STR("load_failure")))
            IW_TRY(tell_failure(told, finding, &finding->evidence[i]));
        if (!is_act(&finding->evidence[i]))
            continue;
        key = key_of(finding->host, &finding->evidence[i], &told->arena);
        entry = key.p != NULL ? iw_map_add(&told->by_event, key, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        if (entry->value.number < (uint64_t)finding->level + 1)
            entry->value.number = (uint64_t)finding->level + 1;
    }
    return IW_OK;
}

/* What change records answer about the one act is told nowhere else: of a component they answer
 * about all of its acts together. */
static bool has_answer(const struct iw_finding *finding)
{
    return finding->change.status != IW_CHANGE_NOT_CHECKED &&
           finding->change.status != IW_CHANGE_UNEXPLAINED;
}

static enum iw_rc ask(const struct iw_told_components *told, const struct iw_finding *finding,
                      struct iw_arena *scratch, uint64_t *ret_level)
{
    struct iw_str key = key_of(finding->host, finding->evidence, scratch);
    const struct iw_map_entry *entry = key.p != NULL ? iw_map_find(&told->by_event, key) : NULL;
    uint64_t of_dll;
    if (key.p == NULL)
        return IW_ENOMEM;
    IW_TRY(level_of_dll(told, finding, scratch, &of_dll));
    *ret_level = entry != NULL && entry->value.number > of_dll ? entry->value.number : of_dll;
    return IW_OK;
}

enum iw_rc iw_told_components_ask(struct iw_told_components *told, const struct iw_finding *finding,
                                  bool *ret_is_told)
{
    struct iw_arena scratch;
    uint64_t level = 0;
    enum iw_rc rc;
    *ret_is_told = false;
    if ((told->by_event.n == 0 && told->by_dll.n == 0) || finding->kind != IW_FINDING_RULE ||
        finding->n_evidence == 0 || finding->evidence->record_id == 0 ||
        finding->level > IW_LEVEL_MEDIUM || has_answer(finding) ||
        !iw_finding_has_analytic(finding, IW_STR("AN0184")))
        return IW_OK;
    iw_arena_init(&scratch, 0);
    rc = ask(told, finding, &scratch, &level);
    iw_arena_done(&scratch);
    *ret_is_told = level > (uint64_t)finding->level;
    told->n_folded += *ret_is_told;
    return rc;
}
