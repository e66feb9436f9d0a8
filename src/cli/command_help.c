/*
 * Help from the tables: of the program, of one command.
 */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/outlet.h"
#include "output/display.h"

static bool is_of_group(const struct iw_command *command, const char *group)
{
    return group == NULL || strncmp(command->name, group, strlen(group)) == 0;
}

/* All commands, or those that begin with *group*. */
static void add_commands(const char *group, struct iw_buffer *out)
{
    size_t n;
    int widest = 0;
    const struct iw_command *const *commands = iw_commands(&n);
    iw_buffer_add(out, IW_STR("\nCommands\n"));
    for (size_t i = 0; i < n; i++) {
        int columns = (int)strlen(commands[i]->name);
        if (is_of_group(commands[i], group) && columns > widest)
            widest = columns;
    }
    for (size_t i = 0; i < n; i++) {
        if (is_of_group(commands[i], group))
            iw_buffer_printf(out, "  %-*s  %s\n", widest, commands[i]->name, commands[i]->summary);
    }
}

static void add_group_help(const char *group, struct iw_buffer *out)
{
    iw_buffer_printf(out, "Usage: iiswarden %s COMMAND [OPTION]... [ARGUMENT]...\n", group);
    add_commands(group, out);
    iw_buffer_printf(out, "\nThe options of a command: iiswarden %s COMMAND --help\n", group);
}

static void add_program_help(struct iw_buffer *out)
{
    size_t n;
    const struct iw_option *options = iw_global_options(&n);
    iw_buffer_add(out,
                  IW_STR("iiswarden looks in Windows event logs (EVTX) and in events as JSON or "
                         "XML for\nbackdoors of web servers.\n\n"
                         "Usage: iiswarden COMMAND [OPTION]... EVIDENCE...\n"));
    add_commands(NULL, out);
    iw_options_help(options, n, out);
    iw_buffer_add(
        out,
        IW_STR("\nEVIDENCE is any mix of files, folders and - (standard input). What a file is,\n"
               "its content says, not its name. Nothing is ever written to it.\n"
               "\nExit status: the sum of 1 (findings at or above --fail-level; coverage has no\n"
               "such level), 2 (evidence was damaged or could not be read) and 4 (with\n"
               "--fail-on-blind: something could not have been seen); 0 none of these, which is\n"
               "not the same as clean; 64 wrong usage; 70 could not run, or could not write or\n"
               "keep what it found; 130 interrupted.\n"
               "\nThe options of a command: iiswarden COMMAND --help\n"));
}

static void add_command_help(const struct iw_command *command, struct iw_buffer *out)
{
    iw_buffer_printf(out, "Usage: iiswarden %s%s %s\n\n%s\n", command->name,
                     command->n_options != 0 ? " [OPTION]..." : "", command->operands,
                     command->description);
    iw_options_help(command->options, command->n_options, out);
}

static int show(struct iw_buffer *text)
{
    struct iw_outlet outlet;
    struct iw_error err = {.rc = IW_OK};
    enum iw_rc rc = text->failed ? iw_error_set(&err, IW_ENOMEM, "no memory") : IW_OK;
    iw_outlet_init(&outlet);
    if (rc == IW_OK)
        rc = iw_outlet_open(&outlet, NULL, &err);
    if (rc == IW_OK)
        rc = iw_outlet_write(&outlet, iw_buffer_str(text), &err);
    iw_buffer_done(text);
    if (rc == IW_OK)
        return IW_EXIT_NOTHING;
    return outlet.is_pipe_broken ? IW_EXIT_NOTHING : iw_cli_fail(&err);
}

int iw_cli_help(const struct iw_command *command)
{
    struct iw_buffer text;
    iw_buffer_init(&text);
    if (command == NULL)
        add_program_help(&text);
    else
        add_command_help(command, &text);
    return show(&text);
}

int iw_cli_help_group(const char *word)
{
    struct iw_buffer text;
    iw_buffer_init(&text);
    add_group_help(word, &text);
    return show(&text);
}

static int run_help(const struct iw_arguments *arguments)
{
    const char *const *words = (const char *const *)arguments->operands.items;
    size_t n = arguments->operands.n, n_used;
    const struct iw_command *command = iw_command_find(words, n, &n_used);
    if (n == 0)
        return iw_cli_help(NULL);
    if (n == 1 && command == NULL && iw_command_is_group(words[0]))
        return iw_cli_help_group(words[0]);
    if (command != NULL && n_used == n)
        return iw_cli_help(command);
    if (command != NULL || n > 2)
        iw_cli_say("help takes one command");
    else
        iw_cli_say("unknown command %s%s%s", words[0], n > 1 ? " " : "", n > 1 ? words[1] : "");
    return IW_EXIT_USAGE;
}

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Options"},
    {.kind = IW_OPTION_FLAG,
     .letter = 'h',
     .name = "help",
     .help = "show this help",
     .member = offsetof(struct iw_arguments, help)},
};

const struct iw_command iw_command_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "show this help, or that of a command",
    .description = "Shows the help of the program or of a command.",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_help,
};
