/*
 * What switches of logging take away. They are gone through backwards, so that of what is switched
 * off the next that switches it on is known.
 */
#include "coverage/log_gaps_inside.h"

#include <stdlib.h>

#include "event/channel.h"
#include "event/web_log.h"

struct iw_str iw_gap_words(struct iw_gap_gathering *in, const char *what,
                           const struct iw_switch *from)
{
    return iw_arena_format(in->arena, "%s at %.*s (%.*s)", what,
                           IW_STR_ARG(iw_log_time(from->time_ns, in->arena)), IW_STR_ARG(from->by));
}

/* The first part that begins behind a moment. */
static size_t first_behind(const struct iw_time_part *parts, size_t n, int64_t time_ns)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (parts[middle].first_ns <= time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* When there is something of *parts* again behind a moment at which it was switched off. */
static int64_t again_behind(const struct iw_gap_gathering *in, const struct iw_time_part *parts,
                            size_t n, int64_t time_ns)
{
    size_t at = first_behind(parts, n, iw_gap_later(time_ns, IW_SWITCH_CONFIRMED_NS));
    return at != n ? parts[at].first_ns : in->host->to_ns;
}

/* --- what is switched on again --------------------------------------------------------------- */

/* p NULL: no memory. */
static struct iw_str on_key(struct iw_gap_gathering *in, enum iw_switch_kind kind,
                            struct iw_str subject)
{
    struct iw_str folded = iw_arena_lower(in->arena, subject);
    if (folded.p == NULL)
        return folded;
    return iw_arena_format(in->arena, "%d %.*s", (int)kind, IW_STR_ARG(folded));
}

static bool is_on(const struct iw_switch *own)
{
    /* That somebody asked for it is none: a command may fail, and a text may only look like one.
     * An audit list that is begun may audit little. */
    return !own->is_asked &&
           (own->kind == IW_SWITCH_AUDIT_ON || own->kind == IW_SWITCH_SYSMON_STARTED ||
            own->kind == IW_SWITCH_CHANNEL_ON || own->kind == IW_SWITCH_SERVICE_ON ||
            own->kind == IW_SWITCH_REQUESTS_ON || own->kind == IW_SWITCH_USER_AUDIT_ON ||
            own->kind == IW_SWITCH_WINDOWS_STARTED || own->kind == IW_SWITCH_WINDOWS_ENDED ||
            (own->kind == IW_SWITCH_SACL_ON && own->is_whole));
}

/* From here on backwards this is the next one of its kind and subject. */
static enum iw_rc note_on(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    struct iw_map_entry *entry;
    struct iw_str key;
    if (!is_on(own))
        return IW_OK;
    key = on_key(in, own->kind, own->subject);
    entry = key.p != NULL ? iw_map_add(&in->switched_on, key, NULL) : NULL;
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.number = (uint64_t)own->time_ns;
    return IW_OK;
}

enum iw_rc iw_gap_next_on(struct iw_gap_gathering *in, enum iw_switch_kind kind,
                          struct iw_str subject, int64_t *ret)
{
    struct iw_str key = on_key(in, kind, subject);
    const struct iw_map_entry *entry;
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&in->switched_on, key);
    *ret = entry != NULL ? (int64_t)entry->value.number : INT64_MAX;
    return IW_OK;
}

/* --- what is switched off -------------------------------------------------------------------- */

enum iw_rc iw_gap_add_off(struct iw_gap_gathering *in, const struct iw_time_part *parts, size_t n,
                          int64_t time_ns, int64_t on_ns, enum iw_gap_scope scope,
                          struct iw_str why)
{
    int64_t again_ns = again_behind(in, parts, n, time_ns);
    return iw_gap_add(in, time_ns, on_ns < again_ns ? on_ns : again_ns, scope, why);
}

/* Events were lost at a moment, and how many and of what kind nobody says. */
static enum iw_rc add_lost(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    const struct iw_time_part *parts = in->channel->parts;
    size_t n = in->n_gaps, at = first_behind(parts, in->channel->n_parts, own->time_ns);
    int64_t again_ns = at != in->channel->n_parts ? parts[at].first_ns : in->host->to_ns;
    if (at != 0 && parts[at - 1].last_ns > own->time_ns)
        again_ns = parts[at - 1].last_ns;
    IW_TRY(iw_gap_add(in, own->time_ns, again_ns, IW_GAP_OF_ALL,
                      own->subject.n != 0
                          ? iw_arena_format(in->arena, "Sysmon lost events at %.*s (%.*s: %.*s)",
                                            IW_STR_ARG(iw_log_time(own->time_ns, in->arena)),
                                            IW_STR_ARG(own->by), IW_STR_ARG(own->subject))
                          : iw_gap_words(in, "Sysmon lost events", own)));
    if (in->n_gaps != n)
        in->gaps[n].lasts_till_proof = true;
    return IW_OK;
}

/* What was logged until then is gone: up to the last record before it that is still there. */
static enum iw_rc add_cleared(struct iw_gap_gathering *in, const struct iw_switch *cleared)
{
    const struct iw_time_part *parts = in->channel->parts;
    size_t at = first_behind(parts, in->channel->n_parts, cleared->time_ns - 1);
    int64_t from_ns = in->host->from_ns, to_ns = cleared->time_ns;
    if (at != 0) /* of one that goes over it, which of it came before is not known */
        from_ns = parts[at - 1].last_ns < cleared->time_ns ? parts[at - 1].last_ns + 1
                                                           : parts[at - 1].first_ns;
    if (at != in->channel->n_parts)
        to_ns = parts[at].first_ns;
    if (from_ns > cleared->time_ns)
        from_ns = cleared->time_ns;
    return iw_gap_add(in, from_ns, to_ns, IW_GAP_OF_ALL,
                      iw_arena_format(in->arena, "%.*s was cleared at %.*s (%.*s)",
                                      IW_STR_ARG(iw_gap_log_name(in)),
                                      IW_STR_ARG(iw_log_time(cleared->time_ns, in->arena)),
                                      IW_STR_ARG(cleared->by)));
}

static int compare_times(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* The samples of a kind, in one list, which is made once: switches may be many. */
static enum iw_rc samples_of(struct iw_gap_gathering *in, enum iw_sample_kind kind,
                             const struct iw_gap_samples **ret)
{
    struct iw_gap_samples *all = &in->samples[kind];
    size_t n = 0;
    *ret = all;
    if (all->parts != NULL)
        return IW_OK;
    for (size_t i = 0; i < in->channel->n_samples; i++)
        n += in->channel->samples[i].kind == kind ? in->channel->samples[i].n_parts : 0;
    all->parts = iw_arena_alloc(in->arena, (n + 1) * sizeof *all->parts);
    if (all->parts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < in->channel->n_samples; i++) {
        const struct iw_telemetry_sample *sample = &in->channel->samples[i];
        for (size_t k = 0; sample->kind == kind && k < sample->n_parts; k++)
            all->parts[all->n++] = sample->parts[k];
    }
    if (all->n > 1)
        qsort(all->parts, all->n, sizeof *all->parts, compare_times); /* first_ns comes first */
    for (size_t i = 1; i < all->n; i++) {
        if (all->parts[i].last_ns < all->parts[i - 1].last_ns)
            all->parts[i].last_ns = all->parts[i - 1].last_ns;
    }
    return IW_OK;
}

/* Audits, and what their samples are. */
static const struct audit {
    const char *subject;
    enum iw_gap_scope scope;
    enum iw_sample_kind kind;
    enum iw_lack lack;
} AUDITS[] = {{"process creation", IW_GAP_OF_PROCESSES, IW_SAMPLE_PROCESS, IW_LACK_POLICY},
              {"file system", IW_GAP_OF_FILES, IW_SAMPLE_FILE, IW_LACK_POLICY},
              {"logon", IW_GAP_OF_LOGONS, IW_SAMPLE_LOGON, IW_LACK_POLICY},
              {"command lines", IW_GAP_OF_PROCESSES, IW_SAMPLE_PROCESS, IW_LACK_COMMAND_LINE}};

#define N_AUDITS (sizeof AUDITS / sizeof AUDITS[0])

static enum iw_rc add_audit_off(struct iw_gap_gathering *in, const struct iw_switch *off)
{
    bool is_all = iw_str_equal(off->subject, IW_STR("everything"));
    for (size_t k = 0; k < N_AUDITS; k++) {
        const struct iw_gap_samples *samples;
        struct iw_str why;
        int64_t on_ns;
        if (!iw_str_equal(off->subject, iw_str_of(AUDITS[k].subject)) &&
            !(is_all && AUDITS[k].lack == IW_LACK_POLICY))
            continue;
        in->lack = AUDITS[k].lack;
        IW_TRY(samples_of(in, AUDITS[k].kind, &samples));
        why = iw_arena_format(in->arena, "the audit of %s was switched off at %.*s (%.*s)",
                              AUDITS[k].subject, IW_STR_ARG(iw_log_time(off->time_ns, in->arena)),
                              IW_STR_ARG(off->by));
        IW_TRY(iw_gap_next_on(in, IW_SWITCH_AUDIT_ON, iw_str_of(AUDITS[k].subject), &on_ns));
        IW_TRY(iw_gap_add_off(in, samples->parts, samples->n, off->time_ns, on_ns, AUDITS[k].scope,
                              why));
    }
    return IW_OK;
}

/* Of one user, who may be an account of a pool: till it is on again, for samples are of others,
 * too.
 */
static enum iw_rc add_user_audit_off(struct iw_gap_gathering *in, const struct iw_switch *off)
{
    for (size_t k = 0; k < N_AUDITS; k++) {
        size_t n = strlen(AUDITS[k].subject);
        int64_t on_ns;
        if (!iw_str_begins_nocase(off->subject, iw_str_of(AUDITS[k].subject)) ||
            off->subject.n == n || off->subject.p[n] != ' ')
            continue;
        IW_TRY(iw_gap_next_on(in, IW_SWITCH_USER_AUDIT_ON, off->subject, &on_ns));
        IW_TRY(iw_gap_add(in, off->time_ns, on_ns, AUDITS[k].scope,
                          iw_arena_format(in->arena,
                                          "the audit of %.*s was switched off at %.*s (%.*s)",
                                          IW_STR_ARG(off->subject),
                                          IW_STR_ARG(iw_log_time(off->time_ns, in->arena)),
                                          IW_STR_ARG(off->by))));
    }
    return IW_OK;
}

/* Folders that samples of files are of stand for those that somebody asks about. */
static enum iw_rc make_audits(struct iw_gap_gathering *in)
{
    const struct iw_telemetry_channel *channel = in->channel;
    struct iw_str *sampled;
    size_t n = 0;
    if (in->has_audits)
        return IW_OK;
    sampled = iw_arena_alloc(in->arena, (channel->n_samples + 1) * sizeof *sampled);
    if (sampled == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < channel->n_samples; i++) {
        if (channel->samples[i].kind == IW_SAMPLE_FILE)
            sampled[n++] = channel->samples[i].folder;
    }
    in->has_audits = true;
    return iw_folder_audits_init(&in->audits, channel, sampled, n, in->arena);
}

/* By what was seen of this log: of folders that nobody saw written to whoever asks knows more.
 * Another folder than any of these may be one of them under another name. */
static enum iw_rc add_sacl_off(struct iw_gap_gathering *in, const struct iw_switch *off)
{
    const struct iw_gap_samples *samples;
    int64_t on_ns, to_ns = INT64_MAX;
    struct iw_str folder;
    bool is_part = true; /* of a folder that cannot be told */
    size_t n = in->n_gaps;
    IW_TRY(samples_of(in, IW_SAMPLE_FILE, &samples));
    IW_TRY(make_audits(in));
    IW_TRY(iw_folder_audit_key(off->subject, in->arena, &folder));
    IW_TRY(iw_gap_next_on(in, IW_SWITCH_SACL_ON, off->subject, &on_ns));
    if (folder.n != 0)
        IW_TRY(iw_folder_audits_again(&in->audits, folder, off->time_ns, &is_part, &to_ns));
    if (off->is_narrowed && is_part) /* samples are of what is left */
        to_ns = INT64_MAX;
    if (!is_part)
        to_ns = again_behind(in, samples->parts, samples->n, off->time_ns);
    if (to_ns <= in->host->from_ns && on_ns > in->host->from_ns) /* of others it may last longer */
        to_ns = in->host->from_ns + 1;
    IW_TRY(iw_gap_add(
        in, off->time_ns, on_ns < to_ns ? on_ns : to_ns, IW_GAP_OF_FILES,
        iw_arena_format(in->arena, "the audit of %.*s was %s at %.*s (%.*s)",
                        IW_STR_ARG(off->subject), off->is_narrowed ? "narrowed" : "removed",
                        IW_STR_ARG(iw_log_time(off->time_ns, in->arena)), IW_STR_ARG(off->by))));
    if (in->n_gaps != n) {
        in->gaps[n].folder = folder;
        in->gaps[n].off_ns = off->time_ns;
        in->gaps[n].on_ns = on_ns;
        in->gaps[n].is_narrowed = off->is_narrowed;
    }
    return IW_OK;
}

static bool is_of_sysmon(const struct iw_gap_gathering *in)
{
    return iw_channel_is_sysmon(in->channel->channel);
}

static bool is_of_security(const struct iw_gap_gathering *in)
{
    return iw_str_equal_nocase(in->channel->channel, IW_STR(IW_CHANNEL_SECURITY));
}

/* The service goes on, and with it events that are not the driver's: only samples show that it is
 * there again, or a start of Sysmon. */
static enum iw_rc add_driver_off(struct iw_gap_gathering *in, const struct iw_switch *off)
{
    size_t n = in->n_gaps;
    int64_t on_ns;
    IW_TRY(iw_gap_next_on(in, IW_SWITCH_SYSMON_STARTED, IW_STR(""), &on_ns));
    IW_TRY(iw_gap_add_off(in, in->channel->parts, in->channel->n_parts, off->time_ns, on_ns,
                          IW_GAP_OF_ALL, iw_gap_words(in, "Sysmon's driver was unloaded", off)));
    if (in->n_gaps != n && in->gaps[n].to_ns < on_ns)
        in->gaps[n].lasts_till_sample = true;
    return IW_OK;
}

/* The log as a whole, till it is switched on or speaks. */
static enum iw_rc add_log_off(struct iw_gap_gathering *in, const struct iw_switch *off,
                              enum iw_switch_kind on, const char *what)
{
    int64_t on_ns;
    IW_TRY(iw_gap_next_on(in, on, off->subject, &on_ns));
    return iw_gap_add_off(in, in->channel->parts, in->channel->n_parts, off->time_ns, on_ns,
                          IW_GAP_OF_ALL, iw_gap_words(in, what, off));
}

static enum iw_rc see_sysmon(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    if (!is_of_sysmon(in))
        return IW_OK;
    if (own->kind == IW_SWITCH_SYSMON_STOPPED)
        return add_log_off(in, own, IW_SWITCH_SYSMON_STARTED, "Sysmon was stopped");
    if (own->kind == IW_SWITCH_SYSMON_ERROR)
        return add_lost(in, own);
    if (own->kind == IW_SWITCH_DRIVER_OFF)
        return add_driver_off(in, own);
    return iw_gap_add_break(in, own->time_ns, iw_gap_words(in, "Sysmon was configured anew", own));
}

/* What a switch takes away. */
static const enum iw_lack LACKS[IW_SWITCH_KIND_COUNT] = {
    [IW_SWITCH_CLEARED] = IW_LACK_UNBROKEN,        [IW_SWITCH_AUDIT_OFF] = IW_LACK_POLICY,
    [IW_SWITCH_SACL_OFF] = IW_LACK_AUDIT_ENTRY,    [IW_SWITCH_SYSMON_STOPPED] = IW_LACK_RUNNING,
    [IW_SWITCH_SYSMON_ERROR] = IW_LACK_QUEUE,      [IW_SWITCH_DRIVER_OFF] = IW_LACK_RUNNING,
    [IW_SWITCH_CHANNEL_OFF] = IW_LACK_CHANNEL,     [IW_SWITCH_SERVICE_OFF] = IW_LACK_RUNNING,
    [IW_SWITCH_REQUESTS_OFF] = IW_LACK_CHANNEL,    [IW_SWITCH_USER_AUDIT_OFF] = IW_LACK_POLICY,
    [IW_SWITCH_LOGGING_ENDED] = IW_LACK_RUNNING,   [IW_SWITCH_LOG_FULL] = IW_LACK_ROOM,
    [IW_SWITCH_EVENTS_LOST] = IW_LACK_AUDIT_QUEUE, [IW_SWITCH_WINDOWS_CRASHED] = IW_LACK_UNBROKEN,
};

/* Logs of requests: that a site goes on shows nothing of another. */
static enum iw_rc add_requests_off(struct iw_gap_gathering *in, const struct iw_switch *off)
{
    int64_t on_ns;
    if (!iw_str_equal(in->channel->channel, IW_STR(IW_CHANNEL_W3SVC)))
        return IW_OK;
    IW_TRY(iw_gap_next_on(in, IW_SWITCH_REQUESTS_ON, off->subject, &on_ns));
    if (off->is_asked) /* perhaps in vain */
        return iw_gap_add_off(in, in->channel->parts, in->channel->n_parts, off->time_ns, on_ns,
                              IW_GAP_OF_ALL,
                              iw_gap_words(in, "logs of requests were switched off", off));
    return iw_gap_add_off(in, NULL, 0, off->time_ns, on_ns, IW_GAP_OF_ALL,
                          iw_gap_words(in, "logs of requests were switched off", off));
}

/* A command clears what nobody can read: it may be any log, but for those of IIS, which are files.
 */
static bool is_of_every_log(const struct iw_gap_gathering *in, const struct iw_switch *cleared)
{
    return cleared->is_asked && cleared->subject.n == 0 &&
           !iw_channel_is_web_log(in->channel->channel);
}

static enum iw_rc see_switch(struct iw_gap_gathering *in, const struct iw_switch *own)
{
    const struct iw_telemetry_channel *channel = in->channel;
    bool is_this = iw_str_equal_nocase(own->subject, channel->channel);
    in->lack = LACKS[own->kind];
    switch (own->kind) {
    case IW_SWITCH_CLEARED:
        return is_this || is_of_every_log(in, own) ? add_cleared(in, own) : IW_OK;
    case IW_SWITCH_AUDIT_OFF:
        return is_of_security(in) ? add_audit_off(in, own) : IW_OK;
    case IW_SWITCH_SACL_OFF:
        return is_of_security(in) ? add_sacl_off(in, own) : IW_OK;
    case IW_SWITCH_SYSMON_STOPPED:
    case IW_SWITCH_SYSMON_CONFIGURED:
    case IW_SWITCH_SYSMON_ERROR:
    case IW_SWITCH_DRIVER_OFF:
        return see_sysmon(in, own);
    case IW_SWITCH_CHANNEL_OFF:
        return is_this ? add_log_off(in, own, IW_SWITCH_CHANNEL_ON, "its channel was disabled")
                       : IW_OK;
    case IW_SWITCH_SERVICE_OFF:
        if (iw_channel_is_web_log(channel->channel) ||
            (iw_str_equal(own->subject, IW_STR("Sysmon")) && !is_of_sysmon(in)))
            return IW_OK;
        return add_log_off(in, own, IW_SWITCH_SERVICE_ON, "its service was stopped or disabled");
    case IW_SWITCH_REQUESTS_OFF:
        return add_requests_off(in, own);
    case IW_SWITCH_USER_AUDIT_OFF:
        return is_of_security(in) ? add_user_audit_off(in, own) : IW_OK;
    case IW_SWITCH_LOGGING_ENDED:
    case IW_SWITCH_LOG_FULL:
    case IW_SWITCH_EVENTS_LOST:
    case IW_SWITCH_WINDOWS_CRASHED:
        return iw_gap_see_service(in, own);
    case IW_SWITCH_AUDIT_ON: /* the end of what another one began; what was off before, samples tell
                                (late_start.h) */
    case IW_SWITCH_AUDIT_ASKED_ON:
    case IW_SWITCH_SACL_ON:
    case IW_SWITCH_SYSMON_STARTED:
    case IW_SWITCH_CHANNEL_ON:
    case IW_SWITCH_SERVICE_ON:
    case IW_SWITCH_REQUESTS_ON:
    case IW_SWITCH_USER_AUDIT_ON:
    case IW_SWITCH_WINDOWS_ENDED:
    case IW_SWITCH_WINDOWS_STARTED: /* it was off before: nothing could happen */
    case IW_SWITCH_CLOCK_SET:       /* what was logged is there, under another time */
    case IW_SWITCH_KIND_COUNT:
        break;
    }
    return IW_OK;
}

enum iw_rc iw_gap_find_switches(struct iw_gap_gathering *in)
{
    enum iw_rc rc = IW_OK;
    iw_map_init(&in->switched_on);
    for (size_t i = in->host->n_switches; i-- != 0 && rc == IW_OK;) {
        rc = see_switch(in, &in->host->switches[i]);
        if (rc == IW_OK)
            rc = note_on(in, &in->host->switches[i]);
    }
    iw_map_done(&in->switched_on);
    iw_folder_audits_done(&in->audits);
    in->has_audits = false;
    return rc;
}
