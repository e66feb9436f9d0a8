/**
 * Parts of an act as change records are asked about it, wherever the act comes from: the state of a
 * server, a fact, or the event of a rule's finding.
 */
#ifndef IW_DETECT_ACT_PARTS_H
#define IW_DETECT_ACT_PARTS_H

#include "context/sid_names.h"
#include "iis/change/changes.h"
#include "result/inventory.h"

/** What a change of the configuration did, by the values before and after (event 29): a setting
 * that had no value was added with its entry; UNKNOWN: both are the same. */
enum iw_act_action iw_act_action_of_values(struct iw_str was, struct iw_str now);

/** The content the act made is that of *file*, which was read: hash, and who is proved to have
 * signed it. Borrowed from the file. */
void iw_act_set_content(struct iw_act *act, const struct iw_item_file *file);

/** Gives an actor who is known by SID the name that the evidence shows for it on *host* at that
 * time; *names* is settled, or NULL. The text belongs to *names*. */
void iw_act_name_actor(struct iw_act *act, const struct iw_sid_names *names, struct iw_str host);

#endif
