/*
 * What a source of events lacks is turned into pieces, and the pieces are printed in the order of
 * one table. Settings are never written as a whole file here: what is pasted adds to what there is,
 * and what is in its way is named.
 */
#include "coverage/fixes.h"

#include <stdio.h>

#include "base/script_quote.h"
#include "coverage/sysmon_rules.h"
#include "event/channel.h"

/* In the order in which they are printed. */
enum piece {
    SYSMON_RULE = 0,
    POLICY_PROCESS,
    COMMAND_LINE,
    POLICY_FILE,
    POLICY_LOGON,
    AUDIT_FOLDERS,
    CHANNEL_ON,
    CHANNEL_ROOM,
    SERVICES_ON,
    LOG_REQUESTS,
    LOG_COLUMNS,
    LESS_NOISE, /* from here on they are said once, of all witnesses together */
    LESS_AUDIT,
    BRING_SETTINGS,
    BRING_CONFIGURATION,
    BRING_SECTIONS,
    BRING_WEB_CONFIGS,
    BRING_LOG,
    BRING_FAR,
    FORWARD,
    CANARY_AGAIN,
    CANARY,
    PIECE_COUNT
};

#define BIT(piece) (1U << (piece))
#define SAID_ONCE (~0U << LESS_NOISE)

_Static_assert(PIECE_COUNT <= 32, "a set of pieces is an unsigned");

/* What has events of a kind logged. */
static const unsigned LOGGING[IW_SENSE_COUNT] = {
    [IW_SENSE_SYSMON_PROCESS] = BIT(SYSMON_RULE),
    [IW_SENSE_SYSMON_FILE] = BIT(SYSMON_RULE),
    [IW_SENSE_SYSMON_LOAD] = BIT(SYSMON_RULE),
    [IW_SENSE_SYSMON_CONNECTION] = BIT(SYSMON_RULE),
    [IW_SENSE_AUDIT_PROCESS] = BIT(POLICY_PROCESS),
    [IW_SENSE_AUDIT_COMMAND_LINE] = BIT(POLICY_PROCESS) | BIT(COMMAND_LINE),
    [IW_SENSE_AUDIT_FILE] = BIT(POLICY_FILE) | BIT(AUDIT_FOLDERS),
    [IW_SENSE_AUDIT_LOGON] = BIT(POLICY_LOGON),
    [IW_SENSE_CONFIGURATION_LOG] = BIT(CHANNEL_ON),
    [IW_SENSE_REQUEST_LOG] = BIT(LOG_REQUESTS),
};

/* What a lack asks for beside, or in place of, having the events logged. */
static const struct {
    bool of_logging;
    unsigned event_log, request_log;
} LACKS[IW_LACK_COUNT] = {
    [IW_LACK_PROOF] = {true, BIT(BRING_SETTINGS), BIT(BRING_LOG)},
    [IW_LACK_MISSED] = {true, BIT(CANARY_AGAIN), BIT(CANARY_AGAIN)},
    [IW_LACK_EMPTY] = {false, BIT(CANARY), BIT(CANARY)},
    [IW_LACK_SOURCE] = {true, BIT(BRING_LOG), BIT(BRING_LOG)},
    [IW_LACK_FILTER] = {true, 0, 0},
    [IW_LACK_POLICY] = {true, 0, 0},
    [IW_LACK_AUDIT_ENTRY] = {false, BIT(AUDIT_FOLDERS), 0},
    [IW_LACK_COMMAND_LINE] = {true, 0, 0},
    [IW_LACK_CHANNEL] = {false, BIT(CHANNEL_ON), BIT(LOG_REQUESTS)},
    [IW_LACK_ROOM] = {false, BIT(CHANNEL_ROOM), BIT(BRING_LOG)},
    [IW_LACK_RUNNING] = {false, BIT(SERVICES_ON), BIT(BRING_LOG)},
    [IW_LACK_QUEUE] = {false, BIT(LESS_NOISE), 0},
    [IW_LACK_AUDIT_QUEUE] = {false, BIT(LESS_AUDIT), 0},
    [IW_LACK_COPY] = {false, BIT(BRING_LOG), BIT(BRING_LOG)},
    [IW_LACK_UNBROKEN] = {false, BIT(FORWARD), BIT(BRING_LOG)},
    [IW_LACK_FAR] = {false, BIT(BRING_FAR), 0},
    [IW_LACK_FILE] = {false, BIT(BRING_CONFIGURATION), BIT(BRING_CONFIGURATION)},
    [IW_LACK_SECTION] = {false, BIT(BRING_SECTIONS), BIT(BRING_SECTIONS)},
    [IW_LACK_WEB_CONFIG] = {false, BIT(BRING_WEB_CONFIGS), BIT(BRING_WEB_CONFIGS)},
    [IW_LACK_COLUMNS] = {false, 0, BIT(LOG_COLUMNS)},
};

/* What is wanted of one witness, while it is written. */
struct fixing {
    const struct iw_link_want *wants;
    size_t n;
    const struct iw_link_witness *witness;
    const struct iw_inventory_server *server;
    const struct iw_sysmon_scope *scope;
    struct iw_buffer *out;
};

static void add_line(struct iw_buffer *out, const char *line)
{
    iw_buffer_add(out, iw_str_of(line));
    iw_buffer_add_char(out, '\n');
}

/* --- Sysmon --------------------------------------------------------------------------------- */

/* The lines of one configuration that are in the way. */
static void add_mend(struct iw_buffer *out, const struct iw_proof_mend *mend)
{
    for (size_t i = 0; i < mend->n; i++) {
        iw_buffer_add(out, IW_STR("# in "));
        iw_quote_powershell(out, mend->source);
        iw_buffer_printf(out, " remove line %u: ", mend->lines[i].line);
        iw_quote_powershell(out, mend->lines[i].what);
        iw_buffer_add_char(out, '\n');
    }
    if (mend->is_cut)
        add_line(out, "# and more lines of onmatch=\"exclude\" like these");
    if (!mend->needs_include)
        add_line(out, "# then Sysmon64.exe -c FILE; all that is not excluded there is logged");
}

/* What is pasted without knowing what is there already. */
static void add_caution(struct iw_buffer *out, enum iw_sysmon_rule rule)
{
    if (rule == IW_SYSMON_PROCESS_CREATE) {
        add_line(out, "<!-- not enough where ProcessCreate has elements of onmatch=\"include\": "
                      "add there <ParentImage condition=\"end "
                      "with\">\\inetsrv\\w3wp.exe</ParentImage> -->");
        return;
    }
    add_line(out, "<!-- not where it has elements of onmatch=\"exclude\" alone: with this, nothing "
                  "else would be logged any more; see there that nothing of this is excluded -->");
}

static enum iw_sysmon_rule rule_of(enum iw_sense sense)
{
    static const enum iw_sysmon_rule RULES[IW_SENSE_COUNT] = {
        [IW_SENSE_SYSMON_PROCESS] = IW_SYSMON_PROCESS_CREATE,
        [IW_SENSE_SYSMON_FILE] = IW_SYSMON_FILE_CREATE,
        [IW_SENSE_SYSMON_LOAD] = IW_SYSMON_IMAGE_LOAD,
        [IW_SENSE_SYSMON_CONNECTION] = IW_SYSMON_NETWORK_CONNECT};
    return RULES[sense];
}

static void add_rule(const struct fixing *in, bool is_known)
{
    enum iw_sysmon_rule rule = rule_of(in->witness->sense);
    struct iw_buffer *out = in->out;
    add_line(out, "<!-- Sysmon: into EventFiltering of its configuration, then Sysmon64.exe -c "
                  "FILE -->");
    if (!is_known)
        add_caution(out, rule);
    if (rule == IW_SYSMON_FILE_CREATE && in->scope->is_assumed)
        add_line(out, "<!-- the default web root is assumed: no configuration names one -->");
    if (rule == IW_SYSMON_FILE_CREATE && in->scope->n_left_out != 0)
        iw_buffer_printf(out, "<!-- %zu folders are left out: not on a drive of this server -->\n",
                         in->scope->n_left_out);
    add_line(out, "<RuleGroup name=\"\" groupRelation=\"or\">");
    if (is_known)
        iw_sysmon_include_add(rule, in->scope, "  ", out);
    else
        iw_sysmon_rule_add(rule, in->scope, "  ", out);
    add_line(out, "</RuleGroup>");
}

/* Exclude takes precedence over include, and an include beside excludes alone narrows what is
 * logged: where the configuration is known, what it needs is said and no more. */
static void add_sysmon(const struct fixing *in)
{
    bool is_known = false, needs_include = false;
    for (size_t i = 0; i < in->n; i++) {
        const struct iw_link_want *want = &in->wants[i];
        for (const struct iw_proof_mend *at = want->mends;
             want->witness == in->witness && at != NULL; at = at->next) {
            is_known = true;
            needs_include |= at->needs_include;
            add_mend(in->out, at);
        }
    }
    if (!is_known || needs_include)
        add_rule(in, is_known);
}

/* --- audit ---------------------------------------------------------------------------------- */

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

static void add_audit_folders(const struct fixing *in)
{
    if (in->witness->folders == IW_FOLDERS_ROOTS)
        add_audit_entry(in->out, in->scope->folders.items, in->scope->folders.n);
    else
        add_audit_entry(in->out, &iw_link_folder(in->witness->folders)->asked, 1);
}

/* --- channels ------------------------------------------------------------------------------- */

static void add_channel_on(const struct fixing *in)
{
    iw_buffer_printf(in->out, "wevtutil.exe sl %s /e:true\n", in->witness->channel);
}

static void add_channel_room(const struct fixing *in)
{
    static const struct {
        const char *channel, *room;
    } ROOMS[] = {{IW_CHANNEL_SECURITY, "4294901760  # 4 GiB"}, /* the most there can be */
                 {IW_CHANNEL_IIS_CONFIGURATION, "268435456  # 256 MiB"}};
    const char *room = "1073741824  # 1 GiB";
    for (size_t i = 0; i < sizeof ROOMS / sizeof ROOMS[0]; i++) {
        if (strcmp(in->witness->channel, ROOMS[i].channel) == 0)
            room = ROOMS[i].room;
    }
    iw_buffer_printf(in->out, "wevtutil.exe sl %s /ms:%s\n", in->witness->channel, room);
}

/* --- logs of requests ------------------------------------------------------------------------ */

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

static void add_columns(const struct fixing *in)
{
    struct iw_buffer *out = in->out;
    const struct iw_inventory_server *server = in->server;
    add_line(out, "# the columns that tell who asked for what, in W3C form");
    add_line(out, "Import-Module WebAdministration");
    add_site_settings(out, server, "logFormat", "'W3C'");
    add_site_settings(out, server, "logExtFileFlags",
                      "'Date, Time, ClientIP, UserName, ServerIP, Method, UriStem, UriQuery, "
                      "HttpStatus, Win32Status, BytesSent, BytesRecv, TimeTaken, ServerPort, "
                      "UserAgent, Host, HttpSubStatus, Referer'");
}

static void add_requests(const struct fixing *in)
{
    struct iw_buffer *out = in->out;
    const struct iw_inventory_server *server = in->server;
    add_line(out, "# log every request into files");
    add_line(out, "Import-Module WebAdministration");
    add_log_setting(out, "system.webServer/httpLogging", "dontLog", "$false");
    add_log_setting(out, "system.webServer/httpLogging", "selectiveLogging", "'LogAll'");
    add_site_settings(out, server, "enabled", "$true");
    add_site_settings(out, server, "logTargetW3C", "'File,ETW'");
}

/* --- pieces --------------------------------------------------------------------------------- */

/* A text that is the same everywhere, or what writes it. */
static const struct {
    const char *text;
    void (*add)(const struct fixing *in);
} PIECES[PIECE_COUNT] = {
    [SYSMON_RULE] = {.add = add_sysmon},
    [POLICY_PROCESS] =
        {.text = "auditpol.exe /set /subcategory:'{0CCE922B-69AE-11D9-BED3-505054503030}' "
                 "/success:enable  # process creation"},
    [COMMAND_LINE] =
        {.text = "reg.exe add "
                 "'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit' "
                 "/v ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1 /f  # command "
                 "lines in 4688"},
    [POLICY_FILE] = {.text =
                         "auditpol.exe /set /subcategory:'{0CCE921D-69AE-11D9-BED3-505054503030}' "
                         "/success:enable  # file system"},
    [POLICY_LOGON] = {.text =
                          "auditpol.exe /set /subcategory:'{0CCE9215-69AE-11D9-BED3-505054503030}' "
                          "/success:enable /failure:enable  # logon"},
    [AUDIT_FOLDERS] = {.add = add_audit_folders},
    [CHANNEL_ON] = {.add = add_channel_on},
    [CHANNEL_ROOM] = {.add = add_channel_room},
    [SERVICES_ON] = {.text =
                         "Get-Service -Name Sysmon*, EventLog | Set-Service -StartupType Automatic "
                         "-PassThru | Start-Service  # what was not logged meanwhile is gone"},
    [LOG_REQUESTS] = {.add = add_requests},
    [LOG_COLUMNS] = {.add = add_columns},
    [LESS_NOISE] =
        {.text = "# Sysmon could not keep up: take out of its configuration what is logged in "
                 "masses and asked for by nobody, so that its queue has room"},
    [LESS_AUDIT] =
        {.text = "# audits were lost: take out of the audit policy what is logged in masses and "
                 "asked for by nobody (auditpol.exe /get /category:* lists it)"},
    [BRING_SETTINGS] =
        {.text = "# or bring what shows that it is logged already: iiswarden collect-list "
                 "names the files and commands"},
    [BRING_CONFIGURATION] =
        {.text = "# bring %windir%\\System32\\inetsrv\\config and, where "
                 "redirection.config is enabled, the shared folder it names (iiswarden "
                 "collect-list)"},
    [BRING_SECTIONS] =
        {.text = "# bring the files that configSource names; what is encrypted the server prints: "
                 "%windir%\\System32\\inetsrv\\appcmd.exe list config -section:NAME"},
    [BRING_WEB_CONFIGS] = {.text = "# bring the web.config files of all web roots, and their bin "
                                   "folders (iiswarden collect-list)"},
    [BRING_LOG] = {.text =
                       "# bring the log, whole and up to the end, where there is one (iiswarden "
                       "collect-list)"},
    [BRING_FAR] =
        {.text = "# a web root lies on another machine, or nobody knows where: log there what is "
                 "written to it, and say so with --telemetry"},
    [FORWARD] =
        {.text =
             "# what is gone is gone; forward the log to another host as it is written (Windows "
             "event forwarding), so that clearing it leaves a copy"},
    [CANARY_AGAIN] =
        {.text = "# a canary was not seen: when this is done do it again (iiswarden coverage "
                 "--canary-plan FILE, then --canary FILE)"},
    [CANARY] = {.text = "# have it write something, and collect again (iiswarden coverage "
                        "--canary-plan FILE, then --canary FILE)"},
};

static unsigned pieces_of(const struct iw_link_want *want)
{
    unsigned pieces = LACKS[want->lack].event_log;
    if (want->witness == NULL)
        return pieces;
    if (want->witness->sense == IW_SENSE_REQUEST_LOG)
        pieces = LACKS[want->lack].request_log;
    if (LACKS[want->lack].of_logging)
        pieces |= LOGGING[want->witness->sense];
    if (want->lack == IW_LACK_FILTER && want->mends == NULL) /* which of it is not known */
        pieces |= BIT(BRING_SETTINGS);
    return pieces;
}

static void add_pieces(const struct fixing *in, unsigned pieces)
{
    for (int i = 0; i < PIECE_COUNT; i++) {
        if ((pieces & BIT(i)) == 0)
            continue;
        if (PIECES[i].add != NULL)
            PIECES[i].add(in);
        else
            add_line(in->out, PIECES[i].text);
    }
}

/* Whether an earlier want is of the same witness. */
static bool is_told(const struct iw_link_want *wants, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (wants[k].witness == wants[i].witness)
            return true;
    }
    return false;
}

static void add_all(struct fixing *in)
{
    unsigned once = 0;
    bool any = false;
    for (size_t i = 0; i < in->n; i++) {
        unsigned pieces = 0;
        if (is_told(in->wants, i))
            continue;
        in->witness = in->wants[i].witness;
        for (size_t k = i; k < in->n; k++)
            pieces |= in->wants[k].witness == in->witness ? pieces_of(&in->wants[k]) : 0;
        once |= pieces & SAID_ONCE;
        pieces &= ~SAID_ONCE;
        if (pieces == 0)
            continue;
        if (any)
            add_line(in->out, IW_COVERAGE_OR);
        any = true;
        add_pieces(in, pieces);
    }
    add_pieces(in, once);
}

struct iw_str iw_coverage_fix(const struct iw_link_result *link,
                              const struct iw_inventory_server *server, struct iw_arena *arena)
{
    struct iw_sysmon_scope scope;
    struct iw_buffer text;
    struct fixing in = {
        .wants = link->wants, .n = link->n_wants, .server = server, .scope = &scope, .out = &text};
    struct iw_str ret = {NULL, 0};
    if (link->n_wants == 0)
        return IW_STR("");
    if (iw_sysmon_scope_with_past(server, server != NULL, arena, &scope) != IW_OK ||
        (link->open_roots.n != 0 &&
         iw_sysmon_scope_narrow(&scope, link->open_roots, arena) != IW_OK))
        return ret;
    iw_buffer_init(&text);
    add_all(&in);
    if (!text.failed) {
        struct iw_str whole = iw_buffer_str(&text);
        ret = iw_arena_copy(arena, (struct iw_str){whole.p, whole.n != 0 ? whole.n - 1 : 0});
    }
    iw_buffer_done(&text);
    return ret;
}
