#include "engine/told_web_files.h"

#include "base/arena_text.h"
#include "base/fold.h"
#include "detect/component_kinds.h"

struct iw_told_web_file {
    const struct iw_inventory_web_file *file;
    bool is_told;
    enum iw_level level; /* the highest of its chains */
    bool is_folded;
};

/* p NULL: no memory. No host and no path has a line's end. */
static struct iw_str key_of(struct iw_str host, struct iw_str path, struct iw_arena *arena)
{
    struct iw_str text = iw_arena_format(arena, "%.*s\n%.*s", IW_STR_ARG(host), IW_STR_ARG(path));
    return text.p != NULL ? iw_fold_text(text, arena) : text;
}

/* Of several copies of a path the first one stands for it; the others are told by themselves. */
static enum iw_rc add(struct iw_told_web_files *told, struct iw_str host,
                      const struct iw_inventory_web_file *file)
{
    struct iw_str key = key_of(host, file->file.path, &told->arena);
    struct iw_map_entry *entry;
    struct iw_told_web_file *kept;
    bool is_new;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_add(&told->by_path, key, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    if (!is_new)
        return IW_OK;
    kept = iw_arena_calloc(&told->arena, 1, sizeof *kept);
    if (kept == NULL)
        return IW_ENOMEM;
    kept->file = file;
    entry->value.pointer = kept;
    return IW_OK;
}

static bool has_something_to_say(const struct iw_inventory_web_file *file)
{
    return (file->marks.n != 0 && !iw_is_approved(file->approval)) ||
           iw_lacks_approval(file->approval);
}

enum iw_rc iw_told_web_files_init(struct iw_told_web_files *told,
                                  const struct iw_inventory *inventory)
{
    memset(told, 0, sizeof *told);
    iw_map_init(&told->by_path);
    iw_arena_init(&told->arena, 0);
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        for (size_t k = 0; k < server->n_web_files; k++) {
            const struct iw_inventory_web_file *file = &server->web_files[k];
            if (has_something_to_say(file))
                IW_TRY(add(told, server->host, file));
        }
    }
    return IW_OK;
}

void iw_told_web_files_done(struct iw_told_web_files *told)
{
    iw_map_done(&told->by_path);
    iw_arena_done(&told->arena);
}

static enum iw_rc find(const struct iw_told_web_files *told, struct iw_str host, struct iw_str path,
                       struct iw_arena *scratch, struct iw_told_web_file **ret)
{
    const struct iw_map_entry *entry;
    struct iw_str key;
    *ret = NULL;
    if (told->by_path.n == 0)
        return IW_OK;
    key = key_of(host, path, scratch);
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&told->by_path, key);
    if (entry != NULL)
        *ret = entry->value.pointer;
    return IW_OK;
}

enum iw_rc iw_told_web_files_find(const struct iw_told_web_files *told, struct iw_str host,
                                  struct iw_str path, struct iw_arena *scratch,
                                  const struct iw_inventory_web_file **ret)
{
    struct iw_told_web_file *found;
    enum iw_rc rc = find(told, host, path, scratch, &found);
    *ret = found != NULL ? found->file : NULL;
    return rc;
}

enum iw_rc iw_told_web_files_tell(struct iw_told_web_files *told, struct iw_str host,
                                  struct iw_str path, enum iw_level level, struct iw_arena *scratch)
{
    struct iw_told_web_file *found;
    IW_TRY(find(told, host, path, scratch, &found));
    if (found == NULL)
        return IW_OK;
    if (!found->is_told || level > found->level)
        found->level = level;
    found->is_told = true;
    return IW_OK;
}

bool iw_told_web_files_has(void *context, struct iw_str host,
                           const struct iw_inventory_web_file *web_file, enum iw_level level,
                           struct iw_arena *scratch)
{
    const struct iw_told_web_files *told = context;
    struct iw_told_web_file *found;
    return find(told, host, web_file->file.path, scratch, &found) == IW_OK && found != NULL &&
           found->is_told && found->level >= level;
}

bool iw_told_web_files_ask(void *context, struct iw_str host,
                           const struct iw_inventory_web_file *web_file, enum iw_level level,
                           struct iw_arena *scratch)
{
    struct iw_told_web_files *told = context;
    struct iw_told_web_file *found;
    if (find(told, host, web_file->file.path, scratch, &found) != IW_OK || found == NULL ||
        found->file != web_file || !found->is_told || found->level < level)
        return false;
    told->n_folded += !found->is_folded;
    found->is_folded = true;
    return true;
}
