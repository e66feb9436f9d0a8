/*
 * Evaluation by the book (Sigma 2.1, "Detection", and the decisions in docs/RULES.md):
 *
 * - a field that occurs several times: a comparison holds when it holds for any of its values;
 * - a field that is absent: every comparison is false but null and `exists: false`;
 * - neq is a NOT around the whole item, so it holds for an absent field;
 * - a regular expression that reached its limit is unknown, and stays so through the condition
 * unless the rest decides it.
 */
#include "sigma/sigma_eval.h"

#include "base/alloc.h"
#include "sigma/sigma_number.h"

static enum iw_truth truth(bool value)
{
    return value ? IW_TRUE : IW_FALSE;
}

static enum iw_truth eval_regex(struct iw_eval *eval, const struct iw_test *test,
                                struct iw_cell *cell)
{
    struct iw_str text = iw_view_text(&eval->view, cell, false);
    struct iw_str literal = iw_regex_literal(test->u.regex);

    /* The walk by the book asks PCRE2 itself, so that it can judge this shortcut. */
    if (eval->takes_shortcuts && literal.n != 0 &&
        iw_str_find(iw_view_text(&eval->view, cell, true), literal) == SIZE_MAX)
        return IW_FALSE;
    switch (iw_regex_search(test->u.regex, eval->worker, text)) {
    case IW_REGEX_NO:
        return IW_FALSE;
    case IW_REGEX_YES:
        return IW_TRUE;
    case IW_REGEX_NO_MEMORY:
        eval->no_memory = true;
        break;
    case IW_REGEX_GAVE_UP:
        break;
    }
    return IW_UNKNOWN;
}

static bool compare(const struct iw_number *number, enum iw_number_order wanted,
                    const struct iw_number *value)
{
    int order = iw_number_compare(number, value);
    switch (wanted) {
    case IW_NUMBER_LT:
        return order < 0;
    case IW_NUMBER_LTE:
        return order <= 0;
    case IW_NUMBER_GT:
        return order > 0;
    case IW_NUMBER_GTE:
        return order >= 0;
    case IW_NUMBER_EQUAL:
        return order == 0;
    }
    return false;
}

static bool eval_number(struct iw_eval *eval, const struct iw_test *test, struct iw_cell *cell)
{
    struct iw_number number;
    return iw_number_parse(iw_view_text(&eval->view, cell, false), &number) &&
           compare(&number, test->u.number.order, &test->u.number.value);
}

static bool eval_time(struct iw_eval *eval, const struct iw_test *test, struct iw_cell *cell)
{
    struct iw_number number = {.is_whole = true};
    uint32_t part;
    if (!iw_time_part_read(iw_view_text(&eval->view, cell, false), test->u.time.part, &part))
        return false;
    number.magnitude = part;
    number.real = part;
    return compare(&number, test->u.time.order, &test->u.time.value);
}

static bool holds(enum iw_field_relation relation, struct iw_str text, struct iw_str part)
{
    switch (relation) {
    case IW_FIELD_EQUAL:
        return iw_str_equal(text, part);
    case IW_FIELD_BEGINS:
        return text.n >= part.n && memcmp(text.p, part.p, part.n) == 0;
    case IW_FIELD_ENDS:
        return text.n >= part.n && memcmp(text.p + (text.n - part.n), part.p, part.n) == 0;
    case IW_FIELD_HOLDS:
        return iw_str_find(text, part) != SIZE_MAX;
    }
    return false;
}

static bool eval_field(struct iw_eval *eval, const struct iw_item *item, const struct iw_test *test,
                       struct iw_cell *cell, bool by_taxonomy)
{
    struct iw_str text = iw_view_text(&eval->view, cell, !item->cased);
    for (struct iw_cell *other = iw_view_first(&eval->view, test->u.field.id, by_taxonomy);
         other != NULL; other = other->next) {
        if (holds(test->u.field.relation, text, iw_view_text(&eval->view, other, !item->cased)))
            return true;
    }
    return false;
}

/* One comparison with one value. */
static enum iw_truth eval_cell(struct iw_eval *eval, const struct iw_item *item,
                               const struct iw_test *test, struct iw_cell *cell, bool by_taxonomy)
{
    switch (test->kind) {
    case IW_TEST_PATTERN:
        return truth(
            iw_pattern_match(&test->u.pattern, iw_view_text(&eval->view, cell, !item->cased)));
    case IW_TEST_REGEX:
        return eval_regex(eval, test, cell);
    case IW_TEST_NUMBER:
        return truth(eval_number(eval, test, cell));
    case IW_TEST_CIDR:
        return truth(iw_network_holds(&test->u.network, iw_view_text(&eval->view, cell, false)));
    case IW_TEST_FIELD:
        return truth(eval_field(eval, item, test, cell, by_taxonomy));
    case IW_TEST_TIME:
        return truth(eval_time(eval, test, cell));
    case IW_TEST_NULL:
        return truth(iw_cell_is_null(cell));
    case IW_TEST_EXISTS:
    case IW_TEST_KIND_COUNT:
        break;
    }
    return IW_FALSE;
}

/* One comparison with any value of the item's field; keywords: of the record. */
static enum iw_truth eval_test(struct iw_eval *eval, const struct iw_item *item,
                               const struct iw_test *test, bool by_taxonomy)
{
    struct iw_view *view = &eval->view;
    struct iw_cell *first = iw_view_first(view, item->field, by_taxonomy);
    enum iw_truth best = IW_FALSE;

    if (item->field == IW_NAME_UNASKED) {
        for (size_t i = 0; i < view->n_cells && best != IW_TRUE; i++) {
            enum iw_truth one = eval_cell(eval, item, test, &view->cells[i], by_taxonomy);
            best = one > best ? one : best;
        }
        return best;
    }
    if (test->kind == IW_TEST_EXISTS)
        return truth((first != NULL) == test->u.exists);
    if (test->kind == IW_TEST_NULL && first == NULL)
        return IW_TRUE;
    for (struct iw_cell *cell = first; cell != NULL && best != IW_TRUE; cell = cell->next) {
        enum iw_truth one = eval_cell(eval, item, test, cell, by_taxonomy);
        best = one > best ? one : best;
    }
    return best;
}

enum iw_truth iw_eval_value(struct iw_eval *eval, const struct iw_item *item,
                            const struct iw_test *test, bool by_taxonomy)
{
    enum iw_truth best = IW_FALSE;
    for (; test != NULL && best != IW_TRUE; test = test->or_else) {
        enum iw_truth form = eval_test(eval, item, test, by_taxonomy);
        best = form > best ? form : best;
    }
    return best;
}

/* Every value, one after the other. */
static enum iw_truth eval_values(struct iw_eval *eval, const struct iw_item *item, bool by_taxonomy)
{
    enum iw_truth result = item->wants_all ? IW_TRUE : IW_FALSE;
    enum iw_truth settled = item->wants_all ? IW_FALSE : IW_TRUE;

    for (size_t i = 0; i < item->n_tests && result != settled; i++) {
        enum iw_truth one = iw_eval_value(eval, item, &item->tests[i], by_taxonomy);
        if (item->wants_all ? one < result : one > result)
            result = one;
    }
    return result;
}

/* All values at once. */
static enum iw_truth eval_set(struct iw_eval *eval, const struct iw_item *item,
                              const struct iw_gram_set *set, bool by_taxonomy)
{
    struct iw_view *view = &eval->view;

    if (item->field == IW_NAME_UNASKED) {
        for (size_t i = 0; i < view->n_cells; i++) {
            if (iw_gram_set_any(set, iw_view_text(view, &view->cells[i], !item->cased)))
                return IW_TRUE;
        }
        return IW_FALSE;
    }
    for (struct iw_cell *cell = iw_view_first(view, item->field, by_taxonomy); cell != NULL;
         cell = cell->next) {
        if (iw_gram_set_any(set, iw_view_text(view, cell, !item->cased)))
            return IW_TRUE;
    }
    return IW_FALSE;
}

enum iw_truth iw_eval_item(struct iw_eval *eval, const struct iw_item *item, bool by_taxonomy)
{
    const struct iw_gram_set *set = NULL;
    enum iw_truth result;

    if (eval->is_probe && item->field != IW_FIELD_EVENT_ID)
        return IW_UNKNOWN;
    if (item->asks_context && !eval->has_context)
        return IW_UNKNOWN;
    if (eval->known != NULL && eval->known[item->share] >> 2 == eval->epoch)
        return (enum iw_truth)(eval->known[item->share] & 3U);
    if (eval->store != NULL)
        set = iw_sigma_store_item_set(eval->store, item->share);
    result =
        set != NULL ? eval_set(eval, item, set, by_taxonomy) : eval_values(eval, item, by_taxonomy);
    if (item->negated)
        result = (enum iw_truth)(IW_TRUE - result);
    if (eval->known != NULL)
        eval->known[item->share] = eval->epoch << 2 | (uint32_t)result;
    return result;
}

static enum iw_truth eval_selection(struct iw_eval *eval, const struct iw_selection *selection,
                                    bool by_taxonomy)
{
    enum iw_truth best = IW_FALSE;

    for (size_t i = 0; i < selection->n_groups && best != IW_TRUE; i++) {
        const struct iw_group *group = &selection->groups[i];
        enum iw_truth least = IW_TRUE;
        for (size_t k = 0; k < group->n_items && least != IW_FALSE; k++) {
            enum iw_truth one = iw_eval_item(eval, &group->items[k], by_taxonomy);
            least = one < least ? one : least;
        }
        best = least > best ? least : best;
    }
    return best;
}

enum iw_truth iw_eval_rule(struct iw_eval *eval, const struct iw_rule_plan *plan)
{
    uint8_t *stack = eval->stack;
    size_t n = 0;

    for (size_t at = 0; at < plan->n_steps; at++) {
        const struct iw_step *step = &plan->steps[at];
        switch (step->kind) {
        case IW_STEP_SELECTION:
            stack[n++] = (uint8_t)eval_selection(eval, &plan->selections[step->operand],
                                                 plan->category != NULL);
            break;
        case IW_STEP_NOT:
            stack[n - 1] = (uint8_t)(IW_TRUE - stack[n - 1]);
            break;
        case IW_STEP_AND:
            n--;
            stack[n - 1] = stack[n] < stack[n - 1] ? stack[n] : stack[n - 1];
            break;
        case IW_STEP_OR:
            n--;
            stack[n - 1] = stack[n] > stack[n - 1] ? stack[n] : stack[n - 1];
            break;
        case IW_STEP_SKIP_IF_FALSE:
            if (stack[n - 1] == IW_FALSE)
                at = step->operand - 1;
            break;
        case IW_STEP_SKIP_IF_TRUE:
            if (stack[n - 1] == IW_TRUE)
                at = step->operand - 1;
            break;
        }
    }
    return (enum iw_truth)stack[0];
}

enum iw_rc iw_eval_remember(struct iw_eval *eval, const struct iw_sigma_store *store,
                            size_t n_shares)
{
    eval->known = iw_calloc(n_shares + 1, sizeof *eval->known);
    eval->n_known = n_shares;
    eval->store = store;
    eval->takes_shortcuts = true;
    return eval->known != NULL ? IW_OK : IW_ENOMEM;
}

void iw_eval_next_event(struct iw_eval *eval)
{
    if (++eval->epoch >> 30 == 0)
        return;
    eval->epoch = 1;
    if (eval->known != NULL)
        memset(eval->known, 0, eval->n_known * sizeof *eval->known);
}
