/*
 * Which configuration of Sysmon speaks of a moment: where event 16 named those that came into
 * force, only the one that was; else all that were collected.
 */
#include "coverage/proofs_question.h"

#include "base/arena_text.h"
#include "coverage/settings/sysmon_ask.h"

/* The mark that was last before a moment, and the moment of the next; NULL: none. */
static const struct proof_mark *mark_at(const struct proof_question *question, bool *ret_any,
                                        int64_t *ret_next_ns)
{
    const struct iw_proofs *proofs = question->proofs;
    const struct proof_mark *last = NULL;
    *ret_any = false;
    *ret_next_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < proofs->n_marks; i++) {
        const struct proof_mark *mark = &proofs->marks[i];
        if (!iw_str_equal_nocase(mark->host, question->host))
            continue;
        *ret_any = true;
        if (iw_time_known(question->time_ns) && mark->from_ns > question->time_ns) {
            *ret_next_ns = mark->from_ns;
            break;
        }
        last = mark;
    }
    return last;
}

/* No collected configuration has the hash of the mark, or there was none yet. */
static enum iw_rc tell_other(const struct proof_question *question, const struct proof_mark *mark,
                             int64_t next_ns, struct iw_proof_answer *ret)
{
    struct iw_str when = proof_moment(question, mark != NULL ? mark->from_ns : next_ns);
    if (when.p == NULL)
        return IW_ENOMEM;
    if (mark != NULL)
        ret->why = iw_arena_format(question->scratch,
                                   "from %.*s on a configuration was in force that is not in "
                                   "evidence (event 16)",
                                   IW_STR_ARG(when));
    else
        ret->why =
            iw_arena_format(question->scratch,
                            "the configuration was changed at %.*s (event 16): which one was "
                            "in force before is not known",
                            IW_STR_ARG(when));
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
    int64_t next_ns;
    bool any;
    const struct proof_mark *mark = mark_at(question, &any, &next_ns);
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
        if (any && statement->config != NULL &&
            (mark == NULL || !iw_sysmon_config_has_hash(statement->config, mark->hash)))
            continue;
        IW_TRY(ask_config(question, statement, &one));
        one.is_in_force = mark != NULL && statement->config != NULL;
        if (one.is_in_force)
            one.from_ns = mark->from_ns;
        proof_put(ret, &rank, &one, statement->rank);
    }
    proof_until(ret, next_ns);
    if (any && ret->state == IW_PROOF_SILENT)
        return tell_other(question, mark, next_ns, ret);
    return IW_OK;
}
