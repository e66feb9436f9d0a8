/*
 * The judgement of one run: what the detector said against the truth. Pure: no files, no clock.
 *
 * A finding is about an act when one of its evidence items is one of the act's traces. A `must` is
 * due when enough of it can be seen, and found when one finding of its analytic and level is about
 * every visible act of it. A finding of medium or above that is about no act of the attack and
 * about none that may be reported is false. The rules are spelt out in lab/score/README.md.
 */
#ifndef IW_LAB_SCORE_JUDGE_H
#define IW_LAB_SCORE_JUDGE_H

#include "lab/score/score_findings.h"
#include "lab/score/score_truth.h"

#define IW_LAB_NO_FINDING SIZE_MAX

enum iw_lab_must_state {
    IW_LAB_MUST_FOUND,
    IW_LAB_MUST_IN_PART,
    IW_LAB_MUST_MISSED,
    IW_LAB_MUST_NOT_VISIBLE,
    IW_LAB_MUST_NOT_ASKED /* not with the aids of this run */
};

struct iw_lab_must_result {
    enum iw_lab_must_state state;
    size_t nearest; /* the finding that comes nearest; IW_LAB_NO_FINDING when none is about it */
    size_t second;  /* another one about its acts, where there should be but one; else likewise */
};

struct iw_lab_finding_result {
    bool is_counted; /* medium or above, or it tells of acts that do not belong together */
    bool is_true;
    bool is_joined; /* it tells of acts that do not belong together */
};

struct iw_lab_judgement {
    size_t n_findings;
    size_t n_acts;
    bool *about;                            /* n_findings rows of n_acts */
    struct iw_lab_must_result *musts;       /* as many as the truth has */
    struct iw_lab_finding_result *findings; /* n_findings */
    enum iw_lab_verdict *answers;           /* one for each verdict the truth asks for */
    bool *are_links_right; /* one for each verdict: the links it calls blind are the blind ones, and
                              it says what no event can show */
};

/* answers may be NULL: the detector gave no coverage. The judgement owns its arrays and borrows
 * nothing; release it with iw_lab_judgement_done(). */
void iw_lab_judge(struct iw_lab_judgement *judgement, const struct iw_lab_truth *truth,
                  const struct iw_lab_findings *findings, const struct iw_lab_answers *answers);

void iw_lab_judgement_done(struct iw_lab_judgement *judgement);

/* Whether finding number `finding` is about act number `act`. */
bool iw_lab_judgement_is_about(const struct iw_lab_judgement *judgement, size_t finding,
                               size_t act);

/* Whether the item is this trace. */
bool iw_lab_item_is_trace(const struct iw_lab_item *item, const struct iw_lab_trace *trace);

/* Whether an act belongs to a must: one of its acts or of what is enough. */
bool iw_lab_must_has_act(const struct iw_lab_must *must, size_t act);

#endif
