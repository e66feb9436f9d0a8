/**
 * Outputs of the `baseline` commands. As those of output.h: they write into a buffer.
 */
#ifndef IW_OUTPUT_BASELINE_H
#define IW_OUTPUT_BASELINE_H

#include "output/output.h"
#include "result/difference.h"
#include "result/learned.h"

/** `iiswarden.difference/1`, one a line. */
void iw_output_differences_ndjson(const struct iw_baseline_differences *differences,
                                  struct iw_buffer *out);
/** By server, with what was and what is; then counts. */
void iw_output_differences_table(const struct iw_baseline_differences *differences,
                                 const struct iw_style *style, struct iw_buffer *out);
/** What was learned of behaviour, refused and doubtful first; the first lines of many. */
void iw_output_learned_table(const struct iw_learned_list *list, const struct iw_style *style,
                             struct iw_buffer *out);

#endif
