#include "detect/powershell_command.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool ends_statement(char c)
{
    return c == ';' || c == '\r' || c == '\n';
}

/* Bytes that mean more than themselves, outside of quotes or (`$`, backtick) within. */
static bool is_special(char c, char quote)
{
    static const char OUTSIDE[] = "$`(){}[]|&<>@#,'\"";
    if (quote == '\'')
        return false;
    if (quote == '"')
        return c == '$' || c == '`';
    return c != '\0' && strchr(OUTSIDE, c) != NULL;
}

/* The next word of a statement, without its quotes. False: none is left, or it is not literal. */
static bool next_word(struct iw_str *left, struct iw_str *ret, bool *is_literal)
{
    size_t at = 0, begin;
    char quote = '\0';
    while (at < left->n && is_blank(left->p[at]))
        at++;
    if (at == left->n || ends_statement(left->p[at])) {
        *left = (struct iw_str){left->p + at, left->n - at};
        return false;
    }
    if (left->p[at] == '\'' || left->p[at] == '"')
        quote = left->p[at++];
    for (begin = at; at < left->n; at++) {
        char c = left->p[at];
        if (quote != '\0' ? c == quote : is_blank(c) || ends_statement(c))
            break;
        if (is_special(c, quote))
            *is_literal = false;
    }
    *ret = (struct iw_str){left->p + begin, at - begin};
    if (quote != '\0') {
        bool is_open = at == left->n;
        at += !is_open;
        /* Behind its end texts may be glued together. */
        if (is_open || (at < left->n && !is_blank(left->p[at]) && !ends_statement(left->p[at])))
            *is_literal = false;
    }
    *left = (struct iw_str){left->p + at, left->n - at};
    return true;
}

/* `-Name X -Image Y [-Precondition Z]`, each once. */
static bool read_parameters(struct iw_str *left, struct iw_powershell_command *ret)
{
    struct iw_str word, value, precondition = IW_STR("");
    bool is_literal = true;
    while (next_word(left, &word, &is_literal)) {
        struct iw_str *into = iw_str_equal_nocase(word, IW_STR("-Name"))           ? &ret->name
                              : iw_str_equal_nocase(word, IW_STR("-Image"))        ? &ret->image
                              : iw_str_equal_nocase(word, IW_STR("-Precondition")) ? &precondition
                                                                                   : NULL;
        if (into == NULL || into->n != 0 || !next_word(left, &value, &is_literal) || value.n == 0)
            return false;
        *into = value;
    }
    return is_literal && ret->name.n != 0 && ret->image.n != 0;
}

static bool skip_words(struct iw_str *left)
{
    struct iw_str word;
    bool is_literal = true;
    while (next_word(left, &word, &is_literal))
        ;
    return is_literal;
}

static bool read_all(struct iw_str script, struct iw_powershell_command *ret)
{
    struct iw_str left = script, word;
    bool is_literal = true, is_found = false;
    while (left.n != 0) {
        if (ends_statement(left.p[0])) {
            left = (struct iw_str){left.p + 1, left.n - 1};
            continue;
        }
        if (!next_word(&left, &word, &is_literal))
            continue;
        if (iw_str_equal_nocase(word, IW_STR("Import-Module"))) {
            if (!skip_words(&left))
                return false;
            continue;
        }
        if (is_found || !iw_str_equal_nocase(word, IW_STR("New-WebGlobalModule")) ||
            !read_parameters(&left, ret))
            return false;
        is_found = true;
    }
    return is_found && is_literal;
}

bool iw_powershell_command_read(struct iw_str script, struct iw_powershell_command *ret)
{
    *ret = (struct iw_powershell_command){IW_STR(""), IW_STR("")};
    if (read_all(script, ret))
        return true;
    *ret = (struct iw_powershell_command){IW_STR(""), IW_STR("")};
    return false;
}
