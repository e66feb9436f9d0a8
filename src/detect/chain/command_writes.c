/*
 * Sources: Microsoft's reference of cmd (redirection, copy, move, ren), certutil, bitsadmin, curl's
 * manual, the cmdlets' reference, System.IO.File and System.Net.WebClient.
 */
#include "detect/chain/command_writes.h"

#include "detect/chain/web_file_path.h"

/* Any more is no line that somebody typed. */
#define PATHS_MAX 32U

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_letter(char c)
{
    return iw_ascii_lower(c) >= 'a' && iw_ascii_lower(c) <= 'z';
}

/* --- paths ------------------------------------------------------------------------------------ */

static bool begins_path(struct iw_str text, size_t at)
{
    return at + 3 < text.n && is_letter(text.p[at]) && text.p[at + 1] == ':' &&
           (text.p[at + 2] == '\\' || text.p[at + 2] == '/') &&
           (at == 0 || !is_letter(text.p[at - 1]));
}

/* Up to the quote that began it, or what ends a word. */
static struct iw_str path_at(struct iw_str text, size_t at)
{
    char quote = at != 0 && (text.p[at - 1] == '"' || text.p[at - 1] == '\'') ? text.p[at - 1] : 0;
    size_t end = at;
    while (end < text.n &&
           (quote != 0 ? text.p[end] != quote
                       : !is_blank(text.p[end]) && strchr("\"'<>|&;,()", text.p[end]) == NULL))
        end++;
    return (struct iw_str){text.p + at, end - at};
}

/* --- what is said of it ----------------------------------------------------------------------- */

static struct iw_str without_end(struct iw_str text)
{
    while (text.n != 0 && (is_blank(text.p[text.n - 1]) || text.p[text.n - 1] == '"' ||
                           text.p[text.n - 1] == '\''))
        text.n--;
    return text;
}

/* The part of a line behind the last thing that ends a command in it. */
static struct iw_str command_before(struct iw_str before)
{
    size_t at = before.n;
    while (at != 0 && strchr("&|;", before.p[at - 1]) == NULL)
        at--;
    return (struct iw_str){before.p + at, before.n - at};
}

static bool has_word(struct iw_str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct iw_str word = iw_str_of(words[i]);
        for (size_t at = 0; at + word.n <= text.n; at++) {
            struct iw_str here = {text.p + at, text.n - at};
            if (iw_str_begins_nocase(here, word) && (at == 0 || !is_letter(text.p[at - 1])) &&
                (here.n == word.n || !is_letter(here.p[word.n])))
                return true;
        }
    }
    return false;
}
#define HAS_WORD(text, words) has_word(text, words, sizeof(words) / sizeof(words)[0])

/* `> PATH`, `-OutFile PATH`: right before it. */
static bool is_told_as_target(struct iw_str before)
{
    static const char *const OPTIONS[] = {"-o",        "--output",     "-outfile",
                                          "-filepath", "-destination", "-destinationpath"};
    before = without_end(before);
    if (before.n != 0 && before.p[before.n - 1] == '>')
        return true;
    for (size_t i = 0; i < sizeof OPTIONS / sizeof OPTIONS[0]; i++) {
        struct iw_str option = iw_str_of(OPTIONS[i]);
        if (iw_str_ends_nocase(before, option) &&
            (before.n == option.n || is_blank(before.p[before.n - option.n - 1])))
            return true;
    }
    return false;
}

/* What takes the file that it writes as a word of its own. */
static bool is_written_to(struct iw_str command)
{
    static const char *const WORDS[] = {"out-file",      "set-content",   "add-content",
                                        "tee-object",    "writealltext",  "writeallbytes",
                                        "writealllines", "appendalltext", "downloadfile"};
    return HAS_WORD(command, WORDS);
}

/* What takes first where from, then where to. */
static bool is_copied_to(struct iw_str command)
{
    static const char *const WORDS[] = {
        "copy",   "xcopy", "move", "ren",      "rename",    "copy-item",         "move-item",
        "expand", "cp",    "mv",   "certutil", "bitsadmin", "start-bitstransfer"};
    return HAS_WORD(command, WORDS);
}

static bool has_path(struct iw_str text)
{
    for (size_t at = 0; at < text.n; at++) {
        if (text.p[at] == '&' || text.p[at] == '|' || text.p[at] == ';')
            return false;
        if (begins_path(text, at))
            return true;
    }
    return false;
}

static bool is_written(struct iw_str command_line, struct iw_str path)
{
    struct iw_str before = {command_line.p, (size_t)(path.p - command_line.p)};
    struct iw_str behind = {path.p + path.n, command_line.n - before.n - path.n};
    struct iw_str command = command_before(before);
    return is_told_as_target(before) || is_written_to(command) ||
           (is_copied_to(command) && !has_path(behind));
}

struct iw_str iw_command_written_page(struct iw_str command_line,
                                      const struct iw_chain_settings *settings)
{
    size_t n = 0;
    for (size_t at = 0; at < command_line.n && n < PATHS_MAX; at++) {
        struct iw_str path;
        if (!begins_path(command_line, at))
            continue;
        n++;
        path = path_at(command_line, at);
        if (iw_web_file_class_of(path, settings) == IW_WEB_FILE_SCRIPT &&
            is_written(command_line, path))
            return path;
        at += path.n != 0 ? path.n - 1 : 0;
    }
    return IW_STR("");
}
