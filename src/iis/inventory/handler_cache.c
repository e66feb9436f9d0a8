#include "iis/inventory/handler_cache.h"

void iw_handler_cache_init(struct iw_handler_cache *cache, const struct iw_config *config)
{
    *cache = (struct iw_handler_cache){.config = config};
    iw_arena_init(&cache->others, 0);
    for (size_t i = 0; i < IW_HANDLER_SLOTS; i++)
        iw_arena_init(&cache->slots[i].arena, 0);
}

void iw_handler_cache_done(struct iw_handler_cache *cache)
{
    iw_arena_done(&cache->others);
    for (size_t i = 0; i < IW_HANDLER_SLOTS; i++)
        iw_arena_done(&cache->slots[i].arena);
}

void iw_handler_cache_turn(struct iw_handler_cache *cache)
{
    cache->turn++;
    iw_arena_reset(&cache->others);
}

static bool has(const struct iw_handler_slot *slot, struct iw_str place,
                const struct iw_server_pool *pool)
{
    return slot->handlers != NULL && slot->pool == pool && iw_str_equal(slot->place, place);
}

/* The slot that has it; else the one to fill: free, or asked for longest ago, but not in this turn.
 * NULL: there is none. */
static struct iw_handler_slot *find_slot(struct iw_handler_cache *cache, struct iw_str place,
                                         const struct iw_server_pool *pool)
{
    struct iw_handler_slot *oldest = NULL;
    for (size_t i = 0; i < IW_HANDLER_SLOTS; i++) {
        struct iw_handler_slot *slot = &cache->slots[i];
        if (has(slot, place, pool))
            return slot;
        if (slot->handlers == NULL)
            slot->turn = 0;
        else if (slot->turn == cache->turn)
            continue;
        if (oldest == NULL || slot->turn < oldest->turn)
            oldest = slot;
    }
    return oldest;
}

enum iw_rc iw_handler_cache_get(struct iw_handler_cache *cache, const struct iw_server_pool *pool,
                                const struct iw_config_place *place,
                                const struct iw_web_handlers **ret)
{
    struct iw_str settled = iw_web_handlers_settled_at(cache->config, place);
    struct iw_handler_slot *slot = find_slot(cache, settled, pool);
    struct iw_web_handlers *handlers = NULL;
    if (slot == NULL) {
        IW_TRY(iw_web_handlers_read(cache->config, pool, place, &cache->others, &handlers));
        *ret = handlers;
        return IW_OK;
    }
    if (!has(slot, settled, pool)) {
        slot->handlers = NULL;
        iw_arena_reset(&slot->arena);
        slot->place = iw_arena_copy(&slot->arena, settled);
        slot->pool = pool;
        if (slot->place.p == NULL)
            return IW_ENOMEM;
        IW_TRY(iw_web_handlers_read(cache->config, pool, place, &slot->arena, &handlers));
        slot->handlers = handlers;
    }
    slot->turn = cache->turn;
    *ret = slot->handlers;
    return IW_OK;
}
