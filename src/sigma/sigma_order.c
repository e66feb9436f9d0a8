/*
 * The order of items. AND is the least of its parts, whatever their order, so only the time it
 * takes changes. What costs more (regular expressions, many values) goes behind what is equally
 * rare.
 */
#include "sigma/sigma_order.h"

#include <stdlib.h>

#include "sigma/sigma_gate.h"

struct weighed {
    struct iw_item item;
    double weight;
    size_t place; /* equal weights keep their order */
};

static int compare_weights(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* What it costs to evaluate an item, against a comparison of one text. */
static double cost_of(const struct iw_item *item)
{
    double cost = 1;
    for (size_t i = 0; i < item->n_tests; i++)
        cost += item->tests[i].kind == IW_TEST_REGEX ? 20 : 0.2;
    return item->field == IW_NAME_UNASKED ? 20 * cost : cost;
}

static enum iw_rc order_group(const struct iw_group *group,
                              const struct iw_frequencies *frequencies, bool by_taxonomy,
                              struct iw_arena *arena, struct iw_group *ret)
{
    struct weighed *weighed = iw_arena_calloc(arena, group->n_items + 1, sizeof *weighed);
    struct iw_item *items = iw_arena_calloc(arena, group->n_items + 1, sizeof *items);

    if (weighed == NULL || items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < group->n_items; i++) {
        double frequency;
        IW_TRY(
            iw_gate_item_frequency(&group->items[i], by_taxonomy, frequencies, arena, &frequency));
        /* Costs of all items up to the one that is false, as is known of such chains: ascending by
         * cost over the chance to be false. */
        weighed[i] =
            (struct weighed){group->items[i], cost_of(&group->items[i]) / (1.001 - frequency), i};
    }
    qsort(weighed, group->n_items, sizeof *weighed, compare_weights);
    for (size_t i = 0; i < group->n_items; i++)
        items[i] = weighed[i].item;
    *ret = (struct iw_group){items, group->n_items};
    return IW_OK;
}

enum iw_rc iw_plan_order(const struct iw_rule_plan *plan, const struct iw_frequencies *frequencies,
                         struct iw_arena *arena, const struct iw_rule_plan **ret)
{
    struct iw_rule_plan *copy = iw_arena_calloc(arena, 1, sizeof *copy);
    struct iw_selection *selections =
        iw_arena_calloc(arena, plan->n_selections + 1, sizeof *selections);

    if (copy == NULL || selections == NULL)
        return IW_ENOMEM;
    *copy = *plan;
    copy->selections = selections;
    for (size_t s = 0; s < plan->n_selections; s++) {
        const struct iw_selection *selection = &plan->selections[s];
        selections[s] = *selection;
        selections[s].groups =
            iw_arena_calloc(arena, selection->n_groups + 1, sizeof *selections[s].groups);
        if (selections[s].groups == NULL)
            return IW_ENOMEM;
        for (size_t g = 0; g < selection->n_groups; g++)
            IW_TRY(order_group(&selection->groups[g], frequencies, plan->category != NULL, arena,
                               &selections[s].groups[g]));
    }
    *ret = copy;
    return IW_OK;
}
