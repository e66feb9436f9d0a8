/*
 * What is asked of logs: their channels, the sessions they are written by, and who writes them.
 *
 * Sources: Microsoft's pages of wevtutil and logman, of the modules Microsoft.PowerShell.Management
 * and EventTracingManagement.
 */
#include "event/channel.h"
#include "coverage/switch_asking.h"

static const char *const CHANNELS[] = {IW_CHANNEL_SYSMON,
                                       IW_CHANNEL_SECURITY,
                                       IW_CHANNEL_IIS_CONFIGURATION,
                                       "System",
                                       "Application",
                                       "Windows PowerShell",
                                       "Microsoft-Windows-PowerShell/Operational"};

/* Every log, whichever these are. */
static bool make_every(struct iw_asking *asking, enum iw_switch_kind kind)
{
    if (kind == IW_SWITCH_CHANNEL_ON) /* what was on stays on */
        return false;
    return kind == IW_SWITCH_CLEARED
               ? iw_asking_make_unread(asking, kind, IW_STR(""))
               : iw_asking_make_unread(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
}

bool iw_asking_make_channels(struct iw_asking *asking, enum iw_switch_kind kind,
                             const struct iw_switch_word *names)
{
    struct iw_str left = names->text, name;
    bool is_one = false;
    if (names->is_unread)
        return make_every(asking, kind);
    while (iw_list_next(&left, &name)) {
        bool is_pattern =
            memchr(name.p, '*', name.n) != NULL || memchr(name.p, '?', name.n) != NULL;
        if (iw_word_is(name, "*"))
            is_one |= make_every(asking, kind);
        else if (!is_pattern)
            is_one |= iw_asking_make(asking, kind, name);
        for (size_t i = 0; is_pattern && i < sizeof CHANNELS / sizeof CHANNELS[0]; i++) {
            if (!iw_word_is(name, "*") && iw_name_is_like(iw_str_of(CHANNELS[i]), name))
                is_one |= iw_asking_make(asking, kind, iw_str_of(CHANNELS[i]));
        }
    }
    return is_one;
}

static bool make_channel(struct iw_asking *asking, enum iw_switch_kind kind, size_t at)
{
    return at < asking->n && iw_asking_make_channels(asking, kind, &asking->words[at]);
}

static struct iw_str value_of(const struct iw_switch_word *word, const char *name,
                              const char *long_name)
{
    struct iw_str value = iw_word_value(word->text, name);
    return value.p != NULL ? value : iw_word_value(word->text, long_name);
}

/* `wevtutil sl /c:FILE`, `um MANIFEST`: whatever these say. */
static bool asks_by_file(const struct iw_asking *asking)
{
    bool sets = iw_asking_has(asking, "sl") || iw_asking_has(asking, "set-log");
    for (size_t i = 0; sets && i < asking->n; i++) { /* of `qe` it is how many */
        if (value_of(&asking->words[i], "c:", "config:").p != NULL)
            return true;
    }
    return iw_asking_behind_either(asking, "um", "uninstall-manifest") < asking->n;
}

/* `/rt:true` without `/ab:true`: a log that is full takes no more. */
static bool is_to_end(const struct iw_asking *asking)
{
    bool is_kept = false, is_put_aside = false;
    for (size_t i = 0; i < asking->n; i++) {
        is_kept |= iw_word_is(value_of(&asking->words[i], "rt:", "retention:"), "true");
        is_put_aside |= iw_word_is(value_of(&asking->words[i], "ab:", "autobackup:"), "true");
    }
    return is_kept && !is_put_aside;
}

/* `wevtutil sl CHANNEL /e:false`, also `set-log`, `-e:`, `/enabled:`; `cl CHANNEL`. */
bool iw_ask_wevtutil(struct iw_asking *asking)
{
    size_t at = iw_asking_behind_either(asking, "sl", "set-log");
    int is_on = -1;
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_switch_word host = asking->words[i];
        struct iw_str value = value_of(&host, "e:", "enabled:");
        if (value.p != NULL)
            is_on = iw_word_is(value, "true") || iw_word_is(value, "$true");
        host.text = value_of(&asking->words[i], "r:", "remote:");
        if (host.text.p != NULL)
            iw_asking_set_hosts(asking, &host);
    }
    if (asks_by_file(asking))
        return make_every(asking, IW_SWITCH_CHANNEL_OFF);
    if (at < asking->n && is_on != 0 && is_to_end(asking) && !asking->words[at].is_unread)
        return iw_asking_make_unread(asking, IW_SWITCH_CHANNEL_OFF, asking->words[at].text);
    if (at < asking->n)
        return is_on >= 0 &&
               make_channel(asking, is_on != 0 ? IW_SWITCH_CHANNEL_ON : IW_SWITCH_CHANNEL_OFF, at);
    return make_channel(asking, IW_SWITCH_CLEARED,
                        iw_asking_behind_either(asking, "cl", "clear-log"));
}

/* Clear-EventLog, Remove-EventLog: what was logged is gone. */
bool iw_ask_clear(struct iw_asking *asking)
{
    size_t at = iw_asking_object(asking, 0);
    iw_asking_look_for_computer_name(asking);
    if (at == asking->n && asking->is_piped) {
        const struct iw_switch_word given = iw_asking_given(asking);
        return iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &given);
    }
    return make_channel(asking, IW_SWITCH_CLEARED, at);
}

/* --- sessions ------------------------------------------------------------------------------- */

/* Sessions of the log of events are called `EventLog-` and the channel, with `-` for `/`; those of
 * Application and System are of most channels. */
static bool make_session(struct iw_asking *asking, const struct iw_switch_word *session)
{
    static const struct iw_str PREFIX = {"EventLog-", 9};
    struct iw_str name = session->text;
    struct iw_command_switch made;
    char *text;
    if (session->is_unread)
        return iw_asking_suspects(asking, session) &&
               iw_asking_make_unread(asking, IW_SWITCH_SERVICE_OFF, IW_STR("EventLog"));
    if (!iw_str_begins_nocase(name, PREFIX))
        return false;
    if (iw_command_switch_of_session(name, &made))
        return iw_asking_make(asking, made.kind, made.subject);
    name = (struct iw_str){name.p + PREFIX.n, name.n - PREFIX.n};
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
    struct iw_command_switch made;
    return iw_command_switch_of_provider(provider, &made) &&
           iw_asking_make(asking, made.kind, made.subject);
}

/* `logman stop SESSION -ets`, `logman update trace SESSION --p PROVIDER -ets`. */
bool iw_ask_logman(struct iw_asking *asking)
{
    const struct iw_switch_word *host = iw_asking_value(asking, "s", 1);
    size_t at = iw_asking_behind_either(asking, "stop", "delete");
    if (host != NULL)
        iw_asking_set_hosts(asking, host);
    for (size_t i = 0; i + 1 < asking->n; i++) {
        if (iw_word_is(asking->words[i].text, "--p"))
            return make_provider(asking, asking->words[i + 1].text);
    }
    return at < asking->n && make_session(asking, &asking->words[at]);
}

bool iw_ask_session(struct iw_asking *asking)
{
    size_t at = iw_asking_next_name(asking, 0);
    return at < asking->n && make_session(asking, &asking->words[at]);
}

/* `Set-AutologgerConfig SESSION -Start 0`. */
bool iw_ask_autologger(struct iw_asking *asking)
{
    const struct iw_switch_word *start = iw_asking_value(asking, "Start", 3);
    return start != NULL &&
           (iw_word_is(start->text, "0") || iw_word_is(start->text, "Disabled") ||
            iw_word_is(start->text, "$false")) &&
           iw_ask_session(asking);
}

/* Remove-EtwTraceProvider: whichever session it is taken from. */
bool iw_ask_provider(struct iw_asking *asking)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (make_provider(asking, asking->words[i].text))
            return true;
    }
    return false;
}
