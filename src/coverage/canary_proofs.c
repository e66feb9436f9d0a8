#include "coverage/canary_proofs.h"

#include "event/host.h"

/* Of an act whose host the plan does not know, nobody can say where it was not seen. */
static bool is_of_host(const struct iw_canary_act *act, struct iw_str host)
{
    return act->host.n != 0 && iw_str_equal_nocase(iw_host_label(act->host), iw_host_label(host));
}

static bool is_asked(const struct iw_canary_question *question, struct iw_str subject)
{
    return question->is_asked == NULL || question->is_asked(question->context, subject);
}

int64_t iw_canary_seen_in(const struct iw_canary_report *report,
                          const struct iw_canary_question *question, const struct iw_span *run)
{
    for (size_t i = 0; report != NULL && i < report->n_proofs; i++) {
        const struct iw_canary_proof *proof = &report->proofs[i];
        if (proof->time_ns >= run->from_ns && proof->time_ns < run->to_ns &&
            iw_str_equal(proof->link, question->link) &&
            iw_str_equal(proof->source, question->source) &&
            iw_str_equal_nocase(proof->host, question->host) && is_asked(question, proof->subject))
            return proof->time_ns;
    }
    return IW_TIME_UNKNOWN;
}

/* When it was done, as what was seen of it says. */
static int64_t told_time(const struct iw_canary_outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++) {
        if (iw_time_known(outcome->sightings[i].done_ns))
            return outcome->sightings[i].done_ns;
    }
    return IW_TIME_UNKNOWN;
}

static int64_t done_time(const struct iw_canary_report *report, size_t at, struct iw_str host)
{
    const struct iw_canary_act *act = report->outcomes[at].act;
    int64_t before_ns = IW_TIME_UNKNOWN, behind_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < report->n_outcomes; i++) {
        const struct iw_canary_outcome *other = &report->outcomes[i];
        int64_t done_ns = is_of_host(other->act, host) ? told_time(other) : IW_TIME_UNKNOWN;
        if (!iw_time_known(done_ns))
            continue;
        if (iw_str_equal(other->act->id, act->id))
            return done_ns;
        if (i < at)
            before_ns = done_ns;
        else if (!iw_time_known(behind_ns))
            behind_ns = done_ns;
    }
    return iw_time_known(before_ns) ? before_ns : behind_ns;
}

static bool is_seen_by(const struct iw_canary_outcome *outcome, struct iw_str source)
{
    for (size_t i = 0; i < outcome->n; i++) {
        if (iw_str_equal(outcome->sightings[i].source, source))
            return true;
    }
    return false;
}

enum iw_rc iw_canary_misses_find(const struct iw_canary_report *report,
                                 const struct iw_canary_question *question, struct iw_arena *arena,
                                 struct iw_canary_misses *ret)
{
    struct iw_canary_miss *items;
    size_t n = 0;
    *ret = (struct iw_canary_misses){NULL, 0};
    if (report == NULL)
        return IW_OK;
    items = iw_arena_alloc(arena, (report->n_outcomes + 1) * sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < report->n_outcomes; i++) {
        const struct iw_canary_outcome *outcome = &report->outcomes[i];
        int64_t done_ns;
        if (!is_of_host(outcome->act, question->host) ||
            !iw_str_equal(iw_str_of(iw_canary_kind_link(outcome->act->kind)), question->link) ||
            is_seen_by(outcome, question->source) || !is_asked(question, outcome->act->subject))
            continue;
        done_ns = done_time(report, i, question->host);
        if (iw_time_known(done_ns))
            items[n++] = (struct iw_canary_miss){outcome->act, done_ns, outcome->n != 0};
    }
    *ret = (struct iw_canary_misses){items, n};
    return IW_OK;
}

void iw_canary_count(const struct iw_canary_report *report, struct iw_str host, size_t *ret_n,
                     size_t *ret_n_seen)
{
    *ret_n = *ret_n_seen = 0;
    for (size_t i = 0; i < report->n_outcomes; i++) {
        if (!is_of_host(report->outcomes[i].act, host))
            continue;
        ++*ret_n;
        *ret_n_seen += report->outcomes[i].n != 0;
    }
}
