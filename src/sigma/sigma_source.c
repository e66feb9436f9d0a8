/*
 * Log sources (Sigma 2.1, "Log Sources"; the tables are event/logsource.c).
 *
 * An unknown name of `product: windows` is refused: running the rule on everything, or on nothing,
 * would both be wrong. Without a product it most often belongs to another world.
 */
#include "sigma/sigma_source.h"

#include <stdio.h>

static enum iw_rc read_name(const struct iw_load *load, const struct iw_yaml_node *node,
                            const char *key, struct iw_str *ret)
{
    const struct iw_yaml_node *value = iw_yaml_find(node, key);

    *ret = IW_STR("");
    if (value == NULL || iw_yaml_is_null(value))
        return IW_OK;
    if (value->kind != IW_YAML_SCALAR)
        return iw_load_refuse(load, value, "logsource: %s must be text", key);
    *ret = value->text;
    return IW_OK;
}

enum iw_rc iw_source_read(const struct iw_load *load, const struct iw_yaml_node *root,
                          struct iw_source_name *ret)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, "logsource");

    if (node == NULL || node->kind != IW_YAML_MAPPING)
        return iw_load_refuse(load, node != NULL ? node : root, "logsource: is missing");
    IW_TRY(read_name(load, node, "product", &ret->product));
    IW_TRY(read_name(load, node, "category", &ret->category));
    IW_TRY(read_name(load, node, "service", &ret->service));
    if (ret->product.n == 0 && ret->category.n == 0 && ret->service.n == 0)
        return iw_load_refuse(load, node, "logsource: names no product, category or service");
    return IW_OK;
}

struct binding {
    const struct iw_load *load;
    const struct iw_yaml_node *node; /* `logsource` */
    bool is_windows;
    char *reason;
    size_t reason_bytes;
};

static enum iw_rc bind(const struct binding *b, enum iw_log_kind kind, struct iw_str name,
                       const struct iw_log_row **rows, size_t *n)
{
    const char *word = kind == IW_LOG_CATEGORY ? "category" : "service";
    int length = name.n < 80 ? (int)name.n : 80;

    if (name.n == 0)
        return IW_OK;
    *rows = iw_log_source_find(kind, name, n);
    if (*rows == NULL && b->is_windows)
        return iw_load_refuse(b->load, iw_yaml_find(b->node, word),
                              "logsource: %s '%.*s' is not known", word, length, name.p);
    if (*rows == NULL || (*rows)->channel == NULL)
        (void)snprintf(b->reason, b->reason_bytes,
                       *rows == NULL ? "log source %s '%.*s' is not one of Windows"
                                     : "log source %s '%.*s' is written to no event channel",
                       word, length, name.p);
    return IW_OK;
}

enum iw_rc iw_source_bind(const struct iw_load *load, const struct iw_yaml_node *root,
                          struct iw_rule_plan *plan, char *ret_reason, size_t reason_bytes)
{
    struct iw_str product = plan->source.product;
    struct binding b = {load, iw_yaml_find(root, "logsource"),
                        iw_str_equal_nocase(product, IW_STR("windows")), ret_reason, reason_bytes};

    *ret_reason = '\0';
    if (product.n != 0 && !b.is_windows) {
        (void)snprintf(ret_reason, reason_bytes, "for the product '%.*s'",
                       product.n < 80 ? (int)product.n : 80, product.p);
        return IW_OK;
    }
    IW_TRY(bind(&b, IW_LOG_CATEGORY, plan->source.category, &plan->category, &plan->n_category));
    return bind(&b, IW_LOG_SERVICE, plan->source.service, &plan->service, &plan->n_service);
}

/* --- rows that take only some events of their id --- */

/* A scalar, as if the rule had it where its log source stands: for explaining. */
static const struct iw_yaml_node *make_node(const struct iw_load *load, struct iw_str text)
{
    struct iw_yaml_node *node = iw_arena_calloc(load->arena, 1, sizeof *node);
    if (node != NULL) {
        node->kind = IW_YAML_SCALAR;
        node->text = text;
        node->n_nodes = 1;
    }
    return node;
}

static enum iw_rc make_item(const struct iw_load *load, uint32_t field, const char *const *texts,
                            size_t n, struct iw_item *item)
{
    item->field = field;
    item->n_tests = n;
    item->tests = iw_arena_calloc(load->arena, n, sizeof *item->tests);
    item->key = make_node(load, iw_field_canonical_text(field));
    if (item->tests == NULL || item->key == NULL)
        return iw_load_no_memory(load);
    for (size_t i = 0; i < n; i++) {
        struct iw_pattern *pattern = &item->tests[i].u.pattern;
        item->tests[i].kind = IW_TEST_PATTERN;
        item->tests[i].source = make_node(load, iw_str_of(texts[i]));
        if (item->tests[i].source == NULL)
            return iw_load_no_memory(load);
        if (!iw_pattern_literal(iw_str_of(texts[i]), load->arena, pattern) ||
            !iw_pattern_fold(pattern, load->arena))
            return iw_load_no_memory(load);
    }
    return IW_OK;
}

/* `Channel: …` of the row and, where it takes only some events, their value. */
static enum iw_rc make_group(const struct iw_load *load, const struct iw_log_row *row,
                             struct iw_group *group)
{
    const struct iw_log_only *only = iw_log_row_only(row);
    size_t n = 0;

    group->items = iw_arena_calloc(load->arena, 2, sizeof *group->items);
    if (group->items == NULL)
        return iw_load_no_memory(load);
    IW_TRY(make_item(load, IW_FIELD_CHANNEL, &row->channel, 1, &group->items[group->n_items++]));
    if (only == NULL)
        return IW_OK;
    while (only->values[n] != NULL)
        n++;
    return make_item(load, only->field, only->values, n, &group->items[group->n_items++]);
}

enum iw_rc iw_source_limit(const struct iw_load *load, struct iw_rule_plan *plan)
{
    struct iw_selection selection = {.name = IW_STR("(log source)")};
    struct iw_step step = {IW_STEP_SELECTION, 0};
    struct iw_rule_plan part = {.selections = &selection,
                                .n_selections = 1,
                                .steps = &step,
                                .n_steps = 1,
                                .stack_depth = 1};
    const struct iw_rule_plan *parts[] = {&part};
    bool takes_all = true;

    for (size_t i = 0; i < plan->n_category; i++)
        takes_all &= iw_log_row_only(&plan->category[i]) == NULL;
    if (takes_all)
        return IW_OK;
    selection.groups = iw_arena_calloc(load->arena, plan->n_category, sizeof *selection.groups);
    if (selection.groups == NULL)
        return iw_load_no_memory(load);
    for (size_t i = 0; i < plan->n_category; i++)
        IW_TRY(make_group(load, &plan->category[i], &selection.groups[selection.n_groups++]));
    return iw_plan_limit(plan, parts, 1, load->arena) ? IW_OK : iw_load_no_memory(load);
}

/* --- log sources inside one another --- */

static bool covers(struct iw_str outer, struct iw_str inner)
{
    return outer.n == 0 || iw_str_equal_nocase(outer, inner);
}

bool iw_source_covers(const struct iw_source_name *outer, const struct iw_source_name *inner)
{
    return covers(outer->product, inner->product) && covers(outer->category, inner->category) &&
           covers(outer->service, inner->service);
}
