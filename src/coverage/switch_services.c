/*
 * What is asked of services, processes and Sysmon's driver.
 *
 * Sources: Microsoft's pages of sc, net, taskkill and fltmc, of the module
 * Microsoft.PowerShell.Management, and of Sysmon.
 */
#include "coverage/switch_asking.h"

struct iw_str iw_logging_service(struct iw_str name)
{
    static const struct {
        const char *name, *is;
    } NAMES[] = {{"EventLog", "EventLog"}, {"Windows Event Log", "EventLog"},
                 {"Sysmon", "Sysmon"},     {"Sysmon64", "Sysmon"},
                 {"SysmonDrv", "Sysmon"},  {"Sysmon64a", "Sysmon"}};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_word_is(name, NAMES[i].name))
            return iw_str_of(NAMES[i].is);
    }
    return IW_STR("");
}

static bool make_service(struct iw_asking *asking, size_t at)
{
    struct iw_str service = at < asking->n ? iw_logging_service(asking->words[at]) : IW_STR("");
    return service.n != 0 && iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, service);
}

/* `sc [\\HOST] stop NAME`, `sc delete NAME`, `sc config NAME start= disabled`. */
bool iw_ask_sc(struct iw_asking *asking)
{
    if (asking->n != 0 && iw_str_begins_nocase(asking->words[0], IW_STR("\\\\")))
        return false;
    if (make_service(asking, iw_asking_behind_either(asking, "stop", "delete")))
        return true;
    return (iw_asking_has(asking, "disabled") || iw_asking_has(asking, "start=disabled")) &&
           make_service(asking, iw_asking_behind(asking, "config"));
}

bool iw_ask_net(struct iw_asking *asking)
{
    return make_service(asking, iw_asking_behind(asking, "stop"));
}

/* Whatever process is named: `/im Sysmon64.exe`, `-Name Sysmon64`, `/fi "SERVICES eq eventlog"`.
 * The log of events is one of the hosts of services. */
bool iw_ask_kill(struct iw_asking *asking)
{
    if (iw_asking_has_switch(asking, "s") || iw_asking_has_switch(asking, "ComputerName"))
        return false;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str word = asking->words[i], service;
        for (size_t k = word.n; k != 0; k--) {
            if (word.p[k - 1] == ' ') {
                word = (struct iw_str){word.p + k, word.n - k};
                break;
            }
        }
        word = iw_program_stem(word);
        service = iw_word_is(word, "svchost") ? IW_STR("EventLog") : iw_logging_service(word);
        if (service.n != 0)
            return iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, service);
    }
    return false;
}

/* The driver goes, the service stays. */
bool iw_ask_fltmc(struct iw_asking *asking)
{
    size_t at = iw_asking_behind_either(asking, "unload", "detach");
    return at < asking->n && iw_word_is(iw_logging_service(asking->words[at]), "Sysmon") &&
           iw_asking_make(asking, IW_SWITCH_DRIVER_OFF, IW_STR(""));
}

bool iw_ask_sysmon(struct iw_asking *asking)
{
    return iw_asking_has_switch(asking, "u") &&
           iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("Sysmon"));
}

/* Stop-Service, Remove-Service. */
bool iw_ask_stop_service(struct iw_asking *asking)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (make_service(asking, i))
            return !iw_asking_has_switch(asking, "ComputerName");
    }
    return false;
}

bool iw_ask_set_service(struct iw_asking *asking)
{
    return (iw_asking_has(asking, "disabled") || iw_asking_has(asking, "stopped")) &&
           iw_ask_stop_service(asking);
}

bool iw_ask_phantom(struct iw_asking *asking)
{
    return iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
}
