/*
 * Program files with the exports or types of a module that nothing registers: one line of
 * configuration away from being loaded, and with a PreApplicationStartMethod loaded without any.
 */
#include "base/arena_text.h"
#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/judgment.h"
#include "detect/web_program.h"

/* So many unregistered assemblies in one folder are an application built that way. */
#define MANY_OF_ITS_OWN 5U

/* A DLL of an application that has no role of a module: there are dozens of them. */
static bool is_library(const struct iw_inventory_component *row)
{
    return strcmp(row->kind, "binFile") == 0;
}

static bool is_assembly(const struct iw_inventory_component *row)
{
    return strcmp(row->kind, "assemblyFile") == 0;
}

static struct iw_str folder_of(const struct iw_inventory_component *row)
{
    return row->n_files != 0 ? iw_path_folder(row->files[0].path) : IW_STR("");
}

/* How many unregistered assemblies each folder has. IW_OK or IW_ENOMEM. */
static enum iw_rc count_folders(struct iw_judging *judging, struct iw_map *ret)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        struct iw_map_entry *entry;
        struct iw_str key;
        if (iw_component_is_registered(row) || !is_assembly(row))
            continue;
        key = iw_arena_lower(judging->arena, folder_of(row));
        entry = key.p != NULL ? iw_map_add(ret, key, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        entry->value.number++;
    }
    return IW_OK;
}

static enum iw_rc is_one_of_many(struct iw_judging *judging, const struct iw_map *folders,
                                 const struct iw_inventory_component *row, bool *ret)
{
    struct iw_str key = iw_arena_lower(judging->arena, folder_of(row));
    const struct iw_map_entry *entry = key.p != NULL ? iw_map_find(folders, key) : NULL;
    *ret = entry != NULL && entry->value.number >= MANY_OF_ITS_OWN;
    return key.p != NULL ? IW_OK : IW_ENOMEM;
}

/* Unsigned and not saying Microsoft made it, between Microsoft's own modules. */
static bool is_foreign_in_inetsrv(const struct iw_item_file *file)
{
    return iw_path_is_inetsrv(file->path) && !iw_file_claims_microsoft(file) &&
           !iw_file_is_proved(file);
}

/* An ISAPI extension in a folder in which requests may execute; *ret NULL: it is none. */
static enum iw_rc run_by_requests(const struct iw_case *named, const struct iw_item_file *file,
                                  const struct iw_inventory_web_file **ret)
{
    *ret = NULL;
    return iw_file_has_role(file, IW_STR("isapiExtension"))
               ? iw_web_program_at(named->judging, file->path, ret)
               : IW_OK;
}

/* Not without a permission, unless the server allows what has none. */
static enum iw_rc say_run(struct iw_case *named, const struct iw_inventory_web_file *program)
{
    IW_TRY(iw_web_program_say(named, program));
    return iw_case_line(named, &named->why,
                        "no permission names it: it runs where isapiCgiRestriction allows what is "
                        "not listed");
}

/* What makes it worse, each with its reason. */
static enum iw_rc weigh(struct iw_case *named, const struct iw_inventory_component *row,
                        const struct iw_item_file *file, bool *ret_worse)
{
    const char *place = iw_path_writable_place(file->path);
    struct iw_fact_span writes = iw_facts_at(named->judging, IW_FACT_FILE_WRITTEN, file->path);
    const struct iw_inventory_web_file *program;
    IW_TRY(run_by_requests(named, file, &program));
    /* Applications are built and deployed: that an assembly was written is told, and no more. */
    *ret_worse = row->notes.n != 0 || place != NULL || (writes.n != 0 && !is_assembly(row)) ||
                 is_foreign_in_inetsrv(file) || program != NULL;
    for (size_t i = 0; i < row->notes.n; i++)
        IW_TRY(iw_case_line(named, &named->why, "%.*s", IW_STR_ARG(row->notes.items[i])));
    if (place != NULL)
        IW_TRY(iw_case_line(named, &named->why, "it lies in %s", place));
    if (writes.n != 0)
        IW_TRY(iw_case_line(named, &named->why, "events tell of its being written%s%.*s",
                            writes.items[0].image.n != 0 ? " by " : "",
                            IW_STR_ARG(writes.items[0].image)));
    if (is_foreign_in_inetsrv(file))
        IW_TRY(iw_case_line(named, &named->why,
                            "it lies in the folder of IIS, has no proved signature, and does not "
                            "say that Microsoft made it"));
    return program != NULL ? say_run(named, program) : IW_OK;
}

static enum iw_rc judge(struct iw_judging *judging, size_t i, bool is_many)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    const struct iw_item_file *file = iw_component_file(row);
    struct iw_case *named = iw_case_of_component(judging, i);
    enum iw_level level = is_many ? IW_LEVEL_INFORMATIONAL : IW_LEVEL_LOW;
    bool is_worse, is_former;
    if (named == NULL)
        return IW_ENOMEM;
    IW_TRY(iw_is_former_image(judging, file->path, &is_former));
    IW_TRY(weigh(named, row, file, &is_worse));
    if (is_worse)
        level++;
    IW_TRY(iw_case_say(named, level, "Module file that no configuration names",
                       "%.*s has the %s of a module, and %s%s", IW_STR_ARG(file->path),
                       is_assembly(row) ? "types" : "exports",
                       is_former ? "only former configurations name it"
                                 : "no configuration in evidence names it",
                       iw_file_has_role(file, IW_STR("preApplicationStart"))
                           ? "; it names a method that runs when the application starts"
                           : ""));
    return is_many
               ? iw_case_line(named, &named->why, "lowered: the application has many of its own")
               : IW_OK;
}

static enum iw_rc judge_all(struct iw_judging *judging, const struct iw_map *folders)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        bool is_many = false;
        if (iw_component_is_registered(row) || iw_component_is_unreadable(row) || is_library(row) ||
            iw_component_file(row) == NULL || iw_is_approved(row->approval) ||
            row->known == IW_ITEM_KNOWN_AS_IT_IS)
            continue;
        if (is_assembly(row))
            IW_TRY(is_one_of_many(judging, folders, row, &is_many));
        IW_TRY(judge(judging, i, is_many));
    }
    return IW_OK;
}

enum iw_rc iw_judge_unregistered(struct iw_judging *judging)
{
    struct iw_map folders;
    enum iw_rc rc;
    iw_map_init(&folders);
    rc = count_folders(judging, &folders);
    if (rc == IW_OK)
        rc = judge_all(judging, &folders);
    iw_map_done(&folders);
    return rc;
}
