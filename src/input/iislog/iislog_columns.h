/**
 * The columns of a log's lines: what `#Fields` names, and lines split by them.
 *
 * Values are separated by one space and never empty (`-` stands for none; Microsoft, "W3C
 * Logging"). Some writers leave two spaces all the same, so a line is split at every space, and
 * again at every run of spaces where only that gives as many values as there are columns.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_COLUMNS_H
#define IW_INPUT_IISLOG_IISLOG_COLUMNS_H

#include "base/arena.h"
#include "base/error.h"
#include "event/name.h"

#define IISLOG_NO_COLUMN SIZE_MAX

struct iislog_columns {
    struct iw_arena arena;
    struct iw_str text;    /* as `#Fields` wrote them; empty: none in force */
    struct iw_name *names; /* by column */
    struct iw_str *values; /* of the line split last, by column */
    size_t n;
    bool is_cut; /* more names than IW_LIMIT_LOG_COLUMNS: those beyond are not known */
    /* IISLOG_NO_COLUMN: there is none. */
    size_t date, time, computer, site, time_taken, reason;
};

/** What splitting came to. */
struct iislog_split {
    size_t n;             /* values, at most as many as there are columns */
    struct iw_str beyond; /* the line from the first value beyond the columns on; empty: none */
};

/** No columns. */
void iislog_columns_init(struct iislog_columns *columns);
void iislog_columns_done(struct iislog_columns *columns);
/** No columns any more. */
void iislog_columns_clear(struct iislog_columns *columns);

/**
 * Takes the names in *text* (what stands behind `#Fields:`), copied; bytes that are no UTF-8 become
 * U+FFFD. The names of before are gone: no event may point to them. IW_OK or IW_ENOMEM (no columns
 * then).
 */
enum iw_rc iislog_columns_set(struct iislog_columns *columns, const struct iw_names *names,
                              struct iw_str text);

/** Splits a line into columns->values (borrowed from it). */
struct iislog_split iislog_columns_split(struct iislog_columns *columns, struct iw_str line);
/** The same, the first *n* columns only and at single spaces: for what every line is asked. How
 * many there are. */
size_t iislog_columns_split_first(struct iislog_columns *columns, struct iw_str line, size_t n);

#endif
