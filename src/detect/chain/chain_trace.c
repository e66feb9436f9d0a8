/*
 * Shells whose start is in no event: known by what is left of them, their end, a file they wrote, a
 * connection they made. That tells no parent; but a pool's own account works for nobody but web
 * servers, so a shell of that account is the web server's, whenever it started.
 */
#include "context/pool_account.h"
#include "detect/chain/chain_above.h"
#include "detect/chain/chain_state.h"

/* Several traces of one process that the lineage does not know. */
#define SAME_NS (600 * IW_NS_PER_SECOND)

/* Languages that sites are written in run as the pool's account all day. */
static const struct iw_program *program_of(const struct iw_chain_fact *what)
{
    const struct iw_program *program = iw_program_find(what->process.image, IW_STR(""));
    if (program == NULL)
        return NULL;
    switch (program->kind) {
    case IW_PROGRAM_SHELL:
    case IW_PROGRAM_DISCOVERY:
    case IW_PROGRAM_TOOL:
    case IW_PROGRAM_CREDENTIAL:
        return iw_program_is_console_host(program, IW_STR("")) ? NULL : program;
    case IW_PROGRAM_OTHER:
    case IW_PROGRAM_OTHER_TOOL:
    case IW_PROGRAM_ARCHIVER:
    case IW_PROGRAM_INTERPRETER:
    case IW_PROGRAM_COMPILER:
    case IW_PROGRAM_BROUGHT:
    case IW_PROGRAM_WRITTEN:
    case IW_PROGRAM_BY_WMI:
    case IW_PROGRAM_DISGUISED:
    case IW_PROGRAM_KIND_COUNT:
        break;
    }
    return NULL;
}

static bool has_seen_start(const struct iw_process *process)
{
    for (size_t i = 0; process != NULL && i < IW_WITNESS_COUNT; i++) {
        if (process->witnesses[i])
            return true;
    }
    return false;
}

/* Whether a trace of that process made a shell already, where nothing but its number tells. */
static bool is_known_trace(struct iw_chains *chains, const struct iw_chain_fact *what,
                           const struct iw_program *program, int64_t time_ns)
{
    for (size_t i = 0; i < chains->n_traces && i < IW_CHAIN_TRACES; i++) {
        const struct iw_chain_trace *known = &chains->traces[i];
        if (known->pid == what->process.pid && known->program == program &&
            iw_chain_distance_ns(known->time_ns, time_ns) <= SAME_NS)
            return true;
    }
    chains->traces[chains->n_traces++ % IW_CHAIN_TRACES] =
        (struct iw_chain_trace){what->process.pid, time_ns, program};
    return false;
}

enum iw_rc iw_chains_see_trace(struct iw_chains *chains, const struct iw_fact *fact,
                               const struct iw_chain_fact *what, const char *role)
{
    struct iw_chain_above above = {.image = IW_STR(""),
                                   .command_line = IW_STR(""),
                                   .pool = IW_STR(""),
                                   .identity = IW_WEB_IDENTITY_POOL};
    const struct iw_program *program = program_of(what);
    if (program == NULL || (iw_pool_of_account(what->user).n == 0 && !iw_is_pool_sid(what->sid)))
        return IW_OK;
    above.process = iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns);
    if (has_seen_start(above.process) || iw_chains_shell_of(chains, above.process) != NULL ||
        !what->process.has_pid || is_known_trace(chains, what, program, fact->time_ns))
        return IW_OK;
    above.pool = iw_pool_of_account(what->user);
    return iw_chains_new_trace(chains, fact, what, &above, program, role);
}
