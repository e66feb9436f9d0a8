/*
 * Facts out of judgements (see score_tally.h).
 *
 * What it does: judges each run and keeps what can be counted.
 * What it ignores: findings below medium: they are neither right nor wrong; and the sums, which
 * report and expectations make.
 */
#include "lab/score/score_tally.h"

#include "lab/lab_alloc.h"
#include "lab/score/score_files.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *iw_lab_score_keep(struct iw_lab_score *score, const char *text)
{
    iw_lab_words_add(&score->texts, iw_lab_alloc_text(text, strlen(text)));
    return score->texts.items[score->texts.n - 1];
}

static void keep_words(struct iw_lab_score *score, struct iw_lab_words *to,
                       const struct iw_lab_words *from)
{
    for (size_t i = 0; i < from->n; i++) {
        if (!iw_lab_words_has(to, from->items[i])) {
            iw_lab_words_add(to, iw_lab_score_keep(score, from->items[i]));
        }
    }
}

static struct iw_lab_run_fact *add_run(struct iw_lab_score *score, const char *scenario,
                                       const struct iw_lab_variant *variant,
                                       const struct iw_lab_run_status *status)
{
    score->runs = iw_lab_list_room(score->runs, score->n_runs, sizeof *score->runs);
    struct iw_lab_run_fact *run = &score->runs[score->n_runs++];
    *run = (struct iw_lab_run_fact){.scenario = iw_lab_score_keep(score, scenario),
                                    .variant = variant,
                                    .family = "",
                                    .status = *status};
    return run;
}

static void add_failure(struct iw_lab_score *score, const struct iw_lab_run_status *status)
{
    if (status->state == IW_LAB_RUN_NOT_MADE || status->state == IW_LAB_RUN_DETECTOR_FAILED ||
        status->reason[0] != '\0') {
        const char *what = status->state == IW_LAB_RUN_NOT_MADE ? "the evidence was not made"
                                                                : "the detector failed";
        iw_lab_difference_add(score, (struct iw_lab_difference){.run = score->n_runs - 1,
                                                                .kind = IW_LAB_DIFFERENCE_FAILED,
                                                                .what = what,
                                                                .acts = "",
                                                                .nearest = status->reason});
    }
}

static void add_musts(struct iw_lab_score *score, const struct iw_lab_truth *truth,
                      const struct iw_lab_judgement *judgement)
{
    for (size_t i = 0; i < truth->n_musts; i++) {
        score->musts = iw_lab_list_room(score->musts, score->n_musts, sizeof *score->musts);
        struct iw_lab_must_fact *fact = &score->musts[score->n_musts++];
        *fact = (struct iw_lab_must_fact){.run = score->n_runs - 1,
                                          .analytic =
                                              iw_lab_score_keep(score, truth->musts[i].analytic),
                                          .state = judgement->musts[i].state};
        keep_words(score, &fact->rows, &truth->musts[i].shows);
    }
}

static void add_findings(struct iw_lab_score *score, const struct iw_lab_findings *findings,
                         const struct iw_lab_judgement *judgement)
{
    for (size_t i = 0; i < findings->n; i++) {
        if (!judgement->findings[i].is_counted) {
            continue;
        }
        score->findings =
            iw_lab_list_room(score->findings, score->n_findings, sizeof *score->findings);
        struct iw_lab_finding_fact *fact = &score->findings[score->n_findings++];
        *fact = (struct iw_lab_finding_fact){.run = score->n_runs - 1,
                                             .is_true = judgement->findings[i].is_true};
        keep_words(score, &fact->analytics, &findings->items[i].analytics);
    }
}

static void add_verdicts(struct iw_lab_score *score, const struct iw_lab_truth *truth,
                         const struct iw_lab_judgement *judgement)
{
    for (size_t i = 0; i < truth->n_verdicts; i++) {
        score->verdicts =
            iw_lab_list_room(score->verdicts, score->n_verdicts, sizeof *score->verdicts);
        score->verdicts[score->n_verdicts++] = (struct iw_lab_verdict_fact){
            .run = score->n_runs - 1,
            .analytic = iw_lab_score_keep(score, truth->verdicts[i].analytic),
            .wanted = truth->verdicts[i].verdict,
            .answer = judgement->answers[i],
            .are_links_right = judgement->are_links_right[i]};
    }
}

void iw_lab_score_add(struct iw_lab_score *score, const char *scenario,
                      const struct iw_lab_variant *variant, const struct iw_lab_run_status *status,
                      const struct iw_lab_truth *truth, const struct iw_lab_findings *findings,
                      const struct iw_lab_answers *answers)
{
    struct iw_lab_judgement judgement;
    struct iw_lab_run_fact *run = add_run(score, scenario, variant, status);
    run->family = iw_lab_score_keep(score, truth->family);
    run->server_days = truth->server_days;
    keep_words(score, &run->rows, &truth->shows);
    for (size_t i = 0; i < truth->n_musts; i++) {
        keep_words(score, &run->rows, &truth->musts[i].shows);
    }
    iw_lab_judge(&judgement, truth, findings, answers);
    add_failure(score, status);
    add_musts(score, truth, &judgement);
    add_findings(score, findings, &judgement);
    add_verdicts(score, truth, &judgement);
    iw_lab_differences_add(score, score->n_runs - 1, truth, findings, &judgement);
    iw_lab_judgement_done(&judgement);
}

void iw_lab_score_add_unjudged(struct iw_lab_score *score, const char *scenario,
                               const struct iw_lab_variant *variant,
                               const struct iw_lab_run_status *status)
{
    add_run(score, scenario, variant, status);
    if (status->state != IW_LAB_RUN_SAME && status->state != IW_LAB_RUN_NOT_ANSWERED) {
        add_failure(score, status);
    }
}

/* Reads a file of the run; a failure becomes its reason. */
static bool is_read(bool ok, const struct iw_lab_error *error, struct iw_lab_run_status *status)
{
    if (!ok) {
        snprintf(status->reason, sizeof status->reason, "%s", error->text);
    }
    return ok;
}

static void gather_run(struct iw_lab_score *score, const char *scenario,
                       const struct iw_lab_variant *variant, const char *folder)
{
    char path[PATH_MAX];
    struct iw_lab_run_status status;
    struct iw_lab_truth truth = {0};
    struct iw_lab_findings findings = {0};
    struct iw_lab_answers answers = {0};
    struct iw_lab_error error = {.text = ""};
    iw_lab_run_status_read(folder, &status);
    bool is_made = status.state == IW_LAB_RUN_JUDGED || status.state == IW_LAB_RUN_DETECTOR_FAILED;
    if (is_made &&
        !is_read(iw_lab_path_join(path, sizeof path, folder, "manifest.ndjson", &error) &&
                     iw_lab_truth_read(&truth, path, &error),
                 &error, &status)) {
        status.state = IW_LAB_RUN_NOT_MADE;
        is_made = false;
    }
    iw_lab_truth_set_aids(&truth, variant->aids);
    if (status.coverage == IW_LAB_COVERAGE_NOT_ASKED) {
        truth.n_verdicts = 0;
    }
    if (status.state == IW_LAB_RUN_JUDGED &&
        !is_read(iw_lab_path_join(path, sizeof path, folder, "findings.ndjson", &error) &&
                     iw_lab_findings_read(&findings, path, &error),
                 &error, &status)) {
        status.state = IW_LAB_RUN_DETECTOR_FAILED;
        iw_lab_findings_done(&findings);
    }
    if (is_made && status.coverage == IW_LAB_COVERAGE_ANSWERED &&
        !is_read(iw_lab_path_join(path, sizeof path, folder, "coverage.ndjson", &error) &&
                     iw_lab_answers_read(&answers, path, &error),
                 &error, &status)) {
        status.coverage = IW_LAB_COVERAGE_FAILED;
        iw_lab_answers_done(&answers);
    }
    if (is_made) {
        iw_lab_score_add(score, scenario, variant, &status, &truth, &findings, &answers);
    } else {
        iw_lab_score_add_unjudged(score, scenario, variant, &status);
    }
    iw_lab_answers_done(&answers);
    iw_lab_findings_done(&findings);
    iw_lab_truth_done(&truth);
}

void iw_lab_score_gather(struct iw_lab_score *score, const char *scenario, const char *folder,
                         struct iw_lab_plan plan)
{
    const struct iw_lab_variant *variant = NULL;
    for (size_t i = 0; (variant = iw_lab_variant_at(i, plan)) != NULL; i++) {
        char path[PATH_MAX];
        if (iw_lab_run_folder(folder, variant, path, sizeof path, NULL)) {
            gather_run(score, scenario, variant, path);
        }
    }
}

void iw_lab_score_done(struct iw_lab_score *score)
{
    for (size_t i = 0; i < score->n_runs; i++) {
        iw_lab_words_done(&score->runs[i].rows);
    }
    for (size_t i = 0; i < score->n_musts; i++) {
        iw_lab_words_done(&score->musts[i].rows);
    }
    for (size_t i = 0; i < score->n_findings; i++) {
        iw_lab_words_done(&score->findings[i].analytics);
    }
    for (size_t i = 0; i < score->texts.n; i++) {
        iw_lab_alloc_release((void *)(uintptr_t)score->texts.items[i]);
    }
    iw_lab_alloc_release(score->runs);
    iw_lab_alloc_release(score->musts);
    iw_lab_alloc_release(score->findings);
    iw_lab_alloc_release(score->verdicts);
    iw_lab_alloc_release(score->differences);
    iw_lab_words_done(&score->texts);
    *score = (struct iw_lab_score){0};
}
