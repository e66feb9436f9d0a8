/**
 * Deciding item by item (iw_sigma_decide of sigma.h), for explaining.
 */
#ifndef IW_SIGMA_SIGMA_DECIDE_H
#define IW_SIGMA_SIGMA_DECIDE_H

#include "sigma/sigma.h"
#include "sigma/sigma_eval.h"

/** What an item that asks for context came to. */
struct iw_decided_item {
    const struct iw_item *item;
    size_t index; /* in the order of selections, groups and items */
    enum iw_truth truth;
    bool is_open;         /* a field it asks for is not known */
    bool is_partial;      /* not all of one is */
    struct iw_eval *eval; /* set to what the rule needs of the event */
};

/** Called for each such item. IW_OK, or what ends the deciding. */
typedef enum iw_rc iw_see_decided(void *context, const struct iw_decided_item *item);

/** As iw_sigma_decide; *see* is called with *see_context*. */
enum iw_rc iw_sigma_decide_items(struct iw_sigma_decider *decider, uint32_t rule,
                                 struct iw_str residue, iw_context_ask *answers, void *context,
                                 iw_see_decided *see, void *see_context, enum iw_truth *ret);

/** What one value of such an item came to, before `neq`. */
enum iw_truth iw_decided_value(const struct iw_decided_item *decided, const struct iw_test *test,
                               bool by_taxonomy);

#endif
