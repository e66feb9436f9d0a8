/**
 * Strings that know their length: text of evidence may hold NUL bytes, so it never ends at one.
 *
 * A `struct iw_str` borrows its bytes; who owns them is said where it comes from. `p` may be NULL
 * only when n is 0.
 */
#ifndef IW_BASE_STR_H
#define IW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct iw_str {
    const char *p;
    size_t n;
};

/** A string literal as iw_str. */
#define IW_STR(literal) ((struct iw_str){("" literal), sizeof(literal) - 1})
/** For printf("%.*s", IW_STR_ARG(s)). */
#define IW_STR_ARG(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static inline struct iw_str iw_str_of(const char *text)
{
    return (struct iw_str){text, text != NULL ? strlen(text) : 0};
}

static inline bool iw_str_equal(struct iw_str a, struct iw_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline char iw_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/** Byte order, shorter first on a tie: <0, 0, >0. */
int iw_str_compare(struct iw_str a, struct iw_str b);
/** The same of both texts in lower case (ASCII): 0 where iw_str_equal_nocase. */
int iw_str_compare_nocase(struct iw_str a, struct iw_str b);
/** Equal but for ASCII letter case. */
bool iw_str_equal_nocase(struct iw_str a, struct iw_str b);
/** *s* ends with *suffix*, ASCII letter case ignored. */
bool iw_str_ends_nocase(struct iw_str s, struct iw_str suffix);
/** *s* begins with *prefix*, ASCII letter case ignored. */
bool iw_str_begins_nocase(struct iw_str s, struct iw_str prefix);
/** *part* is somewhere in *s*, ASCII letter case ignored; an empty one always is. */
bool iw_str_holds_nocase(struct iw_str s, struct iw_str part);
/** Position of the first *part* in *s*, ASCII letter case ignored, or SIZE_MAX; an empty one is
 * found at 0. */
size_t iw_str_find_nocase(struct iw_str s, struct iw_str part);
/** Position of the first *needle* in *s*, or SIZE_MAX; an empty needle is found at 0. */
size_t iw_str_find(struct iw_str s, struct iw_str needle);

/** Reads a decimal unsigned number that fills *s* whole; false when it is not one or does not fit.
 */
bool iw_str_to_u64(struct iw_str s, uint64_t *ret);

#endif
