/**
 * `rules explain` of a correlation.
 */
#ifndef IW_ENGINE_EXPLAIN_CORRELATION_H
#define IW_ENGINE_EXPLAIN_CORRELATION_H

#include "engine/correlation_why.h"
#include "engine/matches.h"

/** Explains correlation *correlation* over the evidence of *options*; fills run and *report*. Codes
 * as iw_engine_rules_explain; IW_EUSAGE where options choose single events. */
enum iw_rc iw_explain_correlation(const struct iw_engine_options *options,
                                  const struct iw_explain_options *explain,
                                  const struct iw_rulebook *book, size_t correlation,
                                  struct iw_run *run, struct iw_explain_report *report,
                                  struct iw_error *err);

/**
 * Shows all matches to *why*, twice, and has it tell: the second half of the above.
 *
 * @param run  of the matches
 * @return IW_OK, IW_ENOMEM, IW_EIO
 */
enum iw_rc iw_explain_matches(struct iw_matches *matches, struct iw_correlation_why *why,
                              const struct iw_run *run, const struct iw_explained_correlation **ret,
                              size_t *ret_n, struct iw_error *err);

#endif
