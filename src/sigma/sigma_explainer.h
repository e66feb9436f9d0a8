/**
 * The inside of an explainer: what its files share. Items are numbered in the order of selections,
 * groups and items.
 */
#ifndef IW_SIGMA_SIGMA_EXPLAINER_H
#define IW_SIGMA_SIGMA_EXPLAINER_H

#include "sigma/sigma_explain.h"
#include "sigma/sigma_explain_items.h"
#include "sigma/sigma_tree.h"

struct iw_sigma_explainer {
    const struct iw_rule_plan *plan;
    struct iw_arena arena; /* of what stays */
    struct iw_eval eval;
    struct iw_tree tree;
    size_t n_items;
    uint8_t *item_truths; /* in the order of selections, groups and items */
    uint8_t *truths;      /* of selections */
    struct iw_cost *selection_costs;
    struct iw_cost *node_costs;
    uint8_t *wants; /* of selections */
    uint8_t *scratch;
    struct iw_arena texts; /* of one event */
    /* Of a rule that waits for context. */
    uint32_t rule;
    struct iw_sigma_decider *decider;
    const struct iw_names *names;
    struct iw_explained_item *looked; /* room for an event's items */
    struct iw_buffer residue;
};

static inline bool iw_explainer_has_no_memory(const struct iw_sigma_explainer *explainer)
{
    return explainer->eval.no_memory || explainer->eval.view.no_memory;
}

/** Sets the view to the event, which it keeps, and evaluates every item. IW_OK or IW_ENOMEM. */
enum iw_rc iw_explainer_measure(struct iw_sigma_explainer *explainer, const struct iw_event *event);
/** Fills truths, costs and wants from what the items came to. */
void iw_explainer_judge(struct iw_sigma_explainer *explainer, enum iw_answer *ret,
                        size_t *ret_failing);
/** Raises the counter of every item to blame, of what was judged last and did not match. */
void iw_explainer_count_blamed(const struct iw_sigma_explainer *explainer, uint64_t *blamed);
/** From item_truths and what was seen of the items (*items*, of all of them, in *arena*) to the
 * explanation. IW_OK or IW_ENOMEM. */
enum iw_rc iw_explainer_write(struct iw_sigma_explainer *explainer, struct iw_explained_item *items,
                              struct iw_arena *arena, struct iw_explanation *ret);

#endif
