/*
 * Switches out of events: a table of which events may be one, and a function for each kind.
 *
 * Left out on purpose: names of services in other languages than English, where the event does not
 * carry the short name; audit policies that are set by group policy without a 4719.
 */
#include "coverage/switch_reading.h"

#include "base/arena_text.h"
#include "coverage/switch_audit_list.h"
#include "order/fact.h"
#include "order/log_mark.h"
#include "event/channel.h"
#include "event/host.h"

#define SYSTEM "System"

typedef bool read_switch(struct iw_switch_reading *reading);

/* "Security 4719 by LAB\adm" */
static void tell_by(struct iw_switch_reading *reading, struct iw_str user)
{
    const struct iw_event *event = reading->fields.event;
    struct iw_str channel = event->channel;
    if (iw_channel_is_sysmon(channel))
        channel = IW_STR("Sysmon");
    else if (iw_str_equal_nocase(channel, IW_STR(IW_CHANNEL_IIS_CONFIGURATION)))
        channel = IW_STR("IIS-Configuration");
    reading->made.by =
        iw_arena_format(reading->fields.scratch, "%.*s %u%s%.*s", IW_STR_ARG(channel),
                        event->event_id, user.n != 0 ? " by " : "", IW_STR_ARG(user));
    if (reading->made.by.p == NULL)
        reading->fields.no_memory = true;
}

static struct iw_str subject_user(struct iw_switch_reading *reading)
{
    return iw_reading_account(&reading->fields, IW_FIELD_SUBJECT_USER_NAME,
                              IW_FIELD_SUBJECT_DOMAIN_NAME);
}

/* --- logs and clocks ------------------------------------------------------------------------ */

static bool read_mark(struct iw_switch_reading *reading)
{
    struct iw_log_mark mark;
    enum iw_rc rc = iw_log_mark_read(reading->fields.event, reading->fields.scratch, &mark);
    if (rc != IW_OK) {
        reading->fields.no_memory |= rc == IW_ENOMEM;
        return false;
    }
    reading->made.kind = mark.kind == IW_LOG_MARK_CLEARED ? IW_SWITCH_CLEARED : IW_SWITCH_CLOCK_SET;
    reading->made.subject = mark.channel;
    reading->made.old_ns = mark.old_ns;
    reading->made.new_ns = mark.new_ns;
    tell_by(reading, mark.user);
    return true;
}

/* Other providers use the number, too. */
static bool read_start(struct iw_switch_reading *reading)
{
    const struct iw_event *event = reading->fields.event;
    if (event->event_id == 12 &&
        !iw_str_equal_nocase(event->provider, IW_STR("Microsoft-Windows-Kernel-General")))
        return false;
    reading->made.kind = IW_SWITCH_WINDOWS_STARTED;
    if (event->event_id == 12)
        reading->made.subject = IW_STR("kernel");
    tell_by(reading, IW_STR(""));
    return true;
}

/* What the service of event logs and the kernel say of themselves: by number and provider, for
 * others use the numbers, too. One that is not told is taken for theirs. */
static bool read_service_word(struct iw_switch_reading *reading)
{
    static const struct {
        uint32_t event_id;
        const char *provider;
        enum iw_switch_kind kind;
        const char *subject;
    } WORDS[] = {
        {13, "Microsoft-Windows-Kernel-General", IW_SWITCH_WINDOWS_ENDED, ""},
        {1100, "Microsoft-Windows-Eventlog", IW_SWITCH_LOGGING_ENDED, ""},
        {1101, "Microsoft-Windows-Eventlog", IW_SWITCH_EVENTS_LOST, IW_CHANNEL_SECURITY},
        {1104, "Microsoft-Windows-Eventlog", IW_SWITCH_LOG_FULL, IW_CHANNEL_SECURITY},
        {1108, "Microsoft-Windows-Eventlog", IW_SWITCH_EVENTS_LOST, IW_CHANNEL_SECURITY},
        {4612, "Microsoft-Windows-Security-Auditing", IW_SWITCH_EVENTS_LOST, IW_CHANNEL_SECURITY},
        {6005, "EventLog", IW_SWITCH_SERVICE_ON, "EventLog"},
        {6006, "EventLog", IW_SWITCH_LOGGING_ENDED, ""},
        {6008, "EventLog", IW_SWITCH_WINDOWS_CRASHED, ""}};
    const struct iw_event *event = reading->fields.event;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (WORDS[i].event_id != event->event_id ||
            (event->provider.n != 0 &&
             !iw_str_equal_nocase(event->provider, iw_str_of(WORDS[i].provider))))
            continue;
        reading->made.kind = WORDS[i].kind;
        reading->made.subject = iw_str_of(WORDS[i].subject);
        tell_by(reading, IW_STR(""));
        return true;
    }
    return false;
}

/* --- audit ---------------------------------------------------------------------------------- */

static const struct {
    const char *guid;
    const char *name;
} SUBCATEGORIES[] = {{"{0CCE922B-69AE-11D9-BED3-505054503030}", "process creation"},
                     {"{0CCE921D-69AE-11D9-BED3-505054503030}", "file system"},
                     {"{0CCE9215-69AE-11D9-BED3-505054503030}", "logon"}};

/* What an event about the audit policy is of; the GUID where it has no name. */
static struct iw_str subcategory_of(struct iw_switch_reading *reading)
{
    struct iw_str guid = iw_switch_own(reading, "SubcategoryGuid");
    for (size_t i = 0; i < sizeof SUBCATEGORIES / sizeof SUBCATEGORIES[0]; i++) {
        if (iw_str_equal_nocase(guid, iw_str_of(SUBCATEGORIES[i].guid)))
            return iw_str_of(SUBCATEGORIES[i].name);
    }
    return guid;
}

static bool read_policy(struct iw_switch_reading *reading)
{
    struct iw_str changes = iw_switch_own(reading, "AuditPolicyChanges");
    bool is_off = iw_str_holds_nocase(changes, IW_STR("%%8448"));
    if (!is_off && !iw_str_holds_nocase(changes, IW_STR("%%8449")))
        return false;
    reading->made.kind = is_off ? IW_SWITCH_AUDIT_OFF : IW_SWITCH_AUDIT_ON;
    reading->made.subject = subcategory_of(reading);
    tell_by(reading, subject_user(reading));
    return true;
}

/* Of one user. Who is no longer included is audited as all are, which a sample shows; who is
 * excluded is not, whatever samples show of others. */
static bool read_user_policy(struct iw_switch_reading *reading)
{
    struct iw_str changes = iw_switch_own(reading, "AuditPolicyChanges");
    struct iw_str user = iw_switch_own(reading, "TargetUserSid"), audit = subcategory_of(reading);
    bool is_off = iw_str_holds_nocase(changes, IW_STR("%%8455"));
    bool is_on = iw_str_holds_nocase(changes, IW_STR("%%8454"));
    bool is_less = iw_str_holds_nocase(changes, IW_STR("%%8452"));
    if (!is_off && !is_on && !is_less)
        return false;
    reading->made.kind = is_off  ? IW_SWITCH_USER_AUDIT_OFF
                         : is_on ? IW_SWITCH_USER_AUDIT_ON
                                 : IW_SWITCH_AUDIT_OFF;
    reading->made.subject = is_off || is_on
                                ? iw_arena_format(reading->fields.scratch, "%.*s by %.*s",
                                                  IW_STR_ARG(audit), IW_STR_ARG(user))
                                : audit;
    reading->fields.no_memory |= reading->made.subject.p == NULL;
    tell_by(reading, subject_user(reading));
    return !reading->fields.no_memory;
}

/* Keys, services and the like have audit lists, too: where the event says so, it is of no folder.
 */
static bool is_of_file(struct iw_switch_reading *reading)
{
    struct iw_str type = iw_switch_own(reading, "ObjectType");
    return type.n == 0 || iw_str_equal_nocase(type, IW_STR("File"));
}

static bool read_audit_list(struct iw_switch_reading *reading)
{
    enum iw_audit_list_change change;
    if (!is_of_file(reading))
        return false;
    if (iw_audit_list_compare(iw_switch_own(reading, "OldSd"), iw_switch_own(reading, "NewSd"),
                              reading->fields.scratch, &change) != IW_OK) {
        reading->fields.no_memory = true;
        return false;
    }
    if (change == IW_AUDIT_LIST_SAME)
        return false;
    reading->made.is_narrowed = change == IW_AUDIT_LIST_NARROWED;
    reading->made.kind = change == IW_AUDIT_LIST_LESS || reading->made.is_narrowed
                             ? IW_SWITCH_SACL_OFF
                             : IW_SWITCH_SACL_ON;
    reading->made.is_whole = change == IW_AUDIT_LIST_WHOLE;
    reading->made.subject = iw_switch_own(reading, "ObjectName");
    tell_by(reading, subject_user(reading));
    return true;
}

/* --- Sysmon --------------------------------------------------------------------------------- */

static bool read_sysmon_state(struct iw_switch_reading *reading)
{
    bool is_stopped = iw_str_equal_nocase(iw_switch_own(reading, "State"), IW_STR("Stopped"));
    reading->made.kind = is_stopped ? IW_SWITCH_SYSMON_STOPPED : IW_SWITCH_SYSMON_STARTED;
    tell_by(reading, IW_STR(""));
    return true;
}

static bool read_sysmon_configured(struct iw_switch_reading *reading)
{
    reading->made.kind = IW_SWITCH_SYSMON_CONFIGURED;
    reading->made.subject = iw_switch_own(reading, "ConfigurationFileHash");
    tell_by(reading, IW_STR(""));
    return true;
}

static bool read_sysmon_error(struct iw_switch_reading *reading)
{
    reading->made.kind = IW_SWITCH_SYSMON_ERROR;
    reading->made.subject = iw_switch_own(reading, "Description");
    tell_by(reading, IW_STR(""));
    return true;
}

/* --- channels ------------------------------------------------------------------------------- */

/* Sysmon obeys the rules its driver has in the registry: written there by another than Sysmon they
 * are in force without an event 16. */
static bool is_of_rules(struct iw_str target)
{
    return iw_str_ends_nocase(target, IW_STR("\\Services\\SysmonDrv\\Parameters\\Rules"));
}

/* Sysmon 12 and 13, Security 4657. */
static bool read_registry(struct iw_switch_reading *reading)
{
    const struct iw_event *event = reading->fields.event;
    struct iw_command_switch made;
    struct iw_str target, data = {NULL, 0};
    if (event->event_id != 4657 &&
        !iw_switch_may_be_of_value(iw_event_find(event, IW_FIELD_TARGET_OBJECT)))
        return false;
    if (event->event_id == 4657) {
        target = iw_arena_format(reading->fields.scratch, "%.*s\\%.*s",
                                 IW_STR_ARG(iw_switch_own(reading, "ObjectName")),
                                 IW_STR_ARG(iw_switch_own(reading, "ObjectValueName")));
        data = iw_switch_own(reading, "NewValue");
        reading->fields.no_memory |= target.p == NULL;
    } else {
        target = iw_reading_own(&reading->fields, IW_FIELD_TARGET_OBJECT);
        if (event->event_id == 13)
            data = iw_reading_own(&reading->fields, IW_FIELD_DETAILS);
        else if (!is_of_rules(target) &&
                 iw_str_begins_nocase(iw_switch_own(reading, "EventType"), IW_STR("Delete")))
            return false;
    }
    if (is_of_rules(target) && !reading->fields.no_memory) {
        made =
            (struct iw_command_switch){.kind = IW_SWITCH_SYSMON_CONFIGURED, .subject = IW_STR("")};
        reading->made.is_asked = true; /* where Sysmon itself does, 16 says so soon after */
    } else if (reading->fields.no_memory || !iw_command_switch_of_registry(target, data, &made)) {
        return false;
    }
    reading->made.kind = made.kind;
    reading->made.subject = made.subject;
    tell_by(reading, event->event_id == 4657 ? subject_user(reading) : IW_STR(""));
    return true;
}

/* --- commands ------------------------------------------------------------------------------- */

static bool read_process(struct iw_switch_reading *reading)
{
    bool is_sysmon = reading->fields.event->event_id == 1;
    struct iw_process_command command;
    if (!iw_switch_may_be_of_process(reading->glance, reading->fields.event) ||
        !iw_switch_begin_asked(reading))
        return false;
    command.image = iw_reading_text(&reading->fields, IW_FIELD_IMAGE);
    command.original_name =
        is_sysmon ? iw_reading_own(&reading->fields, IW_FIELD_ORIGINAL_FILE_NAME) : IW_STR("");
    command.line = iw_reading_own(&reading->fields, IW_FIELD_COMMAND_LINE);
    return iw_switch_keep_asked(
        reading, iw_command_switches_of_process(&command, reading->fields.scratch, reading->asked),
        is_sysmon ? iw_reading_own(&reading->fields, IW_FIELD_USER) : subject_user(reading));
}

/* --- services ------------------------------------------------------------------------------- */

static bool read_service(struct iw_switch_reading *reading)
{
    bool is_start_type = reading->fields.event->event_id == 7040;
    struct iw_str service, state;
    if (!iw_switch_may_be_of_service(iw_switch_field(reading, "param1")) &&
        !(is_start_type && iw_switch_may_be_of_service(iw_switch_field(reading, "param4"))))
        return false;
    service = iw_logging_service(iw_switch_own(reading, "param1"));
    state = iw_switch_own(reading, is_start_type ? "param3" : "param2");
    if (service.n == 0 && is_start_type)
        service = iw_logging_service(iw_switch_own(reading, "param4"));
    bool is_ended = reading->fields.event->event_id != 7036 && !is_start_type; /* unexpectedly */
    bool is_off = is_ended || iw_str_holds_nocase(state, is_start_type ? IW_STR("disabled")
                                                                       : IW_STR("stopped"));
    /* A driver that runs without its service writes nothing. */
    bool is_on = !is_start_type && iw_str_equal_nocase(state, IW_STR("running")) &&
                 !iw_str_equal_nocase(iw_switch_own(reading, "param1"), IW_STR("SysmonDrv"));
    if (service.n == 0 || (!is_off && !is_on))
        return false;
    reading->made.kind = is_off ? IW_SWITCH_SERVICE_OFF : IW_SWITCH_SERVICE_ON;
    reading->made.subject = service;
    tell_by(reading, IW_STR(""));
    return true;
}

/* --- logs of requests ------------------------------------------------------------------------ */

static bool read_configuration(struct iw_switch_reading *reading)
{
    static const struct {
        const char *setting, *off, *on; /* values; NULL: any other */
    } SETTINGS[] = {{"httpLogging/@dontLog", "true", "false"},
                    {"logFile/@enabled", "false", "true"},
                    {"@logTargetW3C", "ETW", NULL}};
    struct iw_str setting = iw_reading_own(&reading->fields, IW_FIELD_CONFIGURATION);
    struct iw_str value = iw_reading_own(&reading->fields, IW_FIELD_NEW_VALUE);
    for (size_t i = 0; i < sizeof SETTINGS / sizeof SETTINGS[0]; i++) {
        bool is_off = iw_str_equal_nocase(value, iw_str_of(SETTINGS[i].off));
        if (!iw_str_ends_nocase(setting, iw_str_of(SETTINGS[i].setting)) ||
            (!is_off && SETTINGS[i].on != NULL &&
             !iw_str_equal_nocase(value, iw_str_of(SETTINGS[i].on))))
            continue;
        reading->made.kind = is_off ? IW_SWITCH_REQUESTS_OFF : IW_SWITCH_REQUESTS_ON;
        reading->made.subject = setting;
        tell_by(reading, IW_STR(""));
        return true;
    }
    return false;
}

/* --- which ---------------------------------------------------------------------------------- */

static const struct {
    const char *channel;
    uint32_t event_id;
    read_switch *read;
} EVENTS[] = {
    /* Those that come by the thousand first. */
    {IW_CHANNEL_SECURITY, 4688, read_process},
    {IW_CHANNEL_SYSMON, 1, read_process},
    {IW_CHANNEL_SYSMON, 13, read_registry},
    {SYSTEM, 7036, read_service},
    {SYSTEM, 7040, read_service},
    {IW_CHANNEL_SECURITY, 1102, read_mark},
    {SYSTEM, 104, read_mark},
    {IW_CHANNEL_SECURITY, 4616, read_mark},
    {SYSTEM, 1, read_mark},
    {SYSTEM, 12, read_start},
    {IW_CHANNEL_SECURITY, 4608, read_start},
    {SYSTEM, 13, read_service_word},
    {SYSTEM, 6005, read_service_word},
    {SYSTEM, 6006, read_service_word},
    {SYSTEM, 6008, read_service_word},
    {IW_CHANNEL_SECURITY, 1100, read_service_word},
    {IW_CHANNEL_SECURITY, 1101, read_service_word},
    {IW_CHANNEL_SECURITY, 1104, read_service_word},
    {IW_CHANNEL_SECURITY, 1108, read_service_word},
    {IW_CHANNEL_SECURITY, 4612, read_service_word},
    {IW_CHANNEL_SECURITY, 4719, read_policy},
    {IW_CHANNEL_SECURITY, 4912, read_user_policy},
    {IW_CHANNEL_SECURITY, 4907, read_audit_list},
    {IW_CHANNEL_SYSMON, 4, read_sysmon_state},
    {IW_CHANNEL_SYSMON, 16, read_sysmon_configured},
    {IW_CHANNEL_SYSMON, 255, read_sysmon_error},
    {IW_CHANNEL_SYSMON, 12, read_registry},
    {IW_CHANNEL_SECURITY, 4657, read_registry},
    {SYSTEM, 7031, read_service},
    {SYSTEM, 7034, read_service},
    {IW_CHANNEL_IIS_CONFIGURATION, 29, read_configuration},
};

#define N_EVENTS (sizeof EVENTS / sizeof EVENTS[0])

enum iw_rc iw_switches_route(struct iw_route *route)
{
    for (size_t i = 0; i < N_EVENTS; i++)
        IW_TRY(iw_route_want(route, iw_str_of(EVENTS[i].channel), EVENTS[i].event_id));
    IW_TRY(iw_route_want(route, IW_STR(IW_CHANNEL_POWERSHELL), IW_SCRIPT_ID));
    return iw_route_want(route, IW_STR(IW_CHANNEL_POWERSHELL_CORE), IW_SCRIPT_ID);
}

bool iw_switch_may_be(const struct iw_event *event)
{
    if ((event->flags & IW_EVENT_DECODED) == 0 || (event->flags & IW_EVENT_RECOVERED) != 0 ||
        !iw_time_known(event->time_ns))
        return false;
    switch (event->event_id) { /* those of EVENTS: nearly all events end here */
    case 1:
    case 4:
    case 12:
    case 13:
    case 16:
    case 29:
    case 104:
    case 255:
    case 1100:
    case 1101:
    case 1102:
    case 1104:
    case 1108:
    case IW_SCRIPT_ID: /* a text of PowerShell */
    case 4608:
    case 4612:
    case 4616:
    case 4657:
    case 4688:
    case 4719:
    case 4907:
    case 4912:
    case 6005:
    case 6006:
    case 6008:
    case 7031:
    case 7034:
    case 7036:
    case 7040:
        return true;
    default:
        return false;
    }
}

static bool read_one(struct iw_switch_reading *reading)
{
    const struct iw_event *event = reading->fields.event;
    for (size_t i = 0; i < N_EVENTS; i++) {
        if (EVENTS[i].event_id == event->event_id &&
            iw_str_equal_nocase(event->channel, iw_str_of(EVENTS[i].channel)))
            return EVENTS[i].read(reading);
    }
    return false;
}

enum iw_rc iw_switch_read(const struct iw_event *event, const struct iw_switch_glance *glance,
                          struct iw_arena *scratch, struct iw_switches_read *ret)
{
    struct iw_switch_reading reading = iw_switch_reading_begin(event, glance, scratch);
    bool is_one = read_one(&reading);
    return iw_switch_reading_finish(&reading, is_one, is_one ? iw_switch_dialect(event) : 0, ret);
}
