#include "coverage/switch_flow.h"

struct iw_str iw_switch_flow_given(const struct iw_switch_flow *flow)
{
    return iw_switch_reader_get(&flow->reader, IW_STR("_"));
}

/* To the next statement, and to the variable that the whole pipeline sets. */
static enum iw_rc hand_on(struct iw_switch_flow *flow, struct iw_str names)
{
    if (flow->sets.n != 0)
        IW_TRY(iw_switch_reader_set(&flow->reader, flow->sets, names));
    return iw_switch_reader_set(&flow->reader, IW_STR("_"), names);
}

static enum iw_rc give(struct iw_switch_flow *flow, const struct iw_switch_words *words,
                       struct iw_str names)
{
    if (words->sets.n != 0)
        flow->sets = words->sets;
    return hand_on(flow, names);
}

static bool has_option(const struct iw_switch_words *words, const char *name)
{
    for (size_t i = 0; i < words->n; i++) {
        if (iw_word_is_switch(words->items[i].text, name))
            return true;
    }
    return false;
}

/* Adds a name to a list; what stands in quotes in a text of WMI is one, `%` any text. */
static void add_name(struct iw_str *list, struct iw_str name, char *room)
{
    char *to = room + list->n;
    if (list->n != 0)
        *to++ = ',';
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        *to++ = c == '\'' || c == '"' || c == '=' ? ',' : c == '%' ? '*' : c;
    }
    *list = (struct iw_str){room, (size_t)(to - room)};
}

/* `Get-ChildItem FOLDER -Filter NAME`: it gives what is in the folder, of that name. */
static enum iw_rc see_filtered(struct iw_switch_flow *flow, const struct iw_asking *asking,
                               struct iw_str *names)
{
    const struct iw_switch_word *filter = iw_asking_value(asking, "Filter", 3);
    size_t at = iw_asking_object(asking, 0);
    struct iw_str folder;
    if (filter == NULL)
        filter = iw_asking_value(asking, "Include", 3);
    if (filter == NULL || filter->is_unread || at >= asking->n || asking->words[at].is_unread ||
        &asking->words[at] == filter)
        return IW_OK;
    folder = asking->words[at].text;
    while (folder.n != 0 && (folder.p[folder.n - 1] == '\\' || folder.p[folder.n - 1] == '*'))
        folder.n--;
    *names = iw_path_below(flow->scratch, folder, filter->text);
    return names->p != NULL ? IW_OK : IW_ENOMEM;
}

static bool gives_files(struct iw_str program)
{
    return iw_word_is(program, "Get-ChildItem") || iw_word_is(program, "gci") ||
           iw_word_is(program, "dir") || iw_word_is(program, "ls");
}

/* The names that Get-Service and the like are given; none: nobody can tell. */
static enum iw_rc see_names(struct iw_switch_flow *flow, const struct iw_switch_words *words,
                            size_t at)
{
    struct iw_asking asking = {.words = words->items + at + 1, .n = words->n - at - 1};
    struct iw_str names = {NULL, 0};
    size_t n_bytes = 0;
    bool is_unread = false;
    char *room;
    for (size_t i = 0; i < asking.n; i++)
        n_bytes += asking.words[i].text.n + 1;
    room = iw_arena_alloc(flow->scratch, n_bytes + 1);
    if (room == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; (i = iw_asking_object(&asking, i)) < asking.n; i++) {
        if (!asking.words[i].is_unread)
            add_name(&names, asking.words[i].text, room);
        is_unread |= asking.words[i].is_unread;
    }
    if (is_unread && iw_word_is(words->items[at].text, "New-Object"))
        names = (struct iw_str){NULL, 0}; /* its type alone names nothing */
    if (gives_files(words->items[at].text))
        IW_TRY(see_filtered(flow, &asking, &names));
    iw_asking_look_for_computer_name(&asking);
    flow->given_hosts = iw_arena_copy(flow->scratch, asking.hosts);
    if (flow->given_hosts.p == NULL)
        return IW_ENOMEM;
    return give(flow, words, names);
}

static bool is_comparison(struct iw_str word, bool *ret_holds)
{
    static const char *const SAME[] = {"like", "eq",  "ilike", "ieq",
                                       "in",   "ceq", "clike", "contains"};
    static const char *const HOLDS[] = {"match", "imatch", "cmatch"};
    *ret_holds = false;
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        if (iw_word_is_switch(word, SAME[i]))
            return true;
    }
    for (size_t i = 0; i < sizeof HOLDS / sizeof HOLDS[0]; i++)
        *ret_holds |= iw_word_is_switch(word, HOLDS[i]);
    return *ret_holds;
}

static bool is_name_of_item(const struct iw_switch_flow *flow, const struct iw_switch_word *word)
{
    static const char *const MEMBERS[] = {"Name", "ServiceName", "DisplayName", "LogName",
                                          "ProcessName"};
    struct iw_str given = iw_switch_flow_given(flow);
    if (word->is_item)
        return iw_word_is(word->text, "*") || iw_str_equal(word->text, given);
    for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
        if (iw_word_is(word->text, MEMBERS[i]))
            return true;
    }
    return false;
}

/* Whether all that there are of a kind is given: `*`, or the class alone. */
static bool is_every(struct iw_str given)
{
    return iw_word_is(given, "*") ||
           (iw_str_begins_nocase(given, IW_STR("Win32_")) && memchr(given.p, ',', given.n) == NULL);
}

/* Whether some of all there are is left, by something else than a name. */
static bool leaves_some(const struct iw_switch_flow *flow, const struct iw_switch_words *words)
{
    for (size_t i = 1; i + 1 < words->n; i++) {
        if (iw_word_is(words->items[i + 1].text, "Running"))
            return false; /* as those are that log */
    }
    return words->n > 1 && is_every(iw_switch_flow_given(flow)) &&
           (!words->items[0].is_item || iw_word_is_option(words->items[1].text));
}

/* `$_.Name -like 'Sysmon*'`, `? Name -eq Sysmon64`: these are handed on. Of all there are, some
 * that are told by something else may be any. */
static enum iw_rc see_filter(struct iw_switch_flow *flow, const struct iw_switch_words *words)
{
    for (size_t i = 0; i + 2 < words->n; i++) {
        const struct iw_switch_word *value = &words->items[i + 2];
        struct iw_str name = value->text;
        bool holds;
        if (!is_name_of_item(flow, &words->items[i]) ||
            !is_comparison(words->items[i + 1].text, &holds) || value->is_unread)
            continue;
        if (holds) {
            char *text = iw_arena_alloc(flow->scratch, name.n + 2);
            if (text == NULL)
                return IW_ENOMEM;
            text[0] = '*';
            memcpy(text + 1, name.p, name.n);
            text[name.n + 1] = '*';
            name = (struct iw_str){text, name.n + 2};
        }
        return hand_on(flow, name);
    }
    return leaves_some(flow, words) ? hand_on(flow, (struct iw_str){NULL, 0}) : IW_OK;
}

/* `set name=value` of cmd. */
static enum iw_rc see_setting(struct iw_switch_flow *flow, const struct iw_switch_words *words,
                              size_t at)
{
    const struct iw_switch_word *word = &words->items[at + 1];
    const char *sign;
    if (flow->reader.kind != IW_SWITCH_CMD || at + 1 >= words->n)
        return IW_OK;
    sign = memchr(word->text.p, '=', word->text.n);
    if (sign == NULL)
        return IW_OK;
    return iw_switch_reader_set(
        &flow->reader, (struct iw_str){word->text.p, (size_t)(sign - word->text.p)},
        word->is_unread
            ? (struct iw_str){NULL, 0}
            : (struct iw_str){sign + 1, (size_t)(word->text.p + word->text.n - sign - 1)});
}

static enum iw_rc see_block(struct iw_switch_flow *flow, const struct iw_switch_words *words,
                            size_t at)
{
    struct iw_asking asking = {.words = words->items + at + 1, .n = words->n - at - 1};
    iw_asking_look_for_computer_name(&asking);
    flow->is_block_host_unread = asking.is_host_unread || has_option(words, "Session");
    flow->block_hosts = iw_arena_copy(flow->scratch, asking.hosts);
    flow->block_depth = words->depth + 1;
    return flow->block_hosts.p != NULL ? IW_OK : IW_ENOMEM;
}

/* Types and casts that are of what they are given the name of. */
static bool is_named_type(struct iw_str word)
{
    static const char *const CASTS[] = {"[wmi]", "[System.Management.ManagementObject]"};
    static const char *const MEMBERS[] = {
        "ServiceController]::new", "EventLogConfiguration]::new", "EventLog]::new", ".OpenSubKey",
        "]::GetProcessesByName",
    };
    bool is_one = false;
    if (word.n == 0 || word.p[0] != '[')
        return false;
    for (size_t i = 0; i < sizeof CASTS / sizeof CASTS[0]; i++)
        is_one |= iw_str_begins_nocase(word, iw_str_of(CASTS[i]));
    for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++)
        is_one |= iw_str_ends_nocase(word, iw_str_of(MEMBERS[i]));
    return is_one;
}

/* What it is of: the word behind it, or, of a cast, the rest of its own. */
static enum iw_rc see_type(struct iw_switch_flow *flow, const struct iw_switch_words *words)
{
    const struct iw_switch_word *first = &words->items[0];
    struct iw_str names = {NULL, 0};
    char *room = iw_arena_alloc(flow->scratch, first->text.n + 1);
    const char *end = memchr(first->text.p, ']', first->text.n);
    if (words->n > 1)
        return see_names(flow, words, 0);
    if (room == NULL)
        return IW_ENOMEM;
    flow->given_hosts = IW_STR("");
    if (end != NULL && !first->is_unread)
        add_name(&names,
                 (struct iw_str){end + 1, (size_t)(first->text.p + first->text.n - end - 1)}, room);
    return give(flow, words, names);
}

/* Kept as a variable; no name of one has a blank in it. */
static const struct iw_str ALIAS = {"alias ", 6};

static struct iw_str alias_of(struct iw_arena *scratch, struct iw_str name)
{
    char *text = iw_arena_alloc(scratch, ALIAS.n + name.n);
    if (text == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(text, ALIAS.p, ALIAS.n);
    if (name.n != 0)
        memcpy(text + ALIAS.n, name.p, name.n);
    return (struct iw_str){text, ALIAS.n + name.n};
}

/* `sal NAME COMMAND`, `Set-Alias -Name NAME -Value COMMAND`. */
static enum iw_rc see_alias(struct iw_switch_flow *flow, const struct iw_switch_words *words,
                            size_t at)
{
    struct iw_asking asking = {.words = words->items + at + 1, .n = words->n - at - 1};
    const struct iw_switch_word *name = iw_asking_value(&asking, "Name", 1);
    const struct iw_switch_word *value = iw_asking_value(&asking, "Value", 1);
    struct iw_str key;
    for (size_t i = 0; (i = iw_asking_object(&asking, i)) < asking.n; i++) {
        const struct iw_switch_word *one = &asking.words[i];
        if (name == NULL)
            name = one;
        else if (value == NULL && one != name)
            value = one;
    }
    if (name == NULL || value == NULL || name->is_unread || value->is_unread)
        return IW_OK;
    key = alias_of(flow->scratch, name->text);
    flow->has_aliases = true;
    return key.p != NULL ? iw_switch_reader_set(&flow->reader, key, value->text) : IW_ENOMEM;
}

const struct iw_switch_program *iw_switch_flow_program(const struct iw_switch_flow *flow,
                                                       struct iw_str word)
{
    for (size_t i = 0; flow->has_aliases && i < flow->reader.n_variables; i++) {
        const struct iw_switch_variable *one = &flow->reader.variables[i];
        if (one->value.p != NULL && iw_str_begins_nocase(one->name, ALIAS) &&
            iw_str_equal_nocase((struct iw_str){one->name.p + ALIAS.n, one->name.n - ALIAS.n},
                                word))
            return iw_switch_program_of(one->value);
    }
    return iw_switch_program_of(word);
}

enum iw_rc iw_switch_flow_see(struct iw_switch_flow *flow, const struct iw_switch_words *words,
                              const struct iw_switch_program *program, size_t at)
{
    if (program != NULL && program->role == IW_PROGRAM_GIVES)
        return see_names(flow, words, at);
    if (program != NULL && program->role == IW_PROGRAM_ELSEWHERE)
        return see_block(flow, words, at);
    if (program != NULL && program->role == IW_PROGRAM_SETS)
        return see_setting(flow, words, at);
    if (program != NULL && program->role == IW_PROGRAM_NAMES)
        return see_alias(flow, words, at);
    if (program == NULL && is_named_type(words->items[0].text))
        return see_type(flow, words);
    if ((words->items[0].is_item && words->n > 2) ||
        (program != NULL && program->role == IW_PROGRAM_FILTERS))
        return see_filter(flow, words);
    if (words->is_piped || !words->pipes_on)
        return IW_OK;
    flow->given_hosts = IW_STR("");
    return give(flow, words,
                words->n == 1 && !words->items[0].is_unread ? words->items[0].text
                                                            : (struct iw_str){NULL, 0});
}

void iw_switch_flow_block(struct iw_switch_flow *flow, const struct iw_switch_words *words)
{
    if (!words->is_piped)
        flow->sets = IW_STR("");
    if (flow->block_hosts.p != NULL && words->depth < flow->block_depth)
        flow->block_hosts = (struct iw_str){NULL, 0};
}
