/**
 * Which export a file belongs to (the room's own part): files of one folder are one export; where
 * the evidence keeps Windows paths, all files of one collected drive.
 */
#ifndef IW_ORDER_EXPORT_H
#define IW_ORDER_EXPORT_H

#include "result/ledger.h"

struct iw_exports;

/** Of all sources of the ledger, which lives longer. NULL: no memory. */
struct iw_exports *iw_exports_new(const struct iw_ledger *ledger);
void iw_exports_free(struct iw_exports *exports);
/** The export of a source: numbers in byte order of the sources' paths. */
uint32_t iw_exports_of(const struct iw_exports *exports, uint32_t source);
/** Its folder, as reached from the argument; empty where it has none. */
struct iw_str iw_exports_folder(const struct iw_exports *exports, uint32_t export);

#endif
