/*
 * Links that are read from files, those that are about web roots, and all others.
 */
#include "coverage/link_state.h"

#include "coverage/link_configuration.h"
#include "coverage/link_over_roots.h"
#include "coverage/link_told.h"

static bool is_about_roots(enum iw_link link)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        if (iw_link_witnesses[i].link == link && iw_link_witnesses[i].folders == IW_FOLDERS_ROOTS)
            return true;
    }
    return false;
}

static enum iw_rc find(const struct iw_link_host *host, enum iw_link link, struct iw_arena *arena,
                       struct iw_link_result *ret)
{
    if (link == IW_LINK_CONFIGURATION)
        return iw_link_configuration_find(host, arena, ret);
    if (is_about_roots(link) && host->n_roots + host->n_far_roots != 0 &&
        host->log.from_ns < host->log.to_ns)
        return iw_link_over_roots_find(host, link, arena, ret);
    return iw_link_told_find(host, link, arena, ret);
}

enum iw_rc iw_link_state_find(const struct iw_link_host *host, enum iw_link link,
                              struct iw_arena *arena, struct iw_link_result *ret)
{
    struct iw_link_found *found = host->found;
    if (found == NULL)
        return find(host, link, arena, ret);
    if (!found->is_found[link])
        IW_TRY(find(host, link, arena, &found->links[link]));
    found->is_found[link] = true;
    *ret = found->links[link];
    return IW_OK;
}
