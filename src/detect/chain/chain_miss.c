/*
 * Near misses: of files that do not fit a shell the nearest, told where nothing fits.
 */
#include "detect/chain/chain_miss.h"

#include "base/arena_text.h"

static void note(struct iw_chain_miss *miss, const struct iw_chain_file *file, int64_t distance_ns,
                 enum iw_chain_miss_reason why, int64_t past_ns)
{
    int64_t from_shell_ns = distance_ns < 0 ? -distance_ns : distance_ns;
    if (miss->file != NULL &&
        (from_shell_ns > miss->distance_ns ||
         (from_shell_ns == miss->distance_ns && iw_str_compare(file->key, miss->file->key) >= 0)))
        return;
    miss->file = file;
    miss->distance_ns = from_shell_ns;
    miss->why = why;
    miss->past_ns = past_ns;
}

void iw_chain_miss_note_late(struct iw_chain_miss *miss, const struct iw_chain_file *file,
                             int64_t distance_ns, int64_t past_ns)
{
    note(miss, file, distance_ns, IW_CHAIN_MISS_LATE, past_ns);
}

void iw_chain_miss_note_pool(struct iw_chain_miss *miss, const struct iw_chain_file *file,
                             int64_t distance_ns)
{
    note(miss, file, distance_ns, IW_CHAIN_MISS_POOL, 0);
}

static struct iw_str text_of(const struct iw_chains *chains, const struct iw_chain_miss *miss,
                             struct iw_arena *scratch)
{
    if (miss->file == NULL)
        return iw_arena_format(scratch,
                               "near miss: %.*s was asked for before it and does what a request "
                               "tells it, but the file as it was collected is younger than the "
                               "shell",
                               IW_STR_ARG(miss->younger->file.path));
    if (miss->why == IW_CHAIN_MISS_LATE)
        return iw_arena_format(
            scratch, "near miss: %.*s was written before it, %lld s past TimeWindow of %lld s",
            IW_STR_ARG(miss->file->path),
            (long long)((miss->past_ns + IW_NS_PER_SECOND - 1) / IW_NS_PER_SECOND),
            (long long)(chains->settings->window_ns / IW_NS_PER_SECOND));
    return iw_arena_format(
        scratch,
        "near miss: %.*s was written %lld s before it, but the "
        "configuration gives it to pool %.*s of site %.*s",
        IW_STR_ARG(miss->file->path), (long long)(miss->distance_ns / IW_NS_PER_SECOND),
        IW_STR_ARG(miss->file->roots[0]->pool), IW_STR_ARG(miss->file->roots[0]->site));
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
