/*
 * Documents (Sigma 2.1, "Rule"): rules, filters, correlations, and rule tests that lie beside them.
 * Unknown keys are somebody's own and are passed over, as the specification asks; what changes
 * matching is honoured or refused.
 */
#include "sigma/sigma_document.h"

#include <stdio.h>

#include "sigma/sigma_detection.h"
#include "sigma/sigma_source.h"

struct iw_str iw_document_text(const struct iw_yaml_node *root, const char *key)
{
    const struct iw_yaml_node *node = iw_yaml_find(root, key);
    bool is_text = node != NULL && node->kind == IW_YAML_SCALAR && !iw_yaml_is_null(node);
    return is_text ? node->text : IW_STR("");
}

enum iw_rc iw_document_texts(const struct iw_load *load, const struct iw_yaml_node *root,
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

    IW_TRY(iw_document_texts(load, root, "tags", &tags));
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

    rule->id = iw_document_text(root, "id");
    rule->name = iw_document_text(root, "name");
    rule->status = iw_document_text(root, "status");
    rule->title = iw_document_text(root, "title");
    rule->description = iw_document_text(root, "description");
    if (rule->title.n == 0)
        return iw_load_refuse(load, root, "title: is missing");
    if (taxonomy != NULL &&
        !iw_str_equal_nocase(iw_document_text(root, "taxonomy"), IW_STR("sigma")))
        return iw_load_refuse(load, taxonomy, "taxonomy: only 'sigma' is supported");
    IW_TRY(read_level(load, root, rule));
    IW_TRY(read_tags(load, root, rule));
    IW_TRY(iw_document_texts(load, root, "falsepositives", &rule->falsepositives));
    return iw_document_texts(load, root, "triage", &rule->triage);
}

/* --- the document --- */

static void set_aside(struct iw_document *doc, enum iw_rule_state state, const char *reason)
{
    doc->state = state;
    (void)snprintf(doc->reason, sizeof doc->reason, "%s", reason);
}

/* A rule or filter that asks for what no event carries would be silently false; one that asks for
 * what nobody will ever answer is refused. */
static enum iw_rc ask_for_context(const struct iw_load *load, const struct iw_yaml_node *detection,
                                  struct iw_rule_plan *plan, struct iw_document *doc)
{
    struct iw_str field = iw_detection_unknown_field(plan, load->names);

    if (field.n != 0)
        return iw_load_refuse(load, detection, "detection: '%.*s': there is no such context field",
                              field.n < 80 ? (int)field.n : 80, field.p);
    field = iw_detection_context_field(plan, load->names);
    if (field.n == 0 || load->options.takes_context)
        return IW_OK;
    if (load->options.defers_context) {
        iw_detection_defer_context(plan, load->names);
        return IW_OK;
    }
    doc->state = IW_RULE_NOT_YET;
    (void)snprintf(doc->reason, sizeof doc->reason, "needs context field '%.*s'",
                   field.n < 80 ? (int)field.n : 80, field.p);
    return IW_OK;
}

static enum iw_rc read_rule(const struct iw_load *load, const struct iw_yaml_node *root,
                            struct iw_document *doc)
{
    const struct iw_yaml_node *detection = iw_yaml_find(root, "detection");
    struct iw_rule_plan *plan = iw_arena_calloc(load->arena, 1, sizeof *plan);

    if (plan == NULL)
        return iw_load_no_memory(load);
    plan->root = root;
    IW_TRY(read_metadata(load, root, &plan->rule));
    IW_TRY(iw_source_read(load, root, &plan->source));
    IW_TRY(iw_source_bind(load, root, plan, doc->reason, sizeof doc->reason));
    if (doc->reason[0] != '\0') {
        doc->state = IW_RULE_NOT_APPLICABLE;
        return IW_OK;
    }
    if (detection == NULL || detection->kind != IW_YAML_MAPPING)
        return iw_load_refuse(load, detection != NULL ? detection : root, "detection: is missing");
    /* `timeframe` belonged to the aggregations of Sigma 1. */
    IW_TRY(iw_detection_load(load, detection, "timeframe", plan));
    IW_TRY(ask_for_context(load, detection, plan, doc));
    doc->plan = plan;
    return iw_source_limit(load, plan);
}

static enum iw_rc read_filter(const struct iw_load *load, const struct iw_yaml_node *root,
                              struct iw_document *doc)
{
    doc->kind = IW_RULE_KIND_FILTER;
    IW_TRY(iw_filter_load(load, root, &doc->filter));
    return ask_for_context(load, root, &doc->filter->plan, doc);
}

static enum iw_rc read_correlation(const struct iw_load *load, const struct iw_yaml_node *root,
                                   struct iw_document *doc)
{
    struct iw_sigma_rule rule = {0};

    doc->kind = IW_RULE_KIND_CORRELATION;
    IW_TRY(read_metadata(load, root, &rule));
    IW_TRY(iw_correlation_load(load, root, &doc->correlation));
    doc->correlation->rule = rule;
    if (!load->options.runs_correlations)
        set_aside(doc, IW_RULE_NOT_YET, "correlations are run by hunt alone; here their rules are");
    return IW_OK;
}

/* Tests of rules (sigma_rule_test.h) may lie beside them. */
static bool is_rule_test(const struct iw_yaml_node *root)
{
    if (root->kind != IW_YAML_SEQUENCE || root->n_entries == 0)
        return false;
    for (const struct iw_yaml_entry *entry = root->first; entry != NULL; entry = entry->next) {
        if (iw_yaml_find(entry->value, "rule") == NULL ||
            (iw_yaml_find(entry->value, "event") == NULL &&
             iw_yaml_find(entry->value, "evidence") == NULL &&
             iw_yaml_find(entry->value, "match") == NULL))
            return false;
    }
    return true;
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
        words[i] = iw_document_text(node, KEYS[i]);
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

static enum iw_rc read_any(const struct iw_load *load, const struct iw_yaml_node *root,
                           struct iw_document *doc)
{
    if (is_rule_test(root)) {
        doc->kind = IW_RULE_KIND_OTHER;
        set_aside(doc, IW_RULE_NOT_APPLICABLE, "a rule test");
        return IW_OK;
    }
    if (root->kind != IW_YAML_MAPPING) {
        doc->kind = IW_RULE_KIND_OTHER;
        return iw_load_refuse(load, root, "a rule must be a map");
    }
    doc->id = iw_document_text(root, "id");
    doc->name = iw_document_text(root, "name");
    doc->title = iw_document_text(root, "title");
    doc->status = iw_document_text(root, "status");
    doc->level = iw_document_text(root, "level");
    IW_TRY(name_log_source(load, root, doc));
    if (iw_yaml_find(root, "correlation") != NULL)
        return read_correlation(load, root, doc);
    if (iw_yaml_find(root, "filter") != NULL)
        return read_filter(load, root, doc);
    return read_rule(load, root, doc);
}

void iw_document_refuse(struct iw_document *doc, const struct iw_yaml_node *root,
                        const struct iw_error *err)
{
    doc->state = IW_RULE_REFUSED;
    (void)snprintf(doc->reason, sizeof doc->reason, "%s", err->message);
    doc->line = err->line != 0 ? err->line : root->line;
    doc->column = err->line != 0 ? err->column : root->column;
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
    if (rc != IW_OK)
        iw_document_refuse(ret, root, load->err);
    return IW_OK;
}
