/**
 * What to bring of a server next time: everything this program reads, as a table, and, where
 * evidence was looked at, what of it that evidence lacks.
 */
#ifndef IW_COVERAGE_NEEDS_H
#define IW_COVERAGE_NEEDS_H

#include "result/need.h"
#include "result/run.h"

/** A row as it is written in the table; NULL and false where it does not apply. */
struct iw_need_row {
    enum iw_need_form form;
    enum iw_need_weight weight;
    const char *name, *what_for, *kind;
    const char *folder, *mask, *key;
    const char *command, *file;
    bool is_recursive, is_root, needs_roots;
    const char *channel; /* of an event log: events of it from elsewhere do as well */
};

extern const struct iw_need_row iw_need_rows[];
extern const size_t iw_need_n_rows;

/**
 * Fills *needs* (initialised). IW_OK or IW_ENOMEM.
 *
 * @param roots  web roots of the user: `D:\sites\shop`, `WEB01:D:\sites\shop`; the host is passed
 *               over
 * @param run    of evidence that was looked at: only what a host of it lacks, and the web roots,
 *               folders of logs and images of components that its configuration names; NULL: all
 */
enum iw_rc iw_needs_find(const char *const *roots, size_t n_roots, const struct iw_run *run,
                         struct iw_needs *needs);

#endif
