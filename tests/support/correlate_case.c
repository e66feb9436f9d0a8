/*
 * Cases of bytes. The bytes that make rules and those that make events alternate in one sequence;
 * past its end everything is 0.
 */
#include "tests/support/correlate_case.h"

struct bytes {
    const uint8_t *p;
    size_t n, at;
};

static unsigned next(struct bytes *bytes, unsigned n)
{
    unsigned byte = bytes->at < bytes->n ? bytes->p[bytes->at] : 0;
    bytes->at++;
    return byte % n;
}

const char *correlate_case_host(int host)
{
    static const char *const HOSTS[] = {"web1", "web2"};
    return HOSTS[host];
}

const char *correlate_case_field(enum case_field field)
{
    static const char *const FIELDS[] = {"U", "V", "N", "Computer", "X"};
    return FIELDS[field];
}

/* --- rules --- */

static void make_steps(struct bytes *bytes, int own, struct case_correlation *c)
{
    c->n_steps = 1 + (int)next(bytes, CASE_STEPS);
    for (int i = 0; i < c->n_steps; i++) {
        c->steps[i].is_correlation = own > 0 && next(bytes, 3) == 0;
        c->steps[i].at = (int)next(bytes, c->steps[i].is_correlation ? (unsigned)own : CASE_RULES);
    }
}

static void make_bounds(struct bytes *bytes, struct case_correlation *c)
{
    bool is_temporal =
        c->type == IW_CORRELATION_TEMPORAL || c->type == IW_CORRELATION_TEMPORAL_ORDERED;
    bool is_count = is_temporal || c->type == IW_CORRELATION_EVENT_COUNT ||
                    c->type == IW_CORRELATION_VALUE_COUNT;

    c->n_bounds = (int)next(bytes, is_temporal ? 3 : 2) + (is_temporal ? 0 : 1);
    for (int i = 0; i < c->n_bounds; i++) {
        c->kinds[i] = (enum iw_bound_kind)next(bytes, 6);
        c->bounds[i] = is_count ? (double)next(bytes, 5) : (double)next(bytes, 16) / 2 - 2;
    }
    /* A key of a map can stand once. */
    if (c->n_bounds == 2 && c->kinds[0] == c->kinds[1])
        c->n_bounds = 1;
}

/* No rule twice: a name would stand for the first of them. */
static void make_leaves_differ(struct case_correlation *c)
{
    for (int i = 0; i < c->n_steps; i++) {
        for (int k = 0; k < i; k++) {
            if (c->steps[i].is_correlation == c->steps[k].is_correlation &&
                c->steps[i].at == c->steps[k].at) {
                c->n_steps = i;
                return;
            }
        }
    }
}

static void make_condition(struct bytes *bytes, struct case_correlation *c)
{
    int open[CASE_NODES], n_open = 0;

    make_leaves_differ(c);
    for (int i = 0; i < c->n_steps + (int)next(bytes, 3) && i < 6; i++) {
        c->nodes[c->n_nodes] = (struct case_node){CASE_LEAF, i % c->n_steps, 0};
        open[n_open++] = c->n_nodes++;
        if (next(bytes, 3) == 0) {
            c->nodes[c->n_nodes] = (struct case_node){CASE_NOT, open[n_open - 1], 0};
            open[n_open - 1] = c->n_nodes++;
        }
    }
    while (n_open > 1 && c->n_nodes < CASE_NODES) {
        struct case_node node = {CASE_AND, open[n_open - 2], open[n_open - 1]};
        if (next(bytes, 2) == 0)
            node.kind = CASE_OR;
        c->nodes[c->n_nodes] = node;
        n_open--;
        open[n_open - 1] = c->n_nodes++;
    }
}

static enum iw_correlation_type type_of(struct bytes *bytes)
{
    return (enum iw_correlation_type)next(bytes, 8);
}

static void make_correlation(struct bytes *bytes, int own, struct case_correlation *c)
{
    c->type = type_of(bytes);
    make_steps(bytes, own, c);
    c->span = (int64_t)next(bytes, 7);
    c->n_group = (int)next(bytes, 3);
    for (int i = 0; i < c->n_group; i++) {
        static const enum case_field GROUPS[] = {CASE_U, CASE_V, CASE_HOST, CASE_ALIAS};
        c->group[i] = GROUPS[next(bytes, 4)];
    }
    for (int i = 0; i < CASE_RULES; i++)
        c->alias[i] = (int)next(bytes, 3) - 1;
    if (c->type == IW_CORRELATION_VALUE_COUNT) {
        c->n_fields = 1 + (int)next(bytes, 2);
        for (int i = 0; i < c->n_fields; i++)
            c->fields[i] = (enum case_field)next(bytes, 5);
    } else if (c->type >= IW_CORRELATION_VALUE_SUM) {
        c->n_fields = 1;
        c->fields[0] = CASE_N;
    }
    c->percentile = (double)next(bytes, 9) * 12.5;
    if ((c->type == IW_CORRELATION_TEMPORAL || c->type == IW_CORRELATION_TEMPORAL_ORDERED) &&
        next(bytes, 2) == 0)
        make_condition(bytes, c);
    else
        make_bounds(bytes, c);
    c->generate = next(bytes, 2) == 0;
}

/* --- events --- */

static void make_event(struct bytes *bytes, int64_t *time, struct case_event *event)
{
    static const char *const WORDS[] = {"a", "A", "b", NULL, "\xC3\xA9", "\xC3\x89", "", "a,b"};
    static const char *const NUMBERS[] = {"0", "1", "2",  "3",    "-1", "2.5",
                                          "7", "x", NULL, "0.25", "+4", "9007199254740993"};
    unsigned shape = next(bytes, 256);

    *time += (int64_t)(shape & 3) == 3 ? (int64_t)next(bytes, 9) : (int64_t)(shape & 1);
    event->time = *time;
    event->host = shape >> 2 & 1;
    event->rules = next(bytes, 16);
    /* Most events match one rule. */
    if ((shape & 0x18) != 0)
        event->rules = 1U << event->rules % CASE_RULES;
    event->values[0][0] = WORDS[next(bytes, 8) % ((shape & 0x20) != 0 ? 8 : 3)];
    event->values[1][0] = WORDS[next(bytes, 8)];
    event->values[2][0] = NUMBERS[next(bytes, 12)];
    if ((shape & 0xC0) != 0)
        return;
    event->values[0][1] = WORDS[next(bytes, 8)];
    event->values[1][1] = WORDS[next(bytes, 8)];
    event->values[2][1] = NUMBERS[next(bytes, 12)];
}

void correlate_case_make(const uint8_t *bytes, size_t n, struct correlate_case *ret)
{
    struct bytes source = {bytes, n, 0};
    int64_t time = 0;

    memset(ret, 0, sizeof *ret);
    ret->n_correlations = 1 + (int)next(&source, CASE_CORRELATIONS);
    for (int i = 0; i < ret->n_correlations; i++)
        make_correlation(&source, i, &ret->correlations[i]);
    ret->n_events = (int)next(&source, CASE_EVENTS + 1);
    for (int i = 0; i < ret->n_events; i++)
        make_event(&source, &time, &ret->events[i]);
}

/* --- as YAML --- */

static void put_step(const struct case_step *step, struct iw_buffer *yaml)
{
    iw_buffer_printf(yaml, "%s%d", step->is_correlation ? "c" : "r", step->at);
}

static void put_condition(const struct case_correlation *c, int at, struct iw_buffer *yaml)
{
    const struct case_node *node = &c->nodes[at];

    if (node->kind == CASE_LEAF) {
        put_step(&c->steps[node->left], yaml);
        return;
    }
    iw_buffer_add_char(yaml, '(');
    if (node->kind == CASE_NOT)
        iw_buffer_add(yaml, IW_STR("not "));
    put_condition(c, node->left, yaml);
    if (node->kind != CASE_NOT) {
        iw_buffer_printf(yaml, " %s ", node->kind == CASE_AND ? "and" : "or");
        put_condition(c, node->right, yaml);
    }
    iw_buffer_add_char(yaml, ')');
}

static void put_aliases(const struct case_correlation *c, struct iw_buffer *yaml)
{
    bool any = false;

    for (int s = 0; s < c->n_steps; s++) {
        int rule = c->steps[s].at;
        bool is_told = false;
        for (int k = 0; k < s; k++)
            is_told |= !c->steps[k].is_correlation && c->steps[k].at == rule;
        if (c->steps[s].is_correlation || c->alias[rule] < 0 || is_told)
            continue;
        iw_buffer_printf(yaml, "%sr%d: %s", any ? ", " : ", aliases: {X: {", rule,
                         correlate_case_field((enum case_field)c->alias[rule]));
        any = true;
    }
    if (any)
        iw_buffer_add(yaml, IW_STR("}}"));
}

static void put_bounds(const struct case_correlation *c, struct iw_buffer *yaml)
{
    static const char *const KINDS[] = {"lt", "lte", "gt", "gte", "eq", "neq"};

    if (c->n_bounds == 0)
        return;
    iw_buffer_add(yaml, IW_STR(", condition: {"));
    for (int i = 0; i < c->n_bounds; i++) {
        iw_buffer_printf(yaml, "%s%s: %g", i != 0 ? ", " : "", KINDS[c->kinds[i]], c->bounds[i]);
    }
    if (c->n_fields != 0)
        iw_buffer_printf(yaml, ", field: [%s", correlate_case_field(c->fields[0]));
    for (int i = 1; i < c->n_fields; i++)
        iw_buffer_printf(yaml, ", %s", correlate_case_field(c->fields[i]));
    if (c->n_fields != 0)
        iw_buffer_add_char(yaml, ']');
    if (c->type == IW_CORRELATION_VALUE_PERCENTILE)
        iw_buffer_printf(yaml, ", percentile: %g", c->percentile);
    iw_buffer_add_char(yaml, '}');
}

static void put_correlation(const struct case_correlation *c, int own, struct iw_buffer *yaml)
{
    static const char *const TYPES[] = {"event_count",      "value_count", "temporal",
                                        "temporal_ordered", "value_sum",   "value_avg",
                                        "value_percentile", "value_median"};

    iw_buffer_printf(yaml, "---\ntitle: c%d\nname: c%d\ncorrelation: {type: %s, rules: [", own, own,
                     TYPES[c->type]);
    for (int i = 0; i < c->n_steps; i++) {
        iw_buffer_add(yaml, i != 0 ? IW_STR(", ") : IW_STR(""));
        put_step(&c->steps[i], yaml);
    }
    iw_buffer_printf(yaml, "], timespan: %llds", (long long)c->span);
    for (int i = 0; i < c->n_group; i++)
        iw_buffer_printf(yaml, "%s%s", i != 0 ? ", " : ", group-by: [",
                         correlate_case_field(c->group[i]));
    if (c->n_group != 0)
        iw_buffer_add_char(yaml, ']');
    put_aliases(c, yaml);
    if (c->n_nodes != 0) {
        iw_buffer_add(yaml, IW_STR(", condition: '"));
        put_condition(c, c->n_nodes - 1, yaml);
        iw_buffer_add_char(yaml, '\'');
    }
    put_bounds(c, yaml);
    iw_buffer_printf(yaml, ", generate: %s}\n", c->generate ? "true" : "false");
}

void correlate_case_yaml(const struct correlate_case *test, struct iw_buffer *yaml)
{
    for (int i = 0; i < CASE_RULES; i++)
        iw_buffer_printf(yaml,
                         "---\ntitle: r%d\nname: r%d\nlogsource: {product: windows}\n"
                         "detection: {s: {T: x}, condition: s}\n",
                         i, i);
    for (int i = 0; i < test->n_correlations; i++)
        put_correlation(&test->correlations[i], i, yaml);
}
