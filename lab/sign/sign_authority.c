/*
 * Certificates of the lab's authority (see sign_authority.h).
 *
 * Format: X.509 version 3, RFC 5280: basicConstraints, keyUsage, extendedKeyUsage codeSigning.
 * Serial numbers follow from names. What it ignores: revocation lists, intermediate authorities.
 */
#include "lab/sign/sign_authority.h"

#include "lab/lab_random.h"
#include "lab/sign/sign_keys.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOT_BEFORE "20200101000000Z"
#define NOT_AFTER "20491231235959Z"
#define ROOT_NAME "IISWarden Lab Root (synthetic)"
#define MAX_NAME_BYTES 64 /* ub-common-name of RFC 5280 */

/* Fixed input and a working library: what fails here is out of memory, or a bug. */
static void must(int is_ok, const char *what)
{
    if (is_ok <= 0) {
        fprintf(stderr, "iiswarden-lab: cannot sign: %s\n", what);
        abort();
    }
}

static EVP_PKEY *read_key(const char *base64)
{
    unsigned char der[2048];
    const unsigned char *at = der;
    int size_bytes = EVP_DecodeBlock(der, (const unsigned char *)base64, (int)strlen(base64));
    must(size_bytes, "key");
    EVP_PKEY *key = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, size_bytes);
    must(key != NULL, "key");
    return key;
}

EVP_PKEY *iw_lab_sign_key_of_root(void)
{
    return read_key(iw_lab_sign_root_key);
}

EVP_PKEY *iw_lab_sign_key_of_code(void)
{
    return read_key(iw_lab_sign_code_key);
}

static void add_name(X509_NAME *name, const char *field, const char *text)
{
    int size_bytes = (int)strnlen(text, MAX_NAME_BYTES);
    must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)text,
                                    size_bytes, -1, 0),
         "name");
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    must(extension != NULL && X509_add_ext(certificate, extension, -1), "extension");
    X509_EXTENSION_free(extension);
}

/* Without extensions and signature. */
static X509 *begin(const char *name, EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    must(certificate != NULL && X509_set_version(certificate, X509_VERSION_3), "certificate");
    uint64_t serial = iw_lab_random_of_text(name) >> 1;
    must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial), "serial number");
    must(ASN1_TIME_set_string(X509_getm_notBefore(certificate), NOT_BEFORE), "date");
    must(ASN1_TIME_set_string(X509_getm_notAfter(certificate), NOT_AFTER), "date");
    must(X509_set_pubkey(certificate, key), "key");
    X509_NAME *subject = X509_get_subject_name(certificate);
    add_name(subject, "CN", name);
    add_name(subject, "O", name);
    return certificate;
}

X509 *iw_lab_sign_root(void)
{
    EVP_PKEY *key = iw_lab_sign_key_of_root();
    X509 *root = begin(ROOT_NAME, key);
    must(X509_set_issuer_name(root, X509_get_subject_name(root)), "issuer");
    add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(root, root, NID_subject_key_identifier, "hash");
    must(X509_sign(root, key, EVP_sha256()), "root");
    EVP_PKEY_free(key);
    return root;
}

X509 *iw_lab_sign_certificate(const char *signer)
{
    EVP_PKEY *root_key = iw_lab_sign_key_of_root();
    EVP_PKEY *key = iw_lab_sign_key_of_code();
    X509 *root = iw_lab_sign_root();
    X509 *certificate = begin(signer, key);
    must(X509_set_issuer_name(certificate, X509_get_subject_name(root)), "issuer");
    add_extension(certificate, root, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, root, NID_key_usage, "critical,digitalSignature");
    add_extension(certificate, root, NID_ext_key_usage, "codeSigning");
    add_extension(certificate, root, NID_authority_key_identifier, "keyid:always");
    must(X509_sign(certificate, root_key, EVP_sha256()), "certificate");
    X509_free(root);
    EVP_PKEY_free(key);
    EVP_PKEY_free(root_key);
    return certificate;
}
