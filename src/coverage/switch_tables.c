/*
 * Tables of PowerShell, whose names are options and whose values are what these say: `@{Name='x'}`,
 * and `Stop-Service @table`. Sources: about_Hash_Tables and about_Splatting.
 *
 * A table that has anything else than texts, numbers and variables in it is read as code. What is
 * added to a table later is left out on purpose.
 */
#include "coverage/switch_inside.h"

/* What separates entries, and remarks between them. */
static void skip_between(struct iw_switch_reader *reader)
{
    for (;;) {
        iw_switch_skip_space(reader);
        if (iw_switch_peek(reader, 0) == ';') {
            iw_switch_skip(reader, 1);
        } else if (iw_switch_peek(reader, 0) == '#') {
            while (reader->rest.n != 0 && *reader->rest.p != '\n')
                iw_switch_skip(reader, 1);
        } else {
            return;
        }
    }
}

/* `Name = `, the name in quotes or not, as the option `-Name`. */
static bool read_name(struct iw_switch_reader *reader, struct iw_switch_word *name)
{
    char c = iw_switch_peek(reader, 0);
    size_t n = 0;
    iw_switch_add(reader, name, IW_STR("-"));
    if (c == '\'' || (c == '"' && reader->kind == IW_SWITCH_SCRIPT)) {
        iw_switch_read_quoted(reader, name);
    } else {
        while (iw_switch_is_of_name(iw_switch_peek(reader, n)))
            n++;
        iw_switch_add(reader, name, (struct iw_str){reader->rest.p, n});
        iw_switch_skip(reader, n);
    }
    iw_switch_skip_blanks(reader);
    if (name->text.n < 2 || name->is_unread || iw_switch_peek(reader, 0) != '=')
        return false;
    name->is_quoted = false;
    iw_switch_skip(reader, 1);
    return true;
}

static bool read_entries(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    iw_switch_skip(reader, 2);
    for (skip_between(reader); reader->rest.n != 0; skip_between(reader)) {
        struct iw_switch_word name = {.text = {NULL, 0}}, value = name;
        char c = iw_switch_peek(reader, 0);
        if (c == '}') {
            iw_switch_skip(reader, 1);
            return true;
        }
        if (!read_name(reader, &name) || !iw_switch_read_terms(reader, &value))
            return false;
        c = iw_switch_peek(reader, 0);
        if (c == '\0' || strchr(";\n\r}#", c) == NULL)
            return false;
        value.is_quoted = true;
        iw_switch_keep_word(ret, name);
        iw_switch_keep_word(ret, value);
    }
    return false;
}

bool iw_switch_read_table(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    struct iw_str rest = reader->rest;
    char *out = reader->out;
    size_t n = ret->n, n_inner = reader->n_inner;
    bool is_cut = ret->is_cut;
    if (iw_switch_peek(reader, 0) != '@' || iw_switch_peek(reader, 1) != '{')
        return false;
    if (read_entries(reader, ret))
        return true;
    reader->rest = rest;
    reader->out = out;
    reader->n_inner = n_inner;
    ret->n = n;
    ret->is_cut = is_cut;
    return false;
}

/* --- variables that are tables -------------------------------------------------------------- */

/* Kept under `@name`: its words, each behind this. */
struct mark {
    size_t n;
    bool is_unread;
};

static enum iw_rc keep_words(struct iw_switch_reader *reader, struct iw_str name,
                             const struct iw_switch_words *words)
{
    char *key = iw_arena_alloc(reader->scratch, name.n + 1), *text, *to;
    size_t n = 1;
    for (size_t i = 0; i < words->n; i++)
        n += sizeof(struct mark) + words->items[i].text.n;
    reader->n_kept_bytes += n;
    text = to = iw_arena_alloc(reader->scratch, n);
    if (key == NULL || text == NULL)
        return IW_ENOMEM;
    key[0] = '@';
    memcpy(key + 1, name.p, name.n);
    for (size_t i = 0; i < words->n; i++) {
        const struct iw_switch_word *word = &words->items[i];
        const struct mark mark = {word->text.n, word->is_unread};
        memcpy(to, &mark, sizeof mark);
        to += sizeof mark;
        memcpy(to, word->text.p, word->text.n);
        to += word->text.n;
    }
    return iw_switch_reader_set(reader, (struct iw_str){key, name.n + 1},
                                (struct iw_str){text, (size_t)(to - text)});
}

bool iw_switch_set_table(struct iw_switch_reader *reader, struct iw_str name, bool *ret_no_memory)
{
    struct iw_switch_words words;
    words.n = 0;
    words.is_cut = false;
    *ret_no_memory = false;
    if (!iw_switch_read_table(reader, &words) || words.is_cut)
        return false;
    *ret_no_memory = keep_words(reader, name, &words) != IW_OK ||
                     iw_switch_reader_set(reader, name, (struct iw_str){NULL, 0}) != IW_OK;
    return true;
}

bool iw_switch_spread_table(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    struct iw_switch_word word = {.text = IW_STR("*"), .is_unread = true};
    struct iw_str table;
    size_t n = 1;
    while (iw_switch_is_of_name(iw_switch_peek(reader, n)))
        n++;
    if (n == 1 || ret->n == 0)
        return false;
    table = iw_switch_reader_get(reader, (struct iw_str){reader->rest.p, n});
    iw_switch_skip(reader, n);
    if (table.p == NULL) {
        iw_switch_keep_word(ret, word);
        return true;
    }
    for (size_t at = 0; at < table.n; at += word.text.n) {
        struct mark mark;
        memcpy(&mark, table.p + at, sizeof mark);
        at += sizeof mark;
        word.is_unread = mark.is_unread;
        word.text = (struct iw_str){table.p + at, mark.n};
        word.is_quoted = word.text.n == 0 || word.text.p[0] != '-';
        iw_switch_keep_word(ret, word);
    }
    return true;
}
