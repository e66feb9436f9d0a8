/*
 * Reads a pattern from left to right and keeps what must stand in any match one after the other
 * (pcre2pattern(3)). Groups, classes and lookarounds are passed over whole; a quantifier takes its
 * character out of the run; an alternative at the top means that nothing is sure.
 *
 * Gives up, rather than guess, on: verbs (`(*...)`), the x flag, comments, `\Q`, numeric and named
 * escapes, and what only looks like a POSIX class.
 */
#include "sigma/sigma_regex_literal.h"

struct reader {
    struct iw_str pattern;
    size_t at;
    char *out;
    size_t n;   /* of the run being read */
    size_t run; /* where it begins in out */
    size_t best, best_n;
    bool gave_up;
};

static void end_run(struct reader *reader)
{
    if (reader->n > reader->best_n) {
        reader->best = reader->run;
        reader->best_n = reader->n;
    }
    reader->run += reader->n;
    reader->n = 0;
}

/* Takes the last character (not byte) of the run out of it. */
static void drop_last(struct reader *reader)
{
    while (reader->n != 0) {
        reader->n--;
        if (((unsigned char)reader->out[reader->run + reader->n] & 0xC0) != 0x80)
            break;
    }
}

/* `[:alpha:]` or `[:^alpha:]` at *at*: where it ends, or 0 when it is none. */
static size_t end_of_posix_class(struct iw_str p, size_t at)
{
    at += 2;
    if (at < p.n && p.p[at] == '^')
        at++;
    while (at < p.n && p.p[at] >= 'a' && p.p[at] <= 'z')
        at++;
    return at + 1 < p.n && p.p[at] == ':' && p.p[at + 1] == ']' ? at + 2 : 0;
}

/* A class: up to its closing bracket. `]` first in it is a member; `[:alpha:]` may stand inside.
 * What else begins like one (`[:`, `[.`, `[=`) is left to PCRE2. */
static void skip_class(struct reader *reader)
{
    struct iw_str p = reader->pattern;
    size_t at = reader->at + 1;

    if (at < p.n && p.p[at] == '^')
        at++;
    if (at < p.n && p.p[at] == ']')
        at++;
    while (at < p.n && p.p[at] != ']') {
        char next = at + 1 < p.n ? p.p[at + 1] : '\0';
        if (p.p[at] == '\\') {
            reader->gave_up |= next == 'Q' || next == 'E';
            at += 2;
        } else if (p.p[at] == '[' && (next == ':' || next == '.' || next == '=')) {
            size_t end = next == ':' ? end_of_posix_class(p, at) : 0;
            reader->gave_up |= end == 0;
            at = end != 0 ? end : at + 1;
        } else {
            at++;
        }
    }
    reader->at = at < p.n ? at + 1 : p.n;
}

/* Whether the flags of `(?...` make white space and comments meaningless: then we give up. */
static bool sets_extended(struct iw_str p, size_t at)
{
    for (at += 2; at < p.n && p.p[at] != ')' && p.p[at] != ':'; at++) {
        if (p.p[at] == 'x')
            return true;
        if (p.p[at] == '<' || p.p[at] == '\'' || p.p[at] == 'P' || p.p[at] == '=' ||
            p.p[at] == '!' || p.p[at] == '#' || p.p[at] == '>' || p.p[at] == '|')
            return p.p[at] == '#';
    }
    return false;
}

/* A group with all it holds. */
static void skip_group(struct reader *reader)
{
    struct iw_str p = reader->pattern;
    size_t depth = 0;

    while (reader->at < p.n) {
        char c = p.p[reader->at];
        if (c == '\\') {
            if (reader->at + 1 < p.n && p.p[reader->at + 1] == 'Q')
                reader->gave_up = true;
            reader->at += 2;
        } else if (c == '[') {
            skip_class(reader);
        } else {
            if (c == '(') {
                depth++;
                reader->gave_up |= reader->at + 1 < p.n && p.p[reader->at + 1] == '*';
                reader->gave_up |= reader->at + 1 < p.n && p.p[reader->at + 1] == '?' &&
                                   sets_extended(p, reader->at);
            } else if (c == ')') {
                depth--;
            }
            reader->at++;
            if (depth == 0)
                return;
        }
    }
    if (reader->at > p.n)
        reader->at = p.n;
}

static void read_escape(struct reader *reader)
{
    struct iw_str p = reader->pattern;
    char c = reader->at + 1 < p.n ? p.p[reader->at + 1] : 'Q';
    bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                   (unsigned char)c >= 0x80;

    reader->at += 2;
    if (!is_word) {
        reader->out[reader->run + reader->n++] = c;
        return;
    }
    end_run(reader);
    if (strchr("dDwWsSbBhHvVntrRAzZ", c) == NULL)
        reader->gave_up = true;
}

/* `{n`, `{n,`, `{n,m}`: whether it is one, and whether n is 0. Moves past it. */
static bool read_count(struct reader *reader, bool *ret_may_be_none)
{
    struct iw_str p = reader->pattern;
    size_t at = reader->at + 1, digits = at;
    bool zero = true;

    for (; at < p.n && p.p[at] >= '0' && p.p[at] <= '9'; at++)
        zero &= p.p[at] == '0';
    if (at == digits && !(at < p.n && p.p[at] == ','))
        return false;
    while (at < p.n && (p.p[at] == ',' || p.p[at] == ' ' || (p.p[at] >= '0' && p.p[at] <= '9')))
        at++;
    if (at == p.n || p.p[at] != '}')
        return false;
    *ret_may_be_none = zero;
    reader->at = at + 1;
    return true;
}

/* A quantifier behind what was read last. False: there is none here. */
static bool read_quantifier(struct reader *reader)
{
    char c = reader->pattern.p[reader->at];
    bool may_be_none = true;

    if (c == '{') {
        if (!read_count(reader, &may_be_none))
            return false;
    } else if (c == '*' || c == '?' || c == '+') {
        may_be_none = c != '+';
        reader->at++;
    } else {
        return false;
    }
    if (may_be_none)
        drop_last(reader);
    end_run(reader);
    return true;
}

static void read_one(struct reader *reader)
{
    char c = reader->pattern.p[reader->at];

    if (read_quantifier(reader))
        return;
    switch (c) {
    case '\\':
        read_escape(reader);
        break;
    case '[':
        end_run(reader);
        skip_class(reader);
        break;
    case '(':
        end_run(reader);
        skip_group(reader);
        break;
    case '|':
        reader->gave_up = true;
        break;
    case '.':
    case '^':
    case '$':
    case ')':
        end_run(reader);
        reader->at++;
        break;
    default:
        reader->out[reader->run + reader->n++] = c;
        reader->at++;
    }
}

struct iw_str iw_regex_literal_find(struct iw_str pattern, char *out)
{
    struct reader reader = {.pattern = pattern};

    reader.out = out;
    while (reader.at < pattern.n && !reader.gave_up)
        read_one(&reader);
    end_run(&reader);
    return reader.gave_up ? (struct iw_str){out, 0}
                          : (struct iw_str){out + reader.best, reader.best_n};
}
