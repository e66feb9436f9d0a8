/**
 * One SignedData, judged: what Authenticode, catalogues and time stamps have in common. Inside
 * iis/signature/ only.
 *
 * OpenSSL's error queue is left as it was by whoever calls iw_signatures_read() or
 * iw_catalogues_add(), which mark it.
 */
#ifndef IW_IIS_SIGNATURE_SIGNED_DATA_H
#define IW_IIS_SIGNATURE_SIGNED_DATA_H

#include <openssl/pkcs7.h>

#include "iis/signature/der.h"
#include "iis/signature/signature.h"

/** Of one file, while it is read. */
struct iw_signature_context {
    const struct iw_signature_options *options;
    struct iw_arena *arena;
    struct iw_signature_damage *damage;
    uint64_t offset; /* in the file, of what is being read */
    bool no_memory;
};

void iw_signature_damaged(struct iw_signature_context *context, enum iw_signature_damage_kind kind);

/** Bytes to a SignedData. NULL: counted, and the reason is added to *why*. The caller's
 * (PKCS7_free). *ret_n_bytes, which may be NULL: how many bytes it takes; the rest may be padding.
 */
PKCS7 *iw_signed_data_parse(struct iw_signature_context *context, struct iw_str bytes,
                            uint32_t *why, size_t *ret_n_bytes);

/** The content: its type and its bytes without identifier and length, which are what was signed. */
struct iw_signed_content {
    const ASN1_OBJECT *type;
    struct iw_str bytes;
};

/** False: it has none. Borrowed from *data*. */
bool iw_signed_data_content(const PKCS7 *data, struct iw_signed_content *ret);

/** Judges everything but what the content says of the file: fills the claim, the stamp, the reasons
 * and the state. */
void iw_signed_data_judge(struct iw_signature_context *context, PKCS7 *data,
                          const struct iw_signed_content *content, struct iw_signature *ret);

/** The state by the reasons. */
enum iw_signature_state iw_signature_state_by(uint32_t why);

/** SpcIndirectDataContent: its digest. False: it is none, or the digest is of an unknown kind (then
 * *ret_unknown, which may be NULL, is set). *content* is what stands in its SEQUENCE. */
bool iw_spc_digest(struct iw_str content, struct iw_digest *ret, bool *ret_unknown);

/** The kind of an AlgorithmIdentifier's content. */
enum iw_digest_kind iw_der_digest_kind(struct iw_str algorithm);

/** The object identifier is that of these bytes. */
bool iw_object_is(const ASN1_OBJECT *object, struct iw_str oid);

/* signer_verify.c */
/** Whether the signer signed *content*: reasons, 0 when it did. *type* NULL: the type is not
 * compared. */
uint32_t iw_signer_verify(PKCS7_SIGNER_INFO *signer, X509 *certificate, struct iw_str content,
                          const ASN1_OBJECT *type);
enum iw_digest_kind iw_signer_digest_kind(const PKCS7_SIGNER_INFO *signer);

/* signer_chain.c */
enum iw_signer_usage { IW_USAGE_CODE, IW_USAGE_STAMP };
/** Whether the certificate leads to an anchor at a time: reasons, 0 when it does. */
uint32_t iw_signer_chain(const struct iw_anchors *anchors, X509 *certificate,
                         STACK_OF(X509) * others, enum iw_signer_usage usage, int64_t at_s);
/** The certificate ends the life of its signatures, time stamp or not. */
bool iw_signer_is_lifetime(X509 *certificate);

/* signer_claim.c */
void iw_signer_claim(struct iw_signature_context *context, X509 *certificate,
                     struct iw_signature_claim *ret);
/** Unix seconds; false: no time. */
bool iw_asn1_time(const ASN1_TIME *time, int64_t *ret_s);

/* signer_stamp.c */
/** The time stamps of a signature. *others*: certificates that came with it; may be NULL. */
void iw_signer_stamp(struct iw_signature_context *context, const PKCS7_SIGNER_INFO *signer,
                     STACK_OF(X509) * others, struct iw_signature_stamp *ret);

#endif
