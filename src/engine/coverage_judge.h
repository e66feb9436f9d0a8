/**
 * Coverage of a run: what could have been seen, joined with what was found, by host and analytic.
 */
#ifndef IW_ENGINE_COVERAGE_JUDGE_H
#define IW_ENGINE_COVERAGE_JUDGE_H

#include "coverage/coverage_verdict.h"
#include "engine/canary.h"
#include "iis/change/estate.h"
#include "result/run.h"

struct iw_coverage_ask {
    struct iw_switches *switches;       /* of the whole run; not settled */
    const struct iw_hosts *hosts;       /* settled */
    const struct iw_estate *estate;     /* NULL: none */
    struct iw_clocks *clocks;           /* settled; NULL: none are corrected */
    struct iw_proofs *proofs;           /* settled; told here which configurations were in force */
    iw_proofs_asked *ask;               /* NULL: no settings are in evidence */
    const struct iw_canary_ask *canary; /* its report is filled; NULL: nobody looked for any */
    int64_t since_ns, until_ns;         /* the window; IW_TIME_UNKNOWN: as the sources have it */
};

/** Fills run->coverage. Findings are settled, the inventory has its hosts. IW_OK; IW_ENOMEM; where
 * findings cannot be read back run->failure says so, and that is IW_OK. */
enum iw_rc iw_coverage_of_run(const struct iw_coverage_ask *ask, struct iw_run *run,
                              struct iw_error *err);

#endif
