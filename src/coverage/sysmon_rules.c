/*
 * What is written is sorted and without doubles, so that equal inventories give equal bytes.
 */
#include "coverage/sysmon_rules.h"

#include <stdlib.h>

#include "base/path_name.h"
#include "base/script_quote.h"
#include "iis/web/web_defaults.h"

#define INETSRV "C:\\Windows\\System32\\inetsrv"
#define INETSRV_32 "C:\\Windows\\SysWOW64\\inetsrv"
#define WORKER "\\inetsrv\\w3wp.exe"

/* --- scope --- */

static bool is_below(struct iw_str folder, struct iw_str path)
{
    return path.n > folder.n && path.p[folder.n] == '\\' && iw_str_begins_nocase(path, folder);
}

static int by_text_nocase(const void *a, const void *b)
{
    const struct iw_str *x = a, *y = b;
    int difference = iw_str_compare_nocase(*x, *y);
    return difference != 0 ? difference : iw_str_compare(*x, *y);
}

static int by_letters(const void *a, const void *b)
{
    return iw_str_compare_nocase(*(const struct iw_str *)a, *(const struct iw_str *)b);
}

/* Whether a path is one of the folders, which are sorted and without doubles, or lies below one. */
static bool is_in(const struct iw_str *folders, size_t n, struct iw_str path)
{
    for (size_t end = path.n; end != 0; end--) {
        const struct iw_str above = {path.p, end};
        if ((end == path.n || path.p[end] == '\\') &&
            bsearch(&above, folders, n, sizeof *folders, by_letters) != NULL)
            return true;
    }
    return false;
}

/* On a drive of the server, and to be written down. */
static bool fits(struct iw_str path)
{
    return path.n >= 3 && iw_ascii_lower(path.p[0]) >= 'a' && iw_ascii_lower(path.p[0]) <= 'z' &&
           path.p[1] == ':' && path.p[2] == '\\' && iw_path_can_be_pasted(path);
}

static struct iw_str without_end(struct iw_str path)
{
    while (path.n > 0 && path.p[path.n - 1] == '\\')
        path.n--;
    return path;
}

static bool is_covered(const struct iw_sysmon_scope *scope, struct iw_str path)
{
    return is_in(scope->folders.items, scope->folders.n, path) || is_below(IW_STR(INETSRV), path) ||
           is_below(IW_STR(INETSRV_32), path);
}

/* Sorts; leaves out doubles, which then stand side by side. */
static size_t settle(struct iw_str *items, size_t n)
{
    size_t n_kept = 0;
    qsort(items, n, sizeof *items, by_text_nocase);
    for (size_t i = 0; i < n; i++) {
        if (n_kept == 0 || !iw_str_equal_nocase(items[n_kept - 1], items[i]))
            items[n_kept++] = items[i];
    }
    return n_kept;
}

/* Leaves out what lies below another folder, which comes before it. */
static size_t drop_nested(struct iw_str *folders, size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_in(folders, n_kept, folders[i]))
            folders[n_kept++] = folders[i];
    }
    return n_kept;
}

static size_t count_files(const struct iw_inventory_server *servers, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < servers[i].n_components; k++)
            sum += servers[i].components[k].n_files;
    }
    return sum;
}

static size_t count_roots(const struct iw_inventory_server *servers, size_t n)
{
    size_t sum = iw_web_n_default_roots;
    for (size_t i = 0; i < n; i++) {
        sum += servers[i].n_roots;
        for (size_t k = 0; k < servers[i].n_versions; k++)
            sum += servers[i].versions[k].n_roots;
    }
    return sum;
}

/* Roots of former configurations. */
static size_t collect_past(const struct iw_inventory_server *server, struct iw_sysmon_scope *scope,
                           struct iw_str *folders)
{
    size_t n_folders = 0;
    for (size_t i = 0; i < server->n_versions; i++) {
        for (size_t k = 0; k < server->versions[i].n_roots; k++) {
            const struct iw_inventory_root *root = &server->versions[i].roots[k];
            if (root->is_resolved && fits(root->path))
                folders[n_folders++] = without_end(root->path);
            else
                scope->n_left_out += root->is_resolved;
        }
    }
    return n_folders;
}

static size_t collect_roots(const struct iw_inventory_server *servers, size_t n, bool with_past,
                            struct iw_sysmon_scope *scope, struct iw_str *folders)
{
    size_t n_folders = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < servers[i].n_roots; k++) {
            const struct iw_inventory_root *root = &servers[i].roots[k];
            if (root->is_resolved && fits(root->path))
                folders[n_folders++] = without_end(root->path);
            else
                scope->n_left_out++;
        }
        if (with_past)
            n_folders += collect_past(&servers[i], scope, folders + n_folders);
        scope->n_pools += servers[i].n_pools;
        for (size_t k = 0; k < servers[i].n_pools; k++)
            scope->n_pools_32 += servers[i].pools[k].is_32;
    }
    scope->is_assumed = n_folders == 0;
    for (size_t i = 0; i < iw_web_n_default_roots && scope->is_assumed; i++) {
        if (iw_web_default_roots[i].is_everywhere)
            folders[n_folders++] = iw_web_default_roots[i].path;
    }
    return drop_nested(folders, settle(folders, n_folders));
}

static size_t collect_files(const struct iw_inventory_server *servers, size_t n,
                            struct iw_sysmon_scope *scope, struct iw_str *files)
{
    size_t n_files = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < servers[i].n_components; k++) {
            const struct iw_inventory_component *component = &servers[i].components[k];
            for (size_t f = 0; f < component->n_files; f++) {
                struct iw_str path = component->files[f].path;
                if (path.n == 0 || is_covered(scope, path))
                    continue;
                if (fits(path))
                    files[n_files++] = path;
                else
                    scope->n_left_out++;
            }
        }
    }
    return settle(files, n_files);
}

static enum iw_rc make_scope(const struct iw_inventory_server *servers, size_t n, bool with_past,
                             struct iw_arena *arena, struct iw_sysmon_scope *ret)
{
    struct iw_str *folders = iw_arena_calloc(arena, count_roots(servers, n), sizeof *folders);
    struct iw_str *files = iw_arena_calloc(arena, count_files(servers, n) + 1, sizeof *files);
    *ret = (struct iw_sysmon_scope){.n_servers = n};
    if (folders == NULL || files == NULL)
        return IW_ENOMEM;
    ret->folders =
        (struct iw_text_list){folders, collect_roots(servers, n, with_past, ret, folders)};
    ret->files = (struct iw_text_list){files, collect_files(servers, n, ret, files)};
    return IW_OK;
}

enum iw_rc iw_sysmon_scope_of(const struct iw_inventory_server *servers, size_t n,
                              struct iw_arena *arena, struct iw_sysmon_scope *ret)
{
    return make_scope(servers, n, false, arena, ret);
}

enum iw_rc iw_sysmon_scope_with_past(const struct iw_inventory_server *servers, size_t n,
                                     struct iw_arena *arena, struct iw_sysmon_scope *ret)
{
    return make_scope(servers, n, true, arena, ret);
}

enum iw_rc iw_sysmon_scope_narrow(struct iw_sysmon_scope *scope, struct iw_text_list roots,
                                  struct iw_arena *arena)
{
    struct iw_str *folders = iw_arena_calloc(arena, roots.n + 1, sizeof *folders);
    size_t n = 0;
    if (folders == NULL)
        return IW_ENOMEM;
    scope->n_left_out = 0;
    for (size_t i = 0; i < roots.n; i++) {
        if (fits(roots.items[i]))
            folders[n++] = without_end(roots.items[i]);
        else
            scope->n_left_out++;
    }
    scope->folders = (struct iw_text_list){folders, drop_nested(folders, settle(folders, n))};
    return IW_OK;
}

/* --- elements --- */

/* One row an event: its element, and what it is asked about. */
static const struct {
    const char *element;
    const char *field; /* NULL: it can only be all */
    enum { OF_NOTHING = 0, OF_WORKER, OF_FILES } about;
    bool is_all;      /* everything is logged, where nothing else is included */
    bool has_compile; /* also what ASP.NET compiles */
} RULES[IW_SYSMON_RULE_COUNT] = {
    [IW_SYSMON_PROCESS_CREATE] = {"ProcessCreate", "ParentImage", OF_WORKER, true, false},
    [IW_SYSMON_FILE_TIME] = {"FileCreateTime", "TargetFilename", OF_FILES, false, false},
    [IW_SYSMON_NETWORK_CONNECT] = {"NetworkConnect", "Image", OF_WORKER, false, false},
    [IW_SYSMON_PROCESS_END] = {"ProcessTerminate", NULL, OF_NOTHING, true, false},
    [IW_SYSMON_IMAGE_LOAD] = {"ImageLoad", "Image", OF_WORKER, false, false},
    [IW_SYSMON_FILE_CREATE] = {"FileCreate", "TargetFilename", OF_FILES, false, true},
    [IW_SYSMON_STREAM] = {"FileCreateStreamHash", "TargetFilename", OF_FILES, false, false},
    [IW_SYSMON_PROGRAM_FILE] = {"FileExecutableDetected", "TargetFilename", OF_FILES, false, false},
};

static void add_condition(struct iw_buffer *out, const char *indent, const char *field,
                          const char *condition, struct iw_str value, const char *end)
{
    iw_buffer_printf(out, "%s  <%s condition=\"%s\">", indent, field, condition);
    iw_quote_xml(out, value);
    iw_buffer_printf(out, "%s</%s>\n", end, field);
}

static void add_files(const struct iw_sysmon_scope *scope, const char *indent, const char *field,
                      struct iw_buffer *out)
{
    for (size_t i = 0; i < scope->folders.n; i++)
        add_condition(out, indent, field, "begin with", scope->folders.items[i], "\\");
    add_condition(out, indent, field, "begin with", IW_STR(INETSRV), "\\");
    add_condition(out, indent, field, "begin with", IW_STR(INETSRV_32), "\\");
    for (size_t i = 0; i < scope->files.n; i++)
        add_condition(out, indent, field, "is", scope->files.items[i], "");
}

void iw_sysmon_rule_add(enum iw_sysmon_rule rule, const struct iw_sysmon_scope *scope,
                        const char *indent, struct iw_buffer *out)
{
    if (RULES[rule].is_all)
        iw_buffer_printf(out, "%s<%s onmatch=\"exclude\" />\n", indent, RULES[rule].element);
    else
        iw_sysmon_include_add(rule, scope, indent, out);
}

void iw_sysmon_include_add(enum iw_sysmon_rule rule, const struct iw_sysmon_scope *scope,
                           const char *indent, struct iw_buffer *out)
{
    const char *element = RULES[rule].element;
    if (RULES[rule].field == NULL)
        return;
    iw_buffer_printf(out, "%s<%s onmatch=\"include\">\n", indent, element);
    if (RULES[rule].about == OF_WORKER)
        add_condition(out, indent, RULES[rule].field, "end with", IW_STR(WORKER), "");
    else
        add_files(scope, indent, RULES[rule].field, out);
    if (RULES[rule].has_compile) {
        /* In the usual place with what is loaded; elsewhere what names the page. */
        add_condition(out, indent, RULES[rule].field, "contains",
                      IW_STR("\\Temporary ASP.NET Files\\"), "");
        add_condition(out, indent, RULES[rule].field, "end with", IW_STR(".compiled"), "");
    }
    iw_buffer_printf(out, "%s</%s>\n", indent, element);
}

/* --- the whole --- */

static const char *const CLOSES[IW_SYSMON_RULE_COUNT] = {
    [IW_SYSMON_PROCESS_CREATE] =
        ("AN1108 process_created; AN0184: who registered what. Everything, "
         "because a shell is known by its ancestors"),
    [IW_SYSMON_FILE_TIME] = "times of files that were set back",
    [IW_SYSMON_NETWORK_CONNECT] = "connection: what workers speak to",
    [IW_SYSMON_PROCESS_END] = "ends of processes: their numbers are used again",
    [IW_SYSMON_IMAGE_LOAD] =
        ("AN0184 module_load, of workers of either bitness; not what .NET loads "
         "by itself"),
    [IW_SYSMON_FILE_CREATE] = ("AN1108 file_created and compile; AN0184 registration by files of "
                               "the configuration. Not renaming, nor editing in place: that needs "
                               "audit entries"),
    [IW_SYSMON_STREAM] = "pages hidden in streams of files",
    [IW_SYSMON_PROGRAM_FILE] = "programs that appear, with hash; Sysmon 15 and later",
};

static void add_head(const struct iw_sysmon_scope *scope, struct iw_buffer *out)
{

    iw_buffer_printf(out,
                     "<!-- Sysmon configuration for web servers, by IISWarden: %zu server%s, %zu "
                     "web root%s, %zu application pool%s, %zu of them 32-bit.\n",
                     scope->n_servers, scope->n_servers == 1 ? "" : "s", scope->folders.n,
                     scope->folders.n == 1 ? "" : "s", scope->n_pools,
                     scope->n_pools == 1 ? "" : "s", scope->n_pools_32);
    if (scope->is_assumed)
        iw_buffer_add(out, IW_STR("     No configuration names a web root: the default one is "
                                  "assumed. Add those there are.\n"));
    if (scope->n_left_out != 0)
        iw_buffer_printf(out,
                         "     %zu folders or files are left out: on another machine, of unknown "
                         "place, or no path that can be written down.\n",
                         scope->n_left_out);
    iw_buffer_add(
        out, IW_STR("     Install: Sysmon64.exe -i FILE; put in force: Sysmon64.exe -c FILE. "
                    "It replaces the configuration\n     there is: copy the elements into that "
                    "one where it should stay.\n     Sysmon 14 and older: remove "
                    "FileExecutableDetected, write the schemaversion that Sysmon64.exe -s "
                    "says. -->\n"));
}

enum iw_rc iw_sysmon_configuration(const struct iw_inventory *inventory, struct iw_buffer *out)
{
    struct iw_sysmon_scope scope;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_sysmon_scope_of(inventory->servers, inventory->n_servers, &arena, &scope);
    if (rc == IW_OK) {
        add_head(&scope, out);
        iw_buffer_add(out, IW_STR("<Sysmon schemaversion=\"4.90\">\n"
                                  "  <HashAlgorithms>SHA256,IMPHASH</HashAlgorithms>\n"
                                  "  <EventFiltering>\n"));
        for (int rule = 0; rule < IW_SYSMON_RULE_COUNT; rule++) {
            iw_buffer_printf(out,
                             "    <!-- %s. -->\n    <RuleGroup name=\"\" groupRelation=\"or\">\n",
                             CLOSES[rule]);
            iw_sysmon_rule_add((enum iw_sysmon_rule)rule, &scope, "      ", out);
            iw_buffer_add(out, IW_STR("    </RuleGroup>\n"));
        }
        iw_buffer_add(out, IW_STR("  </EventFiltering>\n</Sysmon>\n"));
    }
    iw_arena_done(&arena);
    return rc;
}
