/*
 * Trees of conditions. The postfix program has every child before its parent, so that both
 * directions, from the leaves up and from the root down, are loops over one array.
 */
#include "sigma/sigma_tree.h"

static bool is_jump(enum iw_step_kind kind)
{
    return kind == IW_STEP_SKIP_IF_FALSE || kind == IW_STEP_SKIP_IF_TRUE;
}

enum iw_rc iw_tree_build(const struct iw_rule_plan *plan, struct iw_arena *arena,
                         struct iw_tree *ret)
{
    uint32_t *stack = iw_arena_calloc(arena, plan->n_steps + 1, sizeof *stack);
    size_t depth = 0;

    ret->nodes = iw_arena_calloc(arena, plan->n_steps + 1, sizeof *ret->nodes);
    ret->n = 0;
    if (stack == NULL || ret->nodes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < plan->n_steps; i++) {
        struct iw_tree_node *node = &ret->nodes[ret->n];
        if (is_jump(plan->steps[i].kind))
            continue;
        node->kind = plan->steps[i].kind;
        if (node->kind == IW_STEP_SELECTION)
            node->selection = plan->steps[i].operand;
        else if (node->kind != IW_STEP_NOT)
            node->right = stack[--depth];
        if (node->kind != IW_STEP_SELECTION)
            node->left = stack[--depth];
        stack[depth++] = (uint32_t)ret->n++;
    }
    return IW_OK;
}

enum iw_truth iw_tree_truth(const struct iw_tree *tree, const uint8_t *truths, uint8_t *scratch)
{
    for (size_t i = 0; i < tree->n; i++) {
        const struct iw_tree_node *node = &tree->nodes[i];
        uint8_t left = scratch[node->left], right = scratch[node->right];
        if (node->kind == IW_STEP_SELECTION)
            scratch[i] = truths[node->selection];
        else if (node->kind == IW_STEP_NOT)
            scratch[i] = (uint8_t)(IW_TRUE - left);
        else if (node->kind == IW_STEP_AND)
            scratch[i] = left < right ? left : right;
        else
            scratch[i] = left > right ? left : right;
    }
    return tree->n != 0 ? (enum iw_truth)scratch[tree->n - 1] : IW_FALSE;
}

static size_t sum(size_t a, size_t b)
{
    return a + b < IW_COST_NEVER ? a + b : IW_COST_NEVER;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct iw_cost iw_tree_cost(const struct iw_tree *tree, const struct iw_cost *selections,
                            struct iw_cost *costs)
{
    for (size_t i = 0; i < tree->n; i++) {
        const struct iw_tree_node *node = &tree->nodes[i];
        const struct iw_cost *left = &costs[node->left], *right = &costs[node->right];
        if (node->kind == IW_STEP_SELECTION)
            costs[i] = selections[node->selection];
        else if (node->kind == IW_STEP_NOT)
            costs[i] = (struct iw_cost){left->to_fail, left->to_hold};
        else if (node->kind == IW_STEP_AND)
            costs[i] = (struct iw_cost){sum(left->to_hold, right->to_hold),
                                        least(left->to_fail, right->to_fail)};
        else
            costs[i] = (struct iw_cost){least(left->to_hold, right->to_hold),
                                        sum(left->to_fail, right->to_fail)};
    }
    return tree->n != 0 ? costs[tree->n - 1] : (struct iw_cost){IW_COST_NEVER, 0};
}

/* Hands a wish for truth *want* to both children, or to the cheaper one. */
static void ask(const struct iw_tree_node *node, const struct iw_cost *costs, uint8_t want,
                uint8_t *wishes)
{
    bool is_both = (node->kind == IW_STEP_AND) == (want == IW_WANT_TRUE);
    size_t left = want == IW_WANT_TRUE ? costs[node->left].to_hold : costs[node->left].to_fail;
    size_t right = want == IW_WANT_TRUE ? costs[node->right].to_hold : costs[node->right].to_fail;
    if (is_both || left <= right)
        wishes[node->left] = want;
    if (is_both || right < left)
        wishes[node->right] = want;
}

void iw_tree_blame(const struct iw_tree *tree, const struct iw_cost *costs, uint8_t *scratch,
                   uint8_t *wants)
{
    memset(scratch, 0, tree->n);
    if (tree->n != 0)
        scratch[tree->n - 1] = IW_WANT_TRUE;
    for (size_t i = tree->n; i-- != 0;) {
        const struct iw_tree_node *node = &tree->nodes[i];
        uint8_t want = scratch[i];
        size_t cost = want == IW_WANT_TRUE ? costs[i].to_hold : costs[i].to_fail;
        if (want == 0 || cost == 0)
            continue;
        if (node->kind == IW_STEP_SELECTION)
            wants[node->selection] |= want;
        else if (node->kind == IW_STEP_NOT)
            scratch[node->left] = want == IW_WANT_TRUE ? IW_WANT_FALSE : IW_WANT_TRUE;
        else
            ask(node, costs, want, scratch);
    }
}

void iw_tree_polarity(const struct iw_tree *tree, uint8_t *scratch, uint8_t *wants)
{
    memset(scratch, 0, tree->n);
    if (tree->n != 0)
        scratch[tree->n - 1] = IW_WANT_TRUE;
    for (size_t i = tree->n; i-- != 0;) {
        const struct iw_tree_node *node = &tree->nodes[i];
        if (node->kind == IW_STEP_SELECTION) {
            wants[node->selection] |= scratch[i];
        } else if (node->kind == IW_STEP_NOT) {
            scratch[node->left] = scratch[i] == IW_WANT_TRUE ? IW_WANT_FALSE : IW_WANT_TRUE;
        } else {
            scratch[node->left] = scratch[i];
            scratch[node->right] = scratch[i];
        }
    }
}
