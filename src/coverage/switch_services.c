/*
 * What is asked of services, processes and Sysmon's driver.
 *
 * Sources: Microsoft's pages of sc, net, taskkill, wmic and fltmc, of the module
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

/* Processes are told of by their program: the log of events is one of the hosts of services. */
static bool make_named(struct iw_asking *asking, struct iw_str name, bool is_process)
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
    if (names->is_unread)
        return iw_asking_suspects(asking, names) &&
               iw_asking_make_unread(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    while (iw_list_next(&left, &name)) {
        while (name.n != 0 && name.p[0] == ' ')
            name = (struct iw_str){name.p + 1, name.n - 1};
        is_one |= make_named(asking, name, is_process);
    }
    return is_one;
}

bool iw_asking_make_services(struct iw_asking *asking, const struct iw_switch_word *names)
{
    return make_list(asking, names, false);
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
        struct iw_switch_word given = {.text = asking->given, .is_unread = asking->given.p == NULL};
        is_one |= make_list(asking, &given, is_process);
    }
    return make_cut(asking) || is_one;
}

/* --- programs ------------------------------------------------------------------------------- */

/* Programs take whole names: what fits one is none. */
static bool make_service(struct iw_asking *asking, size_t at)
{
    const struct iw_switch_word *word = at < asking->n ? &asking->words[at] : NULL;
    if (word == NULL || (word->is_unread ? !word->is_made && !asking->is_telling
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

/* --- wmic ----------------------------------------------------------------------------------- */

/* Whether `name='Sysmon64'`, `name like "Sys%"` or a name alone means one of these; `%` is any
 * text. */
static bool make_where(struct iw_asking *asking, struct iw_str clause, bool is_process)
{
    bool is_one = false;
    size_t begin = 0;
    for (size_t i = 0; i <= clause.n; i++) {
        if (i < clause.n && strchr("'\"=()", clause.p[i]) == NULL)
            continue;
        struct iw_str name = {clause.p + begin, i - begin};
        char *text = iw_arena_alloc(asking->scratch, name.n + 1);
        if (text == NULL) {
            asking->no_memory = true;
            return false;
        }
        for (size_t k = 0; k < name.n; k++)
            text[k] = name.p[k] == '%' ? '*' : name.p[k];
        name.p = text;
        if (name.n > 1)
            is_one |= make_named(asking, name, is_process);
        begin = i + 1;
    }
    return is_one;
}

/* `wmic [/node:HOST] service where name='Sysmon64' call stopservice`, `process … delete`,
 * `nteventlog where LogFileName='Security' call cleareventlog`. */
bool iw_ask_wmic(struct iw_asking *asking)
{
    static const char *const VERBS[] = {"stopservice", "delete", "terminate", "changestartmode",
                                        "disabled"};
    bool is_process = iw_asking_has(asking, "process"), has_verb = false, is_one = false;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_switch_word host = asking->words[i];
        host.text = iw_word_value(host.text, "node:");
        if (host.text.p != NULL)
            iw_asking_set_hosts(asking, &host);
    }
    if (iw_asking_has(asking, "cleareventlog")) {
        for (size_t i = 0; i < asking->n; i++) {
            struct iw_str word = asking->words[i].text;
            if (iw_str_holds_nocase(word, IW_STR("Security")))
                is_one = iw_asking_make(asking, IW_SWITCH_CLEARED, IW_STR("Security"));
        }
        return is_one || iw_asking_make_unread(asking, IW_SWITCH_CLEARED, IW_STR(""));
    }
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++)
        has_verb |= iw_asking_has(asking, VERBS[i]);
    for (size_t i = 0; has_verb && i < asking->n; i++)
        is_one |= make_where(asking, asking->words[i].text, is_process);
    return is_one;
}

/* --- members -------------------------------------------------------------------------------- */

/* What the first word says it is of, `Sysmon64` of `Sysmon64.Stop`, or what it is given. */
static struct iw_switch_word owner_of(const struct iw_asking *asking,
                                      const struct iw_switch_word *first, size_t n_member)
{
    struct iw_switch_word owner = *first;
    owner.text.n -= n_member;
    if (owner.text.n != 0)
        return owner;
    return (struct iw_switch_word){.text = asking->given, .is_unread = asking->given.p == NULL};
}

/* Enabled by `= $false`, whatever blanks are in it; -1: nothing is set. */
static int enabled_of(const struct iw_asking *asking, struct iw_str member)
{
    struct iw_str value = asking->n != 0 ? asking->words[asking->n - 1].text : member;
    if (iw_str_ends_nocase(value, IW_STR("$false")) || iw_str_ends_nocase(value, IW_STR("=0")) ||
        iw_word_is(value, "0"))
        return 0;
    return iw_str_ends_nocase(value, IW_STR("$true")) ? 1 : -1;
}

/* From the last dot on; 0: there is none. */
static size_t member_bytes(struct iw_str word)
{
    for (size_t n = 1; n <= word.n; n++) {
        if (word.p[word.n - n] == '.' || (word.p[word.n - n] == ':' && n > 1))
            return n;
    }
    return 0;
}

bool iw_ask_member(struct iw_asking *asking, const struct iw_switch_word *first)
{
    size_t n = member_bytes(first->text);
    struct iw_str member = {first->text.p + first->text.n - n, n};
    struct iw_switch_word owner;
    if (n < 2)
        return false;
    member = (struct iw_str){member.p + 1, n - 1};
    owner = owner_of(asking, first, n);
    if (iw_word_is(member, "Stop") || iw_word_is(member, "StopService") ||
        iw_word_is(member, "Delete"))
        return iw_asking_make_services(asking, &owner);
    if (iw_word_is(member, "Kill") || iw_word_is(member, "Terminate"))
        return make_list(asking, &owner, true);
    if (iw_str_begins_nocase(member, IW_STR("IsEnabled")) ||
        (asking->is_of_properties && iw_str_begins_nocase(member, IW_STR("Enabled")))) {
        int is_on = enabled_of(asking, member);
        return is_on >= 0 && (!owner.is_unread || asking->is_of_logs) &&
               iw_asking_make_channels(
                   asking, is_on != 0 ? IW_SWITCH_CHANNEL_ON : IW_SWITCH_CHANNEL_OFF, &owner);
    }
    if (iw_word_is(member, "ClearLog") && asking->n != 0)
        return iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &asking->words[0]);
    return iw_word_is(member, "ClearEventLog") &&
           iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &owner);
}
