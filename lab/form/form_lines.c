/*
 * Files of lines (see form_lines.h).
 *
 * What it does: finds or makes the file of the event, lets the dialect write the line, counts it. A
 * stream of the options takes all lines instead. What it ignores: rotation of a collector's files.
 */
#include "lab/form/form_lines.h"

#include "lab/form/lab_sink.h"
#include "lab/lab_alloc.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#define FILE_NAME_BYTES 160U

struct iw_lab_form {
    const struct iw_lab_line_dialect *dialect;
    struct iw_lab_form_options options;
    struct iw_lab_sink *sinks;
    size_t n_sinks;
    struct iw_lab_form_text line;
};

struct iw_lab_form *iw_lab_form_lines_open(const struct iw_lab_line_dialect *dialect,
                                           const struct iw_lab_form_options *options)
{
    struct iw_lab_form *form = iw_lab_alloc_zeroed(1, sizeof *form);
    form->dialect = dialect;
    form->options = *options;
    return form;
}

static bool print_path(const struct iw_lab_form *form, const char *channel,
                       char out[IW_LAB_PLACE_BYTES], struct iw_lab_error *error)
{
    const struct iw_lab_line_dialect *dialect = form->dialect;
    const char *host = form->options.host;
    char name[FILE_NAME_BYTES];
    int used = 0;
    if (form->options.stream != NULL) {
        out[0] = '\0';
        return true;
    }
    if (dialect->is_per_channel) {
        iw_lab_channel_print_file(channel, name, sizeof name);
        used = snprintf(out, IW_LAB_PLACE_BYTES, "%s/%s%s%s", host, dialect->before, name,
                        dialect->after);
    } else {
        used = snprintf(out, IW_LAB_PLACE_BYTES, "%s%s%s", dialect->before, host, dialect->after);
    }
    return (used > 0 && (size_t)used < IW_LAB_PLACE_BYTES) ||
           iw_lab_error_set(error, "path too long: %.200s", host);
}

static struct iw_lab_sink *find_sink(struct iw_lab_form *form, const char *path)
{
    for (size_t i = 0; i < form->n_sinks; i++) {
        if (strcmp(form->sinks[i].path, path) == 0) {
            return &form->sinks[i];
        }
    }
    return NULL;
}

/* The open sink of that path, made when there is none. */
static struct iw_lab_sink *reach_sink(struct iw_lab_form *form, const char *path,
                                      struct iw_lab_error *error)
{
    struct iw_lab_sink *sink = find_sink(form, path);
    if (sink != NULL) {
        return sink;
    }
    struct iw_lab_sink made;
    if (form->options.stream != NULL) {
        iw_lab_sink_borrow(&made, form->options.stream);
    } else if (!iw_lab_sink_open(&made, form->options.root, path, error)) {
        return NULL;
    }
    form->sinks = iw_lab_alloc_resize(form->sinks, form->n_sinks + 1, sizeof *form->sinks);
    form->sinks[form->n_sinks] = made;
    return &form->sinks[form->n_sinks++];
}

bool iw_lab_form_lines_add(struct iw_lab_form *form, const struct iw_lab_record *record,
                           struct iw_lab_place *place, struct iw_lab_error *error)
{
    char path[IW_LAB_PLACE_BYTES];
    if (!print_path(form, iw_lab_kind_channel(record->kind), path, error)) {
        return false;
    }
    struct iw_lab_sink *sink = reach_sink(form, path, error);
    if (sink == NULL) {
        return false;
    }
    form->line.n_bytes = 0;
    form->dialect->write(&form->line, &form->options, record);
    iw_lab_form_text_put(&form->line, "\n");
    return iw_lab_sink_put(sink, form->line.bytes, form->line.n_bytes, 1, place, error);
}

bool iw_lab_form_lines_clear(struct iw_lab_form *form, const char *channel,
                             struct iw_lab_error *error)
{
    char path[IW_LAB_PLACE_BYTES];
    char full[PATH_MAX];
    if (!form->dialect->is_per_channel || form->options.stream != NULL) {
        return true;
    }
    if (!print_path(form, channel, path, error)) {
        return false;
    }
    struct iw_lab_sink *sink = find_sink(form, path);
    if (sink == NULL) {
        return true;
    }
    bool ok = iw_lab_sink_close(sink, error);
    *sink = form->sinks[--form->n_sinks];
    snprintf(full, sizeof full, "%s/%s", form->options.root, path);
    return ok && (unlink(full) == 0 ||
                  iw_lab_error_set(error, "%s: cannot remove: %s", full, strerror(errno)));
}

bool iw_lab_form_lines_close(struct iw_lab_form *form, struct iw_lab_error *error)
{
    bool ok = true;
    if (form == NULL) {
        return true;
    }
    for (size_t i = 0; i < form->n_sinks; i++) {
        ok = iw_lab_sink_close(&form->sinks[i], error) && ok;
    }
    iw_lab_alloc_release(form->sinks);
    iw_lab_form_text_done(&form->line);
    iw_lab_alloc_release(form);
    return ok;
}

const char *iw_lab_form_computer(const struct iw_lab_form_options *options,
                                 const struct iw_lab_record *record)
{
    return record->computer != NULL ? record->computer : options->computer;
}

uint64_t iw_lab_form_header_time(const struct iw_lab_form_options *options,
                                 const struct iw_lab_record *record)
{
    return record->header.filetime + (uint64_t)options->header_shift;
}

bool iw_lab_form_is_unnamed(const struct iw_lab_record *record, size_t i)
{
    return record->kind->fields[i].name == NULL;
}
