/*
 * Switches out of events: a table of which events may be one, and a function for each kind.
 *
 * Left out on purpose: names of services in other languages than English, where the event does not
 * carry the short name; audit policies that are set by group policy without a 4719.
 */
#include "coverage/switch_read.h"

#include "base/arena_text.h"
#include "context/event_reading.h"
#include "coverage/switch_audit_list.h"
#include "coverage/switch_command.h"
#include "coverage/switch_glance.h"
#include "order/fact.h"
#include "order/log_mark.h"
#include "event/channel.h"
#include "event/host.h"

#define SYSTEM "System"
#define POWERSHELL "Microsoft-Windows-PowerShell/Operational"
#define POWERSHELL_CORE "PowerShellCore/Operational"
#define SCRIPT_ID 4104U

struct reading {
    struct iw_event_reading fields;
    const struct iw_switch_glance *glance;
    struct iw_switch made;
    struct iw_command_switches *asked; /* by a command, which may ask for several; NULL: by none */
};

typedef bool read_switch(struct reading *reading);

/* A field of the payload by the record's own name. NULL: there is none. */
static const struct iw_field *field_of(const struct reading *reading, const char *name)
{
    const struct iw_event *event = reading->fields.event;
    struct iw_str text = iw_str_of(name);
    for (uint32_t i = 0; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        if ((field->place == IW_PLACE_EVENT_DATA || field->place == IW_PLACE_USER_DATA) &&
            iw_str_equal_nocase(field->name->text, text))
            return field;
    }
    return NULL;
}

/* Its text. Empty: absent, or "-". */
static struct iw_str own(struct reading *reading, const char *name)
{
    const struct iw_field *field = field_of(reading, name);
    struct iw_str text;
    if (field == NULL)
        return IW_STR("");
    text = iw_value_text(iw_field_value(field), reading->fields.scratch);
    if (text.p == NULL) {
        reading->fields.no_memory = true;
        return IW_STR("");
    }
    return iw_str_equal(text, IW_STR("-")) ? IW_STR("") : text;
}

/* "Security 4719 by LAB\adm" */
static void tell_by(struct reading *reading, struct iw_str user)
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

static struct iw_str subject_user(struct reading *reading)
{
    return iw_reading_account(&reading->fields, IW_FIELD_SUBJECT_USER_NAME,
                              IW_FIELD_SUBJECT_DOMAIN_NAME);
}

/* --- logs and clocks ------------------------------------------------------------------------ */

static bool read_mark(struct reading *reading)
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
static bool read_start(struct reading *reading)
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
static bool read_service_word(struct reading *reading)
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
static struct iw_str subcategory_of(struct reading *reading)
{
    struct iw_str guid = own(reading, "SubcategoryGuid");
    for (size_t i = 0; i < sizeof SUBCATEGORIES / sizeof SUBCATEGORIES[0]; i++) {
        if (iw_str_equal_nocase(guid, iw_str_of(SUBCATEGORIES[i].guid)))
            return iw_str_of(SUBCATEGORIES[i].name);
    }
    return guid;
}

static bool read_policy(struct reading *reading)
{
    struct iw_str changes = own(reading, "AuditPolicyChanges");
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
static bool read_user_policy(struct reading *reading)
{
    struct iw_str changes = own(reading, "AuditPolicyChanges");
    struct iw_str user = own(reading, "TargetUserSid"), audit = subcategory_of(reading);
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
static bool is_of_file(struct reading *reading)
{
    struct iw_str type = own(reading, "ObjectType");
    return type.n == 0 || iw_str_equal_nocase(type, IW_STR("File"));
}

static bool read_audit_list(struct reading *reading)
{
    enum iw_audit_list_change change;
    if (!is_of_file(reading))
        return false;
    if (iw_audit_list_compare(own(reading, "OldSd"), own(reading, "NewSd"), reading->fields.scratch,
                              &change) != IW_OK) {
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
    reading->made.subject = own(reading, "ObjectName");
    tell_by(reading, subject_user(reading));
    return true;
}

/* --- Sysmon --------------------------------------------------------------------------------- */

static bool read_sysmon_state(struct reading *reading)
{
    bool is_stopped = iw_str_equal_nocase(own(reading, "State"), IW_STR("Stopped"));
    reading->made.kind = is_stopped ? IW_SWITCH_SYSMON_STOPPED : IW_SWITCH_SYSMON_STARTED;
    tell_by(reading, IW_STR(""));
    return true;
}

static bool read_sysmon_configured(struct reading *reading)
{
    reading->made.kind = IW_SWITCH_SYSMON_CONFIGURED;
    reading->made.subject = own(reading, "ConfigurationFileHash");
    tell_by(reading, IW_STR(""));
    return true;
}

static bool read_sysmon_error(struct reading *reading)
{
    reading->made.kind = IW_SWITCH_SYSMON_ERROR;
    reading->made.subject = own(reading, "Description");
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
static bool read_registry(struct reading *reading)
{
    const struct iw_event *event = reading->fields.event;
    struct iw_command_switch made;
    struct iw_str target, data = {NULL, 0};
    if (event->event_id != 4657 &&
        !iw_switch_may_be_of_value(iw_event_find(event, IW_FIELD_TARGET_OBJECT)))
        return false;
    if (event->event_id == 4657) {
        target = iw_arena_format(reading->fields.scratch, "%.*s\\%.*s",
                                 IW_STR_ARG(own(reading, "ObjectName")),
                                 IW_STR_ARG(own(reading, "ObjectValueName")));
        data = own(reading, "NewValue");
        reading->fields.no_memory |= target.p == NULL;
    } else {
        target = iw_reading_own(&reading->fields, IW_FIELD_TARGET_OBJECT);
        if (event->event_id == 13)
            data = iw_reading_own(&reading->fields, IW_FIELD_DETAILS);
        else if (!is_of_rules(target) &&
                 iw_str_begins_nocase(own(reading, "EventType"), IW_STR("Delete")))
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

/* "Sysmon 1, wevtutil.exe by LAB\adm", "PowerShell 4104, Stop-Service of what cannot be read" */
static struct iw_str command_words(struct reading *reading, const struct iw_command_switch *asked)
{
    const struct iw_event *event = reading->fields.event;
    const char *channel = event->event_id == SCRIPT_ID ? "PowerShell"
                          : event->event_id == 1       ? "Sysmon"
                                                       : "Security";
    struct iw_str user = reading->made.by, text;
    if (asked->program.n == 0)
        text = iw_arena_format(reading->fields.scratch, "%s %u, more commands than are heard",
                               channel, event->event_id);
    else
        text = iw_arena_format(reading->fields.scratch, "%s %u, %.*s%s%s%.*s", channel,
                               event->event_id, IW_STR_ARG(asked->program),
                               asked->is_unread ? " of what cannot be read" : "",
                               user.n != 0 ? " by " : "", IW_STR_ARG(user));
    reading->fields.no_memory |= text.p == NULL;
    return text;
}

/* Whether anything is asked for. *user*: who does. */
static bool keep_asked(struct reading *reading, enum iw_rc rc, struct iw_str user)
{
    reading->fields.no_memory |= rc == IW_ENOMEM;
    reading->made.is_asked = true;
    reading->made.by = user;
    return rc == IW_OK && reading->asked->n != 0;
}

static bool begin_asked(struct reading *reading)
{
    reading->asked = iw_arena_alloc(reading->fields.scratch, sizeof *reading->asked);
    reading->fields.no_memory |= reading->asked == NULL;
    return reading->asked != NULL;
}

static bool read_process(struct reading *reading)
{
    bool is_sysmon = reading->fields.event->event_id == 1;
    struct iw_process_command command;
    if (!iw_switch_may_be_of_process(reading->glance, reading->fields.event) ||
        !begin_asked(reading))
        return false;
    command.image = iw_reading_text(&reading->fields, IW_FIELD_IMAGE);
    command.original_name =
        is_sysmon ? iw_reading_own(&reading->fields, IW_FIELD_ORIGINAL_FILE_NAME) : IW_STR("");
    command.line = iw_reading_own(&reading->fields, IW_FIELD_COMMAND_LINE);
    return keep_asked(
        reading, iw_command_switches_of_process(&command, reading->fields.scratch, reading->asked),
        is_sysmon ? iw_reading_own(&reading->fields, IW_FIELD_USER) : subject_user(reading));
}

/* --- services ------------------------------------------------------------------------------- */

static bool read_service(struct reading *reading)
{
    bool is_start_type = reading->fields.event->event_id == 7040;
    struct iw_str service, state;
    if (!iw_switch_may_be_of_service(field_of(reading, "param1")) &&
        !(is_start_type && iw_switch_may_be_of_service(field_of(reading, "param4"))))
        return false;
    service = iw_logging_service(own(reading, "param1"));
    state = own(reading, is_start_type ? "param3" : "param2");
    if (service.n == 0 && is_start_type)
        service = iw_logging_service(own(reading, "param4"));
    bool is_ended = reading->fields.event->event_id != 7036 && !is_start_type; /* unexpectedly */
    bool is_off = is_ended || iw_str_holds_nocase(state, is_start_type ? IW_STR("disabled")
                                                                       : IW_STR("stopped"));
    /* A driver that runs without its service writes nothing. */
    bool is_on = !is_start_type && iw_str_equal_nocase(state, IW_STR("running")) &&
                 !iw_str_equal_nocase(own(reading, "param1"), IW_STR("SysmonDrv"));
    if (service.n == 0 || (!is_off && !is_on))
        return false;
    reading->made.kind = is_off ? IW_SWITCH_SERVICE_OFF : IW_SWITCH_SERVICE_ON;
    reading->made.subject = service;
    tell_by(reading, IW_STR(""));
    return true;
}

/* --- logs of requests ------------------------------------------------------------------------ */

static bool read_configuration(struct reading *reading)
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

static bool is_script(const struct iw_event *event)
{
    return event->event_id == SCRIPT_ID &&
           (iw_str_equal_nocase(event->channel, IW_STR(POWERSHELL)) ||
            iw_str_equal_nocase(event->channel, IW_STR(POWERSHELL_CORE)));
}

enum iw_rc iw_switches_route(struct iw_route *route)
{
    for (size_t i = 0; i < N_EVENTS; i++)
        IW_TRY(iw_route_want(route, iw_str_of(EVENTS[i].channel), EVENTS[i].event_id));
    IW_TRY(iw_route_want(route, IW_STR(POWERSHELL), SCRIPT_ID));
    return iw_route_want(route, IW_STR(POWERSHELL_CORE), SCRIPT_ID);
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
    case SCRIPT_ID: /* a text of PowerShell */
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

/* A machine that a command names is the one it runs on where it names none or the names are alike.
 */
static bool is_own_machine(const struct iw_event *event, struct iw_str host)
{
    return host.n == 0 || iw_str_equal_nocase(host, event->computer) ||
           iw_str_equal_nocase(host, iw_host_label(event->computer)) ||
           iw_str_equal_nocase(iw_host_label(host), event->computer);
}

/* One of each that a command asks for. NULL: no memory. */
static struct iw_switch *take_asked(struct reading *reading)
{
    struct iw_switch *items =
        iw_arena_alloc(reading->fields.scratch, reading->asked->n * sizeof *items);
    for (size_t i = 0; items != NULL && i < reading->asked->n; i++) {
        const struct iw_command_switch *asked = &reading->asked->items[i];
        items[i] = reading->made;
        items[i].kind = asked->kind;
        items[i].subject = asked->subject;
        items[i].is_elsewhere = !is_own_machine(reading->fields.event, asked->host);
        if (items[i].is_elsewhere)
            items[i].computer = asked->host;
        items[i].by = command_words(reading, asked);
    }
    return reading->fields.no_memory ? NULL : items;
}

static bool read_one(struct reading *reading)
{
    const struct iw_event *event = reading->fields.event;
    for (size_t i = 0; i < N_EVENTS; i++) {
        if (EVENTS[i].event_id == event->event_id &&
            iw_str_equal_nocase(event->channel, iw_str_of(EVENTS[i].channel)))
            return EVENTS[i].read(reading);
    }
    return false;
}

static struct reading begin(const struct iw_event *event, const struct iw_switch_glance *glance,
                            struct iw_arena *scratch)
{
    return (struct reading){.glance = glance,
                            .fields = {.event = event, .scratch = scratch},
                            .made = {.computer = event->computer,
                                     .host = IW_STR(""),
                                     .subject = IW_STR(""),
                                     .by = IW_STR(""),
                                     .time_ns = event->time_ns,
                                     .source = event->source,
                                     .old_ns = IW_TIME_UNKNOWN,
                                     .new_ns = IW_TIME_UNKNOWN}};
}

static uint8_t dialect_of(const struct iw_event *event)
{
    return iw_event_clock(event) == IW_CLOCK_EXPORT ? event->dialect : 0;
}

static enum iw_rc finish(struct reading *reading, bool is_one, uint8_t dialect,
                         struct iw_switches_read *ret)
{
    ret->n = ret->n_functions = 0;
    ret->left = NULL;
    ret->lacking = (struct iw_str){NULL, 0};
    reading->made.dialect = dialect;
    if (!is_one && !reading->fields.no_memory)
        return IW_OK;
    ret->one = reading->made;
    ret->items =
        reading->asked != NULL && !reading->fields.no_memory ? take_asked(reading) : &ret->one;
    ret->n = reading->asked != NULL ? reading->asked->n : 1;
    return reading->fields.no_memory || ret->items == NULL ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_switch_read(const struct iw_event *event, const struct iw_switch_glance *glance,
                          struct iw_arena *scratch, struct iw_switches_read *ret)
{
    struct reading reading = begin(event, glance, scratch);
    bool is_one = read_one(&reading);
    return finish(&reading, is_one, is_one ? dialect_of(event) : 0, ret);
}

/* --- texts in parts ------------------------------------------------------------------------- */

static uint64_t number_of(const struct reading *reading, const char *name)
{
    const struct iw_field *field = field_of(reading, name);
    uint64_t number;
    return field != NULL && iw_value_u64(iw_field_value(field), &number) ? number : 0;
}

enum iw_rc iw_switch_read_part(const struct iw_event *event, struct iw_arena *scratch,
                               struct iw_script_part *ret, bool *ret_is_one)
{
    struct reading reading;
    const struct iw_field *text;
    uint64_t process_id = 0;
    *ret_is_one = false;
    if (!is_script(event))
        return IW_OK;
    reading = begin(event, NULL, scratch);
    text = iw_event_find(event, IW_FIELD_SCRIPT_BLOCK_TEXT);
    if (text == NULL)
        return IW_OK;
    *ret_is_one = true;
    (void)iw_reading_number(&reading.fields, IW_FIELD_EXECUTION_PROCESS_ID, &process_id);
    ret->n_parts = number_of(&reading, "MessageTotal");
    ret->text = (struct iw_script_text){.computer = event->computer,
                                        .text = iw_field_value(text),
                                        .time_ns = event->time_ns,
                                        .source = event->source,
                                        .process_id = (uint32_t)process_id,
                                        .dialect = dialect_of(event),
                                        .is_whole = ret->n_parts < 2,
                                        .is_prompt = field_of(&reading, "Path") == NULL ||
                                                     own(&reading, "Path").n == 0};
    ret->number = ret->n_parts >= 2 ? number_of(&reading, "MessageNumber") : 0;
    ret->id = ret->n_parts >= 2 ? own(&reading, "ScriptBlockId") : IW_STR("");
    return reading.fields.no_memory ? IW_ENOMEM : IW_OK;
}

struct text_reading {
    struct reading reading;
    struct iw_str text; /* that was heard; p NULL: none was */
    struct iw_switch_uncalled uncalled;
};

/* Whether it asks for anything; what is told of it is told of its event. */
static bool read_text(struct text_reading *in, const struct iw_script_text *script)
{
    const struct iw_field field = {
        .p = script->text.p, .n = script->text.n, .type = script->text.type};
    struct reading *reading = &in->reading;
    struct iw_str text;
    if (!iw_switch_may_be_in_script(reading->glance, &field) || !begin_asked(reading))
        return false;
    text = iw_value_text(script->text, reading->fields.scratch);
    if (text.p == NULL) {
        reading->fields.no_memory = true;
        return false;
    }
    in->text = text;
    return keep_asked(
        reading,
        script->is_whole
            ? iw_command_switches_of_script(text, reading->fields.scratch, reading->asked,
                                            &in->uncalled)
            : iw_command_switches_of_part(text, reading->fields.scratch, reading->asked),
        IW_STR(""));
}

/* What the body of a function asks for; n 0: nothing. */
static enum iw_rc read_function(struct reading *reading, struct iw_str name, struct iw_str body,
                                struct iw_switch_function *ret)
{
    const struct iw_field field = {
        .p = (const uint8_t *)body.p, .n = (uint32_t)body.n, .type = IW_VALUE_UTF8};
    ret->name = name;
    ret->n = 0;
    if (!iw_switch_may_be_in_script(reading->glance, &field))
        return IW_OK;
    if (!begin_asked(reading))
        return IW_ENOMEM;
    IW_TRY(iw_command_switches_of_part(body, reading->fields.scratch, reading->asked));
    ret->n = reading->asked->n;
    ret->items = ret->n != 0 ? take_asked(reading) : NULL;
    return ret->n == 0 || ret->items != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc read_functions(struct text_reading *in, struct iw_switches_read *ret)
{
    ret->functions =
        iw_arena_alloc(in->reading.fields.scratch, in->uncalled.n * sizeof *ret->functions);
    if (ret->functions == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < in->uncalled.n; i++) {
        struct iw_switch_function *one = &ret->functions[ret->n_functions];
        IW_TRY(read_function(&in->reading, in->uncalled.names[i], in->uncalled.bodies[i], one));
        ret->n_functions += one->n != 0;
    }
    return IW_OK;
}

/* A text that has parameters or functions has names of its own. */
static bool has_own_names(struct iw_str text)
{
    return iw_str_holds_nocase(text, IW_STR("param")) ||
           iw_str_holds_nocase(text, IW_STR("function"));
}

static struct iw_event event_of(const struct iw_script_text *text)
{
    return (struct iw_event){.time_ns = text->time_ns,
                             .created_ns = text->time_ns,
                             .channel = IW_STR(POWERSHELL),
                             .provider = IW_STR(""),
                             .computer = text->computer,
                             .event_id = SCRIPT_ID,
                             .source = text->source,
                             .dialect = text->dialect};
}

enum iw_rc iw_switch_read_text(const struct iw_script_text *text,
                               const struct iw_switch_glance *glance, struct iw_arena *scratch,
                               struct iw_switches_read *ret)
{
    const struct iw_event event = event_of(text);
    struct text_reading in = {.reading = begin(&event, glance, scratch), .text = {NULL, 0}};
    const struct iw_command_switches *first;
    bool is_one;
    in.uncalled.n = 0;
    is_one = read_text(&in, text);
    first = in.reading.asked;
    IW_TRY(finish(&in.reading, is_one, text->dialect, ret));
    if (in.uncalled.n != 0)
        IW_TRY(read_functions(&in, ret));
    if (in.text.p == NULL || !text->is_prompt || !text->is_whole)
        return IW_OK;
    ret->left = first->left.n != 0 ? &first->left : NULL;
    if (first->lacks && !has_own_names(in.text))
        ret->lacking = in.text;
    return IW_OK;
}

enum iw_rc iw_switch_read_later(const struct iw_script_text *text,
                                const struct iw_switch_left *known, struct iw_arena *scratch,
                                struct iw_switches_read *ret)
{
    const struct iw_event event = event_of(text);
    struct reading reading = begin(&event, NULL, scratch);
    struct iw_str plain = iw_value_text(text->text, scratch);
    bool is_one;
    if (plain.p == NULL || !begin_asked(&reading))
        return IW_ENOMEM;
    is_one = keep_asked(
        &reading, iw_command_switches_of_later(plain, known, scratch, reading.asked), IW_STR(""));
    return finish(&reading, is_one, text->dialect, ret);
}
