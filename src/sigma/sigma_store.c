/*
 * The store: arrays of pointers that go from NULL to something once. Written under the lock with
 * release order, read with acquire order.
 */
#include "sigma/sigma_store.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/alloc.h"

/* With fewer values, one comparison after the other is as quick. */
#define FEWEST_VALUES 6U

struct iw_sigma_store {
    pthread_mutex_t lock;
    _Atomic(struct iw_bucket *) *buckets;
    size_t n_buckets;
    _Atomic(struct iw_gram_set *) *item_sets; /* by share */
    size_t n_shares;
    struct iw_frequencies frequencies;
};

struct iw_sigma_store *iw_sigma_store_new(size_t n_buckets, size_t n_shares)
{
    struct iw_sigma_store *store = iw_calloc(1, sizeof *store);

    if (store == NULL)
        return NULL;
    (void)pthread_mutex_init(&store->lock, NULL); /* cannot fail with default attributes */
    store->buckets = iw_calloc(n_buckets + 1, sizeof *store->buckets);
    store->item_sets = iw_calloc(n_shares + 1, sizeof *store->item_sets);
    store->n_buckets = n_buckets;
    store->n_shares = n_shares;
    iw_frequencies_init(&store->frequencies);
    if (store->buckets != NULL && store->item_sets != NULL)
        return store;
    iw_sigma_store_free(store);
    return NULL;
}

void iw_sigma_store_free(struct iw_sigma_store *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; store->buckets != NULL && i < store->n_buckets; i++)
        iw_bucket_free(store->buckets[i]);
    for (size_t i = 0; store->item_sets != NULL && i < store->n_shares; i++)
        iw_gram_set_free(store->item_sets[i]);
    iw_free(store->buckets);
    iw_free(store->item_sets);
    (void)pthread_mutex_destroy(&store->lock);
    iw_free(store);
}

/* Whether every value of an item is one literal, perhaps with stars around it. */
static bool is_all_literals(const struct iw_item *item)
{
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else) {
            size_t n_literals = 0;
            if (test->kind != IW_TEST_PATTERN)
                return false;
            for (size_t t = 0; t < test->u.pattern.n; t++) {
                enum iw_token_kind kind = test->u.pattern.tokens[t].kind;
                if (kind != IW_TOKEN_LITERAL && kind != IW_TOKEN_MANY)
                    return false;
                n_literals += kind == IW_TOKEN_LITERAL;
            }
            if (n_literals != 1)
                return false;
        }
    }
    return true;
}

static size_t count_forms(const struct iw_item *item)
{
    size_t n = 0;
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else)
            n++;
    }
    return n;
}

static struct iw_gram_literal literal_of(const struct iw_pattern *pattern)
{
    struct iw_gram_literal literal = {.at_start = pattern->tokens[0].kind == IW_TOKEN_LITERAL};
    for (size_t t = 0; t < pattern->n; t++) {
        if (pattern->tokens[t].kind == IW_TOKEN_LITERAL) {
            literal.text = pattern->tokens[t].text;
            literal.at_end = t + 1 == pattern->n;
        }
    }
    return literal;
}

static enum iw_rc make_item_set(const struct iw_sigma_store *store, const struct iw_item *item,
                                struct iw_gram_set **ret)
{
    size_t n = count_forms(item), at = 0;
    struct iw_gram_literal *literals = iw_calloc(n, sizeof *literals);
    enum iw_rc rc;

    if (literals == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else)
            literals[at++] = literal_of(&test->u.pattern);
    }
    rc = iw_gram_set_new(&store->frequencies, literals, n, ret);
    iw_free(literals);
    return rc;
}

static enum iw_rc make_item_sets(struct iw_sigma_store *store, const struct iw_rule_plan *plan)
{
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++) {
                const struct iw_item *item = &group->items[i];
                struct iw_gram_set *set;
                if (item->wants_all || count_forms(item) < FEWEST_VALUES ||
                    store->item_sets[item->share] != NULL || !is_all_literals(item))
                    continue;
                IW_TRY(make_item_set(store, item, &set));
                atomic_store_explicit(&store->item_sets[item->share], set, memory_order_release);
            }
        }
    }
    return IW_OK;
}

static enum iw_rc make_bucket(struct iw_sigma_store *store, struct iw_rule_plan *const *plans,
                              const uint32_t *rules, size_t n_rules, struct iw_bucket **ret)
{
    for (size_t i = 0; i < n_rules; i++)
        IW_TRY(make_item_sets(store, plans[rules[i]]));
    return iw_bucket_new(plans, &store->frequencies, rules, n_rules, ret);
}

enum iw_rc iw_sigma_store_bucket(struct iw_sigma_store *store, size_t index,
                                 struct iw_rule_plan *const *plans, const uint32_t *rules,
                                 size_t n_rules, const struct iw_bucket **ret)
{
    struct iw_bucket *bucket = atomic_load_explicit(&store->buckets[index], memory_order_acquire);
    enum iw_rc rc = IW_OK;

    if (bucket == NULL) {
        (void)pthread_mutex_lock(&store->lock);
        bucket = store->buckets[index];
        if (bucket == NULL)
            rc = make_bucket(store, plans, rules, n_rules, &bucket);
        if (rc == IW_OK)
            atomic_store_explicit(&store->buckets[index], bucket, memory_order_release);
        (void)pthread_mutex_unlock(&store->lock);
    }
    *ret = bucket;
    return rc;
}

const struct iw_gram_set *iw_sigma_store_item_set(const struct iw_sigma_store *store,
                                                  uint32_t share)
{
    return atomic_load_explicit(&store->item_sets[share], memory_order_acquire);
}
