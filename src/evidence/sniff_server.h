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

/** What a file with this beginning is. 4 KiB are enough but for XML that begins with a long
 * comment: iw_sniff_server_goes_on. */
struct iw_server_sniff iw_sniff_server(struct iw_str head);
/** Whether in this beginning there is nothing yet but what stands before the first element of XML:
 * with more of it (8-bit text), more can be said. */
bool iw_sniff_server_goes_on(struct iw_str head);

#endif
