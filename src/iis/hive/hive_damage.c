/*
 * The table of kinds of damage of a hive. A loss is whatever may leave a key or value untold.
 */
#include "iis/hive/hive_damage.h"

#include <assert.h>

static const struct iw_hive_damage_row ROWS[IW_HIVE_DAMAGE_COUNT] = {
    [IW_HIVE_DAMAGE_HEADER] = {"header", "contradictions in the header",
                               "contradiction in the header", false},
    [IW_HIVE_DAMAGE_BIN] = {"bin", "bins without their mark or size",
                            "bin without its mark or size", false},
    [IW_HIVE_DAMAGE_CUT] = {"cut", "files that end before their last bin",
                            "file that ends before its last bin", true},
    [IW_HIVE_DAMAGE_ADDRESS] = {"address", "cells that are nowhere in the file",
                                "cell that is nowhere in the file", true},
    [IW_HIVE_DAMAGE_CELL] = {"cell", "cells of an impossible size", "cell of an impossible size",
                             true},
    [IW_HIVE_DAMAGE_FREE] = {"free", "cells in use that are marked as free",
                             "cell in use that is marked as free", false},
    [IW_HIVE_DAMAGE_KEY] = {"key", "keys that are none", "key that is none", true},
    [IW_HIVE_DAMAGE_PARENT] = {"parent", "keys that name another parent",
                               "key that names another parent", false},
    [IW_HIVE_DAMAGE_LIST] = {"list", "lists of keys that are none", "list of keys that is none",
                             true},
    [IW_HIVE_DAMAGE_COUNT_KEYS] = {"count", "keys with other than as many keys as they say",
                                   "key with other than as many keys as it says", true},
    [IW_HIVE_DAMAGE_VALUE] = {"value", "values that are none", "value that is none", true},
    [IW_HIVE_DAMAGE_DATA] = {"data", "values whose data is not wholly there",
                             "value whose data is not wholly there", true},
    [IW_HIVE_DAMAGE_TEXT] = {"text", "texts with bytes that are no text",
                             "text with bytes that are no text", false},
    [IW_HIVE_DAMAGE_SELECT] = {"select", "control sets of which none is known to be current",
                               "time the current control set could not be told", true},
    [IW_HIVE_DAMAGE_LINE] = {"line", "lines that are none of an export",
                             "line that is none of an export", true},
    [IW_HIVE_DAMAGE_LIMIT] = {"limit", "parts cut off by a limit", "part cut off by a limit", true},
};

const struct iw_hive_damage_row *iw_hive_damage_row(enum iw_hive_damage_kind kind)
{
    assert((unsigned)kind < IW_HIVE_DAMAGE_COUNT);
    return &ROWS[kind];
}
