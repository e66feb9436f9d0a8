#include "iis/inventory/collected.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path_name.h"
#include "base/timestamp.h"
#include "iis/config/server_path.h"

/* Files of a tree whose times lie within this span have the times of their collection. */
#define COLLECTED_WITHIN_NS (24LL * 3600 * 1000000000)
#define ENOUGH_FILES 3U

static bool add_folder(struct iw_collection *collection, struct iw_str key)
{
    struct iw_map_entry *entry;
    bool is_new;
    entry = iw_map_add(&collection->folders, key, &is_new);
    if (entry != NULL)
        entry->value.number = is_new ? 1 : entry->value.number + 1;
    return entry != NULL;
}

static bool add_name(struct iw_collection *collection, struct iw_collected_file *file)
{
    bool is_new;
    struct iw_map_entry *entry = iw_map_add(&collection->by_name, iw_path_name(file->key), &is_new);
    if (entry != NULL && is_new)
        entry->value.pointer = file;
    return entry != NULL;
}

/* Keys are folded further than file systems do (a Kelvin sign is a k): two files whose names differ
 * in more than the case of a to z may both be there, and each is read. */
static bool is_same_spelling(const struct iw_collected_file *file,
                             const struct iw_collected_file *first)
{
    return iw_str_equal_nocase(file->path, first->path);
}

static bool place_file(struct iw_collections *all, struct iw_collection *collection,
                       struct iw_collected_file *file, struct iw_str windows_path)
{
    struct iw_server_path path;
    struct iw_map_entry *entry;
    bool is_new;

    if (windows_path.n == 0) {
        file->name = iw_path_name(file->source);
        file->folder = iw_path_folder(file->source);
        return true;
    }
    if (!iw_server_path_of_file(windows_path, &all->arena, &path))
        return false;
    file->path = path.path;
    file->key = path.key;
    file->name = iw_path_name(file->path);
    file->folder = iw_path_folder(file->key);
    entry = iw_map_add(&collection->by_path, file->key, &is_new);
    if (entry == NULL)
        return false;
    if (is_new)
        entry->value.pointer = file;
    file->is_copy = !is_new && is_same_spelling(file, entry->value.pointer);
    collection->n_copies += file->is_copy;
    return !is_new || (add_folder(collection, file->folder) && add_name(collection, file));
}

static bool place_files(struct iw_collections *all, struct iw_collection *collection,
                        const struct iw_ledger *ledger)
{
    for (size_t i = 0; i < collection->n; i++) {
        struct iw_collected_file *file = &collection->files[i];
        struct iw_map_entry *entry;
        bool is_new;
        const struct iw_source *source = &ledger->sources[file->file->ledger_index];
        file->source = source->path;
        if (!place_file(all, collection, file, source->windows_path))
            return false;
        entry = iw_map_add(&collection->by_source, file->source, &is_new);
        if (entry == NULL)
            return false;
        entry->value.pointer = file;
    }
    return true;
}

static int compare_times(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* A tenth at either end is left out: one file that was touched proves nothing. */
static bool find_times(struct iw_collection *collection)
{
    int64_t *times = iw_calloc(collection->n, sizeof *times);
    size_t n = 0;
    if (times == NULL)
        return false;
    for (size_t i = 0; i < collection->n; i++) {
        if (iw_time_known(collection->files[i].file->modified_ns))
            times[n++] = collection->files[i].file->modified_ns;
    }
    qsort(times, n, sizeof *times, compare_times);
    collection->keeps_times = n >= ENOUGH_FILES && times[n - 1 - n / 10] / 2 - times[n / 10] / 2 >
                                                       COLLECTED_WITHIN_NS / 2;
    iw_free(times);
    return true;
}

static int compare_hosts(const void *left, const void *right)
{
    const struct iw_collection *a = left, *b = right;
    return iw_str_compare(a->host, b->host);
}

/* Counts the files of each host, in *by_host. */
static bool count_hosts(const struct iw_evidence *evidence, const struct iw_ledger *ledger,
                        struct iw_map *by_host)
{
    for (size_t i = 0; i < evidence->n_all; i++) {
        struct iw_str host = ledger->sources[evidence->all[i].ledger_index].host_hint;
        bool is_new;
        struct iw_map_entry *entry = iw_map_add(by_host, host, &is_new);
        if (entry == NULL)
            return false;
        entry->value.number = is_new ? 1 : entry->value.number + 1;
    }
    return true;
}

static bool make_room(struct iw_collections *all, struct iw_map *by_host)
{
    all->items = iw_arena_calloc(&all->arena, by_host->n, sizeof *all->items);
    if (all->items == NULL)
        return by_host->n == 0;
    for (size_t i = 0; i < by_host->n; i++) {
        struct iw_collection *collection = &all->items[all->n++];
        collection->host = by_host->entries[i].key;
        iw_map_init(&collection->by_path);
        iw_map_init(&collection->by_name);
        iw_map_init(&collection->by_source);
        iw_map_init(&collection->folders);
        collection->files = iw_arena_calloc(&all->arena, by_host->entries[i].value.number,
                                            sizeof *collection->files);
        if (collection->files == NULL)
            return false;
        by_host->entries[i].value.number = i;
    }
    return true;
}

enum iw_rc iw_collections_make(const struct iw_evidence *evidence, const struct iw_ledger *ledger,
                               struct iw_collections *ret)
{
    struct iw_map by_host;
    bool ok;
    memset(ret, 0, sizeof *ret);
    iw_arena_init(&ret->arena, 0);
    iw_map_init(&by_host);
    ok = count_hosts(evidence, ledger, &by_host) && make_room(ret, &by_host);
    for (size_t i = 0; ok && i < evidence->n_all; i++) {
        struct iw_str host = ledger->sources[evidence->all[i].ledger_index].host_hint;
        struct iw_collection *collection = &ret->items[iw_map_find(&by_host, host)->value.number];
        collection->files[collection->n++].file = &evidence->all[i];
    }
    for (size_t i = 0; ok && i < ret->n; i++)
        ok = place_files(ret, &ret->items[i], ledger) && find_times(&ret->items[i]);
    iw_map_done(&by_host);
    if (ret->n != 0)
        qsort(ret->items, ret->n, sizeof *ret->items, compare_hosts);
    return ok ? IW_OK : IW_ENOMEM;
}

void iw_collections_done(struct iw_collections *collections)
{
    for (size_t i = 0; i < collections->n; i++) {
        iw_map_done(&collections->items[i].by_path);
        iw_map_done(&collections->items[i].by_name);
        iw_map_done(&collections->items[i].by_source);
        iw_map_done(&collections->items[i].folders);
    }
    iw_arena_done(&collections->arena);
    memset(collections, 0, sizeof *collections);
}

const struct iw_collected_file *iw_collection_find(const struct iw_collection *collection,
                                                   struct iw_str key)
{
    const struct iw_map_entry *entry = iw_map_find(&collection->by_path, key);
    return entry != NULL ? entry->value.pointer : NULL;
}

/* Where Windows and .NET keep copies that nothing loads from there. */
static const char *const STORES[] = {
    "\\windows\\winsxs\\",
    "\\windows\\servicing\\",
    "\\windows\\softwaredistribution\\",
    "\\windows\\installer\\",
    "\\windows\\assembly\\nativeimages",
};

bool iw_collected_is_stored(const struct iw_collected_file *file)
{
    struct iw_str key = file->key;
    for (size_t i = 0; i < sizeof STORES / sizeof STORES[0]; i++) {
        if (key.n > 2 &&
            iw_str_begins_nocase((struct iw_str){key.p + 2, key.n - 2}, iw_str_of(STORES[i])))
            return true;
    }
    return false;
}

static enum iw_rc read_whole(int fd, uint64_t size_bytes, struct iw_arena *arena,
                             struct iw_str *ret, struct iw_error *err)
{
    char *bytes = iw_arena_alloc(arena, (size_t)size_bytes + 1);
    int error;
    size_t got;
    if (bytes == NULL)
        return IW_ENOMEM;
    got = iw_fd_read_at(fd, bytes, (size_t)size_bytes, 0, &error);
    *ret = (struct iw_str){bytes, got};
    if (error != 0)
        return iw_error_set(err, IW_EIO, "cannot be read: %s", strerror(error));
    return got == size_bytes ? IW_OK
                             : iw_error_set(err, IW_EIO, "became shorter while it was read");
}

enum iw_rc iw_collected_read(const struct iw_collected_file *file, const struct iw_ledger *ledger,
                             uint64_t limit_bytes, struct iw_arena *arena, struct iw_str *ret,
                             struct iw_error *err)
{
    enum iw_rc rc;
    int fd;
    *ret = IW_STR("");
    if (file->file->size_bytes > limit_bytes)
        return iw_error_set(err, IW_ELIMIT, "larger than %llu MiB: not read",
                            (unsigned long long)(limit_bytes >> 20));
    IW_TRY(iw_evidence_open(file->file, ledger, &fd, err));
    rc = read_whole(fd, file->file->size_bytes, arena, ret, err);
    (void)close(fd);
    return rc;
}
