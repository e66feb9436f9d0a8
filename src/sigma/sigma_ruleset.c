/*
 * The index of a ruleset. A rule of a whole channel whose condition cannot hold without one of a
 * few event ids is filed under these ids alone: found by evaluating it with everything but EventID
 * unknown, so that it is never filed too narrowly.
 */
#include "sigma/sigma_ruleset.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sigma/sigma_residue.h"
#include "sigma/sigma_share.h"

#define ANY_ID UINT32_MAX
#define LONGEST_CHANNEL 256U
/* No event has it: event ids have 16 bits. */
#define NO_SUCH_ID 99999999U
/* A rule that names more event ids than this is not worth narrowing. */
#define MOST_IDS 256U

/* A rule may match events of this channel (index into channels; 0: any) and id. */
struct binding {
    uint32_t channel;
    uint32_t event_id;
    uint32_t rule;
};

struct indexer {
    struct iw_sigma_ruleset *ruleset;
    struct binding *bindings;
    size_t n, cap;
    size_t channels_cap;
    struct iw_eval probe;
    uint32_t *ids; /* event ids a rule names */
    size_t n_ids, ids_cap;
    uint32_t *rules; /* scratch */
    size_t rules_cap;
};

/* --- which event ids a rule can match at all --- */

/* Adds the event ids an item names. False: it asks for EventID in some other way, or for too many.
 */
static bool add_item_ids(struct indexer *x, const struct iw_item *item)
{
    for (size_t t = 0; item->field == IW_FIELD_EVENT_ID && t < item->n_tests; t++) {
        struct iw_str text;
        uint64_t id;
        if (item->tests[t].kind != IW_TEST_PATTERN ||
            !iw_pattern_is_literal(&item->tests[t].u.pattern, &text) || x->n_ids == MOST_IDS)
            return false;
        if (iw_str_to_u64(text, &id) && id <= UINT16_MAX)
            x->ids[x->n_ids++] = (uint32_t)id;
    }
    return true;
}

/* Collects the event ids a rule names; *ret_plain as above. */
static enum iw_rc collect_ids(struct indexer *x, const struct iw_rule_plan *plan, bool *ret_plain)
{
    if (!iw_array_reserve(&x->ids, &x->ids_cap, MOST_IDS, sizeof *x->ids))
        return IW_ENOMEM;
    x->n_ids = 0;
    *ret_plain = true;
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items && *ret_plain; i++)
                *ret_plain = add_item_ids(x, &group->items[i]);
        }
    }
    return IW_OK;
}

static enum iw_rc can_match(struct indexer *x, const struct iw_rule_plan *plan, uint32_t event_id,
                            bool *ret)
{
    struct iw_event event = {.event_id = event_id};
    if (!iw_view_set(&x->probe.view, &event))
        return IW_ENOMEM;
    *ret = iw_eval_rule(&x->probe, plan) != IW_FALSE;
    iw_view_forget(&x->probe.view);
    return x->probe.view.no_memory || x->probe.no_memory ? IW_ENOMEM : IW_OK;
}

/* Leaves in x->ids the event ids the rule can match; none: any. */
static enum iw_rc narrow(struct indexer *x, const struct iw_rule_plan *plan, bool *ret_any)
{
    bool plain, possible;
    size_t n = 0;

    IW_TRY(collect_ids(x, plan, &plain));
    *ret_any = true;
    if (!plain || x->n_ids == 0)
        return IW_OK;
    IW_TRY(can_match(x, plan, NO_SUCH_ID, &possible));
    if (possible)
        return IW_OK;
    for (size_t i = 0; i < x->n_ids; i++) {
        IW_TRY(can_match(x, plan, x->ids[i], &possible));
        if (possible)
            x->ids[n++] = x->ids[i];
    }
    x->n_ids = n;
    *ret_any = false;
    return IW_OK;
}

/* --- bindings --- */

static enum iw_rc bind(struct indexer *x, uint32_t channel, uint32_t event_id, uint32_t rule)
{
    if (!iw_array_reserve(&x->bindings, &x->cap, x->n + 1, sizeof *x->bindings))
        return IW_ENOMEM;
    x->bindings[x->n++] = (struct binding){channel, event_id, rule};
    return IW_OK;
}

static size_t lower_channel(struct iw_str channel, char out[LONGEST_CHANNEL])
{
    if (channel.n > LONGEST_CHANNEL)
        return 0;
    for (size_t i = 0; i < channel.n; i++)
        out[i] = iw_ascii_lower(channel.p[i]);
    return channel.n;
}

static enum iw_rc channel_index(struct indexer *x, const char *name, uint32_t *ret)
{
    struct iw_sigma_ruleset *ruleset = x->ruleset;
    char lower[LONGEST_CHANNEL];
    struct iw_str key = {lower, lower_channel(iw_str_of(name), lower)};
    struct iw_map_entry *entry;
    bool is_new = false;

    key = iw_arena_copy(&ruleset->arena, key);
    entry = key.p != NULL ? iw_map_add(&ruleset->by_channel, key, &is_new) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new) {
        entry->value.number = ruleset->n_channels;
        if (!iw_array_reserve(&ruleset->channels, &x->channels_cap, ruleset->n_channels + 1,
                              sizeof *ruleset->channels))
            return IW_ENOMEM;
        ruleset->channels[ruleset->n_channels++] = (struct iw_rule_channel){.name = key};
    }
    *ret = (uint32_t)entry->value.number;
    return IW_OK;
}

/* Binds a rule to one channel under the ids its log source has and its condition can hold for. */
static enum iw_rc bind_row(struct indexer *x, uint32_t channel, const struct iw_log_row *row,
                           uint32_t rule, bool any)
{
    if (any && (row == NULL || row->ids[0] == 0))
        return bind(x, channel, ANY_ID, rule);
    for (size_t i = 0; any && row->ids[i] != 0; i++)
        IW_TRY(bind(x, channel, row->ids[i], rule));
    for (size_t i = 0; !any && i < x->n_ids; i++) {
        if (row == NULL || iw_log_row_has_id(row, x->ids[i]))
            IW_TRY(bind(x, channel, x->ids[i], rule));
    }
    return IW_OK;
}

static enum iw_rc bind_rule(struct indexer *x, uint32_t rule)
{
    const struct iw_rule_plan *plan = x->ruleset->plans[rule];
    const struct iw_log_row *rows = plan->category != NULL ? plan->category : plan->service;
    size_t n = plan->category != NULL ? plan->n_category : plan->n_service;
    bool any;

    IW_TRY(narrow(x, plan, &any));
    if (rows == NULL)
        return bind_row(x, 0, NULL, rule, any);
    for (size_t i = 0; i < n; i++) {
        uint32_t channel;
        /* Services are whole channels: where both are named, the category's ids decide. */
        if (plan->category != NULL && plan->service != NULL &&
            !iw_log_source_has(plan->service, plan->n_service, iw_str_of(rows[i].channel),
                               rows[i].ids[0]))
            continue;
        IW_TRY(channel_index(x, rows[i].channel, &channel));
        IW_TRY(bind_row(x, channel, &rows[i], rule, any));
    }
    return IW_OK;
}

/* --- lists --- */

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t sort_unique(uint32_t *items, size_t n)
{
    size_t kept = 0;
    if (n != 0)
        qsort(items, n, sizeof *items, compare_u32);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || items[kept - 1] != items[i])
            items[kept++] = items[i];
    }
    return kept;
}

static int compare_bindings(const void *a, const void *b)
{
    const struct binding *x = a, *y = b;
    if (x->channel != y->channel)
        return x->channel < y->channel ? -1 : 1;
    if (x->event_id != y->event_id)
        return x->event_id < y->event_id ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

/* The first binding (they are sorted) that is not before (channel, event_id). */
static size_t first_binding(const struct indexer *x, uint32_t channel, uint32_t event_id)
{
    size_t low = 0, high = x->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct binding *binding = &x->bindings[middle];
        if (binding->channel < channel ||
            (binding->channel == channel && binding->event_id < event_id))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds the rules bound to exactly this channel and id. */
static enum iw_rc add_rules(struct indexer *x, uint32_t channel, uint32_t event_id, size_t *n)
{
    for (size_t i = first_binding(x, channel, event_id);
         i < x->n && x->bindings[i].channel == channel && x->bindings[i].event_id == event_id;
         i++) {
        if (!iw_array_reserve(&x->rules, &x->rules_cap, *n + 1, sizeof *x->rules))
            return IW_ENOMEM;
        x->rules[(*n)++] = x->bindings[i].rule;
    }
    return IW_OK;
}

/* All rules bound to (channel or any channel) and (id or any id). */
static enum iw_rc make_list(struct indexer *x, uint32_t channel, uint32_t event_id,
                            struct iw_rule_list *ret)
{
    uint32_t *rules;
    size_t n = 0;

    IW_TRY(add_rules(x, channel, ANY_ID, &n));
    if (event_id != ANY_ID)
        IW_TRY(add_rules(x, channel, event_id, &n));
    if (channel != 0)
        IW_TRY(add_rules(x, 0, ANY_ID, &n));
    if (channel != 0 && event_id != ANY_ID)
        IW_TRY(add_rules(x, 0, event_id, &n));
    n = sort_unique(x->rules, n);
    rules = iw_arena_calloc(&x->ruleset->arena, n + 1, sizeof *rules);
    if (rules == NULL)
        return IW_ENOMEM;
    if (n != 0)
        memcpy(rules, x->rules, n * sizeof *rules);
    *ret = (struct iw_rule_list){event_id, rules, n, x->ruleset->n_lists++};
    return IW_OK;
}

/* Adds the event ids bound to a channel. */
static enum iw_rc add_ids(struct indexer *x, uint32_t channel)
{
    for (size_t i = first_binding(x, channel, 0); i < x->n && x->bindings[i].channel == channel;
         i++) {
        if (x->bindings[i].event_id == ANY_ID)
            continue;
        if (!iw_array_reserve(&x->ids, &x->ids_cap, x->n_ids + 1, sizeof *x->ids))
            return IW_ENOMEM;
        x->ids[x->n_ids++] = x->bindings[i].event_id;
    }
    return IW_OK;
}

static enum iw_rc make_channel(struct indexer *x, uint32_t channel)
{
    struct iw_rule_channel *entry = &x->ruleset->channels[channel];

    x->n_ids = 0;
    IW_TRY(add_ids(x, channel));
    if (channel != 0)
        IW_TRY(add_ids(x, 0));
    x->n_ids = sort_unique(x->ids, x->n_ids);
    entry->ids = iw_arena_calloc(&x->ruleset->arena, x->n_ids + 1, sizeof *entry->ids);
    if (entry->ids == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < x->n_ids; i++)
        IW_TRY(make_list(x, channel, x->ids[i], &entry->ids[i]));
    entry->n_ids = x->n_ids;
    return make_list(x, channel, ANY_ID, &entry->other);
}

static enum iw_rc index_all(struct indexer *x)
{
    struct iw_sigma_ruleset *ruleset = x->ruleset;

    x->probe.stack = iw_calloc(ruleset->stack_depth + 1, 1);
    if (x->probe.stack == NULL || !iw_view_init(&x->probe.view, ruleset->n_names) ||
        !iw_array_reserve(&ruleset->channels, &x->channels_cap, 1, sizeof *ruleset->channels))
        return IW_ENOMEM;
    ruleset->channels[0] = (struct iw_rule_channel){.name = IW_STR("")};
    ruleset->n_channels = 1;
    for (size_t i = 0; i < ruleset->n_plans; i++)
        IW_TRY(bind_rule(x, (uint32_t)i));
    if (x->n != 0)
        qsort(x->bindings, x->n, sizeof *x->bindings, compare_bindings);
    for (size_t i = 0; i < ruleset->n_channels; i++)
        IW_TRY(make_channel(x, (uint32_t)i));
    IW_TRY(
        iw_share_number(ruleset->plans, ruleset->n_plans, &ruleset->n_shares, &ruleset->n_bodies));
    ruleset->store = iw_sigma_store_new(ruleset->n_lists, ruleset->n_shares);
    return ruleset->store != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_ruleset_index(struct iw_sigma_ruleset *ruleset)
{
    struct indexer x = {.ruleset = ruleset, .probe = {.is_probe = true}};
    enum iw_rc rc = index_all(&x);

    for (size_t i = 0; i < ruleset->n_plans; i++)
        ruleset->plans[i]->asks_context = iw_plan_asks_context(ruleset->plans[i]);
    iw_view_done(&x.probe.view);
    iw_free(x.probe.stack);
    iw_free(x.bindings);
    iw_free(x.ids);
    iw_free(x.rules);
    return rc;
}

const struct iw_rule_channel *iw_ruleset_channel(const struct iw_sigma_ruleset *ruleset,
                                                 struct iw_str channel)
{
    char lower[LONGEST_CHANNEL];
    size_t n = lower_channel(channel, lower);
    const struct iw_map_entry *entry =
        n != 0 ? iw_map_find(&ruleset->by_channel, (struct iw_str){lower, n}) : NULL;
    return &ruleset->channels[entry != NULL ? entry->value.number : 0];
}

const struct iw_rule_list *iw_rule_channel_list(const struct iw_rule_channel *channel,
                                                uint32_t event_id)
{
    size_t low = 0, high = channel->n_ids;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (channel->ids[middle].event_id == event_id)
            return &channel->ids[middle];
        if (channel->ids[middle].event_id < event_id)
            low = middle + 1;
        else
            high = middle;
    }
    return &channel->other;
}

/* --- the public side --- */

void iw_sigma_ruleset_free(struct iw_sigma_ruleset *ruleset)
{
    if (ruleset == NULL)
        return;
    iw_sigma_store_free(ruleset->store);
    iw_regex_free_list(ruleset->regexes);
    iw_map_done(&ruleset->by_channel);
    iw_arena_done(&ruleset->arena);
    iw_free(ruleset->channels);
    iw_free(ruleset->plans);
    iw_free(ruleset->correlations);
    iw_free(ruleset);
}

size_t iw_sigma_ruleset_count(const struct iw_sigma_ruleset *ruleset)
{
    return ruleset->n_plans;
}

const struct iw_sigma_rule *iw_sigma_ruleset_rule(const struct iw_sigma_ruleset *ruleset,
                                                  size_t index)
{
    return &ruleset->plans[index]->rule;
}

bool iw_sigma_ruleset_asks_context(const struct iw_sigma_ruleset *ruleset, size_t index)
{
    return ruleset->plans[index]->asks_context;
}

enum iw_rc iw_sigma_ruleset_route(const struct iw_sigma_ruleset *ruleset, struct iw_route *route)
{
    if (ruleset->channels[0].other.n != 0)
        iw_route_want_all(route);
    for (size_t i = 0; i < ruleset->n_channels; i++) {
        const struct iw_rule_channel *channel = &ruleset->channels[i];
        if (i != 0 && channel->other.n != 0)
            IW_TRY(iw_route_want_channel(route, channel->name));
        for (size_t k = 0; k < channel->n_ids; k++)
            IW_TRY(iw_route_want(route, channel->name, channel->ids[k].event_id));
    }
    return IW_OK;
}
