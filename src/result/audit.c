/*
 * Hosts are gathered, findings are read once and counted by host, then each question is answered by
 * a function of its own.
 */
#include "result/audit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "result/nameless.h"

#define NAMED_MOST 8U /* findings, accounts or pathways that an answer names one by one */

static const char *noun(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* What findings of a host say together. */
struct tally {
    uint64_t n;
    uint64_t n_by_change[IW_CHANGE_STATUS_COUNT];
    struct iw_str open[NAMED_MOST]; /* that no change record explains: id and title */
    size_t n_open;
    struct iw_str users[NAMED_MOST]; /* who acted */
    size_t n_users;
};

/* What a run knows of a host. */
struct facts {
    struct iw_str host, at;                   /* at: of a host without a name, its configuration */
    const struct iw_inventory_server *server; /* NULL: none */
    const struct iw_coverage_record *records[IW_ANALYTIC_COUNT]; /* NULL: not judged */
    struct tally tally;
};

struct auditing {
    const struct iw_run *run;
    struct iw_audit *audit;
    struct iw_arena *arena, scratch;
    struct iw_map by_host; /* lower-case name, or configuration → struct facts * */
    struct iw_nameless nameless;
    struct facts *facts; /* in the order they are met, then by name */
    bool no_memory;
};

/* Evidence of one answer while it is gathered. */
struct reply {
    struct auditing *auditing;
    struct iw_str *items;
    size_t n, cap;
};

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

static const struct iw_coverage_link *find_link(const struct facts *facts,
                                                enum iw_analytic analytic, const char *name)
{
    const struct iw_coverage_record *record = facts->records[analytic];
    for (size_t i = 0; record != NULL && i < record->n_links; i++) {
        if (iw_str_equal(record->links[i].name, iw_str_of(name)))
            return &record->links[i];
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
    add(reply, "%zu %s, %zu %s, %zu %s", server->n_sites, noun(server->n_sites, "site", "sites"),
        server->n_pools, noun(server->n_pools, "application pool", "application pools"),
        server->n_roots, noun(server->n_roots, "web root", "web roots"));
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
        return answer(reply, IW_AUDIT_NO, "not approved: %zu %s and %zu %s", components.n_refused,
                      noun(components.n_refused, "component", "components"), files.n_refused,
                      noun(files.n_refused, "web file", "web files"));
    if (components.n_open + files.n_open != 0)
        return answer(reply, IW_AUDIT_PARTLY,
                      "inventoried, but nothing vouches for %zu %s and %zu %s: give a baseline",
                      components.n_open, noun(components.n_open, "component", "components"),
                      files.n_open, noun(files.n_open, "web file", "web files"));
    return answer(reply, IW_AUDIT_YES, "all of it is inventoried and approved");
}

/* --- links --- */

struct wanted_link {
    enum iw_analytic analytic;
    const char *name;
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
        add(reply, "%.*s %s: %s%s%.*s; %.*s", IW_STR_ARG(iw_analytic_name(wanted[i].analytic)),
            wanted[i].name, iw_link_state_name(link->state), link->source.n != 0 ? ", " : "",
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
    static const struct wanted_link WANTED[] = {{IW_ANALYTIC_COMPONENTS, "configuration"},
                                                {IW_ANALYTIC_COMPONENTS, "registration"},
                                                {IW_ANALYTIC_COMPONENTS, "module_load"},
                                                {IW_ANALYTIC_WEB_SHELLS, "file_created"}};
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

/* "AN1108: clear but for 3 findings, 2 of medium or above" */
static void add_verdict(struct reply *reply, enum iw_analytic analytic,
                        const struct iw_coverage_record *record)
{
    struct iw_buffer standing;
    iw_buffer_init(&standing);
    iw_coverage_tell_standing(record, &standing);
    add(reply, "%.*s: %s%s%.*s", IW_STR_ARG(iw_analytic_name(analytic)),
        iw_verdict_name(record->verdict),
        iw_coverage_is_clear_but(record) ? " but for "
        : record->is_partial             ? " (something was seen all the same), "
                                         : ", ",
        IW_STR_ARG(iw_buffer_str(&standing)));
    reply->auditing->no_memory |= standing.failed;
    iw_buffer_done(&standing);
}

static struct iw_audit_reply ask_persistence(struct reply *reply, const struct facts *facts)
{
    size_t n_blind = 0, n = 0, n_detected = 0, n_but = 0;
    for (size_t i = 0; i < IW_ANALYTIC_COUNT; i++) {
        const struct iw_coverage_record *record = facts->records[i];
        if (record == NULL)
            continue;
        n++;
        n_blind += record->verdict == IW_VERDICT_BLIND;
        n_detected += record->verdict == IW_VERDICT_DETECTED;
        n_but += iw_coverage_is_clear_but(record);
        add_verdict(reply, (enum iw_analytic)i, record);
    }
    if (n < IW_ANALYTIC_COUNT)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "what could have been seen was not judged");
    if (n_blind == n)
        return answer(reply, IW_AUDIT_NO, "both analytics are blind here");
    if (n_blind != 0)
        return answer(reply, IW_AUDIT_PARTLY, "one of two analytics is blind here");
    return answer(reply, IW_AUDIT_YES,
                  n_detected != 0 ? "and it was found: see its findings"
                  : n_but != 0    ? "and nothing complete was found; findings stand: see them"
                                  : "and nothing was found");
}

struct monitored {
    size_t n_stretches; /* of time in which it is blind; adjoining spans are one */
    bool is_all_blind;
};

#define LENGTH_TEXT_BYTES 48U

/* "3 d 4 h", "7 h 47 min", "4 min 5 s", "12 s": the two greatest units, the rest left out. */
static const char *length_text(int64_t seconds, char text[LENGTH_TEXT_BYTES])
{
    static const struct {
        int64_t seconds;
        const char *name;
    } UNITS[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    size_t i = 0;
    int64_t rest;
    while (i < 3 && seconds < UNITS[i].seconds)
        i++;
    rest = i < 3 ? seconds % UNITS[i].seconds / UNITS[i + 1].seconds : 0;
    if (rest != 0)
        (void)snprintf(text, LENGTH_TEXT_BYTES, "%lld %s %lld %s",
                       (long long)(seconds / UNITS[i].seconds), UNITS[i].name, (long long)rest,
                       UNITS[i + 1].name);
    else
        (void)snprintf(text, LENGTH_TEXT_BYTES, "%lld %s", (long long)(seconds / UNITS[i].seconds),
                       UNITS[i].name);
    return text;
}

static struct monitored look_at_spans(struct reply *reply, enum iw_analytic analytic,
                                      const struct iw_coverage_record *record)
{
    struct monitored ret = {.is_all_blind = true};
    int64_t all_s = 0, blind_s = 0;
    char all[LENGTH_TEXT_BYTES], blind[LENGTH_TEXT_BYTES];
    bool was_blind = false;
    for (size_t i = 0; i < record->n_spans; i++) {
        const struct iw_coverage_span *span = &record->spans[i];
        int64_t seconds = span->to_ns / IW_NS_PER_SECOND - span->from_ns / IW_NS_PER_SECOND;
        bool is_blind = span->verdict == IW_VERDICT_BLIND;
        all_s += seconds;
        blind_s += is_blind ? seconds : 0;
        ret.n_stretches += is_blind && !was_blind;
        ret.is_all_blind &= is_blind;
        was_blind = is_blind;
    }
    if (ret.n_stretches == 0)
        add(reply, "%.*s: never blind in %s", IW_STR_ARG(iw_analytic_name(analytic)),
            length_text(all_s, all));
    else
        add(reply, "%.*s: blind for %s of %s, in %zu %s", IW_STR_ARG(iw_analytic_name(analytic)),
            length_text(blind_s, blind), length_text(all_s, all), ret.n_stretches,
            ret.n_stretches == 1 ? "span" : "spans");
    return ret;
}

/* Whether the same was said of that link of an analytic before. */
static bool is_told_before(const struct facts *facts, size_t analytic,
                           const struct iw_coverage_link *link)
{
    for (size_t i = 0; i < analytic; i++) {
        for (size_t k = 0; k < facts->records[i]->n_links; k++) {
            if (iw_str_equal(facts->records[i]->links[k].name, link->name) &&
                iw_str_equal(facts->records[i]->links[k].why, link->why))
                return true;
        }
    }
    return false;
}

/* Whatever was cleared, switched off or has a gap, also where another source or a link that decides
 * nothing makes up for it: the number of lines added. */
static size_t look_at_interruptions(struct reply *reply, const struct facts *facts)
{
    size_t n_before = reply->n;
    for (size_t i = 0; i < IW_ANALYTIC_COUNT; i++) {
        const struct iw_coverage_record *record = facts->records[i];
        for (size_t k = 0; i == 0 && k < record->switched.n; k++)
            add(reply, "%.*s", IW_STR_ARG(record->switched.items[k]));
        for (size_t k = 0; k < record->n_links; k++) {
            const struct iw_coverage_link *link = &record->links[k];
            if (link->state == IW_LINK_GAP && !is_told_before(facts, i, link))
                add(reply, "%.*s%s: %.*s", IW_STR_ARG(link->name),
                    link->is_required ? "" : " (no verdict hangs on it)", IW_STR_ARG(link->why));
        }
    }
    return reply->n - n_before;
}

static struct iw_audit_reply ask_monitoring(struct reply *reply, const struct facts *facts)
{
    size_t n_stretches = 0, n_interruptions, first;
    bool is_all_blind = true;
    for (size_t i = 0; i < IW_ANALYTIC_COUNT; i++) {
        if (facts->records[i] == NULL || facts->records[i]->n_spans == 0)
            return answer(reply, IW_AUDIT_NOT_PROVABLE, "no time is known that could be judged");
    }
    for (size_t i = 0; i < IW_ANALYTIC_COUNT; i++) {
        struct monitored seen = look_at_spans(reply, (enum iw_analytic)i, facts->records[i]);
        n_stretches += seen.n_stretches;
        is_all_blind &= seen.is_all_blind;
    }
    first = reply->n;
    n_interruptions = look_at_interruptions(reply, facts);
    if (is_all_blind)
        return answer(reply, IW_AUDIT_NO, "blind all the time");
    if (n_stretches != 0)
        return answer(reply, IW_AUDIT_PARTLY, "%zu %s blind", n_stretches,
                      n_stretches == 1 ? "span is" : "spans are");
    if (n_interruptions == 0)
        return answer(reply, IW_AUDIT_YES, "no blind span, nothing cleared or switched off");
    return answer(reply, IW_AUDIT_PARTLY, "no span is blind, but %.*s%s",
                  IW_STR_ARG(reply->items[first]), n_interruptions > 1 ? ", and more" : "");
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
        "%llu %s: %llu explained, %llu explained in part, %llu expired, %llu not to be verified, "
        "%llu unexplained",
        (unsigned long long)n_asked, noun(n_asked, "finding", "findings"),
        (unsigned long long)by[IW_CHANGE_EXPLAINED], (unsigned long long)by[IW_CHANGE_PARTLY],
        (unsigned long long)by[IW_CHANGE_EXPIRED], (unsigned long long)by[IW_CHANGE_UNVERIFIED],
        (unsigned long long)by[IW_CHANGE_UNEXPLAINED]);
    for (size_t i = 0; i < tally->n_open; i++)
        add(reply, "%.*s", IW_STR_ARG(tally->open[i]));
    if (n_open != 0)
        return answer(reply, IW_AUDIT_NO, "no change record wholly explains %llu %s",
                      (unsigned long long)n_open, noun(n_open, "finding", "findings"));
    if (by[IW_CHANGE_UNVERIFIED] != 0)
        return answer(reply, IW_AUDIT_PARTLY, "%llu %s could not be verified",
                      (unsigned long long)by[IW_CHANGE_UNVERIFIED],
                      noun(by[IW_CHANGE_UNVERIFIED], "finding", "findings"));
    return answer(reply, IW_AUDIT_YES, "every finding has its change record");
}

static struct iw_audit_reply ask_administration(struct reply *reply, const struct facts *facts)
{
    const struct tally *tally = &facts->tally;
    static const struct wanted_link WANTED[] = {{IW_ANALYTIC_COMPONENTS, "registration"},
                                                {IW_ANALYTIC_COMPONENTS, "process_created"},
                                                {IW_ANALYTIC_COMPONENTS, "logon"}};
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
        return answer(reply, IW_AUDIT_YES, "%zu %s, all known", pathways.n_known,
                      noun(pathways.n_known, "pathway", "pathways"));
    if (pathways.n_known == 0)
        return answer(reply, IW_AUDIT_NOT_PROVABLE, "not known: %zu %s of pathways",
                      pathways.n_unknown, noun(pathways.n_unknown, "kind", "kinds"));
    return answer(reply, IW_AUDIT_PARTLY, "known: %zu %s, not known: %zu %s", pathways.n_known,
                  noun(pathways.n_known, "pathway", "pathways"), pathways.n_unknown,
                  noun(pathways.n_unknown, "kind", "kinds"));
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

/* A host by its name, one without a name by its configuration. */
static struct iw_str key_of(struct iw_arena *arena, struct iw_str host, struct iw_str at)
{
    return host.n != 0 ? iw_arena_lower(arena, host)
                       : iw_arena_format(arena, "\n%.*s", IW_STR_ARG(at));
}

static struct facts *find_facts(struct auditing *auditing, const struct iw_finding *finding)
{
    const struct iw_inventory_server *server = iw_nameless_server(&auditing->nameless, finding);
    struct iw_str key =
        key_of(&auditing->scratch, finding->host, server != NULL ? server->source : IW_STR(""));
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
        if (facts == NULL || finding->host.n == 0 || !iw_str_equal(facts->host, finding->host))
            facts = find_facts(auditing, finding);
        if (facts != NULL)
            tally_finding(auditing, &facts->tally, finding);
    }
    iw_finding_cursor_done(&cursor);
    return rc == IW_END ? IW_OK : rc;
}

/* --- hosts --- */

static struct facts *know_host(struct auditing *auditing, struct iw_str host, struct iw_str at)
{
    struct iw_str key = key_of(auditing->arena, host, at);
    bool is_new;
    struct iw_map_entry *entry =
        key.p != NULL ? iw_map_add(&auditing->by_host, key, &is_new) : NULL;
    if (entry == NULL)
        return NULL;
    if (is_new) {
        entry->value.pointer = &auditing->facts[auditing->audit->n_hosts];
        auditing->facts[auditing->audit->n_hosts].host = host;
        auditing->facts[auditing->audit->n_hosts++].at = host.n == 0 ? at : IW_STR("");
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
        struct facts *facts = know_host(auditing, record->host, record->server);
        if (facts == NULL)
            return IW_ENOMEM;
        if (iw_analytic_find(record->analytic) != IW_ANALYTIC_COUNT)
            facts->records[iw_analytic_find(record->analytic)] = record;
    }
    for (size_t i = 0; i < run->inventory.n_servers; i++) {
        const struct iw_inventory_server *server = &run->inventory.servers[i];
        struct facts *facts = know_host(auditing, server->host, server->source);
        if (facts == NULL)
            return IW_ENOMEM;
        know_server(facts, server);
    }
    return IW_OK;
}

/* --- all of it --- */

static int by_host(const void *a, const void *b)
{
    const struct facts *left = a, *right = b;
    int order = iw_str_compare(left->host, right->host);
    return order != 0 ? order : iw_str_compare(left->at, right->at);
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
        audit->hosts[i].server = auditing->facts[i].at;
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
    rc = iw_nameless_init(&auditing.nameless, &run->inventory);
    if (rc == IW_OK)
        rc = gather_facts(&auditing);
    if (rc == IW_OK)
        rc = tally_findings(&auditing, err);
    if (rc == IW_OK)
        rc = reply_to_all(&auditing);
    iw_nameless_done(&auditing.nameless);
    iw_map_done(&auditing.by_host);
    iw_arena_done(&auditing.scratch);
    return rc == IW_ENOMEM ? iw_error_set(err, rc, "no memory") : rc;
}
