/*
 * The scanner: one per thread. For each event it finds the rules filed under its channel and id,
 * has the bucket name those that can match, and walks these.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "sigma/sigma_correlate.h"
#include "sigma/sigma_residue.h"
#include "sigma/sigma_ruleset.h"

#define LONGEST_CHANNEL 256U

struct iw_sigma_scanner {
    const struct iw_sigma_ruleset *ruleset;
    bool is_plain; /* walks every rule */
    struct iw_eval eval;
    struct iw_candidates candidates;
    uint64_t n_walked;       /* rules, or bodies of rules, that were candidates */
    uint32_t *matches;       /* room for every rule */
    uint64_t *n_unknown;     /* by rule */
    struct iw_arena carried; /* what iw_sigma_scanner_carry() gave last */
    struct iw_correlate_value *values;
    size_t n_values, values_cap;
    struct iw_sigma_perhaps *perhaps;
    size_t n_perhaps, perhaps_cap;
    struct iw_buffer residues;
    /* The channel of the event before: most events come in runs. */
    const struct iw_rule_channel *channel;
    char channel_name[LONGEST_CHANNEL];
    size_t channel_n;
};

static struct iw_sigma_scanner *make(const struct iw_sigma_ruleset *ruleset, bool is_plain)
{
    struct iw_sigma_scanner *scanner = iw_calloc(1, sizeof *scanner);
    bool ready;

    if (scanner == NULL)
        return NULL;
    scanner->ruleset = ruleset;
    scanner->is_plain = is_plain;
    iw_arena_init(&scanner->carried, 0);
    ready = iw_view_init(&scanner->eval.view, ruleset->n_names);
    scanner->eval.worker = iw_regex_worker_new();
    scanner->eval.stack = iw_calloc(ruleset->stack_depth + 1, 1);
    scanner->matches = iw_calloc(ruleset->n_plans + 1, sizeof *scanner->matches);
    scanner->n_unknown = iw_calloc(ruleset->n_plans + 1, sizeof *scanner->n_unknown);
    if (!is_plain)
        ready =
            ready && iw_eval_remember(&scanner->eval, ruleset->store, ruleset->n_shares) == IW_OK;
    if (!ready || scanner->eval.worker == NULL || scanner->eval.stack == NULL ||
        scanner->matches == NULL || scanner->n_unknown == NULL) {
        iw_sigma_scanner_free(scanner);
        return NULL;
    }
    return scanner;
}

struct iw_sigma_scanner *iw_sigma_scanner_new(const struct iw_sigma_ruleset *ruleset)
{
    return make(ruleset, false);
}

struct iw_sigma_scanner *iw_sigma_scanner_new_plain(const struct iw_sigma_ruleset *ruleset)
{
    return make(ruleset, true);
}

void iw_sigma_scanner_free(struct iw_sigma_scanner *scanner)
{
    if (scanner == NULL)
        return;
    iw_view_done(&scanner->eval.view);
    iw_regex_worker_free(scanner->eval.worker);
    iw_free(scanner->eval.stack);
    iw_free(scanner->eval.known);
    iw_candidates_done(&scanner->candidates);
    iw_free(scanner->matches);
    iw_free(scanner->n_unknown);
    iw_arena_done(&scanner->carried);
    iw_free(scanner->values);
    iw_free(scanner->perhaps);
    iw_buffer_done(&scanner->residues);
    iw_free(scanner);
}

static const struct iw_rule_channel *channel_of(struct iw_sigma_scanner *scanner,
                                                struct iw_str channel)
{
    if (channel.n > sizeof scanner->channel_name)
        return iw_ruleset_channel(scanner->ruleset, channel);
    if (scanner->channel == NULL || scanner->channel_n != channel.n ||
        (channel.n != 0 && memcmp(scanner->channel_name, channel.p, channel.n) != 0)) {
        scanner->channel = iw_ruleset_channel(scanner->ruleset, channel);
        scanner->channel_n = channel.n;
        if (channel.n != 0)
            memcpy(scanner->channel_name, channel.p, channel.n);
    }
    return scanner->channel;
}

/* Notes that a rule waits for context. Where its residue begins stands in place of the text until
 * all are written: the buffer moves. */
static void note_perhaps(struct iw_sigma_scanner *scanner, uint32_t rule)
{
    size_t begin = scanner->residues.n;

    if (!iw_array_reserve(&scanner->perhaps, &scanner->perhaps_cap, scanner->n_perhaps + 1,
                          sizeof *scanner->perhaps)) {
        scanner->eval.no_memory = true;
        return;
    }
    iw_residue_write(&scanner->eval, scanner->ruleset->plans[rule], &scanner->residues);
    scanner->eval.no_memory |= scanner->residues.failed;
    scanner->perhaps[scanner->n_perhaps++] =
        (struct iw_sigma_perhaps){rule, {NULL, scanner->residues.n - begin}};
}

static int compare_perhaps(const void *a, const void *b)
{
    uint32_t x = ((const struct iw_sigma_perhaps *)a)->rule;
    uint32_t y = ((const struct iw_sigma_perhaps *)b)->rule;
    return (x > y) - (x < y);
}

static void settle_perhaps(struct iw_sigma_scanner *scanner)
{
    const char *at = scanner->residues.p;
    for (size_t i = 0; i < scanner->n_perhaps; i++) {
        scanner->perhaps[i].residue.p = at;
        at += scanner->perhaps[i].residue.n;
    }
    if (scanner->n_perhaps > 1)
        qsort(scanner->perhaps, scanner->n_perhaps, sizeof *scanner->perhaps, compare_perhaps);
}

/* Notes what a rule came to. */
static void note(struct iw_sigma_scanner *scanner, const uint32_t *rules, size_t n_rules,
                 enum iw_truth truth, size_t *n_matches)
{
    for (size_t i = 0; i < n_rules && truth != IW_FALSE; i++) {
        if (truth == IW_TRUE)
            scanner->matches[(*n_matches)++] = rules[i];
        else if (scanner->ruleset->plans[rules[i]]->asks_context)
            note_perhaps(scanner, rules[i]);
        else
            scanner->n_unknown[rules[i]]++;
    }
}

static bool is_out_of_memory(const struct iw_eval *eval)
{
    return eval->no_memory || eval->view.no_memory;
}

/* Every rule of the list, one after the other. */
static void walk_all(struct iw_sigma_scanner *scanner, const struct iw_rule_list *list,
                     size_t *n_matches)
{
    for (size_t i = 0; i < list->n && !is_out_of_memory(&scanner->eval); i++) {
        const struct iw_rule_plan *plan = scanner->ruleset->plans[list->rules[i]];
        note(scanner, &list->rules[i], 1, iw_eval_rule(&scanner->eval, plan), n_matches);
    }
}

/* Only the rules that can match. */
static enum iw_rc walk_candidates(struct iw_sigma_scanner *scanner, const struct iw_rule_list *list,
                                  size_t *n_matches)
{
    const struct iw_sigma_ruleset *ruleset = scanner->ruleset;
    struct iw_candidates *candidates = &scanner->candidates;
    const struct iw_bucket *bucket;

    IW_TRY(iw_sigma_store_bucket(ruleset->store, list->bucket, ruleset->plans, list->rules, list->n,
                                 &bucket));
    IW_TRY(iw_bucket_find(bucket, &scanner->eval.view, candidates));
    for (size_t w = 0; w < candidates->n_words; w++) {
        for (uint64_t word = candidates->bits[w]; word != 0; word &= word - 1) {
            const struct iw_body *body =
                iw_bucket_body(bucket, 64 * w + (size_t)__builtin_ctzll(word));
            note(scanner, body->rules, body->n_rules, iw_eval_rule(&scanner->eval, body->plan),
                 n_matches);
            scanner->n_walked++;
        }
    }
    return IW_OK;
}

static int compare_rules(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

enum iw_rc iw_sigma_scanner_match(struct iw_sigma_scanner *scanner, const struct iw_event *event,
                                  const uint32_t **ret_rules, size_t *ret_n)
{
    const struct iw_rule_list *list =
        iw_rule_channel_list(channel_of(scanner, event->channel), event->event_id);
    struct iw_eval *eval = &scanner->eval;
    enum iw_rc rc = IW_OK;
    size_t n = 0;

    *ret_rules = scanner->matches;
    *ret_n = 0;
    scanner->n_perhaps = 0;
    iw_buffer_clear(&scanner->residues);
    if (list->n == 0)
        return IW_OK;
    eval->no_memory = false;
    iw_eval_next_event(eval);
    if (!iw_view_set(&eval->view, event))
        return IW_ENOMEM;
    if (scanner->is_plain)
        walk_all(scanner, list, &n);
    else
        rc = walk_candidates(scanner, list, &n);
    /* The view keeps nothing of the event: its memory is the caller's. */
    iw_view_forget(&eval->view);
    if (rc != IW_OK || is_out_of_memory(eval)) {
        scanner->n_perhaps = 0;
        return IW_ENOMEM;
    }
    settle_perhaps(scanner);
    if (n > 1)
        qsort(scanner->matches, n, sizeof *scanner->matches, compare_rules);
    *ret_n = n;
    return IW_OK;
}

/* --- what correlations need --- */

static enum iw_rc carry_slot(struct iw_sigma_scanner *scanner, uint32_t slot)
{
    struct iw_view *view = &scanner->eval.view;
    struct iw_correlate_slot of = iw_correlate_slot(scanner->ruleset, slot);
    struct iw_cell *cell = iw_view_first(view, of.field, of.by_taxonomy);

    for (; cell != NULL; cell = cell->next) {
        struct iw_str text;
        if (iw_cell_is_null(cell))
            continue;
        /* Copied: the view keeps nothing of an event. */
        text = iw_arena_copy(&scanner->carried, iw_view_text(view, cell, false));
        if (text.p == NULL || !iw_array_reserve(&scanner->values, &scanner->values_cap,
                                                scanner->n_values + 1, sizeof *scanner->values))
            return IW_ENOMEM;
        scanner->values[scanner->n_values++] = (struct iw_correlate_value){slot, text};
    }
    return view->no_memory ? IW_ENOMEM : IW_OK;
}

/* Slots of several rules are ascending in each: the smallest of all of them, from *from* on. */
static size_t next_slot(const struct iw_sigma_scanner *scanner, const uint32_t *rules,
                        size_t n_rules, size_t from)
{
    size_t next = SIZE_MAX, n;

    for (size_t i = 0; i < n_rules; i++) {
        const uint32_t *slots = iw_correlate_carries(scanner->ruleset, rules[i], &n);
        for (size_t k = 0; k < n; k++) {
            if (slots[k] >= from && slots[k] < next)
                next = slots[k];
        }
    }
    return next;
}

enum iw_rc iw_sigma_scanner_carry(struct iw_sigma_scanner *scanner, const struct iw_event *event,
                                  const uint32_t *rules, size_t n_rules,
                                  const struct iw_correlate_value **ret, size_t *ret_n)
{
    size_t slot = next_slot(scanner, rules, n_rules, 0);
    enum iw_rc rc = IW_OK;

    *ret = NULL;
    *ret_n = scanner->n_values = 0;
    iw_arena_reset(&scanner->carried);
    if (slot == SIZE_MAX)
        return IW_OK;
    if (!iw_view_set(&scanner->eval.view, event))
        return IW_ENOMEM;
    for (; rc == IW_OK && slot != SIZE_MAX; slot = next_slot(scanner, rules, n_rules, slot + 1))
        rc = carry_slot(scanner, (uint32_t)slot);
    iw_view_forget(&scanner->eval.view);
    *ret = scanner->values;
    *ret_n = scanner->n_values;
    return rc;
}

const struct iw_sigma_perhaps *iw_sigma_scanner_perhaps(const struct iw_sigma_scanner *scanner,
                                                        size_t *ret_n)
{
    *ret_n = scanner->n_perhaps;
    return scanner->perhaps;
}

uint64_t iw_sigma_scanner_unknown(const struct iw_sigma_scanner *scanner, size_t index)
{
    return index < scanner->ruleset->n_plans ? scanner->n_unknown[index] : 0;
}

uint64_t iw_sigma_scanner_walked(const struct iw_sigma_scanner *scanner)
{
    return scanner->n_walked;
}
