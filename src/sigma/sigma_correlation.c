/*
 * Correlation documents (Sigma 2.1, "Correlation Rules"; extended conditions and value_median as
 * approved for 2.2). Unlike in rules, an unknown key under `correlation` is refused: a misspelt
 * `group-by` would silently make one group of all events.
 *
 * Without `group-by` all matches are one group, as pySigma has it.
 */
#include "sigma/sigma_correlation.h"

#include "base/limits.h"
#include "base/timestamp.h"
#include "sigma/sigma_condition.h"
#include "sigma/sigma_number.h"

struct type_row {
    const char *name;
    enum iw_correlation_type type;
    bool is_temporal;
    bool wants_field;
};

static const struct type_row TYPES[] = {
    {"event_count", IW_CORRELATION_EVENT_COUNT, false, false},
    {"value_count", IW_CORRELATION_VALUE_COUNT, false, true},
    {"temporal", IW_CORRELATION_TEMPORAL, true, false},
    {"temporal_ordered", IW_CORRELATION_TEMPORAL_ORDERED, true, false},
    {"value_sum", IW_CORRELATION_VALUE_SUM, false, true},
    {"value_avg", IW_CORRELATION_VALUE_AVG, false, true},
    {"value_percentile", IW_CORRELATION_VALUE_PERCENTILE, false, true},
    {"value_median", IW_CORRELATION_VALUE_MEDIAN, false, true},
};

/* A correlation being read. */
struct reader {
    const struct iw_load *load;
    const struct iw_yaml_node *node; /* `correlation` */
    const struct type_row *type;
    struct iw_correlation *correlation;
};

static int shown(struct iw_str text)
{
    return text.n < 80 ? (int)text.n : 80;
}

/* The value of a key that must be there and be text. */
static enum iw_rc want_text(const struct reader *r, const char *key,
                            const struct iw_yaml_node **ret)
{
    *ret = iw_yaml_find(r->node, key);
    if (*ret == NULL)
        return iw_load_refuse(r->load, r->node, "correlation: '%s' is missing", key);
    if ((*ret)->kind != IW_YAML_SCALAR || iw_yaml_is_null(*ret))
        return iw_load_refuse(r->load, *ret, "correlation: '%s' must be text", key);
    return IW_OK;
}

static enum iw_rc check_keys(const struct reader *r)
{
    static const char *const KEYS[] = {"type",      "rules",   "group-by", "timespan",
                                       "condition", "aliases", "generate"};
    for (const struct iw_yaml_entry *entry = r->node->first; entry != NULL; entry = entry->next) {
        bool known = false;
        for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
            known |= iw_str_equal(entry->key->text, iw_str_of(KEYS[i]));
        if (!known)
            return iw_load_refuse(r->load, entry->key, "correlation: '%.*s' is not known",
                                  shown(entry->key->text), entry->key->text.p);
    }
    return IW_OK;
}

static enum iw_rc read_type(struct reader *r)
{
    const struct iw_yaml_node *node;

    IW_TRY(want_text(r, "type", &node));
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (iw_str_equal(iw_str_of(TYPES[i].name), node->text)) {
            r->type = &TYPES[i];
            r->correlation->type = TYPES[i].type;
            return IW_OK;
        }
    }
    return iw_load_refuse(r->load, node, "correlation: type '%.*s' is not known", shown(node->text),
                          node->text.p);
}

bool iw_timespan_read(struct iw_str text, int64_t *ret_ns)
{
    static const struct {
        char unit;
        int64_t seconds;
    } UNITS[] = {{'s', 1},      {'m', 60},      {'h', 3600},    {'d', 86400},
                 {'w', 604800}, {'M', 2629746}, {'y', 31556952}};
    struct iw_str digits = {text.p, text.n - (text.n != 0)};
    uint64_t n = 0;

    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        int64_t unit_ns = UNITS[i].seconds * IW_NS_PER_SECOND;
        if (digits.n == 0 || digits.p[digits.n] != UNITS[i].unit || !iw_str_to_u64(digits, &n))
            continue;
        *ret_ns = n > (uint64_t)(INT64_MAX / unit_ns) ? INT64_MAX : (int64_t)n * unit_ns;
        return true;
    }
    return false;
}

static enum iw_rc read_timespan(struct reader *r)
{
    const struct iw_yaml_node *node;

    IW_TRY(want_text(r, "timespan", &node));
    if (!iw_timespan_read(node->text, &r->correlation->timespan_ns))
        return iw_load_refuse(
            r->load, node, "correlation: timespan '%.*s' is no number with s, m, h, d, w, M or y",
            shown(node->text), node->text.p);
    if (r->correlation->timespan_ns == INT64_MAX)
        return iw_load_refuse(r->load, node, "correlation: timespan is too long");
    return IW_OK;
}

static enum iw_rc read_generate(struct reader *r)
{
    const struct iw_yaml_node *node = iw_yaml_find(r->node, "generate");

    if (node == NULL)
        return IW_OK;
    if (node->kind == IW_YAML_SCALAR && node->is_plain) {
        r->correlation->generate = iw_str_equal_nocase(node->text, IW_STR("true"));
        if (r->correlation->generate || iw_str_equal_nocase(node->text, IW_STR("false")))
            return IW_OK;
    }
    return iw_load_refuse(r->load, node, "correlation: generate is true or false");
}

/* --- fields and aliases --- */

static enum iw_rc add_name(const struct reader *r, const struct iw_yaml_node *node,
                           uint32_t *ret_field)
{
    if (node->kind != IW_YAML_SCALAR || iw_yaml_is_null(node) || !iw_name_is_askable(node->text) ||
        node->text.n == 0)
        return iw_load_refuse(r->load, node, "correlation: a field name is expected here");
    *ret_field = iw_names_add(r->load->names, node->text);
    return *ret_field != IW_NAME_UNASKED ? IW_OK : iw_load_no_memory(r->load);
}

static enum iw_rc read_field(const struct reader *r, const struct iw_yaml_node *node,
                             struct iw_correlation_field *ret)
{
    IW_TRY(add_name(r, node, &ret->field));
    ret->name = node->text;
    for (size_t i = 0; i < r->correlation->n_aliases; i++) {
        if (iw_str_equal(r->correlation->aliases[i].name, node->text))
            ret->alias = &r->correlation->aliases[i];
    }
    return IW_OK;
}

/* A field name or a list of them. */
static enum iw_rc read_fields(const struct reader *r, const struct iw_yaml_node *node,
                              struct iw_correlation_field **ret, size_t *ret_n)
{
    *ret = iw_arena_calloc(r->load->arena, node->n_entries + 1, sizeof **ret);
    if (*ret == NULL)
        return iw_load_no_memory(r->load);
    if (node->kind == IW_YAML_SCALAR)
        return read_field(r, node, &(*ret)[(*ret_n)++]);
    if (node->kind != IW_YAML_SEQUENCE)
        return iw_load_refuse(r->load, node, "correlation: a list of field names is expected");
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next)
        IW_TRY(read_field(r, entry->value, &(*ret)[(*ret_n)++]));
    return IW_OK;
}

static enum iw_rc read_alias(const struct reader *r, const struct iw_yaml_entry *entry,
                             struct iw_correlation_alias *alias)
{
    const struct iw_yaml_node *map = entry->value;

    alias->name = entry->key->text;
    if (map->kind != IW_YAML_MAPPING || map->n_entries == 0)
        return iw_load_refuse(r->load, map, "correlation: an alias is a map from rules to fields");
    alias->fields = iw_arena_calloc(r->load->arena, map->n_entries, sizeof *alias->fields);
    if (alias->fields == NULL)
        return iw_load_no_memory(r->load);
    for (const struct iw_yaml_entry *item = map->first; item != NULL; item = item->next) {
        struct iw_alias_field *field = &alias->fields[alias->n++];
        field->rule =
            (struct iw_reference){item->key->text, item->key->line, item->key->column, SIZE_MAX};
        IW_TRY(add_name(r, item->value, &field->field));
    }
    return IW_OK;
}

static enum iw_rc read_aliases(struct reader *r)
{
    const struct iw_yaml_node *node = iw_yaml_find(r->node, "aliases");
    struct iw_correlation *correlation = r->correlation;

    if (node == NULL)
        return IW_OK;
    if (node->kind != IW_YAML_MAPPING)
        return iw_load_refuse(r->load, node, "correlation: aliases must be a map");
    correlation->aliases =
        iw_arena_calloc(r->load->arena, node->n_entries + 1, sizeof *correlation->aliases);
    if (correlation->aliases == NULL)
        return iw_load_no_memory(r->load);
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next)
        IW_TRY(read_alias(r, entry, &correlation->aliases[correlation->n_aliases++]));
    return IW_OK;
}

static enum iw_rc read_group_by(struct reader *r)
{
    const struct iw_yaml_node *node = iw_yaml_find(r->node, "group-by");
    if (node == NULL)
        return IW_OK;
    return read_fields(r, node, &r->correlation->group_by, &r->correlation->n_group_by);
}

/* --- conditions with numbers --- */

static bool bound_of(struct iw_str key, enum iw_bound_kind *ret)
{
    static const struct {
        const char *name;
        enum iw_bound_kind kind;
    } KINDS[] = {{"lt", IW_BOUND_LT},   {"lte", IW_BOUND_LTE}, {"gt", IW_BOUND_GT},
                 {"gte", IW_BOUND_GTE}, {"eq", IW_BOUND_EQ},   {"neq", IW_BOUND_NEQ}};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (iw_str_equal(iw_str_of(KINDS[i].name), key)) {
            *ret = KINDS[i].kind;
            return true;
        }
    }
    return false;
}

static enum iw_rc read_number(const struct reader *r, const struct iw_yaml_node *node,
                              struct iw_number *ret)
{
    if (node->kind != IW_YAML_SCALAR || !node->is_plain || !iw_number_parse(node->text, ret))
        return iw_load_refuse(r->load, node, "correlation: a number is expected here");
    return IW_OK;
}

/* Counts are whole; sums, averages and percentiles need not be. */
static enum iw_rc read_bound(const struct reader *r, enum iw_bound_kind kind,
                             const struct iw_yaml_node *node)
{
    struct iw_correlation_bound *bound = &r->correlation->bounds[r->correlation->n_bounds++];
    bool counts = r->type->is_temporal || r->type->type == IW_CORRELATION_EVENT_COUNT ||
                  r->type->type == IW_CORRELATION_VALUE_COUNT;

    bound->kind = kind;
    IW_TRY(read_number(r, node, &bound->value));
    if (counts && (!bound->value.is_whole || bound->value.is_negative))
        return iw_load_refuse(r->load, node, "correlation: a count is a whole number");
    return IW_OK;
}

static enum iw_rc read_percentile(const struct reader *r, const struct iw_yaml_node *node)
{
    static const struct iw_number LEAST = {.is_whole = true};
    static const struct iw_number MOST = {.is_whole = true, .magnitude = 100, .real = 100};
    struct iw_number *percentile = &r->correlation->percentile;

    if (r->type->type != IW_CORRELATION_VALUE_PERCENTILE)
        return iw_load_refuse(r->load, node, "correlation: only value_percentile has a percentile");
    IW_TRY(read_number(r, node, percentile));
    if (iw_number_compare(percentile, &LEAST) < 0 || iw_number_compare(percentile, &MOST) > 0)
        return iw_load_refuse(r->load, node, "correlation: a percentile is 0 to 100");
    return IW_OK;
}

static enum iw_rc read_condition_map(struct reader *r, const struct iw_yaml_node *node)
{
    struct iw_correlation *correlation = r->correlation;
    bool has_percentile = false;

    correlation->bounds =
        iw_arena_calloc(r->load->arena, node->n_entries + 1, sizeof *correlation->bounds);
    if (correlation->bounds == NULL)
        return iw_load_no_memory(r->load);
    for (const struct iw_yaml_entry *entry = node->first; entry != NULL; entry = entry->next) {
        struct iw_str key = entry->key->text;
        enum iw_bound_kind kind;
        if (bound_of(key, &kind)) {
            IW_TRY(read_bound(r, kind, entry->value));
        } else if (iw_str_equal(key, IW_STR("field")) && r->type->wants_field) {
            IW_TRY(read_fields(r, entry->value, &correlation->fields, &correlation->n_fields));
        } else if (iw_str_equal(key, IW_STR("percentile"))) {
            IW_TRY(read_percentile(r, entry->value));
            has_percentile = true;
        } else {
            return iw_load_refuse(r->load, entry->key, "correlation: condition '%.*s' is not known",
                                  shown(key), key.p);
        }
    }
    if (correlation->n_bounds == 0)
        return iw_load_refuse(r->load, node,
                              "correlation: the condition has no lt, lte, gt, gte, eq or neq");
    if (r->type->wants_field && correlation->n_fields == 0)
        return iw_load_refuse(r->load, node, "correlation: %s needs a field", r->type->name);
    if (r->type->wants_field && r->type->type != IW_CORRELATION_VALUE_COUNT &&
        correlation->n_fields != 1)
        return iw_load_refuse(r->load, node, "correlation: %s takes one field", r->type->name);
    if (r->type->type == IW_CORRELATION_VALUE_PERCENTILE && !has_percentile)
        return iw_load_refuse(r->load, node, "correlation: value_percentile needs a percentile");
    return IW_OK;
}

/* --- extended conditions --- */

static bool is_break(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == ')';
}

/* The next word of a condition; an empty text at the end. */
static struct iw_str next_word(struct iw_str *rest)
{
    struct iw_str word;
    while (rest->n != 0 && is_break(*rest->p))
        *rest = (struct iw_str){rest->p + 1, rest->n - 1};
    word = (struct iw_str){rest->p, 0};
    while (word.n < rest->n && !is_break(rest->p[word.n]))
        word.n++;
    *rest = (struct iw_str){rest->p + word.n, rest->n - word.n};
    return word;
}

static bool is_operator(struct iw_str word)
{
    return iw_str_equal_nocase(word, IW_STR("and")) || iw_str_equal_nocase(word, IW_STR("or")) ||
           iw_str_equal_nocase(word, IW_STR("not"));
}

static bool has_rule(const struct iw_correlation *correlation, struct iw_str name)
{
    for (size_t i = 0; i < correlation->n_rules; i++) {
        if (iw_str_equal(correlation->rules[i].text, name))
            return true;
    }
    return false;
}

/* Every word is a rule of the list; without a list the words are the list. */
static enum iw_rc take_words(struct reader *r, const struct iw_yaml_node *node)
{
    struct iw_correlation *correlation = r->correlation;
    bool has_list = correlation->n_rules != 0;
    struct iw_str rest = node->text, word;
    size_t n_words = 0;

    if (!has_list) {
        correlation->rules =
            iw_arena_calloc(r->load->arena, IW_LIMIT_CONDITION_DEPTH, sizeof *correlation->rules);
        if (correlation->rules == NULL)
            return iw_load_no_memory(r->load);
    }
    while ((word = next_word(&rest)).n != 0) {
        if (++n_words > IW_LIMIT_CONDITION_TOKENS)
            return iw_load_refuse(r->load, node, "the condition has too many words");
        if (is_operator(word) || has_rule(correlation, word))
            continue;
        if (has_list)
            return iw_load_refuse(r->load, node,
                                  "correlation: condition names '%.*s', which is not in rules",
                                  shown(word), word.p);
        if (correlation->n_rules == IW_LIMIT_CONDITION_DEPTH)
            return iw_load_refuse(r->load, node, "the condition names too many rules");
        correlation->rules[correlation->n_rules++] =
            (struct iw_reference){word, node->line, node->column, SIZE_MAX};
    }
    return IW_OK;
}

/* What is told apart event by event is bounded: the rules of a temporal correlation are bits. */
static enum iw_rc check_number_of_rules(const struct reader *r, const struct iw_yaml_node *node)
{
    if (!r->type->is_temporal || r->correlation->n_rules <= IW_LIMIT_CORRELATION_STEPS)
        return IW_OK;
    return iw_load_refuse(r->load, node, "correlation: %s has more than %u rules", r->type->name,
                          IW_LIMIT_CORRELATION_STEPS);
}

static enum iw_rc read_extended(struct reader *r, const struct iw_yaml_node *node)
{
    struct iw_correlation *correlation = r->correlation;
    struct iw_rule_plan plan = {0};
    enum iw_rc rc;

    if (!r->type->is_temporal)
        return iw_load_refuse(r->load, node,
                              "correlation: only temporal types take a condition over rules");
    IW_TRY(take_words(r, node));
    IW_TRY(check_number_of_rules(r, node));
    plan.n_selections = correlation->n_rules;
    plan.selections =
        iw_arena_calloc(r->load->arena, plan.n_selections + 1, sizeof *plan.selections);
    if (plan.selections == NULL)
        return iw_load_no_memory(r->load);
    for (size_t i = 0; i < plan.n_selections; i++)
        plan.selections[i].name = correlation->rules[i].text;
    IW_TRY(iw_condition_load(r->load, node, &plan));
    correlation->steps = plan.steps;
    correlation->n_steps = plan.n_steps;
    correlation->stack_depth = plan.stack_depth;
    correlation->is_extended = true;
    rc = iw_correlate_terms(&plan, r->load->arena, &correlation->terms, &correlation->n_terms);
    if (rc == IW_ELIMIT)
        return iw_load_refuse(r->load, node,
                              "correlation: the condition has too many alternatives");
    return rc == IW_OK ? rc : iw_load_no_memory(r->load);
}

static enum iw_rc read_condition(struct reader *r)
{
    const struct iw_yaml_node *node = iw_yaml_find(r->node, "condition");

    if (node == NULL && r->type->is_temporal)
        return IW_OK;
    if (node == NULL)
        return iw_load_refuse(r->load, r->node, "correlation: 'condition' is missing");
    if (node->kind == IW_YAML_MAPPING)
        return read_condition_map(r, node);
    if (node->kind == IW_YAML_SCALAR && !iw_yaml_is_null(node))
        return read_extended(r, node);
    return iw_load_refuse(r->load, node, "correlation: the condition is a map or a text");
}

/* --- the document --- */

static enum iw_rc read_rules(struct reader *r)
{
    const struct iw_yaml_node *node = iw_yaml_find(r->node, "rules");
    const struct iw_yaml_node *condition = iw_yaml_find(r->node, "condition");
    bool may_omit = condition != NULL && condition->kind == IW_YAML_SCALAR && r->type->is_temporal;

    if (node == NULL && may_omit)
        return IW_OK;
    if (node == NULL)
        return iw_load_refuse(r->load, r->node, "correlation: 'rules' is missing");
    IW_TRY(iw_references_load(r->load, node, "correlation: rules", &r->correlation->rules,
                              &r->correlation->n_rules));
    if (r->correlation->n_rules == 0)
        return iw_load_refuse(r->load, node, "correlation: rules is empty");
    return check_number_of_rules(r, node);
}

enum iw_rc iw_correlation_load(const struct iw_load *load, const struct iw_yaml_node *root,
                               struct iw_correlation **ret)
{
    struct reader r = {.load = load, .node = iw_yaml_find(root, "correlation")};

    *ret = r.correlation = iw_arena_calloc(load->arena, 1, sizeof *r.correlation);
    if (r.correlation == NULL)
        return iw_load_no_memory(load);
    r.correlation->line = root->line;
    r.correlation->column = root->column;
    if (r.node->kind != IW_YAML_MAPPING)
        return iw_load_refuse(load, r.node, "correlation: must be a map");
    IW_TRY(check_keys(&r));
    IW_TRY(read_type(&r));
    IW_TRY(read_rules(&r));
    IW_TRY(read_timespan(&r));
    IW_TRY(read_aliases(&r));
    IW_TRY(read_group_by(&r));
    IW_TRY(read_condition(&r));
    return read_generate(&r);
}
