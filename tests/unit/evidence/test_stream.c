/*
 * Standard input: copied whole or piece by piece, up to its limit, without a name left behind.
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
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "evidence/stream.h"
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

/* A pipe into which a thread writes. */
struct flow {
    int ends[2];
    pthread_t writer;
};

static void flow_begin(struct flow *flow, void *(*write_some)(void *))
{
    assert_int_equal(pipe2(flow->ends, O_CLOEXEC), 0);
    assert_int_equal(pthread_create(&flow->writer, NULL, write_some, &flow->ends[1]), 0);
}

static void flow_end(struct flow *flow)
{
    (void)close(flow->ends[0]);
    assert_int_equal(pthread_join(flow->writer, NULL), 0);
}

static enum iw_rc begin_flow(struct iw_stream *stream, uint64_t limit_bytes,
                             const _Atomic bool *cancelled, struct iw_error *err)
{
    struct flow flow;
    enum iw_rc rc;
    iw_stream_init(stream);
    flow_begin(&flow, write_many);
    rc = iw_stream_begin(stream, flow.ends[0], limit_bytes, cancelled, err);
    flow_end(&flow);
    return rc;
}

static void a_short_pipe_is_copied(void **state)
{
    struct iw_stream stream;
    struct stat status;
    struct iw_error err;
    char byte = 0;
    (void)state;
    assert_int_equal(begin_flow(&stream, MANY_BYTES, NULL, &err), IW_OK);
    assert_true(iw_stream_has_ended(&stream));
    assert_int_equal(stream.n_bytes, MANY_BYTES);
    assert_int_equal(fstat(stream.fd, &status), 0);
    assert_int_equal(status.st_size, MANY_BYTES);
    assert_int_equal(status.st_nlink, 0);
    assert_int_equal(pread(stream.fd, &byte, 1, 27 * 1000), 1);
    assert_int_equal(byte, 'b');
    assert_int_equal(count_names(), 0);
    iw_stream_done(&stream);
}

static void one_byte_past_the_limit(void **state)
{
    struct iw_stream stream;
    struct iw_error err;
    (void)state;
    assert_int_equal(begin_flow(&stream, MANY_BYTES - 1, NULL, &err), IW_ELIMIT);
    assert_int_equal(count_names(), 0);
    iw_stream_done(&stream);
}

static void interruption(void **state)
{
    struct iw_stream stream;
    _Atomic bool cancelled = true;
    (void)state;
    assert_int_equal(begin_flow(&stream, MANY_BYTES, &cancelled, NULL), IW_ECANCELLED);
    iw_stream_done(&stream);
}

static void a_file_is_used_as_it_is(void **state)
{
    struct iw_stream stream;
    struct stat given, kept;
    int in_fd;
    (void)state;
    tree_write("x", "ElfFile", 8);
    in_fd = open("x", O_RDONLY | O_CLOEXEC);
    iw_stream_init(&stream);
    assert_int_equal(iw_stream_begin(&stream, in_fd, 1, NULL, NULL), IW_OK);
    assert_true(iw_stream_has_ended(&stream));
    assert_int_equal(fstat(in_fd, &given), 0);
    assert_int_equal(fstat(stream.fd, &kept), 0);
    assert_true(given.st_ino == kept.st_ino);
    iw_stream_done(&stream);
    /* Half read: what is left is what was given. */
    assert_int_equal(lseek(in_fd, 3, SEEK_SET), 3);
    assert_int_equal(iw_stream_begin(&stream, in_fd, 100, NULL, NULL), IW_OK);
    assert_int_equal(fstat(stream.fd, &kept), 0);
    assert_int_equal(kept.st_size, 5);
    iw_stream_done(&stream);
    (void)close(in_fd);
    assert_int_equal(unlink("x"), 0);
}

static void trouble(void **state)
{
    struct iw_stream stream;
    struct iw_error err;
    int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)state;
    iw_stream_init(&stream);
    assert_int_equal(iw_stream_begin(&stream, folder, 100, NULL, &err), IW_EIO);
    iw_stream_done(&stream);
#ifdef IW_FAULT_INJECTION
    iw_alloc_fail_at(1);
    assert_int_equal(iw_stream_begin(&stream, folder, 100, NULL, &err), IW_ENOMEM);
    iw_alloc_fail_at(0);
    iw_stream_done(&stream);
#endif
    (void)close(folder);
    assert_int_equal(count_names(), 0);
}

/* --- more than the head
 * ------------------------------------------------------------------------------------------
 */

#define N_LINES 800000U
#define LINE_BYTES 31U /* with its end: no divisor of any block */

static void *write_lines(void *argument)
{
    int fd = *(int *)argument;
    char block[LINE_BYTES * 100 + 1];
    for (unsigned i = 0; i < N_LINES; i += 100) {
        for (unsigned at = 0; at < 100; at++)
            (void)snprintf(block + (size_t)at * LINE_BYTES, LINE_BYTES + 1, "{\"line\":%021u}\n",
                           i + at);
        if (write(fd, block, sizeof block - 1) != (ssize_t)sizeof block - 1)
            break;
    }
    (void)close(fd);
    return NULL;
}

/* The lines of a piece, as they were written. */
static void check_piece(int fd, const struct iw_stream_piece *piece)
{
    char line[LINE_BYTES + 1], expected[LINE_BYTES + 1];
    assert_int_equal(piece->offset % LINE_BYTES, 0);
    assert_int_equal(piece->n_bytes % LINE_BYTES, 0);
    for (uint64_t at = piece->offset; at < piece->offset + piece->n_bytes; at += LINE_BYTES) {
        (void)snprintf(expected, sizeof expected, "{\"line\":%021u}\n",
                       (unsigned)(at / LINE_BYTES));
        assert_int_equal(pread(fd, line, LINE_BYTES, (off_t)at), LINE_BYTES);
        line[LINE_BYTES] = '\0';
        assert_string_equal(line, expected);
    }
}

static uint64_t space_of(int fd)
{
    struct stat status;
    assert_int_equal(fstat(fd, &status), 0);
    return (uint64_t)status.st_blocks * 512;
}

/* Two are out at a time, the earlier one given back last: neither loses a byte, nor the byte before
 * it, nor the file its first. */
static void pieces_are_whole_lines(void **state)
{
    struct iw_stream_piece one, other;
    struct iw_stream stream;
    struct flow flow;
    uint64_t end = 0;
    char byte;
    bool is_last = false;
    (void)state;
    iw_stream_init(&stream);
    flow_begin(&flow, write_lines);
    assert_int_equal(iw_stream_begin(&stream, flow.ends[0], IW_STREAM_HEAD_BYTES * 2, NULL, NULL),
                     IW_OK);
    assert_false(iw_stream_has_ended(&stream));
    assert_true(stream.n_bytes >= IW_STREAM_HEAD_BYTES);
    assert_true(iw_stream_has_lines(&stream));
    while (!is_last) {
        assert_int_equal(iw_stream_take_piece(&stream, 1000000, &one, NULL), IW_OK);
        assert_int_equal(one.offset, end);
        end += one.n_bytes;
        other = one;
        if (!one.is_last)
            assert_int_equal(iw_stream_take_piece(&stream, 1000000, &other, NULL), IW_OK);
        if (!one.is_last) {
            assert_int_equal(other.offset, end);
            end += other.n_bytes;
            assert_true(one.n_bytes >= 1000000);
            check_piece(stream.fd, &other);
            iw_stream_give_back(&stream, other.offset);
        }
        check_piece(stream.fd, &one);
        if (one.offset != 0) {
            assert_int_equal(pread(stream.fd, &byte, 1, (off_t)one.offset - 1), 1);
            assert_int_equal(byte, '\n');
        }
        iw_stream_give_back(&stream, one.offset);
        is_last = other.is_last;
    }
    assert_int_equal(end, N_LINES * LINE_BYTES);
    assert_int_equal(pread(stream.fd, &byte, 1, 0), 1);
    assert_int_equal(byte, '{');
    /* Holes: a file system without them would keep it all. */
    assert_true(space_of(stream.fd) < 100000 || stream.released == 0);
    flow_end(&flow);
    iw_stream_done(&stream);
}

/* The rest after a head; what is kept at a time has a limit. */
static void all_or_too_much(void **state)
{
    struct iw_stream stream;
    struct iw_error err;
    struct flow flow;
    (void)state;
    for (unsigned less = 0; less < 2; less++) {
        iw_stream_init(&stream);
        flow_begin(&flow, write_lines);
        assert_int_equal(
            iw_stream_begin(&stream, flow.ends[0], N_LINES * LINE_BYTES - less, NULL, NULL), IW_OK);
        assert_int_equal(iw_stream_take_all(&stream, &err), less == 0 ? IW_OK : IW_ELIMIT);
        if (less == 0)
            check_piece(stream.fd, &(struct iw_stream_piece){0, stream.n_bytes, true});
        flow_end(&flow);
        iw_stream_done(&stream);
    }
}

static void *write_half(void *argument)
{
    int fd = *(int *)argument;
    char block[4096];
    memset(block, 'x', sizeof block);
    for (size_t n = 0; n < IW_STREAM_HEAD_BYTES + 1000000; n += sizeof block) {
        if (write(fd, block, sizeof block) != (ssize_t)sizeof block)
            break;
    }
    (void)close(fd);
    return NULL;
}

/* One line however long is one piece. */
static void a_line_is_not_cut(void **state)
{
    struct iw_stream_piece piece;
    struct iw_stream stream;
    struct flow flow;
    (void)state;
    iw_stream_init(&stream);
    flow_begin(&flow, write_half);
    assert_int_equal(iw_stream_begin(&stream, flow.ends[0], UINT64_MAX / 2, NULL, NULL), IW_OK);
    assert_int_equal(iw_stream_take_piece(&stream, 1000, &piece, NULL), IW_OK);
    assert_true(piece.is_last);
    assert_int_equal(piece.n_bytes, stream.n_bytes);
    flow_end(&flow);
    iw_stream_done(&stream);
}

static void encodings(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        bool has_lines;
    } CASES[] = {{"{\"a\":1}\n", 8, true},      {"\xEF\xBB\xBF{\n", 5, true},
                 {"\xFF\xFE{\0\n\0", 6, false}, {"\xFE\xFF\0{\0\n", 6, false},
                 {"{\0\n\0", 4, false},         {"\0{\0\n", 4, false}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_stream stream;
        int in_fd;
        tree_write("x", CASES[i].bytes, CASES[i].n);
        in_fd = open("x", O_RDONLY | O_CLOEXEC);
        iw_stream_init(&stream);
        assert_int_equal(iw_stream_begin(&stream, in_fd, 1, NULL, NULL), IW_OK);
        assert_int_equal(iw_stream_has_lines(&stream), CASES[i].has_lines);
        iw_stream_done(&stream);
        (void)close(in_fd);
    }
    assert_int_equal(unlink("x"), 0);
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
        cmocka_unit_test(a_short_pipe_is_copied),
        cmocka_unit_test(one_byte_past_the_limit),
        cmocka_unit_test(interruption),
        cmocka_unit_test(a_file_is_used_as_it_is),
        cmocka_unit_test(trouble),
        cmocka_unit_test(pieces_are_whole_lines),
        cmocka_unit_test(all_or_too_much),
        cmocka_unit_test(a_line_is_not_cut),
        cmocka_unit_test(encodings),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
