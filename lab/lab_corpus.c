/*
 * The benchmark corpus (see lab_corpus.h).
 *
 * What it does: for every host one stream of events a channel, cut into files of 480 chunks (31.5
 * MB) like archived production logs; 55 % of the bytes Security, 30 % Sysmon, 5 % each System,
 * Application and PowerShell. Format: archives are named Archive-<log>-<number>.evtx beside the
 * live <log>.evtx, as Windows keeps them. What it ignores: sense; see lab_invent.c. Only one chunk
 * is in memory.
 */
#include "lab/lab_corpus.h"

#include "lab/evtx/lab_evtx.h"
#include "lab/evtx/lab_text.h"
#include "lab/lab_alloc.h"
#include "lab/event/lab_catalogue.h"
#include "lab/lab_invent.h"
#include "lab/lab_tree.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define CHUNKS_PER_FILE 480U
#define MAX_KINDS 64U

/* Of the corpus of process creations. */
static const uint32_t process_percent[IW_LAB_N_CHANNELS] = {
    [IW_LAB_CHANNEL_SECURITY] = 30,
    [IW_LAB_CHANNEL_SYSMON] = 70,
};
#define PROCESS_WEIGHT_FACTOR 40U

static const uint32_t channel_percent[IW_LAB_N_CHANNELS] = {
    [IW_LAB_CHANNEL_SECURITY] = 55,   [IW_LAB_CHANNEL_SYSMON] = 30,    [IW_LAB_CHANNEL_SYSTEM] = 5,
    [IW_LAB_CHANNEL_APPLICATION] = 5, [IW_LAB_CHANNEL_POWERSHELL] = 5,
};

/* One channel of one host. */
struct stream {
    enum iw_lab_channel channel;
    const char *folder;
    char computer[64];
    uint64_t n_chunks_left;
    uint64_t next_record_id;
    uint64_t filetime;
    uint32_t n_files;
    struct iw_lab_invent *invent;
    bool is_processes;
};

struct file_kinds {
    const struct iw_lab_kind *kinds[MAX_KINDS];
    size_t schema[MAX_KINDS];
    size_t n_fields[MAX_KINDS];
    uint32_t weight_below[MAX_KINDS];
    size_t n_kinds;
};

static bool is_process_creation(const struct iw_lab_kind *kind)
{
    return kind != NULL && ((kind->channel == IW_LAB_CHANNEL_SYSMON && kind->event_id == 1) ||
                            (kind->channel == IW_LAB_CHANNEL_SECURITY && kind->event_id == 4688));
}

static void define_kinds(const struct stream *stream, struct iw_lab_evtx *file,
                         struct file_kinds *kinds)
{
    uint32_t sum = 0;
    kinds->n_kinds = 0;
    const struct iw_lab_kind *kind = iw_lab_kind_at(0);
    for (size_t i = 0; kind != NULL && kinds->n_kinds < MAX_KINDS; kind = iw_lab_kind_at(++i)) {
        if (kind->channel != stream->channel || kind->weight == 0) {
            continue;
        }
        size_t k = kinds->n_kinds++;
        sum += kind->weight *
               (stream->is_processes && is_process_creation(kind) ? PROCESS_WEIGHT_FACTOR : 1);
        kinds->kinds[k] = kind;
        kinds->weight_below[k] = sum;
        kinds->schema[k] = iw_lab_kind_define(kind, stream->computer, file, &kinds->n_fields[k]);
    }
}

static bool add_event(struct stream *stream, struct iw_lab_evtx *file,
                      const struct file_kinds *kinds, struct iw_lab_error *error)
{
    static const uint8_t system_sid[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    struct iw_lab_invent *invent = stream->invent;
    struct iw_lab_value values[IW_LAB_KIND_MAX_FIELDS];
    uint32_t pick = iw_lab_invent_below(invent, kinds->weight_below[kinds->n_kinds - 1]);
    size_t k = 0;
    while (k + 1 < kinds->n_kinds && kinds->weight_below[k] <= pick) {
        k++;
    }
    stream->filetime += 10000U + iw_lab_invent_below(invent, 4000000);
    iw_lab_invent_begin(invent, stream->filetime);
    if (stream->is_processes && is_process_creation(kinds->kinds[k])) {
        iw_lab_invent_pick_programs(invent);
    } else {
        invent->program = NULL;
    }
    for (size_t i = 0; i < kinds->n_fields[k]; i++) {
        values[i] = iw_lab_invent_value(invent, &kinds->kinds[k]->fields[i]);
    }
    struct iw_lab_event event = {
        .filetime = stream->filetime + iw_lab_invent_below(invent, 9999),
        .process_id = 4U * (100 + iw_lab_invent_below(invent, 1000)),
        .thread_id = 4U * (100 + iw_lab_invent_below(invent, 4000)),
        .values = values,
        .n_values = kinds->n_fields[k],
    };
    if (stream->channel == IW_LAB_CHANNEL_SYSMON || stream->channel == IW_LAB_CHANNEL_POWERSHELL) {
        event.user_sid = system_sid;
        event.user_sid_bytes = sizeof system_sid;
    }
    return iw_lab_evtx_add(file, kinds->schema[k], &event, error);
}

static bool write_file(struct stream *stream, struct iw_lab_error *error)
{
    char path[PATH_MAX];
    bool last = stream->n_chunks_left <= CHUNKS_PER_FILE;
    uint64_t n_chunks = last ? stream->n_chunks_left : CHUNKS_PER_FILE;
    const char *name = iw_lab_channel_file(stream->channel);
    stream->n_files++;
    if (last) {
        snprintf(path, sizeof path, "%s/%s.evtx", stream->folder, name);
    } else {
        snprintf(path, sizeof path, "%s/Archive-%s-%04u.evtx", stream->folder, name,
                 stream->n_files);
    }
    struct iw_lab_evtx_options options = {.minor_version = 1,
                                          .first_record_id = stream->next_record_id};
    struct iw_lab_evtx *file = iw_lab_evtx_new(path, &options, error);
    if (file == NULL) {
        return false;
    }
    struct file_kinds kinds = {.n_kinds = 0};
    define_kinds(stream, file, &kinds);
    bool ok = true;
    /* The record that opens one chunk too many stays as the only one of a last, nearly empty chunk.
     */
    while (ok && iw_lab_evtx_n_chunks(file) < n_chunks - 1) {
        ok = add_event(stream, file, &kinds, error);
    }
    uint64_t n_before = iw_lab_evtx_n_records(file);
    uint64_t n_fill = n_chunks > 1 ? n_before / (n_chunks - 1) : 60;
    while (ok && iw_lab_evtx_n_chunks(file) < n_chunks &&
           iw_lab_evtx_n_records(file) < n_before + n_fill * 9 / 10) {
        ok = add_event(stream, file, &kinds, error);
    }
    stream->next_record_id += iw_lab_evtx_n_records(file);
    stream->n_chunks_left -= n_chunks;
    return iw_lab_evtx_close(file, ok ? error : NULL) && ok;
}

static bool write_host(const char *directory, const struct iw_lab_corpus_options *options,
                       uint32_t host, struct iw_lab_invent *invent, struct iw_lab_error *error)
{
    char folder[PATH_MAX];
    char name[32];
    uint64_t start = 0;
    snprintf(name, sizeof name, "WEB%02u", host + 1);
    iw_lab_text_parse_time("2026-01-05T00:00:00Z", &start);
    if (!iw_lab_tree_make_logs(directory, name, folder, sizeof folder, error)) {
        return false;
    }
    uint64_t host_bytes = options->size_bytes / options->n_hosts;
    const uint32_t *percent = options->is_processes ? process_percent : channel_percent;
    for (uint32_t channel = 0; channel < IW_LAB_N_CHANNELS; channel++) {
        if (percent[channel] == 0) {
            continue;
        }
        struct stream stream = {.channel = (enum iw_lab_channel)channel,
                                .folder = folder,
                                .next_record_id = 1 + 100000ULL * channel,
                                .filetime = start,
                                .invent = invent,
                                .is_processes = options->is_processes};
        snprintf(stream.computer, sizeof stream.computer, "%s.lab.example", name);
        stream.n_chunks_left = host_bytes / 100 * percent[channel] / IW_LAB_CHUNK_BYTES;
        stream.n_chunks_left += stream.n_chunks_left == 0 ? 1 : 0;
        iw_lab_invent_seed(invent, options->seed * 1000003U + host * 101ULL + channel);
        while (stream.n_chunks_left > 0) {
            if (!write_file(&stream, error)) {
                return false;
            }
        }
    }
    return true;
}

bool iw_lab_corpus_write(const char *directory, const struct iw_lab_corpus_options *options,
                         struct iw_lab_error *error)
{
    bool ok = iw_lab_tree_write_readme(directory,
                                       "A benchmark corpus: dense logs without a story.\n", error);
    struct iw_lab_invent *invent = iw_lab_alloc_zeroed(1, sizeof *invent);
    for (uint32_t host = 0; ok && host < options->n_hosts; host++) {
        ok = write_host(directory, options, host, invent, error);
    }
    iw_lab_alloc_release(invent);
    return ok;
}
