/*
 * Shells of web servers, and what they did.
 *
 * A process is looked at when it starts, for then its ancestors are known as well as they ever
 * will be. The topmost program of the table below a web server is the shell; what descends from it
 * is what it did.
 */
#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/limits.h"
#include "context/worker_process.h"
#include "detect/chain/cgi_run.h"
#include "detect/chain/chain_above.h"
#include "detect/chain/chain_state.h"
#include "detect/chain/command_shape.h"
#include "detect/chain/deployment.h"
#include "detect/chain/program_arguments.h"

#define SYSTEM_LOGON 0x3E7U
#define SHELL_OF(of) IW_LINKED_IN(of, struct iw_chain_shell, link)

static struct iw_str number_key(const uint64_t *number)
{
    return (struct iw_str){(const char *)number, sizeof *number};
}

/* --- marks ------------------------------------------------------------------------------------ */

static const char *const TECHNIQUES[IW_CHAIN_TECHNIQUES] = {"T1059",     "T1059.001", "T1059.003",
                                                            "T1059.004", "T1059.005", "T1059.006"};

const char *iw_chain_technique(size_t i)
{
    return TECHNIQUES[i];
}

static uint64_t technique_of(const struct iw_program *program)
{
    for (size_t i = 0; program != NULL && program->technique != NULL && i < IW_CHAIN_TECHNIQUES;
         i++) {
        if (TECHNIQUES[i] != NULL && strcmp(TECHNIQUES[i], program->technique) == 0)
            return (uint64_t)1 << i;
    }
    return 0;
}

static iw_chain_marks marks_of_command(const struct iw_program *program,
                                       const struct iw_chain_fact *what)
{
    unsigned command = iw_chain_fact_command(what);
    iw_chain_marks marks = 0;
    if (program != NULL && program->kind == IW_PROGRAM_DISCOVERY)
        marks |= IW_MARK(DISCOVERY);
    if ((program != NULL && program->kind == IW_PROGRAM_CREDENTIAL) ||
        (command & IW_COMMAND_READS_SECRETS) != 0)
        marks |= IW_MARK(CREDENTIALS);
    if (iw_command_shape_words(command) != NULL)
        marks |= IW_MARK(COMMAND_SHAPE);
    return marks;
}

static bool is_system(const struct iw_chain_fact *what)
{
    return what->has_logon && what->logon_id == SYSTEM_LOGON;
}

/* --- one shell -------------------------------------------------------------------------------- */

void iw_chain_shell_join(struct iw_chains *chains, struct iw_chain_shell *shell,
                         const struct iw_chain_join *join)
{
    const struct iw_chain_join NONE = {.request_begin_ns = IW_TIME_UNKNOWN};
    struct iw_chain_join former = shell->join;
    shell->join = join != NULL ? *join : NONE;
    (void)iw_chain_item_share(shell->join.compiled);
    (void)iw_chain_item_share(shell->join.renamed);
    (void)iw_chain_item_share(shell->join.renamed_to);
    for (size_t i = 0; i < shell->join.n_others; i++)
        (void)iw_chain_item_share(shell->join.others[i]);
    iw_chain_item_free(chains, former.compiled);
    iw_chain_item_free(chains, former.renamed);
    iw_chain_item_free(chains, former.renamed_to);
    for (size_t i = 0; i < former.n_others; i++)
        iw_chain_item_free(chains, former.others[i]);
}

void iw_chain_shell_free(struct iw_chains *chains, struct iw_chain_shell *shell)
{
    iw_chain_index_remove(&chains->shells, &shell->node);
    if (shell->link.list == &chains->pending)
        chains->n_pending--;
    if (shell->link.list != NULL)
        iw_linked_remove(&shell->link);
    if (shell->hidden.list != NULL)
        iw_linked_remove(&shell->hidden);
    iw_chain_shell_join(chains, shell, NULL);
    iw_chain_item_free(chains, shell->brought);
    iw_chain_item_free(chains, shell->loaded);
    iw_chain_item_free(chains, shell->loaded_written);
    iw_chain_items_free(chains, &shell->items);
    iw_chain_text_free(chains, &shell->worker);
    iw_chain_text_free(chains, &shell->pool);
    iw_chain_text_free(chains, &shell->server);
    iw_chain_text_free(chains, &shell->image);
    iw_chain_text_free(chains, &shell->parent);
    iw_chain_text_free(chains, &shell->page);
    iw_chain_text_free(chains, &shell->near_miss);
    iw_chain_text_free(chains, &shell->beside);
    chains->n_bytes -= shell->n_bytes;
    iw_free(shell);
}

struct iw_chain_shell *iw_chains_shell_by_number(const struct iw_chains *chains, uint64_t number)
{
    return iw_chain_index_find(&chains->shells, number_key(&number));
}

struct iw_chain_shell *iw_chains_shell_of(const struct iw_chains *chains,
                                          const struct iw_process *process)
{
    const struct iw_process *above[IW_LIMIT_LINEAGE_DEPTH];
    struct iw_chain_shell *shell;
    size_t n;
    if (process == NULL)
        return NULL;
    shell = iw_chains_shell_by_number(chains, process->number);
    n = shell == NULL ? iw_process_ancestors(process, above, IW_LIMIT_LINEAGE_DEPTH, NULL) : 0;
    for (size_t i = 0; shell == NULL && i < n; i++)
        shell = iw_chains_shell_by_number(chains, above[i]->number);
    return shell;
}

/* --- a shell is found --------------------------------------------------------------------------
 */

static enum iw_rc make_worker_key(struct iw_chains *chains, const struct iw_chain_above *above,
                                  const struct iw_chain_fact *what, struct iw_str *ret)
{
    struct iw_arena *scratch = &chains->scratch;
    if (above->server != NULL)
        *ret = iw_arena_format(scratch, "process %llu%s", (unsigned long long)above->server->number,
                               above->is_cgi_run ? " cgi" : ""); /* pages that run are no shells */
    else if (above->image.n != 0)
        *ret = iw_arena_format(scratch, "pid %llu %.*s", (unsigned long long)above->name.pid,
                               IW_STR_ARG(above->image));
    else
        *ret = iw_arena_format(scratch, "account %.*s",
                               IW_STR_ARG(what->user.n != 0 ? what->user : what->sid));
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

#define SHELL_TEXTS 6U
static enum iw_rc keep_texts(struct iw_chains *chains, struct iw_chain_shell *shell,
                             const struct iw_str texts[static SHELL_TEXTS])
{
    struct iw_str *const INTO[SHELL_TEXTS] = {&shell->worker, &shell->pool,   &shell->server,
                                              &shell->image,  &shell->parent, &shell->page};
    bool ok = true;
    for (size_t i = 0; i < SHELL_TEXTS; i++) {
        *INTO[i] = iw_chain_text_keep(chains, texts[i]);
        if (INTO[i]->p == NULL) {
            *INTO[i] = IW_STR("");
            ok = false;
        }
    }
    shell->near_miss = shell->beside = IW_STR("");
    return ok ? IW_OK : IW_ENOMEM;
}

/* What started it, where that is not the web server itself: an application that the server runs as
 * a process of its own, or what that started. */
static struct iw_process_name parent_of(const struct iw_chain_fact *what,
                                        const struct iw_chain_above *above)
{
    const struct iw_process_name NONE = {.image = IW_STR("")};
    const struct iw_process *parent = above->process != NULL ? above->process->parent : NULL;
    if (above->server == NULL || parent == above->server)
        return NONE;
    return parent != NULL && parent->name.image.n != 0 ? parent->name : what->parent;
}

static enum iw_rc new_shell(struct iw_chains *chains, const struct iw_fact *fact,
                            const struct iw_chain_fact *what, const struct iw_chain_above *above,
                            const struct iw_program *program, const char *role)
{
    struct iw_process_name parent = parent_of(what, above);
    struct iw_str key, pool;
    struct iw_chain_shell *shell;
    enum iw_rc rc;
    IW_TRY(make_worker_key(chains, above, what, &key));
    IW_TRY(iw_chain_above_pool(chains, above, what, fact->time_ns, &pool));
    shell = iw_calloc(1, sizeof *shell);
    if (shell == NULL)
        return IW_ENOMEM;
    shell->n_bytes = sizeof *shell;
    chains->n_bytes += shell->n_bytes;
    shell->moment = iw_chain_moment_of(fact);
    shell->program = program;
    shell->number = above->process != NULL ? above->process->number : 0;
    shell->worker_number = above->server != NULL ? above->server->number : 0;
    shell->worker_pid = above->name.has_pid ? above->name.pid : 0;
    shell->is_iis = above->image.n == 0 || iw_is_worker_image(above->image);
    shell->identity = above->identity;
    shell->parent_pid = parent.has_pid ? parent.pid : 0;
    shell->pid = what->process.has_pid ? what->process.pid : 0;
    shell->is_system = is_system(what);
    shell->marks = iw_chain_above_marks(above) | marks_of_command(program, what);
    shell->brought = iw_chain_item_share(above->brought);
    if (shell->brought != NULL)
        shell->marks |= IW_MARK(BROUGHT);
    if (above->is_cgi_run)
        shell->marks |= IW_MARK(CGI_RUN);
    shell->techniques = technique_of(program);
    shell->join.request_begin_ns = IW_TIME_UNKNOWN;
    if (shell->is_system && above->server != NULL && above->server->has_logon &&
        above->server->logon_id != SYSTEM_LOGON)
        shell->marks |= IW_MARK(SYSTEM);
    iw_linked_append(&chains->pending, &shell->link);
    chains->n_pending++;
    rc = keep_texts(chains, shell,
                    (const struct iw_str[SHELL_TEXTS]){key, pool, above->image, what->process.image,
                                                       parent.image, above->page});
    if (rc == IW_OK && !above->is_cgi_run) /* how often a page runs says nothing */
        rc = iw_chain_habit_note(chains, shell, what, above->process, false, fact->time_ns);
    if (rc == IW_OK && shell->number != 0)
        iw_chain_index_add(&chains->shells, &shell->node, number_key(&shell->number), shell);
    if (rc == IW_OK)
        rc = iw_chain_items_add(chains, &shell->items, fact, role);
    if (rc == IW_OK)
        rc = iw_chains_note_named(chains, shell, fact, what);
    if (rc == IW_OK && above->is_cgi_run)
        iw_chain_like_of_run(shell->items.first);
    chains->account.n_shells++;
    return rc;
}

enum iw_rc iw_chains_new_trace(struct iw_chains *chains, const struct iw_fact *fact,
                               const struct iw_chain_fact *what, const struct iw_chain_above *above,
                               const struct iw_program *program, const char *role)
{
    IW_TRY(new_shell(chains, fact, what, above, program, role));
    SHELL_OF(chains->pending.last)->is_trace = true;
    return IW_OK;
}

/* --- what descends from a shell ----------------------------------------------------------------
 */

static enum iw_rc add_child(struct iw_chains *chains, struct iw_chain_shell *shell,
                            const struct iw_fact *fact, const struct iw_chain_fact *what,
                            const struct iw_process *process, struct iw_error *err)
{
    const struct iw_program *program = iw_program_find(what->process.image, what->original_name);
    iw_chain_marks marks = marks_of_command(program, what);
    bool is_shell_itself = shell->number == process->number;
    if (!is_shell_itself && is_system(what) && !shell->is_system)
        marks |= IW_MARK(SYSTEM);
    if (!is_shell_itself && iw_program_is_housekeeping(what->process.image, what->original_name))
        return IW_OK;
    shell->techniques |= technique_of(program);
    if (shell->chain != NULL && !shell->is_shown)
        shell->chain->hidden_techniques |= shell->techniques;
    IW_TRY(iw_chain_habit_note(chains, shell, what, process, !is_shell_itself, fact->time_ns));
    IW_TRY(iw_chains_note_named(chains, shell, fact, what));
    return iw_chain_shell_add(chains, shell, fact,
                              is_shell_itself ? "process_created" : "child_created", marks, err);
}

enum iw_rc iw_chains_see_act(struct iw_chains *chains, const struct iw_fact *fact,
                             const struct iw_chain_fact *what, const char *role,
                             iw_chain_marks marks, struct iw_error *err)
{
    const struct iw_process *process =
        iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns);
    struct iw_chain_shell *shell = iw_chains_shell_of(chains, process);
    if (shell != NULL && what->kind == IW_CHAIN_FACT_CHANGE)
        IW_TRY(iw_chain_habit_see_odd(chains, shell, "it changed the configuration"));
    return shell != NULL ? iw_chain_shell_add(chains, shell, fact, role, marks, err) : IW_OK;
}

/* --- processes -------------------------------------------------------------------------------- */

/* A desktop is one of the web server's only where that started it: else it is a person's session.
 */
static bool is_shell(const struct iw_program *program, const struct iw_chain_fact *what,
                     bool has_server)
{
    return program != NULL && !iw_program_is_hosted_application(program, what->command_line) &&
           !iw_program_is_console_host(program, what->command_line) &&
           (has_server || strcmp(program->name, "explorer") != 0);
}

/* By a web server that stands below a shell: what a command starts at boot serves for long, and
 * pages that come then are no act of that command's. Not of a Java that may be no server: one that
 * a shell started could be told any path of classes. */
static bool is_below_server_of_shell(const struct iw_chains *chains,
                                     const struct iw_chain_shell *shell,
                                     const struct iw_process *process,
                                     const struct iw_chain_fact *what)
{
    const struct iw_process *parent = process->parent;
    struct iw_str command_line;
    if (shell->number == process->number || parent == NULL || shell->number == parent->number)
        return false;
    command_line = iw_chain_command_line_of(parent, true, what);
    return iw_program_serving(parent->name.image, command_line, chains->settings) == IW_SERVES_WEB;
}

bool iw_chain_is_cgi_run(const struct iw_chain_shell *shell)
{
    return (shell->marks & IW_MARK(CGI_RUN)) != 0;
}

/* Whether the page that a shell runs by CGI started it. */
static bool is_of_cgi_run(const struct iw_chain_shell *shell, const struct iw_process *process)
{
    return iw_chain_is_cgi_run(shell) && shell->number != process->number;
}

/* Whether the worker itself started it as its configuration runs pages. */
static enum iw_rc find_cgi_run(struct iw_chains *chains, const struct iw_program *program,
                               const struct iw_chain_fact *what, int64_t time_ns,
                               struct iw_chain_above *above)
{
    const struct iw_host_context *context = chains->context;
    const struct iw_process *parent = above->process != NULL ? above->process->parent : NULL;
    struct iw_web_state state;
    struct iw_cgi_run run;
    if (context->places == NULL || !iw_is_worker_image(above->image) || parent != above->server ||
        above->page.n != 0)
        return IW_OK;
    state = iw_web_places_at(context->places, context->host, time_ns);
    IW_TRY(iw_cgi_run_read(iw_web_places_server(context->places, context->host), &state, program,
                           what->process.image, what->command_line, &chains->scratch, &run));
    above->is_cgi_run = run.is;
    above->page = run.page;
    return IW_OK;
}

/* What a web server started under a name that says nothing. */
static const struct iw_program *program_of_start(const struct iw_chain_fact *what)
{
    const struct iw_program *program = iw_program_of_odd_place(what->process.image);
    return program != NULL ? program : iw_program_of_arguments(what->command_line);
}

/* A tool that nobody but whoever typed it stands above is none. */
static void note_deployment(struct iw_chains *chains, const struct iw_fact *fact,
                            const struct iw_chain_fact *what, const struct iw_process *process)
{
    struct iw_deployment deployment;
    if (iw_deployment_of_program(what->process.image) == NULL)
        return;
    deployment = iw_deployment_above(process, what->process.image, chains->settings, NULL);
    if (deployment.words != NULL)
        iw_chains_note_deployment(chains, fact->time_ns, deployment.words);
}

enum iw_rc iw_chains_see_process(struct iw_chains *chains, const struct iw_fact *fact,
                                 const struct iw_chain_fact *what, struct iw_error *err)
{
    const struct iw_program *program = iw_program_find(what->process.image, what->original_name);
    struct iw_chain_above above = {
        .image = IW_STR(""), .command_line = IW_STR(""), .pool = IW_STR(""), .page = IW_STR("")};
    struct iw_chain_shell *shell;

    above.process = iw_lineage_find(chains->context->lineage, &what->process, fact->time_ns);
    shell = iw_chains_shell_of(chains, above.process);
    if (shell != NULL && is_of_cgi_run(shell, above.process))
        above.page = shell->page;
    else if (shell != NULL && !is_below_server_of_shell(chains, shell, above.process, what))
        return add_child(chains, shell, fact, what, above.process, err);
    iw_chain_above_find_server(chains, what, &above);
    if (above.image.n == 0) {
        note_deployment(chains, fact, what, above.process);
        iw_chain_above_find_management(what, &above);
    }
    if (above.image.n == 0) {
        above.identity =
            iw_chain_identity_of(chains, what, above.process, above.is_complete, &above.pool);
        if (above.identity == IW_WEB_IDENTITY_NONE) /* nearly all that is kept */
            return IW_OK;
    }
    if (iw_program_compiles_page(program, what->process.image, what->command_line)) {
        return above.image.n != 0
                   ? iw_chains_note_compiler(chains, fact, above.process, above.name.pid)
                   : IW_OK;
    }
    IW_TRY(iw_chains_find_brought(chains, what->process.image, iw_chain_moment_of(fact),
                                  iw_program_manages(above.image), &above.brought));
    if (program == NULL && above.brought != NULL)
        program = iw_program_written_then_run();
    else if (program == NULL && iw_chain_above_started_it(chains, &above, what))
        program = program_of_start(what);
    else if (program == NULL && above.image.n == 0)
        program = iw_chain_program_of_account(what, above.process);
    if (!is_shell(program, what, above.image.n != 0))
        return shell != NULL ? add_child(chains, shell, fact, what, above.process, err) : IW_OK;
    IW_TRY(find_cgi_run(chains, program, what, fact->time_ns, &above));
    return new_shell(chains, fact, what, &above, program, "process_created");
}

/* --- deciding --------------------------------------------------------------------------------- */

/* A page before it tells that what was only likely to be a web server is one: its own, or one that
 * came otherwise than releases do. */
static void believe_server(struct iw_chain_shell *shell)
{
    const iw_chain_marks OF_RELEASES = IW_MARK(DEPLOYMENT_WRITER) | IW_MARK(DEPLOYMENT_LIKE) |
                                       IW_MARK(DEPLOYMENT_NEAR) | IW_MARK(USUAL_WRITER) |
                                       IW_MARK(FILE_EXPLAINED) | IW_MARK(FOLDER_POSSIBLE);
    if ((shell->join.marks & IW_MARK(WRITTEN_BY_SERVER)) != 0 ||
        (shell->join.marks & OF_RELEASES) == 0)
        shell->marks &= ~IW_MARK(LIKELY_SERVER);
}

enum iw_rc iw_chains_decide_shell(struct iw_chains *chains, struct iw_chain_shell *shell,
                                  struct iw_error *err)
{
    struct iw_chain_file *file;
    struct iw_chain *chain;
    iw_chain_find_loaded(chains, shell);
    IW_TRY(iw_chains_choose(chains, shell, &file));
    if (file == NULL && shell->identity == IW_WEB_IDENTITY_WINDOWS) {
        chains->account.n_shells--; /* nothing says that it was the web server's */
        iw_chain_shell_free(chains, shell);
        return IW_OK;
    }
    if (file != NULL)
        believe_server(shell);
    chain = file != NULL ? iw_chain_of_file(chains, file) : iw_chain_of_worker(chains, shell);
    if (chain == NULL)
        return IW_ENOMEM; /* it is pending still */
    if (shell->is_after_file)
        iw_chain_habit_keep_first(chain, shell->habit);
    iw_linked_remove(&shell->link);
    chains->n_pending--;
    return iw_chain_put(chains, chain, shell, err);
}

enum iw_rc iw_chains_hurry(struct iw_chains *chains, struct iw_error *err)
{
    struct iw_chain_shell *shell = SHELL_OF(chains->pending.first);
    chains->account.n_hurried++;
    shell->is_hurried = true;
    iw_arena_reset(&chains->scratch);
    return iw_chains_decide_shell(chains, shell, err);
}

enum iw_rc iw_chains_decide(struct iw_chains *chains, int64_t now_ns, struct iw_error *err)
{
    int64_t slack_ns;
    if (chains->pending.first == NULL) /* nearly always */
        return IW_OK;
    slack_ns = iw_chain_longest_slack_ns();
    while (chains->pending.first != NULL) {
        struct iw_chain_shell *shell = SHELL_OF(chains->pending.first);
        if (iw_time_known(now_ns) &&
            iw_chain_distance_ns(shell->moment.time_ns, now_ns) <= slack_ns)
            return IW_OK;
        iw_arena_reset(&chains->scratch); /* all may be asked for each: none waits for the other */
        IW_TRY(iw_chains_decide_shell(chains, shell, err));
    }
    return IW_OK;
}
