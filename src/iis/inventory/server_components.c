/*
 * Components as rows: what configuration or registry claims, and the pools that load it.
 */
#include "iis/config/component_attributes.h"
#include "iis/config/precondition.h"
#include "iis/inventory/server_build.h"

#include "base/limits.h"

/* --- pools ---------------------------------------------------------------------------------- */

/* Pools that load what stands at one place under one condition. Entries share them: there may be
 * as many entries, pools and applications as a configuration has room for. */
struct pool_answer {
    struct iw_text_list pools;
    bool is_unknown;
};

/* By index of the pool: whether it serves anything at or below a place, or what lies above it. */
static bool *find_served(struct iw_server_build *build, const struct iw_config_place *place)
{
    bool *served = iw_arena_calloc(&build->work, build->web.n_pools + 1, sizeof *served);
    for (size_t i = 0; served != NULL && i < build->web.n_sites; i++) {
        const struct iw_server_site *site = &build->web.sites[i];
        for (size_t k = 0; k < site->n_applications; k++) {
            const struct iw_server_application *application = &site->applications[k];
            if (application->pool != NULL &&
                (iw_config_place_covers(place->key, application->place.key) ||
                 iw_config_place_covers(application->place.key, place->key)))
                served[application->pool - build->web.pools] = true;
        }
    }
    return served;
}

static enum iw_rc answer(struct iw_server_build *build, const struct iw_config_place *place,
                         struct iw_str precondition, struct pool_answer *ret)
{
    const bool *served = place->depth != 0 ? find_served(build, place) : NULL;
    if (place->depth != 0 && served == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < build->web.n_pools; i++) {
        const struct iw_server_pool *pool = &build->web.pools[i];
        enum iw_precondition judgment = iw_precondition_judge(precondition, pool);
        ret->is_unknown |= judgment == IW_PRECONDITION_UNKNOWN;
        if (judgment == IW_PRECONDITION_FAILS || (served != NULL && !served[i]))
            continue;
        if (!iw_keep_line(build, &ret->pools, iw_keep(build, pool->name)))
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* A place holds no NUL: XML has none. */
static struct iw_str answer_key(struct iw_server_build *build, const struct iw_config_place *place,
                                struct iw_str precondition)
{
    size_t n = place->key.n + 1 + precondition.n;
    char *key = iw_arena_alloc(&build->work, n);
    if (key == NULL)
        return (struct iw_str){NULL, 0};
    if (place->key.n != 0)
        memcpy(key, place->key.p, place->key.n);
    key[place->key.n] = '\0';
    if (precondition.n != 0)
        memcpy(key + place->key.n + 1, precondition.p, precondition.n);
    return (struct iw_str){key, n};
}

static enum iw_rc add_pools(struct iw_server_build *build, const struct iw_component *written,
                            struct iw_inventory_component *row)
{
    struct iw_config_place place;
    struct iw_map_entry *entry;
    struct pool_answer *known;
    struct iw_str key;
    bool is_new;
    if (!iw_config_place_read(IW_STR(""), written->place, &build->work, &place))
        return IW_ENOMEM;
    key = answer_key(build, &place, written->precondition);
    entry = key.p != NULL ? iw_map_add(&build->pool_answers, key, &is_new) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new) {
        entry->value.pointer = known = iw_arena_calloc(&build->work, 1, sizeof *known);
        if (known == NULL)
            return IW_ENOMEM;
        IW_TRY(answer(build, &place, written->precondition, known));
    }
    known = entry->value.pointer;
    row->pools = known->pools;
    row->pools_unknown = known->is_unknown || build->web.pools_unknown;
    return IW_OK;
}

/* --- rows ----------------------------------------------------------------------------------- */

static bool keep_claim(struct iw_server_build *build, const struct iw_component_claim *claim,
                       struct iw_inventory_component *row)
{
    const struct {
        struct iw_str from, *to;
    } TEXTS[] = {
        {claim->name, &row->name},
        {claim->scope, &row->scope},
        {claim->image, &row->image},
        {claim->arguments, &row->arguments},
        {claim->type, &row->type},
        {claim->clsid, &row->clsid},
        {claim->precondition, &row->precondition},
        {claim->owner, &row->owner},
        {claim->config_source, &row->config_source},
        {claim->config_path, &row->config_path},
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        *TEXTS[i].to = iw_keep(build, TEXTS[i].from);
        if (TEXTS[i].to->p == NULL)
            return false;
    }
    row->kind = claim->kind;
    row->state = claim->state;
    row->line = claim->line;
    row->column = claim->column;
    row->is_disabled = claim->is_disabled;
    row->first_seen.time_ns = IW_TIME_UNKNOWN;
    return true;
}

enum iw_rc iw_build_claim(struct iw_server_build *build, const struct iw_component_claim *claim)
{
    struct iw_inventory_component row = {0};
    struct iw_inventory_component *kept;
    if (build->components.n >= IW_LIMIT_INVENTORY_ROWS) {
        build->n_hidden_rows++;
        return IW_OK;
    }
    if (!keep_claim(build, claim, &row))
        return IW_ENOMEM;
    if (claim->written != NULL) {
        IW_TRY(add_pools(build, claim->written, &row));
        IW_TRY(iw_component_attributes(claim->written, &build->inventory->arena, &row.attributes));
    }
    IW_TRY(iw_build_component_files(build, &row));
    kept = iw_rows_add(&build->components, sizeof row);
    if (kept == NULL)
        return IW_ENOMEM;
    *kept = row;
    return IW_OK;
}

static const char *state_of(const struct iw_component *component)
{
    switch (component->state) {
    case IW_COMPONENT_REFUSED:
        return "refused";
    case IW_COMPONENT_UNKNOWN:
        return "unknown";
    case IW_COMPONENT_WRITTEN:
        break;
    }
    return "written";
}

static struct iw_str server_path_of(const struct iw_server_build *build, struct iw_str source)
{
    const struct iw_map_entry *entry = iw_map_find(&build->collection->by_source, source);
    const struct iw_collected_file *file = entry != NULL ? entry->value.pointer : NULL;
    return file != NULL ? file->path : IW_STR("");
}

enum iw_rc iw_build_config_components(struct iw_server_build *build, const struct iw_config *config,
                                      struct iw_str scope, struct iw_str owner)
{
    struct iw_components components;
    IW_TRY(iw_components_read(config, &build->work, &components));
    for (size_t i = 0; i < components.n; i++) {
        const struct iw_component *component = &components.items[i];
        struct iw_component_claim claim = {
            .kind = iw_component_kind_name(component->kind),
            .state = state_of(component),
            .name = component->name,
            .scope = scope.n != 0 ? scope : component->place,
            .image = component->image,
            .arguments = component->arguments,
            .type = component->type,
            .clsid = component->clsid,
            .precondition = component->precondition,
            .owner = owner.n != 0 ? owner : component->owner,
            .config_source = component->file,
            .config_path = server_path_of(build, component->file),
            .line = component->line,
            .column = component->column,
            .is_disabled = component->is_disabled,
            .written = component,
        };
        IW_TRY(iw_build_claim(build, &claim));
    }
    return IW_OK;
}

/* --- configurations beside the main one ------------------------------------------------------ */

static enum iw_rc read_beside(struct iw_server_build *build, const struct iw_collected_file *file,
                              enum iw_config_role role, struct iw_str scope, struct iw_str owner)
{
    struct iw_config *config = iw_config_begin(build);
    enum iw_rc rc =
        config != NULL ? iw_config_take(build, config, file, role, IW_STR("")) : IW_ENOMEM;
    if (rc == IW_OK)
        rc = iw_config_settle(config);
    if (rc == IW_OK)
        rc = iw_build_config_components(build, config, scope, owner);
    if (rc == IW_OK)
        rc = iw_build_config_problems(build, config);
    iw_config_free(config);
    return rc;
}

/* A web.config that lies below no web root, or in no tree with paths: what it says is told, and
 * that nobody knows where it is in force. */
static enum iw_rc read_unplaced(struct iw_server_build *build, const struct iw_collected_file *file)
{
    struct iw_str scope =
        iw_keep_format(build, "?%.*s", IW_STR_ARG(file->path.n != 0 ? file->path : file->name));
    if (scope.p == NULL)
        return IW_ENOMEM;
    return read_beside(build, file, IW_CONFIG_WEB, scope, IW_STR(""));
}

/* Other frameworks: 32-bit pools and those of version 2 read these. */
static enum iw_rc read_framework(struct iw_server_build *build,
                                 const struct iw_collected_file *file, enum iw_config_part part)
{
    enum iw_config_role role =
        part == IW_CONFIG_PART_ROOT_WEB ? IW_CONFIG_ROOT_WEB : IW_CONFIG_MACHINE;
    return read_beside(build, file, role, IW_STR(""), iw_config_framework(file->path));
}

static enum iw_rc read_rest(struct iw_server_build *build,
                            const struct iw_config_candidate *candidate)
{
    const struct iw_collected_file *file = candidate->file;
    switch (candidate->part) {
    case IW_CONFIG_PART_MACHINE:
    case IW_CONFIG_PART_ROOT_WEB:
    case IW_CONFIG_PART_RUNTIME:
        if (file->key.n == 0 || !iw_config_is_main_framework(file))
            return read_framework(build, file, candidate->part);
        return IW_OK;
    case IW_CONFIG_PART_WEB:
        return candidate->is_placed ? IW_OK : read_unplaced(build, file);
    case IW_CONFIG_PART_ADMINISTRATION:
    case IW_CONFIG_PART_REDIRECTION:
        return file->key.n == 0
                   ? read_beside(build, file, IW_CONFIG_ADMINISTRATION, IW_STR(""), file->name)
                   : IW_OK;
    case IW_CONFIG_PART_NONE:
    case IW_CONFIG_PART_SERVER:
    case IW_CONFIG_PART_HISTORY:
    case IW_CONFIG_PART_BACKUP:
    case IW_CONFIG_PART_POOL:
        break;
    }
    return IW_OK;
}

enum iw_rc iw_build_components(struct iw_server_build *build)
{
    IW_TRY(iw_build_config_components(build, build->config, IW_STR(""), IW_STR("")));
    IW_TRY(iw_build_config_problems(build, build->config));
    for (size_t i = 0; i < build->n_configs; i++) {
        const struct iw_config_candidate *candidate = &build->configs[i];
        if (!candidate->file->is_copy && iw_build_is_mine(build, candidate->file))
            IW_TRY(read_rest(build, candidate));
    }
    return IW_OK;
}
