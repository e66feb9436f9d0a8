/*
 * Left out on purpose: calls by a name that is not there as it is (`& $name`), through an alias,
 * and what is handed to a function.
 */
#include "coverage/switch_sessions.h"

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"
#include "coverage/switch_inside.h"
#include "coverage/switch_names.h"

struct call {
    int64_t time_ns;
    uint32_t process_id; /* 0: not told */
    uint32_t names;      /* which of all_names */
};

struct function {
    const struct function *next;
    int64_t time_ns;
    uint32_t process_id;
    struct iw_str name;
    const struct iw_switch *items;
    size_t n;
};

/* A variable that a text is left with. */
struct given {
    const struct given *next;
    int64_t time_ns;
    uint32_t process_id;
    uint32_t word; /* of its name, as a number */
    struct iw_switch_variable variable;
};

/* A text that names what it does not know. */
struct lacking {
    const struct lacking *next;
    struct iw_script_text text;
};

struct host {
    const struct given *given;
    const struct lacking *lacking;
    struct iw_str computer; /* as its first event wrote it */
    struct call *calls;
    size_t n_calls, cap_calls;
    const struct function *functions;
    bool is_cut; /* there were more calls */
    bool hides;  /* more variables that name what logs were set than are kept */
};

struct iw_switch_sessions {
    iw_switch_taker *take;
    iw_switch_hider *hide;
    void *state;
    struct iw_arena arena, scratch;
    struct iw_buffer key;
    struct iw_map by_host;  /* lower case → struct host * */
    struct iw_map by_names; /* numbers → struct iw_switch_names *, in the order of all_names */
    struct iw_switch_names found;
    size_t n_bytes; /* of all that is kept */
    size_t n_looks; /* at calls, of the host that is settled */
};

/* As many looks as taking what a call asks for takes. */
#define LOOKS_OF_TAKING 32U

struct iw_switch_sessions *iw_switch_sessions_new(iw_switch_taker *take, iw_switch_hider *hide,
                                                  void *state)
{
    struct iw_switch_sessions *sessions = iw_calloc(1, sizeof *sessions);
    if (sessions == NULL)
        return NULL;
    sessions->take = take;
    sessions->hide = hide;
    sessions->state = state;
    iw_arena_init(&sessions->arena, 0);
    iw_arena_init(&sessions->scratch, 0);
    iw_buffer_init(&sessions->key);
    iw_map_init(&sessions->by_host);
    iw_map_init(&sessions->by_names);
    return sessions;
}

void iw_switch_sessions_free(struct iw_switch_sessions *sessions)
{
    if (sessions == NULL)
        return;
    for (size_t i = 0; i < sessions->by_host.n; i++)
        iw_free(((struct host *)sessions->by_host.entries[i].value.pointer)->calls);
    iw_map_done(&sessions->by_names);
    iw_map_done(&sessions->by_host);
    iw_buffer_done(&sessions->key);
    iw_arena_done(&sessions->scratch);
    iw_arena_done(&sessions->arena);
    iw_free(sessions);
}

/* --- what is kept --------------------------------------------------------------------------- */

/* The entry of a key, made with *n_bytes* zeros where there is none. NULL: no memory. */
static struct iw_map_entry *kept_under(struct iw_switch_sessions *sessions, struct iw_map *map,
                                       struct iw_str key, size_t n_bytes, bool *ret_new)
{
    struct iw_map_entry *entry = iw_map_find(map, key);
    void *made;
    *ret_new = entry == NULL;
    if (entry != NULL)
        return entry;
    key = iw_arena_copy(&sessions->arena, key);
    made = iw_arena_calloc(&sessions->arena, 1, n_bytes);
    entry = key.p != NULL && made != NULL ? iw_map_add(map, key, NULL) : NULL;
    if (entry == NULL)
        return NULL;
    entry->value.pointer = made;
    sessions->n_bytes += key.n + n_bytes + sizeof *entry;
    return entry;
}

static struct host *host_of(struct iw_switch_sessions *sessions, struct iw_str computer)
{
    struct iw_buffer *key = &sessions->key;
    struct iw_map_entry *entry;
    struct host *host;
    bool is_new;
    iw_buffer_clear(key);
    for (size_t i = 0; i < computer.n; i++)
        iw_buffer_add_char(key, iw_ascii_lower(computer.p[i]));
    entry = key->failed ? NULL
                        : kept_under(sessions, &sessions->by_host, iw_buffer_str(key), sizeof *host,
                                     &is_new);
    if (entry == NULL)
        return NULL;
    host = entry->value.pointer;
    if (is_new)
        host->computer = computer;
    return !is_new || iw_arena_keep(&sessions->arena, &host->computer) ? host : NULL;
}

/* The same names are kept once, however many texts have them. NULL: no memory. */
static struct iw_map_entry *names_of(struct iw_switch_sessions *sessions,
                                     const struct iw_switch_names *names)
{
    size_t n_bytes = offsetof(struct iw_switch_names, items) + names->n * sizeof names->items[0];
    bool is_new;
    struct iw_map_entry *entry =
        kept_under(sessions, &sessions->by_names, (struct iw_str){(const char *)names, n_bytes},
                   n_bytes, &is_new);
    if (entry != NULL && is_new)
        memcpy(entry->value.pointer, names, n_bytes);
    return entry;
}

static bool grow(struct iw_switch_sessions *sessions, struct host *host)
{
    size_t cap = host->cap_calls != 0 ? host->cap_calls * 2 : 16;
    struct call *calls = iw_realloc(host->calls, cap * sizeof *calls);
    if (calls == NULL)
        return false;
    sessions->n_bytes += (cap - host->cap_calls) * sizeof *calls;
    host->calls = calls;
    host->cap_calls = cap;
    return true;
}

static enum iw_rc keep_call(struct iw_switch_sessions *sessions, struct host *host,
                            const struct iw_switch_names *names, struct call call)
{
    const struct call *last = host->n_calls != 0 ? &host->calls[host->n_calls - 1] : NULL;
    const struct iw_map_entry *entry;
    if (host->n_calls >= IW_LIMIT_SESSION_CALLS || sessions->n_bytes >= IW_LIMIT_SESSION_BYTES) {
        host->is_cut = true;
        return IW_OK;
    }
    entry = names_of(sessions, names);
    if (entry == NULL)
        return IW_ENOMEM;
    call.names = (uint32_t)(entry - sessions->by_names.entries);
    if (last != NULL && last->time_ns == call.time_ns && last->names == call.names &&
        last->process_id == call.process_id)
        return IW_OK;
    if ((host->calls == NULL || host->n_calls == host->cap_calls) && !grow(sessions, host))
        return IW_ENOMEM;
    host->calls[host->n_calls++] = call;
    return IW_OK;
}

/* False: there is none; what it was for is as what nobody knows. */
static bool take_room(struct iw_switch_sessions *sessions, size_t n_bytes)
{
    if (sessions->n_bytes + n_bytes > IW_LIMIT_SESSION_BYTES)
        return false;
    sessions->n_bytes += n_bytes;
    return true;
}

/* Its switches at the time of a call, or of its text where that came later. */
static enum iw_rc take_call(struct iw_switch_sessions *sessions, const struct function *function,
                            int64_t time_ns, const char *how)
{
    iw_arena_reset(&sessions->scratch);
    for (size_t i = 0; i < function->n; i++) {
        struct iw_switch item = function->items[i];
        if (time_ns > item.time_ns)
            item.time_ns = time_ns;
        item.by = iw_arena_format(&sessions->scratch, "%.*s in %.*s%s", IW_STR_ARG(item.by),
                                  IW_STR_ARG(function->name), how);
        if (item.by.p == NULL)
            return IW_ENOMEM;
        IW_TRY(sessions->take(sessions->state, &item));
    }
    return IW_OK;
}

static enum iw_rc take_as_called(struct iw_switch_sessions *sessions,
                                 const struct function *function)
{
    return take_call(sessions, function, function->time_ns, ", which may have been called");
}

static enum iw_rc keep_function(struct iw_switch_sessions *sessions, struct host *host,
                                struct function one)
{
    struct iw_switch *items;
    struct function *kept;
    size_t n_bytes = sizeof *kept + one.name.n + one.n * sizeof *items;
    for (size_t i = 0; i < one.n; i++)
        n_bytes += one.items[i].computer.n + one.items[i].subject.n + one.items[i].by.n;
    if (!take_room(sessions, n_bytes))
        return take_as_called(sessions, &one);
    kept = iw_arena_alloc(&sessions->arena, sizeof *kept);
    items = iw_arena_alloc(&sessions->arena, one.n * sizeof *items);
    if (kept == NULL || items == NULL || !iw_arena_keep(&sessions->arena, &one.name))
        return IW_ENOMEM;
    for (size_t i = 0; i < one.n; i++) {
        items[i] = one.items[i];
        if (!iw_arena_keep(&sessions->arena, &items[i].computer) ||
            !iw_arena_keep(&sessions->arena, &items[i].subject) ||
            !iw_arena_keep(&sessions->arena, &items[i].by))
            return IW_ENOMEM;
    }
    one.items = items;
    one.next = host->functions;
    *kept = one;
    host->functions = kept;
    return IW_OK;
}

/* The next word of a text; false: there is none. */
static bool next_word(struct iw_str *rest, struct iw_str *ret)
{
    size_t begin = 0, end;
    while (begin < rest->n && !iw_switch_is_of_name(rest->p[begin]))
        begin++;
    for (end = begin; end < rest->n && iw_switch_is_of_name(rest->p[end]);)
        end++;
    *ret = (struct iw_str){rest->p + begin, end - begin};
    *rest = (struct iw_str){rest->p + end, rest->n - end};
    return ret->n != 0;
}

/* Of a name that is no word, as `${a b}` may have, the first of it. */
static uint32_t word_of(struct iw_str name)
{
    struct iw_str word;
    (void)next_word(&name, &word);
    return iw_switch_name_number(word);
}

static enum iw_rc keep_given(struct iw_switch_sessions *sessions, struct host *host,
                             struct given one)
{
    struct given *kept;
    if (!take_room(sessions, sizeof *kept + one.variable.name.n + one.variable.value.n)) {
        host->hides = true;
        return IW_OK;
    }
    kept = iw_arena_alloc(&sessions->arena, sizeof *kept);
    if (kept == NULL || !iw_arena_keep(&sessions->arena, &one.variable.name) ||
        !iw_arena_keep(&sessions->arena, &one.variable.value))
        return IW_ENOMEM;
    one.word = word_of(one.variable.name);
    one.next = host->given;
    *kept = one;
    host->given = kept;
    return IW_OK;
}

static enum iw_rc keep_lacking(struct iw_switch_sessions *sessions, struct host *host,
                               struct iw_script_text text)
{
    struct iw_str bytes = {(const char *)text.text.p, text.text.n};
    struct lacking *kept;
    if (bytes.n > IW_SWITCH_LATER_BYTES || !take_room(sessions, sizeof *kept + bytes.n))
        return IW_OK;
    kept = iw_arena_alloc(&sessions->arena, sizeof *kept);
    if (kept == NULL || !iw_arena_keep(&sessions->arena, &bytes))
        return IW_ENOMEM;
    text.computer = host->computer;
    text.text.p = (const uint8_t *)bytes.p;
    *kept = (struct lacking){host->lacking, text};
    host->lacking = kept;
    return IW_OK;
}

static enum iw_rc keep_variables(struct iw_switch_sessions *sessions, struct host *host,
                                 const struct iw_script_text *text,
                                 const struct iw_switches_read *read)
{
    struct iw_script_text lacking = *text;
    host->hides |= read->left != NULL && read->left->is_cut;
    for (size_t i = 0; read->left != NULL && i < read->left->n; i++)
        IW_TRY(keep_given(sessions, host,
                          (struct given){.time_ns = text->time_ns,
                                         .process_id = text->process_id,
                                         .variable = read->left->items[i]}));
    if (read->lacking.p == NULL)
        return IW_OK;
    lacking.text = (struct iw_value){(const uint8_t *)read->lacking.p, (uint32_t)read->lacking.n,
                                     IW_VALUE_UTF8};
    return keep_lacking(sessions, host, lacking);
}

enum iw_rc iw_switch_sessions_see(struct iw_switch_sessions *sessions,
                                  const struct iw_script_text *text,
                                  const struct iw_switches_read *read)
{
    struct host *host;
    iw_switch_names_find(text->text, &sessions->found);
    if (sessions->found.n == 0 && read->n_functions == 0 && read->left == NULL &&
        read->lacking.p == NULL)
        return IW_OK;
    host = host_of(sessions, text->computer);
    if (host == NULL)
        return IW_ENOMEM;
    IW_TRY(keep_call(sessions, host, &sessions->found,
                     (struct call){.time_ns = text->time_ns, .process_id = text->process_id}));
    for (size_t i = 0; i < read->n_functions; i++)
        IW_TRY(keep_function(sessions, host,
                             (struct function){.time_ns = text->time_ns,
                                               .process_id = text->process_id,
                                               .name = read->functions[i].name,
                                               .items = read->functions[i].items,
                                               .n = read->functions[i].n}));
    return keep_variables(sessions, host, text, read);
}

enum iw_rc iw_switch_sessions_merge(struct iw_switch_sessions *into,
                                    const struct iw_switch_sessions *from)
{
    for (size_t i = 0; i < from->by_host.n; i++) {
        const struct host *more = from->by_host.entries[i].value.pointer;
        struct host *host = host_of(into, more->computer);
        if (host == NULL)
            return IW_ENOMEM;
        host->is_cut |= more->is_cut;
        host->hides |= more->hides;
        for (size_t k = 0; k < more->n_calls; k++)
            IW_TRY(keep_call(into, host, from->by_names.entries[more->calls[k].names].value.pointer,
                             more->calls[k]));
        for (const struct function *one = more->functions; one != NULL; one = one->next)
            IW_TRY(keep_function(into, host, *one));
        for (const struct given *one = more->given; one != NULL; one = one->next)
            IW_TRY(keep_given(into, host, *one));
        for (const struct lacking *one = more->lacking; one != NULL; one = one->next)
            IW_TRY(keep_lacking(into, host, one->text));
    }
    return IW_OK;
}

/* --- what was called ------------------------------------------------------------------------ */

static bool is_same_process(uint32_t a, uint32_t b)
{
    return a == b || a == 0 || b == 0;
}

/* Whether a text of the same process may call it. */
static bool may_call(const struct iw_switch_sessions *sessions, const struct call *call,
                     const struct function *function, uint32_t number)
{
    int64_t later_ns;
    if (!is_same_process(call->process_id, function->process_id))
        return false;
    if (__builtin_sub_overflow(call->time_ns, function->time_ns, &later_ns) ||
        later_ns > IW_SWITCH_CALLED_BEHIND_NS || later_ns < -IW_SWITCH_CALLED_BEFORE_NS)
        return false;
    return iw_switch_names_hold(sessions->by_names.entries[call->names].value.pointer, number);
}

static enum iw_rc take_called(struct iw_switch_sessions *sessions, const struct host *host,
                              const struct function *function)
{
    uint32_t number = iw_switch_name_number(function->name);
    for (size_t i = 0; i < host->n_calls; i++) {
        if (++sessions->n_looks > IW_LIMIT_SESSION_LOOKS)
            return sessions->hide(sessions->state, host->computer);
        if (!may_call(sessions, &host->calls[i], function, number))
            continue;
        sessions->n_looks += function->n * LOOKS_OF_TAKING;
        IW_TRY(take_call(sessions, function, host->calls[i].time_ns, ""));
    }
    return host->is_cut ? take_as_called(sessions, function) : IW_OK;
}

/* --- variables ------------------------------------------------------------------------------ */

/* Whether a variable was set later, or is another's of the same moment. */
static bool is_behind(const struct given *one, const struct given *other)
{
    if (one->time_ns != other->time_ns)
        return one->time_ns > other->time_ns;
    return iw_str_compare(one->variable.value, other->variable.value) > 0;
}

struct words {
    uint32_t *items; /* sorted */
    size_t n;
};

/* All words of a text, as numbers. */
static enum iw_rc find_words(struct iw_str text, struct iw_arena *scratch, struct words *ret)
{
    struct iw_str word;
    *ret = (struct words){iw_arena_alloc(scratch, (text.n / 2 + 1) * sizeof *ret->items), 0};
    if (ret->items == NULL)
        return IW_ENOMEM;
    while (next_word(&text, &word))
        ret->items[ret->n++] = iw_switch_name_number(word);
    iw_switch_numbers_sort(ret->items, ret->n);
    return IW_OK;
}

/* The last values of variables that the text's process knows and that it names. */
static void find_known(const struct host *host, const struct iw_script_text *text,
                       const struct words *words, struct iw_switch_left *ret)
{
    const struct given *from[IW_SWITCH_LEFT];
    ret->n = 0;
    ret->is_cut = false;
    for (const struct given *one = host->given; one != NULL; one = one->next) {
        int64_t later_ns;
        size_t i = 0;
        if (!is_same_process(one->process_id, text->process_id) ||
            __builtin_sub_overflow(text->time_ns, one->time_ns, &later_ns) || later_ns <= 0 ||
            later_ns > IW_SWITCH_KNOWN_NS ||
            !iw_switch_numbers_hold(words->items, words->n, one->word))
            continue;
        while (i < ret->n && !iw_str_equal_nocase(ret->items[i].name, one->variable.name))
            i++;
        ret->is_cut |= i == IW_SWITCH_LEFT;
        if (i == IW_SWITCH_LEFT || (i < ret->n && !is_behind(one, from[i])))
            continue;
        from[i] = one;
        ret->items[i] = one->variable;
        ret->n += i == ret->n;
    }
}

static enum iw_rc take_lacking(struct iw_switch_sessions *sessions, const struct host *host,
                               const struct iw_script_text *text)
{
    struct iw_switch_left known;
    struct iw_switches_read read;
    struct words words;
    iw_arena_reset(&sessions->scratch);
    IW_TRY(find_words((struct iw_str){(const char *)text->text.p, text->text.n}, &sessions->scratch,
                      &words));
    find_known(host, text, &words, &known);
    if (known.is_cut)
        IW_TRY(sessions->hide(sessions->state, host->computer));
    if (known.n == 0)
        return IW_OK;
    IW_TRY(iw_switch_read_later(text, &known, &sessions->scratch, &read));
    for (size_t i = 0; i < read.n; i++)
        IW_TRY(sessions->take(sessions->state, &read.items[i]));
    return IW_OK;
}

enum iw_rc iw_switch_sessions_settle(struct iw_switch_sessions *sessions)
{
    for (size_t i = 0; i < sessions->by_host.n; i++) {
        const struct host *host = sessions->by_host.entries[i].value.pointer;
        sessions->n_looks = 0;
        if (host->hides)
            IW_TRY(sessions->hide(sessions->state, host->computer));
        for (const struct function *one = host->functions; one != NULL; one = one->next)
            IW_TRY(take_called(sessions, host, one));
        for (const struct lacking *one = host->lacking; one != NULL; one = one->next)
            IW_TRY(take_lacking(sessions, host, &one->text));
    }
    return IW_OK;
}
