/**
 * Facts of chains as they are read back, with the forms of their records: which of these are copies
 * of one event.
 *
 * Of most facts whoever reads them has settled that by what their records say (order/fact.h). Some
 * say all by which they are known (iw_chain_fact_says_all): they were found by a hash of what they
 * say, which can be prepared, so that here what they say is compared.
 */
#ifndef IW_DETECT_CHAIN_FORMS_H
#define IW_DETECT_CHAIN_FORMS_H

#include "detect/chain/chain_fact.h"

typedef enum iw_rc iw_chain_form_see(void *context, const struct iw_fact *fact,
                                     struct iw_error *err);

/**
 * Gives *see* each event that *fact* is, mostly one. Its content is what its record says, where any
 * form tells that: by that a match about the same event is known. What only looked like a copy is
 * given as an event of its own.
 *
 * @return IW_OK, or what *see* returned first
 */
enum iw_rc iw_chain_forms_see(const struct iw_fact *fact, iw_chain_form_see *see, void *context,
                              struct iw_error *err);

#endif
