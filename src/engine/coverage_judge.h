/**
 * Coverage of a run: what could have been seen, joined with what was found, by host and analytic.
 */
#ifndef IW_ENGINE_COVERAGE_JUDGE_H
#define IW_ENGINE_COVERAGE_JUDGE_H

#include "coverage/coverage_verdict.h"
#include "coverage/rule_sight.h"
#include "engine/canary.h"
#include "iis/change/estate.h"
#include "result/run.h"

/** Of which rules it is asked whether they could have matched. */
struct iw_coverage_of_rules {
    const struct iw_sigma_ruleset *ruleset;
    const struct iw_names *names; /* of that ruleset */
    const char *of_rule;          /* those with this in title, id, log source or file; NULL: all */
    bool keeps_reasons;           /* else only numbers */
};

struct iw_coverage_ask {
    const struct iw_switch_list *switches; /* as iw_coverage_settle_switches gave them */
    const struct iw_estate *estate;        /* NULL: none */
    const struct iw_server_facts *facts;   /* settled; NULL: what was written is not asked */
    const struct iw_clocks *clocks;        /* settled; NULL: none are corrected */
    const struct iw_proofs *proofs;        /* settled */
    iw_proofs_asked *ask;                  /* NULL: no settings are in evidence */
    const struct iw_canary_ask *canary;    /* its report is filled; NULL: nobody looked for any */
    int64_t since_ns, until_ns;            /* the window; IW_TIME_UNKNOWN: as the sources have it */
    struct iw_coverage_of_rules rules;
    const _Atomic bool *cancelled; /* ends the judging: run->interrupted; may be NULL */
};

/** Settles what switches logging, at times that *clocks* (settled; may be NULL) correct, and tells
 * *proofs* (settled; may be NULL) which configurations were in force. *ret* lives as long as
 * *switches* and *hosts*, which is settled. IW_OK or IW_ENOMEM. */
enum iw_rc iw_coverage_settle_switches(struct iw_switches *switches, const struct iw_hosts *hosts,
                                       struct iw_clocks *clocks, struct iw_proofs *proofs,
                                       struct iw_switch_list *ret);
/** What a run knows of what could have been seen, without what was found; lives as long as *ask*
 * and *run*. */
struct iw_coverage_input iw_coverage_input_of(const struct iw_coverage_ask *ask,
                                              const struct iw_run *run);

/** Fills run->coverage and run->rule_coverage. Findings are settled, the inventory has its hosts.
 * IW_OK, also when it was cancelled; IW_ENOMEM; where findings cannot be read back run->failure
 * says so, and that is IW_OK. */
enum iw_rc iw_coverage_of_run(const struct iw_coverage_ask *ask, struct iw_run *run,
                              struct iw_error *err);

#endif
