/*
 * Findings are read once, in their order, and gathered by host and analytic: their ids, and the
 * times of those that are complete. Findings that change records explain, or that are informational
 * for another reason, do not stand. What is about a canary is counted and is no suspicion: that it
 * was seen stands among the links of its host.
 */
#include "engine/coverage_judge.h"

#include "base/limits.h"
#include "base/map.h"
#include "coverage/canary_plan.h"
#include "engine/match_findings.h"
#include "result/nameless.h"

struct gathered {
    struct iw_str host, server, analytic;
    struct iw_str ids[IW_LIMIT_COVERAGE_FINDINGS];
    size_t n_ids;
    struct iw_coverage_finding named[IW_COVERAGE_NAMED];
    size_t n_named;
    uint64_t n_more, n_of_canaries, n_standing[IW_LEVEL_COUNT];
    struct iw_span_set complete;
    bool has_whole; /* a complete one that is not partial */
};

struct gathering {
    const struct iw_coverage_ask *ask;
    struct iw_arena arena;
    struct iw_buffer key;
    struct iw_map by_key; /* lower-case host, server and analytic → struct gathered * */
    struct iw_nameless nameless;
};

/* Somebody will want to look at it. */
static bool stands(const struct iw_finding *finding)
{
    return finding->level >= IW_COVERAGE_STANDING && finding->change.status != IW_CHANGE_EXPLAINED;
}

/* A component that is there is what its analytic looks for, whoever made it and whether or not it
 * was seen to be loaded; so is one that an event tells of, registered or loaded, whatever the
 * configuration holds since: that is partial. Of those below medium it is not known whether they
 * are one. */
static bool is_component(const struct iw_finding *finding, struct iw_str analytic)
{
    return finding->level >= IW_LEVEL_MEDIUM &&
           (finding->kind == IW_FINDING_COMPONENT ||
            (finding->kind == IW_FINDING_RULE &&
             iw_analytic_find(analytic) == IW_ANALYTIC_COMPONENTS &&
             iw_str_equal(finding->subject_type, IW_STR("component"))));
}

/* A chain that has a file and a shell, also one whose file is known by its compiling or first
 * request alone: that is partial, and so is then what is detected by it. */
static bool is_complete(const struct iw_finding *finding, struct iw_str analytic)
{
    if (is_component(finding, analytic))
        return true;
    return finding->kind == IW_FINDING_CHAIN &&
           (!finding->is_partial || iw_str_equal(finding->subject_type, IW_STR("file")));
}

static struct gathered *gathered_of(struct gathering *in, struct iw_str host, struct iw_str server,
                                    struct iw_str analytic)
{
    struct iw_map_entry *entry;
    struct gathered *made;
    struct iw_str key;
    iw_buffer_clear(&in->key);
    for (size_t i = 0; i < host.n; i++)
        iw_buffer_add_char(&in->key, iw_ascii_lower(host.p[i]));
    iw_buffer_add_char(&in->key, '\n');
    iw_buffer_add(&in->key, server);
    iw_buffer_add_char(&in->key, '\n');
    iw_buffer_add(&in->key, analytic);
    if (in->key.failed)
        return NULL;
    entry = iw_map_find(&in->by_key, iw_buffer_str(&in->key));
    if (entry != NULL)
        return entry->value.pointer;
    key = iw_arena_copy(&in->arena, iw_buffer_str(&in->key));
    made = iw_arena_calloc(&in->arena, 1, sizeof *made);
    if (key.p == NULL || made == NULL)
        return NULL;
    made->host = (struct iw_str){key.p, host.n};
    made->server = (struct iw_str){key.p + host.n + 1, server.n};
    made->analytic = (struct iw_str){key.p + host.n + 1 + server.n + 1, analytic.n};
    made->complete.arena = &in->arena;
    entry = iw_map_add(&in->by_key, key, NULL);
    if (entry == NULL)
        return NULL;
    entry->value.pointer = made;
    return made;
}

static enum iw_rc add_complete(struct gathered *into, const struct iw_finding *finding)
{
    int64_t from_ns = finding->first_time_ns, to_ns = finding->last_time_ns;
    if (!iw_time_known(from_ns))
        from_ns = to_ns;
    if (!iw_time_known(to_ns) || to_ns < from_ns)
        to_ns = from_ns;
    if (!iw_time_known(from_ns)) /* found, whenever it was */
        return iw_span_set_add(&into->complete, INT64_MIN, INT64_MIN + 1);
    return iw_span_set_add(&into->complete, from_ns, to_ns < INT64_MAX ? to_ns + 1 : to_ns);
}

/* Whether what it is about carries the name of an act of the plan. */
static bool is_canary(const struct gathering *in, const struct iw_finding *finding)
{
    const struct iw_canary_ask *canary = in->ask->canary;
    struct iw_str id;
    int64_t done_ns;
    if (canary == NULL ||
        !iw_canary_literal_find(canary->plan->marker, finding->subject_name, &id, &done_ns))
        return false;
    for (size_t i = 0; i < canary->plan->n; i++) {
        if (iw_str_equal(canary->plan->acts[i].id, id))
            return true;
    }
    return false;
}

/* The gravest stand first, and of equals the one that comes first. */
static enum iw_rc name_finding(struct gathering *in, struct gathered *into,
                               const struct iw_finding *finding)
{
    struct iw_coverage_finding own = {.level = finding->level, .time_ns = finding->first_time_ns};
    size_t at = into->n_named;
    while (at != 0 && into->named[at - 1].level < own.level)
        at--;
    if (at == IW_COVERAGE_NAMED)
        return IW_OK;
    own.title = iw_arena_copy(&in->arena, finding->title);
    own.blind =
        finding->blind.n == 0 ? IW_STR("") : iw_arena_copy(&in->arena, finding->blind.items[0]);
    if (own.title.p == NULL || own.blind.p == NULL)
        return IW_ENOMEM;
    into->n_named += into->n_named < IW_COVERAGE_NAMED;
    for (size_t i = into->n_named - 1; i > at; i--)
        into->named[i] = into->named[i - 1];
    into->named[at] = own;
    return IW_OK;
}

static enum iw_rc take(struct gathering *in, const struct iw_finding *finding)
{
    bool of_canary = is_canary(in, finding);
    const struct iw_inventory_server *server;
    if (!stands(finding) ||
        !iw_match_is_shown(in->ask->since_ns, in->ask->until_ns, finding->last_time_ns, false))
        return IW_OK;
    server = iw_nameless_server(&in->nameless, finding);
    for (size_t i = 0; i < finding->analytic.n; i++) {
        struct gathered *into =
            gathered_of(in, finding->host, server != NULL ? server->source : IW_STR(""),
                        finding->analytic.items[i]);
        if (into == NULL)
            return IW_ENOMEM;
        if (of_canary) {
            into->n_of_canaries++;
            continue;
        }
        into->n_standing[finding->level]++;
        IW_TRY(name_finding(in, into, finding));
        if (into->n_ids == IW_LIMIT_COVERAGE_FINDINGS) {
            into->n_more++;
        } else {
            into->ids[into->n_ids] = iw_arena_copy(&in->arena, iw_str_of(finding->id));
            if (into->ids[into->n_ids++].p == NULL)
                return IW_ENOMEM;
        }
        if (!is_complete(finding, finding->analytic.items[i]))
            continue;
        into->has_whole |= !finding->is_partial;
        if (into->complete.n >= IW_LIMIT_COVERAGE_SPANS)
            iw_span_set_settle(&into->complete);
        if (into->complete.n < IW_LIMIT_COVERAGE_SPANS)
            IW_TRY(add_complete(into, finding));
    }
    return IW_OK;
}

static enum iw_rc read_findings(struct gathering *in, struct iw_run *run)
{
    struct iw_finding_cursor cursor;
    struct iw_error failure = {.rc = IW_OK};
    struct iw_finding *finding;
    enum iw_rc rc = iw_finding_cursor_init(&cursor, &run->findings, &failure);
    while (rc == IW_OK) {
        rc = iw_finding_cursor_next(&cursor, &finding, &failure);
        if (rc == IW_OK)
            rc = take(in, finding);
    }
    iw_finding_cursor_done(&cursor);
    if (rc != IW_EIO)
        return rc == IW_END ? IW_OK : rc;
    if (run->failure.rc == IW_OK)
        run->failure = failure;
    return IW_OK;
}

static enum iw_rc list_told(struct gathering *in, struct iw_coverage_input *input)
{
    struct iw_coverage_told *told = iw_arena_calloc(&in->arena, in->by_key.n, sizeof *told);
    if (told == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < in->by_key.n; i++) {
        struct gathered *from = in->by_key.entries[i].value.pointer;
        iw_span_set_settle(&from->complete);
        told[i] = (struct iw_coverage_told){.host = from->host,
                                            .server = from->server,
                                            .analytic = from->analytic,
                                            .n_named = from->n_named,
                                            .ids = {from->ids, from->n_ids},
                                            .n_more = from->n_more,
                                            .n_of_canaries = from->n_of_canaries,
                                            .complete = from->complete.items,
                                            .n_complete = from->complete.n,
                                            .has_whole = from->has_whole};
        memcpy(told[i].named, from->named, sizeof told[i].named);
        memcpy(told[i].n_standing, from->n_standing, sizeof told[i].n_standing);
    }
    input->told = told;
    input->n_told = in->by_key.n;
    return IW_OK;
}

/* Entries that stand for one server each. */
static enum iw_rc list_estate(struct gathering *in, struct iw_text_list *ret)
{
    size_t n = 0, n_kept = 0;
    const struct iw_estate_server *servers =
        in->ask->estate != NULL ? iw_estate_servers(in->ask->estate, &n) : NULL;
    struct iw_str *hosts = iw_arena_alloc(&in->arena, (n + 1) * sizeof *hosts);
    if (hosts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!servers[i].is_glob)
            hosts[n_kept++] = iw_host_label(servers[i].host);
    }
    *ret = (struct iw_text_list){hosts, n_kept};
    return IW_OK;
}

/* Event 16 says by its hash which configuration Sysmon obeyed from then on. */
enum iw_rc iw_coverage_settle_switches(struct iw_switches *switches, const struct iw_hosts *hosts,
                                       struct iw_clocks *clocks, struct iw_proofs *proofs,
                                       struct iw_switch_list *ret)
{
    IW_TRY(iw_switches_settle(switches, hosts, clocks, ret));
    for (size_t i = 0; proofs != NULL && i < ret->n; i++) {
        const struct iw_switch *own = &ret->items[i];
        if (own->kind == IW_SWITCH_SYSMON_CONFIGURED)
            IW_TRY(iw_proofs_config_in_force(proofs, own->host, own->subject, own->time_ns, NULL));
    }
    return IW_OK;
}

/* --- rules ---------------------------------------------------------------------------------- */

struct rule_choice {
    const struct iw_rule_account *account;
    struct iw_str pattern;
};

static bool is_chosen(void *context, const struct iw_sigma_rule *rule)
{
    const struct rule_choice *choice = context;
    return iw_rule_entry_has(&choice->account->entries[rule->account_index], choice->pattern);
}

static enum iw_rc judge_rules(const struct iw_coverage_of_rules *rules,
                              const struct iw_coverage_input *known, struct iw_run *run)
{
    struct rule_choice choice = {.account = &run->rules};
    struct iw_sigma_demands demands;
    const struct iw_rule_sight_input input = {.demands = &demands,
                                              .ruleset = rules->ruleset,
                                              .names = rules->names,
                                              .known = known,
                                              .coverage = &run->coverage,
                                              .keeps_reasons = rules->keeps_reasons};
    enum iw_rc rc;
    if (rules->of_rule != NULL)
        choice.pattern = iw_str_of(rules->of_rule);
    iw_sigma_demands_init(&demands);
    rc = iw_sigma_demands_find(rules->ruleset, rules->of_rule != NULL ? is_chosen : NULL, &choice,
                               &demands);
    if (rc == IW_OK)
        rc = iw_rule_sight_judge(&input, &run->rule_coverage);
    iw_sigma_demands_done(&demands);
    return rc;
}

struct iw_coverage_input iw_coverage_input_of(const struct iw_coverage_ask *ask,
                                              const struct iw_run *run)
{
    return (struct iw_coverage_input){.telemetry = &run->telemetry,
                                      .switches = ask->switches,
                                      .inventory = &run->inventory,
                                      .facts = ask->facts,
                                      .ledger = &run->ledger,
                                      .proofs = ask->proofs,
                                      .ask = ask->ask,
                                      .clocks = ask->clocks,
                                      .canaries = ask->canary != NULL ? ask->canary->report : NULL,
                                      .cancelled = ask->cancelled,
                                      .since_ns = ask->since_ns,
                                      .until_ns = ask->until_ns};
}

static enum iw_rc judge(struct gathering *in, struct iw_run *run)
{
    struct iw_coverage_input input = iw_coverage_input_of(in->ask, run);
    IW_TRY(iw_nameless_init(&in->nameless, &run->inventory));
    IW_TRY(read_findings(in, run));
    IW_TRY(list_told(in, &input));
    IW_TRY(list_estate(in, &input.estate));
    IW_TRY(iw_coverage_judge(&input, &run->coverage));
    return judge_rules(&in->ask->rules, &input, run);
}

enum iw_rc iw_coverage_of_run(const struct iw_coverage_ask *ask, struct iw_run *run,
                              struct iw_error *err)
{
    struct gathering in = {.ask = ask};
    enum iw_rc rc;
    iw_arena_init(&in.arena, 0);
    iw_buffer_init(&in.key);
    iw_map_init(&in.by_key);
    rc = judge(&in, run);
    iw_nameless_done(&in.nameless);
    iw_map_done(&in.by_key);
    iw_buffer_done(&in.key);
    iw_arena_done(&in.arena);
    if (rc == IW_ECANCELLED) {
        run->interrupted = true;
        return IW_OK;
    }
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}
