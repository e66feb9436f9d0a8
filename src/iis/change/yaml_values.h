/**
 * What the readers of change records, maps and estates share: documents of a file, and values that
 * are one text or a list of them. Inside of iis/change only.
 */
#ifndef IW_IIS_CHANGE_YAML_VALUES_H
#define IW_IIS_CHANGE_YAML_VALUES_H

#include "base/yaml_node.h"
#include "iis/change/change_record.h"

/**
 * Calls *on_document* for every document that is not empty. One that is refused is a problem, and
 * the next is read; where none could be read, its error is returned.
 *
 * @param problems  its file must be set
 * @return IW_OK; what *on_document* returned (it ends there, *err* is its own matter, IW_ENOMEM
 *         apart); IW_EFORMAT, IW_ERULE, IW_ELIMIT, IW_ENOMEM
 */
enum iw_rc yaml_values_each_document(struct iw_str bytes, const char *name, struct iw_arena *arena,
                                     struct iw_change_problems *problems,
                                     enum iw_rc (*on_document)(void *context,
                                                               const struct iw_yaml_node *root),
                                     void *context, struct iw_error *err);

/**
 * Reads a scalar, or (*may_be_list*) a sequence of scalars.
 *
 * @param ret_wrong  NULL, or what is wrong (static); *ret* is then unchanged
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc yaml_values_read(const struct iw_yaml_node *node, bool may_be_list,
                            struct iw_arena *arena, struct change_values *ret,
                            const char **ret_wrong);

#endif
