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
/** At `%` of cmd: adds the value of a variable, or says that it is unread. */
void iw_switch_read_percent(struct iw_switch_reader *reader, struct iw_switch_word *word);

#endif
