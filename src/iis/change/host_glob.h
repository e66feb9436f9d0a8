/**
 * Whether a host of the evidence is meant by a glob of a change record or an estate.
 *
 * A glob is compared with the whole name and with its first label: `WEB01` and `web*` mean
 * `web01.corp.example` too. `*` stands for characters of one label, `**` for any.
 */
#ifndef IW_IIS_CHANGE_HOST_GLOB_H
#define IW_IIS_CHANGE_HOST_GLOB_H

#include "iis/change/account_name.h"
#include "iis/change/text_glob.h"

/** Names of one host, folded. */
struct iw_host_names {
    struct iw_str names[2], labels[2];
    /* "web01.": of a name whose domain is not known */
    struct iw_str beginnings[2];
    size_t n;         /* 0: the evidence does not say */
    bool knows_whole; /* one of them has its domain, or is an address */
};

/** *label*, *computer*: either may be empty. False only when there is no memory. */
bool iw_host_names_read(struct iw_str label, struct iw_str computer, struct iw_arena *arena,
                        struct iw_host_names *ret);

/** UNKNOWN: no name is known, or the label fits and the domain is not known. Any thread. */
enum iw_holds iw_host_glob_means(const struct iw_glob *glob, const struct iw_host_names *host);

#endif
