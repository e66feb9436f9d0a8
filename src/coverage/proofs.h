/**
 * What files of settings say a host logs: Sysmon's configuration, the audit policy, lists of
 * audited files, the settings of channels, and the operator's word (`--telemetry`).
 *
 * Each file is read into statements; a statement is about one host, one source of events and a
 * span of time. Statements are never verdicts: events that contradict them prevail
 * (coverage_verdict.h), and the contradiction is told.
 */
#ifndef IW_COVERAGE_PROOFS_H
#define IW_COVERAGE_PROOFS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/timestamp.h"

/** A source of events that a link can be seen in. */
enum iw_sense {
    IW_SENSE_SYSMON_PROCESS = 0, /* Sysmon 1 */
    IW_SENSE_SYSMON_FILE,        /* Sysmon 11 */
    IW_SENSE_SYSMON_LOAD,        /* Sysmon 7 */
    IW_SENSE_SYSMON_CONNECTION,  /* Sysmon 3 */
    IW_SENSE_AUDIT_PROCESS,      /* Security 4688 */
    IW_SENSE_AUDIT_COMMAND_LINE, /* the command line in it */
    IW_SENSE_AUDIT_FILE,         /* Security 4663: the policy and an audit entry of the folder */
    IW_SENSE_AUDIT_LOGON,        /* Security 4624 */
    IW_SENSE_CONFIGURATION_LOG,  /* Microsoft-IIS-Configuration/Operational */
    IW_SENSE_REQUEST_LOG,        /* the log of requests of a site */
    IW_SENSE_COUNT
};

/** "Sysmon 11", "Security 4663", ...; never NULL. */
const char *iw_sense_name(enum iw_sense sense);

/** What the sense is asked about. Empty: whatever it is. */
struct iw_sense_subject {
    struct iw_str path;         /* the file written, the module loaded, or the folder they are in */
    bool is_folder;             /* any file directly or deeper in *path* that can run */
    struct iw_str image;        /* the process that acts: writes, loads, is started */
    struct iw_str parent_image; /* of a process that starts */
};

enum iw_proof_state {
    IW_PROOF_SILENT = 0, /* nothing speaks of it */
    IW_PROOF_LOGGED,     /* every such event is logged */
    IW_PROOF_PARTLY,     /* some are, some are not: a condition decides by what is not asked */
    IW_PROOF_NOT_LOGGED
};

/** What is said of a moment. Texts live as long as the proofs. */
struct iw_proof_answer {
    enum iw_proof_state state;
    bool is_stated;       /* by the operator alone */
    bool is_contradicted; /* another statement of the same rank says otherwise: the worse counts */
    struct iw_str source; /* the file that says it, as in the ledger */
    struct iw_str why;    /* one line: which element, key or row says so */
    int64_t from_ns, to_ns; /* of which time it is true; IW_TIME_UNKNOWN: open */
};

struct iw_proofs;

/** NULL: no memory. */
struct iw_proofs *iw_proofs_new(void);
void iw_proofs_free(struct iw_proofs *proofs);
/** After the last file: hosts are settled by then, statements are sorted. IW_OK or IW_ENOMEM. */
enum iw_rc iw_proofs_settle(struct iw_proofs *proofs);
/** Whether anything is said of a host (letter case ignored). */
bool iw_proofs_has_host(const struct iw_proofs *proofs, struct iw_str host);
/** What is said of *subject* at *time_ns* (IW_TIME_UNKNOWN: whenever). *scratch* for folding.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_proofs_ask(const struct iw_proofs *proofs, struct iw_str host, enum iw_sense sense,
                         const struct iw_sense_subject *subject, int64_t time_ns,
                         struct iw_arena *scratch, struct iw_proof_answer *ret);

#endif
