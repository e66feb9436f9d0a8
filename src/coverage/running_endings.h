/**
 * Endings of files that run on a server when they are asked for, as its handlers say: what a
 * configuration of Sysmon must log there. A server without ASP.NET runs no page of it; one with a
 * handler of its own runs what nobody else does.
 */
#ifndef IW_COVERAGE_RUNNING_ENDINGS_H
#define IW_COVERAGE_RUNNING_ENDINGS_H

#include "result/inventory.h"

/**
 * Lists them in *arena*, small letters, each once, with `.config` (which makes handlers) and
 * `.dll`. Where handlers were others in the history of the configuration, one of them takes files
 * by another rule than their ending, or the configuration is not the whole truth, those that IIS
 * runs as it is installed are among them. Empty: no configuration tells, and whoever is asked takes
 * these.
 *
 * @param server  NULL: not known
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_running_endings(const struct iw_inventory_server *server, struct iw_arena *arena,
                              struct iw_text_list *ret);

#endif
