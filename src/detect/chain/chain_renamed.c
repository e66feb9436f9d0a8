/*
 * What was renamed or moved in an audited folder. No event of Sysmon tells of that; the audit tells
 * of its two halves: the old name is used to be deleted, then a file is added to the folder, by the
 * same process within the same moment. What it is called since it does not tell. Where a page that
 * nobody saw come lies in that folder, that is how it may have come.
 *
 * Source: Security 4663, DELETE (0x10000) of the file and AddFile (0x2) of the folder, as Windows
 * writes them for a renaming; a file that is made anew is written itself, and not the folder.
 */
#include "base/arena_text.h"
#include "base/path_name.h"
#include "detect/chain/chain_state.h"
#include "iis/config/server_path.h"

/* Both halves come within that. */
#define HALVES_NS (2 * IW_NS_PER_SECOND)
/* A shell that no file explains, and that came so shortly behind, was nearly explained by it. */
#define NEAR_NS (600 * IW_NS_PER_SECOND)

static void forget(struct iw_chains *chains, struct iw_chain_rename *rename)
{
    iw_chain_item_free(chains, rename->from);
    iw_chain_item_free(chains, rename->to);
    iw_chain_text_free(chains, &rename->folder);
    *rename = (struct iw_chain_rename){0};
}

void iw_chains_forget_renames(struct iw_chains *chains)
{
    for (size_t i = 0; i < IW_CHAIN_RENAMES; i++)
        forget(chains, &chains->renames[i]);
    for (size_t i = 0; i < IW_CHAIN_RENAMES_BEGUN; i++)
        forget(chains, &chains->begun[i]);
    chains->n_renames = chains->n_begun = 0;
}

/* The old name goes. */
static enum iw_rc begin(struct iw_chains *chains, const struct iw_fact *fact,
                        const struct iw_chain_fact *what)
{
    struct iw_chain_rename *rename = &chains->begun[chains->n_begun++ % IW_CHAIN_RENAMES_BEGUN];
    forget(chains, rename);
    rename->from = iw_chain_item_new(chains, fact, "file_renamed");
    rename->pid = what->process.pid;
    return rename->from != NULL ? IW_OK : IW_ENOMEM;
}

/* The latest old name that the same process gave up right before. */
static struct iw_chain_rename *begun_by(struct iw_chains *chains, int64_t time_ns, uint64_t pid)
{
    struct iw_chain_rename *latest = NULL;
    for (size_t i = 0; i < IW_CHAIN_RENAMES_BEGUN; i++) {
        struct iw_chain_rename *one = &chains->begun[i];
        int64_t since_ns =
            one->from != NULL ? iw_chain_distance_ns(one->from->moment.time_ns, time_ns) : 0;
        if (one->from != NULL && one->pid == pid && since_ns >= 0 && since_ns <= HALVES_NS &&
            (latest == NULL || one->from->moment.time_ns >= latest->from->moment.time_ns))
            latest = one;
    }
    return latest;
}

/* The folder that the file is in since. */
static enum iw_rc end(struct iw_chains *chains, const struct iw_fact *fact,
                      const struct iw_chain_fact *what, struct iw_chain_rename *rename)
{
    struct iw_server_path folder;
    if (!iw_server_path_of_file(what->path, &chains->scratch, &folder))
        return IW_ENOMEM;
    rename->folder = iw_chain_text_keep(chains, folder.key);
    if (rename->folder.p == NULL)
        return IW_ENOMEM;
    rename->to = iw_chain_item_new(chains, fact, "file_renamed");
    return rename->to != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_chains_note_access(struct iw_chains *chains, const struct iw_fact *fact,
                                 const struct iw_chain_fact *what)
{
    struct iw_chain_rename *half, *whole;
    if (!what->process.has_pid)
        return IW_OK;
    if (what->action == IW_CHAIN_FILE_DELETED)
        return begin(chains, fact, what);
    half = begun_by(chains, fact->time_ns, what->process.pid);
    if (half == NULL)
        return IW_OK;
    IW_TRY(end(chains, fact, what, half));
    whole = &chains->renames[chains->n_renames++ % IW_CHAIN_RENAMES];
    forget(chains, whole);
    *whole = *half;
    *half = (struct iw_chain_rename){0};
    return IW_OK;
}

/* --- asking ----------------------------------------------------------------------------------- */

/* Before the moment, *within_ns* at most. */
static bool is_before(const struct iw_chain_rename *rename, struct iw_chain_moment moment,
                      int64_t within_ns)
{
    return rename->to != NULL && iw_chain_order_of(rename->to->moment, moment) == IW_CHAIN_BEFORE &&
           iw_chain_distance_ns(rename->to->moment.time_ns, moment.time_ns) <= within_ns;
}

static bool is_later(const struct iw_chain_rename *a, const struct iw_chain_rename *b)
{
    return b == NULL || a->to->moment.time_ns > b->to->moment.time_ns;
}

const struct iw_chain_rename *iw_chain_find_renamed(const struct iw_chains *chains,
                                                    const struct iw_chain_file *file,
                                                    struct iw_chain_moment moment)
{
    const struct iw_chain_rename *latest = NULL;
    struct iw_str folder = iw_path_folder(file->key);
    for (size_t i = 0; i < IW_CHAIN_RENAMES; i++) {
        const struct iw_chain_rename *one = &chains->renames[i];
        if (is_before(one, moment, chains->settings->window_ns) && is_later(one, latest) &&
            iw_str_equal(one->folder, folder))
            latest = one;
    }
    return latest;
}

/* Whether a site of the shell's pool has that folder. */
static bool is_folder_of(const struct iw_web_state *state, struct iw_str key, struct iw_str pool)
{
    for (size_t i = 0; i < state->n_roots; i++) {
        if (state->keys[i].n != 0 && iw_server_path_covers(state->keys[i], key) &&
            (pool.n == 0 || iw_web_root_has_pool(&state->roots[i], pool)))
            return true;
    }
    return false;
}

static enum iw_rc say_near(struct iw_chains *chains, const struct iw_chain_rename *rename,
                           struct iw_chain_shell *shell)
{
    struct iw_chain_fact from, to;
    struct iw_str text;
    if (!iw_chain_fact_parse(rename->from->payload, &from) ||
        !iw_chain_fact_parse(rename->to->payload, &to))
        return IW_OK;
    text = iw_arena_format(
        &chains->scratch,
        "near miss: %.*s was renamed or moved into %.*s by %.*s %lld ms before it (Security 4663); "
        "what it is called since is not told",
        IW_STR_ARG(from.path), IW_STR_ARG(to.path), IW_STR_ARG(iw_path_name(to.process.image)),
        (long long)(iw_chain_distance_ns(rename->to->moment.time_ns, shell->moment.time_ns) /
                    1000000));
    if (text.p == NULL)
        return IW_ENOMEM;
    shell->near_miss = iw_chain_text_keep(chains, text);
    if (shell->near_miss.p != NULL)
        return IW_OK;
    shell->near_miss = IW_STR("");
    return IW_ENOMEM;
}

enum iw_rc iw_chain_say_near_renamed(struct iw_chains *chains, struct iw_chain_shell *shell)
{
    const struct iw_host_context *context = chains->context;
    const struct iw_chain_rename *latest = NULL;
    struct iw_web_state state;
    if (shell->near_miss.n != 0 || chains->n_renames == 0 || !shell->is_iis ||
        context->places == NULL)
        return IW_OK;
    state = iw_web_places_at(context->places, context->host, shell->moment.time_ns);
    for (size_t i = 0; i < IW_CHAIN_RENAMES; i++) {
        const struct iw_chain_rename *one = &chains->renames[i];
        if (is_before(one, shell->moment, NEAR_NS) && is_later(one, latest) &&
            is_folder_of(&state, one->folder, shell->pool))
            latest = one;
    }
    return latest != NULL ? say_near(chains, latest, shell) : IW_OK;
}
