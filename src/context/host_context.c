/*
 * One host's context.
 */
#include "context/host_context.h"

#include "context/pool_account.h"
#include "context/worker_process.h"

enum iw_rc iw_host_context_init(struct iw_host_context *context, const struct iw_sid_names *names,
                                const struct iw_web_places *places)
{
    *context = (struct iw_host_context){.lineage = iw_lineage_new(),
                                        .logons = iw_logons_new(),
                                        .names = names,
                                        .places = places,
                                        .host = IW_STR("")};
    iw_worker_accounts_init(&context->workers);
    return context->lineage != NULL && context->logons != NULL ? IW_OK : IW_ENOMEM;
}

void iw_host_context_done(struct iw_host_context *context)
{
    iw_lineage_free(context->lineage);
    iw_logons_free(context->logons);
    iw_worker_accounts_done(&context->workers);
    context->lineage = NULL;
    context->logons = NULL;
}

void iw_host_context_begin(struct iw_host_context *context, struct iw_str host)
{
    iw_lineage_clear(context->lineage);
    iw_logons_clear(context->logons);
    iw_worker_accounts_clear(&context->workers);
    context->host = host;
}

enum iw_rc iw_host_context_tell(struct iw_host_context *context, int64_t time_ns,
                                const struct iw_event_place *place, struct iw_str bytes)
{
    struct iw_context_fact fact;
    if (!iw_context_fact_parse(bytes, &fact)) {
        context->n_odd++;
        return IW_OK;
    }
    if (place != NULL)
        fact.place = *place;
    IW_TRY(iw_lineage_tell(context->lineage, time_ns, &fact));
    if (fact.kind == IW_CONTEXT_PROCESS_START)
        IW_TRY(iw_worker_accounts_tell(&context->workers, &fact.u.start));
    return iw_logons_tell(context->logons, time_ns, &fact);
}

const struct iw_logon *iw_host_context_logon(const struct iw_host_context *context,
                                             const struct iw_process *process)
{
    return process->has_logon ? iw_logons_find(context->logons, process->logon_id) : NULL;
}

enum iw_rc iw_host_context_pool(const struct iw_host_context *context,
                                const struct iw_process *worker, const struct iw_web_state *state,
                                struct iw_arena *scratch, struct iw_worker_pool *ret)
{
    const struct iw_inventory_server *server = NULL;
    struct iw_str account = worker->user;
    const struct iw_logon *logon = iw_host_context_logon(context, worker);
    struct iw_str sid = worker->sid.n != 0 || logon == NULL ? worker->sid : logon->sid;

    *ret = (struct iw_worker_pool){iw_worker_pool(worker->command_line), "command line"};
    if (ret->pool.n != 0)
        return IW_OK;
    if (account.n == 0 && logon != NULL)
        account = logon->user;
    *ret = (struct iw_worker_pool){iw_pool_of_account(account), "account"};
    if (ret->pool.n != 0)
        return IW_OK;
    if (context->names != NULL && iw_is_pool_sid(sid))
        ret->pool = iw_pool_of_account(
            iw_sid_names_find(context->names, context->host, sid, worker->first_ns));
    ret->how = "account's SID";
    if (ret->pool.n != 0)
        return IW_OK;
    if (context->places != NULL)
        server = iw_web_places_server(context->places, context->host);
    IW_TRY(iw_web_pool_of_sid(state, server, sid, scratch, &ret->pool));
    if (ret->pool.n == 0)
        ret->how = NULL;
    return IW_OK;
}

enum iw_web_identity iw_host_context_identity(const struct iw_host_context *context,
                                              struct iw_str user, struct iw_str sid,
                                              struct iw_str *ret_pool)
{
    const struct iw_inventory_server *server =
        context->places != NULL ? iw_web_places_server(context->places, context->host) : NULL;
    return iw_web_identity_of(&context->workers, server, user, sid, ret_pool);
}
