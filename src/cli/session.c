/*
 * What every command does around the engine. Everything that needs the terminal or the file system
 * is asked before the engine is called, because afterwards the process is confined.
 */
#include "cli/session.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/signals.h"
#include "cli/terminal.h"

enum iw_rc iw_session_check_paths(const char *option, const struct iw_word_list *paths,
                                  struct iw_error *err)
{
    for (size_t i = 0; i < paths->n; i++) {
        if (access(paths->items[i], R_OK) != 0)
            return iw_error_set(err, IW_EUSAGE, "%s %s: %s", option, paths->items[i],
                                strerror(errno));
    }
    return IW_OK;
}

enum iw_rc iw_session_check_path(const char *option, const char *path, struct iw_error *err)
{
    char *item = (char *)(uintptr_t)path;
    const struct iw_word_list list = {.items = &item, .n = path != NULL};
    return iw_session_check_paths(option, &list, err);
}

static enum iw_rc refuse_same(const char *which, const struct iw_outlet *a,
                              const struct iw_outlet *b, struct iw_error *err)
{
    return iw_outlet_is_same(a, b)
               ? iw_error_set(err, IW_EUSAGE, "%s are the same file: %s", which, b->name)
               : IW_OK;
}

static enum iw_rc check_outlets(struct iw_session *session, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    char *files[7];
    struct iw_word_list named = {.items = files};
    const struct iw_word_list *inputs[] = {
        &arguments->operands, &arguments->rules,     &arguments->only_rules,
        &arguments->trust,    &arguments->yara,      &arguments->known_hashes,
        &arguments->changes,  &arguments->telemetry, &named};
    const char *const said[] = {arguments->placeholders, arguments->baseline,
                                arguments->baseline_key, arguments->changes_map,
                                arguments->estate,       arguments->settings_file,
                                arguments->canary};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (said[i] != NULL)
            files[named.n++] = (char *)(uintptr_t)said[i];
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        IW_TRY(iw_outlet_refuse_inputs(&session->data, inputs[i], err));
        IW_TRY(iw_outlet_refuse_inputs(&session->manifest, inputs[i], err));
        IW_TRY(iw_outlet_refuse_inputs(&session->coverage, inputs[i], err));
    }
    IW_TRY(refuse_same("output and manifest", &session->data, &session->manifest, err));
    IW_TRY(refuse_same("output and coverage", &session->data, &session->coverage, err));
    IW_TRY(refuse_same("manifest and coverage", &session->manifest, &session->coverage, err));
    if (!session->keeps_output)
        IW_TRY(iw_outlet_empty(&session->data, err));
    IW_TRY(iw_outlet_empty(&session->manifest, err));
    return iw_outlet_empty(&session->coverage, err);
}

static enum iw_rc open_outlets(struct iw_session *session, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    IW_TRY(iw_outlet_check_place(arguments->output, &arguments->operands, err));
    IW_TRY(iw_outlet_check_place(arguments->manifest, &arguments->operands, err));
    IW_TRY(iw_outlet_check_place(arguments->coverage, &arguments->operands, err));
    IW_TRY(iw_outlet_open(&session->data, arguments->output, err));
    if (arguments->manifest != NULL)
        IW_TRY(iw_outlet_open(&session->manifest, arguments->manifest, err));
    if (arguments->coverage != NULL)
        IW_TRY(iw_outlet_open(&session->coverage, arguments->coverage, err));
    return check_outlets(session, err);
}

static enum iw_rc begin(struct iw_session *session, const struct iw_arguments *arguments,
                        bool keeps_output, struct iw_error *err)
{
    memset(session, 0, sizeof *session);
    session->arguments = arguments;
    session->keeps_output = keeps_output;
    iw_run_init(&session->run);
    iw_outlet_init(&session->data);
    iw_outlet_init(&session->manifest);
    iw_outlet_init(&session->coverage);
    iw_terminal_style(STDERR_FILENO, (enum iw_when)arguments->color, &session->error_style);
    if (arguments->operands.n == 0)
        return iw_error_set(err, IW_EUSAGE, "no evidence given: name files, folders or -");
    IW_TRY(open_outlets(session, err));
    iw_terminal_style(session->data.fd, (enum iw_when)arguments->color, &session->style);
    session->format = (enum iw_format)arguments->format;
    if (session->format == IW_FORMAT_AUTO)
        session->format = isatty(session->data.fd) != 0 ? IW_FORMAT_TABLE : IW_FORMAT_NDJSON;
    session->is_one_screen = session->format == IW_FORMAT_TABLE && isatty(session->data.fd) != 0 &&
                             isatty(STDERR_FILENO) != 0;
    if (arguments->no_confine && !arguments->quiet)
        iw_cli_say(
            "warning: --no-confine: evidence is read by a process that may do anything you may");
    iw_progress_display_init(&session->display, &session->progress, session->error_style.width,
                             iw_signals_begin());
    return IW_OK;
}

enum iw_rc iw_session_begin(struct iw_session *session, const struct iw_arguments *arguments,
                            struct iw_error *err)
{
    return begin(session, arguments, false, err);
}

enum iw_rc iw_session_begin_keeping(struct iw_session *session,
                                    const struct iw_arguments *arguments, struct iw_error *err)
{
    return begin(session, arguments, true, err);
}

static void start_display(void *context)
{
    struct iw_session *session = context;
    iw_progress_display_start(&session->display);
}

static bool wants_progress(const struct iw_session *session)
{
    const struct iw_arguments *arguments = session->arguments;
    if (arguments->quiet || arguments->progress == IW_WHEN_NEVER)
        return false;
    return arguments->progress == IW_WHEN_ALWAYS || isatty(STDERR_FILENO) != 0;
}

struct iw_engine_options iw_session_engine_options(struct iw_session *session)
{
    const struct iw_arguments *arguments = session->arguments;
    bool shows = wants_progress(session);
    return (struct iw_engine_options){
        .paths = (const char *const *)arguments->operands.items,
        .n_paths = arguments->operands.n,
        .host = arguments->host,
        .n_jobs = (unsigned)arguments->n_jobs,
        .recover = arguments->recover,
        .verify = arguments->verify,
        .confine = !arguments->no_confine,
        .cancelled = iw_signals_begin(),
        .progress = &session->progress,
        .ready = shows ? start_display : NULL,
        .ready_context = session,
    };
}

enum iw_rc iw_session_end_reading(struct iw_session *session, enum iw_rc rc)
{
    iw_progress_display_stop(&session->display);
    if (rc != IW_ECANCELLED)
        return rc;
    session->run.interrupted = true;
    return IW_OK;
}

static enum iw_rc check_whole(const struct iw_buffer *text, const char *what, struct iw_error *err)
{
    return text->failed ? iw_error_set(err, IW_ENOMEM, "no memory to write the %s", what) : IW_OK;
}

static enum iw_rc write_manifest(struct iw_session *session, struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    if (session->arguments->manifest == NULL)
        return IW_OK;
    iw_buffer_init(&text);
    iw_output_manifest(&session->run, session->arguments->command_line, &text);
    rc = check_whole(&text, "manifest", err);
    if (rc == IW_OK)
        rc = iw_outlet_write(&session->manifest, iw_buffer_str(&text), err);
    iw_buffer_done(&text);
    return rc;
}

static enum iw_rc write_coverage(struct iw_session *session, struct iw_error *err)
{
    struct iw_buffer text;
    enum iw_rc rc;
    if (session->arguments->coverage == NULL)
        return IW_OK;
    iw_buffer_init(&text);
    iw_output_coverage_ndjson(&session->run, &text);
    rc = check_whole(&text, "coverage", err);
    if (rc == IW_OK)
        rc = iw_outlet_write(&session->coverage, iw_buffer_str(&text), err);
    iw_buffer_done(&text);
    return rc;
}

static void show_account(const struct iw_session *session)
{
    struct iw_buffer text;
    if (session->arguments->quiet)
        return;
    iw_buffer_init(&text);
    if (session->is_one_screen)
        iw_buffer_add_char(&text, '\n');
    iw_output_account(&session->run, &session->error_style, &text);
    if (text.failed)
        iw_cli_say("no memory to show the account");
    else /* nowhere to say that standard error cannot be written */
        (void)iw_fd_write(STDERR_FILENO, iw_buffer_str(&text), NULL);
    iw_buffer_done(&text);
}

enum iw_rc iw_session_write(struct iw_session *session, const struct iw_buffer *text,
                            const char *what, struct iw_error *err)
{
    IW_TRY(check_whole(text, what, err));
    return iw_outlet_write(&session->data, iw_buffer_str(text), err);
}

enum iw_rc iw_session_replace(struct iw_session *session, const struct iw_buffer *text,
                              const char *what, struct iw_error *err)
{
    IW_TRY(check_whole(text, what, err));
    return iw_outlet_replace(&session->data, iw_buffer_str(text), err);
}

int iw_session_finish(struct iw_session *session, enum iw_rc rc, const struct iw_error *err,
                      int status)
{
    struct iw_error own = *err;
    /* Whoever closed the pipe has seen enough: that is neither a failure nor worth a word. */
    bool is_quiet = session->data.is_stdout && session->data.is_pipe_broken;

    iw_progress_display_stop(&session->display);
    if (rc == IW_EUSAGE) {
        iw_outlet_discard(&session->data);
        iw_outlet_discard(&session->manifest);
        iw_outlet_discard(&session->coverage);
    }
    if (is_quiet)
        rc = IW_OK;
    if (rc == IW_OK)
        rc = write_coverage(session, &own);
    if (rc == IW_OK)
        rc = write_manifest(session, &own);
    if (rc == IW_OK)
        rc = iw_outlet_close(&session->data, &own);
    if (rc == IW_OK)
        rc = iw_outlet_close(&session->manifest, &own);
    if (rc == IW_OK)
        rc = iw_outlet_close(&session->coverage, &own);
    if (rc != IW_OK)
        status = iw_cli_fail(&own);
    else if (!is_quiet)
        show_account(session);
    if (rc == IW_OK && (is_quiet ? atomic_load(iw_signals_begin()) : session->run.interrupted))
        status = IW_EXIT_INTERRUPTED;
    if (rc == IW_OK && session->run.failure.rc != IW_OK)
        status = iw_cli_fail(&session->run.failure);
    (void)iw_outlet_close(&session->data, NULL);
    (void)iw_outlet_close(&session->manifest, NULL);
    (void)iw_outlet_close(&session->coverage, NULL);
    iw_run_done(&session->run);
    return status;
}
