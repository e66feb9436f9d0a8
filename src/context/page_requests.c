#include "context/page_requests.h"

#include "base/fold.h"
#include "base/path_name.h"
#include "base/sort_key.h"
#include "context/request_table.h"

struct looking {
    struct iw_url_requests *requests;
    const struct iw_inventory_server *server;
    struct iw_web_state state;
    struct iw_str host, pool, name;
    struct iw_str folded; /* name */
    int64_t from_ns, until_ns;
    struct iw_arena *arena;
    struct iw_arena scratch; /* of one row */
    struct iw_page_paths *ret;
    struct iw_error *err;
};

static enum iw_rc no_memory(struct looking *looking)
{
    return iw_error_set(looking->err, IW_ENOMEM, "no memory");
}

static enum iw_rc add_path(struct looking *looking, struct iw_str path)
{
    struct iw_page_paths *ret = looking->ret;
    for (size_t i = 0; i < ret->n; i++) {
        if (iw_str_equal_nocase(ret->items[i], path))
            return IW_OK;
    }
    ret->has_more |= ret->n == IW_PAGES_OF_NAME;
    if (ret->has_more)
        return IW_OK;
    ret->items[ret->n] = iw_arena_copy(looking->arena, path);
    return ret->items[ret->n++].p != NULL ? IW_OK : no_memory(looking);
}

/* The file of a URL in one site, where the pool serves it. */
static enum iw_rc add_of_site(struct looking *looking, struct iw_str site, struct iw_str url)
{
    size_t root;
    struct iw_str path;
    enum iw_rc rc = iw_web_root_of_url(&looking->state, site, url, &looking->scratch, &root);
    if (rc == IW_END)
        return IW_OK;
    if (rc != IW_OK)
        return no_memory(looking);
    if (!iw_web_root_has_pool(&looking->state.roots[root], looking->pool))
        return IW_OK;
    path = iw_web_file_of_url(&looking->state, root, url, &looking->scratch);
    if (path.p == NULL)
        return no_memory(looking);
    return path.n != 0 ? add_path(looking, path) : IW_OK;
}

static enum iw_rc add_url(struct looking *looking, uint64_t site_id, struct iw_str url)
{
    const struct iw_inventory_server *server = looking->server;
    for (size_t i = 0; server != NULL && i < server->n_sites; i++) {
        if (site_id == 0 || server->sites[i].id == 0 || server->sites[i].id == site_id)
            IW_TRY(add_of_site(looking, server->sites[i].name, url));
    }
    return IW_OK;
}

/* The first requests of an hour are known whole; one behind them, in the hour, is not found. */
static enum iw_rc take_row(struct looking *looking, uint64_t site_id, struct iw_str payload)
{
    struct iw_unpacking in = {payload, false};
    struct iw_request_row row;
    if (!iw_str_equal_nocase(iw_unpack_text(&in), looking->host))
        return IW_OK;
    IW_TRY(iw_request_row_told(iw_request_row_unpack(&in, &looking->scratch, &row), looking->err));
    for (uint32_t i = 0; i < row.n_moments; i++) {
        const struct iw_request_moment *moment = &row.moments[i];
        if (moment->end_ns + IW_NS_PER_SECOND > looking->from_ns &&
            moment->start_ns <= looking->until_ns &&
            iw_str_equal_nocase(iw_path_name(moment->stem), looking->name))
            IW_TRY(add_url(looking, site_id, moment->stem));
    }
    return IW_OK;
}

/* Rows of one name of the host. Which have the page's name is seen in the key already. */
static enum iw_rc each_row(void *context, struct iw_str prefix)
{
    struct looking *looking = context;
    struct iw_request_cursor cursor;
    struct iw_str found, payload;
    enum iw_rc rc;
    iw_request_store_seek(&looking->requests->store, prefix, &cursor);
    while ((rc = iw_request_store_next(&cursor, &found, &payload, looking->err)) == IW_OK) {
        struct iw_str rest = {found.p + prefix.n, found.n - prefix.n};
        const char *url = rest.p;
        if (!iw_sort_key_pass_text(&rest) || rest.n < sizeof(uint64_t) ||
            memmem(url, (size_t)(rest.p - url), looking->folded.p, looking->folded.n) == NULL)
            continue;
        iw_arena_reset(&looking->scratch);
        IW_TRY(take_row(looking, iw_sort_key_read_u64(rest.p), payload));
    }
    return rc == IW_END ? IW_OK : rc;
}

enum iw_rc iw_page_requests_find(struct iw_url_requests *requests,
                                 const struct iw_web_places *places, struct iw_str host,
                                 struct iw_str pool, struct iw_str name, int64_t from_ns,
                                 int64_t until_ns, struct iw_arena *arena,
                                 struct iw_page_paths *ret, struct iw_error *err)
{
    struct looking looking = {.requests = requests,
                              .server = iw_web_places_server(places, host),
                              .state = iw_web_places_at(places, host, until_ns),
                              .host = host,
                              .pool = pool,
                              .name = name,
                              .from_ns = from_ns,
                              .until_ns = until_ns,
                              .arena = arena,
                              .ret = ret,
                              .err = err};
    enum iw_rc rc;
    memset(ret, 0, sizeof *ret);
    if (name.n == 0 || pool.n == 0)
        return IW_OK;
    looking.folded = iw_fold_text(name, arena);
    if (looking.folded.p == NULL)
        return no_memory(&looking);
    iw_arena_init(&looking.scratch, 0);
    rc = iw_requests_each_label(requests, host, NULL, arena, each_row, &looking, err);
    iw_arena_done(&looking.scratch);
    return rc;
}
