/*
 * The walk. Folders wait on a stack of our own, so depth costs no C stack; each is opened once, its
 * names are read and sorted, then it is closed, so that a deep tree holds no file descriptors. All
 * that was found is sorted by path at the end: neither the order of arguments nor that of the file
 * system shows.
 *
 * Symbolic links below an argument are never walked through: what lies inside the arguments is
 * found under its own path anyway, and what lies outside was not given. So a link is one line in
 * the ledger and cannot make a loop. An argument that is itself a link was meant, and is followed.
 * Names are bytes; nothing here assumes UTF-8.
 */
#include "evidence/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "evidence/sniff.h"

#define NO_PARENT SIZE_MAX

struct folder {
    struct iw_str path;
    size_t parent; /* index, or NO_PARENT */
    uint64_t device, inode;
    unsigned depth; /* of an argument: 0 */
};

struct walk {
    const struct iw_evidence_options *options;
    const struct iw_walk_limits *limits;
    struct iw_found_list *found;
    struct folder *folders; /* all that were entered or wait: parents stay known */
    size_t n_folders, folders_cap;
    size_t *waiting; /* stack of indices into folders */
    size_t n_waiting, waiting_cap;
    struct iw_str *names; /* of the folder at hand */
    size_t n_names, names_cap;
    struct iw_arena names_arena;
    struct iw_str *roots; /* arguments with all links resolved */
    size_t n_roots;
    size_t n_entries;
};

static struct iw_found *add_found(struct walk *walk, struct iw_str path)
{
    struct iw_found_list *list = walk->found;
    struct iw_found *found;
    struct iw_str copy = iw_arena_copy(&list->arena, path);
    if (copy.p == NULL ||
        !iw_array_reserve(&list->items, &list->cap, list->n + 1, sizeof *list->items))
        return NULL;
    found = &list->items[list->n++];
    memset(found, 0, sizeof *found);
    found->path = copy;
    found->kind_name = "unknown";
    return found;
}

/* An entry that is only a line in the ledger. */
__attribute__((format(printf, 5, 6))) static bool add_line(struct walk *walk, struct iw_str path,
                                                           const char *kind_name,
                                                           enum iw_source_state state,
                                                           const char *format, ...)
{
    char reason[512];
    struct iw_found *found = add_found(walk, path);
    va_list args;
    if (found == NULL)
        return false;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    found->kind_name = kind_name;
    found->state = state;
    found->reason = iw_arena_copy(&walk->found->arena, iw_str_of(reason));
    return found->reason.p != NULL;
}

static void set_identity(struct iw_found *found, const struct stat *status)
{
    found->identity = (struct iw_file_identity){
        .device = status->st_dev,
        .inode = status->st_ino,
        .size_bytes = status->st_size > 0 ? (uint64_t)status->st_size : 0,
        .modified_s = status->st_mtim.tv_sec,
        .modified_ns = status->st_mtim.tv_nsec,
        .changed_s = status->st_ctim.tv_sec,
        .changed_ns = status->st_ctim.tv_nsec,
    };
}

static bool add_file(struct walk *walk, struct iw_str path, const struct stat *status, bool is_link)
{
    struct iw_found *found = add_found(walk, path);
    if (found == NULL)
        return false;
    found->is_file = true;
    found->is_link = is_link;
    set_identity(found, status);
    return true;
}

static const char *special_name(mode_t mode)
{
    if (S_ISFIFO(mode))
        return "FIFO";
    if (S_ISSOCK(mode))
        return "socket";
    return S_ISBLK(mode) ? "block device" : "character device";
}

/* What bears such a name and cannot be read is lost: whether it is evidence, its content would say.
 */
static bool is_evidence_name(struct iw_str path)
{
    static const char *const NAMES[] = {"/applicationHost.config", "/redirection.config",
                                        "/web.config", "/machine.config"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (iw_str_ends_nocase(path, iw_str_of(NAMES[i])))
            return true;
    }
    return iw_sniff_is_evtx_name(path);
}

/* In a tree a FIFO is an oddity; as an argument it is evidence the user wanted read. */
static bool add_special(struct walk *walk, struct iw_str path, mode_t mode, bool is_argument)
{
    const char *hint = "";
    bool is_lost = is_argument || is_evidence_name(path);
    if (is_argument && S_ISFIFO(mode))
        hint = "; pipe it to - instead";
    else if (is_argument && S_ISBLK(mode))
        hint = "; mount it read-only and give the folder";
    return add_line(walk, path, "special", is_lost ? IW_SOURCE_LOST : IW_SOURCE_SKIPPED,
                    "a %s: never opened%s", special_name(mode), hint);
}

static bool is_inside_roots(const struct walk *walk, struct iw_str resolved)
{
    for (size_t i = 0; i < walk->n_roots; i++) {
        struct iw_str root = walk->roots[i];
        if (resolved.n >= root.n && memcmp(resolved.p, root.p, root.n) == 0 &&
            (resolved.n == root.n || root.p[root.n - 1] == '/' || resolved.p[root.n] == '/'))
            return true;
    }
    return false;
}

static bool add_link(struct walk *walk, struct iw_str path)
{
    char target[256], resolved[PATH_MAX];
    ssize_t n = readlink(path.p, target, sizeof target - 1);
    enum iw_source_state missed = is_evidence_name(path) ? IW_SOURCE_LOST : IW_SOURCE_SKIPPED;
    target[n > 0 ? n : 0] = '\0';
    if (realpath(path.p, resolved) == NULL) {
        if (errno == ENOENT)
            return add_line(walk, path, "link", missed, "symbolic link to %s, which does not exist",
                            target);
        if (errno == ELOOP)
            return add_line(walk, path, "link", missed,
                            "symbolic link to %s, which leads back to itself", target);
        return add_line(walk, path, "link", missed, "symbolic link to %s: %s", target,
                        strerror(errno));
    }
    if (is_inside_roots(walk, iw_str_of(resolved)))
        return add_line(walk, path, "link", IW_SOURCE_DUPLICATE,
                        "symbolic link to %s, inside the evidence: read there", target);
    return add_line(walk, path, "link", missed,
                    "symbolic link to %s, outside the evidence: not followed", target);
}

/* Puts a folder on the stack, unless it is too deep or an ancestor of itself. */
static bool add_folder(struct walk *walk, struct iw_str path, const struct stat *status,
                       size_t parent)
{
    struct folder folder = {
        .path = iw_arena_copy(&walk->found->arena, path),
        .parent = parent,
        .device = status->st_dev,
        .inode = status->st_ino,
        .depth = parent != NO_PARENT ? walk->folders[parent].depth + 1 : 0,
    };
    if (folder.path.p == NULL)
        return false;
    if (folder.depth > walk->limits->depth)
        return add_line(walk, path, "folder", IW_SOURCE_LOST,
                        "folders inside one another past the limit of %u: not entered",
                        walk->limits->depth);
    for (size_t at = parent; at != NO_PARENT; at = walk->folders[at].parent) {
        if (walk->folders[at].device == folder.device && walk->folders[at].inode == folder.inode)
            return add_line(walk, path, "folder", IW_SOURCE_DUPLICATE,
                            "folder that contains itself: not entered again");
    }
    if (!iw_array_reserve(&walk->folders, &walk->folders_cap, walk->n_folders + 1,
                          sizeof *walk->folders) ||
        !iw_array_reserve(&walk->waiting, &walk->waiting_cap, walk->n_waiting + 1,
                          sizeof *walk->waiting))
        return false;
    walk->waiting[walk->n_waiting++] = walk->n_folders;
    walk->folders[walk->n_folders++] = folder;
    return true;
}

static int by_name(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

/* Reads the names of a folder, last first (the stack turns them round). *ret_errno: why listing
 * ended early. IW_ELIMIT: more names than may still come. */
static enum iw_rc read_names(struct walk *walk, DIR *stream, int *ret_errno)
{
    const struct dirent *entry;
    walk->n_names = 0;
    iw_arena_reset(&walk->names_arena);
    for (;;) {
        struct iw_str name;
        errno = 0;
        entry = readdir(stream);
        if (entry == NULL)
            break;
        name = iw_str_of(entry->d_name);
        if (iw_str_equal(name, IW_STR(".")) || iw_str_equal(name, IW_STR("..")))
            continue;
        if (walk->n_names >= walk->limits->n_entries - walk->n_entries)
            return IW_ELIMIT;
        name = iw_arena_copy(&walk->names_arena, name);
        if (name.p == NULL || !iw_array_reserve(&walk->names, &walk->names_cap, walk->n_names + 1,
                                                sizeof *walk->names))
            return IW_ENOMEM;
        walk->names[walk->n_names++] = name;
    }
    *ret_errno = errno;
    walk->n_entries += walk->n_names;
    if (walk->n_names > 1)
        qsort(walk->names, walk->n_names, sizeof *walk->names, by_name);
    return IW_OK;
}

static struct iw_str join(struct walk *walk, struct iw_str folder, struct iw_str name)
{
    size_t slash = folder.p[folder.n - 1] != '/' ? 1 : 0;
    size_t n = folder.n + slash + name.n;
    char *p = iw_arena_alloc(&walk->names_arena, n + 1);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(p, folder.p, folder.n);
    if (slash != 0)
        p[folder.n] = '/';
    memcpy(p + folder.n + slash, name.p, name.n);
    p[n] = '\0';
    return (struct iw_str){p, n};
}

static bool add_entry(struct walk *walk, int folder_fd, size_t parent, struct iw_str name)
{
    struct stat status;
    struct iw_str path = join(walk, walk->folders[parent].path, name);
    if (path.p == NULL)
        return false;
    if (path.n >= walk->limits->path_bytes)
        return add_line(walk, path, "unknown", IW_SOURCE_LOST,
                        "path past the limit of %zu bytes: not opened", walk->limits->path_bytes);
    if (fstatat(folder_fd, name.p, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
        return add_line(walk, path, "unknown", IW_SOURCE_LOST, "cannot be examined: %s",
                        strerror(errno));
    if (S_ISDIR(status.st_mode))
        return add_folder(walk, path, &status, parent);
    if (S_ISREG(status.st_mode))
        return add_file(walk, path, &status, false);
    if (S_ISLNK(status.st_mode))
        return add_link(walk, path);
    return add_special(walk, path, status.st_mode, false);
}

static enum iw_rc enter_folder(struct walk *walk, size_t index)
{
    struct iw_str path = walk->folders[index].path;
    int no_follow = walk->folders[index].parent != NO_PARENT ? O_NOFOLLOW : 0;
    int fd = open(path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | no_follow);
    DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
    enum iw_rc rc;
    int list_errno = 0;

    if (stream == NULL) {
        bool added = add_line(walk, path, "folder", IW_SOURCE_LOST, "folder cannot be entered: %s",
                              strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return added ? IW_OK : IW_ENOMEM;
    }
    rc = read_names(walk, stream, &list_errno);
    if (rc == IW_ELIMIT) {
        rc = IW_OK;
        walk->n_names = 0;
        if (!add_line(walk, path, "folder", IW_SOURCE_LOST,
                      "more files than the limit of %zu for one run: folder not looked into",
                      walk->limits->n_entries))
            rc = IW_ENOMEM;
    } else if (rc == IW_OK && list_errno != 0 &&
               !add_line(walk, path, "folder", IW_SOURCE_LOST,
                         "folder could not be listed to its end: %s", strerror(list_errno))) {
        rc = IW_ENOMEM;
    }
    for (size_t i = walk->n_names; i > 0 && rc == IW_OK; i--) {
        if (!add_entry(walk, fd, index, walk->names[i - 1]))
            rc = IW_ENOMEM;
    }
    (void)closedir(stream);
    return rc;
}

static enum iw_rc enter_waiting(struct walk *walk, struct iw_error *err)
{
    while (walk->n_waiting != 0) {
        enum iw_rc rc;
        if (walk->options->cancelled != NULL && atomic_load(walk->options->cancelled))
            return iw_error_set(err, IW_ECANCELLED, "interrupted");
        rc = enter_folder(walk, walk->waiting[--walk->n_waiting]);
        if (rc != IW_OK)
            return iw_error_set(err, rc, "no memory");
    }
    return IW_OK;
}

/* Without the slashes at its end: they would stand twice in the paths below it. */
static struct iw_str trim_argument(const char *text)
{
    struct iw_str path = iw_str_of(text);
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path;
}

static bool add_argument(struct walk *walk, struct iw_str argument)
{
    struct stat status, own;
    /* A copy, because a trimmed path has no NUL of its own. */
    struct iw_str path = iw_arena_copy(&walk->found->arena, argument);
    if (path.p == NULL)
        return false;
    if (iw_str_equal(path, IW_STR("-"))) {
        struct iw_found *found = add_found(walk, path);
        if (found != NULL)
            found->is_file = true;
        return found != NULL;
    }
    if (path.n == 0)
        return add_line(walk, path, "unknown", IW_SOURCE_LOST, "an empty name was given");
    if (path.n >= walk->limits->path_bytes)
        return add_line(walk, path, "unknown", IW_SOURCE_LOST,
                        "path past the limit of %zu bytes: not opened", walk->limits->path_bytes);
    if (stat(path.p, &status) != 0) {
        if (errno == ENOENT)
            return add_line(walk, path, "unknown", IW_SOURCE_LOST, "does not exist");
        return add_line(walk, path, "unknown", IW_SOURCE_LOST, "cannot be examined: %s",
                        strerror(errno));
    }
    if (S_ISDIR(status.st_mode))
        return add_folder(walk, path, &status, NO_PARENT);
    if (S_ISREG(status.st_mode))
        return add_file(walk, path, &status, lstat(path.p, &own) == 0 && S_ISLNK(own.st_mode));
    return add_special(walk, path, status.st_mode, true);
}

static bool resolve_roots(struct walk *walk)
{
    const struct iw_evidence_options *options = walk->options;
    char resolved[PATH_MAX];
    walk->roots = iw_arena_calloc(&walk->found->arena, options->n_paths, sizeof *walk->roots);
    if (walk->roots == NULL)
        return false;
    for (size_t i = 0; i < options->n_paths; i++) {
        if (realpath(options->paths[i], resolved) == NULL)
            continue; /* missing, or "-" */
        walk->roots[walk->n_roots] = iw_arena_copy(&walk->found->arena, iw_str_of(resolved));
        if (walk->roots[walk->n_roots++].p == NULL)
            return false;
    }
    return true;
}

static enum iw_rc walk_arguments(struct walk *walk, struct iw_error *err)
{
    const struct iw_evidence_options *options = walk->options;
    struct iw_str *arguments =
        iw_arena_calloc(&walk->found->arena, options->n_paths, sizeof *arguments);
    if (arguments == NULL || !resolve_roots(walk))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    for (size_t i = 0; i < options->n_paths; i++)
        arguments[i] = trim_argument(options->paths[i]);
    if (options->n_paths > 1)
        qsort(arguments, options->n_paths, sizeof *arguments, by_name);
    for (size_t i = 0; i < options->n_paths; i++) {
        size_t n_before = walk->found->n;
        if (i != 0 && iw_str_equal(arguments[i], arguments[i - 1]))
            continue;
        if (!add_argument(walk, arguments[i]))
            return iw_error_set(err, IW_ENOMEM, "no memory");
        IW_TRY(enter_waiting(walk, err));
        if (walk->found->n == n_before &&
            !add_line(walk, arguments[i], "folder", IW_SOURCE_SKIPPED, "no files in it"))
            return iw_error_set(err, IW_ENOMEM, "no memory");
    }
    return IW_OK;
}

/* By path. Where one path was reached in two ways, first the one that says most: the file itself,
 * then what was lost. */
static int by_path(const void *left, const void *right)
{
    const struct iw_found *a = left, *b = right;
    int order = iw_str_compare(a->path, b->path);
    if (order != 0)
        return order;
    if (a->is_file != b->is_file)
        return a->is_file ? -1 : 1;
    if ((a->state == IW_SOURCE_LOST) != (b->state == IW_SOURCE_LOST))
        return a->state == IW_SOURCE_LOST ? -1 : 1;
    if (a->is_link != b->is_link)
        return a->is_link ? -1 : 1;
    return iw_str_compare(a->reason, b->reason);
}

static void sort_found(struct iw_found_list *list)
{
    size_t n = 0;
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, by_path);
    for (size_t i = 0; i < list->n; i++) {
        if (n == 0 || !iw_str_equal(list->items[n - 1].path, list->items[i].path))
            list->items[n++] = list->items[i];
    }
    list->n = n;
}

enum iw_rc iw_walk(const struct iw_evidence_options *options, const struct iw_walk_limits *limits,
                   struct iw_found_list *ret, struct iw_error *err)
{
    struct walk walk = {.options = options, .limits = limits, .found = ret};
    enum iw_rc rc;

    memset(ret, 0, sizeof *ret);
    iw_arena_init(&ret->arena, 0);
    iw_arena_init(&walk.names_arena, 0);
    rc = walk_arguments(&walk, err);
    if (rc == IW_OK)
        sort_found(ret);
    iw_arena_done(&walk.names_arena);
    iw_free(walk.names);
    iw_free(walk.waiting);
    iw_free(walk.folders);
    return rc;
}

void iw_found_list_done(struct iw_found_list *list)
{
    iw_free(list->items);
    iw_arena_done(&list->arena);
    list->items = NULL;
    list->n = list->cap = 0;
}
