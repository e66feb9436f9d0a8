#include "base/hex.h"

int iw_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = iw_ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool iw_hex_read(struct iw_str hex, uint8_t *out, size_t n_bytes)
{
    if (hex.n != 2 * n_bytes)
        return false;
    for (size_t i = 0; i < n_bytes; i++) {
        int high = iw_hex_digit(hex.p[2 * i]), low = iw_hex_digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

void iw_hex_write(const uint8_t *bytes, size_t n_bytes, char *out)
{
    static const char DIGITS[] = "0123456789abcdef";
    for (size_t i = 0; i < n_bytes; i++) {
        out[2 * i] = DIGITS[bytes[i] >> 4];
        out[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
}
