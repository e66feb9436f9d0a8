/*
 * Sources: Microsoft's reference of handlers/add (path, scriptProcessor).
 */
#include "coverage/handled_endings.h"

#include "base/arena_text.h"
#include "iis/config/web_pattern.h"
#include "iis/web/web_defaults.h"

static struct iw_str path_of(const struct iw_inventory_component *component)
{
    static const struct iw_str HEAD = {"path=", 5};
    bool is_refused = component->is_disabled || strcmp(component->state, "refused") == 0;
    if (strcmp(component->kind, "handler") != 0 || component->image.n == 0 || is_refused)
        return IW_STR("");
    for (size_t i = 0; i < component->attributes.n; i++) {
        struct iw_str text = component->attributes.items[i];
        if (iw_str_begins_nocase(text, HEAD))
            return (struct iw_str){text.p + HEAD.n, text.n - HEAD.n};
    }
    return IW_STR("");
}

/* `*.php` and `/app/x*.php`: `.php`. Empty: what runs is told by something else than an ending. */
static struct iw_str ending_of(struct iw_str pattern)
{
    const char *dot = pattern.n != 0 ? memrchr(pattern.p, '.', pattern.n) : NULL;
    struct iw_str ending;
    if (dot == NULL || memchr(pattern.p, '*', pattern.n) == NULL)
        return IW_STR("");
    ending = (struct iw_str){dot, pattern.n - (size_t)(dot - pattern.p)};
    return ending.n > 1 && memchr(ending.p, '*', ending.n) == NULL ? ending : IW_STR("");
}

/* Asked about anyway, or a program that runs in a folder made for it. */
static bool is_usual(struct iw_str ending)
{
    const struct iw_web_ending *usual = iw_web_ending_of(ending);
    return (usual != NULL && (usual->language == IW_WEB_LANGUAGE_ASP_NET ||
                              usual->language == IW_WEB_LANGUAGE_ASP)) ||
           iw_str_equal_nocase(ending, IW_STR(".dll")) ||
           iw_str_equal_nocase(ending, IW_STR(".exe"));
}

static bool is_listed(const struct iw_str *endings, size_t n, struct iw_str ending)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(endings[i], ending))
            return true;
    }
    return false;
}

enum iw_rc iw_handled_endings(const struct iw_inventory_server *server, struct iw_arena *arena,
                              struct iw_text_list *ret, bool *ret_is_cut)
{
    struct iw_str *endings = iw_arena_calloc(arena, IW_HANDLED_ENDINGS_MOST, sizeof *endings);
    size_t n = 0;
    *ret = (struct iw_text_list){NULL, 0};
    *ret_is_cut = false;
    if (endings == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; server != NULL && i < server->n_components; i++) {
        struct iw_str paths = path_of(&server->components[i]);
        while (paths.n != 0) {
            struct iw_str ending = ending_of(iw_web_list_next(&paths, ','));
            if (ending.n == 0 || is_usual(ending) || is_listed(endings, n, ending))
                continue;
            if (n == IW_HANDLED_ENDINGS_MOST) {
                *ret_is_cut = true;
                continue;
            }
            endings[n] = iw_arena_lower(arena, ending);
            if (endings[n++].p == NULL)
                return IW_ENOMEM;
        }
    }
    *ret = (struct iw_text_list){endings, n};
    return IW_OK;
}
