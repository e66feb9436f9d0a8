/*
 * Pages nobody saw come that lie in the evidence: collected, doing what a request tells them, in a
 * site of the worker's pool, and asked for the first time ever before the shell. Where no
 * configuration proves URL and pool, the worker does that compiled a page at that first request.
 *
 * What a log does not show proves little: so the logs must have been silent about the page for
 * longer than it took from its first request to the shell. A page that is asked for every day is
 * then hardly ever taken for a new one, however late the logs begin.
 */
#include "detect/chain/chain_state.h"

/* Pages looked at for one shell, latest first: shells may be many. */
#define LOOKS 16U

static enum iw_rc ask(struct iw_chains *chains)
{
    if (chains->has_collected)
        return IW_OK;
    IW_TRY(chains->input.ask_collected(chains->input.context, chains->context->host,
                                       &chains->collected));
    chains->has_collected = true;
    return IW_OK;
}

/* How many of them were asked for before a moment, or so near it that the order is not known. */
static size_t count_before(const struct iw_chain_collected_list *list,
                           struct iw_chain_moment moment)
{
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct iw_chain_moment request = {list->items[middle].asked_ns, IW_CLOCK_REQUEST};
        if (iw_chain_order_of(request, moment) == IW_CHAIN_AFTER)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* A deployment may have brought the page; but what it brings starts no shell within seconds of its
 * being compiled. */
static bool is_new_enough(const struct iw_chains *chains, const struct iw_chain_collected *one,
                          const struct iw_chain_shell *shell)
{
    const struct iw_chain_moment request = {one->asked_ns, IW_CLOCK_REQUEST};
    int64_t distance_ns = iw_chain_distance_ns(one->asked_ns, shell->moment.time_ns);
    return iw_time_known(distance_ns) && distance_ns <= one->silence_ns &&
           (!iw_chains_is_deployed_near(chains, one->asked_ns) ||
            (distance_ns <= IW_CHAIN_COMPILED_NEAR_NS &&
             iw_chain_is_compiling_at(chains, request, shell)));
}

/* The copy tells the time of the server's file, and that is after the shell: what was there before
 * is not known. */
static bool is_younger(const struct iw_inventory_web_file *file, const struct iw_chain_shell *shell)
{
    return file->keeps_time && iw_time_known(file->file.modified_ns) &&
           file->file.modified_ns > shell->moment.time_ns;
}

/* It is in a folder of the pool by the configuration; or a compiling tells that it is the worker's
 * all the same. */
static bool is_of_worker(const struct iw_chains *chains, const struct iw_chain_collected *one,
                         const struct iw_chain_file *file, const struct iw_chain_shell *shell)
{
    const struct iw_chain_moment request = {one->asked_ns, IW_CLOCK_REQUEST};
    return (one->is_proved && iw_chain_file_is_of_pool(file, shell->pool)) ||
           (iw_chain_file_may_be_of(file, shell) &&
            iw_chain_is_compiling_at(chains, request, shell));
}

/* NULL in *ret*: it is not of the shell's worker, as far as is known. */
static enum iw_rc add(struct iw_chains *chains, const struct iw_chain_collected *one,
                      const struct iw_chain_shell *shell, struct iw_chain_file **ret)
{
    const struct iw_chain_moment moment = {one->asked_ns, IW_CLOCK_REQUEST};
    struct iw_chain_item *item = iw_chain_item_of_nothing(chains, moment, "file");
    enum iw_rc rc;
    *ret = NULL;
    if (item == NULL)
        return IW_ENOMEM;
    rc = iw_chains_add_without_event(chains, one->file->file.path, item, ret);
    if (*ret == NULL) {
        iw_chain_item_free(chains, item);
        return rc;
    }
    (*ret)->is_collected = true;
    if (is_of_worker(chains, one, *ret, shell))
        return IW_OK;
    iw_chain_file_free(chains, *ret);
    chains->account.n_files--;
    *ret = NULL;
    return IW_OK;
}

enum iw_rc iw_chains_find_collected(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                    struct iw_chain_file **ret, int64_t *ret_asked_ns,
                                    const struct iw_inventory_web_file **ret_younger)
{
    size_t n = 0;
    *ret = NULL;
    *ret_younger = NULL;
    if (chains->input.ask_collected == NULL || !shell->is_iis || shell->pool.n == 0 ||
        (shell->marks & IW_MARK(SHELL)) == 0)
        return IW_OK;
    IW_TRY(ask(chains));
    for (size_t i = count_before(&chains->collected, shell->moment);
         *ret == NULL && n < LOOKS && i-- != 0; n++) {
        const struct iw_chain_collected *one = &chains->collected.items[i];
        struct iw_chain_file *known;
        IW_TRY(iw_chains_find_file(chains, one->file->file.path, &known));
        /* What events tell of it, or that it is a page of that kind already, was looked at; but not
         * if it was written before TimeWindow. */
        if ((known != NULL && iw_chain_late_write(chains, known, shell) == NULL) ||
            iw_chain_distance_ns(one->asked_ns, shell->moment.time_ns) >
                chains->settings->window_ns)
            break;
        if (!is_new_enough(chains, one, shell))
            continue;
        *ret_asked_ns = one->asked_ns;
        if (known != NULL)
            *ret = is_of_worker(chains, one, known, shell) ? known : NULL;
        else if (!is_younger(one->file, shell))
            IW_TRY(add(chains, one, shell, ret));
        else if (*ret_younger == NULL)
            *ret_younger = one->file;
    }
    return IW_OK;
}
