/*
 * Scenarios side by side (see score_jobs.h).
 *
 * What it does: at most n_jobs children, started in order. They share nothing but the folder tree,
 * where each has its own place, so the result does not depend on who is done first. What it
 * ignores: how children end; what they leave behind says it.
 */
#include "lab/score/score_jobs.h"

#include "lab/score/score_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void play(const struct iw_lab_run_options *options, const char *scenario,
                           const char *name, const char *folder)
{
    char path[PATH_MAX];
    if (iw_lab_path_join(path, sizeof path, folder, name, NULL)) {
        iw_lab_run_scenario(options, scenario, path);
    }
    _exit(0);
}

/* False when no child is left. */
static bool wait_for_one(void)
{
    pid_t ended = 0;
    do {
        ended = waitpid(-1, NULL, 0);
    } while (ended < 0 && errno == EINTR);
    return ended > 0;
}

bool iw_lab_run_all(const struct iw_lab_run_options *options, const struct iw_lab_words *paths,
                    const struct iw_lab_words *names, const char *folder, unsigned n_jobs,
                    struct iw_lab_error *error)
{
    bool ok = true;
    unsigned n_running = 0;
    fflush(NULL);
    for (size_t i = 0; ok && i < paths->n; i++) {
        if (n_running == n_jobs && wait_for_one()) {
            n_running--;
        }
        pid_t child = fork();
        if (child == 0) {
            play(options, paths->items[i], names->items[i], folder);
        }
        if (child < 0) {
            ok = iw_lab_error_set(error, "cannot start a process: %s", strerror(errno));
        } else {
            n_running++;
        }
    }
    while (n_running > 0 && wait_for_one()) {
        n_running--;
    }
    return ok;
}
