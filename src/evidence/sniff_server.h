/**
 * Recognition of files that tell what a web server is: configuration, programs, registry,
 * catalogues of signatures. By content alone: `web.config` may be anybody's name.
 */
#ifndef IW_EVIDENCE_SNIFF_SERVER_H
#define IW_EVIDENCE_SNIFF_SERVER_H

#include "evidence/evidence.h"

struct iw_server_sniff {
    enum iw_evidence_kind kind; /* IW_EVIDENCE_UNKNOWN: none of them */
    const char *kind_name;      /* in the ledger; static */
    const char *what;           /* for people; static */
};

/** What a file with this beginning (4 KiB are enough) is. */
struct iw_server_sniff iw_sniff_server(struct iw_str head);

#endif
