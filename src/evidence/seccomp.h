/**
 * The system-call half of the confinement (evidence/confine.h).
 */
#ifndef IW_EVIDENCE_SECCOMP_H
#define IW_EVIDENCE_SECCOMP_H

#include <stdbool.h>

/**
 * Installs the filter in all threads of this process, for good. Calls that reading evidence has no
 * use for fail with EPERM. Needs no_new_privs, which it sets. Returns 0, or an errno: ENOSYS or
 * EINVAL where the kernel has no seccomp filters, ENOTSUP on a processor the filter does not know.
 */
int iw_seccomp_confine(void);

#endif
