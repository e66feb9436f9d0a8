/*
 * A folder for one test. Anything unexpected ends the test program: without its files no test here
 * means anything.
 */
#include "tests/unit/evidence/tree.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char tree_root[512];

static void must(int ok, const char *what, const char *path)
{
    if (ok)
        return;
    fprintf(stderr, "%s: ", path);
    perror(what);
    exit(1);
}

void tree_enter(void)
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(tree_root, sizeof tree_root, "%s/iw-test.XXXXXX",
                   folder != NULL ? folder : "/tmp");
    must(mkdtemp(tree_root) != NULL, "mkdtemp", tree_root);
    must(chdir(tree_root) == 0, "chdir", tree_root);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *where)
{
    (void)status;
    (void)flag;
    (void)where;
    return remove(path);
}

void tree_leave(void)
{
    must(chdir("/") == 0, "chdir", "/");
    must(nftw(tree_root, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, "nftw", tree_root);
}

void tree_folder(const char *path)
{
    char part[4096];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        if (part[0] != '\0')
            (void)mkdir(part, 0700);
    }
    (void)mkdir(path, 0700);
    must(access(path, F_OK) == 0, "mkdir", path);
}

void tree_write(const char *path, const void *bytes, size_t n)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int fd;
    if (slash != NULL) {
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
        tree_folder(folder);
    }
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fd >= 0, "open", path);
    must(n == 0 || write(fd, bytes, n) == (ssize_t)n, "write", path);
    must(close(fd) == 0, "close", path);
}
