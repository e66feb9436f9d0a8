#include "detect/baseline_batch_odd.h"

#include <stdlib.h>

#include "base/arena_text.h"
#include "base/map.h"
#include "base/path_name.h"
#include "detect/judgment.h"
#include "iis/web/web_mark.h"

/* One of so many at most has an odd value, and one of so many at most has any such; of fewer than
 * the first, one alone has it, and one of so many has any such. */
#define RARE_SHARE 20U
#define ODD_SHARE 10U
#define ODD_SHARE_OF_FEW 4U
/* Where more have such values, but not most, so many of the values are named. */
#define VARIED_SHARE 2U
#define APART_NS (60 * IW_NS_PER_SECOND)

static bool is_young(struct iw_str mark)
{
    return iw_str_begins_nocase(mark, iw_str_of(iw_web_mark_name(IW_WEB_MARK_YOUNG)));
}

/* Names of marks: "name: sentence". */
static struct iw_str marks_of(const struct iw_inventory_web_file *web_file, struct iw_arena *arena)
{
    struct iw_buffer text;
    struct iw_str kept;
    iw_buffer_init(&text);
    for (size_t i = 0; i < web_file->marks.n; i++) {
        struct iw_str mark = web_file->marks.items[i];
        size_t n = iw_str_find(mark, IW_STR(":"));
        if (is_young(mark))
            continue;
        iw_buffer_add(&text, (struct iw_str){mark.p, n != SIZE_MAX ? n : mark.n});
        iw_buffer_add_char(&text, '|');
    }
    kept = text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return kept;
}

static struct iw_str ending_of(struct iw_str path)
{
    struct iw_str name = iw_path_name(path);
    for (size_t i = name.n; i-- != 0;) {
        if (name.p[i] == '.')
            return (struct iw_str){name.p + i, name.n - i};
    }
    return IW_STR("");
}

static struct iw_str process_of(const struct iw_case *named, struct iw_arena *arena)
{
    const struct iw_server_fact *last = NULL;
    for (size_t i = 0; i < named->n_acts; i++) {
        if (last == NULL || named->acts[i]->last_ns >= last->last_ns)
            last = named->acts[i];
    }
    return last != NULL ? iw_arena_format(arena, "%llu", (unsigned long long)last->process_id)
                        : IW_STR("");
}

/* What a member has of one kind, to be compared with the others. p NULL: no memory. */
static struct iw_str value_of(const struct iw_batch_member *member, unsigned kind,
                              struct iw_arena *arena)
{
    const struct iw_inventory_web_file *web_file = member->named->web_file;
    switch (kind) {
    case IW_BATCH_ODD_MARKS:
        return marks_of(web_file, arena);
    case IW_BATCH_ODD_AGE:
        return iw_web_mark_is_told(web_file->marks, IW_WEB_MARK_YOUNG) ? IW_STR("young")
                                                                       : IW_STR("");
    case IW_BATCH_ODD_ENDING:
        return iw_arena_lower(arena, ending_of(member->named->name));
    case IW_BATCH_ODD_HANDLER:
        return iw_arena_lower(arena,
                              web_file->handler.n != 0 ? web_file->handler : web_file->processor);
    case IW_BATCH_ODD_PROCESS:
        return process_of(member->named, arena);
    default:
        return iw_arena_lower(arena, iw_path_folder(member->named->name));
    }
}

/* Whether a value that so many of *n* have is one that hardly any has. */
static bool is_rare_value(uint64_t n_of_value, size_t n)
{
    return n < RARE_SHARE ? n_of_value == 1 : n_of_value * RARE_SHARE <= n;
}

/* Whether the rest is alike enough for so many to stand out. */
static bool may_stand_out(size_t n_rare, size_t n)
{
    return n_rare * (n < RARE_SHARE ? ODD_SHARE_OF_FEW : ODD_SHARE) <= n;
}

/* Sets the bit where few have what hardly any other has. */
static void set_where(struct iw_batch_member *members, size_t n, const bool *is_rare, unsigned kind)
{
    size_t n_rare = 0;
    for (size_t i = 0; i < n; i++)
        n_rare += is_rare[i];
    for (size_t i = 0; may_stand_out(n_rare, n) && i < n; i++)
        members[i].odd |= is_rare[i] ? kind : 0;
}

static enum iw_rc count(const struct iw_batch_member *members, size_t n, unsigned kind,
                        struct iw_arena *arena, struct iw_map *counts, size_t *places)
{
    for (size_t i = 0; i < n; i++) {
        struct iw_str value = value_of(&members[i], kind, arena);
        struct iw_map_entry *entry;
        bool is_new;
        if (value.p == NULL)
            return IW_ENOMEM;
        entry = iw_map_add(counts, value, &is_new);
        if (entry == NULL)
            return IW_ENOMEM;
        entry->value.number = is_new ? 1 : entry->value.number + 1;
        places[i] = (size_t)(entry - counts->entries);
    }
    return IW_OK;
}

static enum iw_rc find_kind(struct iw_batch_member *members, size_t n, unsigned kind,
                            struct iw_arena *arena, size_t *places, bool *is_rare)
{
    struct iw_map counts;
    enum iw_rc rc;
    iw_map_init(&counts);
    rc = count(members, n, kind, arena, &counts, places);
    for (size_t i = 0; rc == IW_OK && i < n; i++)
        is_rare[i] = is_rare_value(counts.entries[places[i]].value.number, n);
    if (rc == IW_OK)
        set_where(members, n, is_rare, kind);
    iw_map_done(&counts);
    return rc;
}

static bool is_apart(const struct iw_batch_member *a, const struct iw_batch_member *b)
{
    int64_t apart_ns;
    return __builtin_sub_overflow(b->time_ns, a->time_ns, &apart_ns) || apart_ns >= APART_NS;
}

/* A few that came at a moment of their own, a minute and more from all others: whoever slips one
 * file in slips in a second one as well. */
static void find_apart(struct iw_batch_member *members, size_t n, bool *is_rare)
{
    for (size_t first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && !is_apart(&members[end - 1], &members[end]))
            end++;
        for (size_t i = first; i < end; i++)
            is_rare[i] = iw_time_known(members[i].time_ns) &&
                         (n < RARE_SHARE ? end - first == 1 : (end - first) * ODD_SHARE <= n);
    }
    set_where(members, n, is_rare, IW_BATCH_ODD_TIME);
}

enum iw_rc iw_batch_find_odd(struct iw_batch_member *members, size_t n, struct iw_arena *arena)
{
    static const unsigned KINDS[] = {IW_BATCH_ODD_MARKS,   IW_BATCH_ODD_AGE,
                                     IW_BATCH_ODD_ENDING,  IW_BATCH_ODD_HANDLER,
                                     IW_BATCH_ODD_PROCESS, IW_BATCH_ODD_FOLDER};
    size_t *places = iw_arena_calloc(arena, n + 1, sizeof *places);
    bool *is_rare = iw_arena_calloc(arena, n + 1, sizeof *is_rare);
    if (places == NULL || is_rare == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        members[i].odd = 0;
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        IW_TRY(find_kind(members, n, KINDS[i], arena, places, is_rare));
    find_apart(members, n, is_rare);
    return IW_OK;
}

/* --- the order ---------------------------------------------------------------------------------
 */

static size_t n_ways(unsigned odd)
{
    size_t n = 0;
    for (; odd != 0; odd &= odd - 1)
        n++;
    return n;
}

static int compare(const void *left, const void *right)
{
    const struct iw_batch_member *a = *(const struct iw_batch_member *const *)left;
    const struct iw_batch_member *b = *(const struct iw_batch_member *const *)right;
    size_t n_a = n_ways(a->odd), n_b = n_ways(b->odd);
    if (n_a != n_b)
        return n_a > n_b ? -1 : 1;
    if (a->named->is_asked_for != b->named->is_asked_for)
        return a->named->is_asked_for ? -1 : 1;
    return iw_str_compare(a->named->key, b->named->key);
}

const struct iw_batch_member **iw_batch_in_order(const struct iw_batch_member *members, size_t n,
                                                 struct iw_arena *arena)
{
    const struct iw_batch_member **all =
        iw_arena_calloc(arena, n + 1, sizeof(const struct iw_batch_member *));
    for (size_t i = 0; all != NULL && i < n; i++)
        all[i] = &members[i];
    if (all != NULL && n != 0)
        qsort(all, n, sizeof(const struct iw_batch_member *), compare);
    return all;
}

/* --- more than stand out ------------------------------------------------------------------------
 */

static const struct {
    enum iw_batch_odd kind;
    const char *words;
} VARIED[] = {{IW_BATCH_ODD_ENDING, "an ending"},
              {IW_BATCH_ODD_HANDLER, "a handler"},
              {IW_BATCH_ODD_PROCESS, "a process that wrote it"},
              {IW_BATCH_ODD_FOLDER, "a folder"},
              {IW_BATCH_ODD_MARKS, "marks"}};

static int compare_values(const void *left, const void *right)
{
    const struct iw_map_entry *a = *(const struct iw_map_entry *const *)left;
    const struct iw_map_entry *b = *(const struct iw_map_entry *const *)right;
    if (a->value.number != b->value.number)
        return a->value.number < b->value.number ? -1 : 1;
    return iw_str_compare(a->key, b->key);
}

/* The rare values, those of the fewest files first; *ret_n of them, which *ret_files have. NULL: no
 * memory. */
static const struct iw_map_entry **rare_values(const struct iw_map *counts, size_t n,
                                               struct iw_arena *arena, size_t *ret_n,
                                               size_t *ret_files)
{
    const struct iw_map_entry **values =
        iw_arena_calloc(arena, counts->n + 1, sizeof(const struct iw_map_entry *));
    *ret_n = *ret_files = 0;
    for (size_t i = 0; values != NULL && i < counts->n; i++) {
        if (!is_rare_value(counts->entries[i].value.number, n))
            continue;
        values[(*ret_n)++] = &counts->entries[i];
        *ret_files += (size_t)counts->entries[i].value.number;
    }
    if (*ret_n != 0)
        qsort(values, *ret_n, sizeof(const struct iw_map_entry *), compare_values);
    return values;
}

/* Empty: those of that kind stand out by themselves, or there is no rest. p NULL: no memory. */
static struct iw_str varied_line(const struct iw_map *counts, size_t n, const char *words,
                                 struct iw_arena *arena)
{
    size_t n_values, n_files;
    const struct iw_map_entry **values = rare_values(counts, n, arena, &n_values, &n_files);
    struct iw_buffer text;
    struct iw_str kept = IW_STR("");
    if (values == NULL)
        return (struct iw_str){NULL, 0};
    if (may_stand_out(n_files, n) || n_files * VARIED_SHARE > n)
        return kept;
    iw_buffer_init(&text);
    iw_buffer_printf(&text, "%zu of them have each %s that hardly any other has: ", n_files, words);
    for (size_t i = 0; i < n_values && i < IW_BATCH_VARIED_VALUES; i++) {
        struct iw_str value = values[i]->key.n != 0 ? values[i]->key : IW_STR("none");
        iw_buffer_printf(&text, "%s%.*s (%llu)", i != 0 ? ", " : "", IW_STR_ARG(value),
                         (unsigned long long)values[i]->value.number);
    }
    if (n_values > IW_BATCH_VARIED_VALUES)
        iw_buffer_printf(&text, ", and %zu more", n_values - IW_BATCH_VARIED_VALUES);
    kept = text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return kept;
}

enum iw_rc iw_batch_varied(const struct iw_batch_member *members, size_t n, struct iw_arena *arena,
                           struct iw_text_list *ret)
{
    const size_t N = sizeof VARIED / sizeof VARIED[0];
    size_t *places = iw_arena_calloc(arena, n + 1, sizeof *places);
    struct iw_str *lines = iw_arena_calloc(arena, N, sizeof *lines);
    enum iw_rc rc = places != NULL && lines != NULL ? IW_OK : IW_ENOMEM;
    *ret = (struct iw_text_list){lines, 0};
    for (size_t i = 0; rc == IW_OK && i < N; i++) {
        struct iw_map counts;
        iw_map_init(&counts);
        rc = count(members, n, VARIED[i].kind, arena, &counts, places);
        if (rc == IW_OK) {
            lines[ret->n] = varied_line(&counts, n, VARIED[i].words, arena);
            rc = lines[ret->n].p != NULL ? IW_OK : IW_ENOMEM;
            ret->n += rc == IW_OK && lines[ret->n].n != 0;
        }
        iw_map_done(&counts);
    }
    return rc;
}

/* --- words ------------------------------------------------------------------------------------
 */

struct iw_str iw_batch_odd_words(unsigned odd, struct iw_arena *arena)
{
    static const char *const WORDS[IW_BATCH_ODD_KINDS] = {
        "its marks",  "its age",   "its ending", "what runs it", "the process that wrote it",
        "its folder", "its moment"};
    struct iw_buffer text;
    struct iw_str kept;
    iw_buffer_init(&text);
    for (unsigned i = 0; i < IW_BATCH_ODD_KINDS; i++) {
        if ((odd & (1U << i)) == 0)
            continue;
        iw_buffer_printf(&text, "%s%s", text.n != 0 ? ", " : "", WORDS[i]);
    }
    kept = text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return kept;
}
