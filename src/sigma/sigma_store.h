/**
 * What a ruleset makes ready only when it is first needed: buckets, and sets of literals for items
 * with many values.
 *
 * Shared by all scanners of a ruleset. Each thing is made once, under a lock, and immutable from
 * then on; who finds it ready takes no lock.
 */
#ifndef IW_SIGMA_SIGMA_STORE_H
#define IW_SIGMA_SIGMA_STORE_H

#include "sigma/sigma_bucket.h"

struct iw_sigma_store;

/** For *n_buckets* lists of rules and *n_shares* different items. NULL: no memory. */
struct iw_sigma_store *iw_sigma_store_new(size_t n_buckets, size_t n_shares);
void iw_sigma_store_free(struct iw_sigma_store *store);

/** Bucket *index*, made of *rules* when it is not there yet. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_store_bucket(struct iw_sigma_store *store, size_t index,
                                 struct iw_rule_plan *const *plans, const uint32_t *rules,
                                 size_t n_rules, const struct iw_bucket **ret);

/** The set of literals of an item with many values, of which any must be found: NULL when it has
 * none (yet): its values are then compared one by one. */
const struct iw_gram_set *iw_sigma_store_item_set(const struct iw_sigma_store *store,
                                                  uint32_t share);

#endif
