/**
 * Words of command lines and of scripts, as the shell that reads them makes them: without quotes
 * and escapes, texts put together, variables that the same text sets in their places. Inside of
 * this room only.
 *
 * A table of PowerShell (`@{Name='x'}`) is its names as options and its values: `-Name x`; so is a
 * variable that is one, where it is spread (`@table`).
 *
 * A word that the text alone does not tell (a variable set elsewhere, what a command gives) is
 * unread. Lists are one word, with commas.
 */
#ifndef IW_COVERAGE_SWITCH_WORDS_H
#define IW_COVERAGE_SWITCH_WORDS_H

#include "base/arena.h"
#include "base/error.h"

/** Words of one statement that are looked at; of one that has more, it is told that it is cut. */
#define IW_SWITCH_WORDS 64U
/** Variables of one text that are known; more are unread. */
#define IW_SWITCH_VARIABLES 64U
/** Texts in a statement that are run before it and are told (`"$(…)"`); the last has the rest. */
#define IW_SWITCH_INNER 4U
/** What words of one statement may take more than their text: values of variables. */
#define IW_SWITCH_ROOM_BYTES ((size_t)2 * 1024)

struct iw_switch_word {
    struct iw_str text;
    bool is_unread;      /* text has `*` for what is not told */
    bool is_made;        /* put together by more than its text tells: as who hides a name does */
    bool is_item;        /* begins with what the pipeline hands on (`$_`) */
    bool is_redirection; /* `>`, or where to: it is not kept */
    bool is_quoted;      /* some of it stood in quotes, or was made otherwise: it is no option */
};

struct iw_switch_words {
    struct iw_switch_word items[IW_SWITCH_WORDS]; /* none of them empty */
    size_t n;
    struct iw_str sets; /* the variable it sets; empty: none */
    uint32_t depth;     /* braces around it */
    bool is_piped;      /* takes what the statement before gives */
    bool pipes_on;      /* the next takes what it gives */
    bool has_inner;     /* one of its words is what the next statement gives */
    bool is_cut;        /* there were more words */
};

enum iw_switch_text {
    IW_SWITCH_COMMAND = 0, /* one statement; `"` quotes */
    IW_SWITCH_CMD,         /* of cmd: statements; `"` quotes, `^` escapes, `%x%` are variables */
    IW_SWITCH_SCRIPT,      /* of PowerShell: statements; `"` and `'` quote, `#` begins a remark */
    IW_SWITCH_SCRIPT_ARGUMENT /* the same as an argument of PowerShell, whose `"` quote code */
};

struct iw_switch_variable {
    struct iw_str name, value;
};

struct iw_switch_reader {
    struct iw_str rest;
    enum iw_switch_text kind;
    struct iw_arena *scratch;
    char *room, *out, *room_end; /* of the words of one statement */
    struct iw_switch_variable variables[IW_SWITCH_VARIABLES];
    size_t n_variables;
    size_t n_kept_bytes;                  /* values of variables, those of before among them */
    struct iw_str inner[IW_SWITCH_INNER]; /* commands in texts of its statement: `"$(…)"` */
    size_t n_inner;
    uint32_t depth;
    bool is_piped;
    bool is_spent;                /* more than IW_LIMIT_SWITCH_SCRATCH_BYTES: it reads no more */
    bool no_here_text, no_remark; /* none of these ends any more */
};

/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_reader_begin(struct iw_switch_reader *reader, struct iw_str text,
                                  enum iw_switch_text kind, struct iw_arena *scratch);
/** The next statement that has words, or texts with commands; they live until the next is asked
 * for. False: there is none. */
bool iw_switch_reader_next(struct iw_switch_reader *reader, struct iw_switch_words *ret);
/** Gives a variable its value, by a name without `$` (`_`: what the pipeline hands on); p NULL: it
 * is not known any more. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_reader_set(struct iw_switch_reader *reader, struct iw_str name,
                                struct iw_str value);
/** p NULL: not known. */
struct iw_str iw_switch_reader_get(const struct iw_switch_reader *reader, struct iw_str name);

#endif
