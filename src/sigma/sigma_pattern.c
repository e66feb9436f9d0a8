/*
 * Sigma's string values (Sigma 2.1, "Escaping" and "Wildcards"): parsing and matching.
 *
 * The wildcards of modifiers are added after parsing, never to the text: `contains: '\Temp\'` is
 * `*`, `\Temp\`, `*` and has no escaped star.
 */
#include "sigma/sigma_pattern.h"

#include "base/fold.h"
#include "base/utf.h"

static bool is_escapable(char c)
{
    return c == '\\' || c == '*' || c == '?';
}

static void end_literal(struct iw_pattern *pattern, const char *start, const char *end)
{
    if (end != start)
        pattern->tokens[pattern->n++] =
            (struct iw_token){IW_TOKEN_LITERAL, {start, (size_t)(end - start)}};
}

/* Adds a wildcard; two stars in a row are one. */
static void add_wildcard(struct iw_pattern *pattern, enum iw_token_kind kind)
{
    if (kind == IW_TOKEN_MANY && pattern->n != 0 &&
        pattern->tokens[pattern->n - 1].kind == IW_TOKEN_MANY)
        return;
    pattern->tokens[pattern->n++] = (struct iw_token){kind, {"", 0}};
}

bool iw_pattern_parse(struct iw_str text, struct iw_arena *arena, struct iw_pattern *ret)
{
    size_t n_wildcards = 0;
    char *out, *start;

    for (size_t i = 0; i < text.n; i++)
        n_wildcards += text.p[i] == '*' || text.p[i] == '?';
    ret->n = 0;
    ret->tokens = iw_arena_calloc(arena, 2 * n_wildcards + 1, sizeof *ret->tokens);
    start = out = iw_arena_alloc(arena, text.n + 1);
    if (ret->tokens == NULL || out == NULL)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\' && i + 1 < text.n && is_escapable(text.p[i + 1])) {
            *out++ = text.p[++i];
        } else if (c == '*' || c == '?') {
            end_literal(ret, start, out);
            start = out;
            add_wildcard(ret, c == '*' ? IW_TOKEN_MANY : IW_TOKEN_ONE);
        } else {
            *out++ = c;
        }
    }
    end_literal(ret, start, out);
    return true;
}

bool iw_pattern_literal(struct iw_str text, struct iw_arena *arena, struct iw_pattern *ret)
{
    ret->n = 0;
    ret->tokens = iw_arena_calloc(arena, 1, sizeof *ret->tokens);
    if (ret->tokens == NULL)
        return false;
    if (text.n != 0)
        ret->tokens[ret->n++] = (struct iw_token){IW_TOKEN_LITERAL, text};
    return true;
}

static void add_token(struct iw_pattern *pattern, const struct iw_token *token, char **out)
{
    struct iw_token *last = pattern->n != 0 ? &pattern->tokens[pattern->n - 1] : NULL;

    if (token->kind == IW_TOKEN_MANY) {
        add_wildcard(pattern, IW_TOKEN_MANY);
        return;
    }
    if (token->kind != IW_TOKEN_LITERAL) {
        pattern->tokens[pattern->n++] = *token;
        return;
    }
    memcpy(*out, token->text.p, token->text.n);
    if (last != NULL && last->kind == IW_TOKEN_LITERAL)
        last->text.n += token->text.n;
    else
        pattern->tokens[pattern->n++] = (struct iw_token){IW_TOKEN_LITERAL, {*out, token->text.n}};
    *out += token->text.n;
}

bool iw_pattern_join(const struct iw_pattern *const *parts, size_t n, struct iw_arena *arena,
                     struct iw_pattern *ret)
{
    size_t n_tokens = 0, n_bytes = 0;
    char *out;

    for (size_t i = 0; i < n; i++) {
        n_tokens += parts[i]->n;
        for (size_t k = 0; k < parts[i]->n; k++)
            n_bytes += parts[i]->tokens[k].text.n;
    }
    ret->n = 0;
    ret->tokens = iw_arena_calloc(arena, n_tokens + 1, sizeof *ret->tokens);
    out = iw_arena_alloc(arena, n_bytes + 1);
    if (ret->tokens == NULL || out == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < parts[i]->n; k++)
            add_token(ret, &parts[i]->tokens[k], &out);
    }
    return true;
}

bool iw_pattern_open(struct iw_pattern *pattern, bool front, bool behind, struct iw_arena *arena)
{
    struct iw_pattern opened = {iw_arena_calloc(arena, pattern->n + 2, sizeof *opened.tokens), 0};
    if (opened.tokens == NULL)
        return false;
    if (front)
        add_wildcard(&opened, IW_TOKEN_MANY);
    for (size_t i = 0; i < pattern->n; i++) {
        if (pattern->tokens[i].kind == IW_TOKEN_MANY)
            add_wildcard(&opened, IW_TOKEN_MANY);
        else
            opened.tokens[opened.n++] = pattern->tokens[i];
    }
    if (behind)
        add_wildcard(&opened, IW_TOKEN_MANY);
    *pattern = opened;
    return true;
}

bool iw_pattern_is_literal(const struct iw_pattern *pattern, struct iw_str *ret)
{
    *ret = pattern->n != 0 ? pattern->tokens[0].text : IW_STR("");
    return pattern->n == 0 || (pattern->n == 1 && pattern->tokens[0].kind == IW_TOKEN_LITERAL);
}

bool iw_pattern_fold(struct iw_pattern *pattern, struct iw_arena *arena)
{
    for (size_t i = 0; i < pattern->n; i++) {
        if (pattern->tokens[i].kind != IW_TOKEN_LITERAL)
            continue;
        pattern->tokens[i].text = iw_fold_text(pattern->tokens[i].text, arena);
        if (pattern->tokens[i].text.p == NULL)
            return false;
    }
    return true;
}

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
}

static bool is_word(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           (c >= 0x80 && !is_dash(c));
}

/* Cuts one literal at its dashes. A wildcard or an end of the value beside it is no word. */
static void cut_at_dashes(struct iw_str text, struct iw_pattern *out)
{
    size_t start = 0;
    uint32_t before = ' ';

    for (size_t at = 0; at < text.n;) {
        size_t here = at;
        uint32_t c = iw_utf8_next(text, &at), after = ' ';
        if (at < text.n) {
            size_t peek = at;
            after = iw_utf8_next(text, &peek);
        }
        if (is_dash(c) && is_word(after) && !is_word(before)) {
            end_literal(out, text.p + start, text.p + here);
            out->tokens[out->n++] = (struct iw_token){IW_TOKEN_DASH, {"", 0}};
            start = at;
        }
        before = c;
    }
    end_literal(out, text.p + start, text.p + text.n);
}

bool iw_pattern_windash(struct iw_pattern *pattern, struct iw_arena *arena)
{
    struct iw_pattern cut = {NULL, 0};
    size_t room = 1;

    for (size_t i = 0; i < pattern->n; i++)
        room += 2 * pattern->tokens[i].text.n + 1;
    cut.tokens = iw_arena_calloc(arena, room, sizeof *cut.tokens);
    if (cut.tokens == NULL)
        return false;
    for (size_t i = 0; i < pattern->n; i++) {
        if (pattern->tokens[i].kind == IW_TOKEN_LITERAL)
            cut_at_dashes(pattern->tokens[i].text, &cut);
        else
            cut.tokens[cut.n++] = pattern->tokens[i];
    }
    *pattern = cut;
    return true;
}

/* Whether *token* (not MANY) stands at *at*; moves past it. */
static bool step(const struct iw_token *token, struct iw_str text, size_t *at)
{
    if (token->kind == IW_TOKEN_LITERAL) {
        if (text.n - *at < token->text.n || memcmp(text.p + *at, token->text.p, token->text.n) != 0)
            return false;
        *at += token->text.n;
        return true;
    }
    if (*at == text.n)
        return false;
    return is_dash(iw_utf8_next(text, at)) || token->kind == IW_TOKEN_ONE;
}

/* Where the text after a star may begin to match: at the next place of a literal that follows it.
 */
static size_t resume(const struct iw_pattern *pattern, size_t token, struct iw_str text, size_t at)
{
    size_t found;
    if (token == pattern->n)
        return text.n;
    if (pattern->tokens[token].kind != IW_TOKEN_LITERAL)
        return at;
    /* A literal that ends the pattern can only stand at the end of the text. */
    if (token + 1 == pattern->n) {
        size_t n = pattern->tokens[token].text.n;
        return text.n - at >= n ? text.n - n : SIZE_MAX;
    }
    found = iw_str_find((struct iw_str){text.p + at, text.n - at}, pattern->tokens[token].text);
    return found == SIZE_MAX ? SIZE_MAX : at + found;
}

bool iw_pattern_match(const struct iw_pattern *pattern, struct iw_str text)
{
    size_t token = 0, at = 0;
    size_t star = SIZE_MAX; /* token after the last `*` seen */
    size_t star_at = 0;     /* where its text was tried last */

    for (;;) {
        bool fits = false;
        if (token < pattern->n && pattern->tokens[token].kind == IW_TOKEN_MANY) {
            star = ++token;
            at = star_at = resume(pattern, star, text, at);
            if (at == SIZE_MAX)
                return false;
            continue;
        }
        if (token == pattern->n) {
            if (at == text.n)
                return true;
        } else {
            fits = step(&pattern->tokens[token], text, &at);
        }
        if (fits) {
            token++;
            continue;
        }
        /* Only the last star needs another try: what earlier ones gave up cannot help. */
        if (star == SIZE_MAX || star_at >= text.n)
            return false;
        (void)iw_utf8_next(text, &star_at);
        at = star_at = resume(pattern, star, text, star_at);
        if (at == SIZE_MAX)
            return false;
        token = star;
    }
}
