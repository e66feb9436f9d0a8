/*
 * Sources: about_Comments, about_Functions, about_Quoting_Rules and about_Parsing of PowerShell.
 */
#include "coverage/switch_code.h"

/* Brackets in texts in brackets that are followed. */
#define MOST_DEPTH 8

struct code {
    struct iw_str text;
    bool is_odd; /* not plain from here on */
};

static char at_of(const struct code *code, size_t at)
{
    return at < code->text.n ? code->text.p[at] : '\0';
}

static bool is_letter(char c)
{
    char lower = iw_ascii_lower(c);
    return lower >= 'a' && lower <= 'z';
}

static bool is_one_of(char c, const char *these)
{
    return c != '\0' && strchr(these, c) != NULL;
}

/* Whether a word may begin *at*. */
static bool begins_word(const struct code *code, size_t at)
{
    return at == 0 || is_one_of(code->text.p[at - 1], " \t\r\n;{}()|&,=");
}

static size_t behind(struct code *code, size_t from, struct iw_str end)
{
    size_t n = from <= code->text.n
                   ? iw_str_find((struct iw_str){code->text.p + from, code->text.n - from}, end)
                   : SIZE_MAX;
    code->is_odd |= n == SIZE_MAX;
    return n == SIZE_MAX ? code->text.n : from + n + end.n;
}

static size_t item_end(struct code *code, size_t at, int depth);

/* Behind the bracket that closes the one *at*. */
static size_t bracket_end(struct code *code, size_t at, char open, char close, int depth)
{
    size_t n_open = 0;
    while (at < code->text.n && !code->is_odd) {
        char c = code->text.p[at];
        at = item_end(code, at, depth);
        n_open += c == open;
        if (c == close && --n_open == 0)
            return at;
    }
    code->is_odd = true;
    return at;
}

/* Behind the quote that ends the text which begins *at*. */
static size_t quote_end(struct code *code, size_t at, int depth)
{
    char quote = code->text.p[at++];
    while (at < code->text.n && !code->is_odd) {
        char c = code->text.p[at];
        if (c == quote && at_of(code, at + 1) != quote)
            return at + 1;
        code->is_odd |= c == '\xE2'; /* perhaps a typographic quote */
        if (quote == '"' && c == '$' && at_of(code, at + 1) == '(') {
            code->is_odd |= depth == MOST_DEPTH;
            if (!code->is_odd)
                at = bracket_end(code, at + 1, '(', ')', depth + 1);
        } else {
            at += c == quote || (c == '`' && quote == '"') ? 2 : 1;
        }
    }
    code->is_odd = true;
    return code->text.n;
}

/* `@'` … `'@` in lines of their own. */
static size_t here_text_end(struct code *code, size_t at)
{
    const char end[3] = {'\n', code->text.p[at + 1], '@'};
    at += 2;
    while (is_one_of(at_of(code, at), " \t\r"))
        at++;
    code->is_odd |= at_of(code, at) != '\n';
    return behind(code, at, (struct iw_str){end, 3});
}

static size_t braced_name_end(struct code *code, size_t at)
{
    for (at += 2; at < code->text.n && code->text.p[at] != '}'; at++)
        code->is_odd |= is_one_of(code->text.p[at], "{`");
    return at + 1;
}

static bool is_remark(const struct code *code, size_t at)
{
    return (at_of(code, at) == '#' && begins_word(code, at)) ||
           (at_of(code, at) == '<' && at_of(code, at + 1) == '#');
}

static size_t remark_end(struct code *code, size_t at)
{
    if (code->text.p[at] == '<')
        return behind(code, at + 2, IW_STR("#>"));
    while (at < code->text.n && code->text.p[at] != '\n')
        at++;
    return at;
}

/* Behind what stands *at*: a remark, a text in quotes, or a character. */
static size_t item_end(struct code *code, size_t at, int depth)
{
    char c = code->text.p[at], next = at_of(code, at + 1);
    if (is_remark(code, at))
        return remark_end(code, at);
    if (c == '`')
        return at + 2;
    if (c == '\'' || c == '"')
        return quote_end(code, at, depth);
    if (c == '@' && (next == '\'' || next == '"'))
        return here_text_end(code, at);
    if (c == '$' && next == '{')
        return braced_name_end(code, at);
    code->is_odd |=
        c == '#' || c == '\xE2' || (c == '-' && next == '-' && at_of(code, at + 2) == '%');
    return at + 1;
}

/* --- quotes --------------------------------------------------------------------------------- */

/* U+2018 to U+201B are `'`, U+201C to U+201E are `"`. Bytes of it; 0: none. */
static size_t typographic_quote(struct iw_str text, size_t at, char *ret)
{
    uint8_t last;
    if (at + 3 > text.n || memcmp(text.p + at, "\xE2\x80", 2) != 0)
        return 0;
    last = (uint8_t)text.p[at + 2];
    if (last < 0x98 || last > 0x9E)
        return 0;
    *ret = last < 0x9C ? '\'' : '"';
    return 3;
}

enum iw_rc iw_switch_with_plain_quotes(struct iw_str text, struct iw_arena *scratch,
                                       struct iw_str *ret)
{
    size_t n_made = 0;
    char *made;
    *ret = text;
    if (iw_str_find(text, IW_STR("\xE2\x80")) == SIZE_MAX)
        return IW_OK;
    made = iw_arena_alloc(scratch, text.n);
    if (made == NULL)
        return IW_ENOMEM;
    for (size_t at = 0; at < text.n;) {
        char c = text.p[at];
        size_t n = typographic_quote(text, at, &c);
        made[n_made++] = c;
        at += n != 0 ? n : 1;
    }
    *ret = (struct iw_str){made, n_made};
    return IW_OK;
}

/* --- remarks -------------------------------------------------------------------------------- */

enum iw_rc iw_switch_without_remarks(struct iw_str text, struct iw_arena *scratch,
                                     struct iw_str *ret)
{
    struct code code = {.text = text};
    char *made;
    *ret = text;
    if (text.n == 0 || memchr(text.p, '#', text.n) == NULL)
        return IW_OK;
    made = iw_arena_alloc(scratch, text.n);
    if (made == NULL)
        return IW_ENOMEM;
    memcpy(made, text.p, text.n);
    for (size_t at = 0, end; at < text.n && !code.is_odd; at = end) {
        end = item_end(&code, at, 0);
        if (is_remark(&code, at) && !code.is_odd)
            memset(made + at, ' ', end - at);
    }
    *ret = (struct iw_str){made, text.n};
    return IW_OK;
}

/* --- what is never run ---------------------------------------------------------------------- */

static size_t blanks_end(const struct code *code, size_t at)
{
    while (is_one_of(at_of(code, at), " \t\r\n"))
        at++;
    return at;
}

/* Blanks in place of what stands from *begin* to *end* in *text*: in a copy of it, *made*, which is
 * *ret then. */
static enum iw_rc blank_out(struct iw_str text, size_t begin, size_t end, struct iw_arena *scratch,
                            char **made, struct iw_str *ret)
{
    if (*made == NULL) {
        *made = iw_arena_alloc(scratch, text.n);
        if (*made == NULL)
            return IW_ENOMEM;
        memcpy(*made, text.p, text.n);
        *ret = (struct iw_str){*made, text.n};
    }
    memset(*made + begin, ' ', end - begin);
    return IW_OK;
}

/* Behind `if ($false)`, where its block begins; 0: another condition. */
static size_t never_end(const struct code *code, size_t at)
{
    static const char *const WORDS[] = {"elseif", "if", "while"};
    static const char *const NEVER[] = {"$false", "$null", "0"};
    size_t n = 0;
    for (size_t i = 0; n == 0 && i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (iw_str_begins_nocase((struct iw_str){code->text.p + at, code->text.n - at},
                                 iw_str_of(WORDS[i])))
            n = strlen(WORDS[i]);
    }
    if (n == 0 || at_of(code, at = blanks_end(code, at + n)) != '(')
        return 0;
    at = blanks_end(code, at + 1);
    for (size_t i = 0; i < sizeof NEVER / sizeof NEVER[0]; i++) {
        size_t end = at + strlen(NEVER[i]);
        if (!iw_str_begins_nocase((struct iw_str){code->text.p + at, code->text.n - at},
                                  iw_str_of(NEVER[i])))
            continue;
        end = blanks_end(code, end);
        if (at_of(code, end) != ')')
            continue;
        end = blanks_end(code, end + 1);
        return at_of(code, end) == '{' ? end : 0;
    }
    return 0;
}

enum iw_rc iw_switch_without_never(struct iw_str text, struct iw_arena *scratch, struct iw_str *ret)
{
    struct code code = {.text = text};
    char *made = NULL;
    *ret = text;
    for (size_t at = 0; at < text.n && !code.is_odd;) {
        bool is_word = is_one_of(iw_ascii_lower(text.p[at]), "eiw") && begins_word(&code, at);
        size_t begin = is_word ? never_end(&code, at) : 0, end;
        if (begin == 0) {
            at = item_end(&code, at, 0);
            continue;
        }
        end = bracket_end(&code, begin, '{', '}', 0);
        if (code.is_odd)
            break;
        IW_TRY(blank_out(text, begin + 1, end - 1, scratch, &made, ret));
        at = end;
    }
    return IW_OK;
}

/* --- functions ------------------------------------------------------------------------------ */

/* Whether a command may be called by a name that does not stand in the text as it is. */
static bool calls_anything(struct iw_str text)
{
    static const char *const WORDS[] = {"iex",    "invoke",   "function:",     "get-command", "gcm",
                                        "alias:", "command:", "import-module", "scriptblock"};
    struct code code = {.text = text};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (iw_str_holds_nocase(text, iw_str_of(WORDS[i])))
            return true;
    }
    for (size_t at = 0; at < text.n; at++) {
        char c = text.p[at], next = at_of(&code, at + 1);
        size_t name;
        if (c == '`' && is_letter(next) && !is_one_of(iw_ascii_lower(next), "nrt"))
            return true;
        if (is_one_of(c, "'\"") && at != 0 && is_letter(text.p[at - 1]) &&
            (is_letter(next) || is_one_of(next, "'\"")))
            return true; /* a'b'c */
        if (c != '&' && (c != '.' || !begins_word(&code, at)))
            continue;
        name = blanks_end(&code, at + 1);
        if (is_one_of(at_of(&code, name), "$('\"`@{") || (uint8_t)at_of(&code, name) >= 0x80)
            return true;
        if (c == '&' && name != at + 1)
            at = name - 1;
    }
    return false;
}

/* Whether the name *at* stands anywhere else, but for what a module exports. */
static bool is_named(struct iw_str text, struct iw_str name, size_t at)
{
    static const struct iw_str EXPORTS = {"Export-ModuleMember", 19};
    size_t line = 0;
    bool is_list = true; /* nothing but words since then */
    for (size_t i = 0; i + name.n <= text.n; i++) {
        if (i != 0 && is_one_of(text.p[i - 1], "\n;")) {
            line = i;
            is_list = true;
        }
        is_list &= !is_one_of(text.p[i], "|&({`");
        if (i == at || !iw_str_begins_nocase((struct iw_str){text.p + i, text.n - i}, name))
            continue;
        if (!is_list ||
            !iw_str_begins_nocase((struct iw_str){text.p + line, text.n - line}, EXPORTS))
            return true;
    }
    return false;
}

/* Whether a statement begins *at*: what stands there is no argument. */
static bool begins_statement(const struct code *code, size_t at)
{
    while (at != 0 && is_one_of(code->text.p[at - 1], " \t\r"))
        at--;
    if (at == 0 || is_one_of(code->text.p[at - 1], ";{"))
        return true;
    if (code->text.p[--at] != '\n')
        return false;
    while (at != 0 && is_one_of(code->text.p[at - 1], " \t\r"))
        at--;
    return at == 0 || !is_one_of(code->text.p[at - 1], "`,=|+-");
}

struct function {
    struct iw_str name;
    size_t name_at, begin, end; /* of its body, without braces */
};

/* Whether one is defined *at*, plainly. */
static bool read_function(struct code *code, size_t at, struct function *ret)
{
    struct iw_str rest = {code->text.p + at, code->text.n - at};
    size_t n = iw_str_begins_nocase(rest, IW_STR("function")) ? 8
               : iw_str_begins_nocase(rest, IW_STR("filter")) ? 6
                                                              : 0;
    if (n == 0 || !begins_statement(code, at) || !is_one_of(at_of(code, at + n), " \t"))
        return false;
    at += n;
    while (is_one_of(at_of(code, at), " \t"))
        at++;
    for (n = at; n < code->text.n && !is_one_of(code->text.p[n], " \t\r\n{("); n++) {
        if (code->text.p[n] == ':') /* `global:Name` */
            at = n + 1;
    }
    ret->name = (struct iw_str){code->text.p + at, n - at};
    ret->name_at = at;
    for (at = n; at < code->text.n && !code->is_odd;) {
        char c = code->text.p[at];
        if (c == '{') {
            ret->begin = at + 1;
            ret->end = bracket_end(code, at, '{', '}', 0) - 1;
            return !code->is_odd && ret->name.n != 0;
        }
        if (c == '(')
            at = bracket_end(code, at, '(', ')', 0);
        else if (is_remark(code, at) || is_one_of(c, " \t\r\n"))
            at = item_end(code, at, 0);
        else
            return false;
    }
    return false;
}

enum iw_rc iw_switch_without_uncalled(struct iw_str text, struct iw_arena *scratch,
                                      struct iw_str *ret, struct iw_switch_uncalled *ret_uncalled)
{
    struct code code = {.text = text};
    struct iw_str plain;
    unsigned n_functions = 0;
    char *made = NULL;
    *ret = text;
    ret_uncalled->n = 0;
    if (!iw_str_holds_nocase(text, IW_STR("function")) &&
        !iw_str_holds_nocase(text, IW_STR("filter")))
        return IW_OK;
    IW_TRY(iw_switch_without_remarks(text, scratch, &plain));
    if (calls_anything(plain))
        return IW_OK;
    for (size_t at = 0; at < text.n && !code.is_odd && n_functions < IW_SWITCH_FUNCTIONS;) {
        struct function one;
        if (!read_function(&code, at, &one)) {
            if (!code.is_odd)
                at = item_end(&code, at, 0);
            continue;
        }
        n_functions++;
        if (is_named(plain, one.name, one.name_at)) {
            at = one.begin;
            continue;
        }
        IW_TRY(blank_out(text, one.begin, one.end, scratch, &made, ret));
        ret_uncalled->names[ret_uncalled->n] = one.name;
        ret_uncalled->bodies[ret_uncalled->n++] =
            (struct iw_str){text.p + one.begin, one.end - one.begin};
        at = one.end + 1;
    }
    return IW_OK;
}
