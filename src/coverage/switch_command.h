/**
 * Commands and values of the registry that switch logging off: what Windows' own tools, Sysmon and
 * PowerShell's commands are asked. Whether they succeeded no command line tells.
 */
#ifndef IW_COVERAGE_SWITCH_COMMAND_H
#define IW_COVERAGE_SWITCH_COMMAND_H

#include "base/arena.h"
#include "coverage/switches.h"

struct iw_command_switch {
    enum iw_switch_kind kind;
    struct iw_str subject; /* as of struct iw_switch */
    struct iw_str program; /* as it was written: "wevtutil.exe", "Stop-Service" */
};

/** A quick look at the image of a process: whether it may be a program of these. NULL: no. */
bool iw_command_switch_may_be(const struct iw_field *image);

/**
 * The *nth* (from 0) that a process asks for; only PowerShell can ask for more than one. Texts lie
 * in *scratch* or are constant.
 *
 * @return IW_OK; IW_END: it asks for no more; IW_ENOMEM
 */
enum iw_rc iw_command_switch_of_process(struct iw_str image, struct iw_str command_line, size_t nth,
                                        struct iw_arena *scratch, struct iw_command_switch *ret);
/** Likewise of a text of PowerShell: what each of its statements calls, IW_LIMIT_SWITCHES_OF_EVENT
 * at most. */
enum iw_rc iw_command_switch_of_script(struct iw_str text, size_t nth, struct iw_arena *scratch,
                                       struct iw_command_switch *ret);

/** What a value that is set (*data* a number, as text; `DWORD (0x00000004)`), or a key that is made
 * (data.p NULL), means. *target* is the key with the value's name; the subject lies in it. */
bool iw_command_switch_of_registry(struct iw_str target, struct iw_str data,
                                   struct iw_command_switch *ret);

/** "EventLog" or "Sysmon" of a service's name, in English also as it is shown; empty: another. */
struct iw_str iw_logging_service(struct iw_str name);

#endif
