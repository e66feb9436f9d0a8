/*
 * Checks of regular expressions, by their text: enough for the shapes that cost (Sigma's guideline:
 * no regular expression where a modifier does; PCRE2 limits protect the run either way).
 */
#include "base/limits.h"
#include "sigma/sigma_lint_rule.h"

static bool is_meta(char c)
{
    return c != '\0' && strchr(".[](){}*+?|^$", c) != NULL;
}

static bool is_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

/* Takes `^`, `.*`, `$` from the ends. */
static struct iw_str trim(struct iw_str text)
{
    if (text.n != 0 && text.p[0] == '^')
        text = (struct iw_str){text.p + 1, text.n - 1};
    if (text.n >= 2 && memcmp(text.p, ".*", 2) == 0)
        text = (struct iw_str){text.p + 2, text.n - 2};
    if (text.n != 0 && text.p[text.n - 1] == '$' && (text.n < 2 || text.p[text.n - 2] != '\\'))
        text.n--;
    if (text.n >= 2 && memcmp(text.p + text.n - 2, ".*", 2) == 0 &&
        (text.n < 3 || text.p[text.n - 3] != '\\'))
        text.n -= 2;
    return text;
}

static bool is_plain_text(struct iw_str text)
{
    text = trim(text);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && i + 1 < text.n && is_punctuation(text.p[i + 1]))
            i++;
        else if (text.p[i] == '\\' || is_meta(text.p[i]))
            return false;
    }
    return text.n != 0;
}

/* `(?i)`, `(?im-s:` */
static bool has_flags(struct iw_str text)
{
    for (size_t i = 0; i + 3 < text.n; i++) {
        size_t end = i + 2;
        if (text.p[i] != '(' || text.p[i + 1] != '?' || (i != 0 && text.p[i - 1] == '\\'))
            continue;
        while (end < text.n && text.p[end] != '\0' && strchr("imsx-", text.p[end]) != NULL)
            end++;
        if (end > i + 2 && end < text.n && (text.p[end] == ')' || text.p[end] == ':'))
            return true;
    }
    return false;
}

/* Past a class `[…]` whose `[` stands at *at*: the place of its `]`. */
static size_t end_of_class(struct iw_str text, size_t at)
{
    size_t i = at + 1;
    if (i < text.n && text.p[i] == '^')
        i++;
    if (i < text.n && text.p[i] == ']')
        i++;
    for (; i < text.n && text.p[i] != ']'; i++)
        i += text.p[i] == '\\';
    return i;
}

/* Whether what stands at *at* repeats without bound: `*`, `+`, `{n,}`. */
static bool repeats(struct iw_str text, size_t at)
{
    if (at >= text.n)
        return false;
    if (text.p[at] == '*' || text.p[at] == '+')
        return true;
    if (text.p[at] != '{')
        return false;
    for (size_t i = at + 1; i + 1 < text.n && text.p[i] != '}'; i++) {
        if (text.p[i] == ',' && text.p[i + 1] == '}')
            return true;
    }
    return false;
}

/* A group that repeats and whose inside repeats: `(a+)+`. */
static bool has_nested_repeat(struct iw_str text)
{
    bool inside[IW_LIMIT_YAML_DEPTH] = {false}; /* by open group: something in it repeats */
    size_t depth = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\') {
            i++;
        } else if (text.p[i] == '[') {
            i = end_of_class(text, i);
        } else if (text.p[i] == '(') {
            if (++depth == IW_LIMIT_YAML_DEPTH)
                return false;
            inside[depth] = false;
        } else if (text.p[i] == ')' && depth != 0) {
            bool group = repeats(text, i + 1), held = inside[depth--];
            if (group && held)
                return true;
            inside[depth] |= held || group;
        } else if (repeats(text, i)) {
            inside[depth] = true;
        }
    }
    return false;
}

static bool begins_with_any(struct iw_str text)
{
    if (text.n != 0 && text.p[0] == '^')
        text = (struct iw_str){text.p + 1, text.n - 1};
    return text.n > 2 && memcmp(text.p, ".*", 2) == 0;
}

void iw_lint_regex(struct iw_lint *lint, const struct iw_yaml_node *value)
{
    struct iw_str text = value->text;
    if (has_nested_repeat(text))
        iw_lint_say(lint, "regex-slow", value,
                    "'%.*s': a group that repeats holds something that repeats", IW_LINT_ARG(text));
    if (has_flags(text))
        iw_lint_say(lint, "regex-flags", value, "'%.*s': write the flags as |re|i, |re|m, |re|s",
                    IW_LINT_ARG(text));
    if (is_plain_text(text))
        iw_lint_say(lint, "regex-not-needed", value,
                    "'%.*s' is plain text: contains, startswith or endswith says the same "
                    "(and ignores letter case)",
                    IW_LINT_ARG(text));
    else if (begins_with_any(text))
        iw_lint_say(lint, "regex-leading-any", value,
                    "'%.*s': .* at the beginning only costs; the text is searched anyway",
                    IW_LINT_ARG(text));
}
