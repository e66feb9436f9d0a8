/*
 * Who acted: a registration, or a write of a file that executes, by an account that the estate
 * lists neither as operator nor for deployment. Windows itself (SYSTEM, TrustedInstaller and the
 * services) stands in nobody's list and is not asked for: who acts as one of them is judged by what
 * it does.
 */
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/judgment.h"
#include "detect/named_changes.h"

/* *ret: the estate lists accounts for this host, and this one is none of them. */
static enum iw_rc is_stranger(struct iw_judging *judging, const struct iw_server_fact *fact,
                              bool *ret)
{
    const struct iw_estate *estate = judging->input->estate;
    const struct iw_estate_server *server = NULL;
    bool is_sid = iw_str_begins_nocase(fact->user, IW_STR("S-1-"));
    enum iw_holds answer;
    *ret = false;
    if (fact->user.n == 0 || iw_account_is_of_windows(fact->user))
        return IW_OK;
    IW_TRY(iw_estate_find(estate, judging->server->host, fact->computer, &server));
    IW_TRY(iw_estate_lists_account(estate, server, IW_ESTATE_OPERATORS | IW_ESTATE_DEPLOYERS,
                                   is_sid ? IW_STR("") : fact->user,
                                   is_sid ? fact->user : IW_STR(""), &answer));
    *ret = answer == IW_HOLDS_NO;
    return IW_OK;
}

static enum iw_rc say(struct iw_case *named, const struct iw_server_fact *fact, const char *what)
{
    return iw_case_say(named, IW_LEVEL_MEDIUM,
                       "Changed by an account that the estate does not list",
                       "%.*s %s it, and is neither operator nor deployment account of this server",
                       IW_STR_ARG(fact->user), what);
}

/* By change: whether a stranger made it. Asked once each: many components may share a change. */
static enum iw_rc find_strangers(struct iw_judging *judging, bool **ret)
{
    const struct iw_fact_span *changes = &judging->facts[IW_FACT_CONFIG_CHANGE];
    *ret = iw_arena_calloc(judging->arena, changes->n + 1, sizeof **ret);
    if (*ret == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < changes->n; i++)
        IW_TRY(is_stranger(judging, &changes->items[i], &(*ret)[i]));
    return IW_OK;
}

static size_t first_strange(const struct iw_change_places *places, const bool *strange)
{
    for (size_t i = 0; places != NULL && i < places->n; i++) {
        if (strange[places->items[i]])
            return places->items[i];
    }
    return SIZE_MAX;
}

static enum iw_rc judge_changes(struct iw_judging *judging, size_t i, const bool *strange)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    const struct iw_fact_span *changes = &judging->facts[IW_FACT_CONFIG_CHANGE];
    const struct iw_change_places *by_name, *by_image;
    size_t first, other;
    IW_TRY(iw_changes_of_name(judging, row->name, &by_name));
    IW_TRY(iw_changes_of_image(judging, row->image, &by_image));
    first = first_strange(by_name, strange);
    other = first_strange(by_image, strange);
    if (other < first)
        first = other;
    return first != SIZE_MAX
               ? say(iw_case_of_component(judging, i), &changes->items[first], "configured")
               : IW_OK;
}

static enum iw_rc judge_writes(struct iw_judging *judging,
                               const struct iw_inventory_web_file *web_file)
{
    struct iw_fact_span writes = iw_facts_at(judging, IW_FACT_FILE_WRITTEN, web_file->file.path);
    for (size_t k = 0; k < writes.n; k++) {
        bool is_strange;
        IW_TRY(is_stranger(judging, &writes.items[k], &is_strange));
        if (is_strange)
            return say(iw_case_of_web_file(judging, web_file), &writes.items[k], "wrote");
    }
    return IW_OK;
}

enum iw_rc iw_judge_estate(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    bool *strange;
    if (judging->input->estate == NULL)
        return IW_OK;
    IW_TRY(find_strangers(judging, &strange));
    for (size_t i = 0; i < server->n_components; i++) {
        if (iw_component_is_registered(&server->components[i]) &&
            iw_component_loads(&server->components[i]) != IW_LOADS_NOTHING)
            IW_TRY(judge_changes(judging, i, strange));
    }
    for (size_t i = 0; i < server->n_web_files; i++)
        IW_TRY(judge_writes(judging, &server->web_files[i]));
    return IW_OK;
}
