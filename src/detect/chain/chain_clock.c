/*
 * A clock that was set back: times of before and behind it overlap, and where they do, they order
 * nothing. The order that facts come in stays that of their times; what that may hide is said. In
 * one log, the numbers of records still tell which came first.
 *
 * Sources: Security 4616 and Kernel-General 1 (order/log_mark.h).
 */
#include "base/path_name.h"
#include "detect/chain/chain_telling.h"

void iw_chains_note_clock(struct iw_chains *chains, const struct iw_chain_fact *what)
{
    struct iw_chain_clock *clock;
    uint64_t old_ns, new_ns;
    if (!iw_str_to_u64(what->old_value, &old_ns) || !iw_str_to_u64(what->new_value, &new_ns) ||
        old_ns > INT64_MAX || new_ns >= old_ns)
        return;
    for (size_t i = 0; i < chains->n_clocks && i < IW_CHAIN_CLOCKS; i++) {
        if (chains->clocks[i].old_ns == (int64_t)old_ns &&
            chains->clocks[i].new_ns == (int64_t)new_ns)
            return; /* told by both logs */
    }
    if (chains->n_clocks++ >= IW_CHAIN_CLOCKS)
        return;
    clock = &chains->clocks[chains->n_clocks - 1];
    clock->old_ns = (int64_t)old_ns;
    clock->new_ns = (int64_t)new_ns;
}

/* The latest file whose time is behind that of the shell, and whose record is before it. */
static const struct iw_chain_file *file_before(const struct iw_telling *telling,
                                               const struct iw_chain_clock *clock)
{
    const struct iw_chain_item *shell = telling->best->items.first;
    size_t n = 0;
    for (const struct iw_link *link = telling->chains->by_time.last;
         link != NULL && n < IW_LIMIT_CHAIN_LOOKS; link = link->prev, n++) {
        const struct iw_chain_file *file =
            IW_LINKED_IN((struct iw_link *)(uintptr_t)link, struct iw_chain_file, by_time);
        const struct iw_chain_item *write = iw_chain_latest_write(file);
        if (write->moment.time_ns > shell->moment.time_ns &&
            write->moment.time_ns <= clock->old_ns && write->record_id != 0 &&
            write->record_id < shell->record_id &&
            iw_str_equal_nocase(write->channel, shell->channel))
            return file;
    }
    return NULL;
}

static void say_clock(struct iw_telling *telling, const struct iw_chain_clock *clock)
{
    const struct iw_chain_file *file = file_before(telling, clock);
    iw_chain_say(&telling->blind,
                 "the clock was set back from %s to %s: times between the two were passed twice, "
                 "and in which order things happened then, their times do not tell",
                 iw_chain_time_text(telling, clock->old_ns),
                 iw_chain_time_text(telling, clock->new_ns));
    if (file == NULL || file == telling->chain->file)
        return;
    iw_chain_say(&telling->why,
                 "%.*s was written at %s, by the clock before it was set back: its record (%llu) "
                 "stands before that of the shell (%llu), so it came first, and may be the page",
                 IW_STR_ARG(file->path),
                 iw_chain_time_text(telling, iw_chain_latest_write(file)->moment.time_ns),
                 (unsigned long long)iw_chain_latest_write(file)->record_id,
                 (unsigned long long)telling->best->items.first->record_id);
}

void iw_chain_tell_clock(struct iw_telling *telling)
{
    const struct iw_chains *chains = telling->chains;
    for (size_t i = 0; i < chains->n_clocks && i < IW_CHAIN_CLOCKS; i++) {
        const struct iw_chain_clock *clock = &chains->clocks[i];
        if (telling->last_ns >= clock->new_ns && telling->first_ns <= clock->old_ns)
            say_clock(telling, clock);
    }
    if (chains->n_clocks > IW_CHAIN_CLOCKS)
        iw_chain_say(&telling->blind, "the clock was set back %zu times in all", chains->n_clocks);
}
