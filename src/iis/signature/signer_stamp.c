/*
 * Time stamps: somebody else signed the signature and the time with it.
 *
 * PKCS#9 counter-signature (RFC 5652 11.4: a SignerInfo over the signature's bytes, the time among
 * its attributes) and RFC 3161 token (SignedData over TSTInfo that holds the signature's digest) in
 * Microsoft's attribute. A time is proved only when the stamp's own chain leads to an anchor,
 * judged at that time: an authority may have expired since. ESSCertID is not looked at: which
 * certificate made the stamp is decided by its key.
 */
#include "iis/signature/signed_data.h"

#include <openssl/ts.h>
#include <openssl/x509.h>

#include "base/limits.h"

/* 1.3.6.1.4.1.311.3.3.1 */
static const struct iw_str TOKEN = {"\x2B\x06\x01\x04\x01\x82\x37\x03\x03\x01", 10};

/* One stamp while it is read. */
struct reading {
    struct iw_signature_context *context;
    struct iw_str signature; /* the bytes that were stamped */
    STACK_OF(X509) * others; /* certificates beside the stamp */
    struct iw_signature_stamp *stamp;
};

/* Judges the one who stamped *content*. */
static void judge(const struct reading *reading, PKCS7_SIGNER_INFO *signer, struct iw_str content,
                  const ASN1_OBJECT *type, STACK_OF(X509) * beside)
{
    struct iw_signature_stamp *stamp = reading->stamp;
    STACK_OF(X509) *from = beside;
    PKCS7_ISSUER_AND_SERIAL *who = signer->issuer_and_serial;
    X509 *certificate = X509_find_by_issuer_and_serial(from, who->issuer, who->serial);

    if (certificate == NULL) {
        from = reading->others;
        certificate = X509_find_by_issuer_and_serial(from, who->issuer, who->serial);
    }
    if (certificate == NULL) {
        stamp->why |= IW_WHY_NO_CERTIFICATE;
        return;
    }
    iw_signer_claim(reading->context, certificate, &stamp->authority);
    stamp->why |= iw_signer_verify(signer, certificate, content, type);
    stamp->why |= iw_signer_chain(reading->context->options->anchors, certificate, from,
                                  IW_USAGE_STAMP, stamp->time_s);
}

static void read_counter_signature(const struct reading *reading, struct iw_str bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.p;
    PKCS7_SIGNER_INFO *signer = d2i_PKCS7_SIGNER_INFO(NULL, &at, (long)bytes.n);
    const ASN1_TYPE *time;

    reading->stamp->kind = IW_STAMP_PKCS9;
    if (signer == NULL) {
        iw_signature_damaged(reading->context, IW_SIGNATURE_DAMAGE_DER);
        reading->stamp->why |= IW_WHY_UNREADABLE;
        return;
    }
    time = PKCS7_get_signed_attribute(signer, NID_pkcs9_signingTime);
    if (time == NULL || (time->type != V_ASN1_UTCTIME && time->type != V_ASN1_GENERALIZEDTIME) ||
        !iw_asn1_time(time->value.asn1_string, &reading->stamp->time_s))
        reading->stamp->why |= IW_WHY_UNREADABLE;
    judge(reading, signer, reading->signature, NULL, reading->others);
    PKCS7_SIGNER_INFO_free(signer);
}

/* TSTInfo: its time, and whether it is of our signature. */
static uint32_t read_info(const struct reading *reading, struct iw_str content)
{
    const unsigned char *at = (const unsigned char *)content.p;
    TS_TST_INFO *info = d2i_TS_TST_INFO(NULL, &at, (long)content.n);
    uint32_t why = IW_WHY_UNREADABLE;

    if (info != NULL && iw_asn1_time(TS_TST_INFO_get_time(info), &reading->stamp->time_s)) {
        TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
        const ASN1_OCTET_STRING *said = TS_MSG_IMPRINT_get_msg(imprint);
        const EVP_MD *method = EVP_get_digestbyobj(TS_MSG_IMPRINT_get_algo(imprint)->algorithm);
        uint8_t digest[EVP_MAX_MD_SIZE];
        unsigned n = 0;
        if (method == NULL ||
            EVP_Digest(reading->signature.p, reading->signature.n, digest, &n, method, NULL) != 1)
            why = IW_WHY_ALGORITHM;
        else if (ASN1_STRING_length(said) == (int)n &&
                 memcmp(ASN1_STRING_get0_data(said), digest, n) == 0)
            why = 0;
        else
            why = IW_WHY_DIGEST;
    }
    TS_TST_INFO_free(info);
    return why;
}

static void read_token(const struct reading *reading, struct iw_str bytes)
{
    struct iw_signed_content content;
    PKCS7 *data;

    reading->stamp->kind = IW_STAMP_RFC3161;
    data = iw_signed_data_parse(reading->context, bytes, &reading->stamp->why, NULL);
    if (data == NULL)
        return;
    if (!iw_signed_data_content(data, &content) ||
        OBJ_obj2nid(content.type) != NID_id_smime_ct_TSTInfo) {
        iw_signature_damaged(reading->context, IW_SIGNATURE_DAMAGE_KIND);
        reading->stamp->why |= IW_WHY_UNREADABLE;
    } else {
        STACK_OF(PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info(data);
        reading->stamp->why |= read_info(reading, content.bytes);
        if (sk_PKCS7_SIGNER_INFO_num(signers) != 1)
            reading->stamp->why |= IW_WHY_SIGNERS;
        if (sk_PKCS7_SIGNER_INFO_num(signers) > 0)
            judge(reading, sk_PKCS7_SIGNER_INFO_value(signers, 0), content.bytes, content.type,
                  data->d.sign->cert);
    }
    PKCS7_free(data);
}

/* One value of an attribute; keeps it when it is the first or is proved. */
static void read_value(const struct reading *beside, bool is_token, const ASN1_TYPE *value,
                       struct iw_signature_stamp *best)
{
    struct iw_signature_stamp stamp = {0};
    struct iw_str bytes = {0};
    struct reading reading = *beside;

    reading.stamp = &stamp;
    if (value != NULL && value->type == V_ASN1_SEQUENCE)
        bytes = (struct iw_str){(const char *)ASN1_STRING_get0_data(value->value.sequence),
                                (size_t)ASN1_STRING_length(value->value.sequence)};
    if (is_token)
        read_token(&reading, bytes);
    else
        read_counter_signature(&reading, bytes);
    stamp.is_proved = stamp.why == 0;
    if (best->kind == IW_STAMP_NONE || stamp.is_proved)
        *best = stamp;
}

void iw_signer_stamp(struct iw_signature_context *context, const PKCS7_SIGNER_INFO *signer,
                     STACK_OF(X509) * others, struct iw_signature_stamp *ret)
{
    struct reading reading = {.context = context, .others = others};
    uint32_t n = 0;

    *ret = (struct iw_signature_stamp){0};
    reading.signature = (struct iw_str){(const char *)ASN1_STRING_get0_data(signer->enc_digest),
                                        (size_t)ASN1_STRING_length(signer->enc_digest)};
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(signer->unauth_attr); i++) {
        X509_ATTRIBUTE *attribute = sk_X509_ATTRIBUTE_value(signer->unauth_attr, i);
        const ASN1_OBJECT *object = X509_ATTRIBUTE_get0_object(attribute);
        bool is_token = iw_object_is(object, TOKEN);
        if (!is_token && OBJ_obj2nid(object) != NID_pkcs9_countersignature)
            continue;
        for (int j = 0; j < X509_ATTRIBUTE_count(attribute) && !ret->is_proved; j++) {
            if (++n > IW_LIMIT_SIGNATURE_STAMPS) {
                iw_signature_damaged(context, IW_SIGNATURE_DAMAGE_LIMIT);
                return;
            }
            read_value(&reading, is_token, X509_ATTRIBUTE_get0_type(attribute, j), ret);
        }
    }
}
