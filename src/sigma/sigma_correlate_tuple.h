/**
 * Values as keys: what an event has of the fields of `group-by`, or of `field`, as tuples that are
 * equal when all their values are.
 *
 * Values compare without letter case (Unicode simple folding), `Computer` by the settled host as it
 * is. A field that is absent, null or empty has no value, and then there is no tuple. A field with
 * several values makes a tuple of each: of all fields, every combination. Tuples of times that do
 * not compare (a host's local clock) are never equal.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_TUPLE_H
#define IW_SIGMA_SIGMA_CORRELATE_TUPLE_H

#include "base/arena.h"
#include "sigma/sigma_correlate_plan.h"

/** One value, as it is written and as it compares. */
struct iw_correlate_text {
    struct iw_str text, folded;
};

/** What steps read from: an event, or the result of an inner correlation. */
struct iw_correlate_source {
    const struct iw_correlate_match *match; /* of a result: the event that completed it */
    struct iw_str *folded;                  /* by value of the match; p == NULL: not folded yet */
    const struct iw_correlate_text *key;    /* of a result: the values of its group; else NULL */
};

struct iw_correlate_tuple {
    struct iw_str key; /* bytes that are equal for equal tuples alone */
    struct iw_correlate_text *texts;
};

struct iw_correlate_tuples {
    struct iw_correlate_tuple *tuples;
    size_t n;
    bool is_cut;    /* there were more than IW_LIMIT_CORRELATION_TUPLES */
    size_t lacking; /* the first field without a value; none: the number of fields */
};

/** All tuples of *n* places, in *arena*; of no places one empty tuple. IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlate_tuples_make(const struct iw_correlate_source *source,
                                    const struct iw_correlate_place *places, size_t n,
                                    struct iw_arena *arena, struct iw_correlate_tuples *ret);

#endif
