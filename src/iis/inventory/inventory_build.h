/**
 * From collected files to an inventory: for each host of the evidence its configuration, registry,
 * programs and web files, put together as `struct iw_inventory` (result/inventory.h).
 *
 * No event is needed. Evidence is opened read-only; the ledger learns of every file what became of
 * it. Files are read by as many threads as asked for; the result does not depend on their number.
 */
#ifndef IW_IIS_INVENTORY_INVENTORY_BUILD_H
#define IW_IIS_INVENTORY_INVENTORY_BUILD_H

#include "evidence/evidence.h"
#include "iis/signature/signature.h"
#include "iis/yara/yara_rules.h"
#include "result/run.h"

struct iw_inventory_options {
    const struct iw_anchors *anchors;   /* certificates that prove who signed; NULL: none */
    const struct iw_yara *yara;         /* the user's rules; NULL: none */
    struct iw_yara_budget *yara_budget; /* time they may take; NULL: as long as it lasts */
    int64_t now_s;                      /* at which certificates must be valid, Unix seconds */
    struct iw_text_list web_roots;      /* --web-root, as said_root.h reads them */
    unsigned n_jobs;                    /* threads that read; at least 1 */
    const _Atomic bool *cancelled;      /* may be NULL */
    _Atomic uint64_t *done_bytes;       /* counts what was read; may be NULL */
};

/**
 * Adds the servers of *evidence* to run->inventory and accounts for their files in run->ledger.
 *
 * @return IW_OK; IW_ECANCELLED; IW_ENOMEM
 */
enum iw_rc iw_inventory_build(const struct iw_evidence *evidence,
                              const struct iw_inventory_options *options, struct iw_run *run,
                              struct iw_error *err);

#endif
