/*
 * `baseline approve`: differences somebody stands for, into the document.
 */
#include "base/file.h"
#include "cli/options_baseline.h"
#include "cli/replace.h"
#include "cli/session.h"
#include "iis/baseline/baseline.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Approval"},
    {.kind = IW_OPTION_TEXT,
     .name = "from",
     .argument = "DIFF.ndjson",
     .help = "what baseline diff --format ndjson wrote",
     .member = IW_MEMBER(from)},
    {.kind = IW_OPTION_LIST,
     .name = "difference",
     .argument = "ID",
     .help = "a difference that is approved; may be repeated",
     .member = IW_MEMBER(differences)},
    {.kind = IW_OPTION_TEXT,
     .name = "by",
     .argument = "WHO",
     .help = "who approves",
     .member = IW_MEMBER(by)},
    {.kind = IW_OPTION_TEXT,
     .name = "ticket",
     .argument = "TICKET",
     .help = "the change it belongs to",
     .member = IW_MEMBER(ticket)},
    {.kind = IW_OPTION_TEXT,
     .name = "reason",
     .argument = "TEXT",
     .help = "why it is right",
     .member = IW_MEMBER(reason)},
    {.kind = IW_OPTION_UNTIL,
     .name = "expires",
     .argument = "TIME",
     .help = "until when (UTC), such as 2026-06-30; default: no end",
     .member = IW_MEMBER(expires_ns)},
    {.kind = IW_OPTION_FLAG,
     .letter = 'h',
     .name = "help",
     .help = "show this help",
     .member = IW_MEMBER(help)},
};

static enum iw_rc approve(const struct iw_arguments *arguments, struct iw_arena *arena,
                          struct iw_buffer *out, struct iw_error *err)
{
    const struct iw_baseline_approver approver = {.by = iw_str_of(arguments->by),
                                                  .ticket = iw_str_of(arguments->ticket),
                                                  .reason = iw_str_of(arguments->reason),
                                                  .expires_ns = arguments->expires_ns};
    struct iw_str document, diff;
    struct iw_str *ids = iw_arena_calloc(arena, arguments->differences.n + 1, sizeof ids[0]);
    if (ids == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (arguments->from == NULL)
        return iw_error_set(err, IW_EUSAGE, "--from is missing: the output of baseline diff");
    for (size_t i = 0; i < arguments->differences.n; i++)
        ids[i] = iw_str_of(arguments->differences.items[i]);
    IW_TRY(iw_baseline_read_operand(arguments, arena, &document, err));
    IW_TRY(iw_file_read(arguments->from, IW_LIMIT_BASELINE_BYTES, arena, &diff, err));
    return iw_baseline_approve(
        document, diff, &(struct iw_text_list){ids, arguments->differences.n}, &approver, out, err);
}

static int run_approve(const struct iw_arguments *arguments)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_buffer text;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    iw_buffer_init(&text);
    rc = approve(arguments, &arena, &text, &err);
    if (rc == IW_OK)
        rc = iw_replace_file(arguments->operands.items[0], iw_buffer_str(&text), &err);
    if (rc == IW_OK)
        iw_cli_say("%zu approved in %s; a signature of it must be made anew",
                   arguments->differences.n, arguments->operands.items[0]);
    iw_buffer_done(&text);
    iw_arena_done(&arena);
    return rc == IW_OK ? IW_EXIT_NOTHING : iw_cli_fail(&err);
}

const struct iw_command iw_command_baseline_approve = {
    .name = "baseline approve",
    .operands = "FILE",
    .summary = "approve differences, with who, ticket and reason",
    .description = "Writes into FILE, the baseline, that the named differences are approved: of\n"
                   "exactly that content, until --expires. They are still shown, and no longer\n"
                   "set the exit status of diff.\n\n"
                   "  iiswarden baseline approve web01.baseline --from today.ndjson \\\n"
                   "      --difference d-0123456789abcdef --by alice --ticket CHG-1042 \\\n"
                   "      --reason 'Release 4.2'",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_approve,
};
