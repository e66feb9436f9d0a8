/*
 * Processes of a host (see lab_world.h).
 *
 * What it does: numbers that are free (and are given out again later), process GUIDs as Sysmon
 * builds them, facts of well-known programs. What it ignores: logging them.
 */
#include "lab/lab_alloc.h"
#include "lab/world/lab_world.h"

#include <stdio.h>
#include <string.h>

#define UNIX_EPOCH_SECONDS UINT64_C(11644473600)
#define N_PIDS 4096U /* multiples of 4 up to 16384 */
#define FIRST_PID 100U
#define MAX_PROCESSES 3500U /* at a time; enough stay free for new ones to be found by chance */

static const struct {
    const char *file, *original_name, *description;
} known_programs[] = {
    {"appcmd.exe", "appcmd.exe", "Application Server Command Line Admin Tool"},
    {"at.exe", "AT.EXE", "Schedule service command line interface"},
    {"bitsadmin.exe", "bitsadmin.exe", "BITS administration utility"},
    {"certutil.exe", "CertUtil.exe", "CertUtil.exe"},
    {"cmd.exe", "Cmd.Exe", "Windows Command Processor"},
    {"conhost.exe", "CONHOST.EXE", "Console Window Host"},
    {"csc.exe", "csc.exe", "Visual C# Command Line Compiler"},
    {"cscript.exe", "cscript.exe", "Microsoft (r) Console Based Script Host"},
    {"curl.exe", "curl.exe", "The curl executable"},
    {"cvtres.exe", "CVTRES.EXE", "Microsoft(r) Resource File To COFF Object Conversion Utility"},
    {"explorer.exe", "EXPLORER.EXE", "Windows Explorer"},
    {"findstr.exe", "FINDSTR.EXE", "Find String (QGREP) Utility"},
    {"gacutil.exe", "gacutil.exe", "Microsoft (R) .NET Global Assembly Cache Utility"},
    {"iisreset.exe", "iisreset.exe", "IIS Control Utility"},
    {"iissetup.exe", "iissetup.exe", "IIS Setup Utility"},
    {"inetmgr.exe", "InetMgr.exe", "IIS Manager"},
    {"ipconfig.exe", "ipconfig.exe", "IP Configuration Utility"},
    {"lsass.exe", "lsass.exe", "Local Security Authority Process"},
    {"mmc.exe", "mmc.exe", "Microsoft Management Console"},
    {"msdeploy.exe", "msdeploy.exe", "Web Deploy Command"},
    {"mshta.exe", "MSHTA.EXE", "Microsoft (R) HTML Application host"},
    {"msiexec.exe", "msiexec.exe", "Windows installer"},
    {"net.exe", "net.exe", "Net Command"},
    {"net1.exe", "net1.exe", "Net Command"},
    {"netstat.exe", "netstat.exe", "TCP/IP Netstat Command"},
    {"nltest.exe", "nltestrk.exe", "Microsoft Logon Server Test Utility"},
    {"notepad.exe", "NOTEPAD.EXE", "Notepad"},
    {"powershell.exe", "PowerShell.EXE", "Windows PowerShell"},
    {"quser.exe", "quser.exe", "Query User Utility"},
    {"reg.exe", "reg.exe", "Registry Console Tool"},
    {"regsvr32.exe", "REGSVR32.EXE", "Microsoft(C) Register Server"},
    {"robocopy.exe", "robocopy.exe", "Microsoft Robocopy"},
    {"rundll32.exe", "RUNDLL32.EXE", "Windows host process (Rundll32)"},
    {"sc.exe", "sc.exe", "Service Control Manager Configuration Tool"},
    {"schtasks.exe", "schtasks.exe", "Task Scheduler Configuration Tool"},
    {"services.exe", "services.exe", "Services and Controller app"},
    {"svchost.exe", "svchost.exe", "Host Process for Windows Services"},
    {"systeminfo.exe", "sysinfo.exe", "Displays system information"},
    {"taskhostw.exe", "taskhostw.exe", "Host Process for Windows Tasks"},
    {"tasklist.exe", "tasklist.exe", "Lists the current running tasks"},
    {"tiworker.exe", "TiWorker.exe", "Windows Modules Installer Worker"},
    {"trustedinstaller.exe", "TrustedInstaller.exe", "Windows Modules Installer"},
    {"vbc.exe", "vbc.exe", "Visual Basic Command Line Compiler"},
    {"w3wp.exe", "w3wp.exe", "IIS Worker Process"},
    {"werfault.exe", "WerFault.exe", "Windows Problem Reporting"},
    {"wevtutil.exe", "wevtutil.exe", "Eventing Command Line Utility"},
    {"whoami.exe", "whoami.exe", "whoami - displays logged on user information"},
    {"wmiprvse.exe", "Wmiprvse.exe", "WMI Provider Host"},
    {"wmic.exe", "wmic.exe", "WMI Commandline Utility"},
    {"wmsvc.exe", "WMSvc.exe", "Web Management Service"},
    {"wscript.exe", "wscript.exe", "Microsoft (r) Windows Based Script Host"},
    {"xcopy.exe", "XCOPY.EXE", "Extended Copy Utility"},
};

static size_t find_program(const char *image)
{
    const char *file = strrchr(image, '\\') == NULL ? image : strrchr(image, '\\') + 1;
    size_t i = 0;
    while (i < sizeof known_programs / sizeof known_programs[0] &&
           strcasecmp(known_programs[i].file, file) != 0) {
        i++;
    }
    return i;
}

static void fill_facts(struct iw_lab_host *host, struct iw_lab_process *process,
                       const struct iw_lab_program_facts *facts)
{
    size_t i = find_program(facts->image);
    bool is_known = i < sizeof known_programs / sizeof known_programs[0] &&
                    strncasecmp(facts->image, "C:\\", 3) == 0 &&
                    (strncasecmp(facts->image, "C:\\Windows\\", 11) == 0 ||
                     strncasecmp(facts->image, "C:\\Program Files", 16) == 0);
    const char *file =
        strrchr(facts->image, '\\') == NULL ? facts->image : strrchr(facts->image, '\\') + 1;
    process->original_name = facts->original_name != NULL ? facts->original_name
                             : is_known                   ? known_programs[i].original_name
                                                          : file;
    process->description = facts->description != NULL ? facts->description
                           : is_known                 ? known_programs[i].description
                                                      : "-";
    process->company = facts->company != NULL ? facts->company
                       : is_known             ? "Microsoft Corporation"
                                              : "-";
    process->original_name = iw_lab_host_intern(host, process->original_name);
    process->company = iw_lab_host_intern(host, process->company);
    process->directory = iw_lab_host_intern(
        host, facts->directory != NULL ? facts->directory : "C:\\Windows\\system32\\");
    process->integrity = iw_lab_host_intern(
        host, facts->integrity != NULL ? facts->integrity : process->session->integrity);
}

bool iw_lab_host_is_free_number(const struct iw_lab_host *host, unsigned number)
{
    return number % 4 == 0 && number / 4 >= FIRST_PID && number / 4 < N_PIDS &&
           host->pids_in_use[number / 4] == 0;
}

/* The number wanted, which is free, else (0) a free multiple of 4. */
static unsigned take_pid(struct iw_lab_host *host, unsigned wanted)
{
    unsigned slot = wanted / 4;
    if (host->n_pids_in_use == MAX_PROCESSES) {
        iw_lab_world_fail(host->world, NULL, "more than %u processes on %s", MAX_PROCESSES,
                          host->name);
        return 0;
    }
    while (wanted == 0 &&
           (slot == 0 || host->pids_in_use[slot] != 0 || host->pids_wished[slot] != 0)) {
        slot = FIRST_PID + (unsigned)iw_lab_random_below(&host->random, N_PIDS - FIRST_PID);
    }
    host->pids_in_use[slot] = 1;
    host->n_pids_in_use++;
    return slot * 4;
}

/* Sysmon's: a part of the machine, the start in Unix seconds, a token: {machine-low-high-…}. */
static void print_guid(const struct iw_lab_host *host, struct iw_lab_process *process)
{
    uint32_t machine = (uint32_t)iw_lab_random_of_text(host->computer);
    uint64_t started = process->started + (uint64_t)host->skew;
    uint32_t seconds = (uint32_t)(started / IW_LAB_SECOND - UNIX_EPOCH_SECONDS);
    uint64_t token = (started * 31 + iw_lab_random_of_text(process->pid)) & 0xFFFFFFFFFF;
    snprintf(process->guid, sizeof process->guid, "{%08X-%04X-%04X-%04X-%02X000000%04X}", machine,
             seconds & 0xFFFF, seconds >> 16, (unsigned)(token & 0xFFFF),
             (unsigned)(token >> 16 & 0xFF), (unsigned)(token >> 24 & 0xFFFF));
}

struct iw_lab_process *iw_lab_process_new(struct iw_lab_host *host, const char *key,
                                          const struct iw_lab_program_facts *facts,
                                          struct iw_lab_session *session)
{
    struct iw_lab_process *process = iw_lab_alloc_zeroed(1, sizeof *process);
    const char *command = facts->command != NULL ? facts->command : facts->image;
    process->key = iw_lab_arena_copy(&host->arena, key);
    process->started = host->now;
    process->session = session;
    process->pool = facts->pool;
    process->act = host->world->act;
    process->is_alive = true;
    process->image = iw_lab_alloc_text(facts->image, strlen(facts->image));
    process->command = iw_lab_alloc_text(command, strlen(command));
    process->number = take_pid(host, facts->number);
    snprintf(process->pid, sizeof process->pid, "%u", process->number);
    fill_facts(host, process, facts);
    print_guid(host, process);
    process->next = host->processes;
    host->processes = process;
    return process;
}

static void free_number(struct iw_lab_host *host, const struct iw_lab_process *process)
{
    unsigned slot = process->number / 4;
    if (host->pids_in_use[slot] != 0) {
        host->pids_in_use[slot] = 0;
        host->n_pids_in_use--;
    }
}

void iw_lab_process_finish(struct iw_lab_host *host, struct iw_lab_process *process)
{
    struct iw_lab_process **link = &host->processes;
    process->is_alive = false;
    free_number(host, process);
    if (process->pool != NULL && process->pool->worker == process) {
        process->pool->worker = NULL;
    }
    if (process->key != NULL) {
        return;
    }
    while (*link != process) {
        link = &(*link)->next;
    }
    *link = process->next;
    iw_lab_alloc_release(process->image);
    iw_lab_alloc_release(process->command);
    iw_lab_alloc_release(process);
}

struct iw_lab_process *iw_lab_host_process(struct iw_lab_host *host, const char *key)
{
    if (strncmp(key, "worker:", 7) == 0) {
        struct iw_lab_pool *pool = iw_lab_host_pool(host, key + 7);
        return pool == NULL ? NULL : pool->worker;
    }
    struct iw_lab_process *process = host->processes;
    while (process != NULL && (process->key == NULL || strcmp(process->key, key) != 0)) {
        process = process->next;
    }
    return process;
}

#define SYSTEM32 "C:\\Windows\\System32\\"

/* Numbers that acts of the scenario ask for are given to nobody else. */
static void keep_wished_numbers(struct iw_lab_host *host)
{
    const struct iw_lab_scenario *s = host->world->scenario;
    for (size_t i = 0; i < s->n_acts; i++) {
        uint64_t pid = 0;
        bool is_wish = iw_lab_yaml_is_word("start worker", s->acts[i].verb) &&
                       iw_lab_yaml_number(&s->yaml, s->acts[i].details, "pid", UINT16_MAX, &pid,
                                          &(struct iw_lab_error){.text = ""});
        if (is_wish && pid / 4 < N_PIDS) {
            host->pids_wished[pid / 4] = 1;
        }
    }
}

void iw_lab_process_make_builtin(struct iw_lab_host *host)
{
    static const struct {
        const char *key, *image, *command, *session;
        bool is_web;
    } rows[] = {
        {"wininit", SYSTEM32 "wininit.exe", "wininit.exe", "system", false},
        {"winlogon", SYSTEM32 "winlogon.exe", "winlogon.exe", "system", false},
        {"services", SYSTEM32 "services.exe", SYSTEM32 "services.exe", "system", false},
        {"lsass", SYSTEM32 "lsass.exe", "C:\\Windows\\system32\\lsass.exe", "system", false},
        {"dcom", SYSTEM32 "svchost.exe", "C:\\Windows\\system32\\svchost.exe -k DcomLaunch -p",
         "system", false},
        {"netsvcs", SYSTEM32 "svchost.exe",
         "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule", "system", false},
        {"eventlog", SYSTEM32 "svchost.exe",
         "C:\\Windows\\System32\\svchost.exe -k LocalServiceNetworkRestricted -p -s EventLog",
         "local", false},
        {"wmiprvse", SYSTEM32 "wbem\\WmiPrvSE.exe",
         "C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding", "network", false},
        {"trustedinstaller", "C:\\Windows\\servicing\\TrustedInstaller.exe",
         "C:\\Windows\\servicing\\TrustedInstaller.exe", "system", false},
        {"tiworker",
         "C:\\Windows\\WinSxS\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.20348."
         "1\\TiWorker.exe",
         NULL, "system", false},
        {"msiexec", SYSTEM32 "msiexec.exe", "C:\\Windows\\system32\\msiexec.exe /V", "system",
         false},
        {"sysmon", "C:\\Windows\\Sysmon64.exe", "C:\\Windows\\Sysmon64.exe", "system", false},
        {"apphost", SYSTEM32 "svchost.exe", "C:\\Windows\\system32\\svchost.exe -k apphost",
         "system", true},
        {"iissvcs", SYSTEM32 "svchost.exe", "C:\\Windows\\system32\\svchost.exe -k iissvcs",
         "system", true},
        {"wmsvc", SYSTEM32 "inetsrv\\wmsvc.exe", "C:\\Windows\\system32\\inetsrv\\wmsvc.exe",
         "local", true},
    };
    keep_wished_numbers(host);
    struct iw_lab_program_facts kernel = {.image = "System", .command = "", .company = "-"};
    struct iw_lab_process *system =
        iw_lab_process_new(host, "system", &kernel, iw_lab_host_session(host, "system"));
    free_number(host, system);
    system->number = 4;
    system->is_builtin = true;
    snprintf(system->pid, sizeof system->pid, "4");
    /* The machine started weeks before, the others with it or an hour before at the latest. */
    system->started -= UINT64_C(2003700) * IW_LAB_SECOND;
    print_guid(host, system);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].is_web && !host->is_web) {
            continue;
        }
        struct iw_lab_program_facts facts = {.image = rows[i].image, .command = rows[i].command};
        struct iw_lab_process *process = iw_lab_process_new(
            host, rows[i].key, &facts, iw_lab_host_session(host, rows[i].session));
        process->is_builtin = true;
        process->started -= (3600 + iw_lab_random_below(&host->random, 2000000)) * IW_LAB_SECOND;
        print_guid(host, process);
    }
}
