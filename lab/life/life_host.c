/*
 * Habits of the host and its people: logons, administrators, deployments, updates, tasks, recycles,
 * crashes, programs an application starts by design (see lab_life.h).
 */
#include "lab/act/lab_deploy.h"
#include "lab/life/lab_life.h"
#include "lab/world/lab_agenda.h"

#include <stdio.h>
#include <string.h>

#define SYSTEM32 "C:\\Windows\\System32\\"
#define INETSRV SYSTEM32 "inetsrv\\"

static struct iw_lab_session *log_on(struct iw_lab_habit *habit, const char *type,
                                     const char *workstation)
{
    return iw_lab_deed_logon(habit->host, NULL, habit->account, type, habit->address, workstation,
                             true);
}

static void log_off(struct iw_lab_host *host, void *subject)
{
    struct iw_lab_session *session = subject;
    struct iw_lab_session *linked = session->linked;
    iw_lab_deed_logoff(host, session);
    iw_lab_session_release(host, session);
    if (linked != NULL) {
        iw_lab_session_release(host, linked);
    }
}

void iw_lab_habit_monitoring(struct iw_lab_habit *habit)
{
    struct iw_lab_session *session = log_on(habit, "3", "-");
    iw_lab_agenda_put(habit->host, habit->host->now + 2 * IW_LAB_SECOND, log_off, session, NULL);
}

/* Looks around for some minutes and leaves. */
void iw_lab_habit_administration(struct iw_lab_habit *habit)
{
    static const struct {
        const char *image, *command;
    } looks[] = {
        {INETSRV "InetMgr.exe", "\"C:\\Windows\\System32\\inetsrv\\InetMgr.exe\""},
        {SYSTEM32 "mmc.exe", "\"C:\\Windows\\system32\\mmc.exe\" \"C:\\Windows\\system32\\"
                             "eventvwr.msc\" /s"},
        {SYSTEM32 "notepad.exe", "\"C:\\Windows\\system32\\NOTEPAD.EXE\" C:\\Admin\\notes.txt"},
        {SYSTEM32 "cmd.exe", "\"C:\\Windows\\system32\\cmd.exe\""},
    };
    struct iw_lab_host *host = habit->host;
    struct iw_lab_session *session = log_on(habit, "10", host->name);
    iw_lab_host_pass(host, 400);
    const struct iw_lab_process *desktop = iw_lab_deed_explorer(host, session);
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        struct iw_lab_program_facts facts = {.image = looks[i].image,
                                             .command = looks[i].command,
                                             .directory = "C:\\Users\\admin\\",
                                             .integrity = "High"};
        if (i == 0 && !host->is_web) {
            continue;
        }
        iw_lab_host_pass(host, 1000 + iw_lab_random_below(&host->random, 9000));
        struct iw_lab_process *process = iw_lab_deed_start(host, NULL, &facts, session, desktop, 0);
        struct iw_lab_program_facts list = {
            .image = INETSRV "appcmd.exe", .command = "appcmd  list modules", .directory = INETSRV};
        if (i == 3 && host->is_web) {
            iw_lab_host_pass(host, 5000);
            iw_lab_deed_start(host, NULL, &list, NULL, process, 200 * IW_LAB_MILLISECOND);
        }
    }
    iw_lab_agenda_put(host, host->now + 300 * IW_LAB_SECOND, log_off, session, NULL);
}

void iw_lab_habit_deployments(struct iw_lab_habit *habit)
{
    struct iw_lab_host *host = habit->host;
    struct iw_lab_session *session =
        iw_lab_deed_logon(host, NULL, habit->account, "3", "10.20.1.40", "BUILD02", true);
    struct iw_lab_deployment deployment = {.tool = habit->tool,
                                           .session = session,
                                           .site = habit->site,
                                           .place = "/",
                                           .n_invented = (size_t)habit->n_files};
    iw_lab_host_pass(host, 300);
    if (!iw_lab_deploy(host, &deployment)) {
        iw_lab_world_fail(host->world, habit->details, "no tool \"%s\"", habit->tool);
    }
    iw_lab_agenda_put(host, host->now + 4 * IW_LAB_SECOND, log_off, session, NULL);
}

static void run(struct iw_lab_host *host, const char *parent, const char *image,
                const char *command, unsigned seconds)
{
    struct iw_lab_program_facts facts = {.image = image, .command = command};
    iw_lab_deed_start(host, NULL, &facts, NULL, iw_lab_host_process(host, parent),
                      seconds * IW_LAB_SECOND);
}

void iw_lab_habit_updates(struct iw_lab_habit *habit)
{
    struct iw_lab_host *host = habit->host;
    struct iw_lab_program_facts facts = {
        .image = SYSTEM32 "svchost.exe",
        .command = "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s wuauserv"};
    iw_lab_log_service_state(host, "Windows Update", "running");
    const struct iw_lab_process *service = iw_lab_deed_start(
        host, NULL, &facts, NULL, iw_lab_host_process(host, "services"), 600 * IW_LAB_SECOND);
    iw_lab_host_pass(host, 2500);
    iw_lab_log_resolve(host, service, "updates.lab.example", "10.20.0.15");
    iw_lab_log_connect(host, service, "10.20.0.15", "updates.lab.example", "443");
}

void iw_lab_habit_recycling(struct iw_lab_habit *habit)
{
    iw_lab_deed_recycle(habit->host, habit->pool, "schedule");
}

void iw_lab_habit_tasks(struct iw_lab_habit *habit)
{
    static const struct {
        const char *image, *command;
    } tasks[] = {
        {SYSTEM32 "taskhostw.exe", "taskhostw.exe"},
        {SYSTEM32 "CompatTelRunner.exe", "C:\\Windows\\system32\\compattelrunner.exe"},
        {SYSTEM32 "defrag.exe", "C:\\Windows\\system32\\defrag.exe -c -h -k -g -$"},
        {"C:\\Program Files (x86)\\Microsoft\\EdgeUpdate\\MicrosoftEdgeUpdate.exe",
         "\"C:\\Program Files (x86)\\Microsoft\\EdgeUpdate\\MicrosoftEdgeUpdate.exe\" /ua "
         "/installsource scheduler"},
    };
    size_t i = (size_t)iw_lab_random_below(&habit->host->random, sizeof tasks / sizeof tasks[0]);
    run(habit->host, "netsvcs", tasks[i].image, tasks[i].command, 20);
}

void iw_lab_habit_crashes(struct iw_lab_habit *habit)
{
    struct iw_lab_host *host = habit->host;
    struct iw_lab_process *worker = iw_lab_deed_worker(host, habit->pool);
    char command[120];
    snprintf(command, sizeof command, "C:\\Windows\\system32\\WerFault.exe -u -p %s -s 1180",
             worker->pid);
    struct iw_lab_program_facts facts = {.image = SYSTEM32 "WerFault.exe", .command = command};
    iw_lab_log_crash(host, worker, "clr.dll", "c0000005");
    iw_lab_deed_start(host, NULL, &facts, NULL, worker, 2 * IW_LAB_SECOND);
    iw_lab_host_pass(host, 900);
    iw_lab_deed_recycle(host, habit->pool, NULL);
}

void iw_lab_habit_command(struct iw_lab_habit *habit)
{
    struct iw_lab_host *host = habit->host;
    struct iw_lab_process *worker = iw_lab_deed_worker(host, habit->pool);
    size_t length = strcspn(habit->command, " ");
    char image[600];
    bool is_path = memchr(habit->command, '\\', length) != NULL;
    bool is_named = length > 4 && strncasecmp(habit->command + length - 4, ".exe", 4) == 0;
    snprintf(image, sizeof image, "%s%.*s%s", is_path ? "" : SYSTEM32, (int)length, habit->command,
             is_named ? "" : ".exe");
    struct iw_lab_program_facts facts = {.image = image, .command = habit->command};
    iw_lab_deed_start(host, NULL, &facts, NULL, worker, 300 * IW_LAB_MILLISECOND);
}

void iw_lab_habit_services(struct iw_lab_habit *habit)
{
    static const char *const names[] = {"WinHTTP Web Proxy Auto-Discovery Service",
                                        "Windows Modules Installer", "Software Protection",
                                        "Network Setup Service"};
    struct iw_lab_host *host = habit->host;
    const char *name = names[iw_lab_random_below(&host->random, 4)];
    iw_lab_log_service_state(host, name, "running");
    iw_lab_host_pass(host, 4000);
    iw_lab_log_service_state(host, name, "stopped");
}
