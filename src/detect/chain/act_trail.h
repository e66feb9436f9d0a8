/**
 * Who did what an event tells of: the answer of trails (component_trails.h) to whoever judges it.
 */
#ifndef IW_DETECT_ACT_TRAIL_H
#define IW_DETECT_ACT_TRAIL_H

#include "detect/chain/actor_event.h"

/**
 * Who did one act, as the host's context knew it at that moment. Texts are borrowed.
 *
 * "By hand" is an act under an interactive logon (4624 of type 2, 7, 9 to 13) or below a desktop
 * (explorer.exe): what stands in a console may be typed by whoever has the account.
 */
struct iw_act_trail {
    struct iw_str who; /* "msdeploy.exe (...) as CORP\deploy, logon type 3 from 10.0.0.7, ..." */
    const char *deployment; /* what deployed it (deployment.h); static; NULL: no deployment did */
    const char *tool;       /* of a page: "robocopy", "git", ...: a tool wrote it that does what it
                               is told (deployment.h); static; NULL: none */
    bool is_named;          /* the program that did it is known */
    bool is_by_server;      /* a process of the web server, or what descends from one */
    bool is_by_hand;        /* somebody sat at it */
    const struct iw_actor_event *process, *logon; /* NULL: not in evidence */
};

#endif
