/*
 * Which events differ in the field is known by hashes of the values of the latest events; texts are
 * not kept.
 */
#include "sigma/sigma_correlate_apart.h"

#include "base/alloc.h"
#include "base/fold.h"
#include "base/limits.h"
#include "sigma/sigma_correlate_table.h"
#include "sigma/sigma_correlate_variant.h"

/* The correlation without one field. */
struct attempt {
    struct iw_correlate_apart *apart;
    size_t field;
    struct iw_correlate_program program;
    struct iw_correlator *correlator;
};

struct iw_correlate_apart {
    const struct iw_correlate_program *program;
    size_t at, n_group;
    struct iw_arena arena, scratch;
    struct attempt *attempts; /* one for each field */
    size_t n_attempts;
    /* Of the latest events, a ring once it is full; hashes for each field, 0: none. */
    uint64_t *ordinals, *hashes;
    size_t ordinals_cap, hashes_cap;
    uint64_t n_kept;
    struct iw_correlate_apart_item *items; /* the nearest first */
    size_t n_items, limit;
    bool is_cut; /* events were too long ago to be compared */
};

/* --- values --- */

static const struct iw_correlate_step *step_of(const struct iw_correlate_plan *plan,
                                               const struct iw_correlate_match *match)
{
    const struct iw_correlate_step *inner = NULL;

    for (size_t s = 0; s < plan->n_steps; s++) {
        const struct iw_correlate_step *step = &plan->steps[s];
        if (step->is_correlation && inner == NULL)
            inner = step;
        for (size_t i = 0; !step->is_correlation && i < match->n_rules; i++) {
            if (match->rules[i] == step->rule)
                return step;
        }
    }
    return inner;
}

struct iw_str iw_correlate_field_of(const struct iw_correlate_program *program, size_t at,
                                    size_t field, const struct iw_correlate_match *match)
{
    /* Inner correlations have lower numbers, so this ends. */
    for (;;) {
        const struct iw_correlate_step *step = step_of(&program->plans[at], match);
        struct iw_correlate_place place;
        if (step == NULL)
            return IW_STR("");
        place = step->group[field];
        if (place.origin == IW_FROM_HOST)
            return match->host;
        for (size_t i = 0; place.origin == IW_FROM_SLOT && i < match->n_values; i++) {
            if (match->values[i].slot == place.at)
                return match->values[i].text;
        }
        if (place.origin != IW_FROM_KEY || !step->is_correlation)
            return IW_STR("");
        at = step->rule;
        field = place.at;
    }
}

static enum iw_rc keep_values(struct iw_correlate_apart *apart,
                              const struct iw_correlate_match *match)
{
    size_t place = (size_t)(apart->n_kept % IW_LIMIT_CORRELATION_MISS_EVENTS);

    iw_arena_reset(&apart->scratch);
    if (!iw_array_reserve(&apart->ordinals, &apart->ordinals_cap, place + 1,
                          sizeof *apart->ordinals) ||
        !iw_array_reserve(&apart->hashes, &apart->hashes_cap, (place + 1) * apart->n_group,
                          sizeof *apart->hashes))
        return IW_ENOMEM;
    apart->ordinals[place] = match->ordinal;
    for (size_t i = 0; i < apart->n_group; i++) {
        struct iw_str text = iw_correlate_field_of(apart->program, apart->at, i, match);
        struct iw_str folded = text.n != 0 ? iw_fold_text(text, &apart->scratch) : IW_STR("");
        if (folded.p == NULL)
            return IW_ENOMEM;
        apart->hashes[place * apart->n_group + i] = text.n != 0 ? iw_correlate_hash(folded) | 1 : 0;
    }
    apart->n_kept++;
    return IW_OK;
}

/* False: it was too long ago. */
static bool find_hash(const struct iw_correlate_apart *apart, uint64_t ordinal, size_t field,
                      uint64_t *ret)
{
    const uint64_t size = IW_LIMIT_CORRELATION_MISS_EVENTS;
    uint64_t low = apart->n_kept > size ? apart->n_kept - size : 0, high = apart->n_kept;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        uint64_t found = apart->ordinals[middle % size];
        if (found == ordinal) {
            *ret = apart->hashes[middle % size * apart->n_group + field];
            return true;
        }
        if (found < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Two events that differ in the field, or false. */
static bool find_difference(struct iw_correlate_apart *apart, size_t field,
                            const struct iw_correlate_report *report, size_t *ret_one,
                            size_t *ret_other)
{
    uint64_t one = 0, hash;

    for (size_t i = 0; i < report->n_evidence; i++) {
        if (!find_hash(apart, report->evidence[i].ordinal, field, &hash)) {
            apart->is_cut = true;
            continue;
        }
        if (hash == 0 || hash == one)
            continue;
        if (one != 0) {
            *ret_other = i;
            return true;
        }
        one = hash;
        *ret_one = i;
    }
    return false;
}

/* --- the nearest --- */

size_t iw_correlate_name_events(const struct iw_correlate_evidence *events, size_t n,
                                struct iw_correlate_evidence *ret)
{
    const size_t half = IW_EXPLAINED_EVENTS / 2;

    if (n <= IW_EXPLAINED_EVENTS) {
        memcpy(ret, events, n * sizeof *events);
        return n;
    }
    memcpy(ret, events, half * sizeof *events);
    memcpy(ret + half, events + n - half, half * sizeof *events);
    return IW_EXPLAINED_EVENTS;
}

static bool is_of(const struct iw_correlate_apart_item *item, size_t field,
                  const struct iw_correlate_report *report)
{
    bool equal = item->field == field;

    for (size_t i = 0; equal && i < item->n_key; i++)
        equal = iw_str_equal_nocase(item->key[i].text, report->key[i].text);
    return equal;
}

static void remove_item(struct iw_correlate_apart *apart, size_t at)
{
    iw_arena_done(&apart->items[at].arena);
    apart->n_items--;
    memmove(&apart->items[at], &apart->items[at + 1], (apart->n_items - at) * sizeof *apart->items);
}

static enum iw_rc fill(const struct iw_correlate_apart *apart, size_t field,
                       const struct iw_correlate_report *report,
                       struct iw_correlate_apart_item *ret)
{
    const struct iw_correlation *correlation = apart->program->plans[apart->at].correlation;

    memset(ret, 0, sizeof *ret);
    iw_arena_init(&ret->arena, 0);
    ret->field = field;
    ret->n_key = report->n_key;
    ret->first_ns = report->first_ns;
    ret->completing_ns = report->completing_ns;
    ret->needed_ns = report->completing_ns - report->first_ns;
    ret->n_evidence_all = report->n_evidence_all;
    ret->key = iw_arena_calloc(&ret->arena, ret->n_key + 1, sizeof *ret->key);
    if (ret->key == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_key; i++) {
        ret->key[i].name = correlation->group_by[i < field ? i : i + 1].name;
        ret->key[i].text = iw_arena_copy(&ret->arena, report->key[i].text);
        if (ret->key[i].text.p == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* Of many events both that differ must be named. */
static void name_events(const struct iw_correlate_report *report, size_t one, size_t other,
                        struct iw_correlate_apart_item *item)
{
    const size_t n = report->n_evidence, half = IW_EXPLAINED_EVENTS / 2;

    item->n_evidence = iw_correlate_name_events(report->evidence, n, item->evidence);
    if (n <= IW_EXPLAINED_EVENTS)
        return;
    if (one >= half && one < n - half)
        item->evidence[half - 1] = report->evidence[one];
    if (other >= half && other < n - half)
        item->evidence[half] = report->evidence[other];
}

static enum iw_rc hear(void *user, const struct iw_correlate_report *report)
{
    struct attempt *attempt = user;
    struct iw_correlate_apart *apart = attempt->apart;
    int64_t needed_ns = report->completing_ns - report->first_ns;
    struct iw_correlate_apart_item item;
    size_t one = 0, other = 0, at = apart->n_items;

    if (apart->n_items == apart->limit && apart->items[at - 1].needed_ns <= needed_ns)
        return IW_OK;
    if (!find_difference(apart, attempt->field, report, &one, &other))
        return IW_OK;
    for (size_t i = 0; i < apart->n_items; i++) {
        if (!is_of(&apart->items[i], attempt->field, report))
            continue;
        if (apart->items[i].needed_ns <= needed_ns)
            return IW_OK;
        remove_item(apart, i);
        break;
    }
    if (apart->n_items == apart->limit)
        remove_item(apart, apart->n_items - 1);
    if (fill(apart, attempt->field, report, &item) != IW_OK) {
        iw_arena_done(&item.arena);
        return IW_ENOMEM;
    }
    name_events(report, one, other, &item);
    for (at = apart->n_items; at != 0 && apart->items[at - 1].needed_ns > needed_ns; at--)
        apart->items[at] = apart->items[at - 1];
    apart->items[at] = item;
    apart->n_items++;
    return IW_OK;
}

/* --- the attempts --- */

/* The program up to this correlation, which alone tells. */
static bool make_attempt(struct iw_correlate_apart *apart, struct attempt *attempt)
{
    const struct iw_correlate_options options = {.fire_every = true,
                                                 .limit_bytes =
                                                     IW_LIMIT_CORRELATION_BYTES / apart->n_group,
                                                 .tell = hear,
                                                 .user = attempt};
    const size_t n = apart->program->n;
    struct iw_correlate_plan *plans = iw_arena_calloc(&apart->arena, n, sizeof *plans);

    if (plans == NULL)
        return false;
    memcpy(plans, apart->program->plans, n * sizeof *plans);
    for (size_t i = 0; i < n; i++)
        plans[i].is_hidden = i != apart->at;
    attempt->apart = apart;
    attempt->program = *apart->program;
    attempt->program.plans = plans;
    if (iw_correlate_drop_field(&apart->program->plans[apart->at], attempt->field, &apart->arena,
                                &plans[apart->at]) != IW_OK)
        return false;
    plans[apart->at].is_hidden = false;
    attempt->correlator = iw_correlator_new_program(&attempt->program, &options);
    return attempt->correlator != NULL;
}

static bool make_all(struct iw_correlate_apart *apart)
{
    apart->attempts = iw_arena_calloc(&apart->arena, apart->n_group + 1, sizeof *apart->attempts);
    apart->items = iw_calloc(apart->limit + 1, sizeof *apart->items);
    if (apart->attempts == NULL || apart->items == NULL)
        return false;
    for (; apart->n_attempts < apart->n_group; apart->n_attempts++) {
        apart->attempts[apart->n_attempts].field = apart->n_attempts;
        if (!make_attempt(apart, &apart->attempts[apart->n_attempts]))
            return false;
    }
    return true;
}

struct iw_correlate_apart *iw_correlate_apart_new(const struct iw_correlate_program *program,
                                                  size_t at, size_t limit)
{
    struct iw_correlate_apart *apart = iw_calloc(1, sizeof *apart);

    if (apart == NULL)
        return NULL;
    iw_arena_init(&apart->arena, 0);
    iw_arena_init(&apart->scratch, 0);
    apart->program = program;
    apart->at = at;
    apart->n_group = program->plans[at].n_group;
    apart->limit = limit;
    if (make_all(apart))
        return apart;
    iw_correlate_apart_free(apart);
    return NULL;
}

void iw_correlate_apart_free(struct iw_correlate_apart *apart)
{
    if (apart == NULL)
        return;
    for (size_t i = 0; i < apart->n_attempts; i++)
        iw_correlator_free(apart->attempts[i].correlator);
    while (apart->n_items != 0)
        remove_item(apart, apart->n_items - 1);
    iw_free(apart->items);
    iw_free(apart->ordinals);
    iw_free(apart->hashes);
    iw_arena_done(&apart->arena);
    iw_arena_done(&apart->scratch);
    iw_free(apart);
}

enum iw_rc iw_correlate_apart_feed(struct iw_correlate_apart *apart,
                                   const struct iw_correlate_match *match)
{
    if (apart->n_attempts == 0)
        return IW_OK;
    IW_TRY(keep_values(apart, match));
    for (size_t i = 0; i < apart->n_attempts; i++)
        IW_TRY(iw_correlator_feed(apart->attempts[i].correlator, match));
    return IW_OK;
}

const struct iw_correlate_apart_item *
iw_correlate_apart_items(const struct iw_correlate_apart *apart, size_t *ret_n)
{
    *ret_n = apart->n_items;
    return apart->items;
}

bool iw_correlate_apart_is_cut(const struct iw_correlate_apart *apart)
{
    bool is_cut = apart->is_cut;

    for (size_t i = 0; i < apart->n_attempts; i++)
        is_cut |= iw_correlator_account(apart->attempts[i].correlator, apart->at)->n_given_up != 0;
    return is_cut;
}
