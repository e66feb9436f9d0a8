/**
 * One event read as a switch, or as several (switches.h).
 */
#ifndef IW_COVERAGE_SWITCH_READ_H
#define IW_COVERAGE_SWITCH_READ_H

#include "coverage/switch_glance.h"
#include "coverage/switch_command.h"
#include "coverage/switch_parts.h"
#include "coverage/switches.h"

/** A function that its own text does not call, and what its body asks for. */
struct iw_switch_function {
    struct iw_str name;
    const struct iw_switch *items;
    size_t n;
};

struct iw_switches_read {
    const struct iw_switch *items;
    size_t n;
    struct iw_switch one;                 /* where there is one alone */
    struct iw_switch_function *functions; /* of a text, which does not call them */
    size_t n_functions;
    const struct iw_switch_left *left; /* of a text: variables; NULL: none */
    struct iw_str lacking;             /* the text, where it lacks some; p NULL: it does not */
};

/** A quick look at channel and event id. */
bool iw_switch_may_be(const struct iw_event *event);
/** What one tells of that is no text of PowerShell: only a command tells of more than one. Texts
 * lie in *scratch* or the event; *ret is not to be copied. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_read(const struct iw_event *event, const struct iw_switch_glance *glance,
                          struct iw_arena *scratch, struct iw_switches_read *ret);
/** Whether an event is a text of PowerShell, or a part of one; *ret is it then, and lies in
 * *scratch* or the event. IW_OK or IW_ENOMEM. */
enum iw_rc iw_switch_read_part(const struct iw_event *event, struct iw_arena *scratch,
                               struct iw_script_part *ret, bool *ret_is_one);
/** What a text asks for behind others whose variables are known. Likewise. */
enum iw_rc iw_switch_read_later(const struct iw_script_text *text,
                                const struct iw_switch_left *known, struct iw_arena *scratch,
                                struct iw_switches_read *ret);
/** What a text asks for, and what functions of it would. Like iw_switch_read(). */
enum iw_rc iw_switch_read_text(const struct iw_script_text *text,
                               const struct iw_switch_glance *glance, struct iw_arena *scratch,
                               struct iw_switches_read *ret);

#endif
