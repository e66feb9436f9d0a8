/*
 * Each root is judged by itself, until it was no root any more; what is the same of several is told
 * once, with their names where it is not true of all.
 */
#include "coverage/link_over_roots.h"

#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "coverage/link_root.h"
#include "coverage/link_told.h"

/* Roots that are named, and different things that are told of roots, in one line. */
#define MOST_NAMED 3U

struct joining {
    const struct iw_link_host *host;
    struct iw_arena *arena;
    struct iw_link_result *ret;
    struct iw_link_root_result *told;
    size_t n;
    size_t n_holes;     /* of all roots */
    size_t n_not_asked; /* roots for which there was no room */
};

/* --- one root ------------------------------------------------------------------------------- */

/* What was written there when the host did not serve it any more nobody asks. */
static enum iw_rc keep_until(int64_t until_ns, struct iw_arena *arena,
                             struct iw_link_result *result)
{
    struct iw_link_hole *holes;
    size_t n = 0;
    if (!iw_time_known(until_ns) || result->n_holes == 0)
        return IW_OK;
    holes = iw_arena_alloc(arena, result->n_holes * sizeof *holes);
    if (holes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < result->n_holes; i++) {
        if (result->holes[i].from_ns >= until_ns)
            continue;
        holes[n] = result->holes[i];
        holes[n].to_ns = holes[n].to_ns < until_ns ? holes[n].to_ns : until_ns;
        n++;
    }
    result->holes = holes;
    result->n_holes = n;
    if (n != 0)
        return IW_OK;
    result->link.state = result->has_stated ? IW_LINK_STATED : IW_LINK_PROVED;
    result->link.why = IW_STR("shown for as long as it was one");
    return IW_OK;
}

static enum iw_rc judge_roots(struct joining *in, enum iw_link link)
{
    size_t n_all = in->host->n_roots + in->host->n_far_roots;
    in->told = iw_arena_calloc(in->arena, n_all, sizeof *in->told);
    if (in->told == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n_all; i++) {
        struct iw_link_host one = *in->host;
        struct iw_link_root_result *told = &in->told[in->n];
        if (in->n_holes > IW_LIMIT_LINK_HOLES) {
            in->n_not_asked = n_all - i;
            break;
        }
        one.asked = told->root = &in->host->roots[i];
        one.is_outermost =
            one.asked->key.n != 0 && iw_link_root_around(in->host, one.asked) == NULL;
        IW_TRY(iw_link_told_find(&one, link, in->arena, &told->result));
        IW_TRY(keep_until(one.asked->until_ns, in->arena, &told->result));
        in->n_holes += told->result.n_holes;
        in->n++;
    }
    return IW_OK;
}

/* --- words ---------------------------------------------------------------------------------- */

/* Roots of which one thing is true. */
struct group {
    const struct iw_link_root *named[MOST_NAMED];
    size_t n;
    bool has_far;
};

static void add_root(struct group *group, const struct iw_link_root *root)
{
    if (group->n < MOST_NAMED)
        group->named[group->n] = root;
    group->n++;
    group->has_far |= root->is_far;
}

static struct iw_str names_of(const struct joining *in, const struct group *group)
{
    struct iw_str names = iw_arena_format(in->arena, "web root%s %.*s", group->n != 1 ? "s" : "",
                                          IW_STR_ARG(group->named[0]->path));
    for (size_t i = 1; i < group->n && i < MOST_NAMED && names.p != NULL; i++)
        names =
            iw_arena_format(in->arena, "%.*s%s%.*s", IW_STR_ARG(names),
                            i + 1 == group->n ? " and " : ", ", IW_STR_ARG(group->named[i]->path));
    if (group->n > MOST_NAMED && names.p != NULL)
        names = iw_arena_format(in->arena, "%.*s and %zu more", IW_STR_ARG(names),
                                group->n - MOST_NAMED);
    return names;
}

/* What is true of all roots is told without their names. */
static struct iw_str group_words(const struct joining *in, const struct group *group,
                                 struct iw_str words)
{
    static const char ANY[] = " under a web root";
    struct iw_str names;
    size_t at;
    if (group->n == in->n && in->n_not_asked == 0 && !group->has_far)
        return words;
    names = names_of(in, group);
    if (names.p == NULL)
        return names;
    while ((at = iw_str_find(words, iw_str_of(ANY))) != SIZE_MAX) {
        size_t behind = at + sizeof ANY - 1;
        words = iw_arena_format(in->arena, "%.*s under %s%.*s", (int)at, words.p,
                                group->n == 1 ? "it" : "them", (int)(words.n - behind),
                                words.p + behind);
        if (words.p == NULL)
            return words;
    }
    return iw_arena_format(in->arena, "%.*s: %.*s", IW_STR_ARG(names), IW_STR_ARG(words));
}

/* --- holes ---------------------------------------------------------------------------------- */

struct root_hole {
    struct iw_link_hole hole;
    const struct iw_link_root *root;
};

static int compare_root_holes(const void *left, const void *right)
{
    const struct root_hole *a = left, *b = right;
    int order = iw_link_compare_holes(&a->hole, &b->hole);
    return order != 0 ? order : (a->root > b->root) - (a->root < b->root);
}

static bool is_same(const struct iw_link_hole *a, const struct iw_link_hole *b)
{
    return a->from_ns == b->from_ns && a->to_ns == b->to_ns && iw_str_equal(a->why, b->why);
}

/* Roots nobody had time for: of these nothing is shown. */
static enum iw_rc add_not_asked(const struct joining *in, struct iw_link_hole *holes, size_t *n)
{
    if (in->n_not_asked == 0)
        return IW_OK;
    holes[*n] = (struct iw_link_hole){
        .from_ns = in->host->log.from_ns,
        .to_ns = in->host->log.to_ns,
        .why =
            iw_arena_format(in->arena, "%zu more web root%s: there are too many gaps to judge each",
                            in->n_not_asked, in->n_not_asked == 1 ? "" : "s"),
        .want = {NULL, IW_LACK_UNBROKEN, NULL}};
    return holes[(*n)++].why.p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc join_holes(struct joining *in)
{
    struct root_hole *all = iw_arena_alloc(in->arena, (in->n_holes + 1) * sizeof *all);
    struct iw_link_hole *holes = iw_arena_alloc(in->arena, (in->n_holes + 1) * sizeof *holes);
    size_t n = 0, n_kept = 0;
    if (all == NULL || holes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < in->n; i++) {
        const struct iw_link_result *result = &in->told[i].result;
        for (size_t k = 0; k < result->n_holes; k++)
            all[n++] = (struct root_hole){result->holes[k], in->told[i].root};
    }
    if (n > 1)
        qsort(all, n, sizeof *all, compare_root_holes);
    for (size_t i = 0, k; i < n; i = k) {
        struct group group = {.n = 0};
        for (k = i; k < n && is_same(&all[i].hole, &all[k].hole); k++) {
            if (k == i || all[k].root != all[k - 1].root)
                add_root(&group, all[k].root);
        }
        holes[n_kept] = all[i].hole;
        holes[n_kept].why = group_words(in, &group, all[i].hole.why);
        if (holes[n_kept++].why.p == NULL)
            return IW_ENOMEM;
    }
    IW_TRY(add_not_asked(in, holes, &n_kept));
    if (n_kept > 1)
        qsort(holes, n_kept, sizeof *holes, iw_link_compare_holes);
    in->ret->holes = holes;
    in->ret->n_holes = n_kept;
    return IW_OK;
}

/* --- what would mend it --------------------------------------------------------------------- */

static bool wants_of(const struct iw_link_result *result, const struct iw_link_witness *witness)
{
    for (size_t i = 0; i < result->n_wants; i++) {
        if (result->wants[i].witness == witness)
            return true;
    }
    return false;
}

/* Whether a witness is one that every open root can be seen in when it is mended. */
static bool is_of_all(const struct joining *in, const struct iw_link_witness *witness)
{
    for (size_t i = 0; i < in->n; i++) {
        if (in->told[i].result.n_holes != 0 && !wants_of(&in->told[i].result, witness))
            return false;
    }
    return true;
}

static enum iw_rc join_wants(struct joining *in)
{
    size_t most = (iw_n_link_witnesses + 1) * IW_LACK_COUNT;
    struct iw_link_want *wants = iw_arena_alloc(in->arena, most * sizeof *wants);
    struct iw_str *open = iw_arena_alloc(in->arena, (in->n + 1) * sizeof *open);
    bool *is_common = iw_arena_calloc(in->arena, iw_n_link_witnesses, sizeof *is_common);
    bool has_common = false;
    size_t n_open = 0;
    if (wants == NULL || open == NULL || is_common == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        is_common[i] = is_of_all(in, &iw_link_witnesses[i]);
        has_common |= is_common[i];
    }
    for (size_t i = 0; i < in->n; i++) {
        const struct iw_link_result *result = &in->told[i].result;
        if (result->n_holes == 0)
            continue;
        open[n_open++] = in->told[i].root->path;
        for (size_t k = 0; k < result->n_wants; k++) {
            if (!has_common || is_common[result->wants[k].witness - iw_link_witnesses])
                iw_link_want_add(wants, &in->ret->n_wants, &result->wants[k]);
        }
    }
    in->ret->wants = wants;
    in->ret->open_roots = (struct iw_text_list){open, n_open};
    return IW_OK;
}

/* --- together ------------------------------------------------------------------------------- */

static bool is_open(const struct iw_link_root_result *told)
{
    return told->result.n_holes != 0;
}

/* Whether nothing of the window is without a hole; these are in order of begin. */
static bool is_open_throughout(const struct joining *in)
{
    int64_t to_ns = in->host->log.from_ns;
    for (size_t i = 0; i < in->ret->n_holes; i++) {
        const struct iw_link_hole *hole = &in->ret->holes[i];
        if (hole->from_ns > to_ns)
            return false;
        to_ns = hole->to_ns > to_ns ? hole->to_ns : to_ns;
    }
    return to_ns >= in->host->log.to_ns;
}

/* The worst of all; but a link of which anything is shown is not absent, and one that is not open
 * throughout has gaps. */
static enum iw_link_state state_of(const struct joining *in)
{
    enum iw_link_state worst = IW_LINK_PROVED, best = IW_LINK_ABSENT;
    for (size_t i = 0; i < in->n; i++) {
        enum iw_link_state state = in->told[i].result.link.state;
        worst = state < worst ? state : worst;
        best = state > best ? state : best;
    }
    if (in->n_not_asked != 0 && worst > IW_LINK_NOT_PROVED)
        worst = IW_LINK_NOT_PROVED;
    if (worst < IW_LINK_GAP && !is_open_throughout(in))
        return IW_LINK_GAP;
    return worst == IW_LINK_ABSENT && best != IW_LINK_ABSENT ? IW_LINK_NOT_PROVED : worst;
}

/* The sources of those roots that decide: of an open link the open ones. */
static enum iw_rc join_sources(struct joining *in)
{
    bool any_open = in->ret->n_holes != 0;
    struct iw_str sources = IW_STR("");
    for (size_t i = 0; i < in->n; i++) {
        struct iw_str own = in->told[i].result.link.source;
        if (any_open != is_open(&in->told[i]) || own.n == 0 || iw_str_holds_nocase(sources, own))
            continue;
        sources = sources.n == 0 ? own
                                 : iw_arena_format(in->arena, "%.*s, %.*s", IW_STR_ARG(sources),
                                                   IW_STR_ARG(own));
        if (sources.p == NULL)
            return IW_ENOMEM;
    }
    in->ret->link.source = sources;
    return IW_OK;
}

/* What shows it, each once; of a link that is stated what states it. */
static enum iw_rc tell_proofs(struct joining *in)
{
    struct iw_str words = IW_STR("");
    size_t n_told = 0, n_more = 0;
    for (size_t i = 0; i < in->n; i++) {
        const struct iw_link_result *one = &in->told[i].result;
        struct group group = {.n = 0};
        struct iw_str own;
        bool is_told = one->link.state != in->ret->link.state;
        for (size_t k = 0; k < i && !is_told; k++)
            is_told = iw_str_equal(in->told[k].result.link.why, one->link.why);
        if (is_told)
            continue;
        if (n_told == MOST_NAMED) {
            n_more++;
            continue;
        }
        for (size_t k = i; k < in->n; k++) {
            if (in->told[k].result.link.state == one->link.state &&
                iw_str_equal(in->told[k].result.link.why, one->link.why))
                add_root(&group, in->told[k].root);
        }
        own = iw_str_find(one->link.why, IW_STR(", under ")) != SIZE_MAX
                  ? one->link.why
                  : group_words(in, &group, one->link.why);
        words = n_told++ == 0 || own.p == NULL
                    ? own
                    : iw_arena_format(in->arena, "%.*s; %.*s", IW_STR_ARG(words), IW_STR_ARG(own));
        if (words.p == NULL)
            return IW_ENOMEM;
    }
    if (n_more != 0)
        words = iw_arena_format(in->arena, "%.*s; and %zu more", IW_STR_ARG(words), n_more);
    in->ret->link.why = words;
    return words.p != NULL ? IW_OK : IW_ENOMEM;
}

/* The hole that takes away most is told, the others are counted. */
static enum iw_rc tell_holes(struct joining *in)
{
    const struct iw_link_hole *most = iw_link_longest_hole(in->ret->holes, in->ret->n_holes);
    in->ret->link.why = iw_link_hole_words(most, in->ret->n_holes - 1, in->arena);
    return in->ret->link.why.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_link_over_roots_find(const struct iw_link_host *host, enum iw_link link,
                                   struct iw_arena *arena, struct iw_link_result *ret)
{
    struct joining in = {.host = host, .arena = arena, .ret = ret};
    memset(ret, 0, sizeof *ret);
    ret->link.name = iw_str_of(iw_link_name(link));
    ret->link.fix = IW_STR("");
    IW_TRY(judge_roots(&in, link));
    ret->of_roots = in.told;
    ret->n_of_roots = in.n;
    IW_TRY(join_holes(&in));
    IW_TRY(join_wants(&in));
    ret->link.state = state_of(&in);
    for (size_t i = 0; i < in.n; i++)
        ret->has_stated |= in.told[i].result.has_stated;
    IW_TRY(join_sources(&in));
    if (ret->n_holes == 0)
        return tell_proofs(&in);
    return tell_holes(&in);
}
