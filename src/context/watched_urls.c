#include "context/watched_urls.h"

#include "base/fold.h"
#include "base/limits.h"
#include "event/web_log.h"

#define SITE_BYTES sizeof(uint64_t)

void iw_watched_urls_init(struct iw_watched_urls *urls)
{
    iw_arena_init(&urls->arena, 0);
    iw_map_init(&urls->by_key);
}

void iw_watched_urls_done(struct iw_watched_urls *urls)
{
    iw_map_done(&urls->by_key);
    iw_arena_done(&urls->arena);
}

/* The site's id as bytes, then the folded URL. p NULL: no memory. */
static struct iw_str key_of(uint64_t site_id, struct iw_str url, struct iw_arena *arena)
{
    struct iw_str folded = iw_fold_text(url, arena);
    char *key = folded.p != NULL ? iw_arena_alloc(arena, SITE_BYTES + folded.n) : NULL;
    if (key == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(key, &site_id, SITE_BYTES);
    memcpy(key + SITE_BYTES, folded.p, folded.n);
    return (struct iw_str){key, SITE_BYTES + folded.n};
}

static enum iw_rc add_under(struct iw_watched_urls *urls, uint64_t site_id,
                            const struct iw_watched_url *watched)
{
    struct iw_str key = key_of(site_id, watched->url, &urls->arena);
    struct iw_watched_url *made = iw_arena_alloc(&urls->arena, sizeof *made);
    struct iw_map_entry *entry;
    if (key.p == NULL || made == NULL)
        return IW_ENOMEM;
    entry = iw_map_add(&urls->by_key, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    *made = *watched;
    made->next = entry->value.pointer;
    entry->value.pointer = made;
    return IW_OK;
}

enum iw_rc iw_watched_urls_add(struct iw_watched_urls *urls, struct iw_str host,
                               const struct iw_server *server, struct iw_str path)
{
    struct iw_watched_url watched = {.host = iw_arena_copy(&urls->arena, host),
                                     .path = iw_arena_copy(&urls->arena, path)};
    struct iw_web_spots spots;

    if (watched.host.p == NULL || watched.path.p == NULL)
        return IW_ENOMEM;
    IW_TRY(iw_web_urls_of(server, watched.path, &urls->arena, &spots));
    for (size_t i = 0; i < spots.n; i++) {
        const struct iw_web_spot *spot = &spots.items[i];
        watched.site_id = spot->site->id;
        watched.site = iw_arena_copy(&urls->arena, spot->site->name);
        watched.url = iw_arena_copy(
            &urls->arena, iw_config_place_below(spot->place.path, spot->site->place.depth));
        if (watched.site.p == NULL || watched.url.p == NULL)
            return IW_ENOMEM;
        if (watched.site_id != 0)
            IW_TRY(add_under(urls, watched.site_id, &watched));
        IW_TRY(add_under(urls, 0, &watched)); /* for logs that name no site */
    }
    return IW_OK;
}

enum iw_rc iw_watched_urls_route(const struct iw_watched_urls *urls, struct iw_route *route)
{
    if (urls->by_key.n == 0)
        return IW_OK;
    return iw_route_want_channel(route, IW_STR(IW_CHANNEL_W3SVC));
}

/* Cuts the last part off *url*, down to what may be a file with something behind it. False when
 * nothing is left. */
static bool cut_part(struct iw_str *url)
{
    const char *slash = url->n > 1 ? memrchr(url->p, '/', url->n) : NULL;
    if (slash == NULL || slash == url->p)
        return false;
    url->n = (size_t)(slash - url->p);
    return true;
}

enum iw_rc iw_watched_urls_find(const struct iw_watched_urls *urls,
                                const struct iw_web_request *request, struct iw_arena *scratch,
                                const struct iw_watched_url **ret)
{
    struct iw_str key;
    unsigned n_parts = 0;

    *ret = NULL;
    if (request->stem.n == 0 || urls->by_key.n == 0)
        return IW_OK;
    key = key_of(request->site_id, request->stem, scratch);
    if (key.p == NULL)
        return IW_ENOMEM;
    do {
        struct iw_str url = {key.p + SITE_BYTES, key.n - SITE_BYTES};
        const struct iw_map_entry *entry = iw_map_find(&urls->by_key, key);
        if (entry != NULL) {
            *ret = entry->value.pointer;
            return IW_OK;
        }
        if (!cut_part(&url))
            return IW_OK;
        key.n = SITE_BYTES + url.n;
    } while (++n_parts <= IW_LIMIT_URL_PARTS);
    return IW_OK;
}
