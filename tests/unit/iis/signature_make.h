/*
 * Certificates, signatures, time stamps and catalogues made with OpenSSL in the test, and PE files
 * of the lab that carry them. Failing to make one fails the test.
 */
#ifndef IW_TEST_SIGNATURE_MAKE_H
#define IW_TEST_SIGNATURE_MAKE_H

#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include "iis/signature/catalogue.h"
#include "iis/signature/signature.h"

/* Times, Unix seconds. */
#define MADE_DAY INT64_C(86400)
#define MADE_NOW INT64_C(1767225600) /* 2026-01-01 */

/* Someone who can sign. Owned; made_party_done. */
struct made_party {
    EVP_PKEY *key;
    X509 *certificate;
};

struct made_party_options {
    const char *name, *organisation, *country;
    const struct made_party *issuer; /* NULL: itself */
    const char *usage;               /* extended key usage; NULL: none */
    bool is_authority;
    int64_t from_s, until_s; /* 0: MADE_NOW minus and plus a year */
    const EVP_MD *digest;    /* NULL: SHA-256 */
    bool is_rsa;             /* else P-256 */
};

void made_party(struct made_party *party, const struct made_party_options *options);
void made_party_done(struct made_party *party);

/* A root, code signer and time stamp authority below it, anchors that hold the root. */
struct made_world {
    struct made_party root, signer, stamper;
    struct iw_anchors *anchors;
};

void made_world(struct made_world *made);
void made_world_done(struct made_world *made);
/* One for all tests of a group, and what makes and frees it: cmocka's set-up and tear-down. */
extern struct made_world world;
int made_world_set_up(void **state);
int made_world_tear_down(void **state);
void made_anchor(struct iw_anchors *anchors, const struct made_party *party);

/* SignedData over content of a type. *content* is the value of an element with that tag. */
PKCS7 *made_signed(const char *type, int tag, const void *content, size_t n,
                   const struct made_party *signer, const struct made_party *beside,
                   const EVP_MD *digest);
/* Over the Authenticode digest of a PE file. */
PKCS7 *made_signature(struct iw_str file, enum iw_digest_kind kind, const struct made_party *signer,
                      const struct made_party *beside);
/* Adds to the first signer's attributes that are not signed. */
void made_nest(PKCS7 *outer, PKCS7 *inner);
void made_counter_signature(PKCS7 *data, const struct made_party *stamper, int64_t time_s);
void made_token(PKCS7 *data, const struct made_party *stamper, int64_t time_s);

/* A list of members by SHA-1 or SHA-256. is_bare: without SpcIndirectDataContent. */
PKCS7 *made_catalogue(const struct iw_digest *members, size_t n, bool is_bare,
                      const struct made_party *signer);

/* Bytes on the heap; free with made_bytes_done. */
struct made_bytes {
    uint8_t *p;
    size_t n;
};

static inline struct iw_str made_str(struct made_bytes file)
{
    return (struct iw_str){(char *)file.p, file.n};
}

void made_bytes_done(struct made_bytes *bytes);
struct made_bytes made_der(PKCS7 *data);
/* A library of the lab without signature. */
struct made_bytes made_plain(void);
/* Adds an entry of the certificate table to the end. *extra* bytes 0xAA stand behind the DER. */
void made_embed(struct made_bytes *file, PKCS7 *data, size_t extra);
/* A plain file with one signature by the world's signer. */
struct made_bytes made_signed_file(const struct made_world *made);

/* A file and what is read of it. */
struct made_reading {
    struct iw_arena arena;
    struct iw_pe pe;
    struct iw_signatures signatures;
};

/* The bytes are copied to a block of exactly their size first. Must end with made_reading_done. */
void made_read_signatures(struct made_reading *reading, struct made_bytes file,
                          const struct iw_signature_options *options);
void made_reading_done(struct made_reading *reading);

#endif
