/**
 * What is known of one host, gathered from what a run knows of all: its logs, the switches of
 * logging, its server, its web roots and its window.
 */
#ifndef IW_COVERAGE_COVERAGE_HOST_H
#define IW_COVERAGE_COVERAGE_HOST_H

#include <stdatomic.h>

#include "coverage/link_state.h"

/** What the run found of one host and analytic, told by whoever knows findings. */
struct iw_coverage_told {
    struct iw_str host, analytic;
    struct iw_str server;                /* of a host without a name: as iw_coverage_record */
    struct iw_text_list ids;             /* of findings, in their order */
    uint64_t n_more;                     /* beyond these */
    uint64_t n_standing[IW_LEVEL_COUNT]; /* of all of them */
    uint64_t n_of_canaries;              /* about acts of the plan of canaries: not among them */
    struct iw_coverage_finding named[IW_COVERAGE_NAMED]; /* as iw_coverage_record */
    size_t n_named;
    const struct iw_span *complete; /* times of those that are complete; any order */
    size_t n_complete;
    bool has_whole; /* one of these lacks no link itself */
};

struct iw_coverage_input {
    const struct iw_telemetry *telemetry;  /* by host, as collectors give it out */
    const struct iw_switch_list *switches; /* the same */
    const struct iw_inventory *inventory;  /* hosts are settled */
    const struct iw_server_facts *facts;   /* settled; NULL: what was written is not asked */
    const struct iw_ledger *ledger;        /* may be NULL */
    const struct iw_proofs *proofs;
    iw_proofs_asked *ask;                /* NULL: no settings are in evidence */
    const struct iw_coverage_told *told; /* by host (letter case ignored), analytic */
    size_t n_told;
    const struct iw_canary_report *canaries; /* NULL: nobody looked for any */
    const struct iw_clocks *clocks;          /* settled; NULL: none are corrected */
    struct iw_text_list estate; /* hosts that should be there; those met are no new ones */
    int64_t since_ns, until_ns; /* the window asked for; IW_TIME_UNKNOWN: as the sources have it */
    const _Atomic bool *cancelled; /* ends the judging; may be NULL */
};

static inline bool iw_coverage_is_cancelled(const struct iw_coverage_input *input)
{
    return input->cancelled != NULL && atomic_load(input->cancelled);
}

/** Gathers the host *name*, spelt as in *input*; empty: what names no host, and the only server of
 * which that is true. *ret* points into *input* and *arena*, in which its links are found, too; a
 * host of which nothing is known has no window (from_ns == to_ns). IW_OK or IW_ENOMEM. */
enum iw_rc iw_coverage_host_gather(const struct iw_coverage_input *input, struct iw_str name,
                                   struct iw_arena *arena, struct iw_link_host *ret);
/** The same of a server that nothing names, where logs without a host are not its own. */
enum iw_rc iw_coverage_host_of_server(const struct iw_coverage_input *input,
                                      const struct iw_inventory_server *server,
                                      struct iw_arena *arena, struct iw_link_host *ret);

#endif
