/**
 * Which machine a command names. Inside of this room only. Pure; any thread.
 */
#ifndef IW_COVERAGE_SWITCH_HOST_H
#define IW_COVERAGE_SWITCH_HOST_H

#include "base/str.h"

enum iw_named_host {
    IW_NAMED_HOST_OWN = 0, /* the one the command runs on */
    IW_NAMED_HOST_UNKNOWN, /* an address, which may be the own one */
    IW_NAMED_HOST_OTHER    /* a name, which may be that of the own one as well: whoever knows its
                              name compares them */
};

/** Of `localhost`, `.`, `\\WEB01`, `127.0.0.1`, `::1`, `WEB01.corp.example`. */
enum iw_named_host iw_named_host(struct iw_str name);
/** The name without the backslashes before it and what stands behind it. */
struct iw_str iw_named_host_bare(struct iw_str name);

#endif
