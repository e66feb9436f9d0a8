/**
 * The digest by which Authenticode and catalogues know a PE file: all its bytes but the checksum,
 * the directory entry of certificates and the certificate table, so that signing does not change
 * it.
 *
 * Format: Microsoft "Windows Authenticode Portable Executable Signature Format", "Calculating the
 * PE Image Hash".
 */
#ifndef IW_IIS_SIGNATURE_AUTHENTICODE_DIGEST_H
#define IW_IIS_SIGNATURE_AUTHENTICODE_DIGEST_H

#include "iis/pe/pe.h"

enum iw_digest_kind {
    IW_DIGEST_NONE = 0, /* none, or one not known here (MD5 among them) */
    IW_DIGEST_SHA1,
    IW_DIGEST_SHA256,
    IW_DIGEST_SHA384,
    IW_DIGEST_SHA512,
    IW_DIGEST_COUNT
};

#define IW_DIGEST_MAX_BYTES 64U

struct iw_digest {
    enum iw_digest_kind kind;
    uint8_t bytes[IW_DIGEST_MAX_BYTES]; /* the first iw_digest_bytes(kind); the rest zero */
};

/** Bytes of a digest of that kind; 0 for IW_DIGEST_NONE. */
unsigned iw_digest_bytes(enum iw_digest_kind kind);
/** "sha256"; "none" for IW_DIGEST_NONE. Never NULL. */
const char *iw_digest_name(enum iw_digest_kind kind);
/** Same kind (not none) and same bytes. */
bool iw_digest_equal(const struct iw_digest *a, const struct iw_digest *b);

/** Where the certificate table lies by the directory entry, as it is written: perhaps not in the
 * file. 0, 0: none. *pe* as read from *file*. */
struct iw_pe_piece iw_authenticode_declared_table(struct iw_str file, const struct iw_pe *pe);

/**
 * @param file  the whole file
 * @param pe    as read from it
 * @param kind  not IW_DIGEST_NONE
 * @param ret   overwritten; kind IW_DIGEST_NONE where it returns not IW_OK
 * @return IW_OK; IW_EFORMAT: the headers are cut before the checksum, there is no such digest;
 * IW_ENOMEM: the library refuses
 *
 * Bytes behind the certificate table count: they were appended after signing. Any number of
 * threads.
 */
enum iw_rc iw_authenticode_digest(struct iw_str file, const struct iw_pe *pe,
                                  enum iw_digest_kind kind, struct iw_digest *ret);

#endif
