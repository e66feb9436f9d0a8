#include "output/coverage_holes.h"

/* The links a set of bits can hold; an analytic has a handful. */
#define LINKS_MOST 64U

struct gathering {
    const struct iw_coverage_record *record;
    struct iw_coverage_hole *holes;
    bool *is_blind;   /* of each hole: some of it is in a blind span */
    size_t n, before; /* before: the first one of the span before */
};

bool iw_coverage_open_throughout(const struct iw_coverage_link *link)
{
    return link->is_required && link->state < IW_LINK_GAP;
}

/* The link that a reason ("LINK: WHY") names, and what stands behind it; n_links: none. */
static size_t find_link(const struct iw_coverage_record *record, struct iw_str reason,
                        struct iw_str *ret_why)
{
    for (size_t i = 0; i < record->n_links && i < LINKS_MOST; i++) {
        struct iw_str name = record->links[i].name;
        if (reason.n < name.n + 2 || memcmp(reason.p, name.p, name.n) != 0 ||
            memcmp(reason.p + name.n, ": ", 2) != 0)
            continue;
        *ret_why = (struct iw_str){reason.p + name.n + 2, reason.n - name.n - 2};
        return i;
    }
    *ret_why = reason;
    return record->n_links;
}

/* A reason goes on where the span before had it of the same links; else it begins. */
static void add_reason(struct gathering *in, const struct iw_coverage_span *span, uint64_t links,
                       struct iw_str why)
{
    for (size_t i = in->before; i < in->n; i++) {
        struct iw_coverage_hole *hole = &in->holes[i];
        if (hole->links != links || !iw_str_equal(hole->why, why) || hole->to_ns != span->from_ns)
            continue;
        hole->to_ns = span->to_ns;
        in->is_blind[i] |= span->verdict == IW_VERDICT_BLIND;
        return;
    }
    in->is_blind[in->n] = span->verdict == IW_VERDICT_BLIND;
    in->holes[in->n++] = (struct iw_coverage_hole){span->from_ns, span->to_ns, links, why};
}

/* Holes of the span before are those that end where this one begins: the earliest of them. */
static size_t first_open(const struct gathering *in, int64_t from_ns)
{
    size_t first = in->n;
    for (size_t i = in->n; i-- > in->before;) {
        if (in->holes[i].to_ns >= from_ns)
            first = i;
    }
    return first;
}

static void add_span(struct gathering *in, const struct iw_coverage_span *span)
{
    in->before = first_open(in, span->from_ns);
    for (size_t i = 0; i < span->why.n; i++) {
        struct iw_str why;
        size_t link = find_link(in->record, span->why.items[i], &why);
        if (link < in->record->n_links && iw_coverage_open_throughout(&in->record->links[link]))
            continue;
        add_reason(in, span, link < in->record->n_links ? UINT64_C(1) << link : 0, why);
    }
}

/* Whether a reason is that the log of that name was cleared. */
static bool is_cleared(struct iw_str log, struct iw_str why)
{
    static const struct iw_str CLEARED = {" was cleared at ", 16};
    return why.n >= log.n + CLEARED.n && memcmp(why.p, log.p, log.n) == 0 &&
           memcmp(why.p + log.n, CLEARED.p, CLEARED.n) == 0;
}

/* Joins holes of one time: links of one reason, and reasons of which one says it all. Those of one
 * begin stand together. */
static void join(struct gathering *in)
{
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++) {
        struct iw_coverage_hole *hole = &in->holes[i];
        bool is_told = !in->is_blind[i];
        for (size_t k = n; !is_told && k-- > 0 && in->holes[k].from_ns == hole->from_ns;) {
            if (in->holes[k].to_ns != hole->to_ns || !iw_str_equal(in->holes[k].why, hole->why))
                continue;
            in->holes[k].links |= hole->links;
            is_told = true;
        }
        if (!is_told)
            in->holes[n++] = *hole;
    }
    in->n = n;
}

/* "the log of Sysmon begins at T" says no more than "the log of Sysmon was cleared at T". */
static bool says_less(const struct gathering *in, const struct iw_coverage_hole *hole)
{
    size_t n = iw_str_find(hole->why, IW_STR(" begins at "));
    for (size_t i = 0; n != SIZE_MAX && i < in->n; i++) {
        const struct iw_coverage_hole *other = &in->holes[i];
        if (other->from_ns <= hole->from_ns && other->to_ns >= hole->to_ns &&
            (hole->links & ~other->links) == 0 &&
            is_cleared((struct iw_str){hole->why.p, n}, other->why))
            return true;
    }
    return false;
}

static void drop_what_says_less(struct gathering *in)
{
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++)
        in->is_blind[i] = !says_less(in, &in->holes[i]);
    for (size_t i = 0; i < in->n; i++) {
        if (in->is_blind[i])
            in->holes[n++] = in->holes[i];
    }
    in->n = n;
}

bool iw_coverage_holes(const struct iw_coverage_record *record, struct iw_arena *arena,
                       const struct iw_coverage_hole **ret, size_t *ret_n)
{
    struct gathering in = {.record = record};
    size_t most = 1;
    for (size_t i = 0; i < record->n_spans; i++)
        most += record->spans[i].why.n;
    in.holes = iw_arena_calloc(arena, most, sizeof *in.holes);
    in.is_blind = iw_arena_calloc(arena, most, sizeof *in.is_blind);
    if (in.holes == NULL || in.is_blind == NULL)
        return false;
    for (size_t i = 0; i < record->n_spans; i++)
        add_span(&in, &record->spans[i]);
    join(&in);
    drop_what_says_less(&in);
    *ret = in.holes;
    *ret_n = in.n;
    return true;
}
