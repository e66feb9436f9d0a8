/*
 * A handler, FastCGI program, hosted process or permission that names a shell, an interpreter or a
 * tool that runs what it is given (domain.md §4.5, §5.2): a request then runs commands without any
 * DLL. That the program is Microsoft's own explains nothing.
 */
#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"

static const char *const TOOLS[] = {
    "cmd.exe",         "powershell.exe", "powershell_ise.exe", "pwsh.exe",     "cscript.exe",
    "wscript.exe",     "mshta.exe",      "rundll32.exe",       "regsvr32.exe", "msbuild.exe",
    "installutil.exe", "certutil.exe",   "bitsadmin.exe",      "wmic.exe",     "bash.exe",
    "sh.exe",          "wsl.exe",        "forfiles.exe",       "msiexec.exe",  "schtasks.exe",
    "regasm.exe",      "regsvcs.exe",    "cmstp.exe",          "odbcconf.exe",
};

static struct iw_str without_exe(struct iw_str name)
{
    return iw_str_ends_nocase(name, IW_STR(".exe")) ? (struct iw_str){name.p, name.n - 4} : name;
}

bool iw_path_names_tool(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    while (name.n != 0 && (name.p[name.n - 1] == '"' || name.p[name.n - 1] == ' '))
        name.n--;
    for (size_t i = 0; i < sizeof TOOLS / sizeof TOOLS[0]; i++) {
        struct iw_str tool = iw_str_of(TOOLS[i]);
        if (iw_str_equal_nocase(without_exe(name), without_exe(tool)))
            return true;
    }
    return false;
}

static enum iw_level level_of(const struct iw_inventory_component *row)
{
    if (iw_is_approved_by_person(row->approval))
        return IW_LEVEL_INFORMATIONAL;
    if (row->is_disabled || strcmp(row->state, "written") != 0)
        return IW_LEVEL_MEDIUM;
    return strcmp(row->kind, "handler") == 0 || strcmp(row->kind, "fastCgi") == 0 ? IW_LEVEL_HIGH
                                                                                  : IW_LEVEL_MEDIUM;
}

/* A folder may be called PowerShell, as one of Exchange is; the value of a variable is no program
 * that is started. */
static bool names_a_program(const struct iw_inventory_component *row)
{
    return row->image_path.n != 0 && !iw_component_is_variable(row) &&
           strcmp(row->kind, "virtualDirectory") != 0;
}

enum iw_rc iw_judge_interpreters(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        struct iw_case *named;
        if (!iw_component_is_registered(row) || !names_a_program(row) ||
            !iw_path_names_tool(row->image_path))
            continue;
        named = iw_case_of_component(judging, i);
        IW_TRY(iw_case_say(named, level_of(row), "Web server is told to run a shell or interpreter",
                           "%s %.*s%s%.*s runs %.*s", row->kind,
                           IW_STR_ARG(iw_component_called(row)), row->scope.n != 0 ? " of " : "",
                           IW_STR_ARG(row->scope), IW_STR_ARG(row->image)));
        if (iw_is_approved_by_person(row->approval))
            IW_TRY(
                iw_case_line(named, &named->why, "approved: %.*s", IW_STR_ARG(row->approval_why)));
    }
    return IW_OK;
}
