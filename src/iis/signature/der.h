/**
 * DER: one element after the other, and whether a whole structure keeps its bounds. Inside
 * iis/signature/ only.
 *
 * Format: ITU-T X.690. Only the definite form with tags below 31 and lengths of at most four bytes;
 * signatures of files have no other. Nothing is copied: elements are spans of the input.
 */
#ifndef IW_IIS_SIGNATURE_DER_H
#define IW_IIS_SIGNATURE_DER_H

#include "base/str.h"

enum iw_der_tag {
    IW_DER_OCTETS = 0x04,
    IW_DER_OID = 0x06,
    IW_DER_SEQUENCE = 0x30,
    IW_DER_SET = 0x31,
};

struct iw_der {
    uint8_t tag;         /* the identifier byte */
    struct iw_str value; /* its content */
    struct iw_str whole; /* with identifier and length */
};

/** Takes the first element off *rest*. False, and *rest* as it was: empty, cut, or of another form.
 */
bool iw_der_next(struct iw_str *rest, struct iw_der *ret);
/** The same where it must have that tag; another one is left where it is. */
bool iw_der_take(struct iw_str *rest, uint8_t tag, struct iw_der *ret);
/** The element is the object identifier of these bytes. */
bool iw_der_is_oid(const struct iw_der *element, struct iw_str oid);

enum iw_der_verdict {
    IW_DER_SOUND = 0,
    IW_DER_BROKEN, /* an element ends behind the one it stands in, or is of another form */
    IW_DER_LIMIT,  /* deeper, more elements or longer identifiers than base/limits.h allows */
};

/** Looks at every element of *whole*, one element with nothing behind it. *ret_n_elements*, which
 * may be NULL: their number when all is sound. Linear, no recursion. */
enum iw_der_verdict iw_der_check(struct iw_str whole, uint32_t *ret_n_elements);

#endif
