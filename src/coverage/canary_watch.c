/*
 * Which event shows which act: a table. What an event was read from never decides which sighting is
 * the earliest but where times are equal.
 */
#include "coverage/canary_watch.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "event/web_log.h"
#include "event/channel.h"

#define WORKER "\\w3wp.exe"
/* WriteData or AppendData of Security 4663; deleting is undoing. */
#define ACCESS_WRITE 0x6U

struct witness {
    enum iw_canary_kind kind;
    const char *source;
    const char *channel;
    uint32_t event_id;
    uint32_t field;  /* that holds the literal */
    uint32_t second; /* or else this one */
    uint32_t worker; /* field that must name a worker where it is filled; 0: none */
};

static const struct witness WITNESSES[] = {
    {IW_CANARY_FILE, "Sysmon 11", IW_CHANNEL_SYSMON, 11, IW_FIELD_TARGET_FILENAME, 0, 0},
    {IW_CANARY_FILE, "Security 4663", "Security", 4663, IW_FIELD_OBJECT_NAME, 0, 0},
    {IW_CANARY_REQUEST, "log of requests", IW_CHANNEL_W3SVC, 0, IW_FIELD_CS_URI_STEM, 0, 0},
    {IW_CANARY_CHILD, "Sysmon 1", IW_CHANNEL_SYSMON, 1, IW_FIELD_COMMAND_LINE, 0,
     IW_FIELD_PARENT_IMAGE},
    {IW_CANARY_CHILD, "Security 4688", "Security", 4688, IW_FIELD_COMMAND_LINE, 0,
     IW_FIELD_PARENT_PROCESS_NAME},
    {IW_CANARY_REGISTRATION, "IIS-Configuration/Operational", IW_CHANNEL_IIS_CONFIGURATION, 29,
     IW_FIELD_NEW_VALUE, IW_FIELD_CONFIGURATION, 0},
    {IW_CANARY_UNREGISTRATION, "IIS-Configuration/Operational", IW_CHANNEL_IIS_CONFIGURATION, 29,
     IW_FIELD_OLD_VALUE, IW_FIELD_CONFIGURATION, 0},
    {IW_CANARY_LOAD, "Sysmon 7", IW_CHANNEL_SYSMON, 7, IW_FIELD_IMAGE_LOADED, 0, IW_FIELD_IMAGE},
};
#define N_WITNESSES (sizeof WITNESSES / sizeof WITNESSES[0])

/* What was seen of one act by one witness on one computer; in the arena, with its key. */
struct sighting {
    size_t act, witness;
    struct iw_str computer;
    uint64_t n;
    int64_t time_ns, done_ns;
    uint64_t record_id;
    uint32_t source;
    bool proves; /* any of them */
};

struct iw_canary_watch {
    const struct iw_canary_plan *plan;
    struct iw_map acts; /* id and kind → its place in the plan */
    struct iw_arena arena, scratch;
    struct iw_map sightings; /* act, witness, computer → struct sighting * */
    struct iw_buffer key;
    uint64_t n_foreign, n_hidden;
};

enum iw_rc iw_canary_route(struct iw_route *route)
{
    for (size_t i = 0; i < N_WITNESSES; i++)
        IW_TRY(iw_route_want(route, iw_str_of(WITNESSES[i].channel), WITNESSES[i].event_id));
    return IW_OK;
}

static struct iw_str act_key(struct iw_str id, enum iw_canary_kind kind,
                             char out[IW_CANARY_ID_BYTES + 1])
{
    memcpy(out, id.p, IW_CANARY_ID_BYTES);
    out[IW_CANARY_ID_BYTES] = (char)('0' + kind);
    return (struct iw_str){out, IW_CANARY_ID_BYTES + 1};
}

static enum iw_rc know_acts(struct iw_canary_watch *watch)
{
    char key[IW_CANARY_ID_BYTES + 1];
    for (size_t i = 0; i < watch->plan->n; i++) {
        const struct iw_canary_act *act = &watch->plan->acts[i];
        struct iw_str kept = iw_arena_copy(&watch->arena, act_key(act->id, act->kind, key));
        bool is_new;
        struct iw_map_entry *entry =
            kept.p != NULL ? iw_map_add(&watch->acts, kept, &is_new) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        if (is_new)
            entry->value.number = i;
    }
    return IW_OK;
}

struct iw_canary_watch *iw_canary_watch_new(const struct iw_canary_plan *plan)
{
    struct iw_canary_watch *watch = iw_calloc(1, sizeof *watch);
    if (watch == NULL)
        return NULL;
    watch->plan = plan;
    iw_map_init(&watch->acts);
    iw_map_init(&watch->sightings);
    iw_arena_init(&watch->arena, 0);
    iw_arena_init(&watch->scratch, 0);
    iw_buffer_init(&watch->key);
    if (know_acts(watch) == IW_OK)
        return watch;
    iw_canary_watch_free(watch);
    return NULL;
}

void iw_canary_watch_free(struct iw_canary_watch *watch)
{
    if (watch == NULL)
        return;
    iw_map_done(&watch->acts);
    iw_map_done(&watch->sightings);
    iw_arena_done(&watch->arena);
    iw_arena_done(&watch->scratch);
    iw_buffer_done(&watch->key);
    iw_free(watch);
}

/* --- seeing --- */

/* Earlier; at one time, what lies before in the evidence. */
static bool is_before(const struct sighting *a, const struct sighting *b)
{
    if (a->time_ns != b->time_ns)
        return !iw_time_known(b->time_ns) || (iw_time_known(a->time_ns) && a->time_ns < b->time_ns);
    if (a->source != b->source)
        return a->source < b->source;
    return a->record_id < b->record_id;
}

static enum iw_rc keep(struct iw_canary_watch *watch, const struct sighting *seen)
{
    struct iw_map_entry *entry;
    struct sighting *kept;
    struct iw_str key;
    bool is_new, proves;
    iw_buffer_clear(&watch->key);
    iw_buffer_printf(&watch->key, "%zu %zu ", seen->act, seen->witness);
    iw_buffer_add(&watch->key, seen->computer);
    if (watch->key.failed)
        return IW_ENOMEM;
    key = iw_buffer_str(&watch->key);
    entry = iw_map_find(&watch->sightings, key);
    if (entry != NULL) {
        uint64_t n;
        kept = entry->value.pointer;
        n = kept->n + seen->n;
        proves = kept->proves || seen->proves;
        if (is_before(seen, kept)) {
            struct iw_str computer = kept->computer;
            *kept = *seen;
            kept->computer = computer;
        }
        kept->n = n;
        kept->proves = proves;
        return IW_OK;
    }
    if (watch->sightings.n >= IW_LIMIT_CANARY_SIGHTINGS) {
        watch->n_hidden += seen->n;
        return IW_OK;
    }
    kept = iw_arena_alloc(&watch->arena, sizeof *kept);
    if (kept == NULL || !iw_arena_keep(&watch->arena, &key))
        return IW_ENOMEM;
    *kept = *seen;
    if (!iw_arena_keep(&watch->arena, &kept->computer))
        return IW_ENOMEM;
    entry = iw_map_add(&watch->sightings, key, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = kept;
    return IW_OK;
}

struct literal {
    struct iw_str id;
    int64_t done_ns;
};

/* Empty where the record has no such field. */
static enum iw_rc read_field(struct iw_canary_watch *watch, const struct iw_event *event,
                             uint32_t name, struct iw_str *ret)
{
    const struct iw_field *field = name != 0 ? iw_event_find(event, name) : NULL;
    *ret = field != NULL ? iw_value_text(iw_field_value(field), &watch->scratch) : IW_STR("");
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc look_in(struct iw_canary_watch *watch, const struct iw_event *event,
                          uint32_t field, struct literal *ret, bool *ret_found)
{
    struct iw_str text;
    IW_TRY(read_field(watch, event, field, &text));
    *ret_found = iw_canary_literal_find(watch->plan->marker, text, &ret->id, &ret->done_ns);
    return IW_OK;
}

static bool is_written(const struct iw_event *event)
{
    const struct iw_field *field = iw_event_find(event, IW_FIELD_ACCESS_MASK);
    uint64_t access = 0;
    return field != NULL && iw_value_u64(iw_field_value(field), &access) &&
           (access & ACCESS_WRITE) != 0;
}

/* Whether what the event says beside its literal fits the kind of act. A child whose parent is not
 * named is seen and proves nothing, as for samples. */
static enum iw_rc judge(struct iw_canary_watch *watch, const struct iw_event *event,
                        const struct witness *witness, bool *ret, bool *ret_proves)
{
    struct iw_str text;
    *ret = *ret_proves = true;
    if (witness->kind == IW_CANARY_FILE && witness->event_id == 4663)
        *ret = is_written(event);
    if (witness->kind == IW_CANARY_REGISTRATION || witness->kind == IW_CANARY_UNREGISTRATION) {
        /* An entry that is made, and its attributes, are given a value; a removal gives none. */
        IW_TRY(read_field(watch, event, IW_FIELD_NEW_VALUE, &text));
        *ret = (text.n != 0) == (witness->kind == IW_CANARY_REGISTRATION);
    }
    if (witness->worker != 0) {
        IW_TRY(read_field(watch, event, witness->worker, &text));
        *ret_proves = iw_str_ends_nocase(text, IW_STR(WORKER));
        *ret = *ret_proves || text.n == 0 || iw_str_equal(text, IW_STR("-"));
    }
    return IW_OK;
}

static enum iw_rc try_witness(struct iw_canary_watch *watch, const struct iw_event *event,
                              size_t witness, bool *ret_has_marker, bool *ret_is_known)
{
    const struct witness *row = &WITNESSES[witness];
    const struct iw_map_entry *entry;
    char key[IW_CANARY_ID_BYTES + 1];
    struct literal literal;
    struct sighting seen;
    bool found, proves;
    IW_TRY(look_in(watch, event, row->field, &literal, &found));
    if (!found)
        IW_TRY(look_in(watch, event, row->second, &literal, &found));
    if (!found)
        return IW_OK;
    *ret_has_marker = true;
    entry = iw_map_find(&watch->acts, act_key(literal.id, row->kind, key));
    if (entry == NULL)
        return IW_OK;
    IW_TRY(judge(watch, event, row, &found, &proves));
    if (!found)
        return IW_OK;
    *ret_is_known = true;
    seen = (struct sighting){.act = (size_t)entry->value.number,
                             .witness = witness,
                             .computer = event->computer,
                             .n = 1,
                             .time_ns = event->time_ns,
                             .done_ns = row->kind == IW_CANARY_UNREGISTRATION ? IW_TIME_UNKNOWN
                                                                              : literal.done_ns,
                             .record_id = event->record_id,
                             .source = event->source,
                             .proves = proves};
    return keep(watch, &seen);
}

enum iw_rc iw_canary_watch_see(struct iw_canary_watch *watch, const struct iw_event *event)
{
    bool has_marker = false, is_known = false;
    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    iw_arena_reset(&watch->scratch);
    for (size_t i = 0; i < N_WITNESSES; i++) {
        if (event->event_id == WITNESSES[i].event_id &&
            iw_str_equal_nocase(event->channel, iw_str_of(WITNESSES[i].channel)))
            IW_TRY(try_witness(watch, event, i, &has_marker, &is_known));
    }
    watch->n_foreign += has_marker && !is_known;
    return IW_OK;
}

enum iw_rc iw_canary_watch_merge(struct iw_canary_watch *into, const struct iw_canary_watch *from)
{
    for (size_t i = 0; i < from->sightings.n; i++)
        IW_TRY(keep(into, from->sightings.entries[i].value.pointer));
    into->n_foreign += from->n_foreign;
    into->n_hidden += from->n_hidden;
    return IW_OK;
}

/* --- the report --- */

static int by_act(const void *a, const void *b)
{
    const struct sighting *x = *(const struct sighting *const *)a;
    const struct sighting *y = *(const struct sighting *const *)b;
    if (x->act != y->act)
        return x->act < y->act ? -1 : 1;
    if (x->witness != y->witness)
        return x->witness < y->witness ? -1 : 1;
    return iw_str_compare(x->computer, y->computer);
}

static int compare_proofs(const void *a, const void *b)
{
    const struct iw_canary_proof *x = a, *y = b;
    int difference = iw_str_compare(x->host, y->host);
    if (difference == 0)
        difference = iw_str_compare(x->link, y->link);
    if (difference == 0 && x->time_ns != y->time_ns)
        difference = x->time_ns < y->time_ns ? -1 : 1;
    return difference != 0 ? difference : iw_str_compare(x->source, y->source);
}

struct settling {
    const struct iw_canary_watch *watch;
    const struct iw_hosts *hosts;
    const struct iw_ledger *ledger;
    struct iw_canary_report *report;
    const struct sighting **sorted;
    struct iw_canary_sighting *room; /* for all sightings */
    size_t n_room;
};

static struct iw_str host_of(const struct settling *settling, struct iw_str computer)
{
    struct iw_str host = iw_hosts_find(settling->hosts, computer);
    return host.n != 0 ? host : iw_host_label(computer);
}

/* One computer may be spelled in several ways: its sightings become one. */
static struct iw_canary_sighting *find_same(struct iw_canary_outcome *outcome, struct iw_str source,
                                            struct iw_str host)
{
    struct iw_canary_sighting *sightings =
        (struct iw_canary_sighting *)(uintptr_t)outcome->sightings;
    for (size_t i = 0; i < outcome->n; i++) {
        if (iw_str_equal(sightings[i].source, source) &&
            iw_str_equal_nocase(sightings[i].host, host))
            return &sightings[i];
    }
    return NULL;
}

static bool keep_texts(struct iw_arena *arena, struct iw_canary_sighting *sighting)
{
    return iw_arena_keep(arena, &sighting->host) && iw_arena_keep(arena, &sighting->path);
}

static enum iw_rc add_sighting(struct settling *settling, const struct sighting *seen)
{
    struct iw_canary_report *report = settling->report;
    struct iw_canary_outcome *outcome = &report->outcomes[seen->act];
    struct iw_canary_sighting made = {.source = iw_str_of(WITNESSES[seen->witness].source),
                                      .host = host_of(settling, seen->computer),
                                      .n = seen->n,
                                      .time_ns = seen->time_ns,
                                      .done_ns = seen->done_ns,
                                      .record_id = seen->record_id,
                                      .proves = seen->proves,
                                      .path = iw_ledger_path(settling->ledger, seen->source)};
    struct iw_canary_sighting *same;
    if (outcome->act->host.n != 0 &&
        !iw_str_equal_nocase(iw_host_label(outcome->act->host), iw_host_label(made.host))) {
        report->n_foreign += seen->n;
        return IW_OK;
    }
    if (!keep_texts(&report->arena, &made))
        return IW_ENOMEM;
    same = find_same(outcome, made.source, made.host);
    if (same != NULL) {
        made.n += same->n;
        made.proves = same->proves = same->proves || made.proves;
        if (!iw_time_known(made.time_ns) ||
            (iw_time_known(same->time_ns) && same->time_ns <= made.time_ns)) {
            same->n = made.n;
            return IW_OK;
        }
        *same = made;
        return IW_OK;
    }
    if (outcome->n == 0)
        outcome->sightings = &settling->room[settling->n_room];
    settling->room[settling->n_room++] = made;
    outcome->n++;
    return IW_OK;
}

static void add_proofs(struct iw_canary_report *report)
{
    for (size_t i = 0; i < report->n_outcomes; i++) {
        const struct iw_canary_outcome *outcome = &report->outcomes[i];
        for (size_t k = 0; k < outcome->n; k++) {
            if (!iw_time_known(outcome->sightings[k].time_ns) || !outcome->sightings[k].proves)
                continue;
            report->proofs[report->n_proofs++] =
                (struct iw_canary_proof){.host = outcome->sightings[k].host,
                                         .link = iw_str_of(iw_canary_kind_link(outcome->act->kind)),
                                         .source = outcome->sightings[k].source,
                                         .time_ns = outcome->sightings[k].time_ns,
                                         .subject = outcome->act->subject};
        }
    }
    qsort(report->proofs, report->n_proofs, sizeof *report->proofs, compare_proofs);
}

static enum iw_rc make_room(struct settling *settling)
{
    const struct iw_canary_watch *watch = settling->watch;
    struct iw_canary_report *report = settling->report;
    size_t n = watch->sightings.n;
    settling->sorted = iw_arena_calloc(&report->arena, n + 1, sizeof(const struct sighting *));
    settling->room = iw_arena_calloc(&report->arena, n + 1, sizeof *settling->room);
    report->proofs = iw_arena_calloc(&report->arena, n + 1, sizeof *report->proofs);
    report->outcomes =
        iw_arena_calloc(&report->arena, watch->plan->n + 1, sizeof *report->outcomes);
    return settling->sorted == NULL || settling->room == NULL || report->proofs == NULL ||
                   report->outcomes == NULL
               ? IW_ENOMEM
               : IW_OK;
}

enum iw_rc iw_canary_watch_settle(const struct iw_canary_watch *watch, const struct iw_hosts *hosts,
                                  const struct iw_ledger *ledger, struct iw_canary_report *report)
{
    struct settling settling = {.watch = watch, .hosts = hosts, .ledger = ledger, .report = report};
    size_t n = watch->sightings.n;
    IW_TRY(make_room(&settling));
    report->n_outcomes = watch->plan->n;
    report->n_foreign = watch->n_foreign;
    report->n_hidden = watch->n_hidden;
    for (size_t i = 0; i < watch->plan->n; i++)
        report->outcomes[i].act = &watch->plan->acts[i];
    for (size_t i = 0; i < n; i++)
        settling.sorted[i] = watch->sightings.entries[i].value.pointer;
    qsort(settling.sorted, n, sizeof(const struct sighting *), by_act);
    for (size_t i = 0; i < n; i++)
        IW_TRY(add_sighting(&settling, settling.sorted[i]));
    add_proofs(report);
    return IW_OK;
}
