#include "coverage/link_gone.h"

#include <stdlib.h>

#include "base/path_name.h"
#include "context/worker_process.h"
#include "coverage/link_root.h"
#include "iis/config/server_path.h"
#include "iis/web/web_defaults.h"

static bool is_by_server(const struct iw_server_fact *fact)
{
    return iw_is_worker_image(fact->image) ||
           iw_str_begins_nocase(fact->user, IW_STR("IIS APPPOOL\\"));
}

/* Deleted by the server itself, or written by anybody. */
static bool is_of_page(const struct iw_server_fact *fact)
{
    bool is_deleted = fact->kind == IW_FACT_FILE_DELETED && is_by_server(fact);
    return (is_deleted || iw_fact_is_writing(fact)) && iw_time_known(fact->time_ns) &&
           iw_web_ending_of(iw_path_name(fact->path)) != NULL;
}

static int compare_gone(const void *left, const void *right)
{
    const struct iw_link_gone *a = left, *b = right;
    if (a->root != b->root)
        return a->root < b->root ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->fact > b->fact) - (a->fact < b->fact);
}

static void settle(struct iw_link_gone_list *list)
{
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, compare_gone);
    for (size_t i = 1; i < list->n; i++) {
        struct iw_link_gone *own = &list->items[i];
        if (own->root == own[-1].root && own->last_ns < own[-1].last_ns)
            own->last_ns = own[-1].last_ns;
    }
}

static enum iw_rc list_pages(struct iw_link_host *host, const struct iw_server_fact *facts,
                             size_t n, struct iw_arena *arena)
{
    for (size_t i = 0; i < n; i++) {
        bool is_deleted = facts[i].kind == IW_FACT_FILE_DELETED;
        struct iw_link_gone_list *list = is_deleted ? host->gone : host->page_writes;
        struct iw_server_path path;
        const struct iw_link_root *root;
        if (!is_of_page(&facts[i]))
            continue;
        if (!iw_server_path_of_file(facts[i].path, arena, &path))
            return IW_ENOMEM;
        root = iw_link_root_of(host, path.key);
        if (root != NULL)
            list->items[list->n++] =
                (struct iw_link_gone){root, facts[i].time_ns, facts[i].last_ns, &facts[i]};
    }
    return IW_OK;
}

enum iw_rc iw_link_gone_find(struct iw_link_host *host, const struct iw_server_facts *facts,
                             struct iw_arena *arena)
{
    const struct iw_server_fact *own;
    struct iw_link_gone_list *lists;
    struct iw_link_gone *items;
    size_t n = 0, n_deleted = 0, n_written = 0;
    if (facts == NULL || facts->n_hidden != 0 || host->name.n == 0)
        return IW_OK;
    own = iw_server_facts_of(facts, host->name, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_page = is_of_page(&own[i]);
        n_deleted += is_page && own[i].kind == IW_FACT_FILE_DELETED;
        n_written += is_page && own[i].kind == IW_FACT_FILE_WRITTEN;
    }
    if (n_deleted == 0)
        return IW_OK;
    lists = iw_arena_calloc(arena, 2, sizeof *lists);
    items = iw_arena_alloc(arena, (n_deleted + n_written) * sizeof *items);
    if (lists == NULL || items == NULL)
        return IW_ENOMEM;
    lists[0].items = items;
    lists[1].items = items + n_deleted;
    host->gone = &lists[0];
    host->page_writes = &lists[1];
    IW_TRY(list_pages(host, own, n, arena));
    settle(host->gone);
    settle(host->page_writes);
    return IW_OK;
}

/* The place of the first of a root from a moment on. */
static size_t first_from(const struct iw_link_gone_list *list, const struct iw_link_root *root,
                         int64_t time_ns)
{
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct iw_link_gone *own = &list->items[middle];
        if (own->root < root || (own->root == root && own->time_ns < time_ns))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether a page of the root may have been written in the run: of many events that are one fact the
 * times between are not known. */
static bool has_written(const struct iw_link_gone_list *writes, const struct iw_link_root *root,
                        const struct iw_span *run)
{
    size_t at = first_from(writes, root, run->to_ns);
    return at != 0 && writes->items[at - 1].root == root &&
           writes->items[at - 1].last_ns >= run->from_ns;
}

const struct iw_server_fact *iw_link_gone_untold(const struct iw_witness_log *of,
                                                 const struct iw_span *run)
{
    const struct iw_link_host *host = of->host;
    const struct iw_link_gone *gone;
    size_t at;
    if (host->asked == NULL || host->gone == NULL || of->row->sense != IW_SENSE_SYSMON_FILE ||
        of->row->folders != IW_FOLDERS_ROOTS)
        return NULL;
    at = first_from(host->gone, host->asked, run->from_ns);
    gone = &host->gone->items[at];
    if (at == host->gone->n || gone->root != host->asked || gone->time_ns >= run->to_ns)
        return NULL;
    /* A file in a root around it shows what is told of both. */
    for (const struct iw_link_root *root = host->asked; root != NULL;
         root = iw_link_root_around(host, root)) {
        if (has_written(host->page_writes, root, run))
            return NULL;
    }
    return gone->fact;
}
