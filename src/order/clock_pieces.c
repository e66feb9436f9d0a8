/*
 * Pieces of a clock's time.
 */
#include "order/clock_pieces.h"

#include "base/timestamp.h"

#define QUARTER_NS (INT64_C(15) * 60 * IW_NS_PER_SECOND)
#define TOLERANCE_NS (INT64_C(5) * IW_NS_PER_SECOND)
/* Time zones reach from -12:00 to +14:00. */
#define MOST_QUARTERS 56

bool iw_clock_quarters(int64_t header_ns, int64_t utc_ns, int32_t *ret)
{
    int64_t off_ns, quarters, rest_ns;
    if (!iw_time_known(header_ns) || !iw_time_known(utc_ns) ||
        __builtin_sub_overflow(header_ns, utc_ns, &off_ns) ||
        off_ns > (MOST_QUARTERS + 1) * QUARTER_NS || off_ns < -(MOST_QUARTERS + 1) * QUARTER_NS)
        return false;
    quarters = (off_ns + (off_ns < 0 ? -QUARTER_NS / 2 : QUARTER_NS / 2)) / QUARTER_NS;
    rest_ns = off_ns - quarters * QUARTER_NS;
    if (rest_ns > TOLERANCE_NS || rest_ns < -TOLERANCE_NS || quarters > MOST_QUARTERS ||
        quarters < -MOST_QUARTERS)
        return false;
    *ret = (int32_t)quarters;
    return true;
}

static void join(struct iw_clock_piece *into, const struct iw_clock_piece *piece)
{
    if (piece->first_ns < into->first_ns)
        into->first_ns = piece->first_ns;
    if (piece->last_ns > into->last_ns)
        into->last_ns = piece->last_ns;
    into->n += piece->n;
}

size_t iw_clock_pieces_join(struct iw_clock_piece *pieces, size_t n)
{
    size_t n_left = 0, n_strong = 0;
    for (size_t i = 0; i < n; i++) {
        struct iw_clock_piece piece = pieces[i];
        if (n_left >= 2 && pieces[n_left - 1].n < IW_CLOCK_WITNESSES &&
            pieces[n_left - 1].quarters != piece.quarters &&
            pieces[n_left - 2].quarters == piece.quarters)
            n_left--;
        if (n_left != 0 && pieces[n_left - 1].quarters == piece.quarters)
            join(&pieces[n_left - 1], &piece);
        else
            pieces[n_left++] = piece;
    }
    for (size_t i = 0; i < n_left; i++) {
        struct iw_clock_piece piece = pieces[i];
        if (piece.n < IW_CLOCK_WITNESSES)
            continue;
        if (n_strong != 0 && pieces[n_strong - 1].quarters == piece.quarters)
            join(&pieces[n_strong - 1], &piece);
        else
            pieces[n_strong++] = piece;
    }
    return n_strong;
}

bool iw_clock_pieces_contradict(const struct iw_clock_piece *pieces, size_t n)
{
    int64_t last_ns = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        if (i != 0 && pieces[i].first_ns <= last_ns)
            return true;
        if (pieces[i].last_ns > last_ns)
            last_ns = pieces[i].last_ns;
    }
    return false;
}

/* How far a time lies outside a piece. Both are of this age or 0: no overflow beyond 64 bits. */
static uint64_t distance_ns(const struct iw_clock_piece *piece, int64_t time_ns)
{
    if (time_ns < piece->first_ns)
        return (uint64_t)piece->first_ns - (uint64_t)time_ns;
    return time_ns > piece->last_ns ? (uint64_t)time_ns - (uint64_t)piece->last_ns : 0;
}

int64_t iw_clock_pieces_correct(const struct iw_clock_piece *pieces, size_t n, int64_t header_ns)
{
    int64_t nearest_ns = header_ns;
    uint64_t nearest_distance = UINT64_MAX;
    if (!iw_time_known(header_ns))
        return header_ns;
    for (size_t i = 0; i < n; i++) {
        int64_t time_ns;
        uint64_t distance;
        if (__builtin_sub_overflow(header_ns, pieces[i].quarters * QUARTER_NS, &time_ns))
            continue;
        distance = distance_ns(&pieces[i], time_ns);
        if (distance < nearest_distance) {
            nearest_distance = distance;
            nearest_ns = time_ns;
        }
    }
    return nearest_ns;
}
