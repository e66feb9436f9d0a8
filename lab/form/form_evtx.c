/*
 * Event logs as they lie on the host's disk: HOST/C/Windows/System32/winevt/Logs/<channel>.evtx.
 *
 * What it does: one EVTX file a channel, opened at its first event with that event's record id as
 * its first. A cleared log's file is removed; the next event of the channel begins it anew. What it
 * ignores: archives of full logs, files that wrap.
 */
#include "lab/form/lab_form_list.h"

#include "lab/lab_alloc.h"
#include "lab/lab_tree.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME_BYTES 160U

struct log_file {
    char *channel;
    char path[IW_LAB_PLACE_BYTES]; /* below root */
    struct iw_lab_evtx *evtx;      /* NULL: cleared, and nothing since */
};

struct iw_lab_form {
    struct iw_lab_form_options options;
    struct log_file *files;
    size_t n_files;
};

static struct iw_lab_form *evtx_open(const struct iw_lab_form_options *options)
{
    struct iw_lab_form *form = iw_lab_alloc_zeroed(1, sizeof *form);
    form->options = *options;
    return form;
}

static struct log_file *find_file(struct iw_lab_form *form, const char *channel)
{
    for (size_t i = 0; i < form->n_files; i++) {
        if (strcmp(form->files[i].channel, channel) == 0) {
            return &form->files[i];
        }
    }
    return NULL;
}

/* The file's full path; false with error when it is too long. */
static bool print_full(const struct iw_lab_form *form, const struct log_file *file,
                       char out[PATH_MAX], struct iw_lab_error *error)
{
    int used = snprintf(out, PATH_MAX, "%s/%s", form->options.root, file->path);
    return (used > 0 && used < PATH_MAX) ||
           iw_lab_error_set(error, "path too long: %.200s", form->options.root);
}

/* A place in the list for the channel; its file is not there yet. */
static struct log_file *add_file(struct iw_lab_form *form, const char *channel,
                                 struct iw_lab_error *error)
{
    char name[FILE_NAME_BYTES];
    struct log_file file = {.evtx = NULL};
    iw_lab_channel_print_file(channel, name, sizeof name);
    int used = snprintf(file.path, sizeof file.path, "%s/C/Windows/System32/winevt/Logs/%s.evtx",
                        form->options.host, name);
    if (used < 0 || (size_t)used >= sizeof file.path) {
        iw_lab_error_set(error, "path too long: %.200s", form->options.host);
        return NULL;
    }
    form->files = iw_lab_alloc_resize(form->files, form->n_files + 1, sizeof *form->files);
    file.channel = iw_lab_alloc_text(channel, strlen(channel));
    form->files[form->n_files] = file;
    return &form->files[form->n_files++];
}

static bool open_file(struct iw_lab_form *form, struct log_file *file, uint64_t first_record_id,
                      struct iw_lab_error *error)
{
    char full[PATH_MAX];
    struct iw_lab_evtx_options options = {.minor_version = 2, .first_record_id = first_record_id};
    if (!print_full(form, file, full, error) || !iw_lab_tree_make_parents(full, error)) {
        return false;
    }
    file->evtx = iw_lab_evtx_new(full, &options, error);
    return file->evtx != NULL;
}

static bool evtx_add(struct iw_lab_form *form, const struct iw_lab_record *record,
                     struct iw_lab_place *place, struct iw_lab_error *error)
{
    const char *channel = iw_lab_kind_channel(record->kind);
    const char *computer = record->computer != NULL ? record->computer : form->options.computer;
    struct log_file *file = find_file(form, channel);
    if (file == NULL) {
        file = add_file(form, channel, error);
    }
    if (file == NULL ||
        (file->evtx == NULL && !open_file(form, file, record->header.record_id, error))) {
        return false;
    }
    struct iw_lab_event event = record->header;
    event.values = record->values;
    event.n_values = record->n_values;
    size_t shape = iw_lab_kind_define(record->kind, computer, file->evtx, NULL);
    if (place != NULL) {
        memcpy(place->path, file->path, sizeof place->path);
        place->line = 0;
    }
    return iw_lab_evtx_add(file->evtx, shape, &event, error);
}

static bool evtx_clear(struct iw_lab_form *form, const char *channel, struct iw_lab_error *error)
{
    char full[PATH_MAX];
    struct log_file *file = find_file(form, channel);
    if (file == NULL || file->evtx == NULL) {
        return true;
    }
    bool ok = iw_lab_evtx_close(file->evtx, error);
    file->evtx = NULL;
    if (!ok || !print_full(form, file, full, error)) {
        return false;
    }
    return unlink(full) == 0 ||
           iw_lab_error_set(error, "%s: cannot remove: %s", full, strerror(errno));
}

static bool evtx_close(struct iw_lab_form *form, struct iw_lab_error *error)
{
    bool ok = true;
    if (form == NULL) {
        return true;
    }
    for (size_t i = 0; i < form->n_files; i++) {
        ok = iw_lab_evtx_close(form->files[i].evtx, error) && ok;
        iw_lab_alloc_release(form->files[i].channel);
    }
    iw_lab_alloc_release(form->files);
    iw_lab_alloc_release(form);
    return ok;
}

const struct iw_lab_form_class iw_lab_form_evtx = {
    .name = "evtx",
    .about = "event logs of Windows, one file a channel",
    .is_cleared = true,
    .open = evtx_open,
    .add = evtx_add,
    .clear = evtx_clear,
    .close = evtx_close,
};
