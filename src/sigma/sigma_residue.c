/*
 * Residues written: the truth of every item, and texts that context will be compared with.
 */
#include "sigma/sigma_residue.h"

struct writer {
    struct iw_eval *eval;
    struct iw_buffer *out;
    bool by_taxonomy;
};

typedef void visit_item(void *owner, const struct iw_item *item);

static void visit_items(const struct iw_rule_plan *plan, visit_item *visit, void *owner)
{
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++)
                visit(owner, &group->items[i]);
        }
    }
}

static void count_item(void *owner, const struct iw_item *item)
{
    (void)item;
    (*(size_t *)owner)++;
}

size_t iw_plan_count_items(const struct iw_rule_plan *plan)
{
    size_t n = 0;
    visit_items(plan, count_item, &n);
    return n;
}

static void note_asking(void *owner, const struct iw_item *item)
{
    *(bool *)owner |= item->asks_context;
}

bool iw_plan_asks_context(const struct iw_rule_plan *plan)
{
    bool asks = false;
    visit_items(plan, note_asking, &asks);
    return asks;
}

static void put_truth(void *owner, const struct iw_item *item)
{
    const struct writer *writer = owner;
    iw_buffer_add_char(writer->out, (char)iw_eval_item(writer->eval, item, writer->by_taxonomy));
}

static void put_u32(struct iw_buffer *out, uint32_t value)
{
    iw_buffer_add(out, (struct iw_str){(const char *)&value, sizeof value});
}

static void put_texts(const struct writer *writer, uint32_t field)
{
    struct iw_view *view = &writer->eval->view;
    struct iw_cell *cell = iw_view_first(view, field, writer->by_taxonomy);
    for (; cell != NULL; cell = cell->next) {
        struct iw_str text = iw_view_text(view, cell, false);
        put_u32(writer->out, field);
        put_u32(writer->out, (uint32_t)text.n);
        iw_buffer_add(writer->out, text);
    }
}

static void put_compared(void *owner, const struct iw_item *item)
{
    const struct writer *writer = owner;
    if (!item->asks_context)
        return;
    if (!item->field_is_context)
        put_texts(writer, item->field);
    for (size_t i = 0; i < item->n_tests; i++) {
        const struct iw_test *test = &item->tests[i];
        for (; test != NULL; test = test->or_else) {
            if (test->kind == IW_TEST_FIELD && !test->u.field.is_context)
                put_texts(writer, test->u.field.id);
        }
    }
}

void iw_residue_write(struct iw_eval *eval, const struct iw_rule_plan *plan, struct iw_buffer *out)
{
    struct writer writer = {eval, out, plan->category != NULL};
    visit_items(plan, put_truth, &writer);
    visit_items(plan, put_compared, &writer);
}
