/**
 * Matches of chosen rules over evidence, in event time: pass 1 and the settling of pass 2 as a hunt
 * does them (hosts, corrected clocks, copies joined, rules that wait for context decided), for
 * commands that look at correlations without hunting.
 */
#ifndef IW_ENGINE_MATCHES_H
#define IW_ENGINE_MATCHES_H

#include "engine/match.h"
#include "engine/rulebook.h"

struct iw_matches_input {
    const struct iw_engine_options *options;
    const struct iw_server_options *servers; /* for context; what the user knows of them */
    const struct iw_rulebook *book;          /* context is deferred */
    const bool *wanted;                      /* by rule: its matches are kept */
    struct iw_spill *spill;                  /* opened; lives longer */
    size_t budget_bytes;                     /* of the sorting */
};

struct iw_matches;

/**
 * Reads the evidence of input->options. run->ledger, telemetry, hosts and notes are filled; run and
 * input outlive the matches.
 *
 * @return IW_OK, also when reading was cancelled or cut short (run->interrupted, run->failure);
 * else as iw_engine_hunt. iw_matches_free must follow whatever it returns
 */
enum iw_rc iw_matches_read(const struct iw_matches_input *input, struct iw_run *run,
                           struct iw_matches **ret, struct iw_error *err);
/** NULL is fine. */
void iw_matches_free(struct iw_matches *matches);
uint64_t iw_matches_n_events(const struct iw_matches *matches); /* read, of any kind */

/** Takes a match; all is borrowed for the call. Copies are one match, and all forms of a record
 * are joined. IW_OK, or what ends the reading. */
typedef enum iw_rc iw_take_match(void *context, uint64_t ordinal, const struct iw_fact *fact,
                                 const struct iw_match *match, struct iw_error *err);

/** Hands over all matches in the order of event time, numbered from 0; the same again each time.
 * run->n_duplicate_events is set. IW_OK, IW_ENOMEM, IW_EIO, and what *take* returns. */
enum iw_rc iw_matches_each(struct iw_matches *matches, iw_take_match *take, void *context,
                           struct iw_error *err);

#endif
