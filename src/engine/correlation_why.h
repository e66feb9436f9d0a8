/**
 * A correlation explained, and with it those it stands on: matches in event time → records for
 * outputs (result/explained_correlation.h).
 *
 * What is told names events by number, so matches are seen twice. Calls come in this order: feed
 * for every match, finish, then for every match that iw_correlation_why_wants says, see; tell.
 */
#ifndef IW_ENGINE_CORRELATION_WHY_H
#define IW_ENGINE_CORRELATION_WHY_H

#include "result/explained_correlation.h"
#include "sigma/sigma_correlate_explain.h"

/** The correlation itself and inner ones that are explained; of more the outermost. */
#define IW_CORRELATION_PARTS 16U

struct iw_correlation_why;

struct iw_correlation_why_input {
    const struct iw_sigma_ruleset *ruleset;
    size_t correlation;
    bool with_parts;        /* inner ones are explained as well */
    struct iw_spill *spill; /* outlives it */
    size_t budget_bytes;    /* of sorting, of all together */
    size_t limit;           /* groups told of each */
    struct iw_arena *arena; /* gets what is told */
};

/** NULL: no memory. *input* is copied. */
struct iw_correlation_why *iw_correlation_why_new(const struct iw_correlation_why_input *input);
/** NULL is fine. */
void iw_correlation_why_free(struct iw_correlation_why *why);
/** The next match; ordinals rise. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_correlation_why_feed(struct iw_correlation_why *why,
                                   const struct iw_correlate_match *match, struct iw_error *err);
/** No match follows; they may be shown once more. Codes as above. */
enum iw_rc iw_correlation_why_finish(struct iw_correlation_why *why, struct iw_error *err);
/** Whether the event is named; asked in rising order of *ordinal*. */
bool iw_correlation_why_wants(struct iw_correlation_why *why, uint64_t ordinal);
/** What is shown of an event that is wanted; texts are copied, `step` and `value` are not looked
 * at. IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlation_why_see(struct iw_correlation_why *why,
                                  const struct iw_correlate_match *match,
                                  const struct iw_explained_step_event *shown);
/** The correlation first, then those it stands on, outer ones first. In the arena of the input.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlation_why_tell(struct iw_correlation_why *why,
                                   const struct iw_explained_correlation **ret, size_t *ret_n);

#endif
