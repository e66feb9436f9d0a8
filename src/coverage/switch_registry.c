/*
 * Values of the registry by which logging is switched: the channels of the log of events, the
 * sessions that Windows starts for them (`WMI\Autologger`, from its next start on), how services
 * start, command lines in Security 4688, and MiniNt, by which Windows takes itself for its setup
 * and writes no Security log.
 */
#include "coverage/switch_command.h"

#include "event/channel.h"

/* What stands in *target* between *before* and *after*, which it ends with; p NULL: it is another.
 */
static struct iw_str between(struct iw_str target, const char *before, const char *after)
{
    struct iw_str head = iw_str_of(before), tail = iw_str_of(after);
    if (!iw_str_ends_nocase(target, tail))
        return (struct iw_str){NULL, 0};
    for (size_t at = 0; at + head.n + tail.n < target.n; at++) {
        if (iw_str_begins_nocase((struct iw_str){target.p + at, target.n - at}, head))
            return (struct iw_str){target.p + at + head.n, target.n - at - head.n - tail.n};
    }
    return (struct iw_str){NULL, 0};
}

/* The number in `DWORD (0x00000004)`, `0x4` or `4`: one digit is enough to tell 0, 1 and 4. */
static char number_of(struct iw_str data)
{
    size_t n = data.n;
    char number = '\0';
    while (n != 0 && (data.p[n - 1] == ')' || data.p[n - 1] == ' '))
        n--;
    for (; n != 0 && data.p[n - 1] >= '0' && data.p[n - 1] <= '9'; n--) {
        if (number == '\0' || data.p[n - 1] != '0')
            number = number == '\0' ? data.p[n - 1] : '9'; /* more than one digit: none of these */
    }
    return number;
}

static bool set_one(struct iw_command_switch *made, enum iw_switch_kind kind, struct iw_str subject)
{
    made->kind = kind;
    made->subject = subject;
    return true;
}

/* The key itself, or anything in it. */
static bool is_mini_nt(struct iw_str target)
{
    static const struct iw_str KEY = {"\\Control\\MiniNt", 15};
    for (size_t at = 0; at + KEY.n <= target.n; at++) {
        if (iw_str_begins_nocase((struct iw_str){target.p + at, target.n - at}, KEY))
            return at + KEY.n == target.n || target.p[at + KEY.n] == '\\';
    }
    return false;
}

/* --- sessions ------------------------------------------------------------------------------- */

bool iw_command_switch_of_session(struct iw_str session, struct iw_command_switch *ret)
{
    static const struct iw_str PREFIX = {"EventLog-", 9};
    static const char *const CHANNELS[] = {IW_CHANNEL_SYSMON, IW_CHANNEL_SECURITY,
                                           IW_CHANNEL_IIS_CONFIGURATION,
                                           "Microsoft-Windows-PowerShell/Operational"};
    struct iw_str name;
    if (!iw_str_begins_nocase(session, PREFIX))
        return false;
    name = (struct iw_str){session.p + PREFIX.n, session.n - PREFIX.n};
    if (iw_str_equal_nocase(name, IW_STR("Application")) ||
        iw_str_equal_nocase(name, IW_STR("System")) || iw_str_equal(name, IW_STR("*")))
        return set_one(ret, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    for (size_t i = 0; i < sizeof CHANNELS / sizeof CHANNELS[0]; i++) {
        struct iw_str channel = iw_str_of(CHANNELS[i]);
        size_t k = 0;
        while (k < name.n && k < channel.n &&
               (iw_ascii_lower(name.p[k]) == iw_ascii_lower(channel.p[k]) ||
                (name.p[k] == '-' && channel.p[k] == '/')))
            k++;
        if (k == name.n && k == channel.n)
            return set_one(ret, IW_SWITCH_CHANNEL_OFF, channel);
    }
    return false;
}

bool iw_command_switch_of_provider(struct iw_str provider, struct iw_command_switch *ret)
{
    static const struct {
        const char *name, *guid, *channel;
    } PROVIDERS[] = {
        {"Microsoft-Windows-Sysmon", "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}", IW_CHANNEL_SYSMON},
        {"Microsoft-Windows-Security-Auditing", "{54849625-5478-4994-A5BA-3E3B0328C30D}",
         IW_CHANNEL_SECURITY},
        {"Microsoft-Windows-IIS-Configuration", "{DC0B8E51-4863-407A-BC3C-1B479B2978AC}",
         IW_CHANNEL_IIS_CONFIGURATION}};
    for (size_t i = 0; i < sizeof PROVIDERS / sizeof PROVIDERS[0]; i++) {
        if (iw_str_equal_nocase(provider, iw_str_of(PROVIDERS[i].name)) ||
            iw_str_equal_nocase(provider, iw_str_of(PROVIDERS[i].guid)))
            return set_one(ret, IW_SWITCH_CHANNEL_OFF, iw_str_of(PROVIDERS[i].channel));
    }
    return false;
}

/* `…\Autologger\EventLog-X\Start`, `…\Autologger\EventLog-X\{PROVIDER}\Enabled`: 0. */
static bool is_of_autologger(struct iw_str target, char number, struct iw_command_switch *ret)
{
    struct iw_str session = between(target, "\\Autologger\\", "\\Start");
    const char *end;
    if (number != '0')
        return false;
    if (session.n != 0)
        return iw_command_switch_of_session(session, ret);
    session = between(target, "\\Autologger\\", "\\Enabled");
    end = session.n != 0 ? memchr(session.p, '\\', session.n) : NULL;
    return end != NULL && iw_str_begins_nocase(session, IW_STR("EventLog-")) &&
           iw_command_switch_of_provider(
               (struct iw_str){end + 1, (size_t)(session.p + session.n - end - 1)}, ret);
}

/* --- values --------------------------------------------------------------------------------- */

bool iw_command_switch_of_registry(struct iw_str target, struct iw_str data,
                                   struct iw_command_switch *ret)
{
    struct iw_str name;
    char number = data.p != NULL ? number_of(data) : '\0';
    if (is_mini_nt(target))
        return set_one(ret, IW_SWITCH_CHANNEL_OFF, IW_STR(IW_CHANNEL_SECURITY));
    if (number == '\0')
        return false;
    if (is_of_autologger(target, number, ret))
        return true;
    name = between(target, "\\WINEVT\\Channels\\", "\\Enabled");
    if (name.n != 0)
        return set_one(ret, number == '0' ? IW_SWITCH_CHANNEL_OFF : IW_SWITCH_CHANNEL_ON, name);
    name = between(target, "\\Services\\", "\\Start");
    if (name.n != 0)
        return number == '4' && iw_logging_service(name).n != 0 &&
               set_one(ret, IW_SWITCH_SERVICE_OFF, iw_logging_service(name));
    if (!iw_str_ends_nocase(target, IW_STR("\\Audit\\ProcessCreationIncludeCmdLine_Enabled")))
        return false;
    return set_one(ret, number == '0' ? IW_SWITCH_AUDIT_OFF : IW_SWITCH_AUDIT_ON,
                   IW_STR("command lines"));
}
