#include "coverage/switches.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"
#include "coverage/folder_audit.h"
#include "coverage/switch_named.h"
#include "coverage/switch_read.h"
#include "coverage/switch_sessions.h"

/* How many there are of a computer, as events and commands write it. */
struct count {
    struct iw_str computer; /* spelt as it was first: hosts are found by that */
    bool is_elsewhere;
    uint64_t n_kept, n_hidden;
};

struct iw_switches {
    struct iw_arena arena, scratch;
    const struct iw_watched_folders *folders; /* NULL: of whatever folders */
    struct iw_switch_glance glance;
    struct iw_switch_parts *parts;
    struct iw_switch_sessions *sessions;
    struct iw_buffer key;
    struct iw_map by_key;      /* → struct iw_switch * */
    struct iw_map by_computer; /* lower case, behind `e` of elsewhere or `o` → struct count * */
    uint64_t n_hidden;         /* past the limit of all */
};

static enum iw_rc keep(struct iw_switches *switches, struct iw_switch made);
static enum iw_rc hide_called(void *state, struct iw_str computer);

static enum iw_rc keep_called(void *state, const struct iw_switch *item)
{
    return keep(state, *item);
}

struct iw_switches *iw_switches_new(void)
{
    struct iw_switches *switches = iw_calloc(1, sizeof *switches);
    if (switches == NULL)
        return NULL;
    iw_arena_init(&switches->arena, 0);
    iw_arena_init(&switches->scratch, 0);
    iw_switch_glance_init(&switches->glance);
    iw_buffer_init(&switches->key);
    iw_map_init(&switches->by_key);
    iw_map_init(&switches->by_computer);
    switches->parts = iw_switch_parts_new();
    switches->sessions = iw_switch_sessions_new(keep_called, hide_called, switches);
    if (switches->parts == NULL || switches->sessions == NULL) {
        iw_switches_free(switches);
        return NULL;
    }
    return switches;
}

void iw_switches_free(struct iw_switches *switches)
{
    if (switches == NULL)
        return;
    iw_switch_sessions_free(switches->sessions);
    iw_switch_parts_free(switches->parts);
    iw_map_done(&switches->by_key);
    iw_map_done(&switches->by_computer);
    iw_buffer_done(&switches->key);
    iw_arena_done(&switches->scratch);
    iw_arena_done(&switches->arena);
    iw_free(switches);
}

static void add_text(struct iw_buffer *out, struct iw_str text)
{
    iw_buffer_add(out, (struct iw_str){(const char *)&text.n, sizeof text.n});
    iw_buffer_add(out, text);
}

static bool make_key(struct iw_buffer *key, const struct iw_switch *made)
{
    iw_buffer_clear(key);
    iw_buffer_add_char(key, (char)made->kind);
    iw_buffer_add_char(key, (char)made->dialect);
    iw_buffer_add(key, (struct iw_str){(const char *)&made->time_ns, sizeof made->time_ns});
    iw_buffer_add(key, (struct iw_str){(const char *)&made->old_ns, sizeof made->old_ns});
    iw_buffer_add(key, (struct iw_str){(const char *)&made->new_ns, sizeof made->new_ns});
    add_text(key, made->computer);
    add_text(key, made->subject);
    add_text(key, made->by);
    return !key->failed;
}

/* Cut between two characters. */
static struct iw_str cut(struct iw_str text)
{
    size_t n = IW_LIMIT_SWITCH_TEXT_BYTES;
    if (text.n <= n)
        return text;
    while (n != 0 && ((uint8_t)text.p[n] & 0xC0U) == 0x80U)
        n--;
    return (struct iw_str){text.p, n};
}

/* *ret NULL: there are too many computers. */
static enum iw_rc count_of(struct iw_switches *switches, struct iw_str computer, bool is_elsewhere,
                           struct count **ret)
{
    struct iw_buffer *key = &switches->key;
    struct iw_map_entry *entry;
    struct iw_str kept;
    *ret = NULL;
    iw_buffer_clear(key);
    iw_buffer_add_char(key, is_elsewhere ? 'e' : 'o');
    for (size_t i = 0; i < computer.n; i++)
        iw_buffer_add_char(key, iw_ascii_lower(computer.p[i]));
    if (key->failed)
        return IW_ENOMEM;
    entry = iw_map_find(&switches->by_computer, iw_buffer_str(key));
    if (entry != NULL || switches->by_computer.n >= IW_LIMIT_SWITCHES) {
        *ret = entry != NULL ? entry->value.pointer : NULL;
        return IW_OK;
    }
    kept = iw_arena_copy(&switches->arena, iw_buffer_str(key));
    *ret = iw_arena_calloc(&switches->arena, 1, sizeof **ret);
    if (kept.p == NULL || *ret == NULL)
        return IW_ENOMEM;
    **ret = (struct count){.computer = computer, .is_elsewhere = is_elsewhere};
    if (!iw_arena_keep(&switches->arena, &(*ret)->computer))
        return IW_ENOMEM;
    entry = iw_map_add(&switches->by_computer, kept, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = *ret;
    return IW_OK;
}

static enum iw_rc count_hidden(struct iw_switches *switches, struct iw_str computer)
{
    struct count *count;
    IW_TRY(count_of(switches, cut(computer), false, &count));
    (*(count != NULL ? &count->n_hidden : &switches->n_hidden))++;
    return IW_OK;
}

static enum iw_rc hide_called(void *state, struct iw_str computer)
{
    return count_hidden(state, computer);
}

/* Counts one more of a computer; *ret: there is room for it. */
static enum iw_rc find_room(struct iw_switches *switches, const struct iw_switch *made, bool *ret)
{
    struct count *count;
    *ret = false;
    IW_TRY(count_of(switches, made->computer, made->is_elsewhere, &count));
    if (count != NULL && count->n_kept >= IW_LIMIT_SWITCHES_OF_HOST)
        count->n_hidden++;
    else if (count == NULL || switches->by_key.n >= IW_LIMIT_SWITCHES)
        switches->n_hidden++;
    else {
        count->n_kept++;
        *ret = true;
    }
    return IW_OK;
}

static enum iw_rc keep(struct iw_switches *switches, struct iw_switch made)
{
    struct iw_switch *kept;
    struct iw_map_entry *entry;
    struct iw_str key;
    bool has_room;
    made.computer = cut(made.computer);
    made.subject = cut(made.subject);
    made.by = cut(made.by);
    if (!make_key(&switches->key, &made))
        return IW_ENOMEM;
    entry = iw_map_find(&switches->by_key, iw_buffer_str(&switches->key));
    if (entry != NULL) {
        kept = entry->value.pointer;
        if (made.source < kept->source)
            kept->source = made.source;
        kept->is_whole &= made.is_whole;
        kept->is_narrowed |= made.is_narrowed;
        return IW_OK;
    }
    IW_TRY(find_room(switches, &made, &has_room));
    if (!has_room)
        return IW_OK;
    if (!make_key(&switches->key, &made)) /* the buffer held a computer */
        return IW_ENOMEM;
    key = iw_arena_copy(&switches->arena, iw_buffer_str(&switches->key));
    kept = iw_arena_alloc(&switches->arena, sizeof *kept);
    if (key.p == NULL || kept == NULL)
        return IW_ENOMEM;
    *kept = made;
    if (!iw_arena_keep(&switches->arena, &kept->computer) ||
        !iw_arena_keep(&switches->arena, &kept->subject) ||
        !iw_arena_keep(&switches->arena, &kept->by))
        return IW_ENOMEM;
    entry = iw_map_add(&switches->by_key, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = kept;
    return IW_OK;
}

void iw_switches_watch(struct iw_switches *switches, const struct iw_watched_folders *folders)
{
    switches->folders = folders;
}

/* Of folders that cannot be told all are kept; a whole list may end what was taken away there. */
static enum iw_rc is_asked(struct iw_switches *switches, const struct iw_switch *made, bool *ret)
{
    struct iw_str key;
    *ret = true;
    if (made->kind != IW_SWITCH_SACL_ON || made->is_whole || switches->folders == NULL)
        return IW_OK;
    IW_TRY(iw_folder_audit_key(made->subject, &switches->scratch, &key));
    *ret = key.n == 0 || iw_watched_folders_any_below(switches->folders, key);
    return IW_OK;
}

static enum iw_rc take_read(struct iw_switches *switches, const struct iw_switches_read *read)
{
    for (size_t i = 0; i < read->n; i++) {
        bool may_keep;
        IW_TRY(is_asked(switches, &read->items[i], &may_keep));
        if (may_keep)
            IW_TRY(keep(switches, read->items[i]));
    }
    return IW_OK;
}

static enum iw_rc take_text(void *state, const struct iw_script_text *text)
{
    struct iw_switches *switches = state;
    struct iw_switches_read read;
    IW_TRY(iw_switch_read_text(text, &switches->glance, &switches->scratch, &read));
    IW_TRY(take_read(switches, &read));
    return iw_switch_sessions_see(switches->sessions, text, &read);
}

/* One for which there is no room is heard by itself: what it has of a command it cuts is not. */
static enum iw_rc take_part(void *state, const struct iw_script_part *part)
{
    struct iw_switches *switches = state;
    enum iw_script_part_fate fate;
    struct iw_script_text whole;
    if (part->text.is_whole)
        return take_text(switches, &part->text);
    IW_TRY(iw_switch_parts_add(switches->parts, part, &switches->scratch, &fate, &whole));
    if (fate == IW_PART_WAITS)
        return IW_OK;
    if (fate == IW_PART_HAS_NO_ROOM)
        IW_TRY(count_hidden(switches, part->text.computer));
    return take_text(switches, fate == IW_PART_COMPLETES ? &whole : &part->text);
}

/* A function of its own, so that what it takes can be told from the rest of a hunt (bench/run). */
__attribute__((noinline)) static enum iw_rc read_switches(struct iw_switches *switches,
                                                          const struct iw_event *event)
{
    struct iw_switches_read read;
    struct iw_script_part part;
    bool is_text;
    iw_arena_reset(&switches->scratch);
    IW_TRY(iw_switch_read_part(event, &switches->scratch, &part, &is_text));
    if (is_text)
        return take_part(switches, &part);
    IW_TRY(iw_switch_read(event, &switches->glance, &switches->scratch, &read));
    return take_read(switches, &read);
}

enum iw_rc iw_switches_add(struct iw_switches *switches, const struct iw_event *event)
{
    return iw_switch_may_be(event) ? read_switches(switches, event) : IW_OK;
}

static enum iw_rc take_waiting(void *state, const struct iw_script_part *part)
{
    struct iw_switches *into = state;
    iw_arena_reset(&into->scratch);
    return take_part(into, part);
}

enum iw_rc iw_switches_merge(struct iw_switches *into, const struct iw_switches *from)
{
    into->n_hidden += from->n_hidden;
    for (size_t i = 0; i < from->by_computer.n; i++) {
        const struct count *more = from->by_computer.entries[i].value.pointer;
        struct count *count;
        if (more->n_hidden == 0)
            continue;
        IW_TRY(count_of(into, more->computer, more->is_elsewhere, &count));
        *(count != NULL ? &count->n_hidden : &into->n_hidden) += more->n_hidden;
    }
    for (size_t i = 0; i < from->by_key.n; i++)
        IW_TRY(keep(into, *(const struct iw_switch *)from->by_key.entries[i].value.pointer));
    IW_TRY(iw_switch_parts_merge(into->parts, from->parts, take_waiting, into));
    return iw_switch_sessions_merge(into->sessions, from->sessions);
}

static int compare_times(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const struct iw_switch *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    if (order == 0)
        order = compare_times(a->time_ns, b->time_ns);
    if (order == 0)
        order = (int)a->kind - (int)b->kind;
    if (order == 0)
        order = iw_str_compare(a->subject, b->subject);
    if (order == 0)
        order = (int)b->is_asked - (int)a->is_asked;
    if (order == 0)
        order = iw_str_compare(a->by, b->by);
    if (order == 0)
        order = compare_times(a->old_ns, b->old_ns);
    if (order == 0)
        order = compare_times(a->new_ns, b->new_ns);
    return order != 0 ? order : iw_str_compare(a->computer, b->computer);
}

/* The same for one host, kind and subject, whatever the letter case of that. p NULL: no memory. */
static struct iw_str kind_key(const struct iw_switch *item, struct iw_arena *arena)
{
    bool is_any = item->kind == IW_SWITCH_SYSMON_CONFIGURED; /* whatever the hash */
    struct iw_str subject = iw_arena_lower(arena, is_any ? IW_STR("") : item->subject);
    if (subject.p == NULL)
        return subject;
    return iw_arena_format(arena, "%d %.*s %.*s", (int)item->kind, IW_STR_ARG(item->host),
                           IW_STR_ARG(subject));
}

/* Drops what a command asked for and an event of the same host says soon after; backwards, so that
 * of each kind and subject the nearest event behind is known. */
static enum iw_rc drop_confirmed(struct iw_switch *items, size_t n, struct iw_arena *arena,
                                 struct iw_map *nearest)
{
    for (size_t i = n; i-- != 0;) {
        struct iw_switch *item = &items[i];
        struct iw_str key = kind_key(item, arena);
        struct iw_map_entry *entry;
        int64_t later_ns;
        if (key.p == NULL)
            return IW_ENOMEM;
        entry = item->is_asked ? iw_map_find(nearest, key) : iw_map_add(nearest, key, NULL);
        if (!item->is_asked && entry == NULL)
            return IW_ENOMEM;
        if (!item->is_asked)
            entry->value.pointer = item;
        else if (entry != NULL &&
                 !__builtin_sub_overflow(((struct iw_switch *)entry->value.pointer)->time_ns,
                                         item->time_ns, &later_ns) &&
                 later_ns <= IW_SWITCH_CONFIRMED_NS)
            item->is_confirmed = true;
    }
    return IW_OK;
}

static enum iw_rc without_confirmed(struct iw_switch *items, size_t *n)
{
    struct iw_arena arena;
    struct iw_map nearest;
    size_t kept = 0;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    iw_map_init(&nearest);
    rc = drop_confirmed(items, *n, &arena, &nearest);
    for (size_t i = 0; i < *n; i++) {
        if (!items[i].is_confirmed)
            items[kept++] = items[i];
    }
    *n = kept;
    iw_map_done(&nearest);
    iw_arena_done(&arena);
    return rc;
}

struct naming {
    const struct iw_hosts *hosts;
    struct iw_named_hosts named;
};

/* The host of a computer, as its events or a command write it. False: it is one that a command
 * names, and not in evidence. */
static enum iw_rc find_host(struct naming *naming, struct iw_str computer, bool is_elsewhere,
                            struct iw_str *ret, bool *ret_is_one)
{
    if (is_elsewhere)
        IW_TRY(iw_named_host_find(&naming->named, naming->hosts, computer, ret));
    else
        *ret = iw_hosts_find(naming->hosts, computer);
    *ret_is_one = !is_elsewhere || ret->n != 0;
    return IW_OK;
}

/* Under the names of hosts and with corrected times, without what was asked for on machines that
 * are not in evidence. */
static enum iw_rc settle_items(const struct iw_map *by_key, struct naming *naming,
                               struct iw_clocks *clocks, struct iw_switch *items, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < by_key->n; i++) {
        struct iw_switch *item = &items[n];
        bool is_one;
        *item = *(const struct iw_switch *)by_key->entries[i].value.pointer;
        IW_TRY(find_host(naming, item->computer, item->is_elsewhere, &item->host, &is_one));
        if (clocks != NULL)
            item->time_ns = iw_clocks_correct(clocks, item->source, item->dialect, item->computer,
                                              item->time_ns);
        n += is_one;
    }
    *ret_n = n;
    return IW_OK;
}

static int compare_hosts(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

static enum iw_rc settle_cut(struct iw_switches *switches, struct naming *naming,
                             struct iw_switch_list *ret)
{
    struct iw_str *cut = iw_arena_calloc(&switches->arena, switches->by_computer.n, sizeof *cut);
    size_t n = 0, n_kept = 0;
    if (cut == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < switches->by_computer.n; i++) {
        const struct count *count = switches->by_computer.entries[i].value.pointer;
        bool is_one;
        if (count->n_hidden == 0)
            continue;
        IW_TRY(find_host(naming, count->computer, count->is_elsewhere, &cut[n], &is_one));
        n += is_one;
    }
    if (n > 1)
        qsort(cut, n, sizeof *cut, compare_hosts);
    for (size_t i = 0; i < n; i++) {
        if (n_kept == 0 || !iw_str_equal(cut[i], cut[n_kept - 1]))
            cut[n_kept++] = cut[i];
    }
    ret->cut_hosts = cut;
    ret->n_cut_hosts = n_kept;
    return IW_OK;
}

bool iw_switches_are_cut(const struct iw_switch_list *list, struct iw_str host)
{
    return list->n_hidden != 0 ||
           (list->n_cut_hosts != 0 &&
            bsearch(&host, list->cut_hosts, list->n_cut_hosts, sizeof host, compare_hosts) != NULL);
}

static enum iw_rc settle(struct iw_switches *switches, struct naming *naming,
                         struct iw_clocks *clocks, struct iw_switch_list *ret)
{
    struct iw_switch *items;
    size_t n;
    IW_TRY(iw_switch_parts_rest(switches->parts, &switches->scratch, take_text, switches));
    IW_TRY(iw_switch_sessions_settle(switches->sessions));
    items = iw_arena_calloc(&switches->arena, switches->by_key.n, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    IW_TRY(settle_items(&switches->by_key, naming, clocks, items, &n));
    if (n > 1)
        qsort(items, n, sizeof *items, compare);
    IW_TRY(without_confirmed(items, &n));
    *ret = (struct iw_switch_list){.items = items, .n = n, .n_hidden = switches->n_hidden};
    return settle_cut(switches, naming, ret);
}

enum iw_rc iw_switches_settle(struct iw_switches *switches, const struct iw_hosts *hosts,
                              struct iw_clocks *clocks, struct iw_switch_list *ret)
{
    struct naming naming = {.hosts = hosts, .named = {.is_made = false}};
    enum iw_rc rc = settle(switches, &naming, clocks, ret);
    iw_named_hosts_done(&naming.named);
    return rc;
}
