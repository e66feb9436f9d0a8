/*
 * One map from lower-case names and images to changes. A setting is searched for texts between
 * quotes of the lengths that names and images have, because a name may itself hold quotes.
 */
#include "detect/named_changes.h"

#include "base/arena_text.h"
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/history_line.h"

/* What the texts of the map are. */
enum text_sort { NAME = 'n', IMAGE = 'i' };

struct reading {
    struct iw_judging *judging;
    bool *has_length; /* by length: some text of the map has it */
    size_t *lengths;  /* these, each once */
    size_t n_lengths, longest;
    size_t change;          /* being read */
    struct iw_buffer probe; /* lower-case key that is looked for */
};

/* --- texts of components ---------------------------------------------------------------------- */

static struct iw_str key_of(struct iw_arena *arena, enum text_sort sort, struct iw_str text)
{
    char *key = iw_arena_alloc(arena, text.n + 1);
    if (key == NULL)
        return (struct iw_str){NULL, 0};
    key[0] = (char)sort;
    for (size_t i = 0; i < text.n; i++)
        key[i + 1] = iw_ascii_lower(text.p[i]);
    return (struct iw_str){key, text.n + 1};
}

static enum iw_rc add_text(struct iw_judging *judging, enum text_sort sort, struct iw_str text)
{
    struct iw_map_entry *entry;
    struct iw_str key;
    bool is_new;
    if (text.n == 0)
        return IW_OK;
    key = key_of(judging->arena, sort, text);
    entry = key.p != NULL ? iw_map_add(&judging->changes_by_text, key, &is_new) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new)
        entry->value.pointer = iw_arena_calloc(judging->arena, 1, sizeof(struct iw_change_places));
    return entry->value.pointer != NULL ? IW_OK : IW_ENOMEM;
}

/* Components that only former configurations have are asked about too (judge_history.c). */
static enum iw_rc add_lines(struct iw_judging *judging, const struct iw_text_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct iw_history_line parts = iw_history_line_read(list->items[i]);
        if (iw_kind_loads(parts.kind) < IW_LOADS_MANAGED)
            continue;
        IW_TRY(add_text(judging, NAME, parts.name));
        IW_TRY(add_text(judging, IMAGE, parts.image));
    }
    return IW_OK;
}

static enum iw_rc add_former(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_versions; i++) {
        if (!iw_version_is_history(&server->versions[i]))
            continue;
        IW_TRY(add_lines(judging, &server->versions[i].added));
        IW_TRY(add_lines(judging, &server->versions[i].changed));
    }
    return IW_OK;
}

static enum iw_rc add_texts(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        IW_TRY(add_text(judging, NAME, server->components[i].name));
        IW_TRY(add_text(judging, IMAGE, server->components[i].image));
    }
    return add_former(judging);
}

static enum iw_rc find_lengths(struct reading *reading)
{
    const struct iw_map *map = &reading->judging->changes_by_text;
    for (size_t i = 0; i < map->n; i++) {
        if (map->entries[i].key.n > reading->longest)
            reading->longest = map->entries[i].key.n;
    }
    reading->has_length = iw_arena_calloc(reading->judging->arena, reading->longest + 1, 1);
    reading->lengths = iw_arena_calloc(reading->judging->arena, map->n + 1, sizeof(size_t));
    if (reading->has_length == NULL || reading->lengths == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < map->n; i++) {
        size_t n = map->entries[i].key.n - 1;
        if (!reading->has_length[n])
            reading->lengths[reading->n_lengths++] = n;
        reading->has_length[n] = true;
    }
    return IW_OK;
}

/* --- texts of changes ------------------------------------------------------------------------- */

static bool grow(struct iw_arena *arena, struct iw_change_places *places)
{
    size_t cap = places->cap != 0 ? 2 * places->cap : 4, *items;
    if (places->n < places->cap)
        return true;
    items = iw_arena_calloc(arena, cap, sizeof *items);
    if (items == NULL)
        return false;
    if (places->n != 0)
        memcpy(items, places->items, places->n * sizeof *items);
    places->items = items;
    places->cap = cap;
    return true;
}

/* The change has *text*: whoever is called so is named by it. */
static enum iw_rc meet(struct reading *reading, enum text_sort sort, struct iw_str text)
{
    const struct iw_map_entry *entry;
    struct iw_change_places *places;
    iw_buffer_clear(&reading->probe);
    iw_buffer_add_char(&reading->probe, (char)sort);
    for (size_t i = 0; i < text.n; i++)
        iw_buffer_add_char(&reading->probe, iw_ascii_lower(text.p[i]));
    if (reading->probe.failed)
        return IW_ENOMEM;
    entry = iw_map_find(&reading->judging->changes_by_text, iw_buffer_str(&reading->probe));
    places = entry != NULL ? entry->value.pointer : NULL;
    if (places == NULL || (places->n != 0 && places->items[places->n - 1] == reading->change))
        return IW_OK;
    if (!grow(reading->judging->arena, places))
        return IW_ENOMEM;
    places->items[places->n++] = reading->change;
    return IW_OK;
}

/* `...[@name="X"]...`: the text as a whole between quotes. */
static enum iw_rc meet_quoted(struct reading *reading, struct iw_str setting)
{
    for (size_t at = 0; at < setting.n; at++) {
        char quote = setting.p[at];
        if (quote != '"' && quote != '\'')
            continue;
        for (size_t i = 0; i < reading->n_lengths; i++) {
            size_t n = reading->lengths[i];
            if (n + 1 >= setting.n - at || setting.p[at + n + 1] != quote)
                continue;
            IW_TRY(meet(reading, NAME, (struct iw_str){setting.p + at + 1, n}));
            IW_TRY(meet(reading, IMAGE, (struct iw_str){setting.p + at + 1, n}));
        }
    }
    return IW_OK;
}

/* Behind the bracket that begins at *at*; a bracket between quotes ends nothing. */
static size_t bracket_end(struct iw_str setting, size_t at)
{
    char quote = '\0';
    for (; at < setting.n; at++) {
        char c = setting.p[at];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == ']')
            return at + 1;
    }
    return setting.n;
}

/* The element or attribute that a setting is: `add` of `/modules/add[@name="X"]`. */
static struct iw_str last_step(struct iw_str setting)
{
    struct iw_str step = {setting.p, 0};
    size_t at = 0;
    while (at < setting.n) {
        size_t begin = at;
        while (at < setting.n && setting.p[at] != '/' && setting.p[at] != '[')
            at++;
        if (at != begin)
            step = (struct iw_str){setting.p + begin, at - begin};
        at = at < setting.n && setting.p[at] == '[' ? bracket_end(setting, at) : at + 1;
    }
    return step;
}

/* `/system.webServer/modules/add[@name="X"]` or `.../add`, and not an attribute of it. */
static bool is_entry(struct iw_str setting)
{
    static const char *const ENTRIES[] = {"add", "remove", "filter", "scheme"};
    struct iw_str step = last_step(setting);
    for (size_t i = 0; i < sizeof ENTRIES / sizeof ENTRIES[0]; i++) {
        if (iw_str_equal(step, iw_str_of(ENTRIES[i])))
            return true;
    }
    return iw_str_equal(step, IW_STR("application")) &&
           iw_str_begins_nocase(setting, IW_STR("/system.webServer/fastCgi/"));
}

static enum iw_rc meet_values(struct reading *reading, const struct iw_server_fact *change)
{
    if (!iw_is_component_section(change->configuration))
        return IW_OK;
    IW_TRY(meet(reading, IMAGE, change->new_value));
    if (!is_entry(change->configuration))
        return IW_OK;
    IW_TRY(meet(reading, NAME, change->new_value));
    return meet(reading, NAME, change->old_value);
}

enum iw_rc iw_named_changes_read(struct iw_judging *judging)
{
    struct iw_fact_span changes = judging->facts[IW_FACT_CONFIG_CHANGE];
    struct reading reading = {.judging = judging};
    enum iw_rc rc;
    if (changes.n == 0)
        return IW_OK;
    iw_buffer_init(&reading.probe);
    rc = add_texts(judging);
    if (rc == IW_OK)
        rc = find_lengths(&reading);
    for (size_t i = 0; rc == IW_OK && i < changes.n; i++) {
        reading.change = i;
        rc = meet_quoted(&reading, changes.items[i].configuration);
        if (rc == IW_OK)
            rc = meet_values(&reading, &changes.items[i]);
    }
    iw_buffer_done(&reading.probe);
    return rc;
}

/* --- asking ----------------------------------------------------------------------------------- */

static enum iw_rc find(const struct iw_judging *judging, enum text_sort sort, struct iw_str text,
                       const struct iw_change_places **ret)
{
    const struct iw_map_entry *entry;
    struct iw_str key;
    *ret = NULL;
    if (text.n == 0 || judging->changes_by_text.n == 0)
        return IW_OK;
    key = key_of(judging->arena, sort, text);
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&judging->changes_by_text, key);
    if (entry != NULL && ((const struct iw_change_places *)entry->value.pointer)->n != 0)
        *ret = entry->value.pointer;
    return IW_OK;
}

enum iw_rc iw_changes_of_name(const struct iw_judging *judging, struct iw_str name,
                              const struct iw_change_places **ret)
{
    return find(judging, NAME, name, ret);
}

enum iw_rc iw_changes_of_image(const struct iw_judging *judging, struct iw_str image,
                               const struct iw_change_places **ret)
{
    return find(judging, IMAGE, image, ret);
}
