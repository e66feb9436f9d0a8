#include "engine/server_findings.h"

#include "engine/match_findings.h"

/* --- findings ------------------------------------------------------------------------------- */

struct putting {
    const struct iw_server_findings_input *input;
    struct iw_run *run;
    uint64_t n_outside;
    struct iw_arena arena; /* of one finding */
};

static enum iw_rc put(void *context, struct iw_finding *finding, struct iw_error *err)
{
    struct putting *putting = context;
    iw_arena_reset(&putting->arena);
    if (putting->input->trails != NULL &&
        iw_component_trails_extend(putting->input->trails, finding, &putting->arena) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (!iw_match_is_shown(putting->input->since_ns, putting->input->until_ns,
                           finding->last_time_ns, false)) {
        putting->n_outside++;
        return IW_OK;
    }
    if (putting->input->n_findings != NULL)
        (*putting->input->n_findings)++;
    IW_TRY(iw_findings_put(&putting->run->findings, finding, err));
    if (putting->input->told_events == NULL)
        return IW_OK;
    return iw_told_components_tell(putting->input->told_events, finding) == IW_OK
               ? IW_OK
               : iw_error_set(err, IW_ENOMEM, "no memory");
}

static bool ask_act(void *context, const struct iw_server_fact *fact, struct iw_arena *scratch,
                    struct iw_act_trail *ret)
{
    const struct putting *putting = context;
    return iw_component_trails_act(putting->input->trails, fact->host, fact->channel,
                                   fact->record_id, fact->time_ns, scratch, ret);
}

static enum iw_rc note_limits(struct iw_run *run, const struct iw_server_facts *facts,
                              uint64_t n_outside)
{
    if (facts->n_hidden != 0)
        IW_TRY(iw_run_note(run,
                           "%llu events about web servers were more than is kept: findings about "
                           "components may lack them",
                           (unsigned long long)facts->n_hidden));
    if (facts->n_cut != 0)
        IW_TRY(iw_run_note(run, "%llu long texts of events about web servers were cut",
                           (unsigned long long)facts->n_cut));
    if (n_outside == 0)
        return IW_OK;
    return iw_run_note(run,
                       "%llu findings about servers lie outside --since and --until and are not "
                       "shown",
                       (unsigned long long)n_outside);
}

static enum iw_rc note_told(struct iw_run *run, const struct iw_told_web_files *told)
{
    if (told == NULL || told->n_folded == 0)
        return IW_OK;
    return iw_run_note(run, "%llu %s told by the %s known by, not beside %s",
                       (unsigned long long)told->n_folded,
                       told->n_folded == 1 ? "web file is" : "web files are",
                       told->n_folded == 1 ? "chain it is" : "chains they are",
                       told->n_folded == 1 ? "it" : "them");
}

static enum iw_rc judge(struct putting *putting, const struct iw_server_facts *facts,
                        struct iw_error *err)
{
    struct iw_run *run = putting->run;
    const struct iw_reconcile_input input = {
        .inventory = &run->inventory,
        .differences = &run->differences,
        .baseline_source = putting->input->baseline_source,
        .facts = facts,
        .ledger = &run->ledger,
        .changes = putting->input->changes,
        .names = putting->input->names,
        .estate = putting->input->estate,
        .judge_change = putting->input->judge_change,
        .requests = putting->input->requests,
        .places = putting->input->places,
        .is_web_file_told = putting->input->told != NULL ? iw_told_web_files_ask : NULL,
        .is_web_file_in_chain = putting->input->told != NULL ? iw_told_web_files_has : NULL,
        .told = putting->input->told,
        .ask_act = putting->input->trails != NULL ? ask_act : NULL,
        .acts = putting,
        .cancelled = putting->input->cancelled};
    struct iw_error failure = {.rc = IW_OK};
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_reconcile(&input, put, putting, &arena, &failure);
    iw_arena_done(&arena);
    if (rc == IW_EIO) { /* what there is will be reported, and the reason told with it */
        if (run->failure.rc == IW_OK)
            run->failure = failure;
        return IW_OK;
    }
    if (rc == IW_ECANCELLED) {
        run->interrupted = true;
        return IW_OK;
    }
    if (rc != IW_OK && err != NULL)
        *err = failure;
    return rc;
}

enum iw_rc iw_server_findings(const struct iw_server_facts *facts,
                              const struct iw_server_findings_input *input, struct iw_run *run,
                              struct iw_error *err)
{
    struct putting putting = {.input = input, .run = run};
    enum iw_rc rc;
    iw_arena_init(&putting.arena, 0);
    rc = judge(&putting, facts, err);
    iw_arena_done(&putting.arena);
    IW_TRY(rc);
    if (note_told(run, input->told) != IW_OK || note_limits(run, facts, putting.n_outside) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return IW_OK;
}
