/*
 * Parts are kept sorted. Logs count upwards, so that a new part mostly comes last; slices of a log
 * that several threads read bring parts between others, which costs a move of at most the limit.
 *
 * Parts lie on a grid that begins at 1970, so that two presences of different lengths of parts meet
 * on the coarser grid.
 */
#include "coverage/presence.h"

#include "base/alloc.h"
#include "base/limits.h"

/* Beyond this a part is longer than all time there is. */
#define MOST_DOUBLED 24U

void iw_presence_done(struct iw_presence *presence)
{
    iw_free(presence->parts);
    memset(presence, 0, sizeof *presence);
}

static int64_t cell_of(const struct iw_presence *presence, int64_t time_ns)
{
    int64_t length = IW_PRESENCE_PART_NS << presence->doubled;
    return time_ns / length - (time_ns % length < 0);
}

static void join(struct iw_presence_part *into, const struct iw_presence_part *from)
{
    if (from->first_ns < into->first_ns)
        into->first_ns = from->first_ns;
    if (from->last_ns > into->last_ns)
        into->last_ns = from->last_ns;
    into->n += from->n;
}

/* Nothing is known of where the next moment goes. */
static void forget(struct iw_presence *presence)
{
    presence->begin_ns = presence->end_ns = 0;
}

/* Parts as long as those of 2^doubled: neighbours that fall together become one. */
static void coarsen(struct iw_presence *presence, unsigned doubled)
{
    size_t n = 0;
    if (doubled <= presence->doubled)
        return;
    presence->doubled = doubled;
    forget(presence);
    for (size_t i = 0; i < presence->n; i++) {
        if (n != 0 && cell_of(presence, presence->parts[n - 1].first_ns) ==
                          cell_of(presence, presence->parts[i].first_ns))
            join(&presence->parts[n - 1], &presence->parts[i]);
        else
            presence->parts[n++] = presence->parts[i];
    }
    presence->n = n;
}

/* The first part whose cell is not before that of *time_ns*. */
static size_t place_of(const struct iw_presence *presence, int64_t time_ns)
{
    int64_t cell = cell_of(presence, time_ns);
    size_t low = 0, high = presence->n;
    if (high != 0 && cell_of(presence, presence->parts[high - 1].first_ns) < cell)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cell_of(presence, presence->parts[middle].first_ns) < cell)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The next moment is looked for there first. Ends that no time reaches are left open. */
static void remember(struct iw_presence *presence, size_t place)
{
    int64_t length = IW_PRESENCE_PART_NS << presence->doubled;
    presence->last = place;
    if (__builtin_mul_overflow(cell_of(presence, presence->parts[place].first_ns), length,
                               &presence->begin_ns) ||
        __builtin_add_overflow(presence->begin_ns, length, &presence->end_ns))
        forget(presence);
}

enum iw_rc iw_presence_add_part(struct iw_presence *presence, const struct iw_presence_part *part)
{
    size_t place = place_of(presence, part->first_ns);
    if (place < presence->n &&
        cell_of(presence, presence->parts[place].first_ns) == cell_of(presence, part->first_ns)) {
        join(&presence->parts[place], part);
        remember(presence, place);
        return IW_OK;
    }
    if (!iw_array_reserve(&presence->parts, &presence->cap, presence->n + 1,
                          sizeof *presence->parts))
        return IW_ENOMEM;
    memmove(presence->parts + place + 1, presence->parts + place,
            (presence->n - place) * sizeof *presence->parts);
    presence->parts[place] = *part;
    presence->n++;
    remember(presence, place);
    while (presence->n > IW_LIMIT_PRESENCE_PARTS && presence->doubled < MOST_DOUBLED)
        coarsen(presence, presence->doubled + 1);
    return IW_OK;
}

void iw_presence_keep_within(struct iw_presence *presence, size_t n)
{
    while (presence->n != 0 && presence->n >= n && presence->n > 1 &&
           presence->doubled < MOST_DOUBLED)
        coarsen(presence, presence->doubled + 1);
}

void iw_presence_give_back(struct iw_presence *presence)
{
    struct iw_presence_part *parts;
    if (presence->n == 0 || presence->n == presence->cap)
        return;
    parts = iw_realloc(presence->parts, presence->n * sizeof *parts);
    if (parts == NULL) /* then the room stays as it is */
        return;
    presence->parts = parts;
    presence->cap = presence->n;
}

enum iw_rc iw_presence_place(struct iw_presence *presence, int64_t time_ns)
{
    const struct iw_presence_part part = {time_ns, time_ns, 1};
    return iw_time_known(time_ns) ? iw_presence_add_part(presence, &part) : IW_OK;
}

enum iw_rc iw_presence_merge(struct iw_presence *into, const struct iw_presence *from)
{
    coarsen(into, from->doubled);
    for (size_t i = 0; i < from->n; i++)
        IW_TRY(iw_presence_add_part(into, &from->parts[i]));
    return IW_OK;
}
