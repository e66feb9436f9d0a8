/*
 * Options: every row of every table accepted, every refusal, the help, the nearest word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/timestamp.h"
#include "cli/cli.h"
#include "output/display.h"

static struct iw_arguments arguments;
static struct iw_error err;

static void forget(void)
{
    iw_arguments_done(&arguments);
    memset(&arguments, 0, sizeof arguments);
    memset(&err, 0, sizeof err);
}

static int teardown(void **state)
{
    (void)state;
    forget();
    return 0;
}

/* Parses words (NULL-terminated) as options of a command. */
static enum iw_rc parse(const struct iw_command *command, const char *const *words)
{
    int n = 0;
    while (words[n] != NULL)
        n++;
    forget();
    return iw_options_parse(command->options, command->n_options, n, words, 0, &arguments,
                            &arguments.operands, &err);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define HUNT(...) parse(&iw_command_hunt, WORDS(__VA_ARGS__))
#define EVENTS(...) parse(&iw_command_events, WORDS(__VA_ARGS__))

static void assert_refused(enum iw_rc rc, const char *message)
{
    assert_int_equal(rc, IW_EUSAGE);
    assert_string_equal(err.message, message);
}

/* A value each kind accepts. */
static const char *valid_value(const struct iw_option *option)
{
    switch (option->kind) {
    case IW_OPTION_NUMBER:
        return "1";
    case IW_OPTION_LEVEL:
        return "high";
    case IW_OPTION_CHOICE:
        return option->choices[1];
    case IW_OPTION_SINCE:
    case IW_OPTION_UNTIL:
        return "2021-03-14";
    case IW_OPTION_CONDITION:
        return "EventID=1";
    case IW_OPTION_TEXT:
    case IW_OPTION_LIST:
    case IW_OPTION_COMMAS:
    case IW_OPTION_HEADING:
    case IW_OPTION_FLAG:
        break;
    }
    return "word";
}

/* All ways to write an option set the same bytes, and they set some. */
static void accept_row(const struct iw_command *command, const struct iw_option *option)
{
    char together[128], apart[64], letter[128];
    const char *value = valid_value(option);
    bool has_value = option->argument != NULL;
    (void)snprintf(apart, sizeof apart, "--%s", option->name);
    (void)snprintf(together, sizeof together, "--%s=%s", option->name, value);
    (void)snprintf(letter, sizeof letter, "-%c%s", option->letter, has_value ? value : "");
    assert_int_equal(parse(command, has_value ? WORDS(apart, value) : WORDS(apart)), IW_OK);
    assert_int_equal(arguments.operands.n, 0);
    assert_int_equal(parse(command, WORDS(together)), has_value ? IW_OK : IW_EUSAGE);
    if (option->letter != '\0')
        assert_int_equal(parse(command, WORDS(letter)), IW_OK);
    if (has_value) {
        assert_int_equal(parse(command, WORDS(apart)), IW_EUSAGE);
        (void)snprintf(together, sizeof together, "--%s=", option->name);
        assert_int_equal(parse(command, WORDS(together)), IW_EUSAGE);
    }
}

static void every_row_is_accepted(void **state)
{
    size_t n;
    const struct iw_command *const *commands = iw_commands(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < commands[i]->n_options; j++) {
            if (commands[i]->options[j].kind != IW_OPTION_HEADING)
                accept_row(commands[i], &commands[i]->options[j]);
        }
    }
}

/* A row a reader of the table cannot be surprised by. */
static void every_row_is_whole(void **state)
{
    size_t n;
    const struct iw_command *const *commands = iw_commands(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        const struct iw_option *options = commands[i]->options;
        for (size_t j = 0; j < commands[i]->n_options; j++) {
            assert_non_null(options[j].help);
            if (options[j].kind == IW_OPTION_HEADING)
                continue;
            assert_int_equal(options[j].kind == IW_OPTION_FLAG, options[j].argument == NULL);
            assert_int_not_equal(options[j].help[strlen(options[j].help) - 1], '.');
            for (size_t k = 0; k < j; k++) {
                if (options[k].kind == IW_OPTION_HEADING)
                    continue;
                assert_string_not_equal(options[j].name, options[k].name);
                assert_true(options[j].letter == '\0' || options[j].letter != options[k].letter);
                assert_int_not_equal(options[j].member, options[k].member);
            }
        }
    }
}

static void values_arrive(void **state)
{
    (void)state;
    assert_int_equal(HUNT("--rules", "a", "evidence", "--rules=b", "-rc", "--jobs", "2",
                          "--min-level=HIGH", "--fail-level", "critical", "--format=ndjson",
                          "--since", "1970-01-02", "--until", "1970-01-02", "--color=never", "-o",
                          "out", "--recover", "--strict", "-"),
                     IW_OK);
    assert_int_equal(arguments.rules.n, 3);
    assert_string_equal(arguments.rules.items[2], "c");
    assert_int_equal(arguments.n_jobs, 2);
    assert_int_equal(arguments.min_level, 3);
    assert_int_equal(arguments.fail_level, 4);
    assert_int_equal(arguments.format, IW_FORMAT_NDJSON);
    assert_int_equal(arguments.since_ns, 86400LL * IW_NS_PER_SECOND);
    assert_int_equal(arguments.until_ns, 2 * 86400LL * IW_NS_PER_SECOND - 1);
    assert_int_equal(arguments.color, IW_WHEN_NEVER);
    assert_string_equal(arguments.output, "out");
    assert_true(arguments.recover && arguments.strict && !arguments.verify);
    assert_int_equal(arguments.operands.n, 2);
    assert_string_equal(arguments.operands.items[0], "evidence");
    assert_string_equal(arguments.operands.items[1], "-");
}

static void words_after_two_dashes_are_names(void **state)
{
    (void)state;
    assert_int_equal(HUNT("-q", "--", "--rules", "-x"), IW_OK);
    assert_int_equal(arguments.operands.n, 2);
    assert_string_equal(arguments.operands.items[0], "--rules");
    assert_true(arguments.quiet);
}

static void letters_run_together(void **state)
{
    (void)state;
    assert_int_equal(HUNT("-qj2"), IW_OK);
    assert_true(arguments.quiet);
    assert_int_equal(arguments.n_jobs, 2);
    assert_int_equal(HUNT("-qj", "3"), IW_OK);
    assert_int_equal(arguments.n_jobs, 3);
}

static void fields_between_commas(void **state)
{
    (void)state;
    assert_int_equal(EVENTS("--fields", "Image,User", "--fields=Hashes"), IW_OK);
    assert_int_equal(arguments.fields.n, 3);
    assert_string_equal(arguments.fields.items[1], "User");
    assert_string_equal(arguments.fields.items[2], "Hashes");
    assert_refused(EVENTS("--fields", "a,,b"), "--fields: an empty name between the commas");
    assert_refused(EVENTS("--fields", "a,"), "--fields: an empty name between the commas");
}

static void numbers_at_their_limits(void **state)
{
    char most[16], more[16], message[96];
    (void)state;
    (void)snprintf(most, sizeof most, "%u", IW_LIMIT_JOBS);
    (void)snprintf(more, sizeof more, "%u", IW_LIMIT_JOBS + 1);
    assert_int_equal(HUNT("--jobs", "1"), IW_OK);
    assert_int_equal(HUNT("--jobs", most), IW_OK);
    assert_int_equal(arguments.n_jobs, IW_LIMIT_JOBS);
    (void)snprintf(message, sizeof message, "--jobs %s: expected a number from 1 to %s", more,
                   most);
    assert_refused(HUNT("--jobs", more), message);
    for (size_t i = 0; i < 6; i++) {
        static const char *const BAD[] = {"0", "-1", "1x", " 1", "99999999999999999999", "0x2"};
        assert_int_equal(HUNT("--jobs", BAD[i]), IW_EUSAGE);
    }
}

static void times_of_all_lengths(void **state)
{
    (void)state;
    assert_int_equal(HUNT("--since=1970-01-01T00:01"), IW_OK);
    assert_int_equal(arguments.since_ns, 60 * IW_NS_PER_SECOND);
    assert_int_equal(HUNT("--until=1970-01-01 00:01"), IW_OK);
    assert_int_equal(arguments.until_ns, 120 * IW_NS_PER_SECOND - 1);
    assert_int_equal(HUNT("--since=1970-01-01T00:00:01+00:00"), IW_OK);
    assert_int_equal(arguments.since_ns, IW_NS_PER_SECOND);
    assert_refused(HUNT("--since=yesterday"),
                   "--since yesterday: expected a time such as 2021-03-14 or 2021-03-14T06:40:13Z");
    assert_int_equal(HUNT("--until=2021-02-30"), IW_EUSAGE);
}

static void refusals_say_what_was_expected(void **state)
{
    (void)state;
    assert_refused(HUNT("--formt", "table"), "unknown option --formt; did you mean --format?");
    assert_refused(HUNT("--min"), "unknown option --min; did you mean --min-level?");
    assert_refused(HUNT("--zzzzzz=1"), "unknown option --zzzzzz");
    assert_refused(HUNT("-Z"), "unknown option -Z");
    assert_refused(HUNT("-qZ"), "unknown option -Z");
    assert_refused(HUNT("--rules"), "--rules needs a value: DIR");
    assert_refused(HUNT("-r"), "--rules needs a value: DIR");
    assert_refused(HUNT("--rules="), "--rules: DIR is empty");
    assert_refused(HUNT("--quiet=1"), "--quiet takes no value");
    assert_refused(HUNT(""), "an empty word where a name was expected");
    assert_refused(HUNT("--format", "xml"), "--format xml: expected table|ndjson");
    assert_refused(HUNT("--color", "red"), "--color red: expected auto|always|never");
    assert_refused(HUNT("--min-level", "bad"),
                   "--min-level bad: expected informational, low, medium, high or critical");
    assert_refused(EVENTS("--where", "EventID"),
                   "--where EventID: expected Field=text, for example EventID=1");
    assert_refused(EVENTS("--where", "=1"),
                   "--where =1: expected Field=text, for example EventID=1");
    assert_refused(EVENTS("--rules", "x"), "unknown option --rules");
}

static void nearest_words(void **state)
{
    static const char *const WORDS_KNOWN[] = {"hunt", "events", NULL, "help"};
    (void)state;
    assert_string_equal(iw_nearest_word("hnut", WORDS_KNOWN, 4), "hunt");
    assert_string_equal(iw_nearest_word("event", WORDS_KNOWN, 4), "events");
    assert_null(iw_nearest_word("", WORDS_KNOWN, 4));
    assert_null(iw_nearest_word("scan", WORDS_KNOWN, 4));
    assert_null(iw_nearest_word("a-word-longer-than-any-we-could-have-meant", WORDS_KNOWN, 4));
}

static void help_fits_a_terminal(void **state)
{
    size_t n;
    const struct iw_command *const *commands = iw_commands(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        struct iw_buffer out;
        size_t start = 0;
        iw_buffer_init(&out);
        iw_options_help(commands[i]->options, commands[i]->n_options, &out);
        assert_false(out.failed);
        for (size_t at = 0; at < out.n; at++) {
            if (out.p[at] != '\n')
                continue;
            assert_true(iw_display_columns((struct iw_str){out.p + start, at - start}) <= 80);
            start = at + 1;
        }
        assert_int_equal(start, out.n);
        assert_int_equal(iw_str_find(iw_buffer_str(&out), IW_STR("more)")), SIZE_MAX);
        iw_buffer_done(&out);
    }
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_row_is_accepted),
        TEST(every_row_is_whole),
        TEST(values_arrive),
        TEST(words_after_two_dashes_are_names),
        TEST(letters_run_together),
        TEST(fields_between_commas),
        TEST(numbers_at_their_limits),
        TEST(times_of_all_lengths),
        TEST(refusals_say_what_was_expected),
        TEST(nearest_words),
        TEST(help_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
