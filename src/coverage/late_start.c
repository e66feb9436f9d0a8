#include "coverage/late_start.h"

#include "base/arena_text.h"
#include "coverage/log_rhythm.h"
#include "event/channel.h"
#include "event/web_log.h"
#include "iis/config/server_path.h"

/* Parts of presence in which processes end, from which on it is no session that ends, and no
 * service that stops; or in which a log goes on. */
#define FEWEST_PARTS 3U
#define WEEK_NS (INT64_C(7) * 24 * 3600 * IW_NS_PER_SECOND)

struct finding_late {
    const struct iw_witness_log *of;
    const struct iw_span *run;
    struct iw_arena *arena;
    struct iw_witness_moments moments;
    struct iw_late_spans *ret; /* room is made when there is one: runs may be many */
};

static int64_t first_sample(const struct finding_late *in)
{
    return in->moments.n != 0 ? in->moments.parts[0].first_ns : in->run->to_ns;
}

static enum iw_rc add(struct finding_late *in, int64_t from_ns, int64_t to_ns, enum iw_lack lack,
                      struct iw_str why)
{
    if (why.p == NULL)
        return IW_ENOMEM;
    if (from_ns >= to_ns)
        return IW_OK;
    if (in->ret->items == NULL) /* one before each part, and two more */
        in->ret->items = iw_arena_alloc(in->arena, (in->moments.n + 2) * sizeof *in->ret->items);
    if (in->ret->items == NULL)
        return IW_ENOMEM;
    in->ret->items[in->ret->n++] =
        (struct iw_log_gap){.from_ns = from_ns, .to_ns = to_ns, .lack = lack, .why = why};
    return IW_OK;
}

static bool is_of(const struct finding_late *in, const char *channel)
{
    return iw_str_equal_nocase(in->of->channel->channel, iw_str_of(channel));
}

/* --- switched on ---------------------------------------------------------------------------- */

/* The audit that a witness in the Security log hangs on; NULL: none. */
static const char *audit_of(const struct finding_late *in)
{
    static const char *const AUDITS[] = {[IW_GAP_OF_ALL] = NULL,
                                         [IW_GAP_OF_PROCESSES] = "process creation",
                                         [IW_GAP_OF_FILES] = "file system",
                                         [IW_GAP_OF_LOGONS] = "logon"};
    return is_of(in, IW_CHANNEL_SECURITY) ? AUDITS[in->of->row->scope] : NULL;
}

/* The folder of an audit list. It is read once: each run of each root asks for it. */
static enum iw_rc folder_of(const struct finding_late *in, const struct iw_switch *list,
                            struct iw_str *ret)
{
    const struct iw_link_host *host = in->of->host;
    struct iw_str *kept =
        host->found != NULL ? &host->found->folders[list - host->log.switches] : NULL;
    struct iw_server_path path;
    if (kept != NULL && kept->p != NULL) {
        *ret = *kept;
        return IW_OK;
    }
    if (!iw_server_path_of_file(list->subject, in->arena, &path))
        return IW_ENOMEM;
    *ret = path.key;
    if (kept != NULL)
        *kept = path.key;
    return IW_OK;
}

/* Whether anything in the folder of an audit list is asked about. */
static enum iw_rc is_asked_below(const struct finding_late *in, const struct iw_switch *list,
                                 bool *ret)
{
    const struct iw_link_host *host = in->of->host;
    enum iw_link_folders folders = in->of->row->folders;
    struct iw_str folder;
    *ret = false;
    if (!is_of(in, IW_CHANNEL_SECURITY) || folders == IW_FOLDERS_NONE)
        return IW_OK;
    IW_TRY(folder_of(in, list, &folder));
    if (folders != IW_FOLDERS_ROOTS)
        *ret = iw_server_path_covers(folder, iw_link_folder(folders)->key);
    else if (host->asked != NULL)
        *ret = iw_server_path_covers(folder, host->asked->key);
    else
        for (size_t i = 0; i < host->n_roots && !*ret; i++)
            *ret = iw_server_path_covers(folder, host->roots[i].key);
    return IW_OK;
}

struct begun {
    const char *what; /* in words; NULL: nothing of this witness */
    enum iw_lack lack;
};

/* What a command asks for may have been on before. Event 4719 tells what changes, always and in the
 * log of the samples: where record ids show that none of it is missing, commands tell nothing. */
static bool is_audit_on(const struct finding_late *in, const struct iw_switch *on)
{
    return on->kind == IW_SWITCH_AUDIT_ON ||
           (on->kind == IW_SWITCH_AUDIT_ASKED_ON && in->of->channel->first_id == 0);
}

/* What a switch has begun to log. */
static enum iw_rc begun_by(const struct finding_late *in, const struct iw_switch *on,
                           struct begun *ret)
{
    const char *audit = audit_of(in);
    *ret = (struct begun){NULL, IW_LACK_CHANNEL};
    if (audit != NULL && is_audit_on(in, on) &&
        (iw_str_equal(on->subject, iw_str_of(audit)) ||
         iw_str_equal(on->subject, IW_STR("everything"))))
        *ret = (struct begun){"the audit of ", IW_LACK_POLICY};
    if (on->kind == IW_SWITCH_AUDIT_ON && audit != NULL &&
        in->of->row->scope == IW_GAP_OF_PROCESSES &&
        iw_str_equal(on->subject, IW_STR("command lines")))
        *ret = (struct begun){"the audit of ", IW_LACK_COMMAND_LINE};
    if (on->kind == IW_SWITCH_SACL_ON) {
        bool is_asked;
        IW_TRY(is_asked_below(in, on, &is_asked));
        if (is_asked)
            *ret = (struct begun){"the audit of ", IW_LACK_AUDIT_ENTRY};
    }
    if (on->kind == IW_SWITCH_CHANNEL_ON &&
        iw_str_equal_nocase(on->subject, in->of->channel->channel))
        ret->what = "the channel ";
    if (on->kind == IW_SWITCH_REQUESTS_ON && is_of(in, IW_CHANNEL_W3SVC))
        ret->what = "the logging of requests by ";
    return IW_OK;
}

/* The last switch before the first sample: what came before another one was off, too. */
static enum iw_rc find_switched_on(struct finding_late *in)
{
    const struct iw_log_host *log = &in->of->host->log;
    const struct iw_switch *last = NULL;
    struct begun begun, last_begun = {NULL, IW_LACK_PROOF};
    for (size_t i = iw_log_first_switch(log, in->run->from_ns); i < log->n_switches; i++) {
        const struct iw_switch *on = &log->switches[i];
        if (!iw_span_holds(in->run, on->time_ns) || on->time_ns > first_sample(in))
            break;
        IW_TRY(begun_by(in, on, &begun));
        if (begun.what == NULL)
            continue;
        last = on;
        last_begun = begun;
    }
    if (last == NULL)
        return IW_OK;
    return add(in, in->run->from_ns, last->time_ns, last_begun.lack,
               iw_arena_format(in->arena, "%s%.*s was switched on at %.*s (%.*s)", last_begun.what,
                               IW_STR_ARG(last->subject),
                               IW_STR_ARG(iw_log_time(last->time_ns, in->arena)),
                               IW_STR_ARG(last->by)));
}

/* --- by their rate -------------------------------------------------------------------------- */

static int64_t longest_pause(const struct finding_late *in)
{
    const struct iw_witness_moments *moments = &in->moments;
    int64_t last = iw_span_length(moments->parts[moments->n - 1].last_ns, in->run->to_ns);
    int64_t longest = iw_longest_pause(moments->parts, moments->n);
    return longest > last ? longest : last;
}

/* The pause by which what is asked about comes, ten of which are too many. 0: there is none. */
static int64_t pause_of(const struct finding_late *in, int64_t head_ns)
{
    const struct iw_telemetry_channel samples = {.parts = in->moments.parts,
                                                 .n_parts = in->moments.n};
    int64_t usual_ns = iw_log_usual_pause(&samples);
    enum iw_sample_kind kind = in->of->row->sample;
    bool is_by_people =
        kind == IW_SAMPLE_LOAD || (kind == IW_SAMPLE_FILE && is_of(in, IW_CHANNEL_SECURITY));
    if (kind == IW_SAMPLE_PROCESS || usual_ns == 0)
        return usual_ns;
    /* Nights and weekends pass without a file; a deployment writes many at once. */
    return is_by_people && iw_span_length(first_sample(in), in->run->to_ns) >= head_ns / 2
               ? longest_pause(in)
               : 0;
}

static bool is_late(const struct finding_late *in, int64_t *ret_pause_ns)
{
    int64_t head_ns = iw_span_length(in->run->from_ns, first_sample(in)), limit_ns;
    *ret_pause_ns = pause_of(in, head_ns);
    return *ret_pause_ns != 0 && head_ns > IW_SILENCE_NS &&
           !__builtin_mul_overflow(*ret_pause_ns, IW_SILENCE_PAUSES, &limit_ns) &&
           head_ns > limit_ns;
}

/* Whether there are process creations before the first that names command line and parent. */
static bool has_event_before(const struct finding_late *in)
{
    const struct iw_link_host *host = in->of->host;
    for (size_t i = 0; i < host->n_rows; i++) {
        if (host->rows[i].event_id == 4688 && host->rows[i].first_ns < first_sample(in) &&
            iw_str_equal(host->rows[i].channel, in->of->channel->channel))
            return true;
    }
    return false;
}

static enum iw_rc find_late(struct finding_late *in)
{
    int64_t pause_ns;
    enum iw_lack lack = IW_LACK_PROOF;
    bool is_process = in->of->row->sample == IW_SAMPLE_PROCESS;
    if (!is_late(in, &pause_ns))
        return IW_OK;
    if (is_process && is_of(in, IW_CHANNEL_SECURITY))
        lack = has_event_before(in) ? IW_LACK_COMMAND_LINE : IW_LACK_POLICY;
    return add(in, in->run->from_ns, first_sample(in), lack,
               iw_arena_format(in->arena,
                               "the first %s%s is of %.*s, though its log goes on from %.*s and "
                               "shows one within every %lld min since",
                               in->of->row->name, is_process ? " with command line and parent" : "",
                               IW_STR_ARG(iw_log_time(first_sample(in), in->arena)),
                               IW_STR_ARG(iw_log_time(in->run->from_ns, in->arena)),
                               (long long)(pause_ns / (60 * IW_NS_PER_SECOND)) + 1));
}

/* --- starts that do not come ----------------------------------------------------------------- */

/* Parts of a kind that surely lie between two moments, as far as it matters how many. */
static size_t count_between(const struct iw_time_part *parts, size_t n_parts, int64_t from_ns,
                            int64_t to_ns)
{
    size_t n = 0;
    for (size_t k = iw_first_part_from(parts, n_parts, from_ns);
         k < n_parts && parts[k].last_ns < to_ns && n < FEWEST_PARTS; k++)
        n += parts[k].first_ns >= from_ns;
    return n;
}

static size_t count_ends(const struct finding_late *in, int64_t from_ns, int64_t to_ns)
{
    const struct iw_telemetry_channel *channel = in->of->channel;
    size_t n = 0;
    for (size_t i = 0; i < channel->n_samples && n < FEWEST_PARTS; i++) {
        const struct iw_telemetry_sample *sample = &channel->samples[i];
        if (sample->kind == IW_SAMPLE_PROCESS_END)
            n += count_between(sample->parts, sample->n_parts, from_ns, to_ns);
    }
    return n;
}

/* Whether it is longer than a week, where nights and weekends are none, and than ten of all other
 * pauses between starts. */
static bool is_endless(const struct finding_late *in, int64_t from_ns, int64_t to_ns)
{
    const struct iw_witness_moments *moments = &in->moments;
    int64_t longest = 0, limit_ns;
    size_t n = 0;
    if (iw_span_length(from_ns, to_ns) <= WEEK_NS)
        return false;
    for (size_t i = 1; i < moments->n; i++) {
        int64_t pause = iw_span_length(moments->parts[i - 1].last_ns, moments->parts[i].first_ns);
        if (moments->parts[i].first_ns == to_ns)
            continue;
        longest = pause > longest ? pause : longest;
        n++;
    }
    return n >= FEWEST_PARTS && !__builtin_mul_overflow(longest, IW_SILENCE_PAUSES, &limit_ns) &&
           iw_span_length(from_ns, to_ns) > limit_ns;
}

/* Whether processes start at these hours on other days, throughout, and the log goes on without
 * them: it is the rhythm of starts that counts, whatever that of the log is. */
static bool is_odd(const struct finding_late *in, int64_t from_ns, int64_t to_ns)
{
    const struct iw_telemetry_channel *log = in->of->channel;
    const struct iw_telemetry_channel starts = {
        .parts = in->moments.parts, .n_parts = in->moments.n, .part_ns = log->part_ns};
    return count_between(log->parts, log->n_parts, from_ns, to_ns) >= FEWEST_PARTS &&
           (iw_log_rhythm_of(&starts, from_ns, to_ns) == IW_RHYTHM_ODD ||
            is_endless(in, from_ns, to_ns));
}

static enum iw_rc add_without(struct finding_late *in, int64_t from_ns, int64_t to_ns)
{
    enum iw_lack lack = is_of(in, IW_CHANNEL_SECURITY) ? IW_LACK_POLICY : IW_LACK_PROOF;
    if (iw_span_length(from_ns, to_ns) <= IW_SILENCE_NS)
        return IW_OK;
    if (count_ends(in, from_ns, to_ns) >= FEWEST_PARTS)
        return add(in, from_ns, to_ns, lack,
                   iw_arena_format(in->arena,
                                   "processes end from %.*s to %.*s (Security 4689), and no %s "
                                   "tells of a start",
                                   IW_STR_ARG(iw_log_time(from_ns, in->arena)),
                                   IW_STR_ARG(iw_log_time(to_ns, in->arena)), in->of->row->name));
    if (!is_odd(in, from_ns, to_ns))
        return IW_OK;
    return add(in, from_ns, to_ns, lack,
               iw_arena_format(in->arena,
                               "no %s with command line and parent from %.*s to %.*s, though its "
                               "log goes on and has them at these hours otherwise",
                               in->of->row->name, IW_STR_ARG(iw_log_time(from_ns, in->arena)),
                               IW_STR_ARG(iw_log_time(to_ns, in->arena))));
}

static enum iw_rc find_without_starts(struct finding_late *in)
{
    const struct iw_witness_moments *moments = &in->moments;
    int64_t from_ns = in->ret->n != 0 ? in->ret->items[0].to_ns : in->run->from_ns;
    if (in->of->row->sample != IW_SAMPLE_PROCESS || moments->n == 0)
        return IW_OK;
    for (size_t i = 0; i < moments->n; i++) {
        IW_TRY(add_without(in, from_ns, moments->parts[i].first_ns));
        from_ns = moments->parts[i].last_ns < INT64_MAX ? moments->parts[i].last_ns + 1 : INT64_MAX;
    }
    return add_without(in, from_ns, in->run->to_ns);
}

enum iw_rc iw_late_spans_find(const struct iw_witness_log *of, const struct iw_span *run,
                              int64_t seen_ns, struct iw_arena *arena, struct iw_late_spans *ret)
{
    struct finding_late in = {.of = of, .run = run, .arena = arena, .ret = ret};
    IW_TRY(iw_witness_moments_find(of, run, seen_ns, arena, &in.moments));
    *ret = (struct iw_late_spans){NULL, 0};
    IW_TRY(find_switched_on(&in));
    if (ret->n == 0 && in.moments.n != 0)
        IW_TRY(find_late(&in));
    return find_without_starts(&in);
}
