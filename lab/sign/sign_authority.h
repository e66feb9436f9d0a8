/*
 * The lab's authority: its root and the certificates it gives.
 */
#ifndef IW_LAB_SIGN_AUTHORITY_H
#define IW_LAB_SIGN_AUTHORITY_H

#include <openssl/evp.h>
#include <openssl/x509.h>

/* Each is the caller's to free; never NULL. */
EVP_PKEY *iw_lab_sign_key_of_root(void);
EVP_PKEY *iw_lab_sign_key_of_code(void);
X509 *iw_lab_sign_root(void);
/* For code signing, given by the root. */
X509 *iw_lab_sign_certificate(const char *signer);

#endif
