/**
 * The servers of a run: what the user knows of them beforehand, what the evidence says they are,
 * and which host each is.
 *
 * Opened before the process is confined, because the user's files may lie where the confined
 * process cannot read; closed by iw_servers_close whatever happened.
 */
#ifndef IW_ENGINE_SERVERS_H
#define IW_ENGINE_SERVERS_H

#include "engine/approvals.h"
#include "engine/baselines.h"
#include "context/server_events.h"
#include "engine/begin.h"
#include "engine/tree_hosts.h"
#include "iis/inventory/inventory_build.h"
#include "iis/signature/trust_anchors.h"
#include "iis/yara/yara_rules.h"

struct iw_servers {
    const struct iw_server_options *options;
    struct iw_arena arena;
    struct iw_anchors *anchors;
    struct iw_yara *yara;
    struct iw_text_list web_roots;
    struct iw_baselines baselines;
    struct iw_approvals approvals;
    bool is_compared_later;           /* by iw_servers_compare, when behaviour was learned */
    iw_registry_hearer hear_registry; /* set after opening; NULL: nobody hears it */
    void *hear_context;
};

/** Reads the user's files. IW_OK; IW_EUSAGE (a file that is not what it should be); IW_EIO;
 * IW_ENOMEM. */
enum iw_rc iw_servers_open(struct iw_servers *servers, const struct iw_server_options *options,
                           struct iw_error *err);
void iw_servers_close(struct iw_servers *servers);

/** Pass 0: the inventory of all servers that files tell of. IW_OK, also when it was cancelled (then
 * run->interrupted); IW_ENOMEM. */
enum iw_rc iw_servers_read(struct iw_servers *servers, const struct iw_engine_options *options,
                           const struct iw_pass0 *pass0, struct iw_run *run, struct iw_error *err);

/** Pass 2: each server gets its host, those that only events know (*facts*; NULL: nobody asked
 * them) are added, and each is compared with its baseline. *hosts* is settled. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_servers_settle(struct iw_servers *servers, const struct iw_tree_hosts *trees,
                             const struct iw_hosts *hosts, const struct iw_engine_options *options,
                             const struct iw_server_facts *facts, struct iw_run *run);
/** Compares with the baseline, where iw_servers_settle was told not to. IW_OK or IW_ENOMEM. */
enum iw_rc iw_servers_compare(struct iw_servers *servers, const struct iw_engine_options *options,
                              struct iw_run *run);

#endif
