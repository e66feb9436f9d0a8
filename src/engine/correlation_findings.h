/**
 * Findings of correlations.
 *
 * What a correlation reports names events by number, so matches are read twice: first the
 * correlator is fed and its reports are kept, then the events they name are picked up. Reports,
 * names and events are sorted through the temporary file, so that neither their number nor the
 * length of an episode is bounded by memory.
 *
 * Calls come in this order: feed for every match, rewind, see for every match once more, give.
 */
#ifndef IW_ENGINE_CORRELATION_FINDINGS_H
#define IW_ENGINE_CORRELATION_FINDINGS_H

#include "engine/match_findings.h"

struct iw_correlation_findings;

/** Both live longer. NULL: no memory. */
struct iw_correlation_findings *iw_correlation_findings_new(const struct iw_match_input *input,
                                                            struct iw_run *run);
void iw_correlation_findings_free(struct iw_correlation_findings *findings);
/** The next match; *ordinal* counts them from 0. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_correlation_findings_feed(struct iw_correlation_findings *findings, uint64_t ordinal,
                                        const struct iw_fact *fact, const struct iw_match *match,
                                        struct iw_error *err);
/** No match follows; they will be shown once more. Fills the rule account and notes. Codes as
 * above. */
enum iw_rc iw_correlation_findings_rewind(struct iw_correlation_findings *findings,
                                          struct iw_error *err);
/** The same matches under the same numbers. Codes as above. */
enum iw_rc iw_correlation_findings_see(struct iw_correlation_findings *findings, uint64_t ordinal,
                                       const struct iw_fact *fact, const struct iw_match *match,
                                       struct iw_error *err);
/** Hands over the findings. Codes as above, and what *take* returns. */
enum iw_rc iw_correlation_findings_give(struct iw_correlation_findings *findings,
                                        iw_take_finding *take, void *context, struct iw_error *err);

#endif
