#include "engine/proof_files.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/path_name.h"
#include "engine/folder_hosts.h"
#include "engine/open_folders.h"
#include "engine/user_file.h"
#include "iis/inventory/collected.h"

/* Notes of all files that are told; the rest is counted. */
#define NOTES_TOLD 20U

/* --- what the user says ----------------------------------------------------------------------- */

static enum iw_rc open_one(struct iw_proofs *proofs, const char *path, struct iw_error *err)
{
    struct iw_arena arena;
    struct iw_str bytes;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_user_file_read(path, IW_LIMIT_PROOF_FILE_BYTES, &arena, &bytes, err);
    if (rc == IW_OK)
        rc = iw_user_file_rc(iw_proofs_add_telemetry(proofs, bytes, path, err), err);
    iw_arena_done(&arena);
    return rc;
}

enum iw_rc iw_proof_files_open(struct iw_proofs *proofs, const char *const *paths, size_t n_paths,
                               struct iw_error *err)
{
    for (size_t i = 0; i < n_paths; i++)
        IW_TRY(open_one(proofs, paths[i], err));
    return IW_OK;
}

/* --- what was collected ----------------------------------------------------------------------- */

static const struct {
    enum iw_evidence_kind evidence;
    enum iw_proof_file_kind proof;
} KINDS[] = {
    {IW_EVIDENCE_SYSMON_CONFIG, IW_PROOF_SYSMON_CONFIG},
    {IW_EVIDENCE_AUDIT_POLICY, IW_PROOF_AUDIT_POLICY},
    {IW_EVIDENCE_CHANNELS, IW_PROOF_CHANNELS},
    {IW_EVIDENCE_AUDIT_ENTRIES, IW_PROOF_AUDIT_ENTRIES},
};

static bool is_proof(enum iw_evidence_kind kind, enum iw_proof_file_kind *ret)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (KINDS[i].evidence == kind) {
            *ret = KINDS[i].proof;
            return true;
        }
    }
    return false;
}

/* A file that says nothing because it is damaged is lost: what it would have said is not known. */
static void account(struct iw_ledger *ledger, size_t index, enum iw_rc rc, size_t n_bytes,
                    const struct iw_error *error)
{
    struct iw_account account = {.read_bytes = n_bytes};
    char reason[sizeof error->message + 32];
    if (rc == IW_OK) {
        iw_ledger_use(ledger, index, &account);
        return;
    }
    if (error->line != 0)
        (void)snprintf(reason, sizeof reason, "line %u: %s", error->line, error->message);
    else
        (void)snprintf(reason, sizeof reason, "%s", error->message);
    iw_ledger_lose(ledger, index, reason);
}

static enum iw_rc read_one(const struct iw_evidence_file *file, enum iw_proof_file_kind kind,
                           struct iw_proofs *proofs, struct iw_ledger *ledger)
{
    const struct iw_source *source = &ledger->sources[file->ledger_index];
    const struct iw_collected_file collected = {.file = file};
    const struct iw_proof_place place = {source->host_hint, source->path};
    struct iw_error error = {.rc = IW_OK};
    struct iw_str bytes;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_collected_read(&collected, ledger, IW_LIMIT_PROOF_FILE_BYTES, &arena, &bytes, &error);
    if (rc == IW_OK)
        rc = iw_proofs_add_file(proofs, kind, bytes, &place, &error);
    if (rc != IW_ENOMEM)
        account(ledger, file->ledger_index, rc, bytes.n, &error);
    iw_arena_done(&arena);
    return rc == IW_ENOMEM ? rc : IW_OK;
}

enum iw_rc iw_proof_files_read(const struct iw_evidence *evidence,
                               const struct iw_engine_options *options, struct iw_proofs *proofs,
                               struct iw_run *run, struct iw_error *err)
{
    for (size_t i = 0; i < evidence->n_all; i++) {
        const struct iw_evidence_file *file = &evidence->all[i];
        enum iw_proof_file_kind kind;
        if (options->cancelled != NULL && *options->cancelled) {
            run->interrupted = true;
            return IW_OK;
        }
        if (is_proof(file->kind, &kind) && read_one(file, kind, proofs, &run->ledger) != IW_OK)
            return iw_error_set(err, IW_ENOMEM, "no memory");
    }
    return IW_OK;
}

enum iw_rc iw_proof_files_hear(void *context, struct iw_str host,
                               const struct iw_registry_facts *facts, const struct iw_str *sources)
{
    return iw_proofs_add_registry(context, host, facts, sources);
}

/* --- hosts ---------------------------------------------------------------------------------- */

struct naming {
    const struct iw_tree_hosts *trees;
    const struct iw_hosts *hosts;
    const struct iw_engine_options *options;
    const struct iw_run *run;
    struct iw_folder_hosts folders;
    struct iw_arena scratch; /* of one file */
    /* Of the one host there is: its folders, each once, where its events lie. */
    struct iw_map own_folders;
    bool has_own_folders; /* nothing of it lies elsewhere */
    bool no_memory;
    size_t n_nobodys; /* files of which nobody knows whose they are */
    struct iw_str last_of_them;
    struct iw_str last_hint, last_host; /* asked for last */
    struct iw_map planted;              /* paths of files that anybody may have written */
};

/* --- of one host alone ---------------------------------------------------------------------- */

static bool is_called(struct iw_str folder, struct iw_str host)
{
    return iw_str_equal_nocase(iw_host_label(iw_path_name(folder)), iw_host_label(host));
}

/* The nearest folder above a file that is called like the host; empty: none is. */
static struct iw_str folder_of(struct iw_str path, struct iw_str host)
{
    struct iw_str folder = iw_path_folder(path);
    while (folder.n != 0 && !is_called(folder, host))
        folder = iw_path_folder(folder);
    return folder;
}

static enum iw_rc find_own_folders(struct naming *naming)
{
    const struct iw_run *run = naming->run;
    if (run->n_hosts != 1)
        return IW_OK;
    for (size_t i = 0; i < naming->trees->n && i < run->ledger.n; i++) {
        struct iw_str own;
        if (naming->trees->computers[i].n == 0)
            continue;
        own = folder_of(run->ledger.sources[i].path, run->hosts[0].host);
        if (own.n == 0)
            return IW_OK;
        if (iw_map_add(&naming->own_folders, own, NULL) == NULL)
            return IW_ENOMEM;
    }
    naming->has_own_folders = naming->own_folders.n != 0;
    return IW_OK;
}

/* Whether a file lies in another folder beside the one that is the host's own. */
static bool is_beside(struct iw_str path, struct iw_str own)
{
    struct iw_str above = iw_path_folder(own), rest = path;
    if (above.n != 0) {
        if (path.n <= above.n || !iw_str_equal((struct iw_str){path.p, above.n}, above) ||
            path.p[above.n] != '/')
            return false;
        rest = (struct iw_str){path.p + above.n + 1, path.n - above.n - 1};
    }
    if (path.n > own.n && path.p[own.n] == '/' && iw_str_equal((struct iw_str){path.p, own.n}, own))
        return false;
    return rest.n != 0 && memchr(rest.p, '/', rest.n) != NULL;
}

/* Of one host alone: what it has a folder for does not lie in the folders beside that. */
static bool may_be_of_one(const struct naming *naming, struct iw_str path)
{
    for (size_t i = 0; i < naming->own_folders.n && naming->has_own_folders; i++) {
        if (!is_beside(path, naming->own_folders.entries[i].key))
            return true;
    }
    return !naming->has_own_folders;
}

/* --- of a file ------------------------------------------------------------------------------ */

static struct iw_str host_of_tree(struct naming *naming, struct iw_str hint)
{
    if (naming->options->host != NULL)
        return hint;
    if (!iw_str_equal(hint, naming->last_hint))
        naming->last_host =
            iw_tree_hosts_of(naming->trees, &naming->run->ledger, naming->hosts, hint);
    naming->last_hint = hint;
    return naming->last_host;
}

static bool may_say_what_is_logged(const struct iw_source *source)
{
    static const char *const NAMES[] = {"sysmon-config", "audit-policy", "channels",
                                        "audit-entries", "registry"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_equal(source->kind, iw_str_of(NAMES[i])))
            return true;
    }
    return false;
}

/* Settings that lie where web content does were brought there by an upload as easily as by an
 * administrator. */
static enum iw_rc find_planted(struct naming *naming)
{
    const struct iw_ledger *ledger = &naming->run->ledger;
    struct iw_open_folders folders;
    enum iw_rc rc = iw_open_folders_init(&folders, &naming->run->inventory);
    for (size_t i = 0; i < ledger->n && rc == IW_OK; i++) {
        const struct iw_source *source = &ledger->sources[i];
        struct iw_str host = IW_STR("");
        bool is_open;
        if (!may_say_what_is_logged(source))
            continue;
        if (source->host_hint.n != 0)
            host = host_of_tree(naming, source->host_hint);
        rc = iw_open_folders_hold(&folders, source, host, &is_open);
        if (rc == IW_OK && is_open && iw_map_add(&naming->planted, source->path, NULL) == NULL)
            rc = IW_ENOMEM;
    }
    iw_open_folders_done(&folders);
    return rc;
}

/* A file that lies in no tree is of the host whose name the nearest folder above it has; else of
 * the one host the run is about, unless that has a folder and the file lies beside it. */
static struct iw_str host_of(void *context, struct iw_str hint, struct iw_str source)
{
    struct naming *naming = context;
    const struct iw_run *run = naming->run;
    struct iw_str host;
    if (iw_map_find(&naming->planted, source) != NULL)
        return (struct iw_str){NULL, 0};
    if (naming->options->host != NULL || hint.n != 0)
        return host_of_tree(naming, hint);
    iw_arena_reset(&naming->scratch);
    if (iw_folder_hosts_of(&naming->folders, source, &naming->scratch, &host) != IW_OK)
        naming->no_memory = true;
    if (host.n != 0)
        return host;
    if (run->n_hosts == 1 && may_be_of_one(naming, source))
        return run->hosts[0].host;
    naming->n_nobodys += run->n_hosts != 0 && !iw_str_equal(source, naming->last_of_them);
    naming->last_of_them = source;
    return IW_STR("");
}

static enum iw_rc tell_planted(const struct naming *naming, struct iw_run *run)
{
    static const char *const WHY = "below a web root, or where all users write: whoever uploads "
                                   "files may have written it, and it says nothing";
    const struct iw_map *planted = &naming->planted;
    if (planted->n == 0)
        return IW_OK;
    if (planted->n == 1)
        return iw_run_note(run, "%.*s: settings %s", IW_STR_ARG(planted->entries[0].key), WHY);
    return iw_run_note(run, "%.*s and %zu more files: settings %s",
                       IW_STR_ARG(planted->entries[0].key), planted->n - 1, WHY);
}

static enum iw_rc tell_nobodys(const struct naming *naming, struct iw_run *run)
{
    if (naming->n_nobodys == 0)
        return IW_OK;
    if (naming->n_nobodys == 1)
        return iw_run_note(run,
                           "%.*s: whose settings these are is not known, and they say nothing; put "
                           "the file into a folder with the name of its host",
                           IW_STR_ARG(naming->last_of_them));
    return iw_run_note(run,
                       "%.*s and %zu more files: whose settings these are is not known, and they "
                       "say nothing; put each into a folder with the name of its host",
                       IW_STR_ARG(naming->last_of_them), naming->n_nobodys - 1);
}

static enum iw_rc tell(const struct iw_proofs *proofs, struct iw_run *run)
{
    size_t n;
    const struct iw_proof_note *notes = iw_proofs_notes(proofs, &n);
    for (size_t i = 0; i < n && i < NOTES_TOLD; i++) {
        if (notes[i].line != 0)
            IW_TRY(iw_run_note(run, "%.*s:%u: %.*s", IW_STR_ARG(notes[i].source), notes[i].line,
                               IW_STR_ARG(notes[i].what)));
        else
            IW_TRY(iw_run_note(run, "%.*s: %.*s", IW_STR_ARG(notes[i].source),
                               IW_STR_ARG(notes[i].what)));
    }
    if (n <= NOTES_TOLD)
        return IW_OK;
    return iw_run_note(run, "%zu more remarks on files that say what is logged", n - NOTES_TOLD);
}

static enum iw_rc rename_hosts(struct naming *naming, struct iw_proofs *proofs)
{
    IW_TRY(iw_folder_hosts_init(&naming->folders, naming->run->hosts, naming->run->n_hosts));
    IW_TRY(find_own_folders(naming));
    IW_TRY(find_planted(naming));
    IW_TRY(iw_proofs_rename_hosts(proofs, host_of, naming));
    return naming->no_memory ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_proof_files_settle(struct iw_proofs *proofs, const struct iw_tree_hosts *trees,
                                 const struct iw_hosts *hosts,
                                 const struct iw_engine_options *options, struct iw_run *run)
{
    struct naming naming = {.trees = trees, .hosts = hosts, .options = options, .run = run};
    enum iw_rc rc;
    iw_arena_init(&naming.scratch, 0);
    iw_map_init(&naming.own_folders);
    iw_map_init(&naming.planted);
    rc = rename_hosts(&naming, proofs);
    if (rc == IW_OK)
        rc = tell_planted(&naming, run);
    iw_map_done(&naming.planted);
    iw_map_done(&naming.own_folders);
    iw_folder_hosts_done(&naming.folders);
    iw_arena_done(&naming.scratch);
    IW_TRY(rc);
    IW_TRY(iw_proofs_settle(proofs));
    IW_TRY(tell_nobodys(&naming, run));
    return tell(proofs, run);
}
