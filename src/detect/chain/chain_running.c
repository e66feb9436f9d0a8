/*
 * The request that ran a shell: of the page that a chain is known by, the one that was running as a
 * shell of it was started, else the one that ended shortly before. The page's first request shows
 * that somebody knew of it; these show who used it, and how.
 */
#include "base/limits.h"
#include "detect/chain/chain_telling.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

/* A shell that wrote the page was started by no request for it. */
static bool is_behind_writing(const struct iw_telling *telling, const struct iw_chain_shell *shell)
{
    const struct iw_chain_file *file = telling->chain->file;
    return file->is_unseen ||
           iw_chain_order_of(file->writes[0]->moment, shell->moment) != IW_CHAIN_AFTER;
}

static bool is_same(const struct iw_evidence_item *a, const struct iw_evidence_item *b)
{
    return a->offset == b->offset && a->line == b->line && iw_str_equal(a->source, b->source);
}

/* Whether a shell before it shows that request, or it is the page's first, which is evidence of its
 * own. */
static bool is_shown(const struct iw_telling *telling, size_t at)
{
    const struct iw_chain_running *one = &telling->running[at];
    if ((telling->marks & IW_MARKS_REQUEST) != 0 && telling->request.has_item &&
        is_same(&one->item, &telling->request.item))
        return true;
    for (size_t i = 0; i < at; i++) {
        if (telling->running[i].request.is_found && is_same(&telling->running[i].item, &one->item))
            return true;
    }
    return false;
}

/* Requests that only may have been it are none: a page of the public is asked for at any time. */
static void drop_unsure(struct iw_chain_running *running)
{
    if (running->request.is_hidden && !running->request.is_running)
        running->request.is_found = false;
}

enum iw_rc iw_chain_find_running(struct iw_telling *telling)
{
    const struct iw_chains_input *input = &telling->chains->input;
    int64_t times_ns[IW_LIMIT_CHAIN_SHELLS_WORTH];
    size_t n = 0;
    if (input->ask_running == NULL || telling->chain->file == NULL || !telling->request.is_found ||
        telling->request.n_addresses > IW_CHAIN_MANY_ADDRESSES)
        return IW_OK;
    for (struct iw_link *link = telling->chain->shells.first;
         link != NULL && n < IW_LIMIT_CHAIN_SHELLS_WORTH; link = link->next) {
        if (SHELL_OF(link)->is_trace || !is_behind_writing(telling, SHELL_OF(link)))
            continue;
        if (SHELL_OF(link) == telling->best)
            telling->best_running = n + 1;
        times_ns[n++] = SHELL_OF(link)->moment.time_ns;
    }
    if (n == 0)
        return IW_OK;
    telling->running = iw_arena_calloc(telling->arena, n, sizeof *telling->running);
    if (telling->running == NULL)
        return IW_ENOMEM;
    telling->n_running = n;
    IW_TRY(input->ask_running(input->context, telling->chains->context->host,
                              telling->chain->file->path, telling->write_item->moment.time_ns,
                              times_ns, n, telling->arena, telling->running));
    for (size_t i = 0; i < n; i++) {
        struct iw_chain_running *running = &telling->running[i];
        drop_unsure(running);
        running->time_ns = times_ns[i];
        running->is_shown_before = running->request.is_found && is_shown(telling, i);
    }
    return IW_OK;
}
