/*
 * Pass 1 of a hunt: events of one thread profiled, matched, and kept as facts for pass 2.
 */
#include "engine/hunt_state.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/limits.h"
#include "context/context_fact.h"
#include "context/context_subject.h"
#include "detect/chain/chain_fact.h"
#include "engine/event_finding.h"
#include "engine/match_findings.h"
#include "engine/requests.h"
#include "order/log_mark.h"

struct hunt_thread {
    struct hunt_run *shared;
    struct iw_collector *collector;
    struct iw_switches *switches;
    struct iw_tree_hosts trees;
    struct iw_server_events *server_events;
    struct iw_sid_names *sid_names;
    struct iw_url_requests_feed *requests;
    struct iw_sigma_scanner *scanner;
    struct iw_order_feed order;
    struct iw_clocks *clocks;
    struct iw_hosts hosts; /* names of the facts' computers */
    struct rule_count *counts;
    struct iw_arena finding, scratch; /* of one event */
    struct iw_fact said;              /* what all facts of one event say, once somebody asked */
    bool has_said;
    struct iw_context_fact context; /* of the event, where it is one; its texts in *scratch* */
    bool has_context;
    struct iw_buffer payload, subject;
    uint32_t *kept; /* rules of one event; room for all, twice: with those that wait */
    struct iw_sigma_perhaps *waiting; /* rules of one event that wait for context; room for all */
    uint64_t n_outside_window;
    struct iw_error failure; /* why hits are not kept any more */
};

static enum iw_rc keep_hosts(struct iw_hosts *into, const struct iw_hosts *from)
{
    for (size_t i = 0; i < from->by_computer.n; i++)
        IW_TRY(iw_hosts_add(into, from->by_computer.entries[i].key));
    return IW_OK;
}

static enum iw_rc keep_results(struct hunt_thread *thread)
{
    struct hunt_run *shared = thread->shared;
    shared->run->n_outside_window += thread->n_outside_window;
    if (shared->run->failure.rc == IW_OK)
        shared->run->failure = thread->failure;
    for (size_t i = 0; i < shared->n_rules; i++) {
        shared->counts[i].n_matches += thread->counts[i].n_matches;
        shared->counts[i].n_unkept += thread->counts[i].n_unkept;
        shared->counts[i].n_unknown += iw_sigma_scanner_unknown(thread->scanner, i);
    }
    IW_TRY(keep_hosts(&shared->hosts, &thread->hosts));
    IW_TRY(iw_clocks_merge(shared->clocks, thread->clocks));
    IW_TRY(iw_tree_hosts_merge(&shared->trees, &thread->trees));
    IW_TRY(iw_server_events_merge(shared->server_events, thread->server_events));
    IW_TRY(iw_sid_names_merge(shared->sid_names, thread->sid_names));
    IW_TRY(iw_requests_end(thread->requests, shared->run));
    IW_TRY(iw_switches_merge(shared->switches, thread->switches));
    return iw_collector_merge(shared->collector, thread->collector);
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct hunt_thread *thread = state;
    enum iw_rc rc = keep ? keep_results(thread) : IW_OK;
    iw_free(thread->counts);
    iw_hosts_done(&thread->hosts);
    iw_tree_hosts_done(&thread->trees);
    iw_server_events_free(thread->server_events);
    iw_sid_names_free(thread->sid_names);
    iw_order_feed_done(&thread->order);
    iw_clocks_free(thread->clocks);
    iw_buffer_done(&thread->payload);
    iw_buffer_done(&thread->subject);
    iw_free(thread->kept);
    iw_free(thread->waiting);
    iw_sigma_scanner_free(thread->scanner);
    iw_collector_free(thread->collector);
    iw_switches_free(thread->switches);
    iw_arena_done(&thread->finding);
    iw_arena_done(&thread->scratch);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct hunt_run *shared = context;
    struct hunt_thread *thread = iw_calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    iw_hosts_init(&thread->hosts);
    iw_arena_init(&thread->finding, 0);
    iw_arena_init(&thread->scratch, 0);
    thread->collector = iw_collector_new_beside(shared->collector);
    thread->switches = iw_switches_new();
    thread->server_events = iw_server_events_new();
    thread->sid_names = iw_sid_names_new();
    thread->requests = iw_url_requests_feed_new(shared->requests);
    thread->scanner = iw_sigma_scanner_new(shared->ruleset);
    thread->counts = iw_calloc(shared->n_rules, sizeof *thread->counts);
    thread->kept = iw_calloc(2 * shared->n_rules, sizeof *thread->kept);
    thread->waiting = iw_calloc(shared->n_rules, sizeof *thread->waiting);
    thread->clocks = iw_clocks_new_beside(shared->clocks);
    iw_buffer_init(&thread->payload);
    iw_buffer_init(&thread->subject);
    if (iw_order_feed_init(&thread->order, shared->order) == IW_OK && thread->clocks != NULL &&
        thread->kept != NULL && thread->waiting != NULL && thread->sid_names != NULL &&
        iw_tree_hosts_init(&thread->trees, &shared->run->ledger) == IW_OK &&
        thread->collector != NULL && thread->switches != NULL && thread->server_events != NULL &&
        thread->requests != NULL && thread->scanner != NULL && thread->counts != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

/* Past the limit a name is no longer settled with the others, and shown by its label. */
static enum iw_rc keep_host(struct hunt_thread *thread, struct iw_str computer)
{
    if (thread->hosts.by_computer.n < IW_LIMIT_HOSTS)
        return iw_hosts_add(&thread->hosts, computer);
    if (iw_map_find(&thread->hosts.by_computer, computer) == NULL)
        thread->shared->has_hidden_hosts = true;
    return IW_OK;
}

/* Finds no room on the disk: the thread reads no further, and says why at the end. */
static enum iw_rc stop_reading(struct hunt_thread *thread, const uint32_t *rules, size_t n,
                               const struct iw_error *failure)
{
    for (size_t i = 0; i < n; i++)
        thread->counts[rules[i]].n_unkept++;
    thread->failure = *failure;
    return IW_ECANCELLED;
}

/* What every fact of the event says. The digest of its record costs more than most of what is made
 * of it, so it is made once. */
static enum iw_rc fact_of(struct hunt_thread *thread, const struct iw_event *event,
                          struct iw_fact *ret)
{
    if (!thread->has_said)
        IW_TRY(iw_fact_of_event(event, &thread->scratch, &thread->said));
    thread->has_said = true;
    *ret = thread->said;
    return IW_OK;
}

/* Adds the fact whose payload was written; *rules* are those that would be missing with it. */
static enum iw_rc keep_fact(struct hunt_thread *thread, enum iw_order_reading reading,
                            struct iw_fact *fact, const uint32_t *rules, size_t n)
{
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (thread->payload.failed)
        return IW_ENOMEM;
    fact->payload = iw_buffer_str(&thread->payload);
    IW_TRY(keep_host(thread, fact->computer));
    rc = iw_order_add(&thread->order, reading, fact, &failure);
    return rc == IW_EIO ? stop_reading(thread, rules, n, &failure) : rc;
}

/* What must be known of the event to decide rules that wait for its context. */
static enum iw_rc add_subject(struct hunt_thread *thread, const struct iw_event *event,
                              struct iw_match *match)
{
    struct iw_context_subject subject;
    if (match->n_perhaps == 0)
        return IW_OK;
    IW_TRY(iw_context_subject_read(event, &thread->scratch, &subject));
    iw_buffer_clear(&thread->subject);
    iw_context_subject_write(&subject, &thread->subject);
    match->subject = iw_buffer_str(&thread->subject);
    return thread->subject.failed ? IW_ENOMEM : IW_OK;
}

/* An event that rules matched or perhaps match: kept once, for all of them. *rules* has room for
 * the second, too. */
static enum iw_rc keep_match(struct hunt_thread *thread, const struct iw_event *event,
                             uint32_t *rules, size_t n, size_t n_waiting)
{
    struct iw_match match = {
        .rules = rules, .n_rules = n, .perhaps = thread->waiting, .n_perhaps = n_waiting};
    size_t n_all = n + n_waiting;
    struct iw_finding finding;
    struct iw_fact fact;
    iw_arena_reset(&thread->finding);
    for (size_t i = 0; i < n_waiting; i++)
        rules[n + i] = thread->waiting[i].rule;
    IW_TRY(iw_sigma_scanner_carry(thread->scanner, event, rules, n_all, &match.values,
                                  &match.n_values));
    IW_TRY(iw_event_finding_make(event, &thread->finding, &thread->scratch, &finding));
    IW_TRY(add_subject(thread, event, &match));
    IW_TRY(fact_of(thread, event, &fact));
    fact.kind = IW_FACT_MATCH;
    iw_buffer_clear(&thread->payload);
    iw_match_write(&match, &finding, &thread->payload);
    if (n_waiting != 0)
        IW_TRY(keep_fact(thread, IW_ORDER_OF_HOSTS, &fact, rules, n_all));
    return keep_fact(thread, IW_ORDER_OVERALL, &fact, rules, n_all);
}

/* A time that may yet be corrected decides nothing; what correlations stand on is always kept. */
static bool is_wanted(const struct hunt_run *shared, const struct iw_event *event, uint32_t rule)
{
    const struct iw_hunt_options *options = shared->hunt_options;
    return iw_match_is_shown(options->since_ns, options->until_ns, event->time_ns,
                             (event->flags & IW_EVENT_TIME_LOCAL) != 0) ||
           iw_event_clock(event) == IW_CLOCK_EXPORT ||
           (shared->n_correlations != 0 && iw_correlate_wants(shared->ruleset, rule));
}

static enum iw_rc take_matches(struct hunt_thread *thread, const struct iw_event *event,
                               const uint32_t *rules, size_t n)
{
    struct hunt_run *shared = thread->shared;
    const struct iw_sigma_perhaps *perhaps;
    size_t n_kept = 0, n_waiting = 0, n_perhaps;
    perhaps = iw_sigma_scanner_perhaps(thread->scanner, &n_perhaps);
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
    rc = iw_log_mark_read(event, &thread->scratch, &mark);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    IW_TRY(fact_of(thread, event, &fact));
    fact.kind = IW_FACT_LOG_MARK;
    iw_buffer_clear(&thread->payload);
    iw_log_mark_write(&mark, &thread->payload);
    return keep_fact(thread, IW_ORDER_OVERALL, &fact, NULL, 0);
}

/* Content of a fact that is known by what it says. Facts that only look alike are told apart by
 * who reads them: their payloads differ. */
static void hash_said(struct iw_str said, uint8_t dialect, struct iw_fact *ret)
{
    uint64_t hash[2];
    hash[0] = iw_hash_bytes_fixed(said.p, said.n, 1 + (uint64_t)dialect);
    hash[1] = iw_hash_bytes_fixed(said.p, said.n, hash[0]);
    memcpy(ret->content, hash, sizeof ret->content);
}

/* What it says of processes and logons. Two such facts are copies when they say the same: no more
 * of the event is needed to know that, and its digest would cost more than the fact. Their order
 * within an instant comes of it: it is the same in every run. */
static enum iw_rc take_context(struct hunt_thread *thread, const struct iw_event *event)
{
    struct iw_fact fact;
    enum iw_rc rc = iw_context_fact_read(event, &thread->scratch, &thread->context);
    thread->has_context = rc == IW_OK;
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    iw_buffer_clear(&thread->payload);
    iw_context_fact_write(&thread->context, &thread->payload);
    iw_fact_of_record(event, &fact);
    fact.kind = IW_FACT_CONTEXT;
    hash_said(iw_buffer_str(&thread->payload), 0, &fact);
    return keep_fact(thread, IW_ORDER_OF_HOSTS, &fact, NULL, 0);
}

static enum iw_rc take_request(struct hunt_thread *thread, const struct iw_event *event)
{
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc = iw_url_requests_add(thread->requests, event, &failure);
    return rc == IW_EIO ? stop_reading(thread, NULL, 0, &failure) : rc;
}

/* Titles of the rules that the event matched, for the chain it may be a link of. */
static enum iw_rc name_rules(struct hunt_thread *thread, const uint32_t *rules, size_t n,
                             struct iw_str *ret)
{
    iw_buffer_clear(&thread->subject);
    for (size_t i = 0; i < n && thread->subject.n < IW_LIMIT_CONTEXT_TEXT_BYTES; i++) {
        if (i != 0)
            iw_buffer_add(&thread->subject, IW_STR("; "));
        iw_buffer_add(&thread->subject, thread->shared->rules[rules[i]].title);
    }
    *ret = iw_buffer_str(&thread->subject);
    return thread->subject.failed ? IW_ENOMEM : IW_OK;
}

/* Whether it is kept as a match, too. */
static bool is_matched(struct hunt_thread *thread, size_t n_rules)
{
    size_t n_perhaps;
    (void)iw_sigma_scanner_perhaps(thread->scanner, &n_perhaps);
    return n_rules != 0 || n_perhaps != 0;
}

/* By which copies of the fact are known: what it says, where that is all of the event that matters,
 * else what the record says. An event without a record id is known by its dialect, too. */
static enum iw_rc know_chain(struct hunt_thread *thread, const struct iw_event *event,
                             enum iw_chain_fact_kind kind, struct iw_fact *ret)
{
    struct iw_str said;
    if (!iw_chain_fact_says_all(kind))
        return fact_of(thread, event, ret);
    said = iw_chain_fact_said(iw_buffer_str(&thread->payload));
    iw_fact_of_record(event, ret);
    hash_said(said, event->record_id == 0 ? event->dialect : 0, ret);
    return IW_OK;
}

/* The match about the same event is known by what its record says: the chain has to name that. */
static enum iw_rc name_match(struct hunt_thread *thread, const struct iw_event *event,
                             size_t n_rules, struct iw_chain_fact *chain)
{
    struct iw_fact fact;
    if (!iw_chain_fact_says_all(chain->kind) || !is_matched(thread, n_rules))
        return IW_OK;
    IW_TRY(fact_of(thread, event, &fact));
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
    rc =
        iw_chain_fact_read(event, &thread->shared->chain_settings,
                           thread->has_context ? &thread->context : NULL, &thread->scratch, &chain);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    IW_TRY(name_rules(thread, rules, n, &chain.rules));
    IW_TRY(name_match(thread, event, n, &chain));
    iw_buffer_clear(&thread->payload);
    iw_chain_fact_write(&chain, &thread->payload);
    IW_TRY(know_chain(thread, event, chain.kind, &fact));
    fact.kind = IW_FACT_CHAIN;
    return keep_fact(thread, IW_ORDER_OF_HOSTS, &fact, NULL, 0);
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct hunt_thread *thread = state;
    IW_TRY(iw_tree_hosts_add(&thread->trees, batch));
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        const uint32_t *rules;
        size_t n_rules;
        thread->has_said = thread->has_context = false;
        iw_arena_reset(&thread->scratch);
        IW_TRY(iw_collector_add(thread->collector, event));
        IW_TRY(iw_server_events_add(thread->server_events, event));
        if ((event->flags & IW_EVENT_DECODED) == 0)
            continue;
        IW_TRY(iw_clocks_add(thread->clocks, event));
        IW_TRY(iw_switches_add(thread->switches, event));
        IW_TRY(take_log_mark(thread, event));
        IW_TRY(iw_sid_names_add(thread->sid_names, event));
        IW_TRY(take_context(thread, event));
        IW_TRY(take_request(thread, event));
        IW_TRY(iw_sigma_scanner_match(thread->scanner, event, &rules, &n_rules));
        IW_TRY(take_chain(thread, event, rules, n_rules));
        IW_TRY(take_matches(thread, event, rules, n_rules));
    }
    return IW_OK;
}

struct iw_consumer iw_hunt_consumer(struct hunt_run *hunt)
{
    return (struct iw_consumer){hunt, thread_begin, take_batch, NULL, thread_end};
}
