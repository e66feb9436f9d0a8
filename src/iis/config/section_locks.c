/*
 * A section that a server's configSections does not declare is not installed there, and IIS refuses
 * it; where no section is declared at all (a part of a configuration), the table of config_known.c
 * stands in.
 */
#include "iis/config/section_locks.h"

#include "iis/config/config_judge.h"
#include "iis/config/config_lock.h"

#define WEB "system.webServer/"
#define NET "system.web/"

static const struct iw_code_section SECTIONS[] = {
    {WEB "aspNetCore", NULL, "processPath", false},
    {WEB "fastCgi", "application", NULL, false},
    {WEB "globalModules", "add", NULL, false},
    {WEB "handlers", "add", NULL, false},
    {WEB "httpCompression", "scheme", NULL, false},
    {WEB "httpPlatform", NULL, "processPath", false},
    {WEB "isapiFilters", "filter", NULL, false},
    {WEB "modules", "add", NULL, false},
    {WEB "rewrite/providers", "provider", NULL, false},
    {WEB "security/isapiCgiRestriction", "add", NULL, false},
    {"runtime", "assemblyBinding", NULL, true},
    {"system.codedom", "compilers", NULL, true},
    {"system.diagnostics", "trace", NULL, true},
    {"system.serviceModel/extensions", "behaviorExtensions", NULL, true},
    {NET "compilation", "buildProviders", NULL, true},
    {NET "hostingEnvironment", NULL, "shadowCopyBinAssemblies", true},
    {NET "httpHandlers", "add", NULL, true},
    {NET "httpModules", "add", NULL, true},
    {NET "httpRuntime", NULL, "requestValidationType", true},
    {NET "membership", "providers", NULL, true},
    {NET "pages", NULL, "pageParserFilterType", true},
    {NET "roleManager", "providers", NULL, true},
    {NET "sessionState", "providers", NULL, true},
};

const struct iw_code_section *iw_code_sections(size_t *ret_n)
{
    *ret_n = sizeof SECTIONS / sizeof SECTIONS[0];
    return SECTIONS;
}

/* globalModules is declared by every server that declares anything. */
static bool declares_its_sections(const struct iw_config *config)
{
    const struct iw_config_section *section =
        iw_config_section_of(config, IW_STR(WEB "globalModules"));
    return section != NULL && section->is_declared;
}

static bool is_installed(const struct iw_config *config, const struct iw_config_section *section,
                         const struct iw_code_section *row)
{
    return section != NULL &&
           (section->is_declared || row->is_net || !declares_its_sections(config));
}

/* Does an element above keep code from being added (lockElements, lockAttributes, lockItem)? Where
 * it is encrypted, it may. */
static enum iw_section_answer answer_by_locks(const struct iw_config *config,
                                              const struct iw_code_section *row,
                                              const struct iw_config_layer *trial)
{
    struct iw_config_locks locks = {.n = 0};
    const struct iw_config_layer *above = NULL;
    bool is_hidden = false, is_locked;

    while ((above = iw_config_layer_at(config, trial->section, trial->place.key, above)) != NULL) {
        if (above->file->rank >= trial->file->rank)
            continue; /* the file itself */
        is_hidden |= above->is_encrypted || above->is_missing ||
                     !iw_config_locks_add(&locks, above, above->element, false);
    }
    is_locked = row->element != NULL
                    ? iw_config_locks_element(&locks, trial, false, iw_str_of(row->element))
                    : iw_config_locks_attribute(&locks, trial, false, iw_str_of(row->attribute));
    if (is_locked)
        return IW_SECTION_DENIED;
    return is_hidden ? IW_SECTION_UNKNOWN : IW_SECTION_ALLOWED;
}

enum iw_section_answer iw_section_answer_at(const struct iw_config *config,
                                            const struct iw_code_section *row,
                                            const struct iw_config_place *place)
{
    const struct iw_config_section *section = iw_config_section_of(config, iw_str_of(row->path));
    struct iw_config_trial trial;

    if (!iw_config_locks_are_known(config) || config->has_hidden_layers ||
        config->has_hidden_sections)
        return IW_SECTION_UNKNOWN;
    if (!is_installed(config, section, row))
        return IW_SECTION_DENIED;
    iw_config_trial_init(&trial, section, place);
    if (iw_config_would_refuse(config, &trial))
        return IW_SECTION_DENIED;
    return answer_by_locks(config, row, &trial.layer);
}
