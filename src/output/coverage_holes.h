/**
 * The blind time of a record, hole by hole: spans are cut wherever anything begins or ends, so that
 * one reason may stand in many of them; here each stands once, with all its links and all its time.
 */
#ifndef IW_OUTPUT_COVERAGE_HOLES_H
#define IW_OUTPUT_COVERAGE_HOLES_H

#include "result/coverage.h"

struct iw_coverage_hole {
    int64_t from_ns, to_ns;
    uint64_t links;    /* bit i: links[i] of the record; none: the reason names no link */
    struct iw_str why; /* without the name of a link */
};

/** By begin. Not told: what is open throughout (iw_coverage_open_throughout), and that a log begins
 * where it also says that the same log was cleared. The list lies in *arena*, texts are those of
 * the record; false: no memory. */
bool iw_coverage_holes(const struct iw_coverage_record *record, struct iw_arena *arena,
                       const struct iw_coverage_hole **ret, size_t *ret_n);

/** Whether a link is open in all of the window. */
bool iw_coverage_open_throughout(const struct iw_coverage_link *link);

#endif
