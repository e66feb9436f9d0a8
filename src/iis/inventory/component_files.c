/*
 * From what a component names to files: images with their twins, assemblies of managed types,
 * servers of COM classes.
 *
 * One image names two files: a 64-bit worker loads System32, for one of 32 bits Windows redirects
 * to SysWOW64 (Microsoft, "File System Redirector"), and %ProgramFiles% is another folder.
 * Assemblies: bin of the application, then the GAC (Microsoft, "How the runtime locates
 * assemblies"). Where no configuration tells where the application begins, the nearest bin.
 */
#include "iis/inventory/server_build.h"

#include "base/fold.h"
#include "base/limits.h"
#include "base/path_name.h"

struct naming {
    struct iw_server_build *build;
    struct iw_inventory_component *row;
    struct iw_item_file files[IW_LIMIT_COMPONENT_FILES];
    size_t n;
    bool has_more; /* past the limit */
};

/* --- one file ------------------------------------------------------------------------------- */

static bool begins(struct iw_str text, const char *with)
{
    return iw_str_begins_nocase(text, iw_str_of(with));
}

/* `C:\x`, not `x.dll` and not `bin\x.dll`. */
static bool is_whole_path(struct iw_str path)
{
    return path.n >= 3 && path.p[1] == ':' && path.p[2] == '\\';
}

/* A tree without paths: the one loose file of that name, if it is the only one. */
static const struct iw_collected_file *find_loose(const struct iw_server_build *build,
                                                  struct iw_str name)
{
    const struct iw_collection *collection = build->collection;
    const struct iw_collected_file *found = NULL;
    if (collection->by_path.n != 0)
        return NULL;
    for (size_t i = 0; i < collection->n; i++) {
        if (!iw_str_equal_nocase(collection->files[i].name, name))
            continue;
        if (found != NULL)
            return NULL;
        found = &collection->files[i];
    }
    return found;
}

/* What is named is read, whatever it looks like and wherever it lies. */
static enum iw_rc read_named(struct iw_server_build *build, const struct iw_collected_file *file,
                             const char *twin, struct iw_item_file *ret)
{
    size_t index = (size_t)(file - build->collection->files);
    if (build->facts[index].state == IW_ITEM_FILE_NONE)
        IW_TRY(iw_facts_read(build->reading, &index, 1));
    *ret = build->facts[index];
    ret->twin = twin;
    return iw_map_add(&build->used, file->source, NULL) != NULL ? IW_OK : IW_ENOMEM;
}

static void say_why_not(struct iw_str path, bool is_resolved, struct iw_item_file *ret)
{
    ret->state = IW_ITEM_FILE_NOT_COLLECTED;
    ret->why = "not in evidence";
    if (begins(path, "\\\\") || begins(path, "http:") || begins(path, "https:")) {
        ret->state = IW_ITEM_FILE_REMOTE;
        ret->why = "on another machine";
    } else if (!is_resolved || !is_whole_path(path)) {
        ret->state = IW_ITEM_FILE_UNRESOLVED;
        ret->why = is_resolved ? "not a whole path" : "a variable in its path is not known";
    }
}

enum iw_rc iw_build_file(struct iw_server_build *build, const struct iw_server_path *path,
                         const char *twin, struct iw_item_file *ret)
{
    const struct iw_collected_file *file = iw_collection_find(build->collection, path->key);
    if (file == NULL)
        file = find_loose(build, iw_path_name(path->path));
    if (file != NULL)
        return read_named(build, file, twin, ret);
    *ret = (struct iw_item_file){.path = iw_keep(build, path->path), .twin = twin};
    ret->modified_ns = IW_TIME_UNKNOWN;
    say_why_not(path->path, path->is_resolved, ret);
    return ret->path.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc add_file(struct naming *naming, const struct iw_server_path *path,
                           const char *twin)
{
    naming->has_more |= naming->n == IW_LIMIT_COMPONENT_FILES;
    if (naming->has_more)
        return IW_OK;
    return iw_build_file(naming->build, path, twin, &naming->files[naming->n++]);
}

/* --- images --------------------------------------------------------------------------------- */

/* Where a 32-bit process finds what is said to be in System32. */
static bool redirect(struct iw_server_build *build, struct iw_server_path *path)
{
    static const char FROM[] = "\\windows\\system32\\", TO[] = "\\Windows\\SysWOW64\\";
    char *out;
    if (path->path.n < 2 + sizeof FROM - 1 ||
        !begins((struct iw_str){path->path.p + 2, path->path.n - 2}, FROM))
        return true;
    out = iw_arena_alloc(&build->work, path->path.n);
    if (out == NULL)
        return false;
    memcpy(out, path->path.p, path->path.n);
    memcpy(out + 2, TO, sizeof TO - 1);
    path->path.p = out;
    path->key = iw_fold_text(path->path, &build->work);
    return path->key.p != NULL;
}

/* Kinds of code that the worker itself loads, as 64 or as 32 bits; others are programs. */
static bool has_twins(const char *kind)
{
    static const char *const KINDS[] = {
        "globalModule",      "handler",   "isapiFilter",          "isapiCgiRestriction",
        "compressionScheme", "logPlugin", "managedRuntimeLoader", "registryFilter",
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (strcmp(kind, KINDS[i]) == 0)
            return true;
    }
    return false;
}

/* The runtime loader is named without a folder: it lies in that of the framework. */
static struct iw_str whole_image(struct iw_server_build *build,
                                 const struct iw_inventory_component *row, bool is_32)
{
    if (strcmp(row->kind, "managedRuntimeLoader") != 0 ||
        iw_path_name(row->image).n != row->image.n)
        return row->image;
    return iw_keep_format(build, "%%windir%%\\Microsoft.NET\\Framework%s\\v4.0.30319\\%.*s",
                          is_32 ? "" : "64", IW_STR_ARG(row->image));
}

/* `"C:\perl\perl.exe" %s` → its program: entries of CGI carry arguments in the same text. */
struct iw_str iw_build_program(struct iw_str image)
{
    static const char ENDING[] = ".exe", URL[] = "file:///";
    if (begins(image, URL))
        return (struct iw_str){image.p + sizeof URL - 1, image.n - (sizeof URL - 1)};
    if (image.n != 0 && image.p[0] == '"') {
        const char *end = memchr(image.p + 1, '"', image.n - 1);
        return (struct iw_str){image.p + 1,
                               end != NULL ? (size_t)(end - image.p) - 1 : image.n - 1};
    }
    for (size_t at = 0; at + sizeof ENDING <= image.n; at++) {
        struct iw_str rest = {image.p + at, image.n - at};
        if (begins(rest, ENDING) && rest.p[sizeof ENDING - 1] == ' ')
            return (struct iw_str){image.p, at + sizeof ENDING - 1};
    }
    return image;
}

static bool read_image(struct naming *naming, bool is_32, struct iw_server_path *ret)
{
    struct iw_str image = whole_image(naming->build, naming->row, is_32);
    if (image.p != NULL)
        image = iw_build_hosted_image(naming->build, naming->row, iw_build_program(image));
    return image.p != NULL && iw_server_path_read(image, is_32, &naming->build->work, ret);
}

static bool is_same(const struct iw_server_path *a, const struct iw_server_path *b)
{
    return iw_str_equal(a->key, b->key);
}

/* A 32-bit twin that no pool loads is told only where it was collected. */
static bool wants_32(const struct naming *naming, const struct iw_server_path *path)
{
    return !iw_str_holds_nocase(naming->row->precondition, IW_STR("bitness64")) &&
           (naming->build->has_32_bit || iw_collection_find(naming->build->collection, path->key));
}

/* A folder is no file: whether it was collected is told of the root it is. */
static bool is_folder(const char *kind)
{
    return strcmp(kind, "virtualDirectory") == 0;
}

static enum iw_rc name_image(struct naming *naming)
{
    struct iw_server_build *build = naming->build;
    struct iw_inventory_component *row = naming->row;
    struct iw_server_path wide, narrow;
    if (!read_image(naming, false, &wide) || !read_image(naming, true, &narrow) ||
        !redirect(build, &narrow))
        return IW_ENOMEM;
    row->image_path = iw_keep(build, wide.path);
    if (row->image_path.p == NULL)
        return IW_ENOMEM;
    if (is_folder(row->kind))
        return IW_OK;
    if (!has_twins(row->kind) || is_same(&wide, &narrow))
        return add_file(naming, &wide, NULL);
    if (!iw_str_holds_nocase(row->precondition, IW_STR("bitness32")))
        IW_TRY(add_file(naming, &wide, "x64"));
    return wants_32(naming, &narrow) ? add_file(naming, &narrow, "x86") : IW_OK;
}

/* --- managed types -------------------------------------------------------------------------- */

static struct iw_str trim(struct iw_str text)
{
    while (text.n != 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
        text = (struct iw_str){text.p + 1, text.n - 1};
    while (text.n != 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t'))
        text.n--;
    return text;
}

/* `Ns.Class, Name, Version=...` → class and assembly; arguments of generic types are passed over.
 */
static void split_type(struct iw_str type, struct iw_str *ret_class, struct iw_str *ret_assembly)
{
    size_t depth = 0, at = 0, end;
    while (at < type.n && (type.p[at] != ',' || depth != 0)) {
        depth += type.p[at] == '[';
        depth -= type.p[at] == ']' && depth != 0;
        at++;
    }
    *ret_class = trim((struct iw_str){type.p, at});
    for (end = at < type.n ? at + 1 : at; end < type.n && type.p[end] != ',';)
        end++;
    *ret_assembly = at < type.n ? trim((struct iw_str){type.p + at + 1, end - at - 1}) : IW_STR("");
}

/* The entry names an assembly, not a type in one. */
static bool is_assembly_name(const struct iw_inventory_component *row)
{
    return strcmp(row->kind, "assembly") == 0;
}

/* Folders of applications in which a type of this scope is looked for. */
static bool concerns(const struct iw_server_application *application,
                     const struct iw_config_place *place)
{
    return iw_config_place_covers(place->key, application->place.key) ||
           iw_config_place_covers(application->place.key, place->key);
}

/* The assembly in the bin below a folder, where it was collected. */
static enum iw_rc find_below(struct naming *naming, struct iw_str folder, struct iw_str assembly)
{
    struct iw_server_build *build = naming->build;
    struct iw_server_path path;
    struct iw_str named =
        iw_keep_format(build, "%.*s\\bin\\%.*s.dll", IW_STR_ARG(folder), IW_STR_ARG(assembly));
    if (named.p == NULL || !iw_server_path_read(named, false, &build->work, &path))
        return IW_ENOMEM;
    return iw_collection_find(build->collection, path.key) != NULL ? add_file(naming, &path, NULL)
                                                                   : IW_OK;
}

static enum iw_rc find_in_bin(struct naming *naming,
                              const struct iw_server_application *application,
                              struct iw_str assembly)
{
    for (size_t i = 0; i < application->n_directories; i++)
        IW_TRY(find_below(naming, application->directories[i].root.path, assembly));
    return IW_OK;
}

/* Of a web.config in no known site: the application begins at its folder or above, and the nearest
 * bin that has the assembly is taken for that of the application. */
static enum iw_rc find_above(struct naming *naming, struct iw_str assembly)
{
    struct iw_str scope = naming->row->scope;
    struct iw_str folder;
    if (scope.n == 0 || scope.p[0] != '?')
        return IW_OK;
    folder = iw_path_folder((struct iw_str){scope.p + 1, scope.n - 1});
    for (size_t n = 0; n < IW_LIMIT_BIN_LEVELS && naming->n == 0 && folder.n != 0; n++) {
        IW_TRY(find_below(naming, folder, assembly));
        folder = iw_path_folder(folder);
    }
    return IW_OK;
}

static enum iw_rc find_in_bins(struct naming *naming, struct iw_str assembly)
{
    struct iw_server_build *build = naming->build;
    struct iw_config_place place;
    if (!iw_config_place_read(IW_STR(""), naming->row->scope, &build->work, &place))
        return IW_ENOMEM;
    for (size_t i = 0; i < build->web.n_sites; i++) {
        const struct iw_server_site *site = &build->web.sites[i];
        for (size_t k = 0; k < site->n_applications && !naming->has_more; k++) {
            if (concerns(&site->applications[k], &place))
                IW_TRY(find_in_bin(naming, &site->applications[k], assembly));
        }
    }
    return IW_OK;
}

/* `...\assembly\GAC_MSIL\Name\v4.0_1.0.0.0__token\Name.dll` of any version. */
static enum iw_rc find_in_gac(struct naming *naming, struct iw_str assembly)
{
    struct iw_server_build *build = naming->build;
    for (size_t i = 0; i < build->collection->n && !naming->has_more; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        struct iw_server_path path = {.path = file->path, .key = file->key, .is_resolved = true};
        if (file->name.n != assembly.n + 4 || !iw_str_begins_nocase(file->name, assembly) ||
            !iw_str_ends_nocase(file->name, IW_STR(".dll")) || file->is_copy ||
            !iw_str_holds_nocase(file->key, IW_STR("\\assembly\\gac")))
            continue;
        IW_TRY(add_file(naming, &path, NULL));
    }
    return IW_OK;
}

/* A class without an assembly: whichever assembly of bin has it. */
static enum iw_rc find_by_class(struct naming *naming, struct iw_str class)
{
    struct iw_server_build *build = naming->build;
    for (size_t i = 0; i < build->collection->n && !naming->has_more; i++) {
        const struct iw_collected_file *file = &build->collection->files[i];
        const struct iw_item_file *facts = &build->facts[i];
        struct iw_server_path path = {.path = file->path, .key = file->key, .is_resolved = true};
        for (size_t k = 0; k < facts->types.n; k++) {
            if (!iw_str_equal(facts->types.items[k], class) || file->is_copy)
                continue;
            IW_TRY(add_file(naming, &path, NULL));
            break;
        }
    }
    return IW_OK;
}

/* Whether any collected file could be the assembly: most are asked for in vain, by as many
 * entries as there are applications with a bin. */
static enum iw_rc may_be_collected(struct naming *naming, struct iw_str assembly, bool *ret)
{
    struct iw_server_build *build = naming->build;
    char *text = iw_arena_alloc(&build->work, assembly.n + 4);
    struct iw_str name;
    if (text == NULL)
        return IW_ENOMEM;
    memcpy(text, assembly.p, assembly.n);
    memcpy(text + assembly.n, ".dll", 4);
    name = iw_fold_text(iw_path_name((struct iw_str){text, assembly.n + 4}), &build->work);
    *ret = name.p != NULL && iw_map_find(&build->collection->by_name, name) != NULL;
    return name.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc name_type(struct naming *naming)
{
    bool may_be = false;
    struct iw_str class, assembly;
    split_type(naming->row->type, &class, &assembly);
    if (is_assembly_name(naming->row)) {
        assembly = class;
        class = IW_STR("");
    }
    if (assembly.n == 0)
        return find_by_class(naming, class);
    IW_TRY(may_be_collected(naming, assembly, &may_be));
    if (!may_be)
        return IW_OK;
    IW_TRY(find_in_bins(naming, assembly));
    IW_TRY(find_above(naming, assembly));
    return naming->n == 0 ? find_in_gac(naming, assembly) : IW_OK;
}

/* --- COM classes ---------------------------------------------------------------------------- */

static enum iw_rc name_server(struct naming *naming, const struct iw_registry_fact *fact,
                              const char *twin)
{
    struct iw_server_build *build = naming->build;
    struct iw_server_path path;
    if (fact->state != IW_FACT_KNOWN || fact->text.n == 0)
        return IW_OK;
    if (!iw_server_path_read(fact->text, twin[1] == '8', &build->work, &path) ||
        (twin[1] == '8' && !redirect(build, &path)))
        return IW_ENOMEM;
    return add_file(naming, &path, twin);
}

static enum iw_rc name_class(struct naming *naming)
{
    struct iw_server_build *build = naming->build;
    struct iw_registry_class class;
    iw_registry_find_class(build->registry->hives, build->registry->n, naming->row->clsid, &class);
    IW_TRY(name_server(naming, &class.server_64, "x64"));
    IW_TRY(name_server(naming, &class.server_32, "x86"));
    if (naming->n != 0)
        return IW_OK;
    naming->files[naming->n++] = (struct iw_item_file){
        .state = IW_ITEM_FILE_UNRESOLVED,
        .path = IW_STR(""),
        .modified_ns = IW_TIME_UNKNOWN,
        .why = class.server_64.state == IW_FACT_NOT_IN_EVIDENCE ? "registry not in evidence"
               : class.server_64.state == IW_FACT_ABSENT        ? "not registered"
                                                                : "registry cannot be read there",
    };
    return IW_OK;
}

enum iw_rc iw_build_component_files(struct iw_server_build *build,
                                    struct iw_inventory_component *row)
{
    struct naming naming = {.build = build, .row = row};
    if (row->image.n != 0)
        IW_TRY(name_image(&naming));
    IW_TRY(iw_build_hosted_program(build, row));
    if (row->type.n != 0)
        IW_TRY(name_type(&naming));
    if (row->clsid.n != 0)
        IW_TRY(name_class(&naming));
    if (naming.has_more)
        IW_TRY(iw_build_problem(
            build, "limit", row->config_source, row->line, row->column, row->scope,
            iw_keep_format(build, "%.*s is in more than %u files: the others are not listed",
                           IW_STR_ARG(row->type), IW_LIMIT_COMPONENT_FILES)));
    if (naming.n == 0)
        return IW_OK;
    row->files = iw_arena_calloc(&build->inventory->arena, naming.n, sizeof *row->files);
    if (row->files == NULL)
        return IW_ENOMEM;
    memcpy(row->files, naming.files, naming.n * sizeof *row->files);
    row->n_files = naming.n;
    return IW_OK;
}

/* --- what is missing ------------------------------------------------------------------------ */

/* How many of the files that components name in one folder are in evidence. */
struct presence {
    size_t n_there, n_named;
};

static struct iw_str folder_key(struct iw_server_build *build, const struct iw_item_file *file)
{
    struct iw_str folder = iw_path_folder(file->path);
    return folder.n != 0 ? iw_fold_text(folder, &build->work) : IW_STR("");
}

static bool count_presence(struct iw_server_build *build, const struct iw_item_file *file,
                           struct iw_map *by_folder)
{
    struct iw_str key = folder_key(build, file);
    struct iw_map_entry *entry;
    struct presence *presence;
    bool is_new;
    if (key.p == NULL)
        return false;
    entry = iw_map_add(by_folder, key, &is_new);
    if (entry == NULL)
        return false;
    if (is_new)
        entry->value.pointer = iw_arena_calloc(&build->work, 1, sizeof *presence);
    presence = entry->value.pointer;
    if (presence == NULL)
        return false;
    presence->n_named++;
    presence->n_there += file->state == IW_ITEM_FILE_READ;
    return true;
}

static bool is_collected(const struct iw_map *by_folder, struct iw_str key)
{
    const struct iw_map_entry *entry = iw_map_find(by_folder, key);
    const struct presence *presence = entry != NULL ? entry->value.pointer : NULL;
    return presence != NULL && presence->n_there * 2 > presence->n_named;
}

static bool mark_missing(struct iw_server_build *build, const struct iw_map *by_folder,
                         struct iw_item_file *file)
{
    struct iw_str key;
    if (file->state != IW_ITEM_FILE_NOT_COLLECTED)
        return true;
    key = folder_key(build, file);
    if (key.p == NULL)
        return false;
    if (is_collected(by_folder, key)) {
        file->state = IW_ITEM_FILE_MISSING;
        file->why = "not there, though its folder was collected";
    } else {
        file->why = "its folder was not collected";
    }
    return true;
}

enum iw_rc iw_build_missing(struct iw_server_build *build)
{
    struct iw_inventory_component *rows = build->components.items;
    struct iw_map by_folder;
    bool ok = true;
    iw_map_init(&by_folder);
    for (size_t i = 0; ok && i < build->components.n; i++)
        for (size_t k = 0; ok && k < rows[i].n_files; k++)
            ok = rows[i].files[k].path.n == 0 ||
                 count_presence(build, &rows[i].files[k], &by_folder);
    for (size_t i = 0; ok && i < build->components.n; i++)
        for (size_t k = 0; ok && k < rows[i].n_files; k++)
            ok = mark_missing(build, &by_folder, &rows[i].files[k]);
    iw_map_done(&by_folder);
    return ok ? IW_OK : IW_ENOMEM;
}
