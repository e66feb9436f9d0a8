/*
 * Deeds of processes and sessions (see lab_deed.h).
 */
#include "lab/act/lab_deed.h"
#include "lab/lab_alloc.h"
#include "lab/world/lab_agenda.h"

#include <stdio.h>
#include <string.h>

struct ending {
    char guid[IW_LAB_GUID_BYTES];
};

/* The process may have ended in another way, and its place been taken. */
static void end_later(struct iw_lab_host *host, void *subject)
{
    struct ending *ending = subject;
    struct iw_lab_process *process = host->processes;
    while (process != NULL && strcmp(process->guid, ending->guid) != 0) {
        process = process->next;
    }
    if (process != NULL && process->is_alive) {
        iw_lab_deed_end(host, process);
    }
}

/* ---- whose children they are */

static void descend(struct iw_lab_process *process, const struct iw_lab_process *parent)
{
    const struct iw_lab_process *worker = process->pool != NULL ? process : parent;
    process->worker_pool = process->pool != NULL ? process->pool->name : parent->worker_pool;
    if (process->worker_pool != NULL) {
        memcpy(process->worker_guid, worker->pool != NULL ? worker->guid : worker->worker_guid,
               sizeof process->worker_guid);
    }
}

/* ---- consoles */

static bool is_console_program(const char *image)
{
    static const char *const names[] = {"cmd.exe",      "powershell.exe", "pwsh.exe", "appcmd.exe",
                                        "msdeploy.exe", "robocopy.exe",   "xcopy.exe"};
    const char *file = strrchr(image, '\\') == NULL ? image : strrchr(image, '\\') + 1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(names[i], file) == 0) {
            return true;
        }
    }
    return false;
}

/* A console program that has no console to share gets one: a conhost.exe below it. */
static void open_console(struct iw_lab_host *host, const struct iw_lab_process *process,
                         const struct iw_lab_process *parent)
{
    struct iw_lab_program_facts facts = {
        .image = "C:\\Windows\\System32\\conhost.exe",
        .command = "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1",
        .directory = "C:\\Windows",
        .integrity = process->integrity};
    if (!is_console_program(process->image) || is_console_program(parent->image)) {
        return;
    }
    iw_lab_host_pass(host, 1);
    struct iw_lab_process *console = iw_lab_process_new(host, NULL, &facts, process->session);
    console->console_of = process;
    descend(console, process);
    iw_lab_log_process_start(host, console, process);
}

static void close_console(struct iw_lab_host *host, const struct iw_lab_process *process)
{
    struct iw_lab_process *console = host->processes;
    while (console != NULL && console->console_of != process) {
        console = console->next;
    }
    if (console != NULL) {
        iw_lab_log_process_end(host, console);
        iw_lab_process_finish(host, console);
    }
}

/* ---- starting and ending */

struct iw_lab_process *iw_lab_deed_start_shown(struct iw_lab_host *host, const char *key,
                                               const struct iw_lab_program_facts *facts,
                                               struct iw_lab_session *session,
                                               const struct iw_lab_process *shown_parent,
                                               uint64_t lives)
{
    struct iw_lab_process *process =
        iw_lab_process_new(host, key, facts, session == NULL ? shown_parent->session : session);
    const struct iw_lab_file *file = iw_lab_host_file(host, facts->image);
    const struct iw_lab_act *before = host->world->cause;
    if (file != NULL && file->act != NULL) {
        host->world->cause = file->act;
    }
    descend(process, shown_parent);
    iw_lab_log_process_start(host, process, shown_parent);
    open_console(host, process, shown_parent);
    host->world->cause = before;
    if (lives > 0) {
        struct ending *ending = iw_lab_alloc_zeroed(1, sizeof *ending);
        memcpy(ending->guid, process->guid, sizeof ending->guid);
        iw_lab_agenda_put_owned(host, host->now + lives, end_later, ending, host->world->act);
    }
    return process;
}

struct iw_lab_process *iw_lab_deed_start(struct iw_lab_host *host, const char *key,
                                         const struct iw_lab_program_facts *facts,
                                         struct iw_lab_session *session,
                                         const struct iw_lab_process *parent, uint64_t lives)
{
    struct iw_lab_program_facts complete = *facts;
    if (complete.directory == NULL) { /* as its parent has it */
        complete.directory = parent->directory;
    }
    if (complete.integrity == NULL && (session == NULL || session == parent->session)) {
        complete.integrity = parent->integrity;
    }
    return iw_lab_deed_start_shown(host, key, &complete, session, parent, lives);
}

void iw_lab_deed_end(struct iw_lab_host *host, struct iw_lab_process *process)
{
    close_console(host, process);
    iw_lab_log_process_end(host, process);
    iw_lab_process_finish(host, process);
}

/* ---- loads */

void iw_lab_deed_load(struct iw_lab_host *host, const struct iw_lab_process *process,
                      const char *dll)
{
    const struct iw_lab_file *file = iw_lab_host_file(host, dll);
    const struct iw_lab_act *before = host->world->cause;
    bool is_inbox = file == NULL || file->is_inbox;
    const char *signer = is_inbox                    ? "Microsoft Windows"
                         : file->content.is_tampered ? NULL
                                                     : file->content.signer;
    if (file != NULL && file->act != NULL) {
        host->world->cause = file->act;
    }
    iw_lab_log_load(host, process, dll, signer, is_inbox || signer != NULL ? "Valid" : NULL);
    host->world->cause = before;
}

/* 32-bit workers are redirected. */
static void redirect(const char *image, bool is_32, char *path, size_t size_bytes)
{
    static const char system32[] = "C:\\Windows\\System32\\";
    bool is_system = is_32 && strncasecmp(image, system32, sizeof system32 - 1) == 0;
    snprintf(path, size_bytes, "%s%s", is_system ? "C:\\Windows\\SysWOW64\\" : "",
             is_system ? image + sizeof system32 - 1 : image);
}

/* The act that registered this module, or NULL. */
static const struct iw_lab_act *who_registered(const struct iw_lab_host *host, const char *name)
{
    const struct iw_lab_mark *mark = host->marks;
    while (mark != NULL &&
           (strcmp(mark->section, "globalModules") != 0 || strcmp(mark->name, name) != 0)) {
        mark = mark->next;
    }
    return mark == NULL ? NULL : mark->act;
}

static void load_modules(struct iw_lab_host *host, struct iw_lab_process *worker)
{
    struct iw_lab_pool *pool = worker->pool;
    struct iw_lab_config_modules modules;
    char path[1024];
    iw_lab_deed_load(host, worker,
                     pool->is_32 ? "C:\\Windows\\SysWOW64\\inetsrv\\iiscore.dll"
                                 : "C:\\Windows\\System32\\inetsrv\\iiscore.dll");
    iw_lab_config_native_modules(host->config, pool->name, pool->is_32, pool->clr, &modules);
    for (size_t i = 0; i < modules.n_items && !host->world->is_failed; i++) {
        redirect(modules.items[i].image, pool->is_32, path, sizeof path);
        host->world->cause = who_registered(host, modules.items[i].name);
        iw_lab_host_pass(host, 2);
        if (iw_lab_host_file(host, path) != NULL) {
            iw_lab_deed_load(host, worker, path);
        } else if (strncmp(path, "\\\\", 2) == 0) { /* a share's file, which nobody signed */
            iw_lab_log_load(host, worker, path, NULL, NULL);
        } else {
            iw_lab_log_module_failed(host, pool, 2280, modules.items[i].image, "7E000000");
        }
        host->world->cause = NULL;
    }
    iw_lab_config_modules_done(&modules);
}

/* ---- workers */

static void print_worker_command(struct iw_lab_host *host, const struct iw_lab_pool *pool,
                                 char *command, size_t size_bytes)
{
    uint64_t a = iw_lab_random_next(&host->random);
    uint64_t b = iw_lab_random_next(&host->random);
    snprintf(command, size_bytes,
             "c:\\windows\\%s\\inetsrv\\w3wp.exe -ap \"%s\" -v \"%s\" -l \"webengine4.dll\" -a "
             "\\\\.\\pipe\\iisipm%08x-%04x-4%03x-a%03x-%012llx -h \"C:\\inetpub\\temp\\apppools\\%s"
             "\\%s.config\" -w \"\" -m 0 -t 20 -ta 0",
             pool->is_32 ? "syswow64" : "system32", pool->name, pool->clr, (unsigned)(a >> 32),
             (unsigned)(a & 0xFFFF), (unsigned)(a >> 16 & 0xFFF), (unsigned)(b & 0xFFF),
             (unsigned long long)(b >> 16 & 0xFFFFFFFFFFFF), pool->name, pool->name);
}

struct iw_lab_process *iw_lab_deed_worker(struct iw_lab_host *host, struct iw_lab_pool *pool)
{
    return pool->worker != NULL ? pool->worker : iw_lab_deed_worker_numbered(host, pool, 0);
}

struct iw_lab_process *iw_lab_deed_worker_numbered(struct iw_lab_host *host,
                                                   struct iw_lab_pool *pool, unsigned number)
{
    struct iw_lab_session *session = iw_lab_session_of_pool(host, pool);
    const struct iw_lab_process *parent = iw_lab_host_process(host, "iissvcs");
    char command[1024];
    if (!session->is_open) {
        session->is_open = true;
        iw_lab_log_logon(host, session);
        iw_lab_host_pass(host, 5);
    }
    print_worker_command(host, pool, command, sizeof command);
    struct iw_lab_program_facts facts = {
        .image = pool->is_32 ? "C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe"
                             : "C:\\Windows\\System32\\inetsrv\\w3wp.exe",
        .command = command,
        .directory = "c:\\windows\\system32\\inetsrv\\",
        .integrity = strcmp(session->key, "system") == 0 ? "System" : "High",
        .pool = pool,
        .number = number};
    char path[300];
    snprintf(path, sizeof path, "C:\\inetpub\\temp\\apppools\\%.100s\\%.100s.config", pool->name,
             pool->name);
    struct iw_lab_content generated = {.kind = IW_LAB_CONTENT_CONFIG, .config = host->config};
    struct iw_lab_file *file = iw_lab_file_put(host, path, &generated);
    file->act = NULL;
    iw_lab_log_file_created(host, parent, file);
    iw_lab_host_pass(host, 12);
    struct iw_lab_process *worker = iw_lab_deed_start(host, NULL, &facts, session, parent, 0);
    pool->worker = worker;
    iw_lab_host_pass(host, 90);
    load_modules(host, worker);
    return worker;
}

void iw_lab_deed_recycle(struct iw_lab_host *host, struct iw_lab_pool *pool, const char *reason)
{
    if (pool->worker == NULL) {
        return;
    }
    if (reason != NULL) {
        iw_lab_log_recycle(host, pool, pool->worker->pid, reason);
        iw_lab_host_pass(host, 30);
    }
    iw_lab_deed_end(host, pool->worker);
}

/* ---- sessions */

struct iw_lab_session *iw_lab_deed_logon(struct iw_lab_host *host, const char *key,
                                         const struct iw_lab_account *account, const char *type,
                                         const char *address, const char *workstation,
                                         bool is_elevated)
{
    bool is_desktop = iw_lab_type_has_desktop(type);
    struct iw_lab_session *session = iw_lab_session_new(host, key, account, type, address,
                                                        workstation, is_elevated || !is_desktop);
    if (is_desktop && account->is_privileged) { /* two tokens, logged as two logons */
        struct iw_lab_session *other =
            iw_lab_session_new(host, NULL, account, type, address, workstation, !is_elevated);
        session->linked = other;
        other->linked = session;
        iw_lab_log_logon(host, other);
    }
    iw_lab_log_logon(host, session);
    if (is_desktop) {
        iw_lab_host_pass(host, 700);
        iw_lab_deed_explorer(host, session);
    }
    return session;
}

/* A living process of one of the sessions that is nobody's console, or NULL. */
static struct iw_lab_process *process_of(struct iw_lab_host *host,
                                         const struct iw_lab_session *session,
                                         const struct iw_lab_session *other)
{
    struct iw_lab_process *process = host->processes;
    while (process != NULL &&
           (!process->is_alive || process->console_of != NULL ||
            (process->session != session && (other == NULL || process->session != other)))) {
        process = process->next;
    }
    return process;
}

void iw_lab_deed_logoff(struct iw_lab_host *host, struct iw_lab_session *session)
{
    struct iw_lab_session *other = session->linked;
    struct iw_lab_process *process;
    while ((process = process_of(host, session, other)) != NULL) { /* they end with it */
        iw_lab_deed_end(host, process);
    }
    session->desktop = NULL;
    iw_lab_log_logoff(host, session);
    session->is_open = false;
    if (other != NULL) {
        iw_lab_log_logoff(host, other);
        other->is_open = false;
    }
}

struct iw_lab_process *iw_lab_deed_explorer(struct iw_lab_host *host,
                                            struct iw_lab_session *session)
{
    char key[96];
    snprintf(key, sizeof key, "explorer:%s", session->key == NULL ? "" : session->key);
    struct iw_lab_process *process = session->desktop;
    struct iw_lab_program_facts winlogon = {.image = "C:\\Windows\\System32\\userinit.exe",
                                            .command = "C:\\Windows\\system32\\userinit.exe"};
    struct iw_lab_program_facts facts = {.image = "C:\\Windows\\explorer.exe",
                                         .command = "C:\\Windows\\Explorer.EXE",
                                         .integrity = "Medium"};
    if (process != NULL && process->is_alive) {
        return process;
    }
    const struct iw_lab_process *userinit = iw_lab_deed_start(
        host, NULL, &winlogon, session, iw_lab_host_process(host, "winlogon"), 25 * IW_LAB_SECOND);
    iw_lab_host_pass(host, 60);
    session->desktop =
        iw_lab_deed_start(host, session->key == NULL ? NULL : key, &facts, session, userinit, 0);
    return session->desktop;
}
