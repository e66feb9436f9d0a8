/**
 * When something was there, in a bounded room: moments gathered into parts of equal length, each
 * with its first and last moment.
 *
 * Parts are five minutes long at first. When there would be more of them than the limit, all become
 * twice as long, as often as needed, so that the result depends only on which moments there were,
 * not on their order or on how threads divided them. Every pause longer than two parts is known to
 * the nanosecond.
 */
#ifndef IW_COVERAGE_PRESENCE_H
#define IW_COVERAGE_PRESENCE_H

#include "base/error.h"
#include "base/timestamp.h"

/** Length of a part before any is joined. */
#define IW_PRESENCE_PART_NS (INT64_C(300) * IW_NS_PER_SECOND)

struct iw_presence_part {
    int64_t first_ns, last_ns;
    uint64_t n;
};

/** Zero-initialise. */
struct iw_presence {
    struct iw_presence_part *parts; /* by time */
    size_t n, cap;
    unsigned doubled;         /* a part is IW_PRESENCE_PART_NS << doubled long */
    size_t last;              /* where the last moment went: the next is mostly there, too */
    int64_t begin_ns, end_ns; /* of that part; begin == end: none yet */
};

void iw_presence_done(struct iw_presence *presence);
/** Adds *n* moments between first and last (both known), which lie in one part of *presence* or of
 * one that is as coarse. IW_OK or IW_ENOMEM. */
enum iw_rc iw_presence_add_part(struct iw_presence *presence, const struct iw_presence_part *part);
/** Adds all of *from*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_presence_merge(struct iw_presence *into, const struct iw_presence *from);

/** Makes parts longer until there is room for one more among *n* (0: for one). */
void iw_presence_keep_within(struct iw_presence *presence, size_t n);

/** Gives back the room of parts that are not there any more. */
void iw_presence_give_back(struct iw_presence *presence);

/** Adds a moment wherever it falls; an unknown one is left out. IW_OK or IW_ENOMEM. */
enum iw_rc iw_presence_place(struct iw_presence *presence, int64_t time_ns);

/** Adds a moment that falls into the part the last one fell into; false: it does not. */
static inline bool iw_presence_add_near(struct iw_presence *presence, int64_t time_ns)
{
    struct iw_presence_part *part;
    if (time_ns < presence->begin_ns || time_ns >= presence->end_ns)
        return false;
    part = &presence->parts[presence->last];
    if (time_ns < part->first_ns)
        part->first_ns = time_ns;
    if (time_ns > part->last_ns)
        part->last_ns = time_ns;
    part->n++;
    return true;
}

#endif
