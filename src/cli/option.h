/**
 * Options as tables: parsing, help, man page check and completion check all read the same rows.
 */
#ifndef IW_CLI_OPTION_H
#define IW_CLI_OPTION_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/nearest.h"

enum iw_option_kind {
    IW_OPTION_HEADING = 0, /* a title between rows of the help: only `help` is set */
    IW_OPTION_FLAG,        /* bool */
    IW_OPTION_TEXT,        /* const char *: not empty */
    IW_OPTION_LIST,        /* struct iw_word_list: each use adds one */
    IW_OPTION_COMMAS,      /* struct iw_word_list: each use adds words between commas */
    IW_OPTION_CONDITION,   /* struct iw_word_list: each use adds one Field=text */
    IW_OPTION_NUMBER,      /* uint64_t within [min, max] */
    IW_OPTION_LEVEL,       /* int: enum iw_level */
    IW_OPTION_CHOICE,      /* int: position in `choices` */
    IW_OPTION_SINCE,       /* int64_t ns; a date alone is its first moment */
    IW_OPTION_UNTIL        /* int64_t ns; a date alone is its last moment */
};

struct iw_option {
    enum iw_option_kind kind;
    char letter;                /* 0 = none */
    const char *name;           /* without `--` */
    const char *argument;       /* as shown in the help; NULL for flags */
    const char *help;           /* one sentence, no full stop */
    size_t member;              /* offset in struct iw_arguments of what it sets */
    uint64_t min, max;          /* NUMBER */
    const char *const *choices; /* CHOICE: NULL-terminated */
};

/** Words a user gave; owns copies of them. */
struct iw_word_list {
    char **items;
    size_t n;
    size_t cap;
};

enum iw_rc iw_word_list_add(struct iw_word_list *list, struct iw_str word);
void iw_word_list_done(struct iw_word_list *list);

/**
 * Reads argv[first..argc) into the members of *arguments* and *operands*. Options and operands may
 * be mixed; `--` ends options; `-` is an operand; `--name=value`, `--name value`, `-xvalue`, `-x
 * value` and flags run together (`-qv`) are understood, abbreviations are not.
 *
 * @return IW_OK; IW_EUSAGE, *err* says which word and what was expected; IW_ENOMEM
 */
enum iw_rc iw_options_parse(const struct iw_option *options, size_t n_options, int argc,
                            const char *const *argv, int first, void *arguments,
                            struct iw_word_list *operands, struct iw_error *err);

/** Appends the rows of a table as help. */
void iw_options_help(const struct iw_option *options, size_t n_options, struct iw_buffer *out);

#endif
