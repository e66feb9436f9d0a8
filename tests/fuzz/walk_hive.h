/**
 * Goes through a hive or export, for the fuzz targets: all keys and values up to a number of keys.
 */
#ifndef IW_TESTS_FUZZ_WALK_HIVE_H
#define IW_TESTS_FUZZ_WALK_HIVE_H

#include "base/str.h"

/** Requires what holds for any file; one that is neither hive nor export is fine. */
void walk_hive(struct iw_str file);

#endif
