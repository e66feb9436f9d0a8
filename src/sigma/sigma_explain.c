/*
 * Explaining an event. Every item of every selection is evaluated (no short cuts); the tree of the
 * condition then says what the nearest way to a match would be: of an OR the cheaper side, of a
 * selection the group with the fewest failing items.
 */
#include "sigma/sigma_explain.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/yaml_node.h"
#include "sigma/sigma_explainer.h"
#include "sigma/sigma_explain_words.h"
#include "sigma/sigma_residue.h"
#include "sigma/sigma_ruleset.h"

static bool make_room(struct iw_sigma_explainer *explainer)
{
    const struct iw_rule_plan *plan = explainer->plan;
    struct iw_arena *arena = &explainer->arena;
    explainer->n_items = iw_plan_count_items(plan);
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
    iw_arena_init(&explainer->texts, 0);
    iw_buffer_init(&explainer->residue);
    explainer->rule = (uint32_t)index;
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
    iw_sigma_decider_free(explainer->decider);
    iw_buffer_done(&explainer->residue);
    iw_arena_done(&explainer->texts);
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

/* The event of the view, item by item. */
static void eval_items(struct iw_sigma_explainer *explainer)
{
    const struct iw_rule_plan *plan = explainer->plan;
    size_t at = 0;
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++)
                explainer->item_truths[at++] = (uint8_t)iw_eval_item(
                    &explainer->eval, &group->items[i], plan->category != NULL);
        }
    }
}

/* What a selection came to; *at* moves past its items. */
static void judge_selection(struct iw_sigma_explainer *explainer, size_t index, size_t *at)
{
    const struct iw_selection *selection = &explainer->plan->selections[index];
    struct iw_cost cost = {IW_COST_NEVER, 0};
    uint8_t best = IW_FALSE;
    for (size_t g = 0; g < selection->n_groups; g++) {
        uint8_t least = IW_TRUE;
        size_t n_failing = 0;
        for (size_t i = 0; i < selection->groups[g].n_items; i++) {
            uint8_t one = explainer->item_truths[(*at)++];
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

void iw_explainer_judge(struct iw_sigma_explainer *explainer, enum iw_answer *ret,
                        size_t *ret_failing)
{
    size_t at = 0;
    for (size_t s = 0; s < explainer->plan->n_selections; s++)
        judge_selection(explainer, s, &at);
    *ret = (enum iw_answer)iw_tree_truth(&explainer->tree, explainer->truths, explainer->scratch);
    *ret_failing =
        iw_tree_cost(&explainer->tree, explainer->selection_costs, explainer->node_costs).to_hold;
    memset(explainer->wants, 0, explainer->plan->n_selections);
    if (*ret == IW_ANSWER_YES)
        *ret_failing = 0;
    else
        iw_tree_blame(&explainer->tree, explainer->node_costs, explainer->scratch,
                      explainer->wants);
}

enum iw_rc iw_explainer_measure(struct iw_sigma_explainer *explainer, const struct iw_event *event)
{
    explainer->eval.no_memory = false;
    iw_arena_reset(&explainer->texts);
    if (!iw_view_set(&explainer->eval.view, event))
        return IW_ENOMEM;
    eval_items(explainer);
    return iw_explainer_has_no_memory(explainer) ? IW_ENOMEM : IW_OK;
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

/* Of a selection that must hold, the first nearest group. */
void iw_explainer_count_blamed(const struct iw_sigma_explainer *explainer, uint64_t *blamed)
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
    enum iw_rc rc = iw_explainer_measure(explainer, event);
    iw_view_forget(&explainer->eval.view);
    IW_TRY(rc);
    iw_explainer_judge(explainer, ret, ret_failing);
    if (blamed != NULL && *ret != IW_ANSWER_YES)
        iw_explainer_count_blamed(explainer, blamed);
    return IW_OK;
}

size_t iw_sigma_explainer_count_items(const struct iw_sigma_explainer *explainer)
{
    return explainer->n_items;
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
                struct iw_str key = iw_explain_item_key(&group->items[index - at]);
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
    struct iw_explained_item *items; /* of all groups, in order */
    struct iw_str *changes;
    size_t n_changes;
    struct iw_buffer words;
};

static enum iw_rc copy(struct writer *writer, struct iw_str text, struct iw_str *ret)
{
    *ret = iw_arena_copy(writer->arena, text);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
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
    struct iw_sigma_explainer *explainer = writer->explainer;
    iw_buffer_clear(&writer->words);
    iw_explain_item_words(item, explained, explainer->plan->selections[s].name,
                          blame_of(explainer->wants[s]), &explainer->texts, &writer->words);
    if (writer->words.failed)
        return IW_ENOMEM;
    return copy(writer, iw_buffer_str(&writer->words), &writer->changes[writer->n_changes++]);
}

static enum iw_rc write_group(struct writer *writer, const struct iw_group *group, size_t s,
                              size_t at, bool is_blamed, struct iw_explained_group *ret)
{
    struct iw_explained_item *items = &writer->items[at];
    ret->items = items;
    ret->n_items = group->n_items;
    ret->answer = IW_ANSWER_YES;
    for (size_t i = 0; i < group->n_items; i++) {
        items[i].answer = (enum iw_answer)writer->explainer->item_truths[at + i];
        items[i].is_blamed = is_blamed && is_blamed_item(writer->explainer, s, at + i);
        if (items[i].is_blamed)
            IW_TRY(write_change(writer, &group->items[i], &items[i], s));
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
    iw_explainer_judge(writer->explainer, &ret->answer, &ret->n_failing);
    for (size_t s = 0; s < plan->n_selections; s++)
        IW_TRY(write_selection(writer, s, &at, &selections[s]));
    ret->selections = selections;
    ret->n_selections = plan->n_selections;
    ret->changes = (struct iw_text_list){writer->changes, writer->n_changes};
    return IW_OK;
}

enum iw_rc iw_explainer_write(struct iw_sigma_explainer *explainer, struct iw_explained_item *items,
                              struct iw_arena *arena, struct iw_explanation *ret)
{
    struct writer writer = {.explainer = explainer, .arena = arena, .items = items};
    enum iw_rc rc;
    memset(ret, 0, sizeof *ret);
    iw_buffer_init(&writer.words);
    rc = write_all(&writer, ret);
    iw_buffer_done(&writer.words);
    return rc;
}

enum iw_rc iw_sigma_explainer_explain(struct iw_sigma_explainer *explainer,
                                      const struct iw_event *event, struct iw_arena *arena,
                                      struct iw_explanation *ret)
{
    struct iw_explained_item *items = iw_arena_calloc(arena, explainer->n_items + 1, sizeof *items);
    enum iw_rc rc = items != NULL ? iw_explainer_measure(explainer, event) : IW_ENOMEM;
    if (rc == IW_OK)
        rc = iw_explain_see_items(&explainer->eval, explainer->plan, false, arena, items);
    if (iw_explainer_has_no_memory(explainer))
        rc = IW_ENOMEM;
    iw_view_forget(&explainer->eval.view);
    return rc == IW_OK ? iw_explainer_write(explainer, items, arena, ret) : rc;
}
