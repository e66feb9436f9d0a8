/**
 * What the event of a rule's finding says of an act that a change record may speak of: a component
 * that was registered, changed or taken away, a file that was written or loaded.
 *
 * What a web server or its shell does is no such act: a record for a file does not explain the
 * shell that follows (design §6).
 *
 * Fields: IIS-Configuration 29 (`Configuration`, `OldValue`, `NewValue`, `Security_UserID`); Sysmon
 * 1, 2, 7, 11, 15, 23, 26, 29 and Security 4663, 4688 under their canonical names
 * (event/taxonomy.h).
 */
#ifndef IW_DETECT_EVENT_ACT_H
#define IW_DETECT_EVENT_ACT_H

#include "iis/change/changes.h"

/**
 * @param finding    of a rule, with its event, its host settled
 * @param arena      *ret* points into it and into *finding*
 * @param ret_is_act  false: the event is none that records speak of, and *ret* is not set
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_event_act(const struct iw_finding *finding, struct iw_arena *arena,
                        struct iw_act *ret, bool *ret_is_act);

/**
 * Name and image of the component that a command registers, changes or removes: of appcmd
 * (`/name:X /image:Y`, `/+"[name='X',image='Y']"`, `/module.name:X`) and of PowerShell (`-Name X
 * -Image Y`, `@{name='X';image='Y'}`). Borrowed from *command*; empty where it names none.
 */
void iw_command_component(struct iw_str command, struct iw_str *ret_name, struct iw_str *ret_image);

#endif
