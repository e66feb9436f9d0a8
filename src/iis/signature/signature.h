/**
 * Signatures of PE files: who claims to have signed a file, and whether that is proved.
 *
 * The file was perhaps written by an attacker, who can put any name into a certificate of his own.
 * So a name is a *claim* wherever it stands here, and proved only by iw_signatures_proved_signer().
 * Damage is counted by kind and never makes reading fail.
 *
 * Formats: Microsoft "Windows Authenticode Portable Executable Signature Format"; PE/COFF "The
 * Attribute Certificate Table"; RFC 5652 (SignedData, in the form of RFC 2315); RFC 3161. Not
 * judged: revocation (there is no network), page hashes.
 */
#ifndef IW_IIS_SIGNATURE_SIGNATURE_H
#define IW_IIS_SIGNATURE_SIGNATURE_H

#include "base/arena.h"
#include "iis/signature/authenticode_digest.h"
#include "iis/signature/signature_reason.h"
#include "iis/signature/trust_anchors.h"

/** What a certificate says of its owner. Proves nothing by itself. Texts are valid UTF-8, empty
 * where there are none, and must be escaped when shown. */
struct iw_signature_claim {
    struct iw_str name, organisation, country; /* CN, O, C of the subject */
    struct iw_str issuer;                      /* CN of the issuer, else its O */
    struct iw_str serial;                      /* hexadecimal, lower case, no leading zeros */
    uint8_t sha1[20], sha256[32];              /* of the whole certificate ("thumbprint") */
    int64_t valid_from_s, valid_until_s;       /* Unix seconds */
};

enum iw_stamp_kind {
    IW_STAMP_NONE = 0,
    IW_STAMP_PKCS9,   /* counter-signature, 1.2.840.113549.1.9.6 */
    IW_STAMP_RFC3161, /* 1.3.6.1.4.1.311.3.3.1 */
};

/** When somebody else saw the signature. */
struct iw_signature_stamp {
    enum iw_stamp_kind kind;
    bool is_proved; /* it is of this signature and its own chain leads to an anchor */
    int64_t time_s; /* Unix seconds; a claim unless is_proved */
    uint32_t why;   /* enum iw_signature_why; 0 when proved */
    struct iw_signature_claim authority;
};

/** One signature. */
struct iw_signature {
    enum iw_signature_state state; /* unanchored, anchored or tampered */
    uint32_t why;                  /* enum iw_signature_why */
    bool is_nested;                /* stood in another signature */
    bool has_signer;               /* claimed is filled */
    struct iw_signature_claim claimed;
    struct iw_digest signed_digest;    /* of the file, as the signer says; kind none: not known */
    enum iw_digest_kind signer_digest; /* with which the signature itself was made */
    struct iw_signature_stamp stamp;   /* the first that is proved, else the first */
};

struct iw_signature_damage {
    uint64_t count;
    uint64_t first_offset; /* lowest, in the file; valid when count != 0 */
};

struct iw_catalogue; /* iis/signature/catalogue.h */
struct iw_catalogues;

/** All of a file. */
struct iw_signatures {
    enum iw_signature_state state; /* tampered if one is, else the best; unanchored also where a
                                      table is declared that is not in the file */
    struct iw_signature *list;     /* in the order of the file, nested ones behind all others */
    uint32_t n;
    uint64_t n_unsigned_bytes;            /* in the table, covered by no signature, not padding */
    const struct iw_catalogue *catalogue; /* that knows the file, whatever the state; NULL: none */
    struct iw_signature_damage damage[IW_SIGNATURE_DAMAGE_COUNT];
};

struct iw_signature_options {
    const struct iw_anchors *anchors;       /* NULL: none, nothing can be anchored */
    const struct iw_catalogues *catalogues; /* NULL: none */
    int64_t now_s; /* Unix seconds at which a certificate must be valid when no time stamp proves an
                      earlier time */
};

/**
 * @param file   the whole file
 * @param pe     as iw_pe_read() left it for that file
 * @param arena  lists and texts; the caller's
 * @param ret    overwritten
 * @param err    may be NULL
 * @return IW_OK; IW_ENOMEM
 *
 * Any number of threads, an arena each; anchors and catalogues may be shared.
 */
enum iw_rc iw_signatures_read(struct iw_str file, const struct iw_pe *pe,
                              const struct iw_signature_options *options, struct iw_arena *arena,
                              struct iw_signatures *ret, struct iw_error *err);

/** The signer whose name is proved: of an anchored signature when the state is anchored, or of an
 * anchored catalogue when the state is catalogue. Else NULL. */
const struct iw_signature_claim *iw_signatures_proved_signer(const struct iw_signatures *file);

/** Damage of all kinds together. */
uint64_t iw_signatures_damage_total(const struct iw_signatures *file);

#endif
