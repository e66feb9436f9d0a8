/*
 * Checks of values: what is written is not always what is meant where backslashes, wildcards and
 * YAML's types meet.
 */
#include "sigma/sigma_lint_rule.h"

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* --- escapes --- */

/* Whether the escape at *at* stands in what looks like a path: another backslash, or a drive. Not
 * `\\*\IPC$`, which is how Security 5140 and 5145 write a share. */
static bool is_in_path(struct iw_str text, size_t at)
{
    if (at == 4 && memcmp(text.p, "\\\\\\\\", 4) == 0)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && i != at)
            return true;
    }
    return at == 2 && text.p[1] == ':' && is_word(text.p[0]);
}

/* `\*` that makes a star of itself: read as sigma_pattern.c reads it. */
static void check_escapes(struct iw_lint *lint, const struct iw_yaml_node *value)
{
    struct iw_str text = value->text;
    for (size_t i = 0; i + 1 < text.n; i++) {
        char next = text.p[i + 1];
        if (text.p[i] != '\\' || (next != '\\' && next != '*' && next != '?'))
            continue;
        if (next != '\\' && is_in_path(text, i)) {
            iw_lint_say(lint, "escaped-wildcard", value,
                        "'%.*s': \\%c is the character %c itself; a backslash before a wildcard is "
                        "written \\\\%c",
                        IW_LINT_ARG(text), next, next, next);
            return;
        }
        i++;
    }
}

static void check_unc(struct iw_lint *lint, const struct iw_item *item,
                      const struct iw_yaml_node *value)
{
    struct iw_str text = value->text;
    if (text.n < 3 || text.p[0] != '\\' || text.p[1] != '\\' || !is_word(text.p[2]) ||
        iw_lint_has_modifier(item, "contains") || iw_lint_has_modifier(item, "endswith"))
        return;
    iw_lint_say(lint, "double-backslash", value,
                "'%.*s' asks for one backslash at the beginning; two are written \\\\\\\\",
                IW_LINT_ARG(text));
}

/* --- wildcards at the ends --- */

static bool begins_bare(struct iw_str text)
{
    return text.n > 1 && text.p[0] == '*';
}

static bool ends_bare(struct iw_str text)
{
    size_t n_before = 0;
    if (text.n < 2 || text.p[text.n - 1] != '*')
        return false;
    while (n_before + 1 < text.n && text.p[text.n - 2 - n_before] == '\\')
        n_before++;
    return n_before % 2 == 0;
}

static bool has_wildcard_inside(struct iw_str text)
{
    for (size_t i = 1; i + 1 < text.n; i++) {
        if (text.p[i] == '*' || text.p[i] == '?')
            return true;
    }
    return false;
}

static void check_ends(struct iw_lint *lint, const struct iw_item *item,
                       const struct iw_yaml_node *value)
{
    struct iw_str text = value->text;
    bool front = begins_bare(text), back = ends_bare(text);
    bool contains = iw_lint_has_modifier(item, "contains");
    bool starts = iw_lint_has_modifier(item, "startswith");
    bool ends = iw_lint_has_modifier(item, "endswith");
    if ((front && (contains || ends)) || (back && (contains || starts))) {
        iw_lint_say(lint, "redundant-wildcard", value,
                    "'%.*s': the modifier adds this wildcard anyway", IW_LINT_ARG(text));
    } else if ((front || back) && !contains && !starts && !ends && item->key != NULL &&
               !has_wildcard_inside(text)) {
        iw_lint_say(lint, "wildcards-for-modifier", value, "'%.*s': write it with |%s",
                    IW_LINT_ARG(text),
                    front && back ? "contains"
                    : front       ? "endswith"
                                  : "startswith");
    }
}

/* --- types --- */

static bool is_one_of(struct iw_str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(text, iw_str_of(words[i])))
            return true;
    }
    return false;
}

static void check_type(struct iw_lint *lint, const struct iw_yaml_node *value)
{
    static const char *const BOOLEANS[] = {"yes", "no", "on", "off"};
    struct iw_str text = value->text;
    uint64_t number;
    if (!value->is_plain)
        return;
    if (text.n > 1 && text.p[0] == '0' && iw_str_to_u64(text, &number))
        iw_lint_say(lint, "value-type", value,
                    "%.*s without quotes is the number %llu here and octal elsewhere; quote it if "
                    "the zeros count",
                    IW_LINT_ARG(text), (unsigned long long)number);
    else if (iw_str_begins_nocase(text, IW_STR("0x")) && text.n > 2)
        iw_lint_say(lint, "value-type", value,
                    "%.*s without quotes is text here and a number elsewhere; quote it",
                    IW_LINT_ARG(text));
    else if (is_one_of(text, BOOLEANS, sizeof BOOLEANS / sizeof *BOOLEANS))
        iw_lint_say(lint, "value-type", value,
                    "%.*s without quotes is text here and a boolean elsewhere; quote it",
                    IW_LINT_ARG(text));
}

/* --- one value --- */

static void check_value(struct iw_lint *lint, const struct iw_item *item,
                        const struct iw_yaml_node *value)
{
    if (value->kind != IW_YAML_SCALAR || iw_yaml_is_null(value))
        return;
    if (iw_lint_has_modifier(item, "re")) {
        iw_lint_regex(lint, value);
        return;
    }
    if (iw_lint_has_modifier(item, "exists"))
        return;
    check_type(lint, value);
    if (iw_lint_has_modifier(item, "cidr") || iw_lint_has_modifier(item, "fieldref"))
        return;
    check_escapes(lint, value);
    check_unc(lint, item, value);
    check_ends(lint, item, value);
}

static void check_duplicates(struct iw_lint *lint, const struct iw_item *item)
{
    bool cased = item->cased || iw_lint_has_modifier(item, "re");
    for (const struct iw_yaml_entry *a = item->value->first; a != NULL; a = a->next) {
        for (const struct iw_yaml_entry *b = item->value->first; b != a; b = b->next) {
            if (a->value->kind != IW_YAML_SCALAR || b->value->kind != IW_YAML_SCALAR ||
                a->value->is_plain != b->value->is_plain)
                continue;
            if (cased ? iw_str_equal(a->value->text, b->value->text)
                      : iw_str_equal_nocase(a->value->text, b->value->text)) {
                iw_lint_say(lint, "duplicate-value", a->value, "'%.*s' stands on line %u as well",
                            IW_LINT_ARG(a->value->text), b->value->line);
                break;
            }
        }
    }
}

/* A list of more values than this is looked through for duplicates by nobody: quadratic. */
#define MOST_COMPARED 2000U

static void check_item(struct iw_lint *lint, const struct iw_item *item)
{
    const struct iw_yaml_node *value = item->value;
    if (value == NULL)
        return;
    if (value->kind != IW_YAML_SEQUENCE) {
        check_value(lint, item, value);
        return;
    }
    for (const struct iw_yaml_entry *entry = value->first; entry != NULL; entry = entry->next)
        check_value(lint, item, entry->value);
    if (value->n_entries <= MOST_COMPARED)
        check_duplicates(lint, item);
}

void iw_lint_values(struct iw_lint *lint)
{
    iw_lint_each_item(lint, check_item);
}
