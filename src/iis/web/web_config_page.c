/*
 * Sources: Microsoft's reference of handlers/add, httpHandlers/add, requestFiltering/fileExtensions
 * and hiddenSegments, and of clear and remove in collections.
 */
#include "iis/web/web_config_page.h"

#include "base/arena_text.h"
#include "base/map.h"
#include "iis/config/config_elements.h"
#include "iis/config/web_handler.h"
#include "iis/config/web_pattern.h"

/* --- paths and engines ------------------------------------------------------------------------ */

static enum iw_web_config_path path_of(struct iw_str path)
{
    path = iw_web_last_part(path);
    if (path.n == 0 || iw_str_equal(path, IW_STR("*.")))
        return IW_WEB_PATH_OTHER;
    if (iw_web_part_is_of_all(path))
        return IW_WEB_PATH_ALL;
    return iw_web_path_fits(path, IW_STR("/web.config")) ||
                   iw_str_ends_nocase(path, IW_STR(".config"))
               ? IW_WEB_PATH_CONFIGURATION
               : IW_WEB_PATH_OTHER;
}

enum iw_web_config_path iw_web_config_path_of(struct iw_str paths)
{
    enum iw_web_config_path found = IW_WEB_PATH_OTHER;
    while (paths.n != 0) {
        enum iw_web_config_path one = path_of(iw_web_list_next(&paths, ','));
        found = one > found ? one : found;
    }
    return found;
}

bool iw_web_handler_runs_files(struct iw_str type, struct iw_str modules, struct iw_str script)
{
    struct iw_str engine = iw_web_list_next(&script, '|');
    return (type.n != 0 || engine.n != 0) && iw_web_verdict_of(type, modules) == IW_WEB_EXECUTES;
}

/* --- collections ------------------------------------------------------------------------------ */

/* Entries that matter, by their keys, while a collection is gone through. The value holds the line,
 * 0 once it was removed, and how often the collection had been cleared before: a file may clear as
 * often as it has elements, and nobody walks over all entries for that. */
struct entries {
    struct iw_map lines;
    uint32_t n_clears;
    uint32_t line; /* of the first that is left */
};

struct reading {
    struct iw_arena *scratch;
    struct iw_web_mark_set *set;
    uint32_t line_of_all; /* of a handler of all files; 0: none */
};

static struct iw_str value(const struct iw_config_element *element, const char *name)
{
    return iw_config_value(element, iw_str_of(name), IW_STR(""));
}

static bool is_named(const struct iw_config_element *element, const char *name)
{
    return element != NULL && iw_str_equal(element->name, iw_str_of(name));
}

/* Handlers are known by their names, whose letter case counts; the older ones by verb and path.
 * p NULL: no memory. */
static struct iw_str key_of(const struct iw_config_element *entry, bool is_old,
                            struct iw_arena *arena)
{
    struct iw_str path = value(entry, "path"), verb = value(entry, "verb"), key;
    if (!is_old)
        return value(entry, "name");
    key = iw_arena_format(arena, "%.*s\n%.*s", IW_STR_ARG(verb), IW_STR_ARG(path));
    return key.p != NULL ? iw_arena_lower(arena, key) : key;
}

static enum iw_rc keep(struct entries *entries, struct iw_str key, uint32_t line)
{
    struct iw_map_entry *entry = iw_map_add(&entries->lines, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.number = (uint64_t)entries->n_clears << 32 | line;
    return IW_OK;
}

static void drop(struct entries *entries, struct iw_str key)
{
    struct iw_map_entry *entry = iw_map_find(&entries->lines, key);
    if (entry != NULL)
        entry->value.number = 0;
}

static void drop_all(struct entries *entries)
{
    entries->n_clears++;
}

static uint32_t first_line(const struct entries *entries)
{
    uint32_t first = 0;
    for (size_t i = 0; i < entries->lines.n; i++) {
        uint64_t number = entries->lines.entries[i].value.number;
        uint32_t line = number >> 32 == entries->n_clears ? (uint32_t)number : 0;
        if (line != 0 && (first == 0 || line < first))
            first = line;
    }
    return first;
}

/* --- handlers --------------------------------------------------------------------------------- */

static enum iw_web_config_path runs(const struct iw_config_element *entry)
{
    if (!iw_web_handler_runs_files(value(entry, "type"), value(entry, "modules"),
                                   value(entry, "scriptProcessor")))
        return IW_WEB_PATH_OTHER;
    return iw_web_config_path_of(value(entry, "path"));
}

static enum iw_rc take_handler(struct reading *reading, const struct iw_config_element *entry,
                               bool is_old, struct entries *entries, struct entries *of_all)
{
    struct iw_str key;
    if (is_named(entry, "clear")) {
        drop_all(entries);
        drop_all(of_all);
        return IW_OK;
    }
    if (!is_named(entry, "add") && !is_named(entry, "remove"))
        return IW_OK;
    key = key_of(entry, is_old, reading->scratch);
    if (key.p == NULL)
        return IW_ENOMEM;
    drop(entries, key);
    drop(of_all, key);
    if (is_named(entry, "remove") || runs(entry) == IW_WEB_PATH_OTHER)
        return IW_OK;
    return keep(runs(entry) == IW_WEB_PATH_ALL ? of_all : entries, key, entry->line);
}

static enum iw_rc read_handlers(struct reading *reading, const struct iw_config_element *handlers)
{
    struct entries entries = {.n_clears = 0}, of_all = {.n_clears = 0};
    bool is_old = is_named(handlers, "httpHandlers");
    enum iw_rc rc = IW_OK;
    iw_map_init(&entries.lines);
    iw_map_init(&of_all.lines);
    for (const struct iw_config_element *entry = handlers->first; rc == IW_OK && entry != NULL;
         entry = entry->next)
        rc = take_handler(reading, entry, is_old, &entries, &of_all);
    entries.line = first_line(&entries);
    of_all.line = first_line(&of_all);
    if (entries.line != 0)
        iw_web_mark_add(reading->set, IW_WEB_MARK_RUNS_CONFIGURATION, entries.line);
    if (reading->line_of_all == 0)
        reading->line_of_all = of_all.line;
    iw_map_done(&entries.lines);
    iw_map_done(&of_all.lines);
    return rc;
}

/* --- request filtering ------------------------------------------------------------------------ */

/* What is refused is known before the file is read: `.config` and `web.config` are. The line where
 * they are let through, or 0: the last word counts. */
static void read_filter(struct reading *reading, const struct iw_config_element *list)
{
    bool is_segments = is_named(list, "hiddenSegments");
    const char *key = is_segments ? "segment" : "fileExtension";
    struct iw_str wanted = is_segments ? IW_STR("web.config") : IW_STR(".config");
    uint32_t line = 0;
    for (const struct iw_config_element *entry = list->first; entry != NULL; entry = entry->next) {
        bool is_it = iw_str_equal_nocase(value(entry, key), wanted);
        if (is_named(entry, "clear") || (is_named(entry, "remove") && is_it))
            line = entry->line;
        else if (is_named(entry, "add") && is_it)
            line = !is_segments && iw_config_flag(entry, IW_STR("allowed"), true) ? entry->line : 0;
    }
    if (line != 0)
        iw_web_mark_add(reading->set, IW_WEB_MARK_LIFTS_FILTER, line);
}

/* --- the whole -------------------------------------------------------------------------------- */

static enum iw_rc read_element(struct reading *reading, const struct iw_config_element *element)
{
    if ((is_named(element, "handlers") && is_named(element->parent, "system.webServer")) ||
        (is_named(element, "httpHandlers") && is_named(element->parent, "system.web")))
        return read_handlers(reading, element);
    if ((is_named(element, "fileExtensions") || is_named(element, "hiddenSegments")) &&
        is_named(element->parent, "requestFiltering"))
        read_filter(reading, element);
    return IW_OK;
}

static bool may_be_configuration(struct iw_str text)
{
    size_t at = 0;
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        at = 3;
    while (at < text.n && memchr(" \t\r\n", text.p[at], 4) != NULL)
        at++;
    return at + 1 < text.n && text.p[at] == '<' && text.p[at + 1] != '%' &&
           iw_str_find(text, IW_STR("<configuration")) != SIZE_MAX;
}

enum iw_rc iw_web_config_page_read(struct iw_str bytes, struct iw_str text,
                                   struct iw_arena *scratch, struct iw_web_mark_set *set,
                                   enum iw_web_config_reading *ret)
{
    struct reading reading = {.scratch = scratch, .set = set};
    struct iw_config_tree tree;
    *ret = IW_WEB_CONFIG_NONE;
    if (!may_be_configuration(text))
        return IW_OK;
    IW_TRY(iw_config_tree_read(bytes, IW_STR(""), scratch, &tree));
    if (!is_named(tree.root, "configuration"))
        return IW_OK;
    for (const struct iw_config_element *element = tree.root; element != NULL;
         element = iw_config_following(NULL, element, false))
        IW_TRY(read_element(&reading, element));
    /* A handler of all files runs configuration where that is let through. */
    if (reading.line_of_all != 0 && iw_web_mark_is_set(set, IW_WEB_MARK_LIFTS_FILTER))
        iw_web_mark_add(set, IW_WEB_MARK_RUNS_CONFIGURATION, reading.line_of_all);
    *ret = tree.defect == IW_CONFIG_WHOLE ? IW_WEB_CONFIG_WHOLE : IW_WEB_CONFIG_PART;
    return IW_OK;
}
