/*
 * What is logged of the system: services, installations, tasks, audit policy, Sysmon's state,
 * clock, cleared logs, Defender, Exchange cmdlets (see lab_log.h).
 */
#include "lab/log/lab_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SYSTEM_SID "S-1-5-18"

static const char *pid_of(struct iw_lab_host *host, const char *key)
{
    return iw_lab_host_process(host, key)->pid;
}

void iw_lab_log_service_state(struct iw_lab_host *host, const char *name, const char *state)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, "System", 7036, pid_of(host, "services"), NULL);
    if (record != NULL) {
        iw_lab_record_set(record, "param1", name);
        iw_lab_record_set(record, "param2", state);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_service_start(struct iw_lab_host *host, const char *name, const char *from,
                              const char *to)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, "System", 7040, pid_of(host, "services"), SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "param1", name);
        iw_lab_record_set(record, "param2", from);
        iw_lab_record_set(record, "param3", to);
        iw_lab_record_set(record, "param4", name);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_service_installed(struct iw_lab_host *host, const struct iw_lab_session *session,
                                  const char *name, const char *image, const char *account)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, "System", 7045, pid_of(host, "services"), session->sid);
    if (record != NULL) {
        iw_lab_record_set(record, "ServiceName", name);
        iw_lab_record_set(record, "ImagePath", image);
        iw_lab_record_set(record, "ServiceType", "user mode service");
        iw_lab_record_set(record, "StartType", "auto start");
        iw_lab_record_set(record, "AccountName", account);
        iw_lab_log_end(host, record);
    }
    record = iw_lab_log_begin(host, "Security", 4697, pid_of(host, "services"), NULL);
    if (record != NULL) {
        iw_lab_log_set_subject(record, host, "Subject", session);
        iw_lab_record_set(record, "ServiceName", name);
        iw_lab_record_set(record, "ServiceFileName", image);
        iw_lab_record_set(record, "ServiceType", "0x10");
        iw_lab_record_set(record, "ServiceStartType", "2");
        iw_lab_record_set(record, "ServiceAccount", account);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_msi(struct iw_lab_host *host, const struct iw_lab_session *session,
                    const char *product, const char *version, const char *manufacturer)
{
    const char *success = iw_lab_arena_print(
        &host->arena, "Product: %s -- Installation completed successfully.", product);
    const char *installed[] = {product, version, "1033", "0", manufacturer, "(NULL)", ""};
    const char *done[] = {success, "(NULL)", "(NULL)", "(NULL)", "(NULL)", "(NULL)", ""};
    iw_lab_log_texts(host, "Application", 1033, "0", session->sid, installed, 7);
    iw_lab_log_texts(host, "Application", 11707, "0", session->sid, done, 7);
}

void iw_lab_log_servicing(struct iw_lab_host *host, const char *package, bool is_update,
                          const char *client)
{
    uint16_t id = is_update ? 2 : 9;
    struct iw_lab_record *record =
        iw_lab_log_begin(host, "Setup", id, pid_of(host, "tiworker"), SYSTEM_SID);
    if (record == NULL) {
        return;
    }
    iw_lab_record_try_set(record, "UpdateName", package);
    iw_lab_record_try_set(record, "PackageIdentifier",
                          is_update ? package
                                    : "Microsoft-Windows-IIS"
                                      "-WebServer-AddOn-"
                                      "Package");
    iw_lab_record_try_set(record, "IntendedPackageState", "5112");
    iw_lab_record_try_set(record, "IntendedPackageStateTextized", "Installed");
    iw_lab_record_try_set(record, "ErrorCode", "0x0");
    iw_lab_record_try_set(record, "Client", client);
    iw_lab_log_end(host, record);
}

void iw_lab_log_task(struct iw_lab_host *host, const struct iw_lab_session *session,
                     const char *name, const char *command)
{
    const char *user = iw_lab_arena_copy(&host->arena, iw_lab_log_user(host, session));
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4698, "4", NULL);
    if (record != NULL) {
        iw_lab_log_set_subject(record, host, "Subject", session);
        iw_lab_record_set(record, "TaskName", name);
        iw_lab_record_set(record, "TaskContent",
                          iw_lab_log_print(host,
                                           "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task "
                                           "version=\"1.2\"><Actions><Exec><Command>%s</Command>"
                                           "</Exec></Actions></Task>",
                                           command));
        iw_lab_log_end(host, record);
    }
    record = iw_lab_log_begin(host, iw_lab_log_channel("TaskScheduler"), 106,
                              pid_of(host, "netsvcs"), SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "TaskName", name);
        iw_lab_record_set(record, "UserContext", user);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_task_run(struct iw_lab_host *host, const struct iw_lab_process *process,
                         const char *name)
{
    struct iw_lab_record *record = iw_lab_log_begin(host, iw_lab_log_channel("TaskScheduler"), 129,
                                                    pid_of(host, "netsvcs"), SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "TaskName", name);
        iw_lab_record_set(record, "Path", process->image);
        iw_lab_record_set(record, "ProcessID", process->pid);
        iw_lab_record_set(record, "Priority", "16384");
        iw_lab_log_end(host, record);
    }
}

/* Security's own clear is 1102 in it, any other's 104 in System. */
void iw_lab_log_cleared(struct iw_lab_host *host, const struct iw_lab_session *session,
                        const char *channel)
{
    bool is_security = strcmp(channel, "Security") == 0;
    struct iw_lab_record *record =
        iw_lab_log_begin(host, is_security ? "Security" : "System", is_security ? 1102 : 104,
                         pid_of(host, "eventlog"), is_security ? NULL : session->sid);
    if (record == NULL) {
        return;
    }
    if (is_security) {
        iw_lab_log_set_subject(record, host, "Subject", session);
    } else {
        iw_lab_record_set(record, "SubjectUserName", session->user);
        iw_lab_record_set(record, "SubjectDomainName", session->domain);
        iw_lab_record_set(record, "Channel", channel);
        iw_lab_record_set(record, "BackupPath", "");
    }
    iw_lab_log_end(host, record);
}

void iw_lab_log_audit_policy(struct iw_lab_host *host, const struct iw_lab_session *session,
                             enum iw_lab_audit audit, bool is_enabled)
{
    static const struct {
        const char *category, *subcategory, *guid;
    } rows[IW_LAB_N_AUDITS] = {
        [IW_LAB_AUDIT_PROCESS_CREATION] = {"%%8276", "%%13312",
                                           "{0CCE922B-69AE-11D9-BED3-505054503030}"},
        [IW_LAB_AUDIT_PROCESS_TERMINATION] = {"%%8276", "%%13313",
                                              "{0CCE922C-69AE-11D9-BED3-505054503030}"},
        [IW_LAB_AUDIT_LOGON] = {"%%8273", "%%12544", "{0CCE9215-69AE-11D9-BED3-505054503030}"},
        [IW_LAB_AUDIT_FILE_SYSTEM] = {"%%8274", "%%12800",
                                      "{0CCE921D-69AE-11D9-BED3-505054503030}"},
        [IW_LAB_AUDIT_FILE_SHARE] = {"%%8274", "%%12811", "{0CCE9244-69AE-11D9-BED3-505054503030}"},
        [IW_LAB_AUDIT_POLICY_CHANGE] = {"%%8277", "%%13568",
                                        "{0CCE922F-69AE-11D9-BED3-505054503030}"},
        [IW_LAB_AUDIT_REGISTRY] = {"%%8274", "%%12801", "{0CCE921E-69AE-11D9-BED3-505054503030}"},
        [IW_LAB_AUDIT_OTHER_OBJECT] = {"%%8274", "%%12804",
                                       "{0CCE9227-69AE-11D9-BED3-505054503030}"},
    };
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4719, "4", NULL);
    if (record != NULL) {
        iw_lab_log_set_subject(record, host, "Subject", session);
        iw_lab_record_set(record, "CategoryId", rows[audit].category);
        iw_lab_record_set(record, "SubcategoryId", rows[audit].subcategory);
        iw_lab_record_set(record, "SubcategoryGuid", rows[audit].guid);
        iw_lab_record_set(record, "AuditPolicyChanges", is_enabled ? "%%8449" : "%%8448");
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_sysmon_state(struct iw_lab_host *host, const char *state)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, IW_LAB_SYSMON, 4, pid_of(host, "sysmon"), SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "UtcTime", iw_lab_log_utc(host, host->now));
        iw_lab_record_set(record, "State", state);
        iw_lab_record_set(record, "Version", "15.14");
        iw_lab_record_set(record, "SchemaVersion", "4.90");
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_sysmon_error(struct iw_lab_host *host, const char *id, const char *text)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, IW_LAB_SYSMON, 255, pid_of(host, "sysmon"), SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "UtcTime", iw_lab_log_utc(host, host->now));
        iw_lab_record_set(record, "ID", id);
        iw_lab_record_set(record, "Description", text);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_sysmon_config(struct iw_lab_host *host, const char *hash)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, IW_LAB_SYSMON, 16, pid_of(host, "sysmon"), SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "UtcTime", iw_lab_log_utc(host, host->now));
        iw_lab_record_set(record, "Configuration", "C:\\Windows\\sysmonconfig.xml");
        iw_lab_record_set(record, "ConfigurationFileHash", hash);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_clock(struct iw_lab_host *host, const struct iw_lab_process *process, int64_t step)
{
    uint64_t before = iw_lab_host_time(host) - (uint64_t)step;
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4616, "4", NULL);
    if (record == NULL) {
        return;
    }
    iw_lab_log_set_subject(record, host, "Subject", process->session);
    iw_lab_record_set(record, "PreviousTime", iw_lab_log_print(host, "%" PRIu64, before));
    iw_lab_record_set(record, "NewTime",
                      iw_lab_log_print(host, "%" PRIu64, iw_lab_host_time(host)));
    iw_lab_record_set(record, "ProcessId", iw_lab_log_print(host, "0x%x", process->number));
    iw_lab_record_set(record, "ProcessName", process->image);
    iw_lab_log_end(host, record);
}

void iw_lab_log_malware(struct iw_lab_host *host, const char *path, const char *threat,
                        const char *action)
{
    for (uint16_t id = 1116; id <= 1117; id++) {
        struct iw_lab_record *record =
            iw_lab_log_begin(host, iw_lab_log_channel("Defender"), id, "2844", SYSTEM_SID);
        if (record == NULL) {
            return;
        }
        iw_lab_record_set(record, "Product Name", "Microsoft Defender Antivirus");
        iw_lab_record_set(record, "Detection Time", iw_lab_log_utc(host, host->now));
        iw_lab_record_set(record, "Threat Name", threat);
        iw_lab_record_set(record, "Severity Name", "Severe");
        iw_lab_record_set(record, "Category Name", "Backdoor");
        iw_lab_record_set(record, "Path", iw_lab_log_print(host, "file:_%s", path));
        iw_lab_record_set(record, "Action Name",
                          id == 1116                          ? "Not Applicable"
                          : strcmp(action, "quarantine") == 0 ? "Quarantine"
                                                              : "Allow");
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_cmdlet(struct iw_lab_host *host, const char *cmdlet, const char *parameters,
                       const char *user, bool is_failed)
{
    const struct iw_lab_process *worker =
        iw_lab_host_process(host, "worker:MSExchangePowerShellAppPool");
    const char *from = iw_lab_arena_print(&host->arena, "%s w3wp#MSExchangePowerShellAppPool",
                                          worker == NULL ? "5120" : worker->pid);
    const char *texts[27] = {
        cmdlet, parameters, user, "S-1-5-18", "S-1-5-18", "Remote-ManagementShell-Unknown", from};
    for (size_t i = 7; i < 27; i++) {
        texts[i] = "";
    }
    iw_lab_log_texts(host, "MSExchange Management", is_failed ? 6 : 1, "0", NULL, texts, 27);
}
