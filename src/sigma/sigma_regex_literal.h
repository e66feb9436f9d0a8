/**
 * The literal a regular expression cannot match without.
 */
#ifndef IW_SIGMA_SIGMA_REGEX_LITERAL_H
#define IW_SIGMA_SIGMA_REGEX_LITERAL_H

#include "base/str.h"

/**
 * Finds the longest run of plain characters that every match of *pattern* (PCRE2 syntax) contains,
 * but for letter case. An empty text where none is known, or the pattern holds something this does
 * not understand: then nothing may be concluded.
 *
 * @param out  room for pattern.n bytes; the text returned stands in it
 */
struct iw_str iw_regex_literal_find(struct iw_str pattern, char *out);

#endif
