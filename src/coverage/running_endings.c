#include "coverage/running_endings.h"

#include "base/limits.h"
#include "iis/config/web_handler.h"
#include "iis/config/web_pattern.h"
#include "iis/web/web_defaults.h"
#include "result/history_line.h"

struct listing {
    struct iw_str *items;
    size_t n;
    bool is_vague; /* there may be others */
};

static void add(struct listing *in, struct iw_str ending)
{
    for (size_t i = 0; i < in->n; i++) {
        if (iw_str_equal_nocase(in->items[i], ending))
            return;
    }
    if (in->n < IW_LIMIT_RUNNING_ENDINGS)
        in->items[in->n++] = ending;
    else
        in->is_vague = true;
}

/* `*.aspx`, `*_x.axd`, or the name of one file: its ending counts. Any other pattern may take
 * anything. */
static void add_path(struct listing *in, struct iw_str path)
{
    size_t dot = path.n;
    while (dot != 0 && path.p[dot - 1] != '.')
        dot--;
    if (dot == 0 || dot == path.n) {
        in->is_vague = true;
        return;
    }
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == '?' || (path.p[i] == '*' && i != 0)) {
            in->is_vague = true;
            return;
        }
    }
    add(in, (struct iw_str){path.p + dot - 1, path.n - dot + 1});
}

static void add_handler(struct listing *in, const struct iw_inventory_component *handler)
{
    struct iw_str paths = iw_inventory_attribute(handler, "path");
    enum iw_web_verdict verdict =
        iw_web_verdict_of(handler->type, iw_inventory_attribute(handler, "modules"));
    if (handler->is_disabled || verdict == IW_WEB_SERVES || verdict == IW_WEB_FORBIDDEN)
        return;
    in->is_vague |= verdict != IW_WEB_EXECUTES || paths.n == 0;
    while (paths.n != 0)
        add_path(in, iw_web_list_next(&paths, ','));
}

static bool names_handler(struct iw_text_list lines)
{
    for (size_t i = 0; i < lines.n; i++) {
        if (iw_str_equal(iw_history_line_read(lines.items[i]).kind, IW_STR("handler")))
            return true;
    }
    return false;
}

static bool had_other_handlers(const struct iw_inventory_server *server)
{
    for (size_t i = 0; i < server->n_versions; i++) {
        const struct iw_inventory_version *version = &server->versions[i];
        if (names_handler(version->added) || names_handler(version->removed) ||
            names_handler(version->changed))
            return true;
    }
    return false;
}

enum iw_rc iw_running_endings(const struct iw_inventory_server *server, struct iw_arena *arena,
                              struct iw_text_list *ret)
{
    struct listing in = {0};
    size_t n_handlers = 0;
    *ret = (struct iw_text_list){NULL, 0};
    if (server == NULL || (server->known_by & IW_SERVER_BY_CONFIGURATION) == 0)
        return IW_OK;
    in.items =
        iw_arena_alloc(arena, (IW_LIMIT_RUNNING_ENDINGS + iw_web_n_endings + 2) * sizeof *in.items);
    if (in.items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < server->n_components; i++) {
        if (strcmp(server->components[i].kind, "handler") != 0)
            continue;
        n_handlers++;
        add_handler(&in, &server->components[i]);
    }
    if (n_handlers == 0) /* its section is not there: nothing is told */
        return IW_OK;
    in.items[in.n++] = IW_STR(".config");
    in.items[in.n++] = IW_STR(".dll");
    for (size_t i = 0; (in.is_vague || !server->is_authoritative || had_other_handlers(server)) &&
                       i < iw_web_n_endings;
         i++) {
        const struct iw_web_ending *ending = &iw_web_endings[i];
        if (!ending->is_indirect && (ending->language == IW_WEB_LANGUAGE_ASP_NET ||
                                     ending->language == IW_WEB_LANGUAGE_ASP))
            in.items[in.n++] = ending->ending;
    }
    *ret = (struct iw_text_list){in.items, in.n};
    return IW_OK;
}
