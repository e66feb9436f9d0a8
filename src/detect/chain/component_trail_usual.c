/*
 * Pages that a tool wrote which does what it is told: whether the baseline of behaviour has that
 * account with that command below that web root. Then it is a deployment of this server, of which
 * nothing else tells: no agent stands above a task that copies.
 */
#include "base/arena_text.h"
#include "base/path_name.h"
#include "detect/chain/component_trail_state.h"
#include "detect/chain/usual_writer.h"
#include "iis/config/server_path.h"

/* Asked of every root that the page lies in. */
static enum iw_rc ask_roots(struct iw_component_trails *trails, struct iw_str path,
                            struct iw_chain_usage *usage, bool *ret)
{
    const struct iw_host_context *context = trails->context;
    struct iw_web_state state = iw_web_places_at(context->places, context->host, usage->time_ns);
    struct iw_server_path file;
    if (!iw_server_path_of_file(path, &trails->scratch, &file))
        return IW_ENOMEM;
    for (size_t i = 0; !*ret && i < state.n_roots; i++) {
        enum iw_chain_behaviour behaviour;
        if (state.keys[i].n == 0 || !iw_server_path_covers(state.keys[i], file.key))
            continue;
        usage->scope = state.roots[i].path;
        IW_TRY(trails->ask_behaviour(trails->ask_context, context->host, usage, &behaviour));
        *ret = behaviour == IW_BEHAVIOUR_KNOWN;
    }
    return IW_OK;
}

static enum iw_rc ask(struct iw_component_trails *trails, const struct iw_process *process,
                      const struct iw_chain_fact *what, int64_t time_ns, bool *ret)
{
    struct iw_chain_usage usage;
    *ret = false;
    IW_TRY(iw_usual_writer(what, process, time_ns, &trails->scratch, &usage));
    return usage.name.n != 0 ? ask_roots(trails, what->path, &usage, ret) : IW_OK;
}

/* A job writes folder after folder: what was asked about the page before is answered. */
static enum iw_rc ask_once(struct iw_component_trails *trails, const struct iw_process *process,
                           const struct iw_chain_fact *what, int64_t time_ns)
{
    struct iw_str key;
    iw_arena_reset(&trails->scratch);
    key = iw_arena_format(&trails->scratch, "%llu|%.*s|%.*s", (unsigned long long)process->number,
                          IW_STR_ARG(what->user), IW_STR_ARG(iw_path_folder(what->path)));
    if (key.p == NULL)
        return IW_ENOMEM;
    if (iw_str_equal(key, iw_buffer_str(&trails->usual.key)))
        return IW_OK;
    iw_buffer_clear(&trails->usual.key);
    iw_buffer_add(&trails->usual.key, key);
    if (trails->usual.key.failed)
        return IW_ENOMEM;
    return ask(trails, process, what, time_ns, &trails->usual.is_usual);
}

enum iw_rc iw_trail_ask_usual(struct iw_component_trails *trails, const struct iw_process *process,
                              const struct iw_chain_fact *what, struct iw_trail *trail)
{
    const struct iw_deployment_program *tool;
    if (trail->deployment.words != NULL || trail->is_by_server || process == NULL)
        return IW_OK;
    tool = iw_deployment_of_program(process->name.image);
    if (!iw_deployment_is_tool(tool))
        return IW_OK;
    trail->tool = tool->words;
    if (trails->ask_behaviour == NULL || trails->context->places == NULL)
        return IW_OK;
    IW_TRY(ask_once(trails, process, what, trail->time_ns));
    if (trails->usual.is_usual)
        trail->deployment = (struct iw_deployment){IW_DEPLOYMENT_USUAL, tool->usual};
    return IW_OK;
}
