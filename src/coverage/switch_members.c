/*
 * What is asked by members of objects and of types. Sources: Microsoft's pages of
 * ServiceController, EventLogConfiguration, EventLogSession, RegistryKey and Registry of .NET, of
 * Win32_Service, and of WshShell.RegWrite.
 */
#include "coverage/switch_asking.h"

/* What the first word says it is of, `Sysmon64` of `Sysmon64.Stop`, or what it is given. */
static struct iw_switch_word owner_of(const struct iw_asking *asking,
                                      const struct iw_switch_word *first, size_t n_member)
{
    struct iw_switch_word owner = *first;
    owner.text.n -= n_member;
    return owner.text.n != 0 ? owner : iw_asking_given(asking);
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

/* --- what they are handed ------------------------------------------------------------------- */

/* The *nth* that a method is handed; p NULL: there are not so many. */
static struct iw_str argument(const struct iw_asking *asking, size_t nth)
{
    struct iw_str none = {NULL, 0};
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str left = asking->words[i].text, one;
        while (iw_list_next(&left, &one)) {
            if (nth-- == 0)
                return one;
        }
    }
    return none;
}

static struct iw_str first_of(struct iw_str list)
{
    struct iw_str one = {NULL, 0};
    (void)iw_list_next(&list, &one);
    return one;
}

/* `$key.SetValue('Start', 4)`, `[…Registry]::SetValue('HKEY_…', 'Start', 4)`,
 * `$shell.RegWrite('HKLM\…\Start', 4)`. */
static bool ask_value(struct iw_asking *asking, struct iw_str member,
                      const struct iw_switch_word *owner)
{
    struct iw_str key = first_of(owner->text);
    size_t at = 0;
    if (iw_word_is(member, "RegWrite"))
        return argument(asking, 1).p != NULL &&
               iw_asking_set_value(asking, argument(asking, 0), IW_STR(""), argument(asking, 1));
    if (iw_str_ends_nocase(key, IW_STR("Registry]:")) ||
        iw_str_ends_nocase(key, IW_STR("Registry]")))
        key = argument(asking, at++);
    return key.p != NULL && argument(asking, at + 1).p != NULL &&
           iw_asking_set_value(asking, key, argument(asking, at), argument(asking, at + 1));
}

/* `.Clear()` of a log, whose type stands beside its name; `[…EventLog]::Delete('Security')`. */
static bool ask_log(struct iw_asking *asking, struct iw_str member,
                    const struct iw_switch_word *owner)
{
    static const struct iw_str TYPE = {"EventLog", 8};
    struct iw_str left = owner->text, one;
    struct iw_switch_word names = *owner;
    if (iw_word_is(member, "Delete")) {
        return asking->n != 0 && iw_str_ends_nocase(owner->text, IW_STR("EventLog]:")) &&
               iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &asking->words[0]);
    }
    if (owner->is_unread || !iw_list_next(&left, &one) || !iw_str_ends_nocase(one, TYPE))
        return false;
    names.text = left;
    return left.n != 0 && iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &names);
}

/* --- which ---------------------------------------------------------------------------------- */

static bool ask_enabled(struct iw_asking *asking, struct iw_str member,
                        const struct iw_switch_word *owner)
{
    int is_on = enabled_of(asking, member);
    return is_on >= 0 && (!owner->is_unread || asking->about.is_of_logs) &&
           iw_asking_make_channels(
               asking, is_on != 0 ? IW_SWITCH_CHANNEL_ON : IW_SWITCH_CHANNEL_OFF, owner);
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
    if (iw_word_is(member, "SetValue") || iw_word_is(member, "RegWrite"))
        return ask_value(asking, member, &owner);
    if (iw_word_is(member, "Clear") || iw_word_is(member, "Delete")) {
        if (ask_log(asking, member, &owner))
            return true;
    }
    if (owner.is_unread && !asking->about.is_of_management &&
        (iw_word_is(member, "Delete") || iw_word_is(member, "Terminate")))
        return false; /* of a file, a key, a table */
    if (iw_word_is(member, "Stop") || iw_word_is(member, "StopService") ||
        iw_word_is(member, "Delete"))
        return iw_asking_make_services(asking, &owner);
    if (iw_word_is(member, "Kill") || iw_word_is(member, "Terminate"))
        return iw_asking_make_processes(asking, &owner);
    if (iw_str_begins_nocase(member, IW_STR("IsEnabled")) || iw_word_is(member, "set_IsEnabled") ||
        (asking->about.is_of_properties && iw_str_begins_nocase(member, IW_STR("Enabled"))))
        return ask_enabled(asking, member, &owner);
    if (iw_word_is(member, "ClearLog"))
        return asking->n != 0 &&
               iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &asking->words[0]);
    if (iw_word_is(member, "InvokeMethod"))
        return asking->n != 0 && iw_asking_make_method(asking, argument(asking, 0), &owner);
    return iw_asking_make_method(asking, member, &owner);
}
