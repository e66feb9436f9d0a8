/*
 * Sources: Windows Installer's events (MsiInstaller 1033 to 11728), Servicing in the Setup log;
 * where Windows, Web Deploy, Exchange, Configuration Manager, Intune and build agents keep their
 * programs.
 */
#include "detect/chain/deployment.h"

#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/name_index.h"
#include "detect/chain/program_kind.h"
#include "detect/detect_text.h"
#include "detect/drive_path.h"

#define SYSTEM                                                                                     \
    {                                                                                              \
        "windows\\system32", "windows\\syswow64"                                                   \
    }
#define INETSRV                                                                                    \
    {                                                                                              \
        "windows\\system32\\inetsrv", "windows\\syswow64\\inetsrv"                                 \
    }
#define SHAREPOINT                                                                                 \
    {                                                                                              \
        "program files\\common files\\microsoft shared\\web server extensions\\*\\bin"             \
    }
#define OCTOPUS                                                                                    \
    {                                                                                              \
        "program files\\octopus deploy\\", "program files (x86)\\octopus deploy\\"                 \
    }
#define WEB_DEPLOY                                                                                 \
    {                                                                                              \
        "program files\\iis\\microsoft web deploy*",                                               \
            "program files (x86)\\iis\\microsoft web deploy*"                                      \
    }
#define INTUNE                                                                                     \
    {                                                                                              \
        "program files (x86)\\microsoft intune management extension"                               \
    }
#define AZURE "an agent of Azure DevOps"
#define GITHUB "a runner of GitHub"
#define GITLAB "GitLab Runner"
#define JENKINS "Jenkins"
#define TEAMCITY "an agent of TeamCity"
#define TENTACLE "Octopus Deploy"
#define LIKE "a service's program that is named like "
#define AGENT(words) words, LIKE words, NULL
#define INSTALLER(words) words, NULL, NULL
#define TOOL(words) words, NULL, words ", which the baseline of behaviour has writing there"

static const struct iw_deployment_program PROGRAMS[] = {
    {"agent.listener.exe", {NULL}, AGENT(AZURE)},
    {"agent.worker.exe", {NULL}, AGENT(AZURE)},
    {"aspnet_regiis.exe",
     {"windows\\microsoft.net\\framework*\\v*"},
     INSTALLER("registration of ASP.NET")},
    {"calamari.exe", OCTOPUS, AGENT(TENTACLE)},
    {"ccmexec.exe", {"windows\\ccm"}, INSTALLER("Configuration Manager")},
    {"dism.exe", SYSTEM, INSTALLER("servicing of Windows")},
    /* Dism starts a copy of it in the temporary folder: that one descends from Dism. */
    {"dismhost.exe", {"windows\\system32\\dism"}, INSTALLER("servicing of Windows")},
    {"exsetup.exe",
     {"program files\\microsoft\\exchange server\\v*\\bin"},
     INSTALLER("setup of Exchange")},
    {"git.exe", {"program files\\git\\", "program files (x86)\\git\\"}, TOOL("git")},
    {"gitlab-runner.exe", {NULL}, AGENT(GITLAB)},
    {"iisreset.exe", {"windows\\system32", "windows\\system32\\inetsrv"}, TOOL("iisreset")},
    {"iissetup.exe", INETSRV, INSTALLER("setup of IIS")},
    {"jenkins-agent.exe", {NULL}, AGENT(JENKINS)},
    {"jenkins-slave.exe", {NULL}, AGENT(JENKINS)},
    {"jenkins.exe", {NULL}, AGENT(JENKINS)},
    {"microsoft.management.services.intunewindowsagent.exe", INTUNE, INSTALLER("Intune")},
    {"msdepsvc.exe", WEB_DEPLOY, INSTALLER("the service of Web Deploy")},
    {"msdeploy.exe", WEB_DEPLOY, TOOL("Web Deploy")},
    {"msiexec.exe", SYSTEM, INSTALLER("Windows Installer")},
    {"octopus.tentacle.exe", OCTOPUS, AGENT(TENTACLE)},
    {"pkgmgr.exe", SYSTEM, INSTALLER("servicing of Windows")},
    {"psconfig.exe", SHAREPOINT, INSTALLER("configuration of SharePoint")},
    {"psconfigui.exe", SHAREPOINT, INSTALLER("configuration of SharePoint")},
    {"robocopy.exe", SYSTEM, TOOL("robocopy")},
    {"runner.listener.exe", {NULL}, AGENT(GITHUB)},
    {"runner.worker.exe", {NULL}, AGENT(GITHUB)},
    {"teamcityagent.exe", {NULL}, AGENT(TEAMCITY)},
    {"tentacle.exe", OCTOPUS, AGENT(TENTACLE)},
    {"tiworker.exe", {"windows\\winsxs\\*"}, INSTALLER("servicing of Windows")},
    {"trustedinstaller.exe", {"windows\\servicing"}, INSTALLER("servicing of Windows")},
    {"wmsvc.exe", INETSRV, INSTALLER("the web management service")},
    {"wsusutil.exe", {"program files\\update services\\tools"}, INSTALLER("configuration of WSUS")},
    {"wusa.exe", SYSTEM, INSTALLER("an update of Windows")},
    {"xcopy.exe", SYSTEM, TOOL("xcopy")},
};

IW_NAME_INDEX(by_name, PROGRAMS);

/* The agent of TeamCity is a class that its own Java runs. */
static const struct iw_deployment_program JAVA_AGENT = {"java.exe", {NULL}, AGENT(TEAMCITY)};

static bool is_java_agent(struct iw_str image, struct iw_str command_line)
{
    return iw_str_equal_nocase(iw_path_name(image), iw_str_of(JAVA_AGENT.name)) &&
           iw_str_holds_nocase(command_line, IW_STR("jetbrains.buildServer.agent."));
}

/* By its name alone. */
static const struct iw_deployment_program *named(struct iw_str image)
{
    return iw_name_index_find(&by_name, iw_path_name(image));
}

static bool is_in_place(const struct iw_deployment_program *program, struct iw_str image)
{
    return IW_PATH_IN(image, program->places);
}

const struct iw_deployment_program *iw_deployment_of_program(struct iw_str image)
{
    const struct iw_deployment_program *program = named(image);
    return program != NULL && is_in_place(program, image) ? program : NULL;
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

/* --- who stands above --------------------------------------------------------------------------
 */

static bool is_services(struct iw_str image)
{
    static const char *const SYSTEM32[] = {"windows\\system32"};
    return iw_str_equal_nocase(iw_path_name(image), IW_STR("services.exe")) &&
           IW_PATH_IN(image, SYSTEM32);
}

/* Whether what the services' own process started leads to line[0]; a broker (WMI, COM, tasks) works
 * for others. */
static bool is_of_service(const struct iw_process *const *line, size_t n)
{
    size_t i = 0;
    while (i < n && !is_services(line[i]->name.image) && !iw_program_is_broker(line[i]->name.image))
        i++;
    return i < n && i != 0 && is_services(line[i]->name.image);
}

/* *line*: the process and what stands above it. */
static struct iw_deployment deployment_of(const struct iw_process *const *line, size_t n,
                                          struct iw_str image)
{
    const struct iw_deployment_program *program = named(image);
    if (n != 0 && is_java_agent(image, line[0]->command_line))
        program = &JAVA_AGENT;
    if (program == NULL || iw_deployment_is_tool(program))
        return (struct iw_deployment){IW_DEPLOYMENT_NONE, NULL};
    if (is_in_place(program, image))
        return (struct iw_deployment){IW_DEPLOYMENT_KNOWN, program->words};
    if (program->like == NULL || iw_path_writable_place(image) != NULL || !is_of_service(line, n))
        return (struct iw_deployment){IW_DEPLOYMENT_NONE, NULL};
    return (struct iw_deployment){IW_DEPLOYMENT_LIKE, program->like};
}

/* What the nearest tool is called, where it lies in its place; *words*: of one that is nearer. */
static const char *words_of_tool(const char *words, struct iw_str image)
{
    const struct iw_deployment_program *program =
        words == NULL ? iw_deployment_of_program(image) : NULL;
    return iw_deployment_is_tool(program) ? program->words : words;
}

static void take_better(struct iw_deployment *best, struct iw_deployment other)
{
    if (other.proof > best->proof)
        *best = other;
}

struct iw_deployment iw_deployment_above(const struct iw_process *process, struct iw_str image,
                                         const struct iw_chain_settings *settings,
                                         bool *ret_by_server)
{
    const struct iw_process *line[IW_LIMIT_LINEAGE_DEPTH + 1] = {process};
    size_t n = process == NULL
                   ? 0
                   : 1 + iw_process_ancestors(process, line + 1, IW_LIMIT_LINEAGE_DEPTH, NULL);
    struct iw_deployment best = deployment_of(line, n, image);
    const char *tool = words_of_tool(NULL, image);
    if (ret_by_server != NULL)
        *ret_by_server = iw_program_serves(
            image, process != NULL ? process->command_line : IW_STR(""), settings);
    for (size_t i = 1; i < n; i++) {
        if (iw_program_serves(line[i]->name.image, line[i]->command_line, settings)) {
            if (ret_by_server != NULL)
                *ret_by_server = true;
            return (struct iw_deployment){IW_DEPLOYMENT_NONE, NULL};
        }
        take_better(&best, deployment_of(line + i, n - i, line[i]->name.image));
        tool = words_of_tool(tool, line[i]->name.image);
    }
    if (tool != NULL && best.proof == IW_DEPLOYMENT_KNOWN) /* who told it to stands above it */
        best.words = tool;
    return best;
}
