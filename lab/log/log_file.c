/*
 * What is logged of files: Sysmon 2 11 15 23 26 29, Security 4656 4660 4663 5145 (see lab_log.h).
 *
 * Source: Sysmon 11 comes on create and overwrite, never on a rename or an edit in place; 4663
 * needs a SACL on the folder and shows one access at a time.
 */
#include "lab/log/lab_log.h"

#include <stdio.h>
#include <string.h>

#define SYSTEM_SID "S-1-5-18"

static struct iw_lab_record *begin_sysmon(struct iw_lab_host *host, uint16_t id,
                                          const struct iw_lab_process *process)
{
    const struct iw_lab_process *sysmon = iw_lab_host_process(host, "sysmon");
    struct iw_lab_record *record =
        iw_lab_log_begin(host, IW_LAB_SYSMON, id, sysmon->pid, SYSTEM_SID);
    if (record != NULL) {
        iw_lab_record_set(record, "UtcTime", iw_lab_log_utc(host, host->now));
        iw_lab_log_set_process(record, process);
        iw_lab_record_set(record, "User", iw_lab_log_user(host, process->session));
    }
    return record;
}

static bool has_sacl(const struct iw_lab_host *host, const char *path)
{
    for (size_t i = 0; i < host->telemetry.n_sacl; i++) {
        size_t length = strlen(host->telemetry.sacl[i]);
        if (strncasecmp(path, host->telemetry.sacl[i], length) == 0 &&
            (path[length] == '\\' || path[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* One access of a file or folder; shown is how the log spells its path. */
static void log_access_shown(struct iw_lab_host *host, const struct iw_lab_session *session,
                             const struct iw_lab_process *process, const char *path,
                             const char *shown, const char *list, const char *mask)
{
    if (!has_sacl(host, path)) {
        return;
    }
    unsigned handle = 0x100U + 4 * (unsigned)(iw_lab_random_of_text(path) % 2000);
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4663, "4", NULL);
    if (record == NULL) {
        return;
    }
    iw_lab_log_set_subject(record, host, "Subject", session);
    iw_lab_record_set(record, "ObjectServer", "Security");
    iw_lab_record_set(record, "ObjectType", "File");
    iw_lab_record_set(record, "ObjectName", shown);
    iw_lab_record_set(record, "HandleId", iw_lab_log_print(host, "0x%x", handle));
    iw_lab_record_set(record, "AccessList", iw_lab_log_print(host, "%s\r\n\t\t\t\t", list));
    iw_lab_record_set(record, "AccessMask", mask);
    iw_lab_record_set(record, "ProcessId", iw_lab_log_print(host, "0x%x", process->number));
    iw_lab_record_set(record, "ProcessName",
                      strcmp(process->image, "System") == 0 ? "" : process->image);
    iw_lab_record_set(record, "ResourceAttributes", "S:AI");
    iw_lab_log_end(host, record);
}

static void log_access(struct iw_lab_host *host, const struct iw_lab_session *session,
                       const struct iw_lab_process *process, const char *path, const char *list,
                       const char *mask)
{
    log_access_shown(host, session, process, path, path, list, mask);
}

static const char *shown_of(const struct iw_lab_file *file)
{
    return file->shown != NULL ? file->shown : file->path;
}

static bool is_program(const struct iw_lab_file *file)
{
    return file->content.kind == IW_LAB_CONTENT_PE;
}

static void log_created(struct iw_lab_host *host, const struct iw_lab_process *process,
                        const struct iw_lab_file *file)
{
    struct iw_lab_record *record = begin_sysmon(host, 11, process);
    if (record != NULL) {
        iw_lab_record_set(record, "TargetFilename", shown_of(file));
        iw_lab_record_set(record, "CreationUtcTime", iw_lab_log_utc(host, file->created));
        iw_lab_log_end(host, record);
    }
    if (!is_program(file)) {
        return;
    }
    const char *hashes = iw_lab_host_hashes(host, file->path);
    record = begin_sysmon(host, 29, process);
    if (record != NULL) {
        iw_lab_record_set(record, "TargetFilename", shown_of(file));
        iw_lab_record_set(record, "Hashes", hashes);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_file_created(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const struct iw_lab_file *file)
{
    log_created(host, process, file);
    log_access_shown(host, process->session, process, file->path, shown_of(file), "%%4417", "0x2");
}

void iw_lab_log_file_modified(struct iw_lab_host *host, const struct iw_lab_process *process,
                              const char *path)
{
    log_access(host, process->session, process, path, "%%4417", "0x2");
}

static const char *folder_of(struct iw_lab_host *host, const char *path)
{
    const char *end = strrchr(path, '\\');
    return iw_lab_arena_print(&host->arena, "%.*s", (int)(end == NULL ? 0 : end - path), path);
}

void iw_lab_log_file_renamed(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *from, const char *to)
{
    log_access(host, process->session, process, from, "%%1537", "0x10000");
    log_access(host, process->session, process, folder_of(host, to), "%%4417", "0x2");
}

void iw_lab_log_file_deleted(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *path)
{
    const char *hashes = iw_lab_host_hashes(host, path);
    const struct iw_lab_file *file = iw_lab_host_file(host, path);
    for (uint16_t id = 23; id <= 26; id += 3) {
        struct iw_lab_record *record = begin_sysmon(host, id, process);
        if (record == NULL) {
            continue;
        }
        iw_lab_record_set(record, "TargetFilename", path);
        iw_lab_record_set(record, "Hashes", hashes);
        iw_lab_record_set(record, "IsExecutable", file != NULL && is_program(file) ? "1" : "0");
        if (id == 23) {
            iw_lab_record_set(record, "Archived", "true");
        }
        iw_lab_log_end(host, record);
    }
    log_access(host, process->session, process, path, "%%1537", "0x10000");
}

void iw_lab_log_stream(struct iw_lab_host *host, const struct iw_lab_process *process,
                       const char *path, const char *stream, const char *text)
{
    const char *whole = iw_lab_arena_print(&host->arena, "%s:%s", path, stream);
    const char *hashes = iw_lab_host_hashes(host, path);
    static const uint16_t ids[] = {11, 15};
    for (size_t i = 0; i < 2; i++) {
        struct iw_lab_record *record = begin_sysmon(host, ids[i], process);
        if (record == NULL) {
            continue;
        }
        iw_lab_record_set(record, "TargetFilename", whole);
        iw_lab_record_set(record, "CreationUtcTime", iw_lab_log_utc(host, host->now));
        if (ids[i] == 15) {
            iw_lab_record_set(record, "Hash", hashes);
            iw_lab_record_set(record, "Contents", text);
        }
        iw_lab_log_end(host, record);
    }
    log_access(host, process->session, process, path, "%%4417", "0x2");
}

void iw_lab_log_file_time(struct iw_lab_host *host, const struct iw_lab_process *process,
                          const char *path, uint64_t created, uint64_t before)
{
    struct iw_lab_record *record = begin_sysmon(host, 2, process);
    if (record != NULL) {
        iw_lab_record_set(record, "TargetFilename", path);
        iw_lab_record_set(record, "CreationUtcTime", iw_lab_log_utc(host, created));
        iw_lab_record_set(record, "PreviousCreationUtcTime", iw_lab_log_utc(host, before));
        iw_lab_log_end(host, record);
    }
    log_access(host, process->session, process, path, "%%4424", "0x100");
}

void iw_lab_log_sacl_removed(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *folder)
{
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 4907, "4", NULL);
    if (record == NULL) {
        return;
    }
    iw_lab_log_set_subject(record, host, "Subject", process->session);
    iw_lab_record_set(record, "ObjectServer", "Security");
    iw_lab_record_set(record, "ObjectType", "File");
    iw_lab_record_set(record, "ObjectName", folder);
    iw_lab_record_set(record, "HandleId", "0x3a8");
    iw_lab_record_set(record, "OldSd", "S:ARAI(AU;OICISAFA;DCLCRPCRSDWDWO;;;WD)");
    iw_lab_record_set(record, "NewSd", "S:ARAI");
    iw_lab_record_set(record, "ProcessId", iw_lab_log_print(host, "0x%x", process->number));
    iw_lab_record_set(record, "ProcessName", process->image);
    iw_lab_log_end(host, record);
}

void iw_lab_log_share_write(struct iw_lab_host *host, const struct iw_lab_session *session,
                            const char *share, const struct iw_lab_file *file)
{
    const struct iw_lab_process *system = iw_lab_host_process(host, "system");
    bool is_admin = strcasecmp(share, "ADMIN$") == 0;
    size_t skip = is_admin ? strlen("C:\\Windows\\") : strlen("C:\\");
    struct iw_lab_record *record = iw_lab_log_begin(host, "Security", 5145, "4", NULL);
    if (record != NULL) {
        iw_lab_log_set_subject(record, host, "Subject", session);
        iw_lab_record_set(record, "ObjectType", "File");
        iw_lab_record_set(record, "IpAddress", session->address);
        iw_lab_record_set(record, "IpPort", session->port);
        iw_lab_record_set(record, "ShareName", iw_lab_log_print(host, "\\\\*\\%s", share));
        iw_lab_record_set(record, "ShareLocalPath",
                          iw_lab_log_print(host, "\\??\\%.*s", (int)(is_admin ? 10 : 3),
                                           is_admin ? "C:\\Windows" : file->path));
        iw_lab_record_set(record, "RelativeTargetName",
                          strlen(file->path) > skip ? file->path + skip : file->path);
        iw_lab_record_set(record, "AccessMask", "0x2");
        iw_lab_record_set(record, "AccessList", "%%4417\r\n\t\t\t\t");
        iw_lab_record_set(record, "AccessReason", "-");
        iw_lab_log_end(host, record);
    }
    log_created(host, system, file);
    log_access(host, session, system, file->path, "%%4417", "0x2");
}
