/*
 * Verbs of logs that do not hold what happened, and do not say so (see lab/scenarios/README.md).
 */
#include "lab/act/lab_act.h"

#include <string.h>
#include <strings.h>

#define MAX_LOST 100000U

/* The service that records events goes on running and records nothing: its threads were ended. */
static bool play_event_log(struct iw_lab_play *play)
{
    const char *state = iw_lab_play_word(play, "state", NULL, "silent recording");
    if (state == NULL) {
        return false;
    }
    bool is_silent = strcmp(state, "silent") == 0;
    if (play->host->telemetry.is_silent == is_silent) {
        return iw_lab_play_fail(play, "it is %s already", state);
    }
    play->host->telemetry.is_silent = is_silent;
    return true;
}

/* Records that were written and are in no file. */
static bool play_lose_records(struct iw_lab_play *play)
{
    const char *channel = iw_lab_play_text(play, "channel", "");
    uint64_t count = 0;
    if (!iw_lab_play_number(play, "count", MAX_LOST, &count)) {
        return false;
    }
    if (!iw_lab_log_knows_channel(channel) || count == 0) {
        return iw_lab_play_fail(play, "a channel loses at least one record");
    }
    iw_lab_log_lose(play->host, iw_lab_log_channel(channel), count);
    return true;
}

/* A folder whose changes were audited is audited no longer. */
static bool play_remove_sacl(struct iw_lab_play *play)
{
    struct iw_lab_telemetry *telemetry = &play->host->telemetry;
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *folder = process == NULL ? NULL : iw_lab_play_path(play, "folder");
    size_t i = 0;
    if (folder == NULL) {
        return false;
    }
    while (i < telemetry->n_sacl && strcasecmp(telemetry->sacl[i], folder) != 0) {
        i++;
    }
    if (i == telemetry->n_sacl) {
        return iw_lab_play_fail(play, "%s is not audited", folder);
    }
    telemetry->sacl[i] = telemetry->sacl[--telemetry->n_sacl];
    iw_lab_log_sacl_removed(play->host, process, folder);
    return true;
}

static bool play_sysmon_error(struct iw_lab_play *play)
{
    iw_lab_log_sysmon_error(play->host, iw_lab_play_text(play, "id", ""),
                            iw_lab_play_text(play, "description", ""));
    return true;
}

const struct iw_lab_verb iw_lab_verbs_log[] = {
    {"event-log", "state*", play_event_log},
    {"lose-records", "channel* count*", play_lose_records},
    {"remove-sacl", "by* folder*", play_remove_sacl},
    {"sysmon-error", "id* description*", play_sysmon_error},
    {NULL, NULL, NULL}};
