/*
 * The table of kinds of damage of a PE file. A loss is whatever leaves the record with less than
 * the loader of Windows would have found.
 */
#include "iis/pe/pe_damage.h"

#include <assert.h>

static const struct iw_pe_damage_row ROWS[IW_PE_DAMAGE_COUNT] = {
    [IW_PE_DAMAGE_HEADERS] = {"headers", "headers that are cut or of no known form",
                              "header that is cut or of no known form", true},
    [IW_PE_DAMAGE_SECTION] = {"section", "sections that are not wholly in the file",
                              "section that is not wholly in the file", true},
    [IW_PE_DAMAGE_OVERLAP] = {"overlap", "sections that lie over others",
                              "section that lies over another", false},
    [IW_PE_DAMAGE_ADDRESS] = {"address", "addresses that are nowhere in the file",
                              "address that is nowhere in the file", true},
    [IW_PE_DAMAGE_TABLE] = {"table", "tables that end before their last entry",
                            "table that ends before its last entry", true},
    [IW_PE_DAMAGE_ENTRY] = {"entry", "entries that contradict their table",
                            "entry that contradicts its table", true},
    [IW_PE_DAMAGE_NAME_OPEN] = {"name-open", "names without an end", "name without an end", true},
    [IW_PE_DAMAGE_NAME_BYTES] = {"name-bytes", "texts with bytes that are no text",
                                 "text with bytes that are no text", false},
    [IW_PE_DAMAGE_LOOP] = {"loop", "things that contain or inherit themselves",
                           "thing that contains or inherits itself", true},
    [IW_PE_DAMAGE_VERSION] = {"version", "places where version information is damaged",
                              "place where version information is damaged", true},
    [IW_PE_DAMAGE_METADATA] = {"metadata", "places where CLR metadata is damaged",
                               "place where CLR metadata is damaged", true},
    [IW_PE_DAMAGE_LIMIT] = {"limit", "parts cut off by a limit", "part cut off by a limit", true},
};

const struct iw_pe_damage_row *iw_pe_damage_row(enum iw_pe_damage_kind kind)
{
    assert((unsigned)kind < IW_PE_DAMAGE_COUNT);
    return &ROWS[kind];
}
