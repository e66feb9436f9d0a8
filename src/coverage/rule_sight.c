/*
 * Hosts one after the other: which logs it has, which rows, which of the fields that rules ask for
 * are filled in each (a bit each), and when each log could not tell. Then every demand is compared
 * with that, and demands that come to the same for the same reason are put together.
 *
 * A reason says of each log that is there which events it has not and which fields they never fill,
 * then which logs are not there.
 */
#include "coverage/rule_sight.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "coverage/rule_sight_host.h"

/* Event ids named of one log in one reason. */
#define IDS_NAMED 8U

/* A demand of a group. */
struct member {
    const struct iw_sigma_demand *demand;
    const struct member *next;
};

struct group {
    struct iw_rule_reason reason;
    const struct member *members;
};

struct judging {
    const struct iw_rule_sight_input *input;
    struct iw_rule_coverage *ret;
    struct iw_sight_logs logs; /* what demands ask for, and the host */
    struct iw_map whys;        /* texts of reasons, kept once: text → nothing */
    struct iw_buffer why;
    struct group **groups; /* of the host */
    size_t n_groups, groups_cap;
    size_t n_named;    /* rules that may be named of one host */
    uint32_t *entries; /* room for all rules of a group */
};

/* --- words ---------------------------------------------------------------------------------- */

static void add_clause(struct iw_buffer *why, size_t *n)
{
    if ((*n)++ != 0)
        iw_buffer_add(why, IW_STR("; "));
}

/* "CommandLine and any of Image, OriginalFileName": what the best of the rows lacks. */
static void add_lacking(struct judging *in, const struct iw_sigma_demand *demand,
                        const struct iw_sight_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < demand->n_choices; i++) {
        const struct iw_demand_choice *choice = &demand->choices[i];
        if (iw_sight_row_meets(&in->logs, row, demand, choice))
            continue;
        if (n++ != 0)
            iw_buffer_add(&in->why, IW_STR(" and "));
        if (choice->n > 1)
            iw_buffer_add(&in->why, IW_STR("any of "));
        for (size_t k = 0; k < choice->n; k++) {
            if (k != 0)
                iw_buffer_add(&in->why, IW_STR(", "));
            iw_buffer_add(&in->why, iw_names_text(in->input->names, choice->fields[k]));
        }
    }
}

/* Ids of one log that have no event: a list. */
static void add_missing_ids(struct judging *in, const struct iw_sight_seen *seen, size_t n)
{
    size_t n_ids = 0;
    for (size_t i = 0; i < n; i++) {
        if (seen[i].kind != IW_SEEN_NO_EVENT)
            continue;
        if (n_ids < IDS_NAMED && seen[i].event_id != IW_DEMAND_ANY_ID)
            iw_buffer_printf(&in->why, "%s %" PRIu32, n_ids != 0 ? "," : "", seen[i].event_id);
        n_ids++;
    }
    if (n_ids > IDS_NAMED)
        iw_buffer_printf(&in->why, " and %zu more", n_ids - IDS_NAMED);
}

/* What *n* sources in one log that is there came to; *ret_n counts what was said. */
static void add_log(struct judging *in, const struct iw_sigma_demand *demand,
                    const struct iw_sight_seen *seen, size_t n, size_t *ret_n)
{
    struct iw_str name = iw_sight_log_name(seen[0].channel);
    bool has_missing = false;
    for (size_t i = 0; i < n; i++)
        has_missing = has_missing || seen[i].kind == IW_SEEN_NO_EVENT;
    if (has_missing) {
        add_clause(&in->why, ret_n);
        iw_buffer_add(&in->why, name);
        iw_buffer_add(&in->why, IW_STR(" has no event"));
        add_missing_ids(in, seen, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (seen[i].kind != IW_SEEN_LACKING)
            continue;
        add_clause(&in->why, ret_n);
        iw_buffer_add(&in->why, name);
        if (seen[i].event_id != IW_DEMAND_ANY_ID)
            iw_buffer_printf(&in->why, " %" PRIu32, seen[i].event_id);
        iw_buffer_add(&in->why, IW_STR(" never fills "));
        add_lacking(in, demand, seen[i].row);
    }
}

/* Logs that are not there, the first of them by name. */
static void add_absent(struct judging *in, const struct iw_sigma_demand *demand,
                       const struct iw_sight_seen *seen, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < demand->n_sources; i++) {
        bool is_first = i == 0 || seen[i - 1].log != seen[i].log;
        if (seen[i].kind != IW_SEEN_NO_LOG || !is_first || n++ >= IW_LIMIT_RULE_SOURCES)
            continue;
        if (n == 1)
            add_clause(&in->why, ret_n);
        else
            iw_buffer_add(&in->why, IW_STR(", "));
        iw_buffer_add(&in->why, iw_sight_log_name(seen[i].channel));
    }
    if (n > IW_LIMIT_RULE_SOURCES)
        iw_buffer_printf(&in->why, " and %zu more", n - IW_LIMIT_RULE_SOURCES);
    if (n != 0)
        iw_buffer_add(&in->why,
                      n == 1 ? IW_STR(" is not in evidence") : IW_STR(" are not in evidence"));
}

/* Why no source would do: what logs that are there lack, then those that are not. */
static void say_missing(struct judging *in, const struct iw_sigma_demand *demand,
                        const struct iw_sight_seen *seen)
{
    size_t n = 0, n_logs = 0;
    for (size_t i = 0, k; i < demand->n_sources; i = k) {
        for (k = i + 1; k < demand->n_sources && seen[k].log == seen[i].log; k++) {
        }
        if (seen[i].kind != IW_SEEN_NO_LOG && n_logs++ < IW_LIMIT_RULE_SOURCES)
            add_log(in, demand, &seen[i], k - i, &n);
    }
    if (n_logs > IW_LIMIT_RULE_SOURCES)
        iw_buffer_printf(&in->why, "; and %zu more logs", n_logs - IW_LIMIT_RULE_SOURCES);
    add_absent(in, demand, seen, &n);
    if (n == 0)
        iw_buffer_add(&in->why, IW_STR("nothing writes events of its log source"));
}

/* "Sysmon 1, Security 4688"; where *tells_gaps* with what takes time from each. */
static void say_seen(struct judging *in, const struct iw_sigma_demand *demand,
                     const struct iw_sight_seen *seen, bool tells_gaps)
{
    size_t n = 0;
    for (size_t i = 0; i < demand->n_sources; i++) {
        if (seen[i].kind != IW_SEEN)
            continue;
        if (n++ == IW_LIMIT_RULE_SOURCES) {
            iw_buffer_add(&in->why, IW_STR(", …"));
            return;
        }
        if (n > 1)
            iw_buffer_add(&in->why, tells_gaps ? IW_STR("; ") : IW_STR(", "));
        iw_buffer_add(&in->why, iw_sight_log_name(seen[i].channel));
        if (seen[i].event_id != IW_DEMAND_ANY_ID)
            iw_buffer_printf(&in->why, " %" PRIu32, seen[i].event_id);
        if (!tells_gaps)
            continue;
        iw_buffer_add(&in->why, IW_STR(": "));
        iw_buffer_add(&in->why, seen[i].missing->why);
        if (seen[i].missing->n_gaps > 1)
            iw_buffer_printf(&in->why, ", and %zu more gaps", seen[i].missing->n_gaps - 1);
    }
}

/* --- one demand ----------------------------------------------------------------------------- */

/* Whether the sources that were seen make up for each other's gaps. */
static enum iw_rc is_whole(struct judging *in, const struct iw_sigma_demand *demand,
                           const struct iw_sight_seen *seen, bool *ret)
{
    struct iw_span_set left = {.arena = &in->logs.work};
    bool is_first = true;
    *ret = true;
    for (size_t i = 0; i < demand->n_sources; i++) {
        const struct iw_span_set *missing = &seen[i].missing->spans;
        struct iw_span_set covered = {.arena = &in->logs.work}, both = covered;
        if (seen[i].kind != IW_SEEN)
            continue;
        if (missing->n == 0)
            return IW_OK;
        if (is_first) {
            left = *missing;
        } else {
            IW_TRY(iw_span_set_without(&left, missing, &covered));
            IW_TRY(iw_span_set_without(&left, &covered, &both));
            left = both;
        }
        is_first = false;
        if (left.n == 0)
            return IW_OK;
    }
    *ret = false;
    return IW_OK;
}

static enum iw_rc judge_demand(struct judging *in, const struct iw_sigma_demand *demand,
                               enum iw_sight *ret)
{
    struct iw_sight_seen *seen =
        iw_arena_calloc(&in->logs.scratch, demand->n_sources + 1, sizeof *seen);
    bool whole = false, is_seen = false, has_log = false;
    if (seen == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < demand->n_sources; i++) {
        IW_TRY(iw_sight_source(&in->logs, demand, i, &seen[i]));
        is_seen = is_seen || seen[i].kind == IW_SEEN;
        has_log = has_log || seen[i].kind == IW_SEEN_NO_EVENT;
    }
    if (is_seen)
        IW_TRY(is_whole(in, demand, seen, &whole));
    *ret = !is_seen ? (has_log ? IW_SIGHT_NOT_PROVED : IW_SIGHT_BLIND)
           : whole  ? IW_SIGHT_ABLE
                    : IW_SIGHT_PARTLY;
    if (!in->input->keeps_reasons)
        return IW_OK;
    iw_buffer_clear(&in->why);
    if (is_seen)
        say_seen(in, demand, seen, !whole);
    else
        say_missing(in, demand, seen);
    return in->why.failed ? IW_ENOMEM : IW_OK;
}

/* --- reasons -------------------------------------------------------------------------------- */

/* A text that stands once, however many hosts have it. */
static enum iw_rc keep_why(struct judging *in, struct iw_str *ret)
{
    struct iw_str text = iw_buffer_str(&in->why);
    struct iw_map_entry *entry = iw_map_find(&in->whys, text);
    if (entry == NULL) {
        if (!iw_arena_keep(&in->ret->arena, &text))
            return IW_ENOMEM;
        entry = iw_map_add(&in->whys, text, NULL);
        if (entry == NULL)
            return IW_ENOMEM;
    }
    *ret = entry->key;
    return IW_OK;
}

static enum iw_rc add_to_group(struct judging *in, struct iw_map *by_why, enum iw_sight sight,
                               const struct iw_sigma_demand *demand)
{
    struct member *member = iw_arena_calloc(&in->logs.work, 1, sizeof *member);
    struct iw_map_entry *entry;
    struct group *group;
    struct iw_str why;
    bool is_new = false;
    /* The words of one sight are never those of another. */
    IW_TRY(keep_why(in, &why));
    entry = iw_map_add(by_why, why, &is_new);
    if (entry == NULL || member == NULL)
        return IW_ENOMEM;
    if (is_new) {
        entry->value.pointer = group = iw_arena_calloc(&in->logs.work, 1, sizeof *group);
        if (group == NULL || !iw_array_reserve(&in->groups, &in->groups_cap, in->n_groups + 1,
                                               sizeof(struct group *)))
            return IW_ENOMEM;
        group->reason = (struct iw_rule_reason){.sight = sight, .why = why};
        in->groups[in->n_groups++] = group;
    }
    group = entry->value.pointer;
    *member = (struct member){demand, group->members};
    group->members = member;
    group->reason.n_rules += demand->n_rules;
    return IW_OK;
}

static int compare_groups(const void *left, const void *right)
{
    const struct iw_rule_reason *a = &(*(struct group *const *)left)->reason,
                                *b = &(*(struct group *const *)right)->reason;
    if (a->sight != b->sight)
        return a->sight < b->sight ? -1 : 1;
    if (a->n_rules != b->n_rules)
        return a->n_rules > b->n_rules ? -1 : 1;
    return iw_str_compare(a->why, b->why);
}

static int compare_u32(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The first rules of a group, in the order of the account. */
static enum iw_rc name_rules(struct judging *in, const struct group *group, size_t most,
                             struct iw_rule_reason *reason)
{
    uint32_t *kept;
    size_t n = 0;
    for (const struct member *at = group->members; at != NULL; at = at->next) {
        for (size_t i = 0; i < at->demand->n_rules; i++)
            in->entries[n++] =
                (uint32_t)iw_sigma_ruleset_rule(in->input->ruleset, at->demand->rules[i])
                    ->account_index;
    }
    if (n > 1)
        qsort(in->entries, n, sizeof *in->entries, compare_u32);
    reason->n_listed = n < most ? n : most;
    kept = iw_arena_calloc(&in->ret->arena, reason->n_listed + 1, sizeof *kept);
    if (kept == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < reason->n_listed; i++)
        kept[i] = in->entries[i];
    reason->rules = kept;
    return IW_OK;
}

/* The groups as plain records; past the limit they are counted. Where not all rules of a host may
 * be named each group has its share of names. */
static enum iw_rc keep_reasons(struct judging *in, struct iw_rule_coverage_host *host)
{
    size_t n = in->n_groups < IW_LIMIT_RULE_REASONS ? in->n_groups : IW_LIMIT_RULE_REASONS;
    size_t most = in->ret->n_rules <= in->n_named ? SIZE_MAX : in->n_named / (n + 1) + 1;
    struct iw_rule_reason *reasons = iw_arena_calloc(&in->ret->arena, n + 1, sizeof *reasons);
    if (reasons == NULL)
        return IW_ENOMEM;
    if (in->n_groups > 1)
        qsort(in->groups, in->n_groups, sizeof *in->groups, compare_groups);
    for (size_t i = 0; i < n; i++) {
        reasons[i] = in->groups[i]->reason;
        IW_TRY(name_rules(in, in->groups[i], most, &reasons[i]));
    }
    for (size_t i = n; i < in->n_groups; i++)
        host->n_rules_hidden += in->groups[i]->reason.n_rules;
    host->n_reasons_hidden = in->n_groups - n;
    host->reasons = reasons;
    host->n_reasons = n;
    return IW_OK;
}

/* --- hosts ---------------------------------------------------------------------------------- */

static enum iw_rc judge_demands(struct judging *in, struct iw_map *by_why,
                                struct iw_rule_coverage_host *host)
{
    const struct iw_sigma_demands *demands = in->input->demands;
    for (size_t i = 0; i < demands->n; i++) {
        enum iw_sight sight;
        iw_arena_reset(&in->logs.scratch);
        IW_TRY(judge_demand(in, &demands->items[i], &sight));
        host->n_rules[sight] += demands->items[i].n_rules;
        if (in->input->keeps_reasons)
            IW_TRY(add_to_group(in, by_why, sight, &demands->items[i]));
    }
    return in->input->keeps_reasons ? keep_reasons(in, host) : IW_OK;
}

static enum iw_rc judge_host(struct judging *in, const struct iw_coverage_record *record,
                             struct iw_rule_coverage_host *host)
{
    struct iw_map by_why;
    enum iw_rc rc;
    *host = (struct iw_rule_coverage_host){
        .host = record->host, .from_ns = IW_TIME_UNKNOWN, .to_ns = IW_TIME_UNKNOWN};
    if (!iw_arena_keep(&in->ret->arena, &host->host))
        return IW_ENOMEM;
    in->n_groups = 0;
    iw_map_init(&by_why);
    rc = iw_sight_logs_of_host(&in->logs, host->host);
    if (rc == IW_OK && in->logs.host.log.from_ns < in->logs.host.log.to_ns) {
        host->from_ns = in->logs.host.log.from_ns;
        host->to_ns = in->logs.host.log.to_ns;
    }
    if (rc == IW_OK)
        rc = judge_demands(in, &by_why, host);
    iw_map_done(&by_why);
    return rc;
}

/* Records are by host: whether this one is the first of its own. */
static bool is_first_of_host(const struct iw_coverage *coverage, size_t i)
{
    return i == 0 || !iw_str_equal(coverage->records[i].host, coverage->records[i - 1].host);
}

static enum iw_rc judge_all(struct judging *in)
{
    const struct iw_coverage *coverage = in->input->coverage;
    struct iw_rule_coverage_host *hosts =
        iw_arena_calloc(&in->ret->arena, coverage->n_records + 1, sizeof *hosts);
    size_t n_hosts = 0;
    for (size_t i = 0; i < in->input->demands->n; i++)
        in->ret->n_rules += in->input->demands->items[i].n_rules;
    for (size_t i = 0; i < coverage->n_records; i++)
        n_hosts += is_first_of_host(coverage, i);
    in->n_named = IW_LIMIT_RULES_NAMED / (n_hosts != 0 ? n_hosts : 1);
    in->entries = iw_calloc(in->ret->n_rules + 1, sizeof *in->entries);
    if (hosts == NULL || in->entries == NULL)
        return IW_ENOMEM;
    in->ret->hosts = hosts;
    for (size_t i = 0; i < coverage->n_records; i++) {
        if (!is_first_of_host(coverage, i))
            continue;
        if (iw_coverage_is_cancelled(in->input->known))
            return IW_ECANCELLED;
        IW_TRY(judge_host(in, &coverage->records[i], &hosts[in->ret->n_hosts]));
        in->ret->n_hosts++;
    }
    return IW_OK;
}

enum iw_rc iw_rule_sight_judge(const struct iw_rule_sight_input *input,
                               struct iw_rule_coverage *ret)
{
    struct judging in = {.input = input, .ret = ret};
    enum iw_rc rc;
    iw_map_init(&in.whys);
    iw_buffer_init(&in.why);
    rc = iw_sight_logs_init(&in.logs, input);
    if (rc == IW_OK)
        rc = judge_all(&in);
    iw_sight_logs_done(&in.logs);
    iw_free(in.groups);
    iw_free(in.entries);
    iw_buffer_done(&in.why);
    iw_map_done(&in.whys);
    return rc;
}
