/**
 * What files of settings say a host logs: Sysmon's configuration, the audit policy, lists of
 * audited files, the settings of channels, and the operator's word (`--telemetry`).
 *
 * Each file is read into statements; a statement is about one host, one source of events and a
 * span of time. Statements are never verdicts: link_state.c weighs them against the events that
 * were seen, and tells where they contradict one another.
 *
 * Order: add files, registries and the operator's word (pass 0); rename hosts and settle (pass 2,
 * when hosts are settled); say which configurations were in force; ask. Adding is one thread's;
 * asking is any thread's.
 */
#ifndef IW_COVERAGE_PROOFS_H
#define IW_COVERAGE_PROOFS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "coverage/lack.h"

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
    /* A worker acts, or starts the process, whichever of IIS' two it is; *image* is then the
     * program that is started. */
    bool is_of_worker;
    bool has_32_bit; /* a pool of the server runs 32-bit workers */
    /* Endings that run in the folder (".aspx"), where the server's configuration says which; none:
     * those IIS runs as it is installed. */
    const struct iw_str *endings;
    size_t n_endings;
};

enum iw_proof_state {
    IW_PROOF_SILENT = 0, /* nothing speaks of it */
    IW_PROOF_LOGGED,     /* every such event is logged */
    IW_PROOF_PARTLY,     /* some are, some are not, or a condition decides by what is not asked */
    IW_PROOF_NOT_LOGGED
};

/** One filter that takes away what was asked about. */
struct iw_proof_line {
    uint32_t line;      /* in the file, from 1 */
    struct iw_str what; /* `FileCreate onmatch="exclude": TargetFilename begin with "C:\x"` */
};

/** What of one configuration of Sysmon has to change so that what was asked about is logged: its
 * lines go, and where *needs_include* is set an include takes it. */
struct iw_proof_mend {
    struct iw_str source;       /* the file */
    struct iw_proof_mend *next; /* another configuration that is to be mended too */
    bool needs_include;         /* there are includes, or no filter at all, and none takes it */
    bool is_cut;                /* there are more lines than are kept */
    size_t n;
    struct iw_proof_line lines[IW_LIMIT_PROOF_MENDS]; /* in the order of the file */
};

/** Adds what *more* says to *mends*, each line once, and gives the whole; either may be NULL. Both
 * are used up. */
struct iw_proof_mend *iw_proof_mends_join(struct iw_proof_mend *mends, struct iw_proof_mend *more);

/** What is said of a moment. Texts live as long as the proofs, or the scratch arena. */
struct iw_proof_answer {
    enum iw_proof_state state;
    bool is_stated;       /* by the operator alone */
    bool is_contradicted; /* another statement of the same rank says otherwise: the worse counts */
    /* PARTLY, and what an attack does first is surely not logged: samples of other events show
     * nothing of that. */
    bool loses_first;
    bool is_in_force; /* event 16 or the registry names the configuration that answers */
    /* LOGGED by a configuration of Sysmon that was collected and that nothing shows to have been
     * in force: it says what somebody had. */
    bool is_unconfirmed;
    struct iw_str source; /* the file that says it, as in the ledger */
    struct iw_str why;    /* one line: which element, key or row says so; also where it is SILENT
                             and something comes near */
    int64_t from_ns;      /* from when it is true; IW_TIME_UNKNOWN: open */
    int64_t to_ns;        /* from when on it must be asked again; IW_TIME_UNKNOWN: never */
    /* Where it is NOT_LOGGED or PARTLY, else IW_LACK_PROOF and NULL: */
    enum iw_lack lack;           /* which part says so; IW_LACK_PROOF: the operator does */
    struct iw_proof_mend *mends; /* of IW_LACK_FILTER; NULL: not told */
};

struct iw_proofs;

/** NULL: no memory. */
struct iw_proofs *iw_proofs_new(void);
void iw_proofs_free(struct iw_proofs *proofs);

/** Kinds of files. */
enum iw_proof_file_kind {
    IW_PROOF_SYSMON_CONFIG = 0,
    IW_PROOF_AUDIT_POLICY,
    IW_PROOF_CHANNELS,
    IW_PROOF_AUDIT_ENTRIES,
};

/** Where something was read. Texts are copied. */
struct iw_proof_place {
    struct iw_str host;   /* as the tree says it: renamed later; empty: it does not */
    struct iw_str source; /* path as in the ledger */
};

/** One line for people about a file: what of it is not known, or says less than it seems to. */
struct iw_proof_note {
    struct iw_str source;
    uint32_t line; /* 0: of the whole file */
    struct iw_str what;
};

/**
 * Adds what a file says.
 *
 * @param bytes  not needed afterwards
 * @return IW_OK; IW_EFORMAT, IW_ELIMIT: nothing of it counts, *err* says why, and where in it;
 *         IW_ENOMEM
 */
enum iw_rc iw_proofs_add_file(struct iw_proofs *proofs, enum iw_proof_file_kind kind,
                              struct iw_str bytes, const struct iw_proof_place *place,
                              struct iw_error *err);

struct iw_registry_facts;
/** Adds what the registry of a host says. *sources*: by the index of a fact's source, the file it
 * came from. IW_OK or IW_ENOMEM. */
enum iw_rc iw_proofs_add_registry(struct iw_proofs *proofs, struct iw_str host,
                                  const struct iw_registry_facts *facts,
                                  const struct iw_str *sources);

/** Adds a file of the operator's word (docs/DATA-MODEL.md). What is wrong with it is an error at
 * its line: nothing of the file counts. IW_OK; IW_EFORMAT, IW_ERULE, IW_ELIMIT; IW_ENOMEM. */
enum iw_rc iw_proofs_add_telemetry(struct iw_proofs *proofs, struct iw_str bytes, const char *name,
                                   struct iw_error *err);

/** What there is to tell of files, in the order they were added; *ret_n of them. */
const struct iw_proof_note *iw_proofs_notes(const struct iw_proofs *proofs, size_t *ret_n);

/** The settled name of a host that a tree calls *hint* (empty: it lies in none), by the path of the
 * file; empty: nobody knows; p NULL: the file is not believed. */
typedef struct iw_str (*iw_proofs_host_of)(void *context, struct iw_str hint, struct iw_str source);
/** Gives every statement of a file its settled host; those of files that are not believed go. IW_OK
 * or IW_ENOMEM. */
enum iw_rc iw_proofs_rename_hosts(struct iw_proofs *proofs, iw_proofs_host_of host_of,
                                  void *context);

/**
 * Says that from *from_ns* on a configuration with this hash was in force on *host* (settled):
 * ConfigurationFileHash of Sysmon's event 16, `SHA256=...`; empty: the event tells none (`-c --`
 * goes back to what Sysmon logs by default). From then to the next such moment only collected
 * configurations with that hash speak; before the first of them none does. ConfigHash in the
 * registry is such a moment, too, where the time is known at which its key was written; where it is
 * not, it speaks of hosts without any such moment.
 *
 * @param ret_known  whether a collected configuration of that host has it; may be NULL
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_proofs_config_in_force(struct iw_proofs *proofs, struct iw_str host,
                                     struct iw_str hash, int64_t from_ns, bool *ret_known);

/** After the last file: hosts are settled by then, statements are sorted. Once. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_proofs_settle(struct iw_proofs *proofs);
/** Whether anything is said of a host (letter case ignored). */
bool iw_proofs_has_host(const struct iw_proofs *proofs, struct iw_str host);
/** What is said of *subject* at *time_ns* (IW_TIME_UNKNOWN: whenever). *scratch* for folding.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_proofs_ask(const struct iw_proofs *proofs, struct iw_str host, enum iw_sense sense,
                         const struct iw_sense_subject *subject, int64_t time_ns,
                         struct iw_arena *scratch, struct iw_proof_answer *ret);

#endif
