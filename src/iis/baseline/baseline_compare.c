/*
 * Every server of the evidence against its baseline. What the evidence cannot show is no
 * difference: entries are called removed only where the place they stood in is known now.
 */
#include <stdatomic.h>

#include "base/alloc.h"
#include "base/timestamp.h"
#include "iis/baseline/baseline_comparing.h"

/* --- differences --------------------------------------------------------------------------- */

static struct iw_baseline_found *new_found(struct iw_baseline_comparing *comparing,
                                           const struct iw_baseline_subject *subject,
                                           enum iw_baseline_change change,
                                           const struct iw_baseline_record *was,
                                           const struct iw_baseline_record *now)
{
    struct iw_baseline_found *found;
    if (!iw_array_reserve(&comparing->found, &comparing->found_cap, comparing->n_found + 1,
                          sizeof comparing->found[0]))
        return NULL;
    found = &comparing->found[comparing->n_found++];
    *found = (struct iw_baseline_found){.was = was, .now = now};
    found->difference.change = change;
    found->difference.host = subject->host;
    found->difference.server = subject->index;
    found->difference.approval_why = IW_STR("");
    return found;
}

/* The approval of the very content. Its end is the first moment it no longer holds. */
static enum iw_rc judge(const struct iw_baseline_comparing *comparing,
                        struct iw_baseline_found *found)
{
    struct iw_baseline_difference *difference = &found->difference;
    const struct iw_baseline_approval *approval;
    uint8_t digest[32];
    struct iw_str host = comparing->is_common ? IW_STR("") : difference->host;
    if (!iw_baseline_digest(host, difference->change, found->was, found->now, true, digest))
        return IW_ENOMEM;
    iw_baseline_id(digest, difference->id);
    approval = iw_baseline_find_approval(comparing->baseline, digest);
    difference->approval = IW_APPROVAL_NONE;
    if (approval == NULL)
        return IW_OK;
    difference->approval_why = approval->why;
    difference->approval =
        approval->expires_ns == IW_TIME_UNKNOWN ||
                (comparing->now_ns != IW_TIME_UNKNOWN && comparing->now_ns < approval->expires_ns)
            ? IW_APPROVAL_APPROVED
            : IW_APPROVAL_EXPIRED;
    return IW_OK;
}

/* Names of the fields and what stands in them on both sides. */
static enum iw_rc copy_fields(const struct iw_baseline_contrast *contrast,
                              const struct iw_baseline_found *found, struct iw_arena *arena,
                              struct iw_baseline_difference *ret)
{
    size_t n = contrast->n_fields;
    struct iw_str *items = iw_arena_calloc(arena, 3 * n + 1, sizeof items[0]);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        items[i] = iw_str_of(contrast->fields[i]);
        items[n + i] = iw_baseline_value(found->was, found->now, contrast->fields[i], arena);
        items[2 * n + i] = iw_baseline_value(found->now, found->was, contrast->fields[i], arena);
        if (items[n + i].p == NULL || items[2 * n + i].p == NULL)
            return IW_ENOMEM;
    }
    ret->fields = (struct iw_text_list){items, n};
    ret->was_values = (struct iw_text_list){items + n, n};
    ret->now_values = (struct iw_text_list){items + 2 * n, n};
    return IW_OK;
}

static enum iw_rc add_uncompared(struct iw_baseline_comparing *comparing,
                                 const struct iw_baseline_record *now)
{
    struct iw_baseline_differences *ret = comparing->ret;
    if (!iw_array_reserve(&ret->uncompared, &comparing->uncompared_cap, ret->n_uncompared + 1,
                          sizeof ret->uncompared[0]))
        return IW_ENOMEM;
    ret->uncompared[ret->n_uncompared++] = &now->shown;
    return IW_OK;
}

static enum iw_rc compare_partners(struct iw_baseline_comparing *comparing,
                                   struct iw_baseline_subject *subject,
                                   const struct iw_baseline_record *was,
                                   const struct iw_baseline_record *now)
{
    struct iw_baseline_contrast contrast;
    struct iw_baseline_found *found;
    iw_baseline_contrast(was, now, &subject->collected, &contrast);
    subject->n_one_sided += contrast.is_uncompared;
    if (contrast.n_fields == 0) {
        comparing->ret->n_equal++;
        return contrast.is_uncompared ? add_uncompared(comparing, now) : IW_OK;
    }
    found = new_found(comparing, subject, IW_BASELINE_MODIFIED, was, now);
    if (found == NULL)
        return IW_ENOMEM;
    IW_TRY(copy_fields(&contrast, found, comparing->arena, &found->difference));
    return judge(comparing, found);
}

static bool is_cancelled(const struct iw_baseline_comparing *comparing)
{
    return comparing->cancelled != NULL && atomic_load(comparing->cancelled);
}

static enum iw_rc collect(struct iw_baseline_comparing *comparing,
                          struct iw_baseline_subject *subject)
{
    for (size_t i = 0; i < subject->now.n; i++) {
        const struct iw_baseline_slot *slot = &subject->now.slots[i];
        struct iw_baseline_found *found;
        if (is_cancelled(comparing))
            return IW_ECANCELLED;
        if (slot->record->is_unknown)
            continue;
        if (slot->partner != NULL) {
            IW_TRY(compare_partners(comparing, subject, slot->partner->record, slot->record));
            continue;
        }
        found = new_found(comparing, subject, IW_BASELINE_ADDED, NULL, slot->record);
        if (found == NULL)
            return IW_ENOMEM;
        IW_TRY(judge(comparing, found));
    }
    for (size_t i = 0; i < subject->was.n; i++) {
        const struct iw_baseline_slot *slot = &subject->was.slots[i];
        struct iw_baseline_found *found;
        bool is_missed;
        if (slot->record->is_unknown || slot->partner != NULL)
            continue;
        IW_TRY(iw_baseline_may_be_missed(comparing, subject, slot->record, &is_missed));
        if (!is_missed)
            continue;
        found = new_found(comparing, subject, IW_BASELINE_REMOVED, slot->record, NULL);
        if (found == NULL)
            return IW_ENOMEM;
        IW_TRY(judge(comparing, found));
    }
    return IW_OK;
}

/* --- one server ---------------------------------------------------------------------------- */

static enum iw_rc read_subject(struct iw_baseline_comparing *comparing,
                               struct iw_baseline_subject *subject)
{
    const struct iw_inventory_server *server = subject->server;
    size_t n = server->n_components + server->n_web_files;
    struct iw_arena *arena = comparing->arena;
    subject->records = iw_arena_calloc(arena, n + 1, sizeof subject->records[0]);
    subject->now.slots = iw_arena_calloc(arena, n + 1, sizeof subject->now.slots[0]);
    subject->was.slots =
        iw_arena_calloc(arena, subject->baseline->n + 1, sizeof subject->was.slots[0]);
    if (subject->records == NULL || subject->now.slots == NULL || subject->was.slots == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < server->n_components; i++)
        IW_TRY(iw_baseline_record_component(&server->components[i], subject->host, arena,
                                            &subject->records[subject->n_records++]));
    for (size_t i = 0; i < server->n_web_files; i++)
        IW_TRY(iw_baseline_record_web_file(&server->web_files[i], subject->host, arena,
                                           &subject->records[subject->n_records++]));
    for (size_t i = 0; i < n; i++)
        subject->now.slots[i].record = &subject->records[i];
    for (size_t i = 0; i < subject->baseline->n; i++)
        subject->was.slots[i].record = &comparing->baseline->records[subject->baseline->first + i];
    subject->now.n = n;
    subject->was.n = subject->baseline->n;
    return IW_OK;
}

/* A host in a note. */
static enum iw_rc compare_server(struct iw_baseline_comparing *comparing, size_t index,
                                 const struct iw_baseline_server *baseline)
{
    struct iw_baseline_subject subject = {
        .server = &comparing->inventory->servers[index], .baseline = baseline, .index = index};
    enum iw_rc rc;
    subject.host = iw_baseline_label(subject.server->host, comparing->arena);
    if (subject.host.p == NULL)
        return IW_ENOMEM;
    iw_map_init(&subject.scopes);
    iw_map_init(&subject.unknown_kinds);
    iw_map_init(&subject.collected);
    rc = read_subject(comparing, &subject);
    if (rc == IW_OK)
        rc = iw_baseline_learn_places(comparing, &subject);
    if (rc == IW_OK) {
        iw_baseline_pair(&subject.was, &subject.now);
        rc = collect(comparing, &subject);
    }
    iw_map_done(&subject.scopes);
    iw_map_done(&subject.unknown_kinds);
    iw_map_done(&subject.collected);
    IW_TRY(rc);
    iw_baseline_note_subject(comparing, &subject);
    comparing->ret->is_compared[index] = true;
    comparing->n_compared++;
    return IW_OK;
}

/* --- which server with which --------------------------------------------------------------- */

static const struct iw_baseline_server *server_named(const struct iw_baseline *baseline,
                                                     struct iw_str host)
{
    for (size_t i = 0; i < baseline->n_servers; i++)
        if (iw_str_equal(baseline->servers[i].host, host))
            return &baseline->servers[i];
    return NULL;
}

static enum iw_rc find_partners(struct iw_baseline_comparing *comparing,
                                const struct iw_baseline_server **partners, bool *met)
{
    const struct iw_baseline *baseline = comparing->baseline;
    size_t n = comparing->inventory->n_servers, n_met = 0;
    for (size_t i = 0; i < n; i++) {
        struct iw_str host =
            iw_baseline_label(comparing->inventory->servers[i].host, comparing->arena);
        if (host.p == NULL)
            return IW_ENOMEM;
        partners[i] = server_named(baseline, host);
        if (partners[i] != NULL)
            met[partners[i] - baseline->servers] = true;
        n_met += partners[i] != NULL;
    }
    comparing->is_common = baseline->n_servers != 0 &&
                           (baseline->is_farm || (baseline->n_servers == 1 && n_met == 0 && n > 1));
    for (size_t i = 0; i < n && baseline->n_servers != 0; i++)
        if (comparing->is_common || (baseline->n_servers == 1 && n == 1))
            partners[i] = &baseline->servers[0];
    if (baseline->n_servers == 1 && n_met == 0 && n != 0 && !baseline->is_farm) {
        met[0] = true;
        iw_baseline_note(
            &comparing->notes, "the baseline is of %.*s, which the evidence does not name: %s",
            IW_STR_ARG(iw_baseline_named(baseline->servers[0].host)),
            n == 1 ? "compared with its only server" : "every server is compared with it");
    }
    return IW_OK;
}

static void note_unmet(struct iw_baseline_comparing *comparing,
                       const struct iw_baseline_server **partners, const bool *met)
{
    const struct iw_baseline *baseline = comparing->baseline;
    for (size_t i = 0; i < comparing->inventory->n_servers; i++)
        if (partners[i] == NULL)
            iw_baseline_note(&comparing->notes,
                             "%.*s: not in the baseline; nothing of it was compared",
                             IW_STR_ARG(iw_baseline_named(comparing->inventory->servers[i].host)));
    for (size_t i = 0; i < baseline->n_servers; i++)
        if (!met[i])
            iw_baseline_note(&comparing->notes,
                             "%.*s: in the baseline, but no configuration, program or web file of "
                             "it is in the evidence; nothing of it was compared",
                             IW_STR_ARG(iw_baseline_named(baseline->servers[i].host)));
}

static enum iw_rc compare_all(struct iw_baseline_comparing *comparing)
{
    size_t n = comparing->inventory->n_servers;
    const struct iw_baseline_server **partners =
        iw_arena_calloc(comparing->arena, n + 1, sizeof partners[0]);
    bool *met =
        iw_arena_calloc(comparing->arena, comparing->baseline->n_servers + 1, sizeof met[0]);
    comparing->ret->is_compared = iw_arena_calloc(comparing->arena, n + 1, sizeof(bool));
    if (partners == NULL || met == NULL || comparing->ret->is_compared == NULL)
        return IW_ENOMEM;
    IW_TRY(find_partners(comparing, partners, met));
    note_unmet(comparing, partners, met);
    for (size_t i = 0; i < n; i++) {
        if (is_cancelled(comparing))
            return IW_ECANCELLED;
        if (partners[i] != NULL)
            IW_TRY(compare_server(comparing, i, partners[i]));
    }
    return IW_OK;
}

enum iw_rc iw_baseline_compare(const struct iw_baseline *baseline,
                               const struct iw_inventory *inventory, int64_t now_ns,
                               const _Atomic bool *cancelled, struct iw_arena *arena,
                               struct iw_baseline_differences *ret)
{
    struct iw_baseline_comparing comparing = {.baseline = baseline,
                                              .inventory = inventory,
                                              .now_ns = now_ns,
                                              .cancelled = cancelled,
                                              .arena = arena,
                                              .ret = ret,
                                              .notes = {.arena = arena}};
    enum iw_rc rc;
    *ret = (struct iw_baseline_differences){0};
    rc = compare_all(&comparing);
    if (rc == IW_OK)
        rc = iw_baseline_hand_over(&comparing);
    if (!iw_baseline_notes_end(&comparing.notes, &ret->notes) && rc == IW_OK)
        rc = IW_ENOMEM;
    if (comparing.uncompared_cap != 0)
        iw_free(ret->uncompared);
    iw_free(comparing.found);
    if (rc != IW_OK)
        *ret = (struct iw_baseline_differences){0};
    return rc;
}
