/*
 * What is logged of processes: Sysmon 1 3 5 7 8 10 12-14 17 18 22, Security 4688 4689 4657,
 * PowerShell 4104 (see lab_log.h).
 */
#include "lab/generate/lab_output.h"
#include "lab/log/lab_log.h"

#include <stdio.h>
#include <string.h>

#define SYSTEM_SID "S-1-5-18"

static struct iw_lab_record *begin_sysmon(struct iw_lab_host *host, uint16_t id)
{
    const struct iw_lab_process *sysmon = iw_lab_host_process(host, "sysmon");
    struct iw_lab_record *record =
        iw_lab_log_begin(host, IW_LAB_SYSMON, id, sysmon->pid, SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "UtcTime", iw_lab_log_utc(host, host->now));
    }
    return record;
}

static const char *hex_pid(struct iw_lab_host *host, const struct iw_lab_process *process)
{
    return iw_lab_log_print(host, "0x%x", process->number);
}

static void set_file_facts(struct iw_lab_record *record, const char *company,
                           const char *description, const char *original_name)
{
    bool is_microsoft = strcmp(company, "Microsoft Corporation") == 0;
    iw_lab_record_set(record, "FileVersion",
                      is_microsoft ? "10.0.20348.1 (WinBuild.160101.0800)" : "-");
    iw_lab_record_set(record, "Description", description);
    iw_lab_record_set(record, "Product",
                      is_microsoft ? "Microsoft® Windows® Operating System" : "-");
    iw_lab_record_set(record, "Company", company);
    iw_lab_record_set(record, "OriginalFileName", original_name);
}

static void log_sysmon_start(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const struct iw_lab_process *parent)
{
    const char *hashes = iw_lab_host_hashes(host, process->image);
    struct iw_lab_record *record = begin_sysmon(host, 1);
    if (record == NULL) {
        return;
    }
    bool is_desktop = iw_lab_type_has_desktop(process->session->type);
    iw_lab_log_set_process(record, process);
    set_file_facts(record, process->company, process->description, process->original_name);
    iw_lab_record_set(record, "CommandLine", process->command);
    iw_lab_record_set(record, "CurrentDirectory", process->directory);
    iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
    iw_lab_record_set(
        record, "LogonGuid",
        iw_lab_log_print(host, "{%.8s-0000-0000-%04X-%06X000000}", process->guid + 1,
                         (unsigned)(iw_lab_random_of_text(process->session->logon_id) & 0xFFFF),
                         (unsigned)(iw_lab_random_of_text(process->session->sid) & 0xFFFFFF)));
    iw_lab_record_set(record, "LogonId", process->session->logon_id);
    iw_lab_record_set(record, "TerminalSessionId", is_desktop ? "2" : "0");
    iw_lab_record_set(record, "IntegrityLevel", process->integrity);
    iw_lab_record_set(record, "Hashes", hashes);
    iw_lab_record_set(record, "ParentProcessGuid", parent->guid);
    iw_lab_record_set(record, "ParentProcessId", parent->pid);
    iw_lab_record_set(record, "ParentImage", parent->image);
    iw_lab_record_set(record, "ParentCommandLine", parent->command);
    iw_lab_record_set(record, "ParentUser", iw_lab_log_user(host, parent->session));
    iw_lab_log_end(host, record);
}

static const char *mandatory_label(const char *integrity)
{
    return strcmp(integrity, "System") == 0   ? "S-1-16-16384"
           : strcmp(integrity, "High") == 0   ? "S-1-16-12288"
           : strcmp(integrity, "Medium") == 0 ? "S-1-16-8192"
                                              : "S-1-16-4096";
}

/* Subject is who started it; Target is given when the child runs as somebody else. */
static void log_security_start(struct iw_lab_host *host, const struct iw_lab_process *process,
                               const struct iw_lab_process *parent)
{
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4688, "4", NULL);
    if (record == NULL) {
        return;
    }
    bool is_same = process->session == parent->session;
    iw_lab_log_set_subject(record, host, "Subject", parent->session);
    iw_lab_record_set(record, "NewProcessId", hex_pid(host, process));
    iw_lab_record_set(record, "NewProcessName", process->image);
    iw_lab_record_set(record, "TokenElevationType",
                      process->session->linked == NULL  ? "%%1936"
                      : process->session->is_privileged ? "%%1937"
                                                        : "%%1938");
    iw_lab_record_set(record, "ProcessId", hex_pid(host, parent));
    iw_lab_record_set(record, "CommandLine",
                      host->telemetry.has_command_line ? process->command : "");
    if (!is_same) {
        iw_lab_log_set_subject(record, host, "Target", process->session);
    } else {
        iw_lab_record_set(record, "TargetLogonId", "0x0");
    }
    iw_lab_record_set(record, "ParentProcessName", parent->image);
    iw_lab_record_set(record, "MandatoryLabel", mandatory_label(process->integrity));
    iw_lab_log_end(host, record);
}

void iw_lab_log_process_start(struct iw_lab_host *host, const struct iw_lab_process *process,
                              const struct iw_lab_process *parent)
{
    log_sysmon_start(host, process, parent);
    log_security_start(host, process, parent);
    iw_lab_output_process(host, process, parent);
}

void iw_lab_log_process_end(struct iw_lab_host *host, const struct iw_lab_process *process)
{
    struct iw_lab_record *record = begin_sysmon(host, 5);
    if (record != NULL) {
        iw_lab_log_set_process(record, process);
        iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
        iw_lab_log_end(host, record);
    }
    record = iw_lab_log_begin(host, "Security", 4689, "4", NULL);
    if (record != NULL) {
        iw_lab_log_set_subject(record, host, "Subject", process->session);
        iw_lab_record_set(record, "ProcessId", hex_pid(host, process));
        iw_lab_record_set(record, "ProcessName", process->image);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_load(struct iw_lab_host *host, const struct iw_lab_process *process,
                     const char *dll, const char *signature, const char *status)
{
    const char *hashes = iw_lab_host_hashes(host, dll);
    const struct iw_lab_file *file = iw_lab_host_file(host, dll);
    const struct iw_lab_pe_options *pe =
        file != NULL && file->content.kind == IW_LAB_CONTENT_PE ? &file->content.pe : NULL;
    const char *name = strrchr(dll, '\\') == NULL ? dll : strrchr(dll, '\\') + 1;
    struct iw_lab_record *record = begin_sysmon(host, 7);
    if (record == NULL) {
        return;
    }
    bool is_signed = signature != NULL;
    const char *company = pe != NULL && pe->company != NULL ? pe->company
                          : pe == NULL && is_signed         ? "Microsoft Corporation"
                                                            : "-";
    iw_lab_log_set_process(record, process);
    iw_lab_record_set(record, "ImageLoaded", dll);
    set_file_facts(record, company, pe != NULL && pe->description != NULL ? pe->description : "-",
                   pe != NULL && pe->original_name != NULL ? pe->original_name
                   : pe == NULL && is_signed               ? name
                                                           : "-");
    iw_lab_record_set(record, "Hashes", hashes);
    iw_lab_record_set(record, "Signed", is_signed ? "true" : "false");
    iw_lab_record_set(record, "Signature", is_signed ? signature : "-");
    iw_lab_record_set(record, "SignatureStatus",
                      status != NULL ? status
                      : is_signed    ? "Valid"
                                     : "Unavailable");
    iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
    iw_lab_log_end(host, record);
}

void iw_lab_log_open_process(struct iw_lab_host *host, const struct iw_lab_process *source,
                             const struct iw_lab_process *target, const char *access)
{
    struct iw_lab_record *record = begin_sysmon(host, 10);
    if (record == NULL) {
        return;
    }
    iw_lab_record_set(record, "SourceProcessGUID", source->guid);
    iw_lab_record_set(record, "SourceProcessId", source->pid);
    iw_lab_record_set(record, "SourceThreadId", "7160");
    iw_lab_record_set(record, "SourceImage", source->image);
    iw_lab_record_set(record, "TargetProcessGUID", target->guid);
    iw_lab_record_set(record, "TargetProcessId", target->pid);
    iw_lab_record_set(record, "TargetImage", target->image);
    iw_lab_record_set(record, "GrantedAccess", access);
    iw_lab_record_set(record, "CallTrace",
                      "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4e4|C:\\Windows\\System32\\"
                      "KERNELBASE.dll+2c13e");
    iw_lab_record_set(record, "SourceUser", iw_lab_log_user(host, source->session));
    iw_lab_record_set(record, "TargetUser", iw_lab_log_user(host, target->session));
    iw_lab_log_end(host, record);
}

void iw_lab_log_inject(struct iw_lab_host *host, const struct iw_lab_process *source,
                       const struct iw_lab_process *target)
{
    struct iw_lab_record *record = begin_sysmon(host, 8);
    if (record == NULL) {
        return;
    }
    iw_lab_record_set(record, "SourceProcessGuid", source->guid);
    iw_lab_record_set(record, "SourceProcessId", source->pid);
    iw_lab_record_set(record, "SourceImage", source->image);
    iw_lab_record_set(record, "TargetProcessGuid", target->guid);
    iw_lab_record_set(record, "TargetProcessId", target->pid);
    iw_lab_record_set(record, "TargetImage", target->image);
    iw_lab_record_set(record, "NewThreadId", "5512");
    iw_lab_record_set(record, "StartAddress", "0x000001F4A2B10000");
    iw_lab_record_set(record, "SourceUser", iw_lab_log_user(host, source->session));
    iw_lab_record_set(record, "TargetUser", iw_lab_log_user(host, target->session));
    iw_lab_log_end(host, record);
}

void iw_lab_log_connect(struct iw_lab_host *host, const struct iw_lab_process *process,
                        const char *address, const char *name, const char *port)
{
    unsigned from = 49152U + (unsigned)iw_lab_random_below(&host->random, 16000);
    struct iw_lab_record *record = begin_sysmon(host, 3);
    if (record == NULL) {
        return;
    }
    iw_lab_log_set_process(record, process);
    iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
    iw_lab_record_set(record, "Protocol", "tcp");
    iw_lab_record_set(record, "Initiated", "1");
    iw_lab_record_set(record, "SourceIp", host->address);
    iw_lab_record_set(record, "SourceHostname", host->computer);
    iw_lab_record_set(record, "SourcePort", iw_lab_log_print(host, "%u", from));
    iw_lab_record_set(record, "DestinationIp", address);
    iw_lab_record_set(record, "DestinationHostname", name == NULL ? "-" : name);
    iw_lab_record_set(record, "DestinationPort", port);
    iw_lab_record_set(record, "DestinationPortName",
                      strcmp(port, "443") == 0  ? "https"
                      : strcmp(port, "80") == 0 ? "http"
                                                : "-");
    iw_lab_log_end(host, record);
}

void iw_lab_log_resolve(struct iw_lab_host *host, const struct iw_lab_process *process,
                        const char *name, const char *answer)
{
    struct iw_lab_record *record = begin_sysmon(host, 22);
    if (record == NULL) {
        return;
    }
    iw_lab_log_set_process(record, process);
    iw_lab_record_set(record, "QueryName", name);
    iw_lab_record_set(record, "QueryStatus", answer == NULL ? "9003" : "0");
    iw_lab_record_set(record, "QueryResults",
                      answer == NULL ? "-" : iw_lab_log_print(host, "%s;", answer));
    iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
    iw_lab_log_end(host, record);
}

static void log_registry_audit(struct iw_lab_host *host, const struct iw_lab_process *process,
                               const char *key, const char *value)
{
    const char *name = strrchr(key, '\\') == NULL ? key : strrchr(key, '\\') + 1;
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4657, "4", NULL);
    if (record == NULL) {
        return;
    }
    iw_lab_log_set_subject(record, host, "Subject", process->session);
    iw_lab_record_set(
        record, "ObjectName",
        iw_lab_log_print(host, "\\REGISTRY\\MACHINE%.*s", (int)(name - key - 5), key + 4));
    iw_lab_record_set(record, "ObjectValueName", name);
    iw_lab_record_set(record, "HandleId", "0x1c4");
    iw_lab_record_set(record, "OperationType", "%%1905");
    iw_lab_record_set(record, "NewValueType", "%%1873");
    iw_lab_record_set(record, "NewValue", value);
    iw_lab_record_set(record, "ProcessId", hex_pid(host, process));
    iw_lab_record_set(record, "ProcessName", process->image);
    iw_lab_log_end(host, record);
}

void iw_lab_log_registry(struct iw_lab_host *host, const struct iw_lab_process *process,
                         const char *type, const char *key, const char *value)
{
    bool is_set = strcmp(type, "set") == 0;
    struct iw_lab_record *record = begin_sysmon(host, is_set ? 13 : 12);
    if (record != NULL) {
        iw_lab_log_set_process(record, process);
        iw_lab_record_set(record, "EventType",
                          is_set                        ? "SetValue"
                          : strcmp(type, "create") == 0 ? "CreateKey"
                                                        : "DeleteValue");
        iw_lab_record_set(record, "TargetObject", key);
        if (is_set) {
            iw_lab_record_set(record, "Details", value);
        }
        iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
        iw_lab_log_end(host, record);
    }
    if (is_set && strncasecmp(key, "HKLM\\", 5) == 0) {
        log_registry_audit(host, process, key, value);
    }
}

void iw_lab_log_pipe(struct iw_lab_host *host, const struct iw_lab_process *process,
                     const char *name, bool is_connect)
{
    struct iw_lab_record *record = begin_sysmon(host, is_connect ? 18 : 17);
    if (record == NULL) {
        return;
    }
    iw_lab_log_set_process(record, process);
    iw_lab_record_set(record, "EventType", is_connect ? "ConnectPipe" : "CreatePipe");
    iw_lab_record_set(record, "PipeName", name);
    iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
    iw_lab_log_end(host, record);
}

void iw_lab_log_script(struct iw_lab_host *host, const struct iw_lab_process *process,
                       const char *text, const char *path)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, IW_LAB_POWERSHELL, 4104, process->pid, process->session->sid);
    uint64_t hash = iw_lab_random_of_text(text) ^ host->now;
    if (record == NULL) {
        return;
    }
    iw_lab_record_set(record, "MessageNumber", "1");
    iw_lab_record_set(record, "MessageTotal", "1");
    iw_lab_record_set(record, "ScriptBlockText", text);
    iw_lab_record_set(record, "ScriptBlockId",
                      iw_lab_log_print(host, "%08x-63a5-4a0e-8f57-%012llx",
                                       (unsigned)(hash & 0xFFFFFFFF),
                                       (unsigned long long)(hash >> 16)));
    iw_lab_record_set(record, "Path", path);
    iw_lab_log_end(host, record);
}
