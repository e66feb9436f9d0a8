/*
 * Interrupting a run. The handler stores one lock-free flag, which is all a handler may safely do;
 * SA_RESETHAND gives the second signal its usual effect. System calls are not restarted, so that a
 * wait for standard input ends.
 */
#include "cli/signals.h"

#include <signal.h>
#include <string.h>

static _Atomic bool cancelled;

static void cancel(int signal_number)
{
    (void)signal_number;
    atomic_store(&cancelled, true);
}

const _Atomic bool *iw_signals_begin(void)
{
    static bool begun;
    struct sigaction action;
    if (begun)
        return &cancelled;
    begun = true;
    memset(&action, 0, sizeof action);
    action.sa_handler = cancel;
    action.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    action.sa_flags = 0;
    (void)sigaction(SIGPIPE, &action, NULL);
    (void)sigaction(SIGXFSZ, &action, NULL); /* a limit on file size is an error of writing */
    return &cancelled;
}
