#include "coverage/folder_audit.h"

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

/* The first part that begins later: what came in the same one may have been on its way. */
static int64_t next_begin(const struct iw_telemetry_sample *sample, int64_t off_ns)
{
    size_t low = 0, high = sample->n_parts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sample->parts[middle].first_ns <= off_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sample->n_parts ? sample->parts[low].first_ns : INT64_MAX;
}

static int64_t shown_again(const struct iw_telemetry_channel *channel, struct iw_str asked,
                           int64_t off_ns)
{
    int64_t next_ns = INT64_MAX;
    for (size_t i = 0; i < channel->n_samples; i++) {
        const struct iw_telemetry_sample *sample = &channel->samples[i];
        int64_t own_ns;
        if (sample->kind != IW_SAMPLE_FILE || !iw_server_path_covers(sample->folder, asked))
            continue;
        own_ns = next_begin(sample, off_ns);
        next_ns = own_ns < next_ns ? own_ns : next_ns;
    }
    return next_ns;
}

bool iw_folder_audit_again(const struct iw_telemetry_channel *channel, struct iw_str folder,
                           const struct iw_str *asked, size_t n_asked, int64_t off_ns,
                           int64_t *ret_again)
{
    bool is_part = false;
    *ret_again = off_ns;
    for (size_t i = 0; i < n_asked && *ret_again != INT64_MAX; i++) {
        int64_t own_ns = INT64_MAX;
        if (iw_server_path_covers(folder, asked[i]))
            own_ns = shown_again(channel, asked[i], off_ns);
        else if (!iw_server_path_covers(asked[i], folder))
            continue;
        is_part = true;
        *ret_again = own_ns > *ret_again ? own_ns : *ret_again;
    }
    return is_part;
}
