/**
 * The re-encodings of Sigma's modifiers: UTF-16 and base64. All results live in the arena; p ==
 * NULL means no memory.
 */
#ifndef IW_SIGMA_SIGMA_ENCODE_H
#define IW_SIGMA_SIGMA_ENCODE_H

#include "base/arena.h"

/** UTF-8 as UTF-16, little or big endian, with U+FEFF before it if asked. */
struct iw_str iw_encode_utf16(struct iw_str text, bool big_endian, bool with_mark,
                              struct iw_arena *arena);
/** Base64 with padding. */
struct iw_str iw_encode_base64(struct iw_str bytes, struct iw_arena *arena);
/** The part of the base64 of any text that holds *bytes* at a distance of *offset* (0 to 2) modulo
 * 3 that depends on *bytes* alone. May be empty. */
struct iw_str iw_encode_base64_at(struct iw_str bytes, size_t offset, struct iw_arena *arena);

#endif
