/*
 * How well a writing fits a shell. What was asked for between the two goes first, unless all the
 * world asks for it, or did before: that proves little. Then what the web server itself wrote
 * shortly before: a page need not be asked for by its name to run, and many files never can be.
 */
#include "base/path_name.h"
#include "detect/chain/chain_fit.h"
#include "detect/chain/chain_telling.h"

/* The web server wrote it so shortly before the shell. */
#define NEAR_NS (600 * IW_NS_PER_SECOND)
#define DEPLOYED (IW_MARK(DEPLOYMENT_WRITER) | IW_MARK(DEPLOYMENT_LIKE))

enum iw_rc iw_chain_fit_ask(struct iw_chains *chains, struct iw_chain_file *file,
                            struct iw_chain_item *write)
{
    struct iw_chain_request request = {0};
    if (chains->input.ask_requests == NULL || file->class == IW_WEB_FILE_PROGRAM ||
        write->is_asked_about)
        return IW_OK;
    write->is_asked_about = true;
    IW_TRY(chains->input.ask_requests(chains->input.context, chains->context->host, file->path,
                                      write->moment.time_ns, &chains->scratch, &request));
    write->is_request_logged = request.is_logged;
    if (!request.is_found)
        return IW_OK;
    write->request_begin_ns = request.begin_ns;
    write->is_served = iw_chain_is_served(&request);
    write->is_first_ever = request.is_first_ever;
    if (file->asked_for.list == NULL)
        iw_linked_append(&chains->asked_for, &file->asked_for);
    return IW_OK;
}

/* A request is logged when it ends, to the second; a shell comes while it runs or later. */
static bool is_asked_before(const struct iw_chain_item *write, const struct iw_chain_shell *shell)
{
    const struct iw_chain_moment request = {write->request_begin_ns, IW_CLOCK_REQUEST};
    return iw_time_known(write->request_begin_ns) &&
           iw_chain_order_of(request, shell->moment) != IW_CHAIN_AFTER;
}

bool iw_chain_is_of_burst(const struct iw_chain_written *written)
{
    return written->run != NULL && written->run->n_files >= IW_CHAIN_BURST_FILES;
}

bool iw_chain_is_near(const struct iw_chain_item *write, const struct iw_chain_shell *shell)
{
    return iw_chain_distance_ns(write->moment.time_ns, shell->moment.time_ns) <= NEAR_NS;
}

static enum iw_chain_by_server by_server_of(const struct iw_chains *chains,
                                            const struct iw_chain_fit *fit,
                                            const struct iw_chain_shell *shell)
{
    const struct iw_chain_file *file = fit->file;
    const struct iw_chain_item *write = fit->write;
    const struct iw_chain_written *written = write->written;
    if (written == NULL || (written->marks & IW_MARK(WRITTEN_BY_SERVER)) == 0 ||
        file->class == IW_WEB_FILE_PROGRAM || iw_chain_is_of_burst(written))
        return IW_CHAIN_BY_SERVER_NONE;
    if (iw_chain_is_near(write, shell))
        return IW_CHAIN_BY_SERVER_NEAR;
    if (fit->is_asked_for ||
        (write->is_request_logged && !iw_web_file_is_never_asked_for(file->path, chains->settings)))
        return IW_CHAIN_BY_SERVER_NONE;
    return IW_CHAIN_BY_SERVER_EVER;
}

void iw_chain_fit_weigh(const struct iw_chains *chains, struct iw_chain_fit *fit,
                        const struct iw_chain_shell *shell)
{
    const struct iw_chain_item *write = fit->write;
    const struct iw_chain_written *written = write->written;
    fit->is_asked_for = is_asked_before(write, shell);
    fit->request_begin_ns = fit->is_asked_for ? write->request_begin_ns : IW_TIME_UNKNOWN;
    fit->is_called = fit->is_asked_for && !write->is_served;
    fit->is_deployed =
        written != NULL && !written->is_contradicted && (written->marks & DEPLOYED) != 0;
    fit->by_server = by_server_of(chains, fit, shell);
}

static int compare_bool(bool a, bool b)
{
    return (int)a - (int)b;
}

int iw_chain_fit_compare(const struct iw_chain_fit *a, const struct iw_chain_fit *b)
{
    const int ORDERS[] = {
        compare_bool(a->is_called, b->is_called),
        compare_bool(b->is_other_pool, a->is_other_pool),
        (int)a->by_server - (int)b->by_server,
        compare_bool(b->is_deployed, a->is_deployed),
        compare_bool(a->is_asked_for, b->is_asked_for),
        (int)a->file->class - (int)b->file->class,
        compare_bool(b->is_undecided, a->is_undecided),
    };
    for (size_t i = 0; i < sizeof ORDERS / sizeof ORDERS[0]; i++) {
        if (ORDERS[i] != 0)
            return ORDERS[i];
    }
    if (a->write->moment.time_ns != b->write->moment.time_ns)
        return a->write->moment.time_ns > b->write->moment.time_ns ? 1 : -1;
    return iw_str_compare(b->file->key, a->file->key);
}
