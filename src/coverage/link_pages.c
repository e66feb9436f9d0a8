#include "coverage/link_pages.h"

#include <stdlib.h>

#include "coverage/link_root.h"
#include "iis/config/server_path.h"

/* So far apart a file's time and the event of its writing may be: what is long is written on. */
#define NEAR_NS (INT64_C(300) * IW_NS_PER_SECOND)

static int compare_pages(const void *left, const void *right)
{
    const struct iw_link_page *a = left, *b = right;
    if (a->root != b->root)
        return a->root < b->root ? -1 : 1;
    if (a->written_ns != b->written_ns)
        return a->written_ns < b->written_ns ? -1 : 1;
    return iw_str_compare(b->file->file.path, a->file->file.path);
}

static bool is_of_window(const struct iw_link_host *host, const struct iw_inventory_web_file *file)
{
    int64_t written_ns = file->file.modified_ns;
    return file->keeps_time && file->file.state == IW_ITEM_FILE_READ && iw_time_known(written_ns) &&
           written_ns >= host->log.from_ns && written_ns < host->log.to_ns;
}

enum iw_rc iw_link_pages_list(struct iw_link_host *host, struct iw_arena *arena)
{
    const struct iw_inventory_server *server = host->server;
    struct iw_link_page *pages;
    size_t n = 0;
    for (size_t i = 0; server != NULL && i < server->n_web_files; i++)
        n += is_of_window(host, &server->web_files[i]);
    if (n == 0)
        return IW_OK;
    pages = iw_arena_alloc(arena, n * sizeof *pages);
    if (pages == NULL)
        return IW_ENOMEM;
    n = 0;
    for (size_t i = 0; i < server->n_web_files; i++) {
        const struct iw_inventory_web_file *file = &server->web_files[i];
        struct iw_server_path path;
        const struct iw_link_root *root;
        if (!is_of_window(host, file))
            continue;
        if (!iw_server_path_of_file(file->file.path, arena, &path))
            return IW_ENOMEM;
        root = iw_link_root_of(host, path.key);
        if (root != NULL)
            pages[n++] = (struct iw_link_page){root, file->file.modified_ns, file};
    }
    if (n > 1)
        qsort(pages, n, sizeof *pages, compare_pages);
    host->pages = pages;
    host->n_pages = n;
    return IW_OK;
}

/* The last one of a root before a moment. */
static const struct iw_link_page *last_before(const struct iw_link_host *host, int64_t time_ns)
{
    size_t low = 0, high = host->n_pages;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct iw_link_page *page = &host->pages[middle];
        if (page->root < host->asked || (page->root == host->asked && page->written_ns < time_ns))
            low = middle + 1;
        else
            high = middle;
    }
    return low != 0 && host->pages[low - 1].root == host->asked ? &host->pages[low - 1] : NULL;
}

const struct iw_link_page *iw_link_page_unseen(const struct iw_witness_log *of,
                                               const struct iw_span *run, int64_t seen_ns,
                                               int64_t *ret_from)
{
    const struct iw_link_page *page;
    int64_t from_ns, last_ns;
    *ret_from = run->from_ns;
    if (of->host->asked == NULL || of->host->n_pages == 0 || run->to_ns < INT64_MIN + NEAR_NS)
        return NULL;
    page = last_before(of->host, run->to_ns - NEAR_NS);
    if (page == NULL || page->written_ns < INT64_MIN + NEAR_NS)
        return NULL;
    from_ns = page->written_ns - NEAR_NS; /* nor what was written just before the run began */
    if (from_ns < run->from_ns || (iw_time_known(seen_ns) && seen_ns >= from_ns) ||
        iw_witness_next_sample(of, from_ns) < run->to_ns)
        return NULL;
    last_ns = iw_witness_last_sample(of, run, from_ns);
    if (iw_time_known(seen_ns) && (!iw_time_known(last_ns) || seen_ns > last_ns))
        last_ns = seen_ns;
    if (iw_time_known(last_ns))
        *ret_from = last_ns + 1;
    return page;
}
