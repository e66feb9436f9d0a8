#include "result/nameless.h"

const struct iw_inventory_server *iw_nameless_only(const struct iw_inventory *inventory)
{
    const struct iw_inventory_server *configured = NULL, *other = NULL;
    size_t n_configured = 0, n_other = 0;
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        if (server->host.n != 0)
            continue;
        if (server->source.n != 0) {
            configured = server;
            n_configured++;
        } else {
            other = server;
            n_other++;
        }
    }
    if (n_configured != 0)
        return n_configured == 1 ? configured : NULL;
    return n_other == 1 ? other : NULL;
}

static enum iw_rc add_source(struct iw_nameless *nameless, struct iw_str source, size_t place)
{
    struct iw_map_entry *entry;
    bool is_new;
    if (source.n == 0)
        return IW_OK;
    entry = iw_map_add(&nameless->by_source, source, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new)
        entry->value.number = place + 1;
    else if (entry->value.number != place + 1)
        entry->value.number = 0;
    return IW_OK;
}

static enum iw_rc add_server(struct iw_nameless *nameless, size_t place)
{
    const struct iw_inventory_server *server = &nameless->inventory->servers[place];
    IW_TRY(add_source(nameless, server->source, place));
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *component = &server->components[i];
        IW_TRY(add_source(nameless, component->config_source, place));
        for (size_t k = 0; k < component->n_files; k++)
            IW_TRY(add_source(nameless, component->files[k].source, place));
    }
    for (size_t i = 0; i < server->n_web_files; i++)
        IW_TRY(add_source(nameless, server->web_files[i].file.source, place));
    return IW_OK;
}

enum iw_rc iw_nameless_init(struct iw_nameless *nameless, const struct iw_inventory *inventory)
{
    *nameless = (struct iw_nameless){.inventory = inventory, .only = iw_nameless_only(inventory)};
    iw_map_init(&nameless->by_source);
    for (size_t i = 0; i < inventory->n_servers; i++) {
        if (inventory->servers[i].host.n == 0)
            IW_TRY(add_server(nameless, i));
    }
    return IW_OK;
}

void iw_nameless_done(struct iw_nameless *nameless)
{
    iw_map_done(&nameless->by_source);
}

const struct iw_inventory_server *iw_nameless_server(const struct iw_nameless *nameless,
                                                     const struct iw_finding *finding)
{
    uint64_t found = 0;
    if (finding->host.n != 0)
        return NULL;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        const struct iw_map_entry *entry =
            iw_map_find(&nameless->by_source, finding->evidence[i].source);
        if (entry == NULL || entry->value.number == 0)
            continue;
        if (found != 0 && found != entry->value.number)
            return NULL;
        found = entry->value.number;
    }
    return found != 0 ? &nameless->inventory->servers[found - 1] : nameless->only;
}
