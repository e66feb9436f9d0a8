/*
 * The worker's command line is written by WAS, so its shape is known; but a command line can be
 * anything, so nothing is assumed.
 */
#include "context/worker_process.h"

bool iw_is_worker_image(struct iw_str image)
{
    static const struct iw_str NAME = {"w3wp.exe", 8};
    char before;
    if (!iw_str_ends_nocase(image, NAME))
        return false;
    if (image.n == NAME.n)
        return true;
    before = image.p[image.n - NAME.n - 1];
    return before == '\\' || before == '/';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The word at *at*, quotes taken off; *at* moves behind it. */
static struct iw_str take_word(struct iw_str text, size_t *at, bool *ret_quoted)
{
    size_t begin;
    while (*at < text.n && is_space(text.p[*at]))
        (*at)++;
    *ret_quoted = *at < text.n && text.p[*at] == '"';
    if (*ret_quoted)
        (*at)++;
    begin = *at;
    while (*at < text.n && (*ret_quoted ? text.p[*at] != '"' : !is_space(text.p[*at])))
        (*at)++;
    if (*ret_quoted && *at < text.n)
        return (struct iw_str){text.p + begin, (*at)++ - begin};
    return (struct iw_str){text.p + begin, *at - begin};
}

struct iw_str iw_worker_pool(struct iw_str command_line)
{
    size_t at = 0;
    while (at < command_line.n) {
        bool quoted;
        struct iw_str word = take_word(command_line, &at, &quoted);
        if (quoted || !iw_str_equal_nocase(word, IW_STR("-ap")))
            continue;
        word = take_word(command_line, &at, &quoted);
        /* An option where the name should be: the pool has none. A pool may well be called "-x",
         * but then in quotes. */
        return !quoted && word.n != 0 && word.p[0] == '-' ? (struct iw_str){"", 0} : word;
    }
    return (struct iw_str){"", 0};
}
