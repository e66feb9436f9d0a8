/**
 * The list inside a catalogue and the digest of each of its members. Inside iis/signature/ only.
 */
#ifndef IW_IIS_SIGNATURE_CATALOGUE_LIST_H
#define IW_IIS_SIGNATURE_CATALOGUE_LIST_H

#include "iis/signature/catalogue.h"
#include "iis/signature/signed_data.h"

struct iw_catalogue_member {
    const struct iw_catalogue *catalogue;
    uint32_t order;     /* in which catalogues were added */
    uint8_t kind;       /* enum iw_digest_kind: SHA-1 or SHA-256 */
    uint8_t digest[32]; /* the rest zero */
};

/** The members, one SEQUENCE after the other. False: it is no list of a catalogue. *list* is what
 * stands in its SEQUENCE. */
bool iw_catalogue_list_open(struct iw_str list, struct iw_str *ret_subjects);

/** Fills kind and digest; false: the member has none that can be read. *subject* is what stands in
 * its SEQUENCE. */
bool iw_catalogue_member_digest(struct iw_str subject, struct iw_catalogue_member *ret);

#endif
