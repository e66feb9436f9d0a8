/*
 * The same settings of a host's telemetry in the other forms in which they are collected: the audit
 * policy as a report, a backup and a group policy, settings of channels, audit entries of folders,
 * and values of the registry.
 *
 * What it does: one file for each word of `collect: settings` (scenarios/README.md).
 * Formats: `auditpol /get /r`; `auditpol /backup` and audit.csv of a group policy, [MS-GPAC] 2.2.1;
 * `wevtutil gl`; `Get-Acl -Audit | Format-List`, redirected by PowerShell 5 (UTF-16LE, 80 columns);
 * "Windows Registry Editor Version 5.00".
 * What it ignores: subcategories and channels that no link of an analytic needs.
 */
#include "lab/generate/generate_tree.h"
#include "lab/lab_alloc.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS_HEAD                                                                               \
    "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting"
#define SYSMON_CHANNEL "Microsoft-Windows-Sysmon/Operational"
#define IIS_CHANNEL "Microsoft-IIS-Configuration/Operational"
#define VALUE_COLUMNS 71 /* of 80, behind `Sddl   : ` */

static const struct {
    const char *name, *id;
    enum iw_lab_audit audit;
} subcategories[] = {
    {"Logon", "{0CCE9215-69AE-11D9-BED3-505054503030}", IW_LAB_AUDIT_LOGON},
    {"File System", "{0CCE921D-69AE-11D9-BED3-505054503030}", IW_LAB_AUDIT_FILE_SYSTEM},
    {"Process Creation", "{0CCE922B-69AE-11D9-BED3-505054503030}", IW_LAB_AUDIT_PROCESS_CREATION},
};

static bool is_audited(const struct iw_lab_host *host, enum iw_lab_audit audit)
{
    return host->telemetry.has_security && host->telemetry.audits[audit];
}

/* --- audit policy --------------------------------------------------------------------------- */

static void put_report(FILE *out, const struct iw_lab_host *host)
{
    fputs("\r\n" COLUMNS_HEAD "\r\n", out);
    for (size_t i = 0; i < sizeof subcategories / sizeof subcategories[0]; i++) {
        fprintf(out, "%s,System,%s,%s,%s,\r\n", host->name, subcategories[i].name,
                subcategories[i].id,
                is_audited(host, subcategories[i].audit) ? "Success" : "No Auditing");
    }
}

/* A group policy names no machine, and begins names with a word. */
static void put_values(FILE *out, const struct iw_lab_host *host, bool is_policy)
{
    fputs(COLUMNS_HEAD ",Setting Value\r\n", out);
    for (size_t i = 0; i < sizeof subcategories / sizeof subcategories[0]; i++) {
        bool is_on = is_audited(host, subcategories[i].audit);
        fprintf(out, "%s,System,%s%s,%s,%s,,%d\r\n", is_policy ? "" : host->name,
                is_policy ? "Audit " : "", subcategories[i].name, subcategories[i].id,
                is_on ? "Success" : "No Auditing", is_on ? 1 : 4);
    }
}

static void put_backup(FILE *out, const struct iw_lab_host *host)
{
    put_values(out, host, false);
}

static void put_policy(FILE *out, const struct iw_lab_host *host)
{
    put_values(out, host, true);
}

/* --- channels ------------------------------------------------------------------------------- */

static bool is_enabled(const struct iw_lab_host *host, const char *channel)
{
    const struct iw_lab_telemetry *telemetry = &host->telemetry;
    for (size_t i = 0; i < telemetry->n_off_channels; i++) {
        if (strcmp(telemetry->off_channels[i], channel) == 0) {
            return false;
        }
    }
    return strcmp(channel, SYSMON_CHANNEL) == 0 ? telemetry->sysmon.is_installed
                                                : telemetry->has_iis_configuration;
}

static const char *const channels[] = {IIS_CHANNEL, SYSMON_CHANNEL};

static void put_channels(FILE *out, const struct iw_lab_host *host)
{
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        if (i == 1 && !host->telemetry.sysmon.is_installed) {
            continue; /* wevtutil fails */
        }
        fprintf(out,
                "name: %s\r\nenabled: %s\r\ntype: Operational\r\nowningPublisher: \r\n"
                "isolation: Application\r\nchannelAccess: O:BAG:SYD:(A;;0xf0007;;;SY)(A;;0x7;;;BA)"
                "\r\nlogging:\r\n  logFileName: %%SystemRoot%%\\System32\\Winevt\\Logs\\x.evtx\r\n"
                "  retention: false\r\n  autoBackup: false\r\n  maxSize: 1052672\r\n"
                "publishing:\r\n  fileMax: 1\r\n",
                channels[i], is_enabled(host, channels[i]) ? "true" : "false");
    }
}

/* --- audit entries --------------------------------------------------------------------------- */

static void put_folder(FILE *out, const char *path, bool has_entry)
{
    char sddl[160];
    snprintf(sddl, sizeof sddl,
             "O:S-1-5-80-0G:SYD:AI(A;OICI;0x1200a9;;;BU)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)%s",
             has_entry ? "S:AI(AU;OICISA;DCLCRPDTSDWDWO;;;WD)" : "");
    fprintf(out,
            "\r\n\r\nPath   : Microsoft.PowerShell.Core\\FileSystem::%s\r\n"
            "Owner  : NT SERVICE\\TrustedInstaller\r\nGroup  : NT AUTHORITY\\SYSTEM\r\n"
            "Access : BUILTIN\\Users Allow  ReadAndExecute, Synchronize\r\n"
            "         NT AUTHORITY\\SYSTEM Allow  FullControl\r\n"
            "         BUILTIN\\Administrators Allow  FullControl\r\n"
            "Audit  : %s\r\nSddl   : ",
            path, has_entry ? "Everyone Success  Write, Delete, ChangePermissions" : "");
    for (const char *at = sddl; *at != '\0'; at += strnlen(at, VALUE_COLUMNS)) {
        fprintf(out, "%s%.*s\r\n", at == sddl ? "" : "         ", VALUE_COLUMNS, at);
    }
}

/* The folders that are audited, and the usual root where it is not. */
static void put_entries(FILE *out, const struct iw_lab_host *host)
{
    static const char root[] = "C:\\inetpub\\wwwroot";
    bool has_root = false;
    for (size_t i = 0; i < host->telemetry.n_sacl; i++) {
        put_folder(out, host->telemetry.sacl[i], true);
        has_root = has_root || strcasecmp(host->telemetry.sacl[i], root) == 0;
    }
    if (!has_root) {
        put_folder(out, root, false);
    }
    fputs("\r\n\r\n", out);
}

/* --- registry ------------------------------------------------------------------------------- */

static void put_registry(FILE *out, const struct iw_lab_host *host)
{
    fputs("Windows Registry Editor Version 5.00\r\n\r\n"
          "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\"
          "Audit]\r\n",
          out);
    fprintf(out, "\"ProcessCreationIncludeCmdLine_Enabled\"=dword:%08x\r\n",
            host->telemetry.has_command_line ? 1U : 0U);
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        if (i == 1 && !host->telemetry.sysmon.is_installed) {
            continue; /* it brings its channel */
        }
        fprintf(out,
                "\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\"
                "Channels\\%s]\r\n\"Enabled\"=dword:%08x\r\n",
                channels[i], is_enabled(host, channels[i]) ? 1U : 0U);
    }
    fputs("\r\n", out);
}

/* --- files ---------------------------------------------------------------------------------- */

static const struct {
    const char *word, *path;
    void (*put)(FILE *out, const struct iw_lab_host *host);
    bool is_wide;
} forms[] = {
    {"report", "auditpol-report.csv", put_report, false},
    {"backup", "auditpol-backup.csv", put_backup, false},
    {"policy", "C/Windows/System32/GroupPolicy/Machine/Microsoft/Windows NT/Audit/audit.csv",
     put_policy, false},
    {"channels", "channels.txt", put_channels, true},
    {"sacl", "audit-entries.txt", put_entries, true},
    {"registry", "registry/telemetry.reg", put_registry, true},
};

bool iw_lab_tree_write_proofs(struct iw_lab_host *host, const char *folder)
{
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof forms / sizeof forms[0]; i++) {
        char *text = NULL;
        size_t size_bytes = 0;
        FILE *out;
        if (!iw_lab_host_brings(host, forms[i].word)) {
            continue;
        }
        out = open_memstream(&text, &size_bytes);
        forms[i].put(out, host);
        fclose(out);
        ok = forms[i].is_wide
                 ? iw_lab_tree_put_utf16(host, folder, forms[i].path, text, size_bytes)
                 : iw_lab_tree_put(host, folder, forms[i].path, (uint8_t *)text, size_bytes, 0);
        free(text);
    }
    return ok;
}
