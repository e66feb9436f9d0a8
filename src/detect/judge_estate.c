/*
 * Who acted: a registration, or a write of a file that executes, by an account that the estate
 * lists neither as operator nor for deployment. Windows itself (SYSTEM, TrustedInstaller and the
 * services) stands in nobody's list and is not asked for: who acts as one of them is judged by what
 * it does.
 */
#include "detect/component_kinds.h"
#include "detect/judgment.h"

static bool is_of_windows(struct iw_str account)
{
    static const char *const SIDS[] = {"S-1-5-18", "S-1-5-19", "S-1-5-20"};
    for (size_t i = 0; i < sizeof SIDS / sizeof SIDS[0]; i++) {
        if (iw_str_equal_nocase(account, iw_str_of(SIDS[i])))
            return true;
    }
    return iw_str_begins_nocase(account, IW_STR("NT AUTHORITY\\")) ||
           iw_str_begins_nocase(account, IW_STR("NT SERVICE\\")) ||
           iw_str_begins_nocase(account, IW_STR("S-1-5-80-"));
}

/* *ret: the estate lists accounts for this host, and this one is none of them. */
static enum iw_rc is_stranger(struct iw_judging *judging, const struct iw_server_fact *fact,
                              bool *ret)
{
    const struct iw_estate *estate = judging->input->estate;
    const struct iw_estate_server *server = NULL;
    bool is_sid = iw_str_begins_nocase(fact->user, IW_STR("S-1-"));
    enum iw_holds answer;
    *ret = false;
    if (fact->user.n == 0 || is_of_windows(fact->user))
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

static enum iw_rc judge_changes(struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    const struct iw_fact_span *changes = &judging->facts[IW_FACT_CONFIG_CHANGE];
    for (size_t k = 0; k < changes->n; k++) {
        bool is_strange = false;
        if (iw_fact_names(&changes->items[k], row))
            IW_TRY(is_stranger(judging, &changes->items[k], &is_strange));
        if (is_strange)
            return say(iw_case_of_component(judging, i), &changes->items[k], "configured");
    }
    return IW_OK;
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
    if (judging->input->estate == NULL)
        return IW_OK;
    for (size_t i = 0; i < server->n_components; i++) {
        if (iw_component_is_registered(&server->components[i]) &&
            iw_component_loads(&server->components[i]) != IW_LOADS_NOTHING)
            IW_TRY(judge_changes(judging, i));
    }
    for (size_t i = 0; i < server->n_web_files; i++)
        IW_TRY(judge_writes(judging, &server->web_files[i]));
    return IW_OK;
}
