/*
 * First the types of every family are counted, each once; then who is a member of one that is
 * large enough. What changes name is laid into a map, so that entries × changes is never walked.
 */
#include "detect/product_family.h"

#include "base/arena_text.h"
#include "detect/component_kinds.h"
#include "detect/history_line.h"

/* --- the namespace of a type ------------------------------------------------------------------ */

/* `A.B.C.Class, Assembly, …` → `A.B.C.Class`. */
static struct iw_str class_of(struct iw_str type)
{
    size_t n = 0;
    while (n < type.n && type.p[n] != ',' && type.p[n] != ' ')
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

static enum iw_rc count(struct iw_judging *judging, struct iw_map *types, struct iw_str class)
{
    struct iw_str name = family_name(class), key, family;
    struct iw_map_entry *entry;
    bool is_new = true;
    if (name.n == 0)
        return IW_OK;
    key = iw_arena_lower(judging->arena, class);
    if (key.p == NULL || iw_map_add(types, key, &is_new) == NULL)
        return IW_ENOMEM;
    family = (struct iw_str){key.p, name.n};
    entry = is_new ? iw_map_add(&judging->families, family, NULL) : NULL;
    if (is_new && entry == NULL)
        return IW_ENOMEM;
    if (is_new)
        entry->value.number++;
    return IW_OK;
}

static enum iw_rc count_all(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    struct iw_map types;
    enum iw_rc rc = IW_OK;
    iw_map_init(&types);
    for (size_t i = 0; rc == IW_OK && i < server->n_components; i++) {
        if (is_counted(&server->components[i]))
            rc = count(judging, &types, class_of(server->components[i].type));
    }
    iw_map_done(&types);
    return rc;
}

/* --- what changes name ------------------------------------------------------------------------ */

static enum iw_rc name_changed(struct iw_judging *judging, struct iw_map *changed,
                               struct iw_str text)
{
    struct iw_str key;
    if (text.n == 0)
        return IW_OK;
    key = iw_arena_lower(judging->arena, text);
    return key.p != NULL && iw_map_add(changed, key, NULL) != NULL ? IW_OK : IW_ENOMEM;
}

/* Every text in quotes of a setting: `/modules/add[@name="X"]`. */
static enum iw_rc name_quoted(struct iw_judging *judging, struct iw_map *changed,
                              struct iw_str setting)
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
        IW_TRY(name_changed(judging, changed, (struct iw_str){setting.p + begin, at - begin}));
        at++;
    }
    return IW_OK;
}

static enum iw_rc read_changes(struct iw_judging *judging, struct iw_map *changed)
{
    struct iw_fact_span changes = judging->facts[IW_FACT_CONFIG_CHANGE];
    for (size_t i = 0; i < changes.n; i++) {
        IW_TRY(name_changed(judging, changed, changes.items[i].old_value));
        IW_TRY(name_changed(judging, changed, changes.items[i].new_value));
        IW_TRY(name_quoted(judging, changed, changes.items[i].configuration));
    }
    return IW_OK;
}

/* --- members ---------------------------------------------------------------------------------- */

static enum iw_rc types_of(const struct iw_judging *judging, struct iw_str name, uint64_t *ret)
{
    struct iw_str key = iw_arena_lower(judging->arena, name);
    const struct iw_map_entry *entry;
    *ret = 0;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&judging->families, key);
    if (entry != NULL && entry->value.number >= IW_FAMILY_TYPES)
        *ret = entry->value.number;
    return IW_OK;
}

static enum iw_rc is_set_apart(struct iw_judging *judging, const struct iw_map *changed, size_t i,
                               bool *ret)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    struct iw_str key = row->name;
    *ret = row->notes.n != 0 || row->known == IW_ITEM_KNOWN_NAME_OTHER_IMAGE ||
           iw_time_known(iw_history_time_of_coming(judging->server, row));
    if (*ret || changed->n == 0 || key.n == 0)
        return IW_OK;
    key = iw_arena_lower(judging->arena, key);
    if (key.p == NULL)
        return IW_ENOMEM;
    *ret = iw_map_find(changed, key) != NULL;
    return IW_OK;
}

static enum iw_rc find_members(struct iw_judging *judging, const struct iw_map *changed)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        struct iw_family *family = &judging->family_of[i];
        bool is_apart;
        if (!is_counted(row))
            continue;
        family->name = family_name(class_of(row->type));
        IW_TRY(types_of(judging, family->name, &family->n_types));
        if (family->n_types == 0)
            continue;
        IW_TRY(is_set_apart(judging, changed, i, &is_apart));
        family->is_member = !is_apart;
    }
    return IW_OK;
}

enum iw_rc iw_families_read(struct iw_judging *judging)
{
    struct iw_map changed;
    enum iw_rc rc;
    judging->family_of = iw_arena_calloc(judging->arena, judging->server->n_components + 1,
                                         sizeof *judging->family_of);
    if (judging->family_of == NULL)
        return IW_ENOMEM;
    iw_map_init(&changed);
    rc = count_all(judging);
    if (rc == IW_OK)
        rc = read_changes(judging, &changed);
    if (rc == IW_OK)
        rc = find_members(judging, &changed);
    iw_map_done(&changed);
    return rc;
}

struct iw_str iw_family_of(const struct iw_judging *judging, size_t component)
{
    const struct iw_family *family = &judging->family_of[component];
    return family->is_member ? family->name : IW_STR("");
}

uint64_t iw_family_kin(const struct iw_judging *judging, size_t component)
{
    return judging->family_of[component].n_types;
}
