/*
 * Programs, and libraries, that a web server wrote: one that is run later was brought by whoever
 * told the server to write it, wherever it lies and whatever it is called.
 *
 * A page that uploads does not run what it took, and an application that runs a program was
 * installed with it. What is known is the latest writing of each path, of the latest programs.
 */
#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/fold.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/chain_state.h"

#define BROUGHT_OF(of) IW_LINKED_IN(of, struct iw_chain_brought, by_time)

/* The file's key, and its stream: another stream of the same file is another program. *ret* empty:
 * no path. */
static enum iw_rc make_key(struct iw_chains *chains, struct iw_str path, struct iw_str *ret)
{
    struct iw_web_file_path file;
    struct iw_str name = iw_path_name(path), stream;
    size_t colon = iw_str_find(name, IW_STR(":"));
    IW_TRY(iw_web_file_path_read(path, chains->context->host, &chains->scratch, &file));
    *ret = file.key;
    if (file.key.n == 0 || colon == SIZE_MAX)
        return IW_OK;
    stream = (struct iw_str){name.p + colon, name.n - colon};
    if (iw_str_ends_nocase(stream, IW_STR(":$DATA")))
        stream.n -= 6;
    stream = iw_fold_text(stream, &chains->scratch);
    if (stream.p == NULL)
        return IW_ENOMEM;
    *ret = iw_arena_format(&chains->scratch, "%.*s%.*s", IW_STR_ARG(file.key), IW_STR_ARG(stream));
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static void forget(struct iw_chains *chains, struct iw_chain_brought *brought)
{
    iw_chain_index_remove(&chains->brought, &brought->node);
    iw_linked_remove(&brought->by_time);
    chains->n_brought--;
    iw_chain_item_free(chains, brought->item);
    chains->n_bytes -= brought->n_bytes;
    iw_free(brought);
}

void iw_chains_forget_brought(struct iw_chains *chains)
{
    while (chains->brought_by_time.first != NULL)
        forget(chains, BROUGHT_OF(chains->brought_by_time.first));
}

/* It takes the item. */
static enum iw_rc add(struct iw_chains *chains, struct iw_str key, struct iw_chain_item *item,
                      bool is_by_management)
{
    size_t n_bytes = sizeof(struct iw_chain_brought) + key.n;
    struct iw_chain_brought *brought = iw_calloc(1, n_bytes);
    char *text;
    if (brought == NULL) {
        iw_chain_item_free(chains, item);
        return IW_ENOMEM;
    }
    text = (char *)(brought + 1);
    memcpy(text, key.p, key.n);
    brought->item = item;
    brought->n_bytes = n_bytes;
    brought->is_by_management = is_by_management;
    chains->n_bytes += n_bytes;
    iw_chain_index_add(&chains->brought, &brought->node, (struct iw_str){text, key.n}, brought);
    iw_linked_append(&chains->brought_by_time, &brought->by_time);
    if (++chains->n_brought <= IW_LIMIT_CHAIN_BROUGHT)
        return IW_OK;
    forget(chains, BROUGHT_OF(chains->brought_by_time.first));
    chains->account.n_brought_forgotten++;
    return IW_OK;
}

/* By its own name, or as a process that the lineage knows to serve. */
static bool is_by_server(const struct iw_chains *chains, const struct iw_fact *fact,
                         const struct iw_chain_fact *what)
{
    const struct iw_process *process =
        iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns);
    return iw_program_serves(what->process.image,
                             process != NULL ? process->command_line : IW_STR(""),
                             chains->settings);
}

enum iw_rc iw_chains_note_program(struct iw_chains *chains, const struct iw_fact *fact,
                                  const struct iw_chain_fact *what)
{
    bool is_written = what->action == IW_CHAIN_FILE_WRITTEN;
    bool is_by_management =
        iw_program_manages(what->process.image) && iw_program_has_ending(what->path);
    struct iw_chain_brought *brought;
    struct iw_chain_item *item;
    struct iw_str key;
    if ((!is_written && what->action != IW_CHAIN_FILE_CREATED &&
         what->action != IW_CHAIN_FILE_STREAM) ||
        !iw_program_may_be_brought(what->path) ||
        (!is_by_management && !is_by_server(chains, fact, what)))
        return IW_OK;
    IW_TRY(make_key(chains, what->path, &key));
    if (key.n == 0)
        return IW_OK;
    brought = iw_chain_index_find(&chains->brought, key);
    if (brought != NULL && is_by_management && !brought->is_by_management)
        return IW_OK; /* a release over it does not make it one's own */
    item = iw_chain_item_new(chains, fact, is_written ? "file_written" : "file_created");
    if (item == NULL)
        return IW_ENOMEM;
    if (brought == NULL)
        return add(chains, key, item, is_by_management);
    brought->is_by_management = is_by_management;
    iw_chain_item_free(chains, brought->item);
    brought->item = item;
    iw_linked_remove(&brought->by_time);
    iw_linked_append(&chains->brought_by_time, &brought->by_time);
    return IW_OK;
}

enum iw_rc iw_chains_find_brought(struct iw_chains *chains, struct iw_str image,
                                  struct iw_chain_moment moment, bool or_management,
                                  struct iw_chain_item **ret)
{
    const struct iw_chain_brought *brought;
    struct iw_str key;
    *ret = NULL;
    if (chains->n_brought == 0 || image.n == 0)
        return IW_OK;
    IW_TRY(make_key(chains, image, &key));
    brought = key.n != 0 ? iw_chain_index_find(&chains->brought, key) : NULL;
    if (brought != NULL && (or_management || !brought->is_by_management) &&
        iw_chain_order_of(brought->item->moment, moment) == IW_CHAIN_BEFORE &&
        iw_chain_distance_ns(brought->item->moment.time_ns, moment.time_ns) <=
            chains->settings->window_ns)
        *ret = brought->item;
    return IW_OK;
}
