/**
 * A run: everything one invocation has to say. Outputs read it; the engine fills it.
 */
#ifndef IW_RESULT_RUN_H
#define IW_RESULT_RUN_H

#include "base/spill.h"
#include "result/coverage.h"
#include "result/difference.h"
#include "result/findings.h"
#include "result/inventory.h"
#include "result/learned.h"
#include "result/ledger.h"
#include "result/rule_account.h"
#include "result/rule_coverage.h"
#include "result/telemetry.h"

/** State of one protection of the reading process. */
enum iw_confinement_state { IW_CONFINEMENT_OFF = 0, IW_CONFINEMENT_ON, IW_CONFINEMENT_UNAVAILABLE };

/** What became of the baseline the user gave. */
enum iw_run_baseline_state {
    IW_RUN_BASELINE_NONE = 0, /* none was given */
    IW_RUN_BASELINE_USED,
    IW_RUN_BASELINE_REFUSED /* damaged, or its signature does not hold: as if none was given */
};

/** One host met in the evidence. */
struct iw_host_span {
    struct iw_str host;
    uint64_t n_events;
    int64_t first_ns, last_ns;
};

struct iw_run {
    struct iw_arena arena; /* of notes, hosts */
    struct iw_ledger ledger;
    struct iw_rule_account rules;
    struct iw_telemetry telemetry;
    struct iw_coverage coverage;           /* what could have been seen; empty: not asked */
    struct iw_rule_coverage rule_coverage; /* the same of rules; reasons where asked for */
    struct iw_spill spill;                 /* what memory may not hold */
    struct iw_findings findings;
    struct iw_inventory inventory;  /* web servers and what they load */
    struct iw_learned_list learned; /* of behaviour, where that was asked for */
    enum iw_run_baseline_state baseline;
    struct iw_baseline_differences differences; /* in the arena of the inventory */
    struct iw_host_span *hosts;                 /* by name */
    size_t n_hosts;
    struct iw_text_list notes;   /* things the user must know, one line each */
    uint64_t n_refused_records;  /* of change records and estate, and what was told of them */
    uint64_t n_outside_window;   /* matched events left out by --since or --until */
    uint64_t n_duplicate_events; /* matched events that were copies of another */
    bool interrupted;            /* SIGINT, or *failure*: results are partial */
    struct iw_error failure;     /* why not all could be kept; rc IW_OK: nothing failed */
    enum iw_confinement_state landlock, seccomp;
    char confinement_why[128];  /* why one is not on */
    uint64_t peak_memory_bytes; /* VmHWM at the end, 0 unknown */
    uint64_t elapsed_ns; /* never part of output that must be repeatable: account on stderr and
                            manifest only */
};

/** "off", "on" or "unavailable"; never NULL. */
const char *iw_confinement_state_name(enum iw_confinement_state state);

void iw_run_init(struct iw_run *run);
void iw_run_done(struct iw_run *run);
/** Adds a note (copied); one thread at a time. IW_OK or IW_ENOMEM. */
enum iw_rc iw_run_note(struct iw_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
