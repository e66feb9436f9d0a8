/**
 * Globs over host names and Windows paths: `*` stands for any characters of one part, `**` for any
 * characters at all, `?` for one character of a part. Between two separators (or at the beginning)
 * `**` stands for any number of whole parts, none too: `C:\a\**\b` is `C:\a\b` as well.
 *
 * Pattern and text must be folded (base/fold.h; so they are valid UTF-8: a text that is cut within
 * a character does not match) and written with the same separator. Asking takes at most the length
 * of the pattern times that of the text; nothing is tried twice.
 */
#ifndef IW_IIS_CHANGE_TEXT_GLOB_H
#define IW_IIS_CHANGE_TEXT_GLOB_H

#include "base/arena.h"
#include "base/error.h"

struct iw_glob {
    struct iw_str text;     /* the pattern, borrowed */
    const uint32_t *tokens; /* code points, and signs for what stands for others */
    size_t n;
    size_t n_literal;     /* tokens before the first sign; n: the pattern is one text */
    size_t literal_bytes; /* of *text* that they are */
    uint32_t separator;
};

/** Reads a pattern; *ret* lives in *arena* and borrows *pattern*. IW_OK; IW_ELIMIT: past
 * IW_LIMIT_CHANGE_GLOB_POINTS; IW_ENOMEM. */
enum iw_rc iw_glob_read(struct iw_str pattern, char separator, struct iw_arena *arena,
                        struct iw_glob *ret);

static inline bool iw_glob_is_literal(const struct iw_glob *glob)
{
    return glob->n_literal == glob->n;
}

/** Any thread, as the two below. */
bool iw_glob_matches(const struct iw_glob *glob, struct iw_str text);
/** Could a text match of which only the beginning is known? */
bool iw_glob_could_begin(const struct iw_glob *glob, struct iw_str beginning);
/** Could a text match of which only the end is known? */
bool iw_glob_could_end(const struct iw_glob *glob, struct iw_str end);

#endif
