/**
 * Problems of files that people write (change records, estates): collected in the order of the
 * file, told, never fatal.
 */
#ifndef IW_IIS_CHANGE_CHANGE_PROBLEMS_H
#define IW_IIS_CHANGE_CHANGE_PROBLEMS_H

#include "base/arena.h"
#include "base/error.h"

/** One thing that was not taken, or taken with a remark. */
struct iw_change_problem {
    struct iw_str file;
    uint32_t line, column; /* 0: of the whole file, of the whole line */
    struct iw_str id;      /* of the record, where it has one */
    struct iw_str what;    /* one line */
};

struct iw_change_problems {
    struct iw_arena *arena; /* where texts go; not owned */
    struct iw_str file;     /* being read */
    struct iw_change_problem *items;
    size_t n, cap;
    size_t n_hidden; /* past IW_LIMIT_CHANGE_PROBLEMS */
};

/** Frees the list, not the arena. */
void iw_change_problems_done(struct iw_change_problems *problems);
/** IW_OK or IW_ENOMEM. *format* ends up as one line of valid UTF-8. */
enum iw_rc iw_change_problems_add(struct iw_change_problems *problems, uint32_t line,
                                  uint32_t column, struct iw_str id, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/** Text as one line of UTF-8: control characters become spaces, those at both ends go. In *arena*
 * where it changes; p NULL: no memory. */
struct iw_str iw_change_one_line(struct iw_str text, struct iw_arena *arena);

#endif
