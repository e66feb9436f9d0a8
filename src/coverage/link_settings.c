#include "coverage/link_settings.h"

static const struct iw_proof_answer SILENCE = {
    .state = IW_PROOF_SILENT, .from_ns = IW_TIME_UNKNOWN, .to_ns = IW_TIME_UNKNOWN};

/* How bad an answer is. */
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

/* What is said of two things that an event needs: the worse, for as long as both are so. */
static void join(struct iw_proof_answer *into, const struct iw_proof_answer *other)
{
    struct iw_proof_mend *mends = iw_proof_mends_join(into->mends, other->mends);
    struct iw_proof_answer before = *into;
    if (badness(other) > badness(into)) {
        *into = *other;
        narrow(into, &before);
    } else {
        narrow(into, other);
    }
    into->mends = mends; /* of both, so that neither is left open */
}

static enum iw_rc ask(const struct iw_link_asking *in, enum iw_sense sense,
                      const struct iw_sense_subject *subject, int64_t time_ns,
                      struct iw_proof_answer *ret)
{
    *ret = SILENCE;
    return in->host->ask(in->host->proofs, in->host->name, sense, subject, time_ns, in->arena, ret);
}

static enum iw_rc ask_settings(const struct iw_link_asking *in, int64_t time_ns,
                               struct iw_proof_answer *ret)
{
    const struct iw_link_host *host = in->host;
    const struct iw_link_witness *row = in->row;
    struct iw_sense_subject subject = {.path = IW_STR("")};
    struct iw_proof_answer line;
    *ret = SILENCE;
    if (row->folders == IW_FOLDERS_ROOTS && host->asked == NULL)
        return IW_OK;
    subject.is_of_worker = row->sample == IW_SAMPLE_PROCESS || row->sample == IW_SAMPLE_LOAD ||
                           row->sample == IW_SAMPLE_CONNECTION;
    subject.has_32_bit = host->has_32_bit;
    subject.is_folder = row->folders != IW_FOLDERS_NONE;
    if (row->folders == IW_FOLDERS_ROOTS) {
        subject.endings = host->endings.items;
        subject.n_endings = host->endings.n;
        subject.path = host->asked->key;
    } else if (subject.is_folder) {
        subject.path = iw_link_folder(row->folders)->asked;
    }
    if (row->sense != IW_SENSE_AUDIT_COMMAND_LINE)
        return ask(in, row->sense, &subject, time_ns, ret);
    /* no command line without its event */
    IW_TRY(ask(in, IW_SENSE_AUDIT_PROCESS, &subject, time_ns, ret));
    IW_TRY(ask(in, row->sense, &subject, time_ns, &line));
    join(ret, &line);
    return IW_OK;
}

enum iw_rc iw_link_ask(struct iw_link_asking *in, int64_t time_ns, struct iw_proof_answer *ret)
{
    *ret = SILENCE;
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
