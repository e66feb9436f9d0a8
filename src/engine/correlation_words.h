/**
 * What kept a correlation from holding, in one sentence for whoever reads it at three in the
 * morning.
 */
#ifndef IW_ENGINE_CORRELATION_WORDS_H
#define IW_ENGINE_CORRELATION_WORDS_H

#include "result/explained_correlation.h"
#include "sigma/sigma_correlate_explain.h"

/** Appends a length of time: "24 h", "10 min", "61 s", "1 h 2 min 3 s", "1.5 s". */
void iw_words_of_span(int64_t span_ns, struct iw_buffer *out);

/** Appends the sentence of *miss*, whose events are known. A failed allocation is remembered by the
 * buffer. */
void iw_words_of_miss(const struct iw_explained_miss *miss, const struct iw_correlate_form *form,
                      struct iw_buffer *out);

#endif
