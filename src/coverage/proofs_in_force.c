/*
 * Which configuration of Sysmon speaks of a moment: where event 16 or the registry named those that
 * came into force, only the one that was; else all that were collected, unconfirmed.
 */
#include "coverage/proofs_question.h"

#include "base/arena_text.h"
#include "coverage/settings/sysmon_ask.h"

struct marks_at {
    const struct proof_mark *last; /* before the moment, or at it; NULL: none */
    const struct proof_mark *next; /* after it; NULL: none */
    /* Only what *last* names speaks of the moment. Without it none does: event 16 comes later, and
     * what was before it is not known. A key of the registry that was written later shows no such
     * change: it may hold what it held before. */
    bool decide;
};

static struct marks_at marks_at(const struct proof_question *question)
{
    const struct iw_proofs *proofs = question->proofs;
    const struct proof_mark *untimed = NULL;
    struct marks_at at = {NULL, NULL, false};
    for (size_t i = 0; i < proofs->n_marks; i++) {
        const struct proof_mark *mark = &proofs->marks[i];
        if (!iw_str_equal_nocase(mark->host, question->host))
            continue;
        if (!iw_time_known(mark->from_ns)) {
            untimed = mark;
        } else if (iw_time_known(question->time_ns) && mark->from_ns > question->time_ns) {
            at.next = at.next != NULL ? at.next : mark;
            at.decide |= !mark->is_of_registry;
        } else {
            at.last = mark;
            at.decide = true;
        }
    }
    if (at.last == NULL && at.next == NULL && untimed != NULL) {
        at.last = untimed;
        at.decide = true;
    }
    return at;
}

/* No collected configuration has the hash of the mark, or there was none yet. */
static enum iw_rc tell_other(const struct proof_question *question, const struct marks_at *marks,
                             struct iw_proof_answer *ret)
{
    const struct proof_mark *mark = marks->last != NULL ? marks->last : marks->next;
    const char *by = mark->is_of_registry ? "ConfigHash in the registry" : "event 16";
    struct iw_str when = IW_STR("");
    if (iw_time_known(mark->from_ns))
        when = proof_moment(question, mark->from_ns);
    if (when.p == NULL)
        return IW_ENOMEM;
    if (marks->last != NULL)
        ret->why = iw_arena_format(question->scratch,
                                   "%s%.*s%sa configuration was in force that is not in evidence "
                                   "(%s)",
                                   when.n != 0 ? "from " : "", IW_STR_ARG(when),
                                   when.n != 0 ? " on " : "", by);
    else
        ret->why = iw_arena_format(question->scratch,
                                   "the configuration was changed at %.*s (%s): which one "
                                   "was in force before is not known",
                                   IW_STR_ARG(when), by);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc ask_config(const struct proof_question *question,
                             const struct proof_statement *statement, struct iw_proof_answer *ret)
{
    *ret = proof_silence();
    ret->source = statement->source;
    ret->why = statement->why;
    if (statement->config == NULL)
        return IW_OK;
    return iw_sysmon_ask(statement->config, question->sense, question->subject, question->scratch,
                         ret);
}

enum iw_rc proof_ask_configs(const struct proof_question *question, struct iw_proof_answer *ret)
{
    const struct iw_proofs *proofs = question->proofs;
    const struct marks_at marks = marks_at(question);
    int rank = 0;
    *ret = proof_silence();
    if (proofs->has_hidden_marks) {
        ret->why = IW_STR("more changes of Sysmon's configuration than are kept (event 16): which "
                          "one was in force is not known");
        return IW_OK;
    }
    for (size_t i = 0; i < proofs->n; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        struct iw_proof_answer one;
        if (!proof_is_about(statement, question, PROOF_SYSMON))
            continue;
        if (marks.decide && statement->config != NULL &&
            (marks.last == NULL || !iw_sysmon_config_has_hash(statement->config, marks.last->hash)))
            continue;
        IW_TRY(ask_config(question, statement, &one));
        one.is_in_force = marks.decide && statement->config != NULL;
        one.is_unconfirmed = !marks.decide && one.state == IW_PROOF_LOGGED;
        if (one.is_in_force)
            one.from_ns = marks.last->from_ns;
        proof_put(ret, &rank, &one, statement->rank);
    }
    if (marks.next != NULL)
        proof_until(ret, marks.next->from_ns);
    if (marks.decide && ret->state == IW_PROOF_SILENT)
        return tell_other(question, &marks, ret);
    return IW_OK;
}
