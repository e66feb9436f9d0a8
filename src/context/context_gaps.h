/**
 * Why a context field is not known, or not all of it, and what evidence would tell: for whoever
 * explains an answer of context_fields.h.
 */
#ifndef IW_CONTEXT_CONTEXT_GAPS_H
#define IW_CONTEXT_CONTEXT_GAPS_H

#include "context/context_fields.h"

/**
 * Says what is missing behind *answer*, which iw_context_field_ask gave for *field* of the event
 * that *asking* is at, and which is unknown or partial. Texts live until the next event is asked
 * about; both are empty where nothing is missing. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_context_gap_of(struct iw_context_asking *asking, struct iw_str field,
                             const struct iw_context_answer *answer, struct iw_context_gap *ret);

#endif
