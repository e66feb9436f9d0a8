/*
 * Images that former configurations named and that this one may not name: a file or a load of one
 * is not of a module that no configuration names.
 */
#include "base/arena_text.h"
#include "detect/history_line.h"
#include "detect/judgment.h"

static enum iw_rc add_lines(struct iw_judging *judging, const struct iw_text_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct iw_str image = iw_history_line_read(list->items[i]).image, key;
        if (image.n == 0)
            continue;
        key = iw_arena_lower(judging->arena, image);
        if (key.p == NULL || iw_map_add(&judging->former_images, key, NULL) == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

enum iw_rc iw_former_images_read(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_versions; i++) {
        if (!iw_version_is_history(&server->versions[i]))
            continue;
        IW_TRY(add_lines(judging, &server->versions[i].added));
        IW_TRY(add_lines(judging, &server->versions[i].changed));
    }
    return IW_OK;
}

enum iw_rc iw_is_former_image(const struct iw_judging *judging, struct iw_str path, bool *ret)
{
    struct iw_str key = iw_arena_lower(judging->arena, path);
    *ret = key.p != NULL && iw_map_find(&judging->former_images, key) != NULL;
    return key.p != NULL ? IW_OK : IW_ENOMEM;
}
