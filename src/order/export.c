/*
 * Exports by folder.
 */
#include "order/export.h"

#include "base/alloc.h"
#include "base/map.h"
#include "base/path_name.h"

struct iw_exports {
    uint32_t *of_source;
    size_t n_sources;
    struct iw_map by_folder; /* → number; keys borrow from the ledger */
};

/* `C:\Windows\x.json` is two parts below its drive: as many are taken off the path. */
static struct iw_str collection_of(const struct iw_source *source)
{
    struct iw_str folder = source->path;
    if (source->windows_path.n == 0)
        return iw_path_folder(folder);
    for (size_t i = 0; i < source->windows_path.n; i++) {
        if (source->windows_path.p[i] == '\\')
            folder = iw_path_folder(folder);
    }
    return folder;
}

struct iw_exports *iw_exports_new(const struct iw_ledger *ledger)
{
    struct iw_exports *exports = iw_calloc(1, sizeof *exports);
    if (exports == NULL)
        return NULL;
    iw_map_init(&exports->by_folder);
    exports->of_source = iw_calloc(ledger->n + 1, sizeof *exports->of_source);
    for (size_t i = 0; exports->of_source != NULL && i < ledger->n; i++) {
        bool is_new;
        struct iw_map_entry *entry =
            iw_map_add(&exports->by_folder, collection_of(&ledger->sources[i]), &is_new);
        if (entry == NULL)
            break;
        if (is_new)
            entry->value.number = exports->by_folder.n - 1;
        exports->of_source[i] = (uint32_t)entry->value.number;
        exports->n_sources = i + 1;
    }
    if (exports->n_sources == ledger->n && exports->of_source != NULL)
        return exports;
    iw_exports_free(exports);
    return NULL;
}

void iw_exports_free(struct iw_exports *exports)
{
    if (exports == NULL)
        return;
    iw_map_done(&exports->by_folder);
    iw_free(exports->of_source);
    iw_free(exports);
}

uint32_t iw_exports_of(const struct iw_exports *exports, uint32_t source)
{
    return source < exports->n_sources ? exports->of_source[source] : UINT32_MAX;
}

struct iw_str iw_exports_folder(const struct iw_exports *exports, uint32_t export)
{
    return export < exports->by_folder.n ? exports->by_folder.entries[export].key : IW_STR("");
}
