/**
 * An event, or a text of PowerShell, while it is read as a switch: what the files of switch_read.h
 * share. For no other.
 */
#ifndef IW_COVERAGE_SWITCH_READING_H
#define IW_COVERAGE_SWITCH_READING_H

#include "context/event_reading.h"
#include "coverage/switch_command.h"
#include "coverage/switch_read.h"

#define IW_CHANNEL_POWERSHELL "Microsoft-Windows-PowerShell/Operational"
#define IW_CHANNEL_POWERSHELL_CORE "PowerShellCore/Operational"
#define IW_SCRIPT_ID 4104U

struct iw_switch_reading {
    struct iw_event_reading fields;
    const struct iw_switch_glance *glance;
    struct iw_switch made;
    struct iw_command_switches *asked; /* by a command, which may ask for several; NULL: by none */
};

/** A field of the payload by the record's own name. NULL: there is none. */
const struct iw_field *iw_switch_field(const struct iw_switch_reading *reading, const char *name);
/** Its text. Empty: absent, or "-". */
struct iw_str iw_switch_own(struct iw_switch_reading *reading, const char *name);
/** 0: it has none, or needs no correction. */
uint8_t iw_switch_dialect(const struct iw_event *event);

struct iw_switch_reading iw_switch_reading_begin(const struct iw_event *event,
                                                 const struct iw_switch_glance *glance,
                                                 struct iw_arena *scratch);
/** What was made of it. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_reading_finish(struct iw_switch_reading *reading, bool is_one, uint8_t dialect,
                                    struct iw_switches_read *ret);

/** Room for what a command asks for. False: no memory, which is noted. */
bool iw_switch_begin_asked(struct iw_switch_reading *reading);
/** Whether anything is asked for. *user*: who does. */
bool iw_switch_keep_asked(struct iw_switch_reading *reading, enum iw_rc rc, struct iw_str user);
/** One of each that a command asks for. NULL: no memory. */
struct iw_switch *iw_switch_take_asked(struct iw_switch_reading *reading);

#endif
