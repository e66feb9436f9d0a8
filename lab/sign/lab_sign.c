/*
 * Authenticode (see lab_sign.h).
 *
 * Format: Microsoft, "Windows Authenticode Portable Executable Signature Format": the digest leaves
 * out the checksum, the entry of the certificate table and the table itself; a PKCS#7 SignedData
 * over SpcIndirectDataContent, whose message digest is that of its value without tag and length;
 * WIN_CERTIFICATE, revision 2.0, type PKCS_SIGNED_DATA, padded to eight bytes.
 * What it ignores: time stamps, page hashes, second signatures.
 */
#include "lab/sign/lab_sign.h"

#include "lab/lab_alloc.h"
#include "lab/sign/sign_authority.h"

#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPC_INDIRECT_DATA "1.3.6.1.4.1.311.2.1.4"
#define DIGEST_BYTES 32U
#define CERTIFICATE_HEADER_BYTES 8U
#define CERTIFICATE_ENTRY 32U /* offset of number 4 among the data directories */

/* Offsets of what the digest leaves out. */
struct places {
    size_t checksum;
    size_t directory; /* entry of the certificate table */
};

/* SpcIndirectDataContent: SpcPeImageData with an empty file name, and a SHA-256 that follows. */
static const uint8_t content_head[] = {
    0x30, 0x4C, 0x30, 0x17, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0F,
    0x30, 0x09, 0x03, 0x01, 0x00, 0xA0, 0x04, 0xA2, 0x02, 0x80, 0x00, 0x30, 0x31, 0x30, 0x0D, 0x06,
    0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
#define TAG_AND_LENGTH_BYTES 2U

static void must(int is_ok, const char *what)
{
    if (is_ok <= 0) {
        fprintf(stderr, "iiswarden-lab: cannot sign: %s\n", what);
        abort();
    }
}

static uint32_t get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

static struct places find_places(const struct iw_lab_pe *pe)
{
    size_t optional = get_u32(pe->bytes + 0x3C) + 24U;
    bool is_64 = pe->bytes[optional + 1] == 0x02; /* magic 0x20B */
    return (struct places){.checksum = optional + 64,
                           .directory = optional + (is_64 ? 112U : 96U) + CERTIFICATE_ENTRY};
}

static void digest_file(const struct iw_lab_pe *pe, const struct places *places, uint8_t *digest)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t behind = places->directory + 8;
    must(context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL), "digest");
    must(EVP_DigestUpdate(context, pe->bytes, places->checksum), "digest");
    must(EVP_DigestUpdate(context, pe->bytes + places->checksum + 4,
                          places->directory - places->checksum - 4),
         "digest");
    must(EVP_DigestUpdate(context, pe->bytes + behind, pe->size_bytes - behind), "digest");
    must(EVP_DigestFinal_ex(context, digest, NULL), "digest");
    EVP_MD_CTX_free(context);
}

/* The content of SignedData: SpcIndirectDataContent as the value of its own type. */
static PKCS7 *make_content(const uint8_t *content, size_t size_bytes)
{
    PKCS7 *inner = PKCS7_new();
    ASN1_TYPE *any = ASN1_TYPE_new();
    ASN1_STRING *sequence = ASN1_STRING_new();
    must(inner != NULL && any != NULL && sequence != NULL, "content");
    must(ASN1_STRING_set(sequence, content, (int)size_bytes), "content");
    ASN1_TYPE_set(any, V_ASN1_SEQUENCE, sequence);
    inner->type = OBJ_txt2obj(SPC_INDIRECT_DATA, 1);
    inner->d.other = any;
    return inner;
}

static PKCS7 *sign_digest(const uint8_t *digest, const char *signer)
{
    uint8_t content[sizeof content_head + DIGEST_BYTES];
    uint8_t message[DIGEST_BYTES];
    EVP_PKEY *key = iw_lab_sign_key_of_code();
    X509 *certificate = iw_lab_sign_certificate(signer);
    PKCS7 *signature = PKCS7_new();
    memcpy(content, content_head, sizeof content_head);
    memcpy(content + sizeof content_head, digest, DIGEST_BYTES);
    must(EVP_Digest(content + TAG_AND_LENGTH_BYTES, sizeof content - TAG_AND_LENGTH_BYTES, message,
                    NULL, EVP_sha256(), NULL),
         "digest");
    must(signature != NULL && PKCS7_set_type(signature, NID_pkcs7_signed), "signature");
    PKCS7_SIGNER_INFO *info = PKCS7_add_signature(signature, certificate, key, EVP_sha256());
    must(info != NULL && PKCS7_add_certificate(signature, certificate), "signer");
    must(PKCS7_set_content(signature, make_content(content, sizeof content)), "content");
    must(PKCS7_add_signed_attribute(info, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                    OBJ_txt2obj(SPC_INDIRECT_DATA, 1)),
         "attribute");
    must(PKCS7_add1_attrib_digest(info, message, DIGEST_BYTES), "attribute");
    must(PKCS7_SIGNER_INFO_sign(info), "signature");
    X509_free(certificate);
    EVP_PKEY_free(key);
    return signature;
}

/* The sum of 16-bit words with the field itself as 0, and the size: Microsoft PE/COFF. */
static void set_checksum(struct iw_lab_pe *pe, size_t offset)
{
    uint32_t sum = 0;
    put_u32(pe->bytes + offset, 0);
    for (size_t i = 0; i + 1 < pe->size_bytes; i += 2) {
        sum += (uint32_t)(pe->bytes[i] | pe->bytes[i + 1] << 8);
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    put_u32(pe->bytes + offset, sum + (uint32_t)pe->size_bytes);
}

static void append(struct iw_lab_pe *pe, const uint8_t *bytes, size_t size_bytes, size_t room_bytes)
{
    pe->bytes = iw_lab_alloc_resize(pe->bytes, pe->size_bytes + room_bytes, 1);
    memset(pe->bytes + pe->size_bytes, 0, room_bytes);
    if (size_bytes > 0) {
        memcpy(pe->bytes + pe->size_bytes, bytes, size_bytes);
    }
    pe->size_bytes += room_bytes;
}

void iw_lab_sign_pe(struct iw_lab_pe *pe, const char *signer)
{
    uint8_t digest[DIGEST_BYTES];
    uint8_t header[CERTIFICATE_HEADER_BYTES] = {0, 0, 0, 0, 0x00, 0x02, 0x02, 0x00};
    struct places places = find_places(pe);
    unsigned char *der = NULL;
    append(pe, NULL, 0, (8 - pe->size_bytes % 8) % 8);
    digest_file(pe, &places, digest);
    PKCS7 *signature = sign_digest(digest, signer);
    int size_bytes = i2d_PKCS7(signature, &der);
    must(size_bytes, "signature");
    uint32_t table_bytes = (CERTIFICATE_HEADER_BYTES + (uint32_t)size_bytes + 7U) & ~7U;
    put_u32(header, table_bytes);
    put_u32(pe->bytes + places.directory, (uint32_t)pe->size_bytes);
    put_u32(pe->bytes + places.directory + 4, table_bytes);
    append(pe, header, sizeof header, sizeof header);
    append(pe, der, (size_t)size_bytes, table_bytes - sizeof header);
    set_checksum(pe, places.checksum);
    OPENSSL_free(der);
    PKCS7_free(signature);
}

char *iw_lab_sign_trust(void)
{
    X509 *root = iw_lab_sign_root();
    BIO *out = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    must(out != NULL && PEM_write_bio_X509(out, root), "root");
    long size_bytes = BIO_get_mem_data(out, &bytes);
    char *text = iw_lab_alloc_text(bytes, (size_t)size_bytes);
    BIO_free(out);
    X509_free(root);
    return text;
}
