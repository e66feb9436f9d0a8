/*
 * Runs a fuzz target over stored inputs without libFuzzer, so that gcc builds, with whatever
 * sanitizer they carry, replay every input that was ever interesting.
 *
 * Usage: replay_<name> PATH...
 *   Each PATH is a file, or a folder whose regular files are run in name order, no deeper.
 * Exit status: 0 all inputs ran, 1 an input could not be read, 77 nothing there to replay.
 * Every input is named before it runs, so that the last line before a crash tells which one it was.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t n_inputs;
static int n_unreadable;

static void complain(const char *path)
{
    fprintf(stderr, "replay: cannot read %s\n", path);
    n_unreadable++;
}

static void replay_file(const char *path, size_t size_bytes)
{
    FILE *file = fopen(path, "rb");
    /* Exactly as long as the input: one byte read past its end is the sanitizer's to see. */
    uint8_t *data = malloc(size_bytes > 0 ? size_bytes : 1);

    if (file == NULL || data == NULL || fread(data, 1, size_bytes, file) != size_bytes) {
        complain(path);
    } else {
        fprintf(stderr, "%s\n", path);
        (void)LLVMFuzzerTestOneInput(data, size_bytes);
        n_inputs++;
    }
    free(data);
    if (file != NULL) {
        (void)fclose(file);
    }
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int n_entries = scandir(folder, &entries, is_visible, alphasort);

    for (int i = 0; i < n_entries; i++) {
        char path[4096];
        struct stat status;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);

        if (length < 0 || (size_t)length >= sizeof path || stat(path, &status) != 0) {
            complain(entries[i]->d_name);
        } else if (S_ISREG(status.st_mode)) {
            replay_file(path, (size_t)status.st_size);
        }
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat status;

        if (stat(argv[i], &status) != 0) {
            fprintf(stderr, "replay: %s is not there\n", argv[i]);
        } else if (S_ISDIR(status.st_mode)) {
            replay_folder(argv[i]);
        } else {
            replay_file(argv[i], (size_t)status.st_size);
        }
    }
    printf("replayed %zu inputs\n", n_inputs);
    if (n_unreadable > 0) {
        return 1;
    }
    return n_inputs > 0 ? 0 : 77;
}
