/*
 * What the comparison says, written to the records of the inventory.
 */
#include "iis/baseline/baseline.h"

static void set(enum iw_approval *approval, struct iw_str *why, enum iw_approval value,
                struct iw_str text)
{
    *approval = value;
    *why = text;
}

/* The record an entry was made of; entries point to the inventory they were made of, which is this
 * one. */
static void mark_entry(struct iw_inventory_server *server, const struct iw_baseline_entry *entry,
                       enum iw_approval value, struct iw_str text)
{
    if (entry->component != NULL) {
        struct iw_inventory_component *component =
            &server->components[entry->component - server->components];
        set(&component->approval, &component->approval_why, value, text);
    } else if (entry->web_file != NULL) {
        struct iw_inventory_web_file *file =
            &server->web_files[entry->web_file - server->web_files];
        set(&file->approval, &file->approval_why, value, text);
    }
}

static void mark_all(struct iw_inventory_server *server)
{
    for (size_t i = 0; i < server->n_components; i++) {
        struct iw_inventory_component *component = &server->components[i];
        if (strcmp(component->state, "unknown") != 0)
            set(&component->approval, &component->approval_why, IW_APPROVAL_BASELINE, IW_STR(""));
    }
    for (size_t i = 0; i < server->n_web_files; i++)
        set(&server->web_files[i].approval, &server->web_files[i].approval_why,
            IW_APPROVAL_BASELINE, IW_STR(""));
}

static bool is_of(const struct iw_inventory_server *server, const struct iw_baseline_entry *entry)
{
    uintptr_t at = (uintptr_t)entry->component, file = (uintptr_t)entry->web_file;
    return entry->component != NULL
               ? at >= (uintptr_t)server->components &&
                     at < (uintptr_t)(server->components + server->n_components)
               : file >= (uintptr_t)server->web_files &&
                     file < (uintptr_t)(server->web_files + server->n_web_files);
}

void iw_baseline_mark(const struct iw_baseline_differences *differences,
                      struct iw_inventory *inventory)
{
    size_t server = 0;
    for (size_t i = 0; i < inventory->n_servers; i++)
        if (differences->is_compared != NULL && differences->is_compared[i])
            mark_all(&inventory->servers[i]);
    for (size_t i = 0; i < differences->n; i++) {
        const struct iw_baseline_difference *difference = &differences->items[i];
        if (difference->now != NULL)
            mark_entry(&inventory->servers[difference->server], difference->now,
                       difference->approval, difference->approval_why);
    }
    /* These are in the order of the servers. */
    for (size_t i = 0; i < differences->n_uncompared; i++) {
        while (server < inventory->n_servers &&
               !is_of(&inventory->servers[server], differences->uncompared[i]))
            server++;
        if (server < inventory->n_servers)
            mark_entry(&inventory->servers[server], differences->uncompared[i],
                       IW_APPROVAL_BASELINE,
                       IW_STR("its file is in evidence on one side only: not compared"));
    }
}
