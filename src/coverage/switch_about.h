/**
 * What a text of commands is about, as a whole: by that it is judged what names in it that cannot
 * be read may be. Inside of this room only. Pure; any thread.
 */
#ifndef IW_COVERAGE_SWITCH_ABOUT_H
#define IW_COVERAGE_SWITCH_ABOUT_H

#include "base/str.h"

struct iw_switch_about {
    struct iw_str text;    /* all of it, without remarks */
    bool is_telling;       /* it names what logs, somewhere */
    bool is_of_logs;       /* it has to do with logs of events, whichever */
    bool is_of_management; /* it has to do with WMI */
    bool is_of_properties; /* it sets some of a log (`Set-LogProperties`) */
    bool has_own_words;    /* it defines a function that is called as a command which only says
                            * (`Write-Host`): what that does then nobody knows */
};

/** Of a text without remarks, which is borrowed. */
struct iw_switch_about iw_switch_about(struct iw_str text);

#endif
