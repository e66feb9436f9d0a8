/*
 * Verbs of deployment and installation (see lab/scenarios/README.md).
 *
 * What it does: the processes real tools leave (msdeploy under wmsvc, robocopy in a logon, agents
 * of build servers, msiexec, TiWorker with iissetup and appcmd), and the files they write.
 */
#include "lab/act/lab_act.h"
#include "lab/act/lab_deploy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INETSRV "C:\\Windows\\System32\\inetsrv\\"

/* ---- deployments */

static const struct tool {
    const char *name, *image, *command, *parent, *agent_image, *agent_command;
} tools[] = {
    {"msdeploy", "C:\\Program Files\\IIS\\Microsoft Web Deploy V3\\msdeploy.exe",
     "\"C:\\Program Files\\IIS\\Microsoft Web Deploy V3\\msdeploy.exe\" -verb:sync "
     "-source:package='C:\\Deploy\\release.package.zip' -dest:iisApp='%s'",
     "wmsvc", NULL, NULL},
    {"robocopy", "C:\\Windows\\System32\\Robocopy.exe",
     "robocopy \\\\build02.lab.example\\drop\\release \"%s\" /MIR /R:1", NULL,
     "C:\\Windows\\System32\\cmd.exe", "cmd.exe /c C:\\Deploy\\deploy.cmd"},
    {"xcopy", "C:\\Windows\\System32\\xcopy.exe",
     "xcopy \\\\build02.lab.example\\drop\\release \"%s\" /E /Y", NULL,
     "C:\\Windows\\System32\\cmd.exe", "cmd.exe /c C:\\Deploy\\deploy.cmd"},
    {"octopus", "C:\\Octopus\\Tools\\Calamari\\28.2.1\\Calamari.exe",
     "\"C:\\Octopus\\Tools\\Calamari\\28.2.1\\Calamari.exe\" deploy-package "
     "-package=C:\\Octopus\\Files\\Shop.2026.1.nupkg -target=\"%s\"",
     NULL, "C:\\Program Files\\Octopus Deploy\\Tentacle\\Tentacle.exe",
     "\"C:\\Program Files\\Octopus Deploy\\Tentacle\\Tentacle.exe\" run --instance=Tentacle"},
    {"azure", "C:\\azagent\\A1\\bin\\Agent.Worker.exe",
     "\"C:\\azagent\\A1\\bin\\Agent.Worker.exe\" spawnclient 1412 1420", NULL,
     "C:\\azagent\\A1\\bin\\Agent.Listener.exe",
     "\"C:\\azagent\\A1\\bin\\Agent.Listener.exe\" run"},
    {"git", "C:\\Program Files\\Git\\cmd\\git.exe", "git pull --ff-only origin main", NULL,
     "C:\\Windows\\System32\\cmd.exe", "cmd.exe /c C:\\Deploy\\pull.cmd"},
};

static const struct tool *find_tool(const char *name)
{
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        if (strcmp(tools[i].name, name) == 0) {
            return &tools[i];
        }
    }
    return NULL;
}

/* Names a release of n files has. */
static void invent_name(size_t i, char *name, size_t size_bytes)
{
    static const char *const kinds[] = {"Views\\Page%02zu.aspx",   "Content\\style%02zu.css",
                                        "Scripts\\part%02zu.js",   "images\\pic%02zu.png",
                                        "bin\\Shop.Part%02zu.dll", "Services\\Api%02zu.ashx",
                                        "fonts\\font%02zu.woff2",  "Content\\theme%02zu.css"};
    if (i == 0) {
        snprintf(name, size_bytes, "web.config");
        return;
    }
    /* The kind of a place in the list is always the same. */
    const char *kind = kinds[i % 8];
    const char *place = strstr(kind, "%02zu");
    snprintf(name, size_bytes, "%.*s%02zu%s", (int)(place - kind), kind, i / 8, place + 5);
}

/* False: noted. */
static bool put_file(struct iw_lab_host *host, const struct iw_lab_process *process,
                     const char *root, const char *name)
{
    char path[1400];
    int used = snprintf(path, sizeof path, "%s\\%s", root, name);
    if (used < 0 || (size_t)used >= sizeof path || !iw_lab_is_path(path)) {
        return iw_lab_world_fail(host->world, NULL, "no file to deploy: %s", name);
    }
    struct iw_lab_content content = iw_lab_content_by_name(host, path);
    content.seed ^= host->now;
    if (content.kind == IW_LAB_CONTENT_PE) {
        content.pe.kind = IW_LAB_PE_MANAGED;
        content.pe.seed ^= host->now;
    }
    iw_lab_deed_write(host, process, path, &content);
    iw_lab_host_pass(host, 7);
    return true;
}

bool iw_lab_deploy(struct iw_lab_host *host, const struct iw_lab_deployment *deployment)
{
    const struct tool *tool = find_tool(deployment->tool);
    char command[2048], name[120], root[1024];
    struct iw_lab_pool *pool = NULL;
    if (tool == NULL ||
        !iw_lab_site_resolve(deployment->site, deployment->place, root, sizeof root, &pool)) {
        return false;
    }
    size_t length = strlen(root);
    root[length - (length > 0 && root[length - 1] == '\\')] = '\0';
    const char *target = strcmp(tool->name, "msdeploy") == 0 ? deployment->site->name : root;
    const char *hole = strstr(tool->command, "%s");
    snprintf(command, sizeof command, "%.*s%s%s",
             (int)(hole == NULL ? strlen(tool->command) : (size_t)(hole - tool->command)),
             tool->command, hole == NULL ? "" : target, hole == NULL ? "" : hole + 2);
    struct iw_lab_process *agent = NULL;
    const struct iw_lab_process *parent =
        iw_lab_host_process(host, tool->parent == NULL ? "services" : tool->parent);
    if (tool->agent_image != NULL) {
        struct iw_lab_program_facts facts = {.image = tool->agent_image,
                                             .command = tool->agent_command};
        agent = iw_lab_deed_start(host, NULL, &facts, deployment->session, parent, 0);
        iw_lab_host_pass(host, 200);
        parent = agent;
    }
    struct iw_lab_program_facts facts = {.image = tool->image, .command = command};
    struct iw_lab_process *process =
        iw_lab_deed_start(host, NULL, &facts, deployment->session, parent, 0);
    iw_lab_host_pass(host, 800);
    for (size_t i = 0; i < deployment->n_invented; i++) {
        invent_name(i, name, sizeof name);
        put_file(host, process, root, name);
    }
    bool ok = true;
    for (size_t i = 0; ok && i < deployment->n_files; i++) {
        ok = put_file(host, process, root, deployment->files[i]);
    }
    iw_lab_deed_end(host, process);
    if (agent != NULL) {
        iw_lab_deed_end(host, agent);
    }
    return ok;
}

#define MAX_FILES 600U
#define DEPLOY_TOOLS "msdeploy robocopy xcopy octopus azure git"

static bool play_deploy(struct iw_lab_play *play)
{
    const char *names[MAX_FILES];
    const struct iw_lab_yaml_node *files = iw_lab_yaml_get(play->yaml, play->act->details, "files");
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(play->yaml, files);
    struct iw_lab_deployment deployment = {.tool = iw_lab_play_text(play, "tool", ""),
                                           .session = iw_lab_play_session(play, "session"),
                                           .place = iw_lab_play_text(play, "path", "/"),
                                           .files = names};
    deployment.site = deployment.session == NULL ? NULL : iw_lab_play_site(play, "site");
    if (deployment.site == NULL) {
        return false;
    }
    if (files->kind == IW_LAB_YAML_TEXT) {
        uint64_t n = 0;
        if (!iw_lab_play_number(play, "files", 5000, &n)) {
            return false;
        }
        deployment.n_invented = (size_t)n;
    }
    for (; item != NULL; item = iw_lab_yaml_next(play->yaml, item)) {
        if (item->kind != IW_LAB_YAML_TEXT || deployment.n_files == MAX_FILES) {
            return iw_lab_world_fail(play->host->world, item,
                                     "files is a number, or a list of at most %u names", MAX_FILES);
        }
        names[deployment.n_files++] = item->text;
    }
    if (iw_lab_play_word(play, "tool", "", DEPLOY_TOOLS) == NULL) {
        return false;
    }
    return iw_lab_deploy(play->host, &deployment) ||
           iw_lab_play_fail(play, "the site has no place %s", deployment.place);
}

/* ---- installations */

static bool play_install_msi(struct iw_lab_play *play)
{
    const struct iw_lab_session *session = iw_lab_play_session(play, "session");
    const struct iw_lab_process *service = iw_lab_host_process(play->host, "msiexec");
    const struct iw_lab_yaml_node *details = play->act->details;
    const struct iw_lab_yaml_node *changes = iw_lab_yaml_get(play->yaml, details, "changes");
    const struct iw_lab_yaml_node *item =
        iw_lab_yaml_first(play->yaml, iw_lab_yaml_get(play->yaml, details, "files"));
    const char *product = iw_lab_play_text(play, "product", "");
    if (session == NULL) {
        return false;
    }
    for (; item != NULL; item = iw_lab_yaml_next(play->yaml, item)) {
        if (!iw_lab_is_path(item->text)) {
            return iw_lab_world_fail(play->host->world, item, "no file: %s", item->text);
        }
        struct iw_lab_content content = iw_lab_content_by_name(play->host, item->text);
        content.signer = iw_lab_play_text(play, "manufacturer", "Example Corporation");
        content.pe.company = content.signer;
        content.pe.product = product;
        content.pe.version = iw_lab_play_text(play, "version", "1.0.0");
        if (content.kind == IW_LAB_CONTENT_PE && strstr(item->text, ".dll") != NULL) {
            content.pe.kind = IW_LAB_PE_NATIVE_MODULE;
        }
        content.is_embedded = content.kind == IW_LAB_CONTENT_PE;
        play->host->world->has_signed = play->host->world->has_signed || content.is_embedded;
        iw_lab_deed_write(play->host, service, item->text, &content);
        iw_lab_host_pass(play->host, 40);
    }
    if (changes != NULL && !iw_lab_play_changes(play, changes, service, false)) {
        return false;
    }
    iw_lab_log_msi(play->host, session, product, iw_lab_play_text(play, "version", "1.0.0"),
                   iw_lab_play_text(play, "manufacturer", "Example Corporation"));
    return true;
}

/* iissetup runs appcmd for each module; the configuration has them already, so setting an entry to
 * what it is stands for adding it. */
static void install_module(struct iw_lab_host *host, struct iw_lab_process *setup, const char *name,
                           const char *image)
{
    char command[400];
    snprintf(command, sizeof command,
             "\"" INETSRV "appcmd.exe\" install module /name:%s /image:%s /add:true", name, image);
    struct iw_lab_program_facts facts = {.image = INETSRV "appcmd.exe", .command = command};
    struct iw_lab_process *appcmd = iw_lab_deed_start(host, NULL, &facts, NULL, setup, 0);
    char added[160], used[160];
    snprintf(added, sizeof added, "/system.webServer/globalModules/add[@name=\"%s\"]", name);
    snprintf(used, sizeof used, "/system.webServer/modules/add[@name=\"%s\"]", name);
    char empty[] = "";
    char value[128];
    snprintf(value, sizeof value, "%s", name);
    struct iw_lab_config_step items[] = {{added, empty, value}, {used, empty, value}};
    struct iw_lab_config_steps steps = {.items = items, .n_items = 2};
    iw_lab_host_pass(host, 120);
    iw_lab_log_config_steps(host, appcmd, IW_LAB_APPHOST, "MACHINE/WEBROOT/APPHOST", "", &steps);
    iw_lab_log_config_committed(host, appcmd, IW_LAB_APPHOST);
    struct iw_lab_file *config = iw_lab_host_file(host, IW_LAB_APPHOST);
    config->changed = host->now;
    iw_lab_log_file_created(host, appcmd, config);
    iw_lab_deed_end(host, appcmd);
}

static bool play_install_role(struct iw_lab_play *play)
{
    struct iw_lab_host *host = play->host;
    const struct iw_lab_session *session = iw_lab_play_session(play, "session");
    struct iw_lab_process *worker = iw_lab_host_process(host, "tiworker");
    struct iw_lab_config_modules modules;
    if (session == NULL) {
        return false;
    }
    if (!host->is_web) {
        return iw_lab_play_fail(play, "%s has no IIS", host->name);
    }
    if (iw_lab_host_file(host, IW_LAB_APPHOST) == NULL) {
        return iw_lab_play_fail(play, "there is no file %s", IW_LAB_APPHOST);
    }
    iw_lab_log_servicing(host, iw_lab_play_text(play, "feature", "IIS-WebServer"), false,
                         "DISM Package Manager Provider");
    struct iw_lab_program_facts facts = {.image = INETSRV "iissetup.exe",
                                         .command = INETSRV "iissetup.exe /install "
                                                            "W3SVC /launchedByCmd"};
    struct iw_lab_process *setup = iw_lab_deed_start(host, NULL, &facts, NULL, worker, 0);
    iw_lab_config_native_modules(host->config, "", false, "v4.0", &modules);
    for (size_t i = 0; i < modules.n_items && !host->world->is_failed; i++) {
        struct iw_lab_file *file = iw_lab_host_file(host, modules.items[i].image);
        if (file != NULL && file->is_inbox) {
            iw_lab_log_file_created(host, worker, file);
            iw_lab_host_pass(host, 15);
        }
        install_module(host, setup, modules.items[i].name, modules.items[i].image);
        iw_lab_host_pass(host, 90);
    }
    iw_lab_config_modules_done(&modules);
    iw_lab_deed_end(host, setup);
    iw_lab_log_service_state(host, "World Wide Web Publishing Service", "running");
    return true;
}

static bool play_service_update(struct iw_lab_play *play)
{
    struct iw_lab_host *host = play->host;
    const struct iw_lab_process *worker = iw_lab_host_process(host, "tiworker");
    const struct iw_lab_yaml_node *item =
        iw_lab_yaml_first(play->yaml, iw_lab_yaml_get(play->yaml, play->act->details, "files"));
    for (; item != NULL; item = iw_lab_yaml_next(play->yaml, item)) {
        if (!iw_lab_is_path(item->text)) {
            return iw_lab_world_fail(host->world, item, "no file: %s", item->text);
        }
        const struct iw_lab_file *old = iw_lab_host_file(host, item->text);
        struct iw_lab_content content =
            old != NULL ? old->content : iw_lab_content_by_name(host, item->text);
        content.pe.seed += host->now;
        content.pe.company = "Microsoft Corporation";
        content.pe.version = "10.0.20348.2849";
        struct iw_lab_file *file = iw_lab_deed_write(host, worker, item->text, &content);
        file->is_inbox = true;
        iw_lab_host_pass(host, 30);
    }
    iw_lab_log_servicing(host, iw_lab_play_text(play, "package", ""), true, "WindowsUpdateAgent");
    return true;
}

const struct iw_lab_verb iw_lab_verbs_install[] = {
    {"deploy", "tool* session* site* path files:any*", play_deploy},
    {"install-msi", "product* version manufacturer session* files:texts changes:maps",
     play_install_msi},
    {"install-role", "session* feature", play_install_role},
    {"service-update", "package* files:texts*", play_service_update},
    {NULL, NULL, NULL}};
