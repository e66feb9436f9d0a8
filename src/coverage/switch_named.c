#include "coverage/switch_named.h"

#include "base/arena_text.h"

static enum iw_rc know(struct iw_named_hosts *named, struct iw_str name, struct iw_str *host)
{
    struct iw_str key = iw_arena_lower(&named->arena, name);
    struct iw_map_entry *entry;
    bool is_new;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_add(&named->by_name, key, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new)
        entry->value.pointer = host;
    else if (entry->value.pointer != NULL &&
             !iw_str_equal(*(struct iw_str *)entry->value.pointer, *host))
        entry->value.pointer = NULL;
    return IW_OK;
}

static enum iw_rc make(struct iw_named_hosts *named, const struct iw_hosts *hosts)
{
    iw_map_init(&named->by_name);
    iw_arena_init(&named->arena, 0);
    named->is_made = true;
    for (size_t i = 0; i < hosts->by_computer.n; i++) {
        const struct iw_map_entry *entry = &hosts->by_computer.entries[i];
        if (entry->value.pointer == NULL)
            continue;
        IW_TRY(know(named, entry->key, entry->value.pointer));
        IW_TRY(know(named, iw_host_label(entry->key), entry->value.pointer));
    }
    return IW_OK;
}

enum iw_rc iw_named_host_find(struct iw_named_hosts *named, const struct iw_hosts *hosts,
                              struct iw_str name, struct iw_str *ret)
{
    const struct iw_map_entry *entry;
    struct iw_str key;
    *ret = IW_STR("");
    if (!named->is_made)
        IW_TRY(make(named, hosts));
    key = iw_arena_lower(&named->arena, name);
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&named->by_name, key);
    if (entry == NULL) /* with a domain that no event writes */
        entry = iw_map_find(&named->by_name, iw_host_label(key));
    if (entry != NULL && entry->value.pointer != NULL)
        *ret = *(const struct iw_str *)entry->value.pointer;
    return IW_OK;
}

void iw_named_hosts_done(struct iw_named_hosts *named)
{
    if (!named->is_made)
        return;
    iw_map_done(&named->by_name);
    iw_arena_done(&named->arena);
}
