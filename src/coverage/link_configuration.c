/*
 * What is written in files is read or not, whatever the time; what events tell of their being
 * written later takes it away from then on.
 */
#include "coverage/link_configuration.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "base/timestamp.h"
#include "coverage/link_told.h"
#include "iis/config/server_path.h"

/* The event of a change may be written a moment behind the file, and archives keep times to two
 * seconds: so much later is the same change. */
#define SAME_CHANGE_NS (INT64_C(60) * IW_NS_PER_SECOND)

/* --- a copy that is older than the configuration ---------------------------------------------- */

/* Where applicationHost.config lies on the server: an entry read from it says so. */
static struct iw_str path_on_server(const struct iw_inventory_server *server)
{
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        if (row->config_path.n != 0 && iw_str_equal(row->config_source, server->source))
            return row->config_path;
    }
    return IW_STR("");
}

static bool is_change(const struct iw_server_fact *fact)
{
    return iw_fact_is_writing(fact) || fact->kind == IW_FACT_CONFIG_CHANGE ||
           fact->kind == IW_FACT_CONFIG_COMMIT;
}

enum iw_rc iw_link_configuration_outdated(struct iw_link_host *host,
                                          const struct iw_server_fact *facts, size_t n,
                                          struct iw_arena *arena)
{
    const struct iw_inventory_server *server = host->server;
    struct iw_server_path live, path;
    struct iw_str named;
    int64_t known_ns;
    if (server == NULL || server->config_copy_ns == 0 || !iw_time_known(server->config_copy_ns))
        return IW_OK;
    named = path_on_server(server);
    known_ns = server->config_copy_ns;
    if (named.n == 0 || known_ns > INT64_MAX - SAME_CHANGE_NS)
        return IW_OK;
    if (!iw_server_path_of_file(named, arena, &live))
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        int64_t from_ns;
        if (!is_change(&facts[i]) || !iw_time_known(facts[i].time_ns) ||
            facts[i].last_ns <= known_ns + SAME_CHANGE_NS ||
            !iw_str_equal_nocase(iw_path_name(facts[i].path), iw_path_name(named)))
            continue;
        if (!iw_server_path_of_file(facts[i].path, arena, &path))
            return IW_ENOMEM;
        if (!iw_str_equal(path.key, live.key))
            continue;
        /* One fact stands for all events that say the same: of those between nothing is known. */
        from_ns = facts[i].time_ns > known_ns + SAME_CHANGE_NS ? facts[i].time_ns : known_ns;
        if (host->outdated != NULL && host->outdated_ns <= from_ns)
            continue;
        host->outdated = &facts[i];
        host->outdated_ns = from_ns;
    }
    return IW_OK;
}

/* --- the link --------------------------------------------------------------------------------- */

/* What it lacks, which no event shows. */
enum { N_LACKS = 3 };

struct lacking {
    const struct iw_link_host *host;
    struct iw_arena *arena;
    struct iw_link_hole *holes;
    struct iw_link_want *wants;
    size_t n, n_wants;
};

/* From a moment to the end of the window the configuration is not known, for *why*. */
static enum iw_rc lack_from(struct lacking *in, int64_t from_ns, enum iw_lack lack,
                            struct iw_str why)
{
    const struct iw_log_host *log = &in->host->log;
    const struct iw_link_want want = {NULL, lack, NULL};
    if (why.p == NULL)
        return IW_ENOMEM;
    if (from_ns < log->from_ns)
        from_ns = log->from_ns;
    if (from_ns >= log->to_ns && log->from_ns < log->to_ns)
        return IW_OK; /* behind the window that is asked for */
    iw_link_want_add(in->wants, &in->n_wants, &want);
    in->holes[in->n++] = (struct iw_link_hole){from_ns, log->to_ns, why, want};
    return IW_OK;
}

static bool is_unread(const struct iw_inventory_component *row)
{
    return strcmp(row->state, "unknown") == 0;
}

/* Two kinds of entries stand in one section. */
static bool is_same_section(const struct iw_inventory_component *a,
                            const struct iw_inventory_component *b)
{
    return a->line == b->line && a->column == b->column && iw_str_equal(a->scope, b->scope) &&
           iw_str_equal(a->config_source, b->config_source);
}

static bool is_told(const struct iw_inventory_server *server, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (is_unread(&server->components[k]) &&
            is_same_section(&server->components[k], &server->components[i]))
            return true;
    }
    return false;
}

/* What the inventory says of that place; empty: nothing. */
static struct iw_str problem_at(const struct iw_inventory_server *server,
                                const struct iw_inventory_component *row)
{
    for (size_t i = 0; i < server->n_problems; i++) {
        const struct iw_inventory_problem *problem = &server->problems[i];
        if (problem->line == row->line && problem->column == row->column &&
            iw_str_equal(problem->source, row->config_source))
            return problem->what;
    }
    return IW_STR("");
}

/* A section that can hold load points, and cannot be read: any number of entries may be in it. */
static enum iw_rc lack_sections(struct lacking *in)
{
    const struct iw_inventory_server *server = in->host->server;
    const struct iw_inventory_component *first = NULL;
    struct iw_str more = IW_STR(""), said, file;
    size_t n = 0;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        if (!is_unread(row))
            continue;
        if (n < IW_LIMIT_COVERAGE_REASONS && is_told(server, i))
            continue;
        first = first == NULL ? row : first;
        n++;
    }
    if (first == NULL)
        return IW_OK;
    said = problem_at(server, first);
    file = first->config_path.n != 0 ? first->config_path : first->config_source;
    if (n > IW_LIMIT_COVERAGE_REASONS)
        more = IW_STR(", nor are many more sections");
    else if (n > 1)
        more = iw_arena_format(in->arena, ", nor %s %zu more section%s", n == 2 ? "is" : "are",
                               n - 1, n == 2 ? "" : "s");
    if (more.p == NULL)
        return IW_ENOMEM;
    return lack_from(in, in->host->log.from_ns, IW_LACK_SECTION,
                     iw_arena_format(in->arena,
                                     "what is registered as %s in %.*s line %u is not known%.*s%s"
                                     "%.*s",
                                     first->kind, IW_STR_ARG(file), first->line, IW_STR_ARG(more),
                                     said.n != 0 ? ": " : ": encrypted or not at hand",
                                     IW_STR_ARG(said)));
}

/* A web.config that nobody collected may say anything; that it may is a note. Of one that was
 * written it is known that it says something else than before. */
static enum iw_rc lack_rewritten(struct lacking *in)
{
    const struct iw_server_fact *rewritten = in->host->rewritten;
    char when[IW_TIME_TEXT_BYTES];
    if (rewritten == NULL)
        return IW_OK;
    return lack_from(
        in, rewritten->time_ns, IW_LACK_WEB_CONFIG,
        iw_arena_format(in->arena,
                        "%.*s was written at %s (event %u, record %" PRIu64 ") and is not in "
                        "evidence: modules and handlers that it registers since then are not known",
                        IW_STR_ARG(rewritten->path), iw_time_words(rewritten->time_ns, false, when),
                        rewritten->event_id, rewritten->record_id));
}

static enum iw_rc lack_outdated(struct lacking *in)
{
    const struct iw_server_fact *outdated = in->host->outdated;
    char when[IW_TIME_TEXT_BYTES], copied[IW_TIME_TEXT_BYTES];
    if (outdated == NULL)
        return IW_OK;
    return lack_from(
        in, in->host->outdated_ns, IW_LACK_FILE,
        iw_arena_format(in->arena,
                        "%.*s was changed at %s (event %u, record %" PRIu64 "%s), and the copy in "
                        "evidence is of %s: what it registers since then is not known",
                        IW_STR_ARG(outdated->path), iw_time_words(outdated->time_ns, false, when),
                        outdated->event_id, outdated->record_id,
                        outdated->n > 1 ? " and later" : "",
                        iw_time_words(in->host->server->config_copy_ns, false, copied)));
}

static enum iw_rc judge_read(struct lacking *in, struct iw_link_result *ret)
{
    const struct iw_inventory_server *server = in->host->server;
    bool is_unknown;
    IW_TRY(lack_sections(in));
    is_unknown = in->n != 0;
    IW_TRY(lack_outdated(in));
    IW_TRY(lack_rewritten(in));
    if (in->n == 0) {
        ret->link.state = IW_LINK_PROVED;
        ret->link.why = iw_arena_format(in->arena, "read from %.*s", IW_STR_ARG(server->source));
        return ret->link.why.p != NULL ? IW_OK : IW_ENOMEM;
    }
    ret->link.state = is_unknown ? IW_LINK_NOT_PROVED : IW_LINK_GAP;
    if (in->n > 1)
        qsort(in->holes, in->n, sizeof *in->holes, iw_link_compare_holes);
    ret->link.why = iw_link_hole_words(&in->holes[0], in->n - 1, in->arena);
    return ret->link.why.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_link_configuration_find(const struct iw_link_host *host, struct iw_arena *arena,
                                      struct iw_link_result *ret)
{
    const struct iw_inventory_server *server = host->server;
    bool is_there = server != NULL && (server->known_by & IW_SERVER_BY_CONFIGURATION) != 0;
    struct lacking in = {.host = host, .arena = arena};
    memset(ret, 0, sizeof *ret);
    in.holes = iw_arena_calloc(arena, N_LACKS, sizeof *in.holes);
    in.wants = iw_arena_calloc(arena, N_LACKS, sizeof *in.wants);
    if (in.holes == NULL || in.wants == NULL)
        return IW_ENOMEM;
    ret->link.name = iw_str_of(iw_link_name(IW_LINK_CONFIGURATION));
    ret->link.fix = IW_STR("");
    ret->link.source = is_there ? IW_STR("applicationHost.config") : IW_STR("");
    if (is_there && server->is_authoritative) {
        IW_TRY(judge_read(&in, ret));
    } else {
        ret->link.state = is_there ? IW_LINK_NOT_PROVED : IW_LINK_ABSENT;
        ret->link.why = is_there && server->why_not.n != 0 ? server->why_not
                                                           : IW_STR("no configuration in evidence");
        IW_TRY(lack_from(&in, host->log.from_ns, IW_LACK_FILE, ret->link.why));
    }
    ret->holes = in.holes;
    ret->n_holes = host->log.from_ns < host->log.to_ns ? in.n : 0;
    ret->wants = in.wants;
    ret->n_wants = in.n_wants;
    return IW_OK;
}
