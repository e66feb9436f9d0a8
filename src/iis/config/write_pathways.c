/*
 * Root by root. What several roots share (request filtering, modules) is looked at once.
 */
#include "iis/config/write_pathways.h"

#include "iis/config/config_judge.h"
#include "iis/config/filter_weakness.h"
#include "iis/config/section_locks.h"
#include "iis/config/web_handler.h"
#include "iis/config/web_pattern.h"

#define WEB "system.webServer/"
#define AUTHORING WEB "webdav/authoring"
#define AUTHORING_RULES WEB "webdav/authoringRules"
#define FTP_RULES "system.ftpServer/security/authorization"
#define HIDDEN "its section is encrypted or not at hand"

struct reading {
    const struct iw_server *server;
    const struct iw_config *config;
    const struct iw_server_site *site;
    const struct iw_server_application *application;
    const struct iw_server_directory *directory;
    struct iw_filter_reading filter;
    struct iw_pathway_lines lines; /* of the root */
    bool has_root_web;             /* the web.config of the framework is in evidence */
};

static struct iw_str key_of(const struct reading *reading)
{
    return reading->directory->place.key;
}

static struct iw_config_setting setting_of(const struct reading *reading, const char *path,
                                           struct iw_str name)
{
    return iw_config_setting_at(reading->config,
                                iw_config_section_of(reading->config, iw_str_of(path)), name,
                                key_of(reading));
}

static bool is_on(struct iw_config_setting setting)
{
    return setting.is_set && (iw_str_equal_nocase(setting.value, IW_STR("true")) ||
                              iw_str_equal(setting.value, IW_STR("1")));
}

/* --- rules of WebDAV and FTP -------------------------------------------------------------- */

static bool lets_write(struct iw_str flags)
{
    return (iw_web_access_of(flags) & (IW_WEB_ACCESS_WRITE | IW_WEB_ACCESS_SOURCE)) != 0;
}

/* "users *", "group editors", "users a, b for *.html" */
static void name_who(struct iw_pathway_names *names, const struct iw_config_element *rule)
{
    struct iw_str users = iw_pathway_value(rule, IW_STR("users"));
    struct iw_str roles = iw_pathway_value(rule, IW_STR("roles"));
    struct iw_str path = iw_pathway_value(rule, IW_STR("path"));
    struct iw_pathway_lines words = {.arena = names->arena};

    iw_pathway_say(&words, "%s%.*s%s%s%.*s%s%.*s", users.n != 0 ? "users " : "", IW_STR_ARG(users),
                   users.n != 0 && roles.n != 0 ? ", " : "", roles.n != 0 ? "groups " : "",
                   IW_STR_ARG(roles), path.n > 1 ? " for " : "",
                   IW_STR_ARG(path.n > 1 ? path : IW_STR("")));
    names->no_memory |= words.no_memory;
    if (!words.no_memory)
        iw_pathway_name(names, words.items[0]);
}

/* Who may write by the rules of a section; p NULL: no memory. Refusing rules are not weighed
 * against allowing ones: the order in which IIS asks them decides, account by account. */
static struct iw_str writers(struct reading *reading, const char *section, struct iw_str flags)
{
    struct iw_pathway_names names = {.arena = reading->lines.arena};
    struct iw_config_items items;
    bool refuses = false;

    if (!iw_filter_weigh(&reading->filter, section, key_of(reading)))
        return IW_STR("not known (a limit of this program was reached)");
    if (iw_config_collect(reading->config, iw_config_collection_of(section, ""), key_of(reading),
                          names.arena, &items) != IW_OK)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < items.n; i++) {
        const struct iw_config_element *rule = items.items[i].element;
        bool is_deny = iw_str_equal_nocase(iw_config_value(rule, IW_STR("accessType"), IW_STR("")),
                                           IW_STR("Deny"));
        refuses |= is_deny;
        if (!is_deny && lets_write(iw_config_value(rule, flags, IW_STR(""))))
            name_who(&names, rule);
    }
    if (items.is_unknown)
        iw_pathway_name(&names, IW_STR("others that are not known (" HIDDEN ")"));
    if (names.n == 0)
        return IW_STR("nobody by its rules");
    if (refuses)
        iw_pathway_name(&names, IW_STR("except whom a rule refuses"));
    return iw_pathway_named(&names);
}

static void tell_webdav(struct reading *reading)
{
    struct iw_config_setting enabled = setting_of(reading, AUTHORING, IW_STR("enabled"));
    struct iw_str who;

    if (enabled.is_unknown)
        iw_pathway_say(&reading->lines, "unknown: webdav: " HIDDEN);
    if (!is_on(enabled) || (!reading->filter.has_webdav && !reading->filter.modules_unknown))
        return;
    if (!reading->filter.has_webdav)
        iw_pathway_say(&reading->lines,
                       "unknown: webdav: authoring is on; whether WebDAVModule is, is not known");
    who = writers(reading, AUTHORING_RULES, IW_STR("access"));
    if (who.p == NULL)
        reading->lines.no_memory = true;
    else if (reading->filter.has_webdav)
        iw_pathway_say(&reading->lines, "webdav: authoring is on; may write: %.*s",
                       IW_STR_ARG(who));
}

/* The element behind site or siteDefaults, by its name below ftpServer/security/authentication. */
static const struct iw_config_element *authentication_of(const struct iw_config_element *site,
                                                         struct iw_str name)
{
    const struct iw_config_element *at = iw_config_child(site, IW_STR("ftpServer"));

    at = iw_config_child(at, IW_STR("security"));
    at = iw_config_child(at, IW_STR("authentication"));
    return iw_config_child(at, name);
}

static const struct iw_config_element *site_defaults(const struct iw_config *config)
{
    const struct iw_config_section *section =
        iw_config_section_of(config, IW_STR("system.applicationHost/sites"));
    const struct iw_config_element *last = NULL;
    const struct iw_config_layer *layer = NULL;

    while ((layer = iw_config_layer_at(config, section, IW_STR(""), layer)) != NULL) {
        const struct iw_config_element *child =
            iw_config_child(layer->element, IW_STR("siteDefaults"));
        last = child != NULL ? child : last;
    }
    return last;
}

static bool takes(const struct reading *reading, struct iw_str method)
{
    const struct iw_config_element *defaults =
        authentication_of(site_defaults(reading->config), method);

    return iw_config_flag(authentication_of(reading->site->element, method), IW_STR("enabled"),
                          iw_config_flag(defaults, IW_STR("enabled"), false));
}

static void tell_ftp(struct reading *reading)
{
    struct iw_pathway_names at = {.arena = reading->lines.arena};
    struct iw_str where, who;

    for (size_t i = 0; i < reading->site->n_bindings; i++)
        if (iw_str_equal_nocase(reading->site->bindings[i].protocol, IW_STR("ftp")))
            iw_pathway_name(&at, reading->site->bindings[i].information);
    if (at.n == 0)
        return;
    where = iw_pathway_named(&at);
    who = writers(reading, FTP_RULES, IW_STR("permissions"));
    if (where.p == NULL || who.p == NULL) {
        reading->lines.no_memory = true;
        return;
    }
    iw_pathway_say(&reading->lines, "ftp: at %.*s%s%s; may write: %.*s", IW_STR_ARG(where),
                   takes(reading, IW_STR("anonymousAuthentication")) ? ", anonymous visitors" : "",
                   takes(reading, IW_STR("basicAuthentication")) ? ", passwords" : "",
                   IW_STR_ARG(who));
}

/* --- sections a web.config may add to ----------------------------------------------------- */

/* "handlers" of system.webServer/handlers; those of .NET keep their group. */
static struct iw_str short_name(const struct iw_code_section *row)
{
    struct iw_str path = iw_str_of(row->path), group = IW_STR(WEB);

    if (!row->is_net && iw_str_begins_nocase(path, group))
        return (struct iw_str){path.p + group.n, path.n - group.n};
    return path;
}

/* Does code of .NET run in this pool, as far as is known? */
static bool is_managed(const struct reading *reading)
{
    const struct iw_server_pool *pool = reading->application->pool;
    return pool == NULL || pool->clr.n != 0;
}

/* Sections of one kind by what a web.config may do with them. */
struct answers {
    struct iw_pathway_names by[IW_SECTION_ALLOWED + 1];
};

static void ask_sections(const struct reading *reading, bool is_net, struct answers *ret)
{
    size_t n;
    const struct iw_code_section *rows = iw_code_sections(&n);

    *ret = (struct answers){0};
    for (size_t i = 0; i <= IW_SECTION_ALLOWED; i++)
        ret->by[i].arena = reading->lines.arena;
    for (size_t i = 0; i < n; i++)
        if (rows[i].is_net == is_net)
            iw_pathway_name(&ret->by[iw_section_answer_at(reading->config, &rows[i],
                                                          &reading->directory->place)],
                            short_name(&rows[i]));
}

/* Names the sections, or, of those of .NET, which are usually all open, the fewer. */
static void tell_allowed(struct reading *reading, bool is_net, const char *name, const char *after)
{
    struct answers answers;
    struct iw_str allowed, denied, unknown;
    bool is_short;

    ask_sections(reading, is_net, &answers);
    is_short = is_net && answers.by[IW_SECTION_UNKNOWN].n == 0 &&
               answers.by[IW_SECTION_DENIED].n < answers.by[IW_SECTION_ALLOWED].n;
    allowed = iw_pathway_named(&answers.by[IW_SECTION_ALLOWED]);
    denied = iw_pathway_named(&answers.by[IW_SECTION_DENIED]);
    unknown = iw_pathway_named(&answers.by[IW_SECTION_UNKNOWN]);
    if (allowed.p == NULL || denied.p == NULL || unknown.p == NULL)
        reading->lines.no_memory = true;
    else if (is_short)
        iw_pathway_say(&reading->lines, "%s: all sections of .NET that add code%s%.*s%s", name,
                       denied.n != 0 ? ", but not " : "", IW_STR_ARG(denied), after);
    else if (allowed.n != 0)
        iw_pathway_say(&reading->lines, "%s: %.*s%s", name, IW_STR_ARG(allowed), after);
    if (unknown.n != 0)
        iw_pathway_say(&reading->lines, "unknown: %s: %.*s: " HIDDEN, name, IW_STR_ARG(unknown));
}

static const char *why_locks_are_unknown(const struct iw_config *config)
{
    if (config->is_redirected)
        return "the configuration in force is elsewhere";
    if (!config->has_server)
        return "applicationHost.config is not in evidence, or damaged";
    if (config->has_hidden_layers || config->has_hidden_sections)
        return "a limit of this program was reached";
    return NULL;
}

static void tell_unlocked(struct reading *reading)
{
    const char *why = why_locks_are_unknown(reading->config);
    size_t n = reading->lines.n;

    if (why != NULL) {
        iw_pathway_say(&reading->lines, "unknown: unlocked: %s", why);
        return;
    }
    tell_allowed(reading, false, "unlocked", "");
    if (is_managed(reading))
        tell_allowed(reading, true, "unlocked-net", reading->has_root_web ? "" : " (as installed)");
    if (reading->lines.n != n && reading->directory->allows_subfolder_config)
        iw_pathway_say(&reading->lines, "sub-config: web.config of subfolders are read");
}

/* --- the folder and its worker ------------------------------------------------------------ */

static void tell_folder(struct reading *reading)
{
    const struct iw_server_directory *directory = reading->directory;
    struct iw_str path = directory->root.path;

    if (path.n > 2 && path.p[0] == '\\' && path.p[1] == '\\')
        iw_pathway_say(&reading->lines, "unc-root: %.*s: whoever may write to that share",
                       IW_STR_ARG(iw_pathway_text(path)));
    if (directory->user.n != 0)
        iw_pathway_say(&reading->lines, "root-account: opened as %.*s",
                       IW_STR_ARG(iw_pathway_text(directory->user)));
}

/* The names of the schema; configuration may also hold their numbers. */
static const char *built_in(struct iw_str identity)
{
    static const char *const NAMES[] = {"LocalSystem", "LocalService", "NetworkService"};
    uint64_t number;

    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (iw_str_equal_nocase(identity, iw_str_of(NAMES[i])) ||
            (iw_str_to_u64(identity, &number) && number == i))
            return NAMES[i];
    return NULL;
}

static void tell_pool(struct reading *reading)
{
    const struct iw_server_pool *pool = reading->application->pool;
    const char *name = pool != NULL ? built_in(pool->identity) : NULL;

    if (pool == NULL && reading->server->pools_unknown)
        iw_pathway_say(&reading->lines, "unknown: pool-identity: " HIDDEN);
    else if (name != NULL)
        iw_pathway_say(&reading->lines, "pool-identity: %s%s", name,
                       strcmp(name, "LocalSystem") == 0 ? ": what runs here may change everything"
                                                        : ", shared with other services");
}

/* --- handlers, filtering, listing --------------------------------------------------------- */

static void tell_handlers(struct reading *reading)
{
    struct iw_config_setting policy = setting_of(reading, WEB "handlers", IW_STR("accessPolicy"));
    unsigned access = policy.is_set ? iw_web_access_of(policy.value) : 0;

    if (policy.is_unknown)
        iw_pathway_say(&reading->lines, "unknown: handler-write: " HIDDEN);
    if ((access & (IW_WEB_ACCESS_WRITE | IW_WEB_ACCESS_SOURCE)) != 0)
        iw_pathway_say(&reading->lines, "handler-write: accessPolicy is \"%.*s\"%s",
                       IW_STR_ARG(iw_pathway_text(policy.value)),
                       (access & IW_WEB_ACCESS_NO_REMOTE_WRITE) != 0
                           ? ": writing only from the server itself"
                           : "");
}

static void tell_filtering(struct reading *reading)
{
    if (reading->filter.found.n != 0)
        iw_pathway_say(&reading->lines, "filtering-weakened: %.*s",
                       IW_STR_ARG(reading->filter.found));
    if (reading->filter.hidden.n != 0)
        iw_pathway_say(&reading->lines, "unknown: filtering-weakened: %.*s",
                       IW_STR_ARG(reading->filter.hidden));
}

static void tell_listing(struct reading *reading)
{
    struct iw_config_setting enabled =
        setting_of(reading, WEB "directoryBrowse", IW_STR("enabled"));

    if (is_on(enabled))
        iw_pathway_say(&reading->lines, "directory-browse: visitors see what lies there");
    else if (enabled.is_unknown)
        iw_pathway_say(&reading->lines, "unknown: directory-browse: " HIDDEN);
}

/* --- all roots ---------------------------------------------------------------------------- */

static enum iw_rc read_root(struct reading *reading, struct iw_text_list *ret)
{
    reading->lines = (struct iw_pathway_lines){.arena = reading->lines.arena};
    IW_TRY(iw_filter_read(&reading->filter, key_of(reading)));
    tell_webdav(reading);
    tell_ftp(reading);
    tell_unlocked(reading);
    tell_folder(reading);
    tell_pool(reading);
    tell_handlers(reading);
    tell_filtering(reading);
    tell_listing(reading);
    return iw_pathway_sort(&reading->lines, ret);
}

static enum iw_rc read_site(struct reading *reading, struct iw_write_pathways *ret)
{
    const struct iw_server_site *site = reading->site;

    for (size_t i = 0; i < site->n_applications; i++) {
        reading->application = &site->applications[i];
        for (size_t k = 0; k < reading->application->n_directories; k++) {
            reading->directory = &reading->application->directories[k];
            IW_TRY(read_root(reading, &ret->roots[ret->n_roots++]));
        }
    }
    return IW_OK;
}

static size_t count_roots(const struct iw_server *server)
{
    size_t n = 0;

    for (size_t i = 0; i < server->n_sites; i++)
        for (size_t k = 0; k < server->sites[i].n_applications; k++)
            n += server->sites[i].applications[k].n_directories;
    return n;
}

enum iw_rc iw_write_pathways_read(const struct iw_server *server, struct iw_arena *arena,
                                  struct iw_write_pathways *ret)
{
    struct reading reading = {.server = server,
                              .config = server->config,
                              .filter = {.config = server->config, .arena = arena},
                              .lines = {.arena = arena}};

    *ret = (struct iw_write_pathways){0};
    for (const struct iw_config_file *at = server->config->files; at != NULL; at = at->next)
        reading.has_root_web |= at->role == IW_CONFIG_ROOT_WEB;
    ret->roots = iw_arena_calloc(arena, count_roots(server) + 1, sizeof *ret->roots);
    if (ret->roots == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < server->n_sites; i++) {
        reading.site = &server->sites[i];
        IW_TRY(read_site(&reading, ret));
    }
    return IW_OK;
}
