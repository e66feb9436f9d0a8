/*
 * `baseline sign`: a detached signature beside the document.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/timestamp.h"
#include "cli/options_baseline.h"
#include "cli/replace.h"
#include "iis/baseline/baseline.h"
#include "iis/baseline/baseline_sign.h"

static const struct iw_option OPTIONS[] = {
    {.kind = IW_OPTION_HEADING, .help = "Signature"},
    {.kind = IW_OPTION_TEXT,
     .name = "key",
     .argument = "PRIVATE.pem",
     .help = "an Ed25519 private key, PEM, not encrypted",
     .member = IW_MEMBER(key)},
    {.kind = IW_OPTION_NUMBER,
     .name = "sequence",
     .argument = "N",
     .help = "sequence number; default: one more than that of the signature there",
     .member = IW_MEMBER(sequence),
     .min = 1,
     .max = UINT64_MAX},
    {.kind = IW_OPTION_FLAG,
     .letter = 'h',
     .name = "help",
     .help = "show this help",
     .member = IW_MEMBER(help)},
};

/* One more than the signature there, which need not hold any more: the document has changed. One
 * that cannot be read has a number nobody knows. */
static enum iw_rc next_sequence(const struct iw_arguments *arguments, const char *path,
                                struct iw_arena *arena, uint64_t *ret, struct iw_error *err)
{
    struct iw_baseline_signature old;
    struct iw_str text;
    *ret = arguments->sequence != 0 ? arguments->sequence : 1;
    if (arguments->sequence != 0 || access(path, F_OK) != 0)
        return IW_OK;
    IW_TRY(iw_file_read(path, IW_LIMIT_BASELINE_SIGNATURE_BYTES, arena, &text, err));
    if (iw_baseline_signature_read(text, &old, NULL) != IW_OK || old.sequence == UINT64_MAX)
        return iw_error_set(err, IW_EUSAGE, "%s cannot be read: say --sequence", path);
    *ret = old.sequence + 1;
    return IW_OK;
}

static enum iw_rc sign(const struct iw_arguments *arguments, struct iw_arena *arena,
                       struct iw_buffer *out, struct iw_error *err)
{
    char path[PATH_MAX];
    struct iw_baseline *baseline;
    struct iw_str document, key;
    uint64_t sequence;
    enum iw_rc rc;
    if (arguments->key == NULL)
        return iw_error_set(err, IW_EUSAGE, "--key is missing: the private key");
    IW_TRY(iw_baseline_read_operand(arguments, arena, &document, err));
    IW_TRY(iw_baseline_read(document, arguments->operands.items[0], arena, &baseline, err));
    if (snprintf(path, sizeof path, "%s.sig", arguments->operands.items[0]) >= (int)sizeof path)
        return iw_error_set(err, IW_EUSAGE, "the path is too long");
    IW_TRY(next_sequence(arguments, path, arena, &sequence, err));
    IW_TRY(iw_file_read(arguments->key, IW_LIMIT_KEY_FILE_BYTES, arena, &key, err));
    rc =
        iw_baseline_sign(document, key, sequence, (int64_t)time(NULL) * IW_NS_PER_SECOND, out, err);
    if (rc != IW_OK) {
        iw_error_place(err, arguments->key, 0, 0);
        return rc;
    }
    IW_TRY(iw_replace_file(path, iw_buffer_str(out), err));
    iw_cli_say("%s: sequence number %llu", path, (unsigned long long)sequence);
    return IW_OK;
}

static int run_sign(const struct iw_arguments *arguments)
{
    struct iw_error err = {.rc = IW_OK};
    struct iw_buffer text;
    struct iw_arena arena;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    iw_buffer_init(&text);
    rc = sign(arguments, &arena, &text, &err);
    iw_buffer_done(&text);
    iw_arena_done(&arena);
    return rc == IW_OK ? IW_EXIT_NOTHING : iw_cli_fail(&err);
}

const struct iw_command iw_command_baseline_sign = {
    .name = "baseline sign",
    .operands = "FILE",
    .summary = "sign a baseline",
    .description = "Writes FILE.sig: an Ed25519 signature of FILE with a sequence number and the\n"
                   "time. FILE must be a baseline that can be read whole.\n\n"
                   "  openssl genpkey -algorithm ed25519 -out private.pem\n"
                   "  openssl pkey -in private.pem -pubout -out public.pem\n"
                   "  iiswarden baseline sign --key private.pem web01.baseline",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run_sign,
};
