/*
 * Labels of settled hosts.
 */
#include "order/host_names.h"

#include "base/arena_text.h"

struct iw_host_label_names {
    struct iw_str host; /* of the first name with this label */
    bool is_shared;     /* and of another there is another */
};

static enum iw_rc add(struct iw_host_names *names, const struct iw_map_entry *computer)
{
    const struct iw_str *host = computer->value.pointer;
    struct iw_str label = iw_arena_lower(&names->arena, iw_host_label(computer->key));
    struct iw_host_label_names *known;
    struct iw_map_entry *entry;
    if (host == NULL)
        return IW_OK;
    entry = label.p != NULL ? iw_map_add(&names->by_label, label, NULL) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    known = entry->value.pointer;
    if (known != NULL) {
        known->is_shared |= !iw_str_equal(known->host, *host);
        return IW_OK;
    }
    entry->value.pointer = known = iw_arena_calloc(&names->arena, 1, sizeof *known);
    if (known == NULL)
        return IW_ENOMEM;
    known->host = *host;
    return IW_OK;
}

enum iw_rc iw_host_names_init(struct iw_host_names *names, const struct iw_hosts *hosts)
{
    names->hosts = hosts;
    iw_arena_init(&names->arena, 0);
    iw_map_init(&names->by_label);
    for (size_t i = 0; i < hosts->by_computer.n; i++)
        IW_TRY(add(names, &hosts->by_computer.entries[i]));
    return IW_OK;
}

void iw_host_names_done(struct iw_host_names *names)
{
    iw_map_done(&names->by_label);
    iw_arena_done(&names->arena);
}

static const struct iw_host_label_names *find(const struct iw_host_names *names,
                                              struct iw_str lower_label)
{
    const struct iw_map_entry *entry = iw_map_find(&names->by_label, lower_label);
    return entry != NULL ? entry->value.pointer : NULL;
}

bool iw_host_names_shares(const struct iw_host_names *names, struct iw_str lower_label)
{
    const struct iw_host_label_names *known = find(names, lower_label);
    return known != NULL && known->is_shared;
}

/* Names longer than any host's are not asked. */
#define LONGEST_LABEL 256U

struct iw_str iw_host_names_of(const struct iw_host_names *names, struct iw_str computer)
{
    struct iw_str host = iw_hosts_find(names->hosts, computer);
    struct iw_str label = iw_host_label(computer);
    const struct iw_host_label_names *known;
    char lower[LONGEST_LABEL];
    if (host.n != 0 || label.n > sizeof lower)
        return host.n != 0 ? host : label;
    for (size_t i = 0; i < label.n; i++)
        lower[i] = iw_ascii_lower(label.p[i]);
    known = find(names, (struct iw_str){lower, label.n});
    return known != NULL && !known->is_shared ? known->host : label;
}
