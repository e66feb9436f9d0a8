#include "engine/collected_pages.h"

#include <stdlib.h>

#include "base/limits.h"
#include "detect/component_kinds.h"
#include "detect/reconcile.h"

struct gathering {
    struct iw_url_requests *requests;
    const struct iw_web_places *places;
    struct iw_str host;
    struct iw_arena *arena;
    struct iw_chain_collected *items; /* room for all */
    size_t n;
    struct iw_error *err;
};

static bool is_candidate(const struct iw_inventory_web_file *file)
{
    return iw_web_file_level(file) >= IW_LEVEL_MEDIUM && !iw_is_approved(file->approval) &&
           file->file.state == IW_ITEM_FILE_READ;
}

static enum iw_rc find(struct gathering *gathering, const struct iw_inventory_web_file *file,
                       int64_t time_ns, struct iw_file_requests *ret)
{
    return iw_file_requests_find(gathering->requests, gathering->places, gathering->host,
                                 file->file.path, time_ns, gathering->arena, ret, gathering->err);
}

/* By hardly anybody, when it was there, in a log that shows for some time that nobody did before.
 */
static bool is_first_known(const struct iw_file_requests *asked, int64_t *ret_silence_ns)
{
    return asked->log == IW_REQUEST_LOG_COVERS && asked->is_site_named &&
           asked->use.n_timeless == 0 && asked->use.first.status != IW_STATUS_NOT_FOUND &&
           asked->use.addresses.n <= IW_PAGE_ADDRESSES &&
           !__builtin_sub_overflow(asked->use.first.start_ns, asked->log_first_ns,
                                   ret_silence_ns) &&
           *ret_silence_ns >= IW_PAGE_SILENCE_NS;
}

/* Which URLs the file has is asked of the configuration at its first request. */
static enum iw_rc add(struct gathering *gathering, const struct iw_inventory_web_file *file)
{
    struct iw_file_requests asked;
    struct iw_chain_collected *next = &gathering->items[gathering->n];
    IW_TRY(find(gathering, file, IW_TIME_UNKNOWN, &asked));
    if (!asked.use.has_moments)
        return IW_OK;
    next->asked_ns = asked.use.first.start_ns;
    IW_TRY(find(gathering, file, next->asked_ns, &asked));
    if (!asked.use.has_moments || asked.use.first.start_ns != next->asked_ns ||
        !is_first_known(&asked, &next->silence_ns))
        return IW_OK;
    next->file = file;
    next->is_proved = asked.is_proved;
    gathering->n++;
    return IW_OK;
}

static int compare(const void *left, const void *right)
{
    const struct iw_chain_collected *a = left, *b = right;
    if (a->asked_ns != b->asked_ns)
        return a->asked_ns < b->asked_ns ? -1 : 1;
    return iw_str_compare(a->file->file.path, b->file->file.path);
}

static enum iw_rc add_server(struct gathering *gathering, const struct iw_inventory_server *server)
{
    if (!iw_str_equal_nocase(server->host, gathering->host))
        return IW_OK;
    for (size_t i = 0; i < server->n_web_files && gathering->n < IW_LIMIT_CHAIN_LOOKS; i++) {
        if (is_candidate(&server->web_files[i]))
            IW_TRY(add(gathering, &server->web_files[i]));
    }
    return IW_OK;
}

enum iw_rc iw_collected_pages_find(const struct iw_inventory *inventory,
                                   struct iw_url_requests *requests,
                                   const struct iw_web_places *places, struct iw_str host,
                                   struct iw_arena *arena, struct iw_chain_collected_list *ret,
                                   struct iw_error *err)
{
    struct gathering gathering = {requests, places, host, arena, NULL, 0, err};
    gathering.items = iw_arena_calloc(arena, IW_LIMIT_CHAIN_LOOKS, sizeof *gathering.items);
    *ret = (struct iw_chain_collected_list){NULL, 0};
    if (gathering.items == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (size_t i = 0; i < inventory->n_servers; i++)
        IW_TRY(add_server(&gathering, &inventory->servers[i]));
    if (gathering.n > 1)
        qsort(gathering.items, gathering.n, sizeof *gathering.items, compare);
    *ret = (struct iw_chain_collected_list){gathering.items, gathering.n};
    return IW_OK;
}
