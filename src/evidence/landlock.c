/*
 * Landlock by its system calls (Documentation/userspace-api/landlock.rst in the kernel source).
 *
 * Every right over files that the running kernel knows is taken into the rule set, so that it is
 * denied; then reading is given back below the paths. A kernel older than our list does not accept
 * its newer rights: the ABI number says which to leave out. Rights over the network are not taken:
 * seccomp refuses sockets altogether, on every kernel.
 */
#include "evidence/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Younger than the headers of the oldest system this builds on. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif

#define RIGHTS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

#define RIGHTS_ABI_1                                                                               \
    (RIGHTS_READ | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                    \
     LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                              \
     LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |    \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
     LANDLOCK_ACCESS_FS_MAKE_SYM)

static uint64_t rights_of_abi(long abi)
{
    uint64_t rights = RIGHTS_ABI_1;
    if (abi >= 2)
        rights |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3)
        rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
    if (abi >= 5)
        rights |= LANDLOCK_ACCESS_FS_IOCTL_DEV;
    return rights;
}

/* 0, also when the path is not there; else an errno. */
static int allow_reading(int ruleset, const char *path)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = RIGHTS_READ};
    struct stat status;
    int result = 0;
    int fd = open(path, O_PATH | O_CLOEXEC);

    if (fd < 0)
        return 0;
    if (fstat(fd, &status) != 0)
        result = errno;
    rule.parent_fd = fd;
    if (!S_ISDIR(status.st_mode))
        rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE; /* others are refused for files */
    if (result == 0 &&
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) != 0)
        result = errno == EBADFD
                     ? 0
                     : errno; /* pipes and the like lie in no folder; they are never opened */
    (void)close(fd);
    return result;
}

int iw_landlock_confine(const char *const *paths, size_t n_paths)
{
    struct landlock_ruleset_attr attributes;
    long abi =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    int ruleset, result = 0;

    if (abi < 0)
        return errno;
    memset(&attributes, 0, sizeof attributes);
    attributes.handled_access_fs = rights_of_abi(abi);
    /* Only the first member, which every kernel knows. */
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes,
                           sizeof attributes.handled_access_fs, 0U);
    if (ruleset < 0)
        return errno;
    for (size_t i = 0; i < n_paths && result == 0; i++) {
        if (strcmp(paths[i], "-") != 0)
            result = allow_reading(ruleset, paths[i]);
    }
    if (result == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
        result = errno;
    if (result == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0U) != 0)
        result = errno;
    (void)close(ruleset);
    return result;
}
