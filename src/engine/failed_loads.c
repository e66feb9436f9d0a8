#include "engine/failed_loads.h"

#include <inttypes.h>

#include "base/arena_text.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/timestamp.h"
#include "event/channel.h"

/* All events about one DLL of one host. */
struct iw_failed_load {
    const struct iw_server_fact *first;
    uint64_t n;
    int64_t last_ns;
};

/* --- what did not load ------------------------------------------------------------------------ */

static enum iw_rc keep(struct iw_failed_loads *loads, const struct iw_server_fact *fact)
{
    struct iw_str key = iw_told_dll_key(fact->host, fact->path, &loads->arena);
    struct iw_map_entry *entry;
    struct iw_failed_load *load;
    bool is_new;
    if (key.p == NULL || (entry = iw_map_add(&loads->by_dll, key, &is_new)) == NULL)
        return IW_ENOMEM;
    if (is_new)
        entry->value.pointer = iw_arena_calloc(&loads->arena, 1, sizeof *load);
    load = entry->value.pointer;
    if (load == NULL)
        return IW_ENOMEM;
    if (load->first == NULL || fact->time_ns < load->first->time_ns)
        load->first = fact;
    if (load->n == 0 || fact->last_ns > load->last_ns)
        load->last_ns = fact->last_ns;
    load->n += fact->n;
    return IW_OK;
}

enum iw_rc iw_failed_loads_init(struct iw_failed_loads *loads, const struct iw_server_facts *facts,
                                const struct iw_ledger *ledger, struct iw_told_components *told)
{
    *loads = (struct iw_failed_loads){.facts = facts, .ledger = ledger, .told = told};
    iw_map_init(&loads->by_dll);
    iw_arena_init(&loads->arena, 0);
    iw_arena_init(&loads->work, 0);
    for (size_t i = 0; i < facts->n; i++) {
        if (facts->items[i].kind == IW_FACT_LOAD_FAILURE)
            IW_TRY(keep(loads, &facts->items[i]));
    }
    return IW_OK;
}

void iw_failed_loads_done(struct iw_failed_loads *loads)
{
    iw_map_done(&loads->by_dll);
    iw_arena_done(&loads->arena);
    iw_arena_done(&loads->work);
}

/* --- whose change it was ---------------------------------------------------------------------- */

static bool is_change(const struct iw_finding *finding)
{
    return finding->kind == IW_FINDING_RULE && finding->n_evidence != 0 &&
           finding->evidence[0].event_id == 29 &&
           iw_str_equal_nocase(finding->evidence[0].channel,
                               IW_STR(IW_CHANNEL_IIS_CONFIGURATION)) &&
           iw_finding_has_analytic(finding, IW_STR("AN0184"));
}

/* The DLL that the event set; empty: none, or it cannot be looked into. */
static enum iw_rc read_dll(struct iw_failed_loads *loads, const struct iw_finding *finding,
                           struct iw_str *ret)
{
    const struct iw_json_node *event = NULL, *value;
    enum iw_rc rc = iw_json_read(finding->event_json, &loads->work, &event, NULL);
    *ret = IW_STR("");
    if (rc != IW_OK)
        return rc == IW_ENOMEM ? rc : IW_OK;
    value = iw_json_find(event, IW_STR("NewValue"));
    if (value != NULL && value->kind == IW_JSON_TEXT &&
        iw_str_ends_nocase(value->text, IW_STR(".dll")))
        *ret = value->text;
    return IW_OK;
}

/* --- the finding ------------------------------------------------------------------------------ */

static struct iw_str fields_of(const struct iw_failed_load *load, struct iw_arena *arena)
{
    struct iw_buffer text;
    struct iw_json json;
    struct iw_str kept = {NULL, 0};
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_json_object(&json);
    iw_json_member_text(&json, "ModuleDll", load->first->path);
    if (load->n > 1)
        iw_json_member_u64(&json, "n", load->n);
    iw_json_object_end(&json);
    if (!text.failed)
        kept = iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return kept;
}

static enum iw_rc add_evidence(struct iw_failed_loads *loads, const struct iw_failed_load *load,
                               struct iw_finding *finding)
{
    const struct iw_server_fact *fact = load->first;
    size_t n = finding->n_evidence;
    struct iw_evidence_item *items = iw_arena_calloc(&loads->work, n + 1, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    memcpy(items, finding->evidence, n * sizeof *items);
    items[n] = (struct iw_evidence_item){.role = IW_STR("load_failure"),
                                         .time_ns = fact->time_ns,
                                         .channel = fact->channel,
                                         .event_id = fact->event_id,
                                         .record_id = fact->record_id,
                                         .source = iw_ledger_path(loads->ledger, fact->source),
                                         .offset = fact->offset,
                                         .fields_json = fields_of(load, &loads->work)};
    finding->evidence = items;
    finding->n_evidence = n + 1;
    /* An event stands for all alike: what failed before was not this change. */
    if (iw_time_known(fact->time_ns) && fact->time_ns > finding->first_time_ns)
        iw_time_widen(&finding->first_time_ns, &finding->last_time_ns, fact->time_ns);
    return items[n].fields_json.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc say(struct iw_failed_loads *loads, const struct iw_failed_load *load,
                      struct iw_finding *finding)
{
    char first[IW_TIME_TEXT_BYTES], last[IW_TIME_TEXT_BYTES];
    const struct iw_server_fact *fact = load->first;
    struct iw_str *line = iw_arena_calloc(&loads->work, 1, sizeof *line);
    if (line == NULL)
        return IW_ENOMEM;
    *line =
        load->n == 1
            ? iw_arena_format(
                  &loads->work, "a worker could not load it: event %u (record %" PRIu64 ", %s)",
                  fact->event_id, fact->record_id, iw_time_words(fact->time_ns, false, first))
            : iw_arena_format(&loads->work,
                              "a worker could not load it, %" PRIu64
                              " times until %s: event %u (record %" PRIu64 ", %s) was the first",
                              load->n, iw_time_words(load->last_ns, false, last), fact->event_id,
                              fact->record_id, iw_time_words(fact->time_ns, false, first));
    if (line->p == NULL)
        return IW_ENOMEM;
    return iw_text_list_join(&finding->why, (struct iw_text_list){line, 1}, &loads->work);
}

enum iw_rc iw_failed_loads_join(struct iw_failed_loads *loads, struct iw_finding *finding)
{
    const struct iw_map_entry *entry;
    struct iw_str dll, key;
    if (loads->by_dll.n == 0 || !is_change(finding))
        return IW_OK;
    iw_arena_reset(&loads->work);
    IW_TRY(read_dll(loads, finding, &dll));
    if (dll.n == 0)
        return IW_OK;
    key = iw_told_dll_key(finding->host, dll, &loads->work);
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&loads->by_dll, key);
    if (entry == NULL)
        return IW_OK;
    IW_TRY(say(loads, entry->value.pointer, finding));
    IW_TRY(add_evidence(loads, entry->value.pointer, finding));
    return iw_told_components_tell_dll(loads->told, entry->key, finding->level);
}
