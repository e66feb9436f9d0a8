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
};

/**
 * Runs it. The rule account gets matches and events that stay undecided; run->notes what was odd.
 * Where the temporary file takes no more, run->failure says why and what was decided so far counts:
 * that is IW_OK.
 *
 * @return IW_OK, IW_ENOMEM, IW_EIO: what was sorted cannot be read
 */
enum iw_rc iw_context_pass_run(const struct iw_context_pass *pass, struct iw_run *run,
                               struct iw_error *err);

#endif
