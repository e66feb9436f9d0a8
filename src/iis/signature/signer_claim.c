/*
 * What a certificate says of its owner, as text for people.
 *
 * RFC 5280 4.1.2. Of several names of one kind the last, most specific one is taken. Texts become
 * UTF-8 by OpenSSL; what it cannot read is left out and counted.
 */
#include "iis/signature/signed_data.h"

#include <time.h>

#include <openssl/x509.h>

#include "base/limits.h"
#include "base/utf.h"

#define SERIAL_BYTES 64

/* Cut where no character is split. */
static size_t cut_at(struct iw_str text, size_t limit)
{
    size_t n = limit;
    while (n > 0 && ((unsigned char)text.p[n] & 0xC0U) == 0x80U)
        n--;
    return n;
}

static struct iw_str copy(struct iw_signature_context *context, struct iw_str text)
{
    struct iw_str copied = iw_arena_copy(context->arena, text);
    context->no_memory = context->no_memory || copied.p == NULL;
    return copied.p != NULL ? copied : (struct iw_str){0};
}

static struct iw_str name_part(struct iw_signature_context *context, const X509_NAME *name, int nid)
{
    int at = -1, next;
    unsigned char *bytes = NULL;
    struct iw_str text, copied = {0};

    while ((next = X509_NAME_get_index_by_NID(name, nid, at)) >= 0)
        at = next;
    if (at < 0)
        return copied;
    next = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    text = (struct iw_str){(const char *)bytes, next > 0 ? (size_t)next : 0};
    if (text.n > IW_LIMIT_SIGNATURE_NAME_BYTES) {
        iw_signature_damaged(context, IW_SIGNATURE_DAMAGE_NAME);
        text.n = cut_at(text, IW_LIMIT_SIGNATURE_NAME_BYTES);
    }
    if (next < 0 || !iw_utf8_valid(text))
        iw_signature_damaged(context, IW_SIGNATURE_DAMAGE_NAME);
    else if (text.n != 0)
        copied = copy(context, text);
    OPENSSL_free(bytes);
    return copied;
}

static struct iw_str serial(struct iw_signature_context *context, const ASN1_INTEGER *number)
{
    static const char DIGITS[] = "0123456789abcdef";
    const unsigned char *bytes = ASN1_STRING_get0_data(number);
    int n = ASN1_STRING_length(number);
    char text[2 * SERIAL_BYTES + 1];
    size_t used = 0;

    if (n > SERIAL_BYTES) {
        iw_signature_damaged(context, IW_SIGNATURE_DAMAGE_NAME);
        n = SERIAL_BYTES;
    }
    if (ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER)
        text[used++] = '-';
    for (int i = 0; i < n; i++) {
        text[used++] = DIGITS[bytes[i] >> 4];
        text[used++] = DIGITS[bytes[i] & 15];
    }
    return copy(context, (struct iw_str){text, used});
}

bool iw_asn1_time(const ASN1_TIME *time, int64_t *ret_s)
{
    struct tm parts;
    *ret_s = 0;
    if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
        return false;
    *ret_s = (int64_t)timegm(&parts);
    return true;
}

void iw_signer_claim(struct iw_signature_context *context, X509 *certificate,
                     struct iw_signature_claim *ret)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    const X509_NAME *issuer = X509_get_issuer_name(certificate);

    *ret = (struct iw_signature_claim){0};
    ret->name = name_part(context, subject, NID_commonName);
    ret->organisation = name_part(context, subject, NID_organizationName);
    ret->country = name_part(context, subject, NID_countryName);
    ret->issuer = name_part(context, issuer, NID_commonName);
    if (ret->issuer.n == 0)
        ret->issuer = name_part(context, issuer, NID_organizationName);
    ret->serial = serial(context, X509_get0_serialNumber(certificate));
    if (X509_digest(certificate, EVP_sha1(), ret->sha1, NULL) != 1 ||
        X509_digest(certificate, EVP_sha256(), ret->sha256, NULL) != 1)
        context->no_memory = true;
    (void)iw_asn1_time(X509_get0_notBefore(certificate), &ret->valid_from_s);
    (void)iw_asn1_time(X509_get0_notAfter(certificate), &ret->valid_until_s);
}
