/**
 * What every command that reads evidence does around the engine: open the outputs before the
 * process is confined, show progress, tell the account, make the exit status.
 *
 * A session is begun once, finished once and used by one thread.
 */
#ifndef IW_CLI_SESSION_H
#define IW_CLI_SESSION_H

#include "cli/cli.h"
#include "cli/outlet.h"
#include "cli/progress.h"
#include "engine/engine.h"
#include "output/output.h"

struct iw_session {
    const struct iw_arguments *arguments;
    struct iw_run run;
    enum iw_format format;
    struct iw_style style;       /* of the data */
    struct iw_style error_style; /* of standard error */
    bool keeps_output;           /* until a document takes its place */
    bool is_one_screen;          /* a table and the account on the same terminal */
    struct iw_outlet data, manifest, coverage;
    struct iw_progress progress;
    struct iw_progress_display display;
    const struct iw_canary_ask *canary; /* what a hunt is asked about canaries; NULL: nothing */
};

/** Whether every path exists and can be read; IW_EUSAGE names the first that cannot. */
enum iw_rc iw_session_check_paths(const char *option, const struct iw_word_list *paths,
                                  struct iw_error *err);
/** The same of one path; NULL: it was not given. */
enum iw_rc iw_session_check_path(const char *option, const char *path, struct iw_error *err);

/**
 * Makes the run, opens the outputs, catches signals. iw_session_finish() must follow whatever it
 * returns: IW_OK; IW_EUSAGE (no evidence, an output that is evidence); IW_EIO (an output cannot be
 * opened).
 */
enum iw_rc iw_session_begin(struct iw_session *session, const struct iw_arguments *arguments,
                            struct iw_error *err);

/** The same for a command that writes a document as a whole: what the output holds stays until
 * iw_session_replace(), so that a run that fails takes nothing away. */
enum iw_rc iw_session_begin_keeping(struct iw_session *session,
                                    const struct iw_arguments *arguments, struct iw_error *err);

/** Options of the engine for this session; borrowed from it. */
struct iw_engine_options iw_session_engine_options(struct iw_session *session);

/** Ends the progress line. Returns *rc*, but IW_OK for a run that was interrupted, which has a
 * partial report to write. */
enum iw_rc iw_session_end_reading(struct iw_session *session, enum iw_rc rc);

/**
 * Writes a finished text where the data goes. IW_ENOMEM ("no memory to write the <what>") when it
 * could not be made whole; IW_EIO.
 */
enum iw_rc iw_session_write(struct iw_session *session, const struct iw_buffer *text,
                            const char *what, struct iw_error *err);

/** The same in the place of what the output holds. */
enum iw_rc iw_session_replace(struct iw_session *session, const struct iw_buffer *text,
                              const char *what, struct iw_error *err);

/**
 * Writes coverage, manifest and account, closes everything, says what failed. A refused run
 * (IW_EUSAGE) leaves no new file behind. When the reader of standard output went away the run
 * counts as written and no account is shown.
 *
 * @param rc      outcome so far; when it is not IW_OK, *err* is said and nothing more is written
 * @param status  exit status of a run that went well
 * @return the exit status
 */
int iw_session_finish(struct iw_session *session, enum iw_rc rc, const struct iw_error *err,
                      int status);

#endif
