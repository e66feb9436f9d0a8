/**
 * What lines of former configurations (result/history_line.h) tell of an entry.
 */
#ifndef IW_DETECT_HISTORY_LINE_H
#define IW_DETECT_HISTORY_LINE_H

#include "result/history_line.h"
#include "result/inventory.h"

/** Whether a list, which is sorted, has exactly this line; one with this head. */
bool iw_history_has(const struct iw_text_list *list, struct iw_str line);
bool iw_history_has_head(const struct iw_text_list *list, struct iw_str head);
/** Whether a line is about this entry. */
bool iw_history_names(struct iw_str line, const struct iw_inventory_component *component);
/** A version of the history, not a backup or what was written for a pool. */
bool iw_version_is_history(const struct iw_inventory_version *version);
/** When the entry came, where the state before it is in the history too; else IW_TIME_UNKNOWN. */
int64_t iw_history_time_of_coming(const struct iw_inventory_server *server,
                                  const struct iw_inventory_component *row);

#endif
