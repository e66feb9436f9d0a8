/**
 * A question while it is answered. Inside of coverage/ only.
 */
#ifndef IW_COVERAGE_PROOFS_QUESTION_H
#define IW_COVERAGE_PROOFS_QUESTION_H

#include "coverage/proofs_inside.h"
#include "iis/change/host_glob.h"

struct proof_question {
    const struct iw_proofs *proofs;
    struct iw_str host;
    enum iw_sense sense;
    const struct iw_sense_subject *subject;
    struct iw_str path_key; /* of the subject, folded; empty: none */
    int64_t time_ns;
    struct iw_arena *scratch;
};

/** An answer that says nothing. */
struct iw_proof_answer proof_silence(void);
/** Adds what one statement says to what those before it said: the higher rank prevails, of one rank
 * the worse counts. */
void proof_put(struct iw_proof_answer *sum, int *rank, const struct iw_proof_answer *one,
               int one_rank);
/** The answer is true until *to_ns* at most. IW_TIME_UNKNOWN: no change. */
void proof_until(struct iw_proof_answer *answer, int64_t to_ns);
bool proof_is_about(const struct proof_statement *statement, const struct proof_question *question,
                    enum proof_part part);
/** A moment to the second, in scratch. p NULL: no memory. */
struct iw_str proof_moment(const struct proof_question *question, int64_t time_ns);

/** By the configuration of Sysmon that was in force. IW_OK or IW_ENOMEM. */
enum iw_rc proof_ask_configs(const struct proof_question *question, struct iw_proof_answer *ret);

/** By the operator alone. IW_OK or IW_ENOMEM. */
enum iw_rc proof_ask_words(const struct proof_question *question, struct iw_proof_answer *ret);
/** Whether the operator says anything of a host. IW_OK or IW_ENOMEM. */
enum iw_rc proof_words_know(const struct iw_proofs *proofs, struct iw_str host,
                            struct iw_arena *scratch, bool *ret);

#endif
