/*
 * Whole small files at their limit, what is no file, and writing to what is slow or gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"

static char folder[512];

static void path_in(const char *name, char out[600])
{
    (void)snprintf(out, 600, "%s/%s", folder, name);
}

static void write_file(const char *path, const char *bytes, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(iw_fd_write(fd, (struct iw_str){bytes, n}, NULL), IW_OK);
    assert_int_equal(close(fd), 0);
}

static void at_the_limit(void **state)
{
    struct iw_arena arena;
    struct iw_error err;
    struct iw_str text;
    char path[600];
    (void)state;
    path_in("f", path);
    write_file(path, "a\0bcd", 5);
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_file_read(path, 5, &arena, &text, &err), IW_OK);
    assert_true(iw_str_equal(text, IW_STR("a\0bcd")));
    assert_int_equal(text.p[5], '\0');
    assert_int_equal(iw_file_read(path, 4, &arena, &text, &err), IW_ELIMIT);
    assert_string_equal(err.where, path);
    write_file(path, "", 0);
    assert_int_equal(iw_file_read(path, 0, &arena, &text, &err), IW_OK);
    assert_int_equal(text.n, 0);
#ifdef IW_FAULT_INJECTION
    iw_arena_done(&arena);
    iw_arena_init(&arena, 0);
    iw_alloc_fail_at(1);
    assert_int_equal(iw_file_read(path, 5, &arena, &text, &err), IW_ENOMEM);
    iw_alloc_fail_at(0);
#endif
    iw_arena_done(&arena);
    assert_int_equal(unlink(path), 0);
}

static void what_is_no_file(void **state)
{
    struct iw_arena arena;
    struct iw_error err;
    struct iw_str text;
    char path[600];
    (void)state;
    iw_arena_init(&arena, 0);
    path_in("fifo", path);
    assert_int_equal(iw_file_read(path, 5, &arena, &text, &err), IW_EIO);
    assert_string_equal(err.message, "cannot be opened: No such file or directory");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(iw_file_read(path, 5, &arena, &text, &err), IW_EIO); /* and does not hang */
    assert_string_equal(err.message, "not a regular file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(iw_file_read(folder, 5, &arena, &text, &err), IW_EIO);
    assert_int_equal(iw_file_read("/dev/zero", 5, &arena, &text, &err), IW_EIO);
    iw_arena_done(&arena);
}

#define MANY_BYTES 300000U

static void *drain(void *argument)
{
    int fd = *(int *)argument;
    char block[5000];
    size_t *n = calloc(1, sizeof *n);
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) > 0)
        *n += (size_t)got;
    return n;
}

/* More than a pipe holds, into one that does not block. */
static void a_slow_reader(void **state)
{
    static char bytes[MANY_BYTES];
    pthread_t reader;
    void *n_read;
    int ends[2];
    (void)state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(pthread_create(&reader, NULL, drain, &ends[0]), 0);
    assert_int_equal(iw_fd_write(ends[1], (struct iw_str){bytes, sizeof bytes}, NULL), IW_OK);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(pthread_join(reader, &n_read), 0);
    assert_int_equal(*(size_t *)n_read, MANY_BYTES);
    free(n_read);
    assert_int_equal(close(ends[0]), 0);
}

static void a_reader_that_left(void **state)
{
    struct iw_error err;
    int ends[2];
    (void)state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(iw_fd_write(ends[1], IW_STR("x"), &err), IW_EIO);
    assert_string_equal(err.message, "cannot be written: Broken pipe");
    assert_int_equal(iw_fd_write(ends[1], IW_STR(""), &err), IW_OK);
    assert_int_equal(close(ends[1]), 0);
}

static int enter(void **state)
{
    const char *parent = getenv("TMPDIR");
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)snprintf(folder, sizeof folder, "%s/iw-test.XXXXXX", parent != NULL ? parent : "/tmp");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_the_limit),
        cmocka_unit_test(what_is_no_file),
        cmocka_unit_test(a_slow_reader),
        cmocka_unit_test(a_reader_that_left),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
