/*
 * What a process that IIS hosts really runs: the application's own program, which `dotnet` or the
 * module starts. Sources: Microsoft, "ASP.NET Core Module (ANCM) for IIS" (processPath that begins
 * with a dot is relative to the application's root; arguments are relative to it as well, it is the
 * working directory), "web.config file" (what `dotnet publish` writes), "httpPlatform reference".
 */
#include "base/fold.h"
#include "base/path_name.h"
#include "iis/inventory/server_build.h"

static bool is_hosted(const struct iw_inventory_component *row)
{
    return strcmp(row->kind, "aspNetCoreProcess") == 0 ||
           strcmp(row->kind, "httpPlatformProcess") == 0;
}

/* The folder of the web.config that starts it; empty: another file does. */
static struct iw_str folder_of(const struct iw_inventory_component *row)
{
    return iw_str_equal_nocase(iw_path_name(row->config_path), IW_STR("web.config"))
               ? iw_path_folder(row->config_path)
               : IW_STR("");
}

static bool is_relative(struct iw_str path)
{
    return path.n != 0 && path.p[0] != '\\' && path.p[0] != '/' && path.p[0] != '%' &&
           (path.n < 2 || path.p[1] != ':');
}

struct iw_str iw_build_hosted_image(struct iw_server_build *build,
                                    const struct iw_inventory_component *row, struct iw_str image)
{
    struct iw_str folder = folder_of(row);
    if (!is_hosted(row) || folder.n == 0 || image.n == 0 || image.p[0] != '.')
        return image;
    return iw_keep_format(build, "%.*s\\%.*s", IW_STR_ARG(folder), IW_STR_ARG(image));
}

/* The first of the arguments, without its quotes. */
static struct iw_str first_argument(struct iw_str text)
{
    const char *end;
    while (text.n != 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
        text = (struct iw_str){text.p + 1, text.n - 1};
    if (text.n != 0 && text.p[0] == '"') {
        text = (struct iw_str){text.p + 1, text.n - 1};
        end = memchr(text.p, '"', text.n);
    } else {
        end = text.n != 0 ? memchr(text.p, ' ', text.n) : NULL;
    }
    return end != NULL ? (struct iw_str){text.p, (size_t)(end - text.p)} : text;
}

/* Of which folders programs were collected: listed when the first is asked for. */
static enum iw_rc list_program_folders(struct iw_server_build *build)
{
    build->has_program_folders = true;
    for (size_t i = 0; i < build->collection->n; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        if (file->key.n == 0 || (!iw_str_ends_nocase(file->name, IW_STR(".dll")) &&
                                 !iw_str_ends_nocase(file->name, IW_STR(".exe"))))
            continue;
        if (iw_map_add(&build->program_folders, file->folder, NULL) == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* A published application has dozens of programs beside the one that is started: where one of them
 * was collected, those of its folder were. */
static enum iw_rc say_absent(struct iw_server_build *build, const struct iw_server_path *path,
                             struct iw_item_file *ret)
{
    *ret = (struct iw_item_file){.state = IW_ITEM_FILE_NOT_COLLECTED,
                                 .path = iw_keep(build, path->path),
                                 .modified_ns = IW_TIME_UNKNOWN,
                                 .why = "not in evidence"};
    if (ret->path.p == NULL)
        return IW_ENOMEM;
    if (!build->has_program_folders)
        IW_TRY(list_program_folders(build));
    if (iw_map_find(&build->program_folders, iw_path_folder(path->key)) != NULL) {
        ret->state = IW_ITEM_FILE_MISSING;
        ret->why = "not there, though programs of its folder were collected";
    }
    return IW_OK;
}

static enum iw_rc name_file(struct iw_server_build *build, struct iw_str text,
                            struct iw_inventory_component *row)
{
    const struct iw_collected_file *file;
    struct iw_server_path path;
    size_t index;
    if (!iw_server_path_read(text, false, &build->work, &path))
        return IW_ENOMEM;
    if (!path.is_resolved)
        return IW_OK;
    row->hosted = iw_arena_calloc(&build->inventory->arena, 1, sizeof *row->hosted);
    if (row->hosted == NULL)
        return IW_ENOMEM;
    file = iw_collection_find(build->collection, path.key);
    if (file == NULL)
        return say_absent(build, &path, row->hosted);
    index = (size_t)(file - build->collection->files);
    if (build->facts[index].state == IW_ITEM_FILE_NONE)
        IW_TRY(iw_facts_read(build->reading, &index, 1));
    *row->hosted = build->facts[index];
    return IW_OK;
}

enum iw_rc iw_build_hosted_program(struct iw_server_build *build,
                                   struct iw_inventory_component *row)
{
    struct iw_str folder = folder_of(row), name = iw_path_name(row->image), text;
    if (!is_hosted(row) || folder.n == 0 || row->image.n == 0)
        return IW_OK;
    if (iw_path_folder(row->image_path).n != 0 &&
        iw_str_begins_nocase(row->image_path, folder)) /* its own program, without dotnet */
        return name_file(build, row->image_path, row);
    if (!iw_str_equal_nocase(name, IW_STR("dotnet")) &&
        !iw_str_equal_nocase(name, IW_STR("dotnet.exe")))
        return IW_OK;
    text = first_argument(row->arguments);
    if (!iw_str_ends_nocase(text, IW_STR(".dll")))
        return IW_OK;
    if (is_relative(text)) {
        text = iw_keep_format(build, "%.*s\\%.*s", IW_STR_ARG(folder), IW_STR_ARG(text));
        if (text.p == NULL)
            return IW_ENOMEM;
    }
    return name_file(build, text, row);
}
