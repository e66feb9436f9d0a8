/*
 * What tells of a host's telemetry: Sysmon's configuration and the audit policy as `auditpol`
 * prints it.
 *
 * Format: Sysmon schema 4.90; `auditpol /get /category:*` in English.
 */
#include "lab/generate/generate_tree.h"
#include "lab/lab_alloc.h"

#include <stdlib.h>
#include <string.h>

static void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static void put_conditions(FILE *out, const char *type, const struct iw_lab_condition *conditions,
                           size_t n, const char *match)
{
    static const char *const words[] = {"is", "contains", "begin with", "end with", "image"};
    fprintf(out, "      <%s onmatch=\"%s\"%s\r\n", type, match, n == 0 ? " />" : ">");
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "        <%s condition=\"%s\">", conditions[i].field,
                words[conditions[i].word]);
        put_escaped(out, conditions[i].value);
        fprintf(out, "</%s>\r\n", conditions[i].field);
    }
    if (n > 0) {
        fprintf(out, "      </%s>\r\n", type);
    }
}

/* All but what is excluded: onmatch="exclude"; only what is included: onmatch="include", which
 * without conditions is nothing. */
static void put_type(FILE *out, const char *type, const struct iw_lab_filter *filter)
{
    fputs("    <RuleGroup name=\"\" groupRelation=\"or\">\r\n", out);
    if (filter->is_all) {
        put_conditions(out, type, filter->exclude, filter->n_exclude, "exclude");
    } else {
        put_conditions(out, type, filter->include, filter->n_include, "include");
        if (filter->n_exclude > 0) {
            put_conditions(out, type, filter->exclude, filter->n_exclude, "exclude");
        }
    }
    fputs("    </RuleGroup>\r\n", out);
}

static void put_sysmon(FILE *out, const struct iw_lab_sysmon *sysmon)
{
    fputs("<Sysmon schemaversion=\"4.90\">\r\n"
          "  <HashAlgorithms>SHA1,MD5,SHA256</HashAlgorithms>\r\n  <EventFiltering>\r\n",
          out);
    for (size_t i = 0; iw_lab_sysmon_type_at(i) != NULL; i++) {
        const char *type = iw_lab_sysmon_type_at(i);
        put_type(out, type, &sysmon->filters[iw_lab_sysmon_ids(type)[0]]);
    }
    fputs("  </EventFiltering>\r\n</Sysmon>\r\n", out);
}

static void put_policy(FILE *out, const struct iw_lab_host *host)
{
    static const struct {
        const char *category, *name;
        enum iw_lab_audit audit;
    } rows[] = {
        {"Logon/Logoff", "Logon", IW_LAB_AUDIT_LOGON},
        {"Object Access", "File System", IW_LAB_AUDIT_FILE_SYSTEM},
        {"Object Access", "Registry", IW_LAB_AUDIT_REGISTRY},
        {"Object Access", "Other Object Access Events", IW_LAB_AUDIT_OTHER_OBJECT},
        {"Object Access", "Detailed File Share", IW_LAB_AUDIT_FILE_SHARE},
        {"Policy Change", "Audit Policy Change", IW_LAB_AUDIT_POLICY_CHANGE},
        {"Detailed Tracking", "Process Creation", IW_LAB_AUDIT_PROCESS_CREATION},
        {"Detailed Tracking", "Process Termination", IW_LAB_AUDIT_PROCESS_TERMINATION},
    };
    const char *category = "";
    fputs("System audit policy\r\nCategory/Subcategory                      Setting\r\n", out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_on = host->telemetry.has_security && host->telemetry.audits[rows[i].audit];
        if (strcmp(category, rows[i].category) != 0) {
            category = rows[i].category;
            fprintf(out, "%s\r\n", category);
        }
        fprintf(out, "  %-40s%s\r\n", rows[i].name, is_on ? "Success" : "No Auditing");
    }
}

bool iw_lab_tree_write_settings(struct iw_lab_host *host, const char *folder)
{
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *out;
    bool ok = true;
    if (host->sysmon_at_start.is_installed && iw_lab_host_brings(host, "sysmon")) {
        out = open_memstream(&text, &size_bytes);
        put_sysmon(out, &host->sysmon_at_start);
        fclose(out);
        ok = iw_lab_tree_put(host, folder, "C/Windows/sysmonconfig.xml", (uint8_t *)text,
                             size_bytes, 0);
        free(text);
        text = NULL;
    }
    if (ok && iw_lab_host_brings(host, "auditpol")) {
        out = open_memstream(&text, &size_bytes);
        put_policy(out, host);
        fclose(out);
        ok = iw_lab_tree_put(host, folder, "auditpol.txt", (uint8_t *)text, size_bytes, 0);
        free(text);
    }
    return ok && iw_lab_tree_write_proofs(host, folder);
}
