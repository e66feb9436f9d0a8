/**
 * What the event of a rule's finding says of an act that a change record may speak of: a component
 * that was registered, changed or taken away, a file that was written or loaded.
 *
 * What a web server or its shell does is no such act: a record for a file does not explain the
 * shell that follows (design §6). Neither is what no deployment does: a file that the worker itself
 * writes, other time stamps, a stream beside a file. Nor what is not understood for certain, as
 * whoever acted may have written the text.
 *
 * Fields: IIS-Configuration 29 (`Configuration`, `OldValue`, `NewValue`, `Security_UserID`); Sysmon
 * 1, 7, 11, 23, 26, 29, Security 4663, 4688 and PowerShell 4104 (`ScriptBlockText`) under their
 * canonical names (event/taxonomy.h).
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

#endif
