/*
 * A table from link and lack to pieces of text, and the pieces.
 *
 * Pieces come in the order of the enum: first what is most telling. Settings are never written as
 * a whole file here: what is pasted adds to what there is.
 */
#include "coverage/fixes.h"

#include <stdio.h>

#include "base/script_quote.h"
#include "coverage/coverage_links.h"
#include "coverage/sysmon_rules.h"

enum piece {
    SYSMON_PROCESS = 1 << 0,
    SYSMON_FILE = 1 << 1,
    SYSMON_LOAD = 1 << 2,
    SYSMON_CONNECTION = 1 << 3,
    OR = 1 << 4, /* what follows does the same in another way */
    POLICY_PROCESS = 1 << 5,
    COMMAND_LINE = 1 << 6,
    POLICY_FILE = 1 << 7,
    AUDIT_ROOTS = 1 << 8,
    AUDIT_CONFIG = 1 << 9,
    POLICY_LOGON = 1 << 10,
    CHANNEL_SYSMON = 1 << 11,
    CHANNEL_IIS = 1 << 12,
    ROOM_SYSMON = 1 << 13,
    ROOM_SECURITY = 1 << 14,
    ROOM_IIS = 1 << 15,
    LOG_REQUESTS = 1 << 16,
    LOG_COLUMNS = 1 << 17,
    BRING_SETTINGS = 1 << 18,
    BRING_CONFIGURATION = 1 << 19,
    BRING_LOG = 1 << 20,
    FORWARD = 1 << 21
};

#define PROCESSES (SYSMON_PROCESS | OR | POLICY_PROCESS | COMMAND_LINE)
#define FILES (SYSMON_FILE | OR | POLICY_FILE | AUDIT_ROOTS)
#define REGISTRATION (CHANNEL_IIS | OR | POLICY_FILE | AUDIT_CONFIG)

static const struct row {
    const char *link;
    unsigned pieces[IW_LACK_COUNT];
} ROWS[] = {
    {"file_created",
     {[IW_LACK_SOURCE] = FILES,
      [IW_LACK_PROOF] = BRING_SETTINGS | FILES,
      [IW_LACK_FILTER] = SYSMON_FILE,
      [IW_LACK_POLICY] = POLICY_FILE | AUDIT_ROOTS,
      [IW_LACK_AUDIT_ENTRY] = AUDIT_ROOTS,
      [IW_LACK_CHANNEL] = CHANNEL_SYSMON,
      [IW_LACK_ROOM] = ROOM_SYSMON | ROOM_SECURITY,
      [IW_LACK_UNBROKEN] = FORWARD}},
    {"process_created",
     {[IW_LACK_SOURCE] = PROCESSES,
      [IW_LACK_PROOF] = BRING_SETTINGS | PROCESSES,
      [IW_LACK_FILTER] = SYSMON_PROCESS,
      [IW_LACK_POLICY] = POLICY_PROCESS | COMMAND_LINE,
      [IW_LACK_COMMAND_LINE] = COMMAND_LINE,
      [IW_LACK_PARENT] = SYSMON_PROCESS,
      [IW_LACK_CHANNEL] = CHANNEL_SYSMON,
      [IW_LACK_ROOM] = ROOM_SYSMON | ROOM_SECURITY,
      [IW_LACK_UNBROKEN] = FORWARD}},
    {"configuration",
     {[IW_LACK_SOURCE] = BRING_CONFIGURATION,
      [IW_LACK_PROOF] = BRING_CONFIGURATION,
      [IW_LACK_FILE] = BRING_CONFIGURATION}},
    {"registration",
     {[IW_LACK_SOURCE] = REGISTRATION,
      [IW_LACK_PROOF] = BRING_SETTINGS | REGISTRATION,
      [IW_LACK_FILTER] = SYSMON_FILE,
      [IW_LACK_POLICY] = POLICY_FILE | AUDIT_CONFIG,
      [IW_LACK_AUDIT_ENTRY] = AUDIT_CONFIG,
      [IW_LACK_CHANNEL] = CHANNEL_IIS,
      [IW_LACK_ROOM] = ROOM_IIS,
      [IW_LACK_UNBROKEN] = FORWARD}},
    {"module_load",
     {[IW_LACK_SOURCE] = SYSMON_LOAD,
      [IW_LACK_PROOF] = BRING_SETTINGS | SYSMON_LOAD,
      [IW_LACK_FILTER] = SYSMON_LOAD,
      [IW_LACK_CHANNEL] = CHANNEL_SYSMON,
      [IW_LACK_ROOM] = ROOM_SYSMON,
      [IW_LACK_UNBROKEN] = FORWARD}},
    {"request",
     {[IW_LACK_SOURCE] = BRING_LOG | LOG_REQUESTS,
      [IW_LACK_PROOF] = BRING_LOG | LOG_REQUESTS,
      [IW_LACK_CHANNEL] = LOG_REQUESTS,
      [IW_LACK_FILE] = BRING_LOG,
      [IW_LACK_COLUMNS] = LOG_COLUMNS,
      [IW_LACK_ROOM] = BRING_LOG}},
    {"compiled",
     {[IW_LACK_SOURCE] = SYSMON_FILE,
      [IW_LACK_PROOF] = SYSMON_FILE,
      [IW_LACK_FILTER] = SYSMON_FILE,
      [IW_LACK_UNBROKEN] = FORWARD}},
    {"logon",
     {[IW_LACK_SOURCE] = POLICY_LOGON,
      [IW_LACK_PROOF] = POLICY_LOGON,
      [IW_LACK_POLICY] = POLICY_LOGON,
      [IW_LACK_ROOM] = ROOM_SECURITY,
      [IW_LACK_UNBROKEN] = FORWARD}},
    {"network",
     {[IW_LACK_SOURCE] = SYSMON_CONNECTION,
      [IW_LACK_PROOF] = SYSMON_CONNECTION,
      [IW_LACK_FILTER] = SYSMON_CONNECTION,
      [IW_LACK_UNBROKEN] = FORWARD}},
};

/* --- pieces --- */

static void add_line(struct iw_buffer *out, const char *line)
{
    iw_buffer_add(out, iw_str_of(line));
    iw_buffer_add_char(out, '\n');
}

static void add_rule(struct iw_buffer *out, const struct iw_sysmon_scope *scope,
                     enum iw_sysmon_rule rule)
{
    add_line(out, "<!-- Sysmon: into EventFiltering of its configuration, then Sysmon64.exe -c "
                  "FILE -->");
    if (rule == IW_SYSMON_FILE_CREATE && scope->is_assumed)
        add_line(out, "<!-- the default web root is assumed: no configuration names one -->");
    if (rule == IW_SYSMON_FILE_CREATE && scope->n_left_out != 0)
        iw_buffer_printf(out, "<!-- %zu folders are left out: not on a drive of this server -->\n",
                         scope->n_left_out);
    add_line(out, "<RuleGroup name=\"\" groupRelation=\"or\">");
    iw_sysmon_rule_add(rule, scope, "  ", out);
    add_line(out, "</RuleGroup>");
}

/* Everyone (S-1-1-0) who writes, renames away, deletes or changes permissions. */
static void add_audit_entry(struct iw_buffer *out, const struct iw_str *folders, size_t n)
{
    if (n == 0)
        return;
    add_line(out, "# an audit entry on these folders: 4663 of whoever writes there");
    add_line(out, "$everyone = New-Object System.Security.Principal.SecurityIdentifier 'S-1-1-0'");
    add_line(out, "$rule = New-Object System.Security.AccessControl.FileSystemAuditRule($everyone, "
                  "'CreateFiles, AppendData, WriteAttributes, Delete, ChangePermissions, "
                  "TakeOwnership', 'ContainerInherit, ObjectInherit', 'None', 'Success')");
    iw_buffer_add(out, IW_STR("foreach ($path in "));
    for (size_t i = 0; i < n; i++) {
        iw_buffer_add(out, i != 0 ? IW_STR(", ") : IW_STR(""));
        iw_quote_powershell(out, folders[i]);
    }
    add_line(out, ") { $acl = Get-Acl -Audit -LiteralPath $path; $acl.AddAuditRule($rule); Set-Acl "
                  "-LiteralPath $path -AclObject $acl }");
}

static void add_log_setting(struct iw_buffer *out, const char *filter, const char *name,
                            const char *value)
{
    iw_buffer_printf(out,
                     "Set-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter '%s' "
                     "-Name %s -Value %s\n",
                     filter, name, value);
}

/* Sites by their number, so that no name of one needs quoting. */
static void add_site_settings(struct iw_buffer *out, const struct iw_inventory_server *server,
                              const char *name, const char *value)
{
    if (server == NULL || server->n_sites == 0)
        add_log_setting(out, "system.applicationHost/sites/siteDefaults/logFile", name, value);
    for (size_t i = 0; server != NULL && i < server->n_sites; i++) {
        char filter[96];
        (void)snprintf(filter, sizeof filter, "system.applicationHost/sites/site[@id=%llu]/logFile",
                       (unsigned long long)server->sites[i].id);
        add_log_setting(out, filter, name, value);
    }
}

static void add_columns(struct iw_buffer *out, const struct iw_inventory_server *server)
{
    add_line(out, "# the columns that tell who asked for what, in W3C form");
    add_line(out, "Import-Module WebAdministration");
    add_site_settings(out, server, "logFormat", "'W3C'");
    add_site_settings(out, server, "logExtFileFlags",
                      "'Date, Time, ClientIP, UserName, ServerIP, Method, UriStem, UriQuery, "
                      "HttpStatus, Win32Status, BytesSent, BytesRecv, TimeTaken, ServerPort, "
                      "UserAgent, Host, HttpSubStatus, Referer'");
}

static void add_requests(struct iw_buffer *out, const struct iw_inventory_server *server)
{
    add_line(out, "# log every request into files");
    add_line(out, "Import-Module WebAdministration");
    add_log_setting(out, "system.webServer/httpLogging", "dontLog", "$false");
    add_log_setting(out, "system.webServer/httpLogging", "selectiveLogging", "'LogAll'");
    add_site_settings(out, server, "enabled", "$true");
    add_site_settings(out, server, "logTargetW3C", "'File,ETW'");
}

/* Pieces that are the same everywhere. */
static const struct {
    unsigned piece;
    const char *text;
} FIXED[] = {
    {BRING_SETTINGS,
     "# or bring what shows that it is logged already: iiswarden collect-list names "
     "the files and commands"},
    {BRING_CONFIGURATION,
     "# bring %windir%\\System32\\inetsrv\\config and, where redirection.config is enabled, the "
     "shared folder it names (iiswarden collect-list)"},
    {BRING_LOG, "# bring the logs of requests of all sites (iiswarden collect-list)"},
    {FORWARD, "# what is gone is gone; forward the log to another host as it is written (Windows "
              "event forwarding), so that clearing or stopping it leaves a copy"},
};

static const struct {
    unsigned piece;
    const char *text;
} LINES[] = {
    {OR, "# or, in its place or beside it:"},
    {POLICY_PROCESS, "auditpol.exe /set /subcategory:'{0CCE922B-69AE-11D9-BED3-505054503030}' "
                     "/success:enable  # process creation"},
    {COMMAND_LINE,
     "reg.exe add 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit' /v "
     "ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1 /f  # command lines in 4688"},
    {POLICY_FILE, "auditpol.exe /set /subcategory:'{0CCE921D-69AE-11D9-BED3-505054503030}' "
                  "/success:enable  # file system"},
};

static const struct {
    unsigned piece;
    const char *text;
} LAST[] = {
    {POLICY_LOGON, "auditpol.exe /set /subcategory:'{0CCE9215-69AE-11D9-BED3-505054503030}' "
                   "/success:enable /failure:enable  # logon"},
    {CHANNEL_SYSMON, "wevtutil.exe sl Microsoft-Windows-Sysmon/Operational /e:true"},
    {ROOM_SYSMON, "wevtutil.exe sl Microsoft-Windows-Sysmon/Operational /ms:1073741824  # 1 GiB"},
    {ROOM_SECURITY, "wevtutil.exe sl Security /ms:4294901760  # 4 GiB"},
    {ROOM_IIS, "wevtutil.exe sl Microsoft-IIS-Configuration/Operational /ms:268435456  # 256 MiB"},
};

#define ADD_LINES(table, pieces, out)                                                              \
    for (size_t i_ = 0; i_ < sizeof(table) / sizeof(table)[0]; i_++) {                             \
        if (((pieces) & (table)[i_].piece) != 0)                                                   \
            add_line((out), (table)[i_].text);                                                     \
    }

static void add_pieces(unsigned pieces, const struct iw_inventory_server *server,
                       const struct iw_sysmon_scope *scope, struct iw_buffer *out)
{
    static const struct {
        unsigned piece;
        enum iw_sysmon_rule rule;
    } SYSMON[] = {{SYSMON_PROCESS, IW_SYSMON_PROCESS_CREATE},
                  {SYSMON_FILE, IW_SYSMON_FILE_CREATE},
                  {SYSMON_LOAD, IW_SYSMON_IMAGE_LOAD},
                  {SYSMON_CONNECTION, IW_SYSMON_NETWORK_CONNECT}};
    for (size_t i = 0; i < sizeof SYSMON / sizeof SYSMON[0]; i++) {
        if ((pieces & SYSMON[i].piece) != 0)
            add_rule(out, scope, SYSMON[i].rule);
    }
    if ((pieces & CHANNEL_IIS) != 0)
        add_line(out, "wevtutil.exe sl Microsoft-IIS-Configuration/Operational /e:true "
                      "/ms:268435456  # off unless switched on");
    ADD_LINES(LINES, pieces, out);
    if ((pieces & AUDIT_ROOTS) != 0)
        add_audit_entry(out, scope->folders.items, scope->folders.n);
    if ((pieces & AUDIT_CONFIG) != 0)
        add_audit_entry(out, &iw_link_folder(IW_FOLDERS_CONFIG)->asked, 1);
    ADD_LINES(LAST, pieces, out);
    if ((pieces & LOG_REQUESTS) != 0)
        add_requests(out, server);
    if ((pieces & LOG_COLUMNS) != 0)
        add_columns(out, server);
    ADD_LINES(FIXED, pieces, out);
}

static unsigned pieces_of(struct iw_str link, enum iw_lack lack)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (iw_str_equal(link, iw_str_of(ROWS[i].link)))
            return ROWS[i].pieces[lack];
    }
    return 0;
}

struct iw_str iw_coverage_fix(struct iw_str link, enum iw_lack lack,
                              const struct iw_inventory_server *server, struct iw_arena *arena)
{
    struct iw_sysmon_scope scope;
    struct iw_buffer text;
    struct iw_str ret = {NULL, 0};
    if (iw_sysmon_scope_of(server, server != NULL, arena, &scope) != IW_OK)
        return ret;
    iw_buffer_init(&text);
    add_pieces(pieces_of(link, lack), server, &scope, &text);
    if (!text.failed) {
        struct iw_str whole = iw_buffer_str(&text);
        ret = iw_arena_copy(arena, (struct iw_str){whole.p, whole.n != 0 ? whole.n - 1 : 0});
    }
    iw_buffer_done(&text);
    return ret;
}

struct iw_str iw_coverage_fix_of_state(struct iw_str link, enum iw_link_state state,
                                       const struct iw_inventory_server *server,
                                       struct iw_arena *arena)
{
    static const enum iw_lack LACKS[IW_LINK_STATE_COUNT] = {[IW_LINK_ABSENT] = IW_LACK_SOURCE,
                                                            [IW_LINK_NOT_PROVED] = IW_LACK_PROOF,
                                                            [IW_LINK_GAP] = IW_LACK_UNBROKEN};
    if (state == IW_LINK_STATED || state == IW_LINK_PROVED)
        return IW_STR("");
    return iw_coverage_fix(link, LACKS[state], server, arena);
}
