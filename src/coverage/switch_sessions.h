/**
 * What texts of PowerShell hand on to one another in one process: functions that one defines and
 * another calls, and variables that are set at one prompt and named at another. Inside of this room
 * only.
 *
 * Of each text (4104) the names are kept that stand where a command does, as numbers; of functions
 * that nothing in their own text calls, what their bodies ask for. Which of these is called is
 * asked once all is known, for a script that loads others is logged before these are.
 *
 * One object a thread, merged into one. Within the limits nothing depends on how texts were
 * divided. Past them a host's calls are not all kept: its functions may have been called then.
 */
#ifndef IW_COVERAGE_SWITCH_SESSIONS_H
#define IW_COVERAGE_SWITCH_SESSIONS_H

#include "coverage/switch_read.h"

/** A function is called by its process within so long behind the text that defines it, or before
 * that. */
#define IW_SWITCH_CALLED_BEHIND_NS (INT64_C(24) * 3600 * IW_NS_PER_SECOND)
#define IW_SWITCH_CALLED_BEFORE_NS (INT64_C(600) * IW_NS_PER_SECOND)
/** A variable is known to texts of its process within so long behind the one that sets it. */
#define IW_SWITCH_KNOWN_NS (INT64_C(3600) * IW_NS_PER_SECOND)
/** Bytes of a text that names a variable of another. */
#define IW_SWITCH_LATER_BYTES 4096U

struct iw_switch_sessions;

typedef enum iw_rc iw_switch_taker(void *state, const struct iw_switch *item);
typedef enum iw_rc iw_switch_hider(void *state, struct iw_str computer);

/** *take* is given what was asked for, *hide* a computer of which more may have been asked for than
 * is told (IW_LIMIT_SESSION_LOOKS), and both *state*, which outlives the object. NULL: no memory.
 */
struct iw_switch_sessions *iw_switch_sessions_new(iw_switch_taker *take, iw_switch_hider *hide,
                                                  void *state);
void iw_switch_sessions_free(struct iw_switch_sessions *sessions);
/** Notes what a text may call, what functions it defines, what its variables are left with and
 * whether it lacks some; copies what it keeps. Functions for which there is no room may be called:
 * they are given at once. IW_OK, IW_ENOMEM or what *take* says. */
enum iw_rc iw_switch_sessions_see(struct iw_switch_sessions *sessions,
                                  const struct iw_script_text *text,
                                  const struct iw_switches_read *read);
/** Likewise all of *from*. */
enum iw_rc iw_switch_sessions_merge(struct iw_switch_sessions *into,
                                    const struct iw_switch_sessions *from);
/** Gives what was asked for by calls of functions, each at the time of its call, by functions of
 * hosts whose calls are not all known, and by variables of other texts. Likewise. */
enum iw_rc iw_switch_sessions_settle(struct iw_switch_sessions *sessions);

#endif
