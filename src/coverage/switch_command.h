/**
 * Commands and values of the registry that switch logging off: what Windows' own tools, Sysmon and
 * PowerShell's commands are asked. Whether they succeeded no command line tells.
 *
 * What a command clearly stops or clears, and names by what its text does not tell, is unread: a
 * switch of everything that it may be. So are more switches of one text than are kept, and a text
 * that is too much to hear.
 */
#ifndef IW_COVERAGE_SWITCH_COMMAND_H
#define IW_COVERAGE_SWITCH_COMMAND_H

#include "base/arena.h"
#include "base/limits.h"
#include "coverage/switch_code.h"
#include "coverage/switch_glance.h"
#include "coverage/switch_words.h"
#include "coverage/switches.h"

struct iw_command_switch {
    enum iw_switch_kind kind;
    struct iw_str subject; /* as of struct iw_switch */
    struct iw_str program; /* as it was written: "wevtutil.exe", "Stop-Service" */
    struct iw_str host;    /* another machine it names; empty: the one it runs on */
    bool is_unread;        /* it may be this */
};

/** What more switches than are kept become. */
#define IW_SWITCHES_OF_EVERYTHING 6U

/** Variables that a text leaves behind and that name what logs, for texts of the same session. */
#define IW_SWITCH_LEFT 8U

struct iw_switch_left {
    struct iw_switch_variable items[IW_SWITCH_LEFT];
    size_t n;
    bool is_cut; /* there are more */
};

/** In the order of the text, none twice. */
struct iw_command_switches {
    struct iw_command_switch items[IW_LIMIT_SWITCHES_OF_EVENT + IW_SWITCHES_OF_EVERYTHING];
    size_t n;
    size_t n_parts;               /* of the text */
    size_t n_statements, n_bytes; /* of what was heard for them */
    const char *reg_file; /* the text that was gone through for lines of one; NULL: none was */
    const struct iw_switch_glance *glance; /* for texts in them; NULL: none was needed yet */
    bool is_cut; /* there are more than IW_LIMIT_SWITCHES_OF_EVENT, or it takes more to hear them
                  * than IW_LIMIT_SWITCH_STATEMENTS and IW_LIMIT_SWITCH_SCRATCH_BYTES (of each
                  * part): the last are "everything" */
    bool lacks;  /* one more may be asked for by a name that an earlier text of its session knows */
    struct iw_switch_left left; /* in the scratch arena */
};

struct iw_process_command {
    struct iw_str image;
    struct iw_str original_name; /* of its version information; empty: not told */
    struct iw_str line;
};

/** What a process asks for. Texts lie in *scratch* or are constant. IW_OK (also for none) or
 * IW_ENOMEM. */
enum iw_rc iw_command_switches_of_process(const struct iw_process_command *command,
                                          struct iw_arena *scratch,
                                          struct iw_command_switches *ret);
/** Likewise of a whole text of PowerShell: what each of its statements calls, those of functions
 * where something in it may call these. The others are told; they lie in *scratch* or the text. */
enum iw_rc iw_command_switches_of_script(struct iw_str text, struct iw_arena *scratch,
                                         struct iw_command_switches *ret,
                                         struct iw_switch_uncalled *ret_uncalled);
/** Likewise of a whole text that was logged in so many parts, each of which may be as much. */
enum iw_rc iw_command_switches_of_parts(struct iw_str text, size_t n_parts,
                                        struct iw_arena *scratch, struct iw_command_switches *ret,
                                        struct iw_switch_uncalled *ret_uncalled);
/** Likewise of parts in a row, where others are missing, which may call their functions. */
enum iw_rc iw_command_switches_of_row(struct iw_str text, size_t n_parts, struct iw_arena *scratch,
                                      struct iw_command_switches *ret);
/** Likewise of a text behind others of its session, whose variables are known. */
enum iw_rc iw_command_switches_of_later(struct iw_str text, const struct iw_switch_left *known,
                                        struct iw_arena *scratch, struct iw_command_switches *ret);
/** Likewise of one of the parts of a text, whose functions another part may call, or of the body of
 * a function. */
enum iw_rc iw_command_switches_of_part(struct iw_str text, struct iw_arena *scratch,
                                       struct iw_command_switches *ret);

/** What a value that is set (*data* a number, as text; `DWORD (0x00000004)`), or a key that is made
 * (data.p NULL), means. *target* is the key with the value's name; the subject lies in it. */
bool iw_command_switch_of_registry(struct iw_str target, struct iw_str data,
                                   struct iw_command_switch *ret);

/** What is not logged any more without a session of the log of events (`EventLog-Security`), or
 * without a provider in one, by its name or GUID. False: nothing that anybody asks for. */
bool iw_command_switch_of_session(struct iw_str session, struct iw_command_switch *ret);
bool iw_command_switch_of_provider(struct iw_str provider, struct iw_command_switch *ret);

/** "EventLog" or "Sysmon" of a service's name, in English also as it is shown; empty: another. */
struct iw_str iw_logging_service(struct iw_str name);

#endif
