/*
 * Matched events in the order of event time: each gives a finding for every rule that is told of,
 * and goes to the correlations. A run without correlations reads them once.
 */
#include "engine/match_findings.h"

#include "engine/correlation_findings.h"
#include "engine/log_marks.h"
#include "engine/rule_finding.h"

struct matching {
    const struct iw_match_input *input;
    struct iw_run *run;
    iw_take_finding *take;
    void *context;
    struct iw_correlation_findings *correlations; /* NULL: there are none */
    struct iw_decision_reader *decisions;         /* NULL: nothing was decided */
    struct iw_log_marks marks;
    uint64_t n_conflicts, n_untimed; /* events */
    uint64_t n_cut;                  /* as iw_order_account says */
    uint64_t n_linked;               /* hits of rules that a chain tells of */
    struct iw_arena arena;           /* of one event */
};

/* Whether it may be later than, or at, the other. */
static bool may_reach(int64_t time_ns, int64_t other_ns, int64_t off_ns)
{
    int64_t latest_ns;
    return !iw_time_known(other_ns) || __builtin_add_overflow(time_ns, off_ns, &latest_ns) ||
           latest_ns >= other_ns;
}

bool iw_match_is_shown(int64_t since_ns, int64_t until_ns, int64_t last_time_ns, bool is_local_time)
{
    int64_t off_ns = is_local_time ? iw_fact_clock_uncertainty_ns(IW_CLOCK_LOCAL) : 0;
    if (!iw_time_known(last_time_ns))
        return true;
    return may_reach(last_time_ns, since_ns, off_ns) &&
           (!iw_time_known(until_ns) || may_reach(until_ns, last_time_ns, off_ns));
}

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- findings of rules --------------------------------------------------------------------- */

/* What was known of the context that decided. */
static enum iw_rc add_context(const struct iw_match *match, uint32_t rule, struct iw_arena *arena,
                              struct iw_finding *finding)
{
    for (size_t i = 0; i < match->n_decided; i++) {
        if (match->decided[i].rule == rule)
            return iw_text_list_join(&finding->why, match->decided[i].why, arena);
    }
    return IW_OK;
}

static enum iw_rc give(struct matching *matching, const struct iw_fact *fact,
                       const struct iw_match *match, uint32_t rule, struct iw_error *err)
{
    const struct iw_sigma_rule *kept = &matching->input->rules[rule];
    struct iw_finding finding;
    IW_TRY(iw_match_finding(fact, match, &matching->run->ledger, &matching->arena, &finding, err));
    if (iw_rule_finding_complete(kept, &matching->arena, &finding) != IW_OK ||
        add_context(match, rule, &matching->arena, &finding) != IW_OK ||
        iw_match_tell_hidden_copies(&finding, &matching->arena) != IW_OK)
        return no_memory(err);
    return matching->take(matching->context, &finding, err);
}

/* Its time was corrected, and now lies outside: it was counted as a match. */
static void leave_out(struct matching *matching, const struct iw_fact *fact, uint32_t rule)
{
    struct iw_run *run = matching->run;
    uint64_t n = 1 + fact->n_copies + fact->n_copies_hidden;
    run->n_outside_window += n;
    run->rules.entries[matching->input->rules[rule].account_index].n_matches -= n;
}

static bool is_of_analytic(const struct iw_sigma_rule *rule)
{
    for (size_t i = 0; i < rule->analytic.n; i++) {
        if (iw_str_equal(rule->analytic.items[i], IW_STR("AN1108")))
            return true;
    }
    return false;
}

/* Whether a rule says what chains say, and nothing else: a web shell, or a program it starts. */
static bool is_of_chains_alone(const struct iw_sigma_rule *rule)
{
    for (size_t i = 0; i < rule->attack.n; i++) {
        if (!iw_str_begins_nocase(rule->attack.items[i], IW_STR("T1505.003")) &&
            !iw_str_begins_nocase(rule->attack.items[i], IW_STR("T1059")))
            return false;
    }
    return rule->attack.n != 0;
}

/* The chain names the rule beside its link. What says something else of the event (passwords were
 * read), or says it louder than the chain does, stays a finding of its own. Above medium, which
 * every chain is at least unless something explains it, a rule must say nothing else at all. */
static bool is_told_by_chain(const struct iw_match_input *input, const struct iw_match *match,
                             uint32_t rule)
{
    const struct iw_sigma_rule *kept = &input->rules[rule];
    if (!match->is_link || kept->level > match->link_level)
        return false;
    return is_of_chains_alone(kept) || (kept->level <= IW_LEVEL_MEDIUM && is_of_analytic(kept));
}

static enum iw_rc give_rules(struct matching *matching, const struct iw_fact *fact,
                             const struct iw_match *match, struct iw_error *err)
{
    const struct iw_match_input *input = matching->input;
    bool is_shown = iw_match_is_shown(input->since_ns, input->until_ns, fact->time_ns,
                                      fact->clock == IW_CLOCK_LOCAL);
    for (size_t i = 0; i < match->n_rules; i++) {
        if (input->n_correlations != 0 && iw_correlate_hides(input->ruleset, match->rules[i]))
            continue;
        if (is_told_by_chain(input, match, match->rules[i]))
            matching->n_linked++;
        else if (is_shown)
            IW_TRY(give(matching, fact, match, match->rules[i], err));
        else
            leave_out(matching, fact, match->rules[i]);
    }
    return IW_OK;
}

/* --- correlations -------------------------------------------------------------------------- */

/* The temporary file takes no more: what else there is will be told, and why this is missing. */
static enum iw_rc give_up_correlations(struct matching *matching, const struct iw_error *failure,
                                       struct iw_error *err)
{
    if (failure->rc != IW_EIO) {
        if (err != NULL)
            *err = *failure;
        return failure->rc;
    }
    iw_correlation_findings_free(matching->correlations);
    matching->correlations = NULL;
    if (matching->run->failure.rc == IW_OK)
        matching->run->failure = *failure;
    return iw_run_note(matching->run, "correlations could not be run to their end: %s",
                       failure->message) == IW_OK
               ? IW_OK
               : no_memory(err);
}

/* --- reading ------------------------------------------------------------------------------- */

static void count(struct matching *matching, const struct iw_fact *fact)
{
    matching->run->n_duplicate_events += fact->n_copies + fact->n_copies_hidden;
    matching->n_conflicts += fact->is_conflict;
    matching->n_untimed += !iw_time_known(fact->time_ns);
}

static enum iw_rc take_first(struct matching *matching, uint64_t ordinal,
                             const struct iw_fact *fact, const struct iw_match *match,
                             struct iw_error *err)
{
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (matching->correlations == NULL)
        return IW_OK;
    rc = iw_correlation_findings_feed(matching->correlations, ordinal, fact, match, &failure);
    return rc == IW_OK ? IW_OK : give_up_correlations(matching, &failure, err);
}

static enum iw_rc take_second(struct matching *matching, uint64_t ordinal,
                              const struct iw_fact *fact, const struct iw_match *match,
                              struct iw_error *err)
{
    return iw_correlation_findings_see(matching->correlations, ordinal, fact, match, err);
}

typedef enum iw_rc take_match(struct matching *matching, uint64_t ordinal,
                              const struct iw_fact *fact, const struct iw_match *match,
                              struct iw_error *err);

static enum iw_rc take_rules(struct matching *matching, const struct iw_fact *fact,
                             const struct iw_match *match, struct iw_error *err)
{
    count(matching, fact);
    return give_rules(matching, fact, match, err);
}

/* Rules that only another form of the record matched, and all of them for correlations. */
static enum iw_rc join_variants(struct matching *matching, const struct iw_fact *fact,
                                struct iw_match *known, bool is_first, struct iw_error *err)
{
    for (size_t i = 0; i < fact->n_variants; i++) {
        struct iw_match match;
        IW_TRY(iw_decisions_read_variant(matching->decisions, fact, i, known, &matching->arena,
                                         &match, err));
        if (is_first)
            IW_TRY(give_rules(matching, fact, &match, err));
        if (iw_match_join(known, &match, &matching->arena) != IW_OK)
            return no_memory(err);
    }
    return IW_OK;
}

static enum iw_rc read_all(struct matching *matching, struct iw_order_reader *reader, bool is_first,
                           take_match *take, struct iw_error *err)
{
    const _Atomic bool *cancelled = matching->input->cancelled;
    struct iw_fact fact;
    struct iw_match match;
    enum iw_rc rc;
    uint64_t ordinal = 0;
    while ((rc = iw_order_next(reader, &fact, err)) == IW_OK) {
        if (cancelled != NULL && atomic_load(cancelled)) {
            matching->run->interrupted = true;
            return IW_OK;
        }
        iw_arena_reset(&matching->arena);
        if (is_first && iw_log_marks_see(&matching->marks, &fact) != IW_OK)
            return no_memory(err);
        if (fact.kind != IW_FACT_MATCH)
            continue;
        IW_TRY(iw_decisions_read_form(matching->decisions, &fact, &matching->arena, &match, err));
        if (is_first)
            IW_TRY(take_rules(matching, &fact, &match, err));
        if (fact.n_variants != 0)
            IW_TRY(join_variants(matching, &fact, &match, is_first, err));
        IW_TRY(take(matching, ordinal++, &fact, &match, err));
    }
    return rc == IW_END ? IW_OK : rc;
}

/* All matches, and beside them what context decided. */
static enum iw_rc read_pass(struct matching *matching, bool is_last, bool is_first,
                            take_match *take, struct iw_error *err)
{
    const struct iw_match_input *input = matching->input;
    struct iw_order_reader *reader;
    enum iw_rc rc = IW_OK;
    IW_TRY(iw_order_open(input->order, IW_ORDER_OVERALL, is_last, &reader, err));
    if (input->decisions != NULL)
        rc = iw_decisions_open(input->decisions, &matching->decisions, err);
    if (rc == IW_OK)
        rc = read_all(matching, reader, is_first, take, err);
    if (is_first)
        matching->n_cut = iw_order_account(reader).n_cut;
    iw_decisions_close(matching->decisions);
    matching->decisions = NULL;
    iw_order_close(reader);
    return rc;
}

/* *n* matched events are something that must be told; *one* and *many* are the words for it. */
static enum iw_rc note_events(struct iw_run *run, uint64_t n, const char *one, const char *many)
{
    if (n == 0)
        return IW_OK;
    return iw_run_note(run, "%llu matched %s", (unsigned long long)n, n == 1 ? one : many);
}

static enum iw_rc note_linked(struct iw_run *run, uint64_t n)
{
    if (n == 0)
        return IW_OK;
    return iw_run_note(run, "%llu %s and %s told there, not beside %s", (unsigned long long)n,
                       n == 1 ? "hit of a rule is a link of a chain, or repeats one,"
                              : "hits of rules are links of chains, or repeat one,",
                       n == 1 ? "is" : "are", n == 1 ? "it" : "them");
}

static enum iw_rc note_account(const struct matching *matching)
{
    struct iw_run *run = matching->run;
    IW_TRY(note_linked(run, matching->n_linked));
    IW_TRY(note_events(run, matching->n_conflicts,
                       "event shares channel, record id and time with another but differs in "
                       "content: both are kept",
                       "events share channel, record id and time with another but differ in "
                       "content: all are kept"));
    if (matching->n_cut != 0)
        IW_TRY(iw_run_note(run,
                           "%llu times, forms of one matched event were more than is held: copies "
                           "among them may count as events of their own",
                           (unsigned long long)matching->n_cut));
    return note_events(run, matching->n_untimed,
                       "event has no time that can be read: it stands in no order and took no "
                       "part in correlations",
                       "events have no time that can be read: they stand in no order and took no "
                       "part in correlations");
}

static enum iw_rc read_first(struct matching *matching, struct iw_error *err)
{
    enum iw_rc rc = read_pass(matching, matching->correlations == NULL, true, take_first, err);
    if (rc == IW_OK && (note_account(matching) != IW_OK ||
                        iw_log_marks_tell(&matching->marks, matching->run) != IW_OK))
        rc = no_memory(err);
    return rc;
}

static enum iw_rc read_second(struct matching *matching, struct iw_error *err)
{
    enum iw_rc rc;
    IW_TRY(iw_correlation_findings_rewind(matching->correlations, err));
    rc = read_pass(matching, true, false, take_second, err);
    if (rc == IW_OK)
        rc = iw_correlation_findings_give(matching->correlations, matching->take, matching->context,
                                          err);
    return rc;
}

enum iw_rc iw_match_findings(const struct iw_match_input *input, struct iw_run *run,
                             iw_take_finding *take, void *context, struct iw_error *err)
{
    struct matching matching = {.input = input, .run = run, .take = take, .context = context};
    enum iw_rc rc = IW_OK;
    iw_arena_init(&matching.arena, 0);
    iw_log_marks_init(&matching.marks);
    if (input->n_correlations != 0) {
        matching.correlations = iw_correlation_findings_new(input, run);
        if (matching.correlations == NULL)
            rc = no_memory(err);
    }
    if (rc == IW_OK)
        rc = read_first(&matching, err);
    if (rc == IW_OK && matching.correlations != NULL) {
        struct iw_error failure = {.rc = IW_OK};
        rc = read_second(&matching, &failure);
        if (rc != IW_OK)
            rc = give_up_correlations(&matching, &failure, err);
    }
    iw_correlation_findings_free(matching.correlations);
    iw_log_marks_done(&matching.marks);
    iw_arena_done(&matching.arena);
    return rc;
}
