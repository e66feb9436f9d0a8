/**
 * What is known of a field that no record carries: a context field (`Web.Site`, `Ancestor.Image`).
 *
 * Unknown is a state of its own: nothing may be concluded from it, neither that the field has a
 * value nor that it has none.
 */
#ifndef IW_EVENT_CONTEXT_ANSWER_H
#define IW_EVENT_CONTEXT_ANSWER_H

#include "base/error.h"
#include "base/str.h"

/** Room for values of one field: sites of a pool are the longest list there is. */
#define IW_CONTEXT_ANSWER_VALUES 64U

struct iw_context_answer {
    bool is_known; /* false: nobody can say; n is then 0 */
    /* The values are more than there is room for: what is not among them may be one, so a rule may
     * count on what it finds, never on what it misses. */
    bool is_partial;
    bool is_assumed; /* holds by assumption (a configuration of another time, a default): whoever
                        shows it says so */
    size_t n;        /* 0 and known: the field is absent */
    struct iw_str values[IW_CONTEXT_ANSWER_VALUES];
};

/**
 * Answers for one event: fills *ret*, whose texts live until the next event is asked about. IW_OK
 * or IW_ENOMEM.
 */
typedef enum iw_rc iw_context_ask(void *context, struct iw_str field,
                                  struct iw_context_answer *ret);

/** Why a field is not known, or not all of it, and what evidence would tell. */
struct iw_context_gap {
    struct iw_str why, evidence; /* empty: nothing can be said */
};

/** Says why what was answered last about a field of the event is not known, or partial. Texts live
 * as those of answers. IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_context_ask_gap(void *context, struct iw_str field,
                                      const struct iw_context_answer *answer,
                                      struct iw_context_gap *ret);

#endif
