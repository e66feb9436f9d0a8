/*
 * Folders of runs (see score_files.h).
 *
 * What it does: walks with nftw(); each file gives FNV-1a over its path below the folder and its
 * bytes, and the sum of those is the digest, so that the order of the walk does not matter. What it
 * ignores: empty folders, times and rights of files.
 */
#include "lab/score/score_files.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FNV_START UINT64_C(0xCBF29CE484222325)
#define FNV_PRIME UINT64_C(0x100000001B3)
#define MAX_OPEN_FOLDERS 32
#define READ_BYTES 65536U

/* nftw() hands nothing on to its visitor. The score walks one folder at a time in one thread. */
static struct {
    size_t root_length;
    uint64_t sum;
    bool is_ok;
} walk;

static uint64_t fnv(uint64_t hash, const void *bytes, size_t size_bytes)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size_bytes; i++) {
        hash = (hash ^ at[i]) * FNV_PRIME;
    }
    return hash;
}

bool iw_lab_path_join(char *out, size_t size_bytes, const char *folder, const char *name,
                      struct iw_lab_error *error)
{
    int used = snprintf(out, size_bytes, "%s/%s", folder, name);
    return (used >= 0 && (size_t)used < size_bytes) ||
           iw_lab_error_set(error, "path too long: %.200s", folder);
}

bool iw_lab_folder_make(const char *path, struct iw_lab_error *error)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) {
        return iw_lab_error_set(error, "no usable folder name: %.200s", path);
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

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

void iw_lab_folder_remove(const char *path)
{
    nftw(path, remove_one, MAX_OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static int digest_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)place;
    if (kind != FTW_F) {
        return 0;
    }
    unsigned char bytes[READ_BYTES];
    const char *below = path + walk.root_length;
    uint64_t hash = fnv(FNV_START, below, strlen(below) + 1);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        walk.is_ok = false;
        return 1;
    }
    size_t used = 0;
    while ((used = fread(bytes, 1, sizeof bytes, stream)) > 0) {
        hash = fnv(hash, bytes, used);
    }
    walk.is_ok = walk.is_ok && ferror(stream) == 0;
    fclose(stream);
    walk.sum += hash;
    return 0;
}

bool iw_lab_folder_digest(const char *path, uint64_t *digest, struct iw_lab_error *error)
{
    walk.root_length = strlen(path);
    walk.sum = FNV_START;
    walk.is_ok = true;
    bool ok = nftw(path, digest_one, MAX_OPEN_FOLDERS, FTW_PHYS) == 0 && walk.is_ok;
    *digest = walk.sum;
    return ok || iw_lab_error_set(error, "%s: cannot read all of it", path);
}

bool iw_lab_lines_digest(const char *path, const char *but, uint64_t *digest,
                         struct iw_lab_error *error)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length = 0;
    *digest = FNV_START;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot read: %s", path, strerror(errno));
    }
    while ((length = getline(&line, &room, stream)) > 0) {
        if (but == NULL || strstr(line, but) == NULL) {
            *digest = fnv(*digest, line, (size_t)length);
        }
    }
    free(line);
    fclose(stream);
    return true;
}
