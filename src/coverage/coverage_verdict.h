/**
 * Verdicts: for each host and analytic, of which spans of the window it can be said that nothing
 * was there (clear), that it could not be seen (blind), or that it was (detected).
 *
 * Only required links decide. A span is blind when a required link is neither proved nor stated in
 * it. The window of a host is the union of the spans of all its sources, or what the user asks for.
 * A host without any time has no spans and is blind.
 */
#ifndef IW_COVERAGE_COVERAGE_VERDICT_H
#define IW_COVERAGE_COVERAGE_VERDICT_H

#include "coverage/link_state.h"

/** What the run found of one host and analytic, told by whoever knows findings. */
struct iw_coverage_told {
    struct iw_str host, analytic;
    struct iw_text_list ids;        /* of findings, in their order */
    uint64_t n_more;                /* beyond these */
    uint64_t n_of_canaries;         /* about acts of the plan of canaries: not among them */
    bool is_suspicion;              /* one of them at least is more than informational */
    const struct iw_span *complete; /* times of those that are complete; any order */
    size_t n_complete;
};

struct iw_coverage_input {
    const struct iw_telemetry *telemetry;
    const struct iw_switch_list *switches;
    const struct iw_inventory *inventory; /* hosts are settled */
    const struct iw_ledger *ledger;       /* may be NULL */
    const struct iw_proofs *proofs;
    iw_proofs_asked *ask;                /* NULL: no settings are in evidence */
    const struct iw_coverage_told *told; /* by host (letter case ignored), analytic */
    size_t n_told;
    const struct iw_canary_report *canaries; /* NULL: nobody looked for any */
    const struct iw_clocks *clocks;          /* settled; NULL: none are corrected */
    struct iw_text_list estate; /* hosts that should be there; those met are no new ones */
    int64_t since_ns, until_ns; /* the window asked for; IW_TIME_UNKNOWN: as the sources have it */
};

/** Fills *ret*, which was initialised. IW_OK or IW_ENOMEM. */
enum iw_rc iw_coverage_judge(const struct iw_coverage_input *input, struct iw_coverage *ret);

#endif
