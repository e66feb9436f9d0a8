/**
 * The progress line: a thread that draws what the engine counts on standard error, and wipes it
 * away at the end.
 */
#ifndef IW_CLI_PROGRESS_H
#define IW_CLI_PROGRESS_H

#include <pthread.h>

#include "base/buffer.h"
#include "engine/engine.h"

struct iw_progress_display {
    const struct iw_progress *progress;
    const _Atomic bool *cancelled;
    unsigned width;
    uint64_t started_ns;
    bool is_running;
    _Atomic bool stop;
    pthread_t thread;
};

/** Prepares a display of *width* columns (0 = 80). Starts nothing. */
void iw_progress_display_init(struct iw_progress_display *display,
                              const struct iw_progress *progress, unsigned width,
                              const _Atomic bool *cancelled);
/** Starts the thread; a display that cannot be started is no reason to stop. */
void iw_progress_display_start(struct iw_progress_display *display);
/** Ends the thread and wipes the line. Nothing when it is not running. */
void iw_progress_display_stop(struct iw_progress_display *display);

/** The line after *elapsed_ns*, without line ends, at most *width* columns. For the thread and its
 * test. */
void iw_progress_line(const struct iw_progress *progress, uint64_t elapsed_ns, bool is_stopping,
                      unsigned width, struct iw_buffer *out);

#endif
