/*
 * Rules from files: one file, every *.yml and *.yaml below a folder in byte order of path, or those
 * built into the program.
 *
 * Links to folders are not followed, so a walk ends; links to files are. Folders are walked with a
 * list of our own, not by recursion.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "sigma/sigma_compiler.h"

struct walk {
    struct iw_arena arena;
    const char **folders; /* still to be read */
    size_t n_folders, folders_cap;
    const char **files;
    size_t n_files, files_cap;
    size_t n_skipped; /* past IW_LIMIT_RULE_FILES */
};

static enum iw_rc append(const char ***items, size_t *n, size_t *cap, const char *path)
{
    if (!iw_array_reserve(items, cap, *n + 1, sizeof **items))
        return IW_ENOMEM;
    (*items)[(*n)++] = path;
    return IW_OK;
}

static const char *join(struct walk *walk, const char *folder, const char *name)
{
    size_t n = strlen(folder), room = n + strlen(name) + 2;
    char *path = iw_arena_alloc(&walk->arena, room);
    bool slash = n != 0 && folder[n - 1] == '/';
    if (path != NULL)
        (void)snprintf(path, room, "%s%s%s", folder, slash ? "" : "/", name);
    return path;
}

static bool is_rule_file(const char *name)
{
    struct iw_str text = iw_str_of(name);
    return iw_str_ends_nocase(text, IW_STR(".yml")) || iw_str_ends_nocase(text, IW_STR(".yaml"));
}

static enum iw_rc visit(struct walk *walk, const char *folder, const char *name)
{
    struct stat status;
    const char *path;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return IW_OK;
    path = join(walk, folder, name);
    if (path == NULL)
        return IW_ENOMEM;
    if (lstat(path, &status) != 0)
        return is_rule_file(name) ? append(&walk->files, &walk->n_files, &walk->files_cap, path)
                                  : IW_OK;
    if (S_ISDIR(status.st_mode))
        return append(&walk->folders, &walk->n_folders, &walk->folders_cap, path);
    if (!is_rule_file(name))
        return IW_OK;
    if (walk->n_files == IW_LIMIT_RULE_FILES) {
        walk->n_skipped++;
        return IW_OK;
    }
    return append(&walk->files, &walk->n_files, &walk->files_cap, path);
}

static enum iw_rc read_folder(struct walk *walk, const char *folder, struct iw_error *err)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    enum iw_rc rc = IW_OK;

    if (dir == NULL)
        return iw_error_set(err, IW_EIO, "cannot be opened: %s", strerror(errno));
    while (rc == IW_OK && (entry = readdir(dir)) != NULL)
        rc = visit(walk, folder, entry->d_name);
    (void)closedir(dir);
    return rc;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum iw_rc add_file(struct iw_sigma_compiler *compiler, const char *path,
                           struct iw_error *err)
{
    struct iw_arena text_arena;
    struct iw_str text;
    enum iw_rc rc;

    iw_arena_init(&text_arena, 0);
    rc = iw_file_read(path, IW_LIMIT_RULE_FILE_BYTES, &text_arena, &text, err);
    if (rc == IW_OK)
        rc = iw_sigma_compiler_add(compiler, path, false, text);
    else if (rc == IW_ELIMIT)
        rc = iw_compiler_refuse_file(compiler, path, false, err);
    iw_arena_done(&text_arena);
    return rc;
}

/* Whatever is wrong with a file or folder below the one named is an entry, and the rest goes on. */
static enum iw_rc go_on(struct iw_sigma_compiler *compiler, const char *path, enum iw_rc rc,
                        const struct iw_error *err)
{
    if (rc != IW_EIO)
        return rc;
    return iw_compiler_refuse_file(compiler, path, false, err);
}

static enum iw_rc add_folder(struct iw_sigma_compiler *compiler, struct walk *walk,
                             const char *path, struct iw_error *err)
{
    struct iw_error one = {0};

    IW_TRY(read_folder(walk, path, err));
    while (walk->n_folders != 0) {
        const char *folder = walk->folders[--walk->n_folders];
        IW_TRY(go_on(compiler, folder, read_folder(walk, folder, &one), &one));
    }
    if (walk->n_files != 0)
        qsort(walk->files, walk->n_files, sizeof *walk->files, compare_paths);
    for (size_t i = 0; i < walk->n_files; i++)
        IW_TRY(go_on(compiler, walk->files[i], add_file(compiler, walk->files[i], &one), &one));
    if (walk->n_skipped != 0) {
        iw_error_set(&one, IW_ELIMIT, "%zu rule files past the limit of %u were not read",
                     walk->n_skipped, IW_LIMIT_RULE_FILES);
        return iw_compiler_refuse_file(compiler, path, false, &one);
    }
    return IW_OK;
}

enum iw_rc iw_sigma_compiler_add_path(struct iw_sigma_compiler *compiler, const char *path,
                                      struct iw_error *err)
{
    struct stat status;
    struct walk walk = {0};
    struct iw_error own = {0};
    enum iw_rc rc;

    if (err == NULL)
        err = &own;
    iw_arena_init(&walk.arena, 0);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        rc = add_folder(compiler, &walk, path, err);
    else
        rc = add_file(compiler, path, err);
    if (rc != IW_OK)
        iw_error_place(err, path, 0, 0);
    iw_free(walk.folders);
    iw_free(walk.files);
    iw_arena_done(&walk.arena);
    return rc;
}

enum iw_rc iw_sigma_compiler_add_builtin(struct iw_sigma_compiler *compiler)
{
    char origin[128];
    for (size_t i = 0; i < iw_n_builtin_rules; i++) {
        const struct iw_builtin_rule *rule = &iw_builtin_rules[i];
        (void)snprintf(origin, sizeof origin, "builtin:%s", rule->name);
        IW_TRY(iw_sigma_compiler_add(compiler, origin, true, (struct iw_str){rule->yaml, rule->n}));
    }
    return IW_OK;
}
