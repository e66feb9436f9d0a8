/*
 * An entry counts as removed where the server itself has others of its kind: then it was there
 * once.
 */
#include "iis/config/filter_weakness.h"

#include "base/limits.h"

#define FILTERING "system.webServer/security/requestFiltering"
#define MODULES "system.webServer/modules"

/* Of the default lists, what holds code or secrets of an application. */
static const char *const EXTENSIONS[] = {
    ".asax",      ".ascx", ".browser", ".compiled", ".config", ".cs",     ".csproj", ".master",
    ".resources", ".resx", ".sitemap", ".skin",     ".vb",     ".vbproj", ".webinfo"};
static const char *const SEGMENTS[] = {
    "App_Browsers",       "App_code",          "App_Data", "App_GlobalResources",
    "App_LocalResources", "App_WebReferences", "bin"};

enum {
    N_EXTENSIONS = sizeof EXTENSIONS / sizeof EXTENSIONS[0],
    N_SEGMENTS = sizeof SEGMENTS / sizeof SEGMENTS[0]
};

enum entry { NOT_LISTED, REFUSED, LET_THROUGH };

struct entries {
    enum entry extensions[N_EXTENSIONS], segments[N_SEGMENTS], web_config;
    bool is_unknown;
    bool refuses_unlisted;
};

static size_t index_of(const char *const *names, size_t n, struct iw_str name)
{
    size_t i = 0;

    while (i < n && !iw_str_equal_nocase(iw_str_of(names[i]), name))
        i++;
    return i;
}

static void note_extension(const struct iw_config_element *element, struct entries *ret)
{
    size_t i = index_of(EXTENSIONS, N_EXTENSIONS,
                        iw_config_value(element, IW_STR("fileExtension"), IW_STR("")));

    if (i < N_EXTENSIONS && ret->extensions[i] == NOT_LISTED)
        ret->extensions[i] =
            iw_config_flag(element, IW_STR("allowed"), true) ? LET_THROUGH : REFUSED;
}

static void note_segment(const struct iw_config_element *element, struct entries *ret)
{
    struct iw_str name = iw_config_value(element, IW_STR("segment"), IW_STR(""));
    size_t i = index_of(SEGMENTS, N_SEGMENTS, name);

    if (i < N_SEGMENTS)
        ret->segments[i] = REFUSED;
    else if (iw_str_equal_nocase(name, IW_STR("web.config")))
        ret->web_config = REFUSED;
}

static enum iw_rc read_entries(const struct iw_config *config, struct iw_str key,
                               struct iw_arena *arena, struct entries *ret)
{
    const struct iw_config_section *section = iw_config_section_of(config, IW_STR(FILTERING));
    const struct iw_config_layer *layer = NULL;
    struct iw_config_items items;

    *ret = (struct entries){.refuses_unlisted = false};
    IW_TRY(iw_config_collect(config, iw_config_collection_of(FILTERING, "fileExtensions"), key,
                             arena, &items));
    for (size_t i = 0; i < items.n; i++)
        note_extension(items.items[i].element, ret);
    ret->is_unknown = items.is_unknown;
    IW_TRY(iw_config_collect(config, iw_config_collection_of(FILTERING, "hiddenSegments"), key,
                             arena, &items));
    for (size_t i = 0; i < items.n; i++)
        note_segment(items.items[i].element, ret);
    while ((layer = iw_config_layer_at(config, section, key, layer)) != NULL)
        ret->refuses_unlisted =
            !iw_config_flag(iw_config_child(layer->element, IW_STR("fileExtensions")),
                            IW_STR("allowUnlisted"), !ret->refuses_unlisted);
    return IW_OK;
}

static bool has_any(const enum entry *entries, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (entries[i] != NOT_LISTED)
            return true;
    return false;
}

/* Has the server, or the place, the entries of ASP.NET? */
static bool is_of_net(const struct entries *entries)
{
    return has_any(entries->extensions, N_EXTENSIONS) || has_any(entries->segments, N_SEGMENTS);
}

static void tell(struct iw_pathway_names *found, struct iw_arena *arena, const char *before,
                 const char *name, const char *after)
{
    size_t n = strlen(before) + strlen(name) + strlen(after);
    char *text = iw_arena_alloc(arena, n + 1);

    if (text == NULL) {
        found->no_memory = true;
        return;
    }
    memcpy(text, before, strlen(before));
    memcpy(text + strlen(before), name, strlen(name));
    memcpy(text + strlen(before) + strlen(name), after, strlen(after) + 1);
    iw_pathway_name(found, (struct iw_str){text, n});
}

static void compare(const struct entries *server, const struct entries *place,
                    struct iw_arena *arena, struct iw_pathway_names *found)
{
    bool is_net = is_of_net(server) || is_of_net(place);

    for (size_t i = 0; i < N_EXTENSIONS; i++)
        if (place->extensions[i] == LET_THROUGH ||
            (is_net && place->extensions[i] == NOT_LISTED && !place->refuses_unlisted))
            tell(found, arena, "", EXTENSIONS[i], " allowed");
    for (size_t i = 0; i < N_SEGMENTS; i++)
        if (is_net && place->segments[i] == NOT_LISTED)
            tell(found, arena, "hidden segment ", SEGMENTS[i], " removed");
    if (place->web_config == NOT_LISTED && (is_net || server->web_config != NOT_LISTED))
        tell(found, arena, "hidden segment ", "web.config", " removed");
}

/* --- a place ------------------------------------------------------------------------------ */

static void look_at_modules(struct iw_filter_reading *reading, const struct iw_config_items *items,
                            struct iw_pathway_names *found)
{
    bool filters = false;

    reading->has_webdav = false;
    reading->modules_unknown = items->is_unknown || items->n == 0;
    for (size_t i = 0; i < items->n; i++) {
        struct iw_str name = iw_config_value(items->items[i].element, IW_STR("name"), IW_STR(""));
        filters |= iw_str_equal_nocase(name, IW_STR("RequestFilteringModule"));
        reading->has_webdav |= iw_str_equal_nocase(name, IW_STR("WebDAVModule"));
    }
    if (!filters && !reading->modules_unknown)
        iw_pathway_name(found, IW_STR("RequestFilteringModule is not among the modules"));
}

static enum iw_rc look(struct iw_filter_reading *reading, struct iw_str key)
{
    const struct iw_config *config = reading->config;
    const struct iw_config_section *section = iw_config_section_of(config, IW_STR(FILTERING));
    struct iw_config_setting escaping =
        iw_config_setting_at(config, section, IW_STR("allowDoubleEscaping"), key);
    struct iw_pathway_names found = {.arena = reading->arena};
    struct entries server, place;
    struct iw_config_items modules;

    IW_TRY(iw_config_collect(config, iw_config_collection_of(MODULES, ""), key, reading->arena,
                             &modules));
    look_at_modules(reading, &modules, &found);
    IW_TRY(read_entries(config, IW_STR(""), reading->arena, &server));
    IW_TRY(read_entries(config, key, reading->arena, &place));
    if (place.is_unknown)
        reading->hidden = IW_STR("its section is encrypted or not at hand");
    else
        compare(&server, &place, reading->arena, &found);
    if (escaping.is_set && (iw_str_equal_nocase(escaping.value, IW_STR("true")) ||
                            iw_str_equal(escaping.value, IW_STR("1"))))
        iw_pathway_name(&found, IW_STR("allowDoubleEscaping"));
    reading->found = iw_pathway_named(&found);
    return reading->found.p != NULL ? IW_OK : IW_ENOMEM;
}

/* The last layer of a section in force at a place, and how many there are: where both are those of
 * another place, all layers are (what stops at applications stops from the top down). */
static const struct iw_config_layer *last_layer(const struct iw_config *config, const char *path,
                                                struct iw_str key, size_t *ret_n)
{
    const struct iw_config_section *section = iw_config_section_of(config, iw_str_of(path));
    const struct iw_config_layer *layer = NULL, *last = NULL;

    *ret_n = 0;
    while ((layer = iw_config_layer_at(config, section, key, layer)) != NULL) {
        last = layer;
        ++*ret_n;
    }
    return last;
}

bool iw_filter_weigh(struct iw_filter_reading *reading, const char *path, struct iw_str key)
{
    const struct iw_config_section *section =
        iw_config_section_of(reading->config, iw_str_of(path));
    const struct iw_config_layer *layer = NULL;

    while ((layer = iw_config_layer_at(reading->config, section, key, layer)) != NULL)
        for (const struct iw_config_element *at = layer->element;
             at != NULL && reading->n_steps <= IW_LIMIT_PATHWAY_STEPS;
             at = iw_config_following(layer->element, at, false))
            reading->n_steps++;
    return reading->n_steps <= IW_LIMIT_PATHWAY_STEPS;
}

enum iw_rc iw_filter_read(struct iw_filter_reading *reading, struct iw_str key)
{
    size_t n_filter, n_module;
    const struct iw_config_layer *filter = last_layer(reading->config, FILTERING, key, &n_filter);
    const struct iw_config_layer *module = last_layer(reading->config, MODULES, key, &n_module);

    if (reading->is_read && filter == reading->last_filter && module == reading->last_module &&
        n_filter == reading->n_filter && n_module == reading->n_module)
        return IW_OK;
    reading->is_read = true;
    reading->last_filter = filter;
    reading->last_module = module;
    reading->n_filter = n_filter;
    reading->n_module = n_module;
    reading->found = reading->hidden = IW_STR("");
    reading->has_webdav = false;
    reading->modules_unknown = true;
    (void)iw_filter_weigh(reading, FILTERING, key);
    if (!iw_filter_weigh(reading, MODULES, key)) {
        reading->hidden = IW_STR("a limit of this program was reached");
        return IW_OK;
    }
    return look(reading, key);
}
