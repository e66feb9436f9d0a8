/*
 * Standard input: copied whole, up to its limit, without a name left behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "evidence/spool.h"
#include "tests/unit/evidence/tree.h"

#define MANY_BYTES 1000000U

static void *write_many(void *argument)
{
    int fd = *(int *)argument;
    char block[1000];
    for (unsigned i = 0; i < MANY_BYTES / sizeof block; i++) {
        memset(block, (int)('a' + i % 26), sizeof block);
        if (write(fd, block, sizeof block) != (ssize_t)sizeof block)
            break;
    }
    (void)close(fd);
    return NULL;
}

static unsigned count_names(void)
{
    unsigned n = 0;
    DIR *folder = opendir(".");
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        n++;
    (void)closedir(folder);
    return n - 2;
}

static enum iw_rc spool_pipe(uint64_t limit_bytes, const _Atomic bool *cancelled, int *ret_fd,
                             struct iw_error *err)
{
    int ends[2];
    pthread_t writer;
    enum iw_rc rc;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_many, &ends[1]), 0);
    rc = iw_spool(ends[0], limit_bytes, cancelled, ret_fd, err);
    (void)close(ends[0]);
    assert_int_equal(pthread_join(writer, NULL), 0);
    return rc;
}

static void a_pipe_is_copied(void **state)
{
    struct stat status;
    struct iw_error err;
    char byte = 0;
    int fd;
    (void)state;
    assert_int_equal(spool_pipe(MANY_BYTES, NULL, &fd, &err), IW_OK);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_size, MANY_BYTES);
    assert_int_equal(status.st_nlink, 0);
    assert_int_equal(pread(fd, &byte, 1, 27 * 1000), 1);
    assert_int_equal(byte, 'b');
    assert_int_equal(count_names(), 0);
    (void)close(fd);
}

static void one_byte_past_the_limit(void **state)
{
    struct iw_error err;
    int fd = 7;
    (void)state;
    assert_int_equal(spool_pipe(MANY_BYTES - 1, NULL, &fd, &err), IW_ELIMIT);
    assert_int_equal(fd, -1);
    assert_int_equal(count_names(), 0);
}

static void interruption(void **state)
{
    _Atomic bool cancelled = true;
    int fd;
    (void)state;
    assert_int_equal(spool_pipe(MANY_BYTES, &cancelled, &fd, NULL), IW_ECANCELLED);
    assert_int_equal(fd, -1);
}

static void a_file_is_used_as_it_is(void **state)
{
    struct stat given, kept;
    int fd, in_fd;
    (void)state;
    tree_write("x", "ElfFile", 8);
    in_fd = open("x", O_RDONLY | O_CLOEXEC);
    assert_int_equal(iw_spool(in_fd, 1, NULL, &fd, NULL), IW_OK);
    assert_int_equal(fstat(in_fd, &given), 0);
    assert_int_equal(fstat(fd, &kept), 0);
    assert_true(given.st_ino == kept.st_ino);
    (void)close(fd);
    /* Half read: what is left is what was given. */
    assert_int_equal(lseek(in_fd, 3, SEEK_SET), 3);
    assert_int_equal(iw_spool(in_fd, 100, NULL, &fd, NULL), IW_OK);
    assert_int_equal(fstat(fd, &kept), 0);
    assert_int_equal(kept.st_size, 5);
    (void)close(fd);
    (void)close(in_fd);
    assert_int_equal(unlink("x"), 0);
}

static void trouble(void **state)
{
    struct iw_error err;
    int fd = 7, folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)state;
    assert_int_equal(iw_spool(folder, 100, NULL, &fd, &err), IW_EIO);
    assert_int_equal(fd, -1);
#ifdef IW_FAULT_INJECTION
    iw_alloc_fail_at(1);
    assert_int_equal(iw_spool(folder, 100, NULL, &fd, &err), IW_ENOMEM);
    iw_alloc_fail_at(0);
#endif
    (void)close(folder);
    assert_int_equal(count_names(), 0);
}

static int enter(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that gives up closes its end */
    tree_enter();
    return setenv("TMPDIR", ".", 1);
}

static int leave(void **state)
{
    (void)state;
    tree_leave();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_copied), cmocka_unit_test(one_byte_past_the_limit),
        cmocka_unit_test(interruption),     cmocka_unit_test(a_file_is_used_as_it_is),
        cmocka_unit_test(trouble),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
