/*
 * Facts of one host after the other, given to those who know their kind.
 */
#include "detect/chain/chains.h"

#include "base/alloc.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/deployment.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

struct iw_chains *iw_chains_new(const struct iw_chains_input *input)
{
    struct iw_chains *chains = iw_calloc(1, sizeof *chains);
    if (chains == NULL)
        return NULL;
    chains->input = *input;
    iw_chain_settings_init(&chains->defaults);
    chains->settings = input->settings != NULL ? input->settings : &chains->defaults;
    iw_arena_init(&chains->scratch, 0);
    iw_arena_init(&chains->arena, 0);
    iw_arena_init(&chains->keys, 0);
    iw_map_init(&chains->writers);
    iw_habits_init(&chains->habits);
    iw_habits_init(&chains->usages);
    chains->habits.keeps_texts = chains->usages.keeps_texts = input->take_learned != NULL;
    if (iw_chain_index_init(&chains->files) && iw_chain_index_init(&chains->shells) &&
        iw_chain_index_init(&chains->by_worker) && iw_chain_index_init(&chains->pages) &&
        iw_chain_index_init(&chains->brought))
        return chains;
    iw_chains_free(chains);
    return NULL;
}

/* Everything of the host, told or not. */
static void forget_host(struct iw_chains *chains)
{
    while (chains->pending.first != NULL)
        iw_chain_shell_free(chains, SHELL_OF(chains->pending.first));
    while (chains->chains.first != NULL)
        iw_chain_free(chains, IW_LINKED_IN(chains->chains.first, struct iw_chain, by_activity));
    while (chains->not_shown.first != NULL)
        iw_chain_shell_free(chains, SHELL_OF(chains->not_shown.first));
    while (chains->by_time.first != NULL)
        iw_chain_file_free(chains,
                           IW_LINKED_IN(chains->by_time.first, struct iw_chain_file, by_time));
    iw_map_done(&chains->writers);
    iw_map_init(&chains->writers);
    iw_arena_reset(&chains->keys);
    chains->n_bytes -= chains->n_key_bytes;
    chains->n_key_bytes = chains->n_runs = 0;
    chains->n_not_shown = 0;
    iw_chains_forget_compilings(chains);
    iw_chains_forget_brought(chains);
    iw_chains_forget_loads(chains);
    iw_chains_forget_renames(chains);
    iw_chains_forget_named(chains);
    chains->n_traces = 0;
    chains->n_clocks = 0;
    chains->collected = (struct iw_chain_collected_list){NULL, 0};
    chains->has_collected = false;
    chains->n_page_asks = chains->n_near_asks = chains->n_caller_asks = 0;
    chains->n_looks = 0;
    chains->account.n_habits_not_kept += chains->habits.n_not_kept + chains->usages.n_not_kept;
    iw_chain_habits_forget_pages(chains);
    iw_habits_clear(&chains->habits);
    iw_habits_clear(&chains->usages);
    chains->n_files_forgotten = 0;
    chains->forgotten_from_ns = chains->forgotten_until_ns = IW_TIME_UNKNOWN;
    chains->n_deployed = 0;
    chains->latest_open = NULL;
    chains->context = NULL;
}

void iw_chains_free(struct iw_chains *chains)
{
    if (chains == NULL)
        return;
    if (chains->brought.buckets != NULL)
        forget_host(chains);
    iw_chain_index_done(&chains->files);
    iw_chain_index_done(&chains->shells);
    iw_chain_index_done(&chains->by_worker);
    iw_chain_index_done(&chains->pages);
    iw_chain_index_done(&chains->brought);
    iw_map_done(&chains->writers);
    iw_habits_done(&chains->habits);
    iw_habits_done(&chains->usages);
    iw_arena_done(&chains->keys);
    iw_arena_done(&chains->arena);
    iw_arena_done(&chains->scratch);
    iw_chain_settings_done(&chains->defaults);
    iw_free(chains);
}

void iw_chains_begin(struct iw_chains *chains, const struct iw_host_context *context,
                     const struct iw_chain_telemetry *telemetry)
{
    forget_host(chains);
    chains->context = context;
    chains->telemetry = telemetry;
}

static enum iw_rc take(struct iw_chains *chains, const struct iw_fact *fact,
                       const struct iw_chain_fact *what, struct iw_error *err)
{
    switch (what->kind) {
    case IW_CHAIN_FACT_PROCESS:
        IW_TRY(iw_chain_learn_administrator(chains, what, fact->time_ns));
        return iw_chains_see_process(chains, fact, what, err);
    case IW_CHAIN_FACT_ENDED:
        return iw_chains_see_trace(chains, fact, what, "process_ended");
    case IW_CHAIN_FACT_ACCESS:
        return iw_chains_note_access(chains, fact, what);
    case IW_CHAIN_FACT_FILE:
        if (what->action == IW_CHAIN_FILE_DELETED && fact->event_id == 4663)
            IW_TRY(iw_chains_note_access(chains, fact, what)); /* a page may become another */
        IW_TRY(iw_chains_note_program(chains, fact, what));
        return iw_chains_see_file(chains, fact, what, err);
    case IW_CHAIN_FACT_COMPILED:
        return iw_chains_see_compiled(chains, fact, what);
    case IW_CHAIN_FACT_LOAD:
        if (iw_web_path_is_compile_folder(what->path) && !iw_chain_is_shadow_copy(what->path))
            iw_chains_note_compiling(
                chains, fact,
                iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns),
                what->process.has_pid ? what->process.pid : 0, NULL);
        return iw_chains_note_load(chains, fact, what);
    case IW_CHAIN_FACT_NETWORK:
        IW_TRY(iw_chains_see_trace(chains, fact, what, "network"));
        return iw_chains_see_act(chains, fact, what, "network", IW_MARK(NETWORK), err);
    case IW_CHAIN_FACT_CHANGE:
        IW_TRY(iw_chain_learn_administrator(chains, what, fact->time_ns));
        return iw_chains_see_act(chains, fact, what, "configuration_changed", 0, err);
    case IW_CHAIN_FACT_DEPLOYMENT: {
        const char *words = iw_deployment_of_record(fact->channel, fact->event_id);
        if (words != NULL)
            iw_chains_note_deployment(chains, fact->time_ns, words);
        return IW_OK;
    }
    case IW_CHAIN_FACT_CLOCK:
        iw_chains_note_clock(chains, what);
        return IW_OK;
    case IW_CHAIN_FACT_POOL: /* of components, not of this analytic */
    case IW_CHAIN_FACT_KIND_COUNT:
        return IW_OK;
    }
    return IW_OK;
}

static enum iw_rc no_memory(enum iw_rc rc, struct iw_error *err)
{
    return rc == IW_ENOMEM ? iw_error_set(err, IW_ENOMEM, "no memory") : rc;
}

enum iw_rc iw_chains_see(struct iw_chains *chains, const struct iw_fact *fact,
                         const struct iw_chain_fact *what, struct iw_error *err)
{
    enum iw_rc rc;
    chains->account.n_facts++;
    if (what == NULL) {
        chains->account.n_odd++;
        return IW_OK;
    }
    if (!iw_time_known(fact->time_ns)) {
        chains->account.n_untimed++;
        return IW_OK;
    }
    iw_arena_reset(&chains->scratch);
    rc = iw_chains_decide(chains, fact->time_ns, err);
    if (rc == IW_OK)
        rc = take(chains, fact, what, err);
    if (rc == IW_OK)
        rc = iw_chains_keep_limits(chains, err);
    return no_memory(rc, err);
}

static enum iw_rc tell_all(struct iw_chains *chains, struct iw_error *err)
{
    IW_TRY(iw_chains_decide(chains, IW_TIME_UNKNOWN, err));
    IW_TRY(iw_chains_join_named(chains, err));
    IW_TRY(iw_chains_review_habits(chains, err));
    IW_TRY(iw_chains_tell_learned(chains, err));
    while (chains->chains.first != NULL) {
        struct iw_chain *chain = IW_LINKED_IN(chains->chains.first, struct iw_chain, by_activity);
        IW_TRY(iw_chain_tell(chains, chain, false, err));
        iw_chain_free(chains, chain);
    }
    return IW_OK;
}

enum iw_rc iw_chains_end(struct iw_chains *chains, struct iw_error *err)
{
    enum iw_rc rc;
    if (chains->context == NULL)
        return IW_OK;
    iw_arena_reset(&chains->scratch);
    rc = tell_all(chains, err);
    forget_host(chains);
    return no_memory(rc, err);
}

struct iw_chains_account iw_chains_account(const struct iw_chains *chains)
{
    return chains->account;
}
