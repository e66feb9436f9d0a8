/*
 * Pass 1 of a hunt: events of one thread profiled, matched, and kept as facts for pass 2.
 */
#include "engine/hunt_state.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "detect/chain/chain_fact.h"
#include "engine/match_findings.h"
#include "engine/requests.h"
#include "order/log_mark.h"

struct hunt_thread {
    struct hunt_run *shared;
    struct iw_gatherer gatherer;
    struct iw_switches *switches;
    struct iw_canary_watch *canaries; /* NULL: none are looked for */
    struct iw_url_requests_feed *requests;
    struct rule_count *counts;
    struct iw_buffer titles;
    uint32_t *kept; /* rules of one event; room for all, twice: with those that wait */
    struct iw_sigma_perhaps *waiting; /* rules of one event that wait for context; room for all */
    uint64_t n_outside_window;
};

static enum iw_rc keep_results(struct hunt_thread *thread)
{
    struct hunt_run *shared = thread->shared;
    shared->run->n_outside_window += thread->n_outside_window;
    for (size_t i = 0; i < shared->n_rules; i++) {
        shared->counts[i].n_matches += thread->counts[i].n_matches;
        shared->counts[i].n_unkept += thread->counts[i].n_unkept;
        shared->counts[i].n_unknown += iw_sigma_scanner_unknown(thread->gatherer.scanner, i);
    }
    IW_TRY(iw_requests_end(thread->requests, shared->run));
    if (shared->canaries != NULL)
        IW_TRY(iw_canary_watch_merge(shared->canaries, thread->canaries));
    return iw_switches_merge(shared->switches, thread->switches);
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct hunt_thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    enum iw_rc gathered = iw_gatherer_end(&thread->gatherer, keep && rc == IW_OK);
    iw_free(thread->counts);
    iw_buffer_done(&thread->titles);
    iw_free(thread->kept);
    iw_free(thread->waiting);
    iw_switches_free(thread->switches);
    iw_canary_watch_free(thread->canaries);
    iw_free(thread);
    return rc != IW_OK ? rc : gathered;
}

static void *thread_begin(void *context)
{
    struct hunt_run *shared = context;
    struct hunt_thread *thread = iw_calloc(1, sizeof *thread);
    bool is_ready;
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    is_ready = iw_gatherer_begin(&thread->gatherer, &shared->gathering) == IW_OK;
    thread->switches = iw_switches_new();
    if (shared->canaries != NULL)
        thread->canaries = iw_canary_watch_new(shared->hunt_options->canary->plan);
    thread->requests = iw_url_requests_feed_new(shared->requests);
    thread->counts = iw_calloc(shared->n_rules, sizeof *thread->counts);
    thread->kept = iw_calloc(2 * shared->n_rules, sizeof *thread->kept);
    thread->waiting = iw_calloc(shared->n_rules, sizeof *thread->waiting);
    iw_buffer_init(&thread->titles);
    if (thread->switches != NULL)
        iw_switches_watch(thread->switches, &shared->folders);
    if (is_ready && (thread->canaries != NULL) == (shared->canaries != NULL) &&
        thread->kept != NULL && thread->waiting != NULL && thread->switches != NULL &&
        thread->requests != NULL && thread->counts != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

/* An event that rules matched or perhaps match: kept once, for all of them. *rules* has room for
 * the second, too. Where it finds no room they are counted. */
static enum iw_rc keep_match(struct hunt_thread *thread, const struct iw_event *event,
                             uint32_t *rules, size_t n, size_t n_waiting)
{
    struct iw_match match = {
        .rules = rules, .n_rules = n, .perhaps = thread->waiting, .n_perhaps = n_waiting};
    enum iw_rc rc;
    for (size_t i = 0; i < n_waiting; i++)
        rules[n + i] = thread->waiting[i].rule;
    rc = iw_gatherer_keep_match(&thread->gatherer, event, &match, rules, n + n_waiting);
    for (size_t i = 0; rc == IW_ECANCELLED && i < n + n_waiting; i++)
        thread->counts[rules[i]].n_unkept++;
    return rc;
}

/* A time that may yet be corrected decides nothing; what correlations stand on is always kept. */
static bool is_wanted(const struct hunt_run *shared, const struct iw_event *event, uint32_t rule)
{
    const struct iw_hunt_options *options = shared->hunt_options;
    return iw_match_is_shown(options->since_ns, options->until_ns, event->time_ns,
                             (event->flags & IW_EVENT_TIME_LOCAL) != 0) ||
           iw_event_clock(event) == IW_CLOCK_EXPORT ||
           (shared->n_correlations != 0 && iw_correlate_wants(shared->gathering.ruleset, rule));
}

static enum iw_rc take_matches(struct hunt_thread *thread, const struct iw_event *event,
                               const uint32_t *rules, size_t n)
{
    struct hunt_run *shared = thread->shared;
    const struct iw_sigma_perhaps *perhaps;
    size_t n_kept = 0, n_waiting = 0, n_perhaps;
    perhaps = iw_sigma_scanner_perhaps(thread->gatherer.scanner, &n_perhaps);
    for (size_t i = 0; i < n_perhaps; i++) {
        if (is_wanted(shared, event, perhaps[i].rule))
            thread->waiting[n_waiting++] = perhaps[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_wanted(shared, event, rules[i])) {
            thread->n_outside_window++;
            continue;
        }
        thread->counts[rules[i]].n_matches++;
        thread->kept[n_kept++] = rules[i];
    }
    if (shared->options->progress != NULL)
        shared->options->progress->n_findings += n_kept;
    if (n_kept == 0 && n_waiting == 0)
        return IW_OK;
    return keep_match(thread, event, thread->kept, n_kept, n_waiting);
}

/* What a log says of itself and of its clock. */
static enum iw_rc take_log_mark(struct hunt_thread *thread, const struct iw_event *event)
{
    struct iw_log_mark mark;
    struct iw_fact fact;
    enum iw_rc rc;
    rc = iw_log_mark_read(event, &thread->gatherer.scratch, &mark);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    IW_TRY(iw_gatherer_fact(&thread->gatherer, event, &fact));
    fact.kind = IW_FACT_LOG_MARK;
    iw_buffer_clear(&thread->gatherer.payload);
    iw_log_mark_write(&mark, &thread->gatherer.payload);
    return iw_gatherer_keep(&thread->gatherer, IW_ORDER_OVERALL, &fact);
}

static enum iw_rc take_request(struct hunt_thread *thread, const struct iw_event *event)
{
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc = iw_url_requests_add(thread->requests, event, &failure);
    return rc == IW_EIO ? iw_gatherer_stop(&thread->gatherer, &failure) : rc;
}

/* Titles of the rules that the event matched, for the chain it may be a link of. */
static enum iw_rc name_rules(struct hunt_thread *thread, const uint32_t *rules, size_t n,
                             struct iw_str *ret)
{
    iw_buffer_clear(&thread->titles);
    for (size_t i = 0; i < n && thread->titles.n < IW_LIMIT_CONTEXT_TEXT_BYTES; i++) {
        if (i != 0)
            iw_buffer_add(&thread->titles, IW_STR("; "));
        iw_buffer_add(&thread->titles, thread->shared->rules[rules[i]].title);
    }
    *ret = iw_buffer_str(&thread->titles);
    return thread->titles.failed ? IW_ENOMEM : IW_OK;
}

/* Whether it is kept as a match, too. */
static bool is_matched(struct hunt_thread *thread, size_t n_rules)
{
    size_t n_perhaps;
    (void)iw_sigma_scanner_perhaps(thread->gatherer.scanner, &n_perhaps);
    return n_rules != 0 || n_perhaps != 0;
}

/* By which copies of the fact are known: what it says, where that is all of the event that matters,
 * else what the record says. An event without a record id is known by its dialect, too. */
static enum iw_rc know_chain(struct hunt_thread *thread, const struct iw_event *event,
                             enum iw_chain_fact_kind kind, struct iw_fact *ret)
{
    struct iw_str said;
    if (!iw_chain_fact_says_all(kind))
        return iw_gatherer_fact(&thread->gatherer, event, ret);
    said = iw_chain_fact_said(iw_buffer_str(&thread->gatherer.payload));
    iw_fact_of_record(event, ret);
    iw_gatherer_know(said, event->record_id == 0 ? event->dialect : 0, ret);
    return IW_OK;
}

/* The match about the same event is known by what its record says: the chain has to name that. */
static enum iw_rc name_match(struct hunt_thread *thread, const struct iw_event *event,
                             size_t n_rules, struct iw_chain_fact *chain)
{
    struct iw_fact fact;
    if (!iw_chain_fact_says_all(chain->kind) || !is_matched(thread, n_rules))
        return IW_OK;
    IW_TRY(iw_gatherer_fact(&thread->gatherer, event, &fact));
    chain->has_record = true;
    memcpy(chain->record, fact.content, sizeof chain->record);
    return IW_OK;
}

/* What it may be in a chain of evidence. */
static enum iw_rc take_chain(struct hunt_thread *thread, const struct iw_event *event,
                             const uint32_t *rules, size_t n)
{
    struct iw_chain_fact chain;
    struct iw_fact fact;
    enum iw_rc rc;
    if (!thread->shared->has_chains)
        return IW_OK;
    rc = iw_chain_fact_read(event, &thread->shared->chain_settings,
                            thread->gatherer.has_context ? &thread->gatherer.context : NULL,
                            &thread->gatherer.scratch, &chain);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    IW_TRY(name_rules(thread, rules, n, &chain.rules));
    IW_TRY(name_match(thread, event, n, &chain));
    iw_buffer_clear(&thread->gatherer.payload);
    iw_chain_fact_write(&chain, &thread->gatherer.payload);
    IW_TRY(know_chain(thread, event, chain.kind, &fact));
    fact.kind = IW_FACT_CHAIN;
    return iw_gatherer_keep(&thread->gatherer, IW_ORDER_OF_HOSTS, &fact);
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct hunt_thread *thread = state;
    IW_TRY(iw_tree_hosts_add(&thread->gatherer.trees, batch));
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        const uint32_t *rules;
        size_t n_rules;
        IW_TRY(iw_gatherer_see(&thread->gatherer, event));
        if ((event->flags & IW_EVENT_DECODED) == 0)
            continue;
        IW_TRY(iw_switches_add(thread->switches, event));
        if (thread->canaries != NULL)
            IW_TRY(iw_canary_watch_see(thread->canaries, event));
        IW_TRY(take_log_mark(thread, event));
        IW_TRY(take_request(thread, event));
        IW_TRY(iw_sigma_scanner_match(thread->gatherer.scanner, event, &rules, &n_rules));
        IW_TRY(take_chain(thread, event, rules, n_rules));
        IW_TRY(take_matches(thread, event, rules, n_rules));
    }
    return IW_OK;
}

struct iw_consumer iw_hunt_consumer(struct hunt_run *hunt)
{
    return (struct iw_consumer){hunt, thread_begin, take_batch, NULL, thread_end};
}
