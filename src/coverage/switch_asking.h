/**
 * What a command asks for: the words behind its program, and what each program means by them.
 * Inside of this room only. Pure; any thread.
 */
#ifndef IW_COVERAGE_SWITCH_ASKING_H
#define IW_COVERAGE_SWITCH_ASKING_H

#include "coverage/switch_command.h"

struct iw_asking {
    const struct iw_str *words; /* behind the program */
    size_t n;
    struct iw_arena *scratch;
    struct iw_command_switch made;
    bool no_memory;
};

/** "wevtutil" of `C:\Windows\System32\wevtutil.exe`. */
struct iw_str iw_program_stem(struct iw_str word);

/** Letter case ignored, as everywhere here. */
bool iw_word_is(struct iw_str word, const char *text);
bool iw_word_is_option(struct iw_str word);
/** `/e` or `-e`, as a whole word. */
bool iw_word_is_switch(struct iw_str word, const char *name);
/** What stands behind `/name:`; p NULL: it is another. */
struct iw_str iw_word_value(struct iw_str word, const char *name);

bool iw_asking_has(const struct iw_asking *asking, const char *word);
bool iw_asking_has_switch(const struct iw_asking *asking, const char *name);
/** The first word from *at* on that is no option; n where there is none. */
size_t iw_asking_next_name(const struct iw_asking *asking, size_t at);
/** Where the name behind a verb stands; n: the verb is not there, or no name. */
size_t iw_asking_behind(const struct iw_asking *asking, const char *verb);
size_t iw_asking_behind_either(const struct iw_asking *asking, const char *verb, const char *other);
/** True. */
bool iw_asking_make(struct iw_asking *asking, enum iw_switch_kind kind, struct iw_str subject);

/** Whether that program is asked for a switch by its words; it is made then. Missing memory is
 * noted. */
typedef bool iw_ask(struct iw_asking *asking);
iw_ask iw_ask_sc;
iw_ask iw_ask_net;
iw_ask iw_ask_kill;
iw_ask iw_ask_fltmc;
iw_ask iw_ask_sysmon;
iw_ask iw_ask_stop_service;
iw_ask iw_ask_set_service;
iw_ask iw_ask_phantom;
iw_ask iw_ask_wevtutil;
iw_ask iw_ask_clear;
iw_ask iw_ask_logman;
iw_ask iw_ask_session;
iw_ask iw_ask_provider;
iw_ask iw_ask_auditpol;
iw_ask iw_ask_reg;
iw_ask iw_ask_item;

#endif
