/*
 * Signatures of the lab's authority: the certificate table is where its directory says, the digest
 * in it is that of the file, the chain ends at the root, and the same file has the same bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509_vfy.h>

#include "lab/lab_alloc.h"
#include "lab/sign/lab_sign.h"

static uint32_t u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void build(struct iw_lab_pe *pe, bool is_32, uint64_t seed)
{
    struct iw_lab_pe_options options = {
        .kind = IW_LAB_PE_NATIVE_MODULE, .is_32 = is_32, .name = "x.dll", .seed = seed};
    iw_lab_pe_build(pe, &options);
}

/* The SHA-256 that Authenticode means, computed from the format's description. */
static void digest(const struct iw_lab_pe *pe, uint8_t *out, size_t *directory)
{
    size_t optional = u32(pe->bytes + 0x3C) + 24;
    size_t table = optional + (pe->bytes[optional + 1] == 2 ? 144 : 128);
    size_t end = u32(pe->bytes + table);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
    for (size_t i = 0; i < end; i++) {
        bool is_out = (i >= optional + 64 && i < optional + 68) || (i >= table && i < table + 8);
        if (!is_out) {
            assert_int_equal(EVP_DigestUpdate(context, pe->bytes + i, 1), 1);
        }
    }
    assert_int_equal(EVP_DigestFinal_ex(context, out, NULL), 1);
    EVP_MD_CTX_free(context);
    *directory = table;
}

static PKCS7 *read_signature(const struct iw_lab_pe *pe, size_t directory)
{
    size_t at = u32(pe->bytes + directory), size_bytes = u32(pe->bytes + directory + 4);
    assert_int_equal(at % 8, 0);
    assert_int_equal(size_bytes % 8, 0);
    assert_int_equal(at + size_bytes, pe->size_bytes);
    assert_int_equal(u32(pe->bytes + at), size_bytes);
    assert_int_equal(u32(pe->bytes + at + 4), 0x00020200);
    const unsigned char *der = pe->bytes + at + 8;
    PKCS7 *signature = d2i_PKCS7(NULL, &der, (long)size_bytes - 8);
    assert_non_null(signature);
    return signature;
}

static void check_signer(PKCS7 *signature, const char *name)
{
    STACK_OF(X509) *certificates = signature->d.sign->cert;
    char text[100];
    assert_int_equal(sk_X509_num(certificates), 1);
    X509 *own = sk_X509_value(certificates, 0);
    X509_NAME_get_text_by_NID(X509_get_subject_name(own), NID_organizationName, text, sizeof text);
    assert_string_equal(text, name);
    char *pem = iw_lab_sign_trust();
    BIO *in = BIO_new_mem_buf(pem, -1);
    X509 *root = PEM_read_bio_X509(in, NULL, NULL, NULL);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_add_cert(store, root);
    X509_STORE_CTX_init(context, store, own, NULL);
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), 1767225600); /* 2026-01-01 */
    assert_int_equal(X509_verify_cert(context), 1);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    X509_free(root);
    BIO_free(in);
    iw_lab_alloc_release(pem);
}

static void signatures_are_those_of_the_file(void **state)
{
    (void)state;
    for (int is_32 = 0; is_32 < 2; is_32++) {
        struct iw_lab_pe pe;
        uint8_t own[32];
        size_t directory = 0;
        build(&pe, is_32 != 0, 7);
        iw_lab_sign_pe(&pe, "Contoso Größe Ltd");
        digest(&pe, own, &directory);
        PKCS7 *signature = read_signature(&pe, directory);
        const ASN1_STRING *content = signature->d.sign->contents->d.other->value.sequence;
        int size_bytes = ASN1_STRING_length(content);
        const unsigned char *bytes = ASN1_STRING_get0_data(content);
        assert_memory_equal(bytes + size_bytes - 32, own, 32);
        uint8_t message[32];
        EVP_Digest(bytes + 2, (size_t)size_bytes - 2, message, NULL, EVP_sha256(), NULL);
        PKCS7_SIGNER_INFO *info = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(signature), 0);
        const ASN1_TYPE *said = PKCS7_get_signed_attribute(info, NID_pkcs9_messageDigest);
        assert_memory_equal(ASN1_STRING_get0_data(said->value.octet_string), message, 32);
        check_signer(signature, "Contoso Größe Ltd");
        PKCS7_free(signature);
        pe.bytes[pe.size_bytes / 4] ^= 1;
        uint8_t other[32];
        digest(&pe, other, &directory);
        assert_memory_not_equal(other, own, 32);
        iw_lab_pe_done(&pe);
    }
}

static void same_file_same_bytes(void **state)
{
    struct iw_lab_pe first, second, other;
    (void)state;
    build(&first, false, 3);
    build(&second, false, 3);
    build(&other, false, 3);
    iw_lab_sign_pe(&first, "A");
    iw_lab_sign_pe(&second, "A");
    iw_lab_sign_pe(&other, "B");
    assert_int_equal(first.size_bytes, second.size_bytes);
    assert_memory_equal(first.bytes, second.bytes, first.size_bytes);
    assert_true(first.size_bytes != other.size_bytes ||
                memcmp(first.bytes, other.bytes, first.size_bytes) != 0);
    iw_lab_pe_done(&first);
    iw_lab_pe_done(&second);
    iw_lab_pe_done(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_the_file),
        cmocka_unit_test(same_file_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
