/*
 * Sources: Windows Installer's events (MsiInstaller 1033 to 11728), Servicing in the Setup log;
 * where Windows, Web Deploy, Exchange and build agents keep their programs.
 */
#include "detect/chain/deployment.h"

#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/program_kind.h"

static const struct iw_deployment_program PROGRAMS[] = {
    {"agent.listener.exe", NULL, "an agent of Azure DevOps"},
    {"agent.worker.exe", NULL, "an agent of Azure DevOps"},
    {"aspnet_regiis.exe", "\\microsoft.net\\framework", "registration of ASP.NET"},
    {"calamari.exe", NULL, "Octopus Deploy"},
    {"dismhost.exe", NULL, "servicing of Windows"},
    {"exsetup.exe", NULL, "setup of Exchange"},
    {"git.exe", NULL, "git"},
    {"iisreset.exe", "\\system32\\", "iisreset"},
    {"iissetup.exe", "\\system32\\inetsrv\\", "setup of IIS"},
    {"msdeploy.exe", "\\iis\\microsoft web deploy", "Web Deploy"},
    {"msiexec.exe", "\\windows\\sys", "Windows Installer"},
    {"octopus.tentacle.exe", NULL, "Octopus Deploy"},
    {"pkgmgr.exe", "\\system32\\", "servicing of Windows"},
    {"psconfig.exe", "\\web server extensions\\", "configuration of SharePoint"},
    {"psconfigui.exe", "\\web server extensions\\", "configuration of SharePoint"},
    {"robocopy.exe", "\\windows\\sys", "robocopy"},
    {"teamcityagent.exe", NULL, "an agent of TeamCity"},
    {"tentacle.exe", NULL, "Octopus Deploy"},
    {"tiworker.exe", "\\windows\\winsxs\\", "servicing of Windows"},
    {"trustedinstaller.exe", "\\windows\\servicing\\", "servicing of Windows"},
    {"wmsvc.exe", "\\system32\\inetsrv\\", "the web management service"},
    {"wusa.exe", "\\system32\\", "an update of Windows"},
    {"xcopy.exe", "\\windows\\sys", "xcopy"},
};

const struct iw_deployment_program *iw_deployment_of_program(struct iw_str image)
{
    struct iw_str name = iw_path_name(image);
    for (size_t i = 0; name.n != 0 && i < sizeof PROGRAMS / sizeof PROGRAMS[0]; i++) {
        const struct iw_deployment_program *program = &PROGRAMS[i];
        if (program->name[0] != iw_ascii_lower(name.p[0]) ||
            !iw_str_equal_nocase(name, iw_str_of(program->name)))
            continue;
        return program->place == NULL || iw_str_holds_nocase(image, iw_str_of(program->place))
                   ? program
                   : NULL;
    }
    return NULL;
}

const char *iw_deployment_of_record(struct iw_str channel, uint32_t event_id)
{
    if (iw_str_equal_nocase(channel, IW_STR("Setup")))
        return "servicing of Windows";
    if (!iw_str_equal_nocase(channel, IW_STR("Application")))
        return NULL;
    switch (event_id) {
    case 1033:
    case 11707:
        return "an installation by Windows Installer";
    case 1034:
    case 11724:
        return "a removal by Windows Installer";
    case 1035:
    case 1036:
    case 11728:
        return "a change by Windows Installer";
    default:
        return NULL;
    }
}

const char *iw_deployment_above(const struct iw_process *process, struct iw_str image,
                                const struct iw_chain_settings *settings, bool *ret_by_server)
{
    const struct iw_process *above[IW_LIMIT_LINEAGE_DEPTH];
    const struct iw_deployment_program *own = iw_deployment_of_program(image);
    const char *words = own != NULL ? own->words : NULL;
    size_t n =
        process != NULL ? iw_process_ancestors(process, above, IW_LIMIT_LINEAGE_DEPTH, NULL) : 0;
    if (ret_by_server != NULL)
        *ret_by_server = iw_program_serves(
            image, process != NULL ? process->command_line : IW_STR(""), settings);
    for (size_t i = 0; i < n; i++) {
        const struct iw_deployment_program *program;
        if (iw_program_serves(above[i]->name.image, above[i]->command_line, settings)) {
            if (ret_by_server != NULL)
                *ret_by_server = true;
            return NULL;
        }
        program = iw_deployment_of_program(above[i]->name.image);
        if (words == NULL && program != NULL)
            words = program->words;
    }
    return words;
}
