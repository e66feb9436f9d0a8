/**
 * What would have to change for an explained item, as a sentence.
 */
#ifndef IW_SIGMA_SIGMA_EXPLAIN_WORDS_H
#define IW_SIGMA_SIGMA_EXPLAIN_WORDS_H

#include "base/buffer.h"
#include "result/explanation.h"
#include "sigma/sigma_eval.h"

/** Appends the sentence for *item*, which *eval* has the event of. *selection* is its name. */
void iw_explain_item_words(struct iw_eval *eval, const struct iw_item *item,
                           const struct iw_explained_item *explained, struct iw_str selection,
                           enum iw_blame blame, bool by_taxonomy, struct iw_buffer *out);

#endif
