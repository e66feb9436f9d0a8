/**
 * Case folding: two texts that differ in letter case only become equal.
 *
 * Unicode simple folding (one code point to one code point, no locale): `É` → `é`, `Σ` and `ς` →
 * `σ`, Cyrillic, Greek, Armenian and the rest; `ß` stays `ß`. Pure ASCII text takes a fast path.
 */
#ifndef IW_BASE_FOLD_H
#define IW_BASE_FOLD_H

#include "base/arena.h"

/** The folded code point. */
uint32_t iw_fold_code_point(uint32_t code_point);

/**
 * Folds valid UTF-8. Bytes that are not UTF-8 become U+FFFD.
 *
 * @return *text* itself where nothing changes, else a copy in *arena*; p == NULL only when there is
 * no memory
 */
struct iw_str iw_fold_text(struct iw_str text, struct iw_arena *arena);

/** The same for UTF-16LE, in one go where it is ASCII (*ret_ascii). p == NULL only when there is no
 * memory. */
struct iw_str iw_fold_utf16(const uint8_t *in, size_t n_bytes, struct iw_arena *arena,
                            bool *ret_ascii);

#endif
