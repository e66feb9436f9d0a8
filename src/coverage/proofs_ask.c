/*
 * From statements to an answer.
 *
 * Among statements about one part the higher rank prevails; of one rank the worst counts, and that
 * they differ is told. Parts are put together by what an event needs: a Security 4663 needs the
 * policy and an audit entry. The operator's word counts where no file speaks.
 */
#include "coverage/proofs_inside.h"

#include "base/arena_text.h"
#include "base/fold.h"
#include "coverage/settings/sysmon_ask.h"
#include "iis/change/change_problems.h"
#include "iis/change/host_glob.h"
#include "iis/config/server_path.h"

struct question {
    const struct iw_proofs *proofs;
    struct iw_str host;
    enum iw_sense sense;
    const struct iw_sense_subject *subject;
    struct iw_str path_key; /* of the subject, folded; empty: none */
    int64_t time_ns;
    struct iw_arena *scratch;
};

static struct iw_proof_answer silence(void)
{
    return (struct iw_proof_answer){.source = IW_STR(""),
                                    .why = IW_STR(""),
                                    .from_ns = IW_TIME_UNKNOWN,
                                    .to_ns = IW_TIME_UNKNOWN};
}

/* Adds one statement's answer to what those before it said. */
static void put(struct iw_proof_answer *sum, int *rank, const struct iw_proof_answer *one,
                int one_rank)
{
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
    if (one->state > sum->state) /* the worse */
        *sum = *one;
    sum->is_contradicted |= differs;
}

/* --- Sysmon: which configuration was in force ----------------------------------------------- */

/* The mark that was last before a moment, and the moment of the next; NULL: none. */
static const struct proof_mark *mark_at(const struct question *question, bool *ret_any,
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

static struct iw_str moment(struct iw_arena *arena, int64_t time_ns)
{
    char text[IW_TIME_TEXT_BYTES];
    iw_time_format(time_ns, text);
    return iw_arena_format(arena, "%.19sZ", text);
}

/* No collected configuration has the hash of the mark, or there was none yet. */
static enum iw_rc tell_other(const struct question *question, const struct proof_mark *mark,
                             int64_t next_ns, struct iw_proof_answer *ret)
{
    struct iw_str when = moment(question->scratch, mark != NULL ? mark->from_ns : next_ns);
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

static enum iw_rc ask_config(const struct question *question,
                             const struct proof_statement *statement, struct iw_proof_answer *ret)
{
    *ret = silence();
    ret->source = statement->source;
    ret->why = statement->why;
    if (statement->config == NULL)
        return IW_OK;
    return iw_sysmon_ask(statement->config, question->sense, question->subject, question->scratch,
                         ret);
}

static bool is_about(const struct proof_statement *statement, const struct question *question,
                     enum proof_part part)
{
    return statement->part == part && iw_str_equal_nocase(statement->host, question->host);
}

static enum iw_rc ask_configs(const struct question *question, struct iw_proof_answer *ret)
{
    const struct iw_proofs *proofs = question->proofs;
    int64_t next_ns;
    bool any;
    const struct proof_mark *mark = mark_at(question, &any, &next_ns);
    int rank = 0;
    *ret = silence();
    if (proofs->has_hidden_marks) {
        ret->why = IW_STR("more changes of Sysmon's configuration than are kept (event 16): which "
                          "one was in force is not known");
        return IW_OK;
    }
    for (size_t i = 0; i < proofs->n; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        struct iw_proof_answer one;
        if (!is_about(statement, question, PROOF_SYSMON))
            continue;
        if (any && statement->config != NULL &&
            (mark == NULL || !iw_sysmon_config_has_hash(statement->config, mark->hash)))
            continue;
        IW_TRY(ask_config(question, statement, &one));
        one.is_in_force = mark != NULL && statement->config != NULL;
        if (one.is_in_force) {
            one.from_ns = mark->from_ns;
            one.to_ns = next_ns;
        }
        put(ret, &rank, &one, statement->rank);
    }
    if (any && ret->state == IW_PROOF_SILENT)
        return tell_other(question, mark, next_ns, ret);
    return IW_OK;
}

/* --- parts ---------------------------------------------------------------------------------- */

static enum iw_rc ask_folders(const struct question *question,
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
    *ret = silence();
    ret->state = STATES[cover];
    ret->source = statement->source;
    if (cover == IW_AUDIT_COVER_UNSAID)
        return IW_OK;
    ret->why = iw_arena_format(question->scratch, "%.*s: %s (line %u)", IW_STR_ARG(entry->path),
                               WORDS[cover], entry->line);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc ask_part(const struct question *question, enum proof_part part,
                           struct iw_proof_answer *ret)
{
    const struct iw_proofs *proofs = question->proofs;
    int rank = 0;
    *ret = silence();
    for (size_t i = 0; i < proofs->n; i++) {
        const struct proof_statement *statement = &proofs->statements[i];
        struct iw_proof_answer one = silence();
        if (!is_about(statement, question, part))
            continue;
        if (iw_time_known(statement->from_ns) && iw_time_known(question->time_ns) &&
            question->time_ns < statement->from_ns)
            continue;
        one.state = statement->state;
        one.source = statement->source;
        one.why = statement->why;
        one.from_ns = statement->from_ns;
        if (part == PROOF_FOLDERS)
            IW_TRY(ask_folders(question, statement, &one));
        put(ret, &rank, &one, statement->rank);
    }
    return IW_OK;
}

/* --- what an event needs -------------------------------------------------------------------- */

static enum iw_rc ask_sysmon(const struct question *question, struct iw_proof_answer *ret)
{
    struct iw_proof_answer channel;
    IW_TRY(ask_part(question, PROOF_SYSMON_CHANNEL, &channel));
    if (channel.state == IW_PROOF_NOT_LOGGED) {
        *ret = channel;
        return IW_OK;
    }
    return ask_configs(question, ret);
}

/* The policy, then the folder's audit entries; either that says no is enough. */
static enum iw_rc ask_audit_file(const struct question *question, struct iw_proof_answer *ret)
{
    struct iw_proof_answer policy, folders = silence();
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
    *ret = silence();
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
static enum iw_rc ask_command_line(const struct question *question, struct iw_proof_answer *ret)
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

static enum iw_rc ask_files(const struct question *question, struct iw_proof_answer *ret)
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
    *ret = silence();
    return IW_OK;
}

/* --- the operator's word ---------------------------------------------------------------------- */

static enum iw_rc names_of(struct iw_str host, struct iw_arena *scratch, struct iw_host_names *ret)
{
    return iw_host_names_read(host, IW_STR(""), scratch, ret) ? IW_OK : IW_ENOMEM;
}

static bool means_host(const struct iw_telemetry_word *word, const struct iw_host_names *host)
{
    for (size_t i = 0; i < word->n_hosts; i++) {
        if (iw_host_glob_means(&word->hosts[i], host) != IW_HOLDS_NO)
            return true;
    }
    return false;
}

/* A word about a folder says nothing of what lies outside of it, nor of everywhere. */
static bool is_meant(const struct question *question, const struct iw_telemetry_word *word)
{
    if (!word->senses[question->sense])
        return false;
    if (word->path_key.n != 0 &&
        (question->path_key.n == 0 || !iw_server_path_covers(word->path_key, question->path_key)))
        return false;
    if (!iw_time_known(question->time_ns))
        return true;
    return (!iw_time_known(word->from_ns) || question->time_ns >= word->from_ns) &&
           (!iw_time_known(word->to_ns) || question->time_ns <= word->to_ns);
}

static enum iw_rc ask_words(const struct question *question, const struct iw_host_names *host,
                            struct iw_proof_answer *ret)
{
    int rank = 0;
    *ret = silence();
    for (size_t i = 0; i < question->proofs->n_words; i++) {
        const struct proof_words *words = &question->proofs->words[i];
        for (size_t k = 0; k < words->file.n; k++) {
            const struct iw_telemetry_word *word = &words->file.items[k];
            struct iw_proof_answer one = silence();
            if (!is_meant(question, word) || !means_host(word, host))
                continue;
            one.state = word->is_logged ? IW_PROOF_LOGGED : IW_PROOF_NOT_LOGGED;
            one.is_stated = true;
            one.source = words->source;
            one.why = iw_arena_format(question->scratch, "stated: %.*s (line %u)",
                                      IW_STR_ARG(word->note), word->line);
            if (one.why.p == NULL)
                return IW_ENOMEM;
            one.from_ns = word->from_ns;
            one.to_ns = word->to_ns;
            put(ret, &rank, &one, 1);
        }
    }
    return IW_OK;
}

/* --- the answer ----------------------------------------------------------------------------- */

bool iw_proofs_has_host(const struct iw_proofs *proofs, struct iw_str host)
{
    struct iw_host_names names;
    struct iw_arena scratch;
    bool found = false;
    for (size_t i = 0; i < proofs->n && !found; i++)
        found = iw_str_equal_nocase(proofs->statements[i].host, host);
    if (found || proofs->n_words == 0)
        return found;
    iw_arena_init(&scratch, 0);
    if (names_of(host, &scratch, &names) == IW_OK) {
        for (size_t i = 0; i < proofs->n_words; i++) {
            for (size_t k = 0; k < proofs->words[i].file.n && !found; k++)
                found = means_host(&proofs->words[i].file.items[k], &names);
        }
    }
    iw_arena_done(&scratch);
    return found;
}

static enum iw_rc add_words(const struct question *question, struct iw_proof_answer *ret)
{
    struct iw_proof_answer stated;
    struct iw_host_names names;
    if (question->proofs->n_words == 0)
        return IW_OK;
    IW_TRY(names_of(question->host, question->scratch, &names));
    IW_TRY(ask_words(question, &names, &stated));
    if (stated.state == IW_PROOF_SILENT)
        return IW_OK;
    if (ret->state == IW_PROOF_SILENT)
        *ret = stated;
    else
        ret->is_contradicted |= ret->state != stated.state;
    return IW_OK;
}

enum iw_rc iw_proofs_ask(const struct iw_proofs *proofs, struct iw_str host, enum iw_sense sense,
                         const struct iw_sense_subject *subject, int64_t time_ns,
                         struct iw_arena *scratch, struct iw_proof_answer *ret)
{
    struct question question = {proofs, host, sense, subject, IW_STR(""), time_ns, scratch};
    struct iw_server_path path;

    if (subject->path.n != 0) {
        if (!iw_server_path_read(subject->path, false, scratch, &path))
            return IW_ENOMEM;
        question.path_key = path.key;
    }
    IW_TRY(ask_files(&question, ret));
    IW_TRY(add_words(&question, ret));
    /* Names and values come from files that anybody may have written. */
    ret->why = iw_change_one_line(ret->why, scratch);
    return ret->why.p != NULL ? IW_OK : IW_ENOMEM;
}
