/*
 * Which writing of the server's configuration is that of which change: of one process and file, as
 * many pairs as can be made, each writing within the time of its change. What is left over on the
 * side of the writings was not told of; which of them that is, nobody can say where several could
 * be paired with the same change: all that another choice of pairs would leave over are together.
 *
 * Times of changes are spans whose ends both go up, so pairs are made from the last change on, each
 * with the latest writing that it can have, and every change is visited once.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "detect/chain/chain_order.h"
#include "detect/chain/component_trail_state.h"

#define NO_PAIR SIZE_MAX
#define NO_CLUSTER SIZE_MAX

/* A change that the system told of: its 29s and the 50 behind them. */
struct change {
    struct iw_str path;
    uint64_t pid;
    int64_t begin_ns, end_ns;
    bool is_done; /* its 50 is there */
    uint8_t clock;
    size_t first_act, last_act;
    size_t pair;      /* its writing: place in writings; NO_PAIR */
    size_t next_open; /* of changes that are not in a cluster yet, at or behind this one */
    size_t cluster;
};

struct writing {
    struct iw_trail_written *written;
    bool is_paired;
};

struct matching {
    struct iw_component_trails *trails;
    struct change *changes;
    size_t n_changes, changes_cap;
    struct writing *writings;
    size_t n_writings;
    size_t *waiting; /* writings whose changes are to be looked at */
    size_t n_waiting;
};

/* Those of one process and file. */
struct group {
    struct change *changes;
    size_t n_changes;
    struct writing *writings;
    size_t n_writings;
};

/* --- changes ---------------------------------------------------------------------------------- */

/* One event as a change of its own. False: it is none, or its process is not told. */
static bool read_change(const struct iw_component_trails *trails, size_t act, struct change *ret)
{
    const struct iw_trail *trail = &trails->acts.items[act];
    struct iw_chain_fact what;
    if (strcmp(trail->role, "registration") != 0 || !iw_chain_fact_parse(trail->payload, &what) ||
        !what.process.has_pid)
        return false;
    *ret = (struct change){.path = iw_trail_plain_path(what.path),
                           .pid = what.process.pid,
                           .begin_ns = trail->time_ns,
                           .end_ns = trail->time_ns,
                           .is_done = trail->event_id == 50,
                           .clock = trail->clock,
                           .first_act = act,
                           .last_act = act,
                           .pair = NO_PAIR,
                           .cluster = NO_CLUSTER};
    return iw_trail_is_configuration(ret->path);
}

static int compare_whose(struct iw_str path, uint64_t pid, struct iw_str other_path,
                         uint64_t other_pid)
{
    return pid != other_pid ? (pid < other_pid ? -1 : 1) : iw_str_compare_nocase(path, other_path);
}

static int compare_changes(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    int order = compare_whose(a->path, a->pid, b->path, b->pid);
    return order != 0 ? order : a->first_act < b->first_act ? -1 : a->first_act > b->first_act;
}

static bool goes_on(const struct change *change, const struct change *event)
{
    return !change->is_done && event->begin_ns - change->end_ns <= IW_TRAIL_COMMIT_NS &&
           compare_whose(change->path, change->pid, event->path, event->pid) == 0;
}

/* Events of one change become one. */
static void join_changes(struct matching *matching)
{
    size_t n = 0;
    for (size_t i = 0; i < matching->n_changes; i++) {
        struct change *event = &matching->changes[i], *last = &matching->changes[n - (n != 0)];
        if (n == 0 || !goes_on(last, event)) {
            matching->changes[n++] = *event;
            continue;
        }
        last->end_ns = event->end_ns;
        last->is_done = event->is_done;
        last->last_act = event->last_act;
    }
    matching->n_changes = n;
}

static enum iw_rc list_changes(struct matching *matching, const struct iw_trail_span *span)
{
    for (size_t i = span->begin; i < span->end; i++) {
        struct change change;
        if (!read_change(matching->trails, i, &change))
            continue;
        if (!iw_array_reserve(&matching->changes, &matching->changes_cap, matching->n_changes + 1,
                              sizeof *matching->changes))
            return IW_ENOMEM;
        matching->changes[matching->n_changes++] = change;
    }
    if (matching->n_changes != 0)
        qsort(matching->changes, matching->n_changes, sizeof *matching->changes, compare_changes);
    join_changes(matching);
    return IW_OK;
}

/* --- writings --------------------------------------------------------------------------------- */

static int compare_writings(const void *left, const void *right)
{
    const struct iw_trail_written *a = ((const struct writing *)left)->written;
    const struct iw_trail_written *b = ((const struct writing *)right)->written;
    int order = compare_whose(a->path, a->pid, b->path, b->pid);
    return order != 0 ? order : a < b ? -1 : a > b; /* as they came: by time */
}

static enum iw_rc list_writings(struct matching *matching, const struct iw_trail_span *span)
{
    size_t n = span->end_written - span->begin_written;
    matching->writings = iw_calloc(n, sizeof *matching->writings);
    matching->waiting = iw_calloc(n, sizeof *matching->waiting);
    if (matching->writings == NULL || matching->waiting == NULL)
        return IW_ENOMEM;
    for (size_t i = span->begin_written; i < span->end_written; i++) {
        struct iw_trail_written *written = &matching->trails->written[i];
        if (written->has_pid)
            matching->writings[matching->n_writings++].written = written;
    }
    if (matching->n_writings != 0)
        qsort(matching->writings, matching->n_writings, sizeof *matching->writings,
              compare_writings);
    return IW_OK;
}

/* --- pairs ------------------------------------------------------------------------------------ */

/* A writing stands within a second of the events of its change, and is begun before its 50. */
static bool is_too_late(const struct change *change, const struct iw_trail_written *written)
{
    int64_t after_ns = iw_chain_distance_ns(change->end_ns, written->time_ns);
    return after_ns > (change->is_done ? iw_chain_slack_ns(change->clock, written->clock)
                                       : IW_TRAIL_COMMIT_NS);
}

static bool is_too_early(const struct change *change, const struct iw_trail_written *written)
{
    return iw_chain_distance_ns(written->time_ns, change->begin_ns) > IW_TRAIL_COMMIT_NS;
}

static void pair(const struct group *group)
{
    size_t left = group->n_writings;
    for (size_t i = group->n_changes; i > 0; i--) {
        struct change *change = &group->changes[i - 1];
        while (left != 0 && is_too_late(change, group->writings[left - 1].written))
            left--;
        if (left == 0 || is_too_early(change, group->writings[left - 1].written))
            continue;
        left--;
        change->pair = left;
        group->writings[left].is_paired = true;
        group->writings[left].written->kind = IW_TRAIL_COMMIT_OWN;
        group->writings[left].written->act = change->first_act;
    }
}

/* --- what is left over ------------------------------------------------------------------------ */

/* The first change that is not too early for a writing: later ones are not either. */
static size_t first_change_of(const struct group *group, const struct iw_trail_written *written)
{
    size_t low = 0, high = group->n_changes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_too_late(&group->changes[middle], written))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const struct group *group, size_t i, const struct iw_trail_written *written)
{
    return i < group->n_changes && !is_too_early(&group->changes[i], written);
}

/* Of changes that are in no cluster, the first at or behind a place; ways are made short. */
static size_t open_at(const struct group *group, size_t i)
{
    size_t open = i;
    while (open < group->n_changes && group->changes[open].next_open != open)
        open = group->changes[open].next_open;
    while (i < group->n_changes && group->changes[i].next_open != i) {
        size_t next = group->changes[i].next_open;
        group->changes[i].next_open = open;
        i = next;
    }
    return open;
}

static enum iw_rc new_cluster(struct iw_component_trails *trails, size_t *ret)
{
    if (!iw_array_reserve(&trails->clusters, &trails->clusters_cap, trails->n_clusters + 1,
                          sizeof *trails->clusters))
        return IW_ENOMEM;
    *ret = trails->n_clusters++;
    trails->clusters[*ret] = (struct iw_trail_cluster){0};
    return IW_OK;
}

static void put_into(const struct matching *matching, struct iw_trail_written *written, size_t act,
                     size_t cluster)
{
    matching->trails->clusters[cluster].n_writings++;
    written->kind = IW_TRAIL_COMMIT_SHARED;
    written->act = act;
    written->cluster = cluster;
}

/* Every change that what waits may have, and the writing that has it, which may have others. */
static void spread(struct matching *matching, const struct group *group, size_t cluster)
{
    while (matching->n_waiting != 0) {
        const struct iw_trail_written *written =
            group->writings[matching->waiting[--matching->n_waiting]].written;
        size_t i = open_at(group, first_change_of(group, written));
        for (; is_of(group, i, written); i = open_at(group, i)) {
            struct change *change = &group->changes[i];
            change->next_open = i + 1;
            change->cluster = cluster;
            matching->trails->clusters[cluster].n_changes++;
            if (change->pair == NO_PAIR)
                continue;
            put_into(matching, group->writings[change->pair].written, change->first_act, cluster);
            matching->waiting[matching->n_waiting++] = change->pair;
        }
    }
}

/* A writing that has no change. */
static enum iw_rc settle_left(struct matching *matching, const struct group *group, size_t left)
{
    struct iw_trail_written *written = group->writings[left].written;
    size_t i = first_change_of(group, written), cluster;
    if (is_of(group, i, written)) {
        cluster = group->changes[i].cluster;
        if (cluster == NO_CLUSTER)
            IW_TRY(new_cluster(matching->trails, &cluster));
        put_into(matching, written, group->changes[i].first_act, cluster);
        matching->waiting[matching->n_waiting++] = left;
        spread(matching, group, cluster);
        return IW_OK;
    }
    if (i != 0 && group->changes[i - 1].is_done &&
        iw_chain_distance_ns(group->changes[i - 1].end_ns, written->time_ns) <=
            IW_TRAIL_COMMIT_NS) {
        written->kind = IW_TRAIL_COMMIT_ENDED;
        written->act = group->changes[i - 1].last_act;
    }
    return IW_OK;
}

static enum iw_rc settle_group(struct matching *matching, const struct group *group)
{
    pair(group);
    for (size_t i = 0; i < group->n_changes; i++)
        group->changes[i].next_open = i;
    for (size_t i = 0; i < group->n_writings; i++) {
        if (!group->writings[i].is_paired)
            IW_TRY(settle_left(matching, group, i));
    }
    return IW_OK;
}

/* --- the whole -------------------------------------------------------------------------------- */

static enum iw_rc settle_groups(struct matching *matching)
{
    size_t at = 0;
    for (size_t i = 0; i < matching->n_writings;) {
        const struct iw_trail_written *first = matching->writings[i].written;
        struct group group = {.writings = &matching->writings[i]};
        while (i < matching->n_writings &&
               compare_whose(matching->writings[i].written->path,
                             matching->writings[i].written->pid, first->path, first->pid) == 0)
            i++;
        group.n_writings = (size_t)(&matching->writings[i] - group.writings);
        while (at < matching->n_changes &&
               compare_whose(matching->changes[at].path, matching->changes[at].pid, first->path,
                             first->pid) < 0)
            at++;
        group.changes = &matching->changes[at];
        while (at < matching->n_changes &&
               compare_whose(matching->changes[at].path, matching->changes[at].pid, first->path,
                             first->pid) == 0)
            at++;
        group.n_changes = (size_t)(&matching->changes[at] - group.changes);
        if (group.n_changes != 0)
            IW_TRY(settle_group(matching, &group));
    }
    return IW_OK;
}

enum iw_rc iw_trail_match(struct iw_component_trails *trails, const struct iw_trail_span *span)
{
    struct matching matching = {.trails = trails};
    enum iw_rc rc;
    if (span->begin_written == span->end_written)
        return IW_OK;
    rc = list_changes(&matching, span);
    if (rc == IW_OK && matching.n_changes != 0)
        rc = list_writings(&matching, span);
    if (rc == IW_OK)
        rc = settle_groups(&matching);
    iw_free(matching.changes);
    iw_free(matching.writings);
    iw_free(matching.waiting);
    return rc;
}
