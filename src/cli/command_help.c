/*
 * Help from the tables: of the program, of one command.
 */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/outlet.h"
#include "output/display.h"

static void add_commands(struct iw_buffer *out)
{
    size_t n;
    const struct iw_command *const *commands = iw_commands(&n);
    iw_buffer_add(out, IW_STR("\nCommands\n"));
    for (size_t i = 0; i < n; i++)
        iw_buffer_printf(out, "  %-8s  %s\n", commands[i]->name, commands[i]->summary);
}

static void add_program_help(struct iw_buffer *out)
{
    size_t n;
    const struct iw_option *options = iw_global_options(&n);
    iw_buffer_add(out, IW_STR("iiswarden looks in Windows event logs for backdoors of web "
                              "servers.\n\n"
                              "Usage: iiswarden COMMAND [OPTION]... EVIDENCE...\n"));
    add_commands(out);
    iw_options_help(options, n, out);
    iw_buffer_add(
        out,
        IW_STR("\nEVIDENCE is any mix of files, folders and - (standard input). What a file is,\n"
               "its content says, not its name. Nothing is ever written to it.\n"
               "\nExit status: the sum of 1 (findings at or above --fail-level) and 2 (evidence\n"
               "was damaged or could not be read); 0 neither, which is not the same as clean;\n"
               "64 wrong usage; 70 could not run; 130 interrupted.\n"
               "\nThe options of a command: iiswarden COMMAND --help\n"));
}

static void add_command_help(const struct iw_command *command, struct iw_buffer *out)
{
    iw_buffer_printf(out, "Usage: iiswarden %s%s %s\n\n%s\n", command->name,
                     command->n_options != 0 ? " [OPTION]..." : "", command->operands,
                     command->description);
    iw_options_help(command->options, command->n_options, out);
}

int iw_cli_help(const struct iw_command *command)
{
    struct iw_outlet outlet;
    struct iw_error err = {.rc = IW_OK};
    struct iw_buffer text;
    enum iw_rc rc;

    iw_buffer_init(&text);
    iw_outlet_init(&outlet);
    if (command == NULL)
        add_program_help(&text);
    else
        add_command_help(command, &text);
    rc = text.failed ? iw_error_set(&err, IW_ENOMEM, "no memory") : IW_OK;
    if (rc == IW_OK)
        rc = iw_outlet_open(&outlet, NULL, &err);
    if (rc == IW_OK)
        rc = iw_outlet_write(&outlet, iw_buffer_str(&text), &err);
    iw_buffer_done(&text);
    if (rc == IW_OK)
        return IW_EXIT_NOTHING;
    return outlet.is_pipe_broken ? IW_EXIT_NOTHING : iw_cli_fail(&err);
}

static int run_help(const struct iw_arguments *arguments)
{
    const struct iw_command *command = NULL;
    if (arguments->operands.n > 1) {
        iw_cli_say("help takes one command");
        return IW_EXIT_USAGE;
    }
    if (arguments->operands.n == 1) {
        command = iw_command_find(arguments->operands.items[0]);
        if (command == NULL) {
            iw_cli_say("unknown command %s", arguments->operands.items[0]);
            return IW_EXIT_USAGE;
        }
    }
    return iw_cli_help(command);
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
