/*
 * Whether a layer is in force: allowDefinition, allowLocation and overrideMode. IIS answers every
 * request below a place that breaks these rules with an error (500.19), so such a layer configures
 * nothing; it is reported, since somebody wrote it. Locks are judged only where
 * applicationHost.config is in evidence, whole and authoritative, for it is there that sections are
 * unlocked.
 */
#include "iis/config/config_judge.h"

#include "iis/config/config_inside.h"

/* What unlocks sections, and applications, may stand behind the damage of a file, or in the file
 * that is really read. */
bool iw_config_locks_are_known(const struct iw_config *config)
{
    return config->has_server && !config->is_redirected;
}

static const char *misplaced(const struct iw_config *config, const struct iw_config_layer *layer)
{
    const struct iw_config_section *section = layer->section;
    bool is_web = layer->file->role == IW_CONFIG_WEB;

    if (section->refuses_location && layer->location != NULL && layer->place.depth != 0)
        return "may not stand in a <location>";
    if (section->allow == IW_CONFIG_MACHINE_ONLY &&
        (is_web || layer->file->role == IW_CONFIG_ROOT_WEB))
        return "may stand in machine.config only";
    if (!is_web || section->allow == IW_CONFIG_EVERYWHERE)
        return NULL;
    if (section->allow == IW_CONFIG_SERVER_ONLY || section->allow == IW_CONFIG_MACHINE_ONLY)
        return "may not stand in a web.config";
    if (iw_config_locks_are_known(config) && config->applications.n != 0 &&
        iw_map_find(&config->applications, layer->file->place.key) == NULL)
        return "may not stand in a folder that is no application";
    return NULL;
}

/* Is the section locked for this layer by what stands above it, in other files? What is above was
 * judged before. */
static bool is_locked(const struct iw_config *config, const struct iw_config_layer *layer)
{
    bool is_denied = layer->section->denies_override;
    const struct iw_config_layer *above = NULL;

    while ((above = iw_config_layer_at(config, layer->section, layer->place.key, above)) != NULL &&
           above != layer)
        if (above->override != IW_CONFIG_INHERIT && above->file->rank < layer->file->rank)
            is_denied = above->override == IW_CONFIG_DENY;
    return is_denied;
}

static void judge_layer(struct iw_config *config, struct iw_config_layer *layer)
{
    struct iw_str path = layer->section->path;
    const char *why = misplaced(config, layer);

    if (why != NULL) {
        layer->is_refused = true;
        iw_config_report(config, IW_CONFIG_PROBLEM_MISPLACED, iw_config_in_layer(layer, NULL),
                         "%.*s %s", IW_STR_ARG(path), why);
    } else if (layer->file->role == IW_CONFIG_WEB && iw_config_locks_are_known(config) &&
               is_locked(config, layer)) {
        layer->is_refused = true;
        iw_config_report(config, IW_CONFIG_PROBLEM_LOCKED, iw_config_in_layer(layer, NULL),
                         "%.*s is locked here: IIS answers requests with an error",
                         IW_STR_ARG(path));
    }
}

void iw_config_judge(struct iw_config *config)
{
    for (size_t i = 0; i < config->sections.n; i++) {
        const struct iw_config_section *section = config->sections.entries[i].value.pointer;
        for (size_t k = 0; k < section->n_layers; k++)
            judge_layer(config, section->layers[k]);
    }
}

void iw_config_trial_init(struct iw_config_trial *trial, const struct iw_config_section *section,
                          const struct iw_config_place *place)
{
    *trial = (struct iw_config_trial){
        .file = {.role = IW_CONFIG_WEB,
                 .place = *place,
                 .rank = iw_config_rank(IW_CONFIG_WEB, place->depth)},
        .layer = {.section = section, .place = *place},
    };
    trial->layer.file = &trial->file;
}

bool iw_config_would_refuse(const struct iw_config *config, const struct iw_config_trial *trial)
{
    return misplaced(config, &trial->layer) != NULL || is_locked(config, &trial->layer);
}
