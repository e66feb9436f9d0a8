/*
 * The judgement (see score_judge.h).
 *
 * What it does: one table of findings by acts, from which all answers follow.
 * What it ignores: why a finding was made; a right finding for a wrong reason counts. Times: two
 * events of a host with the same channel and record id are one event here.
 */
#include "lab/score/score_judge.h"

#include "lab/lab_alloc.h"
#include "lab/score/score_names.h"
#include "lab/score/score_told.h"

#include <string.h>

/* What stands for a must among the findings while the nearest is looked for. */
struct nearness {
    bool is_level;
    size_t n_acts;
    bool is_analytic;
    enum iw_lab_level level;
};

static bool is_of_host(const struct iw_lab_item *item, const struct iw_lab_trace *trace)
{
    if (item->host == NULL || *item->host == '\0') {
        return item->source != NULL && strcmp(item->source, trace->source) == 0;
    }
    return iw_lab_host_is_same(item->host, trace->host);
}

bool iw_lab_item_is_trace(const struct iw_lab_item *item, const struct iw_lab_trace *trace)
{
    switch (trace->kind) {
    case IW_LAB_TRACE_EVENT:
        return item->has_record && item->record_id == trace->number &&
               iw_lab_name_is_same(item->channel, trace->channel) && is_of_host(item, trace);
    case IW_LAB_TRACE_LINE:
        return item->has_line && item->line == trace->number && item->source != NULL &&
               strcmp(item->source, trace->source) == 0;
    case IW_LAB_TRACE_FILE:
        for (size_t i = 0; i < item->values.n; i++) {
            if (iw_lab_name_is_same(item->values.items[i], trace->file)) {
                return is_of_host(item, trace);
            }
        }
        return false;
    case IW_LAB_TRACE_COMPONENT:
        break; /* the subject says it */
    }
    return false;
}

/* A finding without host is judged by where its items come from. */
static bool finding_is_of_host(const struct iw_lab_finding *finding,
                               const struct iw_lab_trace *trace)
{
    if (finding->host != NULL && *finding->host != '\0') {
        return iw_lab_host_is_same(finding->host, trace->host);
    }
    for (size_t i = 0; i < finding->n_items; i++) {
        if (is_of_host(&finding->items[i], trace)) {
            return true;
        }
    }
    return false;
}

/* Does a field of an item say the entry's image? */
static bool items_name_image(const struct iw_lab_finding *finding, const struct iw_lab_trace *trace)
{
    for (size_t i = 0; i < finding->n_items && trace->image != NULL; i++) {
        for (size_t k = 0; k < finding->items[i].values.n; k++) {
            if (iw_lab_name_is_same(finding->items[i].values.items[k], trace->image)) {
                return true;
            }
        }
    }
    return false;
}

static bool subject_is_trace(const struct iw_lab_finding *finding, const struct iw_lab_trace *trace)
{
    bool is_same = false;
    if (trace->kind == IW_LAB_TRACE_FILE) {
        is_same = iw_lab_name_is_same(finding->subject, trace->file);
    } else if (trace->kind == IW_LAB_TRACE_COMPONENT) {
        is_same = finding->is_component && (iw_lab_name_is_same(finding->subject, trace->name) ||
                                            iw_lab_name_is_same(finding->subject, trace->image) ||
                                            items_name_image(finding, trace));
    }
    return is_same && finding_is_of_host(finding, trace);
}

static bool finding_has_trace(const struct iw_lab_finding *finding,
                              const struct iw_lab_trace *trace)
{
    for (size_t i = 0; i < finding->n_items; i++) {
        if (iw_lab_item_is_trace(&finding->items[i], trace)) {
            return true;
        }
    }
    return subject_is_trace(finding, trace);
}

static void fill_table(struct iw_lab_judgement *judgement, const struct iw_lab_truth *truth,
                       const struct iw_lab_findings *findings)
{
    for (size_t f = 0; f < findings->n; f++) {
        bool *row = judgement->about + f * truth->n_acts;
        for (size_t t = 0; t < truth->n_traces; t++) {
            const struct iw_lab_trace *trace = &truth->traces[t];
            row[trace->act] = row[trace->act] || finding_has_trace(&findings->items[f], trace);
        }
    }
}

bool iw_lab_judgement_is_about(const struct iw_lab_judgement *judgement, size_t finding, size_t act)
{
    return judgement->about[finding * judgement->n_acts + act];
}

bool iw_lab_must_has_act(const struct iw_lab_must *must, size_t act)
{
    return iw_lab_places_has(&must->acts, act) || iw_lab_places_has(&must->enough, act);
}

/* A compiling alone makes one act visible: that a page was asked for. How the page came it does not
 * tell, though it is a trace of that as well. */
static bool is_due(const struct iw_lab_must *must, const struct iw_lab_truth *truth)
{
    size_t n_by_link = 0;
    for (size_t i = 0; i < must->enough.n; i++) {
        if (truth->acts[must->enough.items[i]].n_traces > 0) {
            return true;
        }
    }
    for (size_t i = 0; i < must->acts.n; i++) {
        const struct iw_lab_act *act = &truth->acts[must->acts.items[i]];
        if (act->n_traces == 0) {
            return false;
        }
        n_by_link += act->n_own == 0 ? 1 : 0;
    }
    return must->enough.n == 0 && n_by_link <= 1;
}

/* How many acts of a must a finding is about, and whether all visible ones of `acts`. */
static size_t count_told(const struct iw_lab_must *must, const struct iw_lab_truth *truth,
                         const struct iw_lab_judgement *judgement, size_t finding, bool *is_all)
{
    size_t n_told = 0;
    *is_all = true;
    for (size_t act = 0; act < truth->n_acts; act++) {
        if (!iw_lab_must_has_act(must, act)) {
            continue;
        }
        bool is_told = iw_lab_judgement_is_about(judgement, finding, act);
        n_told += is_told ? 1 : 0;
        if (!is_told && truth->acts[act].n_traces > 0 && iw_lab_places_has(&must->acts, act)) {
            *is_all = false;
        }
    }
    return n_told;
}

static bool is_nearer(const struct nearness *left, const struct nearness *right)
{
    if (left->is_level != right->is_level) {
        return left->is_level;
    }
    if (left->n_acts != right->n_acts) {
        return left->n_acts > right->n_acts;
    }
    if (left->is_analytic != right->is_analytic) {
        return left->is_analytic;
    }
    return left->level > right->level;
}

/* Without change records nobody can say what they would have said. */
static bool has_change(const struct iw_lab_must *must, const struct iw_lab_truth *truth,
                       const struct iw_lab_finding *finding)
{
    return must->change == NULL || (truth->aids & IW_LAB_AID_CHANGES) == 0 ||
           strcmp(must->change, finding->change) == 0;
}

/* A finding of medium or above, other than this one, that is about one of the must's acts. */
static size_t find_second(const struct iw_lab_must *must, const struct iw_lab_findings *findings,
                          const struct iw_lab_judgement *judgement, size_t first)
{
    for (size_t f = 0; f < findings->n; f++) {
        for (size_t i = 0; i < must->acts.n; i++) {
            if (f != first && findings->items[f].level >= IW_LAB_LEVEL_MEDIUM &&
                iw_lab_judgement_is_about(judgement, f, must->acts.items[i])) {
                return f;
            }
        }
    }
    return IW_LAB_NO_FINDING;
}

static struct iw_lab_must_result judge_must(const struct iw_lab_must *must,
                                            const struct iw_lab_truth *truth,
                                            const struct iw_lab_findings *findings,
                                            const struct iw_lab_judgement *judgement)
{
    struct iw_lab_must_result result = {IW_LAB_MUST_MISSED, IW_LAB_NO_FINDING, IW_LAB_NO_FINDING};
    struct nearness best = {0};
    if (!must->is_asked) {
        result.state = IW_LAB_MUST_NOT_ASKED;
        return result;
    }
    if (!is_due(must, truth)) {
        result.state = IW_LAB_MUST_NOT_VISIBLE;
        return result;
    }
    for (size_t f = 0; f < findings->n; f++) {
        const struct iw_lab_finding *finding = &findings->items[f];
        bool is_all = false;
        struct nearness own = {.is_level =
                                   finding->level >= must->level && finding->level <= must->at_most,
                               .is_analytic = iw_lab_words_has(&finding->analytics, must->analytic),
                               .level = finding->level};
        own.n_acts = count_told(must, truth, judgement, f, &is_all);
        if (own.n_acts == 0) {
            continue;
        }
        if (own.is_level && own.is_analytic && is_all && has_change(must, truth, finding) &&
            iw_lab_told_is_whole(must, truth, finding)) {
            size_t second =
                must->is_once ? find_second(must, findings, judgement, f) : IW_LAB_NO_FINDING;
            return (struct iw_lab_must_result){
                second == IW_LAB_NO_FINDING ? IW_LAB_MUST_FOUND : IW_LAB_MUST_IN_PART, f, second};
        }
        if (own.is_level) {
            result.state = IW_LAB_MUST_IN_PART;
        }
        if (result.nearest == IW_LAB_NO_FINDING || is_nearer(&own, &best)) {
            best = own;
            result.nearest = f;
        }
    }
    return result;
}

static struct iw_lab_finding_result judge_finding(const struct iw_lab_finding *finding,
                                                  const struct iw_lab_truth *truth, const bool *row)
{
    struct iw_lab_finding_result result = {.is_counted = finding->level >= IW_LAB_LEVEL_MEDIUM};
    for (size_t act = 0; act < truth->n_acts; act++) {
        if (row[act] && (truth->acts[act].is_attack || truth->acts[act].is_may)) {
            result.is_true = true;
        }
    }
    for (size_t i = 0; i < truth->n_aparts; i++) {
        const struct iw_lab_places *acts = &truth->aparts[i].acts;
        size_t n_told = 0;
        while (n_told < acts->n && row[acts->items[n_told]]) {
            n_told++;
        }
        result.is_joined = result.is_joined || n_told == acts->n;
    }
    if (result.is_joined) {
        result.is_counted = true;
        result.is_true = false;
    }
    return result;
}

static const struct iw_lab_answer *find_answer(const struct iw_lab_wanted_verdict *wanted,
                                               const struct iw_lab_answers *answers)
{
    for (size_t i = 0; answers != NULL && i < answers->n; i++) {
        if (strcmp(answers->items[i].analytic, wanted->analytic) == 0 &&
            iw_lab_host_is_same(answers->items[i].host, wanted->host)) {
            return &answers->items[i];
        }
    }
    return NULL;
}

static void judge_verdicts(struct iw_lab_judgement *judgement, const struct iw_lab_truth *truth,
                           const struct iw_lab_answers *answers)
{
    for (size_t i = 0; i < truth->n_verdicts; i++) {
        const struct iw_lab_wanted_verdict *wanted = &truth->verdicts[i];
        const struct iw_lab_answer *answer = find_answer(wanted, answers);
        judgement->answers[i] = answer != NULL ? answer->verdict : IW_LAB_VERDICT_NOT_ANSWERED;
        judgement->are_links_right[i] =
            (wanted->blind.n == 0 && wanted->beyond.n == 0) ||
            (answer != NULL && iw_lab_told_is_beyond(&wanted->beyond, answer) &&
             (wanted->blind.n == 0 ||
              iw_lab_told_links_are(wanted->analytic, &wanted->blind, answer)));
    }
}

void iw_lab_judge(struct iw_lab_judgement *judgement, const struct iw_lab_truth *truth,
                  const struct iw_lab_findings *findings, const struct iw_lab_answers *answers)
{
    *judgement = (struct iw_lab_judgement){
        .n_findings = findings->n,
        .n_acts = truth->n_acts,
        .about = iw_lab_alloc_zeroed(findings->n * truth->n_acts, sizeof *judgement->about),
        .musts = iw_lab_alloc_zeroed(truth->n_musts, sizeof *judgement->musts),
        .findings = iw_lab_alloc_zeroed(findings->n, sizeof *judgement->findings),
        .answers = iw_lab_alloc_zeroed(truth->n_verdicts, sizeof *judgement->answers),
        .are_links_right =
            iw_lab_alloc_zeroed(truth->n_verdicts, sizeof *judgement->are_links_right)};
    fill_table(judgement, truth, findings);
    for (size_t i = 0; i < truth->n_musts; i++) {
        judgement->musts[i] = judge_must(&truth->musts[i], truth, findings, judgement);
    }
    for (size_t i = 0; i < findings->n; i++) {
        judgement->findings[i] =
            judge_finding(&findings->items[i], truth, judgement->about + i * truth->n_acts);
    }
    judge_verdicts(judgement, truth, answers);
}

void iw_lab_judgement_done(struct iw_lab_judgement *judgement)
{
    iw_lab_alloc_release(judgement->about);
    iw_lab_alloc_release(judgement->musts);
    iw_lab_alloc_release(judgement->findings);
    iw_lab_alloc_release(judgement->answers);
    iw_lab_alloc_release(judgement->are_links_right);
    *judgement = (struct iw_lab_judgement){0};
}
