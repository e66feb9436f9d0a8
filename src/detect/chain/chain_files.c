/*
 * Files of web servers: which they are, what happens to them, and that a shell wrote one.
 */
#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/file_spelling.h"
#include "iis/config/server_path.h"

/* A file written so shortly after a shell nearly was a link. */
#define NEARLY_NS (60 * IW_NS_PER_SECOND)
#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

/* --- one file --------------------------------------------------------------------------------- */

/* What is beyond IIS waits apart: there may be many such files, and they are not to displace a page
 * of IIS. */
void iw_chain_file_wait_no_more(struct iw_chains *chains, struct iw_chain_file *file)
{
    if (file->waiting.list == NULL)
        return;
    if (file->waiting.list == &chains->beyond)
        chains->n_beyond--;
    else
        chains->n_waiting--;
    iw_linked_remove(&file->waiting);
}

void iw_chain_file_wait(struct iw_chains *chains, struct iw_chain_file *file)
{
    iw_chain_file_wait_no_more(chains, file);
    iw_linked_append(file->is_beyond_iis ? &chains->beyond : &chains->waiting, &file->waiting);
    if (file->is_beyond_iis)
        chains->n_beyond++;
    else
        chains->n_waiting++;
}

void iw_chain_file_free(struct iw_chains *chains, struct iw_chain_file *file)
{
    iw_chain_index_remove(&chains->files, &file->node);
    iw_linked_remove(&file->by_time);
    iw_chain_file_wait_no_more(chains, file);
    if (file->unasked.list != NULL)
        iw_linked_remove(&file->unasked);
    if (file->asked_for.list != NULL)
        iw_linked_remove(&file->asked_for);
    if (file->late.list != NULL)
        iw_linked_remove(&file->late);
    for (size_t i = 0; i < file->n_writes; i++)
        iw_chain_item_free(chains, file->writes[i]);
    iw_chain_item_free(chains, file->times);
    iw_chain_item_free(chains, file->deleted);
    chains->n_bytes -= file->n_bytes;
    iw_free(file);
}

static struct iw_chain_file *new_file(struct iw_chains *chains, const struct iw_web_file_path *path,
                                      enum iw_web_file_class class)
{
    size_t n_bytes = sizeof(struct iw_chain_file) + path->path.n + path->key.n;
    struct iw_chain_file *file = iw_calloc(1, n_bytes);
    char *text;
    if (file == NULL)
        return NULL;
    text = (char *)(file + 1);
    memcpy(text, path->path.p, path->path.n);
    memcpy(text + path->path.n, path->key.p, path->key.n);
    file->path = (struct iw_str){text, path->path.n};
    file->key = (struct iw_str){text + path->path.n, path->key.n};
    file->odd = path->odd;
    file->class = class;
    file->n_bytes = n_bytes;
    if (path->odd.n != 0)
        file->marks |= IW_MARK(ODD_NAME);
    chains->n_bytes += n_bytes;
    iw_chain_index_add(&chains->files, &file->node, file->key, file);
    iw_linked_append(&chains->by_time, &file->by_time);
    iw_chain_file_wait(chains, file);
    chains->account.n_files++;
    return file;
}

const struct iw_chain_item *iw_chain_latest_write(const struct iw_chain_file *file)
{
    return file->n_writes != 0 ? file->writes[file->n_writes - 1] : NULL;
}

bool iw_chain_is_of_writing(const struct iw_chain_file *file, const struct iw_chain_item *item)
{
    for (size_t i = 0; item != NULL && i < file->n_writes; i++) {
        if (file->writes[i]->is_link)
            return iw_chain_order_of(file->writes[i]->moment, item->moment) != IW_CHAIN_AFTER;
    }
    return false;
}

static void move_behind(struct iw_linked *list, struct iw_link *link)
{
    if (link->list != NULL)
        iw_linked_remove(link);
    iw_linked_append(list, link);
}

/* One that no shell was joined by: the oldest that no shell can be any more, else the latest, the
 * first excepted. */
static size_t write_to_drop(const struct iw_chains *chains, const struct iw_chain_file *file,
                            int64_t now_ns)
{
    size_t at = file->n_writes - 1;
    for (size_t i = 0; i < file->n_writes; i++) {
        const struct iw_chain_item *write = file->writes[i];
        if (!write->is_link && iw_chain_distance_ns(write->moment.time_ns, now_ns) >
                                   chains->settings->window_ns + iw_chain_longest_slack_ns())
            return i;
    }
    while (at > 1 && file->writes[at]->is_link)
        at--;
    return at;
}

static void drop_write(struct iw_chains *chains, struct iw_chain_file *file, int64_t now_ns)
{
    size_t at = write_to_drop(chains, file, now_ns);
    iw_chain_item_free(chains, file->writes[at]);
    for (; at + 1 < file->n_writes; at++)
        file->writes[at] = file->writes[at + 1];
    file->n_writes--;
}

/* Events of one writing by two witnesses are several; past the limit the latest stands for all that
 * came in between. */
static enum iw_rc keep_write(struct iw_chains *chains, struct iw_chain_file *file,
                             const struct iw_fact *fact, const char *role)
{
    struct iw_chain_item *item = iw_chain_item_new(chains, fact, role);
    if (item == NULL)
        return IW_ENOMEM;
    if (file->n_writes == IW_LIMIT_CHAIN_WRITES)
        drop_write(chains, file, fact->time_ns);
    file->writes[file->n_writes++] = item;
    file->n_all_writes++;
    move_behind(&chains->by_time, &file->by_time);
    move_behind(&chains->unasked, &file->unasked);
    if (file->waiting.list != NULL)
        iw_chain_file_wait(chains, file);
    return IW_OK;
}

/* --- files and shells ------------------------------------------------------------------------- */

/* What a shell wrote is its act; where no file explains the shell, it is a chain of the file. */
static enum iw_rc join_to_writer(struct iw_chains *chains, struct iw_chain_file *file,
                                 struct iw_chain_shell *shell, const struct iw_fact *fact,
                                 struct iw_error *err)
{
    struct iw_chain_join join = {.marks = IW_MARK(SHELL_WROTE_FILE),
                                 .write = iw_chain_latest_write(file)->moment,
                                 .request_begin_ns = IW_TIME_UNKNOWN};
    struct iw_chain *chain;
    if (iw_chain_file_is_beyond(file, shell))
        return IW_OK;
    if (shell->chain == NULL)
        IW_TRY(iw_chains_decide_shell(chains, shell, err));
    if (shell->chain->file == file || file->place == IW_CHAIN_PLACE_NONE)
        return IW_OK;
    IW_TRY(iw_chain_habit_see_odd(chains, shell, "it wrote a file among web files"));
    if (shell->chain->file != NULL || file->class == IW_WEB_FILE_PROGRAM)
        return iw_chain_shell_add(chains, shell, fact, "file_written", 0, err);
    chain = iw_chain_of_file(chains, file);
    if (chain == NULL)
        return IW_ENOMEM;
    iw_chain_take_out(chains, shell);
    file->writes[file->n_writes - 1]->is_link = true;
    if (file->place == IW_CHAIN_PLACE_POSSIBLE)
        join.marks |= IW_MARK(FOLDER_POSSIBLE);
    iw_chain_shell_join(chains, shell, &join);
    return iw_chain_put(chains, chain, shell, err);
}

/* A file that came right after a shell no file explains: nearly a link. */
static enum iw_rc note_nearly(struct iw_chains *chains, const struct iw_chain_file *file,
                              int64_t time_ns)
{
    struct iw_chain *open = chains->latest_open;
    int64_t distance_ns;
    struct iw_str text;
    if (open == NULL || open->near_after.n != 0 || file->place == IW_CHAIN_PLACE_NONE ||
        file->class == IW_WEB_FILE_PROGRAM ||
        (open->shells.first != NULL && iw_chain_file_is_beyond(file, SHELL_OF(open->shells.first))))
        return IW_OK;
    distance_ns = iw_chain_distance_ns(chains->latest_open_ns, time_ns);
    if (!iw_time_known(distance_ns) || distance_ns > NEARLY_NS)
        return IW_OK;
    text = iw_arena_format(&chains->scratch,
                           "near miss: %.*s was written %lld ms after the shell, not before it",
                           IW_STR_ARG(file->path), (long long)(distance_ns / 1000000));
    if (text.p == NULL)
        return IW_ENOMEM;
    open->near_after = iw_chain_text_keep(chains, text);
    return open->near_after.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc take_write(struct iw_chains *chains, struct iw_chain_file *file,
                             const struct iw_fact *fact, const struct iw_chain_fact *what,
                             struct iw_error *err)
{
    static const char *const ROLES[IW_CHAIN_ACTION_COUNT] = {
        [IW_CHAIN_FILE_CREATED] = "file_created",
        [IW_CHAIN_FILE_WRITTEN] = "file_written",
        [IW_CHAIN_FILE_SHARED] = "file_written",
        [IW_CHAIN_FILE_STREAM] = "file_created"};
    const struct iw_process *process =
        iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns);
    struct iw_chain_shell *shell = iw_chains_shell_of(chains, process);
    bool is_by_page = shell != NULL && iw_chain_is_cgi_run(shell);

    if (is_by_page) /* the application itself wrote it, and no shell */
        shell = NULL;
    if (file->n_writes != 0 && file->chain == NULL)
        IW_TRY(iw_chain_find_place(chains, file, fact->time_ns));
    IW_TRY(keep_write(chains, file, fact, ROLES[what->action]));
    IW_TRY(iw_chain_describe_write(chains, file, file->writes[file->n_writes - 1], what, process,
                                   shell != NULL));
    if (is_by_page)
        file->writes[file->n_writes - 1]->written->marks |= IW_MARK(WRITTEN_BY_SERVER);
    IW_TRY(iw_chain_learn_writer(chains, file, file->writes[file->n_writes - 1]->written, what,
                                 process, fact->time_ns));
    if (shell != NULL)
        return join_to_writer(chains, file, shell, fact, err);
    return note_nearly(chains, file, fact->time_ns);
}

/* What came at the time of the writing itself belongs to it: files are written by being replaced.
 */
static bool is_behind(const struct iw_chain_file *file, const struct iw_fact *fact)
{
    return iw_chain_order_of(file->writes[0]->moment, iw_chain_moment_of(fact)) == IW_CHAIN_BEFORE;
}

static enum iw_rc take_other(struct iw_chains *chains, struct iw_chain_file *file,
                             const struct iw_fact *fact, const struct iw_chain_fact *what)
{
    bool is_deleted = what->action == IW_CHAIN_FILE_DELETED;
    struct iw_chain_item **at = is_deleted ? &file->deleted : &file->times;
    struct iw_chain_item *item =
        iw_chain_item_new(chains, fact, is_deleted ? "file_deleted" : "file_times_changed");
    if (item == NULL)
        return IW_ENOMEM;
    if (*at != NULL && (*at)->moment.time_ns == fact->time_ns &&
        (*at)->record_id < fact->record_id) {
        iw_chain_item_free(chains, item); /* of two at one time, one and the same */
        return IW_OK;
    }
    iw_chain_item_free(chains, *at);
    *at = item;
    file->marks |= is_deleted ? IW_MARK(DELETED) : IW_MARK(TIMES_CHANGED);
    if (file->chain != NULL)
        iw_chain_touch(chains, file->chain, fact->time_ns);
    return IW_OK;
}

/* A device in place of a drive, short names in place of long ones. */
static enum iw_rc settle_spelling(struct iw_chains *chains, int64_t time_ns,
                                  struct iw_web_file_path *path, bool *ret_assumed)
{
    const struct iw_host_context *context = chains->context;
    struct iw_web_state state;
    struct iw_server_path normal;
    struct iw_str settled;
    *ret_assumed = false;
    if (context->places == NULL || (!path->is_short && !iw_file_is_on_device(path->path)))
        return IW_OK;
    state = iw_web_places_at(context->places, context->host, time_ns);
    IW_TRY(iw_file_spelling_settle(&state, path->path, &chains->scratch, &settled));
    if (settled.n == 0)
        return IW_OK;
    if (!iw_server_path_of_file(settled, &chains->scratch, &normal))
        return IW_ENOMEM;
    path->path = normal.path;
    path->key = normal.key;
    *ret_assumed = true;
    return IW_OK;
}

enum iw_rc iw_chains_see_file(struct iw_chains *chains, const struct iw_fact *fact,
                              const struct iw_chain_fact *what, struct iw_error *err)
{
    bool is_write = what->action != IW_CHAIN_FILE_DELETED && what->action != IW_CHAIN_FILE_TIMES;
    enum iw_web_file_class class = iw_web_file_class_of(what->path, chains->settings);
    struct iw_web_file_path path;
    struct iw_chain_file *file;
    bool is_assumed;

    if (class == IW_WEB_FILE_OTHER || class == IW_WEB_FILE_COMPILED)
        return IW_OK;
    IW_TRY(iw_web_file_path_read(what->path, chains->context->host, &chains->scratch, &path));
    if (path.key.n == 0)
        return IW_OK;
    IW_TRY(settle_spelling(chains, fact->time_ns, &path, &is_assumed));
    file = iw_chain_index_find(&chains->files, path.key);
    if (!is_write && (file == NULL || !is_behind(file, fact)))
        return IW_OK; /* nobody wrote it before, as far as is known */
    if (file == NULL) {
        enum iw_rc rc;
        file = new_file(chains, &path, class);
        if (file == NULL)
            return IW_ENOMEM;
        file->is_path_assumed = is_assumed;
        rc = iw_chain_find_place(chains, file, fact->time_ns);
        if (rc != IW_OK || file->place == IW_CHAIN_PLACE_NONE) {
            iw_chain_file_free(chains, file);
            chains->account.n_files--;
            return rc;
        }
    }
    file->is_path_assumed &= is_assumed;
    return is_write ? take_write(chains, file, fact, what, err)
                    : take_other(chains, file, fact, what);
}

/* --- without an event, and gone -----------------------------------------------------------------
 */

enum iw_rc iw_chains_find_file(struct iw_chains *chains, struct iw_str path,
                               struct iw_chain_file **ret)
{
    struct iw_web_file_path read;
    IW_TRY(iw_web_file_path_read(path, chains->context->host, &chains->scratch, &read));
    *ret = read.key.n != 0 ? iw_chain_index_find(&chains->files, read.key) : NULL;
    return IW_OK;
}

enum iw_rc iw_chains_add_without_event(struct iw_chains *chains, struct iw_str path,
                                       struct iw_chain_item *item, struct iw_chain_file **ret)
{
    struct iw_web_file_path read;
    struct iw_chain_file *file;
    enum iw_rc rc;
    *ret = NULL;
    IW_TRY(iw_web_file_path_read(path, chains->context->host, &chains->scratch, &read));
    if (read.key.n == 0 || iw_chain_index_find(&chains->files, read.key) != NULL)
        return IW_OK;
    file = new_file(chains, &read, IW_WEB_FILE_SCRIPT);
    if (file == NULL)
        return IW_ENOMEM;
    rc = iw_chain_find_place(chains, file, item->moment.time_ns);
    if (rc != IW_OK || file->place == IW_CHAIN_PLACE_NONE) {
        iw_chain_file_free(chains, file);
        chains->account.n_files--;
        return rc;
    }
    file->is_unseen = true;
    file->writes[0] = item;
    file->n_writes = 1;
    file->n_all_writes = 1;
    *ret = file;
    return IW_OK;
}

enum iw_rc iw_chains_add_unseen(struct iw_chains *chains, struct iw_str path,
                                struct iw_chain_compiling *compiling, struct iw_chain_file **ret)
{
    IW_TRY(iw_chains_add_without_event(chains, path, compiling->item, ret));
    if (*ret != NULL)
        compiling->item = NULL;
    return IW_OK;
}

void iw_chains_forget_file(struct iw_chains *chains, struct iw_chain_file *file)
{
    int64_t time_ns = iw_chain_latest_write(file)->moment.time_ns;
    chains->n_files_forgotten++;
    chains->account.n_files_forgotten++;
    iw_time_widen(&chains->forgotten_from_ns, &chains->forgotten_until_ns, time_ns);
    iw_chain_file_free(chains, file);
}
