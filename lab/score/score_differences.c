/*
 * What differs from the truth, in words (see score_tally.h).
 *
 * What it does: for each `must` that was not found, each false finding and each wrong verdict one
 * line that says what, which acts, and what came nearest. What it ignores: verdicts of a detector
 * without `--coverage`; the report says that once.
 */
#include "lab/score/score_tally.h"

#include "lab/score/score_told.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence being written; what does not fit is cut. */
struct sentence {
    char text[1024];
    size_t length;
};

static void say(struct sentence *sentence, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct sentence *sentence, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = sizeof sentence->text - sentence->length;
    int used = vsnprintf(sentence->text + sentence->length, room, format, arguments);
    va_end(arguments);
    if (used > 0) {
        sentence->length += (size_t)used < room ? (size_t)used : room - 1;
    }
}

void iw_lab_difference_add(struct iw_lab_score *score, struct iw_lab_difference difference)
{
    difference.what = iw_lab_score_keep(score, difference.what);
    difference.acts = iw_lab_score_keep(score, difference.acts);
    difference.nearest = iw_lab_score_keep(score, difference.nearest);
    score->differences =
        iw_lab_list_room(score->differences, score->n_differences, sizeof *score->differences);
    score->differences[score->n_differences++] = difference;
}

/* Title, kind, level and analytics of a finding. */
static void say_finding(struct sentence *sentence, const struct iw_lab_finding *finding)
{
    say(sentence, "%s [%s, %s", finding->title, finding->kind, iw_lab_level_name(finding->level));
    for (size_t i = 0; i < finding->analytics.n; i++) {
        say(sentence, ", %s", finding->analytics.items[i]);
    }
    say(sentence, "%s]", finding->analytics.n == 0 ? ", no analytic" : "");
}

/* The acts of a must that can be seen. */
static void say_visible(struct sentence *sentence, const struct iw_lab_must *must,
                        const struct iw_lab_truth *truth)
{
    const char *comma = "";
    for (size_t act = 0; act < truth->n_acts; act++) {
        if (iw_lab_must_has_act(must, act) && truth->acts[act].n_traces > 0) {
            say(sentence, "%s%s", comma, truth->acts[act].id);
            comma = ", ";
        }
    }
}

/* Visible acts that the nearest finding is, or is not, about. */
static void say_told(struct sentence *sentence, const struct iw_lab_must *must,
                     const struct iw_lab_truth *truth, const struct iw_lab_judgement *judgement,
                     size_t finding, bool is_told, const char *intro)
{
    for (size_t act = 0; act < truth->n_acts; act++) {
        if (iw_lab_must_has_act(must, act) && truth->acts[act].n_traces > 0 &&
            iw_lab_judgement_is_about(judgement, finding, act) == is_told) {
            say(sentence, "%s%s", intro, truth->acts[act].id);
            intro = ", ";
        }
    }
}

static void add_must(struct iw_lab_score *score, size_t run, const struct iw_lab_truth *truth,
                     const struct iw_lab_findings *findings,
                     const struct iw_lab_judgement *judgement, size_t place)
{
    const struct iw_lab_must *must = &truth->musts[place];
    const struct iw_lab_must_result *result = &judgement->musts[place];
    struct sentence what = {.length = 0};
    struct sentence acts = {.length = 0};
    struct sentence nearest = {.length = 0};
    if (result->state != IW_LAB_MUST_MISSED && result->state != IW_LAB_MUST_IN_PART) {
        return;
    }
    say(&what, "%s (%s, %s)", must->finding, must->analytic, iw_lab_level_name(must->level));
    say_visible(&acts, must, truth);
    if (result->nearest != IW_LAB_NO_FINDING) {
        const struct iw_lab_finding *finding = &findings->items[result->nearest];
        say_finding(&nearest, finding);
        say_told(&nearest, must, truth, judgement, result->nearest, true, " tells ");
        say_told(&nearest, must, truth, judgement, result->nearest, false, "; not ");
        if (!iw_lab_words_has(&finding->analytics, must->analytic)) {
            say(&nearest, "; is not of %s", must->analytic);
        }
        if (finding->level < must->level) {
            say(&nearest, "; is below %s", iw_lab_level_name(must->level));
        }
        if (finding->level > must->at_most) {
            say(&nearest, "; is above %s", iw_lab_level_name(must->at_most));
        }
        if (must->change != NULL && (truth->aids & IW_LAB_AID_CHANGES) != 0 &&
            strcmp(must->change, finding->change) != 0) {
            say(&nearest, "; its change is not %s but %s", must->change, finding->change);
        }
        struct iw_lab_lack lack;
        for (size_t i = 0; iw_lab_told_lack(must, truth, finding, &i, &lack);) {
            say(&nearest, "; lacks %s %s", lack.what, lack.text);
        }
        if (result->second != IW_LAB_NO_FINDING) {
            say(&nearest, "; beside it ");
            say_finding(&nearest, &findings->items[result->second]);
        }
    }
    iw_lab_difference_add(score,
                          (struct iw_lab_difference){.run = run,
                                                     .kind = result->state == IW_LAB_MUST_MISSED
                                                                 ? IW_LAB_DIFFERENCE_MISSED
                                                                 : IW_LAB_DIFFERENCE_IN_PART,
                                                     .what = what.text,
                                                     .acts = acts.text,
                                                     .nearest = nearest.text});
}

static void add_false(struct iw_lab_score *score, size_t run, const struct iw_lab_truth *truth,
                      const struct iw_lab_findings *findings,
                      const struct iw_lab_judgement *judgement, size_t place)
{
    const struct iw_lab_finding *finding = &findings->items[place];
    const struct iw_lab_finding_result *result = &judgement->findings[place];
    struct sentence what = {.length = 0};
    struct sentence acts = {.length = 0};
    const char *comma = "";
    if (!result->is_counted || result->is_true) {
        return;
    }
    say_finding(&what, finding);
    say(&what, " on %s: %s", finding->host != NULL ? finding->host : "no host", finding->subject);
    if (result->is_joined) {
        say(&what, "; joins what does not belong together");
    }
    for (size_t act = 0; act < truth->n_acts; act++) {
        if (iw_lab_judgement_is_about(judgement, place, act)) {
            say(&acts, "%s%s%s", comma, truth->acts[act].id,
                truth->acts[act].is_must_not ? " (must not)" : "");
            comma = ", ";
        }
    }
    iw_lab_difference_add(score, (struct iw_lab_difference){.run = run,
                                                            .kind = IW_LAB_DIFFERENCE_FALSE,
                                                            .what = what.text,
                                                            .acts = acts.text,
                                                            .nearest = ""});
}

static void add_verdict(struct iw_lab_score *score, size_t run,
                        const struct iw_lab_wanted_verdict *wanted, enum iw_lab_verdict answer,
                        bool are_links_right)
{
    struct sentence what = {.length = 0};
    if ((answer == wanted->verdict && are_links_right) ||
        (answer == IW_LAB_VERDICT_NOT_ANSWERED &&
         score->runs[run].status.coverage != IW_LAB_COVERAGE_ANSWERED)) {
        return;
    }
    say(&what, "%s on %s is %s; answered: %s", wanted->analytic, wanted->host,
        iw_lab_verdict_name(wanted->verdict),
        answer == IW_LAB_VERDICT_NOT_ANSWERED ? "nothing" : iw_lab_verdict_name(answer));
    if (!are_links_right) {
        const char *comma = "; blind is ";
        for (size_t i = 0; i < wanted->blind.n; i++) {
            say(&what, "%s%s", comma, wanted->blind.items[i]);
            comma = ", ";
        }
        comma = "; beyond is ";
        for (size_t i = 0; i < wanted->beyond.n; i++) {
            say(&what, "%s%s", comma, wanted->beyond.items[i]);
            comma = ", ";
        }
    }
    iw_lab_difference_add(score, (struct iw_lab_difference){.run = run,
                                                            .kind = IW_LAB_DIFFERENCE_VERDICT,
                                                            .what = what.text,
                                                            .acts = "",
                                                            .nearest = ""});
}

void iw_lab_differences_add(struct iw_lab_score *score, size_t run,
                            const struct iw_lab_truth *truth,
                            const struct iw_lab_findings *findings,
                            const struct iw_lab_judgement *judgement)
{
    for (size_t i = 0; i < truth->n_musts; i++) {
        add_must(score, run, truth, findings, judgement, i);
    }
    for (size_t i = 0; i < findings->n; i++) {
        add_false(score, run, truth, findings, judgement, i);
    }
    for (size_t i = 0; i < truth->n_verdicts; i++) {
        add_verdict(score, run, &truth->verdicts[i], judgement->answers[i],
                    judgement->are_links_right[i]);
    }
}
