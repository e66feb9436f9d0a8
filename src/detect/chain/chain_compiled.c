/*
 * Compilings: what ASP.NET made of pages, by which worker of which pool.
 *
 * What is compiled is named by the page's file name alone (`page.aspx.hash.compiled`): whichever
 * file of that name a shell goes to, the compiling is its own, if the shell's worker or another of
 * its pool did it. A load or a compiler names no page: then the time and the worker are all there
 * is. A load tells only that there was a compiling: what is compiled is loaded again whenever the
 * worker starts.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/chain_state.h"

#define FILE_OF(link) IW_LINKED_IN(link, struct iw_chain_file, by_time)
#define PAGE_OF(link) IW_LINKED_IN(link, struct iw_chain_page, by_time)

bool iw_chain_is_shadow_copy(struct iw_str path)
{
    return iw_str_holds_nocase(path, IW_STR("\\assembly\\dl"));
}

/* --- of no page ------------------------------------------------------------------------------- */

static struct iw_chain_compiling
compiling_of(const struct iw_fact *fact, const struct iw_process *compiler_or_worker, uint64_t pid)
{
    const struct iw_process *worker =
        compiler_or_worker != NULL ? iw_process_worker(compiler_or_worker, NULL) : NULL;
    return (struct iw_chain_compiling){
        .moment = iw_chain_moment_of(fact),
        .written_ns = IW_TIME_UNKNOWN,
        .worker_number = worker != NULL ? worker->number : 0,
        .pid = worker != NULL && worker->name.has_pid ? worker->name.pid : pid};
}

/* The oldest goes. */
static void keep(struct iw_chains *chains, struct iw_chain_compiling *ring, size_t n_ring,
                 size_t *n_kept, const struct iw_chain_compiling *one, struct iw_chain_item *item)
{
    struct iw_chain_compiling *next = &ring[(*n_kept)++ % n_ring];
    iw_chain_item_free(chains, next->item);
    *next = *one;
    next->item = iw_chain_item_share(item);
}

void iw_chains_note_compiling(struct iw_chains *chains, const struct iw_fact *fact,
                              const struct iw_process *compiler_or_worker, uint64_t pid,
                              struct iw_chain_item *item)
{
    struct iw_chain_compiling one = compiling_of(fact, compiler_or_worker, pid);
    keep(chains, chains->compilings, IW_CHAIN_COMPILINGS, &chains->n_compilings, &one, item);
}

enum iw_rc iw_chains_note_compiler(struct iw_chains *chains, const struct iw_fact *fact,
                                   const struct iw_process *compiler, uint64_t pid)
{
    struct iw_chain_item *item = iw_chain_item_new(chains, fact, "compiler_started");
    if (item == NULL)
        return IW_ENOMEM;
    iw_chains_note_compiling(chains, fact, compiler, pid, item);
    iw_chain_item_free(chains, item);
    return IW_OK;
}

bool iw_chain_is_of_worker(const struct iw_chain_compiling *one, const struct iw_chain_shell *shell)
{
    return one->worker_number != 0 ? one->worker_number == shell->worker_number
                                   : one->pid != 0 && one->pid == shell->worker_pid;
}

static int64_t apart_ns(int64_t a_ns, int64_t b_ns)
{
    return a_ns < b_ns ? iw_chain_distance_ns(a_ns, b_ns) : iw_chain_distance_ns(b_ns, a_ns);
}

/* An event that tells when goes before one that does not; then the one nearest to a moment. */
static bool is_nearer(const struct iw_chain_compiling *a, const struct iw_chain_compiling *b,
                      int64_t to_ns)
{
    if (b == NULL || (a->item != NULL) != (b->item != NULL))
        return b == NULL || a->item != NULL;
    return apart_ns(a->moment.time_ns, to_ns) < apart_ns(b->moment.time_ns, to_ns);
}

const struct iw_chain_compiling *iw_chain_compiling_between(const struct iw_chains *chains,
                                                            struct iw_chain_moment write,
                                                            int64_t request_ns,
                                                            const struct iw_chain_shell *shell)
{
    const struct iw_chain_compiling *nearest = NULL;
    int64_t to_ns = iw_time_known(request_ns) ? request_ns : shell->moment.time_ns;
    for (size_t i = 0; i < IW_CHAIN_COMPILINGS && i < chains->n_compilings; i++) {
        const struct iw_chain_compiling *one = &chains->compilings[i];
        if (iw_chain_is_of_worker(one, shell) &&
            iw_chain_order_of(write, one->moment) != IW_CHAIN_AFTER &&
            iw_chain_order_of(one->moment, shell->moment) != IW_CHAIN_AFTER &&
            is_nearer(one, nearest, to_ns))
            nearest = one;
    }
    return nearest;
}

bool iw_chain_is_compiling_at(const struct iw_chains *chains, struct iw_chain_moment request,
                              const struct iw_chain_shell *shell)
{
    for (size_t i = 0; i < IW_CHAIN_COMPILINGS && i < chains->n_compilings; i++) {
        const struct iw_chain_compiling *one = &chains->compilings[i];
        if (one->item != NULL && iw_chain_is_of_worker(one, shell) &&
            iw_chain_order_of(request, one->moment) != IW_CHAIN_AFTER &&
            iw_chain_distance_ns(request.time_ns, one->moment.time_ns) <=
                IW_CHAIN_COMPILED_NEAR_NS &&
            iw_chain_order_of(one->moment, shell->moment) != IW_CHAIN_AFTER)
            return true;
    }
    return false;
}

/* Which page it was is known. */
static bool is_named(const struct iw_chain_compiling *one)
{
    struct iw_chain_fact fact;
    return one->item != NULL && iw_chain_fact_parse(one->item->payload, &fact) &&
           iw_web_compiled_page(fact.path).n != 0;
}

/* Which page it was is known, and the log of requests was asked whether that had come shortly
 * before: it had not. One compiling leaves several events, and not all name the page. */
static bool is_of_old_page(const struct iw_chains *chains,
                           const struct iw_chain_compiling *compiling)
{
    const struct iw_chain_span *requests =
        chains->telemetry != NULL ? &chains->telemetry->of[IW_CHAIN_SOURCE_REQUESTS] : NULL;
    if (requests == NULL || !requests->is_seen || compiling->moment.time_ns < requests->first_ns ||
        compiling->moment.time_ns > requests->last_ns)
        return false;
    for (size_t i = 0; i < IW_CHAIN_COMPILINGS && i < chains->n_compilings; i++) {
        const struct iw_chain_compiling *one = &chains->compilings[i];
        if (one->worker_number == compiling->worker_number &&
            apart_ns(one->moment.time_ns, compiling->moment.time_ns) <= IW_CHAIN_COMPILED_NEAR_NS &&
            is_named(one))
            return true;
    }
    return false;
}

/* What is deployed is compiled anew, which starts no shell within seconds. */
static bool is_deployed(const struct iw_chains *chains, const struct iw_chain_compiling *one,
                        const struct iw_chain_shell *shell)
{
    return iw_chain_distance_ns(one->moment.time_ns, shell->moment.time_ns) >
               IW_CHAIN_COMPILED_NEAR_NS &&
           iw_chains_is_deployed_near(chains, one->moment.time_ns);
}

/* The worker must be the same life: a number is used again within hours. */
const struct iw_chain_compiling *iw_chain_compiling_before(const struct iw_chains *chains,
                                                           const struct iw_chain_shell *shell)
{
    const struct iw_chain_compiling *latest = NULL;
    for (size_t i = 0; i < IW_CHAIN_COMPILINGS && i < chains->n_compilings; i++) {
        const struct iw_chain_compiling *one = &chains->compilings[i];
        if (one->item != NULL && one->worker_number != 0 && iw_chain_is_of_worker(one, shell) &&
            iw_chain_order_of(one->moment, shell->moment) == IW_CHAIN_BEFORE &&
            is_nearer(one, latest, shell->moment.time_ns))
            latest = one;
    }
    return latest != NULL &&
                   iw_chain_distance_ns(latest->moment.time_ns, shell->moment.time_ns) <=
                       chains->settings->window_ns &&
                   !is_deployed(chains, latest, shell) && !is_of_old_page(chains, latest)
               ? latest
               : NULL;
}

/* --- pages ------------------------------------------------------------------------------------ */

static void page_free(struct iw_chains *chains, struct iw_chain_page *page)
{
    iw_chain_index_remove(&chains->pages, &page->node);
    iw_linked_remove(&page->by_time);
    for (size_t i = 0; i < page->n_compiled; i++) {
        iw_chain_item_free(chains, page->compiled[i].item);
        iw_chain_text_free(chains, &page->compiled[i].pool);
    }
    chains->n_pages--;
    chains->n_bytes -= page->n_bytes;
    iw_free(page);
}

void iw_chains_forget_compilings(struct iw_chains *chains)
{
    while (chains->pages_by_time.first != NULL)
        page_free(chains, PAGE_OF(chains->pages_by_time.first));
    for (size_t i = 0; i < IW_CHAIN_COMPILINGS; i++) {
        iw_chain_item_free(chains, chains->compilings[i].item);
        chains->compilings[i].item = NULL;
    }
    for (size_t i = 0; i < IW_CHAIN_UNSEEN; i++) {
        iw_chain_item_free(chains, chains->unseen[i].item);
        iw_chain_item_free(chains, chains->seen[i].item);
        chains->unseen[i].item = chains->seen[i].item = NULL;
    }
    chains->n_compilings = chains->n_unseen = chains->n_seen = 0;
}

/* The key of a page: its name in lower case, in *scratch*. p NULL: no memory. */
static struct iw_str key_of(struct iw_chains *chains, struct iw_str name)
{
    char *text = iw_arena_alloc(&chains->scratch, name.n + 1);
    for (size_t i = 0; text != NULL && i < name.n; i++)
        text[i] = iw_ascii_lower(name.p[i]);
    return (struct iw_str){text, name.n};
}

static struct iw_chain_page *page_of(struct iw_chains *chains, struct iw_str name)
{
    struct iw_str key = key_of(chains, name);
    struct iw_chain_page *page = key.p != NULL ? iw_chain_index_find(&chains->pages, key) : NULL;
    size_t n_bytes = sizeof *page + name.n;
    if (page != NULL || key.p == NULL)
        return page;
    page = iw_calloc(1, n_bytes);
    if (page == NULL)
        return NULL;
    memcpy(page + 1, key.p, key.n);
    page->n_bytes = n_bytes;
    chains->n_bytes += n_bytes;
    chains->n_pages++;
    iw_chain_index_add(&chains->pages, &page->node,
                       (struct iw_str){(const char *)(page + 1), key.n}, page);
    iw_linked_append(&chains->pages_by_time, &page->by_time);
    if (chains->n_pages > IW_LIMIT_CHAIN_PAGES)
        page_free(chains, PAGE_OF(chains->pages_by_time.first));
    return page;
}

static bool is_same_pool(struct iw_str a, struct iw_str b)
{
    return a.n != 0 && b.n != 0 && iw_str_equal_nocase(a, b);
}

/* Of one worker the latest; past the limit the oldest goes. */
static struct iw_chain_compiled *room_for(struct iw_chains *chains, struct iw_chain_page *page,
                                          const struct iw_chain_compiling *one)
{
    size_t at = 0;
    while (at < page->n_compiled && (page->compiled[at].by.worker_number != one->worker_number ||
                                     page->compiled[at].by.pid != one->pid))
        at++;
    if (at == page->n_compiled && at == IW_CHAIN_PAGE_WORKERS)
        at = 0;
    if (at < page->n_compiled) {
        iw_chain_item_free(chains, page->compiled[at].item);
        iw_chain_text_free(chains, &page->compiled[at].pool);
        for (; at + 1 < page->n_compiled; at++)
            page->compiled[at] = page->compiled[at + 1];
        page->n_compiled--;
    }
    return &page->compiled[page->n_compiled++];
}

static enum iw_rc keep_compiled(struct iw_chains *chains, struct iw_str name,
                                const struct iw_chain_compiling *one, struct iw_str pool,
                                struct iw_chain_item *item)
{
    struct iw_str kept = iw_chain_text_keep(chains, pool);
    struct iw_chain_page *page = kept.p != NULL ? page_of(chains, name) : NULL;
    if (page == NULL) {
        if (kept.p != NULL)
            iw_chain_text_free(chains, &kept);
        iw_chain_item_free(chains, item);
        return IW_ENOMEM;
    }
    iw_linked_remove(&page->by_time);
    iw_linked_append(&chains->pages_by_time, &page->by_time);
    *room_for(chains, page, one) =
        (struct iw_chain_compiled){.by = *one, .pool = kept, .item = item};
    return IW_OK;
}

struct iw_chain_item *iw_chain_compiled_between(struct iw_chains *chains,
                                                const struct iw_chain_file *file,
                                                const struct iw_chain_item *write,
                                                const struct iw_chain_shell *shell, enum iw_rc *rc)
{
    struct iw_str key = key_of(chains, iw_path_name(file->path));
    const struct iw_chain_page *page =
        key.p != NULL ? iw_chain_index_find(&chains->pages, key) : NULL;
    struct iw_chain_item *latest = NULL;
    *rc = key.p != NULL ? IW_OK : IW_ENOMEM;
    for (size_t i = 0; page != NULL && !file->is_unseen && i < page->n_compiled; i++) {
        const struct iw_chain_compiled *one = &page->compiled[i];
        bool is_own = one->pool.n != 0 && shell->pool.n != 0
                          ? is_same_pool(one->pool, shell->pool)
                          : iw_chain_is_of_worker(&one->by, shell);
        if (is_own && iw_chain_order_of(write->moment, one->by.moment) != IW_CHAIN_AFTER &&
            iw_chain_order_of(one->by.moment, shell->moment) != IW_CHAIN_AFTER)
            latest = one->item;
    }
    return latest;
}

/* --- seen ------------------------------------------------------------------------------------- */

/* The latest file of that name that was written: the page's coming may have been seen. NULL: it was
 * not. */
static const struct iw_chain_file *find_seen(const struct iw_chains *chains, struct iw_str name)
{
    size_t n = 0;
    for (struct iw_link *link = chains->by_time.last; link != NULL && n < IW_LIMIT_CHAIN_LOOKS;
         link = link->prev, n++) {
        if (iw_str_equal_nocase(iw_path_name(FILE_OF(link)->path), name))
            return FILE_OF(link);
    }
    return NULL;
}

/* The latest pages that no file seen before is, whatever else is loaded and compiled; and beside
 * them those that one may be. */
static void keep_named(struct iw_chains *chains, struct iw_str name, struct iw_chain_compiling one,
                       struct iw_chain_item *item)
{
    const struct iw_chain_file *seen = find_seen(chains, name);
    if (seen == NULL) {
        keep(chains, chains->unseen, IW_CHAIN_UNSEEN, &chains->n_unseen, &one, item);
        return;
    }
    one.written_ns = iw_chain_latest_write(seen)->moment.time_ns;
    keep(chains, chains->seen, IW_CHAIN_UNSEEN, &chains->n_seen, &one, item);
}

enum iw_rc iw_chains_see_compiled(struct iw_chains *chains, const struct iw_fact *fact,
                                  const struct iw_chain_fact *what)
{
    struct iw_str name = iw_web_compiled_page(what->path), pool;
    const struct iw_process *process =
        iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns);
    uint64_t pid = what->process.has_pid ? what->process.pid : 0;
    struct iw_chain_compiling one = compiling_of(fact, process, pid);
    struct iw_chain_item *item = iw_chain_item_new(chains, fact, "page_compiled");
    enum iw_rc rc;
    if (item == NULL)
        return IW_ENOMEM;
    iw_chains_note_compiling(chains, fact, process, pid, item);
    rc =
        name.n != 0
            ? iw_chains_find_pool(chains, process != NULL ? iw_process_worker(process, NULL) : NULL,
                                  what->user, fact->time_ns, &pool)
            : IW_END;
    if (rc != IW_OK) {
        iw_chain_item_free(chains, item);
        return rc == IW_END ? IW_OK : rc;
    }
    keep_named(chains, name, one, item);
    return keep_compiled(chains, name, &one, pool, item);
}
