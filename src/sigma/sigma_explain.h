/**
 * Explaining: why a rule matched an event or did not, value by value.
 *
 * Always by the walk of sigma_eval.h over every item, so that it says what hunting says, without
 * its shortcuts. One explainer per thread and rule; the ruleset must outlive it.
 */
#ifndef IW_SIGMA_SIGMA_EXPLAIN_H
#define IW_SIGMA_SIGMA_EXPLAIN_H

#include "event/context_answer.h"
#include "event/route.h"
#include "result/explanation.h"
#include "sigma/sigma.h"

struct iw_sigma_explainer;

/** For rule *index* of the ruleset. NULL: no memory. */
struct iw_sigma_explainer *iw_sigma_explainer_new(const struct iw_sigma_ruleset *ruleset,
                                                  size_t index);
void iw_sigma_explainer_free(struct iw_sigma_explainer *explainer);

/** Whether events of this channel and id belong to the rule's log source. */
bool iw_sigma_explainer_wants(const struct iw_sigma_explainer *explainer, struct iw_str channel,
                              uint32_t event_id);
/** Adds the rule's log source to what is decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_explainer_route(const struct iw_sigma_explainer *explainer,
                                    struct iw_route *route);
/** The channels of the rule's log source, with their event ids ("Security 4688"); none: every
 * channel. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_explainer_channels(const struct iw_sigma_explainer *explainer,
                                       struct iw_arena *arena, struct iw_text_list *ret);
/** The condition as written; a list of conditions has several. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_explainer_conditions(const struct iw_sigma_explainer *explainer,
                                         struct iw_arena *arena, struct iw_text_list *ret);

/**
 * Looks at a decoded event of the rule's log source, cheaply.
 *
 * @param ret_failing  items that would have to be otherwise, at least
 * @param blamed       NULL, or one counter for each item (iw_sigma_explainer_count_items), raised
 * where it is to blame
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_sigma_explainer_measure(struct iw_sigma_explainer *explainer,
                                      const struct iw_event *event, enum iw_answer *ret,
                                      size_t *ret_failing, uint64_t *blamed);
size_t iw_sigma_explainer_count_items(const struct iw_sigma_explainer *explainer);
/** "selection: Image|endswith": the name of item *index*. In *arena*; p NULL: no memory. */
struct iw_str iw_sigma_explainer_item_name(const struct iw_sigma_explainer *explainer, size_t index,
                                           struct iw_arena *arena);

/** The whole explanation, in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_explainer_explain(struct iw_sigma_explainer *explainer,
                                      const struct iw_event *event, struct iw_arena *arena,
                                      struct iw_explanation *ret);

/* --- rules that ask for context ------------------------------------------------------------ */

/** Who answers for context, and says why something is not known. */
struct iw_sigma_answerer {
    iw_context_ask *answer;
    iw_context_ask_gap *gap;
    void *context;
};

/** Prepares it for the three below: of a rule that waits for context (defers_context). *names* are
 * the ruleset's and live longer. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_explainer_await_context(struct iw_sigma_explainer *explainer,
                                            const struct iw_sigma_ruleset *ruleset,
                                            const struct iw_names *names);
/** Whether it asks for that field of context. */
bool iw_sigma_explainer_asks(const struct iw_sigma_explainer *explainer, struct iw_str field);
/** Appends what a decoded event of the log source says, as bytes for this process: to be explained
 * without the event once its context is known. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sigma_explainer_look(struct iw_sigma_explainer *explainer,
                                   const struct iw_event *event, struct iw_buffer *out);
/** As iw_sigma_explainer_measure, of such bytes. Also IW_EFORMAT: they are something else; and
 * whatever *answerer* returns. */
enum iw_rc iw_sigma_explainer_measure_look(struct iw_sigma_explainer *explainer, struct iw_str look,
                                           const struct iw_sigma_answerer *answerer,
                                           enum iw_answer *ret, size_t *ret_failing,
                                           uint64_t *blamed);
/** As iw_sigma_explainer_explain, likewise. */
enum iw_rc iw_sigma_explainer_explain_look(struct iw_sigma_explainer *explainer, struct iw_str look,
                                           const struct iw_sigma_answerer *answerer,
                                           struct iw_arena *arena, struct iw_explanation *ret);

#endif
