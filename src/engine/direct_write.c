#include "engine/direct_write.h"

#include <inttypes.h>

#include "base/arena_text.h"
#include "base/json_read.h"
#include "base/timestamp.h"
#include "event/channel.h"

void iw_direct_writes_init(struct iw_direct_writes *writes,
                           const struct iw_component_trails *trails,
                           struct iw_coverage_reach *reach)
{
    *writes = (struct iw_direct_writes){.trails = trails, .reach = reach};
    iw_arena_init(&writes->arena, 0);
    iw_buffer_init(&writes->host);
}

void iw_direct_writes_done(struct iw_direct_writes *writes)
{
    iw_arena_done(&writes->arena);
    iw_buffer_done(&writes->host);
}

/* Files whose every change the configuration system tells. */
static bool is_configuration(struct iw_str path)
{
    static const char *const FILES[] = {"\\inetsrv\\config\\applicationHost.config",
                                        "\\inetsrv\\config\\administration.config",
                                        "\\inetsrv\\config\\redirection.config"};
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        if (iw_str_ends_nocase(path, iw_str_of(FILES[i])))
            return true;
    }
    return false;
}

static bool is_asked(const struct iw_direct_writes *writes, const struct iw_finding *finding)
{
    return writes->trails != NULL && writes->reach != NULL && finding->kind == IW_FINDING_RULE &&
           finding->n_evidence != 0 && finding->evidence[0].event_id == 11 &&
           iw_channel_is_sysmon(finding->evidence[0].channel) &&
           iw_time_known(finding->first_time_ns) && is_configuration(finding->subject_name);
}

/* The process that wrote: Sysmon writes its number in digits. */
static enum iw_rc read_pid(const struct iw_finding *finding, struct iw_arena *arena,
                           struct iw_trail_writing *writing)
{
    const struct iw_json_node *event, *pid;
    enum iw_rc rc = iw_json_read(finding->event_json, arena, &event, NULL);
    if (rc != IW_OK) /* too large to be looked into: whose it was is not known */
        return rc == IW_ENOMEM ? rc : IW_OK;
    pid = iw_json_find(event, IW_STR("ProcessId"));
    if (pid != NULL && (pid->kind == IW_JSON_TEXT || pid->kind == IW_JSON_NUMBER))
        writing->has_pid = iw_str_to_u64(pid->text, &writing->pid);
    return IW_OK;
}

static enum iw_rc say_absence(struct iw_direct_writes *writes, const struct iw_finding *finding,
                              bool is_cut, struct iw_str *line)
{
    struct iw_str why;
    bool is_written;
    if (!iw_str_equal(iw_buffer_str(&writes->host), finding->host)) {
        iw_buffer_clear(&writes->host);
        iw_buffer_add(&writes->host, finding->host);
        if (writes->host.failed)
            return IW_ENOMEM;
        iw_coverage_reach_begin(writes->reach, iw_buffer_str(&writes->host));
    }
    IW_TRY(iw_coverage_reach_ask_log(writes->reach, IW_LINK_REGISTRATION,
                                     IW_STR(IW_CHANNEL_IIS_CONFIGURATION), finding->first_time_ns,
                                     &is_written, &why));
    if (is_cut)
        *line = IW_STR("whether it went past the configuration system is not known: its events "
                       "were more than is kept");
    else if (is_written)
        *line = IW_STR("it went past the configuration system: no event 29 or 50 of "
                       "Microsoft-IIS-Configuration stands near it, and they were logged then");
    else
        *line = iw_arena_format(&writes->arena,
                                "whether it went past the configuration system is not known: %.*s",
                                IW_STR_ARG(why));
    return line->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc say(struct iw_direct_writes *writes, const struct iw_trail_commit *commit,
                      const struct iw_finding *finding, struct iw_str *line)
{
    char when[IW_TIME_TEXT_BYTES];
    if (commit->kind == IW_TRAIL_COMMIT_NONE)
        return say_absence(writes, finding, commit->is_cut, line);
    *line = iw_arena_format(
        &writes->arena,
        commit->kind == IW_TRAIL_COMMIT_OWN
            ? "through the configuration system: event %u (record %" PRIu64
              ", %s) of the same process tells of a change of that file"
            : "event %u (record %" PRIu64 ", %s) tells of a change of that file by another "
              "process: whether this writing went past the configuration system is not known",
        commit->event_id, commit->record_id, iw_time_words(commit->time_ns, false, when));
    return line->p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_direct_writes_judge(struct iw_direct_writes *writes, struct iw_finding *finding)
{
    struct iw_trail_writing writing;
    struct iw_trail_commit commit;
    struct iw_str line;
    if (!is_asked(writes, finding))
        return IW_OK;
    iw_arena_reset(&writes->arena);
    writing = (struct iw_trail_writing){.host = finding->host,
                                        .path = finding->subject_name,
                                        .time_ns = finding->first_time_ns,
                                        .clock = IW_CLOCK_SYSMON};
    IW_TRY(read_pid(finding, &writes->arena, &writing));
    iw_component_trails_commit(writes->trails, &writing, &commit);
    IW_TRY(say(writes, &commit, finding, &line));
    if (commit.kind == IW_TRAIL_COMMIT_OWN && finding->level == IW_LEVEL_LOW) {
        finding->level = IW_LEVEL_INFORMATIONAL;
        finding->score = iw_level_score(finding->level);
    }
    return iw_text_list_join(&finding->why, (struct iw_text_list){&line, 1}, &writes->arena);
}
