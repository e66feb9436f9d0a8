/*
 * Matches in event time. What is decoded is what a hunt with these rules decodes, so that clocks
 * are corrected by the same witnesses; rules that wait for context are decided as a hunt decides
 * them.
 */
#include "engine/matches.h"

#include "base/alloc.h"
#include "engine/context_reading.h"

/* Of the memory for sorting, what decisions may take: they are few and short. */
#define DECISIONS_SHARE 8U

struct iw_matches {
    const struct iw_matches_input *input;
    struct iw_run *run;
    struct iw_context_reading reading;
    struct iw_decisions *decisions; /* NULL: no rule waits for context */
    uint64_t n_events;
};

struct thread {
    struct iw_matches *shared;
    struct iw_gatherer gatherer;
    uint32_t *kept; /* rules of one event; room for all, twice: with those that wait */
    struct iw_sigma_perhaps *waiting;
    uint64_t n_events;
};

/* --- one thread ---------------------------------------------------------------------------- */

static enum iw_rc thread_end(void *state, bool keep)
{
    struct thread *thread = state;
    enum iw_rc rc = iw_gatherer_end(&thread->gatherer, keep);
    if (keep)
        thread->shared->n_events += thread->n_events;
    iw_free(thread->kept);
    iw_free(thread->waiting);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct iw_matches *shared = context;
    size_t n_rules = iw_sigma_ruleset_count(shared->input->book->ruleset);
    struct thread *thread = iw_calloc(1, sizeof *thread);
    bool is_ready;
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    is_ready = iw_gatherer_begin(&thread->gatherer, &shared->reading.gathering) == IW_OK;
    thread->kept = iw_calloc(2 * n_rules + 1, sizeof *thread->kept);
    thread->waiting = iw_calloc(n_rules + 1, sizeof *thread->waiting);
    if (is_ready && thread->kept != NULL && thread->waiting != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

static enum iw_rc take_rules(struct thread *thread, const struct iw_event *event,
                             const uint32_t *rules, size_t n_rules)
{
    const bool *wanted = thread->shared->input->wanted;
    struct iw_match match = {.rules = thread->kept, .perhaps = thread->waiting};
    size_t n_perhaps, n_all;
    const struct iw_sigma_perhaps *perhaps =
        iw_sigma_scanner_perhaps(thread->gatherer.scanner, &n_perhaps);
    for (size_t i = 0; i < n_rules; i++) {
        if (wanted[rules[i]])
            thread->kept[match.n_rules++] = rules[i];
    }
    n_all = match.n_rules;
    for (size_t i = 0; i < n_perhaps; i++) {
        if (!wanted[perhaps[i].rule])
            continue;
        thread->waiting[match.n_perhaps++] = perhaps[i];
        thread->kept[n_all++] = perhaps[i].rule;
    }
    if (n_all == 0)
        return IW_OK;
    return iw_gatherer_keep_match(&thread->gatherer, event, &match, thread->kept, n_all);
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct thread *thread = state;
    IW_TRY(iw_tree_hosts_add(&thread->gatherer.trees, batch));
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        const uint32_t *rules;
        size_t n_rules;
        thread->n_events++;
        IW_TRY(iw_gatherer_see(&thread->gatherer, event));
        if ((event->flags & IW_EVENT_DECODED) == 0)
            continue;
        IW_TRY(iw_sigma_scanner_match(thread->gatherer.scanner, event, &rules, &n_rules));
        IW_TRY(take_rules(thread, event, rules, n_rules));
    }
    return IW_OK;
}

/* --- reading ------------------------------------------------------------------------------- */

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

static bool needs_context(const struct iw_matches_input *input)
{
    const struct iw_sigma_ruleset *ruleset = input->book->ruleset;
    for (size_t i = 0; i < iw_sigma_ruleset_count(ruleset); i++) {
        if (input->wanted[i] && iw_sigma_ruleset_asks_context(ruleset, i))
            return true;
    }
    return false;
}

static enum iw_rc decide(struct iw_matches *matches, struct iw_error *err)
{
    const struct iw_context_pass wanted = {.decisions = matches->decisions};
    if (matches->decisions == NULL)
        return IW_OK;
    IW_TRY(iw_context_reading_pass(&matches->reading, &wanted, err));
    return iw_decisions_settle(matches->decisions, &matches->reading.gathering.hosts, err);
}

static enum iw_rc prepare(struct iw_matches *matches, struct iw_route *route)
{
    const struct iw_matches_input *input = matches->input;
    const struct iw_context_reading_input reading = {.options = input->options,
                                                     .servers = input->servers,
                                                     .book = input->book,
                                                     .spill = input->spill,
                                                     .budget_bytes = input->budget_bytes,
                                                     .needs_context = needs_context(input)};
    IW_TRY(iw_context_reading_init(&matches->reading, &reading, matches->run));
    if (reading.needs_context) {
        matches->decisions = iw_decisions_new(input->spill, input->budget_bytes / DECISIONS_SHARE);
        if (matches->decisions == NULL)
            return IW_ENOMEM;
    }
    return iw_gathering_route(&matches->reading.gathering, route);
}

enum iw_rc iw_matches_read(const struct iw_matches_input *input, struct iw_run *run,
                           struct iw_matches **ret, struct iw_error *err)
{
    struct iw_matches *matches = iw_calloc(1, sizeof *matches);
    struct iw_consumer consumer = {matches, thread_begin, take_batch, NULL, thread_end};
    struct iw_route route;
    enum iw_rc rc;
    *ret = matches;
    if (matches == NULL)
        return no_memory(err);
    matches->input = input;
    matches->run = run;
    iw_route_init(&route);
    rc = prepare(matches, &route) == IW_OK ? IW_OK : no_memory(err);
    if (rc == IW_OK)
        rc = iw_context_reading_run(&matches->reading, &route, &consumer, err);
    if (rc == IW_OK)
        rc = decide(matches, err);
    iw_route_done(&route);
    return rc;
}

void iw_matches_free(struct iw_matches *matches)
{
    if (matches == NULL)
        return;
    iw_decisions_free(matches->decisions);
    iw_context_reading_done(&matches->reading);
    iw_free(matches);
}

uint64_t iw_matches_n_events(const struct iw_matches *matches)
{
    return matches->n_events;
}

/* --- in event time ------------------------------------------------------------------------- */

struct giving {
    struct iw_matches *matches;
    struct iw_order_reader *reader;
    struct iw_decision_reader *decisions; /* NULL: nothing was decided */
    struct iw_arena arena;                /* of one event */
};

/* All forms of the record joined: others may match more rules. */
static enum iw_rc read_match(struct giving *giving, const struct iw_fact *fact,
                             struct iw_match *ret, struct iw_error *err)
{
    IW_TRY(iw_decisions_read_form(giving->decisions, fact, &giving->arena, ret, err));
    for (size_t i = 0; i < fact->n_variants; i++) {
        struct iw_match more;
        IW_TRY(
            iw_decisions_read_variant(giving->decisions, fact, i, ret, &giving->arena, &more, err));
        if (iw_match_join(ret, &more, &giving->arena) != IW_OK)
            return no_memory(err);
    }
    return IW_OK;
}

static enum iw_rc give_all(struct giving *giving, iw_take_match *take, void *context,
                           struct iw_error *err)
{
    struct iw_run *run = giving->matches->run;
    struct iw_fact fact;
    struct iw_match match;
    uint64_t ordinal = 0;
    enum iw_rc rc;
    run->n_duplicate_events = 0;
    while ((rc = iw_order_next(giving->reader, &fact, err)) == IW_OK) {
        iw_arena_reset(&giving->arena);
        IW_TRY(read_match(giving, &fact, &match, err));
        if (match.n_rules == 0) /* all of its rules waited for context, and none matches */
            continue;
        run->n_duplicate_events += fact.n_copies + fact.n_copies_hidden;
        IW_TRY(take(context, ordinal++, &fact, &match, err));
    }
    return rc == IW_END ? IW_OK : rc;
}

enum iw_rc iw_matches_each(struct iw_matches *matches, iw_take_match *take, void *context,
                           struct iw_error *err)
{
    struct giving giving = {.matches = matches};
    enum iw_rc rc;
    IW_TRY(iw_order_open(matches->reading.gathering.order, IW_ORDER_OVERALL, false, &giving.reader,
                         err));
    iw_arena_init(&giving.arena, 0);
    rc = matches->decisions != NULL ? iw_decisions_open(matches->decisions, &giving.decisions, err)
                                    : IW_OK;
    if (rc == IW_OK)
        rc = give_all(&giving, take, context, err);
    iw_decisions_close(giving.decisions);
    iw_arena_done(&giving.arena);
    iw_order_close(giving.reader);
    return rc;
}
