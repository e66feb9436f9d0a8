/**
 * What was given: files, folders and standard input, walked in a fixed order, each recognised by
 * its content.
 *
 * Walking fills the ledger with one entry per file found, so that nothing is silently passed over.
 * Evidence is opened read-only and never modified; FIFOs, sockets and devices are named and not
 * opened.
 */
#ifndef IW_EVIDENCE_EVIDENCE_H
#define IW_EVIDENCE_EVIDENCE_H

#include <stdatomic.h>

#include "evidence/stream.h"
#include "result/run.h"

/** What a file is. One row each in sniff.c. */
enum iw_evidence_kind {
    IW_EVIDENCE_UNKNOWN = 0, /* none of these; may be a page of a web site */
    IW_EVIDENCE_EVTX,
    IW_EVIDENCE_JSON_LINES, /* one object a line */
    IW_EVIDENCE_JSON,       /* arrays, and objects over several lines */
    IW_EVIDENCE_XML,        /* Windows event XML */
    IW_EVIDENCE_WEB_LOG,    /* requests to a web server: W3C, IIS, NCSA, HTTPERR */
    /* No events: what the server is. */
    IW_EVIDENCE_CONFIG,    /* XML whose first element is <configuration> */
    IW_EVIDENCE_PE,        /* executable or DLL */
    IW_EVIDENCE_HIVE,      /* registry hive or export */
    IW_EVIDENCE_CATALOGUE, /* of signatures */
    /* No events: what a host logs. */
    IW_EVIDENCE_SYSMON_CONFIG, /* XML whose first element is <Sysmon> */
    IW_EVIDENCE_AUDIT_POLICY,  /* printed or backed up by auditpol, or of a group policy */
    IW_EVIDENCE_CHANNELS,      /* printed by wevtutil */
    IW_EVIDENCE_AUDIT_ENTRIES, /* security descriptors of files */
    IW_EVIDENCE_KIND_COUNT
};

struct iw_evidence_file {
    enum iw_evidence_kind kind;
    size_t ledger_index;
    struct iw_str path;  /* as in the ledger, which owns it; may be empty */
    uint64_t size_bytes; /* when it was walked */
    int64_t modified_ns; /* of this copy; IW_TIME_UNKNOWN: standard input */
    int stdin_fd;        /* of standard input: what came of it; else -1 */
    /* Standard input of which more may come: read piece by piece. NULL: size_bytes is all. */
    struct iw_stream *stream;
    bool is_link; /* an argument that is itself a symbolic link: followed when opened */
};

struct iw_evidence_options {
    const char *const *paths; /* arguments; "-" is standard input */
    size_t n_paths;
    const char *host;              /* --host, or NULL */
    const _Atomic bool *cancelled; /* set by SIGINT; may be NULL */
};

struct iw_evidence {
    struct iw_evidence_file *files; /* those with events, in byte order of path */
    size_t n;
    size_t cap;
    uint64_t total_bytes; /* of files with events: for progress */
    bool is_open_ended;   /* more of standard input may come than total_bytes says */
    /* Every regular file, those with events too, in byte order of path: whether one is part of a
     * web server is decided by where it lies, not by what it looks like. */
    struct iw_evidence_file *all;
    size_t n_all;
    size_t cap_all;
};

/**
 * Walks all arguments. An argument that does not exist is an entry of state LOST, not an error. The
 * order of arguments does not matter. *ret needs iw_evidence_done in every case.
 *
 * @param input  standard input, begun, where an argument is "-"; else NULL. Lines of JSON are left
 *               in it for the files' reader; all of anything else is taken.
 * @return IW_OK, IW_ENOMEM, IW_ECANCELLED; IW_EIO, IW_ELIMIT: standard input
 */
enum iw_rc iw_evidence_walk(const struct iw_evidence_options *options, struct iw_stream *input,
                            struct iw_ledger *ledger, struct iw_evidence *ret,
                            struct iw_error *err);
void iw_evidence_done(struct iw_evidence *evidence);

/** Opens a recognised file for reading (O_RDONLY, not blocking, regular files only). *ret_fd is the
 * caller's. IW_OK or IW_EIO. */
enum iw_rc iw_evidence_open(const struct iw_evidence_file *file, const struct iw_ledger *ledger,
                            int *ret_fd, struct iw_error *err);

#endif
