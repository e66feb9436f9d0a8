/*
 * Reading options by their table.
 *
 * Not getopt_long: it prints by itself, accepts abbreviations (which make every new option a
 * breaking change) and cannot say which word was probably meant.
 */
#include "cli/option.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/timestamp.h"
#include "result/finding.h"

struct parser {
    const struct iw_option *options;
    size_t n_options;
    const char *const *argv;
    int argc;
    int at; /* next word */
    char *arguments;
    struct iw_word_list *operands;
    struct iw_error *err;
};

enum iw_rc iw_word_list_add(struct iw_word_list *list, struct iw_str word)
{
    char *copy;
    if (!iw_array_reserve(&list->items, &list->cap, list->n + 1, sizeof *list->items))
        return IW_ENOMEM;
    copy = iw_malloc(word.n + 1);
    if (copy == NULL)
        return IW_ENOMEM;
    if (word.n != 0)
        memcpy(copy, word.p, word.n);
    copy[word.n] = '\0';
    list->items[list->n++] = copy;
    return IW_OK;
}

void iw_word_list_done(struct iw_word_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        iw_free(list->items[i]);
    iw_free(list->items);
    memset(list, 0, sizeof *list);
}

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory for the options");
}

static enum iw_rc add_commas(const struct parser *parser, const struct iw_option *option,
                             struct iw_word_list *list, const char *value)
{
    const char *start = value;
    for (;; value++) {
        if (*value != ',' && *value != '\0')
            continue;
        if (value == start)
            return iw_error_set(parser->err, IW_EUSAGE, "--%s: an empty name between the commas",
                                option->name);
        if (iw_word_list_add(list, (struct iw_str){start, (size_t)(value - start)}) != IW_OK)
            return no_memory(parser->err);
        if (*value == '\0')
            return IW_OK;
        start = value + 1;
    }
}

static enum iw_rc set_list(const struct parser *parser, const struct iw_option *option,
                           struct iw_word_list *list, const char *value)
{
    const char *equals = strchr(value, '=');
    if (option->kind == IW_OPTION_COMMAS)
        return add_commas(parser, option, list, value);
    if (option->kind == IW_OPTION_CONDITION && (equals == NULL || equals == value))
        return iw_error_set(parser->err, IW_EUSAGE,
                            "--%s %s: expected Field=text, for example EventID=1", option->name,
                            value);
    if (iw_word_list_add(list, iw_str_of(value)) != IW_OK)
        return no_memory(parser->err);
    return IW_OK;
}

static enum iw_rc set_number(const struct parser *parser, const struct iw_option *option,
                             uint64_t *ret, const char *value)
{
    uint64_t number;
    if (!iw_str_to_u64(iw_str_of(value), &number) || number < option->min || number > option->max)
        return iw_error_set(parser->err, IW_EUSAGE, "--%s %s: expected a number from %llu to %llu",
                            option->name, value, (unsigned long long)option->min,
                            (unsigned long long)option->max);
    *ret = number;
    return IW_OK;
}

static enum iw_rc set_choice(const struct parser *parser, const struct iw_option *option, int *ret,
                             const char *value)
{
    for (int i = 0; option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            *ret = i;
            return IW_OK;
        }
    }
    return iw_error_set(parser->err, IW_EUSAGE, "--%s %s: expected %s", option->name, value,
                        option->argument);
}

static enum iw_rc set_level(const struct parser *parser, const struct iw_option *option, int *ret,
                            const char *value)
{
    enum iw_level level;
    if (!iw_level_parse(iw_str_of(value), &level))
        return iw_error_set(parser->err, IW_EUSAGE,
                            "--%s %s: expected informational, low, medium, high or critical",
                            option->name, value);
    *ret = (int)level;
    return IW_OK;
}

/* `2021-03-14`, `2021-03-14 06:40` or whatever iw_time_parse() reads. */
static bool parse_time(const char *value, bool is_until, int64_t *ret_ns)
{
    char text[48];
    size_t n = strlen(value);
    const char *missing = n == 10   ? (is_until ? "T23:59:59.999999999" : "T00:00:00")
                          : n == 16 ? (is_until ? ":59.999999999" : ":00")
                                    : "";
    int length = snprintf(text, sizeof text, "%s%s", value, missing);
    return length > 0 && (size_t)length < sizeof text && iw_time_parse(iw_str_of(text), ret_ns);
}

static enum iw_rc set_time(const struct parser *parser, const struct iw_option *option,
                           int64_t *ret, const char *value)
{
    if (!parse_time(value, option->kind == IW_OPTION_UNTIL, ret))
        return iw_error_set(parser->err, IW_EUSAGE,
                            "--%s %s: expected a time such as 2021-03-14 or 2021-03-14T06:40:13Z",
                            option->name, value);
    return IW_OK;
}

static void set_flag(const struct parser *parser, const struct iw_option *option)
{
    bool yes = true;
    memcpy(parser->arguments + option->member, &yes, sizeof yes);
}

/* The one place that knows what type the member of a kind has. */
static enum iw_rc set(const struct parser *parser, const struct iw_option *option,
                      const char *value)
{
    void *member = parser->arguments + option->member;
    if (*value == '\0')
        return iw_error_set(parser->err, IW_EUSAGE, "--%s: %s is empty", option->name,
                            option->argument);
    switch (option->kind) {
    case IW_OPTION_TEXT:
        *(const char **)member = value;
        return IW_OK;
    case IW_OPTION_LIST:
    case IW_OPTION_COMMAS:
    case IW_OPTION_CONDITION:
        return set_list(parser, option, member, value);
    case IW_OPTION_NUMBER:
        return set_number(parser, option, member, value);
    case IW_OPTION_LEVEL:
        return set_level(parser, option, member, value);
    case IW_OPTION_CHOICE:
        return set_choice(parser, option, member, value);
    case IW_OPTION_SINCE:
    case IW_OPTION_UNTIL:
        return set_time(parser, option, member, value);
    case IW_OPTION_FLAG:
    case IW_OPTION_HEADING:
        break;
    }
    return IW_OK;
}

static enum iw_rc unknown_long(const struct parser *parser, struct iw_str name)
{
    const char *names[64];
    char typed[64];
    const char *nearest = NULL;
    size_t n = 0;
    for (size_t i = 0; i < parser->n_options && n < sizeof names / sizeof *names; i++)
        names[n++] = parser->options[i].name;
    if (name.n < sizeof typed) {
        (void)snprintf(typed, sizeof typed, "%.*s", IW_STR_ARG(name));
        nearest = iw_nearest_word(typed, names, n);
    }
    if (nearest != NULL)
        return iw_error_set(parser->err, IW_EUSAGE, "unknown option --%.*s; did you mean --%s?",
                            IW_STR_ARG(name), nearest);
    return iw_error_set(parser->err, IW_EUSAGE, "unknown option --%.*s", IW_STR_ARG(name));
}

/* The value of an option that stands in the next word. */
static enum iw_rc take_value(struct parser *parser, const struct iw_option *option,
                             const char **ret)
{
    if (parser->at >= parser->argc) {
        (void)iw_error_set(parser->err, IW_EUSAGE, "--%s needs a value: %s", option->name,
                           option->argument);
        return IW_EUSAGE; /* said twice for the analyzer, which does not see that it is the same */
    }
    *ret = parser->argv[parser->at++];
    return IW_OK;
}

static enum iw_rc parse_long(struct parser *parser, const char *word)
{
    const char *equals = strchr(word, '='), *value = equals != NULL ? equals + 1 : NULL;
    struct iw_str name = {word, equals != NULL ? (size_t)(equals - word) : strlen(word)};
    const struct iw_option *option = NULL;
    for (size_t i = 0; i < parser->n_options && option == NULL; i++) {
        if (parser->options[i].name != NULL &&
            iw_str_equal(iw_str_of(parser->options[i].name), name))
            option = &parser->options[i];
    }
    if (option == NULL)
        return unknown_long(parser, name);
    if (option->argument == NULL && value != NULL)
        return iw_error_set(parser->err, IW_EUSAGE, "--%s takes no value", option->name);
    if (option->argument == NULL) {
        set_flag(parser, option);
        return IW_OK;
    }
    if (value == NULL)
        IW_TRY(take_value(parser, option, &value));
    return set(parser, option, value);
}

static enum iw_rc parse_letters(struct parser *parser, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        const struct iw_option *option = NULL;
        const char *value = letters + 1;
        for (size_t i = 0; i < parser->n_options && option == NULL; i++) {
            if (parser->options[i].letter == *letters)
                option = &parser->options[i];
        }
        if (option == NULL)
            return iw_error_set(parser->err, IW_EUSAGE, "unknown option -%c", *letters);
        if (option->argument == NULL) {
            set_flag(parser, option);
            continue;
        }
        if (*value == '\0')
            IW_TRY(take_value(parser, option, &value));
        return set(parser, option, value);
    }
    return IW_OK;
}

enum iw_rc iw_options_parse(const struct iw_option *options, size_t n_options, int argc,
                            const char *const *argv, int first, void *arguments,
                            struct iw_word_list *operands, struct iw_error *err)
{
    struct parser parser = {options, n_options, argv, argc, first, arguments, operands, err};
    bool only_operands = false;
    while (parser.at < argc) {
        const char *word = argv[parser.at++];
        if (only_operands || word[0] != '-' || word[1] == '\0') {
            if (*word == '\0')
                return iw_error_set(err, IW_EUSAGE, "an empty word where a name was expected");
            if (iw_word_list_add(operands, iw_str_of(word)) != IW_OK)
                return no_memory(err);
        } else if (strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (word[1] == '-') {
            IW_TRY(parse_long(&parser, word + 2));
        } else {
            IW_TRY(parse_letters(&parser, word + 1));
        }
    }
    return IW_OK;
}
