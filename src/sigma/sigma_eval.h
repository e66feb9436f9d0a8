/**
 * The walk: whether a rule matches an event, three-valued, straight from the plan.
 *
 * By itself it goes by the book, value by value, and is what everything faster is tested against.
 * After iw_eval_remember() it takes shortcuts: it knows what items came to for this event, looks
 * for many values at once, and does not start a regular expression whose fixed part is missing. One
 * difference is meant: an expression that would give up on a text without its fixed part is false
 * then, not unknown.
 */
#ifndef IW_SIGMA_SIGMA_EVAL_H
#define IW_SIGMA_SIGMA_EVAL_H

#include "sigma/sigma_plan.h"
#include "sigma/sigma_store.h"
#include "sigma/sigma_view.h"

struct iw_eval {
    struct iw_view view;
    struct iw_regex_worker *worker;
    uint8_t *stack; /* enum iw_truth; room for the deepest rule */
    /* What items came to for this event; NULL: every item is evaluated anew, value by value. */
    uint32_t *known; /* by share: epoch * 4 + enum iw_truth */
    size_t n_known;
    bool takes_shortcuts;
    uint32_t epoch; /* of the event; never 0 */
    const struct iw_sigma_store *store;
    bool is_probe;    /* only EventID is known: every other comparison is unknown */
    bool has_context; /* deferred context fields are answered: the view has their values */
    bool no_memory;
};

/** Room to know *n_shares* items, sets of literals from *store* (may be NULL). IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_eval_remember(struct iw_eval *eval, const struct iw_sigma_store *store,
                            size_t n_shares);
/** Forgets what was known of the event before. */
void iw_eval_next_event(struct iw_eval *eval);

/** The truth of a rule for the event the view is set to. */
enum iw_truth iw_eval_rule(struct iw_eval *eval, const struct iw_rule_plan *plan);

/** The truth of one value of an item, before `neq`; and of the whole item. */
enum iw_truth iw_eval_value(struct iw_eval *eval, const struct iw_item *item,
                            const struct iw_test *test, bool by_taxonomy);
enum iw_truth iw_eval_item(struct iw_eval *eval, const struct iw_item *item, bool by_taxonomy);

#endif
