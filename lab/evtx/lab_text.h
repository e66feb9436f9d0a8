/*
 * Text forms of EVTX: UTF-8 to UTF-16LE, the name hash, and the text spellings of times, GUIDs and
 * SIDs.
 */
#ifndef IW_LAB_TEXT_H
#define IW_LAB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes UTF-16 units of size_bytes bytes of UTF-8. units must have room for size_bytes units. A
 * broken sequence becomes U+FFFD; an encoded surrogate (CESU form) is kept as that lone surrogate,
 * so tests can make unpaired ones. Returns units.
 */
size_t iw_lab_text_to_utf16(const char *utf8, size_t size_bytes, uint16_t *units);

/* Hash of a name or of a GUID seen as 8 units: low bits of h = h * 65599 + unit
 * ([MS-EVEN6] 2.2.12); names store 16. */
uint32_t iw_lab_text_hash(const uint16_t *units, size_t n_units);

/* "2026-01-05T10:00:00.1234567Z" (0..7 decimals, final Z) to FILETIME: 100 ns steps since
 * 1601-01-01 UTC. */
bool iw_lab_text_parse_time(const char *text, uint64_t *filetime);

/* The other way, always 7 decimals; out has room for 32 bytes. */
void iw_lab_text_print_time(uint64_t filetime, char out[32]);

/* FILETIME to the 8 words of SYSTEMTIME: year, month, day of week, day, hour, minute, second,
 * milliseconds. */
void iw_lab_text_split_time(uint64_t filetime, uint16_t words[8]);

/* "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}", braces optional, any case, to the 16 bytes on disk. */
bool iw_lab_text_parse_guid(const char *text, uint8_t guid[16]);

/* "S-1-5-18" to its bytes; at most 15 sub-authorities. size_bytes gets 8 + 4 * n. */
bool iw_lab_text_parse_sid(const char *text, uint8_t sid[68], size_t *size_bytes);

/* Pairs of hexadecimal digits to at most size_bytes bytes; n_bytes gets how many. */
bool iw_lab_text_parse_hex(const char *text, uint8_t *bytes, size_t size_bytes, size_t *n_bytes);

#endif
