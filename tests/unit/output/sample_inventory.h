/**
 * Inventories made by hand: what their writers are tested on.
 */
#ifndef IW_TESTS_UNIT_OUTPUT_SAMPLE_INVENTORY_H
#define IW_TESTS_UNIT_OUTPUT_SAMPLE_INVENTORY_H

#include "result/run.h"

/** WEB01 with a native module nobody knows, one of Microsoft's own with its twins, a web shell and
 * a page; WEB02 known by events only. The run is initialised; its texts are static. */
void sample_inventory_fill(struct iw_run *run);
/** One record of every kind of which nothing is known. */
void bare_inventory_fill(struct iw_run *run);
/** The same records, every text of them an attack on the terminal, the spreadsheet or the layout.
 */
void hostile_inventory_fill(struct iw_run *run);

/** The records that are filled last; may be changed. */
extern struct iw_inventory_component sample_components[3];
extern struct iw_inventory_web_file sample_web_files[2];

#endif
