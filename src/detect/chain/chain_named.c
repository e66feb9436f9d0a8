/*
 * Pages that commands name. Where no event tells of files being written, a shell's command line
 * may: `echo ... > C:\inetpub\wwwroot\x.aspx`. What a command says is less than what an event
 * tells: it may have failed. So it is looked at when all of the host is known, only where no event
 * tells of that file, and only of shells that no other file explains.
 */
#include "base/limits.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/command_writes.h"

enum iw_rc iw_chains_note_named(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                const struct iw_fact *fact, const struct iw_chain_fact *what)
{
    struct iw_str path = shell->number != 0
                             ? iw_command_written_page(what->command_line, chains->settings)
                             : IW_STR("");
    struct iw_chain_named *named = &chains->named[chains->n_named];
    if (path.n == 0)
        return IW_OK;
    if (chains->n_named == IW_CHAIN_NAMED) {
        chains->account.n_named_not_kept++;
        return IW_OK;
    }
    named->path = iw_chain_text_keep(chains, path);
    if (named->path.p == NULL)
        return IW_ENOMEM;
    named->item = iw_chain_item_new(chains, fact, "file_named");
    if (named->item == NULL) {
        iw_chain_text_free(chains, &named->path);
        return IW_ENOMEM;
    }
    named->shell = shell->number;
    chains->n_named++;
    return IW_OK;
}

/* A page that ASP.NET compiled, or that was collected, and nobody saw come: this is how it came. */
static bool take_in(struct iw_chain_file *file, struct iw_chain_item *item)
{
    if (!file->is_unseen || file->n_writes == IW_LIMIT_CHAIN_WRITES ||
        iw_chain_order_of(item->moment, file->writes[0]->moment) != IW_CHAIN_BEFORE)
        return false;
    memmove(&file->writes[1], &file->writes[0], file->n_writes * sizeof file->writes[0]);
    file->writes[0] = item;
    file->n_writes++;
    file->n_all_writes++;
    return true;
}

/* The file takes the item, which is NULL then; else there is none that the shell may go to. */
static enum iw_rc file_of(struct iw_chains *chains, struct iw_chain_named *named,
                          struct iw_chain_file **ret)
{
    struct iw_chain_item *item = named->item;
    IW_TRY(iw_chains_find_file(chains, named->path, ret));
    if (*ret == NULL)
        IW_TRY(iw_chains_add_without_event(chains, named->path, item, ret));
    else if (!take_in(*ret, item))
        *ret = NULL;
    if (*ret != NULL)
        named->item = NULL;
    return IW_OK;
}

static enum iw_rc join(struct iw_chains *chains, struct iw_chain_named *named,
                       struct iw_chain_shell *shell, struct iw_error *err)
{
    struct iw_chain_item *item = named->item;
    struct iw_chain_join join = {.marks = IW_MARK(SHELL_NAMED_FILE),
                                 .write = item->moment,
                                 .request_begin_ns = IW_TIME_UNKNOWN};
    struct iw_chain_file *file;
    struct iw_chain *chain;
    IW_TRY(file_of(chains, named, &file));
    if (file == NULL || iw_chain_file_is_beyond(file, shell))
        return IW_OK;
    iw_habit_spoil(shell->habit, "its command writes a file among web files");
    chain = iw_chain_of_file(chains, file);
    if (chain == NULL)
        return IW_ENOMEM;
    iw_chain_take_out(chains, shell);
    item->is_link = true;
    if (file->place == IW_CHAIN_PLACE_POSSIBLE)
        join.marks |= IW_MARK(FOLDER_POSSIBLE);
    iw_chain_shell_join(chains, shell, &join);
    return iw_chain_put(chains, chain, shell, err);
}

enum iw_rc iw_chains_join_named(struct iw_chains *chains, struct iw_error *err)
{
    for (size_t i = 0; i < chains->n_named; i++) {
        struct iw_chain_named *named = &chains->named[i];
        struct iw_chain_shell *shell = iw_chains_shell_by_number(chains, named->shell);
        iw_arena_reset(&chains->scratch);
        if (shell != NULL && shell->chain != NULL && shell->is_shown && shell->chain->file == NULL)
            IW_TRY(join(chains, named, shell, err));
    }
    return IW_OK;
}

void iw_chains_forget_named(struct iw_chains *chains)
{
    for (size_t i = 0; i < chains->n_named; i++) {
        iw_chain_item_free(chains, chains->named[i].item);
        iw_chain_text_free(chains, &chains->named[i].path);
    }
    chains->n_named = 0;
}
