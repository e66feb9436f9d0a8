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

static void add_line(struct iw_proof_mend *into, const struct iw_proof_line *line)
{
    size_t at = into->n;
    for (size_t i = 0; i < into->n; i++) {
        if (into->lines[i].line == line->line && iw_str_equal(into->lines[i].what, line->what))
            return;
    }
    if (into->n == IW_LIMIT_PROOF_MENDS) {
        into->is_cut = true;
        return;
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
    static const enum iw_proof_state STATES[] = {[IW_AUDIT_COVER_UNSAID] = IW_PROOF_SILENT,
                                                 [IW_AUDIT_COVER_ALL] = IW_PROOF_LOGGED,
                                                 [IW_AUDIT_COVER_SOME] = IW_PROOF_PARTLY,
                                                 [IW_AUDIT_COVER_NONE] = IW_PROOF_NOT_LOGGED};
    static const char *const WORDS[] = {[IW_AUDIT_COVER_ALL] = "writing by everyone is audited",
                                        [IW_AUDIT_COVER_SOME] =
                                            "writing is audited for some accounts or folders only",
                                        [IW_AUDIT_COVER_NONE] = "no audit entry for writing"};
    const struct iw_audit_entry *entry;
    enum iw_audit_cover cover = iw_audit_entries_ask(statement->entries, question->path_key,
                                                     question->subject->is_folder, &entry);
    *ret = proof_silence();
    ret->state = STATES[cover];
    ret->source = statement->source;
    if (cover == IW_AUDIT_COVER_UNSAID)
        return IW_OK;
    ret->why = iw_arena_format(question->scratch, "%.*s: %s (line %u)", IW_STR_ARG(entry->path),
                               WORDS[cover], entry->line);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

/* What holds since a later moment says nothing of this one. */
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

static enum iw_rc ask_part(const struct proof_question *question, enum proof_part part,
                           struct iw_proof_answer *ret)
{
    static const enum iw_lack LACKS[PROOF_PART_COUNT] = {
        [PROOF_SYSMON] = IW_LACK_FILTER,         [PROOF_SYSMON_CHANNEL] = IW_LACK_CHANNEL,
        [PROOF_POLICY_PROCESS] = IW_LACK_POLICY, [PROOF_POLICY_FILE] = IW_LACK_POLICY,
        [PROOF_POLICY_LOGON] = IW_LACK_POLICY,   [PROOF_COMMAND_LINE] = IW_LACK_COMMAND_LINE,
        [PROOF_FOLDERS] = IW_LACK_AUDIT_ENTRY,   [PROOF_CONFIGURATION_CHANNEL] = IW_LACK_CHANNEL};
    const struct iw_proofs *proofs = question->proofs;
    const struct proof_statement *later = NULL;
    int rank = 0;
    *ret = proof_silence();
    for (size_t i = 0; i < proofs->n; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        struct iw_proof_answer one = proof_silence();
        if (!proof_is_about(statement, question, part))
            continue;
        if (iw_time_known(statement->from_ns) && iw_time_known(question->time_ns) &&
            question->time_ns < statement->from_ns) {
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
    if (later != NULL && ret->state == IW_PROOF_SILENT)
        return tell_later(question, later, ret);
    return IW_OK;
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
    return proof_ask_configs(question, ret);
}

/* The policy, then the folder's audit entries; either that says no is enough. */
static enum iw_rc ask_audit_file(const struct proof_question *question, struct iw_proof_answer *ret)
{
    struct iw_proof_answer policy, folders = proof_silence();
    IW_TRY(ask_part(question, PROOF_POLICY_FILE, &policy));
    if (question->path_key.n != 0)
        IW_TRY(ask_part(question, PROOF_FOLDERS, &folders));
    if (policy.state == IW_PROOF_NOT_LOGGED) {
        *ret = policy;
        return IW_OK;
    }
    if (folders.state == IW_PROOF_NOT_LOGGED) {
        *ret = folders;
        return IW_OK;
    }
    *ret = proof_silence();
    if (policy.state == IW_PROOF_SILENT && folders.state == IW_PROOF_SILENT)
        return IW_OK;
    if (policy.state == IW_PROOF_SILENT || folders.state == IW_PROOF_SILENT) {
        const struct iw_proof_answer *said = policy.state == IW_PROOF_SILENT ? &folders : &policy;
        ret->source = said->source;
        ret->why = iw_arena_format(question->scratch, "%.*s; %s", IW_STR_ARG(said->why),
                                   policy.state == IW_PROOF_SILENT
                                       ? "no audit policy of this host is in evidence"
                                       : "no list of audit entries speaks of the folder");
        return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
    }
    *ret = folders;
    ret->is_contradicted |= policy.is_contradicted;
    ret->why = iw_arena_format(question->scratch, "%.*s; %.*s", IW_STR_ARG(policy.why),
                               IW_STR_ARG(folders.why));
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
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
    if (policy.state == IW_PROOF_NOT_LOGGED)
        *ret = policy;
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
    if (stated.state == IW_PROOF_SILENT)
        return IW_OK;
    if (ret->state == IW_PROOF_SILENT)
        *ret = stated;
    else
        ret->is_contradicted |= ret->state != stated.state;
    return IW_OK;
}

static void take_change(const struct proof_question *question, int64_t at_ns, int64_t *next_ns)
{
    if (iw_time_known(at_ns) && at_ns > question->time_ns &&
        (!iw_time_known(*next_ns) || at_ns < *next_ns))
        *next_ns = at_ns;
}

/* The next moment at which anything that is said of the host begins or ends: whoever asks once
 * knows the answer until then, and no longer. */
static int64_t next_change(const struct proof_question *question)
{
    const struct iw_proofs *proofs = question->proofs;
    int64_t next_ns = IW_TIME_UNKNOWN;
    if (!iw_time_known(question->time_ns))
        return next_ns;
    for (size_t i = 0; i < proofs->n; i++) {
        if (iw_str_equal_nocase(proofs->statements[i].host, question->host))
            take_change(question, proofs->statements[i].from_ns, &next_ns);
    }
    for (size_t i = 0; i < proofs->n_marks; i++) {
        if (iw_str_equal_nocase(proofs->marks[i].host, question->host))
            take_change(question, proofs->marks[i].from_ns, &next_ns);
    }
    for (size_t i = 0; i < proofs->n_words; i++) {
        for (size_t k = 0; k < proofs->words[i].file.n; k++) {
            const struct iw_telemetry_word *word = &proofs->words[i].file.items[k];
            take_change(question, word->from_ns, &next_ns);
            if (iw_time_known(word->to_ns) && word->to_ns < INT64_MAX)
                take_change(question, word->to_ns + 1,
                            &next_ns); /* its last moment is part of it */
        }
    }
    return next_ns;
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
    ret->to_ns = next_change(&question);
    if (ret->state == IW_PROOF_LOGGED || ret->state == IW_PROOF_SILENT) {
        ret->lack = IW_LACK_PROOF;
        ret->mends = NULL;
    }
    /* Names and values come from files that anybody may have written. */
    ret->why = iw_change_one_line(ret->why, scratch);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}
