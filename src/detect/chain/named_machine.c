/*
 * Sources: Microsoft's naming of files and UNC paths, RFC 3986 (authority), git's URLs, the
 * provider settings of Web Deploy (computerName, wmsvc).
 */
#include "detect/chain/named_machine.h"

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_of_name(char c)
{
    char lower = iw_ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_';
}

static bool stands_before(struct iw_str text, size_t at, struct iw_str word)
{
    return at >= word.n && iw_str_equal_nocase((struct iw_str){text.p + at - word.n, word.n}, word);
}

/* Behind two slashes of either kind, or behind the UNC of a device path. */
static bool is_behind_slashes(struct iw_str text, size_t at)
{
    if (at >= 2 && is_slash(text.p[at - 1]) && is_slash(text.p[at - 2]))
        return !is_slash(text.p[at]);
    return at >= 6 && is_slash(text.p[at - 1]) && stands_before(text, at - 1, IW_STR("unc")) &&
           is_slash(text.p[at - 5]) && (text.p[at - 6] == '?' || text.p[at - 6] == '.');
}

static bool is_behind_setting(struct iw_str text, size_t at)
{
    if (at != 0 && is_quote(text.p[at - 1]))
        at--;
    return stands_before(text, at, IW_STR("computername=")) ||
           stands_before(text, at, IW_STR("wmsvc="));
}

/* Up to what can stand in no name: *end* may be one more such character. */
static size_t run_until(struct iw_str text, size_t at, char end)
{
    size_t i = at;
    while (i < text.n && !is_slash(text.p[i]) && !is_blank(text.p[i]) && !is_quote(text.p[i]) &&
           text.p[i] != ',' && text.p[i] != end)
        i++;
    return i - at;
}

static size_t remote(struct iw_str text, size_t at)
{
    return run_until(text, at, at < text.n && text.p[at] == '[' ? ']' : ':');
}

/* "fs01:" at the begin of a word; a drive has one letter. */
static size_t begin_of_remote(struct iw_str text, size_t at)
{
    size_t end = at;
    if ((at != 0 && !is_blank(text.p[at - 1]) && !is_quote(text.p[at - 1])) || text.p[at] == '-')
        return 0;
    while (end < text.n && is_of_name(text.p[end]))
        end++;
    return end - at >= 2 && end < text.n && text.p[end] == ':' ? end - at : 0;
}

/* "10.1.2.3", not in the midst of a word or of more numbers. */
static size_t four_numbers(struct iw_str text, size_t at)
{
    size_t end = at;
    if (!is_digit(text.p[at]) || (at != 0 && is_of_name(text.p[at - 1])))
        return 0;
    for (unsigned i = 0; i < 4; i++) {
        size_t begin;
        if (i != 0 && (end == text.n || text.p[end++] != '.'))
            return 0;
        begin = end;
        while (end < text.n && end - begin < 4 && is_digit(text.p[end]))
            end++;
        if (end == begin || end - begin > 3)
            return 0;
    }
    return end == text.n || !is_of_name(text.p[end]) ? end - at : 0;
}

size_t iw_named_machine(struct iw_str command_line, size_t at)
{
    size_t n;
    if (at >= command_line.n)
        return 0;
    if (is_behind_slashes(command_line, at) || is_behind_setting(command_line, at))
        return run_until(command_line, at, '\0');
    if (at != 0 && command_line.p[at - 1] == '@')
        return remote(command_line, at);
    n = begin_of_remote(command_line, at);
    return n != 0 ? n : four_numbers(command_line, at);
}
