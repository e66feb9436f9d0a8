/*
 * event_count, and the sum, average and percentiles of numbers: the events of the window one after
 * the other. Of a count no more are kept than the condition can tell apart; numbers all count.
 *
 * Percentiles are interpolated between the two nearest ranks: of n numbers in order, place
 * (n - 1) * p / 100. Sums of whole numbers are exact; everything else is the nearest double.
 */
#include "sigma/sigma_correlate_state.h"

/* --- event_count --- */

static bool no_init(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    (void)setting;
    (void)state;
    return true;
}

static bool count_add(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                      const struct iw_correlate_arrival *arrival)
{
    struct iw_correlate_ring *ring = &state->count;
    const size_t size = sizeof arrival->entry;

    while (ring->n != 0 &&
           (ring->n == setting->cap ||
            !iw_correlate_is_in(iw_correlate_ring_at(ring, 0, size), arrival->cutoff_ns)))
        iw_correlate_ring_drop(ring, &setting->heap, size);
    return iw_correlate_ring_add(ring, &setting->heap, &arrival->entry, size);
}

static bool count_ask(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                      const struct iw_correlate_arrival *arrival, struct iw_correlate_outcome *ret)
{
    (void)arrival;
    *ret = iw_correlate_count_outcome(setting->plan, state->count.n);
    return true;
}

/* The events of a window of *n_events*: of many only its ends are looked at. */
static void choose_ends(const struct iw_correlate_ring *ring, size_t item_bytes, size_t n_events,
                        struct iw_correlate_chosen *ret)
{
    const size_t half = IW_LIMIT_CORRELATION_EVIDENCE / 2;
    size_t from = 0, back = ring->n, n = 0;
    uint64_t ordinal = 0;

    for (; from < ring->n && (n_events <= 2 * half || ret->n < half); from++)
        (void)iw_correlate_choose(ret, iw_correlate_ring_at(ring, from, item_bytes));
    for (; back > from; back--) {
        const struct iw_correlate_entry *entry = iw_correlate_ring_at(ring, back - 1, item_bytes);
        if (n == 0 || entry->ordinal != ordinal)
            n++;
        if (n > half)
            break;
        ordinal = entry->ordinal;
    }
    for (; back < ring->n; back++)
        (void)iw_correlate_choose(ret, iw_correlate_ring_at(ring, back, item_bytes));
    ret->n_all = n_events;
}

static bool count_choose(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                         const struct iw_correlate_arrival *arrival,
                         struct iw_correlate_chosen *ret)
{
    (void)setting;
    choose_ends(&state->count, sizeof arrival->entry, state->count.n, ret);
    return true;
}

static void count_done(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    iw_correlate_ring_done(&state->count, &setting->heap, sizeof(struct iw_correlate_entry));
}

const struct iw_correlate_methods iw_correlate_by_count = {no_init, count_add, count_ask,
                                                           count_choose, count_done};

/* --- numbers --- */

static bool wants_rank(const struct iw_correlate_plan *plan)
{
    return plan->correlation->type == IW_CORRELATION_VALUE_PERCENTILE ||
           plan->correlation->type == IW_CORRELATION_VALUE_MEDIAN;
}

static bool numbers_init(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    struct iw_correlate_numbers *numbers = &state->numbers;

    if (wants_rank(setting->plan))
        numbers->rank = iw_correlate_take(&setting->heap, sizeof *numbers->rank);
    else
        numbers->sum = iw_correlate_take(&setting->heap, sizeof *numbers->sum);
    return numbers->rank != NULL || numbers->sum != NULL;
}

static void sum_up(struct iw_correlate_sum *sum, const struct iw_number *number, bool negated)
{
    if (number->is_whole)
        iw_correlate_sum_whole(sum, number->magnitude, number->is_negative != negated);
    else
        iw_correlate_sum_real(sum, negated ? -number->real : number->real);
}

static void drop_number(struct iw_correlate_setting *setting, struct iw_correlate_numbers *numbers)
{
    const struct iw_correlate_item *item =
        iw_correlate_ring_at(&numbers->ring, 0, sizeof(struct iw_correlate_item));
    uint64_t ordinal;

    if (numbers->rank != NULL)
        iw_correlate_rank_remove(numbers->rank, &setting->heap, &item->number);
    else
        sum_up(numbers->sum, &item->number, true);
    ordinal = item->entry.ordinal;
    iw_correlate_ring_drop(&numbers->ring, &setting->heap, sizeof *item);
    if (numbers->ring.n == 0 ||
        ((const struct iw_correlate_item *)iw_correlate_ring_at(&numbers->ring, 0, sizeof *item))
                ->entry.ordinal != ordinal)
        numbers->n_events--;
}

static bool add_number(struct iw_correlate_setting *setting, struct iw_correlate_numbers *numbers,
                       const struct iw_correlate_item *item)
{
    if (!iw_correlate_ring_add(&numbers->ring, &setting->heap, item, sizeof *item))
        return false;
    if (numbers->rank != NULL)
        return iw_correlate_rank_add(numbers->rank, &setting->heap, &item->number);
    sum_up(numbers->sum, &item->number, false);
    return true;
}

static bool numbers_add(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                        const struct iw_correlate_arrival *arrival)
{
    struct iw_correlate_numbers *numbers = &state->numbers;
    const size_t size = sizeof(struct iw_correlate_item);

    while (numbers->ring.n != 0 &&
           !iw_correlate_is_in(iw_correlate_ring_at(&numbers->ring, 0, size), arrival->cutoff_ns))
        drop_number(setting, numbers);
    numbers->n_events++;
    for (size_t i = 0; i < arrival->n_numbers; i++) {
        struct iw_correlate_item item = {arrival->entry, arrival->numbers[i]};
        if (!add_number(setting, numbers, &item))
            return false;
    }
    return true;
}

static struct iw_number real_of(double real)
{
    return (struct iw_number){.real = real};
}

/* A whole number where it is one that fits. */
static struct iw_number whole_of(__int128 value)
{
    unsigned __int128 magnitude = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;

    if (magnitude > UINT64_MAX)
        return real_of((double)value);
    return (struct iw_number){true, value < 0, (uint64_t)magnitude, (double)value};
}

static struct iw_number sum_of(const struct iw_correlate_sum *sum)
{
    __int128 whole;
    return iw_correlate_sum_is_whole(sum, &whole) ? whole_of(whole)
                                                  : real_of(iw_correlate_sum_value(sum));
}

static struct iw_number average_of(const struct iw_correlate_sum *sum, size_t n)
{
    __int128 whole;
    if (iw_correlate_sum_is_whole(sum, &whole) && whole % (__int128)n == 0)
        return whole_of(whole / (__int128)n);
    return real_of(iw_correlate_sum_value(sum) / (double)n);
}

static struct iw_number percentile_of(const struct iw_correlate_rank *rank, double percent)
{
    double place = (double)(rank->n - 1) * percent / 100.0;
    size_t low = (size_t)place;
    double part = place - (double)low;
    const struct iw_number *a = iw_correlate_rank_at(rank, low), *b;

    if (part <= 0 || low + 1 == rank->n)
        return *a;
    b = iw_correlate_rank_at(rank, low + 1);
    return real_of(a->real + (b->real - a->real) * part);
}

static bool numbers_ask(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                        const struct iw_correlate_arrival *arrival,
                        struct iw_correlate_outcome *ret)
{
    const struct iw_correlate_numbers *numbers = &state->numbers;
    const struct iw_correlation *correlation = setting->plan->correlation;

    (void)arrival;
    memset(ret, 0, sizeof *ret);
    if (correlation->type == IW_CORRELATION_VALUE_SUM)
        ret->number = sum_of(numbers->sum);
    else if (correlation->type == IW_CORRELATION_VALUE_AVG)
        ret->number = average_of(numbers->sum, numbers->ring.n);
    else if (correlation->type == IW_CORRELATION_VALUE_MEDIAN)
        ret->number = percentile_of(numbers->rank, 50);
    else
        ret->number = percentile_of(numbers->rank, correlation->percentile.real);
    ret->holds = iw_correlate_bounds_hold(setting->plan, &ret->number);
    return true;
}

static bool numbers_choose(struct iw_correlate_setting *setting, union iw_correlate_state *state,
                           const struct iw_correlate_arrival *arrival,
                           struct iw_correlate_chosen *ret)
{
    (void)setting;
    (void)arrival;
    choose_ends(&state->numbers.ring, sizeof(struct iw_correlate_item), state->numbers.n_events,
                ret);
    return true;
}

static void numbers_done(struct iw_correlate_setting *setting, union iw_correlate_state *state)
{
    struct iw_correlate_numbers *numbers = &state->numbers;

    iw_correlate_ring_done(&numbers->ring, &setting->heap, sizeof(struct iw_correlate_item));
    iw_correlate_give(&setting->heap, numbers->sum, sizeof *numbers->sum);
    if (numbers->rank != NULL)
        iw_correlate_rank_done(numbers->rank, &setting->heap);
    iw_correlate_give(&setting->heap, numbers->rank, sizeof *numbers->rank);
}

const struct iw_correlate_methods iw_correlate_by_numbers = {numbers_init, numbers_add, numbers_ask,
                                                             numbers_choose, numbers_done};
