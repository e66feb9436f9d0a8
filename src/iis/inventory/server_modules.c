/*
 * Programs and assemblies that IIS could load and nothing registers: a module lying in inetsrv or
 * bin is one line of configuration away from being loaded, and an assembly in bin that names a
 * PreApplicationStartMethod is loaded without any. Other DLLs in the bin of an application are
 * listed, too: ASP.NET loads all of them when pages are compiled (compilation/assemblies has `*` in
 * the root web.config), and pages call what is in them.
 */
#include "iis/inventory/server_build.h"

#include "base/fold.h"
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
    if (facts->roles.n == 0)
        return "binFile";
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

/* --- bin ------------------------------------------------------------------------------------ */

/* Files of one folder mostly stand together. */
struct last_folder {
    struct iw_str path;
    bool is_bin;
};

/* "Site/app/bin" of the application "Site/app". */
static bool is_bin_of(const struct iw_web_spot *spot)
{
    struct iw_str above = spot->application->place.key, key = spot->place.key;
    return key.n == above.n + 4 && iw_str_begins_nocase(key, above) &&
           iw_str_ends_nocase(key, IW_STR("/bin"));
}

/* Of a root that no configuration names. */
static enum iw_rc is_bin_of_root(struct iw_server_build *build, struct iw_str folder, bool *ret)
{
    const struct iw_str *keys = build->root_keys.items;
    struct iw_str key = iw_fold_text(iw_path_folder(folder), &build->work);
    for (size_t i = 0; key.p != NULL && i < build->root_keys.n && !*ret; i++)
        *ret = iw_str_equal(keys[i], key);
    return key.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc is_bin(struct iw_server_build *build, struct iw_str folder,
                         struct last_folder *last)
{
    struct iw_web_spots spots;
    if (iw_str_equal(folder, last->path))
        return IW_OK;
    *last = (struct last_folder){.path = folder};
    if (!iw_str_ends_nocase(folder, IW_STR("\\bin")))
        return IW_OK;
    IW_TRY(iw_web_urls_of(&build->web, folder, &build->work, &spots));
    for (size_t i = 0; i < spots.n && !last->is_bin; i++)
        last->is_bin = is_bin_of(&spots.items[i]);
    return last->is_bin || build->web.is_known ? IW_OK
                                               : is_bin_of_root(build, folder, &last->is_bin);
}

/* Whether the file is one of those: IW_OK or IW_ENOMEM. */
static enum iw_rc is_wanted(struct iw_server_build *build, const struct iw_collected_file *file,
                            const struct iw_item_file *facts, struct last_folder *last, bool *ret)
{
    *ret = facts->roles.n != 0;
    if (*ret || file->key.n == 0 || !iw_str_ends_nocase(file->name, IW_STR(".dll")))
        return IW_OK;
    IW_TRY(is_bin(build, iw_path_folder(file->path), last));
    *ret = last->is_bin;
    return IW_OK;
}

enum iw_rc iw_build_modules(struct iw_server_build *build)
{
    struct last_folder last = {.path = IW_STR("")};
    for (size_t i = 0; i < build->collection->n; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        const struct iw_item_file *facts = &build->facts[i];
        bool wants;
        if (!facts->is_pe || file->is_copy || !iw_build_is_mine(build, file) ||
            iw_collected_is_stored(file) || iw_map_find(&build->used, file->source) != NULL)
            continue;
        IW_TRY(is_wanted(build, file, facts, &last, &wants));
        if (wants)
            IW_TRY(add(build, i));
    }
    return IW_OK;
}
