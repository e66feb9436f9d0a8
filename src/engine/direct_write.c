#include "engine/direct_write.h"

#include <inttypes.h>

#include "base/arena_text.h"
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

static bool is_asked(const struct iw_direct_writes *writes, const struct iw_finding *finding)
{
    return writes->trails != NULL && writes->reach != NULL && finding->kind == IW_FINDING_RULE &&
           finding->n_evidence != 0 && finding->evidence[0].event_id == 11 &&
           iw_channel_is_sysmon(finding->evidence[0].channel) &&
           iw_time_known(finding->first_time_ns) &&
           iw_trail_is_configuration(finding->subject_name);
}

/* Why nothing follows from what is missing in the log of the configuration system; empty: it
 * follows, all was logged then and is kept. */
static enum iw_rc ask_log(struct iw_direct_writes *writes, const struct iw_finding *finding,
                          bool is_cut, struct iw_str *ret_why)
{
    bool is_written;
    if (is_cut) {
        *ret_why = IW_STR("its events were more than is kept");
        return IW_OK;
    }
    if (!iw_str_equal(iw_buffer_str(&writes->host), finding->host)) {
        iw_buffer_clear(&writes->host);
        iw_buffer_add(&writes->host, finding->host);
        if (writes->host.failed)
            return IW_ENOMEM;
        iw_coverage_reach_begin(writes->reach, iw_buffer_str(&writes->host));
    }
    IW_TRY(iw_coverage_reach_ask_log(writes->reach, IW_LINK_REGISTRATION,
                                     IW_STR(IW_CHANNEL_IIS_CONFIGURATION), finding->first_time_ns,
                                     &is_written, ret_why));
    if (is_written)
        *ret_why = IW_STR("");
    return IW_OK;
}

/* "event 50 (record 12, 2024-...)" */
static struct iw_str event_of(struct iw_direct_writes *writes, const struct iw_trail_commit *commit)
{
    char when[IW_TIME_TEXT_BYTES];
    return iw_arena_format(&writes->arena, "event %u (record %" PRIu64 ", %s)", commit->event_id,
                           commit->record_id, iw_time_words(commit->time_ns, false, when));
}

static struct iw_str line_of_unanswered(struct iw_direct_writes *writes,
                                        const struct iw_trail_commit *commit, struct iw_str why)
{
    if (commit->kind == IW_TRAIL_COMMIT_ENDED) {
        struct iw_str event = event_of(writes, commit);
        return why.n == 0
                   ? iw_arena_format(&writes->arena,
                                     "it went past the configuration system: %.*s ended the change "
                                     "of the same process before this writing, and no other is "
                                     "told, although they were logged then",
                                     IW_STR_ARG(event))
                   : iw_arena_format(&writes->arena,
                                     "%.*s ended the change of the same process before this "
                                     "writing; whether it went past the configuration system is "
                                     "not known: %.*s",
                                     IW_STR_ARG(event), IW_STR_ARG(why));
    }
    return why.n == 0
               ? IW_STR("it went past the configuration system: no event 29 or 50 of "
                        "Microsoft-IIS-Configuration stands near it, and they were logged then")
               : iw_arena_format(&writes->arena,
                                 "whether it went past the configuration system is not known: %.*s",
                                 IW_STR_ARG(why));
}

static struct iw_str line_of_shared(struct iw_direct_writes *writes,
                                    const struct iw_trail_commit *commit, struct iw_str why)
{
    struct iw_str event = event_of(writes, commit);
    return iw_arena_format(
        &writes->arena,
        "the same process wrote that file %zu times around %.*s and told of %zu %s: which of them "
        "went past the configuration system is not known%s%.*s",
        commit->n_writings, IW_STR_ARG(event), commit->n_changes,
        commit->n_changes == 1 ? "change" : "changes", why.n != 0 ? ", nor that one did: " : "",
        IW_STR_ARG(why));
}

static enum iw_rc say(struct iw_direct_writes *writes, const struct iw_trail_commit *commit,
                      const struct iw_finding *finding, struct iw_str *line)
{
    struct iw_str event = event_of(writes, commit), why = IW_STR("");
    if (commit->kind != IW_TRAIL_COMMIT_OWN && commit->kind != IW_TRAIL_COMMIT_OTHER)
        IW_TRY(ask_log(writes, finding, commit->is_cut, &why));
    switch (commit->kind) {
    case IW_TRAIL_COMMIT_NONE:
    case IW_TRAIL_COMMIT_ENDED:
        *line = line_of_unanswered(writes, commit, why);
        break;
    case IW_TRAIL_COMMIT_SHARED:
        *line = line_of_shared(writes, commit, why);
        break;
    case IW_TRAIL_COMMIT_OTHER:
        *line = iw_arena_format(&writes->arena,
                                "%.*s tells of a change of that file by another process: whether "
                                "this writing went past the configuration system is not known",
                                IW_STR_ARG(event));
        break;
    case IW_TRAIL_COMMIT_OWN:
        *line = iw_arena_format(&writes->arena,
                                "through the configuration system: %.*s of the same process tells "
                                "of a change of that file",
                                IW_STR_ARG(event));
        break;
    }
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
                                        .record_id = finding->evidence[0].record_id};
    iw_component_trails_commit(writes->trails, &writing, &commit);
    IW_TRY(say(writes, &commit, finding, &line));
    if (commit.kind == IW_TRAIL_COMMIT_OWN && finding->level == IW_LEVEL_LOW) {
        finding->level = IW_LEVEL_INFORMATIONAL;
        finding->score = iw_level_score(finding->level);
    }
    return iw_text_list_join(&finding->why, (struct iw_text_list){&line, 1}, &writes->arena);
}
