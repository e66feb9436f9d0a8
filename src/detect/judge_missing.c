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

static bool is_asked(const struct iw_inventory_component *row)
{
    return missing_file(row) != NULL && iw_component_is_registered(row) && !row->is_disabled &&
           !iw_is_approved(row->approval);
}

/* Several entries may name one file: that it is not there is one thing to say. */
static size_t first_of_file(const struct iw_inventory_server *server, size_t i)
{
    struct iw_str path = missing_file(&server->components[i])->path;
    for (size_t k = 0; k < i; k++) {
        if (is_asked(&server->components[k]) &&
            iw_str_equal_nocase(missing_file(&server->components[k])->path, path))
            return k;
    }
    return i;
}

static enum iw_rc judge(struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    size_t first = first_of_file(judging->server, i);
    struct iw_case *named = iw_case_of_component(judging, first);
    if (named == NULL)
        return IW_ENOMEM;
    if (first != i)
        return iw_case_line(named, &named->why, "%s %.*s names it as well", row->kind,
                            IW_STR_ARG(row->name));
    return iw_case_say_absent(named, IW_LEVEL_LOW, "Registered component whose file is not there",
                              "%s %.*s names %.*s, which is not there though its folder was "
                              "collected",
                              row->kind, IW_STR_ARG(iw_component_called(row)),
                              IW_STR_ARG(missing_file(row)->path));
}

enum iw_rc iw_judge_missing(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        if (is_asked(&server->components[i]))
            IW_TRY(judge(judging, i));
    }
    return IW_OK;
}
