/*
 * The correlator: what an event matched is handed to the correlations that stand on it, inner ones
 * first, so that their results reach the outer ones as part of the same event.
 *
 * A result of an inner correlation is given at every event at which it holds, not only at the
 * first: an outer window must be able to begin at the last of them. It stands for the event that
 * completed it: it has its time and its place in the order, and cannot be another step beside it.
 */
#include "sigma/sigma_correlate.h"

#include <assert.h>

#include "base/alloc.h"
#include "sigma/sigma_correlate_listen.h"
#include "sigma/sigma_number.h"
#include "sigma/sigma_ruleset.h"

/* A step the event is, waiting for its correlation's turn. */
struct pending {
    struct pending *next;
    uint32_t step;
    struct iw_correlate_source source;
};

/* The pending steps of one correlation. */
struct turn {
    struct pending *first, *last;
};

/* What an event is to one group: all the steps that lead there. */
struct part {
    struct iw_correlate_tuple tuple;
    uint64_t steps;
    uint32_t step; /* the first of them */
    struct iw_str *values;
    size_t n_values;
    struct iw_number *numbers;
    size_t n_numbers;
};

struct iw_correlator {
    const struct iw_correlate_program *program;
    struct iw_correlate_options options;
    const struct iw_correlate_listener *listener; /* NULL: nobody */
    struct iw_correlate_total total;
    struct iw_correlate_running *running;
    struct turn *turns;
    uint64_t *waiting; /* a bit for each correlation whose turn has something */
    struct iw_arena scratch;
    struct part *parts;
    size_t n_parts, parts_cap;
    uint64_t n_fed;
    int64_t last_ns;
};

struct iw_correlator *iw_correlator_new(const struct iw_sigma_ruleset *ruleset,
                                        const struct iw_correlate_options *options)
{
    return iw_correlator_new_program(ruleset->correlate, options);
}

struct iw_correlator *iw_correlator_new_program(const struct iw_correlate_program *program,
                                                const struct iw_correlate_options *options)
{
    struct iw_correlator *correlator = iw_calloc(1, sizeof *correlator);

    if (correlator == NULL)
        return NULL;
    iw_arena_init(&correlator->scratch, 0);
    correlator->program = program;
    correlator->options = *options;
    if (options->limit_bytes == 0)
        correlator->options.limit_bytes = IW_LIMIT_CORRELATION_BYTES;
    correlator->last_ns = IW_TIME_UNKNOWN;
    correlator->running = iw_calloc(program->n + 1, sizeof *correlator->running);
    correlator->turns = iw_calloc(program->n + 1, sizeof *correlator->turns);
    correlator->waiting = iw_calloc(program->n / 64 + 1, sizeof *correlator->waiting);
    if (correlator->running == NULL || correlator->turns == NULL || correlator->waiting == NULL) {
        iw_free(correlator->running);
        correlator->running = NULL;
        iw_correlator_free(correlator);
        return NULL;
    }
    for (size_t i = 0; i < program->n; i++)
        iw_correlate_running_init(&correlator->running[i], &program->plans[i], i,
                                  &correlator->options, &correlator->total, &correlator->scratch);
    return correlator;
}

void iw_correlator_listen(struct iw_correlator *correlator,
                          const struct iw_correlate_listener *listener)
{
    correlator->listener = listener;
}

void iw_correlator_free(struct iw_correlator *correlator)
{
    if (correlator == NULL)
        return;
    for (size_t i = 0; correlator->running != NULL && i < correlator->program->n; i++)
        iw_correlate_running_done(&correlator->running[i]);
    iw_arena_done(&correlator->scratch);
    iw_free(correlator->running);
    iw_free(correlator->turns);
    iw_free(correlator->waiting);
    iw_free(correlator->parts);
    iw_free(correlator);
}

/* --- whose turn it is --- */

static enum iw_rc add_pending(struct iw_correlator *correlator,
                              const struct iw_correlate_uses *uses,
                              const struct iw_correlate_source *source)
{
    for (size_t i = 0; i < uses->n; i++) {
        struct turn *turn = &correlator->turns[uses->uses[i].correlation];
        struct pending *pending = iw_arena_alloc(&correlator->scratch, sizeof *pending);
        if (pending == NULL)
            return IW_ENOMEM;
        *pending = (struct pending){NULL, uses->uses[i].step, *source};
        if (turn->first == NULL)
            turn->first = pending;
        else
            turn->last->next = pending;
        turn->last = pending;
        correlator->waiting[uses->uses[i].correlation / 64] |= (uint64_t)1
                                                               << uses->uses[i].correlation % 64;
    }
    return IW_OK;
}

/* The lowest correlation that waits, from *from* on; SIZE_MAX: none. */
static size_t next_turn(struct iw_correlator *correlator, size_t from)
{
    for (size_t word = from / 64; word <= correlator->program->n / 64; word++) {
        if (correlator->waiting[word] != 0)
            return 64 * word + (size_t)__builtin_ctzll(correlator->waiting[word]);
    }
    return SIZE_MAX;
}

static void take_turn(struct iw_correlator *correlator, size_t at, struct pending **ret)
{
    *ret = correlator->turns[at].first;
    correlator->turns[at] = (struct turn){NULL, NULL};
    correlator->waiting[at / 64] &= ~((uint64_t)1 << at % 64);
}

/* --- what an event is to the groups of one correlation --- */

static struct part *part_of(struct iw_correlator *correlator,
                            const struct iw_correlate_tuple *tuple, uint32_t step)
{
    struct part *part;

    for (size_t i = 0; i < correlator->n_parts; i++) {
        if (iw_str_equal(correlator->parts[i].tuple.key, tuple->key))
            return &correlator->parts[i];
    }
    if (!iw_array_reserve(&correlator->parts, &correlator->parts_cap, correlator->n_parts + 1,
                          sizeof *correlator->parts))
        return NULL;
    part = &correlator->parts[correlator->n_parts++];
    memset(part, 0, sizeof *part);
    part->tuple = *tuple;
    part->step = step;
    return part;
}

static bool has_value(const struct part *part, struct iw_str key)
{
    for (size_t i = 0; i < part->n_values; i++) {
        if (iw_str_equal(part->values[i], key))
            return true;
    }
    return false;
}

/* Adds the values of one step to those the event brings into a group. */
static enum iw_rc add_values(struct iw_correlator *correlator, struct part *part,
                             const struct iw_correlate_tuples *values,
                             struct iw_correlate_account *account)
{
    if (part->values == NULL)
        part->values = iw_arena_calloc(&correlator->scratch, IW_LIMIT_CORRELATION_TUPLES,
                                       sizeof *part->values);
    if (part->values == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < values->n; i++) {
        if (has_value(part, values->tuples[i].key))
            continue;
        if (part->n_values == IW_LIMIT_CORRELATION_TUPLES) {
            account->n_cut++;
            return IW_OK;
        }
        part->values[part->n_values++] = values->tuples[i].key;
    }
    return IW_OK;
}

/* Numbers are those of the first step that has any: an event is counted once. */
static enum iw_rc add_numbers(struct iw_correlator *correlator, struct part *part,
                              const struct iw_correlate_tuples *values)
{
    if (part->n_numbers != 0)
        return IW_OK;
    part->numbers = iw_arena_calloc(&correlator->scratch, values->n + 1, sizeof *part->numbers);
    if (part->numbers == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < values->n; i++) {
        struct iw_number *number = &part->numbers[part->n_numbers];
        bool is_number = iw_number_parse(values->tuples[i].texts[0].text, number);
        /* Text too large for a double is none. */
        part->n_numbers += is_number && number->real - number->real == 0;
    }
    return IW_OK;
}

static const struct iw_correlate_listener *listener_of(const struct iw_correlator *correlator,
                                                       const struct iw_correlate_running *running)
{
    const struct iw_correlate_listener *listener = correlator->listener;
    return listener != NULL && listener->correlation == running->number ? listener : NULL;
}

static enum iw_rc add_step(struct iw_correlator *correlator, struct iw_correlate_running *running,
                           const struct pending *pending)
{
    const struct iw_correlate_plan *plan = running->setting.plan;
    const struct iw_correlate_step *step = &plan->steps[pending->step];
    const struct iw_correlate_listener *listener = listener_of(correlator, running);
    struct iw_correlate_account *account = &running->account;
    struct iw_correlate_tuples groups, values = {.n = 0};

    IW_TRY(iw_correlate_tuples_make(&pending->source, step->group, plan->n_group,
                                    &correlator->scratch, &groups));
    if (listener != NULL)
        listener->comes(listener->user, pending->step, groups.n != 0 ? SIZE_MAX : groups.lacking);
    if (groups.n == 0) {
        if (account->n_lacking++ == 0)
            account->lacking = plan->correlation->group_by[groups.lacking].name;
        return IW_OK;
    }
    if (plan->n_fields != 0)
        IW_TRY(iw_correlate_tuples_make(&pending->source, step->values, plan->n_fields,
                                        &correlator->scratch, &values));
    account->n_cut += groups.is_cut || values.is_cut;
    for (size_t i = 0; i < groups.n; i++) {
        struct part *part = part_of(correlator, &groups.tuples[i], pending->step);
        if (part == NULL)
            return IW_ENOMEM;
        part->steps |= (uint64_t)1 << pending->step % 64;
        if (pending->step < part->step)
            part->step = pending->step;
        if (plan->way == IW_WAY_DISTINCT)
            IW_TRY(add_values(correlator, part, &values, account));
        if (plan->way == IW_WAY_NUMBERS)
            IW_TRY(add_numbers(correlator, part, &values));
    }
    return IW_OK;
}

/* --- into the groups --- */

/* The result of a correlation for those that stand on it. */
static enum iw_rc pass_on(struct iw_correlator *correlator, size_t at,
                          const struct iw_correlate_match *match, const struct part *part)
{
    const struct iw_correlate_source source = {.match = match, .key = part->tuple.texts};
    return add_pending(correlator, &correlator->program->above[at], &source);
}

static enum iw_rc visit(struct iw_correlator *correlator, size_t at,
                        const struct iw_correlate_match *match, const struct part *part)
{
    struct iw_correlate_running *running = &correlator->running[at];
    enum iw_correlate_way way = running->setting.plan->way;
    const struct iw_correlate_visit visit = {
        {{match->time_ns, match->ordinal, correlator->n_fed, part->step},
         iw_correlate_cutoff(running, match->time_ns),
         part->steps,
         part->values,
         part->n_values,
         part->numbers,
         part->n_numbers},
        match,
        &part->tuple};
    bool holds = false;

    if ((way == IW_WAY_DISTINCT && part->n_values == 0) ||
        (way == IW_WAY_NUMBERS && part->n_numbers == 0)) {
        running->account.n_no_value++;
        return IW_OK;
    }
    if (listener_of(correlator, running) != NULL)
        IW_TRY(correlator->listener->visits(correlator->listener->user, &visit));
    IW_TRY(iw_correlate_visit_group(running, &visit, &holds));
    return holds ? pass_on(correlator, at, match, part) : IW_OK;
}

static enum iw_rc run_turn(struct iw_correlator *correlator, size_t at,
                           const struct iw_correlate_match *match)
{
    struct iw_correlate_running *running = &correlator->running[at];
    struct iw_correlate_account before;
    struct pending *pending;

    IW_TRY(iw_correlate_expire(running, match->time_ns));
    correlator->n_parts = 0;
    take_turn(correlator, at, &pending);
    before = running->account;
    for (; pending != NULL; pending = pending->next)
        IW_TRY(add_step(correlator, running, pending));
    /* An event counts once, however many steps it is. */
    running->account.n_lacking = before.n_lacking + (running->account.n_lacking > before.n_lacking);
    running->account.n_cut = before.n_cut + (running->account.n_cut > before.n_cut);
    for (size_t i = 0; i < correlator->n_parts; i++)
        IW_TRY(visit(correlator, at, match, &correlator->parts[i]));
    return IW_OK;
}

/* --- the limit --- */

static struct iw_correlate_running *largest(struct iw_correlator *correlator)
{
    struct iw_correlate_running *result = NULL;

    for (size_t i = 0; i < correlator->program->n; i++) {
        struct iw_correlate_running *running = &correlator->running[i];
        if (running->groups.oldest != NULL &&
            (result == NULL || running->setting.heap.held_bytes > result->setting.heap.held_bytes))
            result = running;
    }
    return result;
}

/* Windows that are over are ended first; if that is not enough, the largest correlation gives up
 * its stalest groups, one after the other. */
static enum iw_rc make_room(struct iw_correlator *correlator, int64_t time_ns)
{
    struct iw_correlate_running *running;

    for (size_t i = 0; i < correlator->program->n; i++)
        IW_TRY(iw_correlate_expire(&correlator->running[i], time_ns));
    while (correlator->total.held_bytes > correlator->options.limit_bytes &&
           (running = largest(correlator)) != NULL)
        IW_TRY(iw_correlate_give_up(running, time_ns));
    return IW_OK;
}

/* --- feeding --- */

/* Counts an event without a time at every correlation that stands on what it matched. */
static void count_untimed(struct iw_correlator *correlator, const struct iw_correlate_match *match)
{
    for (size_t i = 0; i < match->n_rules; i++) {
        const struct iw_correlate_uses *uses = &correlator->program->rules[match->rules[i]].uses;
        for (size_t k = 0; k < uses->n; k++)
            correlator->waiting[uses->uses[k].correlation / 64] |=
                (uint64_t)1 << uses->uses[k].correlation % 64;
    }
    for (size_t at = next_turn(correlator, 0); at != SIZE_MAX; at = next_turn(correlator, at)) {
        struct pending *none;
        take_turn(correlator, at, &none);
        correlator->running[at].account.n_untimed++;
    }
}

static enum iw_rc run(struct iw_correlator *correlator, const struct iw_correlate_match *match)
{
    struct iw_correlate_source source = {.match = match};

    source.folded =
        iw_arena_calloc(&correlator->scratch, match->n_values + 1, sizeof *source.folded);
    if (source.folded == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < match->n_rules; i++) {
        assert(match->rules[i] < correlator->program->n_rules);
        IW_TRY(add_pending(correlator, &correlator->program->rules[match->rules[i]].uses, &source));
    }
    for (size_t at = next_turn(correlator, 0); at != SIZE_MAX; at = next_turn(correlator, at))
        IW_TRY(run_turn(correlator, at, match));
    return IW_OK;
}

enum iw_rc iw_correlator_feed(struct iw_correlator *correlator,
                              const struct iw_correlate_match *match)
{
    if (!iw_time_known(match->time_ns)) {
        count_untimed(correlator, match);
        return IW_OK;
    }
    assert(match->time_ns >= correlator->last_ns);
    correlator->last_ns = match->time_ns;
    correlator->n_fed++;
    iw_arena_reset(&correlator->scratch);
    IW_TRY(run(correlator, match));
    if (correlator->total.held_bytes > correlator->options.limit_bytes)
        return make_room(correlator, match->time_ns);
    return IW_OK;
}

enum iw_rc iw_correlator_finish(struct iw_correlator *correlator)
{
    for (size_t i = 0; i < correlator->program->n; i++)
        IW_TRY(iw_correlate_end_all(&correlator->running[i]));
    return IW_OK;
}

const struct iw_correlate_account *iw_correlator_account(const struct iw_correlator *correlator,
                                                         size_t correlation)
{
    return &correlator->running[correlation].account;
}

size_t iw_correlator_peak_bytes(const struct iw_correlator *correlator)
{
    return correlator->total.peak_bytes;
}
