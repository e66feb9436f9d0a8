/*
 * Strings that know their length. ASCII case only: folding of other letters is base/utf8.h's
 * business.
 */
#include "base/str.h"

/* How many of the first *n* bytes are the same for sure, by words: names that are sorted mostly
 * begin alike. */
static size_t alike_words(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    for (; i + sizeof(uint64_t) <= n; i += sizeof(uint64_t)) {
        uint64_t left, right;
        memcpy(&left, a + i, sizeof left);
        memcpy(&right, b + i, sizeof right);
        if (left != right)
            break;
    }
    return i;
}

int iw_str_compare(struct iw_str a, struct iw_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n != 0 ? memcmp(a.p, b.p, n) : 0;
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

int iw_str_compare_nocase(struct iw_str a, struct iw_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    for (size_t i = alike_words(a.p, b.p, n); i < n; i++) {
        uint8_t left = (uint8_t)iw_ascii_lower(a.p[i]), right = (uint8_t)iw_ascii_lower(b.p[i]);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (a.n > b.n) - (a.n < b.n);
}

bool iw_str_equal_nocase(struct iw_str a, struct iw_str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = alike_words(a.p, b.p, a.n); i < a.n; i++) {
        if (iw_ascii_lower(a.p[i]) != iw_ascii_lower(b.p[i]))
            return false;
    }
    return true;
}

bool iw_str_ends_nocase(struct iw_str s, struct iw_str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 ||
            iw_str_equal_nocase((struct iw_str){s.p + (s.n - suffix.n), suffix.n}, suffix));
}

bool iw_str_begins_nocase(struct iw_str s, struct iw_str prefix)
{
    return s.n >= prefix.n && iw_str_equal_nocase((struct iw_str){s.p, prefix.n}, prefix);
}

/* Where a part may begin, in many places at once: its first and its last byte are compared, the two
 * letters of a case as one (they differ in one bit, in which some other bytes differ, too). */
#define PLACES 32U

static uint8_t one_case(char c)
{
    return (uint8_t)c | 0x20U;
}

static bool may_begin_in(const char *first, const char *last, uint8_t of_first, uint8_t of_last)
{
    uint8_t is_any = 0;
    for (size_t i = 0; i < PLACES; i++)
        is_any |=
            (uint8_t)(one_case(first[i]) == of_first) & (uint8_t)(one_case(last[i]) == of_last);
    return is_any != 0;
}

/* The first of these places at which the part begins; n_places: none. */
static size_t first_in(const char *at, size_t n_places, struct iw_str part)
{
    uint8_t of_first = one_case(part.p[0]);
    for (size_t i = 0; i < n_places; i++) {
        if (one_case(at[i]) == of_first &&
            iw_str_equal_nocase((struct iw_str){at + i, part.n}, part))
            return i;
    }
    return n_places;
}

size_t iw_str_find_nocase(struct iw_str s, struct iw_str part)
{
    size_t n_places, at = 0;
    if (part.n == 0)
        return 0;
    if (s.n < part.n)
        return SIZE_MAX;
    n_places = s.n - part.n + 1;
    for (; n_places - at >= PLACES; at += PLACES) {
        const char *first = s.p + at, *last = first + part.n - 1;
        size_t i = PLACES;
        if (may_begin_in(first, last, one_case(part.p[0]), one_case(part.p[part.n - 1])))
            i = first_in(first, PLACES, part);
        if (i != PLACES)
            return at + i;
    }
    at += first_in(s.p + at, n_places - at, part);
    return at != n_places ? at : SIZE_MAX;
}

bool iw_str_holds_nocase(struct iw_str s, struct iw_str part)
{
    return iw_str_find_nocase(s, part) != SIZE_MAX;
}

size_t iw_str_find(struct iw_str s, struct iw_str needle)
{
    const char *hit;
    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return SIZE_MAX;
    hit = memmem(s.p, s.n, needle.p, needle.n);
    return hit != NULL ? (size_t)(hit - s.p) : SIZE_MAX;
}

bool iw_str_to_u64(struct iw_str s, uint64_t *ret)
{
    uint64_t value = 0;
    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';
        if (digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *ret = value;
    return true;
}
