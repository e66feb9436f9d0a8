/*
 * A rule that asks for context: what each event says is kept as a fact of its host in pass 1, and
 * explained in the context pass, at the moment of its host at which a hunt decides it.
 */
#include "engine/explain_context.h"

#include "base/alloc.h"
#include "engine/context_reading.h"
#include "engine/event_finding.h"

struct run {
    const struct iw_explaining *what;
    struct iw_run *run;
    struct iw_context_reading reading;
    bool asks_change; /* change records are asked for */
    struct iw_explain_tally tally;
    /* Pass 2. */
    struct iw_sigma_explainer *explainer;
    struct iw_explained_event entry; /* the event that is looked at, by its best form so far */
    uint64_t *blamed, *form_blamed;  /* for that, and for the present form; by item */
};

struct thread {
    struct run *shared;
    struct iw_gatherer gatherer;
    struct iw_sigma_explainer *explainer;
    struct iw_explain_tally tally; /* counts alone */
    struct iw_buffer what;
};

/* --- pass 1 -------------------------------------------------------------------------------- */

static struct iw_sigma_explainer *new_explainer(const struct run *run)
{
    const struct iw_rulebook *book = run->what->book;
    struct iw_sigma_explainer *explainer = iw_sigma_explainer_new(book->ruleset, run->what->rule);
    if (explainer != NULL &&
        iw_sigma_explainer_await_context(explainer, book->ruleset, &book->names) == IW_OK)
        return explainer;
    iw_sigma_explainer_free(explainer);
    return NULL;
}

static enum iw_rc thread_end(void *state, bool keep)
{
    struct thread *thread = state;
    enum iw_rc rc = iw_gatherer_end(&thread->gatherer, keep);
    if (keep)
        iw_explain_tally_merge(&thread->shared->tally, &thread->tally);
    iw_explain_tally_done(&thread->tally);
    iw_sigma_explainer_free(thread->explainer);
    iw_buffer_done(&thread->what);
    iw_free(thread);
    return rc;
}

static void *thread_begin(void *context)
{
    struct run *shared = context;
    struct thread *thread = iw_calloc(1, sizeof *thread);
    bool is_ready;
    if (thread == NULL)
        return NULL;
    thread->shared = shared;
    iw_buffer_init(&thread->what);
    is_ready = iw_gatherer_begin(&thread->gatherer, &shared->reading.gathering) == IW_OK;
    is_ready &= iw_explain_tally_init(&thread->tally, shared->what->n_items, 1) == IW_OK;
    thread->explainer = new_explainer(shared);
    if (is_ready && thread->explainer != NULL)
        return thread;
    (void)thread_end(thread, false);
    return NULL;
}

/* Whether the record was recovered, then what it says. */
static enum iw_rc keep_look(struct thread *thread, const struct iw_event *event)
{
    struct iw_gatherer *gatherer = &thread->gatherer;
    bool is_recovered = (event->flags & IW_EVENT_RECOVERED) != 0;
    struct iw_finding finding;
    struct iw_str subject;
    struct iw_fact fact;
    iw_buffer_clear(&thread->what);
    iw_buffer_add_char(&thread->what, is_recovered ? 1 : 0);
    IW_TRY(iw_sigma_explainer_look(thread->explainer, event, &thread->what));
    IW_TRY(iw_gatherer_subject(gatherer, event, &subject));
    if (thread->shared->asks_change) {
        iw_arena_reset(&gatherer->record);
        IW_TRY(iw_event_finding_make(event, &gatherer->record, &gatherer->scratch, &finding));
    }
    IW_TRY(iw_gatherer_fact(gatherer, event, &fact));
    fact.kind = IW_FACT_LOOK;
    iw_buffer_clear(&gatherer->payload);
    iw_context_look_write(subject, thread->shared->asks_change ? &finding : NULL,
                          iw_buffer_str(&thread->what), &gatherer->payload);
    return iw_gatherer_keep(gatherer, IW_ORDER_OF_HOSTS, &fact);
}

static enum iw_rc take_batch(void *state, const struct iw_batch *batch)
{
    struct thread *thread = state;
    struct iw_gatherer *gatherer = &thread->gatherer;
    IW_TRY(iw_tree_hosts_add(&gatherer->trees, batch));
    for (size_t i = 0; i < batch->n; i++) {
        const struct iw_event *event = &batch->events[i];
        bool is_wanted;
        IW_TRY(iw_gatherer_see(gatherer, event));
        IW_TRY(iw_explaining_chooses(thread->shared->what, thread->explainer, event,
                                     &gatherer->scratch, &thread->tally, &is_wanted));
        if (is_wanted)
            IW_TRY(keep_look(thread, event));
    }
    return IW_OK;
}

/* --- pass 2 -------------------------------------------------------------------------------- */

static struct iw_explained_event place_of(const struct run *run, const struct iw_fact *fact,
                                          bool is_recovered)
{
    return (struct iw_explained_event){
        .time_ns = fact->time_ns,
        .channel = fact->channel,
        .computer = fact->computer,
        .source = run->run->ledger.sources[fact->place.source].path,
        .event_id = fact->event_id,
        .source_index = fact->place.source,
        .record_id = fact->record_id,
        .offset = fact->place.offset,
        .is_recovered = is_recovered,
    };
}

/* The form is the best so far: it stands for the event. */
static enum iw_rc take_form(struct run *run, const struct iw_explained_event *entry,
                            struct iw_str look, const struct iw_sigma_answerer *answerer)
{
    uint64_t *before = run->blamed;
    run->entry = *entry;
    run->blamed = run->form_blamed;
    run->form_blamed = before;
    if (!iw_explain_tally_wants(&run->tally, entry))
        return IW_OK;
    return iw_sigma_explainer_explain_look(run->explainer, look, answerer, &run->tally.arena,
                                           &run->entry.explanation);
}

static enum iw_rc end_event(struct run *run, const struct iw_fact *fact)
{
    struct iw_explain_tally *tally = &run->tally;
    enum iw_answer answer = run->entry.explanation.answer;
    run->run->n_duplicate_events += fact->n_copies + fact->n_copies_hidden;
    iw_explain_tally_count(tally, answer);
    for (size_t i = 0; i < tally->n_items && answer != IW_ANSWER_YES; i++)
        tally->blamed[i] += run->blamed[i];
    return iw_explain_tally_wants(tally, &run->entry) ? iw_explain_tally_keep(tally, &run->entry)
                                                      : IW_OK;
}

/* Forms of one record are one event, which matches when one of them does. */
static enum iw_rc explain_form(struct run *run, const struct iw_looked *looked)
{
    const struct iw_sigma_answerer answerer = {looked->answer, looked->gap, looked->context};
    struct iw_str look = {looked->what.p + 1, looked->what.n - 1};
    struct iw_explained_event entry = place_of(run, looked->fact, looked->what.p[0] != 0);
    memset(run->form_blamed, 0, run->tally.n_items * sizeof *run->form_blamed);
    IW_TRY(iw_sigma_explainer_measure_look(run->explainer, look, &answerer,
                                           &entry.explanation.answer, &entry.explanation.n_failing,
                                           run->form_blamed));
    if (looked->form == 0 || iw_explain_is_before(&entry, &run->entry))
        IW_TRY(take_form(run, &entry, look, &answerer));
    return looked->form == looked->fact->n_variants ? end_event(run, looked->fact) : IW_OK;
}

static enum iw_rc take_looked(void *context, const struct iw_looked *looked, struct iw_error *err)
{
    enum iw_rc rc = looked->what.n != 0 ? explain_form(context, looked) : IW_EFORMAT;
    if (rc == IW_EFORMAT)
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    return rc == IW_OK ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- the run ------------------------------------------------------------------------------- */

static enum iw_rc prepare(const struct iw_engine_options *options, struct run *run,
                          struct iw_route *route)
{
    const struct iw_explaining *what = run->what;
    const struct iw_context_reading_input input = {.options = options,
                                                   .servers = &what->options->servers,
                                                   .book = what->book,
                                                   .spill = what->spill,
                                                   .budget_bytes = run->run->findings.budget_bytes,
                                                   .needs_context = true};
    IW_TRY(iw_explain_tally_init(&run->tally, what->n_items, what->options->limit));
    IW_TRY(iw_context_reading_init(&run->reading, &input, run->run));
    run->explainer = new_explainer(run);
    run->blamed = iw_calloc(what->n_items + 1, sizeof *run->blamed);
    run->form_blamed = iw_calloc(what->n_items + 1, sizeof *run->form_blamed);
    if (run->explainer == NULL || run->blamed == NULL || run->form_blamed == NULL)
        return IW_ENOMEM;
    run->asks_change = iw_sigma_explainer_asks(run->explainer, IW_STR("Change.Status"));
    IW_TRY(iw_gathering_route(&run->reading.gathering, route));
    return iw_explaining_route(what, run->explainer, route);
}

static enum iw_rc read_and_explain(struct run *run, const struct iw_route *route,
                                   struct iw_error *err)
{
    const struct iw_context_pass wanted = {.take_looked = take_looked, .take_context = run};
    struct iw_consumer consumer = {run, thread_begin, take_batch, NULL, thread_end};
    IW_TRY(iw_context_reading_run(&run->reading, route, &consumer, err));
    /* Of a part of the evidence everything told could be wrong. */
    if (run->run->failure.rc != IW_OK)
        return iw_error_set(err, run->run->failure.rc, "%s", run->run->failure.message);
    return iw_context_reading_pass(&run->reading, &wanted, err);
}

enum iw_rc iw_explain_in_context(const struct iw_engine_options *options,
                                 const struct iw_explaining *what,
                                 const struct iw_sigma_explainer *explainer, struct iw_run *run,
                                 struct iw_explain_report *report, struct iw_error *err)
{
    struct run state = {.what = what, .run = run};
    struct iw_route route;
    enum iw_rc rc;
    if (options->sort_bytes != 0)
        run->findings.budget_bytes = options->sort_bytes;
    iw_route_init(&route);
    rc = prepare(options, &state, &route) == IW_OK ? IW_OK
                                                   : iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = read_and_explain(&state, &route, err);
    if (rc == IW_OK && iw_explain_tally_report(&state.tally, explainer, report) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    iw_sigma_explainer_free(state.explainer);
    iw_free(state.blamed);
    iw_free(state.form_blamed);
    iw_explain_tally_done(&state.tally);
    iw_context_reading_done(&state.reading);
    iw_route_done(&route);
    return rc;
}
