/*
 * The detector as a child process (see score_spawn.h).
 *
 * What it does: fork, change folder, redirect, limit what can be written, exec; then waits and
 * looks at the clock. What it ignores: children of the detector; it has none.
 */
#include "lab/score/score_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NS 5000000
#define CANNOT_START 127
#define MAX_OUTPUT_BYTES (64U << 20)

/* Only what may stand between fork and exec. */
static _Noreturn void become(const struct iw_lab_spawn *spawn)
{
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int out = -1;
    int log = -1;
    if (chdir(spawn->folder) == 0) {
        out = open(spawn->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        log = open(spawn->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
    struct rlimit limit = {.rlim_cur = MAX_OUTPUT_BYTES, .rlim_max = MAX_OUTPUT_BYTES};
    setrlimit(RLIMIT_FSIZE, &limit);
    if (in >= 0 && out >= 0 && log >= 0 && dup2(in, STDIN_FILENO) >= 0 &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0) {
        execv(spawn->program, (char *const *)(uintptr_t)spawn->words);
    }
    _exit(CANNOT_START);
}

static int64_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Waits for the child; ends it when its time is over. False when it was ended so. */
static bool wait_for(pid_t child, unsigned time_limit_s, int *wait_status)
{
    static const struct timespec pause = {0, PAUSE_NS};
    int64_t end_s = now_s() + time_limit_s;
    for (;;) {
        pid_t ended = waitpid(child, wait_status, WNOHANG);
        if (ended == child || (ended < 0 && errno != EINTR)) {
            return true;
        }
        if (now_s() > end_s) {
            kill(child, SIGKILL);
            while (waitpid(child, wait_status, 0) < 0 && errno == EINTR) {
            }
            return false;
        }
        nanosleep(&pause, NULL);
    }
}

bool iw_lab_spawn(const struct iw_lab_spawn *spawn, int *status, struct iw_lab_error *error)
{
    int wait_status = 0;
    pid_t child = fork();
    if (child < 0) {
        return iw_lab_error_set(error, "cannot start a process: %s", strerror(errno));
    }
    if (child == 0) {
        become(spawn);
    }
    if (!wait_for(child, spawn->time_limit_s, &wait_status)) {
        return iw_lab_error_set(error, "not done after %u s", spawn->time_limit_s);
    }
    if (WIFSIGNALED(wait_status)) {
        return iw_lab_error_set(error, "ended by signal %d", WTERMSIG(wait_status));
    }
    *status = WEXITSTATUS(wait_status);
    return *status != CANNOT_START || iw_lab_error_set(error, "cannot be started");
}
