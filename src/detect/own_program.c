#include "detect/own_program.h"

#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/drive_path.h"
#include "detect/history_line.h"
#include "detect/named_changes.h"
#include "iis/config/server_path.h"

static bool is_dotnet(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    return iw_str_equal_nocase(name, IW_STR("dotnet")) ||
           iw_str_equal_nocase(name, IW_STR("dotnet.exe"));
}

/* By its bare name, which the module looks up as `where.exe` does, or where setup puts it. */
static bool is_installed_dotnet(const struct iw_inventory_component *row)
{
    static const char *const FOLDERS[] = {"program files\\dotnet", "program files (x86)\\dotnet"};
    return is_dotnet(row->image) &&
           (iw_path_name(row->image).n == row->image.n || IW_PATH_IN(row->image_path, FOLDERS));
}

bool iw_program_is_proved(const struct iw_inventory_component *row)
{
    bool is_for_another = strcmp(row->kind, "aspNetCoreProcess") == 0 && is_dotnet(row->image_path);
    return is_for_another ? row->hosted != NULL && row->hosted->state == IW_ITEM_FILE_READ &&
                                iw_file_is_proved(row->hosted)
                          : iw_file_is_proved(iw_component_file(row));
}

/* The application begins where its web.config lies, and the program lies in it. */
static bool is_in_application(const struct iw_judging *judging,
                              const struct iw_inventory_component *row)
{
    struct iw_str folder = iw_path_folder(row->config_path), path = row->hosted->path;
    if (!iw_path_is_below(path, folder) || iw_server_path_is_odd(path) || iw_path_is_remote(path) ||
        iw_path_writable_place(path) != NULL)
        return false;
    for (size_t i = 0; i < judging->server->n_roots; i++) {
        const struct iw_inventory_root *root = &judging->server->roots[i];
        if (!root->is_assumed && iw_str_equal_nocase(root->path, folder))
            return true;
    }
    return false;
}

/* `dotnet pwsh.dll` is PowerShell. */
static bool is_tool(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    if (iw_str_ends_nocase(name, IW_STR(".dll")))
        name.n -= 4;
    return iw_path_names_tool(name);
}

static bool is_odd(const struct iw_item_file *file)
{
    if (file->state == IW_ITEM_FILE_READ)
        return !file->is_pe || file->n_damage != 0 || file->yara.n != 0 ||
               file->signature == IW_ITEM_SIGNATURE_TAMPERED;
    return file->state != IW_ITEM_FILE_NOT_COLLECTED;
}

/* Whether a writing of a path speaks against it: the web server's own always; of what says which
 * program is started any, but for a deployment's. An application's code is released every day, as
 * that in a bin is. */
static bool is_written_over(const struct iw_judging *judging, struct iw_str path, bool is_entry)
{
    struct iw_fact_span span = iw_facts_at(judging, IW_FACT_FILE_WRITTEN, path);
    for (size_t i = 0; i < span.n; i++) {
        struct iw_act_trail trail;
        bool is_deployed = iw_ask_act(judging, &span.items[i], &trail) &&
                           trail.deployment != NULL && !trail.is_by_hand;
        if (iw_fact_is_of_server(&span.items[i]) || trail.is_by_server ||
            (is_entry && !is_deployed))
            return true;
    }
    return false;
}

static enum iw_rc has_come(const struct iw_judging *judging,
                           const struct iw_inventory_component *row, bool *ret)
{
    const struct iw_change_places *by_image;
    IW_TRY(iw_changes_of_image(judging, row->image, &by_image));
    *ret = by_image != NULL || iw_time_known(iw_history_time_of_coming(judging->server, row)) ||
           is_written_over(judging, row->config_path, true) ||
           is_written_over(judging, row->hosted->path, false);
    return IW_OK;
}

enum iw_rc iw_is_own_program(const struct iw_judging *judging,
                             const struct iw_inventory_component *row, bool *ret)
{
    bool came;
    *ret = false;
    if (strcmp(row->kind, "aspNetCoreProcess") != 0 || row->hosted == NULL || row->notes.n != 0 ||
        (!is_installed_dotnet(row) && !iw_str_equal_nocase(row->image_path, row->hosted->path)) ||
        !is_in_application(judging, row) || is_odd(row->hosted) || is_tool(row->hosted->path))
        return IW_OK;
    IW_TRY(has_come(judging, row, &came));
    *ret = !came;
    return IW_OK;
}
