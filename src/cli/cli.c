/*
 * From words to a command: the command table, the program's own options, errors and their exit
 * status.
 */
#include "cli/cli.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "cli/options_common.h"
#include "cli/outlet.h"
#include "cli/signals.h"

const char *const iw_format_choices[] = {"auto", "table", "ndjson", NULL};
const char *const iw_when_choices[] = {"auto", "always", "never", NULL};

static const struct iw_command *const COMMANDS[] = {
    &iw_command_hunt,          &iw_command_inventory,
    &iw_command_coverage,      &iw_command_events,
    &iw_command_collect_list,  &iw_command_rules_list,
    &iw_command_rules_check,   &iw_command_rules_explain,
    &iw_command_rules_test,    &iw_command_baseline_create,
    &iw_command_baseline_diff, &iw_command_baseline_approve,
    &iw_command_baseline_sign, &iw_command_baseline_verify,
    &iw_command_help,
};

static const struct iw_option GLOBAL_OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Options"},
    {.kind = IW_OPTION_FLAG, .letter = 'h', .name = "help", .help = "show this help"},
    {.kind = IW_OPTION_FLAG, .letter = 'V', .name = "version", .help = "show the version"},
};

const struct iw_command *const *iw_commands(size_t *ret_n)
{
    *ret_n = sizeof COMMANDS / sizeof *COMMANDS;
    return COMMANDS;
}

/* Whether *name* is the first word of *command*, and where its second begins (NULL: it has none).
 */
static bool begins_with(const struct iw_command *command, const char *word, const char **ret_second)
{
    size_t n = strlen(word);
    if (strncmp(command->name, word, n) != 0 ||
        (command->name[n] != '\0' && command->name[n] != ' '))
        return false;
    *ret_second = command->name[n] == ' ' ? command->name + n + 1 : NULL;
    return true;
}

const struct iw_command *iw_command_find(const char *const *words, size_t n_words, size_t *ret_used)
{
    *ret_used = 0;
    for (size_t i = 0; n_words != 0 && i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        const char *second;
        if (!begins_with(COMMANDS[i], words[0], &second) ||
            (second != NULL && (n_words < 2 || strcmp(words[1], second) != 0)))
            continue;
        *ret_used = second != NULL ? 2 : 1;
        return COMMANDS[i];
    }
    return NULL;
}

bool iw_command_is_group(const char *word)
{
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        const char *second;
        if (begins_with(COMMANDS[i], word, &second) && second != NULL)
            return true;
    }
    return false;
}

const struct iw_option *iw_global_options(size_t *ret_n)
{
    *ret_n = sizeof GLOBAL_OPTIONS / sizeof *GLOBAL_OPTIONS;
    return GLOBAL_OPTIONS;
}

void iw_cli_say(const char *format, ...)
{
    char message[2048];
    struct iw_buffer line;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    iw_buffer_init(&line);
    iw_buffer_add(&line, IW_STR("iiswarden: "));
    iw_printable_add(&line, iw_str_of(message));
    iw_buffer_add_char(&line, '\n');
    if (line.failed)
        (void)iw_fd_write(STDERR_FILENO, IW_STR("iiswarden: no memory\n"), NULL);
    else
        (void)iw_fd_write(STDERR_FILENO, iw_buffer_str(&line), NULL);
    iw_buffer_done(&line);
}

int iw_cli_fail(const struct iw_error *err)
{
    if (err->where[0] != '\0' && err->line != 0 && err->column != 0)
        iw_cli_say("%s:%u:%u: %s", err->where, err->line, err->column, err->message);
    else if (err->where[0] != '\0' && err->line != 0)
        iw_cli_say("%s:%u: %s", err->where, err->line, err->message);
    else if (err->where[0] != '\0')
        iw_cli_say("%s: %s", err->where, err->message);
    else
        iw_cli_say("%s", err->message[0] != '\0' ? err->message : iw_rc_name(err->rc));
    return err->rc == IW_EUSAGE ? IW_EXIT_USAGE : IW_EXIT_FAILED;
}

static bool needs_no_quotes(const char *word)
{
    return *word != '\0' && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789_-+=./,:@%") == strlen(word);
}

/* The words as a shell would take them, so that the manifest tells how to run it again. */
static char *quote_command_line(int argc, const char *const *argv)
{
    struct iw_buffer line;
    iw_buffer_init(&line);
    iw_buffer_add(&line, IW_STR("iiswarden"));
    for (int i = 1; i < argc; i++) {
        iw_buffer_add_char(&line, ' ');
        if (needs_no_quotes(argv[i])) {
            iw_buffer_add(&line, iw_str_of(argv[i]));
            continue;
        }
        iw_buffer_add_char(&line, '\'');
        for (const char *p = argv[i]; *p != '\0'; p++) {
            if (*p == '\'')
                iw_buffer_add(&line, IW_STR("'\\''"));
            else
                iw_buffer_add_char(&line, *p);
        }
        iw_buffer_add_char(&line, '\'');
    }
    iw_buffer_add_char(&line, '\0');
    if (line.failed) {
        iw_buffer_done(&line);
        return NULL;
    }
    return line.p;
}

static void arguments_init(struct iw_arguments *arguments)
{
    memset(arguments, 0, sizeof *arguments);
    arguments->min_level = arguments->fail_level = arguments->fail_on = -1;
    arguments->since_ns = arguments->until_ns = arguments->expires_ns = IW_TIME_UNKNOWN;
}

void iw_arguments_done(struct iw_arguments *arguments)
{
    iw_word_list_done(&arguments->operands);
    iw_word_list_done(&arguments->rules);
    iw_word_list_done(&arguments->only_rules);
    iw_word_list_done(&arguments->known_hashes);
    iw_word_list_done(&arguments->changes);
    iw_word_list_done(&arguments->telemetry);
    iw_word_list_done(&arguments->settings);
    iw_word_list_done(&arguments->differences);
    iw_word_list_done(&arguments->where);
    iw_word_list_done(&arguments->fields);
    iw_word_list_done(&arguments->trust);
    iw_word_list_done(&arguments->yara);
    iw_word_list_done(&arguments->web_roots);
    iw_free(arguments->command_line);
}

static int run_command(const struct iw_command *command, int first, int argc,
                       const char *const *argv)
{
    struct iw_arguments arguments;
    struct iw_error err = {.rc = IW_OK};
    int status;

    arguments_init(&arguments);
    arguments.command_line = quote_command_line(argc, argv);
    if (arguments.command_line == NULL)
        (void)iw_error_set(&err, IW_ENOMEM, "no memory for the options");
    else
        (void)iw_options_parse(command->options, command->n_options, argc, argv, first, &arguments,
                               &arguments.operands, &err);
    if (err.rc == IW_OK)
        status = arguments.help ? iw_cli_help(command) : command->run(&arguments);
    else
        status = iw_cli_fail(&err);
    if (status == IW_EXIT_USAGE)
        iw_cli_say("see: iiswarden %s --help", command->name);
    iw_arguments_done(&arguments);
    return status;
}

/* The words that may stand at the place of a word that is none: commands, or those of *group*. */
static size_t possible_words(const char *group, const char **names, char buffers[][32])
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        const char *second;
        if (group == NULL) {
            size_t length = strcspn(COMMANDS[i]->name, " ");
            (void)snprintf(buffers[n], sizeof buffers[n], "%.*s", (int)length, COMMANDS[i]->name);
            names[n] = buffers[n];
            n++;
        } else if (begins_with(COMMANDS[i], group, &second) && second != NULL) {
            names[n++] = second;
        }
    }
    if (group == NULL) {
        names[n++] = "--help";
        names[n++] = "--version";
    }
    return n;
}

static int refuse_word(const char *group, const char *word)
{
    const char *names[sizeof COMMANDS / sizeof *COMMANDS + 2];
    char buffers[sizeof COMMANDS / sizeof *COMMANDS][32];
    size_t n = possible_words(group, names, buffers);
    const char *nearest = iw_nearest_word(word, names, n);
    const char *before = group != NULL ? group : "", *space = group != NULL ? " " : "";
    const char *kind = word[0] == '-' ? "option" : "command";
    if (nearest != NULL)
        iw_cli_say("unknown %s %s%s%s; did you mean %s?", kind, before, space, word, nearest);
    else
        iw_cli_say("unknown %s %s%s%s", kind, before, space, word);
    iw_cli_say("see: iiswarden %s%s--help", before, space);
    return IW_EXIT_USAGE;
}

static int run_group(const char *group, int argc, const char *const *argv)
{
    if (argc < 3) {
        iw_cli_say("%s: which command?", group);
        iw_cli_say("see: iiswarden %s --help", group);
        return IW_EXIT_USAGE;
    }
    if (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0)
        return iw_cli_help_group(group);
    return refuse_word(group, argv[2]);
}

static int show_version(void)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_outlet outlet;
    iw_outlet_init(&outlet);
    if (iw_outlet_open(&outlet, NULL, &err) != IW_OK ||
        iw_outlet_write(&outlet, IW_STR("iiswarden " IW_VERSION "\n"), &err) != IW_OK)
        return outlet.is_pipe_broken ? IW_EXIT_NOTHING : iw_cli_fail(&err);
    return IW_EXIT_NOTHING;
}

/* A closed standard descriptor must not become the number of an evidence or output file. */
static void hold_standard_descriptors(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        (void)close(fd);
}

int iw_cli_main(int argc, const char *const *argv)
{
    const struct iw_command *command;
    size_t n_words;
    hold_standard_descriptors();
    (void)iw_signals_begin();
    if (argc < 2) {
        iw_cli_say("no command given");
        iw_cli_say("see: iiswarden --help");
        return IW_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return iw_cli_help(NULL);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
        return show_version();
    command = iw_command_find(argv + 1, (size_t)argc - 1, &n_words);
    if (command != NULL)
        return run_command(command, 1 + (int)n_words, argc, argv);
    return iw_command_is_group(argv[1]) ? run_group(argv[1], argc, argv)
                                        : refuse_word(NULL, argv[1]);
}
