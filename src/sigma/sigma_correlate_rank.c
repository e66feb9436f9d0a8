/*
 * A skip list whose lanes know how many nodes they pass over (Pugh). The height of a node comes
 * from a count, not from its number: whoever writes the evidence cannot choose it.
 */
#include "sigma/sigma_correlate_rank.h"

#include "sigma/sigma_number.h"

struct iw_rank_node {
    struct iw_number number;
    unsigned n_lanes;
    struct iw_rank_lane lanes[];
};

/* A total order, also among whole numbers that are the same double. */
static int compare(const struct iw_number *a, const struct iw_number *b)
{
    if (a->real != b->real)
        return a->real < b->real ? -1 : 1;
    if (a->is_whole && b->is_whole)
        return iw_number_compare(a, b);
    return (int)b->is_whole - (int)a->is_whole;
}

/* 1, and one more with a chance of a quarter each time. */
static unsigned height_of(uint64_t count)
{
    uint64_t bits = (count + 1) * 0x9E3779B97F4A7C15U;
    unsigned n = 1;

    bits ^= bits >> 31;
    bits *= 0xBF58476D1CE4E5B9U;
    bits ^= bits >> 29;
    while (n < IW_RANK_LEVELS && (bits & 3) == 0) {
        n++;
        bits = bits >> 2 | (uint64_t)1 << 62;
    }
    return n;
}

static size_t size_of(unsigned n_lanes)
{
    return sizeof(struct iw_rank_node) + n_lanes * sizeof(struct iw_rank_lane);
}

/* For each level the last lane before *number*, and how many nodes stand up to where it starts. */
static void find(struct iw_correlate_rank *rank, const struct iw_number *number,
                 struct iw_rank_lane *ret_before[], size_t ret_passed[])
{
    struct iw_rank_lane *lanes = rank->lanes;
    size_t passed = 0;

    for (unsigned level = IW_RANK_LEVELS; level-- > 0;) {
        while (lanes[level].next != NULL && compare(&lanes[level].next->number, number) < 0) {
            passed += lanes[level].span;
            lanes = lanes[level].next->lanes;
        }
        ret_before[level] = &lanes[level];
        ret_passed[level] = passed;
    }
}

bool iw_correlate_rank_add(struct iw_correlate_rank *rank, struct iw_correlate_heap *heap,
                           const struct iw_number *number)
{
    struct iw_rank_lane *before[IW_RANK_LEVELS];
    size_t passed[IW_RANK_LEVELS];
    unsigned n_lanes = height_of(rank->n_added);
    struct iw_rank_node *node = iw_correlate_take(heap, size_of(n_lanes));

    if (node == NULL)
        return false;
    rank->n_added++;
    node->number = *number;
    node->n_lanes = n_lanes;
    find(rank, number, before, passed);
    for (unsigned level = 0; level < IW_RANK_LEVELS; level++) {
        size_t gap = passed[0] - passed[level]; /* nodes between the lane's start and the node */
        if (level >= n_lanes) {
            before[level]->span += before[level]->next != NULL;
            continue;
        }
        node->lanes[level].next = before[level]->next;
        node->lanes[level].span = before[level]->next != NULL ? before[level]->span - gap : 0;
        before[level]->next = node;
        before[level]->span = gap + 1;
    }
    rank->n++;
    return true;
}

void iw_correlate_rank_remove(struct iw_correlate_rank *rank, struct iw_correlate_heap *heap,
                              const struct iw_number *number)
{
    struct iw_rank_lane *before[IW_RANK_LEVELS];
    size_t passed[IW_RANK_LEVELS];
    struct iw_rank_node *node;

    find(rank, number, before, passed);
    node = before[0]->next;
    for (unsigned level = 0; level < IW_RANK_LEVELS; level++) {
        if (before[level]->next == NULL)
            continue;
        if (before[level]->next != node) {
            before[level]->span--;
            continue;
        }
        before[level]->next = node->lanes[level].next;
        before[level]->span =
            node->lanes[level].next != NULL ? before[level]->span + node->lanes[level].span - 1 : 0;
    }
    iw_correlate_give(heap, node, size_of(node->n_lanes));
    rank->n--;
}

const struct iw_number *iw_correlate_rank_at(const struct iw_correlate_rank *rank, size_t at)
{
    const struct iw_rank_lane *lanes = rank->lanes;
    const struct iw_rank_node *node = NULL;
    size_t left = at + 1;

    for (unsigned level = IW_RANK_LEVELS; level-- > 0 && left != 0;) {
        while (lanes[level].next != NULL && lanes[level].span <= left) {
            left -= lanes[level].span;
            node = lanes[level].next;
            lanes = node->lanes;
        }
    }
    return node != NULL ? &node->number : NULL;
}

void iw_correlate_rank_done(struct iw_correlate_rank *rank, struct iw_correlate_heap *heap)
{
    struct iw_rank_node *node = rank->lanes[0].next;

    while (node != NULL) {
        struct iw_rank_node *next = node->lanes[0].next;
        iw_correlate_give(heap, node, size_of(node->n_lanes));
        node = next;
    }
}
