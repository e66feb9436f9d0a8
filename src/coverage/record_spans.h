/**
 * The spans of a record out of what its links lack and what was found.
 */
#ifndef IW_COVERAGE_RECORD_SPANS_H
#define IW_COVERAGE_RECORD_SPANS_H

#include "coverage/link_state.h"

struct iw_record_spans {
    int64_t from_ns, to_ns; /* the window, to is not part of it; equal: not known */
    const struct iw_link_result *results;
    const struct iw_coverage_link *links; /* as many: which are required */
    size_t n_links;
    const struct iw_span *complete; /* times of complete findings */
    size_t n_complete;
};

/**
 * Makes them: without a hole, neighbours of one verdict and reasons joined, at most
 * IW_LIMIT_COVERAGE_SPANS (what lies behind is one blind span).
 *
 * @param work   scratch
 * @param arena  of the result
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_record_spans_make(const struct iw_record_spans *of, struct iw_arena *work,
                                struct iw_arena *arena, const struct iw_coverage_span **ret,
                                size_t *ret_n);

#endif
