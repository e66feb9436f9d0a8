/**
 * What explaining events of one rule comes to: how many there were, what they missed for, and the
 * few that are shown: matches first, then those that lack least (what is not known before what is
 * false), then by place in the evidence, so that neither threads nor the order of reading show.
 */
#ifndef IW_ENGINE_EXPLAIN_TALLY_H
#define IW_ENGINE_EXPLAIN_TALLY_H

#include "event/event.h"
#include "result/explanation.h"
#include "sigma/sigma_explain.h"

/** Of a thread, or of a run. */
struct iw_explain_tally {
    struct iw_arena arena;           /* of the explanations kept */
    struct iw_explained_event *kept; /* in order */
    size_t n_kept, limit;
    uint64_t *blamed; /* by item of the rule */
    size_t n_items;
    uint64_t n_events, n_of_source, n_matched, n_unknown, n_elsewhere;
    struct iw_explained_event elsewhere; /* the first in the evidence; n_elsewhere != 0 */
};

/** *limit*: events shown, 1 at least. IW_OK or IW_ENOMEM; done is needed in every case. */
enum iw_rc iw_explain_tally_init(struct iw_explain_tally *tally, size_t n_items, size_t limit);
void iw_explain_tally_done(struct iw_explain_tally *tally);

/** Where an event stands; its texts are not copied. */
struct iw_explained_event iw_explain_place_of(const struct iw_event *event);

/** Counts an event of the log source that came to *answer*. */
void iw_explain_tally_count(struct iw_explain_tally *tally, enum iw_answer answer);
/** Counts an event that was chosen, but is of another log source. IW_OK or IW_ENOMEM. */
enum iw_rc iw_explain_tally_elsewhere(struct iw_explain_tally *tally, const struct iw_event *event);
/** Whether one is to be shown before the other. */
bool iw_explain_is_before(const struct iw_explained_event *a, const struct iw_explained_event *b);
/** Whether an event is among those shown, as far as is known: *entry* has its place, answer and
 * failing items. Then it is to be explained in tally->arena and kept. */
bool iw_explain_tally_wants(const struct iw_explain_tally *tally,
                            const struct iw_explained_event *entry);
/** Puts it at its place; channel, computer and source are copied. IW_OK or IW_ENOMEM. */
enum iw_rc iw_explain_tally_keep(struct iw_explain_tally *tally, struct iw_explained_event *entry);

/** Adds what another thread has; its texts become those of *into*. */
void iw_explain_tally_merge(struct iw_explain_tally *into, struct iw_explain_tally *from);
/** Fills the report, which takes the texts. IW_OK or IW_ENOMEM. */
enum iw_rc iw_explain_tally_report(struct iw_explain_tally *tally,
                                   const struct iw_sigma_explainer *explainer,
                                   struct iw_explain_report *report);

#endif
