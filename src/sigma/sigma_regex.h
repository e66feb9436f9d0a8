/**
 * Regular expressions of rules: PCRE2 with JIT, substring search, limits of base/limits.h.
 */
#ifndef IW_SIGMA_SIGMA_REGEX_H
#define IW_SIGMA_SIGMA_REGEX_H

#include "base/error.h"
#include "base/str.h"

struct iw_regex;        /* compiled; immutable, shared by threads */
struct iw_regex_worker; /* what one thread needs to match */

enum iw_regex_flag {
    IW_REGEX_NO_CASE = 1U << 0,
    IW_REGEX_MULTI_LINE = 1U << 1,
    IW_REGEX_DOT_ALL = 1U << 2
};

/** Compiles; chains the result into *list, which the owner frees. IW_OK; IW_ERULE (err says why);
 * IW_ELIMIT (too long); IW_ENOMEM. */
enum iw_rc iw_regex_new(struct iw_str pattern, unsigned flags, struct iw_regex **list,
                        struct iw_error *err);
/** Frees a whole list. */
void iw_regex_free_list(struct iw_regex *list);

/** NULL: no memory. */
struct iw_regex_worker *iw_regex_worker_new(void);
void iw_regex_worker_free(struct iw_regex_worker *worker);

enum iw_regex_answer { IW_REGEX_NO = 0, IW_REGEX_GAVE_UP, IW_REGEX_YES, IW_REGEX_NO_MEMORY };

/** Searches *text* (UTF-8). GAVE_UP: a limit was reached, the answer is not known. */
enum iw_regex_answer iw_regex_search(const struct iw_regex *regex, struct iw_regex_worker *worker,
                                     struct iw_str text);

/** What every match contains but for letter case, folded; empty when nothing is known. A text whose
 * folded form lacks it need not be searched. */
struct iw_str iw_regex_literal(const struct iw_regex *regex);
/** The pattern as written, and its flags (enum iw_regex_flag). */
struct iw_str iw_regex_source(const struct iw_regex *regex, unsigned *ret_flags);

#endif
