/**
 * What an event says to each item of a rule, as records, and as bytes that can wait for context.
 */
#ifndef IW_SIGMA_SIGMA_EXPLAIN_ITEMS_H
#define IW_SIGMA_SIGMA_EXPLAIN_ITEMS_H

#include "base/packed.h"
#include "result/explanation.h"
#include "sigma/sigma_eval.h"

/** Fills *items*, one for each item of the plan in its order, from the event *eval* is set to; what
 * asks for context is unknown. *is_bare*: without the texts of the rule. In *arena*. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_explain_see_items(struct iw_eval *eval, const struct iw_rule_plan *plan, bool is_bare,
                                struct iw_arena *arena, struct iw_explained_item *items);
/** Appends what of *items* is the event's. Missing memory shows in *out*. */
void iw_explain_pack_items(const struct iw_explained_item *items, size_t n, struct iw_buffer *out);
/** Reads it back: equal to what was seen. In *arena*. IW_OK; IW_ENOMEM;
 * IW_EFORMAT: it is something else. */
enum iw_rc iw_explain_unpack_items(struct iw_unpacking *in, const struct iw_rule_plan *plan,
                                   struct iw_arena *arena, struct iw_explained_item *items);

/** "Image|endswith"; empty: a keyword. */
struct iw_str iw_explain_item_key(const struct iw_item *item);

#endif
