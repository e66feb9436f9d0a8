/*
 * Where rule tests lie.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "engine/rule_tests.h"

struct list {
    struct iw_arena *arena;
    const char **items;
    size_t n, cap;
};

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* "folder/name"; NULL: no memory. */
static const char *join(struct iw_arena *arena, const char *folder, const char *name)
{
    size_t n = strlen(folder), room = n + strlen(name) + 2;
    char *path = iw_arena_alloc(arena, room);
    bool slash = n != 0 && folder[n - 1] == '/';
    if (path != NULL)
        (void)snprintf(path, room, "%s%s%s", folder, slash ? "" : "/", name);
    return path;
}

bool iw_rule_tests_is_rule_folder(const char *path)
{
    char tests[IW_LIMIT_PATH_BYTES];
    int n = snprintf(tests, sizeof tests, "%s/tests", path);
    return n > 0 && (size_t)n < sizeof tests && is_folder(tests);
}

static enum iw_rc append(struct list *list, const char *path)
{
    if (path == NULL ||
        !iw_array_reserve(&list->items, &list->cap, list->n + 1, sizeof *list->items))
        return IW_ENOMEM;
    list->items[list->n++] = path;
    return IW_OK;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum iw_rc add_folder(struct list *list, const char *folder, struct iw_error *err)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    size_t first = list->n;
    enum iw_rc rc = IW_OK;
    if (dir == NULL)
        return iw_error_set(err, IW_EIO, "%s: cannot be opened: %s", folder, strerror(errno));
    while (rc == IW_OK && (entry = readdir(dir)) != NULL) {
        struct iw_str name = iw_str_of(entry->d_name);
        if (iw_str_ends_nocase(name, IW_STR(".yml")) || iw_str_ends_nocase(name, IW_STR(".yaml")))
            rc = append(list, join(list->arena, folder, entry->d_name));
    }
    (void)closedir(dir);
    if (list->n != first)
        qsort(list->items + first, list->n - first, sizeof *list->items, compare_paths);
    return rc;
}

static enum iw_rc add_path(struct list *list, const char *path, struct iw_error *err)
{
    const char *folder = path;
    if (!is_folder(path))
        return append(list, path);
    if (iw_rule_tests_is_rule_folder(path))
        folder = join(list->arena, path, "tests");
    return folder != NULL ? add_folder(list, folder, err) : IW_ENOMEM;
}

enum iw_rc iw_rule_tests_find(const char *const *paths, size_t n_paths, struct iw_arena *arena,
                              const char *const **ret, size_t *ret_n, struct iw_error *err)
{
    struct list list = {.arena = arena};
    enum iw_rc rc = IW_OK;
    const char **kept;
    for (size_t i = 0; i < n_paths && rc == IW_OK; i++)
        rc = add_path(&list, paths[i], err);
    kept = iw_arena_calloc(arena, list.n + 1, sizeof *kept);
    if (rc == IW_OK && kept == NULL)
        rc = IW_ENOMEM;
    if (rc == IW_OK && list.n != 0)
        memcpy(kept, list.items, list.n * sizeof *kept);
    *ret = kept;
    *ret_n = list.n;
    iw_free(list.items);
    return rc == IW_ENOMEM ? iw_error_set(err, IW_ENOMEM, "no memory") : rc;
}
