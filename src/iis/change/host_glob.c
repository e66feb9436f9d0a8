/*
 * Hosts by glob. Which part of a name is its label is decided where hosts are settled
 * (event/host.h), so that an address has none.
 */
#include "iis/change/host_glob.h"

#include "base/fold.h"
#include "event/host.h"

static bool add_name(struct iw_host_names *host, struct iw_str name, struct iw_arena *arena)
{
    struct iw_str folded, label;
    char *beginning;

    if (name.n == 0)
        return true;
    while (name.n > 1 && name.p[name.n - 1] == '.') /* the root: `web01.corp.example.` */
        name.n--;
    folded = iw_fold_text(name, arena);
    if (folded.p == NULL)
        return false;
    label = iw_host_label(folded);
    host->names[host->n] = folded;
    host->labels[host->n] = label;
    if (iw_str_find(folded, IW_STR(".")) != SIZE_MAX ||
        iw_str_find(folded, IW_STR(":")) != SIZE_MAX)
        host->knows_whole = true;
    beginning = iw_arena_alloc(arena, label.n + 1);
    if (beginning == NULL)
        return false;
    memcpy(beginning, label.p, label.n);
    beginning[label.n] = '.';
    host->beginnings[host->n++] = (struct iw_str){beginning, label.n + 1};
    return true;
}

bool iw_host_names_read(struct iw_str label, struct iw_str computer, struct iw_arena *arena,
                        struct iw_host_names *ret)
{
    memset(ret, 0, sizeof *ret);
    return add_name(ret, label, arena) && add_name(ret, computer, arena);
}

enum iw_holds iw_host_glob_means(const struct iw_glob *glob, const struct iw_host_names *host)
{
    for (size_t i = 0; i < host->n; i++) {
        if (iw_glob_matches(glob, host->names[i]))
            return IW_HOLDS_YES;
        /* Mostly the label of the second name is the first name. */
        if (!iw_str_equal(host->labels[i], host->names[0]) &&
            iw_glob_matches(glob, host->labels[i]))
            return IW_HOLDS_YES;
    }
    for (size_t i = 0; i < host->n && !host->knows_whole; i++)
        if (iw_glob_could_begin(glob, host->beginnings[i]))
            return IW_HOLDS_UNKNOWN;
    return host->n != 0 ? IW_HOLDS_NO : IW_HOLDS_UNKNOWN;
}
