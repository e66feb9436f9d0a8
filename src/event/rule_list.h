/**
 * Lists that rules ask for by name, where many of them would have to be the same:
 * `Image|endswith|expand: '%iiswarden.consoles%'`. Those of web servers are event/web_server.h's.
 * Pure tables; any thread.
 */
#ifndef IW_EVENT_RULE_LIST_H
#define IW_EVENT_RULE_LIST_H

#include "base/str.h"

/** The texts of a list, without wildcards, and their number; NULL: none has that name, whose letter
 * case counts. */
const char *const *iw_rule_list_of(struct iw_str name, size_t *ret_n);

#endif
