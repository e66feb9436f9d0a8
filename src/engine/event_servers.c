#include "engine/event_servers.h"

#include "base/map.h"

struct telling {
    struct iw_inventory *inventory;
    struct iw_arena keys;
    struct iw_map by_host; /* lower-case host → place of a server + 1 */
};

static struct iw_map_entry *entry_of(struct telling *telling, struct iw_str host, bool *ret_new)
{
    char *key = iw_arena_alloc(&telling->keys, host.n + 1);
    if (key == NULL)
        return NULL;
    for (size_t i = 0; i < host.n; i++)
        key[i] = iw_ascii_lower(host.p[i]);
    return iw_map_add(&telling->by_host, (struct iw_str){key, host.n}, ret_new);
}

static enum iw_rc list_servers(struct telling *telling)
{
    const struct iw_inventory *inventory = telling->inventory;
    for (size_t i = 0; i < inventory->n_servers; i++) {
        bool is_new;
        struct iw_map_entry *entry = entry_of(telling, inventory->servers[i].host, &is_new);
        if (entry == NULL)
            return IW_ENOMEM;
        if (is_new)
            entry->value.number = i + 1;
    }
    return IW_OK;
}

/* Workers are the first facts of a host. */
static bool is_worker_of_next_host(const struct iw_server_facts *facts, size_t i)
{
    const struct iw_server_fact *fact = &facts->items[i];
    return fact->kind == IW_FACT_WORKER && fact->host.n != 0 &&
           (i == 0 || !iw_str_equal_nocase(fact->host, facts->items[i - 1].host));
}

/* Room for every server that may be added, at once. */
static bool make_room(struct iw_inventory *inventory, const struct iw_server_facts *facts)
{
    size_t n_more = 0;
    for (size_t i = 0; i < facts->n; i++)
        n_more += is_worker_of_next_host(facts, i);
    return iw_inventory_reserve(inventory, n_more);
}

static enum iw_rc tell(struct telling *telling, struct iw_str host)
{
    struct iw_inventory *inventory = telling->inventory;
    struct iw_inventory_server *server;
    bool is_new;
    struct iw_map_entry *entry = entry_of(telling, host, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    if (!is_new) {
        inventory->servers[entry->value.number - 1].known_by |= IW_SERVER_BY_EVENTS;
        return IW_OK;
    }
    server = &inventory->servers[inventory->n_servers++];
    *server = (struct iw_inventory_server){.host = iw_arena_copy(&inventory->arena, host),
                                           .source = IW_STR(""),
                                           .version = IW_STR(""),
                                           .known_by = IW_SERVER_BY_EVENTS,
                                           .why_not = IW_STR("no configuration in evidence")};
    return server->host.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc tell_all(struct telling *telling, const struct iw_server_facts *facts)
{
    IW_TRY(list_servers(telling));
    if (!make_room(telling->inventory, facts))
        return IW_ENOMEM;
    for (size_t i = 0; i < facts->n; i++) {
        if (is_worker_of_next_host(facts, i))
            IW_TRY(tell(telling, facts->items[i].host));
    }
    return IW_OK;
}

enum iw_rc iw_event_servers_tell(const struct iw_server_facts *facts,
                                 struct iw_inventory *inventory)
{
    struct telling telling = {.inventory = inventory};
    enum iw_rc rc;
    iw_arena_init(&telling.keys, 0);
    iw_map_init(&telling.by_host);
    rc = tell_all(&telling, facts);
    iw_map_done(&telling.by_host);
    iw_arena_done(&telling.keys);
    return rc;
}
