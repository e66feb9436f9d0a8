/*
 * Numbers for equal items and plans: each is written as a string of bytes that says all of it, and
 * equal strings get equal numbers. What this does not know how to write is equal to nothing.
 */
#include "sigma/sigma_share.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/map.h"

struct numbering {
    struct iw_map items, plans;
    struct iw_arena arena; /* keys */
    struct iw_buffer key;
    uint64_t n_unique; /* keys that are equal to nothing so far */
};

static void put_number(struct iw_buffer *key, uint64_t number)
{
    iw_buffer_add(key, (struct iw_str){(const char *)&number, sizeof number});
}

static void put_text(struct iw_buffer *key, struct iw_str text)
{
    put_number(key, text.n);
    iw_buffer_add(key, text);
}

static void put_pattern(struct iw_buffer *key, const struct iw_pattern *pattern)
{
    put_number(key, pattern->n);
    for (size_t i = 0; i < pattern->n; i++) {
        put_number(key, (uint64_t)pattern->tokens[i].kind);
        put_text(key, pattern->tokens[i].text);
    }
}

static void put_regex(struct iw_buffer *key, const struct iw_regex *regex)
{
    unsigned flags;
    struct iw_str source = iw_regex_source(regex, &flags);
    put_number(key, flags);
    put_text(key, source);
}

static void put_test(struct numbering *numbering, const struct iw_test *test)
{
    struct iw_buffer *key = &numbering->key;

    put_number(key, (uint64_t)test->kind);
    switch (test->kind) {
    case IW_TEST_PATTERN:
        put_pattern(key, &test->u.pattern);
        return;
    case IW_TEST_REGEX:
        put_regex(key, test->u.regex);
        return;
    case IW_TEST_NULL:
        return;
    case IW_TEST_EXISTS:
        put_number(key, test->u.exists);
        return;
    case IW_TEST_FIELD:
        put_number(key, test->u.field.id);
        put_number(key, (uint64_t)test->u.field.relation);
        return;
    case IW_TEST_NUMBER:
    case IW_TEST_CIDR:
    case IW_TEST_TIME:
    case IW_TEST_KIND_COUNT:
        break;
    }
    put_number(key, ++numbering->n_unique); /* rare: not worth comparing */
}

static void put_item(struct numbering *numbering, const struct iw_item *item, bool by_taxonomy)
{
    struct iw_buffer *key = &numbering->key;

    put_number(key, item->field);
    put_number(key, (uint64_t)item->wants_all | (uint64_t)item->negated << 1 |
                        (uint64_t)item->cased << 2 | (uint64_t)by_taxonomy << 3);
    put_number(key, item->n_tests);
    for (size_t i = 0; i < item->n_tests; i++) {
        const struct iw_test *test = &item->tests[i];
        for (; test != NULL; test = test->or_else) {
            put_test(numbering, test);
            put_number(key, test->or_else != NULL);
        }
    }
}

/* The number of the key that was written. */
static enum iw_rc number_of(struct numbering *numbering, struct iw_map *map, uint32_t *ret)
{
    struct iw_str text = iw_buffer_str(&numbering->key);
    struct iw_map_entry *entry;

    if (numbering->key.failed)
        return IW_ENOMEM;
    entry = iw_map_find(map, text);
    if (entry == NULL) {
        text = iw_arena_copy(&numbering->arena, text);
        entry = text.p != NULL ? iw_map_add(map, text, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        entry->value.number = map->n - 1;
    }
    *ret = (uint32_t)entry->value.number;
    iw_buffer_clear(&numbering->key);
    return IW_OK;
}

static enum iw_rc number_items(struct numbering *numbering, struct iw_rule_plan *plan)
{
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++) {
                put_item(numbering, &group->items[i], plan->category != NULL);
                IW_TRY(number_of(numbering, &numbering->items, &group->items[i].share));
            }
        }
    }
    return IW_OK;
}

static enum iw_rc number_plan(struct numbering *numbering, struct iw_rule_plan *plan)
{
    struct iw_buffer *key = &numbering->key;

    IW_TRY(number_items(numbering, plan));
    put_number(key, plan->n_selections);
    for (size_t s = 0; s < plan->n_selections; s++) {
        put_number(key, plan->selections[s].n_groups);
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            put_number(key, group->n_items);
            for (size_t i = 0; i < group->n_items; i++)
                put_number(key, group->items[i].share);
        }
    }
    for (size_t i = 0; i < plan->n_steps; i++)
        put_number(key, (uint64_t)plan->steps[i].kind << 32 | plan->steps[i].operand);
    return number_of(numbering, &numbering->plans, &plan->body);
}

enum iw_rc iw_share_number(struct iw_rule_plan *const *plans, size_t n, size_t *ret_n_shares,
                           size_t *ret_n_bodies)
{
    struct numbering numbering = {.n_unique = 0};
    enum iw_rc rc = IW_OK;

    iw_map_init(&numbering.items);
    iw_map_init(&numbering.plans);
    iw_arena_init(&numbering.arena, 0);
    iw_buffer_init(&numbering.key);
    for (size_t i = 0; i < n && rc == IW_OK; i++)
        rc = number_plan(&numbering, plans[i]);
    *ret_n_shares = numbering.items.n;
    *ret_n_bodies = numbering.plans.n;
    iw_buffer_done(&numbering.key);
    iw_arena_done(&numbering.arena);
    iw_map_done(&numbering.items);
    iw_map_done(&numbering.plans);
    return rc;
}
