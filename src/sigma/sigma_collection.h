/**
 * Collection actions of Sigma 1: `action: global` is merged into every rule after it in the file,
 * `repeat` into the document before it, `reset` ends a global one.
 */
#ifndef IW_SIGMA_SIGMA_COLLECTION_H
#define IW_SIGMA_SIGMA_COLLECTION_H

#include "base/yaml_node.h"

/** The state of one file; all zero but *arena* at its begin. */
struct iw_collection {
    struct iw_arena *arena;             /* holds what is merged */
    const struct iw_yaml_node *global;  /* NULL: none */
    const struct iw_yaml_node *earlier; /* what `repeat` changes; NULL: none */
};

/**
 * Takes the next document.
 *
 * @param ret  the document to load: *root* itself or merged; NULL: it was an action and no rule
 * @return IW_OK; IW_ERULE (an action that is not known, nothing to repeat); IW_ELIMIT (merged it is
 *         too large); IW_ENOMEM. *err* says line and column.
 */
enum iw_rc iw_collection_take(struct iw_collection *collection, const struct iw_yaml_node *root,
                              const struct iw_yaml_node **ret, struct iw_error *err);

/** A document was refused before it could be taken: it cannot be repeated. */
void iw_collection_lose(struct iw_collection *collection);

#endif
