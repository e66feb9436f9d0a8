/**
 * References from filters and correlations to rules, by id or by name.
 */
#ifndef IW_SIGMA_SIGMA_REFERENCE_H
#define IW_SIGMA_SIGMA_REFERENCE_H

#include "base/map.h"
#include "sigma/sigma_modifier.h"

/** One reference, as it was written. */
struct iw_reference {
    struct iw_str text;
    uint32_t line, column;
    size_t entry; /* once resolved: of the rule account */
};

/** Reads a list of texts, or one text. IW_OK; IW_ERULE; IW_ENOMEM. *what* begins the reason. */
enum iw_rc iw_references_load(const struct iw_load *load, const struct iw_yaml_node *node,
                              const char *what, struct iw_reference **ret, size_t *ret_n);

/** All rules and correlations of an account by id (letter case ignored) and name. */
struct iw_reference_index {
    struct iw_arena arena;
    const struct iw_rule_account *account;
    struct iw_map ids, names; /* → first entry */
    size_t *next_id;          /* by entry: the next of the same id; SIZE_MAX: none */
    size_t *next_name;
};

/** Builds the index and notes in the account where an id or a name stands twice. IW_OK or
 * IW_ENOMEM; iw_reference_index_done() in either case. */
enum iw_rc iw_reference_index_init(struct iw_reference_index *index,
                                   struct iw_rule_account *account);
void iw_reference_index_done(struct iw_reference_index *index);

/** The first entry that *text* names, by its id or else by its name; SIZE_MAX: none. *ret_next is
 * where to look for further ones: entry = (*ret_next)[entry]. */
size_t iw_reference_find(const struct iw_reference_index *index, struct iw_str text,
                         const size_t **ret_next);

#endif
