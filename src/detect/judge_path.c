/*
 * A native image or program in a place from which a web server's own code is not loaded: on another
 * machine, where users or pools may write, below a web root, where an upload could put it, or in a
 * folder whose name is made to be read as another (`C:\Windows \System32`).
 */
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/judgment.h"
#include "iis/config/server_path.h"

/* Only administrators write there: products keep web roots and their modules in one folder. */
static bool is_guarded(struct iw_str path)
{
    return iw_str_holds_nocase(path, IW_STR(":\\program files")) ||
           iw_str_holds_nocase(path, IW_STR(":\\windows\\"));
}

/* Programs of an application lie beside it; what a permission allows is asked for by its own name,
 * and so lies below a web root. */
static bool is_of_web_root(const struct iw_inventory_component *row)
{
    return strcmp(row->kind, "aspNetCoreProcess") == 0 ||
           strcmp(row->kind, "httpPlatformProcess") == 0 || iw_component_is_permission(row);
}

static const char *odd_place(const struct iw_judging *judging,
                             const struct iw_inventory_component *row)
{
    const struct iw_inventory_server *server = judging->server;
    const char *place = iw_path_writable_place(row->image_path);
    if (iw_path_is_remote(row->image_path))
        return "another machine";
    if (place != NULL)
        return place;
    if (is_of_web_root(row) || is_guarded(row->image_path))
        return NULL;
    for (size_t i = 0; i < server->n_roots; i++) {
        if (!server->roots[i].is_assumed &&
            iw_path_is_below(row->image_path, server->roots[i].path))
            return "a web root";
    }
    return NULL;
}

/* A folder that only looks like a trusted one. No signature and no known content excuses the name.
 */
static const struct iw_str *mock_path(const struct iw_inventory_component *row)
{
    if (iw_server_path_is_odd(row->image_path))
        return &row->image_path;
    for (size_t i = 0; i < row->n_files; i++) {
        if (iw_server_path_is_odd(row->files[i].path))
            return &row->files[i].path;
    }
    return NULL;
}

static enum iw_rc judge_mock(struct iw_judging *judging, size_t i, struct iw_str path)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    return iw_case_say(iw_case_of_component(judging, i), IW_LEVEL_MEDIUM,
                       "Web server loads code from a folder made to look like another",
                       "%s %.*s: a name in its path ends with a dot or a space, so that it is read "
                       "as another place than it is: \"%.*s\"",
                       row->kind, IW_STR_ARG(iw_component_called(row)), IW_STR_ARG(path));
}

static enum iw_rc judge(struct iw_judging *judging, size_t i, const char *place)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    const struct iw_item_file *file = iw_component_file(row);
    struct iw_case *named = iw_case_of_component(judging, i);
    bool is_signed = iw_file_is_proved(file);
    IW_TRY(iw_case_say(named, is_signed ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
                       "Web server loads code from an odd place", "%s %.*s is loaded from %s: %.*s",
                       row->kind, IW_STR_ARG(iw_component_called(row)), place,
                       IW_STR_ARG(row->image_path)));
    if (!is_signed)
        return IW_OK;
    return iw_case_line(named, &named->why, "it is signed by %.*s, which is proved",
                        IW_STR_ARG(file->signer));
}

enum iw_rc iw_judge_paths(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        const struct iw_str *mock;
        const char *place;
        if (!iw_component_is_registered(row) || iw_is_approved_by_person(row->approval))
            continue;
        mock = iw_component_loads(row) > IW_LOADS_NOTHING ? mock_path(row) : NULL;
        if (mock != NULL)
            IW_TRY(judge_mock(judging, i, *mock));
        if (row->image_path.n == 0 || iw_component_loads(row) < IW_LOADS_PROGRAM ||
            iw_is_approved(row->approval))
            continue;
        place = odd_place(judging, row);
        if (place != NULL)
            IW_TRY(judge(judging, i, place));
    }
    return IW_OK;
}
