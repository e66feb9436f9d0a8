#include "context/request_seconds.h"

#include <string.h>

#include "base/timestamp.h"

static bool is_more(const struct iw_request_seconds *seconds)
{
    return seconds->n > IW_LIMIT_HOUR_SECONDS;
}

static uint32_t n_items(const struct iw_request_seconds *seconds)
{
    return is_more(seconds) ? 2 : seconds->n;
}

/* Where a second is, or belongs. */
static uint32_t find(const struct iw_request_seconds *seconds, uint32_t second)
{
    uint32_t low = 0, high = n_items(seconds);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (seconds->items[middle] < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool make_room(struct iw_request_seconds *seconds, struct iw_arena *arena)
{
    uint32_t cap = seconds->cap == 0 ? 4 : seconds->cap * 4;
    uint32_t *items;
    if (seconds->n < seconds->cap)
        return true;
    items = iw_arena_alloc(arena, cap * sizeof *items);
    if (items == NULL)
        return false;
    if (seconds->n != 0)
        memcpy(items, seconds->items, seconds->n * sizeof *items);
    seconds->items = items;
    seconds->cap = cap;
    return true;
}

/* From now on only the ends are known. There are more than two of them. */
static void forget_middle(struct iw_request_seconds *seconds)
{
    seconds->items[1] = seconds->items[seconds->n - 1];
    seconds->n = IW_LIMIT_HOUR_SECONDS + 1;
}

/* Of more than the limit. */
static void stretch(struct iw_request_seconds *seconds, uint32_t second)
{
    if (second < seconds->items[0])
        seconds->items[0] = second;
    if (second > seconds->items[1])
        seconds->items[1] = second;
}

static enum iw_rc add(struct iw_request_seconds *seconds, uint32_t second, struct iw_arena *arena)
{
    uint32_t at = find(seconds, second);
    if (at < n_items(seconds) && seconds->items[at] == second)
        return IW_OK;
    if (seconds->n == IW_LIMIT_HOUR_SECONDS)
        forget_middle(seconds);
    if (is_more(seconds)) {
        stretch(seconds, second);
        return IW_OK;
    }
    if (!make_room(seconds, arena))
        return IW_ENOMEM;
    memmove(seconds->items + at + 1, seconds->items + at,
            (seconds->n - at) * sizeof *seconds->items);
    seconds->items[at] = second;
    seconds->n++;
    return IW_OK;
}

enum iw_rc iw_request_seconds_add(struct iw_request_seconds *seconds, int64_t start_ns,
                                  int64_t end_ns, struct iw_arena *arena)
{
    int64_t first = start_ns / IW_NS_PER_SECOND, last = end_ns / IW_NS_PER_SECOND;
    if (start_ns < 0 || end_ns < start_ns || last > (int64_t)UINT32_MAX)
        return IW_OK;
    for (int64_t at = first; at < last && !is_more(seconds); at++)
        IW_TRY(add(seconds, (uint32_t)at, arena));
    IW_TRY(add(seconds, (uint32_t)first, arena));
    return add(seconds, (uint32_t)last, arena);
}

enum iw_rc iw_request_seconds_unite(struct iw_request_seconds *into,
                                    const struct iw_request_seconds *from, struct iw_arena *arena)
{
    for (uint32_t i = 0; i < n_items(from); i++)
        IW_TRY(add(into, from->items[i], arena));
    if (is_more(from) && !is_more(into)) {
        /* Two at least: those of *from*. */
        forget_middle(into);
    }
    return IW_OK;
}

bool iw_request_seconds_near(const struct iw_request_seconds *seconds, int64_t time_ns,
                             int64_t near_ns)
{
    int64_t from, until;
    uint32_t at;
    if (seconds->n == 0 || time_ns < near_ns || time_ns > INT64_MAX - near_ns)
        return false;
    from = (time_ns - near_ns) / IW_NS_PER_SECOND;
    until = (time_ns + near_ns) / IW_NS_PER_SECOND;
    if (from > (int64_t)UINT32_MAX)
        return false;
    if (is_more(seconds))
        return from <= (int64_t)seconds->items[1] && until >= (int64_t)seconds->items[0];
    at = find(seconds, (uint32_t)from);
    return at < seconds->n && (int64_t)seconds->items[at] <= until;
}

void iw_request_seconds_pack(const struct iw_request_seconds *seconds, struct iw_buffer *out)
{
    iw_pack_number(out, seconds->n);
    for (uint32_t i = 0; i < n_items(seconds); i++)
        iw_pack_number(out, seconds->items[i] - (i != 0 ? seconds->items[i - 1] : 0));
}

enum iw_rc iw_request_seconds_unpack(struct iw_unpacking *in, struct iw_arena *arena,
                                     struct iw_request_seconds *ret)
{
    uint64_t second = 0;
    *ret =
        (struct iw_request_seconds){.n = (uint32_t)iw_unpack_below(in, IW_LIMIT_HOUR_SECONDS + 2)};
    ret->cap = n_items(ret);
    if (ret->cap == 0)
        return IW_OK;
    ret->items = iw_arena_alloc(arena, ret->cap * sizeof *ret->items);
    if (ret->items == NULL)
        return IW_ENOMEM;
    for (uint32_t i = 0; i < ret->cap; i++) {
        second += iw_unpack_below(in, UINT64_C(1) << 32);
        ret->items[i] = (uint32_t)second;
    }
    return IW_OK;
}
