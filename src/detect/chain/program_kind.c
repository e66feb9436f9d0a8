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
#include "event/web_server.h"

const char *iw_program_kind_words(enum iw_program_kind kind)
{
    static const char *const WORDS[IW_PROGRAM_KIND_COUNT] = {
        [IW_PROGRAM_OTHER] = "a program",
        [IW_PROGRAM_SHELL] = "a shell",
        [IW_PROGRAM_INTERPRETER] = "an interpreter",
        [IW_PROGRAM_DISCOVERY] = "a program that tells of the machine",
        [IW_PROGRAM_TOOL] = "a tool of Windows that runs, loads or changes things",
        [IW_PROGRAM_OTHER_TOOL] = "a tool that runs, loads or changes things",
        [IW_PROGRAM_ARCHIVER] = "an archiver",
        [IW_PROGRAM_CREDENTIAL] = "a tool that reads secrets",
        [IW_PROGRAM_COMPILER] = "a compiler",
        [IW_PROGRAM_WRITTEN] = "a program that the web server wrote",
        [IW_PROGRAM_DISGUISED] =
            "a program that is told what only a shell or interpreter understands",
        [IW_PROGRAM_BY_WMI] = "a program that WMI started",
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

/* Whatever version comes next. */
static bool is_tomcat(struct iw_str name)
{
    return iw_str_begins_nocase(name, IW_STR("tomcat")) && iw_str_ends_nocase(name, IW_STR(".exe"));
}

static bool needs_command_line(struct iw_str name)
{
    static const char *const NAMES[] = {"java.exe", "javaw.exe", "php.exe"};
    return IS_ONE_OF(name, NAMES);
}

/* Those of the table whose image is that; NULL: none. */
static const struct iw_web_server *server_of(struct iw_str image)
{
    static struct iw_name_index index = {.rows = iw_web_servers,
                                         .row_bytes = sizeof iw_web_servers[0]};
    const struct iw_web_server *server =
        iw_name_index_find_of(&index, iw_n_web_servers, iw_path_name(image));
    return server != NULL && iw_web_server_has_image(server, image) ? server : NULL;
}

/* What the image alone says. */
static enum iw_program_serving serving_by_image(struct iw_str image,
                                                const struct iw_chain_settings *settings)
{
    const struct iw_web_server *server = server_of(image);
    bool is_likely = server != NULL && server->kind == IW_WEB_SERVER_LIKELY;
    struct iw_str name = iw_path_name(image);
    if ((server != NULL && server->kind != IW_WEB_SERVER_MANAGEMENT && !is_likely) ||
        is_tomcat(name) ||
        (settings != NULL && settings->web_servers.n != 0 &&
         iw_chain_list_has(&settings->web_servers, name)))
        return IW_SERVES_WEB;
    return is_likely ? IW_SERVES_LIKELY : IW_SERVES_NOTHING;
}

static bool is_of_kind(struct iw_str image, enum iw_web_server_kind kind)
{
    const struct iw_web_server *server = image.n != 0 ? server_of(image) : NULL;
    return server != NULL && server->kind == kind;
}

bool iw_program_may_serve(struct iw_str image, const struct iw_chain_settings *settings)
{
    return image.n != 0 && (serving_by_image(image, settings) != IW_SERVES_NOTHING ||
                            needs_command_line(iw_path_name(image)));
}

bool iw_program_manages(struct iw_str image)
{
    return is_of_kind(image, IW_WEB_SERVER_MANAGEMENT);
}

bool iw_program_serves_developer(struct iw_str image)
{
    return is_of_kind(image, IW_WEB_SERVER_DEVELOPER);
}

static bool names_java_server(struct iw_str text, bool is_image)
{
    for (size_t i = 0; i < iw_n_web_servers; i++) {
        const struct iw_web_server *server = &iw_web_servers[i];
        if (iw_web_server_is_of_java(server) &&
            (is_image || server->kind != IW_WEB_SERVER_JAVA_FOLDER) &&
            iw_str_holds_nocase(text, iw_str_of(server->name)))
            return true;
    }
    return false;
}

static bool takes_class_path(struct iw_str word)
{
    static const char *const OPTIONS[] = {"-cp", "-classpath", "--class-path"};
    return IS_ONE_OF(word, OPTIONS);
}

/* Options of java whose value is a word of its own, and says what is read, not what runs. */
static bool takes_word(struct iw_str word)
{
    static const char *const OPTIONS[] = {
        "-p",          "--module-path", "--upgrade-module-path", "--add-modules",
        "--add-opens", "--add-exports", "--add-reads",           "--source"};
    return IS_ONE_OF(word, OPTIONS);
}

/* What a program was told is its own matter: a job may be given a server's folder to look after.
 * But what says where a server is at home is said to servers alone, and Jetty's own starter takes
 * its settings so. */
static bool is_told_to_serve(struct iw_str program, struct iw_str arguments)
{
    struct iw_str name = iw_path_name(program), word;
    for (size_t i = 0; i < iw_n_web_servers; i++) {
        if (iw_web_servers[i].kind == IW_WEB_SERVER_JAVA &&
            iw_str_holds_nocase(arguments, iw_str_of(iw_web_servers[i].name)))
            return true;
    }
    if (!iw_str_equal_nocase(name, IW_STR("start.jar")))
        return false;
    while ((word = iw_program_next_argument(&arguments)).n != 0 || arguments.n != 0) {
        if (iw_str_begins_nocase(word, IW_STR("jetty.")))
            return true;
    }
    return false;
}

/* Whether what java was told beside the path of its classes, up to the program that it runs, or its
 * own path, names a server; or what the program was told can only be said to one. */
static bool is_certain_java_server(struct iw_str image, struct iw_str command_line)
{
    struct iw_str left = command_line, before, word;
    if (names_java_server(image, true))
        return true;
    (void)iw_program_next_argument(&left); /* itself */
    for (before = left; (word = iw_program_next_argument(&left)).n != 0 || left.n != 0;
         before = left) {
        bool is_option = word.n != 0 && word.p[0] == '-';
        if (takes_class_path(word) || takes_word(word)) {
            (void)iw_program_next_argument(&left);
            continue;
        }
        /* With the blank before it: a class is told from a part of another one's name by that. */
        if (names_java_server((struct iw_str){before.p, (size_t)(left.p - before.p)}, false))
            return true;
        if (!is_option)
            return is_told_to_serve(word, left);
    }
    return false;
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

enum iw_program_serving iw_program_serving(struct iw_str image, struct iw_str command_line,
                                           const struct iw_chain_settings *settings)
{
    enum iw_program_serving by_image;
    if (image.n == 0)
        return IW_SERVES_NOTHING;
    by_image = serving_by_image(image, settings);
    if (by_image != IW_SERVES_NOTHING || !needs_command_line(iw_path_name(image)))
        return by_image;
    if (iw_str_ends_nocase(image, IW_STR("php.exe")))
        return is_php_server(command_line) ? IW_SERVES_WEB : IW_SERVES_NOTHING;
    if (!names_java_server(image, true) && !names_java_server(command_line, false))
        return IW_SERVES_NOTHING;
    return is_certain_java_server(image, command_line) ? IW_SERVES_WEB : IW_SERVES_LIKELY;
}

bool iw_program_launches_server(struct iw_str command_line)
{
    static const char *const SCRIPTS[] = {"startweblogic.cmd",        "stopweblogic.cmd",
                                          "startmanagedweblogic.cmd", "stopmanagedweblogic.cmd",
                                          "startnodemanager.cmd",     "stopnodemanager.cmd"};
    struct iw_str word;
    for (size_t i = 0; i < command_line.n; i++) {
        if (strchr("&|<>^", command_line.p[i]) != NULL)
            return false;
    }
    (void)iw_program_next_argument(&command_line); /* itself */
    do
        word = iw_program_next_argument(&command_line);
    while (word.n != 0 && word.p[0] == '/');
    return IS_ONE_OF(iw_path_name(word), SCRIPTS) && iw_path_writable_place(word) == NULL &&
           !iw_path_is_remote(word);
}

bool iw_program_serves(struct iw_str image, struct iw_str command_line,
                       const struct iw_chain_settings *settings)
{
    return iw_program_serving(image, command_line, settings) != IW_SERVES_NOTHING;
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

const struct iw_program *iw_program_started_by_wmi(void)
{
    static const struct iw_program STARTED = {"", IW_PROGRAM_BY_WMI, NULL};
    return &STARTED;
}

bool iw_program_is_wmi(struct iw_str image)
{
    static const char *const NAMES[] = {"wmiprvse.exe", "scrcons.exe"};
    return NAME_IN(image, NAMES);
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
