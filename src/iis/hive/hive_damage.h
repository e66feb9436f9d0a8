/**
 * What can be wrong with a hive or an export of the registry: kinds that are counted, each with its
 * words.
 */
#ifndef IW_IIS_HIVE_HIVE_DAMAGE_H
#define IW_IIS_HIVE_HIVE_DAMAGE_H

#include <stdbool.h>
#include <stdint.h>

enum iw_hive_damage_kind {
    IW_HIVE_DAMAGE_HEADER = 0, /* the base block contradicts itself, or is of no known version */
    IW_HIVE_DAMAGE_BIN,        /* a bin without its mark or of an impossible size */
    IW_HIVE_DAMAGE_CUT,        /* the file ends before its last bin */
    IW_HIVE_DAMAGE_ADDRESS,    /* a cell that is nowhere in the file */
    IW_HIVE_DAMAGE_CELL,       /* a cell of an impossible size */
    IW_HIVE_DAMAGE_FREE,       /* a cell that is in use and marked as free */
    IW_HIVE_DAMAGE_KEY,        /* a cell that should be a key and is none */
    IW_HIVE_DAMAGE_PARENT,     /* a key that names another parent than the one that lists it */
    IW_HIVE_DAMAGE_LIST,       /* a list of keys that is none, or is in a list of lists twice */
    IW_HIVE_DAMAGE_COUNT_KEYS, /* other than as many keys as was said */
    IW_HIVE_DAMAGE_VALUE,      /* a cell that should be a value and is none */
    IW_HIVE_DAMAGE_DATA,       /* data that is not wholly there */
    IW_HIVE_DAMAGE_TEXT,       /* a name or text that is no text */
    IW_HIVE_DAMAGE_SELECT,     /* which control set is the current one cannot be told */
    IW_HIVE_DAMAGE_LINE,       /* a line of an export that is none */
    IW_HIVE_DAMAGE_LIMIT,      /* more than a limit allows; the rest was not read */
    IW_HIVE_DAMAGE_COUNT
};

struct iw_hive_damage {
    uint64_t count;        /* different places */
    uint64_t first_offset; /* lowest offset in the file, valid when count != 0 */
};

struct iw_hive_damage_row {
    const char *name;         /* machine name */
    const char *sentence;     /* for people, after a count */
    const char *sentence_one; /* the same after "1" */
    bool is_loss; /* something the file holds may be missing from what is told, or be wrong in it */
};

/** The row of a kind; never NULL for kind < IW_HIVE_DAMAGE_COUNT. */
const struct iw_hive_damage_row *iw_hive_damage_row(enum iw_hive_damage_kind kind);

#endif
