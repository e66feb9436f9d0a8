/*
 * Libraries that a web server wrote and that a worker then loaded: what it does next is done by
 * whoever had it write them. Deserialisation ends in such a load, and in no page.
 *
 * The latest loads of a host are known, so far as the server itself wrote what was loaded: of these
 * there are few, and a load of anything else costs a look at a counter.
 */
#include "detect/chain/chain_state.h"

/* What a library starts, it starts when it is loaded, or when it is first called. */
#define NEAR_NS (600 * IW_NS_PER_SECOND)

enum iw_rc iw_chains_note_load(struct iw_chains *chains, const struct iw_fact *fact,
                               const struct iw_chain_fact *what)
{
    const struct iw_process *process;
    struct iw_chain_item *written, *item;
    struct iw_chain_load *next;
    if (chains->n_brought == 0)
        return IW_OK;
    IW_TRY(iw_chains_find_brought(chains, what->path, iw_chain_moment_of(fact), false, &written));
    if (written == NULL)
        return IW_OK;
    item = iw_chain_item_new(chains, fact, "module_load");
    if (item == NULL)
        return IW_ENOMEM;
    process = iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns);
    next = &chains->loads[chains->n_loads++ % IW_CHAIN_LOADS];
    iw_chain_item_free(chains, next->item);
    iw_chain_item_free(chains, next->written);
    *next = (struct iw_chain_load){.by = {.moment = item->moment,
                                          .worker_number = process != NULL ? process->number : 0,
                                          .pid = what->process.has_pid ? what->process.pid : 0},
                                   .item = item,
                                   .written = iw_chain_item_share(written)};
    return IW_OK;
}

void iw_chains_forget_loads(struct iw_chains *chains)
{
    for (size_t i = 0; i < IW_CHAIN_LOADS; i++) {
        iw_chain_item_free(chains, chains->loads[i].item);
        iw_chain_item_free(chains, chains->loads[i].written);
        chains->loads[i].item = chains->loads[i].written = NULL;
    }
    chains->n_loads = 0;
}

void iw_chain_find_loaded(struct iw_chains *chains, struct iw_chain_shell *shell)
{
    const struct iw_chain_load *latest = NULL;
    for (size_t i = 0; i < IW_CHAIN_LOADS && i < chains->n_loads; i++) {
        const struct iw_chain_load *one = &chains->loads[i];
        if (!iw_chain_is_of_worker(&one->by, shell) ||
            iw_chain_order_of(one->by.moment, shell->moment) == IW_CHAIN_AFTER ||
            iw_chain_distance_ns(one->by.moment.time_ns, shell->moment.time_ns) > NEAR_NS)
            continue;
        if (latest == NULL || one->by.moment.time_ns > latest->by.moment.time_ns)
            latest = one;
    }
    if (latest == NULL || shell->loaded != NULL)
        return;
    shell->loaded = iw_chain_item_share(latest->item);
    shell->loaded_written = iw_chain_item_share(latest->written);
    shell->marks |= IW_MARK(LOADED);
}
