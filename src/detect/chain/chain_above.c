/*
 * Who stands above a process that started: a web server that serves, one that manages, and whose
 * pool that is.
 */
#include "detect/chain/chain_above.h"

#include "base/limits.h"
#include "base/path_name.h"
#include "context/pool_account.h"
#include "context/worker_process.h"
#include "detect/chain/deployment.h"

/* The command line of the direct parent stands in the event, also where its start does not. */
struct iw_str iw_chain_command_line_of(const struct iw_process *process, bool is_parent,
                                       const struct iw_chain_fact *what)
{
    return process->command_line.n == 0 && is_parent ? what->parent_command_line
                                                     : process->command_line;
}

/* What may as well start servers started one, by this process or the one of the line that it
 * started: then it is no server here. */
static bool is_launcher(const struct iw_process *const *all, size_t i,
                        const struct iw_chain_fact *what)
{
    return iw_program_launches_server(i == 0 ? what->command_line
                                             : iw_chain_command_line_of(all[i - 1], i == 1, what));
}

/* Where no process is known to stand above it, the event still names its parent. */
static void find_told_server(const struct iw_chains *chains, const struct iw_chain_fact *what,
                             struct iw_chain_above *above)
{
    enum iw_program_serving serving =
        iw_program_serving(what->parent.image, what->parent_command_line, chains->settings);
    if (serving == IW_SERVES_NOTHING || iw_program_launches_server(what->command_line))
        return;
    above->is_likely = serving == IW_SERVES_LIKELY;
    above->image = what->parent.image;
    above->command_line = what->parent_command_line;
    above->name = what->parent;
}

/* The nearest web server; but a worker of IIS above it is the one that has a pool, and one that is
 * a server for certain goes before one that is only likely. */
void iw_chain_above_find_server(const struct iw_chains *chains, const struct iw_chain_fact *what,
                                struct iw_chain_above *above)
{
    const struct iw_process *all[IW_LIMIT_LINEAGE_DEPTH];
    size_t n =
        above->process != NULL
            ? iw_process_ancestors(above->process, all, IW_LIMIT_LINEAGE_DEPTH, &above->is_complete)
            : 0;
    for (size_t i = 0; i < n; i++) {
        struct iw_str command_line = iw_chain_command_line_of(all[i], i == 0, what);
        bool is_worker = iw_is_worker_image(all[i]->name.image);
        enum iw_program_serving serving;
        if (above->image.n != 0 && !is_worker && !above->is_likely)
            continue;
        serving = iw_program_serving(all[i]->name.image, command_line, chains->settings);
        if (serving == IW_SERVES_NOTHING ||
            (serving == IW_SERVES_LIKELY && (above->image.n != 0 || is_launcher(all, i, what))))
            continue;
        above->is_likely = serving == IW_SERVES_LIKELY;
        above->server = all[i];
        above->image = all[i]->name.image;
        above->command_line = command_line;
        above->name = all[i]->name;
        if (is_worker)
            return;
    }
    if (n == 0)
        find_told_server(chains, what, above);
}

/* What a management service starts, where no web server is above, itself or by what it started: a
 * deployment is what it is for, but what a deployment starts is told as if the service had. */
void iw_chain_above_find_management(const struct iw_chain_fact *what, struct iw_chain_above *above)
{
    const struct iw_process *all[IW_LIMIT_LINEAGE_DEPTH];
    size_t n = above->process != NULL
                   ? iw_process_ancestors(above->process, all, IW_LIMIT_LINEAGE_DEPTH, NULL)
                   : 0;
    if (above->image.n != 0 || iw_deployment_of_program(what->process.image) != NULL)
        return;
    for (size_t i = 0; i < n && above->image.n == 0; i++) {
        if (!iw_program_manages(all[i]->name.image))
            continue;
        above->server = all[i];
        above->image = all[i]->name.image;
        above->command_line = iw_chain_command_line_of(all[i], i == 0, what);
        above->name = all[i]->name;
    }
    if (n == 0 && iw_program_manages(what->parent.image)) {
        above->image = what->parent.image;
        above->command_line = what->parent_command_line;
        above->name = what->parent;
    }
}

enum iw_rc iw_chains_find_pool(struct iw_chains *chains, const struct iw_process *worker,
                               struct iw_str user, int64_t time_ns, struct iw_str *ret)
{
    const struct iw_host_context *context = chains->context;
    struct iw_web_state state = {.knowledge = IW_WEB_UNKNOWN, .is_partial = true};
    struct iw_worker_pool pool = {IW_STR(""), NULL};
    if (context->places != NULL)
        state = iw_web_places_at(context->places, context->host, time_ns);
    if (worker != NULL)
        IW_TRY(iw_host_context_pool(context, worker, &state, &chains->scratch, &pool));
    *ret = pool.pool.n != 0 ? pool.pool : iw_pool_of_account(user);
    return IW_OK;
}

enum iw_rc iw_chain_above_pool(struct iw_chains *chains, const struct iw_chain_above *above,
                               const struct iw_chain_fact *what, int64_t time_ns,
                               struct iw_str *ret)
{
    *ret = above->image.n != 0 ? iw_worker_pool(above->command_line) : above->pool;
    if (ret->n != 0 || (above->image.n != 0 && !iw_is_worker_image(above->image)))
        return IW_OK;
    return iw_chains_find_pool(chains, above->server, what->user, time_ns, ret);
}

iw_chain_marks iw_chain_above_marks(const struct iw_chain_above *above)
{
    iw_chain_marks marks = above->image.n != 0 ? IW_MARK(SHELL) : IW_MARK(POOL_IDENTITY);
    struct iw_str folder = iw_path_folder(above->image);
    if (above->image.n == 0 && above->identity != IW_WEB_IDENTITY_POOL)
        marks |= IW_MARK(SHARED_ACCOUNT);
    if (iw_is_worker_image(above->image) && folder.n != 0 &&
        !iw_str_ends_nocase(folder, IW_STR("\\System32\\inetsrv")) &&
        !iw_str_ends_nocase(folder, IW_STR("\\SysWOW64\\inetsrv")))
        marks |= IW_MARK(ODD_WORKER);
    if (iw_program_serves_developer(above->image))
        marks |= IW_MARK(DEVELOPER_SERVER);
    if (iw_program_manages(above->image))
        marks |= IW_MARK(MANAGEMENT_SERVER);
    if (above->is_likely)
        marks |= IW_MARK(LIKELY_SERVER);
    return marks;
}

/* By a web server itself, and not by an application that it hosts. */
bool iw_chain_above_started_it(const struct iw_chains *chains, const struct iw_chain_above *above,
                               const struct iw_chain_fact *what)
{
    const struct iw_process *parent = above->process != NULL ? above->process->parent : NULL;
    if (above->image.n == 0)
        return false;
    if (parent == NULL)
        return iw_program_manages(what->parent.image) ||
               iw_program_serves(what->parent.image, what->parent_command_line, chains->settings);
    return iw_program_manages(parent->name.image) ||
           iw_program_serves(parent->name.image, iw_chain_command_line_of(parent, true, what),
                             chains->settings);
}
