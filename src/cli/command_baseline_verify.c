/*
 * `baseline verify`: whether the signature beside a document holds.
 */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/timestamp.h"
#include "cli/options_baseline.h"
#include "iis/baseline/baseline_sign.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Signature"},
    {.kind = IW_OPTION_TEXT,
     .name = "public-key",
     .argument = "PUB.pem",
     .help = "the Ed25519 public key it must be signed by, PEM",
     .member = IW_MEMBER(public_key)},
    {.kind = IW_OPTION_NUMBER,
     .name = "minimum-sequence",
     .argument = "N",
     .help = "refuse a signature with a lower sequence number",
     .member = IW_MEMBER(minimum_sequence),
     .min = 1,
     .max = UINT64_MAX},
    {.kind = IW_OPTION_FLAG,
     .letter = 'h',
     .name = "help",
     .help = "show this help",
     .member = IW_MEMBER(help)},
};

static enum iw_rc show(const struct iw_baseline_signature *signature,
                       enum iw_baseline_verdict verdict, struct iw_error *err)
{
    struct iw_buffer out;
    enum iw_rc rc;
    iw_buffer_init(&out);
    iw_buffer_printf(&out, "%s\n", iw_baseline_verdict_words(verdict));
    if (verdict == IW_BASELINE_SIGNATURE_HOLDS || verdict == IW_BASELINE_SIGNATURE_OLDER) {
        char time[IW_TIME_TEXT_BYTES];
        iw_time_format(signature->time_ns, time);
        iw_buffer_printf(&out, "sequence number %llu\nsigned at ",
                         (unsigned long long)signature->sequence);
        iw_buffer_add(&out, (struct iw_str){time, sizeof time});
        iw_buffer_add_char(&out, '\n');
    }
    rc = out.failed ? iw_error_set(err, IW_ENOMEM, "no memory")
                    : iw_fd_write(STDOUT_FILENO, iw_buffer_str(&out), err);
    iw_buffer_done(&out);
    return rc;
}

static enum iw_rc verify(const struct iw_arguments *arguments, struct iw_arena *arena,
                         enum iw_baseline_verdict *ret, struct iw_error *err)
{
    char path[PATH_MAX];
    struct iw_baseline_signature signature = {0};
    struct iw_str document, key, text = IW_STR("");
    enum iw_rc rc;
    if (arguments->public_key == NULL)
        return iw_error_set(err, IW_EUSAGE, "--public-key is missing");
    IW_TRY(iw_baseline_read_operand(arguments, arena, &document, err));
    IW_TRY(iw_file_read(arguments->public_key, IW_LIMIT_KEY_FILE_BYTES, arena, &key, err));
    if (snprintf(path, sizeof path, "%s.sig", arguments->operands.items[0]) >= (int)sizeof path)
        return iw_error_set(err, IW_EUSAGE, "the path is too long");
    rc = iw_file_read(path, IW_LIMIT_BASELINE_SIGNATURE_BYTES, arena, &text, NULL);
    if (rc == IW_ENOMEM)
        return iw_error_set(err, rc, "no memory");
    if (rc != IW_OK) /* none, or too large to be one: that does not hold */
        text = IW_STR("");
    rc = iw_baseline_verify(document, text, key, arguments->minimum_sequence, ret, &signature, err);
    if (rc == IW_EUSAGE)
        iw_error_place(err, arguments->public_key, 0, 0);
    return rc == IW_OK ? show(&signature, *ret, err) : rc;
}

static int run_verify(const struct iw_arguments *arguments)
{
    struct iw_error err = {.rc = IW_OK};
    enum iw_baseline_verdict verdict = IW_BASELINE_SIGNATURE_UNREADABLE;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = verify(arguments, &arena, &verdict, &err);
    iw_arena_done(&arena);
    if (rc != IW_OK)
        return iw_cli_fail(&err);
    return verdict == IW_BASELINE_SIGNATURE_HOLDS ? IW_EXIT_NOTHING : IW_EXIT_FINDINGS;
}

const struct iw_command iw_command_baseline_verify = {
    .name = "baseline verify",
    .operands = "FILE",
    .summary = "verify the signature of a baseline",
    .description = "Says whether FILE.sig is a signature of FILE by the key, its sequence number\n"
                   "and its time.\n"
                   "Exit status: 0 it holds; 1 it does not, or is older than asked for; 64 wrong\n"
                   "usage; 70 could not run.\n\n"
                   "  iiswarden baseline verify --public-key public.pem web01.baseline",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_verify,
};
