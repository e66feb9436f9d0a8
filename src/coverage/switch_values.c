/*
 * What is asked of the registry, of files of logs, and of IIS. Sources: Microsoft's pages of reg
 * and appcmd, of the modules Microsoft.PowerShell.Management and WebAdministration.
 */
#include "coverage/switch_asking.h"

#define COMMAND_LINES "ProcessCreationIncludeCmdLine_Enabled"

bool iw_asking_set_value(struct iw_asking *asking, struct iw_str key, struct iw_str name,
                         struct iw_str data)
{
    struct iw_command_switch made;
    struct iw_str target = key;
    if (name.n != 0)
        target = iw_path_below(asking->scratch, key, name);
    if (target.p == NULL) {
        asking->no_memory = true;
        return false;
    }
    return iw_command_switch_of_registry(target, data, &made) &&
           iw_asking_make(asking, made.kind, made.subject);
}

/* `\\HOST\HKLM\…`: HOST is noted, `.` among them. */
static struct iw_switch_word without_host(struct iw_asking *asking,
                                          const struct iw_switch_word *key)
{
    struct iw_switch_word host = *key, rest = *key;
    size_t n = 2;
    if (!iw_str_begins_nocase(rest.text, IW_STR("\\\\")))
        return rest;
    while (n < rest.text.n && rest.text.p[n] != '\\')
        n++;
    host.text.n = n;
    iw_asking_set_hosts(asking, &host);
    rest.text = (struct iw_str){rest.text.p + n, rest.text.n - n};
    return rest;
}

/* Names of logs in a folder of files: `Microsoft-Windows-Sysmon%4Operational.evtx`. */
static bool remove_file(struct iw_asking *asking, const struct iw_switch_word *file)
{
    static const struct iw_str FOLDER = {"winevt\\logs", 11};
    struct iw_switch_word channel = {.text = {NULL, 0}};
    struct iw_str path = file->text;
    size_t at = 0, n = 0;
    char *text;
    while (at < path.n && !iw_str_begins_nocase((struct iw_str){path.p + at, path.n - at}, FOLDER))
        at++;
    if (at == path.n)
        return false;
    at += FOLDER.n + 1;
    if (at >= path.n)
        return iw_asking_make_unread(asking, IW_SWITCH_CLEARED, IW_STR(""));
    path = (struct iw_str){path.p + at, path.n - at};
    if (iw_str_begins_nocase(path, IW_STR("Archive-")))
        return false; /* a full one that was put aside: the log goes on */
    if (iw_str_ends_nocase(path, IW_STR(".evtx")))
        path.n -= 5;
    text = iw_arena_alloc(asking->scratch, path.n + 1);
    if (text == NULL) {
        asking->no_memory = true;
        return false;
    }
    for (size_t i = 0; i < path.n; i++) {
        bool is_slash = path.p[i] == '%' && i + 1 < path.n && path.p[i + 1] == '4';
        text[n++] = is_slash ? '/' : path.p[i];
        i += is_slash;
    }
    channel.text = (struct iw_str){text, n};
    channel.is_unread = file->is_unread;
    return iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &channel);
}

/* `EventLog-Security`, `EventLog-Application\{PROVIDER}`. */
static bool remove_session(struct iw_asking *asking, struct iw_str session)
{
    const char *end = memchr(session.p, '\\', session.n);
    struct iw_command_switch made;
    if (!iw_str_begins_nocase(session, IW_STR("EventLog-")))
        return false;
    return (end == NULL ? iw_command_switch_of_session(session, &made)
                        : iw_command_switch_of_provider(
                              (struct iw_str){end + 1, (size_t)(session.p + session.n - end - 1)},
                              &made)) &&
           iw_asking_make(asking, made.kind, made.subject);
}

/* A key goes, and with it what it configures: a channel, or a service, which does not start then.
 */
bool iw_asking_remove_key(struct iw_asking *asking, const struct iw_switch_word *word)
{
    static const struct iw_str CHANNELS = {"\\WINEVT\\Channels\\", 17},
                               SERVICES = {"\\Services\\", 10}, SESSIONS = {"\\Autologger\\", 12};
    struct iw_str key = word->text;
    for (size_t at = 0; at < key.n; at++) {
        struct iw_str rest = {key.p + at, key.n - at};
        struct iw_switch_word name = *word;
        if (rest.p[0] != '\\')
            continue;
        if (iw_str_begins_nocase(rest, CHANNELS)) {
            name.text = (struct iw_str){rest.p + CHANNELS.n, rest.n - CHANNELS.n};
            return iw_asking_make_channels(asking, IW_SWITCH_CHANNEL_OFF, &name);
        }
        if (iw_str_begins_nocase(rest, SESSIONS))
            return remove_session(asking,
                                  (struct iw_str){rest.p + SESSIONS.n, rest.n - SESSIONS.n});
        if (iw_str_begins_nocase(rest, SERVICES)) {
            name.text = (struct iw_str){rest.p + SERVICES.n, rest.n - SERVICES.n};
            return iw_asking_make_services(asking, &name);
        }
    }
    return false;
}

static struct iw_str behind_switch(const struct iw_asking *asking, const char *name)
{
    for (size_t i = 0; i + 1 < asking->n; i++) {
        if (iw_word_is_switch(asking->words[i].text, name))
            return asking->words[i + 1].text;
    }
    return (struct iw_str){NULL, 0};
}

/* `reg add KEY /v NAME /t TYPE /d DATA`; without the value that adds command lines there are none.
 */
bool iw_ask_reg(struct iw_asking *asking)
{
    size_t at = iw_asking_behind(asking, "add");
    struct iw_str name = behind_switch(asking, "v"), data = behind_switch(asking, "d");
    struct iw_switch_word key;
    if (iw_asking_behind(asking, "import") < asking->n)
        return iw_ask_reg_file(asking);
    if (at < asking->n)
        return iw_asking_set_value(asking, without_host(asking, &asking->words[at]).text, name,
                                   data);
    at = iw_asking_behind(asking, "delete");
    if (at >= asking->n)
        return false;
    key = without_host(asking, &asking->words[at]);
    return name.n == 0 ? iw_asking_remove_key(asking, &key)
                       : iw_word_is(name, COMMAND_LINES) &&
                             iw_asking_set_value(asking, key.text, name, IW_STR("0"));
}

/* `HKLM:/SYSTEM/…`, `C:/Windows/…`: slashes for backslashes, but in the name of a channel. */
static struct iw_str with_backslashes(struct iw_asking *asking, struct iw_str path)
{
    static const struct iw_str CHANNELS = {"/Channels/", 10};
    const char *colon = memchr(path.p, ':', path.n);
    char *text;
    if (colon == NULL || colon + 1 >= path.p + path.n || colon[1] != '/' ||
        memchr(path.p, '\\', path.n) != NULL)
        return path;
    text = iw_arena_alloc(asking->scratch, path.n);
    if (text == NULL) {
        asking->no_memory = true;
        return path;
    }
    memcpy(text, path.p, path.n);
    for (size_t i = 0; i < path.n; i++) {
        bool is_last = iw_str_begins_nocase((struct iw_str){path.p + i, path.n - i}, CHANNELS);
        if (text[i] == '/')
            text[i] = '\\';
        if (is_last) {
            text[i + CHANNELS.n - 1] = '\\';
            break;
        }
    }
    return (struct iw_str){text, path.n};
}

/* The words of Set-ItemProperty and the like: `[-Path] KEY [-Name] NAME [-Value] DATA`, in any
 * order where they are named. */
static struct iw_switch_word item_words(struct iw_asking *asking, struct iw_str rest[2])
{
    struct iw_switch_word key = {.text = {NULL, 0}};
    const struct iw_switch_word *name = iw_asking_value(asking, "Name", 1);
    const struct iw_switch_word *value = iw_asking_value(asking, "Value", 2);
    for (size_t i = 0; (i = iw_asking_object(asking, i)) < asking->n; i++) {
        const struct iw_switch_word *one = &asking->words[i];
        struct iw_str word = with_backslashes(asking, one->text);
        bool is_type = i != 0 && (iw_word_is_switch(asking->words[i - 1].text, "Type") ||
                                  iw_word_is_switch(asking->words[i - 1].text, "PropertyType"));
        if (is_type || (name != NULL && one == name) || (value != NULL && one == value))
            continue;
        if (key.text.n == 0 && memchr(word.p, '\\', word.n) != NULL)
            key =
                (struct iw_switch_word){word, .is_unread = one->is_unread, .is_made = one->is_made};
        else if (rest[0].p == NULL && name == NULL)
            rest[0] = word;
        else if (rest[1].p == NULL && value == NULL)
            rest[1] = word;
    }
    if (name != NULL)
        rest[0] = name->text;
    if (value != NULL)
        rest[1] = value->text;
    if (key.text.n == 0 && asking->is_piped && asking->given.p != NULL)
        key.text = asking->given;
    return key;
}

bool iw_ask_item(struct iw_asking *asking)
{
    struct iw_str rest[2] = {{NULL, 0}, {NULL, 0}}, key = item_words(asking, rest).text;
    size_t at = iw_asking_object(asking, 0);
    if (iw_str_begins_nocase(key, IW_STR("IIS:")))
        return iw_ask_web_configuration(asking);
    if (key.n == 0 && at < asking->n && iw_asking_suspects(asking, &asking->words[at]) &&
        (iw_asking_has(asking, "Start") || iw_asking_has(asking, "Enabled")))
        return iw_asking_make_unread(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    return key.n != 0 && iw_asking_set_value(asking, key, rest[0], rest[1]);
}

/* Remove-Item, Remove-ItemProperty. */
bool iw_ask_remove_item(struct iw_asking *asking)
{
    struct iw_str rest[2] = {{NULL, 0}, {NULL, 0}}, left;
    struct iw_switch_word one = item_words(asking, rest);
    bool is_one = false;
    left = one.text;
    if (rest[0].n != 0)
        return left.n != 0 && iw_word_is(rest[0], COMMAND_LINES) &&
               iw_asking_set_value(asking, left, rest[0], IW_STR("0"));
    while (iw_list_next(&left, &one.text))
        is_one |= iw_asking_remove_key(asking, &one) || remove_file(asking, &one);
    return is_one;
}

/* --- IIS ------------------------------------------------------------------------------------ */

/* `appcmd set config /section:httpLogging /dontLog:true`,
 * `appcmd set site "X" /logFile.enabled:false`. */
bool iw_ask_appcmd(struct iw_asking *asking)
{
    bool is_logging = false;
    if (!iw_asking_has(asking, "set"))
        return false;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str word = asking->words[i].text, value = iw_word_value(word, "dontLog:");
        is_logging |= iw_str_ends_nocase(word, IW_STR("httpLogging"));
        if (iw_word_is(value, "true") && is_logging)
            return iw_asking_make(asking, IW_SWITCH_REQUESTS_OFF, IW_STR("httpLogging/@dontLog"));
        if (iw_str_ends_nocase(word, IW_STR("logFile.enabled:false")))
            return iw_asking_make(asking, IW_SWITCH_REQUESTS_OFF, IW_STR("logFile/@enabled"));
        if (iw_str_ends_nocase(word, IW_STR("logTargetW3C:ETW")))
            return iw_asking_make(asking, IW_SWITCH_REQUESTS_OFF, IW_STR("@logTargetW3C"));
    }
    return false;
}

/* `Set-WebConfigurationProperty -Filter …/httpLogging -Name dontLog -Value True`, `Set-ItemProperty
 * 'IIS:\Sites\X' -Name logFile.enabled -Value $false`. */
bool iw_ask_web_configuration(struct iw_asking *asking)
{
    static const struct {
        const char *holds, *name, *off, *subject; /* a word ends with the name */
    } SETTINGS[] = {{"dontLog", "dontLog", "true", "httpLogging/@dontLog"},
                    {"logFile", "enabled", "false", "logFile/@enabled"},
                    {"logTargetW3C", "logTargetW3C", "ETW", "@logTargetW3C"}};
    for (size_t k = 0; k < sizeof SETTINGS / sizeof SETTINGS[0]; k++) {
        bool is_held = false, is_named = false, is_off = false;
        for (size_t i = 0; i < asking->n; i++) {
            struct iw_str word = asking->words[i].text;
            is_held |= iw_str_holds_nocase(word, iw_str_of(SETTINGS[k].holds));
            is_named |= iw_str_ends_nocase(word, iw_str_of(SETTINGS[k].name));
            if (word.n != 0 && word.p[0] == '$')
                word = (struct iw_str){word.p + 1, word.n - 1};
            is_off |= iw_word_is(word, SETTINGS[k].off);
        }
        if (is_held && is_named && is_off)
            return iw_asking_make(asking, IW_SWITCH_REQUESTS_OFF, iw_str_of(SETTINGS[k].subject));
    }
    return false;
}
