/*
 * Other files that fit a shell: it goes to one, and may have come of another. What stands out of
 * them is named in the finding, for otherwise nobody would be told of it.
 */
#include "base/path_name.h"
#include "detect/chain/chain_fit.h"
#include "detect/chain/chain_telling.h"

#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)
#define EXCUSES (IW_MARK(DEPLOYMENT_WRITER) | IW_MARK(DEPLOYMENT_LIKE) | IW_MARK(USUAL_WRITER))

/* --- found ------------------------------------------------------------------------------------ */

static bool is_excused(const struct iw_chains *chains, const struct iw_chain_item *write)
{
    const struct iw_chain_written *written = write->written;
    return written == NULL || written->is_by_shell ||
           (!written->is_contradicted && (written->marks & EXCUSES) != 0) ||
           iw_chain_is_of_burst(written) ||
           iw_chains_is_deployed_near(chains, write->moment.time_ns);
}

static bool stands_out(const struct iw_chain_fit *fit, const struct iw_chain_shell *shell)
{
    if (fit->is_called || fit->by_server != IW_CHAIN_BY_SERVER_NONE)
        return true;
    return !fit->is_asked_for &&
           (iw_chain_is_near(fit->write, shell) || (fit->file->marks & IW_MARK(ODD_NAME)) != 0 ||
            fit->file->times != NULL || fit->file->deleted != NULL);
}

void iw_chain_others_note(const struct iw_chains *chains, const struct iw_chain_shell *shell,
                          const struct iw_chain_fit *fit, struct iw_chain_others *others)
{
    const size_t MOST = sizeof others->items / sizeof others->items[0];
    size_t at = 0;
    if (!stands_out(fit, shell) || is_excused(chains, fit->write))
        return;
    for (size_t i = 0; i < others->n; i++) {
        if (others->items[i].file == fit->file)
            return; /* its later writings come first, and one is enough */
    }
    while (at < others->n && iw_chain_fit_compare(&others->items[at], fit) > 0)
        at++;
    others->n_more += others->n == MOST;
    if (at == MOST)
        return;
    others->n += others->n < MOST;
    for (size_t i = others->n - 1; i > at; i--)
        others->items[i] = others->items[i - 1];
    others->items[at] = *fit;
}

void iw_chain_others_join(const struct iw_chain_others *others, const struct iw_chain_file *file,
                          struct iw_chain_join *join)
{
    join->n_more_others = others->n_more;
    for (size_t i = 0; i < others->n; i++) {
        if (others->items[i].file == file)
            continue;
        if (join->n_others < IW_LIMIT_CHAIN_OTHERS)
            join->others[join->n_others++] = others->items[i].write;
        else
            join->n_more_others++;
    }
}

/* --- told ------------------------------------------------------------------------------------- */

/* It is a link already: of this chain, or of another. */
static enum iw_rc is_told(struct iw_telling *telling, const struct iw_chain_item *write, bool *ret)
{
    struct iw_chain_file *file = NULL;
    struct iw_chain_fact fact;
    *ret = write->is_link;
    for (size_t i = 0; i < telling->n_others && !*ret; i++)
        *ret = telling->others[i].write == write;
    if (*ret || !iw_chain_fact_parse(write->payload, &fact))
        return IW_OK;
    IW_TRY(iw_chains_find_file(telling->chains, fact.path, &file));
    *ret = file != NULL && file->chain != NULL;
    return IW_OK;
}

enum iw_rc iw_chain_tell_others(struct iw_telling *telling)
{
    for (struct iw_link *link = telling->chain->shells.first; link != NULL; link = link->next) {
        const struct iw_chain_shell *shell = SHELL_OF(link);
        const struct iw_chain_join *join = &shell->join;
        for (size_t i = 0; i < join->n_others; i++) {
            bool is_known;
            IW_TRY(is_told(telling, join->others[i], &is_known));
            if (is_known)
                continue;
            if (telling->n_others < IW_LIMIT_CHAIN_OTHERS)
                telling->others[telling->n_others++] =
                    (struct iw_chain_other){join->others[i], shell};
            else
                telling->has_more_others = true;
        }
        if (join->n_more_others > telling->n_more_others)
            telling->n_more_others = join->n_more_others;
    }
    return IW_OK;
}
