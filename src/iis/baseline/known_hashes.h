/**
 * Hashes of files the user vouches for (`--known-hashes FILE`).
 *
 * Text, one SHA-256 a line with an optional name behind it, as sha256sum writes it (`HASH  NAME`,
 * `HASH *NAME`); empty lines and lines that begin with `#` are passed over.
 */
#ifndef IW_IIS_KNOWN_HASHES_H
#define IW_IIS_KNOWN_HASHES_H

#include "base/arena.h"
#include "base/error.h"
#include "result/inventory.h"

/** Owned by the caller. Filled and sealed by one thread, then asked by any number. */
struct iw_known_hashes;

/** Lines of a file that are none; told, never fatal. */
struct iw_known_hash_account {
    uint64_t n_hashes, n_bad;
    uint64_t first_bad_line; /* 1-based, 0: none */
};

/** Empty; NULL: no memory. */
struct iw_known_hashes *iw_known_hashes_new(void);
void iw_known_hashes_free(struct iw_known_hashes *hashes);

/**
 * Adds the hashes of a file; not after iw_known_hashes_seal().
 *
 * @param bytes  not needed afterwards
 * @return IW_OK, also with bad lines; IW_ELIMIT: larger than IW_LIMIT_KNOWN_HASH_FILE_BYTES, or
 * more than IW_LIMIT_KNOWN_HASHES (those before are added); IW_ENOMEM
 */
enum iw_rc iw_known_hashes_add(struct iw_known_hashes *hashes, struct iw_str bytes,
                               const char *name, struct iw_known_hash_account *ret,
                               struct iw_error *err);
/** Sorts them; needed before the first question. */
void iw_known_hashes_seal(struct iw_known_hashes *hashes);
/** Is it there? *ret_name (may be NULL): as the list names it, perhaps empty. NULL *hashes*: no. */
bool iw_known_hashes_find(const struct iw_known_hashes *hashes, const uint8_t sha256[32],
                          struct iw_str *ret_name);

/**
 * Marks components of whose files at least one was read and all that were are known, where nothing
 * else was asked yet; and such web files, also where a baseline does not have them: their content
 * is all they are, while a component is also where and how it is registered. Texts lie in
 * *inventory*. *hashes* may be NULL. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_known_hashes_mark(const struct iw_known_hashes *hashes,
                                struct iw_inventory *inventory);

#endif
