#include "engine/rule_change.h"

#include "base/arena_text.h"
#include "detect/act_parts.h"
#include "detect/event_act.h"
#include "result/change_level.h"

static struct iw_str path_key(struct iw_arena *arena, struct iw_str host, struct iw_str path)
{
    struct iw_str text = iw_arena_format(arena, "%.*s|%.*s", IW_STR_ARG(host), IW_STR_ARG(path));
    return text.p != NULL ? iw_arena_lower(arena, text) : text;
}

/* Registered components are found by name too. */
static struct iw_str name_key(struct iw_arena *arena, struct iw_str host, struct iw_str kind,
                              struct iw_str name)
{
    struct iw_str text = iw_arena_format(arena, "%.*s|%.*s|%.*s", IW_STR_ARG(host),
                                         IW_STR_ARG(kind), IW_STR_ARG(name));
    return text.p != NULL ? iw_arena_lower(arena, text) : text;
}

static enum iw_rc keep(struct iw_rule_changes *rule_changes, struct iw_str key,
                       struct iw_item_file *file)
{
    bool is_new;
    struct iw_map_entry *entry =
        key.p != NULL ? iw_map_add(&rule_changes->files, key, &is_new) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new)
        entry->value.pointer = file;
    return IW_OK;
}

static enum iw_rc add_file(struct iw_rule_changes *rule_changes, struct iw_str host,
                           struct iw_item_file *file)
{
    if (file->state != IW_ITEM_FILE_READ || file->path.n == 0)
        return IW_OK;
    return keep(rule_changes, path_key(&rule_changes->arena, host, file->path), file);
}

static enum iw_rc add_component(struct iw_rule_changes *rule_changes, struct iw_str host,
                                const struct iw_inventory_component *row)
{
    for (size_t i = 0; i < row->n_files; i++)
        IW_TRY(add_file(rule_changes, host, &row->files[i]));
    /* With twins it is not said which of them a record means. */
    if (row->n_files != 1 || row->files[0].state != IW_ITEM_FILE_READ)
        return IW_OK;
    return keep(rule_changes, name_key(&rule_changes->arena, host, iw_str_of(row->kind), row->name),
                row->files);
}

static enum iw_rc add_server(struct iw_rule_changes *rule_changes,
                             const struct iw_inventory_server *server)
{
    for (size_t i = 0; i < server->n_components; i++) {
        IW_TRY(add_component(rule_changes, server->host, &server->components[i]));
    }
    for (size_t i = 0; i < server->n_web_files; i++)
        IW_TRY(add_file(rule_changes, server->host, &server->web_files[i].file));
    return IW_OK;
}

enum iw_rc iw_rule_changes_init(struct iw_rule_changes *rule_changes,
                                const struct iw_changes *changes, const struct iw_sid_names *names,
                                const struct iw_inventory *inventory)
{
    memset(rule_changes, 0, sizeof *rule_changes);
    rule_changes->changes = changes;
    rule_changes->names = names;
    iw_arena_init(&rule_changes->arena, 0);
    iw_arena_init(&rule_changes->work, 0);
    iw_map_init(&rule_changes->files);
    for (size_t i = 0; changes != NULL && i < inventory->n_servers; i++) {
        if (inventory->servers[i].host.n != 0)
            IW_TRY(add_server(rule_changes, &inventory->servers[i]));
    }
    return IW_OK;
}

void iw_rule_changes_done(struct iw_rule_changes *rule_changes)
{
    iw_map_done(&rule_changes->files);
    iw_arena_done(&rule_changes->work);
    iw_arena_done(&rule_changes->arena);
}

/* The file as it was collected, which may be another than the one the act made: it can speak
 * against a record, never for it. *ret* NULL: it adds nothing. */
static enum iw_rc find_collected(struct iw_rule_changes *rule_changes, const struct iw_act *act,
                                 const struct iw_item_file **ret)
{
    struct iw_str key = act->path.n != 0 ? path_key(&rule_changes->work, act->host, act->path)
                                         : name_key(&rule_changes->work, act->host,
                                                    act->component_kind, act->component_name);
    const struct iw_map_entry *entry;
    *ret = NULL;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&rule_changes->files, key);
    if (entry != NULL && !act->has_sha256 && act->action != IW_ACT_REMOVE)
        *ret = entry->value.pointer;
    return IW_OK;
}

static enum iw_rc judge(struct iw_rule_changes *rule_changes, const struct iw_act *act,
                        struct iw_change *ret)
{
    const struct iw_item_file *file;
    IW_TRY(find_collected(rule_changes, act, &file));
    if (file != NULL) {
        struct iw_act made = *act;
        iw_act_set_content(&made, file);
        IW_TRY(iw_changes_judge(rule_changes->changes, &made, &rule_changes->work, ret));
        if (ret->status != IW_CHANGE_EXPLAINED && ret->status != IW_CHANGE_UNVERIFIED)
            return IW_OK;
    }
    return iw_changes_judge(rule_changes->changes, act, &rule_changes->work, ret);
}

enum iw_rc iw_rule_changes_judge(struct iw_rule_changes *rule_changes, struct iw_finding *finding)
{
    struct iw_act act;
    enum iw_level level;
    bool is_act;
    if (rule_changes->changes == NULL)
        return IW_OK;
    iw_arena_reset(&rule_changes->work);
    IW_TRY(iw_event_act(finding, &rule_changes->work, &act, &is_act));
    if (!is_act)
        return IW_OK;
    iw_act_name_actor(&act, rule_changes->names, act.host);
    IW_TRY(judge(rule_changes, &act, &finding->change));
    level = iw_change_level(&finding->change, finding->level);
    if (level != finding->level)
        finding->score = iw_level_score(level);
    finding->level = level;
    return IW_OK;
}
