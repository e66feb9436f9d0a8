/**
 * Detached signatures of baselines (`iiswarden.baseline-signature/1`, one line of JSON beside the
 * document): who keeps the key vouches for these bytes, with a number that only grows, so that an
 * older document, once right, cannot take the place of a newer one.
 *
 * Ed25519 (RFC 8032) by OpenSSL, over a text of all members: see baseline_sign.c.
 */
#ifndef IW_IIS_BASELINE_SIGN_H
#define IW_IIS_BASELINE_SIGN_H

#include "base/buffer.h"
#include "base/error.h"

/** What a signature file says; a claim until it was verified. */
struct iw_baseline_signature {
    uint8_t sha256[32]; /* of the document */
    uint64_t sequence;  /* from 1 */
    int64_t time_ns;
    uint8_t key_id[32]; /* SHA-256 of the public key, 32 bytes raw */
    uint8_t signature[64];
};

enum iw_baseline_verdict {
    IW_BASELINE_SIGNATURE_HOLDS = 0,
    IW_BASELINE_SIGNATURE_UNREADABLE, /* no signature file, or not of the form */
    IW_BASELINE_SIGNATURE_OTHER_KEY,  /* by another key than the one given */
    IW_BASELINE_SIGNATURE_FORGED,     /* its own members were changed */
    IW_BASELINE_SIGNATURE_OTHER_TEXT, /* of another document, or the document was changed */
    IW_BASELINE_SIGNATURE_OLDER,      /* holds, but its number is below the one asked for */
    IW_BASELINE_VERDICT_COUNT
};

/** Machine name and sentence, static. Never NULL for values in range. */
const char *iw_baseline_verdict_name(enum iw_baseline_verdict verdict);
const char *iw_baseline_verdict_words(enum iw_baseline_verdict verdict);

/**
 * Appends the signature of *document* to *out*.
 *
 * @param private_pem  an Ed25519 key, PKCS #8 PEM, not encrypted
 * @param sequence     at least 1
 * @return IW_OK; IW_EUSAGE: the key is none of these; IW_ENOMEM
 */
enum iw_rc iw_baseline_sign(struct iw_str document, struct iw_str private_pem, uint64_t sequence,
                            int64_t time_ns, struct iw_buffer *out, struct iw_error *err);

/** Reads a signature file, without verifying anything. IW_OK; IW_EFORMAT; IW_ELIMIT; IW_ENOMEM. */
enum iw_rc iw_baseline_signature_read(struct iw_str text, struct iw_baseline_signature *ret,
                                      struct iw_error *err);

/**
 * Verifies *signature* (text of the file; empty where there is none) of *document*.
 *
 * @param public_pem        an Ed25519 public key, PEM
 * @param minimum_sequence  0: any
 * @param ret_verdict       always set at IW_OK
 * @param ret               set but for IW_BASELINE_SIGNATURE_UNREADABLE
 * @return IW_OK whatever the verdict; IW_EUSAGE: *public_pem* is no such key; IW_ENOMEM
 */
enum iw_rc iw_baseline_verify(struct iw_str document, struct iw_str signature,
                              struct iw_str public_pem, uint64_t minimum_sequence,
                              enum iw_baseline_verdict *ret_verdict,
                              struct iw_baseline_signature *ret, struct iw_error *err);

#endif
