/*
 * The whole file in its order but for three holes, as every implementation does it: in a file whose
 * sections leave no gap this is what the document describes section by section.
 *
 * A file without table is hashed with zeros up to a multiple of eight, for signing would put them
 * there. A table that is not wholly in the file, or lies over the headers, is no hole: it would let
 * an attacker choose what is not hashed.
 */
#include "iis/signature/authenticode_digest.h"

#include <assert.h>
#include <openssl/evp.h>

#include "base/bytes.h"

#define CHECKSUM_BYTES 4U
#define ENTRY_BYTES 8U

static const struct {
    const char *name;
    unsigned n_bytes;
    const EVP_MD *(*method)(void);
} KINDS[IW_DIGEST_COUNT] = {
    [IW_DIGEST_NONE] = {"none", 0, NULL},
    [IW_DIGEST_SHA1] = {"sha1", 20, EVP_sha1},
    [IW_DIGEST_SHA256] = {"sha256", 32, EVP_sha256},
    [IW_DIGEST_SHA384] = {"sha384", 48, EVP_sha384},
    [IW_DIGEST_SHA512] = {"sha512", 64, EVP_sha512},
};

unsigned iw_digest_bytes(enum iw_digest_kind kind)
{
    return KINDS[kind].n_bytes;
}

const char *iw_digest_name(enum iw_digest_kind kind)
{
    return KINDS[kind].name;
}

bool iw_digest_equal(const struct iw_digest *a, const struct iw_digest *b)
{
    return a->kind != IW_DIGEST_NONE && a->kind == b->kind &&
           memcmp(a->bytes, b->bytes, iw_digest_bytes(a->kind)) == 0;
}

struct iw_pe_piece iw_authenticode_declared_table(struct iw_str file, const struct iw_pe *pe)
{
    const uint8_t *entry = (const uint8_t *)file.p + pe->security_entry_at;
    if (pe->security_entry_at == 0 || file.n < (uint64_t)pe->security_entry_at + ENTRY_BYTES)
        return (struct iw_pe_piece){0};
    return (struct iw_pe_piece){iw_load_u32(entry), iw_load_u32(entry + 4)};
}

/* The holes that are there, in the order of the file. */
static unsigned find_holes(struct iw_str file, const struct iw_pe *pe, struct iw_pe_piece holes[3])
{
    struct iw_pe_piece table = iw_authenticode_declared_table(file, pe);
    uint64_t headers_end = (uint64_t)pe->checksum_at + CHECKSUM_BYTES;
    unsigned n = 0;

    holes[n++] = (struct iw_pe_piece){pe->checksum_at, CHECKSUM_BYTES};
    if (pe->security_entry_at >= headers_end &&
        (uint64_t)pe->security_entry_at + ENTRY_BYTES <= file.n) {
        holes[n++] = (struct iw_pe_piece){pe->security_entry_at, ENTRY_BYTES};
        headers_end = (uint64_t)pe->security_entry_at + ENTRY_BYTES;
    }
    if (table.size_bytes != 0 && table.offset >= headers_end &&
        table.offset + table.size_bytes <= file.n)
        holes[n++] = table;
    return n;
}

enum iw_rc iw_authenticode_digest(struct iw_str file, const struct iw_pe *pe,
                                  enum iw_digest_kind kind, struct iw_digest *ret)
{
    static const uint8_t zeros[8];
    struct iw_pe_piece holes[3];
    uint64_t at = 0;
    EVP_MD_CTX *context;
    unsigned n;
    bool good;

    assert(kind > IW_DIGEST_NONE && kind < IW_DIGEST_COUNT);
    *ret = (struct iw_digest){0};
    if (pe->checksum_at == 0 || (uint64_t)pe->checksum_at + CHECKSUM_BYTES > file.n)
        return IW_EFORMAT;
    n = find_holes(file, pe, holes);
    context = EVP_MD_CTX_new();
    good = context != NULL && EVP_DigestInit_ex(context, KINDS[kind].method(), NULL) == 1;
    for (unsigned i = 0; i < n && good; i++) {
        good = EVP_DigestUpdate(context, file.p + at, holes[i].offset - at) == 1;
        at = holes[i].offset + holes[i].size_bytes;
    }
    good = good && EVP_DigestUpdate(context, file.p + at, file.n - at) == 1;
    if (n < 3 && file.n % 8 != 0)
        good = good && EVP_DigestUpdate(context, zeros, 8 - file.n % 8) == 1;
    good = good && EVP_DigestFinal_ex(context, ret->bytes, NULL) == 1;
    EVP_MD_CTX_free(context);
    ret->kind = good ? kind : IW_DIGEST_NONE;
    return good ? IW_OK : IW_ENOMEM;
}
