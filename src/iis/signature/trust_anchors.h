/**
 * The certificates the user trusts: what a chain must end in for a signature to be anchored. None
 * are built in.
 */
#ifndef IW_IIS_SIGNATURE_TRUST_ANCHORS_H
#define IW_IIS_SIGNATURE_TRUST_ANCHORS_H

#include "base/error.h"
#include "base/str.h"

/** Owned by the caller. Filled by one thread, then asked by any number. */
struct iw_anchors;

/** Empty; NULL: no memory. */
struct iw_anchors *iw_anchors_new(void);
/** NULL is fine. No signature is being read with them any more. */
void iw_anchors_free(struct iw_anchors *anchors);

/**
 * Adds the certificates of a file: PEM (any number, other blocks passed over) or one in DER. Any
 * certificate given is an anchor, also one that is not signed by itself.
 *
 * @param ret_n_added  NULL, or set to the number of certificates found; one added before counts
 * @param err          may be NULL
 * @return IW_OK; IW_EFORMAT: no certificate in it, or one of them is damaged (those before it are
 * added); IW_ELIMIT: longer than IW_LIMIT_ANCHOR_FILE_BYTES; IW_ENOMEM
 */
enum iw_rc iw_anchors_add(struct iw_anchors *anchors, struct iw_str file, uint32_t *ret_n_added,
                          struct iw_error *err);

/** Certificates added. 0 for NULL. */
uint32_t iw_anchors_count(const struct iw_anchors *anchors);

/** For iis/signature/ only: the library's store (an X509_STORE), never changed through this. */
void *iw_anchors_store(const struct iw_anchors *anchors);

#endif
