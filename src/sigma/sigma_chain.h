/**
 * An item while it is loaded: its values on their way through the modifiers. Shared by the two
 * files that do it, sigma_item.c (values in, tests out) and sigma_modifier.c (what happens
 * between).
 */
#ifndef IW_SIGMA_SIGMA_CHAIN_H
#define IW_SIGMA_SIGMA_CHAIN_H

#include "sigma/sigma_modifier.h"

/** A value on its way to a test. */
struct iw_draft {
    const struct iw_yaml_node *node;
    bool is_null;
    struct iw_pattern pattern; /* the text, once read; raw modifiers use node->text */
    struct iw_draft *or_else;  /* another form of the same value */
    size_t index;              /* of the value in chain->drafts */
};

/** An item on its way. */
struct iw_chain {
    const struct iw_load *load;
    const struct iw_yaml_node *key;
    enum iw_test_kind kind;
    bool is_bytes; /* UTF-16 so far: only base64 may follow */
    bool is_encoded;
    bool has_order; /* a comparison was named */
    bool shapes;    /* a modifier has worked on the values: too late for a raw one */
    unsigned regex_flags;
    enum iw_number_order order;
    enum iw_time_part part;
    enum iw_field_relation relation;
    struct iw_item *item;
    struct iw_draft *drafts;
    size_t n;
};

/** Puts one more form of a value behind *draft*. NULL: no memory. */
struct iw_draft *iw_chain_add_form(const struct iw_chain *chain, struct iw_draft *draft);

/** The part of *rest up to the next `|`; moves past it. */
struct iw_str iw_modifier_next(struct iw_str *rest);

/** Applies modifiers, `a|b|…` (p == NULL: none), to all values. IW_OK, IW_ERULE or IW_ENOMEM. */
enum iw_rc iw_chain_apply(struct iw_chain *chain, struct iw_str rest);

#endif
