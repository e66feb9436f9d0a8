/*
 * A finding about a component, and what its trail adds: points in its score, lines, links.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/chain_order.h"
#include "detect/chain/chain_telling.h"
#include "detect/chain/account_kind.h"
#include "detect/chain/component_trail_state.h"

/* Of what came after, items of each role that are shown. */
#define SHOWN_AFTER 4U
/* Acts whose actor is named. */
#define SHOWN_ACTS 8U

/* Commands that name the module. */
#define SHOWN_COMMANDS 4U
#define ROOM (1 + 3 * (size_t)SHOWN_AFTER + 2 * (size_t)SHOWN_ACTS + 3 * (size_t)SHOWN_COMMANDS)

/* Two logs tell of one writing within that time. */
#define SHARE_NS (10 * IW_NS_PER_SECOND)

#define POINTS_BY_SERVER 15
#define POINTS_CHILD 5
#define POINTS_POOL 3
#define POINTS_NETWORK 3
#define POINTS_ODD_NAME 3
#define POINTS_DEPLOYMENT (-5)
#define POINTS_LIKE_DEPLOYMENT (-2)

struct extending {
    const struct iw_component_trails *trails;
    struct iw_finding *finding;
    struct iw_arena *arena;
    struct iw_chain_lines why, triage;
    struct iw_evidence_item *items; /* to be added */
    size_t n_items, cap;
    int32_t points;
    bool is_by_server;
    int64_t first_act_ns, last_act_ns;
    size_t n_acts;
    struct {
        const struct iw_trail *trail;
        size_t n; /* acts of the same actor */
    } shown[SHOWN_ACTS];
    size_t n_shown, n_untold;
    const struct iw_trail *deployed, *near; /* the first ones; NULL: none */
};

/* --- lists of the finding ----------------------------------------------------------------------
 */

static enum iw_rc join_lines(struct iw_text_list *into, const struct iw_chain_lines *lines,
                             struct iw_arena *arena)
{
    struct iw_str *items;
    if (lines->no_memory)
        return IW_ENOMEM;
    if (lines->n == 0)
        return IW_OK;
    items = iw_arena_calloc(arena, into->n + lines->n, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    if (into->n != 0)
        memcpy(items, into->items, into->n * sizeof *items);
    memcpy(items + into->n, lines->items, lines->n * sizeof *items);
    *into = (struct iw_text_list){items, into->n + lines->n};
    return IW_OK;
}

static int compare_times(const void *left, const void *right)
{
    const struct iw_evidence_item *a = left, *b = right;
    int order;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    order = iw_str_compare(a->channel, b->channel);
    if (order == 0 && a->record_id != b->record_id)
        order = a->record_id < b->record_id ? -1 : 1;
    if (order == 0)
        order = iw_str_compare(a->role, b->role);
    if (order == 0)
        order = iw_str_compare(a->source, b->source);
    if (order == 0)
        order = iw_str_compare(a->fields_json, b->fields_json);
    return order;
}

static enum iw_rc join_items(struct extending *extending)
{
    struct iw_finding *finding = extending->finding;
    size_t n = finding->n_evidence + extending->n_items;
    struct iw_evidence_item *items;
    if (extending->n_items == 0)
        return IW_OK;
    items = iw_arena_calloc(extending->arena, n, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    if (finding->n_evidence != 0)
        memcpy(items, finding->evidence, finding->n_evidence * sizeof *items);
    memcpy(items + finding->n_evidence, extending->items, extending->n_items * sizeof *items);
    qsort(items, n, sizeof *items, compare_times);
    finding->evidence = items;
    finding->n_evidence = n;
    /* A logon may lie days before what happened. */
    for (size_t i = 0; i < extending->n_items; i++) {
        if (!iw_str_equal(extending->items[i].role, IW_STR("logon")))
            iw_time_widen(&finding->first_time_ns, &finding->last_time_ns,
                          extending->items[i].time_ns);
    }
    return IW_OK;
}

/* Whether an event is in evidence already. */
static bool is_same(const struct iw_evidence_item *item, struct iw_str channel, uint64_t record_id,
                    int64_t time_ns)
{
    return item->record_id == record_id && item->time_ns == time_ns &&
           iw_str_equal_nocase(item->channel, channel);
}

static bool is_shown(const struct extending *extending, struct iw_str channel, uint64_t record_id,
                     int64_t time_ns)
{
    const struct iw_finding *finding = extending->finding;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        if (is_same(&finding->evidence[i], channel, record_id, time_ns))
            return true;
    }
    for (size_t i = 0; i < extending->n_items; i++) {
        if (is_same(&extending->items[i], channel, record_id, time_ns))
            return true;
    }
    return false;
}

static void add_actor(struct extending *extending, const struct iw_actor_event *event,
                      const char *role)
{
    const struct iw_event_place *place;
    if (event == NULL)
        return;
    place = &event->place;
    if (!is_shown(extending, iw_event_place_channel(place), place->record_id, place->time_ns))
        extending->items[extending->n_items++] =
            iw_actor_item(event, role, extending->trails->ledger);
}

static enum iw_rc add_item(struct extending *extending, const struct iw_trail *trail)
{
    const struct iw_ledger *ledger = extending->trails->ledger;
    struct iw_evidence_item *item = &extending->items[extending->n_items];
    if (is_shown(extending, trail->channel, trail->record_id, trail->time_ns))
        return IW_OK;
    *item = (struct iw_evidence_item){.role = iw_str_of(trail->role),
                                      .time_ns = trail->time_ns,
                                      .channel = trail->channel,
                                      .event_id = trail->event_id,
                                      .record_id = trail->record_id,
                                      .source = iw_ledger_path(ledger, trail->place.source),
                                      .offset = trail->place.offset,
                                      .line = trail->place.line,
                                      .fields_json =
                                          iw_chain_fact_json(trail->payload, extending->arena)};
    if (item->fields_json.p == NULL)
        return IW_ENOMEM;
    extending->n_items++;
    return IW_OK;
}

/* --- who did it --------------------------------------------------------------------------------
 */

static const struct iw_trail *trail_of(const struct extending *extending,
                                       const struct iw_evidence_item *item)
{
    const struct iw_component_trails *trails = extending->trails;
    struct iw_str key = iw_trail_key(extending->finding->host, item->channel, item->record_id,
                                     item->time_ns, extending->arena);
    const struct iw_map_entry *entry = key.p != NULL ? iw_map_find(&trails->by_event, key) : NULL;
    return entry != NULL ? &trails->acts.items[entry->value.number - 1] : NULL;
}

static const char *verb_of(const struct iw_trail *trail)
{
    return strcmp(trail->role, "file_created") == 0 ? "written" : "changed";
}

/* The same actor doing the same is one line; each event of it may stand in the evidence. */
static void take_act(struct extending *extending, const struct iw_trail *trail)
{
    size_t i = 0;
    extending->n_acts++;
    iw_time_widen(&extending->first_act_ns, &extending->last_act_ns, trail->time_ns);
    extending->is_by_server |= trail->is_by_server;
    if (trail->deployment.words != NULL && extending->deployed == NULL)
        extending->deployed = trail;
    if (trail->near_by != NULL && trail->deployment.words == NULL && extending->near == NULL)
        extending->near = trail;
    while (i < extending->n_shown && (verb_of(extending->shown[i].trail) != verb_of(trail) ||
                                      !iw_str_equal(extending->shown[i].trail->who, trail->who)))
        i++;
    if (i == SHOWN_ACTS) {
        extending->n_untold++;
        return;
    }
    if (i == extending->n_shown)
        extending->shown[extending->n_shown++].trail = trail;
    if (extending->shown[i].n++ != 0)
        return;
    add_actor(extending, trail->process, "process_created");
    add_actor(extending, trail->logon, "logon");
}

/* Whether an act of the same process is told already: its start may stand in two logs. */
static bool is_told_process(const struct extending *extending, const struct iw_trail *trail)
{
    for (size_t i = 0; trail->process != NULL && i < extending->n_shown; i++) {
        const struct iw_actor_event *process = extending->shown[i].trail->process;
        if (process != NULL && process->place.record_id == trail->process->place.record_id &&
            process->place.time_ns == trail->process->place.time_ns)
            return true;
    }
    return false;
}

/* Commands that name the file of the component, where nothing else tells of what they did. */
static enum iw_rc take_commands(struct extending *extending)
{
    const struct iw_finding *finding = extending->finding;
    const struct iw_trail_list *list = &extending->trails->commands;
    size_t n = 0;
    if (!iw_str_ends_nocase(finding->detail, IW_STR(".dll")) ||
        iw_path_name(finding->detail).n == finding->detail.n)
        return IW_OK;
    for (size_t i = 0; i < list->n; i++) {
        const struct iw_trail *trail = &list->items[i];
        struct iw_chain_fact what;
        if (!iw_str_equal_nocase(trail->host, finding->host) ||
            !iw_chain_fact_parse(trail->payload, &what) ||
            !iw_str_holds_nocase(what.command_line, finding->detail) ||
            is_shown(extending, trail->channel, trail->record_id, trail->time_ns) ||
            is_told_process(extending, trail))
            continue;
        if (n++ == SHOWN_COMMANDS)
            break;
        IW_TRY(add_item(extending, trail));
        take_act(extending, trail);
    }
    return IW_OK;
}

/* Whether the baseline knows that account as an administrator of that server; machines and services
 * are nobody's. */
static enum iw_rc say_administrator(struct extending *extending, const struct iw_trail *trail)
{
    const struct iw_component_trails *trails = extending->trails;
    enum iw_chain_behaviour behaviour;
    struct iw_chain_fact what;
    struct iw_chain_usage usage = {.kind = IW_CHAIN_USAGE_ADMINISTRATOR,
                                   .scope = IW_STR(""),
                                   .image = IW_STR(""),
                                   .time_ns = trail->time_ns};
    if (trails->ask_behaviour == NULL || !iw_chain_fact_parse(trail->payload, &what) ||
        strcmp(iw_account_kind(what.user, what.sid), IW_ACCOUNT_USER) != 0)
        return IW_OK;
    usage.name = what.user.n != 0 ? what.user : what.sid;
    IW_TRY(trails->ask_behaviour(trails->ask_context, trail->host, &usage, &behaviour));
    iw_chain_say(
        &extending->why,
        behaviour == IW_BEHAVIOUR_NOT_KNOWN
            ? "%.*s is no administrator of this server that the baseline of behaviour knows"
        : behaviour == IW_BEHAVIOUR_KNOWN
            ? "%.*s administers this server by the baseline of behaviour"
            : "%.*s administers this server by the baseline of behaviour, which learned "
              "that from this very time",
        IW_STR_ARG(usage.name));
    return IW_OK;
}

static enum iw_rc say_actors(struct extending *extending)
{
    for (size_t i = 0; i < extending->n_shown; i++) {
        const struct iw_trail *trail = extending->shown[i].trail;
        if (extending->shown[i].n == 1)
            iw_chain_say(&extending->why, "%s by %.*s", verb_of(trail), IW_STR_ARG(trail->who));
        else
            iw_chain_say(&extending->why, "%s by %.*s (%zu events)", verb_of(trail),
                         IW_STR_ARG(trail->who), extending->shown[i].n);
        IW_TRY(say_administrator(extending, trail));
    }
    if (extending->n_untold != 0)
        iw_chain_say(&extending->why, "%zu more acts are not told one by one", extending->n_untold);
    return IW_OK;
}

static enum iw_rc say_deployments(struct extending *extending)
{
    const struct iw_trail *deployed = extending->deployed, *near = extending->near;
    if (deployed != NULL) {
        bool is_known = deployed->deployment.proof == IW_DEPLOYMENT_KNOWN;
        int32_t points = is_known ? POINTS_DEPLOYMENT : POINTS_LIKE_DEPLOYMENT;
        extending->points += points;
        iw_chain_say(&extending->why, "%+d %s: %s %s it", points,
                     is_known ? "deployment" : "deployment-like", deployed->deployment.words,
                     verb_of(deployed));
    }
    if (near == NULL)
        return IW_OK;
    iw_chain_say(&extending->why, "deployment near: %s within ten minutes of it", near->near_by);
    return near->near_at != 0
               ? add_item(extending, &extending->trails->deployments.items[near->near_at - 1])
               : IW_OK;
}

/* System writes for whoever comes over the network: where the audit of the share tells who that
 * was, it is one act, and that one's. Evidence is in the order of time. */
static bool is_told_by_share(const struct extending *extending, size_t at)
{
    const struct iw_evidence_item *items = extending->finding->evidence;
    const struct iw_trail *trail = trail_of(extending, &items[at]);
    struct iw_chain_fact what;
    if (trail == NULL || !iw_chain_fact_parse(trail->payload, &what) ||
        what.action == IW_CHAIN_FILE_SHARED ||
        !iw_str_equal_nocase(iw_path_name(what.process.image), IW_STR("System")))
        return false;
    for (size_t i = 0; i < extending->finding->n_evidence; i++) {
        int64_t apart_ns;
        if (items[i].event_id == 5145 &&
            !__builtin_sub_overflow(items[i].time_ns, items[at].time_ns, &apart_ns) &&
            apart_ns >= -SHARE_NS && apart_ns <= SHARE_NS)
            return true;
    }
    return false;
}

static enum iw_rc say_acts(struct extending *extending)
{
    const struct iw_finding *finding = extending->finding;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        const struct iw_trail *trail =
            finding->evidence[i].channel.n != 0 ? trail_of(extending, &finding->evidence[i]) : NULL;
        if (trail != NULL && !is_told_by_share(extending, i))
            take_act(extending, trail);
    }
    IW_TRY(take_commands(extending));
    IW_TRY(say_actors(extending));
    IW_TRY(say_deployments(extending));
    if (!extending->is_by_server)
        return IW_OK;
    extending->points += POINTS_BY_SERVER;
    iw_chain_say(&extending->why,
                 "%+d changed-by-server: the web server, or what it started, did it",
                 POINTS_BY_SERVER);
    iw_chain_say(&extending->triage,
                 "find what let the web server do this: its requests and its pages at that time");
    return IW_OK;
}

/* --- what followed -----------------------------------------------------------------------------
 */

/* The first of the host's events at or after a moment; their order is that of hosts, then time. */
static size_t first_after(const struct extending *extending, int64_t time_ns)
{
    const struct iw_trail_list *list = &extending->trails->after;
    size_t i = 0;
    while (i < list->n && !iw_str_equal_nocase(list->items[i].host, extending->finding->host))
        i++;
    while (i < list->n && iw_str_equal_nocase(list->items[i].host, extending->finding->host) &&
           list->items[i].time_ns < time_ns)
        i++;
    return i;
}

static enum iw_rc say_followed(struct extending *extending, const char *role, int32_t points,
                               const char *words)
{
    const struct iw_trail_list *list = &extending->trails->after;
    int64_t window_ns = extending->trails->settings->window_ns;
    size_t n = 0;
    for (size_t i = first_after(extending, extending->first_act_ns); i < list->n; i++) {
        const struct iw_trail *trail = &list->items[i];
        if (!iw_str_equal_nocase(trail->host, extending->finding->host) ||
            iw_chain_distance_ns(extending->last_act_ns, trail->time_ns) > window_ns)
            break;
        if (strcmp(trail->role, role) != 0)
            continue;
        if (n++ < SHOWN_AFTER)
            IW_TRY(add_item(extending, trail));
    }
    if (n == 0)
        return IW_OK;
    extending->points += points;
    iw_chain_say(&extending->why, "%+d %s: %s within TimeWindow after it (%zu)", (int)points, role,
                 words, n);
    return IW_OK;
}

/* --- names ------------------------------------------------------------------------------------ */

/* Bits a character of a name without its ending (Shannon). */
static double entropy_of(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    size_t counts[256] = {0};
    double bits = 0;
    if (iw_str_ends_nocase(name, IW_STR(".dll")))
        name.n -= 4;
    for (size_t i = 0; i < name.n; i++)
        counts[(uint8_t)iw_ascii_lower(name.p[i])]++;
    for (size_t i = 0; i < 256; i++) {
        double share = (double)counts[i] / (double)(name.n != 0 ? name.n : 1);
        if (counts[i] != 0)
            bits -= share * log2(share);
    }
    return bits;
}

static void say_name(struct extending *extending)
{
    double limit = extending->trails->settings->dll_name_entropy;
    double bits = entropy_of(extending->finding->detail);
    if (limit <= 0 || bits < limit ||
        !iw_str_ends_nocase(extending->finding->detail, IW_STR(".dll")))
        return;
    extending->points += POINTS_ODD_NAME;
    iw_chain_say(&extending->why,
                 "%+d odd-name: %.2f bits a character, DLLNameEntropyThreshold is %.2f",
                 POINTS_ODD_NAME, bits, limit);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Points move the score within its level, up to the next one; who did it may raise the level. */
static void set_score(struct extending *extending)
{
    struct iw_finding *finding = extending->finding;
    bool is_explained = finding->change.status == IW_CHANGE_EXPLAINED ||
                        finding->change.status == IW_CHANGE_UNVERIFIED;
    int32_t low, high, score;
    if (extending->is_by_server && !finding->is_by_server_weighed && !is_explained &&
        finding->level >= IW_LEVEL_LOW && finding->level < IW_LEVEL_HIGH) {
        finding->level = (enum iw_level)(finding->level + 1);
        finding->score = iw_level_score(finding->level);
        iw_chain_say(&extending->why, "raised to %s: the web server's own process did it",
                     iw_level_name(finding->level));
    }
    low = (int32_t)iw_chain_level_begins(finding->level);
    high = finding->level + 1 < IW_LEVEL_COUNT
               ? (int32_t)iw_chain_level_begins((enum iw_level)(finding->level + 1)) - 1
               : 100;
    score = (int32_t)finding->score + extending->points;
    finding->score = (uint32_t)(score < low ? low : score > high ? high : score);
}

static enum iw_rc extend(struct extending *extending)
{
    extending->items = iw_arena_calloc(extending->arena, ROOM, sizeof *extending->items);
    if (extending->items == NULL)
        return IW_ENOMEM;
    IW_TRY(say_acts(extending));
    if (extending->n_acts != 0) {
        IW_TRY(say_followed(extending, "child_created", POINTS_CHILD,
                            "a web server of this host started a shell or tool"));
        IW_TRY(say_followed(extending, "network", POINTS_NETWORK,
                            "a web server of this host spoke to what it had not spoken to before"));
        IW_TRY(say_followed(extending, "pool_event", POINTS_POOL,
                            "an application pool was recycled, failed or went off"));
    }
    say_name(extending);
    set_score(extending);
    IW_TRY(join_lines(&extending->finding->why, &extending->why, extending->arena));
    IW_TRY(join_lines(&extending->finding->triage, &extending->triage, extending->arena));
    return join_items(extending);
}

enum iw_rc iw_component_trails_extend(const struct iw_component_trails *trails,
                                      struct iw_finding *finding, struct iw_arena *arena)
{
    struct extending extending = {.trails = trails,
                                  .finding = finding,
                                  .arena = arena,
                                  .first_act_ns = IW_TIME_UNKNOWN,
                                  .last_act_ns = IW_TIME_UNKNOWN};
    if (finding->kind != IW_FINDING_COMPONENT)
        return IW_OK;
    extending.why.arena = extending.triage.arena = arena;
    return extend(&extending);
}
