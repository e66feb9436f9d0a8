#include "coverage/witness_samples.h"

#include <stdlib.h>

#include "base/path_name.h"
#include "coverage/link_root.h"
#include "iis/config/server_path.h"

bool iw_witness_asks_of(const struct iw_link_host *host, enum iw_link_folders folders,
                        struct iw_str folder)
{
    const struct iw_link_root *root;
    if (folders == IW_FOLDERS_NONE)
        return true;
    if (folders != IW_FOLDERS_ROOTS)
        return iw_server_path_covers(iw_link_folder(folders)->key, folder);
    if (host->is_outermost && !iw_server_path_covers(host->asked->key, folder))
        return false; /* by a look: roots may be many, and so may folders */
    root = iw_link_root_of(host, folder);
    return root != NULL && (host->asked == NULL || root == host->asked ||
                            iw_server_path_covers(root->key, host->asked->key));
}

/* A folder whose letter is assumed, for the file was told of by its volume: it is one that is asked
 * about where all roots of the host that fit have one letter. The folders of Windows lie on one
 * drive. */
static bool is_asked_on_device(const struct iw_link_host *host, enum iw_link_folders folders,
                               struct iw_str folder)
{
    struct iw_str rest = {folder.p + 1, folder.n - 1};
    const struct iw_link_root *deepest = NULL;
    if (folders != IW_FOLDERS_ROOTS)
        return iw_witness_asks_of(host, folders, folder);
    for (size_t i = 0; i < host->n_roots; i++) {
        const struct iw_link_root *root = &host->roots[i];
        struct iw_str key = root->key;
        if (key.n < 2 || key.p[1] != ':' ||
            !iw_server_path_covers((struct iw_str){key.p + 1, key.n - 1}, rest))
            continue;
        if (deepest != NULL && deepest->key.p[0] != key.p[0])
            return false;
        if (deepest == NULL || key.n > deepest->key.n)
            deepest = root;
    }
    return deepest != NULL && (host->asked == NULL || deepest == host->asked ||
                               iw_server_path_covers(deepest->key, host->asked->key));
}

/* Whether what was seen is what the witness tells of. */
static bool is_own(const struct iw_witness_log *of, const struct iw_telemetry_sample *sample)
{
    const struct iw_link_witness *row = of->row;
    if (sample->kind == IW_SAMPLE_FILE_ON_DEVICE && row->sample == IW_SAMPLE_FILE)
        return is_asked_on_device(of->host, row->folders, sample->folder);
    return sample->kind == row->sample &&
           iw_witness_asks_of(of->host, row->folders, sample->folder);
}

enum iw_rc iw_witness_log_find(const struct iw_link_host *host, const struct iw_link_witness *row,
                               const struct iw_telemetry_channel *channel, struct iw_arena *arena,
                               struct iw_witness_log *ret)
{
    size_t n = 0;
    *ret = (struct iw_witness_log){.host = host, .row = row, .channel = channel};
    for (size_t i = 0; i < channel->n_samples; i++)
        n += is_own(ret, &channel->samples[i]);
    ret->own = iw_arena_alloc(arena, (n + 1) * sizeof *ret->own);
    if (ret->own == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < channel->n_samples && ret->n_own < n; i++) {
        if (is_own(ret, &channel->samples[i]))
            ret->own[ret->n_own++] = &channel->samples[i];
    }
    return IW_OK;
}

static bool any_in(const struct iw_time_part *parts, size_t n, const struct iw_span *run)
{
    for (size_t i = iw_first_part_from(parts, n, run->from_ns);
         i < n && parts[i].first_ns < run->to_ns; i++) {
        if (iw_span_holds(run, parts[i].first_ns) || iw_span_holds(run, parts[i].last_ns))
            return true;
    }
    return false;
}

/* The first moment from *from_ns* on that is known; INT64_MAX: there is none. */
static int64_t next_moment(const struct iw_time_part *parts, size_t n, int64_t from_ns)
{
    size_t i = iw_first_part_from(parts, n, from_ns);
    if (i == n)
        return INT64_MAX;
    return parts[i].first_ns >= from_ns ? parts[i].first_ns : parts[i].last_ns;
}

bool iw_witness_has_sample(const struct iw_witness_log *of, const struct iw_span *run,
                           struct iw_str *ret_folder)
{
    if (of->row->sample == IW_SAMPLE_NONE)
        return any_in(of->channel->parts, of->channel->n_parts, run);
    for (size_t i = 0; i < of->n_own; i++) {
        const struct iw_telemetry_sample *sample = of->own[i];
        if (!any_in(sample->parts, sample->n_parts, run))
            continue;
        if (ret_folder->n == 0)
            *ret_folder = sample->folder;
        return true;
    }
    return false;
}

uint64_t iw_witness_count_samples(const struct iw_witness_log *of)
{
    uint64_t n = 0;
    if (of->row->sample == IW_SAMPLE_NONE)
        return of->channel->n_events;
    for (size_t i = 0; i < of->n_own; i++) {
        for (size_t k = 0; k < of->own[i]->n_parts; k++)
            n += of->own[i]->parts[k].n;
    }
    return n;
}

int64_t iw_witness_next_sample(const struct iw_witness_log *of, int64_t from_ns)
{
    int64_t next_ns = INT64_MAX;
    if (of->row->sample == IW_SAMPLE_NONE)
        return next_moment(of->channel->parts, of->channel->n_parts, from_ns);
    for (size_t i = 0; i < of->n_own; i++) {
        int64_t own_ns = next_moment(of->own[i]->parts, of->own[i]->n_parts, from_ns);
        next_ns = own_ns < next_ns ? own_ns : next_ns;
    }
    return next_ns;
}

/* The last moment of a run before *before_ns* that is known; IW_TIME_UNKNOWN: there is none. */
static int64_t last_moment(const struct iw_time_part *parts, size_t n, const struct iw_span *run,
                           int64_t before_ns)
{
    for (size_t i = iw_first_part_from(parts, n, before_ns) + 1; i-- != 0;) {
        if (i >= n)
            continue;
        if (parts[i].last_ns < run->from_ns)
            break;
        if (parts[i].last_ns < before_ns)
            return parts[i].last_ns;
        if (parts[i].first_ns < before_ns && parts[i].first_ns >= run->from_ns)
            return parts[i].first_ns;
    }
    return IW_TIME_UNKNOWN;
}

int64_t iw_witness_last_sample(const struct iw_witness_log *of, const struct iw_span *run,
                               int64_t before_ns)
{
    int64_t last_ns = IW_TIME_UNKNOWN;
    if (of->row->sample == IW_SAMPLE_NONE)
        return last_moment(of->channel->parts, of->channel->n_parts, run, before_ns);
    for (size_t i = 0; i < of->n_own; i++) {
        int64_t own_ns = last_moment(of->own[i]->parts, of->own[i]->n_parts, run, before_ns);
        if (iw_time_known(own_ns) && (!iw_time_known(last_ns) || own_ns > last_ns))
            last_ns = own_ns;
    }
    return last_ns;
}

/* --- starts that were not told -------------------------------------------------------------- */

/* A ProcessGuid has whole seconds, and an event is a moment late. */
#define START_NEAR_NS (INT64_C(2) * IW_NS_PER_SECOND)

/* Console hosts, compilers of pages, and the workers themselves. */
static bool is_usual(struct iw_str image)
{
    static const char *const NAMES[] = {"conhost.exe", "csc.exe",  "vbc.exe",
                                        "cvtres.exe",  "w3wp.exe", "werfault.exe"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_begins_nocase(image, IW_STR("C:\\Windows\\")) &&
            iw_str_equal_nocase(iw_path_name(image), iw_str_of(NAMES[i])))
            return true;
    }
    return false;
}

const struct iw_untold_process *iw_witness_untold_start(const struct iw_witness_log *of,
                                                        const struct iw_span *run)
{
    const struct iw_telemetry_channel *channel = of->channel;
    int64_t from_ns;
    size_t low = 0, high = channel->n_untold;
    if (of->row->sense != IW_SENSE_SYSMON_PROCESS || channel->n_untold == 0 ||
        channel->n_parts == 0)
        return NULL;
    from_ns = channel->parts[0].first_ns > run->from_ns ? channel->parts[0].first_ns : run->from_ns;
    if (__builtin_add_overflow(from_ns, START_NEAR_NS, &from_ns))
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (channel->untold[middle].start_ns < from_ns)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < channel->n_untold && run->to_ns > START_NEAR_NS &&
           channel->untold[low].start_ns < run->to_ns - START_NEAR_NS;
         low++) {
        if (!is_usual(channel->untold[low].image))
            return &channel->untold[low];
    }
    return NULL;
}

/* --- moments -------------------------------------------------------------------------------- */

static size_t count_parts(const struct iw_time_part *parts, size_t n, const struct iw_span *run)
{
    return iw_first_part_from(parts, n, run->to_ns) - iw_first_part_from(parts, n, run->from_ns) +
           1;
}

static void take_parts(const struct iw_time_part *parts, size_t n, const struct iw_span *run,
                       struct iw_witness_moments *into)
{
    for (size_t i = iw_first_part_from(parts, n, run->from_ns);
         i < n && parts[i].first_ns < run->to_ns; i++) {
        bool has_first = iw_span_holds(run, parts[i].first_ns);
        bool has_last = iw_span_holds(run, parts[i].last_ns);
        if (has_first || has_last)
            into->parts[into->n++] =
                (struct iw_time_part){has_first ? parts[i].first_ns : parts[i].last_ns,
                                      has_last ? parts[i].last_ns : parts[i].first_ns, parts[i].n};
    }
}

static int compare_parts(const void *left, const void *right)
{
    const struct iw_time_part *a = left, *b = right;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return (a->last_ns > b->last_ns) - (a->last_ns < b->last_ns);
}

/* Parts of several folders may overlap. */
static void settle(struct iw_witness_moments *moments)
{
    size_t n = 0;
    if (moments->n > 1)
        qsort(moments->parts, moments->n, sizeof *moments->parts, compare_parts);
    for (size_t i = 0; i < moments->n; i++) {
        struct iw_time_part *part = &moments->parts[i];
        struct iw_time_part *last = n != 0 ? &moments->parts[n - 1] : NULL;
        if (last == NULL || part->first_ns > last->last_ns) {
            moments->parts[n++] = *part;
            continue;
        }
        last->n += part->n;
        if (part->last_ns > last->last_ns)
            last->last_ns = part->last_ns;
    }
    moments->n = n;
}

enum iw_rc iw_witness_moments_find(const struct iw_witness_log *of, const struct iw_span *run,
                                   int64_t also_ns, struct iw_arena *arena,
                                   struct iw_witness_moments *ret)
{
    const struct iw_telemetry_channel *channel = of->channel;
    bool is_any = of->row->sample == IW_SAMPLE_NONE;
    size_t most = is_any ? count_parts(channel->parts, channel->n_parts, run) : 0;
    for (size_t i = 0; i < of->n_own; i++)
        most += count_parts(of->own[i]->parts, of->own[i]->n_parts, run);
    *ret = (struct iw_witness_moments){iw_arena_alloc(arena, (most + 1) * sizeof *ret->parts), 0};
    if (ret->parts == NULL)
        return IW_ENOMEM;
    if (is_any)
        take_parts(channel->parts, channel->n_parts, run, ret);
    for (size_t i = 0; i < of->n_own; i++)
        take_parts(of->own[i]->parts, of->own[i]->n_parts, run, ret);
    if (iw_time_known(also_ns))
        ret->parts[ret->n++] = (struct iw_time_part){also_ns, also_ns, 1};
    settle(ret);
    return IW_OK;
}
