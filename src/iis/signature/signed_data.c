/*
 * SignedData by OpenSSL's PKCS#7 (its CMS does not take content that is no OCTET STRING, which
 * Authenticode has), and the judgment of its one signer.
 *
 * RFC 2315 9, RFC 5652 5; Authenticode "SignedData", "SpcIndirectDataContent". Before OpenSSL sees
 * bytes their depth and number of elements have been bounded (der.h). Not read: revocation lists,
 * the program's name and address.
 */
#include "iis/signature/signed_data.h"

#include <openssl/x509.h>

#include "base/limits.h"

#define TAG_INTEGER 0x02U
#define CONTEXT_0 0xA0U

void iw_signature_damaged(struct iw_signature_context *context, enum iw_signature_damage_kind kind)
{
    struct iw_signature_damage *damage = &context->damage[kind];
    if (damage->count == 0 || context->offset < damage->first_offset)
        damage->first_offset = context->offset;
    damage->count++;
}

bool iw_object_is(const ASN1_OBJECT *object, struct iw_str oid)
{
    return object != NULL && OBJ_length(object) == oid.n &&
           memcmp(OBJ_get0_data(object), oid.p, oid.n) == 0;
}

/* The content of SignedData, which OpenSSL keeps as it is; empty where it is not found. */
static struct iw_str content_of(struct iw_str info)
{
    struct iw_der element;
    /* ContentInfo: type, [0]; SignedData: version, algorithms, ContentInfo: type, [0] */
    static const uint8_t TAGS[] = {IW_DER_OID, CONTEXT_0,       IW_DER_SEQUENCE, TAG_INTEGER,
                                   IW_DER_SET, IW_DER_SEQUENCE, IW_DER_OID,      CONTEXT_0};
    for (unsigned i = 0; i < sizeof TAGS; i++) {
        if (!iw_der_take(&info, TAGS[i], &element))
            return (struct iw_str){0};
        if (TAGS[i] == CONTEXT_0 || TAGS[i] == IW_DER_SEQUENCE)
            info = element.value;
    }
    return info;
}

/* Whether OpenSSL may parse the element: for each small element of what it takes apart it would
 * allocate some hundred bytes. */
static enum iw_der_verdict check(const struct iw_der *info)
{
    struct iw_str content = content_of(info->value);
    uint32_t n = 0, n_content = 0;
    enum iw_der_verdict verdict = iw_der_check(info->whole, &n);
    if (verdict == IW_DER_SOUND && content.n != 0)
        (void)iw_der_check(content, &n_content);
    return verdict == IW_DER_SOUND && n - n_content > IW_LIMIT_SIGNATURE_ELEMENTS ? IW_DER_LIMIT
                                                                                  : verdict;
}

static bool is_whole(const PKCS7 *data)
{
    return data != NULL && PKCS7_type_is_signed(data) && data->d.sign != NULL &&
           data->d.sign->contents != NULL;
}

PKCS7 *iw_signed_data_parse(struct iw_signature_context *context, struct iw_str bytes,
                            uint32_t *why, size_t *ret_n_bytes)
{
    enum iw_der_verdict verdict = IW_DER_BROKEN;
    const unsigned char *at;
    struct iw_der element = {0};
    PKCS7 *data = NULL;

    if (iw_der_take(&bytes, IW_DER_SEQUENCE, &element))
        verdict = check(&element);
    if (ret_n_bytes != NULL)
        *ret_n_bytes = element.whole.n;
    at = (const unsigned char *)element.whole.p;
    if (verdict == IW_DER_SOUND) {
        data = d2i_PKCS7(NULL, &at, (long)element.whole.n);
        if (!is_whole(data) || (const char *)at != element.whole.p + element.whole.n) {
            PKCS7_free(data);
            data = NULL;
        } else if (sk_X509_num(data->d.sign->cert) > (int)IW_LIMIT_SIGNATURE_CERTIFICATES) {
            PKCS7_free(data);
            data = NULL;
            verdict = IW_DER_LIMIT;
        }
    }
    if (data == NULL) {
        iw_signature_damaged(context, verdict == IW_DER_LIMIT ? IW_SIGNATURE_DAMAGE_LIMIT
                                                              : IW_SIGNATURE_DAMAGE_DER);
        *why |= verdict == IW_DER_LIMIT ? IW_WHY_LIMIT : IW_WHY_UNREADABLE;
    }
    return data;
}

bool iw_signed_data_content(const PKCS7 *data, struct iw_signed_content *ret)
{
    const PKCS7 *contents = data->d.sign->contents;
    const ASN1_TYPE *other;
    struct iw_der element;

    switch (OBJ_obj2nid(contents->type)) {
    case NID_pkcs7_data: /* members of the union that are no ASN1_TYPE */
    case NID_pkcs7_signed:
    case NID_pkcs7_enveloped:
    case NID_pkcs7_signedAndEnveloped:
    case NID_pkcs7_digest:
    case NID_pkcs7_encrypted:
        return false;
    default:
        break;
    }
    other = contents->d.other;
    if (other == NULL || (other->type != V_ASN1_SEQUENCE && other->type != V_ASN1_OCTET_STRING))
        return false;
    ret->type = contents->type;
    ret->bytes = (struct iw_str){(const char *)ASN1_STRING_get0_data(other->value.asn1_string),
                                 (size_t)ASN1_STRING_length(other->value.asn1_string)};
    if (other->type == V_ASN1_SEQUENCE) {
        if (!iw_der_take(&ret->bytes, IW_DER_SEQUENCE, &element))
            return false;
        ret->bytes = element.value;
    }
    return true;
}

enum iw_signature_state iw_signature_state_by(uint32_t why)
{
    if ((why & IW_WHY_TAMPERED) != 0)
        return IW_SIGNATURE_TAMPERED;
    return (why & ~IW_WHY_HARMLESS) == 0 ? IW_SIGNATURE_ANCHORED : IW_SIGNATURE_UNANCHORED;
}

/* The signer with a certificate: signature, time, chain. */
static void judge_signer(struct iw_signature_context *context, PKCS7_SIGNER_INFO *signer,
                         X509 *certificate, STACK_OF(X509) * others,
                         const struct iw_signed_content *content, struct iw_signature *ret)
{
    bool counts;
    ret->has_signer = true;
    iw_signer_claim(context, certificate, &ret->claimed);
    ret->why |= iw_signer_verify(signer, certificate, content->bytes, content->type);
    iw_signer_stamp(context, signer, others, &ret->stamp);
    counts = ret->stamp.is_proved && !iw_signer_is_lifetime(certificate);
    if (ret->stamp.kind != IW_STAMP_NONE && !ret->stamp.is_proved)
        ret->why |= IW_WHY_TIME_UNPROVED;
    ret->why |= iw_signer_chain(context->options->anchors, certificate, others, IW_USAGE_CODE,
                                counts ? ret->stamp.time_s : context->options->now_s);
}

void iw_signed_data_judge(struct iw_signature_context *context, PKCS7 *data,
                          const struct iw_signed_content *content, struct iw_signature *ret)
{
    STACK_OF(PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info(data);
    PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value(signers, 0);
    X509 *certificate;

    if (sk_PKCS7_SIGNER_INFO_num(signers) != 1)
        ret->why |= IW_WHY_SIGNERS;
    if (signer != NULL) {
        ret->signer_digest = iw_signer_digest_kind(signer);
        certificate = PKCS7_cert_from_signer_info(data, signer);
        if (certificate == NULL)
            ret->why |= IW_WHY_NO_CERTIFICATE;
        else
            judge_signer(context, signer, certificate, data->d.sign->cert, content, ret);
    }
    ret->state = iw_signature_state_by(ret->why);
}

enum iw_digest_kind iw_der_digest_kind(struct iw_str algorithm)
{
    static const struct iw_str OIDS[IW_DIGEST_COUNT] = {
        [IW_DIGEST_SHA1] = {"\x2B\x0E\x03\x02\x1A", 5},
        [IW_DIGEST_SHA256] = {"\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9},
        [IW_DIGEST_SHA384] = {"\x60\x86\x48\x01\x65\x03\x04\x02\x02", 9},
        [IW_DIGEST_SHA512] = {"\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9},
    };
    struct iw_der oid;
    if (!iw_der_next(&algorithm, &oid))
        return IW_DIGEST_NONE;
    for (int kind = IW_DIGEST_SHA1; kind < IW_DIGEST_COUNT; kind++) {
        if (iw_der_is_oid(&oid, OIDS[kind]))
            return (enum iw_digest_kind)kind;
    }
    return IW_DIGEST_NONE;
}

bool iw_spc_digest(struct iw_str content, struct iw_digest *ret, bool *ret_unknown)
{
    struct iw_der data, info, algorithm, digest;

    *ret = (struct iw_digest){0};
    if (!iw_der_take(&content, IW_DER_SEQUENCE, &data) ||
        !iw_der_take(&content, IW_DER_SEQUENCE, &info) ||
        !iw_der_take(&info.value, IW_DER_SEQUENCE, &algorithm) ||
        !iw_der_take(&info.value, IW_DER_OCTETS, &digest))
        return false;
    ret->kind = iw_der_digest_kind(algorithm.value);
    if (ret->kind == IW_DIGEST_NONE && ret_unknown != NULL)
        *ret_unknown = true;
    if (ret->kind == IW_DIGEST_NONE || digest.value.n != iw_digest_bytes(ret->kind)) {
        ret->kind = IW_DIGEST_NONE;
        return false;
    }
    memcpy(ret->bytes, digest.value.p, digest.value.n);
    return true;
}
