/*
 * Rule documents (Sigma 2.1, "Rule", "Detection", "Log sources"). Unknown keys are somebody's own
 * and are passed over, as the specification asks; what changes matching is honoured or refused.
 *
 * Correlations and filters are recognised and set aside; the rules they speak of load all the same.
 */
#include "sigma/sigma_document.h"

#include <stdio.h>

#include "sigma/sigma_condition.h"

static struct iw_str scalar_text(const struct iw_yaml_node *root, const char *key)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, key);
    bool is_text = node != NULL && node->kind == IW_YAML_SCALAR && !iw_yaml_is_null(node);
    return is_text ? node->text : IW_STR("");
}

/* Texts of a list, or of one scalar. What is not text is passed over: it only informs. */
static enum iw_rc text_list(const struct iw_load *load, const struct iw_yaml_node *root,
                            const char *key, struct iw_text_list *ret)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, key);
    struct iw_str *items;

    *ret = (struct iw_text_list){NULL, 0};
    if (node == NULL || node->kind == IW_YAML_MAPPING || iw_yaml_is_null(node))
        return IW_OK;
    items = iw_arena_calloc(load->arena, node->n_entries + 1, sizeof *items);
    if (items == NULL)
        return iw_load_no_memory(load);
    ret->items = items;
    if (node->kind == IW_YAML_SCALAR)
        items[ret->n++] = node->text;
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next) {
        if (entry->value->kind == IW_YAML_SCALAR)
            items[ret->n++] = entry->value->text;
    }
    return IW_OK;
}

/* --- tags --- */

static bool is_digits(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    }
    return text.n != 0;
}

/* `attack.t1505.003` → `T1505.003`; an empty text when the tag names no technique. */
static struct iw_str after_prefix(struct iw_str tag, const char *prefix, size_t n_letters)
{
    struct iw_str head = iw_str_of(prefix), name = IW_STR(""), digits;
    const char *dot;

    if (!iw_str_begins_nocase(tag, head))
        return name;
    name = (struct iw_str){tag.p + (head.n - n_letters), tag.n - (head.n - n_letters)};
    digits = (struct iw_str){tag.p + head.n, tag.n - head.n};
    dot = digits.n != 0 ? memchr(digits.p, '.', digits.n) : NULL;
    if (dot != NULL) {
        if (!is_digits((struct iw_str){dot + 1, (size_t)(digits.p + digits.n - dot) - 1}))
            return IW_STR("");
        digits.n = (size_t)(dot - digits.p);
    }
    return is_digits(digits) ? name : IW_STR("");
}

static enum iw_rc add_upper(const struct iw_load *load, struct iw_str name, struct iw_str *items,
                            size_t *n)
{
    char *copy;
    if (name.n == 0)
        return IW_OK;
    copy = iw_arena_alloc(load->arena, name.n);
    if (copy == NULL)
        return iw_load_no_memory(load);
    for (size_t i = 0; i < name.n; i++)
        copy[i] = (char)(name.p[i] >= 'a' && name.p[i] <= 'z' ? name.p[i] - 32 : name.p[i]);
    items[(*n)++] = (struct iw_str){copy, name.n};
    return IW_OK;
}

static enum iw_rc read_tags(const struct iw_load *load, const struct iw_yaml_node *root,
                            struct iw_sigma_rule *rule)
{
    struct iw_text_list tags;
    struct iw_str *attack, *analytic;

    IW_TRY(text_list(load, root, "tags", &tags));
    attack = iw_arena_calloc(load->arena, tags.n + 1, sizeof *attack);
    analytic = iw_arena_calloc(load->arena, 2 * tags.n + 1, sizeof *analytic);
    if (attack == NULL || analytic == NULL)
        return iw_load_no_memory(load);
    rule->attack.items = attack;
    rule->analytic.items = analytic;
    for (size_t i = 0; i < tags.n; i++) {
        struct iw_str tag = tags.items[i];
        IW_TRY(add_upper(load, after_prefix(tag, "attack.t", 1), attack, &rule->attack.n));
        IW_TRY(add_upper(load, after_prefix(tag, "iiswarden.an", 2), analytic, &rule->analytic.n));
        IW_TRY(add_upper(load, after_prefix(tag, "detection.an", 2), analytic, &rule->analytic.n));
        if (iw_str_equal_nocase(tag, IW_STR("iiswarden.kind-telemetry")))
            rule->kind = IW_FINDING_TELEMETRY;
    }
    return IW_OK;
}

static enum iw_rc read_level(const struct iw_load *load, const struct iw_yaml_node *root,
                             struct iw_sigma_rule *rule)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, "level");

    rule->level = IW_LEVEL_LOW;
    if (node == NULL || iw_yaml_is_null(node))
        return IW_OK;
    if (node->kind != IW_YAML_SCALAR || !iw_level_parse(node->text, &rule->level))
        return iw_load_refuse(load, node,
                              "level: must be informational, low, medium, high or "
                              "critical");
    return IW_OK;
}

static enum iw_rc read_metadata(const struct iw_load *load, const struct iw_yaml_node *root,
                                struct iw_sigma_rule *rule)
{
    const struct iw_yaml_node *taxonomy = iw_yaml_find(root, "taxonomy");

    rule->id = scalar_text(root, "id");
    rule->title = scalar_text(root, "title");
    rule->description = scalar_text(root, "description");
    if (rule->title.n == 0)
        return iw_load_refuse(load, root, "title: is missing");
    if (taxonomy != NULL && !iw_str_equal_nocase(scalar_text(root, "taxonomy"), IW_STR("sigma")))
        return iw_load_refuse(load, taxonomy, "taxonomy: only 'sigma' is supported");
    IW_TRY(read_level(load, root, rule));
    IW_TRY(read_tags(load, root, rule));
    IW_TRY(text_list(load, root, "falsepositives", &rule->falsepositives));
    return text_list(load, root, "triage", &rule->triage);
}

/* --- log source --- */

/* Finds one name of the log source. *ret_reason, when not empty, says why the rule does not apply.
 */
static enum iw_rc bind(const struct iw_load *load, const struct iw_yaml_node *node,
                       enum iw_log_kind kind, bool is_windows, const struct iw_log_row **rows,
                       size_t *n, struct iw_document *doc)
{
    const char *word = kind == IW_LOG_CATEGORY ? "category" : "service";
    int length;

    if (node == NULL || iw_yaml_is_null(node))
        return IW_OK;
    if (node->kind != IW_YAML_SCALAR)
        return iw_load_refuse(load, node, "logsource: %s must be text", word);
    *rows = iw_log_source_find(kind, node->text, n);
    length = node->text.n < 80 ? (int)node->text.n : 80;
    if (*rows == NULL && is_windows)
        return iw_load_refuse(load, node, "logsource: %s '%.*s' is not known", word, length,
                              node->text.p);
    if (*rows == NULL || (*rows)->channel == NULL) {
        doc->state = IW_RULE_NOT_APPLICABLE;
        (void)snprintf(doc->reason, sizeof doc->reason,
                       *rows == NULL ? "log source %s '%.*s' is not one of Windows"
                                     : "log source %s '%.*s' is written to no event channel",
                       word, length, node->text.p);
    }
    return IW_OK;
}

static enum iw_rc read_log_source(const struct iw_load *load, const struct iw_yaml_node *root,
                                  struct iw_document *doc)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, "logsource");
    struct iw_str product = scalar_text(node, "product");
    bool is_windows = iw_str_equal_nocase(product, IW_STR("windows"));
    struct iw_rule_plan *plan = doc->plan;

    if (node == NULL || node->kind != IW_YAML_MAPPING)
        return iw_load_refuse(load, node != NULL ? node : root, "logsource: is missing");
    if (product.n != 0 && !is_windows) {
        doc->state = IW_RULE_NOT_APPLICABLE;
        (void)snprintf(doc->reason, sizeof doc->reason, "for the product '%.*s'",
                       product.n < 80 ? (int)product.n : 80, product.p);
        return IW_OK;
    }
    IW_TRY(bind(load, iw_yaml_find(node, "category"), IW_LOG_CATEGORY, is_windows, &plan->category,
                &plan->n_category, doc));
    IW_TRY(bind(load, iw_yaml_find(node, "service"), IW_LOG_SERVICE, is_windows, &plan->service,
                &plan->n_service, doc));
    if (doc->state == IW_RULE_LOADED && product.n == 0 && plan->category == NULL &&
        plan->service == NULL)
        return iw_load_refuse(load, node, "logsource: names no product, category or service");
    return IW_OK;
}

/* --- detection --- */

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

static enum iw_rc read_detection(const struct iw_load *load, const struct iw_yaml_node *root,
                                 struct iw_rule_plan *plan)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, "detection");
    const struct iw_yaml_node *condition = iw_yaml_find(node, "condition");

    if (node == NULL || node->kind != IW_YAML_MAPPING)
        return iw_load_refuse(load, node != NULL ? node : root, "detection: is missing");
    if (condition == NULL)
        return iw_load_refuse(load, node, "condition: is missing");
    plan->selections = iw_arena_calloc(load->arena, node->n_entries, sizeof *plan->selections);
    if (plan->selections == NULL)
        return iw_load_no_memory(load);
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next) {
        /* `timeframe` belonged to the aggregations of Sigma 1. */
        if (entry->value == condition || iw_str_equal(entry->key->text, IW_STR("timeframe")))
            continue;
        IW_TRY(read_selection(load, entry, &plan->selections[plan->n_selections++]));
    }
    return iw_condition_load(load, condition, plan);
}

/* --- the document --- */

static enum iw_rc read_rule(const struct iw_load *load, const struct iw_yaml_node *root,
                            struct iw_document *doc)
{
    IW_TRY(read_metadata(load, root, &doc->plan->rule));
    IW_TRY(read_log_source(load, root, doc));
    return doc->state == IW_RULE_LOADED ? read_detection(load, root, doc->plan) : IW_OK;
}

static void set_aside(struct iw_document *doc, const char *reason)
{
    doc->state = IW_RULE_NOT_YET;
    (void)snprintf(doc->reason, sizeof doc->reason, "%s", reason);
}

/* `windows/process_creation`: the words of the log source, for lists. */
static enum iw_rc name_log_source(const struct iw_load *load, const struct iw_yaml_node *root,
                                  struct iw_document *doc)
{
    static const char *const KEYS[] = {"product", "category", "service"};
    const struct iw_yaml_node *node = iw_yaml_find(root, "logsource");
    struct iw_str words[3];
    size_t n = 0, room = 3;
    char *out;

    if (node == NULL || node->kind != IW_YAML_MAPPING)
        return IW_OK;
    for (size_t i = 0; i < 3; i++) {
        words[i] = scalar_text(node, KEYS[i]);
        room += words[i].n;
    }
    out = iw_arena_alloc(load->arena, room);
    if (out == NULL)
        return iw_load_no_memory(load);
    for (size_t i = 0; i < 3; i++) {
        if (words[i].n == 0)
            continue;
        if (n != 0)
            out[n++] = '/';
        memcpy(out + n, words[i].p, words[i].n);
        n += words[i].n;
    }
    doc->log_source = (struct iw_str){out, n};
    return IW_OK;
}

/* Rule tests (sigma_rule_test.h) may lie below the folder of the rules. */
static bool is_rule_tests(const struct iw_yaml_node *root)
{
    const struct iw_yaml_node *first = root->first != NULL ? root->first->value : NULL;
    return root->kind == IW_YAML_SEQUENCE && first != NULL && first->kind == IW_YAML_MAPPING &&
           iw_yaml_find(first, "rule") != NULL &&
           (iw_yaml_find(first, "event") != NULL || iw_yaml_find(first, "evidence") != NULL);
}

static enum iw_rc read_any(const struct iw_load *load, const struct iw_yaml_node *root,
                           struct iw_document *doc)
{
    const struct iw_yaml_node *action;

    doc->is_tests = is_rule_tests(root);
    if (doc->is_tests)
        return IW_OK;
    if (root->kind != IW_YAML_MAPPING)
        return iw_load_refuse(load, root, "a rule must be a map");
    doc->id = scalar_text(root, "id");
    doc->title = scalar_text(root, "title");
    doc->level = scalar_text(root, "level");
    IW_TRY(name_log_source(load, root, doc));
    action = iw_yaml_find(root, "action");
    doc->is_action = action != NULL;
    if (action != NULL && iw_str_equal(scalar_text(root, "action"), IW_STR("reset"))) {
        doc->is_reset = true;
        set_aside(doc, "collection action 'reset': nothing to run");
        return IW_OK;
    }
    if (action != NULL)
        return iw_load_refuse(load, action, "collection actions of Sigma 1 are not supported");
    if (iw_yaml_find(root, "correlation") != NULL) {
        set_aside(doc, "correlation is not run by this version");
        return IW_OK;
    }
    if (iw_yaml_find(root, "filter") != NULL) {
        set_aside(doc,
                  "filters are not run by this version; the rules they limit run without them");
        return IW_OK;
    }
    doc->plan = iw_arena_calloc(load->arena, 1, sizeof *doc->plan);
    if (doc->plan == NULL)
        return iw_load_no_memory(load);
    doc->plan->root = root;
    return read_rule(load, root, doc);
}

enum iw_rc iw_document_load(const struct iw_load *load, const struct iw_yaml_node *root,
                            struct iw_document *ret)
{
    enum iw_rc rc;

    memset(ret, 0, sizeof *ret);
    ret->state = IW_RULE_LOADED;
    ret->line = root->line;
    ret->column = root->column;
    rc = read_any(load, root, ret);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK) {
        ret->state = IW_RULE_REFUSED;
        (void)snprintf(ret->reason, sizeof ret->reason, "%s", load->err->message);
        ret->line = load->err->line != 0 ? load->err->line : root->line;
        ret->column = load->err->line != 0 ? load->err->column : root->column;
    }
    return IW_OK;
}
