/*
 * Checks of what a rule says about itself (Sigma 2.1, "Rule" and the tags appendix).
 */
#include "base/nearest.h"
#include "sigma/sigma_lint_rule.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool are_digits(struct iw_str text, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++) {
        if (i >= text.n || !is_digit(text.p[i]))
            return false;
    }
    return true;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_uuid(struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text.p[i] != '-' : !is_hex(text.p[i]))
            return false;
    }
    return text.n == 36;
}

/* The scalar text of a key; empty when it is not there. */
static struct iw_str text_of(const struct iw_lint *lint, const char *key)
{
    const struct iw_yaml_node *node = iw_yaml_find(lint->plan->root, key);
    bool is_text = node != NULL && node->kind == IW_YAML_SCALAR && !iw_yaml_is_null(node);
    return is_text ? node->text : IW_STR("");
}

/* Remembers *text* for this rule; says *check* when another had it before. */
static void check_unique(struct iw_lint *lint, struct iw_map *map, const char *check,
                         const char *key, struct iw_str text)
{
    bool is_new = false;
    struct iw_map_entry *found;
    const struct iw_rule_entry *other;
    if (text.n == 0)
        return;
    found = iw_map_add(map, text, &is_new);
    if (found == NULL) {
        lint->no_memory = true;
        return;
    }
    if (is_new) {
        found->value.number = lint->entry;
        return;
    }
    other = &lint->account->entries[found->value.number];
    iw_lint_say(lint, check, iw_yaml_find(lint->plan->root, key),
                "%s '%.*s' is also that of %.*s:%u", key, IW_LINT_ARG(text),
                IW_STR_ARG(other->file), other->line);
}

static void check_id(struct iw_lint *lint)
{
    struct iw_str id = text_of(lint, "id");
    if (id.n == 0)
        iw_lint_say(lint, "missing-id", NULL,
                    "no id: correlations, filters and tools that track "
                    "rules cannot name it");
    else if (!is_uuid(id))
        iw_lint_say(lint, "bad-id", iw_yaml_find(lint->plan->root, "id"), "'%.*s' is not a UUID",
                    IW_LINT_ARG(id));
    check_unique(lint, &lint->ids, "duplicate-id", "id", id);
    check_unique(lint, &lint->titles, "duplicate-title", "title", text_of(lint, "title"));
    check_unique(lint, &lint->rule_names, "duplicate-name", "name", text_of(lint, "name"));
}

static void check_status(struct iw_lint *lint)
{
    static const char *const WORDS[] = {"stable", "test", "experimental", "deprecated",
                                        "unsupported"};
    struct iw_str status = text_of(lint, "status");
    if (status.n == 0) {
        iw_lint_say(lint, "missing-status", NULL, "no status: stable, test or experimental");
        return;
    }
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (iw_str_equal(status, iw_str_of(WORDS[i])))
            return;
    }
    iw_lint_say(lint, "unknown-status", iw_yaml_find(lint->plan->root, "status"),
                "'%.*s' is none of stable, test, experimental, deprecated, unsupported",
                IW_LINT_ARG(status));
}

static void check_date(struct iw_lint *lint, const char *key)
{
    struct iw_str date = text_of(lint, key);
    if (date.n == 0)
        return;
    if (date.n != 10 || !are_digits(date, 0, 4) || date.p[4] != '-' || !are_digits(date, 5, 2) ||
        date.p[7] != '-' || !are_digits(date, 8, 2))
        iw_lint_say(lint, "bad-date", iw_yaml_find(lint->plan->root, key),
                    "%s '%.*s' is not YYYY-MM-DD", key, IW_LINT_ARG(date));
}

/* `t1505`, `t1505.003` */
static bool is_technique(struct iw_str text)
{
    if (!are_digits(text, 1, 4))
        return false;
    return text.n == 5 || (text.n == 9 && text.p[5] == '.' && are_digits(text, 6, 3));
}

static void check_tag(struct iw_lint *lint, const struct iw_yaml_node *node)
{
    struct iw_str tag = node->text, attack = IW_STR("attack.");
    const char *dot = tag.n != 0 ? memchr(tag.p, '.', tag.n) : NULL;
    if (node->kind != IW_YAML_SCALAR || dot == NULL || dot == tag.p || dot + 1 == tag.p + tag.n) {
        iw_lint_say(lint, "bad-tag", node, "tag '%.*s' is not namespace.name", IW_LINT_ARG(tag));
        return;
    }
    for (size_t i = 0; i < tag.n; i++) {
        if (iw_ascii_lower(tag.p[i]) != tag.p[i]) {
            iw_lint_say(lint, "bad-tag", node, "tag '%.*s': tags are in lower case",
                        IW_LINT_ARG(tag));
            return;
        }
    }
    if (iw_str_begins_nocase(tag, attack) && tag.n > attack.n + 1 && tag.p[attack.n] == 't' &&
        is_digit(tag.p[attack.n + 1]) &&
        !is_technique((struct iw_str){tag.p + attack.n, tag.n - attack.n}))
        iw_lint_say(lint, "bad-tag", node,
                    "tag '%.*s': a technique is attack.tNNNN or "
                    "attack.tNNNN.NNN",
                    IW_LINT_ARG(tag));
}

static void check_tags(struct iw_lint *lint)
{
    const struct iw_yaml_node *tags = iw_yaml_find(lint->plan->root, "tags");
    if (tags == NULL || tags->kind != IW_YAML_SEQUENCE)
        return;
    for (const struct iw_yaml_entry *entry = tags->first; entry != NULL; entry = entry->next)
        check_tag(lint, entry->value);
}

static void check_keys(struct iw_lint *lint)
{
    static const char *const KEYS[] = {"title",       "id",
                                       "related",     "name",
                                       "taxonomy",    "status",
                                       "description", "license",
                                       "author",      "references",
                                       "date",        "modified",
                                       "logsource",   "detection",
                                       "fields",      "falsepositives",
                                       "level",       "tags",
                                       "scope",       "triage",
                                       "simulation",  "regression_tests_path"};
    for (const struct iw_yaml_entry *entry = lint->plan->root->first; entry != NULL;
         entry = entry->next) {
        char word[32];
        const char *near;
        size_t n = entry->key->text.n;
        if (n == 0 || n >= sizeof word)
            continue;
        memcpy(word, entry->key->text.p, n);
        word[n] = '\0';
        near = iw_nearest_word(word, KEYS, sizeof KEYS / sizeof *KEYS);
        if (near != NULL && strcmp(near, word) != 0)
            iw_lint_say(lint, "misspelt-key", entry->key, "'%s' is no key of Sigma; %s?", word,
                        near);
    }
}

void iw_lint_metadata(struct iw_lint *lint)
{
    const struct iw_yaml_node *detection = iw_yaml_find(lint->plan->root, "detection");
    check_id(lint);
    check_status(lint);
    if (text_of(lint, "level").n == 0)
        iw_lint_say(lint, "missing-level", NULL, "no level: it is taken as low");
    if (text_of(lint, "description").n == 0)
        iw_lint_say(lint, "missing-description", NULL, "no description");
    if (text_of(lint, "date").n == 0)
        iw_lint_say(lint, "missing-date", NULL, "no date");
    check_date(lint, "date");
    check_date(lint, "modified");
    check_tags(lint);
    check_keys(lint);
    if (iw_yaml_find(detection, "timeframe") != NULL)
        iw_lint_say(lint, "timeframe", iw_yaml_find(detection, "timeframe"),
                    "timeframe does nothing without an aggregation; write a correlation");
}
