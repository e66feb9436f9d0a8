/*
 * Files of web servers: which they are, where they lie, who wrote them.
 */
#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "context/worker_process.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/deployment.h"
#include "detect/chain/file_spelling.h"
#include "detect/detect_text.h"
#include "iis/config/server_path.h"

#define NS_PER_MINUTE (60 * IW_NS_PER_SECOND)
/* One process writes that many web files within that time: a burst. */
#define BURST_FILES 20U
#define BURST_NS (10 * NS_PER_MINUTE)
/* Something was deployed so near that it may have brought the file. */
#define NEAR_NS (10 * NS_PER_MINUTE)
/* A file written so shortly after a shell nearly was a link. */
#define NEARLY_NS NS_PER_MINUTE

#define FILE_OF(link, member) IW_LINKED_IN(link, struct iw_chain_file, member)

/* --- where it lies ---------------------------------------------------------------------------- */

/* Every root that reaches it, also those of sites above: the deepest alone does not say who serves
 * it. A root whose URL for it belongs to an application below does not. */
static enum iw_rc find_roots(struct iw_chains *chains, struct iw_chain_file *file,
                             const struct iw_web_state *state)
{
    file->n_roots = 0;
    file->has_more_roots = false;
    for (size_t i = 0; i < state->n_roots; i++) {
        struct iw_str url;
        if (state->keys[i].n == 0 || !iw_server_path_covers(state->keys[i], file->key))
            continue;
        url = iw_web_url_of_file(state, i, file->path, &chains->scratch);
        if (url.p == NULL)
            return IW_ENOMEM;
        if (url.n == 0)
            continue;
        if (file->n_roots < IW_CHAIN_ROOTS)
            file->roots[file->n_roots++] = &state->roots[i];
        else
            file->has_more_roots = true;
    }
    return IW_OK;
}

static bool is_root_assumed(const struct iw_chain_file *file)
{
    for (size_t i = 0; i < file->n_roots; i++) {
        if (!file->roots[i]->is_assumed)
            return false;
    }
    return true;
}

static enum iw_rc find_place(struct iw_chains *chains, struct iw_chain_file *file, int64_t time_ns)
{
    const struct iw_host_context *context = chains->context;
    struct iw_web_state state = {.knowledge = IW_WEB_UNKNOWN, .is_partial = true};
    bool is_whole;

    if (context->places != NULL)
        state = iw_web_places_at(context->places, context->host, time_ns);
    IW_TRY(find_roots(chains, file, &state));
    is_whole = state.knowledge == IW_WEB_CONFIGURED && !state.is_partial && !file->is_path_assumed;
    file->place = IW_CHAIN_PLACE_NONE;
    if (file->n_roots != 0 && !is_root_assumed(file))
        file->place = is_whole ? IW_CHAIN_PLACE_CONFIGURED : IW_CHAIN_PLACE_ASSUMED;
    else if (iw_chain_list_covers(&chains->settings->web_roots, file->path))
        file->place = IW_CHAIN_PLACE_ASSUMED;
    else if (is_whole)
        return IW_OK; /* the configuration says that no site reaches it */
    else if (file->n_roots != 0 || iw_web_folder_is_usual(file->path, chains->settings))
        file->place = IW_CHAIN_PLACE_USUAL;
    else if (file->class == IW_WEB_FILE_SCRIPT && iw_path_writable_place(file->path) == NULL)
        file->place = IW_CHAIN_PLACE_POSSIBLE;
    return IW_OK;
}

/* --- one file --------------------------------------------------------------------------------- */

static void forget_logon(struct iw_chains *chains, struct iw_chain_file *file)
{
    iw_chain_text_free(chains, &file->logon);
    iw_chain_text_free(chains, &file->logon_event.fields_json);
    file->logon_event.place.event_id = 0;
}

void iw_chain_file_free(struct iw_chains *chains, struct iw_chain_file *file)
{
    iw_chain_index_remove(&chains->files, &file->node);
    iw_linked_remove(&file->by_time);
    if (file->waiting.list != NULL) {
        iw_linked_remove(&file->waiting);
        chains->n_waiting--;
    }
    if (file->asked_for.list != NULL)
        iw_linked_remove(&file->asked_for);
    for (size_t i = 0; i < file->n_writes; i++)
        iw_chain_item_free(chains, file->writes[i]);
    iw_chain_item_free(chains, file->times);
    iw_chain_item_free(chains, file->deleted);
    iw_chain_item_free(chains, file->compiled);
    forget_logon(chains, file);
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
    file->logon = file->logon_event.fields_json = IW_STR("");
    file->n_bytes = n_bytes;
    file->request_begin_ns = file->asked_about_ns = IW_TIME_UNKNOWN;
    if (path->odd.n != 0)
        file->marks |= IW_MARK(ODD_NAME);
    chains->n_bytes += n_bytes;
    iw_chain_index_add(&chains->files, &file->node, file->key, file);
    iw_linked_append(&chains->by_time, &file->by_time);
    iw_linked_append(&chains->waiting, &file->waiting);
    chains->n_waiting++;
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

/* An event that is not kept any more is told now, where it was to be told with its chain. */
static enum iw_rc drop_item(struct iw_chains *chains, struct iw_chain_item *item,
                            struct iw_error *err)
{
    enum iw_rc rc = item != NULL && item->is_due && !item->is_told
                        ? iw_chain_tell_link(chains, item, IW_LEVEL_MEDIUM, err)
                        : IW_OK;
    iw_chain_item_free(chains, item);
    return rc;
}

/* The latest that no shell was joined by, the first excepted. */
static enum iw_rc drop_write(struct iw_chains *chains, struct iw_chain_file *file,
                             struct iw_error *err)
{
    size_t at = file->n_writes - 1;
    struct iw_chain_item *item;
    while (at > 1 && file->writes[at]->is_link)
        at--;
    item = file->writes[at];
    for (; at + 1 < file->n_writes; at++)
        file->writes[at] = file->writes[at + 1];
    file->n_writes--;
    return drop_item(chains, item, err);
}

/* Events of one writing by two witnesses are several; past the limit the latest stands for all that
 * came in between. */
static enum iw_rc keep_write(struct iw_chains *chains, struct iw_chain_file *file,
                             const struct iw_fact *fact, const char *role, struct iw_error *err)
{
    struct iw_chain_item *item;
    if (file->n_writes == IW_LIMIT_CHAIN_WRITES)
        IW_TRY(drop_write(chains, file, err));
    item = iw_chain_item_new(chains, fact, role);
    if (item == NULL)
        return IW_ENOMEM;
    file->writes[file->n_writes++] = item;
    file->n_all_writes++;
    move_behind(&chains->by_time, &file->by_time);
    if (file->waiting.list != NULL)
        move_behind(&chains->waiting, &file->waiting);
    return IW_OK;
}

/* --- who wrote it ----------------------------------------------------------------------------- */

/* The run of writings this one belongs to; NULL: no more are counted. */
static enum iw_rc find_writer(struct iw_chains *chains, const struct iw_chain_fact *what,
                              int64_t time_ns, struct iw_chain_writer **ret)
{
    struct iw_str key =
        iw_arena_format(&chains->scratch, "%llu:%.*s", (unsigned long long)what->process.pid,
                        IW_STR_ARG(what->process.image));
    struct iw_map_entry *entry;
    struct iw_chain_writer *writer;
    int64_t distance_ns;
    *ret = NULL;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&chains->writers, key);
    if (entry == NULL && chains->writers.n >= IW_LIMIT_CHAIN_WRITERS)
        return IW_OK;
    if (entry == NULL) {
        key = iw_arena_copy(&chains->keys, key);
        entry = key.p != NULL ? iw_map_add(&chains->writers, key, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
    }
    writer = entry->value.pointer;
    distance_ns = writer != NULL ? iw_chain_distance_ns(writer->first_ns, time_ns) : 0;
    if (writer == NULL || distance_ns > BURST_NS) {
        writer = iw_arena_calloc(&chains->keys, 1, sizeof *writer);
        if (writer == NULL)
            return IW_ENOMEM;
        writer->first_ns = time_ns;
        entry->value.pointer = writer;
    }
    *ret = writer;
    return IW_OK;
}

static enum iw_rc keep_logon_event(struct iw_chains *chains, struct iw_chain_file *file,
                                   const struct iw_logon *logon)
{
    struct iw_actor_event event;
    IW_TRY(iw_actor_of_logon(chains->context->logons, logon, &chains->scratch, &event));
    if (event.place.event_id == 0)
        return IW_OK;
    event.fields_json = iw_chain_text_keep(chains, event.fields_json);
    if (event.fields_json.p == NULL)
        return IW_ENOMEM;
    iw_chain_text_free(chains, &file->logon_event.fields_json);
    file->logon_event = event;
    return IW_OK;
}

/* Two witnesses of one writing know of one logon; another writing has its own or none. */
static bool is_another_writing(const struct iw_chain_file *file, int64_t time_ns)
{
    return file->n_writes > 1 &&
           iw_chain_distance_ns(file->writes[file->n_writes - 2]->moment.time_ns, time_ns) >
               IW_LINEAGE_WITNESS_NS;
}

static enum iw_rc tell_logon(struct iw_chains *chains, struct iw_chain_file *file,
                             const struct iw_chain_fact *what, const struct iw_process *process,
                             int64_t time_ns)
{
    const struct iw_logons *logons = chains->context->logons;
    const struct iw_logon *logon = NULL;
    struct iw_str address = what->address, text;
    if (is_another_writing(file, time_ns))
        forget_logon(chains, file);
    if (what->has_logon)
        logon = iw_logons_find(logons, what->logon_id);
    else if (process != NULL)
        logon = iw_host_context_logon(chains->context, process);
    if (address.n == 0 && logon != NULL)
        address = iw_logons_address(logons, logon);
    if ((logon == NULL || logon->type == 0) && address.n == 0)
        return IW_OK;
    if (logon != NULL && logon->type != 0)
        text = iw_arena_format(&chains->scratch, "logon type %u%s%.*s", logon->type,
                               address.n != 0 ? ", from " : "", IW_STR_ARG(address));
    else
        text = iw_arena_format(&chains->scratch, "from %.*s", IW_STR_ARG(address));
    if (text.p == NULL)
        return IW_ENOMEM;
    iw_chain_text_free(chains, &file->logon);
    file->logon = iw_chain_text_keep(chains, text);
    if (file->logon.p == NULL)
        return IW_ENOMEM;
    return keep_logon_event(chains, file, logon);
}

/* Of the latest writing alone: another writer, another file. */
static enum iw_rc describe_writer(struct iw_chains *chains, struct iw_chain_file *file,
                                  const struct iw_chain_fact *what,
                                  const struct iw_process *process, int64_t time_ns)
{
    struct iw_str image = what->process.image;
    struct iw_str command_line = process != NULL ? process->command_line : IW_STR("");
    struct iw_chain_writer *writer;
    file->marks &=
        ~(IW_MARK(WRITTEN_BY_SERVER) | IW_MARK(WRITTEN_OVER_NETWORK) | IW_MARK(DEPLOYMENT_WRITER));
    file->writer_words = iw_deployment_above(process, image, chains->settings, NULL);
    if (what->action == IW_CHAIN_FILE_SHARED || iw_str_equal_nocase(image, IW_STR("System")))
        file->marks |= IW_MARK(WRITTEN_OVER_NETWORK);
    else if (iw_program_serves(image, command_line, chains->settings))
        file->marks |= IW_MARK(WRITTEN_BY_SERVER);
    else if (file->writer_words != NULL)
        file->marks |= IW_MARK(DEPLOYMENT_WRITER);
    IW_TRY(find_writer(chains, what, time_ns, &writer));
    if (writer != NULL && file->writer != writer)
        writer->n_files++;
    file->writer = writer;
    if (chains->deployment.words != NULL &&
        iw_chain_distance_ns(chains->deployment.time_ns, time_ns) <= NEAR_NS)
        file->deployment_words = chains->deployment.words;
    return tell_logon(chains, file, what, process, time_ns);
}

/* --- files and shells ------------------------------------------------------------------------- */

/* What a shell wrote is its act; where no file explains the shell, it is a chain of the file. */
static enum iw_rc join_to_writer(struct iw_chains *chains, struct iw_chain_file *file,
                                 struct iw_chain_shell *shell, const struct iw_fact *fact,
                                 struct iw_error *err)
{
    struct iw_chain *chain;
    if (shell->chain == NULL)
        IW_TRY(iw_chains_decide_shell(chains, shell));
    if (shell->chain->file == file || file->place == IW_CHAIN_PLACE_NONE)
        return IW_OK;
    if (shell->chain->file != NULL || file->class == IW_WEB_FILE_PROGRAM || !shell->is_shown) {
        iw_habit_spoil(shell->habit, "it wrote a file among web files");
        return iw_chain_shell_add(chains, shell, fact, "file_written", 0, err);
    }
    chain = iw_chain_of_file(chains, file);
    if (chain == NULL)
        return IW_ENOMEM;
    iw_chain_take_out(chains, shell);
    file->writes[file->n_writes - 1]->is_link = true;
    shell->join = (struct iw_chain_join){.marks = IW_MARK(SHELL_WROTE_FILE),
                                         .write = iw_chain_latest_write(file)->moment,
                                         .request_begin_ns = IW_TIME_UNKNOWN};
    if (file->place == IW_CHAIN_PLACE_POSSIBLE)
        shell->join.marks |= IW_MARK(FOLDER_POSSIBLE);
    iw_habit_spoil(shell->habit, "it wrote a file among web files");
    iw_chain_put(chains, chain, shell);
    return IW_OK;
}

/* A file that came right after a shell no file explains: nearly a link. */
static enum iw_rc note_nearly(struct iw_chains *chains, const struct iw_chain_file *file,
                              int64_t time_ns)
{
    struct iw_chain *open = chains->latest_open;
    int64_t distance_ns;
    struct iw_str text;
    if (open == NULL || open->near_after.n != 0 || file->place == IW_CHAIN_PLACE_NONE ||
        file->class == IW_WEB_FILE_PROGRAM)
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

    if (file->n_writes != 0 && file->chain == NULL)
        IW_TRY(find_place(chains, file, fact->time_ns));
    IW_TRY(keep_write(chains, file, fact, ROLES[what->action], err));
    IW_TRY(describe_writer(chains, file, what, process, fact->time_ns));
    IW_TRY(iw_chain_learn_writer(chains, file, what,
                                 shell != NULL || (file->marks & IW_MARK(WRITTEN_BY_SERVER)) != 0,
                                 fact->time_ns));
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
                             const struct iw_fact *fact, const struct iw_chain_fact *what,
                             struct iw_error *err)
{
    bool is_deleted = what->action == IW_CHAIN_FILE_DELETED;
    struct iw_chain_item **at = is_deleted ? &file->deleted : &file->times;
    struct iw_chain_item *item =
        iw_chain_item_new(chains, fact, is_deleted ? "file_deleted" : "file_times_changed");
    enum iw_rc rc;
    if (item == NULL)
        return IW_ENOMEM;
    if (*at != NULL && (*at)->moment.time_ns == fact->time_ns &&
        (*at)->record_id < fact->record_id) {
        iw_chain_item_free(chains, item); /* of two at one time, one and the same */
        return IW_OK;
    }
    rc = drop_item(chains, *at, err);
    *at = item;
    file->marks |= is_deleted ? IW_MARK(DELETED) : IW_MARK(TIMES_CHANGED);
    if (rc != IW_OK || file->chain == NULL)
        return rc;
    item->is_due = true;
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
    IW_TRY(iw_web_file_path_read(what->path, &chains->scratch, &path));
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
        rc = find_place(chains, file, fact->time_ns);
        if (rc != IW_OK || file->place == IW_CHAIN_PLACE_NONE) {
            iw_chain_file_free(chains, file);
            chains->account.n_files--;
            return rc;
        }
    }
    file->is_path_assumed &= is_assumed;
    return is_write ? take_write(chains, file, fact, what, err)
                    : take_other(chains, file, fact, what, err);
}

/* --- compiling, deployments --------------------------------------------------------------------
 */

void iw_chains_note_compiling(struct iw_chains *chains, const struct iw_fact *fact,
                              const struct iw_process *compiler_or_worker, uint64_t pid)
{
    const struct iw_process *worker =
        compiler_or_worker != NULL ? iw_process_worker(compiler_or_worker, NULL) : NULL;
    struct iw_chain_compiling *next =
        &chains->compilings[chains->n_compilings++ % IW_CHAIN_COMPILINGS];
    iw_chain_item_free(chains, next->item);
    *next = (struct iw_chain_compiling){
        .moment = iw_chain_moment_of(fact),
        .worker_number = worker != NULL ? worker->number : 0,
        .pid = worker != NULL && worker->name.has_pid ? worker->name.pid : pid};
}

/* The one that was just noted names a page that no file seen before is. */
static enum iw_rc keep_unseen(struct iw_chains *chains, const struct iw_fact *fact)
{
    struct iw_chain_compiling *last =
        &chains->compilings[(chains->n_compilings - 1) % IW_CHAIN_COMPILINGS];
    last->item = iw_chain_item_new(chains, fact, "page_compiled");
    return last->item != NULL ? IW_OK : IW_ENOMEM;
}

/* The page's own file, the latest of that name. */
enum iw_rc iw_chains_see_compiled(struct iw_chains *chains, const struct iw_fact *fact,
                                  const struct iw_chain_fact *what)
{
    struct iw_str page = iw_web_compiled_page(what->path);
    size_t n = 0;
    iw_chains_note_compiling(
        chains, fact, iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns),
        what->process.has_pid ? what->process.pid : 0);
    for (struct iw_link *link = chains->by_time.last;
         page.n != 0 && link != NULL && n < IW_LIMIT_CHAIN_LOOKS; link = link->prev, n++) {
        struct iw_chain_file *file = FILE_OF(link, by_time);
        if (!iw_str_equal_nocase(iw_path_name(file->path), page))
            continue;
        if (file->chain != NULL && file->compiled != NULL)
            return IW_OK; /* the one a shell was joined by */
        iw_chain_item_free(chains, file->compiled);
        file->compiled = iw_chain_item_new(chains, fact, "page_compiled");
        return file->compiled != NULL ? IW_OK : IW_ENOMEM;
    }
    return page.n != 0 ? keep_unseen(chains, fact) : IW_OK;
}

enum iw_rc iw_chains_add_unseen(struct iw_chains *chains, struct iw_str path,
                                struct iw_chain_compiling *compiling, struct iw_chain_file **ret)
{
    struct iw_web_file_path read;
    struct iw_chain_file *file;
    enum iw_rc rc;
    *ret = NULL;
    IW_TRY(iw_web_file_path_read(path, &chains->scratch, &read));
    if (read.key.n == 0 || iw_chain_index_find(&chains->files, read.key) != NULL)
        return IW_OK;
    file = new_file(chains, &read, IW_WEB_FILE_SCRIPT);
    if (file == NULL)
        return IW_ENOMEM;
    rc = find_place(chains, file, compiling->moment.time_ns);
    if (rc != IW_OK || file->place == IW_CHAIN_PLACE_NONE) {
        iw_chain_file_free(chains, file);
        chains->account.n_files--;
        return rc;
    }
    file->is_unseen = true;
    file->writes[0] = compiling->item;
    file->n_writes = 1;
    file->n_all_writes = 1;
    compiling->item = NULL;
    *ret = file;
    return IW_OK;
}

bool iw_chains_is_deployed_near(const struct iw_chains *chains, int64_t time_ns)
{
    return chains->deployment.words != NULL &&
           iw_chain_distance_ns(chains->deployment.time_ns, time_ns) <= NEAR_NS;
}

void iw_chains_note_deployment(struct iw_chains *chains, int64_t time_ns, const char *words)
{
    size_t n = 0;
    chains->deployment.words = words;
    chains->deployment.time_ns = time_ns;
    for (struct iw_link *link = chains->by_time.last; link != NULL && n < IW_LIMIT_CHAIN_LOOKS;
         link = link->prev, n++) {
        struct iw_chain_file *file = FILE_OF(link, by_time);
        if (iw_chain_distance_ns(iw_chain_latest_write(file)->moment.time_ns, time_ns) > NEAR_NS)
            break;
        file->deployment_words = words;
    }
}

void iw_chains_forget_file(struct iw_chains *chains, struct iw_chain_file *file)
{
    int64_t time_ns = iw_chain_latest_write(file)->moment.time_ns;
    chains->n_files_forgotten++;
    chains->account.n_files_forgotten++;
    iw_time_widen(&chains->forgotten_from_ns, &chains->forgotten_until_ns, time_ns);
    iw_chain_file_free(chains, file);
}
