#include "engine/folder_hosts.h"

#include "base/arena_text.h"
#include "base/path_name.h"

static enum iw_rc know(struct iw_folder_hosts *folders, struct iw_str name, size_t place,
                       bool is_whole)
{
    struct iw_str key = iw_arena_lower(&folders->arena, name);
    struct iw_map_entry *entry;
    bool is_new;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_add(&folders->by_name, key, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new || is_whole)
        entry->value.number = place + 1;
    else if (entry->value.number != place + 1)
        entry->value.number = 0;
    return IW_OK;
}

enum iw_rc iw_folder_hosts_init(struct iw_folder_hosts *folders, const struct iw_host_span *hosts,
                                size_t n)
{
    iw_arena_init(&folders->arena, 0);
    iw_map_init(&folders->by_name);
    folders->hosts = hosts;
    for (size_t i = 0; i < n; i++)
        IW_TRY(know(folders, iw_host_label(hosts[i].host), i, false));
    for (size_t i = 0; i < n; i++) /* a whole name is nobody else's label */
        IW_TRY(know(folders, hosts[i].host, i, true));
    return IW_OK;
}

void iw_folder_hosts_done(struct iw_folder_hosts *folders)
{
    iw_map_done(&folders->by_name);
    iw_arena_done(&folders->arena);
}

static enum iw_rc find(const struct iw_folder_hosts *folders, struct iw_str name,
                       struct iw_arena *scratch, struct iw_map_entry **ret)
{
    struct iw_str whole = iw_arena_lower(scratch, name);
    if (whole.p == NULL)
        return IW_ENOMEM;
    *ret = iw_map_find(&folders->by_name, whole);
    if (*ret == NULL)
        *ret = iw_map_find(&folders->by_name, iw_host_label(whole));
    return IW_OK;
}

enum iw_rc iw_folder_hosts_of(const struct iw_folder_hosts *folders, struct iw_str path,
                              struct iw_arena *scratch, struct iw_str *ret)
{
    struct iw_map_entry *entry = NULL;
    *ret = IW_STR("");
    for (struct iw_str folder = iw_path_folder(path); folder.n != 0 && entry == NULL;
         folder = iw_path_folder(folder))
        IW_TRY(find(folders, iw_path_name(folder), scratch, &entry));
    if (entry != NULL && entry->value.number != 0)
        *ret = folders->hosts[entry->value.number - 1].host;
    return IW_OK;
}
