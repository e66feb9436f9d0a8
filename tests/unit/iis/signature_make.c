/*
 * Written from "Windows Authenticode Portable Executable Signature Format", RFC 2315, RFC 3161 and
 * [MS-CAESO]; signing by OpenSSL's PKCS#7, whose reader is not asked for digests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/ts.h>

#include "base/bytes.h"
#include "lab/pe/lab_pe.h"
#include "tests/unit/iis/signature_make.h"

#define must(condition) assert_true((condition) != 0)

/* Memory that is there. */
static void *there(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

static void set_name(X509_NAME *name, const char *kind, const char *text)
{
    if (text != NULL)
        must(X509_NAME_add_entry_by_txt(name, kind, MBSTRING_UTF8, (const unsigned char *)text, -1,
                                        -1, 0));
}

static void extend(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    must(extension != NULL);
    must(X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

void made_party(struct made_party *party, const struct made_party_options *options)
{
    static long serial = 0x1000;
    X509 *certificate = X509_new();
    const struct made_party *issuer = options->issuer != NULL ? options->issuer : party;
    int64_t from = options->from_s != 0 ? options->from_s : MADE_NOW - 365 * MADE_DAY;
    int64_t until = options->until_s != 0 ? options->until_s : MADE_NOW + 365 * MADE_DAY;

    party->key = options->is_rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    party->certificate = certificate;
    must(party->key != NULL && certificate != NULL);
    must(X509_set_version(certificate, 2));
    must(ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++));
    must(ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)from));
    must(ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)until));
    must(X509_set_pubkey(certificate, party->key));
    set_name(X509_get_subject_name(certificate), "C", options->country);
    set_name(X509_get_subject_name(certificate), "O", options->organisation);
    set_name(X509_get_subject_name(certificate), "CN", options->name);
    must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate)));
    if (options->is_authority)
        extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, NID_key_usage, options->is_authority ? "keyCertSign" : "digitalSignature");
    if (options->usage != NULL)
        extend(certificate, NID_ext_key_usage, options->usage);
    must(X509_sign(certificate, issuer->key,
                   options->digest != NULL ? options->digest : EVP_sha256()));
}

void made_party_done(struct made_party *party)
{
    X509_free(party->certificate);
    EVP_PKEY_free(party->key);
    *party = (struct made_party){0};
}

void made_anchor(struct iw_anchors *anchors, const struct made_party *party)
{
    unsigned char *der = NULL;
    int n = i2d_X509(party->certificate, &der);
    must(n > 0);
    assert_int_equal(iw_anchors_add(anchors, (struct iw_str){(char *)der, (size_t)n}, NULL, NULL),
                     IW_OK);
    OPENSSL_free(der);
}

void made_world(struct made_world *made)
{
    made_party(&made->root,
               &(struct made_party_options){.name = "Root", .is_authority = true, .is_rsa = true});
    made_party(&made->signer, &(struct made_party_options){.name = "Signer \xC3\xA9",
                                                           .organisation = "Made Ltd",
                                                           .country = "DE",
                                                           .issuer = &made->root,
                                                           .usage = "codeSigning"});
    made_party(&made->stamper, &(struct made_party_options){.name = "Clock",
                                                            .issuer = &made->root,
                                                            .usage = "critical,timeStamping"});
    made->anchors = iw_anchors_new();
    must(made->anchors != NULL);
    made_anchor(made->anchors, &made->root);
}

void made_world_done(struct made_world *made)
{
    made_party_done(&made->root);
    made_party_done(&made->signer);
    made_party_done(&made->stamper);
    iw_anchors_free(made->anchors);
}

struct made_world world;

int made_world_set_up(void **state)
{
    (void)state;
    made_world(&world);
    return 0;
}

int made_world_tear_down(void **state)
{
    (void)state;
    made_world_done(&world);
    return 0;
}

/* The value of an element to the whole element. */
static ASN1_STRING *element(uint8_t tag, const void *value, size_t n)
{
    ASN1_STRING *string = ASN1_STRING_new();
    uint8_t *bytes = there(malloc(n + 5));
    bytes[0] = tag;
    bytes[1] = 0x83;
    bytes[2] = (uint8_t)(n >> 16);
    bytes[3] = (uint8_t)(n >> 8);
    bytes[4] = (uint8_t)n;
    memcpy(bytes + 5, value, n);
    must(ASN1_STRING_set(string, bytes, (int)n + 5));
    free(bytes);
    return string;
}

static void add_digest(PKCS7_SIGNER_INFO *signer, const void *content, size_t n,
                       const EVP_MD *method)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n_digest;
    must(EVP_Digest(content, n, digest, &n_digest, method, NULL));
    must(PKCS7_add1_attrib_digest(signer, digest, (int)n_digest));
}

PKCS7 *made_signed(const char *type, int tag, const void *content, size_t n,
                   const struct made_party *signer, const struct made_party *beside,
                   const EVP_MD *digest)
{
    PKCS7 *data = PKCS7_new(), *inner = PKCS7_new();
    PKCS7_SIGNER_INFO *info;

    must(PKCS7_set_type(data, NID_pkcs7_signed));
    info = PKCS7_add_signature(data, signer->certificate, signer->key, digest);
    must(info != NULL);
    must(PKCS7_add_certificate(data, signer->certificate));
    if (beside != NULL)
        must(PKCS7_add_certificate(data, beside->certificate));
    inner->type = OBJ_txt2obj(type, 1);
    inner->d.other = ASN1_TYPE_new();
    if (tag == V_ASN1_SEQUENCE) {
        ASN1_TYPE_set(inner->d.other, tag, element(0x30, content, n));
    } else {
        ASN1_STRING *octets = ASN1_OCTET_STRING_new();
        must(ASN1_STRING_set(octets, content, (int)n));
        ASN1_TYPE_set(inner->d.other, tag, octets);
    }
    must(PKCS7_set_content(data, inner));
    must(PKCS7_add_signed_attribute(info, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                    OBJ_txt2obj(type, 1)));
    add_digest(info, content, n, digest);
    must(PKCS7_SIGNER_INFO_sign(info));
    return data;
}

static const char *oid_of(enum iw_digest_kind kind)
{
    static const char *const OIDS[IW_DIGEST_COUNT] = {
        [IW_DIGEST_SHA1] = "\x2B\x0E\x03\x02\x1A",
        [IW_DIGEST_SHA256] = "\x60\x86\x48\x01\x65\x03\x04\x02\x01",
        [IW_DIGEST_SHA384] = "\x60\x86\x48\x01\x65\x03\x04\x02\x02",
        [IW_DIGEST_SHA512] = "\x60\x86\x48\x01\x65\x03\x04\x02\x03",
    };
    return OIDS[kind];
}

/* SpcIndirectDataContent without its identifier and length; returns its bytes. */
static size_t indirect_data(const struct iw_digest *digest, uint8_t *out)
{
    static const uint8_t HEAD[] = {0x30, 0x17, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01,
                                   0x82, 0x37, 0x02, 0x01, 0x0F, 0x30, 0x09, 0x03, 0x01,
                                   0x00, 0xA0, 0x04, 0xA2, 0x02, 0x80, 0x00};
    size_t n_oid = strlen(oid_of(digest->kind)), n = iw_digest_bytes(digest->kind), at;
    memcpy(out, HEAD, sizeof HEAD);
    at = sizeof HEAD;
    out[at++] = 0x30;
    out[at++] = (uint8_t)(n_oid + 6 + n + 2);
    out[at++] = 0x30;
    out[at++] = (uint8_t)(n_oid + 4);
    out[at++] = 0x06;
    out[at++] = (uint8_t)n_oid;
    memcpy(out + at, oid_of(digest->kind), n_oid);
    at += n_oid;
    out[at++] = 0x05;
    out[at++] = 0x00;
    out[at++] = 0x04;
    out[at++] = (uint8_t)n;
    memcpy(out + at, digest->bytes, n);
    return at + n;
}

PKCS7 *made_signature(struct iw_str file, enum iw_digest_kind kind, const struct made_party *signer,
                      const struct made_party *beside)
{
    struct iw_arena arena;
    struct iw_digest digest;
    struct iw_pe pe;
    uint8_t content[256];

    iw_arena_init(&arena, 0);
    assert_int_equal(iw_pe_read(file, NULL, &arena, &pe, NULL), IW_OK);
    assert_int_equal(iw_authenticode_digest(file, &pe, kind, &digest), IW_OK);
    iw_arena_done(&arena);
    return made_signed("1.3.6.1.4.1.311.2.1.4", V_ASN1_SEQUENCE, content,
                       indirect_data(&digest, content), signer, beside,
                       kind == IW_DIGEST_SHA1 ? EVP_sha1() : EVP_sha256());
}

static PKCS7_SIGNER_INFO *first_signer(PKCS7 *data)
{
    return sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(data), 0);
}

/* Takes the bytes over. */
static void add_unsigned(PKCS7 *data, const char *oid, unsigned char *der, int n)
{
    PKCS7_SIGNER_INFO *signer = first_signer(data);
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    X509_ATTRIBUTE *attribute = X509_ATTRIBUTE_create_by_OBJ(NULL, object, V_ASN1_SEQUENCE, der, n);
    must(n > 0 && attribute != NULL);
    if (signer->unauth_attr == NULL)
        signer->unauth_attr = sk_X509_ATTRIBUTE_new_null();
    must(sk_X509_ATTRIBUTE_push(signer->unauth_attr, attribute));
    ASN1_OBJECT_free(object);
    OPENSSL_free(der);
}

void made_nest(PKCS7 *outer, PKCS7 *inner)
{
    unsigned char *der = NULL;
    int n = i2d_PKCS7(inner, &der);
    add_unsigned(outer, "1.3.6.1.4.1.311.2.4.1", der, n);
    PKCS7_free(inner);
}

void made_counter_signature(PKCS7 *data, const struct made_party *stamper, int64_t time_s)
{
    PKCS7 *other = PKCS7_new();
    const ASN1_OCTET_STRING *signature = first_signer(data)->enc_digest;
    PKCS7_SIGNER_INFO *info;
    unsigned char *der = NULL;
    int n;

    must(PKCS7_set_type(other, NID_pkcs7_signed));
    info = PKCS7_add_signature(other, stamper->certificate, stamper->key, EVP_sha256());
    must(info != NULL);
    must(PKCS7_add_signed_attribute(info, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                    OBJ_nid2obj(NID_pkcs7_data)));
    must(PKCS7_add0_attrib_signing_time(info, ASN1_TIME_set(NULL, (time_t)time_s)));
    add_digest(info, ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature),
               EVP_sha256());
    must(PKCS7_SIGNER_INFO_sign(info));
    must(PKCS7_add_certificate(data, stamper->certificate));
    n = i2d_PKCS7_SIGNER_INFO(info, &der);
    add_unsigned(data, "1.2.840.113549.1.9.6", der, n);
    PKCS7_free(other);
}

void made_token(PKCS7 *data, const struct made_party *stamper, int64_t time_s)
{
    const ASN1_OCTET_STRING *signature = first_signer(data)->enc_digest;
    TS_TST_INFO *info = TS_TST_INFO_new();
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_set(NULL, (time_t)time_s);
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
    uint8_t digest[32];
    unsigned char *der = NULL;
    PKCS7 *token;
    int n;

    must(EVP_Digest(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature), digest,
                    NULL, EVP_sha256(), NULL));
    must(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL));
    must(TS_MSG_IMPRINT_set_algo(imprint, algorithm));
    must(TS_MSG_IMPRINT_set_msg(imprint, digest, sizeof digest));
    must(ASN1_INTEGER_set(serial, 7));
    must(TS_TST_INFO_set_version(info, 1) && TS_TST_INFO_set_policy_id(info, policy) &&
         TS_TST_INFO_set_msg_imprint(info, imprint) && TS_TST_INFO_set_serial(info, serial) &&
         TS_TST_INFO_set_time(info, time));
    n = i2d_TS_TST_INFO(info, &der);
    must(n > 0);
    token = made_signed("1.2.840.113549.1.9.16.1.4", V_ASN1_OCTET_STRING, der, (size_t)n, stamper,
                        NULL, EVP_sha256());
    OPENSSL_free(der);
    der = NULL;
    n = i2d_PKCS7(token, &der);
    add_unsigned(data, "1.3.6.1.4.1.311.3.3.1", der, n);
    PKCS7_free(token);
    TS_TST_INFO_free(info);
    TS_MSG_IMPRINT_free(imprint);
    X509_ALGOR_free(algorithm);
    ASN1_GENERALIZEDTIME_free(time);
    ASN1_INTEGER_free(serial);
    ASN1_OBJECT_free(policy);
}

/* One element with a short or three-byte length at *out*; returns its bytes. */
static size_t put(uint8_t *out, uint8_t tag, const void *value, size_t n)
{
    const uint8_t header[] = {tag, 0x83, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
    memmove(out + sizeof header, value, n);
    memcpy(out, header, sizeof header);
    return n + sizeof header;
}

static size_t put_member(uint8_t *out, const struct iw_digest *digest, bool is_bare)
{
    static const uint8_t OID[] = {0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04,
                                  0x01, 0x82, 0x37, 0x02, 0x01, 0x04};
    uint8_t content[256], member[512];
    size_t n, n_member;

    if (is_bare) {
        n = put(member, 0x04, digest->bytes, iw_digest_bytes(digest->kind));
        return put(out, 0x30, member, n);
    }
    n_member = put(member, 0x04, "any name", 8);
    n = put(content, 0x30, content, indirect_data(digest, content));
    n = put(content, 0x31, content, n);
    memmove(content + sizeof OID, content, n);
    memcpy(content, OID, sizeof OID);
    n = put(content, 0x30, content, n + sizeof OID);
    n_member += put(member + n_member, 0x31, content, n);
    return put(out, 0x30, member, n_member);
}

PKCS7 *made_catalogue(const struct iw_digest *members, size_t n, bool is_bare,
                      const struct made_party *signer)
{
    static const char HEAD[] = "\x30\x0C\x06\x0A\x2B\x06\x01\x04\x01\x82\x37\x0C\x01\x01"
                               "\x04\x02\x01\x02"
                               "\x17\x0D"
                               "260101000000Z"
                               "\x30\x0E\x06\x0A\x2B\x06\x01\x04\x01\x82\x37\x0C\x01\x02\x05\x00";
    uint8_t *list = there(malloc(n * 512 + 1024));
    size_t at = 0;
    PKCS7 *data;

    memcpy(list, HEAD, sizeof HEAD - 1);
    for (size_t i = 0; i < n; i++)
        at += put_member(list + sizeof HEAD - 1 + at, &members[i], is_bare);
    at = put(list + sizeof HEAD - 1, 0x30, list + sizeof HEAD - 1, at);
    data = made_signed("1.3.6.1.4.1.311.10.1", V_ASN1_SEQUENCE, list, sizeof HEAD - 1 + at, signer,
                       NULL, EVP_sha256());
    free(list);
    return data;
}

void made_bytes_done(struct made_bytes *bytes)
{
    free(bytes->p);
    *bytes = (struct made_bytes){0};
}

struct made_bytes made_der(PKCS7 *data)
{
    struct made_bytes made;
    unsigned char *der = NULL;
    int n = i2d_PKCS7(data, &der);
    must(n > 0);
    made = (struct made_bytes){there(malloc((size_t)n)), (size_t)n};
    memcpy(made.p, der, made.n);
    OPENSSL_free(der);
    PKCS7_free(data);
    return made;
}

struct made_bytes made_plain(void)
{
    const struct iw_lab_pe_options options = {
        .kind = IW_LAB_PE_NATIVE_MODULE, .name = "made.dll", .seed = 4};
    struct iw_lab_pe pe;
    struct made_bytes made;
    iw_lab_pe_build(&pe, &options);
    assert_int_equal(pe.size_bytes % 8, 0);
    made = (struct made_bytes){there(malloc(pe.size_bytes)), pe.size_bytes};
    memcpy(made.p, pe.bytes, made.n);
    iw_lab_pe_done(&pe);
    return made;
}

static void store_u32(uint8_t *p, uint32_t value)
{
    memcpy(p, &value, sizeof value);
}

void made_embed(struct made_bytes *file, PKCS7 *data, size_t extra)
{
    struct made_bytes der = made_der(data);
    uint8_t *entry = file->p + iw_load_u32(file->p + 60) + 24 + 112 + 32; /* PE32+, directory 4 */
    size_t n = 8 + der.n + extra, n_whole = (n + 7) / 8 * 8;
    uint8_t *grown;

    if (iw_load_u32(entry) == 0)
        store_u32(entry, (uint32_t)file->n);
    store_u32(entry + 4, iw_load_u32(entry + 4) + (uint32_t)n_whole);
    grown = there(realloc(file->p, file->n + n_whole));
    file->p = grown;
    memset(grown + file->n, 0, n_whole);
    store_u32(grown + file->n, (uint32_t)n_whole);
    store_u32(grown + file->n + 4, 0x00020200);
    memcpy(grown + file->n + 8, der.p, der.n);
    memset(grown + file->n + 8 + der.n, 0xAA, extra);
    file->n += n_whole;
    made_bytes_done(&der);
}

struct made_bytes made_signed_file(const struct made_world *made)
{
    struct made_bytes file = made_plain();
    made_embed(&file,
               made_signature((struct iw_str){(char *)file.p, file.n}, IW_DIGEST_SHA256,
                              &made->signer, NULL),
               0);
    return file;
}

void made_read_signatures(struct made_reading *reading, struct made_bytes file,
                          const struct iw_signature_options *options)
{
    char *copy;
    struct iw_str exact;
    iw_arena_init(&reading->arena, 0);
    copy = there(iw_arena_alloc(&reading->arena, file.n));
    memcpy(copy, file.p, file.n);
    exact = (struct iw_str){copy, file.n};
    assert_int_equal(iw_pe_read(exact, NULL, &reading->arena, &reading->pe, NULL), IW_OK);
    assert_int_equal(iw_signatures_read(exact, &reading->pe, options, &reading->arena,
                                        &reading->signatures, NULL),
                     IW_OK);
}

void made_reading_done(struct made_reading *reading)
{
    iw_arena_done(&reading->arena);
}
