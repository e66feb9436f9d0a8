/*
 * What is logged of logons: Security 4624 4625 4634 4672 (see lab_log.h).
 */
#include "lab/log/lab_log.h"

#include <stdio.h>
#include <string.h>

static const char *lsass_pid(struct iw_lab_host *host)
{
    return iw_lab_host_process(host, "lsass")->pid;
}

static void log_privileges(struct iw_lab_host *host, const struct iw_lab_session *session)
{
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4672, lsass_pid(host), NULL);
    if (record != NULL) {
        iw_lab_log_set_subject(record, host, "Subject", session);
        iw_lab_record_set(
            record, "PrivilegeList",
            "SeSecurityPrivilege\r\n\t\t\tSeBackupPrivilege\r\n\t\t\tSeRestorePrivilege"
            "\r\n\t\t\tSeTakeOwnershipPrivilege\r\n\t\t\tSeDebugPrivilege\r\n\t\t\t"
            "SeImpersonatePrivilege");
        iw_lab_log_end(host, record);
    }
}

static void log_one(struct iw_lab_host *host, const struct iw_lab_session *session)
{
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4624, lsass_pid(host), NULL);
    bool is_network = strcmp(session->type, "3") == 0;
    bool is_ntlm = strcmp(session->package, "NTLM") == 0;
    if (record == NULL) {
        return;
    }
    if (!is_network) { /* who asked for it: WAS for its pools, winlogon for people */
        bool is_pool = strcmp(session->type, "5") == 0;
        const struct iw_lab_process *asking =
            iw_lab_host_process(host, is_pool ? "iissvcs" : "winlogon");
        iw_lab_log_set_subject(record, host, "Subject", iw_lab_host_session(host, "system"));
        iw_lab_record_set(record, "ProcessId", iw_lab_log_print(host, "0x%x", asking->number));
        iw_lab_record_set(record, "ProcessName", asking->image);
    }
    iw_lab_log_set_subject(record, host, "Target", session);
    iw_lab_record_set(record, "LogonType", session->type);
    iw_lab_record_set(record, "LogonProcessName", session->logon_process);
    iw_lab_record_set(record, "AuthenticationPackageName", session->package);
    iw_lab_record_set(record, "WorkstationName", session->workstation);
    iw_lab_record_set(record, "LmPackageName", is_ntlm ? "NTLM V2" : "-");
    iw_lab_record_set(record, "KeyLength", is_ntlm ? "128" : "0");
    iw_lab_record_set(record, "IpAddress", session->address);
    iw_lab_record_set(record, "IpPort", session->port);
    iw_lab_record_set(record, "ImpersonationLevel", "%%1833");
    iw_lab_record_set(record, "VirtualAccount",
                      strncmp(session->sid, "S-1-5-82-", 9) == 0 ? "%%1842" : "%%1843");
    iw_lab_record_set(record, "TargetLinkedLogonId",
                      session->linked == NULL ? "0x0" : session->linked->logon_id);
    iw_lab_record_set(record, "ElevatedToken", session->is_privileged ? "%%1842" : "%%1843");
    iw_lab_log_end(host, record);
}

void iw_lab_log_logon(struct iw_lab_host *host, const struct iw_lab_session *session)
{
    log_one(host, session);
    if (session->is_privileged) {
        log_privileges(host, session);
    }
}

void iw_lab_log_logoff(struct iw_lab_host *host, const struct iw_lab_session *session)
{
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4634, lsass_pid(host), NULL);
    if (record != NULL) {
        iw_lab_log_set_subject(record, host, "Target", session);
        iw_lab_record_set(record, "LogonType", session->type);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_failed_logon(struct iw_lab_host *host, const struct iw_lab_account *account,
                             const char *name, const char *type, const char *address)
{
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4625, lsass_pid(host), NULL);
    if (record == NULL) {
        return;
    }
    iw_lab_record_set(record, "TargetUserName", account != NULL ? account->name : name);
    iw_lab_record_set(record, "TargetDomainName",
                      account != NULL ? account->domain : host->world->scenario->domain);
    iw_lab_record_set(record, "Status", "0xc000006d");
    iw_lab_record_set(record, "FailureReason", "%%2313");
    iw_lab_record_set(record, "SubStatus", account != NULL ? "0xc000006a" : "0xc0000064");
    iw_lab_record_set(record, "LogonType", type);
    iw_lab_record_set(record, "LogonProcessName", "NtLmSsp ");
    iw_lab_record_set(record, "AuthenticationPackageName", "NTLM");
    iw_lab_record_set(record, "IpAddress", address);
    iw_lab_record_set(record, "IpPort", "0");
    iw_lab_log_end(host, record);
}
