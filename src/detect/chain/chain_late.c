/*
 * Pages that were written longer ago than TimeWindow, and that nobody asked for until a shell came.
 *
 * Somebody who can wait writes a page today and uses it in a week. That nothing was asked for until
 * then, and the shell right behind the first request, joins the two whatever lies between. Each
 * page is looked up once, when the first shell comes past its window; what is kept is its first
 * request, in the order of these, until shells are past that too.
 */
#include "base/limits.h"
#include "detect/chain/chain_fit.h"

#define LATE_OF(of) IW_LINKED_IN(of, struct iw_chain_file, late)
/* A shell runs in a request, or comes right behind it. */
#define NEAR_NS (60 * IW_NS_PER_SECOND)

struct iw_chain_item *iw_chain_late_write(const struct iw_chains *chains,
                                          const struct iw_chain_file *file,
                                          const struct iw_chain_shell *shell)
{
    for (size_t i = file->n_writes; i-- != 0;) {
        struct iw_chain_item *write = file->writes[i];
        if (iw_chain_order_of(write->moment, shell->moment) == IW_CHAIN_AFTER)
            continue;
        return iw_chain_distance_ns(write->moment.time_ns, shell->moment.time_ns) >
                       chains->settings->window_ns
                   ? write
                   : NULL;
    }
    return NULL;
}

void iw_chains_note_late(struct iw_chains *chains, struct iw_chain_file *file,
                         const struct iw_chain_item *write)
{
    struct iw_link *behind = NULL, *at = chains->late.last;
    if (!write->is_first_ever || file->late.list != NULL)
        return;
    file->late_ns = write->request_begin_ns;
    while (at != NULL && LATE_OF(at)->late_ns > file->late_ns) {
        behind = at;
        at = at->prev;
    }
    iw_linked_append(&chains->late, &file->late);
    while (behind != NULL && behind != &file->late) {
        struct iw_link *next = behind->next;
        iw_linked_remove(behind);
        iw_linked_append(&chains->late, behind);
        behind = next;
    }
}

/* Files stand there by their latest writing. */
static enum iw_rc ask_about_old(struct iw_chains *chains, const struct iw_chain_shell *shell)
{
    while (chains->unasked.first != NULL) {
        struct iw_chain_file *file =
            IW_LINKED_IN(chains->unasked.first, struct iw_chain_file, unasked);
        struct iw_chain_item *write = file->writes[file->n_writes - 1];
        if (iw_chain_distance_ns(write->moment.time_ns, shell->moment.time_ns) <=
            chains->settings->window_ns)
            return IW_OK;
        iw_linked_remove(&file->unasked);
        if (file->class != IW_WEB_FILE_SCRIPT)
            continue;
        IW_TRY(iw_chain_fit_ask(chains, file, write));
        iw_chains_note_late(chains, file, write);
    }
    return IW_OK;
}

static bool is_of_shell(const struct iw_chains *chains, const struct iw_chain_file *file,
                        const struct iw_chain_shell *shell)
{
    return iw_chain_distance_ns(file->late_ns, shell->moment.time_ns) <= NEAR_NS &&
           iw_chain_late_write(chains, file, shell) != NULL &&
           !iw_chains_is_deployed_near(chains, file->late_ns);
}

enum iw_rc iw_chains_find_late(struct iw_chains *chains, const struct iw_chain_shell *shell,
                               struct iw_chain_file **ret)
{
    struct iw_link *next;
    *ret = NULL;
    if ((shell->marks & IW_MARK(SHELL)) == 0)
        return IW_OK;
    IW_TRY(ask_about_old(chains, shell));
    for (struct iw_link *link = chains->late.first; link != NULL; link = next) {
        struct iw_chain_file *file = LATE_OF(link);
        const struct iw_chain_moment request = {file->late_ns, IW_CLOCK_REQUEST};
        next = link->next;
        if (iw_chain_order_of(request, shell->moment) == IW_CHAIN_AFTER)
            return IW_OK;
        if (iw_chain_distance_ns(file->late_ns, shell->moment.time_ns) >
            NEAR_NS + iw_chain_longest_slack_ns())
            iw_linked_remove(link); /* shells come in the order of time */
        else if (is_of_shell(chains, file, shell))
            *ret = file; /* the latest */
    }
    return IW_OK;
}
