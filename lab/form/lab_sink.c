/*
 * Text files written line by line (see lab_sink.h).
 *
 * What it ignores: what the lines say; that they are whole is the caller's word.
 */
#include "lab/form/lab_sink.h"

#include "lab/lab_tree.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const char *shown(const struct iw_lab_sink *sink)
{
    return sink->path[0] != '\0' ? sink->path : "standard output";
}

bool iw_lab_sink_open(struct iw_lab_sink *sink, const char *root, const char *path,
                      struct iw_lab_error *error)
{
    char full[PATH_MAX];
    int used = snprintf(full, sizeof full, "%s/%s", root, path);
    memset(sink, 0, sizeof *sink);
    if (used < 0 || (size_t)used >= sizeof full || strlen(path) >= sizeof sink->path) {
        return iw_lab_error_set(error, "path too long: %.200s/%.200s", root, path);
    }
    if (!iw_lab_tree_make_parents(full, error)) {
        return false;
    }
    memcpy(sink->path, path, strlen(path) + 1);
    sink->stream = fopen(full, "wb");
    return sink->stream != NULL ||
           iw_lab_error_set(error, "%s: cannot create: %s", full, strerror(errno));
}

void iw_lab_sink_borrow(struct iw_lab_sink *sink, FILE *stream)
{
    memset(sink, 0, sizeof *sink);
    sink->stream = stream;
    sink->is_borrowed = true;
}

bool iw_lab_sink_put(struct iw_lab_sink *sink, const char *text, size_t size_bytes,
                     uint64_t n_lines, struct iw_lab_place *place, struct iw_lab_error *error)
{
    sink->n_lines += n_lines;
    if (place != NULL) {
        memcpy(place->path, sink->path, sizeof place->path);
        place->line = sink->n_lines;
    }
    return fwrite(text, 1, size_bytes, sink->stream) == size_bytes ||
           iw_lab_error_set(error, "%s: writing failed: %s", shown(sink), strerror(errno));
}

bool iw_lab_sink_close(struct iw_lab_sink *sink, struct iw_lab_error *error)
{
    FILE *stream = sink->stream;
    bool ok = true;
    sink->stream = NULL;
    if (stream != NULL) {
        ok = ferror(stream) == 0;
        ok = (sink->is_borrowed ? fflush(stream) : fclose(stream)) == 0 && ok;
    }
    return ok || iw_lab_error_set(error, "%s: writing failed: %s", shown(sink), strerror(errno));
}
