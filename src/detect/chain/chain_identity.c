/*
 * What runs as an account of the web server, though no web server is known to stand above it.
 *
 * Nobody but a worker runs as a pool's own account: whoever the parent is, or pretends to be, what
 * it runs is the web server's. An account that a pool was given may be that of a task, a service or
 * a person as well: what another process of that account started, or somebody in a session of their
 * own, is theirs. As SYSTEM and NETWORK SERVICE half of Windows works: only a file speaks there.
 */
#include "base/path_name.h"
#include "context/pool_account.h"
#include "context/worker_process.h"
#include "context/host_context.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/program_arguments.h"

/* A page that a worker wrote is used at once; a shell starts while its request runs. */
#define WRITTEN_NEAR_NS (IW_NS_PER_SECOND * 10 * 60)
#define REQUEST_NEAR_NS (2 * IW_NS_PER_SECOND)

/* One that UserContext names; people may work as it too. */
static bool is_named_account(const struct iw_chains *chains, struct iw_str user, struct iw_str sid)
{
    const struct iw_chain_list *users = &chains->settings->users;
    return (user.n != 0 && iw_chain_list_has(users, user)) ||
           (sid.n != 0 && iw_chain_list_has(users, sid));
}

static struct iw_str parent_image(const struct iw_chain_fact *what,
                                  const struct iw_process *process)
{
    if (what->parent.image.n != 0 || process == NULL)
        return what->parent.image;
    return process->parent != NULL ? process->parent->name.image : process->parent_name.image;
}

/* Started by WMI, COM, a task or a service, or by nobody who is known. */
static bool has_no_starter(const struct iw_chain_fact *what, const struct iw_process *process,
                           bool is_complete)
{
    struct iw_str image = parent_image(what, process);
    return image.n == 0 ? !is_complete : iw_program_is_broker(image);
}

static bool is_same_account(const struct iw_process *parent, const struct iw_chain_fact *what)
{
    return (parent->user.n != 0 && iw_str_equal_nocase(parent->user, what->user)) ||
           (parent->sid.n != 0 && iw_str_equal_nocase(parent->sid, what->sid));
}

/* The parent is known, and works as somebody else: it is forged, or started it for another. */
static bool is_started_by_other(const struct iw_chain_fact *what, const struct iw_process *process)
{
    const struct iw_process *parent = process != NULL ? process->parent : NULL;
    return parent != NULL && (parent->user.n != 0 || parent->sid.n != 0) &&
           !is_same_account(parent, what);
}

/* 2 at the console, 7 unlocking it, 10 by remote desktop, 11 at the console with cached
 * credentials. */
static bool is_session_of_person(const struct iw_chains *chains, const struct iw_chain_fact *what)
{
    const struct iw_logon *logon =
        what->has_logon ? iw_logons_find(chains->context->logons, what->logon_id) : NULL;
    return logon != NULL && logon->is_seen &&
           (logon->type == 2 || logon->type == 7 || logon->type == 10 || logon->type == 11);
}

/* No desktop is Windows' own account's. */
static bool is_under_desktop(const struct iw_chain_fact *what, const struct iw_process *process)
{
    return iw_str_equal_nocase(iw_path_name(parent_image(what, process)), IW_STR("explorer.exe"));
}

const struct iw_program *iw_chain_program_of_account(const struct iw_chain_fact *what,
                                                     const struct iw_process *process)
{
    struct iw_str parent = parent_image(what, process);
    const struct iw_program *program;
    if (iw_pool_of_account(what->user).n == 0 && !iw_is_pool_sid(what->sid) &&
        !iw_is_visitor_account(what->user, what->sid))
        return NULL;
    if (!iw_program_is_broker(parent) || iw_is_worker_image(what->process.image) ||
        iw_program_is_housekeeping(what->process.image, what->original_name))
        return NULL;
    program = iw_program_of_odd_place(what->process.image);
    if (program == NULL)
        program = iw_program_of_arguments(what->command_line);
    return program == NULL && iw_program_is_wmi(parent) ? iw_program_started_by_wmi() : program;
}

enum iw_web_identity iw_chain_identity_of(const struct iw_chains *chains,
                                          const struct iw_chain_fact *what,
                                          const struct iw_process *process, bool is_complete,
                                          struct iw_str *ret_pool)
{
    enum iw_web_identity identity =
        iw_host_context_identity(chains->context, what->user, what->sid, ret_pool);
    bool has_none = has_no_starter(what, process, is_complete);
    switch (identity) {
    case IW_WEB_IDENTITY_POOL:
        return identity;
    case IW_WEB_IDENTITY_ACCOUNT:
        if ((has_none || is_started_by_other(what, process)) && !is_session_of_person(chains, what))
            return identity;
        break;
    case IW_WEB_IDENTITY_WINDOWS:
        if (has_none || is_started_by_other(what, process) || is_under_desktop(what, process))
            return identity;
        break;
    case IW_WEB_IDENTITY_NONE:
    case IW_WEB_IDENTITY_NAMED:
        break;
    }
    return has_none && is_named_account(chains, what->user, what->sid) ? IW_WEB_IDENTITY_NAMED
                                                                       : IW_WEB_IDENTITY_NONE;
}

bool iw_chain_identity_is_spoken_for(const struct iw_chain_shell *shell,
                                     const struct iw_chain_item *write, int64_t request_begin_ns)
{
    int64_t time_ns = shell->moment.time_ns;
    if (write->written != NULL && (write->written->marks & IW_MARK(WRITTEN_BY_SERVER)) != 0 &&
        iw_chain_distance_ns(write->moment.time_ns, time_ns) <= WRITTEN_NEAR_NS)
        return true;
    return iw_time_known(request_begin_ns) &&
           iw_chain_distance_ns(request_begin_ns, time_ns) <= REQUEST_NEAR_NS;
}
