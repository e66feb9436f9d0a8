/**
 * Hashes: a fast one for tables, and one that stays the same for identities that are published.
 */
#ifndef IW_BASE_HASH_H
#define IW_BASE_HASH_H

#include "base/str.h"

/** 64-bit hash for tables in memory. Not for anything that leaves the process. *seed* chains
 * several parts. */
uint64_t iw_hash_bytes(const void *bytes, size_t n, uint64_t seed);
/** The same, alike in every process: where an order comes of it, which no result may depend on the
 * process for. Collisions can be prepared: they must cost nothing but a comparison. */
uint64_t iw_hash_bytes_fixed(const void *bytes, size_t n, uint64_t seed);

/** SHA-256 of a text; false only when the library refuses (no memory). */
bool iw_sha256(struct iw_str text, uint8_t ret_digest[32]);
/** SHA-1 and MD5, for identities that others define by them (public key tokens, imphash); never to
 * tell whether something was changed. False when the library refuses (no memory, or a policy that
 * knows no MD5). */
bool iw_sha1(struct iw_str text, uint8_t ret_digest[20]);
bool iw_md5(struct iw_str text, uint8_t ret_digest[16]);

#endif
