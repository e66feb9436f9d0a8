/*
 * The walk: what is in the ledger for every kind of thing a tree can hold, in an order that depends
 * on nothing but names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "evidence/evidence.h"
#include "evidence/walk.h"
#include "tests/unit/evidence/tree.h"
#include "tests/support/skip_because.h"

#define LOG_BYTES (4096U + 65536U)

static char log_bytes[LOG_BYTES];

static void write_log(const char *path)
{
    memcpy(log_bytes, "ElfFile\0", 8);
    memcpy(log_bytes + 4096, "ElfChnk\0", 8);
    tree_write(path, log_bytes, sizeof log_bytes);
}

/* One line a source: state path [windows path] [host] reason. */
static void describe(const struct iw_ledger *ledger, struct iw_buffer *out)
{
    for (size_t i = 0; i < ledger->n; i++) {
        const struct iw_source *source = &ledger->sources[i];
        iw_buffer_printf(out, "%s ", iw_source_state_name(source->state));
        iw_buffer_add(out, source->path);
        if (source->host_hint.n != 0)
            iw_buffer_printf(out, " @%.*s", IW_STR_ARG(source->host_hint));
        if (source->reason.n != 0)
            iw_buffer_printf(out, ": %.*s", IW_STR_ARG(source->reason));
        iw_buffer_add_char(out, '\n');
    }
}

static enum iw_rc walk_into(const char *const *paths, size_t n, struct iw_buffer *out)
{
    struct iw_evidence_options options = {.paths = paths, .n_paths = n};
    struct iw_evidence evidence;
    struct iw_ledger ledger;
    enum iw_rc rc;
    iw_ledger_init(&ledger);
    rc = iw_evidence_walk(&options, NULL, &ledger, &evidence, NULL);
    describe(&ledger, out);
    for (size_t i = 0; i < evidence.n; i++)
        assert_int_equal(ledger.sources[evidence.files[i].ledger_index].state, IW_SOURCE_PENDING);
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
    return rc;
}

static void expect_walk(const char *const *paths, size_t n, const char *expected)
{
    struct iw_buffer out;
    iw_buffer_init(&out);
    assert_int_equal(walk_into(paths, n, &out), IW_OK);
    iw_buffer_add_char(&out, '\0');
    assert_string_equal(out.p, expected);
    iw_buffer_done(&out);
}

#define EXPECT(expected, ...)                                                                      \
    do {                                                                                           \
        const char *const paths_[] = {__VA_ARGS__};                                                \
        expect_walk(paths_, sizeof paths_ / sizeof paths_[0], (expected));                         \
    } while (0)

static void byte_order_of_whole_paths(void **state)
{
    const char *const expected = "pending t/a.b/x.evtx\n"
                                 "pending t/a/y.evtx\n"
                                 "pending t/a0.evtx\n"
                                 "pending t/\xFF\x1B.evtx\n"
                                 "skipped u/n.txt: unknown type\n";
    (void)state;
    write_log("t/a/y.evtx");
    write_log("t/a.b/x.evtx");
    write_log("t/a0.evtx");
    write_log("t/\xFF\x1B.evtx"); /* names are bytes */
    tree_write("u/n.txt", "hi", 2);
    EXPECT(expected, "t", "u");
    EXPECT(expected, "u", "t");
    EXPECT(expected, "u/", "t//", "t");
    EXPECT(expected, "t/a0.evtx", "u/n.txt", "t", "t/a", "u"); /* each path once */
}

static void one_file_by_two_paths(void **state)
{
    const char *const expected = "pending h/a.evtx\n"
                                 "duplicate h/b.evtx: the same file as h/a.evtx\n";
    (void)state;
    write_log("h/b.evtx");
    assert_int_equal(link("h/b.evtx", "h/a.evtx"), 0);
    EXPECT(expected, "h");
    EXPECT(expected, "h/b.evtx", "h/a.evtx");
    EXPECT("pending ./h/a.evtx\n"
           "duplicate ./h/b.evtx: the same file as ./h/a.evtx\n"
           "duplicate h/a.evtx: the same file as ./h/a.evtx\n"
           "duplicate h/b.evtx: the same file as ./h/a.evtx\n",
           "h", "./h");
}

static void symbolic_links(void **state)
{
    (void)state;
    write_log("s/real.evtx");
    write_log("outside/o.evtx");
    assert_int_equal(symlink("real.evtx", "s/alias.evtx"), 0);
    assert_int_equal(symlink("..", "s/up"), 0);
    assert_int_equal(symlink(".", "s/self"), 0);
    assert_int_equal(symlink("../outside/o.evtx", "s/gone-away.evtx"), 0);
    assert_int_equal(symlink("../outside", "s/folder"), 0);
    assert_int_equal(symlink("nothing", "s/dangling"), 0);
    assert_int_equal(symlink("nothing", "s/web.config"), 0);
    assert_int_equal(symlink("round", "s/round"), 0);
    EXPECT("duplicate s/alias.evtx: symbolic link to real.evtx, inside the evidence: read there\n"
           "skipped s/dangling: symbolic link to nothing, which does not exist\n"
           "skipped s/folder: symbolic link to ../outside, outside the evidence: not followed\n"
           "lost s/gone-away.evtx: symbolic link to ../outside/o.evtx, outside the evidence: not "
           "followed\n"
           "pending s/real.evtx\n"
           "skipped s/round: symbolic link to round, which leads back to itself\n"
           "duplicate s/self: symbolic link to ., inside the evidence: read there\n"
           "skipped s/up: symbolic link to .., outside the evidence: not followed\n"
           "lost s/web.config: symbolic link to nothing, which does not exist\n",
           "s");
    /* Given themselves, they are followed; given what they lead to, they are inside. */
    EXPECT("pending s/alias.evtx\n", "s/alias.evtx");
    EXPECT("pending s/folder/o.evtx\n", "s/folder");
    EXPECT("lost s/dangling: does not exist\n", "s/dangling");
    /* Reached as a link in a tree and as an argument: the argument counts. */
    assert_int_equal(unlink("s/up"), 0);
    assert_int_equal(unlink("s/folder"), 0);
    assert_int_equal(unlink("s/gone-away.evtx"), 0);
    assert_int_equal(unlink("s/round"), 0);
    assert_int_equal(unlink("s/web.config"), 0);
    EXPECT("pending s/alias.evtx\n"
           "skipped s/dangling: symbolic link to nothing, which does not exist\n"
           "duplicate s/real.evtx: the same file as s/alias.evtx\n"
           "duplicate s/self: symbolic link to ., inside the evidence: read there\n",
           "s", "s/alias.evtx");
    assert_int_equal(symlink("../outside/o.evtx", "s/gone-away.evtx"), 0);
    assert_int_equal(symlink("../outside", "s/folder"), 0);
    assert_int_equal(symlink("round", "s/round"), 0);
    EXPECT("pending outside/o.evtx\n"
           "duplicate s/alias.evtx: symbolic link to real.evtx, inside the evidence: read there\n"
           "skipped s/dangling: symbolic link to nothing, which does not exist\n"
           "duplicate s/folder: symbolic link to ../outside, inside the evidence: read there\n"
           "duplicate s/gone-away.evtx: symbolic link to ../outside/o.evtx, inside the evidence: "
           "read there\n"
           "pending s/real.evtx\n"
           "skipped s/round: symbolic link to round, which leads back to itself\n"
           "duplicate s/self: symbolic link to ., inside the evidence: read there\n",
           "s", "outside");
}

static void opening_a_link_that_was_given(void **state)
{
    static const char *const PATHS[] = {"l/link.evtx"};
    struct iw_evidence_options options = {.paths = PATHS, .n_paths = 1};
    struct iw_evidence evidence;
    struct iw_ledger ledger;
    struct iw_error err;
    int fd;
    (void)state;
    write_log("l/real.evtx");
    assert_int_equal(symlink("real.evtx", "l/link.evtx"), 0);
    iw_ledger_init(&ledger);
    assert_int_equal(iw_evidence_walk(&options, NULL, &ledger, &evidence, &err), IW_OK);
    assert_int_equal(evidence.n, 1);
    assert_int_equal(evidence.total_bytes, LOG_BYTES);
    assert_int_equal(iw_evidence_open(&evidence.files[0], &ledger, &fd, &err), IW_OK);
    assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
    (void)close(fd);
    /* What became a FIFO since is not waited for. */
    assert_int_equal(unlink("l/real.evtx"), 0);
    assert_int_equal(mkfifo("l/real.evtx", 0600), 0);
    assert_int_equal(iw_evidence_open(&evidence.files[0], &ledger, &fd, &err), IW_EIO);
    assert_string_equal(err.message, "no longer a regular file");
    assert_string_equal(err.where, "l/link.evtx");
    assert_int_equal(fd, -1);
    /* What was a file and became a link is not followed. */
    evidence.files[0].is_link = false;
    assert_int_equal(iw_evidence_open(&evidence.files[0], &ledger, &fd, &err), IW_EIO);
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
}

static void special_files(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "f/socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)state;
    tree_folder("f");
    assert_int_equal(mkfifo("f/fifo", 0600), 0);
    assert_int_equal(mkfifo("f/fifo.evtx", 0600), 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    EXPECT("skipped f/fifo: a FIFO: never opened\n"
           "lost f/fifo.evtx: a FIFO: never opened\n"
           "skipped f/socket: a socket: never opened\n",
           "f");
    EXPECT("lost f/fifo: a FIFO: never opened; pipe it to - instead\n", "f/fifo");
    EXPECT("lost /dev/null: a character device: never opened\n", "/dev/null");
    (void)close(fd);
}

static void nothing_there(void **state)
{
    (void)state;
    tree_folder("e/inner");
    EXPECT("skipped e: no files in it\n"
           "lost missing: does not exist\n",
           "missing", "e");
    EXPECT("lost : an empty name was given\n", "");
    EXPECT("lost -: standard input could not be kept for reading\n", "-");
    expect_walk(NULL, 0, "");
}

static void no_permission(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        skip_because("permissions do not stop this user");
    }
    write_log("p/inner/x.evtx");
    write_log("p/y.evtx");
    assert_int_equal(chmod("p/inner", 0), 0);
    assert_int_equal(chmod("p/y.evtx", 0), 0);
    EXPECT("lost p/inner: folder cannot be entered: Permission denied\n"
           "lost p/y.evtx: cannot be opened: Permission denied\n",
           "p");
    assert_int_equal(chmod("p/inner", 0700), 0);
}

static void hosts_and_windows_paths(void **state)
{
    static const char *const PATHS[] = {"k"};
    struct iw_evidence_options options = {.paths = PATHS, .n_paths = 1};
    struct iw_evidence evidence;
    struct iw_ledger ledger;
    (void)state;
    write_log("k/WEB01/C/Windows/System32/winevt/Logs/Security.evtx");
    write_log("k/Security.evtx");
    iw_ledger_init(&ledger);
    assert_int_equal(iw_evidence_walk(&options, NULL, &ledger, &evidence, NULL), IW_OK);
    assert_int_equal(ledger.n, 2);
    assert_int_equal(ledger.sources[0].host_hint.n, 0);
    assert_int_equal(ledger.sources[0].windows_path.n, 0);
    assert_int_equal(ledger.sources[0].size_bytes, LOG_BYTES);
    assert_true(iw_str_equal(ledger.sources[1].host_hint, IW_STR("WEB01")));
    assert_true(iw_str_equal(ledger.sources[1].windows_path,
                             IW_STR("C:\\Windows\\System32\\winevt\\Logs\\Security.evtx")));
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
    options.host = "GIVEN";
    iw_ledger_init(&ledger);
    assert_int_equal(iw_evidence_walk(&options, NULL, &ledger, &evidence, NULL), IW_OK);
    for (size_t i = 0; i < 2; i++)
        assert_true(iw_str_equal(ledger.sources[i].host_hint, IW_STR("GIVEN")));
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
}

static void standard_input(void **state)
{
    static const char *const PATHS[] = {"-", "-"};
    struct iw_evidence_options options = {.paths = PATHS, .n_paths = 2};
    struct iw_evidence evidence;
    struct iw_ledger ledger;
    struct iw_stream input;
    int stdin_fd, fd;
    (void)state;
    write_log("given");
    stdin_fd = open("given", O_RDONLY | O_CLOEXEC);
    iw_ledger_init(&ledger);
    iw_stream_init(&input);
    assert_int_equal(iw_stream_begin(&input, stdin_fd, 1, NULL, NULL), IW_OK);
    assert_int_equal(iw_evidence_walk(&options, &input, &ledger, &evidence, NULL), IW_OK);
    assert_int_equal(ledger.n, 1);
    assert_int_equal(evidence.n, 1);
    assert_int_equal(evidence.files[0].size_bytes, LOG_BYTES);
    assert_int_equal(iw_evidence_open(&evidence.files[0], &ledger, &fd, NULL), IW_OK);
    assert_int_not_equal(fd, input.fd); /* the caller closes both */
    assert_null(evidence.files[0].stream);
    assert_false(evidence.is_open_ended);
    (void)close(fd);
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
    iw_stream_done(&input);
    (void)close(stdin_fd);
    tree_write("nothing", "", 0);
    stdin_fd = open("nothing", O_RDONLY | O_CLOEXEC);
    iw_ledger_init(&ledger);
    assert_int_equal(iw_stream_begin(&input, stdin_fd, 1, NULL, NULL), IW_OK);
    assert_int_equal(iw_evidence_walk(&options, &input, &ledger, &evidence, NULL), IW_OK);
    assert_int_equal(ledger.sources[0].state, IW_SOURCE_LOST);
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
    iw_stream_done(&input);
    (void)close(stdin_fd);
}

/* A chain of folders: the file at the limit is found, the folder one past it is named. */
static void depth_at_the_limit(void **state)
{
    char path[1024] = "d";
    size_t n = 1;
    struct iw_buffer out;
    static const char *const PATHS[] = {"d"};
    (void)state;
    for (unsigned depth = 1; depth <= IW_LIMIT_WALK_DEPTH; depth++, n += 2)
        memcpy(path + n, "/d", 3);
    tree_folder(path);
    memcpy(path + n, "/x.evtx", 8);
    write_log(path);
    iw_buffer_init(&out);
    assert_int_equal(walk_into(PATHS, 1, &out), IW_OK);
    assert_memory_equal(out.p, "pending d/d/", 12);
    assert_int_equal(out.n, 8 + n + 8);
    memcpy(path + n, "/d/y.evtx", 10);
    write_log(path);
    iw_buffer_clear(&out);
    assert_int_equal(walk_into(PATHS, 1, &out), IW_OK);
    assert_true(iw_str_find(iw_buffer_str(&out), IW_STR("past the limit of 128: not entered")) !=
                SIZE_MAX);
    assert_true(iw_str_find(iw_buffer_str(&out), IW_STR("y.evtx")) == SIZE_MAX);
    iw_buffer_done(&out);
}

static size_t count_state(const struct iw_found_list *list, enum iw_source_state wanted)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += !list->items[i].is_file && list->items[i].state == wanted;
    return n;
}

static void entries_and_paths_at_the_limit(void **state)
{
    static const char *const PATHS[] = {"n"};
    struct iw_evidence_options options = {.paths = PATHS, .n_paths = 1};
    struct iw_walk_limits limits = {.n_entries = 4, .depth = 9, .path_bytes = 8};
    struct iw_found_list found;
    (void)state;
    tree_write("n/1", "", 0);
    tree_write("n/2", "", 0);
    tree_write("n/z/345", "", 0); /* 7 bytes and the NUL */
    assert_int_equal(iw_walk(&options, &limits, &found, NULL), IW_OK);
    assert_int_equal(found.n, 3);
    assert_int_equal(count_state(&found, IW_SOURCE_LOST), 0);
    iw_found_list_done(&found);
    limits.n_entries = 3; /* the inner folder's file is one past it */
    assert_int_equal(iw_walk(&options, &limits, &found, NULL), IW_OK);
    assert_int_equal(found.n, 3);
    assert_int_equal(count_state(&found, IW_SOURCE_LOST), 1);
    assert_true(iw_str_equal(found.items[2].path, IW_STR("n/z")));
    iw_found_list_done(&found);
    limits.n_entries = 4;
    limits.path_bytes = 7;
    assert_int_equal(iw_walk(&options, &limits, &found, NULL), IW_OK);
    assert_true(iw_str_equal(found.items[2].path, IW_STR("n/z/345")));
    assert_int_equal(found.items[2].state, IW_SOURCE_LOST);
    iw_found_list_done(&found);
}

static void interruption(void **state)
{
    static const char *const PATHS[] = {"t"};
    _Atomic bool cancelled = true;
    struct iw_evidence_options options = {.paths = PATHS, .n_paths = 1, .cancelled = &cancelled};
    struct iw_evidence evidence;
    struct iw_ledger ledger;
    (void)state;
    iw_ledger_init(&ledger);
    assert_int_equal(iw_evidence_walk(&options, NULL, &ledger, &evidence, NULL), IW_ECANCELLED);
    iw_evidence_done(&evidence);
    iw_ledger_done(&ledger);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    static const char *const PATHS[] = {"t", "h", "s", "missing"};
    enum iw_rc rc = IW_ENOMEM;
    for (uint64_t n = 1; rc != IW_OK; n++) {
        struct iw_evidence_options options = {.paths = PATHS, .n_paths = 4};
        struct iw_evidence evidence;
        struct iw_ledger ledger;
        iw_ledger_init(&ledger);
        iw_alloc_fail_at(n);
        rc = iw_evidence_walk(&options, NULL, &ledger, &evidence, NULL);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        assert_true(rc == IW_ENOMEM || n > 8);
        assert_true(n < 1000);
        iw_evidence_done(&evidence);
        iw_ledger_done(&ledger);
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

static int enter(void **state)
{
    (void)state;
    tree_enter();
    return 0;
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
        cmocka_unit_test(byte_order_of_whole_paths),
        cmocka_unit_test(one_file_by_two_paths),
        cmocka_unit_test(symbolic_links),
        cmocka_unit_test(opening_a_link_that_was_given),
        cmocka_unit_test(special_files),
        cmocka_unit_test(nothing_there),
        cmocka_unit_test(no_permission),
        cmocka_unit_test(hosts_and_windows_paths),
        cmocka_unit_test(standard_input),
        cmocka_unit_test(depth_at_the_limit),
        cmocka_unit_test(entries_and_paths_at_the_limit),
        cmocka_unit_test(interruption),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
