/**
 * The states a file's signature can be in, why it is not better, and what can be wrong with the
 * bytes: each with its words.
 */
#ifndef IW_IIS_SIGNATURE_SIGNATURE_REASON_H
#define IW_IIS_SIGNATURE_SIGNATURE_REASON_H

#include <stdbool.h>
#include <stdint.h>

enum iw_signature_state {
    IW_SIGNATURE_NONE_EMBEDDED = 0, /* no certificate table: signed by a catalogue, or not at all;
                                       which of both cannot be told from the file */
    IW_SIGNATURE_UNANCHORED,        /* claims a signature that does not lead to an anchor */
    IW_SIGNATURE_ANCHORED,          /* holds, and leads to an anchor: the signer's name is proved */
    IW_SIGNATURE_TAMPERED,          /* other bytes were signed, or the signature was changed */
    IW_SIGNATURE_CATALOGUE,         /* known to a catalogue: look at the catalogue's own state */
    IW_SIGNATURE_STATE_COUNT
};

/** Why; bits. */
enum iw_signature_why {
    IW_WHY_DIGEST = 1 << 0,
    IW_WHY_CONTENT = 1 << 1,
    IW_WHY_SIGNATURE = 1 << 2,
    IW_WHY_NO_ANCHOR = 1 << 3,
    IW_WHY_EXPIRED = 1 << 4,
    IW_WHY_NOT_YET_VALID = 1 << 5,
    IW_WHY_USAGE = 1 << 6,
    IW_WHY_CHAIN = 1 << 7,
    IW_WHY_NO_CERTIFICATE = 1 << 8,
    IW_WHY_UNREADABLE = 1 << 9,
    IW_WHY_ALGORITHM = 1 << 10,
    IW_WHY_SIGNERS = 1 << 11,
    IW_WHY_WEAK = 1 << 12,
    IW_WHY_LIMIT = 1 << 13,
    IW_WHY_TIME_UNPROVED = 1 << 14,  /* says why the time did not help; harms nothing by itself */
    IW_WHY_UNSIGNED_BYTES = 1 << 15, /* the same: bytes in the table that no signature covers */
};
#define IW_WHY_COUNT 16U

/** Reasons by which a signature is tampered with. */
#define IW_WHY_TAMPERED ((uint32_t)(IW_WHY_DIGEST | IW_WHY_CONTENT | IW_WHY_SIGNATURE))
/** Reasons that leave the state as it is. */
#define IW_WHY_HARMLESS ((uint32_t)(IW_WHY_TIME_UNPROVED | IW_WHY_UNSIGNED_BYTES))

enum iw_signature_damage_kind {
    IW_SIGNATURE_DAMAGE_TABLE = 0, /* the table is not wholly in the file, or lies over headers */
    IW_SIGNATURE_DAMAGE_BEHIND,    /* bytes behind the table, which belongs at the end */
    IW_SIGNATURE_DAMAGE_ENTRY,     /* an entry of the table that contradicts it */
    IW_SIGNATURE_DAMAGE_KIND,      /* an entry or content of a kind that is not read */
    IW_SIGNATURE_DAMAGE_DER,       /* a structure that is no DER or not the one it should be */
    IW_SIGNATURE_DAMAGE_NAME,      /* a name with bytes that are no text, left out; or cut */
    IW_SIGNATURE_DAMAGE_MEMBER,    /* a member of a catalogue without readable digest */
    IW_SIGNATURE_DAMAGE_LIMIT,     /* more than a limit allows; the rest was not read */
    IW_SIGNATURE_DAMAGE_COUNT
};

struct iw_signature_words {
    const char *name;     /* machine name */
    const char *sentence; /* for people */
};

/** Never NULL for values in range. */
const struct iw_signature_words *iw_signature_state_words(enum iw_signature_state state);
/** By the number of the bit, below IW_WHY_COUNT. */
const struct iw_signature_words *iw_signature_why_words(unsigned bit);
const struct iw_signature_words *iw_signature_damage_words(enum iw_signature_damage_kind kind);

#endif
