/*
 * Quotes are taken off and what they enclose stays one word. Escapes (`^` of cmd, the backtick of
 * PowerShell) and values of variables are left out on purpose: what is hidden that well is told by
 * what it does.
 */
#include "coverage/switch_words.h"

enum iw_rc iw_switch_reader_begin(struct iw_switch_reader *reader, struct iw_str text,
                                  enum iw_switch_text kind, struct iw_arena *scratch)
{
    *reader = (struct iw_switch_reader){text, kind, iw_arena_alloc(scratch, text.n + 1)};
    return reader->out != NULL ? IW_OK : IW_ENOMEM;
}

static bool is_blank(const struct iw_switch_reader *reader, char c)
{
    return c == ' ' || c == '\t' || (c == '"' && reader->kind == IW_SWITCH_SCRIPT_ARGUMENT);
}

static bool ends_statement(const struct iw_switch_reader *reader, char c)
{
    return reader->kind != IW_SWITCH_COMMAND && c != '\0' && strchr(";|{}()&\r\n", c) != NULL;
}

static bool is_quote(const struct iw_switch_reader *reader, char c)
{
    return (c == '"' && reader->kind != IW_SWITCH_SCRIPT_ARGUMENT) ||
           (c == '\'' && reader->kind != IW_SWITCH_COMMAND);
}

static void skip(struct iw_switch_reader *reader)
{
    reader->rest.p++;
    reader->rest.n--;
}

/* Up to the end of the line. */
static void skip_remark(struct iw_switch_reader *reader)
{
    while (reader->rest.n != 0 && *reader->rest.p != '\n')
        skip(reader);
}

static struct iw_str next_word(struct iw_switch_reader *reader)
{
    struct iw_str word = {reader->out, 0};
    char quote = '\0';
    for (; reader->rest.n != 0; skip(reader)) {
        char c = *reader->rest.p;
        if (quote == '\0' && (is_blank(reader, c) || ends_statement(reader, c)))
            break;
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && is_quote(reader, c)) {
            quote = c;
        } else {
            *reader->out++ = c;
            word.n++;
        }
    }
    return word;
}

bool iw_switch_reader_next(struct iw_switch_reader *reader, struct iw_switch_words *ret)
{
    ret->n = 0;
    while (reader->rest.n != 0) {
        struct iw_str word;
        char c = *reader->rest.p;
        if (ends_statement(reader, c)) {
            skip(reader);
            if (ret->n != 0)
                return true;
        } else if (is_blank(reader, c)) {
            skip(reader);
        } else if (c == '#' && reader->kind == IW_SWITCH_SCRIPT) {
            skip_remark(reader);
        } else {
            word = next_word(reader);
            if (word.n != 0 && ret->n < IW_SWITCH_WORDS)
                ret->items[ret->n++] = word;
        }
    }
    return ret->n != 0;
}
