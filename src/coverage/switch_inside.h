/**
 * Reading one word after the other: what the files of switch_words.h share. For no other.
 */
#ifndef IW_COVERAGE_SWITCH_INSIDE_H
#define IW_COVERAGE_SWITCH_INSIDE_H

#include "coverage/switch_words.h"

static inline bool iw_switch_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static inline void iw_switch_skip(struct iw_switch_reader *reader, size_t n)
{
    reader->rest.p += n;
    reader->rest.n -= n;
}

/** The character *ahead*; NUL: behind the end. */
static inline char iw_switch_peek(const struct iw_switch_reader *reader, size_t ahead)
{
    return ahead < reader->rest.n ? reader->rest.p[ahead] : '\0';
}

/** Adds to a word; where the room is full, the word is unread. */
void iw_switch_add(struct iw_switch_reader *reader, struct iw_switch_word *word,
                   struct iw_str text);
void iw_switch_skip_blanks(struct iw_switch_reader *reader);
/** Ends of lines among them. */
void iw_switch_skip_space(struct iw_switch_reader *reader);
static inline bool iw_switch_is_of_name(char c)
{
    char lower = iw_ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

static inline void iw_switch_keep_word(struct iw_switch_words *ret, struct iw_switch_word word)
{
    if (word.text.n == 0 || word.is_redirection)
        return;
    if (ret->n < IW_SWITCH_WORDS)
        ret->items[ret->n++] = word;
    else
        ret->is_cut = true;
}

/** At `'`, `"` or `@'`, `@"`: adds what it encloses to *word*, variables in their places. */
void iw_switch_read_quoted(struct iw_switch_reader *reader, struct iw_switch_word *word);
/** At `$`: adds the value of a variable, or says that it is unread. False: it begins an expression
 * (`$(`), and nothing was read. */
bool iw_switch_read_variable(struct iw_switch_reader *reader, struct iw_switch_word *word);
/** At `(`, `@(` or `$(`: adds what a list or a sum of texts in brackets is. False: there is
 * something else in them: the word is unread, and what is read next stands in the brackets. */
bool iw_switch_read_group(struct iw_switch_reader *reader, struct iw_switch_word *word);
/** At what stands behind `=`: the same without brackets, up to the end of the statement. */
bool iw_switch_read_value(struct iw_switch_reader *reader, struct iw_switch_word *word);
/** Texts and numbers with `+` or `,` between them; it stops at what is neither. False: it begins
 * with something else. */
bool iw_switch_read_terms(struct iw_switch_reader *reader, struct iw_switch_word *word);
/** At `@{`: adds names and values of a table to the words. False: there is something else in it,
 * and nothing was read. */
bool iw_switch_read_table(struct iw_switch_reader *reader, struct iw_switch_words *ret);
/** Likewise behind `$name =`: the variable is that table, but where there is no memory. */
bool iw_switch_set_table(struct iw_switch_reader *reader, struct iw_str name, bool *ret_no_memory);
/** At `@name`: adds the words of that table; of one that is not known, one that is unread. False:
 * nothing of the kind stands here. */
bool iw_switch_spread_table(struct iw_switch_reader *reader, struct iw_switch_words *ret);
/** At `%` of cmd: adds the value of a variable, or says that it is unread. */
void iw_switch_read_percent(struct iw_switch_reader *reader, struct iw_switch_word *word);

#endif
