/**
 * Web files whose content has something to say or that the baseline does not have so, and which
 * chains tell it: a chain that is known by a file shows what the file holds and that it is new, and
 * then the reconciler does not say that once more.
 *
 * Of the inventory, whose web files it borrows; as large as the number of those that have marks or
 * are not as in the baseline.
 * Answers depend on which chains were told, not on their order. One thread at a time.
 */
#ifndef IW_ENGINE_TOLD_WEB_FILES_H
#define IW_ENGINE_TOLD_WEB_FILES_H

#include "base/map.h"
#include "result/finding.h"
#include "result/inventory.h"

struct iw_told_web_files {
    struct iw_map by_path; /* host and path, folded → the file */
    struct iw_arena arena;
    uint64_t n_folded; /* files that a chain tells of, and nobody else */
};

/** To be done in every case. *inventory*: hosts settled; lives longer. IW_OK or IW_ENOMEM. */
enum iw_rc iw_told_web_files_init(struct iw_told_web_files *told,
                                  const struct iw_inventory *inventory);
void iw_told_web_files_done(struct iw_told_web_files *told);
/** The file that lies at *path* of *host*, if it has marks and nobody approved it, or is not as in
 * the baseline; else NULL. *scratch* is used. IW_OK or IW_ENOMEM. */
enum iw_rc iw_told_web_files_find(const struct iw_told_web_files *told, struct iw_str host,
                                  struct iw_str path, struct iw_arena *scratch,
                                  const struct iw_inventory_web_file **ret);
/** A chain that is known by that file will be shown. IW_OK or IW_ENOMEM. */
enum iw_rc iw_told_web_files_tell(struct iw_told_web_files *told, struct iw_str host,
                                  struct iw_str path, enum iw_level level,
                                  struct iw_arena *scratch);
/** As iw_is_web_file_told (detect/reconcile.h); counts the files of which it says yes. *told* is a
 * struct iw_told_web_files. */
bool iw_told_web_files_ask(void *told, struct iw_str host,
                           const struct iw_inventory_web_file *web_file, enum iw_level level,
                           struct iw_arena *scratch);
/** Whether a chain is known by what lies at the path of *web_file*, which has marks or is not as in
 * the baseline: of several copies of the path each. Counts nothing. */
bool iw_told_web_files_has(void *told, struct iw_str host,
                           const struct iw_inventory_web_file *web_file, enum iw_level level,
                           struct iw_arena *scratch);

#endif
