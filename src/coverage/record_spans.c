/*
 * The window is cut wherever something begins or ends; each piece is asked what holds in it. Holes
 * are sorted by where they begin, so that going along the pieces only those are kept in view that
 * have begun and not ended.
 */
#include "coverage/record_spans.h"

#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"

/* What the times of Windows are told to. Ends of spans that are a moment behind an event lie
 * between: a span would begin and end at what is written as one time. */
#define TELLABLE_NS INT64_C(100)

/* A hole of a required link. */
struct view {
    int64_t from_ns, to_ns;
    size_t link;
    struct iw_str why;
};

struct making {
    const struct iw_record_spans *of;
    struct iw_arena *work, *arena;
    int64_t *cuts;
    size_t n_cuts;
    struct view *holes; /* by begin */
    size_t n_holes;
    struct iw_span_set complete;
    struct view *open; /* begun, not ended */
    size_t n_open;
    struct iw_coverage_span *spans;
    size_t n_spans;
};

static int compare_times(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static int compare_views(const void *left, const void *right)
{
    const struct view *a = left, *b = right;
    if (a->from_ns != b->from_ns)
        return a->from_ns < b->from_ns ? -1 : 1;
    if (a->link != b->link)
        return a->link < b->link ? -1 : 1;
    return iw_str_compare(a->why, b->why);
}

/* A time as it can be told, within the window, whose own ends stay. */
static int64_t tellable(const struct making *in, int64_t time_ns)
{
    int64_t rest = time_ns % TELLABLE_NS;
    if (time_ns <= in->of->from_ns)
        return in->of->from_ns;
    if (time_ns >= in->of->to_ns)
        return in->of->to_ns;
    time_ns -= rest < 0 ? rest + TELLABLE_NS : rest;
    return time_ns > in->of->from_ns ? time_ns : in->of->from_ns;
}

/* However short it is, a hole is there. */
static struct view view_of(const struct making *in, const struct iw_link_hole *hole, size_t link)
{
    int64_t from_ns = tellable(in, hole->from_ns), to_ns = tellable(in, hole->to_ns);
    if (from_ns == to_ns && from_ns < in->of->to_ns)
        to_ns = tellable(in, from_ns + TELLABLE_NS);
    return (struct view){from_ns, to_ns, link, hole->why};
}

static void cut_at(struct making *in, int64_t time_ns)
{
    if (time_ns > in->of->from_ns && time_ns < in->of->to_ns)
        in->cuts[in->n_cuts++] = time_ns;
}

static enum iw_rc gather(struct making *in)
{
    const struct iw_record_spans *of = in->of;
    size_t n = 0;
    for (size_t i = 0; i < of->n_links; i++)
        n += of->links[i].is_required ? of->results[i].n_holes : 0;
    in->holes = iw_arena_alloc(in->work, (n + 1) * sizeof *in->holes);
    in->open = iw_arena_alloc(in->work, (n + 1) * sizeof *in->open);
    in->cuts = iw_arena_alloc(in->work, (2 * n + 2 * of->n_complete + 2) * sizeof *in->cuts);
    if (in->holes == NULL || in->open == NULL || in->cuts == NULL)
        return IW_ENOMEM;
    in->cuts[in->n_cuts++] = of->from_ns;
    for (size_t i = 0; i < of->n_links; i++) {
        for (size_t k = 0; of->links[i].is_required && k < of->results[i].n_holes; k++) {
            const struct view view = view_of(in, &of->results[i].holes[k], i);
            in->holes[in->n_holes++] = view;
            cut_at(in, view.from_ns);
            cut_at(in, view.to_ns);
        }
    }
    in->complete.arena = in->work;
    for (size_t i = 0; i < of->n_complete; i++)
        IW_TRY(iw_span_set_add(&in->complete, of->complete[i].from_ns, of->complete[i].to_ns));
    iw_span_set_settle(&in->complete);
    for (size_t i = 0; i < in->complete.n; i++) {
        cut_at(in, in->complete.items[i].from_ns);
        cut_at(in, in->complete.items[i].to_ns);
    }
    qsort(in->cuts, in->n_cuts, sizeof *in->cuts, compare_times);
    if (in->n_holes > 1)
        qsort(in->holes, in->n_holes, sizeof *in->holes, compare_views);
    return IW_OK;
}

/* The reasons of a piece; each once, those past the limit counted. */
static enum iw_rc list_reasons(struct making *in, struct iw_text_list *ret)
{
    struct iw_str *items =
        iw_arena_alloc(in->work, (IW_LIMIT_COVERAGE_REASONS + 1) * sizeof *items);
    const struct view *told[IW_LIMIT_COVERAGE_REASONS];
    size_t n = 0, n_more = 0;
    if (items == NULL)
        return IW_ENOMEM;
    if (in->n_open > 1)
        qsort(in->open, in->n_open, sizeof *in->open, compare_views);
    for (size_t i = 0; i < in->n_open; i++) {
        bool is_there = false;
        for (size_t k = 0; k < n; k++)
            is_there = is_there || (told[k]->link == in->open[i].link &&
                                    iw_str_equal(told[k]->why, in->open[i].why));
        if (is_there)
            continue;
        if (n == IW_LIMIT_COVERAGE_REASONS) {
            n_more++;
            continue;
        }
        told[n] = &in->open[i];
        items[n] = iw_arena_format(in->work, "%.*s: %.*s",
                                   IW_STR_ARG(in->of->links[in->open[i].link].name),
                                   IW_STR_ARG(in->open[i].why));
        if (items[n++].p == NULL)
            return IW_ENOMEM;
    }
    if (n_more != 0) {
        items[n] = iw_arena_format(in->work, "and %zu more reasons", n_more);
        if (items[n++].p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_text_list){items, n};
    return IW_OK;
}

static bool is_same(const struct iw_coverage_span *a, const struct iw_coverage_span *b)
{
    if (a->verdict != b->verdict || a->why.n != b->why.n)
        return false;
    for (size_t i = 0; i < a->why.n; i++) {
        if (!iw_str_equal(a->why.items[i], b->why.items[i]))
            return false;
    }
    return true;
}

static enum iw_rc keep(struct making *in, struct iw_coverage_span span)
{
    struct iw_str *items;
    if (in->n_spans != 0 && is_same(&in->spans[in->n_spans - 1], &span)) {
        in->spans[in->n_spans - 1].to_ns = span.to_ns;
        return IW_OK;
    }
    items = iw_arena_alloc(in->arena, (span.why.n + 1) * sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < span.why.n; i++) {
        items[i] = span.why.items[i];
        if (!iw_arena_keep(in->arena, &items[i]))
            return IW_ENOMEM;
    }
    span.why.items = items;
    in->spans[in->n_spans++] = span;
    return IW_OK;
}

/* Too many: what is left is blind. */
static void end_early(struct making *in)
{
    static const struct iw_str MORE[] = {{"more gaps follow than are shown", 31}};
    struct iw_coverage_span *last = &in->spans[in->n_spans - 1];
    last->to_ns = in->of->to_ns;
    last->verdict = IW_VERDICT_BLIND;
    last->why = (struct iw_text_list){MORE, 1};
}

static enum iw_rc make(struct making *in)
{
    size_t next = 0;
    for (size_t i = 0; i < in->n_cuts; i++) {
        struct iw_coverage_span span = {
            .from_ns = in->cuts[i], .to_ns = i + 1 < in->n_cuts ? in->cuts[i + 1] : in->of->to_ns};
        size_t n = 0;
        if (span.from_ns == span.to_ns)
            continue;
        for (; next < in->n_holes && in->holes[next].from_ns <= span.from_ns; next++)
            in->open[in->n_open++] = in->holes[next];
        for (size_t k = 0; k < in->n_open; k++) {
            if (in->open[k].to_ns > span.from_ns)
                in->open[n++] = in->open[k];
        }
        in->n_open = n;
        IW_TRY(list_reasons(in, &span.why));
        span.verdict = n != 0 ? IW_VERDICT_BLIND : IW_VERDICT_CLEAR;
        if (iw_span_set_has(&in->complete, span.from_ns))
            span.verdict = IW_VERDICT_DETECTED;
        IW_TRY(keep(in, span));
        if (in->n_spans == IW_LIMIT_COVERAGE_SPANS + 1) {
            in->n_spans--;
            end_early(in);
            return IW_OK;
        }
    }
    return IW_OK;
}

enum iw_rc iw_record_spans_make(const struct iw_record_spans *of, struct iw_arena *work,
                                struct iw_arena *arena, const struct iw_coverage_span **ret,
                                size_t *ret_n)
{
    struct making in = {.of = of, .work = work, .arena = arena};
    struct iw_coverage_span *spans;
    *ret = NULL;
    *ret_n = 0;
    if (of->from_ns >= of->to_ns)
        return IW_OK;
    IW_TRY(gather(&in));
    in.spans = iw_arena_calloc(work, IW_LIMIT_COVERAGE_SPANS + 1, sizeof *in.spans);
    if (in.spans == NULL)
        return IW_ENOMEM;
    IW_TRY(make(&in));
    spans = iw_arena_calloc(arena, in.n_spans, sizeof *spans);
    if (spans == NULL)
        return IW_ENOMEM;
    memcpy(spans, in.spans, in.n_spans * sizeof *spans);
    *ret = spans;
    *ret_n = in.n_spans;
    return IW_OK;
}
