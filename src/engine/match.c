/*
 * Matched events as payloads of facts, and back. The places of an event, and its time, are the
 * fact's.
 */
#include "engine/match.h"

#include <stdlib.h>

#include "base/arena_text.h"
#include "base/packed.h"
#include "result/finding_record.h"

void iw_match_write(const struct iw_match *match, const struct iw_finding *finding,
                    struct iw_buffer *out)
{
    iw_pack_number(out, match->n_rules);
    for (size_t i = 0; i < match->n_rules; i++)
        iw_pack_number(out, match->rules[i]);
    iw_pack_number(out, match->n_perhaps);
    for (size_t i = 0; i < match->n_perhaps; i++) {
        iw_pack_number(out, match->perhaps[i].rule);
        iw_pack_text(out, match->perhaps[i].residue);
    }
    if (match->n_perhaps != 0)
        iw_pack_text(out, match->subject);
    iw_pack_number(out, match->n_values);
    for (size_t i = 0; i < match->n_values; i++) {
        iw_pack_number(out, match->values[i].slot);
        iw_pack_text(out, match->values[i].text);
    }
    iw_finding_record_write(finding, out);
}

/* --- reading ------------------------------------------------------------------------------- */

static enum iw_rc read_rules(struct iw_unpacking *in, struct iw_arena *arena, struct iw_match *ret)
{
    uint32_t *rules;
    ret->n_rules = iw_unpack_count(in);
    rules = iw_arena_alloc(arena, (ret->n_rules + 1) * sizeof *rules);
    if (rules == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_rules; i++)
        rules[i] = (uint32_t)iw_unpack_below(in, UINT32_MAX);
    ret->rules = rules;
    return IW_OK;
}

static enum iw_rc read_perhaps(struct iw_unpacking *in, struct iw_arena *arena,
                               struct iw_match *ret)
{
    struct iw_sigma_perhaps *perhaps;
    ret->n_perhaps = iw_unpack_count(in);
    if (ret->n_perhaps == 0)
        return IW_OK;
    perhaps = iw_arena_alloc(arena, ret->n_perhaps * sizeof *perhaps);
    if (perhaps == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_perhaps; i++) {
        perhaps[i].rule = (uint32_t)iw_unpack_below(in, UINT32_MAX);
        perhaps[i].residue = iw_unpack_text(in);
    }
    ret->perhaps = perhaps;
    ret->subject = iw_unpack_text(in);
    return IW_OK;
}

static enum iw_rc read_values(struct iw_unpacking *in, struct iw_arena *arena, struct iw_match *ret)
{
    struct iw_correlate_value *values;
    ret->n_values = iw_unpack_count(in);
    values = iw_arena_alloc(arena, (ret->n_values + 1) * sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_values; i++) {
        values[i].slot = (uint32_t)iw_unpack_below(in, UINT32_MAX);
        values[i].text = iw_unpack_text(in);
    }
    ret->values = values;
    return IW_OK;
}

static enum iw_rc read_lists(struct iw_unpacking *in, struct iw_arena *arena, struct iw_match *ret)
{
    memset(ret, 0, sizeof *ret);
    IW_TRY(read_rules(in, arena, ret));
    IW_TRY(read_perhaps(in, arena, ret));
    IW_TRY(read_values(in, arena, ret));
    ret->finding = in->left;
    return in->is_broken ? IW_EIO : IW_OK;
}

enum iw_rc iw_match_read(struct iw_str payload, struct iw_arena *arena, struct iw_match *ret,
                         struct iw_error *err)
{
    struct iw_unpacking in = {payload, false};
    enum iw_rc rc = read_lists(&in, arena, ret);
    if (rc == IW_ENOMEM)
        return iw_error_set(err, rc, "no memory");
    if (rc == IW_EIO)
        return iw_error_set(err, rc, "the temporary file does not hold what was written to it");
    return IW_OK;
}

enum iw_rc iw_match_finding(const struct iw_fact *fact, const struct iw_match *match,
                            const struct iw_ledger *ledger, struct iw_arena *arena,
                            struct iw_finding *ret, struct iw_error *err)
{
    struct iw_evidence_item *items = iw_arena_alloc(arena, (1 + fact->n_copies) * sizeof *items);
    if (items == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(iw_finding_record_read(match->finding, arena, ret, err));
    if (ret->n_evidence != 1)
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    ret->host = fact->host;
    ret->computer = fact->computer;
    ret->first_time_ns = ret->last_time_ns = fact->time_ns;
    for (size_t i = 0; i <= fact->n_copies; i++) {
        const struct iw_fact_place *place = i == 0 ? &fact->place : &fact->copies[i - 1];
        items[i] = ret->evidence[0];
        items[i].time_ns = fact->time_ns;
        items[i].role = i == 0 ? IW_STR("match") : IW_STR("copy");
        items[i].source = iw_ledger_path(ledger, place->source);
        items[i].offset = place->offset;
        items[i].line = place->line;
    }
    ret->evidence = items;
    ret->n_evidence = 1 + fact->n_copies;
    ret->n_copies_hidden = (size_t)fact->n_copies_hidden;
    return IW_OK;
}

/* --- forms of one record ------------------------------------------------------------------- */

static bool has_rule(const uint32_t *rules, size_t n, uint32_t rule)
{
    for (size_t i = 0; i < n; i++) {
        if (rules[i] == rule)
            return true;
    }
    return false;
}

static bool has_slot(const struct iw_correlate_value *values, size_t n, uint32_t slot)
{
    for (size_t i = 0; i < n; i++) {
        if (values[i].slot == slot)
            return true;
    }
    return false;
}

static int compare_rules(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

void iw_match_keep_new_rules(const struct iw_match *known, struct iw_match *match, uint32_t *rules)
{
    size_t n = 0;
    for (size_t i = 0; i < match->n_rules; i++) {
        if (!has_rule(known->rules, known->n_rules, match->rules[i]))
            rules[n++] = match->rules[i];
    }
    match->rules = rules;
    match->n_rules = n;
}

/* The rules of *match* and those of *more*, ascending. */
static enum iw_rc add_rules(struct iw_match *match, const uint32_t *more, size_t n,
                            struct iw_arena *arena)
{
    uint32_t *rules = iw_arena_alloc(arena, (match->n_rules + n + 1) * sizeof *rules);
    if (rules == NULL)
        return IW_ENOMEM;
    memcpy(rules, match->rules, match->n_rules * sizeof *rules);
    memcpy(rules + match->n_rules, more, n * sizeof *rules);
    match->n_rules += n;
    if (match->n_rules > 1)
        qsort(rules, match->n_rules, sizeof *rules, compare_rules);
    match->rules = rules;
    return IW_OK;
}

enum iw_rc iw_match_add_decided(struct iw_match *match, const struct iw_decided_rule *decided,
                                size_t n, struct iw_arena *arena)
{
    uint32_t *rules = iw_arena_alloc(arena, (n + 1) * sizeof *rules);
    if (rules == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        rules[i] = decided[i].rule;
    match->decided = decided;
    match->n_decided = n;
    return add_rules(match, rules, n, arena);
}

enum iw_rc iw_match_join(struct iw_match *known, const struct iw_match *match,
                         struct iw_arena *arena)
{
    size_t n_known = known->n_values;
    struct iw_correlate_value *values =
        iw_arena_alloc(arena, (n_known + match->n_values + 1) * sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    IW_TRY(add_rules(known, match->rules, match->n_rules, arena));
    memcpy(values, known->values, n_known * sizeof *values);
    for (size_t i = 0; i < match->n_values; i++) {
        if (!has_slot(values, n_known, match->values[i].slot))
            values[known->n_values++] = match->values[i];
    }
    known->values = values;
    return IW_OK;
}

/* --- findings ------------------------------------------------------------------------------ */

enum iw_rc iw_match_tell_hidden_copies(struct iw_finding *finding, struct iw_arena *arena)
{
    struct iw_str line;
    if (finding->n_copies_hidden == 0)
        return IW_OK;
    line = iw_arena_format(arena, "copies of this event that are not listed: %zu",
                           finding->n_copies_hidden);
    if (line.p == NULL)
        return IW_ENOMEM;
    return iw_text_list_join(&finding->why, (struct iw_text_list){&line, 1}, arena);
}
