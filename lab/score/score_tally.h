/*
 * All that was judged, as plain facts: what report and expectations count.
 *
 * All texts belong to the score and live until iw_lab_score_done(). Facts stand in the order in
 * which runs were added.
 */
#ifndef IW_LAB_SCORE_TALLY_H
#define IW_LAB_SCORE_TALLY_H

#include "lab/score/score_judge.h"
#include "lab/score/score_run.h"

/* One variant of one scenario. */
struct iw_lab_run_fact {
    const char *scenario;
    const struct iw_lab_variant *variant;
    const char *family; /* "" when not made */
    struct iw_lab_run_status status;
    struct iw_lab_words rows; /* what the scenario and its musts show */
    double server_days;
};

struct iw_lab_must_fact {
    size_t run; /* place in runs; so below */
    const char *analytic;
    struct iw_lab_words rows;
    enum iw_lab_must_state state;
};

/* A finding of medium or above. */
struct iw_lab_finding_fact {
    size_t run;
    struct iw_lab_words analytics;
    bool is_true;
};

struct iw_lab_verdict_fact {
    size_t run;
    const char *analytic;
    enum iw_lab_verdict wanted;
    enum iw_lab_verdict answer;
    bool are_links_right;
};

enum iw_lab_difference_kind {
    IW_LAB_DIFFERENCE_FAILED,
    IW_LAB_DIFFERENCE_MISSED,
    IW_LAB_DIFFERENCE_IN_PART,
    IW_LAB_DIFFERENCE_FALSE,
    IW_LAB_DIFFERENCE_VERDICT
};

/* One difference to the truth. Texts are as they came from evidence: to be escaped when shown. */
struct iw_lab_difference {
    size_t run;
    enum iw_lab_difference_kind kind;
    const char *what;
    const char *acts;    /* which acts; "" where there is none */
    const char *nearest; /* the finding that comes nearest; "" likewise */
};

struct iw_lab_score {
    struct iw_lab_run_fact *runs;
    size_t n_runs;
    struct iw_lab_must_fact *musts;
    size_t n_musts;
    struct iw_lab_finding_fact *findings;
    size_t n_findings;
    struct iw_lab_verdict_fact *verdicts;
    size_t n_verdicts;
    struct iw_lab_difference *differences;
    size_t n_differences;
    struct iw_lab_words texts; /* owned copies */
};

/* Adds a run that was judged, or whose detector failed (findings empty then). answers: NULL when
 * there is no coverage. Copies what it keeps of all but variant. */
void iw_lab_score_add(struct iw_lab_score *score, const char *scenario,
                      const struct iw_lab_variant *variant, const struct iw_lab_run_status *status,
                      const struct iw_lab_truth *truth, const struct iw_lab_findings *findings,
                      const struct iw_lab_answers *answers);

/* Adds a run about which nothing more is known than its status. */
void iw_lab_score_add_unjudged(struct iw_lab_score *score, const char *scenario,
                               const struct iw_lab_variant *variant,
                               const struct iw_lab_run_status *status);

/* Adds what a played scenario left in folder (see score_run.h). Output that cannot be read makes
 * the run one whose detector failed, an unreadable manifest one that was not made. */
void iw_lab_score_gather(struct iw_lab_score *score, const char *scenario, const char *folder,
                         struct iw_lab_plan plan);

/* May be called on a zeroed score. */
void iw_lab_score_done(struct iw_lab_score *score);

/* A copy of a text that lives as long as the score. */
const char *iw_lab_score_keep(struct iw_lab_score *score, const char *text);

/* Appends the differences between the truth and the judgement of run number `run`. */
void iw_lab_differences_add(struct iw_lab_score *score, size_t run,
                            const struct iw_lab_truth *truth,
                            const struct iw_lab_findings *findings,
                            const struct iw_lab_judgement *judgement);

/* Appends one. The texts are copied. */
void iw_lab_difference_add(struct iw_lab_score *score, struct iw_lab_difference difference);

#endif
