/**
 * An index over a table of names that the program knows (of programs, of servers): one look finds a
 * row, whatever the letter case (ASCII). Tables of some dozens of names are asked about every
 * process and every file; going through them cost more than all the rest that was asked.
 *
 * The table is its owner's and constant; the index is built once (pthread_once) and then read by
 * any thread.
 */
#ifndef IW_DETECT_NAME_INDEX_H
#define IW_DETECT_NAME_INDEX_H

#include <stdint.h>

#include "base/str.h"

/** Rows that an index has room for. */
#define IW_NAME_INDEX_ROWS 255U

struct iw_name_index {
    const char *rows; /* the table; its rows begin with the name (const char *) */
    size_t row_bytes;
    size_t longest;      /* bytes of a name: a longer one is looked for nowhere */
    uint8_t slots[1024]; /* row + 1; 0: none */
};

/** *rows* lives as long as the index; names are not NULL, and no two are the same. At most
 * IW_NAME_INDEX_ROWS are taken: a test asks that every row is found. */
void iw_name_index_build(struct iw_name_index *index, const void *rows, size_t row_bytes, size_t n);
/** The row of that name, or NULL. An empty name has none. */
const void *iw_name_index_find(const struct iw_name_index *index, struct iw_str name);

#endif
