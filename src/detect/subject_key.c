/*
 * Keys of subjects, in lower case. A module is keyed by image and name, because a genuine DLL under
 * a second name is a subject of its own; a program by its path; what the catalogue knows whole, or
 * has nothing that is its own, by kind, scope and name; what is one of many of a product by that.
 */
#include "detect/subject_key.h"

#include <stdlib.h>

#include "base/arena_text.h"
#include "base/buffer.h"
#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/product_family.h"

static bool is_kind(const struct iw_inventory_component *component, const char *kind)
{
    return strcmp(component->kind, kind) == 0;
}

/* Programs that stand behind dozens of handlers of any server. */
static bool is_shared_program(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    return iw_str_equal_nocase(name, IW_STR("asp.dll")) ||
           iw_str_equal_nocase(name, IW_STR("aspnet_isapi.dll"));
}

static struct iw_str make_key(struct iw_judging *judging, const char *sort, struct iw_str first,
                              struct iw_str second, struct iw_str third)
{
    struct iw_buffer text;
    struct iw_str key = {NULL, 0};
    iw_buffer_init(&text);
    iw_buffer_add(&text, iw_str_of(sort));
    iw_buffer_add(&text, first);
    iw_buffer_add_char(&text, '\0');
    iw_buffer_add(&text, second);
    iw_buffer_add_char(&text, '\0');
    iw_buffer_add(&text, third);
    if (!text.failed)
        key = iw_arena_lower(judging->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return key;
}

static struct iw_str own_key(struct iw_judging *judging,
                             const struct iw_inventory_component *component)
{
    return make_key(judging, "e:", iw_str_of(component->kind), component->scope, component->name);
}

/* The native module that an entry of `modules` switches on; *ret NULL: none. */
static enum iw_rc module_named(struct iw_judging *judging, struct iw_str name,
                               const struct iw_inventory_component **ret)
{
    struct iw_str key = iw_arena_lower(judging->arena, name);
    const struct iw_map_entry *entry = key.p != NULL ? iw_map_find(&judging->modules, key) : NULL;
    *ret = entry != NULL ? &judging->server->components[entry->value.number - 1] : NULL;
    return key.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc read_modules(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        struct iw_map_entry *entry;
        struct iw_str key;
        bool is_new;
        if (!is_kind(&server->components[i], "globalModule"))
            continue;
        if (iw_component_is_unreadable(&server->components[i])) {
            judging->modules_unknown = true;
            continue;
        }
        key = iw_arena_lower(judging->arena, server->components[i].name);
        entry = key.p != NULL ? iw_map_add(&judging->modules, key, &is_new) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        if (is_new)
            entry->value.number = i + 1;
    }
    return IW_OK;
}

static struct iw_str module_key(struct iw_judging *judging,
                                const struct iw_inventory_component *component)
{
    return make_key(judging, "m:", component->image_path, component->name, IW_STR(""));
}

static struct iw_str path_key(struct iw_judging *judging, struct iw_str path)
{
    return make_key(judging, "f:", path, IW_STR(""), IW_STR(""));
}

/* --- profilers --------------------------------------------------------------------------------
 */

/* Variables of one profiler: a class, its path (also by bitness) and what switches it on, of one
 * runtime, in one environment. Empty: it is none; p NULL: no memory. */
static struct iw_str profiler_key(struct iw_judging *judging,
                                  const struct iw_inventory_component *component)
{
    bool is_core = iw_str_begins_nocase(component->name, IW_STR("CORECLR_"));
    struct iw_str environment;
    if (!iw_component_is_variable(component) ||
        (!is_core && !iw_str_begins_nocase(component->name, IW_STR("COR_"))))
        return IW_STR("");
    environment = iw_arena_format(judging->arena, "%.*s|%.*s|%.*s", IW_STR_ARG(component->scope),
                                  IW_STR_ARG(component->owner), IW_STR_ARG(component->config_path));
    return environment.p != NULL
               ? make_key(judging, "v:", environment, iw_str_of(is_core ? "core" : ""), IW_STR(""))
               : environment;
}

/* The first of each environment that names a file stands for those that name none. */
static enum iw_rc read_profilers(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        struct iw_map_entry *entry;
        struct iw_str key;
        bool is_new;
        if (server->components[i].image_path.n == 0)
            continue;
        key = profiler_key(judging, &server->components[i]);
        if (key.p != NULL && key.n == 0)
            continue;
        entry = key.p != NULL ? iw_map_add(&judging->profilers, key, &is_new) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        if (is_new)
            entry->value.number = i + 1;
    }
    return IW_OK;
}

/* The file that the profiler of a variable is loaded from; empty: none is named, or it is no such
 * variable; p NULL: no memory. */
static struct iw_str path_of_profiler(struct iw_judging *judging,
                                      const struct iw_inventory_component *component)
{
    struct iw_str key = profiler_key(judging, component);
    const struct iw_map_entry *entry = key.n != 0 ? iw_map_find(&judging->profilers, key) : NULL;
    if (key.p == NULL)
        return key;
    return entry != NULL ? judging->server->components[entry->value.number - 1].image_path
                         : IW_STR("");
}

/* --- all --------------------------------------------------------------------------------------
 */

static struct iw_str key_of(struct iw_judging *judging,
                            const struct iw_inventory_component *component)
{
    const struct iw_item_file *file = iw_component_file(component);
    struct iw_str profiler;
    if (is_kind(component, "globalModule"))
        return module_key(judging, component);
    if (is_kind(component, "nativeModule")) {
        const struct iw_inventory_component *module;
        if (module_named(judging, component->name, &module) != IW_OK)
            return (struct iw_str){NULL, 0};
        return module != NULL ? module_key(judging, module) : own_key(judging, component);
    }
    if (is_kind(component, "virtualDirectory") || component->known == IW_ITEM_KNOWN_AS_IT_IS ||
        is_shared_program(component->image_path))
        return own_key(judging, component);
    if (component->hosted != NULL) /* many applications are started by one dotnet */
        return path_key(judging, component->hosted->path);
    if (component->image_path.n != 0)
        return path_key(judging, component->image_path);
    if (file != NULL && component->type.n != 0 && !is_kind(component, "assembly"))
        return path_key(judging, file->path);
    profiler = path_of_profiler(judging, component);
    if (profiler.p == NULL || profiler.n != 0)
        return profiler.p != NULL ? path_key(judging, profiler) : profiler;
    return own_key(judging, component);
}

static struct iw_str key_at(struct iw_judging *judging, size_t i)
{
    struct iw_str family = iw_family_of(judging, i);
    if (family.n != 0)
        return make_key(judging, "p:", family, IW_STR(""), IW_STR(""));
    return key_of(judging, &judging->server->components[i]);
}

/* Components of one key together, in their order. */
static enum iw_rc gather(struct iw_judging *judging, size_t n)
{
    size_t *next = iw_arena_calloc(judging->arena, n + 1, sizeof *next);
    size_t *count = iw_arena_calloc(judging->arena, n + 1, sizeof *count);
    size_t place = 0;
    if (next == NULL || count == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        struct iw_map_entry *entry = iw_map_add(&judging->first_of, judging->keys[i], NULL);
        if (entry == NULL)
            return IW_ENOMEM;
        count[entry - judging->first_of.entries]++;
    }
    for (size_t k = 0; k < judging->first_of.n; k++) {
        judging->first_of.entries[k].value.number = place + 1;
        next[k] = place;
        place += count[k];
    }
    for (size_t i = 0; i < n; i++) {
        struct iw_map_entry *entry = iw_map_find(&judging->first_of, judging->keys[i]);
        judging->by_key[next[entry - judging->first_of.entries]++] = i;
    }
    return IW_OK;
}

static enum iw_rc read_paths(struct iw_judging *judging, size_t component)
{
    const struct iw_inventory_component *row = &judging->server->components[component];
    for (size_t i = 0; i < row->n_files + 1; i++) {
        struct iw_str path = i < row->n_files ? row->files[i].path : row->image_path;
        struct iw_map_entry *entry;
        struct iw_str key;
        bool is_new;
        if (path.n == 0)
            continue;
        key = iw_arena_lower(judging->arena, path);
        entry = key.p != NULL ? iw_map_add(&judging->paths, key, &is_new) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        if (is_new)
            entry->value.number = component + 1;
    }
    return IW_OK;
}

enum iw_rc iw_subjects_read(struct iw_judging *judging)
{
    size_t n = judging->server->n_components;
    judging->keys = iw_arena_calloc(judging->arena, n + 1, sizeof *judging->keys);
    judging->by_key = iw_arena_calloc(judging->arena, n + 1, sizeof *judging->by_key);
    if (judging->keys == NULL || judging->by_key == NULL)
        return IW_ENOMEM;
    IW_TRY(read_modules(judging));
    IW_TRY(read_profilers(judging));
    for (size_t i = 0; i < n; i++) {
        judging->keys[i] = key_at(judging, i);
        if (judging->keys[i].p == NULL)
            return IW_ENOMEM;
        IW_TRY(read_paths(judging, i));
    }
    return gather(judging, n);
}

void iw_subjects_of(const struct iw_judging *judging, struct iw_str key, size_t *ret_first,
                    size_t *ret_n)
{
    const struct iw_map_entry *entry = iw_map_find(&judging->first_of, key);
    size_t at;
    *ret_first = *ret_n = 0;
    if (entry == NULL)
        return;
    *ret_first = at = entry->value.number - 1;
    while (at < judging->server->n_components &&
           iw_str_equal(judging->keys[judging->by_key[at]], key))
        at++;
    *ret_n = at - *ret_first;
}

bool iw_subject_goes_with_profiler(const struct iw_judging *judging, size_t component)
{
    const struct iw_inventory_component *rows = judging->server->components;
    size_t first, n;
    if (!iw_component_is_variable(&rows[component]) || rows[component].image_path.n != 0)
        return false;
    iw_subjects_of(judging, judging->keys[component], &first, &n);
    for (size_t i = 0; i < n; i++) {
        const struct iw_inventory_component *row = &rows[judging->by_key[first + i]];
        if (row->image_path.n != 0 && row->approval == rows[component].approval)
            return true;
    }
    return false;
}
