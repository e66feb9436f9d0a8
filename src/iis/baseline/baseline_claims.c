/*
 * What the evidence cannot show is no difference: which entries may be called removed, and what is
 * said of those that may not.
 */
#include "base/path_name.h"
#include "iis/baseline/baseline_behaviour.h"
#include "iis/baseline/baseline_comparing.h"
#include "iis/config/server_path.h"

/* --- what can be claimed ------------------------------------------------------------------- */

static bool is_file_record(const struct iw_baseline_record *record)
{
    return iw_str_equal(record->state, IW_STR("file"));
}

/* A folder of a site stands in applicationHost.config alone: of its place it shows nothing else. */
static bool is_folder_record(const struct iw_baseline_record *record)
{
    return iw_str_equal(record->shown.kind, IW_STR("virtualDirectory"));
}

/* A file is gone only where the folder it lay in was collected. */
static bool was_folder_collected(const struct iw_baseline_subject *subject,
                                 const struct iw_baseline_record *record)
{
    for (size_t i = 0; i < subject->n_root_keys && record->n_files != 0; i++)
        if (iw_server_path_covers(subject->root_keys[i], record->files[0].key))
            return true;
    return false;
}

static bool is_registry_read(const struct iw_baseline_subject *subject)
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
static enum iw_rc is_scope_known(const struct iw_baseline_subject *subject, struct iw_str scope,
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
enum iw_rc iw_baseline_may_be_missed(const struct iw_baseline_comparing *comparing,
                                     struct iw_baseline_subject *subject,
                                     const struct iw_baseline_record *record, bool *ret)
{
    *ret = false;
    if (iw_behaviour_is_kind(record->shown.kind)) { /* what did not happen is no difference */
        subject->n_idle++;
        return IW_OK;
    }
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
        IW_TRY(is_scope_known(subject, is_folder_record(record) ? IW_STR("") : record->shown.scope,
                              comparing->arena, ret));
    subject->n_withheld += !*ret;
    return IW_OK;
}

/* --- what is known of places --------------------------------------------------------------- */

/* Folders of which the baseline knows a file: that another was not there says something. */
static enum iw_rc learn_folders(const struct iw_baseline_comparing *comparing,
                                struct iw_baseline_subject *subject)
{
    for (size_t i = 0; i < subject->baseline->n; i++) {
        const struct iw_baseline_record *record =
            &comparing->baseline->records[subject->baseline->first + i];
        for (size_t k = 0; k < record->n_files; k++) {
            if (record->files[k].has_sha256 &&
                iw_map_add(&subject->collected, iw_path_folder(record->files[k].key), NULL) == NULL)
                return IW_ENOMEM;
        }
    }
    return IW_OK;
}

/* Places that the evidence shows. */
enum iw_rc iw_baseline_learn_places(const struct iw_baseline_comparing *comparing,
                                    struct iw_baseline_subject *subject)
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
        if (!iw_server_path_of_file(server->roots[i].path, comparing->arena, &path))
            return IW_ENOMEM;
        subject->root_keys[subject->n_root_keys++] = path.key;
    }
    for (size_t i = 0; i < subject->n_records; i++) {
        const struct iw_baseline_record *record = &subject->records[i];
        struct iw_str scope = is_folder_record(record) || iw_behaviour_is_kind(record->shown.kind)
                                  ? IW_STR("")
                                  : iw_baseline_label(record->shown.scope, comparing->arena);
        if (scope.p == NULL || iw_map_add(&subject->scopes, scope, NULL) == NULL)
            return IW_ENOMEM;
        subject->has_registry |= iw_str_equal(record->state, IW_STR("registry"));
        if (record->is_unknown &&
            iw_map_add(&subject->unknown_kinds, record->shown.kind, NULL) == NULL)
            return IW_ENOMEM;
    }
    return learn_folders(comparing, subject);
}

/* --- notes --------------------------------------------------------------------------------- */

/* A host in a note. */
struct iw_str iw_baseline_named(struct iw_str host)
{
    return host.n != 0 ? host : IW_STR("(no name)");
}

static void note_unknown(struct iw_baseline_comparing *comparing,
                         const struct iw_baseline_subject *subject,
                         const struct iw_baseline_side *side, const char *where)
{
    for (size_t i = 0; i < side->n; i++) {
        const struct iw_baseline_entry *entry = &side->slots[i].record->shown;
        if (side->slots[i].record->is_unknown)
            iw_baseline_note(&comparing->notes,
                             "%.*s: %.*s of \"%.*s\" cannot be compared: encrypted or not at hand "
                             "%s",
                             IW_STR_ARG(iw_baseline_named(subject->host)), IW_STR_ARG(entry->kind),
                             IW_STR_ARG(entry->scope), where);
    }
}

void iw_baseline_note_subject(struct iw_baseline_comparing *comparing,
                              const struct iw_baseline_subject *subject)
{
    struct iw_baseline_notes *notes = &comparing->notes;
    const struct iw_inventory_server *server = subject->server;
    note_unknown(comparing, subject, &subject->now, "in the evidence");
    note_unknown(comparing, subject, &subject->was, "when the baseline was made");
    if (!server->is_authoritative)
        iw_baseline_note(notes, "%.*s: the configuration is not known whole: %.*s",
                         IW_STR_ARG(iw_baseline_named(subject->host)), IW_STR_ARG(server->why_not));
    if (!subject->baseline->is_authoritative)
        iw_baseline_note(notes,
                         "%.*s: the baseline was made of a configuration that was not known whole: "
                         "what is shown as added may have been there",
                         IW_STR_ARG(iw_baseline_named(subject->host)));
    if (subject->n_idle != 0 && comparing->inventory->has_behaviour)
        iw_baseline_note(
            notes,
            "%.*s: %zu commands, writers and administrators of the baseline are not in "
            "the evidence: no difference",
            IW_STR_ARG(iw_baseline_named(subject->host)), subject->n_idle);
    if (subject->n_withheld != 0)
        iw_baseline_note(notes,
                         "%.*s: %zu entries of the baseline are not in the evidence, which does "
                         "not show all of the place they stood in: not called removed",
                         IW_STR_ARG(iw_baseline_named(subject->host)), subject->n_withheld);
    if (subject->n_elsewhere != 0)
        iw_baseline_note(notes,
                         "%.*s: %zu files of the baseline lie in folders that were not collected: "
                         "not called removed",
                         IW_STR_ARG(iw_baseline_named(subject->host)), subject->n_elsewhere);
    if (subject->n_one_sided != 0)
        iw_baseline_note(notes,
                         "%.*s: could not be compared: the files of %zu entries, which are in "
                         "evidence on one side only",
                         IW_STR_ARG(iw_baseline_named(subject->host)), subject->n_one_sided);
}
