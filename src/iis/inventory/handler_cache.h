/**
 * Handlers in force, kept for a few places: most folders of a site have those of the folder above,
 * and a server may have thousands of handlers and of folders. Inside of this folder only.
 */
#ifndef IW_IIS_INVENTORY_HANDLER_CACHE_H
#define IW_IIS_INVENTORY_HANDLER_CACHE_H

#include "iis/config/web_handler.h"

enum { IW_HANDLER_SLOTS = 8 };

struct iw_handler_slot {
    struct iw_arena arena; /* of the key and the handlers */
    struct iw_str place;   /* key of the deepest place that says something of them */
    const struct iw_server_pool *pool;
    struct iw_web_handlers *handlers; /* NULL: the slot is free */
    uint64_t turn;                    /* in which it was asked for last */
};

struct iw_handler_cache {
    const struct iw_config *config;
    struct iw_handler_slot slots[IW_HANDLER_SLOTS];
    struct iw_arena others; /* handlers of this turn that found no slot */
    uint64_t turn;
};

void iw_handler_cache_init(struct iw_handler_cache *cache, const struct iw_config *config);
void iw_handler_cache_done(struct iw_handler_cache *cache);
/** What was given out before may go from now on. */
void iw_handler_cache_turn(struct iw_handler_cache *cache);
/** The handlers in force at *place*, which live until the next turn. IW_OK or IW_ENOMEM. */
enum iw_rc iw_handler_cache_get(struct iw_handler_cache *cache, const struct iw_server_pool *pool,
                                const struct iw_config_place *place,
                                const struct iw_web_handlers **ret);

#endif
