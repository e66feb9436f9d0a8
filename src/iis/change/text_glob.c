/*
 * Globs as a machine of states: state i means that the tokens before i have been matched. All
 * states a text may have led to are carried along together, so that no pattern makes it try ways
 * one after the other.
 */
#include "iis/change/text_glob.h"

#include "base/limits.h"
#include "base/utf.h"

/* Signs: past the last code point. */
enum {
    ANY_ONE = 0x110000, /* ? */
    ANY_RUN,            /* * */
    ANY_DEEP,           /* ** */
    /* `**\` at the beginning of a part: PARTS lets it be skipped with PARTS_INSIDE, which stands
       for anything up to a separator. */
    PARTS,
    PARTS_INSIDE,
};

struct states {
    bool is_in[IW_LIMIT_CHANGE_GLOB_POINTS + 1];
};

/* Reads the stars at *at*. */
static void add_stars(struct iw_str pattern, size_t *at, uint32_t *tokens, struct iw_glob *glob)
{
    size_t n_stars = 0;
    /* PARTS_INSIDE has taken the separator behind it. */
    const bool begins_part = glob->n == 0 || tokens[glob->n - 1] == glob->separator ||
                             tokens[glob->n - 1] == PARTS_INSIDE;

    for (; *at < pattern.n && pattern.p[*at] == '*'; (*at)++)
        n_stars++;
    if (n_stars == 1) {
        tokens[glob->n++] = ANY_RUN;
    } else if (begins_part && *at < pattern.n && (unsigned char)pattern.p[*at] == glob->separator) {
        tokens[glob->n++] = PARTS;
        tokens[glob->n++] = PARTS_INSIDE;
        (*at)++;
    } else {
        tokens[glob->n++] = ANY_DEEP;
    }
}

enum iw_rc iw_glob_read(struct iw_str pattern, char separator, struct iw_arena *arena,
                        struct iw_glob *ret)
{
    uint32_t tokens[IW_LIMIT_CHANGE_GLOB_POINTS + 2], *kept;
    struct iw_glob glob = {.text = pattern, .separator = (unsigned char)separator};

    for (size_t at = 0; at < pattern.n;) {
        if (glob.n >= IW_LIMIT_CHANGE_GLOB_POINTS)
            return IW_ELIMIT;
        if (pattern.p[at] == '*') {
            add_stars(pattern, &at, tokens, &glob);
        } else if (pattern.p[at] == '?') {
            tokens[glob.n++] = ANY_ONE;
            at++;
        } else {
            tokens[glob.n++] = iw_utf8_next(pattern, &at);
        }
    }
    if (glob.n > IW_LIMIT_CHANGE_GLOB_POINTS)
        return IW_ELIMIT;
    while (glob.n_literal < glob.n && tokens[glob.n_literal] < ANY_ONE) {
        (void)iw_utf8_next(pattern, &glob.literal_bytes);
        glob.n_literal++;
    }
    kept = iw_arena_calloc(arena, glob.n + 1, sizeof *kept);
    if (kept == NULL)
        return IW_ENOMEM;
    memcpy(kept, tokens, glob.n * sizeof *kept);
    glob.tokens = kept;
    *ret = glob;
    return IW_OK;
}

/* Adds the states reached without a character. */
static void relax(const struct iw_glob *glob, struct states *states)
{
    for (size_t i = 0; i < glob->n; i++) {
        if (!states->is_in[i])
            continue;
        if (glob->tokens[i] == ANY_RUN || glob->tokens[i] == ANY_DEEP)
            states->is_in[i + 1] = true;
        else if (glob->tokens[i] == PARTS)
            states->is_in[i + 1] = states->is_in[i + 2] = true;
    }
}

/* One character onward; false when no state is left. */
static bool step(const struct iw_glob *glob, const struct states *from, uint32_t c,
                 struct states *to)
{
    const bool separates = c == glob->separator;
    bool any = false;

    memset(to->is_in, 0, glob->n + 1);
    for (size_t i = 0; i < glob->n; i++) {
        const uint32_t token = glob->tokens[i];
        if (!from->is_in[i] || token == PARTS)
            continue;
        if (token == ANY_DEEP || token == PARTS_INSIDE || (token == ANY_RUN && !separates))
            to->is_in[i] = any = true;
        if (token == c || (token == ANY_ONE && !separates) || (token == PARTS_INSIDE && separates))
            to->is_in[i + 1] = any = true;
    }
    return any;
}

/* Runs *text* from the states given; false when none is left. */
static bool run(const struct iw_glob *glob, struct states *states, struct iw_str text)
{
    struct states next;

    relax(glob, states);
    for (size_t at = 0; at < text.n;) {
        if (!step(glob, states, iw_utf8_next(text, &at), &next))
            return false;
        relax(glob, &next);
        memcpy(states->is_in, next.is_in, glob->n + 1);
    }
    return true;
}

/* Whether the text goes along with the literal beginning as far as both reach: tells most patterns
 * apart at little cost. *ret_at: where the beginning ends in the text, *ret_n: tokens passed. */
static bool agrees(const struct iw_glob *glob, struct iw_str text, size_t *ret_at, size_t *ret_n)
{
    const size_t n_bytes = text.n < glob->literal_bytes ? text.n : glob->literal_bytes;
    size_t at = 0, n = 0;

    if (n_bytes != 0 && memcmp(text.p, glob->text.p, n_bytes) != 0)
        return false;
    /* A text that is cut within a character has more pieces than the pattern has tokens. */
    while (at < n_bytes && n < glob->n_literal) {
        (void)iw_utf8_next(text, &at);
        n++;
    }
    *ret_at = at;
    *ret_n = n;
    return true;
}

static bool run_from_literal(const struct iw_glob *glob, struct states *states, struct iw_str text)
{
    size_t at, n;

    if (!agrees(glob, text, &at, &n))
        return false;
    memset(states->is_in, 0, glob->n + 1);
    states->is_in[n] = true;
    return run(glob, states, at < text.n ? (struct iw_str){text.p + at, text.n - at} : IW_STR(""));
}

bool iw_glob_matches(const struct iw_glob *glob, struct iw_str text)
{
    struct states states;

    return run_from_literal(glob, &states, text) && states.is_in[glob->n];
}

bool iw_glob_could_begin(const struct iw_glob *glob, struct iw_str beginning)
{
    struct states states;

    return run_from_literal(glob, &states, beginning);
}

bool iw_glob_could_end(const struct iw_glob *glob, struct iw_str end)
{
    struct states states;

    memset(states.is_in, true, glob->n + 1);
    return run(glob, &states, end) && states.is_in[glob->n];
}
