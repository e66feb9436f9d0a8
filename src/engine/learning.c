#include "engine/learning.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "engine/behaviour.h"

static struct iw_str text_of(const char *text)
{
    return text != NULL ? iw_str_of(text) : IW_STR("");
}

enum iw_rc iw_learning_take(struct iw_run *run, struct iw_str host,
                            const struct iw_chain_learned *learned)
{
    struct iw_arena *arena = &run->inventory.arena;
    struct iw_learned_list *list = &run->learned;
    struct iw_learned *one;
    size_t n_bytes =
        host.n + learned->usage.scope.n + learned->usage.name.n + learned->usage.image.n;
    if (list->n == IW_LIMIT_BEHAVIOUR_ROWS || n_bytes > IW_LIMIT_BEHAVIOUR_BYTES - list->n_bytes) {
        list->n_hidden++;
        return IW_OK;
    }
    if (!iw_array_reserve(&list->items, &list->cap, list->n + 1, sizeof list->items[0]))
        return IW_ENOMEM;
    list->n_bytes += n_bytes;
    one = &list->items[list->n++];
    *one = (struct iw_learned){
        .host = host,
        .kind = iw_behaviour_kind_name(iw_behaviour_kind_of(learned->usage.kind)),
        .scope = learned->usage.scope,
        .name = learned->usage.name,
        .image = learned->usage.image,
        .n = learned->n,
        .n_days = learned->n_days,
        .refused = text_of(learned->refused),
        .doubt = text_of(learned->doubt)};
    return iw_arena_keep(arena, &one->host) && iw_arena_keep(arena, &one->scope) &&
                   iw_arena_keep(arena, &one->name) && iw_arena_keep(arena, &one->image)
               ? IW_OK
               : IW_ENOMEM;
}

static int order(const void *a, const void *b)
{
    const struct iw_learned *left = a, *right = b;
    int sign = iw_str_compare(left->host, right->host);
    if (sign == 0)
        sign = strcmp(left->kind, right->kind);
    if (sign == 0)
        sign = iw_str_compare(left->scope, right->scope);
    if (sign == 0)
        sign = iw_str_compare(left->image, right->image);
    return sign != 0 ? sign : iw_str_compare(left->name, right->name);
}

/* --- to the servers ----------------------------------------------------------------------------
 */

static enum iw_rc fill(const struct iw_learned *learned, struct iw_arena *arena,
                       struct iw_inventory_component *ret)
{
    struct iw_str why = learned->refused.n != 0 ? learned->refused : learned->doubt;
    struct iw_str *attribute = NULL;
    if (why.n != 0) {
        attribute = iw_arena_calloc(arena, 1, sizeof *attribute);
        if (attribute == NULL)
            return IW_ENOMEM;
        *attribute = iw_arena_format(arena, IW_BEHAVIOUR_DOUBT "%.*s", IW_STR_ARG(why));
        if (attribute->p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_inventory_component){.kind = learned->kind,
                                           .name = learned->name,
                                           .scope = learned->scope,
                                           .image = learned->image,
                                           .state = IW_BEHAVIOUR_STATE,
                                           .attributes = {attribute, attribute != NULL}};
    return IW_OK;
}

static enum iw_rc add_to_server(struct iw_run *run, struct iw_inventory_server *server,
                                size_t first, size_t n, bool keeps_refused)
{
    struct iw_arena *arena = &run->inventory.arena;
    struct iw_inventory_component *all =
        iw_arena_calloc(arena, server->n_components + n, sizeof all[0]);
    if (all == NULL)
        return IW_ENOMEM;
    if (server->n_components != 0)
        memcpy(all, server->components, server->n_components * sizeof all[0]);
    for (size_t i = first; i < first + n; i++) {
        if (keeps_refused || run->learned.items[i].refused.n == 0)
            IW_TRY(fill(&run->learned.items[i], arena, &all[server->n_components++]));
    }
    server->components = all;
    return IW_OK;
}

/* A name may stand for several servers of the evidence: the first one speaks for them. */
static struct iw_inventory_server *server_of(struct iw_inventory *inventory, struct iw_str host)
{
    for (size_t i = 0; i < inventory->n_servers; i++) {
        if (iw_str_equal_nocase(inventory->servers[i].host, host))
            return &inventory->servers[i];
    }
    return NULL;
}

/* Behind all rows of the host whose first one is *i*. */
static size_t end_of_host(const struct iw_learned_list *list, size_t i)
{
    size_t end = i + 1;
    while (end < list->n && iw_str_equal(list->items[end].host, list->items[i].host))
        end++;
    return end;
}

/* Whether a web server started something there, be it one that has no configuration of IIS: Tomcat,
 * PaperCut. */
static bool is_web_server(const struct iw_learned_list *list, size_t i, size_t end)
{
    const char *child = iw_behaviour_kind_name(iw_behaviour_kind_of(IW_CHAIN_USAGE_CHILD));
    while (i < end && strcmp(list->items[i].kind, child) != 0)
        i++;
    return i < end;
}

static bool is_new_server(struct iw_run *run, size_t i, size_t end)
{
    return server_of(&run->inventory, run->learned.items[i].host) == NULL &&
           is_web_server(&run->learned, i, end);
}

/* Puts a server that only events tell of at *at*, behind which all stand whose host comes later:
 * those before it have yet to move there. */
static void put_server(struct iw_inventory *inventory, struct iw_str host, size_t *n_old,
                       size_t *at)
{
    struct iw_inventory_server *servers = inventory->servers;
    while (*n_old != 0 && iw_str_compare(host, servers[*n_old - 1].host) < 0)
        servers[--*at] = servers[--*n_old];
    servers[--*at] =
        (struct iw_inventory_server){.host = host,
                                     .source = IW_STR(""),
                                     .version = IW_STR(""),
                                     .known_by = IW_SERVER_BY_EVENTS,
                                     .why_not = IW_STR("no configuration in evidence")};
}

/* Both lists stand by host: they are put together from behind. */
static enum iw_rc add_servers(struct iw_run *run)
{
    const struct iw_learned_list *list = &run->learned;
    size_t n_old = run->inventory.n_servers, n_new = 0, at, *firsts;
    firsts = iw_calloc(list->n + 1, sizeof *firsts);
    if (firsts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0, end; i < list->n; i = end) {
        end = end_of_host(list, i);
        if (is_new_server(run, i, end))
            firsts[n_new++] = i;
    }
    if (iw_inventory_reserve(&run->inventory, n_new)) {
        at = n_old + n_new;
        run->inventory.n_servers = at;
        for (size_t i = n_new; i-- != 0;)
            put_server(&run->inventory, list->items[firsts[i]].host, &n_old, &at);
        iw_free(firsts);
        return IW_OK;
    }
    iw_free(firsts);
    return IW_ENOMEM;
}

static enum iw_rc add_to_servers(struct iw_run *run, bool keeps_refused)
{
    const struct iw_learned_list *list = &run->learned;
    IW_TRY(add_servers(run));
    for (size_t i = 0, end; i < list->n; i = end) {
        struct iw_inventory_server *server = server_of(&run->inventory, list->items[i].host);
        end = end_of_host(list, i);
        if (server == NULL)
            IW_TRY(iw_run_note(run,
                               "%.*s: what it did is left out: it is no web server of the evidence",
                               IW_STR_ARG(list->items[i].host)));
        else
            IW_TRY(add_to_server(run, server, i, end - i, keeps_refused));
    }
    return IW_OK;
}

/* --- what is said of the span -------------------------------------------------------------------
 */

static enum iw_rc note_span(struct iw_run *run)
{
    const struct iw_learned_list *list = &run->learned;
    uint64_t n_refused = 0, n_doubtful = 0, n_found = 0;
    for (size_t i = 0; i < list->n; i++) {
        n_refused += list->items[i].refused.n != 0;
        n_doubtful += list->items[i].refused.n == 0 && list->items[i].doubt.n != 0;
    }
    for (int level = IW_LEVEL_MEDIUM; level < IW_LEVEL_COUNT; level++)
        n_found += run->findings.n_by_level[level];
    if (n_refused != 0)
        IW_TRY(
            iw_run_note(run,
                        "%llu commands, writers and administrators were refused: the span may not "
                        "be clean",
                        (unsigned long long)n_refused));
    if (n_doubtful != 0)
        IW_TRY(iw_run_note(run,
                           "%llu were learned with a doubt, which weighs less in a hunt: look at "
                           "them, then approve or remove them",
                           (unsigned long long)n_doubtful));
    if (n_found != 0)
        IW_TRY(
            iw_run_note(run,
                        "a hunt of this span finds %llu things of level medium or above: look at "
                        "these before the baseline is trusted (iiswarden hunt)",
                        (unsigned long long)n_found));
    if (list->n_hidden == 0)
        return IW_OK;
    return iw_run_note(run,
                       "%llu more commands, writers and administrators than a baseline may hold",
                       (unsigned long long)list->n_hidden);
}

enum iw_rc iw_learning_settle(struct iw_run *run, const struct iw_learn_options *options)
{
    struct iw_learned_list *list = &run->learned;
    if (list->n > 1)
        qsort(list->items, list->n, sizeof list->items[0], order);
    run->inventory.has_behaviour = true;
    run->inventory.behaviour_since_ns = options->since_ns;
    run->inventory.behaviour_until_ns = options->until_ns;
    IW_TRY(add_to_servers(run, options->keeps_refused));
    return options->keeps_refused ? IW_OK : note_span(run);
}
