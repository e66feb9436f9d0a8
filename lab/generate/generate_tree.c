/*
 * Files of a host in the folders of a collection (see generate_tree.h).
 *
 * What it does: C:\Windows\x becomes HOST/C/Windows/x; which files are in the evidence follows from
 * what was collected. What it ignores: everything of a disk that an investigator of IIS does not
 * bring.
 */
#include "lab/generate/generate_tree.h"

#include "lab/lab_alloc.h"
#include "lab/lab_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define UNIX_EPOCH UINT64_C(116444736000000000)
#define MAX_PATH 2048U

bool iw_lab_tree_put(struct iw_lab_host *host, const char *folder, const char *path,
                     const uint8_t *bytes, size_t size_bytes, uint64_t time)
{
    char full[4096];
    struct iw_lab_error error = {.text = ""};
    snprintf(full, sizeof full, "%s/%s/%s", folder, host->name, path);
    if (!iw_lab_tree_make_parents(full, &error)) {
        return iw_lab_world_fail(host->world, NULL, "%s", error.text);
    }
    FILE *stream = fopen(full, "wb");
    bool ok = stream != NULL && fwrite(bytes, 1, size_bytes, stream) == size_bytes;
    ok = (stream != NULL && fclose(stream) == 0) && ok;
    if (!ok) {
        return iw_lab_world_fail(host->world, NULL, "%s: cannot write: %s", full, strerror(errno));
    }
    if (time > UNIX_EPOCH) {
        struct timespec times[2];
        times[0].tv_sec = (time_t)((time - UNIX_EPOCH) / IW_LAB_SECOND);
        times[0].tv_nsec = (long)((time - UNIX_EPOCH) % IW_LAB_SECOND * 100);
        times[1] = times[0];
        utimensat(AT_FDCWD, full, times, 0);
    }
    return true;
}

/* ---- what is collected */

static bool begins(const char *path, const char *folder)
{
    return strncasecmp(path, folder, strlen(folder)) == 0;
}

static bool ends_with(const char *path, const char *ending)
{
    size_t length = strlen(path), n = strlen(ending);
    return length >= n && strcasecmp(path + length - n, ending) == 0;
}

static bool is_under_root(const struct iw_lab_host *host, const char *path)
{
    for (struct iw_lab_site *site = host->sites; site != NULL; site = site->next) {
        for (struct iw_lab_mapping *place = site->mappings; place != NULL; place = place->next) {
            if (begins(path, place->root) && path[strlen(place->root)] == '\\') {
                return true;
            }
        }
    }
    return false;
}

/* The source the file belongs to; NULL: nobody collects it. */
static const char *source_of(const struct iw_lab_host *host, const struct iw_lab_file *file)
{
    bool is_inetsrv = begins(file->path, "C:\\Windows\\System32\\inetsrv\\") ||
                      begins(file->path, "C:\\Windows\\SysWOW64\\inetsrv\\");
    if (begins(file->path, IW_LAB_CONFIG_FOLDER "\\")) {
        return "configuration";
    }
    if (begins(file->path, "C:\\inetpub\\history\\")) {
        return "history";
    }
    if (begins(file->path, "C:\\inetpub\\temp\\") ||
        strstr(file->path, "Temporary ASP.NET") != NULL) {
        return NULL;
    }
    if (is_under_root(host, file->path)) {
        return "web_files";
    }
    if (ends_with(file->path, ".config")) { /* of the framework, and what a pool's CLR is told */
        return "configuration";
    }
    /* A module is brought because the configuration names it, or from the folders of IIS. */
    return is_inetsrv || file->content.kind == IW_LAB_CONTENT_PE ? "modules" : NULL;
}

static void to_unix(const char *path, char *out, size_t size_bytes)
{
    size_t used = 0;
    for (; *path != '\0' && used + 1 < size_bytes; path++) {
        if (*path != ':' || used != 1) {
            out[used++] = *path == '\\' ? '/' : *path;
        }
    }
    out[used] = '\0';
}

/* Windows does not tell folders by case: path gets the spelling that the file before it (next in
 * order without case, "" for none) has, and of folders that logs are written to. */
static void spell_folders(char *path, const char *before)
{
    static const char *const known[] = {
        "C/Windows/System32/winevt/Logs/", "C/Windows/System32/LogFiles/HTTPERR/",
        "C/Windows/System32/", "C/inetpub/logs/LogFiles/", "C/inetpub/"};
    size_t same = 0;
    for (size_t i = 0; path[i] != '\0' && strncasecmp(path, before, i + 1) == 0; i++) {
        same = path[i] == '/' ? i + 1 : same;
    }
    memcpy(path, before, same);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        for (size_t n = 0; known[i][n] != '\0' && strncasecmp(path, known[i], n + 1) == 0; n++) {
            if (known[i][n] == '/') {
                memcpy(path, known[i], n + 1);
            }
        }
    }
}

/* ---- traces */

static void trace_file(struct iw_lab_host *host, const struct iw_lab_file *file, const char *source)
{
    struct iw_lab_trace trace = {.act = file->act->id,
                                 .host = host->name,
                                 .source = source,
                                 .path = file->path,
                                 .filetime = file->changed};
    iw_lab_output_trace(host->world->options.output, &trace);
    if (file->act->holds != NULL) {
        const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
        trace.path = NULL;
        trace.kind = iw_lab_yaml_text(yaml, file->act->holds, "kind", "");
        trace.name = iw_lab_yaml_text(yaml, file->act->holds, "name", "");
        trace.image = iw_lab_yaml_text(yaml, file->act->holds, "image", NULL);
        iw_lab_output_trace(host->world->options.output, &trace);
    }
}

/* Entries that acts made and that are still there. */
static void trace_marks(struct iw_lab_host *host, const struct iw_lab_file *file,
                        const char *source)
{
    for (const struct iw_lab_mark *mark = host->marks; mark != NULL; mark = mark->next) {
        struct iw_lab_trace trace = {.act = mark->act->id,
                                     .host = host->name,
                                     .source = source,
                                     .kind = mark->section,
                                     .name = mark->name,
                                     .image = mark->image,
                                     .filetime = file->changed};
        if (strcasecmp(mark->path, file->path) == 0) {
            iw_lab_output_trace(host->world->options.output, &trace);
        }
    }
}

/* path: where the file before it was written, then where this one was. */
static bool write_file(struct iw_lab_host *host, const char *folder, const struct iw_lab_file *file,
                       bool is_after, char path[static MAX_PATH])
{
    char before[MAX_PATH], source[MAX_PATH + 256];
    size_t size_bytes = 0;
    host->world->at = file->act == NULL ? NULL : file->act->details;
    uint8_t *bytes = iw_lab_content_bytes(&file->content, &size_bytes);
    memcpy(before, path, sizeof before);
    to_unix(file->path, path, MAX_PATH);
    spell_folders(path, before);
    bool ok = iw_lab_tree_put(host, folder, path, bytes, size_bytes,
                              file->changed + (uint64_t)host->skew);
    iw_lab_alloc_release(bytes);
    if (!ok || !is_after || host->world->options.output->manifest == NULL) {
        return ok;
    }
    snprintf(source, sizeof source, "%s/%s", host->name, path);
    if (file->act != NULL) {
        trace_file(host, file, source);
    }
    trace_marks(host, file, source);
    return true;
}

static int compare_paths(const void *a, const void *b)
{
    const struct iw_lab_file *const *x = a, *const *y = b;
    int order = strcasecmp((*x)->path, (*y)->path);
    return order != 0 ? order : strcmp((*x)->path, (*y)->path);
}

bool iw_lab_tree_write_files(struct iw_lab_host *host, const char *folder, bool is_after)
{
    const struct iw_lab_file **files = iw_lab_alloc_zeroed(host->n_files + 1, sizeof *files);
    size_t n = 0;
    bool ok = true;
    char path[MAX_PATH] = "";
    for (struct iw_lab_file *file = host->files; file != NULL; file = file->next_made) {
        const char *source = source_of(host, file);
        bool is_only = is_after && host->world->options.is_only_4688;
        if (!file->is_deleted && !file->is_phantom && source != NULL && !is_only &&
            !iw_lab_host_leaves_out(host, source) &&
            !iw_lab_world_is_without(host->world, source)) {
            files[n++] = file;
        }
    }
    qsort(files, n, sizeof *files, compare_paths);
    for (size_t i = 0; i < n && ok; i++) {
        ok = write_file(host, folder, files[i], is_after, path);
    }
    iw_lab_alloc_release(files);
    return ok;
}
