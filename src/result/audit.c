/*
 * Hosts are gathered, findings are read once and counted by host, then each question is answered by
 * a function of its own.
 */
#include "result/audit.h"

#include <stdlib.h>

#include "base/arena_text.h"
#include "base/map.h"

#define NAMED_MOST 8U /* findings, accounts or pathways that an answer names one by one */

/* What findings of a host say together. */
struct tally {
    uint64_t n;
    uint64_t n_by_change[IW_CHANGE_STATUS_COUNT];
    struct iw_str open[NAMED_MOST]; /* that no change record explains: id and title */
    size_t n_open;
    struct iw_str users[NAMED_MOST]; /* who acted */
    size_t n_users;
};

static const char *const ANALYTICS[] = {"AN0184", "AN1108"};
#define N_ANALYTICS (sizeof ANALYTICS / sizeof ANALYTICS[0])

/* What a run knows of a host. */
struct facts {
    struct iw_str host;
    const struct iw_inventory_server *server;              /* NULL: none */
    const struct iw_coverage_record *records[N_ANALYTICS]; /* NULL: not judged */
    struct tally tally;
};

struct auditing {
    const struct iw_run *run;
    struct iw_audit *audit;
    struct iw_arena *arena, scratch;
    struct iw_map by_host; /* lower-case name → struct facts * */
    struct facts *facts;   /* in the order they are met, then by name */
    bool no_memory;
};

/* Evidence of one answer while it is gathered. */
struct reply {
    struct auditing *auditing;
    struct iw_str *items;
    size_t n, cap;
};

const char *iw_audit_question_name(enum iw_audit_question question)
{
    static const char *const names[IW_AUDIT_QUESTION_COUNT] = {
        "inventory",      "changes",        "persistence", "change-control",
        "administration", "write-pathways", "monitoring"};
    return names[question];
}

const char *iw_audit_question_text(enum iw_audit_question question)
{
    static const char *const texts[IW_AUDIT_QUESTION_COUNT] = {
        "Is the server inventoried, with what it loads and runs approved?",
        "Are unauthorised changes monitored?",
        "Can it be determined quickly whether a backdoor persists?",
        "Change control: does a change record explain what changed?",
        "Privileged administration: is it known who changes the server, and from where?",
        "Write pathways: is it known who may write content by what the configuration opens?",
        "Monitoring: was it continuous over the time asked about?"};
    return texts[question];
}

const char *iw_audit_answer_name(enum iw_audit_answer answer)
{
    static const char *const names[IW_AUDIT_ANSWER_COUNT] = {"yes", "partly", "no", "not-provable"};
    return names[answer];
}

const char *iw_audit_answer_text(enum iw_audit_answer answer)
{
    static const char *const texts[IW_AUDIT_ANSWER_COUNT] = {"yes", "partly", "no",
                                                             "not provable from this evidence"};
    return texts[answer];
}

void iw_audit_init(struct iw_audit *audit)
{
    memset(audit, 0, sizeof *audit);
    iw_arena_init(&audit->arena, 0);
}

void iw_audit_done(struct iw_audit *audit)
{
    iw_arena_done(&audit->arena);
    memset(audit, 0, sizeof *audit);
}

/* --- replies --- */

__attribute__((format(printf, 2, 3))) static void add(struct reply *reply, const char *format, ...)
{
    struct auditing *auditing = reply->auditing;
    va_list args;
    if (reply->n == reply->cap) {
        size_t cap = reply->cap != 0 ? 2 * reply->cap : 8;
        struct iw_str *items = iw_arena_calloc(auditing->arena, cap, sizeof *items);
        if (items == NULL) {
            auditing->no_memory = true;
            return;
        }
        if (reply->n != 0)
            memcpy(items, reply->items, reply->n * sizeof *items);
        reply->items = items;
        reply->cap = cap;
    }
    va_start(args, format);
    reply->items[reply->n] = iw_arena_vformat(auditing->arena, format, args);
    va_end(args);
    auditing->no_memory |= reply->items[reply->n].p == NULL;
    reply->n++;
}

__attribute__((format(printf, 3, 4))) static struct iw_audit_reply
answer(struct reply *reply, enum iw_audit_answer given, const char *format, ...)
{
    struct iw_audit_reply ret = {.answer = given, .evidence = {reply->items, reply->n}};
    va_list args;
    va_start(args, format);
    ret.why = iw_arena_vformat(reply->auditing->arena, format, args);
    va_end(args);
    reply->auditing->no_memory |= ret.why.p == NULL;
    return ret;
}

static const struct iw_coverage_link *find_link(const struct facts *facts, const char *analytic,
                                                const char *name)
{
    for (size_t i = 0; i < N_ANALYTICS; i++) {
        const struct iw_coverage_record *record = facts->records[i];
        if (record == NULL || strcmp(ANALYTICS[i], analytic) != 0)
            continue;
        for (size_t k = 0; k < record->n_links; k++) {
            if (iw_str_equal(record->links[k].name, iw_str_of(name)))
                return &record->links[k];
        }
    }
    return NULL;
}

/* --- inventory --- */

static bool is_vouched_for(enum iw_approval approval)
{
    return approval >= IW_APPROVAL_BASELINE && approval <= IW_APPROVAL_CATALOGUE;
}

struct approvals {
    size_t n, n_vouched, n_refused, n_open;
};

static void count(struct approvals *approvals, enum iw_approval approval)
{
    approvals->n++;
    if (is_vouched_for(approval))
        approvals->n_vouched++;
    else if (approval == IW_APPROVAL_NOT_ASKED)
        approvals->n_open++;
    else
        approvals->n_refused++;
}

static void add_approvals(struct reply *reply, const char *what, const struct approvals *approvals)
{
    add(reply, "%zu %s: %zu approved, %zu not approved or no longer, %zu that nothing vouches for",
        approvals->n, what, approvals->n_vouched, approvals->n_refused, approvals->n_open);
}

static struct iw_audit_reply ask_inventory(struct reply *reply, const struct facts *facts)
{
    const struct iw_run *run = reply->auditing->run;
    const struct iw_inventory_server *server = facts->server;
    struct approvals components = {0}, files = {0};
    if (server == NULL || server->source.n == 0)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "no configuration of IIS is in evidence");
    add(reply, "configuration: %.*s", IW_STR_ARG(server->source));
    add(reply, "%zu sites, %zu application pools, %zu web roots", server->n_sites, server->n_pools,
        server->n_roots);
    for (size_t i = 0; i < server->n_components; i++)
        count(&components, server->components[i].approval);
    for (size_t i = 0; i < server->n_web_files; i++)
        count(&files, server->web_files[i].approval);
    add_approvals(reply, "components", &components);
    add_approvals(reply, "web files that execute", &files);
    if (!server->is_authoritative)
        return answer(reply, IW_AUDIT_NOT_PROVABLE,
                      "its configuration is not the whole truth: %.*s",
                      IW_STR_ARG(server->why_not));
    if (run->baseline == IW_RUN_BASELINE_REFUSED)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "the baseline was refused");
    if (components.n_refused + files.n_refused != 0)
        return answer(reply, IW_AUDIT_NO, "%zu components and %zu web files are not approved",
                      components.n_refused, files.n_refused);
    if (components.n_open + files.n_open != 0)
        return answer(reply, IW_AUDIT_PARTLY,
                      "inventoried, but nothing vouches for %zu components and %zu web files: give "
                      "a baseline",
                      components.n_open, files.n_open);
    return answer(reply, IW_AUDIT_YES, "all of it is inventoried and approved");
}

/* --- links --- */

struct wanted_link {
    const char *analytic, *name;
};

struct link_states {
    size_t n, n_proved, n_some, n_absent; /* some: in a gap, or by the operator's word */
};

/* Evidence of each link, and how many are how; *open*: names of those not proved. */
static void look_at_links(struct reply *reply, const struct facts *facts,
                          const struct wanted_link *wanted, size_t n, struct link_states *ret,
                          struct iw_buffer *open)
{
    *ret = (struct link_states){0};
    for (size_t i = 0; i < n; i++) {
        const struct iw_coverage_link *link = find_link(facts, wanted[i].analytic, wanted[i].name);
        if (link == NULL)
            continue;
        add(reply, "%s %s: %s%s%.*s; %.*s", wanted[i].analytic, wanted[i].name,
            iw_link_state_name(link->state), link->source.n != 0 ? ", " : "",
            IW_STR_ARG(link->source), IW_STR_ARG(link->why));
        ret->n++;
        ret->n_proved += link->state == IW_LINK_PROVED;
        ret->n_some += link->state == IW_LINK_GAP || link->state == IW_LINK_STATED;
        ret->n_absent += link->state == IW_LINK_ABSENT;
        if (link->state == IW_LINK_PROVED)
            continue;
        iw_buffer_add(open, open->n != 0 ? IW_STR(", ") : IW_STR(""));
        iw_buffer_add(open, iw_str_of(wanted[i].name));
    }
    reply->auditing->no_memory |= open->failed;
}

static struct iw_audit_reply ask_changes(struct reply *reply, const struct facts *facts)
{
    static const struct wanted_link WANTED[] = {{"AN0184", "configuration"},
                                                {"AN0184", "registration"},
                                                {"AN0184", "module_load"},
                                                {"AN1108", "file_created"}};
    struct link_states states;
    struct iw_audit_reply ret;
    struct iw_buffer open;
    iw_buffer_init(&open);
    look_at_links(reply, facts, WANTED, sizeof WANTED / sizeof WANTED[0], &states, &open);
    if (states.n < sizeof WANTED / sizeof WANTED[0])
        ret = answer(reply, IW_AUDIT_NOT_PROVABLE, "what could have been seen was not judged");
    else if (states.n_proved == states.n)
        ret = answer(reply, IW_AUDIT_YES,
                     "changes of components, their registration and loading, and files in web "
                     "roots would have been seen");
    else if (states.n_absent == states.n)
        ret = answer(reply, IW_AUDIT_NO, "no source tells of any of them");
    else if (states.n_proved + states.n_some != 0)
        ret =
            answer(reply, IW_AUDIT_PARTLY, "not shown for: %.*s", IW_STR_ARG(iw_buffer_str(&open)));
    else
        ret = answer(reply, IW_AUDIT_NOT_PROVABLE, "nothing shows that these would be seen: %.*s",
                     IW_STR_ARG(iw_buffer_str(&open)));
    iw_buffer_done(&open);
    return ret;
}

/* --- verdicts --- */

static struct iw_audit_reply ask_persistence(struct reply *reply, const struct facts *facts)
{
    size_t n_blind = 0, n = 0, n_detected = 0;
    for (size_t i = 0; i < N_ANALYTICS; i++) {
        const struct iw_coverage_record *record = facts->records[i];
        if (record == NULL)
            continue;
        n++;
        n_blind += record->verdict == IW_VERDICT_BLIND;
        n_detected += record->verdict == IW_VERDICT_DETECTED;
        add(reply, "%s: %s%s, %zu findings", ANALYTICS[i], iw_verdict_name(record->verdict),
            record->is_partial ? " (something was seen all the same)" : "", record->findings.n);
    }
    if (n < N_ANALYTICS)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "what could have been seen was not judged");
    if (n_blind == n)
        return answer(reply, IW_AUDIT_NO, "both analytics are blind here");
    if (n_blind != 0)
        return answer(reply, IW_AUDIT_PARTLY, "one of two analytics is blind here");
    return answer(reply, IW_AUDIT_YES,
                  n_detected != 0 ? "and it was found: see its findings" : "and nothing was found");
}

static struct iw_audit_reply ask_monitoring(struct reply *reply, const struct facts *facts)
{
    size_t n_spans = 0, n_blind = 0, n = 0;
    for (size_t i = 0; i < N_ANALYTICS; i++) {
        const struct iw_coverage_record *record = facts->records[i];
        int64_t all_s = 0, blind_s = 0;
        if (record == NULL || record->n_spans == 0)
            continue;
        n++;
        for (size_t k = 0; k < record->n_spans; k++) {
            int64_t seconds = record->spans[k].to_ns / IW_NS_PER_SECOND -
                              record->spans[k].from_ns / IW_NS_PER_SECOND;
            bool is_blind = record->spans[k].verdict == IW_VERDICT_BLIND;
            all_s += seconds;
            blind_s += is_blind ? seconds : 0;
            n_spans++;
            n_blind += is_blind;
        }
        add(reply, "%s: blind for %lld of %lld seconds, in %zu spans", ANALYTICS[i],
            (long long)blind_s, (long long)all_s, record->n_spans);
    }
    if (n < N_ANALYTICS)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "no time is known that could be judged");
    if (n_blind == 0)
        return answer(reply, IW_AUDIT_YES, "no blind span");
    if (n_blind == n_spans)
        return answer(reply, IW_AUDIT_NO, "blind all the time");
    return answer(reply, IW_AUDIT_PARTLY, "%zu of %zu spans are blind", n_blind, n_spans);
}

/* --- change control, administration --- */

static struct iw_audit_reply ask_change_control(struct reply *reply, const struct facts *facts)
{
    const struct tally *tally = &facts->tally;
    const uint64_t *by = tally->n_by_change;
    uint64_t n_open = by[IW_CHANGE_UNEXPLAINED] + by[IW_CHANGE_PARTLY] + by[IW_CHANGE_EXPIRED];
    uint64_t n_asked = tally->n - by[IW_CHANGE_NOT_CHECKED];
    if (n_asked == 0)
        return answer(reply, IW_AUDIT_NOT_PROVABLE,
                      tally->n == 0 ? "nothing was found that a change record could explain"
                                    : "no change records were given");
    add(reply,
        "%llu findings: %llu explained, %llu explained in part, %llu expired, %llu not to be "
        "verified, %llu unexplained",
        (unsigned long long)n_asked, (unsigned long long)by[IW_CHANGE_EXPLAINED],
        (unsigned long long)by[IW_CHANGE_PARTLY], (unsigned long long)by[IW_CHANGE_EXPIRED],
        (unsigned long long)by[IW_CHANGE_UNVERIFIED],
        (unsigned long long)by[IW_CHANGE_UNEXPLAINED]);
    for (size_t i = 0; i < tally->n_open; i++)
        add(reply, "%.*s", IW_STR_ARG(tally->open[i]));
    if (n_open != 0)
        return answer(reply, IW_AUDIT_NO, "no change record wholly explains %llu findings",
                      (unsigned long long)n_open);
    if (by[IW_CHANGE_UNVERIFIED] != 0)
        return answer(reply, IW_AUDIT_PARTLY, "%llu findings could not be verified",
                      (unsigned long long)by[IW_CHANGE_UNVERIFIED]);
    return answer(reply, IW_AUDIT_YES, "every finding has its change record");
}

static struct iw_audit_reply ask_administration(struct reply *reply, const struct facts *facts)
{
    const struct tally *tally = &facts->tally;
    static const struct wanted_link WANTED[] = {
        {"AN0184", "registration"}, {"AN0184", "process_created"}, {"AN0184", "logon"}};
    const struct iw_inventory_server *server = facts->server;
    bool is_listed = server != NULL && (server->known_by & IW_SERVER_BY_ESTATE) != 0;
    struct link_states states;
    struct iw_audit_reply ret;
    struct iw_buffer open;
    iw_buffer_init(&open);
    add(reply, "%s",
        is_listed ? "its operators stand in the estate"
                  : "no estate lists it: whose accounts may change it is not known");
    look_at_links(reply, facts, WANTED, sizeof WANTED / sizeof WANTED[0], &states, &open);
    for (size_t i = 0; i < tally->n_users; i++)
        add(reply, "acted: %.*s", IW_STR_ARG(tally->users[i]));
    if (states.n < sizeof WANTED / sizeof WANTED[0] || states.n_proved + states.n_some == 0)
        ret = answer(reply, IW_AUDIT_NOT_PROVABLE, "nothing shows that who acts would be seen");
    else if (states.n_proved == states.n && is_listed)
        ret = answer(reply, IW_AUDIT_YES,
                     "who changes it and where they logged on from would be seen, and who may "
                     "stands in the estate");
    else if (states.n_proved == states.n)
        ret = answer(reply, IW_AUDIT_PARTLY, "who acts would be seen; who may is not known");
    else
        ret =
            answer(reply, IW_AUDIT_PARTLY, "not shown for: %.*s", IW_STR_ARG(iw_buffer_str(&open)));
    iw_buffer_done(&open);
    return ret;
}

/* --- write pathways --- */

struct pathways {
    size_t n_known, n_unknown, n_named;
};

static void look_at_pathways(struct reply *reply, struct iw_str where, struct iw_text_list lines,
                             struct pathways *pathways)
{
    for (size_t i = 0; i < lines.n; i++) {
        bool is_unknown = iw_str_begins_nocase(lines.items[i], IW_STR("unknown: "));
        pathways->n_unknown += is_unknown;
        pathways->n_known += !is_unknown;
        if (pathways->n_named++ < NAMED_MOST)
            add(reply, "%.*s: %.*s", IW_STR_ARG(where), IW_STR_ARG(lines.items[i]));
    }
}

static struct iw_audit_reply ask_write_pathways(struct reply *reply, const struct facts *facts)
{
    const struct iw_inventory_server *server = facts->server;
    struct pathways pathways = {0};
    if (server == NULL || server->source.n == 0)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "no configuration of IIS is in evidence");
    look_at_pathways(reply, IW_STR("server"), server->pathways, &pathways);
    for (size_t i = 0; i < server->n_roots; i++)
        look_at_pathways(reply, server->roots[i].path, server->roots[i].pathways, &pathways);
    if (pathways.n_named > NAMED_MOST)
        add(reply, "%zu more: iiswarden inventory", pathways.n_named - NAMED_MOST);
    add(reply, "permissions of the file system are not looked at");
    if (!server->is_authoritative)
        return answer(reply, IW_AUDIT_NOT_PROVABLE,
                      "its configuration is not the whole truth: %.*s",
                      IW_STR_ARG(server->why_not));
    if (pathways.n_unknown == 0)
        return answer(reply, IW_AUDIT_YES, "%zu pathways, all known", pathways.n_known);
    if (pathways.n_known == 0)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "%zu kinds of pathways are not known",
                      pathways.n_unknown);
    return answer(reply, IW_AUDIT_PARTLY, "%zu pathways are known, %zu kinds are not",
                  pathways.n_known, pathways.n_unknown);
}

/* --- findings --- */

static void remember(struct auditing *auditing, struct iw_str *names, size_t *n, struct iw_str name)
{
    for (size_t i = 0; i < *n; i++) {
        if (iw_str_equal_nocase(names[i], name))
            return;
    }
    if (*n == NAMED_MOST || name.n == 0)
        return;
    names[*n] = name;
    auditing->no_memory |= !iw_arena_keep(auditing->arena, &names[(*n)++]);
}

static bool is_open(enum iw_change_status status)
{
    return status == IW_CHANGE_UNEXPLAINED || status == IW_CHANGE_PARTLY ||
           status == IW_CHANGE_EXPIRED;
}

static void tally_finding(struct auditing *auditing, struct tally *tally,
                          const struct iw_finding *finding)
{
    tally->n++;
    tally->n_by_change[finding->change.status]++;
    if (finding->kind != IW_FINDING_TELEMETRY)
        remember(auditing, tally->users, &tally->n_users, finding->user);
    if (!is_open(finding->change.status) || tally->n_open == NAMED_MOST)
        return;
    tally->open[tally->n_open] =
        iw_arena_format(auditing->arena, "%s %.*s", finding->id, IW_STR_ARG(finding->title));
    auditing->no_memory |= tally->open[tally->n_open++].p == NULL;
}

static struct facts *find_facts(struct auditing *auditing, struct iw_str host)
{
    struct iw_str key = iw_arena_lower(&auditing->scratch, host);
    const struct iw_map_entry *entry = key.p != NULL ? iw_map_find(&auditing->by_host, key) : NULL;
    auditing->no_memory |= key.p == NULL;
    iw_arena_reset(&auditing->scratch);
    return entry != NULL ? entry->value.pointer : NULL;
}

static enum iw_rc tally_findings(struct auditing *auditing, struct iw_error *err)
{
    struct iw_finding_cursor cursor;
    struct iw_finding *finding;
    struct facts *facts = NULL;
    enum iw_rc rc = iw_finding_cursor_init(&cursor, &auditing->run->findings, err);
    while (rc == IW_OK) {
        rc = iw_finding_cursor_next(&cursor, &finding, err);
        if (rc != IW_OK)
            break;
        if (facts == NULL || !iw_str_equal(facts->host, finding->host))
            facts = find_facts(auditing, finding->host);
        if (facts != NULL)
            tally_finding(auditing, &facts->tally, finding);
    }
    iw_finding_cursor_done(&cursor);
    return rc == IW_END ? IW_OK : rc;
}

/* --- hosts --- */

static struct facts *know_host(struct auditing *auditing, struct iw_str host)
{
    struct iw_str key = iw_arena_lower(auditing->arena, host);
    bool is_new;
    struct iw_map_entry *entry =
        key.p != NULL ? iw_map_add(&auditing->by_host, key, &is_new) : NULL;
    if (entry == NULL)
        return NULL;
    if (is_new) {
        entry->value.pointer = &auditing->facts[auditing->audit->n_hosts];
        auditing->facts[auditing->audit->n_hosts++].host = host;
    }
    return entry->value.pointer;
}

/* A host may have several folders of configuration: the first that has one counts. */
static void know_server(struct facts *facts, const struct iw_inventory_server *server)
{
    if (facts->server == NULL || (facts->server->source.n == 0 && server->source.n != 0))
        facts->server = server;
}

static enum iw_rc gather_facts(struct auditing *auditing)
{
    const struct iw_run *run = auditing->run;
    auditing->facts =
        iw_arena_calloc(auditing->arena, run->coverage.n_records + run->inventory.n_servers + 1,
                        sizeof *auditing->facts);
    if (auditing->facts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < run->coverage.n_records; i++) {
        const struct iw_coverage_record *record = &run->coverage.records[i];
        struct facts *facts = know_host(auditing, record->host);
        if (facts == NULL)
            return IW_ENOMEM;
        for (size_t k = 0; k < N_ANALYTICS; k++) {
            if (iw_str_equal(record->analytic, iw_str_of(ANALYTICS[k])))
                facts->records[k] = record;
        }
    }
    for (size_t i = 0; i < run->inventory.n_servers; i++) {
        struct facts *facts = know_host(auditing, run->inventory.servers[i].host);
        if (facts == NULL)
            return IW_ENOMEM;
        know_server(facts, &run->inventory.servers[i]);
    }
    return IW_OK;
}

/* --- all of it --- */

static int by_host(const void *a, const void *b)
{
    return iw_str_compare(((const struct facts *)a)->host, ((const struct facts *)b)->host);
}

static enum iw_rc reply_to_all(struct auditing *auditing)
{
    static struct iw_audit_reply (*const ASK[IW_AUDIT_QUESTION_COUNT])(
        struct reply * reply,
        const struct facts *facts) = {[IW_AUDIT_INVENTORY] = ask_inventory,
                                      [IW_AUDIT_CHANGES] = ask_changes,
                                      [IW_AUDIT_PERSISTENCE] = ask_persistence,
                                      [IW_AUDIT_CHANGE_CONTROL] = ask_change_control,
                                      [IW_AUDIT_ADMINISTRATION] = ask_administration,
                                      [IW_AUDIT_WRITE_PATHWAYS] = ask_write_pathways,
                                      [IW_AUDIT_MONITORING] = ask_monitoring};
    struct iw_audit *audit = auditing->audit;
    audit->hosts = iw_arena_calloc(&audit->arena, audit->n_hosts + 1, sizeof *audit->hosts);
    if (audit->hosts == NULL)
        return IW_ENOMEM;
    qsort(auditing->facts, audit->n_hosts, sizeof *auditing->facts, by_host);
    for (size_t i = 0; i < audit->n_hosts; i++) {
        audit->hosts[i].host = auditing->facts[i].host;
        for (int question = 0; question < IW_AUDIT_QUESTION_COUNT; question++) {
            struct reply reply = {.auditing = auditing};
            struct iw_audit_reply given = ASK[question](&reply, &auditing->facts[i]);
            audit->hosts[i].replies[question] = given;
            audit->n_answers[question][given.answer]++;
        }
    }
    return auditing->no_memory ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_audit_make(const struct iw_run *run, struct iw_audit *audit, struct iw_error *err)
{
    struct auditing auditing = {.run = run, .audit = audit, .arena = &audit->arena};
    enum iw_rc rc;
    iw_map_init(&auditing.by_host);
    iw_arena_init(&auditing.scratch, 0);
    rc = gather_facts(&auditing);
    if (rc == IW_OK)
        rc = tally_findings(&auditing, err);
    if (rc == IW_OK)
        rc = reply_to_all(&auditing);
    iw_map_done(&auditing.by_host);
    iw_arena_done(&auditing.scratch);
    return rc == IW_ENOMEM ? iw_error_set(err, rc, "no memory") : rc;
}
