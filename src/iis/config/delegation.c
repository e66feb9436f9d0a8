/*
 * administration.config: <authorization> names, scope by scope, who may connect to a site or
 * application by the management service; <authentication> has the accounts that only IIS knows;
 * <delegation> has the rules by which somebody may deploy with the rights of another account.
 */
#include "iis/config/pathway_lines.h"
#include "iis/config/write_pathways.h"

#define MANAGEMENT "system.webServer/management/"

typedef void (*teller)(const struct iw_config_element *element, struct iw_pathway_lines *lines);

static void tell_scopes(const struct iw_config_element *element, struct iw_pathway_lines *lines)
{
    const struct iw_config_element *rules = iw_config_child(element, IW_STR("authorizationRules"));

    for (const struct iw_config_element *scope = iw_config_child(rules, IW_STR("scope"));
         scope != NULL; scope = iw_config_sibling(scope, IW_STR("scope")))
        for (const struct iw_config_element *who = iw_config_child(scope, IW_STR("add"));
             who != NULL; who = iw_config_sibling(who, IW_STR("add")))
            iw_pathway_say(lines, "delegation: %.*s%.*s manages %.*s",
                           iw_config_flag(who, IW_STR("isRole"), false) ? 6 : 0, "group ",
                           IW_STR_ARG(iw_pathway_value(who, IW_STR("name"))),
                           IW_STR_ARG(iw_pathway_value(scope, IW_STR("path"))));
}

static void tell_accounts(const struct iw_config_element *element, struct iw_pathway_lines *lines)
{
    const struct iw_config_element *all = iw_config_child(element, IW_STR("credentials"));

    for (const struct iw_config_element *who = iw_config_child(all, IW_STR("add")); who != NULL;
         who = iw_config_sibling(who, IW_STR("add")))
        if (iw_config_flag(who, IW_STR("enabled"), true))
            iw_pathway_say(lines, "delegation: %.*s is an account of IIS alone",
                           IW_STR_ARG(iw_pathway_value(who, IW_STR("name"))));
}

static void tell_rules(const struct iw_config_element *element, struct iw_pathway_lines *lines)
{
    for (const struct iw_config_element *rule = iw_config_child(element, IW_STR("rule"));
         rule != NULL; rule = iw_config_sibling(rule, IW_STR("rule"))) {
        const struct iw_config_element *as = iw_config_child(rule, IW_STR("runAs"));
        struct iw_str user = iw_pathway_value(as, IW_STR("userName"));
        if (!iw_config_flag(rule, IW_STR("enabled"), true))
            continue;
        if (user.n == 0)
            user = iw_pathway_value(as, IW_STR("identityType"));
        iw_pathway_say(lines, "delegation: rule for %.*s at %.*s, run as %.*s",
                       IW_STR_ARG(iw_pathway_value(rule, IW_STR("providers"))),
                       IW_STR_ARG(iw_pathway_value(rule, IW_STR("path"))),
                       IW_STR_ARG(user.n != 0 ? user : IW_STR("the user")));
    }
}

static void tell_section(const struct iw_config *config, const char *path, teller tell,
                         struct iw_pathway_lines *lines)
{
    const struct iw_config_section *section = iw_config_section_of(config, iw_str_of(path));
    const struct iw_config_layer *layer = NULL;

    while ((layer = iw_config_layer_at(config, section, IW_STR(""), layer)) != NULL) {
        if (layer->is_encrypted || layer->is_missing)
            iw_pathway_say(lines, "unknown: delegation: %s is encrypted or not at hand", path);
        else
            tell(layer->element, lines);
    }
}

enum iw_rc iw_delegations_read(const struct iw_config *config, struct iw_arena *arena,
                               struct iw_text_list *ret)
{
    struct iw_pathway_lines lines = {.arena = arena};
    const struct iw_config_file *file = config->files;

    while (file != NULL && file->role != IW_CONFIG_ADMINISTRATION)
        file = file->next;
    if (file == NULL)
        iw_pathway_say(&lines, "unknown: delegation: administration.config is not in evidence");
    else if (file->tree.defect != IW_CONFIG_WHOLE)
        iw_pathway_say(&lines, "unknown: delegation: administration.config is damaged");
    tell_section(config, MANAGEMENT "authorization", tell_scopes, &lines);
    tell_section(config, MANAGEMENT "authentication", tell_accounts, &lines);
    tell_section(config, MANAGEMENT "delegation", tell_rules, &lines);
    return iw_pathway_sort(&lines, ret);
}
