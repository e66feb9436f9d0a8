/**
 * The settled hosts asked by label as well (the room's own part).
 */
#ifndef IW_ORDER_HOST_NAMES_H
#define IW_ORDER_HOST_NAMES_H

#include "event/host.h"

struct iw_host_names {
    const struct iw_hosts *hosts;
    struct iw_arena arena;
    struct iw_map by_label; /* lower-case label → struct iw_host_label_names * */
};

/** *hosts* is settled and lives longer. IW_OK or IW_ENOMEM; done is needed in every case. */
enum iw_rc iw_host_names_init(struct iw_host_names *names, const struct iw_hosts *hosts);
void iw_host_names_done(struct iw_host_names *names);
/** Whether several machines have this label (lower case). */
bool iw_host_names_shares(const struct iw_host_names *names, struct iw_str lower_label);
/** The host of a name: as settled; of a name that was never told, the machine that alone has its
 * label; else the label itself. */
struct iw_str iw_host_names_of(const struct iw_host_names *names, struct iw_str computer);

#endif
