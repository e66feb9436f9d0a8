/*
 * Sources: Microsoft's reference of handlers/add (path) and of httpHandlers/add. What a handler
 * does is known elsewhere (iis/config/web_handler.h).
 */
#include "detect/chain/handled_names.h"

#include "base/arena_text.h"
#include "iis/config/web_handler.h"
#include "iis/config/web_pattern.h"
#include "iis/web/web_config_page.h"
#include "iis/web/web_defaults.h"

/* Names longer than a file's can be are none. */
#define NAME_BYTES 255U

/* --- what a handler does ------------------------------------------------------------------------
 */

static bool runs(const struct iw_inventory_component *component)
{
    enum iw_web_verdict verdict;
    if (component->is_disabled || strcmp(component->state, "refused") == 0)
        return false;
    verdict = iw_web_verdict_of(component->type, iw_inventory_attribute(component, "modules"));
    return verdict == IW_WEB_EXECUTES || verdict == IW_WEB_FORWARDS;
}

/* --- names ------------------------------------------------------------------------------------ */

/* What names a file by in the path of a handler: `*.foo` and `/up/x*.foo` by ".foo", `logo.png` by
 * itself. Empty: it names all, or files that are judged otherwise. */
static struct iw_str key_of(struct iw_str path)
{
    static const struct iw_str NONE = {"", 0};
    struct iw_str name = iw_web_last_part(path);
    const char *dot;
    if (name.n == 0 || name.n > NAME_BYTES || iw_web_ending_of(name) != NULL ||
        iw_str_ends_nocase(name, IW_STR(".dll")) || iw_str_ends_nocase(name, IW_STR(".exe")))
        return NONE;
    if (memchr(name.p, '*', name.n) == NULL)
        return memchr(name.p, '.', name.n) != NULL ? name : NONE;
    dot = memrchr(name.p, '.', name.n);
    if (dot == NULL)
        return NONE;
    name = (struct iw_str){dot, name.n - (size_t)(dot - name.p)};
    return name.n > 1 && memchr(name.p, '*', name.n) == NULL ? name : NONE;
}

/* A path whose last part has a `*` that leaves no plain ending, `*.fo*`: that part. A dot is in it,
 * or files of every ending are, as for `*`; `w*g` names web.config all the same. Empty: it is none.
 */
static struct iw_str pattern_of(struct iw_str path)
{
    static const struct iw_str NONE = {"", 0};
    path = iw_web_last_part(path);
    if (path.n == 0 || path.n > NAME_BYTES || iw_web_part_is_of_all(path) || key_of(path).n != 0 ||
        iw_web_ending_of(path) != NULL || memchr(path.p, '*', path.n) == NULL)
        return NONE;
    if (memchr(path.p, '.', path.n) == NULL)
        return iw_web_config_path_of(path) == IW_WEB_PATH_CONFIGURATION ? IW_STR("web.config")
                                                                        : NONE;
    return iw_str_ends_nocase(path, IW_STR(".dll")) || iw_str_ends_nocase(path, IW_STR(".exe"))
               ? NONE
               : path;
}

/* The URLs a component runs; empty: it is no handler, or runs nothing. */
static struct iw_str paths_of(const struct iw_inventory_component *component)
{
    bool is_old = strcmp(component->kind, "aspNetHandler") == 0;
    if ((!is_old && strcmp(component->kind, "handler") != 0) || !runs(component))
        return IW_STR("");
    return is_old ? component->name : iw_inventory_attribute(component, "path");
}

static enum iw_rc know_pattern(struct iw_handled_names *handled, struct iw_str pattern,
                               struct iw_arena *arena)
{
    pattern = iw_arena_lower(arena, pattern);
    if (pattern.p == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < handled->n_patterns; i++) {
        if (iw_str_equal(handled->patterns[i], pattern))
            return IW_OK;
    }
    if (handled->n_patterns == IW_LIMIT_HANDLED_PATTERNS)
        handled->n_hidden++;
    else
        handled->patterns[handled->n_patterns++] = pattern;
    return IW_OK;
}

static enum iw_rc know_paths(struct iw_handled_names *handled, struct iw_str paths,
                             struct iw_arena *arena)
{
    while (paths.n != 0) {
        struct iw_str path = iw_web_list_next(&paths, ','), name = key_of(path);
        struct iw_str pattern = pattern_of(path);
        if (pattern.n != 0)
            IW_TRY(know_pattern(handled, pattern, arena));
        if (name.n == 0)
            continue;
        name = iw_arena_lower(arena, name);
        if (name.p == NULL || iw_map_add(&handled->names, name, NULL) == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

void iw_handled_names_init(struct iw_handled_names *handled)
{
    iw_map_init(&handled->names);
    handled->n_patterns = 0;
    handled->n_hidden = 0;
}

void iw_handled_names_done(struct iw_handled_names *handled)
{
    iw_map_done(&handled->names);
}

enum iw_rc iw_handled_names_know(struct iw_handled_names *handled,
                                 const struct iw_inventory *inventory, struct iw_arena *arena)
{
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        for (size_t k = 0; k < server->n_components; k++)
            IW_TRY(know_paths(handled, paths_of(&server->components[k]), arena));
    }
    return IW_OK;
}

/* --- asking ----------------------------------------------------------------------------------- */

static bool fits_pattern(const struct iw_handled_names *handled, struct iw_str name)
{
    for (size_t i = 0; i < handled->n_patterns; i++) {
        if (iw_web_path_fits(handled->patterns[i], name))
            return true;
    }
    return false;
}

bool iw_handled_names_has(const struct iw_handled_names *handled, struct iw_str name)
{
    char room[NAME_BYTES];
    const char *dot;
    if (name.n == 0 || name.n > NAME_BYTES)
        return false;
    if (handled->n_patterns != 0 && fits_pattern(handled, name))
        return true;
    if (handled->names.n == 0)
        return false;
    for (size_t i = 0; i < name.n; i++)
        room[i] = iw_ascii_lower(name.p[i]);
    if (iw_map_find(&handled->names, (struct iw_str){room, name.n}) != NULL)
        return true;
    dot = memrchr(room, '.', name.n);
    return dot != NULL && iw_map_find(&handled->names,
                                      (struct iw_str){dot, name.n - (size_t)(dot - room)}) != NULL;
}

/* "Shop/app" is of the site Shop; the server's own handlers are of all. */
static bool is_of_site(struct iw_str scope, struct iw_str site)
{
    const char *slash = scope.n != 0 ? memchr(scope.p, '/', scope.n) : NULL;
    if (slash != NULL)
        scope.n = (size_t)(slash - scope.p);
    return scope.n == 0 || iw_str_equal_nocase(scope, site);
}

bool iw_handlers_run_url(const struct iw_inventory_server *server, struct iw_str site,
                         struct iw_str url)
{
    for (size_t i = 0; server != NULL && i < server->n_components; i++) {
        const struct iw_inventory_component *component = &server->components[i];
        struct iw_str paths = is_of_site(component->scope, site) ? paths_of(component) : IW_STR("");
        while (paths.n != 0) {
            struct iw_str path = iw_web_list_next(&paths, ',');
            if ((key_of(path).n != 0 || pattern_of(path).n != 0) && iw_web_path_fits(path, url))
                return true;
        }
    }
    return false;
}
