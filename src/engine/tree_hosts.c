#include "engine/tree_hosts.h"

#include "base/map.h"

enum iw_rc iw_tree_hosts_init(struct iw_tree_hosts *hosts, const struct iw_ledger *ledger)
{
    memset(hosts, 0, sizeof *hosts);
    iw_arena_init(&hosts->arena, 0);
    hosts->n = ledger->n;
    hosts->computers = iw_arena_calloc(&hosts->arena, ledger->n + 1, sizeof *hosts->computers);
    hosts->is_mixed = iw_arena_calloc(&hosts->arena, ledger->n + 1, sizeof *hosts->is_mixed);
    return hosts->computers != NULL && hosts->is_mixed != NULL ? IW_OK : IW_ENOMEM;
}

void iw_tree_hosts_done(struct iw_tree_hosts *hosts)
{
    iw_arena_done(&hosts->arena);
    memset(hosts, 0, sizeof *hosts);
}

static enum iw_rc see(struct iw_tree_hosts *hosts, size_t source, struct iw_str computer)
{
    struct iw_str *known = &hosts->computers[source];
    if (computer.n == 0 || hosts->is_mixed[source] || iw_str_equal(*known, computer))
        return IW_OK;
    if (known->n == 0) {
        *known = iw_arena_copy(&hosts->arena, computer);
        return known->p != NULL ? IW_OK : IW_ENOMEM;
    }
    if (iw_str_equal_nocase(*known, computer)) { /* one name; which spelling stays must not depend
                                                    on who came first */
        if (iw_str_compare(computer, *known) < 0)
            *known = iw_arena_copy(&hosts->arena, computer);
        return known->p != NULL ? IW_OK : IW_ENOMEM;
    }
    hosts->is_mixed[source] = true;
    return IW_OK;
}

enum iw_rc iw_tree_hosts_add(struct iw_tree_hosts *hosts, const struct iw_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->events[i].source < hosts->n &&
            (batch->events[i].flags & IW_EVENT_HOST_ASSUMED) == 0)
            IW_TRY(see(hosts, batch->events[i].source, batch->events[i].computer));
    }
    return IW_OK;
}

enum iw_rc iw_tree_hosts_merge(struct iw_tree_hosts *into, const struct iw_tree_hosts *from)
{
    for (size_t i = 0; i < from->n && i < into->n; i++) {
        IW_TRY(see(into, i, from->computers[i]));
        into->is_mixed[i] |= from->is_mixed[i];
    }
    return IW_OK;
}

static struct iw_str settled(const struct iw_hosts *hosts, struct iw_str computer)
{
    struct iw_str host = iw_hosts_find(hosts, computer);
    return host.n != 0 ? host : iw_host_label(computer);
}

struct iw_str iw_tree_hosts_of(const struct iw_tree_hosts *trees, const struct iw_ledger *ledger,
                               const struct iw_hosts *hosts, struct iw_str hint)
{
    struct iw_str found = IW_STR("");
    for (size_t i = 0; i < trees->n && i < ledger->n; i++) {
        struct iw_str host;
        if (!iw_str_equal(ledger->sources[i].host_hint, hint) || trees->computers[i].n == 0 ||
            ledger->sources[i].windows_path.n == 0)
            continue;
        if (trees->is_mixed[i])
            return settled(hosts, hint);
        host = settled(hosts, trees->computers[i]);
        if (found.n != 0 && !iw_str_equal_nocase(found, host))
            return settled(hosts, hint);
        found = host;
    }
    return found.n != 0 ? found : settled(hosts, hint);
}

/* Whether events call a machine so themselves. */
static bool is_named(const struct iw_tree_hosts *trees, struct iw_str computer)
{
    for (size_t i = 0; i < trees->n; i++) {
        if (iw_str_equal_nocase(trees->computers[i], computer))
            return true;
    }
    return false;
}

static enum iw_rc adopt(const struct iw_tree_hosts *trees, const struct iw_ledger *ledger,
                        struct iw_hosts *hosts, struct iw_str hint)
{
    struct iw_map_entry *entry = iw_map_find(&hosts->by_computer, hint);
    struct iw_str *host;
    if (entry == NULL || is_named(trees, hint))
        return IW_OK;
    host = iw_arena_alloc(&hosts->arena, sizeof *host);
    if (host == NULL)
        return IW_ENOMEM;
    *host = iw_tree_hosts_of(trees, ledger, hosts, hint);
    entry->value.pointer = host;
    return IW_OK;
}

enum iw_rc iw_tree_hosts_adopt(const struct iw_tree_hosts *trees, const struct iw_ledger *ledger,
                               struct iw_hosts *hosts)
{
    struct iw_map hints;
    enum iw_rc rc = IW_OK;
    bool is_new;

    iw_map_init(&hints);
    for (size_t i = 0; i < ledger->n && rc == IW_OK; i++) {
        struct iw_str hint = ledger->sources[i].host_hint;
        if (hint.n == 0)
            continue;
        rc = iw_map_add(&hints, hint, &is_new) != NULL ? IW_OK : IW_ENOMEM;
        if (rc == IW_OK && is_new)
            rc = adopt(trees, ledger, hosts, hint);
    }
    iw_map_done(&hints);
    return rc;
}
