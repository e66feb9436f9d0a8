/*
 * Programs and assemblies that IIS could load and nothing registers: a module lying in inetsrv or
 * bin is one line of configuration away from being loaded, and an assembly in bin that names a
 * PreApplicationStartMethod is loaded without any.
 */
#include "iis/inventory/server_build.h"

#include "base/path_name.h"

static bool has_role(const struct iw_item_file *facts, struct iw_str role)
{
    for (size_t i = 0; i < facts->roles.n; i++) {
        if (iw_str_equal(facts->roles.items[i], role))
            return true;
    }
    return false;
}

static const char *kind_of(const struct iw_item_file *facts)
{
    bool is_native = has_role(facts, IW_STR("nativeModule")) ||
                     has_role(facts, IW_STR("isapiFilter")) ||
                     has_role(facts, IW_STR("isapiExtension"));
    return is_native ? "moduleFile" : "assemblyFile";
}

/* The place whose application loads what lies in a bin folder; empty: none, or no bin folder. */
static enum iw_rc scope_of(struct iw_server_build *build, const struct iw_collected_file *file,
                           struct iw_str *ret)
{
    struct iw_web_spots spots;
    *ret = IW_STR("");
    if (file->key.n == 0)
        return IW_OK;
    IW_TRY(iw_web_urls_of(&build->web, iw_path_folder(file->path), &build->work, &spots));
    if (spots.n != 0)
        *ret = spots.items[0].application->place.path;
    return IW_OK;
}

static enum iw_rc add(struct iw_server_build *build, size_t index)
{
    const struct iw_collected_file *file = &build->collection->files[index];
    const struct iw_item_file *facts = &build->facts[index];
    struct iw_component_claim claim = {.kind = kind_of(facts), .state = "file", .name = file->name};
    struct iw_inventory_component *row;
    IW_TRY(scope_of(build, file, &claim.scope));
    IW_TRY(iw_build_claim(build, &claim));
    if (build->n_hidden_rows != 0)
        return IW_OK;
    row = (struct iw_inventory_component *)build->components.items + build->components.n - 1;
    row->files = iw_arena_calloc(&build->inventory->arena, 1, sizeof *row->files);
    if (row->files == NULL)
        return IW_ENOMEM;
    row->files[0] = *facts;
    row->n_files = 1;
    row->image_path = facts->path;
    return IW_OK;
}

enum iw_rc iw_build_modules(struct iw_server_build *build)
{
    for (size_t i = 0; i < build->collection->n; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        const struct iw_item_file *facts = &build->facts[i];
        if (!facts->is_pe || facts->roles.n == 0 || file->is_copy ||
            !iw_build_is_mine(build, file) || iw_collected_is_stored(file) ||
            iw_map_find(&build->used, file->source) != NULL)
            continue;
        IW_TRY(add(build, i));
    }
    return IW_OK;
}
