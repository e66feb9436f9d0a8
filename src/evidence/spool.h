/**
 * Copying a stream into an unlinked temporary file.
 */
#ifndef IW_EVIDENCE_SPOOL_H
#define IW_EVIDENCE_SPOOL_H

#include "evidence/evidence.h"

/** As iw_evidence_spool_stdin, from any descriptor and with any limit (which tests make small). */
enum iw_rc iw_spool(int in_fd, uint64_t limit_bytes, const _Atomic bool *cancelled, int *ret_fd,
                    struct iw_error *err);

#endif
