/*
 * What the operator says (`--telemetry`).
 */
#include "coverage/proofs_question.h"

#include "base/arena_text.h"
#include "iis/config/server_path.h"

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
static bool is_meant(const struct proof_question *question, const struct iw_telemetry_word *word)
{
    return word->senses[question->sense] &&
           (word->path_key.n == 0 || (question->path_key.n != 0 &&
                                      iw_server_path_covers(word->path_key, question->path_key)));
}

/* A moment that is not known is before, in and after every word. */
static bool is_before(const struct proof_question *question, const struct iw_telemetry_word *word)
{
    return iw_time_known(question->time_ns) && iw_time_known(word->from_ns) &&
           question->time_ns < word->from_ns;
}

static bool is_after(const struct proof_question *question, const struct iw_telemetry_word *word)
{
    return iw_time_known(question->time_ns) && iw_time_known(word->to_ns) &&
           question->time_ns > word->to_ns;
}

static enum iw_rc ask_each(const struct proof_question *question, const struct iw_host_names *host,
                           struct iw_proof_answer *ret)
{
    int rank = 0;
    int64_t next_ns = INT64_MAX; /* when the first of the words that begin later does */
    *ret = proof_silence();
    for (size_t i = 0; i < question->proofs->n_words; i++) {
        const struct proof_words *words = &question->proofs->words[i];
        for (size_t k = 0; k < words->file.n; k++) {
            const struct iw_telemetry_word *word = &words->file.items[k];
            struct iw_proof_answer one = proof_silence();
            if (!is_meant(question, word) || is_after(question, word) || !means_host(word, host))
                continue;
            if (is_before(question, word)) {
                next_ns = word->from_ns < next_ns ? word->from_ns : next_ns;
                continue;
            }
            one.state = word->is_logged ? IW_PROOF_LOGGED : IW_PROOF_NOT_LOGGED;
            one.is_stated = true;
            one.source = words->source;
            one.why = iw_arena_format(question->scratch, "stated: %.*s (line %u)",
                                      IW_STR_ARG(word->note), word->line);
            if (one.why.p == NULL)
                return IW_ENOMEM;
            one.from_ns = word->from_ns;
            if (iw_time_known(word->to_ns) && word->to_ns < INT64_MAX)
                one.to_ns = word->to_ns + 1; /* its last moment is part of it */
            proof_put(ret, &rank, &one, 1);
        }
    }
    if (next_ns != INT64_MAX)
        proof_until(ret, next_ns);
    return IW_OK;
}

enum iw_rc proof_ask_words(const struct proof_question *question, struct iw_proof_answer *ret)
{
    struct iw_host_names names;
    *ret = proof_silence();
    if (question->proofs->n_words == 0)
        return IW_OK;
    IW_TRY(names_of(question->host, question->scratch, &names));
    return ask_each(question, &names, ret);
}

enum iw_rc proof_words_know(const struct iw_proofs *proofs, struct iw_str host,
                            struct iw_arena *scratch, bool *ret)
{
    struct iw_host_names names;
    *ret = false;
    IW_TRY(names_of(host, scratch, &names));
    for (size_t i = 0; i < proofs->n_words; i++) {
        for (size_t k = 0; k < proofs->words[i].file.n && !*ret; k++)
            *ret = means_host(&proofs->words[i].file.items[k], &names);
    }
    return IW_OK;
}
