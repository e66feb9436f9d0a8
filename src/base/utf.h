/**
 * UTF-16 (as Windows writes it) and UTF-8 (as everything else here reads it).
 *
 * Text that reaches a matcher or an output is always valid UTF-8: unpaired surrogates and bad bytes
 * become U+FFFD.
 */
#ifndef IW_BASE_UTF_H
#define IW_BASE_UTF_H

#include "base/arena.h"
#include "base/str.h"

/** U+FFFD in UTF-8. */
#define IW_UTF8_REPLACEMENT "\xEF\xBF\xBD"

/**
 * Writes UTF-16LE as UTF-8.
 *
 * @param in       bytes at any alignment; an odd last byte is ignored
 * @param n_bytes  their number
 * @param out      room for (n_bytes / 2) * 3 bytes
 * @param ret_bad  NULL, or the number of unpaired surrogates replaced is added to it
 * @return bytes written
 */
size_t iw_utf16_to_utf8(const uint8_t *in, size_t n_bytes, char *out, size_t *ret_bad);

/** The same into an arena. A string with p == NULL when there is no memory (an empty one has p !=
 * NULL). */
struct iw_str iw_utf16_to_arena(const uint8_t *in, size_t n_bytes, struct iw_arena *arena);

/** Bytes of UTF-16LE before the first NUL character, or n_bytes (less an odd last byte) when there
 * is none. */
size_t iw_utf16_nul(const uint8_t *in, size_t n_bytes);

/** Whether all bytes are ASCII. */
bool iw_utf8_is_ascii(struct iw_str text);

/** Whether the bytes are valid UTF-8 (no surrogates, no over-long forms, at most U+10FFFF). */
bool iw_utf8_valid(struct iw_str text);

/**
 * Reads one code point at *at* and moves *at* past it; bytes that are not UTF-8 give U+FFFD and
 * move by one. *at* must be below text.n.
 */
uint32_t iw_utf8_next(struct iw_str text, size_t *at);

/** Writes one code point (at most 4 bytes); returns their number. Surrogates and values past
 * U+10FFFF give U+FFFD. */
size_t iw_utf8_put(uint32_t code_point, char *out);

/** The beginning of a text: *most* bytes of it, or fewer so that no character is cut in two; all of
 * it where it is no longer. */
struct iw_str iw_utf8_cut(struct iw_str text, size_t most);

/** Bytes of unknown 8-bit origin as UTF-8: valid UTF-8 stays, anything else is read as
 * windows-1252. p NULL: no memory. */
struct iw_str iw_ansi_to_arena(const uint8_t *in, size_t n_bytes, struct iw_arena *arena);

#endif
