/**
 * The programs and commands that switch logging off, and what reads the words of each. Inside of
 * this room only. Constant; any thread.
 */
#ifndef IW_COVERAGE_SWITCH_PROGRAMS_H
#define IW_COVERAGE_SWITCH_PROGRAMS_H

#include "coverage/switch_asking.h"

enum iw_program_role {
    IW_PROGRAM_ASKS = 0,  /* what it asks is the switch */
    IW_PROGRAM_GIVES,     /* hands on what it is given the names of */
    IW_PROGRAM_FILTERS,   /* hands on some of what it takes */
    IW_PROGRAM_RUNS,      /* runs a command: that is in its words */
    IW_PROGRAM_RUNS_TEXT, /* runs a text of PowerShell */
    IW_PROGRAM_ELSEWHERE, /* runs a block, perhaps on another machine */
    IW_PROGRAM_SAYS,      /* takes the words behind it for words */
    IW_PROGRAM_NAMES,     /* gives a command another name */
    IW_PROGRAM_SETS       /* `set name=value` of cmd */
};

struct iw_switch_program {
    const char *name; /* stem */
    enum iw_program_role role;
    bool is_short; /* a name that is one only where a command stands */
    iw_ask *ask;   /* of IW_PROGRAM_ASKS */
};

/** By its name or path; NULL: none of these. */
const struct iw_switch_program *iw_switch_program_of(struct iw_str word);

#endif
