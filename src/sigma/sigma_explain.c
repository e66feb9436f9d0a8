/*
 * Explaining an event. Every item of every selection is evaluated (no short cuts); the tree of the
 * condition then says what the nearest way to a match would be: of an OR the cheaper side, of a
 * selection the group with the fewest failing items.
 */
#include "sigma/sigma_explain.h"

#include <stdio.h>

#include "base/alloc.h"
#include "sigma/sigma_explain_words.h"
#include "sigma/sigma_ruleset.h"
#include "sigma/sigma_tree.h"
#include "base/yaml_node.h"

struct iw_sigma_explainer {
    const struct iw_rule_plan *plan;
    struct iw_arena arena; /* of what stays */
    struct iw_eval eval;
    struct iw_tree tree;
    size_t n_items;
    uint8_t *item_truths; /* in the order of selections, groups and items */
    uint8_t *truths;      /* of selections */
    struct iw_cost *selection_costs;
    struct iw_cost *node_costs;
    uint8_t *wants; /* of selections */
    uint8_t *scratch;
};

static size_t count_items(const struct iw_rule_plan *plan)
{
    size_t n = 0;
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++)
            n += plan->selections[s].groups[g].n_items;
    }
    return n;
}

static bool make_room(struct iw_sigma_explainer *explainer)
{
    const struct iw_rule_plan *plan = explainer->plan;
    struct iw_arena *arena = &explainer->arena;
    explainer->n_items = count_items(plan);
    explainer->item_truths = iw_arena_calloc(arena, explainer->n_items + 1, 1);
    explainer->truths = iw_arena_calloc(arena, plan->n_selections + 1, 1);
    explainer->wants = iw_arena_calloc(arena, plan->n_selections + 1, 1);
    explainer->selection_costs =
        iw_arena_calloc(arena, plan->n_selections + 1, sizeof *explainer->selection_costs);
    if (iw_tree_build(plan, arena, &explainer->tree) != IW_OK)
        return false;
    explainer->node_costs =
        iw_arena_calloc(arena, explainer->tree.n + 1, sizeof *explainer->node_costs);
    explainer->scratch = iw_arena_calloc(arena, explainer->tree.n + 1, 1);
    return explainer->item_truths != NULL && explainer->truths != NULL &&
           explainer->wants != NULL && explainer->selection_costs != NULL &&
           explainer->node_costs != NULL && explainer->scratch != NULL;
}

struct iw_sigma_explainer *iw_sigma_explainer_new(const struct iw_sigma_ruleset *ruleset,
                                                  size_t index)
{
    struct iw_sigma_explainer *explainer = iw_calloc(1, sizeof *explainer);
    bool is_ready;
    if (explainer == NULL)
        return NULL;
    iw_arena_init(&explainer->arena, 0);
    explainer->plan = ruleset->plans[index];
    is_ready = iw_view_init(&explainer->eval.view, ruleset->n_names);
    explainer->eval.worker = iw_regex_worker_new();
    if (is_ready && explainer->eval.worker != NULL && make_room(explainer))
        return explainer;
    iw_sigma_explainer_free(explainer);
    return NULL;
}

void iw_sigma_explainer_free(struct iw_sigma_explainer *explainer)
{
    if (explainer == NULL)
        return;
    iw_view_done(&explainer->eval.view);
    iw_regex_worker_free(explainer->eval.worker);
    iw_arena_done(&explainer->arena);
    iw_free(explainer);
}

/* --- the log source --- */

bool iw_sigma_explainer_wants(const struct iw_sigma_explainer *explainer, struct iw_str channel,
                              uint32_t event_id)
{
    const struct iw_rule_plan *plan = explainer->plan;
    if (plan->category != NULL &&
        !iw_log_source_has(plan->category, plan->n_category, channel, event_id))
        return false;
    return plan->service == NULL ||
           iw_log_source_has(plan->service, plan->n_service, channel, event_id);
}

static const struct iw_log_row *rows_of(const struct iw_rule_plan *plan, size_t *n)
{
    *n = plan->category != NULL ? plan->n_category : plan->n_service;
    return plan->category != NULL ? plan->category : plan->service;
}

enum iw_rc iw_sigma_explainer_route(const struct iw_sigma_explainer *explainer,
                                    struct iw_route *route)
{
    size_t n;
    const struct iw_log_row *rows = rows_of(explainer->plan, &n);
    if (rows == NULL)
        iw_route_want_all(route);
    for (size_t i = 0; rows != NULL && i < n; i++) {
        struct iw_str channel = iw_str_of(rows[i].channel);
        if (rows[i].ids[0] == 0)
            IW_TRY(iw_route_want_channel(route, channel));
        for (size_t k = 0; rows[i].ids[k] != 0; k++)
            IW_TRY(iw_route_want(route, channel, rows[i].ids[k]));
    }
    return IW_OK;
}

static struct iw_str channel_words(const struct iw_log_row *row, struct iw_arena *arena)
{
    char text[256];
    int n = snprintf(text, sizeof text, "%s", row->channel);
    for (size_t k = 0; row->ids[k] != 0 && n > 0 && (size_t)n < sizeof text; k++)
        n += snprintf(text + n, sizeof text - (size_t)n, k == 0 ? " %u" : ", %u", row->ids[k]);
    return iw_arena_copy(arena, iw_str_of(text));
}

enum iw_rc iw_sigma_explainer_channels(const struct iw_sigma_explainer *explainer,
                                       struct iw_arena *arena, struct iw_text_list *ret)
{
    const struct iw_rule_plan *plan = explainer->plan;
    size_t n;
    const struct iw_log_row *rows = rows_of(plan, &n);
    struct iw_str *items = iw_arena_calloc(arena, n + 1, sizeof *items);
    *ret = (struct iw_text_list){items, 0};
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; rows != NULL && i < n; i++) {
        if (!iw_sigma_explainer_wants(explainer, iw_str_of(rows[i].channel), rows[i].ids[0]))
            continue;
        items[ret->n] = channel_words(&rows[i], arena);
        if (items[ret->n++].p == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

enum iw_rc iw_sigma_explainer_conditions(const struct iw_sigma_explainer *explainer,
                                         struct iw_arena *arena, struct iw_text_list *ret)
{
    const struct iw_yaml_node *node =
        iw_yaml_find(iw_yaml_find(explainer->plan->root, "detection"), "condition");
    struct iw_str *items =
        iw_arena_calloc(arena, node != NULL ? node->n_entries + 1 : 1, sizeof *items);
    *ret = (struct iw_text_list){items, 0};
    if (items == NULL)
        return IW_ENOMEM;
    if (node != NULL && node->kind == IW_YAML_SCALAR)
        items[ret->n++] = iw_arena_copy(arena, node->text);
    for (const struct iw_yaml_entry *entry = node != NULL ? node->first : NULL; entry != NULL;
         entry = entry->next)
        items[ret->n++] = iw_arena_copy(arena, entry->value->text);
    for (size_t i = 0; i < ret->n; i++) {
        if (items[i].p == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

/* --- measuring --- */

static bool has_no_memory(const struct iw_sigma_explainer *explainer)
{
    return explainer->eval.no_memory || explainer->eval.view.no_memory;
}

/* Evaluates the items of a selection; *at* moves past them. */
static void measure_selection(struct iw_sigma_explainer *explainer, size_t index, size_t *at)
{
    const struct iw_selection *selection = &explainer->plan->selections[index];
    struct iw_cost cost = {IW_COST_NEVER, 0};
    uint8_t best = IW_FALSE;
    for (size_t g = 0; g < selection->n_groups; g++) {
        const struct iw_group *group = &selection->groups[g];
        uint8_t least = IW_TRUE;
        size_t n_failing = 0;
        for (size_t i = 0; i < group->n_items; i++) {
            uint8_t one = (uint8_t)iw_eval_item(&explainer->eval, &group->items[i],
                                                explainer->plan->category != NULL);
            explainer->item_truths[(*at)++] = one;
            least = one < least ? one : least;
            n_failing += one != IW_TRUE;
        }
        best = least > best ? least : best;
        cost.to_hold = n_failing < cost.to_hold ? n_failing : cost.to_hold;
        cost.to_fail += least != IW_FALSE;
    }
    explainer->truths[index] = best;
    explainer->selection_costs[index] = cost;
}

/* Fills truths, costs and wants for the event; the view keeps it. */
static enum iw_rc measure(struct iw_sigma_explainer *explainer, const struct iw_event *event,
                          enum iw_answer *ret, size_t *ret_failing)
{
    size_t at = 0;
    explainer->eval.no_memory = false;
    if (!iw_view_set(&explainer->eval.view, event))
        return IW_ENOMEM;
    for (size_t s = 0; s < explainer->plan->n_selections; s++)
        measure_selection(explainer, s, &at);
    *ret = (enum iw_answer)iw_tree_truth(&explainer->tree, explainer->truths, explainer->scratch);
    *ret_failing =
        iw_tree_cost(&explainer->tree, explainer->selection_costs, explainer->node_costs).to_hold;
    memset(explainer->wants, 0, explainer->plan->n_selections);
    if (*ret == IW_ANSWER_YES)
        *ret_failing = 0;
    else
        iw_tree_blame(&explainer->tree, explainer->node_costs, explainer->scratch,
                      explainer->wants);
    return has_no_memory(explainer) ? IW_ENOMEM : IW_OK;
}

/* Which items of group *g* are to blame, from *at* on in item_truths. */
static bool is_blamed_group(const struct iw_sigma_explainer *explainer, size_t s, size_t g,
                            size_t at)
{
    const struct iw_group *group = &explainer->plan->selections[s].groups[g];
    size_t n_failing = 0;
    bool is_false = false;
    for (size_t i = 0; i < group->n_items; i++) {
        n_failing += explainer->item_truths[at + i] != IW_TRUE;
        is_false |= explainer->item_truths[at + i] == IW_FALSE;
    }
    if (explainer->wants[s] == IW_WANT_TRUE)
        return n_failing == explainer->selection_costs[s].to_hold;
    return explainer->wants[s] != 0 && !is_false;
}

static bool is_blamed_item(const struct iw_sigma_explainer *explainer, size_t s, size_t at)
{
    uint8_t truth = explainer->item_truths[at];
    return explainer->wants[s] == IW_WANT_TRUE ? truth != IW_TRUE : truth != IW_FALSE;
}

/* Calls for every blamed item: of a selection that must hold, of its first nearest group. */
static void count_blamed(const struct iw_sigma_explainer *explainer, uint64_t *blamed)
{
    size_t at = 0;
    for (size_t s = 0; s < explainer->plan->n_selections; s++) {
        const struct iw_selection *selection = &explainer->plan->selections[s];
        bool is_done = false;
        for (size_t g = 0; g < selection->n_groups; g++) {
            bool is_blamed = !is_done && is_blamed_group(explainer, s, g, at);
            for (size_t i = 0; i < selection->groups[g].n_items; i++, at++)
                blamed[at] += is_blamed && is_blamed_item(explainer, s, at);
            is_done |= is_blamed && explainer->wants[s] == IW_WANT_TRUE;
        }
    }
}

enum iw_rc iw_sigma_explainer_measure(struct iw_sigma_explainer *explainer,
                                      const struct iw_event *event, enum iw_answer *ret,
                                      size_t *ret_failing, uint64_t *blamed)
{
    enum iw_rc rc = measure(explainer, event, ret, ret_failing);
    if (rc == IW_OK && blamed != NULL && *ret != IW_ANSWER_YES)
        count_blamed(explainer, blamed);
    iw_view_forget(&explainer->eval.view);
    return rc;
}

size_t iw_sigma_explainer_count_items(const struct iw_sigma_explainer *explainer)
{
    return explainer->n_items;
}

static struct iw_str key_of(const struct iw_item *item)
{
    return item->key != NULL ? item->key->text : IW_STR("");
}

struct iw_str iw_sigma_explainer_item_name(const struct iw_sigma_explainer *explainer, size_t index,
                                           struct iw_arena *arena)
{
    const struct iw_rule_plan *plan = explainer->plan;
    struct iw_buffer text;
    struct iw_str copy;
    iw_buffer_init(&text);
    for (size_t s = 0, at = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            if (index >= at && index - at < group->n_items) {
                struct iw_str key = key_of(&group->items[index - at]);
                iw_buffer_add(&text, plan->selections[s].name);
                iw_buffer_add(&text, IW_STR(": "));
                iw_buffer_add(&text, key.n != 0 ? key : IW_STR("keyword"));
            }
            at += group->n_items;
        }
    }
    copy = text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return copy;
}

/* --- the records --- */

struct writer {
    struct iw_sigma_explainer *explainer;
    struct iw_arena *arena;
    struct iw_str *changes;
    size_t n_changes;
    struct iw_buffer words;
};

static enum iw_rc copy(struct writer *writer, struct iw_str text, struct iw_str *ret)
{
    *ret = iw_arena_copy(writer->arena, text);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

static struct iw_str source_text(const struct iw_test *test)
{
    if (test->kind == IW_TEST_NULL)
        return IW_STR("null");
    return test->source != NULL ? test->source->text : IW_STR("");
}

static enum iw_rc write_values(struct writer *writer, const struct iw_item *item,
                               struct iw_explained_item *ret)
{
    struct iw_explained_value *values =
        iw_arena_calloc(writer->arena, item->n_tests + 1, sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < item->n_tests; i++) {
        IW_TRY(copy(writer, source_text(&item->tests[i]), &values[i].text));
        values[i].answer =
            (enum iw_answer)iw_eval_value(&writer->explainer->eval, item, &item->tests[i],
                                          writer->explainer->plan->category != NULL);
    }
    ret->values = values;
    ret->n_values = item->n_tests;
    return IW_OK;
}

static enum iw_rc write_event_values(struct writer *writer, const struct iw_item *item,
                                     struct iw_explained_item *ret)
{
    struct iw_view *view = &writer->explainer->eval.view;
    struct iw_cell *cell;
    struct iw_str *values;
    if (item->field == IW_NAME_UNASKED)
        return IW_OK;
    cell = iw_view_first(view, item->field, writer->explainer->plan->category != NULL);
    ret->is_absent = cell == NULL;
    values = iw_arena_calloc(writer->arena, IW_EXPLAINED_EVENT_VALUES, sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    ret->event_values = values;
    for (; cell != NULL; cell = cell->next) {
        if (ret->n_event_values == IW_EXPLAINED_EVENT_VALUES) {
            ret->n_event_values_more++;
            continue;
        }
        IW_TRY(copy(writer, iw_view_text(view, cell, false), &values[ret->n_event_values]));
        ret->n_event_values++;
    }
    return IW_OK;
}

static enum iw_blame blame_of(uint8_t want)
{
    return want == 0               ? IW_BLAME_NONE
           : want == IW_WANT_FALSE ? IW_BLAME_MUST_NOT_HOLD
                                   : IW_BLAME_MUST_HOLD;
}

static enum iw_rc write_change(struct writer *writer, const struct iw_item *item,
                               const struct iw_explained_item *explained, size_t s)
{
    const struct iw_sigma_explainer *explainer = writer->explainer;
    iw_buffer_clear(&writer->words);
    iw_explain_item_words(&writer->explainer->eval, item, explained,
                          explainer->plan->selections[s].name, blame_of(explainer->wants[s]),
                          explainer->plan->category != NULL, &writer->words);
    if (writer->words.failed)
        return IW_ENOMEM;
    return copy(writer, iw_buffer_str(&writer->words), &writer->changes[writer->n_changes++]);
}

static enum iw_rc write_item(struct writer *writer, const struct iw_item *item, size_t s, size_t at,
                             bool is_blamed, struct iw_explained_item *ret)
{
    IW_TRY(copy(writer, key_of(item), &ret->key));
    ret->line = item->key != NULL ? item->key->line : item->value != NULL ? item->value->line : 0;
    ret->answer = (enum iw_answer)writer->explainer->item_truths[at];
    ret->is_blamed = is_blamed && is_blamed_item(writer->explainer, s, at);
    IW_TRY(write_values(writer, item, ret));
    IW_TRY(write_event_values(writer, item, ret));
    return ret->is_blamed ? write_change(writer, item, ret, s) : IW_OK;
}

static enum iw_rc write_group(struct writer *writer, const struct iw_group *group, size_t s,
                              size_t at, bool is_blamed, struct iw_explained_group *ret)
{
    struct iw_explained_item *items =
        iw_arena_calloc(writer->arena, group->n_items + 1, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    ret->items = items;
    ret->n_items = group->n_items;
    ret->answer = IW_ANSWER_YES;
    for (size_t i = 0; i < group->n_items; i++) {
        IW_TRY(write_item(writer, &group->items[i], s, at + i, is_blamed, &items[i]));
        ret->answer = items[i].answer < ret->answer ? items[i].answer : ret->answer;
    }
    return IW_OK;
}

static enum iw_rc write_selection(struct writer *writer, size_t s, size_t *at,
                                  struct iw_explained_selection *ret)
{
    const struct iw_sigma_explainer *explainer = writer->explainer;
    const struct iw_selection *selection = &explainer->plan->selections[s];
    struct iw_explained_group *groups =
        iw_arena_calloc(writer->arena, selection->n_groups + 1, sizeof *groups);
    bool is_done = false;
    if (groups == NULL)
        return IW_ENOMEM;
    IW_TRY(copy(writer, selection->name, &ret->name));
    ret->answer = (enum iw_answer)explainer->truths[s];
    ret->blame = blame_of(explainer->wants[s]);
    ret->groups = groups;
    ret->n_groups = selection->n_groups;
    for (size_t g = 0; g < selection->n_groups; g++) {
        bool is_blamed = !is_done && is_blamed_group(explainer, s, g, *at);
        IW_TRY(write_group(writer, &selection->groups[g], s, *at, is_blamed, &groups[g]));
        is_done |= is_blamed && explainer->wants[s] == IW_WANT_TRUE;
        *at += selection->groups[g].n_items;
    }
    return IW_OK;
}

static enum iw_rc write_all(struct writer *writer, struct iw_explanation *ret)
{
    const struct iw_rule_plan *plan = writer->explainer->plan;
    struct iw_explained_selection *selections =
        iw_arena_calloc(writer->arena, plan->n_selections + 1, sizeof *selections);
    size_t at = 0;
    writer->changes =
        iw_arena_calloc(writer->arena, writer->explainer->n_items + 1, sizeof *writer->changes);
    if (selections == NULL || writer->changes == NULL)
        return IW_ENOMEM;
    for (size_t s = 0; s < plan->n_selections; s++)
        IW_TRY(write_selection(writer, s, &at, &selections[s]));
    ret->selections = selections;
    ret->n_selections = plan->n_selections;
    ret->changes = (struct iw_text_list){writer->changes, writer->n_changes};
    return has_no_memory(writer->explainer) ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_sigma_explainer_explain(struct iw_sigma_explainer *explainer,
                                      const struct iw_event *event, struct iw_arena *arena,
                                      struct iw_explanation *ret)
{
    struct writer writer = {.explainer = explainer, .arena = arena};
    enum iw_rc rc;
    memset(ret, 0, sizeof *ret);
    iw_buffer_init(&writer.words);
    rc = measure(explainer, event, &ret->answer, &ret->n_failing);
    if (rc == IW_OK)
        rc = write_all(&writer, ret);
    iw_view_forget(&explainer->eval.view);
    iw_buffer_done(&writer.words);
    return rc;
}
