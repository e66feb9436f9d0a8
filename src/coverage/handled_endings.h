/**
 * Endings that a server's own handlers give to a program: what would run in its folders beside what
 * IIS runs as it is installed, so that settings are asked about it, too.
 */
#ifndef IW_COVERAGE_HANDLED_ENDINGS_H
#define IW_COVERAGE_HANDLED_ENDINGS_H

#include "base/arena.h"
#include "base/error.h"
#include "result/inventory.h"

/** The most endings that are asked about; of more the rest is left out and *ret_is_cut is set. */
#define IW_HANDLED_ENDINGS_MOST 16U

/** `.php` of a handler with a script processor for `*.php`, lower case, each once, in the order of
 * the components; NULL as *server* has none. IW_OK or IW_ENOMEM. */
enum iw_rc iw_handled_endings(const struct iw_inventory_server *server, struct iw_arena *arena,
                              struct iw_text_list *ret, bool *ret_is_cut);

#endif
