#include "engine/baselines.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "engine/user_file.h"
#include "iis/baseline/baseline.h"
#include "iis/baseline/baseline_sign.h"

/* Notes of one comparison that are told; the rest is counted. */
#define NOTES_TOLD 30U

/* --- before confinement --------------------------------------------------------------------- */

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

static struct iw_str keep(struct iw_arena *arena, const char *text)
{
    return iw_arena_copy(arena, iw_str_of(text));
}

/* The signature beside the document; an empty text where there is none. */
static enum iw_rc read_signature(struct iw_baselines *baselines, struct iw_str *ret,
                                 struct iw_error *err)
{
    char path[IW_LIMIT_PATH_BYTES + 8];
    *ret = IW_STR("");
    (void)snprintf(path, sizeof path, "%s.sig", baselines->options->baseline_path);
    if (access(path, F_OK) != 0)
        return IW_OK;
    return iw_file_read(path, IW_LIMIT_BASELINE_SIGNATURE_BYTES, &baselines->arena, ret, err);
}

static enum iw_rc verify(struct iw_baselines *baselines, struct iw_error *err)
{
    const struct iw_server_options *options = baselines->options;
    struct iw_baseline_signature signature;
    enum iw_baseline_verdict verdict;
    struct iw_str key, text;
    enum iw_rc rc;
    IW_TRY(iw_file_read(options->baseline_key_path, IW_LIMIT_KEY_FILE_BYTES, &baselines->arena,
                        &key, err));
    rc = read_signature(baselines, &text, err);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK) /* one that cannot be read holds nothing */
        text = IW_STR("");
    rc = iw_baseline_verify(baselines->document, text, key, options->baseline_sequence, &verdict,
                            &signature, err);
    if (rc == IW_EUSAGE)
        iw_error_place(err, options->baseline_key_path, 0, 0);
    if (rc != IW_OK || verdict == IW_BASELINE_SIGNATURE_HOLDS)
        return rc;
    baselines->refusal = keep(&baselines->arena, iw_baseline_verdict_words(verdict));
    return baselines->refusal.p != NULL ? IW_OK : no_memory(err);
}

static enum iw_rc read_baseline(struct iw_baselines *baselines, struct iw_error *err)
{
    enum iw_rc rc = iw_file_read(baselines->options->baseline_path, IW_LIMIT_BASELINE_BYTES,
                                 &baselines->arena, &baselines->document, err);
    if (rc == IW_ELIMIT) {
        baselines->refusal = keep(&baselines->arena, err != NULL ? err->message : "too large");
        return baselines->refusal.p != NULL ? IW_OK : no_memory(err);
    }
    if (rc == IW_OK && baselines->options->baseline_key_path != NULL)
        rc = verify(baselines, err);
    return rc;
}

static enum iw_rc read_known(struct iw_baselines *baselines, struct iw_error *err)
{
    const struct iw_server_options *options = baselines->options;
    struct iw_str *notes =
        iw_arena_calloc(&baselines->arena, options->n_known_hash_paths + 1, sizeof notes[0]);
    baselines->known = iw_known_hashes_new();
    if (baselines->known == NULL || notes == NULL)
        return no_memory(err);
    for (size_t i = 0; i < options->n_known_hash_paths; i++) {
        const char *path = options->known_hash_paths[i];
        struct iw_known_hash_account account;
        struct iw_str bytes;
        char text[IW_LIMIT_PATH_BYTES + 128];
        IW_TRY(iw_user_file_read(path, IW_LIMIT_KNOWN_HASH_FILE_BYTES, &baselines->arena, &bytes,
                                 err));
        IW_TRY(iw_known_hashes_add(baselines->known, bytes, path, &account, err));
        if (account.n_bad == 0)
            continue;
        (void)snprintf(text, sizeof text, "%s:%llu: no SHA-256; %llu such lines were passed over",
                       path, (unsigned long long)account.first_bad_line,
                       (unsigned long long)account.n_bad);
        notes[baselines->notes.n] = keep(&baselines->arena, text);
        if (notes[baselines->notes.n++].p == NULL)
            return no_memory(err);
    }
    baselines->notes.items = notes;
    iw_known_hashes_seal(baselines->known);
    return IW_OK;
}

enum iw_rc iw_baselines_open(struct iw_baselines *baselines,
                             const struct iw_server_options *options, struct iw_error *err)
{
    memset(baselines, 0, sizeof *baselines);
    baselines->options = options;
    iw_arena_init(&baselines->arena, 0);
    if (options->baseline_path == NULL &&
        (options->baseline_key_path != NULL || options->baseline_sequence != 0))
        return iw_error_set(err, IW_EUSAGE, "a key or number of a baseline, but no baseline");
    if (options->baseline_sequence != 0 && options->baseline_key_path == NULL)
        return iw_error_set(err, IW_EUSAGE,
                            "a number proves nothing without the key of its signature");
    if (options->baseline_path != NULL)
        IW_TRY(read_baseline(baselines, err));
    return options->n_known_hash_paths != 0 ? read_known(baselines, err) : IW_OK;
}

void iw_baselines_close(struct iw_baselines *baselines)
{
    iw_known_hashes_free(baselines->known);
    iw_arena_done(&baselines->arena);
}

/* --- pass 2 --------------------------------------------------------------------------------- */

static int64_t now_ns(void)
{
    return (int64_t)time(NULL) * IW_NS_PER_SECOND;
}

static enum iw_rc add_notes(struct iw_run *run, const struct iw_text_list *notes)
{
    for (size_t i = 0; i < notes->n && i < NOTES_TOLD; i++)
        IW_TRY(iw_run_note(run, "baseline: %.*s", IW_STR_ARG(notes->items[i])));
    if (notes->n <= NOTES_TOLD)
        return IW_OK;
    return iw_run_note(run, "baseline: %zu more notes of this kind", notes->n - NOTES_TOLD);
}

static enum iw_rc refuse(const struct iw_baselines *baselines, struct iw_run *run,
                         struct iw_str why, uint32_t line)
{
    const char *path = baselines->options->baseline_path;
    run->baseline = IW_RUN_BASELINE_REFUSED;
    if (line != 0)
        return iw_run_note(run, "baseline %s:%u REFUSED, nothing was compared: %.*s", path, line,
                           IW_STR_ARG(why));
    return iw_run_note(run, "baseline %s REFUSED, nothing was compared: %.*s", path,
                       IW_STR_ARG(why));
}

static enum iw_rc compare(struct iw_baselines *baselines, const _Atomic bool *cancelled,
                          struct iw_run *run)
{
    struct iw_arena *arena = &run->inventory.arena;
    struct iw_baseline *baseline;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc = iw_baseline_read(baselines->document, baselines->options->baseline_path, arena,
                                     &baseline, &err);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK)
        return refuse(baselines, run, iw_str_of(err.message), err.line);
    baselines->now_ns = now_ns();
    rc = iw_baseline_compare(baseline, &run->inventory, baselines->now_ns, cancelled, arena,
                             &run->differences);
    if (rc == IW_ECANCELLED) {
        run->interrupted = true; /* half a comparison is none */
        return IW_OK;
    }
    IW_TRY(rc);
    iw_baseline_mark(&run->differences, &run->inventory);
    run->baseline = IW_RUN_BASELINE_USED;
    baselines->baseline = baseline;
    return add_notes(run, &run->differences.notes);
}

enum iw_rc iw_baselines_settle(struct iw_baselines *baselines, const _Atomic bool *cancelled,
                               struct iw_run *run)
{
    for (size_t i = 0; i < baselines->notes.n; i++)
        IW_TRY(iw_run_note(run, "%.*s", IW_STR_ARG(baselines->notes.items[i])));
    if (baselines->refusal.n != 0)
        IW_TRY(refuse(baselines, run, baselines->refusal, 0));
    else if (baselines->options->baseline_path != NULL && !run->interrupted)
        IW_TRY(compare(baselines, cancelled, run));
    return iw_known_hashes_mark(baselines->known, &run->inventory);
}
