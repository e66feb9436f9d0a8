/*
 * A link is what its witnesses, each a kind of event in one log, are together.
 */
#include "coverage/link_told.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "coverage/link_witness.h"

static int64_t length_of(const struct iw_span_set *set)
{
    int64_t sum = 0;
    for (size_t i = 0; i < set->n; i++) {
        if (__builtin_add_overflow(sum, iw_span_length(set->items[i].from_ns, set->items[i].to_ns),
                                   &sum))
            return INT64_MAX;
    }
    return sum;
}

/* What is proved is not stated. */
static int64_t length_told(const struct iw_witness_result *one)
{
    int64_t sum;
    return __builtin_add_overflow(length_of(&one->proved), length_of(&one->stated), &sum)
               ? INT64_MAX
               : sum;
}

/* The witness that tells most; of equal ones one whose log is there, then the first. */
static const struct iw_witness_result *best_of(const struct iw_witness_result *all, size_t n)
{
    const struct iw_witness_result *best = &all[0];
    for (size_t i = 1; i < n; i++) {
        int64_t a = length_told(&all[i]), b = length_told(best);
        if (a > b || (a == b && (all[i].n_samples != 0) > (best->n_samples != 0)) ||
            (a == b && (all[i].n_samples != 0) == (best->n_samples != 0) &&
             all[i].channel != NULL && best->channel == NULL))
            best = &all[i];
    }
    return best;
}

static struct iw_str proved_words(const struct iw_witness_result *best, struct iw_arena *arena)
{
    struct iw_str seen =
        iw_arena_format(arena, "%" PRIu64 " seen%s%.*s", best->n_samples,
                        best->sampled_in.n != 0 ? ", under " : "", IW_STR_ARG(best->sampled_in));
    if (best->configured_why.n != 0)
        return best->configured_why;
    if (best->n_samples == 0 && best->canary_why.n != 0)
        seen = best->canary_why;
    if (best->less_why.n == 0 || seen.p == NULL)
        return seen;
    return iw_arena_format(arena, "%.*s (%.*s)", IW_STR_ARG(seen), IW_STR_ARG(best->less_why));
}

/* Of the witness that tells most, where it is one that is stated. */
static struct iw_str stated_words(const struct iw_witness_result *best,
                                  const struct iw_witness_result *all, size_t n)
{
    for (size_t i = 0; i < n && best->stated_why.n == 0; i++)
        best = &all[i];
    return best->stated_why;
}

int iw_link_compare_holes(const void *left, const void *right)
{
    const struct iw_link_hole *a = left, *b = right;
    if (a->from_ns != b->from_ns)
        return a->from_ns < b->from_ns ? -1 : 1;
    if (a->to_ns != b->to_ns)
        return a->to_ns < b->to_ns ? -1 : 1;
    return iw_str_compare(a->why, b->why);
}

struct kept_holes {
    struct iw_link_hole *items; /* NULL: they are counted */
    size_t n;
};

static void keep_part(struct kept_holes *kept, const struct iw_link_hole *hole,
                      const struct iw_span *open)
{
    if (kept->items != NULL) {
        struct iw_link_hole *part = &kept->items[kept->n];
        *part = *hole;
        part->from_ns = hole->from_ns > open->from_ns ? hole->from_ns : open->from_ns;
        part->to_ns = hole->to_ns < open->to_ns ? hole->to_ns : open->to_ns;
    }
    kept->n++;
}

/* Every part of every hole. */
static void keep_all(const struct iw_span_set *open, const struct iw_link_hole *holes, size_t n,
                     struct kept_holes *kept)
{
    for (size_t k = 0; k < n && kept->n <= IW_LIMIT_LINK_HOLES; k++) {
        for (size_t i = iw_span_set_first_behind(open, holes[k].from_ns);
             i < open->n && open->items[i].from_ns < holes[k].to_ns; i++)
            keep_part(kept, &holes[k], &open->items[i]);
    }
}

/* As few as leave nothing open without a reason: of holes, which are in order of begin, the one
 * that goes on longest. */
static void keep_cover(const struct iw_span_set *open, const struct iw_link_hole *holes, size_t n,
                       struct kept_holes *kept)
{
    const struct iw_link_hole *longest = NULL;
    size_t k = 0;
    for (size_t i = 0; i < open->n; i++) {
        struct iw_span rest = open->items[i];
        while (rest.from_ns < rest.to_ns) {
            for (; k < n && holes[k].from_ns <= rest.from_ns; k++) {
                if (longest == NULL || holes[k].to_ns > longest->to_ns)
                    longest = &holes[k];
            }
            if (longest != NULL && longest->to_ns > rest.from_ns) {
                keep_part(kept, longest, &rest);
                rest.from_ns = longest->to_ns;
            } else {
                rest.from_ns = k < n ? holes[k].from_ns : rest.to_ns;
            }
        }
    }
}

/* What is open, with the reasons of the best witness where these lie in it. Holes that go over very
 * many open spans are not told in each. */
static enum iw_rc keep_holes(const struct iw_span_set *open, const struct iw_witness_result *best,
                             struct iw_arena *arena, struct iw_link_result *ret)
{
    struct kept_holes kept = {NULL, 0};
    bool is_whole;
    if (best->n_holes > 1)
        qsort(best->holes, best->n_holes, sizeof *best->holes, iw_link_compare_holes);
    keep_all(open, best->holes, best->n_holes, &kept);
    is_whole = kept.n <= IW_LIMIT_LINK_HOLES;
    if (!is_whole) {
        kept.n = 0;
        keep_cover(open, best->holes, best->n_holes, &kept);
    }
    kept = (struct kept_holes){iw_arena_alloc(arena, (kept.n + 1) * sizeof *kept.items), 0};
    if (kept.items == NULL)
        return IW_ENOMEM;
    (is_whole ? keep_all : keep_cover)(open, best->holes, best->n_holes, &kept);
    if (kept.n > 1)
        qsort(kept.items, kept.n, sizeof *kept.items, iw_link_compare_holes);
    ret->holes = kept.items;
    ret->n_holes = kept.n;
    return IW_OK;
}

/* What is neither proved nor stated by any witness, and what is only stated. */
static enum iw_rc find_open(const struct iw_link_host *host, const struct iw_witness_result *all,
                            size_t n, struct iw_arena *arena, struct iw_span_set *open,
                            struct iw_span_set *only_stated, bool *ret_any)
{
    struct iw_span_set window = {.arena = arena}, proved = {.arena = arena},
                       stated = {.arena = arena}, unproved = {.arena = arena};
    IW_TRY(iw_span_set_add(&window, host->log.from_ns, host->log.to_ns));
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < all[i].proved.n; k++)
            IW_TRY(iw_span_set_add(&proved, all[i].proved.items[k].from_ns,
                                   all[i].proved.items[k].to_ns));
        for (size_t k = 0; k < all[i].stated.n; k++)
            IW_TRY(iw_span_set_add(&stated, all[i].stated.items[k].from_ns,
                                   all[i].stated.items[k].to_ns));
    }
    iw_span_set_settle(&proved);
    iw_span_set_settle(&stated);
    *ret_any = proved.n != 0 || stated.n != 0;
    IW_TRY(iw_span_set_without(&window, &proved, &unproved));
    IW_TRY(iw_span_set_without(&unproved, &stated, open));
    return iw_span_set_without(&stated, &proved, only_stated);
}

const struct iw_link_hole *iw_link_longest_hole(const struct iw_link_hole *holes, size_t n)
{
    const struct iw_link_hole *longest = NULL;
    for (size_t i = 0; i < n; i++) {
        if (longest == NULL || iw_span_length(holes[i].from_ns, holes[i].to_ns) >
                                   iw_span_length(longest->from_ns, longest->to_ns))
            longest = &holes[i];
    }
    return longest;
}

/* --- what would mend it --------------------------------------------------------------------- */

void iw_link_want_add(struct iw_link_want *wants, size_t *n, const struct iw_link_want *want)
{
    for (size_t i = 0; i < *n; i++) {
        if (wants[i].witness != want->witness || wants[i].lack != want->lack)
            continue;
        if (wants[i].mends != want->mends)
            wants[i].mends = iw_proof_mends_join(wants[i].mends, want->mends);
        return;
    }
    wants[(*n)++] = *want;
}

/* All that the holes that are left lack: they are of one witness. */
static enum iw_rc want_all(struct iw_arena *arena, struct iw_link_result *ret)
{
    struct iw_link_want *wants = iw_arena_alloc(arena, IW_LACK_COUNT * sizeof *wants);
    if (wants == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_holes; i++)
        iw_link_want_add(wants, &ret->n_wants, &ret->holes[i].want);
    ret->wants = wants;
    return IW_OK;
}

/* The one thing each witness lacks most, or what is said of those without a hole. */
static enum iw_rc want_any(const struct iw_witness_result *all, size_t n, struct iw_arena *arena,
                           struct iw_link_result *ret)
{
    struct iw_link_want *wants = iw_arena_alloc(arena, (n + 1) * sizeof *wants);
    if (wants == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct iw_link_hole *hole = iw_link_longest_hole(all[i].holes, all[i].n_holes);
        wants[i] =
            hole != NULL
                ? hole->want
                : (struct iw_link_want){
                      all[i].row, all[i].channel != NULL ? IW_LACK_PROOF : IW_LACK_SOURCE, NULL};
    }
    ret->wants = wants;
    ret->n_wants = n;
    return IW_OK;
}

/* What each witness lacks, where none tells anything. */
static enum iw_rc tell_all(const struct iw_link_host *host, const struct iw_witness_result *all,
                           size_t n, struct iw_arena *arena, struct iw_link_result *ret)
{
    struct iw_link_hole *hole = iw_arena_alloc(arena, sizeof *hole);
    struct iw_str why = IW_STR("");
    for (size_t i = 0; i < n; i++) {
        const struct iw_link_hole *main = iw_link_longest_hole(all[i].holes, all[i].n_holes);
        struct iw_str own = main != NULL ? main->why : IW_STR("");
        if (own.n == 0 || iw_str_holds_nocase(why, own))
            continue;
        why = why.n == 0 ? own
                         : iw_arena_format(arena, "%.*s; %.*s", IW_STR_ARG(why), IW_STR_ARG(own));
    }
    if (hole == NULL || why.p == NULL)
        return IW_ENOMEM;
    *hole =
        (struct iw_link_hole){.from_ns = host->log.from_ns, .to_ns = host->log.to_ns, .why = why};
    ret->holes = hole;
    ret->n_holes = host->log.from_ns < host->log.to_ns;
    ret->link.why = why;
    return want_any(all, n, arena, ret);
}

struct iw_str iw_link_hole_words(const struct iw_link_hole *hole, size_t n_more,
                                 struct iw_arena *arena)
{
    if (n_more == 0)
        return hole->why;
    return iw_arena_format(arena, "%.*s, and %zu more %s", IW_STR_ARG(hole->why), n_more,
                           n_more == 1 ? "gap" : "gaps");
}

/* No window: what would be asked is there or not, and that is all. */
static enum iw_rc join_without_time(const struct iw_witness_result *all, size_t n,
                                    struct iw_arena *arena, struct iw_link_result *ret)
{
    ret->link.state = IW_LINK_ABSENT;
    ret->link.source = IW_STR("");
    ret->link.why = IW_STR("no events");
    for (size_t i = 0; i < n; i++) {
        if (all[i].channel == NULL)
            continue;
        ret->link.state = IW_LINK_NOT_PROVED;
        ret->link.source = iw_str_of(all[i].row->name);
        ret->link.why = iw_arena_format(arena, "no event of %s has a time", all[i].row->name);
    }
    return ret->link.why.p != NULL ? want_any(all, n, arena, ret) : IW_ENOMEM;
}

static enum iw_rc join(const struct iw_link_host *host, const struct iw_witness_result *all,
                       size_t n, struct iw_arena *arena, struct iw_link_result *ret)
{
    const struct iw_witness_result *best = best_of(all, n);
    struct iw_span_set open = {.arena = arena}, only_stated = {.arena = arena};
    bool any, has_log = false, is_off = true;
    if (host->log.from_ns >= host->log.to_ns)
        return join_without_time(all, n, arena, ret);
    IW_TRY(find_open(host, all, n, arena, &open, &only_stated, &any));
    for (size_t i = 0; i < n; i++) {
        bool is_there = all[i].channel != NULL || all[i].is_empty;
        has_log = has_log || is_there;
        is_off = is_off && (!is_there || all[i].is_switched_off);
    }
    IW_TRY(any ? keep_holes(&open, best, arena, ret) : tell_all(host, all, n, arena, ret));
    if (any && open.n != 0)
        IW_TRY(want_all(arena, ret));
    ret->has_stated = only_stated.n != 0;
    ret->link.source = any || best->channel != NULL ? iw_str_of(best->row->name) : IW_STR("");
    if (open.n == 0)
        ret->link.state = only_stated.n != 0 ? IW_LINK_STATED : IW_LINK_PROVED;
    else if (any)
        ret->link.state = IW_LINK_GAP;
    else
        ret->link.state = has_log && !is_off ? IW_LINK_NOT_PROVED : IW_LINK_ABSENT;
    if (open.n == 0 && only_stated.n != 0)
        ret->link.why = stated_words(best, all, n);
    else if (open.n == 0)
        ret->link.why = proved_words(best, arena);
    else if (ret->n_holes != 0 && any)
        ret->link.why = iw_link_hole_words(&ret->holes[0], ret->n_holes - 1, arena);
    return ret->link.why.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_link_told_find(const struct iw_link_host *host, enum iw_link link,
                             struct iw_arena *arena, struct iw_link_result *ret)
{
    struct iw_witness_result *all = iw_arena_calloc(arena, iw_n_link_witnesses, sizeof *all);
    size_t n = 0;
    memset(ret, 0, sizeof *ret);
    ret->link.name = iw_str_of(iw_link_name(link));
    ret->link.fix = IW_STR("");
    if (all == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        if (iw_link_witnesses[i].link != link)
            continue;
        all[n].row = &iw_link_witnesses[i];
        all[n].proved.arena = all[n].stated.arena = arena;
        IW_TRY(iw_witness_judge(host, arena, &all[n]));
        n++;
    }
    return join(host, all, n, arena, ret);
}
