/*
 * What is asked of services, processes and Sysmon's driver.
 *
 * Sources: Microsoft's pages of sc, net, taskkill and fltmc, of the module
 * Microsoft.PowerShell.Management, and of Sysmon.
 */
#include "coverage/switch_asking.h"

static const struct {
    const char *name, *is;
} SERVICES[] = {{"EventLog", "EventLog"}, {"Windows Event Log", "EventLog"},
                {"Sysmon", "Sysmon"},     {"Sysmon64", "Sysmon"},
                {"SysmonDrv", "Sysmon"},  {"Sysmon64a", "Sysmon"}};

#define N_SERVICES (sizeof SERVICES / sizeof SERVICES[0])

struct iw_str iw_logging_service(struct iw_str name)
{
    for (size_t i = 0; i < N_SERVICES; i++) {
        if (iw_word_is(name, SERVICES[i].name))
            return iw_str_of(SERVICES[i].is);
    }
    return IW_STR("");
}

bool iw_may_be_logging(struct iw_str pattern)
{
    static const struct iw_str SESSION = {"EventLog-", 9};
    pattern = iw_program_stem(pattern);
    for (size_t i = 0; i < N_SERVICES; i++) {
        if (iw_name_is_like(iw_str_of(SERVICES[i].name), pattern))
            return true;
    }
    return iw_str_begins_nocase(pattern, SESSION);
}

/* --- names ---------------------------------------------------------------------------------- */

bool iw_asking_make_named(struct iw_asking *asking, struct iw_str name, bool is_process)
{
    bool is_one = false;
    if (is_process) {
        name = iw_program_stem(name);
        if (iw_name_is_like(IW_STR("svchost"), name))
            is_one = iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    }
    for (size_t i = 0; i < N_SERVICES; i++) {
        if (iw_name_is_like(iw_str_of(SERVICES[i].name), name))
            is_one = iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, iw_str_of(SERVICES[i].is));
    }
    return is_one;
}

static bool make_list(struct iw_asking *asking, const struct iw_switch_word *names, bool is_process)
{
    struct iw_str left = names->text, name;
    bool is_one = false;
    if (names->is_unread) {
        asking->made->lacks = true;
        return iw_asking_suspects(asking, names) &&
               iw_asking_make_unread(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    }
    while (iw_list_next(&left, &name)) {
        while (name.n != 0 && name.p[0] == ' ')
            name = (struct iw_str){name.p + 1, name.n - 1};
        is_one |= iw_asking_make_named(asking, name, is_process);
    }
    return is_one;
}

bool iw_asking_make_services(struct iw_asking *asking, const struct iw_switch_word *names)
{
    return make_list(asking, names, false);
}

bool iw_asking_make_processes(struct iw_asking *asking, const struct iw_switch_word *names)
{
    return make_list(asking, names, true);
}

/* A cut statement may name it behind what is looked at. */
static bool make_cut(struct iw_asking *asking)
{
    return asking->is_cut &&
           iw_asking_make_unread(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
}

/* What a command of PowerShell is given, by its words or by the pipeline. */
static bool make_objects(struct iw_asking *asking, bool is_process)
{
    bool is_one = false, is_named = false;
    iw_asking_look_for_computer_name(asking);
    for (size_t i = 0; (i = iw_asking_object(asking, i)) < asking->n; i++) {
        is_one |= make_list(asking, &asking->words[i], is_process);
        is_named = true;
    }
    if (!is_named && asking->is_piped) {
        const struct iw_switch_word given = iw_asking_given(asking);
        is_one |= make_list(asking, &given, is_process);
    }
    return make_cut(asking) || is_one;
}

/* --- programs ------------------------------------------------------------------------------- */

/* Programs take whole names: what fits one is none. */
static bool make_service(struct iw_asking *asking, size_t at)
{
    const struct iw_switch_word *word = at < asking->n ? &asking->words[at] : NULL;
    asking->made->lacks |= word != NULL && word->is_unread;
    if (word == NULL || (word->is_unread ? !word->is_made && !asking->about.is_telling
                                         : iw_logging_service(word->text).n == 0))
        return false;
    return iw_asking_make_services(asking, word);
}

/* `sc [\\HOST] stop NAME`, `sc delete NAME`, `sc config NAME start= disabled`. */
bool iw_ask_sc(struct iw_asking *asking)
{
    if (asking->n != 0 && iw_str_begins_nocase(asking->words[0].text, IW_STR("\\\\")))
        iw_asking_set_hosts(asking, &asking->words[0]);
    if (make_service(asking, iw_asking_behind_either(asking, "stop", "delete")))
        return true;
    return (iw_asking_has(asking, "disabled") || iw_asking_has(asking, "start=disabled")) &&
           make_service(asking, iw_asking_behind(asking, "config"));
}

bool iw_ask_net(struct iw_asking *asking)
{
    return make_service(asking, iw_asking_behind(asking, "stop"));
}

/* Whatever process is named: `/im Sysmon64.exe`, `/fi "SERVICES eq eventlog"`. */
bool iw_ask_kill(struct iw_asking *asking)
{
    const struct iw_switch_word *host = iw_asking_value(asking, "s", 1);
    bool is_one = false;
    if (host != NULL)
        iw_asking_set_hosts(asking, host);
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_switch_word word = asking->words[i];
        if (iw_word_is_option(word.text))
            continue;
        for (size_t k = word.text.n; k != 0; k--) {
            if (word.text.p[k - 1] == ' ') {
                word.text = (struct iw_str){word.text.p + k, word.text.n - k};
                break;
            }
        }
        if (!iw_word_is(word.text, "*")) /* with a filter beside it */
            is_one |= make_list(asking, &word, true);
    }
    return is_one;
}

/* The driver goes, the service stays. */
bool iw_ask_fltmc(struct iw_asking *asking)
{
    size_t at = iw_asking_behind_either(asking, "unload", "detach");
    if (at >= asking->n)
        return false;
    if (asking->words[at].is_unread)
        return iw_asking_suspects(asking, &asking->words[at]) &&
               iw_asking_make_unread(asking, IW_SWITCH_DRIVER_OFF, IW_STR(""));
    return iw_word_is(iw_logging_service(asking->words[at].text), "Sysmon") &&
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
    return make_objects(asking, false);
}

bool iw_ask_set_service(struct iw_asking *asking)
{
    return (iw_asking_has(asking, "disabled") || iw_asking_has(asking, "stopped")) &&
           make_objects(asking, false);
}

bool iw_ask_stop_process(struct iw_asking *asking)
{
    return make_objects(asking, true);
}

bool iw_ask_phantom(struct iw_asking *asking)
{
    return iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
}
