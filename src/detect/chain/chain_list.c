/*
 * Chains and their shells; what goes when memory is used up.
 */
#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "detect/chain/chain_state.h"

#define CHAIN_OF(link) IW_LINKED_IN(link, struct iw_chain, by_activity)
#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
#define HIDDEN_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, hidden)

static struct iw_chain *new_chain(struct iw_chains *chains)
{
    struct iw_chain *chain = iw_calloc(1, sizeof *chain);
    if (chain == NULL)
        return NULL;
    chain->worker = IW_STR("");
    chain->near_after = chain->beside = IW_STR("");
    chain->last_ns = chain->hidden_last_ns = IW_TIME_UNKNOWN;
    iw_linked_append(&chains->chains, &chain->by_activity);
    chains->n_bytes += sizeof *chain;
    return chain;
}

/* A file whose first shell comes waits no longer. */
struct iw_chain *iw_chain_of_file(struct iw_chains *chains, struct iw_chain_file *file)
{
    if (file->chain != NULL)
        return file->chain;
    file->chain = new_chain(chains);
    if (file->chain == NULL)
        return NULL;
    file->chain->file = file;
    iw_chain_file_wait_no_more(chains, file);
    return file->chain;
}

bool iw_chain_write_explains(const struct iw_chains *chains, const struct iw_chain_item *write,
                             const struct iw_chain_shell *shell)
{
    return (shell->join.marks & IW_MARKS_MADE_FILE) == 0 &&
           iw_chain_distance_ns(write->moment.time_ns, shell->moment.time_ns) <=
               chains->settings->window_ns &&
           iw_chain_order_of(write->moment, shell->moment) == IW_CHAIN_BEFORE;
}

void iw_chain_touch(struct iw_chains *chains, struct iw_chain *chain, int64_t time_ns)
{
    if (!iw_time_known(chain->last_ns) || time_ns > chain->last_ns)
        chain->last_ns = time_ns;
    iw_linked_remove(&chain->by_activity);
    iw_linked_append(&chains->chains, &chain->by_activity);
}

/* --- shells of a chain -------------------------------------------------------------------------
 */

static void forget_oldest_hidden(struct iw_chains *chains)
{
    iw_chain_shell_free(chains, SHELL_OF(chains->not_shown.first));
    chains->n_not_shown--;
    chains->account.n_shells_forgotten++;
}

void iw_chain_reach_hidden_time(struct iw_chain *chain, int64_t time_ns)
{
    if (!iw_time_known(chain->hidden_last_ns) || time_ns > chain->hidden_last_ns)
        chain->hidden_last_ns = time_ns;
}

void iw_chain_reach_hidden(struct iw_chain *chain, const struct iw_chain_shell *shell)
{
    iw_chain_reach_hidden_time(chain, shell->moment.time_ns);
    if (shell->items.n_hidden != 0)
        iw_chain_reach_hidden_time(chain, shell->items.hidden_ns);
}

/* Known by its process and its start from here on; the oldest of these are forgotten. */
static enum iw_rc hide(struct iw_chains *chains, struct iw_chain *chain,
                       struct iw_chain_shell *shell, struct iw_error *err)
{
    enum iw_rc rc = iw_chain_tell_repeats(chains, chain, shell, err);
    chain->hidden_marks |= shell->marks;
    iw_chain_habit_hide(chain, shell);
    chain->hidden_techniques |= shell->techniques;
    iw_chain_reach_hidden(chain, shell);
    shell->is_shown = false;
    iw_chain_items_cut(chains, &shell->items);
    if ((shell->join.marks & IW_MARK(COMPILED_BEFORE)) != 0)
        iw_chain_shell_join(chains, shell, NULL);
    iw_chain_text_free(chains, &shell->near_miss);
    if (chain->beside.n == 0) {
        chain->beside = shell->beside;
        shell->beside = IW_STR("");
    }
    iw_chain_text_free(chains, &shell->beside);
    if (shell->number == 0) {
        iw_chain_shell_free(chains, shell);
        return rc;
    }
    iw_linked_append(&chains->not_shown, &shell->link);
    iw_linked_append(&chain->hidden, &shell->hidden);
    if (++chains->n_not_shown > IW_LIMIT_CHAIN_PROCESSES)
        forget_oldest_hidden(chains);
    return rc;
}

/* Among those shown, in time. */
static void list_shown(struct iw_chain *chain, struct iw_chain_shell *shell)
{
    struct iw_link *behind = NULL;
    shell->is_shown = true;
    chain->n_shown++;
    iw_linked_append(&chain->shells, &shell->link);
    for (struct iw_link *link = chain->shells.first; link != &shell->link && behind == NULL;
         link = link->next) {
        if (SHELL_OF(link)->moment.time_ns > shell->moment.time_ns)
            behind = link;
    }
    while (behind != NULL && behind != &shell->link) {
        struct iw_link *next = behind->next;
        iw_linked_remove(behind);
        iw_linked_append(&chain->shells, behind);
        behind = next;
    }
}

static void unlist_hidden(struct iw_chains *chains, struct iw_chain_shell *shell)
{
    iw_linked_remove(&shell->link);
    iw_linked_remove(&shell->hidden);
    chains->n_not_shown--;
}

void iw_chain_show(struct iw_chains *chains, struct iw_chain_shell *shell)
{
    unlist_hidden(chains, shell);
    list_shown(shell->chain, shell);
}

static bool is_earlier(const struct iw_chain *chain, const struct iw_chain_shell *shell)
{
    return chain->n_shells == 0 || shell->moment.time_ns < chain->first.time_ns ||
           (shell->moment.time_ns == chain->first.time_ns && shell->pid < chain->first_pid);
}

enum iw_rc iw_chain_put(struct iw_chains *chains, struct iw_chain *chain,
                        struct iw_chain_shell *shell, struct iw_error *err)
{
    bool is_repeat = false, is_worth = false;
    shell->chain = chain;
    if (is_earlier(chain, shell)) {
        chain->first = shell->moment;
        chain->first_pid = shell->pid;
    }
    chain->n_shells++;
    iw_chain_touch(chains, chain, shell->moment.time_ns);
    if (chain->n_shown >= IW_LIMIT_CHAIN_SHELLS) {
        enum iw_rc rc = iw_chain_repeats(chains, chain, shell, &is_repeat, &is_worth);
        is_repeat |= rc != IW_OK || !iw_chain_has_room(chain, is_worth);
        if (is_repeat && rc == IW_OK)
            return hide(chains, chain, shell, err);
        list_shown(chain, shell);
        return rc;
    }
    list_shown(chain, shell);
    return IW_OK;
}

struct iw_chain *iw_chain_of_worker(struct iw_chains *chains, const struct iw_chain_shell *shell)
{
    bool is_behind =
        shell->habit != NULL && iw_habit_is_doubtful_at(shell->habit, shell->moment.time_ns);
    bool is_behind_run = is_behind && iw_habit_is_behind_run(shell->habit, shell->moment.time_ns);
    struct iw_str key = shell->worker;
    struct iw_chain *chain;
    if (is_behind) /* told apart from those before it */
        key = iw_arena_format(&chains->scratch, "%.*s behind a %s", IW_STR_ARG(shell->worker),
                              is_behind_run ? "run" : "page");
    if (key.p == NULL)
        return NULL;
    chain = iw_chain_index_find(&chains->by_worker, key);
    if (chain == NULL) {
        key = iw_chain_text_keep(chains, key);
        if (key.p == NULL)
            return NULL;
        chain = new_chain(chains);
        if (chain == NULL) {
            iw_chain_text_free(chains, &key);
            return NULL;
        }
        chain->worker = key;
        chain->is_behind_page = is_behind && !is_behind_run;
        chain->is_behind_run = is_behind_run;
        iw_chain_index_add(&chains->by_worker, &chain->node, chain->worker, chain);
    }
    if (!iw_chain_is_cgi_run(shell)) {
        chains->latest_open = chain;
        chains->latest_open_ns = shell->moment.time_ns;
    }
    return chain;
}

/* First and last of those that are left: what the chain is known by. */
void iw_chain_find_first(struct iw_chain *chain)
{
    bool is_first = true;
    chain->last_ns = chain->hidden_last_ns;
    for (struct iw_link *link = chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        const struct iw_chain_item *last = shell->items.last;
        if (last != NULL &&
            (!iw_time_known(chain->last_ns) || last->moment.time_ns > chain->last_ns))
            chain->last_ns = last->moment.time_ns;
        if (!is_first &&
            (shell->moment.time_ns > chain->first.time_ns ||
             (shell->moment.time_ns == chain->first.time_ns && shell->pid >= chain->first_pid)))
            continue;
        chain->first = shell->moment;
        chain->first_pid = shell->pid;
        is_first = false;
    }
}

void iw_chain_take_out(struct iw_chains *chains, struct iw_chain_shell *shell)
{
    struct iw_chain *chain = shell->chain;
    if (shell->is_shown) {
        iw_linked_remove(&shell->link);
        chain->n_shown--;
    } else {
        unlist_hidden(chains, shell);
    }
    shell->chain = NULL;
    shell->is_shown = false;
    chain->n_shells--;
    if (chain->n_shown == 0 && chain->hidden.first != NULL)
        iw_chain_show(chains, HIDDEN_OF(chain->hidden.first));
    if (chain->n_shells == 0)
        iw_chain_free(chains, chain);
    else
        iw_chain_find_first(chain);
}

/* Its file goes with it: it is told. */
void iw_chain_free(struct iw_chains *chains, struct iw_chain *chain)
{
    iw_chain_index_remove(&chains->by_worker, &chain->node);
    iw_linked_remove(&chain->by_activity);
    while (chain->shells.first != NULL)
        iw_chain_shell_free(chains, SHELL_OF(chain->shells.first));
    while (chain->hidden.first != NULL) {
        iw_chain_shell_free(chains, HIDDEN_OF(chain->hidden.first));
        chains->n_not_shown--;
    }
    if (chain->file != NULL)
        iw_chain_file_free(chains, chain->file);
    if (chains->latest_open == chain)
        chains->latest_open = NULL;
    iw_chain_text_free(chains, &chain->worker);
    iw_chain_text_free(chains, &chain->near_after);
    iw_chain_text_free(chains, &chain->beside);
    chains->n_bytes -= sizeof *chain;
    iw_free(chain);
}

/* --- limits ----------------------------------------------------------------------------------- */

static void forget_oldest_file(struct iw_chains *chains, const struct iw_linked *list)
{
    iw_chains_forget_file(chains, IW_LINKED_IN(list->first, struct iw_chain_file, waiting));
}

enum iw_rc iw_chains_keep_limits(struct iw_chains *chains, struct iw_error *err)
{
    while (chains->n_waiting > IW_LIMIT_CHAIN_FILES)
        forget_oldest_file(chains, &chains->waiting);
    while (chains->n_beyond > IW_LIMIT_CHAIN_FILES_BEYOND)
        forget_oldest_file(chains, &chains->beyond);
    while (chains->n_pending > IW_LIMIT_CHAIN_PENDING)
        IW_TRY(iw_chains_hurry(chains, err));
    while (chains->n_bytes > IW_LIMIT_CHAIN_BYTES) {
        struct iw_chain *oldest;
        if (chains->not_shown.first != NULL) {
            forget_oldest_hidden(chains);
            continue;
        }
        if (chains->beyond.first != NULL || chains->waiting.first != NULL) {
            forget_oldest_file(chains,
                               chains->beyond.first != NULL ? &chains->beyond : &chains->waiting);
            continue;
        }
        if (chains->pending.first != NULL) {
            IW_TRY(iw_chains_hurry(chains, err));
            continue;
        }
        if (chains->chains.first == NULL)
            return IW_OK;
        oldest = CHAIN_OF(chains->chains.first);
        chains->account.n_told_early++;
        IW_TRY(iw_chain_habit_settle_first(chains, oldest));
        IW_TRY(iw_chain_tell(chains, oldest, true, err));
        iw_chain_free(chains, oldest);
    }
    return IW_OK;
}
