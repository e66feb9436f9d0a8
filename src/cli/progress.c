/*
 * The progress line. Ten times a second; the first after a third of a second, so that a short run
 * shows none. It is wiped by spaces, not by an escape sequence: that works on any terminal.
 */
#include "cli/progress.h"

#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/timestamp.h"
#include "output/display.h"

#define STEP_NS 20000000L
#define STEPS_A_LINE 5U
#define STEPS_BEFORE_FIRST 15U
#define SAYS_LITTLE_NS 1000000000U

static void add_time_left(struct iw_buffer *out, uint64_t seconds)
{
    if (seconds >= 3600)
        iw_buffer_printf(out, "   %llu:%02llu:%02llu left", (unsigned long long)(seconds / 3600),
                         (unsigned long long)(seconds / 60 % 60),
                         (unsigned long long)(seconds % 60));
    else
        iw_buffer_printf(out, "   %llu:%02llu left", (unsigned long long)(seconds / 60),
                         (unsigned long long)(seconds % 60));
}

/* *total* 0: nobody knows yet how much there will be. */
static void add_read(struct iw_buffer *out, uint64_t done, uint64_t total)
{
    if (total == 0) {
        iw_display_bytes(out, done);
        iw_buffer_add(out, IW_STR(" read"));
        return;
    }
    iw_buffer_printf(out, "%3u %%  ", (unsigned)((double)done * 100.0 / (double)total));
    iw_display_bytes(out, done);
    iw_buffer_add(out, IW_STR(" of "));
    iw_display_bytes(out, total);
}

void iw_progress_line(const struct iw_progress *progress, uint64_t elapsed_ns, bool is_stopping,
                      unsigned width, struct iw_buffer *out)
{
    uint64_t total = atomic_load(&progress->total_bytes), done = atomic_load(&progress->done_bytes);
    bool is_open_ended = atomic_load(&progress->is_open_ended);
    uint64_t n_events = atomic_load(&progress->n_events);
    uint64_t n_findings = atomic_load(&progress->n_findings);
    double seconds = (double)elapsed_ns / 1e9;
    struct iw_buffer line;

    iw_buffer_init(&line);
    if (done > total && !is_open_ended)
        done = total;
    if (is_stopping)
        iw_buffer_add(&line, IW_STR("stopping; once more to stop at once"));
    else if (total == 0)
        iw_buffer_add(&line, IW_STR("looking for evidence"));
    else
        add_read(&line, done, is_open_ended ? 0 : total);
    if (total != 0 && elapsed_ns != 0) {
        iw_buffer_add(&line, IW_STR("   "));
        iw_display_count(&line, (uint64_t)((double)n_events / seconds));
        iw_buffer_add(&line, IW_STR(" events/s"));
    }
    if (n_findings != 0) {
        iw_buffer_add(&line, IW_STR("   "));
        iw_display_counted(&line, n_findings, "finding", "findings");
    }
    if (!is_stopping && !is_open_ended && done != 0 && done < total && elapsed_ns >= SAYS_LITTLE_NS)
        add_time_left(&line, (uint64_t)(seconds * (double)(total - done) / (double)done) + 1);
    if (line.failed)
        out->failed = true;
    else
        (void)iw_display_text(out, iw_buffer_str(&line), width);
    iw_buffer_done(&line);
}

static void wipe(struct iw_buffer *out, size_t n_columns)
{
    iw_buffer_add_char(out, '\r');
    iw_display_spaces(out, n_columns);
    iw_buffer_add_char(out, '\r');
}

/* Draws over what stands there; returns the columns drawn. */
static size_t draw(struct iw_progress_display *display, size_t n_columns_before)
{
    struct iw_buffer text;
    size_t n_columns = 0, start;
    iw_buffer_init(&text);
    iw_buffer_add_char(&text, '\r');
    start = text.n;
    iw_progress_line(display->progress, iw_clock_ns() - display->started_ns,
                     atomic_load(display->cancelled), display->width, &text);
    if (!text.failed)
        n_columns = iw_display_columns((struct iw_str){text.p + start, text.n - start});
    if (n_columns < n_columns_before)
        iw_display_spaces(&text, n_columns_before - n_columns);
    if (!text.failed)
        (void)iw_fd_write(STDERR_FILENO, iw_buffer_str(&text), NULL);
    iw_buffer_done(&text);
    return n_columns > n_columns_before ? n_columns : n_columns_before;
}

static void *run_display(void *context)
{
    struct iw_progress_display *display = context;
    const struct timespec step = {0, STEP_NS};
    struct iw_buffer text;
    size_t n_columns = 0;
    for (unsigned n = 0; !atomic_load(&display->stop); n++) {
        if (n >= STEPS_BEFORE_FIRST && n % STEPS_A_LINE == 0)
            n_columns = draw(display, n_columns);
        (void)nanosleep(&step, NULL);
    }
    if (n_columns != 0) {
        iw_buffer_init(&text);
        wipe(&text, n_columns);
        if (!text.failed)
            (void)iw_fd_write(STDERR_FILENO, iw_buffer_str(&text), NULL);
        iw_buffer_done(&text);
    }
    return NULL;
}

void iw_progress_display_init(struct iw_progress_display *display,
                              const struct iw_progress *progress, unsigned width,
                              const _Atomic bool *cancelled)
{
    memset(display, 0, sizeof *display);
    display->progress = progress;
    display->width = (width != 0 ? width : 80) - 1;
    display->cancelled = cancelled;
}

void iw_progress_display_start(struct iw_progress_display *display)
{
    display->started_ns = iw_clock_ns();
    atomic_store(&display->stop, false);
    display->is_running = pthread_create(&display->thread, NULL, run_display, display) == 0;
}

void iw_progress_display_stop(struct iw_progress_display *display)
{
    if (!display->is_running)
        return;
    atomic_store(&display->stop, true);
    (void)pthread_join(display->thread, NULL);
    display->is_running = false;
}
