/**
 * Letters of base64 (RFC 4648 section 4).
 */
#ifndef IW_BASE_BASE64_H
#define IW_BASE_BASE64_H

/** 0 to 63; -1: no letter of it. */
static inline int iw_base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

#endif
