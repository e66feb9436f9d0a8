/**
 * One collected file as the inventory tells it: size, hash, and of a program what it exports, who
 * made it and who signed it. Reading many at once, by several threads.
 */
#ifndef IW_IIS_INVENTORY_FILE_FACTS_H
#define IW_IIS_INVENTORY_FILE_FACTS_H

#include "iis/inventory/collected.h"
#include "iis/pe/pe.h"
#include "iis/signature/signature.h"
#include "iis/yara/yara_rules.h"
#include "result/inventory.h"

/** What all files of one reading share; unchanged while they are read. */
struct iw_fact_reading {
    const struct iw_collection *collection;
    struct iw_ledger *ledger;
    struct iw_signature_options signature;
    const struct iw_yara *yara; /* NULL: none */
    struct iw_yara_budget *yara_budget;
    unsigned n_jobs;
    const _Atomic bool *cancelled;
    _Atomic uint64_t *done_bytes;
    struct iw_arena *keep;      /* where texts go, under a lock */
    struct iw_item_file *facts; /* by index of the collection's files */
    /* Marks of the content of files that are no program, by index; texts lie in *keep*. NULL: not
     * asked for. */
    struct iw_text_list *marks;
};

/**
 * Reads the files of *indices* into reading->facts and accounts for them. A file that cannot be
 * read has a state and a reason.
 *
 * @return IW_OK; IW_ECANCELLED; IW_ENOMEM
 */
enum iw_rc iw_facts_read(struct iw_fact_reading *reading, const size_t *indices, size_t n);

/** What can be loaded by IIS: names of roles, in a fixed order. False: no memory. */
bool iw_facts_roles(uint32_t components, struct iw_arena *arena, struct iw_text_list *ret);

#endif
