/*
 * Checks of selections and conditions. Only what can be proved is said: two items over one field
 * contradict each other when no text satisfies both, and a field that may occur several times
 * (`Data`, keywords) contradicts nothing.
 */
#include "sigma/sigma_lint_rule.h"

/* A condition over more selections than this is not tried out: 2^n. */
#define MOST_TRIED 12U

/* --- selections that cannot hold --- */

static bool is_single(const struct iw_item *item)
{
    return item->field != IW_NAME_UNASKED && item->field != IW_FIELD_DATA;
}

/* Whether every value of *item* is one whole text. */
static bool is_exact(const struct iw_item *item)
{
    struct iw_str text;
    for (size_t i = 0; i < item->n_tests; i++) {
        if (item->tests[i].kind != IW_TEST_PATTERN || item->tests[i].or_else != NULL ||
            !iw_pattern_is_literal(&item->tests[i].u.pattern, &text))
            return false;
    }
    return item->n_tests != 0 && !item->negated;
}

/* Whether *item* (patterns only) holds for this text, before neq. */
static bool holds_for(const struct iw_item *item, struct iw_str text)
{
    for (size_t i = 0; i < item->n_tests; i++) {
        bool one = false;
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else)
            one |= iw_pattern_match(&test->u.pattern, text);
        if (one != item->wants_all)
            return one;
    }
    return item->wants_all;
}

static bool has_only_patterns(const struct iw_item *item)
{
    for (size_t i = 0; i < item->n_tests; i++) {
        for (const struct iw_test *test = &item->tests[i]; test != NULL; test = test->or_else) {
            if (test->kind != IW_TEST_PATTERN)
                return false;
        }
    }
    return true;
}

/* Whether no value of the exact item satisfies the other one. */
static bool excludes(const struct iw_item *exact, const struct iw_item *other)
{
    if (exact->cased != other->cased || !has_only_patterns(other))
        return false;
    for (size_t i = 0; i < exact->n_tests; i++) {
        struct iw_str text;
        (void)iw_pattern_is_literal(&exact->tests[i].u.pattern, &text);
        if (holds_for(other, text) != other->negated)
            return false;
    }
    return true;
}

/* `all` over different whole texts. */
static bool excludes_itself(const struct iw_item *item)
{
    struct iw_str first, text;
    if (!item->wants_all || !is_exact(item))
        return false;
    (void)iw_pattern_is_literal(&item->tests[0].u.pattern, &first);
    for (size_t i = 1; i < item->n_tests; i++) {
        (void)iw_pattern_is_literal(&item->tests[i].u.pattern, &text);
        if (!iw_str_equal(first, text))
            return true;
    }
    return false;
}

/* The event ids of a category against those an item asks for. */
static bool has_foreign_ids(const struct iw_rule_plan *plan, const struct iw_item *item)
{
    if (item->field != IW_FIELD_EVENT_ID || plan->category == NULL || !is_exact(item))
        return false;
    for (size_t i = 0; i < item->n_tests; i++) {
        struct iw_str text;
        uint64_t id;
        (void)iw_pattern_is_literal(&item->tests[i].u.pattern, &text);
        for (size_t r = 0; r < plan->n_category; r++) {
            if (!iw_str_to_u64(text, &id) ||
                (id <= UINT16_MAX && iw_log_row_has_id(&plan->category[r], (uint32_t)id)))
                return false;
        }
    }
    return true;
}

static const struct iw_yaml_node *place_of(const struct iw_item *item)
{
    return item->key != NULL ? item->key : item->value;
}

/* Whether no event satisfies a group; *ret_place is the item that shows it. */
static bool is_impossible(const struct iw_rule_plan *plan, const struct iw_group *group,
                          const struct iw_yaml_node **ret_place)
{
    for (size_t a = 0; a < group->n_items; a++) {
        const struct iw_item *item = &group->items[a];
        *ret_place = place_of(item);
        if (!is_single(item))
            continue;
        if (excludes_itself(item) || has_foreign_ids(plan, item))
            return true;
        for (size_t b = 0; b < group->n_items && is_exact(item) && !item->wants_all; b++) {
            if (b != a && group->items[b].field == item->field && excludes(item, &group->items[b]))
                return true;
        }
    }
    return false;
}

static void check_selection(struct iw_lint *lint, size_t s)
{
    const struct iw_selection *selection = &lint->plan->selections[s];
    size_t n_impossible = 0;
    for (size_t g = 0; g < selection->n_groups; g++) {
        const struct iw_yaml_node *place = NULL;
        if (!is_impossible(lint->plan, &selection->groups[g], &place))
            continue;
        n_impossible++;
        iw_lint_say(lint, "never-holds", place,
                    "selection '%.*s': no event can have this together with the rest of it",
                    IW_LINT_ARG(selection->name));
    }
    lint->never_holds[s] = n_impossible == selection->n_groups;
}

/* --- the use of selections --- */

static const struct iw_yaml_node *key_of_selection(const struct iw_lint *lint, struct iw_str name)
{
    const struct iw_yaml_node *detection = iw_yaml_find(lint->plan->root, "detection");
    for (const struct iw_yaml_entry *entry = detection != NULL ? detection->first : NULL;
         entry != NULL; entry = entry->next) {
        if (iw_str_equal(entry->key->text, name))
            return entry->key;
    }
    return NULL;
}

static void check_use(struct iw_lint *lint, size_t s)
{
    struct iw_str name = lint->plan->selections[s].name;
    const struct iw_yaml_node *key = key_of_selection(lint, name);
    uint8_t polarity = lint->polarities[s];
    if (polarity == 0 && name.n != 0 && name.p[0] != '_')
        iw_lint_say(lint, "unused-selection", key, "the condition does not use '%.*s'",
                    IW_LINT_ARG(name));
    if (polarity == IW_WANT_TRUE && iw_str_begins_nocase(name, IW_STR("filter")))
        iw_lint_say(lint, "filter-not-negated", key,
                    "'%.*s' must hold for a match; a filter stands behind not", IW_LINT_ARG(name));
    if (polarity == IW_WANT_FALSE && iw_str_begins_nocase(name, IW_STR("selection")))
        iw_lint_say(lint, "selection-negated", key, "'%.*s' stands behind not only",
                    IW_LINT_ARG(name));
}

/* --- the condition --- */

static enum iw_truth try_out(struct iw_lint *lint, uint8_t *truths, uint32_t bits)
{
    for (size_t s = 0; s < lint->plan->n_selections; s++) {
        bool holds = s < MOST_TRIED && (bits >> s & 1U) != 0 && lint->never_holds[s] == 0;
        truths[s] = holds ? IW_TRUE : IW_FALSE;
    }
    return iw_tree_truth(&lint->tree, truths, lint->steps);
}

static void check_truth(struct iw_lint *lint)
{
    size_t n = lint->plan->n_selections, n_true = 0;
    uint8_t *truths = iw_arena_calloc(&lint->scratch, n + 1, 1);
    const struct iw_yaml_node *condition =
        iw_yaml_find(iw_yaml_find(lint->plan->root, "detection"), "condition");
    uint32_t n_cases;
    bool is_true_of_none;
    if (truths == NULL) {
        lint->no_memory = true;
        return;
    }
    is_true_of_none = try_out(lint, truths, 0) == IW_TRUE;
    n_cases = n <= MOST_TRIED ? 1U << n : 0;
    for (uint32_t bits = 0; bits < n_cases; bits++)
        n_true += try_out(lint, truths, bits) == IW_TRUE;
    if (n_cases != 0 && n_true == n_cases)
        iw_lint_say(lint, "always-true", condition, "the condition holds for every event");
    else if (n_cases != 0 && n_true == 0)
        iw_lint_say(lint, "never-true", condition, "the condition holds for no event");
    else if (is_true_of_none)
        iw_lint_say(lint, "only-negative", condition,
                    "the condition holds when no selection does: for nearly every event of the "
                    "log source");
}

void iw_lint_condition(struct iw_lint *lint)
{
    for (size_t s = 0; s < lint->plan->n_selections; s++) {
        check_selection(lint, s);
        check_use(lint, s);
    }
    check_truth(lint);
}
