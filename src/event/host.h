/**
 * Host identity: which computer names are one machine.
 *
 * The key of a host is the lower-case first label of its name. `WEB01` and `WEB01.corp.example` are
 * one machine, unless names with two different domains share the label: then each full name is a
 * host of its own, and the bare label is one too. Addresses are kept whole. What is shown is the
 * label as the evidence spells it (the first of its spellings in byte order). Settled once, before
 * any output.
 */
#ifndef IW_EVENT_HOST_H
#define IW_EVENT_HOST_H

#include "base/arena.h"
#include "base/error.h"
#include "base/host_label.h"
#include "base/map.h"

struct iw_hosts {
    struct iw_arena arena;
    struct iw_map by_computer; /* name as written → struct iw_str *, the host (once settled) */
};

void iw_hosts_init(struct iw_hosts *hosts);
void iw_hosts_done(struct iw_hosts *hosts);
/** Tells of a computer name (copied). IW_OK or IW_ENOMEM. */
enum iw_rc iw_hosts_add(struct iw_hosts *hosts, struct iw_str computer);
/** Decides which names are one host. IW_OK or IW_ENOMEM. */
enum iw_rc iw_hosts_settle(struct iw_hosts *hosts);
/** The host of a name that was told; an empty string otherwise. Lives as long as *hosts*. */
struct iw_str iw_hosts_find(const struct iw_hosts *hosts, struct iw_str computer);

#endif
