/*
 * Servers one after the other: what belongs to one is laid ready, the judgments speak, and what
 * they said becomes findings in the order of the subjects.
 */
#include "detect/reconcile.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "detect/baseline_batch.h"
#include "detect/judgment.h"
#include "detect/named_changes.h"
#include "detect/product_family.h"
#include "detect/subject_key.h"
#include "detect/web_program.h"

struct reconciling {
    const struct iw_reconcile_input *input;
    iw_reconcile_sink *sink;
    void *context;
    struct iw_arena *arena;
    struct iw_farm *farm;
    bool is_sink_failure;
};

/* Facts of a host lie together, those of a kind too. */
static void find_facts(struct iw_judging *judging)
{
    const struct iw_server_facts *facts = judging->input->facts;
    const struct iw_server_fact *items;
    size_t n;
    if (facts == NULL || judging->server->host.n == 0)
        return;
    items = iw_server_facts_of(facts, judging->server->host, &n);
    for (size_t i = 0; i < n; i++) {
        struct iw_fact_span *span = &judging->facts[items[i].kind];
        if (span->n++ == 0)
            span->items = &items[i];
    }
}

static int compare_cases(const void *left, const void *right)
{
    const struct iw_case *a = *(struct iw_case *const *)left, *b = *(struct iw_case *const *)right;
    return iw_str_compare(a->key, b->key);
}

static enum iw_rc put(struct reconciling *run, struct iw_finding *finding, struct iw_error *err)
{
    enum iw_rc rc = run->sink(run->context, finding, err);
    run->is_sink_failure = rc != IW_OK;
    return rc;
}

/* All that is said of a page is that the baseline does not have it so, and a chain says that, too.
 * That its handler is not as in the baseline either, or another one, no chain says. */
static bool is_told_by_chain(const struct iw_case *named)
{
    const struct iw_case_difference *difference = &named->difference;
    return named->web_file != NULL && !named->is_said_else && difference->is_said &&
           !difference->in_entry && !iw_case_is_newly_handled(named) &&
           iw_web_file_is_told(named->judging, named->web_file, difference->level);
}

static enum iw_rc give(struct reconciling *run, const struct iw_judging *judging,
                       struct iw_error *err)
{
    size_t n = 0;
    struct iw_batches batches;
    struct iw_case **cases = iw_arena_calloc(run->arena, judging->cases.n + 1, sizeof *cases);
    if (cases == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < judging->cases.n; i++) {
        struct iw_case *named = judging->cases.entries[i].value.pointer;
        if (named->is_said && !is_told_by_chain(named))
            cases[n++] = named;
    }
    if (n != 0)
        qsort(cases, n, sizeof(struct iw_case *), compare_cases);
    IW_TRY(iw_batches_init(&batches, run->arena, n));
    for (size_t i = 0; i < n; i++) {
        struct iw_finding finding;
        IW_TRY(iw_case_finding(cases[i], &finding));
        if (iw_batches_takes(cases[i]))
            IW_TRY(iw_batches_add(&batches, cases[i], &finding));
        else
            IW_TRY(put(run, &finding, err));
    }
    IW_TRY(iw_batches_settle(&batches));
    for (size_t i = 0; i < batches.n_findings; i++)
        IW_TRY(put(run, &batches.findings[i], err));
    return IW_OK;
}

static enum iw_rc judge(struct reconciling *run, struct iw_judging *judging, struct iw_error *err)
{
    size_t n;
    const struct iw_judgment *judgments = iw_judgments(&n);
    find_facts(judging);
    IW_TRY(iw_families_read(judging));
    IW_TRY(iw_subjects_read(judging));
    IW_TRY(iw_web_programs_read(judging));
    IW_TRY(iw_former_images_read(judging));
    IW_TRY(iw_named_changes_read(judging));
    for (size_t i = 0; i < n; i++) {
        const _Atomic bool *cancelled = run->input->cancelled;
        if (cancelled != NULL && atomic_load(cancelled))
            return IW_ECANCELLED;
        IW_TRY(judgments[i].judge(judging));
    }
    return give(run, judging, err);
}

static enum iw_rc judge_server(struct reconciling *run, size_t index, struct iw_error *err)
{
    struct iw_judging judging = {.input = run->input,
                                 .server = &run->input->inventory->servers[index],
                                 .server_index = index,
                                 .farm = run->farm,
                                 .arena = run->arena,
                                 .err = err};
    enum iw_rc rc;
    iw_map_init(&judging.modules);
    iw_map_init(&judging.profilers);
    iw_map_init(&judging.first_of);
    iw_map_init(&judging.paths);
    iw_map_init(&judging.cases);
    iw_map_init(&judging.web_programs);
    iw_map_init(&judging.former_images);
    iw_map_init(&judging.changes_by_text);
    iw_map_init(&judging.new_handling);
    iw_arena_reset(run->arena);
    rc = judge(run, &judging, err);
    iw_map_done(&judging.new_handling);
    iw_map_done(&judging.changes_by_text);
    iw_map_done(&judging.web_programs);
    iw_map_done(&judging.former_images);
    iw_map_done(&judging.cases);
    iw_map_done(&judging.paths);
    iw_map_done(&judging.first_of);
    iw_map_done(&judging.modules);
    iw_map_done(&judging.profilers);
    return rc;
}

enum iw_rc iw_reconcile(const struct iw_reconcile_input *input, iw_reconcile_sink *sink,
                        void *context, struct iw_arena *arena, struct iw_error *err)
{
    struct reconciling run = {.input = input, .sink = sink, .context = context, .arena = arena};
    struct iw_arena farm_arena;
    struct iw_farm *farm = NULL;
    enum iw_rc rc;
    iw_arena_init(&farm_arena, 0);
    rc = iw_farm_read(input->inventory, &farm_arena, &farm);
    run.farm = farm;
    for (size_t i = 0; rc == IW_OK && i < input->inventory->n_servers; i++)
        rc = judge_server(&run, i, err);
    iw_farm_free(farm);
    iw_arena_done(&farm_arena);
    if (rc == IW_ENOMEM && !run.is_sink_failure)
        return iw_error_set(err, rc, "no memory");
    return rc;
}
