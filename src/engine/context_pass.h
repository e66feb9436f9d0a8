/**
 * Pass 2, host by host: what surrounds events is put together in event time, and rules that wait
 * for it are decided.
 *
 * Facts of the same instant are told before anybody asks, which is the order they are read in
 * (order/order.h): which record of two came first is not known below the resolution of a clock.
 */
#ifndef IW_ENGINE_CONTEXT_PASS_H
#define IW_ENGINE_CONTEXT_PASS_H

#include "context/sid_names.h"
#include "context/web_places.h"
#include "engine/chain_findings.h"
#include "engine/decisions.h"
#include "engine/gathering.h"
#include "engine/rule_change.h"
#include "result/run.h"

/** An event of a host, at its moment: a fact of kind IW_FACT_LOOK, or another form of its record.
 */
struct iw_looked {
    const struct iw_fact *fact;
    size_t form;        /* 0: the fact's payload; else one of its variants, in order */
    struct iw_str what; /* as iw_context_look_write got it */
    /* Who answers about it, as long as it is looked at. */
    iw_context_ask *answer;
    iw_context_ask_gap *gap;
    void *context;
};

/** Takes such an event, of one form after the other. IW_OK, or what ends the pass. */
typedef enum iw_rc iw_take_looked(void *context, const struct iw_looked *looked,
                                  struct iw_error *err);

/** Appends the payload of such a fact. *subject*: as bytes (context_subject.h); *finding*: what a
 * finding shows of the event, for change records, or NULL where nobody asks for them. A failed
 * allocation is remembered by the buffer. */
void iw_context_look_write(struct iw_str subject, const struct iw_finding *finding,
                           struct iw_str what, struct iw_buffer *out);

struct iw_context_pass {
    struct iw_order *order; /* settled; facts of hosts are read and released */
    const struct iw_sigma_ruleset *ruleset;
    const struct iw_names *names;
    const struct iw_sigma_rule *rules;    /* by index, kept (engine/rule_finding.h); NULL: no
                                             account is kept of them */
    const struct iw_web_places *places;   /* NULL: no server is known */
    const struct iw_sid_names *sid_names; /* settled; NULL: only the well-known have names */
    struct iw_rule_changes *rule_changes; /* NULL: no change records */
    struct iw_decisions *decisions;   /* not settled: gets what is decided; NULL: no rule waits */
    struct iw_chain_findings *chains; /* NULL: no chains are looked for */
    iw_take_looked *take_looked;      /* NULL: there are no such facts */
    void *take_context;
    const _Atomic bool *cancelled; /* ends it: run->interrupted; may be NULL */
};

/**
 * Runs it. The rule account gets matches and events that stay undecided; run->notes what was odd.
 * Where the temporary file takes no more, run->failure says why and what was decided so far counts:
 * that is IW_OK, and so is being cancelled.
 *
 * @return IW_OK, IW_ENOMEM, IW_EIO: what was sorted cannot be read
 */
enum iw_rc iw_context_pass_run(const struct iw_context_pass *pass, struct iw_run *run,
                               struct iw_error *err);

#endif
