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

struct iw_registry_facts;

/** Gets what the registry of a host says, while its hives are open: they are opened once for all
 * who ask. *host* as the tree says it; *sources*: by the index of a fact's source, where it was
 * read. IW_OK or IW_ENOMEM. */
typedef enum iw_rc (*iw_registry_hearer)(void *context, struct iw_str host,
                                         const struct iw_registry_facts *facts,
                                         const struct iw_str *sources);

struct iw_inventory_options {
    const struct iw_anchors *anchors;   /* certificates that prove who signed; NULL: none */
    const struct iw_yara *yara;         /* the user's rules; NULL: none */
    struct iw_yara_budget *yara_budget; /* time they may take; NULL: as long as it lasts */
    int64_t now_s;                      /* at which certificates must be valid, Unix seconds */
    struct iw_text_list web_roots;      /* --web-root, as said_root.h reads them */
    unsigned n_jobs;                    /* threads that read; at least 1 */
    const _Atomic bool *cancelled;      /* may be NULL */
    _Atomic uint64_t *done_bytes;       /* counts what was read; may be NULL */
    iw_registry_hearer hear_registry;   /* called once a host that has any hive; may be NULL */
    void *hear_context;
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
