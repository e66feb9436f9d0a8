#include "engine/gathering.h"

#include "base/hash.h"
#include "base/limits.h"
#include "context/context_subject.h"
#include "engine/event_finding.h"
#include "engine/settle.h"
#include "order/log_mark.h"

/* --- the run ------------------------------------------------------------------------------- */

enum iw_rc iw_gathering_init(struct iw_gathering *gathering, struct iw_run *run,
                             const struct iw_sigma_ruleset *ruleset, struct iw_spill *spill,
                             size_t order_bytes)
{
    gathering->run = run;
    gathering->ruleset = ruleset;
    iw_hosts_init(&gathering->hosts);
    gathering->collector = iw_collector_new();
    gathering->server_events = iw_server_events_new();
    gathering->sid_names = iw_sid_names_new();
    gathering->order = iw_order_new(spill, order_bytes);
    return gathering->collector != NULL && gathering->server_events != NULL &&
                   gathering->sid_names != NULL && gathering->order != NULL
               ? IW_OK
               : IW_ENOMEM;
}

void iw_gathering_done(struct iw_gathering *gathering)
{
    iw_order_free(gathering->order);
    iw_clocks_free(gathering->clocks);
    iw_hosts_done(&gathering->hosts);
    iw_tree_hosts_done(&gathering->trees);
    iw_server_events_free(gathering->server_events);
    iw_sid_names_free(gathering->sid_names);
    iw_collector_free(gathering->collector);
}

enum iw_rc iw_gathering_route(const struct iw_gathering *gathering, struct iw_route *route)
{
    IW_TRY(iw_sigma_ruleset_route(gathering->ruleset, route));
    IW_TRY(iw_context_fact_route(route));
    IW_TRY(iw_sid_names_route(route));
    IW_TRY(iw_server_events_route(route));
    return iw_log_mark_route(route);
}

enum iw_rc iw_gathering_know_ledger(struct iw_gathering *gathering)
{
    const struct iw_ledger *ledger = &gathering->run->ledger;
    gathering->clocks = iw_clocks_new(ledger);
    return gathering->clocks != NULL ? iw_tree_hosts_init(&gathering->trees, ledger) : IW_ENOMEM;
}

enum iw_rc iw_gathering_settle(struct iw_gathering *gathering, struct iw_server_facts *facts)
{
    struct iw_hosts *hosts = &gathering->hosts;
    struct iw_run *run = gathering->run;
    IW_TRY(iw_server_events_hosts(gathering->server_events, hosts));
    IW_TRY(iw_sid_names_hosts(gathering->sid_names, hosts));
    IW_TRY(iw_settle_hosts(gathering->collector, &gathering->trees, hosts, run));
    iw_collector_free(gathering->collector); /* the profile is made: hosts need the room */
    gathering->collector = NULL;
    IW_TRY(iw_clocks_settle(gathering->clocks, hosts));
    IW_TRY(iw_clocks_tell(gathering->clocks, run));
    IW_TRY(iw_settle_host_times(gathering->clocks, run));
    IW_TRY(iw_sid_names_settle(gathering->sid_names, hosts));
    return iw_server_events_settle(gathering->server_events, hosts, facts);
}

enum iw_rc iw_gathering_settle_order(struct iw_gathering *gathering, struct iw_error *err)
{
    struct iw_run *run = gathering->run;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc =
        iw_order_settle(gathering->order, &gathering->hosts, gathering->clocks, &failure);
    if (rc == IW_EIO) {
        if (run->failure.rc == IW_OK)
            run->failure = failure;
        return IW_OK;
    }
    if (rc != IW_OK && err != NULL)
        *err = failure;
    return rc;
}

/* --- a thread ------------------------------------------------------------------------------ */

enum iw_rc iw_gatherer_begin(struct iw_gatherer *gatherer, struct iw_gathering *shared)
{
    gatherer->shared = shared;
    iw_hosts_init(&gatherer->hosts);
    iw_arena_init(&gatherer->record, 0);
    iw_arena_init(&gatherer->scratch, 0);
    iw_buffer_init(&gatherer->payload);
    iw_buffer_init(&gatherer->subject);
    gatherer->collector = iw_collector_new_beside(shared->collector);
    gatherer->server_events = iw_server_events_new();
    gatherer->sid_names = iw_sid_names_new();
    gatherer->scanner = iw_sigma_scanner_new(shared->ruleset);
    gatherer->clocks = iw_clocks_new_beside(shared->clocks);
    IW_TRY(iw_order_feed_init(&gatherer->order, shared->order));
    IW_TRY(iw_tree_hosts_init(&gatherer->trees, &shared->run->ledger));
    return gatherer->collector != NULL && gatherer->server_events != NULL &&
                   gatherer->sid_names != NULL && gatherer->scanner != NULL &&
                   gatherer->clocks != NULL
               ? IW_OK
               : IW_ENOMEM;
}

static enum iw_rc hand_over(struct iw_gatherer *gatherer)
{
    struct iw_gathering *shared = gatherer->shared;
    const struct iw_map *names = &gatherer->hosts.by_computer;
    if (shared->run->failure.rc == IW_OK)
        shared->run->failure = gatherer->failure;
    for (size_t i = 0; i < names->n; i++)
        IW_TRY(iw_hosts_add(&shared->hosts, names->entries[i].key));
    IW_TRY(iw_clocks_merge(shared->clocks, gatherer->clocks));
    IW_TRY(iw_tree_hosts_merge(&shared->trees, &gatherer->trees));
    IW_TRY(iw_server_events_merge(shared->server_events, gatherer->server_events));
    IW_TRY(iw_sid_names_merge(shared->sid_names, gatherer->sid_names));
    return iw_collector_merge(shared->collector, gatherer->collector);
}

enum iw_rc iw_gatherer_end(struct iw_gatherer *gatherer, bool keep)
{
    enum iw_rc rc = keep ? hand_over(gatherer) : IW_OK;
    iw_hosts_done(&gatherer->hosts);
    iw_tree_hosts_done(&gatherer->trees);
    iw_server_events_free(gatherer->server_events);
    iw_sid_names_free(gatherer->sid_names);
    iw_order_feed_done(&gatherer->order);
    iw_clocks_free(gatherer->clocks);
    iw_sigma_scanner_free(gatherer->scanner);
    iw_collector_free(gatherer->collector);
    iw_buffer_done(&gatherer->payload);
    iw_buffer_done(&gatherer->subject);
    iw_arena_done(&gatherer->record);
    iw_arena_done(&gatherer->scratch);
    return rc;
}

/* --- facts --------------------------------------------------------------------------------- */

/* Past the limit a name is no longer settled with the others, and shown by its label. */
static enum iw_rc keep_host(struct iw_gatherer *gatherer, struct iw_str computer)
{
    if (gatherer->hosts.by_computer.n < IW_LIMIT_HOSTS)
        return iw_hosts_add(&gatherer->hosts, computer);
    if (iw_map_find(&gatherer->hosts.by_computer, computer) == NULL)
        gatherer->shared->has_hidden_hosts = true;
    return IW_OK;
}

enum iw_rc iw_gatherer_stop(struct iw_gatherer *gatherer, const struct iw_error *failure)
{
    gatherer->failure = *failure;
    return IW_ECANCELLED;
}

enum iw_rc iw_gatherer_keep(struct iw_gatherer *gatherer, enum iw_order_reading reading,
                            struct iw_fact *fact)
{
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (gatherer->payload.failed)
        return IW_ENOMEM;
    fact->payload = iw_buffer_str(&gatherer->payload);
    IW_TRY(keep_host(gatherer, fact->computer));
    rc = iw_order_add(&gatherer->order, reading, fact, &failure);
    return rc == IW_EIO ? iw_gatherer_stop(gatherer, &failure) : rc;
}

/* The digest of an event's record costs more than most of what is made of it, so it is made once.
 */
enum iw_rc iw_gatherer_fact(struct iw_gatherer *gatherer, const struct iw_event *event,
                            struct iw_fact *ret)
{
    if (!gatherer->has_said)
        IW_TRY(iw_fact_of_event(event, &gatherer->scratch, &gatherer->said));
    gatherer->has_said = true;
    *ret = gatherer->said;
    return IW_OK;
}

void iw_gatherer_know(struct iw_str said, uint8_t dialect, struct iw_fact *ret)
{
    uint64_t hash[2];
    hash[0] = iw_hash_bytes_fixed(said.p, said.n, 1 + (uint64_t)dialect);
    hash[1] = iw_hash_bytes_fixed(said.p, said.n, hash[0]);
    memcpy(ret->content, hash, sizeof ret->content);
}

/* What it says of processes and logons. Two such facts are copies when they say the same: no more
 * of the event is needed to know that, and its digest would cost more than the fact. Their order
 * within an instant comes of it: it is the same in every run. */
static enum iw_rc keep_context(struct iw_gatherer *gatherer, const struct iw_event *event)
{
    struct iw_fact fact;
    enum iw_rc rc = iw_context_fact_read(event, &gatherer->scratch, &gatherer->context);
    gatherer->has_context = rc == IW_OK;
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    iw_buffer_clear(&gatherer->payload);
    iw_context_fact_write(&gatherer->context, &gatherer->payload);
    iw_fact_of_record(event, &fact);
    fact.kind = IW_FACT_CONTEXT;
    iw_gatherer_know(iw_buffer_str(&gatherer->payload), 0, &fact);
    return iw_gatherer_keep(gatherer, IW_ORDER_OF_HOSTS, &fact);
}

enum iw_rc iw_gatherer_see(struct iw_gatherer *gatherer, const struct iw_event *event)
{
    gatherer->has_said = gatherer->has_context = false;
    iw_arena_reset(&gatherer->scratch);
    IW_TRY(iw_collector_add(gatherer->collector, event));
    IW_TRY(iw_server_events_add(gatherer->server_events, event));
    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    IW_TRY(iw_clocks_add(gatherer->clocks, event));
    IW_TRY(iw_sid_names_add(gatherer->sid_names, event));
    return gatherer->shared->needs_context ? keep_context(gatherer, event) : IW_OK;
}

enum iw_rc iw_gatherer_subject(struct iw_gatherer *gatherer, const struct iw_event *event,
                               struct iw_str *ret)
{
    struct iw_context_subject subject;
    IW_TRY(iw_context_subject_read(event, &gatherer->scratch, &subject));
    iw_buffer_clear(&gatherer->subject);
    iw_context_subject_write(&subject, &gatherer->subject);
    *ret = iw_buffer_str(&gatherer->subject);
    return gatherer->subject.failed ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_gatherer_keep_match(struct iw_gatherer *gatherer, const struct iw_event *event,
                                  struct iw_match *match, const uint32_t *rules, size_t n_rules)
{
    struct iw_finding finding;
    struct iw_fact fact;
    iw_arena_reset(&gatherer->record);
    IW_TRY(iw_sigma_scanner_carry(gatherer->scanner, event, rules, n_rules, &match->values,
                                  &match->n_values));
    IW_TRY(iw_event_finding_make(event, &gatherer->record, &gatherer->scratch, &finding));
    if (match->n_perhaps != 0)
        IW_TRY(iw_gatherer_subject(gatherer, event, &match->subject));
    IW_TRY(iw_gatherer_fact(gatherer, event, &fact));
    fact.kind = IW_FACT_MATCH;
    iw_buffer_clear(&gatherer->payload);
    iw_match_write(match, &finding, &gatherer->payload);
    if (match->n_perhaps != 0)
        IW_TRY(iw_gatherer_keep(gatherer, IW_ORDER_OF_HOSTS, &fact));
    return iw_gatherer_keep(gatherer, IW_ORDER_OVERALL, &fact);
}
