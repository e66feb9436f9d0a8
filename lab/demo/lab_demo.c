/*
 * The demo: from the tables of demo_scenario.c to event logs.
 *
 * What it does: walks the steps; each verb has one function that writes the events Windows would
 * write for it, with process GUIDs, PIDs (decimal in Sysmon, hexadecimal in Security), logon ids
 * and record ids that agree everywhere. What a log clear does: Security.evtx begins with the 1102;
 * what was before it is in the archive up to the last rotation, and the records between rotation
 * and clear are lost - their ids are missing. What it ignores: noise. A benchmark corpus is
 * elsewhere.
 */
#include "lab/demo/lab_demo.h"

#include "lab/evtx/lab_text.h"
#include "lab/lab_alloc.h"
#include "lab/lab_tree.h"
#include "lab/event/lab_record.h"
#include "lab/demo/demo_scenario.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define SECURITY_ROTATED "10:48:00.000"
#define SECURITY_ARCHIVE "Archive-Security-2026-01-05-10-48-00-000"
#define SYSMON_PROCESS "2612"
#define EVENTLOG_PROCESS "1188"
#define LSASS_PROCESS "728"
#define KERNEL_PROCESS "4"
#define SYSTEM_SID "S-1-5-18"
#define TEXT_BYTES 64U

struct demo {
    struct iw_lab_evtx *files[IW_LAB_N_CHANNELS];
    uint64_t next_record_id[IW_LAB_N_CHANNELS];
    char folder[PATH_MAX];
    bool security_lost; /* between rotation and clear */
    const struct iw_lab_demo_step *step;
    uint64_t filetime;
    char utc_time[32];
    struct iw_lab_record event;
    struct iw_lab_error *error;
};

/* First ids: a log that has been running for a while. */
static const uint64_t first_record_ids[IW_LAB_N_CHANNELS] = {
    [IW_LAB_CHANNEL_SECURITY] = 88121,  [IW_LAB_CHANNEL_SYSMON] = 48213,
    [IW_LAB_CHANNEL_SYSTEM] = 15302,    [IW_LAB_CHANNEL_APPLICATION] = 9077,
    [IW_LAB_CHANNEL_POWERSHELL] = 1204, [IW_LAB_CHANNEL_IIS_CONFIGURATION] = 311,
};

static bool open_file(struct demo *demo, enum iw_lab_channel channel, const char *name)
{
    char path[PATH_MAX];
    int used = snprintf(path, sizeof path, "%s/%s.evtx", demo->folder, name);
    struct iw_lab_evtx_options options = {.minor_version = 2,
                                          .first_record_id = demo->next_record_id[channel]};
    if (used < 0 || (size_t)used >= sizeof path) {
        return iw_lab_error_set(demo->error, "path too long: %.200s", demo->folder);
    }
    demo->files[channel] = iw_lab_evtx_new(path, &options, demo->error);
    return demo->files[channel] != NULL;
}

static bool close_file(struct demo *demo, enum iw_lab_channel channel)
{
    struct iw_lab_evtx *file = demo->files[channel];
    demo->files[channel] = NULL;
    return iw_lab_evtx_close(file, demo->error);
}

static const struct iw_lab_demo_process *find_process(const char *key)
{
    size_t i = 0;
    while (i < iw_lab_demo_n_processes && strcmp(iw_lab_demo_processes[i].key, key) != 0) {
        i++;
    }
    assert(i < iw_lab_demo_n_processes && "no such process");
    return &iw_lab_demo_processes[i];
}

static const struct iw_lab_demo_session *find_session(const char *key)
{
    size_t i = 0;
    while (i < iw_lab_demo_n_sessions && strcmp(iw_lab_demo_sessions[i].key, key) != 0) {
        i++;
    }
    assert(i < iw_lab_demo_n_sessions && "no such session");
    return &iw_lab_demo_sessions[i];
}

static uint64_t time_of_day(const char *text)
{
    char full[64];
    uint64_t filetime = 0;
    snprintf(full, sizeof full, IW_LAB_DEMO_DAY "%sZ", text);
    bool ok = iw_lab_text_parse_time(full, &filetime);
    assert(ok && "time of day");
    (void)ok;
    return filetime;
}

/* Sysmon builds it from a machine part, the start in Unix seconds and a token:
 * {machine-low-high-…}. */
static void print_process_guid(const struct iw_lab_demo_process *process, char out[TEXT_BYTES])
{
    uint64_t seconds = time_of_day(process->started) / 10000000U - 11644473600U;
    unsigned long id = strtoul(process->process_id, NULL, 10);
    snprintf(out, TEXT_BYTES, "{7A6F2C10-%04X-%04X-%04lX-000000000B00}",
             (unsigned)(seconds & 0xFFFFU), (unsigned)(seconds >> 16) & 0xFFFFU, id & 0xFFFFUL);
}

static void print_logon_guid(const struct iw_lab_demo_session *session, char out[TEXT_BYTES])
{
    unsigned long id = strtoul(session->logon_id, NULL, 16);
    snprintf(out, TEXT_BYTES, "{7A6F2C10-0000-695B-%04lX-%012lX}", id & 0xFFFFUL, id);
}

static void print_user(const struct iw_lab_demo_session *session, char out[2 * TEXT_BYTES])
{
    snprintf(out, (size_t)2 * TEXT_BYTES, "%s\\%s", session->domain, session->user);
}

/* Invented digests that depend on the path alone. */
static void print_hashes(const char *path, char out[256])
{
    uint64_t state[2] = {0xCBF29CE484222325ULL, 0x84222325CBF29CE4ULL};
    char digits[2 * 64 + 1];
    for (const char *at = path; *at != '\0'; at++) {
        uint64_t c = (uint8_t)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
        state[0] = (state[0] ^ c) * 0x100000001B3ULL;
        state[1] = (state[1] + c) * 0x9E3779B97F4A7C15ULL;
    }
    for (size_t i = 0; i < 8; i++) {
        state[i % 2] = (state[i % 2] ^ (state[(i + 1) % 2] >> 29)) * 0xBF58476D1CE4E5B9ULL;
        snprintf(digits + 16 * i, 17, "%016llX", (unsigned long long)state[i % 2]);
    }
    snprintf(out, 256, "MD5=%.32s,SHA256=%.64s,IMPHASH=%.32s", digits, digits + 32, digits + 96);
}

static void begin(struct demo *demo, enum iw_lab_channel channel, uint16_t event_id,
                  const char *process_id, const char *user_sid)
{
    const struct iw_lab_kind *kind = iw_lab_kind_find(channel, event_id);
    assert(kind != NULL && "no such kind in the catalogue");
    iw_lab_record_begin(&demo->event, kind, demo->filetime, process_id, user_sid);
}

static void set(struct demo *demo, const char *name, const char *text)
{
    iw_lab_record_set(&demo->event, name, text);
}

/* Writes the event; each one a little later than the one before. */
static bool end(struct demo *demo)
{
    struct iw_lab_record *event = &demo->event;
    enum iw_lab_channel channel = event->kind->channel;
    event->header.record_id = demo->next_record_id[channel]++;
    event->header.values = event->values;
    event->header.n_values = event->n_values;
    demo->filetime += 1871;
    if (channel == IW_LAB_CHANNEL_SECURITY && demo->security_lost) {
        return true;
    }
    size_t schema =
        iw_lab_kind_define(event->kind, IW_LAB_DEMO_COMPUTER, demo->files[channel], NULL);
    return iw_lab_evtx_add(demo->files[channel], schema, &event->header, demo->error);
}

static void begin_sysmon(struct demo *demo, uint16_t event_id)
{
    begin(demo, IW_LAB_CHANNEL_SYSMON, event_id, SYSMON_PROCESS, SYSTEM_SID);
    set(demo, "UtcTime", demo->utc_time);
}

/* ProcessGuid, ProcessId and Image, under these or other names, and the user where the kind has
 * one. */
static void set_process(struct demo *demo, const struct iw_lab_demo_process *process)
{
    char guid[TEXT_BYTES];
    print_process_guid(process, guid);
    set(demo, "ProcessGuid", guid);
    set(demo, "ProcessId", process->process_id);
    set(demo, "Image", process->image);
}

static const char *sysmon_user(const struct iw_lab_demo_process *process, char out[2 * TEXT_BYTES])
{
    print_user(find_session(process->session), out);
    return out;
}

/* The Security log names the computer account where Sysmon says NT AUTHORITY\SYSTEM. */
static void set_subject(struct demo *demo, const char *prefix,
                        const struct iw_lab_demo_session *session)
{
    bool system = strcmp(session->sid, SYSTEM_SID) == 0 && strcmp(prefix, "Subject") == 0;
    char name[TEXT_BYTES];
    snprintf(name, sizeof name, "%sUserSid", prefix);
    set(demo, name, session->sid);
    snprintf(name, sizeof name, "%sUserName", prefix);
    set(demo, name, system ? IW_LAB_DEMO_HOST "$" : session->user);
    snprintf(name, sizeof name, "%sDomainName", prefix);
    set(demo, name, system ? "LAB" : session->domain);
    snprintf(name, sizeof name, "%sLogonId", prefix);
    set(demo, name, session->logon_id);
}

static void set_file_facts(struct demo *demo, const char *original_name, bool known)
{
    set(demo, "FileVersion", known ? "10.0.20348.2849 (WinBuild.160101.0800)" : "-");
    set(demo, "Description", known ? original_name : "-");
    set(demo, "Product", known ? "Microsoft® Windows® Operating System" : "-");
    set(demo, "Company", known ? "Microsoft Corporation" : "-");
    set(demo, "OriginalFileName", known ? original_name : "-");
}

static bool write_sysmon_start(struct demo *demo, const struct iw_lab_demo_process *process)
{
    const struct iw_lab_demo_session *session = find_session(process->session);
    const struct iw_lab_demo_process *parent =
        process->parent != NULL ? find_process(process->parent) : NULL;
    char guid[TEXT_BYTES];
    char user[2 * TEXT_BYTES];
    char parent_user[2 * TEXT_BYTES];
    char hashes[256];
    begin_sysmon(demo, 1);
    set_process(demo, process);
    set_file_facts(demo, process->original_name, strcmp(process->original_name, "-") != 0);
    set(demo, "CommandLine", process->command_line);
    set(demo, "CurrentDirectory", process->directory);
    set(demo, "User", sysmon_user(process, user));
    print_logon_guid(session, guid);
    set(demo, "LogonGuid", guid);
    set(demo, "LogonId", session->logon_id);
    set(demo, "TerminalSessionId", strcmp(session->logon_type, "10") == 0 ? "2" : "0");
    set(demo, "IntegrityLevel", process->integrity);
    print_hashes(process->image, hashes);
    set(demo, "Hashes", hashes);
    if (parent != NULL) {
        print_process_guid(parent, guid);
        set(demo, "ParentProcessGuid", guid);
        set(demo, "ParentProcessId", parent->process_id);
        set(demo, "ParentImage", parent->image);
        set(demo, "ParentCommandLine", parent->command_line);
        set(demo, "ParentUser", sysmon_user(parent, parent_user));
    }
    return end(demo);
}

static const char *mandatory_label(const char *integrity)
{
    if (strcmp(integrity, "System") == 0) {
        return "S-1-16-16384";
    }
    return strcmp(integrity, "High") == 0 ? "S-1-16-12288" : "S-1-16-8192";
}

/* The subject is the creator; the target is named only when the new process runs as somebody else.
 */
static bool write_security_start(struct demo *demo, const struct iw_lab_demo_process *process)
{
    const struct iw_lab_demo_process *parent =
        process->parent != NULL ? find_process(process->parent) : process;
    const struct iw_lab_demo_session *creator = find_session(parent->session);
    const struct iw_lab_demo_session *session = find_session(process->session);
    begin(demo, IW_LAB_CHANNEL_SECURITY, 4688, KERNEL_PROCESS, NULL);
    set_subject(demo, "Subject", creator);
    set(demo, "NewProcessId", process->process_id);
    set(demo, "NewProcessName", process->image);
    set(demo, "TokenElevationType", "%%1936");
    set(demo, "CommandLine", process->command_line);
    if (creator != session) {
        set_subject(demo, "Target", session);
    }
    if (parent != process) {
        set(demo, "ProcessId", parent->process_id);
        set(demo, "ParentProcessName", parent->image);
    }
    set(demo, "MandatoryLabel", mandatory_label(process->integrity));
    return end(demo);
}

static bool write_start(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    assert(strcmp(process->started, demo->step->time) == 0 &&
           "start step and process table disagree");
    return write_sysmon_start(demo, process) && write_security_start(demo, process);
}

static bool write_end(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    char user[2 * TEXT_BYTES];
    begin_sysmon(demo, 5);
    set_process(demo, process);
    set(demo, "User", sysmon_user(process, user));
    if (!end(demo)) {
        return false;
    }
    begin(demo, IW_LAB_CHANNEL_SECURITY, 4689, KERNEL_PROCESS, NULL);
    set_subject(demo, "Subject", find_session(process->session));
    set(demo, "ProcessId", process->process_id);
    set(demo, "ProcessName", process->image);
    return end(demo);
}

static bool write_file(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    char user[2 * TEXT_BYTES];
    begin_sysmon(demo, 11);
    set_process(demo, process);
    set(demo, "TargetFilename", demo->step->a);
    set(demo, "CreationUtcTime", demo->utc_time);
    set(demo, "User", sysmon_user(process, user));
    return end(demo);
}

static bool write_access_file(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    begin(demo, IW_LAB_CHANNEL_SECURITY, 4663, KERNEL_PROCESS, NULL);
    set_subject(demo, "Subject", find_session(process->session));
    set(demo, "ObjectServer", "Security");
    set(demo, "ObjectType", "File");
    set(demo, "ObjectName", demo->step->a);
    set(demo, "HandleId", "0x1a4c");
    set(demo, "AccessList", demo->step->b);
    set(demo, "AccessMask", demo->step->c);
    set(demo, "ProcessId", process->process_id);
    set(demo, "ProcessName", process->image);
    set(demo, "ResourceAttributes", "S:AI");
    return end(demo);
}

static bool write_load(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    const char *name = strrchr(demo->step->a, '\\') + 1;
    bool is_signed = demo->step->b != NULL;
    char user[2 * TEXT_BYTES];
    char hashes[256];
    begin_sysmon(demo, 7);
    set_process(demo, process);
    set(demo, "ImageLoaded", demo->step->a);
    set_file_facts(demo, name, is_signed);
    print_hashes(demo->step->a, hashes);
    set(demo, "Hashes", hashes);
    set(demo, "Signed", is_signed ? "true" : "false");
    set(demo, "Signature", is_signed ? demo->step->b : "-");
    set(demo, "SignatureStatus", is_signed ? "Valid" : "Unavailable");
    set(demo, "User", sysmon_user(process, user));
    return end(demo);
}

static bool write_connect(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    char user[2 * TEXT_BYTES];
    begin_sysmon(demo, 3);
    set_process(demo, process);
    set(demo, "User", sysmon_user(process, user));
    set(demo, "Protocol", "tcp");
    set(demo, "Initiated", "1");
    set(demo, "SourceIp", "10.20.1.21");
    set(demo, "SourceHostname", IW_LAB_DEMO_COMPUTER);
    set(demo, "SourcePort", "51844");
    set(demo, "DestinationIp", demo->step->a);
    set(demo, "DestinationHostname", demo->step->b);
    set(demo, "DestinationPort", demo->step->c);
    set(demo, "DestinationPortName", "https");
    return end(demo);
}

static bool write_resolve(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    char user[2 * TEXT_BYTES];
    begin_sysmon(demo, 22);
    set_process(demo, process);
    set(demo, "QueryName", demo->step->a);
    set(demo, "QueryStatus", "0");
    set(demo, "QueryResults", demo->step->b);
    set(demo, "User", sysmon_user(process, user));
    return end(demo);
}

static bool write_registry(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    char user[2 * TEXT_BYTES];
    begin_sysmon(demo, 13);
    set_process(demo, process);
    set(demo, "EventType", "SetValue");
    set(demo, "TargetObject", demo->step->a);
    set(demo, "Details", demo->step->b);
    set(demo, "User", sysmon_user(process, user));
    return end(demo);
}

static bool write_open_process(struct demo *demo)
{
    const struct iw_lab_demo_process *source = find_process(demo->step->actor);
    const struct iw_lab_demo_process *target = find_process(demo->step->a);
    char guid[TEXT_BYTES];
    char user[2 * TEXT_BYTES];
    char target_user[2 * TEXT_BYTES];
    begin_sysmon(demo, 10);
    print_process_guid(source, guid);
    set(demo, "SourceProcessGUID", guid);
    set(demo, "SourceProcessId", source->process_id);
    set(demo, "SourceThreadId", "7160");
    set(demo, "SourceImage", source->image);
    print_process_guid(target, guid);
    set(demo, "TargetProcessGUID", guid);
    set(demo, "TargetProcessId", target->process_id);
    set(demo, "TargetImage", target->image);
    set(demo, "GrantedAccess", demo->step->b);
    set(demo, "CallTrace",
        "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4e4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e");
    set(demo, "SourceUser", sysmon_user(source, user));
    set(demo, "TargetUser", sysmon_user(target, target_user));
    return end(demo);
}

static void set_logon(struct demo *demo, const struct iw_lab_demo_session *session)
{
    bool network = strcmp(session->logon_type, "3") == 0;
    set_subject(demo, "Target", session);
    if (!network) {
        set_subject(demo, "Subject", find_session("system"));
        set(demo, "ProcessId", LSASS_PROCESS);
        set(demo, "ProcessName", "C:\\Windows\\System32\\lsass.exe");
    }
    set(demo, "LogonType", session->logon_type);
    set(demo, "LogonProcessName", session->logon_process);
    set(demo, "AuthenticationPackageName", session->package);
    set(demo, "WorkstationName", session->workstation);
    set(demo, "LmPackageName", strcmp(session->package, "NTLM") == 0 ? "NTLM V2" : "-");
    set(demo, "KeyLength", strcmp(session->package, "NTLM") == 0 ? "128" : "0");
    set(demo, "IpAddress", session->ip);
    set(demo, "IpPort", session->port);
    set(demo, "ImpersonationLevel", "%%1833");
    set(demo, "VirtualAccount", strncmp(session->sid, "S-1-5-82-", 9) == 0 ? "%%1842" : "%%1843");
    set(demo, "ElevatedToken", session->privileged ? "%%1842" : "%%1843");
}

static bool write_logon(struct demo *demo)
{
    const struct iw_lab_demo_session *session = find_session(demo->step->actor);
    begin(demo, IW_LAB_CHANNEL_SECURITY, 4624, LSASS_PROCESS, NULL);
    set_logon(demo, session);
    bool ok = end(demo);
    if (!ok || !session->privileged) {
        return ok;
    }
    begin(demo, IW_LAB_CHANNEL_SECURITY, 4672, LSASS_PROCESS, NULL);
    set_subject(demo, "Subject", session);
    set(demo, "PrivilegeList",
        "SeSecurityPrivilege\r\n\t\t\tSeBackupPrivilege\r\n\t\t\tSeRestorePrivilege\r\n\t\t\tSeDebu"
        "gPrivilege\r\n\t\t\tSeImpersonatePrivilege");
    return end(demo);
}

static bool write_logoff(struct demo *demo)
{
    const struct iw_lab_demo_session *session = find_session(demo->step->actor);
    begin(demo, IW_LAB_CHANNEL_SECURITY, 4634, LSASS_PROCESS, NULL);
    set_subject(demo, "Target", session);
    set(demo, "LogonType", session->logon_type);
    return end(demo);
}

#define APPHOST_FILE "\\\\?\\C:\\Windows\\system32\\inetsrv\\config\\applicationHost.config"

/* The writer's PID and SID stand in the System part. */
static bool write_config(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    begin(demo, IW_LAB_CHANNEL_IIS_CONFIGURATION, 29, process->process_id,
          find_session(process->session)->sid);
    set(demo, "PhysicalPath", APPHOST_FILE);
    set(demo, "ConfigPath", "MACHINE/WEBROOT/APPHOST");
    set(demo, "EffectiveLocationPath", "");
    set(demo, "Configuration", demo->step->a);
    set(demo, "EditOperationType", "1");
    set(demo, "OldValue", demo->step->b);
    set(demo, "NewValue", demo->step->c);
    return end(demo);
}

static bool write_commit(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    begin(demo, IW_LAB_CHANNEL_IIS_CONFIGURATION, 50, process->process_id,
          find_session(process->session)->sid);
    set(demo, "PhysicalPath", APPHOST_FILE);
    return end(demo);
}

static bool write_service(struct demo *demo)
{
    begin(demo, IW_LAB_CHANNEL_SYSTEM, 7036, find_process(demo->step->actor)->process_id, NULL);
    set(demo, "param1", demo->step->a);
    set(demo, "param2", demo->step->b);
    return end(demo);
}

static bool write_recycle(struct demo *demo)
{
    begin(demo, IW_LAB_CHANNEL_SYSTEM, 5186, "0", NULL);
    set(demo, "ProcessID", find_process(demo->step->actor)->process_id);
    set(demo, "AppPoolID", demo->step->a);
    return end(demo);
}

static bool write_installed(struct demo *demo)
{
    struct iw_lab_value items[7];
    const char *texts[7] = {demo->step->a, demo->step->b, "1033", "0", demo->step->c, "(NULL)", ""};
    for (size_t i = 0; i < 7; i++) {
        items[i] = iw_lab_value_text(texts[i]);
    }
    begin(demo, IW_LAB_CHANNEL_APPLICATION, 1033, "0", SYSTEM_SID);
    iw_lab_record_set_items(&demo->event, items, 7);
    return end(demo);
}

static bool write_crash(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    struct iw_lab_value items[14];
    char process_id[TEXT_BYTES];
    snprintf(process_id, sizeof process_id, "%lx", strtoul(process->process_id, NULL, 10));
    const char *texts[14] = {"w3wp.exe",
                             "10.0.20348.1",
                             "405e4a6b",
                             demo->step->a,
                             "4.8.4161.0",
                             "5f7e6148",
                             demo->step->b,
                             "00000000000a1b2c",
                             process_id,
                             "01dc7e1ac2b64f30",
                             process->image,
                             "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\clr.dll",
                             "6c0bb4a2-21f2-4b1e-9d0e-5b6f0c1a7d33",
                             ""};
    for (size_t i = 0; i < 14; i++) {
        items[i] = iw_lab_value_text(texts[i]);
    }
    begin(demo, IW_LAB_CHANNEL_APPLICATION, 1000, "0", NULL);
    iw_lab_record_set_items(&demo->event, items, 14);
    return end(demo);
}

static bool write_script(struct demo *demo)
{
    const struct iw_lab_demo_process *process = find_process(demo->step->actor);
    begin(demo, IW_LAB_CHANNEL_POWERSHELL, 4104, process->process_id,
          find_session(process->session)->sid);
    set(demo, "MessageNumber", "1");
    set(demo, "MessageTotal", "1");
    set(demo, "ScriptBlockText", demo->step->a);
    set(demo, "ScriptBlockId", "2f1d7c9e-63a5-4a0e-8f57-0b9a6d1c4e22");
    set(demo, "Path", demo->step->b);
    return end(demo);
}

/* The live log starts again; ids go on. */
static bool write_log_cleared(struct demo *demo)
{
    demo->security_lost = false;
    if (!open_file(demo, IW_LAB_CHANNEL_SECURITY, "Security")) {
        return false;
    }
    begin(demo, IW_LAB_CHANNEL_SECURITY, 1102, EVENTLOG_PROCESS, NULL);
    set_subject(demo, "Subject", find_session(demo->step->actor));
    return end(demo);
}

static bool (*const verbs[])(struct demo *demo) = {
    [IW_LAB_DEMO_START] = write_start,
    [IW_LAB_DEMO_END] = write_end,
    [IW_LAB_DEMO_FILE] = write_file,
    [IW_LAB_DEMO_ACCESS_FILE] = write_access_file,
    [IW_LAB_DEMO_LOAD] = write_load,
    [IW_LAB_DEMO_CONNECT] = write_connect,
    [IW_LAB_DEMO_RESOLVE] = write_resolve,
    [IW_LAB_DEMO_REGISTRY] = write_registry,
    [IW_LAB_DEMO_OPEN_PROCESS] = write_open_process,
    [IW_LAB_DEMO_LOGON] = write_logon,
    [IW_LAB_DEMO_LOGOFF] = write_logoff,
    [IW_LAB_DEMO_CONFIG] = write_config,
    [IW_LAB_DEMO_COMMIT] = write_commit,
    [IW_LAB_DEMO_SERVICE] = write_service,
    [IW_LAB_DEMO_RECYCLE] = write_recycle,
    [IW_LAB_DEMO_INSTALLED] = write_installed,
    [IW_LAB_DEMO_CRASH] = write_crash,
    [IW_LAB_DEMO_SCRIPT] = write_script,
    [IW_LAB_DEMO_LOG_CLEARED] = write_log_cleared,
};

static bool run_step(struct demo *demo, const struct iw_lab_demo_step *step)
{
    bool rotated = strcmp(step->time, SECURITY_ROTATED) >= 0;
    if (rotated && !demo->security_lost && demo->step != NULL &&
        strcmp(demo->step->time, SECURITY_ROTATED) < 0) {
        demo->security_lost = true;
        if (!close_file(demo, IW_LAB_CHANNEL_SECURITY)) {
            return false;
        }
    }
    assert(demo->step == NULL || strcmp(demo->step->time, step->time) <= 0);
    demo->step = step;
    uint64_t filetime = time_of_day(step->time);
    iw_lab_text_print_time(filetime, demo->utc_time);
    demo->utc_time[10] = ' ';
    demo->utc_time[23] = '\0';
    demo->filetime = filetime + 2417; /* the record is written a moment after it happened */
    return verbs[step->verb](demo);
}

static const char about[] =
    "One web server, WEB01.lab.example, 2026-01-05 (all times UTC).\n\n"
    "07:55 - 10:30  a quiet morning: services, logons, a deployment by msdeploy (svc_deploy), page "
    "compilation,\n"
    "               a crash of the worker process, a backup agent installed\n"
    "10:41          the worker process writes shop\\uploads\\thumbs.aspx; compiled at its first "
    "request\n"
    "10:42 - 10:44  w3wp -> cmd /c whoami; w3wp -> powershell -enc\n"
    "10:48          the Security log is full and archived "
    "(Archive-Security-2026-01-05-10-48-00-000.evtx)\n"
    "10:51          gp.exe -> cmd as SYSTEM -> appcmd install module HttpCacheModule64 "
    "(inetsrv\\cachport.dll);\n"
    "               the new worker process loads cachport.dll, which is not signed, and connects "
    "out\n"
    "10:53          HTTP logging is switched off (httpLogging/@dontLog)\n"
    "10:55          the Security log is cleared: Security.evtx begins there, and what was between "
    "10:48 and 10:55 is lost\n";

bool iw_lab_demo_write(const char *directory, struct iw_lab_error *error)
{
    struct demo *demo = iw_lab_alloc_zeroed(1, sizeof *demo);
    demo->error = error;
    memcpy(demo->next_record_id, first_record_ids, sizeof first_record_ids);
    bool ok = iw_lab_tree_write_readme(directory, about, error) &&
              iw_lab_tree_make_logs(directory, IW_LAB_DEMO_HOST, demo->folder, sizeof demo->folder,
                                    error);
    for (int channel = 0; ok && channel < IW_LAB_N_CHANNELS; channel++) {
        bool security = channel == IW_LAB_CHANNEL_SECURITY;
        ok = open_file(demo, (enum iw_lab_channel)channel,
                       security ? SECURITY_ARCHIVE
                                : iw_lab_channel_file((enum iw_lab_channel)channel));
    }
    for (size_t i = 0; ok && i < iw_lab_demo_n_steps; i++) {
        ok = run_step(demo, &iw_lab_demo_steps[i]);
    }
    for (int channel = 0; channel < IW_LAB_N_CHANNELS; channel++) {
        ok = close_file(demo, (enum iw_lab_channel)channel) && ok;
    }
    iw_lab_alloc_release(demo);
    return ok;
}
