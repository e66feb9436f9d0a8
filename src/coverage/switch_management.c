/*
 * What is asked through WMI: of services, processes, logs and the registry. Sources: Microsoft's
 * pages of wmic, of the module CimCmdlets, and of the classes Win32_Service, Win32_Process,
 * Win32_NTEventlogFile and StdRegProv.
 */
#include "coverage/switch_asking.h"

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
            is_one |= iw_asking_make_named(asking, name, is_process);
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

/* --- methods -------------------------------------------------------------------------------- */

enum method {
    METHOD_OTHER = 0,
    METHOD_ENDS_SERVICE,
    METHOD_SETS_START, /* where it is to be disabled */
    METHOD_ENDS_PROCESS,
    METHOD_CLEARS,
    METHOD_SETS_VALUE,
    METHOD_REMOVES_KEY
};

static enum method method_of(struct iw_str name)
{
    static const struct {
        const char *name;
        enum method is;
    } ONES[] = {{"StopService", METHOD_ENDS_SERVICE},   {"Delete", METHOD_ENDS_SERVICE},
                {"ChangeStartMode", METHOD_SETS_START}, {"Change", METHOD_SETS_START},
                {"Terminate", METHOD_ENDS_PROCESS},     {"ClearEventlog", METHOD_CLEARS},
                {"SetDWORDValue", METHOD_SETS_VALUE},   {"SetStringValue", METHOD_SETS_VALUE},
                {"DeleteKey", METHOD_REMOVES_KEY}};
    for (size_t i = 0; i < sizeof ONES / sizeof ONES[0]; i++) {
        if (iw_word_is(name, ONES[i].name))
            return ONES[i].is;
    }
    return METHOD_OTHER;
}

static bool is_of_class(struct iw_str word)
{
    static const char *const WORDS[] = {"LogfileName", "Name", "FileName"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (iw_word_is(word, WORDS[i]))
            return true;
    }
    return memchr(word.p, ' ', word.n) != NULL || iw_str_begins_nocase(word, IW_STR("Win32_"));
}

/* Logs that a clause (`LogfileName='Security'`) or a list names; where none is, any may be. */
static bool clear_named(struct iw_asking *asking, const struct iw_switch_word *names)
{
    struct iw_switch_word one = *names;
    bool is_one = false;
    for (size_t at = 0, begin = 0; at <= names->text.n; at++) {
        if (at < names->text.n && strchr("'\"=,", names->text.p[at]) == NULL)
            continue;
        one.text = (struct iw_str){names->text.p + begin, at - begin};
        begin = at + 1;
        if (one.text.n != 0 && !is_of_class(one.text))
            is_one |= iw_asking_make_channels(asking, IW_SWITCH_CLEARED, &one);
    }
    return is_one || iw_asking_make_unread(asking, IW_SWITCH_CLEARED, IW_STR(""));
}

/* Of the words handed to it: a key, the name of a value, a number that is no root of keys. */
static bool set_value(struct iw_asking *asking)
{
    struct iw_str key = {NULL, 0}, name = key, data = key, left, one;
    for (size_t i = 0; i < asking->n; i++) {
        left = iw_word_is_option(asking->words[i].text) ? IW_STR("") : asking->words[i].text;
        while (iw_list_next(&left, &one)) {
            bool is_number = one.p[0] >= '0' && one.p[0] <= '9';
            if (memchr(one.p, '\\', one.n) != NULL)
                key = one;
            else if (is_number)
                data = one.n < 10 ? one : data; /* &H80000002 has as many digits */
            else
                name = one;
        }
    }
    return key.n != 0 && iw_asking_set_value(asking, key, name, data);
}

static bool remove_key(struct iw_asking *asking)
{
    bool is_one = false;
    for (size_t i = 0; i < asking->n; i++)
        is_one |= iw_asking_remove_key(asking, &asking->words[i]);
    return is_one;
}

bool iw_asking_make_method(struct iw_asking *asking, struct iw_str method,
                           const struct iw_switch_word *names)
{
    enum method is = method_of(method);
    if (is == METHOD_SETS_VALUE)
        return set_value(asking);
    if (is == METHOD_REMOVES_KEY)
        return remove_key(asking);
    if (is == METHOD_OTHER || (is == METHOD_SETS_START && !iw_asking_has(asking, "Disabled")))
        return false;
    if (is == METHOD_CLEARS)
        return names->is_unread ? iw_asking_make_unread(asking, IW_SWITCH_CLEARED, IW_STR(""))
                                : clear_named(asking, names);
    if (names->is_unread)
        return iw_asking_make_services(asking, names);
    return make_where(asking, names->text, is == METHOD_ENDS_PROCESS) ||
           (is == METHOD_ENDS_PROCESS ? iw_asking_make_processes(asking, names)
                                      : iw_asking_make_services(asking, names));
}

/* `Invoke-CimMethod -Query "…" -MethodName StopService`, `gwmi … | iwmi -Name StopService`,
 * `icim -ClassName StdRegProv -MethodName SetDWORDValue -Arguments @{…}`. */
bool iw_ask_invoke_method(struct iw_asking *asking)
{
    const struct iw_switch_word given = iw_asking_given(asking);
    struct iw_str method = {NULL, 0};
    bool is_one = false, is_named = false;
    iw_asking_look_for_computer_name(asking);
    asking->is_host_unread |= iw_asking_value(asking, "CimSession", 4) != NULL;
    for (size_t i = 0; i < asking->n; i++) {
        if (method_of(asking->words[i].text) != METHOD_OTHER)
            method = asking->words[i].text;
    }
    for (size_t i = 0; method.n != 0 && i < asking->n; i++) {
        const struct iw_switch_word *word = &asking->words[i];
        bool is_clause = memchr(word->text.p, '=', word->text.n) != NULL ||
                         memchr(word->text.p, '\'', word->text.n) != NULL ||
                         (i != 0 && !iw_word_is_option(word->text) &&
                          iw_word_is_switch(asking->words[i - 1].text, "InputObject"));
        is_named |= is_clause || method_of(method) >= METHOD_SETS_VALUE;
        if (is_clause)
            is_one |= iw_asking_make_method(asking, method, word);
    }
    if (method.n != 0 && method_of(method) >= METHOD_SETS_VALUE)
        return iw_asking_make_method(asking, method, &given);
    if (method.n != 0 && !is_named && asking->is_piped)
        is_one |= iw_asking_make_method(asking, method, &given);
    return is_one;
}
