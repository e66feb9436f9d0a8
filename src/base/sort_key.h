/**
 * Keys for the sorter (base/sorter.h): numbers and texts as bytes whose order is theirs.
 *
 * Parts are appended one after the other; two keys made of the same kinds of parts compare, byte by
 * byte, as their parts do one after the other. A failed allocation is remembered by the buffer.
 */
#ifndef IW_BASE_SORT_KEY_H
#define IW_BASE_SORT_KEY_H

#include "base/buffer.h"

/** Bytes of a text that stand in a key; longer ones are told apart by a hash behind them. */
#define IW_SORT_KEY_TEXT_BYTES 256U

void iw_sort_key_u8(struct iw_buffer *key, uint8_t value);
void iw_sort_key_u32(struct iw_buffer *key, uint32_t value);
void iw_sort_key_u64(struct iw_buffer *key, uint64_t value);
void iw_sort_key_i64(struct iw_buffer *key, int64_t value);
/** In the order of iw_str_compare. Texts that agree in their first IW_SORT_KEY_TEXT_BYTES and go on
 * differently are different, in an order that depends on nothing but their bytes. */
void iw_sort_key_text(struct iw_buffer *key, struct iw_str text);

/** Reads a number back. */
uint32_t iw_sort_key_read_u32(const char *bytes);
uint64_t iw_sort_key_read_u64(const char *bytes);
int64_t iw_sort_key_read_i64(const char *bytes);
/** Passes over the text that *key* begins with. False (and *key* as it was) when it does not end.
 */
bool iw_sort_key_pass_text(struct iw_str *key);

#endif
