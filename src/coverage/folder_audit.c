#include "coverage/folder_audit.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/path_name.h"
#include "coverage/switches.h"
#include "iis/config/server_path.h"

enum iw_rc iw_folder_audit_key(struct iw_str written, struct iw_arena *arena, struct iw_str *ret)
{
    struct iw_server_path path;
    *ret = IW_STR("");
    if (written.n == 0)
        return IW_OK;
    if (!iw_server_path_of_file(written, arena, &path))
        return IW_ENOMEM;
    if (path.is_resolved && memchr(path.key.p, '~', path.key.n) == NULL && path.key.n > 1 &&
        (path.key.p[1] == ':' || iw_str_begins_nocase(path.key, IW_STR("\\\\"))))
        *ret = path.key;
    return IW_OK;
}

/* From a moment on (of a list that is taken away at it or later) all of it is audited again. */
struct step {
    int64_t from_ns, again_ns;
};

/* What is known of one folder that a list was taken from. */
struct folder {
    bool is_part;
    bool is_inside; /* of an asked one */
    struct step *steps;
    size_t n;
};

/* --- what is asked, and samples ------------------------------------------------------------- */

static int compare_keys(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

enum iw_rc iw_folder_audits_init(struct iw_folder_audits *audits,
                                 const struct iw_telemetry_channel *channel,
                                 const struct iw_str *asked, size_t n_asked, struct iw_arena *arena)
{
    *audits = (struct iw_folder_audits){.arena = arena, .channel = channel};
    iw_map_init(&audits->samples);
    iw_map_init(&audits->by_folder);
    audits->asked = iw_arena_alloc(arena, (n_asked + 1) * sizeof *audits->asked);
    if (audits->asked == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n_asked; i++)
        audits->asked[i] = asked[i];
    audits->n_asked = n_asked;
    if (n_asked > 1)
        qsort(audits->asked, n_asked, sizeof *audits->asked, compare_keys);
    for (size_t i = 0; i < channel->n_samples; i++) {
        struct iw_telemetry_sample *sample = &channel->samples[i];
        struct iw_map_entry *entry;
        if (sample->kind != IW_SAMPLE_FILE || sample->folder.n == 0)
            continue;
        entry = iw_map_add(&audits->samples, sample->folder, NULL);
        if (entry == NULL)
            return IW_ENOMEM;
        entry->value.pointer = sample;
    }
    return IW_OK;
}

void iw_folder_audits_done(struct iw_folder_audits *audits)
{
    iw_map_done(&audits->samples);
    iw_map_done(&audits->by_folder);
}

/* The first asked folder that does not come before a key. */
static size_t first_asked(const struct iw_folder_audits *audits, struct iw_str key)
{
    size_t low = 0, high = audits->n_asked;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (iw_str_compare(audits->asked[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_asked(const struct iw_folder_audits *audits, struct iw_str key)
{
    size_t at = first_asked(audits, key);
    return at != audits->n_asked && iw_str_equal(audits->asked[at], key);
}

/* The folder above; false: there is none. */
static bool go_up(struct iw_str *key)
{
    *key = iw_path_folder(*key);
    return key->n != 0;
}

/* --- steps of a folder ---------------------------------------------------------------------- */

struct gathering {
    struct iw_folder_audits *audits;
    struct step *steps; /* of the heap: all of them are many more than are kept */
    size_t n, cap;
};

static bool add_step(struct gathering *in, int64_t from_ns, int64_t again_ns)
{
    if (!iw_array_reserve(&in->steps, &in->cap, in->n + 1, sizeof *in->steps))
        return false;
    in->steps[in->n++] = (struct step){from_ns, again_ns};
    return true;
}

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    if (a->from_ns != b->from_ns)
        return a->from_ns < b->from_ns ? -1 : 1;
    return (a->again_ns > b->again_ns) - (a->again_ns < b->again_ns);
}

/* Of one asked folder: from each of its parts of time on, the next. */
static enum iw_rc add_asked(struct gathering *in, struct iw_str asked)
{
    struct iw_str at = asked;
    size_t first = in->n, n;
    int64_t next_ns = INT64_MAX;
    do {
        const struct iw_map_entry *entry = iw_map_find(&in->audits->samples, at);
        const struct iw_telemetry_sample *sample = entry != NULL ? entry->value.pointer : NULL;
        for (size_t i = 0; sample != NULL && i < sample->n_parts; i++) {
            if (!add_step(in, sample->parts[i].first_ns, 0))
                return IW_ENOMEM;
        }
    } while (go_up(&at));
    n = in->n - first;
    if (n > 1)
        qsort(in->steps + first, n, sizeof *in->steps, compare_steps);
    for (size_t i = n; i-- != 0;) {
        struct step *step = &in->steps[first + i];
        step->again_ns = i + 1 < n && in->steps[first + i + 1].from_ns == step->from_ns
                             ? in->steps[first + i + 1].again_ns
                             : next_ns;
        next_ns = step->from_ns;
    }
    return add_step(in, INT64_MIN, next_ns) ? IW_OK : IW_ENOMEM;
}

/* The latest of all counts, and once it is late it stays so: steps only rise. */
static enum iw_rc keep_steps(const struct gathering *in, struct folder *folder)
{
    size_t n = 0;
    if (in->n > 1)
        qsort(in->steps, in->n, sizeof *in->steps, compare_steps);
    for (size_t i = 0; i < in->n; i++) {
        struct step step = in->steps[i];
        if (n != 0 && step.again_ns <= in->steps[n - 1].again_ns)
            continue;
        if (n != 0 && in->steps[n - 1].from_ns == step.from_ns)
            n--;
        in->steps[n++] = step;
    }
    folder->steps = iw_arena_alloc(in->audits->arena, (n + 1) * sizeof *folder->steps);
    if (folder->steps == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++)
        folder->steps[i] = in->steps[i];
    folder->n = n;
    return IW_OK;
}

static enum iw_rc gather(struct gathering *in, struct iw_str key, struct folder *folder)
{
    struct iw_folder_audits *audits = in->audits;
    struct iw_str below = iw_arena_format(audits->arena, "%.*s\\", IW_STR_ARG(key));
    if (below.p == NULL)
        return IW_ENOMEM;
    if (is_asked(audits, key)) {
        folder->is_part = true;
        IW_TRY(add_asked(in, key));
    }
    for (size_t i = first_asked(audits, below);
         i < audits->n_asked && iw_server_path_covers(key, audits->asked[i]); i++) {
        folder->is_part = true;
        IW_TRY(add_asked(in, audits->asked[i]));
    }
    return keep_steps(in, folder);
}

static enum iw_rc find_folder(struct iw_folder_audits *audits, struct iw_str key,
                              const struct folder **ret)
{
    struct gathering in = {.audits = audits};
    struct iw_str above = key;
    bool is_new;
    struct iw_map_entry *entry = iw_map_add(&audits->by_folder, key, &is_new);
    struct folder *folder;
    enum iw_rc rc = IW_OK;
    if (entry == NULL)
        return IW_ENOMEM;
    if (!is_new && entry->value.pointer != NULL) {
        *ret = entry->value.pointer;
        return IW_OK;
    }
    folder = iw_arena_calloc(audits->arena, 1, sizeof *folder);
    if (folder == NULL)
        return IW_ENOMEM;
    while (!folder->is_inside && go_up(&above))
        folder->is_inside = is_asked(audits, above);
    if (!folder->is_inside)
        rc = gather(&in, key, folder);
    iw_free(in.steps);
    entry->value.pointer = folder;
    *ret = folder;
    return rc;
}

enum iw_rc iw_folder_audits_again(struct iw_folder_audits *audits, struct iw_str folder,
                                  int64_t off_ns, bool *ret_is_part, int64_t *ret_again)
{
    const struct folder *known;
    int64_t late_ns;
    size_t low = 0, high;
    if (__builtin_add_overflow(off_ns, IW_SWITCH_CONFIRMED_NS, &late_ns))
        late_ns = INT64_MAX;
    *ret_is_part = false;
    *ret_again = off_ns;
    IW_TRY(find_folder(audits, folder, &known));
    *ret_is_part = known->is_part || known->is_inside;
    if (!*ret_is_part)
        return IW_OK;
    *ret_again = INT64_MAX;
    if (known->is_inside)
        return IW_OK;
    for (high = known->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (known->steps[middle].from_ns <= late_ns)
            low = middle + 1;
        else
            high = middle;
    }
    if (low != 0) /* of the earliest one begins before all times */
        *ret_again = known->steps[low - 1].again_ns;
    return IW_OK;
}
