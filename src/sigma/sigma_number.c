/*
 * Decimal numbers and IP networks. Addresses are what inet_pton(3) takes: no leading zeros, no
 * zone. IPv4-mapped IPv6 addresses are not unmapped: rules list `::ffff:` forms themselves.
 */
#include "sigma/sigma_number.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define LONGEST_NUMBER 64U
#define LONGEST_ADDRESS 64U

static bool has_number_shape(struct iw_str text)
{
    bool digits = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_digit = c >= '0' && c <= '9';
        bool after_e = i != 0 && (text.p[i - 1] == 'e' || text.p[i - 1] == 'E');
        if (!is_digit && c != '.' && !((c == 'e' || c == 'E') && digits) &&
            !((c == '+' || c == '-') && (i == 0 || after_e)))
            return false;
        digits |= is_digit;
    }
    return digits;
}

bool iw_number_parse(struct iw_str text, struct iw_number *ret)
{
    char copy[LONGEST_NUMBER + 1];
    struct iw_str digits = text;
    char *end;

    memset(ret, 0, sizeof *ret);
    if (text.n == 0 || text.n > LONGEST_NUMBER || !has_number_shape(text))
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    ret->real = strtod(copy, &end);
    if (end != copy + text.n)
        return false;
    if (digits.p[0] == '-' || digits.p[0] == '+')
        digits = (struct iw_str){digits.p + 1, digits.n - 1};
    ret->is_whole = iw_str_to_u64(digits, &ret->magnitude);
    ret->is_negative = ret->is_whole && text.p[0] == '-' && ret->magnitude != 0;
    return true;
}

int iw_number_compare(const struct iw_number *a, const struct iw_number *b)
{
    int order;
    if (!a->is_whole || !b->is_whole)
        return (a->real > b->real) - (a->real < b->real);
    if (a->is_negative != b->is_negative)
        return a->is_negative ? -1 : 1;
    order = (a->magnitude > b->magnitude) - (a->magnitude < b->magnitude);
    return a->is_negative ? -order : order;
}

static bool parse_address(struct iw_str text, int *ret_family, uint8_t ret[16])
{
    char copy[LONGEST_ADDRESS + 1];
    if (text.n == 0 || text.n > LONGEST_ADDRESS)
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    memset(ret, 0, 16);
    *ret_family = memchr(copy, ':', text.n) != NULL ? AF_INET6 : AF_INET;
    return inet_pton(*ret_family, copy, ret) == 1;
}

/* Whether the first *bits* bits are equal. */
static bool same_prefix(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
    uint32_t whole = bits / 8, rest = bits % 8;
    unsigned mask = (0xFF00U >> rest) & 0xFFU;
    return memcmp(a, b, whole) == 0 && (rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

bool iw_network_parse(struct iw_str text, struct iw_network *ret)
{
    static const uint8_t ZERO[16] = {0};
    const char *slash = text.n != 0 ? memchr(text.p, '/', text.n) : NULL;
    struct iw_str address = text;
    uint8_t host[16];
    uint64_t bits;
    uint32_t width;

    if (slash != NULL)
        address.n = (size_t)(slash - text.p);
    if (!parse_address(address, &ret->family, ret->address))
        return false;
    width = ret->family == AF_INET ? 32 : 128;
    bits = width;
    if (slash != NULL &&
        (!iw_str_to_u64((struct iw_str){slash + 1, text.n - address.n - 1}, &bits) || bits > width))
        return false;
    ret->prefix_bits = (uint32_t)bits;
    memcpy(host, ret->address, sizeof host);
    for (uint32_t bit = 0; bit < ret->prefix_bits; bit++)
        host[bit / 8] &= (uint8_t) ~(0x80U >> (bit % 8));
    return memcmp(host, ZERO, sizeof host) == 0;
}

bool iw_network_holds(const struct iw_network *network, struct iw_str text)
{
    uint8_t address[16];
    int family;
    return parse_address(text, &family, address) && family == network->family &&
           same_prefix(address, network->address, network->prefix_bits);
}
