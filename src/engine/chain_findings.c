#include "engine/chain_findings.h"

#include "base/alloc.h"
#include "context/file_requests.h"
#include "context/page_requests.h"
#include "detect/chain/chain_forms.h"
#include "engine/collected_pages.h"
#include "context/request_callers.h"
#include "engine/learning.h"
#include "engine/match_findings.h"

struct iw_chain_findings {
    const struct iw_chain_findings_input *input;
    struct iw_run *run;
    struct iw_chains *chains;
    struct iw_chain_telemetry_rows rows; /* of all hosts */
    struct iw_chain_telemetry telemetry; /* of the host */
    struct iw_arena host;                /* texts of its telemetry */
    struct iw_arena scratch;
    uint64_t n_outside, n_unkept;
};

/* --- what chains ask ---------------------------------------------------------------------- */

/* By hardly anybody, in a log that shows for some time that nobody did before; and there was
 * something. */
static bool is_first_ever(const struct iw_file_requests *asked)
{
    int64_t silence_ns;
    return asked->has_next && asked->n_before == 0 && asked->n_before_or_after == 0 &&
           asked->use.n_timeless == 0 && asked->use.addresses.n <= IW_PAGE_ADDRESSES &&
           asked->use.first.status != IW_STATUS_NOT_FOUND &&
           !__builtin_sub_overflow(asked->next.start_ns, asked->log_first_ns, &silence_ns) &&
           silence_ns >= IW_PAGE_SILENCE_NS;
}

static void set_request(const struct iw_run *run, const struct iw_file_requests *asked,
                        struct iw_chain_request *ret)
{
    ret->is_logged = asked->log == IW_REQUEST_LOG_COVERS || asked->n_after != 0;
    ret->is_site_known = asked->is_proved && asked->is_site_named;
    ret->n_requests = asked->n_after;
    ret->n_before = asked->n_before + asked->n_before_or_after;
    ret->is_served_before = asked->n_before != 0 && asked->use.has_moments &&
                            asked->use.first.status >= 100 && asked->use.first.status < 400;
    ret->is_first_ever = is_first_ever(asked);
    ret->n_addresses = asked->use.addresses.n;
    ret->n_agents = asked->use.agents.n;
    ret->n_forwarded = asked->use.forwarded.n;
    ret->addresses = asked->use.addresses;
    if (asked->n_urls != 0)
        ret->url = asked->urls[0].url;
    if (!asked->has_next)
        return;
    ret->is_found = ret->has_item = true;
    ret->url = asked->next.stem;
    ret->moment = asked->next;
    ret->begin_ns = asked->next.start_ns;
    ret->end_ns = asked->next.end_ns;
    ret->item = iw_request_evidence(&asked->next, iw_ledger_path(&run->ledger, asked->next.source));
}

static enum iw_rc ask_requests(void *context, struct iw_str host, struct iw_str path,
                               int64_t written_ns, struct iw_arena *arena,
                               struct iw_chain_request *ret)
{
    struct iw_chain_findings *findings = context;
    struct iw_file_requests asked;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    memset(ret, 0, sizeof *ret);
    if (findings->input->requests == NULL || findings->input->places == NULL)
        return IW_OK;
    rc = iw_file_requests_find(findings->input->requests, findings->input->places, host, path,
                               written_ns, arena, &asked, &failure);
    if (rc == IW_EIO) { /* nobody can be asked any more: that is told, and the chain goes without */
        if (findings->run->failure.rc == IW_OK)
            findings->run->failure = failure;
        return IW_OK;
    }
    IW_TRY(rc);
    set_request(findings->run, &asked, ret);
    return IW_OK;
}

static enum iw_rc ask_running(void *context, struct iw_str host, struct iw_str path,
                              int64_t made_ns, const int64_t *times_ns, size_t n,
                              struct iw_arena *arena, struct iw_chain_running *ret)
{
    struct iw_chain_findings *findings = context;
    struct iw_running_request *asked;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (findings->input->requests == NULL || findings->input->places == NULL)
        return IW_OK;
    asked = iw_arena_calloc(arena, n, sizeof *asked);
    if (asked == NULL)
        return IW_ENOMEM;
    rc = iw_file_requests_running(findings->input->requests, findings->input->places, host, path,
                                  made_ns, times_ns, n, arena, asked, &failure);
    if (rc == IW_EIO) { /* as of requests */
        if (findings->run->failure.rc == IW_OK)
            findings->run->failure = failure;
        return IW_OK;
    }
    IW_TRY(rc);
    for (size_t i = 0; i < n; i++) {
        ret[i].request = asked[i];
        if (asked[i].is_found)
            ret[i].item = iw_request_evidence(
                &asked[i].moment, iw_ledger_path(&findings->run->ledger, asked[i].moment.source));
    }
    return IW_OK;
}

static enum iw_rc ask_web_file(void *context, struct iw_str host, struct iw_str path,
                               struct iw_arena *arena, const struct iw_inventory_web_file **ret)
{
    const struct iw_chain_findings *findings = context;
    return iw_told_web_files_find(findings->input->web_files, host, path, arena, ret);
}

static bool is_first_asked_for(const struct iw_file_requests *asked, int64_t compiled_ns)
{
    int64_t log_ns;
    return asked->log == IW_REQUEST_LOG_COVERS && asked->n_before == 0 &&
           asked->n_before_or_after == 0 && asked->use.n_timeless == 0 && asked->n_after != 0 &&
           asked->use.addresses.n <= IW_PAGE_ADDRESSES &&
           !__builtin_sub_overflow(compiled_ns, asked->log_first_ns, &log_ns) &&
           log_ns >= IW_PAGE_SILENCE_NS;
}

static enum iw_rc find_page(struct iw_chain_findings *findings, struct iw_str host,
                            const struct iw_page_paths *paths, int64_t compiled_ns,
                            struct iw_arena *arena, struct iw_str *ret, struct iw_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < paths->n && !paths->has_more; i++) {
        struct iw_file_requests asked;
        IW_TRY(iw_file_requests_find(findings->input->requests, findings->input->places, host,
                                     paths->items[i], compiled_ns, arena, &asked, err));
        if (!is_first_asked_for(&asked, compiled_ns))
            continue;
        *ret = n++ == 0 ? paths->items[i] : IW_STR("");
    }
    return IW_OK;
}

static enum iw_rc ask_page(void *context, struct iw_str host, struct iw_str pool,
                           struct iw_str name, int64_t compiled_ns, int64_t until_ns,
                           struct iw_arena *arena, struct iw_str *ret_path)
{
    struct iw_chain_findings *findings = context;
    const struct iw_chain_findings_input *input = findings->input;
    struct iw_page_paths paths;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    *ret_path = IW_STR("");
    if (input->requests == NULL || input->places == NULL)
        return IW_OK;
    rc = iw_page_requests_find(input->requests, input->places, host, pool, name, compiled_ns,
                               until_ns, arena, &paths, &failure);
    if (rc == IW_OK)
        rc = find_page(findings, host, &paths, compiled_ns, arena, ret_path, &failure);
    if (rc != IW_EIO)
        return rc;
    *ret_path = IW_STR(""); /* as of requests: that is told, and the chain goes without */
    if (findings->run->failure.rc == IW_OK)
        findings->run->failure = failure;
    return IW_OK;
}

/* Texts lie in the arena of the host: the telemetry's are there, too. */
static enum iw_rc ask_collected(void *context, struct iw_str host,
                                struct iw_chain_collected_list *ret)
{
    struct iw_chain_findings *findings = context;
    const struct iw_chain_findings_input *input = findings->input;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    *ret = (struct iw_chain_collected_list){NULL, 0};
    if (input->requests == NULL || input->places == NULL || input->inventory == NULL)
        return IW_OK;
    rc = iw_collected_pages_find(input->inventory, input->requests, input->places, host,
                                 &findings->host, ret, &failure);
    if (rc != IW_EIO)
        return rc;
    *ret = (struct iw_chain_collected_list){NULL, 0}; /* as of requests */
    if (findings->run->failure.rc == IW_OK)
        findings->run->failure = failure;
    return IW_OK;
}

static enum iw_rc ask_callers(void *context, struct iw_str host, const int64_t *times_ns,
                              size_t n_times, struct iw_arena *arena, struct iw_chain_callers *ret)
{
    struct iw_chain_findings *findings = context;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    *ret = (struct iw_chain_callers){.url = IW_STR("")};
    if (findings->input->requests == NULL)
        return IW_OK;
    rc = iw_request_callers_find(findings->input->requests, host, times_ns, n_times, arena,
                                 &ret->url, &failure);
    ret->is_found = ret->url.n != 0;
    if (rc != IW_EIO)
        return rc;
    ret->is_found = true; /* as of requests; nothing is called usual then */
    if (findings->run->failure.rc == IW_OK)
        findings->run->failure = failure;
    return IW_OK;
}

/* --- behaviour ---------------------------------------------------------------------------- */

static enum iw_rc ask_behaviour(void *context, struct iw_str host,
                                const struct iw_chain_usage *usage, enum iw_chain_behaviour *ret)
{
    const struct iw_chain_findings *findings = context;
    return iw_behaviour_answer_of(findings->input->behaviour, host, usage, ret);
}

static enum iw_rc take_learned(void *context, struct iw_str host,
                               const struct iw_chain_learned *learned, struct iw_error *err)
{
    struct iw_chain_findings *findings = context;
    enum iw_rc rc = iw_learning_take(findings->run, host, learned);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

/* --- what chains tell --------------------------------------------------------------------- */

/* A rule's finding about this event is no second one. */
static enum iw_rc take_link(void *context, const struct iw_chain_link *link, struct iw_error *err)
{
    struct iw_chain_findings *findings = context;
    struct iw_fact fact = {.kind = IW_FACT_MATCH,
                           .time_ns = link->time_ns,
                           .channel = link->channel,
                           .computer = link->host,
                           .event_id = link->event_id,
                           .record_id = link->record_id};
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    memcpy(fact.content, link->content, sizeof fact.content);
    rc = iw_decisions_add_link(findings->input->decisions, &fact, link->level, &failure);
    if (rc == IW_EIO) { /* it will be printed beside the chain */
        if (findings->run->failure.rc == IW_OK)
            findings->run->failure = failure;
        return IW_OK;
    }
    if (rc != IW_OK)
        *err = failure;
    return rc;
}

/* What the file holds stands in its chain. */
static enum iw_rc tell_web_file(struct iw_chain_findings *findings,
                                const struct iw_finding *finding, struct iw_error *err)
{
    enum iw_rc rc;
    if (findings->input->web_files == NULL || !iw_str_equal(finding->subject_type, IW_STR("file")))
        return IW_OK;
    iw_arena_reset(&findings->scratch);
    rc = iw_told_web_files_tell(findings->input->web_files, finding->host, finding->subject_name,
                                finding->level, &findings->scratch);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

static enum iw_rc take_finding(void *context, struct iw_finding *finding, struct iw_error *err)
{
    struct iw_chain_findings *findings = context;
    const struct iw_chain_findings_input *input = findings->input;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (!iw_match_is_shown(input->since_ns, input->until_ns, finding->last_time_ns, false)) {
        findings->n_outside++;
        return IW_OK;
    }
    if (input->n_findings != NULL)
        (*input->n_findings)++;
    rc = iw_findings_put(&findings->run->findings, finding, &failure);
    if (rc == IW_OK)
        return tell_web_file(findings, finding, err);
    if (rc != IW_EIO) {
        *err = failure;
        return rc;
    }
    findings->n_unkept++;
    if (findings->run->failure.rc == IW_OK)
        findings->run->failure = failure;
    return IW_OK;
}

/* Of which link a source is a witness. */
static const enum iw_link LINK_OF[IW_CHAIN_SOURCE_COUNT] = {
    [IW_CHAIN_SOURCE_FILES] = IW_LINK_FILE_CREATED,
    [IW_CHAIN_SOURCE_PROCESSES] = IW_LINK_PROCESS_CREATED,
    [IW_CHAIN_SOURCE_COMMAND_LINES] = IW_LINK_PROCESS_CREATED,
    [IW_CHAIN_SOURCE_PARENTS] = IW_LINK_PROCESS_CREATED,
    [IW_CHAIN_SOURCE_REQUESTS] = IW_LINK_REQUEST,
    [IW_CHAIN_SOURCE_LOADS] = IW_LINK_MODULE_LOAD,
    [IW_CHAIN_SOURCE_CONFIGURATION] = IW_LINK_REGISTRATION,
};

static enum iw_rc ask_reach(void *context, enum iw_chain_source source, struct iw_str file,
                            int64_t from_ns, int64_t until_ns, struct iw_chain_reach *ret)
{
    struct iw_chain_findings *findings = context;
    struct iw_link_reach reach;
    IW_TRY(iw_coverage_reach_ask(findings->input->reach, LINK_OF[source], file, from_ns, until_ns,
                                 &reach));
    *ret = (struct iw_chain_reach){reach.is_seen, reach.from_ns, reach.to_ns, reach.why,
                                   reach.begins_ns};
    return IW_OK;
}

/* --- the way of facts --------------------------------------------------------------------- */

struct iw_chain_findings *iw_chain_findings_new(const struct iw_chain_findings_input *input,
                                                struct iw_run *run)
{
    struct iw_chain_findings *findings = iw_calloc(1, sizeof *findings);
    struct iw_chains_input chains;
    if (findings == NULL)
        return NULL;
    findings->input = input;
    findings->run = run;
    iw_arena_init(&findings->host, 0);
    iw_arena_init(&findings->scratch, 0);
    chains =
        (struct iw_chains_input){.settings = input->settings,
                                 .ledger = &run->ledger,
                                 .ask_requests = ask_requests,
                                 .ask_running = ask_running,
                                 .ask_page = ask_page,
                                 .ask_collected = ask_collected,
                                 .ask_callers = ask_callers,
                                 .ask_web_file = input->web_files != NULL ? ask_web_file : NULL,
                                 .ask_behaviour = input->behaviour != NULL ? ask_behaviour : NULL,
                                 .take_learned = input->learn != NULL ? take_learned : NULL,
                                 .learn_since_ns = IW_TIME_UNKNOWN,
                                 .learn_until_ns = IW_TIME_UNKNOWN,
                                 .ask_reach = input->reach != NULL ? ask_reach : NULL,
                                 .changes = input->changes,
                                 .judge_change = iw_changes_judge,
                                 .take_link = take_link,
                                 .take_finding = take_finding,
                                 .context = findings};
    if (input->learn != NULL) {
        chains.learn_since_ns = input->learn->since_ns;
        chains.learn_until_ns = input->learn->until_ns;
    }
    findings->chains = iw_chains_new(&chains);
    if (findings->chains != NULL &&
        iw_chain_telemetry_rows_init(&findings->rows, &run->telemetry) == IW_OK)
        return findings;
    iw_chain_findings_free(findings);
    return NULL;
}

void iw_chain_findings_free(struct iw_chain_findings *findings)
{
    if (findings == NULL)
        return;
    iw_chains_free(findings->chains);
    iw_chain_telemetry_rows_done(&findings->rows);
    iw_arena_done(&findings->host);
    iw_arena_done(&findings->scratch);
    iw_free(findings);
}

enum iw_rc iw_chain_findings_begin(struct iw_chain_findings *findings,
                                   const struct iw_host_context *context, struct iw_error *err)
{
    enum iw_rc rc;
    iw_arena_reset(&findings->host);
    rc = iw_chain_telemetry_read(&findings->rows, context->host, &findings->host,
                                 &findings->telemetry);
    if (rc != IW_OK)
        return iw_error_set(err, rc, "no memory");
    if (findings->input->reach != NULL)
        iw_coverage_reach_begin(findings->input->reach, context->host);
    iw_chains_begin(findings->chains, context, &findings->telemetry);
    iw_component_trails_begin(findings->input->trails, context);
    return IW_OK;
}

static enum iw_rc see_fact(void *context, const struct iw_fact *fact, struct iw_error *err)
{
    struct iw_chain_findings *findings = context;
    struct iw_chain_fact what;
    bool is_read = iw_chain_fact_parse(fact->payload, &what);
    if (iw_component_trails_see(findings->input->trails, fact, is_read ? &what : NULL) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return iw_chains_see(findings->chains, fact, is_read ? &what : NULL, err);
}

enum iw_rc iw_chain_findings_see(struct iw_chain_findings *findings, const struct iw_fact *fact,
                                 struct iw_error *err)
{
    return iw_chain_forms_see(fact, see_fact, findings, err);
}

enum iw_rc iw_chain_findings_end(struct iw_chain_findings *findings, struct iw_error *err)
{
    if (iw_component_trails_end(findings->input->trails) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return iw_chains_end(findings->chains, err);
}

static enum iw_rc note(struct iw_run *run, uint64_t n, const char *one, const char *many)
{
    return n != 0 ? iw_run_note(run, "%llu %s", (unsigned long long)n, n == 1 ? one : many) : IW_OK;
}

enum iw_rc iw_chain_findings_tell(const struct iw_chain_findings *findings)
{
    const struct iw_chains_account account = iw_chains_account(findings->chains);
    struct iw_run *run = findings->run;
    IW_TRY(note(run, findings->n_outside, "chain lies outside --since and --until and is not shown",
                "chains lie outside --since and --until and are not shown"));
    IW_TRY(note(run, findings->n_unkept, "chain could not be kept: the temporary file took no more",
                "chains could not be kept: the temporary file took no more"));
    IW_TRY(note(run, iw_component_trails_account(findings->input->trails).n_hidden,
                "event around changes of web servers went past what is kept: findings about "
                "components may lack it",
                "events around changes of web servers went past what is kept: findings about "
                "components may lack them"));
    IW_TRY(note(run, account.n_odd, "event of chains could not be read back",
                "events of chains could not be read back"));
    IW_TRY(note(run, account.n_untimed,
                "event that chains are made of has no time, or one of a year that no clock shows: "
                "it is in none",
                "events that chains are made of have no time, or one of a year that no clock "
                "shows: they are in none"));
    IW_TRY(note(run, account.n_files_forgotten,
                "file of web servers went past what is kept: a shell that came later is not joined "
                "to it",
                "files of web servers went past what is kept: a shell that came later is not "
                "joined to them"));
    IW_TRY(note(run, account.n_brought_forgotten,
                "program that web servers wrote went past what is kept: if it was run later, that "
                "is not told",
                "programs that web servers wrote went past what is kept: if they were run later, "
                "that is not told"));
    IW_TRY(note(run, account.n_hurried,
                "shell of web servers was joined before all that happened in its moment was known: "
                "more of them came at once than are kept waiting",
                "shells of web servers were joined before all that happened in their moment was "
                "known: more of them came at once than are kept waiting"));
    IW_TRY(note(run, account.n_looks_cut,
                "shell of web servers came after more looks for files than are made of one server: "
                "only the latest files were looked at for it",
                "shells of web servers came after more looks for files than are made of one "
                "server: only the latest files were looked at for them"));
    IW_TRY(note(run, account.n_pages_not_asked,
                "shell of web servers came after more compiled pages than are looked for in the "
                "logs of requests: whether one of those is its is not told",
                "shells of web servers came after more compiled pages than are looked for in the "
                "logs of requests: whether one of those is theirs is not told"));
    IW_TRY(note(run, account.n_named_not_kept,
                "command of shells of web servers names a page past what is kept of one server: "
                "whether it wrote it is not told",
                "commands of shells of web servers name pages past what is kept of one server: "
                "whether they wrote them is not told"));
    IW_TRY(note(run, account.n_habits_not_kept,
                "program that web servers started was of more commands than are counted: whether "
                "it recurs is not told",
                "programs that web servers started were of more commands than are counted: whether "
                "these recur is not told"));
    IW_TRY(note(run, account.n_habits_not_asked,
                "time nobody looked any more what asked for a command that recurs: it was taken "
                "for unusual",
                "times nobody looked any more what asked for a command that recurs: it was taken "
                "for unusual"));
    return note(run, account.n_shells_forgotten,
                "shell of web servers went past what is kept: what it starts later is not joined "
                "to it",
                "shells of web servers went past what is kept: what they start later is not joined "
                "to them");
}
