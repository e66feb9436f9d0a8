/**
 * Modifiers: how `field|modifier|…: values` becomes comparisons. One row a modifier in
 * sigma_modifier.c.
 */
#ifndef IW_SIGMA_SIGMA_MODIFIER_H
#define IW_SIGMA_SIGMA_MODIFIER_H

#include "sigma/sigma_plan.h"
#include "base/yaml_node.h"

/** What loading a rule may use. */
struct iw_load {
    struct iw_arena *arena;
    struct iw_names *names;
    struct iw_regex **regexes; /* list of the ruleset */
    struct iw_error *err;
    struct iw_sigma_options options;
    size_t *n_expandable; /* what placeholders may still stand for in this file */
};

/** Refuses with the place of *node*: returns IW_ERULE, fills load->err. */
enum iw_rc iw_load_refuse(const struct iw_load *load, const struct iw_yaml_node *node,
                          const char *format, ...) __attribute__((format(printf, 3, 4)));
/** IW_ENOMEM, with its words. */
enum iw_rc iw_load_no_memory(const struct iw_load *load);

/** Reads one `field|modifiers: values` pair into *item*. IW_OK, IW_ERULE, IW_ELIMIT or IW_ENOMEM.
 */
enum iw_rc iw_item_load(const struct iw_load *load, const struct iw_yaml_node *key,
                        const struct iw_yaml_node *value, struct iw_item *item);

/** Makes one keyword of a list. Same codes. */
enum iw_rc iw_item_load_keyword(const struct iw_load *load, const struct iw_yaml_node *value,
                                struct iw_item *item);

#endif
