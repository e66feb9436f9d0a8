/**
 * Text patterns: a rule's string with its wildcards, and the comparison with a field's text.
 *
 * Built while a rule is loaded (in an arena), immutable afterwards. Letter case is not its
 * business: who wants it ignored folds both sides (base/fold.h).
 */
#ifndef IW_SIGMA_SIGMA_PATTERN_H
#define IW_SIGMA_SIGMA_PATTERN_H

#include "base/arena.h"

enum iw_token_kind {
    IW_TOKEN_LITERAL = 0, /* these bytes */
    IW_TOKEN_ONE,         /* `?`: exactly one code point */
    IW_TOKEN_MANY,        /* `*`: any text, also none */
    IW_TOKEN_DASH         /* windash: one of - / U+2013 U+2014 U+2015 */
};

struct iw_token {
    enum iw_token_kind kind;
    struct iw_str text; /* of a literal; never empty */
};

struct iw_pattern {
    struct iw_token *tokens;
    size_t n;
};

/** Reads a rule's string: `\` before `\`, `*` or `?` makes that character literal, any other `\` is
 * itself; bare `*` and `?` are wildcards. False: no memory. */
bool iw_pattern_parse(struct iw_str text, struct iw_arena *arena, struct iw_pattern *ret);
/** A pattern without wildcards. False: no memory. */
bool iw_pattern_literal(struct iw_str text, struct iw_arena *arena, struct iw_pattern *ret);
/** The patterns in *parts* one behind the other; literals that meet become one. False: no memory.
 */
bool iw_pattern_join(const struct iw_pattern *const *parts, size_t n, struct iw_arena *arena,
                     struct iw_pattern *ret);
/** Adds `*` in front or behind unless one is there. False: no memory. */
bool iw_pattern_open(struct iw_pattern *pattern, bool front, bool behind, struct iw_arena *arena);
/** Whether it has no wildcard; *ret is then its text. */
bool iw_pattern_is_literal(const struct iw_pattern *pattern, struct iw_str *ret);
/** Folds the letter case of its literals. False: no memory. */
bool iw_pattern_fold(struct iw_pattern *pattern, struct iw_arena *arena);
/** Replaces every dash or slash that begins a word (pySigma: `\B[-/]\b`) by IW_TOKEN_DASH. False:
 * no memory. */
bool iw_pattern_windash(struct iw_pattern *pattern, struct iw_arena *arena);

/** Whether the pattern covers the whole of *text* (valid UTF-8). */
bool iw_pattern_match(const struct iw_pattern *pattern, struct iw_str text);

#endif
