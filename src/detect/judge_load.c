/*
 * What workers loaded (Sysmon 7) against what the configuration names and what was collected. Of
 * the hundreds of DLLs a worker loads only those are judged that the configuration should name: a
 * file with the exports or types of a module, and what lies in inetsrv or where users may write.
 * The host's own verdict on the signature (Sysmon asks Windows, which knows catalogues) is that of
 * the roots the host trusts, whose list is not in evidence: whoever may add a root signs as
 * "Microsoft Windows". So that name excuses only what Microsoft keeps there by that name, or where
 * nobody but Windows may write.
 */
#include "base/arena_text.h"
#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/drive_path.h"
#include "detect/judgment.h"
#include "iis/config/server_path.h"
#include "iis/known/known_table.h"

static bool is_valid(const struct iw_server_fact *load)
{
    return iw_str_equal_nocase(load->is_signed, IW_STR("true")) &&
           iw_str_equal_nocase(load->signature_status, IW_STR("Valid"));
}

static bool is_microsofts(const struct iw_server_fact *load)
{
    return is_valid(load) && iw_str_begins_nocase(load->signature, IW_STR("Microsoft"));
}

/* --- a file that the inventory has ----------------------------------------------------------- */

static const struct iw_item_file *file_at(const struct iw_inventory_component *row,
                                          struct iw_str path)
{
    for (size_t i = 0; i < row->n_files; i++) {
        if (row->files[i].state == IW_ITEM_FILE_READ &&
            iw_str_equal_nocase(row->files[i].path, path))
            return &row->files[i];
    }
    return NULL;
}

/* Whether somebody at a console, or the worker itself, is seen writing there: products replace
 * their files by programs of their own. */
static bool is_overwritten(const struct iw_judging *judging, struct iw_str path)
{
    static const char *const BY_HAND[] = {
        "cmd.exe",      "powershell.exe", "powershell_ise.exe", "pwsh.exe",     "explorer.exe",
        "w3wp.exe",     "xcopy.exe",      "wscript.exe",        "cscript.exe",  "mshta.exe",
        "rundll32.exe", "certutil.exe",   "bitsadmin.exe",      "wmiprvse.exe", "expand.exe",
    };
    struct iw_fact_span writes = iw_facts_at(judging, IW_FACT_FILE_WRITTEN, path);
    for (size_t i = 0; i < writes.n; i++) {
        struct iw_str writer = iw_path_name(writes.items[i].image);
        for (size_t k = 0; k < sizeof BY_HAND / sizeof BY_HAND[0]; k++) {
            if (iw_str_equal_nocase(writer, iw_str_of(BY_HAND[k])))
                return true;
        }
    }
    return false;
}

static enum iw_rc judge_hash(struct iw_judging *judging, size_t component,
                             const struct iw_server_fact *load)
{
    const struct iw_inventory_component *row = &judging->server->components[component];
    const struct iw_item_file *file = file_at(row, load->path);
    bool is_update = is_microsofts(load) && !is_overwritten(judging, load->path);
    if (file == NULL || !load->has_sha256 ||
        memcmp(file->sha256, load->sha256, sizeof file->sha256) == 0)
        return IW_OK;
    return iw_case_say(
        iw_case_of_component(judging, component), is_update ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
        "Loaded file is not the file that was collected",
        "a worker loaded %.*s with another content than the collected file has%s",
        IW_STR_ARG(load->path),
        is_update ? " (validly signed by Microsoft: an update replaces files so)" : "");
}

static const char *title_of(bool is_former)
{
    return is_former ? "Worker loaded a module that only former configurations name"
                     : "Worker loads a module that no configuration names";
}

static const char *words_of(bool is_former)
{
    return is_former ? "only former configurations name it"
                     : "no configuration in evidence names it";
}

static enum iw_rc judge_unregistered(struct iw_judging *judging, size_t component,
                                     const struct iw_server_fact *load)
{
    const struct iw_inventory_component *row = &judging->server->components[component];
    bool is_former;
    if (iw_component_is_registered(row) || iw_is_approved(row->approval) || is_microsofts(load) ||
        strcmp(row->kind, "moduleFile") != 0)
        return IW_OK;
    IW_TRY(iw_is_former_image(judging, load->path, &is_former));
    return iw_case_say(
        iw_case_of_component(judging, component),
        judging->modules_unknown ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM, title_of(is_former),
        "a worker loaded %.*s, which has the exports of a module; %s%s", IW_STR_ARG(load->path),
        words_of(is_former),
        judging->modules_unknown ? "; globalModules, which may, is encrypted or not at hand" : "");
}

/* --- a file that nothing names --------------------------------------------------------------- */

static const char *odd_place(struct iw_str path)
{
    if (iw_path_is_remote(path))
        return "another machine";
    if (iw_server_path_is_odd(path))
        return "a folder made to look like another";
    return iw_path_is_inetsrv(path) ? "the folder of IIS" : iw_path_writable_place(path);
}

/* Whether Microsoft has a file of that name in the folder of IIS. */
static bool is_inbox_name(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    const struct iw_known_row *row;
    size_t n;
    const char *const *others = iw_known_other_files(&n);
    for (size_t at = 0; (row = iw_known_row_at(at)) != NULL; at++) {
        if (row->image != NULL && iw_path_is_inetsrv(iw_str_of(row->image)) &&
            iw_str_equal_nocase(iw_path_name(iw_str_of(row->image)), name))
            return true;
    }
    if (iw_str_ends_nocase(name, IW_STR(".dll")))
        name.n -= 4;
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(iw_str_of(others[i]), name))
            return true;
    }
    return false;
}

/* Its rights keep everybody but the servicing of Windows from writing there. */
static bool is_guarded(struct iw_str path)
{
    return iw_str_begins_nocase(iw_path_behind_system_drive(path),
                                IW_STR("ProgramData\\Microsoft\\Windows Defender\\"));
}

/* Not by the signer's name alone. */
static bool is_windows_own(const struct iw_server_fact *load)
{
    return is_microsofts(load) && (is_guarded(load->path) ||
                                   (iw_path_is_inetsrv(load->path) && is_inbox_name(load->path)));
}

static enum iw_rc judge_nameless(struct iw_judging *judging, const struct iw_server_fact *load)
{
    const struct iw_inventory_server *server = judging->server;
    const char *place = odd_place(load->path);
    struct iw_case *named;
    bool is_sure = server->source.n != 0 && server->is_authoritative && !judging->modules_unknown;
    bool is_former;
    if (place == NULL || load->is_signed.n == 0 || is_windows_own(load) || server->source.n == 0 ||
        iw_str_holds_nocase(load->path, IW_STR("\\temporary asp.net files\\")))
        return IW_OK;
    named = iw_case_of_path(judging, load->path);
    IW_TRY(iw_is_former_image(judging, load->path, &is_former));
    IW_TRY(iw_case_say(named, is_sure && !is_valid(load) ? IW_LEVEL_MEDIUM : IW_LEVEL_LOW,
                       title_of(is_former), "a worker loaded %.*s from %s; %s",
                       IW_STR_ARG(load->path), place, words_of(is_former)));
    IW_TRY(iw_case_line(named, &named->why, "signature on the host: %.*s, %.*s",
                        IW_STR_ARG(is_valid(load) ? load->signature : IW_STR("none")),
                        IW_STR_ARG(load->signature_status)));
    if (!is_microsofts(load))
        return IW_OK;
    return iw_case_line(
        named, &named->why,
        "Microsoft has no file of that name there: the signer's name proves as much "
        "as the roots that the host trusts, which are not in evidence");
}

enum iw_rc iw_judge_loads(struct iw_judging *judging)
{
    const struct iw_fact_span *loads = &judging->facts[IW_FACT_MODULE_LOAD];
    for (size_t i = 0; i < loads->n; i++) {
        const struct iw_server_fact *load = &loads->items[i];
        struct iw_str key = iw_arena_lower(judging->arena, load->path);
        const struct iw_map_entry *entry = key.p != NULL ? iw_map_find(&judging->paths, key) : NULL;
        if (key.p == NULL)
            return IW_ENOMEM;
        if (entry == NULL) {
            IW_TRY(judge_nameless(judging, load));
            continue;
        }
        IW_TRY(judge_hash(judging, entry->value.number - 1, load));
        IW_TRY(judge_unregistered(judging, entry->value.number - 1, load));
    }
    return IW_OK;
}
