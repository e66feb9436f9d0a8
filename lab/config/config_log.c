/*
 * Which fields the W3C log has: logExtFileFlags of siteDefaults.
 *
 * Source: W3C field names and logExtFileFlags of Microsoft's siteDefaults/logFile reference. Flags
 * are written in the order of the schema, whatever the order of the log's columns.
 * What it ignores: logs of single sites, logTargetW3C. A field that is no flag becomes a custom
 * field of the request header of its name.
 */
#include "lab/config/config_file.h"
#include "lab/config/config_text.h"
#include "lab/lab_alloc.h"

#include <string.h>

static const struct {
    const char *flag;
    const char *field;
} log_flags[] = {
    {"Date", "date"},
    {"Time", "time"},
    {"ClientIP", "c-ip"},
    {"UserName", "cs-username"},
    {"SiteName", "s-sitename"},
    {"ComputerName", "s-computername"},
    {"ServerIP", "s-ip"},
    {"Method", "cs-method"},
    {"UriStem", "cs-uri-stem"},
    {"UriQuery", "cs-uri-query"},
    {"HttpStatus", "sc-status"},
    {"Win32Status", "sc-win32-status"},
    {"BytesSent", "sc-bytes"},
    {"BytesRecv", "cs-bytes"},
    {"TimeTaken", "time-taken"},
    {"ServerPort", "s-port"},
    {"UserAgent", "cs(User-Agent)"},
    {"Cookie", "cs(Cookie)"},
    {"Referer", "cs(Referer)"},
    {"ProtocolVersion", "cs-version"},
    {"Host", "cs-host"},
    {"HttpSubStatus", "sc-substatus"},
};

enum { N_FLAGS = sizeof log_flags / sizeof log_flags[0] };

static size_t find_field(const char *field, size_t size_bytes)
{
    size_t i = 0;
    while (i < N_FLAGS && (strlen(log_flags[i].field) != size_bytes ||
                           strncmp(log_flags[i].field, field, size_bytes) != 0)) {
        i++;
    }
    return i;
}

/* X-Forwarded-For and cs(X-Forwarded-For) are the same header. */
static void add_custom(struct iw_lab_element *log_file, const char *field, size_t size_bytes)
{
    if (size_bytes > 4 && strncmp(field, "cs(", 3) == 0 && field[size_bytes - 1] == ')') {
        field += 3;
        size_bytes -= 4;
    }
    char *name = iw_lab_alloc_text(field, size_bytes);
    struct iw_lab_element *fields = iw_lab_element_make_child(log_file, "customFields");
    struct iw_lab_element *add = iw_lab_element_new(fields, "add");
    iw_lab_element_set(add, "logFieldName", name);
    iw_lab_element_set(add, "sourceName", name);
    iw_lab_element_set(add, "sourceType", "RequestHeader");
    iw_lab_alloc_release(name);
}

static void set_fields(struct iw_lab_element *log_file, const char *fields)
{
    bool is_on[N_FLAGS] = {false};
    iw_lab_element_free(iw_lab_element_child(log_file, "customFields"));
    for (fields += strspn(fields, " "); *fields != '\0'; fields += strspn(fields, " ")) {
        size_t size_bytes = strcspn(fields, " ");
        size_t i = find_field(fields, size_bytes);
        if (i == N_FLAGS) {
            add_custom(log_file, fields, size_bytes);
        } else {
            is_on[i] = true;
        }
        fields += size_bytes;
    }
    struct iw_lab_config_text flags = {0};
    for (size_t i = 0; i < N_FLAGS; i++) {
        if (is_on[i]) {
            iw_lab_config_text_join(&flags, flags.size_bytes == 0 ? "" : ", ", log_flags[i].flag,
                                    NULL);
        }
    }
    char *text = iw_lab_config_text_take(&flags);
    iw_lab_element_set(log_file, "logExtFileFlags", text);
    iw_lab_alloc_release(text);
}

void iw_lab_config_set_log(struct iw_lab_config *config, const char *fields, bool is_enabled)
{
    struct iw_lab_element *host = iw_lab_element_make_child(config->root, "system.applicationHost");
    struct iw_lab_element *sites = iw_lab_element_make_child(host, "sites");
    struct iw_lab_element *defaults = iw_lab_element_make_child(sites, "siteDefaults");
    struct iw_lab_element *log_file = iw_lab_element_make_child(defaults, "logFile");
    if (fields != NULL) {
        set_fields(log_file, fields);
    }
    if (is_enabled) {
        iw_lab_element_unset(log_file, "enabled"); /* true is the default */
    } else {
        iw_lab_element_set(log_file, "enabled", "false");
    }
}
