/*
 * An inquiry: hearing, sorting by group, and one group after the other. Of the groups the best are
 * kept; "best" is decided by what they came to and then by their place in the order of groups.
 */
#include "sigma/sigma_correlate_explain.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "sigma/sigma_correlate_apart.h"
#include "sigma/sigma_correlate_arrival.h"
#include "sigma/sigma_correlate_listen.h"
#include "sigma/sigma_correlate_trial.h"
#include "sigma/sigma_ruleset.h"

/* How good a group is: the lower the better, part after part. */
struct rank {
    bool has_missed;
    size_t n_lacking;  /* rules that would be needed and are not there */
    double distance;   /* of the nearest miss */
    uint64_t n_events; /* the more the better, of misses */
    int64_t first_ns;
};

struct iw_correlate_inquiry {
    const struct iw_correlate_program *program;
    const struct iw_correlate_plan *plan;
    size_t at, limit;
    struct iw_arena arena;
    struct iw_correlator *correlator;
    struct iw_correlate_listener listener;
    struct iw_correlate_apart *apart;
    struct iw_sorter *sorter;
    struct iw_sorter_feed *feed;
    struct iw_buffer key, record;
    struct iw_error error; /* why the hearing ended */
    struct iw_correlate_step_told *steps;

    /* The group at hand. */
    struct iw_correlate_plan own; /* the correlation, told whatever stands on it */
    struct iw_correlate_options options;
    struct iw_correlate_total total;
    struct iw_correlate_running running;
    struct iw_correlate_trial *trials; /* one for each demand */
    struct iw_arena scratch;           /* of one event */
    struct iw_arena texts;             /* of the group */
    struct iw_str group_key;
    struct iw_correlate_key *keys;
    struct iw_correlate_episode_told episodes[IW_EXPLAINED_EPISODES];
    size_t n_episodes;
    uint64_t n_episodes_all, n_events;
    uint64_t *n_of_step;
    int64_t first_ns, last_ns;
    bool is_cut;

    struct iw_correlate_group_told *groups; /* kept, best first */
    struct rank *ranks;
    struct iw_correlate_group_told *apart_groups;
    struct iw_correlate_told told;
};

/* --- hearing ------------------------------------------------------------------------------- */

static void hear_step(void *user, uint32_t step, size_t lacking)
{
    struct iw_correlate_inquiry *inquiry = user;
    struct iw_correlate_step_told *told = &inquiry->steps[step];

    if (lacking == SIZE_MAX) {
        told->n_in_groups++;
        return;
    }
    if (told->n_lacking++ == 0)
        told->lacking = inquiry->plan->correlation->group_by[lacking].name;
}

static enum iw_rc hear_visit(void *user, const struct iw_correlate_visit *visit)
{
    struct iw_correlate_inquiry *inquiry = user;

    iw_buffer_clear(&inquiry->key);
    iw_buffer_clear(&inquiry->record);
    iw_correlate_arrival_write(visit, inquiry->plan->n_group, &inquiry->key, &inquiry->record);
    if (inquiry->key.failed || inquiry->record.failed)
        return IW_ENOMEM;
    return iw_sorter_add(inquiry->feed, iw_buffer_str(&inquiry->key),
                         iw_buffer_str(&inquiry->record), &inquiry->error);
}

static enum iw_rc tell_nobody(void *user, const struct iw_correlate_report *report)
{
    (void)user;
    (void)report;
    return IW_OK;
}

static void count_matches(struct iw_correlate_inquiry *inquiry,
                          const struct iw_correlate_match *match)
{
    for (size_t s = 0; s < inquiry->plan->n_steps; s++) {
        const struct iw_correlate_step *step = &inquiry->plan->steps[s];
        for (size_t i = 0; !step->is_correlation && i < match->n_rules; i++)
            inquiry->steps[s].n_matched += match->rules[i] == step->rule;
    }
}

/* The correlator hands on what stopped the hearing; else there was no memory. */
static enum iw_rc stopped(const struct iw_correlate_inquiry *inquiry, enum iw_rc rc,
                          struct iw_error *err)
{
    if (rc == IW_OK)
        return IW_OK;
    if (inquiry->error.rc == IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (err != NULL)
        *err = inquiry->error;
    return inquiry->error.rc;
}

enum iw_rc iw_correlate_inquiry_feed(struct iw_correlate_inquiry *inquiry,
                                     const struct iw_correlate_match *match, struct iw_error *err)
{
    count_matches(inquiry, match);
    if (iw_time_known(match->time_ns) && iw_correlate_apart_feed(inquiry->apart, match) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return stopped(inquiry, iw_correlator_feed(inquiry->correlator, match), err);
}

/* --- one group ----------------------------------------------------------------------------- */

static enum iw_rc name_events(struct iw_arena *arena, const struct iw_correlate_evidence *events,
                              size_t n, uint64_t n_all, struct iw_correlate_named *ret)
{
    ret->items = iw_arena_calloc(arena, IW_EXPLAINED_EVENTS, sizeof *ret->items);
    if (ret->items == NULL)
        return IW_ENOMEM;
    ret->n = iw_correlate_name_events(events, n, ret->items);
    ret->n_all = n_all;
    return IW_OK;
}

static enum iw_rc hear_episode(void *user, const struct iw_correlate_report *report)
{
    struct iw_correlate_inquiry *inquiry = user;
    struct iw_correlate_episode_told *episode;

    if (inquiry->n_episodes_all++ >= IW_EXPLAINED_EPISODES)
        return IW_OK;
    episode = &inquiry->episodes[inquiry->n_episodes++];
    *episode = (struct iw_correlate_episode_told){.first_ns = report->first_ns,
                                                  .completing_ns = report->completing_ns,
                                                  .last_ns = report->last_ns,
                                                  .is_count = report->is_count,
                                                  .count = report->count,
                                                  .number = report->number,
                                                  .n_events = report->n_events,
                                                  .n_held = report->n_held};
    return name_events(&inquiry->texts, report->evidence, report->n_evidence,
                       report->n_evidence_all, &episode->events);
}

static enum iw_rc begin_group(struct iw_correlate_inquiry *inquiry, struct iw_str key,
                              const struct iw_correlate_read_arrival *arrival)
{
    const struct iw_correlate_plan *plan = inquiry->plan;

    iw_arena_reset(&inquiry->texts);
    inquiry->n_episodes = 0;
    inquiry->n_episodes_all = inquiry->n_events = 0;
    inquiry->first_ns = arrival->arrival.entry.time_ns;
    inquiry->is_cut = false;
    memset(inquiry->n_of_step, 0, plan->n_steps * sizeof *inquiry->n_of_step);
    inquiry->group_key = iw_arena_copy(&inquiry->texts, key);
    inquiry->keys = iw_arena_calloc(&inquiry->texts, plan->n_group + 1, sizeof *inquiry->keys);
    if (inquiry->group_key.p == NULL || inquiry->keys == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < plan->n_group; i++) {
        inquiry->keys[i].name = plan->correlation->group_by[i].name;
        inquiry->keys[i].text = iw_arena_copy(&inquiry->texts, arrival->tuple.texts[i].text);
        if (inquiry->keys[i].text.p == NULL)
            return IW_ENOMEM;
    }
    for (size_t i = 0; i < IW_DEMAND_COUNT; i++)
        IW_TRY(iw_correlate_trial_begin(&inquiry->trials[i]));
    return IW_OK;
}

static void count_steps(struct iw_correlate_inquiry *inquiry,
                        const struct iw_correlate_arrival *arrival)
{
    if (inquiry->plan->n_steps > IW_LIMIT_CORRELATION_STEPS) {
        inquiry->n_of_step[arrival->entry.step]++;
        return;
    }
    for (uint64_t left = arrival->steps; left != 0; left &= left - 1)
        inquiry->n_of_step[__builtin_ctzll(left)]++;
}

static enum iw_rc take_arrival(struct iw_correlate_inquiry *inquiry,
                               struct iw_correlate_read_arrival *read)
{
    struct iw_correlate_visit visit = {read->arrival, &read->match, &read->tuple};
    bool holds = false;

    inquiry->n_events++;
    inquiry->last_ns = read->arrival.entry.time_ns;
    count_steps(inquiry, &read->arrival);
    visit.arrival.cutoff_ns = iw_correlate_cutoff(&inquiry->running, inquiry->last_ns);
    IW_TRY(iw_correlate_expire(&inquiry->running, inquiry->last_ns));
    IW_TRY(iw_correlate_visit_group(&inquiry->running, &visit, &holds));
    if (inquiry->total.held_bytes > IW_LIMIT_CORRELATION_BYTES) {
        inquiry->is_cut = true;
        IW_TRY(iw_correlate_give_up(&inquiry->running, inquiry->last_ns));
    }
    for (size_t i = 0; i < IW_DEMAND_COUNT; i++)
        IW_TRY(iw_correlate_trial_take(&inquiry->trials[i], &read->arrival, &inquiry->scratch));
    return IW_OK;
}

/* --- what it missed ------------------------------------------------------------------------ */

/* The steps without an event of the group that an alternative of the condition would need: of the
 * alternative that needs the fewest; of a count of rules, all, where too few are there. */
static uint64_t lacking_steps(const struct iw_correlate_inquiry *inquiry)
{
    const struct iw_correlate_plan *plan = inquiry->plan;
    uint64_t there = 0, all = 0, best = 0;
    double wanted = 0;

    if (plan->way != IW_WAY_ANY_ORDER && plan->way != IW_WAY_TRACKS && plan->way != IW_WAY_LONGEST)
        return 0;
    for (size_t s = 0; s < plan->n_steps; s++) {
        all |= (uint64_t)1 << s;
        there |= inquiry->n_of_step[s] != 0 ? (uint64_t)1 << s : 0;
    }
    if (plan->n_bounds != 0)
        return iw_correlate_shortfall(plan, (double)__builtin_popcountll(there), &wanted) > 0
                   ? all & ~there
                   : 0;
    for (size_t i = 0; i < plan->n_terms; i++) {
        uint64_t lacking = plan->terms[i].wants & ~there;
        if (i == 0 || __builtin_popcountll(lacking) < __builtin_popcountll(best))
            best = lacking;
    }
    return best;
}

static const enum iw_miss_kind KIND_OF[IW_DEMAND_COUNT] = {
    [IW_DEMAND_WINDOW] = IW_MISS_WINDOW,
    [IW_DEMAND_ORDER] = IW_MISS_ORDER,
    [IW_DEMAND_ABSENCE] = IW_MISS_EXCLUDED,
    [IW_DEMAND_BOUNDS] = IW_MISS_VALUE,
};

/* How far the attempt is from holding; 0: by nothing that can be measured. */
static double distance_of(const struct iw_correlate_trial *trial)
{
    double span = (double)trial->asked->span_ns;

    if (trial->dropped == IW_DEMAND_WINDOW)
        return span > 0 ? ((double)trial->needed_ns - span) / span : (double)trial->needed_ns;
    if (trial->dropped == IW_DEMAND_BOUNDS)
        return trial->wanted > 1 ? trial->badness / trial->wanted : trial->badness;
    return 0;
}

/* Whether an attempt says something. That one rule of a sequence is there is said by the others. */
static bool is_told(const struct iw_correlate_inquiry *inquiry,
                    const struct iw_correlate_trial *trial, size_t n_lacking)
{
    bool is_temporal = inquiry->plan->way == IW_WAY_ANY_ORDER ||
                       inquiry->plan->way == IW_WAY_TRACKS || inquiry->plan->way == IW_WAY_LONGEST;

    if (trial->is_off || trial->n_held == 0)
        return false;
    return trial->dropped != IW_DEMAND_BOUNDS || !is_temporal ||
           (trial->number >= 2 && trial->badness > 0 && n_lacking + 1 < inquiry->plan->n_steps);
}

static enum iw_rc tell_trial(const struct iw_correlate_inquiry *inquiry,
                             const struct iw_correlate_trial *trial, struct iw_arena *arena,
                             struct iw_correlate_miss *ret)
{
    struct iw_correlate_evidence events[IW_LIMIT_CORRELATION_EVIDENCE];

    for (size_t i = 0; i < trial->chosen.n; i++) {
        const struct iw_correlate_entry *entry = &trial->chosen.entries[i];
        const struct iw_correlate_step *step = &inquiry->plan->steps[entry->step];
        events[i] = (struct iw_correlate_evidence){entry->ordinal, entry->time_ns, step->rule,
                                                   step->is_correlation};
    }
    *ret = (struct iw_correlate_miss){
        .kind = KIND_OF[trial->dropped],
        .completing = trial->completing,
        .completing_ns = trial->completing_ns,
        .span_ns = inquiry->plan->span_ns,
        .needed_ns = trial->needed_ns,
        .number = trial->number,
        .wanted = trial->wanted,
        .at = trial->excluded != 0 ? (size_t)__builtin_ctzll(trial->excluded) : SIZE_MAX};
    return name_events(arena, events, trial->chosen.n, trial->chosen.n_all, &ret->events);
}

static enum iw_rc tell_misses(const struct iw_correlate_inquiry *inquiry, uint64_t lacking,
                              struct iw_correlate_group_told *group)
{
    /* As the enum of kinds has them: what can be mended by least stands first. */
    static const enum iw_correlate_demand ORDER[] = {IW_DEMAND_ORDER, IW_DEMAND_ABSENCE,
                                                     IW_DEMAND_WINDOW, IW_DEMAND_BOUNDS};
    size_t n_lacking = (size_t)__builtin_popcountll(lacking);

    group->misses =
        iw_arena_calloc(&group->arena, IW_DEMAND_COUNT + n_lacking, sizeof *group->misses);
    if (group->misses == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++) {
        if (is_told(inquiry, &inquiry->trials[ORDER[i]], n_lacking))
            IW_TRY(tell_trial(inquiry, &inquiry->trials[ORDER[i]], &group->arena,
                              &group->misses[group->n_misses++]));
    }
    for (; lacking != 0; lacking &= lacking - 1)
        group->misses[group->n_misses++] = (struct iw_correlate_miss){
            .kind = IW_MISS_RULE, .at = (size_t)__builtin_ctzll(lacking)};
    return IW_OK;
}

/* --- the best groups ----------------------------------------------------------------------- */

static struct rank rank_of(const struct iw_correlate_inquiry *inquiry, uint64_t lacking)
{
    struct rank rank = {.has_missed = inquiry->n_episodes_all == 0,
                        .n_lacking = (size_t)__builtin_popcountll(lacking),
                        .n_events = inquiry->n_events,
                        .first_ns = inquiry->first_ns};
    bool is_first = true;

    if (!rank.has_missed)
        return (struct rank){.first_ns = inquiry->episodes[0].first_ns};
    for (size_t i = 0; i < IW_DEMAND_COUNT; i++) {
        double distance;
        if (!is_told(inquiry, &inquiry->trials[i], rank.n_lacking))
            continue;
        distance = distance_of(&inquiry->trials[i]);
        if (is_first || distance < rank.distance)
            rank.distance = distance;
        is_first = false;
    }
    return rank;
}

static bool is_better(const struct rank *a, const struct rank *b)
{
    if (a->has_missed != b->has_missed)
        return b->has_missed;
    if (a->n_lacking != b->n_lacking)
        return a->n_lacking < b->n_lacking;
    if (a->distance < b->distance || a->distance > b->distance)
        return a->distance < b->distance;
    if (a->n_events != b->n_events)
        return a->n_events > b->n_events;
    return a->first_ns < b->first_ns;
}

static enum iw_rc copy_events(struct iw_arena *arena, struct iw_correlate_named *events)
{
    struct iw_correlate_evidence *items = iw_arena_calloc(arena, events->n + 1, sizeof *items);

    if (items == NULL)
        return IW_ENOMEM;
    memcpy(items, events->items, events->n * sizeof *items);
    events->items = items;
    return IW_OK;
}

/* The group at hand, with an arena of its own. */
static enum iw_rc copy_group(struct iw_correlate_inquiry *inquiry, uint64_t lacking,
                             struct iw_correlate_group_told *ret)
{
    const size_t n_steps = inquiry->plan->n_steps;
    struct iw_correlate_key *keys;
    struct iw_correlate_episode_told *episodes;
    uint64_t *n_of_step;

    memset(ret, 0, sizeof *ret);
    iw_arena_init(&ret->arena, 0);
    keys = iw_arena_calloc(&ret->arena, inquiry->plan->n_group + 1, sizeof *keys);
    episodes = iw_arena_calloc(&ret->arena, inquiry->n_episodes + 1, sizeof *episodes);
    n_of_step = iw_arena_calloc(&ret->arena, n_steps + 1, sizeof *n_of_step);
    if (keys == NULL || episodes == NULL || n_of_step == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < inquiry->plan->n_group; i++) {
        keys[i].name = inquiry->keys[i].name;
        keys[i].text = iw_arena_copy(&ret->arena, inquiry->keys[i].text);
        if (keys[i].text.p == NULL)
            return IW_ENOMEM;
    }
    for (size_t i = 0; i < inquiry->n_episodes; i++) {
        episodes[i] = inquiry->episodes[i];
        IW_TRY(copy_events(&ret->arena, &episodes[i].events));
    }
    memcpy(n_of_step, inquiry->n_of_step, n_steps * sizeof *n_of_step);
    ret->key = keys;
    ret->n_key = inquiry->plan->n_group;
    ret->episodes = episodes;
    ret->n_episodes = inquiry->n_episodes;
    ret->n_episodes_all = inquiry->n_episodes_all;
    ret->n_of_step = n_of_step;
    ret->n_events = inquiry->n_events;
    ret->first_ns = inquiry->first_ns;
    ret->last_ns = inquiry->last_ns;
    ret->is_cut = inquiry->is_cut;
    return ret->n_episodes_all == 0 ? tell_misses(inquiry, lacking, ret) : IW_OK;
}

static enum iw_rc keep_group(struct iw_correlate_inquiry *inquiry)
{
    uint64_t lacking = lacking_steps(inquiry);
    struct rank rank = rank_of(inquiry, lacking);
    struct iw_correlate_group_told group;
    size_t at = inquiry->told.n;

    if (at == inquiry->limit && !is_better(&rank, &inquiry->ranks[at - 1]))
        return IW_OK;
    if (copy_group(inquiry, lacking, &group) != IW_OK) {
        iw_arena_done(&group.arena);
        return IW_ENOMEM;
    }
    if (at == inquiry->limit)
        iw_arena_done(&inquiry->groups[--at].arena);
    for (; at != 0 && is_better(&rank, &inquiry->ranks[at - 1]); at--) {
        inquiry->groups[at] = inquiry->groups[at - 1];
        inquiry->ranks[at] = inquiry->ranks[at - 1];
    }
    inquiry->groups[at] = group;
    inquiry->ranks[at] = rank;
    inquiry->told.n += inquiry->told.n < inquiry->limit;
    return IW_OK;
}

static enum iw_rc end_group(struct iw_correlate_inquiry *inquiry)
{
    IW_TRY(iw_correlate_end_all(&inquiry->running));
    inquiry->told.n_groups++;
    inquiry->told.n_groups_held += inquiry->n_episodes_all != 0;
    inquiry->told.n_episodes += inquiry->n_episodes_all;
    for (size_t i = 0; i < IW_DEMAND_COUNT; i++)
        inquiry->is_cut |= !inquiry->trials[i].is_off && inquiry->trials[i].is_cut;
    for (size_t s = 0; s < inquiry->plan->n_steps; s++)
        inquiry->steps[s].n_groups += inquiry->n_of_step[s] != 0;
    return keep_group(inquiry);
}

/* --- all groups ---------------------------------------------------------------------------- */

static enum iw_rc take_record(struct iw_correlate_inquiry *inquiry, struct iw_str key,
                              struct iw_str record, bool is_first)
{
    struct iw_correlate_read_arrival arrival;
    struct iw_str group = iw_correlate_arrival_group(key);

    iw_arena_reset(&inquiry->scratch);
    IW_TRY(iw_correlate_arrival_read(record, inquiry->plan->n_group, &inquiry->scratch, &arrival));
    if (arrival.arrival.entry.step >= inquiry->plan->n_steps)
        return IW_EIO;
    arrival.tuple.key = group;
    if (!is_first && !iw_str_equal(group, inquiry->group_key))
        IW_TRY(end_group(inquiry));
    if (is_first || !iw_str_equal(group, inquiry->group_key))
        IW_TRY(begin_group(inquiry, group, &arrival));
    return take_arrival(inquiry, &arrival);
}

static enum iw_rc read_groups(struct iw_correlate_inquiry *inquiry, struct iw_sorted *sorted,
                              struct iw_error *err)
{
    struct iw_str key, record;
    bool is_first = true;
    enum iw_rc rc;

    while ((rc = iw_sorted_next(sorted, &key, &record, err)) == IW_OK) {
        rc = take_record(inquiry, key, record, is_first);
        if (rc == IW_EIO)
            return iw_error_set(err, rc, "the temporary file does not hold what was written to it");
        if (rc != IW_OK)
            return iw_error_set(err, IW_ENOMEM, "no memory");
        is_first = false;
    }
    if (rc != IW_END)
        return rc;
    if (!is_first && end_group(inquiry) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return IW_OK;
}

static enum iw_rc tell_apart(struct iw_correlate_inquiry *inquiry)
{
    size_t n;
    const struct iw_correlate_apart_item *items = iw_correlate_apart_items(inquiry->apart, &n);
    struct iw_correlate_group_told *groups =
        iw_arena_calloc(&inquiry->arena, n + 1, sizeof *groups);

    if (groups == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        struct iw_correlate_miss *miss = iw_arena_calloc(&inquiry->arena, 1, sizeof *miss);
        if (miss == NULL)
            return IW_ENOMEM;
        *miss = (struct iw_correlate_miss){.kind = IW_MISS_APART,
                                           .completing_ns = items[i].completing_ns,
                                           .span_ns = inquiry->plan->span_ns,
                                           .needed_ns = items[i].needed_ns,
                                           .at = items[i].field};
        IW_TRY(name_events(&inquiry->arena, items[i].evidence, items[i].n_evidence,
                           items[i].n_evidence_all, &miss->events));
        groups[i] = (struct iw_correlate_group_told){.key = items[i].key,
                                                     .n_key = items[i].n_key,
                                                     .n_events = items[i].n_evidence_all,
                                                     .first_ns = items[i].first_ns,
                                                     .last_ns = items[i].completing_ns,
                                                     .misses = miss,
                                                     .n_misses = 1};
    }
    inquiry->told.apart = groups;
    inquiry->told.n_apart = n;
    inquiry->told.is_apart_cut = iw_correlate_apart_is_cut(inquiry->apart);
    return IW_OK;
}

enum iw_rc iw_correlate_inquiry_finish(struct iw_correlate_inquiry *inquiry,
                                       const struct iw_correlate_told **ret, struct iw_error *err)
{
    struct iw_sorted *sorted = NULL;
    enum iw_rc rc = stopped(inquiry, iw_correlator_finish(inquiry->correlator), err);

    if (rc == IW_OK && iw_sorter_finish(inquiry->sorter) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = iw_sorter_open(inquiry->sorter, true, &sorted, err);
    if (rc == IW_OK)
        rc = read_groups(inquiry, sorted, err);
    iw_sorted_close(sorted);
    if (rc == IW_OK && tell_apart(inquiry) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    for (size_t s = 0; s < inquiry->plan->n_steps; s++) {
        const struct iw_correlate_step *step = &inquiry->plan->steps[s];
        if (step->is_correlation)
            inquiry->steps[s].n_matched =
                iw_correlator_account(inquiry->correlator, step->rule)->n_held;
    }
    inquiry->told.account = iw_correlator_account(inquiry->correlator, inquiry->at);
    *ret = &inquiry->told;
    return rc;
}

/* --- making -------------------------------------------------------------------------------- */

static enum iw_rc make_lists(struct iw_correlate_inquiry *inquiry)
{
    struct iw_arena *arena = &inquiry->arena;
    const size_t n_steps = inquiry->plan->n_steps;

    inquiry->steps = iw_arena_calloc(arena, n_steps + 1, sizeof *inquiry->steps);
    inquiry->n_of_step = iw_arena_calloc(arena, n_steps + 1, sizeof *inquiry->n_of_step);
    inquiry->trials = iw_arena_calloc(arena, IW_DEMAND_COUNT, sizeof *inquiry->trials);
    inquiry->groups = iw_arena_calloc(arena, inquiry->limit + 1, sizeof *inquiry->groups);
    inquiry->ranks = iw_arena_calloc(arena, inquiry->limit + 1, sizeof *inquiry->ranks);
    if (inquiry->steps == NULL || inquiry->n_of_step == NULL || inquiry->trials == NULL ||
        inquiry->groups == NULL || inquiry->ranks == NULL)
        return IW_ENOMEM;
    for (size_t s = 0; s < n_steps; s++) {
        inquiry->steps[s].rule = inquiry->plan->steps[s].rule;
        inquiry->steps[s].is_correlation = inquiry->plan->steps[s].is_correlation;
    }
    for (size_t i = 0; i < IW_DEMAND_COUNT; i++)
        IW_TRY(iw_correlate_trial_init(&inquiry->trials[i], inquiry->plan,
                                       (enum iw_correlate_demand)i, arena));
    inquiry->told.steps = inquiry->steps;
    inquiry->told.n_steps = n_steps;
    inquiry->told.groups = inquiry->groups;
    return IW_OK;
}

static enum iw_rc make(struct iw_correlate_inquiry *inquiry, struct iw_spill *spill,
                       size_t budget_bytes)
{
    const struct iw_correlate_options heard = {.tell = tell_nobody};

    IW_TRY(make_lists(inquiry));
    inquiry->options = (struct iw_correlate_options){
        .limit_bytes = IW_LIMIT_CORRELATION_BYTES, .tell = hear_episode, .user = inquiry};
    inquiry->own = *inquiry->plan;
    inquiry->own.is_hidden = false;
    iw_correlate_running_init(&inquiry->running, &inquiry->own, inquiry->at, &inquiry->options,
                              &inquiry->total, &inquiry->scratch);
    inquiry->correlator = iw_correlator_new_program(inquiry->program, &heard);
    inquiry->apart = iw_correlate_apart_new(inquiry->program, inquiry->at, inquiry->limit);
    inquiry->sorter = iw_sorter_new(spill, budget_bytes);
    if (inquiry->correlator == NULL || inquiry->apart == NULL || inquiry->sorter == NULL)
        return IW_ENOMEM;
    inquiry->feed = iw_sorter_feed_new(inquiry->sorter);
    if (inquiry->feed == NULL)
        return IW_ENOMEM;
    inquiry->listener = (struct iw_correlate_listener){inquiry->at, inquiry, hear_step, hear_visit};
    iw_correlator_listen(inquiry->correlator, &inquiry->listener);
    return IW_OK;
}

struct iw_correlate_inquiry *iw_correlate_inquiry_new(const struct iw_sigma_ruleset *ruleset,
                                                      size_t correlation, struct iw_spill *spill,
                                                      size_t budget_bytes, size_t limit)
{
    struct iw_correlate_inquiry *inquiry = iw_calloc(1, sizeof *inquiry);

    if (inquiry == NULL)
        return NULL;
    iw_arena_init(&inquiry->arena, 0);
    iw_arena_init(&inquiry->scratch, 0);
    iw_arena_init(&inquiry->texts, 0);
    iw_buffer_init(&inquiry->key);
    iw_buffer_init(&inquiry->record);
    inquiry->program = ruleset->correlate;
    inquiry->at = correlation;
    inquiry->plan = &ruleset->correlate->plans[correlation];
    inquiry->limit = limit < IW_EXPLAINED_GROUPS ? limit : IW_EXPLAINED_GROUPS;
    if (make(inquiry, spill, budget_bytes) == IW_OK)
        return inquiry;
    iw_correlate_inquiry_free(inquiry);
    return NULL;
}

void iw_correlate_inquiry_free(struct iw_correlate_inquiry *inquiry)
{
    if (inquiry == NULL)
        return;
    if (inquiry->options.tell != NULL)
        iw_correlate_running_done(&inquiry->running);
    for (size_t i = 0; inquiry->trials != NULL && i < IW_DEMAND_COUNT; i++)
        iw_correlate_trial_done(&inquiry->trials[i]);
    for (size_t i = 0; i < inquiry->told.n; i++)
        iw_arena_done(&inquiry->groups[i].arena);
    iw_correlator_free(inquiry->correlator);
    iw_correlate_apart_free(inquiry->apart);
    iw_sorter_free(inquiry->sorter);
    iw_buffer_done(&inquiry->key);
    iw_buffer_done(&inquiry->record);
    iw_arena_done(&inquiry->arena);
    iw_arena_done(&inquiry->scratch);
    iw_arena_done(&inquiry->texts);
    iw_free(inquiry);
}

void iw_correlate_mark_rules(const struct iw_sigma_ruleset *ruleset, size_t correlation,
                             bool *rules, bool *inner)
{
    const struct iw_correlate_program *program = ruleset->correlate;

    inner[correlation] = true;
    /* Inner ones have lower numbers. */
    for (size_t c = correlation + 1; c-- > 0;) {
        const struct iw_correlate_plan *plan = &program->plans[c];
        for (size_t s = 0; inner[c] && s < plan->n_steps; s++)
            (plan->steps[s].is_correlation ? inner : rules)[plan->steps[s].rule] = true;
    }
}

struct iw_str iw_correlate_group_value(const struct iw_sigma_ruleset *ruleset, size_t correlation,
                                       size_t field, const struct iw_correlate_match *match)
{
    return iw_correlate_field_of(ruleset->correlate, correlation, field, match);
}
