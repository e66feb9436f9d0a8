/*
 * Roots of servers by the time of their configuration.
 */
#include "context/web_places.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/fold.h"
#include "base/path_name.h"
#include "context/pool_account.h"
#include "iis/config/server_path.h"

struct state {
    int64_t from_ns, until_ns; /* IW_TIME_UNKNOWN: open */
    const struct iw_inventory_root *roots;
    const struct iw_str *keys;
    size_t n_roots;
    bool is_assumed; /* nothing configured */
};

struct place {
    const struct iw_inventory_server *server;
    struct state *states; /* newest first; [0] is the live one */
    size_t n_states;
};

struct iw_web_places {
    struct iw_arena arena;
    struct place *items; /* by host, the one that is asked for it first */
    size_t n;
};

static const struct iw_str *keys_of(struct iw_arena *arena, const struct iw_inventory_root *roots,
                                    size_t n)
{
    struct iw_str *keys = iw_arena_calloc(arena, n + 1, sizeof *keys);
    for (size_t i = 0; keys != NULL && i < n; i++) {
        struct iw_server_path path;
        keys[i] = IW_STR("");
        if (!roots[i].is_resolved)
            continue;
        if (!iw_server_path_read(roots[i].path, false, arena, &path))
            return NULL;
        keys[i] = path.key;
    }
    return keys;
}

static bool is_history(const struct iw_inventory_version *version)
{
    return version->number != 0 && iw_time_known(version->from_ns);
}

static bool prepare(struct iw_web_places *places, const struct iw_inventory_server *server)
{
    struct iw_arena *arena = &places->arena;
    struct place *place = &places->items[places->n];
    struct state *live;

    place->server = server;
    place->states = iw_arena_calloc(arena, server->n_versions + 1, sizeof *place->states);
    if (place->states == NULL)
        return false;
    live = &place->states[place->n_states++];
    *live = (struct state){.from_ns = server->config_written_ns != 0 ? server->config_written_ns
                                                                     : IW_TIME_UNKNOWN,
                           .until_ns = IW_TIME_UNKNOWN,
                           .roots = server->roots,
                           .keys = keys_of(arena, server->roots, server->n_roots),
                           .n_roots = server->n_roots,
                           .is_assumed = server->n_sites == 0};
    for (size_t i = 0; i < server->n_versions; i++) {
        const struct iw_inventory_version *version = &server->versions[i];
        struct state *state = &place->states[place->n_states];
        if (!is_history(version))
            continue;
        *state = (struct state){.from_ns = version->from_ns,
                                .until_ns = version->until_ns,
                                .roots = version->roots,
                                .keys = keys_of(arena, version->roots, version->n_roots),
                                .n_roots = version->n_roots};
        place->n_states++;
    }
    for (size_t i = 0; i < place->n_states; i++) {
        if (place->states[i].keys == NULL)
            return false;
    }
    places->n++;
    return true;
}

static bool is_configured(const struct place *place)
{
    return (place->server->known_by & IW_SERVER_BY_CONFIGURATION) != 0;
}

/* Of one host, a server whose configuration is known stands for it, else the first. */
static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = iw_str_compare_nocase(a->server->host, b->server->host);
    if (order == 0)
        order = is_configured(b) - is_configured(a);
    return order != 0 ? order : (a->server > b->server) - (a->server < b->server);
}

struct iw_web_places *iw_web_places_new(const struct iw_inventory *inventory)
{
    struct iw_web_places *places = iw_calloc(1, sizeof *places);
    bool ok;
    if (places == NULL)
        return NULL;
    iw_arena_init(&places->arena, 0);
    places->items =
        iw_arena_calloc(&places->arena, inventory->n_servers + 1, sizeof *places->items);
    ok = places->items != NULL;
    for (size_t i = 0; ok && i < inventory->n_servers; i++) {
        if (inventory->servers[i].host.n != 0)
            ok = prepare(places, &inventory->servers[i]);
    }
    if (!ok) {
        iw_web_places_free(places);
        return NULL;
    }
    if (places->n != 0)
        qsort(places->items, places->n, sizeof *places->items, compare_places);
    return places;
}

void iw_web_places_free(struct iw_web_places *places)
{
    if (places == NULL)
        return;
    iw_arena_done(&places->arena);
    iw_free(places);
}

static const struct place *place_of(const struct iw_web_places *places, struct iw_str host)
{
    size_t first = 0, last = places->n;
    while (first < last) { /* the first that is not before the host */
        size_t middle = first + (last - first) / 2;
        if (iw_str_compare_nocase(places->items[middle].server->host, host) < 0)
            first = middle + 1;
        else
            last = middle;
    }
    if (first == places->n || !iw_str_equal_nocase(places->items[first].server->host, host))
        return NULL;
    return &places->items[first];
}

const struct iw_inventory_server *iw_web_places_server(const struct iw_web_places *places,
                                                       struct iw_str host)
{
    const struct place *place = place_of(places, host);
    return place != NULL ? place->server : NULL;
}

/* The state in force, else the nearest newer one. */
static const struct state *state_at(const struct place *place, int64_t time_ns, bool *ret_proved)
{
    const struct state *newer = &place->states[0];
    *ret_proved = false;
    if (!iw_time_known(time_ns))
        return newer;
    for (size_t i = 0; i < place->n_states; i++) {
        const struct state *state = &place->states[i];
        /* A live state whose beginning is not known may have come a moment ago. */
        if (iw_time_known(state->from_ns) && time_ns >= state->from_ns) {
            *ret_proved = i == 0 || (iw_time_known(state->until_ns) && time_ns < state->until_ns);
            return *ret_proved ? state : newer;
        }
        newer = state;
    }
    return newer;
}

struct iw_web_state iw_web_places_at(const struct iw_web_places *places, struct iw_str host,
                                     int64_t time_ns)
{
    const struct place *place = place_of(places, host);
    const struct state *state;
    bool is_proved;

    if (place == NULL)
        return (struct iw_web_state){.knowledge = IW_WEB_UNKNOWN, .is_partial = true};
    state = state_at(place, time_ns, &is_proved);
    return (struct iw_web_state){
        is_proved && !state->is_assumed ? IW_WEB_CONFIGURED : IW_WEB_ASSUMED,
        !place->server->is_authoritative || state->is_assumed,
        state->roots,
        state->keys,
        state->n_roots,
    };
}

bool iw_web_root_has_pool(const struct iw_inventory_root *root, struct iw_str pool)
{
    return root->pool.n != 0 && iw_str_equal_nocase(root->pool, pool);
}

/* --- files -------------------------------------------------------------------------------------
 */

size_t iw_web_roots_of_file(const struct iw_web_state *state, struct iw_str path,
                            struct iw_arena *scratch, size_t *ret, size_t n, bool *ret_no_memory)
{
    struct iw_server_path file;
    size_t deepest = 0, count = 0;

    if (!iw_server_path_of_file(path, scratch, &file)) {
        *ret_no_memory = true;
        return 0;
    }
    for (size_t i = 0; i < state->n_roots; i++) {
        if (state->keys[i].n > deepest && iw_server_path_covers(state->keys[i], file.key))
            deepest = state->keys[i].n;
    }
    for (size_t i = 0; deepest != 0 && i < state->n_roots && count < n; i++) {
        if (state->keys[i].n == deepest && iw_server_path_covers(state->keys[i], file.key))
            ret[count++] = i;
    }
    return count;
}

/* "/shop" of the application "/shop" and the directory "/", "" of the site's root. */
static struct iw_str virtual_path(const struct iw_inventory_root *root, struct iw_arena *arena)
{
    struct iw_str parts[] = {root->application, root->directory};
    char *text = iw_arena_alloc(arena, root->application.n + root->directory.n + 3);
    size_t n = 0;
    if (text == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < 2; i++) {
        struct iw_str part = parts[i];
        while (part.n != 0 && part.p[part.n - 1] == '/')
            part.n--;
        if (part.n != 0 && part.p[0] != '/')
            text[n++] = '/';
        if (part.n != 0)
            memcpy(text + n, part.p, part.n);
        n += part.n;
    }
    return (struct iw_str){text, n};
}

static bool is_below(struct iw_str url, struct iw_str above)
{
    return url.n > above.n && iw_str_begins_nocase(url, above) && url.p[above.n] == '/';
}

struct iw_str iw_web_url_of_file(const struct iw_web_state *state, size_t root, struct iw_str path,
                                 struct iw_arena *arena)
{
    static const struct iw_str NO_MEMORY = {NULL, 0};
    const struct iw_inventory_root *own = &state->roots[root];
    struct iw_str above = virtual_path(own, arena);
    struct iw_server_path file, folder;
    struct iw_str url;
    char *text;
    size_t skipped;

    if (above.p == NULL || !iw_server_path_of_file(path, arena, &file) ||
        !iw_server_path_read(own->path, false, arena, &folder))
        return NO_MEMORY;
    skipped = folder.path.n; /* a drive's root ends in a separator */
    if (skipped != 0 && folder.path.p[skipped - 1] == '\\')
        skipped--;
    if (file.path.n <= skipped)
        return IW_STR("");
    text = iw_arena_alloc(arena, above.n + file.path.n + 1);
    if (text == NULL)
        return NO_MEMORY;
    if (above.n != 0)
        memcpy(text, above.p, above.n);
    url = (struct iw_str){text, above.n + file.path.n - skipped};
    for (size_t i = skipped; i < file.path.n; i++)
        text[above.n + i - skipped] = file.path.p[i] == '\\' ? '/' : file.path.p[i];
    for (size_t i = 0; i < state->n_roots; i++) {
        struct iw_str other;
        if (i == root || !iw_str_equal(state->roots[i].site, own->site))
            continue;
        other = virtual_path(&state->roots[i], arena);
        if (other.p == NULL)
            return NO_MEMORY;
        if (other.n > above.n && (is_below(url, other) || iw_str_equal_nocase(url, other)))
            return IW_STR("");
    }
    return url;
}

enum iw_rc iw_web_root_of_url(const struct iw_web_state *state, struct iw_str site,
                              struct iw_str url, struct iw_arena *scratch, size_t *ret_root)
{
    size_t deepest = 0;
    bool is_found = false;
    for (size_t i = 0; i < state->n_roots; i++) {
        struct iw_str above;
        if (!iw_str_equal_nocase(state->roots[i].site, site))
            continue;
        above = virtual_path(&state->roots[i], scratch);
        if (above.p == NULL)
            return IW_ENOMEM;
        if (!is_below(url, above) && !iw_str_equal_nocase(url, above))
            continue;
        if (is_found && above.n <= deepest)
            continue;
        is_found = true;
        deepest = above.n;
        *ret_root = i;
    }
    return is_found ? IW_OK : IW_END;
}

struct iw_str iw_web_file_of_url(const struct iw_web_state *state, size_t root, struct iw_str url,
                                 struct iw_arena *arena)
{
    struct iw_str folder = state->roots[root].path;
    struct iw_str above = virtual_path(&state->roots[root], arena);
    char *text = iw_arena_alloc(arena, folder.n + url.n + 1);
    size_t n;
    if (above.p == NULL || text == NULL)
        return (struct iw_str){NULL, 0};
    while (folder.n != 0 && folder.p[folder.n - 1] == '\\')
        folder.n--;
    if (folder.n != 0)
        memcpy(text, folder.p, folder.n);
    n = folder.n;
    for (size_t i = above.n; i < url.n; i++)
        text[n++] = url.p[i] == '/' ? '\\' : url.p[i];
    return (struct iw_str){text, n};
}

/* --- pools -------------------------------------------------------------------------------------
 */

static enum iw_rc try_pool(struct iw_str pool, struct iw_str sid, struct iw_arena *scratch,
                           struct iw_str *ret)
{
    struct iw_str own;
    if (ret->n != 0 || pool.n == 0)
        return IW_OK;
    own = iw_pool_sid(pool, scratch);
    if (own.p == NULL)
        return IW_ENOMEM;
    if (iw_str_equal_nocase(own, sid))
        *ret = pool;
    return IW_OK;
}

enum iw_rc iw_web_pool_of_sid(const struct iw_web_state *state,
                              const struct iw_inventory_server *server, struct iw_str sid,
                              struct iw_arena *scratch, struct iw_str *ret)
{
    *ret = IW_STR("");
    if (!iw_is_pool_sid(sid))
        return IW_OK;
    IW_TRY(try_pool(IW_STR("DefaultAppPool"), sid, scratch, ret));
    for (size_t i = 0; server != NULL && i < server->n_pools; i++)
        IW_TRY(try_pool(server->pools[i].name, sid, scratch, ret));
    for (size_t i = 0; i < state->n_roots; i++)
        IW_TRY(try_pool(state->roots[i].pool, sid, scratch, ret));
    return IW_OK;
}
