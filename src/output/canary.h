/**
 * What the evidence says of canaries. As the outputs of output.h: they write into a buffer.
 */
#ifndef IW_OUTPUT_CANARY_H
#define IW_OUTPUT_CANARY_H

#include "output/output.h"
#include "result/canary.h"

/** Act by act, for people. */
void iw_output_canary_table(const struct iw_run *run, const struct iw_canary_report *report,
                            const struct iw_style *style, struct iw_buffer *out);
/** `iiswarden.canary/1`, an act a line. */
void iw_output_canary_ndjson(const struct iw_run *run, const struct iw_canary_report *report,
                             struct iw_buffer *out);

#endif
