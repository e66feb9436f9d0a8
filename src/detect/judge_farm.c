/*
 * Only on one of the farm's servers. A farm is three or more hosts of the evidence with the same
 * sites that share nearly all of their components: servers of Windows share most of them whatever
 * they are for, and another role brings dozens. What one of a farm has alone is odd.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/buffer.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "detect/subject_key.h"

#define FARM_SERVERS 3U
/* So many components of its own do not make a small server another one. */
#define FEW_OF_ITS_OWN 3U

/* How many servers of a farm have one component. */
struct share {
    size_t n, last_server;
};

struct iw_farm {
    struct iw_arena *arena;
    size_t *farm_of;      /* by server: number of its farm; 0: of none */
    size_t *n_members;    /* by number of the farm */
    struct iw_map shares; /* farm and component → struct share * */
    struct iw_buffer text;
};

/* --- keys ----------------------------------------------------------------------------------- */

static struct iw_str kept_key(struct iw_farm *farm)
{
    return farm->text.failed ? (struct iw_str){NULL, 0}
                             : iw_arena_lower(farm->arena, iw_buffer_str(&farm->text));
}

static struct iw_str site_key(struct iw_farm *farm, const struct iw_inventory_server *server)
{
    iw_buffer_clear(&farm->text);
    for (size_t i = 0; i < server->n_sites; i++) {
        iw_buffer_add(&farm->text, server->sites[i].name);
        iw_buffer_add_char(&farm->text, '\0');
    }
    return kept_key(farm);
}

static void write_component(struct iw_buffer *text, size_t number,
                            const struct iw_inventory_component *row)
{
    const struct iw_str parts[] = {iw_str_of(row->kind), row->scope, row->name, row->image_path,
                                   row->type};
    iw_buffer_clear(text);
    iw_buffer_add_u64(text, number);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        iw_buffer_add_char(text, '\0');
        for (size_t k = 0; k < parts[i].n; k++)
            iw_buffer_add_char(text, iw_ascii_lower(parts[i].p[k]));
    }
}

static bool is_counted(const struct iw_inventory_component *row)
{
    return iw_component_is_registered(row) && iw_component_loads(row) != IW_LOADS_NOTHING;
}

/* --- counting ------------------------------------------------------------------------------- */

static enum iw_rc count_one(struct iw_farm *farm, struct iw_map *shares, size_t server)
{
    struct iw_map_entry *entry = iw_map_find(shares, iw_buffer_str(&farm->text));
    struct share *share;
    if (farm->text.failed)
        return IW_ENOMEM;
    if (entry == NULL) {
        struct iw_str key = iw_arena_copy(farm->arena, iw_buffer_str(&farm->text));
        share = iw_arena_calloc(farm->arena, 1, sizeof *share);
        entry = key.p != NULL && share != NULL ? iw_map_add(shares, key, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        entry->value.pointer = share;
    }
    share = entry->value.pointer;
    if (share->n == 0 || share->last_server != server)
        share->n++;
    share->last_server = server;
    return IW_OK;
}

static enum iw_rc count_all(struct iw_farm *farm, const struct iw_inventory *inventory,
                            struct iw_map *shares)
{
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        for (size_t k = 0; farm->farm_of[i] != 0 && k < server->n_components; k++) {
            if (!is_counted(&server->components[k]))
                continue;
            write_component(&farm->text, farm->farm_of[i], &server->components[k]);
            IW_TRY(count_one(farm, shares, i));
        }
    }
    return IW_OK;
}

/* Servers are sorted by host: another configuration of the same machine is no other server. */
static bool is_second_of_host(const struct iw_inventory *inventory, size_t i)
{
    return i != 0 &&
           iw_str_equal_nocase(inventory->servers[i].host, inventory->servers[i - 1].host);
}

/* Servers with the same sites get the same number. */
static enum iw_rc number_groups(struct iw_farm *farm, const struct iw_inventory *inventory)
{
    struct iw_map groups;
    enum iw_rc rc = IW_OK;
    iw_map_init(&groups);
    for (size_t i = 0; rc == IW_OK && i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        struct iw_map_entry *entry;
        struct iw_str key;
        if ((server->known_by & IW_SERVER_BY_CONFIGURATION) == 0 || !server->is_authoritative ||
            server->host.n == 0 || is_second_of_host(inventory, i))
            continue;
        key = site_key(farm, server);
        entry = key.p != NULL ? iw_map_add(&groups, key, NULL) : NULL;
        if (entry == NULL) {
            rc = IW_ENOMEM;
            break;
        }
        farm->farm_of[i] = (size_t)(entry - groups.entries) + 1;
        farm->n_members[farm->farm_of[i]]++;
    }
    iw_map_done(&groups);
    return rc;
}

/* Whether nearly all that a server has most of its group has too. */
static bool is_like_most(struct iw_farm *farm, const struct iw_map *shares,
                         const struct iw_inventory_server *server, size_t number)
{
    size_t n = 0, n_common = 0;
    for (size_t k = 0; k < server->n_components; k++) {
        const struct iw_map_entry *entry;
        if (!is_counted(&server->components[k]))
            continue;
        write_component(&farm->text, number, &server->components[k]);
        entry = iw_map_find(shares, iw_buffer_str(&farm->text));
        n++;
        n_common += entry != NULL &&
                    2 * ((const struct share *)entry->value.pointer)->n > farm->n_members[number];
    }
    return 2 * n_common > n && (n - n_common <= FEW_OF_ITS_OWN || 10 * n_common >= 9 * n);
}

static void drop_strangers(struct iw_farm *farm, const struct iw_inventory *inventory,
                           const struct iw_map *shares)
{
    size_t *n_left = farm->n_members + inventory->n_servers + 1;
    for (size_t i = 0; i < inventory->n_servers; i++) {
        size_t number = farm->farm_of[i];
        if (number == 0)
            continue;
        if (is_like_most(farm, shares, &inventory->servers[i], number))
            n_left[number]++;
        else
            farm->farm_of[i] = 0;
    }
    memcpy(farm->n_members, n_left, (inventory->n_servers + 1) * sizeof *n_left);
    for (size_t i = 0; i < inventory->n_servers; i++) {
        if (farm->n_members[farm->farm_of[i]] < FARM_SERVERS)
            farm->farm_of[i] = 0;
    }
}

static enum iw_rc read_farms(struct iw_farm *farm, const struct iw_inventory *inventory)
{
    struct iw_map shares;
    enum iw_rc rc = number_groups(farm, inventory);
    iw_map_init(&shares);
    if (rc == IW_OK)
        rc = count_all(farm, inventory, &shares);
    if (rc == IW_OK)
        drop_strangers(farm, inventory, &shares);
    if (farm->text.failed)
        rc = IW_ENOMEM;
    iw_map_done(&shares);
    return rc == IW_OK ? count_all(farm, inventory, &farm->shares) : rc;
}

enum iw_rc iw_farm_read(const struct iw_inventory *inventory, struct iw_arena *arena,
                        struct iw_farm **ret)
{
    struct iw_farm *farm = iw_calloc(1, sizeof *farm);
    size_t n = inventory->n_servers + 1;
    *ret = farm;
    if (farm == NULL)
        return IW_ENOMEM;
    farm->arena = arena;
    iw_map_init(&farm->shares);
    iw_buffer_init(&farm->text);
    farm->farm_of = iw_arena_calloc(arena, n, sizeof *farm->farm_of);
    farm->n_members = iw_arena_calloc(arena, 2 * n, sizeof *farm->n_members);
    if (farm->farm_of == NULL || farm->n_members == NULL)
        return IW_ENOMEM;
    return inventory->n_servers >= FARM_SERVERS ? read_farms(farm, inventory) : IW_OK;
}

void iw_farm_free(struct iw_farm *farm)
{
    if (farm == NULL)
        return;
    iw_map_done(&farm->shares);
    iw_buffer_done(&farm->text);
    iw_free(farm);
}

/* --- judging -------------------------------------------------------------------------------- */

static enum iw_rc is_alone(struct iw_farm *farm, size_t number,
                           const struct iw_inventory_component *row, bool *ret)
{
    const struct iw_map_entry *entry;
    write_component(&farm->text, number, row);
    entry = iw_map_find(&farm->shares, iw_buffer_str(&farm->text));
    *ret = entry != NULL && ((const struct share *)entry->value.pointer)->n == 1;
    return farm->text.failed ? IW_ENOMEM : IW_OK;
}

static enum iw_level level_of(const struct iw_inventory_component *row)
{
    const struct iw_item_file *file = iw_component_file(row);
    bool is_signed = iw_file_is_proved(file);
    return iw_component_loads(row) >= IW_LOADS_PROGRAM && !is_signed ? IW_LEVEL_MEDIUM
                                                                     : IW_LEVEL_LOW;
}

enum iw_rc iw_judge_farm(struct iw_judging *judging)
{
    struct iw_farm *farm = judging->farm;
    size_t number = farm->farm_of[judging->server_index];
    for (size_t i = 0; number != 0 && i < judging->server->n_components; i++) {
        const struct iw_inventory_component *row = &judging->server->components[i];
        bool is_single;
        if (!is_counted(row) || iw_is_approved(row->approval) ||
            row->known == IW_ITEM_KNOWN_AS_IT_IS || iw_subject_goes_with_profiler(judging, i))
            continue;
        IW_TRY(is_alone(farm, number, row, &is_single));
        if (is_single)
            IW_TRY(iw_case_say(iw_case_of_component(judging, i), level_of(row),
                               "Component that only one server of the farm has",
                               "%s %.*s is on 1 of %zu servers with the same sites", row->kind,
                               IW_STR_ARG(row->name), farm->n_members[number]));
    }
    return IW_OK;
}
