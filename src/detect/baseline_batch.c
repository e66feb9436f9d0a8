/*
 * Web files that are alike, put together. A batch is known by its first file, by path: whatever the
 * order of the evidence, it has the same id, and files that are found besides extend it.
 */
#include "detect/baseline_batch.h"

#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/baseline_batch_odd.h"
#include "detect/judgment.h"

/* Files of one batch follow each other within so long. */
#define GAP_NS (600 * IW_NS_PER_SECOND)

enum iw_rc iw_batches_init(struct iw_batches *batches, struct iw_arena *arena, size_t n)
{
    *batches = (struct iw_batches){.arena = arena};
    batches->members = iw_arena_calloc(arena, n + 1, sizeof *batches->members);
    batches->findings = iw_arena_calloc(arena, n + 1, sizeof *batches->findings);
    return batches->members != NULL && batches->findings != NULL ? IW_OK : IW_ENOMEM;
}

bool iw_batches_takes(const struct iw_case *named)
{
    return named->web_file != NULL && named->difference.is_said &&
           (!named->is_said_else || named->level_else == IW_LEVEL_INFORMATIONAL) &&
           !iw_web_file_stands_out(named->web_file) && !iw_web_file_is_in_chain(named);
}

/* --- what has to be alike ---------------------------------------------------------------------
 */

static int64_t time_of(const struct iw_case *named)
{
    const struct iw_inventory_web_file *web_file = named->web_file;
    int64_t time_ns = IW_TIME_UNKNOWN;
    for (size_t i = 0; i < named->n_acts; i++) {
        if (named->acts[i]->last_ns > time_ns)
            time_ns = named->acts[i]->last_ns;
    }
    if (iw_time_known(time_ns) || !web_file->keeps_time)
        return time_ns;
    return web_file->file.modified_ns;
}

/* Program, account and logon; of a logon that is not in evidence the first two. */
static struct iw_str writer_of(const struct iw_case *named, const struct iw_server_fact *fact)
{
    struct iw_act_trail trail;
    struct iw_str logon = IW_STR("");
    if (iw_ask_act(named->judging, fact, &trail) && trail.logon != NULL)
        logon = trail.logon->fields_json;
    return iw_arena_format(named->judging->arena, "%.*s|%.*s|%.*s", IW_STR_ARG(fact->image),
                           IW_STR_ARG(fact->user), IW_STR_ARG(logon));
}

static int compare_texts(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

/* All writers of a file, each once, in order. */
static enum iw_rc add_writers(const struct iw_case *named, struct iw_buffer *key)
{
    struct iw_str *writers =
        iw_arena_calloc(named->judging->arena, named->n_acts + 1, sizeof *writers);
    if (writers == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < named->n_acts; i++) {
        writers[i] = writer_of(named, named->acts[i]);
        if (writers[i].p == NULL)
            return IW_ENOMEM;
    }
    if (named->n_acts != 0)
        qsort(writers, named->n_acts, sizeof *writers, compare_texts);
    for (size_t i = 0; i < named->n_acts; i++) {
        if (i != 0 && iw_str_equal(writers[i], writers[i - 1]))
            continue;
        iw_buffer_add(key, writers[i]);
        iw_buffer_add_char(key, '\0');
    }
    return IW_OK;
}

/* A site may have folders on several volumes: what lies on one has a folder in common. */
static struct iw_str volume_of(struct iw_str path)
{
    size_t n = path.n < 2 ? path.n : 2;
    while (n < path.n && path.p[n] != '\\' && path.p[n] != '/')
        n++;
    return (struct iw_str){path.p, n};
}

static enum iw_rc key_of(const struct iw_case *named, const struct iw_finding *finding,
                         struct iw_str *ret)
{
    const struct iw_case_deployment *deployment = &named->deployment;
    struct iw_buffer key;
    enum iw_rc rc;
    iw_buffer_init(&key);
    iw_buffer_add(&key, named->scope);
    iw_buffer_add_char(&key, '\0');
    iw_buffer_add(&key, volume_of(named->name));
    iw_buffer_add_char(&key, '\0');
    iw_buffer_add(&key, named->title);
    iw_buffer_printf(&key, "%c%d|%d|%d|%d|%s|", 0, (int)finding->level, (int)finding->change.status,
                     finding->change.keeps_level, deployment->is_weighed,
                     deployment->objection != NULL ? deployment->objection : "");
    iw_buffer_add(&key, finding->change.record);
    iw_buffer_printf(&key, "%c%d|", 0, named->web_file->approval == IW_APPROVAL_EXPIRED);
    iw_buffer_add(&key, named->web_file->approval_why);
    iw_buffer_add_char(&key, '\0');
    rc = add_writers(named, &key);
    *ret = key.failed ? (struct iw_str){NULL, 0}
                      : iw_arena_lower(named->judging->arena, iw_buffer_str(&key));
    iw_buffer_done(&key);
    return rc == IW_OK && ret->p == NULL ? IW_ENOMEM : rc;
}

enum iw_rc iw_batches_add(struct iw_batches *batches, const struct iw_case *named,
                          const struct iw_finding *finding)
{
    struct iw_batch_member *made = &batches->members[batches->n++];
    *made =
        (struct iw_batch_member){.named = named, .finding = *finding, .time_ns = time_of(named)};
    return key_of(named, finding, &made->key);
}

static int compare_members(const void *left, const void *right)
{
    const struct iw_batch_member *a = left, *b = right;
    int order = iw_str_compare(a->key, b->key);
    if (order == 0 && a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return order != 0 ? order : iw_str_compare(a->named->key, b->named->key);
}

static int compare_paths(const void *left, const void *right)
{
    const struct iw_batch_member *a = left, *b = right;
    return iw_str_compare(a->named->key, b->named->key);
}

/* --- folders ----------------------------------------------------------------------------------
 */

static bool is_within(struct iw_str path, struct iw_str folder)
{
    return iw_str_begins_nocase(path, folder) &&
           (path.n == folder.n || path.p[folder.n] == '\\' || path.p[folder.n] == '/');
}

static struct iw_str common_folder(const struct iw_batch_member *members, size_t n)
{
    struct iw_str folder = iw_path_folder(members[0].named->name);
    for (size_t i = 1; i < n; i++) {
        while (folder.n != 0 && !is_within(members[i].named->name, folder))
            folder = iw_path_folder(folder);
    }
    return folder.n != 0 ? folder : members[0].named->name;
}

/* --- lines ------------------------------------------------------------------------------------
 */

struct telling {
    struct iw_arena *arena;
    const struct iw_batch_member *members; /* by path */
    size_t n;
    struct iw_str *lines;
    size_t n_lines;
    bool no_memory;
};

/* Of one list: what is told of a batch is bounded. */
#define LINES (IW_LIMIT_BATCH_FOLDERS + IW_LIMIT_BATCH_ODD + 13U + IW_BATCH_ODD_KINDS)

static struct telling begin(struct iw_arena *arena, const struct iw_batch_member *members, size_t n)
{
    struct telling telling = {.arena = arena, .members = members, .n = n};
    telling.lines = iw_arena_calloc(arena, LINES, sizeof *telling.lines);
    telling.no_memory = telling.lines == NULL;
    return telling;
}

__attribute__((format(printf, 2, 3))) static void say(struct telling *telling, const char *format,
                                                      ...)
{
    va_list arguments;
    if (telling->no_memory || telling->n_lines == LINES)
        return;
    va_start(arguments, format);
    telling->lines[telling->n_lines] = iw_arena_vformat(telling->arena, format, arguments);
    va_end(arguments);
    telling->no_memory = telling->lines[telling->n_lines++].p == NULL;
}

static struct iw_text_list said(const struct telling *telling)
{
    return (struct iw_text_list){telling->lines, telling->n_lines};
}

static void say_times(struct telling *telling)
{
    const struct iw_case *first = telling->members[0].named;
    int64_t first_ns = IW_TIME_UNKNOWN, last_ns = IW_TIME_UNKNOWN;
    char from[IW_TIME_TEXT_BYTES], to[IW_TIME_TEXT_BYTES];
    for (size_t i = 0; i < telling->n; i++)
        iw_time_widen(&first_ns, &last_ns, telling->members[i].time_ns);
    if (!iw_time_known(first_ns))
        return;
    say(telling, "they came from %s to %s, as %s", iw_time_words(first_ns, false, from),
        iw_time_words(last_ns, false, to),
        first->n_acts != 0 ? "events tell" : "their own times say");
}

/* Whose deployment line speaks for all: of the first that was brought. */
static const struct iw_case *first_brought(const struct telling *telling)
{
    const struct iw_case *first = telling->members[0].named;
    for (size_t i = 1; i < telling->n; i++) {
        const struct iw_case *named = telling->members[i].named;
        if (named->deployment.words != NULL &&
            named->deployment.first_ns < first->deployment.first_ns)
            first = named;
    }
    return first;
}

static void say_writer(struct telling *telling)
{
    const struct iw_case *first = first_brought(telling);
    const struct iw_server_fact *fact = first->n_acts != 0 ? first->acts[0] : NULL;
    if (fact == NULL)
        say(telling, "no event tells who wrote them");
    else if (first->deployment.line.n == 0)
        say(telling, "all written alike: by %.*s as %.*s",
            IW_STR_ARG(fact->image.n != 0 ? fact->image : IW_STR("a program that is not told")),
            IW_STR_ARG(fact->user.n != 0 ? fact->user : IW_STR("an account that is not told")));
    else
        say(telling, "%.*s", IW_STR_ARG(first->deployment.line));
}

/* Folders of all files, as the key of a file has them: in lower case, in order. */
static struct iw_str *sorted_folders(struct telling *telling)
{
    struct iw_str *folders = iw_arena_calloc(telling->arena, telling->n, sizeof *folders);
    telling->no_memory |= folders == NULL;
    for (size_t i = 0; folders != NULL && i < telling->n; i++)
        folders[i] =
            iw_arena_lower(telling->arena, iw_path_folder(telling->members[i].named->name));
    for (size_t i = 0; folders != NULL && i < telling->n; i++)
        telling->no_memory |= folders[i].p == NULL;
    if (telling->no_memory)
        return NULL;
    qsort(folders, telling->n, sizeof *folders, compare_texts);
    return folders;
}

static struct iw_str as_written(const struct telling *telling, struct iw_str folder)
{
    for (size_t i = 0; i < telling->n; i++) {
        struct iw_str written = iw_path_folder(telling->members[i].named->name);
        if (iw_str_equal_nocase(written, folder))
            return written;
    }
    return folder;
}

static void say_folders(struct telling *telling)
{
    const struct iw_str *folders = sorted_folders(telling);
    size_t n_folders = 0, n = 0;
    for (size_t i = 0; folders != NULL && i < telling->n; i++) {
        n++;
        if (i + 1 < telling->n && iw_str_equal(folders[i], folders[i + 1]))
            continue;
        if (n_folders++ < IW_LIMIT_BATCH_FOLDERS)
            say(telling, "%zu in %.*s", n, IW_STR_ARG(as_written(telling, folders[i])));
        n = 0;
    }
    if (n_folders > IW_LIMIT_BATCH_FOLDERS)
        say(telling, "%zu more folders are not named", n_folders - IW_LIMIT_BATCH_FOLDERS);
}

static void say_use(struct telling *telling)
{
    size_t n = 0;
    for (size_t i = 0; i < telling->n; i++)
        n += telling->members[i].named->is_asked_for;
    if (n != 0)
        say(telling, "%zu of them %s asked for, as logs of requests show", n,
            n == 1 ? "was" : "were");
}

static void say_odd(struct telling *telling)
{
    const struct iw_batch_member **all =
        iw_batch_in_order(telling->members, telling->n, telling->arena);
    struct iw_text_list varied = {NULL, 0};
    size_t n = 0;
    telling->no_memory |= all == NULL || iw_batch_varied(telling->members, telling->n,
                                                         telling->arena, &varied) != IW_OK;
    while (all != NULL && n < telling->n && all[n]->odd != 0)
        n++;
    for (size_t i = 0; i < n && i < IW_LIMIT_BATCH_ODD; i++) {
        struct iw_str words = iw_batch_odd_words(all[i]->odd, telling->arena);
        telling->no_memory |= words.p == NULL;
        say(telling, "unlike the rest: %.*s (%.*s)", IW_STR_ARG(all[i]->named->name),
            IW_STR_ARG(words));
    }
    if (n > IW_LIMIT_BATCH_ODD)
        say(telling, "%zu more are unlike the rest", n - IW_LIMIT_BATCH_ODD);
    for (size_t i = 0; i < varied.n; i++)
        say(telling, "%.*s", IW_STR_ARG(varied.items[i]));
    if (telling->n > IW_LIMIT_BATCH_FILES)
        say(telling, "%zu of the files are not shown one by one%s",
            telling->n - IW_LIMIT_BATCH_FILES,
            n > IW_LIMIT_BATCH_FILES ? ", some that are unlike the rest among them" : "");
}

static void say_why(struct telling *telling)
{
    const struct iw_case *first = telling->members[0].named;
    say(telling, "%zu files of %s%.*s %s", telling->n, first->scope.n != 0 ? "site " : "the server",
        IW_STR_ARG(first->scope),
        first->difference.is_new ? "do not stand in the baseline" : "differ from the baseline");
    if (first->web_file->approval == IW_APPROVAL_EXPIRED)
        say(telling, "they were approved once, and the approval has expired: %.*s",
            IW_STR_ARG(first->web_file->approval_why));
    say_writer(telling);
    say_times(telling);
    say_folders(telling);
    say_use(telling);
    say_odd(telling);
}

/* What is not known of any of them. */
static void say_blind(struct telling *telling)
{
    struct iw_text_list list = telling->members[0].finding.blind;
    for (size_t i = 0; i < list.n; i++) {
        bool is_common = true;
        for (size_t k = 1; is_common && k < telling->n; k++) {
            struct iw_text_list other = telling->members[k].finding.blind;
            size_t at = 0;
            while (at < other.n && !iw_str_equal(other.items[at], list.items[i]))
                at++;
            is_common = at < other.n;
        }
        if (is_common)
            say(telling, "%.*s", IW_STR_ARG(list.items[i]));
    }
}

static void say_triage(struct telling *telling)
{
    say(telling, "compare them with what was released: its package or repository has each of them, "
                 "with the same content, or it does not");
    say(telling, "iiswarden baseline diff lists all of them");
}

/* --- evidence ---------------------------------------------------------------------------------
 */

/* Of a file: itself, what the baseline has, and the first event of its writing. */
static bool is_shown(const struct iw_evidence_item *item, bool *has_write)
{
    if (iw_str_equal(item->role, IW_STR("file_created")) && !*has_write)
        return *has_write = true;
    return iw_str_equal(item->role, IW_STR("file")) || iw_str_equal(item->role, IW_STR("baseline"));
}

static void show(const struct iw_batch_member *member, struct iw_finding *ret)
{
    bool has_write = false;
    for (size_t k = 0; k < member->finding.n_evidence; k++) {
        if (is_shown(&member->finding.evidence[k], &has_write))
            ret->evidence[ret->n_evidence++] = member->finding.evidence[k];
    }
}

static enum iw_rc set_evidence(const struct telling *telling, struct iw_finding *ret)
{
    const struct iw_batch_member **all =
        iw_batch_in_order(telling->members, telling->n, telling->arena);
    size_t n = 0;
    for (size_t i = 0; i < telling->n; i++)
        n += telling->members[i].finding.n_evidence;
    ret->evidence = iw_arena_calloc(telling->arena, n + 1, sizeof *ret->evidence);
    ret->n_evidence = 0;
    if (ret->evidence == NULL || all == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < telling->n && i < IW_LIMIT_BATCH_FILES; i++)
        show(all[i], ret);
    iw_case_items_sort(ret->evidence, ret->n_evidence);
    return IW_OK;
}

/* --- the whole --------------------------------------------------------------------------------
 */

static enum iw_rc set_names(const struct telling *telling, struct iw_finding *ret)
{
    const struct iw_batch_member *first = &telling->members[0];
    struct iw_str folder = common_folder(telling->members, telling->n);
    struct iw_buffer anchor;
    ret->subject_name = ret->detail = folder;
    ret->title = iw_arena_format(telling->arena, "%zu web files that %s: %.*s", telling->n,
                                 first->named->difference.is_new ? "the baseline does not have"
                                                                 : "are not as in the baseline",
                                 IW_STR_ARG(folder));
    iw_buffer_init(&anchor);
    iw_buffer_add(&anchor, IW_STR("batch\n"));
    iw_buffer_add(&anchor, first->named->key);
    iw_buffer_add_char(&anchor, '\n');
    iw_buffer_add(&anchor, first->finding.anchor);
    ret->anchor = anchor.failed ? (struct iw_str){NULL, 0}
                                : iw_arena_copy(telling->arena, iw_buffer_str(&anchor));
    iw_buffer_done(&anchor);
    return ret->title.p != NULL && ret->anchor.p != NULL ? IW_OK : IW_ENOMEM;
}

static void widen(const struct telling *telling, struct iw_finding *ret)
{
    for (size_t i = 0; i < telling->n; i++) {
        const struct iw_finding *finding = &telling->members[i].finding;
        iw_time_widen(&ret->first_time_ns, &ret->last_time_ns, finding->first_time_ns);
        iw_time_widen(&ret->first_time_ns, &ret->last_time_ns, finding->last_time_ns);
        if (finding->score > ret->score)
            ret->score = finding->score;
    }
}

/* *members* are one batch; they are put in order of their paths. */
static enum iw_rc make(struct iw_batches *batches, struct iw_batch_member *members, size_t n)
{
    struct iw_finding *ret = &batches->findings[batches->n_findings++];
    struct telling why, blind, triage;
    qsort(members, n, sizeof *members, compare_paths);
    *ret = members[0].finding;
    why = begin(batches->arena, members, n);
    blind = triage = why;
    blind.lines = iw_arena_calloc(batches->arena, LINES, sizeof *blind.lines);
    triage.lines = iw_arena_calloc(batches->arena, LINES, sizeof *triage.lines);
    if (why.lines == NULL || blind.lines == NULL || triage.lines == NULL)
        return IW_ENOMEM;
    say_why(&why);
    say_blind(&blind);
    say_triage(&triage);
    if (why.no_memory || blind.no_memory || triage.no_memory)
        return IW_ENOMEM;
    ret->why = said(&why);
    ret->blind = said(&blind);
    ret->triage = said(&triage);
    widen(&why, ret);
    IW_TRY(set_names(&why, ret));
    return set_evidence(&why, ret);
}

/* Whether *b*, the next by time, still belongs to the batch of *a*. */
static bool is_same_batch(const struct iw_batch_member *a, const struct iw_batch_member *b)
{
    int64_t gap_ns;
    if (!iw_str_equal(a->key, b->key) || iw_time_known(a->time_ns) != iw_time_known(b->time_ns))
        return false;
    return !iw_time_known(a->time_ns) ||
           (!__builtin_sub_overflow(b->time_ns, a->time_ns, &gap_ns) && gap_ns <= GAP_NS);
}

static int compare_marked(const void *left, const void *right)
{
    const struct iw_batch_member *a = left, *b = right;
    bool is_a = (a->odd & IW_BATCH_ODD_MARKS) != 0, is_b = (b->odd & IW_BATCH_ODD_MARKS) != 0;
    return is_a != is_b ? (is_a ? -1 : 1) : compare_paths(a, b);
}

/* Members that are alike: one finding, where they are enough; in what is too much to be shown
 * whole, what has marks of its own is told by itself. */
static enum iw_rc settle_alike(struct iw_batches *batches, struct iw_batch_member *members,
                               size_t n)
{
    size_t n_alone = n < IW_BATCH_FILES ? n : 0;
    if (n_alone == 0)
        IW_TRY(iw_batch_find_odd(members, n, batches->arena));
    if (n > IW_LIMIT_BATCH_FILES) {
        qsort(members, n, sizeof *members, compare_marked);
        while (n_alone < n && (members[n_alone].odd & IW_BATCH_ODD_MARKS) != 0)
            n_alone++;
    }
    for (size_t i = 0; i < n_alone; i++)
        batches->findings[batches->n_findings++] = members[i].finding;
    return n_alone < n ? make(batches, members + n_alone, n - n_alone) : IW_OK;
}

enum iw_rc iw_batches_settle(struct iw_batches *batches)
{
    size_t first = 0;
    if (batches->n != 0)
        qsort(batches->members, batches->n, sizeof *batches->members, compare_members);
    for (size_t i = 1; i <= batches->n; i++) {
        if (i < batches->n && is_same_batch(&batches->members[i - 1], &batches->members[i]))
            continue;
        IW_TRY(settle_alike(batches, &batches->members[first], i - first));
        first = i;
    }
    return IW_OK;
}
