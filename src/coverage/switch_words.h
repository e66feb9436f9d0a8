/**
 * Words of command lines and of scripts. Inside of this room only.
 */
#ifndef IW_COVERAGE_SWITCH_WORDS_H
#define IW_COVERAGE_SWITCH_WORDS_H

#include "base/arena.h"
#include "base/error.h"

/** Words of one statement that are looked at; the rest is passed over. */
#define IW_SWITCH_WORDS 32U

struct iw_switch_words {
    struct iw_str items[IW_SWITCH_WORDS]; /* without quotes; never empty */
    size_t n;
};

enum iw_switch_text {
    IW_SWITCH_COMMAND = 0, /* one statement; `"` quotes */
    IW_SWITCH_SCRIPT,      /* of PowerShell: statements; `"` and `'` quote, `#` begins a remark */
    IW_SWITCH_SCRIPT_ARGUMENT /* the same as an argument of PowerShell, whose `"` quote code */
};

struct iw_switch_reader {
    struct iw_str rest;
    enum iw_switch_text kind;
    char *out; /* room for the words */
};

/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_reader_begin(struct iw_switch_reader *reader, struct iw_str text,
                                  enum iw_switch_text kind, struct iw_arena *scratch);
/** The next statement that has words; false: there is none. */
bool iw_switch_reader_next(struct iw_switch_reader *reader, struct iw_switch_words *ret);

#endif
