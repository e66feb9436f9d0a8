/**
 * How the columns of a CSV file become clauses of change records. Inside of iis/change only.
 */
#ifndef IW_IIS_CHANGE_CHANGE_MAP_H
#define IW_IIS_CHANGE_CHANGE_MAP_H

#include "iis/change/change_record.h"

/** Where a clause comes from: a column, or a constant. Neither: it is not given. */
struct change_source {
    struct iw_str column;          /* its name; empty: none */
    struct change_values constant; /* n 0: none */
    uint32_t line, at_column;      /* in the map */
};

struct change_map {
    struct change_source sources[CLAUSE_COUNT];
    struct change_time_form time_form;
    char delimiter, list_separator;
};

/** Reads a map; *ret* lives in *arena* and borrows *bytes*. IW_OK; IW_EFORMAT, IW_ERULE,
 * IW_ELIMIT (*err* names the map); IW_ENOMEM. */
enum iw_rc change_map_read(struct iw_str bytes, const char *name, struct iw_arena *arena,
                           struct change_map *ret, struct iw_error *err);

#endif
