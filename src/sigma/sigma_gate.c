/*
 * Gates, bottom-up over a rule's plan: a comparison gives atoms, OR joins sets, AND takes the set
 * that holds least often, NOT gives nothing. Sound by construction: an atom is a consequence of its
 * comparison being true or unknown.
 *
 * Sets are trees of unions that share their parts, so that a condition which names a selection a
 * thousand times costs a thousand nodes, not a thousand copies.
 */
#include "sigma/sigma_gate.h"

#include "base/fold.h"
#include "base/limits.h"
#include "base/utf.h"

/* Looking for less in every text costs more than it saves. */
#define SHORTEST_REGEX_LITERAL 3U
/* When a second set is asked for as well. */
#define RARE_ENOUGH 0.003
#define TOO_COMMON 0.35
#define MOST_SECOND_ATOMS 256U

/* A union of two sets, or a leaf. NULL stands for "always". */
struct set {
    const struct set *left, *right; /* of a union */
    struct iw_atom atom;            /* of a leaf */
    double frequency;               /* of plain text */
    double foreign;                 /* of text beyond ASCII: all of it together is rare */
    size_t n;                       /* atoms, shared parts counted each time */
};

struct finder {
    const struct iw_rule_plan *plan;
    const struct iw_frequencies *frequencies;
    struct iw_arena *arena;
    bool by_taxonomy;
    bool no_memory;
};

static double frequency_of(const struct set *set)
{
    double foreign;
    if (set == NULL)
        return 1;
    foreign = set->foreign < IW_FREQUENCY_FOREIGN ? set->foreign : IW_FREQUENCY_FOREIGN;
    return set->frequency + foreign < 0.99 ? set->frequency + foreign : 0.99;
}

/* A whole text is at most as frequent as the program it ends in, or as its being part of one. */
static double exact_frequency(const struct iw_frequencies *frequencies, struct iw_str text)
{
    const char *slash = memrchr(text.p, '\\', text.n);
    double part = iw_frequency_of_part(frequencies, text), name;

    if (slash == NULL)
        name = iw_frequency_of_basename(text);
    else
        name = iw_frequency_of_basename(
            (struct iw_str){slash + 1, (size_t)(text.p + text.n - slash) - 1});
    return part > name ? part : name;
}

double iw_atom_frequency(const struct iw_frequencies *frequencies, const struct iw_atom *atom)
{
    /* What a rule is filed under holds for all events it is asked about. */
    if (atom->field == IW_FIELD_EVENT_ID || atom->field == IW_FIELD_CHANNEL)
        return 0.97;
    if (atom->field == IW_FIELD_PROVIDER_NAME || atom->field == IW_FIELD_COMPUTER)
        return 0.5;
    switch (atom->kind) {
    case IW_ATOM_PRESENT:
        return 0.95;
    case IW_ATOM_EXACT:
        /* Numbers and words of few letters are the values of switches. */
        return atom->text.n <= 6 ? 0.2 : exact_frequency(frequencies, atom->text);
    case IW_ATOM_BASENAME:
        return iw_frequency_of_basename(atom->text);
    case IW_ATOM_EQUALS:
        return 1e-6;
    case IW_ATOM_LITERAL:
        return iw_frequency_of_part(frequencies, atom->text);
    case IW_ATOM_KIND_COUNT:
        break;
    }
    return 1;
}

/* --- sets --- */

static const struct set *leaf(struct finder *finder, const struct iw_atom *atom)
{
    struct set *set = iw_arena_calloc(finder->arena, 1, sizeof *set);
    double frequency;

    if (set == NULL) {
        finder->no_memory = true;
        return NULL;
    }
    set->atom = *atom;
    set->n = 1;
    frequency = iw_atom_frequency(finder->frequencies, atom);
    if (iw_utf8_is_ascii(atom->text))
        set->frequency = frequency;
    else
        set->foreign = frequency;
    return set;
}

static const struct set *either(struct finder *finder, const struct set *a, const struct set *b)
{
    struct set *set;

    if (a == NULL || b == NULL || a->n + b->n > IW_LIMIT_GATE_ATOMS)
        return NULL;
    set = iw_arena_calloc(finder->arena, 1, sizeof *set);
    if (set == NULL) {
        finder->no_memory = true;
        return NULL;
    }
    *set = (struct set){.left = a,
                        .right = b,
                        .frequency = a->frequency + b->frequency,
                        .foreign = a->foreign + b->foreign,
                        .n = a->n + b->n};
    return set;
}

/* Two sets of both of which something must be found; *second* is NULL before *first* is. */
struct gates {
    const struct set *first, *second;
};

static struct gates also(struct gates gates, const struct set *set)
{
    if (frequency_of(set) < frequency_of(gates.first))
        return (struct gates){set, gates.first};
    if (frequency_of(set) < frequency_of(gates.second))
        gates.second = set;
    return gates;
}

static struct gates both(struct gates a, struct gates b)
{
    return also(also(a, b.first), b.second);
}

static struct gates either_gates(struct finder *finder, struct gates a, struct gates b)
{
    return (struct gates){either(finder, a.first, b.first), either(finder, a.second, b.second)};
}

/* --- comparisons --- */

/* Keywords look at the record's own fields, whatever the rule's category. */
static bool is_by_taxonomy(const struct finder *finder, const struct iw_item *item)
{
    return finder->by_taxonomy && item->field != IW_NAME_UNASKED;
}

static const struct set *present(struct finder *finder, const struct iw_item *item)
{
    const struct iw_atom atom = {
        IW_ATOM_PRESENT, is_by_taxonomy(finder, item), false, false, item->field, IW_STR("")};
    return item->field != IW_NAME_UNASKED ? leaf(finder, &atom) : NULL;
}

static struct iw_str folded(struct finder *finder, struct iw_str text)
{
    struct iw_str result = iw_fold_text(text, finder->arena);
    finder->no_memory |= result.p == NULL;
    return result;
}

/* What a literal at *index* of the pattern asks for, as an atom. */
static struct iw_atom atom_of_literal(struct finder *finder, const struct iw_item *item,
                                      const struct iw_pattern *pattern, size_t index)
{
    struct iw_atom atom = {IW_ATOM_LITERAL, is_by_taxonomy(finder, item),
                           index == 0,      index + 1 == pattern->n,
                           item->field,     folded(finder, pattern->tokens[index].text)};
    const char *slash = NULL, *equals;

    if (finder->no_memory || item->field == IW_NAME_UNASKED)
        return atom;
    if (atom.at_start && atom.at_end) {
        atom.kind = IW_ATOM_EXACT;
        return atom;
    }
    if (atom.at_end)
        slash = memrchr(atom.text.p, '\\', atom.text.n);
    if (slash != NULL && slash + 1 < atom.text.p + atom.text.n) {
        atom.kind = IW_ATOM_BASENAME;
        atom.text = (struct iw_str){slash + 1, (size_t)(atom.text.p + atom.text.n - slash) - 1};
        return atom;
    }
    equals = memchr(atom.text.p, '=', atom.text.n);
    if (equals != NULL && (size_t)(atom.text.p + atom.text.n - equals) > IW_ATOM_EQUALS_BYTES) {
        atom.kind = IW_ATOM_EQUALS;
        atom.text = (struct iw_str){equals + 1, IW_ATOM_EQUALS_BYTES};
    }
    return atom;
}

static const struct set *of_pattern(struct finder *finder, const struct iw_item *item,
                                    const struct iw_pattern *pattern)
{
    struct iw_atom best = {0};
    double least = 2;

    for (size_t i = 0; i < pattern->n; i++) {
        struct iw_atom atom;
        double frequency;
        if (pattern->tokens[i].kind != IW_TOKEN_LITERAL)
            continue;
        atom = atom_of_literal(finder, item, pattern, i);
        if (finder->no_memory)
            return NULL;
        frequency = iw_atom_frequency(finder->frequencies, &atom);
        if (frequency < least) {
            best = atom;
            least = frequency;
        }
    }
    return least < 2 ? leaf(finder, &best) : present(finder, item);
}

static const struct set *of_regex(struct finder *finder, const struct iw_item *item,
                                  const struct iw_regex *regex)
{
    const struct iw_atom atom = {IW_ATOM_LITERAL, is_by_taxonomy(finder, item), false, false,
                                 item->field,     iw_regex_literal(regex)};
    return atom.text.n >= SHORTEST_REGEX_LITERAL ? leaf(finder, &atom) : present(finder, item);
}

static const struct set *of_test(struct finder *finder, const struct iw_item *item,
                                 const struct iw_test *test)
{
    switch (test->kind) {
    case IW_TEST_PATTERN:
        return of_pattern(finder, item, &test->u.pattern);
    case IW_TEST_REGEX:
        return of_regex(finder, item, test->u.regex);
    case IW_TEST_EXISTS:
        return test->u.exists ? present(finder, item) : NULL;
    case IW_TEST_NUMBER:
    case IW_TEST_CIDR:
    case IW_TEST_FIELD:
    case IW_TEST_TIME:
        return present(finder, item);
    case IW_TEST_NULL:
    case IW_TEST_KIND_COUNT:
        break;
    }
    return NULL;
}

/* All forms of one value: any of them. */
static const struct set *of_forms(struct finder *finder, const struct iw_item *item,
                                  const struct iw_test *test)
{
    const struct set *set = of_test(finder, item, test);
    for (test = test->or_else; test != NULL && set != NULL; test = test->or_else)
        set = either(finder, set, of_test(finder, item, test));
    return set;
}

static struct gates of_item(struct finder *finder, const struct iw_item *item)
{
    struct gates gates = {NULL, NULL};

    /* What is answered later may come to anything. */
    if (item->negated || item->asks_context)
        return gates;
    for (size_t i = 0; i < item->n_tests; i++) {
        const struct set *one = of_forms(finder, item, &item->tests[i]);
        if (item->wants_all)
            gates = also(gates, one);
        else
            gates.first = i == 0 ? one : either(finder, gates.first, one);
        if (gates.first == NULL && !item->wants_all)
            break;
    }
    return gates;
}

enum iw_rc iw_gate_item_frequency(const struct iw_item *item, bool by_taxonomy,
                                  const struct iw_frequencies *frequencies, struct iw_arena *arena,
                                  double *ret)
{
    struct finder finder = {NULL, frequencies, arena, by_taxonomy, false};
    *ret = frequency_of(of_item(&finder, item).first);
    return finder.no_memory ? IW_ENOMEM : IW_OK;
}

static struct gates of_selection(struct finder *finder, const struct iw_selection *selection)
{
    struct gates gates = {NULL, NULL};

    for (size_t g = 0; g < selection->n_groups; g++) {
        const struct iw_group *group = &selection->groups[g];
        struct gates one = {NULL, NULL};
        for (size_t i = 0; i < group->n_items; i++)
            one = both(one, of_item(finder, &group->items[i]));
        gates = g == 0 ? one : either_gates(finder, gates, one);
        if (gates.first == NULL)
            break;
    }
    return gates;
}

/* --- the condition --- */

static struct gates of_condition(struct finder *finder, const struct gates *selections,
                                 struct gates *stack)
{
    const struct iw_rule_plan *plan = finder->plan;
    size_t n = 0;

    for (size_t at = 0; at < plan->n_steps; at++) {
        switch (plan->steps[at].kind) {
        case IW_STEP_SELECTION:
            stack[n++] = selections[plan->steps[at].operand];
            break;
        case IW_STEP_NOT:
            stack[n - 1] = (struct gates){NULL, NULL};
            break;
        case IW_STEP_AND:
            n--;
            stack[n - 1] = both(stack[n - 1], stack[n]);
            break;
        case IW_STEP_OR:
            n--;
            stack[n - 1] = either_gates(finder, stack[n - 1], stack[n]);
            break;
        case IW_STEP_SKIP_IF_FALSE:
        case IW_STEP_SKIP_IF_TRUE:
            break;
        }
    }
    return stack[0];
}

/* Writes out the leaves of a tree. Its depth is the author's of the rule, so no recursion. */
static enum iw_rc write_atoms(const struct set *set, struct iw_arena *arena,
                              const struct iw_atom **ret, size_t *ret_n)
{
    const struct set **pending = iw_arena_calloc(arena, set->n + 1, sizeof(struct set *));
    struct iw_atom *atoms = iw_arena_calloc(arena, set->n, sizeof *atoms);
    size_t n_pending = 0, n = 0;

    if (pending == NULL || atoms == NULL)
        return IW_ENOMEM;
    pending[n_pending++] = set;
    while (n_pending != 0) {
        set = pending[--n_pending];
        if (set->left == NULL) {
            atoms[n++] = set->atom;
            continue;
        }
        pending[n_pending++] = set->right;
        pending[n_pending++] = set->left;
    }
    *ret = atoms;
    *ret_n = n;
    return IW_OK;
}

/* Whether asking for the second set saves more walks than looking for it costs. */
static bool is_worth_asking(struct gates gates)
{
    return gates.second != NULL && gates.second->n <= MOST_SECOND_ATOMS &&
           frequency_of(gates.first) > RARE_ENOUGH && frequency_of(gates.second) < TOO_COMMON;
}

enum iw_rc iw_gate_find(const struct iw_rule_plan *plan, const struct iw_frequencies *frequencies,
                        struct iw_arena *arena, struct iw_gate *ret)
{
    struct finder finder = {plan, frequencies, arena, plan->category != NULL, false};
    struct gates *selections = iw_arena_calloc(arena, plan->n_selections + 1, sizeof *selections);
    struct gates *stack = iw_arena_calloc(arena, plan->stack_depth + 1, sizeof *stack);
    struct gates gates;

    *ret = (struct iw_gate){.always = true};
    if (selections == NULL || stack == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < plan->n_selections; i++)
        selections[i] = of_selection(&finder, &plan->selections[i]);
    gates = of_condition(&finder, selections, stack);
    if (finder.no_memory)
        return IW_ENOMEM;
    if (gates.first == NULL)
        return IW_OK;
    ret->always = false;
    IW_TRY(write_atoms(gates.first, arena, &ret->atoms, &ret->n));
    return is_worth_asking(gates) ? write_atoms(gates.second, arena, &ret->more, &ret->n_more)
                                  : IW_OK;
}
