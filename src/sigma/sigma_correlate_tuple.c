/*
 * Keys carry the length of every part, so that neither a separator inside a value nor a missing one
 * makes two tuples equal. Whose local clock it is, is one part more. Of a long value its digest
 * stands in the key: state is bounded by the number of groups and values, not by how long someone
 * made them.
 */
#include "sigma/sigma_correlate_tuple.h"

#include "base/fold.h"
#include "base/hash.h"
#include "base/limits.h"

#define LONGEST_IN_KEY 128U
#define DIGEST_BYTES 32U

struct values {
    struct iw_correlate_text *texts;
    size_t n, cap;
};

static void add(struct values *values, struct iw_correlate_text text, bool *is_cut)
{
    if (text.text.n == 0)
        return;
    for (size_t i = 0; i < values->n; i++) {
        if (iw_str_equal(values->texts[i].folded, text.folded))
            return;
    }
    if (values->n == values->cap)
        *is_cut = true;
    else
        values->texts[values->n++] = text;
}

static enum iw_rc add_slot(const struct iw_correlate_source *source, uint32_t slot,
                           struct iw_arena *arena, struct values *values, bool *is_cut)
{
    const struct iw_correlate_match *match = source->match;

    for (size_t i = 0; i < match->n_values; i++) {
        struct iw_correlate_text text = {.text = match->values[i].text};
        if (match->values[i].slot != slot || text.text.n == 0)
            continue;
        if (source->folded[i].p == NULL) {
            source->folded[i] = iw_fold_text(text.text, arena);
            if (source->folded[i].p == NULL)
                return IW_ENOMEM;
        }
        text.folded = source->folded[i];
        add(values, text, is_cut);
    }
    return IW_OK;
}

static enum iw_rc values_at(const struct iw_correlate_source *source,
                            struct iw_correlate_place place, struct iw_arena *arena,
                            struct values *ret, bool *is_cut)
{
    struct iw_str host = source->match->host;

    ret->n = 0;
    ret->cap = 1;
    if (place.origin == IW_FROM_SLOT) {
        ret->cap = source->match->n_values < IW_LIMIT_CORRELATION_TUPLES
                       ? source->match->n_values
                       : IW_LIMIT_CORRELATION_TUPLES;
    }
    ret->texts = iw_arena_calloc(arena, ret->cap + 1, sizeof *ret->texts);
    if (ret->texts == NULL)
        return IW_ENOMEM;
    switch (place.origin) {
    case IW_FROM_NOWHERE:
        return IW_OK;
    case IW_FROM_HOST:
        add(ret, (struct iw_correlate_text){host, host}, is_cut);
        return IW_OK;
    case IW_FROM_KEY:
        add(ret, source->key[place.at], is_cut);
        return IW_OK;
    case IW_FROM_SLOT:
        return add_slot(source, place.at, arena, ret, is_cut);
    }
    return IW_OK;
}

/* --- the bytes of a key --- */

static size_t part_bytes(struct iw_str folded)
{
    return sizeof folded.n + (folded.n <= LONGEST_IN_KEY ? folded.n : DIGEST_BYTES);
}

static bool write_part(char *at, struct iw_str folded)
{
    memcpy(at, &folded.n, sizeof folded.n);
    if (folded.n > LONGEST_IN_KEY)
        return iw_sha256(folded, (uint8_t *)at + sizeof folded.n);
    memcpy(at + sizeof folded.n, folded.p, folded.n);
    return true;
}

/* *clock*: whose local clock the times are of; p NULL: they are UTC. */
static enum iw_rc make_key(struct iw_correlate_tuple *tuple, size_t n, struct iw_str clock,
                           struct iw_arena *arena)
{
    size_t size = clock.p != NULL ? part_bytes(clock) : 0, at = 0;
    char *bytes;

    for (size_t i = 0; i < n; i++)
        size += part_bytes(tuple->texts[i].folded);
    bytes = iw_arena_alloc(arena, size + 1);
    if (bytes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!write_part(bytes + at, tuple->texts[i].folded))
            return IW_ENOMEM;
        at += part_bytes(tuple->texts[i].folded);
    }
    if (clock.p != NULL && !write_part(bytes + at, clock))
        return IW_ENOMEM;
    tuple->key = (struct iw_str){bytes, size};
    return IW_OK;
}

/* --- every combination --- */

static enum iw_rc combine(const struct values *values, size_t n, struct iw_str clock,
                          struct iw_arena *arena, struct iw_correlate_tuples *ret)
{
    size_t *at = iw_arena_calloc(arena, n + 1, sizeof *at);
    size_t field = 0, n_all = 1;

    for (size_t i = 0; i < n && n_all <= IW_LIMIT_CORRELATION_TUPLES; i++)
        n_all *= values[i].n;
    if (n_all > IW_LIMIT_CORRELATION_TUPLES) {
        ret->is_cut = true;
        n_all = IW_LIMIT_CORRELATION_TUPLES;
    }
    ret->tuples = iw_arena_calloc(arena, n_all, sizeof *ret->tuples);
    if (at == NULL || ret->tuples == NULL)
        return IW_ENOMEM;
    while (ret->n < n_all) {
        struct iw_correlate_tuple *tuple = &ret->tuples[ret->n++];
        tuple->texts = iw_arena_calloc(arena, n + 1, sizeof *tuple->texts);
        if (tuple->texts == NULL)
            return IW_ENOMEM;
        for (size_t i = 0; i < n; i++)
            tuple->texts[i] = values[i].texts[at[i]];
        IW_TRY(make_key(tuple, n, clock, arena));
        for (field = 0; field < n && ++at[field] == values[field].n; field++)
            at[field] = 0;
    }
    return IW_OK;
}

enum iw_rc iw_correlate_tuples_make(const struct iw_correlate_source *source,
                                    const struct iw_correlate_place *places, size_t n,
                                    struct iw_arena *arena, struct iw_correlate_tuples *ret)
{
    struct values *values = iw_arena_calloc(arena, n + 1, sizeof *values);
    struct iw_str clock = {NULL, 0};

    memset(ret, 0, sizeof *ret);
    if (values == NULL)
        return IW_ENOMEM;
    for (ret->lacking = 0; ret->lacking < n; ret->lacking++) {
        struct values *of = &values[ret->lacking];
        IW_TRY(values_at(source, places[ret->lacking], arena, of, &ret->is_cut));
        if (of->n == 0)
            return IW_OK;
    }
    if (source->match->is_local_time)
        clock = source->match->host.n != 0 ? source->match->host : IW_STR("");
    return combine(values, n, clock, arena, ret);
}
