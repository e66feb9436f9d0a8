/**
 * The parts of the table of coverage that stand below its rows. As the outputs of output.h: they
 * write into a buffer, and a buffer that failed remembers it.
 */
#ifndef IW_OUTPUT_COVERAGE_PARTS_H
#define IW_OUTPUT_COVERAGE_PARTS_H

#include "output/output.h"

/** What each host and analytic is blind in and why; hosts of which the same is true together. */
void iw_coverage_add_details(const struct iw_coverage *coverage, const struct iw_style *style,
                             struct iw_buffer *out);
/** What closes links that are open: each advice once, with its links and hosts. */
void iw_coverage_add_advice(const struct iw_coverage *coverage, const struct iw_style *style,
                            struct iw_buffer *out);

#endif
