/*
 * Sums (see score_count.h).
 *
 * What it does: goes through all facts for each question; there are thousands, not millions.
 * What it ignores: runs that were the same as the base: they add nothing to any sum but their own.
 */
#include "lab/score/score_count.h"

#include <string.h>

static bool is_chosen(const char *wanted, const char *found)
{
    return wanted == NULL || strcmp(wanted, found) == 0;
}

static bool run_passes(const struct iw_lab_run_fact *run, const struct iw_lab_filter *filter)
{
    return is_chosen(filter->scenario, run->scenario) &&
           is_chosen(filter->variant, run->variant->name) &&
           is_chosen(filter->group, run->variant->group);
}

static bool has_row(const struct iw_lab_words *rows, const struct iw_lab_filter *filter)
{
    return filter->row == NULL || iw_lab_words_has(rows, filter->row);
}

static void count_run(struct iw_lab_counts *counts, const struct iw_lab_run_fact *run)
{
    switch (run->status.state) {
    case IW_LAB_RUN_JUDGED:
        counts->n_judged++;
        counts->server_days += run->server_days;
        break;
    case IW_LAB_RUN_SAME:
        counts->n_same++;
        break;
    case IW_LAB_RUN_NOT_MADE:
        counts->n_not_made++;
        break;
    case IW_LAB_RUN_DETECTOR_FAILED:
        counts->n_failed++;
        break;
    case IW_LAB_RUN_NOT_ANSWERED:
        counts->n_not_answered++;
        break;
    }
}

static void count_must(struct iw_lab_counts *counts, enum iw_lab_must_state state)
{
    switch (state) {
    case IW_LAB_MUST_FOUND:
        counts->n_found++;
        break;
    case IW_LAB_MUST_IN_PART:
        counts->n_in_part++;
        break;
    case IW_LAB_MUST_MISSED:
        counts->n_missed++;
        break;
    case IW_LAB_MUST_NOT_VISIBLE:
        counts->n_not_visible++;
        break;
    case IW_LAB_MUST_NOT_ASKED:
        break;
    }
}

static bool finding_has_analytic(const struct iw_lab_finding_fact *fact, const char *analytic)
{
    if (analytic == NULL) {
        return true;
    }
    return *analytic == '\0' ? fact->analytics.n == 0
                             : iw_lab_words_has(&fact->analytics, analytic);
}

struct iw_lab_counts iw_lab_count(const struct iw_lab_score *score,
                                  const struct iw_lab_filter *filter)
{
    struct iw_lab_counts counts = {0};
    for (size_t i = 0; i < score->n_runs; i++) {
        const struct iw_lab_run_fact *run = &score->runs[i];
        if (run_passes(run, filter) && has_row(&run->rows, filter)) {
            count_run(&counts, run);
        }
    }
    for (size_t i = 0; i < score->n_musts; i++) {
        const struct iw_lab_must_fact *fact = &score->musts[i];
        if (run_passes(&score->runs[fact->run], filter) && has_row(&fact->rows, filter) &&
            is_chosen(filter->analytic, fact->analytic)) {
            count_must(&counts, fact->state);
        }
    }
    for (size_t i = 0; i < score->n_findings; i++) {
        const struct iw_lab_finding_fact *fact = &score->findings[i];
        const struct iw_lab_run_fact *run = &score->runs[fact->run];
        if (run_passes(run, filter) && has_row(&run->rows, filter) &&
            finding_has_analytic(fact, filter->analytic)) {
            counts.n_true += fact->is_true ? 1 : 0;
            counts.n_false += fact->is_true ? 0 : 1;
        }
    }
    for (size_t i = 0; i < score->n_verdicts; i++) {
        const struct iw_lab_verdict_fact *fact = &score->verdicts[i];
        const struct iw_lab_run_fact *run = &score->runs[fact->run];
        if (run_passes(run, filter) && has_row(&run->rows, filter) &&
            is_chosen(filter->analytic, fact->analytic)) {
            bool is_answered = fact->answer != IW_LAB_VERDICT_NOT_ANSWERED;
            counts.n_unanswered += is_answered ? 0 : 1;
            bool is_right = fact->answer == fact->wanted && fact->are_links_right;
            counts.n_right += is_answered && is_right ? 1 : 0;
            counts.n_wrong += is_answered && !is_right ? 1 : 0;
        }
    }
    return counts;
}

size_t iw_lab_counts_due(const struct iw_lab_counts *counts)
{
    return counts->n_found + counts->n_in_part + counts->n_missed;
}

size_t iw_lab_counts_asked(const struct iw_lab_counts *counts)
{
    return counts->n_right + counts->n_wrong + counts->n_unanswered;
}
