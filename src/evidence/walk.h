/**
 * The walk alone: which files there are below the arguments, and what cannot be entered. Nothing is
 * opened here but folders.
 */
#ifndef IW_EVIDENCE_WALK_H
#define IW_EVIDENCE_WALK_H

#include "evidence/evidence.h"

/** The limits of one walk; tests make them small. */
struct iw_walk_limits {
    size_t n_entries;
    unsigned depth;    /* folders inside one another below an argument */
    size_t path_bytes; /* of a path with its NUL */
};

/** What tells that two paths are one file. Times and size stand beside the inode number because
 * some network and user-space file systems make those numbers up. */
struct iw_file_identity {
    uint64_t device, inode, size_bytes;
    int64_t modified_s, modified_ns, changed_s, changed_ns;
};

struct iw_found {
    struct iw_str path; /* NUL-terminated raw bytes */
    bool is_file;       /* a regular file, or standard input: to be recognised */
    bool is_link;       /* an argument that is itself a symbolic link to a file */
    struct iw_file_identity identity;
    /* Where !is_file: what the ledger says. */
    const char *kind_name; /* static */
    enum iw_source_state state;
    struct iw_str reason;
};

struct iw_found_list {
    struct iw_arena arena;
    struct iw_found *items; /* in byte order of path; each path once */
    size_t n;
    size_t cap;
};

/** Walks the arguments of *options*. *ret needs iw_found_list_done in every case. IW_OK, IW_ENOMEM,
 * IW_ECANCELLED. */
enum iw_rc iw_walk(const struct iw_evidence_options *options, const struct iw_walk_limits *limits,
                   struct iw_found_list *ret, struct iw_error *err);
void iw_found_list_done(struct iw_found_list *list);

#endif
