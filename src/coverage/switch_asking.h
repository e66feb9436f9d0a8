/**
 * What a command asks for: the words behind its program, and what each program means by them.
 * Inside of this room only. Pure; any thread.
 */
#ifndef IW_COVERAGE_SWITCH_ASKING_H
#define IW_COVERAGE_SWITCH_ASKING_H

#include "coverage/switch_about.h"
#include "coverage/switch_command.h"
#include "coverage/switch_words.h"

struct iw_asking {
    const struct iw_switch_word *words; /* behind the program */
    size_t n;
    bool is_cut;   /* there were more */
    bool is_piped; /* what is given stands for a name */
    struct iw_switch_about about;
    struct iw_str given; /* by the statement before; p NULL: nobody can tell */
    struct iw_str hosts; /* a list; empty: the own one */
    bool is_host_unread;
    struct iw_str program; /* as it was written */
    struct iw_arena *scratch;
    struct iw_command_switches *made;
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
/** The next of a list with commas; false: there is none. *list* moves behind it. */
bool iw_list_next(struct iw_str *list, struct iw_str *ret);
/** Whether *name* is what *pattern* with `*`, `?` and `[…]` means. */
bool iw_name_is_like(struct iw_str name, struct iw_str pattern);

/** `FOLDER\\NAME`; p NULL: no memory. */
struct iw_str iw_path_below(struct iw_arena *arena, struct iw_str folder, struct iw_str name);

bool iw_asking_has(const struct iw_asking *asking, const char *word);
bool iw_asking_has_switch(const struct iw_asking *asking, const char *name);
/** The first word from *at* on that is no option; n where there is none. */
size_t iw_asking_next_name(const struct iw_asking *asking, size_t at);
/** Where the name behind a verb stands; n: the verb is not there, or no name. */
size_t iw_asking_behind(const struct iw_asking *asking, const char *verb);
size_t iw_asking_behind_either(const struct iw_asking *asking, const char *verb, const char *other);
/** The word behind `-Name` (cut short to *shortest* letters or more), or its `-Name:value`; NULL:
 * there is none. */
const struct iw_switch_word *iw_asking_value(const struct iw_asking *asking, const char *name,
                                             size_t shortest);
/** The names that a command of PowerShell is given: words that are neither options nor values of
 * its common ones. From *at*; n: there are no more. */
size_t iw_asking_object(const struct iw_asking *asking, size_t at);

/** What the statement before gives, as a word. */
struct iw_switch_word iw_asking_given(const struct iw_asking *asking);

/** On which machines: of `\\HOST`, `/r:HOST` or `-ComputerName HOST`. */
void iw_asking_set_hosts(struct iw_asking *asking, const struct iw_switch_word *word);
void iw_asking_look_for_computer_name(struct iw_asking *asking);

/** True. One for each of the machines. */
bool iw_asking_make(struct iw_asking *asking, enum iw_switch_kind kind, struct iw_str subject);
/** Likewise of what cannot be read. */
bool iw_asking_make_unread(struct iw_asking *asking, enum iw_switch_kind kind,
                           struct iw_str subject);
/** Whatever may be asked: told in place of what is not kept or heard any more. Once. */
void iw_switches_make_everything(struct iw_command_switches *made);
/** Whether a word that cannot be read is likely one of those that log: it was made, what is
 * readable of it fits, or the text tells of these. A variable alone is everyday work. */
bool iw_asking_suspects(const struct iw_asking *asking, const struct iw_switch_word *word);

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
iw_ask iw_ask_stop_process;
iw_ask iw_ask_phantom;
iw_ask iw_ask_wmic;
iw_ask iw_ask_invoke_method;
iw_ask iw_ask_wevtutil;
iw_ask iw_ask_clear;
iw_ask iw_ask_logman;
iw_ask iw_ask_session;
iw_ask iw_ask_autologger;
iw_ask iw_ask_provider;
iw_ask iw_ask_auditpol;
iw_ask iw_ask_reg;
iw_ask iw_ask_reg_file;
iw_ask iw_ask_item;
iw_ask iw_ask_remove_item;
iw_ask iw_ask_appcmd;
iw_ask iw_ask_web_configuration;

/** What a method of WMI does with what a clause, a path or the pipeline names: *words* are its name
 * and what it is handed. */
bool iw_asking_make_method(struct iw_asking *asking, struct iw_str method,
                           const struct iw_switch_word *names);
/** A value of the registry, or a key that goes. */
bool iw_asking_set_value(struct iw_asking *asking, struct iw_str key, struct iw_str name,
                         struct iw_str data);
bool iw_asking_remove_key(struct iw_asking *asking, const struct iw_switch_word *key);

/** `$_.IsEnabled = $false`, `$s.Stop()`, `….ClearLog('Security')`: the first word is a member of
 * what it names or is given. */
bool iw_ask_member(struct iw_asking *asking, const struct iw_switch_word *first);

/** Whether a pattern fits the name of a service that logs, or of a session. */
bool iw_may_be_logging(struct iw_str pattern);
/** Services and channels that a list of names with wildcards means; whether there are any. */
bool iw_asking_make_services(struct iw_asking *asking, const struct iw_switch_word *names);
/** Likewise of processes by their programs. */
bool iw_asking_make_processes(struct iw_asking *asking, const struct iw_switch_word *names);
/** What one name or pattern means; the log of events is one of the hosts of services. */
bool iw_asking_make_named(struct iw_asking *asking, struct iw_str name, bool is_process);
bool iw_asking_make_channels(struct iw_asking *asking, enum iw_switch_kind kind,
                             const struct iw_switch_word *names);

#endif
