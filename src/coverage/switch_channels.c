/*
 * What is asked of logs: their channels, the sessions they are written by, and who writes them.
 *
 * Sources: Microsoft's pages of wevtutil and logman, of the modules Microsoft.PowerShell.Management
 * and EventTracingManagement.
 */
#include "coverage/switch_asking.h"

#include "event/channel.h"

/* A variable stands for every log, whichever these are. */
static bool make_channel(struct iw_asking *asking, enum iw_switch_kind kind, size_t at)
{
    if (at >= asking->n)
        return false;
    if (asking->words[at].p[0] == '$' || asking->words[at].p[0] == '%')
        return iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    return iw_asking_make(asking, kind, asking->words[at]);
}

/* `wevtutil sl CHANNEL /e:false`, also `set-log`, `-e:`, `/enabled:`; `cl CHANNEL`. */
bool iw_ask_wevtutil(struct iw_asking *asking)
{
    size_t at = iw_asking_behind_either(asking, "sl", "set-log");
    int is_on = -1;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str value = iw_word_value(asking->words[i], "e:");
        if (value.p == NULL)
            value = iw_word_value(asking->words[i], "enabled:");
        if (value.p != NULL)
            is_on = iw_word_is(value, "true");
        if (iw_word_value(asking->words[i], "r:").p != NULL ||
            iw_word_value(asking->words[i], "remote:").p != NULL)
            return false;
    }
    if (at < asking->n)
        return is_on >= 0 &&
               make_channel(asking, is_on != 0 ? IW_SWITCH_CHANNEL_ON : IW_SWITCH_CHANNEL_OFF, at);
    return make_channel(asking, IW_SWITCH_CLEARED,
                        iw_asking_behind_either(asking, "cl", "clear-log"));
}

/* Clear-EventLog, Remove-EventLog: what was logged is gone. */
bool iw_ask_clear(struct iw_asking *asking)
{
    return !iw_asking_has_switch(asking, "ComputerName") &&
           make_channel(asking, IW_SWITCH_CLEARED, iw_asking_next_name(asking, 0));
}

/* Sessions of the log of events are called `EventLog-` and the channel, with `-` for `/`; those of
 * Application and System are of most channels. */
static bool make_session(struct iw_asking *asking, size_t at)
{
    static const struct iw_str PREFIX = {"EventLog-", 9};
    struct iw_str name;
    char *text;
    if (at >= asking->n || !iw_str_begins_nocase(asking->words[at], PREFIX))
        return false;
    name = (struct iw_str){asking->words[at].p + PREFIX.n, asking->words[at].n - PREFIX.n};
    if (iw_word_is(name, "Application") || iw_word_is(name, "System"))
        return iw_asking_make(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
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
    return name.n != 0 &&
           iw_asking_make(asking, IW_SWITCH_CHANNEL_OFF, (struct iw_str){text, name.n});
}

static bool make_provider(struct iw_asking *asking, struct iw_str provider)
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
        if (iw_word_is(provider, PROVIDERS[i].name) || iw_word_is(provider, PROVIDERS[i].guid))
            return iw_asking_make(asking, IW_SWITCH_CHANNEL_OFF, iw_str_of(PROVIDERS[i].channel));
    }
    return false;
}

/* `logman stop SESSION -ets`, `logman update trace SESSION --p PROVIDER -ets`. */
bool iw_ask_logman(struct iw_asking *asking)
{
    if (iw_asking_has_switch(asking, "s"))
        return false;
    for (size_t i = 0; i + 1 < asking->n; i++) {
        if (iw_word_is(asking->words[i], "--p"))
            return make_provider(asking, asking->words[i + 1]);
    }
    return make_session(asking, iw_asking_behind_either(asking, "stop", "delete"));
}

bool iw_ask_session(struct iw_asking *asking)
{
    return make_session(asking, iw_asking_next_name(asking, 0));
}

/* Remove-EtwTraceProvider: whichever session it is taken from. */
bool iw_ask_provider(struct iw_asking *asking)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (make_provider(asking, asking->words[i]))
            return true;
    }
    return false;
}
