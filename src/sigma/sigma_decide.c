/*
 * Rules decided once context answers. An event is put together of what the rule still needs, which
 * is the answers and the texts they are compared with; what the event said of all other items is
 * known from the residue, so that the walk asks for nothing else.
 */
#include "base/alloc.h"
#include "base/bytes.h"
#include "sigma/sigma_decide.h"
#include "sigma/sigma_residue.h"
#include "sigma/sigma_ruleset.h"

struct iw_sigma_decider {
    const struct iw_sigma_ruleset *ruleset;
    const struct iw_names *names;
    struct iw_eval eval;
    uint64_t *n_unknown; /* by rule */
    /* The event put together. */
    struct iw_arena arena;
    struct iw_field *fields;
    size_t n, cap;
    uint32_t *asked; /* context fields asked about */
    bool *is_open;   /* by field asked: it is not known, or not all of it */
    bool *is_partial;
    size_t n_asked, asked_cap, open_cap, partial_cap;
    struct iw_context_answer answer;
};

struct iw_sigma_decider *iw_sigma_decider_new(const struct iw_sigma_ruleset *ruleset,
                                              const struct iw_names *names)
{
    struct iw_sigma_decider *decider = iw_calloc(1, sizeof *decider);
    bool ready;

    if (decider == NULL)
        return NULL;
    decider->ruleset = ruleset;
    decider->names = names;
    iw_arena_init(&decider->arena, 0);
    ready = iw_view_init(&decider->eval.view, ruleset->n_names);
    decider->eval.worker = iw_regex_worker_new();
    decider->eval.stack = iw_calloc(ruleset->stack_depth + 1, 1);
    decider->n_unknown = iw_calloc(ruleset->n_plans + 1, sizeof *decider->n_unknown);
    ready = ready && iw_eval_remember(&decider->eval, NULL, ruleset->n_shares) == IW_OK;
    decider->eval.has_context = true;
    if (!ready || decider->eval.worker == NULL || decider->eval.stack == NULL ||
        decider->n_unknown == NULL) {
        iw_sigma_decider_free(decider);
        return NULL;
    }
    return decider;
}

void iw_sigma_decider_free(struct iw_sigma_decider *decider)
{
    if (decider == NULL)
        return;
    iw_view_done(&decider->eval.view);
    iw_regex_worker_free(decider->eval.worker);
    iw_free(decider->eval.stack);
    iw_free(decider->eval.known);
    iw_free(decider->n_unknown);
    iw_arena_done(&decider->arena);
    iw_free(decider->fields);
    iw_free(decider->asked);
    iw_free(decider->is_open);
    iw_free(decider->is_partial);
    iw_free(decider);
}

/* --- the event put together ------------------------------------------------------------------ */

static enum iw_rc add_text(struct iw_sigma_decider *decider, uint32_t field, struct iw_str text)
{
    struct iw_name *name = iw_arena_calloc(&decider->arena, 1, sizeof *name);
    struct iw_str copy = iw_arena_copy(&decider->arena, text);

    if (name == NULL || copy.p == NULL ||
        !iw_array_reserve(&decider->fields, &decider->cap, decider->n + 1, sizeof *decider->fields))
        return IW_ENOMEM;
    name->id = field;
    decider->fields[decider->n++] = (struct iw_field){
        name, (const uint8_t *)copy.p, (uint32_t)copy.n, IW_VALUE_UTF8, IW_PLACE_EVENT_DATA, 0};
    return IW_OK;
}

/* The number of a field among those asked, asking about it when it is new. */
static enum iw_rc ask(struct iw_sigma_decider *decider, uint32_t field, iw_context_ask *answers,
                      void *context, size_t *ret)
{
    struct iw_context_answer *answer = &decider->answer;

    for (*ret = 0; *ret < decider->n_asked; (*ret)++) {
        if (decider->asked[*ret] == field)
            return IW_OK;
    }
    if (!iw_array_reserve(&decider->asked, &decider->asked_cap, *ret + 1, sizeof(uint32_t)) ||
        !iw_array_reserve(&decider->is_open, &decider->open_cap, *ret + 1, sizeof(bool)) ||
        !iw_array_reserve(&decider->is_partial, &decider->partial_cap, *ret + 1, sizeof(bool)))
        return IW_ENOMEM;
    answer->is_known = answer->is_partial = answer->is_assumed = false;
    answer->n = 0;
    IW_TRY(answers(context, iw_names_text(decider->names, field), answer));
    decider->asked[*ret] = field;
    decider->is_open[*ret] = !answer->is_known;
    decider->is_partial[*ret] = answer->is_known && answer->is_partial;
    decider->n_asked++;
    for (size_t i = 0; answer->is_known && i < answer->n; i++)
        IW_TRY(add_text(decider, field, answer->values[i]));
    return IW_OK;
}

/* Asks about all context fields of an item. *ret_open: one is not known; *ret_partial: not all of
 * one is. */
static enum iw_rc ask_for_item(struct iw_sigma_decider *decider, const struct iw_item *item,
                               iw_context_ask *answers, void *context, bool *ret_open,
                               bool *ret_partial)
{
    size_t at;

    *ret_open = *ret_partial = false;
    if (item->field_is_context) {
        IW_TRY(ask(decider, item->field, answers, context, &at));
        *ret_open |= decider->is_open[at];
        *ret_partial |= decider->is_partial[at];
    }
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else) {
            if (test->kind != IW_TEST_FIELD || !test->u.field.is_context)
                continue;
            IW_TRY(ask(decider, test->u.field.id, answers, context, &at));
            *ret_open |= decider->is_open[at];
            *ret_partial |= decider->is_partial[at];
        }
    }
    return IW_OK;
}

/* The texts behind the truths of a residue. */
static enum iw_rc take_texts(struct iw_sigma_decider *decider, struct iw_str rest)
{
    while (rest.n != 0) {
        uint32_t field, n;
        if (rest.n < 8)
            return IW_EFORMAT;
        field = iw_load_u32((const uint8_t *)rest.p);
        n = iw_load_u32((const uint8_t *)rest.p + 4);
        if (n > rest.n - 8 || field == IW_NAME_UNASKED || field >= decider->ruleset->n_names)
            return IW_EFORMAT;
        IW_TRY(add_text(decider, field, (struct iw_str){rest.p + 8, n}));
        rest = (struct iw_str){rest.p + 8 + n, rest.n - 8 - n};
    }
    return IW_OK;
}

/* --- deciding -------------------------------------------------------------------------------- */

static void know(struct iw_eval *eval, const struct iw_item *item, enum iw_truth truth)
{
    eval->known[item->share] = eval->epoch << 2 | (uint32_t)truth;
}

/* With values missing, what was found stands; what was not found is open, and so is the reverse of
 * it. */
static void weaken(struct iw_eval *eval, const struct iw_item *item, bool by_taxonomy)
{
    enum iw_truth truth = iw_eval_item(eval, item, by_taxonomy);
    bool is_found = truth == (item->negated ? IW_FALSE : IW_TRUE);
    bool counts_absence = false;

    for (size_t i = 0; i < item->n_tests; i++)
        counts_absence |= item->tests[i].kind == IW_TEST_NULL ||
                          (item->tests[i].kind == IW_TEST_EXISTS && !item->tests[i].u.exists);
    if (!is_found || counts_absence)
        know(eval, item, IW_UNKNOWN);
}

struct deciding {
    struct iw_sigma_decider *decider;
    const struct iw_rule_plan *plan;
    struct iw_str residue;
    iw_context_ask *answers;
    void *context;
    iw_see_decided *see; /* NULL: nobody looks */
    void *see_context;
};

static enum iw_rc show(const struct deciding *deciding, const struct iw_item *item, size_t index,
                       bool is_open, bool is_partial)
{
    struct iw_eval *eval = &deciding->decider->eval;
    const struct iw_decided_item decided = {
        .item = item,
        .index = index,
        .truth = iw_eval_item(eval, item, deciding->plan->category != NULL),
        .is_open = is_open,
        .is_partial = is_partial,
        .eval = eval};
    return deciding->see(deciding->see_context, &decided);
}

enum iw_truth iw_decided_value(const struct iw_decided_item *decided, const struct iw_test *test,
                               bool by_taxonomy)
{
    enum iw_truth truth;
    bool counts_absence =
        test->kind == IW_TEST_NULL || (test->kind == IW_TEST_EXISTS && !test->u.exists);
    if (decided->is_open)
        return IW_UNKNOWN;
    truth = iw_eval_value(decided->eval, decided->item, test, by_taxonomy);
    return decided->is_partial && (truth != IW_TRUE || counts_absence) ? IW_UNKNOWN : truth;
}

/* What each item came to: from the residue, or open, or left to the walk. */
static enum iw_rc settle_items(const struct deciding *deciding, bool is_second_round)
{
    const struct iw_rule_plan *plan = deciding->plan;
    struct iw_eval *eval = &deciding->decider->eval;
    size_t at = 0;

    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++, at++) {
                const struct iw_item *item = &group->items[i];
                bool is_open, is_partial;
                if (!item->asks_context) {
                    if ((uint8_t)deciding->residue.p[at] > IW_TRUE)
                        return IW_EFORMAT;
                    know(eval, item, (enum iw_truth)deciding->residue.p[at]);
                    continue;
                }
                IW_TRY(ask_for_item(deciding->decider, item, deciding->answers, deciding->context,
                                    &is_open, &is_partial));
                if (is_open)
                    know(eval, item, IW_UNKNOWN);
                else if (is_partial && is_second_round)
                    weaken(eval, item, plan->category != NULL);
                if (is_second_round && deciding->see != NULL)
                    IW_TRY(show(deciding, item, at, is_open, is_partial));
            }
        }
    }
    return IW_OK;
}

static enum iw_rc walk(const struct deciding *deciding, enum iw_truth *ret)
{
    struct iw_sigma_decider *decider = deciding->decider;
    struct iw_eval *eval = &decider->eval;
    struct iw_event event;
    enum iw_rc rc;

    iw_eval_next_event(eval);
    IW_TRY(settle_items(deciding, false)); /* asks, which gathers the fields of the event */
    event = (struct iw_event){.fields = decider->fields,
                              .n_fields = (uint32_t)decider->n,
                              .time_ns = IW_TIME_UNKNOWN,
                              .created_ns = IW_TIME_UNKNOWN,
                              .flags = IW_EVENT_DECODED};
    if (!iw_view_set(&eval->view, &event))
        return IW_ENOMEM;
    rc = settle_items(deciding, true);
    if (rc == IW_OK)
        *ret = iw_eval_rule(eval, deciding->plan);
    if (eval->no_memory || eval->view.no_memory)
        rc = IW_ENOMEM;
    iw_view_forget(&eval->view);
    return rc;
}

enum iw_rc iw_sigma_decide(struct iw_sigma_decider *decider, uint32_t rule, struct iw_str residue,
                           iw_context_ask *answers, void *context, enum iw_truth *ret)
{
    return iw_sigma_decide_items(decider, rule, residue, answers, context, NULL, NULL, ret);
}

enum iw_rc iw_sigma_decide_items(struct iw_sigma_decider *decider, uint32_t rule,
                                 struct iw_str residue, iw_context_ask *answers, void *context,
                                 iw_see_decided *see, void *see_context, enum iw_truth *ret)
{
    struct deciding deciding = {decider, NULL, residue, answers, context, see, see_context};
    size_t n_items;
    enum iw_rc rc;

    *ret = IW_UNKNOWN;
    if (rule >= decider->ruleset->n_plans)
        return IW_EFORMAT;
    deciding.plan = decider->ruleset->plans[rule];
    n_items = iw_plan_count_items(deciding.plan);
    if (residue.n < n_items)
        return IW_EFORMAT;
    iw_arena_reset(&decider->arena);
    decider->n = decider->n_asked = 0;
    decider->eval.no_memory = false;
    rc = take_texts(decider, (struct iw_str){residue.p + n_items, residue.n - n_items});
    if (rc == IW_OK)
        rc = walk(&deciding, ret);
    if (rc == IW_OK && *ret == IW_UNKNOWN)
        decider->n_unknown[rule]++;
    return rc;
}

uint64_t iw_sigma_decider_unknown(const struct iw_sigma_decider *decider, size_t index)
{
    return index < decider->ruleset->n_plans ? decider->n_unknown[index] : 0;
}
