/*
 * Sources: MS documentation of HTTP.sys and request filtering (escaped dots, double escaping,
 * streams), "Naming Files, Paths, and Namespaces" (dots and blanks at the end, streams, short
 * names), RFC 3986 5.2.4 (dot segments), "Http.sys registry settings for Windows"
 * (PercentUAllowed), "Cookieless ASP.NET" (tickets in one outer pair of parentheses, a letter
 * each).
 */
#include "context/url_key.h"

#include "base/arena_text.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/hex.h"
#include "base/path_name.h"
#include "base/utf.h"
#include "iis/web/web_defaults.h"

/* Endings are short; a longer one is none that a handler names. */
#define ENDING_BYTES 32U

/* --- endings -------------------------------------------------------------------------------- */

static enum iw_rc add_ending(struct iw_url_endings *endings, struct iw_str ending)
{
    struct iw_str lower;
    if (ending.n < 2 || ending.n > ENDING_BYTES || memchr(ending.p, '*', ending.n) != NULL ||
        memchr(ending.p, '/', ending.n) != NULL)
        return IW_OK;
    lower = iw_arena_lower(&endings->arena, ending);
    return lower.p != NULL && iw_map_add(&endings->by_text, lower, NULL) != NULL ? IW_OK
                                                                                 : IW_ENOMEM;
}

enum iw_rc iw_url_endings_init(struct iw_url_endings *endings)
{
    iw_arena_init(&endings->arena, 0);
    iw_map_init(&endings->by_text);
    for (size_t i = 0; i < iw_web_n_endings; i++)
        IW_TRY(add_ending(endings, iw_web_endings[i].ending));
    IW_TRY(add_ending(endings, IW_STR(".dll")));
    return add_ending(endings, IW_STR(".exe"));
}

void iw_url_endings_done(struct iw_url_endings *endings)
{
    iw_map_done(&endings->by_text);
    iw_arena_done(&endings->arena);
}

/* "*.php,*.phtml": the part from the last dot of each. */
static enum iw_rc add_paths(struct iw_url_endings *endings, struct iw_str paths)
{
    while (paths.n != 0) {
        const char *comma = memchr(paths.p, ',', paths.n);
        struct iw_str path = {paths.p, comma != NULL ? (size_t)(comma - paths.p) : paths.n};
        const char *dot = path.n != 0 ? memrchr(path.p, '.', path.n) : NULL;
        size_t taken = path.n + (comma != NULL);
        if (dot != NULL)
            IW_TRY(add_ending(endings, (struct iw_str){dot, path.n - (size_t)(dot - path.p)}));
        paths.p += taken;
        paths.n -= taken;
    }
    return IW_OK;
}

/* The attribute `path` of a handler; the name of an aspNetHandler is its path. */
static enum iw_rc know_handler(struct iw_url_endings *endings,
                               const struct iw_inventory_component *component)
{
    static const struct iw_str PATH = {"path=", 5};
    for (size_t i = 0; i < component->attributes.n; i++) {
        struct iw_str attribute = component->attributes.items[i];
        if (iw_str_begins_nocase(attribute, PATH))
            IW_TRY(add_paths(endings, (struct iw_str){attribute.p + PATH.n, attribute.n - PATH.n}));
    }
    return strcmp(component->kind, "aspNetHandler") == 0 ? add_paths(endings, component->name)
                                                         : IW_OK;
}

/* Handlers that send files as they are name endings too; keeping their requests costs little. */
enum iw_rc iw_url_endings_know(struct iw_url_endings *endings, const struct iw_inventory *inventory)
{
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        for (size_t k = 0; k < server->n_components; k++)
            IW_TRY(know_handler(endings, &server->components[k]));
    }
    return IW_OK;
}

/* Looks at no more than an ending is long: parts may be of any length. */
static bool ends_like_program(const struct iw_url_endings *endings, struct iw_str part)
{
    size_t n_looked = part.n < ENDING_BYTES ? part.n : ENDING_BYTES;
    const char *dot = n_looked != 0 ? memrchr(part.p + part.n - n_looked, '.', n_looked) : NULL;
    char lower[ENDING_BYTES];
    size_t n = dot != NULL ? part.n - (size_t)(dot - part.p) : 0;
    if (n < 2)
        return false;
    for (size_t i = 0; i < n; i++)
        lower[i] = iw_ascii_lower(dot[i]);
    return iw_map_find(&endings->by_text, (struct iw_str){lower, n}) != NULL;
}

/* --- keys ----------------------------------------------------------------------------------- */

bool iw_url_may_run(struct iw_str url)
{
    return url.n != 0 && (memchr(url.p, '.', url.n) != NULL || memchr(url.p, '%', url.n) != NULL);
}

/* `%u0041`; half of a pair is no character. 0: it is none. */
static size_t decode_unit(struct iw_str escaped, char *out, size_t *ret_n)
{
    uint8_t bytes[2];
    uint32_t unit;
    if (escaped.n < 6 || iw_ascii_lower(escaped.p[1]) != 'u' ||
        !iw_hex_read((struct iw_str){escaped.p + 2, 4}, bytes, 2))
        return 0;
    unit = (uint32_t)bytes[0] << 8 | bytes[1];
    *ret_n = iw_utf8_put(unit >= 0xD800 && unit <= 0xDFFF ? 0xFFFD : unit, out);
    return 6;
}

/* Decoded once, separators and blanks in one spelling. False: no memory. */
static bool decode(struct iw_str url, struct iw_arena *arena, struct iw_str *ret)
{
    char *out = iw_arena_alloc(arena, url.n + 1);
    size_t n = 0;
    if (out == NULL)
        return false;
    for (size_t i = 0; i < url.n; i++) {
        char c = url.p[i];
        uint8_t byte;
        size_t n_bytes, n_taken;
        n_taken =
            c == '%' ? decode_unit((struct iw_str){url.p + i, url.n - i}, out + n, &n_bytes) : 0;
        if (n_taken != 0 && n_bytes == 1) {
            c = out[n];
            i += n_taken - 1;
        } else if (n_taken != 0) {
            n += n_bytes;
            i += n_taken - 1;
            continue;
        } else if (c == '%' && i + 2 < url.n &&
                   iw_hex_read((struct iw_str){url.p + i + 1, 2}, &byte, 1)) {
            c = (char)byte;
            i += 2;
        }
        out[n++] = c == '\\' ? '/' : c == ' ' ? '+' : c;
    }
    *ret = (struct iw_str){out, n};
    return true;
}

/* --- tickets -------------------------------------------------------------------------------- */

/* Length of `/(S(abc)F(def))` at *at*; 0: there is none. */
static size_t ticket_at(struct iw_str url, size_t at)
{
    size_t end = at + 2, n = 0;
    if (url.n - at < 6 || url.p[at] != '/' || url.p[at + 1] != '(')
        return 0;
    for (; end + 1 < url.n && url.p[end + 1] == '('; n++) {
        char letter = iw_ascii_lower(url.p[end]);
        if (letter < 'a' || letter > 'z')
            return 0;
        end += 2;
        while (end < url.n && url.p[end] != '(' && url.p[end] != ')' && url.p[end] != '/')
            end++;
        if (end == url.n || url.p[end] != ')')
            return 0;
        end++;
    }
    return n != 0 && end < url.n && url.p[end] == ')' ? end + 1 - at : 0;
}

/* In place. */
static size_t remove_tickets(char *text, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n;) {
        size_t ticket = ticket_at((struct iw_str){text, n}, i);
        i += ticket;
        if (ticket == 0)
            text[kept++] = text[i++];
    }
    return kept;
}

struct iw_str iw_url_without_tickets(struct iw_str url, struct iw_arena *arena)
{
    struct iw_str copy;
    if (iw_str_find(url, IW_STR("/(")) == SIZE_MAX)
        return url;
    copy = iw_arena_copy(arena, url);
    if (copy.p != NULL)
        copy.n = remove_tickets((char *)(uintptr_t)copy.p, copy.n);
    return copy;
}

/* --- parts ---------------------------------------------------------------------------------- */

static struct iw_str without_end(struct iw_str part, const char *ends)
{
    while (part.n != 0 && strchr(ends, part.p[part.n - 1]) != NULL && part.p[part.n - 1] != '\0')
        part.n--;
    return part;
}

/* Dots and blanks at the end go; but a `+` may be of the name, unless the rest is a program's. */
static struct iw_str trimmed(const struct iw_url_endings *endings, struct iw_str part)
{
    struct iw_str bare = without_end(part, ".+");
    return ends_like_program(endings, bare) ? bare : without_end(part, ".");
}

/* Up to the first `;` behind something that ends like a program. */
static struct iw_str without_parameters(const struct iw_url_endings *endings, struct iw_str part)
{
    for (size_t i = 1; i < part.n; i++) {
        struct iw_str before = {part.p, i};
        if (part.p[i] == ';' && ends_like_program(endings, before))
            return before;
    }
    return part;
}

/* What names a file in one part of a path. */
static struct iw_str name_of_part(const struct iw_url_endings *endings, struct iw_str part,
                                  bool *ret_runs)
{
    const char *colon = part.n != 0 ? memchr(part.p, ':', part.n) : NULL;
    if (colon != NULL && colon != part.p)
        part.n = (size_t)(colon - part.p);
    part = trimmed(endings, without_parameters(endings, part));
    *ret_runs = ends_like_program(endings, part);
    return part;
}

/* Takes the last part off *text*. */
static void step_up(struct iw_str *text)
{
    while (text->n != 0 && text->p[--text->n] != '/')
        continue;
}

enum iw_rc iw_url_key(const struct iw_url_endings *endings, struct iw_str url,
                      struct iw_arena *arena, struct iw_url_key *ret)
{
    struct iw_str raw, text;
    char *out = iw_arena_alloc(arena, url.n + 1);

    ret->runs = false;
    if (out == NULL || !decode(url, arena, &raw))
        return IW_ENOMEM;
    raw = iw_url_without_tickets(raw, arena);
    if (raw.p == NULL)
        return IW_ENOMEM;
    text = (struct iw_str){out, 0};
    for (size_t at = 0; at < raw.n && !ret->runs;) {
        const char *slash = memchr(raw.p + at, '/', raw.n - at);
        size_t end = slash != NULL ? (size_t)(slash - raw.p) : raw.n;
        struct iw_str part = {raw.p + at, end - at};
        at = end + 1;
        if (iw_str_equal(part, IW_STR(".."))) {
            step_up(&text);
            continue;
        }
        part = name_of_part(endings, part, &ret->runs);
        if (part.n == 0)
            continue;
        out[text.n++] = '/';
        memcpy(out + text.n, part.p, part.n);
        text.n += part.n;
    }
    if (text.n == 0)
        out[text.n++] = '/';
    ret->text = iw_fold_text(text, arena);
    return ret->text.p != NULL ? IW_OK : IW_ENOMEM;
}

/* --- short names ---------------------------------------------------------------------------- */

/* Appends at most *n* characters that a short name keeps. */
static size_t add_short(char *out, struct iw_str text, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < text.n && kept < n; i++) {
        char c = text.p[i];
        if (c == ' ' || c == '.')
            continue;
        if (strchr("+,;=[]", c) != NULL || (uint8_t)c >= 0x80 || c == '\0')
            c = '_';
        out[kept++] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    return kept;
}

struct iw_str iw_url_short_name(struct iw_str name, struct iw_arena *arena)
{
    const char *dot = name.n != 0 ? memrchr(name.p, '.', name.n) : NULL;
    struct iw_str base = {name.p, dot != NULL ? (size_t)(dot - name.p) : name.n};
    struct iw_str ending = {"", 0};
    char *out = iw_arena_alloc(arena, 13);
    size_t n;
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    if (dot != NULL)
        ending = (struct iw_str){dot + 1, name.n - base.n - 1};
    if (base.n <= 8 && ending.n <= 3 && memchr(base.n != 0 ? base.p : "", '.', base.n) == NULL)
        return IW_STR("");
    n = add_short(out, base, 6);
    out[n++] = '~';
    out[n++] = '1';
    if (ending.n != 0) {
        out[n++] = '.';
        n += add_short(out + n, ending, 3);
    }
    return (struct iw_str){out, n};
}
