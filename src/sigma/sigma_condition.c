/*
 * The condition grammar of Sigma 2.1:
 *
 *   expr := or;  or := and ('or' and)*;  and := not ('and' not)*;  not := 'not' not | prim
 *   prim := '(' expr ')' | ('1' | 'any' | 'all') 'of' ('them' | pattern) | identifier
 *
 * Read by operator precedence with a stack of its own, so nesting costs no stack of ours. AND and
 * OR get a jump over their right side, so that a settled answer costs nothing more.
 *
 * Refused: identifiers and patterns that name no selection, `N of` for N > 1, and the pipe of Sigma
 * 1
 * (`| count() …`, `| near …`), which left the language.
 */
#include "sigma/sigma_condition.h"

#include "base/limits.h"

/* In order of binding. */
enum operation { OPERATOR_PARENTHESIS = 0, OPERATOR_OR, OPERATOR_AND, OPERATOR_NOT };

struct pending {
    enum operation operation;
    uint32_t jump; /* index of the step to be aimed behind this operator */
};

struct compiler {
    const struct iw_load *load;
    const struct iw_yaml_node *node;
    struct iw_rule_plan *plan;
    size_t steps_cap;
    struct pending pending[IW_LIMIT_CONDITION_DEPTH];
    size_t n_pending;
    size_t n_tokens;
    size_t depth; /* of the truth stack at this point */
    struct iw_str text;
    size_t at;
};

static enum iw_rc too_much(const struct compiler *c, const char *what)
{
    iw_error_set(c->load->err, IW_ELIMIT, "%s", what);
    iw_error_place(c->load->err, "", c->node->line, c->node->column);
    return IW_ELIMIT;
}

/* Steps live in an arena: growing copies them, and the sum of the copies stays linear. */
static enum iw_rc emit(struct compiler *c, enum iw_step_kind kind, uint32_t operand)
{
    struct iw_rule_plan *plan = c->plan;
    if (plan->n_steps == IW_LIMIT_CONDITION_STEPS)
        return too_much(c, "the condition names too many selections");
    if (plan->n_steps == c->steps_cap) {
        size_t cap = c->steps_cap != 0 ? 2 * c->steps_cap : 8;
        struct iw_step *steps = iw_arena_calloc(c->load->arena, cap, sizeof *steps);
        if (steps == NULL)
            return iw_load_no_memory(c->load);
        if (plan->n_steps != 0)
            memcpy(steps, plan->steps, plan->n_steps * sizeof *steps);
        plan->steps = steps;
        c->steps_cap = cap;
    }
    plan->steps[plan->n_steps++] = (struct iw_step){kind, operand};
    if (kind == IW_STEP_SELECTION && ++c->depth > plan->stack_depth)
        plan->stack_depth = c->depth;
    if (kind == IW_STEP_AND || kind == IW_STEP_OR)
        c->depth--;
    return IW_OK;
}

/* --- words --- */

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

static bool is_word(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') ||
           ch == '_' || ch == '-' || ch == '*' || ch == '.' || (unsigned char)ch >= 0x80;
}

/* The next word or parenthesis; an empty text at the end. */
static struct iw_str next_token(struct compiler *c)
{
    size_t start;
    while (c->at < c->text.n && is_space(c->text.p[c->at]))
        c->at++;
    start = c->at;
    while (c->at < c->text.n && is_word(c->text.p[c->at]))
        c->at++;
    if (c->at == start && c->at < c->text.n)
        c->at++;
    return (struct iw_str){c->text.p + start, c->at - start};
}

static struct iw_str peek_token(struct compiler *c)
{
    size_t at = c->at;
    struct iw_str token = next_token(c);
    c->at = at;
    return token;
}

static bool is(struct iw_str token, const char *word)
{
    return iw_str_equal_nocase(token, iw_str_of(word));
}

static int shown(struct iw_str token)
{
    return token.n < 80 ? (int)token.n : 80;
}

/* --- operators --- */

static enum iw_rc push(struct compiler *c, enum operation operation, uint32_t jump)
{
    if (c->n_pending == IW_LIMIT_CONDITION_DEPTH)
        return too_much(c, "the condition is nested too deeply");
    c->pending[c->n_pending++] = (struct pending){operation, jump};
    return IW_OK;
}

static enum iw_rc pop(struct compiler *c)
{
    struct pending top = c->pending[--c->n_pending];
    if (top.operation == OPERATOR_NOT)
        return emit(c, IW_STEP_NOT, 0);
    IW_TRY(emit(c, top.operation == OPERATOR_AND ? IW_STEP_AND : IW_STEP_OR, 0));
    c->plan->steps[top.jump].operand = (uint32_t)c->plan->n_steps;
    return IW_OK;
}

/* Applies what binds at least as strongly as *operation*, which comes next. */
static enum iw_rc settle(struct compiler *c, enum operation operation)
{
    while (c->n_pending != 0 && c->pending[c->n_pending - 1].operation >= operation)
        IW_TRY(pop(c));
    return IW_OK;
}

static enum iw_rc binary(struct compiler *c, enum operation operation)
{
    uint32_t jump;
    IW_TRY(settle(c, operation));
    jump = (uint32_t)c->plan->n_steps;
    IW_TRY(emit(c, operation == OPERATOR_AND ? IW_STEP_SKIP_IF_FALSE : IW_STEP_SKIP_IF_TRUE, 0));
    return push(c, operation, jump);
}

static enum iw_rc close_parenthesis(struct compiler *c)
{
    IW_TRY(settle(c, OPERATOR_OR));
    if (c->n_pending == 0)
        return iw_load_refuse(c->load, c->node, "condition: ')' without '('");
    c->n_pending--;
    return IW_OK;
}

/* --- operands --- */

/* Whether *name* fits a pattern whose only wildcard is `*`. */
static bool name_fits(struct iw_str pattern, struct iw_str name)
{
    size_t p = 0, n = 0, star = SIZE_MAX, star_n = 0;
    while (n < name.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            star_n = n;
        } else if (p < pattern.n && pattern.p[p] == name.p[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++star_n;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static enum iw_rc selections_of(struct compiler *c, bool all)
{
    struct iw_str pattern = next_token(c);
    bool them = is(pattern, "them");
    bool hidden_too = pattern.n != 0 && pattern.p[0] == '_';
    size_t n_found = 0, first = c->plan->n_steps;

    for (size_t i = 0; i < c->plan->n_selections; i++) {
        struct iw_str name = c->plan->selections[i].name;
        if ((name.n != 0 && name.p[0] == '_' && !hidden_too) ||
            (!them && !name_fits(pattern, name)))
            continue;
        if (n_found != 0)
            IW_TRY(emit(c, all ? IW_STEP_SKIP_IF_FALSE : IW_STEP_SKIP_IF_TRUE, UINT32_MAX));
        IW_TRY(emit(c, IW_STEP_SELECTION, (uint32_t)i));
        if (n_found != 0)
            IW_TRY(emit(c, all ? IW_STEP_AND : IW_STEP_OR, 0));
        n_found++;
    }
    if (n_found == 0)
        return iw_load_refuse(c->load, c->node, "condition: '%.*s' names no selection",
                              shown(pattern), pattern.p);
    for (size_t i = first; i < c->plan->n_steps; i++) {
        struct iw_step *step = &c->plan->steps[i];
        if (step->kind != IW_STEP_SELECTION && step->operand == UINT32_MAX)
            step->operand = (uint32_t)c->plan->n_steps;
    }
    return IW_OK;
}

static enum iw_rc operand(struct compiler *c, struct iw_str token)
{
    if (is(peek_token(c), "of")) {
        bool all = is(token, "all");
        if (!all && !is(token, "1") && !is(token, "any"))
            return iw_load_refuse(c->load, c->node,
                                  "condition: '%.*s of' does not exist: 1 of, any of, all of",
                                  shown(token), token.p);
        (void)next_token(c);
        return selections_of(c, all);
    }
    for (size_t i = 0; i < c->plan->n_selections; i++) {
        if (iw_str_equal(c->plan->selections[i].name, token))
            return emit(c, IW_STEP_SELECTION, (uint32_t)i);
    }
    return iw_load_refuse(c->load, c->node, "condition: '%.*s' names no selection", shown(token),
                          token.p);
}

/* --- one condition --- */

static enum iw_rc on_prefix(struct compiler *c, struct iw_str token, bool *wants_operand)
{
    if (is(token, "not"))
        return push(c, OPERATOR_NOT, 0);
    if (iw_str_equal(token, IW_STR("(")))
        return push(c, OPERATOR_PARENTHESIS, 0);
    if (token.n == 0 || !is_word(token.p[0]) || is(token, "and") || is(token, "or"))
        return iw_load_refuse(c->load, c->node, "condition: a selection is missing%s%.*s%s",
                              token.n != 0 ? " before '" : " at the end", shown(token), token.p,
                              token.n != 0 ? "'" : "");
    *wants_operand = false;
    return operand(c, token);
}

static enum iw_rc on_infix(struct compiler *c, struct iw_str token, bool *wants_operand)
{
    if (iw_str_equal(token, IW_STR(")")))
        return close_parenthesis(c);
    if (iw_str_equal(token, IW_STR("|")))
        return iw_load_refuse(
            c->load, c->node,
            "condition: '|' (count, near) left the language; write a correlation");
    *wants_operand = true;
    if (is(token, "and"))
        return binary(c, OPERATOR_AND);
    if (is(token, "or"))
        return binary(c, OPERATOR_OR);
    return iw_load_refuse(c->load, c->node, "condition: 'and' or 'or' is missing before '%.*s'",
                          shown(token), token.p);
}

static enum iw_rc compile_one(struct compiler *c, const struct iw_yaml_node *node)
{
    bool wants_operand = true;

    if (node->kind != IW_YAML_SCALAR)
        return iw_load_refuse(c->load, node, "condition: must be text");
    c->node = node;
    c->text = node->text;
    c->at = 0;
    c->n_pending = 0;
    for (;;) {
        struct iw_str token = next_token(c);
        if (++c->n_tokens > IW_LIMIT_CONDITION_TOKENS)
            return too_much(c, "the condition has too many words");
        if (token.n > IW_LIMIT_SELECTION_NAME_BYTES ||
            peek_token(c).n > IW_LIMIT_SELECTION_NAME_BYTES)
            return too_much(c, "the condition has a word that is too long");
        if (wants_operand)
            IW_TRY(on_prefix(c, token, &wants_operand));
        else if (token.n != 0)
            IW_TRY(on_infix(c, token, &wants_operand));
        else
            break;
    }
    IW_TRY(settle(c, OPERATOR_OR));
    if (c->n_pending != 0)
        return iw_load_refuse(c->load, node, "condition: '(' without ')'");
    return IW_OK;
}

enum iw_rc iw_condition_load(const struct iw_load *load, const struct iw_yaml_node *condition,
                             struct iw_rule_plan *plan)
{
    struct compiler c = {.load = load, .node = condition, .plan = plan};

    if (condition->kind == IW_YAML_SCALAR)
        return compile_one(&c, condition);
    if (condition->kind != IW_YAML_SEQUENCE || condition->n_entries == 0)
        return iw_load_refuse(load, condition, "condition: must be text or a list of texts");
    for (const struct iw_yaml_entry *entry = condition->first; entry != NULL; entry = entry->next) {
        uint32_t jump = (uint32_t)plan->n_steps;
        if (entry != condition->first)
            IW_TRY(emit(&c, IW_STEP_SKIP_IF_TRUE, 0));
        IW_TRY(compile_one(&c, entry->value));
        if (entry == condition->first)
            continue;
        IW_TRY(emit(&c, IW_STEP_OR, 0));
        plan->steps[jump].operand = (uint32_t)plan->n_steps;
    }
    return IW_OK;
}
