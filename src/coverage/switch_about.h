/**
 * What a text of commands is about, as a whole: by that it is judged what names in it that cannot
 * be read may be. Inside of this room only. Pure; any thread.
 */
#ifndef IW_COVERAGE_SWITCH_ABOUT_H
#define IW_COVERAGE_SWITCH_ABOUT_H

#include "base/str.h"

struct iw_switch_about {
    struct iw_str text;    /* all of it, without remarks */
    size_t n_looked;       /* pieces of a long text, up to where it was looked at */
    bool is_telling;       /* it names what logs, somewhere */
    bool is_of_logs;       /* it has to do with logs of events, whichever */
    bool is_of_management; /* it has to do with WMI */
    bool is_of_properties; /* it sets some of a log (`Set-LogProperties`) */
    bool has_own_words;    /* it defines a function that is called as a command which only says
                            * (`Write-Host`): what that does then nobody knows */
};

/** Bytes of a longer text in which it is about one thing: as much as PowerShell logs in one part.
 */
#define IW_SWITCH_ABOUT_BYTES ((size_t)20000)

/** Of a text without remarks, which is borrowed. */
struct iw_switch_about iw_switch_about(struct iw_str text);
/** What a text is about where it is so long that it may be about many things: *at* a place of it,
 * and as much before and behind. */
void iw_switch_look_about(struct iw_switch_about *about, size_t at);

#endif
