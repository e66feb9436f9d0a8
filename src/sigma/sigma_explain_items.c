#include "sigma/sigma_explain_items.h"

#include "base/yaml_node.h"

struct iw_str iw_explain_item_key(const struct iw_item *item)
{
    return item->key != NULL ? item->key->text : IW_STR("");
}

static enum iw_rc copy(struct iw_arena *arena, struct iw_str text, struct iw_str *ret)
{
    *ret = iw_arena_copy(arena, text);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static struct iw_str source_text(const struct iw_test *test)
{
    if (test->kind == IW_TEST_NULL)
        return IW_STR("null");
    return test->source != NULL ? test->source->text : IW_STR("");
}

/* What is the rule's: key, place and values, none answered. */
static enum iw_rc write_rule(const struct iw_item *item, bool is_bare, struct iw_arena *arena,
                             struct iw_explained_item *ret, struct iw_explained_value **ret_values)
{
    struct iw_explained_value *values = iw_arena_calloc(arena, item->n_tests + 1, sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    ret->line = item->key != NULL ? item->key->line : item->value != NULL ? item->value->line : 0;
    ret->values = *ret_values = values;
    ret->n_values = item->n_tests;
    if (is_bare)
        return IW_OK;
    for (size_t i = 0; i < item->n_tests; i++)
        IW_TRY(copy(arena, source_text(&item->tests[i]), &values[i].text));
    return copy(arena, iw_explain_item_key(item), &ret->key);
}

/* --- seen ------------------------------------------------------------------------------------ */

static enum iw_rc see_event_values(struct iw_view *view, const struct iw_item *item,
                                   bool by_taxonomy, struct iw_arena *arena,
                                   struct iw_explained_item *ret)
{
    struct iw_cell *cell;
    struct iw_str *values;
    if (item->field == IW_NAME_UNASKED || item->field_is_context)
        return IW_OK;
    cell = iw_view_first(view, item->field, by_taxonomy);
    ret->is_absent = cell == NULL;
    values = iw_arena_calloc(arena, IW_EXPLAINED_EVENT_VALUES, sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    ret->event_values = values;
    for (; cell != NULL; cell = cell->next) {
        if (ret->n_event_values == IW_EXPLAINED_EVENT_VALUES) {
            ret->n_event_values_more++;
            continue;
        }
        IW_TRY(copy(arena, iw_view_text(view, cell, false), &values[ret->n_event_values]));
        ret->n_event_values++;
    }
    return IW_OK;
}

static enum iw_rc see_item(struct iw_eval *eval, const struct iw_item *item, bool by_taxonomy,
                           bool is_bare, struct iw_arena *arena, struct iw_explained_item *ret)
{
    struct iw_explained_value *values;
    IW_TRY(write_rule(item, is_bare, arena, ret, &values));
    ret->answer = (enum iw_answer)iw_eval_item(eval, item, by_taxonomy);
    for (size_t i = 0; i < item->n_tests; i++)
        values[i].answer =
            item->asks_context
                ? IW_ANSWER_UNKNOWN
                : (enum iw_answer)iw_eval_value(eval, item, &item->tests[i], by_taxonomy);
    return see_event_values(&eval->view, item, by_taxonomy, arena, ret);
}

enum iw_rc iw_explain_see_items(struct iw_eval *eval, const struct iw_rule_plan *plan, bool is_bare,
                                struct iw_arena *arena, struct iw_explained_item *items)
{
    size_t at = 0;
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++, at++) {
                memset(&items[at], 0, sizeof items[at]);
                IW_TRY(see_item(eval, &group->items[i], plan->category != NULL, is_bare, arena,
                                &items[at]));
            }
        }
    }
    return IW_OK;
}

/* --- bytes ----------------------------------------------------------------------------------- */

void iw_explain_pack_items(const struct iw_explained_item *items, size_t n, struct iw_buffer *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct iw_explained_item *item = &items[i];
        iw_pack_number(out, item->answer);
        iw_pack_number(out, item->is_absent);
        for (size_t k = 0; k < item->n_values; k++)
            iw_pack_number(out, item->values[k].answer);
        iw_pack_number(out, item->n_event_values);
        for (size_t k = 0; k < item->n_event_values; k++)
            iw_pack_text(out, item->event_values[k]);
        iw_pack_number(out, item->n_event_values_more);
    }
}

static enum iw_answer unpack_answer(struct iw_unpacking *in)
{
    return (enum iw_answer)iw_unpack_below(in, IW_ANSWER_YES + 1);
}

static enum iw_rc unpack_item(struct iw_unpacking *in, const struct iw_item *item,
                              struct iw_arena *arena, struct iw_explained_item *ret)
{
    struct iw_explained_value *values;
    struct iw_str *event_values;
    IW_TRY(write_rule(item, false, arena, ret, &values));
    ret->answer = unpack_answer(in);
    ret->is_absent = iw_unpack_below(in, 2) != 0;
    for (size_t i = 0; i < item->n_tests; i++)
        values[i].answer = unpack_answer(in);
    ret->n_event_values = (size_t)iw_unpack_below(in, IW_EXPLAINED_EVENT_VALUES + 1);
    event_values = iw_arena_calloc(arena, IW_EXPLAINED_EVENT_VALUES, sizeof *event_values);
    if (event_values == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_event_values; i++)
        IW_TRY(copy(arena, iw_unpack_text(in), &event_values[i]));
    ret->event_values = event_values;
    ret->n_event_values_more = (size_t)iw_unpack_number(in);
    return in->is_broken ? IW_EFORMAT : IW_OK;
}

enum iw_rc iw_explain_unpack_items(struct iw_unpacking *in, const struct iw_rule_plan *plan,
                                   struct iw_arena *arena, struct iw_explained_item *items)
{
    size_t at = 0;
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++, at++) {
                memset(&items[at], 0, sizeof items[at]);
                IW_TRY(unpack_item(in, &group->items[i], arena, &items[at]));
            }
        }
    }
    return IW_OK;
}
