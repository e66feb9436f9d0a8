/*
 * temporal: which steps have an event in the window, each its own. An event that is one step only
 * serves that step, whatever the others have, so the latest of them is enough. Events that are
 * several steps at once are shared out: as many steps as possible are to have one (a maximum
 * matching, found by paths that shift earlier choices). A step that has as many of them as there
 * are steps can never go without, so no more of them are kept for it.
 */
#include "sigma/sigma_correlate_state.h"

#define NOBODY UINT8_MAX

/* Which steps got which event. */
struct choice {
    uint64_t steps;
    struct iw_correlate_entry entries[IW_LIMIT_CORRELATION_STEPS];
};

/* The sharing out of events that are several steps. */
struct sharing {
    const struct iw_correlate_any_order *any;
    uint8_t *owner; /* by shared event: the step that has it, or NOBODY */
    uint8_t *via;   /* by shared event: the step it was reached from, or NOBODY */
    size_t event_of[IW_LIMIT_CORRELATION_STEPS]; /* by step; SIZE_MAX: none */
};

static uint64_t bit_of(size_t step)
{
    return (uint64_t)1 << step;
}

static bool init(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    const size_t n = setting->plan->n_steps;

    state->any_order.alone = iw_correlate_take(&setting->heap, n * sizeof *state->any_order.alone);
    for (size_t i = 0; state->any_order.alone != NULL && i < n; i++)
        state->any_order.alone[i].time_ns = IW_TIME_UNKNOWN;
    return state->any_order.alone != NULL;
}

static void drop_old(struct iw_correlate_any_order *any, int64_t cutoff_ns)
{
    size_t n_old = 0;

    while (n_old < any->n_shared && !iw_correlate_is_in(&any->shared[n_old].entry, cutoff_ns))
        n_old++;
    if (n_old == 0)
        return;
    any->n_shared -= n_old;
    memmove(any->shared, any->shared + n_old, any->n_shared * sizeof *any->shared);
}

/* Keeps of each step as many of the latest events as there are steps. */
static void thin(struct iw_correlate_any_order *any, size_t n_steps)
{
    size_t n_kept[IW_LIMIT_CORRELATION_STEPS] = {0};
    size_t to = any->n_shared;

    for (size_t i = any->n_shared; i-- > 0;) {
        bool is_needed = false;
        for (size_t s = 0; s < n_steps; s++)
            is_needed |= (any->shared[i].steps & bit_of(s)) != 0 && n_kept[s] < n_steps;
        if (!is_needed)
            continue;
        for (size_t s = 0; s < n_steps; s++)
            n_kept[s] += (any->shared[i].steps & bit_of(s)) != 0;
        any->shared[--to] = any->shared[i];
    }
    any->n_shared -= to;
    memmove(any->shared, any->shared + to, any->n_shared * sizeof *any->shared);
}

static bool make_room(struct iw_correlate_setting *setting, struct iw_correlate_any_order *any)
{
    size_t cap = any->shared_cap != 0 ? 2 * any->shared_cap : 4;
    struct iw_correlate_shared *shared;

    if (any->n_shared < any->shared_cap)
        return true;
    if (any->n_shared >= 2 * setting->plan->n_steps * setting->plan->n_steps) {
        thin(any, setting->plan->n_steps);
        return true;
    }
    shared = iw_correlate_take(&setting->heap, cap * sizeof *shared);
    if (shared == NULL)
        return false;
    if (any->n_shared != 0)
        memcpy(shared, any->shared, any->n_shared * sizeof *shared);
    iw_correlate_give(&setting->heap, any->shared, any->shared_cap * sizeof *shared);
    any->shared = shared;
    any->shared_cap = cap;
    return true;
}

static bool add(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival)
{
    struct iw_correlate_any_order *any = &state->any_order;
    struct iw_correlate_entry entry = arrival->entry;

    drop_old(any, arrival->cutoff_ns);
    if ((arrival->steps & (arrival->steps - 1)) == 0) {
        entry.step = (uint32_t)__builtin_ctzll(arrival->steps);
        any->alone[entry.step] = entry;
        return true;
    }
    if (!make_room(setting, any))
        return false;
    any->shared[any->n_shared++] = (struct iw_correlate_shared){entry, arrival->steps};
    return true;
}

/* --- sharing out --- */

/* Gives the event at the end of a path to the step it was reached from, and so on to its start. */
static void shift(struct sharing *sharing, size_t event)
{
    while (event != SIZE_MAX) {
        uint8_t step = sharing->via[event];
        size_t former = sharing->event_of[step];
        sharing->owner[event] = step;
        sharing->event_of[step] = event;
        event = former;
    }
}

/* Finds an event for *step*, moving other steps to other events where needed. */
static bool serve(struct sharing *sharing, size_t step)
{
    const struct iw_correlate_any_order *any = sharing->any;
    uint8_t queue[IW_LIMIT_CORRELATION_STEPS];
    size_t n_queue = 0;

    memset(sharing->via, NOBODY, any->n_shared);
    queue[n_queue++] = (uint8_t)step;
    for (size_t at = 0; at < n_queue; at++) {
        /* The latest first. */
        for (size_t i = any->n_shared; i-- > 0;) {
            if ((any->shared[i].steps & bit_of(queue[at])) == 0 || sharing->via[i] != NOBODY)
                continue;
            sharing->via[i] = queue[at];
            if (sharing->owner[i] == NOBODY) {
                shift(sharing, i);
                return true;
            }
            queue[n_queue++] = sharing->owner[i];
        }
    }
    return false;
}

/* As many of *wanted* as can have an event of their own. False: no memory. */
static bool share_out(const struct iw_correlate_setting *setting,
                      const struct iw_correlate_any_order *any, uint64_t wanted, int64_t cutoff_ns,
                      struct choice *ret)
{
    struct sharing sharing = {.any = any};

    ret->steps = 0;
    for (size_t s = 0; s < setting->plan->n_steps; s++) {
        sharing.event_of[s] = SIZE_MAX;
        if ((wanted & bit_of(s)) == 0 || !iw_correlate_is_in(&any->alone[s], cutoff_ns))
            continue;
        ret->steps |= bit_of(s);
        ret->entries[s] = any->alone[s];
    }
    if (ret->steps == wanted || any->n_shared == 0)
        return true;
    sharing.owner = iw_arena_alloc(setting->scratch, any->n_shared);
    sharing.via = iw_arena_alloc(setting->scratch, any->n_shared);
    if (sharing.owner == NULL || sharing.via == NULL)
        return false;
    memset(sharing.owner, NOBODY, any->n_shared);
    for (size_t s = 0; s < setting->plan->n_steps; s++) {
        if ((wanted & ~ret->steps & bit_of(s)) != 0)
            (void)serve(&sharing, s);
    }
    for (size_t s = 0; s < setting->plan->n_steps; s++) {
        if (sharing.event_of[s] == SIZE_MAX)
            continue;
        ret->steps |= bit_of(s);
        ret->entries[s] = any->shared[sharing.event_of[s]].entry;
        ret->entries[s].step = (uint32_t)s;
    }
    return true;
}

/* --- the condition --- */

static uint64_t steps_in_window(const struct iw_correlate_setting *setting,
                                const struct iw_correlate_any_order *any, int64_t cutoff_ns)
{
    uint64_t steps = 0;

    for (size_t s = 0; s < setting->plan->n_steps; s++)
        steps |= iw_correlate_is_in(&any->alone[s], cutoff_ns) ? bit_of(s) : 0;
    for (size_t i = 0; i < any->n_shared; i++)
        steps |= any->shared[i].steps;
    return steps;
}

/* The first alternative that holds. */
static bool ask_terms(const struct iw_correlate_setting *setting,
                      const struct iw_correlate_any_order *any, uint64_t there, int64_t cutoff_ns,
                      struct choice *choice, struct iw_correlate_outcome *ret)
{
    for (size_t i = 0; i < setting->plan->n_terms; i++) {
        const struct iw_correlate_term *term = &setting->plan->terms[i];
        if ((term->wants & ~there) != 0 || (term->forbids & there) != 0)
            continue;
        if (!share_out(setting, any, term->wants, cutoff_ns, choice))
            return false;
        if (choice->steps != term->wants)
            continue;
        ret->holds = true;
        break;
    }
    return true;
}

static bool decide(const struct iw_correlate_setting *setting,
                   const struct iw_correlate_any_order *any, int64_t cutoff_ns,
                   struct choice *choice, struct iw_correlate_outcome *ret)
{
    uint64_t there = steps_in_window(setting, any, cutoff_ns);

    memset(ret, 0, sizeof *ret);
    choice->steps = 0;
    if (setting->plan->correlation->is_extended) {
        if (!ask_terms(setting, any, there, cutoff_ns, choice, ret))
            return false;
        ret->is_count = true;
        ret->number = iw_correlate_number_of((uint64_t)__builtin_popcountll(choice->steps));
        return true;
    }
    if (!share_out(setting, any, there, cutoff_ns, choice))
        return false;
    *ret = iw_correlate_count_outcome(setting->plan, (uint64_t)__builtin_popcountll(choice->steps));
    return true;
}

static bool ask(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival, struct iw_correlate_outcome *ret)
{
    struct choice choice;
    return decide(setting, &state->any_order, arrival->cutoff_ns, &choice, ret);
}

static bool choose(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                   const struct iw_correlate_arrival *arrival, struct iw_correlate_chosen *ret)
{
    struct iw_correlate_outcome outcome;
    struct choice choice;

    if (!decide(setting, &state->any_order, arrival->cutoff_ns, &choice, &outcome))
        return false;
    for (uint64_t left = choice.steps; left != 0; left = choice.steps) {
        size_t first = (size_t)__builtin_ctzll(left);
        for (left &= left - 1; left != 0; left &= left - 1) {
            size_t s = (size_t)__builtin_ctzll(left);
            const struct iw_correlate_entry *a = &choice.entries[s], *b = &choice.entries[first];
            if (a->time_ns < b->time_ns || (a->time_ns == b->time_ns && a->sequence < b->sequence))
                first = s;
        }
        (void)iw_correlate_choose(ret, &choice.entries[first]);
        choice.steps &= ~bit_of(first);
    }
    return true;
}

static void done(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    struct iw_correlate_any_order *any = &state->any_order;

    iw_correlate_give(&setting->heap, any->alone, setting->plan->n_steps * sizeof *any->alone);
    iw_correlate_give(&setting->heap, any->shared, any->shared_cap * sizeof *any->shared);
}

const struct iw_correlate_methods iw_correlate_by_any_order = {init, add, ask, choose, done};
