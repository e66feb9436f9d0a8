/*
 * Samples of a log as a witness of a link takes them: those of its kind, in the folders it asks
 * about. Of a part of time only the first and last moment are known.
 */
#include "coverage/link_samples.h"

#include "iis/config/server_path.h"

static bool is_asked_folder(const struct iw_link_host *host, enum iw_link_folders folders,
                            struct iw_str folder)
{
    if (folders == IW_FOLDERS_NONE)
        return true;
    if (folders != IW_FOLDERS_ROOTS)
        return iw_server_path_covers(iw_link_folder(folders)->key, folder);
    for (size_t i = 0; i < host->n_roots; i++) {
        if (iw_server_path_covers(host->roots[i], folder))
            return true;
    }
    return false;
}

/* A folder whose letter is assumed, for the file was told of by its volume: it is one that is asked
 * about where all roots of the host that fit have one letter. The folders of Windows lie on one
 * drive. */
static bool is_asked_on_device(const struct iw_link_host *host, enum iw_link_folders folders,
                               struct iw_str folder)
{
    struct iw_str rest = {folder.p + 1, folder.n - 1};
    char letter = '\0';
    if (folders != IW_FOLDERS_ROOTS)
        return is_asked_folder(host, folders, folder);
    for (size_t i = 0; i < host->n_roots; i++) {
        struct iw_str root = host->roots[i];
        if (root.n < 2 || root.p[1] != ':' ||
            !iw_server_path_covers((struct iw_str){root.p + 1, root.n - 1}, rest))
            continue;
        if (letter != '\0' && letter != root.p[0])
            return false;
        letter = root.p[0];
    }
    return letter != '\0';
}

/* Whether what was seen is what the witness tells of. */
static bool shows(const struct iw_link_host *host, const struct iw_link_witness *row,
                  const struct iw_telemetry_sample *sample)
{
    if (sample->kind == IW_SAMPLE_FILE_ON_DEVICE && row->sample == IW_SAMPLE_FILE)
        return is_asked_on_device(host, row->folders, sample->folder);
    return sample->kind == row->sample && is_asked_folder(host, row->folders, sample->folder);
}

static bool is_in(int64_t time_ns, const struct iw_span *run)
{
    return time_ns >= run->from_ns && time_ns < run->to_ns;
}

/* Whether a sample surely lies in the run: of a part of time only first and last are known. */
static bool any_in(const struct iw_time_part *parts, size_t n, const struct iw_span *run)
{
    for (size_t i = 0; i < n && parts[i].first_ns < run->to_ns; i++) {
        if (is_in(parts[i].first_ns, run) || is_in(parts[i].last_ns, run))
            return true;
    }
    return false;
}

/* The first moment from *from_ns* on that is known; INT64_MAX: there is none. */
static int64_t next_moment(const struct iw_time_part *parts, size_t n, int64_t from_ns)
{
    for (size_t i = 0; i < n; i++) {
        if (parts[i].first_ns >= from_ns)
            return parts[i].first_ns;
        if (parts[i].last_ns >= from_ns)
            return parts[i].last_ns;
    }
    return INT64_MAX;
}

bool iw_link_samples_any(const struct iw_link_host *host, const struct iw_link_witness *row,
                         const struct iw_telemetry_channel *channel, const struct iw_span *run,
                         struct iw_str *ret_folder)
{
    *ret_folder = IW_STR("");
    if (row->sample == IW_SAMPLE_NONE)
        return any_in(channel->parts, channel->n_parts, run);
    for (size_t i = 0; i < channel->n_samples; i++) {
        const struct iw_telemetry_sample *sample = &channel->samples[i];
        if (!shows(host, row, sample) || !any_in(sample->parts, sample->n_parts, run))
            continue;
        *ret_folder = sample->folder;
        return true;
    }
    return false;
}

uint64_t iw_link_samples_count(const struct iw_link_host *host, const struct iw_link_witness *row,
                               const struct iw_telemetry_channel *channel)
{
    uint64_t n = 0;
    if (row->sample == IW_SAMPLE_NONE)
        return channel->n_events;
    for (size_t i = 0; i < channel->n_samples; i++) {
        const struct iw_telemetry_sample *sample = &channel->samples[i];
        for (size_t k = 0; shows(host, row, sample) && k < sample->n_parts; k++)
            n += sample->parts[k].n;
    }
    return n;
}

int64_t iw_link_samples_next(const struct iw_link_host *host, const struct iw_link_witness *row,
                             const struct iw_telemetry_channel *channel, int64_t from_ns)
{
    int64_t next_ns = INT64_MAX;
    if (row->sample == IW_SAMPLE_NONE)
        return next_moment(channel->parts, channel->n_parts, from_ns);
    for (size_t i = 0; i < channel->n_samples; i++) {
        const struct iw_telemetry_sample *sample = &channel->samples[i];
        int64_t own_ns;
        if (!shows(host, row, sample))
            continue;
        own_ns = next_moment(sample->parts, sample->n_parts, from_ns);
        next_ns = own_ns < next_ns ? own_ns : next_ns;
    }
    return next_ns;
}
