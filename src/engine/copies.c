/*
 * Copies joined. Hits of one record and content come one behind the other, so all that is held is
 * the findings of the present content: one, but where names of several hosts share a label.
 *
 * Without a record id the time must be known, or two events that happen to look alike would be
 * taken for one.
 */
#include "engine/copies.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "result/finding_record.h"

/* A finding that waits for copies of its event. */
struct iw_joined {
    struct iw_finding finding;
    struct iw_evidence_item items[1 + IW_LIMIT_COPIES_SHOWN];
    size_t n_items;
    size_t n_hidden;
};

void iw_copies_init(struct iw_copies *copies, const struct iw_hosts *hosts, iw_take_finding *take,
                    void *context)
{
    memset(copies, 0, sizeof *copies);
    copies->hosts = hosts;
    copies->take = take;
    copies->context = context;
    iw_arena_init(&copies->kept, 0);
    iw_arena_init(&copies->scratch, 0);
}

void iw_copies_done(struct iw_copies *copies)
{
    iw_arena_done(&copies->kept);
    iw_arena_done(&copies->scratch);
    iw_free(copies->open);
    iw_free(copies->seen);
    memset(copies, 0, sizeof *copies);
}

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- giving out -------------------------------------------------------------------------- */

/* What is not listed is at least counted, where every form of output shows it. */
static enum iw_rc tell_hidden_copies(struct iw_finding *finding, struct iw_arena *arena)
{
    struct iw_str *items = iw_arena_alloc(arena, (finding->why.n + 1) * sizeof *items);
    char text[64];
    int n = snprintf(text, sizeof text, "copies of this event that are not listed: %zu",
                     finding->n_copies_hidden);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < finding->why.n; i++)
        items[i] = finding->why.items[i];
    items[finding->why.n] = iw_arena_copy(arena, (struct iw_str){text, (size_t)n});
    if (items[finding->why.n].p == NULL)
        return IW_ENOMEM;
    finding->why = (struct iw_text_list){items, finding->why.n + 1};
    return IW_OK;
}

static enum iw_rc give(struct iw_copies *copies, struct iw_joined *joined, struct iw_error *err)
{
    struct iw_finding *finding = &joined->finding;
    finding->evidence = joined->items;
    finding->n_evidence = joined->n_items;
    finding->n_copies_hidden = joined->n_hidden;
    if (joined->n_hidden != 0 && tell_hidden_copies(finding, &copies->kept) != IW_OK)
        return no_memory(err);
    return copies->take(copies->context, finding, err);
}

enum iw_rc iw_copies_end(struct iw_copies *copies, struct iw_error *err)
{
    size_t n = copies->n_open;
    copies->n_open = 0;
    for (size_t i = 0; i < n; i++)
        IW_TRY(give(copies, &copies->open[i], err));
    iw_arena_reset(&copies->kept);
    return IW_OK;
}

/* --- taking ------------------------------------------------------------------------------ */

static bool can_have_copies(const struct iw_evidence_item *item)
{
    return item->record_id != 0 || iw_time_known(item->time_ns);
}

static struct iw_joined *find_open(const struct iw_copies *copies, struct iw_str host)
{
    for (size_t i = 0; i < copies->n_open; i++) {
        if (iw_str_equal(copies->open[i].finding.host, host))
            return &copies->open[i];
    }
    return NULL;
}

static bool keep_text(struct iw_arena *arena, struct iw_str *text)
{
    *text = iw_arena_copy(arena, *text);
    return text->p != NULL;
}

/* One more source of an event that is open. */
static enum iw_rc add_copy(struct iw_copies *copies, struct iw_joined *joined,
                           const struct iw_evidence_item *item)
{
    struct iw_evidence_item copy = *item;
    copies->n_copies++;
    if (joined->n_items == sizeof joined->items / sizeof joined->items[0]) {
        joined->n_hidden++;
        return IW_OK;
    }
    copy.role = IW_STR("copy");
    if (!keep_text(&copies->kept, &copy.channel) || !keep_text(&copies->kept, &copy.source) ||
        !keep_text(&copies->kept, &copy.host) || !keep_text(&copies->kept, &copy.fields_json))
        return IW_ENOMEM;
    joined->items[joined->n_items++] = copy;
    return IW_OK;
}

/* Whether the present record was met of this host with another content; it is from now on. */
static enum iw_rc count_conflict(struct iw_copies *copies, struct iw_str host)
{
    for (size_t i = 0; i < copies->n_seen; i++) {
        if (iw_str_equal(copies->seen[i], host)) {
            copies->n_conflicts++;
            return IW_OK;
        }
    }
    if (!iw_array_reserve(&copies->seen, &copies->seen_cap, copies->n_seen + 1,
                          sizeof *copies->seen))
        return IW_ENOMEM;
    copies->seen[copies->n_seen++] = host;
    return IW_OK;
}

/* A finding of its own, open for copies. Its texts are copied: the hit's are gone with the next. */
static enum iw_rc add_open(struct iw_copies *copies, struct iw_str record, struct iw_str host,
                           struct iw_error *err)
{
    struct iw_joined *joined;
    struct iw_str kept = iw_arena_copy(&copies->kept, record);
    if (kept.p == NULL || !iw_array_reserve(&copies->open, &copies->open_cap, copies->n_open + 1,
                                            sizeof *copies->open))
        return no_memory(err);
    joined = &copies->open[copies->n_open];
    IW_TRY(iw_finding_record_read(kept, &copies->kept, &joined->finding, err));
    joined->finding.host = host.n != 0 ? host : iw_host_label(joined->finding.computer);
    joined->items[0] = joined->finding.evidence[0];
    joined->n_items = 1;
    joined->n_hidden = 0;
    copies->n_open++;
    return IW_OK;
}

enum iw_rc iw_copies_add(struct iw_copies *copies, const struct iw_hit *hit, struct iw_error *err)
{
    struct iw_finding finding;
    const struct iw_evidence_item *item;
    struct iw_joined *joined;
    struct iw_str host;

    iw_arena_reset(&copies->scratch);
    IW_TRY(iw_finding_record_read(hit->record, &copies->scratch, &finding, err));
    host = iw_hosts_find(copies->hosts, finding.computer);
    item = &finding.evidence[0];
    if (!hit->is_same_content || !can_have_copies(item))
        IW_TRY(iw_copies_end(copies, err));
    if (!hit->is_same_record)
        copies->n_seen = 0;
    joined = find_open(copies, host);
    if (joined != NULL)
        return add_copy(copies, joined, item) == IW_OK ? IW_OK : no_memory(err);
    if (item->record_id != 0 && count_conflict(copies, host) != IW_OK)
        return no_memory(err);
    return add_open(copies, hit->record, host, err);
}
