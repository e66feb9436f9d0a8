/**
 * What a file is, by its content; the name only decides how bad it is that the content does not
 * fit.
 */
#ifndef IW_EVIDENCE_SNIFF_H
#define IW_EVIDENCE_SNIFF_H

#include "evidence/evidence.h"

struct iw_sniffed {
    enum iw_evidence_kind kind;
    const char *kind_name;      /* static: "evtx", "zip", "unknown", ... */
    enum iw_source_state state; /* PENDING: to be read; SKIPPED; LOST */
    char reason[192];           /* empty when to be read */
};

/**
 * Looks at an open regular file. Reads the first 4 KiB, or 64 KiB of what may be text or begins
 * with a long comment; a file named
 * *.evtx without a log's beginning is searched for log blocks on their grid.
 *
 * @param path        for the ending of its name; "-" has none
 * @param size_bytes  as fstat said
 */
void iw_sniff(int fd, struct iw_str path, uint64_t size_bytes, struct iw_sniffed *ret);

/** Whether a name says "event log" (*.evtx, letter case ignored). */
bool iw_sniff_is_evtx_name(struct iw_str path);

#endif
