/*
 * What programs are to a web server: who serves, who is an application of its own, who does what
 * workers do in ordinary work.
 */
#include "detect/chain/program_kind.h"

#include "base/path_name.h"
#include "detect/chain/name_index.h"
#include "detect/chain/program_arguments.h"
#include "detect/detect_text.h"
#include "detect/drive_path.h"

const char *iw_program_kind_words(enum iw_program_kind kind)
{
    static const char *const WORDS[IW_PROGRAM_KIND_COUNT] = {
        [IW_PROGRAM_OTHER] = "a program",
        [IW_PROGRAM_SHELL] = "a shell",
        [IW_PROGRAM_INTERPRETER] = "an interpreter",
        [IW_PROGRAM_DISCOVERY] = "a program that tells of the machine",
        [IW_PROGRAM_TOOL] = "a tool of Windows that runs, loads or changes things",
        [IW_PROGRAM_CREDENTIAL] = "a tool that reads secrets",
        [IW_PROGRAM_COMPILER] = "a compiler",
        [IW_PROGRAM_WRITTEN] = "a program that the web server wrote",
        [IW_PROGRAM_DISGUISED] =
            "a program that is told what only a shell or interpreter understands",
        [IW_PROGRAM_BROUGHT] = "a program where no program of Windows or of an application lies",
    };
    return WORDS[kind];
}

/* --- who serves the web ------------------------------------------------------------------------
 */

/* *names* are in lower case. */
static bool name_is_one_of(struct iw_str name, const char *const *names, size_t n)
{
    char first = name.n != 0 ? iw_ascii_lower(name.p[0]) : '\0';
    for (size_t i = 0; name.n != 0 && i < n; i++) {
        if (names[i][0] == first && iw_str_equal_nocase(name, iw_str_of(names[i])))
            return true;
    }
    return false;
}
#define IS_ONE_OF(name, names) name_is_one_of(name, names, sizeof(names) / sizeof(names)[0])
#define NAME_IN(path, names) IS_ONE_OF(iw_path_name(path), names)

static bool is_tomcat(struct iw_str name)
{
    return iw_str_begins_nocase(name, IW_STR("tomcat")) && iw_str_ends_nocase(name, IW_STR(".exe"));
}

static bool needs_command_line(struct iw_str name)
{
    static const char *const NAMES[] = {"java.exe", "javaw.exe", "php.exe"};
    return IS_ONE_OF(name, NAMES);
}

static const char *const SERVERS[] = {
    "w3wp.exe",        "httpd.exe",      "nginx.exe",      "caddy.exe",
    "php-cgi.exe",     "apache.exe",     "iisexpress.exe", "ws_tomcatservice.exe",
    "aspnet_wp.exe",   "inetinfo.exe",   "umservice.exe",  "umworkerprocess.exe",
    "wsusservice.exe", "coldfusion.exe", "jrun.exe",       "arcsoc.exe",
};
IW_NAME_INDEX(servers, SERVERS);

static bool is_certain(struct iw_str name, const struct iw_chain_settings *settings)
{
    return iw_name_index_find(&servers, name) != NULL || is_tomcat(name) ||
           (settings != NULL && settings->web_servers.n != 0 &&
            iw_chain_list_has(&settings->web_servers, name));
}

bool iw_program_may_serve(struct iw_str image, const struct iw_chain_settings *settings)
{
    struct iw_str name = iw_path_name(image);
    return image.n != 0 && (is_certain(name, settings) || needs_command_line(name));
}

/* `-S ADDRESS:PORT`, also in one word, which `-s` is not; or what a framework calls it. */
static bool is_php_server(struct iw_str command_line)
{
    struct iw_str word, left = command_line;
    while ((word = iw_program_next_argument(&left)).n != 0 || left.n != 0) {
        if (iw_str_equal(word, IW_STR("-S")) || iw_str_equal(word, IW_STR("--server")) ||
            (word.n > 2 && word.p[0] == '-' && word.p[1] == 'S' &&
             iw_str_find(word, IW_STR(":")) != SIZE_MAX))
            return true;
    }
    return iw_str_holds_nocase(command_line, IW_STR("artisan serve"));
}

bool iw_program_serves(struct iw_str image, struct iw_str command_line,
                       const struct iw_chain_settings *settings)
{
    static const char *const JAVA_SERVERS[] = {"tomcat", "catalina", "jetty", "coldfusion"};
    if (image.n == 0)
        return false;
    if (is_certain(iw_path_name(image), settings))
        return true;
    if (!needs_command_line(iw_path_name(image)))
        return false;
    if (iw_str_ends_nocase(image, IW_STR("php.exe")))
        return is_php_server(command_line);
    for (size_t i = 0; i < sizeof JAVA_SERVERS / sizeof JAVA_SERVERS[0]; i++) {
        struct iw_str word = iw_str_of(JAVA_SERVERS[i]);
        if (iw_str_holds_nocase(command_line, word) || iw_str_holds_nocase(image, word))
            return true;
    }
    return false;
}

/* --- applications that are processes of their own ----------------------------------------------
 */

/** What Python was told to run. */
struct told {
    struct iw_str module, script; /* one of them, or none */
};

/* One word of options: `-u`, `-Xutf8`, `-m waitress`. True: it decides what runs. */
static bool take_options(struct iw_str word, struct iw_str *left, struct told *told)
{
    for (size_t i = 1; i < word.n; i++) {
        struct iw_str rest = {word.p + i + 1, word.n - i - 1};
        if (word.p[i] == 'c')
            return true; /* program text */
        if (word.p[i] == 'm') {
            told->module = rest.n != 0 ? rest : iw_program_next_argument(left);
            return true;
        }
        if (word.p[i] != 'W' && word.p[i] != 'X')
            continue;
        if (rest.n == 0)
            (void)iw_program_next_argument(left);
        return false;
    }
    return false;
}

static struct told what_python_runs(struct iw_str command_line)
{
    struct told told = {.module = IW_STR(""), .script = IW_STR("")};
    (void)iw_program_next_argument(&command_line); /* itself */
    for (;;) {
        struct iw_str word = iw_program_next_argument(&command_line);
        if (word.n < 2 || word.p[0] != '-') {
            told.script = word;
            return told;
        }
        if (take_options(word, &command_line, &told))
            return told;
    }
}

static bool is_application_server(struct iw_str name)
{
    static const char *const HOSTS[] = {"wfastcgi", "uvicorn",   "waitress", "waitress-serve",
                                        "gunicorn", "hypercorn", "daphne"};
    static const char *const ENDINGS[] = {".exe", ".py", "-script"};
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        struct iw_str ending = iw_str_of(ENDINGS[i]);
        if (iw_str_ends_nocase(name, ending))
            name.n -= ending.n;
    }
    for (size_t i = 0; i < sizeof HOSTS / sizeof HOSTS[0]; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(HOSTS[i])))
            return true;
    }
    return false;
}

static bool is_python_server(struct iw_str command_line)
{
    struct told told = what_python_runs(command_line);
    if (told.module.n != 0)
        return is_application_server(told.module);
    return is_application_server(iw_path_name(told.script)) &&
           iw_path_writable_place(told.script) == NULL;
}

/* Options that say how it runs (`--max-old-space-size=4096`), not what. */
static bool is_harmless_option(struct iw_str word)
{
    return iw_str_begins_nocase(word, IW_STR("--max")) ||
           iw_str_begins_nocase(word, IW_STR("--stack")) ||
           iw_str_begins_nocase(word, IW_STR("--trace-")) ||
           iw_str_equal_nocase(word, IW_STR("--no-warnings"));
}

/* `dotnet Shop.dll`, `node interceptor.js`: a file of the application, and no text, tool or file of
 * anybody else. */
static bool runs_file_of_application(struct iw_str command_line, const char *const *endings,
                                     size_t n)
{
    struct iw_str file;
    (void)iw_program_next_argument(&command_line); /* itself */
    do
        file = iw_program_next_argument(&command_line);
    while (iw_str_equal_nocase(file, IW_STR("exec")) || is_harmless_option(file));
    if (iw_path_writable_place(file) != NULL || iw_path_is_remote(file))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (iw_str_ends_nocase(file, iw_str_of(endings[i])))
            return true;
    }
    return false;
}

bool iw_program_is_hosted_application(const struct iw_program *program, struct iw_str command_line)
{
    static const char *const ASSEMBLIES[] = {".dll"};
    static const char *const SCRIPTS[] = {".js", ".mjs", ".cjs"};
    if (strncmp(program->name, "python", 6) == 0)
        return is_python_server(command_line);
    /* Where command lines are not logged, they are taken for what they usually are. */
    if (strcmp(program->name, "dotnet") == 0)
        return command_line.n == 0 || runs_file_of_application(command_line, ASSEMBLIES, 1);
    if (strcmp(program->name, "node") == 0)
        return command_line.n == 0 || runs_file_of_application(command_line, SCRIPTS, 3);
    return false;
}

/* Windows gives a console its host: `conhost.exe 0xffffffff -ForceV1`. */
bool iw_program_is_console_host(const struct iw_program *program, struct iw_str command_line)
{
    struct iw_str argument;
    if (strcmp(program->name, "conhost") != 0)
        return false;
    (void)iw_program_next_argument(&command_line); /* itself */
    argument = iw_program_next_argument(&command_line);
    return argument.n == 0 || iw_str_begins_nocase(argument, IW_STR("0x"));
}

bool iw_program_compiles_page(const struct iw_program *program, struct iw_str image,
                              struct iw_str command_line)
{
    bool is_in_box = iw_str_holds_nocase(image, IW_STR(":\\Windows\\Microsoft.NET\\Framework"));
    if (program == NULL || program->kind != IW_PROGRAM_COMPILER)
        return false;
    if (command_line.n == 0)
        return is_in_box;
    return (is_in_box || iw_str_holds_nocase(image, IW_STR("\\roslyn\\"))) &&
           iw_str_holds_nocase(command_line, IW_STR("/noconfig")) &&
           iw_str_holds_nocase(command_line, IW_STR("\\Temporary ASP.NET Files\\"));
}

bool iw_program_is_broker(struct iw_str image)
{
    static const char *const NAMES[] = {"wmiprvse.exe", "dllhost.exe",  "svchost.exe",
                                        "taskeng.exe",  "services.exe", "scrcons.exe"};
    return NAME_IN(image, NAMES);
}

/* Whether a name it was built under, where that is told, is its own. */
static bool has_own_name(struct iw_str image, struct iw_str original_name)
{
    struct iw_str name = iw_path_name(image);
    if (original_name.n < 2) /* Sysmon writes `-` and `?` */
        return true;
    if (iw_str_ends_nocase(name, IW_STR(".exe")))
        name.n -= 4;
    if (iw_str_ends_nocase(original_name, IW_STR(".exe")))
        original_name.n -= 4;
    return iw_str_equal_nocase(name, original_name);
}

bool iw_program_is_housekeeping(struct iw_str image, struct iw_str original_name)
{
    static const char *const OF_WINDOWS[] = {"werfault.exe", "wermgr.exe", "vsjitdebugger.exe",
                                             "conhost.exe"};
    static const char *const OF_FRAMEWORK[] = {"cvtres.exe", "al.exe"};
    static const char *const WINDOWS[] = {"windows\\system32", "windows\\syswow64"};
    static const char *const FRAMEWORK[] = {
        "windows\\microsoft.net\\framework*\\v*",
        "program files (x86)\\microsoft sdks\\windows\\*\\bin\\netfx*tools",
        "program files (x86)\\microsoft sdks\\windows\\*\\bin\\netfx*tools\\x64"};
    if (!has_own_name(image, original_name))
        return false;
    return (NAME_IN(image, OF_WINDOWS) && IW_PATH_IN(image, WINDOWS)) ||
           (NAME_IN(image, OF_FRAMEWORK) && IW_PATH_IN(image, FRAMEWORK));
}
