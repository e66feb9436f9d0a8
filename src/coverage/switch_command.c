/*
 * A table of programs and commands, and a function for each that reads its words.
 *
 * Sources: Microsoft's pages of wevtutil, fltmc, sc, net, taskkill, auditpol, logman and reg, of
 * the modules Microsoft.PowerShell.Management and EventTracingManagement, and of Sysmon.
 *
 * Left out on purpose: what switches something else on (an event says that it is, or the log goes
 * on); what makes a log smaller (it begins late then); commands that name another host; names of
 * programs that were changed; names of subcategories in other languages than English (their GUIDs
 * are read).
 */
#include "coverage/switch_command.h"

#include "base/limits.h"
#include "base/path_name.h"
#include "coverage/raw_text.h"
#include "coverage/switch_words.h"
#include "event/channel.h"

#define EVERYTHING "everything"

struct asking {
    const struct iw_str *words; /* behind the program */
    size_t n;
    struct iw_arena *scratch;
    struct iw_command_switch made;
    bool no_memory;
};

typedef bool read_command(struct asking *asking);

/* --- words ---------------------------------------------------------------------------------- */

static bool is(struct iw_str word, const char *text)
{
    return iw_str_equal_nocase(word, iw_str_of(text));
}

static bool is_option(struct iw_str word)
{
    return word.p[0] == '/' || word.p[0] == '-';
}

/* `/e` or `-e`, as a whole word. */
static bool is_switch(struct iw_str word, const char *name)
{
    return is_option(word) && is((struct iw_str){word.p + 1, word.n - 1}, name);
}

/* What stands behind `/name:`; p NULL: it is another. */
static struct iw_str value_of(struct iw_str word, const char *name)
{
    struct iw_str rest = {word.p + 1, word.n - 1}, prefix = iw_str_of(name);
    if (!is_option(word) || !iw_str_begins_nocase(rest, prefix))
        return (struct iw_str){NULL, 0};
    return (struct iw_str){rest.p + prefix.n, rest.n - prefix.n};
}

static bool has(const struct asking *asking, const char *word)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (is(asking->words[i], word))
            return true;
    }
    return false;
}

static bool has_switch(const struct asking *asking, const char *name)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (is_switch(asking->words[i], name))
            return true;
    }
    return false;
}

/* The first word from *at* on that is no option; n where there is none. */
static size_t next_name(const struct asking *asking, size_t at)
{
    while (at < asking->n && is_option(asking->words[at]))
        at++;
    return at;
}

/* Where the name behind a verb stands; n: the verb is not there, or no name. */
static size_t behind(const struct asking *asking, const char *verb)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (is(asking->words[i], verb))
            return next_name(asking, i + 1);
    }
    return asking->n;
}

static size_t behind_either(const struct asking *asking, const char *verb, const char *other)
{
    size_t at = behind(asking, verb);
    return at < asking->n ? at : behind(asking, other);
}

static bool make(struct asking *asking, enum iw_switch_kind kind, struct iw_str subject)
{
    asking->made.kind = kind;
    asking->made.subject = subject;
    return true;
}

/* "wevtutil" of `C:\Windows\System32\wevtutil.exe`. */
static struct iw_str stem_of(struct iw_str word)
{
    struct iw_str name = iw_path_name(word);
    if (iw_str_ends_nocase(name, IW_STR(".exe")))
        name.n -= 4;
    return name;
}

/* --- services and the driver ---------------------------------------------------------------- */

struct iw_str iw_logging_service(struct iw_str name)
{
    static const struct {
        const char *name, *is;
    } NAMES[] = {{"EventLog", "EventLog"}, {"Windows Event Log", "EventLog"},
                 {"Sysmon", "Sysmon"},     {"Sysmon64", "Sysmon"},
                 {"SysmonDrv", "Sysmon"},  {"Sysmon64a", "Sysmon"}};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (is(name, NAMES[i].name))
            return iw_str_of(NAMES[i].is);
    }
    return IW_STR("");
}

static bool make_service(struct asking *asking, size_t at)
{
    struct iw_str service = at < asking->n ? iw_logging_service(asking->words[at]) : IW_STR("");
    return service.n != 0 && make(asking, IW_SWITCH_SERVICE_OFF, service);
}

/* `sc [\\HOST] stop NAME`, `sc delete NAME`, `sc config NAME start= disabled`. */
static bool read_sc(struct asking *asking)
{
    if (asking->n != 0 && iw_str_begins_nocase(asking->words[0], IW_STR("\\\\")))
        return false;
    if (make_service(asking, behind_either(asking, "stop", "delete")))
        return true;
    return (has(asking, "disabled") || has(asking, "start=disabled")) &&
           make_service(asking, behind(asking, "config"));
}

static bool read_net(struct asking *asking)
{
    return make_service(asking, behind(asking, "stop"));
}

/* Whatever process is named: `/im Sysmon64.exe`, `-Name Sysmon64`, `/fi "SERVICES eq eventlog"`.
 * The log of events is one of the hosts of services. */
static bool read_kill(struct asking *asking)
{
    if (has_switch(asking, "s") || has_switch(asking, "ComputerName"))
        return false;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str word = asking->words[i], service;
        for (size_t k = word.n; k != 0; k--) {
            if (word.p[k - 1] == ' ') {
                word = (struct iw_str){word.p + k, word.n - k};
                break;
            }
        }
        word = stem_of(word);
        service = is(word, "svchost") ? IW_STR("EventLog") : iw_logging_service(word);
        if (service.n != 0)
            return make(asking, IW_SWITCH_SERVICE_OFF, service);
    }
    return false;
}

/* The driver goes, the service stays. */
static bool read_fltmc(struct asking *asking)
{
    size_t at = behind_either(asking, "unload", "detach");
    return at < asking->n && is(iw_logging_service(asking->words[at]), "Sysmon") &&
           make(asking, IW_SWITCH_DRIVER_OFF, IW_STR(""));
}

static bool read_sysmon(struct asking *asking)
{
    return has_switch(asking, "u") && make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("Sysmon"));
}

/* Stop-Service, Remove-Service. */
static bool read_stop_service(struct asking *asking)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (make_service(asking, i))
            return !has_switch(asking, "ComputerName");
    }
    return false;
}

static bool read_set_service(struct asking *asking)
{
    return (has(asking, "disabled") || has(asking, "stopped")) && read_stop_service(asking);
}

static bool read_phantom(struct asking *asking)
{
    return make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
}

/* --- channels ------------------------------------------------------------------------------- */

/* A variable stands for every log, whichever these are. */
static bool make_channel(struct asking *asking, enum iw_switch_kind kind, size_t at)
{
    if (at >= asking->n)
        return false;
    if (asking->words[at].p[0] == '$' || asking->words[at].p[0] == '%')
        return make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    return make(asking, kind, asking->words[at]);
}

/* `wevtutil sl CHANNEL /e:false`, also `set-log`, `-e:`, `/enabled:`; `cl CHANNEL`. */
static bool read_wevtutil(struct asking *asking)
{
    size_t at = behind_either(asking, "sl", "set-log");
    int is_on = -1;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str value = value_of(asking->words[i], "e:");
        if (value.p == NULL)
            value = value_of(asking->words[i], "enabled:");
        if (value.p != NULL)
            is_on = is(value, "true");
        if (value_of(asking->words[i], "r:").p != NULL ||
            value_of(asking->words[i], "remote:").p != NULL)
            return false;
    }
    if (at < asking->n)
        return is_on >= 0 &&
               make_channel(asking, is_on != 0 ? IW_SWITCH_CHANNEL_ON : IW_SWITCH_CHANNEL_OFF, at);
    return make_channel(asking, IW_SWITCH_CLEARED, behind_either(asking, "cl", "clear-log"));
}

/* Clear-EventLog, Remove-EventLog: what was logged is gone. */
static bool read_clear(struct asking *asking)
{
    return !has_switch(asking, "ComputerName") &&
           make_channel(asking, IW_SWITCH_CLEARED, next_name(asking, 0));
}

/* Sessions of the log of events are called `EventLog-` and the channel, with `-` for `/`; those of
 * Application and System are of most channels. */
static bool make_session(struct asking *asking, size_t at)
{
    static const struct iw_str PREFIX = {"EventLog-", 9};
    struct iw_str name;
    char *text;
    if (at >= asking->n || !iw_str_begins_nocase(asking->words[at], PREFIX))
        return false;
    name = (struct iw_str){asking->words[at].p + PREFIX.n, asking->words[at].n - PREFIX.n};
    if (is(name, "Application") || is(name, "System"))
        return make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    text = iw_arena_alloc(asking->scratch, name.n + 1);
    if (text == NULL) {
        asking->no_memory = true;
        return false;
    }
    memcpy(text, name.p, name.n);
    for (size_t i = name.n; i != 0; i--) {
        if (text[i - 1] == '-') {
            text[i - 1] = '/';
            break;
        }
    }
    return name.n != 0 && make(asking, IW_SWITCH_CHANNEL_OFF, (struct iw_str){text, name.n});
}

static bool make_provider(struct asking *asking, struct iw_str provider)
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
        if (is(provider, PROVIDERS[i].name) || is(provider, PROVIDERS[i].guid))
            return make(asking, IW_SWITCH_CHANNEL_OFF, iw_str_of(PROVIDERS[i].channel));
    }
    return false;
}

/* `logman stop SESSION -ets`, `logman update trace SESSION --p PROVIDER -ets`. */
static bool read_logman(struct asking *asking)
{
    if (has_switch(asking, "s"))
        return false;
    for (size_t i = 0; i + 1 < asking->n; i++) {
        if (is(asking->words[i], "--p"))
            return make_provider(asking, asking->words[i + 1]);
    }
    return make_session(asking, behind_either(asking, "stop", "delete"));
}

static bool read_session(struct asking *asking)
{
    return make_session(asking, next_name(asking, 0));
}

/* Remove-EtwTraceProvider: whichever session it is taken from. */
static bool read_provider(struct asking *asking)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (make_provider(asking, asking->words[i]))
            return true;
    }
    return false;
}

/* --- audit ---------------------------------------------------------------------------------- */

/* Subcategory, category and their GUIDs. */
static const struct {
    const char *subject, *names[4];
} AUDITS[] = {
    {"process creation",
     {"Process Creation", "0CCE922B-69AE-11D9-BED3-505054503030", "Detailed Tracking",
      "6997984C-797A-11D9-BED3-505054503030"}},
    {"file system",
     {"File System", "0CCE921D-69AE-11D9-BED3-505054503030", "Object Access",
      "6997984A-797A-11D9-BED3-505054503030"}},
    {"logon",
     {"Logon", "0CCE9215-69AE-11D9-BED3-505054503030", "Logon/Logoff",
      "69979849-797A-11D9-BED3-505054503030"}},
};

#define N_AUDITS (sizeof AUDITS / sizeof AUDITS[0])

/* Which of AUDITS a list names, as bits. */
static unsigned audits_of(struct iw_str list)
{
    unsigned found = 0;
    while (list.n != 0) {
        const char *comma = memchr(list.p, ',', list.n);
        struct iw_str one = {list.p, comma != NULL ? (size_t)(comma - list.p) : list.n};
        list = (struct iw_str){one.p + one.n + (comma != NULL), list.n - one.n - (comma != NULL)};
        if (one.n > 2 && one.p[0] == '{')
            one = (struct iw_str){one.p + 1, one.n - 2};
        for (size_t i = 0; i < N_AUDITS; i++) {
            for (size_t k = 0; k < 4; k++)
                found |= is(one, AUDITS[i].names[k]) || is(one, "*") ? 1U << i : 0;
        }
    }
    return found;
}

/* `auditpol /set /subcategory:"Process Creation" /success:disable`, `auditpol /clear`. What is to
 * be on may be so already: event 4719 tells what changes. */
static bool read_auditpol(struct asking *asking)
{
    enum iw_switch_kind kind;
    unsigned found = 0;
    bool is_off = false, is_on = false;
    if (has_switch(asking, "clear"))
        return make(asking, IW_SWITCH_AUDIT_OFF, IW_STR(EVERYTHING));
    if (!has_switch(asking, "set"))
        return false;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str list = value_of(asking->words[i], "subcategory:");
        if (list.p == NULL)
            list = value_of(asking->words[i], "category:");
        if (list.p != NULL)
            found |= audits_of(list);
        is_off |= is_switch(asking->words[i], "success:disable");
        is_on |= is_switch(asking->words[i], "success:enable");
    }
    if ((!is_off && !is_on) || found == 0)
        return false;
    kind = is_off ? IW_SWITCH_AUDIT_OFF : IW_SWITCH_AUDIT_ASKED_ON;
    for (size_t i = 0; i < N_AUDITS; i++) {
        if (found == 1U << i)
            return make(asking, kind, iw_str_of(AUDITS[i].subject));
    }
    return make(asking, kind, IW_STR(EVERYTHING));
}

/* --- the registry --------------------------------------------------------------------------- */

static bool set_value(struct asking *asking, struct iw_str key, struct iw_str name,
                      struct iw_str data)
{
    struct iw_str target = key;
    if (name.n != 0) {
        char *text = iw_arena_alloc(asking->scratch, key.n + 1 + name.n);
        if (text == NULL) {
            asking->no_memory = true;
            return false;
        }
        memcpy(text, key.p, key.n);
        text[key.n] = '\\';
        memcpy(text + key.n + 1, name.p, name.n);
        target = (struct iw_str){text, key.n + 1 + name.n};
    }
    return iw_command_switch_of_registry(target, data, &asking->made);
}

static struct iw_str behind_switch(const struct asking *asking, const char *name)
{
    for (size_t i = 0; i + 1 < asking->n; i++) {
        if (is_switch(asking->words[i], name))
            return asking->words[i + 1];
    }
    return (struct iw_str){NULL, 0};
}

/* `reg add KEY /v NAME /t TYPE /d DATA`; without the value that adds command lines there are none.
 */
static bool read_reg(struct asking *asking)
{
    size_t at = behind(asking, "add");
    struct iw_str name = behind_switch(asking, "v"), data = behind_switch(asking, "d");
    if (at >= asking->n) {
        at = behind(asking, "delete");
        if (at >= asking->n || !is(name, "ProcessCreationIncludeCmdLine_Enabled"))
            return false;
        data = IW_STR("0");
    }
    if (iw_str_begins_nocase(asking->words[at], IW_STR("\\\\")))
        return false;
    return set_value(asking, asking->words[at], name, data);
}

/* Set-ItemProperty and the like: `[-Path] KEY [-Name] NAME [-Value] DATA`. */
static bool read_item(struct asking *asking)
{
    struct iw_str key = IW_STR(""), rest[2] = {{NULL, 0}, {NULL, 0}};
    size_t n = 0;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str word = asking->words[i];
        if (is_option(word)) {
            i += is_switch(word, "Type") || is_switch(word, "PropertyType");
            continue;
        }
        if (key.n == 0 && memchr(word.p, '\\', word.n) != NULL)
            key = word;
        else if (n < 2)
            rest[n++] = word;
    }
    return key.n != 0 && set_value(asking, key, rest[0], rest[1]);
}

/* --- which ---------------------------------------------------------------------------------- */

static const struct {
    const char *program;
    read_command *read;
} PROGRAMS[] = {
    {"wevtutil", read_wevtutil},
    {"fltmc", read_fltmc},
    {"sc", read_sc},
    {"net", read_net},
    {"net1", read_net},
    {"taskkill", read_kill},
    {"sysmon", read_sysmon},
    {"sysmon64", read_sysmon},
    {"sysmon64a", read_sysmon},
    {"auditpol", read_auditpol},
    {"logman", read_logman},
    {"reg", read_reg},
    {"Stop-Service", read_stop_service},
    {"Remove-Service", read_stop_service},
    {"Set-Service", read_set_service},
    {"Stop-Process", read_kill},
    {"Clear-EventLog", read_clear},
    {"Remove-EventLog", read_clear},
    {"Stop-EtwTraceSession", read_session},
    {"Remove-EtwTraceSession", read_session},
    {"Remove-EtwTraceProvider", read_provider},
    {"Set-ItemProperty", read_item},
    {"New-ItemProperty", read_item},
    {"New-Item", read_item},
    {"Invoke-Phant0m", read_phantom},
};

#define N_PROGRAMS (sizeof PROGRAMS / sizeof PROGRAMS[0])

/* N_PROGRAMS: none. */
static size_t program_of(struct iw_str word)
{
    struct iw_str stem = stem_of(word);
    size_t i = 0;
    while (i < N_PROGRAMS && !is(stem, PROGRAMS[i].program))
        i++;
    return i;
}

static bool is_powershell(struct iw_str image)
{
    struct iw_str stem = stem_of(image);
    return is(stem, "powershell") || is(stem, "pwsh");
}

/* The names before `.exe`: nearly every process is told by its last letter to be none of them. */
bool iw_command_switch_may_be(const struct iw_field *image)
{
    static const struct iw_str STEMS[] = {
        {"wevtutil", 8}, {"fltmc", 5},  {"\\sc", 3},        {"\\net", 4},     {"\\net1", 5},
        {"taskkill", 8}, {"sysmon", 6}, {"sysmon64", 8},    {"sysmon64a", 9}, {"auditpol", 8},
        {"logman", 6},   {"\\reg", 4},  {"powershell", 10}, {"pwsh", 4}};
    const struct iw_str ending = IW_STR(".exe");
    struct iw_field stem;
    uint32_t width;
    char last;
    if (!iw_raw_may_end(image, ending))
        return false;
    if (image->type != IW_VALUE_UTF16 && image->type != IW_VALUE_UTF8)
        return true;
    stem = *image;
    width = stem.type == IW_VALUE_UTF16 ? 2 : 1;
    stem.n -= (uint32_t)ending.n * width;
    if (stem.n < width)
        return false;
    last = iw_ascii_lower((char)stem.p[stem.n - width]);
    for (size_t i = 0; i < sizeof STEMS / sizeof STEMS[0]; i++) {
        if (last == STEMS[i].p[STEMS[i].n - 1] && iw_raw_may_end(&stem, STEMS[i]))
            return true;
    }
    return false;
}

static enum iw_rc ask(size_t program, const struct iw_switch_words *words, size_t begin,
                      struct iw_str name, struct iw_arena *scratch, struct iw_command_switch *ret)
{
    struct asking asking = {.words = words->items + begin,
                            .n = words->n - begin,
                            .scratch = scratch,
                            .made = {.program = name}};
    bool is_one = PROGRAMS[program].read(&asking);
    *ret = asking.made;
    if (asking.no_memory)
        return IW_ENOMEM;
    return is_one ? IW_OK : IW_END;
}

/* What defines a command does not call it. */
static bool defines(struct iw_str word)
{
    return is(word, "function") || is(word, "filter");
}

static enum iw_rc of_text(struct iw_str text, enum iw_switch_text kind, size_t nth,
                          struct iw_arena *scratch, struct iw_command_switch *ret)
{
    struct iw_switch_reader reader;
    struct iw_switch_words words;
    size_t n = 0;
    IW_TRY(iw_switch_reader_begin(&reader, text, kind, scratch));
    while (n < IW_LIMIT_SWITCHES_OF_EVENT && iw_switch_reader_next(&reader, &words)) {
        for (size_t i = 0; i < words.n && !defines(words.items[i]); i++) {
            size_t program = program_of(words.items[i]);
            enum iw_rc rc = IW_END;
            if (program < N_PROGRAMS)
                rc = ask(program, &words, i + 1, words.items[i], scratch, ret);
            if (rc == IW_ENOMEM || (rc == IW_OK && n++ == nth))
                return rc;
            if (rc == IW_OK)
                break;
        }
    }
    return IW_END;
}

enum iw_rc iw_command_switch_of_script(struct iw_str text, size_t nth, struct iw_arena *scratch,
                                       struct iw_command_switch *ret)
{
    static const char *const TELLING[] = {"sysmon", "event", "evt", "audit", "minint", "phant0m"};
    for (size_t i = 0; i < sizeof TELLING / sizeof TELLING[0]; i++) {
        if (iw_str_holds_nocase(text, iw_str_of(TELLING[i])))
            return of_text(text, IW_SWITCH_SCRIPT, nth, scratch, ret);
    }
    return IW_END;
}

enum iw_rc iw_command_switch_of_process(struct iw_str image, struct iw_str command_line, size_t nth,
                                        struct iw_arena *scratch, struct iw_command_switch *ret)
{
    struct iw_switch_reader reader;
    struct iw_switch_words words;
    size_t program = program_of(image);
    if (is_powershell(image))
        return of_text(command_line, IW_SWITCH_SCRIPT_ARGUMENT, nth, scratch, ret);
    if (nth != 0 || program >= N_PROGRAMS)
        return IW_END;
    IW_TRY(iw_switch_reader_begin(&reader, command_line, IW_SWITCH_COMMAND, scratch));
    if (!iw_switch_reader_next(&reader, &words))
        return IW_END;
    return ask(program, &words, 1, iw_path_name(image), scratch, ret);
}
