/**
 * What every run that judges events in event time gathers of them in pass 1: the profile, whose
 * each tree is, clocks, names, what events say of servers, processes and logons, and the facts to
 * be read back in pass 2 (order/order.h). Of a hunt and of whatever says what a hunt says.
 *
 * One struct iw_gathering a run, one struct iw_gatherer a thread. What a run keeps beyond that is
 * its own affair: it adds facts through the gatherer.
 */
#ifndef IW_ENGINE_GATHERING_H
#define IW_ENGINE_GATHERING_H

#include "context/context_fact.h"
#include "context/server_events.h"
#include "context/sid_names.h"
#include "coverage/collector.h"
#include "engine/match.h"
#include "engine/tree_hosts.h"
#include "result/run.h"
#include "sigma/sigma.h"

/** Kinds of facts of this room's orders beside order/fact.h and detect/chain/chain_fact.h. */
enum {
    IW_FACT_CONTEXT = IW_FACT_FIRST_OF_CONTEXT,
    IW_FACT_LOOK = IW_FACT_FIRST_OF_OTHERS + 1 /* what context is asked about (context_pass.h) */
};

/** A run. Zero-initialise, then iw_gathering_init. */
struct iw_gathering {
    struct iw_run *run;
    const struct iw_sigma_ruleset *ruleset;
    struct iw_collector *collector; /* may be freed once hosts are settled; then NULL */
    struct iw_tree_hosts trees;
    struct iw_server_events *server_events;
    struct iw_sid_names *sid_names;
    struct iw_order *order;
    struct iw_clocks *clocks; /* made when the ledger is complete */
    struct iw_hosts hosts;
    _Atomic bool has_hidden_hosts; /* more names than IW_LIMIT_HOSTS */
    bool needs_context;            /* set by the caller: facts of it are kept */
};

/** *run*, *ruleset* and *spill* live longer; *order_bytes* is the memory of both orders together.
 * IW_OK or IW_ENOMEM; done is needed in every case. */
enum iw_rc iw_gathering_init(struct iw_gathering *gathering, struct iw_run *run,
                             const struct iw_sigma_ruleset *ruleset, struct iw_spill *spill,
                             size_t order_bytes);
void iw_gathering_done(struct iw_gathering *gathering);
/** Adds what is gathered, and what the rules want, to what is decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gathering_route(const struct iw_gathering *gathering, struct iw_route *route);
/** After the walk, before the first event: room for all sources. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gathering_know_ledger(struct iw_gathering *gathering);

/** Pass 2: settles hosts, clocks and what is known of servers, and tells the run. *facts* borrows
 * from the gathering. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gathering_settle(struct iw_gathering *gathering, struct iw_server_facts *facts);
/** Then the facts under corrected times. Where the temporary file takes no more, run->failure says
 * why: that is IW_OK. IW_ENOMEM. */
enum iw_rc iw_gathering_settle_order(struct iw_gathering *gathering, struct iw_error *err);

/** A thread. Zero-initialise, then iw_gatherer_begin. */
struct iw_gatherer {
    struct iw_gathering *shared;
    struct iw_collector *collector;
    struct iw_tree_hosts trees;
    struct iw_server_events *server_events;
    struct iw_sid_names *sid_names;
    struct iw_sigma_scanner *scanner;
    struct iw_order_feed order;
    struct iw_clocks *clocks;
    struct iw_hosts hosts;          /* names of the facts' computers */
    struct iw_arena record;         /* of what is shown of one event */
    struct iw_arena scratch;        /* of one event */
    struct iw_fact said;            /* what all facts of one event say, once somebody asked */
    struct iw_context_fact context; /* of the event, where it is one; its texts in *scratch* */
    bool has_said, has_context;
    struct iw_buffer payload; /* of the fact to be added */
    struct iw_buffer subject;
    struct iw_error failure; /* why facts are not kept any more */
};

/** IW_OK or IW_ENOMEM; end is needed in every case. */
enum iw_rc iw_gatherer_begin(struct iw_gatherer *gatherer, struct iw_gathering *shared);
/** Where *keep*, hands over to the run what was gathered. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gatherer_end(struct iw_gatherer *gatherer, bool keep);

/** Another event: what lay in the arenas of a thread is forgotten. IW_OK, IW_ENOMEM, IW_ECANCELLED
 * as iw_gatherer_keep. */
enum iw_rc iw_gatherer_see(struct iw_gatherer *gatherer, const struct iw_event *event);

/** What every fact of the event says, but kind and payload. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gatherer_fact(struct iw_gatherer *gatherer, const struct iw_event *event,
                            struct iw_fact *ret);
/** Makes what a fact says its content: copies are known by it, at less cost than by the whole
 * record. Facts that only look alike are told apart by who reads them. */
void iw_gatherer_know(struct iw_str said, uint8_t dialect, struct iw_fact *ret);
/**
 * Adds a fact whose payload was written to gatherer->payload.
 *
 * @return IW_OK; IW_ENOMEM; IW_ECANCELLED: the temporary file takes no more, so that the thread is
 * to read no further; run->failure will say why
 */
enum iw_rc iw_gatherer_keep(struct iw_gatherer *gatherer, enum iw_order_reading reading,
                            struct iw_fact *fact);
/** The same for whatever else found no room: remembers why. IW_ECANCELLED. */
enum iw_rc iw_gatherer_stop(struct iw_gatherer *gatherer, const struct iw_error *failure);

/** What must be known of the event to ask for its context later, as bytes that live until the next
 * call. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gatherer_subject(struct iw_gatherer *gatherer, const struct iw_event *event,
                               struct iw_str *ret);
/**
 * Keeps an event that rules matched or perhaps match, once for all of them, also among those of its
 * host where some wait for context.
 *
 * @param match  its rules; values and subject are filled
 * @param rules  those and the waiting ones, for what correlations need of the event
 * @return as iw_gatherer_keep
 */
enum iw_rc iw_gatherer_keep_match(struct iw_gatherer *gatherer, const struct iw_event *event,
                                  struct iw_match *match, const uint32_t *rules, size_t n_rules);

#endif
