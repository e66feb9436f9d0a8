/*
 * Sources: the default handlers of IIS and ASP.NET (iis/web/web_defaults.h); Win32 namespaces and
 * streams ("Naming Files, Paths, and Namespaces", Microsoft); ASP.NET's folder for what it
 * compiles.
 */
#include "detect/chain/web_file_path.h"

#include "base/arena_text.h"
#include "base/path_name.h"
#include "detect/drive_path.h"
#include "event/host.h"
#include "event/web_server.h"
#include "iis/config/server_path.h"
#include "iis/web/web_defaults.h"

/* A text in lower case, once for many questions: this is asked about every file event of a run. */
#define LOWERED_BYTES 1024U
struct lowered {
    struct iw_str text; /* in room, or as it was where that is too small */
    bool is_lower;
    char room[LOWERED_BYTES];
};

static void lower(struct lowered *lowered, struct iw_str text)
{
    lowered->text = text;
    lowered->is_lower = text.n <= LOWERED_BYTES;
    if (!lowered->is_lower)
        return;
    for (size_t i = 0; i < text.n; i++)
        lowered->room[i] = iw_ascii_lower(text.p[i]);
    lowered->text.p = lowered->room;
}

/* *parts* are in lower case: n of them, or up to NULL. */
static bool holds_one_of(const struct lowered *lowered, const char *const *parts, size_t n)
{
    for (size_t i = 0; i < n && parts[i] != NULL; i++) {
        if (lowered->is_lower
                ? memmem(lowered->text.p, lowered->text.n, parts[i], strlen(parts[i])) != NULL
                : iw_str_holds_nocase(lowered->text, iw_str_of(parts[i])))
            return true;
    }
    return false;
}
#define HOLDS_ONE_OF(lowered, parts) holds_one_of(lowered, parts, sizeof(parts) / sizeof(parts)[0])

static bool ends_with_one_of(struct iw_str path, const char *const *endings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_ends_nocase(path, iw_str_of(endings[i])))
            return true;
    }
    return false;
}
#define ENDS_WITH_ONE_OF(path, endings)                                                            \
    ends_with_one_of(path, endings, sizeof(endings) / sizeof(endings)[0])

/* --- names ------------------------------------------------------------------------------------ */

static struct iw_str without_end(struct iw_str name)
{
    while (name.n != 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
        name.n--;
    return name;
}

/* A file's name taken apart: `a.txt` and `b.asp` of `a.txt:b.asp:$DATA`. */
struct parts {
    struct iw_str name, stream;
    bool has_data; /* `::$DATA` */
};

static struct parts parts_of(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    struct parts parts = {.name = name, .stream = IW_STR("")};
    size_t colon = iw_str_find(name, IW_STR(":"));
    if (colon == SIZE_MAX || colon == 0)
        return parts;
    parts.stream = (struct iw_str){name.p + colon + 1, name.n - colon - 1};
    parts.name.n = colon;
    if (iw_str_ends_nocase(parts.stream, IW_STR(":$DATA"))) {
        parts.stream.n -= 6;
        parts.has_data = parts.stream.n == 0;
    }
    return parts;
}

/* A name that a handler may still take for a page, or that looks like something else. */
static bool is_disguised(struct iw_str name)
{
    static const char *const INSIDE[] = {".asp;", ".aspx;", ".asp.",  ".aspx.", ".ashx.",
                                         ".php.", ".jsp.",  ".asmx.", ".asa;",  ".cer;"};
    static const char *const LOOKS[] = {".jpg", ".jpeg", ".png", ".gif", ".bmp",
                                        ".ico", ".txt",  ".pdf", ".css"};
    struct lowered lowered;
    if (!ENDS_WITH_ONE_OF(name, LOOKS))
        return false;
    lower(&lowered, name);
    return HOLDS_ONE_OF(&lowered, INSIDE);
}

static struct iw_str oddness_of(struct parts parts)
{
    if (parts.has_data)
        return IW_STR("named with ::$DATA behind");
    if (parts.stream.n != 0 && iw_web_ending_of(parts.stream) != NULL)
        return IW_STR("a script in a stream of another file");
    if (is_disguised(parts.name))
        return IW_STR("two endings, one of a script");
    if (without_end(parts.name).n != parts.name.n)
        return IW_STR("a dot or space at the end of its name");
    return IW_STR("");
}

static bool is_library_place(const struct lowered *path, const struct iw_chain_settings *settings)
{
    static const char *const PARTS[] = {"\\bin\\", "\\inetsrv\\", "\\app_code\\", "\\gac_"};
    return HOLDS_ONE_OF(path, PARTS) ||
           (settings != NULL && settings->watched_paths.n != 0 &&
            iw_chain_list_covers(&settings->watched_paths, path->text));
}

static bool is_below_web_root(struct iw_str path, const struct iw_chain_settings *settings)
{
    return settings != NULL &&
           ((settings->web_roots.n != 0 && iw_chain_list_covers(&settings->web_roots, path)) ||
            (settings->odd_roots.n != 0 && iw_chain_list_covers(&settings->odd_roots, path)));
}

/* From the root of the drive on: a folder of that name elsewhere is nobody's. */
static bool is_windows_own(struct iw_str path, const struct iw_chain_settings *settings)
{
    static const char *const FOLDERS[] = {"windows\\winsxs\\", "windows\\softwaredistribution\\",
                                          "windows\\installer\\", "windows\\servicing\\",
                                          "inetpub\\history\\"};
    return IW_PATH_IN(path, FOLDERS) && !is_below_web_root(path, settings);
}

/* Endings that matter, sorted: nearly all files of a run have another one. */
static bool is_ending_of_interest(struct iw_str name)
{
    static const char *const ENDINGS[] = {
        "asa",  "asax",     "ascx",      "ashx",     "asmx",   "asp",   "aspq",     "aspx", "axd",
        "bat",  "bmp",      "browser",   "cdx",      "cer",    "cfc",   "cfm",      "cfml", "cgi",
        "cmd",  "compiled", "config",    "cs",       "cshtml", "css",   "discomap", "dll",  "exe",
        "fcgi", "gif",      "hta",       "htaccess", "ico",    "ini",   "jpeg",     "jpg",  "jsp",
        "jspf", "jspx",     "master",    "pdf",      "phar",   "php",   "php3",     "php4", "php5",
        "php6", "php7",     "php8",      "pht",      "phtml",  "pl",    "png",      "ps1",  "py",
        "rb",   "rem",      "resources", "resx",     "shtm",   "shtml", "skin",     "soap", "stm",
        "svc",  "txt",      "vb",        "vbhtml",   "vbs",    "war",   "wsdl",     "wsf",  "xamlx",
        "xsd"};
    char ending[12];
    size_t n = 0, low = 0, high = sizeof ENDINGS / sizeof ENDINGS[0];
    while (n < name.n && name.p[name.n - 1 - n] != '.')
        n++;
    if (n == name.n || n >= sizeof ending)
        return false;
    for (size_t i = 0; i < n; i++)
        ending[i] = iw_ascii_lower(name.p[name.n - n + i]);
    ending[n] = '\0';
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(ending, ENDINGS[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* Names that nothing but a web server reads. */
static bool is_of_web_alone(struct iw_str name)
{
    return iw_str_equal_nocase(name, IW_STR(".user.ini")) ||
           iw_str_equal_nocase(name, IW_STR(".htaccess"));
}

/* Configuration that makes code run with every page, as web.config does: PHP reads `.user.ini` in
 * the folder of the page and those above, `php.ini` in that of its program and its working
 * directory (auto_prepend_file; php.net, ".user.ini files", "The configuration file"); rewriting
 * modules and Apache read `.htaccess` (AddHandler, php_value). */
static bool is_page_configuration(struct iw_str name)
{
    return iw_str_ends_nocase(name, IW_STR(".config")) ||
           iw_str_equal_nocase(name, IW_STR("php.ini")) || is_of_web_alone(name);
}

/* By its name alone; the folder has its say after that. */
static enum iw_web_file_class class_of_name(struct iw_str name)
{
    static const char *const PROGRAMS[] = {".exe", ".ps1", ".bat", ".cmd", ".vbs", ".hta", ".wsf"};
    const struct iw_web_ending *ending = iw_web_ending_of(name);
    if (ending != NULL)
        return ending->is_indirect ? IW_WEB_FILE_SUPPORT : IW_WEB_FILE_SCRIPT;
    if (iw_str_ends_nocase(name, IW_STR(".compiled")))
        return IW_WEB_FILE_COMPILED;
    if (iw_str_ends_nocase(name, IW_STR(".dll")) || is_page_configuration(name) ||
        is_disguised(name))
        return IW_WEB_FILE_SUPPORT;
    return ENDS_WITH_ONE_OF(name, PROGRAMS) ? IW_WEB_FILE_PROGRAM : IW_WEB_FILE_OTHER;
}

/* Where ASP.NET compiles: below its own folder of Windows; where the account of the pool may not
 * write there, below its temporary folder. */
static bool is_compile_folder(struct iw_str path, const struct iw_chain_settings *settings)
{
    static const char *const FOLDERS[] = {
        "windows\\microsoft.net\\framework*\\v*\\temporary asp.net files\\",
        "windows\\temp\\temporary asp.net files\\",
        "users\\*\\appdata\\local\\temp\\temporary asp.net files\\",
        "windows\\serviceprofiles\\*\\appdata\\local\\temp\\temporary asp.net files\\",
        "windows\\system32\\config\\systemprofile\\appdata\\local\\temp\\temporary asp.net files\\",
        "windows\\syswow64\\config\\systemprofile\\appdata\\local\\temp\\temporary asp.net files\\",
    };
    return IW_PATH_IN(path, FOLDERS) && !is_below_web_root(path, settings);
}

/* What ASP.NET compiles into an application with its folders: source, and what source is made of.
 * Source: learn.microsoft.com, "ASP.NET Web Project Folder Structure". */
static bool is_compiled_with_application(struct iw_str name, const struct lowered *path)
{
    static const char *const CODE_FOLDER[] = {"\\app_code\\"};
    static const char *const CODE[] = {".cs", ".vb", ".wsdl", ".xsd", ".discomap"};
    static const char *const RESOURCE_FOLDERS[] = {"\\app_globalresources\\",
                                                   "\\app_localresources\\"};
    static const char *const RESOURCES[] = {".resx", ".resources"};
    static const char *const REFERENCE_FOLDER[] = {"\\app_webreferences\\"};
    static const char *const REFERENCES[] = {".wsdl", ".xsd", ".discomap"};
    return (ENDS_WITH_ONE_OF(name, CODE) && HOLDS_ONE_OF(path, CODE_FOLDER)) ||
           (ENDS_WITH_ONE_OF(name, RESOURCES) &&
            (HOLDS_ONE_OF(path, RESOURCE_FOLDERS) || HOLDS_ONE_OF(path, CODE_FOLDER))) ||
           (ENDS_WITH_ONE_OF(name, REFERENCES) && HOLDS_ONE_OF(path, REFERENCE_FOLDER));
}

/* What servers run by its folder: programs of CGI, archives that Java servers unpack, source that
 * ASP.NET compiles with the application. */
static enum iw_web_file_class class_by_folder(struct iw_str name, const struct lowered *path)
{
    static const char *const CGI[] = {".py", ".rb", ".fcgi"};
    static const char *const CGI_FOLDER[] = {"\\cgi-bin\\"};
    static const char *const ARCHIVE_FOLDER[] = {"\\webapps\\", "\\standalone\\deployments\\"};
    if (ENDS_WITH_ONE_OF(name, CGI) && HOLDS_ONE_OF(path, CGI_FOLDER))
        return IW_WEB_FILE_SCRIPT;
    if (is_compiled_with_application(name, path))
        return IW_WEB_FILE_SUPPORT;
    return iw_str_ends_nocase(name, IW_STR(".war")) && HOLDS_ONE_OF(path, ARCHIVE_FOLDER)
               ? IW_WEB_FILE_SUPPORT
               : IW_WEB_FILE_OTHER;
}

static bool is_usual_folder(const struct lowered *path, const struct iw_chain_settings *settings)
{
    static const char *const NEVER[] = {"inetpub\\logs\\", "inetpub\\temp\\", "inetpub\\history\\"};
    if (is_below_web_root(path->text, settings))
        return true;
    return holds_one_of(path, iw_web_server_folders, SIZE_MAX) && !IW_PATH_IN(path->text, NEVER) &&
           !is_compile_folder(path->text, settings);
}

static bool is_compiled(struct iw_str name)
{
    return iw_str_ends_nocase(name, IW_STR(".compiled")) ||
           (iw_str_begins_nocase(name, IW_STR("App_Web_")) &&
            iw_str_ends_nocase(name, IW_STR(".dll")));
}

bool iw_web_file_is_never_asked_for(struct iw_str path, const struct iw_chain_settings *settings)
{
    /* IIS refuses views (HttpForbiddenHandler), and hides bin, App_Code and the like, web.config.
     */
    static const char *const NEVER[] = {".cshtml", ".vbhtml", ".dll"};
    struct iw_str name = without_end(parts_of(path).name);
    const struct iw_web_ending *ending = iw_web_ending_of(name);
    struct lowered lowered;
    if (settings != NULL && iw_handled_names_has(&settings->handled, name))
        return false;
    if ((ending != NULL && ending->is_indirect) || ENDS_WITH_ONE_OF(name, NEVER) ||
        is_page_configuration(name))
        return true;
    lower(&lowered, path);
    return is_compiled_with_application(name, &lowered);
}

enum iw_web_file_class iw_web_file_class_of(struct iw_str path,
                                            const struct iw_chain_settings *settings)
{
    static const char *const INETSRV[] = {"\\inetsrv\\"};
    struct parts parts = parts_of(path);
    struct iw_str name = without_end(parts.stream.n != 0 ? parts.stream : parts.name);
    enum iw_web_file_class found;
    struct lowered lowered;
    bool runs_here;

    runs_here = settings != NULL && iw_handled_names_has(&settings->handled, name);
    if (!runs_here && !is_ending_of_interest(name))
        return IW_WEB_FILE_OTHER;
    lower(&lowered, path);
    found = class_of_name(name);
    if (found == IW_WEB_FILE_OTHER)
        found = class_by_folder(name, &lowered);
    if (runs_here && (found == IW_WEB_FILE_OTHER || found == IW_WEB_FILE_PROGRAM))
        found = IW_WEB_FILE_SCRIPT;
    if (found == IW_WEB_FILE_OTHER || (parts.stream.n != 0 && iw_web_ending_of(name) == NULL))
        return IW_WEB_FILE_OTHER;
    /* Windows writes libraries all day, and next to none of them there. */
    if (iw_str_ends_nocase(name, IW_STR(".dll")) && !iw_str_begins_nocase(name, IW_STR("App_Web_")))
        return is_library_place(&lowered, settings) && !is_windows_own(path, settings) &&
                       !is_compile_folder(path, settings)
                   ? found
                   : IW_WEB_FILE_OTHER;
    if (is_windows_own(path, settings))
        return IW_WEB_FILE_OTHER;
    if (is_compile_folder(path, settings))
        return is_compiled(name) ? IW_WEB_FILE_COMPILED : IW_WEB_FILE_OTHER;
    if (found == IW_WEB_FILE_COMPILED)
        return IW_WEB_FILE_OTHER;
    if (iw_web_ending_of(name) != NULL || is_disguised(name) || runs_here ||
        is_of_web_alone(name) || class_by_folder(name, &lowered) != IW_WEB_FILE_OTHER)
        return found; /* whatever the folder */
    if (iw_str_ends_nocase(name, IW_STR(".dll")))
        return is_library_place(&lowered, settings) ? found : IW_WEB_FILE_OTHER;
    return is_usual_folder(&lowered, settings) || HOLDS_ONE_OF(&lowered, INETSRV)
               ? found
               : IW_WEB_FILE_OTHER;
}

/* --- folders ---------------------------------------------------------------------------------- */

bool iw_web_path_holds_no_pages(struct iw_str path)
{
    return is_windows_own(path, NULL) || is_compile_folder(path, NULL);
}

bool iw_web_folder_is_usual(struct iw_str path, const struct iw_chain_settings *settings)
{
    struct lowered lowered;
    lower(&lowered, path);
    return is_usual_folder(&lowered, settings);
}

bool iw_web_path_is_compile_folder(struct iw_str path)
{
    return is_compile_folder(path, NULL);
}

struct iw_str iw_web_compiled_page(struct iw_str path)
{
    static const struct iw_str NONE = {"", 0};
    struct iw_str name = iw_path_name(path);
    if (!iw_str_ends_nocase(name, IW_STR(".compiled")))
        return NONE;
    name.n -= 9; /* ".compiled" */
    while (name.n != 0 && name.p[name.n - 1] != '.')
        name.n--;
    if (name.n < 2) /* no hash before the ending */
        return NONE;
    name.n--;
    return iw_web_ending_of(name) != NULL ? name : NONE;
}

struct iw_str iw_web_compiled_application(struct iw_str text)
{
    static const struct iw_str NONE = {"", 0};
    const struct iw_str FOLDER = IW_STR("\\Temporary ASP.NET Files\\");
    for (size_t i = 0; i + FOLDER.n < text.n; i++) {
        struct iw_str rest = {text.p + i, text.n - i};
        size_t n;
        if (!iw_str_begins_nocase(rest, FOLDER))
            continue;
        rest = (struct iw_str){rest.p + FOLDER.n, rest.n - FOLDER.n};
        n = iw_str_find(rest, IW_STR("\\"));
        return n != SIZE_MAX ? (struct iw_str){rest.p, n} : NONE;
    }
    return NONE;
}

/* --- one file, many spellings ------------------------------------------------------------------
 */

static bool skip(struct iw_str *text, struct iw_str what)
{
    if (!iw_str_begins_nocase(*text, what))
        return false;
    *text = (struct iw_str){text->p + what.n, text->n - what.n};
    return true;
}

/* `127.0.0.1` and all others that begin so. */
static bool is_loopback_address(struct iw_str name)
{
    if (!skip(&name, IW_STR("127.")))
        return false;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] != '.' && (name.p[i] < '0' || name.p[i] > '9'))
            return false;
    }
    return true;
}

/* The machine by names that every machine has for itself, or by its own, with a domain or without.
 * Its other addresses are in no event of it. */
static bool is_own_name(struct iw_str name, struct iw_str host)
{
    static const char *const OWN[] = {"localhost", "[::1]", "::1", "--1.ipv6-literal.net",
                                      "0--1.ipv6-literal.net"};
    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(OWN[i])))
            return true;
    }
    return is_loopback_address(name) ||
           (host.n != 0 && iw_str_equal_nocase(iw_host_label(name), iw_host_label(host)));
}

/* What stands behind the beginning of a share's path: `WEB01\C$\x`. */
static bool behind_network(struct iw_str *path)
{
    static const char *const BEGINNINGS[] = {"\\\\?\\UNC\\", "\\\\.\\UNC\\", "\\??\\UNC\\",
                                             "\\Device\\Mup\\"};
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof BEGINNINGS[0]; i++) {
        if (skip(path, iw_str_of(BEGINNINGS[i])))
            return true;
    }
    return !iw_str_begins_nocase(*path, IW_STR("\\\\?\\")) &&
           !iw_str_begins_nocase(*path, IW_STR("\\\\.\\")) && skip(path, IW_STR("\\\\"));
}

/* `\\localhost\C$\x` is `C:\x` of the machine itself, `\\localhost\ADMIN$\x` its `C:\Windows\x`;
 * other machines' shares stay what they are. */
static struct iw_str of_own_share(struct iw_str path, struct iw_str host, struct iw_arena *arena)
{
    struct iw_str rest = path, name;
    const char *end;
    if (!behind_network(&rest))
        return path;
    end = rest.p != NULL && rest.n != 0 ? memchr(rest.p, '\\', rest.n) : NULL;
    if (end == NULL)
        return path;
    name = (struct iw_str){rest.p, (size_t)(end - rest.p)};
    rest = (struct iw_str){end + 1, rest.n - name.n - 1};
    if (!is_own_name(name, host))
        return path;
    if (skip(&rest, IW_STR("ADMIN$\\")))
        return iw_arena_format(arena, "C:\\Windows\\%.*s", IW_STR_ARG(rest));
    if (rest.n < 3 || rest.p[1] != '$' || rest.p[2] != '\\')
        return path;
    return iw_arena_format(arena, "%c:%.*s", rest.p[0], (int)(rest.n - 2), rest.p + 2);
}

static bool is_drive(struct iw_str path)
{
    return path.n > 2 && path.p != NULL && path.p[1] == ':' &&
           (path.p[2] == '\\' || path.p[2] == '/');
}

/* Names of devices before a drive say the same as the drive; what stands behind them is taken as a
 * path that Windows would make normal: events of one file may come with and without. */
static struct iw_str without_device(struct iw_str path)
{
    static const char *const DEVICES[] = {"\\\\?\\", "\\??\\", "\\\\.\\"};
    for (size_t i = 0; i < sizeof DEVICES / sizeof DEVICES[0]; i++) {
        struct iw_str device = iw_str_of(DEVICES[i]);
        struct iw_str rest;
        if (!iw_str_begins_nocase(path, device))
            continue;
        rest = (struct iw_str){path.p + device.n, path.n - device.n};
        if (is_drive(rest))
            return rest;
    }
    return path;
}

static bool has_short_name(struct iw_str path)
{
    for (size_t i = 1; i + 1 < path.n; i++) {
        if (path.p[i] == '~' && path.p[i + 1] >= '0' && path.p[i + 1] <= '9')
            return true;
    }
    return false;
}

static struct iw_str slashes_turned(struct iw_str path, struct iw_arena *arena)
{
    struct iw_str copy;
    if (memchr(path.n != 0 ? path.p : "", '/', path.n) == NULL)
        return path;
    copy = iw_arena_copy(arena, path);
    for (size_t i = 0; copy.p != NULL && i < copy.n; i++) {
        if (copy.p[i] == '/')
            ((char *)(uintptr_t)copy.p)[i] = '\\';
    }
    return copy;
}

/* A volume by its number has no other name than that: the beginning is of it. */
static enum iw_rc keep_volume(struct iw_str path, struct iw_arena *arena, struct iw_str *normal)
{
    struct iw_str device = IW_STR("\\\\?\\");
    if (!iw_str_begins_nocase(path, IW_STR("\\\\?\\Volume{")) ||
        iw_str_begins_nocase(*normal, device))
        return IW_OK;
    *normal = iw_arena_format(arena, "%.*s%.*s", IW_STR_ARG(device), IW_STR_ARG(*normal));
    return normal->p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_web_file_path_read(struct iw_str written, struct iw_str host, struct iw_arena *arena,
                                 struct iw_web_file_path *ret)
{
    struct iw_str path = slashes_turned(written, arena);
    struct iw_server_path normal;
    struct parts parts;

    memset(ret, 0, sizeof *ret);
    if (path.p == NULL && path.n == 0 && written.n != 0)
        return IW_ENOMEM;
    path = of_own_share(path, host, arena);
    if (path.p == NULL && written.n != 0)
        return IW_ENOMEM;
    path = without_device(path);
    parts = parts_of(path);
    ret->odd = oddness_of(parts);
    if (path.n != 0)
        path.n = (size_t)(parts.name.p - path.p) + without_end(parts.name).n;
    if (!iw_server_path_of_file(path, arena, &normal))
        return IW_ENOMEM;
    IW_TRY(keep_volume(path, arena, &normal.path));
    ret->path = normal.path;
    ret->key = normal.key;
    ret->is_short = has_short_name(normal.path);
    return IW_OK;
}
