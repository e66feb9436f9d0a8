/*
 * Words behind a program, and what is made of them.
 */
#include "coverage/switch_asking.h"

#include "base/path_name.h"
#include "coverage/switch_host.h"

/* --- words ---------------------------------------------------------------------------------- */

bool iw_word_is(struct iw_str word, const char *text)
{
    return iw_str_equal_nocase(word, iw_str_of(text));
}

/* Bytes of what begins an option: PowerShell takes three more dashes for one. 0: it is none. */
static size_t option_mark(struct iw_str word)
{
    if (word.n != 0 && (word.p[0] == '/' || word.p[0] == '-'))
        return 1;
    return word.n > 3 && memcmp(word.p, "\xE2\x80", 2) == 0 && word.p[2] >= '\x93' &&
                   word.p[2] <= '\x95'
               ? 3
               : 0;
}

bool iw_word_is_option(struct iw_str word)
{
    return option_mark(word) != 0;
}

bool iw_word_is_switch(struct iw_str word, const char *name)
{
    size_t n = option_mark(word);
    return n != 0 && iw_word_is((struct iw_str){word.p + n, word.n - n}, name);
}

struct iw_str iw_word_value(struct iw_str word, const char *name)
{
    size_t n = option_mark(word);
    struct iw_str rest = {word.p + n, word.n - n}, prefix = iw_str_of(name);
    if (n == 0 || !iw_str_begins_nocase(rest, prefix))
        return (struct iw_str){NULL, 0};
    return (struct iw_str){rest.p + prefix.n, rest.n - prefix.n};
}

bool iw_list_next(struct iw_str *list, struct iw_str *ret)
{
    while (list->n != 0) {
        const char *comma = memchr(list->p, ',', list->n);
        *ret = (struct iw_str){list->p, comma != NULL ? (size_t)(comma - list->p) : list->n};
        *list =
            (struct iw_str){ret->p + ret->n + (comma != NULL), list->n - ret->n - (comma != NULL)};
        if (ret->n != 0)
            return true;
    }
    return false;
}

/* One character of a pattern at *at, which moves behind it, against *c*. */
static bool one_is_like(struct iw_str pattern, size_t *at, char c)
{
    char p = iw_ascii_lower(pattern.p[*at]);
    bool is_in = false;
    size_t i = *at + 1;
    (*at)++;
    if (p == '?')
        return true;
    if (p != '[')
        return p == iw_ascii_lower(c);
    c = iw_ascii_lower(c);
    for (; i < pattern.n && pattern.p[i] != ']'; i++) {
        char from = iw_ascii_lower(pattern.p[i]);
        if (i + 2 < pattern.n && pattern.p[i + 1] == '-' && pattern.p[i + 2] != ']') {
            is_in |= c >= from && c <= iw_ascii_lower(pattern.p[i + 2]);
            i += 2;
        } else {
            is_in |= c == from;
        }
    }
    *at = i < pattern.n ? i + 1 : i;
    return is_in;
}

bool iw_name_is_like(struct iw_str name, struct iw_str pattern)
{
    size_t at = 0, in = 0, star = SIZE_MAX, from = 0;
    if (pattern.n > IW_LIMIT_SWITCH_TEXT_BYTES)
        return false;
    while (at < name.n) {
        size_t next = in;
        if (in < pattern.n && pattern.p[in] == '*') {
            star = ++in;
            from = at;
        } else if (in < pattern.n && one_is_like(pattern, &next, name.p[at])) {
            in = next;
            at++;
        } else if (star != SIZE_MAX) {
            in = star;
            at = ++from;
        } else {
            return false;
        }
    }
    while (in < pattern.n && pattern.p[in] == '*')
        in++;
    return in == pattern.n;
}

struct iw_str iw_path_below(struct iw_arena *arena, struct iw_str folder, struct iw_str name)
{
    char *text = iw_arena_alloc(arena, folder.n + 1 + name.n);
    if (text == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(text, folder.p, folder.n);
    text[folder.n] = '\\';
    memcpy(text + folder.n + 1, name.p, name.n);
    return (struct iw_str){text, folder.n + 1 + name.n};
}

struct iw_str iw_program_stem(struct iw_str word)
{
    struct iw_str name = iw_path_name(word);
    if (iw_str_ends_nocase(name, IW_STR(".mui")))
        name.n -= 4;
    if (iw_str_ends_nocase(name, IW_STR(".exe")))
        name.n -= 4;
    return name;
}

/* --- behind a program ----------------------------------------------------------------------- */

bool iw_asking_has(const struct iw_asking *asking, const char *word)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (iw_word_is(asking->words[i].text, word))
            return true;
    }
    return false;
}

bool iw_asking_has_switch(const struct iw_asking *asking, const char *name)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (iw_word_is_switch(asking->words[i].text, name))
            return true;
    }
    return false;
}

size_t iw_asking_next_name(const struct iw_asking *asking, size_t at)
{
    while (at < asking->n && iw_word_is_option(asking->words[at].text))
        at++;
    return at;
}

size_t iw_asking_behind(const struct iw_asking *asking, const char *verb)
{
    for (size_t i = 0; i < asking->n; i++) {
        if (iw_word_is(asking->words[i].text, verb))
            return iw_asking_next_name(asking, i + 1);
    }
    return asking->n;
}

size_t iw_asking_behind_either(const struct iw_asking *asking, const char *verb, const char *other)
{
    size_t at = iw_asking_behind(asking, verb);
    return at < asking->n ? at : iw_asking_behind(asking, other);
}

const struct iw_switch_word *iw_asking_value(const struct iw_asking *asking, const char *name,
                                             size_t shortest)
{
    struct iw_str whole = iw_str_of(name);
    for (size_t i = 0; i < asking->n; i++) {
        struct iw_str word = asking->words[i].text;
        size_t n = option_mark(word);
        word = (struct iw_str){word.p + n, word.n - n};
        if (word.n != 0 && word.p[word.n - 1] == ':')
            word.n--;
        if (n != 0 && word.n >= shortest && iw_str_begins_nocase(whole, word))
            return i + 1 < asking->n ? &asking->words[i + 1] : NULL;
    }
    return NULL;
}

size_t iw_asking_object(const struct iw_asking *asking, size_t at)
{
    static const char *const OTHERS[] = {
        "ErrorAction",  "ea",     "Exclude", "ComputerName", "cn",         "StartupType",
        "Status",       "Source", "ev",      "OutVariable",  "Credential", "WarningAction",
        "ErrorVariable"};
    for (; at < asking->n; at++) {
        struct iw_str word = asking->words[at].text;
        bool is_other = false;
        if (!iw_word_is_option(word))
            return at;
        for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
            is_other |= iw_word_is_switch(word, OTHERS[i]);
        at += is_other;
    }
    return asking->n;
}

struct iw_switch_word iw_asking_given(const struct iw_asking *asking)
{
    return (struct iw_switch_word){.text = asking->given, .is_unread = asking->given.p == NULL};
}

/* --- machines ------------------------------------------------------------------------------- */

void iw_asking_set_hosts(struct iw_asking *asking, const struct iw_switch_word *word)
{
    asking->hosts = word->text;
    asking->is_host_unread = word->is_unread;
}

void iw_asking_look_for_computer_name(struct iw_asking *asking)
{
    const struct iw_switch_word *word = iw_asking_value(asking, "ComputerName", 4);
    if (word == NULL)
        word = iw_asking_value(asking, "cn", 2);
    if (word != NULL)
        iw_asking_set_hosts(asking, word);
}

/* --- what is made --------------------------------------------------------------------------- */

static bool is_same(const struct iw_command_switch *a, const struct iw_command_switch *b)
{
    return a->kind == b->kind && a->is_unread == b->is_unread &&
           iw_str_equal_nocase(a->subject, b->subject) && iw_str_equal_nocase(a->host, b->host);
}

/* Whether something that is logged is not any more. */
static bool takes_away(enum iw_switch_kind kind)
{
    return kind != IW_SWITCH_CHANNEL_ON && kind != IW_SWITCH_AUDIT_ON &&
           kind != IW_SWITCH_AUDIT_ASKED_ON && kind != IW_SWITCH_REQUESTS_ON;
}

/* More than are kept: whatever they are. What is switched on, beyond, takes nothing away. */
void iw_switches_make_everything(struct iw_command_switches *made)
{
    static const struct {
        enum iw_switch_kind kind;
        const char *subject;
    } ALL[IW_SWITCHES_OF_EVERYTHING] = {
        {IW_SWITCH_CLEARED, ""},
        {IW_SWITCH_SERVICE_OFF, "EventLog"},
        {IW_SWITCH_AUDIT_OFF, "everything"},
        {IW_SWITCH_AUDIT_OFF, "command lines"},
        {IW_SWITCH_DRIVER_OFF, ""},
        {IW_SWITCH_REQUESTS_OFF, ""},
    };
    if (made->is_cut)
        return;
    made->is_cut = true;
    for (size_t i = 0; i < IW_SWITCHES_OF_EVERYTHING; i++)
        made->items[made->n++] = (struct iw_command_switch){.kind = ALL[i].kind,
                                                            .subject = iw_str_of(ALL[i].subject),
                                                            .program = IW_STR(""),
                                                            .host = IW_STR(""),
                                                            .is_unread = true};
}

static void add(struct iw_asking *asking, struct iw_command_switch item)
{
    struct iw_command_switches *made = asking->made;
    if (made->is_cut)
        return;
    for (size_t i = 0; i < made->n; i++) {
        if (is_same(&made->items[i], &item))
            return;
    }
    if (made->n == IW_LIMIT_SWITCHES_OF_EVENT) {
        if (takes_away(item.kind))
            iw_switches_make_everything(made);
        return;
    }
    item.subject = iw_arena_copy(asking->scratch, item.subject);
    item.program = iw_arena_copy(asking->scratch, item.program);
    item.host = iw_arena_copy(asking->scratch, item.host);
    if (item.subject.p == NULL || item.program.p == NULL || item.host.p == NULL) {
        asking->no_memory = true;
        return;
    }
    made->items[made->n++] = item;
}

static bool make(struct iw_asking *asking, enum iw_switch_kind kind, struct iw_str subject,
                 bool is_unread)
{
    struct iw_command_switch item = {kind, subject, asking->program, IW_STR(""), is_unread};
    struct iw_str left = asking->hosts, host;
    if (asking->is_host_unread || left.n == 0) {
        item.is_unread |= asking->is_host_unread;
        add(asking, item);
        return true;
    }
    while (iw_list_next(&left, &host)) {
        enum iw_named_host which = iw_named_host(host);
        item.host = which == IW_NAMED_HOST_OTHER ? iw_named_host_bare(host) : IW_STR("");
        item.is_unread = is_unread || which == IW_NAMED_HOST_UNKNOWN;
        add(asking, item);
    }
    return true;
}

bool iw_asking_make(struct iw_asking *asking, enum iw_switch_kind kind, struct iw_str subject)
{
    return make(asking, kind, subject, false);
}

bool iw_asking_make_unread(struct iw_asking *asking, enum iw_switch_kind kind,
                           struct iw_str subject)
{
    return make(asking, kind, subject, true);
}

bool iw_asking_suspects(const struct iw_asking *asking, const struct iw_switch_word *word)
{
    size_t n = 0;
    if (!word->is_unread)
        return false;
    for (size_t i = 0; i < word->text.n; i++)
        n += word->text.p[i] != '*';
    return word->is_made || asking->about.is_telling || (n > 1 && iw_may_be_logging(word->text));
}
