/*
 * Without a baseline: permissions (isapiCgiRestriction) for a DLL or program that the catalogue
 * does not know. IIS refuses what has none, so one is a load point: where a folder lets requests
 * execute, nothing else has to name the DLL. Of what a handler or FastCGI names, too, that entry is
 * spoken of. It weighs less where the evidence shows that no request reaches it.
 */
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/judgment.h"
#include "detect/web_program.h"

static bool is_asked(const struct iw_inventory_component *row)
{
    return iw_component_is_permission(row) && row->approval == IW_APPROVAL_NOT_ASKED &&
           row->known == IW_ITEM_KNOWN_UNKNOWN && iw_component_is_registered(row) &&
           iw_component_loads(row) != IW_LOADS_NOTHING;
}

/* Another entry that is in force names the same program. */
static bool is_named_besides(const struct iw_case *named)
{
    for (size_t i = 0; i < named->n; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        if (!iw_component_is_permission(row) && iw_component_is_registered(row))
            return true;
    }
    return false;
}

/* Of each folder that is served something was collected, with it the configuration that lies there:
 * what handlers there are, and where requests may execute, is known. */
static bool is_known_whole(const struct iw_inventory_server *server)
{
    if (server->source.n == 0 || !server->is_authoritative)
        return false;
    for (size_t i = 0; i < server->n_roots; i++) {
        if (!server->roots[i].is_assumed && !server->roots[i].is_collected)
            return false;
    }
    return true;
}

/* There it is asked for by its name as soon as its folder lets requests execute, which any
 * web.config around it may say. */
static bool is_below_root(const struct iw_inventory_server *server, struct iw_str path)
{
    for (size_t i = 0; i < server->n_roots; i++) {
        if (iw_path_is_below(path, server->roots[i].path))
            return true;
    }
    return false;
}

/* Why it weighs less; NULL: it does not. */
static const char *lowered_by(const struct iw_judging *judging,
                              const struct iw_inventory_component *row, bool is_run)
{
    const struct iw_item_file *file = iw_component_file(row);
    if (iw_file_is_proved(file))
        return "lowered: who signed it is proved";
    if (!is_run && file != NULL && is_known_whole(judging->server) &&
        !is_below_root(judging->server, row->image_path))
        return "lowered: no handler names it, and it lies below no web root";
    return NULL;
}

static enum iw_rc judge(struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    struct iw_case *named = iw_case_of_component(judging, i);
    const struct iw_inventory_web_file *program;
    const char *lowered;
    if (named == NULL)
        return IW_ENOMEM;
    if (is_named_besides(named))
        return IW_OK;
    IW_TRY(iw_web_program_of(named, &program));
    lowered = lowered_by(judging, row, program != NULL);
    IW_TRY(iw_case_say(named, lowered != NULL ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
                       "Program that requests may run and nobody vouches for",
                       "isapiCgiRestriction allows %.*s, which is none of Microsoft's own, and no "
                       "baseline vouches for it",
                       IW_STR_ARG(row->image)));
    if (lowered != NULL)
        IW_TRY(iw_case_line(named, &named->why, "%s", lowered));
    if (iw_file_is_proved(iw_component_file(row)))
        IW_TRY(iw_case_line(named, &named->why, "signed by %.*s",
                            IW_STR_ARG(iw_component_file(row)->signer)));
    for (size_t k = 0; k < row->notes.n; k++)
        IW_TRY(iw_case_line(named, &named->why, "%.*s", IW_STR_ARG(row->notes.items[k])));
    return program != NULL ? iw_web_program_say(named, program) : IW_OK;
}

enum iw_rc iw_judge_permissions(struct iw_judging *judging)
{
    for (size_t i = 0; i < judging->server->n_components; i++) {
        if (is_asked(&judging->server->components[i]))
            IW_TRY(judge(judging, i));
    }
    return IW_OK;
}
