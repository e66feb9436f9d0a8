/**
 * An index over a table of names that the program knows (of programs, of servers): one look finds a
 * row, whatever the letter case (ASCII). Tables of some dozens of names are asked about every
 * process and every file; going through them cost more than all the rest that was asked.
 *
 * The table is its owner's and constant. The index is built when it is asked for the first time;
 * any thread.
 */
#ifndef IW_DETECT_NAME_INDEX_H
#define IW_DETECT_NAME_INDEX_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/str.h"

/** Rows that an index has room for. */
#define IW_NAME_INDEX_ROWS 255U

struct iw_name_index {
    const void *rows; /* the table; its rows begin with the name (const char *), which is not NULL,
                         and no two are the same */
    size_t row_bytes, n;
    atomic_bool is_built;
    size_t longest;      /* bytes of a name: a longer one is looked for nowhere */
    uint8_t slots[1024]; /* row + 1; 0: none */
};

/** Defines the index of an array of rows. */
#define IW_NAME_INDEX(index, table)                                                                \
    _Static_assert(sizeof(table) / sizeof(table)[0] <= IW_NAME_INDEX_ROWS,                         \
                   "the index has no room for so many names");                                     \
    static struct iw_name_index index = {                                                          \
        .rows = (table), .row_bytes = sizeof(table)[0], .n = sizeof(table) / sizeof(table)[0]}

/** The row of that name, or NULL. An empty name has none. */
const void *iw_name_index_find(struct iw_name_index *index, struct iw_str name);
/** The same of a table of another file, whose rows, *n* of them, are the same whenever this is
 * asked; of more than the index has room for the rest is not found. */
const void *iw_name_index_find_of(struct iw_name_index *index, size_t n, struct iw_str name);

#endif
