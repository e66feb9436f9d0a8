/*
 * Authenticode signatures by the lab's own authority: a root that is invented, one key for all
 * signers, a certificate for each name.
 *
 * Same file and signer, same bytes: fixed keys, PKCS#1 v1.5, fixed dates, no time stamp.
 */
#ifndef IW_LAB_SIGN_H
#define IW_LAB_SIGN_H

#include "lab/pe/lab_pe.h"

/* Signs a file of iw_lab_pe_build() as that signer (subject's CN and O, 64 bytes at most are
 * taken): certificate table behind the file, its directory, the checksum made right again. */
void iw_lab_sign_pe(struct iw_lab_pe *pe, const char *signer);

/* The root's certificate as PEM; the caller frees it with iw_lab_alloc_release(). */
char *iw_lab_sign_trust(void);

#endif
