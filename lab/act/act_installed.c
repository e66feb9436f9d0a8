/*
 * What a host has beside its role when the story begins: `installed` of a host (see
 * lab/scenarios/README.md).
 *
 * What it does: files, entries of configuration and registry values that are some weeks old;
 * nothing of it is logged, for it was before the logs begin.
 */
#include "lab/act/lab_act.h"

#include <string.h>

#define AGE_DAYS 45U

static bool put_file(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node)
{
    struct iw_lab_host *host = play->host;
    struct iw_lab_content content;
    bool is_inbox = false;
    if (!iw_lab_yaml_check(play->yaml, node, "file* content:map inbox", host->world->error) ||
        !iw_lab_yaml_flag(play->yaml, node, "inbox", &is_inbox, host->world->error)) {
        return !(host->world->is_failed = true);
    }
    const char *path = iw_lab_yaml_text(play->yaml, node, "file", "");
    if (!iw_lab_is_path(path)) {
        return iw_lab_world_fail(host->world, node, "no file: %s", path);
    }
    if (!iw_lab_play_content(play, iw_lab_yaml_get(play->yaml, node, "content"), path, &content)) {
        return false;
    }
    struct iw_lab_file *file = iw_lab_file_put(host, path, &content);
    file->created = file->changed = host->now - UINT64_C(86400) * AGE_DAYS * IW_LAB_SECOND;
    file->is_inbox = is_inbox;
    return true;
}

static bool put_value(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node)
{
    struct iw_lab_world *world = play->host->world;
    if (!iw_lab_yaml_check(play->yaml, node, "key* value* kind", world->error)) {
        return !(world->is_failed = true);
    }
    const char *key = iw_lab_yaml_text(play->yaml, node, "key", "");
    const char *kind = iw_lab_yaml_text(play->yaml, node, "kind", "sz");
    if (strncmp(key, "HKLM\\", 5) != 0 || !iw_lab_yaml_is_word(IW_LAB_REGISTRY_KINDS, kind)) {
        return iw_lab_world_fail(
            world, node, "a value has a key below HKLM\\ and a kind: " IW_LAB_REGISTRY_KINDS);
    }
    iw_lab_registry_set(play->host, key, kind, iw_lab_yaml_text(play->yaml, node, "value", ""));
    return true;
}

static bool each(const struct iw_lab_play *play, const char *list,
                 bool (*put)(const struct iw_lab_play *, const struct iw_lab_yaml_node *))
{
    const struct iw_lab_yaml_node *node =
        iw_lab_yaml_first(play->yaml, iw_lab_yaml_get(play->yaml, play->act->details, list));
    for (; node != NULL; node = iw_lab_yaml_next(play->yaml, node)) {
        if (!put(play, node)) {
            return false;
        }
    }
    return true;
}

static bool install(struct iw_lab_host *host, const struct iw_lab_yaml_node *node)
{
    struct iw_lab_world *world = host->world;
    const struct iw_lab_act own = {.verb = IW_LAB_VERB_INSTALLED, .details = node};
    const char *id = iw_lab_yaml_text(&world->scenario->yaml, node, "id", NULL);
    const struct iw_lab_act *act = id == NULL ? NULL : iw_lab_scenario_act(world->scenario, id);
    const struct iw_lab_play play = {
        .host = host, .act = act == NULL ? &own : act, .yaml = &world->scenario->yaml};
    world->at = node;
    world->act = host->is_copy ? NULL : act;
    if (!iw_lab_yaml_check(play.yaml, node, "id files:maps changes:maps registry:maps",
                           world->error)) {
        return !(world->is_failed = true);
    }
    const struct iw_lab_yaml_node *changes = iw_lab_yaml_get(play.yaml, node, "changes");
    if (!host->is_web) {
        return iw_lab_world_fail(world, node, "%s has no IIS", host->name);
    }
    if (!each(&play, "files", put_file) || !each(&play, "registry", put_value) ||
        (changes != NULL && !iw_lab_play_changes(&play, changes, NULL, true))) {
        return false;
    }
    iw_lab_config_free(host->configs[0]);
    host->configs[0] = iw_lab_config_copy(host->config);
    world->at = NULL;
    world->act = NULL;
    return true;
}

bool iw_lab_acts_install(struct iw_lab_world *world)
{
    for (size_t i = 0; i < world->n_hosts; i++) {
        struct iw_lab_host *host = world->hosts[i];
        const struct iw_lab_yaml_node *node =
            iw_lab_yaml_get(&world->scenario->yaml, host->node, "installed");
        if (node != NULL && !install(host, node)) {
            return false;
        }
    }
    return true;
}
