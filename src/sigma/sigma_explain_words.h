/**
 * What would have to change for an explained item, as a sentence.
 */
#ifndef IW_SIGMA_SIGMA_EXPLAIN_WORDS_H
#define IW_SIGMA_SIGMA_EXPLAIN_WORDS_H

#include "base/buffer.h"
#include "result/explanation.h"
#include "sigma/sigma_plan.h"

/** Appends the sentence for *item*. *selection* is its name; *scratch* is for folded texts. */
void iw_explain_item_words(const struct iw_item *item, const struct iw_explained_item *explained,
                           struct iw_str selection, enum iw_blame blame, struct iw_arena *scratch,
                           struct iw_buffer *out);

#endif
