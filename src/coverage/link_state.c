/*
 * Links that are read from files, those that are about web roots, and all others.
 */
#include "coverage/link_state.h"

#include <inttypes.h>

#include "base/arena_text.h"
#include "base/timestamp.h"
#include "coverage/link_over_roots.h"
#include "coverage/link_told.h"

/* What the configuration lacks, which no event shows. */
static const struct iw_link_want OF_FILES[] = {{NULL, IW_LACK_FILE, NULL}};

static const struct iw_link_want OF_WEB_CONFIGS[] = {{NULL, IW_LACK_WEB_CONFIG, NULL}};

/* From a moment to the end of the window the configuration is not known, for what ret->link says.
 */
static enum iw_rc lack_from(const struct iw_link_host *host, int64_t from_ns,
                            const struct iw_link_want *want, struct iw_arena *arena,
                            struct iw_link_result *ret)
{
    struct iw_link_hole *hole = iw_arena_alloc(arena, sizeof *hole);
    if (hole == NULL)
        return IW_ENOMEM;
    if (from_ns < host->log.from_ns)
        from_ns = host->log.from_ns;
    ret->wants = want;
    ret->n_wants = 1;
    *hole = (struct iw_link_hole){from_ns, host->log.to_ns, ret->link.why, *want};
    ret->holes = hole;
    ret->n_holes = from_ns < host->log.to_ns;
    return IW_OK;
}

/* A web.config that nobody collected may say anything; that it may is a note. Of one that was
 * written it is known that it says something else than before. */
static enum iw_rc judge_rewritten(const struct iw_link_host *host, struct iw_arena *arena,
                                  struct iw_link_result *ret)
{
    const struct iw_server_fact *rewritten = host->rewritten;
    char when[IW_TIME_TEXT_BYTES];
    if (rewritten->time_ns >= host->log.to_ns && host->log.from_ns < host->log.to_ns)
        return IW_OK;
    ret->link.state = IW_LINK_GAP;
    ret->link.why = iw_arena_format(
        arena,
        "%.*s was written at %s (event %u, record %" PRIu64 ") and is not in evidence: modules and "
        "handlers that it registers since then are not known",
        IW_STR_ARG(rewritten->path), iw_time_words(rewritten->time_ns, false, when),
        rewritten->event_id, rewritten->record_id);
    return ret->link.why.p != NULL ? lack_from(host, rewritten->time_ns, OF_WEB_CONFIGS, arena, ret)
                                   : IW_ENOMEM;
}

/* What is written in files is read or not, whatever the time. */
static enum iw_rc judge_configuration(const struct iw_link_host *host, struct iw_arena *arena,
                                      struct iw_link_result *ret)
{
    const struct iw_inventory_server *server = host->server;
    bool is_there = server != NULL && (server->known_by & IW_SERVER_BY_CONFIGURATION) != 0;
    memset(ret, 0, sizeof *ret);
    ret->link.name = iw_str_of(iw_link_name(IW_LINK_CONFIGURATION));
    ret->link.fix = IW_STR("");
    ret->link.source = is_there ? IW_STR("applicationHost.config") : IW_STR("");
    if (is_there && server->is_authoritative) {
        ret->link.state = IW_LINK_PROVED;
        ret->link.why = iw_arena_format(arena, "read from %.*s", IW_STR_ARG(server->source));
        if (ret->link.why.p == NULL)
            return IW_ENOMEM;
        return host->rewritten != NULL ? judge_rewritten(host, arena, ret) : IW_OK;
    }
    ret->link.state = is_there ? IW_LINK_NOT_PROVED : IW_LINK_ABSENT;
    ret->link.why = is_there && server->why_not.n != 0 ? server->why_not
                                                       : IW_STR("no configuration in evidence");
    return lack_from(host, host->log.from_ns, OF_FILES, arena, ret);
}

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
        return judge_configuration(host, arena, ret);
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
