/**
 * A condition as a tree again: what its parts cost to be true or false, and which of them are to
 * blame. For explaining and checking rules, not for matching.
 */
#ifndef IW_SIGMA_SIGMA_TREE_H
#define IW_SIGMA_SIGMA_TREE_H

#include "sigma/sigma_plan.h"

/** One step of the condition that is no jump. */
struct iw_tree_node {
    enum iw_step_kind kind;
    uint32_t selection;   /* SELECTION */
    uint32_t left, right; /* NOT: left alone; AND, OR: both. Always below this node */
};

/** The nodes in postfix order: the last is the root. */
struct iw_tree {
    struct iw_tree_node *nodes;
    size_t n;
};

/** How many items would have to be otherwise for something to be true, or false. */
struct iw_cost {
    size_t to_hold, to_fail;
};

/** A cost nothing can pay. */
#define IW_COST_NEVER ((size_t)1 << 32)

/** Builds the tree in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_tree_build(const struct iw_rule_plan *plan, struct iw_arena *arena,
                         struct iw_tree *ret);

/** The truth of the condition when selection i is *truths[i]*. *scratch* has room for tree->n. */
enum iw_truth iw_tree_truth(const struct iw_tree *tree, const uint8_t *truths, uint8_t *scratch);

/** The cost of the condition from those of the selections; *costs* (room for tree->n) gets that of
 * every node. */
struct iw_cost iw_tree_cost(const struct iw_tree *tree, const struct iw_cost *selections,
                            struct iw_cost *costs);

/** What the condition asks of a selection. Both can be set: a selection may stand twice. */
enum { IW_WANT_TRUE = 1, IW_WANT_FALSE = 2 };

/**
 * Walks down from "the condition must hold", choosing the cheaper side of every OR. *wants* (one
 * for each selection, zeroed by the caller) gets what is asked of those that cost something;
 * *scratch* has room for tree->n.
 */
void iw_tree_blame(const struct iw_tree *tree, const struct iw_cost *costs, uint8_t *scratch,
                   uint8_t *wants);

/** In which ways the condition depends on its selections: *wants* (zeroed) gets IW_WANT_TRUE for
 * one that stands plainly, IW_WANT_FALSE for one under an odd number of nots. */
void iw_tree_polarity(const struct iw_tree *tree, uint8_t *scratch, uint8_t *wants);

#endif
