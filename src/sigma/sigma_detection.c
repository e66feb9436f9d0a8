/*
 * Detections (Sigma 2.1, "Detection"): maps, lists of maps, keyword lists; mixed lists too. Lists
 * in lists are refused: no rule in use has one.
 */
#include "sigma/sigma_detection.h"

#include "base/limits.h"
#include "event/context_name.h"
#include "sigma/sigma_condition.h"

static enum iw_rc read_map(const struct iw_load *load, const struct iw_yaml_node *map,
                           struct iw_group *group)
{
    if (map->n_entries == 0)
        return iw_load_refuse(load, map, "detection: an empty map");
    group->items = iw_arena_calloc(load->arena, map->n_entries, sizeof *group->items);
    if (group->items == NULL)
        return iw_load_no_memory(load);
    for (const struct iw_yaml_entry *entry = map->first; entry != NULL; entry = entry->next)
        IW_TRY(iw_item_load(load, entry->key, entry->value, &group->items[group->n_items++]));
    return IW_OK;
}

static enum iw_rc read_group(const struct iw_load *load, const struct iw_yaml_node *node,
                             struct iw_group *group)
{
    switch (node->kind) {
    case IW_YAML_MAPPING:
        return read_map(load, node, group);
    case IW_YAML_SEQUENCE:
        return iw_load_refuse(load, node, "detection: a list in a list is not supported");
    case IW_YAML_SCALAR:
        break;
    }
    group->items = iw_arena_calloc(load->arena, 1, sizeof *group->items);
    if (group->items == NULL)
        return iw_load_no_memory(load);
    group->n_items = 1;
    return iw_item_load_keyword(load, node, &group->items[0]);
}

static enum iw_rc read_selection(const struct iw_load *load, const struct iw_yaml_entry *entry,
                                 struct iw_selection *selection)
{
    const struct iw_yaml_node *node = entry->value;
    size_t n = node->kind == IW_YAML_SEQUENCE ? node->n_entries : 1;

    selection->name = entry->key->text;
    if (selection->name.n > IW_LIMIT_SELECTION_NAME_BYTES)
        return iw_load_refuse(load, entry->key, "detection: the name of a selection is too long");
    if (n == 0)
        return iw_load_refuse(load, node, "detection: an empty list");
    selection->groups = iw_arena_calloc(load->arena, n, sizeof *selection->groups);
    if (selection->groups == NULL)
        return iw_load_no_memory(load);
    if (node->kind != IW_YAML_SEQUENCE) {
        selection->n_groups = 1;
        return read_group(load, node, &selection->groups[0]);
    }
    for (const struct iw_yaml_entry *item = node->first; item != NULL; item = item->next)
        IW_TRY(read_group(load, item->value, &selection->groups[selection->n_groups++]));
    return IW_OK;
}

enum iw_rc iw_detection_load(const struct iw_load *load, const struct iw_yaml_node *node,
                             const char *passed, struct iw_rule_plan *plan)
{
    const struct iw_yaml_node *condition = iw_yaml_find(node, "condition");

    if (condition == NULL)
        return iw_load_refuse(load, node, "condition: is missing");
    plan->selections = iw_arena_calloc(load->arena, node->n_entries, sizeof *plan->selections);
    if (plan->selections == NULL)
        return iw_load_no_memory(load);
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next) {
        if (entry->value == condition || iw_str_equal(entry->key->text, iw_str_of(passed)))
            continue;
        IW_TRY(read_selection(load, entry, &plan->selections[plan->n_selections++]));
    }
    IW_TRY(iw_condition_load(load, condition, plan));
    plan->n_own_selections = plan->n_selections;
    plan->n_own_steps = plan->n_steps;
    return IW_OK;
}

/* --- context fields --- */

typedef bool is_wanted(struct iw_str name);

static bool is_unknown(struct iw_str name)
{
    return iw_context_name_is_one(name) && !iw_context_name_is_known(name);
}

/* The first field of an item that is wanted, or an empty text. */
static struct iw_str item_field(const struct iw_item *item, const struct iw_names *names,
                                is_wanted *wants)
{
    struct iw_str name = iw_names_text(names, item->field);

    if (item->field != IW_NAME_UNASKED && wants(name))
        return name;
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else) {
            if (test->kind != IW_TEST_FIELD)
                continue;
            name = iw_names_text(names, test->u.field.id);
            if (wants(name))
                return name;
        }
    }
    return IW_STR("");
}

static struct iw_str find_field(const struct iw_rule_plan *plan, const struct iw_names *names,
                                is_wanted *wants)
{
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++) {
                struct iw_str name = item_field(&group->items[i], names, wants);
                if (name.n != 0)
                    return name;
            }
        }
    }
    return IW_STR("");
}

struct iw_str iw_detection_context_field(const struct iw_rule_plan *plan,
                                         const struct iw_names *names)
{
    return find_field(plan, names, iw_context_name_is_one);
}

struct iw_str iw_detection_unknown_field(const struct iw_rule_plan *plan,
                                         const struct iw_names *names)
{
    return find_field(plan, names, is_unknown);
}

static void defer_item(struct iw_item *item, const struct iw_names *names)
{
    item->field_is_context =
        item->field != IW_NAME_UNASKED && iw_context_name_is_one(iw_names_text(names, item->field));
    item->asks_context = item->field_is_context;
    for (size_t i = 0; i < item->n_tests; i++) {
        for (struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else) {
            if (test->kind != IW_TEST_FIELD ||
                !iw_context_name_is_one(iw_names_text(names, test->u.field.id)))
                continue;
            test->u.field.is_context = true;
            item->asks_context = true;
        }
    }
}

void iw_detection_defer_context(struct iw_rule_plan *plan, const struct iw_names *names)
{
    for (size_t s = 0; s < plan->n_selections; s++) {
        for (size_t g = 0; g < plan->selections[s].n_groups; g++) {
            const struct iw_group *group = &plan->selections[s].groups[g];
            for (size_t i = 0; i < group->n_items; i++)
                defer_item(&group->items[i], names);
        }
    }
}
