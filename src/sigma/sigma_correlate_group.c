/*
 * Groups. A group lives as long as an event of it can be in a window: since all windows of a
 * correlation are equally long, the groups to be ended are always those touched longest ago.
 */
#include "sigma/sigma_correlate_group.h"

struct group {
    struct iw_correlate_link link;
    int64_t last_ns;
    struct iw_correlate_episode *episode; /* open; NULL: the condition does not hold */
    union iw_correlate_state state;
    char key[];
};

static struct group *group_of(struct iw_correlate_link *link)
{
    return (struct group *)link;
}

/* One more than the largest bound tells apart. An event brings one more of what is counted, or so
 * many values at most; so a count that begins to satisfy the condition is always exact. */
static size_t cap_of(const struct iw_correlate_plan *plan, bool fire_every)
{
    size_t step = plan->way == IW_WAY_DISTINCT ? IW_LIMIT_CORRELATION_TUPLES : 1;
    if (plan->keep != 0)
        return plan->keep;
    if (fire_every || plan->most_counted > SIZE_MAX / 2)
        return SIZE_MAX;
    return (size_t)plan->most_counted + step;
}

void iw_correlate_running_init(struct iw_correlate_running *running,
                               const struct iw_correlate_plan *plan, size_t number,
                               const struct iw_correlate_options *options,
                               struct iw_correlate_total *total, struct iw_arena *scratch)
{
    running->number = number;
    running->setting.plan = plan;
    running->setting.heap.total = total;
    running->setting.cap = cap_of(plan, options->fire_every);
    running->setting.scratch = scratch;
    running->methods = iw_correlate_methods_of(plan->way);
    running->options = options;
}

static void free_group(struct iw_correlate_running *running, struct group *group)
{
    running->methods->done(&running->setting, &group->state);
    iw_correlate_episode_free(&running->setting, group->episode);
    iw_correlate_give(&running->setting.heap, group, sizeof *group + group->link.key.n);
}

void iw_correlate_running_done(struct iw_correlate_running *running)
{
    while (running->groups.oldest != NULL) {
        struct group *group = group_of(running->groups.oldest);
        iw_correlate_table_remove(&running->groups, &group->link);
        free_group(running, group);
    }
    iw_correlate_table_done(&running->groups, &running->setting.heap);
}

/* --- episodes --- */

static enum iw_rc tell(struct iw_correlate_running *running,
                       const struct iw_correlate_episode *episode)
{
    running->account.n_reports++;
    return running->options->tell(running->options->user, &episode->report);
}

/* Tells the episode of a group, if one is open. */
static enum iw_rc end_episode(struct iw_correlate_running *running, struct group *group)
{
    enum iw_rc rc = IW_OK;

    if (group->episode == NULL)
        return IW_OK;
    rc = tell(running, group->episode);
    iw_correlate_episode_free(&running->setting, group->episode);
    group->episode = NULL;
    return rc;
}

static enum iw_rc begin_episode(struct iw_correlate_running *running, struct group *group,
                                const struct iw_correlate_visit *visit,
                                const struct iw_correlate_outcome *outcome)
{
    struct iw_correlate_chosen chosen = {.n = 0};
    const struct iw_correlate_beginning begin = {
        running->number, &visit->arrival.entry, visit->match, visit->tuple, outcome, &chosen};

    if (!running->methods->choose(&running->setting, &group->state, &visit->arrival, &chosen))
        return IW_ENOMEM;
    /* Nothing but what is absent made it hold: then it is this event at which it was asked. */
    if (chosen.n == 0)
        (void)iw_correlate_choose(&chosen, &visit->arrival.entry);
    group->episode = iw_correlate_episode_new(&running->setting, &begin);
    return group->episode != NULL ? IW_OK : IW_ENOMEM;
}

/* The condition was asked: what that means for the episode. */
static enum iw_rc follow(struct iw_correlate_running *running, struct group *group,
                         const struct iw_correlate_visit *visit,
                         const struct iw_correlate_outcome *outcome)
{
    running->account.n_held += outcome->holds;
    if (!outcome->holds || running->setting.plan->is_hidden)
        return end_episode(running, group);
    if (group->episode != NULL) {
        iw_correlate_episode_go_on(group->episode, &visit->arrival.entry);
        return IW_OK;
    }
    IW_TRY(begin_episode(running, group, visit, outcome));
    return running->options->fire_every ? end_episode(running, group) : IW_OK;
}

/* --- groups --- */

static struct group *make_group(struct iw_correlate_running *running, struct iw_str key,
                                uint64_t hash)
{
    struct group *group = iw_correlate_take(&running->setting.heap, sizeof *group + key.n);

    if (group == NULL)
        return NULL;
    if (key.n != 0)
        memcpy(group->key, key.p, key.n);
    group->link.key = (struct iw_str){group->key, key.n};
    group->link.hash = hash;
    if (!running->methods->init(&running->setting, &group->state) ||
        !iw_correlate_table_add(&running->groups, &running->setting.heap, &group->link)) {
        free_group(running, group);
        return NULL;
    }
    return group;
}

int64_t iw_correlate_cutoff(const struct iw_correlate_running *running, int64_t time_ns)
{
    int64_t cutoff_ns;
    /* IW_TIME_UNKNOWN stands for "no event" and is never in a window. */
    if (__builtin_sub_overflow(time_ns, running->setting.plan->span_ns, &cutoff_ns) ||
        cutoff_ns == IW_TIME_UNKNOWN)
        return IW_TIME_UNKNOWN + 1;
    return cutoff_ns;
}

static enum iw_rc end_group(struct iw_correlate_running *running, struct group *group)
{
    enum iw_rc rc = end_episode(running, group);

    iw_correlate_table_remove(&running->groups, &group->link);
    free_group(running, group);
    return rc;
}

enum iw_rc iw_correlate_expire(struct iw_correlate_running *running, int64_t time_ns)
{
    int64_t cutoff_ns = iw_correlate_cutoff(running, time_ns);

    while (running->groups.oldest != NULL && group_of(running->groups.oldest)->last_ns < cutoff_ns)
        IW_TRY(end_group(running, group_of(running->groups.oldest)));
    return IW_OK;
}

enum iw_rc iw_correlate_visit_group(struct iw_correlate_running *running,
                                    const struct iw_correlate_visit *visit, bool *ret_holds)
{
    struct iw_str key = visit->tuple->key;
    uint64_t hash = iw_correlate_hash(key);
    struct iw_correlate_link *link = iw_correlate_table_find(&running->groups, key, hash);
    struct iw_correlate_outcome outcome;
    struct group *group;

    if (link != NULL)
        iw_correlate_table_touch(&running->groups, link);
    group = link != NULL ? group_of(link) : make_group(running, key, hash);
    if (group == NULL)
        return IW_ENOMEM;
    group->last_ns = visit->arrival.entry.time_ns;
    running->account.n_events++;
    if (!running->methods->add(&running->setting, &group->state, &visit->arrival) ||
        !running->methods->ask(&running->setting, &group->state, &visit->arrival, &outcome))
        return IW_ENOMEM;
    *ret_holds = outcome.holds;
    return follow(running, group, visit, &outcome);
}

enum iw_rc iw_correlate_give_up(struct iw_correlate_running *running, int64_t time_ns)
{
    if (running->groups.oldest == NULL)
        return IW_OK;
    if (running->account.n_given_up++ == 0)
        running->account.given_up_ns = time_ns;
    return end_group(running, group_of(running->groups.oldest));
}

enum iw_rc iw_correlate_end_all(struct iw_correlate_running *running)
{
    while (running->groups.oldest != NULL)
        IW_TRY(end_group(running, group_of(running->groups.oldest)));
    return IW_OK;
}
