/**
 * How far a clock was off, piece by piece (the room's own part).
 */
#ifndef IW_ORDER_CLOCK_PIECES_H
#define IW_ORDER_CLOCK_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Witnesses it takes. */
#define IW_CLOCK_WITNESSES 3U

/** A span of time within which all witnesses agree. */
struct iw_clock_piece {
    int64_t first_ns, last_ns; /* of the witnesses, true time */
    int32_t quarters;          /* quarter-hours the header is ahead of UTC */
    uint64_t n;                /* witnesses */
};

/** By how many quarter-hours a header time is ahead; false when the two times are no witness. */
bool iw_clock_quarters(int64_t header_ns, int64_t utc_ns, int32_t *ret);

/**
 * Joins pieces that follow one another with one opinion and leaves out those with too few
 * witnesses; a few that differ amid many of one opinion do not part these.
 *
 * @param pieces  in order of first_ns, last_ns; changed in place
 * @return how many are left
 */
size_t iw_clock_pieces_join(struct iw_clock_piece *pieces, size_t n);
/** Whether two of them overlap (joined, in order). */
bool iw_clock_pieces_contradict(const struct iw_clock_piece *pieces, size_t n);
/** A header time as the nearest piece would have it; unchanged without pieces. Of two equally near
 * the earlier counts. */
int64_t iw_clock_pieces_correct(const struct iw_clock_piece *pieces, size_t n, int64_t header_ns);

#endif
