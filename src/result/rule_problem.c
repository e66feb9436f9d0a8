/*
 * Problems of rules: a growing list, its counts and its order.
 */
#include "result/rule_problem.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"

const char *iw_severity_name(enum iw_severity severity)
{
    static const char *const NAMES[IW_SEVERITY_COUNT] = {"note", "warning", "error"};
    assert((unsigned)severity < IW_SEVERITY_COUNT);
    return NAMES[severity];
}

void iw_rule_problems_init(struct iw_rule_problems *problems)
{
    memset(problems, 0, sizeof *problems);
    iw_arena_init(&problems->arena, 0);
}

void iw_rule_problems_done(struct iw_rule_problems *problems)
{
    iw_free(problems->items);
    iw_arena_done(&problems->arena);
    memset(problems, 0, sizeof *problems);
}

enum iw_rc iw_rule_problems_add(struct iw_rule_problems *problems,
                                const struct iw_rule_problem *problem)
{
    struct iw_rule_problem copy = *problem;
    copy.message = iw_arena_copy(&problems->arena, problem->message);
    if (copy.message.p == NULL ||
        !iw_array_reserve(&problems->items, &problems->cap, problems->n + 1, sizeof copy))
        return IW_ENOMEM;
    problems->items[problems->n++] = copy;
    problems->n_by_severity[copy.check->severity]++;
    return IW_OK;
}

static int compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const struct iw_rule_problem *a = left, *b = right;
    int order = compare_numbers(a->entry, b->entry);
    if (order == 0)
        order = compare_numbers(a->line, b->line);
    if (order == 0)
        order = compare_numbers(a->column, b->column);
    if (order == 0)
        order = strcmp(a->check->name, b->check->name);
    return order != 0 ? order : iw_str_compare(a->message, b->message);
}

void iw_rule_problems_sort(struct iw_rule_problems *problems)
{
    if (problems->n != 0)
        qsort(problems->items, problems->n, sizeof *problems->items, compare);
}
