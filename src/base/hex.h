/**
 * Hexadecimal digits of either letter case.
 */
#ifndef IW_BASE_HEX_H
#define IW_BASE_HEX_H

#include "base/str.h"

/** 0 to 15, or -1: not a digit. */
int iw_hex_digit(char c);
/** Reads exactly *n_bytes* of two digits each; false, *out* then half written: there are more or
 * fewer digits, or something else. */
bool iw_hex_read(struct iw_str hex, uint8_t *out, size_t n_bytes);
/** Writes 2 * *n_bytes* lower-case digits, no NUL behind them. */
void iw_hex_write(const uint8_t *bytes, size_t n_bytes, char *out);

#endif
