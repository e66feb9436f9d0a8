/*
 * Which sections there are: the table, then configSections of the files. A declaration of a higher
 * file holds against one of a lower (IIS and .NET refuse a second one): a web.config cannot declare
 * globalModules anew to unlock them.
 */
#include "base/limits.h"
#include "iis/config/config_inside.h"

/* Registers every proper prefix of a section's path as a group. */
static void add_groups(struct iw_config *config, struct iw_str path)
{
    for (size_t n = 0; n < path.n; n++)
        if (path.p[n] == '/' &&
            iw_map_add(&config->groups, (struct iw_str){path.p, n}, NULL) == NULL)
            config->no_memory = true;
}

/* *path* lives as long as the configuration. */
static struct iw_config_section *add_section(struct iw_config *config, struct iw_str path,
                                             bool *ret_new)
{
    struct iw_map_entry *entry = iw_map_add(&config->sections, path, ret_new);
    struct iw_config_section *section;

    if (entry == NULL) {
        config->no_memory = true;
        return NULL;
    }
    if (!*ret_new)
        return entry->value.pointer;
    section = iw_arena_calloc(&config->arena, 1, sizeof *section);
    if (section == NULL) {
        config->no_memory = true;
        return NULL;
        return NULL;
    }
    section->path = path;
    entry->value.pointer = section;
    return section;
}

struct iw_config_section *iw_config_section_make(struct iw_config *config, struct iw_str path,
                                                 struct iw_config_where where)
{
    struct iw_map_entry *entry = iw_map_find(&config->sections, path);
    bool is_new = false;

    if (entry != NULL)
        return entry->value.pointer;
    if (config->sections.n >= IW_LIMIT_CONFIG_SECTIONS) {
        if (!config->has_hidden_sections)
            iw_config_report(config, IW_CONFIG_PROBLEM_LIMIT, where,
                             "more than %u different sections: further ones are not read",
                             IW_LIMIT_CONFIG_SECTIONS);
        config->has_hidden_sections = true;
        return NULL;
    }
    path = iw_arena_copy(&config->arena, path);
    if (path.p == NULL) {
        config->no_memory = true;
        return NULL;
    }
    return add_section(config, path, &is_new);
}

void iw_config_define_known(struct iw_config *config)
{
    size_t n;
    const struct iw_config_known *known = iw_config_known_sections(&n);

    for (size_t i = 0; i < n; i++) {
        bool is_new = false;
        struct iw_config_section *section = add_section(config, iw_str_of(known[i].path), &is_new);
        if (section == NULL)
            return;
        section->allow = known[i].allow;
        section->denies_override = known[i].denies_override;
        section->is_known = true;
        add_groups(config, section->path);
    }
}

static enum iw_config_allow read_allow(struct iw_str text)
{
    if (iw_str_equal_nocase(text, IW_STR("MachineOnly")))
        return IW_CONFIG_MACHINE_ONLY;
    if (iw_str_equal_nocase(text, IW_STR("AppHostOnly")) ||
        iw_str_equal_nocase(text, IW_STR("MachineToRootWeb")))
        return IW_CONFIG_SERVER_ONLY;
    if (iw_str_equal_nocase(text, IW_STR("MachineToApplication")))
        return IW_CONFIG_TO_APPLICATION;
    return IW_CONFIG_EVERYWHERE;
}

static void declare(struct iw_config *config, const struct iw_config_file *file,
                    const struct iw_config_element *element, struct iw_str path)
{
    struct iw_config_section *section = iw_config_section_make(
        config, path, (struct iw_config_where){&file->tree, element, file->place.path});
    bool is_own = file->role != IW_CONFIG_WEB;

    /* Files come from the server down: who declared it first is higher. */
    if (section == NULL || section->is_declared || (section->is_known && !is_own))
        return;
    section->allow = read_allow(iw_config_value(element, IW_STR("allowDefinition"), IW_STR("")));
    section->denies_override = iw_str_equal_nocase(
        iw_config_value(element, IW_STR("overrideModeDefault"), IW_STR("")), IW_STR("Deny"));
    section->refuses_location = !iw_config_flag(element, IW_STR("allowLocation"), true);
    section->is_declared = section->is_known = true;
    add_groups(config, section->path);
}

/* The path of the group that is open at each depth, as lengths of one buffer. */
struct naming {
    char path[IW_LIMIT_CONFIG_DEPTH * (IW_LIMIT_CONFIG_NAME_BYTES + 1)];
    size_t ends[IW_LIMIT_CONFIG_DEPTH + 2];
};

/* Writes the path of an element: what its parent has, and its name attribute. False: too long. */
static bool name_it(struct naming *naming, const struct iw_config_element *element,
                    struct iw_str *ret)
{
    struct iw_str name = iw_config_value(element, IW_STR("name"), IW_STR(""));
    size_t n = naming->ends[element->depth - 1];

    naming->ends[element->depth] = n;
    if (name.n > IW_LIMIT_CONFIG_NAME_BYTES || n + 1 + name.n > sizeof naming->path)
        return false;
    if (n != 0)
        naming->path[n++] = '/';
    memcpy(naming->path + n, name.p, name.n);
    naming->ends[element->depth] = n + name.n;
    *ret = (struct iw_str){naming->path, n + name.n};
    return name.n != 0;
}

void iw_config_define_declared(struct iw_config *config, const struct iw_config_file *file)
{
    const struct iw_config_element *top =
        iw_config_child(file->tree.root, IW_STR("configSections"));
    const struct iw_config_element *at = top;
    struct naming naming;

    if (top == NULL || file->role == IW_CONFIG_REDIRECTION)
        return;
    naming.ends[top->depth] = 0;
    while ((at = iw_config_following(top, at, false)) != NULL) {
        struct iw_str path;
        if (!name_it(&naming, at, &path))
            continue;
        if (iw_str_equal(at->name, IW_STR("section")))
            declare(config, file, at, path);
    }
}
