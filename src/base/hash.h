/**
 * Hashes: a fast one for tables, and one that stays the same for identities that are published.
 */
#ifndef IW_BASE_HASH_H
#define IW_BASE_HASH_H

#include "base/str.h"

/** 64-bit hash for tables in memory. Not for anything that leaves the process. *seed* chains
 * several parts. */
uint64_t iw_hash_bytes(const void *bytes, size_t n, uint64_t seed);

/** SHA-256 of a text; false only when the library refuses (no memory). */
bool iw_sha256(struct iw_str text, uint8_t ret_digest[32]);

#endif
