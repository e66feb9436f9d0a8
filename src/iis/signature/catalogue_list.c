/*
 * CertificateTrustList of a catalogue:
 *
 *   version INTEGER?  subjectUsage SEQUENCE OF OID  listIdentifier OCTET STRING?
 *   sequenceNumber INTEGER?  thisUpdate Time  nextUpdate Time?  subjectAlgorithm SEQUENCE
 *   trustedSubjects SEQUENCE OF { identifier OCTET STRING, attributes SET?}?  extensions [0]?
 *
 * [MS-CAESO] 4.4.5.1. A member's digest is in its attribute SpcIndirectDataContent. Without it the
 * identifier is the digest: its bytes, or (first version) hexadecimal digits in UTF-16. Ignored:
 * names, attributes of operating systems, extensions.
 */
#include "iis/signature/catalogue_list.h"

#include "base/hex.h"

#define TAG_INTEGER 0x02U
#define TAG_UTC_TIME 0x17U
#define TAG_TIME 0x18U

/* 1.3.6.1.4.1.311.12.1.1, list of a catalogue; 1.3.6.1.4.1.311.2.1.4, SpcIndirectDataContent */
static const struct iw_str CATALOGUE_LIST = {"\x2B\x06\x01\x04\x01\x82\x37\x0C\x01\x01", 10};
static const struct iw_str INDIRECT_DATA = {"\x2B\x06\x01\x04\x01\x82\x37\x02\x01\x04", 10};

static bool take_time(struct iw_str *list, struct iw_der *ret)
{
    return iw_der_take(list, TAG_UTC_TIME, ret) || iw_der_take(list, TAG_TIME, ret);
}

static bool is_of_catalogue(struct iw_str usages)
{
    struct iw_der usage;
    while (iw_der_next(&usages, &usage)) {
        if (iw_der_is_oid(&usage, CATALOGUE_LIST))
            return true;
    }
    return false;
}

bool iw_catalogue_list_open(struct iw_str list, struct iw_str *ret_subjects)
{
    struct iw_der element;

    *ret_subjects = (struct iw_str){0};
    (void)iw_der_take(&list, TAG_INTEGER, &element);
    if (!iw_der_take(&list, IW_DER_SEQUENCE, &element) || !is_of_catalogue(element.value))
        return false;
    (void)iw_der_take(&list, IW_DER_OCTETS, &element);
    (void)iw_der_take(&list, TAG_INTEGER, &element);
    if (!take_time(&list, &element))
        return false;
    (void)take_time(&list, &element);
    if (!iw_der_take(&list, IW_DER_SEQUENCE, &element))
        return false;
    if (iw_der_take(&list, IW_DER_SEQUENCE, &element))
        *ret_subjects = element.value;
    return true;
}

static bool set_digest(struct iw_catalogue_member *ret, const struct iw_digest *digest)
{
    unsigned n = iw_digest_bytes(digest->kind);
    if (digest->kind != IW_DIGEST_SHA1 && digest->kind != IW_DIGEST_SHA256)
        return false;
    ret->kind = (uint8_t)digest->kind;
    memset(ret->digest, 0, sizeof ret->digest);
    memcpy(ret->digest, digest->bytes, n);
    return true;
}

/* Of UTF-16, low byte first: 0 to 15, or -1. */
static int digit_at(const uint8_t *p)
{
    return p[1] == 0 ? iw_hex_digit((char)p[0]) : -1;
}

static bool digest_of_identifier(struct iw_str identifier, struct iw_digest *ret)
{
    const uint8_t *p = (const uint8_t *)identifier.p;
    size_t n = identifier.n;

    *ret = (struct iw_digest){0};
    if (n == 20 || n == 32) {
        ret->kind = n == 20 ? IW_DIGEST_SHA1 : IW_DIGEST_SHA256;
        memcpy(ret->bytes, p, n);
        return true;
    }
    if (n >= 2 && n % 4 == 2 && p[n - 1] == 0 && p[n - 2] == 0)
        n -= 2;
    if (n != 80 && n != 128)
        return false;
    for (size_t i = 0; i < n / 4; i++) {
        int high = digit_at(p + 4 * i), low = digit_at(p + 4 * i + 2);
        if (high < 0 || low < 0)
            return false;
        ret->bytes[i] = (uint8_t)(high * 16 + low);
    }
    ret->kind = n == 80 ? IW_DIGEST_SHA1 : IW_DIGEST_SHA256;
    return true;
}

bool iw_catalogue_member_digest(struct iw_str subject, struct iw_catalogue_member *ret)
{
    struct iw_der identifier, attributes, attribute, type, values, indirect;
    struct iw_digest digest;

    if (!iw_der_take(&subject, IW_DER_OCTETS, &identifier))
        return false;
    if (iw_der_take(&subject, IW_DER_SET, &attributes)) {
        while (iw_der_take(&attributes.value, IW_DER_SEQUENCE, &attribute)) {
            if (!iw_der_next(&attribute.value, &type) || !iw_der_is_oid(&type, INDIRECT_DATA))
                continue;
            return iw_der_take(&attribute.value, IW_DER_SET, &values) &&
                   iw_der_take(&values.value, IW_DER_SEQUENCE, &indirect) &&
                   iw_spc_digest(indirect.value, &digest, NULL) && set_digest(ret, &digest);
        }
    }
    return digest_of_identifier(identifier.value, &digest) && set_digest(ret, &digest);
}
