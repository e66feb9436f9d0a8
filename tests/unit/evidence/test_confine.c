/*
 * The confinement, by trying: a child confines itself and does what an attacker would. Each trial
 * must first succeed outside, where it can without harm, so that a refusal means something.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "evidence/confine.h"
#include "evidence/evidence.h"
#include "evidence/landlock.h"
#include "evidence/seccomp.h"
#include "tests/unit/evidence/tree.h"

static unsigned n_broken;
static int open_socket = -1; /* made before confinement */

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "confinement: %s (errno: %s)\n", what, strerror(errno));
    n_broken++;
}

/* *result* of a call that must have been refused. */
static void refused(long result, const char *what)
{
    check(result == -1 && (errno == EPERM || errno == EACCES), what);
}

static void *do_nothing(void *argument)
{
    return argument;
}

static void try_network(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    int pair[2];
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    refused(socket(AF_INET, SOCK_STREAM, 0), "socket");
    refused(socket(AF_UNIX, SOCK_DGRAM, 0), "local socket");
    refused(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
    refused(connect(open_socket, (const struct sockaddr *)&address, sizeof address), "connect");
    refused(bind(open_socket, (const struct sockaddr *)&address, sizeof address), "bind");
    refused(listen(open_socket, 1), "listen");
    refused(sendto(open_socket, "x", 1, 0, (const struct sockaddr *)&address, sizeof address),
            "sendto");
}

static void try_processes(void)
{
    char *const words[] = {(char[]){"true"}, NULL};
    refused(execve("/bin/true", words, NULL), "execve");
    refused(syscall(SYS_execveat, AT_FDCWD, "/bin/true", words, NULL, 0), "execveat");
#ifdef SYS_fork
    refused(syscall(SYS_fork), "fork as a system call");
    refused(syscall(SYS_vfork), "vfork as a system call");
#endif
    refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), "clone of a process");
    check(syscall(SYS_clone3, NULL, 0) == -1 && errno == ENOSYS, "clone3");
    refused(syscall(SYS_pidfd_open, getpid(), 0), "pidfd_open");
    refused(syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0), "process_vm_readv");
    refused(kill(getppid(), 0), "a signal to another process");
    refused(kill(-1, 0), "a signal to all processes");
    check(kill(getpid(), 0) == 0, "a signal to itself");
    check(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0) == 0, "a signal to a thread");
    refused(unshare(CLONE_NEWNS), "unshare");
    refused(syscall(SYS_bpf, 0, NULL, 0), "bpf");
    refused(syscall(SYS_io_uring_setup, 1, NULL), "io_uring_setup");
    refused(syscall(SYS_keyctl, 0, 0, 0, 0, 0), "keyctl");
    refused(ioctl(0, TIOCSTI, "x"), "ioctl TIOCSTI");
}

static void try_writing(void)
{
    refused(open("in/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), "creating a file");
    refused(open("in/x", O_WRONLY | O_CLOEXEC), "opening for writing");
    refused(open("in/x", O_RDWR | O_CLOEXEC), "opening for reading and writing");
    refused(open("in/x", O_RDONLY | O_TRUNC | O_CLOEXEC), "opening with truncation");
    refused(open("in", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), "a file without a name");
#ifdef SYS_open
    refused(syscall(SYS_open, "in/x", O_WRONLY), "the old open for writing");
    refused(syscall(SYS_creat, "in/x", 0600), "creat");
#endif
    check(syscall(SYS_openat2, AT_FDCWD, "in/x", NULL, 0) == -1 && errno == ENOSYS, "openat2");
    refused(unlink("in/x"), "unlink");
    refused(rename("in/x", "in/y"), "rename");
    refused(mkdir("in/folder", 0700), "mkdir");
    refused(rmdir("in/empty"), "rmdir");
    refused(link("in/x", "in/y"), "link");
    refused(symlink("x", "in/y"), "symlink");
    refused(chmod("in/x", 0644), "chmod");
    refused(truncate("in/x", 0), "truncate");
    refused(mkfifo("in/fifo", 0600), "mkfifo");
    refused(utimensat(AT_FDCWD, "in/x", NULL, 0), "changing times");
}

static void try_what_reading_needs(void)
{
    pthread_t thread;
    uint8_t digest[32];
    char byte = 0;
    int fd = open("in/x", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    check(fd >= 0 && pread(fd, &byte, 1, 0) == 1 && byte == 'x', "reading what was given");
    check(close(fd) == 0, "closing");
    fd = open("in", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    check(fd >= 0, "listing what was given");
    check(close(fd) == 0, "closing");
    check(open("link-to-file", O_RDONLY | O_CLOEXEC) >= 0, "a file given through a link");
    check(pthread_create(&thread, NULL, do_nothing, NULL) == 0 && pthread_join(thread, NULL) == 0,
          "a thread");
    check(iw_sha256(IW_STR("abc"), digest), "SHA-256");
    check(write(STDERR_FILENO, "", 0) == 0, "writing to what is open");
}

static void in_child(void (*body)(void))
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        body();
        _exit(n_broken == 0 ? 0 : 1);
    }
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool outside_is_readable(void)
{
    int fd = open("out/x", O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* Asked of the kernel itself, so that a failure of ours cannot pass for a missing feature. */
static bool kernel_has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1U) > 0;
}

static void child_confines_itself(void)
{
    static const char *const PATHS[] = {"in", "missing", "-", "link-to-file"};
    struct iw_run run = {.landlock = IW_CONFINEMENT_OFF};
    check(outside_is_readable(), "outside can be read before");
    iw_confine(PATHS, 4, &run);
    check(run.landlock == (kernel_has_landlock() ? IW_CONFINEMENT_ON : IW_CONFINEMENT_UNAVAILABLE),
          "Landlock is on where the kernel has it");
    check(run.seccomp == IW_CONFINEMENT_ON, "seccomp is on");
    check((run.landlock == IW_CONFINEMENT_ON) == (run.confinement_why[0] == '\0'),
          "what is missing is explained, and nothing else");
    if (run.landlock == IW_CONFINEMENT_ON)
        check(!outside_is_readable(), "outside cannot be read");
    else
        fprintf(stderr, "not tried, no Landlock here: %s\n", run.confinement_why);
    try_network();
    try_processes();
    try_writing();
    try_what_reading_needs();
}

static void the_whole_confinement(void **state)
{
    (void)state;
    in_child(child_confines_itself);
    assert_int_equal(access("in/x", F_OK), 0); /* nothing was changed in spite of it all */
    assert_int_equal(access("in/y", F_OK), -1);
}

/* What comes next in a run, as a whole: walk, recognise, open. */
static void child_reads_evidence(void)
{
    static const char *const PATHS[] = {"in", "link-to-file"};
    struct iw_evidence_options options = {.paths = PATHS, .n_paths = 2};
    struct iw_evidence evidence;
    struct iw_run run;
    char magic[8] = "";
    int fd = -1;
    iw_run_init(&run);
    iw_confine(PATHS, 2, &run);
    check(iw_evidence_walk(&options, NULL, &run.ledger, &evidence, NULL) == IW_OK, "walk");
    check(run.ledger.n == 3 && evidence.n == 1, "what the walk found");
    check(run.ledger.sources[2].state == IW_SOURCE_SKIPPED, "the file behind the link");
    check(evidence.n == 1 &&
              iw_evidence_open(&evidence.files[0], &run.ledger, &fd, NULL) == IW_OK &&
              pread(fd, magic, sizeof magic, 0) == 8 && memcmp(magic, "ElfChnk", 8) == 0,
          "reading");
    (void)close(fd);
    iw_evidence_done(&evidence);
    iw_run_done(&run);
}

static void reading_evidence(void **state)
{
    (void)state;
    in_child(child_reads_evidence);
}

/* Each half alone, so that one cannot hide a hole of the other. */
static void child_with_landlock_alone(void)
{
    static const char *const PATHS[] = {"in"};
    int result = iw_landlock_confine(PATHS, 1);
    check((result == 0) == kernel_has_landlock(), "Landlock is on where the kernel has it");
    if (result != 0) {
        fprintf(stderr, "not tried, no Landlock here: %s\n", strerror(result));
        return;
    }
    check(!outside_is_readable(), "outside cannot be read");
    check(open("in/x", O_RDONLY | O_CLOEXEC) >= 0, "inside can be read");
    refused(open("in/x", O_WRONLY | O_CLOEXEC), "opening for writing");
    refused(open("in/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), "creating a file");
    refused(unlink("in/x"), "unlink");
    refused(mkdir("in/folder", 0700), "mkdir");
    refused(execve("/bin/true", (char *const[]){(char[]){"true"}, NULL}, NULL), "execve");
}

static void child_with_seccomp_alone(void)
{
    check(iw_seccomp_confine() == 0, "seccomp is on");
    check(outside_is_readable(), "what seccomp leaves to Landlock");
    try_network();
    try_processes();
    try_writing();
}

static void each_half_alone(void **state)
{
    (void)state;
    in_child(child_with_landlock_alone);
    in_child(child_with_seccomp_alone);
}

static pthread_barrier_t barrier;

static void *try_socket_late(void *argument)
{
    (void)pthread_barrier_wait(&barrier);
    refused(socket(AF_INET, SOCK_STREAM, 0), "socket in a thread that was there before");
    return argument;
}

static void child_with_an_older_thread(void)
{
    pthread_t thread;
    check(pthread_barrier_init(&barrier, NULL, 2) == 0, "barrier");
    check(pthread_create(&thread, NULL, try_socket_late, NULL) == 0, "a thread");
    check(iw_seccomp_confine() == 0, "seccomp is on");
    (void)pthread_barrier_wait(&barrier);
    check(pthread_join(thread, NULL) == 0, "join");
}

static void all_threads(void **state)
{
    (void)state;
    in_child(child_with_an_older_thread);
}

/* The trials mean something: without confinement they work. */
static void without_confinement(void **state)
{
    int fd = open("in/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink("in/new"), 0);
    assert_true(outside_is_readable());
    assert_true(open_socket >= 0);
}

static int enter(void **state)
{
    (void)state;
    tree_enter();
    tree_write("in/x", "x", 1);
    tree_write("in/log", "ElfChnk", 8);
    tree_folder("in/empty");
    tree_write("out/x", "x", 1);
    tree_write("file", "x", 1);
    open_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return symlink("file", "link-to-file");
}

static int leave(void **state)
{
    (void)state;
    (void)close(open_socket);
    tree_leave();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_confinement), cmocka_unit_test(the_whole_confinement),
        cmocka_unit_test(reading_evidence),    cmocka_unit_test(each_half_alone),
        cmocka_unit_test(all_threads),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
