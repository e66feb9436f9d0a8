#include "engine/context_pass.h"

#include "base/alloc.h"
#include "base/packed.h"
#include "context/context_gaps.h"
#include "engine/context_line.h"
#include "result/change_level.h"
#include "result/finding_record.h"

struct passing {
    const struct iw_context_pass *pass;
    struct iw_run *run;
    struct iw_host_context context;
    struct iw_context_asking asking;
    struct iw_sigma_decider *decider;
    struct iw_buffer host; /* whose facts are read */
    bool has_host;
    uint64_t n_untimed; /* context facts without a time */
    uint64_t n_cut;     /* as iw_order_account says */

    /* Of the event that is decided. */
    struct iw_arena event;
    const struct iw_fact *asked;
    const struct iw_match *form;
    struct iw_decided_rule *decided;
    size_t n_decided, decided_cap;
    uint32_t *open; /* rules that a form of it left unknown */
    size_t n_open, open_cap;
    struct iw_context_lines lines; /* of the rule that is decided */
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- asking ------------------------------------------------------------------------------- */

/* What the change records say of the act that the event is, if it is one. */
static enum iw_rc answer_change(struct passing *passing, struct iw_context_answer *ret)
{
    struct iw_finding finding;
    struct iw_error ignored = {.rc = IW_OK};
    *ret = (struct iw_context_answer){.is_known = true, .n = 1};
    IW_TRY(iw_match_finding(passing->asked, passing->form, &passing->run->ledger, &passing->event,
                            &finding, &ignored));
    if (passing->pass->rule_changes != NULL)
        IW_TRY(iw_rule_changes_judge(passing->pass->rule_changes, &finding));
    ret->values[0] = iw_str_of(iw_change_status_name(finding.change.status));
    return IW_OK;
}

static enum iw_rc answer(void *context, struct iw_str field, struct iw_context_answer *ret)
{
    struct passing *passing = context;
    if (iw_str_equal_nocase(field, IW_STR("Change.Status")))
        return answer_change(passing, ret);
    return iw_context_field_ask(&passing->asking, field, ret);
}

/* The same, and what was said stands in the finding. */
static enum iw_rc answer_in_words(void *context, struct iw_str field, struct iw_context_answer *ret)
{
    struct passing *passing = context;
    IW_TRY(answer(context, field, ret));
    return iw_context_lines_add(&passing->lines, field, ret, &passing->event);
}

static enum iw_rc say_gap(void *context, struct iw_str field,
                          const struct iw_context_answer *answer, struct iw_context_gap *ret)
{
    struct passing *passing = context;
    return iw_context_gap_of(&passing->asking, field, answer, ret);
}

/* What surrounded a moment nobody knows, nobody knows. */
static enum iw_rc answer_nothing(void *context, struct iw_str field, struct iw_context_answer *ret)
{
    (void)context;
    (void)field;
    *ret = (struct iw_context_answer){.is_known = false};
    return IW_OK;
}

static enum iw_rc say_local_clock(void *context, struct iw_str field,
                                  const struct iw_context_answer *answer,
                                  struct iw_context_gap *ret)
{
    (void)context;
    (void)field;
    (void)answer;
    ret->why = IW_STR("its log is in local time and tells no zone, so nothing of its moment is "
                      "known");
    ret->evidence = IW_STR("the same requests in W3C format, which is in UTC");
    return IW_OK;
}

/* --- deciding ----------------------------------------------------------------------------- */

static bool is_decided(const struct passing *passing, uint32_t rule)
{
    for (size_t i = 0; i < passing->n_decided; i++) {
        if (passing->decided[i].rule == rule)
            return true;
    }
    return false;
}

/* Rules come ascending within a form; another form may add one before. */
static enum iw_rc keep_decided(struct passing *passing, uint32_t rule)
{
    size_t at = passing->n_decided;
    if (!iw_array_reserve(&passing->decided, &passing->decided_cap, at + 1,
                          sizeof *passing->decided))
        return IW_ENOMEM;
    for (; at > 0 && passing->decided[at - 1].rule > rule; at--)
        passing->decided[at] = passing->decided[at - 1];
    passing->decided[at] = (struct iw_decided_rule){
        .rule = rule, .why = iw_context_lines_list(&passing->lines, &passing->event)};
    passing->n_decided++;
    return passing->decided[at].why.items != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc keep_open(struct passing *passing, uint32_t rule)
{
    for (size_t i = 0; i < passing->n_open; i++) {
        if (passing->open[i] == rule)
            return IW_OK;
    }
    if (!iw_array_reserve(&passing->open, &passing->open_cap, passing->n_open + 1,
                          sizeof *passing->open))
        return IW_ENOMEM;
    passing->open[passing->n_open++] = rule;
    return IW_OK;
}

static enum iw_rc decide_rule(struct passing *passing, const struct iw_sigma_perhaps *perhaps,
                              struct iw_error *err)
{
    enum iw_truth truth = IW_UNKNOWN;
    enum iw_rc rc;
    if (is_decided(passing, perhaps->rule))
        return IW_OK;
    iw_context_lines_clear(&passing->lines);
    rc = iw_sigma_decide(passing->decider, perhaps->rule, perhaps->residue,
                         passing->asked->clock == IW_CLOCK_LOCAL ? answer_nothing : answer_in_words,
                         passing, &truth);
    if (rc == IW_EFORMAT)
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    if (rc == IW_OK && truth == IW_TRUE)
        rc = keep_decided(passing, perhaps->rule);
    else if (rc == IW_OK && truth == IW_UNKNOWN)
        rc = keep_open(passing, perhaps->rule);
    return rc == IW_OK ? IW_OK : no_memory(err);
}

/* One form of the event's record. */
static enum iw_rc decide_form(struct passing *passing, struct iw_str payload, struct iw_error *err)
{
    struct iw_context_subject subject;
    struct iw_match match;
    enum iw_rc rc = IW_OK;
    IW_TRY(iw_match_read(payload, &passing->event, &match, err));
    if (!iw_context_subject_parse(match.subject, &subject))
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    if (iw_context_asking_begin(&passing->asking, &subject, passing->asked->time_ns) != IW_OK)
        return no_memory(err);
    passing->form = &match;
    for (size_t i = 0; i < match.n_perhaps && rc == IW_OK; i++)
        rc = decide_rule(passing, &match.perhaps[i], err);
    passing->form = NULL;
    return rc;
}

/* NULL: nobody keeps account. */
static struct iw_rule_entry *entry_of(const struct passing *passing, uint32_t rule)
{
    if (passing->pass->rules == NULL)
        return NULL;
    return &passing->run->rules.entries[passing->pass->rules[rule].account_index];
}

/* What finds no room on the disk is counted where it is missing. */
static enum iw_rc keep_decisions(struct passing *passing, const struct iw_fact *fact,
                                 struct iw_error *err)
{
    const struct iw_context_pass *pass = passing->pass;
    struct iw_run *run = passing->run;
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc =
        iw_decisions_add(pass->decisions, fact, passing->decided, passing->n_decided, &failure);
    if (rc != IW_OK && rc != IW_EIO) {
        *err = failure;
        return rc;
    }
    if (rc == IW_EIO && run->failure.rc == IW_OK)
        run->failure = failure;
    for (size_t i = 0; i < passing->n_decided; i++) {
        struct iw_rule_entry *entry = entry_of(passing, passing->decided[i].rule);
        if (entry == NULL)
            continue;
        entry->n_matches += 1 + fact->n_copies + fact->n_copies_hidden;
        entry->n_unkept += rc == IW_EIO;
    }
    return IW_OK;
}

/* Rules that no form of the event decided. */
static void count_open(struct passing *passing)
{
    for (size_t i = 0; i < passing->n_open; i++) {
        struct iw_rule_entry *entry = entry_of(passing, passing->open[i]);
        if (entry != NULL && !is_decided(passing, passing->open[i]))
            entry->n_undecided++;
    }
}

static enum iw_rc decide_event(struct passing *passing, const struct iw_fact *fact,
                               struct iw_error *err)
{
    iw_arena_reset(&passing->event);
    passing->asked = fact;
    passing->n_decided = passing->n_open = 0;
    IW_TRY(decide_form(passing, fact->payload, err));
    for (size_t i = 0; i < fact->n_variants; i++)
        IW_TRY(decide_form(passing, fact->variants[i], err));
    count_open(passing);
    if (passing->n_decided == 0)
        return IW_OK;
    return keep_decisions(passing, fact, err);
}

/* --- looking ------------------------------------------------------------------------------ */

void iw_context_look_write(struct iw_str subject, const struct iw_finding *finding,
                           struct iw_str what, struct iw_buffer *out)
{
    iw_pack_text(out, subject);
    iw_pack_text(out, what);
    if (finding != NULL)
        iw_finding_record_write(finding, out);
}

/* One form of the event's record. */
static enum iw_rc look_at_form(struct passing *passing, size_t form, struct iw_str payload,
                               struct iw_error *err)
{
    const struct iw_context_pass *pass = passing->pass;
    bool is_local = passing->asked->clock == IW_CLOCK_LOCAL;
    struct iw_unpacking in = {payload, false};
    struct iw_context_subject subject;
    struct iw_match match = {.n_rules = 0};
    struct iw_looked looked = {.fact = passing->asked,
                               .form = form,
                               .answer = is_local ? answer_nothing : answer,
                               .gap = is_local ? say_local_clock : say_gap,
                               .context = passing};
    enum iw_rc rc;
    match.subject = iw_unpack_text(&in);
    looked.what = iw_unpack_text(&in);
    match.finding = in.left;
    if (in.is_broken || !iw_context_subject_parse(match.subject, &subject))
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    if (iw_context_asking_begin(&passing->asking, &subject, passing->asked->time_ns) != IW_OK)
        return no_memory(err);
    passing->form = &match;
    rc = pass->take_looked(pass->take_context, &looked, err);
    passing->form = NULL;
    return rc;
}

static enum iw_rc look_at(struct passing *passing, const struct iw_fact *fact, struct iw_error *err)
{
    iw_arena_reset(&passing->event);
    passing->asked = fact;
    IW_TRY(look_at_form(passing, 0, fact->payload, err));
    for (size_t i = 0; i < fact->n_variants; i++)
        IW_TRY(look_at_form(passing, i + 1, fact->variants[i], err));
    return IW_OK;
}

/* --- reading ------------------------------------------------------------------------------ */

/* All of the present host was told. */
static enum iw_rc leave_host(struct passing *passing, struct iw_error *err)
{
    bool had_host = passing->has_host;
    passing->has_host = false;
    return had_host && passing->pass->chains != NULL
               ? iw_chain_findings_end(passing->pass->chains, err)
               : IW_OK;
}

/* Another host: the one before is told. */
static enum iw_rc go_to(struct passing *passing, const struct iw_fact *fact, struct iw_error *err)
{
    if (passing->has_host && iw_str_equal_nocase(iw_buffer_str(&passing->host), fact->host))
        return IW_OK;
    IW_TRY(leave_host(passing, err));
    iw_buffer_clear(&passing->host);
    iw_buffer_add(&passing->host, fact->host);
    if (passing->host.failed)
        return no_memory(err);
    passing->has_host = true;
    iw_host_context_begin(&passing->context, iw_buffer_str(&passing->host));
    return passing->pass->chains != NULL
               ? iw_chain_findings_begin(passing->pass->chains, &passing->context, err)
               : IW_OK;
}

static enum iw_rc tell(struct passing *passing, const struct iw_fact *fact)
{
    const struct iw_event_place place = {.event_id = fact->event_id,
                                         .source = fact->place.source,
                                         .record_id = fact->record_id,
                                         .offset = fact->place.offset,
                                         .line = fact->place.line,
                                         .time_ns = fact->time_ns};
    if (!iw_time_known(fact->time_ns)) {
        passing->n_untimed++;
        return IW_OK;
    }
    IW_TRY(iw_host_context_tell(&passing->context, fact->time_ns, &place, fact->payload));
    /* Other forms of the record: what they say more is put beside it. */
    for (size_t i = 0; i < fact->n_variants; i++)
        IW_TRY(iw_host_context_tell(&passing->context, fact->time_ns, &place, fact->variants[i]));
    return IW_OK;
}

/* The context of an instant is read first (order/order.h), so that all of it is told by now. */
static enum iw_rc take_fact(struct passing *passing, const struct iw_fact *fact,
                            struct iw_error *err)
{
    IW_TRY(go_to(passing, fact, err));
    if (fact->kind == IW_FACT_CONTEXT)
        return tell(passing, fact) == IW_OK ? IW_OK : no_memory(err);
    if (fact->kind == IW_FACT_MATCH)
        return decide_event(passing, fact, err);
    if (fact->kind == IW_FACT_LOOK && passing->pass->take_looked != NULL)
        return look_at(passing, fact, err);
    if (fact->kind == IW_FACT_CHAIN && passing->pass->chains != NULL)
        return iw_chain_findings_see(passing->pass->chains, fact, err);
    return IW_OK;
}

static enum iw_rc read_all(struct passing *passing, struct iw_order_reader *reader,
                           struct iw_error *err)
{
    const _Atomic bool *cancelled = passing->pass->cancelled;
    struct iw_fact fact;
    enum iw_rc rc;
    while ((rc = iw_order_next(reader, &fact, err)) == IW_OK) {
        if (cancelled != NULL && atomic_load(cancelled)) {
            passing->run->interrupted = true;
            break;
        }
        IW_TRY(take_fact(passing, &fact, err));
    }
    if (rc != IW_END && rc != IW_OK)
        return rc;
    passing->n_cut = iw_order_account(reader).n_cut;
    return leave_host(passing, err);
}

/* --- the account -------------------------------------------------------------------------- */

static enum iw_rc note(struct iw_run *run, uint64_t n, const char *what)
{
    return n != 0 ? iw_run_note(run, "%llu %s", (unsigned long long)n, what) : IW_OK;
}

/* What was more than is kept or looked at. */
static enum iw_rc tell_limits(const struct passing *passing)
{
    const struct iw_lineage_account lineage = iw_lineage_account(passing->context.lineage);
    struct iw_run *run = passing->run;
    IW_TRY(
        note(run, lineage.n_forgotten,
             "processes were more than is kept of a host: what they did later is not known to be "
             "theirs"));
    IW_TRY(note(run, lineage.n_not_compared,
                "starts and ends of processes name an id that more processes had at that moment "
                "than are compared: two witnesses of one process may count as two processes"));
    IW_TRY(note(run, lineage.n_not_followed,
                "processes name a parent that has more ancestors than are followed: it is not "
                "known"));
    IW_TRY(note(run, iw_logons_account(passing->context.logons).n_forgotten,
                "logons were more than is kept of a host: what was done under them later is not "
                "known to be theirs"));
    IW_TRY(note(run, passing->context.workers.n_not_kept,
                "workers started as more accounts than are kept of a host: what runs as these "
                "without a web server above it is not known to be the web server's"));
    return note(run, passing->n_cut,
                "times, forms of one record that chains and context rules stand on were more than "
                "is held: copies among them may count as events of their own");
}

static enum iw_rc tell_account(struct passing *passing)
{
    struct iw_run *run = passing->run;
    IW_TRY(
        note(run, passing->context.n_odd, "facts of processes and logons could not be read back"));
    IW_TRY(tell_limits(passing));
    if (passing->pass->chains != NULL)
        IW_TRY(iw_chain_findings_tell(passing->pass->chains));
    return note(run, passing->n_untimed,
                passing->n_untimed == 1
                    ? "event of a process or a logon has no time that can be read: it is nobody's "
                      "parent and nobody's logon"
                    : "events of processes and logons have no time that can be read: they are "
                      "nobody's parent and nobody's logon");
}

static enum iw_rc begin(struct passing *passing, struct iw_error *err)
{
    const struct iw_context_pass *pass = passing->pass;
    enum iw_rc rc = iw_host_context_init(&passing->context, pass->sid_names, pass->places);
    iw_context_asking_init(&passing->asking, &passing->context);
    iw_context_lines_init(&passing->lines);
    iw_arena_init(&passing->event, 0);
    iw_buffer_init(&passing->host);
    passing->decider = iw_sigma_decider_new(pass->ruleset, pass->names);
    return rc == IW_OK && passing->decider != NULL ? IW_OK : no_memory(err);
}

static void end(struct passing *passing)
{
    iw_sigma_decider_free(passing->decider);
    iw_context_asking_done(&passing->asking);
    iw_context_lines_done(&passing->lines);
    iw_host_context_done(&passing->context);
    iw_arena_done(&passing->event);
    iw_buffer_done(&passing->host);
    iw_free(passing->decided);
    iw_free(passing->open);
}

static enum iw_rc run_pass(struct passing *passing, struct iw_error *err)
{
    struct iw_order_reader *reader = NULL;
    enum iw_rc rc = begin(passing, err);
    if (rc == IW_OK)
        rc = iw_order_open(passing->pass->order, IW_ORDER_OF_HOSTS, true, &reader, err);
    if (rc == IW_OK)
        rc = read_all(passing, reader, err);
    iw_order_close(reader);
    if (rc == IW_OK && tell_account(passing) != IW_OK)
        rc = no_memory(err);
    return rc;
}

enum iw_rc iw_context_pass_run(const struct iw_context_pass *pass, struct iw_run *run,
                               struct iw_error *err)
{
    struct passing passing = {.pass = pass, .run = run};
    struct iw_error failure = {.rc = IW_OK};
    enum iw_rc rc;
    if (!iw_order_has_facts(pass->order, IW_ORDER_OF_HOSTS))
        return IW_OK;
    rc = run_pass(&passing, &failure);
    end(&passing);
    if (rc != IW_OK && err != NULL)
        *err = failure;
    return rc;
}
