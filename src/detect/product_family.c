/*
 * First the types of every family are counted, each once; then who is a member of one that is
 * large enough. What changes name is laid into a map, so that entries × changes is never walked.
 */
#include "detect/product_family.h"

#include "base/arena_text.h"
#include "detect/component_kinds.h"
#include "detect/history_line.h"

/* What is counted while families are read. */
struct families {
    struct iw_judging *judging;
    struct iw_map met;           /* classes, and families with places, in lower case */
    struct iw_map types, places; /* lower-case family → how many */
    struct iw_map bins;          /* lower-case places whose bin was collected */
    struct iw_map changed;       /* what changes name, in lower case */
};

/* --- the namespace of a type ------------------------------------------------------------------ */

/* `A.B.C.Class, Assembly, …` → `A.B.C.Class`; of a nested or generic type the outer name. */
static struct iw_str class_of(struct iw_str type)
{
    size_t n = 0;
    while (n < type.n && memchr(", +`[", type.p[n], 5) == NULL)
        n++;
    return (struct iw_str){type.p, n};
}

/* The first two labels of the namespace, or the only one; empty: the class has no namespace. */
static struct iw_str family_name(struct iw_str class)
{
    size_t dots[3], n = 0;
    for (size_t i = 0; i < class.n && n < 3; i++) {
        if (class.p[i] == '.')
            dots[n++] = i;
    }
    if (n == 0)
        return IW_STR("");
    return (struct iw_str){class.p, n == 1 ? dots[0] : dots[1]};
}

/* --- who may be a member ---------------------------------------------------------------------- */

/* Nothing of it lies in the evidence, and nothing says that it should. */
static bool has_no_file(const struct iw_inventory_component *row)
{
    for (size_t i = 0; i < row->n_files; i++) {
        if (row->files[i].state != IW_ITEM_FILE_NOT_COLLECTED)
            return false;
    }
    return true;
}

static bool is_counted(const struct iw_inventory_component *row)
{
    enum iw_component_load loads = iw_component_loads(row);
    return row->approval == IW_APPROVAL_NOT_ASKED && row->image.n == 0 && row->type.n != 0 &&
           (loads == IW_LOADS_MANAGED || loads == IW_LOADS_MINOR) && has_no_file(row) &&
           (row->known == IW_ITEM_KNOWN_UNKNOWN || row->known == IW_ITEM_KNOWN_NAME_OTHER_IMAGE) &&
           iw_component_is_registered(row);
}

/* Adds one to the family when *key*, which begins with its name, is met for the first time. */
static enum iw_rc count_once(struct iw_map *met, struct iw_map *counts, struct iw_str key,
                             size_t name_bytes)
{
    struct iw_map_entry *entry;
    bool is_new;
    if (key.p == NULL || iw_map_add(met, key, &is_new) == NULL)
        return IW_ENOMEM;
    if (!is_new)
        return IW_OK;
    entry = iw_map_add(counts, (struct iw_str){key.p, name_bytes}, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.number++;
    return IW_OK;
}

/* By type, and by the file of configuration it stands in. */
static enum iw_rc count(struct families *families, const struct iw_inventory_component *row)
{
    struct iw_arena *arena = families->judging->arena;
    struct iw_str class = class_of(row->type), name = family_name(class), place;
    if (name.n == 0)
        return IW_OK;
    IW_TRY(count_once(&families->met, &families->types, iw_arena_lower(arena, class), name.n));
    place = iw_arena_format(arena, "%.*s|%.*s", IW_STR_ARG(name), IW_STR_ARG(row->config_source));
    if (place.p == NULL)
        return IW_ENOMEM;
    return count_once(&families->met, &families->places, iw_arena_lower(arena, place), name.n);
}

/* Where an assembly of `bin` was collected, the folder was, and a type has no excuse. */
static enum iw_rc read_bins(struct families *families)
{
    const struct iw_inventory_server *server = families->judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        const struct iw_item_file *file = iw_component_file(row);
        struct iw_str scope;
        if (file == NULL || !iw_str_holds_nocase(file->path, IW_STR("\\bin\\")))
            continue;
        scope = iw_arena_lower(families->judging->arena, row->scope);
        if (scope.p == NULL || iw_map_add(&families->bins, scope, NULL) == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

static enum iw_rc count_all(struct families *families)
{
    const struct iw_inventory_server *server = families->judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        if (is_counted(&server->components[i]))
            IW_TRY(count(families, &server->components[i]));
    }
    return read_bins(families);
}

/* --- what changes name ------------------------------------------------------------------------ */

static enum iw_rc name_changed(struct families *families, struct iw_str text)
{
    struct iw_str key;
    if (text.n == 0)
        return IW_OK;
    key = iw_arena_lower(families->judging->arena, text);
    return key.p != NULL && iw_map_add(&families->changed, key, NULL) != NULL ? IW_OK : IW_ENOMEM;
}

/* Every text in quotes of a setting: `/modules/add[@name="X"]`. */
static enum iw_rc name_quoted(struct families *families, struct iw_str setting)
{
    size_t at = 0;
    while (at < setting.n) {
        char quote = setting.p[at++];
        size_t begin = at;
        if (quote != '"' && quote != '\'')
            continue;
        while (at < setting.n && setting.p[at] != quote)
            at++;
        if (at == setting.n)
            return IW_OK;
        IW_TRY(name_changed(families, (struct iw_str){setting.p + begin, at - begin}));
        at++;
    }
    return IW_OK;
}

static enum iw_rc read_changes(struct families *families)
{
    struct iw_fact_span changes = families->judging->facts[IW_FACT_CONFIG_CHANGE];
    for (size_t i = 0; i < changes.n; i++) {
        IW_TRY(name_changed(families, changes.items[i].old_value));
        IW_TRY(name_changed(families, changes.items[i].new_value));
        IW_TRY(name_quoted(families, changes.items[i].configuration));
    }
    return IW_OK;
}

/* --- members ---------------------------------------------------------------------------------- */

static uint64_t number_of(const struct iw_map *counts, struct iw_str key)
{
    const struct iw_map_entry *entry = iw_map_find(counts, key);
    return entry != NULL ? entry->value.number : 0;
}

static enum iw_rc is_listed(const struct families *families, const struct iw_map *list,
                            struct iw_str text, bool *ret)
{
    struct iw_str key;
    *ret = false;
    if (list->n == 0)
        return IW_OK;
    key = iw_arena_lower(families->judging->arena, text);
    if (key.p == NULL)
        return IW_ENOMEM;
    *ret = iw_map_find(list, key) != NULL;
    return IW_OK;
}

static enum iw_rc is_set_apart(const struct families *families,
                               const struct iw_inventory_component *row, bool *ret)
{
    *ret = row->notes.n != 0 || row->known == IW_ITEM_KNOWN_NAME_OTHER_IMAGE ||
           iw_time_known(iw_history_time_of_coming(families->judging->server, row));
    if (!*ret)
        IW_TRY(is_listed(families, &families->bins, row->scope, ret));
    if (!*ret && row->name.n != 0)
        IW_TRY(is_listed(families, &families->changed, row->name, ret));
    return IW_OK;
}

static enum iw_rc find_members(struct families *families)
{
    struct iw_judging *judging = families->judging;
    for (size_t i = 0; i < judging->server->n_components; i++) {
        const struct iw_inventory_component *row = &judging->server->components[i];
        struct iw_family *family = &judging->family_of[i];
        struct iw_str key;
        bool is_apart;
        if (!is_counted(row))
            continue;
        family->name = family_name(class_of(row->type));
        key = iw_arena_lower(judging->arena, family->name);
        if (key.p == NULL)
            return IW_ENOMEM;
        family->n_types = number_of(&families->types, key);
        family->n_places = number_of(&families->places, key);
        if (family->n_types < IW_FAMILY_TYPES) {
            family->n_types = 0;
            continue;
        }
        IW_TRY(is_set_apart(families, row, &is_apart));
        family->is_member = !is_apart;
    }
    return IW_OK;
}

static enum iw_rc read_families(struct families *families)
{
    IW_TRY(count_all(families));
    IW_TRY(read_changes(families));
    return find_members(families);
}

enum iw_rc iw_families_read(struct iw_judging *judging)
{
    struct families families = {.judging = judging};
    struct iw_map *const maps[] = {&families.met, &families.types, &families.places, &families.bins,
                                   &families.changed};
    enum iw_rc rc;
    judging->family_of = iw_arena_calloc(judging->arena, judging->server->n_components + 1,
                                         sizeof *judging->family_of);
    if (judging->family_of == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        iw_map_init(maps[i]);
    rc = read_families(&families);
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        iw_map_done(maps[i]);
    return rc;
}

struct iw_str iw_family_of(const struct iw_judging *judging, size_t component)
{
    const struct iw_family *family = &judging->family_of[component];
    return family->is_member ? family->name : IW_STR("");
}

uint64_t iw_family_types(const struct iw_judging *judging, size_t component)
{
    return judging->family_of[component].n_types;
}

bool iw_family_is_spread(const struct iw_judging *judging, size_t component)
{
    const struct iw_family *family = &judging->family_of[component];
    return family->n_types != 0 && family->n_places >= IW_FAMILY_PLACES;
}
