/*
 * From statements to an answer.
 *
 * Among statements about one part the higher rank prevails; of one rank the worst counts, and that
 * they differ is told. Parts are put together by what an event needs: a Security 4663 needs the
 * policy and an audit entry. The operator's word counts where no file speaks.
 */
#include "coverage/proofs_question.h"

#include "base/arena_text.h"
#include "iis/change/change_problems.h"
#include "iis/config/server_path.h"

struct iw_proof_answer proof_silence(void)
{
    return (struct iw_proof_answer){.source = IW_STR(""),
                                    .why = IW_STR(""),
                                    .from_ns = IW_TIME_UNKNOWN,
                                    .to_ns = IW_TIME_UNKNOWN};
}

/* The first of the file stay, in whatever order they come. */
static void add_line(struct iw_proof_mend *into, const struct iw_proof_line *line)
{
    size_t at = into->n;
    for (size_t i = 0; i < into->n; i++) {
        if (into->lines[i].line == line->line && iw_str_equal(into->lines[i].what, line->what))
            return;
    }
    if (into->n == IW_LIMIT_PROOF_MENDS) {
        into->is_cut = true;
        if (into->lines[at - 1].line <= line->line)
            return;
        into->n = --at;
    }
    for (; at > 0 && into->lines[at - 1].line > line->line; at--)
        into->lines[at] = into->lines[at - 1];
    into->lines[at] = *line;
    into->n++;
}

struct iw_proof_mend *iw_proof_mends_join(struct iw_proof_mend *mends, struct iw_proof_mend *more)
{
    while (more != NULL) {
        struct iw_proof_mend *one = more, **at = &mends;
        more = one->next;
        while (*at != NULL && !iw_str_equal((*at)->source, one->source))
            at = &(*at)->next;
        if (*at == NULL) {
            one->next = NULL;
            *at = one;
            continue;
        }
        (*at)->needs_include |= one->needs_include;
        (*at)->is_cut |= one->is_cut;
        for (size_t i = 0; i < one->n; i++)
            add_line(*at, &one->lines[i]);
    }
    return mends;
}

void proof_put(struct iw_proof_answer *sum, int *rank, const struct iw_proof_answer *one,
               int one_rank)
{
    struct iw_proof_mend *mends;
    bool differs;
    if (one->state == IW_PROOF_SILENT) {
        if (sum->state == IW_PROOF_SILENT && sum->why.n == 0)
            *sum = *one;
        return;
    }
    if (sum->state == IW_PROOF_SILENT || one_rank > *rank) {
        *sum = *one;
        *rank = one_rank;
        return;
    }
    if (one_rank < *rank)
        return;
    differs = one->state != sum->state;
    mends = iw_proof_mends_join(sum->mends, one->mends); /* each of them has to be mended */
    if (one->state > sum->state)                         /* the worse */
        *sum = *one;
    sum->mends = mends;
    sum->is_contradicted |= differs;
}

void proof_until(struct iw_proof_answer *answer, int64_t to_ns)
{
    if (iw_time_known(to_ns) && (!iw_time_known(answer->to_ns) || to_ns < answer->to_ns))
        answer->to_ns = to_ns;
}

bool proof_is_about(const struct proof_statement *statement, const struct proof_question *question,
                    enum proof_part part)
{
    return statement->part == part && iw_str_equal_nocase(statement->host, question->host);
}

struct iw_str proof_moment(const struct proof_question *question, int64_t time_ns)
{
    char text[IW_TIME_TEXT_BYTES];
    iw_time_format(time_ns, text);
    return iw_arena_format(question->scratch, "%.19sZ", text);
}

/* --- parts ---------------------------------------------------------------------------------- */

static enum iw_rc ask_folders(const struct proof_question *question,
                              const struct proof_statement *statement, struct iw_proof_answer *ret)
{
    static const struct {
        enum iw_proof_state state;
        const char *words;
    } COVERS[] = {
        [IW_AUDIT_COVER_UNSAID] = {IW_PROOF_SILENT, ""},
        [IW_AUDIT_COVER_ALL] = {IW_PROOF_LOGGED, "writing by everyone is audited"},
        [IW_AUDIT_COVER_WRITING] = {IW_PROOF_PARTLY,
                                    "writing by everyone is audited, but not appending, or not "
                                    "deleting and renaming"},
        [IW_AUDIT_COVER_SOME] = {IW_PROOF_PARTLY,
                                 "writing is audited for some accounts or folders only"},
        [IW_AUDIT_COVER_OTHERS] = {IW_PROOF_PARTLY,
                                   "writing is audited for accounts only that a worker of IIS is "
                                   "not one of as it is installed"},
        [IW_AUDIT_COVER_NONE] = {IW_PROOF_NOT_LOGGED, "no audit entry for writing"}};
    const struct iw_audit_entry *entry;
    enum iw_audit_cover cover = iw_audit_entries_ask(statement->entries, question->path_key,
                                                     question->subject->is_folder, &entry);
    *ret = proof_silence();
    ret->state = COVERS[cover].state;
    ret->loses_first = cover == IW_AUDIT_COVER_OTHERS;
    ret->source = statement->source;
    if (cover == IW_AUDIT_COVER_UNSAID)
        return IW_OK;
    ret->why = iw_arena_format(question->scratch, "%.*s: %s (line %u)", IW_STR_ARG(entry->path),
                               COVERS[cover].words, entry->line);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

/* What holds since a later moment says nothing of this one; the answer is another from then on. */
static enum iw_rc tell_later(const struct proof_question *question,
                             const struct proof_statement *statement, struct iw_proof_answer *ret)
{
    struct iw_str when = proof_moment(question, statement->from_ns);
    if (when.p == NULL)
        return IW_ENOMEM;
    ret->source = statement->source;
    ret->why =
        iw_arena_format(question->scratch, "%.*s since %.*s; what it was before is not known",
                        IW_STR_ARG(statement->why), IW_STR_ARG(when));
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

/* Says what prevails over another statement that says otherwise. */
static enum iw_rc tell_outweighed(const struct proof_question *question, enum proof_part part,
                                  int rank, struct iw_proof_answer *ret)
{
    const struct iw_proofs *proofs = question->proofs;
    for (size_t i = 0; i < proofs->n && ret->state != IW_PROOF_SILENT; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        if (statement->rank >= rank || statement->state == ret->state ||
            statement->state == IW_PROOF_SILENT || !proof_is_about(statement, question, part))
            continue;
        ret->why = iw_arena_format(question->scratch, "%.*s; %.*s says otherwise, and counts less",
                                   IW_STR_ARG(ret->why), IW_STR_ARG(statement->source));
        return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
    }
    return IW_OK;
}

static enum iw_rc ask_part(const struct proof_question *question, enum proof_part part,
                           struct iw_proof_answer *ret)
{
    static const enum iw_lack LACKS[PROOF_PART_COUNT] = {
        [PROOF_SYSMON] = IW_LACK_FILTER,         [PROOF_SYSMON_CHANNEL] = IW_LACK_CHANNEL,
        [PROOF_POLICY_PROCESS] = IW_LACK_POLICY, [PROOF_POLICY_FILE] = IW_LACK_POLICY,
        [PROOF_POLICY_LOGON] = IW_LACK_POLICY,   [PROOF_COMMAND_LINE] = IW_LACK_COMMAND_LINE,
        [PROOF_FOLDERS] = IW_LACK_AUDIT_ENTRY,   [PROOF_CONFIGURATION_CHANNEL] = IW_LACK_CHANNEL};
    const struct iw_proofs *proofs = question->proofs;
    const struct proof_statement *later = NULL; /* the first of those that begin later */
    int rank = 0;
    *ret = proof_silence();
    for (size_t i = 0; i < proofs->n; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        struct iw_proof_answer one = proof_silence();
        if (statement->rank == PROOF_OUTWEIGHED || !proof_is_about(statement, question, part))
            continue;
        if (iw_time_known(statement->from_ns) && iw_time_known(question->time_ns) &&
            question->time_ns < statement->from_ns) {
            if (later == NULL || statement->from_ns < later->from_ns)
                later = statement;
            continue;
        }
        one.state = statement->state;
        one.source = statement->source;
        one.why = statement->why;
        one.from_ns = statement->from_ns;
        if (part == PROOF_FOLDERS)
            IW_TRY(ask_folders(question, statement, &one));
        one.lack = LACKS[part];
        proof_put(ret, &rank, &one, statement->rank);
    }
    if (later != NULL)
        proof_until(ret, later->from_ns);
    if (later != NULL && ret->state == IW_PROOF_SILENT)
        return tell_later(question, later, ret);
    return tell_outweighed(question, part, rank, ret);
}

/* --- what an event needs -------------------------------------------------------------------- */

static enum iw_rc ask_sysmon(const struct proof_question *question, struct iw_proof_answer *ret)
{
    struct iw_proof_answer channel;
    IW_TRY(ask_part(question, PROOF_SYSMON_CHANNEL, &channel));
    if (channel.state == IW_PROOF_NOT_LOGGED) {
        *ret = channel;
        return IW_OK;
    }
    IW_TRY(proof_ask_configs(question, ret));
    proof_until(ret, channel.to_ns);
    return IW_OK;
}

/* The policy, then the folder's audit entries; either that says no is enough. */
static enum iw_rc join_audit_file(const struct proof_question *question,
                                  const struct iw_proof_answer *policy,
                                  const struct iw_proof_answer *folders,
                                  struct iw_proof_answer *ret)
{
    if (policy->state == IW_PROOF_NOT_LOGGED) {
        *ret = *policy;
        return IW_OK;
    }
    if (folders->state == IW_PROOF_NOT_LOGGED) {
        *ret = *folders;
        return IW_OK;
    }
    *ret = proof_silence();
    if (policy->state == IW_PROOF_SILENT && folders->state == IW_PROOF_SILENT)
        return IW_OK;
    if (policy->state == IW_PROOF_SILENT || folders->state == IW_PROOF_SILENT) {
        const struct iw_proof_answer *said = policy->state == IW_PROOF_SILENT ? folders : policy;
        ret->source = said->source;
        ret->why = iw_arena_format(question->scratch, "%.*s; %s", IW_STR_ARG(said->why),
                                   policy->state == IW_PROOF_SILENT
                                       ? "no audit policy of this host is in evidence"
                                       : "no list of audit entries speaks of the folder");
        return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
    }
    *ret = *folders;
    ret->is_contradicted |= policy->is_contradicted;
    ret->why = iw_arena_format(question->scratch, "%.*s; %.*s", IW_STR_ARG(policy->why),
                               IW_STR_ARG(folders->why));
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc ask_audit_file(const struct proof_question *question, struct iw_proof_answer *ret)
{
    struct iw_proof_answer policy, folders = proof_silence();
    IW_TRY(ask_part(question, PROOF_POLICY_FILE, &policy));
    if (question->path_key.n != 0)
        IW_TRY(ask_part(question, PROOF_FOLDERS, &folders));
    IW_TRY(join_audit_file(question, &policy, &folders, ret));
    proof_until(ret, policy.to_ns);
    proof_until(ret, folders.to_ns);
    return IW_OK;
}

/* A command line is in an event only where there is the event. */
static enum iw_rc ask_command_line(const struct proof_question *question,
                                   struct iw_proof_answer *ret)
{
    struct iw_proof_answer policy;
    IW_TRY(ask_part(question, PROOF_COMMAND_LINE, ret));
    if (ret->state != IW_PROOF_LOGGED)
        return IW_OK;
    IW_TRY(ask_part(question, PROOF_POLICY_PROCESS, &policy));
    proof_until(&policy, ret->to_ns);
    if (policy.state == IW_PROOF_NOT_LOGGED)
        *ret = policy;
    proof_until(ret, policy.to_ns);
    return IW_OK;
}

static enum iw_rc ask_files(const struct proof_question *question, struct iw_proof_answer *ret)
{
    switch (question->sense) {
    case IW_SENSE_SYSMON_PROCESS:
    case IW_SENSE_SYSMON_FILE:
    case IW_SENSE_SYSMON_LOAD:
    case IW_SENSE_SYSMON_CONNECTION:
        return ask_sysmon(question, ret);
    case IW_SENSE_AUDIT_PROCESS:
        return ask_part(question, PROOF_POLICY_PROCESS, ret);
    case IW_SENSE_AUDIT_COMMAND_LINE:
        return ask_command_line(question, ret);
    case IW_SENSE_AUDIT_FILE:
        return ask_audit_file(question, ret);
    case IW_SENSE_AUDIT_LOGON:
        return ask_part(question, PROOF_POLICY_LOGON, ret);
    case IW_SENSE_CONFIGURATION_LOG:
        return ask_part(question, PROOF_CONFIGURATION_CHANNEL, ret);
    case IW_SENSE_REQUEST_LOG: /* the configuration of IIS says it, which is another's to read */
    case IW_SENSE_COUNT:
        break;
    }
    *ret = proof_silence();
    return IW_OK;
}

/* --- the answer ----------------------------------------------------------------------------- */

bool iw_proofs_has_host(const struct iw_proofs *proofs, struct iw_str host)
{
    struct iw_arena scratch;
    bool found = false;
    for (size_t i = 0; i < proofs->n && !found; i++)
        found = iw_str_equal_nocase(proofs->statements[i].host, host);
    if (found || proofs->n_words == 0)
        return found;
    iw_arena_init(&scratch, 0);
    (void)proof_words_know(proofs, host, &scratch, &found);
    iw_arena_done(&scratch);
    return found;
}

/* The operator's word counts where no file speaks. */
static enum iw_rc add_words(const struct proof_question *question, struct iw_proof_answer *ret)
{
    struct iw_proof_answer stated;
    IW_TRY(proof_ask_words(question, &stated));
    proof_until(&stated, ret->to_ns);
    if (stated.state != IW_PROOF_SILENT && ret->state == IW_PROOF_SILENT)
        *ret = stated;
    else if (stated.state != IW_PROOF_SILENT)
        ret->is_contradicted |= ret->state != stated.state;
    proof_until(ret, stated.to_ns);
    return IW_OK;
}

enum iw_rc iw_proofs_ask(const struct iw_proofs *proofs, struct iw_str host, enum iw_sense sense,
                         const struct iw_sense_subject *subject, int64_t time_ns,
                         struct iw_arena *scratch, struct iw_proof_answer *ret)
{
    struct proof_question question = {proofs, host, sense, subject, IW_STR(""), time_ns, scratch};
    struct iw_server_path path;

    if (subject->path.n != 0) {
        if (!iw_server_path_read(subject->path, false, scratch, &path))
            return IW_ENOMEM;
        question.path_key = path.key;
    }
    IW_TRY(ask_files(&question, ret));
    IW_TRY(add_words(&question, ret));
    if (ret->state == IW_PROOF_LOGGED || ret->state == IW_PROOF_SILENT) {
        ret->lack = IW_LACK_PROOF;
        ret->mends = NULL;
    }
    /* Names and values come from files that anybody may have written. */
    ret->why = iw_change_one_line(ret->why, scratch);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}
