/*
 * temporal_ordered: chains of events, one for each step, each after the one before. Of all chains
 * that end with a step the one that starts latest is as good as any: whatever follows, it stays in
 * the window longest. So one chain for each step is kept, and an event lengthens that of the step
 * before; looking from the last step to the first keeps an event from being two steps of a chain.
 *
 * TRACKS: one row of cells for each term of the condition; cell i is the chain through its first
 * i + 1 steps. LONGEST: cell (m, j) is the chain of m steps that ends with step j.
 */
#include "sigma/sigma_correlate_state.h"

/* One event of a chain; chains share their beginnings. */
struct iw_correlate_node {
    struct iw_correlate_node *before;
    struct iw_correlate_entry entry;
    int64_t start_ns;
    uint64_t start_sequence;
    uint32_t n_uses;
};

static uint64_t bit_of(size_t step)
{
    return (uint64_t)1 << step;
}

static void release(struct iw_correlate_setting *setting, struct iw_correlate_node *node)
{
    while (node != NULL && --node->n_uses == 0) {
        struct iw_correlate_node *before = node->before;
        iw_correlate_give(&setting->heap, node, sizeof *node);
        node = before;
    }
}

static bool is_alive(const struct iw_correlate_node *node, int64_t cutoff_ns)
{
    return node != NULL && node->start_ns >= cutoff_ns;
}

/* Puts a chain into a cell: *before* (NULL: none) and then the event, as step *step*. */
static bool lengthen(struct iw_correlate_setting *setting, struct iw_correlate_node **cell,
                     struct iw_correlate_node *before, const struct iw_correlate_entry *entry,
                     size_t step)
{
    struct iw_correlate_node *node = iw_correlate_take(&setting->heap, sizeof *node);

    if (node == NULL)
        return false;
    node->entry = *entry;
    node->entry.step = (uint32_t)step;
    node->start_ns = before != NULL ? before->start_ns : entry->time_ns;
    node->start_sequence = before != NULL ? before->start_sequence : entry->sequence;
    node->before = before;
    node->n_uses = 1;
    if (before != NULL)
        before->n_uses++;
    release(setting, *cell);
    *cell = node;
    return true;
}

static size_t cells_needed(const struct iw_correlate_plan *plan)
{
    size_t n = 0;

    if (plan->way == IW_WAY_LONGEST)
        return plan->n_steps * plan->n_steps;
    for (size_t i = 0; i < plan->n_terms; i++)
        n += (size_t)__builtin_popcountll(plan->terms[i].wants);
    return n;
}

static bool init(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    struct iw_correlate_in_order *in_order = &state->in_order;
    const size_t n_steps = setting->plan->n_steps;

    in_order->n_cells = cells_needed(setting->plan);
    in_order->cells =
        iw_correlate_take(&setting->heap, (in_order->n_cells + 1) * sizeof *in_order->cells);
    in_order->last_ns = iw_correlate_take(&setting->heap, n_steps * sizeof *in_order->last_ns);
    for (size_t s = 0; in_order->last_ns != NULL && s < n_steps; s++)
        in_order->last_ns[s] = IW_TIME_UNKNOWN;
    return in_order->cells != NULL && in_order->last_ns != NULL;
}

/* --- tracks --- */

/* Lengthens the chains of one term, from its last step to its first. */
static bool add_to_track(struct iw_correlate_setting *setting, struct iw_correlate_node **cells,
                         uint64_t wants, const struct iw_correlate_arrival *arrival)
{
    size_t at = (size_t)__builtin_popcountll(wants);

    while (wants != 0) {
        size_t step = 63 - (size_t)__builtin_clzll(wants);
        wants &= ~bit_of(step);
        at--;
        if ((arrival->steps & bit_of(step)) == 0 ||
            (at != 0 && !is_alive(cells[at - 1], arrival->cutoff_ns)))
            continue;
        if (!lengthen(setting, &cells[at], at != 0 ? cells[at - 1] : NULL, &arrival->entry, step))
            return false;
    }
    return true;
}

static bool add_to_tracks(struct iw_correlate_setting *setting,
                          struct iw_correlate_in_order *in_order,
                          const struct iw_correlate_arrival *arrival)
{
    struct iw_correlate_node **cells = in_order->cells;

    for (size_t i = 0; i < setting->plan->n_terms; i++) {
        uint64_t wants = setting->plan->terms[i].wants;
        if (!add_to_track(setting, cells, wants, arrival))
            return false;
        cells += __builtin_popcountll(wants);
    }
    return true;
}

/* The first term whose chain is whole; *ret_chain may be NULL when it wants nothing. */
static bool find_track(const struct iw_correlate_setting *setting,
                       const struct iw_correlate_in_order *in_order, int64_t cutoff_ns,
                       const struct iw_correlate_node **ret_chain)
{
    struct iw_correlate_node *const *cells = in_order->cells;
    uint64_t there = 0;

    for (size_t s = 0; s < setting->plan->n_steps; s++)
        there |= in_order->last_ns[s] >= cutoff_ns ? bit_of(s) : 0;
    for (size_t i = 0; i < setting->plan->n_terms; i++) {
        const struct iw_correlate_term *term = &setting->plan->terms[i];
        size_t n = (size_t)__builtin_popcountll(term->wants);
        *ret_chain = n != 0 ? cells[n - 1] : NULL;
        cells += n;
        if ((term->forbids & there) == 0 && (n == 0 || is_alive(*ret_chain, cutoff_ns)))
            return true;
    }
    *ret_chain = NULL;
    return false;
}

/* --- the longest chain --- */

static struct iw_correlate_node **cell_of(const struct iw_correlate_setting *setting,
                                          const struct iw_correlate_in_order *in_order,
                                          size_t length, size_t step)
{
    return &in_order->cells[(length - 1) * setting->plan->n_steps + step];
}

/* Of the chains of *length* steps that end before *step*, the one that starts latest. */
static struct iw_correlate_node *latest(const struct iw_correlate_setting *setting,
                                        const struct iw_correlate_in_order *in_order, size_t length,
                                        size_t step, int64_t cutoff_ns)
{
    struct iw_correlate_node *best = NULL;

    for (size_t s = 0; s < step; s++) {
        struct iw_correlate_node *node = *cell_of(setting, in_order, length, s);
        if (is_alive(node, cutoff_ns) &&
            (best == NULL || node->start_sequence > best->start_sequence))
            best = node;
    }
    return best;
}

static bool add_to_longest(struct iw_correlate_setting *setting,
                           struct iw_correlate_in_order *in_order,
                           const struct iw_correlate_arrival *arrival)
{
    for (size_t step = setting->plan->n_steps; step-- > 0;) {
        if ((arrival->steps & bit_of(step)) == 0)
            continue;
        for (size_t length = step + 1; length > 0; length--) {
            struct iw_correlate_node *before =
                length > 1 ? latest(setting, in_order, length - 1, step, arrival->cutoff_ns) : NULL;
            if (length > 1 && before == NULL)
                continue;
            if (!lengthen(setting, cell_of(setting, in_order, length, step), before,
                          &arrival->entry, step))
                return false;
        }
    }
    return true;
}

static const struct iw_correlate_node *longest(const struct iw_correlate_setting *setting,
                                               const struct iw_correlate_in_order *in_order,
                                               int64_t cutoff_ns, uint64_t *ret_length)
{
    for (size_t length = setting->plan->n_steps; length > 0; length--) {
        const struct iw_correlate_node *chain =
            latest(setting, in_order, length, setting->plan->n_steps, cutoff_ns);
        *ret_length = length;
        if (chain != NULL)
            return chain;
    }
    *ret_length = 0;
    return NULL;
}

/* --- both --- */

static bool add(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival)
{
    struct iw_correlate_in_order *in_order = &state->in_order;

    for (uint64_t left = arrival->steps; left != 0; left &= left - 1)
        in_order->last_ns[__builtin_ctzll(left)] = arrival->entry.time_ns;
    return setting->plan->way == IW_WAY_LONGEST ? add_to_longest(setting, in_order, arrival)
                                                : add_to_tracks(setting, in_order, arrival);
}

static struct iw_correlate_outcome decide(const struct iw_correlate_setting *setting,
                                          const struct iw_correlate_in_order *in_order,
                                          int64_t cutoff_ns,
                                          const struct iw_correlate_node **ret_chain)
{
    struct iw_correlate_outcome outcome = {.is_count = true};
    uint64_t length = 0;

    if (setting->plan->way == IW_WAY_LONGEST) {
        *ret_chain = longest(setting, in_order, cutoff_ns, &length);
        return iw_correlate_count_outcome(setting->plan, length);
    }
    outcome.holds = find_track(setting, in_order, cutoff_ns, ret_chain);
    for (const struct iw_correlate_node *node = *ret_chain; node != NULL; node = node->before)
        length++;
    outcome.number = iw_correlate_number_of(length);
    return outcome;
}

static bool ask(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                const struct iw_correlate_arrival *arrival, struct iw_correlate_outcome *ret)
{
    const struct iw_correlate_node *chain;
    *ret = decide(setting, &state->in_order, arrival->cutoff_ns, &chain);
    return true;
}

static bool choose(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                   const struct iw_correlate_arrival *arrival, struct iw_correlate_chosen *ret)
{
    const struct iw_correlate_node *chain;
    const struct iw_correlate_node *nodes[IW_LIMIT_CORRELATION_STEPS];
    size_t n = 0;

    (void)decide(setting, &state->in_order, arrival->cutoff_ns, &chain);
    for (; chain != NULL; chain = chain->before)
        nodes[n++] = chain;
    while (n > 0)
        (void)iw_correlate_choose(ret, &nodes[--n]->entry);
    return true;
}

static void done(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    struct iw_correlate_in_order *in_order = &state->in_order;

    for (size_t i = 0; in_order->cells != NULL && i < in_order->n_cells; i++)
        release(setting, in_order->cells[i]);
    iw_correlate_give(&setting->heap, in_order->cells,
                      (in_order->n_cells + 1) * sizeof *in_order->cells);
    iw_correlate_give(&setting->heap, in_order->last_ns,
                      setting->plan->n_steps * sizeof *in_order->last_ns);
}

const struct iw_correlate_methods iw_correlate_by_order = {init, add, ask, choose, done};
