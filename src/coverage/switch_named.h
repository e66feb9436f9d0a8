/**
 * Hosts by the names that commands give them: in any letter case, with or without domain. Inside of
 * this room only.
 */
#ifndef IW_COVERAGE_SWITCH_NAMED_H
#define IW_COVERAGE_SWITCH_NAMED_H

#include "event/host.h"

/** Zero-initialise; made when it is first asked. */
struct iw_named_hosts {
    struct iw_map by_name; /* lower case → struct iw_str *, the host; NULL: of several */
    struct iw_arena arena;
    bool is_made;
};

/** The host of a name; empty: none in evidence is called so, or several are. *hosts* is settled and
 * is the same for every call. IW_OK or IW_ENOMEM. */
enum iw_rc iw_named_host_find(struct iw_named_hosts *named, const struct iw_hosts *hosts,
                              struct iw_str name, struct iw_str *ret);
void iw_named_hosts_done(struct iw_named_hosts *named);

#endif
