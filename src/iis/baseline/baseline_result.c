/*
 * What was found, in its order: differences as they are shown, on how many servers each is, and the
 * objects of both sides.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "iis/baseline/baseline_comparing.h"

static const struct iw_baseline_record *side_of(const struct iw_baseline_found *found)
{
    return found->now != NULL ? found->now : found->was;
}

static int shown_order(const void *a, const void *b)
{
    const struct iw_baseline_found *left = a, *right = b;
    const struct iw_baseline_entry *one = &side_of(left)->shown, *other = &side_of(right)->shown;
    int order = iw_str_compare(left->difference.host, right->difference.host);
    if (order == 0)
        order = (left->difference.server > right->difference.server) -
                (left->difference.server < right->difference.server);
    if (order == 0)
        order = iw_str_compare(one->kind, other->kind);
    if (order == 0)
        order = iw_str_compare(one->scope, other->scope);
    if (order == 0)
        order = iw_str_compare(one->name, other->name);
    if (order == 0)
        order = (int)left->difference.change - (int)right->difference.change;
    return order != 0 ? order : strcmp(left->difference.id, right->difference.id);
}

static int id_order(const void *a, const void *b)
{
    const struct iw_baseline_found *const *left = a, *const *right = b;
    int order = strcmp((*left)->difference.id, (*right)->difference.id);
    return order != 0 ? order
                      : ((*left)->difference.server > (*right)->difference.server) -
                            ((*left)->difference.server < (*right)->difference.server);
}

/* Of a common baseline: on how many servers the same difference is; and ids told apart where one
 * server has a difference more than once. */
static enum iw_rc count_servers(struct iw_baseline_comparing *comparing)
{
    struct iw_baseline_found **order =
        iw_arena_calloc(comparing->arena, comparing->n_found + 1, sizeof order[0]);
    if (order == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < comparing->n_found; i++)
        order[i] = &comparing->found[i];
    if (comparing->n_found > 1)
        qsort(order, comparing->n_found, sizeof order[0], id_order);
    for (size_t i = 0, end; i < comparing->n_found; i = end) {
        size_t n_servers = 1;
        for (end = i + 1; end < comparing->n_found &&
                          strcmp(order[i]->difference.id, order[end]->difference.id) == 0;
             end++)
            n_servers += order[end]->difference.server != order[end - 1]->difference.server;
        for (size_t at = i, repeated = 1; at < end; at++) {
            struct iw_baseline_difference *difference = &order[at]->difference;
            bool is_same = at > i && difference->server == order[at - 1]->difference.server;
            repeated = is_same ? repeated + 1 : 1;
            difference->n_servers = comparing->is_common ? n_servers : 0;
            difference->of_servers = comparing->is_common ? comparing->n_compared : 0;
            if (is_same)
                (void)snprintf(difference->id + 18, sizeof difference->id - 18, "-%zu", repeated);
        }
    }
    return IW_OK;
}

static enum iw_rc show(const struct iw_baseline_record *record, struct iw_arena *arena,
                       const struct iw_baseline_entry **ret)
{
    struct iw_baseline_entry *entry;
    struct iw_buffer text;
    struct iw_json json;
    *ret = NULL;
    if (record == NULL)
        return IW_OK;
    entry = iw_arena_alloc(arena, sizeof *entry);
    if (entry == NULL)
        return IW_ENOMEM;
    *entry = record->shown;
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_baseline_record_json(record, &json);
    entry->json =
        text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    *ret = entry;
    return entry->json.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_baseline_hand_over(struct iw_baseline_comparing *comparing)
{
    struct iw_baseline_differences *ret = comparing->ret;
    const struct iw_baseline_entry **uncompared =
        iw_arena_calloc(comparing->arena, ret->n_uncompared + 1, sizeof uncompared[0]);
    ret->items = iw_arena_calloc(comparing->arena, comparing->n_found + 1, sizeof ret->items[0]);
    if (ret->items == NULL || uncompared == NULL)
        return IW_ENOMEM;
    if (comparing->n_found > 1)
        qsort(comparing->found, comparing->n_found, sizeof comparing->found[0], shown_order);
    IW_TRY(count_servers(comparing));
    for (size_t i = 0; i < comparing->n_found; i++) {
        struct iw_baseline_difference *item = &ret->items[ret->n++];
        *item = comparing->found[i].difference;
        IW_TRY(show(comparing->found[i].was, comparing->arena, &item->was));
        IW_TRY(show(comparing->found[i].now, comparing->arena, &item->now));
        ret->n_unapproved += item->approval != IW_APPROVAL_APPROVED;
    }
    if (ret->n_uncompared != 0)
        memcpy(uncompared, ret->uncompared, ret->n_uncompared * sizeof uncompared[0]);
    iw_free(ret->uncompared);
    ret->uncompared = uncompared;
    ret->n_compared = comparing->n_compared;
    comparing->uncompared_cap = 0;
    return IW_OK;
}
