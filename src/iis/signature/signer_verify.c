/*
 * Whether a signer signed some bytes: the digest among the signed attributes is that of the bytes,
 * and the signature over the attributes fits the certificate's key.
 *
 * RFC 5652 5.4 and 5.6, RFC 2315 9.3. Attributes are required, as by Authenticode: without them a
 * signature over attributes could be passed off as one over content. RSA (PKCS#1 v1.5), ECDSA and
 * DSA with SHA-1 and SHA-2; RSA-PSS is not made by any tool that signs PE files.
 */
#include "iis/signature/signed_data.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

enum iw_digest_kind iw_signer_digest_kind(const PKCS7_SIGNER_INFO *signer)
{
    static const int NIDS[IW_DIGEST_COUNT] = {
        [IW_DIGEST_SHA1] = NID_sha1,
        [IW_DIGEST_SHA256] = NID_sha256,
        [IW_DIGEST_SHA384] = NID_sha384,
        [IW_DIGEST_SHA512] = NID_sha512,
    };
    int nid = signer->digest_alg != NULL ? OBJ_obj2nid(signer->digest_alg->algorithm) : NID_undef;
    for (int kind = IW_DIGEST_SHA1; kind < IW_DIGEST_COUNT; kind++) {
        if (NIDS[kind] == nid)
            return (enum iw_digest_kind)kind;
    }
    return IW_DIGEST_NONE;
}

/* The attributes say the digest of these bytes, and their type. */
static bool attributes_fit(PKCS7_SIGNER_INFO *signer, const EVP_MD *method, struct iw_str content,
                           const ASN1_OBJECT *type)
{
    const ASN1_TYPE *said = PKCS7_get_signed_attribute(signer, NID_pkcs9_messageDigest);
    const ASN1_TYPE *said_type = PKCS7_get_signed_attribute(signer, NID_pkcs9_contentType);
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (said == NULL || said->type != V_ASN1_OCTET_STRING)
        return false;
    if (type != NULL && (said_type == NULL || said_type->type != V_ASN1_OBJECT ||
                         OBJ_cmp(said_type->value.object, type) != 0))
        return false;
    return EVP_Digest(content.n != 0 ? content.p : "", content.n, digest, &n, method, NULL) == 1 &&
           ASN1_STRING_length(said->value.octet_string) == (int)n &&
           memcmp(ASN1_STRING_get0_data(said->value.octet_string), digest, n) == 0;
}

static uint32_t verify_attributes(const PKCS7_SIGNER_INFO *signer, const EVP_MD *method,
                                  EVP_PKEY *key)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *bytes = NULL;
    uint32_t why = IW_WHY_ALGORITHM;
    /* As a SET, with the attributes in the order in which they stand. */
    int n = ASN1_item_i2d((const ASN1_VALUE *)signer->auth_attr, &bytes,
                          ASN1_ITEM_rptr(PKCS7_ATTR_VERIFY));

    if (context != NULL && n > 0 && EVP_DigestVerifyInit(context, NULL, method, NULL, key) == 1 &&
        EVP_DigestVerifyUpdate(context, bytes, (size_t)n) == 1)
        why = EVP_DigestVerifyFinal(context, ASN1_STRING_get0_data(signer->enc_digest),
                                    (size_t)ASN1_STRING_length(signer->enc_digest)) == 1
                  ? 0
                  : IW_WHY_SIGNATURE;
    OPENSSL_free(bytes);
    EVP_MD_CTX_free(context);
    return why;
}

uint32_t iw_signer_verify(PKCS7_SIGNER_INFO *signer, X509 *certificate, struct iw_str content,
                          const ASN1_OBJECT *type)
{
    enum iw_digest_kind kind = iw_signer_digest_kind(signer);
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    const EVP_MD *method;

    if (kind == IW_DIGEST_NONE || key == NULL ||
        OBJ_obj2nid(signer->digest_enc_alg->algorithm) == NID_rsassaPss)
        return IW_WHY_ALGORITHM;
    if (signer->auth_attr == NULL || sk_X509_ATTRIBUTE_num(signer->auth_attr) == 0)
        return IW_WHY_UNREADABLE;
    method = EVP_get_digestbyname(iw_digest_name(kind));
    if (method == NULL)
        return IW_WHY_ALGORITHM;
    return (attributes_fit(signer, method, content, type) ? 0 : IW_WHY_CONTENT) |
           verify_attributes(signer, method, key);
}
