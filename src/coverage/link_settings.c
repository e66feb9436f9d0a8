#include "coverage/link_settings.h"

/* How bad an answer is: of several folders the worst counts. */
static unsigned badness(const struct iw_proof_answer *answer)
{
    static const unsigned BADNESS[] = {[IW_PROOF_SILENT] = 2,
                                       [IW_PROOF_LOGGED] = 0,
                                       [IW_PROOF_PARTLY] = 3,
                                       [IW_PROOF_NOT_LOGGED] = 5};
    if (answer->state == IW_PROOF_LOGGED && (answer->is_stated || answer->is_unconfirmed))
        return 1;
    return BADNESS[answer->state] + answer->loses_first;
}

static void narrow(struct iw_proof_answer *into, const struct iw_proof_answer *by)
{
    if (iw_time_known(by->from_ns) &&
        (!iw_time_known(into->from_ns) || by->from_ns > into->from_ns))
        into->from_ns = by->from_ns;
    if (iw_time_known(by->to_ns) && (!iw_time_known(into->to_ns) || by->to_ns < into->to_ns))
        into->to_ns = by->to_ns;
}

static enum iw_rc ask_one(const struct iw_link_asking *in, enum iw_sense sense,
                          const struct iw_sense_subject *subject, int64_t time_ns, bool *is_first,
                          struct iw_proof_answer *worst)
{
    struct iw_proof_answer answer = {
        .state = IW_PROOF_SILENT, .from_ns = IW_TIME_UNKNOWN, .to_ns = IW_TIME_UNKNOWN};
    struct iw_proof_answer before = *worst;
    struct iw_proof_mend *mends;
    IW_TRY(in->host->ask(in->host->proofs, in->host->name, sense, subject, time_ns, in->arena,
                         &answer));
    mends = *is_first ? answer.mends : iw_proof_mends_join(worst->mends, answer.mends);
    if (*is_first) {
        *worst = answer;
    } else if (badness(&answer) > badness(worst)) {
        *worst = answer;
        narrow(worst, &before);
    } else {
        narrow(worst, &answer);
    }
    worst->mends = mends; /* of all folders, so that none is left open */
    *is_first = false;
    return IW_OK;
}

static enum iw_rc ask_settings(const struct iw_link_asking *in, int64_t time_ns,
                               struct iw_proof_answer *ret)
{
    const struct iw_link_witness *row = in->row;
    struct iw_sense_subject subject = {.path = IW_STR("")};
    bool is_first = true;
    *ret = (struct iw_proof_answer){
        .state = IW_PROOF_SILENT, .from_ns = IW_TIME_UNKNOWN, .to_ns = IW_TIME_UNKNOWN};
    subject.is_of_worker = row->sample == IW_SAMPLE_PROCESS || row->sample == IW_SAMPLE_LOAD ||
                           row->sample == IW_SAMPLE_CONNECTION;
    subject.has_32_bit = in->host->has_32_bit;
    subject.is_folder = row->folders != IW_FOLDERS_NONE;
    if (row->sense == IW_SENSE_AUDIT_COMMAND_LINE) /* no command line without its event */
        IW_TRY(ask_one(in, IW_SENSE_AUDIT_PROCESS, &subject, time_ns, &is_first, ret));
    if (row->folders != IW_FOLDERS_ROOTS) {
        if (subject.is_folder)
            subject.path = iw_link_folder(row->folders)->asked;
        return ask_one(in, row->sense, &subject, time_ns, &is_first, ret);
    }
    subject.endings = in->host->endings.items;
    subject.n_endings = in->host->endings.n;
    if (in->host->asked == NULL)
        return IW_OK;
    subject.path = in->host->asked->key;
    return ask_one(in, row->sense, &subject, time_ns, &is_first, ret);
}

enum iw_rc iw_link_ask(struct iw_link_asking *in, int64_t time_ns, struct iw_proof_answer *ret)
{
    *ret = (struct iw_proof_answer){
        .state = IW_PROOF_SILENT, .from_ns = IW_TIME_UNKNOWN, .to_ns = IW_TIME_UNKNOWN};
    if (in->host->ask == NULL)
        return IW_OK;
    if (!in->is_asked || time_ns < in->asked_ns ||
        (iw_time_known(in->answer.to_ns) && time_ns >= in->answer.to_ns)) {
        IW_TRY(ask_settings(in, time_ns, &in->answer));
        in->asked_ns = time_ns;
        in->is_asked = true;
    }
    *ret = in->answer;
    return IW_OK;
}
