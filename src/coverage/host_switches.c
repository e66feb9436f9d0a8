#include "coverage/host_switches.h"

#include "base/arena_text.h"
#include "base/limits.h"

/* `%.*s` is the subject, where there is one. */
static const struct {
    const char *begins, *ends; /* NULL: it takes nothing away */
    bool has_subject;
} WORDS[IW_SWITCH_KIND_COUNT] = {
    [IW_SWITCH_CLEARED] = {"the log ", " was cleared", true},
    [IW_SWITCH_AUDIT_OFF] = {"the audit of ", " was switched off", true},
    [IW_SWITCH_SACL_OFF] = {"the audit list of ", " was taken away", true},
    [IW_SWITCH_SYSMON_STOPPED] = {"Sysmon was stopped", "", false},
    [IW_SWITCH_SYSMON_ERROR] = {"Sysmon lost events", "", false},
    [IW_SWITCH_DRIVER_OFF] = {"Sysmon's driver was unloaded", "", false},
    [IW_SWITCH_CHANNEL_OFF] = {"the channel ", " was disabled", true},
    [IW_SWITCH_SERVICE_OFF] = {"the service ", " was stopped or disabled", true},
    [IW_SWITCH_REQUESTS_OFF] = {"logs of requests were switched off", "", false},
    [IW_SWITCH_LOG_FULL] = {"the log ", " was full", true},
    [IW_SWITCH_EVENTS_LOST] = {"events of the log ", " were lost", true},
    [IW_SWITCH_USER_AUDIT_OFF] = {"the audit of ", " was switched off", true},
};

static struct iw_str line_of(const struct iw_switch *own, struct iw_arena *arena)
{
    struct iw_str subject = own->subject.n != 0 ? own->subject : IW_STR("(not said which)");
    return iw_arena_format(arena, "%s%.*s%s at %.*s (%.*s)", WORDS[own->kind].begins,
                           WORDS[own->kind].has_subject ? (int)subject.n : 0, subject.p,
                           own->is_narrowed ? " was narrowed" : WORDS[own->kind].ends,
                           IW_STR_ARG(iw_log_time(own->time_ns, arena)), IW_STR_ARG(own->by));
}

enum iw_rc iw_host_switches(const struct iw_log_host *host, struct iw_arena *arena,
                            struct iw_text_list *ret)
{
    struct iw_str *items = iw_arena_alloc(arena, (IW_LIMIT_COVERAGE_REASONS + 1) * sizeof *items);
    size_t n = 0, n_more = 0;
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < host->n_switches; i++) {
        const struct iw_switch *own = &host->switches[i];
        if (WORDS[own->kind].begins == NULL || own->time_ns < host->from_ns ||
            own->time_ns >= host->to_ns)
            continue;
        if (n == IW_LIMIT_COVERAGE_REASONS) {
            n_more++;
            continue;
        }
        items[n] = line_of(own, arena);
        if (items[n++].p == NULL)
            return IW_ENOMEM;
    }
    if (n_more != 0) {
        items[n] = iw_arena_format(arena, "and %zu more", n_more);
        if (items[n++].p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_text_list){items, n};
    return IW_OK;
}
