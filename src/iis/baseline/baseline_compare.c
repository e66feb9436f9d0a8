/*
 * Every server of the evidence against its baseline. What the evidence cannot show is no
 * difference: entries are called removed only where the place they stood in is known now.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/timestamp.h"
#include "iis/baseline/baseline_inside.h"
#include "iis/baseline/baseline_pair.h"
#include "iis/config/server_path.h"

struct found {
    struct iw_baseline_difference difference;
    const struct iw_baseline_record *was, *now;
};

struct comparing {
    const struct iw_baseline *baseline;
    const struct iw_inventory *inventory;
    int64_t now_ns;
    struct iw_arena *arena;
    struct iw_baseline_differences *ret;
    struct iw_baseline_notes notes;
    struct found *found;
    size_t n_found, found_cap;
    size_t uncompared_cap;
    bool is_common; /* several servers against one set of entries */
    size_t n_compared;
};

/* One server of the evidence while it is compared. */
struct subject {
    const struct iw_inventory_server *server;
    const struct iw_baseline_server *baseline;
    size_t index;
    struct iw_str host;                 /* label */
    struct iw_baseline_record *records; /* of now */
    size_t n_records;
    struct iw_baseline_side was, now;
    /* What is known of places now; asked for every entry that is missing. */
    struct iw_map scopes, unknown_kinds;
    struct iw_str *root_keys; /* of collected roots */
    size_t n_root_keys;
    bool has_registry;
    size_t n_withheld, n_elsewhere, n_one_sided;
};

/* --- what can be claimed ------------------------------------------------------------------- */

static bool is_file_record(const struct iw_baseline_record *record)
{
    return iw_str_equal(record->state, IW_STR("file"));
}

/* A file is gone only where the folder it lay in was collected. */
static bool was_folder_collected(const struct subject *subject,
                                 const struct iw_baseline_record *record)
{
    for (size_t i = 0; i < subject->n_root_keys && record->n_files != 0; i++)
        if (iw_server_path_covers(subject->root_keys[i], record->files[0].key))
            return true;
    return false;
}

static bool is_registry_read(const struct subject *subject)
{
    return subject->has_registry || subject->server->version.n != 0;
}

/* Is *scope* the root's application, or below it? */
static bool is_root_of(const struct iw_inventory_root *root, struct iw_str scope)
{
    if (!root->is_collected || !iw_str_begins_nocase(scope, root->site))
        return false;
    return scope.n == root->site.n || scope.p[root->site.n] == '/';
}

/* Settings of a site or folder may stand in a web.config, which must be there to be missed. */
static enum iw_rc is_scope_known(const struct subject *subject, struct iw_str scope,
                                 struct iw_arena *arena, bool *ret)
{
    struct iw_str label = iw_baseline_label(scope, arena);
    if (label.p == NULL)
        return IW_ENOMEM;
    *ret = scope.n == 0 || iw_map_find(&subject->scopes, label) != NULL;
    for (size_t i = 0; i < subject->server->n_roots && !*ret; i++)
        *ret = is_root_of(&subject->server->roots[i], scope);
    return IW_OK;
}

/* Whether the absence of an entry may be called its removal. */
static enum iw_rc may_be_missed(const struct comparing *comparing, struct subject *subject,
                                const struct iw_baseline_record *record, bool *ret)
{
    *ret = false;
    if (comparing->baseline->is_farm && record->on < comparing->baseline->n_servers)
        return IW_OK; /* not all servers had it */
    if (is_file_record(record)) {
        *ret = was_folder_collected(subject, record);
        subject->n_elsewhere += !*ret;
        return IW_OK;
    }
    if (iw_str_equal(record->state, IW_STR("registry")))
        *ret = is_registry_read(subject);
    else if (subject->server->is_authoritative &&
             iw_map_find(&subject->unknown_kinds, record->shown.kind) == NULL)
        IW_TRY(is_scope_known(subject, record->shown.scope, comparing->arena, ret));
    subject->n_withheld += !*ret;
    return IW_OK;
}

/* --- differences --------------------------------------------------------------------------- */

static struct found *new_found(struct comparing *comparing, const struct subject *subject,
                               enum iw_baseline_change change, const struct iw_baseline_record *was,
                               const struct iw_baseline_record *now)
{
    struct found *found;
    if (!iw_array_reserve(&comparing->found, &comparing->found_cap, comparing->n_found + 1,
                          sizeof comparing->found[0]))
        return NULL;
    found = &comparing->found[comparing->n_found++];
    *found = (struct found){.was = was, .now = now};
    found->difference.change = change;
    found->difference.host = subject->host;
    found->difference.server = subject->index;
    found->difference.approval_why = IW_STR("");
    return found;
}

/* The approval of the very content. Its end is the first moment it no longer holds. */
static enum iw_rc judge(const struct comparing *comparing, struct found *found)
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
                              const struct found *found, struct iw_arena *arena,
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

static enum iw_rc add_uncompared(struct comparing *comparing, const struct iw_baseline_record *now)
{
    struct iw_baseline_differences *ret = comparing->ret;
    if (!iw_array_reserve(&ret->uncompared, &comparing->uncompared_cap, ret->n_uncompared + 1,
                          sizeof ret->uncompared[0]))
        return IW_ENOMEM;
    ret->uncompared[ret->n_uncompared++] = &now->shown;
    return IW_OK;
}

static enum iw_rc compare_partners(struct comparing *comparing, struct subject *subject,
                                   const struct iw_baseline_record *was,
                                   const struct iw_baseline_record *now)
{
    struct iw_baseline_contrast contrast;
    struct found *found;
    iw_baseline_contrast(was, now, &contrast);
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

static enum iw_rc collect(struct comparing *comparing, struct subject *subject)
{
    for (size_t i = 0; i < subject->now.n; i++) {
        const struct iw_baseline_slot *slot = &subject->now.slots[i];
        struct found *found;
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
        struct found *found;
        bool is_missed;
        if (slot->record->is_unknown || slot->partner != NULL)
            continue;
        IW_TRY(may_be_missed(comparing, subject, slot->record, &is_missed));
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

static enum iw_rc read_subject(struct comparing *comparing, struct subject *subject)
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
static struct iw_str named(struct iw_str host)
{
    return host.n != 0 ? host : IW_STR("(no name)");
}

/* Places that the evidence shows. */
static enum iw_rc learn_places(struct comparing *comparing, struct subject *subject)
{
    const struct iw_inventory_server *server = subject->server;
    subject->root_keys =
        iw_arena_calloc(comparing->arena, server->n_roots + 1, sizeof subject->root_keys[0]);
    if (subject->root_keys == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < server->n_roots; i++) {
        struct iw_server_path path;
        if (!server->roots[i].is_collected)
            continue;
        if (!iw_server_path_read(server->roots[i].path, false, comparing->arena, &path))
            return IW_ENOMEM;
        subject->root_keys[subject->n_root_keys++] = path.key;
    }
    for (size_t i = 0; i < subject->n_records; i++) {
        const struct iw_baseline_record *record = &subject->records[i];
        struct iw_str scope = iw_baseline_label(record->shown.scope, comparing->arena);
        if (scope.p == NULL || iw_map_add(&subject->scopes, scope, NULL) == NULL)
            return IW_ENOMEM;
        subject->has_registry |= iw_str_equal(record->state, IW_STR("registry"));
        if (record->is_unknown &&
            iw_map_add(&subject->unknown_kinds, record->shown.kind, NULL) == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

static void note_unknown(struct comparing *comparing, const struct subject *subject,
                         const struct iw_baseline_side *side, const char *where)
{
    for (size_t i = 0; i < side->n; i++) {
        const struct iw_baseline_entry *entry = &side->slots[i].record->shown;
        if (side->slots[i].record->is_unknown)
            iw_baseline_note(&comparing->notes,
                             "%.*s: %.*s of \"%.*s\" cannot be compared: encrypted or not at hand "
                             "%s",
                             IW_STR_ARG(named(subject->host)), IW_STR_ARG(entry->kind),
                             IW_STR_ARG(entry->scope), where);
    }
}

static void note_subject(struct comparing *comparing, const struct subject *subject)
{
    struct iw_baseline_notes *notes = &comparing->notes;
    const struct iw_inventory_server *server = subject->server;
    note_unknown(comparing, subject, &subject->now, "in the evidence");
    note_unknown(comparing, subject, &subject->was, "when the baseline was made");
    if (!server->is_authoritative)
        iw_baseline_note(notes, "%.*s: the configuration is not known whole: %.*s",
                         IW_STR_ARG(named(subject->host)), IW_STR_ARG(server->why_not));
    if (!subject->baseline->is_authoritative)
        iw_baseline_note(notes,
                         "%.*s: the baseline was made of a configuration that was not known whole: "
                         "what is shown as added may have been there",
                         IW_STR_ARG(named(subject->host)));
    if (subject->n_withheld != 0)
        iw_baseline_note(notes,
                         "%.*s: %zu entries of the baseline are not in the evidence, which does "
                         "not show all of the place they stood in: not called removed",
                         IW_STR_ARG(named(subject->host)), subject->n_withheld);
    if (subject->n_elsewhere != 0)
        iw_baseline_note(notes,
                         "%.*s: %zu files of the baseline lie in folders that were not collected: "
                         "not called removed",
                         IW_STR_ARG(named(subject->host)), subject->n_elsewhere);
    if (subject->n_one_sided != 0)
        iw_baseline_note(notes,
                         "%.*s: could not be compared: the files of %zu entries, which are in "
                         "evidence on one side only",
                         IW_STR_ARG(named(subject->host)), subject->n_one_sided);
}

static enum iw_rc compare_server(struct comparing *comparing, size_t index,
                                 const struct iw_baseline_server *baseline)
{
    struct subject subject = {
        .server = &comparing->inventory->servers[index], .baseline = baseline, .index = index};
    enum iw_rc rc;
    subject.host = iw_baseline_label(subject.server->host, comparing->arena);
    if (subject.host.p == NULL)
        return IW_ENOMEM;
    iw_map_init(&subject.scopes);
    iw_map_init(&subject.unknown_kinds);
    rc = read_subject(comparing, &subject);
    if (rc == IW_OK)
        rc = learn_places(comparing, &subject);
    if (rc == IW_OK) {
        iw_baseline_pair(&subject.was, &subject.now);
        rc = collect(comparing, &subject);
    }
    iw_map_done(&subject.scopes);
    iw_map_done(&subject.unknown_kinds);
    IW_TRY(rc);
    note_subject(comparing, &subject);
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

static enum iw_rc find_partners(struct comparing *comparing,
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
            IW_STR_ARG(named(baseline->servers[0].host)),
            n == 1 ? "compared with its only server" : "every server is compared with it");
    }
    return IW_OK;
}

static void note_unmet(struct comparing *comparing, const struct iw_baseline_server **partners,
                       const bool *met)
{
    const struct iw_baseline *baseline = comparing->baseline;
    for (size_t i = 0; i < comparing->inventory->n_servers; i++)
        if (partners[i] == NULL)
            iw_baseline_note(&comparing->notes,
                             "%.*s: not in the baseline; nothing of it was compared",
                             IW_STR_ARG(named(comparing->inventory->servers[i].host)));
    for (size_t i = 0; i < baseline->n_servers; i++)
        if (!met[i])
            iw_baseline_note(&comparing->notes, "%.*s: in the baseline, but not in the evidence",
                             IW_STR_ARG(named(baseline->servers[i].host)));
}

static enum iw_rc compare_all(struct comparing *comparing)
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
    for (size_t i = 0; i < n; i++)
        if (partners[i] != NULL)
            IW_TRY(compare_server(comparing, i, partners[i]));
    return IW_OK;
}

/* --- the result ---------------------------------------------------------------------------- */

static const struct iw_baseline_record *side_of(const struct found *found)
{
    return found->now != NULL ? found->now : found->was;
}

static int shown_order(const void *a, const void *b)
{
    const struct found *left = a, *right = b;
    const struct iw_baseline_entry *one = &side_of(left)->shown, *other = &side_of(right)->shown;
    int order = iw_str_compare(left->difference.host, right->difference.host);
    if (order == 0)
        order = (left->difference.server > right->difference.server) -
                (left->difference.server < right->difference.server);
    if (order == 0)
        order = iw_str_compare(one->kind, other->kind);
    if (order == 0)
        order = iw_str_compare(one->scope, other->scope);
    if (order == 0)
        order = iw_str_compare(one->name, other->name);
    if (order == 0)
        order = (int)left->difference.change - (int)right->difference.change;
    return order != 0 ? order : strcmp(left->difference.id, right->difference.id);
}

static int id_order(const void *a, const void *b)
{
    const struct found *const *left = a, *const *right = b;
    int order = strcmp((*left)->difference.id, (*right)->difference.id);
    return order != 0 ? order
                      : ((*left)->difference.server > (*right)->difference.server) -
                            ((*left)->difference.server < (*right)->difference.server);
}

/* Of a common baseline: on how many servers the same difference is; and ids told apart where one
 * server has a difference more than once. */
static enum iw_rc count_servers(struct comparing *comparing)
{
    struct found **order =
        iw_arena_calloc(comparing->arena, comparing->n_found + 1, sizeof order[0]);
    if (order == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < comparing->n_found; i++)
        order[i] = &comparing->found[i];
    if (comparing->n_found > 1)
        qsort(order, comparing->n_found, sizeof order[0], id_order);
    for (size_t i = 0, end; i < comparing->n_found; i = end) {
        size_t n_servers = 1;
        for (end = i + 1; end < comparing->n_found &&
                          strcmp(order[i]->difference.id, order[end]->difference.id) == 0;
             end++)
            n_servers += order[end]->difference.server != order[end - 1]->difference.server;
        for (size_t at = i, repeated = 1; at < end; at++) {
            struct iw_baseline_difference *difference = &order[at]->difference;
            bool is_same = at > i && difference->server == order[at - 1]->difference.server;
            repeated = is_same ? repeated + 1 : 1;
            difference->n_servers = comparing->is_common ? n_servers : 0;
            difference->of_servers = comparing->is_common ? comparing->n_compared : 0;
            if (is_same)
                (void)snprintf(difference->id + 18, sizeof difference->id - 18, "-%zu", repeated);
        }
    }
    return IW_OK;
}

static enum iw_rc show(const struct iw_baseline_record *record, struct iw_arena *arena,
                       const struct iw_baseline_entry **ret)
{
    struct iw_baseline_entry *entry;
    struct iw_buffer text;
    struct iw_json json;
    *ret = NULL;
    if (record == NULL)
        return IW_OK;
    entry = iw_arena_alloc(arena, sizeof *entry);
    if (entry == NULL)
        return IW_ENOMEM;
    *entry = record->shown;
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_baseline_record_json(record, &json);
    entry->json =
        text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    *ret = entry;
    return entry->json.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc hand_over(struct comparing *comparing)
{
    struct iw_baseline_differences *ret = comparing->ret;
    const struct iw_baseline_entry **uncompared =
        iw_arena_calloc(comparing->arena, ret->n_uncompared + 1, sizeof uncompared[0]);
    ret->items = iw_arena_calloc(comparing->arena, comparing->n_found + 1, sizeof ret->items[0]);
    if (ret->items == NULL || uncompared == NULL)
        return IW_ENOMEM;
    if (comparing->n_found > 1)
        qsort(comparing->found, comparing->n_found, sizeof comparing->found[0], shown_order);
    IW_TRY(count_servers(comparing));
    for (size_t i = 0; i < comparing->n_found; i++) {
        struct iw_baseline_difference *item = &ret->items[ret->n++];
        *item = comparing->found[i].difference;
        IW_TRY(show(comparing->found[i].was, comparing->arena, &item->was));
        IW_TRY(show(comparing->found[i].now, comparing->arena, &item->now));
        ret->n_unapproved += item->approval != IW_APPROVAL_APPROVED;
    }
    if (ret->n_uncompared != 0)
        memcpy(uncompared, ret->uncompared, ret->n_uncompared * sizeof uncompared[0]);
    iw_free(ret->uncompared);
    ret->uncompared = uncompared;
    ret->n_compared = comparing->n_compared;
    comparing->uncompared_cap = 0;
    return IW_OK;
}

enum iw_rc iw_baseline_compare(const struct iw_baseline *baseline,
                               const struct iw_inventory *inventory, int64_t now_ns,
                               struct iw_arena *arena, struct iw_baseline_differences *ret)
{
    struct comparing comparing = {.baseline = baseline,
                                  .inventory = inventory,
                                  .now_ns = now_ns,
                                  .arena = arena,
                                  .ret = ret,
                                  .notes = {.arena = arena}};
    enum iw_rc rc;
    *ret = (struct iw_baseline_differences){0};
    rc = compare_all(&comparing);
    if (rc == IW_OK)
        rc = hand_over(&comparing);
    if (!iw_baseline_notes_end(&comparing.notes, &ret->notes) && rc == IW_OK)
        rc = IW_ENOMEM;
    if (comparing.uncompared_cap != 0)
        iw_free(ret->uncompared);
    iw_free(comparing.found);
    if (rc != IW_OK)
        *ret = (struct iw_baseline_differences){0};
    return rc;
}
