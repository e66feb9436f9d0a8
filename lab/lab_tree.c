/*
 * Folders of a collected host (see lab_tree.h).
 *
 * What it does: makes folders one by one, like `mkdir -p`, and the file that marks the tree as
 * synthetic. What it ignores: what is already there; files of the same name are replaced by the
 * writers.
 */
#include "lab/lab_tree.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool make_folders(const char *path, struct iw_lab_error *error)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof part) {
        return iw_lab_error_set(error, "path too long: %.200s", path);
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            return iw_lab_error_set(error, "%s: cannot make folder: %s", part, strerror(errno));
        }
    }
    return true;
}

bool iw_lab_tree_make_logs(const char *directory, const char *host, char *out, size_t size_bytes,
                           struct iw_lab_error *error)
{
    int used = snprintf(out, size_bytes, "%s/%s/C/Windows/System32/winevt/Logs", directory, host);
    if (used < 0 || (size_t)used >= size_bytes) {
        return iw_lab_error_set(error, "path too long: %.200s", directory);
    }
    return make_folders(out, error);
}

bool iw_lab_tree_make_parents(const char *path, struct iw_lab_error *error)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path) {
        return true;
    }
    if ((size_t)(slash - path) >= sizeof folder) {
        return iw_lab_error_set(error, "path too long: %.200s", path);
    }
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = '\0';
    return make_folders(folder, error);
}

bool iw_lab_tree_write_readme(const char *directory, const char *about, struct iw_lab_error *error)
{
    char path[PATH_MAX];
    if (!make_folders(directory, error)) {
        return false;
    }
    snprintf(path, sizeof path, "%s/README.txt", directory);
    FILE *stream = fopen(path, "wb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot create: %s", path, strerror(errno));
    }
    fputs("SYNTHETIC EVIDENCE. Nothing here happened: hosts, people, addresses and hashes are "
          "invented by iiswarden-lab.\n\n",
          stream);
    fputs(about, stream);
    return fclose(stream) == 0 ||
           iw_lab_error_set(error, "%s: writing failed: %s", path, strerror(errno));
}
