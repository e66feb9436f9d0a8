/*
 * Near misses: of files that do not fit a shell the nearest, told where nothing fits.
 */
#include "detect/chain/chain_miss.h"

#include "base/arena_text.h"

void iw_chain_miss_note(struct iw_chain_miss *miss, const struct iw_chain_file *file,
                        const struct iw_chain_item *write, struct iw_chain_moment since,
                        const struct iw_chain_shell *shell, enum iw_chain_miss_reason why,
                        int64_t past_ns)
{
    int64_t distance_ns = iw_chain_distance_ns(since.time_ns, shell->moment.time_ns);
    int64_t from_shell_ns = distance_ns < 0 ? -distance_ns : distance_ns;
    if (miss->file != NULL &&
        (from_shell_ns > miss->distance_ns ||
         (from_shell_ns == miss->distance_ns && iw_str_compare(file->key, miss->file->key) >= 0)))
        return;
    miss->file = file;
    miss->distance_ns = from_shell_ns;
    miss->written_ns = iw_chain_distance_ns(write->moment.time_ns, shell->moment.time_ns);
    miss->since = since;
    miss->is_woken = since.time_ns != write->moment.time_ns;
    miss->why = why;
    miss->past_ns = past_ns;
}

/* --- words ------------------------------------------------------------------------------------
 */

/* What was written long before counts from its first use: both are said of it. */
static struct iw_str use_of(const struct iw_chain_miss *miss)
{
    if (!miss->is_woken)
        return IW_STR("");
    return miss->since.clock == IW_CLOCK_REQUEST
               ? IW_STR(", and its first request that its log knows came")
               : IW_STR(", and its first request that its log knows had it compiled");
}

static struct iw_str text_of_late(const struct iw_chains *chains, const struct iw_chain_miss *miss,
                                  struct iw_arena *scratch)
{
    long long past_s = (long long)((miss->past_ns + IW_NS_PER_SECOND - 1) / IW_NS_PER_SECOND);
    long long window_s = (long long)(chains->settings->window_ns / IW_NS_PER_SECOND);
    if (!miss->is_woken)
        return iw_arena_format(scratch,
                               "near miss: %.*s was written before it, %lld s past TimeWindow of "
                               "%lld s",
                               IW_STR_ARG(miss->file->path), past_s, window_s);
    return iw_arena_format(
        scratch,
        "near miss: %.*s was written %lld s before it%.*s %lld s past TimeWindow of %lld s",
        IW_STR_ARG(miss->file->path), (long long)(miss->written_ns / IW_NS_PER_SECOND),
        IW_STR_ARG(use_of(miss)), past_s, window_s);
}

static struct iw_str text_of_pool(const struct iw_chain_miss *miss, struct iw_arena *scratch)
{
    const struct iw_inventory_root *root = miss->file->roots[0];
    struct iw_str used = IW_STR("");
    if (miss->is_woken)
        used = iw_arena_format(scratch, "%.*s %lld s before it", IW_STR_ARG(use_of(miss)),
                               (long long)(miss->distance_ns / IW_NS_PER_SECOND));
    if (used.p == NULL)
        return used;
    return iw_arena_format(
        scratch,
        "near miss: %.*s was written %lld s before it%.*s, but the configuration gives it to pool "
        "%.*s of site %.*s",
        IW_STR_ARG(miss->file->path), (long long)(miss->written_ns / IW_NS_PER_SECOND),
        IW_STR_ARG(used), IW_STR_ARG(root->pool), IW_STR_ARG(root->site));
}

static struct iw_str text_of(const struct iw_chains *chains, const struct iw_chain_miss *miss,
                             struct iw_arena *scratch)
{
    if (miss->file != NULL)
        return miss->why == IW_CHAIN_MISS_LATE ? text_of_late(chains, miss, scratch)
                                               : text_of_pool(miss, scratch);
    return iw_arena_format(scratch,
                           "near miss: %.*s was asked for before it and does what a request tells "
                           "it, but the file as it was collected is younger than the shell",
                           IW_STR_ARG(miss->younger->file.path));
}

enum iw_rc iw_chain_miss_tell(struct iw_chains *chains, const struct iw_chain_miss *miss,
                              struct iw_chain_shell *shell)
{
    struct iw_str text;
    if (miss->file == NULL && miss->younger == NULL)
        return IW_OK;
    text = text_of(chains, miss, &chains->scratch);
    if (text.p == NULL)
        return IW_ENOMEM;
    shell->near_miss = iw_chain_text_keep(chains, text);
    if (shell->near_miss.p != NULL)
        return IW_OK;
    shell->near_miss = IW_STR("");
    return IW_ENOMEM;
}
