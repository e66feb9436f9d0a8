/*
 * What could not be seen, and what to preserve, ask and undo. Made of the data at hand; texts of
 * the evidence are never put into commands, because somebody may paste them.
 */
#include "base/path_name.h"
#include "context/lineage.h"
#include "context/worker_process.h"
#include "detect/chain/chain_telling.h"

/* --- blind ------------------------------------------------------------------------------------ */

static void say_hole(struct iw_telling *telling, const struct iw_chain_span *span,
                     const struct iw_chain_reach *reach, const char *lost)
{
    const char *by_end = span->by.n != 0 ? ": " : "";
    if (reach->to_ns - reach->from_ns <= 1) /* asked about a moment */
        iw_chain_say(&telling->blind, "%.*s%s%.*s: %s", IW_STR_ARG(span->by), by_end,
                     IW_STR_ARG(reach->why), lost);
    else
        iw_chain_say(&telling->blind, "%.*s%s%.*s (from %s to %s): %s", IW_STR_ARG(span->by),
                     by_end, IW_STR_ARG(reach->why), iw_chain_time_text(telling, reach->from_ns),
                     iw_chain_time_text(telling, reach->to_ns), lost);
}

enum iw_rc iw_chain_reach_of(const struct iw_telling *telling, enum iw_chain_source source,
                             int64_t from_ns, int64_t until_ns, struct iw_chain_reach *ret)
{
    const struct iw_chains *chains = telling->chains;
    const struct iw_chain_file *file = telling->chain->file;
    *ret = (struct iw_chain_reach){.is_seen = chains->telemetry->of[source].is_seen,
                                   .begins_ns = IW_TIME_UNKNOWN};
    if (chains->input.ask_reach == NULL)
        return IW_OK;
    return chains->input.ask_reach(chains->input.context, source,
                                   file != NULL ? file->path : IW_STR(""), from_ns, until_ns, ret);
}

/* What is missing where a source is not there, and where it does not reach that far. */
static void blind_of(struct iw_telling *telling, enum iw_chain_source source, int64_t from_ns,
                     int64_t until_ns, const char *missing, const char *lost)
{
    const struct iw_chain_telemetry *telemetry = telling->chains->telemetry;
    const struct iw_chain_span *span = telemetry != NULL ? &telemetry->of[source] : NULL;
    struct iw_chain_reach reach;
    if (span == NULL)
        return;
    if (iw_chain_reach_of(telling, source, from_ns, until_ns, &reach) != IW_OK) {
        telling->blind.no_memory = true;
        return;
    }
    if (!reach.is_seen && !span->is_seen)
        iw_chain_say(&telling->blind, "%s of this host: %s", missing, lost);
    else if (!reach.is_seen)
        say_hole(telling, span, &reach, lost);
    else if (iw_time_known(reach.begins_ns))
        iw_chain_say(&telling->blind, "the evidence of this host begins at %s: %s",
                     iw_chain_time_text(telling, reach.begins_ns), lost);
}

static int64_t earlier(int64_t time_ns, int64_t by_ns)
{
    int64_t result;
    return __builtin_sub_overflow(time_ns, by_ns, &result) ? INT64_MIN + 1 : result;
}

/* What keeps the sources that are there from telling. */
static void say_unseen(struct iw_telling *telling)
{
    const struct iw_chain_telemetry *telemetry = telling->chains->telemetry;
    struct iw_str by = telemetry != NULL ? telemetry->of[IW_CHAIN_SOURCE_FILES].by : IW_STR("");
    if ((telling->marks & IW_MARK(RENAMED)) != 0)
        iw_chain_say(&telling->blind,
                     "that the page is what was renamed there is not told: the audit (Security "
                     "4663) has the old name and the folder, and not the new name");
    else if (iw_str_holds_nocase(by, IW_STR("Sysmon 11")))
        iw_chain_say(
            &telling->blind,
            "how the page came is in no event: Sysmon tells of no renaming, of nothing its "
            "configuration leaves out and of no mount point's target; the audit of the "
            "folder (Security 4663) would");
    else if (iw_str_holds_nocase(by, IW_STR("Security 4663")))
        iw_chain_say(&telling->blind, "how the page came is in no event: Security 4663 tells only "
                                      "of folders that have an audit list");
    else
        iw_chain_say(&telling->blind, "how the page came is in no event");
}

static void blind_of_file(struct iw_telling *telling)
{
    const struct iw_chains *chains = telling->chains;
    int64_t shell_ns = telling->chain->first.time_ns;
    int64_t from_ns = earlier(shell_ns, chains->settings->window_ns);
    const struct iw_chain_file *file = telling->chain->file;
    if (file != NULL && !file->is_unseen)
        return;
    if (file != NULL)
        say_unseen(telling);
    if (file != NULL && file->is_collected)
        iw_chain_say(&telling->blind, "what the page held when it was asked for is not known: the "
                                      "file as it was collected may have been written since");
    blind_of(telling, IW_CHAIN_SOURCE_FILES, from_ns, shell_ns,
             "no event of files being written (Sysmon 11, Security 4663)",
             "whether a script was put among the web files before the shell is not told");
    if (chains->n_files_forgotten != 0 && iw_time_known(chains->forgotten_until_ns) &&
        chains->forgotten_until_ns >= from_ns && chains->forgotten_from_ns <= shell_ns)
        iw_chain_say(&telling->blind,
                     "%llu file%s written in that time went past what is kept: one of them may be "
                     "the one",
                     (unsigned long long)chains->n_files_forgotten,
                     chains->n_files_forgotten == 1 ? "" : "s");
}

static void blind_of_requests(struct iw_telling *telling)
{
    static const char LOST[] = "whether and by whom the page was asked for is not told";
    const struct iw_chain_telemetry *telemetry = telling->chains->telemetry;
    if ((telling->marks & IW_MARKS_REQUEST) != 0)
        return;
    if (telemetry == NULL) {
        if (telling->chain->file != NULL && !telling->request.is_logged)
            iw_chain_say(&telling->blind, "no log of requests for this file: %s", LOST);
        return;
    }
    if (telling->chain->file != NULL && telling->chain->file->n_roots == 0 &&
        telemetry->of[IW_CHAIN_SOURCE_REQUESTS].is_seen)
        iw_chain_say(&telling->blind,
                     telling->chain->file->is_beyond_iis
                         ? "no site of IIS reaches the file; the log of the server that does is "
                           "not read: %s"
                         : "no configuration says which URL reaches the file, and no request for "
                           "one that its folder would give it was answered: %s",
                     LOST);
    blind_of(telling, IW_CHAIN_SOURCE_REQUESTS, telling->first_ns, telling->chain->first.time_ns,
             "no log of requests (W3C)", LOST);
}

static bool is_worker_started_unseen(const struct iw_telling *telling)
{
    return telling->best->is_iis && (telling->marks & IW_MARK(SHELL)) != 0 &&
           telling->best->pool.n == 0;
}

void iw_chain_tell_blind(struct iw_telling *telling)
{
    int64_t shell_ns = telling->chain->first.time_ns;
    if (telling->chains->telemetry == NULL)
        iw_chain_say(&telling->blind, "what this host logged is not known");
    blind_of_file(telling);
    blind_of_requests(telling);
    if (telling->best_start.command_line.n == 0)
        iw_chain_say(&telling->blind,
                     "the command line of %.*s was not logged: what it was told to do is not known",
                     IW_STR_ARG(iw_path_name(telling->best->image)));
    if ((telling->marks & IW_MARK(POOL_IDENTITY)) != 0)
        iw_chain_say(&telling->blind, "who started it on behalf of whom is not logged: WMI, COM, "
                                      "tasks and services start for others");
    if (is_worker_started_unseen(telling))
        iw_chain_say(&telling->blind,
                     "the pool of the worker is not known: to which site the shell belongs cannot "
                     "be told");
    blind_of(telling, IW_CHAIN_SOURCE_LOADS, shell_ns, shell_ns,
             "no event of modules being loaded (Sysmon 7)",
             "what ran inside of the worker without a process of its own is not told");
}

/* --- triage ----------------------------------------------------------------------------------- */

static void preserve_events(struct iw_telling *telling)
{
    iw_chain_say(
        &telling->triage,
        "preserve the event logs and request logs of this host from %s to %s, and a day on "
        "either side",
        iw_chain_time_text(telling, telling->first_ns),
        iw_chain_time_text(telling, telling->last_ns));
}

/* Other pages leave nothing in its folder. */
static bool is_compiled_by_asp_net(const struct iw_telling *telling, struct iw_str path)
{
    static const char *const ENDINGS[] = {".aspx",   ".ashx",   ".asmx",   ".asax", ".ascx",
                                          ".master", ".cshtml", ".vbhtml", ".svc",  ".aspq",
                                          ".axd",    ".soap",   ".rem"};
    bool is = (telling->marks & IW_MARK(COMPILED)) != 0; /* whatever a handler calls it */
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++)
        is |= iw_str_ends_nocase(path, iw_str_of(ENDINGS[i]));
    return is;
}

static void preserve_file(struct iw_telling *telling)
{
    const struct iw_chain_file *file = telling->chain->file;
    if (file == NULL)
        return;
    if ((telling->marks & IW_MARK(DELETED)) != 0)
        iw_chain_say(&telling->triage,
                     "look for %.*s in shadow copies, backups, quarantine and Sysmon's archive: it "
                     "was deleted or moved",
                     IW_STR_ARG(file->path));
    else
        iw_chain_say(
            &telling->triage,
            "collect %.*s with its hash and all its time stamps ($MFT, USN journal) before "
            "anything touches it",
            IW_STR_ARG(file->path));
    if (is_compiled_by_asp_net(telling, file->path))
        iw_chain_say(&telling->triage,
                     "collect what ASP.NET compiled of it (Temporary ASP.NET Files): it stays when "
                     "the page is gone");
    iw_chain_say(&telling->triage,
                 "list what else appeared in the same folder and in the other web folders since %s",
                 iw_chain_time_text(telling, telling->first_ns));
}

/* Memory is worth taking as long as the process runs that holds the code of the request: what
 * started the shell. */
static void preserve_worker(struct iw_telling *telling)
{
    const struct iw_chain_shell *shell = telling->best;
    bool has_parent = shell->parent.n != 0 && shell->parent_pid != 0;
    struct iw_str image = has_parent ? shell->parent : shell->server;
    uint64_t pid = has_parent ? shell->parent_pid : shell->worker_pid;
    if (pid == 0)
        return;
    iw_chain_say(&telling->triage,
                 "take the memory of process %llu (%.*s) if it still runs, before %s",
                 (unsigned long long)pid, IW_STR_ARG(iw_path_name(image)),
                 iw_is_worker_image(shell->server) ? "its pool is recycled" : "it is restarted");
}

static void ask(struct iw_telling *telling)
{
    const struct iw_chain_file *file = telling->chain->file;
    struct iw_str url = telling->request.url;
    if (file == NULL && (telling->marks & IW_MARK(MANAGEMENT_SERVER)) != 0) {
        iw_chain_say(&telling->triage,
                     "find who was connected to the management service at %s in its own log, and "
                     "ask them whether they had it start this program",
                     iw_chain_time_text(telling, telling->chain->first.time_ns));
        return;
    }
    if (file == NULL) {
        iw_chain_say(&telling->triage,
                     "find the request that was running at %s in the log of the "
                     "site: its URL names the page",
                     iw_chain_time_text(telling, telling->chain->first.time_ns));
        iw_chain_say(&telling->triage, "ask the owner of the site whether it starts this program; "
                                       "if it does, put it into the baseline of behaviour");
        return;
    }
    if (url.n != 0)
        iw_chain_say(&telling->triage,
                     "find all requests for %.*s, and what else their addresses asked for",
                     IW_STR_ARG(url));
    else
        iw_chain_say(&telling->triage, "find the requests for the page, and what else their "
                                       "addresses asked for");
    if ((telling->marks & IW_MARK(WRITTEN_BY_SERVER)) != 0)
        iw_chain_say(&telling->triage,
                     "find the request that was running when the page was written: "
                     "it names the way in");
    else if (telling->write.user.n != 0 && !file->is_unseen)
        iw_chain_say(&telling->triage, "find the logon of %.*s at %s and where it came from",
                     IW_STR_ARG(telling->write.user),
                     iw_chain_time_text(telling, telling->write_item->moment.time_ns));
}

static void undo(struct iw_telling *telling)
{
    if (telling->chain->file == NULL)
        return;
    iw_chain_say(&telling->triage,
                 "to go back: compare the web folder with the approved deployment or a backup from "
                 "before %s; remove the page only when it is preserved, then %s",
                 iw_chain_time_text(telling, telling->first_ns),
                 telling->best->is_iis ? "recycle the pool" : "restart the web server");
}

void iw_chain_advise(struct iw_telling *telling)
{
    preserve_file(telling);
    preserve_events(telling);
    preserve_worker(telling);
    ask(telling);
    undo(telling);
}
