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

/* The two letters of a case differ in one bit. */
static bool is_no_letter(char c)
{
    char lower = (char)(c | 32);
    return lower < 'a' || lower > 'z';
}

/* What begins with no letter (`\\temp\\`) begins where memchr finds it. */
static bool holds_from(struct iw_str s, struct iw_str part)
{
    size_t n_places = s.n - part.n + 1;
    for (size_t at = 0; at < n_places; at++) {
        const char *begin = memchr(s.p + at, part.p[0], n_places - at);
        if (begin == NULL)
            return false;
        at = (size_t)(begin - s.p);
        if (iw_str_equal_nocase((struct iw_str){begin, part.n}, part))
            return true;
    }
    return false;
}

bool iw_str_holds_nocase(struct iw_str s, struct iw_str part)
{
    if (part.n == 0)
        return true;
    if (s.n < part.n)
        return false;
    if (is_no_letter(part.p[0]))
        return holds_from(s, part);
    for (size_t at = 0; at + part.n <= s.n; at++) {
        if (iw_str_begins_nocase((struct iw_str){s.p + at, s.n - at}, part))
            return true;
    }
    return false;
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
