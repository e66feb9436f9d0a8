/*
 * Registered, and the file is not there though its folder was collected: deleted after use, or
 * never brought along. Not collected is no contradiction.
 */
#include "detect/component_kinds.h"
#include "detect/judgment.h"

/* No file of it is there, and at least one is known not to be. */
static const struct iw_item_file *missing_file(const struct iw_inventory_component *row)
{
    const struct iw_item_file *missing = NULL;
    if (iw_component_file(row) != NULL)
        return NULL;
    for (size_t i = 0; i < row->n_files && missing == NULL; i++) {
        if (row->files[i].state == IW_ITEM_FILE_MISSING)
            missing = &row->files[i];
    }
    return missing;
}

enum iw_rc iw_judge_missing(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        const struct iw_item_file *missing = missing_file(row);
        if (missing == NULL || !iw_component_is_registered(row) || row->is_disabled ||
            iw_is_approved(row->approval))
            continue;
        IW_TRY(iw_case_say_absent(iw_case_of_component(judging, i), IW_LEVEL_LOW,
                                  "Registered component whose file is not there",
                                  "%s %.*s names %.*s, which is not there though its folder was "
                                  "collected",
                                  row->kind, IW_STR_ARG(row->name), IW_STR_ARG(missing->path)));
    }
    return IW_OK;
}
