/*
 * The alternatives of a condition: from the root down it is settled which parts stand under an odd
 * number of nots, then from the leaves up every part becomes a list of terms. Each part has one
 * place in the tree, so only one of its two sides is ever written out.
 */
#include "sigma/sigma_correlate_terms.h"

#include "base/limits.h"
#include "sigma/sigma_tree.h"

struct list {
    struct iw_correlate_term *terms;
    size_t n;
};

struct writer {
    struct iw_arena *arena;
    size_t n_compared; /* terms held against one another so far */
};

/* Whether *a* holds wherever *b* does. */
static bool is_weaker(const struct iw_correlate_term *a, const struct iw_correlate_term *b)
{
    return (a->wants & ~b->wants) == 0 && (a->forbids & ~b->forbids) == 0;
}

/* Adds a term, unless one of the list says it already or it contradicts itself. */
static enum iw_rc add(struct writer *writer, struct list *list, struct iw_correlate_term term)
{
    size_t kept = 0;

    writer->n_compared += 2 * list->n + 1;
    if (writer->n_compared > IW_LIMIT_CORRELATION_TERM_STEPS)
        return IW_ELIMIT;
    if ((term.wants & term.forbids) != 0)
        return IW_OK;
    for (size_t i = 0; i < list->n; i++) {
        if (is_weaker(&list->terms[i], &term))
            return IW_OK;
    }
    for (size_t i = 0; i < list->n; i++) {
        if (!is_weaker(&term, &list->terms[i]))
            list->terms[kept++] = list->terms[i];
    }
    list->n = kept;
    if (list->n == IW_LIMIT_CORRELATION_TERMS)
        return IW_ELIMIT;
    list->terms[list->n++] = term;
    return IW_OK;
}

static enum iw_rc make_room(struct writer *writer, size_t n, struct list *ret)
{
    if (n > IW_LIMIT_CORRELATION_TERMS)
        n = IW_LIMIT_CORRELATION_TERMS;
    ret->n = 0;
    ret->terms = iw_arena_calloc(writer->arena, n + 1, sizeof *ret->terms);
    return ret->terms != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc either(const struct list *a, const struct list *b, struct writer *writer,
                         struct list *ret)
{
    IW_TRY(make_room(writer, a->n + b->n, ret));
    for (size_t i = 0; i < a->n; i++)
        IW_TRY(add(writer, ret, a->terms[i]));
    for (size_t i = 0; i < b->n; i++)
        IW_TRY(add(writer, ret, b->terms[i]));
    return IW_OK;
}

static enum iw_rc both(const struct list *a, const struct list *b, struct writer *writer,
                       struct list *ret)
{
    IW_TRY(make_room(writer, a->n * b->n, ret));
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            struct iw_correlate_term term = {a->terms[i].wants | b->terms[k].wants,
                                             a->terms[i].forbids | b->terms[k].forbids};
            IW_TRY(add(writer, ret, term));
        }
    }
    return IW_OK;
}

/* What is below *node* is written out. */
static enum iw_rc write_out(const struct iw_tree_node *node, bool negated, struct list *lists,
                            struct writer *writer, struct list *ret)
{
    uint64_t bit = (uint64_t)1 << (node->selection & 63);

    switch (node->kind) {
    case IW_STEP_SELECTION:
        IW_TRY(make_room(writer, 1, ret));
        return add(writer, ret,
                   negated ? (struct iw_correlate_term){0, bit}
                           : (struct iw_correlate_term){bit, 0});
    case IW_STEP_NOT:
        *ret = lists[node->left];
        return IW_OK;
    case IW_STEP_AND:
    case IW_STEP_OR:
        if ((node->kind == IW_STEP_AND) != negated)
            return both(&lists[node->left], &lists[node->right], writer, ret);
        return either(&lists[node->left], &lists[node->right], writer, ret);
    case IW_STEP_SKIP_IF_FALSE:
    case IW_STEP_SKIP_IF_TRUE:
        break;
    }
    return IW_OK;
}

enum iw_rc iw_correlate_terms(const struct iw_rule_plan *plan, struct iw_arena *arena,
                              struct iw_correlate_term **ret, size_t *ret_n)
{
    struct writer writer = {.arena = arena};
    struct iw_tree tree;
    struct list *lists;
    bool *negated;

    IW_TRY(iw_tree_build(plan, arena, &tree));
    lists = iw_arena_calloc(arena, tree.n + 1, sizeof *lists);
    negated = iw_arena_calloc(arena, tree.n + 1, sizeof *negated);
    if (lists == NULL || negated == NULL)
        return IW_ENOMEM;
    for (size_t i = tree.n; i-- > 0;) {
        const struct iw_tree_node *node = &tree.nodes[i];
        if (node->kind == IW_STEP_SELECTION)
            continue;
        negated[node->left] = negated[i] != (node->kind == IW_STEP_NOT);
        if (node->kind != IW_STEP_NOT)
            negated[node->right] = negated[i];
    }
    for (size_t i = 0; i < tree.n; i++)
        IW_TRY(write_out(&tree.nodes[i], negated[i], lists, &writer, &lists[i]));
    *ret = tree.n != 0 ? lists[tree.n - 1].terms : NULL;
    *ret_n = tree.n != 0 ? lists[tree.n - 1].n : 0;
    return IW_OK;
}
