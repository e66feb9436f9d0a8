/*
 * Looks around a literal. "The request" is what a client decides: Request and its collections in
 * ASP, ASP.NET and JSP, the superglobals of PHP. Request.MapPath, Request.Url and their like are
 * the server's own and do not count.
 */
#include "iis/web/web_context.h"

#include "base/limits.h"
#include "iis/web/web_escape.h"
#include "iis/web/web_tag.h"

bool iw_web_is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct iw_str from(struct iw_str text, size_t at)
{
    return at < text.n ? (struct iw_str){text.p + at, text.n - at} : IW_STR("");
}

bool iw_web_begins(struct iw_str text, struct iw_str lower)
{
    if (text.n < lower.n)
        return false;
    for (size_t i = 0; i < lower.n; i++) {
        if (iw_ascii_lower(text.p[i]) != lower.p[i])
            return false;
    }
    return true;
}

size_t iw_web_find(struct iw_str text, struct iw_str lower)
{
    for (size_t i = 0; i + lower.n <= text.n; i++) {
        if (iw_ascii_lower(text.p[i]) == lower.p[0] && iw_web_begins(from(text, i), lower))
            return i;
    }
    return SIZE_MAX;
}

static bool has(struct iw_str text, struct iw_str lower)
{
    return iw_web_find(text, lower) != SIZE_MAX;
}

static size_t skip_blanks(struct iw_str text, size_t at)
{
    while (at < text.n && is_blank(text.p[at]))
        at++;
    return at;
}

/* Blanks and comments, which stand between a name and its parenthesis to break patterns. */
static size_t skip_comments(struct iw_str text, size_t at)
{
    for (;;) {
        size_t end;
        at = skip_blanks(text, at);
        if (!iw_web_begins(from(text, at), IW_STR("/*")))
            return at;
        end = iw_web_find(from(text, at + 2), IW_STR("*/"));
        if (end == SIZE_MAX)
            return text.n;
        at += 2 + end + 2;
    }
}

/* --- what the request brings --------------------------------------------------------------- */

static bool begins_with_any(struct iw_str text, const struct iw_str *lowers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_web_begins(text, lowers[i]))
            return true;
    }
    return false;
}

/* After the word Request. */
static bool is_brought(struct iw_str rest)
{
    static const struct iw_str MEMBERS[] = {
        {".item", 5},    {".form", 5},         {".querystring", 12},     {".params", 7},
        {".cookies", 8}, {".headers", 8},      {".servervariables", 16}, {".inputstream", 12},
        {".files", 6},   {".binaryread", 11},  {".getparameter", 13},    {".getheader", 10},
        {".body", 5},    {".unvalidated", 12}, {".rawurl", 7},           {".useragent", 10},
        {".query", 6},
    };
    size_t at = skip_comments(rest, 0);
    if (at < rest.n && (rest.p[at] == '(' || rest.p[at] == '['))
        return true;
    return begins_with_any(rest, MEMBERS, sizeof MEMBERS / sizeof MEMBERS[0]);
}

static bool is_source(struct iw_str text, size_t at)
{
    static const struct iw_str SOURCES[] = {
        {"$_get", 5},   {"$_post", 6},   {"$_request", 9},    {"$_cookie", 8},
        {"$_files", 7}, {"$_server", 8}, {"php://input", 11}, {"getallheaders(", 14},
    };
    struct iw_str rest = from(text, at);
    char c = at < text.n ? iw_ascii_lower(text.p[at]) : '\0';
    if (c == '$' || c == 'p' || c == 'g')
        return begins_with_any(rest, SOURCES, sizeof SOURCES / sizeof SOURCES[0]);
    return c == 'r' && iw_web_begins(rest, IW_STR("request")) &&
           (at == 0 || !iw_web_is_word_byte(text.p[at - 1])) && is_brought(from(rest, 7));
}

static bool has_source(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (is_source(text, i))
            return true;
    }
    return false;
}

/* --- calls --------------------------------------------------------------------------------- */

/* What stands in the parenthesis that opens at the start of *text*; cut where it does not close. */
static struct iw_str argument_of(struct iw_str text)
{
    size_t depth = 0;
    char quote = '\0';
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quote != '\0')
            quote = c == quote || c == '\n' ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            return (struct iw_str){text.p, i};
    }
    return text;
}

/* The rest of a statement without parenthesis, as VBScript calls: to the end of line or block. */
static struct iw_str statement_of(struct iw_str text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] != '\n' && text.p[n] != '\r' &&
           !(text.p[n] == '%' && n + 1 < text.n && text.p[n + 1] == '>'))
        n++;
    return (struct iw_str){text.p, n};
}

static bool ends_with_word(struct iw_str text, size_t end, struct iw_str lower)
{
    while (end > 0 && is_blank(text.p[end - 1]))
        end--;
    return end >= lower.n && iw_web_begins(from(text, end - lower.n), lower) &&
           (end == lower.n || !iw_web_is_word_byte(text.p[end - lower.n - 1]));
}

bool iw_web_is_plain_call(struct iw_str text, size_t at)
{
    char before = at != 0 ? text.p[at - 1] : ' ';
    return !iw_web_is_word_byte(before) && before != '.' && before != '$' && before != '\\' &&
           !(before == '>' && at > 1 && text.p[at - 2] == '-') &&
           !(before == ':' && at > 1 && text.p[at - 2] == ':') &&
           !ends_with_word(text, at, IW_STR("function")) &&
           !ends_with_word(text, at, IW_STR("sub")) && !ends_with_word(text, at, IW_STR("void")) &&
           !ends_with_word(text, at, IW_STR("<%#"));
}

/* `b(c(Request("x")))` without words between that are not called: VBScript's `Execute b(c(...` */
static bool is_chain_to_source(struct iw_str text)
{
    size_t at = 0;
    for (;;) {
        size_t name = at;
        if (is_source(text, at))
            return true;
        while (at < text.n && (iw_web_is_word_byte(text.p[at]) || text.p[at] == '.'))
            at++;
        at = skip_blanks(text, at);
        if (at == name || at >= text.n || text.p[at] != '(')
            return false;
        at = skip_blanks(text, at + 1);
    }
}

static bool brings_request(struct iw_str rest, bool is_first, uint64_t *looked_bytes)
{
    size_t at = skip_comments(rest, 0);
    struct iw_str argument = from(rest, at);
    bool is_call = argument.n != 0 && argument.p[0] == '(';
    if (is_call)
        argument = argument_of(argument);
    else if (at != 0)
        argument = statement_of(argument);
    else
        return false; /* a longer word */
    *looked_bytes += argument.n + at;
    if (is_first)
        return is_source(argument, skip_comments(argument, is_call ? 1 : 0));
    return is_call ? has_source(argument) : is_chain_to_source(argument);
}

/* The modifier e of preg_replace runs what comes out as code. */
static bool is_evaluated_pattern(struct iw_str argument)
{
    size_t at = skip_blanks(argument, 1), end;
    char quote = at < argument.n ? argument.p[at] : '\0';
    if (is_source(argument, at))
        return true;
    if (quote != '"' && quote != '\'')
        return false;
    for (end = at + 1; end < argument.n && argument.p[end] != quote; end++)
        ;
    for (size_t i = end; i > at + 1 && iw_web_is_word_byte(argument.p[i - 1]); i--) {
        if (argument.p[i - 1] == 'e')
            return has_source(from(argument, end));
    }
    return false;
}

/* --- other ---------------------------------------------------------------------------------- */

/* `("Name")`, `(@"Name")`: an assembly by its name, which may be any application's plug-in. */
static bool is_only_text(struct iw_str argument)
{
    size_t at = skip_blanks(argument, 1), end;
    char quote;
    at += at < argument.n && argument.p[at] == '@';
    quote = at < argument.n ? argument.p[at] : '\0';
    if (quote != '"' && quote != '\'')
        return false;
    for (end = at + 1; end < argument.n && argument.p[end] != quote; end++)
        ;
    return skip_blanks(argument, end + 1) >= argument.n;
}

/* `$_GET["f"](...)` */
static bool is_called_variable(struct iw_str rest)
{
    size_t end;
    if (rest.n == 0 || (rest.p[0] != '[' && rest.p[0] != '{'))
        return false;
    for (end = 1; end < rest.n && rest.p[end] != ']' && rest.p[end] != '}'; end++)
        ;
    end = skip_comments(rest, end + 1);
    return end < rest.n && rest.p[end] == '(';
}

static struct iw_str within(struct iw_str text, size_t at)
{
    struct iw_str rest = from(text, at);
    rest.n = rest.n < IW_LIMIT_WEB_ARGUMENT_BYTES ? rest.n : IW_LIMIT_WEB_ARGUMENT_BYTES;
    return rest;
}

bool iw_web_check_holds(enum iw_web_check check, struct iw_str text, size_t at, size_t n,
                        uint64_t *looked_bytes)
{
    struct iw_str rest = within(text, at + n), call = rest, argument = IW_STR("");
    bool is_call = n != 0 && text.p[at + n - 1] == '(';
    if (is_call)
        call = within(text, at + n - 1);
    if (check == IW_WEB_CHECK_NO_TEXT || check == IW_WEB_CHECK_PATTERN ||
        check == IW_WEB_CHECK_CREATES) {
        argument = argument_of(call);
        *looked_bytes += argument.n;
    }
    switch (check) {
    case IW_WEB_CHECK_WORD:
        return (at == 0 || !iw_web_is_word_byte(text.p[at - 1]) ||
                !iw_web_is_word_byte(text.p[at])) &&
               (rest.n == 0 || !iw_web_is_word_byte(rest.p[0]));
    case IW_WEB_CHECK_EVALUATION:
    case IW_WEB_CHECK_PHP_EVALUATION:
        return iw_web_is_plain_call(text, at) && brings_request(call, false, looked_bytes);
    case IW_WEB_CHECK_PATTERN:
        return iw_web_is_plain_call(text, at) && is_evaluated_pattern(argument);
    case IW_WEB_CHECK_REQUEST:
        return brings_request(call, false, looked_bytes);
    case IW_WEB_CHECK_REQUEST_FIRST:
        return iw_web_is_plain_call(text, at) && brings_request(call, true, looked_bytes);
    case IW_WEB_CHECK_CREATES:
        return has_source(argument) && (has(argument, IW_STR("filemode.create")) ||
                                        has(argument, IW_STR("filemode.append")) ||
                                        has(argument, IW_STR("fileaccess.write")));
    case IW_WEB_CHECK_NO_TEXT:
        return !is_only_text(argument);
    case IW_WEB_CHECK_VARIABLE_CALL:
        *looked_bytes += rest.n;
        return is_called_variable(rest);
    case IW_WEB_CHECK_ESCAPE:
        *looked_bytes += IW_WEB_ESCAPED_WORD_BYTES;
        return iw_web_is_escaped_keyword(text, at);
    case IW_WEB_CHECK_RUNS_CONFIGURATION:
        return iw_web_tag_runs_configuration(text, at, looked_bytes);
    case IW_WEB_CHECK_LIFTS_FILTER:
        return iw_web_tag_lifts_filter(text, at, looked_bytes);
    case IW_WEB_CHECK_NONE:
    case IW_WEB_CHECK_PHP:
    case IW_WEB_CHECK_SCRIPT:
    case IW_WEB_CHECK_MANY:
        break;
    }
    return true;
}
