/*
 * Explaining rules that ask for context: first what the event says, as bytes; then, when context is
 * known, what the decider of hunts makes of that, item by item.
 */
#include "base/alloc.h"
#include "sigma/sigma_decide.h"
#include "sigma/sigma_explainer.h"
#include "sigma/sigma_residue.h"

enum iw_rc iw_sigma_explainer_await_context(struct iw_sigma_explainer *explainer,
                                            const struct iw_sigma_ruleset *ruleset,
                                            const struct iw_names *names)
{
    explainer->names = names;
    explainer->decider = iw_sigma_decider_new(ruleset, names);
    explainer->looked =
        iw_arena_calloc(&explainer->arena, explainer->n_items + 1, sizeof *explainer->looked);
    return explainer->decider != NULL && explainer->looked != NULL ? IW_OK : IW_ENOMEM;
}

static bool item_asks(const struct iw_sigma_explainer *explainer, const struct iw_item *item,
                      struct iw_str field)
{
    bool asks = item->field_is_context &&
                iw_str_equal_nocase(iw_names_text(explainer->names, item->field), field);
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else)
            asks |= test->kind == IW_TEST_FIELD && test->u.field.is_context &&
                    iw_str_equal_nocase(iw_names_text(explainer->names, test->u.field.id), field);
    }
    return asks;
}

bool iw_sigma_explainer_asks(const struct iw_sigma_explainer *explainer, struct iw_str field)
{
    const struct iw_rule_plan *plan = explainer->plan;
    bool asks = false;
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            for (size_t i = 0; i < plan->selections[s].groups[g].n_items; i++)
                asks |= item_asks(explainer, &plan->selections[s].groups[g].items[i], field);
        }
    }
    return asks;
}

enum iw_rc iw_sigma_explainer_look(struct iw_sigma_explainer *explainer,
                                   const struct iw_event *event, struct iw_buffer *out)
{
    enum iw_rc rc;
    iw_buffer_clear(&explainer->residue);
    IW_TRY(iw_explainer_measure(explainer, event));
    iw_residue_write(&explainer->eval, explainer->plan, &explainer->residue);
    rc = iw_explain_see_items(&explainer->eval, explainer->plan, true, &explainer->texts,
                              explainer->looked);
    if (iw_explainer_has_no_memory(explainer) || explainer->residue.failed)
        rc = IW_ENOMEM;
    iw_view_forget(&explainer->eval.view);
    IW_TRY(rc);
    iw_pack_text(out, iw_buffer_str(&explainer->residue));
    iw_explain_pack_items(explainer->looked, explainer->n_items, out);
    return out->failed ? IW_ENOMEM : IW_OK;
}

/* A look that is judged: what context says is put into item_truths and, where they are wanted, into
 * the records of the items. */
struct recalling {
    struct iw_sigma_explainer *explainer;
    const struct iw_sigma_answerer *answerer;
    struct iw_arena *arena;          /* NULL: the truths are enough */
    struct iw_explained_item *items; /* the same */
    struct iw_explained_context *asked;
    size_t n_asked, asked_cap;
};

static enum iw_rc keep(struct iw_arena *arena, struct iw_str text, struct iw_str *ret)
{
    *ret = text.n != 0 ? iw_arena_copy(arena, text) : IW_STR("");
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc keep_values(struct iw_arena *arena, const struct iw_context_answer *answer,
                              struct iw_explained_context *ret)
{
    size_t n = answer->n < IW_EXPLAINED_CONTEXT_VALUES ? answer->n : IW_EXPLAINED_CONTEXT_VALUES;
    struct iw_str *values = iw_arena_calloc(arena, n + 1, sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        IW_TRY(keep(arena, answer->values[i], &values[i]));
    ret->values = values;
    ret->n_values = n;
    ret->n_values_more = answer->n - n;
    return IW_OK;
}

/* Hands an answer on, and keeps it for the record. */
static enum iw_rc ask(void *context, struct iw_str field, struct iw_context_answer *ret)
{
    struct recalling *recalling = context;
    const struct iw_sigma_answerer *answerer = recalling->answerer;
    struct iw_context_gap gap = {IW_STR(""), IW_STR("")};
    struct iw_explained_context *kept;
    IW_TRY(answerer->answer(answerer->context, field, ret));
    if (recalling->arena == NULL)
        return IW_OK;
    if (!ret->is_known || ret->is_partial)
        IW_TRY(answerer->gap(answerer->context, field, ret, &gap));
    if (!iw_array_reserve(&recalling->asked, &recalling->asked_cap, recalling->n_asked + 1,
                          sizeof *recalling->asked))
        return IW_ENOMEM;
    kept = &recalling->asked[recalling->n_asked++];
    *kept = (struct iw_explained_context){.is_known = ret->is_known,
                                          .is_partial = ret->is_known && ret->is_partial,
                                          .is_assumed = ret->is_known && ret->is_assumed};
    IW_TRY(keep(recalling->arena, field, &kept->field));
    IW_TRY(keep(recalling->arena, gap.why, &kept->why));
    IW_TRY(keep(recalling->arena, gap.evidence, &kept->evidence));
    return ret->is_known ? keep_values(recalling->arena, ret, kept) : IW_OK;
}

/* What was answered of a field, added to *list* unless it is there. */
static void add_asked(const struct recalling *recalling, uint32_t field,
                      struct iw_explained_context *list, size_t *n)
{
    struct iw_str name = iw_names_text(recalling->explainer->names, field);
    for (size_t i = 0; i < *n; i++) {
        if (iw_str_equal_nocase(list[i].field, name))
            return;
    }
    for (size_t i = 0; i < recalling->n_asked; i++) {
        if (iw_str_equal_nocase(recalling->asked[i].field, name))
            list[(*n)++] = recalling->asked[i];
    }
}

static enum iw_rc write_context(const struct recalling *recalling, const struct iw_item *item,
                                struct iw_explained_item *ret)
{
    struct iw_explained_context *list =
        iw_arena_calloc(recalling->arena, recalling->n_asked + 1, sizeof *list);
    if (list == NULL)
        return IW_ENOMEM;
    ret->context = list;
    if (item->field_is_context)
        add_asked(recalling, item->field, list, &ret->n_context);
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else) {
            if (test->kind == IW_TEST_FIELD && test->u.field.is_context)
                add_asked(recalling, test->u.field.id, list, &ret->n_context);
        }
    }
    return IW_OK;
}

static enum iw_rc see(void *context, const struct iw_decided_item *decided)
{
    struct recalling *recalling = context;
    const struct iw_sigma_explainer *explainer = recalling->explainer;
    struct iw_explained_item *item;
    struct iw_explained_value *values;
    explainer->item_truths[decided->index] = (uint8_t)decided->truth;
    if (recalling->arena == NULL)
        return IW_OK;
    item = &recalling->items[decided->index];
    values = iw_arena_calloc(recalling->arena, item->n_values + 1, sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < item->n_values; i++) {
        values[i].text = item->values[i].text;
        values[i].answer = (enum iw_answer)iw_decided_value(decided, &decided->item->tests[i],
                                                            explainer->plan->category != NULL);
    }
    item->values = values;
    return write_context(recalling, decided->item, item);
}

/* Fills item_truths, and the records where they are wanted. */
static enum iw_rc recall(struct recalling *recalling, struct iw_str look)
{
    struct iw_sigma_explainer *explainer = recalling->explainer;
    struct iw_unpacking in = {look, false};
    struct iw_str residue = iw_unpack_text(&in);
    enum iw_truth ignored;
    if (in.is_broken || residue.n < explainer->n_items)
        return IW_EFORMAT;
    iw_arena_reset(&explainer->texts);
    for (size_t i = 0; i < explainer->n_items; i++)
        explainer->item_truths[i] = (uint8_t)residue.p[i];
    if (recalling->arena != NULL)
        IW_TRY(iw_explain_unpack_items(&in, explainer->plan, recalling->arena, recalling->items));
    return iw_sigma_decide_items(explainer->decider, explainer->rule, residue, ask, recalling, see,
                                 recalling, &ignored);
}

enum iw_rc iw_sigma_explainer_measure_look(struct iw_sigma_explainer *explainer, struct iw_str look,
                                           const struct iw_sigma_answerer *answerer,
                                           enum iw_answer *ret, size_t *ret_failing,
                                           uint64_t *blamed)
{
    struct recalling recalling = {.explainer = explainer, .answerer = answerer};
    IW_TRY(recall(&recalling, look));
    iw_explainer_judge(explainer, ret, ret_failing);
    if (blamed != NULL && *ret != IW_ANSWER_YES)
        iw_explainer_count_blamed(explainer, blamed);
    return IW_OK;
}

enum iw_rc iw_sigma_explainer_explain_look(struct iw_sigma_explainer *explainer, struct iw_str look,
                                           const struct iw_sigma_answerer *answerer,
                                           struct iw_arena *arena, struct iw_explanation *ret)
{
    struct recalling recalling = {.explainer = explainer, .answerer = answerer, .arena = arena};
    enum iw_rc rc;
    recalling.items = iw_arena_calloc(arena, explainer->n_items + 1, sizeof *recalling.items);
    if (recalling.items == NULL)
        return IW_ENOMEM;
    rc = recall(&recalling, look);
    iw_free(recalling.asked);
    return rc == IW_OK ? iw_explainer_write(explainer, recalling.items, arena, ret) : rc;
}
